"""Frames F: X → 2^G∖∅ with F(g·x) = g·F(x), over which networks are averaged (MATH.md 4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symcsq.constructions.family import as_group

__all__ = ["Reynolds", "reynolds"]


@dataclass(frozen=True, slots=True)
class Reynolds:
    """The frame F(x) = G: averaging over the whole group."""

    group: Any

    name = "reynolds"

    def __str__(self) -> str:
        return f"reynolds({self.group.name or f'degree {self.group.degree}'})"


def reynolds(group: Any) -> Reynolds:
    """The whole group as a frame.

    Arguments:
        group: a `PermutationGroup` of degree >= 1, or an expression.

    Returns:
        A frame for `FrameAveraged`.

    Raises:
        FamilyError: not a group, or of degree 0.

    Complexity: O(1).

    Source: MATH.md 4.3, M14.

    Examples:
        >>> from groups import group
        >>> str(reynolds(group("C16")))
        'reynolds(C16)'
    """
    return Reynolds(as_group(group))
