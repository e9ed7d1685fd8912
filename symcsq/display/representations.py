"""Characters, Molien series and bases of invariants: as JSON fields and as lines for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from symcsq.display.tables import plain_grid, plain_table, unwrapped
from symcsq.errors import DistributionError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from groups.character_tables import CharacterTable
    from groups.invariants import InvariantPolynomial
    from groups.molien import MolienSeries
    from symcsq.distributions import Product

LONGEST_POLYNOMIAL = 60  # letters in a table
SHORT_VALUE = 5  # letters of a character value that is shown as it is


def character_fields(table: CharacterTable) -> dict[str, Any]:
    """A character table as JSON fields; values are exact strings in E(n) notation.

    Examples:
        >>> from groups import group
        >>> fields = character_fields(group("C3").character_table())
        >>> fields["order"], fields["characters"][1]["values"], fields["characters"][1]["field"]
        (3, ['1', 'E(3)', 'E(3)^2'], 'Q(sqrt(-3))')
    """
    return {
        "order": table.group.order,
        "classes": [
            {
                "representative": entry.representative,
                "size": entry.size,
                "element_order": entry.element_order,
                "cycle_type": entry.cycle_type,
            }
            for entry in table.classes
        ],
        "characters": [
            {
                "degree": character.degree,
                "values": [str(value) for value in character.values],
                "indicator": character.indicator,
                "field": character.field,
            }
            for character in table
        ],
    }


def character_lines(table: CharacterTable) -> Iterator[RenderableType]:
    """A character table for people: classes across, characters down, long values by letters."""
    rows = [[str(value) for value in character.values] for character in table]
    long_values = dict.fromkeys(value for row in rows for value in row if len(value) > SHORT_VALUE)
    letters = {value: letters_of(place) for place, value in enumerate(long_values)}
    columns = [
        ["", "size", *(f"X.{place}" for place in range(len(table)))],
        *(
            [
                name,
                str(entry.size),
                *(letters.get(row[entry.index], row[entry.index]) for row in rows),
            ]
            for name, entry in zip(table.class_names, table.classes, strict=True)
        ),
    ]
    widths = [max(map(len, column)) for column in columns]
    yield unwrapped(f"order {table.group.order}, {len(table)} classes and characters")
    yield unwrapped("")
    for line in zip(*columns, strict=True):
        first, *rest = line
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield unwrapped("  ".join(cells))
    if letters:
        yield unwrapped("")
    for value, letter in letters.items():
        yield unwrapped(f"{letter} = {value}")


def letters_of(place: int) -> str:
    """A, B, …, Z, AA, AB, … for 0, 1, …

    Examples:
        >>> letters_of(0), letters_of(25), letters_of(26)
        ('A', 'Z', 'AA')
    """
    text = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def molien_lines(series: MolienSeries, terms: int) -> Iterator[RenderableType]:
    """A Molien series as a rational function, and its first coefficients."""
    grid = plain_grid()
    grid.add_row("series", str(series))
    grid.add_row("coefficients", " ".join(map(str, series.coefficients(terms))))
    grid.add_row("", f"(degrees 0 to {terms - 1})" if terms else "(none)")
    yield grid


def orthogonal_elements(
    basis: Sequence[InvariantPolynomial], distribution: Product | None
) -> list[tuple[InvariantPolynomial, str | None]]:
    """Basis elements with their exact squared norms under a distribution (M1 to M3).

    Arguments:
        basis: elements, each a combination of products p_α over one orbit of exponent vectors.
        distribution: a product law that the group preserves; None for plain monomials.

    Returns:
        (element, its squared norm as text); an element whose p_α vanish under the law is left
        out. Without a distribution all elements, each with None.

    Raises:
        DistributionError: the law is no product, or the group does not preserve it.

    Examples:
        >>> from groups import group
        >>> from symcsq.distributions import Rademacher
        >>> basis = group("C3").invariant_basis(2)
        >>> [(f.representative, norm) for f, norm in orthogonal_elements(basis, Rademacher().on(3))]
        [((0, 1, 1), '3')]
    """
    if distribution is None:
        return [(element, None) for element in basis]
    if not distribution.is_product:
        raise DistributionError(
            f"distribution: must be a product, got {distribution}; write for example gaussian"
        )
    kept: list[tuple[InvariantPolynomial, str | None]] = []
    for element in basis:
        for generator in element.group.generators:
            if not distribution.preserves(generator):
                raise DistributionError(
                    f"distribution: must be preserved by the group, got {distribution}, which "
                    f"{generator} changes; give points of one orbit the same marginal"
                )
        # All monomials of one orbit have the same h_α.
        height = distribution.norm(element.representative)
        if height:
            squares = sum(c * _conjugate(c) for c in element.terms().values())
            kept.append((element, str(height * squares)))
    return kept


def _conjugate(number: Any) -> Any:
    return number.conjugate()


def element_fields(element: InvariantPolynomial, norm_squared: str | None) -> dict[str, Any]:
    """A basis element as JSON fields; coefficients are exact strings, points count from 0."""
    fields: dict[str, Any] = {
        "representative": element.representative,
        "orbit_size": element.orbit_size,
        "terms": [[alpha, str(coefficient)] for alpha, coefficient in element.terms().items()],
    }
    return fields if norm_squared is None else {**fields, "norm_squared": norm_squared}


def basis_lines(
    elements: Sequence[tuple[InvariantPolynomial, str | None]], limit: int
) -> Iterator[RenderableType]:
    """The first elements of a basis, and how many more there are."""
    with_norms = any(norm is not None for _, norm in elements)
    table = plain_table(
        *("element", "least exponents", "terms"),
        "squared norm" if with_norms else "polynomial",
        numbers=("element", "terms", "squared norm"),
    )
    for place, (element, norm) in enumerate(elements[:limit]):
        table.add_row(
            str(place),
            " ".join(map(str, element.representative)),
            str(len(element.terms())),
            norm if norm is not None else short_polynomial(element),
        )
    if elements[:limit]:
        yield table
        yield ""
    if with_norms:
        yield "A term with exponents e is the product of the orthogonal polynomials p_e_i(x_i)."
    more = len(elements) - limit
    tail = f"; {more} more are not shown (--limit {len(elements)} shows all)" if more > 0 else ""
    yield f"dimension {len(elements)}{tail}"


def short_polynomial(element: InvariantPolynomial) -> str:
    """The polynomial in x0, x1, … when it is short, else an ellipsis."""
    text = str(element) if element.orbit_size <= LONGEST_POLYNOMIAL else ""
    # Written with x1, x2, … there; points count from 0 everywhere in the command line.
    text = re.sub(r"\bx(\d+)", lambda found: f"x{int(found[1]) - 1}", text)
    return text if 0 < len(text) <= LONGEST_POLYNOMIAL else "…"
