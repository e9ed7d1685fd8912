"""The frames over which networks are averaged: groups, transversals, canonical images, mixtures.

Each is made by the function of the same name; `frame` says what a frame is, `sorting_frames` has
the two that sort.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

from symcsq.constructions.family import as_group, natural
from symcsq.constructions.frame import Frame, Subset, require_listable
from symcsq.constructions.sorting_frames import AbsoluteSorting, Sorting
from symcsq.errors import FrameError
from symcsq.exact import rational
from symcsq.functions.networks import point
from symcsq.functions.orbit_elements import orbit_elements

__all__ = [
    "AbsoluteSorting",
    "Frame",
    "MinimalImage",
    "Mixture",
    "Reynolds",
    "Sorting",
    "Transversal",
    "absolute_sorting",
    "minimal_image",
    "mixture",
    "reynolds",
    "sorting",
    "transversal",
]


def _image(g: Any, subset: Iterable[int]) -> Subset:
    return tuple(sorted(int(g(i)) for i in subset))


@lru_cache(maxsize=1024)
def _subset_orbit(group: Any, subset: Subset) -> tuple[Subset, ...]:
    indicator = [int(i in subset) for i in range(group.degree)]
    return tuple(
        tuple(i for i, e in enumerate(element) if e) for element in orbit_elements(group, indicator)
    )


@dataclass(frozen=True, slots=True)
class Reynolds(Frame):
    """The frame F(x) = G: averaging over the whole group."""

    group: Any
    name: ClassVar[str] = "reynolds"
    certified_as: ClassVar[str | None] = "reynolds"

    @property
    def is_sign_invariant(self) -> bool:
        """True: F does not depend on x."""
        return True

    def elements(self, x: Sequence[object]) -> list[tuple[Any, Fraction]]:
        """Every group element with weight 1/|G|."""
        order = int(self.group.order)
        require_listable(order)
        return [(g, Fraction(1, order)) for g in self.group.elements()]

    def spread(self, x: Sequence[object], subset: Subset) -> dict[Subset, Fraction]:
        """Uniform on the orbit of the subset."""
        orbit = _subset_orbit(self.group, tuple(subset))
        return dict.fromkeys(orbit, Fraction(1, len(orbit)))

    def __str__(self) -> str:
        return Frame.__str__(self)


@dataclass(frozen=True, slots=True)
class Transversal(Frame):
    """A transversal of the cosets gH: for H-invariant functions the average over it is that over G.

    As a set of cosets F(x) = G/H is equivariant; on functions that H does not fix it is not a
    frame, so `spread` refuses subsets that H moves.
    """

    group: Any
    subgroup: Any
    name: ClassVar[str] = "transversal"
    certified_as: ClassVar[str | None] = "transversal"

    @property
    def is_sign_invariant(self) -> bool:
        """True: F does not depend on x."""
        return True

    def elements(self, x: Sequence[object]) -> list[tuple[Any, Fraction]]:
        """One element of each coset gH, with equal weights."""
        representatives = _coset_representatives(self.group, self.subgroup)
        weight = Fraction(1, len(representatives))
        return [(g, weight) for g in representatives]

    def spread(self, x: Sequence[object], subset: Subset) -> dict[Subset, Fraction]:
        """Uniform on the orbit of the subset, which H must fix."""
        self.require_fixed(subset)
        result: dict[Subset, Fraction] = {}
        for g, weight in self.elements(x):
            image = _image(g, subset)
            result[image] = result.get(image, Fraction(0)) + weight
        return result

    def require_fixed(self, subset: Subset) -> None:
        """Refuse a subset that H moves.

        Raises:
            FrameError: a generator of H moves it.
        """
        for h in self.subgroup.generators:
            if _image(h, subset) != tuple(subset):
                raise FrameError(
                    f"subset: a transversal averages functions that the subgroup fixes, {h} moves "
                    f"{tuple(subset)}; use subsets that are unions of orbits of the subgroup"
                )

    def equivariance_violation(
        self, points: Iterable[Sequence[object]]
    ) -> tuple[tuple[Fraction, ...], int] | None:
        """As in `Frame`, for the cosets: g·T must meet every coset exactly once."""
        representatives = [g for g, _ in self.elements(())]
        for index, g in enumerate(self.group.generators):
            hit = set()
            for t in representatives:
                hit.add(
                    next(
                        k for k, s in enumerate(representatives) if (~s * (g * t)) in self.subgroup
                    )
                )
            if len(hit) != len(representatives):
                return (), index
        return None

    def __str__(self) -> str:
        return Frame.__str__(self)


@lru_cache(maxsize=64)
def _coset_representatives(group: Any, subgroup: Any) -> tuple[Any, ...]:
    found = [group.identity]
    for g in found:
        for s in group.generators:
            candidate = s * g
            if not any((~t * candidate) in subgroup for t in found):
                found.append(candidate)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class MinimalImage(Frame):
    """F(x) = {g: g⁻¹·x is the lexicographically least vector of the orbit}: canonicalisation."""

    group: Any
    name: ClassVar[str] = "minimal-image"
    certified_as: ClassVar[str | None] = "minimal-image"

    def elements(self, x: Sequence[object]) -> list[tuple[Any, Fraction]]:
        """The coset Stab(x)·g₀⁻¹, g₀·x least, with equal weights."""
        at = point(x, self.group.degree)
        image = _canonical(self.group, at)
        require_listable(int(image.stabilizer_order))
        weight = Fraction(1, int(image.stabilizer_order))
        inverse = ~image.element
        stabilizer = _vector_stabilizer(self.group, _ranks(at))
        return [(s * inverse, weight) for s in stabilizer.elements()]

    def spread(self, x: Sequence[object], subset: Subset) -> dict[Subset, Fraction]:
        """Uniform on the orbit of g₀⁻¹·S under the stabiliser of x."""
        at = point(x, self.group.degree)
        start = _image(~_canonical(self.group, at).element, subset)
        orbit = _subset_orbit(_vector_stabilizer(self.group, _ranks(at)), start)
        return dict.fromkeys(orbit, Fraction(1, len(orbit)))

    def __str__(self) -> str:
        return Frame.__str__(self)


@lru_cache(maxsize=4096)
def _canonical(group: Any, x: tuple[Fraction, ...]) -> Any:
    return group.canonical(x)


def _ranks(x: Sequence[Fraction]) -> tuple[int, ...]:
    order = {value: rank for rank, value in enumerate(sorted(set(x)))}
    return tuple(order[value] for value in x)


@lru_cache(maxsize=4096)
def _vector_stabilizer(group: Any, ranks: tuple[int, ...]) -> Any:
    result = group
    for rank in range(max(ranks, default=0)):
        result = result.setwise_stabilizer([i for i, r in enumerate(ranks) if r == rank])
    return result


@dataclass(frozen=True, slots=True)
class Mixture(Frame):
    """A weighted frame: a convex combination of frames of one group."""

    parts: tuple[tuple[Frame, Fraction], ...]
    name: ClassVar[str] = "mixture"
    certified_as: ClassVar[str | None] = "mixture"

    @property
    def group(self) -> Any:  # type: ignore[override]
        """The common group."""
        return self.parts[0][0].group

    @property
    def is_sign_invariant(self) -> bool:
        """Whether every part is."""
        return all(frame.is_sign_invariant for frame, _ in self.parts)

    def elements(self, x: Sequence[object]) -> list[tuple[Any, Fraction]]:
        """The elements of all parts, weights multiplied and added."""
        result: dict[Any, Fraction] = {}
        for frame, weight in self.parts:
            for g, w in frame.elements(x):
                result[g] = result.get(g, Fraction(0)) + weight * w
        return list(result.items())

    def spread(self, x: Sequence[object], subset: Subset) -> dict[Subset, Fraction]:
        """The weighted sum of the parts' spreads."""
        result: dict[Subset, Fraction] = {}
        for frame, weight in self.parts:
            for image, w in frame.spread(x, subset).items():
                result[image] = result.get(image, Fraction(0)) + weight * w
        return result

    def spread_key(self, x: Sequence[object], subset: Subset) -> tuple[Hashable, ...]:
        """The keys of all parts."""
        return tuple(frame.spread_key(x, subset) for frame, _ in self.parts)

    def equivariance_violation(
        self, points: Iterable[Sequence[object]]
    ) -> tuple[tuple[Fraction, ...], int] | None:
        """As in `Frame`, part by part: each by its own law, and so the weighted sum."""
        listed = list(points)
        found = (frame.equivariance_violation(listed) for frame, _ in self.parts)
        return next((violation for violation in found if violation is not None), None)

    def __str__(self) -> str:
        return " + ".join(f"{weight}*{frame}" for frame, weight in self.parts)


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


