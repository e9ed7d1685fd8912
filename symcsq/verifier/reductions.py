"""What a large Gram matrix says, without ever holding it: reductions over tiles, exact throughout.

Each tile is summarised on its own and summaries are merged in the order of the tiles, so neither
the number of workers nor the machine shows in the result. Floating-point numbers only choose which
exact comparisons are made: every maximum and every bin is decided by integers.

Tiles come from sparse rows over an orthogonal basis (`CoefficientRows`) or from any closed formula
that gives integers, all over one scale (`IntegerBlocks`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import isqrt, lcm
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from symcsq.errors import VerificationError
from symcsq.functions.gram import Gram
from symcsq.verifier.bounds import CorrelationSummary
from symcsq.verifier.coefficient_rows import Tile
from symcsq.verifier.integer_products import LIMB, IntegerMatrix

#: Squared correlations are counted by powers of two: bin b holds those in (2**-(b+1), 2**-b].
BINS = 64

_MARGIN = 1e-9  # float64 quotients here are exact to 1e-13; anything closer is compared exactly
_MOST_BITS = 900  # of a squared norm: float64 must be able to hold it roughly
_LARGEST_ELIMINATED = 2_500  # members whose whole matrix is held to find its rank
_ROOT_BITS = 64  # of upper bounds of square roots: fixed by the certificates' format


class GramTiles(Protocol):
    """A Gram matrix as integer tiles: ``<f_i, f_j> = scale * n_ij / (d_i d_j)``, one scale > 0."""

    denominators: list[int]

    @property
    def diagonal(self) -> list[int]:
        """The numerators ``n_ii``."""

    def __len__(self) -> int: ...

    def tile(self, start: int, left: int, size: int) -> Tile:
        """The numerators of `size` rows from `start` and `size` columns from `left`."""

    def rank(self) -> int | None:
        """The rank of the Gram matrix; None when it is out of reach."""


class IntegerBlocks:
    """The tiles of a Gram matrix that a closed formula gives as plain integers over one scale.

    Arguments:
        source: has `size` and `block(rows, columns)`, for two ranges an integer array (int64, or
            Python integers in an object array).

    Examples:
        >>> class Overlaps:
        ...     size = 3
        ...
        ...     def block(self, rows: range, columns: range) -> object:
        ...         return np.array([[4 if i == j else 1 for j in columns] for i in rows])
        >>> found = reduce_gram(IntegerBlocks(Overlaps()), tile=2)
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
    def diagonal(self) -> list[int]:
        """The numerators ``n_ii``."""
        found: list[int] = []
        for start in range(0, len(self), self._DIAGONAL):
            part = range(start, min(start + self._DIAGONAL, len(self)))
            found += np.diagonal(np.asarray(self._source.block(part, part))).tolist()
        return found

    def tile(self, start: int, left: int, size: int) -> Tile:
        """The numerators of `size` rows from `start` and `size` columns from `left`."""
        rows, columns = (range(k, min(k + size, len(self))) for k in (start, left))
        return Tile(start, left, IntegerMatrix.of(self._source.block(rows, columns)))

    def rank(self) -> int | None:
        """The rank of the Gram matrix; None when it is out of reach."""
        from symcsq.verifier.ranks import rank_of_rows

        if len(self) > _LARGEST_ELIMINATED:
            return None
        every = range(len(self))
        matrix = np.asarray(self._source.block(every, every)).tolist()
        return rank_of_rows([dict(enumerate(row)) for row in matrix])


