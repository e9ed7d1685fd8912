"""Orbit tables: every algorithm against brute force, the others, and the cycle index."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable
from itertools import combinations, permutations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import GroupsError, Permutation, PermutationGroup, catalogue, orbits
from groups import group as expression
from groups.components import least_of_component
from groups.errors import DegreeError, ParameterError, TooLargeError
from groups.orbits import OrbitTable, equivariant_maps, orbits_on_product, orbits_on_space
from groups.ranking import Colourings, Exponents, Points, Product, Space, Subsets, Tuples

Row = tuple[int, ...]


def bare(group: PermutationGroup) -> PermutationGroup:
    """The same group without its record of construction."""
    return PermutationGroup(group.generators, group.degree)


def matrix_entries(rows: int, columns: int) -> PermutationGroup:
    """S_rows × S_columns on the entries of a matrix."""
    generators = [
        [g(r) * columns + c for r in range(rows) for c in range(columns)]
        for g in catalogue.symmetric(rows).generators
    ]
    generators += [
        [r * columns + g(c) for r in range(rows) for c in range(columns)]
        for g in catalogue.symmetric(columns).generators
    ]
    return PermutationGroup(generators, rows * columns)


GROUPS = {
    "degree 0": catalogue.trivial(0),
    "degree 1": catalogue.trivial(1),
    "trivial": catalogue.trivial(3),
    "C5": catalogue.cyclic(5),
    "C6": catalogue.cyclic(6),
    "D2": catalogue.dihedral(2),
    "D5": catalogue.dihedral(5),
    "D6": catalogue.dihedral(6),
    "S2": catalogue.symmetric(2),
    "S4": catalogue.symmetric(4),
    "A3": catalogue.alternating(3),
    "A4": catalogue.alternating(4),
    "A5": catalogue.alternating(5),
    "V4": catalogue.klein(),
    "Q8": catalogue.quaternion(),
    "Young": catalogue.young(3, 1, 2),
    "S3 wr S2": catalogue.symmetric(3).wreath_product(catalogue.symmetric(2)),
    "A3 wr S2": catalogue.alternating(3).wreath_product(catalogue.symmetric(2)),
    "C2 wr C3": catalogue.cyclic(2).wreath_product(catalogue.cyclic(3)),
    "S2 wr S3 wr": catalogue.hyperoctahedral(3),
    "C3 x S3": catalogue.cyclic(3).direct_product(catalogue.symmetric(3)),
    "S3 x A4": catalogue.symmetric(3).direct_product(catalogue.alternating(4)),
    "S3 on rows": catalogue.symmetric(3).on_rows(2),
    "C3 on rows": catalogue.cyclic(3).on_rows(2),
    "S4 on pairs": catalogue.symmetric(4).on_pairs(),
    "matrix 2x3": matrix_entries(2, 3),
}


def act(space: Space, g: Permutation, row: Row) -> Row:
    if isinstance(space, Product):
        cut = space.left.width
        return act(space.left, g, row[:cut]) + act(space.right, g, row[cut:])
    if isinstance(space, Subsets):
        return g.act_on_set(row)
    if isinstance(space, (Points, Tuples)):
        return tuple(g(i) for i in row)
    return tuple(g.act_on_vector(row))


def brute_force(
    group: PermutationGroup, space: Space, objects: Iterable[Row]
) -> list[tuple[Row, int]]:
    """Orbits by applying generators until nothing new appears."""
    seen: set[Row] = set()
    found = []
    for start in sorted(objects):
        if start in seen:
            continue
        orbit = [start]
        seen.add(start)
        for x in orbit:
            for g in group.generators:
                y = act(space, g, x)
                if y not in seen:
                    seen.add(y)
                    orbit.append(y)
        found.append((start, len(orbit)))
    return found


def exponents(n: int, d: int, cap: int) -> list[Row]:
    return [v for v in product(range(min(d, cap) + 1), repeat=n) if sum(v) == d]


def spaces(n: int) -> list[tuple[Space, list[Row]]]:
    out: list[tuple[Space, list[Row]]] = [(Points(n), [(i,) for i in range(n)])]
    out += [(Subsets(n, k), list(combinations(range(n), k))) for k in range(min(n, 4) + 1)]
    out.append((Subsets(n, n), [tuple(range(n))]))
    out += [(Tuples(n, k), list(product(range(n), repeat=k))) for k in range(4)]
    out += [
        (Tuples(n, k, distinct=True), list(permutations(range(n), k))) for k in range(min(n, 3) + 1)
    ]
    if n <= 6:
        for d, cap in ((0, 3), (1, 1), (2, 2), (3, 1), (3, 2), (4, 4), (5, 3), (6, 2)):
            out.append((Exponents(n, d, cap), exponents(n, d, cap)))
        out += [(Colourings(n, q), list(product(range(q), repeat=n))) for q in range(4)]
    return out


@pytest.mark.parametrize("name", GROUPS)
def test_every_algorithm_lists_the_orbits_of_every_space(name: str) -> None:
    group = GROUPS[name]
    for space, objects in spaces(group.degree):
        expected = brute_force(group, space, objects)
        tables = {
            "auto": orbits_on_space(group, space),
            "bare": orbits_on_space(bare(group), space),
        }
        for algorithm in ("structure", "components", "orderly", "stabilizers"):
            try:
                tables[algorithm] = orbits_on_space(group, space, algorithm=algorithm)
            except ParameterError:
                assert algorithm != "components"
        for algorithm, table in tables.items():
            assert list(table) == expected, (algorithm, space)
            assert table.total == space.size and len(table) == len(expected)
            assert table == tables["auto"] and hash(table) == hash(tables["auto"])
            assert table.representatives.shape == (len(expected), space.width)


@pytest.mark.parametrize("name", GROUPS)
def test_labels_name_the_orbit_of_every_object(name: str) -> None:
    group = GROUPS[name]
    n = group.degree
    for space in (Subsets(n, min(2, n)), Exponents(n, 3), Product(Points(n), Tuples(n, 1))):
        table = orbits_on_space(group, space, labels=True)
        assert table.labels is not None
        rows = [tuple(row) for row in space.unrank(np.arange(space.size)).tolist()]
        least = [table[int(k)][0] for k in table.labels]
        for row, representative in zip(rows, least, strict=True):
            assert representative <= row
            for g in group.generators:
                assert least[int(space.rank(act(space, g, row))[0])] == representative


@pytest.mark.parametrize("name", GROUPS)
def test_counts_agree_with_the_cycle_index(name: str) -> None:
    group = GROUPS[name]
    for k in range(group.degree + 1):
        assert len(group.orbits_on_subsets(k)) == group.count_orbits_on_subsets(k)
    for k in range(4):
        assert len(group.orbits_on_tuples(k)) == group.count_orbits_on_tuples(k)
    for d in range(5):
        for cap in (None, 0, 1, 2):
            listed = group.orbits_on_exponents(d, cap)
            assert len(listed) == group.count_orbits_on_exponents(d, cap)
    if group.degree <= 6:
        for q in range(4):
            assert len(group.orbits_on_colourings(q)) == group.count_orbits_on_colourings(q)


# Larger groups, where brute force is out of reach: two algorithms and the count.
LARGE: dict[str, tuple[Callable[[], PermutationGroup], int, int | None]] = {
    "C30": (lambda: catalogue.cyclic(30), 4, None),
    "D16": (lambda: catalogue.dihedral(16), 5, None),
    "M11": (lambda: catalogue.mathieu(11), 6, 2),
    "M12": (lambda: catalogue.mathieu(12), 6, None),
    "M24": (lambda: catalogue.mathieu(24), 5, 1),
    "S4 x S4": (lambda: matrix_entries(4, 4), 6, None),
    "graphs": (lambda: catalogue.symmetric(7).on_pairs(), 8, 1),
    "S3 wr C4": (lambda: catalogue.symmetric(3).wreath_product(catalogue.cyclic(4)), 6, None),
    "C4 wr S3": (lambda: catalogue.cyclic(4).wreath_product(catalogue.symmetric(3)), 6, 3),
    "PSL(2,11)": (lambda: catalogue.PSL(2, 11), 6, 2),
}


@pytest.mark.parametrize("name", LARGE)
def test_components_and_orderly_generation_agree(name: str) -> None:
    build, d, cap = LARGE[name]
    group = build()
    first = group.orbits_on_exponents(d, cap, algorithm="components")
    second = group.orbits_on_exponents(d, cap, algorithm="orderly")
    assert first == second
    assert len(first) == group.count_orbits_on_exponents(d, cap)
    k = min(d, group.degree)
    assert group.orbits_on_subsets(k, algorithm="components") == group.orbits_on_subsets(
        k, algorithm="orderly"
    )


def test_orbits_of_the_large_mathieu_group() -> None:
    group = catalogue.mathieu(24)
    assert [len(group.orbits_on_subsets(k)) for k in range(13)] == [
        1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 5,
    ]  # fmt: skip
    sizes = sorted(group.orbits_on_subsets(8).sizes)
    assert sizes[0] == 759 and sum(sizes) == comb(24, 8)  # the octads of the Golay code


def test_graphs_by_edges() -> None:
    # Numbers of graphs on 7 vertices with k edges (OEIS A008406, row 7)
    row = [1, 1, 2, 5, 10, 21, 41, 65, 97, 131, 148]
    group = catalogue.symmetric(7).on_pairs()
    found = [len(group.orbits_on_subsets(k, algorithm="orderly")) for k in (0, 1, 2, 5, 10)]
    assert found == [row[k] for k in (0, 1, 2, 5, 10)]
    assert [group.count_orbits_on_subsets(k) for k in range(11)] == row


def test_astronomic_spaces_are_refused_in_words() -> None:
    with pytest.raises(TooLargeError, match="more than 10\\^30"):
        catalogue.cyclic(20_000).orbits_on_colourings(3)
    assert "more than" in repr(Colourings(20_000, 3))


def test_structure_needs_no_space() -> None:
    assert len(catalogue.symmetric(50).orbits_on_exponents(20)) == 627  # partitions of 20
    wreath = catalogue.symmetric(4).wreath_product(catalogue.symmetric(8))
    table = wreath.orbits_on_exponents(8)
    assert len(table) == wreath.count_orbits_on_exponents(8) and table.total == comb(39, 8)
    assert table.representatives.tolist() == sorted(table.representatives.tolist())


@settings(max_examples=60)
@given(st.data())
def test_random_groups(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 6))
    generators = data.draw(st.lists(st.permutations(range(n)), max_size=3))
    group = PermutationGroup(generators, n)
    d = data.draw(st.integers(0, 4))
    cap = data.draw(st.sampled_from([None, 1, 2]))
    space = Exponents(n, d, cap)
    expected = brute_force(group, space, exponents(n, d, d if cap is None else cap))
    assert list(orbits_on_space(group, space, algorithm="components")) == expected
    assert list(orbits_on_space(group, space, algorithm="orderly")) == expected
    assert len(expected) == group.count_orbits_on_exponents(d, cap)


@given(st.data())
def test_components_of_permutations(data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 40))
    arrays = data.draw(st.lists(st.permutations(range(n)), max_size=4))
    least = list(range(n))
    changed = True
    while changed:
        changed = False
        for f in arrays:
            for x, y in enumerate(f):
                low = min(least[x], least[y])
                changed = changed or least[x] != low or least[y] != low
                least[x] = least[y] = low
    images = [np.array(f, dtype=np.int64) for f in arrays]
    assert least_of_component(n, images, np.int32).tolist() == least


# ---- product spaces: equivariant linear maps ----


@pytest.mark.parametrize("name", [k for k, g in GROUPS.items() if 0 < g.degree <= 6])
def test_equivariant_maps_are_a_basis_of_all_matrices_that_commute(name: str) -> None:
    group = GROUPS[name]
    n = group.degree
    for source, target in ((Points(n), Points(n)), (Points(n), Subsets(n, min(2, n)))):
        labels = equivariant_maps(group, source, target)
        assert labels.shape == (target.size, source.size)
        moves = [g.images for g in group.generators]
        pairs = zip(source.image_ranks(moves), target.image_ranks(moves), strict=True)
        for x, y in pairs:
            assert np.array_equal(labels[np.ix_(y, x)], labels)
        # As many as the dimension of the commutant: the mean number of fixed pairs.
        fixed, everything = 0, [g.images for g in group.elements()]
        for x, y in zip(
            source.image_ranks(everything), target.image_ranks(everything), strict=True
        ):
            fixed += int((x == np.arange(source.size)).sum() * (y == np.arange(target.size)).sum())
        assert int(labels.max()) + 1 == fixed // group.order


def test_equivariant_layers_on_graphs() -> None:
    # Maron et al. 2019: Bell(k + l) maps from k-tensors to l-tensors, once n >= k + l.
    group = catalogue.symmetric(4)
    bell = {(1, 1): 2, (1, 2): 5, (2, 1): 5, (2, 2): 15, (0, 2): 2, (2, 0): 2, (0, 0): 1}
    for (k, m), number in bell.items():
        labels = equivariant_maps(group, Tuples(4, k), Tuples(4, m))
        assert int(labels.max()) + 1 == number
    assert len(orbits_on_product(group, Tuples(4, 2), Tuples(4, 1))) == 5


# ---- bad input ----


def refusals() -> dict[str, tuple[type[GroupsError], Callable[[], OrbitTable]]]:
    c12, m24 = catalogue.cyclic(12), catalogue.mathieu(24)
    return {
        "k > n": (ParameterError, lambda: c12.orbits_on_subsets(13)),
        "k < 0": (ParameterError, lambda: c12.orbits_on_subsets(-1)),
        "half": (ParameterError, lambda: c12.orbits_on_exponents(1.5)),  # type: ignore[arg-type]
        "negative degree": (ParameterError, lambda: c12.orbits_on_exponents(-2)),
        "negative bound": (ParameterError, lambda: c12.orbits_on_exponents(2, -1)),
        "no algorithm": (ParameterError, lambda: c12.orbits_on_subsets(2, algorithm="magic")),
        "structure": (ParameterError, lambda: m24.orbits_on_subsets(2, algorithm="structure")),
        "tuples": (ParameterError, lambda: c12.orbits_on_tuples(2, algorithm="orderly")),
        "subsets": (ParameterError, lambda: c12.orbits_on_subsets(2, algorithm="stabilizers")),
        "labels": (
            ParameterError,
            lambda: c12.orbits_on_subsets(2, labels=True, algorithm="orderly"),
        ),
        "space": (DegreeError, lambda: orbits_on_space(c12, Subsets(11, 2))),
        "memory": (
            TooLargeError,
            lambda: m24.orbits_on_subsets(12, algorithm="components", memory_limit=10**6),
        ),
        "memory of products": (
            TooLargeError,
            lambda: orbits_on_product(m24, Subsets(24, 12), Subsets(24, 12)),
        ),
        "more orbits than memory": (
            TooLargeError,
            lambda: catalogue.cyclic(1024).orbits_on_subsets(10),
        ),
        "long answer": (
            TooLargeError,
            lambda: catalogue.symmetric(300).orbits_on_exponents(100, memory_limit=10**6),
        ),
        "many tuples": (TooLargeError, lambda: c12.orbits_on_tuples(40)),
    }


@pytest.mark.parametrize("case", refusals())
def test_refusals_say_what_to_do(case: str) -> None:
    error, call = refusals()[case]
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message and (";" in message)
    if error is TooLargeError:
        assert "bytes" in message and "count" in message and "memory_limit" in message


def test_a_space_too_large_for_components_falls_to_orderly_generation() -> None:
    group = catalogue.mathieu(12)
    table = group.orbits_on_exponents(6, memory_limit=200_000)
    assert table == group.orbits_on_exponents(6, algorithm="components")


@pytest.mark.parametrize(
    "name",
    ["C4 x C5", "S3 x C4", "C3 x C4 x S2", "C4 wr S2", "C3 wr S3", "(C3 x C2) wr S2", "D5 x D4"],
)
def test_parts_without_a_construction_are_listed_first(name: str) -> None:
    group = expression(name)
    for k in range(min(group.degree, 5) + 1):
        assert group.orbits_on_subsets(k, algorithm="structure") == group.orbits_on_subsets(
            k, algorithm="components"
        )
    for cap in (None, 1, 2):
        table = group.orbits_on_exponents(4, cap, algorithm="structure")
        assert table == group.orbits_on_exponents(4, cap, algorithm="components")


def test_structure_takes_the_place_of_orderly_generation_where_parts_are_small() -> None:
    group = expression("S6 x C12")
    subsets, exponents = Subsets(18, 9), Exponents(18, 4)
    assert orbits._choose(group, subsets, False, 1 << 30) == "components"
    assert orbits._choose(group, subsets, False, 1 << 10) == "structure"
    assert orbits._choose(expression("S6 x M12"), Subsets(18, 9), False, 1 << 10) == "structure"
    assert orbits._choose(expression("M12"), Subsets(12, 6), False, 1 << 10) == "orderly"
    small = group.orbits_on_exponents(4, memory_limit=1 << 22)
    assert small == group.orbits_on_exponents(4, algorithm="orderly")
    assert exponents.size == small.total


def test_tables_are_frozen() -> None:
    table = catalogue.cyclic(4).orbits_on_subsets(2)
    with pytest.raises(AttributeError):
        table.sizes = ()  # type: ignore[misc]
    with pytest.raises(ValueError):
        table.representatives[0, 0] = 3
    assert "2 orbits" in repr(table) and table != 5


def test_a_lost_orbit_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from groups import structured_orbits

    whole = structured_orbits.structured_orbits
    monkeypatch.setattr(structured_orbits, "structured_orbits", lambda *a, **k: whole(*a, **k)[:-1])
    with pytest.raises(AssertionError, match="add up"):
        catalogue.symmetric(4).orbits_on_exponents(3)


@pytest.mark.skipif(shutil.which("gap") is None, reason="GAP is not installed")
def test_gap_finds_the_same_orbits() -> None:
    cases = {
        "M11": (catalogue.mathieu(11), 5),
        "D10": (catalogue.dihedral(10), 4),
        "S6 on pairs": (catalogue.symmetric(6).on_pairs(), 4),
        "PSL(3,2)": (catalogue.PSL(3, 2), 3),
    }
    script = ""
    for group, k in cases.values():
        points = ",".join(map(str, group.generators))
        script += f"o:=OrbitsDomain(Group({points}),Combinations([1..{group.degree}],{k}),OnSets);;"
        script += 'Print(SortedList(List(o,x->[Minimum(x),Length(x)])),"\\n");'
    run = subprocess.run(
        ["gap", "-q"],
        input=script + "QUIT;",
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    expected = [
        [[[i + 1 for i in row], size] for row, size in group.orbits_on_subsets(k)]
        for group, k in cases.values()
    ]
    assert "".join(run.stdout.split()) == "".join(map(str, expected)).replace(" ", "")


def test_module_says_which_algorithms_there_are() -> None:
    for algorithm in orbits.ALGORITHMS:
        assert f"``{algorithm}``" in (orbits.__doc__ or "")


def test_long_listings_by_structure_are_refused_at_once() -> None:
    with pytest.raises(TooLargeError, match="got 966370 orbits with 50 each") as caught:
        catalogue.symmetric(50).orbits_on_exponents(60)
    assert "--count-only" in str(caught.value)


@pytest.mark.parametrize(
    "listing",
    [
        lambda: catalogue.symmetric(50).orbits_on_tuples(30),
        lambda: PermutationGroup([], 40).orbits_on_tuples(5),
        lambda: catalogue.cyclic(12).wreath_product(catalogue.cyclic(3)).orbits_on_exponents(12),
    ],
)
def test_searches_for_millions_of_orbits_are_refused_at_once(listing: Callable[[], object]) -> None:
    with pytest.raises(TooLargeError, match="at most 1000000 orbits are searched for"):
        listing()
