"""Frames: equivariance on whole finite domains, spreads against listed elements, M15 with ties."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import product
from math import comb, perm

import pytest

from groups import PermutationGroup, group
from symcsq.constructions import (
    Family,
    FiniteFrameAverages,
    FrameAveraged,
    Member,
    ParityNetworks,
    frames,
)
from symcsq.constructions.frames import Frame
from symcsq.errors import FamilyError, FrameError
from symcsq.exact import ExactReal
from symcsq.functions import HermiteSeries

C4 = PermutationGroup(["(1,2,3,4)"])
D4 = PermutationGroup(["(1,2,3,4)", "(1,3)"])
KLEIN = PermutationGroup(["(1,2)", "(3,4)"])
FRAMES: list[Frame] = [
    frames.reynolds(C4),
    frames.minimal_image(C4),
    frames.minimal_image(D4),
    frames.minimal_image(KLEIN),
    frames.minimal_image(PermutationGroup([], degree=4)),
    frames.sorting(4),
    frames.absolute_sorting(4),
    frames.mixture([(frames.sorting(4), "1/3"), (frames.absolute_sorting(4), "2/3")]),
]
DOMAIN = list(product([-2, -1, 1, 2], repeat=4))


@pytest.mark.parametrize("frame", FRAMES, ids=str)
def test_equivariance_on_a_whole_domain(frame: Frame) -> None:
    assert frame.equivariance_violation(DOMAIN[::5]) is None


def test_a_frame_that_is_not_equivariant_is_found() -> None:
    class Fixed(frames.Reynolds):
        def elements(self, x):  # type: ignore[no-untyped-def]
            return [(self.group.identity, Fraction(1))]

    assert Fixed(C4).equivariance_violation([(1, 2, 3, 4)]) == ((1, 2, 3, 4), 0)


@pytest.mark.parametrize("frame", FRAMES, ids=str)
@pytest.mark.parametrize("subset", [(0,), (0, 1), (1, 3), (0, 1, 2, 3)])
def test_spread_is_what_the_elements_do(frame: Frame, subset: tuple[int, ...]) -> None:
    for x in DOMAIN[::7]:
        expected: dict[tuple[int, ...], Fraction] = {}
        for g, weight in frame.elements(x):
            image = tuple(sorted(g(i) for i in subset))
            expected[image] = expected.get(image, Fraction(0)) + weight
        assert frame.spread(x, subset) == expected
        assert sum(expected.values()) == 1
    if frame.is_sign_invariant:
        assert frame.spread([1, -2, 2, -1], subset) == frame.spread([-1, -2, -2, 1], subset)


def test_sorting_is_the_minimal_image_of_the_symmetric_group() -> None:
    S3 = PermutationGroup(["(1,2,3)", "(1,2)"])
    for x in product([0, 1, 5], repeat=3):
        assert dict(frames.sorting(3).elements(x)) == dict(frames.minimal_image(S3).elements(x))


ACTIVATIONS = ["relu", [1, 0, 2, 1]]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("m", [1, 2])
@pytest.mark.parametrize(
    "frame",
    [
        frames.sorting(3),
        frames.absolute_sorting(3),
        frames.minimal_image(PermutationGroup(["(1,2,3)"])),
        frames.mixture([(frames.sorting(3), "1/2"), (frames.absolute_sorting(3), "1/2")]),
        frames.transversal(PermutationGroup(["(1,2,3)"]), PermutationGroup([], degree=3)),
    ],
    ids=str,
)
def test_gram_by_spreads_and_by_elements(frame: Frame, m: int, activation: object) -> None:
    family = FiniteFrameAverages(ParityNetworks(3, m, activation), frame, "finite(-2,-1,1,2)")
    for i, j in [(0, 0), (0, 1), (1, 2)]:
        assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)


def test_the_example_of_the_mathematics_page() -> None:
    family = FrameAveraged(
        ParityNetworks(3, 1, [0, 1]), frames.absolute_sorting(3), distribution="finite(-2,-1,1,2)"
    )
    assert isinstance(family, FiniteFrameAverages) and family.sign_invariant
    assert family.gram_exact(0, 1) / 4 == Fraction(19, 48)
    assert family.norm_exact(0) / 4 == Fraction(37, 48)
    assert family.largest_frame() == 3


def test_no_ties_no_correlation() -> None:
    # Supports that never tie in absolute value: |F(x)| = 1 everywhere.
    law = "finite(-1,1) x finite(-2,2) x finite(-3,3)"
    trivial = PermutationGroup([], degree=3)
    family = FiniteFrameAverages(ParityNetworks(3, 2), frames.minimal_image(trivial), law)
    assert family.largest_frame() == 1
    assert all(family.gram_exact(i, j) == 0 for i in range(3) for j in range(i))
    with pytest.raises(FamilyError, match="generator 0 moves"):
        FiniteFrameAverages(ParityNetworks(3, 2), frames.absolute_sorting(3), law)


@pytest.mark.parametrize("frame", FRAMES[:4] + FRAMES[5:], ids=str)
def test_averages_are_invariant_on_the_whole_domain(frame: Frame) -> None:
    base = ParityNetworks(4, 2, subsets=[(0, 1), (0, 2)])
    family = FiniteFrameAverages(base, frame, "finite(-1,2)")
    assert family.invariance_violation() is None
    for member in family:
        for x in [(-1, 2, 2, -1), (2, 2, -1, -1), (2, 2, 2, 2)]:
            assert ExactReal.of(member(x)) == ExactReal.of(member.network()(x))


def test_different_orbits_are_orthogonal_under_sign_invariant_frames() -> None:
    # C_4 on pairs: {0,1} and {0,2} lie in different orbits; Reynolds does not depend on x.
    base = ParityNetworks(4, 2, subsets=[(0, 1), (0, 2), (1, 2)])
    family = FrameAveraged(base, frames.reynolds(C4), distribution="finite(-2,-1,1,2)")
    assert isinstance(family, FiniteFrameAverages)
    assert family.gram_exact(0, 1) == 0 and family.gram_exact(0, 2) == family.norm_exact(0) > 0


def test_transversals_average_as_the_whole_group() -> None:
    H = C4.subgroup(["(1,3)(2,4)"])
    base = ParityNetworks(4, 2, subsets=[(0, 2)])
    law = "finite(-2,-1,1,2)"
    part = FiniteFrameAverages(base, frames.transversal(C4, H), law)
    whole = FiniteFrameAverages(base, frames.reynolds(C4), law)
    assert part.gram_exact(0, 0) == whole.gram_exact(0, 0) == part.gram_entry_slow(0, 0)
    x = [Fraction(1), Fraction(5, 2), Fraction(-3), Fraction(2)]
    assert part[0](x) == whole[0](x)
    assert frames.transversal(C4, H).equivariance_violation([]) is None
    with pytest.raises(FrameError, match="moves"):
        frames.transversal(C4, H).spread(x, (0, 1))
    half = frames.mixture([(frames.transversal(C4, H), "1/2"), (frames.reynolds(C4), "1/2")])
    # Equivariant as a set of cosets, and so in a mixture.
    assert half.equivariance_violation([(0, 1, 1, 2)]) is None
    for frame in (frames.transversal(C4, H), half):
        with pytest.raises(FrameError, match="moves"):  # before any point is looked at
            FiniteFrameAverages(ParityNetworks(4, 2), frame, law)


def test_twelve_inputs_and_a_group_too_large_to_average_over() -> None:
    start = time.process_time()
    base = ParityNetworks(12, 2, subsets=[(0, 1), (0, 11), (5, 6)])
    family = FiniteFrameAverages(base, frames.absolute_sorting(12), "finite(-2,-1,1,2)")
    gram = [[family.gram_exact(i, j) for j in range(3)] for i in range(3)]
    assert time.process_time() - start < 20
    assert all(gram[i][j] == gram[j][i] for i in range(3) for j in range(3))
    assert gram[0][1] ** 2 < gram[0][0] * gram[1][1]
    # Rank 0 is small and rank 11 is large for most points.
    assert family.group.order == perm(12)


@pytest.mark.parametrize("activation", ["relu", "abs", "sign", [0, 1, 0, 1], [0, 0, 1]])
@pytest.mark.parametrize("law", ["finite(-1,1)", "finite(-1,2)"])
def test_square_roots_of_the_width(law: str, activation: object) -> None:
    """Values are multiples of the root of 2 or 3, or rational, or all 0."""
    for m in (1, 2, 3):
        base = ParityNetworks(3, m, activation, subsets=[range(m), range(3 - m, 3)])
        family = FiniteFrameAverages(base, frames.absolute_sorting(3), law)
        for i, j in [(0, 0), (0, 1)]:
            assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)


def test_norms_add_up_over_all_subsets() -> None:
    base = ParityNetworks(5, 2)
    family = FiniteFrameAverages(base, frames.absolute_sorting(5), "rademacher")
    total = sum(family.norm_exact(i) for i in range(len(family)))
    single = FiniteFrameAverages(
        base, frames.minimal_image(PermutationGroup([], degree=5)), "rademacher"
    )
    # All |x_i| tie: every member is the same average of all f_U, of norm ‖f‖²/binom(5, 2).
    assert total == single.norm_exact(0)
    assert family.gram_exact(0, 7) == family.norm_exact(0) == single.norm_exact(0) / comb(5, 2)


def test_protocol() -> None:
    family = FiniteFrameAverages(ParityNetworks(3, 1), frames.sorting(3), "finite(-1,1)")
    assert isinstance(family, Family) and isinstance(family[0], Member)
    assert family.members == "all" and family.size == len(family) == 3
    assert family.parameters["frame"] == "sorting(3)" and not family.sign_invariant


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: frames.transversal(C4, KLEIN), "subgroup: must be contained in the group"),
        (lambda: frames.sorting(0), "n: must be an integer >= 1, got 0"),
        (lambda: frames.mixture([]), "must be frames with weights"),
        (lambda: frames.mixture([(frames.sorting(2), "1/2")]), "sum to 1, got ['1/2']"),
        (
            lambda: frames.mixture([(frames.sorting(2), "1/2"), (frames.sorting(3), "1/2")]),
            "of one group",
        ),
        (lambda: frames.reynolds(group("S10")).elements([0] * 10), "got 3628800"),
        (lambda: frames.sorting(12).elements([0] * 12), "elements are listed at a point"),
        (
            lambda: FrameAveraged(
                ParityNetworks(3, 1), frames.sorting(4), distribution="finite(1)"
            ),
            "must act on the 3 inputs, got degree 4",
        ),
        (
            lambda: FrameAveraged(ParityNetworks(3, 1), frames.sorting(3)),
            "need a law with finite support, got none",
        ),
        (
            lambda: FrameAveraged(ParityNetworks(3, 1), frames.sorting(3), distribution="gaussian"),
            "need a finite support, got gaussian^3",
        ),
        (
            lambda: FrameAveraged(
                ParityNetworks(4, 1), frames.reynolds(C4), distribution="uniform"
            ),
            "taken under the Gaussian or a law with finite support, got uniform",
        ),
        (
            lambda: FiniteFrameAverages(
                ParityNetworks(3, 1, "erf"), frames.sorting(3), "finite(1,2)"
            ),
            "products of values of erf are not rational",
        ),
        (
            lambda: FiniteFrameAverages(
                ParityNetworks(3, 1, HermiteSeries([0, 1], tail=1)), frames.sorting(3), "rademacher"
            ),
            "are not rational; use relu, abs, sign or a polynomial",
        ),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((FamilyError, FrameError)) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)
