"""Small families of parities of degree counts and of frame averages, for the tests that alter
certificates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import symcsq as cs
from groups import PermutationGroup
from symcsq.constructions import FiniteFrameAverages, frames

SIGNED = "finite(-2,-1,1,2)"


def degrees(n: int, p: str, *subsets: Sequence[int]) -> Any:
    return cs.DegreeParityNetworks(n, p, subsets=subsets or None)


def framed(
    frame: Any, m: int, activation: Any, law: str, *subsets: Sequence[int], n: int = 3
) -> Any:
    base = cs.ParityNetworks(n, m, activation, subsets=subsets or None)
    return FiniteFrameAverages(base, frame, law)


def rotations() -> PermutationGroup:
    return PermutationGroup([[1, 2, 3, 0]], degree=4)


def half_turns() -> Any:
    """A transversal of the half turn in the rotations of a square, mixed with all of them."""
    group = rotations()
    subgroup = group.subgroup([[2, 3, 0, 1]])
    parts = [(frames.transversal(group, subgroup), "1/3"), (frames.reynolds(group), "2/3")]
    return framed(frames.mixture(parts), 2, "abs", "bernoulli(1/3)", [0, 2], n=4)


def two_sortings() -> Any:
    parts = [(frames.sorting(3), "1/4"), (frames.absolute_sorting(3), "3/4")]
    return framed(frames.mixture(parts), 1, "relu", "weighted(-1,1/3,0,1/6,2,1/2)")


SAMPLES: dict[str, Callable[[], Any]] = {
    "degree parities": lambda: degrees(4, "1/3"),
    "degree parities, listed": lambda: degrees(4, "1/2", [1], [2, 3], [0]),
    # [0] is the complement of [1, 2], which differs from [2] by the odd degree 1.
    "degree parities, refuted: the handshake lemma": lambda: degrees(3, "2/5", [2], [], [0]),
    "frames, absolute sorting": lambda: framed(frames.absolute_sorting(3), 1, [0, 1], SIGNED),
    "frames, minimal image, listed": lambda: framed(
        frames.minimal_image(rotations()), 2, "abs", "finite(-1,2)", [0, 1], [1, 3], n=4
    ),
    "frames, a mixture of sortings": two_sortings,
    "frames, a transversal": half_turns,
    "frames, refuted: norm zero": lambda: framed(frames.sorting(3), 3, "relu", "rademacher"),
    "frames, refuted: two averages coincide": lambda: framed(
        frames.reynolds(rotations()), 2, "relu", SIGNED, [0, 2], [0, 1], [1, 2], n=4
    ),
}
