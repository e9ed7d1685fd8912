"""Products of permutation groups: direct, wreath (imprimitive and product action), semidirect."""

from __future__ import annotations

import itertools

from groups.group import PermutationGroup


def direct_product(first: PermutationGroup, second: PermutationGroup) -> PermutationGroup:
    """The direct product on the disjoint union of the points."""
    n, m = first.degree, second.degree
    generators = [[*g.images.tolist(), *range(n, n + m)] for g in first.generators]
    generators += [[*range(n), *(n + int(i) for i in g.images)] for g in second.generators]
    return PermutationGroup(
        generators,
        n + m,
        name=_joined(first, "x", second),
        known_order=first.order * second.order,
        _structure=("direct", (first, second)),
    )


def wreath_product(base: PermutationGroup, top: PermutationGroup) -> PermutationGroup:
    """The imprimitive wreath product; point i of block b is ``b * n + i``."""
    n, m = base.degree, top.degree
    generators = []
    for orbit in top.orbits():
        b = orbit[0]
        for g in base.generators:
            images = list(range(n * m))
            images[b * n : (b + 1) * n] = [b * n + int(i) for i in g.images]
            generators.append(images)
    for h in top.generators:
        generators.append([int(h.images[b]) * n + i for b in range(m) for i in range(n)])
    order = base.order**m * top.order if n else 1
    return PermutationGroup(
        generators,
        n * m,
        name=_joined(base, "wr", top),
        known_order=order,
        _structure=("wreath", base, top),
    )


def product_action(base: PermutationGroup, top: PermutationGroup) -> PermutationGroup:
    """The wreath product on m-tuples of points, in lexicographic order."""
    n, m = base.degree, top.degree
    tuples = list(itertools.product(range(n), repeat=m))
    number = {t: k for k, t in enumerate(tuples)}
    generators = []
    for orbit in top.orbits():
        b = orbit[0]
        for g in base.generators:
            generators.append([number[(*t[:b], int(g.images[t[b]]), *t[b + 1 :])] for t in tuples])
    for h in top.generators:
        images = []
        for t in tuples:
            moved = [0] * m
            for b in range(m):
                moved[int(h.images[b])] = t[b]
            images.append(number[tuple(moved)])
        generators.append(images)
    order = base.order**m * top.order if n > 1 else 1
    return PermutationGroup(
        generators, len(tuples), known_order=order, labels=tuples if m else None
    )


def _joined(first: PermutationGroup, symbol: str, second: PermutationGroup) -> str | None:
    if first.name is None or second.name is None:
        return None
    parts = [f"({g.name})" if " " in str(g.name) else str(g.name) for g in (first, second)]
    return f"{parts[0]} {symbol} {parts[1]}"
