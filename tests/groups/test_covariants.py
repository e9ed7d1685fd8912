"""Equivariant polynomial maps: the defining equation, and the count by characters."""

from __future__ import annotations

import pytest

from groups import Permutation, PermutationGroup, group
from groups.covariants import equivariant_maps
from groups.errors import MembershipError, ParameterError


@pytest.mark.parametrize("text", ["C1", "C4", "S3", "S4", "D5", "(1,2,3)(4,5)"])
@pytest.mark.parametrize("degree", [0, 1, 2, 3])
def test_maps_are_equivariant_and_counted_by_inner_products(text: str, degree: int) -> None:
    g = group(text)
    maps = equivariant_maps(g, degree)
    point = (2, 3, 5, 7, 11)[: g.degree]
    for f in maps:
        for x in g.generators:
            assert f(x.act_on_vector(point)) == x.act_on_vector(f(point))
    from groups.characters import permutation_character, polynomial_character

    expected = permutation_character(g).inner(polynomial_character(g, degree))
    assert len(maps) == expected


def test_maps_to_pairs() -> None:
    g = group("S4")
    pairs = g.on_pairs()
    images = list(pairs.generators)
    maps = equivariant_maps(g, 2, target=images)
    point = (2, 3, 5, 7)
    for f in maps:
        assert len(f.components()) == 6
        for x, y in zip(g.generators, images, strict=True):
            assert f(x.act_on_vector(point)) == y.act_on_vector(f(point))
    assert len(maps) == 5  # the orbits of {(1,2), (3,4)} on the ten monomials
    edges = tuple(point[i] * point[j] for i, j in pairs.labels)
    assert edges in {f(point) for f in maps}


def test_trivial_target_gives_invariants() -> None:
    g = group("A4")
    one_point = [Permutation.identity(1) for _ in g.generators]
    for d in range(4):
        assert len(equivariant_maps(g, d, target=one_point)) == g.invariant_basis(d).dimension


def test_no_generators() -> None:
    g = PermutationGroup([], 2)
    assert len(equivariant_maps(g, 1)) == 4


def test_bad_input() -> None:
    g = group("S3")
    with pytest.raises(ParameterError, match="one permutation for each"):
        equivariant_maps(g, 1, target=["(1,2)"] * 5)
    wrong = [Permutation([1, 2, 3, 4, 0])] * len(g.generators)
    with pytest.raises(MembershipError, match="homomorphism"):
        equivariant_maps(g, 1, target=wrong)
    mixed = [Permutation.identity(i + 1) for i in range(len(g.generators))]
    if len(mixed) > 1:
        with pytest.raises(ParameterError, match="one degree"):
            equivariant_maps(g, 1, target=mixed)
