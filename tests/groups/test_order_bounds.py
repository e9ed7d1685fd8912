"""Bounds by orbits and blocks: never too small, exact for direct and wreath products."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings

from groups import PermutationGroup, schreier_sims
from groups import strategies as gst
from groups.chain_builders import ArrayBuilder, ByteBuilder
from groups.order_bounds import upper_bound
from groups.point_orbits import invariant_partition, orbit_of, orbits_of, representatives
from groups.schreier_sims import Builder
from tests.groups.brute_force import elements
from tests.groups.test_schreier_sims import RUBIK, wreath


def built(group: PermutationGroup, kind: type[Builder] = ByteBuilder) -> Builder:
    builder = kind(group.degree, [g.images for g in group.generators])
    builder.run()
    return builder


@given(gst.groups(max_degree=8))
@settings(max_examples=100)
def test_never_below_the_order(group: PermutationGroup) -> None:
    bound = upper_bound(built(group))
    assert bound is None or (bound >= group.order and bound % group.order == 0)


@given(gst.groups(max_degree=8, transitive=True, min_degree=4))
@settings(max_examples=60)
def test_transitive_groups(group: PermutationGroup) -> None:
    bound = upper_bound(built(group))
    assert (bound is None) == (group.is_primitive or len(group.base) < 2)
    assert bound is None or bound % group.order == 0


@pytest.mark.parametrize("kind", [ByteBuilder, ArrayBuilder])
def test_tight_for_products(kind: type[Builder]) -> None:
    s4 = PermutationGroup(["(1,2,3,4)", "(1,2)"])
    c5 = PermutationGroup(["(1,2,3,4,5)"])
    for group in (
        s4.direct_product(c5).direct_product(s4),
        s4.wreath_product(c5),
        c5.wreath_product(s4),
        s4.wreath_product(c5).direct_product(c5.wreath_product(s4)),
        s4.wreath_product(s4).wreath_product(PermutationGroup(["(1,2)"])),
        PermutationGroup([], degree=3),
    ):
        assert upper_bound(built(group, kind)) == group.order


def test_slack_for_subdirect_products() -> None:
    # Rubik's cube misses a factor 12 of the product of its actions on corners and on edges... and
    # each of these misses parity or orientation of its wreath product already.
    bound = upper_bound(built(RUBIK))
    assert bound is not None and bound > RUBIK.order and bound % RUBIK.order == 0
    diagonal = PermutationGroup(["(1,2,3)(4,5,6)"])
    assert upper_bound(built(diagonal)) == 9


def test_deep_chains_are_proved_by_their_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schreier_sims, "_DEEP", 0)
    for n, m in ((3, 4), (4, 4), (5, 3)):
        group = PermutationGroup(wreath(n, m))
        assert group.order == math.factorial(n) ** m * math.factorial(m)
    # Where the bound has slack, the proof by sifting takes over.
    assert PermutationGroup(RUBIK.generators).order == RUBIK.order
    monkeypatch.undo()
    n, m = 7, 8
    group = PermutationGroup(wreath(n, m))
    assert len(group.base) >= schreier_sims._DEEP
    assert group.order == math.factorial(n) ** m * math.factorial(m)


@given(gst.groups(max_degree=7))
@settings(max_examples=60)
def test_orbits(group: PermutationGroup) -> None:
    images = [g.images.tolist() for g in group.generators]
    orbits = orbits_of(group.degree, images)
    for orbit in orbits:
        assert {g[orbit[0]] for g in elements(group)} == set(orbit)
        assert sorted(orbit_of(orbit[-1], images)) == list(orbit)
    order = list(reversed(range(group.degree)))
    assert representatives(order, images) == sorted((max(o) for o in orbits), reverse=True)
    if group.degree > 1:
        parts = invariant_partition(group.degree, images, [0, 1])
        assert sorted(p for part in parts for p in part) == list(range(group.degree))
        assert {0, 1} <= set(next(part for part in parts if 0 in part))
        for g in group.generators:
            assert {g.act_on_set(part) for part in parts} == set(parts)
