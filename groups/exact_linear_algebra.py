"""Reduced row echelon forms and null spaces over Q and over cyclotomic fields, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from groups.cyclotomics import Cyclotomic

Row = dict[int, Any]
"""A sparse row: column -> non-zero int, Fraction or Cyclotomic."""


def reduced_rows(rows: Sequence[Row], columns: int) -> list[Row]:
    """The non-zero rows of the reduced row echelon form, pivots increasing, each pivot 1.

    Arguments:
        rows: sparse rows with exact entries. columns: number of columns.

    Complexity:
        Cubic in the size; over Q with flint, over a cyclotomic field with polynomials modulo Phi_n.

    Examples:
        >>> reduced_rows([{0: 2, 1: 4}, {0: 1, 1: 2, 2: 1}], 3)
        [{0: 1, 1: 2}, {2: 1}]
    """
    if not rows:
        return []
    used = sorted({c for row in rows for c in row})
    index = {c: i for i, c in enumerate(used)}
    if all(not isinstance(x, Cyclotomic) or x.is_rational for row in rows for x in row.values()):
        dense = _rational_echelon(rows, index)
    else:
        dense = _cyclotomic_echelon(rows, index)
    return [{used[i]: x for i, x in row.items()} for row in dense]


def null_space(rows: Sequence[Row], columns: int) -> list[Row]:
    """The reduced basis of the vectors on which every row vanishes.

    Examples:
        >>> null_space([{0: 1, 1: -1}], 3)
        [{0: 1, 1: 1}, {2: 1}]
    """
    echelon = reduced_rows(rows, columns)
    pivots = {min(row): row for row in echelon}
    basis = []
    for free in range(columns):
        if free not in pivots:
            vector: Row = {p: -row[free] for p, row in pivots.items() if free in row}
            vector[free] = 1
            basis.append(vector)
    # Reduced with respect to the first columns, like every basis here.
    return reduced_rows(basis, columns)


def _plain(x: Any) -> Any:
    numerator, denominator = int(x.p), int(x.q)
    return numerator if denominator == 1 else Fraction(numerator, denominator)


def _rational_echelon(rows: Sequence[Row], index: dict[int, int]) -> list[Row]:
    import flint

    matrix = flint.fmpq_mat(len(rows), len(index))
    for i, row in enumerate(rows):
        for c, x in row.items():
            value = x.rational if isinstance(x, Cyclotomic) else x
            matrix[i, index[c]] = flint.fmpq(value.numerator, value.denominator)
    reduced, rank = matrix.rref()
    result = []
    for i in range(rank):
        entries = ((j, reduced[i, j]) for j in range(len(index)))
        result.append({j: _plain(x) for j, x in entries if x != 0})
    return result


def _cyclotomic_echelon(rows: Sequence[Row], index: dict[int, int]) -> list[Row]:
    """Gauss–Jordan elimination with polynomials in E(n) modulo Phi_n."""
    import math

    import flint

    n = math.lcm(*(x.conductor for row in rows for x in row.values() if isinstance(x, Cyclotomic)))
    modulus = flint.fmpq_poly([int(c) for c in flint.fmpz_poly.cyclotomic(n).coeffs()])

    def load(x: Any) -> Any:
        x = x if isinstance(x, Cyclotomic) else Cyclotomic(x)
        coefficients = [flint.fmpq(0)] * n
        for k, c in x.terms:
            coefficients[k * (n // x.conductor)] += flint.fmpq(c.numerator, c.denominator)
        return flint.fmpq_poly(coefficients) % modulus

    def store(x: Any) -> Any:
        value = Cyclotomic.combination(
            n, {k: Fraction(int(c.p), int(c.q)) for k, c in enumerate(x.coeffs()) if c != 0}
        )
        return value.rational if value.is_rational else value

    done: dict[int, Row] = {}
    for source in rows:
        row = {index[c]: load(x) for c, x in source.items()}
        for pivot, known in done.items():
            _eliminate(row, pivot, known, modulus)
        if not row:
            continue
        pivot = min(row)
        _, inverse, _ = row[pivot].xgcd(modulus)
        row = {j: x * inverse % modulus for j, x in row.items()}
        for known in done.values():
            _eliminate(known, pivot, row, modulus)
        done[pivot] = row
    return [{j: store(x) for j, x in sorted(done[p].items())} for p in sorted(done)]


def _eliminate(row: Row, pivot: int, known: Row, modulus: Any) -> None:
    """Subtract the multiple of `known` (1 at the pivot) that clears the pivot of `row`, in
    place.
    """
    factor = row.get(pivot)
    if factor is None:
        return
    for j, x in known.items():
        value = (row[j] - factor * x) % modulus if j in row else -factor * x % modulus
        if value == 0:
            row.pop(j, None)
        else:
            row[j] = value
