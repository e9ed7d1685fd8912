"""Small files that ask for much: each is rejected or declined before the work is done.

They are written by hand, with what the checker reads and nothing that it derives.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from symcsq.verifier import checker
from tests.verifier.test_checker_budgets import judge

Body = dict[str, Any]
GAUSSIAN = {"kind": "gaussian", "parameters": [], "moments": [], "norms": [], "multiplicity": 0}


def commuting(points: int, lengths: tuple[int, ...]) -> dict[str, Any]:
    """The group that disjoint cycles of these lengths generate."""
    generators, base, start = [], [], 0
    for length in lengths:
        images = list(range(points))
        for i in range(length):
            images[start + i] = start + (i + 1) % length
        generators.append(images)
        base.append(start)
        start += length
    strong = [{"item": k} for k in range(len(generators))]
    chain = {"base": base, "program": [], "strong_generators": strong, "levels": []}
    return {"degree": points, "generators": generators, "chain": chain}


def certificate(kind: str, group: dict[str, Any], points: int, **more: Any) -> Body:
    """A certificate of Gaussian coordinates; `more` is its family and other sections."""
    return {
        "format": checker.FORMAT,
        "producer": {"name": "symcsq", "version": "0.1.0"},
        "lemma": {"name": kind, "statements": []},
        "distribution": {"marginals": [GAUSSIAN], "marginal_of": [0] * points},
        "group": group,
        "family": {"kind": kind, **more.pop("family")},
        "orbits": [],
        "functions": [],
        "claims": [{"tolerance": "1/10"}],
        **more,
    }


def test_a_strong_generator_that_is_listed_very_often() -> None:
    group = commuting(64, (64,))
    group["chain"]["strong_generators"] *= 100_000
    family = {"degree": 1, "multilinear": True, "members": "whole"}
    report = judge(certificate("invariant-polynomials", group, 64, family=family))
    assert report.failures[0] == ("group.chain.strong_generators", "must be distinct")


def test_many_long_vectors_are_not_listed() -> None:
    family = {"degree": 2, "multilinear": True, "members": "whole"}
    group = commuting(1_998, (200, 101, 3))
    report = judge(certificate("invariant-polynomials", group, 1_998, family=family))
    assert "counting orbits" in report.failures[0][1]


def test_an_orbit_of_long_vectors_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither point by point nor through cosets."""
    monkeypatch.setattr(checker, "room", lambda points: 2_000 if points == 150 else 0)
    family = {"degree": 3, "multilinear": True, "members": "listed"}
    orbits = [{"representative": [[0, 1], [2, 1], [73, 1]]}]
    group = commuting(150, (2, 71, 73))
    report = judge(certificate("invariant-polynomials", group, 150, family=family, orbits=orbits))
    assert report.failures == [("", "an orbit has more than 2000 points")]


def convolution(points: int, lengths: tuple[int, ...], functions: list[Any]) -> Body:
    family = {"power": 2, "activation": None, "columns": 1, "filters": "columns"}
    group = commuting(points, lengths)
    return certificate("convolutional-networks", group, points, family=family, functions=functions)


def test_convolutions_over_many_long_shifts() -> None:
    report = judge(convolution(4_096, (125, 160), []))
    assert "the shifts of a filter" in report.failures[0][1]


def test_norms_of_many_convolutions() -> None:
    source, functions = Random(1), []
    for i in range(3_000):
        x = [source.randint(1, 9) for _ in range(12)]
        u = [part for entry in x for part in (entry, 0)]
        v = [part for entry in x for part in (0, entry)]
        functions.append({"name": f"f{i}", "u": words(u), "v": words(v)})
    report = judge(convolution(24, (7, 5, 3, 2, 4), functions))
    assert "the norms" in report.failures[0][1]


def words(values: list[int]) -> str:
    return " ".join(map(str, values))


def on_graph(matrix: list[str], power: int, phi: Any, functions: list[Any] | None = None) -> Body:
    size = len(matrix)
    functions = functions or [{"name": "f0", "u": "1 0", "v": "0 1"}]
    family = {"power": power, "activation": phi, "features": 2, "matrix": matrix}
    group = commuting(size, ())
    return certificate(
        "graph-feature-networks", group, 2 * size, family=family, functions=functions
    )


def test_a_graph_whose_numbers_have_no_common_denominator() -> None:
    source = Random(2)
    rows = [
        " ".join(f"1/{source.randrange(10**29, 10**30)}" for _ in range(100)) for _ in range(100)
    ]
    assert "common denominator" in judge(on_graph(rows, 1, None)).failures[0][1]


def test_a_polynomial_of_high_degree_at_many_variances() -> None:
    source = Random(2)
    rows = [words([source.randint(1, 7) for _ in range(60)]) for _ in range(60)]
    report = judge(on_graph(rows, 1, {"polynomial": ["0"] * 254 + ["1"]}))
    assert "the graph" in report.failures[0][1]


def test_variances_that_are_long_to_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Random(2)
    monkeypatch.setattr(checker, "MAX_WORK", 5_000_000)
    rows = []
    for v in range(60):
        row = [1] * 60
        row[v] = source.randint(4_000, 5_500)
        rows.append(words(row))
    members = [
        {"name": f"f{i}", "u": f"{a} {b}", "v": f"{-b} {a}"}
        for i, (a, b) in enumerate([(5, 0), (3, 4), (4, 3)])
    ]
    report = judge(on_graph(rows, 2, {"name": "relu"}, members))
    assert report.verdict == "declined"


@pytest.mark.parametrize("vector", [{}, [1, 0], None, 7, "1 0 0", "", "1e0 0"])
def test_vectors_that_are_none(vector: Any) -> None:
    """Slices of text are not taken of anything else."""
    functions = [{"name": "f0", "u": vector, "v": "0 1"}]
    family = {"power": 2, "activation": None}
    body = certificate("rotation-networks", commuting(2, ()), 2, family=family, functions=functions)
    assert judge(body).failures[0][0] == "functions[0].u"
