"""Lower bounds for the least image below a coset: what sorting inside orbits could reach at best.

Below a coset `u·K` of the stabiliser K of the first base points, the entries on one orbit of K are
permuted among themselves: sorting them bounds the least image from below. Orbits of equal length on
which K acts in the same way are *linked*: a K-equivariant bijection pairs their points, so they are
permuted together, like the columns of a matrix whose rows are the orbits, and sorting the columns
bounds all rows at once. On pairs of points, for instance, once some vertices are placed, their rows
of the adjacency matrix are linked; the bound is then exact as long as K is the full symmetric group
on the other vertices.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from groups.components import least_of_component

Array = npt.NDArray[Any]


def linked_orbits(degree: int, generators: Sequence[Array]) -> list[Array]:
    """Orbits of length > 1 of the group that the generators generate, in matrices of linked orbits.

    Arguments:
        degree: number of points. generators: image arrays.

    Returns:
        Integer matrices of points; every point that is moved occurs in exactly one. Rows are
        orbits, columns are permuted by the group. Read row by row, or band by band with columns
        first inside a band, the points increase: that makes sorted columns least in the order of
        the points.

    Complexity:
        Components of the n² pairs of points.
    """
    orbit = least_of_component(degree, generators, np.int64)
    moved = np.flatnonzero(np.bincount(orbit, minlength=degree) > 1)
    if not len(moved):
        return []
    pairs = [
        np.add.outer(g.astype(np.int64) * degree, g.astype(np.int64)).ravel() for g in generators
    ]
    component = least_of_component(degree * degree, pairs, np.int64)
    count = np.bincount(component, minlength=degree * degree)
    matrices: list[list[Array]] = []
    for first in moved:
        row = np.flatnonzero(orbit == first)
        for matrix in matrices:
            lead = matrix[0]
            if len(lead) != len(row):
                continue
            # Orbits of pairs (lead point, point of the row) as long as the row itself are
            # bijections.
            links = component[int(lead[0]) * degree + row]
            bijections = row[count[links] == len(row)]
            if not len(bijections):
                continue
            link = component[int(lead[0]) * degree + int(bijections[0])]
            partner = np.flatnonzero(component == link)
            candidate = np.empty_like(row)
            candidate[np.searchsorted(lead, partner // degree)] = partner % degree
            if _rises([*matrix, candidate]):
                matrix.append(candidate)
                break
        else:
            matrices.append([row])
    return [np.array(matrix) for matrix in matrices]


def _rises(rows: list[Array]) -> bool:
    """Whether the points increase when read in bands of rows, column by column inside a band."""
    sequence: list[int] = []
    band: list[Array] = []

    def close() -> None:
        if band:
            sequence.extend(np.array(band).T.ravel().tolist())

    for row in rows:
        if band and row.min() > max(int(r.max()) for r in band):
            close()
            band = []
        band.append(row)
    close()
    return all(a < b for a, b in pairwise(sequence))


def lower_bounds(values: Array, matrices: Sequence[Array], colours: int) -> Array:
    """For each row of `values` a vector that is not above any image below that coset.

    Arguments:
        values: shape (m, n), entries in 0..colours-1: the images under coset representatives.
        matrices: from `linked_orbits` for the stabiliser.

    Returns:
        Array like `values`.
    """
    bounds = values.copy()
    most = 1
    while colours ** (most + 1) < 1 << 62 and most < 62:
        most += 1
    for matrix in matrices:
        for start in range(0, len(matrix), most):
            # More rows than fit an integer are sorted on their own: still a bound.
            rows = matrix[start : start + most]
            keys = values[:, rows[0]].astype(np.int64)
            for row in rows[1:]:
                keys *= colours
                keys += values[:, row]
            keys.sort(axis=1)
            for row in rows[:0:-1]:
                keys, entry = np.divmod(keys, colours)
                bounds[:, row] = entry
            bounds[:, rows[0]] = keys
    return bounds
