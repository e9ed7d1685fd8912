"""The documentation site: MyST pages, and a reference that is generated from the docstrings.

The build needs no network and treats warnings as errors (`make docs`).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

project = "symcsq"
author = "the symcsq contributors"
copyright = author
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build"]
nitpicky = False  # signatures name NumPy and flint types, whose inventories would need the network

html_theme = "furo"
html_title = "symcsq"
html_static_path: list[str] = []
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "show-inheritance": True, "member-order": "bysource"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
napoleon_custom_sections = ["Complexity", "Source", "Memory", "Order"]

# One reference page per room of the house, in the order of its layers.
ROOMS = {
    "groups": "groups: permutation groups",
    "symcsq": "symcsq: the public names",
    "symcsq.distributions": "symcsq.distributions: exact L2 spaces",
    "symcsq.functions": "symcsq.functions: functions by orbit",
    "symcsq.constructions": "symcsq.constructions: hard families",
    "symcsq.verifier": "symcsq.verifier: from a family to a certificate",
    "symcsq.lemmas": "symcsq.lemmas: the paper's lemmas by name",
    "symcsq.display": "symcsq.display: tables, plots and progress",
}
# The command line has a page of its own; running __main__ runs it.
NOT_REFERENCE = {"symcsq.cli", "symcsq.__main__"}


def modules_of(room: str) -> list[str]:
    """The modules that one page documents: those directly in the room's folder."""
    folder = ROOT / room.replace(".", "/")
    names = [f"{room}.{path.stem}" for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    return [name for name in names if name not in NOT_REFERENCE]


def write_reference() -> None:
    """Generate docs/reference/: a page per room with a section per module."""
    target = HERE / "reference"
    target.mkdir(exist_ok=True)
    rooms = [room for room in ROOMS if (ROOT / room.replace(".", "/")).is_dir()]
    index = ["# Reference", "", "```{toctree}", ":maxdepth: 2", "", *rooms, "```", ""]
    write_if_changed(target / "index.md", "\n".join(index))
    for room in rooms:
        lines = [f"# {ROOMS[room]}", "", "```{eval-rst}", f".. automodule:: {room}",
                 "   :no-members:", "```", ""]
        for module in modules_of(room):
            lines += [f"## {module}", "", "```{eval-rst}", f".. automodule:: {module}", "```", ""]
        write_if_changed(target / f"{room}.md", "\n".join(lines))


def write_if_changed(path: Path, text: str) -> None:
    """Leave the time stamp alone when nothing changed, so that rebuilding is quick."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


CODE_SPAN = re.compile(r"(``.+?``|`[^`\n]+?`)")
MARKUP = re.compile(r"([\\*|`]|_(?=\W|$))")


def docstring_to_rst(_app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    """House docstrings are plain text with `code` spans: |G|, f_*, x_ are mathematics, not markup.

    Examples (`>>>` up to the next blank line) are left as they are; everything else is escaped.
    """
    in_example = False
    for number, line in enumerate(lines):
        stripped = line.lstrip()
        if stripped.startswith(">>>"):
            in_example = True
        elif not stripped:
            in_example = False
        if in_example:
            continue
        pieces = CODE_SPAN.split(line)
        for index, piece in enumerate(pieces):
            if index % 2:
                code = piece.strip("`").strip().replace("\\", "\\\\")
                pieces[index] = f"``{code}``" if code else piece
            else:
                pieces[index] = MARKUP.sub(r"\\\1", piece)
        lines[number] = "".join(pieces)


def setup(app: Any) -> None:
    """Hook the generated reference and the docstring reader into Sphinx."""
    write_reference()
    # Before napoleon (priority 500), which then turns the sections into field lists.
    app.connect("autodoc-process-docstring", docstring_to_rst, priority=400)
