"""Each law two ways: closed recurrences against moments, norms against MATH.md's formulas."""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.distributions import (
    Bernoulli,
    Distribution,
    FiniteUniform,
    FiniteWeighted,
    Gaussian,
    Moments,
    Rademacher,
    Uniform,
    first_different_moment,
    parse,
)
from symcsq.errors import DistributionError, ExactnessError, SymcsqError

LAWS: list[Distribution] = [
    Gaussian(),
    Rademacher(),
    Bernoulli("1/3"),
    Bernoulli("1/2"),
    Uniform(),
    FiniteUniform([-2, -1, 1, 2]),
    FiniteUniform([0, "1/2", 7]),
    FiniteUniform([3]),
    FiniteWeighted({0: "1/2", 1: "1/4", -1: "1/4"}),
    FiniteWeighted([(5, "1/7"), ("-1/3", "6/7")]),
    Moments([1, 0, 1, 0, 3, 0, 15, 0, 105]),
    Moments([1, 2, 5, 14, 42]),
    Moments([1]),
]
rationals = st.fractions(min_value=-20, max_value=20, max_denominator=12)


def orders(law: Distribution) -> range:
    limit = law.max_exponent
    return range(7 if limit is None else min(limit, 6) + 1)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_orthogonality_by_moments(law: Distribution) -> None:
    for i in orders(law):
        for j in orders(law):
            product = law.inner_product_via_moments(law.polynomial(i), law.polynomial(j))
            assert product == (law.norm(i) if i == j else 0)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_polynomials_are_monic_and_evaluate(law: Distribution) -> None:
    for k in orders(law):
        coefficients = law.polynomial(k)
        assert len(coefficients) == k + 1 and coefficients[-1] == 1
        x = Fraction(-5, 3)
        assert law.evaluate(k, x) == sum(c * x**e for e, c in enumerate(coefficients))


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_linearization_by_moments(law: Distribution) -> None:
    top = orders(law).stop - 1
    for i in range(top // 2 + 1):
        for j in range(top // 2 + 1):
            row = law.linearization(i, j)
            for k, c in enumerate(row):
                pi, pj, pk = law.polynomial(i), law.polynomial(j), law.polynomial(k)
                from symcsq.distributions.base import multiply_coefficients

                triple = law.inner_product_via_moments(multiply_coefficients(pi, pj), pk)
                assert triple == c * law.norm(k)
            assert row == law.linearization(j, i)


@pytest.mark.parametrize("law", [law for law in LAWS if law.points], ids=str)
def test_finite_laws_vanish_beyond_their_support(law: Distribution) -> None:
    size = law.support_size
    assert size is not None and law.points is not None
    assert law.norm(size) == 0 and law.norm(size + 5) == 0
    assert all(law.evaluate(size, x) == 0 for x, _ in law.points)
    assert sum(w for _, w in law.points) == 1
    for k in range(8):
        assert law.moment(k) == sum(w * x**k for x, w in law.points)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_text_round_trip_and_hash(law: Distribution) -> None:
    again = parse(str(law))
    assert again == law and hash(again) == hash(law)


def test_norms_of_mathematics_page() -> None:
    for k in range(12):
        assert Gaussian().norm(k) == factorial(k)
        legendre = Fraction(2 ** (2 * k) * factorial(k) ** 4, (2 * k + 1) * factorial(2 * k) ** 2)
        assert Uniform().norm(k) == legendre
    p = Fraction(2, 7)
    assert Bernoulli(p).norm(1) == p * (1 - p)
    assert Bernoulli(p).polynomial(1) == (-p, 1)
    assert [int(Rademacher().norm(k)) for k in range(4)] == [1, 1, 0, 0]
    assert [int(c) for c in Gaussian().polynomial(5)] == [0, 15, 0, -10, 0, 1]


@given(st.lists(rationals, min_size=1, max_size=6, unique=True), st.data())
def test_chebyshev_recovers_stieltjes(points: list[Fraction], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(1, 9), min_size=len(points), max_size=len(points)))
    total = sum(weights)
    law = FiniteWeighted([(x, Fraction(w, total)) for x, w in zip(points, weights, strict=True)])
    size = len(points)
    moments = Moments([law.moment(k) for k in range(2 * size - 1)])
    for k in range(size):
        assert moments.norm(k) == law.norm(k)
        assert moments.polynomial(k) == law.polynomial(k)
    with pytest.raises(DistributionError, match=f"order {size + 1} "):
        Moments([law.moment(k) for k in range(2 * size + 1)])


@given(st.lists(rationals, min_size=2, max_size=5, unique=True))
def test_modified_chebyshev(points: list[Fraction]) -> None:
    law = FiniteUniform(points)
    for auxiliary in (Gaussian(), Uniform()):
        count = 2 * len(points) - 1
        modified = [law.expectation(auxiliary.polynomial(k)) for k in range(count)]
        assert Moments.modified(modified, auxiliary) == Moments(
            [law.moment(k) for k in range(count)]
        )
        from symcsq.distributions.moments import _chebyshev

        plain = tuple(law.moment(k) for k in range(count))
        assert _chebyshev(tuple(modified), auxiliary) == _chebyshev(plain)


@given(st.lists(rationals, max_size=7), st.sampled_from(LAWS[:10]))
def test_in_basis_agrees_on_the_support(coefficients: list[Fraction], law: Distribution) -> None:
    basis = law.in_basis(coefficients)
    norm = law.inner_product_via_moments(coefficients, coefficients)
    assert norm == sum(c * c * law.norm(k) for k, c in enumerate(basis))
    for x, _ in law.points or ():
        value = sum((c * x**k for k, c in enumerate(coefficients)), Fraction(0))
        assert value == sum((c * law.evaluate(k, x) for k, c in enumerate(basis)), Fraction(0))


def test_first_different_moment() -> None:
    assert first_different_moment(Rademacher(), FiniteUniform([-1, 1])) is None
    assert first_different_moment(Gaussian(), Uniform()) == 2
    assert first_different_moment(Gaussian(), Rademacher()) == 4
    assert first_different_moment(Bernoulli("1/2"), Bernoulli("1/3")) == 1
    assert first_different_moment(Gaussian(), Moments([1, 0, 1, 0, 3])) is None
    assert first_different_moment(Gaussian(), Moments([1, 0, 1, 0, 2])) == 4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Bernoulli(1), "p: must be a rational strictly between 0 and 1, got 1"),
        (lambda: Bernoulli("-1/2"), "got -1/2"),
        (lambda: FiniteUniform([]), "at least one point"),
        (lambda: FiniteUniform([1, 2, 1]), "must be distinct, got 1 twice"),
        (lambda: FiniteWeighted({0: "1/2"}), "must sum to 1, got 1/2"),
        (lambda: FiniteWeighted({0: "3/2", 1: "-1/2"}), "must be positive, got -1/2 at 1"),
        (lambda: FiniteWeighted([(0, "1/2"), (0, "1/2")]), "point 0 is given twice"),
        (lambda: Moments([]), "at least m_0"),
        (lambda: Moments([2, 0, 1]), "m_0 must be 1, got 2"),
        (lambda: Moments([0, 0]), "m_0 must be 1, got 0"),
        (lambda: Moments([1, 0, -1]), "Hankel minor of order 2 (moments 0..2)"),
        (lambda: Moments([1, 0, 1, 0, 1]), "Hankel minor of order 3 (moments 0..4)"),
        (lambda: Moments([1, 0, 1]).moment(3), "m_3 is needed, only m_0..m_2 are known"),
        (lambda: Moments([1, 0, 1]).norm(2), "m_4 is needed"),
        (lambda: Gaussian().norm(-1), "order: must be an integer >= 0, got -1"),
        (lambda: Rademacher().polynomial(3), "p_0..p_2, got 3"),
        (lambda: Rademacher().linearization(2, 1), "p_2 is zero in L²"),
        (lambda: parse(""), "expected a name at column 1"),
        (lambda: parse("gaussian^2 rademacher"), "expected 'x' or the end at column 12"),
        (lambda: parse("bernoulli"), "bernoulli takes 1 parameter, got 0"),
        (lambda: parse("weighted(1,2,3)"), "needs pairs point,weight, got 3"),
        (lambda: parse("slice"), "takes the number of ones"),
        (lambda: parse("gaus" * 999), "unknown name 'gausgaus"),
        (lambda: parse(f"moments({','.join(['1'] * 401)})"), "a text has at most 400, got 401"),
        (lambda: parse(f"moments(1,{'1' * 4000},{'3' * 4000})"), "got a number of about 7999 dig"),
        (lambda: parse(" x ".join(["gaussian^1000000"] * 2)), "1000000 coordinates, got 2000000"),
        (lambda: parse("gaussian^9999999"), "a power must be at most"),
        (lambda: parse(3), "must be text, got 3"),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DistributionError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)
    assert isinstance(caught.value, SymcsqError) and isinstance(caught.value, ValueError)


def test_floats_are_refused() -> None:
    with pytest.raises(ExactnessError, match=r"float 0\.5"):
        Bernoulli(0.5)
