"""Orbits listed: representatives, sizes and, on request, the label of every object.

The objects are those of `groups.ranking`: points, tuples, subsets, exponent vectors, colourings and
pairs of objects. Representatives are the lexicographically least objects of their orbits, in
lexicographic order, whatever the algorithm. The other two views of the same orbits are
`groups.canonical` (which orbit is this object in?) and `groups.cycle_index` (how many orbits are
there?).

Which algorithm
---------------

==============  ==================================================================================
``structure``   Written down from the construction of the group: symmetric, alternating, Young,
                direct products of these, `… wr S_m`, S_m on the rows of a matrix; subsets and
                exponents. Costs the length of the answer. Factors and bases of another kind are
                listed first, by another algorithm, if they have few objects.
``components``  Connected components over the ranks of all N objects. Any space; the only one that
                gives labels. Memory O(N), estimated before the work starts.
``orderly``     Canonical objects grown one point at a time; the space is never held. Subsets,
                exponents, colourings. One least-image test per candidate: for large groups.
``stabilizers`` Tuples only: point by point along the stabilisers of the points so far. Costs the
                answer.
``auto``        Structure where it applies; stabilizers for tuples; else components up to
                `SMALL_SPACE` objects and for groups of order below `LARGE_ORDER`; else orderly.
                With `labels=True`, and for points and products, always components. A space too
                large for components falls to orderly; to structure in place of orderly where
                other factors are listed first.
==============  ==================================================================================

The rule was measured: a component costs about half a microsecond per object and generator, a test
in orderly generation 10 to 100 microseconds, and there are at least N / |G| orbits. A ladder
through successive sizes with canonical images of every extension does the same tests as orderly
generation and then removes duplicates; it is not offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from groups.bounded_counts import shown
from groups.components import least_of_component
from groups.errors import DegreeError, ParameterError, TooLargeError
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

MOST_ENTRIES = 20_000_000
"""Most entries of the representatives that are written down from the structure of a group."""

MOST_SEARCHED = 1_000_000
"""Most orbits that orderly generation and stabilisers look for, at 10 to 100 microseconds each."""

_COUNT = "count the orbits instead (G.count_orbits_on_…, or --count-only on the command line)"

SMALL_SPACE = 200_000
LARGE_ORDER = 500

ALGORITHMS = ("auto", "structure", "components", "orderly", "stabilizers")


@dataclass(frozen=True, slots=True, eq=False)
class OrbitTable:
    """Orbits of a group on a space of objects.

    Attributes:
        representatives: integer array, one row per orbit: its least object, rows in lexicographic
        order. sizes: tuple of whole numbers, one per orbit. space: the space the orbits live in
        (`space.rank` and `space.unrank` number its objects). labels: None, or an array with the
        orbit of every object, in rank order.

    Two tables are equal when their representatives and sizes are.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> table = cyclic(4).orbits_on_subsets(2, labels=True)
        >>> table.representatives.tolist(), table.sizes, table.total, len(table)
        ([[0, 1], [0, 2]], (4, 2), 6, 2)
        >>> table.labels[table.space.rank([1, 3])].item()
        1
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
        return tuple(self.representatives[index].tolist()), self.sizes[index]

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


def orbits_on_space(
    group: PermutationGroup,
    space: Space,
    *,
    algorithm: str = "auto",
    labels: bool = False,
    memory_limit: int = MEMORY_LIMIT,
) -> OrbitTable:
    """Orbits on any space over the group's points.

    Arguments:
        group: a permutation group of degree n.
        space: one of `groups.ranking`, over n points.
        algorithm: see the head of this module.
        labels: whether to return the orbit of every object too (needs components).
        memory_limit: bytes that may be used; the estimate is made before the work starts.

    Returns:
        `OrbitTable`, the same whatever the algorithm.

    Raises:
        DegreeError: the space is over another number of points. ParameterError: an algorithm that
        does not exist or does not apply. TooLargeError: the estimate exceeds the limit.

    Complexity:
        See the head of this module.

    Source:
        Components: Shiloach and Vishkin 1982. Orderly generation: Read 1978, Faradžev 1978. M2 for
        why orbits are the unit.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> from groups.ranking import Subsets
        >>> orbits_on_space(cyclic(5), Subsets(5, 2), algorithm="orderly").sizes
        (5, 5)
    """
    if space.degree != group.degree:
        raise DegreeError(
            f"space: must be over {group.degree} points, the degree of the group, got"
            f" {space.degree}; build it with the group's degree"
        )
    if algorithm not in ALGORITHMS:
        raise ParameterError(
            f"algorithm: must be one of {', '.join(ALGORITHMS)}, got {algorithm!r};"
            " leave it out for auto"
        )
    chosen = _choose(group, space, labels, memory_limit) if algorithm == "auto" else algorithm
    if labels and chosen != "components":
        raise ParameterError(
            f"labels: only algorithm='components' gives them, got {chosen!r}; leave algorithm out"
        )
    if chosen == "components":
        return _by_components(group, space, labels, memory_limit)
    if chosen == "structure":
        return _by_structure(group, space, memory_limit)
    if chosen == "orderly":
        return _by_orderly_generation(group, space, memory_limit)
    return _by_stabilizers(group, space, memory_limit)


