"""Character tables: every method against the others and against peers; characters as objects."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import PermutationGroup, group
from groups.character_tables import CharacterTable, verify_table
from groups.characters import (
    Character,
    ClassFunction,
    character_table,
    complete_symmetric_trace,
    permutation_character,
    polynomial_character,
    sign_character,
    trivial_character,
)
from groups.classes import conjugacy_classes
from groups.cyclotomics import Cyclotomic
from groups.dixon import dixon_prime, matrix_product
from groups.errors import MembershipError, ParameterError, TooLargeError

STRUCTURED = [
    "C1", "C2", "C12", "C3 x C6", "S3", "S4", "S5", "S6", "A3", "A4", "A5", "A6", "A7", "A8",
    "S3 x A4", "S2 wr S3", "S3 wr S3", "C3 wr S3", "C4 wr S2", "A4 wr S2", "S3 wr C3", "D5", "D6",
    "S7 on pairs",
]  # fmt: skip


def bare(g: PermutationGroup) -> PermutationGroup:
    return PermutationGroup(g.generators, g.degree)


def quaternion() -> PermutationGroup:
    return PermutationGroup(["(1,2,3,4)(5,6,7,8)", "(1,5,3,7)(2,8,4,6)"])


def sylow_2_of_s10() -> PermutationGroup:
    return PermutationGroup(["(1,2)", "(1,3)(2,4)", "(1,5)(2,6)(3,7)(4,8)", "(9,10)"], degree=10)


def rows(table: CharacterTable) -> list[tuple[Cyclotomic, ...]]:
    return [chi.values for chi in table]


@pytest.mark.parametrize("text", STRUCTURED)
def test_structure_and_dixon_agree(text: str) -> None:
    g = group(text)
    table = character_table(g)
    assert rows(table) == rows(character_table(g, algorithm="dixon"))
    assert rows(table) == rows(character_table(bare(g)))
    assert table[0].is_trivial and list(table.degrees) == sorted(table.degrees)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("M11", (1, 10, 10, 10, 11, 16, 16, 44, 45, 55)),
        ("M12", (1, 11, 11, 16, 16, 45, 54, 55, 55, 55, 66, 99, 120, 144, 176)),
        ("M22", (1, 21, 45, 45, 55, 99, 154, 210, 231, 280, 280, 385)),
        ("PSL(2,7)", (1, 3, 3, 6, 7, 8)),
        ("AGL(3,2)", (1, 3, 3, 6, 7, 7, 7, 8, 14, 21, 21)),
    ],
)
def test_degrees_of_the_atlas(text: str, degrees: tuple[int, ...]) -> None:
    assert group(text).character_table().degrees == degrees


@pytest.mark.parametrize("degree", [0, 1, 4])
def test_trivial_groups(degree: int) -> None:
    g = PermutationGroup([], degree)
    for algorithm in ("auto", "dixon"):
        table = character_table(g, algorithm)
        assert rows(table) == [(1,)] and table.indicators == (1,) and table[0].field == "Q"


def test_quaternion_group() -> None:
    table = quaternion().character_table()
    assert table.degrees == (1, 1, 1, 1, 2) and table.indicators == (1, 1, 1, 1, -1)


@pytest.mark.parametrize("text", ["S4", "A5", "C6", "M11", "S3 wr C3", "PSL(2,7)"])
def test_indicators_count_involutions(text: str) -> None:
    table = group(text).character_table()
    roots = sum(d * i for d, i in zip(table.degrees, table.indicators, strict=True))
    sizes = zip(table.classes.sizes, table.classes.element_orders, strict=True)
    assert roots == sum(size for size, order in sizes if order <= 2)


@pytest.mark.parametrize("text", ["A5", "C5", "M11", "C3 wr S3"])
def test_columns_are_orthogonal(text: str) -> None:
    table = group(text).character_table()
    columns = list(zip(*rows(table), strict=True))
    for i, a in enumerate(columns):
        for j, b in enumerate(columns):
            total = sum((x * y.conjugate() for x, y in zip(a, b, strict=True)), Cyclotomic(0))
            assert total == (table.classes.centralizer_orders[i] if i == j else 0)


def test_fields() -> None:
    fields = [chi.field for chi in group("C12").character_table()]
    assert sorted(set(fields)) == ["Q", "Q(E(12))", "Q(sqrt(-1))", "Q(sqrt(-3))"]
    assert {chi.field for chi in group("M11").character_table()} == {
        "Q", "Q(sqrt(-2))", "Q(sqrt(-11))",
    }  # fmt: skip
    cubic = [chi for chi in group("PSL(2,8)").character_table() if chi.field_degree == 3]
    assert cubic and all(chi.rational().is_rational for chi in cubic)


def test_verification_rejects_a_wrong_table() -> None:
    for text, (i, j) in (("S4", (2, 3)), ("A5", (1, 4)), ("C3", (1, 2))):
        table = group(text).character_table()
        values = [list(chi._values) for chi in table]
        values[i][j] = values[i][j] + 3
        with pytest.raises(AssertionError):
            verify_table(CharacterTable(table.classes, values))
        swapped = [list(chi._values) for chi in table]
        for row in swapped:
            row[1], row[-1] = row[-1], row[1]
        if table.classes.sizes[1] != table.classes.sizes[-1]:
            with pytest.raises(AssertionError):
                verify_table(CharacterTable(table.classes, swapped))


# -- class functions ---------------------------------------------------------------------------


@settings(max_examples=20)
@given(
    st.sampled_from(["S4", "A5", "C6", "S3 wr C2", "PSL(2,7)"]), st.randoms(use_true_random=False)
)
def test_power_operations_and_reciprocity(text: str, rng: random.Random) -> None:
    g = group(text)
    table = g.character_table()
    chi, psi = rng.choice(table.characters), rng.choice(table.characters)
    square = chi * chi
    assert chi.symmetric_power(2) + chi.exterior_power(2) == square
    assert square.inner(chi.symmetric_power(2)) >= 1
    assert all(isinstance(m, int) and m > 0 for m, _ in (chi * psi).decompose())
    assert chi.exterior_power(chi.degree).degree == 1
    assert not any(chi.exterior_power(chi.degree + 1).values)
    assert chi.symmetric_power(0).is_trivial and chi.symmetric_power(1) == chi
    h = g.subgroup([g.random_element(rng)])
    theta = rng.choice(h.character_table().characters)
    assert theta.induce(g).inner(chi) == theta.inner(chi.restrict(h))
    assert theta.induce(g).degree * h.order == theta.degree * g.order
    assert chi.restrict(h).degree == chi.degree


def test_frobenius_schur_of_the_square() -> None:
    for text in ("S4", "A5", "C6", "M11"):
        for chi in group(text).character_table():
            trivial = trivial_character(chi.group)
            expected = int(chi.symmetric_power(2).inner(trivial)) - int(
                chi.exterior_power(2).inner(trivial)
            )
            assert chi.indicator == expected


@pytest.mark.parametrize("text", ["S5", "M11", "S5 on pairs", "C6", "(1,2,3)(4,5)"])
def test_permutation_character(text: str) -> None:
    g = group(text)
    pi = permutation_character(g)
    assert pi.inner(trivial_character(g)) == len(g.orbits())
    assert pi.inner(pi) == g.count_orbits_on_tuples(2)
    assert sum(m * chi.degree for m, chi in pi.decompose()) == g.degree


def test_polynomials_are_symmetric_powers() -> None:
    g = group("S4")
    for d in range(5):
        assert polynomial_character(g, d) == permutation_character(g).symmetric_power(d)
    assert complete_symmetric_trace((3, 1), 3) == 2
    assert polynomial_character(PermutationGroup([], 0), 0).degree == 1


def test_sign_and_rational_characters() -> None:
    g = group("S5")
    assert sign_character(g) in set(g.character_table())
    table = group("C5").character_table()
    assert [c.degree for c in table.rational_characters()] == [1, 4]
    assert table[1].rational().values == (4, -1, -1, -1, -1)


def test_values_at_elements_and_equality() -> None:
    g = group("S4")
    chi = g.character_table()[4]
    assert chi(g.identity) == chi.degree == 3 and chi(g.conjugacy_classes()[0]) == chi(0)
    assert chi == group("S4").character_table()[4] and hash(chi) == hash(
        group("S4").character_table()[4]
    )
    assert (chi - chi).values == (0,) * 5 and not isinstance(chi - chi, Character)
    assert isinstance(2 * chi, Character) and (chi * Fraction(1, 2)).degree == Fraction(3, 2)
    assert (chi**2).degree == 9 and chi.kernel_classes() == (0,)
    assert (-chi).degree == -3


def test_display() -> None:
    table = group("A5").character_table()
    assert "1a" in str(table) and "E(5)" in str(table) and "<table>" in table._repr_html_()
    assert table._repr_latex_().startswith("$\\begin{array}")
    assert table.to_sympy().shape == (5, 5)
    from rich.console import Console

    console = Console(width=120, record=True, file=io.StringIO())
    console.print(table)
    assert "X.5" in console.export_text()


def test_bad_input() -> None:
    g, h = group("S4"), group("A4")
    chi = g.character_table()[3]
    half = ClassFunction(g.conjugacy_classes(), [1, 0, 0, 0, 0])
    with pytest.raises(ParameterError, match="integers >= 0, got 1/24 with irreducible 0"):
        half.as_character()
    with pytest.raises(ParameterError, match="zero function"):
        (chi - chi).as_character()
    with pytest.raises(ParameterError, match="got -1"):
        Character(g.conjugacy_classes(), [-1] * 5)
    with pytest.raises(ParameterError, match="one value per class, got 2 for 5"):
        ClassFunction(g.conjugacy_classes(), [1, 2])
    with pytest.raises(MembershipError, match="restrict or induce"):
        chi + h.character_table()[0]
    with pytest.raises(MembershipError, match="generator"):
        h.character_table()[0].induce(group("C4"))
    with pytest.raises(MembershipError, match="one degree"):
        chi.restrict(group("S3"))
    with pytest.raises(ParameterError, match="dixon"):
        character_table(g, algorithm="magic")
    with pytest.raises(ParameterError, match="degree >= 0"):
        polynomial_character(g, -1)
    with pytest.raises(ParameterError, match="at least one point"):
        permutation_character(PermutationGroup([], 0))
    with pytest.raises(TooLargeError, match="2500"):
        group("S30").character_table()


# -- parts of the algorithm --------------------------------------------------------------------


def test_dixon_primes_and_products() -> None:
    for e, bound in ((1, 1), (12, 100), (30, 5000), (21252, 31300)):
        p, root = dixon_prime(e, bound)
        assert p > bound and (p - 1) % e == 0
        assert pow(root, e, p) == 1 and all(pow(root, k, p) != 1 for k in range(1, min(e, 50)))
    p = 2**31 - 1
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, p, (5, 7)), rng.integers(0, p, (7, 3))
    exact = a.astype(object) @ b.astype(object) % p
    assert (matrix_product(a, b, p) == exact).all()


def test_dixon_on_groups_with_conjugate_pairs_and_many_classes() -> None:
    for g in (sylow_2_of_s10(), group("M22"), group("PSL(2,11)"), group("AGL(1,8)")):
        table = character_table(bare(g))
        assert sum(d * d for d in table.degrees) == g.order
        assert len(table) == len(conjugacy_classes(g))


# -- peers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["S3", "S4", "A4", "A5", "D5", "C6", "C3 x S3", "S2 wr S2"])
def test_pari_has_the_same_table(text: str) -> None:
    pari = pytest.importorskip("cypari2").Pari()
    g = group(text)
    elements = [[int(i) + 1 for i in x.images] for x in g.elements()]
    lists = ",".join("Vecsmall([" + ",".join(map(str, e)) + "])" for e in elements)
    found = pari(f"galoischartable([{lists}])")
    matrix, conductor = found[0], int(found[1])
    classes = pari(f"galoisconjclasses([{lists}])")
    theirs = set()
    fusion = []
    for c in range(len(classes)):
        row = np.array([int(i) - 1 for i in classes[c][0]])
        fusion.append(int(g.conjugacy_classes().classify(row[None, :])[0]))
    for j in range(len(matrix[0])):
        values: list[Cyclotomic] = [Cyclotomic(0)] * len(fusion)
        for i, c in enumerate(fusion):
            entry = pari(f"lift({matrix[i, j]})")
            degree = max(int(entry.poldegree("y")), 0) if entry != 0 else 0
            coefficients = [int(entry.polcoef(k, "y")) for k in range(degree + 1)]
            values[c] = Cyclotomic.combination(conductor, dict(enumerate(coefficients)))
        theirs.add(tuple(values))
    assert theirs == set(rows(g.character_table()))


@pytest.mark.skipif(shutil.which("gap") is None, reason="GAP is not installed")
def test_gap_has_the_same_tables() -> None:
    names = ["M11", "PSL(2,7)", "S3 wr C3", "A6", "AGL(3,2)", "C3 wr S3", "S6"]
    program = 'SetPrintFormattingStatus("*stdout*",false);;\n'
    for text in names:
        g = group(text)
        generators = ",".join(map(str, g.generators))
        reps = ",".join(str(c.representative) for c in g.conjugacy_classes())
        program += (
            f"G:=Group({generators});;reps:=[{reps}];;\n"
            'for x in Irr(G) do Print("<",List(reps,r->r^x),">"); od; Print("#");\n'
        )
    run = subprocess.run(["gap", "-q"], input=program, capture_output=True, text=True, timeout=200)
    answers = "".join(run.stdout.split()).split("#")
    for text, answer in zip(names, answers, strict=False):
        theirs = {
            tuple(Cyclotomic(v) for v in part.strip("<[]>").split(","))
            for part in answer.split("><")
        }
        assert theirs == set(rows(group(text).character_table())), text


@pytest.mark.parametrize("text", ["C5000", "D10000", "C60 x C61"])
def test_tables_with_too_many_classes_are_refused_before_any_work(text: str) -> None:
    with pytest.raises(TooLargeError, match="character tables are listed up to 2500 classes"):
        group(text).character_table()
