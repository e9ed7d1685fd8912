"""Laws on the line with their monic orthogonal polynomials (MATH.md section 2).

A distribution is given by its three-term recurrence `p_{k+1} = (x - a_k) p_k - b_k p_{k-1}` and by
its moments. The two are written down independently, so that every inner product can be computed
twice: in the orthogonal basis, and by multiplying out and taking moments.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from symcsq.errors import DistributionError

if TYPE_CHECKING:
    from symcsq.distributions.product import Product

__all__ = ["Distribution", "first_different_moment", "multiply_coefficients"]

_CACHE = 1 << 14


class Distribution(ABC):
    """A probability distribution on R whose moments are rational.

    Subclasses are frozen values, equal when their kind and parameters are equal. They provide
    `kind`, `parameters`, `support_size`, `is_sign_symmetric`, `moment(k)` and `recurrence(k)`.

    Examples:
        >>> from symcsq.distributions import Gaussian
        >>> gaussian = Gaussian()
        >>> [int(gaussian.norm(k)) for k in range(6)]
        [1, 1, 2, 6, 24, 120]
        >>> [int(c) for c in gaussian.polynomial(4)]
        [3, 0, -6, 0, 1]
    """

    __slots__ = ()
    kind: ClassVar[str]

    @property
    def parameters(self) -> tuple[Fraction, ...]:
        """The exact parameters, as certificates list them."""
        return ()

    @property
    @abstractmethod
    def support_size(self) -> int | None:
        """The number of points of the support; None when it is infinite."""

    @property
    @abstractmethod
    def is_sign_symmetric(self) -> bool:
        """Whether x and -x have the same law."""

    @abstractmethod
    def moment(self, order: int) -> Fraction:
        """E[x^order]."""

    @abstractmethod
    def recurrence(self, order: int) -> tuple[Fraction, Fraction]:
        """`(a_k, b_k)` of p_{k+1} = (x - a_k) p_k - b_k p_{k-1}; b_0 = 1 by convention."""

    @property
    def max_exponent(self) -> int | None:
        """The largest k with norm(k) != 0 that is known; None when there is no largest."""
        return None if self.support_size is None else self.support_size - 1

    @property
    def points(self) -> tuple[tuple[Fraction, Fraction], ...] | None:
        """(point, probability) pairs in increasing order for a finite support, otherwise None."""
        return None

    def norm(self, order: int) -> Fraction:
        """h_k = E[p_k²], exactly 0 from the size of a finite support on.

        Arguments:
            order: k >= 0.

        Returns:
            A Fraction.

        Raises:
            DistributionError: k < 0, or more moments would be needed than are known.

        Complexity: O(k) rational operations, kept.

        Source: MATH.md section 2.

        Examples:
            >>> from symcsq.distributions import Uniform
            >>> Uniform().norm(2)
            Fraction(4, 45)
        """
        _check_order(order)
        return _norm(self, order)

    def polynomial(self, order: int) -> tuple[Fraction, ...]:
        """Coefficients of the monic orthogonal polynomial p_k, constant term first.

        Arguments:
            order: k >= 0.

        Returns:
            k + 1 Fractions. For k = support_size it is the monic polynomial that vanishes on the
            support.

        Raises:
            DistributionError: k < 0, k > support_size, or moments are missing.

        Complexity: O(k²) rational operations, kept.

        Source: MATH.md section 2.

        Examples:
            >>> from symcsq.distributions import Bernoulli
            >>> Bernoulli("1/3").polynomial(1)
            (Fraction(-1, 3), Fraction(1, 1))
        """
        _check_order(order)
        return _polynomial(self, order)

    def evaluate(self, order: int, point: Fraction) -> Fraction:
        """p_k(point) by the recurrence, in O(k)."""
        _check_order(order)
        previous, current = Fraction(0), Fraction(1)
        for k in range(order):
            a, b = self.recurrence(k)
            previous, current = current, (point - a) * current - (b * previous if k else 0)
        return current

    def expectation(self, coefficients: Sequence[Fraction]) -> Fraction:
        """E of a univariate polynomial, coefficients constant term first."""
        return sum((c * self.moment(k) for k, c in enumerate(coefficients) if c), Fraction(0))

    def inner_product_via_moments(self, f: Sequence[Fraction], g: Sequence[Fraction]) -> Fraction:
        """E[f·g] by multiplying out: the second route, independent of the orthogonal basis.

        Examples:
            >>> from symcsq.distributions import Uniform
            >>> p = Uniform().polynomial(2)
            >>> Uniform().inner_product_via_moments(p, p) == Uniform().norm(2)
            True
        """
        return self.expectation(multiply_coefficients(f, g))

    def linearization(self, first: int, second: int) -> tuple[Fraction, ...]:
        """The coefficients c_k of p_i·p_j = Σ c_k p_k (as elements of L²), k = 0, 1, ….

        Arguments:
            first, second: i, j with non-zero norms.

        Returns:
            Fractions c_0..c_{i+j}, cut after the last k with non-zero norm.

        Raises:
            DistributionError: when a norm is zero or moments are missing.

        Complexity: O(i·j·(i+j)) rational operations, kept.

        Source: MATH.md 4.8.

        Examples:
            >>> from symcsq.distributions import Gaussian
            >>> [int(c) for c in Gaussian().linearization(2, 2)]
            [2, 0, 4, 0, 1]
        """
        for order in (first, second):
            if not self.norm(order):
                raise DistributionError(
                    f"order: p_{order} is zero in L² of {self}; "
                    f"use an order up to {self.max_exponent}"
                )
        return _linearization(self, min(first, second), max(first, second))

    def in_basis(self, coefficients: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """Coefficients in p_0, p_1, … (as an element of L²) of a univariate polynomial.

        Examples:
            >>> from symcsq.distributions import Rademacher
            >>> [int(c) for c in Rademacher().in_basis([Fraction(0)] * 3 + [Fraction(5)])]
            [0, 5]
        """
        limit = self.support_size
        rest = [Fraction(c) for c in coefficients]
        result = [Fraction(0)] * len(rest)
        for degree in range(len(rest) - 1, -1, -1):
            lead = rest[degree]
            if not lead:
                continue
            order = degree if limit is None else min(degree, limit)
            for k, c in enumerate(self.polynomial(order)):
                rest[degree - order + k] -= lead * c
            if limit is None or degree < limit:
                result[degree] = lead
        return tuple(result if limit is None else result[:limit])

    def on(self, dimension: int) -> Product:
        """The law of `dimension` independent copies.

        Examples:
            >>> from symcsq.distributions import Gaussian
            >>> Gaussian().on(3).marginal_of
            (0, 0, 0)
        """
        from symcsq.distributions.product import Product

        return Product.power(self, dimension)

    def __str__(self) -> str:
        inside = ",".join(str(p) for p in self.parameters)
        return f"{self.kind}({inside})" if inside else self.kind


def multiply_coefficients(f: Sequence[Fraction], g: Sequence[Fraction]) -> list[Fraction]:
    """The product of two univariate polynomials, constant terms first."""
    result = [Fraction(0)] * max(len(f) + len(g) - 1, 0)
    for i, a in enumerate(f):
        if a:
            for j, b in enumerate(g):
                result[i + j] += a * b
    return result


def first_different_moment(first: Distribution, second: Distribution) -> int | None:
    """The least r with different r-th moments; None when the two laws agree.

    Two finite laws with s and t points are equal as soon as s + t - 1 moments are. A finite law and
    an infinite one differ by moment 2s, where the finite one has a singular Hankel matrix. Two
    infinite laws of different kinds here differ by their fourth moment unless one is a bare moment
    sequence, which is compared as far as it is known.

    Examples:
        >>> from symcsq.distributions import Gaussian, Rademacher
        >>> first_different_moment(Gaussian(), Rademacher())
        4
    """
    if first == second:
        return None
    s, t = first.support_size, second.support_size
    if s is not None and t is not None:
        bound = s + t - 1
    elif s is not None or t is not None:
        bound = 2 * (s if s is not None else t or 0)
    else:
        bound = 1 << 10
    for order in range(1, bound + 1):
        try:
            if first.moment(order) != second.moment(order):
                return order
        except DistributionError:
            return None  # a moment sequence has ended: nothing beyond it is ever used
    return None


def _check_order(order: int) -> None:
    if not isinstance(order, int) or isinstance(order, bool) or order < 0:
        raise DistributionError(f"order: must be an integer >= 0, got {order!r}; write 0, 1, 2, …")


@lru_cache(maxsize=_CACHE)
def _norm(distribution: Distribution, order: int) -> Fraction:
    limit = distribution.support_size
    if limit is not None and order >= limit:
        return Fraction(0)
    value = Fraction(1)
    for k in range(1, order + 1):
        value *= distribution.recurrence(k)[1]
    return value


@lru_cache(maxsize=_CACHE)
def _polynomial(distribution: Distribution, order: int) -> tuple[Fraction, ...]:
    limit = distribution.support_size
    if limit is not None and order > limit:
        raise DistributionError(
            f"order: {distribution} has orthogonal polynomials p_0..p_{limit}, got {order}; "
            f"use an order up to {limit}"
        )
    if order == 0:
        return (Fraction(1),)
    a, b = distribution.recurrence(order - 1)
    last = _polynomial(distribution, order - 1)
    result = [Fraction(0), *last]
    for k, c in enumerate(last):
        result[k] -= a * c
    if order > 1:
        for k, c in enumerate(_polynomial(distribution, order - 2)):
            result[k] -= b * c
    return tuple(result)


@lru_cache(maxsize=_CACHE)
def _linearization(distribution: Distribution, low: int, high: int) -> tuple[Fraction, ...]:
    # Multiply p_high by p_low through x·p_k = p_{k+1} + a_k p_k + b_k p_{k-1}, never through
    # powers of x.
    limit = distribution.support_size
    top = low + high if limit is None else min(low + high, limit - 1)

    def times_x(values: list[Fraction]) -> list[Fraction]:
        result = [Fraction(0)] * (top + 1)
        for k, c in enumerate(values):
            if not c:
                continue
            a, b = distribution.recurrence(k)
            if k < top:
                result[k + 1] += c
            result[k] += a * c
            if k:
                result[k - 1] += b * c
        return result

    previous: list[Fraction] = [Fraction(0)] * (top + 1)
    current = [Fraction(int(k == high)) for k in range(top + 1)]
    for j in range(low):
        a, b = distribution.recurrence(j)
        following = times_x(current)
        for k in range(top + 1):
            following[k] -= a * current[k] + (b * previous[k] if j else 0)
        previous, current = current, following
    return tuple(current)
