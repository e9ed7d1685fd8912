"""Exact reals: canonical atoms, exact cancellation, canonical enclosures."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from math import floor

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.errors import ExactnessError
from symcsq.exact import (
    Enclosure,
    ExactReal,
    exact_square_root,
    rational,
    rationals,
    squarefree_part,
    working_precision,
)

small = st.fractions(min_value=0, max_value=50, max_denominator=30)
turns = st.fractions(min_value=-4, max_value=4, max_denominator=24)


@given(small, small)
def test_roots_multiply(a: Fraction, b: Fraction) -> None:
    assert ExactReal.root(a * a * b) == a * ExactReal.root(b)
    assert ExactReal.root_over_pi(a * a * b) == a * ExactReal.root_over_pi(b)


@given(turns)
def test_cosine_symmetries(turn: Fraction) -> None:
    assert ExactReal.cosine(turn) == ExactReal.cosine(-turn) == ExactReal.cosine(turn + 2)
    assert ExactReal.cosine(1 - turn) == -ExactReal.cosine(turn)
    import math

    assert abs(float(ExactReal.cosine(turn)) - math.cos(math.pi * turn)) < 1e-12


@given(st.fractions(min_value=-1, max_value=1, max_denominator=30))
def test_arcsine(value: Fraction) -> None:
    import math

    assert ExactReal.arcsine(-value) == -ExactReal.arcsine(value)
    assert abs(float(ExactReal.arcsine(value)) - 2 * math.asin(value) / math.pi) < 1e-12


exact = st.builds(
    lambda c, a, b, r, t: c + a * ExactReal.root(r) + b * ExactReal.arcsine(Fraction(1, 5)) - t,
    small, small, small, small, small,
)  # fmt: skip


@given(exact, exact, small)
def test_module_laws(x: ExactReal, y: ExactReal, c: Fraction) -> None:
    assert x + y == y + x and hash(x + y) == hash(y + x)
    assert x - x == 0 and not (x - x) and hash(x - x) == hash(0)
    assert c * (x + y) == c * x + c * y
    assert (x + y) - y == x
    if c:
        assert (x * c) / c == x


@given(exact, st.integers(0, 25))
def test_enclosures_are_canonical(x: ExactReal, digits: int) -> None:
    enclosure = x.enclosure(digits)
    scale = 10**digits
    assert enclosure.upper - enclosure.lower == Fraction(1, scale)
    assert (enclosure.lower * scale).denominator == 1
    finer = x.enclosure(digits + 7)
    assert floor(finer.lower * scale) == enclosure.lower * scale
    symbolic = x.to_sympy()
    assert abs(float(symbolic) - float(x)) <= 1e-9 * max(1, abs(float(symbolic)))


@given(st.fractions())
def test_rational_enclosure(value: Fraction) -> None:
    assert value in Enclosure.around(value) and value in ExactReal.of(value).enclosure()
    assert ExactReal.of(value).simplified() == value


@pytest.mark.parametrize("number", [1, 2, 4, 12, 72, 97, 3**5 * 7])
def test_squarefree_part(number: int) -> None:
    square, free = squarefree_part(number)
    assert square * square * free == number
    assert all(free % (p * p) for p in range(2, 30))


def test_rational_reads_every_exact_type() -> None:
    import flint
    import numpy as np
    import sympy

    sources = ["3/2", Fraction(3, 2), flint.fmpq(3, 2), sympy.Rational(3, 2), "1.5"]
    assert {rational(s) for s in sources} == {Fraction(3, 2)}
    assert rational(np.int64(5)) == rational(flint.fmpz(5)) == rational(sympy.Integer(5)) == 5
    assert exact_square_root(Fraction(9, 4)) == Fraction(3, 2)


@pytest.mark.parametrize("value", [0.5, True, None, "x", "1/0", 1j, [1]])
def test_inexact_values_are_refused(value: object) -> None:
    with pytest.raises(ExactnessError, match="value: must be an exact rational") as caught:
        rational(value)
    assert "\n" not in str(caught.value)


def test_sequences_are_checked() -> None:
    with pytest.raises(ExactnessError, match="sequence of exact rationals"):
        rationals("12")
    with pytest.raises(ExactnessError, match=r"points\[1\]"):
        rationals([1, 0.5], "points")
    with pytest.raises(ExactnessError, match="lower must not exceed upper"):
        Enclosure(Fraction(1), Fraction(0))


def test_a_hidden_rational_is_not_enclosed_for_ever() -> None:
    import flint

    from symcsq.exact import enclose_ball

    with pytest.raises(ExactnessError, match="cannot be decided"):
        enclose_ball(lambda: flint.arb(2).sqrt() ** 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "1e-99999999",
        "9e-400000",
        "1e99999999",
        "-2.5E+4_000",
        "1e" + "9" * 5000,
        "1" * 4001,
        "1/" + "3" * 4001,
        "0." + "3" * 4001,
    ],
)
def test_numbers_too_long_to_be_built_are_refused_at_once(text: str) -> None:
    with pytest.raises(ExactnessError, match="p: must have at most 4000 digits") as caught:
        rational(text, "p")
    message = str(caught.value)
    assert len(message) < 220 and "\n" not in message
    assert message.endswith("; write a shorter number")


def test_long_numbers_within_the_limit_are_exact() -> None:
    assert rational("1e-3000") == Fraction(1, 10**3000)
    assert rational("2.5E+0000000002") == 250
    assert rational("3" * 4000 + "/" + "9" * 4000) == Fraction(1, 3)
    assert rational("1_000e0_1") == 10_000


def test_threads_do_not_disturb_each_other_s_precision() -> None:
    before, interval = flint.ctx.prec, sys.getswitchinterval()

    def found(bits: int) -> bool:
        with working_precision(bits):
            roots = [str(flint.arb(k).sqrt()) for k in range(2, 40)]
            return flint.ctx.prec == bits and len(roots) == 38

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            assert all(threads.map(found, [60, 300, 1000, 90] * 50))
    finally:
        sys.setswitchinterval(interval)
    assert flint.ctx.prec == before


def test_long_words_are_shortened() -> None:
    with pytest.raises(ExactnessError, match="must be an exact rational") as caught:
        rational("eleven" * 500)
    assert len(str(caught.value)) < 220
