"""Laws on finitely many rational points of R^n, coordinates depending on each other as they may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from symcsq.distributions.joint import JointDistribution, image_list
from symcsq.errors import DistributionError
from symcsq.exact import rational

__all__ = ["FiniteJoint"]

Point = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, init=False)
class FiniteJoint(JointDistribution):
    """A law on finitely many points of R^n, given jointly.

    Arguments:
        points: rational points of one dimension n >= 1; repeats add up.
        weights: their probabilities, positive rationals of sum 1; by default all are equal.

    Raises:
        DistributionError: no points, points of different dimensions, weights that are not
            probabilities.

    Complexity: a moment is one product for each point.

    Source: MATH.md section 2, M23.

    Examples:
        >>> law = FiniteJoint([[1, 1], [-1, -1]])
        >>> law.moment((1, 1)), law.preserves([1, 0]), law.is_sign_symmetric
        (Fraction(1, 1), True, False)
    """

    points: tuple[Point, ...]
    weights: tuple[Fraction, ...]

    def __init__(self, points: Iterable[Sequence[object]], weights: Any = None) -> None:
        given = [tuple(rational(x, "points") for x in point) for point in points]
        if not given or not given[0] or len({len(point) for point in given}) > 1:
            raise DistributionError(
                f"points: must be at least one, all of one dimension >= 1, got {len(given)} of "
                f"dimensions {sorted({len(point) for point in given})}; write e.g. "
                "[[0, 1], [1, 0]]"
            )
        if weights is None:
            probabilities = [Fraction(1, len(given))] * len(given)
        else:
            probabilities = [rational(w, "weights") for w in weights]
        if (
            len(probabilities) != len(given)
            or min(probabilities) <= 0
            or sum(probabilities, Fraction(0)) != 1
        ):
            raise DistributionError(
                f"weights: must be {len(given)} positive rationals of sum 1, got "
                f"{len(probabilities)} of sum {sum(probabilities, Fraction(0))}; divide them by "
                "their sum"
            )
        law: dict[Point, Fraction] = {}
        for point, weight in zip(given, probabilities, strict=True):
            law[point] = law.get(point, Fraction(0)) + weight
        object.__setattr__(self, "points", tuple(sorted(law)))
        object.__setattr__(self, "weights", tuple(law[point] for point in self.points))

    @property
    def kind(self) -> str:
        """ "finite"."""
        return "finite"

    @property
    def dimension(self) -> int:
        """n."""
        return len(self.points[0])

    @property
    def support_size(self) -> int:
        """The number of points."""
        return len(self.points)

    def support(self) -> Iterator[tuple[Point, Fraction]]:
        """All points with their probabilities, in increasing order."""
        return zip(self.points, self.weights, strict=True)

    @property
    def is_sign_symmetric(self) -> bool:
        """Whether each point has the probability of the point with one sign changed."""
        law = dict(self.support())
        return all(
            law.get((*point[:i], -point[i], *point[i + 1 :])) == weight
            for point, weight in law.items()
            for i in range(self.dimension)
        )

    def moment(self, exponents: Sequence[int]) -> Fraction:
        """Σ weight·∏ x_i^{e_i}."""
        key = tuple(int(e) for e in exponents)
        if len(key) != self.dimension or any(e < 0 for e in key):
            raise DistributionError(
                f"exponents: must be {self.dimension} integers >= 0, got {key}; "
                "give one for each coordinate"
            )
        total = Fraction(0)
        for point, weight in self.support():
            for x, e in zip(point, key, strict=True):
                if e:
                    weight *= x**e
            total += weight
        return total

    def violation(self, permutation: Any) -> tuple[int, int, int, tuple[Fraction, Fraction]] | None:
        """None, or (number of a point, number of its image or -1, 0, their two probabilities)."""
        images = image_list(permutation, self.dimension)
        places = {point: k for k, point in enumerate(self.points)}
        for k, (point, weight) in enumerate(self.support()):
            image = [Fraction(0)] * self.dimension
            for i, x in enumerate(point):
                image[images[i]] = x
            place = places.get(tuple(image), -1)
            other = self.weights[place] if place >= 0 else Fraction(0)
            if other != weight:
                return k, place, 0, (weight, other)
        return None

    @property
    def coordinate_denominator(self) -> int:
        """The least common denominator of all coordinates."""
        return lcm(*(x.denominator for point in self.points for x in point))

    def moment_denominator(self, degree: int) -> int:
        """A denominator of all moments of this degree.

        Examples:
            >>> FiniteJoint([["1/2", 1], [0, 1], [0, 0]]).moment_denominator(2)
            12
        """
        return lcm(*(w.denominator for w in self.weights)) * self.coordinate_denominator**degree

    def on(self, dimension: int) -> FiniteJoint:
        """Itself, on its own number of coordinates.

        Raises:
            DistributionError: another dimension.
        """
        if dimension != self.dimension:
            raise DistributionError(
                f"distribution: must be on {dimension} coordinates, got points of R^"
                f"{self.dimension}; give points of dimension {dimension}"
            )
        return self

    def __str__(self) -> str:
        return f"finite-joint({self.support_size} points of R^{self.dimension})"
