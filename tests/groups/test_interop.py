"""Round trips to sympy, GAP text, networkx; GAP itself where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess

import networkx as nx
import pytest
from hypothesis import given, settings

from groups import Permutation, PermutationGroup
from groups import strategies as gst
from groups.errors import DegreeError, GroupsError, InteropError, PointError, TooLargeError
from groups.interop import cayley_graph, orbit_graph, schreier_graph
from tests.groups.test_schreier_sims import FIXED


@given(gst.groups(min_degree=1, max_degree=7))
@settings(max_examples=60)
def test_sympy_both_ways(group: PermutationGroup) -> None:
    other = group.to_sympy()
    assert other.degree == group.degree
    assert PermutationGroup.from_sympy(other) == group
    for g in group.generators:
        assert other.contains(type(other.generators[0])(g.images.tolist()))


def test_products_in_sympy_are_the_other_way_round() -> None:
    p, q = PermutationGroup(["(1,2,3)", "(1,2)"]).generators
    a, b = PermutationGroup([p, q]).to_sympy().generators
    assert (p * q).images.tolist() == (b * a).array_form


@given(gst.groups(max_degree=8))
@settings(max_examples=80)
def test_gap_text_both_ways(group: PermutationGroup) -> None:
    assert PermutationGroup.from_gap(group.to_gap(), group.degree) == group


@pytest.mark.parametrize(
    ("text", "degree", "order"),
    [
        ("Group( [ (1,2,3)(4,5), (1,2) ] )", None, 12),
        ("Group([(1,2),\n (1,2,3)]);\n", None, 6),
        ("Group((1,2),(1,2,3))", None, 6),
        ("[ (1,2,3), () ]", 5, 3),
        ("(1,2)(3,4)", None, 2),
        ("Group(())", 3, 1),
        ("Group( () )", 1, 1),
        ("[]", 2, 1),
    ],
)
def test_what_gap_prints(text: str, degree: int | None, order: int) -> None:
    assert PermutationGroup.from_gap(text, degree).order == order


@pytest.mark.parametrize(
    ("text", "degree", "error", "message"),
    [
        ("Group([(1,2)", None, InteropError, "cannot read"),
        ("SymmetricGroup(5)", None, InteropError, "cannot read"),
        ("Group([(1 2)])", None, InteropError, "cannot read 'Group([(1 2)])' as a GAP group near"),
        ("(1,2);(2,3)", None, InteropError, "expected a comma"),
        ("(1,2), (1,10000000)", None, TooLargeError, "2 generators with points up to 10000000"),
        (f"(1,{'9' * 5000})", None, TooLargeError, "with points up to 1000000000000 or more"),
        ("Group(())", None, InteropError, "degree: must be given for a trivial group"),
        ("(1,5)", 4, DegreeError, "use degree=5 or more"),
        ("(0,1)", None, GroupsError, "count points from 1"),
        (["(1,2)"], None, InteropError, "must be a string, got list"),
    ],
)
def test_other_text(text: str, degree: int | None, error: type[GroupsError], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        PermutationGroup.from_gap(text, degree)


@pytest.mark.skipif(shutil.which("gap") is None, reason="GAP is not installed")
def test_orders_agree_with_gap() -> None:
    lines = []
    for _, generators, _ in FIXED:
        lists = ",".join(f"PermList({[i + 1 for i in g]})" for g in generators)
        lines.append(f'Print(Size(Group({lists})), "\\n");')
    # What we print, GAP reads back as the same group.
    group = PermutationGroup(FIXED[0][1])
    lines.append(f'Print(Size({group.to_gap()}), "\\n");')
    script = "\n".join(lines) + "\nQUIT;\n"
    done = subprocess.run(
        ["gap", "-q", "-A", "-b"], input=script, capture_output=True, text=True, timeout=120
    )
    found = [int(word) for word in done.stdout.split() if word.isdigit()]
    assert found == [order for _, _, order in FIXED] + [FIXED[0][2]]


def test_automorphisms_of_networkx_graphs() -> None:
    assert PermutationGroup.from_networkx(nx.petersen_graph()).order == 120
    assert PermutationGroup.from_networkx(nx.empty_graph(0)).degree == 0
    graph = nx.path_graph(["a", "b", "c"])
    group = PermutationGroup.from_networkx(graph)
    assert group.order == 2 and group.labels == ("a", "b", "c")
    graph.nodes["a"]["colour"] = 1
    assert PermutationGroup.from_networkx(graph, colour="colour").is_trivial


def test_cayley_graphs() -> None:
    group = PermutationGroup(["(1,2,3,4)", "(1,3)"])
    graph = cayley_graph(group)
    assert graph.number_of_nodes() == 8 and graph.number_of_edges() == 16
    assert next(iter(graph.nodes)).is_identity
    for x, y, k in graph.edges(data="generator"):
        assert y == group.generators[k] * x
    assert nx.is_strongly_connected(graph)
    part = cayley_graph(group, ["(1,3)(2,4)"])
    assert nx.number_strongly_connected_components(part) == 4
    with pytest.raises(TooLargeError, match="a node per element"):
        cayley_graph(PermutationGroup([[1, 0, *range(2, 20)], [*range(1, 20), 0]]))


def test_schreier_graphs() -> None:
    group = PermutationGroup(["(1,2,3)", "(1,2)"], degree=4, labels="abcd")
    graph = schreier_graph(group)
    assert graph.number_of_edges() == 8 and graph.nodes[2]["label"] == "c"
    components = sorted(map(sorted, nx.weakly_connected_components(graph)))
    assert components == [list(orbit) for orbit in group.orbits()]
    assert schreier_graph(PermutationGroup([], degree=0)).number_of_nodes() == 0


def test_orbit_graphs() -> None:
    dihedral = PermutationGroup(["(1,2,3,4,5,6)", "(2,6)(3,5)"])
    graph = orbit_graph(dihedral, (0, 1))
    assert not graph.is_directed() and nx.is_isomorphic(graph, nx.cycle_graph(6))
    assert dihedral.is_subgroup_of(PermutationGroup.from_networkx(graph))
    assert orbit_graph(dihedral, (0, 3)).number_of_edges() == 3
    cyclic = PermutationGroup(["(1,2,3,4,5,6)"])
    assert orbit_graph(cyclic, (0, 1)).is_directed()
    assert not orbit_graph(cyclic, (0, 1), directed=False).is_directed()
    assert orbit_graph(cyclic, (2, 2)).number_of_edges() == 6
    with pytest.raises(PointError, match="must be two points, got 3"):
        orbit_graph(cyclic, (0, 1, 2))
    with pytest.raises(PointError, match=r"must be in 0\.\.5, got 6"):
        orbit_graph(cyclic, (0, 6))


def test_objects_that_are_no_groups() -> None:
    with pytest.raises(InteropError, match="must be a sympy PermutationGroup, got int"):
        PermutationGroup.from_sympy(3)
    with pytest.raises(InteropError, match="must have sympy Permutations as generators"):
        PermutationGroup.from_sympy(PermutationGroup(["(1,2)"]))
    with pytest.raises(InteropError, match="no group of degree 0"):
        PermutationGroup([], degree=0).to_sympy()
    assert Permutation("(1,2)") in PermutationGroup.from_gap("(1,2)")
