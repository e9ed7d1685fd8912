"""Parities of degree counts: claims against all graphs, the handshake, both dynamic programmes."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import Any

import pytest

import symcsq as cs
from groups import PermutationGroup
from symcsq.verifier import checker, degree_parities
from symcsq.verifier.bounds import CorrelationSummary
from tests.verifier import certificate_samples as samples

HALF = Fraction(1, 2)


def certificate(family: Any) -> Any:
    return json.loads(cs.verify(family).certificate.text)


def check(body: Any) -> checker.CheckReport:
    return checker.check(samples.canonical(samples.sealed(body)))


def graphs(n: int) -> list[list[int]]:
    """The degrees of every labelled graph."""
    pairs = list(combinations(range(n), 2))
    return [
        [sum(mask >> k & 1 for k, pair in enumerate(pairs) if v in pair) for v in range(n)]
        for mask in range(1 << len(pairs))
    ]


@pytest.mark.parametrize(("n", "p"), [(2, "1/2"), (3, "1/3"), (4, "1/2"), (4, "5/7"), (5, "1/2")])
def test_the_whole_class_against_all_graphs(n: int, p: str) -> None:
    family = cs.DegreeParityNetworks(n, p)
    report = cs.verify(family)
    body = json.loads(report.certificate.text)
    assert body["family"]["members"] == "all" and report.holds
    differences = [Fraction(v) for v in body["claims"][5]["differences"]]
    for i in range(len(family)):
        for j in range(i + 1 if n < 5 else 1):
            assert family.gram_entry_slow(i, j) == differences[i ^ j] == report.gram[i, j]
    full = [[differences[i ^ j] for j in range(len(family))] for i in range(len(family))]
    summary = CorrelationSummary.from_matrix(full)
    assert body["claims"][9]["row_sum"] == str(summary.row_sum)
    assert body["claims"][9]["coherence"] == str(summary.coherence)
    assert Fraction(body["claims"][7]["maximum"]) == summary.coherence**2
    assert check(body).holds


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_the_handshake_pair_is_the_least_one(n: int) -> None:
    """Every set is listed: the pair is found by comparing values on all graphs."""
    sets = [[d for d in range(n) if mask >> d & 1] for mask in range(1, 1 << n)]
    values = [tuple((-1) ** sum(d in s for d in g) for g in graphs(n)) for s in sets]
    expected = min(
        (i, j, sign)
        for i in range(len(sets))
        for j in range(i + 1, len(sets))
        for sign in (1, -1)
        if values[i] == tuple(sign * v for v in values[j])
    )
    body = certificate(cs.DegreeParityNetworks(n, subsets=sets))
    claim = body["claims"][4]
    assert claim["status"] == "refuted"
    assert claim["witness"] == {"pair": list(expected[:2]), "sign": expected[2]}
    assert body["claims"][7]["witness"]["pair"] == list(expected[:2])
    assert check(body).refuted == ("handshake", "near-orthogonality")


@pytest.mark.parametrize("n", range(2, 8))
def test_forms(n: int) -> None:
    forms = {degree_parities.normal_form(n, mask) for mask in range(1 << n)}
    assert {form for form, _ in forms} == {4 * k for k in range(1 << (n - 2))}
    for mask in range(1 << n):
        assert degree_parities.normal_form(n, mask) == checker.degree_form(n, mask)


@pytest.mark.parametrize(("n", "p"), [(6, "1/2"), (7, "2/9"), (9, "1/2"), (10, "3/4")])
def test_both_dynamic_programmes(n: int, p: str, monkeypatch: pytest.MonkeyPatch) -> None:
    family = cs.DegreeParityNetworks(n, p)
    masks = [5 * k % (1 << n) for k in range(40)]
    sets = [[d for d in range(n) if mask >> d & 1] for mask in masks]
    unit = family.p.denominator ** (n * (n - 1) // 2)
    expected = [value * unit for value in family.expectations(sets)]
    assert checker.degree_expectations(n, family.p, masks, checker.Budget()) == expected
    monkeypatch.setattr(checker, "MAX_HELD", 100_000)  # several integers
    assert checker.degree_expectations(n, family.p, masks, checker.Budget()) == expected


@pytest.mark.parametrize(
    ("n", "p"), [(2, "1/2"), (2, "3/5"), (3, "1/2"), (4, "2/7"), (5, "1/3"), (6, "1/2")]
)
def test_the_expectation_of_every_set_against_all_graphs(n: int, p: str) -> None:
    a, b = Fraction(p).as_integer_ratio()
    law: Counter[tuple[int, ...]] = Counter()
    for degrees in graphs(n):
        joined = sum(degrees) // 2
        law[tuple(sorted(degrees))] += a**joined * (b - a) ** (comb(n, 2) - joined)
    expected = [
        sum(w * (-1) ** sum(mask >> d & 1 for d in degrees) for degrees, w in law.items())
        for mask in range(1 << n)
    ]
    masks = list(range(1 << n))
    assert checker.degree_expectations(n, Fraction(p), masks, checker.Budget()) == expected
    assert checker.weights_of_even_counts(n, Fraction(p), masks, checker.Budget()) == [
        (value + b ** comb(n, 2)) // 2 for value in expected
    ]


def test_a_list_longer_than_64_in_blocks() -> None:
    sets = [[d for d in range(7) if mask >> d & 1] for mask in range(0, 120, 4)]
    sets += [[0, *s] for s in sets] + [[1, *s] for s in sets]
    body = certificate(cs.DegreeParityNetworks(7, "2/3", subsets=sets))
    assert body["claims"][5]["scale"] == f"1/{3**21}"
    assert len(body["claims"][5]["blocks"]) == 1 and len(sets) > 64
    assert check(body).accepted
    body["claims"][5]["blocks"][0][2] = "0" * 64
    assert [place for place, _ in check(body).failures] == ["claims[5].blocks[0][2]"]


def test_the_list_of_the_whole_class_is_the_class() -> None:
    everything = cs.DegreeParityNetworks(5)
    listed = cs.DegreeParityNetworks(5, subsets=[everything.subset(i) for i in range(8)])
    assert cs.verify(listed).certificate.text == cs.verify(everything).certificate.text
    body = certificate(cs.DegreeParityNetworks(5, subsets=[everything.subset(i) for i in range(7)]))
    body["functions"].append({"name": "chi(2,3,4)", "subset": [2, 3, 4]})
    assert ("family.members", 'must be "all", as every set is listed in order') in check(
        body
    ).failures


def test_workers_change_nothing() -> None:
    family = cs.DegreeParityNetworks(8, "1/3", subsets=[[d] for d in range(8)])
    with ThreadPoolExecutor(2) as executor:
        text = cs.verify(family, executor=executor).certificate.text
    assert text == cs.verify(family).certificate.text


class WrongWave(cs.DegreeParityNetworks):
    """Networks whose second layer has one weight changed."""

    def _member(self, index: int) -> Any:
        from dataclasses import replace
        from types import SimpleNamespace

        member = super()._member(index)
        network = member.network()
        weights = self.change(network)
        return SimpleNamespace(subset=member.subset, network=lambda: replace(network, **weights))

    @staticmethod
    def change(network: Any) -> dict[str, Any]:
        return {"wave": (*network.wave[:-1], 0)}


class WrongReadout(WrongWave):
    @staticmethod
    def change(network: Any) -> dict[str, Any]:
        return {"readout": (network.readout[0] + 1, *network.readout[1:])}


def test_networks_that_fail_on_some_graph_are_refuted() -> None:
    claim = cs.verify(WrongWave(4))["realisable"]
    assert claim.status == "refuted" and claim.witness == {"member": 0, "count": 4}
    claim = cs.verify(WrongReadout(4))["realisable"]
    assert claim.status == "refuted" and claim.witness == {"member": 0, "degree": 0}


def test_groups_that_move_no_vertices() -> None:
    """Rotating the six pairs of four vertices takes no star to a star."""
    rotation = PermutationGroup([[1, 2, 3, 4, 5, 0]], degree=6)
    claim = degree_parities.stars_claim(4, rotation)
    assert claim.status == "refuted" and claim.witness == {"generator": 0}


# -------------------------------------------------------------------------------- the checker alone


def test_the_group_is_all_of_it() -> None:
    body = certificate(cs.DegreeParityNetworks(3))
    body["group"] = samples.group_section([(1, 2, 0)], 3)
    body["claims"][1]["value"] = "3"
    assert check(body).failures == [
        ("group.generators", "must generate all permutations of the 3 vertices")
    ]
    body["group"] = samples.group_section([(1, 0, 2)], 3)
    assert check(body).failures[0][0] == "group.generators"
    body = certificate(cs.DegreeParityNetworks(4))
    body["group"] = samples.group_section([(1, 0, 2, 3, 4, 5)], 6)
    assert check(body).failures == [
        ("group.generators[0]", "must take the pairs at a vertex to those at a vertex")
    ]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda b: b["family"].update(p="1/3"), "family.p"),
        (lambda b: b["family"].update(n=5), "family.n"),
        (lambda b: b["distribution"]["marginal_of"].pop(), "group.degree"),
        (lambda b: b["functions"][1]["subset"].append(9), "functions[1].subset[2]"),
        (lambda b: b["claims"][4].update(witness={}), "claims[4].witness"),
    ],
)
def test_rejected_inputs(change: Any, place: str) -> None:
    body = certificate(cs.DegreeParityNetworks(4, subsets=[[2], [1, 2]]))
    change(body)
    assert place in [where for where, _ in check(body).failures]


def test_the_budget_ends_the_programme() -> None:
    budget = checker.Budget()
    budget.left = 10_000
    with pytest.raises(checker.Declined, match="expectations"):
        checker.degree_expectations(12, HALF, [4], budget)
