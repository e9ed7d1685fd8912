"""`PermutationGroup` as a value: equality, elements, random elements, words, refusals."""

from __future__ import annotations

import pickle
import re
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groups
from groups import Permutation, PermutationGroup
from groups import strategies as gst
from groups.errors import DegreeError, GroupsError, MembershipError, ParameterError, PointError
from groups.point_orbits import orbits_of
from tests.groups.brute_force import closure, elements


def listed(group: PermutationGroup) -> list[tuple[int, ...]]:
    return [tuple(g.images.tolist()) for g in group.elements()]


@given(gst.groups(max_degree=5))
@settings(max_examples=80)
def test_elements_are_listed_once_in_order(group: PermutationGroup) -> None:
    found = listed(group)
    assert found == sorted(elements(group)) and found[0] == tuple(range(group.degree))
    assert len(found) == group.order
    assert all(g in group for g in group)


@given(gst.groups(max_degree=6), st.integers(1, 40))
@settings(max_examples=60)
def test_blocks_of_elements(group: PermutationGroup, limit: int) -> None:
    blocks = list(group.chain.element_blocks(limit))
    assert all(1 <= len(block) <= limit for block in blocks)
    rows = [tuple(row) for block in blocks for row in block.tolist()]
    assert rows == sorted(elements(group))


def test_elements_are_lazy() -> None:
    group = PermutationGroup([[1, 0, *range(2, 60)], [*range(1, 60), 0]])
    first = list(islice(group.elements(), 3))
    assert first[0].is_identity and first == sorted(first) and len(set(first)) == 3


@given(gst.groups(max_degree=5), gst.groups(max_degree=5))
@settings(max_examples=150)
def test_equality_is_that_of_element_sets(a: PermutationGroup, b: PermutationGroup) -> None:
    same = a.degree == b.degree and elements(a) == elements(b)
    assert (a == b) == same
    if same:
        assert hash(a) == hash(b)
    assert a != "a group" and a == a


@given(gst.groups(max_degree=6), st.integers(0, 10**6))
@settings(max_examples=80)
def test_random_elements_depend_on_the_set_and_the_seed(group: PermutationGroup, seed: int) -> None:
    g = group.random_element(seed)
    assert g in group and g == group.random_element(seed)
    other = PermutationGroup([g, *group.strong_generators], group.degree)
    assert other == group and other.random_element(seed) == g


def test_random_elements_are_uniform() -> None:
    group = PermutationGroup(["(1,2,3,4)", "(1,2)"])
    counts: dict[Permutation, int] = {}
    for seed in range(2400):
        g = group.random_element(seed)
        counts[g] = counts.get(g, 0) + 1
    # 24 cells of expectation 100: chi squared with 23 degrees of freedom; 60 is beyond 10^-4.
    assert len(counts) == 24
    assert sum((c - 100) ** 2 for c in counts.values()) / 100 < 60


@given(gst.groups_with_elements(max_degree=7))
@settings(max_examples=80)
def test_words_are_witnesses(drawn: tuple[PermutationGroup, tuple[Permutation, ...]]) -> None:
    group, (g,) = drawn
    program = group.word(g)
    if group.is_trivial:
        assert program.strong_items == ()
    else:
        assert program.results(group.generators) == [g]
        word = program.word(program.strong_items[0])
        product = group.identity
        for k, sign in word:
            product = product * group.generators[k] ** sign
        assert product == g


@given(gst.groups(max_degree=7))
@settings(max_examples=80)
def test_orbits_and_transversals(group: PermutationGroup) -> None:
    orbits = group.orbits()
    assert sorted(p for orbit in orbits for p in orbit) == list(range(group.degree))
    assert orbits == orbits_of(group.degree, [g.images.tolist() for g in group.generators])
    images = elements(group) if group.order <= 720 else None
    for orbit in orbits:
        assert group.orbit(orbit[-1]) == orbit
        transversal = group.transversal(orbit[0])
        assert sorted(transversal) == list(orbit)
        assert all(u(orbit[0]) == q and u in group for q, u in transversal.items())
        if images is not None:
            assert {g[orbit[0]] for g in images} == set(orbit)
        assert group.order == len(orbit) * group.stabilizer(orbit[0]).order
    assert group.is_transitive == (len(orbits) <= 1)
    assert group.is_trivial == (group.order == 1)


@given(gst.groups(max_degree=6))
@settings(max_examples=60)
def test_abelian(group: PermutationGroup) -> None:
    gens = group.generators
    assert group.is_abelian == all(g * h == h * g for g in gens for h in gens)


def test_generators_are_kept_in_order_without_repeats() -> None:
    group = PermutationGroup(["(1,2)", [0, 1, 2], Permutation("(1,2,3)"), "(1,2)"], degree=3)
    assert [str(g) for g in group.generators] == ["(1,2)", "(1,2,3)"]
    assert PermutationGroup(["(1,2)", "(3,4)"]).degree == 4


