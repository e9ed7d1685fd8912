"""Activations known by finitely many Hermite coefficients and a bound on the rest.

φ = Σ c_k He_k has K(ρ) = Σ w_k ρ^k with w_k = c_k² k! >= 0. Coefficients may be enclosures, and the
weights that are not given sum to at most `tail`. What is unknown is kept as numbers in [0, 1] that
cancel like any other atom: an even activation still gives exactly 0 for odd m (M12, M13).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any, ClassVar

import flint

from symcsq.errors import ActivationError
from symcsq.exact import Enclosure, ExactReal, rational
from symcsq.functions.activations import Activation

__all__ = ["HermiteSeries"]


@dataclass(frozen=True, slots=True, init=False)
class HermiteSeries(Activation):
    """An activation given by c_0, …, c_K and Σ_{k>K} c_k² k! <= tail.

    Arguments:
        coefficients: rationals or `Enclosure`s.
        tail: a rational >= 0; 0 when there are no further coefficients.
        parity: "even" or "odd" when the other coefficients vanish, also those in the tail.

    Raises:
        ActivationError: no coefficients, a negative tail, or a coefficient against the parity.

    Source: M12, M13; MATH.md 4.2.

    Examples:
        >>> phi = HermiteSeries([0, 1, "1/2"], tail="1/100")
        >>> phi.kernel(Fraction(1, 2)).enclosure(6)
        Enclosure([0.625000, 0.627501])
    """

    name: ClassVar[str] = "hermite"
    weights: tuple[tuple[Fraction, Fraction], ...]
    """(lower, upper) for each w_k = c_k² k!."""
    tail: Fraction
    parity: str | None

    def __init__(
        self, coefficients: Sequence[Any], tail: object = 0, *, parity: str | None = None
    ) -> None:
        if isinstance(coefficients, str | bytes) or not isinstance(coefficients, Iterable):
            raise ActivationError(
                "coefficients: must be a sequence of rationals or enclosures, got "
                f"{type(coefficients).__name__}; write [0, 1] for the identity"
            )
        weights = []
        for k, c in enumerate(coefficients):
            if isinstance(c, Enclosure):
                ends = sorted((c.lower * c.lower, c.upper * c.upper))
                low = Fraction(0) if c.lower <= 0 <= c.upper else ends[0]
                weights.append((low * factorial(k), ends[1] * factorial(k)))
            else:
                value = rational(c, f"coefficients[{k}]") ** 2 * factorial(k)
                weights.append((value, value))
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
        object.__setattr__(self, "weights", tuple(weights))
        object.__setattr__(self, "tail", bound)
        object.__setattr__(self, "parity", parity)

    @classmethod
    def from_second_moment(
        cls, coefficients: Sequence[Any], second_moment: object, *, parity: str | None = None
    ) -> HermiteSeries:
        """The series with the tail that Parseval gives: E[φ²] = Σ c_k² k!.

        Arguments:
            coefficients: as for `HermiteSeries`.
            second_moment: E[φ(u)²], u standard Gaussian, or a rational upper bound.
            parity: as for `HermiteSeries`.

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
        return cls(coefficients, rest, parity=parity)

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
        """Not known: finitely many coefficients do not give the function's values."""
        raise ActivationError(
            "activation: values are not known from Hermite coefficients; "
            "use a named activation or a polynomial"
        )

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