@dataclass
class TileSummary:
    """What is kept of one tile.

    `best` is (numerator squared, product of the two diagonal numerators, i, j) of the largest
    squared correlation between different members, `row_sums[i]` the sum over j of ``|n_ij| c_j``
    with the multipliers of the NormScale, `bins` the histogram, `zeros` the number of pairs with
    correlation 0.
    """

    best: tuple[int, int, int, int] | None = None
    row_sums: dict[int, int] = field(default_factory=dict)
    bins: dict[int, int] = field(default_factory=dict)
    zeros: int = 0

    def merge(self, other: TileSummary) -> None:
        """Take in the summary of another tile."""
        self.best = _better(self.best, other.best)
        for i, total in other.row_sums.items():
            self.row_sums[i] = self.row_sums.get(i, 0) + total
        for b, count in other.bins.items():
            self.bins[b] = self.bins.get(b, 0) + count
        self.zeros += other.zeros

    def to_json(self) -> dict[str, Any]:
        """As JSON-ready values, for workers and stores; `from_json` reads it."""
        return {
            "best": None if self.best is None else [str(number) for number in self.best],
            "row_sums": [[i, str(total)] for i, total in self.row_sums.items()],
            "bins": [[b, count] for b, count in self.bins.items()],
            "zeros": self.zeros,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> TileSummary:
        """The summary that `to_json` wrote."""
        best = None
        if stored["best"] is not None:
            square, product, i, j = map(int, stored["best"])
            best = square, product, i, j
        row_sums = {int(i): int(total) for i, total in stored["row_sums"]}
        return cls(best, row_sums, {int(b): int(c) for b, c in stored["bins"]}, stored["zeros"])


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
        """gamma_0 of the class scaled to unit norms, see `coherence_above`."""
        return coherence_above(self.largest_correlation)


def reduce_gram(
    rows: GramTiles,
    *,
    tile: int = 1024,
    progress: Callable[[str, int, int], None] | None = None,
) -> GramReductions:
    """All reductions of the Gram matrix of some functions, tile by tile.

    Arguments:
        rows: the functions: `CoefficientRows`, or `IntegerBlocks` of a closed formula.
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
    scale = NormScale.of(rows.diagonal, rows.denominators)
    starts = range(0, len(rows), tile)
    places = [(start, left) for start in starts for left in starts if left >= start]
    total = TileSummary()
    for done, (start, left) in enumerate(places):
        if progress is not None:
            progress("gram", done, len(places))
        total.merge(summarize(rows.tile(start, left, tile), scale))
    found = finish(total, scale)
    return found if found.rank is not None else replace(found, rank=rows.rank())


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
        part = range(min(2, gram.size))
        if isinstance(source.block(part, part), np.ndarray):
            return reduce_gram(IntegerBlocks(source), progress=progress)
    elif not gram.size:
        raise VerificationError("gram: must hold at least one member, got none; list some members")
    elif gram.is_diagonal:
        zero = next((i for i, entry in enumerate(gram.diagonal()) if entry == 0), None)
        if zero is None:
            pairs, one = gram.size * (gram.size - 1) // 2, Fraction(1)
            return GramReductions(gram.size, Fraction(0), None, {}, pairs, one, True, gram.size)
        raise VerificationError(
            f"rows[{zero}]: must have a norm above 0, got 0; remove members that vanish"
        )
    elif gram.is_exact:
        return reduce_gram(IntegerBlocks(_ScaledEntries(gram)), progress=progress)
    raise VerificationError(
        "gram: reductions are of exact correlations, got enclosures; "
        'see the claim "near-orthogonality" for what they bound'
    )


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


@dataclass(frozen=True, slots=True)
class NormScale:
    """The diagonal numerators, and what row sums need: ``c_j``, `divisor` for the unit-norm class.

    With all numerators brought over one scale, M the largest squared norm and n_j that of member j,
    ``c_j`` is ``isqrt(floor(M/n_j * 4**64)) + 1``, at least ``2**64 sqrt(M/n_j)``. When all norms
    are equal every c_j is 1, and row sums are exact.
    """

    diagonal: list[int]
    multipliers: list[int]
    divisor: int
    uniform: bool

    @classmethod
    def of(cls, diagonal: Sequence[int], denominators: Sequence[int] | None = None) -> NormScale:
        """For diagonal numerators > 0 over the rows' denominators (1 by default).

        Raises:
            VerificationError: a norm of 0, or norms beyond the range in which float64 can
                preselect.

        Examples:
            >>> NormScale.of([4, 4]).row_sum(0, 6)
            Fraction(3, 2)
        """
        diagonal = [int(n) for n in diagonal]
        if min(diagonal) <= 0:
            raise VerificationError(
                f"rows[{diagonal.index(min(diagonal))}]: must have a norm above 0, got 0; "
                "remove members that vanish"
            )
        if max(diagonal).bit_length() > _MOST_BITS:
            raise VerificationError(
                f"rows: norms of more than {_MOST_BITS} bits are not supported, got "
                f"{max(diagonal).bit_length()}; divide the rows by a common factor"
            )
        below = [1] * len(diagonal) if denominators is None else list(denominators)
        common = lcm(*below)
        factors = [common // d for d in below]
        norms = [n * f * f for n, f in zip(diagonal, factors, strict=True)]
        largest = max(norms)
        if min(norms) == largest:
            return cls(diagonal, factors, largest, True)
        scaled = largest << 2 * _ROOT_BITS
        roots = {n: isqrt(scaled // n) + 1 for n in set(norms)}
        multipliers = [f * roots[n] for f, n in zip(factors, norms, strict=True)]
        return cls(diagonal, multipliers, scaled, False)

    def row_sum(self, i: int, total: int) -> Fraction:
        """``sum_j |<f_i,f_j>|/(|f_i||f_j|)``, or its bound, from ``sum_j |n_ij| c_j``."""
        return Fraction(self.multipliers[i] * total, self.divisor)


def finish(total: TileSummary, scale: NormScale) -> GramReductions:
    """The reductions from the merged summary of all tiles."""
    row_sum = max(scale.row_sum(i, amount) for i, amount in total.row_sums.items())
    largest, pair = Fraction(0), None
    if total.best is not None:
        square, product, i, j = total.best
        largest, pair = Fraction(square, product), (i, j)
    bins = {b: total.bins[b] for b in sorted(total.bins)}
    size = len(scale.diagonal)
    # Scaled to unit norms, a row sum below 2 leaves less than 1 off the diagonal: by Gershgorin the
    # matrix is positive definite.
    rank = size if row_sum < 2 else None
    return GramReductions(size, largest, pair, bins, total.zeros, row_sum, scale.uniform, rank)


def summarize(tile: Tile, scale: NormScale) -> TileSummary:
    """The summary of one tile on or above the diagonal."""
    height, width = tile.numerators.shape
    rows = scale.diagonal[tile.start : tile.start + height]
    columns = scale.diagonal[tile.left : tile.left + width]
    numerators = tile.numerators.approximate()
    # Pairs i < j only; on a diagonal tile that is what lies right of the diagonal.
    pairs = np.ones((height, width), dtype=bool)
    if tile.start == tile.left:
        pairs = ~np.tri(height, width, dtype=bool)
    nonzero = (numerators != 0) & pairs
    summary = TileSummary(zeros=int(pairs.sum()) - int(nonzero.sum()))
    if nonzero.any():
        inverses = [1 / np.sqrt(np.array([float(n) for n in norms])) for norms in (rows, columns)]
        squares = (numerators * inverses[0][:, None] * inverses[1]) ** 2
        groups = _Groups(tile, rows, columns)
        top = float(squares[nonzero].max())
        for candidate, _ in groups.of(nonzero & (squares >= top * (1 - _MARGIN))):
            summary.best = _better(summary.best, candidate)
        summary.bins = _histogram(squares, nonzero, groups)
    _add_row_sums(summary, tile, np.sign(numerators), scale)
    return summary


Candidate = tuple[int, int, int, int]


class _Groups:
    """Entries of a tile with equal numerator and equal norms, taken together."""

    def __init__(self, tile: Tile, rows: list[int], columns: list[int]) -> None:
        self._tile, self._rows, self._columns = tile, rows, columns
        numbers = {norm: k for k, norm in enumerate(sorted({*rows, *columns}))}
        self._row_kinds = np.array([numbers[n] for n in rows])
        self._column_kinds = np.array([numbers[n] for n in columns])

    def of(self, chosen: NDArray[np.bool_]) -> Iterator[tuple[Candidate, int]]:
        """For each group among the chosen entries its first one, exactly, and its size."""
        i, j = np.nonzero(chosen)  # in row order
        if not len(i):
            return
        limbs = self._tile.numerators.limbs[:, i, j]
        key = np.concatenate([limbs, [self._row_kinds[i]], [self._column_kinds[j]]])
        _, first, counts = np.unique(key, axis=1, return_index=True, return_counts=True)
        for place, count in zip(first.tolist(), counts.tolist(), strict=True):
            a, b = int(i[place]), int(j[place])
            square = self._tile.numerators.entry(a, b) ** 2
            product = self._rows[a] * self._columns[b]
            yield (square, product, self._tile.start + a, self._tile.left + b), count


def _better(first: Candidate | None, second: Candidate | None) -> Candidate | None:
    """The larger squared correlation; of equal ones the lesser pair."""
    if first is None or second is None:
        return first or second
    left, right = first[0] * second[1], second[0] * first[1]
    if left != right:
        return first if left > right else second
    return first if first[2:] <= second[2:] else second


def _histogram(
    squares: NDArray[np.float64], nonzero: NDArray[np.bool_], groups: _Groups
) -> dict[int, int]:
    mantissa, exponent = np.frexp(squares)  # square = mantissa * 2**exponent, 1/2 <= mantissa < 1
    bins = np.clip(-exponent, 0, BINS - 1)
    # Close to a power of two the float cannot say on which side the exact number lies.
    doubtful = nonzero & ((mantissa < 0.5 * (1 + _MARGIN)) | (mantissa > 1 - _MARGIN))
    counts = np.bincount(bins[nonzero & ~doubtful], minlength=BINS)
    result = {b: int(count) for b, count in enumerate(counts.tolist()) if count}
    for (square, product, _, _), count in groups.of(doubtful):
        b = _bin(Fraction(square, product))
        result[b] = result.get(b, 0) + count
    return result


def _bin(square: Fraction) -> int:
    """The b with ``2**-(b+1) < square <= 2**-b``, at most BINS - 1."""
    b = 0
    while b < BINS - 1 and square * 2 ** (b + 1) <= 1:
        b += 1
    return b


def _add_row_sums(
    summary: TileSummary, tile: Tile, signs: NDArray[np.float64], scale: NormScale
) -> None:
    """Add ``sum_j |n_ij| c_j`` over the tile: for its rows and, off the diagonal, its columns."""
    height, width = tile.numerators.shape
    pieces = list(_pieces(tile.numerators.limbs * signs))
    down = scale.multipliers[tile.start : tile.start + height]
    across = scale.multipliers[tile.left : tile.left + width]
    sides = [(tile.start, across, False)]
    if tile.start != tile.left:
        sides.append((tile.left, down, True))
    for offset, multipliers, transposed in sides:
        table, bits = _table(multipliers)
        totals = [0] * (width if transposed else height)
        for piece, shift in pieces:
            sums = (piece.T if transposed else piece) @ table
            for place, row in enumerate(sums.tolist()):
                totals[place] += sum(int(v) << (shift + bits * k) for k, v in enumerate(row))
        for place, total in enumerate(totals):
            summary.row_sums[offset + place] = summary.row_sums.get(offset + place, 0) + total


def _pieces(limbs: NDArray[np.float64]) -> Iterator[tuple[NDArray[np.float64], int]]:
    """The limbs split into integer matrices up to 2**23 in absolute value, with their shifts."""
    for k, limb in enumerate(limbs):
        rest, shift = limb, LIMB * k
        while rest.any():
            carry = np.rint(rest * 2.0**-LIMB)
            yield rest - carry * 2.0**LIMB, shift
            rest, shift = carry, shift + LIMB


def _table(multipliers: list[int]) -> tuple[NDArray[np.float64], int]:
    """The multipliers in columns of so few bits that a product with pieces is exact in float64.

    A sum has one term per multiplier, each below ``2**23 * 2**bits``.
    """
    bits = 53 - (LIMB - 1) - max(1, len(multipliers) - 1).bit_length() - 1
    if bits < 1:
        raise VerificationError("tile: too wide for exact sums; use tiles of at most 2**20 rows")
    columns = max(1, -(-max(multipliers).bit_length() // bits))
    mask = (1 << bits) - 1
    table = [[float(c >> (bits * k) & mask) for k in range(columns)] for c in multipliers]
    return np.array(table), bits


def coherence_above(largest: Fraction) -> Fraction:
    """gamma_0 from the largest squared correlation: its root if rational, else just above, in 64
    bits; at most 1.

    Examples:
        >>> coherence_above(Fraction(4, 9))
        Fraction(2, 3)
        >>> 0 < coherence_above(Fraction(1, 2)) ** 2 - Fraction(1, 2) < Fraction(1, 2**62)
        True
    """
    p, q = isqrt(largest.numerator), isqrt(largest.denominator)
    if p * p == largest.numerator and q * q == largest.denominator:
        return min(Fraction(1), Fraction(p, q))
    root = isqrt((largest.numerator << 2 * _ROOT_BITS) // largest.denominator) + 1
    return min(Fraction(1), Fraction(root, 1 << _ROOT_BITS))