def transversal(group: Any, subgroup: Any) -> Transversal:
    """A transversal of the cosets of a subgroup as a frame.

    Arguments:
        group: G, or an expression.
        subgroup: H <= G, or an expression.

    Raises:
        FrameError: H is not a subgroup of G.

    Complexity: index² membership tests when its elements are first listed.

    Source: MATH.md 4.3.

    Examples:
        >>> from groups import group
        >>> len(transversal(group("C6"), group("C6").subgroup(["(1,3,5)(2,4,6)"])).elements(()))
        2
    """
    group, subgroup = as_group(group), as_group(subgroup, "subgroup")
    if subgroup.degree != group.degree or any(h not in group for h in subgroup.generators):
        raise FrameError(
            f"subgroup: must be contained in the group, got {subgroup!r} in {group!r}; "
            "use group.subgroup(generators)"
        )
    return Transversal(group, subgroup)


def minimal_image(group: Any) -> MinimalImage:
    """Canonicalisation by the lexicographically least image, for any group.

    Arguments:
        group: a `PermutationGroup`, or an expression.

    Complexity: one minimal image for each point.

    Source: MATH.md 4.3.

    Examples:
        >>> from groups import group
        >>> [str(g) for g, _ in minimal_image(group("C4")).elements([3, 1, 2, 2])]
        ['(1,2,3,4)']
    """
    return MinimalImage(as_group(group))


