"""Orbits and invariant partitions of plain image lists, for code below `PermutationGroup`.

Generators are sequences of integers that are fast to index: lists, tuples or bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Images = Sequence[int]


def orbit_of(point: int, generators: Sequence[Images]) -> list[int]:
    """The orbit of a point, breadth first.

    Examples:
        >>> orbit_of(0, [[1, 2, 0, 3]])
        [0, 1, 2]
    """
    orbit = [point]
    seen = {point}
    for p in orbit:
        for s in generators:
            q = s[p]
            if q not in seen:
                seen.add(q)
                orbit.append(q)
    return orbit


def orbits_of(degree: int, generators: Sequence[Images]) -> tuple[tuple[int, ...], ...]:
    """The orbits on 0..degree-1, each sorted, by least points.

    Examples:
        >>> orbits_of(4, [[1, 0, 2, 3]])
        ((0, 1), (2,), (3,))
    """
    seen = bytearray(degree)
    found = []
    for start in range(degree):
        if seen[start]:
            continue
        seen[start] = 1
        orbit = [start]
        for p in orbit:
            for g in generators:
                q = g[p]
                if not seen[q]:
                    seen[q] = 1
                    orbit.append(q)
        found.append(tuple(sorted(orbit)))
    return tuple(found)


def representatives(points: Iterable[int], generators: Sequence[Images]) -> list[int]:
    """The first point of each orbit on an invariant set of points.

    Examples:
        >>> representatives([3, 1, 0, 2], [[1, 0, 2, 3]])
        [3, 1, 2]
    """
    if not generators:
        return list(points)
    seen: set[int] = set()
    found = []
    for start in points:
        if start not in seen:
            found.append(start)
            seen.update(orbit_of(start, generators))
    return found


def invariant_partition(
    degree: int, generators: Sequence[Images], joined: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """The finest invariant partition in which the joined points share a part, by least points.

    Complexity:
        O(g·n·α(n)) with union-find, for g generators.

    Source:
        Atkinson 1975; Seress 2003, section 5.5.1.

    Examples:
        >>> invariant_partition(4, [[1, 2, 3, 0]], [0, 2])
        ((0, 2), (1, 3))
    """
    parent = list(range(degree))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    queue = [(joined[0], p) for p in joined[1:]]
    for a, b in queue:
        a, b = find(a), find(b)
        if a != b:
            parent[max(a, b)] = min(a, b)
            # If a ~ b is new, images of the two representatives must become equivalent too.
            queue.extend((g[a], g[b]) for g in generators)
    parts: dict[int, list[int]] = {}
    for i in range(degree):
        parts.setdefault(find(i), []).append(i)
    return tuple(tuple(part) for part in parts.values())
