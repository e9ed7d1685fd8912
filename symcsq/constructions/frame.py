"""What a frame is: F: X → 2^G∖∅ with F(g·x) = g·F(x) (MATH.md 4.3).

A frame says two things about a point x: the elements of F(x) with their weights, and how F(x)
spreads a subset S of the inputs, `spread(x, S)` = {g·S: weight of the g in F(x)}. Averages of
parity networks only need the second, f_{S,F}(x) = Σ_U spread(x, S)[U]·f_U(x), which never lists a
large F(x).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from symcsq.errors import FrameError
from symcsq.functions.networks import point

__all__ = ["Frame", "Subset", "require_listable"]

_LARGEST_FRAME = 100_000

Subset = tuple[int, ...]


class Frame(ABC):
    """A frame of a permutation group on its points' coordinates.

    Attributes:
        group: the group G.
        name: a short name.
        certified_as: what certificates, which define a frame by its name, call those of exactly
            this class; a class derived from it has to say so itself. None: nothing.
        is_sign_invariant: whether F(z∘x) = F(x) for all sign vectors z.
    """

    __slots__ = ()
    name: ClassVar[str]
    certified_as: ClassVar[str | None] = None
    group: Any

    @property
    def is_sign_invariant(self) -> bool:
        """Whether F(z∘x) = F(x) for all signs z."""
        return False

    @abstractmethod
    def elements(self, x: Sequence[object]) -> list[tuple[Any, Fraction]]:
        """The group elements of F(x) with their weights, which sum to 1.

        Arguments:
            x: a rational point.

        Raises:
            FrameError: F(x) has more than 10^5 elements.
        """

    @abstractmethod
    def spread(self, x: Sequence[object], subset: Subset) -> dict[Subset, Fraction]:
        """{g·S: total weight} over g in F(x), subsets sorted."""

    def spread_key(self, x: Sequence[object], subset: Subset) -> Hashable:
        """Equal for subsets with the same spread at x: those need not be spread again."""
        return subset

    def equivariance_violation(
        self, points: Iterable[Sequence[object]]
    ) -> tuple[tuple[Fraction, ...], int] | None:
        """Check F(g·x) = g·F(x) for every generator g and every given point.

        Arguments:
            points: rational points, closed under the group or not.

        Returns:
            None when the law holds, otherwise (point, generator index) of the first failure. On a
            whole finite domain None is a proof.

        Complexity: |points|·|generators|·|F(x)|.

        Source: MATH.md 4.3.

        Examples:
            >>> from symcsq.constructions.frames import sorting
            >>> sorting(3).equivariance_violation([(1, 2, 1), (0, 0, 0)]) is None
            True
        """
        for x in points:
            at = point(x, self.group.degree)
            here = self.elements(at)
            for index, g in enumerate(self.group.generators):
                moved = {(g * h): w for h, w in here}
                if moved != dict(self.elements(_act(g, at))):
                    return at, index
        return None

    def __str__(self) -> str:
        return f"{self.name}({self.group.name or f'degree {self.group.degree}'})"


def _act(g: Any, x: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """(g·x)[g(i)] = x[i]."""
    result = [Fraction(0)] * len(x)
    for i, value in enumerate(x):
        result[g(i)] = value
    return tuple(result)


def require_listable(size: int) -> None:
    """Refuse to list a frame with more than 10^5 elements."""
    if size > _LARGEST_FRAME:
        raise FrameError(
            f"frame: at most {_LARGEST_FRAME} elements are listed at a point, got {size}; "
            "use spread, which does not list them"
        )
