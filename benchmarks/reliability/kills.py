"""Runs that are killed at random moments and started again: the same bytes, nothing done twice.

Each round starts a verification with an empty store in a process group of its own, kills the main
process with SIGKILL at a random moment of its work, waits until its workers have ended too, and
lets a new process finish. What the first process committed must be taken from the store by the
second, and the certificate must be that of a run that nobody disturbed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.reliability.outcomes import Outcome
from symcsq.verifier.store import Store

PROJECT = Path(__file__).resolve().parents[2]
ROUNDS = 10  # of each case
CASES = (("orbits", 0), ("tiles", 0), ("tiles", 2))
PATIENCE = 20.0  # seconds in which the workers of a process that was killed must have ended


def run(*, smallest: bool = False, seed: int = 0) -> Iterator[Outcome]:
    """One outcome for each workload and number of processes."""
    cases, rounds = ((("small", 0),), 1) if smallest else (CASES, ROUNDS)
    for name, jobs in cases:
        yield kill_often(name, jobs, rounds, seed)


def kill_often(workload: str, jobs: int, rounds: int, seed: int) -> Outcome:
    """Undisturbed once, then killed and resumed so many times."""
    source = Random(f"{seed} {workload} {jobs}")
    failures: list[str] = []
    in_the_middle, taken, done_twice = 0, 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        whole = Case(workload, jobs, Path(scratch), "whole")
        started = time.monotonic()
        told = whole.finish()
        took = time.monotonic() - started
        items, expected = told["kept"], whole.certificate.read_bytes()
        for number in range(rounds):
            case = Case(workload, jobs, Path(scratch), f"round{number}")
            after = source.uniform(took - told["worked"], took)
            left = case.start_and_kill(after)
            if left:
                failures.append(f"round {number}: {left}")
            try:
                kept = case.results()
                again = case.finish()
            except Exception as error:  # a line of the report, not the end of it
                failures.append(f"round {number}, killed after {after:.2f} s: {error}")
                continue
            in_the_middle += 0 < kept < items
            taken += again["taken"]
            done_twice += max(0, kept + again["kept"] - items)
            if case.certificate.read_bytes() != expected:
                failures.append(f"round {number}, killed after {after:.2f} s: other bytes")
            if kept + again["kept"] != items or again["taken"] != kept:
                failures.append(
                    f"round {number}: {kept} of {items} results were kept, then {again['taken']} "
                    f"taken and {again['kept']} made"
                )
    numbers = {
        "kills": rounds,
        "in the middle": in_the_middle,
        "items": items,
        "taken": taken,
        "done twice": done_twice,
        "seconds": round(took, 1),
    }
    where = f"{jobs} processes" if jobs else "one process"
    return Outcome("kills", f"{workload}, {where}", numbers, failures)


@dataclass(frozen=True)
class Case:
    """One store, one certificate."""

    workload: str
    jobs: int
    folder: Path
    name: str

    @property
    def store(self) -> Path:
        return self.folder / f"{self.name}.db"

    @property
    def certificate(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def command(self) -> list[str]:
        module = "benchmarks.reliability.kill_worker"
        paths = [str(self.store), str(self.certificate)]
        return [sys.executable, "-m", module, self.workload, *paths, str(self.jobs)]

    def start_and_kill(self, seconds: float) -> str:
        """Kill the process after some time; what is wrong afterwards, if anything."""
        process = subprocess.Popen(
            self.command,
            cwd=PROJECT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                os.killpg(process.pid, 0)
            except ProcessLookupError:
                return ""
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGKILL)
        return "its workers went on"

    def results(self) -> int:
        """How many results the store has now."""
        if not self.store.exists():
            return 0
        with Store(self.store) as store:
            return len(store)

    def finish(self) -> dict[str, Any]:
        """Run to the end; what the process tells."""
        done = subprocess.run(
            self.command, cwd=PROJECT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1:])
        told: dict[str, Any] = json.loads(done.stdout)
        return told
