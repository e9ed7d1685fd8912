"""The ways to verify a family: what it must offer for each, and the function that does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from symcsq.verifier.averages import CLAIMS as AVERAGE_CLAIMS
from symcsq.verifier.averages import verify_averages
from symcsq.verifier.claims import ClaimLog
from symcsq.verifier.combinations import CLAIMS as COMBINATION_CLAIMS
from symcsq.verifier.combinations import (
    INDEPENDENT_CLAIMS,
    has_expansions,
    verify_independent,
    verify_sparse,
)
from symcsq.verifier.combinations import NEEDS as COMBINATION_NEEDS
from symcsq.verifier.degree_parities import CLAIMS as DEGREE_PARITY_CLAIMS
from symcsq.verifier.degree_parities import verify_degree_parities
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.finite_frames import CLAIMS as FINITE_FRAME_CLAIMS
from symcsq.verifier.finite_frames import verify_finite_frames
from symcsq.verifier.isotropic import (
    CONVOLUTIONAL_CLAIMS,
    GRAPH_FEATURE_CLAIMS,
    ROTATION_CLAIMS,
    verify_convolutional_networks,
    verify_graph_feature_networks,
    verify_rotation_networks,
)
from symcsq.verifier.moment_sums import CLAIMS as MOMENT_SUM_CLAIMS
from symcsq.verifier.moment_sums import verify_moment_sums
from symcsq.verifier.orbit_sums import CLAIMS as ORBIT_SUM_CLAIMS
from symcsq.verifier.orbit_sums import verify_orbit_sums
from symcsq.verifier.parities import CLAIMS as PARITY_CLAIMS
from symcsq.verifier.parities import verify_parities
from symcsq.verifier.semi_invariants import CLAIMS as SEMI_INVARIANT_CLAIMS
from symcsq.verifier.semi_invariants import verify_semi_invariants
from symcsq.verifier.user_defined import CLAIMS as USER_DEFINED_CLAIMS
from symcsq.verifier.user_defined import NEEDS as USER_DEFINED_NEEDS
from symcsq.verifier.user_defined import (
    is_user_defined,
    verify_own_expansions,
    verify_user_defined,
)
from symcsq.verifier.whole_class import (
    AVERAGE_CLAIMS as ALL_AVERAGE_CLAIMS,
)
from symcsq.verifier.whole_class import (
    PARITY_CLAIMS as ALL_PARITY_CLAIMS,
)
from symcsq.verifier.whole_class import (
    POLYNOMIAL_CLAIMS as ALL_POLYNOMIAL_CLAIMS,
)
from symcsq.verifier.whole_class import (
    is_too_large,
    verify_all_averages,
    verify_all_orbit_sums,
    verify_all_parities,
)
from symcsq.verifier.work import Work


class Structure(NamedTuple):
    """One way to verify.

    Attributes:
        needs: the attributes that a family must offer.
        claims: the number of claims that are made, for progress.
        verify: called with (family, tolerance, log, work); returns the Evidence.
        kind: the family's kind, where attributes alone are ambiguous; "" for any.
        only: a further condition on the family, or None.
    """

    needs: Sequence[str]
    claims: int
    verify: Callable[[Any, Fraction, ClaimLog, Work], Evidence]
    kind: str = ""
    only: Callable[[Any], bool] | None = None

    def fits(self, family: Any) -> bool:
        """Whether the family offers what is needed.

        Examples:
            >>> import symcsq as cs
            >>> [s.fits(cs.ParityNetworks(3, 2)) for s in STRUCTURES].count(True)
            1
        """
        if self.kind and getattr(family, "kind", "") != self.kind:
            return False
        if not all(hasattr(type(family), name) or hasattr(family, name) for name in self.needs):
            return False
        return self.only is None or self.only(family)


# Tried in order: what a family offers decides, not its class.
STRUCTURES: tuple[Structure, ...] = (
    # Classes that are too large to be listed, by formula.
    Structure(
        ("frame", "base", "representatives"),
        ALL_AVERAGE_CLAIMS,
        verify_all_averages,
        "frame-averaged",
        is_too_large,
    ),
    Structure(
        ("subsets", "activation"),
        ALL_PARITY_CLAIMS,
        verify_all_parities,
        "parity-networks",
        is_too_large,
    ),
    Structure(
        ("degree", "multilinear", "representatives", "distribution"),
        ALL_POLYNOMIAL_CLAIMS,
        verify_all_orbit_sums,
        "invariant-polynomials",
        is_too_large,
    ),
    Structure(
        ("gram_integers", "scale", "representatives"),
        MOMENT_SUM_CLAIMS,
        verify_moment_sums,
        "moment-invariant-polynomials",
    ),
    Structure(
        ("total_degree", "character", "kernel"),
        SEMI_INVARIANT_CLAIMS,
        verify_semi_invariants,
        "semi-invariant-polynomials",
    ),
    Structure(("frame", "base", "representatives"), AVERAGE_CLAIMS, verify_averages),
    Structure(("subsets", "activation"), PARITY_CLAIMS, verify_parities),
    Structure(
        ("degree", "multilinear", "representatives", "distribution"),
        ORBIT_SUM_CLAIMS,
        verify_orbit_sums,
    ),
    Structure(
        ("n", "p", "expectations"),
        DEGREE_PARITY_CLAIMS,
        verify_degree_parities,
        "degree-parity-networks",
    ),
    Structure(
        ("frame", "networks", "coordinates"),
        FINITE_FRAME_CLAIMS,
        verify_finite_frames,
        "finite-frame-averages",
    ),
    Structure(
        ("u", "v", "power", "gram_integers"),
        ROTATION_CLAIMS,
        verify_rotation_networks,
        "rotation-networks",
    ),
    Structure(
        ("u", "v", "power", "gram_integers", "row_group", "columns", "full"),
        CONVOLUTIONAL_CLAIMS,
        verify_convolutional_networks,
        "convolutional-networks",
    ),
    Structure(
        ("u", "v", "power", "gram_integers", "matrix", "node_group", "features"),
        GRAPH_FEATURE_CLAIMS,
        verify_graph_feature_networks,
        "graph-feature-networks",
    ),
    Structure(
        ("base", "supports", "normalised"),
        COMBINATION_CLAIMS,
        verify_sparse,
        "sparse-invariant-polynomials",
    ),
    Structure(
        ("invariants", "k", "offsets"),
        INDEPENDENT_CLAIMS,
        verify_independent,
        "independent-invariants",
    ),
    Structure(COMBINATION_NEEDS, COMBINATION_CLAIMS, verify_own_expansions, only=has_expansions),
    # The protocol alone: families of the user's own.
    Structure(USER_DEFINED_NEEDS, USER_DEFINED_CLAIMS, verify_user_defined, only=is_user_defined),
)
