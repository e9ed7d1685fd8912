"""Activations known by finitely many Hermite coefficients and a bound on the rest.

φ = Σ c_k He_k has K(ρ) = Σ w_k ρ^k with w_k = c_k² k! >= 0. Coefficients may be enclosures, and the
weights that are not given sum to at most `tail`. What is unknown is kept as numbers in [0, 1] that
cancel like any other atom: an even activation still gives exactly 0 for odd m (M12, M13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import factorial
from typing import Any, ClassVar

import flint

from symcsq.distributions import Gaussian
from symcsq.errors import ActivationError
from symcsq.exact import Enclosure, ExactReal, rational, working_precision
from symcsq.functions.activations import Activation, Polynomial

__all__ = ["HermiteSeries"]

_DIGITS = 40


@dataclass(frozen=True, slots=True, init=False)
class HermiteSeries(Activation):
    """An activation given by c_0, …, c_K and Σ_{k>K} c_k² k! <= tail.

    Arguments:
        coefficients: rationals or `Enclosure`s.
        tail: a rational >= 0; 0 when there are no further coefficients.
        parity: "even" or "odd" when the other coefficients vanish, also those in the tail.
        absolute_tail: a rational with Σ_{k>K} |c_k| √(k!) <= absolute_tail, for values; the tail
            alone bounds a mean square, which says nothing about one point.

    Raises:
        ActivationError: no coefficients, a negative tail, or a coefficient against the parity.

    Source: M12, M13; MATH.md 4.2. Values: |He_k(t)| <= 1.1 √(k!) e^{t²/4} (Abramowitz and Stegun
    22.14.17).

    Examples:
        >>> phi = HermiteSeries([0, 1, "1/2"], tail="1/100")
        >>> phi.kernel(Fraction(1, 2)).enclosure(6)
        Enclosure([0.625000, 0.627501])
        >>> HermiteSeries([0, 0, "1/2"]).value(Fraction(3))
        ExactReal(4)
        >>> HermiteSeries([0, 1], "1/100", absolute_tail="1/5").value(Fraction(0)).enclosure(6)
        Enclosure([-0.220001, 0.220001])
    """

    name: ClassVar[str] = "hermite"
    weights: tuple[tuple[Fraction, Fraction], ...]
    """(lower, upper) for each w_k = c_k² k!."""
    tail: Fraction
    parity: str | None
    coefficients: tuple[tuple[Fraction, Fraction], ...]
    """(lower, upper) for each c_k."""
    absolute_tail: Fraction | None

    def __init__(
        self,
        coefficients: Sequence[Any],
        tail: object = 0,
        *,
        parity: str | None = None,
        absolute_tail: object = None,
    ) -> None:
        if isinstance(coefficients, str | bytes) or not isinstance(coefficients, Iterable):
            raise ActivationError(
                "coefficients: must be a sequence of rationals or enclosures, got "
                f"{type(coefficients).__name__}; write [0, 1] for the identity"
            )
        bounds = []
        for k, c in enumerate(coefficients):
            if isinstance(c, Enclosure):
                bounds.append((c.lower, c.upper))
            else:
                value = rational(c, f"coefficients[{k}]")
                bounds.append((value, value))
        weights = []
        for k, (low, high) in enumerate(bounds):
            squares = sorted((low * low, high * high))
            least = Fraction(0) if low <= 0 <= high else squares[0]
            weights.append((least * factorial(k), squares[1] * factorial(k)))
        bound = rational(tail, "tail")
        if not weights:
            raise ActivationError(
                "coefficients: at least c_0 is needed, got none; write [0, 1] for the identity"
            )
        if bound < 0:
            raise ActivationError(f"tail: must be >= 0, got {bound}; write 0 for a finite series")
        if parity not in (None, "even", "odd"):
            raise ActivationError(
                f'parity: must be "even", "odd" or None, got {parity!r}; leave it out if unsure'
            )
        for k, (_, upper) in enumerate(weights):
            if upper and parity is not None and k % 2 != (parity == "odd"):
                raise ActivationError(
                    f"parity: c_{k} must be 0 for an {parity} activation; leave the parity out"
                )
        beyond = None if bound else Fraction(0)  # no tail, nothing beyond
        if absolute_tail is not None:
            beyond = rational(absolute_tail, "absolute_tail")
            if beyond < 0 or beyond * beyond < bound:
                # Σ a_k² <= (Σ |a_k|)²
                raise ActivationError(
                    f"absolute_tail: must be at least √tail = √{bound}, got {beyond}; it bounds "
                    "the sum of |c_k| √(k!)"
                )
        object.__setattr__(self, "coefficients", tuple(bounds))
        object.__setattr__(self, "absolute_tail", beyond)
        object.__setattr__(self, "weights", tuple(weights))
        object.__setattr__(self, "tail", bound)
        object.__setattr__(self, "parity", parity)

    @classmethod
    def from_second_moment(
        cls,
        coefficients: Sequence[Any],
        second_moment: object,
        *,
        parity: str | None = None,
        absolute_tail: object = None,
    ) -> HermiteSeries:
        """The series with the tail that Parseval gives: E[φ²] = Σ c_k² k!.

        Arguments:
            coefficients: as for `HermiteSeries`.
            second_moment: E[φ(u)²], u standard Gaussian, or a rational upper bound.
            parity, absolute_tail: as for `HermiteSeries`.

        Raises:
            ActivationError: the coefficients alone exceed the second moment.

        Examples:
            >>> HermiteSeries.from_second_moment([0, 1], 1).tail
            Fraction(0, 1)
        """
        known = cls(coefficients, parity=parity)
        total = rational(second_moment, "second_moment")
        rest = total - sum((low for low, _ in known.weights), Fraction(0))
        if rest < 0:
            raise ActivationError(
                f"second_moment: must be at least Σ c_k² k! = {total - rest}, got {total}; "
                "correct it or the coefficients"
            )
        return cls(coefficients, rest, parity=parity, absolute_tail=absolute_tail)

    def has_hermite_part(self, least: int) -> bool:
        """Whether some w_d, d >= least and d = least mod 2, can be > 0, also in the tail."""
        if any(upper for _, upper in self.weights[least::2]):
            return True
        return bool(self.tail) and (self.parity is None or (self.parity == "odd") == least % 2)

    def weight(self, degree: int) -> ExactReal:
        """w_degree of a coefficient that was given: one unknown number in [0, 1] for enclosures."""
        low, high = self.weights[degree]
        part = ExactReal.of(low)
        if high != low:
            part += (high - low) * ExactReal.unknown("coefficient", Fraction(degree))
        return part

    def kernel(self, correlation: Fraction) -> ExactReal:
        """Σ w_k ρ^k + (the tail): an even and an odd unknown part for each |ρ|."""
        if not -1 <= correlation <= 1:
            raise ActivationError(
                f"correlation: must be in [-1, 1], got {correlation}; normalise the two Gaussians"
            )
        total = ExactReal(Fraction(0))
        for k in range(len(self.weights)):
            total += correlation**k * self.weight(k)
        size = abs(correlation)
        bound = self.tail * size ** len(self.weights)
        if bound and self.parity != "odd":
            total += bound * ExactReal.unknown("even", size)
        if bound and self.parity != "even":
            sign = 1 if correlation > 0 else -1
            total += sign * bound * ExactReal.unknown("odd", size)
        return total

    def kernel_ball(self, correlation: flint.arb) -> flint.arb:
        """As `kernel`, for balls."""
        rho = correlation.max(flint.arb(-1)).min(flint.arb(1))
        total, power = flint.arb(0), flint.arb(1)
        for low, high in self.weights:
            ends = [flint.arb(flint.fmpq(w.numerator, w.denominator)) for w in (low, high)]
            total += ends[0].union(ends[1]) * power
            power *= rho
        bound = flint.arb(flint.fmpq(self.tail.numerator, self.tail.denominator))
        return total + bound * abs(power) * flint.arb(0, 1)

    def value(self, numerator: Fraction, square: Fraction = Fraction(1)) -> ExactReal:
        """φ(numerator/√square): exact for a finite series of rationals, else an interval.

        What is not known is one number for each point: an enclosure of the value is as narrow as
        the coefficients and `absolute_tail` allow.

        Raises:
            ActivationError: there is a tail and no `absolute_tail`.

        Complexity: O(K²) rational operations.
        """
        if self.absolute_tail is None:
            raise ActivationError(
                "activation: values need a bound of the tail at each point, got only a bound of "
                "its mean square; give absolute_tail, a bound of the sum of |c_k| √(k!)"
            )
        if numerator == 0 and self.parity == "odd":
            return ExactReal(Fraction(0))
        if numerator < 0 and self.parity is not None:
            return self.value(-numerator, square) * (1 if self.parity == "even" else -1)
        total, width = ExactReal(Fraction(0)), Fraction(0)
        for k, (low, high) in enumerate(self.coefficients):
            if low or high:
                at = Polynomial(_hermite(k)).value(numerator, square)
                total += low * at
                width += (high - low) * (_size(at) if high != low else 0)
        ratio = numerator * numerator / square
        if self.absolute_tail:
            width += self.absolute_tail * _upper(lambda: (_ball(ratio) / 4).exp() * 11 / 10)
        if not width:
            return total
        unknown = ExactReal.unknown("value", ratio if numerator >= 0 else -ratio)
        return total - width + 2 * width * unknown

    @property
    def specification(self) -> dict[str, Any]:
        """{"name": "hermite", "hermite_weights": [[lower, upper], …], "tail", "parity"}."""
        return {
            "name": self.name,
            "hermite_weights": [[str(low), str(high)] for low, high in self.weights],
            "tail": str(self.tail),
            "parity": self.parity,
        }

    def __str__(self) -> str:
        return f"hermite({len(self.weights)} coefficients, tail {self.tail})"


@cache
def _hermite(order: int) -> tuple[Fraction, ...]:
    """The coefficients of He_order, constant term first."""
    return Gaussian().polynomial(order)


def _ball(value: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _size(value: ExactReal) -> Fraction:
    """A rational at least |value|."""
    return _upper(lambda: abs(value.ball()))


def _upper(ball: Callable[[], flint.arb]) -> Fraction:
    """A rational just above what a ball contains."""
    with working_precision(256):
        above = (ball() * flint.arb(10) ** _DIGITS).upper().ceil().unique_fmpz()
    assert above is not None  # an end of a ball is one number
    return Fraction(int(above), 10**_DIGITS)
