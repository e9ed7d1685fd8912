"""Giants: recognition is exact, chains and programs are right, wherever S_m and A_m sit."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import Permutation, PermutationGroup, giants
from groups import strategies as gst
from groups.chain_builders import ByteBuilder
from groups.giants import GiantChain
from tests.groups.brute_force import elements
from tests.groups.test_stabilizer_chain import assert_canonical


def symmetric(n: int) -> list[list[int]]:
    return [[1, 0, *range(2, n)], [*range(1, n), 0]]


def alternating(n: int) -> list[list[int]]:
    start = 1 if n % 2 == 0 else 0
    return [[1, 2, 0, *range(3, n)], [*range(start), *range(start + 1, n), start]]


def scattered(n: int, seed: int, even: bool) -> list[Permutation]:
    source = random.Random(seed)
    found: list[Permutation] = []
    while len(found) < 3:
        p = Permutation(source.sample(range(n), n))
        if not even or p.sign == 1:
            found.append(p)
    return found


def check(group: PermutationGroup, alternating: bool, m: int) -> None:
    chain = group.chain
    assert isinstance(chain, GiantChain) and chain.is_alternating == alternating
    assert chain.order == math.factorial(m) // (2 if alternating else 1)
    if m <= 20:
        assert_canonical(chain)
    program = group.straight_line_program()
    items = program.evaluate(group.generators)
    assert len(set(items)) == len(items)
    assert [items[k] for k in program.strong_items] == list(group.strong_generators)


@pytest.mark.parametrize("n", [8, 9, 10, 11, 12, 13, 20, 50])
@pytest.mark.parametrize("even", [False, True])
def test_found_from_their_generators(n: int, even: bool) -> None:
    check(PermutationGroup(alternating(n) if even else symmetric(n)), even, n)
    gens = scattered(n, n, even)
    if not even and all(g.sign == 1 for g in gens):
        gens[0] = gens[0] * Permutation("(1,2)", n)
    check(PermutationGroup(gens), even, n)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7, 8])
def test_small_ones_from_a_known_order(n: int) -> None:
    check(PermutationGroup(symmetric(n), known_order=math.factorial(n)), False, n)
    if n > 2:
        check(PermutationGroup(alternating(n), known_order=math.factorial(n) // 2), True, n)
        assert elements(PermutationGroup(alternating(n))) == {
            tuple(g.images.tolist())
            for g in PermutationGroup(alternating(n), known_order=math.factorial(n) // 2).elements()
        }


@pytest.mark.parametrize("even", [False, True])
def test_on_some_of_the_points_and_with_another_base(even: bool) -> None:
    moved = [1, 2, 4, 5, 7, 8, 9, 12, 13, 14, 15]
    gens = []
    for g in alternating(11) if even else symmetric(11):
        images = list(range(17))
        for i, j in enumerate(g):
            images[moved[i]] = moved[j]
        gens.append(images)
    group = PermutationGroup(gens)
    check(group, even, 11)
    chain = group.chain_with_base([7, 0, 4])
    assert isinstance(chain, GiantChain) and chain.order == group.order
    assert_canonical(chain, (7, 0, 4))
    assert not chain.contains(Permutation("(1,2)", 17).images)


@given(st.integers(8, 14), st.data())
@settings(max_examples=40)
def test_membership_is_parity(n: int, data: st.DataObject) -> None:
    p = data.draw(gst.permutations(degree=n))
    assert p in PermutationGroup(symmetric(n))
    assert (p in PermutationGroup(alternating(n))) == (p.sign == 1)
    residue, points = PermutationGroup(symmetric(n)).sift(p)
    assert len(points) == n - 1 and (residue == np.arange(n)).all()


@pytest.mark.parametrize(
    "gens",
    [
        ["(1,2,3,4,5,6,7,8,9,10,11)", "(3,7,11,8)(4,10,5,6)"],  # M11
        ["(1,2,3,4,5,6,7,8,9,10,11,12)", "(1,12)(2,11)"],  # imprimitive or not, not a giant
        ["(1,2,3,4,5,6,7)(8,9,10,11,12,13,14)", "(1,8)(2,9)(3,10)(4,11)(5,12)(6,13)(7,14)"],
        ["(1,2,3,4,5,6,7)", "(8,9)"],  # a 7-cycle, but not transitive
        ["(1,2,3,4,5,6,7,8)", "(2,4)(3,7)(6,8)"],
    ],
)
def test_no_others_are_taken_for_giants(gens: list[str]) -> None:
    group = PermutationGroup(gens)
    order = group.to_sympy().order()
    assert group.order == order
    builder = ByteBuilder(group.degree, [g.images for g in group.generators])
    is_giant = order * 2 >= math.factorial(group.degree)
    assert (giants.recognise(builder) is not None) == is_giant


def test_high_degrees_take_no_memory_for_orbits() -> None:
    n = 1500
    group = PermutationGroup(symmetric(n))
    assert group.order == math.factorial(n)
    level = group.chain.levels[3]
    assert (len(level), level.orbit[:3], level.tree[:3]) == (
        n - 3,
        (3, n - 1, 4),
        ((0, 3), (1, 4), (1, 5)),
    )
    assert Permutation("(5,900)", n) in group
