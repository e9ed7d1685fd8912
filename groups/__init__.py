"""Permutation groups: exact, fast, installable with pip, usable on their own.

The public face of the layer. Points are 0..n-1, ``(p * q)(i) == p(q(i))``, cycle strings count
from 1.

Examples:
    >>> from groups import PermutationGroup, Permutation
    >>> G = PermutationGroup(["(1,2,3,4)", "(1,2)"])
    >>> G.order, Permutation("(1,3)", 4) in G
    (24, True)
"""

from __future__ import annotations

from typing import Any

from groups.errors import GroupsError
from groups.group import PermutationGroup
from groups.permutations import Permutation


def group(expression: str) -> PermutationGroup:  # takes the place of the submodule of that name
    """The group that an expression or a group file names.

    Arguments:
        expression: ``"S5 wr S4"``, ``"M24"``, ``"(1,2,3)(4,5)"``, ``"S6 on pairs"``, or a path
            ending in .json.

    Raises:
        GroupExpressionError: the text is not an expression; the message points at the column.

    Source:
        the grammar is documented in `groups.expressions`.

    Examples:
        >>> group("S6 on pairs").degree
        15
    """
    from groups.expressions import group as parse

    return parse(expression)


__all__ = ["GroupsError", "Permutation", "PermutationGroup", "group"]

# Submodules and names that are loaded on first use, to keep the import as light as numpy's own.
_LAZY_MODULES = {
    "actions",
    "automorphism_groups",
    "blocks",
    "canonical",
    "catalogue",
    "centralizers",
    "characters",
    "classes",
    "covariants",
    "cycle_index",
    "cyclotomics",
    "errors",
    "expressions",
    "files",
    "finite_fields",
    "interop",
    "invariant_ring",
    "invariants",
    "linear_groups",
    "molien",
    "orbits",
    "products",
    "ranking",
    "sporadic",
    "stabilizer_chain",
    "straight_line",
    "strategies",
    "subgroups",
}


def __getattr__(name: str) -> Any:
    import importlib

    if name not in _LAZY_MODULES:
        raise AttributeError(f"module 'groups' has no attribute {name!r}")
    return importlib.import_module(f"groups.{name}")


def __dir__() -> list[str]:
    return sorted({*__all__, *_LAZY_MODULES})
