"""Conjugacy classes in a canonical order, with power maps and classification of elements.

Order of the classes: by element order, then class size, then cycle type (as increasing lists of
lengths), then representative. The representative is the element of the class with the
lexicographically least image list. Nothing of this depends on the generators of the group or on how
it was constructed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from groups.class_search import (
    Classifier,
    Found,
    classes_by_listing,
    classes_by_search,
    classes_through_action,
    cycle_type_keys,
    general_classes,
    row_orders,
)
from groups.class_structures import (
    WreathClasses,
    alternating_classes,
    direct_classes,
    symmetric_classes,
)
from groups.errors import MembershipError, ParameterError, TooLargeError
from groups.permutations import Permutation
from groups.symmetric_characters import partitions

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = NDArray[np.int64]
_MOST_CLASSES = 20_000
# Below this order classes are found at once whatever is known about the group.
_SMALL_ACTION = 2000


@dataclass(frozen=True, slots=True)
class ConjugacyClass:
    """One conjugacy class.

    Attributes:
        index: position in the canonical order.
        representative: the least element of the class.
        size, centralizer_order: their product is the order of the group.
        element_order: order of the elements.
        cycle_type: cycle lengths in decreasing order, fixed points included.
    """

    index: int
    representative: Permutation
    size: int
    centralizer_order: int
    element_order: int
    cycle_type: tuple[int, ...]

    def __str__(self) -> str:
        return (
            f"class of {self.representative} ({self.size} elements of order {self.element_order})"
        )


class ConjugacyClasses(Sequence[ConjugacyClass]):
    """The conjugacy classes of a group, in canonical order.

    Made by `conjugacy_classes`; a sequence of `ConjugacyClass`.

    Attributes:
        group: the group.
        representatives: array, one image list per class.
        sizes, centralizer_orders, element_orders: tuples.

    Examples:
        >>> from groups import PermutationGroup
        >>> classes = PermutationGroup(["(1,2,3,4)", "(1,2)"]).conjugacy_classes()
        >>> [str(c.representative) for c in classes], classes.sizes
        (['()', '(1,2)(3,4)', '(3,4)', '(2,3,4)', '(1,2,3,4)'], (1, 3, 6, 8, 6))
        >>> classes.class_of(Permutation("(1,4)", 4)).index, classes.power_map(2)
        (2, (0, 0, 0, 3, 1))
    """

    def __init__(self, group: PermutationGroup, found: Found, structure: tuple[Any, ...]) -> None:
        rows, centralizers, bind = found
        orders = row_orders(cycle_type_keys(rows))
        order = group.order
        if sum(order // c for c in centralizers) != order:
            raise AssertionError("class sizes must add up to the order of the group")
        types = [Permutation(row).cycle_type for row in rows]
        ranking = sorted(
            range(len(rows)),
            key=lambda i: (orders[i], order // centralizers[i], types[i][::-1], rows[i].tolist()),
        )
        self.group = group
        self.structure = structure
        self.representatives: Array = rows[ranking]
        self.representatives.setflags(write=False)
        self.centralizer_orders = tuple(centralizers[i] for i in ranking)
        self.sizes = tuple(order // centralizers[i] for i in ranking)
        self.element_orders = tuple(orders[i] for i in ranking)
        self.cycle_types = tuple(types[i] for i in ranking)
        self._bind = bind
        self._classifier: Classifier | None = None
        self._powers: list[Array] = []
        self._power_maps: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._objects: dict[int, ConjugacyClass] = {}

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        i = range(len(self))[index]
        if i not in self._objects:
            self._objects[i] = ConjugacyClass(
                i,
                Permutation(self.representatives[i]),
                self.sizes[i],
                self.centralizer_orders[i],
                self.element_orders[i],
                self.cycle_types[i],
            )
        return self._objects[i]

    def __iter__(self) -> Iterator[ConjugacyClass]:
        return (self[i] for i in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConjugacyClasses) and self.group == other.group

    def __hash__(self) -> int:
        return hash(self.group)

    def __repr__(self) -> str:
        return f"<{len(self)} conjugacy classes of {self.group!r}>"

    # -- classification ----------------------------------------------------------------------------

    def classify(self, rows: Array, fusion: Array | None = None) -> Array:
        """Class numbers of many elements at once.

        Arguments:
            rows: integer array of shape (m, degree); each row must be an element of the group (not
                checked).
            fusion: one label for each class; then only the label of the class returned need be
                right, which is cheaper when classes with one label share a cycle type.

        Returns:
            Integer array of length m.

        Complexity:
            O(m n) when cycle types or ranks decide; otherwise a search in the size of the
            centralisers.
        """
        if self._classifier is None:
            self._classifier = self._bind(self.representatives)
        return self._classifier(np.ascontiguousarray(rows), fusion)

    def class_of(self, g: Any) -> ConjugacyClass:
        """The class of one element.

        Raises:
            MembershipError: the element is not in the group.
        """
        element = g if isinstance(g, Permutation) else Permutation(g, self.group.degree)
        if element not in self.group:
            raise MembershipError(
                f"g: must lie in the group, got {element} outside {self.group!r}; test with `g in "
                "group`"
            )
        return self[int(self.classify(element.images[None, :])[0])]  # type: ignore[no-any-return]

    @property
    def exponent(self) -> int:
        """Least common multiple of the element orders."""
        return math.lcm(*self.element_orders)

    def _power_table(self) -> list[Array]:
        """For each class the classes of the powers 0 … order - 1 of its elements."""
        if not self._powers:
            rows, starts = [], [0]
            for row, order in zip(self.representatives, self.element_orders, strict=True):
                power = np.arange(len(row))
                for _ in range(order):
                    rows.append(power)
                    power = row[power]
                starts.append(len(rows))
            stacked = np.array(rows).reshape(len(rows), self.group.degree)
            numbers = self._classify_powers(stacked)
            self._powers = [numbers[a:b] for a, b in pairwise(starts)]
        return self._powers

    def _classify_powers(self, rows: Array) -> Array:
        distinct, inverse = np.unique(rows, axis=0, return_inverse=True)
        return self.classify(distinct)[inverse.reshape(-1)]

    def power_map(self, k: int) -> tuple[int, ...]:
        """The class of the k-th powers of each class, for any integer k.

        Examples:
            >>> from groups import PermutationGroup
            >>> PermutationGroup(["(1,2,3)"]).conjugacy_classes().power_map(-1)
            (0, 2, 1)
        """
        reduced = tuple(k % o for o in self.element_orders)
        if reduced not in self._power_maps:
            rows = np.array(
                [
                    (Permutation(row) ** e).images
                    for row, e in zip(self.representatives, reduced, strict=True)
                ]
            ).reshape(self.representatives.shape)
            self._power_maps[reduced] = tuple(self._classify_powers(rows).tolist())
        return self._power_maps[reduced]

    def inverse_map(self) -> tuple[int, ...]:
        """The class of the inverses of each class."""
        return self.power_map(-1)


def conjugacy_classes(group: PermutationGroup, algorithm: str = "auto") -> ConjugacyClasses:
    """The conjugacy classes of a group, in canonical order.

    Arguments:
        group: the group.
        algorithm: ``"auto"`` uses structure where it is known (symmetric and alternating groups,
            direct and wreath products, faithful induced actions), otherwise listing or search;
            ``"listing"`` joins all elements; ``"search"`` takes random elements to their least
            conjugates. All agree.

    Returns:
        `ConjugacyClasses`; class 0 is the identity.

    Raises:
        ParameterError: unknown algorithm. TooLargeError: too many classes, or classes too rare to
            be found.

    Complexity:
        Listing: O(|G| n). Search: about the largest centraliser of a non-central element times n^2.

    Source:
        Seress, *Permutation Group Algorithms*, 2003, chapter 9 (the general idea; the search for
        least conjugates is described in `groups.conjugation`).

    Examples:
        >>> from groups import PermutationGroup
        >>> G = PermutationGroup(["(1,2,3,4,5)", "(3,4,5)"])
        >>> conjugacy_classes(G).sizes
        (1, 15, 20, 12, 12)
    """
    if algorithm not in ("auto", "listing", "search"):
        raise ParameterError(
            f'algorithm: must be "auto", "listing" or "search", got {algorithm!r}; "auto" chooses'
        )
    if algorithm == "listing":
        if group.order * max(group.degree, 1) > 100_000_000:
            raise TooLargeError(
                f'algorithm: "listing" would hold {group.order} elements of {group.degree} points; '
                'use "search" or "auto"'
            )
        return ConjugacyClasses(group, classes_by_listing(group), ("general",))
    if algorithm == "search":
        return ConjugacyClasses(group, classes_by_search(group), ("general",))
    cached = group._cache.get("conjugacy_classes")
    if cached is None:
        cached = group._cache["conjugacy_classes"] = _by_structure(group)
    return cached  # type: ignore[no-any-return]


def _by_structure(group: PermutationGroup) -> ConjugacyClasses:
    n, order = group.degree, group.order
    if order == math.factorial(n):
        _refuse_many(group, len(partitions(n)) if n <= 40 else None)
        return ConjugacyClasses(group, symmetric_classes(n), ("symmetric", n))
    if n >= 3 and 2 * order == math.factorial(n):
        _refuse_many(group, len(partitions(n)) if n <= 40 else None)
        return ConjugacyClasses(group, alternating_classes(n), ("alternating", n))
    record = group._structure or (None,)
    if record[0] == "wreath" and order > 1 and WreathClasses.feasible(record[2]):
        wreath = WreathClasses(conjugacy_classes(record[1]), conjugacy_classes(record[2]))
        return ConjugacyClasses(group, wreath.found(), ("wreath", wreath))
    source = _faithful_source(group)
    if source is not None:
        found = classes_through_action(group, source[1])
        number = {row.tobytes(): i for i, row in enumerate(found[0])}
        return ConjugacyClasses(group, found, ("action", source[0], number))
    split = _direct_factors(group)
    if split is not None:
        factors, blocks = split
        classes = [conjugacy_classes(f) for f in factors]
        _refuse_many(group, math.prod(len(c) for c in classes))
        found = direct_classes(n, classes, blocks)
        return ConjugacyClasses(group, found, ("direct", classes, blocks))
    if group.is_abelian:
        _refuse_many(group, order)
    return ConjugacyClasses(group, general_classes(group), ("general",))


def _refuse_many(group: PermutationGroup, count: int | None) -> None:
    if count is None or count > _MOST_CLASSES:
        shown = "far more" if count is None else str(count)
        raise TooLargeError(
            f"group: at most {_MOST_CLASSES} conjugacy classes are listed, got {shown} for "
            f"{group!r}; "
            "use the cycle index, or the factors one by one"
        )


def _direct_factors(
    group: PermutationGroup,
) -> tuple[list[PermutationGroup], list[tuple[int, ...]]] | None:
    """Factors on disjoint blocks of points: from the structure, or when the orbits are
    independent.
    """
    from groups.group import PermutationGroup

    record = group._structure or (None,)
    if record[0] == "direct":
        factors, blocks, start = [], [], 0
        for f in record[1]:
            if f.order > 1:
                factors.append(f)
                blocks.append(tuple(range(start, start + f.degree)))
            start += f.degree
        return (factors, blocks) if len(factors) > 1 or start > 0 else None
    orbits = [o for o in group.orbits() if len(o) > 1]
    if len(orbits) < 2 and not (orbits and len(orbits[0]) < group.degree):
        return None
    factors = []
    for orbit in orbits:
        position = {p: i for i, p in enumerate(orbit)}
        images = [[position[int(g.images[p])] for p in orbit] for g in group.generators]
        factors.append(PermutationGroup(images, degree=len(orbit)))
    if math.prod(f.order for f in factors) != group.order:
        return None
    return factors, [tuple(o) for o in orbits]


def _faithful_source(group: PermutationGroup) -> tuple[ConjugacyClasses, Array] | None:
    """For an induced action that is faithful: the classes of the source and images of their
    elements.
    """
    record = group._structure or (None,)
    if record[0] != "action" or record[1] not in ("subsets", "pairs", "tuples", "rows"):
        return None
    from groups.object_actions import RowsAction, SubsetsAction, TuplesAction

    _, kind, source, parameter = record
    if source.order != group.order or group.order < _SMALL_ACTION:
        return None
    action: Any
    if kind in ("subsets", "pairs"):
        action = SubsetsAction(source, parameter)
    else:
        action = (TuplesAction if kind == "tuples" else RowsAction)(source, parameter)
    classes = conjugacy_classes(source)
    images = [action.homomorphism(c.representative).images for c in classes]
    return classes, np.array(images)
