"""M3: signed orbit sums by formula and by moments, counts through the kernel, Vandermonde."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import pytest

from groups import PermutationGroup
from symcsq.constructions import (
    Family,
    InvariantPolynomials,
    Member,
    SemiInvariantPolynomials,
    kernel_of_character,
)
from symcsq.distributions import Gaussian, Rademacher, Uniform
from symcsq.errors import FamilyError

S3 = PermutationGroup(["(1,2,3)", "(1,2)"])
C4 = PermutationGroup(["(1,2,3,4)"])
D4 = PermutationGroup(["(1,2,3,4)", "(1,3)"])
KLEIN = PermutationGroup(["(1,2)", "(3,4)"])
CASES = [(S3, [1, -1]), (C4, [-1]), (D4, [-1, 1]), (D4, [1, -1]), (KLEIN, [1, -1]), (S3, [1, 1])]


@pytest.mark.parametrize(("G", "values"), CASES, ids=str)
@pytest.mark.parametrize("degree", [2, 3, 4])
@pytest.mark.parametrize("law", [Gaussian(), Uniform()], ids=str)
def test_semi_invariants(G, values, degree, law) -> None:  # type: ignore[no-untyped-def]
    try:
        family = SemiInvariantPolynomials(G, degree, values, law)
    except FamilyError as error:
        assert "no orbit of degree" in str(error)
        return
    assert family.size == len(family)
    x = [Fraction(3 * i * i - 5, i + 1) for i in range(G.degree)]
    for i, member in enumerate(family):
        for j in range(i, len(family)):
            assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)
        value = member(x)
        assert member.network()(x) == value
        for g, sign in zip(G.generators, values, strict=True):
            # (g·f)(x) = f(g⁻¹·x) = χ(g) f(x)
            assert member([x[g(k)] for k in range(G.degree)]) == sign * value


def test_trivial_character_gives_the_invariants() -> None:
    family = SemiInvariantPolynomials(D4, 4, [1, 1])
    invariants = InvariantPolynomials(D4, 4)
    assert [f.exponents for f in family] == [f.representative for f in invariants]
    assert family.norms_squared == invariants.norms_squared


def test_vandermonde() -> None:
    family = SemiInvariantPolynomials(S3, 3, "sign")
    x = [Fraction(2), Fraction(-1, 3), Fraction(5)]
    product = prod(x[j] - x[i] for i in range(3) for j in range(i + 1, 3))
    assert len(family) == 1 and family[0](x) == product


def test_rademacher_has_no_alternating_functions_of_three_signs() -> None:
    with pytest.raises(FamilyError, match="no orbit of degree 2 carries"):
        SemiInvariantPolynomials(S3, 2, "sign", Rademacher())


def test_kernels() -> None:
    assert kernel_of_character(D4, [-1, 1]).order == kernel_of_character(D4, [1, -1]).order == 4
    assert kernel_of_character(S3, [1, 1]) == S3
    assert kernel_of_character(PermutationGroup([], degree=2), []).order == 1


def test_size_without_listing() -> None:
    # Alternating polynomials of S_9: the Vandermonde product times an invariant of degree 4.
    family = SemiInvariantPolynomials("S9", 40, "sign")
    assert family.size == 5 and "_table" not in vars(family)


def test_protocol() -> None:
    family = SemiInvariantPolynomials(C4, 2, [-1])
    assert isinstance(family, Family) and isinstance(family[0], Member)
    assert family.parameters["character"] == "-1" and family.members == "all"
    assert InvariantPolynomials(C4, 2, character=[-1]).kind == family.kind


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SemiInvariantPolynomials("C3", 2, [-1]), "belong to no character"),
        (lambda: SemiInvariantPolynomials(S3, 2, [1]), "each of the 2 generators, got [1]"),
        (lambda: SemiInvariantPolynomials(S3, 2, [1, 2]), "must be 1 or -1"),
        (lambda: SemiInvariantPolynomials(S3, 2, "det"), 'must be "sign"'),
        (lambda: SemiInvariantPolynomials(S3, -1, "sign"), "degree: must be an integer >= 0"),
        (lambda: SemiInvariantPolynomials("C2", 1, [-1], "gaussian x uniform"), "moves"),
        (
            lambda: InvariantPolynomials(C4, 2, character=[-1], multilinear=True),
            "multilinear and representatives cannot be combined with a character",
        ),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FamilyError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)
