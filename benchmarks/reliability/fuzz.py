"""Random and grammar-aware inputs for every reader: no traceback, no long wait, no flood of memory.

Inputs are numbered; the seed, the reader's name and the number determine an input. They are read in
batches by child processes (`fuzz_worker`), which a watchdog here ends when one input takes too long
to return at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.reliability.outcomes import Outcome
from benchmarks.reliability.readers import READERS

PROJECT = Path(__file__).resolve().parents[2]
TOTAL = 200_000
SMALLEST = 400
BATCH = 5_000
PATIENCE = 60.0  # seconds of wall time after which an input is given up


def run(*, smallest: bool = False, seed: int = 0) -> Iterator[Outcome]:
    """One outcome for each reader."""
    total = SMALLEST if smallest else TOTAL
    parts = sum(reader.share for reader in READERS.values())
    for name, reader in READERS.items():
        yield fuzz(name, total * reader.share // parts, str(seed))


def fuzz(name: str, count: int, seed: str) -> Outcome:
    """So many inputs for one reader."""
    numbers: dict[str, Any] = {"inputs": 0, "accepted": 0, "slowest s": 0.0, "memory MB": 0}
    failures: list[str] = []
    slow_input = ""
    first = 0
    while first < count:
        last = min(first + BATCH, count)
        batch = run_batch(name, seed, first, last)
        numbers["inputs"] += batch["inputs"]
        numbers["accepted"] += batch["accepted"]
        numbers["memory MB"] = max(numbers["memory MB"], batch["memory"])
        if batch["slowest"] >= numbers["slowest s"]:
            numbers["slowest s"], slow_input = batch["slowest"], batch["slow_input"]
        failures += batch["failures"]
        first += batch["inputs"]
    return Outcome("fuzz", name, numbers | {"slowest input": slow_input}, failures)


def run_batch(name: str, seed: str, first: int, last: int) -> dict[str, Any]:
    """A batch in a child process; when that dies or hangs, what came before counts as read."""
    with tempfile.NamedTemporaryFile() as mark:
        mark.write(first.to_bytes(8, "little"))
        mark.flush()
        command = [sys.executable, "-m", "benchmarks.reliability.fuzz_worker", name, seed]
        process = subprocess.Popen(
            [*command, str(first), str(last), mark.name],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        at, since = first, time.monotonic()
        while True:
            try:
                out, err = process.communicate(timeout=0.5)
                break
            except subprocess.TimeoutExpired:
                now = int.from_bytes(Path(mark.name).read_bytes()[:8], "little")
                if now != at:
                    at, since = now, time.monotonic()
                elif time.monotonic() - since > PATIENCE:
                    process.kill()
        if process.returncode == 0:
            batch: dict[str, Any] = json.loads(out.splitlines()[-1])
            return batch
        at = int.from_bytes(Path(mark.name).read_bytes()[:8], "little")
    said = err.strip().splitlines()[-1:] or [f"exit code {process.returncode}"]
    return {
        "inputs": at + 1 - first,
        "accepted": 0,
        "slowest": 0.0,
        "slow_input": "",
        "memory": 0,
        "failures": [f"input {at}: the process ended: {said[0]}"],
    }
