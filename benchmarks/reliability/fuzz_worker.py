"""A batch of inputs for one reader, in a process of its own with limits on memory and time.

`python -m benchmarks.reliability.fuzz_worker READER SEED FIRST LAST MARK` reads the inputs FIRST to
LAST - 1 and prints one line of JSON. MARK is a file of eight bytes that always holds the number of
the input that is being read, so that the parent knows where a process was that did not end.
"""

from __future__ import annotations

import json
import mmap
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.reliability.readers import READERS, Mistake, outcome, text_of

MEMORY = 500 * 2**20  # bytes that reading may take
WARM_UP = 40  # inputs that are not counted
SECONDS = 1.0  # of processor time that one input may take


def address_space() -> int:
    """Bytes of address space that this process has now; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def peak() -> int:
    """The most memory that this process has held, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def limit_memory() -> None:
    """From here on, more than `MEMORY` on top of what there is raises MemoryError."""
    if space := address_space():
        resource.setrlimit(resource.RLIMIT_AS, (space + MEMORY, space + MEMORY))


def read_all(
    name: str,
    seed: str,
    first: int,
    last: int,
    *,
    mark: Callable[[int], None] = lambda _: None,
    prepare: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Read the inputs and say what happened.

    Arguments:
        mark: called with the number of each input before it is read.
        prepare: called once, when everything is loaded that reading loads.
    """
    reader = READERS[name]
    failures: list[str] = []
    accepted, slowest, slow_input = 0, 0.0, ""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for number in range(WARM_UP):  # loads what is loaded lazily
            with suppress(Exception):
                outcome(reader, reader.make(Random(f"{seed} {name} warm {number}")), folder)
        before = peak()
        prepare()
        for index in range(first, last):
            given = reader.make(Random(f"{seed} {name} {index}"))
            mark(index)
            started = time.process_time()
            try:
                accepted += outcome(reader, given, folder)
            except Mistake as mistake:
                failures.append(f"input {index}: {mistake}: {text_of(given)}")
            except BaseException as error:  # the very thing that must not happen
                kind = f"{type(error).__name__}: {str(error)[:200]}"
                failures.append(f"input {index}: {kind}: {text_of(given)}")
            took = time.process_time() - started
            if took > SECONDS:
                failures.append(f"input {index}: took {took:.1f} s: {text_of(given)}")
            if took > slowest:
                slowest, slow_input = took, text_of(given)
    return {
        "inputs": last - first,
        "accepted": accepted,
        "slowest": round(slowest, 3),
        "slow_input": slow_input,
        "memory": (peak() - before) >> 20,
        "failures": failures,
    }


def main(arguments: list[str]) -> int:
    """Run one batch."""
    name, seed, first, last, path = arguments
    with open(path, "r+b") as stream, mmap.mmap(stream.fileno(), 8) as place:

        def mark(index: int) -> None:
            place[:8] = index.to_bytes(8, "little")

        found = read_all(name, seed, int(first), int(last), mark=mark, prepare=limit_memory)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
