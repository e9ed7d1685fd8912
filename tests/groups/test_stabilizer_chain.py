"""Chains as values: order, canonical base and trees, sifting, against listing and sympy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import Permutation, PermutationGroup
from groups import strategies as gst
from groups.errors import DegreeError, MembershipError, PointError
from groups.stabilizer_chain import StabilizerChain
from tests.groups.brute_force import elements


def assert_canonical(chain: StabilizerChain, base_first: tuple[int, ...] = ()) -> None:
    """Base, generators of levels, orbits and trees are the ones the class promises."""
    order = [*base_first, *(p for p in range(chain.degree) if p not in base_first)]
    strong = chain.strong_generators
    assert strong.shape == (len(strong), chain.degree) and not strong.flags.writeable
    assert chain.order == math.prod(len(level.orbit) for level in chain.levels)
    fixing = list(range(len(strong)))
    for i, level in enumerate(chain.levels):
        assert list(level.generator_indices) == fixing
        moved = {p for k in fixing for p in range(chain.degree) if strong[k][p] != p}
        assert level.base_point == chain.base[i] == next(p for p in order if p in moved)
        orbit, tree = [level.base_point], []
        for position, p in enumerate(orbit):
            for k in fixing:
                q = int(strong[k][p])
                if q not in orbit:
                    orbit.append(q)
                    tree.append((position, k))
        assert tuple(orbit) == level.orbit and tuple(tree) == level.tree
        assert len(level) == len(orbit) > 1
        for p in orbit:
            u = chain.transversal_element(i, p)
            assert u[level.base_point] == p and all(u[b] == b for b in chain.base[:i])
            inverse = chain.inverse_transversal(i, p)
            assert inverse is not None and (inverse[u] == np.arange(chain.degree)).all()
        table = chain.transversal_table(i)
        assert all(
            (row == chain.transversal_element(i, p)).all()
            for row, p in zip(table, orbit, strict=True)
        )
        fixing = [k for k in fixing if strong[k][level.base_point] == level.base_point]
    assert not fixing


@given(gst.groups(max_degree=6))
@settings(max_examples=150)
def test_order_and_membership_by_listing(group: PermutationGroup) -> None:
    listed = elements(group)
    chain = group.chain
    assert_canonical(chain)
    assert chain.order == len(listed)
    n = group.degree
    for seed in range(5):
        p = Permutation(np.random.default_rng(seed).permutation(n))
        inside = tuple(p.images.tolist()) in listed
        residue, points = chain.sift(p.images)
        assert chain.contains(p.images) == inside
        assert inside == (
            len(points) == len(chain.levels) and bool((residue == np.arange(n)).all())
        )
        product = np.arange(n)
        for level, point in enumerate(points):
            product = product[chain.transversal_element(level, point)]
        assert (product[residue] == p.images).all()


@given(gst.groups(min_degree=1, max_degree=6), st.data())
@settings(max_examples=80)
def test_base_change(group: PermutationGroup, data: st.DataObject) -> None:
    points = tuple(data.draw(st.permutations(range(group.degree)).map(lambda p: p[:3])))
    chain = group.chain_with_base(points)
    assert_canonical(chain, points)
    assert chain.order == group.order
    assert all(g in group for g in map(Permutation, chain.strong_generators))


@given(gst.groups(max_degree=5))
@settings(max_examples=50)
def test_elements_by_base_images(group: PermutationGroup) -> None:
    chain = group.chain
    images = {tuple(g[b] for b in chain.base): g for g in elements(group)}
    for wanted, g in images.items():
        found = chain.element_with_images(wanted)
        assert found is not None and tuple(found.tolist()) == g
    if chain.base:
        outside = [p for p in range(group.degree) if all(w[0] != p for w in images)]
        assert all(chain.element_with_images([p]) is None for p in outside)


@given(gst.groups(min_degree=1, max_degree=9))
@settings(max_examples=60)
def test_order_agrees_with_sympy(group: PermutationGroup) -> None:
    assert group.order == group.to_sympy().order()


def test_trivial_groups() -> None:
    for n in (0, 1, 4):
        chain = PermutationGroup([], degree=n).chain
        assert (chain.order, chain.base, chain.levels) == (1, (), ())
        assert chain.contains(list(range(n)))
        assert chain.strong_generators.shape == (0, n)


def test_random_images_reach_every_element() -> None:
    import random

    group = PermutationGroup(["(1,2,3,4)", "(1,3)"])
    source = random.Random(0)
    found = {tuple(group.chain.random_images(source).tolist()) for _ in range(200)}
    assert found == elements(group)


def test_refusals() -> None:
    chain = PermutationGroup(["(1,2,3)"], degree=4).chain
    with pytest.raises(DegreeError, match="must have length 4, got shape"):
        chain.sift([0, 1, 2])
    with pytest.raises(MembershipError, match="must lie in the orbit of base point 0 at level 0"):
        chain.transversal_element(0, 3)
    with pytest.raises(PointError, match="at most 1 images"):
        chain.element_with_images([0, 1])
    assert chain.inverse_transversal(0, 3) is None
