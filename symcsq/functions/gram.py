"""The Gram matrix of a family as a value: exact or enclosed, sparse, shown as the reader wants it.

It is filled by families from their closed formulas and by the verifier from coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symcsq.errors import ExactnessError
from symcsq.exact import Enclosure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Entry = Fraction | Enclosure

_SHOWN = 12  # rows and columns of the notebook table


@dataclass(frozen=True)
class Gram:
    """The Gram matrix of a family: symmetric, exact or enclosed, zero where no entry is stored.

    Arguments:
        size: number of rows.
        entries: the non-zero entries (i, j) with i <= j.

    Raises:
        ExactnessError: an index outside the upper triangle.

    Examples:
        >>> gram = Gram(3, {(0, 0): Fraction(2), (0, 2): Fraction(-1, 2), (2, 2): Fraction(1)})
        >>> gram[2, 0], gram[1, 1], gram.is_diagonal
        (Fraction(-1, 2), Fraction(0, 1), False)
    """

    size: int
    entries: Mapping[tuple[int, int], Entry] = field(repr=False)

    def __post_init__(self) -> None:
        for i, j in self.entries:
            if not 0 <= i <= j < self.size:
                raise ExactnessError(
                    f"entries: keys must satisfy 0 <= i <= j < {self.size}, got ({i}, {j}); "
                    "give each symmetric pair once"
                )

    @property
    def shape(self) -> tuple[int, int]:
        """(size, size), as for a NumPy array."""
        return self.size, self.size

    def __getitem__(self, index: tuple[int, int]) -> Entry:
        i, j = index
        if not (0 <= i < self.size and 0 <= j < self.size):
            raise ExactnessError(
                f"index: rows and columns run from 0 to {self.size - 1}, got ({i}, {j}); "
                "choose a listed member"
            )
        return self.entries.get((min(i, j), max(i, j)), Fraction(0))

    @property
    def is_exact(self) -> bool:
        """Whether every entry is a rational."""
        return all(isinstance(entry, Fraction) for entry in self.entries.values())

    @property
    def is_diagonal(self) -> bool:
        """Whether no two different members correlate."""
        return all(i == j for i, j in self.entries)

    def diagonal(self) -> tuple[Entry, ...]:
        """The squared norms of the members, in order."""
        return tuple(self[i, i] for i in range(self.size))

    def largest_correlation(self) -> tuple[Fraction, tuple[int, int] | None]:
        """The largest ``<f,g>**2 / (|f|**2 |g|**2)`` over pairs, with the least such pair.

        Returns:
            (0, None) when the matrix is diagonal.

        Raises:
            ExactnessError: the matrix holds enclosures off its diagonal, or a member with norm
                0.

        Examples:
            >>> Gram(
            ...     2, {(0, 0): Fraction(2), (0, 1): Fraction(1), (1, 1): Fraction(1)}
            ... ).largest_correlation()
            (Fraction(1, 2), (0, 1))
        """
        best: tuple[Fraction, tuple[int, int] | None] = (Fraction(0), None)
        for (i, j), entry in sorted(self.entries.items(), key=lambda item: item[0]):
            if i == j:
                continue
            first, second = self[i, i], self[j, j]
            if (
                isinstance(entry, Enclosure)
                or isinstance(first, Enclosure)
                or isinstance(second, Enclosure)
                or not first * second
            ):
                raise ExactnessError(
                    f"gram: correlations need exact entries and non-zero norms, got "
                    f"{entry}, {first}, {second} for the pair ({i}, {j}); remove zero members first"
                )
            ratio = entry * entry / (first * second)
            if ratio > best[0]:
                best = ratio, (i, j)
        return best

    def to_fractions(self) -> list[list[Fraction]]:
        """The full matrix as nested lists of Fractions.

        Raises:
            ExactnessError: an entry is only known as an enclosure.
        """
        if not self.is_exact:
            raise ExactnessError(
                "gram: some entries are enclosures of irrational numbers; "
                "use to_numpy(), which keeps them as Enclosure objects"
            )
        rows = [[Fraction(0)] * self.size for _ in range(self.size)]
        for (i, j), entry in self.entries.items():
            assert isinstance(entry, Fraction)
            rows[i][j] = rows[j][i] = entry
        return rows

    def to_numpy(self) -> NDArray[Any]:
        """The full matrix as an object array of Fractions and Enclosures."""
        import numpy

        matrix: NDArray[np.object_] = numpy.full(self.shape, Fraction(0), dtype=object)
        for (i, j), entry in self.entries.items():
            matrix[i, j] = matrix[j, i] = entry
        return matrix

    def to_sympy(self) -> Any:
        """The full matrix as an immutable sympy matrix of rationals."""
        from sympy import ImmutableDenseMatrix, Rational

        rows = self.to_fractions()
        return ImmutableDenseMatrix(
            self.size,
            self.size,
            [Rational(x.numerator, x.denominator) for row in rows for x in row],
        )

    def _repr_html_(self) -> str:
        shown = min(self.size, _SHOWN)
        cells = []
        for i in range(shown):
            row = "".join(
                f"<td style='text-align:right'>{_cell(self[i, j])}</td>" for j in range(shown)
            )
            cells.append(f"<tr><th>{i}</th>{row}{'<td>…</td>' if shown < self.size else ''}</tr>")
        head = "".join(f"<th>{j}</th>" for j in range(shown))
        note = f"<caption>Gram matrix, {self.size} × {self.size}</caption>"
        return f"<table>{note}<tr><th></th>{head}</tr>{''.join(cells)}</table>"


def _cell(entry: Entry) -> str:
    if isinstance(entry, Fraction):
        return str(entry)
    return f"{float((entry.lower + entry.upper) / 2):.6g}…"
