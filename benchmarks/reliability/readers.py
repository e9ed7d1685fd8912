"""The readers that are put to the test: each with the inputs it gets and what it may do with them.

A reader accepts, or refuses with an error of the package's own, in one line. Anything else that it
raises is a failure, and so is a value that does not survive being written and read again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.reliability import inputs
from groups import Permutation, PermutationGroup, group
from groups.cyclotomics import parse_cyclotomic
from groups.errors import GroupsError
from groups.files import load_group
from groups.graph6 import decode_graph6
from symcsq.distributions import parse
from symcsq.errors import SymcsqError
from symcsq.lemmas import lemma, registry
from symcsq.verifier import checker

LONGEST_MESSAGE = 1_000


class Mistake(Exception):
    """A reader did something that it must not do."""


@dataclass(frozen=True)
class Reader:
    """A reader under test.

    Arguments:
        make: makes an input from a random source.
        read: reads it; True when it was accepted. It gets a folder for scratch files.
        share: how many of 200 inputs are for this reader.
    """

    make: Callable[[Random], Any]
    read: Callable[[Any, Path], bool]
    share: int


def outcome(reader: Reader, given: Any, folder: Path) -> bool:
    """Whether the input is accepted; raises whatever must not be raised."""
    try:
        return reader.read(given, folder)
    except (GroupsError, SymcsqError) as refusal:
        message = str(refusal)
        if not message or len(message) > LONGEST_MESSAGE or len(message.splitlines()) > 1:
            raise Mistake(f"a message that is not one short line: {message[:200]!r}") from refusal
        return False


def read_expression(text: str, _: Path) -> bool:
    """An expression; the name of a small group is an expression for the same group."""
    found = group(text)
    if found.degree <= 24 and found.name and not found.name.endswith((".json", '.json"')):
        again = group(found.name)
        if again.name != found.name or again != found:
            raise Mistake(f"{found.name!r} is not an expression for the group that bears it")
    return True


def read_cycles(text: str, _: Path) -> bool:
    """A permutation, which its own text gives back."""
    found = Permutation(text)
    if Permutation(str(found), degree=found.degree) != found:
        raise Mistake(f"{str(found)!r} is another permutation")
    return True


def read_group_file(text: str, folder: Path) -> bool:
    """A group file."""
    path = folder / "group.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    load_group(path)
    return True


def read_graph6(text: str, _: Path) -> bool:
    """A graph."""
    decode_graph6(text)
    return True


def read_distribution(text: str, _: Path) -> bool:
    """A law, which its own text gives back."""
    found = parse(text)
    if parse(str(found)) != found:
        raise Mistake(f"{str(found)!r} is another law")
    return True


def read_cyclotomic(text: str, _: Path) -> bool:
    """A cyclotomic number, which its own text gives back."""
    found = parse_cyclotomic(text)
    if found.conductor < 1_000 and parse_cyclotomic(str(found)) != found:
        raise Mistake(f"{str(found)!r} is another number")
    return True


def read_gap_group(text: str, _: Path) -> bool:
    """A group in GAP's notation."""
    PermutationGroup.from_gap(text)
    return True


def read_lemma(given: tuple[str, dict[str, Any]], _: Path) -> bool:
    """The family of a lemma."""
    name, parameters = given
    lemma(name, **parameters).family()
    return True


def make_lemma(source: Random) -> tuple[str, dict[str, Any]]:
    """A lemma with some of its parameters set."""
    definition = source.choice(list(registry().values()))
    chosen = {
        parameter.name: inputs.parameter_text(parameter.name, source)
        for parameter in definition.parameters
        if source.random() < 0.6
    }
    if source.random() < 0.02:
        chosen["nonsense"] = "1"
    return definition.name, chosen


def read_certificate(text: bytes, folder: Path) -> bool:
    """A damaged certificate, which the checker never accepts."""
    report = checker.check(text)
    if not report.failures or report.holds or report.accepted:
        if is_certificate(text):
            return True
        raise Mistake("accepted a damaged certificate")
    for place, message in report.failures:
        if len(message) > LONGEST_MESSAGE or len(f"{place}{message}".splitlines()) > 1:
            raise Mistake(f"a message that is not one short line: {message[:200]!r}")
    return False


@cache
def certificates() -> tuple[bytes, ...]:
    """A small certificate of each sample family."""
    from benchmarks.reliability import samples

    return tuple(samples.certificate(name).text.encode() for name in samples.FAMILIES)


def is_certificate(text: bytes) -> bool:
    """Whether it is one of the samples but for white space and the version of the producer."""
    body = json.loads(text)
    return any(without_version(body) == without_version(json.loads(t)) for t in certificates())


def without_version(body: dict[str, Any]) -> dict[str, Any]:
    """The fields that the version does not reach."""
    return {k: v for k, v in body.items() if k not in ("producer", "digests", "sha256")}


def make_certificate(source: Random) -> bytes:
    """A certificate whose text was damaged, once or twice; or any JSON value."""
    from tests.verifier.certificate_changes import damage

    if source.random() < 0.05:
        text = json.dumps(inputs.value(source, 4), ensure_ascii=source.random() < 0.5)
        return text.encode("utf-8", "surrogatepass")
    text = source.choice(certificates())
    _, changed = next(damage(text, source))
    return changed


def text_of(given: Any) -> str:
    """An input as reports show it."""
    shown = repr(given)
    return shown if len(shown) <= 160 else f"{shown[:100]} … {shown[-40:]}"


def silence() -> None:
    """Readers have nothing to print; libraries below them may."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 2)


READERS: dict[str, Reader] = {
    "expressions": Reader(inputs.with_damage(inputs.expression), read_expression, 60),
    "cycles": Reader(inputs.with_damage(inputs.cycles), read_cycles, 24),
    "GAP text": Reader(inputs.with_damage(inputs.gap_group), read_gap_group, 8),
    "cyclotomics": Reader(inputs.with_damage(inputs.cyclotomic), read_cyclotomic, 8),
    "group files": Reader(inputs.with_damage(inputs.group_file), read_group_file, 20),
    "graph6": Reader(inputs.with_damage(inputs.graph6), read_graph6, 20),
    "distributions": Reader(inputs.with_damage(inputs.distribution), read_distribution, 20),
    "lemma parameters": Reader(make_lemma, read_lemma, 10),
    "certificates": Reader(make_certificate, read_certificate, 30),
}
