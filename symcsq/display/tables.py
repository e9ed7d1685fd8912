"""What the terminal shows: groups, orbits, lemmas and the table of a verification."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from groups import PermutationGroup
    from symcsq.lemmas import Definition

STATUS_STYLE = {
    "proved": "green",
    "enclosed": "green",
    "tested": "yellow",
    "refuted": "bold red",
    "undecided": "yellow",
}


def show(renderable: RenderableType) -> None:
    """Print to stdout: in colour on a terminal, plain text without trailing blanks otherwise."""
    from rich.console import Console

    console = Console(highlight=False)
    # Console.print joins texts and forgets that one of them asked not to be wrapped.
    whole = bool(getattr(renderable, "no_wrap", False))
    if console.is_terminal:
        console.print(renderable, soft_wrap=whole)
        return
    with console.capture() as capture:
        console.print(renderable, soft_wrap=whole)
    for line in capture.get().splitlines():
        print(line.rstrip())


TRIAL_DIVISORS = 10_000
NARROW = 92  # columns; below that, headings are broken so that rows stay on one line
BROKEN_HEADINGS = {
    "degree": "deg-\nree",
    "distribution": "distri-\nbution",
    "multilinear": "multi-\nlinear",
    "functions": "func-\ntions",
    "class size": "class\nsize",
    "CSQ bound": "CSQ\nbound",
}


def plain_table(*headings: str, numbers: Sequence[str] = ()) -> Table:
    """An empty table in the house style; columns named in `numbers` are right-aligned."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    narrow = Console().width < NARROW
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True, padding=(0, 1)
    )
    for heading in headings:
        table.add_column(
            BROKEN_HEADINGS.get(heading, heading) if narrow else heading,
            justify="right" if heading in numbers else "left",
            overflow="fold",
        )
    return table


def unwrapped(*parts: str | tuple[str, str]) -> Text:
    """A line that is never broken, so that paths can be copied; parts: text or (text, style)."""
    from rich.text import Text

    return Text.assemble(*parts, no_wrap=True)


def factored(number: int) -> str:
    """An order with its prime factors, when trial division up to 10^4 finds them all.

    Examples:
        >>> factored(7920), factored(13), factored(1)
        ('7920 = 2^4·3^2·5·11', '13', '1')
    """
    rest, factors = number, []
    for prime in range(2, TRIAL_DIVISORS):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        if power:
            factors.append(f"{prime}^{power}" if power > 1 else f"{prime}")
        if rest == 1:
            break
    if 1 < rest < TRIAL_DIVISORS**2:  # without a factor below its root, so a prime
        factors.append(str(rest))
        rest = 1
    if rest > 1 or factors in ([], [str(number)]):
        return str(number)
    return f"{number} = {'·'.join(factors)}"


def group_table(group: PermutationGroup, title: str) -> RenderableType:
    """Degree, order and properties of a group, one a line."""
    from rich.text import Text

    base = " ".join(map(str, group.base)) or "empty"
    strong = len(group.strong_generators)
    lines = {
        "group": group.name or title,
        "degree": str(group.degree),
        "order": factored(group.order),
        "transitive": "yes" if group.is_transitive else "no",
        "primitive": "yes" if group.is_primitive else "no",
        "abelian": "yes" if group.is_abelian else "no",
        "base": f"{base}   (points from 0; {strong} strong generators)",
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


def orbit_table(table: Any, objects: str, limit: int) -> RenderableType:
    """The first orbits of an `OrbitTable`, and how many more there are."""
    from rich.console import Group as Lines

    rows = plain_table("orbit", "least representative", "size", numbers=("orbit", "size"))
    for number, (representative, size) in enumerate(table):
        if number == limit:
            break
        rows.add_row(str(number), " ".join(map(str, representative)), str(size))
    summary = f"{len(table)} orbits on {table.total} {objects}"
    more = len(table) - limit
    if more > 0:
        summary += f"; {more} more are not shown (--limit {len(table)} shows all)"
    return Lines(rows, "", summary) if limit else summary


def lemma_table(definitions: Iterable[Definition]) -> RenderableType:
    """Names, references, parameters and defaults of lemmas."""
    from rich.console import Group as Lines
    from rich.text import Text

    sections: list[RenderableType] = []
    for definition in definitions:
        table = plain_table("parameter", "default", "meaning")
        for parameter in definition.parameters:
            default = parameter_text(parameter.default)
            table.add_row(Text(parameter.name), Text(default), Text(parameter.meaning))
        sections += [
            Text(definition.name, style="bold"),
            Text(str(definition.reference)),
            Text(definition.summary),
            table,
            "",
        ]
    return Lines(*sections[:-1])


def parameter_text(value: Any) -> str:
    """A parameter in a narrow cell.

    Examples:
        >>> parameter_text(None), parameter_text(True), parameter_text("S6 on pairs")
        ('', 'yes', 'S6 on pairs')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