def sorting(n: int) -> Sorting:
    """Sorting as a frame of S_n.

    Arguments:
        n: the number of inputs, >= 1; the group is never enumerated.

    Complexity: O(n log n) for each point, plus one subset for each way to break the ties.

    Source: MATH.md 4.3.

    Examples:
        >>> sorting(3).spread([5, 1, 1], (0,))
        {(1,): Fraction(1, 2), (2,): Fraction(1, 2)}
    """
    return Sorting(natural(n, "n", 1))


def absolute_sorting(n: int) -> AbsoluteSorting:
    """Sorting by absolute values as a frame of S_n: invariant under signs (M15).

    Arguments:
        n: the number of inputs, >= 1; the group is never enumerated.

    Complexity: as `sorting`.

    Source: MATH.md 4.3, M15.

    Examples:
        >>> absolute_sorting(3).spread([-5, 1, 2], (2,))
        {(0,): Fraction(1, 1)}
    """
    return AbsoluteSorting(natural(n, "n", 1))


def mixture(parts: Mapping[Frame, object] | Iterable[tuple[Frame, object]]) -> Mixture:
    """A weighted frame from frames of one group.

    Arguments:
        parts: frames with positive rational weights that sum to 1.

    Raises:
        FrameError: no parts, different groups, weights that are not positive or do not sum to 1.

    Source: MATH.md 4.3 (weighted frames).

    Examples:
        >>> frame = mixture([(sorting(2), "1/3"), (absolute_sorting(2), "2/3")])
        >>> frame.spread([-5, 1], (0,))
        {(0,): Fraction(1, 3), (1,): Fraction(2, 3)}
    """
    pairs = parts.items() if isinstance(parts, Mapping) else parts
    checked = tuple((frame, rational(weight, "weight")) for frame, weight in pairs)
    if not checked or any(not isinstance(frame, Frame) for frame, _ in checked):
        raise FrameError(
            f"parts: must be frames with weights, got {parts!r}; "
            'write mixture([(sorting(3), "1/2"), (absolute_sorting(3), "1/2")])'
        )
    if any(weight <= 0 for _, weight in checked) or sum(w for _, w in checked) != 1:
        raise FrameError(
            f"parts: weights must be positive and sum to 1, got {[str(w) for _, w in checked]}; "
            "divide by their sum"
        )
    first = checked[0][0].group
    if any(frame.group != first for frame, _ in checked):
        raise FrameError("parts: all frames must be of one group; use frames of the same group")
    return Mixture(checked)
