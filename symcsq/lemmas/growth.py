"""How a family grows with n: sizes, norms, row sums and bounds as exact numbers, in one table.

The paper states rates such as "superpolynomial" and "exponential" with Ω(·). A growth table has,
for each n in the paper's regime, the exact numbers behind the rate: sizes by formula (M6), so that
no orbit and no member is listed. Logarithms are rounded and for the eye only; they say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log, log2
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from symcsq.errors import LemmaError
from symcsq.exact import Enclosure, read_tolerance
from symcsq.verifier.bounds import CorrelationSummary, QueryBound, query_bound
from symcsq.verifier.claims import exact_text

if TYPE_CHECKING:
    from symcsq.lemmas.growth_rules import Rule

__all__ = ["Growth", "GrowthRow", "GrowthTable", "check_growth", "growth", "growth_names"]

_LONGEST = 18  # digits of an integer in a text table
_DECIMALS = 8
_WIDTH = 92  # of the lines above a text table
DISPLAY_ONLY = "rounded, for display only"


@dataclass(frozen=True, slots=True)
class Growth:
    """The class of functions at one n, before any bound.

    Arguments:
        parameters: {name: value} in the order of display.
        size: the exact number of members, or a number that is certainly reached.
        norm: a squared norm; 0 when every member is the zero function.
        norm_of: "every member", "least", "at least" or "mean": what `norm` is.
        row_sum: R of the class scaled to unit norms (M10), or an upper bound.
        coherence: gamma_0 of the class scaled to unit norms, or an upper bound.
        at_least: a lower bound of the size that the paper uses, rounded down; None without one.
    """

    parameters: Mapping[str, int | str]
    size: int
    norm: Fraction | Enclosure
    norm_of: str = "every member"
    row_sum: Fraction = Fraction(1)
    coherence: Fraction = Fraction(0)
    at_least: int | None = None


@dataclass(frozen=True, slots=True)
class GrowthRow:
    """One row: a class and what it forces learners to ask.

    Examples:
        >>> row = growth("parity-networks", [16, 32])[0]
        >>> row.size, row.bound.value, row.queries, row.local_exponent
        (1820, Fraction(86, 5), 18, 1.0425)
    """

    n: int
    of: Growth
    bound: QueryBound | None

    @property
    def size(self) -> int:
        """The number of members."""
        return self.of.size

    @property
    def queries(self) -> int | None:
        """The least number of queries (M9); None when the members are zero."""
        return None if self.bound is None else self.bound.queries

    @property
    def log2_queries(self) -> float | None:
        """log2 of the number of queries, rounded: for display only."""
        return round(log2(self.queries), 4) if self.queries else None

    @property
    def local_exponent(self) -> float | None:
        """log(queries)/log(n), rounded: for display only. A polynomial bound keeps it bounded."""
        return round(log(self.queries) / log(self.n), 4) if self.queries and self.n > 1 else None

    def to_json(self) -> dict[str, Any]:
        """The row as JSON-ready values; every integer and rational is an exact string."""
        norm = self.of.norm
        exact = exact_text(norm) if isinstance(norm, Fraction) else [norm.lower, norm.upper]
        return {
            "n": self.n,
            "parameters": {name: str(value) for name, value in self.of.parameters.items()},
            "size": str(self.size),
            "size_at_least": None if self.of.at_least is None else str(self.of.at_least),
            "norm_squared": exact if isinstance(exact, str) else [exact_text(x) for x in exact],
            "norm_of": self.of.norm_of,
            "row_sum": exact_text(self.of.row_sum),
            "coherence": exact_text(self.of.coherence),
            "bound": None if self.bound is None else exact_text(self.bound.value),
            "form": None if self.bound is None else self.bound.form,
            "queries": None if self.queries is None else str(self.queries),
            "display_only": {
                "log2_queries": self.log2_queries,
                "local_exponent": self.local_exponent,
            },
        }

    def cells(self) -> tuple[str, ...]:
        """The row as short texts."""
        kind = "" if self.of.norm_of == "every member" else f"{self.of.norm_of} "
        return (
            str(self.n),
            ", ".join(f"{name} {value}" for name, value in self.of.parameters.items()),
            short_integer(self.size),
            "none" if self.queries is None else short_integer(self.queries),
            "" if self.log2_queries is None else f"{self.log2_queries:.1f}",
            "" if self.local_exponent is None else f"{self.local_exponent:.2f}",
            kind + short_number(self.of.norm),
            short_number(self.of.row_sum),
        )


HEADINGS = (
    "n",
    "parameters",
    "class size",
    "queries q",
    "log2(q)*",
    "log q/log n*",
    "squared norm",
    "R",
)


@dataclass(frozen=True, slots=True)
class GrowthTable(Sequence[GrowthRow]):
    """A family at several n.

    Examples:
        >>> table = growth("frame-averaged", [16, 64])
        >>> [row.size for row in table]
        [116, 1171552]
        >>> table.to_json()["rows"][1]["queries"]
        '11715'
    """

    name: str
    variant: str
    statement: str
    source: str
    tolerance: Fraction
    rows: tuple[GrowthRow, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __iter__(self) -> Iterator[GrowthRow]:
        return iter(self.rows)

    def to_json(self) -> dict[str, Any]:
        """The table as JSON-ready values."""
        return {
            "name": self.name,
            "variant": self.variant,
            "statement": self.statement,
            "source": self.source,
            "tolerance": exact_text(self.tolerance),
            "rows": [row.to_json() for row in self.rows],
        }

    @property
    def title(self) -> str:
        """The name with its variant and the tolerance."""
        return f"{self.name} ({self.variant}), tolerance {self.tolerance}"

    def __str__(self) -> str:
        table = [HEADINGS, *(row.cells() for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        heads = (self.title, self.statement, self.source)
        lines = [line for head in heads for line in wrap(head, _WIDTH, break_on_hyphens=False)]
        for row in table:
            cells = [
                cell.ljust(width) if HEADINGS[place] == "parameters" else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            lines.append("  ".join(cells).rstrip())
        lines.append(f"* {DISPLAY_ONLY}; --json has every digit of the others")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{escape(heading)}</th>" for heading in HEADINGS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row.cells()) + "</tr>"
            for row in self.rows
        )
        caption = f"{escape(self.title)}<br>{escape(self.statement)}<br>{escape(self.source)}"
        note = f"<p>* {DISPLAY_ONLY}</p>"
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{rows}</table>{note}"


def growth(
    name: str,
    ns: Sequence[int] | None = None,
    *,
    variant: str | None = None,
    tolerance: object = "1/10",
    progress: Callable[[str, int, int], None] | None = None,
) -> GrowthTable:
    """How a family of the paper grows with n, in the paper's regime, as exact numbers.

    Arguments:
        name: a family, see `growth_names`.
        ns: the sizes n, increasing or not; by default those of the documentation.
        variant: another group, frame or class of the same family, see `growth_names`.
        tolerance: tau of the bound (M9), an exact rational with 0 < tau < 1.
        progress: called with (the size at work, rows done, rows in all) before each row.

    Returns:
        A GrowthTable with one row for each n.

    Raises:
        LemmaError: an unknown name or variant, or an n outside the regime; before any work starts.
        ExactnessError: a tolerance outside (0, 1).

    Complexity: formulas only; see the function of each family in `symcsq.lemmas.growth_rules`.

    Source: MATH.md sections 3 and 4; rates with Ω(·) are the paper's (4.9).

    Examples:
        >>> print(growth("parity-networks", [16, 64]))  # doctest: +ELLIPSIS
        parity-networks (relu), tolerance 1/10
        ...
         n  parameters  class size  queries q  log2(q)*  log q/log n*  squared norm  R
        16  m 4               1820         18       4.2          1.04   0.30301654…  1
        64  m 6           74974368     749743      19.5          3.25   0.42923284…  1
        * rounded, for display only; --json has every digit of the others
    """
    rule, chosen, sizes, tau = check_growth(name, ns, variant=variant, tolerance=tolerance)
    rows = []
    for done, n in enumerate(sizes):
        if progress is not None:
            progress(f"n = {n}", done, len(sizes))
        of = rule.build(n)
        rows.append(GrowthRow(n, of, _bound(of, tau)))
    return GrowthTable(name, chosen, rule.statement, rule.source, tau, tuple(rows))


def check_growth(
    name: str,
    ns: Sequence[int] | None,
    *,
    variant: str | None,
    tolerance: object,
    size_name: str = "ns[{}]",
) -> tuple[Rule, str, list[int], Fraction]:
    """The rule, its variant, the sizes and tau behind the arguments of `growth`, all checked.

    `size_name` is what messages call the size at a place.
    """
    from symcsq.lemmas.growth_rules import RULES

    tau = read_tolerance(tolerance)
    if name not in RULES:
        raise LemmaError(
            f'name: must be one of {", ".join(RULES)}, got {name!r}; see "symcsq growth --help"'
        )
    variants = RULES[name]
    chosen = next(iter(variants)) if variant is None else variant
    if chosen not in variants:
        raise LemmaError(
            f"variant: must be one of {', '.join(variants)} for {name}, got {variant!r}; "
            "leave it out for the first"
        )
    rule = variants[chosen]
    given = enumerate(rule.ns if ns is None else ns)
    sizes = [rule.checked(n, size_name.format(place)) for place, n in given]
    if not sizes:
        raise LemmaError(f"ns: must hold at least one n, got none; write ns=[{rule.ns[0]}]")
    return rule, chosen, sizes, tau


def growth_names() -> dict[str, tuple[str, ...]]:
    """{family: its variants}, the first variant being the default.

    Examples:
        >>> growth_names()["frame-averaged"]
        ('cyclic', 'sorting')
    """
    from symcsq.lemmas.growth_rules import RULES

    return {name: tuple(variants) for name, variants in RULES.items()}


def _bound(of: Growth, tolerance: Fraction) -> QueryBound | None:
    """M9 for the class scaled to unit norms; None when its members are the zero function."""
    if of.norm == 0:
        return None
    one = Fraction(1)
    return query_bound(CorrelationSummary(of.size, of.row_sum, of.coherence, one, one), tolerance)


def short_integer(number: int) -> str:
    """An integer, or its first and last digits and how many there are.

    Examples:
        >>> short_integer(74974368), short_integer(10**40 + 7)
        ('74974368', '1000…007 (41 digits)')
    """
    text = str(number)
    return text if len(text) <= _LONGEST else f"{text[:4]}…{text[-3:]} ({len(text)} digits)"


def short_number(number: Fraction | Enclosure) -> str:
    """A rational or an enclosure in a narrow cell; an ellipsis after digits that are cut off.

    Examples:
        >>> short_number(Fraction(4, 3)), short_number(Fraction(10**30, 7))
        ('4/3', '1.42857142…e29')
        >>> short_number(Fraction(1, 3**60))
        '2.35898248…e-29'
    """
    if isinstance(number, Enclosure):
        return _cut(number.lower)
    text = short_integer(number.numerator) if number.denominator == 1 else str(number)
    return text if len(text) <= _LONGEST else _cut(number)


def _cut(number: Fraction) -> str:
    """The first decimals of a positive rational, never rounded."""
    exponent = 0
    if number >= 10**12 or number < Fraction(1, 100):
        # The largest power of ten at most the number, by its digits.
        exponent = len(str(ceil(number))) - 1 if number >= 1 else -len(str(ceil(1 / number)))
        while Fraction(10) ** (exponent + 1) <= number:
            exponent += 1
        while Fraction(10) ** exponent > number:
            exponent -= 1
    scaled = number / Fraction(10) ** exponent
    whole, rest = divmod(scaled.numerator * 10**_DECIMALS // scaled.denominator, 10**_DECIMALS)
    text = f"{whole}.{rest:0{_DECIMALS}}…"
    return f"{text}e{exponent}" if exponent else text
