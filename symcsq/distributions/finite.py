"""Laws on finitely many rational points; their recurrence by Stieltjes' procedure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import ClassVar

from symcsq.distributions.base import Distribution
from symcsq.errors import DistributionError
from symcsq.exact import in_short, rational, rationals

__all__ = ["FiniteUniform", "FiniteWeighted"]

Weighted = tuple[tuple[Fraction, Fraction], ...]


class _Finite(Distribution):
    """What the two classes share: everything follows from `points`."""

    __slots__ = ()

    @property
    def _law(self) -> Weighted:
        raise NotImplementedError

    @property
    def points(self) -> Weighted:
        """(point, probability) pairs in increasing order."""
        return self._law

    @property
    def support_size(self) -> int:
        """The number of points."""
        return len(self._law)

    @property
    def is_sign_symmetric(self) -> bool:
        """Whether each point has the probability of its negative."""
        law = dict(self._law)
        return all(law.get(-point) == weight for point, weight in law.items())

    def moment(self, order: int) -> Fraction:
        """Σ weight·point^k."""
        return sum((w * x**order for x, w in self._law), Fraction(0))

    def recurrence(self, order: int) -> tuple[Fraction, Fraction]:
        """a_k = E[x p_k²]/h_k and b_k = h_k/h_{k-1}; zeros beyond the support."""
        table = _stieltjes(self._law)
        return table[order] if order < len(table) else (Fraction(0), Fraction(0))


@lru_cache(maxsize=256)
def _stieltjes(law: Weighted) -> tuple[tuple[Fraction, Fraction], ...]:
    # Values of p_k at the points are all that is needed; h_k vanishes exactly at k = len(law).
    table = []
    previous = [Fraction(0)] * len(law)
    current = [Fraction(1)] * len(law)
    last_norm = Fraction(1)
    for k in range(len(law)):
        norm = sum((w * v * v for (_, w), v in zip(law, current, strict=True)), Fraction(0))
        a = sum((w * x * v * v for (x, w), v in zip(law, current, strict=True)), Fraction(0)) / norm
        b = norm / last_norm if k else Fraction(1)
        table.append((a, b))
        following = [
            (x - a) * v - (b * u if k else 0)
            for (x, _), v, u in zip(law, current, previous, strict=True)
        ]
        previous, current, last_norm = current, following, norm
    return tuple(table)


@dataclass(frozen=True, slots=True, init=False)
class FiniteUniform(_Finite):
    """The uniform law on a finite set of rationals.

    Arguments:
        values: the points, in any order, without repeats.

    Raises:
        DistributionError: no points, or a repeated point.

    Source: MATH.md section 2.

    Examples:
        >>> law = FiniteUniform([-2, -1, 1, 2])
        >>> str(law), law.support_size, law.moment(2), law.norm(2)
        ('finite(-2,-1,1,2)', 4, Fraction(5, 2), Fraction(9, 4))
    """

    kind: ClassVar[str] = "finite"
    values: tuple[Fraction, ...]

    def __init__(self, values: Iterable[object]) -> None:
        points = sorted(rationals(values, "points"))
        if not points:
            raise DistributionError(
                "points: a finite law needs at least one point, got none; write e.g. [-1, 1]"
            )
        for left, right in pairwise(points):
            if left == right:
                raise DistributionError(
                    f"points: must be distinct, got {in_short(left)} twice; "
                    f"for unequal weights use FiniteWeighted"
                )
        object.__setattr__(self, "values", tuple(points))

    @property
    def parameters(self) -> tuple[Fraction, ...]:
        """The points in increasing order."""
        return self.values

    @property
    def _law(self) -> Weighted:
        weight = Fraction(1, len(self.values))
        return tuple((x, weight) for x in self.values)


@dataclass(frozen=True, slots=True, init=False)
class FiniteWeighted(_Finite):
    """A law on finitely many rationals with positive rational weights.

    Arguments:
        weights: a mapping point -> weight, or pairs (point, weight); the weights are positive and
            sum to 1.

    Raises:
        DistributionError: no points, a repeated point, a weight <= 0, or weights whose sum
            is not 1.

    Source: MATH.md section 2.

    Examples:
        >>> law = FiniteWeighted({0: "1/2", 1: "1/4", -1: "1/4"})
        >>> str(law), law.is_sign_symmetric
        ('weighted(-1,1/4,0,1/2,1,1/4)', True)
    """

    kind: ClassVar[str] = "weighted"
    law: Weighted

    def __init__(self, weights: Mapping[object, object] | Iterable[tuple[object, object]]) -> None:
        pairs = weights.items() if isinstance(weights, Mapping) else weights
        law = sorted((rational(x, "point"), rational(w, "weight")) for x, w in pairs)
        if not law:
            raise DistributionError(
                "weights: a finite law needs at least one point, got none; write e.g. {0: 1}"
            )
        for (left, _), (right, _) in pairwise(law):
            if left == right:
                raise DistributionError(
                    f"weights: point {in_short(left)} is given twice; add its weights"
                )
        for point, weight in law:
            if weight <= 0:
                raise DistributionError(
                    f"weights: must be positive, got {in_short(weight)} at {in_short(point)}; "
                    "leave the point out"
                )
        total = sum((w for _, w in law), Fraction(0))
        if total != 1:
            sum_shown = in_short(total)
            raise DistributionError(
                f"weights: must sum to 1, got {sum_shown}; divide each by {sum_shown}"
            )
        object.__setattr__(self, "law", tuple(law))

    @property
    def parameters(self) -> tuple[Fraction, ...]:
        """p0, w0, p1, w1, … with increasing points."""
        return tuple(value for pair in self.law for value in pair)

    @property
    def _law(self) -> Weighted:
        return self.law
