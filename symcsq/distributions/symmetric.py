"""Exchangeable laws whose coordinates are not independent: the sphere and the Boolean slices.

No product basis is orthogonal here; everything goes through exact mixed moments (MATH.md section
2).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb, perm, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symcsq.distributions.joint import JointDistribution, image_list
from symcsq.errors import DistributionError
from symcsq.exact import shortened

__all__ = ["Slice", "Sphere"]


class _Exchangeable(JointDistribution):
    """What both share: every permutation preserves the law; n may be filled in later."""

    __slots__ = ()
    size: int | None

    @property
    def dimension(self) -> int:
        """n, once it is known."""
        if self.size is None:
            raise DistributionError(
                f"dimension: {self.kind} needs one, got none; write .on(n) for n coordinates"
            )
        return self.size

    def violation(self, permutation: Any) -> None:
        """None: any permutation of the coordinates preserves the law."""
        image_list(permutation, self.dimension)

    @abstractmethod
    def moment_denominator(self, degree: int) -> int:
        """A denominator of all moments of one degree."""

    @abstractmethod
    def moment_numerators(self, exponents: NDArray[Any], degree: int) -> NDArray[Any]:
        """The moments of many exponent vectors of one degree, over `moment_denominator`.

        Arguments:
            exponents: an integer array of shape (count, n).
            degree: the sum of each row; even on the sphere.

        Returns:
            Integers: int64 where all of them fit, else Python integers in an object array.

        Complexity: count·n.
        """

    def _checked(self, exponents: Sequence[int]) -> tuple[int, ...]:
        key = tuple(int(e) for e in exponents)
        if len(key) != self.dimension or any(e < 0 for e in key):
            raise DistributionError(
                f"exponents: must be {self.dimension} integers >= 0, got {key}; "
                "give one for each coordinate"
            )
        return key


@dataclass(frozen=True, slots=True)
class Sphere(_Exchangeable):
    """The uniform law on the unit sphere S^{n-1} in R^n.

    Arguments:
        size: n >= 1, or None until `.on(n)` fills it in.

    Raises:
        DistributionError: n < 1.

    Source: MATH.md section 2; E[x^{2a}] = ∏(2a_i - 1)!! / (n(n + 2)…(n + 2|a| - 2)).

    Examples:
        >>> Sphere(3).moment((2, 2, 0)), Sphere().on(3).moment((4, 0, 0))
        (Fraction(1, 15), Fraction(1, 5))
    """

    size: int | None = None

    def __post_init__(self) -> None:
        if self.size is not None and self.size < 1:
            raise DistributionError(
                f"dimension: the sphere needs at least 1 coordinate, got {self.size}; "
                "write Sphere(3)"
            )

    @property
    def kind(self) -> str:
        """ "sphere"."""
        return "sphere"

    @property
    def is_sign_symmetric(self) -> bool:
        """True."""
        return True

    def moment(self, exponents: Sequence[int]) -> Fraction:
        """E[∏ x_i^{e_i}]: 0 unless every exponent is even."""
        key = self._checked(exponents)
        if any(e % 2 for e in key):
            return Fraction(0)
        total = sum(key) // 2
        top = prod(prod(range(1, e, 2)) for e in key)
        return Fraction(top, prod(range(self.dimension, self.dimension + 2 * total, 2)))

    def moment_denominator(self, degree: int) -> int:
        """n(n + 2)…(n + degree - 2): a denominator of all moments of this even degree.

        Examples:
            >>> Sphere(3).moment_denominator(4)
            15
        """
        return prod(range(self.dimension, self.dimension + degree, 2))

    def moment_numerators(self, exponents: NDArray[Any], degree: int) -> NDArray[Any]:
        """Products of double factorials, 0 where an exponent is odd.

        Examples:
            >>> Sphere(2).moment_numerators(np.array([[2, 2], [4, 0], [3, 1]]), 4)
            array([1, 3, 0])
        """
        factors = [0 if e % 2 else prod(range(1, e, 2)) for e in range(degree + 1)]
        # A row's product is at most (degree - 1)!!, the factor of degree itself.
        return np.prod(_table(factors)[exponents], axis=1)

    def on(self, dimension: int) -> Sphere:
        """The sphere in R^dimension."""
        return Sphere(dimension)

    def __str__(self) -> str:
        return "sphere" if self.size is None else f"sphere({self.size})"


@dataclass(frozen=True, slots=True)
class Slice(_Exchangeable):
    """The uniform law on the 0/1 vectors with exactly k ones.

    Arguments:
        weight: k >= 0.
        size: n >= k, or None until `.on(n)` fills it in.

    Raises:
        DistributionError: k < 0 or k > n.

    Source: MATH.md section 2; E[∏_{i∈S} x_i] = k(k-1)…/(n(n-1)…), |S| factors each.

    Examples:
        >>> Slice(2).on(4).moment((1, 3, 0, 0))
        Fraction(1, 6)
    """

    weight: int
    size: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.weight, int) or self.weight < 0:
            raise DistributionError(
                "weight: the number of ones must be an integer >= 0, got "
                f"{shortened(self.weight)}; write Slice(2)"
            )
        if self.size is not None and self.size < self.weight:
            raise DistributionError(
                f"weight: at most n = {self.size} coordinates can be one, got "
                f"{shortened(self.weight)}; "
                "use a smaller weight"
            )

    @property
    def kind(self) -> str:
        """ "slice"."""
        return "slice"

    @property
    def is_sign_symmetric(self) -> bool:
        """Only when no coordinate is ever one."""
        return self.weight == 0

    def moment(self, exponents: Sequence[int]) -> Fraction:
        """The probability that all coordinates with a positive exponent are one."""
        support = sum(1 for e in self._checked(exponents) if e)
        return Fraction(perm(self.weight, support), perm(self.dimension, support))

    def moment_denominator(self, degree: int) -> int:
        """n(n - 1)…(n - t + 1), t = min(degree, n): a denominator of all moments of this degree.

        Examples:
            >>> Slice(2, 4).moment_denominator(2)
            12
        """
        return perm(self.dimension, min(degree, self.dimension))

    def moment_numerators(self, exponents: NDArray[Any], degree: int) -> NDArray[Any]:
        """The chance of all ones on the support of each exponent vector.

        Examples:
            >>> Slice(2, 4).moment_numerators(np.array([[1, 1, 0, 0], [0, 2, 0, 0]]), 2)
            array([2, 6])
        """
        n, top = self.dimension, min(degree, self.dimension)
        values = [perm(self.weight, s) * perm(n - s, top - s) for s in range(top + 1)]
        return _table(values)[np.count_nonzero(exponents, axis=1)]

    @property
    def support_size(self) -> int:
        """binom(n, k)."""
        return comb(self.dimension, self.weight)

    def support(self) -> Iterator[tuple[tuple[Fraction, ...], Fraction]]:
        """All points with their probabilities, ones as early as possible first."""
        probability = Fraction(1, self.support_size)
        for ones in combinations(range(self.dimension), self.weight):
            chosen = set(ones)
            yield tuple(Fraction(int(i in chosen)) for i in range(self.dimension)), probability

    def sample(self, seed: int, count: int = 1) -> list[tuple[Fraction, ...]]:
        """`count` exact draws, for exploration only: no claim ever uses them."""
        import random

        generator = random.Random(seed)
        draws = [set(generator.sample(range(self.dimension), self.weight)) for _ in range(count)]
        return [
            tuple(Fraction(int(i in chosen)) for i in range(self.dimension)) for chosen in draws
        ]

    def on(self, dimension: int) -> Slice:
        """The slice of {0,1}^dimension."""
        return Slice(self.weight, dimension)

    def __str__(self) -> str:
        tail = "" if self.size is None else f",{self.size}"
        return f"slice({self.weight}{tail})"


def _table(values: Sequence[int]) -> NDArray[Any]:
    """Integers as an int64 array where they fit, else as objects."""
    return np.array(values, dtype=np.int64 if max(values) < 1 << 62 else object)
