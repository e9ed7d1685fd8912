"""The centraliser of an element, by backtrack search along its cycles."""

from __future__ import annotations

from typing import Any

import numpy as np

from groups.backtrack import Images, SubgroupSearch
from groups.class_search import cycle_lengths
from groups.errors import DegreeError
from groups.group import PermutationGroup
from groups.permutations import Permutation


def centralizer(group: PermutationGroup, g: Any) -> PermutationGroup:
    """All elements of a group that commute with a permutation.

    The base runs along the cycles of g, longest first: the image of one point of a cycle settles
    the others, so the search branches only at the start of a cycle, among cycles of that length.

    Arguments:
        group: the group. g: a permutation of the same points, in the group or not.

    Raises:
        DegreeError: the degrees differ.

    Complexity:
        Backtrack through the chain; usually polynomial, exponential in the worst case.

    Source:
        Seress, *Permutation Group Algorithms*, 2003, section 9.1.2.

    Examples:
        >>> M = PermutationGroup(["(1,2,3,4,5)", "(1,2)"])
        >>> centralizer(M, Permutation("(1,2)(3,4)", 5)).order
        8
    """
    element = g if isinstance(g, Permutation) else Permutation(g, group.degree)
    if element.degree != group.degree:
        raise DegreeError(
            f"g: must have degree {group.degree}, the degree of the group, got {element.degree}; "
            "rebuild it with degree=..."
        )
    images = element.images
    lengths = cycle_lengths(images[None, :])[0]
    base = [p for c in sorted(element.cycles(), key=len, reverse=True) for p in c]
    chain = group.chain_with_base(base)
    points = chain.base
    position = {p: k for k, p in enumerate(points)}

    def test(level: int, candidate: Images) -> bool:
        if level == len(points):
            return bool((candidate[images] == images[candidate]).all())
        # Only the newest base point has to be compared with its neighbours.
        b = points[level - 1]
        image = int(candidate[b])
        if lengths[image] != lengths[b]:
            return False
        after = int(images[b])
        if position.get(after, level) < level and candidate[after] != images[image]:
            return False
        before = int(np.flatnonzero(images == b)[0])
        return not (position.get(before, level) < level and images[candidate[before]] != image)

    return SubgroupSearch(chain, len(points), test).run()
