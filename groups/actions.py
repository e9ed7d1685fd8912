"""The front door of actions: action objects, and the groups that they induce.

An action object (`SubsetsAction`, `RowsAction`, …) knows the source group, the labels of the new
points, the new group as `image`, the homomorphism and its inverse. The functions below give the
new group alone; they are what `PermutationGroup.on_subsets` and its like call.
"""

from __future__ import annotations

from groups.action import Action, UnionAction
from groups.coset_actions import CosetsAction, ElementsAction
from groups.group import PermutationGroup
from groups.object_actions import (
    MAX_POINTS,
    ExponentsAction,
    PairsAction,
    PointsAction,
    RowsAction,
    SubsetsAction,
    TuplesAction,
)

__all__ = [
    "MAX_POINTS",
    "Action",
    "PointsAction",
    "SubsetsAction",
    "PairsAction",
    "TuplesAction",
    "RowsAction",
    "ExponentsAction",
    "CosetsAction",
    "ElementsAction",
    "UnionAction",
    "on_subsets",
    "on_pairs",
    "on_tuples",
    "on_rows",
    "on_exponents",
    "on_cosets",
    "right_regular",
]


def on_subsets(
    group: PermutationGroup, k: int, *, max_points: int = MAX_POINTS
) -> PermutationGroup:
    """The group on its k-subsets of points; see `SubsetsAction`.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> on_subsets(symmetric(5), 2).degree
        10
    """
    return SubsetsAction(group, k, max_points=max_points).image


def on_pairs(
    group: PermutationGroup, ordered: bool = False, *, max_points: int = MAX_POINTS
) -> PermutationGroup:
    """The group on pairs of different points; see `PairsAction`.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> on_pairs(symmetric(5)).degree, on_pairs(symmetric(5), ordered=True).degree
        (10, 20)
    """
    return PairsAction(group, ordered=ordered, max_points=max_points).image


def on_tuples(group: PermutationGroup, k: int, *, max_points: int = MAX_POINTS) -> PermutationGroup:
    """The group on all k-tuples of points, repeats included; see `TuplesAction`.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> on_tuples(symmetric(4), 2).degree
        16
    """
    return TuplesAction(group, k, max_points=max_points).image


def on_rows(
    group: PermutationGroup, columns: int, *, max_points: int = MAX_POINTS
) -> PermutationGroup:
    """The group on the entries (r, c) of a matrix whose rows it permutes; see `RowsAction`.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> on_rows(symmetric(4), 3).degree
        12
    """
    return RowsAction(group, columns, max_points=max_points).image


def on_exponents(
    group: PermutationGroup,
    degree: int,
    max_exponent: int | None = None,
    *,
    max_points: int = MAX_POINTS,
) -> PermutationGroup:
    """The group on exponent vectors of a degree; see `ExponentsAction`.

    Examples:
        >>> from groups.catalogue import cyclic
        >>> on_exponents(cyclic(3), 2).degree
        6
    """
    return ExponentsAction(group, degree, max_exponent, max_points=max_points).image


def on_cosets(
    group: PermutationGroup, subgroup: PermutationGroup, *, max_points: int = MAX_POINTS
) -> PermutationGroup:
    """The group on the left cosets of a subgroup; see `CosetsAction`.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> G = symmetric(4)
        >>> on_cosets(G, G.stabilizer(3)).degree
        4
    """
    return CosetsAction(group, subgroup, max_points=max_points).image


def right_regular(group: PermutationGroup, *, max_points: int = MAX_POINTS) -> PermutationGroup:
    """The group on its own elements, p·x = x·p⁻¹; see `ElementsAction`.

    Examples:
        >>> from groups.catalogue import klein
        >>> right_regular(klein()).is_transitive
        True
    """
    return ElementsAction(group, max_points=max_points).image
