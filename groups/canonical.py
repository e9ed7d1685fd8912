"""Canonical objects: the least image of a vector or a set, the element that reaches it, the
stabiliser.

Fast paths follow the construction of the group: sorting for symmetric, alternating and Young
groups, least rotation in linear time for cyclic and dihedral groups, recursion for direct products,
wreath products and matrices with permuted rows. Every other group is searched along its stabiliser
chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import factorial, prod
from numbers import Rational
from typing import TYPE_CHECKING, Any

import numpy as np

from groups.errors import DegreeError, ParameterError, PointError
from groups.permutations import Permutation

if TYPE_CHECKING:
    from groups.group import PermutationGroup


@dataclass(frozen=True, slots=True)
class CanonicalImage:
    """A least image and how it is reached.

    Attributes:
        representative: the least object of the orbit, a tuple.
        element: a group element that maps the given object to the representative.
        stabilizer_order: number of group elements that fix the given object.
        orbit_size: number of images; orbit_size · stabilizer_order is the order of the group.
    """

    representative: tuple[Any, ...]
    element: Permutation
    stabilizer_order: int
    orbit_size: int


def canonical(group: PermutationGroup, alpha: Sequence[Any]) -> CanonicalImage:
    """The lexicographically least image of a vector under a group.

    Arguments:
        group: a permutation group of degree n.
        alpha: n whole numbers or fractions, one per point.

    Returns:
        `CanonicalImage`; `element.act_on_vector(alpha) == representative`.

    Raises:
        DegreeError: alpha has another length. ParameterError: an entry is not a whole number or
        fraction.

    Complexity:
        O(n log n) for symmetric, alternating and Young groups and their direct and wreath products,
        O(n) for cyclic and dihedral ones; see `groups.minimal_image` for the rest.

    Source:
        Booth 1980 (least rotation); Linton 2004 and Jefferson, Jonauskyte, Pfeiffer, Waldecker 2019
        (search).

    Examples:
        >>> from groups.catalogue import cyclic
        >>> image = canonical(cyclic(4), (2, 0, 1, 0))
        >>> image.representative, str(image.element), image.stabilizer_order, image.orbit_size
        ((0, 1, 0, 2), '(1,4,3,2)', 1, 4)
    """
    values = _entries(group, alpha)
    colours = _ranks(values)
    order, stabilizer = least_arrangement(group, colours)
    return _image(group, tuple(values[i] for i in order), order, stabilizer)


def canonical_subset(group: PermutationGroup, points: Iterable[int]) -> CanonicalImage:
    """The least image of a set of points, as a sorted tuple.

    Raises:
        PointError: a point is out of range or repeated.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> canonical_subset(cyclic(6), [1, 4]).representative
        (0, 3)
    """
    chosen = _points(group, points)
    colours = [1] * group.degree
    for point in chosen:
        colours[point] = 0  # members first: the least tuple has the least members
    order, stabilizer = least_arrangement(group, colours)
    representative = tuple(j for j, i in enumerate(order) if colours[i] == 0)
    return _image(group, representative, order, stabilizer)


def _image(
    group: PermutationGroup, representative: tuple[Any, ...], order: Sequence[int], stabilizer: int
) -> CanonicalImage:
    inverse = np.empty(len(order), dtype=np.int64)
    inverse[np.asarray(order, dtype=np.int64)] = np.arange(len(order))
    element = Permutation._trusted(inverse)
    return CanonicalImage(representative, element, stabilizer, group.order // stabilizer)


def _entries(group: PermutationGroup, alpha: Sequence[Any]) -> list[Any]:
    values = alpha.tolist() if isinstance(alpha, np.ndarray) else list(alpha)
    if len(values) != group.degree:
        raise DegreeError(
            f"alpha: must have {group.degree} entries, one per point, got {len(values)};"
            " pad with zeros"
        )
    for i, value in enumerate(values):
        if isinstance(value, np.integer):
            values[i] = int(value)
        elif not isinstance(value, Rational) or isinstance(value, bool):
            raise ParameterError(
                f"alpha: entries must be whole numbers or fractions, got {value!r};"
                " write Fraction(1, 2) for one half"
            )
    return values


def _points(group: PermutationGroup, points: Iterable[int]) -> list[int]:
    chosen = list(points)
    for point in chosen:
        if isinstance(point, bool) or not isinstance(point, (int, np.integer)):
            raise PointError(f"points: must be whole numbers, got {point!r}; number them from 0")
        if not 0 <= point < group.degree:
            raise PointError(
                f"points: must lie in 0..{group.degree - 1}, got {point}; number them from 0"
            )
    if len(set(chosen)) < len(chosen):
        bad = min(p for p in chosen if chosen.count(p) > 1)
        raise PointError(f"points: must be different, got {bad} twice; give each point once")
    return chosen


def _ranks(values: Sequence[Any]) -> list[int]:
    """Dense ranks: the vector with each value replaced by its place among the values that occur."""
    place = {value: i for i, value in enumerate(sorted(set(values)))}
    return [place[value] for value in values]


def least_arrangement(group: PermutationGroup, colours: Sequence[int]) -> tuple[list[int], int]:
    """(h, stabiliser order): `[colours[h[j]] for j]` is least and the inverse of h lies in the
    group.

    Arguments:
        group: the group. colours: small whole numbers, one per point, dense ranks of any values.
    """
    n = group.degree
    if group.is_trivial:
        return list(range(n)), 1
    record: tuple[Any, ...] = group._structure or (None,)
    kind = record[0]
    if kind == "symmetric":
        return _sorted(colours)
    if kind == "alternating":
        return _sorted_evenly(colours)
    if kind == "cyclic":
        return _rotated(colours)
    if kind == "dihedral":
        return _rotated_or_reflected(colours)
    if kind == "young":
        return _blockwise(_sorted, record[1], colours)
    if kind == "direct":
        return _direct(record[1], colours)
    if kind == "wreath":
        return _wreath(record[1], record[2], colours)
    if kind == "action" and record[1] == "rows":
        return _rows(record[2], record[3], colours)
    if kind == "action" and record[1] == "points":
        return least_arrangement(record[2], colours)
    if n > 2 and group.order == factorial(n):
        return _sorted(colours)
    if n > 2 and 2 * group.order == factorial(n):
        return _sorted_evenly(colours)  # the only subgroup of index 2
    from groups.minimal_image import minimal_image

    witness, stabilizer = minimal_image(group, np.asarray(colours, dtype=np.int64))
    return witness.tolist(), stabilizer


def _multiplicities(colours: Sequence[int]) -> int:
    counts: dict[int, int] = {}
    for c in colours:
        counts[c] = counts.get(c, 0) + 1
    return prod(map(factorial, counts.values()))


def _sorted(colours: Sequence[int]) -> tuple[list[int], int]:
    return sorted(range(len(colours)), key=colours.__getitem__), _multiplicities(colours)


def _sorted_evenly(colours: Sequence[int]) -> tuple[list[int], int]:
    """Least arrangement under even permutations of at least three points."""
    order, stabilizer = _sorted(colours)
    if Permutation._trusted(np.array(order)).sign < 0:
        # Swap two equal entries if there are any; else the two last, the least change upwards.
        at = next(
            (j for j in range(len(order) - 1) if colours[order[j]] == colours[order[j + 1]]),
            len(order) - 2,
        )
        order[at], order[at + 1] = order[at + 1], order[at]
    return order, max(1, stabilizer // 2)


def least_rotation(word: Sequence[int]) -> tuple[int, int]:
    """(start, period): `word[start:] + word[:start]` is least; `period` is the least rotation that
    fixes it.

    Complexity:
        O(n): two candidate starts, of which a mismatch rules out a whole stretch.

    Source:
        Booth 1980; in the form with two pointers of Shiloach 1981.

    Examples:
        >>> least_rotation([2, 0, 1, 0, 1]), least_rotation([1, 0, 1, 0])
        ((1, 5), (1, 2))
    """
    n = len(word)
    i, j, matched = 0, 1, 0
    while i < n and j < n and matched < n:
        a, b = word[(i + matched) % n], word[(j + matched) % n]
        if a == b:
            matched += 1
            continue
        # A start inside the stretch that lost would lose against the same place of the other.
        if a > b:
            i += matched + 1
        else:
            j += matched + 1
        if i == j:
            j += 1
        matched = 0
    start = min(i, j)
    # When all n places matched, the two starts differ by the period.
    return start, abs(i - j) if matched == n else n


def _rotated(colours: Sequence[int]) -> tuple[list[int], int]:
    n = len(colours)
    start, period = least_rotation(colours)
    return [*range(start, n), *range(start)], n // period


def _rotated_or_reflected(colours: Sequence[int]) -> tuple[list[int], int]:
    n = len(colours)
    forward, turns = _rotated(colours)
    mirror = [-j % n for j in range(n)]
    turned, _ = _rotated([colours[j] for j in mirror])
    backward = [mirror[j] for j in turned]
    first, second = [colours[j] for j in forward], [colours[j] for j in backward]
    if first == second:
        return forward, 2 * turns
    return (forward, turns) if first < second else (backward, turns)


def _blockwise(least: Any, sizes: Iterable[int], colours: Sequence[int]) -> tuple[list[int], int]:
    order: list[int] = []
    stabilizer = 1
    for size in sizes:
        start = len(order)
        inner, fixed = least(colours[start : start + size])
        order += [start + i for i in inner]
        stabilizer *= fixed
    return order, stabilizer


def _direct(factors: Sequence[PermutationGroup], colours: Sequence[int]) -> tuple[list[int], int]:
    order: list[int] = []
    stabilizer = 1
    for factor in factors:
        start = len(order)
        inner, fixed = least_arrangement(factor, colours[start : start + factor.degree])
        order += [start + i for i in inner]
        stabilizer *= fixed
    return order, stabilizer


def _wreath(
    base: PermutationGroup, top: PermutationGroup, colours: Sequence[int]
) -> tuple[list[int], int]:
    """Make each block least, then the sequence of blocks."""
    n = base.degree
    if n == 0:
        return [], 1
    stabilizer = 1
    orders, blocks = [], []
    for b in range(top.degree):
        block = colours[b * n : (b + 1) * n]
        order, fixed = least_arrangement(base, block)
        stabilizer *= fixed
        orders.append(order)
        blocks.append(tuple(block[i] for i in order))
    outer, fixed = least_arrangement(top, _ranks(blocks))
    return [b * n + i for b in outer for i in orders[b]], stabilizer * fixed


def _rows(source: PermutationGroup, columns: int, colours: Sequence[int]) -> tuple[list[int], int]:
    """Rows of a matrix are the letters that the source group permutes."""
    rows = [tuple(colours[r * columns : (r + 1) * columns]) for r in range(source.degree)]
    outer, stabilizer = least_arrangement(source, _ranks(rows))
    return [r * columns + c for r in outer for c in range(columns)], stabilizer
