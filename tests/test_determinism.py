"""Two hash seeds, one or two processes, with and without a store: every certificate is the same."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def start_suite(
    folder: Path, seed: str, columns: str, options: Sequence[str]
) -> subprocess.Popen[str]:
    """`symcsq verify --out FOLDER` under one hash seed."""
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": str(PROJECT),
        "COLUMNS": columns,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "symcsq", "verify", "--json", "--out", str(folder), *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def fingerprints(folder: Path) -> dict[str, str]:
    """Every file by name with the hash of its bytes."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def test_two_hash_seeds_write_identical_certificates(
    tmp_path: Path, command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    runs = [
        start_suite(folders[0], "1", "80", []),
        start_suite(
            folders[1], "4294967295", "200", ["--jobs", "2", "--store", str(tmp_path / "work.db")]
        ),
    ]
    for run in runs:
        stdout, stderr = run.communicate(timeout=600)
        assert (run.returncode, stderr) == (0, ""), stdout[-2000:]
    first, second = map(fingerprints, folders)
    assert len(first) > 10
    assert first == second
    # The suite's certificates also convince the independent checker.
    checked = command("check", *sorted(folders[0].iterdir()), timeout=600)
    assert checked.returncode == 0, checked.stdout + checked.stderr
