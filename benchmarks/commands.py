"""Producing a certificate beside checking it, as whole commands: `python -m benchmarks.commands`.

Two processes for each family: one imports symcsq, makes the family, verifies it and writes the
certificate; the other is the checker, `python -I -S checker.py FILE`. Wall time, the least of the
runs, which alternate; for a machine that does nothing else. The checker should take the smaller
share.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from symcsq.verifier import checker

#: Builders of `benchmarks.bench_verifier`.
ROWS = {
    "invariant polynomials, C12, degree 4": 'polynomials("C12", 4)',
    "invariant polynomials, C24, degree 6": 'polynomials("C24", 6)',
    "invariant polynomials, S8 on pairs, degree 7": 'polynomials("S8 on pairs", 7)',
    "invariant polynomials, S8 on pairs, degree 8, by formula": 'polynomials("S8 on pairs", 8)',
    "sparse invariant polynomials, C12: 1,000 members": "sparse_polynomials(5, 1_000)",
    "semi-invariants, C12, degree 5": "semi_invariants(5)",
    "parity networks: 50,000 members": "listed_parities(50_000)",
    "averages over C64: 5,000 members": "listed_averages(5_000)",
    "rotation networks: 100 members": "rotations(100)",
    "rotation networks: 1,000 members": "rotations(1_000)",
    "rotation networks: 2,000 members": "rotations(2_000)",
    "rotation networks: 4,000 members": "rotations(4_000)",
    "convolutional networks: 300 members": "convolutions(300)",
    "graph feature networks: 1,000 members": "graph_features(1_000)",
    "degree-parity networks, n = 9": "degree_parities(9)",
    "degree-parity networks, n = 13": "degree_parities(13)",
    "degree-parity networks, n = 14": "degree_parities(14)",
}
PRODUCE = """
import sys
import symcsq as cs
from benchmarks.bench_verifier import *
report = cs.verify({build}())
report.certificate.save(sys.argv[1])
sys.exit(not report.holds)
"""


def seconds(command: Sequence[str]) -> float:
    """Wall time of a process that must succeed."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def measured(build: str, path: Path, repeats: int) -> tuple[float, float]:
    """(produce, check): the least of so many runs of each."""
    produce = [sys.executable, "-c", PRODUCE.format(build=build), str(path)]
    check = [sys.executable, "-I", "-S", checker.__file__, str(path)]
    times = [(seconds(produce), seconds(check)) for _ in range(repeats)]
    return min(p for p, _ in times), min(c for _, c in times)


def main(arguments: list[str] | None = None) -> int:
    """Print the table in Markdown, row by row."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.commands", description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="runs of each command")
    parser.add_argument("--quick", action="store_true", help="the first row only")
    options = parser.parse_args(arguments)
    print("| whole commands | produce | check | check / produce |")
    print("| --- | ---: | ---: | ---: |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, build in list(ROWS.items())[: 1 if options.quick else None]:
            produce, check = measured(build, Path(folder) / "one.json", options.repeats)
            print(
                f"| {name} | {produce:.2f} s | {check:.2f} s | {check / produce:.2f} |", flush=True
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
