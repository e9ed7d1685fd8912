"""`symcsq group` and `symcsq orbits`, as a stranger runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import comb, factorial
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Command = Callable[..., CompletedProcess[str]]


def as_json(done: CompletedProcess[str]) -> dict:
    """The one JSON object on stdout of a command that went well and said nothing else."""
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.count("\n") == 1
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("expression", "degree", "order", "transitive", "primitive"),
    [
        ("C12", 12, 12, True, False),
        ("D10", 10, 20, True, False),
        ("S6 on pairs", 15, 720, True, True),
        ("S4 wr S3", 12, 82944, True, False),
        ("M11", 11, 7920, True, True),
        ("(1,2,3)(4,5)", 5, 6, False, False),
        ("S1", 1, 1, True, True),
    ],
)
def test_group_json(
    command_here: Command,
    expression: str,
    degree: int,
    order: int,
    transitive: bool,
    primitive: bool,
) -> None:
    found = as_json(command_here("group", expression, "--json"))
    assert {
        "degree",
        "order",
        "transitive",
        "primitive",
        "base",
        "strong_generators",
        "generators",
    } <= set(found)
    assert (found["degree"], found["order"]) == (degree, order)
    assert (found["transitive"], found["primitive"]) == (transitive, primitive)
    for images in [*found["generators"], *found["strong_generators"]]:
        assert sorted(images) == list(range(degree))


def test_large_orders_are_strings(command: Command) -> None:
    found = as_json(command("group", "S30", "--json"))
    assert found["order"] == str(factorial(30))


def test_group_file(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "square.json"
    path.write_text('{"degree": 4, "generators": [[1, 2, 3, 0], [1, 0, 2, 3]]}', encoding="utf-8")
    assert as_json(command("group", path, "--json"))["order"] == 24
    path.write_text('{"degree": 3, "generators": []}', encoding="utf-8")
    found = as_json(command("group", path, "--json"))
    assert (found["order"], found["base"], found["transitive"]) == (1, [], False)


def test_group_table(command: Command) -> None:
    done = command("group", "M11")
    assert (done.returncode, done.stderr) == (0, "")
    assert "7920 = 2^4·3^2·5·11" in done.stdout
    assert "\x1b" not in done.stdout  # no colours in a pipe


@pytest.mark.parametrize(
    ("arguments", "count", "total"),
    [
        (["C12"], 1, 12),
        (["S6 on pairs", "--subsets", "4"], 9, comb(15, 4)),
        (["C12", "--exponents", "3"], 31, comb(14, 3)),
        (["S4", "--tuples", "2"], 2, 16),
        (["C5", "--subsets", "0"], 1, 1),
        (["C5", "--exponents", "0"], 1, 1),
    ],
)
def test_orbits_json(command_here: Command, arguments: list[str], count: int, total: int) -> None:
    listed = as_json(command_here("orbits", *arguments, "--json"))
    assert (listed["count"], listed["total"]) == (count, total)
    assert len(listed["representatives"]) == len(listed["sizes"]) == count
    assert sum(listed["sizes"]) == total
    assert listed["representatives"] == sorted(listed["representatives"])
    counted = as_json(command_here("orbits", *arguments, "--count-only", "--json"))
    assert counted == {"count": count, "total": total}


def test_orbits_limit(command: Command) -> None:
    whole = as_json(command("orbits", "C12", "--exponents", "3", "--json"))
    part = as_json(command("orbits", "C12", "--exponents", "3", "--limit", "2", "--json"))
    assert part["count"] == whole["count"]
    assert part["representatives"] == whole["representatives"][:2]
    assert part["sizes"] == whole["sizes"][:2]


def test_orbits_table_says_what_it_leaves_out(command: Command) -> None:
    done = command("orbits", "C12", "--exponents", "3", "--limit", "5")
    assert done.returncode == 0
    assert "31 orbits on 364 monomials of degree 3; 26 more are not shown" in done.stdout


def test_huge_counts_need_no_listing(command: Command) -> None:
    found = as_json(command("orbits", "S200", "--exponents", "20", "--count-only", "--json"))
    assert found["count"] == 627  # partitions of 20
    assert found["total"] == str(comb(219, 20))


BAD = {
    "unknown name": ["group", "Q12x"],
    "misspelt product": ["group", "S5 wrr S4"],
    "nothing": ["group", ""],
    "degree 0": ["group", "C0"],
    "huge degree": ["group", "S10000000000"],
    "repeated point": ["group", "(1,2)(2,3)"],
    "negative point": ["group", "(0,1)"],
    "missing argument": ["group"],
    "unknown option": ["group", "C4", "--sideways"],
    "unknown command": ["grupo", "C4"],
    "negative subset size": ["orbits", "C4", "--subsets", "-1"],
    "subset larger than the set": ["orbits", "C4", "--subsets", "5"],
    "negative degree": ["orbits", "C4", "--exponents", "-2"],
    "not a number": ["orbits", "C4", "--subsets", "two"],
    "two questions": ["orbits", "C4", "--subsets", "2", "--tuples", "2"],
    "negative limit": ["orbits", "C4", "--limit", "-1"],
    "missing file": ["group", "no/such/file.json"],
    "directory": ["group", "tests/"],
    "listing beyond memory": ["orbits", "C60", "--subsets", "30"],
}


def assert_bad(done: CompletedProcess[str]) -> str:
    """Exit code 2, nothing on stdout, one line on stderr that is no traceback."""
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr and "a fault of symcsq" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD)
@pytest.mark.parametrize("flag", [[], ["--json"]], ids=["text", "json"])
def test_bad_input_is_one_line(
    command_here: Command, arguments: list[str], flag: list[str]
) -> None:
    assert_bad(command_here(*arguments, *flag))


@pytest.mark.parametrize(
    "case", ["unknown name", "misspelt product", "missing file", "two questions"]
)
def test_bad_input_in_a_process(command: Command, case: str) -> None:
    assert_bad(command(*BAD[case]))


BAD_FILES = {
    "empty": b"",
    "not json": b"degree 4",
    "not utf-8": b'{"degree": 3, "generators": [], "name": "\xff\xfe"}',
    "an array": b"[1, 2]",
    "a number": b"7",
    "no degree": b'{"generators": [[1, 0]]}',
    "no generators": b'{"degree": 2}',
    "negative degree": b'{"degree": -1, "generators": []}',
    "degree as text": b'{"degree": "4", "generators": []}',
    "degree as float": b'{"degree": 2.0, "generators": []}',
    "degree true": b'{"degree": true, "generators": []}',
    "repeated image": b'{"degree": 3, "generators": [[0, 0, 1]]}',
    "image out of range": b'{"degree": 3, "generators": [[1, 2, 3]]}',
    "negative image": b'{"degree": 2, "generators": [[-1, 0]]}',
    "float image": b'{"degree": 2, "generators": [[1.0, 0.0]]}',
    "boolean image": b'{"degree": 2, "generators": [[true, false]]}',
    "wrong length": b'{"degree": 3, "generators": [[1, 0]]}',
    "ragged": b'{"degree": 3, "generators": [[1, [0], 2]]}',
    "generators no list": b'{"degree": 3, "generators": 5}',
    "unknown field": b'{"degree": 2, "generators": [[1, 0]], "colour": "red"}',
    "duplicate field": b'{"degree": 2, "degree": 3, "generators": []}',
    "deep": b"[" * 100_000,
    "huge integer": b'{"degree": ' + b"9" * 5000 + b', "generators": []}',
    "NaN": b'{"degree": NaN, "generators": []}',
    "nul": b"\x00\x00",
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
def test_bad_group_file_is_one_line(command_here: Command, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    assert "bad.json" in assert_bad(command_here("group", path))
