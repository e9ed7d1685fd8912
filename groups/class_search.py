"""Conjugacy classes of a general group: by listing every element, or by random search with proof.

Both return the least representatives and centraliser orders. The list is complete exactly when the
class sizes add up to the order of the group; nothing else is believed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from groups.conjugation import (
    _least_per_owner,
    cycle_minima,
    least_conjugates,
    match_least_conjugates,
)
from groups.errors import TooLargeError
from groups.stabilizer_tower import (
    ElementSampler,
    TowerNode,
    build_tower,
    compose_rows,
    inverse_rows,
)

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = NDArray[np.int64]
# Class numbers of rows. With a fusion (a label for each class) only the label of the answer has to
# be right.
Classifier = Callable[[Array, Array | None], Array]
# (representatives as rows, centraliser orders, function that classifies rows)
Found = tuple[Array, list[int], Callable[[Array], Classifier]]

# Entries (elements times points) up to which listing comes first, and up to which it is the last
# resort.
_LISTED_FIRST = 1_000_000
_LISTED_LAST = 40_000_000
_BATCH = 40
_QUIET_ROUNDS = 30


def cycle_lengths(rows: Array) -> Array:
    """The length of the cycle through each point, row by row.

    Complexity:
        O(m n log c) for m rows and longest cycle c.

    Examples:
        >>> cycle_lengths(np.array([[1, 0, 2], [1, 2, 0]])).tolist()
        [[2, 2, 1], [3, 3, 3]]
    """
    m, n = rows.shape
    cells = cycle_minima(rows) + np.arange(m)[:, None] * n
    return np.bincount(cells.ravel(), minlength=m * n)[cells]  # type: ignore[no-any-return]


def cycle_type_keys(rows: Array) -> Array:
    """The sorted cycle lengths of each row, as an array of the same shape.

    Examples:
        >>> cycle_type_keys(np.array([[1, 0, 2], [1, 2, 0]])).tolist()
        [[1, 2, 2], [3, 3, 3]]
    """
    return np.sort(cycle_lengths(rows), axis=1)


def row_orders(keys: Array) -> list[int]:
    """Element orders from the rows of `cycle_type_keys`."""
    return [math.lcm(*map(int, set(key.tolist()))) for key in keys]


class ElementList:
    """All elements of a group as rows, with the rank of any element among them.

    Arguments:
        group: a group small enough to list.

    Examples:
        >>> from groups import PermutationGroup
        >>> elements = ElementList(PermutationGroup(["(1,2,3)"]))
        >>> elements.rows.tolist(), elements.rank(elements.rows).tolist()
        ([[0, 1, 2], [1, 2, 0], [2, 0, 1]], [0, 1, 2])
    """

    def __init__(self, group: PermutationGroup) -> None:
        n, chain = group.degree, group.chain
        self._levels: list[tuple[int, Array, Array]] = []
        rows = np.arange(n)[None, :]
        transversals = []
        for i, level in enumerate(chain.levels):
            orbit = sorted(level.orbit)
            reps = np.array([chain.transversal_element(i, p) for p in orbit])
            position = np.full(n, -1)
            position[orbit] = np.arange(len(orbit))
            self._levels.append((level.base_point, position, inverse_rows(reps)))
            transversals.append(reps)
        for reps in reversed(transversals):
            # Rank = position at the first level times the order below, plus the rank below.
            rows = reps[:, rows].reshape(-1, n)
        self.rows = rows

    def rank(self, rows: Array) -> Array:
        """Position of each row in `rows` (elements of the group)."""
        result = np.zeros(len(rows), dtype=np.int64)
        for base_point, position, inverses in self._levels:
            chosen = position[rows[:, base_point]]
            result = result * len(inverses) + chosen
            rows = compose_rows(inverses[chosen], rows)
        return result


def classes_by_listing(group: PermutationGroup) -> Found:
    """List all elements and join each to its conjugates by the generators.

    Complexity:
        O(|G| n) memory; O(|G| n b) time for each generator, b the length of the base.
    """
    elements = ElementList(group)
    order = group.order
    rows = elements.rows
    component = np.arange(order)
    moves = [elements.rank(g.images[rows[:, np.argsort(g.images)]]) for g in group.generators]
    while True:
        before = component
        for move in moves:
            least = np.minimum(component, component[move])
            component = least.copy()
            component[move] = np.minimum(component[move], least)
        # Pointer jumping: without it the least label would creep along one conjugation at a time.
        component = component[component]
        if (component == before).all():
            break
    _, component = np.unique(component, return_inverse=True)
    count = int(component.max()) + 1
    sizes = np.bincount(component, minlength=count)
    by_class = np.argsort(component, kind="stable")
    owner, kept_rows = component[by_class], rows[by_class]
    for j in range(group.degree):
        kept = np.flatnonzero(kept_rows[:, j] == _least_per_owner(owner, kept_rows[:, j]))
        if len(kept) < len(owner):
            owner, kept_rows = owner[kept], kept_rows[kept]

    def bind(representatives: Array) -> Classifier:
        number = np.full(count, -1)
        number[component[elements.rank(representatives)]] = np.arange(count)
        class_of_rank = number[component]
        return lambda queries, fusion: class_of_rank[elements.rank(queries)]

    return kept_rows, [order // int(s) for s in sizes], bind


def _type_codes(keys: Array, degree: int) -> tuple[Array, Array, Array]:
    """Weights w so that the sum of w[length] over the points tells the given cycle types apart.

    Returns:
        (weights, different codes in increasing order, code of each key). Elements of the group have
        one of these types, so a sum is as good as the type.
    """
    rng = random.Random(0)
    count = len(np.unique(keys, axis=0))
    while True:
        weights = np.array([rng.randrange(2**40) for _ in range(degree + 1)], dtype=np.int64)
        codes = weights[keys].sum(axis=1)
        distinct = np.unique(codes)
        if len(distinct) == count:
            return weights, distinct, codes


def bind_search(tower: TowerNode) -> Callable[[Array], Classifier]:
    """Classification by cycle type, then by the least conjugate where types repeat."""

    def bind(representatives: Array) -> Classifier:
        weights, distinct, codes = _type_codes(cycle_type_keys(representatives), tower.degree)
        members = [np.flatnonzero(codes == code) for code in distinct]

        def classify(queries: Array, fusion: Array | None) -> Array:
            types = np.searchsorted(distinct, weights[cycle_lengths(queries)].sum(axis=1))
            answer = np.full(len(queries), -1)
            for t, known in enumerate(members):
                these = np.flatnonzero(types == t)
                if len(known) == 1 or (fusion is not None and len(set(fusion[known])) == 1):
                    answer[these] = known[0]
                elif len(these):
                    which = match_least_conjugates(tower, queries[these], representatives[known])
                    answer[these] = known[which]
            return answer

        return classify

    return bind


def classes_by_search(group: PermutationGroup) -> Found:
    """Random elements and their powers, until the class sizes add up to the order of the group.

    Raises:
        TooLargeError: classes stay missing (they are too rare for random search).
    """
    tower = build_tower(group)
    sampler = ElementSampler(group)
    n, order = group.degree, group.order
    found: dict[bytes, tuple[Array, int]] = {}
    types: set[bytes] = set()
    total = quiet = 0

    def absorb(rows: Array) -> bool:
        """Add the classes of these elements and of all their powers."""
        nonlocal total
        news = False
        while len(rows):
            answer = least_conjugates(tower, rows)
            fresh = []
            for row, centralizer in zip(answer.rows, answer.centralizer_orders, strict=True):
                key = row.tobytes()
                if key not in found:
                    found[key] = (row, centralizer)
                    total += order // centralizer
                    fresh.append(row)
                    news = True
            powers = []
            for row in fresh:
                key = cycle_type_keys(row[None, :])[0]
                types.add(key.tobytes())
                power = row
                for _ in range(row_orders(key[None, :])[0] - 2):
                    power = row[power]
                    powers.append(power)
            rows = (
                np.unique(np.array(powers), axis=0) if powers else np.empty((0, n), dtype=np.int64)
            )
        return news

    absorb(np.arange(n)[None, :])
    absorb(np.array([g.images for g in group.generators]))
    while total < order:
        rows = sampler.sample(_BATCH)
        unseen: dict[bytes, Array] = {}
        for row, key in zip(rows, cycle_type_keys(rows), strict=True):
            if key.tobytes() not in types:
                unseen.setdefault(key.tobytes(), row)
        # New cycle types first: only when there are none can a repeated type be worth a search.
        news = absorb(np.array(list(unseen.values()))) if unseen else absorb(rows)
        quiet = 0 if news or unseen else quiet + 1
        if quiet > _QUIET_ROUNDS:
            raise TooLargeError(
                f"group: random search found {len(found)} classes with {total} of the {order} "
                "elements and no "
                "more; build the group from products in the catalogue, whose classes are known by "
                "structure"
            )
    assert total == order, "class sizes exceed the order of the group"
    representatives = np.array([row for row, _ in found.values()])
    return representatives, [c for _, c in found.values()], bind_search(tower)


def general_classes(group: PermutationGroup) -> Found:
    """Listing for small groups; search for the others, with listing as the last resort."""
    entries = group.order * max(group.degree, 1)
    if entries <= _LISTED_FIRST:
        return classes_by_listing(group)
    try:
        return classes_by_search(group)
    except TooLargeError:
        if entries > _LISTED_LAST:
            raise
        return classes_by_listing(group)


def classes_through_action(group: PermutationGroup, source_rows: Array) -> Found:
    """Classes of a faithful image from images of the class representatives of the source.

    Arguments:
        source_rows: the images, one per class of the source.

    Returns:
        Rows in the order of the classes of the source.
    """
    tower = build_tower(group)
    answer = least_conjugates(tower, source_rows)
    return answer.rows, list(answer.centralizer_orders), bind_search(tower)
