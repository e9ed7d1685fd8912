"""Strategies draw what they promise, shrink to simple examples, and stay inside the law."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import symcsq as cs
from groups import group
from symcsq.errors import DistributionError
from symcsq.strategies import expansions, laws, points, rationals, sign_vectors

QUICK = settings(max_examples=2_000, database=None, derandomize=True)


@given(rationals(), rationals(-1, "1/2", max_denominator=3), rationals(0, 5000))
def test_rationals_lie_in_their_interval(a: Fraction, b: Fraction, c: Fraction) -> None:
    assert a.denominator <= 6 and isinstance(a, Fraction)
    assert -1 <= b <= Fraction(1, 2) and b.denominator <= 3
    assert 0 <= c <= 5000


def test_rationals_shrink_to_integers_near_zero() -> None:
    assert find(rationals(), lambda x: True, settings=QUICK) == 0
    assert find(rationals(), lambda x: x > Fraction(7, 2), settings=QUICK) == 4
    assert find(rationals(), lambda x: x.denominator == 5, settings=QUICK) == Fraction(1, 5)
    assert find(rationals("1/3", "1/2"), lambda x: True, settings=QUICK) == Fraction(1, 2)


@pytest.mark.parametrize(("low", "high"), [(1, 0), (None, 1), (0, None)])
def test_intervals_need_two_ends_in_order(low: Any, high: Any) -> None:
    with pytest.raises(DistributionError, match="low, high: must be the two ends"):
        rationals(low, high)


@pytest.mark.parametrize(
    "text", ["gaussian^3", "uniform^2", "finite(-2,1,3)^3", "slice(2,4)", "sphere(3)", "sphere(1)"]
)
@given(data=st.data())
@settings(max_examples=25)
def test_points_lie_on_the_law(text: str, data: st.DataObject) -> None:
    law = cs.distributions.parse(text)
    x = data.draw(points(law))
    assert len(x) == law.dimension and all(isinstance(v, Fraction) for v in x)
    if law.kind == "sphere":
        assert sum(v * v for v in x) == 1
    elif law.kind == "slice":
        assert sorted(x) == [0, 0, 1, 1]
    elif text.startswith("uniform"):
        assert all(-1 <= v <= 1 for v in x)
    elif text.startswith("finite"):
        assert set(x) <= {-2, 1, 3}


def test_points_have_ties_and_both_poles() -> None:
    find(points(3), lambda x: x[0] == x[1] != 0, settings=QUICK)
    find(points(cs.Sphere().on(3)), lambda x: x == (0, 0, -1), settings=QUICK)
    assert find(points(cs.Slice(1).on(3)), lambda x: x[2] == 1, settings=QUICK) == (0, 0, 1)
    with pytest.raises(DistributionError, match="must be a product law, a sphere, a slice or a"):
        points("gaussian")


@given(st.data(), sign_vectors(3))
@settings(max_examples=25)
def test_laws_and_invariant_functions(data: st.DataObject, signs: tuple[int, ...]) -> None:
    assert set(signs) <= {1, -1} and len(signs) == 3
    law = data.draw(laws(3))
    assert law.dimension == 3
    f = data.draw(expansions(group("C3"), cs.Uniform(), degree=2))
    assert f.degree <= 2 and f.group == group("C3")
    x = data.draw(points(3))
    assert f(x) == f((x[2], x[0], x[1]))


@given(expansions(group("S2"), cs.Rademacher()))
@settings(max_examples=25)
def test_norms_by_basis_and_by_moments(f: Any) -> None:
    law = f.distribution
    assert f.norm_squared() == law.inner_product_via_moments(f.terms(), f.terms())
