"""Independent coordinates: the spaces in which orbit sums are orthogonal (M1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby, product
from math import lcm
from typing import Any

import numpy as np

from symcsq.distributions.base import Distribution, first_different_moment
from symcsq.distributions.joint import JointDistribution, image_list
from symcsq.errors import DistributionError
from symcsq.exact import shortened

__all__ = ["Product", "ProductDistribution", "as_product"]

_MOST_COORDINATES = 1 << 20  # as far as growth tables reach


class Product(JointDistribution):
    """The law of independent coordinates with the given marginals.

    Arguments:
        marginals: one `Distribution` for each coordinate.

    Raises:
        DistributionError: an entry is not a `Distribution`.

    Source: MATH.md section 2.

    Examples:
        >>> from symcsq.distributions import Gaussian, Rademacher
        >>> law = Product([Gaussian(), Rademacher(), Gaussian()])
        >>> law.marginals, law.marginal_of, str(law)
        ((Gaussian(), Rademacher()), (0, 1, 0), 'gaussian x rademacher x gaussian')
        >>> law.norm((2, 1, 3))
        Fraction(12, 1)
    """

    __slots__ = ("_hash", "marginal_of", "marginals")
    _hash: int
    marginals: tuple[Distribution, ...]
    """The distinct laws, in order of first use."""
    marginal_of: tuple[int, ...]
    """For each coordinate, its index in `marginals`."""

    def __init__(self, marginals: Iterable[Distribution]) -> None:
        index: dict[Distribution, int] = {}
        marginal_of = []
        for position, marginal in enumerate(marginals):
            if not isinstance(marginal, Distribution):
                raise DistributionError(
                    f"marginals[{position}]: must be a distribution on the line, got {marginal!r}; "
                    "write e.g. Gaussian()"
                )
            marginal_of.append(index.setdefault(marginal, len(index)))
        self._fill(tuple(index), tuple(marginal_of))

    def _fill(self, marginals: tuple[Distribution, ...], marginal_of: tuple[int, ...]) -> None:
        object.__setattr__(self, "marginals", marginals)
        object.__setattr__(self, "marginal_of", marginal_of)
        object.__setattr__(self, "_hash", hash((marginals, marginal_of)))

    @classmethod
    def power(cls, marginal: Distribution, dimension: int) -> Product:
        """`dimension` independent copies of one law."""
        if not isinstance(dimension, int) or isinstance(dimension, bool) or dimension < 0:
            raise DistributionError(
                f"dimension: must be an integer >= 0, got {shortened(dimension)}; "
                "use the degree of the group"
            )
        if dimension > _MOST_COORDINATES:
            raise DistributionError(
                f"dimension: must be at most {_MOST_COORDINATES}, got {shortened(dimension)}; "
                "use the degree of the group"
            )
        result = cls.__new__(cls)
        result._fill((marginal,) if dimension else (), (0,) * dimension)
        return result

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Product is immutable: cannot set {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        return Product, ([self[i] for i in range(self.dimension)],)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Product):
            return NotImplemented
        return self.marginals == other.marginals and self.marginal_of == other.marginal_of

    def __hash__(self) -> int:
        return int(self._hash)

    @property
    def kind(self) -> str:
        """ "product"."""
        return "product"

    @property
    def dimension(self) -> int:
        """The number of coordinates."""
        return len(self.marginal_of)

    @property
    def is_product(self) -> bool:
        """True."""
        return True

    def __len__(self) -> int:
        return len(self.marginal_of)

    def __getitem__(self, coordinate: int) -> Distribution:
        return self.marginals[self.marginal_of[coordinate]]

    @property
    def is_sign_symmetric(self) -> bool:
        """Whether every marginal is."""
        return all(marginal.is_sign_symmetric for marginal in self.marginals)

    @property
    def max_exponents(self) -> tuple[int | None, ...]:
        """For each coordinate, the largest exponent with a non-zero norm (None: no limit)."""
        limits = [marginal.max_exponent for marginal in self.marginals]
        return tuple(limits[index] for index in self.marginal_of)

    def moment(self, exponents: Sequence[int]) -> Fraction:
        """∏ of the marginals' moments.

        Examples:
            >>> from symcsq.distributions import Gaussian
            >>> Gaussian().on(2).moment((4, 2))
            Fraction(3, 1)
        """
        value = Fraction(1)
        for index, exponent in zip(self.marginal_of, exponents, strict=True):
            if exponent:
                value *= self.marginals[index].moment(exponent)
                if not value:
                    break
        return value

    def norm(self, exponents: Sequence[int]) -> Fraction:
        """h_α = ∏ h_{α_i}, the squared norm of p_α (M1)."""
        value = Fraction(1)
        for index, exponent in zip(self.marginal_of, exponents, strict=True):
            if exponent:
                value *= self.marginals[index].norm(exponent)
        return value

    def norms(self, exponents: Any) -> list[Fraction]:
        """h_α for each row α of an integer array, one multiplication chain for each kind of row.

        Arguments:
            exponents: integer array of shape (N, n).

        Returns:
            N Fractions, in the order of the rows.

        Complexity: O(N·n log n) in NumPy, plus one product for each multiset of exponents that
        occurs.

        Source: M1.

        Examples:
            >>> from symcsq.distributions import Gaussian
            >>> [int(h) for h in Gaussian().on(2).norms([[2, 1], [0, 3], [1, 2]])]
            [2, 6, 2]
        """
        rows = np.asarray(exponents, dtype=np.int64).reshape(len(exponents), self.dimension)
        if not len(rows) or not self.dimension:
            return [Fraction(1)] * len(rows)
        # Rows with the same exponents over the same marginals have the same norm: sort within
        # marginals.
        order = np.argsort(np.array(self.marginal_of), kind="stable")
        blocks = np.array(self.marginal_of)[order]
        types = rows[:, order]
        for index in range(len(self.marginals)):
            types[:, blocks == index] = np.sort(types[:, blocks == index], axis=1)
        width = int(types.max()) + 1
        if width**self.dimension < 1 << 62:
            codes = types @ (width ** np.arange(self.dimension, dtype=np.int64))
            _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
        else:
            _, first, inverse = np.unique(types, axis=0, return_index=True, return_inverse=True)
        values = [self.norm(rows[i].tolist()) for i in first]
        return [values[i] for i in inverse.ravel().tolist()]

    def violation(self, permutation: Any) -> tuple[int, int, int, tuple[Fraction, Fraction]] | None:
        """None when each coordinate has the law of its image, otherwise the first difference.

        Arguments:
            permutation: a `Permutation` or an image list of length n.

        Returns:
            None, or `(point, image, order, (moment at point, moment at image))` with the least
            point.

        Raises:
            DistributionError: not a permutation of n points.

        Complexity: O(n) plus one comparison for each pair of marginals.

        Source: MATH.md section 1 (D is G-invariant).

        Examples:
            >>> from symcsq.distributions import parse
            >>> parse("gaussian x rademacher").violation([1, 0])
            (0, 1, 4, (Fraction(3, 1), Fraction(1, 1)))
        """
        images = image_list(permutation, self.dimension)
        differences: dict[tuple[int, int], int | None] = {}
        for point, image in enumerate(images):
            pair = self.marginal_of[point], self.marginal_of[image]
            if pair[0] == pair[1]:
                continue
            first, second = self.marginals[pair[0]], self.marginals[pair[1]]
            if pair not in differences:
                differences[pair] = first_different_moment(first, second)
            order = differences[pair]
            if order is not None:
                return point, image, order, (first.moment(order), second.moment(order))
        return None

    @property
    def support_size(self) -> int | None:
        """The number of points of the support; None when it is infinite."""
        size = 1
        for index in self.marginal_of:
            marginal = self.marginals[index].support_size
            if marginal is None:
                return None
            size *= marginal
        return size

    def support(self) -> Iterator[tuple[tuple[Fraction, ...], Fraction]]:
        """All points with their probabilities, for finite marginals, in lexicographic order.

        Raises:
            DistributionError: a marginal has infinite support.

        Examples:
            >>> from symcsq.distributions import Bernoulli
            >>> sum(weight for _, weight in Bernoulli("1/3").on(2).support())
            Fraction(1, 1)
        """
        laws = []
        for index in self.marginal_of:
            points = self.marginals[index].points
            if points is None:
                raise DistributionError(
                    f"support: {self.marginals[index]} has no finite support; "
                    "use a finite law such as FiniteUniform([-1, 1])"
                )
            laws.append(points)
        for choice in product(*laws):
            weight = Fraction(1)
            for _, w in choice:
                weight *= w
            yield tuple(x for x, _ in choice), weight

    def sample(self, seed: int, count: int = 1) -> list[tuple[Fraction, ...]]:
        """`count` exact draws for finite marginals, for exploration only: no claim ever uses them.

        The weights are compared with a random integer below their common denominator, so the law of
        each draw is exactly this one.

        Examples:
            >>> from symcsq.distributions import Rademacher
            >>> len(Rademacher().on(5).sample(seed=1)[0])
            5
        """
        import random

        generator = random.Random(seed)
        laws = []
        for marginal in self.marginals:
            points = marginal.points
            if points is None:
                raise DistributionError(
                    f"sample: {marginal} has no finite support; exact draws need a finite law"
                )
            laws.append(points)

        def draw(index: int) -> Fraction:
            points = laws[index]
            scale = lcm(*(weight.denominator for _, weight in points))
            ticket = generator.randrange(scale)
            for point, weight in points:
                ticket -= int(weight * scale)
                if ticket < 0:
                    return point
            raise AssertionError("weights sum to one")

        return [tuple(draw(index) for index in self.marginal_of) for _ in range(count)]

    def on(self, dimension: int) -> Product:
        """This law, when its dimension is the one asked for."""
        return as_product(self, dimension)

    def __str__(self) -> str:
        parts = []
        for index, run in groupby(self.marginal_of):
            length = len(list(run))
            name = str(self.marginals[index])
            # One coordinate is written with a power, since the name alone is the law on the line.
            plain = length == 1 < self.dimension
            parts.append(name if plain else f"{name}^{length}")
        return " x ".join(parts) if parts else "point"

    def __repr__(self) -> str:
        return f"Product({self})"


ProductDistribution = Product


def as_product(distribution: Any, dimension: int) -> Product:
    """A product law on R^dimension from a law on the line, a product, or its text.

    Arguments:
        distribution: a `Distribution` (its power is meant), a `Product` or a string for `parse`.
        dimension: n.

    Raises:
        DistributionError: the lengths differ, or the law is not a product.

    Examples:
        >>> str(as_product("rademacher", 4))
        'rademacher^4'
    """
    if isinstance(distribution, str):
        from symcsq.distributions.parse import parse

        distribution = parse(distribution)
    if isinstance(distribution, Distribution):
        return Product.power(distribution, dimension)
    if isinstance(distribution, Product):
        if distribution.dimension != dimension:
            name = str(distribution)
            raise DistributionError(
                f"distribution: must have one marginal for each of the {dimension} points, "
                f"{name if len(name) <= 80 else name[:60] + ' …'} has {distribution.dimension}; "
                f"change the powers to add up to {dimension}"
            )
        return distribution
    raise DistributionError(
        f"distribution: must be a law with independent coordinates, got {distribution!r}; "
        'write e.g. Gaussian() or "gaussian^6 x rademacher^6"'
    )
