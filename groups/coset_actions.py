"""Actions on the cosets of a subgroup and on the elements of a group.

The points are kept as group elements: the least element of each coset, in lexicographic order of
image lists. So the numbering depends on the groups only, not on how they were generated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from groups.action import Action, Array
from groups.bounded_counts import check_size
from groups.errors import DegreeError, MembershipError, TooLargeError
from groups.group import PermutationGroup
from groups.object_actions import MAX_POINTS, degree_of
from groups.permutations import Permutation
from groups.stabilizer_chain import StabilizerChain

MAX_ENTRIES = 50_000_000
"""Most integers that coset representatives and transversals may fill."""


class _ElementAction(Action):
    """What both actions share: points are group elements, looked up by their bytes."""

    __slots__ = ("_number", "representatives")

    representatives: Array
    _number: dict[bytes, int]

    def _hold(self, representatives: Array) -> None:
        representatives.setflags(write=False)
        object.__setattr__(self, "representatives", representatives)
        number = {row.tobytes(): i for i, row in enumerate(representatives)}
        object.__setattr__(self, "_number", number)

    def _ranks(self, rows: Array) -> Array:
        number = self._number
        return np.array([number[row.tobytes()] for row in rows], dtype=np.int64)

    def _labels(self) -> tuple[Any, ...]:
        return tuple(Permutation._trusted(row.copy()) for row in self.representatives)

    def _check(self, p: Permutation) -> None:
        super()._check(p)
        if p not in self.group:
            raise MembershipError(
                f"p: must be an element of the group that acts on {self.kind}, got {p}; "
                "only actions on sets, tuples, rows and vectors take any permutation"
            )


class CosetsAction(_ElementAction):
    """The action ``p·(gH) = (pg)H`` on the left cosets of a subgroup H.

    Arguments:
        group: a permutation group G. subgroup: a subgroup H of it. max_points: most cosets that
            are allowed.

    Returns:
        `labels` and `representatives` hold the lexicographically least element of each coset, in
        increasing order; point 0 is H itself.

    Raises:
        DegreeError: different degrees. MembershipError: H is not a subgroup of G.
        TooLargeError: the index |G|/|H| exceeds `max_points`, or too much memory would be needed.

    Complexity:
        O(index · (n + b)) array operations for each generator, b the sum of H's basic orbit
        lengths.

    Source:
        The canonical base of H has the least moved point at each level, so making the images of
        the base points as small as possible one after the other reaches the least element of gH
        (Holt, Eick and O'Brien, *Handbook of Computational Group Theory*, 2005, section 4.6).

    Examples:
        >>> from groups.catalogue import alternating, symmetric
        >>> action = CosetsAction(symmetric(5), alternating(5))
        >>> action.degree, action.image.order, action.is_faithful
        (2, 2, False)
        >>> [str(g) for g in action.labels]
        ['()', '(4,5)']
    """

    __slots__ = ("_levels",)

    _levels: list[tuple[Array, Array]]

    def __init__(
        self,
        group: PermutationGroup,
        subgroup: PermutationGroup,
        *,
        max_points: int = MAX_POINTS,
    ) -> None:
        n = degree_of(group)
        if degree_of(subgroup) != n:
            raise DegreeError(
                f"subgroup: must act on the same {n} points, got degree {subgroup.degree}; "
                "rebuild it with degree=..."
            )
        for g in subgroup.generators:
            if g not in group:
                raise MembershipError(
                    f"subgroup: its generators must be elements of the group, got {g}; "
                    "cosets need a subgroup"
                )
        index = group.order // subgroup.order
        check_size("cosets", index, max_points, "a larger subgroup")
        chain = subgroup.chain
        entries = (index + sum(len(level.orbit) for level in chain.levels)) * n
        if entries > MAX_ENTRIES:
            raise TooLargeError(
                f"cosets: at most {MAX_ENTRIES} integers are held, got {entries} for {index} "
                "cosets; "
                "use a subgroup with smaller orbits, or fewer points"
            )
        super().__init__(group, "cosets", subgroup, index)
        levels = []
        for i, level in enumerate(chain.levels):
            levels.append((np.array(level.orbit, dtype=np.int64), _transversal(chain, i)))
        object.__setattr__(self, "_levels", levels)
        self._hold(self._enumerate())
        assert len(self.representatives) == index

    def _least(self, rows: Array) -> Array:
        """The least element of each coset gH, for elements g given as rows."""
        for orbit, transversal in self._levels:
            best = np.argmin(rows[:, orbit], axis=1)
            rows = np.take_along_axis(rows, transversal[best], axis=1)
        return rows

    def _enumerate(self) -> Array:
        frontier = self._least(np.arange(self.group.degree, dtype=np.int64)[None, :])
        found = {frontier[0].tobytes(): frontier[0]}
        generators = [g.images for g in self.group.generators]
        while len(frontier):
            fresh = []
            for g in generators:
                for row in self._least(g[frontier]):
                    key = row.tobytes()
                    if key not in found:
                        found[key] = row
                        fresh.append(row)
            frontier = np.array(fresh, dtype=np.int64).reshape(len(fresh), self.group.degree)
        return _sorted(np.array(list(found.values()), dtype=np.int64))

    def _images(self, permutations: Sequence[Array]) -> Iterator[Array]:
        return (self._ranks(self._least(p[self.representatives])) for p in permutations)

    def _words(self) -> str | None:
        name = self.parameter.name
        return None if name is None else f"cosets({name})"

    def _moves_all(self) -> bool | None:
        return True if self.parameter.order == 1 else None


class ElementsAction(_ElementAction):
    """The right regular action on the elements of a group, ``p·x = x·p⁻¹``.

    Arguments:
        group: a permutation group. max_points: most elements that are allowed.

    Returns:
        `labels` and `representatives` hold the elements in lexicographic order, the identity first.

    Raises:
        TooLargeError: the order exceeds `max_points`, or too much memory would be needed.

    Complexity:
        O(|G|·n) array operations for each generator.

    Source:
        With the inverse on the right, ``(pq)·x = x·q⁻¹·p⁻¹ = p·(q·x)``: a left action like all
        others here; always faithful. The left regular action is the one on the cosets of the
        trivial subgroup.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> action = ElementsAction(symmetric(3))
        >>> action.image.degree, action.image.order, action.image.name
        (6, 6, 'S3 on elements')
        >>> [str(g) for g in action.labels]
        ['()', '(2,3)', '(1,2)', '(1,2,3)', '(1,3,2)', '(1,3)']
    """

    __slots__ = ()

    def __init__(self, group: PermutationGroup, *, max_points: int = MAX_POINTS) -> None:
        n = degree_of(group)
        order = group.order
        check_size("elements", order, max_points, "the action on cosets of a subgroup")
        if order * n > MAX_ENTRIES:
            raise TooLargeError(
                f"elements: at most {MAX_ENTRIES} integers are held, got {order * n} for "
                f"{order} elements; use the action on cosets of a subgroup"
            )
        super().__init__(group, "elements", None, order)
        rows = np.arange(n, dtype=np.int64)[None, :]
        for i in range(len(group.chain.levels)):
            rows = np.concatenate([rows[:, u] for u in _transversal(group.chain, i)])
        self._hold(_sorted(rows))

    def _images(self, permutations: Sequence[Array]) -> Iterator[Array]:
        return (self._ranks(self.representatives[:, np.argsort(p)]) for p in permutations)

    def _moves_all(self) -> bool:
        return True


def _transversal(chain: StabilizerChain, level: int) -> Array:
    """The transversal elements of a level as rows, in the order of its orbit, along the tree."""
    data = chain.levels[level]
    rows = np.empty((len(data.orbit), chain.degree), dtype=np.int64)
    rows[0] = np.arange(chain.degree)
    for k, (parent, generator) in enumerate(data.tree, start=1):
        rows[k] = chain.strong_generators[generator][rows[parent]]
    return rows


def _sorted(rows: Array) -> Array:
    """Rows in lexicographic order."""
    if rows.shape[1] == 0:
        return rows
    return np.ascontiguousarray(rows[np.lexsort(rows.T[::-1])])
