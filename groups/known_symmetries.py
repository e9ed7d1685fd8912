"""Stabilisers of points in a group known by a few of its elements, good enough for pruning.

A search that knows some automorphisms of an object wants the orbits of those that fix the points
chosen so far. Exact stabilisers would need a stabiliser chain for every sequence of points; here a
stabiliser is represented by all its elements when they are few, and else by a handful of them,
obtained from random products above by Schreier's lemma. A handful may generate less than the whole
stabiliser. Then less is pruned, but nothing wrong is: every element is a product of the given ones
and fixes the points.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from groups.components import least_of_component

Array = npt.NDArray[Any]

_ELEMENTS = 12
_LISTED = 1024  # groups up to this order are listed
_LISTED_BELOW = 64  # the same for stabilisers, of which there are many
_ROUNDS = 4
_SEED = 20240116


def _inverses(rows: Array) -> Array:
    inverse = np.empty_like(rows)
    np.put_along_axis(inverse, rows, np.arange(rows.shape[1])[None, :], axis=1)
    return inverse


def _compose(left: Array, right: Array) -> Array:
    """Row by row `left[k][right[k]]`."""
    count, n = right.shape
    return left.ravel()[right + np.arange(0, count * n, n)[:, None]]


def _all_elements(generators: Array, limit: int) -> Array | None:
    """All elements of the group that the rows generate, None when they are more than `limit`.

    Source:
        Dimino's algorithm: cosets of the group reached so far, one new generator at a time.
    """
    degree = generators.shape[1]
    elements = np.arange(degree, dtype=generators.dtype)[None, :]
    known = {elements[0].tobytes()}
    used: list[Array] = []
    for generator in generators:
        used.append(generator)
        if generator.tobytes() in known:
            continue
        cosets, representatives = [elements], [elements[0]]
        for representative in representatives:
            for s in used:
                product = representative[s]
                if product.tobytes() in known:
                    continue
                coset = elements[:, product]
                cosets.append(coset)
                representatives.append(product)
                if len(known) + len(coset) > limit:
                    return None
                known.update(row.tobytes() for row in coset)
        elements = np.vstack(cosets)
    return elements


class KnownSymmetries:
    """A group given by some elements, rows of an array: all of them when it is `listed`.

    Attributes: `label`, the least point of the orbit of each point; `length`, the orbit lengths by
    point.
    """

    __slots__ = ("_children", "elements", "label", "length", "listed")

    def __init__(self, elements: Array, listed: bool = False, limit: int = _LISTED) -> None:
        degree = elements.shape[1]
        if not listed:
            everything = _all_elements(elements, limit)
            if everything is not None:
                elements, listed = everything, True
        self.elements, self.listed = elements, listed
        if listed:
            self.label = elements.min(axis=0)
        else:
            self.label = least_of_component(degree, list(elements), np.int64)
        self.length = np.bincount(self.label, minlength=degree)[self.label]
        self._children: dict[int, KnownSymmetries | None] = {}

    def child(self, point: int) -> KnownSymmetries | None:
        """Elements that fix one more point; None when only the identity is known."""
        if self.length[point] == 1:
            return self
        if point not in self._children:
            if self.listed:
                rows = self.elements[self.elements[:, point] == point]
                below = KnownSymmetries(rows, listed=True) if len(rows) > 1 else None
            else:
                below = self._fixing(point)
            self._children[point] = below
        return self._children[point]

    def _fixing(self, point: int) -> KnownSymmetries | None:
        elements = self.elements
        count, degree = elements.shape
        # Transversal: row q maps the point to q.
        row_of = np.full(degree, -1, dtype=np.intp)
        row_of[point] = 0
        rows = [np.arange(degree)[None, :]]
        frontier, reached = np.array([point]), 1
        while len(frontier):
            images = elements[:, frontier]
            images = np.where(row_of[images] < 0, images, -1)
            new, at = np.unique(images, return_index=True)
            new, at = new[new >= 0], at[new >= 0]
            which, source = np.divmod(at, len(frontier))
            before = np.vstack(rows)[row_of[frontier[source]]]
            rows.append(_compose(elements[which], before))
            row_of[new] = np.arange(reached, reached + len(new))
            reached += len(new)
            frontier = new
        transversal = np.vstack(rows)
        # Python's generator: its stream is the same in every version.
        dice = random.Random(_SEED + point)

        def pick(size: int) -> Array:
            return np.array([int(dice.random() * size) for _ in range(2 * _ELEMENTS)])

        # Products of random partners double in length each round: long words, as good as random.
        words = elements[pick(count)]
        for _ in range(_ROUNDS):
            words = _compose(words, words[pick(len(words))])
            words = _compose(words, elements[pick(count)])
        products = np.vstack([elements, words])
        back = _inverses(transversal)[row_of[products[:, point]]]
        fixing = np.unique(_compose(back, products), axis=0)
        fixing = fixing[(fixing != np.arange(degree)).any(axis=1)]
        if not len(fixing):
            return None
        if len(fixing) > _ELEMENTS:
            fixing = fixing[sorted(dice.sample(range(len(fixing)), _ELEMENTS))]
        return KnownSymmetries(fixing, limit=_LISTED_BELOW)


def known_symmetries(elements: Sequence[Array]) -> KnownSymmetries | None:
    """The group that some elements generate, None when there are none.

    Examples:
        >>> S = known_symmetries([np.array([1, 2, 3, 0]), np.array([1, 0, 2, 3])])
        >>> S.label.tolist(), S.child(0).label.tolist()
        ([0, 0, 0, 0], [0, 1, 1, 1])
    """
    if not elements:
        return None
    return KnownSymmetries(np.array(elements, dtype=np.int64))