@pytest.mark.parametrize("n", [0, 1, 3])
def test_trivial_groups(n: int) -> None:
    group = PermutationGroup([], degree=n)
    assert (group.order, group.base, group.strong_generators) == (1, (), ())
    assert listed(group) == [tuple(range(n))]
    assert group.random_element(0).is_identity and group.identity in group
    assert len(group.straight_line_program()) == 0
    assert group.is_abelian and group.is_trivial
    assert group.is_transitive == group.is_primitive == (n <= 1)
    assert group.derived_subgroup() == group.centre() == group.setwise_stabilizer([]) == group
    assert group == PermutationGroup([list(range(n))], degree=n)
    assert group != PermutationGroup([], degree=n + 1)


def test_value() -> None:
    group = PermutationGroup(["(1,2,3)"], name="C3", labels="abc")
    copy = pickle.loads(pickle.dumps(group))
    assert copy == group and (copy.name, copy.labels) == ("C3", ("a", "b", "c"))
    assert repr(group) == "<PermutationGroup C3 of degree 3>"
    assert repr(PermutationGroup(["(1,2)"])) == "PermutationGroup(['(1,2)'], degree=2)"
    assert group.renamed("A3") == group and group.renamed("A3").name == "A3"
    assert group.chain is group.renamed("A3").chain
    with pytest.raises(AttributeError):
        group.degree = 4
    with pytest.raises(AttributeError):
        del group.name


def test_membership_of_other_things() -> None:
    group = PermutationGroup(["(1,2,3)"])
    assert "(1,2,3)" not in group and Permutation("(1,2,3)", 4) not in group


def test_known_order_is_taken_as_known() -> None:
    assert PermutationGroup(["(1,2,3)"], known_order=3).order == 3
    with pytest.raises(ParameterError, match="known_order: the generators generate a group of"):
        assert PermutationGroup(["(1,2,3,4)", "(1,3)"], known_order=6).chain


def test_sift_tells_what_is_left_over() -> None:
    group = PermutationGroup(["(1,2,3)"], degree=4)
    residue, points = group.sift(Permutation("(1,2,3)", 4))
    assert points == (1,) and (residue == np.arange(4)).all()
    residue, points = group.sift(Permutation("(1,2)", 4))
    assert points == (1,) and residue.tolist() != [0, 1, 2, 3]
    residue, points = group.sift(Permutation("(1,4)", 4))
    assert points == ()


def test_lazy_names() -> None:
    assert groups.group("S4") == PermutationGroup(["(1,2,3,4)", "(1,2)"])
    assert "catalogue" in dir(groups) and groups.catalogue.cyclic(3).order == 3
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        groups.nonsense


C3 = PermutationGroup(["(1,2,3)"])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: PermutationGroup([]), DegreeError, "degree: must be given when there are no gen"),
        (lambda: PermutationGroup([[]]), DegreeError, "got generators of degree 0; write degree=0"),
        (lambda: PermutationGroup(["(1,2)"], degree=1), DegreeError, "use degree=2 or more"),
        (lambda: PermutationGroup([], degree=-1), DegreeError, "must be an integer >= 0, got -1"),
        (lambda: PermutationGroup([[1, 0], [0, 1, 2]]), DegreeError, "one degree, got [2, 3]"),
        (lambda: PermutationGroup("(1,2)"), ParameterError, "must be a list, got the text '(1,2)'"),
        (lambda: PermutationGroup(["(1,2)"], labels="abc"), DegreeError, "got 3 for degree 2"),
        (lambda: PermutationGroup(["(1,2)"], known_order=0), ParameterError, "at least 1, got 0"),
        (lambda: C3.stabilizer(3), PointError, "must be in 0..2, got 3"),
        (lambda: C3.orbit(-1), PointError, "must be in 0..2, got -1"),
        (lambda: C3.transversal("0"), PointError, "must be integers in 0..2, got '0'"),
        (lambda: C3.pointwise_stabilizer([0, 0]), PointError, "must be distinct, got 0 more than"),
        (lambda: C3.setwise_stabilizer([1, 1]), PointError, "must be distinct, got 1 more than"),
        (
            lambda: C3.subgroup(["(1,2)"]),
            MembershipError,
            "must be elements of the group, got (1",
        ),
        (
            lambda: C3.word(Permutation("(1,2)", 3)),
            MembershipError,
            "must be an element of the",
        ),
        (lambda: C3.sift(Permutation("(1,2)", 4)), DegreeError, "degree of the group, 3, got 4"),
    ],
)
def test_refusals(make: object, error: type[GroupsError], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)) as caught:
        make()  # type: ignore[operator]
    assert isinstance(caught.value, ValueError) and "\n" not in str(caught.value)


def test_subgroup_relation() -> None:
    s4 = PermutationGroup(["(1,2,3,4)", "(1,2)"])
    v4 = s4.subgroup(["(1,2)(3,4)", "(1,3)(2,4)"])
    assert v4.is_subgroup_of(s4) and not s4.is_subgroup_of(v4)
    assert not v4.is_subgroup_of(PermutationGroup(["(1,2)"], degree=5))
    assert len(closure([g.images.tolist() for g in v4.generators], 4)) == 4
