"""Bad input of families, laws and functions: one clear line each, before any work starts.

A message names the argument, the rule and the value that was given, and says what to do instead.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pytest

import symcsq as cs
from groups import group
from groups.errors import GroupsError
from symcsq.constructions import SemiInvariantPolynomials
from symcsq.errors import SymcsqError
from symcsq.functions import HermiteSeries

PLANE = ([[1, 0]], [[0, 1]])
LOOPED = nx.Graph([(0, 1), (1, 1)])
WEIGHTED = nx.Graph()
WEIGHTED.add_edge(0, 1, weight=0.5)
INFINITE = 10**12


def graph_of(matrix: Any, *more: Any) -> Any:
    return cs.GraphFeatureNetworks(matrix, PLANE, 2, *more)


def expansion(coefficients: dict[tuple[int, ...], Any], law: str = "gaussian") -> Any:
    return cs.Expansion(group("C2"), law, coefficients)


def parities(n: int = 6, m: int = 2) -> Any:
    return cs.ParityNetworks(n, m)


# (what is wrong, how it is made, the argument, part of the rule)
CASES: list[tuple[str, Callable[[], Any], str, str]] = [
    # Vectors that are not isotropic.
    ("not isotropic", lambda: cs.RotationNetworks(([[1, 1]], [[1, 1]]), 2), "vectors", "isotropic"),
    ("zero", lambda: cs.RotationNetworks(([[0, 0]], [[0, 0]]), 2), "vectors", "must not be zero"),
    ("floats", lambda: cs.RotationNetworks(([[1.0, 0]], [[0, 1]]), 2), "vectors", "integer array"),
    ("complex", lambda: cs.RotationNetworks(([[1j, 0]], [[0, 1]]), 2), "vectors", "integer array"),
    ("strings", lambda: cs.RotationNetworks(([["1"]], [["0"]]), 2), "vectors", "integer array"),
    ("truths", lambda: cs.RotationNetworks(([[True]], [[True]]), 2), "vectors", "integer array"),
    (
        "ragged",
        lambda: cs.RotationNetworks(([[1, 0], [1]], PLANE[1]), 2),
        "vectors",
        "shape (N, n)",
    ),
    ("too deep", lambda: cs.RotationNetworks(([PLANE[0]], [PLANE[1]]), 2), "vectors", "shape"),
    ("huge", lambda: cs.RotationNetworks(([[10**30, 0]], [[0, 1]]), 2), "vectors", "below 2^20"),
    ("no pair", lambda: cs.RotationNetworks(None, 2), "vectors", "a pair (u, v)"),
    ("a word", lambda: cs.RotationNetworks("ab", 2), "vectors", "integer array"),
    (
        "two lengths",
        lambda: cs.RotationNetworks(([[1, 0], [2, 0]], [[0, 1], [0, 2]]), 2, "relu"),
        "vectors",
        "the same length",
    ),
    # Power below 1.
    ("no power", lambda: cs.RotationNetworks(PLANE), "power", "must be given"),
    ("power 0", lambda: cs.RotationNetworks(PLANE, 0), "power", "an integer >= 1"),
    ("power -1", lambda: cs.RotationNetworks(PLANE, -1), "power", "an integer >= 1"),
    ("power 2.0", lambda: cs.RotationNetworks(PLANE, 2.0), "power", "an integer >= 1"),  # type: ignore[arg-type]
    ("power '2'", lambda: cs.RotationNetworks(PLANE, "2"), "power", "an integer >= 1"),  # type: ignore[arg-type]
    ("power huge", lambda: cs.RotationNetworks(PLANE, INFINITE), "power", "at most 1000"),
    ("k of relu", lambda: cs.RotationNetworks(PLANE, 65, "relu"), "power", "64 with an activation"),
    ("columns k", lambda: cs.ConvolutionalNetworks("C2", 1, PLANE, 0), "power", ">= 1"),
    ("graphs k", lambda: cs.GraphFeatureNetworks([[1]], PLANE, -3), "power", ">= 1"),
    # Odd dimension for sign vectors.
    ("odd", lambda: cs.isotropic_vectors(5, 1), "n", "even dimension, got 5; use 6"),
    ("no dimension", lambda: cs.isotropic_vectors(0, 1), "n", "an integer >= 2"),
    ("none wanted", lambda: cs.isotropic_vectors(4, 0), "count", "an integer >= 1"),
    ("too many", lambda: cs.isotropic_vectors(4, 13), "count", "12 different sign vectors"),
    ("far too many", lambda: cs.isotropic_vectors(4, INFINITE), "count", "at most 33554432"),
    ("far too long", lambda: cs.isotropic_vectors(INFINITE, 1), "count", "at most 33554432"),
    ("seed", lambda: cs.isotropic_vectors(4, 1, seed=1.5), "seed", "an integer, got 1.5"),  # type: ignore[arg-type]
    ("structure", lambda: cs.isotropic_vectors(4, 1, structure="x"), "structure", '"signs", "plan'),
    # p outside (0, 1).
    ("p 0", lambda: cs.DegreeParityNetworks(4, 0), "p", "strictly between 0 and 1"),
    ("p 1", lambda: cs.DegreeParityNetworks(4, 1), "p", "strictly between 0 and 1"),
    ("p negative", lambda: cs.DegreeParityNetworks(4, "-1/2"), "p", "strictly between 0 and 1"),
    ("p 3/2", lambda: cs.DegreeParityNetworks(4, "3/2"), "p", "strictly between 0 and 1"),
    ("p a float", lambda: cs.DegreeParityNetworks(4, 0.5), "p", "exact rational"),
    ("p a word", lambda: cs.DegreeParityNetworks(4, "half"), "p", "exact rational"),
    ("bernoulli 0", lambda: cs.Bernoulli(0), "p", "0"),
    ("bernoulli 1", lambda: cs.Bernoulli(1), "p", "1"),
    ("graph law", lambda: cs.erdos_renyi(4, 1), "p", "1"),
    ("one vertex", lambda: cs.DegreeParityNetworks(1), "n", ">= 2"),
    ("many vertices", lambda: cs.DegreeParityNetworks(21), "n", "at most 20"),
    ("degree n", lambda: cs.DegreeParityNetworks(4, subsets=[[4]]), "subsets[0]", "in 0..3"),
    # A graph with self-loops, and other graphs.
    ("loop", lambda: graph_of(LOOPED), "graph", "no self-loops, got one at node 1"),
    ("loop in a list", lambda: graph_of([nx.path_graph(2), LOOPED]), "graph", "no self-loops"),
    ("no node", lambda: graph_of(nx.empty_graph(0)), "graph", "at least one node"),
    ("parallel", lambda: graph_of(nx.MultiGraph([(0, 1), (0, 1)])), "graph", "parallel edges"),
    ("weighted", lambda: graph_of(WEIGHTED), "graph", "weights of edges are not read, got 0.5"),
    ("float entry", lambda: graph_of([[0.5]]), "graph[0][0]", "exact rational"),
    ("not a number", lambda: graph_of(np.array([[np.nan]])), "graph[0][0]", "exact rational"),
    ("not square", lambda: graph_of([[1, 0]]), "graph", "must be square"),
    ("ragged graph", lambda: graph_of([[1, 0], [1]]), "graph", "must be square"),
    ("no graph", lambda: graph_of(None), "graph", "a networkx graph"),
    ("graph by name", lambda: graph_of("path"), "graph", "a networkx graph"),
    ("mixed list", lambda: graph_of([nx.path_graph(2), 3]), "graph", "graphs or matrices only"),
    ("large graph", lambda: graph_of(nx.empty_graph(20_000)), "graph", "at most 500 nodes"),
    # A group whose degree does not match.
    ("rows", lambda: cs.ConvolutionalNetworks("C5", 2, PLANE, 2), "vectors", "5 (column filters)"),
    ("no columns", lambda: cs.ConvolutionalNetworks("C2", 0, PLANE, 2), "columns", ">= 1"),
    ("columns", lambda: cs.ConvolutionalNetworks("C2", INFINITE, PLANE, 2), "columns", "at most"),
    (
        "large group",
        lambda: cs.ConvolutionalNetworks("S20", 1, cs.isotropic_vectors(20, 1), 2),
        "group",
        "at most 100000 elements",
    ),
    ("no group", lambda: cs.ConvolutionalNetworks(None, 1, PLANE, 2), "group", "an expression"),
    ("frame", lambda: cs.FrameAveraged(parities(), cs.frames.reynolds("C5")), "frame", "6 inputs"),
    ("law", lambda: cs.InvariantPolynomials("C4", 2, cs.Gaussian().on(5)), "distribution", "4"),
    (
        "transversal",
        lambda: cs.frames.transversal(group("C4"), group("C3")),
        "subgroup",
        "",
    ),
    ("no points", lambda: cs.InvariantPolynomials(group("S1").subgroup([]), -1), "degree", ">= 0"),
    (
        "vector length",
        lambda: cs.InvariantPolynomials("C4", 2, representatives=[[1, 1, 0]]),
        "representatives[0]",
        "4 exponents",
    ),
    (
        "vector degree",
        lambda: cs.InvariantPolynomials("C4", 2, representatives=[[1, 1, 1, 0]]),
        "representatives[0]",
        "add up to 2",
    ),
    (
        "no vectors",
        lambda: cs.InvariantPolynomials("C4", 2, representatives=5),  # type: ignore[arg-type]
        "representatives",
        "a list of exponent vectors",
    ),
    ("character", lambda: SemiInvariantPolynomials("C4", 2, [1, 1]), "character", "1 generators"),
    ("impossible", lambda: SemiInvariantPolynomials("C3", 2, [-1]), "character", "no character"),
    (
        "moved law",
        lambda: SemiInvariantPolynomials("C2", 1, "sign", "gaussian x uniform"),
        "group",
        "must preserve the distribution",
    ),
    # An activation with unknown kernel.
    ("tanh", lambda: cs.RotationNetworks(PLANE, 2, "tanh"), "activation", "abs, erf, relu, sign"),
    ("sigmoid", lambda: cs.ParityNetworks(3, 2, "sigmoid"), "activation", "abs, erf, relu, sign"),
    ("a function", lambda: cs.ParityNetworks(3, 2, abs), "activation", "abs, erf, relu, sign"),
    ("no coefficient", lambda: cs.ParityNetworks(3, 2, []), "activation", "at least one"),
    (
        "float coefficient",
        lambda: cs.ParityNetworks(3, 2, [0.5]),
        "activation[0]",
        "exact rational",
    ),
    ("no name", lambda: cs.ConvolutionalNetworks("C2", 1, PLANE, 2, ""), "activation", "erf, relu"),
    ("series", lambda: graph_of([[1]], HermiteSeries([0, 1])), "activation", "variance 1 only"),
    ("other variance", lambda: graph_of([[2]], HermiteSeries([0, 1])), "activation", "variance 1"),
    (
        "correlation 2",
        lambda: cs.activation("relu").kernel(Fraction(2)),
        "correlation",
        "in [-1, 1]",
    ),
    ("series of words", lambda: HermiteSeries("ab"), "coefficients", "a sequence of rationals"),
    ("series of nothing", lambda: HermiteSeries(None), "coefficients", "a sequence of rationals"),  # type: ignore[arg-type]
    ("negative tail", lambda: HermiteSeries([1], tail=-1), "tail", ">= 0"),
    ("parity", lambda: HermiteSeries([1, 1], parity="even"), "parity", "c_1 must be 0"),
    # Sizes and subsets.
    ("m > n", lambda: parities(3, 4), "m", "at most n = 3"),
    ("m 0", lambda: parities(3, 0), "m", ">= 1"),
    ("wide", lambda: parities(10**6, 10**5), "m", "at most 1024"),
    ("long", lambda: parities(INFINITE, 2), "n", "at most 1048576"),
    ("word", lambda: cs.ParityNetworks(3, 2, subsets="01"), "subsets", "a list of subsets"),
    ("number", lambda: cs.ParityNetworks(3, 2, subsets=5), "subsets", "a list of subsets"),  # type: ignore[arg-type]
    ("outside", lambda: cs.ParityNetworks(3, 2, subsets=[[-1, 0]]), "subsets[0]", "in 0..2"),
    ("degree", lambda: cs.InvariantPolynomials("C4", 5, "rademacher"), "degree", "up to 4"),
    # Laws and moments.
    ("minor", lambda: cs.Moments([1, 0, -1]), "moments", "minor"),
    ("total mass", lambda: cs.Moments([2, 0, 1]), "moments", "1"),
    ("empty law", lambda: cs.FiniteUniform([]), "points", "at least one"),
    ("weights", lambda: cs.FiniteWeighted({0: "1/2"}), "", "1"),
    ("slice", lambda: cs.Slice(5).on(3), "", "5"),
    # Functions.
    ("moved marginals", lambda: expansion({(1, 0): 1}, "gaussian x uniform"), "group", "preserve"),
    ("coefficient", lambda: expansion({(1, 0): 0.5}), "coefficient", "exact rational"),
    ("exponents", lambda: expansion({(1,): 1}), "exponents", "2 entries"),
    (
        "not invariant",
        lambda: cs.Expansion.from_polynomial(group("C2"), "gaussian", {(1, 0): 1}),
        "polynomial",
        "must be invariant",
    ),
    (
        "two laws",
        lambda: expansion({(1, 0): 1}) * expansion({(1, 0): 1}, "uniform"),
        "operand",
        "the same group and distribution",
    ),
]


@pytest.mark.parametrize(
    ("make", "argument", "rule"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_one_clear_error_before_any_work(make: Callable[[], Any], argument: str, rule: str) -> None:
    started = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises((SymcsqError, GroupsError)) as caught:
            make()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert time.process_time() - started < 1 and most < 20_000_000
    message = str(caught.value)
    assert message.startswith(argument) and rule in message, message
    assert ": " in message and "; " in message and "\n" not in message
    assert len(message) < 250


def test_names_of_cases_are_different() -> None:
    assert len({case[0] for case in CASES}) == len(CASES)
