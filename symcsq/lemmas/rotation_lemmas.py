"""Lemmas on families made from isotropic vectors, and their rows of the suite."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from symcsq.constructions import (
    ConvolutionalNetworks,
    GraphFeatureNetworks,
    Reference,
    RotationNetworks,
    isotropic_vectors,
)
from symcsq.errors import LemmaError
from symcsq.lemmas.lemma import Definition
from symcsq.lemmas.parameters import Parameter, as_given, choice, integer

__all__ = ["DEFINITIONS", "SUITE", "read_graph"]

_PAPER = "Kiani, Le, Lawrence, Jegelka, Weber, ICLR 2024"
_MOST_INPUTS = 4096
_MOST_NODES = 200

_NAMED = re.compile(r"(cycle|path|complete|star|grid|petersen)((?:\s+[0-9]{1,6}){0,2})")
_EDGES = re.compile(r"[0-9]{1,6}-[0-9]{1,6}(?:\s*,\s*[0-9]{1,6}-[0-9]{1,6})*")
_ENTRY = r"\s*-?[0-9]{1,40}(?:[./][0-9]{1,40})?\s*"
_MATRIX = re.compile(f"{_ENTRY}(?:[,;]{_ENTRY})*")
_SIZES = {"cycle": 1, "path": 1, "complete": 1, "star": 1, "grid": 2, "petersen": 0}


def read_graph(name: str, value: Any) -> Any:
    """A reader of graphs, up to 200 nodes.

    Text is a named graph ("cycle 6", "path 4", "complete 4", "star 5", "grid 2 3", "petersen"), a
    list of edges from 0 ("0-1,1-2"), the rows of a rational matrix ("0,1;1,0"), or several of these
    joined by " + ": their disjoint union.

    Returns:
        What `GraphFeatureNetworks` takes: a networkx graph, a matrix, or a list of those.

    Raises:
        LemmaError: the text is none of these, or the graph is too large.

    Examples:
        >>> read_graph("graph", "0,1/2;1/2,0")
        [['0', '1/2'], ['1/2', '0']]
        >>> len(read_graph("graph", "cycle 6"))
        6
    """
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(" + ")]
    graphs = [_graph(name, part.lower(), value) for part in parts]
    if sum(len(graph) for graph in graphs) > _MOST_NODES:
        raise LemmaError(
            f"{name}: must have at most {_MOST_NODES} nodes, got {_shown(value)}; "
            "choose a smaller graph"
        )
    return graphs[0] if len(graphs) == 1 else graphs


def _graph(name: str, text: str, whole: str) -> Any:
    named = _NAMED.fullmatch(text)
    if named:
        sizes = [int(size) for size in named[2].split()]
        if len(sizes) == _SIZES[named[1]] and all(1 <= size <= _MOST_NODES for size in sizes):
            return _named_graph(named[1], sizes)
    if _EDGES.fullmatch(text):
        import networkx as nx

        pairs = [tuple(map(int, edge.split("-"))) for edge in text.split(",")]
        nodes = 1 + max(max(pair) for pair in pairs)
        if nodes <= _MOST_NODES:
            graph = nx.empty_graph(nodes)
            graph.add_edges_from(pairs)
            return graph
    if _MATRIX.fullmatch(text):
        return [[entry.strip() for entry in row.split(",")] for row in text.split(";")]
    raise LemmaError(
        f"{name}: must be a graph of at most {_MOST_NODES} nodes, got {_shown(whole)}; write for "
        f'example {name}="cycle 6", {name}=petersen, {name}=0-1,1-2 or {name}="0,1;1,0"'
    )


def _named_graph(kind: str, sizes: list[int]) -> Any:
    import networkx as nx

    if kind == "petersen":
        return nx.petersen_graph()
    if kind == "grid":
        return nx.convert_node_labels_to_integers(nx.grid_2d_graph(*sizes), ordering="sorted")
    if kind == "star":  # as many nodes as for the others
        return nx.star_graph(sizes[0] - 1)
    makers = {"cycle": nx.cycle_graph, "path": nx.path_graph, "complete": nx.complete_graph}
    return makers[kind](sizes[0])


def _shown(value: str) -> str:
    return repr(value) if len(value) <= 60 else repr(value[:57] + "...")


def _activation(name: str, value: Any) -> Any:
    """Nothing, or "power", for Re((a·x)^k) itself; otherwise an activation."""
    if value is None or (isinstance(value, str) and value.strip().lower() == "power"):
        return None
    return as_given(name, value)


def _count(default: int) -> Parameter:
    return Parameter("count", default, "number of functions", integer(1, 100_000))


def _power(default: int) -> Parameter:
    return Parameter("power", default, "half the number of hidden units", integer(1, 255))


_ACTIVATION = Parameter(
    "activation", None, "relu, abs, sign, erf, coefficients; powers if absent", _activation
)
_SEED = Parameter("seed", 0, "chooses the vectors", integer(0, 2**63 - 1))
_TOLERANCE = Parameter("tolerance", "1/10", "accuracy of the answers a learner gets", as_given)


def _rotation(values: Mapping[str, Any]) -> RotationNetworks:
    vectors = isotropic_vectors(
        values["n"], values["count"], values["seed"], structure=values["structure"]
    )
    return RotationNetworks(vectors, values["power"], values["activation"])


def _convolutional(values: Mapping[str, Any]) -> ConvolutionalNetworks:
    from symcsq.constructions.family import as_group

    group = as_group(values["group"])
    length = group.degree * (values["columns"] if values["filters"] == "full" else 1)
    if length > _MOST_INPUTS:
        raise LemmaError(
            f"columns: a filter must have at most {_MOST_INPUTS} entries, got {length}; "
            "choose fewer columns"
        )
    vectors = isotropic_vectors(length, values["count"], values["seed"])
    return ConvolutionalNetworks(
        group, values["columns"], vectors, values["power"], values["activation"]
    )


def _graph_features(values: Mapping[str, Any]) -> GraphFeatureNetworks:
    vectors = isotropic_vectors(values["features"], values["count"], values["seed"])
    graph = read_graph("graph", values["graph"])
    return GraphFeatureNetworks(graph, vectors, values["power"], values["activation"])


def _checked_graph(name: str, value: Any) -> Any:
    """The text itself, once it is known to be a graph: it is what tables show."""
    read_graph(name, as_given(name, value))
    return value


DEFINITIONS = (
    Definition(
        "rotation-networks",
        Reference(
            "Diakonikolas, Kane, Kontonis, Zarifis, COLT 2020: rotation networks",
            RotationNetworks.reference.statements,
        ),
        "networks of 2k units in planes that are nearly orthogonal correlate by k-th powers",
        (
            Parameter("n", 32, "number of inputs, even", integer(2, _MOST_INPUTS)),
            _count(400),
            _power(8),
            _ACTIVATION,
            Parameter(
                "structure",
                "signs",
                "signs (random), planes or hadamard",
                choice("signs", "planes", "hadamard"),
            ),
            _SEED,
            _TOLERANCE,
        ),
        _rotation,
    ),
    Definition(
        "convolutional-networks",
        Reference(f"{_PAPER}: convolutional networks", ConvolutionalNetworks.reference.statements),
        "sums of a rotation filter over a group on the rows are nearly orthogonal",
        (
            Parameter("group", "C16", "acts on the rows: an expression or a group file", as_given),
            Parameter("columns", 2, "number of columns", integer(1, _MOST_INPUTS)),
            Parameter(
                "filters",
                "full",
                "columns (one filter for each column) or full",
                choice("columns", "full"),
            ),
            _count(250),
            _power(8),
            _ACTIVATION,
            _SEED,
            _TOLERANCE,
        ),
        _convolutional,
    ),
    Definition(
        "graph-feature-networks",
        Reference(f"{_PAPER}: graph networks, features", GraphFeatureNetworks.reference.statements),
        "sums of a rotation network over the nodes of a graph correlate as the networks do",
        (
            Parameter(
                "graph", "cycle 6", "cycle 6, petersen, 0-1,1-2, or rows 0,1;1,0", _checked_graph
            ),
            Parameter("features", 32, "features of a node, even", integer(2, _MOST_INPUTS)),
            _count(250),
            _power(8),
            _ACTIVATION,
            _SEED,
            _TOLERANCE,
        ),
        _graph_features,
    ),
)

#: (name, parameters) of the lemmas that `symcsq verify` checks when it is given none.
SUITE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rotation-networks", {}),
    ("rotation-networks", {"n": 16, "structure": "hadamard", "count": 8, "power": 3}),
    ("rotation-networks", {"n": 16, "count": 24, "power": 4, "activation": "relu"}),
    ("convolutional-networks", {}),
    ("convolutional-networks", {"filters": "columns", "count": 100}),
    ("convolutional-networks", {"group": "Torus(3,3)", "columns": 4}),
    (
        "convolutional-networks",
        {"group": "Torus(3,3)", "columns": 4, "count": 12, "power": 4, "activation": "relu"},
    ),
    ("graph-feature-networks", {}),
    ("graph-feature-networks", {"graph": "petersen", "power": 5}),
    (
        "graph-feature-networks",
        {"graph": "path 4", "features": 16, "count": 16, "power": 4, "activation": "relu"},
    ),
)
