"""The pages tell the truth: every example runs, and the site builds without a warning."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import documents

PROJECT = documents.PROJECT
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(
        documents.doctest_of(page), out=report.append
    )
    assert result.failed == 0, "".join(report)


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if list(documents.blocks(page.read_text("utf-8"), "console"))],
    ids=lambda page: page.name,
)
def test_console_examples_print_what_they_show(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for _, content in documents.blocks(text, "console"):
        shown = documents.sessions(content)
        for (command, expected), (_, printed) in zip(
            shown, documents.run_session(content, tmp_path), strict=True
        ):
            assert documents.settled(printed) == documents.settled(expected), command


def test_the_guard_can_fail(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\n>>> 1 + 1\n3\n```\n", encoding="utf-8")
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    assert runner.run(documents.doctest_of(page), out=lambda text: None).failed == 1
    assert documents.run_session("$ (exit 3)\n$ echo $?\n", tmp_path)[1] == ("echo $?", "3\n")


def test_site_builds_without_warnings(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "--keep-going",
            "-q",
            "-b",
            "html",
            "-d",
            str(tmp_path / "doctrees"),
            str(PROJECT / "docs"),
            str(tmp_path / "html"),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    index = (tmp_path / "html" / "index.html").read_text("utf-8")
    assert "tutorial.html" in index
    # The site must work on a laptop on a train: no script, style or font from elsewhere.
    for page in (tmp_path / "html").rglob("*.html"):
        text = page.read_text("utf-8")
        for loader in ('src="http', "src='http", 'rel="stylesheet" href="http', "@import url(http"):
            assert loader not in text, f"{page.name} loads something from the network"
    # A new file that no page documents would be invisible.
    reference = "".join(
        page.read_text("utf-8") for page in (tmp_path / "html" / "reference").glob("*.html")
    )
    for package in ("groups", "symcsq"):
        for path in (PROJECT / package).rglob("*.py"):
            name = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
            if path.stem not in ("__init__", "__main__", "cli"):
                assert f'id="module-{name}"' in reference, f"{name} is on no reference page"
