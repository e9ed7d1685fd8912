"""Products recognised in a bare permutation group, by comparing orders.

An intransitive group lies in the direct product of its actions on its orbits, an imprimitive one in
the wreath product of the action of a block's stabiliser on the block by the action on the blocks.
When the orders agree, the group is that product (up to the numbering of points).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from groups.group import PermutationGroup


def restriction(group: PermutationGroup, points: tuple[int, ...]) -> PermutationGroup:
    """The action on an invariant set of points, renumbered in increasing order.

    Examples:
        >>> from groups.catalogue import young
        >>> restriction(young(3, 2), (3, 4)).order
        2
    """
    from groups.group import PermutationGroup

    place = {p: i for i, p in enumerate(sorted(points))}
    generators = [[place[g(p)] for p in sorted(points)] for g in group.generators]
    return PermutationGroup(generators, len(points))


def direct_factors(group: PermutationGroup) -> list[PermutationGroup] | None:
    """Actions on disjoint invariant sets whose direct product the group is, None when there are
    none.

    Examples:
        >>> from groups import PermutationGroup
        >>> G = PermutationGroup(["(1,2)(4,5)", "(1,2,3)", "(6,7)"])
        >>> [(H.degree, H.order) for H in direct_factors(G)]
        [(5, 6), (2, 2)]
    """
    rest = [orbit for orbit in group.orbits() if len(orbit) > 1]
    fixed = group.degree - sum(map(len, rest))
    if len(rest) + fixed < 2:
        return None
    factors = []
    whole = restriction(group, tuple(p for orbit in rest for p in orbit))
    left = rest
    for orbit in rest:
        others = [other for other in left if other != orbit]
        if not others:
            break
        alone = restriction(group, orbit)
        remaining = restriction(group, tuple(p for other in others for p in other))
        if alone.order * remaining.order == whole.order:
            factors.append(alone)
            left, whole = others, remaining
    if not factors and not fixed:
        return None
    factors.insert(0, whole)
    if fixed:
        factors.append(type(group)([], fixed))
    return factors


def wreath_factors(
    group: PermutationGroup,
) -> tuple[PermutationGroup, PermutationGroup] | None:
    """(base, top) when a transitive group is the full wreath product for a minimal block system.

    Examples:
        >>> from groups.catalogue import sylow
        >>> [(H.degree, H.order) for H in wreath_factors(sylow(8, 2))]
        [(2, 2), (4, 8)]
    """
    from groups.group import PermutationGroup

    n = group.degree
    sizes = [b for b in range(2, n // 2 + 1) if n % b == 0]
    if not any(b ** (n // b) * (n // b) <= group.order for b in sizes):
        return None  # transitive factors alone would need more elements
    for blocks in group.blocks():
        block_of = np.empty(group.degree, dtype=np.int64)
        for b, block in enumerate(blocks):
            block_of[list(block)] = b
        first = [block[0] for block in blocks]
        moves = [[int(block_of[g(p)]) for p in first] for g in group.generators]
        top = PermutationGroup(moves, len(blocks))
        # Schreier generators of the stabiliser of block 0, restricted to the block.
        reach = {0: group.identity}
        queue = [0]
        for b in queue:
            for g, move in zip(group.generators, moves, strict=True):
                if move[b] not in reach:
                    reach[move[b]] = g * reach[b]
                    queue.append(move[b])
        place = {p: i for i, p in enumerate(blocks[0])}
        inside = []
        for b, u in reach.items():
            for g, move in zip(group.generators, moves, strict=True):
                s = ~reach[move[b]] * g * u
                inside.append([place[s(p)] for p in blocks[0]])
        base = PermutationGroup(inside, len(blocks[0]))
        if base.order ** len(blocks) * top.order == group.order:
            return base, top
    return None
