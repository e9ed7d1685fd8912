"""Which rows run, and the table at the end: one line a question, contenders side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.harness import Contender, Row

Number = tuple[float, str]  # a value and its text
CELLS = pytest.StashKey[dict[tuple[str, str], Number | str]]()
ROWS = pytest.StashKey[dict[str, Row]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switches of `python -m benchmarks`."""
    parser.addoption(
        "--smallest", action="store_true", help="only the smallest size of each question"
    )
    parser.addoption("--all-peers", action="store_true", help="also peers that take minutes")


def pytest_configure(config: pytest.Config) -> None:
    """Tables that fill while the rows run."""
    config.stash[CELLS] = {}
    config.stash[ROWS] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`--smallest` keeps the first row of every benchmark function."""
    if config.getoption("--smallest"):
        items[:] = [item for item in items if vars(item)["callspec"].params["position"] == 0]


@pytest.fixture(autouse=True)
def _present(request: pytest.FixtureRequest, row: Row, contender: Contender, position: int) -> Any:
    """Skip what is missing or slow, and keep the median of what ran."""
    config = request.config
    config.stash[ROWS][row.question] = row
    cells = config.stash[CELLS]
    key = (row.question, contender.name)
    if contender.missing:
        cells[key] = contender.missing
        pytest.skip(contender.missing)
    if contender.slow and not config.getoption("--all-peers"):
        cells[key] = "minutes"
        pytest.skip("takes minutes; run it with --all-peers")
    yield
    if "benchmark" in request.fixturenames:
        benchmark = request.getfixturevalue("benchmark")
        if benchmark.stats is not None:
            median = benchmark.stats.stats.median
            cells[key] = (median, duration(median))


@pytest.fixture
def report_value(
    request: pytest.FixtureRequest, row: Row, contender: Contender
) -> Callable[[str, float], None]:
    """For rows that measure something other than time: report_value("MB", 123.0)."""

    def report(unit: str, value: float) -> None:
        request.config.stash[CELLS][row.question, contender.name] = (value, f"{value:.3g} {unit}")

    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the table: time of symcsq, time of each peer, and peer / symcsq."""
    cells, rows = config.stash[CELLS], config.stash[ROWS]
    if not cells:
        return
    write = terminalreporter.write_line
    write("")
    write("Medians of this run; (3x): three times what the first contender of the row needs.")
    width = max(len(question) for question in rows)
    for question, row in rows.items():
        first = row.contenders[0]
        ours = cells.get((question, first.name), "failed")
        parts = []
        for contender in row.contenders:
            cell = cells.get((question, contender.name), "failed")
            text = cell if isinstance(cell, str) else cell[1]
            if not isinstance(cell, str) and not isinstance(ours, str) and contender is not first:
                text += f" ({cell[0] / ours[0]:.3g}x)"
            parts.append(f"{contender.name} {text}")
        if row.objects and not isinstance(ours, str):
            parts.append(f"{1e9 * ours[0] / row.objects:.3g} ns per object")
        write(f"{question:<{width}}  " + " | ".join(parts))


def duration(seconds: float) -> str:
    """Three significant digits with a unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
