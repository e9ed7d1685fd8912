"""E[∏_v ε(deg v)] over the random graph G(n, p), exactly and for many ε at once (M21).

Two programmes, whose numbers of transitions grow like the Fibonacci numbers F_{2n}. Numerators over
the common denominator b^{n(n-1)/2}, p = a/b, are integers.

Vertices are revealed one at a time; the state is how many of the vertices that remain have each
current degree. A vertex of the smallest class is revealed next (they are exchangeable), its
edges are chosen class by class of equal degrees, and equal states are merged. This is done modulo
several primes below 2^31 in NumPy, put together by the Chinese remainder theorem.

Or graphs grow by one vertex at a time; the state is a multiset of offsets, which the degrees are
counted from. This is done for hundreds of sign vectors side by side in one long integer, with
numbers that are short while graphs are small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations_with_replacement
from math import comb
from operator import xor
from typing import Any, Literal

import flint
import numpy as np

from symcsq.constructions.family import natural
from symcsq.errors import FamilyError
from symcsq.exact import rational

__all__ = ["MOST_VERTICES", "degree_sign_expectations"]

MOST_VERTICES = 20
_BATCH = 1 << 21
#: Sign vectors side by side in one integer: they bound the memory.
_PACKED = 512
#: Up to so many sign vectors residues are faster.
_MOST_MODULAR = 4


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
            NumPy; None: packed for more than 4 vectors, which is where it is faster.

    Returns:
        One Fraction for each vector, in their order.

    Raises:
        FamilyError: n or p out of range, or a vector that is not n signs.

    Complexity: about F_{2n} transitions (n = 14: 318,000), each for up to n²·log₂(b)/2 bits of each
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
    """The numerators by growing graphs, every sign vector in its own field of one integer.

    For a multiset s of m offsets, let even(s) be the weight of the graphs on m vertices for which
    ∏_v ε(offset of v + deg v) = 1. A further vertex of offset c with k neighbours raises their
    offsets by one, and has the sign ε(c + k); where that is -1, even and odd are exchanged. A rest
    s serves all c, so the rests are taken in an order in which fewer than half of them are needed:
    those whose sum is divisible by 3 come first.
    """
    place = [(n + 1) ** offset for offset in range(n + 1)]  # a multiset is a sum of these
    even = {0: int.from_bytes(bytes([1]) * len(rows), "little")}
    width = 1
    for m in range(n):
        size = (b ** comb(m + 1, 2)).bit_length() // 8 + 1  # bytes of a field
        even = {state: _wider(value, len(rows), width, size) for state, value in even.items()}
        width = size
        flips, surplus = _flips(n, m, a, b, rows, width)
        weights = [a**k * (b - a) ** (m - k) for k in range(m + 1)]
        after: dict[int, int] = {}
        for rest in sorted(combinations_with_replacement(range(n - m), m), key=_sum_mod_3):
            state = sum(place[offset] for offset in rest)
            added = [c for c in range(n - m) if state + place[c] not in after]
            if not added:
                continue
            totals = _raised(state, Counter(rest), place, weights, even)
            for c in added:
                flipped = map(xor, totals[1:], flips[c + 1 :])
                after[state + place[c]] = sum(flipped, (totals[0] ^ flips[c]) - surplus[c])
        even = after
    data = even[n].to_bytes(len(rows) * width, "little")
    total = b ** comb(n, 2)
    fields = (data[k : k + width] for k in range(0, len(data), width))
    return [2 * int.from_bytes(field, "little") - total for field in fields]


def _sum_mod_3(rest: Sequence[int]) -> int:
    return sum(rest) % 3


def _flips(
    n: int, m: int, a: int, b: int, rows: Sequence[Sequence[int]], width: int
) -> tuple[list[int], list[int]]:
    """What exchanges even and odd in the fields with ε(d) = -1, and for each c what is then excess.

    A field x becomes 2^{8·width} - 1 - x, to which its total - x is an excess that does not depend
    on x.
    """
    full = (1 << 8 * width) - 1
    negative = [
        _wider(int.from_bytes(bytes(row[d] < 0 for row in rows), "little"), len(rows), 1, width)
        for d in range(n)
    ]
    totals = [comb(m, k) * a**k * (b - a) ** (m - k) * b ** comb(m, 2) for k in range(m + 1)]
    surplus = [
        sum((full - total) * negative[c + k] for k, total in enumerate(totals))
        for c in range(n - m)
    ]
    return [fields * full for fields in negative], surplus


def _raised(
    state: int,
    rest: Counter[int],
    place: Sequence[int],
    weights: Sequence[int],
    even: dict[int, int],
) -> list[int]:
    """For each k the weighted sum of `even` over the multisets with k offsets raised by one."""
    moves = [(state, 0, 1)]
    for offset, count in rest.items():
        step = place[offset + 1] - place[offset]
        choices = [(j * step, j, comb(count, j)) for j in range(count + 1)]
        moves = [(s + up, k + j, ways * w) for s, k, ways in moves for up, j, w in choices]
    sums: list[dict[int, int]] = [{} for _ in weights]
    for s, k, ways in moves:
        factor, terms = ways * weights[k], sums[k]
        terms[factor] = terms[factor] + even[s] if factor in terms else even[s]
    return [
        sum(value if factor == 1 else value * factor for factor, value in terms.items())
        for terms in sums
    ]


def _wider(value: int, count: int, old: int, new: int) -> int:
    """The same numbers in fields of `new` bytes in place of `old`."""
    if old == new:
        return value
    data, wide = value.to_bytes(count * old, "little"), bytearray(count * new)
    for k in range(old):
        wide[k::new] = data[k::old]
    return int.from_bytes(wide, "little")


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
