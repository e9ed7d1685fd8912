"""Activations φ with their Gaussian correlation kernels K(ρ) = E[φ(u)φ(v)], corr(u, v) = ρ (M12).

A kernel value is an `ExactReal`: a rational combination of square roots over π and arcsines over π.
Sums of kernel values therefore cancel exactly, or are certainly not of the cancelled form.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import factorial
from typing import Any, ClassVar

import flint

from symcsq.distributions import Gaussian
from symcsq.errors import ActivationError, ExactnessError
from symcsq.exact import ExactReal, exact_square_root, rationals, shortened

__all__ = [
    "AbsoluteValue",
    "Activation",
    "ErrorFunction",
    "Polynomial",
    "ReLU",
    "Sign",
    "activation",
]


class Activation(ABC):
    """A function R -> R applied by the units of a hidden layer.

    Subclasses are frozen values with a `name`, exact values and exact Gaussian kernels.
    """

    __slots__ = ()
    name: ClassVar[str]
    #: Whether `covariance_kernel` knows every pair of variances, not only 1 and 1.
    scales: ClassVar[bool] = False

    @abstractmethod
    def kernel(self, correlation: Fraction) -> ExactReal:
        """K(ρ) = E[φ(u)φ(v)] for standard Gaussians u, v with correlation ρ.

        Arguments:
            correlation: a rational in [-1, 1].

        Returns:
            An `ExactReal`, rational when no atom is left.

        Raises:
            ActivationError: |ρ| > 1.
        """

    @abstractmethod
    def kernel_ball(self, correlation: flint.arb) -> flint.arb:
        """An `arb` that contains K(ρ) for every ρ in the ball `correlation`, cut to [-1, 1]."""

    @abstractmethod
    def value(self, numerator: Fraction, square: Fraction = Fraction(1)) -> ExactReal:
        """φ(numerator/√square), exactly.

        Arguments:
            numerator: a rational.
            square: a positive rational; pre-activations of the form ⟨w,x⟩/√m have square m.
        """

    def has_hermite_part(self, least: int) -> bool:
        """Whether a Hermite coefficient of a degree d >= least, d = least mod 2, can be non-zero.

        True where nothing is known: then no entry is called 0 for want of such a coefficient.
        """
        return True

    def covariance_kernel(
        self, covariance: Fraction, first: Fraction, second: Fraction
    ) -> ExactReal | None:
        """E[φ(U)φ(V)] for centred Gaussians with these variances and this covariance.

        Arguments:
            covariance: a rational, at most √(first·second) in size.
            first, second: Var U and Var V, rationals > 0.

        Returns:
            An `ExactReal`, or None when the value has no closed form in exact reals (use
            `covariance_ball`).

        Raises:
            ActivationError: a variance other than 1 when `scales` is False.

        Examples:
            >>> AbsoluteValue().covariance_kernel(Fraction(6), Fraction(4), Fraction(9))
            ExactReal(6)
            >>> ErrorFunction().covariance_kernel(Fraction(1), Fraction(3, 2), Fraction(3, 2))
            ExactReal(1/3)
        """
        self._require_unit(first, second)
        return self.kernel(covariance)

    def covariance_ball(
        self, covariance: flint.arb, first: Fraction, second: Fraction
    ) -> flint.arb:
        """As `covariance_kernel`, for every covariance in a ball."""
        self._require_unit(first, second)
        return self.kernel_ball(covariance)

    def _require_unit(self, first: Fraction, second: Fraction) -> None:
        if not first == second == 1:
            raise ActivationError(
                f"activation: the kernel of {self} is known for variance 1 only, got variances "
                f"{first} and {second}; use relu, abs, sign, erf or a polynomial"
            )

    @property
    def specification(self) -> dict[str, Any]:
        """The JSON-ready description that certificates carry."""
        return {"name": self.name}

    def __str__(self) -> str:
        return self.name


class _Homogeneous(Activation):
    """φ(st) = s^order·φ(t) for s > 0: the kernel at variance 1 gives all others."""

    __slots__ = ()
    scales: ClassVar[bool] = True
    order: ClassVar[int]

    def covariance_kernel(
        self, covariance: Fraction, first: Fraction, second: Fraction
    ) -> ExactReal | None:
        """√(first·second)^order·K(ρ) when the root is rational."""
        root = exact_square_root(first * second)
        return None if root is None else root**self.order * self.kernel(covariance / root)

    def covariance_ball(
        self, covariance: flint.arb, first: Fraction, second: Fraction
    ) -> flint.arb:
        """√(first·second)^order·K(ρ)."""
        root = _ball(first * second).sqrt()
        return root**self.order * self.kernel_ball(covariance / root)


def _ball(value: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _checked(correlation: Fraction) -> Fraction:
    if not -1 <= correlation <= 1:
        raise ActivationError(
            f"correlation: must be in [-1, 1], got {correlation}; normalise the two Gaussians"
        )
    return correlation


def _clamped(ball: flint.arb) -> flint.arb:
    return ball.max(flint.arb(-1)).min(flint.arb(1))


def _arc(correlation: Fraction) -> ExactReal:
    """(2/π)(√(1-ρ²) + ρ·arcsin ρ) = E|u||v|: an even function of ρ."""
    rho = abs(_checked(correlation))
    return 2 * ExactReal.root_over_pi(1 - rho * rho) + rho * ExactReal.arcsine(rho)


def _arc_ball(correlation: flint.arb) -> flint.arb:
    rho = _clamped(correlation)
    root = _root_ball(1 - rho * rho)
    return 2 * (root + rho * _arcsine_ball(rho)) / flint.arb.pi()


def _arcsine_ball(correlation: flint.arb) -> flint.arb:
    """arcsin of a ball that may reach a rounding error beyond ±1, where `arb.asin` has no value."""
    rho = _clamped(correlation)
    return flint.arb.atan2(rho, _root_ball(1 - rho * rho))


def _root_ball(square: flint.arb) -> flint.arb:
    """The root of what is >= 0 in a ball that may reach a rounding error below 0."""
    if square.lower() >= 0:
        return square.sqrt()
    above = square.upper()
    return flint.arb(0).union(above.sqrt()) if above > 0 else flint.arb(0)


@dataclass(frozen=True, slots=True)
class ReLU(_Homogeneous):
    """max(0, t), with K(ρ) = ρ/4 + A(|ρ|), A(ρ) = (√(1-ρ²) + ρ·arcsin ρ)/(2π).

    Source: M12 (the arc-cosine kernel of first order).

    Examples:
        >>> ReLU().kernel(Fraction(1)), ReLU().kernel(Fraction(0))
        (ExactReal(1/2), ExactReal(1/2*sqrt(1)/pi))
    """

    name: ClassVar[str] = "relu"
    order: ClassVar[int] = 1

    def has_hermite_part(self, least: int) -> bool:
        """Even degrees, and degree 1: relu t = (t + |t|)/2."""
        return least % 2 == 0 or least == 1

    def kernel(self, correlation: Fraction) -> ExactReal:
        """ρ/4 + A(|ρ|)."""
        return _arc(correlation) / 4 + correlation / 4

    def kernel_ball(self, correlation: flint.arb) -> flint.arb:
        """As `kernel`, for balls."""
        return _arc_ball(correlation) / 4 + _clamped(correlation) / 4

    def value(self, numerator: Fraction, square: Fraction = Fraction(1)) -> ExactReal:
        """max(0, numerator)/√square."""
        return max(numerator, Fraction(0)) * ExactReal.root(1 / square)


@dataclass(frozen=True, slots=True)
class AbsoluteValue(_Homogeneous):
    """|t|, with K(ρ) = (2/π)(√(1-ρ²) + ρ·arcsin ρ).

    Source: M12.

    Examples:
        >>> AbsoluteValue().kernel(Fraction(-1))
        ExactReal(1)
    """

    name: ClassVar[str] = "abs"
    order: ClassVar[int] = 1

    def has_hermite_part(self, least: int) -> bool:
        """Even degrees."""
        return least % 2 == 0

    def kernel(self, correlation: Fraction) -> ExactReal:
        """(2/π)(√(1-ρ²) + |ρ|·arcsin |ρ|)."""
        return _arc(correlation)

    def kernel_ball(self, correlation: flint.arb) -> flint.arb:
        """As `kernel`, for balls."""
        return _arc_ball(correlation)

    def value(self, numerator: Fraction, square: Fraction = Fraction(1)) -> ExactReal:
        """|numerator|/√square."""
        return abs(numerator) * ExactReal.root(1 / square)


@dataclass(frozen=True, slots=True)
class Sign(_Homogeneous):
    """sign(t), with sign(0) = 0 and K(ρ) = (2/π)·arcsin ρ.

    Source: M12.

    Examples:
        >>> Sign().kernel(Fraction(1, 2))
        ExactReal(1/3)
    """

    name: ClassVar[str] = "sign"
    order: ClassVar[int] = 0

    def has_hermite_part(self, least: int) -> bool:
        """Odd degrees."""
        return least % 2 == 1

    def kernel(self, correlation: Fraction) -> ExactReal:
        """(2/π)·arcsin ρ."""
        return ExactReal.arcsine(_checked(correlation))

    def kernel_ball(self, correlation: flint.arb) -> flint.arb:
        """As `kernel`, for balls."""
        return 2 * _arcsine_ball(correlation) / flint.arb.pi()

    def value(self, numerator: Fraction, square: Fraction = Fraction(1)) -> ExactReal:
        """The sign of the numerator."""
        return ExactReal.of((numerator > 0) - (numerator < 0))


@dataclass(frozen=True, slots=True)
class ErrorFunction(Activation):
    """erf(t), with K(ρ) = (2/π)·arcsin(2ρ/3): a sigmoid-like activation.

    Source: M12.

    Examples:
        >>> ErrorFunction().kernel(Fraction(3, 4))
        ExactReal(1/3)
    """

    name: ClassVar[str] = "erf"
    scales: ClassVar[bool] = True

    def has_hermite_part(self, least: int) -> bool:
        """Odd degrees."""
        return least % 2 == 1

    def covariance_kernel(
        self, covariance: Fraction, first: Fraction, second: Fraction
    ) -> ExactReal | None:
        """(2/π)·arcsin(2c/√((1 + 2·first)(1 + 2·second))) when the root is rational."""
        root = exact_square_root((1 + 2 * first) * (1 + 2 * second))
        return None if root is None else ExactReal.arcsine(2 * covariance / root)

    def covariance_ball(
        self, covariance: flint.arb, first: Fraction, second: Fraction
    ) -> flint.arb:
        """As `covariance_kernel`, for balls; |2c| stays below the root, so nothing is cut."""
        root = _ball((1 + 2 * first) * (1 + 2 * second)).sqrt()
        return 2 * (2 * covariance / root).asin() / flint.arb.pi()

    def kernel(self, correlation: Fraction) -> ExactReal:
        """(2/π)·arcsin(2ρ/3)."""
        return ExactReal.arcsine(2 * _checked(correlation) / 3)

    def kernel_ball(self, correlation: flint.arb) -> flint.arb:
        """As `kernel`, for balls."""
        return 2 * (2 * _clamped(correlation) / 3).asin() / flint.arb.pi()

    def value(self, numerator: Fraction, square: Fraction = Fraction(1)) -> ExactReal:
        """erf(numerator/√square)."""
        sign = (numerator > 0) - (numerator < 0)
        return ExactReal.error_function(sign, numerator * numerator / square)


@dataclass(frozen=True, slots=True, init=False)
class Polynomial(Activation):
    """A polynomial with rational coefficients; its kernel is rational.

    Arguments:
        coefficients: rationals, constant term first; zeros at the end are dropped.

    Raises:
        ActivationError: no coefficients, or one that is not rational.

    Source: M12: K(ρ) = Σ c_k² k! ρ^k, with φ = Σ c_k He_k.

    Examples:
        >>> Polynomial([0, 0, 1]).kernel(Fraction(1, 2))
        ExactReal(3/2)
    """

    name: ClassVar[str] = "polynomial"
    scales: ClassVar[bool] = True
    coefficients: tuple[Fraction, ...]

    def __init__(self, coefficients: Sequence[object]) -> None:
        try:
            values = rationals(coefficients, "activation")
        except ExactnessError as error:
            raise ActivationError(str(error)) from None
        if not values:
            raise ActivationError(
                "activation: a polynomial needs at least one coefficient, got none; "
                "write [0, 0, 1] for t²"
            )
        while len(values) > 1 and not values[-1]:
            values = values[:-1]
        object.__setattr__(self, "coefficients", values)

    @classmethod
    def power(cls, exponent: int) -> Polynomial:
        """The activation t ↦ t^exponent."""
        return _power(exponent)

    @property
    def degree(self) -> int:
        """The degree; 0 for constants, the zero polynomial included."""
        return len(self.coefficients) - 1

    @property
    def hermite(self) -> tuple[Fraction, ...]:
        """c_0, c_1, … of φ = Σ c_k He_k."""
        return Gaussian().in_basis(self.coefficients)

    def has_hermite_part(self, least: int) -> bool:
        """Whether there is a term t^j with j >= least, j = least mod 2: the top one survives."""
        return any(self.coefficients[least::2])

    def scaled_hermite(self, variance: Fraction) -> tuple[Fraction, ...]:
        """q_0, q_1, … of φ(st) = Σ q_d s^d He_d(t), s² = variance: rational for rational s².

        Source: t^j = Σ_i j!/(2^i i! (j-2i)!)·He_{j-2i}.

        Examples:
            >>> [str(q) for q in Polynomial([0, 0, 0, 1]).scaled_hermite(Fraction(2))]
            ['0', '6', '0', '1']
        """
        result = []
        for d in range(len(self.coefficients)):
            q = Fraction(0)
            for i, a in enumerate(self.coefficients[d::2]):
                q += (
                    a
                    * Fraction(factorial(d + 2 * i), 2**i * factorial(i) * factorial(d))
                    * (variance**i)
                )
            result.append(q)
        return tuple(result)

    def covariance_kernel(
        self, covariance: Fraction, first: Fraction, second: Fraction
    ) -> ExactReal:
        """Σ d! q_d(first) q_d(second) covariance^d: rational."""
        pairs = zip(self.scaled_hermite(first), self.scaled_hermite(second), strict=True)
        terms = (p * q * factorial(d) * covariance**d for d, (p, q) in enumerate(pairs))
        return ExactReal.of(sum(terms, Fraction(0)))

    def covariance_ball(
        self, covariance: flint.arb, first: Fraction, second: Fraction
    ) -> flint.arb:
        """As `covariance_kernel`, for balls."""
        total, power = flint.arb(0), flint.arb(1)
        pairs = zip(self.scaled_hermite(first), self.scaled_hermite(second), strict=True)
        for d, (p, q) in enumerate(pairs):
            total += _ball(p * q * factorial(d)) * power
            power *= covariance
        return total

    def kernel(self, correlation: Fraction) -> ExactReal:
        """Σ c_k² k! ρ^k."""
        rho = _checked(correlation)
        terms = (c * c * factorial(k) * rho**k for k, c in enumerate(self.hermite))
        return ExactReal.of(sum(terms, Fraction(0)))

    def kernel_ball(self, correlation: flint.arb) -> flint.arb:
        """As `kernel`, for balls."""
        total, power = flint.arb(0), flint.arb(1)
        for k, c in enumerate(self.hermite):
            weight = c * c * factorial(k)
            total += flint.arb(flint.fmpq(weight.numerator, weight.denominator)) * power
            power *= _clamped(correlation)
        return total

    def value(self, numerator: Fraction, square: Fraction = Fraction(1)) -> ExactReal:
        """Σ a_j numerator^j square^{-j/2}: rational even part, odd part over √square."""
        even, odd = Fraction(0), Fraction(0)
        for j, a in enumerate(self.coefficients):
            term = a * numerator**j / square ** (j // 2)
            if j % 2:
                odd += term
            else:
                even += term
        return even + odd * ExactReal.root(1 / square)

    @property
    def specification(self) -> dict[str, Any]:
        """{"polynomial": coefficient strings, constant term first}."""
        return {"polynomial": [str(c) for c in self.coefficients]}

    def __str__(self) -> str:
        return f"polynomial({','.join(str(c) for c in self.coefficients)})"


@lru_cache(maxsize=256)
def _power(exponent: int) -> Polynomial:
    return Polynomial([0] * exponent + [1])


_NAMED: dict[str, Activation] = {
    a.name: a for a in (ReLU(), AbsoluteValue(), Sign(), ErrorFunction())
}


def activation(specification: Any) -> Activation:
    """The activation that a name, a list of coefficients or their text denotes.

    Arguments:
        specification: an `Activation` (returned unchanged), one of "relu", "abs", "sign", "erf", a
            sequence of rational coefficients (constant term first), or the text
            "polynomial(0,0,1)" or "0,0,1".

    Returns:
        An `Activation`.

    Raises:
        ActivationError: unknown name, or coefficients that are not rational.

    Complexity: linear in the input.

    Source: M12.

    Examples:
        >>> activation("relu"), activation([0, "1/2"])
        (ReLU(), Polynomial(coefficients=(Fraction(0, 1), Fraction(1, 2))))
        >>> activation("tanh")
        Traceback (most recent call last):
            ...
        symcsq.errors.ActivationError: activation: must be one of abs, erf, relu, sign or a list \
of coefficients, got 'tanh'; write "relu" or [0, 0, 1] for t²
    """
    if isinstance(specification, Activation):
        return specification
    if isinstance(specification, str):
        text = specification.strip().lower()
        if text in _NAMED:
            return _NAMED[text]
        inside = text.removeprefix("polynomial").strip().removeprefix("(").removesuffix(")")
        if "," in inside or text.startswith("polynomial"):
            return Polynomial(inside.split(","))
    elif isinstance(specification, Sequence):
        return Polynomial(specification)
    raise ActivationError(
        f"activation: must be one of {', '.join(sorted(_NAMED))} or a list of coefficients, "
        f'got {shortened(specification)}; write "relu" or [0, 0, 1] for t²'
    )
