"""How many elements a group has of each cycle type, without its conjugacy classes.

An element is built point by point along its own cycles: `x_1 -> x_2 -> …`, and a new cycle starts
where one closes. Everything so far is fixed under conjugation by the pointwise stabiliser H of the
points seen; it permutes the possible images of the next point, so one image per H-orbit is
followed, with the length of the orbit as weight. Highly transitive groups shrink to a handful of
elements (M24: a few thousand instead of 244,823,040); once H is trivial the rest of the coset is
written out in bulk. The weights must add up to the order of the group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from groups.class_search import cycle_type_keys
from groups.cycle_index_rules import CycleType, Terms
from groups.errors import TooLargeError
from groups.stabilizer_tower import TowerNode, build_tower

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = npt.NDArray[np.int64]

MAX_ENTRIES = 1 << 26
"""Most entries (elements times points) that are written out altogether."""

_BULK = 1 << 20  # entries per block
_MAX_NODES = 4_000  # stabilisers that are visited


class _Search:
    def __init__(self, group: PermutationGroup) -> None:
        self.degree = group.degree
        self.terms: Terms = {}
        self.written = 0
        self.nodes = 0
        self._elements: dict[int, tuple[TowerNode, Array]] = {}
        self._waiting: list[tuple[Array, int]] = []
        self._waiting_entries = 0

    def refuse(self) -> TooLargeError:
        return TooLargeError(
            f"cycle index: more than {MAX_ENTRIES} entries or {_MAX_NODES} stabilisers are needed"
            " to count the cycle types of this group; build it from catalogue groups and products,"
            " whose cycle index is known"
        )

    def elements(self, node: TowerNode) -> Array:
        """All elements of a stabiliser, as rows."""
        known = self._elements.get(id(node))
        if known is None:
            if node.order == 1:
                rows = np.arange(self.degree)[None, :]
            else:
                point = int(np.flatnonzero(node.label != np.arange(self.degree))[0])
                _, transversal, _ = node.transversal(point)
                below = self.elements(node.child(point))
                rows = transversal[:, below].reshape(-1, self.degree)
            known = self._elements[id(node)] = (node, rows)
        return known[1]

    def record(self, rows: Array, weight: int) -> None:
        self.written += rows.size
        if self.written > MAX_ENTRIES:
            raise self.refuse()
        self._waiting.append((rows, weight))
        self._waiting_entries += rows.size
        if self._waiting_entries >= _BULK:
            self.flush()

    def flush(self) -> None:
        """Count the cycle types of the elements that wait."""
        if not self._waiting:
            return
        keys = cycle_type_keys(np.vstack([rows for rows, _ in self._waiting]))
        as_bytes = np.ascontiguousarray(keys).view(np.dtype((np.void, keys.shape[1] * 8))).ravel()
        _, first, which = np.unique(as_bytes, return_index=True, return_inverse=True)
        which = which.ravel()
        totals = [0] * len(first)
        start = 0
        for rows, weight in self._waiting:
            counts = np.bincount(which[start : start + len(rows)], minlength=len(first))
            for t in np.flatnonzero(counts).tolist():
                totals[t] += weight * int(counts[t])
            start += len(rows)
        for k, total in zip(first.tolist(), totals, strict=True):
            lengths, points = np.unique(keys[k], return_counts=True)
            cycle_type: CycleType = tuple(
                (int(length), int(count) // int(length))
                for length, count in zip(lengths, points, strict=True)
            )
            self.terms[cycle_type] = self.terms.get(cycle_type, 0) + total
        self._waiting, self._waiting_entries = [], 0

    def walk(
        self, u: Array, domain: TowerNode, seen: TowerNode, last: int | None, weight: int
    ) -> None:
        """Elements of the coset `u·domain`; `seen` fixes the points decided and their images."""
        size = domain.order * self.degree
        if size <= _BULK >> 8 or (seen.order == 1 and size <= _BULK):
            self.record(u[self.elements(domain)], weight)
            return
        self.nodes += 1
        if self.nodes > _MAX_NODES:
            raise self.refuse()
        moved = np.bincount(domain.label, minlength=self.degree)[domain.label] > 1
        if last is not None and moved[last]:
            point = last
        else:
            # A new cycle: best from a point that `seen` fixes anyway, else from its longest orbit.
            lengths = np.bincount(seen.label, minlength=self.degree)[seen.label]
            candidates = np.flatnonzero(moved)
            fixed = candidates[lengths[candidates] == 1]
            point = int(fixed[0]) if len(fixed) else int(candidates[np.argmax(lengths[candidates])])
            seen = seen.child(point)
        orbit, transversal, _ = domain.transversal(point)
        images = u[orbit]
        below = domain.child(point)
        lengths = np.bincount(seen.label, minlength=self.degree)
        for k in np.flatnonzero(seen.label[images] == images).tolist():
            image = int(images[k])
            self.walk(
                u[transversal[k]], below, seen.child(image), image, weight * int(lengths[image])
            )


def cycle_types(group: PermutationGroup) -> Terms:
    """Number of elements of each cycle type.

    Arguments:
        group: a group of degree at least 1.

    Returns:
        {((length, multiplicity), …): number of elements}; the numbers add up to the order.

    Raises:
        TooLargeError: too many elements remain after all conjugations.

    Complexity:
        One element per orbit of partial conjugation, times the degree and the longest cycle.

    Source:
        Conjugate elements have the same cycle type; the weights are orbit lengths
        (orbit–stabiliser).

    Examples:
        >>> from groups.catalogue import klein
        >>> cycle_types(klein())
        {((1, 4),): 1, ((2, 2),): 3}
    """
    search = _Search(group)
    root = build_tower(group)
    search.walk(np.arange(group.degree), root, root, None, 1)
    search.flush()
    if sum(search.terms.values()) != group.order:
        raise AssertionError("cycle types do not add up to the order of the group")
    return search.terms
