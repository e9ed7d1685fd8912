"""Certificates of a family of every kind, in one process with its hash seed and its executor.

`python -m benchmarks.reliability.determinism_worker MODE [NAME …]` prints one line of JSON: the
SHA-256 of every certificate's text by the name of its family. MODE is "serial", "pool N" or "dask
N" with N processes.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import symcsq as cs
from benchmarks.reliability.workloads import WORKLOADS
from symcsq.lemmas import suite
from symcsq.verifier.executors import dask_executor, process_pool
from tests.verifier.sample_families import FAMILIES


def subjects() -> dict[str, Callable[[], Any]]:
    """Families by name: a small one of every kind, some of the suite, and one of many tiles."""
    rows: dict[str, Callable[[], Any]] = {}
    for row in suite():  # the first and the last row of each lemma
        rows.setdefault(f"first {row.name}", row.family)
        rows[f"last {row.name}"] = row.family
    return {**FAMILIES, **rows, "tiles": WORKLOADS["small"]}


@contextmanager
def executor(mode: str) -> Iterator[Any]:
    """What does the work."""
    kind, _, count = mode.partition(" ")
    if kind == "serial":
        yield None
    elif kind == "pool":
        with process_pool(int(count)) as pool:
            yield pool
    else:
        from distributed import LocalCluster

        with (
            LocalCluster(
                n_workers=int(count),
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=50,
            ) as cluster,
            dask_executor(cluster.scheduler_address) as workers,
        ):
            yield workers


def main(arguments: list[str]) -> int:
    """Verify each family."""
    mode, *names = arguments
    found = {}
    with executor(mode) as workers:
        for name, make in subjects().items():
            if not names or name in names:
                text = cs.verify(make(), executor=workers).certificate.text
                found[name] = hashlib.sha256(text.encode()).hexdigest()
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
