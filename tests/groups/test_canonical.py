"""Least images: fast paths and search against all group elements, laws, tables of orbits."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import GroupsError, Permutation, PermutationGroup, catalogue
from groups.batch_search import find_least, which_are_least
from groups.canonical import canonical, canonical_subset, least_rotation
from groups.errors import DegreeError, ParameterError, PointError, TooLargeError
from groups.known_symmetries import known_symmetries
from groups.lower_bounds import linked_orbits, lower_bounds
from groups.minimal_image import minimal_image, search_chain


def bare(group: PermutationGroup) -> PermutationGroup:
    """The same group without its record of construction: the general search."""
    return PermutationGroup(group.generators, group.degree)


SMALL = {
    "degree 0": catalogue.trivial(0),
    "degree 1": catalogue.trivial(1),
    "trivial": catalogue.trivial(3),
    "C1": catalogue.cyclic(1),
    "C6": catalogue.cyclic(6),
    "C7": catalogue.cyclic(7),
    "D2": catalogue.dihedral(2),
    "D3": catalogue.dihedral(3),
    "D6": catalogue.dihedral(6),
    "S2": catalogue.symmetric(2),
    "S5": catalogue.symmetric(5),
    "A3": catalogue.alternating(3),
    "A5": catalogue.alternating(5),
    "V4": catalogue.klein(),
    "Q8": catalogue.quaternion(),
    "Young": catalogue.young(3, 1, 2),
    "S3 wr S2": catalogue.symmetric(3).wreath_product(catalogue.symmetric(2)),
    "C3 wr C3": catalogue.cyclic(3).wreath_product(catalogue.cyclic(3)),
    "V4 wr C2": catalogue.klein().wreath_product(catalogue.cyclic(2)),
    "B3": catalogue.hyperoctahedral(3),
    "C3 x D4": catalogue.cyclic(3).direct_product(catalogue.dihedral(4)),
    "V4 x A4": catalogue.klein().direct_product(catalogue.alternating(4)),
    "S3 on rows": catalogue.symmetric(3).on_rows(2),
    "V4 on rows": catalogue.klein().on_rows(2),
    "S4 on pairs": catalogue.symmetric(4).on_pairs(),
    "S3 on tuples": catalogue.symmetric(3).on_tuples(2),
    "C5 on pairs": catalogue.cyclic(5).on_pairs(),
    "PSL(2,5)": catalogue.PSL(2, 5),
    "fixed points": PermutationGroup([[0, 2, 1, 3, 5, 4]]),
    "intransitive": PermutationGroup(["(1,4)(2,5)(3,6)", "(7,8)"], degree=9),
}


@pytest.mark.parametrize("name", SMALL)
def test_least_image_among_all_images(name: str) -> None:
    group = SMALL[name]
    elements = list(group.elements())
    source = random.Random(name)
    for colours in (1, 2, 2, 3, 3, 5, 9):
        alpha = [source.randrange(colours) for _ in range(group.degree)]
        images = [g.act_on_vector(alpha) for g in elements]
        fixed = sum(image == tuple(alpha) for image in images)
        subset = [i for i, a in enumerate(alpha) if a == 0]
        sets = [g.act_on_set(subset) for g in elements]
        for same in (group, bare(group)):
            found = canonical(same, alpha)
            assert found.representative == min(images)
            assert found.element.act_on_vector(alpha) == found.representative
            assert found.element in group
            assert (found.stabilizer_order, found.orbit_size) == (fixed, len(set(images)))
            found = canonical_subset(same, subset)
            assert found.representative == min(sets)
            assert found.element.act_on_set(subset) == found.representative
            assert found.element in group
            assert found.orbit_size == len(set(sets))
            assert found.orbit_size * found.stabilizer_order == group.order


def test_bare_giants_are_sorted() -> None:
    word = list(range(30))[::-1]
    group = bare(catalogue.symmetric(30))
    assert canonical(group, word).representative == tuple(range(30))
    group = bare(catalogue.alternating(30))
    assert canonical(group, word).representative == (*range(28), 29, 28)  # an odd reversal
    assert canonical(group, word[:29] + [5]).representative == tuple(sorted(word[:29] + [5]))


@pytest.mark.parametrize("name", SMALL)
def test_many_vectors_at_once(name: str) -> None:
    group = SMALL[name]
    chain = search_chain(group)
    source = np.random.default_rng(5)
    rows = source.integers(0, 3, size=(40, group.degree)).astype(np.uint8)
    rows[0] = 0
    images, stabilizers = find_least(chain, rows)
    least, orders, reach = which_are_least(chain, rows)
    for k, row in enumerate(rows.tolist()):
        single = canonical(group, row)
        assert tuple(images[k].tolist()) == single.representative
        assert stabilizers[k] == single.stabilizer_order
        assert least[k] == (single.representative == tuple(row))
        if least[k]:
            assert orders[k] == single.stabilizer_order
            stabilizer = [g for g in group.elements() if g.act_on_vector(row) == tuple(row)]
            for i in range(group.degree):
                assert int(reach[k, i]) in {g(i) for g in stabilizer}


LARGE = {
    "M11": (catalogue.mathieu(11), 4),
    "M12": (catalogue.mathieu(12), 6),
    "PSL(3,3)": (catalogue.PSL(3, 3), 6),
    "S6 on pairs": (catalogue.symmetric(6).on_pairs(), 6),
    "AGL(1,13)": (catalogue.AGL(1, 13), 5),
    "Z4 x Z4": (catalogue.torus(4, 4), 4),
}


@pytest.mark.parametrize("name", LARGE)
def test_least_images_are_the_representatives_of_the_table(name: str) -> None:
    group, k = LARGE[name]
    table = group.orbits_on_subsets(k, algorithm="components", labels=True)
    assert table.labels is not None
    source = random.Random(3)
    for _ in range(25):
        subset = sorted(source.sample(range(group.degree), k))
        orbit = int(table.labels[int(table.space.rank(subset)[0])])
        found = group.canonical_subset(subset)
        assert (found.representative, found.orbit_size) == table[orbit]
        assert found.element.act_on_set(subset) == found.representative
    table = group.orbits_on_exponents(3, algorithm="components", labels=True)
    assert table.labels is not None
    for rank in source.sample(range(table.total), 25):
        alpha = table.space.unrank([rank])[0].tolist()
        found = group.canonical(alpha)
        assert (found.representative, found.orbit_size) == table[int(table.labels[rank])]


@pytest.mark.parametrize("size", [1, 5, 8, 12, 16, 20, 23])
def test_the_large_mathieu_group(size: int) -> None:
    group = catalogue.mathieu(24)
    source = random.Random(size)
    subset = source.sample(range(24), size)
    found = group.canonical_subset(subset)
    for seed in range(3):
        g = group.random_element(seed)
        again = group.canonical_subset(g.act_on_set(subset))
        assert again.representative == found.representative
        assert again.stabilizer_order == found.stabilizer_order
        assert again.element in group
        assert again.element.act_on_set(g.act_on_set(subset)) == found.representative
    assert found.representative[:5] == (0, 1, 2, 3, 4)[:size]  # five-fold transitive


def test_graphs_with_many_and_few_symmetries() -> None:
    import networkx as nx

    group = catalogue.symmetric(10).on_pairs()
    pairs = list(combinations(range(10), 2))
    graphs = {
        120: nx.petersen_graph(),
        3628800: nx.empty_graph(10),
        28800: nx.complete_bipartite_graph(5, 5),
        20: nx.cycle_graph(10),
        3840: nx.from_edgelist([(i, i + 5) for i in range(5)]),
        1: nx.from_edgelist([(i, i + 1) for i in range(9)] + [(0, 2), (0, 5)]),
    }
    for symmetries, graph in graphs.items():
        assert catalogue.graph_automorphisms(graph).order == symmetries
        edges = [int(graph.has_edge(*pair)) for pair in pairs]
        for alpha in (edges, [1 - e for e in edges]):
            found = group.canonical(alpha)
            assert found.stabilizer_order == symmetries
            g = group.random_element(symmetries)
            assert group.canonical(g.act_on_vector(alpha)).representative == found.representative
            assert found.element.act_on_vector(alpha) == found.representative
            assert found.element in group


def test_orders_beyond_64_bits() -> None:
    group = PermutationGroup(["(1,2)", "(1,2,3,4,5,6,7,8,9,10,11,12,13,14)"], degree=14)
    group = bare(group.direct_product(bare(catalogue.symmetric(14))))
    found = canonical(group, [0, 0, 0, 1] * 7)
    young = canonical(catalogue.young(14, 14), [0, 0, 0, 1] * 7)
    assert found.representative == young.representative
    assert found.stabilizer_order == young.stabilizer_order
    assert found.orbit_size * found.stabilizer_order == group.order > 2**62
    group = PermutationGroup(catalogue.symmetric(25).generators, 25)
    found = canonical(group, [0] * 24 + [1])
    assert found.representative == (0,) * 24 + (1,) and found.orbit_size == 25
    wreath = catalogue.symmetric(5).wreath_product(catalogue.symmetric(6))
    assert canonical(bare(wreath), [0] * 30).stabilizer_order == wreath.order


@settings(max_examples=80)
@given(st.data())
def test_laws(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 7))
    generators = data.draw(st.lists(st.permutations(range(n)), max_size=3))
    group = PermutationGroup(generators, n)
    alpha = tuple(data.draw(st.lists(st.integers(-2, 3), min_size=n, max_size=n)))
    found = canonical(group, alpha)
    g = group.random_element(data.draw(st.integers(0, 10)))
    moved = canonical(group, g.act_on_vector(alpha))
    assert moved.representative == found.representative <= alpha
    assert moved.stabilizer_order == found.stabilizer_order
    assert canonical(group, found.representative).representative == found.representative
    assert found.orbit_size * found.stabilizer_order == group.order
    assert found.element in group


@given(st.lists(st.integers(0, 2), min_size=1, max_size=12))
def test_least_rotation(word: list[int]) -> None:
    n = len(word)
    rotations = [word[i:] + word[:i] for i in range(n)]
    start, period = least_rotation(word)
    assert rotations[start] == min(rotations)
    assert period == min(k for k in range(1, n + 1) if rotations[k % n] == word)


def test_fractions_and_numpy_integers() -> None:
    group = catalogue.cyclic(3)
    found = group.canonical([Fraction(1, 2), -3, Fraction(1, 3)])
    assert found.representative == (-3, Fraction(1, 3), Fraction(1, 2))
    assert group.canonical(np.array([2, 0, 1])).representative == (0, 1, 2)
    assert group.canonical([np.int64(2), 0, 1]).representative == (0, 1, 2)


# ---- known symmetries ----


@pytest.mark.parametrize("name", ["S3 wr S2", "V4 x A4", "B3", "S5", "S10", "M11"])
def test_known_symmetries_are_stabilisers(name: str) -> None:
    large = {"S10": catalogue.symmetric(10), "M11": catalogue.mathieu(11)}
    group = large.get(name) or SMALL[name]
    node = known_symmetries([g.images for g in group.generators])
    fixed: list[int] = []
    while node is not None:
        exact = group.pointwise_stabilizer(fixed)
        assert all(Permutation(row) in exact for row in node.elements)
        assert node.length.tolist() == np.bincount(node.label)[node.label].tolist()
        for row in node.elements:
            assert np.array_equal(node.label[row], node.label)
        if group.order <= 1024:  # listed: nothing is missing
            assert len(node.elements) == exact.order
            assert node.label.tolist() == [exact.orbit(i)[0] for i in range(group.degree)]
        point = int(node.length.argmax())
        fixed.append(point)
        node = node.child(point)
    assert len(fixed) >= 3 and (group.order > 1024 or group.pointwise_stabilizer(fixed).is_trivial)


# ---- lower bounds ----


def test_rows_of_pairs_are_linked() -> None:
    group = catalogue.symmetric(6).on_pairs()
    chain = search_chain(group)
    label = {pair: i for i, pair in enumerate(combinations(range(6), 2))}
    after_vertices_0_1_2 = next(
        level for level in range(len(chain.base)) if chain.base[level] == label[0, 3]
    )
    matrices = [m.tolist() for m in chain.links(after_vertices_0_1_2)]
    assert [[label[i, j] for j in (3, 4, 5)] for i in (0, 1, 2)] in matrices


@pytest.mark.parametrize("name", SMALL)
def test_bounds_are_never_above_an_image(name: str) -> None:
    group = SMALL[name]
    source = np.random.default_rng(1)
    generators = [g.images for g in group.generators]
    matrices = linked_orbits(group.degree, generators)
    moved = sorted(int(i) for m in matrices for i in m.ravel())
    assert moved == [i for i in range(group.degree) if len(group.orbit(i)) > 1]
    for colours in (2, 3):
        x = source.integers(0, colours, size=(1, group.degree))
        bound = lower_bounds(x, matrices, colours)[0].tolist()
        for g in group.elements():
            assert bound <= list(g.act_on_vector(x[0].tolist()))


def test_bounds_with_more_rows_than_an_integer_holds() -> None:
    matrix = np.arange(3 * 70).reshape(70, 3)
    x = np.random.default_rng(2).integers(0, 2, size=(4, 210))
    bounds = lower_bounds(x, [matrix], 2)
    for row, bound in zip(x, bounds, strict=True):
        for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0], [1, 0, 2], [0, 2, 1]):
            assert bound.tolist() <= row.reshape(70, 3)[:, order].ravel().tolist()


# ---- bad input ----


@pytest.mark.parametrize(
    "error, call",
    [
        (DegreeError, lambda: catalogue.cyclic(4).canonical([1, 2, 3])),
        (ParameterError, lambda: catalogue.cyclic(3).canonical([0.5, 1, 2])),
        (ParameterError, lambda: catalogue.cyclic(3).canonical([True, 1, 2])),
        (ParameterError, lambda: catalogue.cyclic(3).canonical(["a", "b", "c"])),
        (PointError, lambda: catalogue.cyclic(3).canonical_subset([0, 3])),
        (PointError, lambda: catalogue.cyclic(3).canonical_subset([-1])),
        (PointError, lambda: catalogue.cyclic(3).canonical_subset([1, 1])),
        (PointError, lambda: catalogue.cyclic(3).canonical_subset([0.5])),
    ],
)
def test_refusals(error: type[GroupsError], call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error) as caught:
        call()
    assert "\n" not in str(caught.value) and ";" in str(caught.value)


def test_transversals_too_large_for_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    from groups import minimal_image as module

    monkeypatch.setattr(module, "MEMORY_LIMIT", 10)
    with pytest.raises(TooLargeError, match="bytes"):
        minimal_image(PermutationGroup(["(1,2,3,4)", "(1,3)"]), np.array([0, 1, 1, 0]))
