"""The arrows of the house run downwards: every import is read from the source, lazy or not."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

# A module may import its own layer and lower ones. The longest matching prefix decides.
LAYERS = {
    "groups": 1,
    "symcsq.__version__": 1,
    "symcsq.errors": 1,
    "symcsq.exact": 1,
    "symcsq.distributions": 2,
    "symcsq.functions": 3,
    "symcsq.constructions": 4,
    "symcsq.verifier": 5,
    "symcsq.strategies": 4,
    "symcsq.claims": 6,
    "symcsq.laws": 6,
    "symcsq.proofs": 6,
    "symcsq.lemmas": 7,
    "symcsq.display": 8,
    "symcsq.command_inputs": 9,
    "symcsq.cli": 9,
    "symcsq": 10,  # the package itself gathers the public names
    "symcsq.__main__": 11,
}
# The verifier knows the protocol, not the families.
PROTOCOL = "symcsq.constructions.family"


def modules() -> dict[str, Path]:
    """Every module of the two packages by its dotted name."""
    found = {}
    for package in ("groups", "symcsq"):
        for path in sorted((PROJECT / package).rglob("*.py")):
            parts = path.relative_to(PROJECT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = path
    return found


MODULES = modules()


def imports_in(source: str, module: str, is_package: bool) -> Iterator[tuple[str, int, bool]]:
    """(imported dotted name, line, whether it runs at import time) for one source text."""
    tree = ast.parse(source)
    lazy_lines: set[int] = set()
    for node in ast.walk(tree):
        inside_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for_types_only = (
            isinstance(node, ast.If)
            and isinstance(node.test, ast.Name)
            and node.test.id == "TYPE_CHECKING"
        )
        if inside_function or for_types_only:
            lazy_lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, node.lineno not in lazy_lines
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".") if is_package else module.split(".")[:-1]
            start = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                # `from package import module` reaches the module, `from module import name` does
                # not.
                full = f"{origin}.{alias.name}"
                yield (
                    full if full in MODULES or full in LAYERS else origin,
                    node.lineno,
                    node.lineno not in lazy_lines,
                )


def layer_of(name: str) -> int | None:
    """The layer of a dotted name of ours, None for a name of others."""
    parts = name.split(".")
    if parts[0] not in ("groups", "symcsq"):
        return None
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        if prefix in LAYERS:
            if prefix == "symcsq" and length < len(parts):
                raise AssertionError(f"{name} has no layer; add its folder to LAYERS")
            return LAYERS[prefix]
    raise AssertionError(f"{name} has no layer")


def violations(name: str, source: str, is_package: bool = False) -> list[str]:
    """The imports of one module that point upwards, as readable lines."""
    own = layer_of(name)
    found = []
    for target, line, _ in imports_in(source, name, is_package):
        other = layer_of(target)
        if other is not None and own is not None and other > own:
            found.append(f"{name}:{line} (layer {own}) imports {target} (layer {other})")
        if name.startswith("groups") and target.split(".")[0] == "symcsq":
            found.append(f"{name}:{line} imports {target}: groups stands alone")
        if name.startswith("symcsq.verifier") and target.startswith("symcsq.constructions"):
            if target != PROTOCOL:
                found.append(f"{name}:{line} imports {target}: the verifier knows only {PROTOCOL}")
    return found


@pytest.mark.parametrize("name", MODULES)
def test_imports_only_downwards(name: str) -> None:
    path = MODULES[name]
    found = violations(name, path.read_text(encoding="utf-8"), path.name == "__init__.py")
    assert found == []


@pytest.mark.parametrize("name", [n for n in MODULES if n.startswith("symcsq.verifier.")])
def test_the_producer_takes_nothing_from_the_checker(name: str) -> None:
    source = MODULES[name].read_text(encoding="utf-8")
    targets = {target for target, _, _ in imports_in(source, name, False)}
    assert "symcsq.verifier.checker" not in targets


def test_checker_uses_only_the_standard_library() -> None:
    path = MODULES["symcsq.verifier.checker"]
    imported = {
        target.split(".")[0]
        for target, _, _ in imports_in(path.read_text("utf-8"), "symcsq.verifier.checker", False)
    }
    assert imported <= set(sys.stdlib_module_names) | {"__future__"}
    assert imported.isdisjoint({"pickle", "marshal", "importlib", "ctypes", "subprocess"})


def test_checker_runs_alone(tmp_path: Path) -> None:
    """Copied out of the package, the checker still imports, in a Python without site-packages."""
    import subprocess

    copy = tmp_path / "checker.py"
    copy.write_bytes(MODULES["symcsq.verifier.checker"].read_bytes())
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import checker",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_cycle_at_import_time() -> None:
    """Modules can be imported in some order without meeting a half-made one."""
    edges = {
        name: {
            target
            for target, _, eager in imports_in(
                path.read_text("utf-8"), name, path.name == "__init__.py"
            )
            if eager and target in MODULES and target != name
        }
        for name, path in MODULES.items()
    }
    # A package's __init__ gathers names from its modules; that is not a cycle of ideas.
    plain = {
        name: {target for target in targets if MODULES[target].name != "__init__.py"}
        for name, targets in edges.items()
        if MODULES[name].name != "__init__.py"
    }
    while plain:
        free = [name for name, targets in plain.items() if not targets & plain.keys()]
        assert free, f"import cycle among {sorted(plain)}"
        for name in free:
            del plain[name]


@pytest.mark.parametrize(
    ("name", "source", "fault"),
    [
        ("groups.orbits", "from symcsq.exact import Enclosure", "groups stands alone"),
        ("groups.orbits", "def f():\n    import symcsq", "groups stands alone"),
        ("symcsq.distributions.base", "from ..verifier import gram", "layer 5"),
        ("symcsq.verifier.gram", "from symcsq.constructions import parity_networks", "protocol"),
        ("symcsq.verifier.verify", "from symcsq import verify", "layer 10"),
    ],
)
def test_the_guard_can_fail(name: str, source: str, fault: str) -> None:
    found = violations(name, source)
    assert found
    assert fault in " ".join(found) or (fault == "protocol" and "knows only" in found[0])
