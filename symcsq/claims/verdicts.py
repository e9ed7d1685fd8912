"""Claims of your own: what a check answers, and a claim from a function in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from symcsq.errors import VerificationError
from symcsq.verifier.claims import ClaimResult, Status

__all__ = ["CheckedBy", "Verdict", "claim", "proved", "refuted", "tested", "undecided"]


@dataclass(frozen=True)
class Verdict:
    """How a check ended: a ClaimResult without its type and statement.

    Made by `proved`, `tested`, `refuted` and `undecided`.
    """

    status: Status
    value: str = ""
    witness: Mapping[str, Any] | None = None
    record: Mapping[str, Any] = field(default_factory=dict)


def proved(value: str = "", **record: Any) -> Verdict:
    """The claim is an exact identity, or was checked by a finite exact computation.

    Arguments:
        value: what was found, in words.
        record: JSON-ready numbers to keep with the result.
    """
    return Verdict("proved", value, record=record)


def tested(examples: int, value: str = "", **record: Any) -> Verdict:
    """No counterexample was found among so many examples; this proves nothing.

    Arguments:
        examples: how many were tried.
        value, record: as for `proved`.
    """
    return Verdict(
        "tested", value or f"{examples} examples", record={"examples": examples} | record
    )


# Its name begins as those of tests do; pytest must not take it for one where it is imported.
tested.__test__ = False  # type: ignore[attr-defined]


def refuted(value: str = "", **witness: Any) -> Verdict:
    """The claim is false, as the witness shows.

    Arguments:
        value: what is wrong, in words.
        witness: JSON-ready data that refute the claim; at least one.

    Raises:
        VerificationError: no witness.
    """
    if not witness:
        raise VerificationError(
            "witness: a refutation needs one, got none; write refuted(member=3, value='1/2')"
        )
    words = ", ".join(f"{name} {part}" for name, part in witness.items())
    return Verdict("refuted", value or words, witness)


def undecided(value: str) -> Verdict:
    """The check could not decide; says what is missing."""
    return Verdict("undecided", value)


@dataclass(frozen=True)
class CheckedBy:
    """A claim from a function of a family; made by `claim`."""

    type: str
    statement: str
    function: Callable[[Any], Verdict | ClaimResult] = field(repr=False)

    def check(self, family: Any) -> ClaimResult:
        """The function's verdict on a family, as a ClaimResult."""
        answer = self.function(family)
        if isinstance(answer, ClaimResult):
            return answer
        if not isinstance(answer, Verdict):
            raise VerificationError(
                f"check: must return proved(...), tested(...), refuted(...) or undecided(...), "
                f"got {answer!r} from claim {self.type!r}; a bare bool does not say how it is known"
            )
        return ClaimResult(
            self.type,
            self.statement,
            answer.status,
            answer.value,
            answer.witness,
            record=answer.record,
        )


def claim(statement: str, *, type: str = "") -> Callable[[Callable[[Any], Any]], CheckedBy]:
    """Make a claim from a function of a family that returns a verdict.

    Arguments:
        statement: the claim in words.
        type: its short name; by default the function's name with hyphens.

    Returns:
        A decorator; what it makes has `type`, `statement` and `check(family)`.

    Examples:
        >>> import symcsq as cs
        >>> @cs.claims.claim("every squared norm is an integer")
        ... def integral_norms(family):
        ...     for i in range(len(family)):
        ...         if family.gram_entry(i, i).denominator != 1:
        ...             return cs.claims.refuted(member=i, norm=str(family.gram_entry(i, i)))
        ...     return cs.claims.proved(f"{len(family)} members")
        >>> report = cs.verify(cs.InvariantPolynomials("C6", 2), claims=[integral_norms])
        >>> report["integral-norms"].status, report["integral-norms"].value
        ('proved', '4 members')
    """
    if not isinstance(statement, str) or not statement:
        raise VerificationError(
            f"statement: must be a text, got {statement!r}; write @claim('every norm is 1')"
        )

    def decorate(function: Callable[[Any], Any]) -> CheckedBy:
        name = type or function.__name__.replace("_", "-")
        return CheckedBy(name, statement, function)

    return decorate