def _choose(group: PermutationGroup, space: Space, labels: bool, memory_limit: int) -> str:
    """The default rule."""
    if labels or isinstance(space, (Points, Product)):
        return "components"
    if isinstance(space, Tuples):
        return "stabilizers"
    if isinstance(space, (Subsets, Exponents)):
        from groups.structured_orbits import is_structured

        if is_structured(group):
            return "structure"
    small = space.size <= SMALL_SPACE or group.order < LARGE_ORDER
    if small and components_memory(group, space) <= memory_limit:
        return "components"
    return "structure" if _few_from_parts(group, space) else "orderly"


def _few_from_parts(group: PermutationGroup, space: Space) -> bool:
    """Whether the orbits can be put together from those of parts, and are not too many for that."""
    from groups.structured_orbits import has_listed_parts

    if isinstance(space, Exponents):
        known = has_listed_parts(group, space.total, space.max_exponent)
    else:
        known = isinstance(space, Subsets) and has_listed_parts(group, space.width, 1)
    try:
        return known and _counted(group, space) * max(1, group.degree) <= MOST_ENTRIES
    except TooLargeError:  # the count takes too long
        return False


def _table(space: Space, rows: Any, sizes: list[int], labels: Any = None) -> OrbitTable:
    if sum(sizes) != space.size:
        raise AssertionError(
            f"orbits on {space.describe()}: sizes add up to {sum(sizes)}, not to {space.size}"
        )
    array = np.array(rows, dtype=np.int64).reshape(len(sizes), space.width)
    array.setflags(write=False)
    return OrbitTable(array, tuple(sizes), space, labels)


def _refuse(space: Space, estimate: int, limit: int, alternative: str) -> None:
    if estimate > limit:
        raise TooLargeError(
            f"{space.describe()}: {shown(space.size)} objects, listing needs about"
            f" {shown(estimate)} bytes, the limit is {limit}; {alternative}; in Python,"
            " memory_limit may be raised"
        )


def components_memory(group: PermutationGroup, space: Space) -> int:
    """Bytes that listing by components needs at its peak, estimated from above."""
    rank = np.dtype(space.rank_type).itemsize
    return space.size * (space.bytes_per_object + rank * (3 * len(group.generators) + 5))


def _by_components(
    group: PermutationGroup, space: Space, labels: bool, memory_limit: int
) -> OrbitTable:
    orderly = isinstance(space, (Subsets, Exponents, Colourings))
    hint = _COUNT + (" or, in Python, use algorithm='orderly'" if orderly else "")
    _refuse(space, components_memory(group, space), memory_limit, hint)
    kind = space.rank_type
    images = space.image_ranks([g.images for g in group.generators])
    least = least_of_component(space.size, images, kind)
    is_first = least == np.arange(space.size, dtype=kind)
    first = np.flatnonzero(is_first)
    number = np.cumsum(is_first, dtype=kind) - kind(1)
    label = number[least]
    sizes = np.bincount(label, minlength=len(first)).tolist()
    label.setflags(write=False)
    return _table(space, space.unrank(first), sizes, label if labels else None)


