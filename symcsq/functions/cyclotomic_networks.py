"""Hidden layers whose weights lie in a real cyclotomic field: the rotation networks of MATH.md 4.4.

Unit j has the weights cos(πj/k)·u + sin(πj/k)·v. With ζ = e^{πi/k} its pre-activation at a rational
point is (ζ^j·(p - iq) + ζ^{-j}·(p + iq))/2, p = ⟨u, x⟩, q = ⟨v, x⟩: exact arithmetic modulo a
cyclotomic polynomial.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any

import flint

from symcsq.errors import ExpansionError
from symcsq.exact import ExactReal, working_precision
from symcsq.functions.activations import AbsoluteValue, Activation, Polynomial, ReLU, Sign
from symcsq.functions.networks import point

__all__ = ["RotationLayer"]


@dataclass(frozen=True, slots=True)
class RotationLayer:
    """x ↦ coefficient·Σ_blocks Σ_{j=1}^{2k} (-1)^j σ(⟨cos(πj/k)·u + sin(πj/k)·v, x⟩/√scale).

    Arguments:
        inputs: the number n of inputs.
        blocks: pairs (u, v) of rational vectors of length n; each has 2k units.
        half_turns: k >= 1.
        activation: σ.
        coefficient: a rational factor of the output.
        scale: a positive rational.

    Source: MATH.md 4.4, M16.

    Examples:
        >>> layer = RotationLayer(2, (((1, 0), (0, 1)),), 3, Polynomial.power(3), Fraction(2, 3))
        >>> layer([2, 1]), layer.width, layer.weights(1)[0]
        (Fraction(2, 1), 6, ExactReal(1/2))
    """

    inputs: int
    blocks: tuple[tuple[Sequence[Any], Sequence[Any]], ...]
    half_turns: int
    activation: Activation
    coefficient: Fraction = Fraction(1)
    scale: Fraction = Fraction(1)

    @property
    def width(self) -> int:
        """2k units for each block."""
        return 2 * self.half_turns * len(self.blocks)

    def weights(self, unit: int, block: int = 0) -> tuple[ExactReal, ...]:
        """The weights cos(πj/k)·u + sin(πj/k)·v of unit j = 1..2k, before 1/√scale."""
        turn = Fraction(unit, self.half_turns)
        cosine, sine = ExactReal.cosine(turn), ExactReal.cosine(Fraction(1, 2) - turn)
        u, v = self.blocks[block]
        return tuple(Fraction(a) * cosine + Fraction(b) * sine for a, b in zip(u, v, strict=True))

    def output_weight(self, unit: int) -> Fraction:
        """The output weight (-1)^j·coefficient of unit j."""
        return self.coefficient * (-1) ** unit

    def __call__(self, x: Sequence[object]) -> Fraction | ExactReal:
        """The exact value at a rational point.

        Returns:
            A Fraction for polynomial activations whenever the value is rational, otherwise an
            `ExactReal` over cosines.

        Raises:
            ExpansionError: the value is known for no exact type (erf at irrational points).
        """
        at = point(x, self.inputs)
        total = ExactReal(Fraction(0))
        for u, v in self.blocks:
            p = sum((Fraction(a) * b for a, b in zip(u, at, strict=True)), Fraction(0))
            q = sum((Fraction(a) * b for a, b in zip(v, at, strict=True)), Fraction(0))
            total += self._block(p, q)
        return (self.coefficient * total).simplified()

    def _block(self, p: Fraction, q: Fraction) -> ExactReal:
        field = _Field.of(self.half_turns)
        phi = self.activation
        units = [field.pre_activation(j, p, q) for j in range(1, 2 * self.half_turns + 1)]
        signs = [(-1) ** j for j in range(1, 2 * self.half_turns + 1)]
        total = ExactReal(Fraction(0))
        if isinstance(phi, Polynomial):
            for r, a in enumerate(phi.coefficients):
                if not a:
                    continue
                value = flint.fmpq_poly()
                for t, s in zip(units, signs, strict=True):
                    value += s * field.power(t, r)
                odd = ExactReal.root(1 / self.scale) if r % 2 else ExactReal.of(1)
                total += a / self.scale ** (r // 2) * field.rational(value) * odd
            return total
        if not isinstance(phi, (ReLU, AbsoluteValue, Sign)):
            raise ExpansionError(
                f"activation: {phi} has no exact values at irrational points; use a polynomial, "
                "relu, abs or sign"
            )
        for j, (t, s) in enumerate(zip(units, signs, strict=True), 1):
            sign = field.sign(t)
            if isinstance(phi, Sign):
                total += s * sign
            elif sign > 0 or (sign < 0 and isinstance(phi, AbsoluteValue)):
                total += s * sign * _linear(Fraction(j, self.half_turns), p, q)
        if isinstance(phi, Sign):
            return total
        return _over_root(total, self.scale)


def _linear(turn: Fraction, p: Fraction, q: Fraction) -> ExactReal:
    return p * ExactReal.cosine(turn) + q * ExactReal.cosine(Fraction(1, 2) - turn)


def _over_root(value: ExactReal, scale: Fraction) -> ExactReal:
    root = ExactReal.root(1 / scale)
    if root.is_rational:
        return value * root.constant
    if value.is_rational:
        return root * value.constant
    raise ExpansionError(
        f"scale: the value is (an irrational number)/√{scale}, which has no exact type here; "
        "use vectors whose squared length is a square"
    )


class _Field:
    """Q(ζ_N) as polynomials modulo Φ_N, N = lcm(2k, 4): contains i and e^{πi/k}."""

    def __init__(self, half_turns: int) -> None:
        self.order = lcm(2 * half_turns, 4)
        self.modulus = flint.fmpq_poly(flint.fmpz_poly.cyclotomic(self.order))
        self.step = self.order // (2 * half_turns)

    @staticmethod
    @lru_cache(maxsize=64)
    def of(half_turns: int) -> _Field:
        return _Field(half_turns)

    def root(self, exponent: int) -> Any:
        """ζ_N^exponent."""
        return flint.fmpq_poly([0] * (exponent % self.order) + [1]) % self.modulus

    def pre_activation(self, j: int, p: Fraction, q: Fraction) -> Any:
        """cos(πj/k)·p + sin(πj/k)·q."""
        i = self.root(self.order // 4)
        turn, back = self.root(self.step * j), self.root(-self.step * j)
        p_, q_ = flint.fmpq(p.numerator, p.denominator), flint.fmpq(q.numerator, q.denominator)
        return ((turn * (p_ - q_ * i) + back * (p_ + q_ * i)) * flint.fmpq(1, 2)) % self.modulus

    def power(self, value: Any, exponent: int) -> Any:
        """value^exponent in the field."""
        result = flint.fmpq_poly([1])
        while exponent:
            if exponent & 1:
                result = result * value % self.modulus
            exponent >>= 1
            if exponent:
                value = value * value % self.modulus
        return result

    def rational(self, value: Any) -> Fraction:
        """The field element as a Fraction."""
        if value.degree() > 0:
            raise ExpansionError(f"value: the sum over all units must be rational, got {value}")
        constant = value[0]
        return Fraction(int(constant.p), int(constant.q))

    def sign(self, value: Any) -> int:
        """The sign of a real element: zero is decided in the field, the rest by balls."""
        if not value:
            return 0
        precision = 128
        while True:
            with working_precision(precision):
                ball = flint.arb(0)
                for e in range(value.degree() + 1):
                    turn = flint.fmpq(2 * e, self.order)
                    ball += flint.arb(value[e]) * flint.arb.cos_pi_fmpq(turn)
                if ball > 0:
                    return 1
                if ball < 0:
                    return -1
            precision *= 2
