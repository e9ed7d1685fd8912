"""Run the benchmarks: `python -m benchmarks [NAME …] [OPTION …]`; `--help` lists the options.

`--cpu` measures the CPU time of this process with one thread for matrix products, for machines
that do other work at the same time. It does not see what peers do in processes of their own.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main(arguments: list[str] | None = None) -> int:
    """Collect the chosen bench_*.py files and hand them to pytest-benchmark.

    Returns:
        The exit code of pytest: 0 when every row was measured.
    """
    folder = Path(__file__).resolve().parent
    names = sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which files: {', '.join(names)}")
    parser.add_argument(
        "--smallest", action="store_true", help="only the smallest size of each row"
    )
    parser.add_argument("--all-peers", action="store_true", help="also peers that take minutes")
    parser.add_argument(
        "--cpu", action="store_true", help="CPU time of this process, one thread, not wall time"
    )
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
    if options.cpu:
        # Read when NumPy is first imported, which the files below do.
        os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
        flags.append("--benchmark-timer=time.process_time")
    return int(pytest.main([*flags, *files]))


if __name__ == "__main__":
    sys.exit(main())
