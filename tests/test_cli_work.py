"""`symcsq verify` with a store and with workers: stopped in any way, resumed, the same bytes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from symcsq.verifier.store import Store

Command = Callable[..., CompletedProcess[str]]
PROJECT = Path(__file__).resolve().parent.parent
LONG = ["verify", "invariant-polynomials", "--group", "C20", "--set", "degree=5"]
QUICK = ["verify", "frame-averaged", "--group", "C6", "--set", "m=2"]


def started(*arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "symcsq", *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_interrupts,
    )


def hear_interrupts() -> None:
    """A shell that starts the tests in the background has its children ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for_results(path: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Wait until a running process has committed so many results."""
    deadline = time.monotonic() + 120
    found = 0
    while found < count:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
        if path.exists():
            with closing(sqlite3.connect(path)) as database:
                found = database.execute("SELECT count(*) FROM results").fetchone()[0]


def test_killed_interrupted_and_resumed_to_the_same_bytes(command: Command, tmp_path: Path) -> None:
    store, folder = tmp_path / "work.db", tmp_path / "resumed"
    stopped = ["--store", store, "--out", folder]

    process = started(*LONG, *stopped, "--jobs", "2")
    wait_for_results(store, 10, process)
    process.kill()
    process.communicate()
    assert not folder.exists()
    with Store(store) as opened:
        first = len(opened)
    assert first >= 10

    process = started(*LONG, *stopped)
    wait_for_results(store, first + 10, process)
    process.send_signal(signal.SIGINT)
    output, message = process.communicate(timeout=60)
    assert (process.returncode, output) == (3, "")
    assert message == (
        f"symcsq: stopped; finished work is in {store}, run the same command again to resume\n"
    )
    with Store(store) as opened:
        second = len(opened)
    assert second >= first + 10

    done = command(*LONG, *stopped, "--jobs", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert command(*LONG, "--out", tmp_path / "plain").returncode == 0
    (plain,), (resumed,) = (tmp_path / "plain").iterdir(), folder.iterdir()
    assert plain.name == resumed.name and plain.read_bytes() == resumed.read_bytes()
    with Store(store) as opened:
        assert len(opened) > second


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads Linux's list of processes")
def test_control_c_with_processes_is_one_line() -> None:
    """The terminal sends Ctrl-C to every process of the group."""
    process = subprocess.Popen(
        [sys.executable, "-m", "symcsq", *LONG, "--jobs", "2"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )
    deadline = time.monotonic() + 120
    while len(children(process.pid)) < 3:  # the two workers, and what tracks their semaphores
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    output, message = process.communicate(timeout=60)
    assert (process.returncode, output) == (3, "")
    assert message == (
        "symcsq: stopped; nothing was written, since there is no --store FILE to resume from\n"
    )


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        if int(text.rpartition(")")[2].split()[1]) == pid:
            found.append(int(stat.parent.name))
    return found


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_jobs_change_nothing_but_time(command: Command, tmp_path: Path, jobs: str) -> None:
    assert command(*QUICK, "--out", tmp_path / "plain").returncode == 0
    done = command(*QUICK, "--jobs", jobs, "--out", tmp_path / jobs)
    assert (done.returncode, done.stderr) == (0, "")
    (plain,), (spread,) = (tmp_path / "plain").iterdir(), (tmp_path / jobs).iterdir()
    assert plain.read_bytes() == spread.read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--jobs", "0"], "--jobs: must be an integer >= 1, got '0'; write for example --jobs 4"),
        (["--jobs", "two"], "--jobs: must be an integer >= 1, got 'two'"),
        (["--jobs", "4000"], "jobs: must be an integer from 1 to 1024, got 4000"),
        (
            ["--jobs", "2", "--scheduler", "tcp://127.0.0.1:8786"],
            "--jobs, --scheduler: at most one of them, got both",
        ),
        (["--scheduler", "here"], "scheduler: must be the address of a running Dask scheduler"),
        (["--tls-ca", "ca.pem"], "--tls-ca: must come with --scheduler, got none"),
        (
            ["--scheduler", "tls://127.0.0.1:8786", "--tls-cert", "me.pem"],
            "--tls-cert: must come with both --tls-ca and --tls-cert, got only --tls-cert; "
            "add --tls-ca PEM",
        ),
        (
            ["--scheduler", "tls://127.0.0.1:8786", "--tls-ca", "no.pem", "--tls-cert", "no.pem"],
            "ca: must be a readable file in PEM format, got 'no.pem'",
        ),
        (["--store", "."], "store: must be a file that symcsq made or a new one, got '.'"),
        (["--store", "README.md"], "got 'README.md' (no SQLite database); choose another path"),
    ],
)
def test_options_are_refused_before_any_work(
    command_here: Command, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    monkeypatch.chdir(PROJECT)
    done = command_here(*QUICK, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("symcsq: ") and message in done.stderr
    assert done.stderr.count("\n") == 1


def test_lost_workers_are_code_3(
    command_here: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from symcsq.errors import StoppedError
    from symcsq.lemmas import Lemma

    def lost(*_: object, **__: object) -> None:
        raise StoppedError(
            "executor: its workers must stay alive to the end, got BrokenProcessPool"
        )

    monkeypatch.setattr(Lemma, "verify", lost)
    done = command_here(*QUICK, "--store", tmp_path / "store")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("symcsq: executor: its workers must stay alive")


def test_no_store_file_is_left_by_bad_input(command_here: Command, tmp_path: Path) -> None:
    for arguments in (["no-such-lemma"], ["frame-averaged", "--set", "m=x"]):
        assert command_here("verify", *arguments, "--store", tmp_path / "store").returncode == 2
    assert list(tmp_path.iterdir()) == []
