"""Whether an exact symmetric matrix is positive semidefinite, with a vector that shows when not.

Elimination without pivoting. The vector is the one that docs/certificates.md describes, so that a
reader of a certificate finds the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

__all__ = ["form_value", "negative_vector"]

Matrix = Sequence[Sequence[Fraction]]


def negative_vector(matrix: Matrix) -> tuple[list[Fraction], Fraction] | None:
    """The first vector v with v·G·v < 0 that elimination meets, or None.

    Rows are eliminated in their order. Let r_k be e_k minus its components along the earlier
    r_0, …, r_{k-1} with r_i·G·r_i > 0. If r_k·G·r_k < 0, v is r_k. If it is 0, then r_k·G·e_j must
    be 0 for all j; for the least j > k where it is some s ≠ 0, with c = r_j·G·r_j where r_j is e_j
    minus its components along the same earlier vectors, v is r_j - (c + 1)/(2s)·r_k, and
    v·G·v = -1.

    Arguments:
        matrix: a symmetric matrix of rationals.

    Returns:
        (v, v·G·v), or None when the matrix is positive semidefinite.

    Complexity: N³ rational operations.

    Source: Lagrange's reduction of quadratic forms; Sylvester's law of inertia.

    Examples:
        >>> negative_vector([[2, 1], [1, 1]]) is None
        True
        >>> [str(c) for c in negative_vector([[1, 2], [2, 1]])[0]]
        ['-2', '1']
        >>> vector, value = negative_vector([[0, 1], [1, 5]])
        >>> [str(c) for c in vector], value
        (['-3', '1'], Fraction(-1, 1))
    """
    size = len(matrix)
    if _is_semidefinite(matrix):
        return None
    rest = [[Fraction(entry) for entry in row] for row in matrix]
    # Row k of `kept` holds e_k in terms of the r_i: L of the decomposition G = L D L^T.
    factors: list[dict[int, Fraction]] = [{} for _ in range(size)]
    for k in range(size):
        pivot = rest[k][k]
        if pivot < 0:
            vector = _residual(factors, k, size)
            return vector, pivot
        if pivot == 0:
            for j in range(k + 1, size):
                s = rest[k][j]
                if s:
                    t = -(rest[j][j] + 1) / (2 * s)
                    down, across = _residual(factors, k, size), _residual(factors, j, size)
                    return [a + t * b for a, b in zip(across, down, strict=True)], Fraction(-1)
            continue
        for i in range(k + 1, size):
            factor = rest[i][k] / pivot
            if not factor:
                continue
            factors[i][k] = factor
            row, source = rest[i], rest[k]
            for j in range(k + 1, size):
                if source[j]:
                    row[j] -= factor * source[j]
    return None


def _is_semidefinite(matrix: Matrix) -> bool:
    """The same elimination without fractions (Bareiss), which is far quicker and keeps no trace."""
    scale = lcm(*(Fraction(entry).denominator for row in matrix for entry in row))
    rest = [[int(entry * scale) for entry in row] for row in matrix]
    size, previous = len(rest), 1
    for k in range(size):
        pivot = rest[k][k]
        if pivot < 0 or (pivot == 0 and any(rest[k][k:])):
            return False
        if pivot == 0:
            continue
        for i in range(k + 1, size):
            row, factor = rest[i], rest[i][k]
            for j in range(i, size):  # symmetric: the upper triangle is enough
                row[j] = (pivot * row[j] - factor * rest[k][j]) // previous
            for j in range(k + 1, i):
                row[j] = rest[j][i]
        previous = pivot
    return True


def _residual(factors: Sequence[dict[int, Fraction]], k: int, size: int) -> list[Fraction]:
    """r_k = e_k - Σ factors[k][i]·r_i, over the i that were eliminated before."""
    # Expanded from the last to the first, so that each r_i is replaced once.
    vector = [Fraction(0)] * size
    vector[k] = Fraction(1)
    open_ = {i: -factor for i, factor in factors[k].items()}
    while open_:
        i = max(open_)
        c = open_.pop(i)
        vector[i] += c
        for j, factor in factors[i].items():
            open_[j] = open_.get(j, Fraction(0)) - c * factor
    return vector


def form_value(matrix: Matrix, vector: Sequence[Fraction]) -> Fraction:
    """v·G·v.

    Examples:
        >>> form_value([[1, 2], [2, 1]], [-2, 1])
        Fraction(-3, 1)
    """
    total = Fraction(0)
    for a, row in zip(vector, matrix, strict=True):
        for b, entry in zip(vector, row, strict=True):
            total += a * b * entry
    return total
