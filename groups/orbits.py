"""Orbits listed: representatives, sizes and, on request, the label of every object.

The objects are those of `groups.ranking`: points, tuples, subsets, exponent vectors, colourings and
products. Representatives are the lexicographically least objects of their orbits, in lexicographic order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from groups.components import least_of_component
from groups.errors import ParameterError, TooLargeError
from groups.ranking import (
    Colourings,
    Exponents,
    Points,
    Product,
    Space,
    Subsets,
    Tuples,
)

if TYPE_CHECKING:
    from groups.group import PermutationGroup

MEMORY_LIMIT = 3 << 30
"""Bytes that a listing may take unless the caller says otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class OrbitTable:
    """Orbits of a group on a space of objects.

    Attributes:
        representatives: integer array, one row per orbit: its least object, rows in lexicographic order.
        sizes: tuple of whole numbers, one per orbit.
        space: the space the orbits live in (`space.rank` and `space.unrank` number its objects).
        labels: None, or an array with the orbit of every object, in rank order.
    """

    representatives: npt.NDArray[np.int64]
    sizes: tuple[int, ...]
    space: Space
    labels: npt.NDArray[Any] | None = None

    @property
    def total(self) -> int:
        """Number of objects in all orbits together."""
        return sum(self.sizes)

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitem__(self, index: int) -> tuple[tuple[int, ...], int]:
        row = self.representatives[index]
        return tuple(row.tolist()), self.sizes[index]

    def __iter__(self) -> Iterator[tuple[tuple[int, ...], int]]:
        for row, size in zip(self.representatives.tolist(), self.sizes, strict=True):
            yield tuple(row), size

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OrbitTable):
            return NotImplemented
        return self.sizes == other.sizes and np.array_equal(
            self.representatives, other.representatives
        )

    def __hash__(self) -> int:
        return hash((self.sizes, self.representatives.shape))

    def __repr__(self) -> str:
        return f"<OrbitTable: {len(self)} orbits on {self.space.describe()}>"


def _table(space: Space, representatives: Any, sizes: Any, labels: Any = None) -> OrbitTable:
    rows = np.ascontiguousarray(representatives, dtype=np.int64).reshape(len(sizes), space.width)
    rows.setflags(write=False)
    return OrbitTable(rows, tuple(map(int, sizes)), space, labels)


def components_memory(space: Space, generators: int) -> int:
    """Bytes that listing by components needs at its peak, estimated from above."""
    rank = np.dtype(space.rank_type).itemsize
    return space.size * (space.bytes_per_object + rank * (3 * generators + 4))


def by_components(
    group: PermutationGroup, space: Space, labels: bool, memory_limit: int
) -> OrbitTable:
    """Orbits as connected components over the ranks of all objects."""
    estimate = components_memory(space, len(group.generators))
    if estimate > memory_limit:
        raise TooLargeError(
            f"{space.describe()}: {space.size} objects need about {estimate:.3g} bytes, the limit is"
            f" {memory_limit}; count the orbits instead, use algorithm='orderly', or raise memory_limit"
        )
    kind = space.rank_type
    images = space.image_ranks([g.images for g in group.generators])
    least = least_of_component(space.size, images, kind)
    is_first = least == np.arange(space.size, dtype=kind)
    first = np.flatnonzero(is_first)
    number = np.cumsum(is_first, dtype=kind) - kind(1)
    label = number[least]
    sizes = np.bincount(label, minlength=len(first))
    if labels:
        label.setflags(write=False)
    return _table(space, space.unrank(first), sizes.tolist(), label if labels else None)


def orbits_on_space(
    group: PermutationGroup,
    space: Space,
    *,
    algorithm: str = "auto",
    labels: bool = False,
    memory_limit: int = MEMORY_LIMIT,
) -> OrbitTable:
    """Orbits on any space over the group's points.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> from groups.ranking import Points, Product, Subsets
        >>> len(orbits_on_space(cyclic(5), Product(Points(5), Subsets(5, 2))))
        10
    """
    if space.degree != group.degree:
        raise ParameterError(
            f"space: must be over {group.degree} points, the degree of the group, got {space.degree}"
        )
    if algorithm not in ("auto", "components"):
        raise ParameterError(f"algorithm: must be 'auto' or 'components', got {algorithm!r}")
    return by_components(group, space, labels, memory_limit)


def orbits_on_points(group: PermutationGroup, **options: Any) -> OrbitTable:
    """Orbits on the points.

    Examples:
        >>> from groups.catalogue import young
        >>> list(orbits_on_points(young(2, 3)))
        [((0,), 2), ((2,), 3)]
    """
    return orbits_on_space(group, Points(group.degree), **options)


def orbits_on_subsets(group: PermutationGroup, k: int, **options: Any) -> OrbitTable:
    """Orbits on k-subsets of points, as sorted tuples.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> list(orbits_on_subsets(cyclic(6), 3))
        [((0, 1, 2), 6), ((0, 1, 3), 6), ((0, 1, 4), 6), ((0, 2, 4), 2)]
    """
    return orbits_on_space(group, Subsets(group.degree, k), **options)


def orbits_on_tuples(
    group: PermutationGroup, k: int, *, distinct: bool = False, **options: Any
) -> OrbitTable:
    """Orbits on k-tuples of points, with repeats unless `distinct`.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> list(orbits_on_tuples(symmetric(3), 2))
        [((0, 0), 3), ((0, 1), 6)]
    """
    return orbits_on_space(group, Tuples(group.degree, k, distinct=distinct), **options)


def orbits_on_exponents(
    group: PermutationGroup, degree: int, max_exponent: int | None = None, **options: Any
) -> OrbitTable:
    """Orbits on exponent vectors of a degree, entries at most `max_exponent` if given (M2).

    Examples:
        >>> from groups.catalogue import cyclic
        >>> list(orbits_on_exponents(cyclic(3), 3))
        [((0, 0, 3), 3), ((0, 1, 2), 3), ((0, 2, 1), 3), ((1, 1, 1), 1)]
    """
    return orbits_on_space(group, Exponents(group.degree, degree, max_exponent), **options)


def orbits_on_colourings(group: PermutationGroup, colours: int, **options: Any) -> OrbitTable:
    """Orbits on colourings of the points, vectors with entries in 0..colours-1.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> orbits_on_colourings(cyclic(4), 2).sizes
        (1, 4, 4, 2, 4, 1)
    """
    return orbits_on_space(group, Colourings(group.degree, colours), **options)


def orbits_on_product(
    group: PermutationGroup, left: Space, right: Space, **options: Any
) -> OrbitTable:
    """Orbits on pairs (x, y) of objects of two spaces.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> from groups.ranking import Points
        >>> len(orbits_on_product(cyclic(5), Points(5), Points(5)))
        5
    """
    return orbits_on_space(group, Product(left, right), **options)
