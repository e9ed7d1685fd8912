"""Subsets that name the members of a family: listed by a caller, or found by their rank."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from math import comb
from typing import Any

from groups.errors import shown
from symcsq.constructions.family import FamilyBase
from symcsq.errors import FamilyError

__all__ = ["Subset", "SubsetFamily", "combination", "listed_subsets"]

Subset = tuple[int, ...]
"""Sorted points, counted from 0."""


class SubsetFamily(FamilyBase):
    """A family with one member for each subset of a class, or for each subset of a list.

    Subclasses give `_subsets`, `_class_size` and `_class_subset`.
    """

    _subsets: tuple[Subset, ...] | None

    @property
    @abstractmethod
    def _class_size(self) -> int:
        """The number of subsets in the whole class."""

    @abstractmethod
    def _class_subset(self, index: int) -> Subset:
        """The subset of this number in the whole class, found without listing the others."""

    @property
    def members(self) -> str:
        """ "all" subsets of the class, or those "listed"."""
        return "all" if self._subsets is None else "listed"

    @property
    def size(self) -> int:
        """The number of subsets in the class, or of listed ones."""
        return self._class_size if self._subsets is None else len(self._subsets)

    @property
    def _count(self) -> int:
        return self.size

    def subset(self, index: int) -> Subset:
        """The subset of a member, found without listing the others."""
        index = self._index(index)
        return self._class_subset(index) if self._subsets is None else self._subsets[index]


def listed_subsets(
    subsets: Iterable[Sequence[int]] | None, points: int, size: int | None = None
) -> tuple[Subset, ...] | None:
    """Subsets of {0..points-1} that a caller listed, each sorted; order and repeats are kept.

    Arguments:
        subsets: lists of integers, or None when all subsets are meant.
        points: how many points there are.
        size: the number of points that each must have; None for any number.

    Returns:
        The subsets, or None.

    Raises:
        FamilyError: no subset at all, or one that is no list of different points of that size.

    Examples:
        >>> listed_subsets([[2, 0], [1, 2]], 3, 2), listed_subsets(None, 3)
        (((0, 2), (1, 2)), None)
    """
    if subsets is None:
        return None
    if isinstance(subsets, str | bytes) or not isinstance(subsets, Iterable):
        raise FamilyError(
            f"subsets: must be a list of subsets, got {shown(subsets)}; write e.g. [[0, 1]]"
        )
    found = tuple(_checked(subset, k, points, size) for k, subset in enumerate(subsets))
    if not found:
        raise FamilyError(
            "subsets: must list at least one subset, got none; "
            "leave the argument out for the whole class"
        )
    return found


def _checked(subset: Any, place: int, points: int, size: int | None) -> Subset:
    where = f"subsets[{place}]"
    example = list(range(min(points, 2) if size is None else size))
    try:
        found = sorted(int(i.__index__()) for i in subset)
    except (TypeError, AttributeError):
        raise FamilyError(
            f"{where}: must be a list of integers, got {shown(subset)}; write e.g. {example}"
        ) from None
    count = "" if size is None else f"{size} "
    if len(set(found)) != len(found) or (size is not None and len(found) != size):
        raise FamilyError(
            f"{where}: must have {count}different points, got {shown(list(subset))}; "
            f"write e.g. {example}"
        )
    if found and (found[0] < 0 or found[-1] >= points):
        raise FamilyError(
            f"{where}: points must be in 0..{points - 1}, got {shown(list(subset))}; "
            "points are numbered from 0"
        )
    return tuple(found)


def combination(n: int, m: int, rank: int) -> Subset:
    """The m-subset of {0..n-1} with this rank in lexicographic order.

    Arguments:
        n, m: 0 <= m <= n.
        rank: 0 <= rank < binom(n, m).

    Returns:
        A sorted tuple.

    Complexity: O(n) binomial coefficients.

    Source: MATH.md 4.2; the combinatorial number system.

    Examples:
        >>> [combination(4, 2, rank) for rank in range(6)]
        [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    """
    result = []
    candidate = 0
    for left in range(m, 0, -1):
        count = comb(n - candidate - 1, left - 1)
        while rank >= count:
            rank -= count
            candidate += 1
            count = comb(n - candidate - 1, left - 1)
        result.append(candidate)
        candidate += 1
    return tuple(result)