def _fewest_bytes(group: PermutationGroup, space: Space) -> int:
    """A lower bound on the bytes of any answer: there are at least |space| / |group| orbits."""
    return 2 * space.width * (space.size // group.order)


def _refuse_many(group: PermutationGroup, space: Space) -> None:
    """Refuse to search for more than `MOST_SEARCHED` orbits."""
    count = space.size // group.order
    if group._structure is not None or "cycle_index" in group._cache:
        try:
            count = max(count, _counted(group, space))
        except TooLargeError:
            pass  # the count itself takes too long; then the bound must do
    if count > MOST_SEARCHED:
        raise TooLargeError(
            f"{space.describe()}: at most {MOST_SEARCHED} orbits are searched for, got at least"
            f" {shown(count)}; {_COUNT}"
        )


def _counted(group: PermutationGroup, space: Space) -> int:
    from groups import cycle_index

    if isinstance(space, Subsets):
        return cycle_index.count_orbits_on_subsets(group, space.width)
    if isinstance(space, Exponents):
        return cycle_index.count_orbits_on_exponents(group, space.total, space.max_exponent)
    if isinstance(space, Tuples):
        return cycle_index.count_orbits_on_tuples(group, space.width, distinct=space.distinct)
    return 0


def _by_structure(group: PermutationGroup, space: Space, memory_limit: int) -> OrbitTable:
    from groups.cycle_index import count_orbits_on_exponents
    from groups.structured_orbits import has_listed_parts, structured_orbits

    degree, cap = 0, 1
    if isinstance(space, Subsets):
        degree = space.width
    elif isinstance(space, Exponents):
        degree, cap = space.total, space.max_exponent
    if not isinstance(space, (Subsets, Exponents)) or not has_listed_parts(group, degree, cap):
        raise ParameterError(
            f"algorithm: 'structure' needs subsets or exponents and a group of known construction,"
            f" got {group!r} on {space.describe()}; leave algorithm out"
        )
    count = count_orbits_on_exponents(group, degree, cap)
    _refuse(space, count * (16 * group.degree + 200), memory_limit, _COUNT)
    if count * max(1, group.degree) > MOST_ENTRIES:
        raise TooLargeError(
            f"{space.describe()}: at most {MOST_ENTRIES} entries are listed, got {shown(count)}"
            f" orbits with {group.degree} each; {_COUNT}"
        )
    if isinstance(space, Subsets):
        # The least sorted tuple is the set whose 0/1 vector is greatest.
        found = structured_orbits(group, degree, cap, greatest=True)[::-1]
        rows = [[i for i, entry in enumerate(vector) if entry] for vector, _ in found]
        return _table(space, rows, [size for _, size in found])
    found = structured_orbits(group, degree, cap)
    return _table(space, [vector for vector, _ in found], [size for _, size in found])


def _by_orderly_generation(group: PermutationGroup, space: Space, memory_limit: int) -> OrbitTable:
    from groups.orderly import canonical_multisets, least_vectors

    if not isinstance(space, (Subsets, Exponents, Colourings)):
        raise ParameterError(
            "algorithm: 'orderly' lists subsets, exponents and colourings, got"
            f" {space.describe()}; leave algorithm out"
        )
    _refuse(space, _fewest_bytes(group, space), memory_limit, _COUNT)
    _refuse_many(group, space)
    if space.size == 0:
        return _table(space, [], [])
    if isinstance(space, Colourings):
        cap = space.colours - 1
        wanted = range(group.degree * cap + 1)
    else:
        cap = 1 if isinstance(space, Subsets) else space.max_exponent
        wanted = range(d := space.width if isinstance(space, Subsets) else space.total, d + 1)
    found = []
    for d, (vectors, stabilizers) in enumerate(canonical_multisets(group, wanted[-1], cap)):
        if d in wanted:
            found.append((vectors, stabilizers))
    vectors = np.vstack([rows for rows, _ in found])
    order = group.order
    sizes = [order // s for _, stabilizers in found for s in stabilizers]
    if isinstance(space, Subsets):
        return _table(space, np.nonzero(vectors)[1], sizes)
    # Orderly generation represents orbits by greatest vectors; this package's are the least.
    rows = least_vectors(group, vectors)
    ranking = np.lexsort(rows.T[::-1]) if group.degree else np.arange(len(rows))
    return _table(space, rows[ranking], [sizes[k] for k in ranking])


def _by_stabilizers(group: PermutationGroup, space: Space, memory_limit: int) -> OrbitTable:
    from groups.stabilizer_tower import TowerNode, build_tower

    if not isinstance(space, Tuples):
        raise ParameterError(
            f"algorithm: 'stabilizers' lists tuples, got {space.describe()}; leave algorithm out"
        )
    _refuse(space, _fewest_bytes(group, space), memory_limit, _COUNT)
    _refuse_many(group, space)
    rows: list[tuple[int, ...]] = []
    sizes: list[int] = []

    def extend(prefix: tuple[int, ...], node: TowerNode, size: int) -> None:
        if len(prefix) == space.width:
            rows.append(prefix)
            sizes.append(size)
            return
        lengths = np.bincount(node.label, minlength=space.degree)
        for point in np.flatnonzero(lengths).tolist():
            if not (space.distinct and point in prefix):
                extend((*prefix, point), node.child(point), size * int(lengths[point]))

    if space.size:
        extend((), build_tower(group), 1)
    return _table(space, rows, sizes)


def orbits_on_points(group: PermutationGroup, **options: Any) -> OrbitTable:
    """Orbits on the points, as 1-tuples.

    Arguments:
        group: a permutation group. options: see `orbits_on_space`.

    Examples:
        >>> from groups.catalogue import young
        >>> list(orbits_on_points(young(2, 3)))
        [((0,), 2), ((2,), 3)]
    """
    return orbits_on_space(group, Points(group.degree), **options)


def orbits_on_subsets(group: PermutationGroup, k: int, **options: Any) -> OrbitTable:
    """Orbits on k-subsets of points, as sorted tuples.

    Arguments:
        group: a permutation group of degree n. k: 0 <= k <= n. options: see `orbits_on_space`.

    Raises:
        ParameterError: k is out of range. TooLargeError: see `orbits_on_space`.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> list(orbits_on_subsets(cyclic(6), 3))
        [((0, 1, 2), 6), ((0, 1, 3), 6), ((0, 1, 4), 6), ((0, 2, 4), 2)]
        >>> orbits_on_subsets(cyclic(6), 7)
        Traceback (most recent call last):
        ...
        groups.errors.ParameterError: k must be between 0 and 6, got 7; choose a value in that range
    """
    return orbits_on_space(group, Subsets(group.degree, k), **options)


def orbits_on_tuples(
    group: PermutationGroup, k: int, *, distinct: bool = False, **options: Any
) -> OrbitTable:
    """Orbits on k-tuples of points, with repeats unless `distinct`.

    Arguments:
        group: a permutation group of degree n. k: length, at most n when `distinct`.
        options: see `orbits_on_space`.

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

    Arguments:
        group: a permutation group of degree n. degree: sum of the entries.
        max_exponent: largest entry; 1 for multilinear. options: see `orbits_on_space`.

    Returns:
        `OrbitTable`; each orbit is one basis vector of the invariants of that degree.

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
    """Orbits on pairs (x, y) of objects of two spaces; rows are x followed by y.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> len(orbits_on_product(cyclic(5), Points(5), Subsets(5, 2)))
        10
    """
    return orbits_on_space(group, Product(left, right), **options)


def equivariant_maps(
    group: PermutationGroup, source: Space, target: Space, **options: Any
) -> npt.NDArray[Any]:
    """A basis of the linear maps between two permutation representations that commute with the
    group.

    Arguments:
        group: a permutation group.
        source, target: spaces X and Y over its points; the maps go from functions on X to functions
        on Y. options: see `orbits_on_product`.

    Returns:
        Integer matrix L with a row for each object of Y and a column for each of X, in rank order.
        The basis is ``L == 0, L == 1, …, L == L.max()``: the matrices ``L == k`` are 0/1, disjoint,
        and add up to all ones.

    Complexity:
        Components over the |X|·|Y| pairs.

    Source:
        A matrix commutes with the group exactly when it is constant on the orbits of pairs; Maron,
        Ben-Hamu, Shamir, Lipman, *Invariant and equivariant graph networks*, ICLR 2019.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> equivariant_maps(symmetric(3), Points(3), Points(3)).tolist()
        [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
        >>> int(equivariant_maps(symmetric(5), Tuples(5, 2), Tuples(5, 2)).max()) + 1
        15
    """
    table = orbits_on_product(group, target, source, labels=True, **options)
    assert table.labels is not None
    return table.labels.reshape(target.size, source.size)
