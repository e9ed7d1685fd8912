"""Positive semidefiniteness by elimination, against minors and against the checker's own way."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import lcm
from operator import mul

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.verifier import checker
from symcsq.verifier.semidefinite import form_value, image_of, negative_vector

Matrix = list[list[Fraction]]


def determinant(matrix: Matrix) -> Fraction:
    if not matrix:
        return Fraction(1)
    return sum(
        (
            (-1) ** j
            * matrix[0][j]
            * determinant([[row[k] for k in range(len(row)) if k != j] for row in matrix[1:]])
            for j in range(len(matrix))
            if matrix[0][j]
        ),
        Fraction(0),
    )


def by_minors(matrix: Matrix) -> bool:
    """Positive semidefinite: no principal minor is negative."""
    size = len(matrix)
    return all(
        determinant([[matrix[i][j] for j in chosen] for i in chosen]) >= 0
        for count in range(1, size + 1)
        for chosen in combinations(range(size), count)
    )


@st.composite
def symmetric(draw: st.DrawFn) -> Matrix:
    size = draw(st.integers(1, 4))
    entries = st.sampled_from([Fraction(p, q) for p in range(-3, 4) for q in (1, 2)])
    rows = [[Fraction(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i, size):
            rows[i][j] = rows[j][i] = draw(entries)
    if draw(st.booleans()):  # a Gram matrix, often singular
        return [[Fraction(sum(map(mul, row, other))) for other in rows] for row in rows]
    return rows


def semidefinite_by_the_checker(matrix: Matrix, *, rounded: bool = False, bits: int = 0) -> bool:
    scale = lcm(*(value.denominator for row in matrix for value in row))
    whole = [[int(value * scale) << bits for value in row] for row in matrix]
    return checker.no_negative_pivot(whole, rounded=rounded)


@given(symmetric())
def test_it_is_decided_as_by_minors_and_the_vector_shows_it(matrix: Matrix) -> None:
    found = negative_vector(matrix)
    assert (found is None) == by_minors(matrix) == semidefinite_by_the_checker(matrix)
    if found is not None:
        assert form_value(matrix, found) < 0


@given(symmetric())
def test_what_is_rounded_away_never_makes_a_matrix_definite(matrix: Matrix) -> None:
    for bits in (0, 2, 64):
        by_rounding = semidefinite_by_the_checker(matrix, rounded=True, bits=bits)
        assert not by_rounding or by_minors(matrix)
    shifted = [[x + (i == j) * 20 for j, x in enumerate(row)] for i, row in enumerate(matrix)]
    assert semidefinite_by_the_checker(shifted, rounded=True, bits=64) or not by_minors(shifted)


def test_what_is_rounded_away_is_taken_from_the_diagonal() -> None:
    """Rounded down entry by entry, and no more, this matrix would pass for definite."""
    rows = [[5, -3, -2], [-3, 2, 2], [-2, 2, 1]]
    assert not by_minors([[Fraction(value) for value in row] for row in rows])
    assert not checker.no_negative_pivot(rows) and not checker.no_negative_pivot(rows, rounded=True)
    assert checker.no_negative_pivot([[9, 1], [1, 9]], rounded=True)


@pytest.mark.parametrize(
    ("matrix", "vector", "value"),
    [
        ([[0]], None, None),
        ([[-1]], [1], -1),
        ([[0, 0], [0, -2]], [0, 1], -2),
        ([[0, 2], [2, 0]], [-1, 4], -16),
        ([[1, 1], [1, 1]], None, None),
        ([[1, 1, 0], [1, 1, 3], [0, 3, 0]], [1, -1, 6], -36),
    ],
)
def test_small_cases(matrix: Matrix, vector: list[int] | None, value: int | None) -> None:
    found = negative_vector(matrix)
    assert found == vector
    if found is not None:
        assert form_value(matrix, found) == value
        assert sum(map(mul, image_of(matrix, found), found)) == value


def test_long_vectors_are_made_short() -> None:
    large = 10**60 + 7
    matrix = [[Fraction(large), Fraction(large + 1)], [Fraction(large + 1), Fraction(large - 10)]]
    found = negative_vector(matrix)
    assert found is not None and form_value(matrix, found) < 0
    assert max(map(abs, found)).bit_length() <= 17
    # A vector that must be long stays so: only (-(10^9 + 1), 10^9) and its neighbours do.
    matrix = [[Fraction(10**18), Fraction(10**18 + 10**9)], [Fraction(0), Fraction(0)]]
    matrix[1] = [matrix[0][1], Fraction((10**9 + 1) ** 2) - Fraction(1, 10**30)]
    found = negative_vector(matrix)
    assert found == [-(10**9 + 1), 10**9] and form_value(matrix, found) < 0
