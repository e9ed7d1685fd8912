"""Finite fields: the axioms on whole tables, the smallest moduli known by heart, errors."""

from __future__ import annotations

import numpy as np
import pytest

from groups.errors import ParameterError, TooLargeError
from groups.finite_fields import LARGEST_FIELD, FiniteField, field, prime_factors, prime_power

SMALL = [2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 25, 27, 32]


@pytest.mark.parametrize("q", SMALL)
def test_field_axioms(q: int) -> None:
    F = field(q)
    a, b, c = np.meshgrid(*[np.arange(q)] * 3, indexing="ij")
    assert np.array_equal(F.add(a, b), F.add(b, a))
    assert np.array_equal(F.add(a, F.add(b, c)), F.add(F.add(a, b), c))
    assert np.array_equal(F.multiply(a, b), F.multiply(b, a))
    assert np.array_equal(F.multiply(a, F.multiply(b, c)), F.multiply(F.multiply(a, b), c))
    assert np.array_equal(F.multiply(a, F.add(b, c)), F.add(F.multiply(a, b), F.multiply(a, c)))
    every = np.arange(q)
    assert np.array_equal(F.add(every, 0), every) and np.array_equal(F.multiply(every, 1), every)
    assert not F.add(every, F.negative(every)).any()
    assert (F.multiply(every[1:], F.inverse(every[1:])) == 1).all()
    assert F.add(every, every).shape == every.shape


@pytest.mark.parametrize("q", [*SMALL, 64, 81, 121, 125, 243, 256, 1024, 2187, 10007])
def test_primitive_element_generates(q: int) -> None:
    F = FiniteField(q)
    powers, x = set(), 1
    for _ in range(q - 1):
        powers.add(x)
        x = int(F.multiply(x, F.primitive_element))
    assert x == 1 and powers == set(range(1, q))
    # The modulus vanishes at the primitive element.
    value = 0
    for coefficient in reversed(F.modulus):
        value = int(F.add(F.multiply(value, F.primitive_element), coefficient))
    assert value == 0


@pytest.mark.parametrize("q", [8, 9, 25, 27])
def test_frobenius_is_an_automorphism_of_order_e(q: int) -> None:
    F = field(q)
    a, b = np.meshgrid(np.arange(q), np.arange(q))

    def phi(x):
        return F.power(x, F.characteristic)

    assert np.array_equal(phi(F.add(a, b)), F.add(phi(a), phi(b)))
    assert np.array_equal(phi(F.multiply(a, b)), F.multiply(phi(a), phi(b)))
    x, order = phi(np.arange(q)), 1
    while not np.array_equal(x, np.arange(q)):
        x, order = phi(x), order + 1
    assert order == F.degree


def test_powers() -> None:
    F = field(9)
    for a in range(9):
        product = 1
        for k in range(20):
            assert int(F.power(a, k)) == product
            product = int(F.multiply(product, a))


def test_least_moduli() -> None:
    assert field(4).modulus == (1, 1, 1)
    assert field(8).modulus == (1, 1, 0, 1)
    assert field(9).modulus == (2, 1, 1)
    assert field(16).modulus == (1, 1, 0, 0, 1)
    assert field(7).primitive_element == 3


def test_matrix_apply_against_plain_sums() -> None:
    F = field(5)
    matrix = [[1, 2], [3, 4]]
    vectors = np.array([[0, 0], [1, 0], [2, 3], [4, 4]])
    expected = (vectors @ np.array(matrix).T) % 5
    assert np.array_equal(F.matrix_apply(matrix, vectors), expected)
    assert F.matrix_apply([], np.zeros((3, 0), dtype=np.int64)).shape == (3, 0)


def test_prime_powers_by_a_sieve() -> None:
    bound = 2000
    sieve = [n for n in range(2, bound) if all(n % d for d in range(2, int(n**0.5) + 1))]
    expected = {p**e: (p, e) for p in sieve for e in range(1, 12) if p**e < bound}
    for q in range(2, bound):
        if q in expected:
            assert prime_power(q) == expected[q]
        else:
            with pytest.raises(ParameterError, match="must be a prime power"):
                prime_power(q)
    assert prime_factors(1) == [] and prime_factors(2 * 2 * 9 * 49) == [2, 3, 7]


@pytest.mark.parametrize(
    ("q", "message"),
    [
        (6, r"q: must be a prime power, got 6 = 2·3; the nearest ones are 5 and 7"),
        (1, r"q: must be a prime power, got 1; the least one is 2"),
        (0, r"q: must be a prime power, got 0; the least one is 2"),
        (-4, r"q: must be a prime power, got -4; the least one is 2"),
        (100, r"got 100 = 2\^2·5\^2; the nearest ones are 97 and 101"),
        ("7", r"q: must be an integer, got '7'"),
        (True, r"q: must be an integer, got True"),
        (7.0, r"q: must be an integer, got 7.0"),
    ],
)
def test_bad_orders(q: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        FiniteField(q)  # type: ignore[arg-type]


def test_too_large_and_zero() -> None:
    with pytest.raises(TooLargeError, match=f"up to q = {LARGEST_FIELD}, got {10**9}"):
        FiniteField(10**9)
    with pytest.raises(ParameterError, match="0 has no inverse in GF\\(5\\)"):
        field(5).inverse(np.array([1, 0]))
    assert repr(field(5)) == "FiniteField(5)"
