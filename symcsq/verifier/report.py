"""The result of a verification: claims, Gram matrix, bound, certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symcsq.errors import VerificationError
from symcsq.exact import rational
from symcsq.functions.gram import Gram
from symcsq.verifier.bounds import CorrelationSummary, QueryBound, query_bound
from symcsq.verifier.certificate import Certificate
from symcsq.verifier.claims import ClaimResult

_MARKS = {"proved": "✓", "enclosed": "✓", "tested": "~", "refuted": "✗", "undecided": "?"}


@dataclass(frozen=True)
class Report:
    """What `symcsq.verify` returns.

    Arguments:
        family: the family that was verified.
        claims: the claims in order, each with its status.
        gram: the exact Gram matrix of the members.
        size: the exact size of the class.
        certificate: the certificate of this result, claims that failed included.
        seconds: the time that the verification took.
        summary: the numbers of the class that bounds depend on, members scaled to unit norms;
            None for an orthonormal class.

    Examples:
        >>> import symcsq as cs
        >>> report = cs.verify(cs.ParityNetworks(6, 2))
        >>> report.holds, report.size, report["norm"].status
        (True, 15, 'enclosed')
        >>> print(report.bound("1/3"))  # doctest: +NORMALIZE_WHITESPACE
        15 tau^2 - 1 = 2/3 at tau = 1/3: a deterministic learner needs at least 1 query answered
        within tau*|f| to reach squared loss below 8/9 |f|^2
    """

    family: Any
    claims: tuple[ClaimResult, ...]
    gram: Gram
    size: int
    certificate: Certificate
    seconds: float
    summary: CorrelationSummary | None = None

    @property
    def holds(self) -> bool:
        """Whether every claim is proved, enclosed or tested."""
        return all(claim.holds for claim in self.claims)

    @property
    def refuted(self) -> tuple[ClaimResult, ...]:
        """The claims that were refuted, each with its witness."""
        return tuple(claim for claim in self.claims if claim.status == "refuted")

    def __getitem__(self, claim_type: str) -> ClaimResult:
        for claim in self.claims:
            if claim.type == claim_type:
                return claim
        raise VerificationError(
            f"claim: must be one of {', '.join(claim.type for claim in self.claims)}, "
            f"got {claim_type!r}; see report.claims"
        )

    def bound(self, tolerance: object = "1/10") -> QueryBound:
        """The lower bound on queries at another tolerance, for members of any norm (M9, M10).

        Arguments:
            tolerance: tau, relative to the target's norm, an exact rational with 0 < tau < 1:
                "1/10", "0.1" or a Fraction.

        Raises:
            VerificationError: the tolerance is out of range, or a claim that the bound rests on
                failed.

        Examples:
            >>> import symcsq as cs
            >>> print(cs.verify(cs.ParityNetworks(16, 4)).bound("1/100"))
            trivial: 1820 tau^2 - 1 = -409/500 at tau = 1/100, no query is forced
        """
        tau = rational(tolerance, "tolerance")
        claim = self["csq-bound"]
        if not claim.holds:
            raise VerificationError(
                f"bound: the bound rests on every other claim, got {claim.value!r} "
                f"({claim.status}); see report.refuted"
            )
        return query_bound(self.summary or CorrelationSummary.orthonormal(self.size), tau)

    def __str__(self) -> str:
        width = max(len(claim.type) for claim in self.claims)
        lines = [repr(self.family)]
        for claim in self.claims:
            mark = _MARKS[claim.status]
            lines.append(
                f"  {mark} {claim.type:<{width}}  {claim.status:<9}  {claim.value}".rstrip()
            )
        return "\n".join(lines)

    def __repr__(self) -> str:
        verdict = "holds" if self.holds else "does not hold"
        return f"<Report: {self.family!r} {verdict}, {len(self.claims)} claims>"

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{_MARKS[claim.status]}</td><td>{escape(claim.type)}</td>"
            f"<td>{claim.status}</td><td style='text-align:left'>{escape(claim.value)}</td></tr>"
            for claim in self.claims
        )
        verdict = "every claim holds" if self.holds else "not every claim holds"
        return (
            f"<table><caption>{escape(repr(self.family))}: {verdict}</caption>"
            f"<tr><th></th><th>claim</th><th>status</th><th>value</th></tr>{rows}</table>"
        )
