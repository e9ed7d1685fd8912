"""Exact products against Python integers and flint, on both sides of every bound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.errors import VerificationError
from symcsq.verifier import integer_products
from symcsq.verifier.integer_products import IntegerMatrix, exact_product, primes_for


@st.composite
def matrix_pairs(draw: st.DrawFn):
    """Two matrices with a common inner size and entries of up to 200 bits."""
    bits = draw(st.sampled_from([1, 10, 23, 24, 25, 26, 27, 52, 53, 54, 100, 200]))
    rows, columns, inner = (draw(st.integers(1, 4)) for _ in range(3))
    entry = st.integers(-(2**bits), 2**bits)
    return [
        draw(
            st.lists(st.lists(entry, min_size=inner, max_size=inner), min_size=size, max_size=size)
        )
        for size in (rows, columns)
    ]


def as_object(rows):
    array = np.empty((len(rows), len(rows[0])), dtype=object)
    array[:] = rows
    return array


@given(matrix_pairs())
def test_products_are_those_of_python_integers(pair):
    left, right = map(as_object, pair)
    a, b = IntegerMatrix.of(left), IntegerMatrix.of(right)
    assert (a.to_object() == left).all()
    assert a.to_flint().entries() == [int(x) for x in left.ravel()]
    assert a.largest() >= max(abs(int(x)) for x in left.ravel())
    product = exact_product(a, b)
    assert (product.to_object() == left.dot(right.T)).all()
    assert (exact_product(a, a).to_object() == left.dot(left.T)).all()
    approximate = product.approximate()
    for i in range(len(left)):
        for j in range(len(right)):
            entry = product.entry(i, j)
            assert entry == sum(int(x) * int(y) for x, y in zip(left[i], right[j], strict=True))
            assert abs(approximate[i, j] - entry) <= abs(entry) * 2.0**-48
            assert (approximate[i, j] == 0) == (entry == 0)


@pytest.mark.parametrize("power", [24, 25, 26, 27, 30])
def test_the_extreme_entries_of_each_size(power):
    """All signs alike, so that partial sums reach the bound."""
    left = np.full((2, 64), -(2**power), dtype=np.int64)
    matrix = IntegerMatrix.of(left)
    expected = 64 * 4**power
    assert (exact_product(matrix, matrix).to_object() == expected).all()


def test_a_bound_of_exactly_two_to_the_53_is_not_trusted_to_float64(monkeypatch):
    calls = []
    modular = integer_products._modular_product
    monkeypatch.setattr(
        integer_products,
        "_modular_product",
        lambda *arguments: calls.append(1) or modular(*arguments),
    )
    below = IntegerMatrix.of([[2**26, 2**26 - 1]]), IntegerMatrix.of([[2**26, 2**26]])
    exact_product(*below)
    assert not calls
    exact_product(IntegerMatrix.of([[2**26, 2**26]]), IntegerMatrix.of([[2**26, 2**26]]))
    assert calls


def test_thousands_of_bits_fall_back_to_flint():
    huge = 3**4000
    matrix = IntegerMatrix.of(as_object([[huge, -1]]))
    assert exact_product(matrix, matrix).entry(0, 0) == huge * huge + 1
    assert primes_for(huge, 1 << 22) is None


def test_primes_are_enough_and_distinct():
    primes = primes_for(10**100, 1 << 20)
    assert len(set(primes)) == len(primes) and max(primes) < 1 << 20
    product = 1
    for prime in primes:
        product *= prime
    assert product > 4 * 10**100


def test_empty_matrices():
    nothing = IntegerMatrix.of(np.zeros((0, 3), dtype=np.int64))
    some = IntegerMatrix.of(np.ones((2, 3), dtype=np.int64))
    assert exact_product(nothing, some).shape == (0, 2)
    hollow = IntegerMatrix.of(np.zeros((2, 0), dtype=np.int64))
    assert (exact_product(hollow, hollow).to_object() == 0).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: IntegerMatrix.of([1, 2]), "must be a matrix"),
        (lambda: IntegerMatrix.of([[0.5]]), "must be integers"),
        (lambda: IntegerMatrix.of(np.array([["a"]], dtype=object)), "must be integers"),
        (
            lambda: exact_product(IntegerMatrix.of([[1]]), IntegerMatrix.of([[1, 2]])),
            "inner size",
        ),
    ],
)
def test_bad_input_is_one_line(call, words):
    with pytest.raises(VerificationError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
