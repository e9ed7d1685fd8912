"""Set stabilisers and intersections, against listing all elements and against known orders."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import PermutationGroup
from groups import strategies as gst
from groups.errors import DegreeError
from tests.groups.brute_force import elements
from tests.groups.test_schreier_sims import M24, pairs, wreath


@given(gst.groups(max_degree=7), st.data())
@settings(max_examples=150)
def test_setwise_stabilizers(group: PermutationGroup, data: st.DataObject) -> None:
    points = data.draw(gst.subsets(group.degree))
    found = group.setwise_stabilizer(points)
    inside = set(points)
    expected = {g for g in elements(group) if {g[p] for p in points} == inside}
    assert found.order == len(expected) and elements(found) == expected


@given(st.integers(0, 6).flatmap(lambda n: st.tuples(gst.groups(degree=n), gst.groups(degree=n))))
@settings(max_examples=150)
def test_intersections(both: tuple[PermutationGroup, PermutationGroup]) -> None:
    first, second = both
    found = first.intersection(second)
    expected = elements(first) & elements(second)
    assert found.order == len(expected) and elements(found) == expected
    assert second.intersection(first) == found


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("even", [False, True])
def test_giants_directly_and_by_search(known: bool, even: bool) -> None:
    n = 7
    gens = ["(1,2,3)", "(3,4,5)", "(5,6,7)"] if even else ["(1,2,3,4,5,6,7)", "(1,2)"]
    order = math.factorial(n) // (2 if even else 1)
    group = PermutationGroup(gens, known_order=order if known else None)
    for points in ([], [2], [0, 5], [1, 3, 6], list(range(7))):
        expected = math.factorial(len(points)) * math.factorial(n - len(points))
        assert group.setwise_stabilizer(points).order == expected // (2 if even else 1)


def test_blocks_of_mathieu_24() -> None:
    # Octads have stabiliser 2^4:A_8; the 5-subsets form one orbit; dodecads have stabiliser M12.
    assert M24.setwise_stabilizer(range(5)).order == 244823040 // math.comb(24, 5)
    five = M24.pointwise_stabilizer(range(5))
    octad = sorted(
        [0, 1, 2, 3, 4, *(o for orbit in five.orbits() if len(orbit) == 3 for o in orbit)]
    )
    assert len(octad) == 8
    assert M24.setwise_stabilizer(octad).order == 322560
    trio = M24.setwise_stabilizer(octad).intersection(M24.setwise_stabilizer(range(5)))
    assert trio == M24.setwise_stabilizer(octad).setwise_stabilizer(range(5))


def test_graph_automorphisms_as_set_stabilizers() -> None:
    # The edges of the Petersen graph among the pairs of 10 points.
    number = {(i, j): k for k, (i, j) in enumerate((i, j) for j in range(10) for i in range(j))}
    edges = [(i, (i + 1) % 5) for i in range(5)] + [(i, i + 5) for i in range(5)]
    edges += [(5 + i, 5 + (i + 2) % 5) for i in range(5)]
    chosen = [number[min(e), max(e)] for e in edges]
    group = PermutationGroup(pairs(10))
    assert group.setwise_stabilizer(chosen).order == 120
    inside = set(range(45)).difference(chosen)
    assert group.setwise_stabilizer(inside) == group.setwise_stabilizer(chosen)


def test_unions_of_blocks() -> None:
    group = PermutationGroup(wreath(4, 4))
    assert group.setwise_stabilizer(range(8)).order == (24**2 * 2) ** 2
    assert group.setwise_stabilizer([0, 4, 8, 12]).order == 6**4 * 24
    assert group.setwise_stabilizer([0, 1]).order == (2 * 2) * 24**3 * 6


def test_degrees_must_agree() -> None:
    with pytest.raises(DegreeError, match="must have one degree, got 3 and 2"):
        PermutationGroup(["(1,2,3)"]).intersection(PermutationGroup(["(1,2)"]))
