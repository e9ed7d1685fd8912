"""What the families with one member for each orbit of a group share."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symcsq.constructions.family import FamilyBase

__all__ = ["Listed", "OrbitFamily"]

Listed = list[tuple[tuple[int, ...], int]]
"""(representative, size) of orbits that a caller listed, in the given order, repeats kept."""


class OrbitFamily(FamilyBase):
    """A family whose members are orbits: all of them, found when they are needed, or a list.

    Subclasses give `_given` (or `_listed`), `_all_orbits` and `orbit_count`.
    """

    _given: Listed | None

    @property
    def _listed(self) -> Listed | None:
        """The orbits that the caller listed; None for all."""
        return self._given

    @abstractmethod
    def _all_orbits(self) -> tuple[NDArray[Any], list[int]]:
        """(representatives, sizes) of all orbits."""

    @property
    @abstractmethod
    def orbit_count(self) -> int:
        """The number of orbits in the whole class by Cauchy–Frobenius (M6), none listed."""

    @property
    def members(self) -> str:
        """ "all" orbits, or those "listed"."""
        return "all" if self._listed is None else "listed"

    @cached_property
    def _table(self) -> tuple[NDArray[Any], list[int]]:
        listed = self._listed
        if listed is None:
            return self._all_orbits()
        rows = np.array([row for row, _ in listed], dtype=np.int64)
        return rows, [size for _, size in listed]

    @property
    def representatives(self) -> NDArray[Any]:
        """The least element of each orbit, as the rows of an integer array."""
        return self._table[0]

    @property
    def orbit_sizes(self) -> list[int]:
        """The orbit sizes, in the order of the members."""
        return self._table[1]

    @property
    def size(self) -> int:
        """The number of orbits (M6), or the number of listed members."""
        listed = self._listed
        return self.orbit_count if listed is None else len(listed)

    @property
    def _count(self) -> int:
        return len(self._table[1])

    def _orbit_key(self, index: int) -> bytes:
        """What tells different orbits apart."""
        key: bytes = self.representatives[index].tobytes()
        return key

    def _same_orbit(self, i: int, j: int) -> bool:
        """Whether two checked member numbers mean one orbit."""
        return i == j or self._orbit_key(i) == self._orbit_key(j)
