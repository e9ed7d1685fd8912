"""The main job: wall time, memory, start-up, exact Gram matrices, checking beside producing."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.harness import RESULTS, Contender, Result, Row, contest, measure

FOLDER = tempfile.TemporaryDirectory(prefix="symcsq-bench-")  # removed when the run ends
SMALL = ("verify", "frame-averaged", "--group", "C6", "--set", "m=2")


# A new process counts the memory of the one that started it as its own, so a small one starts it.
LAUNCHER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def child(*words: str) -> int:
    """Run Python with these arguments; returns its exit code."""
    return subprocess.run(
        [sys.executable, *words], stdout=subprocess.DEVNULL, check=False
    ).returncode


def peak_megabytes(*words: str) -> float:
    """Peak resident memory of Python with these arguments."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCHER, sys.executable, *words],
        capture_output=True,
        text=True,
        check=True,
    )
    code, peak = map(int, done.stdout.split())
    assert code == 0, done.stderr
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e6  # macOS counts bytes


def process(name: str, *words: str) -> Contender:
    """A whole Python process as a contender; its exit code is the answer."""
    return Contender(name, lambda: child(*words))


@contest(
    [
        Row(
            "symcsq verify, one small lemma",
            (
                process("symcsq", "-m", "symcsq", *SMALL),
                process("floor: import numpy, flint", "-c", "import numpy, flint"),
            ),
            answer=0,
        ),
        Row(
            "symcsq verify, the whole suite",
            (process("symcsq", "-m", "symcsq", "verify"),),
            answer=0,
        ),
    ]
)
def bench_main_job(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Wall time of the command line."""
    measure(benchmark, row, contender)


@contest(
    [
        Row(
            "memory of symcsq verify, one small lemma",
            (
                process("symcsq", "-m", "symcsq", *SMALL),
                process("floor: import numpy, flint", "-c", "import numpy, flint"),
            ),
        ),
        Row(
            "memory of symcsq verify, the whole suite",
            (process("symcsq", "-m", "symcsq", "verify"),),
        ),
    ]
)
def bench_memory(row: Row, contender: Contender, position: int) -> None:
    """Peak resident memory of the same processes."""
    work = ["-m", "symcsq", *(SMALL if position == 0 else ["verify"])]
    words = work if contender.name == "symcsq" else ["-c", "import numpy, flint"]
    megabytes = peak_megabytes(*words)
    RESULTS[row.question, contender.name] = Result(megabytes, f"{megabytes:.3g} MB")


@contest(
    [
        Row(
            "start: import symcsq",
            (
                process("symcsq", "-c", "import symcsq"),
                process("floor: python", "-c", "pass"),
                process("numpy", "-c", "import numpy"),
            ),
            answer=0,
        ),
        Row(
            "start: import groups",
            (
                process("groups", "-c", "import groups"),
                process("floor: python", "-c", "pass"),
                process("numpy", "-c", "import numpy"),
                process("sympy", "-c", "import sympy"),
            ),
            answer=0,
        ),
        Row(
            "start: symcsq --help",
            (
                process("symcsq", "-m", "symcsq", "--help"),
                process("floor: import click", "-c", "import click"),
            ),
            answer=0,
        ),
    ]
)
def bench_start(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """What a user waits before anything happens."""
    measure(benchmark, row, contender)


# -- Gram matrices ---------------------------------------------------------------------------------


def expansions(size: int) -> tuple[list[dict[int, Fraction]], list[Fraction]]:
    """`size` functions with dense integer coefficients over `size` orbits, always the same."""
    state = 1
    rows = []
    for _ in range(size):
        row = {}
        for orbit in range(size):
            state = (state * 48271) % 2147483647
            row[orbit] = Fraction(state % 2001 - 1000)
        rows.append(row)
    return rows, [Fraction(1 + orbit) for orbit in range(size)]


def gram_row(size: int) -> Row:
    """C diag(w) C^T for dense C: exact, beside doubles (dgemm), which cannot prove anything."""

    def doubles() -> tuple[Any, Any]:
        import numpy as np

        rows, weights = expansions(size)
        matrix = np.array([[float(row[orbit]) for orbit in range(size)] for row in rows])
        return matrix, np.array([float(weight) for weight in weights])

    def exact(rows: list[dict[int, Fraction]], weights: list[Fraction]) -> str:
        from symcsq.verifier.gram import orbit_gram

        return str(orbit_gram(rows, weights)[0, size - 1])

    return Row(
        f"dense Gram matrix, {size} functions on {size} orbits",
        (
            Contender("symcsq", exact, lambda: expansions(size)),
            Contender(
                "floor: dgemm",
                lambda matrix, weights: str(int((matrix * weights @ matrix.T)[0, -1])),
                doubles,
            ),
        ),
        # Below 2^53 every double in this product is an integer, so that both give the same text.
        answer=str(sum(exact_entry(size))),
        objects=size * size,
    )


def exact_entry(size: int) -> list[int]:
    """The terms of entry (0, size - 1), by Python integers."""
    rows, weights = expansions(size)
    return [int(rows[0][k] * weights[k] * rows[-1][k]) for k in range(size)]


@contest([gram_row(12), gram_row(100)])
def bench_gram(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """The distance between an exact Gram matrix and the fastest inexact one."""
    measure(benchmark, row, contender)


# -- certificates ----------------------------------------------------------------------------------


def certificate_row(name: str, build: Callable[[], Any]) -> Row:
    """Producing a certificate beside checking it; checking uses only the standard library."""

    def produce(family: Any) -> bool:
        import symcsq as cs

        return bool(cs.verify(family).certificate.text)

    @cache
    def certificate_file() -> tuple[Path]:
        import symcsq as cs

        return (cs.verify(build()).certificate.save(FOLDER.name),)

    def recheck(path: Path) -> bool:
        import symcsq as cs

        return cs.check(path).holds

    return Row(
        f"certificate of {name}",
        (
            Contender("symcsq verify", produce, lambda: (build(),)),
            Contender("symcsq check", recheck, certificate_file),
        ),
        answer=True,
    )


def invariant_polynomials(expression: str, degree: int) -> Callable[[], Any]:
    """A fresh family, so that nothing is cached from the round before."""

    def build() -> Any:
        import symcsq as cs
        from groups import group

        return cs.InvariantPolynomials(group(expression), degree)

    return build


def parity_networks(n: int, m: int) -> Callable[[], Any]:
    """A fresh class of parity networks."""

    def build() -> Any:
        import symcsq as cs

        return cs.ParityNetworks(n, m)

    return build


@contest(
    [
        certificate_row("invariant polynomials, C6, degree 2", invariant_polynomials("C6", 2)),
        certificate_row("invariant polynomials, C12, degree 4", invariant_polynomials("C12", 4)),
        certificate_row("invariant polynomials, M11, degree 4", invariant_polynomials("M11", 4)),
        certificate_row(
            "invariant polynomials, S6 on pairs, degree 4", invariant_polynomials("S6 on pairs", 4)
        ),
        certificate_row("parity networks, n = 16, m = 4", parity_networks(16, 4)),
    ]
)
def bench_certificates(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Checking should cost about as much as producing, or less."""
    measure(benchmark, row, contender)
