"""Huge numbers, closed pipes, odd options and folders: each ends at once, with the right code."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from symcsq.cli import folded, run

Command = Callable[..., CompletedProcess[str]]
PROJECT = Path(__file__).resolve().parent.parent

HUGE = {
    "degree of a count": ["orbits", "C12", "--exponents", "100000000", "--count-only"],
    "length of tuples": ["orbits", "S4", "--tuples", "1000000", "--count-only"],
    "length beyond 64 bits": ["orbits", "S3", "--tuples", "99999999999999999999", "--count-only"],
    "a million orbits": ["orbits", "S50", "--exponents", "60"],
    "a million tuples": ["orbits", "S50", "--tuples", "30"],
    "degree of a basis": ["basis", "S3", "--degree", "9999999"],
    "degree of a component": ["basis", "S3", "--degree", "9999999", "--character", "1"],
    "basis of a million": ["basis", "S50", "--degree", "60"],
    "component in many monomials": ["basis", "S5", "--degree", "30", "--character", "3"],
    "classes": ["characters", "C5000"],
    "chain": ["group", "S9 wr S9 wr S9 wr S9"],
    "tiny tolerance": ["verify", "parity-networks", "--set", "tolerance=1e-99999999"],
    "coefficient": ["verify", "parity-networks", "--set", "activation=1,9e400000"],
    "parameter of a law": [
        "basis",
        "S3",
        "--degree",
        "1",
        "--distribution",
        "bernoulli(1e-999999)",
    ],
    "inputs": ["verify", "parity-networks", "--set", "n=99999999999"],
    "inputs of 5000 digits": ["verify", "parity-networks", "--set", "n=" + "9" * 5000],
}


def refusal(done: CompletedProcess[str]) -> str:
    """The one line of a refusal, with what to do next after a semicolon."""
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and "; " in done.stderr
    assert len(done.stderr) < 350
    assert "digits) for integer string" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("arguments", HUGE.values(), ids=HUGE)
def test_huge_numbers_are_refused_at_once(command_here: Command, arguments: list[str]) -> None:
    started = time.perf_counter()
    refusal(command_here(*arguments))
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["orbits", "C12", "--subsets", "13"], ["--subsets: must be from 0 to 12", "got 13"]),
        (["orbits", "C12", "--exponents", "-3"], ["--exponents: must be an integer >= 0", "'-3'"]),
        (["orbits", "C12", "--tuples", "1.5"], ["--tuples: must be an integer >= 0", "'1.5'"]),
        (["orbits", "C12", "--subsets", "x"], ["--subsets: must be an integer >= 0", "'x'"]),
        (["orbits", "C12", "--limit", "-1"], ["--limit: must be an integer >= 0", "--limit 50"]),
        (["molien", "C12", "--terms", "-1"], ["--terms: must be an integer from 0 to 100000"]),
        (["basis", "C4", "--degree", "9" * 2000], ["--degree: must be an integer >= 0", "…"]),
        (["verify", "--set"], ["--set", 'see "symcsq verify --help"']),
        (["verify", "frame-averaged", "--set", "m"], ["KEY=VALUE", 'see "symcsq verify --help"']),
        (["verify", "parity-networks", "--set", "subsets="], ["subsets: must not be empty"]),
        (["verify", "parity-networks", "--set", "n=99999999999"], ["must be between 1 and 4096"]),
        (["orbits", "S50", "--exponents", "60"], ["got 966370 orbits", "--count-only"]),
        (["orbits", "C12", "--exponents", "40"], ["--count-only", "in Python, memory_limit"]),
        (["group", "S20001"], ["in Python, group(text, max_degree=…)"]),
    ],
)
def test_refusals_say_the_option_the_rule_and_the_way_on(
    command_here: Command, arguments: list[str], parts: list[str]
) -> None:
    line = refusal(command_here(*arguments))
    assert [part for part in parts if part not in line] == []


def test_the_empty_set_of_points(command_here: Command) -> None:
    for more in ([], ["--count-only"]):
        done = command_here("orbits", "S0", *more)
        assert (done.returncode, done.stderr) == (0, "")
        assert "0 orbits on 0 points" in done.stdout


def test_overflow_is_bad_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def overflow(_: str) -> None:
        raise OverflowError("Python int too large to convert to C long")

    monkeypatch.setattr("groups.group", overflow)
    assert run(["group", "C4"]) == 2
    assert capsys.readouterr().err.endswith("; choose smaller parameters\n")


def test_integers_of_many_digits_are_printed(command: Command) -> None:
    done = command("orbits", "S20000", "--subsets", "10000", "--count-only")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 orbits on ") and done.stdout.count("\n") == 1
    assert len(done.stdout) > 6000


PRINTING = [
    ["orbits", "C20", "--exponents", "5", "--json"],
    ["orbits", "C20", "--exponents", "5", "--limit", "3000"],
    ["characters", "S10"],
    ["group", "S300"],
    ["molien", "C12", "--terms", "5000"],
    ["lemmas"],
    ["verify", "parity-networks", "--set", "n=4", "--set", "m=2"],
    ["group", "--help"],
    ["--version"],
]


def shell(script: str) -> CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_reader_that_went_away_is_no_refutation(arguments: list[str]) -> None:
    # The reader is certainly gone before anything is printed: nothing holds its end of the pipe.
    program = f"""
