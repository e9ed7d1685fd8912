"""Every leaf of real certificates is changed, in several ways: no change is accepted.

Each change is tried twice: as a careless edit, whose stale hash must lead to the place, and as a
lie with fresh digests and hash, where only mathematics can tell.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path as FilePath
from typing import Any

import pytest

import symcsq as cs
from groups import PermutationGroup
from symcsq.verifier import checker
from tests.verifier import certificate_samples as samples

Body = dict[str, Any]
Path = tuple[str | int, ...]

PROJECT = FilePath(__file__).resolve().parents[2]

# The one field without mathematical content: any version is as good as another.
FREE = ("producer", "version")


def rotations() -> PermutationGroup:
    return PermutationGroup([[1, 2, 3, 0]], degree=4)


def parities(n: int, m: int, *arguments: Any, **options: Any) -> Any:
    return cs.ParityNetworks(n, m, *arguments, **options)


def averages(m: int, **options: Any) -> Any:
    return cs.FrameAveraged(parities(4, m, **options), cs.frames.reynolds(rotations()))


def listed_polynomials() -> Any:
    """A cubic family on five atoms; several levels of the chain, and a program."""
    group = PermutationGroup([[1, 2, 0, 3], [0, 2, 3, 1]], degree=4)
    law = cs.FiniteUniform([-2, -1, 0, 1, "5/2"])
    return cs.InvariantPolynomials(group, 3, law, representatives=[[1, 1, 1, 0], [0, 0, 1, 2]])


def repeated_polynomials() -> Any:
    vectors = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]]
    return cs.InvariantPolynomials(rotations(), 2, representatives=vectors)


def broken_law() -> Any:
    law = cs.distributions.parse("gaussian^2 x rademacher^2")
    return cs.InvariantPolynomials(rotations(), 2, law)


def open_law() -> Any:
    """What is known of the second coordinate agrees with the first, and decides nothing."""
    swap = PermutationGroup([[1, 0]], degree=2)
    law = cs.distributions.Product([cs.Gaussian(), cs.Moments([1, 0, 1, 0, 3])])
    return cs.InvariantPolynomials(swap, 2, law)


FAMILIES: dict[str, Callable[[], Any]] = {
    "polynomials": lambda: cs.InvariantPolynomials(
        PermutationGroup([[1, 0, 2], [1, 2, 0]], degree=3), 3
    ),
    "polynomials, listed": listed_polynomials,
    "polynomials, refuted: a repeated orbit": repeated_polynomials,
    "polynomials, refuted: the law is not preserved": broken_law,
    "polynomials, undecided: a bare sequence of moments": open_law,
    "parities": lambda: parities(3, 2),
    "parities, polynomial, listed": lambda: parities(5, 2, [0, 1, 1], subsets=[[0, 1], [2, 4]]),
    "parities, refuted: norm zero": lambda: parities(3, 3),
    "parities, refuted: a repeated subset": lambda: parities(4, 2, subsets=[[0, 1], [0, 1]]),
    "averages": lambda: averages(2),
    "averages, refuted: norm zero": lambda: averages(3),
}
# The others get three changes a place instead of all.
THOROUGH = ("polynomials, refuted: a repeated orbit", "parities", "averages")

_made: dict[str, bytes] = {}


def certificate(name: str) -> Body:
    if name not in _made:
        _made[name] = cs.verify(FAMILIES[name]()).certificate.text.encode()
    body: Body = json.loads(_made[name])
    return body


# --------------------------------------------------------------------------------------- changes


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value inside, containers before their contents."""
    if path:
        yield path, value
    children: Any = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, child in list(children):
        yield from places(child, (*path, key))


def numbers_near(text: str) -> Iterator[str]:
    """Other exact numbers and other ways of writing this one."""
    match = re.fullmatch(r"(-?)(\d+)(/(\d+))?", text)
    if match is None:
        return
    sign, top, rest, bottom = match[1], match[2], match[3] or "", match[4]
    yield f"{sign}{int(top) + 1}{rest}"
    if int(top):
        yield f"{top}{rest}" if sign else f"-{text}"
        yield f"{sign}{int(top) - 1}{rest}"
    if len(top) > 1 and top[0] != top[1]:
        yield sign + top[1] + top[0] + top[2:] + rest
    yield f"{sign}{top}/{int(bottom) + 1}" if bottom else f"{text}/7"
    yield f"{text}/1"
    yield f"0{text}"


