"""The result of `symcsq verify`: a table a lemma, witnesses of what is false; the same as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from symcsq.display.tables import (
    STATUS_STYLE,
    parameter_text,
    plain_grid,
    plain_table,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from symcsq.lemmas import Lemma
    from symcsq.verifier.claims import ClaimResult
    from symcsq.verifier.report import Report

RESULT_COLUMNS = ("functions", "class size", "claims", "CSQ bound", "time")
#: Parameters that are numbers: their columns are set flush right.
_NUMBERS = ("degree", "n", "m", "columns", "features", "count", "power")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One lemma that was verified.

    Arguments:
        lemma: the lemma with its parameters.
        report: what `verify` returned.
        certificate: the path of the certificate, None when none was written.
    """

    lemma: Lemma
    report: Report
    certificate: str | None = None

    def entry(self) -> dict[str, Any]:
        """The lemma's element of `lemmas` in the JSON output."""
        claims = self.report.claims
        return {
            "name": self.lemma.name,
            "reference": str(self.lemma.reference),
            "parameters": self.lemma.parameters,
            "holds": self.report.holds,
            "functions": self.report.gram.size,
            "size": self.report.size,
            "claims": [
                {
                    "type": claim.type,
                    "statement": claim.statement,
                    "status": claim.status,
                    "value": claim.value,
                    "exact": claim.exact,
                    "witness": claim.witness,
                }
                for claim in claims
            ],
            "bound": self.bound_fields(),
            "certificate": self.certificate,
            "sha256": self.report.certificate.sha256,
            "seconds": round(self.report.seconds, 3),
        }

    def bound_fields(self) -> dict[str, Any] | None:
        """The fields of the bound in the certificate, None when a claim that it needs failed."""
        bound = next((claim for claim in self.report.claims if claim.type == "csq-bound"), None)
        return dict(bound.record) if bound is not None and bound.holds else None

    def verdict(self) -> str:
        """How many claims ended in which way: "14 proved, 2 enclosed", or what is false."""
        counts = Counter(claim.status for claim in self.report.claims)
        if counts["refuted"]:
            return f"{counts['refuted']} refuted"
        return ", ".join(f"{count} {status}" for status, count in counts.items())

    def bound_text(self) -> str:
        """The number of queries, and the positive rational that was rounded up to it, if short."""
        fields = self.bound_fields()
        if fields is None:
            return "none"
        queries, bound = str(fields["queries"]), str(fields["bound"])
        if queries in (bound, "0"):
            return queries
        # Long numbers are in the JSON and the certificate.
        if len(queries) > 16:
            return count_text(int(queries))
        return f"{queries} ({bound if len(bound) <= 16 else f'about {float(Fraction(bound)):.3f}'})"


def count_text(count: int) -> str:
    """A number of things, in full up to 16 digits.

    Examples:
        >>> count_text(1820), count_text(45811862025512780638750907861652480)
        ('1820', 'about 4.58e34')
    """
    text = str(count)
    return text if len(text) <= 16 else f"about {text[0]}.{text[1:3]}e{len(text) - 1}"


def suite_tables(outcomes: Sequence[Outcome], seconds: float) -> Iterator[RenderableType]:
    """What `symcsq verify` prints: for every lemma its reference, claims and a row per choice of
    parameters; then the witnesses of what is false, and one line with the verdict.

    Arguments:
        outcomes: in the order in which they were verified; neighbours of one lemma share a table.
        seconds: wall time of the whole run.
    """
    for _, group in groupby(outcomes, key=lambda outcome: outcome.lemma.name):
        yield from lemma_section(list(group))
        yield ""
    for outcome in outcomes:
        yield from witness_lines(outcome)
    failed = sum(not outcome.report.holds for outcome in outcomes)
    claims = sum(len(outcome.report.claims) for outcome in outcomes)
    families = (
        f"{len(outcomes)} families, {claims} claims" if len(outcomes) > 1 else f"{claims} claims"
    )
    verdict = (
        f"[green]All claims hold[/]: {families}, {seconds:.1f} s."
        if not failed
        else f"[bold red]{failed} of {len(outcomes)} families do not hold[/] ({seconds:.1f} s)."
        if len(outcomes) > 1
        else f"[bold red]Does not hold[/] ({seconds:.1f} s)."
    )
    yield verdict


def lemma_section(outcomes: Sequence[Outcome]) -> Iterator[RenderableType]:
    """Heading and table of one lemma."""
    from rich.text import Text

    lemma = outcomes[0].lemma
    shown = [outcome.lemma.parameters for outcome in outcomes]
    names = list(dict.fromkeys(name for parameters in shown for name in parameters))
    varying = [
        name for name in names if len({str(parameters.get(name)) for parameters in shown}) > 1
    ]
    fixed = [f"{name} = {parameter_text(shown[0][name])}" for name in names if name not in varying]

    yield Text.assemble((lemma.name, "bold"), ": ", lemma.definition.summary)
    grid = plain_grid()
    reference = lemma.reference
    grid.add_row("reference", f"{reference.topic}; MATH.md {', '.join(reference.statements)}")
    grid.add_row("claims", ", ".join(claim_names(outcomes)))
    if fixed:
        grid.add_row("parameters", Text(", ".join(fixed)))
    yield grid

    table = plain_table(
        *varying,
        *RESULT_COLUMNS,
        numbers=("functions", "class size", "CSQ bound", "time", *_NUMBERS),
    )
    for outcome, parameters in zip(outcomes, shown, strict=True):
        style = STATUS_STYLE["proved" if outcome.report.holds else "refuted"]
        table.add_row(
            *(parameter_text(parameters.get(name)) for name in varying),
            # None of a class that is verified by formula.
            str(outcome.report.gram.size),
            count_text(outcome.report.size),
            Text(outcome.verdict(), style=style),
            outcome.bound_text(),
            f"{outcome.report.seconds:.2f} s",
        )
    yield table


def claim_names(outcomes: Sequence[Outcome]) -> list[str]:
    """The types of the claims of a lemma, in order."""
    return list(
        dict.fromkeys(claim.type for outcome in outcomes for claim in outcome.report.claims)
    )


def witness_lines(outcome: Outcome) -> Iterator[RenderableType]:
    """What is false about a family with its witness, and what could not be decided for that."""
    from rich.markup import escape

    if outcome.report.holds:
        return
    parameters = ", ".join(
        f"{name}={parameter_text(value)}" for name, value in outcome.lemma.parameters.items()
    )
    yield f"[bold]{escape(outcome.lemma.name)}[/] {escape(parameters)}"
    for claim in outcome.report.claims:
        if claim.status == "refuted":
            yield f"  [bold red]refuted[/] {escape(claim.type)}: {escape(claim.statement)}"
            if claim.value:
                yield f"    {escape(claim.value)}"
            yield f"    witness: {escape(witness_text(claim))}"
    waiting = [claim.type for claim in outcome.report.claims if claim.status == "undecided"]
    if waiting:
        yield f"  [yellow]undecided[/], because they rest on it: {', '.join(waiting)}"
    yield ""


def witness_text(claim: ClaimResult) -> str:
    """A witness on one line, field by field.

    Examples:
        >>> from symcsq.verifier.claims import ClaimResult
        >>> claim = ClaimResult(
        ...     "norm", "no member is 0", "refuted", witness={"member": 0, "norm_squared": "0"}
        ... )
        >>> witness_text(claim)
        'member 0, norm_squared 0'
    """
    witness = claim.witness or {}
    return ", ".join(f"{key} {value}" for key, value in witness.items())
