"""The kinds of families that certificates know, and the numbered statements that each rests on.

What the producer writes is said here; the checker has its own list, made from the published format,
and shares nothing with this one.
"""

from __future__ import annotations

#: {kind: statements of MATH.md, as in the section `lemma`}.
STATEMENTS: dict[str, list[str]] = {
    "invariant-polynomials": ["M1", "M2", "M6", "M7", "M8", "M9"],
    "sparse-invariant-polynomials": ["M1", "M2", "M7", "M8", "M9"],
    "independent-invariants": ["M1", "M2", "M7", "M8", "M9"],
    "expansions": ["M1", "M2", "M7", "M8", "M9"],
    "semi-invariant-polynomials": ["M1", "M3", "M6", "M7", "M8", "M9"],
    "moment-invariant-polynomials": ["M6", "M7", "M8", "M9", "M23"],
    "parity-networks": ["M7", "M8", "M9", "M11", "M12", "M13"],
    "frame-averaged": ["M6", "M7", "M8", "M9", "M11", "M12", "M14"],
    "finite-frame-averages": ["M7", "M8", "M9", "M11", "M15"],
    "rotation-networks": ["M7", "M8", "M9", "M16", "M17", "M18"],
    "convolutional-networks": ["M7", "M8", "M9", "M16", "M17", "M18", "M19"],
    "graph-feature-networks": ["M7", "M8", "M9", "M16", "M17", "M18", "M20"],
    "degree-parity-networks": ["M7", "M8", "M9", "M21", "M22"],
    "user-defined": ["M7", "M8", "M9"],
}

#: The types of all claims that verification makes by itself.
CLAIM_TYPES = frozenset(
    "centred character count csq-bound distribution-preserved entries-agree equivariance factors "
    "frame-equivariance gram graph-factor graph-preserved group-order handshake invariance "
    "isotropic kernel mean-zero near-orthogonality norm orbit-stabilizer orbits-disjoint "
    "orthogonality positive-semidefinite realisable sign-equivariance sign-symmetric size "
    "subsets-distinct ties values".split()
)
