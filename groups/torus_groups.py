"""Translations of a grid with wrap-around, and their extensions by rotations and reflections.

The points are the elements of Z_a × Z_b × … in lexicographic order: pixel (r, c) of an a × b image
is point ``r * b + c``. A matrix acts on column vectors, x -> Ax modulo the sizes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.errors import ParameterError, TooLargeError
from groups.group import PermutationGroup
from groups.ranking import whole_number

Array = NDArray[np.int64]

MAX_TORUS_POINTS = 5_000_000


def torus(*sizes: int) -> PermutationGroup:
    """The translations Z_a × Z_b × … of a grid with wrap-around, on its a·b·… points.

    Arguments:
        sizes: the side lengths, at least one, each >= 1.

    Returns:
        A regular abelian group of order a·b·…; pixel (r, c) is point ``r * b + c``.

    Raises:
        ParameterError: no size, or one below 1. TooLargeError: more than `MAX_TORUS_POINTS` points.

    Complexity:
        O(k·a·b·…) for k sizes.

    Source:
        The unit translations generate.

    Examples:
        >>> G = torus(3, 4)
        >>> G.degree, G.order, G.generators[1](0)
        (12, 12, 1)
    """
    return _build(_checked_sizes(sizes), [], known_order=math.prod(sizes), name=_name(sizes))


def semidirect(sizes: Sequence[int], matrices: Sequence[Any]) -> PermutationGroup:
    """The semidirect product of the translations Z_a × Z_b × … by the group that matrices generate.

    Arguments:
        sizes: the side lengths, k of them. matrices: k × k integer matrices that are automorphisms
            of Z_a × Z_b × …: column j times ``sizes[j]`` must vanish, and the map must be
            one-to-one.

    Returns:
        The group of all maps x -> Ax + t on the points in lexicographic order.

    Raises:
        ParameterError: a matrix of the wrong shape, or not an automorphism. TooLargeError: too
            many points.

    Complexity:
        O(k²·a·b·…) for each matrix.

    Examples:
        >>> G = semidirect([5, 5], [[[0, -1], [1, 0]]])  # the wallpaper group p4 on a 5 × 5 torus
        >>> G.order, G == p4(5)
        (100, True)
        >>> semidirect([7], [[[2]]]).order  # 7:3
        21
    """
    return _build(_checked_sizes(sizes), matrices)


def p4(n: int) -> PermutationGroup:
    """Translations and quarter turns of an n × n torus; order 4n² (n = 2: 8, n = 1: 1).

    Examples:
        >>> p4(4).order, p4(4).name
        (64, 'p4(4)')
    """
    n = whole_number("n", n, 1)
    sizes = _checked_sizes((n, n))
    # Modulo 2 a quarter turn is the swap of the coordinates, of order 2.
    order = {1: 1, 2: 8}.get(n, 4 * n * n)
    return _build(sizes, [[[0, -1], [1, 0]]], known_order=order, name=f"p4({n})")


def p4m(n: int) -> PermutationGroup:
    """Translations, quarter turns and reflections of an n × n torus; order 8n² (n < 3: as `p4`).

    Examples:
        >>> p4m(4).order, p4(4).is_subgroup_of(p4m(4))
        (128, True)
    """
    n = whole_number("n", n, 1)
    sizes = _checked_sizes((n, n))
    order = {1: 1, 2: 8}.get(n, 8 * n * n)
    matrices = [[[0, -1], [1, 0]], [[1, 0], [0, -1]]]
    return _build(sizes, matrices, known_order=order, name=f"p4m({n})")


def _name(sizes: Sequence[int]) -> str:
    return f"Torus({','.join(map(str, sizes))})"


def _checked_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    checked = tuple(whole_number("sizes", a, 1) for a in sizes)
    if not checked:
        raise ParameterError(
            "sizes: at least one side length is needed, got none; write for example torus(8, 8)"
        )
    points = math.prod(checked)
    if points > MAX_TORUS_POINTS:
        raise TooLargeError(
            f"sizes: at most {MAX_TORUS_POINTS} points are built, got {points} = "
            f"{'×'.join(map(str, checked))}; "
            "choose a smaller grid"
        )
    return checked


def _build(
    sizes: tuple[int, ...],
    matrices: Sequence[Any],
    *,
    known_order: int | None = None,
    name: str | None = None,
) -> PermutationGroup:
    points = np.indices(sizes, dtype=np.int64).reshape(len(sizes), -1)
    moduli = np.array(sizes, dtype=np.int64)[:, None]
    unit = np.eye(len(sizes), dtype=np.int64)
    images = [_rank((points + t[:, None]) % moduli, sizes) for t in unit]
    for matrix in matrices:
        array = _checked_matrix(matrix, sizes)
        image = _rank(array @ points % moduli, sizes)
        if len(np.unique(image)) != len(image):
            raise ParameterError(
                f"matrices: must be one-to-one modulo {sizes}, got {array.tolist()}; "
                "its determinant must be a unit"
            )
        images.append(image)
    labels = tuple(map(tuple, points.T.tolist()))
    return PermutationGroup(
        images, points.shape[1], name=name, known_order=known_order, labels=labels
    )


def _rank(points: Array, sizes: tuple[int, ...]) -> Array:
    ranks = np.zeros(points.shape[1], dtype=np.int64)
    for row, size in zip(points, sizes, strict=True):
        ranks = ranks * size + row
    return ranks


def _checked_matrix(matrix: Any, sizes: tuple[int, ...]) -> Array:
    k = len(sizes)
    try:
        rows = [[whole_number("matrices", a, -(1 << 62)) for a in row] for row in matrix]
    except TypeError:
        raise ParameterError(
            f"matrices: must be lists of {k} rows, got {matrix!r}; write for example [[0, -1], "
            "[1, 0]]"
        ) from None
    if len(rows) != k or any(len(row) != k for row in rows):
        raise ParameterError(
            f"matrices: must be {k} × {k} for {k} sizes, got {rows}; give one row per size"
        )
    for i, row in enumerate(rows):
        for j, a in enumerate(row):
            if a * sizes[j] % sizes[i]:
                raise ParameterError(
                    f"matrices: entry [{i}][{j}] times {sizes[j]} must vanish modulo "
                    f"{sizes[i]}, got {a}; "
                    "only then is the map well defined"
                )
    return np.array(
        [[a % sizes[i] for a in row] for i, row in enumerate(rows)], dtype=np.int64
    ).reshape(k, k)
