"""What every test shares: reproducible property search, and the command line from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A property test must find the same examples on every machine: no clock, no database, no entropy.
settings.register_profile(
    "reproducible",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("reproducible")

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the working copy."""
    return PROJECT


@pytest.fixture
def command_here(
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The same without a new process, for long tables of inputs."""

    def run_here(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        from symcsq.cli import run

        words = [str(argument) for argument in arguments]
        code = run(words)
        output = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, output.out, output.err)

    return run_here


@pytest.fixture(scope="session")
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``symcsq ARGUMENTS`` in a process of its own; stdout and stderr are captured apart."""

    def run(
        *arguments: str | Path,
        cwd: Path = PROJECT,
        columns: int = 100,
        environment: dict[str, str] | None = None,
        stdin: str | None = None,
        timeout: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        settings_of_run = {
            **os.environ,
            "COLUMNS": str(columns),
            "PYTHONPATH": str(PROJECT),
            **(environment or {}),
        }
        return subprocess.run(
            [sys.executable, "-m", "symcsq", *map(str, arguments)],
            cwd=cwd,
            env=settings_of_run,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run
