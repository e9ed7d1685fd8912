"""Which orbits the command line was asked for: on points, subsets, exponent vectors or tuples."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any

from symcsq.errors import SymcsqError

if TYPE_CHECKING:
    from groups import PermutationGroup


class QuestionError(SymcsqError):
    """Options that contradict each other."""


@dataclass(frozen=True, slots=True)
class OrbitQuestion:
    """Orbits of a group on one kind of object.

    Arguments:
        kind: "points", "subsets", "exponents" or "tuples".
        size: the number of points in a subset or tuple, or the degree of an exponent vector.

    Examples:
        >>> OrbitQuestion.from_options(subsets=4, exponents=None, tuples=None).objects
        'subsets of 4 points'
    """

    kind: str
    size: int

    @classmethod
    def from_options(
        cls, *, subsets: int | None, exponents: int | None, tuples: int | None
    ) -> OrbitQuestion:
        """The question behind three options, of which at most one is given.

        Raises:
            QuestionError: when two options are given.

        Examples:
            >>> OrbitQuestion.from_options(subsets=None, exponents=None, tuples=None)
            OrbitQuestion(kind='points', size=1)
        """
        options = {"subsets": subsets, "exponents": exponents, "tuples": tuples}
        given = {name: size for name, size in options.items() if size is not None}
        if len(given) > 1:
            first, second = list(given)[:2]
            raise QuestionError(
                f"--{first}, --{second}: at most one of --subsets, --exponents and --tuples, got both; "
                "run the command once for each"
            )
        for name, size in given.items():
            return cls(name, size)
        return cls("points", 1)

    @property
    def objects(self) -> str:
        """What the group acts on, in words."""
        return {
            "points": "points",
            "subsets": f"subsets of {self.size} points",
            "exponents": f"monomials of degree {self.size}",
            "tuples": f"tuples of {self.size} points",
        }[self.kind]

    def count(self, group: PermutationGroup) -> int:
        """Number of orbits by the cycle index (M6), without listing."""
        if self.kind == "exponents":
            return group.count_orbits_on_exponents(self.size)
        if self.kind == "tuples":
            return group.count_orbits_on_tuples(self.size)
        return group.count_orbits_on_subsets(self.size)

    def total(self, group: PermutationGroup) -> int:
        """Number of objects, in closed form."""
        n, k = group.degree, self.size
        if self.kind == "exponents":
            return comb(n + k - 1, k) if n else int(k == 0)
        if self.kind == "tuples":
            return n**k
        return comb(n, k)

    def listing(self, group: PermutationGroup) -> Any:
        """The orbits as an `OrbitTable`: least representatives in lexicographic order."""
        if self.kind == "exponents":
            return group.orbits_on_exponents(self.size)
        if self.kind == "tuples":
            return group.orbits_on_tuples(self.size)
        return group.orbits_on_subsets(self.size)
