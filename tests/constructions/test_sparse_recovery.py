"""Growing-Basis recovers exactly; its oracle agrees with moments; the separation grows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import PermutationGroup
from symcsq.constructions import (
    ExactOracle,
    IndependentInvariants,
    InvariantPolynomials,
    growing_basis,
    separation,
    separation_growth,
)
from symcsq.distributions import Gaussian, Rademacher, Uniform
from symcsq.errors import ExactnessError, ExpansionError
from symcsq.functions import Expansion
from symcsq.functions.expansions import polynomial_terms

GROUPS = [
    PermutationGroup(["(1,2,3,4)"]),
    PermutationGroup(["(1,2)", "(3,4)"]),
    PermutationGroup([], degree=4),
    PermutationGroup(["(1,2,3,4)", "(1,2)"]),
]
vectors = st.tuples(*[st.integers(0, 2)] * 4)
values = st.fractions(min_value=-3, max_value=3, max_denominator=3)


@st.composite
def functions(draw: Any) -> Expansion:
    coefficients = draw(st.dictionaries(vectors, values, max_size=3))
    law = draw(st.sampled_from([Gaussian(), Uniform()]))
    return Expansion(draw(st.sampled_from(GROUPS)), law, coefficients)


@settings(max_examples=40, deadline=None)
@given(functions())
def test_recovery_is_exact_and_within_the_query_bound(f: Expansion) -> None:
    oracle = ExactOracle(f)
    result = growing_basis(f, oracle)
    assert result.function == f and len(result.found) == len(f)
    assert result.queries == oracle.queries
    assert result.queries <= len(f) * (4 * (max(f.degree, 0) + 1) + 2) + 1


@settings(max_examples=25, deadline=None)
@given(functions(), st.tuples(*[st.integers(0, 1)] * 4))
def test_oracle_against_moments(f: Expansion, orders: tuple[int, ...]) -> None:
    if f.degree > 3:
        return
    oracle, law = ExactOracle(f), f.distribution
    terms = f.terms()
    query = polynomial_terms({tuple(2 * j for j in orders): Fraction(1)}, law)
    square: dict[tuple[int, ...], Fraction] = {}
    for a, c in terms.items():
        for b, d in query.items():
            key = tuple(map(int.__add__, a, b))
            square[key] = square.get(key, Fraction(0)) + c * d
    expected = law.inner_product_via_moments(square, terms)
    assert oracle.square(orders, Expansion(f.group, law)) == expected
    single = polynomial_terms({orders: Fraction(1)}, law)
    assert oracle.correlation(orders) == law.inner_product_via_moments(terms, single)
    assert oracle.queries == 2


def test_members_of_families_are_targets() -> None:
    member = InvariantPolynomials("C5", 3)[4]
    result = growing_basis(member)
    assert result.function == member.expansion
    assert IndependentInvariants([member, member], 1).norm_squared(0) == member.norm_squared


def test_the_zero_function_takes_one_query() -> None:
    result = growing_basis(Expansion(GROUPS[0], Gaussian()))
    assert result.queries == 1 and not result.function and result.found == ()


def test_separation_table() -> None:
    rows = separation(["C6", "C9", "C12"], 4, "1/2")
    assert [row["n"] for row in rows] == [6, 9, 12]
    members = [row["members"] for row in rows]
    assert members == sorted(members)
    # Statistical queries grow with n·d, correlational ones with the class.
    assert all(row["sq_queries"] <= row["n"] * 5 + 4 for row in rows)
    assert rows[-1]["csq_queries"] > rows[-1]["sq_queries"]
    assert rows[-1]["csq_queries"] == -(-rows[-1]["members"] // 4) - 1


def test_the_separation_grows() -> None:
    """Polynomial next to superpolynomial, each number exact; sizes against a listing."""
    rows = separation_growth([8, 16, 32, 64], "1/4")
    for row in rows:
        n, d = row["n"], row["degree"]
        assert d == n.bit_length() - 1
        assert row["sq_queries"] <= row["sq_limit"] == n * (d + 1) + 2
        assert row["csq_queries"] == max(0, -(-row["members"] // 16) - 1)
    assert rows[0]["members"] == len(InvariantPolynomials("C8", 3))
    assert rows[3]["csq_queries"] > 100 * rows[3]["sq_queries"]
    assert rows[0]["csq_queries"] < rows[0]["sq_queries"]
    ratios = [row["csq_queries"] / row["n"] ** 2 for row in rows]
    assert ratios == sorted(ratios) and ratios[3] > 50 * ratios[1]
    with pytest.raises(ExpansionError, match=r"ns\[1\]: must be an integer from 2 to 256, got 1"):
        separation_growth([4, 1])
    with pytest.raises(ExactnessError, match="tolerance: must satisfy"):
        separation_growth([4], 1)


def test_bad_input() -> None:
    with pytest.raises(ExpansionError, match="need polynomials up to 2, rademacher"):
        ExactOracle(Expansion(GROUPS[0], Rademacher(), {(1, 0, 0, 0): 1}))
    with pytest.raises(ExpansionError, match="must be an Expansion, got int"):
        growing_basis(3)  # type: ignore[arg-type]
    f = Expansion(GROUPS[0], Gaussian(), {(2, 0, 0, 0): 1})
    with pytest.raises(ExpansionError, match="fit no invariant polynomial of degree 1"):
        growing_basis(f, degree=1)
