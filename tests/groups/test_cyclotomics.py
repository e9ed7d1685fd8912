"""Cyclotomic numbers: laws of a field, canonical texts, and a second arithmetic (flint, PARI)."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups.cyclotomics import (
    Cyclotomic,
    _reduce_terms,
    euler_phi,
    factorization,
    parse_cyclotomic,
    reduce_to_basis,
)
from groups.errors import ParameterError, TooLargeError

ORDERS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 24, 45)
rationals = st.fractions(min_value=-3, max_value=3, max_denominator=4)


@st.composite
def numbers(draw: st.DrawFn) -> Cyclotomic:
    n = draw(st.sampled_from(ORDERS))
    terms = draw(st.dictionaries(st.integers(0, n - 1), rationals, max_size=4))
    return Cyclotomic.combination(n, terms)


@given(numbers(), numbers(), numbers())
def test_ring_laws(x: Cyclotomic, y: Cyclotomic, z: Cyclotomic) -> None:
    assert x + y == y + x and x * y == y * x
    assert (x + y) * z == x * z + y * z
    assert (x * y) * z == x * (y * z)
    assert x - x == 0 and x * 1 == x and not (x - x)


@given(numbers())
def test_text_and_hash_are_canonical(x: Cyclotomic) -> None:
    assert parse_cyclotomic(str(x)) == x
    assert hash(parse_cyclotomic(str(x))) == hash(x)
    assert x.conductor % 4 != 2
    if x.is_rational:
        assert hash(x) == hash(x.rational) and x == x.rational


@given(numbers())
def test_inverse_and_conjugates(x: Cyclotomic) -> None:
    if x:
        assert x * x.inverse() == 1 and x / x == 1
    assert sum(x.conjugates(), Cyclotomic(0)) == x.trace()
    assert x.conjugate().conjugate() == x
    assert euler_phi(x.conductor) % x.degree == 0


@settings(max_examples=40)
@given(numbers(), numbers())
def test_complex_balls_follow_the_arithmetic(x: Cyclotomic, y: Cyclotomic) -> None:
    assert (x * y).ball(128).overlaps(x.ball(128) * y.ball(128))
    assert (x + y).ball(128).overlaps(x.ball(128) + y.ball(128))


@settings(max_examples=30)
@given(numbers(), numbers())
def test_pari_agrees(x: Cyclotomic, y: Cyclotomic) -> None:
    pari = pytest.importorskip("cypari2").Pari()
    n = int(np.lcm(x.conductor, y.conductor))

    def load(z: Cyclotomic) -> object:
        step = n // z.conductor
        text = "+".join(f"({c})*x^{i * step}" for i, c in z.terms) or "0"
        return pari(f"Mod({text}, polcyclo({n}))")

    assert load(x) * load(y) == load(x * y)


@pytest.mark.parametrize("n", ORDERS)
def test_array_and_sparse_reduction_agree(n: int) -> None:
    rows = reduce_to_basis(n, np.eye(n, dtype=np.int64))
    for i in range(n):
        assert {k: int(c) for k, c in enumerate(rows[i]) if c} == _reduce_terms(n, {i: 1})
    assert (rows != 0).any(axis=0).sum() == euler_phi(n)


def test_roots_of_unity_sum_to_zero_and_multiply_like_exponents() -> None:
    for n in ORDERS[1:]:
        assert sum((Cyclotomic.root(n, k) for k in range(n)), Cyclotomic(0)) == 0
        assert Cyclotomic.root(n) ** n == 1
        assert Cyclotomic.root(n, 3) * Cyclotomic.root(n, -3) == 1


def test_known_texts() -> None:
    # The texts of GAP 4.12.
    known = {
        (9, 0, 1): "-E(9)^4-E(9)^7",
        (3, 0, -3): "-3*E(3)-3*E(3)^2",
        (12, 11, 3): "3*E(12)^11",
        (60, 16, 1): "E(15)^4",
        (20, 6, 1): "-E(5)^4",
    }
    assert str(Cyclotomic.root(9, 1)) == known[9, 0, 1]
    assert str(Cyclotomic.root(12, 11) * 3) == known[12, 11, 3]
    assert str(Cyclotomic.root(60, 16)) == known[60, 16, 1]
    assert str(Cyclotomic.root(20, 6)) == known[20, 6, 1]
    assert str(Cyclotomic(-3)) == "-3" and str(Cyclotomic(0)) == "0"


def test_sympy_and_latex() -> None:
    import sympy

    golden = Cyclotomic("E(5)+E(5)^4")
    assert golden.to_sympy() == (sympy.sqrt(5) - 1) / 2
    assert Cyclotomic("E(4)").to_sympy() == sympy.I
    assert Cyclotomic(Fraction(-1, 2)).to_sympy() == sympy.Rational(-1, 2)
    assert golden.galois(2).to_sympy() == (-sympy.sqrt(5) - 1) / 2
    seventh = Cyclotomic.root(7).to_sympy()
    assert sympy.simplify(seventh**7) == 1
    assert golden.latex() == "\\zeta_{5} + \\zeta_{5}^{4}"


@pytest.mark.parametrize(
    "text",
    [
        *("", "E(0)", "E(00)", "E5", "2*", "1/0", "1/00", "1.5", "2E(3)", "E(3)E(3)", "x"),
        *("9" * 5000, f"E(5)^{'9' * 5000}", "E(99999999)", "\u0661"),
    ],
)
def test_bad_texts(text: str) -> None:
    with pytest.raises(ParameterError, match="cannot read"):
        parse_cyclotomic(text)


def test_fields_of_a_text_are_limited() -> None:
    """Their sum would have millions of terms."""
    with pytest.raises(TooLargeError, match="common multiple included, got 1000014113"):
        parse_cyclotomic("E(31627)+E(31619)")


def test_bad_values() -> None:
    with pytest.raises(ParameterError, match="floats are never exact"):
        Cyclotomic(0.5)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="must be >= 1"):
        Cyclotomic.root(0)
    with pytest.raises(ParameterError, match="prime to the conductor"):
        Cyclotomic.root(5).galois(5)
    with pytest.raises(ParameterError, match="must be rational"):
        Cyclotomic.root(5).rational
    with pytest.raises(ZeroDivisionError):
        Cyclotomic(0).inverse()
    with pytest.raises(AttributeError):
        Cyclotomic(1).conductor = 2


def test_factorization() -> None:
    for n in range(1, 200):
        product = 1
        for p, k in factorization(n):
            product *= p**k
        assert product == n
