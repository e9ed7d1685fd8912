"""How vectors are held while an action on all of them is computed.

Three ways to keep every exponent vector of a degree in lexicographic order and to find the rank of
each image: bit masks, sorted columns of points, and dense columns of entries. `groups.ranking`
chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
AnyArray = npt.NDArray[Any]

MASK_POINTS = 62
"""Most points that a bit mask holds."""

_BLOCK = 1 << 16  # objects at a time: a block's working arrays stay in the second-level cache
_CHUNK_BITS = 14  # a table of 2^14 int32 entries is 64 KiB


def bounded_compositions(parts: int, total: int, cap: int) -> list[list[int]]:
    """Table `t[m][r]`, m <= parts, r <= total: vectors of length m, entries in 0..cap, sum r.

    Examples:
        >>> bounded_compositions(2, 3, 2)
        [[1, 0, 0, 0], [1, 1, 1, 0], [1, 2, 3, 2]]
    """
    rows = [[1] + [0] * total]
    for _ in range(parts):
        previous = rows[-1]
        row, window = [], 0
        for r in range(total + 1):
            window += previous[r] - (previous[r - cap - 1] if r > cap else 0)
            row.append(window)
        rows.append(row)
    return rows


class Masks:
    """0/1 vectors on n <= 62 points as integers; point i is bit n-1-i, which keeps the order."""

    def __init__(self, degree: int, weight: int) -> None:
        self.degree, self.weight = degree, weight
        self.kind = np.uint32 if degree <= 32 else np.uint64
        chunks = max(1, -(-degree // _CHUNK_BITS))
        self.bits = max(1, -(-degree // chunks))
        self.shifts = [self.bits * c for c in range(chunks)]

    def all(self) -> AnyArray:
        """Every mask, ascending."""
        masks: AnyArray = np.zeros(1, dtype=self.kind)
        for w in range(1, self.weight + 1):
            # Top bit b, then any mask of weight w-1 below b: those are a prefix of all of them.
            tops = range(w - 1, self.degree - self.weight + w)
            grown: AnyArray = np.empty(comb(self.degree - self.weight + w, w), dtype=self.kind)
            at = 0
            for b in tops:
                step = comb(b, w - 1)
                np.bitwise_or(masks[:step], self.kind(1 << b), out=grown[at : at + step])
                at += step
            masks = grown
        return masks

    def _rank_tables(self, rank_type: type[np.signedinteger]) -> list[AnyArray]:
        tables = []
        for shift in self.shifts:
            below = min(self.weight, shift)
            table = np.zeros((below + 1, 1 << self.bits), dtype=rank_type)
            for t in range(self.bits):
                half = 1 << t
                ones = np.bitwise_count(np.arange(half))
                # The bit at place shift+t is bit number (those below) + 1 of the mask.
                choose = np.array(
                    [
                        comb(shift + t, j) if shift + t < self.degree and j <= self.weight else 0
                        for j in range(below + self.bits + 2)
                    ],
                    dtype=rank_type,
                )
                number = np.arange(below + 1)[:, None] + ones[None, :] + 1
                table[:, half : 2 * half] = table[:, :half] + choose[number]
            tables.append(table)
        return tables

    def image_ranks(
        self, permutations: Sequence[IntArray], rank_type: type[np.signedinteger]
    ) -> Iterator[AnyArray]:
        masks = self.all()
        rank_tables = self._rank_tables(rank_type)
        low = self.kind((1 << self.bits) - 1)
        for g in permutations:
            images = []
            for shift in self.shifts:
                table: AnyArray = np.zeros(1, dtype=self.kind)
                for t in range(self.bits):
                    point = self.degree - 1 - shift - t
                    bit = 1 << (self.degree - 1 - int(g[point])) if point >= 0 else 0
                    table = np.concatenate([table, table | self.kind(bit)])
                images.append(table)
            ranks = np.empty(len(masks), dtype=rank_type)
            for start in range(0, len(masks), _BLOCK):
                block = masks[start : start + _BLOCK]
                moved: AnyArray = np.zeros(len(block), dtype=self.kind)
                for shift, table in zip(self.shifts, images, strict=True):
                    moved |= table[(block >> self.kind(shift)) & low]
                total = np.zeros(len(block), dtype=rank_type)
                seen = np.zeros(len(block), dtype=np.int64)
                for shift, rank_table in zip(self.shifts, rank_tables, strict=True):
                    code = ((moved >> self.kind(shift)) & low).astype(np.int64)
                    total += rank_table.ravel()[(seen << self.bits) + code]
                    seen += np.bitwise_count(code)
                ranks[start : start + _BLOCK] = total
            yield ranks


def _sort_columns(columns: AnyArray) -> None:
    """Sort every object's entries: whole columns are compared and exchanged at a time."""
    for end in range(len(columns) - 1, 0, -1):
        for j in range(end):
            low = np.minimum(columns[j], columns[j + 1])
            np.maximum(columns[j], columns[j + 1], out=columns[j + 1])
            columns[j] = low


