"""Blocks against all subsets that contain point 0."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import PermutationGroup
from groups import strategies as gst
from groups.blocks import block_system
from groups.errors import ParameterError
from tests.groups.brute_force import elements


def all_blocks(group: PermutationGroup) -> set[frozenset[int]]:
    """Every block that contains 0: a set whose images are equal or disjoint."""
    images = elements(group)
    found = set()
    for size in range(1, group.degree + 1):
        for rest in combinations(range(1, group.degree), size - 1):
            block = {0, *rest}
            moved = [{g[p] for p in block} for g in images]
            if all(m == block or not m & block for m in moved):
                found.add(frozenset(block))
    return found


@given(gst.groups(min_degree=1, max_degree=6, transitive=True, max_generators=2))
@settings(max_examples=40)
def test_against_all_blocks(group: PermutationGroup) -> None:
    n = group.degree
    blocks = all_blocks(group)
    proper = {b for b in blocks if 1 < len(b) < n}
    minimal = {b for b in proper if not any(c < b for c in proper)}
    systems = group.blocks()
    assert {frozenset(system[0]) for system in systems} == minimal
    assert list(systems) == sorted(systems, key=lambda s: (len(s[0]), s))
    assert group.is_primitive == (not proper)
    for p in range(n):
        smallest = min((b for b in blocks if p in b), key=len)
        assert group.minimal_block(*{0, p}) == tuple(sorted(smallest))
    for system in systems:
        assert sorted(p for block in system for p in block) == list(range(n))
        for g in group.generators:
            assert {g.act_on_set(block) for block in system} == set(system)


@given(gst.groups(min_degree=1, max_degree=8, transitive=True), st.data())
@settings(max_examples=50)
def test_systems_are_invariant_partitions(group: PermutationGroup, data: st.DataObject) -> None:
    points = data.draw(gst.subsets(group.degree).filter(bool))
    system = block_system(group, points)
    assert any(set(points) <= set(block) for block in system)
    assert {len(block) for block in system} == {group.degree // len(system)}
    for g in group.generators:
        assert {g.act_on_set(block) for block in system} == set(system)


def test_known_groups() -> None:
    cyclic = PermutationGroup([[*range(1, 12), 0]])
    assert [len(system[0]) for system in cyclic.blocks()] == [2, 3]
    s4_on_cosets = PermutationGroup(["(1,2,3,4)(5,6,7,8)", "(1,2)(5,6)(3,7)(4,8)"])
    assert not s4_on_cosets.is_primitive or s4_on_cosets.order in (8, 24, 56, 168, 336, 1344)
    torus = PermutationGroup(
        [
            [((i + 1) % 8) * 8 + j for i in range(8) for j in range(8)],
            [i * 8 + (j + 1) % 8 for i in range(8) for j in range(8)],
        ]
    )
    assert [len(system[0]) for system in torus.blocks()] == [2, 2, 2] and not torus.is_primitive
    giant = PermutationGroup([[1, 0, *range(2, 40)], [*range(1, 40), 0]])
    assert giant.is_primitive and giant.blocks() == ()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_tiny_degrees(n: int) -> None:
    group = PermutationGroup([[1, 0]] if n == 2 else [], degree=n)
    assert group.is_primitive and group.blocks() == ()


def test_refusals() -> None:
    group = PermutationGroup(["(1,2)"], degree=3)
    assert not group.is_primitive
    with pytest.raises(ParameterError, match="blocks: the group must be transitive, got 2 orbits"):
        group.blocks()
    with pytest.raises(ParameterError, match="need a transitive group and at least one point"):
        group.minimal_block(0, 1)
    with pytest.raises(ParameterError, match="got 1 orbits and 0 points"):
        block_system(PermutationGroup(["(1,2)"]), [])
