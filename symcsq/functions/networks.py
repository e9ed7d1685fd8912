"""One-hidden-layer networks with explicit exact weights: what realises the members of a family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symcsq.errors import ExpansionError
from symcsq.exact import ExactReal, rationals
from symcsq.functions.activations import Activation

__all__ = ["OneHiddenLayer", "Unit", "point"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One hidden unit: coefficient·φ((Σ weight·x_i + bias)/√scale).

    Arguments:
        weights: pairs (input index, weight), indices increasing, weights rational and non-zero.
        coefficient: the weight of the unit in the output.
        activation: φ.
        bias: a rational.

    Examples:
        >>> from symcsq.functions import ReLU
        >>> Unit(((0, Fraction(1)), (2, Fraction(-1))), Fraction(2), ReLU()).pre_activation(
        ...     [5, 0, 3]
        ... )
        Fraction(2, 1)
    """

    weights: tuple[tuple[int, Fraction], ...]
    coefficient: Fraction
    activation: Activation
    bias: Fraction = Fraction(0)

    def pre_activation(self, x: Sequence[Any]) -> Fraction:
        """Σ weight·x_i + bias."""
        return sum((w * x[i] for i, w in self.weights), self.bias)


@dataclass(frozen=True, slots=True)
class OneHiddenLayer:
    """x ↦ Σ_units coefficient·φ((⟨w, x⟩ + b)/√scale), all weights rational.

    The irrational scale √m of the parity networks is kept apart as `scale`, so that every weight
    that is stored is rational; the weights of the network itself are weight/√scale.

    Arguments:
        inputs: the number n of inputs.
        units: the hidden units.
        scale: a positive rational.

    Source: MATH.md 4.1 to 4.3 (realisability).

    Examples:
        >>> from symcsq.functions import ReLU
        >>> unit = Unit(((0, Fraction(3)),), Fraction(1), ReLU())
        >>> OneHiddenLayer(1, (unit,), Fraction(9))([2])
        Fraction(2, 1)
    """

    inputs: int
    units: tuple[Unit, ...]
    scale: Fraction = Fraction(1)

    @property
    def width(self) -> int:
        """The number of hidden units."""
        return len(self.units)

    def __call__(self, x: Sequence[object]) -> Fraction | ExactReal:
        """The exact value at a rational point: a Fraction whenever it is rational."""
        at = point(x, self.inputs)
        total = ExactReal(Fraction(0))
        for unit in self.units:
            total += unit.coefficient * unit.activation.value(unit.pre_activation(at), self.scale)
        return total.simplified()

    def to_numpy(self) -> tuple[Any, Any, Any]:
        """Floating-point (W, b, a) of shapes (width, n), (width,), (width,), scale included.

        For experiments with other libraries only; nothing exact is computed from them.
        """
        import numpy as np

        root = float(self.scale) ** 0.5
        weights = np.zeros((self.width, self.inputs))
        for row, unit in enumerate(self.units):
            for column, weight in unit.weights:
                weights[row, column] = float(weight) / root
        biases = np.array([float(unit.bias) / root for unit in self.units])
        output = np.array([float(unit.coefficient) for unit in self.units])
        return weights, biases, output


def point(x: Sequence[object], dimension: int) -> tuple[Fraction, ...]:
    """A point of Q^dimension, checked."""
    values = rationals(x, "x")
    if len(values) != dimension:
        raise ExpansionError(
            f"x: must have {dimension} coordinates, got {len(values)}; give one for each input"
        )
    return values