import os, sys
from symcsq import cli
end, into = os.pipe()
os.close(end)
os.dup2(into, 1)
sys.argv[1:] = {arguments!r}
cli.main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (3, "")


@pytest.mark.skipif(sys.platform == "win32", reason="redirections of POSIX")
@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams(redirection: str) -> None:
    symcsq = f'"{sys.executable}" -m symcsq'
    for words, code in (("group S6", 0), ("orbits C6 --json", 0), ("group S6x", 2)):
        done = shell(f"{symcsq} {words} {redirection}; echo code $? >&2; echo code $?")
        assert f"code {code}" in done.stderr
        assert "Traceback" not in done.stderr and "fault" not in done.stderr


QUICK = ["verify", "parity-networks", "--set", "n=4", "--set", "m=2"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that takes no files")
def test_a_folder_that_takes_no_files_fails_before_the_work(
    command_here: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the work has begun")

    monkeypatch.setattr("symcsq.lemmas.Lemma.verify", work)
    for folder in ("/proc/foo", "/proc/foo/bar", "/proc"):
        assert "--out: must be a folder that can be written" in refusal(
            command_here(*QUICK, "--out", folder)
        )


def test_testing_the_folder_leaves_nothing_behind(command_here: Command, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    bad = ["verify", "parity-networks", "--set", "m=9", "--set", "n=4"]
    for folder in (tmp_path / "new" / "deep", tmp_path / "old", tmp_path / "old" / "below"):
        refusal(command_here(*bad, "--out", folder))
    assert [path.name for path in tmp_path.rglob("*")] == ["old"]


def test_a_folder_in_the_place_of_a_certificate(command_here: Command, tmp_path: Path) -> None:
    taken = tmp_path / "parity-networks-n4-m2-relu.json"
    taken.mkdir()
    assert f"a folder of that name in {str(tmp_path)!r}" in refusal(
        command_here(*QUICK, "--out", tmp_path)
    )
    assert list(taken.iterdir()) == [] and list(tmp_path.iterdir()) == [taken]


def test_a_group_file_ends_in_json(
    command_here: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mydir").mkdir()
    assert "a file whose name ends in .json" in refusal(command_here("group", "mydir"))


@pytest.mark.parametrize("columns", [80, 100])
def test_group_help_prints_the_whole_grammar(command: Command, columns: int) -> None:
    from groups.grammar import GRAMMAR

    done = command("group", "--help", columns=columns)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= columns
    assert " ".join(GRAMMAR.split()) in " ".join(done.stdout.split())


def test_folding_keeps_the_columns() -> None:
    text = "Names:\n  C(n), Z   cyclic group of order n\n  S(n)      all of them"
    assert folded(text, 24) == [
        "Names:",
        "  C(n), Z   cyclic group",
        "            of order n",
        "  S(n)      all of them",
    ]


def test_classes_too_large_to_list_are_verified_by_formula(command: Command) -> None:
    done = command("verify", "parity-networks", "--set", "n=4096", "--set", "m=12")
    assert (done.returncode, done.stderr) == (0, "")
    assert "about 4.58e34" in done.stdout and "All claims hold" in done.stdout
    wide = command("verify", "frame-averaged", "--group", "C64", "--set", "m=6", "--json")
    (lemma,) = json.loads(wide.stdout)["lemmas"]
    assert (lemma["functions"], lemma["size"]) == (0, 1171552)
