"""Stabilisers, closures, derived subgroup and centre, against listing all elements."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import PermutationGroup
from groups import strategies as gst
from groups.errors import MembershipError
from groups.subgroups import young_subgroup
from tests.groups import brute_force
from tests.groups.brute_force import elements
from tests.groups.test_stabilizer_chain import assert_canonical


@given(gst.groups(max_degree=6), st.data())
@settings(max_examples=100)
def test_pointwise_stabilizers(group: PermutationGroup, data: st.DataObject) -> None:
    points = data.draw(gst.subsets(group.degree))
    found = group.pointwise_stabilizer(points)
    expected = {g for g in elements(group) if all(g[p] == p for p in points)}
    assert elements(found) == expected and found.order == len(expected)
    assert_canonical(found.chain)
    program = found.straight_line_program()
    assert program.results(found.generators) == list(found.strong_generators)


@given(gst.groups(max_degree=5), st.data())
@settings(max_examples=60)
def test_normal_closures(group: PermutationGroup, data: st.DataObject) -> None:
    gens = data.draw(st.lists(gst.elements(group), max_size=2))
    found = group.normal_closure(gens)
    images = [g.images.tolist() for g in gens]
    assert elements(found) == brute_force.normal_closure(elements(group), images, group.degree)
    assert all(x.conjugate_by(g) in found for x in found.generators for g in group.generators)


@given(gst.groups(max_degree=5))
@settings(max_examples=60)
def test_derived_subgroups(group: PermutationGroup) -> None:
    expected = brute_force.closure(brute_force.commutators(elements(group)), group.degree)
    assert elements(group.derived_subgroup()) == expected


@given(gst.groups(max_degree=6))
@settings(max_examples=80)
def test_centres(group: PermutationGroup) -> None:
    listed = elements(group)
    if len(listed) <= 200:
        centre = group.centre()
        assert elements(centre) == brute_force.centre(listed)
        assert centre.order == len(elements(centre))


@pytest.mark.parametrize(
    ("gens", "order"),
    [
        (["(1,2,3,4)", "(1,3)"], 2),
        (["(1,2,3,4)(5,6,7,8)", "(1,3)(5,7)", "(9,10)"], 4),
        (["(1,2)(3,4)", "(1,3)(2,4)(5,6)"], 4),
        # Q_8, regular; then twice, diagonally and independently
        (["(1,2,3,4)(5,6,7,8)", "(1,5,3,7)(2,8,4,6)"], 2),
        (["(1,2,3,4)(5,6,7,8)(9,10,11,12)(13,14,15,16)",
          "(1,5,3,7)(2,8,4,6)(9,13,11,15)(10,16,12,14)"], 2),
        (["(1,2,3,4)(5,6,7,8)", "(1,5,3,7)(2,8,4,6)",
          "(9,10,11,12)(13,14,15,16)", "(9,13,11,15)(10,16,12,14)"], 4),
    ],
)  # fmt: skip
def test_centres_of_several_orbits(gens: list[str], order: int) -> None:
    group = PermutationGroup(gens)
    assert group.centre().order == order
    assert elements(group.centre()) == brute_force.centre(elements(group))


def test_series_of_known_groups() -> None:
    s4 = PermutationGroup(["(1,2,3,4)", "(1,2)"])
    orders = []
    group = s4
    while not group.is_trivial:
        group = group.derived_subgroup()
        orders.append(group.order)
    assert orders == [12, 4, 1]
    n = 30
    big = PermutationGroup([[1, 0, *range(2, n)], [*range(1, n), 0]])
    assert big.derived_subgroup().order == math.factorial(n) // 2
    assert big.derived_subgroup().derived_subgroup() == big.derived_subgroup()
    assert big.centre().is_trivial
    assert big.normal_closure([big.generators[0]]) == big
    assert big.stabilizer(4).order == math.factorial(n - 1)


def test_stabilizers_of_stabilizers_share_the_order() -> None:
    m12 = PermutationGroup(
        ["(1,2,3,4,5,6,7,8,9,10,11)", "(3,7,11,8)(4,10,5,6)", "(1,12)(2,11)(3,6)(4,8)(5,9)(7,10)"]
    )
    assert m12.order == 95040
    for first, second in ((0, 1), (11, 3), (5, 4)):
        both = m12.stabilizer(first).stabilizer(second)
        assert both.order == 95040 // 12 // 11
        assert both == m12.pointwise_stabilizer([second, first])


@given(st.lists(st.integers(0, 4), max_size=4), st.booleans())
@settings(max_examples=40)
def test_young_subgroups(sizes: list[int], even: bool) -> None:
    parts, start = [], 1
    for size in sizes:
        parts.append(list(range(start, start + size)))
        start += size
    group = young_subgroup(start, parts, even)
    whole = elements(young_subgroup(start, parts, even=False))
    assert len(whole) == math.prod(math.factorial(s) for s in sizes)
    expected = {
        g
        for g in whole
        if not even or sum(g[j] > g[i] for i in range(start) for j in range(i)) % 2 == 0
    }
    assert elements(group) == expected and group.order == len(expected)


def test_elements_of_closures_must_lie_in_the_group() -> None:
    with pytest.raises(MembershipError, match="must be elements of the group"):
        PermutationGroup(["(1,2,3)"]).normal_closure(["(1,2)"])
