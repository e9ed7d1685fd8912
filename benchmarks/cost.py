"""What verifying costs as a family grows: `python -m benchmarks.cost [--quick] [--out FOLDER]`.

CPU time of one process and one thread, so that other work on the machine matters little. Prints a
table in Markdown with the exponent of each family, the slope of the least-squares line through the
logarithms, and writes the picture cost.svg.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb, log
from pathlib import Path
from typing import Any

from benchmarks.__main__ import ONE_THREAD

REPEATS = 3  # the least of so many runs counts, unless one takes longer than
LONG = 2.0  # seconds


@dataclass(frozen=True)
class Growth:
    """A family at several sizes: `build(k)` makes it, `members(k)` says how many members it has."""

    name: str
    build: Callable[[int], Any]
    steps: Sequence[int]
    members: Callable[[int], int] = int


@dataclass(frozen=True)
class Point:
    """What was measured at one size."""

    members: int
    verify: float
    check: float
    megabytes: float


def polynomials(count: int) -> Any:
    """The first orbit sums of degree 6 of C24 under the Gaussian."""
    import symcsq as cs
    from groups import group

    every = cs.InvariantPolynomials(group("C24"), 6).representatives
    return cs.InvariantPolynomials(group("C24"), 6, representatives=every[:count].tolist())


def growths() -> list[Growth]:
    """The families that are measured."""
    import symcsq as cs
    from benchmarks.bench_verifier import listed_averages, listed_parities, rotations

    return [
        Growth(
            "parity networks, n = 64, m = 6, members listed",
            lambda count: listed_parities(count)(),
            (2_000, 4_000, 8_000, 16_000, 32_000, 64_000),
        ),
        Growth(
            "invariant polynomials of C24, degree 6, members listed",
            polynomials,
            (1_000, 2_000, 4_000, 8_000, 16_000),
        ),
        Growth(
            "averages over C64, m = 6, members listed",
            lambda count: listed_averages(count)(),
            (500, 1_000, 2_000, 4_000, 8_000),
        ),
        Growth(
            "rotation networks in 64 dimensions, k = 8",
            lambda count: rotations(count)(),
            (250, 500, 1_000, 2_000, 4_000),
        ),
        Growth(
            "all parity networks, n = 4096, by formula",
            lambda m: cs.ParityNetworks(4096, m),
            (2, 4, 6, 8, 10, 12),
            lambda m: comb(4096, m),
        ),
    ]


def measured(growth: Growth, step: int) -> Point:
    """Verify and check one family; setting it up is not counted."""
    import symcsq as cs
    from symcsq.verifier.checker import check

    def least(work: Callable[[], Any]) -> tuple[float, Any]:
        times: list[float] = []
        while not times or (len(times) < REPEATS and max(times) < LONG):
            started = time.process_time()
            result = work()
            times.append(time.process_time() - started)
        return min(times), result

    def produced() -> bytes:
        report = cs.verify(growth.build(step))
        assert report.holds
        return report.certificate.text.encode()

    building, _ = least(lambda: growth.build(step))
    verify, content = least(produced)
    checking, result = least(lambda: check(content))
    assert result.holds
    return Point(growth.members(step), max(1e-6, verify - building), checking, len(content) / 1e6)


def exponent(points: Sequence[Point]) -> float:
    """The slope of the line through (log members, log seconds)."""
    x = [log(point.members) for point in points]
    y = [log(point.verify) for point in points]
    middle = sum(x) / len(x), sum(y) / len(y)
    above = sum((a - middle[0]) * (b - middle[1]) for a, b in zip(x, y, strict=True))
    return above / sum((a - middle[0]) ** 2 for a in x)


def table(name: str, points: Sequence[Point]) -> str:
    """One family in Markdown."""
    lines = [
        f"### {name}",
        "",
        f"Exponent of verifying: **{exponent(points):.2f}**.",
        "",
        "| members | verify | check | certificate |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for point in points:
        members = f"{point.members:,}" if point.members < 10**9 else f"{point.members:.1e}"
        lines.append(
            f"| {members} | {point.verify:.3f} s | {point.check:.3f} s | {point.megabytes:.2f} MB |"
        )
    return "\n".join(lines) + "\n"


def picture(results: dict[str, list[Point]], path: Path) -> None:
    """Seconds against members, both on logarithmic scales."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    # The same bytes for the same numbers, and text as text.
    plt.rcParams.update({"svg.hashsalt": "symcsq", "svg.fonttype": "none"})
    figure, axes = plt.subplots(figsize=(7.0, 4.5), layout="constrained")
    for name, points in results.items():
        if points[-1].members > 10**9:
            continue  # by formula: the cost does not depend on the number of members
        label = f"{name}: exponent {exponent(points):.2f}"
        axes.plot([p.members for p in points], [p.verify for p in points], "o-", label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("members")
    axes.set_ylabel("CPU seconds to verify")
    figure.legend(fontsize=6, loc="outside upper center", ncols=2)
    axes.grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None})


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the tables, write the picture."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the two smallest sizes")
    parser.add_argument("--out", metavar="FOLDER", default=".", help="where cost.svg goes")
    options = parser.parse_args(arguments)
    # Read when NumPy is first imported.
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    results = {}
    for growth in growths():
        steps = growth.steps[:2] if options.quick else growth.steps
        results[growth.name] = [measured(growth, step) for step in steps]
        print(table(growth.name, results[growth.name]), flush=True)
    picture(results, Path(options.out) / "cost.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
