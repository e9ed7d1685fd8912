"""E[∏_v ε(deg v)] over the random graph G(n, p), exactly and for many ε at once (M21).

Vertices are revealed one at a time; the state is how many of the vertices that remain have each
current degree. A vertex of the smallest class is revealed next (they are exchangeable), its
edges are chosen class by class of equal degrees, and equal states are merged. The number of
transitions over all steps grows like that of the Fibonacci numbers F_{2n}. Numerators over the
common denominator b^{n(n-1)/2}, p = a/b, are integers. Two ways to compute them: hundreds of sign
vectors side by side in one long integer, or modulo several primes below 2^31 in NumPy, put together
by the Chinese remainder theorem.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Any, Literal

import flint
import numpy as np

from symcsq.constructions.family import natural
from symcsq.errors import FamilyError
from symcsq.exact import rational

__all__ = ["MOST_VERTICES", "degree_sign_expectations"]

MOST_VERTICES = 20
_BATCH = 1 << 21
#: Sign vectors side by side in one integer: few enough for a processor's caches.
_PACKED = 512
#: Up to so many sign vectors residues are faster.
_MOST_MODULAR = 16


@dataclass(frozen=True, slots=True)
class _Step:
    """All transitions of one step, sorted by target.

    Attributes:
        source: position of the state before, for each transition.
        degree: the final degree of the vertex that is revealed.
        edges: how many edges it gets now.
        ways: the product of binomials.
        starts: where each target's transitions begin.
        others: how many vertices remain besides the one revealed.
    """

    source: Any
    degree: Any
    edges: Any
    ways: Any
    starts: Any
    others: int


@lru_cache(maxsize=4)
def _steps(n: int) -> tuple[_Step, ...]:
    result = []
    states = np.array([[n]], dtype=np.int64)
    binomial = np.array([[comb(k, j) for j in range(n + 1)] for k in range(n + 1)], dtype=np.int64)
    for t in range(n):
        others = n - t - 1
        revealed = np.where(states > 0, states, n + 1).argmin(axis=1)
        counts = states.copy()
        counts[np.arange(len(states)), revealed] -= 1
        source = np.arange(len(states))
        new = np.zeros((len(states), t + 2), dtype=np.int64)
        edges = np.zeros(len(states), dtype=np.int64)
        ways = np.ones(len(states), dtype=np.int64)
        for d in range(t + 1):
            sizes = counts[source, d]
            repeats = sizes + 1
            ends = np.cumsum(repeats)
            chosen = np.arange(ends[-1]) - np.repeat(ends - repeats, repeats)
            rows = np.repeat(np.arange(len(source)), repeats)
            source, new, edges, ways = source[rows], new[rows], edges[rows], ways[rows]
            sizes = sizes[rows]
            new[:, d] += sizes - chosen
            new[:, d + 1] += chosen
            edges += chosen
            ways *= binomial[sizes, chosen]
        codes = new @ ((others + 1) ** np.arange(t + 2, dtype=np.int64))
        order = np.argsort(codes, kind="stable")
        _, first = np.unique(codes[order], return_index=True)
        source, edges, ways = source[order], edges[order], ways[order]
        result.append(_Step(source, revealed[source] + edges, edges, ways, first, others))
        states = new[order][first]
    return tuple(result)


def degree_sign_expectations(
    n: int,
    p: Any,
    signs: Sequence[Sequence[int]],
    *,
    algorithm: Literal["packed", "modular"] | None = None,
) -> list[Fraction]:
    """E[∏_v ε(deg v)] for A ~ G(n, p) and each sign vector ε.

    Arguments:
        n: the number of vertices, 1..20.
        p: a rational strictly between 0 and 1.
        signs: vectors ε(0), …, ε(n-1) of ±1.
        algorithm: "packed", hundreds of vectors in one long integer, or "modular", residues in
            NumPy; None: packed for more than 16 vectors, which is where it is faster.

    Returns:
        One Fraction for each vector, in their order.

    Raises:
        FamilyError: n or p out of range, or a vector that is not n signs.

    Complexity: about F_{2n} transitions (n = 14: 415,000), each for n²·log₂(b)/2 bits of every
        vector.

    Source: M21.

    Examples:
        >>> [str(e) for e in degree_sign_expectations(6, "1/2", [[-1, 1, 1, -1, 1, 1]])]
        ['39/1024']
    """
    n = natural(n, "n", 1)
    if n > MOST_VERTICES:
        raise FamilyError(f"n: must be at most {MOST_VERTICES}, got {n}; use fewer vertices")
    probability = rational(p, "p")
    if not 0 < probability < 1:
        raise FamilyError(
            f'p: must be a rational strictly between 0 and 1, got {probability}; write "1/2"'
        )
    rows = [[int(e) for e in row] for row in signs]
    for k, row in enumerate(rows):
        if len(row) != n or any(e not in (1, -1) for e in row):
            raise FamilyError(
                f"signs[{k}]: must be {n} numbers 1 or -1, got {row}; give one for each degree"
            )
    if not rows:
        return []
    if algorithm not in (None, "packed", "modular"):
        raise FamilyError(
            f'algorithm: must be "packed" or "modular", got {algorithm!r}; leave it out'
        )
    a, b = probability.numerator, probability.denominator
    denominator = b ** (n * (n - 1) // 2)
    if algorithm == "modular" or (algorithm is None and len(rows) <= _MOST_MODULAR):
        numerators = _modular(n, a, b, rows)
    else:
        parts = (rows[k : k + _PACKED] for k in range(0, len(rows), _PACKED))
        numerators = [value for part in parts for value in _packed(n, a, b, part)]
    return [Fraction(value, denominator) for value in numerators]


def _packed(n: int, a: int, b: int, rows: Sequence[Sequence[int]]) -> list[int]:
    """The numerators, every vector in its own field of one integer.

    A field holds a signed number; adding the bias makes all fields non-negative, so that those that
    a mask selects can be cut out and subtracted twice.
    """
    # No sum of absolute values exceeds b^{n(n-1)/2}: the weights of all graphs together.
    width = -(-((b ** (n * (n - 1) // 2)).bit_length() + 2) // 8) * 8
    ones = _fields([True] * len(rows), width)
    bias = ones << (width - 1)
    full = (1 << width) - 1
    masks = [_fields([row[d] < 0 for row in rows], width) * full for d in range(n)]
    centres = [bias & mask for mask in masks]
    values = [ones]
    for step in _steps(n):
        edge = [a**e * (b - a) ** (step.others - e) for e in range(step.others + 1)]
        after = [flint.fmpz(0)] * len(step.starts)
        target = np.repeat(
            np.arange(len(step.starts)), np.diff(np.append(step.starts, len(step.source)))
        )
        order = np.lexsort((step.edges, step.source))
        columns = (step.source, step.degree, step.edges, step.ways, target)
        last, signed = (-1, -1), ones
        for source, degree, edges, ways, to in zip(
            *(column[order].tolist() for column in columns), strict=True
        ):
            if (source, edges) != last:
                last, value = (source, edges), values[source]
                flipped = ((value + bias) & masks[degree]) - centres[degree]
                signed = (value - 2 * flipped) * edge[edges]
            after[to] += signed if ways == 1 else signed * ways
        values = after
    data = int(values[0] + bias).to_bytes(len(rows) * width // 8, "little")
    half, size = 1 << (width - 1), width // 8
    return [int.from_bytes(data[k : k + size], "little") - half for k in range(0, len(data), size)]


def _fields(chosen: Sequence[bool], width: int) -> flint.fmpz:
    """The integer with a 1 at the bottom of the fields that are chosen, the first one lowest."""
    digits = ("1" if bit else "0" for bit in reversed(chosen))
    return flint.fmpz(int("".join(digit.zfill(width) for digit in digits), 2))


def _modular(n: int, a: int, b: int, rows: Sequence[Sequence[int]]) -> list[int]:
    """The numerators by residues modulo primes that together exceed twice their bound."""
    bound = 2 * b ** (n * (n - 1) // 2) + 1
    residues: list[list[int]] = []
    primes: list[int] = []
    product = 1
    for prime in _primes():
        if product > bound:
            break
        primes.append(prime)
        product *= prime
        residues.append(_sweep(n, a, b, np.array(rows, dtype=np.int64), prime))
    result = []
    for values in zip(*residues, strict=True):
        total = 0
        for value, prime in zip(values, primes, strict=True):
            rest = product // prime
            total += value * rest * pow(rest, -1, prime)
        total %= product
        result.append(total - product if 2 * total > product else total)
    return result


def _primes() -> Iterator[int]:
    candidate = 1 << 31
    while True:
        candidate -= 1
        if flint.fmpz(candidate).is_prime():
            yield candidate


def _sweep(n: int, a: int, b: int, signs: Any, prime: int) -> list[int]:
    """The numerators modulo a prime, for all sign vectors, in batches that fit in memory."""
    steps = _steps(n)
    widest = max(len(step.source) for step in steps)
    width = max(1, _BATCH // widest)
    result: list[int] = []
    for start in range(0, len(signs), width):
        part = signs[start : start + width]
        values = np.ones((1, len(part)), dtype=np.int64)
        for step in steps:
            edge = np.array(
                [
                    pow(a, e, prime) * pow(b - a, step.others - e, prime) % prime
                    for e in range(step.others + 1)
                ],
                dtype=np.int64,
            )
            weights = step.ways % prime * edge[step.edges] % prime
            terms = values[step.source] * weights[:, None] % prime
            terms *= part.T[step.degree]
            values = np.add.reduceat(terms, step.starts, axis=0) % prime
        result.extend(int(v) for v in values[0])
    return result
