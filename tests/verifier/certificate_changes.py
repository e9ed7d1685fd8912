"""Changes of certificates: every value in several ways, and how well a report names the place.

Three layers: `changes` of one value, `mutants` of a whole certificate (each place changed in turn,
in place, and put back), and `damage` to the text of the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.verifier.certificate_samples import canonical

Body = dict[str, Any]
Path = tuple[str | int, ...]

# The one field without mathematical content: any version is as good as another.
FREE = ("producer", "version")
FULL_WIDTH = {48 + k: 0xFF10 + k for k in range(10)}  # digits for int(), but not for JSON


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
    yield text.translate(FULL_WIDTH)


def vectors_near(text: str) -> Iterator[str]:
    """Other vectors, and other ways of writing this one, when it is numbers between blanks."""
    words = text.split(" ")
    if len(words) < 2 or not all(re.fullmatch(r"-?\d+", word) for word in words):
        return
    for k in sorted({0, len(words) // 2, len(words) - 1}):
        for new in (str(int(words[k]) + 1), str(-int(words[k])), f"+{words[k]}", f"0{words[k]}"):
            yield " ".join([*words[:k], new, *words[k + 1 :]])
    yield " ".join(words[1:])
    yield " ".join(words[1:] + words[:1])
    yield "  ".join(words)


def changes(value: Any) -> Iterator[Any]:
    """Values that differ from this one; the first ones are the most deceptive."""
    if value is None:
        yield from ([0, 1], 0, False, "", [], {})
    elif isinstance(value, bool):
        yield from (not value, int(value), None)
    elif isinstance(value, int):
        yield from (value + 1, value - 1, -value or 7, float(value), str(value), 10**30, None)
        if value in (0, 1):
            yield bool(value)
    elif isinstance(value, str):
        yield from numbers_near(value)
        yield from vectors_near(value)
        yield from (value[:-1], value + "0", value.swapcase(), "", None, [value])
        if re.fullmatch(r"-?\d{1,9}", value):
            yield int(value)
    elif isinstance(value, list):
        for k in sorted({0, len(value) // 2, len(value) - 1} if value else ()):
            yield value[:k] + value[k + 1 :]
            yield value[: k + 1] + value[k:]
        if len(value) > 1:
            yield value[::-1]
            yield [value[1], value[0], *value[2:]]
        yield from ([], None, {})
    elif isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
        yield from (value | {"extra": 0}, {}, None, [])


def another_true_certificate(body: Body, path: Path) -> bool:
    """Whether a list in another order is another input, of which everything else stays true.

    That can be so for listed members, and for laws of which each has as many coordinates.
    """
    if path == ("distribution", "marginals"):
        return len({law["multiplicity"] for law in body["distribution"]["marginals"]}) == 1
    return path == ("functions",) and body["family"].get("members") == "listed"


def mutants(body: Body, most: int) -> Iterator[Path]:
    """Change `body` in place, at most so often at each place, say where, and put it back."""
    for path, value in list(places(body)):
        if path[0] in ("digests", "sha256") and len(path) < 2 and path[0] == "digests":
            continue
        parent: Any = body
        for key in path[:-1]:
            parent = parent[key]
        before, tried = canonical(value), 0
        for new in changes(value):
            if canonical(new) == before:
                continue
            if (
                isinstance(value, list)
                and isinstance(new, list)
                and sorted(map(canonical, new)) == sorted(map(canonical, value))
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


# ------------------------------------------------------------------------------- damage to the text

BAD_VALUES = (
    b"NaN",
    b"-Infinity",
    b"1e3",
    b"1.0",
    b"-0",
    b"01",
    b"+1",
    b"0x10",
    b"9" * 5_000,
    b'"' + b"9" * 5_000 + b'"',
    '"\uff11\u0662"'.encode(),
    b'"\\u0031"',
    b"true",
    b"null",
    b"[" * 40 + b"]" * 40,
    b"[" * 100_000,
    b'{"":' * 20 + b"0" + b"}" * 20,
    b"\xff\xfe",
    b"\x00",
)


def damage(text: bytes, source: Random) -> Iterator[tuple[str, bytes]]:
    """(what was done, the new text): never ends; nothing yielded is the same JSON as `text`."""
    before = json.loads(text)
    values = [match.span() for match in re.finditer(rb'"[^"]*"(?!:)|-?\d+|true|false|null', text)]
    while True:
        place = source.randrange(len(text))
        start, end = source.choice(values)
        other = source.choice(values)
        bad = source.choice(BAD_VALUES)
        for name, new in (
            ("cut off", text[:place]),
            (
                "a bit flipped",
                text[:place] + bytes([text[place] ^ 1 << source.randrange(8)]) + text[place + 1 :],
            ),
            ("a stretch left out", text[:place] + text[place + source.randrange(1, 40) :]),
            ("a stretch twice", text[: place + source.randrange(1, 40)] + text[place:]),
            ("a bad value", text[:start] + bad + text[end:]),
            ("another value", text[:start] + text[slice(*other)] + text[end:]),
            ("a key twice", text[:start] + text[start:end] + b', "kind": 0' + text[end:]),
        ):
            try:
                if json.loads(new) == before:
                    continue
            except (ValueError, RecursionError):
                pass
            yield name, new
