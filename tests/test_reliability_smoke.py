"""The reliability runs at their smallest, and that each of them can fail."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import symcsq as cs
from benchmarks.reliability import determinism, fuzz, fuzz_worker, kills, mutants, readers
from benchmarks.reliability.__main__ import main
from benchmarks.reliability.outcomes import Outcome, table
from benchmarks.reliability.workloads import WORKLOADS
from groups.errors import GroupsError
from symcsq.verifier import checker


def failures(outcomes: list[Outcome]) -> list[str]:
    """All failures, with what they are about."""
    return [f"{o.subject}: {failure}" for o in outcomes for failure in o.failures]


def test_mutants() -> None:
    outcomes = [*mutants.run(smallest=True)]
    assert failures(outcomes) == []
    assert outcomes[-1].numbers["fresh"] > 100


def test_mutants_that_are_accepted_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "FAMILIES", dict(list(mutants.FAMILIES.items())[:1]))
    monkeypatch.setattr(checker, "compare", lambda *_: None)
    found = failures([*mutants.run(smallest=True, seed=1)])
    assert any("accepted" in failure for failure in found)
    assert any("no sample of the kind parity-networks" in failure for failure in found)


@pytest.mark.parametrize("name", readers.READERS)
def test_readers(name: str) -> None:
    found = fuzz_worker.read_all(name, "0", 0, 100)
    assert found["failures"] == []
    assert found["inputs"] == 100


def test_a_batch_in_a_process_of_its_own() -> None:
    outcome = fuzz.fuzz("graph6", 50, "0")
    assert (outcome.failures, outcome.numbers["inputs"]) == ([], 50)


def raises(error: BaseException) -> Any:
    def read(*_: Any) -> bool:
        raise error

    return read


@pytest.mark.parametrize(
    ("read", "failure"),
    [
        (raises(KeyError("x")), "KeyError: 'x'"),
        (raises(ValueError("plain")), "ValueError: plain"),
        (raises(MemoryError()), "MemoryError"),
        (raises(GroupsError("two\nlines")), "not one short line"),
        (raises(GroupsError("long" * 999)), "not one short line"),
        (lambda *_: sum(range(10**6)) > 0, "took "),
    ],
)
def test_what_readers_must_not_do_is_found(
    monkeypatch: pytest.MonkeyPatch, read: Any, failure: str
) -> None:
    monkeypatch.setattr(fuzz_worker, "SECONDS", 0.001)
    monkeypatch.setattr(fuzz_worker, "WARM_UP", 0)
    bad = readers.Reader(lambda _: "text", read, 1)
    monkeypatch.setitem(readers.READERS, "bad", bad)
    (found,) = fuzz_worker.read_all("bad", "0", 0, 1)["failures"]
    assert failure in found and "'text'" in found


def test_a_process_that_ends_is_a_failure() -> None:
    batch = fuzz.run_batch("no such reader", "0", 5, 9)
    assert batch["inputs"] == 1 and "the process ended: KeyError" in batch["failures"][0]


def test_kills() -> None:
    (outcome,) = kills.run(smallest=True)
    assert outcome.failures == []
    assert outcome.numbers["items"] > 3


def test_determinism() -> None:
    """In this process, and on two others under another hash seed."""
    text = cs.verify(WORKLOADS["small"]()).certificate.text
    known = {"tiles": hashlib.sha256(text.encode()).hexdigest()}
    outcome = determinism.compare("pool 2", ("1",), ("tiles",), known)
    assert (outcome.failures, outcome.numbers["certificates"]) == ([], 1)


def test_other_bytes_are_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([], 0, '{"tiles": "1", "more": "2"}', "")
    monkeypatch.setattr(determinism.subprocess, "run", lambda *_, **__: done)
    outcome = determinism.compare("serial", ("1",), (), {"tiles": "0"})
    assert outcome.failures == ["hash seed 1: other bytes for tiles"]
    bad = subprocess.CompletedProcess([], 1, "", "first\nlast")
    monkeypatch.setattr(determinism.subprocess, "run", lambda *_, **__: bad)
    (outcome, *_) = determinism.run(smallest=True)
    assert outcome.failures == ["hash seed 1: ['last']"]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    """Exit code 1 when anything failed; the table and the records say what."""
    bad = Outcome("fuzz", "cycles", {"inputs": 3}, ["input 2: KeyError"])
    monkeypatch.setitem(main.__globals__["RUNS"], "fuzz", lambda **_: [bad])
    file = tmp_path / "records.jsonl"
    assert main(["fuzz", "--json", str(file)]) == 1
    assert "input 2: KeyError" in capsys.readouterr().out
    assert json.loads(file.read_text())["failures"] == ["input 2: KeyError"]
    monkeypatch.setitem(main.__globals__["RUNS"], "fuzz", lambda **_: [])
    assert main(["fuzz"]) == 1  # a run without outcomes shows nothing
    with pytest.raises(SystemExit, match="2"):
        main(["nonsense"])
    assert table([]) == ""
