"""What is known about each orbit of a family, found in two ways that do not use each other.

The size is the number of points met when the orbit is grown from its representative. The order of
the stabiliser comes from the group alone, as an intersection of set stabilisers. Orbit-stabiliser
then ties
the two together: it is a check, not a definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from symcsq.verifier.orbit_points import LARGEST_TREE, Rows, grow_orbit
from symcsq.verifier.sections import tree_entry

if TYPE_CHECKING:
    from groups import PermutationGroup

#: Points expanded for one family. Orbits beyond are certified by canonical images and stabilisers
#: alone.
MOST_POINTS = 2_000_000


@dataclass(frozen=True, slots=True)
class OrbitFacts:
    """One orbit: least member, size, the stabiliser's order, and its points where expanded."""

    representative: tuple[int, ...]
    size: int
    stabilizer_order: int
    points: Rows | None
    tree: tuple[tuple[int, int], ...]

    def tree_fields(self) -> dict[str, Any]:
        """The certificate's tree, which large orbits do without."""
        if self.points is None or self.size > LARGEST_TREE:
            return {}
        return {"tree": tree_entry(self.tree)}


def find_orbits(
    group: PermutationGroup, vectors: Iterable[Sequence[int]], most_points: int = MOST_POINTS
) -> list[OrbitFacts]:
    """The facts about the orbit of each vector, in the given order.

    Arguments:
        group: acts on vectors by moving entry i to place g(i).
        vectors: any member of each orbit; repeats are allowed and get the same facts.
        most_points: how many points may be expanded in all.

    Examples:
        >>> from groups import group
        >>> (facts,) = find_orbits(group("C4"), [(0, 1, 0, 1)])
        >>> facts.representative, facts.size, facts.stabilizer_order, facts.tree
        ((0, 1, 0, 1), 2, 2, ((0, 0),))
    """
    generators = [np.asarray(g.images, dtype=np.int64) for g in group.generators]
    known: dict[tuple[int, ...], OrbitFacts] = {}
    found = []
    left = most_points
    for vector in vectors:
        start = tuple(int(entry) for entry in vector)
        facts = known.get(start)
        if facts is None:
            facts = _facts(group, generators, start, left)
            facts = known.setdefault(facts.representative, facts)
            known[start] = facts
            left -= 0 if facts.points is None else facts.size
        found.append(facts)
    return found


def _facts(
    group: PermutationGroup, generators: list[Rows], start: tuple[int, ...], most_points: int
) -> OrbitFacts:
    orbit = grow_orbit(generators, start, most_points)
    if orbit is None:
        image = group.canonical(start)
        least = tuple(int(entry) for entry in image.representative)
        stabilizer = stabilizer_order(group, least)
        return OrbitFacts(least, group.order // stabilizer, stabilizer, None, ())
    least = start
    if len(start):
        first = np.lexsort(orbit.points.T[::-1])[0]
        least = tuple(orbit.points[first].tolist())
    if least != start:
        regrown = grow_orbit(generators, least, most_points)
        assert regrown is not None
        orbit = regrown
    return OrbitFacts(least, len(orbit), stabilizer_order(group, least), orbit.points, orbit.tree)


def stabilizer_order(group: PermutationGroup, vector: Sequence[int]) -> int:
    """The number of group elements that fix a vector: they fix each of its level sets as a set.

    Examples:
        >>> from groups import group
        >>> (
        ...     stabilizer_order(group("S4"), (0, 0, 1, 2)),
        ...     stabilizer_order(group("C6"), (0, 1, 0, 1, 0, 1)),
        ... )
        (2, 3)
    """
    levels: dict[int, list[int]] = {}
    for point, entry in enumerate(vector):
        levels.setdefault(int(entry), []).append(point)
    # The largest level set is fixed as soon as all the others are.
    for level in sorted(levels.values(), key=len)[:-1]:
        group = group.setwise_stabilizer(level)
    return int(group.order)


def outsiders(subset: Iterable[int], degree: int) -> tuple[int, ...]:
    """A subset as a vector: 0 on its points, 1 elsewhere; the least vector is the least subset.

    Examples:
        >>> outsiders((0, 2), 4)
        (0, 1, 0, 1)
    """
    chosen = set(subset)
    return tuple(int(point not in chosen) for point in range(degree))


def insiders(vector: Sequence[int]) -> tuple[int, ...]:
    """The subset of a vector made by `outsiders`.

    Examples:
        >>> insiders((0, 1, 0, 1))
        (0, 2)
    """
    return tuple(point for point, entry in enumerate(vector) if not entry)