def changes(value: Any) -> Iterator[Any]:
    """Values that differ from this one; the first ones are the most deceptive."""
    if isinstance(value, bool):
        yield from (not value, int(value), None)
    elif isinstance(value, int):
        yield from (value + 1, value - 1, -value or 7, float(value), str(value), 10**30, None)
        if value in (0, 1):
            yield bool(value)
    elif isinstance(value, str):
        yield from numbers_near(value)
        yield from (value[:-1], value + "0", value.swapcase(), "", None, [value])
        if re.fullmatch(r"-?\d{1,9}", value):
            yield int(value)
    elif isinstance(value, list):
        for k in sorted({0, len(value) // 2, len(value) - 1} if value else ()):
            yield value[:k] + value[k + 1 :]
            yield value[: k + 1] + value[k:]
        if len(value) > 1:
            yield value[::-1]
        yield from ([], None, {})
    elif isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
        yield from (value | {"extra": 0}, {}, None, [])


def another_true_certificate(body: Body, path: Path) -> bool:
    """A list of members in another order is another input, of which everything else stays true."""
    family = body["family"]
    return path == ("functions",) and family.get("members") == "listed"


def mutants(body: Body, most: int) -> Iterator[Path]:
    """Change `body` in place, at most so often at each place, say where, and put it back."""
    for path, value in list(places(body)):
        if path[0] in ("digests", "sha256") and len(path) < 2 and path[0] == "digests":
            continue
        parent: Any = body
        for key in path[:-1]:
            parent = parent[key]
        before, tried = samples.canonical(value), 0
        for new in changes(value):
            if samples.canonical(new) == before:
                continue
            if (
                isinstance(value, list)
                and new == value[::-1]
                and another_true_certificate(body, path)
            ):
                continue
            tried += 1
            if tried > most:
                break
            parent[path[-1]] = new
            yield path
        parent[path[-1]] = value
    for name in list(body):
        removed = body.pop(name)
        yield (name,)
        body[name] = removed
    body["extra"] = 0
    yield ("extra",)
    del body["extra"]


# --------------------------------------------------------------------------------------- reports


def dotted(path: Path) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)[1:]


def parent_of(place: str) -> str:
    return re.sub(r"(\[\d+\]|\.?[^.\[\]]+)$", "", place)


def how_near(named: str, path: Path) -> str:
    """How well a report names the changed place."""
    target = dotted(path)
    if named.startswith(target):
        return "exact"  # the place, or inside of it when a container was changed
    if parent_of(target) in (named, parent_of(named)):
        return "next to it"  # its parent, or a sibling
    return "section" if re.split(r"[.\[]", named)[0] == path[0] else "elsewhere"


def expected_verdict(path: Path) -> str:
    """Another format is none of this checker's business."""
    return "declined" if path == ("format",) else "rejected"


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
    for path in mutants(body, 99 if name in THOROUGH else 3):
        report = checker.check(samples.canonical(body))
        assert report.verdict == expected_verdict(path), path
        named, message = report.failures[0]
        assert named and message
        near[how_near(named, path)] += 1
    total = sum(near.values())
    assert total > 350
    assert near["elsewhere"] == 0
    assert near["exact"] >= 0.9 * total, near
    assert near["exact"] + near["next to it"] >= 0.95 * total, near
    assert certificate(name) == body  # each change was undone


@pytest.mark.parametrize("name", FAMILIES)
def test_every_lie_with_fresh_hashes_is_found(name: str) -> None:
    body = certificate(name)
    tried = 0
    for path in mutants(body, 99 if name in THOROUGH else 3):
        if path[0] in ("digests", "sha256"):
            continue
        lie = samples.sealed(body)
        report = checker.check(samples.canonical(lie))
        if path == FREE and isinstance(body["producer"]["version"], str):
            continue
        tried += 1
        assert report.verdict == expected_verdict(path), (path, report)
        assert all(place for place, _ in report.failures)
    assert tried > 300


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


def test_a_guard_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the comparison disabled lies pass: the tests above do depend on it."""
    body = certificate("parities")
    body["claims"][-1]["queries"] = "1000000"
    lie = samples.canonical(samples.sealed(body))
    assert checker.check(lie).verdict == "rejected"
    with monkeypatch.context() as patch:
        patch.setattr(checker, "compare", lambda *_: None)
        assert checker.check(lie).verdict == "accepted"
    section = certificate("averages")
    section["group"]["chain"]["levels"] = []
    with monkeypatch.context() as patch:
        patch.setattr(checker, "sifts", lambda *_: False)
        honest = samples.canonical(certificate("averages"))
        assert checker.check(honest).verdict == "rejected"
