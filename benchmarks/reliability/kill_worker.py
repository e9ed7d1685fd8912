"""One verification with a store, in a process that can be killed.

`python -m benchmarks.reliability.kill_worker WORKLOAD STORE CERTIFICATE JOBS` writes the
certificate and prints one line of JSON: how many results it took from the store and how many it put
there, and how many seconds it worked. JOBS = 0 works in this process, otherwise in so many more.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import symcsq as cs
from benchmarks.reliability.workloads import WORKLOADS
from symcsq.verifier.executors import process_pool
from symcsq.verifier.store import Store


class CountingStore(Store):
    """A store that counts."""

    taken = 0
    kept = 0

    def get(self, key: str) -> str | None:
        found = super().get(key)
        self.taken += found is not None
        return found

    def put(self, key: str, text: str) -> None:
        super().put(key, text)
        self.kept += 1


def main(arguments: list[str]) -> int:
    """Verify and write."""
    workload, path, target, jobs = arguments
    family = WORKLOADS[workload]()
    with process_pool(int(jobs)) if int(jobs) else nullcontext() as pool:
        with CountingStore(path) as store:
            opened = time.monotonic()
            certificate = cs.verify(family, executor=pool, store=store).certificate
    Path(target).write_text(certificate.text, encoding="utf-8")
    worked = time.monotonic() - opened
    print(json.dumps({"taken": store.taken, "kept": store.kept, "worked": worked}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
