"""Actions on sets, tuples, exponent vectors and matrix rows made of a group's points.

These are actions of the whole symmetric group: `homomorphism` takes any permutation of the points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from groups.action import Action, Array
from groups.bounded_counts import check_size, exponent_count, power, subset_count
from groups.errors import ParameterError
from groups.group import PermutationGroup
from groups.ranking import Exponents, Points, Space, Subsets, Tuples, whole_number

MAX_POINTS = 2_000_000
"""Most objects that an action is built on unless `max_points` says otherwise."""

MAX_TABLE = 5_000_000
"""Most entries (points times degree times bound) of the tables behind exponent vectors."""

MAX_LABELS = 30_000_000
"""Most integers in all labels of an action."""

MAX_LENGTH = 10_000
"""Most entries of a tuple (reached on one point only: two points have 2^k tuples)."""


class SpaceAction(Action):
    """An action on one of the ranked spaces of `groups.ranking`.

    Large subsets and exponent vectors are held as their complements (`mirrored`): these are fewer
    columns, keep all tables below the number of objects, and come in the opposite order.
    """

    __slots__ = ("mirrored", "space")

    space: Space
    mirrored: bool

    def __init__(
        self,
        group: PermutationGroup,
        kind: str,
        parameter: Any,
        space: Space,
        *,
        mirrored: bool = False,
    ) -> None:
        integers = space.size * space.width
        check_size("integers in the labels", integers, MAX_LABELS, "fewer objects", fixed=True)
        super().__init__(group, kind, parameter, space.size)
        object.__setattr__(self, "space", space)
        object.__setattr__(self, "mirrored", mirrored)

    def _images(self, permutations: Sequence[Array]) -> Iterator[Array]:
        if self.degree < 2:
            return (np.arange(self.degree, dtype=np.int64) for _ in permutations)
        images = (np.asarray(a, dtype=np.int64) for a in self.space.image_ranks(permutations))
        return (self.degree - 1 - a[::-1] for a in images) if self.mirrored else images

    def _labels(self) -> tuple[Any, ...]:
        if not self.degree:
            return ()
        rows = self.space.unrank(np.arange(self.degree, dtype=np.int64))
        if self.mirrored:
            rows = self._complements(rows)[::-1]
        return tuple(map(tuple, rows.tolist()))

    def _complements(self, rows: Array) -> Array:
        """The objects that are held as these rows, when the space is mirrored."""
        raise NotImplementedError


class PointsAction(SpaceAction):
    """The group on its own points (to be combined with others in a `UnionAction`)."""

    __slots__ = ()

    def __init__(self, group: PermutationGroup) -> None:
        super().__init__(group, "points", None, Points(degree_of(group)))

    def _labels(self) -> tuple[Any, ...]:
        return tuple(range(self.degree))

    def _moves_all(self) -> bool:
        return True


class SubsetsAction(SpaceAction):
    """The action on the k-subsets of points, sorted tuples in lexicographic order.

    Arguments:
        group: a permutation group of degree n. k: 0 <= k <= n. max_points: most subsets that are
            allowed.

    Raises:
        ParameterError: k is out of range. TooLargeError: more than `max_points` subsets.

    Complexity:
        O(binom(n, k)) array operations for each generator.

    Source:
        Faithful for 0 < k < n: if p moves i to j, a k-subset with i and without j is moved. Ranks
        are those of the combinatorial number system (Knuth, 7.2.1.3).

    Examples:
        >>> from groups.catalogue import symmetric
        >>> action = SubsetsAction(symmetric(5), 3)
        >>> action.degree, action.labels[:2], action.image.name
        (10, ((0, 1, 2), (0, 1, 3)), 'S5 on subsets(3)')
    """

    __slots__ = ()

    def __init__(self, group: PermutationGroup, k: int, *, max_points: int = MAX_POINTS) -> None:
        n = degree_of(group)
        k = whole_number("k", k, 0, n)
        check_size(f"{k}-subsets", subset_count(n, k), max_points, "count_orbits_on_subsets")
        space = Subsets(n, min(k, n - k))
        super().__init__(group, "subsets", k, space, mirrored=2 * k > n)

    def _complements(self, rows: Array) -> Array:
        outside = np.ones((self.degree, self.group.degree), dtype=bool)
        np.put_along_axis(outside, rows, False, axis=1)
        return np.nonzero(outside)[1].reshape(self.degree, self.parameter)

    def _moves_all(self) -> bool:
        return 0 < self.parameter < self.group.degree


class PairsAction(SpaceAction):
    """The action on pairs of different points, unordered ``(i, j)`` with i < j, or ordered.

    Arguments:
        group: a permutation group of degree n. ordered: whether (i, j) and (j, i) differ.
        max_points: most pairs that are allowed.

    Raises:
        TooLargeError: more than `max_points` pairs.

    Complexity:
        O(n²) array operations for each generator.

    Source:
        Ordered pairs are faithful for every n, unordered ones for n != 2.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> graphs = PairsAction(symmetric(6)).image  # edge sets of graphs on 6 vertices
        >>> graphs.degree, graphs.order, graphs.name
        (15, 720, 'S6 on pairs')
        >>> PairsAction(symmetric(3), ordered=True).labels
        ((0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1))
    """

    __slots__ = ()

    def __init__(
        self, group: PermutationGroup, *, ordered: bool = False, max_points: int = MAX_POINTS
    ) -> None:
        n = degree_of(group)
        pairs = n * (n - 1) if ordered else n * (n - 1) // 2
        check_size("pairs", pairs, max_points, "count_orbits_on_subsets(2)")
        space: Space = _NoObjects(n)
        if n > 1:
            space = Tuples(n, 2, distinct=True) if ordered else Subsets(n, 2)
        kind = "ordered pairs" if ordered else "pairs"
        super().__init__(group, kind, 2, space)

    def _words(self) -> str:
        return self.kind

    def _moves_all(self) -> bool:
        n = self.group.degree
        return n < 2 or self.kind == "ordered pairs" or n > 2


class TuplesAction(SpaceAction):
    """The action on all n^k tuples of k points, repeats included, in lexicographic order.

    Arguments:
        group: a permutation group of degree n. k: length, >= 0. max_points: most tuples that are
            allowed.

    Raises:
        ParameterError: k < 0. TooLargeError: more than `max_points` tuples.

    Complexity:
        O(n^k) array operations for each generator.

    Source:
        Faithful for k > 0, on the tuples (i, i, …) already. Tuples of different points:
        `PairsAction` for k = 2.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> TuplesAction(cyclic(3), 2).labels[:4]
        ((0, 0), (0, 1), (0, 2), (1, 0))
    """

    __slots__ = ()

    def __init__(self, group: PermutationGroup, k: int, *, max_points: int = MAX_POINTS) -> None:
        n = degree_of(group)
        k = whole_number("k", k, 0)
        check_size("entries of a tuple", k, MAX_LENGTH, "shorter tuples", fixed=True)
        check_size(f"{k}-tuples", power(n, k), max_points, "count_orbits_on_tuples")
        super().__init__(group, "tuples", k, Tuples(n, k))

    def _moves_all(self) -> bool:
        return self.parameter > 0


class ExponentsAction(SpaceAction):
    """The action on exponent vectors of a degree d, in lexicographic order: ``(g·α)[g(i)] = α[i]``.

    Arguments:
        group: a permutation group of degree n. degree: d >= 0. max_exponent: the largest entry,
            None for no bound.
        max_points: most vectors that are allowed.

    Raises:
        ParameterError: a negative degree or bound. TooLargeError: more than `max_points` vectors.

    Complexity:
        O(n·N) array operations for each generator and N vectors.

    Source:
        MATH.md section 1. Faithful when some vector is not constant, that is for 0 < d <
        n·max_exponent.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> ExponentsAction(cyclic(2), 3).labels
        ((0, 3), (1, 2), (2, 1), (3, 0))
    """

    __slots__ = ()

    def __init__(
        self,
        group: PermutationGroup,
        degree: int,
        max_exponent: int | None = None,
        *,
        max_points: int = MAX_POINTS,
    ) -> None:
        n = degree_of(group)
        d = whole_number("degree", degree, 0)
        bound = d if max_exponent is None else min(d, whole_number("max_exponent", max_exponent, 0))
        count = exponent_count(n, d, bound)
        what = f"exponent vectors of degree {d}"
        check_size(what, count, max_points, "count_orbits_on_exponents")
        check_size(
            f"table entries for {what}", n * d * bound, MAX_TABLE, "a smaller degree", fixed=True
        )
        mirrored = n * bound >= d > n * bound - d and bound < d
        space = Exponents(n, n * bound - d if mirrored else d, bound)
        super().__init__(
            group, "exponents", d if bound == d else (d, bound), space, mirrored=mirrored
        )

    @property
    def _sum_and_bound(self) -> tuple[int, int]:
        p = self.parameter
        return p if isinstance(p, tuple) else (p, p)

    def _complements(self, rows: Array) -> Array:
        return self._sum_and_bound[1] - rows

    def _words(self) -> str:
        d, bound = self._sum_and_bound
        return f"exponents({d})" if bound == d else f"exponents({d},{bound})"

    def _moves_all(self) -> bool:
        d, bound = self._sum_and_bound
        return 0 < d < self.group.degree * bound


class RowsAction(Action):
    """The action on matrix entries by permuting rows: point (r, c) is ``r * columns + c``.

    Arguments:
        group: a permutation group on the rows. columns: how many columns, >= 1. max_points: most
            entries allowed.

    Raises:
        ParameterError: columns < 1. TooLargeError: more than `max_points` entries.

    Complexity:
        O(n·columns) for each generator.

    Source:
        MATH.md section 2 (node features); always faithful.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> action = RowsAction(cyclic(3), 2)
        >>> action.image.name, action.labels[3], str(action.image.generators[0])
        ('C3 on rows(2)', (1, 1), '(1,3,5)(2,4,6)')
    """

    __slots__ = ()

    def __init__(
        self, group: PermutationGroup, columns: int, *, max_points: int = MAX_POINTS
    ) -> None:
        columns = whole_number("columns", columns, 1)
        entries = degree_of(group) * columns
        check_size("matrix entries", entries, max_points, "the group on the rows alone")
        super().__init__(group, "rows", columns, entries)

    def _images(self, permutations: Sequence[Array]) -> Iterator[Array]:
        if not self.degree:
            return (np.zeros(0, dtype=np.int64) for _ in permutations)
        columns = np.arange(self.parameter, dtype=np.int64)
        return ((p[:, None] * self.parameter + columns).ravel() for p in permutations)

    def _labels(self) -> tuple[Any, ...]:
        return tuple((r, c) for r in range(self.group.degree) for c in range(self.parameter))

    def _moves_all(self) -> bool:
        return True


class _NoObjects(Space):
    """No objects at all over some points."""

    def __init__(self, degree: int) -> None:
        self.degree, self.size, self.width = degree, 0, 2

    def rank(self, rows: Any) -> Array:
        return self._ranks(self._rows(rows)[:, 0])

    def unrank(self, ranks: Any) -> Array:
        return np.zeros((0, self.width), dtype=np.int64)

    def image_ranks(self, permutations: Sequence[Array]) -> Iterator[Any]:
        return (np.zeros(0, dtype=np.int64) for _ in permutations)

    def describe(self) -> str:
        return f"pairs of {self.degree} points"


def degree_of(group: PermutationGroup) -> int:
    """The degree, once it is clear that it is a group."""
    if not isinstance(group, PermutationGroup):
        raise ParameterError(
            f"group: must be a PermutationGroup, got {type(group).__name__}; "
            "use groups.group(text) for an expression"
        )
    return group.degree
