"""Orbits on exponent vectors written down from the construction of the group, without any search.

Sorted vectors for symmetric, alternating and Young groups; pairs of orbits for direct products; for
`base wr S_m` and for S_m on the rows of a matrix, sorted words whose letters are the orbits on one
block. The cost is that of the answer: S_50 or S_4 wr S_8 cost their number of orbits. A factor or
base without such a construction, like C_20 in S_6 x C_20, is searched on its own, if it has few
objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from math import comb, factorial, prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Vector = tuple[int, ...]
Orbit = tuple[Vector, int]  # representative and size
ByDegree = list[list[Orbit]]  # entry e: orbits on vectors of degree e

_FEW_OBJECTS = 2_000_000  # vectors of a part without structure: about a second for each generator


def is_structured(group: PermutationGroup) -> bool:
    """Whether `structured_orbits` knows the group."""
    record = group._structure
    if record is None:
        return False
    kind = record[0]
    if kind in ("symmetric", "alternating", "young"):
        return True
    if kind == "direct":
        return all(is_structured(factor) for factor in record[1])
    if kind == "wreath":
        return is_structured(record[1]) and _is_symmetric(record[2])
    return kind == "action" and record[1] == "rows" and _is_symmetric(record[2])


def has_listed_parts(group: PermutationGroup, degree: int, cap: int) -> bool:
    """Whether `structured_orbits` lists the group: all its parts are structured or small.

    Arguments:
        degree, cap: of the exponent vectors, as in `structured_orbits`.
    """
    record = group._structure
    if record is None or record[0] not in ("direct", "wreath"):
        return is_structured(group)
    if record[0] == "wreath" and not _is_symmetric(record[2]):
        return False
    parts = record[1] if record[0] == "direct" else [record[1]]
    return all(has_listed_parts(part, degree, cap) or _few(part, degree, cap) for part in parts)


def _few(group: PermutationGroup, degree: int, cap: int) -> bool:
    """Whether there are few exponent vectors of at most this degree."""
    n = group.degree
    return min(comb(n + degree, n), (cap + 1) ** n) <= _FEW_OBJECTS


def _is_symmetric(group: PermutationGroup) -> bool:
    return group._structure is not None and group._structure[0] == "symmetric"


def structured_orbits(
    group: PermutationGroup, degree: int, cap: int, *, greatest: bool = False
) -> list[Orbit]:
    """Orbits on exponent vectors of a degree with entries at most `cap`, by construction.

    Arguments:
        group: a group for which `has_listed_parts` holds. degree, cap: not negative, cap 1 if
            `greatest`. greatest: whether to represent orbits by their lexicographically greatest
            vectors instead of their least.

    Returns:
        List of (representative, size), in increasing order of representatives.

    Complexity:
        O(n) per orbit of this degree, and per orbit of a factor of at most this degree.
    """
    record = group._structure
    if record is not None and record[0] in ("symmetric", "alternating"):
        even = record[0] == "alternating" and record[1] > 2
        return sorted(_sorted_vectors(record[1], degree, cap, greatest, even))
    return sorted(_orbits(group, degree, cap, greatest)[degree])


def _orbits(group: PermutationGroup, d: int, cap: int, greatest: bool) -> ByDegree:
    """Orbits of every degree up to d."""
    if not has_listed_parts(group, d, cap):
        return [_searched(group, e, cap, greatest) for e in range(d + 1)]
    record = group._structure
    assert record is not None
    kind = record[0]
    if kind == "symmetric":
        return [_sorted_vectors(record[1], e, cap, greatest, even=False) for e in range(d + 1)]
    if kind == "alternating":
        even = record[1] > 2
        return [_sorted_vectors(record[1], e, cap, greatest, even=even) for e in range(d + 1)]
    if kind == "young":
        out = _empty(d)
        blocks: dict[int, ByDegree] = {}
        for part in record[1]:
            if part not in blocks:
                blocks[part] = [
                    _sorted_vectors(part, e, cap, greatest, even=False) for e in range(d + 1)
                ]
            out = _joined(out, blocks[part], d)
        return out
    if kind == "direct":
        out = _empty(d)
        for factor in record[1]:
            out = _joined(out, _orbits(factor, d, cap, greatest), d)
        return out
    if kind == "wreath":
        return _words(_orbits(record[1], d, cap, greatest), record[2].degree, d, greatest)
    letters = [
        [(row, 1) for row in _all_vectors(record[3], e, cap)] for e in range(d + 1)
    ]  # rows of a matrix: no symmetry inside a row
    return _words(letters, record[2].degree, d, greatest)


def _searched(group: PermutationGroup, e: int, cap: int, greatest: bool) -> list[Orbit]:
    """Orbits of one degree of a part that is small."""
    from groups.orbits import orbits_on_space
    from groups.ranking import Exponents, Subsets

    if not greatest:
        return list(orbits_on_space(group, Exponents(group.degree, e, cap)))
    if e > group.degree:
        return []
    # The least sorted tuple is the set whose 0/1 vector is greatest.
    table = orbits_on_space(group, Subsets(group.degree, e))
    return [(tuple(int(i in chosen) for i in range(group.degree)), k) for chosen, k in table]


def _empty(d: int) -> ByDegree:
    start: ByDegree = [[((), 1)]]
    return start + [[] for _ in range(d)]


def _joined(left: ByDegree, right: ByDegree, d: int) -> ByDegree:
    return [
        [
            (a + b, size_a * size_b)
            for i in range(e + 1)
            for a, size_a in left[i]
            for b, size_b in right[e - i]
        ]
        for e in range(d + 1)
    ]


def _partitions(total: int, parts: int, most: int) -> list[list[int]]:
    """Decreasing lists of at most `parts` positive numbers up to `most` with the given sum."""
    out: list[list[int]] = []

    def extend(prefix: list[int], left: int, places: int, bound: int) -> None:
        if left == 0:
            out.append(prefix)
        elif places:
            for first in range(min(left, bound), -(-left // places) - 1, -1):
                extend([*prefix, first], left - first, places - 1, first)

    extend([], total, parts, most)
    return out


def _sorted_vectors(n: int, e: int, cap: int, greatest: bool, even: bool) -> list[Orbit]:
    """Orbits of S_n, or of A_n when `even`, on vectors of degree e."""
    out = []
    everything = factorial(n)
    for parts in _partitions(e, n, cap):
        down = parts + [0] * (n - len(parts))
        vector = tuple(down) if greatest else tuple(reversed(down))
        counts = [len(list(run)) for _, run in groupby(vector)]
        size = everything // prod(map(factorial, counts))
        if even and len(counts) == n:
            # All entries differ: the odd rearrangements are an orbit of their own.
            out.append((vector, size // 2))
            out.append(((*vector[:-2], vector[-1], vector[-2]), size // 2))
        else:
            out.append((vector, size))
    return out


def _all_vectors(n: int, e: int, cap: int) -> Iterator[Vector]:
    if n == 0:
        if e == 0:
            yield ()
        return
    for first in range(min(e, cap) + 1):
        for rest in _all_vectors(n - 1, e - first, cap):
            yield (first, *rest)


def _words(letters: ByDegree, length: int, d: int, greatest: bool) -> ByDegree:
    """Multisets of `length` letters, written as sorted words, by total degree."""
    alphabet = sorted(
        ((vector, size, e) for e, orbits in enumerate(letters) for vector, size in orbits),
        reverse=greatest,
    )
    lightest = [0] * (len(alphabet) + 1)  # least degree of a letter from here on
    lightest[-1] = d + 1
    for i in range(len(alphabet) - 1, -1, -1):
        lightest[i] = min(alphabet[i][2], lightest[i + 1])
    out: ByDegree = [[] for _ in range(d + 1)]

    def extend(start: int, left: int, weight: int, word: Vector, size: int, ways: int) -> None:
        if left == 0:
            out[weight].append((word, size * ways))
            return
        for i in range(start, len(alphabet)):
            if weight + left * lightest[i] > d:
                return
            vector, one, e = alphabet[i]
            most = left if e == 0 else min(left, (d - weight) // e)
            for times in range(most, 0, -1):
                extend(
                    i + 1,
                    left - times,
                    weight + times * e,
                    word + vector * times,
                    size * one**times,
                    ways // factorial(times),
                )

    extend(0, length, 0, (), 1, factorial(length))
    return out
