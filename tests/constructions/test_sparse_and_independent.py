"""Sparse sums with bounded overlaps and products of independent invariants, each two ways."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest

from groups import PermutationGroup, group
from symcsq.constructions import (
    Family,
    IndependentInvariants,
    Member,
    SparseInvariantPolynomials,
)
from symcsq.distributions import Gaussian, Rademacher, Uniform
from symcsq.errors import FamilyError
from symcsq.exact import ExactReal
from symcsq.functions import Expansion

C5 = PermutationGroup(["(1,2,3,4,5)"])
C3 = PermutationGroup(["(1,2,3)"])


@pytest.mark.parametrize("normalised", [True, False])
@pytest.mark.parametrize(("terms", "size"), [(1, 4), (2, 6), (3, 12)])
def test_gram_of_sparse_sums(terms: int, size: int, normalised: bool) -> None:
    family = SparseInvariantPolynomials(C5, 4, terms, size, Uniform(), normalised=normalised)
    assert len(family) == family.size == size
    for i in range(min(size, 4)):
        for j in range(i, min(size, 4)):
            assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)
        if normalised:
            assert family.norm_squared(i) == terms


def test_overlaps_are_bounded_and_supports_distinct() -> None:
    family = SparseInvariantPolynomials("C12", 4, 5, 200, seed=7)
    supports = [frozenset(o for o, _ in s) for s in family.supports]
    assert len(set(supports)) == 200 and all(len(s) == 5 for s in supports)
    assert max(len(s & t) for s in supports for t in supports if s != t) <= family.overlap == 1
    assert family.supports == SparseInvariantPolynomials("C12", 4, 5, 200, seed=7).supports
    assert family.supports != SparseInvariantPolynomials("C12", 4, 5, 200, seed=8).supports
    for i in range(20):
        for j in range(i):
            assert abs(family.gram_exact(i, j)) <= family.overlap


@pytest.mark.parametrize("normalised", [True, False])
def test_sparse_members(normalised: bool) -> None:
    family = SparseInvariantPolynomials(C5, 4, 3, 6, normalised=normalised)
    x = [Fraction(1, 2), -1, 2, 0, 3]
    for member in family:
        value = ExactReal.of(member(x))
        assert ExactReal.of(member.network()(x)) == value
        for g in C5.generators:
            assert ExactReal.of(member([x[g(i)] for i in range(5)])) == value
        if not normalised:
            assert member.expansion(x) == member(x)
            assert member.expansion.norm_squared() == member.norm_squared
    if normalised:
        with pytest.raises(FamilyError, match="irrational"):
            [member.expansion for member in family]


def invariants() -> list[Expansion]:
    return [
        Expansion(C3, Gaussian(), {(0, 0, 2): 1, (0, 0, 0): 5}),
        Expansion(PermutationGroup([], degree=1), Uniform(), {(1,): 3}),
        Expansion(PermutationGroup(["(1,2)"]), Rademacher(), {(1, 1): 2, (0, 1): "1/2"}),
        Expansion(C3, Gaussian(), {(0, 1, 1): 1, (0, 0, 1): -1}),
    ]


@pytest.mark.parametrize("k", [0, 1, 2, 3, 4])
def test_products_of_independent_invariants(k: int) -> None:
    family = IndependentInvariants(invariants(), k)
    assert family.size == len(family) == comb(4, k)
    x = [Fraction(i * i - 4, i + 1) for i in range(4)] + [1, -1] + [Fraction(1, 3), 2, -1]
    for i in range(len(family)):
        member = family[i]
        assert member(x) == member.expansion(x)
        assert member.norm_squared == member.expansion.norm_squared()
        for j in range(i, len(family)):
            if k <= 2:
                assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)
        if k <= 2:
            assert member.network()(x) == member(x)
        for g in family.group.generators:
            assert member([x[g(a)] for a in range(9)]) == member(x)


def test_protocols() -> None:
    sparse = SparseInvariantPolynomials("C5", 3, 2, 4)
    assert isinstance(sparse, Family) and isinstance(sparse[0], Member)
    assert sparse.parameters["terms"] == 2 and sparse.members == "listed"
    family = IndependentInvariants(invariants(), 2)
    assert isinstance(family, Family) and isinstance(family[0], Member)
    assert family.group.order == 3 * 1 * 2 * 3 and family.distribution.dimension == 9
    big = Expansion(group("C3"), Gaussian(), {(0, 0, 1): 1})
    assert IndependentInvariants([big] * 40, 20).size == comb(40, 20)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SparseInvariantPolynomials(C5, 1, 2, 2), "need at least 4 orbits"),
        (lambda: SparseInvariantPolynomials(C5, 3, 0, 2), "terms: must be an integer >= 1"),
        (lambda: SparseInvariantPolynomials(C5, 3, 2, 0), "size: must be an integer >= 1"),
        (lambda: SparseInvariantPolynomials(C5, 3, 2, 99), "got 99; use fewer functions"),
        (lambda: SparseInvariantPolynomials(C5, 3, 2, 9, overlap=0), "overlap at most 0 give 3"),
        (lambda: SparseInvariantPolynomials("C2", 2, 1, 1, "gaussian x uniform"), "must preserve"),
        (lambda: IndependentInvariants([], 0), "at most the number 0 of invariants"),
        (lambda: IndependentInvariants(invariants(), 5), "at most the number 4"),
        (lambda: IndependentInvariants([3], 1), "invariants[0]: must be an Expansion, got int"),
        (
            lambda: IndependentInvariants([Expansion(C3, Gaussian(), {(0, 0, 0): 2})], 1),
            "invariants[0]: must not be constant",
        ),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FamilyError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_classes_with_too_many_orbits_are_refused_before_they_are_listed() -> None:
    with pytest.raises(FamilyError, match="at most 500000 orbits are listed to choose from, got 7"):
        SparseInvariantPolynomials("C14", 13, 6, 2)
