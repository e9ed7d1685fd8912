"""The examples of README.md and docs/, run again and compared.

```python blocks with `>>>` are doctests, one namespace a page. ```console blocks hold `$ symcsq …`
commands and what they print. Both must be true as they stand, except that times differ from run to
run.

    python -m tests.documents --update README.md docs/*.md

writes what the commands print now; read the difference before you commit it.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
COLUMNS = "100"
# Wall-clock times, as tables and JSON print them, and the padding of the cell around them.
TIME = re.compile(r" *\d+\.\d+ s\b|(?<=\"seconds\": )\d+\.\d+")


def blocks(text: str, language: str) -> Iterator[tuple[int, str]]:
    """(line of its first content line, content) of every fenced block in one language."""
    for found in FENCE.finditer(text):
        if found.group(1) == language:
            yield text.count("\n", 0, found.start(2)) + 1, found.group(2)


def doctest_of(path: Path) -> doctest.DocTest:
    """All `>>>` examples of a page as one doctest with the page's line numbers."""
    text = path.read_text(encoding="utf-8")
    parser = doctest.DocTestParser()
    examples = []
    for line, content in blocks(text, "python"):
        for example in parser.get_examples(content, str(path)):
            example.lineno += line - 1
            examples.append(example)
    return doctest.DocTest(examples, {}, path.name, str(path), 0, text)


def sessions(content: str) -> list[tuple[str, str]]:
    """(command, printed text) pairs of a console block."""
    pairs: list[tuple[str, str]] = []
    for line in content.splitlines():
        if line.startswith("$ "):
            pairs.append((line[2:], ""))
        elif pairs:
            command, printed = pairs[-1]
            pairs[-1] = (command, f"{printed}{line}\n")
    return pairs


def run_session(content: str, folder: Path) -> list[tuple[str, str]]:
    """Run the commands of a console block, one after another in one folder, by bash.

    Returns:
        (command, what it printed: stdout, then stderr) pairs; `$?` is the code of the command
        before.
    """
    environment = {
        **os.environ,
        "COLUMNS": COLUMNS,
        "PYTHONPATH": str(PROJECT),
        "PYTHON": sys.executable,
        "TERM": "dumb",
    }
    printed = []
    code = 0
    for command, _ in sessions(content):
        program = f'symcsq() {{ "$PYTHON" -m symcsq "$@"; }}\n(exit {code})\n{command}'
        done = subprocess.run(
            ["bash", "-c", program],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        code = done.returncode
        printed.append((command, done.stdout + done.stderr))
    return printed


def settled(text: str) -> str:
    """Text for comparison: without its times, and without the widths of columns that hold times."""
    without_times = re.sub("─+", "─", TIME.sub(" TIME", text))
    return "\n".join(" ".join(line.split()) for line in without_times.splitlines()).strip()


def updated(path: Path, folder: Path) -> str:
    """The page with every console block replaced by what its commands print now."""

    def replace(found: re.Match[str]) -> str:
        if found.group(1) != "console":
            return found.group(0)
        lines = []
        for command, output in run_session(found.group(2), folder):
            lines.append(f"$ {command}\n")
            lines.extend(f"{line.rstrip()}\n" for line in output.strip("\n").splitlines())
        return "```console\n" + "".join(lines) + "```"

    return FENCE.sub(replace, path.read_text(encoding="utf-8"))


def main(arguments: list[str]) -> None:
    """Update pages in place."""
    import tempfile

    if arguments[:1] != ["--update"]:
        sys.exit(__doc__)
    for name in arguments[1:]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(name)
            path.write_text(updated(path, Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
