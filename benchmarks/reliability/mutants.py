"""Altered certificates: every value of every kind of certificate, and the text of the files.

A small certificate of every kind (tests/verifier/sample_families.py) is altered at every place,
other certificates of the kind and those of the suite at random places. Each alteration is tried
twice: with the stale hashes of a careless edit, where the report must lead to the place, and with
fresh ones, where only mathematics can tell. None may be accepted, and none may raise an exception.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import symcsq as cs
from benchmarks.reliability import samples
from benchmarks.reliability.outcomes import Outcome
from symcsq.lemmas import suite
from symcsq.verifier import checker
from tests.verifier.certificate_changes import (
    FREE,
    Body,
    changes,
    damage,
    expected_verdict,
    how_near,
    mutants,
    places,
)
from tests.verifier.certificate_changes import Path as Place
from tests.verifier.certificate_samples import canonical, sealed
from tests.verifier.sample_families import FAMILIES

SECONDS = 60.0  # that the judgement of one file may take
ALL = 10**6


@dataclass(frozen=True)
class Extent:
    """How much is tried.

    Arguments:
        ways: changes at each place of the first sample of a kind; 0: it is treated as the others.
        places: random places of the other samples.
        texts: damaged texts of each sample.
        suite: the share of these that is tried on each row of the suite.
    """

    ways: int
    places: int
    texts: int
    suite: float


FULL = Extent(ways=3, places=80, texts=40, suite=0.25)
SMALLEST = Extent(ways=0, places=5, texts=2, suite=0)


@dataclass
class Tally:
    """What became of the mutants of one certificate."""

    counts: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def judge(self, source: bytes | Path, what: str, expected: str) -> checker.CheckReport | None:
        """Check one file; anything but the expected verdict is a failure."""
        self.counts[what.split(" ")[0]] += 1
        started = time.perf_counter()
        try:
            report = checker.check(source)
        except BaseException as error:  # the very thing that must not happen
            self.failures.append(f"{what}: raised {type(error).__name__}: {str(error)[:100]}")
            return None
        took = time.perf_counter() - started
        self.slowest = max(self.slowest, took)
        if took > SECONDS:
            self.failures.append(f"{what}: took {took:.0f} s")
        if report.accepted or report.verdict not in expected:
            self.failures.append(f"{what}: {report.verdict}")
        elif not all(len(f"{a}{b}".splitlines()) == 1 for a, b in report.failures):
            self.failures.append(f"{what}: a report that is not one line: {report.failures[:1]}")
        return report

    def outcome(self, subject: str) -> Outcome:
        """A line of the table; percentages say how near the named places are."""
        total = sum(self.near.values()) or 1
        numbers: dict[str, Any] = {name: self.counts[name] for name in ("stale", "fresh", "text")}
        for name in ("exact", "next to it", "section", "elsewhere"):
            numbers[f"{name} %"] = round(100 * self.near[name] / total, 1)
        numbers["slowest s"] = round(self.slowest, 2)
        return Outcome("mutants", subject, numbers, self.failures)


def run(*, smallest: bool = False, seed: int = 0) -> Iterator[Outcome]:
    """One outcome for each certificate, one for all together, and one for the kinds."""
    extent = SMALLEST if smallest else FULL
    some = at_random(extent.places, seed)
    counts: Counter[str] = Counter()
    kinds: set[str] = set()
    for name in FAMILIES:
        certificate = samples.certificate(name)
        kind = certificate.body["family"]["kind"]
        changed = everywhere(extent.ways) if extent.ways and kind not in kinds else some
        kinds.add(kind)
        yield alter(name, certificate.text.encode(), extent, changed, seed, counts)
    few = replace(extent, texts=int(extent.suite * extent.texts))
    some = at_random(int(extent.suite * extent.places), seed)
    for row in suite() if extent.suite else ():
        certificate = row.verify().certificate
        kinds.add(certificate.body["family"]["kind"])
        yield alter(f"{row!r}", certificate.text.encode(), few, some, seed, counts)
        if certificate.blocks is not None:
            yield alter_blocks(f"blocks of {row!r}", certificate, seed, counts)
    missing = sorted(set(checker.FAMILIES) - kinds)
    failures = [f"no sample of the kind {kind}" for kind in missing]
    yield Outcome("mutants", f"{counts.total()} in all, {len(kinds)} kinds", dict(counts), failures)


Changed = Callable[[Body], Iterator[Place]]


def everywhere(ways: int) -> Changed:
    """Every place, so many changes at each."""
    return lambda body: mutants(body, ways)


def at_random(count: int, seed: int) -> Changed:
    """So many random places, one change at each; sections are equally likely."""

    def changed(body: Body) -> Iterator[Place]:
        source = Random(seed)
        inside = {name: list(places(value, (name,))) for name, value in body.items()}
        for _ in range(count):
            path, value = source.choice(inside[source.choice(list(inside))])
            new = source.choice(list(changes(value)))
            if canonical(new) == canonical(value) or reordered(value, new):
                continue
            with replaced(body, path, new):
                yield path

    return changed


def reordered(value: Any, new: Any) -> bool:
    """Whether only the order of a list changed: members may be listed in another one."""
    lists = isinstance(value, list) and isinstance(new, list)
    return lists and sorted(map(canonical, value)) == sorted(map(canonical, new))


@contextmanager
def replaced(body: Body, path: Place, new: Any) -> Iterator[None]:
    """`body` with another value at one place."""
    parent: Any = body
    for key in path[:-1]:
        parent = parent[key]
    before, parent[path[-1]] = parent[path[-1]], new
    try:
        yield
    finally:
        parent[path[-1]] = before


def alter(
    subject: str, text: bytes, extent: Extent, changed: Changed, seed: int, counts: Counter[str]
) -> Outcome:
    """Every alteration of one certificate; their number is added to `counts`."""
    tally = Tally()
    if not checker.check(text).accepted:
        tally.failures.append("the certificate itself is not accepted")
    body: Body = json.loads(text)
    for path in changed(body):
        where = ".".join(map(str, path))
        report = tally.judge(canonical(body), f"stale {where}", expected_verdict(path))
        if report and report.failures:
            tally.near[how_near(report.failures[0][0], path)] += 1
        free = path == FREE and isinstance(body["producer"]["version"], str)
        if path[0] not in ("digests", "sha256") and not free:
            tally.judge(canonical(sealed(body)), f"fresh {where}", expected_verdict(path))
    if body != json.loads(text):
        tally.failures.append("a change was not undone")
    for (what, damaged), _ in zip(damage(text, Random(seed)), range(extent.texts), strict=False):
        tally.judge(damaged, f"text {what}", "rejected, declined")
    counts.update(tally.counts)
    return tally.outcome(subject)


# ------------------------------------------------------------------------- the file of Gram blocks


def alter_blocks(
    subject: str, certificate: cs.Certificate, seed: int, counts: Counter[str]
) -> Outcome:
    """The file beside a certificate, damaged in every way; the report must name the file."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        path = certificate.save(Path(folder) / "sample.json", blocks=True)
        beside = path.with_suffix(".gram")
        text = beside.read_bytes()
        if not checker.check(path).accepted:
            tally.failures.append("the certificate and its file are not accepted")
        for what, damaged in damaged_blocks(text, Random(seed)):
            beside.write_bytes(damaged)
            report = tally.judge(path, f"text {what}", "rejected")
            if report and report.failures and report.failures[0][0] != beside.name:
                tally.failures.append(f"{what}: reported at {report.failures[0][0]}")
    counts.update(tally.counts)
    return tally.outcome(subject)


def damaged_blocks(text: bytes, source: Random) -> Iterator[tuple[str, bytes]]:
    """(what was done, the new content)."""
    place = source.randrange(len(text))
    blocks = text.split(b"block ")
    digit = next(k for k in range(place, -1, -1) if text[k : k + 1].isdigit())
    other = str((int(text[digit : digit + 1]) + 1) % 10).encode()
    yield "empty", b""
    yield "cut off", text[:place]
    yield "without its last byte", text[:-1]
    yield "longer", text + b"\n"
    yield "another digit", text[:digit] + other + text[digit + 1 :]
    yield "a sign", text.replace(b" 0", b" -0", 1) if b" 0" in text else b"-" + text
    yield "another blank", text.replace(b" ", b"\t", 1)
    yield "other ends of lines", text.replace(b"\n", b"\r\n")
    yield "a block twice", text + b"block " + blocks[-1]
    yield "without a block", b"block ".join(blocks[:-1])
