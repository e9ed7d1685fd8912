"""Hermite series: enclosures contain the closed kernels, unknown parts cancel exactly."""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.constructions import ParityNetworks
from symcsq.errors import ActivationError
from symcsq.exact import Enclosure, ExactReal, enclose_ball
from symcsq.functions import AbsoluteValue, HermiteSeries, Polynomial, Sign

rationals = st.fractions(min_value=-3, max_value=3, max_denominator=5)


def absolute(top: int) -> HermiteSeries:
    """|u| = Σ c_{2k} He_{2k}, c_{2k} = √(2/π)·(-1)^{k+1}/(2^k k! (2k-1))."""
    coefficients: list[object] = []
    for k in range(top + 1):
        if k % 2:
            coefficients.append(0)
            continue
        h = k // 2
        scale = Fraction((-1) ** (h + 1), 2**h * factorial(h) * (2 * h - 1))
        root = enclose_ball(lambda: (2 / flint.arb.pi()).sqrt(), 40)
        ends = sorted((scale * root.lower, scale * root.upper))
        coefficients.append(Enclosure(ends[0], ends[1], 40))
    return HermiteSeries.from_second_moment(coefficients, 1, parity="even")


@pytest.mark.parametrize("rho", ["-1", "-2/3", "0", "1/4", "1/2", "1"])
def test_absolute_value_as_a_series(rho: str) -> None:
    exact = AbsoluteValue().kernel(Fraction(rho)).enclosure(30)
    series = absolute(24).kernel(Fraction(rho)).enclosure(30)
    assert series.lower <= exact.upper and exact.lower <= series.upper
    if abs(Fraction(rho)) <= Fraction(1, 2):
        assert series.upper - series.lower < Fraction(1, 10**7)


def test_parity_norms_from_series() -> None:
    phi = absolute(30)
    for m in (1, 3, 5):
        assert ParityNetworks(8, m, phi).norm_squared(0) == 0
    norm = ParityNetworks(8, 2, phi).norm_squared(0)
    exact = ParityNetworks(8, 2, "abs").norm_squared(0)
    assert isinstance(norm, Enclosure) and isinstance(exact, Enclosure)
    assert norm.lower <= exact.lower and exact.upper <= norm.upper and norm.excludes_zero


@given(
    st.lists(rationals, min_size=1, max_size=5),
    st.fractions(min_value=-1, max_value=1, max_denominator=9),
)
def test_finite_series_are_polynomials(c: list[Fraction], rho: Fraction) -> None:
    from symcsq.distributions import Gaussian

    coefficients = [Fraction(0)] * len(c)
    for k, value in enumerate(c):
        for e, h in enumerate(Gaussian().polynomial(k)):
            coefficients[e] += value * h
    assert HermiteSeries(c).kernel(rho) == Polynomial(coefficients).kernel(rho)
    ball = HermiteSeries(c).kernel_ball(flint.arb(flint.fmpq(rho.numerator, rho.denominator)))
    assert ball.overlaps(HermiteSeries(c).kernel(rho).ball())


def test_tails_are_bounded_and_cancel() -> None:
    phi = HermiteSeries([0, 1], tail="1/3")
    value = phi.kernel(Fraction(1, 2))
    assert not value.is_determined
    assert value.enclosure(4) == Enclosure(Fraction(1, 2), Fraction(6667, 10000), 4)
    assert (value - value) == 0
    odd = HermiteSeries([0, 1], tail="1/3", parity="odd")
    assert odd.kernel(Fraction(-1, 2)) == -odd.kernel(Fraction(1, 2))
    assert (Sign().kernel(Fraction(1, 5)) + value).enclosure(3).lower > Fraction(6, 10)
    assert str(phi) == "hermite(2 coefficients, tail 1/3)"
    assert phi.specification["tail"] == "1/3"
    assert ExactReal.unknown("even", Fraction(1)).enclosure(0) == Enclosure(
        Fraction(0), Fraction(2), 0
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: HermiteSeries([]), "at least c_0"),
        (lambda: HermiteSeries([1], tail=-1), "tail: must be >= 0, got -1"),
        (lambda: HermiteSeries([1, 1], parity="even"), "c_1 must be 0 for an even activation"),
        (lambda: HermiteSeries([1], parity="both"), "must be"),
        (lambda: HermiteSeries.from_second_moment([2], 1), "at least Σ c_k² k! = 4, got 1"),
        (lambda: HermiteSeries([1]).kernel(Fraction(2)), "in [-1, 1], got 2"),
        (lambda: HermiteSeries([1]).value(Fraction(2)), "values are not known"),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ActivationError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)
