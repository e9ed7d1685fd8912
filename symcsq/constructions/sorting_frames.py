"""Frames of the symmetric group by sorting: the group is never enumerated (MATH.md 4.3, M15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, groupby, permutations, product
from math import factorial, prod
from typing import Any, ClassVar

from symcsq.constructions.frame import Frame, Subset, require_listable
from symcsq.functions.networks import point

__all__ = ["AbsoluteSorting", "Sorting"]


@dataclass(frozen=True, slots=True)
class Sorting(Frame):
    """The symmetric group with F(x) = {g: g⁻¹·x is increasing}; ties make F(x) larger."""

    size: int
    name: ClassVar[str] = "sorting"
    certified_as: ClassVar[str | None] = "sorting"

    @property
    def group(self) -> Any:  # type: ignore[override]
        """The symmetric group on all points."""
        return _symmetric(self.size)

    def keys(self, x: Sequence[object]) -> tuple[Fraction, ...]:
        """What is sorted: the coordinates."""
        return point(x, self.size)

    def _blocks(self, x: Sequence[object]) -> list[tuple[range, list[int]]]:
        """(ranks, indices with these ranks) for each value, increasing."""
        return _blocks(self.keys(x))

    def elements(self, x: Sequence[object]) -> list[tuple[Any, Fraction]]:
        """Every g that sends rank r to an index of the r-th smallest value, with equal weights."""
        from groups import Permutation

        blocks = self._blocks(x)
        total = prod(factorial(len(indices)) for _, indices in blocks)
        require_listable(total)
        choices = product(*(permutations(indices) for _, indices in blocks))
        return [
            (Permutation([i for part in choice for i in part]), Fraction(1, total))
            for choice in choices
        ]

    def spread(self, x: Sequence[object], subset: Subset) -> dict[Subset, Fraction]:
        """The indices whose ranks are in S: uniform over the ties of each value."""
        blocks = self._blocks(x)
        counts = self.spread_key(x, subset)
        parts = [list(combinations(b, count)) for (_, b), count in zip(blocks, counts, strict=True)]
        total = prod(len(part) for part in parts)
        return {
            tuple(sorted(i for part in choice for i in part)): Fraction(1, total)
            for choice in product(*parts)
        }

    def spread_key(self, x: Sequence[object], subset: Subset) -> tuple[int, ...]:
        """How many ranks of S belong to each value."""
        counts = [0] * self.size
        for rank in subset:
            counts[rank] = 1
        return tuple(sum(counts[r.start : r.stop]) for r, _ in self._blocks(x))

    def __str__(self) -> str:
        return f"{self.name}({self.size})"


@dataclass(frozen=True, slots=True)
class AbsoluteSorting(Sorting):
    """The symmetric group with F(x) = {g: |g⁻¹·x| is increasing}: invariant under signs."""

    name: ClassVar[str] = "absolute-sorting"
    certified_as: ClassVar[str | None] = "absolute-sorting"

    @property
    def is_sign_invariant(self) -> bool:
        """True."""
        return True

    def keys(self, x: Sequence[object]) -> tuple[Fraction, ...]:
        """What is sorted: the absolute values."""
        return tuple(abs(value) for value in point(x, self.size))

    def __str__(self) -> str:
        return f"{self.name}({self.size})"


@lru_cache(maxsize=256)
def _blocks(keys: tuple[Fraction, ...]) -> list[tuple[range, list[int]]]:
    order = sorted(range(len(keys)), key=lambda i: (keys[i], i))
    blocks, start = [], 0
    for _, run in groupby(order, key=lambda i: keys[i]):
        indices = list(run)
        blocks.append((range(start, start + len(indices)), indices))
        start += len(indices)
    return blocks


@lru_cache(maxsize=64)
def _symmetric(size: int) -> Any:
    from groups.catalogue import symmetric

    return symmetric(size)
