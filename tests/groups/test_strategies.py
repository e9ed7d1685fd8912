"""The strategies draw what they say; the law kits accept what holds and refuse what does not."""

from __future__ import annotations

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from groups import Permutation, PermutationGroup
from groups import strategies as gst
from groups.errors import ParameterError


@given(st.data())
@settings(max_examples=60)
def test_draws_are_in_range(data: st.DataObject) -> None:
    assert data.draw(gst.permutations(degree=4)).degree == 4
    assert 2 <= data.draw(gst.permutations(min_degree=2, max_degree=3)).degree <= 3
    group = data.draw(gst.groups(max_degree=5, max_generators=2))
    assert group.degree <= 5 and len(group.generators) <= 2
    assert data.draw(gst.groups(max_degree=5, transitive=True)).is_transitive
    assert data.draw(gst.elements(group)) in group
    vector = data.draw(gst.exponent_vectors(4, degree=6))
    assert len(vector) == 4 and sum(vector) == 6
    assert max(data.draw(gst.exponent_vectors(3, max_exponent=2))) <= 2
    subset = data.draw(gst.subsets(6, 3))
    assert subset == tuple(sorted(set(subset))) and len(subset) == 3
    assert set(data.draw(gst.subsets(3))) <= {0, 1, 2}


@pytest.mark.parametrize("n", [0, 1])
@given(data=st.data())
@settings(max_examples=5)
def test_degenerate_sizes(n: int, data: st.DataObject) -> None:
    assert data.draw(gst.groups(degree=n)).is_trivial
    assert data.draw(gst.groups(degree=n, transitive=True)).is_transitive
    assert data.draw(gst.exponent_vectors(n, degree=0)) == (0,) * n
    assert data.draw(gst.exponent_vectors(0)) == ()
    assert data.draw(gst.subsets(n, n)) == tuple(range(n))


def test_elements_reach_the_whole_group() -> None:
    group = PermutationGroup(["(1,2,3,4)", "(1,3)"])
    for g in group.elements():
        assert find(gst.elements(group), lambda x, g=g: x == g) == g


@given(gst.groups_with_elements(max_degree=6, count=2))
@settings(max_examples=60)
def test_group_laws(drawn: tuple[PermutationGroup, tuple[Permutation, ...]]) -> None:
    group, (g, h) = drawn
    gst.check_group_laws(group, g, h)


@given(gst.groups_with_elements(max_degree=5, count=2), st.data())
@settings(max_examples=60)
def test_action_and_canonical_laws(
    drawn: tuple[PermutationGroup, tuple[Permutation, ...]], data: st.DataObject
) -> None:
    group, (g, h) = drawn
    x = data.draw(gst.exponent_vectors(group.degree, max_exponent=2))

    def act(p: Permutation, y: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(p.act_on_vector(y))

    gst.check_action_laws(group, act, x, g, h)
    gst.check_canonical_laws(group, act, lambda y: min(act(p, y) for p in group), x, g)
    s = data.draw(gst.subsets(group.degree))
    gst.check_action_laws(group, lambda p, y: p.act_on_set(y), s, g, h)


def test_law_kits_can_fail() -> None:
    s3 = PermutationGroup(["(1,2,3)", "(1,2)"])
    g, h = s3.generators
    outside = Permutation("(1,2)", 3)
    c3 = PermutationGroup(["(1,2,3)"])
    with pytest.raises(AssertionError, match="both must lie in the group"):
        gst.check_group_laws(c3, outside, outside)
    right = lambda p, x: (~p).act_on_vector(x)  # noqa: E731
    with pytest.raises(AssertionError, match="homomorphism"):
        gst.check_action_laws(s3, right, (0, 1, 2), g, h)
    with pytest.raises(AssertionError, match="identity"):
        gst.check_action_laws(s3, lambda p, x: x + 1, 0, g, h)
    act = lambda p, x: p.act_on_vector(x)  # noqa: E731
    with pytest.raises(AssertionError, match="invariance"):
        gst.check_canonical_laws(s3, act, lambda x: x, (0, 1, 2), g)
    with pytest.raises(AssertionError, match="lies in the orbit"):
        gst.check_canonical_laws(s3, act, lambda x: (9, 9, 9), (0, 1, 2), g)
    turn = {(0, 1, 2): (1, 2, 0), (1, 2, 0): (2, 0, 1), (2, 0, 1): (0, 1, 2)}
    with pytest.raises(AssertionError, match="idempotence"):
        gst.check_canonical_laws(c3, act, lambda x: turn[x], (0, 1, 2), c3.identity)


def test_refusals() -> None:
    with pytest.raises(ParameterError, match=r"0 <= min <= max, got 3\.\.2"):
        gst.groups(min_degree=3, max_degree=2)
    with pytest.raises(ParameterError, match="vectors of length 0, got 2"):
        gst.exponent_vectors(0, degree=2)
