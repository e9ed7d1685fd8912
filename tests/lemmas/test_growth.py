"""Growth tables: every formula against families that are listed, and the numbers themselves."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise, product
from math import comb, gcd, log

import networkx as nx
import numpy as np
import pytest

import symcsq as cs
from groups import group
from symcsq.constructions import frames
from symcsq.errors import ExactnessError, LemmaError
from symcsq.exact import Enclosure
from symcsq.lemmas.growth import GrowthTable, growth, growth_names, short_integer, short_number
from symcsq.lemmas.growth_rules import RULES
from symcsq.verifier.bounds import CorrelationSummary, query_bound

SMALL = {
    ("invariant-polynomials", "pairs"): [4, 5],
    ("invariant-polynomials", "pairs-half"): [4, 6],
    ("rotation-networks", "spread"): [64, 128],
    ("rotation-networks", "all"): [4, 8],
    ("graph-feature-networks", "spread"): [64, 128],
    ("graph-feature-networks", "all"): [4, 8],
    ("convolutional-networks", "power"): [128],
    ("convolutional-networks", "relu"): [128],
    ("degree-parity-networks", "half"): [4, 6],
}
ALL = [(name, variant) for name, variants in growth_names().items() for variant in variants]


@pytest.mark.parametrize(("name", "variant"), ALL)
def test_every_table_is_a_value_with_exact_json(name: str, variant: str) -> None:
    ns = SMALL.get((name, variant), [16, 64])
    table = growth(name, ns, variant=variant, tolerance="1/4")
    assert [row.n for row in table] == ns and len(table) == len(ns)
    data = json.loads(json.dumps(table.to_json()))
    assert data["tolerance"] == "1/4" and data["variant"] == variant
    for row, entry in zip(table, data["rows"], strict=True):
        assert int(entry["size"]) == row.size
        assert Fraction(entry["row_sum"]) == row.of.row_sum >= 1
        assert row.bound is not None and Fraction(entry["bound"]) == row.bound.value
        assert int(entry["queries"]) == row.queries
        one = Fraction(1)
        summary = CorrelationSummary(row.size, row.of.row_sum, row.of.coherence, one, one)
        assert query_bound(summary, Fraction(1, 4)) == row.bound
        if row.queries:
            assert row.local_exponent == round(log(row.queries) / log(row.n), 4)
    text, page = str(table), table._repr_html_()
    assert "for display only" in text and "for display only" in page
    assert all(len(line) < 125 for line in text.splitlines())
    assert growth(name, ns, variant=variant, tolerance="1/4") == table
    rule = RULES[name][variant]
    assert all(rule.checked(n, 0) == n for n in rule.ns)


@pytest.mark.parametrize(("letter", "variant"), [("C", "cyclic"), ("D", "dihedral")])
@pytest.mark.parametrize("n", [4, 6, 9, 12, 16])
def test_invariant_polynomials_against_listed_orbits(letter: str, variant: str, n: int) -> None:
    row = growth("invariant-polynomials", [n], variant=variant)[0]
    family = cs.InvariantPolynomials(group(f"{letter}{n}"), n.bit_length() - 1)
    assert row.size == len(family)
    assert row.of.norm == min(family.norms_squared)
    order = row.of.parameters["|G|"]
    assert row.size >= Fraction(comb(n, family.degree), int(order))
    assert row.of.at_least == comb(n, family.degree) // int(order)
    assert row.to_json()["size_at_least"] == str(row.of.at_least)


def test_pairs_against_listed_orbits() -> None:
    row = growth("invariant-polynomials", [5], variant="pairs")[0]
    family = cs.InvariantPolynomials(group("S5 on pairs"), 3)
    assert row.size == len(family) and min(family.norms_squared) >= row.of.norm
    half = growth("invariant-polynomials", [5], variant="pairs-half")[0]
    graphs = cs.InvariantPolynomials(group("S5 on pairs"), 5, "rademacher", multilinear=True)
    assert half.size == len(graphs) == 6  # graphs with 5 vertices and 5 edges


def test_semi_invariants_against_listed_orbits() -> None:
    row = growth("semi-invariant-polynomials", [12])[0]
    family = cs.SemiInvariantPolynomials(group("C12"), 3, "sign")
    assert row.size == len(family) and min(family.norms_squared) >= 1


def test_sparse_classes_by_their_whole_gram_matrix() -> None:
    from itertools import combinations

    row = growth("sparse-invariant-polynomials", [9])[0]
    orbits = cs.InvariantPolynomials(group("C9"), 3).size
    members = [set(s) for s in combinations(range(orbits), 3)]
    assert row.size == len(members)
    first = sum(Fraction(len(members[0] & other), 3) for other in members)
    assert row.of.row_sum == first
    assert row.of.coherence == Fraction(2, 3) and row.of.norm == 3


@pytest.mark.parametrize("n", [4, 6, 8, 12])
def test_frame_averages_against_listed_orbits(n: int) -> None:
    m = n.bit_length() - 1
    row = growth("frame-averaged", [n])[0]
    family = cs.FrameAveraged(cs.ParityNetworks(n, m), frames.reynolds(group(f"C{n}")))
    assert row.size == len(family)
    if m % 2:
        assert row.of.norm == 0 and row.bound is None and row.cells()[3] == "none"
        return
    smallest = min(family.orbit_sizes)
    assert smallest == n // gcd(n, m)
    norm = family.norm_squared(family.orbit_sizes.index(smallest))
    assert isinstance(norm, Enclosure) and isinstance(row.of.norm, Enclosure)
    assert row.of.norm.lower <= norm.upper and norm.lower <= row.of.norm.upper


def test_c64_without_listing() -> None:
    row = growth("frame-averaged", [64])[0]
    assert row.size == 1171552 == group("C64").count_orbits_on_subsets(6)
    # Cauchy and Frobenius by hand: rotations by half a turn and by a quarter fix nothing of 6.
    assert row.size * 64 == comb(64, 6) + comb(32, 3)
    assert row.queries == 11715


def test_sorted_frames_keep_the_sum_of_the_norms() -> None:
    # The same on a finite law with ties: the row sum, not the norm, is that of f_S.
    base = cs.ParityNetworks(4, 2, [0, 0, 1])
    family = cs.FiniteFrameAverages(base, frames.absolute_sorting(4), "finite(-2,-1,1,2)")
    total = sum((family.gram_exact(i, j) for i, j in product(range(6), repeat=2)), Fraction(0))
    law = family.distribution
    single = law.inner_product_via_moments(base[0].terms(), base[0].terms())
    assert total == 6 * single
    row = growth("frame-averaged", [16], variant="sorting")[0]
    assert row.size == comb(16, 4) and row.of.norm == cs.ParityNetworks(16, 4).norm_squared(0)
    assert row.of.norm_of == "mean"


def test_all_sign_vectors_by_their_whole_gram_matrix() -> None:
    n, k = 4, 8
    signs = np.array(list(product((1, -1), repeat=n)), dtype=np.int64)
    i, j = np.nonzero(signs @ signs.T == 0)
    kept, seen = [], set()
    for place, (u, v) in enumerate(zip(signs[i], signs[j], strict=True)):
        key = frozenset((tuple(w * w[0])) for w in (u, v))
        if key not in seen:
            seen.add(key)
            kept.append(place)
    family = cs.RotationNetworks((signs[i][kept], signs[j][kept]), k)
    row = growth("rotation-networks", [n], variant="all")[0]
    assert row.size == family.size and row.of.norm == family.norm_squared(0)
    integers = abs(family.gram_integers())
    assert {Fraction(int(s), (2 * n) ** k) for s in integers.sum(axis=1)} == {row.of.row_sum}


def test_graph_features_have_the_ratios_of_rotation_networks() -> None:
    plain = growth("rotation-networks", [64])[0]
    row = growth("graph-feature-networks", [64])[0]
    assert (row.size, row.of.row_sum, row.of.coherence) == (
        plain.size, plain.of.row_sum, plain.of.coherence,
    )  # fmt: skip
    vectors = cs.isotropic_vectors(64, 1)
    family = cs.GraphFeatureNetworks(nx.cycle_graph(8), vectors, 8)
    assert row.of.norm == family.norm_squared(0)


def test_the_bound_of_convolutional_correlations() -> None:
    # Any vectors: with the contraction that they have, the formula of the table must hold.
    n, k = 8, 4
    vectors = cs.isotropic_vectors(n, 12, seed=3)
    family = cs.ConvolutionalNetworks(f"C{n}", 3, vectors, k)
    shifts = [g.images for g in family.row_group.elements()]
    for i, j in product(range(12), repeat=2):
        worst = 0.0
        for g in shifts:
            back = np.argsort(g)
            u = np.array([family.u[i], family.u[j][back]])
            v = np.array([family.v[i], family.v[j][back]])
            if i != j or not (back == np.arange(n)).all():
                pair = cs.RotationNetworks((u, v), k)
                worst = max(worst, float(pair.contraction(0, 1)))
        gamma = worst**k
        norm = 3 * n * Fraction(24, 2) * (2 * n) ** k
        entry = abs(family.gram_exact(i, j))
        if i == j:
            assert entry >= norm * (1 - (n - 1) * gamma) * (1 - 1e-9)
        else:
            assert entry <= norm * n * gamma * (1 + 1e-9)


def test_degree_parities_by_their_whole_gram_matrix() -> None:
    for n in (2, 3, 5, 6):
        row = growth("degree-parity-networks", [n])[0]
        family = cs.DegreeParityNetworks(n)
        gram = family.gram_matrix()
        assert row.size == len(gram)
        assert {sum(map(abs, line)) for line in gram} == {row.of.row_sum}
        off = [abs(gram[i][j]) for i in range(len(gram)) for j in range(i)]
        assert row.of.coherence == max(off, default=0)


def test_superpolynomial_as_numbers() -> None:
    for name in ("invariant-polynomials", "parity-networks", "frame-averaged"):
        table = growth(name, [64, 256, 1024, 4096])
        exponents = [row.local_exponent for row in table]
        assert all(b - a > 0.5 for a, b in pairwise(exponents))
    assert growth("parity-networks", [4096])[0].queries > 4096**9


def test_millions_of_inputs() -> None:
    row = growth("parity-networks", [1 << 20])[0]
    assert row.size == comb(1 << 20, 20) and isinstance(row.of.norm, Enclosure)
    assert row.of.norm.excludes_zero


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: growth("parity"), "name: must be one of invariant-polynomials, "),
        (
            lambda: growth("frame-averaged", variant="x"),
            "one of cyclic, sorting for frame-averaged",
        ),
        (lambda: growth("frame-averaged", []), "ns: must hold at least one n, got none"),
        (lambda: growth("frame-averaged", [16, 1]), "ns[1]: must be an integer from 2 to 16384"),
        (lambda: growth("frame-averaged", [16.0]), "got 16.0; write for example 16"),  # type: ignore[list-item]
        (lambda: growth("frame-averaged", [True]), "got True"),
        (lambda: growth("rotation-networks", [65]), "a multiple of 2 from 2 to 2048, got 65"),
        (lambda: growth("degree-parity-networks", [17]), "from 2 to 16, got 17"),
        (lambda: growth("frame-averaged", [10**5000]), "got an integer of more than 30 digits"),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(LemmaError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("tolerance", "message"),
    [
        (0, "0 < tolerance < 1, got 0"),
        ("3/2", "0 < tolerance < 1, got 3/2"),
        (0.1, "tolerance: must be an exact rational, got the float 0.1"),
    ],
)
def test_bad_tolerances(tolerance: object, message: str) -> None:
    with pytest.raises(ExactnessError, match=message):
        growth("frame-averaged", tolerance=tolerance)


def test_short_numbers_are_cut_and_never_rounded() -> None:
    assert short_integer(10**18 - 1) == "9" * 18
    assert short_integer(10**18) == "1000…000 (19 digits)"
    assert short_number(Fraction(2, 3)) == "2/3"
    third = Enclosure(Fraction(2, 3), Fraction(2, 3))
    assert short_number(third) == "0.66666666…"
    assert short_number(Enclosure(Fraction(10**12 - 1), Fraction(10**12))) == (
        "999999999999.00000000…"
    )
    assert short_number(Fraction(10**30 + 1, 3 * 10**29)) == "3.33333333…"
    assert short_number(Fraction(10**30, 3)) == "3.33333333…e29"
    assert short_number(Fraction(10**25 + 1, 10**27)) == "0.01000000…"
    assert short_number(Fraction(1, 10**30)) == "1.00000000…e-30"


def test_public_names() -> None:
    assert isinstance(cs.growth("parity-networks", [16]), GrowthTable)
    assert cs.growth is growth


def test_rows_are_announced_before_they_are_made() -> None:
    seen: list[tuple[str, int, int]] = []
    growth("parity-networks", [16, 64], progress=lambda *step: seen.append(step))
    assert seen == [("n = 16", 0, 2), ("n = 64", 1, 2)]
