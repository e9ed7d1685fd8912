"""Subgroups that a group determines: point stabilisers, normal closures, derived group, centre."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from groups.giants import GiantChain
from groups.group import PermutationGroup, _checked_points
from groups.permutations import Permutation
from groups.point_orbits import orbits_of as orbits_of
from groups.stabilizer_chain import ChainLevel, StabilizerChain
from groups.straight_line import StraightLineProgram

_SEED = 20240116


def pointwise_stabilizer(group: PermutationGroup, points: Iterable[int]) -> PermutationGroup:
    """The elements that fix every one of the points.

    Arguments:
        group: a permutation group. points: distinct points.

    Returns:
        The stabiliser; its chain comes with it.

    Raises:
        PointError: a point outside the domain, or given twice.

    Complexity:
        A change of base with known order; none at all when the canonical base starts with the
        points.

    Examples:
        >>> G = PermutationGroup(["(1,2,3,4)", "(1,2)"])
        >>> pointwise_stabilizer(G, [1]).order, pointwise_stabilizer(G, [1, 3]).order
        (6, 2)
    """
    fixed = _checked_points("points", points, group.degree)
    chain = group.chain
    if isinstance(chain, GiantChain):
        remaining = [p for p in chain.points if p not in set(fixed)]
        return young_subgroup(group.degree, [remaining], even=chain.is_alternating)
    moved = {p for p in fixed if any(g.images[p] != p for g in group.generators)}
    if not moved:
        return group
    if set(chain.base[: len(moved)]) != moved:
        chain = group.chain_with_base([p for p in fixed if p in moved])
    depth = 0
    while depth < len(chain.levels) and chain.levels[depth].base_point in moved:
        depth += 1
    return _from_levels(group.degree, chain, depth)


def _from_levels(degree: int, chain: StabilizerChain, depth: int) -> PermutationGroup:
    """The group of the lower levels of a chain, which is given to it as its own chain."""
    levels = chain.levels[depth:]
    if not levels:
        return PermutationGroup([], degree, known_order=1)
    number = {g: k for k, g in enumerate(levels[0].generator_indices)}
    strong = chain.strong_generators[list(number)]
    own = StabilizerChain(
        degree,
        [
            ChainLevel(
                level.base_point,
                tuple([number[g] for g in level.generator_indices]),
                level.orbit,
                tuple([(parent, number[g]) for parent, g in level.tree]),
            )
            for level in levels
        ],
        strong,
    )
    group = PermutationGroup(strong, degree, known_order=own.order)
    # Every strong generator is a generator, so the program has nothing to do.
    count = len(strong)
    group._cache["chain"] = own
    group._cache["write_program"] = lambda: StraightLineProgram(count, (), tuple(range(count)))
    return group


def young_subgroup(degree: int, parts: list[list[int]], even: bool) -> PermutationGroup:
    """All (even) permutations that keep each part and fix every other point.

    Examples:
        >>> young_subgroup(6, [[0, 1, 2], [4, 5]], even=True).order
        6
    """
    cycles: list[list[list[int]]] = []
    order = 1
    for part in parts:
        for k in range(2, len(part) + 1):
            order *= k
        if even:
            # The 3-cycles (a, b, x) generate the alternating group.
            cycles += [[[part[0], part[1], x]] for x in part[2:]]
        elif len(part) > 1:
            cycles += [[part], [part[:2]]]
    if even and order > 1:
        order //= 2
        swaps = [part[:2] for part in parts if len(part) > 1]
        cycles += [[swaps[0], swap] for swap in swaps[1:]]
    generators = []
    for cycle_list in cycles:
        images = np.arange(degree)
        for cycle in cycle_list:
            images[cycle] = cycle[1:] + cycle[:1]
        generators.append(images)
    return PermutationGroup(generators, degree, known_order=order)


def normal_closure(group: PermutationGroup, generators: Iterable[Any]) -> PermutationGroup:
    """The least normal subgroup of the group that contains the given elements.

    Arguments:
        group: a permutation group. generators: elements of it.

    Raises:
        MembershipError: one of them is not an element.

    Complexity:
        Random conjugates (fixed seed) first, a few at a time; then each conjugate of a generator
        by a generator is tested for membership, so the answer is exact.

    Source:
        Seress 2003, section 2.3.

    Examples:
        >>> G = PermutationGroup(["(1,2,3,4)", "(1,2)"])
        >>> normal_closure(G, ["(1,2)(3,4)"]).order
        4
    """
    closure = group.subgroup(generators)
    if closure.is_trivial:
        return closure
    n = group.degree
    chain = group.chain
    if isinstance(chain, GiantChain) and len(chain.points) >= 5:
        # The normal subgroups of S_m, m >= 5, are 1, A_m and S_m.
        even = all(g.sign == 1 for g in closure.generators)
        return young_subgroup(n, [list(chain.points)], even=even)
    source = random.Random(_SEED)
    while True:
        missing = _missing_conjugate(group, closure)
        if missing is None:
            return closure
        # Add conjugates of random products too: the closure then grows by leaps.
        found = [missing]
        for _ in range(3):
            x = _subproduct(closure.generators, source, n)
            found.append(x.conjugate_by(_subproduct(group.generators, source, n)))
        closure = PermutationGroup([*closure.generators, *found], n)


def _missing_conjugate(group: PermutationGroup, closure: PermutationGroup) -> Permutation | None:
    for x in closure.generators:
        for g in group.generators:
            y = x.conjugate_by(g)
            if y not in closure:
                return y
    return None


def _subproduct(gens: Sequence[Permutation], source: random.Random, n: int) -> Permutation:
    """A product of a random part of the generators, in a random order."""
    product = Permutation.identity(n)
    for g in source.sample(gens, len(gens)):
        if source.random() < 0.5:
            product = product * g
    return product


def derived_subgroup(group: PermutationGroup) -> PermutationGroup:
    """The subgroup generated by all commutators.

    Source:
        It is the normal closure of the commutators of the generators.

    Examples:
        >>> derived_subgroup(PermutationGroup(["(1,2,3,4)", "(1,2)"])).order
        12
    """
    gens = group.generators
    commutators = [
        ~g * ~h * g * h for i, g in enumerate(gens) for h in gens[i + 1 :] if g * h != h * g
    ]
    return normal_closure(group, commutators)


def centre(group: PermutationGroup) -> PermutationGroup:
    """The elements that commute with every element.

    Complexity:
        A stabiliser for each orbit, and a chain of degree 2n; polynomial.

    Source:
        Let C be the permutations that commute with G and keep each of its orbits: on an orbit they
        are determined by the image of its first point r, which can be any point of the orbit that
        G_r fixes. The centre is C ∩ G. In ⟨(g, g), (c, 1)⟩ ≅ C × G on two copies of the points the
        elements that fix the first copy are the pairs (1, g) with g⁻¹ ∈ C.

    Examples:
        >>> centre(PermutationGroup(["(1,2,3,4)", "(1,3)"])).generators
        (Permutation('(1,3)(2,4)', degree=4),)
    """
    if group.is_abelian:
        return group
    n = group.degree
    commuting: list[list[int]] = []
    count = 1
    for orbit in group.orbits():
        if len(orbit) == 1:
            continue
        stabilizer = group.stabilizer(orbit[0])
        images = [g.images.tolist() for g in stabilizer.generators]
        fixed = [q for q in orbit[1:] if all(s[q] == q for s in images)]
        if not fixed:
            continue
        count *= len(fixed) + 1
        transversal = group.transversal(orbit[0])
        for q in fixed:
            c = list(range(n))
            for p, u in transversal.items():
                c[p] = int(u.images[q])
            commuting.append(c)
    if not commuting:
        return PermutationGroup([], n, known_order=1)
    doubled = [np.concatenate([g.images, g.images + n]) for g in group.generators]
    doubled += [np.concatenate([c, np.arange(n, 2 * n)]) for c in np.array(commuting)]
    both = PermutationGroup(doubled, 2 * n, known_order=count * group.order)
    kernel = pointwise_stabilizer(both, range(n))
    return PermutationGroup(
        [g.images[n:] - n for g in kernel.generators], n, known_order=kernel.order
    )


def word_program(group: PermutationGroup, g: Permutation) -> StraightLineProgram:
    """A program over the generators of the group whose single result is g; see `word`."""
    from groups.straight_line import compacted

    program = group.straight_line_program()
    chain = group.chain
    _, points = chain.sift(g.images)
    count = len(group.generators)
    instructions = list(program.instructions)
    item: int | None = None
    for level, point in enumerate(points):
        for k in chain.transversal_word(level, point):
            factor = program.strong_items[k]
            if item is None:
                item = factor
            else:
                instructions.append((item, factor))
                item = count + len(instructions) - 1
    if item is None:
        # The identity: the empty product has no program, but a power of a generator has.
        if not count:
            return StraightLineProgram(0, (), ())
        instructions += [(0,), (0, count + len(instructions))]
        item = count + len(instructions) - 1
    return compacted(count, [x.images for x in group.generators], instructions, [item])
