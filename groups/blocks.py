"""Blocks of imprimitivity of transitive groups."""

from __future__ import annotations

from collections.abc import Iterable

from groups.errors import ParameterError
from groups.giants import GiantChain
from groups.group import PermutationGroup, _checked_points
from groups.point_orbits import invariant_partition

System = tuple[tuple[int, ...], ...]


def block_system(group: PermutationGroup, points: Iterable[int]) -> System:
    """The finest invariant partition in which the given points share a block.

    Arguments:
        group: a transitive group. points: at least one point.

    Returns:
        The blocks, each sorted, ordered by their least points; the first generators of the group
        permute them. One block if no smaller partition exists, singletons for a single point.

    Raises:
        ParameterError: the group is not transitive, or no point is given.

    Complexity:
        O(g·n·α(n)) with union-find.

    Source:
        Atkinson 1975; Seress 2003, section 5.5.1.

    Examples:
        >>> block_system(PermutationGroup(["(1,2,3,4)"]), [0, 2])
        ((0, 2), (1, 3))
    """
    chosen = _checked_points("points", points, group.degree)
    if not group.is_transitive or not chosen:
        raise ParameterError(
            f"points: blocks need a transitive group and at least one point, got "
            f"{len(group.orbits())} orbits and {len(chosen)} points; restrict to one orbit"
        )
    generators = [g.images.tolist() for g in group.generators]
    return invariant_partition(group.degree, generators, chosen)


def minimal_block(group: PermutationGroup, points: Iterable[int]) -> tuple[int, ...]:
    """The least block of a transitive group that contains the points, sorted.

    Examples:
        >>> minimal_block(PermutationGroup(["(1,2,3,4,5,6)"]), [1, 4])
        (1, 4)
    """
    chosen = list(points)
    return next(block for block in block_system(group, chosen) if chosen[0] in block)


def block_systems(group: PermutationGroup) -> tuple[System, ...]:
    """All minimal non-trivial block systems of a transitive group.

    Arguments:
        group: a transitive group.

    Returns:
        The systems in which no block is a union of blocks of another non-trivial system, those
        with small blocks first, then in lexicographic order; empty exactly when the group is
        primitive.

    Raises:
        ParameterError: the group is not transitive.

    Complexity:
        One `block_system` for each orbit of the stabiliser of point 0.

    Examples:
        >>> [len(system) for system in block_systems(PermutationGroup(["(1,2,3,4,5,6)"]))]
        [3, 2]
        >>> block_systems(PermutationGroup(["(1,2,3,4,5)"]))
        ()
    """
    if not group.is_transitive:
        raise ParameterError(
            f"blocks: the group must be transitive, got {len(group.orbits())} orbits; "
            "restrict it to one orbit"
        )
    n = group.degree
    generators = [g.images.tolist() for g in group.generators]
    found: dict[System, set[int]] = {}
    for p in _second_points(group):
        # A block of prime length is minimal: every point in it gives the same system.
        if any(p in block and _is_prime(len(block)) for block in found.values()):
            continue
        system = invariant_partition(n, generators, [0, p])
        if len(system) > 1:
            found[system] = set(system[0])
    return tuple(
        sorted(
            (s for s, block in found.items() if not any(other < block for other in found.values())),
            key=lambda s: (len(s[0]), s),
        )
    )


def is_primitive(group: PermutationGroup) -> bool:
    """Whether a transitive group has only the trivial block systems."""
    n = group.degree
    if not group.is_transitive:
        return False
    if n <= 2 or _is_prime(n):
        return True
    generators = [g.images.tolist() for g in group.generators]
    return all(len(invariant_partition(n, generators, [0, p])) == 1 for p in _second_points(group))


def _second_points(group: PermutationGroup) -> list[int]:
    """One point of each orbit of the stabiliser of 0, except 0: they give all systems.

    An element that fixes 0 maps the block of 0 in any system to itself.
    """
    if group.degree <= 1:
        return []
    chain = group.chain
    if isinstance(chain, GiantChain):
        return [1] if group.degree > 2 or chain.order > 1 else list(range(1, group.degree))
    return [orbit[0] for orbit in group.stabilizer(0).orbits() if orbit[0] != 0]


def _is_prime(k: int) -> bool:
    return k > 1 and all(k % d for d in range(2, int(k**0.5) + 1))