class Columns:
    """Multisets of `k` points (sets when `strict`) as k sorted columns, in decreasing tuple order.

    Decreasing order of sorted tuples is increasing order of exponent vectors. A multiset
    c_0 <= c_1 <= … on n points is the set c_0 < c_1 + 1 < … on n + k - 1 points, whose place is a
    sum of binomials.
    """

    def __init__(self, degree: int, weight: int, strict: bool) -> None:
        self.degree, self.weight, self.strict = degree, weight, strict
        self.places = degree if strict else degree + max(weight, 1) - 1

    def _choose(self, rank_type: type[np.signedinteger]) -> list[AnyArray]:
        # What column j with point c adds to the rank: binom(places - 1 - place of c, k - j). Values
        # of points that column j cannot hold may exceed the number of objects; they are cut to fit.
        tables = []
        most = comb(self.places, self.weight)
        for j in range(self.weight):
            shift = 0 if self.strict else j
            row = [
                min(most, comb(max(0, self.places - 1 - c - shift), self.weight - j))
                for c in range(self.degree)
            ]
            tables.append(np.array(row, dtype=rank_type))
        return tables

    def rank(self, columns: AnyArray, rank_type: type[np.signedinteger]) -> AnyArray:
        """Ranks of sorted columns, shape (k, m)."""
        total = np.zeros(columns.shape[1], dtype=rank_type)
        for table, column in zip(self._choose(rank_type), columns, strict=True):
            total += table[column]
        return total

    def all(self) -> AnyArray:
        """Every multiset, shape (k, N)."""
        n, k = self.degree, self.weight
        points = np.arange(n - 1, -1, -1, dtype=np.int16)
        columns = points[None, :]
        for width in range(2, k + 1):
            # Behind first point c come the narrower objects that start above c (or at c): a prefix.
            lead = n - 1 if self.strict else n + width - 2
            counts = [comb(lead - int(c), width - 1) for c in points]
            rest = [columns[:, :count] for count in counts]
            columns = np.vstack([np.repeat(points, counts)[None, :], np.hstack(rest)])
        return columns

    def image_ranks(
        self, permutations: Sequence[IntArray], rank_type: type[np.signedinteger]
    ) -> Iterator[AnyArray]:
        columns = self.all()
        count = columns.shape[1]
        tables = self._choose(rank_type)
        for g in permutations:
            images = np.asarray(g).astype(np.int16)
            ranks = np.zeros(count, dtype=rank_type)
            for start in range(0, count, _BLOCK):
                moved = images[columns[:, start : start + _BLOCK]]
                _sort_columns(moved)
                for table, column in zip(tables, moved, strict=True):
                    ranks[start : start + _BLOCK] += table[column]
            yield ranks


