"""Cycle indices: every rule against all elements, classical counts, and counts against listings."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections import Counter
from fractions import Fraction
from itertools import combinations, permutations, product
from math import comb, factorial, gcd
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import GroupsError, PermutationGroup, catalogue
from groups import cycle_index as module
from groups import cycle_index_rules as rules
from groups.actions import on_exponents
from groups.cycle_index import cycle_index
from groups.cycle_type_search import cycle_types
from groups.errors import DegreeError, ParameterError, TooLargeError
from groups.recognition import direct_factors, wreath_factors


def bare(group: PermutationGroup) -> PermutationGroup:
    """The same group without its record of construction."""
    return PermutationGroup(group.generators, group.degree)


S, C, D, A = catalogue.symmetric, catalogue.cyclic, catalogue.dihedral, catalogue.alternating

GROUPS = {
    "degree 0": catalogue.trivial(0),
    "degree 1": catalogue.trivial(1),
    "trivial": catalogue.trivial(3),
    "S0": S(0),
    "S2": S(2),
    "S5": S(5),
    "A0": A(0),
    "A2": A(2),
    "A3": A(3),
    "A5": A(5),
    "C1": C(1),
    "C8": C(8),
    "C12": C(12),
    "D2": D(2),
    "D5": D(5),
    "D8": D(8),
    "V4": catalogue.klein(),
    "Q8": catalogue.quaternion(),
    "Young": catalogue.young(3, 1, 2, 3),
    "B3": catalogue.hyperoctahedral(3),
    "S3 wr S2": S(3).wreath_product(S(2)),
    "C2 wr C4": C(2).wreath_product(C(4)),
    "V4 wr S3": catalogue.klein().wreath_product(S(3)),
    "C3 x D4": C(3).direct_product(D(4)),
    "S4 on pairs": S(4).on_pairs(),
    "S2 on pairs": S(2).on_pairs(),
    "S4 on ordered pairs": S(4).on_pairs(ordered=True),
    "C6 on subsets": C(6).on_subsets(3),
    "S4 on subsets": S(4).on_subsets(4),
    "S3 on tuples": S(3).on_tuples(2),
    "S3 on rows": S(3).on_rows(2),
    "C3 on exponents": on_exponents(C(3), 3),
    "D4 on exponents": on_exponents(D(4), 4, 2),
    "regular": S(3).right_regular(),
    "sylow": catalogue.sylow(8, 2),
    "PSL(2,7)": catalogue.PSL(2, 7),
    "M11": catalogue.mathieu(11),
    "fixed points": PermutationGroup([[0, 2, 1, 3, 5, 4]]),
    "diagonal": PermutationGroup(["(1,2,3)(4,5,6)", "(1,2)(4,5)"]),
    "mixed": PermutationGroup(["(1,2,3)(4,5,6)", "(1,2)(4,5)", "(7,8)", "(9,10)"]),
}


@pytest.mark.parametrize("name", GROUPS)
def test_terms_are_those_of_the_elements(name: str) -> None:
    group = GROUPS[name]
    expected = Counter(g.cycle_type for g in group.elements())
    for same in (group, bare(group)):
        index = cycle_index(same)
        assert (index.degree, index.order) == (group.degree, group.order)
        assert dict(index.terms) == {t: Fraction(c, group.order) for t, c in expected.items()}
        assert [t for t, _ in index.terms] == sorted(expected)
        assert index == cycle_index(group) and hash(index) == hash(cycle_index(group))
    if group.degree:
        found = {
            tuple(length for length, m in reversed(t) for _ in range(m)): c
            for t, c in cycle_types(group).items()
        }
        assert found == expected


@pytest.mark.parametrize("name", GROUPS)
def test_substitutions_agree_with_the_terms(name: str) -> None:
    # Rules for series and tuples take short cuts; the list of terms takes none.
    group = GROUPS[name]
    index = cycle_index(group)
    listed = rules.Listed(group.degree, group.order, tuple(index._counts().items()))
    for weights in ([1, 1], [1] * 7, [1, 1, 1], [3], [0, 1, 2], [2, 0, 5, 1], []):
        for degree in (0, 1, 6):
            assert index.substitute(weights, degree) == listed.series(weights, degree)
    assert index.orbits_on_distinct_tuples(5) == listed.tuple_orbits(5)


@pytest.mark.parametrize("name", [k for k, g in GROUPS.items() if g.degree <= 6])
def test_counts_by_burnside(name: str) -> None:
    group = GROUPS[name]
    n, elements = group.degree, list(group.elements())
    for k in range(n + 1):
        fixed = sum(g.act_on_set(s) == s for g in elements for s in combinations(range(n), k))
        assert group.count_orbits_on_subsets(k) == fixed // group.order
    for k in range(4):
        points = [sum(g(i) == i for i in range(n)) for g in elements]
        assert group.count_orbits_on_tuples(k) == sum(p**k for p in points) // group.order
        if k <= n:
            distinct = sum(len(list(permutations(range(p), k))) for p in points) // group.order
            assert module.count_orbits_on_tuples(group, k, distinct=True) == distinct
    for d, cap in ((0, None), (2, None), (3, 1), (3, 2), (4, 0)):
        top = d if cap is None else min(cap, d)
        vectors = [v for v in product(range(top + 1), repeat=n) if sum(v) == d]
        fixed = sum(g.act_on_vector(v) == v for g in elements for v in vectors)
        assert group.count_orbits_on_exponents(d, cap) == fixed // group.order
    for q in range(4):
        fixed = sum(q ** (len(g.cycle_type)) for g in elements)
        assert group.count_orbits_on_colourings(q) == fixed // group.order


def test_graphs() -> None:
    # OEIS A000088, A000273, A000665: graphs, digraphs, 3-uniform hypergraphs on n vertices
    assert [S(n).on_pairs().count_orbits_on_colourings(2) for n in range(9)] == [
        1, 1, 2, 4, 11, 34, 156, 1044, 12346,
    ]  # fmt: skip
    digraphs = [S(n).on_pairs(ordered=True).count_orbits_on_colourings(2) for n in range(2, 7)]
    assert digraphs == [3, 16, 218, 9608, 1540944]
    hypergraphs = [S(n).on_subsets(3).count_orbits_on_colourings(2) for n in range(3, 8)]
    assert hypergraphs == [2, 5, 34, 2136, 7013320]
    # OEIS A050535: multigraphs with d edges; 2d vertices are enough
    multigraphs = [S(2 * d).on_pairs().count_orbits_on_exponents(d) for d in range(1, 9)]
    assert multigraphs == [1, 3, 8, 23, 66, 212, 686, 2389]


def test_huge_groups_are_counted_without_terms() -> None:
    assert S(200).count_orbits_on_exponents(20) == 627  # partitions of 20
    assert S(200).count_orbits_on_tuples(6) == 203  # set partitions of 6
    assert A(200).count_orbits_on_exponents(20) == 627
    n, k = 1024, 10
    necklaces = sum(
        sum(1 for i in range(1, d + 1) if gcd(i, d) == 1) * comb(n // d, k // d)
        for d in (1, 2)  # divisors of both n and k
    )
    assert C(n).count_orbits_on_subsets(k) == necklaces // n
    assert S(12).on_pairs().count_orbits_on_exponents(12) == 510517
    wreath = S(50).wreath_product(S(50))
    multisets = [wreath.count_orbits_on_exponents(d) for d in range(7)]
    assert multisets == [1, 1, 3, 6, 14, 27, 58]  # of partitions, by weight: A001970
    assert [wreath.count_orbits_on_tuples(k) for k in range(5)] == [1, 1, 3, 12, 60]  # A000258
    with pytest.raises(TooLargeError, match="count orbits"):
        cycle_index(S(200)).terms


def test_partitions() -> None:
    for n in range(12):
        found = list(rules.partitions(n))
        assert len(found) == len(set(found)) == rules.number_of_partitions(n)
        assert all(sum(k * m for k, m in t) == n for t in found)
        assert sum(rules.class_size(t, n) for t in found) == factorial(n)


@settings(max_examples=60)
@given(st.data())
def test_random_groups(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 8))
    generators = data.draw(st.lists(st.permutations(range(n)), max_size=3))
    group = PermutationGroup(generators, n)
    if group.order > 2000:
        return
    expected = Counter(g.cycle_type for g in group.elements())
    index = cycle_index(group)
    assert {t: c * group.order for t, c in index.terms} == expected
    assert sum(c for _, c in index.terms) == 1
    assert index([1] * n) == 1


def test_mathieu_groups_by_search() -> None:
    index = cycle_index(catalogue.mathieu(24))
    assert len(index.terms) == 21 and sum(c for _, c in index.terms) == 1
    assert index.coefficient((2,) * 12) == Fraction(1, 7680)
    assert index.coefficient((23, 1)) == Fraction(2, 23)
    assert [catalogue.mathieu(24).count_orbits_on_subsets(k) for k in range(13)] == [
        1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 5,
    ]  # fmt: skip


def test_products_are_recognised() -> None:
    group = GROUPS["mixed"]
    factors = direct_factors(group)
    assert factors is not None
    assert sorted((f.degree, f.order) for f in factors) == [(2, 2), (2, 2), (6, 6)]
    assert direct_factors(GROUPS["diagonal"]) is None
    base_and_top = wreath_factors(bare(S(5).wreath_product(S(6))))
    assert base_and_top is not None
    assert [g.order for g in base_and_top] == [120, 720]
    assert wreath_factors(bare(C(12))) is None
    large = bare(S(5).wreath_product(S(6)))
    assert cycle_index(large) == cycle_index(S(5).wreath_product(S(6)))
    assert cycle_index(catalogue.sylow(32, 2)).order == 2**31


def test_classes_help_when_there_are_too_many_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    from groups import cycle_type_search

    monkeypatch.setattr(cycle_type_search, "MAX_ENTRIES", 10)
    group = bare(catalogue.PSL(2, 7))
    with pytest.raises(TooLargeError, match="entries"):
        cycle_types(group)
    assert cycle_index(group) == cycle_index(catalogue.PSL(2, 7))

    def refuse(self: PermutationGroup) -> None:
        raise TooLargeError("too many classes")

    monkeypatch.setattr(PermutationGroup, "conjugacy_classes", refuse)
    with pytest.raises(TooLargeError, match="list the orbits instead"):
        cycle_index(bare(catalogue.PSL(2, 7)))


def test_a_wrong_cycle_index_is_noticed() -> None:
    wrong = rules.Listed(3, 3, ((((1, 3),), 1), (((3, 1),), 1)))
    with pytest.raises(AssertionError, match="order"):
        module.CycleIndex(wrong).terms
    with pytest.raises(AssertionError, match="multiple"):
        module.CycleIndex(wrong).substitute([1, 1], 2)


def test_polynomial_forms() -> None:
    import sympy

    index = cycle_index(S(3))
    assert str(index) == "1/6·p1^3 + 1/2·p1·p2 + 1/3·p3"
    assert str(cycle_index(catalogue.trivial(0))) == "1"
    assert str(cycle_index(catalogue.trivial(1))) == "p1"
    p1, p2, p3 = sympy.symbols("p1 p2 p3")
    assert sympy.expand(index.to_sympy() - (p1**3 + 3 * p1 * p2 + 2 * p3) / 6) == 0
    assert index([2, 2, 2]) == 4 and index([Fraction(1, 2), 1, 0]) == Fraction(13, 48)
    assert index.coefficient((3,)) == Fraction(1, 3) and index.coefficient((2, 1)) == Fraction(1, 2)
    assert cycle_index(C(3)).coefficient((2, 1)) == 0
    assert "order 6" in repr(index) and index != 3


@pytest.mark.parametrize(
    "error, call",
    [
        (ParameterError, lambda: C(4).count_orbits_on_subsets(5)),
        (ParameterError, lambda: C(4).count_orbits_on_subsets(-1)),
        (ParameterError, lambda: C(4).count_orbits_on_exponents(-1)),
        (ParameterError, lambda: C(4).count_orbits_on_exponents(2, -1)),
        (ParameterError, lambda: C(4).count_orbits_on_tuples(-1)),
        (ParameterError, lambda: module.count_orbits_on_tuples(C(4), 5, distinct=True)),
        (ParameterError, lambda: C(4).count_orbits_on_colourings(-1)),
        (ParameterError, lambda: C(4).count_orbits_on_colourings(1.5)),  # type: ignore[arg-type]
        (ParameterError, lambda: C(4).cycle_index().substitute([1, -1], 2)),
        (DegreeError, lambda: C(4).cycle_index().coefficient((2, 1))),
        (DegreeError, lambda: C(4).cycle_index()([1])),
    ],
)
def test_refusals(error: type[GroupsError], call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error) as caught:
        call()
    assert "\n" not in str(caught.value) and ";" in str(caught.value)


@pytest.mark.skipif(shutil.which("gap") is None, reason="GAP is not installed")
def test_gap_has_the_same_cycle_indices() -> None:
    names = ("V4", "Q8", "V4 wr S3", "S4 on pairs", "PSL(2,7)", "M11", "diagonal")
    script = ""
    for name in names:
        generators = ",".join(map(str, GROUPS[name].generators))
        script += f'Print(CycleIndex(Group({generators})),";\\n");'
    run = subprocess.run(
        ["gap", "-q"],
        input=script + "QUIT;",
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    printed = "".join(run.stdout.split()).replace("\\", "").replace("x_", "p").split(";")
    for name, text in zip(names, printed, strict=False):
        index = cycle_index(GROUPS[name])
        ours = {frozenset(Counter(t).items()): c for t, c in index.terms}
        theirs = {}
        for term in text.split("+"):
            share = Fraction(1)
            cycle_type: Counter[int] = Counter()
            for factor in term.split("*"):
                if factor[0] == "p":
                    length, _, power = factor[1:].partition("^")
                    cycle_type[int(length)] += int(power or 1)
                else:
                    share = Fraction(factor)
            theirs[frozenset(cycle_type.items())] = share
        assert theirs == ours


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (lambda: C(12).count_orbits_on_exponents(10**8), "degree: .* up to degree 100000"),
        (lambda: S(3).count_orbits_on_tuples(999_999_999_999), "k: .* up to k 100000"),
        (lambda: S(4).count_orbits_on_tuples(50_000), r"got 4\^50000"),
        (lambda: S(3).count_orbits_on_exponents(10**5000), "got more than 10"),
        (lambda: S(3000).count_orbits_on_exponents(3000), "takes about [0-9]+ steps"),
        (lambda: S(400).wreath_product(S(9)).count_orbits_on_tuples(300), "steps"),
    ],
)
def test_counts_that_would_take_minutes_are_refused_at_once(count: Any, message: str) -> None:
    started = time.perf_counter()
    with pytest.raises(TooLargeError, match=message) as caught:
        count()
    assert time.perf_counter() - started < 2
    assert len(str(caught.value)) < 250 and "; choose a smaller" in str(caught.value)


@pytest.mark.parametrize("make", [S, A])
@pytest.mark.parametrize("n", range(2, 8))
def test_high_degrees_by_cycle_types_and_by_table_agree(make: Any, n: int) -> None:
    complete = rules._symmetric_function(n, [1] * 121, 120, complete=True)
    if make is A:
        odd = rules._symmetric_function(n, [1] * 121, 120, complete=False)
        complete = [a + b for a, b in zip(complete, odd, strict=True)]
    assert cycle_index(make(n)).substitute([1] * 121, 120) == complete


@pytest.mark.parametrize("weights", [[1, 1], [2, 3], [0, 2], [3], [3, 0], [], [0, 0]])
@pytest.mark.parametrize("n", range(6))
def test_weights_zero_and_one_against_the_list_of_terms(n: int, weights: list[int]) -> None:
    for make in (S, A):
        found = cycle_index(make(n))
        by_terms = rules.series_of_terms(found._rule.terms(), found.order, weights, n + 1)
        assert found.substitute(weights, n + 1) == by_terms


def test_long_tuples_on_few_points() -> None:
    # Burnside's mean over S_3: one element fixes 3 points, three fix 1, two fix none.
    assert S(3).count_orbits_on_tuples(2000) == (3**2000 + 3) // 6
    assert S(1).count_orbits_on_tuples(100_000) == 1
    assert PermutationGroup([], 0).count_orbits_on_tuples(100_000) == 0
    assert S(20_000).count_orbits_on_subsets(10_000) == 1


def test_products_of_long_series_agree_with_short_ones() -> None:
    a, b = [(7 * i) % 11 - 5 for i in range(400)], [(5 * i) % 13 - 6 for i in range(300)]
    plain = [sum(a[i] * b[k - i] for i in range(k + 1) if k - i < len(b)) for k in range(301)]
    assert rules.times(a, b, 300) == plain
    assert rules.times(a, [0], 300) == [0] * 301
