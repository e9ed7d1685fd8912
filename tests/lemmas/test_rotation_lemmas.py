"""Lemmas on families of vectors: graphs as text, parameters, errors, the suite's rows."""

from __future__ import annotations

import pytest

from symcsq.errors import FamilyError, LemmaError
from symcsq.lemmas import lemma
from symcsq.lemmas.rotation_lemmas import SUITE, read_graph

NAMES = ["rotation-networks", "convolutional-networks", "graph-feature-networks"]


@pytest.mark.parametrize(
    ("text", "nodes", "edges"),
    [
        ("cycle 6", 6, 6),
        ("Path 4", 4, 3),
        ("complete 4", 4, 6),
        ("star 5", 5, 4),
        ("grid 2 3", 6, 7),
        (" petersen ", 10, 15),
        ("0-1, 1-2,2-0", 3, 3),
        ("0-5", 6, 1),
        ("path 1", 1, 0),
    ],
)
def test_graphs_by_name_and_by_edges(text: str, nodes: int, edges: int) -> None:
    graph = read_graph("graph", text)
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (nodes, edges)
    assert sorted(graph.nodes) == list(range(nodes))


def test_matrices_and_unions() -> None:
    assert read_graph("graph", "0,-1/2; 1.5,0") == [["0", "-1/2"], ["1.5", "0"]]
    assert read_graph("graph", "2") == [["2"]]
    union = read_graph("graph", "cycle 3 + path 4")
    assert [len(graph) for graph in union] == [3, 4]
    given = object()
    assert read_graph("graph", given) is given
    family = lemma("graph-feature-networks", graph="cycle 3 + 0,1;1,0", count=3).family()
    assert family.nodes == 5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cycle",
        "cycle 0",
        "cycle 6 6",
        "grid 4",
        "petersen 3",
        "wheel 5",
        "0-",
        "0-1;1-2",
        "1,2,",
        "cycle 999999",
        "0-999999",
        "cycle 150 + cycle 150",
        "0,1;__import__('os'),2",
        "1e9",
        "é",
    ],
)
def test_texts_that_are_no_graph(text: str) -> None:
    with pytest.raises(LemmaError) as caught:
        lemma("graph-feature-networks", graph=text)
    message = str(caught.value)
    assert message.startswith("graph: must") and "\n" not in message and len(message) < 240


def test_rows_of_different_lengths_are_refused() -> None:
    with pytest.raises(FamilyError, match="the matrix must be square"):
        lemma("graph-feature-networks", graph="0,1;1", count=2).family()


def test_filters_that_are_too_long_are_refused() -> None:
    with pytest.raises(LemmaError, match="at most 4096 entries, got 65536"):
        lemma("convolutional-networks", columns=4096).family()


@pytest.mark.parametrize("name", NAMES)
def test_power_is_the_default_activation(name: str) -> None:
    for value in ("power", None):
        assert lemma(name, activation=value, count=2).family().activation is None
    assert str(lemma(name, activation="0,0,1", count=2).family().activation) == "polynomial(0,0,1)"
    for key, value in (("power", 0), ("count", 0), ("seed", -1)):
        with pytest.raises(LemmaError, match=f"{key}: must be between"):
            lemma(name, **{key: value})


@pytest.mark.parametrize("name", NAMES)
def test_defaults_force_queries(name: str) -> None:
    chosen = lemma(name)
    report = chosen.verify()
    assert report.holds
    assert int(report["csq-bound"].record["queries"]) >= 2
    assert chosen.family().size == chosen.parameters["count"] == report.size


def test_the_suite_has_powers_and_relu_for_each() -> None:
    rows = [(name, parameters.get("activation")) for name, parameters in SUITE]
    assert {(name, phi) for name in NAMES for phi in (None, "relu")} <= set(rows)
    assert any(parameters.get("group") == "Torus(3,3)" for _, parameters in SUITE)


def test_structures() -> None:
    report = lemma("rotation-networks", n=8, structure="planes", count=4, power=2).verify()
    assert report["near-orthogonality"].record["maximum"] == "0"
    with pytest.raises(FamilyError, match="there are 4 vectors of structure hadamard"):
        lemma("rotation-networks", n=8, structure="hadamard", count=5).family()
