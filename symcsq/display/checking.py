"""What `symcsq check` found out: a verdict for each file, as lines for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What the checker found out about one file.

    Arguments:
        name: the path as it was given.
        verdict: "accepted", "rejected" (a field is false), "refuted" or "undecided" (every field is
            true, and it refutes or leaves open a claim about its family) or "declined" (no
            certificate).
        failures: (field, message) pairs, the first false field first.
        tested: claims that hold if the entries hold that the family's author gave.
    """

    name: str
    verdict: str
    failures: tuple[tuple[str, str], ...]
    tested: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the certificate is true and every claim in it holds."""
        return self.verdict == "accepted"


def checked_file(name: str) -> CheckedFile:
    """Re-check one file; it is read once, so that what is judged is what is reported."""
    from symcsq.verifier import checker

    try:
        data = checker.read_file(name)
    except checker.Declined as reason:
        return CheckedFile(name, "declined", (("", str(reason)),))
    report = checker.check(data, beside=name)
    if not report.accepted:
        return CheckedFile(name, report.verdict, tuple(report.failures))
    if report.holds:
        return CheckedFile(name, "accepted", (), report.tested)
    status = "refuted" if report.refuted else "undecided"
    failures = tuple(
        (f"claims[{place}]", f"{claim['type']} is {status}, {_reason(claim)}")
        for place, claim in enumerate(json.loads(data)["claims"])
        if claim["status"] == status
    )
    return CheckedFile(name, status, failures)


def note_on(name: str) -> str:
    """What to say of a certificate that was just written; "" when the checker takes it.

    A true certificate is declined where it exceeds a limit of the checker.

    Examples:
        >>> import tempfile
        >>> import symcsq as cs
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     note_on(str(cs.verify(cs.ParityNetworks(4, 2)).certificate.save(folder)))
        ''
    """
    checked = checked_file(name)
    if checked.verdict not in ("declined", "rejected"):
        return ""
    place, message = checked.failures[0]
    if checked.verdict == "declined":
        text = f"written, but the checker declines it: {message}; its limits are in"
        return f"{name}: {text} docs/certificates.md"
    return f"{name}: the checker rejects it: {place}: {message}; this is a fault, please report it"


def _reason(claim: dict[str, Any]) -> str:
    if "witness" in claim:
        return f"witness {json.dumps(claim['witness'])}"
    return f"needs {claim['needs']}"


def check_lines(results: Sequence[CheckedFile]) -> Iterator[RenderableType]:
    """One line a certificate, the false fields of those that fail, and the verdict."""
    from symcsq.display.tables import unwrapped

    styles = {"accepted": "green", "rejected": "bold red", "refuted": "bold red"}
    for result in results:
        style = styles.get(result.verdict, "yellow")
        yield unwrapped((result.verdict, style), f"  {result.name}")
        for path, message in result.failures:
            yield unwrapped(f"  {path}: {message}" if path else f"  {message}")
        if result.tested:
            claims = ", ".join(result.tested)
            yield unwrapped(f"  these rest on entries that were only tested: {claims}")
    yield f"{sum(result.holds for result in results)} of {len(results)} accepted"
