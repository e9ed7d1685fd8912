"""What the terminal shows: groups, orbits, lemmas and the table of a verification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symcsq.display.orbit_listing import OrbitQuestion

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from groups import PermutationGroup

STATUS_STYLE = {
    "proved": "green",
    "enclosed": "green",
    "tested": "yellow",
    "refuted": "bold red",
    "undecided": "yellow",
}


def show(renderable: RenderableType, *, console: Console | None = None) -> None:
    """Print to stdout: in colour on a terminal, plain text of the same width otherwise."""
    from rich.console import Console

    (console or Console(soft_wrap=False, highlight=False)).print(renderable)


def plain_table(*headings: str, numbers: Sequence[str] = ()) -> Table:
    """An empty table in the house style; columns named in `numbers` are right-aligned."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right" if heading in numbers else "left", overflow="fold")
    return table


def factored(number: int) -> str:
    """An order with its prime factors, found by trial division up to 10^4.

    Examples:
        >>> factored(7920), factored(13), factored(1)
        ('7920 = 2^4·3^2·5·11', '13', '1')
    """
    rest, factors = number, []
    for prime in range(2, 10_000):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        if power:
            factors.append(f"{prime}^{power}" if power > 1 else f"{prime}")
        if rest == 1:
            break
    if rest > 1 or len(factors) < 2 and factors and factors[0] == str(number) or number < 2:
        return str(number)
    return f"{number} = {'·'.join(factors)}"


def group_table(group: PermutationGroup, title: str) -> RenderableType:
    """Degree, order and properties of a group, one a line."""
    from rich.text import Text

    strong = len(group.strong_generators)
    lines = {
        "group": group.name or title,
        "degree": str(group.degree),
        "order": factored(group.order),
        "transitive": "yes" if group.is_transitive else "no",
        "primitive": "yes" if group.is_primitive else "no",
        "abelian": "yes" if group.is_abelian else "no",
        "base": f"{' '.join(map(str, group.base)) or 'empty'}   (points from 0; {strong} strong generators)",
        "generators": "\n".join(map(str, group.generators)) or "none",
    }
    table = plain_grid()
    for name, value in lines.items():
        table.add_row(name, Text(value))
    return table


def plain_grid() -> Table:
    """Names on the left, values on the right, no rules."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def orbit_table(table: Any, question: OrbitQuestion, limit: int) -> RenderableType:
    """The first orbits of an `OrbitTable`, and how many more there are."""
    from rich.console import Group as Lines

    rows = plain_table("orbit", "least representative", "size", numbers=("orbit", "size"))
    for number, (representative, size) in enumerate(table):
        if number == limit:
            break
        rows.add_row(str(number), " ".join(map(str, representative)), str(size))
    summary = f"{len(table)} orbits on {table.total} {question.objects}"
    more = len(table) - limit
    if more > 0:
        summary += f"; {more} more are not shown (--limit {len(table)} shows all)"
    return Lines(rows, "", summary) if limit else summary


def suite_table() -> Table:
    """The empty table of `symcsq verify`."""
    return plain_table(
        "lemma",
        "reference",
        "parameters",
        "functions",
        "class size",
        "proved",
        "CSQ bound",
        "time",
        numbers=("functions", "class size", "CSQ bound", "time"),
    )
