"""The exact rank of a Gram matrix: how many dimensions the members span.

Over orthogonal basis elements of positive norm it is the rank of the matrix of coefficients. A rank
modulo a prime is never too large; that it is not too small is shown by integer relations that
express every other row by the independent ones, found modulo primes and checked exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isqrt, lcm
from typing import Any

import flint

_MOST_ENTRIES = 6_250_000  # of a matrix that is eliminated
_MOST_RELATIONS = 1_000_000  # coefficients of relations between rows
_MOST_PRIMES = 16  # of 61 bits: relations with larger coefficients are not looked for


def rank_of_rows(rows: Sequence[Mapping[int, int]]) -> int | None:
    """The rank of a sparse integer matrix, given by the non-zero entries of its rows.

    A column with a single entry makes its row independent of the others: both are set aside, again
    and again, before what is left is eliminated.

    Returns:
        The rank; None when what is left is too large (rows times columns beyond 6,250,000), or has
        relations too large to be found.

    Complexity: the number of entries, and a dense elimination of what is left.

    Examples:
        >>> rank_of_rows([{0: 1, 1: 2}, {0: 2, 1: 4}, {1: 1, 2: 1}, {}])
        2
        >>> rank_of_rows([{k: 1, k + 1: -1} for k in range(1000)] + [{0: 1, 1000: -1}])
        1000
    """
    left = {i: {k: c for k, c in row.items() if c} for i, row in enumerate(rows)}
    users: dict[int, set[int]] = {}
    for i, row in left.items():
        for k in row:
            users.setdefault(k, set()).add(i)
    rank = 0
    alone = [k for k, column in users.items() if len(column) == 1]
    while alone:
        k = alone.pop()
        if len(users[k]) != 1:
            continue
        (i,) = users[k]
        rank += 1
        for other in left.pop(i):
            users[other].discard(i)
            if len(users[other]) == 1:
                alone.append(other)
    kept = [row for row in left.values() if row]
    if not kept:
        return rank
    columns = {k: place for place, k in enumerate(sorted({k for row in kept for k in row}))}
    if len(kept) * len(columns) > _MOST_ENTRIES:
        return None
    entries = [0] * (len(kept) * len(columns))
    for i, row in enumerate(kept):
        for k, c in row.items():
            entries[i * len(columns) + columns[k]] = c
    rest = rank_of_matrix(flint.fmpz_mat(len(kept), len(columns), entries))
    return None if rest is None else rank + rest


def rank_of_matrix(matrix: Any) -> int | None:
    """The rank of a dense integer matrix.

    Arguments:
        matrix: a `flint.fmpz_mat`.

    Returns:
        The rank; None when the relations between rows are too many, or too large to be found.

    Complexity: an elimination modulo a 61-bit prime; where rows are dependent, one for every 61
    bits of the relations' coefficients, and an exact product to check them.

    Examples:
        >>> rank_of_matrix(flint.fmpz_mat(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]))
        2
    """
    if matrix.nrows() > matrix.ncols():
        matrix = matrix.transpose()
    modulus, found, pivots = 1, None, None
    for prime in _primes():
        reduced, rank = flint.nmod_mat(matrix.transpose(), prime).rref()
        if rank == matrix.nrows():
            return int(rank)
        places = _pivots(reduced, rank)
        others = sorted(set(range(matrix.nrows())) - set(places))
        if rank * len(others) > _MOST_RELATIONS:
            return None
        residues = [[int(reduced[i, j]) for i in range(rank)] for j in others]
        if pivots is None or len(places) > len(pivots) or places < pivots:
            # The first prime, or the earlier ones divided a minor that they should not.
            modulus, found, pivots = prime, residues, places
        elif places == pivots:
            assert found is not None
            step = pow(modulus, -1, prime)
            for old, new in zip(found, residues, strict=True):
                old[:] = [
                    a + modulus * ((b - a) * step % prime) for a, b in zip(old, new, strict=True)
                ]
            modulus *= prime
        assert found is not None
        if _relations_hold(matrix, pivots, found, modulus):
            return len(pivots)
    return None


def _primes() -> Iterator[int]:
    """The largest primes below 2**61."""
    candidate, count = (1 << 61) - 1, 0
    while count < _MOST_PRIMES:
        if flint.fmpz(candidate).is_prime():
            count += 1
            yield candidate
        candidate -= 2


def _pivots(reduced: Any, rank: int) -> list[int]:
    """The columns of the leading ones of a reduced echelon form."""
    places, j = [], 0
    for i in range(rank):
        while not int(reduced[i, j]):
            j += 1
        places.append(j)
        j += 1
    return places


def _relations_hold(
    matrix: Any, pivots: list[int], residues: list[list[int]], modulus: int
) -> bool:
    """Whether every other row is, exactly, the combination of the pivot rows found modulo m."""
    multipliers: list[int] = []
    numerators: list[int] = []
    for row in residues:
        fractions = [_reconstructed(r, modulus) for r in row]
        if None in fractions:
            return False
        known = [f for f in fractions if f is not None]
        common = lcm(*(q for _, q in known))
        multipliers.append(common)
        numerators.extend(p * (common // q) for p, q in known)
    width = matrix.ncols()
    table = matrix.tolist()
    independent = flint.fmpz_mat([table[i] for i in pivots]) if pivots else None
    others = sorted(set(range(matrix.nrows())) - set(pivots))
    rest = [[m * x for x in table[i]] for m, i in zip(multipliers, others, strict=True)]
    if independent is None:
        return all(not x for row in rest for x in row)
    combined = flint.fmpz_mat(len(others), len(pivots), numerators) * independent
    return bool(combined == flint.fmpz_mat(len(others), width, [x for row in rest for x in row]))


def _reconstructed(residue: int, modulus: int) -> tuple[int, int] | None:
    """The (p, q) with p = q * residue modulo m, both below the root of m/2; None if there is none.

    Examples:
        >>> _reconstructed(-3 * pow(7, -1, 10007) % 10007, 10007)
        (-3, 7)
    """
    bound = isqrt(modulus // 2)
    before, now, factor_before, factor = modulus, residue, 0, 1
    while now > bound:
        quotient = before // now
        before, now = now, before - quotient * now
        factor_before, factor = factor, factor_before - quotient * factor
    if not 0 < abs(factor) <= bound:
        return None
    return (now, factor) if factor > 0 else (-now, -factor)
