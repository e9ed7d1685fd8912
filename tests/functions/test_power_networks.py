"""Polarisation: a polynomial and its power network agree at every rational point."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from symcsq.functions import power_network

exponents = st.tuples(*[st.integers(0, 3)] * 3)
coefficients = st.fractions(min_value=-5, max_value=5, max_denominator=4)


@settings(max_examples=40)
@given(st.dictionaries(exponents, coefficients, max_size=5), st.tuples(*[coefficients] * 3))
def test_polarisation(terms: dict, x: tuple) -> None:  # type: ignore[type-arg]
    expected = sum(
        (c * x[0] ** a * x[1] ** b * x[2] ** d for (a, b, d), c in terms.items()), Fraction(0)
    )
    assert power_network(terms, 3)(x) == expected
