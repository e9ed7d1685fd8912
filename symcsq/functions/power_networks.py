"""Polynomials as one hidden layer of power units with integer weights."""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial, gcd

import numpy as np

from symcsq.distributions.joint import Terms
from symcsq.functions.activations import Polynomial
from symcsq.functions.networks import OneHiddenLayer, Unit

__all__ = ["power_network"]


def power_network(terms: Terms, inputs: int) -> OneHiddenLayer:
    """A polynomial as one hidden layer of units t^e with integer weights, by polarisation.

    For |α| = e, x^α = (1/e!) Σ_{0<=k<=α} (-1)^{e-|k|} ∏ binom(α_i, k_i) ⟨k, x⟩^e; parallel units
    are merged by dividing their weights by their greatest common divisor.

    Arguments:
        terms: {monomial exponents: coefficient}.
        inputs: the number of variables.

    Returns:
        A `OneHiddenLayer` with at most Σ ∏(α_i + 1) units.

    Complexity: Σ ∏(α_i + 1) over the monomials.

    Source: MATH.md 4.1 (realisability); the polarisation identity for symmetric forms.

    Examples:
        >>> network = power_network({(1, 1): Fraction(1)}, 2)
        >>> network.width, network([5, 7])
        (3, Fraction(35, 1))
    """
    units: dict[tuple[int, tuple[tuple[int, int], ...]], Fraction] = {}
    for alpha, coefficient in terms.items():
        support = [(i, a) for i, a in enumerate(alpha) if a]
        total = sum(alpha)
        if not total:
            units[0, ()] = units.get((0, ()), Fraction(0)) + coefficient
            continue
        scale = coefficient / factorial(total)
        for choice in np.ndindex(*(a + 1 for _, a in support)):
            size = sum(choice)
            if not size:
                continue
            divisor = gcd(*choice)
            weight = scale * divisor**total * (-1) ** (total - size)
            for k, (_, a) in zip(choice, support, strict=True):
                weight *= comb(a, k)
            key = (
                total,
                tuple(
                    (i, int(k) // divisor) for k, (i, _) in zip(choice, support, strict=True) if k
                ),
            )
            units[key] = units.get(key, Fraction(0)) + weight
    return OneHiddenLayer(
        inputs,
        tuple(
            Unit(tuple((i, Fraction(k)) for i, k in weights), value, Polynomial.power(total))
            for (total, weights), value in sorted(units.items())
            if value
        ),
    )