class Dense:
    """Exponent vectors with entries in 0..cap as dense columns, in lexicographic order."""

    def __init__(self, degree: int, total: int, cap: int) -> None:
        self.degree, self.total, self.cap = degree, total, cap
        self.kind = np.uint8 if total < 256 else np.uint16
        table = bounded_compositions(degree, total, cap)
        size = table[degree][total]
        # Sums that no prefix can leave could exceed the number of objects; they are cut to fit.
        self.table = [[min(size, value) for value in row] for row in table]

    def all(self) -> AnyArray:
        """Every vector, as columns: shape (n, N)."""
        n, d = self.degree, self.total
        # shorter[r]: all vectors of the length reached so far with sum r, in order. Only sums that
        # the entries before can complete to d are made, so never more than N vectors.
        empty = np.zeros((0, 1), dtype=self.kind)
        shorter: dict[int, AnyArray] = {0: empty}
        for length in range(1, n + 1):
            longer: dict[int, AnyArray] = {}
            for r in range(max(0, d - self.cap * (n - length)), d + 1):
                columns = np.empty((length, self.table[length][r]), dtype=self.kind)
                at = 0
                for entry in range(min(self.cap, r) + 1):
                    rest = shorter.get(r - entry)
                    if rest is not None:
                        columns[0, at : at + rest.shape[1]] = entry
                        columns[1:, at : at + rest.shape[1]] = rest
                        at += rest.shape[1]
                longer[r] = columns
            shorter = longer
        return shorter[d]

    def steps(self, rank_type: type[np.signedinteger]) -> list[AnyArray]:
        """Flat tables `s[i][r * (cap + 1) + a]`: vectors with sum r from i on, entry i below a."""
        tables = []
        most = self.table[self.degree][self.total]
        for i in range(self.degree):
            after = self.table[self.degree - i - 1]
            rows = np.zeros((self.total + 1, self.cap + 2), dtype=rank_type)
            for r in range(self.total + 1):
                running = 0
                for a in range(self.cap + 1):
                    running = min(most, running + (after[r - a] if a <= r else 0))
                    rows[r, a + 1] = running
            tables.append(rows[:, : self.cap + 1].ravel())
        return tables

    def tail_steps(self, rank_type: type[np.signedinteger]) -> list[AnyArray]:
        """For cap = total, tables `t[i][r]`: the rank is N - 1 - Σ t[i][sum of entries from i on].

        The vectors of sum r from i on with entry i below a are V(n-i, r) - V(n-i, r-a) in number, V
        counting vectors by length and sum; V(m+1, r) - V(m, r) = V(m+1, r-1) lets the terms of
        neighbouring places cancel.
        """
        most = self.table[self.degree][self.total]
        return [
            np.array(
                [0] + [min(most, v) for v in self.table[self.degree - i + 1][: self.total]],
                dtype=rank_type,
            )
            for i in range(1, self.degree)
        ]

    def rank(self, columns: Sequence[AnyArray], tables: list[AnyArray]) -> AnyArray:
        """Ranks of vectors given as `degree` columns, with the tables of `steps`."""
        count = len(columns[0])
        total = np.zeros(count, dtype=tables[0].dtype)
        remaining = np.full(count, self.total, dtype=np.intp)
        for table, column in zip(tables, columns, strict=True):
            total += table.take(remaining * (self.cap + 1) + column)
            remaining -= column
        return total

    def image_ranks(
        self, permutations: Sequence[IntArray], rank_type: type[np.signedinteger]
    ) -> Iterator[AnyArray]:
        columns = self.all()
        count = columns.shape[1]
        whole = self.cap == self.total
        tables = self.tail_steps(rank_type) if whole else self.steps(rank_type)
        for g in permutations:
            source = np.argsort(np.asarray(g))  # column g[i] of the image is column i
            ranks = np.full(count, count - 1, dtype=rank_type)
            for start in range(0, count, _BLOCK):
                block = [columns[source[i], start : start + _BLOCK] for i in range(self.degree)]
                part = ranks[start : start + _BLOCK]
                if not whole:
                    part[:] = self.rank(block, tables)
                    continue
                tail = np.zeros(len(part), dtype=np.intp)
                for i in range(self.degree - 1, 0, -1):
                    tail += block[i]
                    part -= tables[i - 1].take(tail)
            yield ranks
