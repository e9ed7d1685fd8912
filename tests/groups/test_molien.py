"""Molien series: against orbit counts, sums over all elements, closed forms and characters."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import PermutationGroup, group
from groups.characters import ClassFunction, permutation_character, polynomial_character
from groups.errors import MembershipError, ParameterError
from groups.molien import MolienSeries, molien_series, secondary_degrees

TEXTS = ["C1", "C5", "C6", "D5", "S4", "A5", "S2 wr S3", "S5 on pairs", "PSL(2,5)", "(1,2,3)(4,5)"]


@pytest.mark.parametrize("text", TEXTS)
def test_coefficients_count_orbits(text: str) -> None:
    g = group(text)
    series = molien_series(g)
    assert series.coefficients(8) == tuple(g.count_orbits_on_exponents(d) for d in range(8))
    subsets = molien_series(g, kind="subsets")
    expected = tuple(g.count_orbits_on_subsets(k) for k in range(g.degree + 1))
    assert subsets.numerator == expected and subsets.denominator == (1,)


@pytest.mark.parametrize("text", ["S4", "A5", "C5", "S3 wr C2", "(1,2,3)(4,5)"])
def test_multiplicities_are_inner_products(text: str) -> None:
    g = group(text)
    table = g.character_table()
    all_series = [molien_series(g, chi) for chi in table]
    for d in range(6):
        polynomials = polynomial_character(g, d)
        found = [series.coefficient(d) for series in all_series]
        assert found == [polynomials.inner(chi) for chi in table]
        dimension = sum(m * chi.degree for m, chi in zip(found, table, strict=True))
        assert dimension == comb(g.degree + d - 1, d)
    for kind in ("subsets", "exterior"):
        parts = [molien_series(g, chi, kind=kind) for chi in table]
        for k in range(g.degree + 1):
            total = sum(s.coefficient(k) * c.degree for s, c in zip(parts, table, strict=True))
            assert total == comb(g.degree, k)


@pytest.mark.parametrize("text", ["S4", "C5", "D6"])
def test_exterior_powers(text: str) -> None:
    g = group(text)
    for chi in g.character_table():
        series = molien_series(g, chi, kind="exterior")
        for k in range(g.degree + 1):
            assert series.coefficient(k) == permutation_character(g).exterior_power(k).inner(chi)


@settings(max_examples=25)
@given(st.lists(st.permutations(range(5)), min_size=1, max_size=2))
def test_sum_over_all_elements(images: list[list[int]]) -> None:
    g = PermutationGroup(images, degree=5)
    totals = [Fraction(0)] * 7
    for x in g.elements():
        series = [1] + [0] * 6
        for c in x.cycle_type:
            for i in range(c, 7):
                series[i] += series[i - c]
        totals = [a + Fraction(b, g.order) for a, b in zip(totals, series, strict=True)]
    assert list(molien_series(g).coefficients(7)) == totals


def test_closed_forms() -> None:
    s4 = molien_series(group("S4"))
    assert s4.numerator == (1,) and s4.numerator_over([1, 2, 3, 4]) == (1,)
    a4 = molien_series(group("A4"))
    assert a4.numerator_over([1, 2, 3, 4]) == (1, 0, 0, 0, 0, 0, 1)
    sign = group("S4").character_table()[1]
    assert molien_series(group("S4"), sign).numerator_over([1, 2, 3, 4]) == (0,) * 6 + (1,)
    assert str(molien_series(group("C2"))) == "(1)/((1 - t)^2*(1 + t))"
    assert str(molien_series(group("C1"))) == "(1)/(1 - t)"


@pytest.mark.parametrize("text", ["C4", "S4", "A5", "C6", "PSL(2,5)"])
def test_lowest_terms_and_conversions(text: str) -> None:
    import flint
    import sympy

    for chi in group(text).character_table():
        series = molien_series(group(text), chi)
        top, bottom = series.to_flint()
        assert top.gcd(bottom).degree() == 0 and series.denominator[0] == 1
        third = sympy.Rational(1, 3)
        value = series.to_sympy(third)
        assert value == sum(c * third**i for i, c in enumerate(series.numerator)) / sum(
            c * third**i for i, c in enumerate(series.denominator)
        )
        # The coefficients are those of numerator / denominator: multiply back.
        product = flint.fmpz_poly(list(series.coefficients(9))) * bottom
        assert [int(product[i]) for i in range(9)] == [int(top[i]) for i in range(9)]
    assert molien_series(group(text))._repr_latex_().startswith("$\\frac")


def test_degenerate_groups() -> None:
    empty = molien_series(PermutationGroup([], 0))
    assert empty == MolienSeries((1,), (1,), ()) and empty.coefficients(3) == (1, 0, 0)
    assert molien_series(PermutationGroup([], 3)).coefficients(4) == (1, 3, 6, 10)
    zero = molien_series(group("S2"), group("S2").character_table()[1], kind="subsets")
    assert zero.numerator == (0, 1)
    sign = group("S3").character_table()[1]
    assert molien_series(group("S3"), sign, kind="subsets").numerator == (0,)
    assert empty.coefficients(0) == ()


def test_large_groups_in_closed_form() -> None:
    for text in ("S10 on pairs", "C100", "M12", "S6 on pairs"):
        g = group(text)
        assert molien_series(g).coefficients(4) == tuple(
            g.count_orbits_on_exponents(d) for d in range(4)
        )


@pytest.mark.parametrize("text", ["C4", "A5", "S2 wr S2", "PSL(2,5)"])
def test_secondary_degrees(text: str) -> None:
    g = group(text)
    found = secondary_degrees(g)
    assert found[0] == 1 and sum(found) * g.order == [1, 1, 2, 6, 24, 120, 720][g.degree]


def test_bad_input() -> None:
    g = group("S4")
    with pytest.raises(ParameterError, match="must be one of polynomials, subsets, exterior"):
        molien_series(g, kind="other")
    with pytest.raises(ParameterError, match="must be a character of the group, got 1"):
        molien_series(g, 1)
    with pytest.raises(MembershipError, match="must belong to"):
        molien_series(g, group("A4").character_table()[1])
    with pytest.raises(ParameterError, match="integers >= 0"):
        molien_series(g, ClassFunction(g.conjugacy_classes(), [1, 0, 0, 0, 0]))
    with pytest.raises(ParameterError, match=">= 0, got -1"):
        molien_series(g).coefficients(-1)
    with pytest.raises(ParameterError, match="polynomial over the product"):
        molien_series(g).numerator_over([1, 1])
