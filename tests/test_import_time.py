"""Starting is cheap: what is loaded is compared, not how long it took on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

# Each of these costs between a tenth of a second and several seconds, and most commands need none.
HEAVY = {
    "IPython",
    "cypari2",
    "dask",
    "distributed",
    "hypothesis",
    "igraph",
    "matplotlib",
    "networkx",
    "numba",
    "pynauty",
    "pytest",
    "rich",
    "scipy",
    "sympy",
}


def loaded(statement: str) -> set[str]:
    """Top-level modules in a fresh interpreter after one statement."""
    program = (
        f"import sys; before = set(sys.modules)\n{statement}\n"
        "import json; new = set(sys.modules) - before\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in new})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("package", ["symcsq", "groups"])
def test_import_is_light(package: str) -> None:
    assert loaded(f"import {package}") & HEAVY == set()


def test_help_loads_no_numbers() -> None:
    """`symcsq --help` needs the command line parser and nothing that computes."""
    names = loaded(
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n"
        "    import symcsq.cli\n    code = symcsq.cli.run(['--help'])\nassert code == 0"
    )
    assert names & (HEAVY | {"numpy", "flint"}) == set()


def test_the_guard_can_fail() -> None:
    assert "sympy" in loaded("import sympy") & HEAVY
