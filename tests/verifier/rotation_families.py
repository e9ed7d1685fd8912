"""Small families made from isotropic vectors, for the tests: each kind, each way it can fail."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import symcsq as cs
from groups import PermutationGroup
from symcsq.functions import HermiteSeries

C4 = PermutationGroup([[1, 2, 3, 0]], degree=4)
SWAP = PermutationGroup([[1, 0]], degree=2)

# Three vectors of one length, any two of which correlate; and a shorter one.
U = [[1, 1, 1, 1], [1, 1, -1, 1], [1, -1, 1, 1]]
V = [[1, -1, 1, -1], [-1, 1, 1, 1], [1, 1, 1, -1]]
SHORT = ([[1, 0, 0, 0]], [[0, 1, 0, 0]])
THREE = (U, V)
MIXED = (U + SHORT[0], V + SHORT[1])

# Filters whose shifts do not cancel, and are not shifts of each other.
FILTERS = (
    [[-1, -2, 0, 0], [0, 1, 0, -2], [2, 0, -1, 0]],
    [[0, 0, 2, 1], [-2, 0, 1, 0], [0, -1, 0, -2]],
)
FULL = (
    [[0, -2, 0, -1], [-1, -2, 0, 0], [0, 0, 1, 2]],
    [[-2, 0, -1, 0], [-2, 1, 0, 0], [-1, 2, 0, 0]],
)

# The third is i times the first.
TWINS = (U[:2] + [[-x for x in V[0]]], V[:2] + [U[0]])


def series(tail: str, least: str = "19/10") -> HermiteSeries:
    """c_1, c_2 and c_3 are between `least` and 2."""
    ends = cs.Enclosure(Fraction(least), Fraction(2), 0)
    return HermiteSeries([0, ends, ends, ends], tail)


PATH = [["0", "1", "0"], ["1", "0", "1"], ["0", "1", "0"]]
CANCELLING = [["1", "-1"], ["-1", "1"]]


def rotations(vectors: Any, power: int, activation: Any = None) -> Any:
    return cs.RotationNetworks(vectors, power, activation)


def convolutions(vectors: Any, power: int, activation: Any = None, columns: int = 1) -> Any:
    group = C4 if len(vectors[0][0]) == 4 and columns != 2 else SWAP
    return cs.ConvolutionalNetworks(group, columns, vectors, power, activation)


def graphs(matrix: Any, vectors: Any, power: int, activation: Any = None) -> Any:
    return cs.GraphFeatureNetworks(matrix, vectors, power, activation)


def path() -> Any:
    """A networkx graph, whose automorphisms are the group."""
    import networkx as nx

    return nx.path_graph(3)


#: The second is a shift of the first, conjugated.
SHIFTED = (
    [FILTERS[0][0], [0, -1, -2, 0], FILTERS[0][1]],
    [FILTERS[1][0], [-1, 0, 0, -2], FILTERS[1][1]],
)
#: The sum of the shifts of this filter cancels: a shift by one multiplies it by i.
CANCELS = ([[1, 0, -1, 0], *U[1:]], [[0, -1, 0, 1], *V[1:]])

SAMPLES: dict[str, Callable[[], Any]] = {
    "rotations": lambda: rotations(MIXED, 3),
    "rotations, relu": lambda: rotations(THREE, 2, "relu"),
    "rotations, polynomial": lambda: rotations(THREE, 2, [0, 1, 1, 0, "1/2"]),
    "rotations, refuted: norm zero": lambda: rotations(THREE, 3, "relu"),
    "rotations, refuted: equal members": lambda: rotations(TWINS, 2),
    "rotations, refuted: equal members, sign": lambda: rotations((U + U[:1], V + V[:1]), 3, "sign"),
    "convolutions": lambda: convolutions(FILTERS, 4),
    "convolutions, full, abs": lambda: convolutions(FULL, 2, "abs", columns=2),
    "convolutions, refuted: shifted members": lambda: convolutions(SHIFTED, 3, "sign"),
    "convolutions, refuted: a shift cancels": lambda: convolutions(CANCELS, 2, columns=3),
    "rotations, series": lambda: rotations(THREE, 3, series("1/50")),
    "rotations, undecided: a series": lambda: rotations(THREE, 2, series("1/50", "0")),
    "convolutions, series": lambda: convolutions(FILTERS, 3, series("1/50")),
    "graphs": lambda: graphs(path(), MIXED, 3),
    "graphs, relu": lambda: graphs(PATH, THREE, 2, "relu"),
    "graphs, refuted: the factor vanishes": lambda: graphs(CANCELLING, THREE, 3),
}
