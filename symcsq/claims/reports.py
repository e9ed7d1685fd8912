"""Claims that are decided by what verification has established about a family."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from symcsq.verifier.claims import ClaimResult, Status
from symcsq.verifier.report import Report

__all__ = ["ReportClaim", "weakest"]

_ORDER: tuple[Status, ...] = ("proved", "enclosed", "tested")


class ReportClaim(ABC):
    """A claim with `check_report(report)`; `check(family)` verifies the family first.

    Subclasses are frozen values that say their `type` and `statement`.
    """

    @property
    @abstractmethod
    def type(self) -> str:
        """The short name, with the claim's numbers."""

    @property
    @abstractmethod
    def statement(self) -> str:
        """The claim in words."""

    @abstractmethod
    def check_report(self, report: Report) -> ClaimResult:
        """Decide the claim from a report."""

    def check(self, family: Any) -> ClaimResult:
        """Verify a family, then decide the claim.

        Arguments:
            family: whatever `symcsq.verify` takes.

        Returns:
            The ClaimResult.
        """
        from symcsq.verifier.verify import verify

        return self.check_report(verify(family))

    def result(self, status: Status, value: str = "", **record: Any) -> ClaimResult:
        """The claim with a status under which it holds."""
        return ClaimResult(self.type, self.statement, status, value, record=record)

    def refuted(self, value: str, **witness: Any) -> ClaimResult:
        """The claim with what refutes it."""
        return ClaimResult(self.type, self.statement, "refuted", value, witness)

    def undecided(self, value: str, **record: Any) -> ClaimResult:
        """The claim with what is missing."""
        return ClaimResult(self.type, self.statement, "undecided", value, record=record)


def weakest(report: Report, types: Iterable[str]) -> tuple[Status, str | None]:
    """How well the claims of these types are established, together.

    Returns:
        The weakest of their statuses, and None; or the claim that fails, at its root.

    Examples:
        >>> import symcsq as cs
        >>> weakest(cs.verify(cs.ParityNetworks(3, 2)), ("gram", "size"))
        ('enclosed', None)
        >>> weakest(cs.verify(cs.ParityNetworks(3, 3)), ("gram", "csq-bound"))
        ('tested', 'norm')
    """
    known = {claim.type: claim for claim in report.claims}
    worst = 0
    for name in types:
        claim = known.get(name)
        if claim is None or not claim.holds:
            return "tested", name if claim is None else str(claim.record.get("needs", name))
        worst = max(worst, _ORDER.index(claim.status))
    return _ORDER[worst], None
