"""Functions as sparse integer rows over an orthogonal basis, and their Gram matrix tile by tile.

Row i with denominator d_i stands for ``f_i = (1/d_i) sum_k c_ik b_k`` with ``<b_k, b_l> = 0`` for k
!= l and ``<b_k, b_k> = w_k / D``. Then ``<f_i, f_j> = n_ij / (d_i d_j D)`` with the integers
``n_ij = sum_k c_ik w_k c_jk``, which is what the tiles hold; correlations do not depend on d and D.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import isqrt, lcm
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from symcsq.errors import VerificationError
from symcsq.verifier.integer_products import (
    LARGEST_PRIME,
    IntegerMatrix,
    combined,
    exact_product,
    primes_for,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_EXACT = 1 << 53
_TILE = 1024  # rows of a tile: fixed, so that tiles do not depend on the machine or on workers
_DENSE = Fraction(1, 8)  # share of non-zero coefficients from which dense products are faster


@dataclass(frozen=True, slots=True)
class Tile:
    """The numerators ``n_ij`` for rows [start, start + height) and columns [left, left + width).

    An IntegerMatrix from `CoefficientRows`; any of the blocks that `summarize` takes from others.
    """

    start: int
    left: int
    numerators: Any


class CoefficientRows:
    """N functions over M orthogonal basis elements with positive weights.

    Arguments:
        rows: for each function a mapping {basis element: coefficient}, rational.
        weights: the squared norms of the basis elements, rational, >= 0.

    Raises:
        VerificationError: a basis element without a weight, or a negative weight.

    Complexity: the number of non-zero coefficients.

    Source: MATH.md M2.

    Examples:
        >>> rows = CoefficientRows(
        ...     [{0: Fraction(1, 2), 1: 1}, {1: -3}], [Fraction(2), Fraction(1, 3)]
        ... )
        >>> rows.entry(0, 1), rows.entry(0, 0)
        (Fraction(-1, 1), Fraction(5, 6))
    """

    def __init__(
        self, rows: Sequence[Mapping[int, Fraction | int]], weights: Sequence[Fraction | int]
    ) -> None:
        exact_weights = [Fraction(w) for w in weights]
        if any(w < 0 for w in exact_weights):
            where = next(k for k, w in enumerate(exact_weights) if w < 0)
            raise VerificationError(
                f"weights[{where}]: squared norms must be >= 0, got {exact_weights[where]}; "
                "check the basis"
            )
        self.scale = lcm(*(w.denominator for w in exact_weights)) if exact_weights else 1
        self.weights = [int(w * self.scale) for w in exact_weights]
        self.denominators: list[int] = []
        indices: list[int] = []
        values: list[int] = []
        pointers = [0]
        for i, row in enumerate(rows):
            places = sorted(k for k, c in row.items() if c)
            if places and not 0 <= places[0] <= places[-1] < len(exact_weights):
                raise VerificationError(
                    f"rows[{i}]: basis elements run from 0 to {len(exact_weights) - 1}, got "
                    f"{places[0]} to {places[-1]}; give every element a weight"
                )
            entries = [row[k] for k in places]
            # lcm() of no arguments is 1, which is also the answer for rows of integers.
            denominator = lcm(*(c.denominator for c in entries if not isinstance(c, int)))
            self.denominators.append(denominator)
            indices.extend(places)
            values.extend(int(c * denominator) for c in entries)
            pointers.append(len(indices))
        self._pointers = np.array(pointers, dtype=np.int64)
        self._indices = np.array(indices, dtype=np.int64)
        self._values = _integers(values)

    def __len__(self) -> int:
        return len(self.denominators)

    @property
    def basis_size(self) -> int:
        """M, the number of basis elements."""
        return len(self.weights)

    def entry(self, i: int, j: int) -> Fraction:
        """One Gram entry, straight from the definition."""
        other = dict(self._terms(j))
        total = sum(c * self.weights[k] * other.get(k, 0) for k, c in self._terms(i))
        return Fraction(total, self.denominators[i] * self.denominators[j] * self.scale)

    def _terms(self, i: int) -> Iterator[tuple[int, int]]:
        part = slice(int(self._pointers[i]), int(self._pointers[i + 1]))
        return zip(self._indices[part].tolist(), self._values[part].tolist(), strict=True)

    def rank(self) -> int | None:
        """The dimension of the span of the functions; None when it is out of reach.

        Basis elements of norm 0 are the zero function and do not count.

        Examples:
            >>> CoefficientRows([{0: 1, 1: 1}, {0: 2, 1: 2}, {1: 1, 2: 5}], [1, 1, 0]).rank()
            2
        """
        from symcsq.verifier.ranks import rank_of_rows

        rows = [{k: c for k, c in self._terms(i) if self.weights[k]} for i in range(len(self))]
        return rank_of_rows(rows)

    @cached_property
    def diagonal(self) -> list[int]:
        """The numerators ``n_ii``."""
        return [sum(c * c * self.weights[k] for k, c in self._terms(i)) for i in range(len(self))]

    @cached_property
    def _weighted(self) -> NDArray[Any]:
        weights = np.array(self.weights, dtype=object)[self._indices]
        return _integers((self._values.astype(object) * weights).tolist())

    @cached_property
    def is_dense(self) -> bool:
        """Whether so many coefficients are non-zero that dense products win."""
        return len(self._values) > _DENSE * max(1, len(self) * self.basis_size)

    @cached_property
    def bound(self) -> int:
        """An upper bound of every partial sum of every numerator."""
        sizes = [abs(c) for c in self._weighted.tolist()]
        ends = self._pointers.tolist()
        longest = max((sum(sizes[a:b]) for a, b in pairwise(ends)), default=0)
        return longest * max((abs(c) for c in self._values.tolist()), default=0)

    def tiles(self, size: int = _TILE) -> Iterator[Tile]:
        """The tiles on and above the diagonal, row by row.

        Arguments:
            size: rows and columns of a tile.

        Complexity: two tiles in memory at a time.
        """
        for start in range(0, len(self), size):
            for left in range(start, len(self), size):
                yield self.tile(start, left, size)

    def tile(self, start: int, left: int, size: int = _TILE) -> Tile:
        """One tile; the same integers whichever way they are computed."""
        rows, columns = (start, min(start + size, len(self))), (left, min(left + size, len(self)))
        if self.is_dense:
            weighted = self._dense(self._weighted, *rows)
            return Tile(start, left, exact_product(weighted, self._dense(self._values, *columns)))
        return Tile(start, left, self._sparse_tile(rows, columns))

    def _dense(self, values: NDArray[Any], start: int, stop: int) -> IntegerMatrix:
        part = slice(int(self._pointers[start]), int(self._pointers[stop]))
        matrix = np.zeros((stop - start, self.basis_size), dtype=values.dtype)
        row = np.repeat(np.arange(stop - start), np.diff(self._pointers[start : stop + 1]))
        matrix[row, self._indices[part]] = values[part]
        return IntegerMatrix.of(matrix)

    def _sparse_tile(self, rows: tuple[int, int], columns: tuple[int, int]) -> IntegerMatrix:
        if self.bound < _EXACT:
            # Every product and partial sum is an integer below 2**53, exact in float64.
            product = self._floats[0][slice(*rows)] @ self._floats[1][slice(*columns)].T
            return IntegerMatrix(product.toarray()[None])
        longest = int(np.diff(self._pointers).max(initial=1))
        largest = min(LARGEST_PRIME, 2 * (isqrt((_EXACT - 1) // longest) - 1))
        primes = primes_for(self.bound, largest)
        if primes is None:
            weighted = self._dense(self._weighted, *rows)
            return exact_product(weighted, self._dense(self._values, *columns))
        residues = np.empty((len(primes), rows[1] - rows[0], columns[1] - columns[0]))
        for k, prime in enumerate(primes):
            left, right = self._modular(prime)
            residues[k] = (left[slice(*rows)] @ right[slice(*columns)].T).toarray()
        return IntegerMatrix(combined(residues, primes, self.bound))

    @cached_property
    def _floats(self) -> tuple[csr_array, csr_array]:
        return self._matrix(self._weighted), self._matrix(self._values)

    def _modular(self, prime: int) -> tuple[csr_array, csr_array]:
        """Symmetric residues of weighted and plain coefficients, kept for the next tile."""
        if prime not in self._residues:
            half = prime // 2
            weighted, plain = ((c + half) % prime - half for c in (self._weighted, self._values))
            self._residues[prime] = self._matrix(weighted), self._matrix(plain)
        return self._residues[prime]

    @cached_property
    def _residues(self) -> dict[int, tuple[csr_array, csr_array]]:
        return {}

    def _matrix(self, values: NDArray[Any]) -> csr_array:
        from scipy.sparse import csr_array

        shape = (len(self), self.basis_size)
        return csr_array((values.astype(np.float64), self._indices, self._pointers), shape=shape)


def _integers(values: list[int]) -> NDArray[Any]:
    """Python integers as an int64 array where they fit with room to spare, else as objects."""
    if max((abs(c) for c in values), default=0) < 1 << 61:
        return np.array(values, dtype=np.int64)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
