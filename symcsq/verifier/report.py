"""The result of a verification: claims, Gram matrix, bound, certificate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symcsq.errors import VerificationError
from symcsq.exact import rational
from symcsq.functions.gram import Gram
from symcsq.verifier.bounds import CorrelationSummary, QueryBound, bound_curve, query_bound
from symcsq.verifier.bounds import statistical_dimension as dimension_below
from symcsq.verifier.certificate import Certificate
from symcsq.verifier.claims import ClaimResult

if TYPE_CHECKING:
    from symcsq.verifier.reductions import GramReductions

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
        whole: the size of the class that listed members belong to, where the claims hold for every
            member of it.

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
    whole: int | None = None

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
        return query_bound(self._established(), rational(tolerance, "tolerance"))

    def _established(self) -> CorrelationSummary:
        """The numbers of the class, once every claim that a bound rests on holds."""
        claim = self["csq-bound"]
        if not claim.holds:
            raise VerificationError(
                f"bound: the bound rests on every other claim, got {claim.value!r} "
                f"({claim.status}); see report.refuted"
            )
        return self.summary or CorrelationSummary.orthonormal(self.size)

    def curve(self, tolerances: Iterable[object] | None = None) -> list[QueryBound]:
        """The bounds at several tolerances (see `bound`), each exact.

        Arguments:
            tolerances: exact rationals between 0 and 1; by default 1/2, 1/4, 1/8, … down to the
                first at which no query is forced.

        Raises:
            VerificationError: as for `bound`.

        Examples:
            >>> import symcsq as cs
            >>> report = cs.verify(cs.ParityNetworks(16, 4))
            >>> [bound.queries for bound in report.curve(["1/10", "1/20", "1/50"])]
            [18, 4, 0]
        """
        return bound_curve(self._established(), tolerances)

    def statistical_dimension(self, correlation: object) -> Fraction:
        """The lower bound of SDA(C, gamma) for members scaled to unit norms (M7), exactly.

        Arguments:
            correlation: gamma, an exact rational with 0 < gamma < 1.

        Raises:
            VerificationError: gamma is out of range, or as for `bound`.

        Examples:
            >>> import symcsq as cs
            >>> cs.verify(cs.ParityNetworks(16, 4)).statistical_dimension("1/100")
            Fraction(91, 5)
        """
        return dimension_below(self._established(), rational(correlation, "correlation"))

    def reductions(self) -> GramReductions:
        """What the Gram matrix of the members says as a whole, all of it exact.

        Returns:
            The largest correlation and its pair, the row sum, the histogram of squared
            correlations by powers of two, the number of orthogonal pairs, and the rank.

        Raises:
            VerificationError: no member is held, one has norm 0, or correlations are enclosed.

        Complexity: every pair once, tile by tile, unless all are orthogonal; then the rank, where a
            row sum of 2 or more leaves it open.

        Examples:
            >>> import symcsq as cs
            >>> found = cs.verify(cs.ParityNetworks(16, 4)).reductions()
            >>> found.rank, found.orthogonal_pairs
            (1820, 1655290)
        """
        from symcsq.verifier.reductions import reductions_of

        return reductions_of(self.gram)

    def whole_class_bound(self, tolerance: object = "1/10") -> QueryBound:
        """The bound for the class of all members, when some of them were listed (M6, M9).

        All members are orthogonal by the same formula as those listed, and their number is known
        without listing them. A repeat in the list does no harm.

        Arguments:
            tolerance: as for `bound`.

        Raises:
            VerificationError: the size of the whole class is not known, the tolerance is out of
                range, or a claim that the bound rests on failed.

        Examples:
            >>> import symcsq as cs
            >>> report = cs.verify(cs.ParityNetworks(64, 6, subsets=[range(6), range(1, 7)]))
            >>> report.size, report.whole_class_bound("1/100").queries
            (2, 7497)
        """
        from symcsq.verifier.whole_class import STRUCTURAL

        if self.whole is None:
            raise VerificationError(
                "whole_class_bound: the class must be one whose members are orthogonal by a "
                "formula, and it is not known to be; use bound for the members listed"
            )
        failed = [claim for claim in self.claims if claim.type in STRUCTURAL and not claim.holds]
        if failed:
            raise VerificationError(
                f"whole_class_bound: the bound rests on the claim {failed[0].type}, which is "
                f"{failed[0].status}; see report.claims"
            )
        summary = CorrelationSummary.orthonormal(self.whole)
        return query_bound(summary, rational(tolerance, "tolerance"))

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
