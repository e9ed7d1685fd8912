"""Every benchmark runs at its smallest size, and contenders agree. Nothing is timed here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
NAMES = sorted(
    path.stem.removeprefix("bench_") for path in (PROJECT / "benchmarks").glob("bench_*.py")
)


def run(
    *arguments: str, module: str = "benchmarks", **settings: str
) -> subprocess.CompletedProcess[str]:
    """`python -m MODULE ARGUMENTS`."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **settings},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.parametrize("name", NAMES)
def test_smallest_sizes(name: str) -> None:
    done = run(name, "--smallest")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "symcsq" in done.stdout


def test_absent_peers_are_said_to_be_absent(tmp_path: Path) -> None:
    """Without GAP on the path the row says so, and the run succeeds."""
    done = run("groups", "--smallest", PATH=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"GAP +not installed", done.stdout)


def test_unknown_name_is_refused() -> None:
    done = run("nonsense")
    assert done.returncode == 2
    assert "no benchmark 'nonsense'" in done.stderr


def test_whole_commands() -> None:
    """The first family is produced by one process, and checked by another."""
    done = run("--quick", "--repeats", "1", module="benchmarks.commands")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "invariant polynomials, C12, degree 4" in done.stdout
