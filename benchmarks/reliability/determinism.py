"""The same bytes under every hash seed, on every executor, with any number of workers."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.reliability.outcomes import Outcome

PROJECT = Path(__file__).resolve().parents[2]
HASH_SEEDS = ("0", "1", "4294967295")
MODES = ("serial", "pool 1", "pool 2", "pool 4", "dask 2", "dask 4")
SMALL = ("tiles",)


def run(*, smallest: bool = False, seed: int = 0) -> Iterator[Outcome]:
    """One outcome for each executor; every certificate is compared with the first serial one."""
    modes, seeds, names = (MODES, HASH_SEEDS, ())
    if smallest:
        modes, seeds, names = (("serial", "pool 2"), HASH_SEEDS[1:2], SMALL)
    known: dict[str, str] = {}
    for mode in modes:
        yield compare(mode, seeds, names, known)


def compare(
    mode: str, seeds: tuple[str, ...], names: tuple[str, ...], known: dict[str, str]
) -> Outcome:
    """The certificates of one executor under each hash seed; `known` has the first of each."""
    if mode.startswith("dask") and importlib.util.find_spec("distributed") is None:
        return Outcome("determinism", f"{mode}: not installed", {"hash seeds": 0})
    failures, compared = [], 0
    for seed in seeds:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.reliability.determinism_worker", mode, *names],
            cwd=PROJECT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            failures.append(f"hash seed {seed}: {done.stderr.strip().splitlines()[-1:]}")
            continue
        for name, digest in json.loads(done.stdout.splitlines()[-1]).items():
            compared += 1
            if known.setdefault(name, digest) != digest:
                failures.append(f"hash seed {seed}: other bytes for {name}")
    numbers = {"hash seeds": len(seeds), "certificates": compared, "families": len(known)}
    return Outcome("determinism", mode, numbers, failures)
