"""Rows and contenders: the same question put to symcsq and to its peers, in the same run.

A row is one question at one size; a contender is one way to answer it. Every contender's answer is
compared, so that a fast wrong answer is an error and not a record. A peer that is missing on this
machine is reported as "not installed".
"""

from __future__ import annotations

import atexit
import importlib.util
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

BUDGET = 1.0  # seconds of measuring a contender gets, unless a single run takes longer
MOST_ROUNDS = 100
PEER_SECONDS = 60.0  # a system that needs longer is ended, unless its row gives it more


@dataclass(frozen=True)
class Contender:
    """One way to answer: `call(*setup())` is timed, `setup()`, which makes fresh ones, is not."""

    name: str
    call: Callable[..., Any]
    setup: Callable[[], tuple[Any, ...]] = tuple
    missing: str | None = None  # why it cannot run here
    slow: bool = False  # takes minutes: only with --all-peers


@dataclass(frozen=True)
class Row:
    """One question at one size.

    Arguments:
        question: what is asked, with its size.
        contenders: symcsq first.
        answer: what every contender must return (compared as text), or None when the answers
            differ by nature.
        objects: number of objects handled, for the column "ns per object".
    """

    question: str
    contenders: tuple[Contender, ...]
    answer: object = None
    objects: int | None = None


@dataclass(frozen=True)
class Result:
    """A number that was measured, and how it is shown."""

    value: float
    text: str


#: (question, contender) -> what was measured in this run, or why nothing was.
RESULTS: dict[tuple[str, str], Result | str] = {}


def contest(rows: Sequence[Row]) -> Any:
    """Parametrise a benchmark function over (row, contender); rows are given smallest first."""
    return pytest.mark.parametrize(
        ("row", "contender", "position"),
        [
            pytest.param(row, contender, position, id=f"{row.question} [{contender.name}]")
            for position, row in enumerate(rows)
            for contender in row.contenders
        ],
    )


def measure(benchmark: Any, row: Row, contender: Contender) -> Any:
    """Time one contender with pytest-benchmark and compare its answer."""
    benchmark.group = row.question
    benchmark.extra_info["contender"] = contender.name
    arguments = contender.setup()
    started = time.perf_counter()
    try:
        answer = contender.call(*arguments)
    except NoAnswerError as late:
        RESULTS[row.question, contender.name] = str(late)
        pytest.skip(str(late))
    first = time.perf_counter() - started
    if row.answer is not None:
        assert str(answer) == str(row.answer), f"{contender.name} answered {answer}"
    # The first run pays for imports and page faults and is not counted, unless it was long.
    rounds = max(1, min(MOST_ROUNDS, int(BUDGET / max(first, 1e-6))))
    benchmark.pedantic(
        contender.call, setup=lambda: (contender.setup(), {}), rounds=rounds, iterations=1
    )
    if benchmark.stats is not None:  # None when pytest-benchmark is switched off
        median = benchmark.stats.stats.median
        RESULTS[row.question, contender.name] = Result(median, duration(median))
    return answer


def duration(seconds: float) -> str:
    """Three significant digits with a unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def python_peer(
    name: str,
    call: Callable[..., Any],
    setup: Callable[[], tuple[Any, ...]] = tuple,
    *,
    slow: bool = False,
) -> Contender:
    """A Python package as a contender; it is imported inside its own calls."""
    installed = importlib.util.find_spec(name) is not None
    return Contender(name, call, setup, None if installed else "not installed", slow)


class NoAnswerError(Exception):
    """A peer did not answer in the time it was given."""


class PeerSession:
    """A running computer algebra system, so that its start-up is not part of what is measured.

    Arguments:
        command: the program, reading statements from its standard input.
        mark: the statement that prints `MARK` on a line of its own.
    """

    MARK = "done 5f3a"

    def __init__(self, command: Sequence[str], mark: str) -> None:
        self._command, self._mark = list(command), mark
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                lines.put(line)
            lines.put(None)

        # A thread, because reading from a pipe has no time limit.
        threading.Thread(target=read, daemon=True).start()
        self._process, self._lines = process, lines
        return process

    def ask(self, program: str, seconds: float) -> str:
        """Run statements; returns what they print.

        Raises:
            NoAnswerError: nothing came in time; the program is ended and the next question starts
                a new one. RuntimeError: the program ended by itself, or printed nothing.
        """
        process = self._process or self._start()
        assert process.stdin is not None
        asked = f"{program}\n{self._mark}\n"
        process.stdin.write(asked)
        process.stdin.flush()
        echoes = set(map(str.strip, asked.splitlines()))
        deadline = time.monotonic() + seconds
        found = []
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self.end()
                raise NoAnswerError(f"no answer in {seconds:g} s") from None
            if line is None:
                self.end()
                raise RuntimeError(f"{self._command[0]} ended while it worked on: {program}")
            if line.strip() == self.MARK:
                break
            if line.strip() not in echoes:
                found.append(line)
        answer = "".join(found).strip()
        if not answer:  # an error goes to the other stream
            raise RuntimeError(f"{self._command[0]} could not answer: {program}")
        return answer

    def end(self) -> None:
        """End the program, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@cache
def peer_session(name: str) -> PeerSession:
    """The one running program of a name in this run."""
    commands: dict[str, tuple[Sequence[str], str]] = {
        # -T: an error returns to the prompt and opens no break loop.
        "GAP": (["gap", "-q", "-b", "-A", "-T"], f'Print("\\n{PeerSession.MARK}\\n");'),
        "Singular": (["Singular", "-q", "--no-rc"], f'print("{PeerSession.MARK}");'),
        "Macaulay2": (
            ["M2", "-q", "--silent", "--no-prompts", "--no-readline"],
            f'<< endl << "{PeerSession.MARK}" << endl;',
        ),
    }
    session = PeerSession(*commands[name])
    atexit.register(session.end)
    return session


def system_peer(
    name: str, program: str, *, prelude: str = "", seconds: float = PEER_SECONDS, slow: bool = False
) -> Contender:
    """GAP, Singular or Macaulay2 as a contender.

    Arguments:
        name: "GAP", "Singular" or "Macaulay2".
        program: statements that build fresh objects and print the answer.
        prelude: statements that load libraries; they are not timed.
        seconds: after so long the peer is ended, and the row says that it did not answer.
    """
    executable = {"GAP": "gap", "Singular": "Singular", "Macaulay2": "M2"}[name]

    def setup() -> tuple[Any, ...]:
        if prelude:
            peer_session(name).ask(prelude, PEER_SECONDS)
        return ()

    return Contender(
        name,
        lambda: peer_session(name).ask(program, seconds),
        setup,
        None if shutil.which(executable) else "not installed",
        slow,
    )


def gap_peer(program: str, *, slow: bool = False) -> Contender:
    """GAP as a contender: a program that builds fresh objects and prints the answer."""
    return system_peer("GAP", program, seconds=600 if slow else PEER_SECONDS, slow=slow)
