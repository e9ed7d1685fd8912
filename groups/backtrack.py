"""Search through a stabiliser chain for the subgroup of all elements with a property.

Elements are built along the base: after j levels an element is known up to a right factor in the
j-th stabiliser, and a test may throw the whole coset away. The subgroup found so far prunes from
both sides, so that roughly one element per double coset is looked at (Sims 1971; Seress 2003,
chapter 9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from groups.errors import DegreeError
from groups.giants import GiantChain
from groups.group import PermutationGroup, _checked_points
from groups.point_orbits import orbits_of
from groups.stabilizer_chain import StabilizerChain
from groups.subgroups import young_subgroup

Images = NDArray[np.int64]
# (level, images): may the coset of the element by the stabiliser of the first `level` base points
# hold an element with the property? Exact when level is the depth of the search.
Test = Callable[[int, Images], bool]


class SubgroupSearch:
    """Search for a subgroup K of the group of a chain.

    Arguments:
        chain: chain of the group. depth: number of levels to search; the stabiliser of the first
            `depth` base points must lie in K and is part of the answer.
        test: see `Test`.
    """

    def __init__(self, chain: StabilizerChain, depth: int, test: Test) -> None:
        self.chain = chain
        self.depth = depth
        self.test = test
        levels = chain.levels
        indices = levels[depth].generator_indices if depth < len(levels) else ()
        self.found: list[Images] = [chain.strong_generators[k] for k in indices]
        self.order = 1
        for level in levels[depth:]:
            self.order *= len(level)
        self.elements: dict[tuple[int, int], Images] = {}
        # earlier[j]: the levels l < j whose K-orbit of base points holds base point j.
        self.earlier: list[list[int]] = [[] for _ in range(depth)]

    def run(self) -> PermutationGroup:
        chain = self.chain
        for i in reversed(range(self.depth)):
            level = chain.levels[i]
            # All elements found so far fix the first i base points.
            tried = [level.base_point]
            covered = self.closure(tried)
            for p in sorted(level.orbit):
                if p in covered:
                    continue
                element = self.descend(i, i + 1, self.element(i, p))
                if element is not None:
                    self.found.append(element)
                tried.append(p)
                covered = self.closure(tried)
            orbit = self.closure([level.base_point])
            self.order *= len(orbit)
            for j in range(i + 1, self.depth):
                if chain.levels[j].base_point in orbit:
                    self.earlier[j].append(i)
        return PermutationGroup(self.found, chain.degree, known_order=self.order)

    def closure(self, points: Iterable[int]) -> set[int]:
        """The union of the orbits of points under the elements found."""
        seen = set(points)
        queue = list(seen)
        images = [g.tolist() for g in self.found]
        for p in queue:
            for g in images:
                if g[p] not in seen:
                    seen.add(g[p])
                    queue.append(g[p])
        return seen

    def element(self, level: int, point: int) -> Images:
        key = level, point
        if key not in self.elements:
            self.elements[key] = self.chain.transversal_element(level, point)
        return self.elements[key]

    def descend(self, start: int, level: int, element: Images) -> Images | None:
        """An element of K in ``element · (stabiliser of the first `level` base points)``."""
        if not self.test(level, element):
            return None
        if level == self.depth:
            return element
        # The least element of its coset by K maps base points of one K-orbit in increasing order.
        base = self.chain.base
        bound = max((int(element[base[k]]) for k in self.earlier[level] if k > start), default=-1)
        for p in sorted(self.chain.levels[level].orbit, key=element.__getitem__):
            if element[p] > bound:
                found = self.descend(start, level + 1, element[self.element(level, p)])
                if found is not None:
                    return found
        return None


def setwise_stabilizer(group: PermutationGroup, points: Iterable[int]) -> PermutationGroup:
    """The elements that map a set of points to itself.

    Arguments:
        group: a permutation group. points: distinct points, in any order.

    Returns:
        The stabiliser, with its order.

    Raises:
        PointError: a point outside the domain, or given twice.

    Complexity:
        Backtrack over the images of the points of the set (or of its complement, if smaller). A
        coset is given up when an orbit of the stabiliser of the points placed so far would not
        meet the set in as many points as its image does. Exponential at worst, as for every known
        algorithm; giants are direct.

    Source:
        Leon, *Permutation group algorithms based on partitions*, 1991 (the orbit test).

    Examples:
        >>> G = PermutationGroup(["(1,2,3,4,5,6)", "(1,2)"])
        >>> setwise_stabilizer(G, [0, 1]).order
        48
    """
    n = group.degree
    inside = sorted(_checked_points("points", points, n))
    chain = group.chain
    if isinstance(chain, GiantChain):
        return _in_giant(chain, inside)
    moved = {p for orbit in group.orbits() if len(orbit) > 1 for p in orbit}
    # Points that nothing moves do not matter, and complements have the same stabiliser.
    inside = [p for p in inside if p in moved]
    if 2 * len(inside) > len(moved):
        inside = sorted(moved.difference(inside))
    if not inside:
        return group
    chain = group.chain_with_base(inside)
    members = np.array(inside)
    wanted = set(inside)
    depth = sum(level.base_point in wanted for level in chain.levels)
    labels = [_orbit_labels(chain, i) for i in range(depth + 1)]
    counts = [np.bincount(label[members], minlength=n) for label in labels]
    preimage = np.empty(n, dtype=np.int64)
    identity = np.arange(n)

    def test(level: int, images: Images) -> bool:
        preimage[images] = identity
        found = np.bincount(labels[level][preimage[members]], minlength=n)
        return bool((found == counts[level]).all())

    return SubgroupSearch(chain, depth, test).run()


def _orbit_labels(chain: StabilizerChain, level: int) -> Images:
    """For each point the number of its orbit under the stabiliser of the first base points."""
    labels = np.arange(chain.degree)
    if level < len(chain.levels):
        rows = [chain.strong_generators[k] for k in chain.levels[level].generator_indices]
        for orbit in orbits_of(chain.degree, [row.tolist() for row in rows]):
            labels[list(orbit)] = orbit[0]
    return labels


def _in_giant(chain: GiantChain, inside: list[int]) -> PermutationGroup:
    """Set stabiliser in S_m or A_m: the (even) permutations of the set and of the rest."""
    parts = [[p for p in chain.points if p in inside], [p for p in chain.points if p not in inside]]
    return young_subgroup(chain.degree, parts, even=chain.is_alternating)


def intersection(first: PermutationGroup, second: PermutationGroup) -> PermutationGroup:
    """The elements that lie in both groups (of one degree).

    Arguments:
        first, second: groups on the same points.

    Raises:
        DegreeError: the degrees differ.

    Complexity:
        Backtrack through the chain of the smaller group; a partial image is given up as soon as no
        element of the other group has it.

    Examples:
        >>> D = PermutationGroup(["(1,2,3,4)", "(1,3)"])
        >>> A = PermutationGroup(["(1,2,3)", "(2,3,4)"])
        >>> intersection(D, A).order
        4
    """
    if first.degree != second.degree:
        raise DegreeError(
            f"intersection: both groups must have one degree, got {first.degree} and "
            f"{second.degree}; rebuild one of them with degree=..."
        )
    small, large = (first, second) if first.order <= second.order else (second, first)
    if small.is_subgroup_of(large):
        return small
    chain = small.chain
    other = large.chain_with_base(chain.base)
    place = {level.base_point: k for k, level in enumerate(other.levels)}

    def test(level: int, images: Images) -> bool:
        if level == len(chain.levels):
            return other.contains(images)
        # Divide by elements of the other group until the base points known so far are fixed.
        left = images
        for b in chain.base[:level]:
            point = int(left[b])
            if point != b:
                inverse = other.inverse_transversal(place[b], point) if b in place else None
                if inverse is None:
                    return False
                left = inverse[left]
        return True

    return SubgroupSearch(chain, len(chain.levels), test).run()
