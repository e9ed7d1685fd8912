"""Permutation groups: exact, fast, installable with pip, usable on their own.

The public face of the layer. Points are 0..n-1, ``(p * q)(i) == p(q(i))``, cycle strings count from 1.

Examples:
    >>> from groups import PermutationGroup, Permutation
    >>> G = PermutationGroup(["(1,2,3,4)", "(1,2)"])
    >>> G.order, Permutation("(1,3)", 4) in G
    (24, True)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groups.errors import GroupsError
from groups.group import PermutationGroup
from groups.permutations import Permutation

if TYPE_CHECKING:
    from groups.expressions import group

__all__ = ["GroupsError", "Permutation", "PermutationGroup", "group"]

# Submodules and names that are loaded on first use, to keep the import as light as numpy's own.
_LAZY_MODULES = {
    "actions", "canonical", "catalogue", "characters", "classes", "cycle_index", "cyclotomics", "errors",
    "expressions", "files", "interop", "invariants", "molien", "orbits", "products", "ranking", "strategies",
    "subgroups",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    import importlib

    if name == "group":
        value = importlib.import_module("groups.expressions").group
    elif name in _LAZY_MODULES:
        value = importlib.import_module(f"groups.{name}")
    else:
        raise AttributeError(f"module 'groups' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, *_LAZY_MODULES})
