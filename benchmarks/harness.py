"""Rows and contenders: the same question put to symcsq and to its peers, in the same run.

A row is one question at one size; a contender is one way to answer it. Every contender's answer is
compared, so that a fast wrong answer is an error and not a record. A peer that is missing on this
machine is reported as "not installed".
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

BUDGET = 1.0  # seconds of measuring a contender gets, unless a single run takes longer
MOST_ROUNDS = 100


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
    answer = contender.call(*arguments)
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


class GapSession:
    """A running GAP, so that its start-up is not part of what is measured."""

    MARK = "done 5f3a"

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["gap", "-q", "-b", "-A"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def ask(self, program: str) -> str:
        """Run statements; returns what they print."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f'{program}\nPrint("\\n{self.MARK}\\n");\n')
        process.stdin.flush()
        lines = []
        for line in process.stdout:
            if line.strip() == self.MARK:
                return "".join(lines).strip()
            lines.append(line)
        raise RuntimeError(f"GAP ended while it worked on: {program}")


@cache
def gap_session() -> GapSession:
    """The one GAP of this run."""
    return GapSession()


def gap_peer(program: str, *, slow: bool = False) -> Contender:
    """GAP as a contender: a program that builds fresh objects and prints the answer."""
    missing = None if shutil.which("gap") else "not installed"
    return Contender("GAP", lambda: gap_session().ask(program), tuple, missing, slow)
