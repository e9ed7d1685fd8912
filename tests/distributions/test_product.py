"""Product laws: norms and moments factor, permutations are compared by exact marginals."""

from __future__ import annotations

import pickle
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.distributions import (
    Bernoulli,
    FiniteUniform,
    Gaussian,
    Product,
    Rademacher,
    Uniform,
    as_product,
    monomial_terms,
    parse,
)
from symcsq.errors import DistributionError, SymcsqError

MARGINALS = [Gaussian(), Rademacher(), Bernoulli("1/3"), Uniform(), FiniteUniform([-2, 0, 1])]
laws = st.lists(st.sampled_from(MARGINALS), max_size=5).map(Product)


@given(laws, st.data())
def test_norms_match_single_rows_and_moments(law: Product, data: st.DataObject) -> None:
    n = law.dimension
    row = st.lists(st.integers(0, 3), min_size=n, max_size=n)
    rows = data.draw(st.lists(row, max_size=6))
    assert law.norms(np.array(rows, dtype=int).reshape(len(rows), n)) == [law.norm(r) for r in rows]
    for r in rows:
        if any(m is not None and e > m for e, m in zip(r, law.max_exponents, strict=True)):
            assert law.norm(r) == 0
            continue
        from symcsq.functions.expansions import polynomial_terms

        terms = polynomial_terms({tuple(r): Fraction(1)}, law)
        assert law.inner_product_via_moments(terms, terms) == law.norm(r)


@given(laws)
def test_text_and_pickle_round_trip(law: Product) -> None:
    assert pickle.loads(pickle.dumps(law)) == law
    assert parse(str(law)) == law
    assert hash(parse(str(law))) == hash(law)


def test_norms_of_wide_rows() -> None:
    law = Gaussian().on(80)
    rows = np.zeros((3, 80), dtype=int)
    rows[0, 3], rows[1, 70], rows[2, :4] = 5, 5, 1
    assert law.norms(rows) == [120, 120, 1]


def test_preserves_is_by_law_and_names_the_first_difference() -> None:
    law = parse("gaussian^2 x rademacher x finite(-1,1)")
    expected = {p: {p[0], p[1]} == {0, 1} for p in permutations(range(4))}
    for p, preserved in expected.items():
        assert law.preserves(p) is preserved
    assert law.violation([2, 1, 0, 3]) == (0, 2, 4, (3, 1))
    assert law.violation([0, 3, 2, 1]) == (1, 3, 4, (3, 1))
    assert Product([]).preserves([])


def test_support_is_a_law() -> None:
    law = Product([Bernoulli("1/3"), FiniteUniform([-2, 0, 1])])
    points = list(law.support())
    assert len(points) == law.support_size == 6
    assert sum(w for _, w in points) == 1
    for exponents in [(0, 0), (1, 0), (2, 3), (1, 2)]:
        by_points = sum(w * x[0] ** exponents[0] * x[1] ** exponents[1] for x, w in points)
        assert by_points == law.moment(exponents)
    assert list(Product([]).support()) == [((), 1)]
    assert set(law.sample(seed=3, count=50)) <= {x for x, _ in points}
    assert law.sample(seed=3) == law.sample(seed=3)
    assert Gaussian().on(2).support_size is None


def test_expectation_takes_every_polynomial_type() -> None:
    import flint
    import sympy

    law = Product([Gaussian(), Uniform()])
    terms = {(4, 2): 2, (0, 0): "-1/2", (1, 1): 7}
    x, y = sympy.symbols("x y")
    as_sympy = sympy.Poly(2 * x**4 * y**2 - sympy.Rational(1, 2) + 7 * x * y, x, y)
    context = flint.fmpq_mpoly_ctx.get(("x", "y"))
    as_flint = context.from_dict({(4, 2): 2, (0, 0): flint.fmpq(-1, 2), (1, 1): 7})
    assert law.expectation(terms) == law.expectation(as_sympy) == law.expectation(as_flint)
    assert law.expectation(terms) == Fraction(3, 2)
    assert monomial_terms({}, 2) == {}


def test_sign_symmetry() -> None:
    assert parse("gaussian x rademacher x uniform x finite(-2,0,2)").is_sign_symmetric
    assert not parse("gaussian x bernoulli(1/2)").is_sign_symmetric


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Product([3]), "marginals[0]: must be a distribution on the line, got 3"),
        (lambda: Gaussian().on(-1), "dimension: must be an integer >= 0, got -1"),
        (lambda: as_product("gaussian^3", 4), "one marginal for each of the 4 points"),
        (lambda: as_product(None, 4), "independent coordinates, got None"),
        (lambda: Gaussian().on(2).violation([0, 0]), "must permute 0..1, got [0, 0]"),
        (lambda: Gaussian().on(2).violation([0, 1, 2]), "must permute 0..1"),
        (lambda: list(Gaussian().on(1).support()), "gaussian has no finite support"),
        (lambda: Gaussian().on(1).sample(seed=0), "gaussian has no finite support"),
        (lambda: Gaussian().on(2).expectation({(1,): 1}), "must have 2 variables"),
        (lambda: Gaussian().on(2).expectation(5), "got int"),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DistributionError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_frozen() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        Gaussian().on(2).marginal_of = ()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bernoulli(1e-99999999)", "bernoulli: must have at most 4000 digits"),
        ("finite(0,1e99999999)", "finite: must have at most 4000 digits"),
        ("moments(1,0,9e-400000)", "moments: must have at most 4000 digits"),
        ("gaussian^" + "9" * 5000, "a power must be at most 1000000"),
        ("slice(1e3000)", "slice: must be at most 1000000, got 1000000"),
        ("sphere(1e3999)", "sphere: must be at most 1000000, got 1000000"),
        ("erdos-renyi(1e3000,1/2)", "vertices: must be at most 1414, got 1000"),
        ("gaussian" + " " * 200_000, "must have at most 100000 characters, got 200008"),
    ],
)
def test_huge_parameters_are_refused_at_once(text: str, message: str) -> None:
    with pytest.raises(SymcsqError, match=message) as caught:
        parse(text)
    assert len(str(caught.value)) < 250
    assert "; " in str(caught.value)
