"""Laws on finitely many points of R^n: moments, symmetry, and what is refused."""

from __future__ import annotations

import pickle
from fractions import Fraction
from itertools import combinations, permutations, product

import pytest

import symcsq as cs
from groups import PermutationGroup
from symcsq.constructions import MomentInvariantPolynomials
from symcsq.distributions import FiniteJoint
from symcsq.errors import DistributionError, FamilyError


def test_a_product_given_jointly_has_the_moments_of_the_product() -> None:
    product_law = cs.FiniteUniform([-2, 0, "1/2"]).on(2)
    joint = FiniteJoint(list(product([-2, 0, "1/2"], repeat=2)))
    for exponents in product(range(5), repeat=2):
        assert joint.moment(exponents) == product_law.moment(exponents)


def test_a_slice_given_jointly_has_the_moments_of_the_slice() -> None:
    points = [[int(i in ones) for i in range(4)] for ones in combinations(range(4), 2)]
    joint, law = FiniteJoint(points), cs.Slice(2).on(4)
    for exponents in product(range(3), repeat=4):
        assert joint.moment(exponents) == law.moment(exponents)
    group = PermutationGroup([[1, 2, 3, 0]], degree=4)
    for degree in (0, 2, 3):
        first = MomentInvariantPolynomials(group, degree, joint)
        second = MomentInvariantPolynomials(group, degree, law)
        assert first.gram().to_fractions() == second.gram().to_fractions()


def test_points_are_sorted_and_repeats_add_up() -> None:
    law = FiniteJoint([[1, 0], [0, 1], [1, 0]], ["1/4", "1/2", "1/4"])
    assert law == FiniteJoint([[0, 1], [1, 0]]) and hash(law) == hash(FiniteJoint([[0, 1], [1, 0]]))
    assert list(law.support()) == [((0, 1), Fraction(1, 2)), ((1, 0), Fraction(1, 2))]
    assert pickle.loads(pickle.dumps(law)) == law
    assert str(law) == "finite-joint(2 points of R^2)" and law.on(2) is law
    assert law.moment_denominator(4) == 2


def test_violations_name_point_and_image() -> None:
    law = FiniteJoint([[0, 1], [1, 0], [2, 0]], ["1/2", "1/4", "1/4"])
    assert law.violation([1, 0]) == (0, 1, 0, (Fraction(1, 2), Fraction(1, 4)))
    assert FiniteJoint([[0, 2]]).violation([1, 0]) == (0, -1, 0, (Fraction(1), Fraction(0)))
    assert law.preserves([0, 1])


def test_signs() -> None:
    assert FiniteJoint(list(product([-1, 1], repeat=3))).is_sign_symmetric
    assert not FiniteJoint(list(permutations([0, 1, -1]))).is_sign_symmetric


@pytest.mark.parametrize("degree", [0, 1, 2, 3])
@pytest.mark.parametrize("multilinear", [True, False])
def test_gram_against_moments(degree: int, multilinear: bool) -> None:
    law = FiniteJoint([*permutations([0, "1/3", -2]), ["1/2"] * 3], ["1/7"] * 7)
    group = PermutationGroup([[1, 2, 0]], degree=3)
    family = cs.InvariantPolynomials(group, degree, law, multilinear=multilinear)
    gram = family.gram().to_fractions()
    for i in range(len(family)):
        for j in range(len(family)):
            assert gram[i][j] == family.gram_entry_slow(i, j) == family.gram_exact(i, j)


def test_long_numbers() -> None:
    law = FiniteJoint([[10**12, 0], [0, 10**12]])
    family = MomentInvariantPolynomials(PermutationGroup([[1, 0]], degree=2), 3, law)
    assert family.norm_squared(0) == 10**72


@pytest.mark.parametrize(
    ("points", "weights", "message"),
    [
        ([], None, "points: must be at least one"),
        ([[]], None, "points: must be at least one"),
        ([[1], [1, 2]], None, "of dimensions \\[1, 2\\]"),
        ([[1], [2]], [1], "weights: must be 2 positive rationals of sum 1"),
        ([[1], [2]], [1, 0], "weights: must be 2 positive rationals of sum 1"),
        ([[1], [2]], ["1/2", "1/3"], "of sum 5/6"),
    ],
)
def test_bad_laws(points: list[list[int]], weights: object, message: str) -> None:
    with pytest.raises(DistributionError, match=message):
        FiniteJoint(points, weights)


def test_bad_uses() -> None:
    law = FiniteJoint([[0, 1]])
    with pytest.raises(DistributionError, match="must be 2 integers >= 0"):
        law.moment((1,))
    with pytest.raises(DistributionError, match="give points of dimension 3"):
        law.on(3)
    with pytest.raises(FamilyError, match=r"generator 0 = .* moves finite-joint"):
        MomentInvariantPolynomials("C2", 1, law)
    with pytest.raises(DistributionError, match="give points of dimension 3"):
        cs.InvariantPolynomials("C3", 1, law)
