"""Certificates of correlated classes that are made to be slow or large: declined, and soon."""

from __future__ import annotations

import json
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

import symcsq as cs
from groups import PermutationGroup
from symcsq.verifier import checker
from tests.verifier.certificate_samples import canonical, sealed

Body = dict[str, Any]
NOTHING = {"base": [], "program": [], "strong_generators": [], "levels": []}


def certificate(family: Any) -> Body:
    body: Body = json.loads(cs.verify(family).certificate.text)
    return body


def judge(body: Body, seconds: float = 5.0) -> checker.CheckReport:
    """With fresh hashes; nothing of the kind is accepted."""
    started = time.process_time()
    report = checker.check(canonical(sealed(body)))
    assert time.process_time() - started < seconds
    assert not report.accepted
    return report


def rotations(members: int, inputs: int, power: int) -> Body:
    """Vectors (x, 0) and (0, x) of long integers, so that no two products are the same."""
    source = Random(0)
    body = certificate(cs.RotationNetworks(cs.isotropic_vectors(4, 3, seed=0), power=3))
    body["family"]["power"] = power
    body["functions"] = []
    for i in range(members):
        x = [source.randint(1, 2**18) for _ in range(inputs // 2)]
        zeros = [0] * (inputs // 2)
        u, v = (" ".join(map(str, vector)) for vector in (x + zeros, zeros + x))
        body["functions"].append({"name": f"f{i}", "u": u, "v": v})
    body["distribution"]["marginal_of"] = [0] * inputs
    body["group"]["degree"] = inputs
    return body


@pytest.mark.parametrize(("members", "inputs", "power"), [(600, 2, 255), (2_000, 2, 64)])
def test_powers_of_many_digits(members: int, inputs: int, power: int) -> None:
    assert judge(rotations(members, inputs, power)).verdict == "declined"


def graph_of(nodes: int, entry: Any) -> Body:
    vectors = cs.isotropic_vectors(4, 2, seed=0)
    body = certificate(cs.GraphFeatureNetworks([[0, 1], [1, 0]], vectors, power=3))
    rows = [" ".join(entry() for _ in range(nodes)) for _ in range(nodes)]
    body["family"] |= {"matrix": rows, "features": 4}
    body["group"] |= {"degree": nodes, "generators": [], "order": "1", "chain": NOTHING}
    body["distribution"]["marginal_of"] = [0] * (4 * nodes)
    return body


def test_graphs_with_long_numbers() -> None:
    source = Random(0)
    body = graph_of(3, lambda: f"1/{source.randrange(10**600) * 2 + 1}")
    body["family"]["power"] = 255
    assert judge(body).verdict == "declined"


def test_graphs_with_many_nodes() -> None:
    assert judge(graph_of(1_001, lambda: "0")).verdict == "declined"


def test_given_entries_without_a_common_denominator() -> None:
    """Their sum would have a quarter of a million digits."""
    source, size = Random(0), 140
    tail = checker.Tail([5] * size, None, [0] * size)
    row = [checker.Fraction(1, source.randrange(10**1900) * 2 + 1) for _ in range(size)]
    with pytest.raises(checker.Declined, match="Gram matrix"):
        tail.add([row] * size, range(size), range(size))


def test_no_coordinates_at_all() -> None:
    """The whole class of degree 0 on no points has one member, the constant 1."""
    body = certificate(cs.InvariantPolynomials(PermutationGroup([], 2), 2))
    body["family"] |= {"degree": 0, "multilinear": True, "members": "whole"}
    body["distribution"] = {"marginals": [], "marginal_of": []}
    body["group"] |= {"degree": 0, "generators": [], "order": "1", "chain": NOTHING}
    assert judge(body).verdict == "rejected"


def test_names_of_unknown_fields_are_shown_in_one_short_line() -> None:
    for name in ("\x9b31m", "a\u2028b", "x" * 5_000, ""):
        for place in ("family", "group"):
            body = certificate(cs.InvariantPolynomials(PermutationGroup([], 2), 2))
            body[place][name] = 0
            shown, message = judge(body).failures[0]
            assert message == "unknown field"
            assert len(shown) < 100 and shown.isprintable()


def rotation_file(folder: Path) -> Path:
    family = cs.RotationNetworks(cs.isotropic_vectors(8, 65, seed=0), power=3)
    path = cs.verify(family).certificate.save(folder / "rotation.json", blocks=True)
    assert checker.check(path).accepted
    return Path(path)


def test_what_may_be_beside_a_certificate(tmp_path: Path) -> None:
    """A folder or a broken link in the place of the blocks: the message says which file."""
    path = rotation_file(tmp_path)
    beside = path.with_suffix(".gram")
    for make in (beside.mkdir, lambda: beside.symlink_to("nowhere")):
        beside.rmdir() if beside.is_dir() else beside.unlink()
        make()
        report = checker.check(path)
        assert report.verdict == "declined"
        assert "the file rotation.gram beside it" in report.failures[0][1]


def test_the_file_of_blocks_is_closed_when_the_budget_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    original = checker.open_file

    def open_file(name: Any) -> Any:
        opened.append(original(name))
        return opened[-1]

    path = rotation_file(tmp_path)
    monkeypatch.setattr(checker, "open_file", open_file)
    monkeypatch.setattr(checker, "MAX_WORK", 6_000)
    assert checker.check(path).verdict == "declined"
    assert len(opened) == 2 and all(stream.closed for stream in opened)
