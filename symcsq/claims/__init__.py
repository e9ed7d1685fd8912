"""Claims as values: make them, pass them to `symcsq.verify`, and add your own.

Examples:
    >>> import symcsq as cs
    >>> family = cs.RotationNetworks(cs.isotropic_vectors(16, 40), 3)
    >>> claims = [cs.claims.NearOrthogonality("1/4"), cs.claims.Realisability()]
    >>> report = cs.verify(family, claims=claims)
    >>> [claim.status for claim in report.claims[-2:]]
    ['proved', 'proved']
"""

from symcsq.claims.correlation import (
    ClassSize,
    CsqBound,
    NearOrthogonality,
    NormBounds,
    Orthogonality,
    StatisticalDimension,
)
from symcsq.claims.functions import Invariance, Realisability
from symcsq.claims.properties import (
    equality,
    examine,
    exhaust,
    frame_equivariance,
    invariance,
    sign_equivariance,
)
from symcsq.claims.reports import ReportClaim
from symcsq.claims.search import Property, find_counterexample
from symcsq.claims.verdicts import Verdict, claim, proved, refuted, tested, undecided
from symcsq.verifier.claims import ClaimResult
from symcsq.verifier.further_claims import Claim

__all__ = [
    "Claim",
    "ClaimResult",
    "ClassSize",
    "CsqBound",
    "Invariance",
    "NearOrthogonality",
    "NormBounds",
    "Orthogonality",
    "Property",
    "Realisability",
    "ReportClaim",
    "StatisticalDimension",
    "Verdict",
    "claim",
    "equality",
    "examine",
    "exhaust",
    "find_counterexample",
    "frame_equivariance",
    "invariance",
    "proved",
    "refuted",
    "sign_equivariance",
    "tested",
    "undecided",
]
