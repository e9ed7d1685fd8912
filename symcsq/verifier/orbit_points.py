"""Orbits expanded as arrays: growing them point by point, and checking that they are closed.

A point is a row of small non-negative integers: an exponent vector, or the 0/1 indicator of a
subset. A permutation p moves the row x to y with ``y[p[i]] = x[i]`` (the convention of
certificates).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symcsq.errors import VerificationError

Rows = NDArray[np.int64]

#: Trees of larger orbits are left out of certificates; the stabiliser order certifies their size.
LARGEST_TREE = 1000


@dataclass(frozen=True, slots=True)
class OrbitPoints:
    """An orbit, its points in order of discovery, and the breadth-first tree that reaches them.

    `points` is a (size, n) array whose first row is the start; `tree[k]` is (position of the
    parent, number of the generator) for the point k + 1.
    """

    points: Rows
    tree: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.points)


def moved(points: Rows, images: Sequence[int] | Rows) -> Rows:
    """Every row moved by one permutation.

    Examples:
        >>> moved(np.array([[7, 8, 9]]), [1, 2, 0]).tolist()
        [[9, 7, 8]]
    """
    result = np.empty_like(points)
    result[:, np.asarray(images)] = points
    return result


def row_keys(points: Rows) -> list[Any]:
    """One hashable key per row; equal keys exactly when the rows are equal.

    The keys are only comparable between arrays of the same width whose entries lie in 0..255.

    Examples:
        >>> keys = row_keys(np.array([[1, 2], [2, 1], [1, 2]]))
        >>> keys[0] == keys[2], keys[0] == keys[1]
        (True, False)
    """
    if points.size and not 0 <= int(points.min()) <= int(points.max()) <= 255:
        raise VerificationError(
            f"points: entries must lie between 0 and 255, got {int(points.min())} to "
            f"{int(points.max())}; exponents beyond 255 are not supported"
        )
    if points.shape[1] == 0:
        return [b""] * len(points)
    packed = np.ascontiguousarray(points, dtype=np.uint8)
    keys: list[Any] = packed.view(np.dtype((np.void, packed.shape[1]))).ravel().tolist()
    return keys


def grow_orbit(generators: Sequence[Rows], start: Sequence[int], limit: int) -> OrbitPoints | None:
    """The orbit of a point under the generators, in canonical breadth-first order.

    Parents are taken in order of discovery; for each parent the generators in their listed order; a
    new point is appended when it appears.

    Arguments:
        generators: image arrays (0-based) of length n.
        start: the first point, n entries.
        limit: the largest number of points that may be listed.

    Returns:
        The orbit, or None when it has more than `limit` points.

    Complexity: (orbit size) x (number of generators) x n.

    Examples:
        >>> orbit = grow_orbit([np.array([1, 2, 0])], [0, 0, 1], limit=10)
        >>> orbit.points.tolist(), orbit.tree
        ([[0, 0, 1], [1, 0, 0], [0, 1, 0]], ((0, 0), (1, 0)))
    """
    frontier = np.asarray([start], dtype=np.int64)
    layers = [frontier]
    seen = set(row_keys(frontier))
    tree: list[tuple[int, int]] = []
    first = 0  # position of the frontier's first point
    count = len(generators)
    if limit < 1:
        return None
    while len(frontier) and count:
        # Rows in the order (parent, generator), which is the order of the queue.
        images = np.stack([moved(frontier, images) for images in generators], axis=1)
        candidates = images.reshape(len(frontier) * count, frontier.shape[1])
        fresh: list[int] = []
        for row, key in enumerate(row_keys(candidates)):
            if key not in seen:
                seen.add(key)
                fresh.append(row)
        if len(seen) > limit:
            return None
        tree.extend((first + row // count, row % count) for row in fresh)
        first += len(frontier)
        frontier = candidates[fresh]
        layers.append(frontier)
    return OrbitPoints(np.concatenate(layers), tuple(tree))


def first_escape(points: Rows, generators: Sequence[Rows]) -> tuple[int, int] | None:
    """The first (generator, row) that leaves the set of rows, or None when all stay inside.

    Examples:
        >>> first_escape(
        ...     np.array([[0, 1, 0], [1, 0, 0]]), [np.array([1, 0, 2]), np.array([1, 2, 0])]
        ... )
        (1, 0)
    """
    known = set(row_keys(points))
    for number, images in enumerate(generators):
        for row, key in enumerate(row_keys(moved(points, images))):
            if key not in known:
                return number, row
    return None


def first_repeat(groups: Sequence[Rows]) -> tuple[int, int] | None:
    """The least pair (i, j), i <= j, of point sets that share a row (i = j: one row twice).

    Returns:
        None when all rows of all sets are different.

    Examples:
        >>> a, b = np.array([[0, 1], [1, 0]]), np.array([[1, 1]])
        >>> first_repeat([a, b]), first_repeat([a, b, a[:1]])
        (None, (0, 2))
    """
    owner: dict[Any, int] = {}
    pairs: list[tuple[int, int]] = []
    for number, points in enumerate(groups):
        for key in row_keys(points):
            other = owner.setdefault(key, number)
            if other != number:
                pairs.append((other, number))
        if len(points) > len(set(row_keys(points))):
            pairs.append((number, number))
    return min(pairs, default=None)
