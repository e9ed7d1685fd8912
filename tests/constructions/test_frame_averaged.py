"""M14: Reynolds averages by formula, by summing over the whole group, and as networks."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb

import pytest

from groups import PermutationGroup, group
from symcsq.constructions import Family, FrameAveraged, Member, ParityNetworks, frames
from symcsq.errors import FamilyError, FrameError
from symcsq.exact import Enclosure, ExactReal

CASES = [
    (PermutationGroup(["(1,2,3,4,5)"]), 2),
    (PermutationGroup(["(1,2,3,4,5,6)", "(2,6)(3,5)"]), 3),
    (PermutationGroup(["(1,2)", "(3,4)"]), 2),
    (PermutationGroup([], degree=4), 2),
    (PermutationGroup([], degree=1), 1),
    (PermutationGroup(["(1,2,3,4)", "(1,2)"]), 4),
]


@pytest.mark.parametrize(("G", "m"), CASES, ids=str)
@pytest.mark.parametrize("activation", ["relu", "erf", [0, 1, 1, 0, 1]], ids=str)
def test_gram_by_formula_and_over_the_group(G, m: int, activation) -> None:  # type: ignore[no-untyped-def]
    family = FrameAveraged(ParityNetworks(G.degree, m, activation), frames.reynolds(G))
    assert family.size == len(family) == family.orbit_count
    assert sum(family.orbit_sizes) == comb(G.degree, m)
    count = min(len(family), 3)
    for i in range(count):
        for j in range(i, count):
            assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)


@pytest.mark.parametrize(("G", "m"), CASES, ids=str)
def test_members_are_the_scaled_averages(G: PermutationGroup, m: int) -> None:
    base = ParityNetworks(G.degree, m, [0, 1, "1/2", 1, 2])
    family = FrameAveraged(base, frames.reynolds(G))
    x = [Fraction(3 * k - 4, k + 2) for k in range(G.degree)]
    seen = []
    for member in family:
        orbit = set(member.orbit())
        assert member.subset == min(orbit) and len(orbit) == member.orbit_size
        seen += sorted(orbit)
        subsets = list(base.subsets())
        average = ExactReal(Fraction(0))
        for g in G.elements():
            # f(g⁻¹·x), with (g⁻¹·x)[i] = x[g(i)]
            moved = [x[g(i)] for i in range(G.degree)]
            average += ExactReal.of(base[subsets.index(member.subset)](moved))
        value = ExactReal.of(member(x))
        assert average * Fraction(member.orbit_size, G.order) == value
        assert ExactReal.of(member.network()(x)) == value
        for g in G.generators:
            moved = [x[g(i)] for i in range(G.degree)]
            assert ExactReal.of(member(moved)) == value
    assert sorted(seen) == list(combinations(range(G.degree), m))


def test_enclosed_norm_is_that_of_the_product() -> None:
    family = FrameAveraged(ParityNetworks(16, 4), frames.reynolds(group("C16")))
    norm = family.norm_squared(0)
    assert isinstance(norm, Enclosure) and norm.digits == 30
    assert norm == (16 * ExactReal.of(family.base.norm)).enclosure(30)
    assert norm.upper - norm.lower == Fraction(1, 10**30)
    zero = FrameAveraged(ParityNetworks(16, 3), frames.reynolds(group("C16")))
    assert zero.norm_squared(0) == 0 and isinstance(zero.norm_squared(0), Fraction)


def test_size_without_listing() -> None:
    family = FrameAveraged(ParityNetworks(64, 6), frames.reynolds(group("C64")))
    assert family.size == group("C64").count_orbits_on_subsets(6)
    assert isinstance(family.base.norm, ExactReal)
    assert "_table" not in vars(family)


def test_listed_subsets() -> None:
    base = ParityNetworks(8, 2, subsets=[[3, 4], [0, 2], [7, 0]])
    family = FrameAveraged(base, frames.reynolds("C8"))
    assert [f.subset for f in family] == [(0, 1), (0, 2), (0, 1)]
    assert family.members == "listed" and family.size == 3 and family.orbit_count == 4
    assert family.gram_exact(0, 2) == family.norm_exact(0) == family.gram_entry_slow(0, 2)


def test_protocol() -> None:
    family = FrameAveraged(ParityNetworks(6, 2), frames.reynolds("C6"))
    assert isinstance(family, Family) and isinstance(family[0], Member)
    assert family.parameters == {
        "group": "C6", "frame": "reynolds", "n": 6, "m": 2, "activation": "relu",
    }  # fmt: skip
    assert family[1].norm_squared == family.norm_exact(1)


def test_bad_input() -> None:
    base = ParityNetworks(6, 2)
    with pytest.raises(FrameError, match="must act on the 6 inputs, got degree 5"):
        FrameAveraged(base, frames.reynolds("C5"))
    with pytest.raises(FrameError, match="frame: must be a frame, got 'C6'"):
        FrameAveraged(base, "C6")  # type: ignore[arg-type]
    with pytest.raises(FamilyError, match="must be a ParityNetworks family, got int"):
        FrameAveraged(3, frames.reynolds("C6"))  # type: ignore[arg-type]
    with pytest.raises(FamilyError, match="got degree 0"):
        frames.reynolds(PermutationGroup([], degree=0))
