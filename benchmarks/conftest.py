"""Which rows run, and the table at the end: one line a question, the contenders and their ratio side by side."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.harness import Contender, Row

CELLS = pytest.StashKey[dict[tuple[str, str], float | str]]()
ROWS = pytest.StashKey[dict[str, Row]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switches of `python -m benchmarks`."""
    parser.addoption("--smallest", action="store_true", help="only the smallest size of each question")
    parser.addoption("--all-peers", action="store_true", help="also peers that take minutes")


def pytest_configure(config: pytest.Config) -> None:
    """Tables that fill while the rows run."""
    config.stash[CELLS] = {}
    config.stash[ROWS] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`--smallest` keeps the first row of every benchmark function."""
    if config.getoption("--smallest"):
        items[:] = [item for item in items if item.callspec.params["position"] == 0]  # type: ignore[attr-defined]


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
    benchmark = request.getfixturevalue("benchmark")
    if benchmark.stats is not None:
        cells[key] = benchmark.stats.stats.median


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the table: time of symcsq, time of each peer, and peer / symcsq."""
    cells, rows = config.stash[CELLS], config.stash[ROWS]
    if not cells:
        return
    write = terminalreporter.write_line
    write("")
    write("Medians of this run; (x) is that contender's time divided by symcsq's.")
    width = max(len(question) for question in rows)
    for question, row in rows.items():
        ours = cells.get((question, row.contenders[0].name))
        parts = []
        for contender in row.contenders:
            value = cells.get((question, contender.name), "failed")
            text = value if isinstance(value, str) else duration(value)
            if not isinstance(value, str) and isinstance(ours, float) and contender is not row.contenders[0]:
                text += f" ({value / ours:.3g}x)"
            parts.append(f"{contender.name} {text}")
        if row.objects and isinstance(ours, float):
            parts.append(f"{1e9 * ours / row.objects:.3g} ns per object")
        write(f"{question:<{width}}  " + " | ".join(parts))


def duration(seconds: float) -> str:
    """Three significant digits with a unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
