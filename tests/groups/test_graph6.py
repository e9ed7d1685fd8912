"""graph6 against networkx, and what is no graph6."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.graph6 import Graph6Error, decode_graph6


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 12, 61, 62, 63, 64, 100])
def test_agrees_with_networkx(n: int) -> None:
    for graph in (nx.empty_graph(n), nx.complete_graph(n), nx.gnp_random_graph(n, 0.4, seed=n)):
        text = nx.to_graph6_bytes(graph, header=False).decode().rstrip("\n")
        vertices, edges = decode_graph6(text)
        assert vertices == n
        assert {frozenset(e) for e in edges} == {frozenset(e) for e in graph.edges}


@given(text=st.text(alphabet=[chr(c) for c in range(60, 128)], max_size=12))
def test_only_what_can_be_written_is_read(text: str) -> None:
    try:
        n, edges = decode_graph6(text)
    except Graph6Error as error:
        assert 0 <= error.position <= len(text) and "\n" not in str(error)
        return
    graph = nx.empty_graph(n)
    graph.add_edges_from(edges)
    written = nx.to_graph6_bytes(graph, header=False).decode().rstrip("\n")
    # Up to 62 vertices there is one way to write a graph.
    assert written == text or text.startswith("~")


@pytest.mark.parametrize(
    ("text", "expected", "position"),
    [
        ("", "a graph6 string of at most 258047 vertices", 0),
        ("~", "a graph6 string of at most 258047 vertices", 0),
        ("~~?????A", "a graph6 string of at most 258047 vertices", 0),
        ("D", "3 characters of graph6 for 5 vertices", 0),
        ("D????", "3 characters of graph6 for 5 vertices", 0),
        ("D? ", "a graph6 string, characters from '?' to '~',", 2),
        ("D?|", "graph6 that ends in zero bits", 2),
    ],
)
def test_mistakes(text: str, expected: str, position: int) -> None:
    with pytest.raises(Graph6Error) as caught:
        decode_graph6(text)
    assert caught.value.position == position
    assert caught.value.expected == expected
