"""A stabiliser chain is a proof of the order: true chains pass, false ones of every kind do not."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from groups import PermutationGroup
from symcsq.verifier.group_order import inverse_images, order_from_chain, program_items
from symcsq.verifier.sections import canonical_program, group_section

GROUPS = [
    PermutationGroup([], degree=1),
    PermutationGroup([], degree=4),
    PermutationGroup(["(1,2,3,4,5)"]),
    PermutationGroup(["(1,2,3,4,5,6)", "(2,6)(3,5)"]),
    PermutationGroup(["(1,2)", "(1,2,3,4,5)"]),
    PermutationGroup(["(1,2,3)(4,5,6)", "(1,4)(2,5)(3,6)", "(1,2)"]),
    PermutationGroup(["(1,2,3,4,5,6,7,8,9,10,11)", "(3,7,11,8)(4,10,5,6)"]),
    PermutationGroup(["(1,2)", "(3,4)", "(5,6)", "(7,8)"]),
]


class Forged:
    """A group that lies about one thing."""

    def __init__(self, group, **lies):
        self._group, self._lies = group, lies

    def __getattr__(self, name):
        return self._lies[name] if name in self._lies else getattr(self._group, name)


class ForgedChain(Forged):
    pass


def closure_size(group):
    """The order by listing every element."""
    found = {tuple(range(group.degree))}
    frontier = list(found)
    while frontier:
        new = {
            tuple(int(g.images[i]) for i in element)
            for element in frontier
            for g in group.generators
        } - found
        found |= new
        frontier = list(new)
    return len(found)


@pytest.mark.parametrize("group", GROUPS, ids=repr)
def test_the_chain_proves_the_order_found_by_listing(group):
    assert order_from_chain(group) == (closure_size(group), "")


def forge(group, level, **changes):
    chain = group.chain
    levels = list(chain.levels)
    old = levels[level]
    fields = ("base_point", "generator_indices", "orbit", "tree")
    levels[level] = SimpleNamespace(**{f: getattr(old, f) for f in fields} | changes)
    return Forged(group, chain=ForgedChain(chain, levels=tuple(levels)))


def test_a_shortened_orbit_is_refused():
    group = GROUPS[4]
    level = group.chain.levels[0]
    order, reason = order_from_chain(forge(group, 0, orbit=level.orbit[:-1], tree=level.tree[:-1]))
    assert order is None and "level 0" in reason


def test_a_missing_level_is_refused():
    group = GROUPS[4]
    chain = ForgedChain(group.chain, levels=group.chain.levels[:-1])
    order, reason = order_from_chain(Forged(group, chain=chain))
    assert order is None and "sift" in reason


def test_a_wrong_tree_is_refused():
    group = GROUPS[3]
    level = group.chain.levels[0]
    tree = (*level.tree[:-1], (0, (level.tree[-1][1] + 1) % len(group.chain.strong_generators)))
    order, reason = order_from_chain(forge(group, 0, tree=tree))
    assert order is None and "tree" in reason


def test_a_generator_that_moves_an_earlier_base_point_is_refused():
    group = GROUPS[4]
    every = tuple(range(len(group.chain.strong_generators)))
    order, reason = order_from_chain(forge(group, 1, generator_indices=every))
    assert order is None and "earlier base point" in reason


def test_a_chain_of_a_subgroup_is_refused():
    big, small = GROUPS[3], GROUPS[2]
    small = PermutationGroup(["(1,2,3,4,5,6)"])
    lies = Forged(big, chain=small.chain, straight_line_program=small.straight_line_program)
    order, reason = order_from_chain(lies)
    assert order is None and "sift" in reason
    assert small.order == 6 and big.order == 12


def test_strong_generators_from_outside_the_group_are_refused():
    small, big = PermutationGroup(["(1,2,3,4,5,6)"]), GROUPS[3]
    lies = Forged(small, chain=big.chain)
    assert order_from_chain(lies)[0] is None


@pytest.mark.parametrize("group", GROUPS, ids=repr)
def test_the_written_program_is_in_normal_form(group):
    program, places = canonical_program(group)
    items = [np.array(g.images) for g in group.generators]
    for step in program:
        before = [item.tobytes() for item in items]
        if len(step) == 1:
            item = inverse_images(items[step[0]])
        else:
            a, b = step
            item = items[a][items[b]]
            assert inverse_images(item).tobytes() not in before
            if np.array_equal(item, items[b][items[a]]):
                assert a <= b
        assert item.tobytes() not in before
        items.append(item)
    used = {a for step in program for a in step} | set(places)
    assert used >= set(range(len(group.generators), len(items)))
    strong = np.asarray(group.chain.strong_generators)
    assert [items[place].tolist() for place in places] == strong.tolist()
    assert len(program_items(group)) >= len(items)


@pytest.mark.parametrize("group", GROUPS, ids=repr)
def test_the_group_section_is_consistent(group):
    section = group_section(group)
    chain = section["chain"]
    assert chain["base"] == [level["base"] for level in chain["levels"]]
    order = 1
    for level in chain["levels"]:
        order *= len(level["tree"]) + 1
        assert level["tree"]
        assert all(parent <= child for child, (parent, _) in enumerate(level["tree"]))
    assert section["order"] == str(order)
