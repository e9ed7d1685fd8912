"""Checks for parity networks: the activation's kernel and the squared norm that it gives (M12)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np

from symcsq.exact import CANONICAL_DIGITS, Atom, Enclosure, ExactReal
from symcsq.functions import Activation, HermiteSeries, Polynomial
from symcsq.verifier.claims import ClaimResult, Status, exact_text
from symcsq.verifier.kernels import kernel_disagrees

Value = Fraction | Enclosure

#: Networks with at most this many inputs are summed over all pairs of hidden units.
_PAIRS_UP_TO = 10


@dataclass(frozen=True, slots=True)
class ParityNorm:
    """The kernel at the correlations of a network's units, and the squared norm ``|f_S|**2``.

    `kernel[h]` is K(1 - 2h/m); `norm` is exact, a combination of irrational atoms when it is not
    rational.
    """

    m: int
    activation: Activation
    kernel: tuple[ExactReal, ...]
    norm: ExactReal

    @classmethod
    def of(cls, m: int, activation: Activation) -> ParityNorm:
        """By the closed formula of M12.

        Examples:
            >>> from symcsq.functions import ReLU
            >>> str(ParityNorm.of(2, ReLU()).norm), str(ParityNorm.of(3, ReLU()).norm)
            ('2 + -4*sqrt(1)/pi', '0')
        """
        kernel = tuple(
            ExactReal.of(activation.kernel(Fraction(m - 2 * h, m))) for h in range(m + 1)
        )
        constant, terms = Fraction(0), dict[Atom, Fraction]()
        for h, value in enumerate(kernel):
            weight = (-1) ** h * comb(m, h) * 2**m
            constant += weight * value.constant
            for atom, coefficient in value.terms:
                terms[atom] = terms.get(atom, Fraction(0)) + weight * coefficient
        return cls(m, activation, kernel, ExactReal.combine(constant, terms))

    @property
    def is_zero(self) -> bool:
        """Whether the atoms cancel: the network is then the zero function."""
        return not self.norm

    def scaled(self, factor: int) -> Value:
        """``factor * norm`` as certificates write it: exact when rational, else 30 decimals."""
        return canonical(self.norm * factor)

    def kernel_claim(self) -> ClaimResult:
        """Every kernel value, each compared with an independent route."""
        statement = f"kernel of {self.activation} at 1 - 2h/{self.m}"
        values: list[list[str]] = []
        exact = True
        record: dict[str, Any] = {"values": values, "digits": CANONICAL_DIGITS}
        specification = self.activation.specification
        if isinstance(self.activation, Polynomial):
            record["hermite"] = [exact_text(a) for a in self.activation.hermite]
        if isinstance(self.activation, HermiteSeries):
            low, high = (sum(ends) for ends in zip(*self.activation.weights, strict=True))
            ends_of_square = low, high + self.activation.tail
            record["second_moment"] = [exact_text(end) for end in ends_of_square]
        for h, kernel in enumerate(self.kernel):
            rho = Fraction(self.m - 2 * h, self.m)
            value = canonical(kernel)
            wrong = kernel_disagrees(specification, rho, value)
            if wrong:
                return ClaimResult(
                    "kernel",
                    statement,
                    "refuted",
                    wrong,
                    witness={"correlation": exact_text(rho), "found": wrong},
                )
            exact = exact and isinstance(value, Fraction)
            values.append([exact_text(rho), *ends(value)])
        status: Status = "proved" if exact else "enclosed"
        return ClaimResult("kernel", statement, status, f"{len(values)} values", record=record)

    def disagreement(self) -> str:
        """ "" when the formula's weights are those of a direct sum over pairs of hidden units.

        ``|f_S|**2 = sum over w, w' of (prod w)(prod w') K(<w, w'>/m)``: the terms with the same
        inner product are counted with their signs.
        """
        if self.m > _PAIRS_UP_TO:
            return ""
        signs = 1 - 2 * ((np.arange(1 << self.m)[:, None] >> np.arange(self.m)) & 1)
        outer = signs.prod(axis=1)
        distances = (self.m - signs @ signs.T) // 2
        for h in range(self.m + 1):
            counted = int((outer[:, None] * outer)[distances == h].sum())
            formula = (-1) ** h * comb(self.m, h) * 2**self.m
            if counted != formula:
                return f"pairs of units at distance {h} count {counted}, the formula {formula}"
        return ""


def canonical(value: ExactReal) -> Value:
    """The Fraction when the value is rational, else its canonical enclosure."""
    simple = value.simplified()
    return simple.enclosure(CANONICAL_DIGITS) if isinstance(simple, ExactReal) else simple


def ends(value: Value) -> list[str]:
    """[lower, upper] as certificates write them."""
    if isinstance(value, Fraction):
        return [exact_text(value)] * 2
    return [exact_text(value.lower), exact_text(value.upper)]


def shown(value: Value) -> str:
    """A value for people: exact, its decimals followed by an ellipsis, or between two numbers.

    Examples:
        >>> shown(Enclosure.around(Fraction(1, 3))), shown(Enclosure(Fraction(1), Fraction(2)))
        ('0.333333333333333…', 'between 1 and 2')
    """
    if isinstance(value, Fraction):
        return str(value)
    if value.upper - value.lower > Fraction(1, 10**value.digits):
        return f"between {float(value.lower):.6g} and {float(value.upper):.6g}"
    scaled = int(value.lower * 10**value.digits)
    whole, decimals = divmod(abs(scaled), 10**value.digits)
    return f"{'-' if scaled < 0 else ''}{whole}.{str(decimals).rjust(value.digits, '0')[:15]}…"
