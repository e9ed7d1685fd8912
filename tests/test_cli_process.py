"""The command as a process: help, versions, broken pipes, interruptions, odd terminals."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import click
import pytest

from symcsq import __version__
from symcsq.cli import commands, run

Command = Callable[..., CompletedProcess[str]]
PROJECT = Path(__file__).resolve().parent.parent


def test_version(command: Command) -> None:
    done = command("--version")
    assert (done.returncode, done.stdout) == (0, f"symcsq {__version__}\n")
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{__version__}"' in text


@pytest.mark.parametrize(
    "words", [["--help"], ["-h"], *([name, "--help"] for name in sorted(commands.commands))]
)
def test_help_teaches_by_example(command: Command, words: list[str]) -> None:
    done = command(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Examples:" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def example_commands() -> list[list[str]]:
    """Every `symcsq …` line under "Examples:" in the help texts, as words."""
    import shlex

    found = []
    for command_object in [commands, *commands.commands.values()]:
        for line in (command_object.help or "").splitlines():
            line = re.split(r"\s{2,}(?=\S)", line.strip())[0]
            if line.startswith("symcsq "):
                found.append(shlex.split(line)[1:])
    return found


@pytest.mark.parametrize("words", example_commands(), ids=" ".join)
def test_examples_in_help_parse(words: list[str]) -> None:
    """Each example names a command and options that exist; parsing runs nothing."""
    name, *rest = words
    command_object = commands.commands[name]
    context = command_object.make_context(name, rest, resilient_parsing=False)
    assert isinstance(context, click.Context)


def test_no_argument_shows_help(command: Command) -> None:
    done = command()
    assert done.returncode == 2
    assert "Examples:" in done.stdout + done.stderr


def test_a_fault_is_one_line_and_not_a_refutation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: str) -> None:
        raise TypeError("an accident\nin two lines")

    monkeypatch.setattr("groups.group", broken)
    assert run(["group", "C4"]) == 4
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1 and "TypeError: an accident in two lines" in output.err
    monkeypatch.setenv("SYMCSQ_TRACEBACK", "1")
    with pytest.raises(TypeError):
        run(["group", "C4"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 3),
        (MemoryError(), 3),
        (PermissionError(13, "Permission denied", "secret.json"), 2),
        (ValueError("points: must differ, got 1, 1; write each once"), 2),
    ],
)
def test_every_ending_has_its_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
) -> None:
    def ending(_: str) -> None:
        raise error

    monkeypatch.setattr("groups.group", ending)
    assert run(["group", "C4"]) == code
    assert capsys.readouterr().err.count("\n") == 1


def test_broken_pipe_is_silent() -> None:
    """`symcsq orbits … | head -1` ends without complaint."""
    ours = f'"{sys.executable}" -m symcsq orbits C20 --exponents 5 --json'
    program = f'{ours} | head -c 1; echo " ${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", program],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout in ("{ 3\n", "{ 0\n")  # 0 when all of it fitted into the pipe


# Checks a certificate for ever, having said so by making a file.
WAITING = """
import signal, sys, time
from pathlib import Path
# A shell that starts the tests in the background has its children ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
from symcsq.cli import run
from symcsq.display import checking

def wait(name):
    Path(name).touch()
    time.sleep(600)

checking.checked_file = wait
sys.exit(run(["check", sys.argv[1]]))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_control_c_is_one_line(tmp_path: Path) -> None:
    """A command is interrupted while it is certainly at work."""
    begun = tmp_path / "certificate.json"
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, str(begun)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not begun.exists():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        try:
            stdout, stderr = process.communicate(timeout=60)
        finally:
            process.kill()  # if it did not stop, nobody waits for it
    assert (process.returncode, stdout) == (3, "")
    assert stderr == "symcsq: stopped; nothing was written\n"


def test_terminal_without_unicode(command: Command) -> None:
    done = command("group", "M11", environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "7920" in done.stdout


@pytest.mark.parametrize("columns", [40, 80, 100, 200])
def test_tables_fit_the_terminal(command: Command, columns: int) -> None:
    done = command("orbits", "C12", "--exponents", "2", columns=columns)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= max(columns, 60)


def test_module_and_script_are_the_same() -> None:
    script = Path(sys.executable).with_name("symcsq")
    if not script.exists():
        pytest.skip("the package is not installed in this environment")
    done = subprocess.run(
        [str(script), "--version"], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.stdout == f"symcsq {__version__}\n"
