"""Bases of invariants: three algorithms, the defining equations, and the Molien count."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import Permutation, PermutationGroup, group
from groups.characters import ClassFunction, sign_character
from groups.errors import MembershipError, ParameterError, TooLargeError
from groups.exact_linear_algebra import null_space, reduced_rows
from groups.invariants import (
    ALGORITHMS,
    InvariantBasis,
    _trivial_on_stabilizer,
    invariant_basis,
)
from groups.isotypic import isotypic_rows

TEXTS = ["C1", "S3", "C4", "D4", "S4", "A4", "C5", "(1,2,3)(4,5)"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("degree", [0, 1, 2, 3])
def test_three_algorithms_agree(text: str, degree: int) -> None:
    g = group(text)
    table = g.character_table()
    for chi in dict.fromkeys([None, *table, *table.rational_characters()]):
        bases = [invariant_basis(g, degree, chi, algorithm=a) for a in ALGORITHMS]
        assert bases[0] == bases[1] == bases[2]


@pytest.mark.parametrize("text", ["S4", "C6", "S2 wr S2", "(1,2,3)(4,5)"])
def test_semi_invariants_transform_by_their_character(text: str) -> None:
    g = group(text)
    for chi in g.character_table():
        if chi.is_linear:
            for f in invariant_basis(g, 4, chi):
                for x in g.generators:
                    value = chi(x)
                    assert f.moved(x) == {a: value * c for a, c in f.terms().items()}


def test_the_vandermonde_product_is_the_first_alternating_polynomial() -> None:
    g = group("S4")
    sign = sign_character(g)
    assert [invariant_basis(g, d, sign).dimension for d in range(7)] == [0] * 6 + [1]
    f = invariant_basis(g, 6, sign)[0]
    for point in ((2, 3, 5, 11), (1, -4, 0, 7)):
        product = 1
        for i, j in itertools.combinations(range(4), 2):
            product *= point[j] - point[i]
        assert f(point) in (product, -product) and f(point) != 0


def test_components_are_closed_and_fill_the_space() -> None:
    g = group("S4")
    for degree in range(5):
        total = 0
        for chi in g.character_table():
            space, rows = isotypic_rows(g, degree, chi, "orbits")
            total += len(rows)
            for move in space.generator_moves():
                moved = [{int(move[a]): c for a, c in row.items()} for row in rows]
                assert reduced_rows(rows + moved, space.count) == rows
        assert total == space.count


def test_galois_orbit_sums_give_rational_bases() -> None:
    g = group("C5")
    chi = g.character_table()[1]
    over_field = invariant_basis(g, 3, chi)
    over_q = invariant_basis(g, 3, chi.rational())
    assert over_q.dimension == 4 * over_field.dimension
    assert all(isinstance(c, int) or c.denominator > 0 for f in over_q for c in f.terms().values())
    fields = {c.conductor for f in over_field for c in f.terms().values() if not isinstance(c, int)}
    assert fields == {5}


@settings(max_examples=20)
@given(st.lists(st.permutations(range(5)), min_size=1, max_size=2), st.integers(0, 4))
def test_orbit_sums(images: list[list[int]], degree: int) -> None:
    g = PermutationGroup(images, degree=5)
    basis = g.invariant_basis(degree)
    assert basis.dimension == g.molien_series().coefficient(degree)
    seen: set[tuple[int, ...]] = set()
    for f in basis:
        terms = f.terms()
        assert len(terms) == f.orbit_size and min(terms) == f.representative
        assert not seen & set(terms) and set(terms.values()) == {1}
        assert all(f.moved(x) == terms for x in g.generators)
        seen |= set(terms)


@pytest.mark.parametrize(
    ("text", "degree", "dimension"),
    [("S5 on pairs", 8, 291), ("M11", 6, 13), ("S50", 8, 22), ("S4 wr S8", 4, 14)],
)
def test_large_cases(text: str, degree: int, dimension: int) -> None:
    assert group(text).invariant_basis(degree).dimension == dimension


def test_two_dimensional_component_of_s4_in_degree_12() -> None:
    g = group("S4")
    chi = next(c for c in g.character_table() if c.degree == 2)
    basis = g.invariant_basis(12, chi)
    assert basis.dimension == 2 * g.molien_series(chi).coefficient(12) == 76


def test_semi_invariants_of_large_groups_use_stabilizers() -> None:
    for text, degree in (("S5", 10), ("A5", 6), ("C6", 4), ("S3 wr C2", 3)):
        g = group(text)
        for chi in g.character_table():
            if chi.is_linear and not chi.is_trivial:
                alphas = {f.representative for f in g.invariant_basis(degree, chi)}
                for alpha, _ in g.orbits_on_exponents(degree):
                    assert _trivial_on_stabilizer(g, alpha, chi) == (alpha in alphas)


def test_conversions_and_display() -> None:
    import sympy

    f = group("S3").invariant_basis(2)[1]
    x1, x2, x3 = sympy.symbols("x1 x2 x3")
    assert f.polynomial() == sympy.Poly(x1 * x2 + x1 * x3 + x2 * x3, x1, x2, x3)
    assert str(f.to_flint()) == "x1*x2 + x1*x3 + x2*x3"
    assert f((1, 2, 3)) == 11 and f._repr_latex_().startswith("$x_{1}")
    basis = group("S3").invariant_basis(2)
    assert "<table>" in basis._repr_html_() and "dimension 2" in repr(basis)
    assert basis.__rich__().row_count == 2 and isinstance(basis, InvariantBasis)
    omega = group("C3").invariant_basis(1, group("C3").character_table()[1])[0]
    assert "E(3)" in str(omega)
    with pytest.raises(ParameterError):
        omega.to_flint()
    assert omega((1, 1, 1)) == 0


def test_degenerate_groups() -> None:
    empty = PermutationGroup([], 0)
    assert empty.invariant_basis(0).dimension == 1 and empty.invariant_basis(2).dimension == 0
    assert PermutationGroup([], 1).invariant_basis(5)[0].representative == (5,)
    for algorithm in ALGORITHMS:
        assert PermutationGroup([], 3).invariant_basis(2, algorithm=algorithm).dimension == 6


def test_bad_input() -> None:
    g = group("S4")
    table = g.character_table()
    with pytest.raises(ParameterError, match="integer >= 0, got -1"):
        invariant_basis(g, -1)
    with pytest.raises(ParameterError, match="orbits, reynolds, linear_algebra"):
        invariant_basis(g, 2, algorithm="groebner")
    with pytest.raises(MembershipError, match="must belong to"):
        invariant_basis(g, 2, group("A4").character_table()[1])
    with pytest.raises(ParameterError, match=r"got 1\*X.2 \+ 1\*X.4"):
        invariant_basis(g, 2, table[1] + table[3])
    with pytest.raises(ParameterError, match="with irreducible 0"):
        invariant_basis(g, 2, ClassFunction(g.conjugacy_classes(), [1, 0, 0, 0, 0]))
    with pytest.raises(TooLargeError, match=r"has \d+ elements \(Molien series\)"):
        invariant_basis(group("C12"), 30)


# -- exact linear algebra ----------------------------------------------------------------------

entries = st.integers(-3, 3)


@given(st.lists(st.lists(entries, min_size=4, max_size=4), min_size=1, max_size=4))
def test_echelon_and_null_space(matrix: list[list[int]]) -> None:
    rows = [{j: x for j, x in enumerate(row) if x} for row in matrix]
    rows = [r for r in rows if r]
    reduced, kernel = reduced_rows(rows, 4), null_space(rows, 4)
    assert len(reduced) + len(kernel) == 4
    assert reduced_rows(reduced, 4) == reduced
    for row in rows:
        for vector in kernel:
            assert sum(row.get(j, 0) * vector.get(j, 0) for j in range(4)) == 0


def test_cyclotomic_echelon() -> None:
    from groups.cyclotomics import Cyclotomic

    i = Cyclotomic("E(4)")
    rows = [{0: 1, 1: i}, {0: i, 1: -1, 2: i}]
    assert reduced_rows(rows, 3) == [{0: 1, 1: i}, {2: 1}]
    assert null_space([{0: 1, 1: i}], 2) == [{0: 1, 1: i}]


def test_moved_matches_the_action() -> None:
    f = group("C4").invariant_basis(2)[0]
    x = Permutation("(1,2)", 4)
    assert f.moved(x) == {x.act_on_vector(a): c for a, c in f.terms().items()}


def test_long_bases_are_refused_at_once() -> None:
    five = group("S5")
    with pytest.raises(TooLargeError, match="dimension 4400 among 46376 monomials"):
        five.invariant_basis(30, five.character_table()[3])
    for character in (None, five.character_table()[1]):
        with pytest.raises(TooLargeError, match="degree: bases are made up to degree 100000"):
            five.invariant_basis(9_999_999, character)
    long = group("S40").invariant_basis(12)[-1]
    with pytest.raises(TooLargeError, match="terms: at most 5000000 are written out"):
        long.terms()


def test_a_series_of_many_steps_is_refused() -> None:
    with pytest.raises(TooLargeError, match="count: 100000000 coefficients"):
        group("S3").molien_series().coefficients(10**8)
