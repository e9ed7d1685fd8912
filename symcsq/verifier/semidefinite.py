"""Whether an exact symmetric matrix is positive semidefinite, with a vector that shows when not.

Elimination without pivoting finds a vector; it is then made short, since any will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

__all__ = ["form_value", "image_of", "negative_vector"]

Matrix = Sequence[Sequence[Fraction]]

#: Entries of a vector of up to so many bits are not made shorter.
_SHORT = 16


def negative_vector(matrix: Matrix) -> list[int] | None:
    """Integers v with v·G·v < 0, or None when there are none.

    Rows are eliminated in their order. Let r_k be e_k minus its components along the earlier
    r_0, …, r_{k-1} with r_i·G·r_i > 0. If r_k·G·r_k < 0, that is a vector; if it is 0 while
    s = r_k·G·e_j is not for some j > k, then with c = r_j·G·r_j where r_j is e_j minus its
    components along the same earlier vectors, r_j - (c + 1)/(2s)·r_k is one of square -1. Its
    entries, of which only the direction matters, are rounded to few bits, if that serves too.

    Arguments:
        matrix: a symmetric matrix of rationals.

    Returns:
        Coprime integers; None when the matrix is positive semidefinite.

    Complexity: N³ rational operations.

    Source: Lagrange's reduction of quadratic forms; Sylvester's law of inertia.

    Examples:
        >>> negative_vector([[2, 1], [1, 1]]) is None
        True
        >>> negative_vector([[1, 2], [2, 1]]), negative_vector([[0, 1], [1, 5]])
        ([-2, 1], [-3, 1])
    """
    if _is_semidefinite(matrix):
        return None
    direction = _direction(matrix)
    scale = lcm(*(c.denominator for c in direction))
    vector = _coprime([int(c * scale) for c in direction])
    largest, bits = max(map(abs, vector)), _SHORT
    while largest.bit_length() > bits:
        shorter = _coprime([round(Fraction(c << bits, largest)) for c in vector])
        if form_value(matrix, shorter) < 0:
            return shorter
        bits *= 2
    return vector


def _coprime(vector: Sequence[int]) -> list[int]:
    divisor = gcd(*vector)
    return [c // divisor for c in vector]


def _direction(matrix: Matrix) -> list[Fraction]:
    """A vector of negative square of a matrix that has one."""
    size = len(matrix)
    rest = [[Fraction(entry) for entry in row] for row in matrix]
    # Row k of `factors` holds e_k in terms of the r_i: L of the decomposition G = L D L^T.
    factors: list[dict[int, Fraction]] = [{} for _ in range(size)]
    for k in range(size):
        pivot = rest[k][k]
        if pivot < 0:
            return _residual(factors, k, size)
        if pivot == 0:
            for j in range(k + 1, size):
                s = rest[k][j]
                if s:
                    t = -(rest[j][j] + 1) / (2 * s)
                    down, across = _residual(factors, k, size), _residual(factors, j, size)
                    return [a + t * b for a, b in zip(across, down, strict=True)]
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
    raise AssertionError("definite by one elimination, and not by the other")


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


def image_of(matrix: Matrix, vector: Sequence[Fraction | int]) -> list[Fraction]:
    """G·v.

    Examples:
        >>> image_of([[1, 2], [2, 1]], [-2, 1])
        [Fraction(0, 1), Fraction(-3, 1)]
    """
    pairs = [list(zip(row, vector, strict=True)) for row in matrix]
    return [sum((entry * c for entry, c in row if entry and c), Fraction(0)) for row in pairs]


def form_value(matrix: Matrix, vector: Sequence[Fraction | int]) -> Fraction:
    """v·G·v.

    Examples:
        >>> form_value([[1, 2], [2, 1]], [-2, 1])
        Fraction(-3, 1)
    """
    image = image_of(matrix, vector)
    return sum((a * b for a, b in zip(image, vector, strict=True)), Fraction(0))
