"""M1, M2, M6: norms by formula and by moments, counts against listing, networks, bad input."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from groups import PermutationGroup, group
from symcsq.constructions import Family, InvariantPolynomials, Member
from symcsq.distributions import (
    Bernoulli,
    FiniteUniform,
    Gaussian,
    Moments,
    Product,
    Rademacher,
    Uniform,
    parse,
)
from symcsq.errors import DistributionError, FamilyError

GROUPS = {
    "C5": PermutationGroup(["(1,2,3,4,5)"]),
    "trivial": PermutationGroup([], degree=3),
    "one point": PermutationGroup([], degree=1),
    "S4": PermutationGroup(["(1,2,3,4)", "(1,2)"]),
    "C2 x C3": PermutationGroup(["(1,2)", "(3,4,5)"]),
}
LAWS = [Gaussian(), Rademacher(), Bernoulli("1/3"), Uniform(), FiniteUniform([-2, 0, 1, 5])]


def brute_orbits(G: PermutationGroup, degree: int, cap: int | None) -> dict[tuple[int, ...], int]:
    top = degree if cap is None else min(cap, degree)
    vectors = [v for v in product(range(top + 1), repeat=G.degree) if sum(v) == degree]
    orbits: dict[tuple[int, ...], int] = {}
    elements = [g.images.tolist() for g in G.elements()]
    for v in vectors:
        images = set()
        for g in elements:
            w = [0] * len(v)
            for i, e in enumerate(v):
                w[g[i]] = e
            images.add(tuple(w))
        orbits[min(images)] = len(images)
    return dict(sorted(orbits.items()))


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("law", LAWS, ids=str)
@pytest.mark.parametrize("degree", [0, 1, 2, 3])
def test_orbits_norms_and_count(name: str, law, degree: int) -> None:  # type: ignore[no-untyped-def]
    G = GROUPS[name]
    expected = brute_orbits(G, degree, law.max_exponent)
    if not expected:
        with pytest.raises(FamilyError, match="no exponent vector"):
            InvariantPolynomials(G, degree, law)
        return
    family = InvariantPolynomials(G, degree, law)
    assert [f.representative for f in family] == list(expected)
    assert family.orbit_sizes == list(expected.values())
    assert family.size == len(family) == family.orbit_count == len(expected)
    for i in range(min(len(family), 4)):
        for j in range(i, min(len(family), 4)):
            assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)


@pytest.mark.parametrize("name", GROUPS)
def test_members_are_invariant_and_networks_agree(name: str) -> None:
    G = GROUPS[name]
    family = InvariantPolynomials(G, 3, FiniteUniform([-2, 0, 1, 5]))
    x = [Fraction(k * k - 3, k + 1) for k in range(G.degree)]
    for member in (family[0], family[-1]):
        value = member(x)
        for g in G.generators:
            y = [Fraction(0)] * G.degree
            for i, v in enumerate(x):
                y[g(i)] = v
            assert member(y) == value
        network = member.network()
        assert network(x) == value
        assert all(w.denominator == 1 for unit in network.units for _, w in unit.weights)
        poly = member.polynomial()
        import sympy

        at = [sympy.Rational(v.numerator, v.denominator) for v in x]
        assert poly.eval(tuple(at)) == sympy.Rational(value.numerator, value.denominator)


def test_multilinear_is_orbits_of_subsets() -> None:
    G = group("C8")
    family = InvariantPolynomials(G, 3, Gaussian(), multilinear=True)
    table = G.orbits_on_subsets(3)
    # The least 0/1 vector has its ones as late as possible; counts and sizes agree.
    assert family.size == len(table) == G.count_orbits_on_subsets(3)
    assert sorted(family.orbit_sizes) == sorted(table.sizes)
    rademacher = InvariantPolynomials(G, 3, Rademacher())
    assert (rademacher.representatives == family.representatives).all()


def test_mixed_marginals() -> None:
    G = PermutationGroup(["(1,2,3)", "(4,5)"])
    law = parse("gaussian^3 x rademacher^2")
    for degree in range(5):
        family = InvariantPolynomials(G, degree, law)
        assert family.preserves_distribution
        assert all(max(f.representative[3:]) <= 1 for f in family)
        assert family.size == len(family)
        for i in range(len(family)):
            assert family.gram_exact(i, i) == family.gram_entry_slow(i, i)


def test_a_group_that_moves_the_distribution_is_still_a_family() -> None:
    G = PermutationGroup(["(1,2,3,4)"])
    family = InvariantPolynomials(G, 2, Product([Gaussian(), Uniform(), Gaussian(), Uniform()]))
    assert not family.preserves_distribution
    for i in range(len(family)):
        for j in range(len(family)):
            assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)


def test_listed_members_keep_order_and_repeats() -> None:
    G = group("C4")
    family = InvariantPolynomials(G, 2, representatives=[[1, 1, 0, 0], [2, 0, 0, 0], [0, 0, 1, 1]])
    assert [f.representative for f in family] == [(0, 0, 1, 1), (0, 0, 0, 2), (0, 0, 1, 1)]
    assert family.members == "listed" and family.size == 3 and family.orbit_count == 3
    assert family.gram_entry(0, 2) == family.norm_squared(0) == 4
    assert family.gram_exact(0, 2) == family.gram_entry_slow(0, 2)
    assert family.gram_entry(0, 1) == 0


def test_astronomical_sizes_without_listing() -> None:
    G = group("S12")
    assert InvariantPolynomials(G, 6, multilinear=True).size == 1
    from math import comb

    trivial = PermutationGroup([], degree=60)
    assert InvariantPolynomials(trivial, 12).size == comb(71, 12)


def test_protocol() -> None:
    family = InvariantPolynomials("C6", 2)
    assert isinstance(family, Family) and isinstance(family[0], Member)
    assert family.parameters == {"group": "C6", "degree": 2, "distribution": "gaussian"}
    assert family.gram_block([0, 1], [0]).tolist() == [[12], [0]]
    assert family[0].norm_squared == 12
    assert next(iter(family[0].orbit())) == (0, 0, 0, 0, 0, 2)
    with pytest.raises(IndexError):
        family[99]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: InvariantPolynomials(group("C4"), -1), "degree: must be an integer >= 0, got -1"),
        (lambda: InvariantPolynomials(group("C4"), 1.0), "degree: must be an integer"),
        (lambda: InvariantPolynomials(PermutationGroup([], degree=0), 2), "got degree 0"),
        (lambda: InvariantPolynomials(7, 2), "must be a PermutationGroup or an expression"),
        (lambda: InvariantPolynomials("C4", 5, Rademacher()), "use a degree up to 4"),
        (lambda: InvariantPolynomials("C4", 5, multilinear=True), "(multilinear)"),
        (lambda: InvariantPolynomials("C4", 2, representatives=[]), "at least one exponent"),
        (lambda: InvariantPolynomials("C4", 2, representatives=[[1, 1]]), "must have 4 exponents"),
        (
            lambda: InvariantPolynomials("C4", 2, representatives=[[1, 0, 0, 0]]),
            "representatives[0]: exponents must be >= 0 and add up to 2",
        ),
        (
            lambda: InvariantPolynomials("C4", 2, representatives=[[3, -1, 0, 0]]),
            "exponents must be >= 0",
        ),
        (
            lambda: InvariantPolynomials("C4", 2, Rademacher(), representatives=[[2, 0, 0, 0]]),
            "exponents must be at most 1",
        ),
        (
            lambda: InvariantPolynomials("C4", 2, representatives=["abcd"]),
            "must be a list of integers",
        ),
        (lambda: InvariantPolynomials("C4", 3, Moments([1, 0, 1]), representatives=[[3, 0, 0, 0]]),
         "at most 1 here"),
    ],
)  # fmt: skip
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FamilyError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_distribution_of_another_dimension() -> None:
    with pytest.raises(DistributionError, match="each of the 4 points"):
        InvariantPolynomials("C4", 2, "gaussian^3")
