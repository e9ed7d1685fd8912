"""Expansions: a vector space with inner product, a ring, and polynomials and back."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import Permutation, PermutationGroup, group
from symcsq.distributions import Bernoulli, Distribution, Gaussian, Rademacher, Uniform
from symcsq.errors import ExpansionError
from symcsq.functions import Expansion, multiply

C4 = PermutationGroup(["(1,2,3,4)"])
GROUPS = [
    C4,
    PermutationGroup([], degree=2),
    PermutationGroup(["(1,2,3)", "(1,2)"]),
    PermutationGroup(["(1,2)", "(3,4)"]),
    PermutationGroup([], degree=1),
]
LAWS: list[Distribution] = [Gaussian(), Rademacher(), Bernoulli("1/3"), Uniform()]
values = st.fractions(min_value=-4, max_value=4, max_denominator=3)


@st.composite
def spaces(draw: Any, count: int) -> tuple[Any, ...]:
    G, law = draw(st.sampled_from(GROUPS)), draw(st.sampled_from(LAWS))
    top = 2 if law.max_exponent is None else law.max_exponent
    vectors = st.tuples(*[st.integers(0, top)] * G.degree)
    functions = [
        Expansion(G, law, draw(st.dictionaries(vectors, values, max_size=3))) for _ in range(count)
    ]
    point = draw(st.tuples(*[values] * G.degree))
    if law.points:
        point = tuple(draw(st.sampled_from([x for x, _ in law.points])) for _ in range(G.degree))
    return (*functions, point)


@settings(max_examples=60)
@given(spaces(2), values)
def test_vector_space_and_inner_product(data: tuple, c: Fraction) -> None:  # type: ignore[type-arg]
    f, g, x = data
    assert (f + g)(x) == f(x) + g(x) and (c * f)(x) == c * f(x)
    assert f - f == f.scale(0) and not (f - f)
    assert f + g == g + f and hash(f + g) == hash(g + f)
    assert f.inner(g) == g.inner(f)
    assert f.inner(g) == f.distribution.inner_product_via_moments(f.terms(), g.terms())
    assert (f + c * g).norm_squared() == (
        f.norm_squared() + 2 * c * f.inner(g) + c * c * g.norm_squared()
    )
    assert f.mean() == f.distribution.expectation(f.terms())


@settings(max_examples=50)
@given(spaces(3))
def test_ring(data: tuple) -> None:  # type: ignore[type-arg]
    f, g, h, x = data
    assert (f * g)(x) == f(x) * g(x)
    assert f * g == multiply(g, f)
    assert f * (g + h) == f * g + f * h
    assert (f * g).mean() == f.inner(g)


@settings(max_examples=50)
@given(spaces(1))
def test_polynomials_and_back(data: tuple) -> None:  # type: ignore[type-arg]
    f, x = data
    for polynomial in (f.terms(), f.to_sympy(), f.to_flint()):
        assert Expansion.from_polynomial(f.group, f.distribution, polynomial) == f
    terms = sum((c * _monomial(x, e) for e, c in f.terms().items()), Fraction(0))
    assert terms == f(x)


def _monomial(x: Any, exponents: Any) -> Fraction:
    value = Fraction(1)
    for v, e in zip(x, exponents, strict=True):
        value *= v**e
    return value


def test_large_orbits_are_multiplied_without_being_walked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from symcsq.functions import products

    G = group("S14")
    half = Expansion(G, Gaussian(), {(0,) * 7 + (1,) * 7: 1})
    square = half * half
    # By hand: S and T with SΔT = B and S∩T = A ∪ C give He_2 on A, He_1 on B and 1 = E x² on C.
    expected = {}
    for j in range(8):
        b = 2 * (7 - j)
        for a in range(min(j, 14 - b) + 1):
            key = (0,) * (14 - a - b) + (1,) * b + (2,) * a
            many = comb(b, b // 2) * comb(14 - a - b, j - a)
            if many:
                expected[key] = Fraction(many)
    assert square.coefficients == expected
    # The same product with every orbit walked.
    small = Expansion(group("S5"), Gaussian(), {(0, 0, 0, 1, 2): 1, (0, 1, 1, 1, 1): "1/2"})
    walked = small * small
    monkeypatch.setattr(products, "_WALKED", 0)
    assert small * small == walked
    ring = Expansion(group("D7"), Uniform(), {(0, 0, 1, 0, 1, 1, 0): 1, (0, 0, 0, 0, 0, 1, 2): 3})
    by_parts = ring * ring
    monkeypatch.setattr(products, "_WALKED", 10**6)
    assert ring * ring == by_parts


def test_action_of_the_normaliser() -> None:
    f = Expansion(C4, Gaussian(), {(2, 1, 0, 0): 1, (1, 0, 2, 0): 3})
    reflection = Permutation("(1,3)", 4)
    moved = f.act(reflection)
    assert moved.coefficients != f.coefficients
    x = [Fraction(1), Fraction(-2), Fraction(1, 3), Fraction(5)]
    # (g·f)(x) = f(g⁻¹·x) and (g⁻¹·x)[i] = x[g(i)]
    assert moved(x) == f([x[reflection(i)] for i in range(4)])
    assert moved.act(reflection) == f
    assert f.act(C4.generators[0]) is f
    with pytest.raises(ExpansionError, match="must normalise the group"):
        f.act(Permutation("(1,2)", 4))
    mixed = Expansion(PermutationGroup([], degree=2), "gaussian x uniform", {(1, 0): 1})
    with pytest.raises(ExpansionError, match="must preserve gaussian x uniform"):
        mixed.act(Permutation("(1,2)"))


def test_any_member_of_an_orbit_may_be_given() -> None:
    assert Expansion(C4, Gaussian(), {(1, 0, 0, 0): 1, (0, 1, 0, 0): 2}) == Expansion(
        C4, Gaussian(), {(0, 0, 0, 1): 3}
    )
    zero = Expansion(C4, Gaussian())
    assert zero.degree == -1 and len(zero) == 0 and zero([1, 2, 3, 4]) == 0
    assert Expansion(C4, Gaussian(), {(0, 0, 0, 0): 5}).mean() == 5


def test_finite_supports_reduce_powers() -> None:
    S2 = PermutationGroup(["(1,2)"])
    f = Expansion.from_polynomial(S2, Rademacher(), {(3, 0): 1, (0, 3): 1, (2, 2): 7})
    assert {key: int(c) for key, c in f.coefficients.items()} == {(0, 0): 7, (0, 1): 1}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Expansion(C4, "gaussian^2 x uniform^2"), "generator 0 = (1,2,3,4) moves"),
        (lambda: Expansion(C4, Gaussian(), {(1, 0): 1}), "must have 4 entries"),
        (lambda: Expansion(C4, Gaussian(), {(1, 0, 0, -1): 1}), "exponents[3]: must be >= 0"),
        (lambda: Expansion(C4, Rademacher(), {(2, 0, 0, 0): 1}), "p_2 is zero or unknown"),
        (lambda: Expansion(C4, Gaussian(), {5: 1}), "must be a sequence of integers, got 5"),
        (
            lambda: Expansion.from_polynomial(C4, Gaussian(), {(1, 0, 0, 0): 1}),
            "must be invariant, the coefficients of p(1, 0, 0, 0) and p(0, 1, 0, 0) are 1 and 0",
        ),
        (
            lambda: Expansion(C4, Gaussian()) + Expansion(C4, Uniform()),
            "must have the same group and distribution",
        ),
        (lambda: Expansion(C4, Gaussian()) - 1, "must be an Expansion, got int"),
        (lambda: Expansion(C4, Gaussian())([1, 2]), "must have 4 coordinates, got 2"),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExpansionError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_frozen() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        Expansion(C4, Gaussian()).group = None
