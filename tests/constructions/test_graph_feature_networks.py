"""M20: c_k(A) times the rotation entry against multiplied-out polynomials; graphs and matrices."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import pytest

from symcsq.constructions import (
    Family,
    GraphFeatureNetworks,
    Member,
    RotationNetworks,
    isotropic_vectors,
)
from symcsq.errors import ExactnessError, FamilyError
from symcsq.exact import Enclosure, ExactReal
from symcsq.functions import HermiteSeries

VECTORS = isotropic_vectors(4, 3, seed=2)
PLANE = ([[1, 0]], [[0, 1]])
GRAPHS = {
    "path": nx.path_graph(3),
    "cycle": nx.cycle_graph(4),
    "star": nx.star_graph(3),
    "empty": nx.empty_graph(2),
    "one": nx.empty_graph(1),
    "looped": [[1, "1/2"], ["1/2", 1]],
    "directed": [[0, 1, 0], [0, 0, "2/3"], [0, 0, 0]],
    "several": [nx.path_graph(2), [["1/2"]]],
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_gram_by_formula_and_moments(name: str, k: int) -> None:
    family = GraphFeatureNetworks(GRAPHS[name], PLANE, k)
    assert family.gram_exact(0, 0) == family.gram_entry_slow(0, 0)


def test_off_diagonal_entries() -> None:
    family = GraphFeatureNetworks(nx.path_graph(3), VECTORS, 2)
    for i in range(3):
        for j in range(3):
            assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("sigma", [None, "relu"], ids=str)
def test_members_networks_and_invariance(name: str, sigma: str | None) -> None:
    family = GraphFeatureNetworks(GRAPHS[name], PLANE, 2, sigma)
    member = family[0]
    x = [Fraction(2 * i * i - 5, i + 1) for i in range(family.nodes * 2)]
    value = ExactReal.of(member(x))
    assert ExactReal.of(member.network()(x)) == value
    assert member.network().width == 4 * family.nodes
    for g in family.group.generators:
        assert ExactReal.of(member([x[g(i)] for i in range(len(x))])) == value


@pytest.mark.parametrize("k", [2, 3, 4])
def test_the_correlation_ratio_does_not_depend_on_the_graph(k: int) -> None:
    base = RotationNetworks(VECTORS, k)
    for graph in (nx.cycle_graph(5), nx.petersen_graph(), [[1, "1/3"], [0, 2]]):
        family = GraphFeatureNetworks(graph, VECTORS, k)
        assert family.graph_factor > 0
        for i in range(3):
            for j in range(3):
                entry = family.gram_exact(i, j)
                left = entry**2 * base.gram_exact(i, i) * base.gram_exact(j, j)
                right = base.gram_exact(i, j) ** 2
                right *= family.gram_exact(i, i) * family.gram_exact(j, j)
                assert left == right


def test_a_graph_whose_factor_vanishes_is_exactly_zero() -> None:
    # Rows (1,0) and (-1,0): (AAᵀ) = ±1 and c_1 = 0.
    family = GraphFeatureNetworks([[1, 0], [-1, 0]], PLANE, 1)
    assert family.graph_factor == 0 and family.norm_squared(0) == 0
    assert family[0]([3, 1, 4, 1]) == 0
    for sigma in ("sign",):
        assert GraphFeatureNetworks([[1, 0], [-1, 0]], PLANE, 1, sigma).norm_squared(0) == 0
    assert GraphFeatureNetworks(nx.empty_graph(3), PLANE, 2, "relu").norm_squared(0) == 0


@pytest.mark.parametrize("sigma", ["relu", "abs", "sign"])
@pytest.mark.parametrize("k", [1, 2, 3])
def test_activations_on_single_edges_and_nodes(sigma: str, k: int) -> None:
    base = RotationNetworks(VECTORS, k, sigma)
    # One node with A = (2): homogeneous kernels scale by 4, the sign does not.
    family = GraphFeatureNetworks([[2]], VECTORS, k, sigma)
    identity = GraphFeatureNetworks([[1, 0], [0, 1]], VECTORS, k, sigma)
    for j in range(3):
        entry = base.gram_entry_slow(0, j)
        scale = 1 if sigma == "sign" else 4
        for found, factor in ((family.gram_entry(0, j), scale), (identity.gram_entry(0, j), 2)):
            low, high = factor * entry.lower, factor * entry.upper
            if isinstance(found, Enclosure):
                assert found.lower <= high and low <= found.upper
            else:
                assert low <= found <= high


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("sigma", [[0, 0, 1], [1, 1, 0, "1/2", 2], [3], [0, -3, 0, 1]], ids=str)
@pytest.mark.parametrize("k", [1, 2])
def test_polynomial_activations_by_formula_and_moments(name: str, sigma: list, k: int) -> None:  # type: ignore[type-arg]
    # Nodes of different degrees have different variances, so t³ - 3t is not a Hermite polynomial.
    family = GraphFeatureNetworks(GRAPHS[name], PLANE, k, sigma)
    assert family.gram_exact(0, 0) == family.gram_entry_slow(0, 0)
    x = [Fraction(2 * i * i - 5, i + 1) for i in range(family.nodes * 2)]
    assert ExactReal.of(family[0].network()(x)) == ExactReal.of(family[0](x))


def test_a_power_as_polynomial_is_the_scale_of_m16() -> None:
    for k in (1, 2, 3):
        plain = GraphFeatureNetworks(nx.star_graph(3), PLANE, k)
        activated = GraphFeatureNetworks(nx.star_graph(3), PLANE, k, [0] * k + [1])
        assert activated.gram_exact(0, 0) == Fraction(4 * k, 2**k) ** 2 * plain.gram_exact(0, 0)


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("sigma", ["relu", "abs", "sign", "erf"])
@pytest.mark.parametrize("k", [1, 2])
def test_enclosures_contain_the_sum_over_all_hidden_units(name: str, sigma: str, k: int) -> None:
    family = GraphFeatureNetworks(GRAPHS[name], PLANE, k, sigma)
    entry, slow = family.gram_entry(0, 0), family.gram_entry_slow(0, 0)
    low, high = (entry.lower, entry.upper) if isinstance(entry, Enclosure) else (entry, entry)
    assert low <= slow.upper and slow.lower <= high
    assert slow.upper - slow.lower < Fraction(1, 10**30)


def test_integer_gram_matrix() -> None:
    family = GraphFeatureNetworks(nx.star_graph(3), VECTORS, 3)
    integers = family.gram_integers()
    for i in range(3):
        for j in range(3):
            assert family.factor * int(integers[i, j]) == family.gram_exact(i, j)


def test_irrational_deviations() -> None:
    # The star: node degrees 3 and 1, so that deviations √3 appear.
    family = GraphFeatureNetworks(nx.star_graph(3), PLANE, 2, "relu")
    norm = family.norm_squared(0)
    assert isinstance(norm, Enclosure) and norm.excludes_zero
    # Leaves are fully correlated: 9 pairs; the centre: 1 pair of variance 3; they do not correlate.
    single = ExactReal.of(2) - 4 * ExactReal.root_over_pi(Fraction(1))
    assert norm == (12 * single).enclosure()


def test_automorphisms() -> None:
    family = GraphFeatureNetworks(nx.petersen_graph(), VECTORS, 2)
    assert family.node_group.order == 120 and family.group.degree == 40
    assert GraphFeatureNetworks([[0, 1], [1, 0]], PLANE, 2).node_group.order == 1


def test_protocol() -> None:
    family = GraphFeatureNetworks(nx.path_graph(3), VECTORS, 2)
    assert isinstance(family, Family) and isinstance(family[0], Member)
    assert family.size == len(family) == 3
    assert family.parameters["nodes"] == 3 and family.parameters["features"] == 4


def looped() -> nx.Graph:
    graph = nx.path_graph(2)
    graph.add_edge(1, 1)
    return graph


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: GraphFeatureNetworks(looped(), PLANE, 2), "no self-loops, got one at node 1"),
        (lambda: GraphFeatureNetworks(nx.empty_graph(0), PLANE, 2), "at least one node"),
        (lambda: GraphFeatureNetworks([[0, 1]], PLANE, 2), "must be square, got row 0"),
        (lambda: GraphFeatureNetworks([], PLANE, 2), "must be a networkx graph"),
        (lambda: GraphFeatureNetworks(7, PLANE, 2), "must be a networkx graph"),
        (lambda: GraphFeatureNetworks([nx.path_graph(2), 3], PLANE, 2), "graphs or matrices only"),
        (
            lambda: GraphFeatureNetworks([[1]], PLANE, 2, HermiteSeries([0, 0, 1])),
            "must be relu, abs, sign, erf, a polynomial or None for powers, got hermite",
        ),
        (lambda: GraphFeatureNetworks([[1]], PLANE), "power: must be given"),
        (lambda: GraphFeatureNetworks([[1]], ([[1]], [[1]]), 2), "must be isotropic"),
        (lambda: GraphFeatureNetworks([[1]], PLANE, 2, "relu").gram_exact(0, 0), "not rational"),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FamilyError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_floats_are_refused() -> None:
    with pytest.raises(ExactnessError, match=r"graph\[0\]\[0\]"):
        GraphFeatureNetworks([[0.5]], PLANE, 2)
