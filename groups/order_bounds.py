"""Upper bounds for the order of a group from its orbits and blocks.

A chain gives a lower bound for the order: the product of its orbit lengths. Where a group is all
that its orbits and blocks allow, as direct and wreath products are, an upper bound of the same
value proves a deep chain at once, without sifting:

* G is a subgroup of the direct product of its actions on its orbits;
* a transitive G with a system of k blocks is a subgroup of A wr B, where A is the action of the
  stabiliser of a block on that block and B the action on the blocks (Kaloujnine and Krasner 1951),
  so |G| ≤ |A|^k · |B|.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from groups.point_orbits import Images, invariant_partition, orbits_of, representatives

if TYPE_CHECKING:
    from groups.schreier_sims import Builder


def upper_bound(builder: Builder) -> int | None:
    """A bound for the order of the group of a builder; None when orbits and blocks give none.

    The orders of smaller groups are found and proved by chains of their own.
    """
    generators = [builder.indexable(g) for g in builder.generators]
    moved = [orbit for orbit in orbits_of(builder.n, generators) if len(orbit) > 1]
    if not moved:
        return 1
    if len(moved) > 1:
        bound = 1
        for orbit in moved:
            bound *= _order(len(orbit), _restricted(generators, orbit))
        return bound
    if len(builder.levels) < 2:
        return None
    # An element that fixes the first base point maps its block to itself, in any system; so one
    # candidate from each orbit of the stabiliser gives all systems.
    base_point = builder.levels[0].base_point
    images = [builder.strong[g] for g in builder.levels[1].generators]
    best: int | None = None
    for p in representatives(moved[0], images):
        if p == base_point:
            continue
        system = invariant_partition(builder.n, generators, [base_point, p])
        blocks = [block for block in system if len(block) > 1]
        if len(blocks) > 1:
            bound = _wreath_bound(builder.n, generators, blocks)
            best = bound if best is None else min(best, bound)
    return best


def _wreath_bound(n: int, generators: Sequence[Images], blocks: list[tuple[int, ...]]) -> int:
    number = [-1] * n
    for k, block in enumerate(blocks):
        for p in block:
            number[p] = k
    on_blocks = [[number[g[block[0]]] for block in blocks] for g in generators]
    # Schreier generators of the stabiliser of block 0, restricted to it.
    first = blocks[0]
    to_block: dict[int, list[int]] = {0: list(first)}  # images of the first block
    queue = [0]
    inside: set[tuple[int, ...]] = set()
    for b in queue:
        for g, moved in zip(generators, on_blocks, strict=True):
            if moved[b] not in to_block:
                to_block[moved[b]] = [g[p] for p in to_block[b]]
                queue.append(moved[b])
    for b in queue:
        for g, moved in zip(generators, on_blocks, strict=True):
            back = {q: k for k, q in enumerate(to_block[moved[b]])}
            inside.add(tuple([back[g[p]] for p in to_block[b]]))
    return _order(len(first), sorted(inside)) ** len(blocks) * _order(len(blocks), on_blocks)


def _restricted(generators: Sequence[Images], orbit: Sequence[int]) -> list[list[int]]:
    place = {p: k for k, p in enumerate(orbit)}
    return [[place[g[p]] for p in orbit] for g in generators]


def _order(degree: int, generators: Sequence[Images]) -> int:
    from groups.chain_builders import build_chain

    identity = tuple(range(degree))
    distinct = dict.fromkeys(tuple(g) for g in generators)
    distinct.pop(identity, None)
    return build_chain(degree, list(distinct))[0].order
