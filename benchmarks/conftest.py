"""Which rows run, and what is printed at the end: every question with its contenders together."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.harness import RESULTS, Contender, Row

ROWS = pytest.StashKey[dict[str, Row]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switches of `python -m benchmarks`."""
    parser.addoption(
        "--smallest", action="store_true", help="only the smallest size of each question"
    )
    parser.addoption("--all-peers", action="store_true", help="also peers that take minutes")


def pytest_configure(config: pytest.Config) -> None:
    """The rows, in the order in which they run."""
    config.stash[ROWS] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`--smallest` keeps the first row of every benchmark function."""
    if config.getoption("--smallest"):
        items[:] = [item for item in items if vars(item)["callspec"].params["position"] == 0]


@pytest.fixture(autouse=True)
def _present(request: pytest.FixtureRequest, row: Row, contender: Contender, position: int) -> None:
    """Skip what is missing, or slow and not asked for."""
    request.config.stash[ROWS][row.question] = row
    if contender.missing:
        RESULTS[row.question, contender.name] = contender.missing
        pytest.skip(contender.missing)
    if contender.slow and not request.config.getoption("--all-peers"):
        RESULTS[row.question, contender.name] = "takes minutes, see --all-peers"
        pytest.skip("takes minutes; run it with --all-peers")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print every row: each contender with its ratio to the first."""
    rows = config.stash[ROWS]
    if not rows:
        return
    write = terminalreporter.write_line
    write("")
    write("Medians of this run; (3x): three times what the first contender of the row needs.")
    for question, row in rows.items():
        write(question)
        first = RESULTS.get((question, row.contenders[0].name), "failed")
        for contender in row.contenders:
            found = RESULTS.get((question, contender.name), "failed")
            if isinstance(found, str):
                write(f"    {contender.name:<30} {found}")
                continue
            line = f"    {contender.name:<30} {found.text:>10}"
            if contender is not row.contenders[0] and not isinstance(first, str):
                line += f"  ({found.value / first.value:.3g}x)"
            elif row.objects:
                line += f"  {1e9 * found.value / row.objects:.3g} ns per object"
            write(line)
