"""The head of the checker says which sections, and how many lines, each kind of family needs.

What a reader needs is what can be reached, name by name, from `main` and the derivation of the
kind. Names are resolved as Python does it: a local variable does not count as a function of the
same name.
"""

from __future__ import annotations

import ast
import re
import symtable
from functools import cache
from pathlib import Path

import pytest

from symcsq.verifier import checker

SOURCE = Path(checker.__file__).read_text(encoding="utf-8")
LINES = SOURCE.splitlines()
RULE = re.compile(r"# -{5,} (.+)")
TABLE = {"DERIVATIONS"}  # one derivation for each kind, of which a reader follows one
ONLY = {"read_joint": {"moment-invariant-polynomials", "user-defined"}}  # not called for others


def definitions() -> dict[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(SOURCE).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        found |= {target.id: node for target in targets if isinstance(target, ast.Name)}
    return found


NODES = definitions()
DERIVATIONS = ast.literal_eval(
    re.sub(r"\b(derive_\w+)", r'"\1"', ast.unparse(NODES["DERIVATIONS"].value))  # type: ignore
)


@cache
def extent(name: str) -> range:
    """The lines of a definition, decorators included."""
    node = NODES[name]
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return range(first, (node.end_lineno or first) + 1)


def section(name: str) -> str:
    rules = [RULE.fullmatch(line) for line in LINES[: extent(name).start]]
    return [rule[1] for rule in rules if rule][-1]


def global_names(table: symtable.SymbolTable) -> set[str]:
    own = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_global() or (table.get_type() == "module" and symbol.is_referenced())
    }
    return own.union(*map(global_names, table.get_children()))


@cache
def uses(name: str) -> frozenset[str]:
    text = "\n".join(LINES[extent(name).start - 1 : extent(name).stop - 1])
    return frozenset(global_names(symtable.symtable(text, name, "exec")) & NODES.keys())


def needed(kind: str) -> set[str]:
    """The definitions that the check of a certificate of this kind may call."""
    left_out = TABLE | {name for name, only in ONLY.items() if kind not in only}
    seen: set[str] = set()
    queue = ["main", DERIVATIONS[kind]]
    while queue:
        name = queue.pop()
        if name not in seen and name not in left_out:
            seen.add(name)
            queue += uses(name)
    return seen


def stated() -> tuple[set[str], dict[str, tuple[int, set[str]]]]:
    """The common sections; by kind the lines, and the further sections."""
    head = ast.get_docstring(ast.parse(SOURCE), clean=False) or ""
    common = re.search(r"goes through these sections: (.+?)\. ", " ".join(head.split()))
    assert common
    by_kind = {}
    rows = re.findall(r"^    ([\d,]+)  (.+)\n((?: {11}.+\n)+)", head, re.M)
    for lines, kinds, further in rows:
        sections = set(" ".join(further.split()).split("; "))
        by_kind |= dict.fromkeys(kinds.split(", "), (int(lines.replace(",", "")), sections))
    return set(common[1].split(", ")), by_kind


def test_the_head_names_every_kind_and_only_sections() -> None:
    common, by_kind = stated()
    assert by_kind.keys() == DERIVATIONS.keys() == checker.DERIVATIONS.keys()
    sections = {rule[1] for line in LINES if (rule := RULE.fullmatch(line))}
    further: set[str] = set().union(*(names for _, names in by_kind.values()))
    assert common | further == sections and not common & further


@pytest.mark.parametrize("kind", DERIVATIONS)
def test_what_a_kind_needs_lies_in_the_sections_named_for_it(kind: str) -> None:
    common, by_kind = stated()
    lines, further = by_kind[kind]
    names = needed(kind)
    assert {section(name) for name in names} - common == further
    count = len(set().union(*map(extent, names)))
    assert 0.9 * lines < count <= lines


def test_the_specification_states_the_same_numbers() -> None:
    page = (Path(__file__).parents[2] / "docs" / "certificates.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+) \| ([\d,]+) \|$", page, re.M)
    numbers = {
        kind.strip("`"): int(lines.replace(",", ""))
        for kinds, lines in rows
        for kind in kinds.split(", ")
    }
    assert numbers == {kind: lines for kind, (lines, _) in stated()[1].items()}


def test_local_variables_are_no_functions() -> None:
    assert "low" in NODES and "low" not in uses("number")
    assert {"reject", "show"} <= uses("number")


def test_every_definition_is_needed_by_some_kind() -> None:
    every = set().union(*map(needed, DERIVATIONS))
    assert NODES.keys() - every == TABLE
