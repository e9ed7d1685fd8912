"""Every leaf of real certificates is changed, in several ways: no change is accepted.

Each change is tried twice: as a careless edit, whose stale hash must lead to the place, and as a
lie with fresh digests and hash, where only mathematics can tell.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path as FilePath

import pytest

import symcsq as cs
from symcsq.verifier import checker
from tests.verifier import certificate_samples as samples
from tests.verifier.certificate_changes import (
    FREE,
    Body,
    Path,
    expected_verdict,
    how_near,
    mutants,
)
from tests.verifier.sample_families import FAMILIES

PROJECT = FilePath(__file__).resolve().parents[2]

# The others get some changes instead of all: benchmarks/reliability makes every one.
THOROUGH = ("polynomials, refuted: a repeated orbit", "parities", "averages")
SOME = 250

# Kinds whose functions are given by numbers of their own.
INPUTS_ARE_ENTRIES = ("user-defined", "expansions", "sparse", "independent")

_made: dict[str, bytes] = {}


def certificate(name: str) -> Body:
    if name not in _made:
        _made[name] = cs.verify(FAMILIES[name]()).certificate.text.encode()
    body: Body = json.loads(_made[name])
    return body


def altered(name: str, body: Body) -> Iterator[Path]:
    """All changes of a certificate, or some that are spread over all of it."""
    if name in THOROUGH:
        return mutants(body, 99)
    step = sum(1 for _ in mutants(body, 3)) // SOME + 1
    return islice(mutants(body, 3), 0, None, step + (step % 3 == 0))


@pytest.mark.parametrize("name", FAMILIES)
def test_the_certificate_itself_is_accepted(name: str) -> None:
    report = checker.check(samples.canonical(certificate(name)))
    assert report.failures == []
    assert report.accepted
    assert bool(report.refuted) == ("refuted" in name)
    fails = "refuted" in name or "undecided" in name
    assert report.holds == (not fails) == cs.verify(FAMILIES[name]()).holds


@pytest.mark.parametrize("name", FAMILIES)
def test_the_schema_describes_it(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((PROJECT / "docs" / "certificate.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(certificate(name))] == []


@pytest.mark.parametrize("name", FAMILIES)
def test_every_edit_is_found_and_its_place_named(name: str) -> None:
    body = certificate(name)
    near: Counter[str] = Counter()
    for path in altered(name, body):
        report = checker.check(samples.canonical(body))
        assert report.verdict == expected_verdict(path), path
        named, message = report.failures[0]
        assert named and message
        near[how_near(named, path)] += 1
    total = sum(near.values())
    assert total > SOME / 2
    assert near["elsewhere"] == 0
    # Where entries are inputs, nothing else tells which of them was changed: only the section.
    slack = 0.08 if name.startswith(INPUTS_ARE_ENTRIES) else 0.02
    assert near["exact"] >= (0.9 - slack) * total, near
    assert near["exact"] + near["next to it"] >= (0.95 - slack) * total, near
    assert certificate(name) == body  # each change was undone


@pytest.mark.parametrize("name", FAMILIES)
def test_every_lie_with_fresh_hashes_is_found(name: str) -> None:
    body = certificate(name)
    tried = 0
    for path in altered(name, body):
        if path[0] in ("digests", "sha256"):
            continue
        lie = samples.sealed(body)
        report = checker.check(samples.canonical(lie))
        if path == FREE and isinstance(body["producer"]["version"], str):
            continue
        tried += 1
        assert report.verdict == expected_verdict(path), (path, report)
        assert all(place for place, _ in report.failures)
    assert tried > SOME / 3


def test_the_version_is_free_and_still_protected_by_the_hash() -> None:
    body = certificate("parities")
    body["producer"]["version"] = "9.9.9"
    assert [place for place, _ in checker.check(samples.canonical(body)).failures] == ["producer"]
    assert checker.check(samples.canonical(samples.sealed(body))).holds


def test_a_changed_digest_is_told_from_a_changed_section() -> None:
    body = certificate("averages")
    digest = body["digests"]["orbits"]
    body["digests"]["orbits"] = digest[::-1]
    assert [place for place, _ in checker.check(samples.canonical(body)).failures] == [
        "digests.orbits"
    ]
    body["digests"]["orbits"] = digest
    body["sha256"] = body["sha256"][::-1]
    assert [place for place, _ in checker.check(samples.canonical(body)).failures] == ["sha256"]


def test_the_cause_comes_first() -> None:
    body = certificate("averages")
    body["orbits"][1]["size"] = "3"
    named = [place for place, _ in checker.check(samples.canonical(body)).failures]
    assert named == ["orbits[1].size", "orbits"]


# Lies that hang together: several fields changed in agreement, hashes fresh.


def test_a_smaller_group_with_its_own_chain() -> None:
    """The chain of a subgroup, with the order and all stabilisers to match."""
    body = certificate("averages")
    half = samples.group_section([(2, 3, 0, 1)], 4)
    body["group"]["chain"] = half["chain"]
    body["group"]["order"] = "2"
    for orbit in body["orbits"]:
        orbit["stabilizer_order"] = str(2 // int(orbit["size"]) or 1)
    report = checker.check(samples.canonical(samples.sealed(body)))
    assert report.failures[0][0].startswith("group")


def test_one_orbit_less_with_all_counts_to_match() -> None:
    body = certificate("polynomials")
    lost = body["orbits"].pop()
    body["functions"].pop()
    for claim in body["claims"]:
        for key in ("value", "cycle_index", "members"):
            if key in claim and claim["type"] in ("count", "size", "csq-bound"):
                claim[key] = str(int(claim[key]) - 1)
        if claim["type"] == "orbits-disjoint":
            claim["total"] = str(int(claim["total"]) - int(lost["size"]))
        if claim["type"] == "gram":
            claim["entries"].pop()
    report = checker.check(samples.canonical(samples.sealed(body)))
    assert report.failures == [("orbits", "cover 9 of 10 vectors")]


def test_an_orbit_split_in_two() -> None:
    """An orbit listed as two halves: the second half cannot contain the least member."""
    body = certificate("averages")
    body["orbits"].append(json.loads(json.dumps(body["orbits"][0])))
    body["orbits"][-1]["representative"] = [1, 2]
    report = checker.check(samples.canonical(samples.sealed(body)))
    assert report.failures[0] == ("orbits[2].representative", "is not the least of its orbit")


def test_a_zero_norm_dressed_up() -> None:
    """Odd m with ReLU, claimed to have a tiny positive norm."""
    body = certificate("parities, refuted: norm zero")
    tiny = f"1/{10**30}"
    for claim in body["claims"]:
        if claim["type"] == "norm":
            claim.pop("witness")
            claim |= {"status": "enclosed", "lower": "0", "upper": tiny}
        if claim["type"] == "gram":
            claim |= {"status": "enclosed", "diagonal": ["0", tiny]}
    report = checker.check(samples.canonical(samples.sealed(body)))
    assert {place.split(".")[0] for place, _ in report.failures} == {"claims[5]", "claims[6]"}


def test_every_kind_has_a_sample() -> None:
    assert {certificate(name)["family"]["kind"] for name in FAMILIES} == set(checker.FAMILIES)


def test_a_guard_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the comparison disabled lies pass: the tests above do depend on it."""
    body = certificate("parities")
    body["claims"][-1]["queries"] = "1000000"
    lie = samples.canonical(samples.sealed(body))
    assert checker.check(lie).verdict == "rejected"
    with monkeypatch.context() as patch:
        patch.setattr(checker, "compare", lambda *_: None)
        assert checker.check(lie).verdict == "accepted"
    with monkeypatch.context() as patch:
        patch.setattr(checker, "sifts", lambda *_: False)
        honest = samples.canonical(certificate("polynomials"))
        assert checker.check(honest).verdict == "rejected"
