"""Positive semidefiniteness by elimination, against minors and against the checker's own way."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from operator import mul

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.verifier import checker
from symcsq.verifier.semidefinite import form_value, negative_vector

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


@given(symmetric())
def test_it_is_decided_as_by_minors_and_the_vector_shows_it(matrix: Matrix) -> None:
    found = negative_vector(matrix)
    assert (found is None) == by_minors(matrix)
    assert checker.negative_vector(matrix) == found
    if found is not None:
        vector, value = found
        assert form_value(matrix, vector) == value < 0


@pytest.mark.parametrize(
    ("matrix", "vector", "value"),
    [
        ([[0]], None, None),
        ([[-1]], ["1"], "-1"),
        ([[0, 0], [0, -2]], ["0", "1"], "-2"),
        ([[0, 2], [2, 0]], ["-1/4", "1"], "-1"),
        ([[1, 1], [1, 1]], None, None),
        ([[1, 1, 0], [1, 1, 3], [0, 3, 0]], ["1/6", "-1/6", "1"], "-1"),
    ],
)
def test_small_cases(matrix: Matrix, vector: list[str] | None, value: str | None) -> None:
    found = negative_vector(matrix)
    assert found == checker.negative_vector([[Fraction(v) for v in row] for row in matrix])
    if vector is None:
        assert found is None
    else:
        assert found is not None
        assert ([str(c) for c in found[0]], str(found[1])) == (vector, value)
        assert form_value(matrix, found[0]) == found[1]
