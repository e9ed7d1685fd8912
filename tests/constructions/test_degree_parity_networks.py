"""M21 and M22: golden values, all labelled graphs, all graphs up to isomorphism, the handshake."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcsq.constructions import DegreeParityNetworks, Family, Member, degree_sign_expectations
from symcsq.errors import FamilyError


@pytest.mark.parametrize(
    ("n", "value"),
    [(6, "39/1024"), (7, "39/4096"), (8, "1207/1048576"), (9, "26757/268435456")],
)
def test_values_of_the_mathematics_page(n: int, value: str) -> None:
    signs = [-1 if d % 3 == 0 else 1 for d in range(n)]
    assert degree_sign_expectations(n, "1/2", [signs]) == [Fraction(value)]


def brute(n: int, p: Fraction, signs: list[int]) -> Fraction:
    pairs = list(combinations(range(n), 2))
    total = Fraction(0)
    for mask in range(1 << len(pairs)):
        degrees = [0] * n
        for k, (i, j) in enumerate(pairs):
            if mask >> k & 1:
                degrees[i] += 1
                degrees[j] += 1
        value = 1
        for d in degrees:
            value *= signs[d]
        edges = mask.bit_count()
        total += value * p**edges * (1 - p) ** (len(pairs) - edges)
    return total


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5), st.sampled_from(["1/2", "1/3", "2/5", "999/1000"]), st.data())
def test_dynamic_programme_against_all_graphs(n: int, p: str, data: st.DataObject) -> None:
    vector = st.lists(st.sampled_from([1, -1]), min_size=n, max_size=n)
    signs = data.draw(st.lists(vector, max_size=3))
    expected = [brute(n, Fraction(p), s) for s in signs]
    for algorithm in (None, "packed", "modular"):
        assert degree_sign_expectations(n, p, signs, algorithm=algorithm) == expected


@pytest.mark.parametrize("p", ["1/2", "2/7"])
def test_both_algorithms_on_many_sign_vectors(p: str) -> None:
    """More than fit into one long integer."""
    signs = [[-1 if mask >> d & 1 else 1 for d in range(11)] for mask in range(3, 2048, 3)]
    packed = degree_sign_expectations(11, p, signs)
    assert packed == degree_sign_expectations(11, p, signs, algorithm="modular")
    assert len(packed) == 682 and packed[0] != packed[1]


@pytest.mark.parametrize("n", range(2, 9))
def test_forms_have_the_same_expectation(n: int) -> None:
    """Handshake, complement of the set, and for p = 1/2 complement of the graph."""
    subsets = [[d for d in range(n) if mask >> d & 1] for mask in range(1 << n)]
    for p in ("1/2", "1/3"):
        family = DegreeParityNetworks(n, p)
        signs = [[-1 if d in subset else 1 for d in range(n)] for subset in subsets]
        direct = degree_sign_expectations(n, p, signs)
        assert family.expectations(subsets) == direct
        assert len({family.normal_form(s)[0] for s in subsets}) == family.size
        for subset, value in zip(subsets, direct, strict=True):
            mask, sign = family.reduced_form(subset)
            assert sign * direct[mask] == value and not mask & 3


def test_gram_by_programme_and_enumeration() -> None:
    family = DegreeParityNetworks(5, "1/3")
    for i in range(len(family)):
        for j in (0, 5):
            assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)
    matrix = family.gram_matrix()
    assert matrix[2][5] == family.gram_exact(2, 5) and matrix[4][4] == 1
    rows = {sum(abs(e) for e in row) for row in matrix}
    assert rows == {family.row_sum()}


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_the_class_has_every_function_once_up_to_sign(n: int) -> None:
    graphs = [g for g in nx.graph_atlas_g() if g.number_of_nodes() == n]

    def values(subset: tuple[int, ...]) -> tuple[int, ...]:
        return tuple((-1) ** sum(d in subset for _, d in g.degree()) for g in graphs)

    everything = set()
    for size in range(n + 1):
        for subset in combinations(range(n), size):
            v = values(subset)
            everything.add(max(v, tuple(-e for e in v)))
    family = DegreeParityNetworks(n)
    found = [values(family.subset(i)) for i in range(family.size)]
    assert {max(v, tuple(-e for e in v)) for v in found} == everything
    assert len(everything) == family.size == 2 ** (n - 2)


def test_handshake_pairs_are_refuted_with_the_pair() -> None:
    family = DegreeParityNetworks(5, subsets=[[2], [0], [1, 2, 3], [1, 2, 3, 4]])
    assert family.equivalent_pair() == (0, 2, 1)
    assert family.gram_exact(0, 2) == 1
    # The complement of {0} is {1,2,3,4}; n = 5 is odd: the same function with the other sign.
    assert family.gram_exact(1, 3) == -1 == family.gram_entry_slow(1, 3)
    assert DegreeParityNetworks(5).equivalent_pair() is None


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7])
def test_networks_on_all_graphs_up_to_isomorphism(n: int) -> None:
    graphs = [g for g in nx.graph_atlas_g() if g.number_of_nodes() == n]
    assert len(graphs) == {2: 2, 3: 4, 4: 11, 5: 34, 6: 156, 7: 1044}[n]
    family = DegreeParityNetworks(
        n, subsets=[[0], [n - 1], sorted({1, n - 1}), list(range(0, n, 3))]
    )
    pairs = list(combinations(range(n), 2))
    for member in (family[0], family[2], family[3]):
        network = member.network()
        assert all(isinstance(w, int) for w in network.readout + network.wave)
        for g in graphs:
            x = [int(g.has_edge(i, j)) for i, j in pairs]
            assert network(x) == member(x)


def test_fourteen_vertices() -> None:
    start = time.process_time()
    signs = [[-1 if d % k == 0 else 1 for d in range(14)] for k in (2, 3, 4, 5)]
    values = degree_sign_expectations(14, "1/2", signs)
    assert time.process_time() - start < 60
    # 2|d: the number of even-degree vertices has the parity of n.
    assert values[0] == 1 and all(0 < abs(v) < 1 for v in values[1:])


def test_members_are_invariant() -> None:
    family = DegreeParityNetworks(5)
    x = [1, 0, 1, 1, 0, 0, 1, 0, 1, 0]
    for member in family:
        for g in family.group.generators:
            assert member([x[g(i)] for i in range(10)]) == member(x)
    assert family.group.order == 120 and family.distribution.dimension == 10


def test_protocol() -> None:
    family = DegreeParityNetworks(4)
    assert isinstance(family, Family) and isinstance(family[0], Member)
    assert family.parameters == {"n": 4, "p": "1/2"} and family.members == "all"
    assert [f.subset for f in family] == [(), (2,), (3,), (2, 3)]
    assert DegreeParityNetworks(14).size == 4096


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DegreeParityNetworks(1), "n: must be an integer >= 2, got 1"),
        (lambda: DegreeParityNetworks(21), "must be at most 20, got 21"),
        (
            lambda: DegreeParityNetworks(5, 0),
            "strictly between 0 and 1, got 0",
        ),
        (lambda: DegreeParityNetworks(5, "3/2"), "got 3/2"),
        (lambda: DegreeParityNetworks(5, subsets=[]), "at least one subset"),
        (lambda: DegreeParityNetworks(5, subsets=[[5]]), "points must be in 0..4, got [5]"),
        (
            lambda: DegreeParityNetworks(5, subsets=[[1, 1]]),
            "must have different points, got [1, 1]",
        ),
        (lambda: DegreeParityNetworks(5, subsets=[3]), "must be a list of integers, got 3"),  # type: ignore[list-item]
        (lambda: DegreeParityNetworks(3)[0]([2, 0, 0]), "must be the 0/1 edges"),
        (lambda: DegreeParityNetworks(3, subsets=[[1]]).row_sum(), "whole class only"),
        (lambda: degree_sign_expectations(3, "1/2", [[1, 1]]), "must be 3 numbers 1 or -1"),
        (lambda: degree_sign_expectations(3, 2, [[1, 1, 1]]), "got 2"),
        (lambda: degree_sign_expectations(30, "1/2", []), "at most 20"),
        (
            lambda: degree_sign_expectations(1, "1/2", [[1]], algorithm="fast"),  # type: ignore
            'algorithm: must be "packed" or "modular", got \'fast\'; leave it out',
        ),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FamilyError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)
