"""What a reliability run finds: rows for people and for records, and whether all is well."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """One line of a run.

    Arguments:
        run: "mutants", "fuzz", "kills" or "determinism".
        subject: what was put to the test.
        numbers: what was counted or measured, in the order in which it is shown.
        failures: what went wrong, a sentence each; empty when all is well.
    """

    run: str
    subject: str
    numbers: dict[str, Any]
    failures: list[str] = field(default_factory=list)

    @property
    def record(self) -> str:
        """One line of JSON."""
        return json.dumps(
            {"run": self.run, "subject": self.subject, **self.numbers, "failures": self.failures},
            ensure_ascii=False,
        )


def table(outcomes: list[Outcome]) -> str:
    """The outcomes of one run, columns aligned, failures below their line."""
    if not outcomes:
        return ""
    names = list(dict.fromkeys(name for outcome in outcomes for name in outcome.numbers))
    rows = [[outcomes[0].run, *names, "failures"]]
    for outcome in outcomes:
        cells = [str(outcome.numbers.get(name, "")) for name in names]
        rows.append([outcome.subject, *cells, str(len(outcome.failures))])
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for k, row in enumerate(rows):
        first = row[0].ljust(widths[0])
        rest = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([first, *rest]))
        if k == 0:
            lines.append("  ".join("-" * width for width in widths))
        else:
            failures = outcomes[k - 1].failures
            lines += [f"    {failure}" for failure in failures[:MOST_SHOWN]]
            if len(failures) > MOST_SHOWN:
                lines.append(f"    and {len(failures) - MOST_SHOWN} more")
    return "\n".join(lines)


MOST_SHOWN = 10
