"""Run the benchmarks: `python -m benchmarks [NAME …] [--smallest] [--all-peers] [--json FILE]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest


def main(arguments: list[str] | None = None) -> int:
    """Collect the chosen bench_*.py files and hand them to pytest-benchmark.

    Returns:
        The exit code of pytest: 0 when every row was measured.
    """
    folder = Path(__file__).resolve().parent
    names = sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which files: {', '.join(names)}")
    parser.add_argument(
        "--smallest", action="store_true", help="only the smallest size of each row"
    )
    parser.add_argument("--all-peers", action="store_true", help="also peers that take minutes")
    parser.add_argument("--json", metavar="FILE", help="write every measurement to a file")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(names))
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there are {', '.join(names)}")
    files = [str(folder / f"bench_{name}.py") for name in options.names or names]
    flags = [
        *(
            "-c",
            str(folder / "pytest.ini"),
            f"--rootdir={folder.parent}",
            "--import-mode=importlib",
        ),
        *("-p", "no:cacheprovider", "-p", "no:xdist", "-q", "--benchmark-quiet"),
    ]
    flags += ["--smallest"] * options.smallest + ["--all-peers"] * options.all_peers
    flags += [f"--benchmark-json={options.json}"] if options.json else []
    return int(pytest.main([*flags, *files]))


if __name__ == "__main__":
    sys.exit(main())
