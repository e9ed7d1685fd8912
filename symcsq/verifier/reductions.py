"""What a large Gram matrix says, without ever holding it: reductions over tiles, exact throughout.

Tiles come from sparse rows over an orthogonal basis (`CoefficientRows`) or from any closed formula
that gives integers, all over one scale (`ExactBlocks`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from symcsq.errors import VerificationError
from symcsq.exact import Enclosure
from symcsq.functions.gram import Gram
from symcsq.verifier.bounds import CorrelationSummary
from symcsq.verifier.coefficient_rows import Tile
from symcsq.verifier.tile_summaries import BINS, Norms, TileSummary, root_above, summarize

_ENCLOSED = (
    "gram: reductions are of exact correlations, got enclosures; "
    'see the claim "near-orthogonality" for what they bound'
)
_LARGEST_ELIMINATED = 2_500  # members whose whole matrix is held to find its rank


class GramTiles(Protocol):
    """A Gram matrix as tiles: ``<f_i, f_j> = scale * n_ij / (d_i d_j)``, one scale > 0."""

    denominators: list[int]

    @property
    def diagonal(self) -> Sequence[int | Fraction]:
        """The numerators ``n_ii``."""

    def __len__(self) -> int: ...

    def tile(self, start: int, left: int, size: int) -> Tile:
        """The numerators of `size` rows from `start` and `size` columns from `left`."""

    def rank(self) -> int | None:
        """The rank of the Gram matrix; None when it is out of reach."""


class ExactBlocks:
    """The tiles of a Gram matrix that a closed formula gives over one scale.

    Arguments:
        source: has `size` and `block(rows, columns)`, for two ranges an integer array (int64, or
            Python integers in an object array), or rows of Fractions and integers.

    Raises:
        VerificationError: from `tile`, `diagonal` and `rank`, where an entry is an enclosure.

    Examples:
        >>> class Overlaps:
        ...     size = 3
        ...
        ...     def block(self, rows: range, columns: range) -> object:
        ...         return np.array([[4 if i == j else 1 for j in columns] for i in rows])
        >>> found = reduce_gram(ExactBlocks(Overlaps()), tile=2)
        >>> found.largest_correlation, found.row_sum, found.rank
        (Fraction(1, 16), Fraction(3, 2), 3)
    """

    _DIAGONAL = 64  # members a block from which only the diagonal is read

    def __init__(self, source: Any) -> None:
        self._source = source
        self.denominators = [1] * source.size

    def __len__(self) -> int:
        return len(self.denominators)

    @cached_property
    def diagonal(self) -> Sequence[int | Fraction]:
        """The numerators ``n_ii``."""
        found: list[int | Fraction] = []
        for start in range(0, len(self), self._DIAGONAL):
            part = range(start, min(start + self._DIAGONAL, len(self)))
            found += np.diagonal(np.asarray(self._block(part, part))).tolist()
        return found

    def _block(self, rows: range, columns: range) -> Any:
        block = self._source.block(rows, columns)
        if not isinstance(block, np.ndarray):
            for row in block:
                if any(isinstance(value, Enclosure) for value in row):
                    raise VerificationError(_ENCLOSED)
        return block

    def tile(self, start: int, left: int, size: int) -> Tile:
        """The numerators of `size` rows from `start` and `size` columns from `left`."""
        rows, columns = (range(k, min(k + size, len(self))) for k in (start, left))
        return Tile(start, left, self._block(rows, columns))

    def rank(self) -> int | None:
        """The rank of the Gram matrix; None when it is out of reach."""
        from symcsq.verifier.ranks import rank_of_rows

        if len(self) > _LARGEST_ELIMINATED:
            return None
        every = range(len(self))
        whole = self._block(every, every)
        matrix = whole.tolist() if isinstance(whole, np.ndarray) else whole
        common = [lcm(*(value.denominator for value in row)) for row in matrix]
        return rank_of_rows(
            [
                {j: int(value * scale) for j, value in enumerate(row)}
                for row, scale in zip(matrix, common, strict=True)
            ]
        )


@dataclass(frozen=True)
class GramReductions:
    """The exact reductions of a Gram matrix.

    Arguments:
        size: number of members.
        largest_correlation: the largest ``<f,g>**2/(|f|**2 |g|**2)`` over pairs; 0 if all are
            orthogonal.
        pair: the least pair that attains it, or None.
        histogram: {b: number of pairs whose squared correlation lies in (2**-(b+1), 2**-b]}.
        orthogonal_pairs: number of pairs with correlation 0.
        row_sum: an upper bound of ``max_f sum_g |<f,g>|/(|f||g|)``, exact when all norms are equal.
        row_sum_is_exact: whether it is.
        rank: the rank of the Gram matrix, that is the dimension of the members' span; None when it
            was not asked for, or could not be decided within the limits.
    """

    size: int
    largest_correlation: Fraction
    pair: tuple[int, int] | None
    histogram: dict[int, int]
    orthogonal_pairs: int
    row_sum: Fraction
    row_sum_is_exact: bool
    rank: int | None = None

    def summary(self) -> CorrelationSummary:
        """The numbers on which M7 to M9 depend, for the class scaled to unit norms (M10)."""
        one = Fraction(1)
        return CorrelationSummary(self.size, self.row_sum, self.coherence, one, one)

    def __str__(self) -> str:
        """In words, one line each.

        Examples:
            >>> from symcsq.verifier.coefficient_rows import CoefficientRows
            >>> rows = CoefficientRows([{0: 1, 1: 1}, {1: 1, 2: 1}, {3: 1}], [1, 1, 1, 2])
            >>> print(reduce_gram(rows))
            3 members, rank 3
            largest squared correlation 1/4, of members 0 and 1
            row sum 3/2
            squared correlations: 1 in (2^-3, 2^-2], 2 are 0
        """
        rank = "not determined" if self.rank is None else self.rank
        largest = f"largest squared correlation {self.largest_correlation}"
        if self.pair is not None:
            largest += f", of members {self.pair[0]} and {self.pair[1]}"
        counts = [
            f"{count} in ({'0' if b == BINS - 1 else f'2^-{b + 1}'}, 2^-{b}]"
            for b, count in self.histogram.items()
        ]
        counts.append(f"{self.orthogonal_pairs} are 0")
        # Long rationals are rounded for the eye, and said to be.
        exact = str(self.row_sum)
        shown = exact if len(exact) <= 40 else f"about {float(self.row_sum):.6g}"
        row_sum = f"row sum {'' if self.row_sum_is_exact else 'at most '}{shown}"
        correlations = f"squared correlations: {', '.join(counts)}"
        return "\n".join([f"{self.size} members, rank {rank}", largest, row_sum, correlations])

    @property
    def coherence(self) -> Fraction:
        """gamma_0 of the class scaled to unit norms: the root of the largest squared correlation,
        or an upper bound of it.
        """
        return root_above(self.largest_correlation)


def reduce_gram(
    rows: GramTiles,
    *,
    tile: int = 1024,
    progress: Callable[[str, int, int], None] | None = None,
) -> GramReductions:
    """All reductions of the Gram matrix of some functions, tile by tile.

    Arguments:
        rows: the functions: `CoefficientRows`, or `ExactBlocks` of a closed formula.
        tile: rows and columns of a tile; changes memory and speed, no result.
        progress: called with ("gram", tiles done, tiles in all).

    Raises:
        VerificationError: a member has norm 0 (its correlations are not defined), or there is none.

    Complexity: that of the tiles; memory for two tiles and one sum for each row.

    Source: MATH.md section 3.

    Examples:
        >>> from symcsq.verifier.coefficient_rows import CoefficientRows
        >>> rows = CoefficientRows([{0: 1, 1: 1}, {1: 1, 2: 1}, {3: 1}], [1, 1, 1, 2])
        >>> found = reduce_gram(rows)
        >>> found.largest_correlation, found.pair, found.histogram, found.orthogonal_pairs
        (Fraction(1, 4), (0, 1), {2: 1}, 2)
        >>> found.row_sum, found.rank
        (Fraction(3, 2), 3)
    """
    if not len(rows):
        raise VerificationError("rows: must hold at least one function, got none; add a member")
    for i, norm in enumerate(rows.diagonal):
        if norm <= 0:
            raise VerificationError(
                f"rows[{i}]: must have a norm above 0, got {norm}; remove members that vanish"
            )
    norms = Norms.of(rows.diagonal, rows.denominators)
    spans = [range(k, min(k + tile, len(rows))) for k in range(0, len(rows), tile)]
    places = [(down, across) for k, down in enumerate(spans) for across in spans[k:]]
    total = TileSummary()
    for done, (down, across) in enumerate(places):
        if progress is not None:
            progress("gram", done, len(places))
        numerators = rows.tile(down.start, across.start, tile).numerators
        total.merge(summarize(numerators, down, across, norms, histogram=True))
    row_sum = total.row_sum(norms)
    # Scaled to unit norms, a row sum below 2 leaves less than 1 off the diagonal: by Gershgorin the
    # matrix is positive definite.
    rank = len(rows) if row_sum < 2 else rows.rank()
    largest, pair = total.best or (Fraction(0), None)
    bins = {b: total.bins[b] for b in sorted(total.bins)}
    return GramReductions(len(rows), largest, pair, bins, total.zeros, row_sum, norms.exact, rank)


def reductions_of(
    gram: Gram, progress: Callable[[str, int, int], None] | None = None
) -> GramReductions:
    """The reductions of a Gram matrix that a family or a verification holds.

    Arguments:
        gram: its entries off the diagonal must be rational.
        progress: as for `reduce_gram`.

    Raises:
        VerificationError: there is no member, a member has norm 0, or entries are enclosures.

    Examples:
        >>> entries = {(0, 0): Fraction(1, 2), (0, 1): Fraction(1, 3), (1, 1): Fraction(1, 2)}
        >>> reductions_of(Gram(2, entries)).largest_correlation
        Fraction(4, 9)
    """
    source = getattr(gram.entries, "source", None)
    if source is not None:
        return reduce_gram(ExactBlocks(source), progress=progress)
    if not gram.size:
        raise VerificationError("gram: must hold at least one member, got none; list some members")
    if gram.is_diagonal:
        zero = next((i for i, entry in enumerate(gram.diagonal()) if entry == 0), None)
        if zero is None:
            pairs, one = gram.size * (gram.size - 1) // 2, Fraction(1)
            return GramReductions(gram.size, Fraction(0), None, {}, pairs, one, True, gram.size)
        raise VerificationError(
            f"rows[{zero}]: must have a norm above 0, got 0; remove members that vanish"
        )
    if gram.is_exact:
        return reduce_gram(ExactBlocks(_ScaledEntries(gram)), progress=progress)
    raise VerificationError(_ENCLOSED)


class _ScaledEntries:
    """The entries of a small exact Gram matrix, times their common denominator."""

    def __init__(self, gram: Gram) -> None:
        exact = {pair: Fraction(entry) for pair, entry in gram.entries.items()}  # type: ignore[arg-type]
        common = lcm(*(entry.denominator for entry in exact.values()))
        self.size = gram.size
        self._entries = {pair: int(entry * common) for pair, entry in exact.items()}

    def block(self, rows: range, columns: range) -> NDArray[np.object_]:
        """The integers of some rows and columns."""
        block = np.zeros((len(rows), len(columns)), dtype=object)
        for a, i in enumerate(rows):
            for b, j in enumerate(columns):
                block[a, b] = self._entries.get((min(i, j), max(i, j)), 0)
        return block
