"""Automorphism groups of graphs and codes against brute force and known orders."""

from __future__ import annotations

import itertools

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import catalogue as c
from groups.errors import ParameterError, TooLargeError
from groups.sporadic import golay_code


def brute_force(n: int, edges, colours, directed: bool) -> set[tuple[int, ...]]:
    def image(p):
        moved = {(p[u], p[v]) for u, v in edges}
        return moved if directed else {frozenset(e) for e in moved}

    here = set(edges) if directed else {frozenset(e) for e in edges}
    return {
        p
        for p in itertools.permutations(range(n))
        if image(p) == here and all(colours[p[i]] == colours[i] for i in range(n))
    }


@given(data=st.data(), n=st.integers(0, 5), directed=st.booleans())
def test_small_graphs_by_brute_force(data, n: int, directed: bool) -> None:
    pairs = [(i, j) for i in range(n) for j in range(n)]
    edges = data.draw(st.lists(st.sampled_from(pairs), max_size=8)) if pairs else []
    colours = data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    G = c.edge_automorphisms(n, edges, colours=colours, directed=directed)
    found = {tuple(g.images.tolist()) for g in G.elements()}
    assert found == brute_force(n, edges, colours, directed)


@pytest.mark.parametrize(
    ("graph", "order"),
    [
        (nx.empty_graph(0), 1),
        (nx.empty_graph(1), 1),
        (nx.empty_graph(6), 720),
        (nx.complete_graph(6), 720),
        (nx.petersen_graph(), 120),
        (nx.cycle_graph(7), 14),
        (nx.path_graph(7), 2),
        (nx.hypercube_graph(4), 384),
        (nx.heawood_graph(), 336),
        (nx.complete_bipartite_graph(3, 3), 72),
        (nx.complete_bipartite_graph(2, 4), 48),
        (nx.cycle_graph(5, create_using=nx.DiGraph), 5),
        (nx.DiGraph([(0, 1), (1, 2), (2, 0), (0, 3)]), 1),
    ],
    ids=str,
)
def test_orders_of_well_known_graphs(graph, order: int) -> None:
    G = c.graph_automorphisms(graph)
    assert G.order == order and G.labels == tuple(graph.nodes)


def test_nodes_keep_their_order_and_colours_count() -> None:
    graph = nx.Graph()
    graph.add_nodes_from(["c", "a", "b"])
    graph.add_edges_from([("a", "b"), ("b", "c")])
    G = c.graph_automorphisms(graph)
    assert G.labels == ("c", "a", "b") and [str(g) for g in G.generators] == ["(1,2)"]
    graph.nodes["a"]["kind"] = "special"
    assert c.graph_automorphisms(graph, colour="kind").is_trivial
    loop = nx.Graph([(0, 0), (0, 1), (1, 2)])
    assert c.graph_automorphisms(loop).is_trivial


def test_what_is_not_a_graph() -> None:
    with pytest.raises(ParameterError, match="must be a networkx Graph or DiGraph, got list"):
        c.graph_automorphisms([(0, 1)])
    with pytest.raises(ParameterError, match="must not be a multigraph"):
        c.graph_automorphisms(nx.MultiGraph([(0, 1), (0, 1)]))


@given(
    q=st.sampled_from([2, 3, 4]),
    rows=st.integers(1, 3),
    n=st.integers(0, 5),
    data=st.data(),
)
def test_small_codes_by_brute_force(q: int, rows: int, n: int, data) -> None:
    from groups.finite_fields import field

    f = field(q)
    entry = st.integers(0, q - 1)
    matrix = data.draw(
        st.lists(st.lists(entry, min_size=n, max_size=n), min_size=rows, max_size=rows)
    )
    words = {(0,) * n}
    for row in matrix:
        multiples = [[int(f.multiply(a, x)) for x in row] for a in range(q)]
        words = {
            tuple(int(f.add(x, y)) for x, y in zip(w, m, strict=True))
            for w in words
            for m in multiples
        }
    expected = set()
    for p in itertools.permutations(range(n)):
        moved = set()
        for word in words:
            out = [0] * n
            for i in range(n):
                out[p[i]] = word[i]
            moved.add(tuple(out))
        if moved == words:
            expected.add(p)
    G = c.code_automorphisms(matrix, q)
    assert {tuple(g.images.tolist()) for g in G.elements()} == expected


def test_well_known_codes() -> None:
    hamming = ["1101000", "0110100", "0011010", "0001101"]
    G = c.code_automorphisms([list(map(int, row)) for row in hamming])
    assert G.order == 168 and G.name == f"Code(2, {' '.join(hamming)})"
    repetition = c.code_automorphisms([[1] * 9])
    assert repetition == c.symmetric(9)
    assert c.code_automorphisms([[0, 0, 0]]) == c.symmetric(3)
    octads = sorted(w for w in golay_code() if w.bit_count() == 8)[::7]
    golay = c.code_automorphisms([[w >> x & 1 for x in range(24)] for w in octads])
    assert golay == c.mathieu(24)


@pytest.mark.parametrize(
    ("matrix", "q", "message"),
    [
        ([], 2, "at least one row"),
        ([[1, 0], [1]], 2, r"rows of one length, got lengths \[2, 1\]"),
        ([[1, 2]], 2, "matrix must be between 0 and 1, got 2"),
        ([[1, 0]], 6, "q: must be a prime power"),
        ([[1, -1]], 3, "matrix must be between 0 and 2, got -1"),
    ],
)
def test_bad_codes(matrix, q: int, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        c.code_automorphisms(matrix, q)


def test_codes_with_too_many_words() -> None:
    unit = [[int(i == j) for j in range(20)] for i in range(20)]
    with pytest.raises(TooLargeError, match=r"a code of 2\^20; use the dual code"):
        c.code_automorphisms(unit)
