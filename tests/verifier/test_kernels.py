"""Kernels by two routes, the golden norms of M12, and exact cancellation for odd m."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcsq.exact import Enclosure
from symcsq.functions import activation
from symcsq.functions.activations import Polynomial
from symcsq.verifier.kernels import kernel_disagrees, polynomial_kernel
from symcsq.verifier.parity_norms import ParityNorm, canonical, shown

NAMES = ("relu", "abs", "sign", "erf")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("m", [1, 2, 3, 5, 8])
def test_closed_forms_agree_with_integration(name, m):
    phi = activation(name)
    for h in range(m + 1):
        rho = Fraction(m - 2 * h, m)
        assert kernel_disagrees(phi.specification, rho, canonical(phi.kernel(rho))) == ""


@pytest.mark.parametrize("name", NAMES)
def test_correlations_next_to_one_are_integrated_rightly(name):
    """The error bounds once looked across the branch point at 1, and true values were refuted."""
    phi = activation(name)
    for m in (100, 512, 1024, 4096):
        for h in (1, 2, m - 1):
            rho = Fraction(m - 2 * h, m)
            assert kernel_disagrees(phi.specification, rho, canonical(phi.kernel(rho))) == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_value_that_is_off_in_the_twentieth_digit_is_noticed(name):
    phi = activation(name)
    value = canonical(phi.kernel(Fraction(1, 3)))
    assert isinstance(value, Enclosure)
    shift = Fraction(1, 10**18)
    wrong = Enclosure(value.lower + shift, value.upper + shift, 30)
    assert "K(1/3)" in kernel_disagrees(phi.specification, Fraction(1, 3), wrong)


@given(
    st.lists(st.fractions(max_denominator=5, min_value=-3, max_value=3), min_size=1, max_size=6),
    st.fractions(min_value=-1, max_value=1, max_denominator=8),
)
@settings(max_examples=60, deadline=None)
def test_moments_and_hermite_coefficients_give_the_same_kernel(coefficients, rho):
    phi = Polynomial(coefficients)
    assert polynomial_kernel(phi.coefficients, rho) == phi.kernel(rho).constant
    assert kernel_disagrees(phi.specification, rho, phi.kernel(rho).constant) == ""
    assert kernel_disagrees(phi.specification, rho, phi.kernel(rho).constant + 1) != ""


@pytest.mark.parametrize(
    ("m", "digits"),
    [(2, "0.72676045526"), (4, "0.30301654999"), (6, "0.42923284256"), (8, "0.87394968609")],
)
def test_golden_norms_for_relu(m, digits):
    norm = ParityNorm.of(m, activation("relu"))
    assert shown(norm.scaled(1)).startswith(digits)
    assert norm.disagreement() == ""


@pytest.mark.parametrize("m", [3, 5, 7, 9, 15])
def test_odd_relu_cancels_exactly(m):
    norm = ParityNorm.of(m, activation("relu"))
    assert norm.is_zero and norm.scaled(1) == 0
    assert not ParityNorm.of(1, activation("relu")).is_zero


@pytest.mark.parametrize(
    ("name", "m", "zero"),
    [("abs", 2, False), ("abs", 3, True), ("sign", 2, True), ("sign", 3, False), ("erf", 4, True)],
)
def test_parity_of_the_activation_decides_which_m_vanish(name, m, zero):
    assert ParityNorm.of(m, activation(name)).is_zero is zero


def test_the_polynomial_of_the_suite():
    norm = ParityNorm.of(4, activation([0, 0, 0, 0, 1]))
    assert norm.norm == 576 and norm.kernel_claim().status == "proved"


def test_scaled_norms_are_enclosures_of_the_product():
    norm = ParityNorm.of(4, activation("relu"))
    one, seven = norm.scaled(1), norm.scaled(7)
    assert seven.upper - seven.lower == Fraction(1, 10**30)
    assert 7 * one.lower <= seven.lower <= seven.upper <= 7 * one.upper + Fraction(1, 10**30)


def test_a_false_kernel_is_refuted_with_the_correlation():
    norm = ParityNorm.of(2, activation("relu"))
    kernel = (norm.kernel[0], norm.kernel[1] + Fraction(1, 10**9), norm.kernel[2])
    claim = ParityNorm(2, norm.activation, kernel, norm.norm).kernel_claim()
    assert claim.status == "refuted" and claim.witness["correlation"] == "0"


@pytest.mark.parametrize("m", range(1, 9))
def test_the_weights_of_the_formula_are_counts_of_pairs(m):
    norm = ParityNorm.of(m, activation("relu"))
    assert norm.disagreement() == ""
    assert sum(comb(m, h) * 2**m for h in range(m + 1)) == 4**m
