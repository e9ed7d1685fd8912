"""Counts that are cut off agree with exact ones below the cut, and stay fast above it."""

from __future__ import annotations

from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import PermutationGroup
from groups.bounded_counts import (
    HUGE,
    check_size,
    exponent_count,
    known_order,
    power,
    shown,
    subset_count,
)
from groups.errors import TooLargeError


@given(n=st.integers(0, 300), k=st.integers(0, 300))
def test_subsets(n: int, k: int) -> None:
    assert subset_count(n, k) == min(comb(n, k), HUGE)


@given(base=st.integers(0, 50), exponent=st.integers(0, 200))
def test_powers(base: int, exponent: int) -> None:
    assert power(base, exponent) == min(base**exponent, HUGE)


@given(n=st.integers(0, 5), degree=st.integers(0, 9), bound=st.integers(0, 9))
def test_exponents_by_listing(n: int, degree: int, bound: int) -> None:
    vectors = [v for v in product(range(bound + 1), repeat=n) if sum(v) == degree]
    assert exponent_count(n, degree, bound) == len(vectors)


@given(n=st.integers(1, 200), degree=st.integers(0, 60), bound=st.integers(1, 60))
def test_exponents_by_convolution(n: int, degree: int, bound: int) -> None:
    row = [1] + [0] * degree
    for _ in range(n):
        row = [sum(row[max(0, r - bound) : r + 1]) for r in range(degree + 1)]
    count = exponent_count(n, degree, bound)
    # Beyond 2^64 a lower bound is enough.
    assert count == row[degree] or (count >= 1 << 64 and count <= row[degree])


def test_far_too_large_is_fast() -> None:
    far = 10**12
    assert subset_count(far, far // 2) == power(far, far) == HUGE
    assert exponent_count(far, far, 3) >= 1 << 64
    assert exponent_count(2, far, far // 2) == 1
    assert exponent_count(far, 1, 1) == far


def test_check_size() -> None:
    check_size("pairs", 10, 10, "nothing")
    with pytest.raises(TooLargeError, match="pairs: at most 10 are built, got 11; use less"):
        check_size("pairs", 11, 10, "less")
    with pytest.raises(TooLargeError, match=r"got 11; use less$"):
        check_size("pairs", 11, 10, "less", fixed=True)
    assert shown(10**30) == "1" + "0" * 30 and shown(10**30 + 1) == "more than 10^30"


def test_known_order() -> None:
    G = PermutationGroup(["(1,2,3)"])
    assert known_order(G) is None
    assert G.order == 3 and known_order(G) == 3
