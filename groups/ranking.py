"""Spaces of objects in rank order: points, tuples, subsets, exponent vectors, colourings, products.

A *space* is a finite set on which every permutation of the points acts, listed in lexicographic
order. The place of an object in that list is its rank. Orbits over ranks need no hashing and no
Python objects: a generator becomes one integer array, the rank of the image of each object, and
orbits are the connected components of those arrays.

The action is the package's: a set or a tuple maps to its image, and a vector `x` maps to `y` with
`y[g[i]] = x[i]`.

How objects are held while they are enumerated is chosen per space and does not show: 0/1 vectors on
up to 62 points as bit masks, sparse ones as sorted columns of points, the rest as dense columns of
small integers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import comb, perm

import numpy as np
import numpy.typing as npt

from groups.bounded_counts import shown
from groups.errors import DegreeError, ParameterError, PointError, TooLargeError
from groups.packed_vectors import (
    MASK_POINTS,
    AnyArray,
    Columns,
    Dense,
    IntArray,
    Masks,
    bounded_compositions,
)

_RANK_LIMIT = 1 << 62


def whole_number(name: str, value: object, minimum: int = 0, maximum: int | None = None) -> int:
    """`value` as an `int` inside its bounds, or a `ParameterError` that names the argument.

    Examples:
        >>> whole_number("k", 3, 0, 5)
        3
        >>> whole_number("k", 7, 0, 5)
        Traceback (most recent call last):
        ...
        groups.errors.ParameterError: k must be between 0 and 5, got 7; choose a value in that range
    """
    try:
        number = int(value.__index__())  # type: ignore[attr-defined]
    except (AttributeError, TypeError):
        number = None
    if number is None or isinstance(value, (bool, np.bool_)):
        raise ParameterError(
            f"{name} must be a whole number, got {value!r}; write an int such as {minimum}"
        )
    if number < minimum or (maximum is not None and number > maximum):
        rule = f"at least {minimum}" if maximum is None else f"between {minimum} and {maximum}"
        raise ParameterError(f"{name} must be {rule}, got {number}; choose a value in that range")
    return number


class Space(ABC):
    """A finite set of objects over `degree` points, in lexicographic order, with its action.

    Attributes: `degree` (points of the acting group), `size` (objects), `width` (columns of one
    object as a row of integers), `bytes_per_object` (memory one takes while images are computed).
    """

    degree: int
    size: int
    width: int
    bytes_per_object: int = 8

    @abstractmethod
    def rank(self, rows: npt.ArrayLike) -> IntArray:
        """Ranks of objects given as rows, shape (m, width) or (width,) for one."""

    @abstractmethod
    def unrank(self, ranks: npt.ArrayLike) -> IntArray:
        """Objects of the given ranks as rows, shape (m, width)."""

    @abstractmethod
    def image_ranks(self, permutations: Sequence[IntArray]) -> Iterator[AnyArray]:
        """For each image array `g`, the array of `rank(g·x)` over all objects `x` in rank order."""

    @abstractmethod
    def describe(self) -> str:
        """The space in words, for messages."""

    @property
    def rank_type(self) -> type[np.signedinteger]:
        """The integer type that image arrays use."""
        return np.int32 if self.size < 1 << 31 else np.int64

    def _rows(self, rows: npt.ArrayLike) -> IntArray:
        array = np.asarray(rows)
        if array.size == 0 and array.dtype.kind == "f":
            array = array.astype(np.int64)
        if array.ndim == 1:
            array = array[None, :]
        if array.ndim != 2 or array.shape[1] != self.width or array.dtype.kind not in "iu":
            raise ParameterError(
                f"rows must be integers of shape (m, {self.width}), got shape {array.shape} and"
                f" type {array.dtype}; give one row per object of {self.describe()}"
            )
        return array.astype(np.int64)

    def _ranks(self, ranks: npt.ArrayLike) -> IntArray:
        array = np.atleast_1d(np.asarray(ranks))
        if array.size == 0:
            return array.astype(np.int64).reshape(-1)
        if array.ndim != 1 or array.dtype.kind not in "iu":
            raise ParameterError(f"ranks must be a list of whole numbers, got {ranks!r}")
        if array.min() < 0 or array.max() >= self.size:
            raise ParameterError(
                f"ranks must lie in 0..{self.size - 1} for {self.describe()}, got"
                f" {int(array.min())}..{int(array.max())}"
            )
        self._small_enough()
        return array.astype(np.int64)

    def _small_enough(self) -> None:
        if self.size >= _RANK_LIMIT:
            raise TooLargeError(
                f"{self.describe()}: {shown(self.size)} objects do not fit 63-bit ranks;"
                " count orbits or use algorithm='orderly' instead"
            )

    def __repr__(self) -> str:
        return f"<{self.describe()}: {shown(self.size)} objects>"


def _check_range(array: IntArray, high: int, what: str) -> None:
    if array.size and (array.min() < 0 or array.max() >= high):
        bad = int(array.min()) if array.min() < 0 else int(array.max())
        raise PointError(f"{what} must lie in 0..{high - 1}, got {bad}; they are numbered from 0")


class Points(Space):
    """The points 0..degree-1 themselves.

    Examples:
        >>> [f.tolist() for f in Points(3).image_ranks([np.array([1, 2, 0])])]
        [[1, 2, 0]]
    """

    def __init__(self, degree: int) -> None:
        self.degree = whole_number("degree", degree)
        self.size, self.width = self.degree, 1

    def rank(self, rows: npt.ArrayLike) -> IntArray:
        array = self._rows(rows)
        _check_range(array, self.degree, "points")
        return array[:, 0]

    def unrank(self, ranks: npt.ArrayLike) -> IntArray:
        return self._ranks(ranks)[:, None]

    def image_ranks(self, permutations: Sequence[IntArray]) -> Iterator[AnyArray]:
        for g in permutations:
            yield np.asarray(g).astype(self.rank_type)

    def describe(self) -> str:
        return f"points 0..{self.degree - 1}"


class Product(Space):
    """Pairs (x, y) of objects of two spaces over the same points, `x` first in the order.

    Orbits on pairs are a basis of the equivariant linear maps between the two permutation
    representations.

    Raises:
        DegreeError: the spaces are over different numbers of points.

    Examples:
        >>> space = Product(Points(3), Subsets(3, 2))
        >>> space.size, space.unrank([4]).tolist()
        (9, [[1, 0, 2]])
    """

    def __init__(self, left: Space, right: Space) -> None:
        if left.degree != right.degree:
            raise DegreeError(
                f"both spaces must be over the same points, got degrees {left.degree} and"
                f" {right.degree}; build them with the group's degree"
            )
        self.left, self.right = left, right
        self.degree = left.degree
        self.size, self.width = left.size * right.size, left.width + right.width

    def rank(self, rows: npt.ArrayLike) -> IntArray:
        array = self._rows(rows)
        self._small_enough()
        left, right = array[:, : self.left.width], array[:, self.left.width :]
        return self.left.rank(left) * self.right.size + self.right.rank(right)

    def unrank(self, ranks: npt.ArrayLike) -> IntArray:
        array = self._ranks(ranks)
        first, second = np.divmod(array, max(1, self.right.size))
        return np.hstack([self.left.unrank(first), self.right.unrank(second)])

    def image_ranks(self, permutations: Sequence[IntArray]) -> Iterator[AnyArray]:
        pairs = zip(
            self.left.image_ranks(permutations), self.right.image_ranks(permutations), strict=True
        )
        for first, second in pairs:
            wide = first.astype(self.rank_type) * self.rank_type(self.right.size)
            yield np.add.outer(wide, second.astype(self.rank_type)).ravel()

    def describe(self) -> str:
        return f"pairs of ({self.left.describe()}) and ({self.right.describe()})"


class Tuples(Space):
    """Tuples of `length` points, with repeats unless `distinct`.

    Examples:
        >>> Tuples(4, 2).size, Tuples(4, 2, distinct=True).size
        (16, 12)
        >>> Tuples(4, 2, distinct=True).unrank([3, 4]).tolist()
        [[1, 0], [1, 2]]
    """

    def __init__(self, degree: int, length: int, *, distinct: bool = False) -> None:
        self.degree = whole_number("degree", degree)
        self.width = whole_number("k", length, 0, self.degree if distinct else None)
        self.distinct = distinct
        self.size = perm(self.degree, self.width) if distinct else self.degree**self.width
        self.bytes_per_object = 8 + 2 * self.width if distinct else 8

    def _weights(self) -> IntArray:
        n, k = self.degree, self.width
        if self.distinct:
            return np.array([perm(n - j - 1, k - j - 1) for j in range(k)], dtype=np.int64)
        return np.array([n ** (k - j - 1) for j in range(k)], dtype=np.int64)

    def rank(self, rows: npt.ArrayLike) -> IntArray:
        array = self._rows(rows)
        self._small_enough()
        _check_range(array, self.degree, "points")
        digits = array
        if self.distinct:
            # Digit j counts the unused points below entry j.
            digits = array.copy()
            for j in range(self.width):
                for i in range(j):
                    digits[:, j] -= array[:, i] < array[:, j]
                    if np.any(array[:, i] == array[:, j]):
                        raise PointError(
                            "tuples must have distinct points here, got a repeat;"
                            " use distinct=False"
                        )
        return digits @ self._weights()

    def unrank(self, ranks: npt.ArrayLike) -> IntArray:
        rest = self._ranks(ranks)
        rows = np.empty((len(rest), self.width), dtype=np.int64)
        for j, weight in enumerate(self._weights()):
            rows[:, j], rest = np.divmod(rest, weight)
        if self.distinct:
            for j in range(self.width - 1, -1, -1):
                for i in range(j - 1, -1, -1):
                    rows[:, j] += rows[:, j] >= rows[:, i]
        return rows

    def image_ranks(self, permutations: Sequence[IntArray]) -> Iterator[AnyArray]:
        if self.distinct:
            rows = self.unrank(np.arange(self.size)).astype(np.int32)
            for g in permutations:
                yield self.rank(np.asarray(g)[rows]).astype(self.rank_type)
            return
        for g in permutations:
            ranks = np.zeros(1, dtype=self.rank_type)
            images = np.asarray(g).astype(self.rank_type)
            for _ in range(self.width):
                ranks = np.add.outer(ranks * self.rank_type(self.degree), images).ravel()
            yield ranks

    def describe(self) -> str:
        kind = "tuples of distinct points" if self.distinct else "tuples"
        return f"{self.width}-{kind} of {self.degree} points"


class Colourings(Space):
    """Vectors of length `degree` with entries in 0..colours-1.

    Examples:
        >>> Colourings(3, 2).rank([1, 0, 1]).tolist()
        [5]
    """

    def __init__(self, degree: int, colours: int) -> None:
        self.degree = whole_number("degree", degree)
        self.colours = whole_number("q", colours)
        self.width = self.degree
        self.size = self.colours**self.degree

    def _weights(self) -> IntArray:
        q, n = self.colours, self.degree
        return np.array([q ** (n - 1 - i) for i in range(n)], dtype=np.int64)

    def rank(self, rows: npt.ArrayLike) -> IntArray:
        array = self._rows(rows)
        self._small_enough()
        _check_range(array, self.colours, "colours")
        return array @ self._weights()

    def unrank(self, ranks: npt.ArrayLike) -> IntArray:
        rest = self._ranks(ranks)
        rows = np.empty((len(rest), self.width), dtype=np.int64)
        for j, weight in enumerate(self._weights()):
            rows[:, j], rest = np.divmod(rest, weight)
        return rows

    def image_ranks(self, permutations: Sequence[IntArray]) -> Iterator[AnyArray]:
        weights = self._weights()
        for g in permutations:
            # The image of a vector weighs entry i by the place of g[i]: an outer sum over entries.
            ranks = np.zeros(1, dtype=self.rank_type)
            for i in range(self.degree):
                digit = np.arange(self.colours, dtype=np.int64) * weights[int(g[i])]
                ranks = np.add.outer(ranks, digit.astype(self.rank_type)).ravel()
            yield ranks

    def describe(self) -> str:
        return f"colourings of {self.degree} points with {self.colours} colours"


class Exponents(Space):
    """Exponent vectors of length `degree` and sum `total`, entries at most `max_exponent`.

    Arguments:
        degree: number of points. total: sum of the entries. max_exponent: largest entry, None for
        any.

    Complexity:
        `image_ranks` takes O(N·n) table look-ups per generator for N dense vectors, O(N·d log d)
        when d is small against n, and O(N) for 0/1 vectors (one look-up per 14 points).

    Source:
        Combinatorial number system (Lehmer; Knuth 7.2.1.3), in lexicographic order.

    Examples:
        >>> space = Exponents(3, 2)
        >>> space.unrank(range(space.size)).tolist()
        [[0, 0, 2], [0, 1, 1], [0, 2, 0], [1, 0, 1], [1, 1, 0], [2, 0, 0]]
        >>> Exponents(3, 2, 1).rank([1, 0, 1]).tolist()
        [1]
    """

    def __init__(self, degree: int, total: int, max_exponent: int | None = None) -> None:
        self.degree = self.width = whole_number("degree of the group", degree)
        self.total = whole_number("degree", total)
        bound = self.total if max_exponent is None else whole_number("max_exponent", max_exponent)
        self.max_exponent = min(bound, self.total)
        n, d, cap = self.degree, self.total, self.max_exponent
        if cap == d:
            self.size = comb(n + d - 1, d) if n else int(d == 0)
        elif cap == 1:
            self.size = comb(n, d)
        else:
            self.size = bounded_compositions(n, d, cap)[n][d] if d <= cap * n else 0
        self._holder: Masks | Columns | Dense | None = None
        if self.size == 0 or d == 0:
            self.bytes_per_object = 8
        elif cap == 1 and n <= MASK_POINTS:
            self._holder = Masks(n, d)
            self.bytes_per_object = 8 if n <= 32 else 16
        elif (cap == 1 or cap == d) and 3 * d <= n and n < 1 << 15:
            self._holder = Columns(n, d, strict=cap == 1 and d > 1)
            self.bytes_per_object = 4 * d
        else:
            self.bytes_per_object = 2 * n if d < 256 else 4 * n

    def _dense(self) -> Dense:
        return Dense(self.degree, self.total, self.max_exponent)

    def rank(self, rows: npt.ArrayLike) -> IntArray:
        array = self._rows(rows)
        self._small_enough()
        if array.size and array.min() < 0:
            raise ParameterError(f"exponents must not be negative, got {int(array.min())}")
        if array.size and array.max() > self.max_exponent:
            raise ParameterError(
                f"exponents must be at most {self.max_exponent}, got {int(array.max())};"
                " raise max_exponent"
            )
        if np.any(array.sum(axis=1) != self.total):
            raise ParameterError(
                f"exponents must sum to {self.total}, got {int(array.sum(axis=1).max())};"
                " rank them in the space of their own degree"
            )
        if self.degree == 0:
            return np.zeros(len(array), dtype=np.int64)
        dense = self._dense()
        return dense.rank(list(array.T), dense.steps(np.int64)).astype(np.int64)

    def unrank(self, ranks: npt.ArrayLike) -> IntArray:
        rest = self._ranks(ranks)
        n, cap = self.degree, self.max_exponent
        rows = np.zeros((len(rest), n), dtype=np.int64)
        if n == 0 or not len(rest):
            return rows
        remaining = np.full(len(rest), self.total, dtype=np.int64)
        for i, flat in enumerate(self._dense().steps(np.int64)):
            table = flat.reshape(self.total + 1, cap + 1)[remaining]
            # The last entry whose floor still fits: an entry without vectors has the next one's.
            entry = np.count_nonzero(table <= rest[:, None], axis=1) - 1
            rows[:, i] = entry
            rest = rest - table[np.arange(len(rest)), entry]
            remaining = remaining - entry
        return rows

    def image_ranks(self, permutations: Sequence[IntArray]) -> Iterator[AnyArray]:
        if self.size == 0 or self.total == 0:
            for _ in permutations:
                yield np.arange(self.size, dtype=self.rank_type)
            return
        holder = self._holder if self._holder is not None else self._dense()
        yield from holder.image_ranks(permutations, self.rank_type)

    def describe(self) -> str:
        bound = "" if self.max_exponent == self.total else f", entries at most {self.max_exponent}"
        return f"exponent vectors of degree {self.total} on {self.degree} points{bound}"


class Subsets(Space):
    """Sorted `k`-subsets of the points, in the order of tuples.

    Examples:
        >>> Subsets(4, 2).unrank([0, 1, 5]).tolist(), Subsets(4, 2).rank([1, 3]).tolist()
        ([[0, 1], [0, 2], [2, 3]], [4])
    """

    def __init__(self, degree: int, cardinality: int) -> None:
        self.degree = whole_number("degree", degree)
        self.width = whole_number("k", cardinality, 0, self.degree)
        self.size = comb(self.degree, self.width)
        # Tuple order of subsets is the reverse of the order of their 0/1 vectors.
        self._vectors = Exponents(self.degree, self.width, 1)
        self.bytes_per_object = self._vectors.bytes_per_object

    def rank(self, rows: npt.ArrayLike) -> IntArray:
        array = self._rows(rows)
        self._small_enough()
        _check_range(array, self.degree, "points")
        for left, right in pairwise(range(self.width)):
            if np.any(array[:, left] >= array[:, right]):
                raise PointError("subsets must be rows of increasing points; sort them, no repeats")
        if self.width == 0:
            return np.zeros(len(array), dtype=np.int64)
        columns = Columns(self.degree, self.width, strict=True)
        return self.size - 1 - columns.rank(array.T, np.int64).astype(np.int64)

    def unrank(self, ranks: npt.ArrayLike) -> IntArray:
        rest = self.size - 1 - self._ranks(ranks)
        rows = np.empty((len(rest), self.width), dtype=np.int64)
        for j in range(self.width):
            choose = np.array(
                [comb(place, self.width - j) for place in range(self.degree)], dtype=np.int64
            )
            # The greatest place whose binomial still fits (combinatorial number system).
            place = np.searchsorted(choose, rest, side="right") - 1
            rows[:, j] = self.degree - 1 - place
            rest = rest - choose[place]
        return rows

    def image_ranks(self, permutations: Sequence[IntArray]) -> Iterator[AnyArray]:
        top = self.rank_type(self.size - 1)
        for ranks in self._vectors.image_ranks(permutations):
            yield np.subtract(top, ranks[::-1])

    def describe(self) -> str:
        return f"{self.width}-subsets of {self.degree} points"
