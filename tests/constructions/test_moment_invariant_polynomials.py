"""Orbit sums under the sphere and the slices: moments in closed form against sums over points."""

from __future__ import annotations

import pickle
from fractions import Fraction
from math import comb

import numpy as np
import pytest

import symcsq as cs
from groups import PermutationGroup, group
from symcsq.constructions import Family, Member, MomentInvariantPolynomials
from symcsq.errors import DistributionError, FamilyError
from symcsq.functions.moment_matrices import orbit_moment_matrix

LAWS = [cs.Sphere(), cs.Slice(0), cs.Slice(1), cs.Slice(2), cs.Slice(4)]


@pytest.mark.parametrize("law", LAWS, ids=str)
@pytest.mark.parametrize("name", ["C4", "S4", "C5", "C2 x C2"])
@pytest.mark.parametrize("degree", [0, 1, 2, 4])
@pytest.mark.parametrize("multilinear", [False, True])
def test_gram_by_three_routes(name, law, degree, multilinear) -> None:  # type: ignore[no-untyped-def]
    family = MomentInvariantPolynomials(name, degree, law, multilinear=multilinear)
    assert family.size == len(family) == len(family.orbit_sizes)
    gram = family.gram().to_fractions()
    assert gram == orbit_moment_matrix(family.group, family.distribution, family.representatives)
    for i in range(len(family)):
        for j in range(i, len(family)):
            assert gram[i][j] == gram[j][i] == family.gram_entry_slow(i, j)
            assert gram[i][j] == family.gram_exact(i, j)


def test_a_sum_of_squares_on_the_sphere_is_one() -> None:
    # Σ x_i² = 1, so the orbit sum of x_0² under a transitive group has norm 1 in every dimension.
    for n in (1, 2, 5, 30):
        family = MomentInvariantPolynomials(f"C{n}", 2, "sphere")
        assert family.gram_exact(0, 0) == 1 and family[0].representative == (0,) * (n - 1) + (2,)


def test_slice_identities() -> None:
    # On the slice of weight k, e_d(x) = binom(k, d), and x_i² = x_i.
    family = MomentInvariantPolynomials("S6", 3, cs.Slice(4), multilinear=True)
    assert family.size == 1 and family.norm_squared(0) == comb(4, 3) ** 2
    assert MomentInvariantPolynomials("S6", 5, cs.Slice(4), multilinear=True).norm_squared(0) == 0
    squares = MomentInvariantPolynomials("C5", 3, cs.Slice(2), representatives=[[1, 2, 0, 0, 0]])
    products = MomentInvariantPolynomials(
        "C5", 2, cs.Slice(2), representatives=[[1, 1, 0, 0, 0]], multilinear=True
    )
    assert squares.norm_squared(0) == products.norm_squared(0)


def test_large_numbers_leave_int64() -> None:
    family = MomentInvariantPolynomials("C3", 30, "sphere")
    block = family.gram_integers(range(3), range(3))
    assert block.dtype == object
    assert family.scale * block[0, 2] == family.gram_entry_slow(0, 2)
    wide = MomentInvariantPolynomials(
        "C40", 12, cs.Slice(13), representatives=[[1] * 12 + [0] * 28]
    )
    # The probability that two translates of an interval of twelve points are all ones, summed.
    support = [12 + min(s, 40 - s, 12) for s in range(40)]
    value = sum(Fraction(comb(40 - s, 13 - s), comb(40, 13)) if s < 14 else 0 for s in support)
    assert wide.norm_squared(0) == 40 * value


def test_unequal_orbits_are_walked_from_either_side() -> None:
    family = MomentInvariantPolynomials("S5", 5, "sphere")
    full = family.gram_integers(range(len(family)), range(len(family)))
    assert len(set(family.orbit_sizes)) > 1
    for rows, columns in ((range(3), range(2, 7)), ([6, 1], [0]), ([0], [6, 1])):
        assert np.array_equal(family.gram_integers(rows, columns), full[np.ix_(rows, columns)])


def test_invariant_polynomials_lead_here() -> None:
    family = cs.InvariantPolynomials(group("C4"), 3, "slice(2)")
    assert isinstance(family, MomentInvariantPolynomials)
    assert repr(family) == "MomentInvariantPolynomials(group=C4, degree=3, distribution=slice(2))"
    assert repr(cs.InvariantPolynomials("C4", 2, cs.Sphere(), multilinear=True)).endswith(
        "distribution=sphere, multilinear=True)"
    )


def test_protocol() -> None:
    family = MomentInvariantPolynomials("C5", 3, "sphere")
    member = family[1]
    assert isinstance(family, Family) and isinstance(member, Member)
    x = [Fraction(1, 2), Fraction(-3), Fraction(2), Fraction(0), Fraction(7, 3)]
    assert (
        member(x)
        == member.network()(x)
        == member.polynomial().as_expr().subs(dict(zip(member.polynomial().gens, x, strict=True)))
    )
    assert member(x) == member(x[1:] + x[:1])
    assert family.members == "all" and member.norm_squared == family.norm_squared(1)
    copy = pickle.loads(pickle.dumps(family))
    assert copy.gram().to_fractions() == family.gram().to_fractions()


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (("C4", 2, "gaussian"), {}, FamilyError, "must be Sphere"),
        (("C4", 2, cs.Sphere(5)), {}, FamilyError, "must be on the 4 points"),
        (("C4", 2, cs.Slice(5)), {}, DistributionError, "at most n = 4 coordinates"),
        (("C4", -1, "sphere"), {}, FamilyError, "degree: must be an integer >= 0"),
        (("C4", 5, "sphere"), {"multilinear": True}, FamilyError, "use a degree up to 4"),
        (("C4", 2, "sphere"), {"representatives": [[1, 1]]}, FamilyError, "4 exponents, got 2"),
        (("C4", 2, "sphere"), {"representatives": []}, FamilyError, "at least one"),
    ],
)
def test_bad_input(arguments, options, error, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error, match=message):
        MomentInvariantPolynomials(*arguments, **options)


def test_orbits_that_are_too_large_are_refused_before_they_are_walked() -> None:
    family = MomentInvariantPolynomials("S12", 66, "sphere", representatives=[list(range(12))])
    with pytest.raises(
        FamilyError, match="at most 5000000 exponent vectors together, got 479001600"
    ):
        family.gram()


def test_a_character_needs_a_product_law() -> None:
    with pytest.raises(DistributionError, match="independent coordinates"):
        cs.InvariantPolynomials("C4", 2, "sphere", character=[-1])


def test_trivial_group() -> None:
    family = MomentInvariantPolynomials(PermutationGroup([], degree=2), 2, "sphere")
    # E x⁴ = 3/8, E x²y² = 1/8 on the circle.
    assert family.gram().to_fractions()[0] == [Fraction(3, 8), 0, Fraction(1, 8)]
