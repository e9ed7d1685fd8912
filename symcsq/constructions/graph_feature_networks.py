"""Graph networks whose hardness is in the features: F_a(X) = Σ_v f_a((AX)_v) (MATH.md 4.6, M20)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import flint
import numpy as np

from symcsq.constructions.family import FamilyBase, Reference, natural
from symcsq.constructions.isotropic import checked_vectors
from symcsq.constructions.rotation_kernel import Complex, as_ball, correlation
from symcsq.constructions.rotation_networks import RotationNetworks
from symcsq.distributions import Gaussian, Product
from symcsq.distributions.joint import Terms
from symcsq.errors import FamilyError
from symcsq.exact import Enclosure, ExactReal, enclose_ball, exact_square_root, rational
from symcsq.functions.activations import Activation
from symcsq.functions.cyclotomic_networks import RotationLayer
from symcsq.functions.networks import point
from symcsq.functions.polynomials import sympy_polynomial

__all__ = ["GraphFeatureNetwork", "GraphFeatureNetworks"]

_HOMOGENEOUS = ("relu", "abs", "sign")


class GraphFeatureNetworks(FamilyBase):
    """F_a(X) = Σ_v f_a((AX)_v), one hidden layer on a fixed graph, X ∈ R^{nodes × features}.

    The input (v, c) is coordinate v·features + c.

    Arguments:
        graph: a networkx graph without self-loops (A is its adjacency matrix), a square matrix of
            exact rationals (self-loops and rational normalisations allowed), or a list of those:
            their disjoint union.
        vectors: isotropic (u, v) of length d, the number of features.
        power: k >= 1.
        activation: None for f_a = Re((a·x)^k), or "relu", "abs", "sign", whose kernels are known at
            every variance; then all vectors have one length.

    Raises:
        FamilyError: a graph with self-loops, a matrix that is not square or not rational, vectors
            that are not isotropic, k < 1, another activation.

    Complexity: nodes³ once for AAᵀ; then each entry is one product of Gaussian integers.

    Source: MATH.md 4.6, M20.

    Examples:
        >>> path = [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
        >>> family = GraphFeatureNetworks(path, ([[1, 0]], [[0, 1]]), power=2)
        >>> family.graph_factor, family.norm_squared(0)
        (Fraction(8, 1), Fraction(32, 1))
    """

    kind: ClassVar[str] = "graph-feature-networks"
    reference: ClassVar[Reference] = Reference(
        "graph networks, hardness in the features", ("M7", "M8", "M9", "M16", "M17", "M20")
    )
    distribution: Product
    matrix: tuple[tuple[Fraction, ...], ...]
    nodes: int
    base: RotationNetworks

    def __init__(
        self, graph: Any, vectors: Any, power: int | None = None, activation: Any = None
    ) -> None:
        matrix, graphs = _aggregation(graph)
        base = RotationNetworks(checked_vectors(vectors), power, activation)
        phi = base.activation
        if phi is not None and phi.name not in _HOMOGENEOUS:
            raise FamilyError(
                f"activation: must be one of {', '.join(_HOMOGENEOUS)} or None for powers, "
                f"got {phi}; other kernels depend on the degrees of the nodes"
            )
        natural(len(matrix), "nodes", 1)
        self._set(
            matrix=matrix,
            nodes=len(matrix),
            base=base,
            _graphs=graphs,
            distribution=Gaussian().on(len(matrix) * base.n),
        )

    _graphs: tuple[Any, ...] | None

    @property
    def features(self) -> int:
        """d, the number of features of a node."""
        return self.base.n

    @property
    def power(self) -> int:
        """k."""
        return self.base.power

    @property
    def activation(self) -> Activation | None:
        """σ, or None for powers."""
        return self.base.activation

    @property
    def members(self) -> str:
        """ "listed"."""
        return "listed"

    @property
    def size(self) -> int:
        """The number of vectors."""
        return self.base.size

    @property
    def _count(self) -> int:
        return self.size

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
            "activation": "power" if self.activation is None else str(self.activation),
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
        return tuple(
            tuple(sum((a * b for a, b in zip(r, s, strict=True)), Fraction(0)) for s in self.matrix)
            for r in self.matrix
        )

    @cached_property
    def graph_factor(self) -> Fraction:
        """c_k(A) = Σ_{v,w} ((AAᵀ)_{vw})^k (M20)."""
        return sum((c**self.power for row in self.covariance for c in row), Fraction(0))

    def gram_exact(self, i: int, j: int) -> Fraction:
        """c_k(A)·⟨f_i, f_j⟩ for powers (M20).

        Raises:
            FamilyError: the family has an activation; use `gram_entry`.
        """
        if self.activation is not None:
            raise FamilyError(
                f"activation: entries for {self.activation} are not rational; "
                "use gram_entry for an enclosure"
            )
        return self.graph_factor * self.base.gram_exact(i, j)

    def gram_entry(self, i: int, j: int) -> Fraction | Enclosure:
        """⟨F_i, F_j⟩: exact for powers, otherwise Σ_{v,w} over the pairs of nodes."""
        if self.activation is None:
            return self.gram_exact(i, j)
        z, w = self.base.products(self._index(i), self._index(j))
        kernel = self.base.kernel
        if kernel.vanishes(z, w):
            # Each pair of nodes only multiplies z and w by the same real number.
            return Fraction(0)
        pairs: dict[tuple[Fraction, Fraction], int] = {}
        for a, row in enumerate(self.covariance):
            for b, value in enumerate(row):
                if value:
                    key = (value, self.covariance[a][a] * self.covariance[b][b])
                    pairs[key] = pairs.get(key, 0) + 1
        roots = {square: exact_square_root(square) for _, square in pairs}
        if None in roots.values():
            return enclose_ball(lambda: self._ball(z, w, pairs))
        # Nodes v, w correlate by r = (AAᵀ)_{vw}/√(…): the kernel at (r·z, r·w), times the
        # deviations.
        counts: dict[tuple[Complex, Complex], Fraction] = {}
        for (value, square), count in pairs.items():
            root = roots[square]
            assert root is not None
            r = value / root
            at: tuple[Complex, Complex] = ((r * z[0], r * z[1]), (r * w[0], r * w[1]))
            weight = count * (Fraction(1) if self.activation.name == "sign" else root)
            counts[at] = counts.get(at, Fraction(0)) + weight
        # Opposite correlations differ by (-1)^k only: they cancel exactly for odd k.
        for at in list(counts):
            opposite = (-at[0][0], -at[0][1]), (-at[1][0], -at[1][1])
            if at in counts and opposite in counts and opposite != at:
                counts[at] += (-1) ** self.power * counts.pop(opposite)
        return kernel.combination({at: weight for at, weight in counts.items() if weight})

    def _ball(self, z: Complex, w: Complex, pairs: Any) -> flint.arb:
        """Σ over pairs of nodes when their deviations are irrational."""
        phi, k, length = self.base.activation, self.power, self.base.kernel.length
        assert phi is not None
        total = flint.arb(0)
        for (value, square), count in pairs.items():
            deviation = as_ball(square).sqrt()
            ratio = as_ball(value) / deviation
            inside = flint.arb(0)
            for i in range(k):
                for j in range(2 * k):
                    rho = ratio * correlation(z, w, i, j, k) / (2 * length)
                    term = phi.kernel_ball(rho) + (-1) ** k * phi.kernel_ball(-rho)
                    inside += (-1) ** (i + j) * term
            total += count * inside * (1 if phi.name == "sign" else deviation)
        return total

    def norm_squared(self, i: int) -> Fraction | Enclosure:
        """‖F_i‖²; exactly 0 when c_k(A) = 0."""
        return self.gram_entry(i, i)

    def gram_entry_slow(self, i: int, j: int) -> Fraction:
        """Both members multiplied out as polynomials in all nodes·features inputs, then moments."""
        left, scale = self[i].scaled_terms()
        right, _ = self[j].scaled_terms()
        return scale * self.distribution.inner_product_via_moments(left, right)


class GraphFeatureNetwork:
    """One graph network F_a.

    Attributes:
        family, index: where it comes from.
    """

    __slots__ = ("family", "index")

    def __init__(self, family: GraphFeatureNetworks, index: int) -> None:
        self.family = family
        self.index = index

    @property
    def norm_squared(self) -> Fraction | Enclosure:
        """‖F_a‖²."""
        return self.family.norm_squared(self.index)

    def aggregate(self, x: Sequence[object]) -> list[tuple[Fraction, ...]]:
        """The rows of AX."""
        family = self.family
        at = point(x, family.nodes * family.features)
        d = family.features
        return [
            tuple(
                sum((a * at[w * d + c] for w, a in enumerate(row) if a), Fraction(0))
                for c in range(d)
            )
            for row in family.matrix
        ]

    def __call__(self, x: Sequence[object]) -> Fraction | ExactReal:
        """Σ_v f_a((AX)_v) at a rational point of nodes·features coordinates, node by node."""
        single = self.family.base[self.index]
        total = ExactReal(Fraction(0))
        for row in self.aggregate(x):
            total += ExactReal.of(single(row))
        return total.simplified()

    def network(self) -> RotationLayer:
        """The same function on the flat input: 2k units for each node, weights A_{vw}·W."""
        family = self.family
        single = family.base[self.index].network()
        u, v = family.base.u[self.index].tolist(), family.base.v[self.index].tolist()
        blocks = tuple(
            (
                tuple(a * e for a in row for e in u),
                tuple(a * e for a in row for e in v),
            )
            for row in family.matrix
        )
        return RotationLayer(
            family.nodes * family.features,
            blocks,
            single.half_turns,
            single.activation,
            single.coefficient,
            single.scale,
        )

    def scaled_terms(self) -> tuple[Terms, Fraction]:
        """`(terms, s)` with F = √s·Σ terms in the nodes·features inputs, for powers."""
        terms, square = self.family.base[self.index].scaled_terms()
        total: Terms = {}
        n, d = self.family.nodes, self.family.features
        for row in self.family.matrix:
            for exponents, coefficient in terms.items():
                # ∏_c ((AX)_{vc})^{e_c}, multiplied out one factor at a time.
                current: Terms = {(0,) * (n * d): coefficient}
                for c, e in enumerate(exponents):
                    for _ in range(e):
                        following: Terms = {}
                        for key, value in current.items():
                            for w, a in enumerate(row):
                                if a:
                                    at = w * d + c
                                    moved = key[:at] + (key[at] + 1,) + key[at + 1 :]
                                    following[moved] = following.get(moved, Fraction(0)) + a * value
                        current = following
                for key, value in current.items():
                    total[key] = total.get(key, Fraction(0)) + value
        return {key: value for key, value in sorted(total.items()) if value}, square

    def polynomial(self) -> Any:
        """The sympy `Poly` in x0, x1, … (node by node), for powers."""
        terms, square = self.scaled_terms()
        return sympy_polynomial(terms, self.family.distribution.dimension, square)

    def __repr__(self) -> str:
        return f"GraphFeatureNetwork({self.index}, power={self.family.power})"


def _aggregation(
    graph: Any,
) -> tuple[tuple[tuple[Fraction, ...], ...], tuple[Any, ...] | None]:
    """The aggregation matrix, and the networkx graphs it came from (None for matrices)."""
    if hasattr(graph, "adj") and hasattr(graph, "nodes"):
        return _adjacency(graph), (graph,)
    entries = graph.tolist() if isinstance(graph, np.ndarray) else graph
    if not isinstance(entries, (list, tuple)) or not entries:
        raise FamilyError(
            f"graph: must be a networkx graph, a square matrix or a list of those, got {graph!r}; "
            "write e.g. [[0, 1], [1, 0]]"
        )
    parts = [
        part.tolist() if isinstance(part, np.ndarray) and part.ndim == 2 else part
        for part in entries
    ]
    several = [hasattr(p, "adj") or _is_matrix(p) for p in parts]
    if any(several):
        if not all(several):
            raise FamilyError(
                "graph: a list must hold graphs or matrices only; write them all as matrices"
            )
        blocks = [_aggregation(part)[0] for part in parts]
        size = sum(len(block) for block in blocks)
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
                f"graph: the matrix must be square, row {i} is {row!r} for {len(parts)} rows; "
                "write e.g. [[0, 1], [1, 0]]"
            )
        matrix.append(tuple(rational(e, f"graph[{i}][{j}]") for j, e in enumerate(row)))
    return tuple(matrix), None


def _is_matrix(part: Any) -> bool:
    return isinstance(part, (list, tuple)) and any(isinstance(r, (list, tuple)) for r in part)


def _adjacency(graph: Any) -> tuple[tuple[Fraction, ...], ...]:
    nodes = list(graph.nodes)
    index = {node: i for i, node in enumerate(nodes)}
    if not nodes:
        raise FamilyError("graph: must have at least one node, got none; add a node")
    rows = [[Fraction(0)] * len(nodes) for _ in nodes]
    for node in nodes:
        for neighbour in graph.adj[node]:
            if neighbour == node:
                raise FamilyError(
                    f"graph: must have no self-loops, node {node!r} has one; remove it, or give "
                    "the aggregation matrix with its diagonal"
                )
            rows[index[node]][index[neighbour]] = Fraction(1)
    return tuple(tuple(row) for row in rows)
