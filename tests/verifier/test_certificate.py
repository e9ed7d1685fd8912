"""Canonical JSON, digests, file names and writing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.errors import CertificateError
from symcsq.verifier.certificate import (
    FORMAT,
    Certificate,
    canonical_bytes,
    digest,
    indented,
    safe_name,
    seal,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


rows_of_integers = st.lists(
    st.lists(st.integers(-30, 30) | st.booleans() | st.text(",[]", max_size=2), max_size=3)
)


@given(json_values | st.lists(rows_of_integers))
def test_text_is_what_the_standard_library_writes(value):
    expected = json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False)
    assert indented(value) == expected


def test_numbers_that_json_does_not_know_are_refused():
    for value in (float("nan"), [[float("inf")]], {"a": [1.5, float("nan")]}):
        with pytest.raises(ValueError):
            indented(value)
    assert indented([[1.5], (2, 3)]) == json.dumps([[1.5], (2, 3)], indent=1)


@given(st.dictionaries(st.text(max_size=5), json_values, max_size=4))
def test_seal_digests_every_section_and_the_whole(sections):
    sections = {k: v for k, v in sections.items() if k not in ("digests", "sha256")}
    body = seal(sections)
    assert set(body["digests"]) == set(sections)
    for name, value in sections.items():
        plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert body["digests"][name] == hashlib.sha256(plain.encode()).hexdigest()
    content = {k: v for k, v in body.items() if k != "sha256"}
    assert body["sha256"] == digest(content)


@given(json_values)
def test_canonical_bytes_round_trip_and_ignore_the_order_of_keys(value):
    assert json.loads(canonical_bytes(value)) == value
    reordered = json.loads(json.dumps(value), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert canonical_bytes(reordered) == canonical_bytes(value)


def test_text_is_sorted_indented_and_ends_in_one_newline():
    text = Certificate(seal({"format": FORMAT, "b": "é", "a": 1}), "x.json").text
    assert text.startswith('{\n "a": 1,\n "b": "é",\n')
    assert text.endswith("}\n") and not text.endswith("\n\n")


def test_save_writes_the_text_to_a_file_or_into_a_folder(tmp_path):
    certificate = Certificate(seal({"format": FORMAT}), "name.json")
    assert certificate.save(tmp_path) == tmp_path / "name.json"
    assert certificate.save(str(tmp_path / "other.json")).read_bytes() == certificate.text.encode()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["name.json", "other.json"]


def test_save_to_a_missing_folder_is_one_clear_line_and_writes_nothing(tmp_path):
    certificate = Certificate(seal({"format": FORMAT}), "name.json")
    with pytest.raises(CertificateError, match="existing folder") as caught:
        certificate.save(tmp_path / "missing" / "name.json")
    assert "\n" not in str(caught.value)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("a", "S4 wr S3", "d4"), "a-S4-wr-S3-d4.json"),
        (("a", "(1,2,3)(4,5)"), "a-1-2-3-4-5.json"),
        (("a", "../../etc/passwd"), "a-etc-passwd.json"),
        (("a", "gaussian^6 x rademacher^6"), "a-gaussian^6-x-rademacher^6.json"),
        (("", "-", "a"), "a.json"),
    ],
)
def test_safe_names(parts, name):
    assert safe_name(*parts) == name


@given(st.lists(st.text(max_size=200), min_size=1, max_size=4))
def test_safe_names_have_no_separators_and_stay_short(parts):
    name = safe_name("kind", *parts)
    assert name.endswith(".json") and not set(name) & set('/\\\0:*?"<>| \n') and len(name) <= 125


def test_a_directory_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    certificate = Certificate(seal({"format": FORMAT}), "taken.json")
    (tmp_path / "taken.json").mkdir()
    with pytest.raises(CertificateError, match="path: must be a file, got the directory"):
        certificate.save(tmp_path)
    assert list((tmp_path / "taken.json").iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["taken.json"]
