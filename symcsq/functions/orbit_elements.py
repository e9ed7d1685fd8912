"""The elements of one orbit of exponent vectors, for the few places that expand an orbit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

__all__ = ["orbit_elements", "orbit_with_movers"]


def orbit_elements(group: Any, exponents: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The orbit of an exponent vector under the group's generators, breadth first from the vector.

    Arguments:
        group: a `PermutationGroup`.
        exponents: integers, one for each point.

    Returns:
        Tuples; the given vector first, then (g·α)[g(i)] = α[i] in the order in which they are met.

    Complexity: |orbit|·|generators|·n.

    Source: MATH.md section 1 (action on exponent vectors).

    Examples:
        >>> from groups import PermutationGroup
        >>> list(orbit_elements(PermutationGroup(["(1,2,3)"]), (0, 0, 1)))
        [(0, 0, 1), (1, 0, 0), (0, 1, 0)]
    """
    for element, _, _ in _walk(group, exponents):
        yield element


def orbit_with_movers(
    group: Any, exponents: Sequence[int]
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The orbit together with, for each element β, the images of a group element g with g·α = β.

    Examples:
        >>> from groups import PermutationGroup
        >>> list(orbit_with_movers(PermutationGroup(["(1,2)"]), (0, 1)))
        [((0, 1), (0, 1)), ((1, 0), (1, 0))]
    """
    generators = [g.images for g in group.generators]
    movers: list[np.ndarray] = []
    for element, parent, generator in _walk(group, exponents):
        if parent < 0:
            mover = np.arange(len(element))
        else:
            mover = generators[generator][movers[parent]]
        movers.append(mover)
        yield element, tuple(mover.tolist())


def _walk(group: Any, exponents: Sequence[int]) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """(element, position of its parent or -1, generator index), breadth first."""
    start = tuple(int(e) for e in exponents)
    # y[g(i)] = x[i] means y = x[g⁻¹]: gather once for each generator.
    sources = [np.argsort(g.images).tolist() for g in group.generators]
    seen = {start}
    queue = [start]
    yield start, -1, -1
    position = 0
    while position < len(queue):
        element = queue[position]
        for index, source in enumerate(sources):
            image = tuple([element[i] for i in source])
            if image not in seen:
                seen.add(image)
                queue.append(image)
                yield image, position, index
        position += 1
