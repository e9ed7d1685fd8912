"""Claims that users pass to `verify`: what such a claim is, and how it is checked and reported.

They are checked after the claims that a family's structure makes, count for `report.holds`, and are
not part of the certificate: its format knows no check for them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

from symcsq.errors import StoppedError, StoreError, VerificationError
from symcsq.verifier.claims import ClaimResult
from symcsq.verifier.kinds import CLAIM_TYPES
from symcsq.verifier.report import Report

__all__ = ["Claim", "check_claims", "require_claims"]


@runtime_checkable
class Claim(Protocol):
    """A statement about a family together with a way to check it.

    Attributes:
        type: a short name; `report[type]` finds the result.
        statement: the claim in words.

    A claim that also has `check_report(report)` is given the report instead, with everything that
    verification has established.
    """

    @property
    def type(self) -> str: ...
    @property
    def statement(self) -> str: ...
    def check(self, family: Any) -> ClaimResult: ...


def require_claims(claims: Iterable[Any] | None) -> tuple[Claim, ...]:
    """The claims as a tuple, each of them fit to be checked.

    Arguments:
        claims: objects with `type`, `statement` and `check(family)`; None for none.

    Raises:
        VerificationError: something else, a class in place of its value, or a type that is taken.

    Examples:
        >>> from symcsq.claims import ClassSize
        >>> require_claims([ClassSize(10)])
        (ClassSize(at_least=10),)
        >>> require_claims([ClassSize])
        Traceback (most recent call last):
            ...
        symcsq.errors.VerificationError: claims[0]: must be a claim, got the class ClassSize; make \
one with its arguments
    """
    if claims is None:
        return ()
    if isinstance(claims, str) or not isinstance(claims, Iterable):
        raise VerificationError(
            f"claims: must be a list of claims, got {claims!r}; write claims=[...]"
        )
    listed = tuple(claims)
    first: dict[str, int] = {}
    for k, claim in enumerate(listed):
        where = f"claims[{k}]"
        if isinstance(claim, type):
            raise VerificationError(
                f"{where}: must be a claim, got the class {claim.__name__}; make one with its "
                "arguments"
            )
        texts = [getattr(claim, name, None) for name in ("type", "statement")]
        if not all(isinstance(text, str) and text for text in texts):
            raise VerificationError(
                f"{where}: must have a type and a statement, both texts, got "
                f"{_shown(claim)}; see symcsq.claims.Claim"
            )
        if not (callable(getattr(claim, "check", None)) or hasattr(claim, "check_report")):
            raise VerificationError(
                f"{where}: must have a method check(family), got {_shown(claim)}; "
                "see symcsq.claims.Claim"
            )
        name = str(claim.type)
        if name in CLAIM_TYPES and not hasattr(claim, "check_report"):
            raise VerificationError(
                f"{where}: the type {name!r} is taken by a claim of verification itself; "
                "choose another type"
            )
        if name in first:
            raise VerificationError(
                f"{where}: the type must be new, got {name!r} as for claims[{first[name]}]; "
                "leave one out or choose another type"
            )
        first[name] = k
    return listed


def check_claims(
    report: Report,
    claims: Iterable[Claim],
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[ClaimResult, ...]:
    """Check claims on a verified family.

    Arguments:
        report: what verification itself found.
        claims: from `require_claims`.
        progress: called with (claim, claims done, claims in all) before each.

    Returns:
        The results in order, without those that the report has already.

    Raises:
        VerificationError: a check raised, or returned something else than its ClaimResult; names
            the claim.
    """
    listed = tuple(claims)
    results = []
    for k, claim in enumerate(listed):
        if progress is not None:
            done = len(report.claims)
            progress(claim.type, done + k, done + len(listed))
        started = time.perf_counter()
        result = _checked(claim, report)
        if not any(result is known for known in report.claims):
            results.append(replace(result, seconds=time.perf_counter() - started))
    return tuple(results)


def _checked(claim: Claim, report: Report) -> ClaimResult:
    try:
        if hasattr(claim, "check_report"):
            result = claim.check_report(report)
        else:
            result = claim.check(report.family)
    except (StoppedError, StoreError):
        raise
    except Exception as error:
        message = " ".join(str(error).split()) or "no message"
        raise VerificationError(
            f"claims: the check of claim {claim.type!r} raised {type(error).__name__}: {message}; "
            "correct the claim, or the family that it was given"
        ) from error
    if not isinstance(result, ClaimResult) or result.type != claim.type:
        raise VerificationError(
            f"claims: the check of claim {claim.type!r} must return a ClaimResult of that type, "
            f"got {_shown(result)}; see symcsq.claims.Claim"
        )
    for part in (result.record, result.witness or {}):
        if not _json_ready(dict(part)):
            raise VerificationError(
                f"claims: the witness and record of claim {claim.type!r} must be JSON-ready, "
                f"without floats, got {_shown(part)}; write exact numbers as texts"
            )
    return result


def _json_ready(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(k, str) and _json_ready(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return all(map(_json_ready, value))
    return value is None or isinstance(value, str | int)


def _shown(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else text[:77] + "..."
