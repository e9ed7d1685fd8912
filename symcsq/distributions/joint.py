"""Laws on R^n: what a family needs of them, whether the coordinates are independent or not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from symcsq.errors import DistributionError
from symcsq.exact import rational

__all__ = ["JointDistribution", "Terms", "image_list", "monomial_terms"]

Terms = dict[tuple[int, ...], Fraction]


class JointDistribution(ABC):
    """A law on R^n with rational mixed moments.

    Every expectation of a polynomial follows from `moment`; inner products computed that way are
    the route that is independent of any orthogonal basis.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def kind(self) -> str:
        """A short name of the class of laws."""

    @property
    @abstractmethod
    def dimension(self) -> int:
        """n."""

    @property
    @abstractmethod
    def is_sign_symmetric(self) -> bool:
        """Whether the law is unchanged by every change of signs of single coordinates."""

    @property
    def is_product(self) -> bool:
        """Whether the coordinates are independent."""
        return False

    @abstractmethod
    def moment(self, exponents: Sequence[int]) -> Fraction:
        """E[∏ x_i^{exponents[i]}]."""

    @abstractmethod
    def violation(self, permutation: Any) -> tuple[int, int, int, tuple[Fraction, Fraction]] | None:
        """None when the permutation preserves the law, otherwise a witness.

        Arguments:
            permutation: a `Permutation` or an image list of length n.

        Returns:
            None, or `(point, image, order, (moment at point, moment at image))` with the least
            point and then the least order.
        """

    def preserves(self, permutation: Any) -> bool:
        """Whether x and permutation·x have the same law.

        Examples:
            >>> from symcsq.distributions import parse
            >>> law = parse("gaussian^2 x rademacher^2")
            >>> law.preserves([1, 0, 3, 2]), law.preserves([2, 3, 0, 1])
            (True, False)
        """
        return self.violation(permutation) is None

    def expectation(self, polynomial: Any) -> Fraction:
        """E of a polynomial in n variables, exactly.

        Arguments:
            polynomial: a mapping exponent tuple -> coefficient, a sympy `Poly` with n generators,
                or a flint `fmpq_mpoly` with n generators.

        Returns:
            A Fraction.

        Raises:
            DistributionError: the number of variables is not n.

        Complexity: one moment for each term.

        Source: MATH.md section 2.

        Examples:
            >>> from symcsq.distributions import Gaussian
            >>> Gaussian().on(2).expectation({(4, 2): 1, (1, 0): 5})
            Fraction(3, 1)
        """
        terms = monomial_terms(polynomial, self.dimension)
        return sum((c * self.moment(e) for e, c in terms.items()), Fraction(0))

    def inner_product_via_moments(self, f: Any, g: Any) -> Fraction:
        """E[f·g] of two polynomials (as in `expectation`), multiplied out term by term.

        Examples:
            >>> from symcsq.distributions import Gaussian
            >>> Gaussian().on(2).inner_product_via_moments({(1, 1): 2}, {(1, 1): 3, (2, 0): 1})
            Fraction(6, 1)
        """
        left = monomial_terms(f, self.dimension)
        right = monomial_terms(g, self.dimension)
        total = Fraction(0)
        moments: dict[tuple[int, ...], Fraction] = {}
        for alpha, a in left.items():
            for beta, b in right.items():
                key = tuple(map(int.__add__, alpha, beta))
                if key not in moments:
                    moments[key] = self.moment(key)
                total += a * b * moments[key]
        return total


def monomial_terms(polynomial: Any, dimension: int) -> Terms:
    """A polynomial as {exponent tuple: Fraction}, without zero coefficients.

    Arguments:
        polynomial: a mapping, a sympy `Poly` or a flint `fmpq_mpoly`.
        dimension: the number of variables it must have.

    Raises:
        DistributionError: a wrong number of variables or an unknown type.

    Examples:
        >>> monomial_terms({(1, 0): "1/2", (0, 1): 0}, 2)
        {(1, 0): Fraction(1, 2)}
    """
    if isinstance(polynomial, Mapping):
        items = polynomial.items()
    elif hasattr(polynomial, "as_dict"):  # sympy Poly
        items = polynomial.as_dict().items()
    elif hasattr(polynomial, "to_dict"):  # flint fmpq_mpoly
        items = polynomial.to_dict().items()
    else:
        raise DistributionError(
            "polynomial: must be a mapping of exponent tuples, a sympy Poly or an fmpq_mpoly, "
            f"got {type(polynomial).__name__}; write {{(2, 0): 1}} for x0²"
        )
    terms: Terms = {}
    for exponents, coefficient in items:
        key = tuple(int(e) for e in exponents)
        if len(key) != dimension:
            raise DistributionError(
                f"polynomial: must have {dimension} variables, got the exponents {key}; "
                f"write one exponent for each variable"
            )
        value = rational(coefficient, "coefficient")
        if value:
            terms[key] = value
    return terms


def image_list(permutation: Any, dimension: int) -> list[int]:
    """The image list of a permutation of 0..dimension-1, checked."""
    images = [int(i) for i in getattr(permutation, "images", permutation)]
    if sorted(images) != list(range(dimension)):
        raise DistributionError(
            f"permutation: must permute 0..{dimension - 1}, got {images}; "
            f"use a group whose degree is the dimension {dimension} of the law"
        )
    return images
