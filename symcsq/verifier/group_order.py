"""The order of a group, re-derived from its stabiliser chain.

The chain's maker is not trusted. From below: every strong generator is evaluated from the group's
generators by the straight-line program, so the chain's orbits are orbits of subgroups of the group.
From
above: every Schreier generator of every level sifts to the identity through the lower levels
(Schreier's lemma), so the levels are the whole stabilisers. The order is then the product of the
orbit lengths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from groups import PermutationGroup

Images = NDArray[np.int64]

_BATCH = 1 << 22  # points sifted at a time; bounds the memory, changes no result


def program_items(group: PermutationGroup) -> list[Images]:
    """All items of the group's straight-line program, generators first, as image arrays."""
    items = [np.asarray(g.images, dtype=np.int64) for g in group.generators]
    for instruction in group.straight_line_program().instructions:
        if len(instruction) == 2:
            left, right = instruction
            items.append(items[left][items[right]])  # (p*q)[i] = p[q[i]]
        else:
            items.append(inverse_images(items[instruction[0]]))
    return items


def inverse_images(images: Images) -> Images:
    """The image array of the inverse."""
    result = np.empty_like(images)
    result[images] = np.arange(len(images))
    return result


def order_from_chain(group: PermutationGroup) -> tuple[int | None, str]:
    """The order of the group as the chain proves it.

    Returns:
        (order, "") when the chain is a proof, else (None, what is wrong).

    Complexity: for each level, orbit length x generators of the level, each sifted through the
        levels below.

    Examples:
        >>> from groups import group
        >>> order_from_chain(group("M11"))
        (7920, '')
    """
    chain = group.chain
    degree = group.degree
    strong = [np.asarray(row, dtype=np.int64) for row in np.asarray(chain.strong_generators)]
    items = program_items(group)
    places = group.straight_line_program().strong_items
    if len(places) != len(strong):
        return None, f"{len(strong)} strong generators but {len(places)} program items"
    for number, (place, images) in enumerate(zip(places, strong, strict=True)):
        if not np.array_equal(items[place], images):
            return None, f"strong generator {number} is not what the program makes"

    levels: list[tuple[int, Images, Images]] = []  # base point, position of a point or -1, inverses
    order = 1
    for depth, level in enumerate(chain.levels):
        earlier = [lower.base_point for lower in chain.levels[:depth]]
        for index in level.generator_indices:
            if any(strong[index][point] != point for point in earlier):
                return None, f"level {depth}: strong generator {index} moves an earlier base point"
        above = chain.levels[depth - 1].generator_indices if depth else range(len(strong))
        if not set(level.generator_indices) <= set(above):
            return None, f"level {depth}: a strong generator is missing from the level above"
        grown = _transversal(level, strong, degree)
        if grown is None:
            return None, f"level {depth}: the tree is not the orbit of the base point"
        levels.append((level.base_point, *grown))
        order *= len(level.orbit)

    generators = [np.asarray(g.images, dtype=np.int64) for g in group.generators]
    if generators and not _sifts(np.stack(generators), levels, 0):
        return None, "a generator of the group does not sift to the identity"
    for depth, level in enumerate(chain.levels):
        seen = {np.arange(degree).tobytes()}
        if depth + 1 < len(chain.levels):
            # They generate the level below by definition; the same elements need no sifting.
            seen |= {strong[k].tobytes() for k in chain.levels[depth + 1].generator_indices}
        waiting: list[Images] = []
        for index in level.generator_indices:
            for row in _schreier_elements(level, index, strong[index], levels[depth]):
                key = row.tobytes()
                if key not in seen:
                    seen.add(key)
                    waiting.append(row)
            last = index == level.generator_indices[-1]
            if waiting and (last or len(waiting) * degree > _BATCH):
                if not _sifts(np.stack(waiting), levels, depth + 1):
                    return None, f"level {depth}: a Schreier generator does not sift"
                waiting = []
    return order, ""


def _schreier_elements(
    level: Any, index: int, generator: Images, transversal: tuple[int, Images, Images]
) -> Images:
    """``u_q**-1 s u_p`` for each orbit point p and its image q, edges of the tree left out."""
    base_point, position, inverses = transversal
    edges = {parent for parent, number in level.tree if number == index}
    parents = [parent for parent in range(len(level.orbit)) if parent not in edges]
    to_parents = np.argsort(inverses[parents], axis=1)  # sorting a permutation inverts it
    products = generator[to_parents]
    targets = position[products[:, base_point]]
    elements: Images = np.take_along_axis(inverses[targets], products, axis=1)
    return elements


def _transversal(level: Any, strong: list[Images], degree: int) -> tuple[Images, Images] | None:
    """(position of each point or -1, inverse transversal), or None if the tree is false."""
    orbit = list(level.orbit)
    if not orbit or orbit[0] != level.base_point or len(level.tree) != len(orbit) - 1:
        return None
    position = np.full(degree, -1, dtype=np.int64)
    position[orbit] = np.arange(len(orbit))
    if len(set(orbit)) != len(orbit):
        return None
    inverses = np.empty((len(orbit), degree), dtype=np.int64)
    inverses[0] = np.arange(degree)
    for child, (parent, index) in enumerate(level.tree, start=1):
        if parent >= child or strong[index][orbit[parent]] != orbit[child]:
            return None
        inverses[child] = inverses[parent][inverse_images(strong[index])]
    for index in level.generator_indices:
        if (position[strong[index][orbit]] < 0).any():
            return None  # the listed points are not closed
    return position, inverses


def _sifts(batch: Images, levels: list[tuple[int, Images, Images]], start: int) -> bool:
    """Whether every permutation of the batch sifts to the identity from this level on."""
    for base_point, position, inverses in levels[start:]:
        moving = np.flatnonzero(batch[:, base_point] != base_point)
        if not len(moving):
            continue
        rows = batch[moving]
        places = position[rows[:, base_point]]
        if (places < 0).any():
            return False
        batch[moving] = np.take_along_axis(inverses[places], rows, axis=1)
    return bool((batch == np.arange(batch.shape[1])).all())
