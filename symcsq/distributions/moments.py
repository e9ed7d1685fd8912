"""Laws known only by a rational moment sequence: the Chebyshev algorithm, plain and modified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar

from symcsq.distributions.base import Distribution
from symcsq.errors import DistributionError
from symcsq.exact import in_short, rationals

__all__ = ["Moments"]


@dataclass(frozen=True, slots=True, init=False)
class Moments(Distribution):
    """A law given by its first moments m_0 = 1, m_1, …, m_r.

    Arguments:
        values: rationals m_0, …, m_r; m_0 must be 1. They give p_0..p_e and h_0..h_e, e = ⌊r/2⌋.

    Raises:
        DistributionError: no moments, m_0 != 1, or a Hankel minor of order 1..e+1 that is not
            positive (the first such minor is named).

    Complexity: O(r²) rational operations.

    Source: MATH.md section 2 (Stieltjes/Chebyshev recurrence).

    Examples:
        >>> law = Moments([1, 0, 1, 0, 3])
        >>> [int(law.norm(k)) for k in range(3)]
        [1, 1, 2]
        >>> Moments([1, 0, 1, 0, 1])
        Traceback (most recent call last):
            ...
        symcsq.errors.DistributionError: moments: the Hankel minor of order 3 (moments 0..4) must \
be positive, got 0; a law on 2 points has p_0..p_1 only: give 3 moments, or its points
    """

    kind: ClassVar[str] = "moments"
    values: tuple[Fraction, ...]

    def __init__(self, values: Iterable[object]) -> None:
        moments = rationals(values, "moments")
        if not moments:
            raise DistributionError("moments: at least m_0 = 1 is needed, got none; write [1, …]")
        if moments[0] != 1:
            raise DistributionError(
                f"moments: m_0 must be 1, got {in_short(moments[0])}; divide all moments by it"
                if moments[0]
                else "moments: m_0 must be 1, got 0; a probability has total mass 1"
            )
        object.__setattr__(self, "values", moments)
        _chebyshev(moments)

    @classmethod
    def modified(cls, values: Iterable[object], auxiliary: Distribution) -> Moments:
        """The law with E[q_k(x)] = values[k], q_k the monic orthogonal polynomials of `auxiliary`.

        The recurrence is found by the modified Chebyshev algorithm directly from these values; the
        plain moments are kept, so equal laws are equal values however they were given.

        Arguments:
            values: rationals, values[0] = 1.
            auxiliary: a law whose polynomials are known up to the same order.

        Raises:
            DistributionError: as for `Moments`.

        Examples:
            >>> from symcsq.distributions import Gaussian
            >>> Moments.modified([1, 0, 0, 0, 0], Gaussian()) == Moments([1, 0, 1, 0, 3])
            True
        """
        given = rationals(values, "moments")
        if given and given[0] == 1:
            _chebyshev(given, auxiliary)
        plain: list[Fraction] = []
        for k, value in enumerate(given):
            coefficients = auxiliary.polynomial(k)
            plain.append(
                value - sum((c * plain[j] for j, c in enumerate(coefficients[:k])), Fraction(0))
            )
        return cls(plain)

    @property
    def parameters(self) -> tuple[Fraction, ...]:
        """The moments."""
        return self.values

    @property
    def support_size(self) -> None:
        """None: unknown, at least ⌊r/2⌋ + 1 points."""
        return None

    @property
    def max_exponent(self) -> int:
        """⌊r/2⌋: beyond it the norms are not known."""
        return (len(self.values) - 1) // 2

    @property
    def is_sign_symmetric(self) -> bool:
        """Whether every odd moment that is known vanishes."""
        return not any(self.values[1::2])

    def moment(self, order: int) -> Fraction:
        """m_k, as far as it is known."""
        if order >= len(self.values):
            raise DistributionError(
                f"moments: m_{order} is needed, only m_0..m_{len(self.values) - 1} are known; "
                f"give {order + 1} moments"
            )
        return self.values[order]

    def recurrence(self, order: int) -> tuple[Fraction, Fraction]:
        """(a_k, b_k) by the Chebyshev algorithm, from m_0..m_{2k+1}."""
        centres, weights = _chebyshev(self.values)
        if order >= len(weights):
            return self.moment(2 * order), Fraction(0)  # raises: the moment is not known
        # The last a_k needs an odd moment that may be missing; it is only used with b_k.
        return (centres[order] if order < len(centres) else Fraction(0)), weights[order]

    def polynomial(self, order: int) -> tuple[Fraction, ...]:
        """As in `Distribution.polynomial`; p_k needs m_0..m_{2k-1}."""
        if order > 0:
            self.moment(2 * order - 1)
        return Distribution.polynomial(self, order)


@lru_cache(maxsize=256)
def _chebyshev(
    moments: tuple[Fraction, ...], auxiliary: Distribution | None = None
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """The recurrence coefficients (a_0, …), (b_0, …); `auxiliary` None means the monomials."""

    def given(k: int) -> tuple[Fraction, Fraction]:
        return (Fraction(0), Fraction(0)) if auxiliary is None else auxiliary.recurrence(k)

    count = len(moments)
    before = [Fraction(0)] * count  # σ_{k-1,l} = E[p_{k-1} q_l]
    row = list(moments)  # σ_{k,l}
    centres: list[Fraction] = []
    weights: list[Fraction] = []
    minor = Fraction(1)
    for k in range((count - 1) // 2 + 1):
        # σ_{k,k} = h_k, the quotient of two consecutive Hankel minors.
        norm = row[k]
        minor *= norm
        if norm <= 0:
            advice = (
                f"a law on {k} points has p_0..p_{k - 1} only: "
                f"give {2 * k - 1} moments, or its points"
                if norm == 0
                else "no law has these moments: correct the last of them"
            )
            raise DistributionError(
                f"moments: the Hankel minor of order {k + 1} (moments 0..{2 * k}) must be "
                f"positive, got {in_short(minor)}; {advice}"
            )
        weights.append(norm / before[k - 1] if k else Fraction(1))
        if 2 * k + 1 < count:
            ratio = row[k + 1] / norm - (before[k] / before[k - 1] if k else 0)
            centres.append(given(k)[0] + ratio)
        else:
            break
        following = [Fraction(0)] * count
        for column in range(k + 1, count - k - 1):
            a, b = given(column)
            following[column] = (
                row[column + 1]
                - (centres[k] - a) * row[column]
                - (weights[k] * before[column] if k else 0)
                + b * row[column - 1]
            )
        before, row = row, following
    return tuple(centres), tuple(weights)
