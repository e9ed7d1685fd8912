"""Graph networks whose hardness is in the features: F_a(X) = Σ_v f_a((AX)_v) (MATH.md 4.6, M20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import factorial, lcm
from typing import Any, ClassVar

import flint
import numpy as np

from groups.errors import shown
from symcsq.constructions.family import Reference
from symcsq.constructions.isotropic import checked_vectors
from symcsq.constructions.rotation_family import Block, RotationFamily, RotationMember
from symcsq.constructions.rotation_kernel import Complex, RotationKernel, weighted_sum
from symcsq.constructions.rotation_networks import RotationNetworks
from symcsq.distributions import Gaussian
from symcsq.errors import FamilyError
from symcsq.exact import Enclosure, rational

__all__ = ["GraphFeatureNetwork", "GraphFeatureNetworks"]

_MOST_NODES = 500


class GraphFeatureNetworks(RotationFamily):
    """F_a(X) = Σ_v f_a((AX)_v), one hidden layer on a fixed graph, X ∈ R^{nodes × features}.

    The input (v, c) is coordinate v·features + c.

    Arguments:
        graph: a networkx graph without self-loops (A is its adjacency matrix), a square matrix of
            exact rationals (self-loops and rational normalisations allowed), or a list of those:
            their disjoint union.
        vectors: isotropic (u, v) of length d, the number of features.
        power: k >= 1.
        activation: None for f_a = Re((a·x)^k), or "relu", "abs", "sign", "erf" or a polynomial,
            whose kernels are known at every variance; then all vectors have one length.

    Raises:
        FamilyError: a graph with self-loops, parallel or weighted edges, more than 500 nodes, a
            matrix that is not square or not rational, vectors
            that are not isotropic, k < 1, another activation.

    Complexity: nodes³ once for AAᵀ; then each entry is one product of Gaussian integers.

    Source: MATH.md 4.6, M20.

    Examples:
        >>> path = [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
        >>> family = GraphFeatureNetworks(path, ([[1, 0]], [[0, 1]]), power=2)
        >>> family.graph_factor, family.norm_squared(0)
        (Fraction(8, 1), Fraction(32, 1))
        >>> GraphFeatureNetworks(path, ([[1, 0]], [[0, 1]]), 1, [0, 0, 0, 1]).norm_squared(0)
        Fraction(720, 1)
    """

    kind: ClassVar[str] = "graph-feature-networks"
    reference: ClassVar[Reference] = Reference(
        "graph networks, hardness in the features", ("M7", "M8", "M9", "M16", "M17", "M18", "M20")
    )
    matrix: tuple[tuple[Fraction, ...], ...]
    nodes: int
    base: RotationNetworks

    def __init__(
        self, graph: Any, vectors: Any, power: int | None = None, activation: Any = None
    ) -> None:
        matrix, graphs = _aggregation(graph)
        base = RotationNetworks(checked_vectors(vectors), power, activation)
        phi = base.activation
        if phi is not None and not phi.scales:
            raise FamilyError(
                "activation: must be relu, abs, sign, erf, a polynomial or None for powers, got "
                f"{phi}, whose kernel is known for variance 1 only; nodes have other variances"
            )
        self._set(
            matrix=matrix,
            nodes=len(matrix),
            base=base,
            u=base.u,
            v=base.v,
            power=base.power,
            activation=phi,
            _graphs=graphs,
            distribution=Gaussian().on(len(matrix) * base.n),
        )

    _graphs: tuple[Any, ...] | None

    @property
    def features(self) -> int:
        """d, the number of features of a node."""
        return self.base.n

    def _member(self, index: int) -> GraphFeatureNetwork:
        return GraphFeatureNetwork(self, index)

    @property
    def parameters(self) -> dict[str, Any]:
        """nodes, features, count, power and the activation."""
        return {
            "nodes": self.nodes,
            "features": self.features,
            "count": self.size,
            "power": self.power,
            "activation": self._activation_name,
        }

    @cached_property
    def node_group(self) -> Any:
        """The automorphisms of a single networkx graph, else the trivial group, on the nodes."""
        from groups import PermutationGroup

        if self._graphs is not None and len(self._graphs) == 1:
            return PermutationGroup.from_networkx(self._graphs[0])
        return PermutationGroup([], degree=self.nodes)

    @cached_property
    def group(self) -> Any:  # type: ignore[override]
        """`node_group` acting on the coordinates (v, c): every member is invariant under it."""
        return self.node_group.on_rows(self.features)

    @cached_property
    def covariance(self) -> tuple[tuple[Fraction, ...], ...]:
        """AAᵀ: the covariance of one feature of (AX)_v and (AX)_w."""
        scale = lcm(*(a.denominator for row in self.matrix for a in row))
        matrix = flint.fmpz_mat(
            [[a.numerator * (scale // a.denominator) for a in row] for row in self.matrix]
        )
        rows = [[int(c) for c in row] for row in (matrix * matrix.transpose()).tolist()]
        values = {c: Fraction(c, scale * scale) for c in {c for row in rows for c in row}}
        return tuple(tuple(values[c] for c in row) for row in rows)

    @cached_property
    def graph_factor(self) -> Fraction:
        """c_k(A) = Σ_{v,w} ((AAᵀ)_{vw})^k (M20)."""
        counts = Counter(c for row in self.covariance for c in row)
        return sum((many * c**self.power for c, many in counts.items()), Fraction(0))

    @property
    def factor(self) -> Fraction:
        """c_k(A)·k!/2."""
        return self.graph_factor * Fraction(factorial(self.power), 2)

    def _integers(self, rows: Any, columns: Any) -> Any:
        """Re[(a·b̄)^k + (a·b)^k], the same as without a graph (M20)."""
        return self.base.gram_integers(rows, columns)

    def gram_entry(self, i: int, j: int) -> Fraction | Enclosure:
        """⟨F_i, F_j⟩: c_k(A)·⟨f_i, f_j⟩ for powers (M20), otherwise Σ_{v,w} over pairs of nodes.

        Pre-activations at nodes v, w have variances (AAᵀ)_{vv}, (AAᵀ)_{ww} and covariances that are
        (AAᵀ)_{vw} times those of one node: the same a·b̄ and a·b, multiplied by a rational.
        """
        z, w = self.base.products(self._index(i), self._index(j))
        if self.activation is None:
            return self.graph_factor * self.base.gram_exact(i, j)
        if self.base.kernel.vanishes(z, w):
            return Fraction(0)
        k, phi, length = self.power, self.activation, self.base.kernel.length
        return weighted_sum(
            (count, RotationKernel(k, phi, length, first, second), _times(c, z), _times(c, w))
            for (c, first, second), count in self._node_pairs.items()
        )

    @cached_property
    def _node_pairs(self) -> dict[tuple[Fraction, Fraction, Fraction], int]:
        """{(covariance, variances): number of ordered pairs of nodes}, covariances > 0 only.

        A negative covariance changes the entry by (-1)^k only, since only Hermite degrees
        d = k mod 2 contribute; pairs that cancel are left out, and so are covariances 0.
        """
        pairs: dict[tuple[Fraction, Fraction, Fraction], int] = {}
        for a, row in enumerate(self.covariance):
            for b, value in enumerate(row):
                if value:
                    first, second = sorted((self.covariance[a][a], self.covariance[b][b]))
                    key = (abs(value), first, second)
                    pairs[key] = pairs.get(key, 0) + (1 if value > 0 else (-1) ** self.power)
        return {key: count for key, count in pairs.items() if count}


class GraphFeatureNetwork(RotationMember):
    """One graph network F_a.

    Attributes:
        family, index: where it comes from.
    """

    __slots__ = ()

    def blocks(self) -> tuple[Block, ...]:
        """One pair for each node v: the vectors A_{vw}·u and A_{vw}·v on all inputs (w, c)."""
        u, v = (w[self.index].tolist() for w in (self.family.u, self.family.v))
        return tuple(
            (tuple(a * e for a in row for e in u), tuple(a * e for a in row for e in v))
            for row in self.family.matrix
        )

    def aggregate(self, x: Sequence[Fraction]) -> list[tuple[Fraction, ...]]:
        """The rows of AX."""
        d = self.family.features
        return [
            tuple(
                sum((a * x[w * d + c] for w, a in enumerate(row) if a), Fraction(0))
                for c in range(d)
            )
            for row in self.family.matrix
        ]

    def projections(self, x: Sequence[Fraction]) -> list[tuple[Fraction, Fraction]]:
        """(⟨u, (AX)_v⟩, ⟨v, (AX)_v⟩) node by node: message passing, then the rotation network."""
        u, v = (w[self.index].tolist() for w in (self.family.u, self.family.v))
        zero = Fraction(0)
        return [
            (
                sum((a * b for a, b in zip(u, row, strict=True)), zero),
                sum((a * b for a, b in zip(v, row, strict=True)), zero),
            )
            for row in self.aggregate(x)
        ]

    def __repr__(self) -> str:
        return f"GraphFeatureNetwork({self.index}, power={self.family.power})"


def _times(factor: Fraction, value: Complex) -> Complex:
    return factor * value[0], factor * value[1]


def _aggregation(
    graph: Any,
) -> tuple[tuple[tuple[Fraction, ...], ...], tuple[Any, ...] | None]:
    """The aggregation matrix, and the networkx graphs it came from (None for matrices)."""
    if hasattr(graph, "adj") and hasattr(graph, "nodes"):
        return _adjacency(graph), (graph,)
    entries = graph.tolist() if isinstance(graph, np.ndarray) else graph
    if not isinstance(entries, (list, tuple)) or not entries:
        raise FamilyError(
            "graph: must be a networkx graph, a square matrix or a list of those, got "
            f"{shown(graph)}; write e.g. [[0, 1], [1, 0]]"
        )
    if len(entries) > _MOST_NODES:
        raise _too_many(len(entries))
    parts = [
        part.tolist() if isinstance(part, np.ndarray) and part.ndim == 2 else part
        for part in entries
    ]
    several = [hasattr(p, "adj") or _is_matrix(p) for p in parts]
    if any(several):
        if not all(several):
            raise FamilyError(
                "graph: a list must hold graphs or matrices only, got others too; "
                "write them all as matrices"
            )
        blocks = [_aggregation(part)[0] for part in parts]
        size = sum(len(block) for block in blocks)
        if size > _MOST_NODES:
            raise _too_many(size)
        rows, offset = [], 0
        for block in blocks:
            for row in block:
                tail = size - offset - len(block)
                rows.append((Fraction(0),) * offset + row + (Fraction(0),) * tail)
            offset += len(block)
        return tuple(rows), None
    matrix = []
    for i, row in enumerate(parts):
        if not isinstance(row, (list, tuple)) or len(row) != len(parts):
            raise FamilyError(
                f"graph: the matrix must be square, got row {i} = {shown(row)} for {len(parts)} "
                "rows; write e.g. [[0, 1], [1, 0]]"
            )
        matrix.append(tuple(rational(e, f"graph[{i}][{j}]") for j, e in enumerate(row)))
    return tuple(matrix), None


def _is_matrix(part: Any) -> bool:
    return isinstance(part, (list, tuple)) and any(isinstance(r, (list, tuple)) for r in part)


def _adjacency(graph: Any) -> tuple[tuple[Fraction, ...], ...]:
    nodes = list(graph.nodes)
    if not nodes:
        raise FamilyError("graph: must have at least one node, got none; add a node")
    if len(nodes) > _MOST_NODES:
        raise _too_many(len(nodes))
    if graph.is_multigraph():
        raise FamilyError(
            "graph: must have no parallel edges, got a multigraph; give the aggregation matrix"
        )
    index = {node: i for i, node in enumerate(nodes)}
    rows = [[Fraction(0)] * len(nodes) for _ in nodes]
    for node in nodes:
        for neighbour, data in graph.adj[node].items():
            if neighbour == node:
                raise FamilyError(
                    f"graph: must have no self-loops, got one at node {node!r}; remove it, or give "
                    "the aggregation matrix with its diagonal"
                )
            if data.get("weight", 1) != 1:
                raise FamilyError(
                    f"graph: weights of edges are not read, got {data['weight']!r} from "
                    f"{node!r} to {neighbour!r}; give the aggregation matrix with exact rationals"
                )
            rows[index[node]][index[neighbour]] = Fraction(1)
    return tuple(tuple(row) for row in rows)


def _too_many(count: int) -> FamilyError:
    return FamilyError(
        f"graph: must have at most {_MOST_NODES} nodes, got {count}; M20 has the same "
        "correlations on a smaller graph"
    )
