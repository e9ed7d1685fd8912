"""What is kept of one tile of a Gram matrix: the largest correlation, row sums, a histogram.

Tiles are summarised on their own and summaries are merged, so neither the order of the tiles nor
the number of workers shows in the result. Floating-point numbers only choose which exact
comparisons are made: every maximum and every bin is decided by integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import isqrt, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symcsq.errors import VerificationError
from symcsq.exact import Enclosure
from symcsq.verifier.claims import exact_text
from symcsq.verifier.integer_products import LIMB, IntegerMatrix

#: Squared correlations are counted by powers of two: bin b holds those in (2**-(b+1), 2**-b].
BINS = 64

_UNIT = 1 << 64  # fixed point of square roots; part of the certificates' format
_MARGIN = 1e-9  # float64 quotients here are exact to 1e-13; anything closer is compared exactly
_MOST_TERMS = 1 << 10  # of sums of limbs below 2**53 that stay below 2**63
_MOST_BITS = 900  # of squared norms that float64 can hold roughly

Value = int | Fraction | Enclosure
Pair = tuple[int, int]


def ends(value: Value) -> tuple[Fraction | int, Fraction | int]:
    """A lower and an upper bound of an entry, equal when it is known exactly."""
    if isinstance(value, Enclosure):
        return value.lower, value.upper
    return value, value


def _size(value: Value) -> Fraction | int:
    """The largest absolute value of an entry."""
    if isinstance(value, Enclosure):
        return max(abs(value.lower), abs(value.upper))
    return -value if value < 0 else value


def root_above(value: Fraction) -> Fraction:
    """The square root if it is rational, else an upper bound over 2**64; at most 1.

    Examples:
        >>> root_above(Fraction(4, 9)), float(root_above(Fraction(1, 2)))
        (Fraction(2, 3), 0.7071067811865476)
        >>> 0 < root_above(Fraction(1, 2)) ** 2 - Fraction(1, 2) < Fraction(1, 2**62)
        True
    """
    p, q = isqrt(value.numerator), isqrt(value.denominator)
    if p * p == value.numerator and q * q == value.denominator:
        return min(Fraction(1), Fraction(p, q))
    return min(Fraction(1), Fraction(isqrt(int(value * _UNIT * _UNIT)) + 1, _UNIT))


@dataclass(frozen=True)
class Norms:
    """The diagonal of a Gram matrix, and what row sums are weighted with.

    Arguments:
        values: the entries of the diagonal, in the units of the tiles.
        multipliers: with n_j the squared norms over one scale (lower ends) and M the largest (upper
            end) the integers ``C_j = isqrt(floor(M/n_j 4**64)) + 1 >= 2**64 sqrt(M/n_j)``, times
            what brings row j to that scale; None for 1 throughout.
        divisor: ``4**64 M``, or M where all norms are the same rational, and C_j = 1.
        exact: whether that is so; row sums are then exact, and bounds otherwise.
    """

    values: tuple[Value, ...]
    multipliers: tuple[int, ...] | None
    divisor: Fraction
    exact: bool

    @classmethod
    def of(cls, values: Sequence[Value], denominators: Sequence[int] | None = None) -> Norms:
        """From a diagonal, of functions that are still to be divided by `denominators`.

        Examples:
            >>> norms = Norms.of([4, 4])
            >>> norms.row_sum(0, 6), norms.exact
            (Fraction(3, 2), True)
        """
        factors = [1] * len(values)
        if denominators is not None:
            common = lcm(*denominators)
            factors = [common // d for d in denominators]
        lowers = [ends(n)[0] * f * f for n, f in zip(values, factors, strict=True)]
        largest = max(ends(n)[1] * f * f for n, f in zip(values, factors, strict=True))
        divisor, multipliers = Fraction(largest), factors
        exact = min(lowers) == largest
        if not exact and min(lowers) > 0:
            divisor *= _UNIT * _UNIT
            roots = {n: isqrt(int(divisor / n)) + 1 for n in set(lowers)}
            multipliers = [f * roots[n] for f, n in zip(factors, lowers, strict=True)]
        plain = all(c == 1 for c in multipliers)
        return cls(tuple(values), None if plain else tuple(multipliers), divisor, exact)

    @cached_property
    def positive(self) -> bool:
        """Whether every norm is known to be above 0 by a positive bound."""
        return all(ends(value)[0] > 0 for value in self.values)

    @cached_property
    def fit_floats(self) -> bool:
        """Whether all are integers that float64 can hold roughly."""
        return all(isinstance(n, int) and n.bit_length() <= _MOST_BITS for n in self.values)

    def row_sum(self, i: int, total: Fraction | int) -> Fraction:
        """``sum_j |g_ij| / sqrt(n_i n_j)``, or a bound of it, from the weighted sum."""
        own = 1 if self.multipliers is None else self.multipliers[i]
        return own * total / self.divisor

    def weights(self, span: range) -> list[int] | None:
        """The multipliers of some members; None where all are 1."""
        if self.multipliers is None:
            return None
        return list(self.multipliers[span.start : span.stop])


@dataclass
class TileSummary:
    """What is kept of one tile, or of several.

    Arguments:
        best: the largest squared correlation between different members, or the largest upper bound
            of one, with the least pair that has it; None when all are orthogonal.
        certain: the least pair with correlation exactly 1.
        row_sums: for each row i that has been seen the sum over j of ``|g_ij| C_j``.
        bins: the histogram of squared correlations other than 0, where it was asked for.
        zeros: and the number of pairs with correlation 0.
    """

    best: tuple[Fraction, Pair] | None = None
    certain: Pair | None = None
    row_sums: dict[int, Fraction | int] = field(default_factory=dict)
    bins: dict[int, int] = field(default_factory=dict)
    zeros: int = 0

    def see(self, square: Fraction, pair: Pair, exact: bool = True) -> None:
        """Take in one squared correlation."""
        if (
            self.best is None
            or square > self.best[0]
            or (square == self.best[0] and pair < self.best[1])
        ):
            self.best = square, pair
        if exact and square == 1 and (self.certain is None or pair < self.certain):
            self.certain = pair

    def add(self, i: int, amount: Fraction | int) -> None:
        """Add to a row sum."""
        self.row_sums[i] = self.row_sums.get(i, 0) + amount

    def count(self, b: int, pairs: int) -> None:
        """Count pairs in a bin of the histogram."""
        self.bins[b] = self.bins.get(b, 0) + pairs

    def merge(self, other: TileSummary) -> None:
        """Take in the summary of another tile."""
        if other.best is not None:
            self.see(*other.best, exact=False)
        if other.certain is not None:
            self.see(Fraction(1), other.certain)
        for i, amount in other.row_sums.items():
            self.add(i, amount)
        for b, pairs in other.bins.items():
            self.count(b, pairs)
        self.zeros += other.zeros

    def row_sum(self, norms: Norms) -> Fraction:
        """``max_i sum_j |g_ij| / sqrt(n_i n_j)``, or an upper bound of it."""
        return max(norms.row_sum(i, total) for i, total in self.row_sums.items())

    def to_json(self) -> dict[str, Any]:
        """As JSON-ready values, for workers and stores; `from_json` reads it."""
        return {
            "best": None if self.best is None else [exact_text(self.best[0]), *self.best[1]],
            "certain": self.certain,
            "row_sums": [[i, exact_text(total)] for i, total in self.row_sums.items()],
            "bins": list(self.bins.items()),
            "zeros": self.zeros,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> TileSummary:
        """The summary that `to_json` wrote."""
        best, certain = stored["best"], stored["certain"]
        return cls(
            None if best is None else (Fraction(best[0]), (best[1], best[2])),
            None if certain is None else (certain[0], certain[1]),
            {i: Fraction(text) if "/" in text else int(text) for i, text in stored["row_sums"]},
            dict(stored["bins"]),
            stored["zeros"],
        )


def summarize(
    block: Any, rows: range, columns: range, norms: Norms, *, histogram: bool = False
) -> TileSummary:
    """The summary of one tile on or above the diagonal.

    Arguments:
        block: the entries: an IntegerMatrix, an array of integers, or rows of integers, Fractions
            and Enclosures, whose upper bounds then count.
        rows: the rows of the tile.
        columns: its columns; the same range on the diagonal, else beyond the rows.
        norms: the whole diagonal, positive.
        histogram: whether correlations are counted by size too.

    Complexity: a few passes over the tile in float64, and one exact comparison for each group of
    equal entries too close to the maximum, or to the edge of a bin, for float64.

    Examples:
        >>> norms = Norms.of([1, 1, 4])
        >>> found = summarize([[1, 0, -1], [0, 1, 1], [-1, 1, 4]], range(3), range(3), norms)
        >>> found.best, found.zeros
        ((Fraction(1, 4), (0, 2)), 0)
    """
    if isinstance(block, np.ndarray):
        block = IntegerMatrix.of(block)
    if not isinstance(block, IntegerMatrix):
        return _of_values(block, rows, columns, norms, histogram)
    if not norms.fit_floats:
        return _of_values(block.to_object().tolist(), rows, columns, norms, histogram)
    return _of_integers(block, rows, columns, norms, histogram)


# ---------------------------------------------------------------------------- rationals, enclosures


def _of_values(
    block: Sequence[Sequence[Value]], rows: range, columns: range, norms: Norms, histogram: bool
) -> TileSummary:
    summary = TileSummary()
    down, across = (norms.weights(span) or [1] * len(span) for span in (rows, columns))
    row_totals: list[Fraction | int] = [0] * len(rows)
    column_totals: list[Fraction | int] = [0] * len(columns)
    for a, (i, row) in enumerate(zip(rows, block, strict=True)):
        for b, (j, value) in enumerate(zip(columns, row, strict=True)):
            size = _size(value)
            if not size:
                summary.zeros += histogram and i < j
                continue
            row_totals[a] += size * across[b]
            column_totals[b] += size * down[a]
            if i < j:
                first, second = norms.values[i], norms.values[j]
                square = correlation_bound(value, first, second)
                summary.see(square, (i, j), not _enclosed(value, first, second))
                if histogram:
                    summary.count(_bin(square), 1)
    summary.row_sums = dict(zip(rows, row_totals, strict=True))
    if rows != columns:
        summary.row_sums |= zip(columns, column_totals, strict=True)
    return summary


def _enclosed(*values: Value) -> bool:
    return any(isinstance(value, Enclosure) for value in values)


def correlation_bound(value: Value, first: Value, second: Value) -> Fraction:
    """The squared correlation, or for enclosures an upper bound of it, at most 1.

    Examples:
        >>> correlation_bound(1, 2, 3)
        Fraction(1, 6)
    """
    product = Fraction(ends(first)[0]) * ends(second)[0]
    square = Fraction(_size(value)) ** 2
    return Fraction(1) if square >= product else square / product


def _bin(square: Fraction) -> int:
    """The b with ``2**-(b+1) < square <= 2**-b``, at most BINS - 1."""
    b = 0
    while b < BINS - 1 and square * 2 ** (b + 1) <= 1:
        b += 1
    return b


# ----------------------------------------------------------------------------------------- integers


def _of_integers(
    block: IntegerMatrix, rows: range, columns: range, norms: Norms, histogram: bool
) -> TileSummary:
    sizes = block.absolute()
    summary = TileSummary()
    summary.row_sums |= zip(rows, _row_sums(sizes.limbs, norms.weights(columns)), strict=True)
    if rows != columns:
        turned = sizes.limbs.transpose(0, 2, 1)
        summary.row_sums |= zip(columns, _row_sums(turned, norms.weights(rows)), strict=True)
    ratios = sizes.approximate().copy()
    if histogram or norms.multipliers is not None:  # else all norms are the same
        for span, shape in ((rows, (-1, 1)), (columns, (1, -1))):
            values = [float(n) for n in norms.values[span.start : span.stop]]  # type: ignore[arg-type]
            ratios *= (1 / np.sqrt(np.array(values))).reshape(shape)
    # Pairs i < j only; on a diagonal tile that is what lies right of the diagonal.
    if rows == columns:
        ratios[np.tri(len(rows), dtype=bool)] = 0
    groups = _Groups(sizes, rows, columns, norms)
    top = float(ratios.max(initial=0))
    if top:
        for square, pair, _ in groups.of(ratios >= top * (1 - _MARGIN)):
            summary.see(square, pair)
    if histogram:
        _add_histogram(summary, ratios, groups)
        pairs = len(rows) * (len(rows) - 1) // 2 if rows == columns else ratios.size
        summary.zeros = pairs - int(np.count_nonzero(ratios))
    return summary


class _Groups:
    """Entries of a tile with equal numerator and equal norms, taken together."""

    def __init__(self, sizes: IntegerMatrix, rows: range, columns: range, norms: Norms) -> None:
        self._sizes, self._rows, self._columns = sizes, rows, columns
        self._values: Sequence[Any] = norms.values

    def of(self, chosen: NDArray[np.bool_]) -> Iterator[tuple[Fraction, Pair, int]]:
        """For each group among the chosen entries: its correlation, its least pair, its size."""
        i, j = np.nonzero(chosen)  # in row order
        if not len(i):
            return
        keys = [*self._sizes.limbs[:, i, j], self._kinds(self._rows)[i]]
        keys.append(self._kinds(self._columns)[j])
        order = np.lexsort(keys)  # stable: the least pair of a group comes first
        new = np.zeros(len(order), dtype=bool)
        new[0] = True
        for key in keys:
            new[1:] |= np.diff(key[order]) != 0
        places = np.flatnonzero(new)
        counts = np.diff(places, append=len(order))
        for place, count in zip(order[places].tolist(), counts.tolist(), strict=True):
            a, b = int(i[place]), int(j[place])
            pair = self._rows[a], self._columns[b]
            product = self._values[pair[0]] * self._values[pair[1]]
            yield Fraction(self._sizes.entry(a, b) ** 2, product), pair, count

    def _kinds(self, span: range) -> NDArray[np.int64]:
        """The norms of some members, numbered."""
        norms = self._values[span.start : span.stop]
        numbers = {norm: k for k, norm in enumerate(dict.fromkeys(norms))}
        return np.array([numbers[norm] for norm in norms])


def _add_histogram(summary: TileSummary, ratios: NDArray[np.float64], groups: _Groups) -> None:
    nonzero = ratios != 0
    mantissa, exponent = np.frexp(ratios**2)  # square = mantissa * 2**exponent, mantissa >= 1/2
    bins = np.clip(-exponent, 0, BINS - 1)
    # Close to a power of two the float cannot say on which side the exact number lies.
    doubtful = nonzero & ((mantissa < 0.5 * (1 + _MARGIN)) | (mantissa > 1 - _MARGIN))
    counts = np.bincount(bins[nonzero & ~doubtful], minlength=BINS)
    for b in np.flatnonzero(counts).tolist():
        summary.count(b, int(counts[b]))
    for square, _, count in groups.of(doubtful):
        summary.count(_bin(square), count)


def _row_sums(limbs: NDArray[np.float64], weights: list[int] | None) -> list[int]:
    """``sum_j n_ij C_j`` for each i, the n_ij given by limbs; without weights ``C_j = 1``."""
    height, width = limbs.shape[1:]
    parts: list[tuple[list[int], int]]
    if weights is None and width <= _MOST_TERMS:
        words = limbs.astype(np.int64).sum(axis=2).tolist()
        parts = [(sums, LIMB * k) for k, sums in enumerate(words)]
    else:
        table, bits = _table(weights or [1] * width)
        parts = [
            (sums, shift + bits * k)
            for piece, shift in _pieces(limbs)
            for k, sums in enumerate((piece @ table).T.astype(np.int64).tolist())
        ]
    totals = [0] * height
    for sums, shift in parts:
        totals = [total + (part << shift) for total, part in zip(totals, sums, strict=True)]
    return totals


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
