"""Run: `python -m benchmarks.reliability [mutants|fuzz|kills|determinism …] [--smallest]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.reliability import determinism, fuzz, kills, mutants
from benchmarks.reliability.outcomes import Outcome, table

RUNS = {
    "mutants": mutants.run,
    "fuzz": fuzz.run,
    "kills": kills.run,
    "determinism": determinism.run,
}


def main(arguments: list[str] | None = None) -> int:
    """Each run in turn, its table as soon as it is there.

    Returns:
        0 when nothing failed, 1 otherwise.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(RUNS)}")
    parser.add_argument("--smallest", action="store_true", help="a few seconds of each")
    parser.add_argument("--seed", type=int, default=0, help="another seed makes other inputs")
    parser.add_argument(
        "--json", metavar="FILE", help="append a line of JSON for each row, as soon as it is there"
    )
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(RUNS))
    if unknown:
        parser.error(f"no run {unknown[0]!r}; there are {', '.join(RUNS)}")
    failed = False
    for name in dict.fromkeys(options.names or RUNS):
        outcomes: list[Outcome] = []
        for outcome in RUNS[name](smallest=options.smallest, seed=options.seed):
            outcomes.append(outcome)
            if options.json:
                with Path(options.json).open("a", encoding="utf-8") as stream:
                    stream.write(f"{outcome.record}\n")
        print(table(outcomes), end="\n\n", flush=True)
        failed |= not outcomes or any(outcome.failures for outcome in outcomes)
    print("something failed" if failed else "nothing failed")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
