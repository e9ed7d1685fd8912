"""Characters of abelian groups: extend from a subgroup by one element at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from groups.cyclotomics import Cyclotomic, small_integer

if TYPE_CHECKING:
    from groups.classes import ConjugacyClasses


def abelian_characters(classes: ConjugacyClasses) -> list[list[Any]]:
    """The |G| characters of an abelian group as lists of `Cyclotomic`, in no particular order.

    A character of a subgroup H with ``x^m`` the first power of x in H extends to ⟨H, x⟩ in m ways:
    its value at x is any m-th root of its value at ``x^m``. Values are kept as exponents of a root
    of unity whose order is the exponent of the group.

    Arguments:
        classes: the classes of an abelian group (each has one element).

    Complexity:
        O(|G|^2) additions and O(|G|) distinct products of permutations.

    Examples:
        >>> from groups import PermutationGroup
        >>> sorted(
        ...     abelian_characters(PermutationGroup(["(1,2)", "(3,4)"]).conjugacy_classes()),
        ...     key=str,
        ... )
        [[1, -1, -1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, 1, 1, 1]]
    """
    e, rows = classes.exponent, classes.representatives
    inside = [0]
    exponents = np.zeros((1, 1), dtype=np.int64)
    position = {0: 0}
    for x in range(1, len(classes)):
        if x in position:
            continue
        cosets = [np.array(inside)]
        power = rows[x]
        while True:
            first = int(classes.classify(power[None, :])[0])
            if first in position:
                break
            cosets.append(classes.classify(power[rows[inside]]))
            power = rows[x][power]
        m, at_power = len(cosets), exponents[:, position[first]]
        extended = []
        for j in range(m):
            root = at_power // m + j * (e // m)
            extended.append(
                np.concatenate([(exponents + i * root[:, None]) % e for i in range(m)], axis=1)
            )
        exponents = np.concatenate(extended)
        inside = np.concatenate(cosets).tolist()
        position = {c: i for i, c in enumerate(inside)}
    exponents = exponents[:, [position[c] for c in range(len(classes))]]
    roots = [Cyclotomic.root(e, i) for i in range(e)]
    roots = [small_integer(int(r.rational)) if r.is_rational else r for r in roots]
    return [[roots[i] for i in row] for row in exponents.tolist()]
