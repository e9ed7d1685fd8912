"""Pointwise stabilisers of arbitrary sequences of points, each with orbits and transversals as
arrays.

Conjugacy searches follow the cycles of the element in hand, so they need stabilisers of sequences
that no fixed base foresees. A tower starts at the whole group and grows a node when a search asks
for it. Elements of a deeper stabiliser are random elements of the group, stripped by the
transversals above; that they generate enough is not believed but proved, by comparing orders.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = NDArray[np.int64]
_SEED = 20240119
_SAMPLE = 3
_PATIENCE = 40


class _OrbitTooShort(Exception):
    """The generators of the node above do not generate it yet."""


def inverse_rows(rows: Array) -> Array:
    """Inverses of permutations stored as the rows of an array."""
    inverse = np.empty_like(rows)
    np.put_along_axis(inverse, rows, np.arange(rows.shape[1])[None, :], axis=1)
    return inverse


def compose_rows(left: Array, right: Array) -> Array:
    """Row by row the products ``left * right`` (right first); one row may stand for all."""
    if left.ndim == 1:
        return left[right]
    if right.ndim == 1:
        return left[:, right]
    # One flat gather is several times faster than take_along_axis.
    start = np.arange(len(left))[:, None] * left.shape[1]
    return left.ravel().take(right + start)


class ElementSampler:
    """Uniform random elements of a group in bulk, reproducible: each call continues one stream."""

    def __init__(self, group: PermutationGroup) -> None:
        chain = group.chain
        self.degree = group.degree
        self._transversals = [
            np.array([chain.transversal_element(i, p) for p in level.orbit])
            for i, level in enumerate(chain.levels)
        ]
        self._random = random.Random(_SEED)

    def sample(self, count: int) -> Array:
        """`count` elements as rows of image arrays."""
        rows = np.tile(np.arange(self.degree), (count, 1))
        for transversal in self._transversals:
            size = len(transversal)
            chosen = np.array([self._random.randrange(size) for _ in range(count)], dtype=np.int64)
            rows = compose_rows(rows, transversal[chosen])
        return rows


class TowerNode:
    """The stabiliser of a sequence of points.

    Attributes:
        order: exact order of the stabiliser.
        label: array; the least point of the orbit of each point.
    """

    __slots__ = (
        "_children", "_fetch", "_generators", "_transversals", "degree", "label", "order",
    )  # fmt: skip

    def __init__(self, degree: int, order: int, fetch: _Fetch) -> None:
        self.degree = degree
        self.order = order
        self._fetch = fetch
        self._children: dict[int, TowerNode] = {}
        self._transversals: dict[int, tuple[Array, Array, Array]] = {}
        self._generators: list[Array] = []
        self.label = np.arange(degree)
        if order > 1:
            self._complete()

    def _complete(self) -> None:
        """Add random elements until the orbit of the least moved point and its stabiliser fill the
        order.

        The stabiliser's own node was completed first (recursively), and its generators join ours;
        so the group generated has at least orbit length times stabiliser order elements. An orbit
        that is still too short shows below, as an element that cannot be stripped or an order that
        is never reached.
        """
        wanted, attempts = _SAMPLE, 0
        identity = np.arange(self.degree)
        while True:
            attempts += 1
            if attempts > _PATIENCE:
                raise _OrbitTooShort
            self._generators += [g for g in self._fetch.sample(wanted) if (g != identity).any()]
            wanted = 1
            if not self._generators:
                continue
            self._refresh()
            point = int(np.flatnonzero(np.bincount(self.label, minlength=self.degree) > 1)[0])
            length = int((self.label == self.label[point]).sum())
            if self.order % length:
                continue
            try:
                child = self.child(point)
            except _OrbitTooShort:
                self._children.clear()
                continue
            self._generators += child._generators
            self._refresh()
            if int((self.label == self.label[point]).sum()) == length:
                return
            self._children.clear()

    def _refresh(self) -> None:
        label = np.arange(self.degree)
        while True:
            before = label
            for g in self._generators:
                least = np.minimum(label, label[g])
                label = least.copy()
                label[g] = np.minimum(label[g], least)
            if (label == before).all():
                break
        self.label = label
        self._transversals.clear()

    def transversal(self, point: int) -> tuple[Array, Array, Array]:
        """Orbit of a point, coset representatives, and their inverses.

        Returns:
            (orbit, u, v): `orbit` increasing; row k of `u` maps the point to ``orbit[k]``, v
            inverts u.
        """
        if point not in self._transversals:
            known = {point: np.arange(self.degree)}
            frontier = [point]
            while frontier:
                following = []
                for p in frontier:
                    for g in self._generators:
                        image = int(g[p])
                        if image not in known:
                            known[image] = g[known[p]]
                            following.append(image)
                frontier = following
            orbit = np.array(sorted(known))
            rows = np.array([known[int(p)] for p in orbit])
            self._transversals[point] = (orbit, rows, inverse_rows(rows))
        return self._transversals[point]

    def child(self, point: int) -> TowerNode:
        """The stabiliser in this group of one more point."""
        if self.order == 1:
            return self
        if point not in self._children:
            orbit, _, inverses = self.transversal(point)
            if len(orbit) == 1:
                return self
            position = np.full(self.degree, -1)
            position[orbit] = np.arange(len(orbit))
            self._children[point] = TowerNode(
                self.degree,
                self.order // len(orbit),
                _Fetch(self._fetch, point, position, inverses),
            )
        return self._children[point]


class _Fetch:
    """Random elements of a node: those of the node above, stripped."""

    def __init__(
        self,
        above: _Fetch | ElementSampler,
        point: int = -1,
        position: Array | None = None,
        inverses: Array | None = None,
    ) -> None:
        self.above, self.point, self.position, self.inverses = above, point, position, inverses

    def sample(self, count: int) -> Array:
        rows = self.above.sample(count)
        if self.position is None or self.inverses is None:
            return rows
        chosen = self.position[rows[:, self.point]]
        if (chosen < 0).any():
            raise _OrbitTooShort
        return compose_rows(self.inverses[chosen], rows)


def build_tower(group: PermutationGroup) -> TowerNode:
    """The root node: the whole group.

    Examples:
        >>> from groups import PermutationGroup
        >>> root = build_tower(PermutationGroup(["(1,2,3,4,5)", "(1,2)"]))
        >>> root.order, root.child(3).order, root.child(3).label.tolist()
        (120, 24, [0, 0, 0, 3, 0])
    """
    return TowerNode(group.degree, group.order, _Fetch(ElementSampler(group)))
