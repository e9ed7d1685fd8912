"""Write transitive_groups.json: GAP names the groups, Singular finds degrees of their generators.

Run by hand when the table is to be made anew; the tests only read it::

    python tests/groups/golden/make_transitive_groups.py

It needs GAP with TransGrp (Debian: gap-transgrp) and Singular (singular-ui). Singular gets a fixed
time for each group; without an answer the degrees are left out of the table.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("transitive_groups.json")
LAST_DEGREE = 6
SECONDS = 60

GAP_PROGRAM = """
LoadPackage("transgrp");;
Print("GAP ", GAPInfo.Version, ", TransGrp ", InstalledPackageVersion("transgrp"), "\\n");
SizeScreen([1000, 100]);;
for n in [2 .. %d] do
  for k in [1 .. NrTransitiveGroups(n)] do
    G := TransitiveGroup(n, k);;
    Print(n, " ", k, " ", Size(G), " ", GeneratorsOfGroup(G), "\\n");
  od;
od;
QUIT;
"""


def run(command: list[str], program: str) -> str | None:
    """What a program prints, or None when it takes too long."""
    try:
        done = subprocess.run(
            command, input=program, capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout


def cycles_of(text: str) -> list[list[int]]:
    """The cycles, from 1, of a permutation in cycle notation."""
    return [[int(p) for p in cycle.split(",")] for cycle in re.findall(r"\(([\d,]+)\)", text)]


def singular_degrees(degree: int, generators: list[str]) -> list[int] | None:
    """Degrees of a minimal generating set by `invariant_algebra_perm` (S. King's algorithm)."""
    lists = ",".join(
        "list(" + ",".join(f"list({','.join(map(str, c))})" for c in cycles_of(g)) + ")"
        for g in generators
    )
    program = (
        f'LIB "finvar.lib"; ring R=0,(x(1..{degree})),dp; list GEN=list({lists}); '
        "matrix A=invariant_algebra_perm(GEN,0); int i; "
        'for(i=1;i<=ncols(A);i++){printf("degree %s",deg(A[1,i]));} quit;'
    )
    answer = run(["Singular", "-q"], program)
    found = sorted(int(d) for d in re.findall(r"^degree (\d+)$", answer or "", re.MULTILINE))
    return found or None


def main() -> None:
    """Ask both programs and write the table, one group a line."""
    answer = run(["gap", "-q", "-b", "-A"], GAP_PROGRAM % LAST_DEGREE)
    assert answer is not None
    version, *lines = answer.strip().splitlines()
    singular = subprocess.run(["Singular", "--version"], capture_output=True, text=True, check=True)
    number = re.search(r"version ([\d.]+)", singular.stdout)
    assert number is not None
    # The library starts with degree 2.
    groups: list[dict[str, Any]] = [
        {"degree": 1, "number": 1, "order": 1, "generators": [], "generator_degrees": [1]}
    ]
    for line in lines:
        degree, k, order, rest = line.split(" ", 3)
        generators = re.findall(r"(?:\([\d,]+\))+", rest.replace(" ", ""))
        groups.append(
            {
                "degree": int(degree),
                "number": int(k),
                "order": int(order),
                "generators": generators,
                "generator_degrees": singular_degrees(int(degree), generators),
            }
        )
    head = {
        "what": "TransitiveGroup(degree, number) and the degrees of a minimal generating set of "
        "its invariant ring over Q (null: no answer in the time given)",
        "groups by": version,
        "degrees by": f"Singular {number.group(1)}, finvar.lib, invariant_algebra_perm, "
        f"{SECONDS} s a group",
        "written by": "make_transitive_groups.py",
    }
    top = "".join(f" {json.dumps(k)}: {json.dumps(v)},\n" for k, v in head.items())
    body = ",\n".join(f"  {json.dumps(g)}" for g in groups)
    TABLE.write_text(f'{{\n{top} "groups": [\n{body}\n ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
