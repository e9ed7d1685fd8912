"""Centralisers: against brute force, class sizes and what they must commute with."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import Permutation, PermutationGroup, group
from groups.centralizers import centralizer
from groups.errors import DegreeError


@settings(max_examples=40)
@given(st.lists(st.permutations(range(6)), min_size=1, max_size=2), st.permutations(range(6)))
def test_brute_force(images: list[list[int]], other: list[int]) -> None:
    g = PermutationGroup(images, degree=6)
    x = Permutation(other)
    found = centralizer(g, x)
    assert found == PermutationGroup([h for h in g.elements() if h * x == x * h], degree=6)


@pytest.mark.parametrize("text", ["M11", "PSL(2,7)", "S4 wr S3", "S9", "A7", "M12", "S2 x S5"])
def test_orders_are_those_of_the_classes(text: str) -> None:
    g = group(text)
    for c in g.conjugacy_classes()[:25]:
        found = centralizer(g, c.representative)
        assert found.order == c.centralizer_order
        assert all(h * c.representative == c.representative * h for h in found.generators)


def test_degenerate_and_bad_input() -> None:
    assert centralizer(PermutationGroup([], 0), Permutation([])).order == 1
    assert centralizer(PermutationGroup([], 3), "(1,2,3)").order == 1
    assert centralizer(group("M24"), Permutation.identity(24)).order == 244823040
    with pytest.raises(DegreeError, match="degree 4"):
        centralizer(group("S4"), Permutation("(1,2)"))
