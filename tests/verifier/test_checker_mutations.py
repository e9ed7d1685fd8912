"""Every leaf of a certificate is changed, in several ways: no change is accepted.

Each change is tried twice: as a careless edit (stale hash), where the report must lead to the place, and
as a lie with fresh digests and hash, where only mathematics can tell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from symcsq.verifier import checker
from tests.verifier import certificate_samples as samples

Body = dict[str, Any]
Path = tuple[str | int, ...]

# The one field without mathematical content: any version string is as good as another.
FREE = {("producer", "version")}


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


def changed_numbers(text: str) -> Iterator[str]:
    """Other exact numbers, close to this one."""
    match = re.fullmatch(r"(-?)(\d+)(/(\d+))?", text)
    if match is None:
        return
    sign, top, slash, bottom = match[1], match[2], match[3] or "", match[4]
    yield f"{sign}{int(top) + 1}{slash}"
    yield f"{sign}{int(top) - 1}{slash}" if int(top) else f"-1{slash}"
    if int(top):
        yield f"{top}{slash}" if sign else f"-{text}"
        yield "0"
    if len(top) > 1 and top[0] != top[-1]:
        yield sign + top[-1] + top[1:-1] + top[0] + slash
    if bottom:
        yield f"{sign}{top}/{int(bottom) + 1}"
        yield f"{sign}{top}"
    else:
        yield f"{text}/7"
    yield f"0{text}"
    yield f"{text}/1"


def changes(value: Any) -> Iterator[Any]:
    """Values that differ from this one: neighbours, other types, shorter and longer containers."""
    if value is None or isinstance(value, bool):
        yield from (not value, int(bool(value)), "true")
    elif isinstance(value, int):
        yield from (value + 1, value - 1, -value if value else 7, 10**9 + 1, 10**30)
        yield from (float(value), value + 0.5, str(value), None, [value])
        if value in (0, 1):
            yield bool(value)
    elif isinstance(value, str):
        yield from changed_numbers(value)
        yield from (value + "0", value[:-1], value.swapcase(), " " + value, "", None, [value], {})
        if re.fullmatch(r"-?\d{1,9}", value):
            yield from (int(value), float(value))
    elif isinstance(value, list):
        yield from ([], None, {}, "")
        for k in sorted({0, len(value) // 2, len(value) - 1}) if value else []:
            yield value[:k] + value[k + 1 :]
            yield value[: k + 1] + value[k:]
        if len(value) > 1:
            yield value[1:2] + value[:1] + value[2:]
            yield value[::-1]
    elif isinstance(value, dict):
        yield from ({}, None, [], list(value))
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
        yield value | {"extra": 0}


def same(a: Any, b: Any) -> bool:
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def mutants(body: Body) -> Iterator[tuple[Path, Any]]:
    """Change `body` in place, yield what was done, and put it back."""
    for path, value in list(places(body)):
        parent: Any = body
        for key in path[:-1]:
            parent = parent[key]
        for new in changes(value):
            if same(new, value):
                continue
            parent[path[-1]] = new
            yield path, new
        parent[path[-1]] = value
    for name in list(body):
        removed = body.pop(name)
        yield (name,), "removed"
        body[name] = removed
    body["extra"] = 0
    yield ("extra",), 0
    del body["extra"]


def dotted(path: Path) -> str:
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text[1:]


def distance(named: str, path: Path) -> str:
    """How well a report names the changed place."""
    target = dotted(path)
    parent = dotted(path[:-1])
    if named == target:
        return "exact"
    if named.startswith(target):
        return "inside"  # a container was changed, and the report names the item
    if named == parent or dotted_parent(named) == parent:
        return "parent"  # the parent, or a sibling under it
    if target.startswith(named):
        return "around"
    return "elsewhere"


def dotted_parent(text: str) -> str:
    return re.sub(r"(\[\d+\]|\.?[^.\[\]]+)$", "", text)


def stale_and_fresh(body: Body) -> Iterator[tuple[Path, Any, bool, checker.CheckReport]]:
    for path, new in mutants(body):
        yield path, new, False, checker.check(samples.to_bytes(body))
        if path[0] not in ("digests", "sha256") and "removed" != new:
            lie = samples.sealed(body)
            if set(lie) == set(body):
                yield path, new, True, checker.check(samples.to_bytes(lie))
