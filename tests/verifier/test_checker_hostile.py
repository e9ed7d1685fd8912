"""Files written to hurt: no exception, no acceptance, no long wait."""

from __future__ import annotations

import json
import os
import random
import time
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcsq.verifier import checker
from tests.verifier import certificate_samples as samples

GOOD = samples.frame_averaged([(1, 2, 3, 0)], 4, 2)
POLYNOMIALS = samples.invariants([(1, 2, 3, 0)], 4, 3)
TEXT = samples.to_bytes(GOOD)


def judge(data: bytes, seconds: float = 1.0) -> checker.CheckReport:
    """The report, which must come soon (the better of two runs, on a busy machine)."""
    times = []
    for _ in range(2):
        started = time.process_time()
        report = checker.check(data)
        times.append(time.process_time() - started)
        if times[-1] < seconds:
            break
    assert min(times) < seconds
    assert not report.accepted and not report.holds and report.failures
    return report


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_random_bytes(data: bytes) -> None:
    judge(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=300)
@given(json_values)
def test_random_json(value: Any) -> None:
    judge(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def places(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of every value."""
    if not isinstance(value, (dict, list)):
        return []
    found = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [(value, key) for key, _ in found] + [p for _, child in found for p in places(child)]


@settings(max_examples=250)
@given(st.data(), st.sampled_from([GOOD, POLYNOMIALS]), json_values, st.booleans())
def test_random_values_anywhere(
    data: st.DataObject, original: samples.Body, value: Any, fresh: bool
) -> None:
    body = json.loads(json.dumps(original))
    spots = places(body)
    container, key = spots[data.draw(st.integers(0, len(spots) - 1))]
    if key == "version":
        return
    container[key] = value
    if fresh:
        try:
            body = samples.sealed(body)
        except UnicodeEncodeError:
            return
    if json.dumps(body, sort_keys=True) != json.dumps(original, sort_keys=True):
        judge(json.dumps(body).encode())


@settings(max_examples=200)
@given(st.integers(0, len(TEXT) - 2))
def test_truncated_files(length: int) -> None:
    assert judge(TEXT[:length]).verdict == "declined"


@settings(max_examples=300)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 255))
def test_flipped_bytes(place: int, byte: int) -> None:
    data = TEXT[:place] + bytes([byte]) + TEXT[place + 1 :]
    if b'"version"' not in TEXT[place - 30 : place + 1] and data.split() != TEXT.split():
        judge(data)


def test_every_single_bit(seed: int = 0) -> None:
    source = random.Random(seed)
    for place in source.sample(range(len(TEXT)), 300):
        data = bytearray(TEXT)
        data[place] ^= 1 << source.randrange(8)
        if json_or_none(bytes(data)) != GOOD:
            judge(bytes(data))


def json_or_none(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 1000,
        b"null",
        b"[]",
        b"{}",
        b"{" * 100_000,
        b"[" * 10_000_000,
        b'{"a":' * 100_000,
        b"[" * 500 + b"]" * 500,
        b"[]" * 1_000_000,
        b"]" * 100 + b"[" * 100,
        b'"' * 1_000_001,
        b'"\\"' * 100_000,
        b'{"' + b"a" * 10_000_000,
        b"1" * 1_000_000,
        b"-" + b"1" * 1_000_000,
        b"1e999999999",
        b"[1e999999999, -1E+99999999999999999999, 0.1]",
        b"NaN",
        b"[Infinity, -Infinity]",
        b"\xef\xbb\xbf" + TEXT,
        TEXT.decode().encode("utf-16"),
        TEXT + b"x",
        TEXT + TEXT,
        b'{"\xed\xa0\x80": 1}',
        b"//" + TEXT,
        b"'" + TEXT + b"'",
        TEXT.replace(b'"reynolds"', b'"reyn\\u006flds"'),
        TEXT.replace(b"\n", b",\n", 1),
    ],
    ids=lambda data: data[:12].decode("latin-1") + f"…{len(data)}",
)
def test_what_is_not_json(data: bytes) -> None:
    assert judge(data).verdict in ("rejected", "declined")


def edited(change: Callable[[Any], object], original: samples.Body = GOOD) -> bytes:
    body = json.loads(json.dumps(original))
    change(body)
    return samples.canonical(samples.sealed(body))


def test_a_repeated_key_is_named() -> None:
    data = TEXT.replace(b'"order": "4"', b'"order": "4", "order": "4"')
    named = [place for place, _ in judge(data).failures]
    assert "group.order (repeated)" in named


@pytest.mark.parametrize(
    "written", [b"4.0", b"4e0", b"true", b"null", b"NaN", b"-Infinity", b"4" * 4000, b'"4"']
)
def test_degree_must_be_a_plain_integer(written: bytes) -> None:
    data = TEXT.replace(b'"degree": 4', b'"degree": ' + written)
    report = judge(data)
    assert report.failures[0][0] == "group.degree"
    assert all(len(message) < 200 for _, message in report.failures)


def test_integers_of_thousands_of_digits_are_not_read() -> None:
    data = TEXT.replace(b'"degree": 4', b'"degree": ' + b"4" * 5000)
    assert judge(data).verdict == "declined"


@pytest.mark.parametrize(
    "written", ["9" * 3_999, "9" * 4_001, "9" * 100_000, "1/" + "7" * 3_000, "0x10", "٤", "4\n"]
)
def test_long_and_odd_exact_numbers(written: str) -> None:
    def change(body: Any) -> None:
        body["claims"][-1]["tolerance"] = written

    report = judge(edited(change))
    assert report.verdict == "declined" or report.failures[0][0] == "claims[13].tolerance"


def test_size_is_limited_before_anything_is_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as stream:
        stream.seek(checker.MAX_BYTES * 4)
        stream.write(b"}")
    tracemalloc.start()
    report = checker.check(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.verdict == "declined" and "bytes" in report.failures[0][1]
    assert peak < 2.5 * checker.MAX_BYTES


@pytest.mark.parametrize("name", ["absent.json", "", "a\0b"])
def test_unreadable_paths(tmp_path: Path, name: str) -> None:
    assert checker.check(str(tmp_path / name)).verdict == "declined"


def test_many_values_are_declined() -> None:
    assert judge(b"[" + b"0," * checker.MAX_VALUES + b"0]", 3.0).verdict == "declined"


# Certificates whose check would take too long, or too much memory: "declined", with a reason.


def set_at(body: Any, path: str, value: Any) -> None:
    *parents, last = path.split("/")
    for key in parents:
        body = body[int(key) if key.isdigit() else key]
    body[last] = value


LARGE_FIELDS: list[tuple[str, Any]] = [
    ("family/base/n", 10**9),
    ("family/base/m", 10**9),
    ("family/base/activation", {"polynomial": ["1"] * 300}),
    ("family/base/activation", {"polynomial": ["1/" + "7" * 2_000] * 200}),
    ("distribution/marginal_of", [0] * 100_000),
    ("distribution/marginals", [{}] * 100_000),
    ("group/generators", [[1, 0, 2, 3]] * 10_000),
    ("group/generators", [list(range(100_000))]),
    ("group/chain/program", [[0]] * 50_000),
    ("group/chain/program", [[0, 0]] * 50_000),
    ("group/chain/base", [0] * 100_000),
    ("group/chain/strong_generators", [{"item": 0, "images": []}] * 20_000),
    ("group/chain/levels", [{}] * 100_000),
    ("orbits", [{"representative": [0, 1]}] * 20_000),
    ("orbits", []),
    ("functions", []),
    ("functions", [{}] * 100_000),
    ("claims", []),
    ("claims", [{}] * 100_000),
    ("digests", {str(k): "" for k in range(100_000)}),
]


@pytest.mark.parametrize(("path", "value"), LARGE_FIELDS, ids=lambda x: str(x)[:40])
def test_oversized_fields(path: str, value: Any) -> None:
    for original in (GOOD, POLYNOMIALS):
        if path.startswith("family/base") and "base" not in original["family"]:
            continue
        body = json.loads(json.dumps(original))
        set_at(body, path, value)
        judge(samples.canonical(body), 2.0)
        if path != "digests":
            judge(samples.canonical(samples.sealed(body)), 2.0)


def law(kind: str, parameters: list[str], n: int) -> dict[str, Any]:
    marginal = {"kind": kind, "parameters": parameters, "moments": [], "norms": []}
    return {"marginals": [{**marginal, "multiplicity": n}], "marginal_of": [0] * n}


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("finite", [str(k) for k in range(5_000)]),
        ("finite", [f"{k}/{10**k + 1}" for k in range(2, 60)][::-1]),
        ("finite", ["1" + "0" * 3_900, "2" + "0" * 3_900]),
        ("moments", ["1", *["0", "1"] * 3_000]),
        ("moments", ["1", "0", *[str(10 ** (k * k)) for k in range(40)]]),
        ("weighted", [str(Fraction(k, 997)) for k in range(1, 600)]),
    ],
    ids=["many points", "odd points", "long points", "many moments", "long moments", "weights"],
)
def test_heavy_distributions(kind: str, parameters: list[str]) -> None:
    for degree in (3, 200):
        body = json.loads(json.dumps(POLYNOMIALS))
        body["distribution"] = law(kind, parameters, 4)
        body["family"]["degree"] = degree
        body["orbits"] = [{"representative": [[3, degree]]}]
        judge(samples.canonical(samples.sealed(body)), 2.0)


def symmetric(n: int) -> dict[str, Any]:
    """The symmetric group with its chain of adjacent transpositions."""
    swaps = [[*range(k), k + 1, k, *range(k + 2, n)] for k in range(n - 1)]
    levels = [
        {
            "base": b,
            "generators": list(range(b, n - 1)),
            "tree": [[k, b + k] for k in range(n - 1 - b)],
        }
        for b in range(n - 1)
    ]
    return {
        "degree": n,
        "action": "(g.x)[g[i]] = x[i]",
        "compose": "(p*q)[i] = p[q[i]]",
        "generators": swaps,
        "order": "1",
        "chain": {
            "base": list(range(n - 1)),
            "program": [],
            "strong_generators": [{"item": k, "images": s} for k, s in enumerate(swaps)],
            "levels": levels,
        },
    }


def large_orbits(n: int, degree: int, group: dict[str, Any]) -> bytes:
    body = json.loads(json.dumps(POLYNOMIALS))
    body["distribution"] = law("gaussian", [], n)
    body["group"] = group
    body["family"]["degree"] = degree
    body["orbits"] = [{"representative": [[n - degree + k, 1] for k in range(degree)]}]
    return samples.canonical(samples.sealed(body))


def test_the_symmetric_chain_is_a_proof() -> None:
    group = checker.read_group(symmetric(30), 30, checker.Budget())
    assert group.order == 265252859812191058636308480000000


def test_large_groups_and_orbits_are_declined(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits, lower, so that the test is quick; the full ones take up to a minute."""
    monkeypatch.setattr(checker, "MAX_WORK", 400_000)
    monkeypatch.setattr(checker, "MAX_ORBIT", 20_000)
    report = judge(large_orbits(200, 2, symmetric(200)), 3.0)
    assert report.verdict == "declined" and "the stabiliser chain" in report.failures[0][1]
    report = judge(large_orbits(24, 12, symmetric(24)), 3.0)
    assert report.verdict == "declined" and "an orbit has more than" in report.failures[0][1]


def test_no_large_number_becomes_text() -> None:
    """An order of more digits than Python converts is declined, not an exception."""
    assert len(checker.text(10**3_000)) == 3_001
    with pytest.raises(checker.Declined):
        checker.text(10**4_000)


def test_a_broken_hash_is_rejected_even_where_the_check_would_be_declined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checker, "MAX_WORK", 1)
    assert checker.check(TEXT).verdict == "declined"
    report = checker.check(TEXT.replace(b'"order": "4"', b'"order": "5"'))
    assert report.verdict == "rejected" and report.failures[0][0] == "group"


@pytest.mark.parametrize(
    "value",
    [
        {"name": "something else"},
        {**GOOD, "format": "symcsq-certificate/2"},
        {**GOOD, "format": "symcsq-certificate/1.1"},
        {**GOOD, "format": None},
        {**GOOD, "format": ["symcsq-certificate/1"]},
        {key: part for key, part in GOOD.items() if key != "format"},
    ],
    ids=["another object", "major version", "minor version", "null", "list", "missing"],
)
def test_another_format_is_declined_and_not_judged(value: Any) -> None:
    report = judge(json.dumps(value).encode())
    assert report.verdict == "declined"
    ((path, message),) = report.failures
    assert path == "format" and "format" in message


def test_what_is_no_regular_file_is_declined_at_once(tmp_path: Path) -> None:
    pipe, missing = tmp_path / "pipe", tmp_path / "missing"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, "/dev/zero", "/dev/null", missing, "a\0b"):
        started = time.monotonic()
        report = checker.check(path)
        words = "cannot be read" if path in (missing, "a\0b") else "not a regular file"
        assert report.verdict == "declined" and words in report.failures[0][1]
        assert time.monotonic() - started < 1
    file = tmp_path / "file"
    file.write_bytes(TEXT)
    (tmp_path / "link").symlink_to(file)
    assert checker.check(tmp_path / "link").accepted
