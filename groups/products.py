"""Products of permutation groups: direct, wreath (both actions), semidirect by matrices.

Each product knows its order, so its chain needs no proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from groups.errors import ParameterError, TooLargeError
from groups.group import PermutationGroup

_MAX_DEGREE = 1 << 20


def direct_product(first: PermutationGroup, second: PermutationGroup) -> PermutationGroup:
    """The direct product on the disjoint union of the points.

    Arguments:
        first, second: groups on n and m points.

    Returns:
        A group on n + m points: `first` moves 0..n-1 and `second` moves n..n+m-1.

    Examples:
        >>> C = PermutationGroup(["(1,2,3)"])
        >>> D = direct_product(C, PermutationGroup(["(1,2)"]))
        >>> D.order, D.orbits()
        (6, ((0, 1, 2), (3, 4)))
    """
    n, m = first.degree, second.degree
    left, right = np.arange(n), np.arange(n, n + m)
    generators = [np.concatenate([g.images, right]) for g in first.generators]
    generators += [np.concatenate([left, g.images + n]) for g in second.generators]
    return PermutationGroup(
        generators,
        n + m,
        name=_joined(first, "x", second),
        known_order=first.order * second.order,
        _structure=("direct", (first, second)),
    )


def wreath_product(base: PermutationGroup, top: PermutationGroup) -> PermutationGroup:
    """The wreath product in its imprimitive action.

    Arguments:
        base: a group on n points. top: a group on m points.

    Returns:
        A group on n·m points, point i of block b being ``b * n + i``: a copy of `base` on each
        block, and `top` permuting the blocks. Its order is ``base.order ** m * top.order`` (1 if n
        is 0).

    Raises:
        TooLargeError: more than 2^20 points.

    Examples:
        >>> S2 = PermutationGroup(["(1,2)"])
        >>> wreath_product(S2, PermutationGroup(["(1,2,3)", "(1,2)"])).order
        48
    """
    n, m = base.degree, top.degree
    _check_degree("wreath product", n * m)
    points = np.arange(n * m)
    generators = []
    for orbit in top.orbits():
        # Copies on other blocks of the orbit are conjugates under the top group.
        block = slice(orbit[0] * n, (orbit[0] + 1) * n)
        for g in base.generators:
            images = points.copy()
            images[block] = g.images + orbit[0] * n
            generators.append(images)
    for h in top.generators:
        generators.append((h.images[:, None] * n + np.arange(n)).ravel())
    return PermutationGroup(
        generators,
        n * m,
        name=_joined(base, "wr", top),
        known_order=base.order**m * top.order if n else 1,
        _structure=("wreath", base, top),
    )


def product_action(base: PermutationGroup, top: PermutationGroup) -> PermutationGroup:
    """The wreath product in its product action, on tuples of points.

    Arguments:
        base: a group on n points. top: a group on m points.

    Returns:
        A group on the n**m tuples (x_0, …, x_{m-1}) in lexicographic order, which are its labels:
        `base` acts on each entry and `top` permutes the entries, y_{h(b)} = x_b. Its order is
        ``base.order ** m * top.order`` (1 if n is 0 or 1).

    Raises:
        TooLargeError: more than 2^20 tuples.

    Examples:
        >>> S3 = PermutationGroup(["(1,2,3)", "(1,2)"])
        >>> G = product_action(S3, PermutationGroup(["(1,2)"]))
        >>> G.degree, G.order, G.is_primitive
        (9, 72, True)
    """
    n, m = base.degree, top.degree
    if n > 1 and m > 20:
        raise _too_large("product action", f"{n}**{m}")
    _check_degree("product action", n**m)
    entries = np.indices((n,) * m).reshape(m, n**m)
    weights = n ** np.arange(m - 1, -1, -1, dtype=np.int64)
    generators = []
    for orbit in top.orbits():
        b = orbit[0]
        for g in base.generators:
            moved = entries.copy()
            moved[b] = g.images[entries[b]]
            generators.append(weights @ moved)
    for h in top.generators:
        moved = np.empty_like(entries)
        moved[h.images] = entries
        generators.append(weights @ moved)
    return PermutationGroup(
        generators,
        n**m,
        known_order=base.order**m * top.order if n > 1 else 1,
        labels=map(tuple, entries.T.tolist()),
    )


def semidirect_product(
    modulus: int, matrices: Sequence[Sequence[Sequence[int]]], dimension: int | None = None
) -> PermutationGroup:
    """The group of maps v ↦ A·v + t on vectors mod m, A in the group that matrices generate.

    Arguments:
        modulus: m >= 1; the vectors are (Z/m)^k.
        matrices: invertible k × k integer matrices mod m.
        dimension: k, needed when there are no matrices.

    Returns:
        The semidirect product (Z/m)^k ⋊ ⟨matrices⟩ on the m**k vectors in lexicographic order,
        which are its labels.

    Raises:
        ParameterError: a matrix of another shape or not invertible mod m, m < 1, or no dimension.
        TooLargeError: more than 2^20 vectors.

    Examples:
        >>> semidirect_product(5, [[[2]]]).order  # the Frobenius group of order 20
        20
        >>> semidirect_product(2, [[[0, 1], [1, 1]], [[0, 1], [1, 0]]]).order  # S_4
        24
    """
    if isinstance(modulus, bool) or not isinstance(modulus, int) or modulus < 1:
        raise ParameterError(
            f"modulus: must be an integer >= 1, got {modulus!r}; write for example 5"
        )
    if dimension is None:
        if not matrices:
            raise ParameterError(
                "dimension: must be given when there are no matrices, got None; write dimension=k"
            )
        dimension = len(matrices[0])
    k = dimension
    if isinstance(k, bool) or not isinstance(k, int) or k < 0:
        raise ParameterError(f"dimension: must be an integer >= 0, got {k!r}; write dimension=2")
    if modulus > 1 and k > 20:
        raise _too_large("semidirect product", f"{modulus}**{k}")
    _check_degree("semidirect product", modulus**k)
    vectors = np.indices((modulus,) * k).reshape(k, modulus**k)
    weights = modulus ** np.arange(k - 1, -1, -1, dtype=np.int64)
    linear = []
    for position, matrix in enumerate(matrices):
        array = _checked_matrix(f"matrices[{position}]", matrix, k, modulus)
        images = weights @ (array @ vectors % modulus)
        if len(np.unique(images)) < len(images):
            raise ParameterError(
                f"matrices[{position}]: must be invertible mod {modulus}, got {array.tolist()}; "
                "its determinant has a factor in common with the modulus"
            )
        linear.append(images)
    translations = []
    for i in range(k):
        moved = vectors.copy()
        moved[i] = (moved[i] + 1) % modulus
        translations.append(weights @ moved)
    fixing_zero = PermutationGroup(linear, modulus**k)
    return PermutationGroup(
        [*linear, *translations],
        modulus**k,
        known_order=fixing_zero.order * modulus**k,
        labels=map(tuple, vectors.T.tolist()),
    )


def _checked_matrix(name: str, matrix: Any, k: int, modulus: int) -> Any:
    rows = [list(row) for row in matrix]
    if len(rows) != k or any(len(row) != k for row in rows):
        raise ParameterError(
            f"{name}: must have shape {k} x {k}, got rows of lengths {[len(r) for r in rows]}; "
            "write a list of rows"
        )
    for entry in (entry for row in rows for entry in row):
        if isinstance(entry, bool) or not isinstance(entry, (int, np.integer)):
            raise ParameterError(
                f"{name}: entries must be integers, got {entry!r}; they count mod {modulus}"
            )
    return np.array([[int(e) % modulus for e in row] for row in rows], dtype=np.int64).reshape(k, k)


def _check_degree(what: str, degree: int) -> None:
    if degree > _MAX_DEGREE:
        raise _too_large(what, str(degree))


def _too_large(what: str, degree: str) -> TooLargeError:
    return TooLargeError(
        f"{what}: would act on {degree} points, the limit is {_MAX_DEGREE}; take smaller factors, "
        "or the imprimitive action of a wreath product"
    )


def _joined(first: PermutationGroup, symbol: str, second: PermutationGroup) -> str | None:
    if first.name is None or second.name is None:
        return None
    parts = [f"({g.name})" if " " in str(g.name) else str(g.name) for g in (first, second)]
    return f"{parts[0]} {symbol} {parts[1]}"
