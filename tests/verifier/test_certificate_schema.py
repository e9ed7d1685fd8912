"""The published schema takes every certificate, and refuses what has obviously another shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

import symcsq as cs
from symcsq.verifier import checker
from tests.verifier.certificate_changes import Body, places
from tests.verifier.sample_families import FAMILIES

jsonschema = pytest.importorskip("jsonschema")

PROJECT = Path(__file__).resolve().parents[2]
SCHEMA: Body = json.loads((PROJECT / "docs" / "certificate.schema.json").read_text("utf-8"))
OTHER = (None, 1.5, True, "no", "x y", -1, {"extra": 0}, [None], ["x"])  # than what belongs there


@cache
def samples() -> dict[str, str]:
    """The first sample certificate of every kind."""
    found: dict[str, str] = {}
    for make in FAMILIES.values():
        text = cs.verify(make()).certificate.text
        found.setdefault(json.loads(text)["family"]["kind"], text)
    return found


def branches(body: Body) -> list[Any]:
    """The alternatives of the schema that describe a certificate, each with what all share."""
    shared = {key: value for key, value in SCHEMA.items() if key != "oneOf"}
    validators = [
        jsonschema.Draft202012Validator({**shared, "allOf": [branch]}) for branch in SCHEMA["oneOf"]
    ]
    return [validator for validator in validators if validator.is_valid(body)]


def wrong_shapes(body: Body) -> Iterator[str]:
    """Change `body` in place, say what, and put it back."""
    source = Random(0)
    everywhere = list(places(body))
    for path, value in source.sample(everywhere, 25):
        parent: Any = body
        for key in path[:-1]:
            parent = parent[key]
        other = source.choice([x for x in OTHER if type(x) is not type(value)])
        parent[path[-1]] = other
        yield f"{path}: {other}"
        parent[path[-1]] = value
        if isinstance(value, dict):
            for key in sorted(value.keys() - {"tree"}):  # left out where orbits are large
                inside = value.pop(key)
                yield f"{path}: without {key}"
                value[key] = inside
            value["extra"] = 0
            yield f"{path}: one field more"
            del value["extra"]


def test_it_is_a_schema_of_every_kind() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert samples().keys() == checker.FAMILIES.keys()


@pytest.mark.parametrize("kind", checker.FAMILIES)
def test_wrong_shapes_are_refused(kind: str) -> None:
    body = json.loads(samples()[kind])
    (validator,) = branches(body)
    tried = 0
    for what in wrong_shapes(body):
        assert not validator.is_valid(body), what
        tried += 1
    assert tried >= 25
    assert validator.is_valid(body)  # each change was undone


def test_another_kind_is_refused() -> None:
    for kind, other in pairwise([*checker.FAMILIES][:4]):
        body = json.loads(samples()[kind])
        body["family"]["kind"] = other
        assert branches(body) == []
        body["lemma"]["name"] = other
        assert branches(body) == []
