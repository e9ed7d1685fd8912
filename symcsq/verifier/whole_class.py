"""Verification of a whole class by formula, where it is too large to be listed.

No member is held. What the claims rest on holds for every subset, or every exponent vector, at
once: orbits are counted without listing them (M6), different orbits are orthogonal (M2, M11, M14),
and squared norms are positive by a formula that all members share (M2, M12, M14).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from typing import Any

from groups.errors import TooLargeError
from symcsq.functions.gram import Gram
from symcsq.verifier import correlations, orbit_sums, parities, symmetry
from symcsq.verifier.claims import ClaimLog, ClaimResult
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.orbit_sums import BOUND_NEEDS
from symcsq.verifier.parity_norms import ParityNorm
from symcsq.verifier.sections import distribution_section, group_section

#: The numbers of claims, for progress.
PARITY_CLAIMS, AVERAGE_CLAIMS, POLYNOMIAL_CLAIMS = 7, 10, 7

#: Classes with more members than this are not listed,
LARGEST_LISTING = 100_000
#: nor are those of more than a few members whose orbits have more points than this together, where
#: a checker counts orbits, by a sum over the group, in fewer steps than it would list them again;
MANY_POINTS = 10_000_000
#: nor any beyond this number: no checker could list them within its budget.
MOST_POINTS = 100_000_000
_A_FEW = 1_000

#: What the bound for the whole class rests on; the other claims are about the members listed.
STRUCTURAL = (
    "sign-symmetric",
    "distribution-preserved",
    "group-order",
    "sign-equivariance",
    "invariance",
    "kernel",
    "norm",
)

_STATEMENT = "squared norms of all members"


def is_too_large(family: Any) -> bool:
    """Whether a class of all members has too many of them, or too many points, to be listed.

    Examples:
        >>> import symcsq as cs
        >>> is_too_large(cs.ParityNetworks(4096, 12)), is_too_large(cs.ParityNetworks(16, 4))
        (True, False)
    """
    if family.members != "all":
        return False
    if family.size > LARGEST_LISTING:
        return True
    if family.size > _A_FEW and (points := _points(family)) > MANY_POINTS:
        steps = int(family.group.order) * (family.group.degree + 1)
        if steps < points or points > MOST_POINTS:
            return True
    try:
        # Parity networks have no representatives; families of orbits keep what they list.
        _ = getattr(family, "representatives", None)
    except TooLargeError:
        return True
    return False


def _points(family: Any) -> int:
    """The number of subsets, or of exponent vectors, that the orbits of a family consist of."""
    if hasattr(family, "base"):
        return comb(family.n, family.m)
    if hasattr(family, "degree"):
        caps = orbit_sums.exponent_caps(family.distribution, family.multilinear, uniform=False)
        series = [1] + [0] * family.degree
        for cap in caps:
            most = family.degree if cap is None else cap
            series = [sum(series[max(0, d - most) : d + 1]) for d in range(len(series))]
        return series[family.degree]
    return 0


def verify_all_parities(family: Any, tolerance: Fraction, log: ClaimLog, work: Any) -> Evidence:
    """The claims about all parity networks of m of n inputs, none listed (M11 to M13)."""
    law, size = family.distribution, comb(family.n, family.m)
    norm = ParityNorm.of(family.m, family.activation)
    log.add(
        "sign-symmetric", "flipping signs preserves the law", lambda: symmetry.sign_symmetric(law)
    )
    parities.equivariance(family, log)
    _size(log, size, f"binom({family.n}, {family.m}) subsets")
    log.add("kernel", "kernel of the activation", norm.kernel_claim)
    log.add(
        "norm",
        _STATEMENT,
        lambda: parities.norm_claim(norm),
        needs=("sign-equivariance", "kernel"),
    )
    _orthogonality(log, "different subsets are told apart by the flip of one input (M11)")
    parities.bound(log, size, tolerance)
    sections = {
        "lemma": {"name": family.kind, "statements": parities.STATEMENTS},
        "distribution": distribution_section(law, 1),
        "group": group_section(family.group),
        "family": parities.family_section(family, "whole"),
    }
    return _evidence(sections, size)


def verify_all_averages(family: Any, tolerance: Fraction, log: ClaimLog, work: Any) -> Evidence:
    """The claims about the averages of all parity networks over a group, no orbit listed (M14)."""
    from symcsq.verifier.averages import STATEMENTS

    group, law, base = family.group, family.distribution, family.base
    size = int(group.count_orbits_on_subsets(base.m))
    norm = ParityNorm.of(base.m, base.activation)
    log.add(
        "sign-symmetric", "flipping signs preserves the law", lambda: symmetry.sign_symmetric(law)
    )
    _preserved(log, law, group)
    parities.equivariance(base, log)
    _invariance(log)
    log.add("kernel", "kernel of the activation", norm.kernel_claim)
    log.add(
        "norm",
        _STATEMENT,
        lambda: parities.norm_claim(norm, "every squared norm is a positive multiple of"),
        needs=("group-order", "sign-equivariance", "kernel"),
    )
    _orthogonality(log, "different orbits share no subset (M14)")
    _size(log, size, f"{size} orbits, by Cauchy–Frobenius", needs=("group-order",))
    parities.bound(log, size, tolerance)
    sections = {
        "lemma": {"name": family.kind, "statements": STATEMENTS},
        "distribution": distribution_section(law, 1),
        "group": group_section(group),
        "family": {
            "kind": family.kind,
            "frame": family.frame.name,
            "base": parities.family_section(base, "whole"),
        },
    }
    return _evidence(sections, size)


def verify_all_orbit_sums(family: Any, tolerance: Fraction, log: ClaimLog, work: Any) -> Evidence:
    """The claims about the orbit sums of all exponent vectors of a degree, none listed (M2, M6)."""
    group, law, degree = family.group, family.distribution, family.degree
    orbit_sums.require_moments(law, degree, family.multilinear)
    preserved = _preserved(log, law, group)
    caps = orbit_sums.exponent_caps(law, family.multilinear, uniform=not preserved.holds)
    size = orbit_sums.count_orbits(group, degree, caps)
    _invariance(log)
    log.add(
        "norm",
        _STATEMENT,
        lambda: ClaimResult(
            "norm", _STATEMENT, "proved", "|O| times h_k of exponents k whose h_k is positive"
        ),
        needs=("distribution-preserved", "group-order"),
    )
    _orthogonality(log, "different orbits share no exponent vector (M2)")
    _size(log, size, f"{size} orbits, by Cauchy–Frobenius", needs=("group-order",))
    log.add(
        "csq-bound",
        "queries that a CSQ learner needs",
        lambda: correlations.csq_bound_claim(size, tolerance),
        needs=BOUND_NEEDS,
    )
    largest = max((degree if cap is None else min(cap, degree) for cap in caps), default=0)
    sections = {
        "lemma": {"name": family.kind, "statements": orbit_sums.STATEMENTS},
        "distribution": distribution_section(law, largest),
        "group": group_section(group),
        "family": {
            "kind": family.kind,
            "degree": degree,
            "multilinear": orbit_sums.is_multilinear(degree, caps),
            "members": "whole",
        },
    }
    return _evidence(sections, size)


def _evidence(sections: dict[str, Any], size: int) -> Evidence:
    return Evidence({**sections, "orbits": [], "functions": []}, Gram(0, {}), size, whole=size)


def _preserved(log: ClaimLog, law: Any, group: Any) -> ClaimResult:
    result = log.add(
        "distribution-preserved",
        "every generator preserves the distribution",
        lambda: symmetry.distribution_preserved(law, group),
    )
    log.add("group-order", "order of the group", lambda: symmetry.group_order(group))
    return result


def _invariance(log: ClaimLog) -> None:
    """A sum over a whole orbit is fixed by the group, which only reorders its terms (M1)."""
    statement = "every function is fixed by every generator"
    log.add(
        "invariance",
        statement,
        lambda: ClaimResult("invariance", statement, "proved", "sums over whole orbits (M1)"),
        needs=("distribution-preserved",),
    )


def _size(log: ClaimLog, size: int, reason: str, needs: Sequence[str] = ()) -> None:
    statement, record = "size of the class", {"value": str(size)}
    log.add(
        "size",
        statement,
        lambda: ClaimResult("size", statement, "proved", reason, record=record),
        needs=tuple(needs),
        keep=record,
    )


def _orthogonality(log: ClaimLog, reason: str) -> None:
    statement, record = "different members are orthogonal", {"maximum": "0"}
    log.add(
        "orthogonality",
        statement,
        lambda: ClaimResult("orthogonality", statement, "proved", reason, record=record),
        needs=STRUCTURAL,
    )
