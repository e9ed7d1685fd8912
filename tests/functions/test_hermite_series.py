"""Hermite series: enclosures contain the closed kernels, unknown parts cancel exactly."""

from __future__ import annotations

from fractions import Fraction
from math import factorial, isqrt

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


def sine(top: int) -> HermiteSeries:
    """sin t = e^{-1/2} Σ_j (-1)^j He_{2j+1}(t)/(2j+1)!."""
    root = enclose_ball(lambda: flint.arb("-0.5").exp(), 40)
    coefficients: list[object] = []
    for k in range(top + 1):
        scale = Fraction((-1) ** (k // 2), factorial(k)) if k % 2 else Fraction(0)
        ends = sorted((scale * root.lower, scale * root.upper))
        coefficients.append(Enclosure(ends[0], ends[1], 40) if scale else 0)
    # |c_k| √(k!) <= 1/√(k!), and each term is at most half of the one before.
    rest = 2 * Fraction(isqrt(10**40 // factorial(top + 1)) + 1, 10**20)
    return HermiteSeries(coefficients, rest * rest, parity="odd", absolute_tail=rest)


@pytest.mark.parametrize("numerator", ["0", "1", "-1", "7/3", "-5", "9"])
@pytest.mark.parametrize("square", [1, 2, 3])
def test_values_of_the_sine(numerator: str, square: int) -> None:
    phi, t = sine(31), Fraction(numerator)
    value = phi.value(t, Fraction(square)).enclosure(12)
    with flint.ctx.workprec(128):
        point = flint.arb(flint.fmpq(t.numerator, t.denominator)) / flint.arb(square).sqrt()
        exact = enclose_ball(lambda: 2 + point.sin(), 15)  # 2 + …: never a multiple of 10^-15
    assert value.lower <= exact.upper - 2 and exact.lower - 2 <= value.upper
    if abs(t) <= 3:
        assert value.upper - value.lower < Fraction(1, 10**10)
    assert phi.value(-t, Fraction(square)) == -phi.value(t, Fraction(square))


def test_kernel_of_the_sine() -> None:
    value = sine(31).kernel(Fraction(1, 2)).enclosure(12)
    exact = enclose_ball(lambda: flint.arb("0.5").sinh() / flint.arb(1).exp(), 12)
    assert value.lower <= exact.upper and exact.lower <= value.upper
    assert value.upper - value.lower < Fraction(1, 10**9)


def test_values_of_the_absolute_value() -> None:
    # |c_2h| √((2h)!) <= (2/π)^{1/2} (πh)^{-1/4}/(2h - 1) < h^{-5/4}; beyond H they add up to less
    # than 4 H^{-1/4}.
    phi = absolute(32)
    series = HermiteSeries(
        [Enclosure(low, high, 40) for low, high in phi.coefficients],
        phi.tail,
        parity="even",
        absolute_tail=2,  # 4·16^{-1/4}
    )
    for t in (Fraction(0), Fraction(1, 2), Fraction(-2)):
        value = series.value(t).enclosure(6)
        assert value.lower <= abs(t) <= value.upper


@given(st.lists(rationals, min_size=1, max_size=5), rationals, st.integers(1, 3))
def test_values_of_finite_series(c: list[Fraction], t: Fraction, square: int) -> None:
    from symcsq.distributions import Gaussian

    coefficients = [Fraction(0)] * len(c)
    for k, value in enumerate(c):
        for e, h in enumerate(Gaussian().polynomial(k)):
            coefficients[e] += value * h
    expected = Polynomial(coefficients).value(t, Fraction(square))
    assert HermiteSeries(c).value(t, Fraction(square)) == expected
    # Enclosures of the coefficients enclose the value.
    wide = [Enclosure(x - Fraction(1, 8), x + Fraction(1, 9), 9) for x in c]
    found = HermiteSeries(wide).value(t, Fraction(square)).enclosure(9)
    exact = expected.enclosure(9)
    assert found.lower <= exact.upper and exact.lower <= found.upper


def test_parity_networks_of_series_have_values() -> None:
    series = ParityNetworks(4, 2, HermiteSeries([0, 0, 1]))
    plain = ParityNetworks(4, 2, [-1, 0, 1])
    x = [1, Fraction(1, 2), -3, 2]
    for i in range(6):
        assert series[i](x) == plain[i](x) == series[i].network()(x)


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
        (
            lambda: HermiteSeries([1], "1/9").value(Fraction(2)),
            "values need a bound of the tail at each point",
        ),
        (
            lambda: HermiteSeries([1], "1/9", absolute_tail="1/4"),
            "absolute_tail: must be at least √tail = √1/9, got 1/4",
        ),
        (lambda: HermiteSeries([1], absolute_tail=-1), "absolute_tail: must be at least"),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ActivationError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)
