"""Kernels: closed forms against numerical integration, balls against exact values, parity laws."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from math import comb
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.distributions import Gaussian
from symcsq.errors import ActivationError
from symcsq.exact import ExactReal
from symcsq.functions import (
    AbsoluteValue,
    Activation,
    ErrorFunction,
    HermiteSeries,
    Polynomial,
    ReLU,
    Sign,
    activation,
)

ALL: list[Activation] = [
    ReLU(),
    AbsoluteValue(),
    Sign(),
    ErrorFunction(),
    Polynomial([0, 0, 1]),
    Polynomial(["1/2", -1, 0, 2]),
    Polynomial([0]),
]
FLOATS = {
    "relu": lambda t: max(t, 0),
    "abs": abs,
    "sign": lambda t: int(t > 0) - int(t < 0),
    "erf": math.erf,
}
correlations = st.fractions(min_value=-1, max_value=1, max_denominator=40)


def integral(phi: Activation, rho: Fraction) -> float:
    """E[φ(u)φ(v)] by quadrature in polar coordinates, cut at the kinks: no closed form is used."""
    if isinstance(phi, Polynomial):

        def function(t: Any) -> Any:
            return sum(float(c) * t**k for k, c in enumerate(phi.coefficients))

    else:
        function = np.vectorize(FLOATS[phi.name])
    angle = np.arccos(float(rho))
    kinks = sorted({(k + d) % (2 * np.pi) for k in (np.pi / 2, 3 * np.pi / 2) for d in (0, angle)})
    edges = [*kinks, kinks[0] + 2 * np.pi]
    nodes, weights = np.polynomial.legendre.leggauss(40)
    radii, radial = 5 * (nodes + 1), 5 * weights
    total = 0.0
    for left, right in pairwise(edges):
        theta = (left + right) / 2 + (right - left) / 2 * nodes
        u = np.outer(np.cos(theta), radii)
        v = np.outer(np.cos(theta - angle), radii)
        density = radii * np.exp(-(radii**2) / 2) * radial / (2 * np.pi)
        total += (right - left) / 2 * weights @ (function(u) * function(v)) @ density
    return float(total)


@pytest.mark.parametrize("phi", ALL, ids=str)
@pytest.mark.parametrize("rho", [Fraction(-3, 4), Fraction(0), Fraction(1, 3)])
def test_kernel_is_the_double_integral(phi: Activation, rho: Fraction) -> None:
    assert abs(float(phi.kernel(rho)) - integral(phi, rho)) < 1e-9


@given(st.sampled_from(ALL), correlations)
def test_kernel_ball_contains_the_exact_value(phi: Activation, rho: Fraction) -> None:
    ball = phi.kernel_ball(flint.arb(flint.fmpq(rho.numerator, rho.denominator)))
    assert ball.overlaps(phi.kernel(rho).ball())
    wide = phi.kernel_ball(flint.arb(flint.fmpq(rho.numerator, rho.denominator), 0.25))
    assert wide.contains(ball) or wide.overlaps(ball)


@given(correlations)
def test_parity_laws_hold_exactly(rho: Fraction) -> None:
    assert AbsoluteValue().kernel(-rho) == AbsoluteValue().kernel(rho)
    assert Sign().kernel(-rho) == -Sign().kernel(rho)
    assert ErrorFunction().kernel(-rho) == -ErrorFunction().kernel(rho)
    # relu(t) = (t + |t|)/2
    assert ReLU().kernel(rho) == AbsoluteValue().kernel(rho) / 4 + rho / 4


@given(st.lists(st.fractions(max_denominator=5, min_value=-3, max_value=3), min_size=1, max_size=5),
       correlations)  # fmt: skip
def test_polynomial_kernel_by_moments(coefficients: list[Fraction], rho: Fraction) -> None:
    from symcsq.distributions import Gaussian

    # v = ρu + √(1-ρ²)w: only even powers of w survive, so the sum stays rational.
    law, phi = Gaussian(), Polynomial(coefficients)
    from math import comb

    total = Fraction(0)
    for i, a in enumerate(phi.coefficients):
        for j, b in enumerate(phi.coefficients):
            for e in range(0, j + 1, 2):
                total += (
                    a * b * comb(j, e) * rho ** (j - e) * (1 - rho * rho) ** (e // 2)
                    * law.moment(i + j - e) * law.moment(e)
                )  # fmt: skip
    assert phi.kernel(rho) == total


@given(st.sampled_from(ALL), st.fractions(max_denominator=9), st.integers(1, 12))
def test_value_is_the_function(phi: Activation, t: Fraction, square: int) -> None:
    value = float(phi.value(t, Fraction(square)))
    argument = float(t) / square**0.5
    if isinstance(phi, Polynomial):
        expected = sum(float(c) * argument**k for k, c in enumerate(phi.coefficients))
    else:
        expected = float(FLOATS[phi.name](argument))
    assert abs(value - expected) <= 1e-9 * max(1, abs(expected))


def test_special_values() -> None:
    assert ReLU().kernel(Fraction(1)) == Fraction(1, 2)
    assert ReLU().kernel(Fraction(-1)) == 0
    assert Sign().kernel(Fraction(1)) == 1
    assert Sign().value(Fraction(0)) == 0
    assert Polynomial([0, 0, 0]).coefficients == (0,)
    assert Polynomial([1, 2, 0]).degree == 1
    assert ReLU().value(Fraction(3), Fraction(9)) == 1
    assert ErrorFunction().value(Fraction(0)) == ExactReal(Fraction(0))


@pytest.mark.parametrize("phi", ALL, ids=str)
def test_text_round_trip(phi: Activation) -> None:
    assert activation(str(phi)) == phi and hash(activation(str(phi))) == hash(phi)
    assert activation(phi) is phi


@pytest.mark.parametrize(
    ("specification", "message"),
    [
        ("tanh", "must be one of abs, erf, relu, sign or a list of coefficients, got 'tanh'"),
        ([], "at least one coefficient"),
        ([0.5], "activation[0]: must be an exact rational, got the float 0.5"),
        ("1,x", "activation[1]: must be an exact rational, got 'x'"),
        (7, "got 7"),
        (None, "got None"),
    ],
)
def test_bad_activation(specification: object, message: str) -> None:
    with pytest.raises(ActivationError) as caught:
        activation(specification)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_correlation_outside_the_interval() -> None:
    with pytest.raises(ActivationError, match="must be in"):
        ReLU().kernel(Fraction(3, 2))


def _erf_by_one_integral(a: Fraction, b: Fraction, c: Fraction) -> flint.arb:
    """E[erf(U)erf(V)] for Var U = a, Var V = b, Cov = c, with V integrated out by hand."""
    # V given U = u has mean cu/a and variance b - c²/a; E erf(mean + √s Z) = erf(mean/√(1 + 2s)).
    inner = _number(c / a) / _number(1 + 2 * (b - c * c / a)).sqrt()
    root = _number(a).sqrt()

    def integrand(t: flint.acb, _: bool) -> flint.acb:
        u = root * t
        return u.erf() * (inner * u).erf() * (-t * t / 2).exp()

    total = flint.acb.integral(integrand, 0, 12).real * 2 / (2 * flint.arb.pi()).sqrt()
    return total + flint.arb(0, 1e-30)  # the rest of the integral


def _number(value: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


@pytest.mark.parametrize("a", [Fraction(1), Fraction(3), Fraction(1, 7)])
@pytest.mark.parametrize("b", [Fraction(1), Fraction(9, 2)])
@pytest.mark.parametrize("size", [Fraction(1, 3), Fraction(-2, 3), Fraction(99, 100)])
def test_erf_at_any_variances_by_an_integral(a: Fraction, b: Fraction, size: Fraction) -> None:
    c = size * min(a, b)
    with flint.ctx.workprec(128):
        slow = _erf_by_one_integral(a, b, c)
        quick = activation("erf").covariance_ball(_number(c), a, b)
        assert slow.overlaps(quick) and slow.rad() < 1e-25 and quick.rad() < 1e-30
        exact = activation("erf").covariance_kernel(c, a, b)
        assert exact is None or exact.ball().overlaps(slow)


@given(
    st.lists(st.fractions(-3, 3, max_denominator=3), min_size=1, max_size=5),
    st.fractions(Fraction(1, 5), 4, max_denominator=5),
    st.fractions(Fraction(1, 5), 4, max_denominator=5),
    st.fractions(-1, 1, max_denominator=4),
)
def test_polynomials_at_any_variances_by_moments(
    values: list[Fraction], a: Fraction, b: Fraction, share: Fraction
) -> None:
    phi = Polynomial(values)
    c = share * min(a, b)
    # E[U^i V^j] with U = (c/b)V + W, W independent of V.
    rest = a - c * c / b
    total = Fraction(0)
    for i, p in enumerate(phi.coefficients):
        for j, q in enumerate(phi.coefficients):
            for r in range(i + 1):
                odd = r % 2 or (i - r + j) % 2
                if odd:
                    continue
                gaussian = Gaussian().moment(r) * Gaussian().moment(i - r + j)
                powers = (c / b) ** (i - r) * rest ** (r // 2) * b ** ((i - r + j) // 2)
                total += p * q * comb(i, r) * gaussian * powers
    assert phi.covariance_kernel(c, a, b) == total
    with flint.ctx.workprec(128):
        assert phi.covariance_ball(_number(c), a, b).overlaps(_number(total))
    assert phi.scaled_hermite(Fraction(1)) == phi.hermite


@pytest.mark.parametrize("name", ["relu", "abs", "sign"])
def test_homogeneous_kernels_scale(name: str) -> None:
    phi = activation(name)
    factor = 1 if name == "sign" else 6
    assert phi.covariance_kernel(Fraction(3), Fraction(4), Fraction(9)) == (
        factor * phi.kernel(Fraction(1, 2))
    )
    assert phi.covariance_kernel(Fraction(1), Fraction(2), Fraction(3)) is None
    with flint.ctx.workprec(128):
        ball = phi.covariance_ball(flint.arb(1), Fraction(2), Fraction(3))
        expected = phi.kernel_ball(1 / flint.arb(6).sqrt())
        assert (ball / (1 if name == "sign" else flint.arb(6).sqrt())).overlaps(expected)


def test_balls_at_the_ends_stay_finite() -> None:
    # A rounding error beyond ±1 must not turn arcsin or a root into "not a number".
    with flint.ctx.workprec(128):
        for name in ("relu", "abs", "sign", "erf"):
            for end in (1, -1):
                value = activation(name).kernel_ball(flint.arb(end, 1e-35))
                assert value.is_finite()
                assert value.overlaps(activation(name).kernel(Fraction(end)).ball())


def test_hermite_series_know_variance_one_only() -> None:
    series = HermiteSeries([0, 1])
    assert series.covariance_kernel(Fraction(1, 2), Fraction(1), Fraction(1)) == Fraction(1, 2)
    with pytest.raises(ActivationError, match="known for variance 1 only, got variances 2 and 1"):
        series.covariance_kernel(Fraction(1), Fraction(2), Fraction(1))
