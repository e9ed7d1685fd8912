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
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build"]
# Two rooms may each have a Product or a size; a bare name in a signature is then not a link.
suppress_warnings = ["ref.python"]
nitpicky = False  # signatures name NumPy and flint types, whose inventories would need the network

html_theme = "furo"
html_title = "symcsq"
html_static_path: list[str] = []
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_default_options = {
    "members": True,
    "show-inheritance": True,
    "member-order": "bysource",
    "ignore-module-all": True,
}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
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
    "symcsq.claims": "symcsq.claims: claims as values, and search for counterexamples",
    "symcsq.lemmas": "symcsq.lemmas: the paper's lemmas by name",
    "symcsq.display": "symcsq.display: tables, plots and progress",
}
# The command line has a page of its own; running __main__ runs it.
NOT_REFERENCE = {"symcsq.cli", "symcsq.__main__"}


def modules_of(room: str) -> list[str]:
    """The modules that one page documents: those directly in the room's folder."""
    folder = ROOT / room.replace(".", "/")
    names = [
        f"{room}.{path.stem}" for path in sorted(folder.glob("*.py")) if path.stem != "__init__"
    ]
    return [name for name in names if name not in NOT_REFERENCE]


def write_reference() -> None:
    """Generate docs/reference/: a page per room with a section per module."""
    target = HERE / "reference"
    target.mkdir(exist_ok=True)
    rooms = [room for room in ROOMS if (ROOT / room.replace(".", "/")).is_dir()]
    index = ["# Reference", "", "```{toctree}", ":maxdepth: 2", "", *rooms, "```", ""]
    write_if_changed(target / "index.md", "\n".join(index))
    for room in rooms:
        lines = [
            f"# {ROOMS[room]}",
            "",
            "```{eval-rst}",
            f".. automodule:: {room}",
            "   :no-members:",
            "```",
            "",
        ]
        for module in modules_of(room):
            lines += [f"## {module}", "", "```{eval-rst}", f".. automodule:: {module}", "```", ""]
        write_if_changed(target / f"{room}.md", "\n".join(lines))


def write_if_changed(path: Path, text: str) -> None:
    """Leave the time stamp alone when nothing changed, so that rebuilding is quick."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


# What keeps its meaning in a docstring: code, *emphasis* around words, and list markers.
KEPT = re.compile(
    r"``(?P<literal>.+?)``|`(?P<code>[^`]+?)`|(?<![\w*])\*(?P<emphasis>\w[^*]*?\w)\*(?![\w*])"
    r"|(?P<marker>^\s*[*-] )",
    re.DOTALL | re.MULTILINE,
)
MARKUP = re.compile(r"([\\*|`]|_(?=\W|$))")


TABLE_RULE = re.compile(r"^\s*=+( +=+)+\s*$", re.MULTILINE)


def to_rst(paragraph: str) -> str:
    """A paragraph of a docstring, where |G|, f_* and a*b are mathematics, as reStructuredText."""
    pieces = []
    end = 0
    for found in KEPT.finditer(paragraph):
        pieces.append(MARKUP.sub(r"\\\1", paragraph[end : found.start()]))
        code = found["literal"] or found["code"]
        end = found.end()
        # In `Enclosure`s the end of the code has to be marked for reStructuredText.
        glue = "\\ " if code and paragraph[end : end + 1].isalnum() else ""
        pieces.append(f"``{code.strip()}``{glue}" if code else found[0])
    pieces.append(MARKUP.sub(r"\\\1", paragraph[end:]))
    return "".join(pieces)


SECTION = re.compile(r"[A-Z][A-Za-z ]*:$")
BULLET = re.compile(r"[*-] ")


def with_blocks(paragraph: str) -> str:
    """Prose at the margin: bullets, and deeper lines below it, become blocks of their own."""
    lines = paragraph.split("\n")
    if not lines[0][:1].strip() or SECTION.match(lines[0]):
        return paragraph
    spaced: list[str] = []
    kind = ""
    for line in lines:
        if BULLET.match(line):
            now = "bullet"
        elif kind in ("bullet", "rest of bullet"):
            now, line = "rest of bullet", f"  {line.strip()}"
        else:
            now = "block" if line.startswith(" ") else "prose"
        if spaced and now != kind and now != "rest of bullet":
            spaced.append("")
        spaced.append(line)
        kind = now
    return "\n".join(spaced)


def docstring_to_rst(
    _app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]
) -> None:
    """Read house docstrings as plain text with `code` spans; examples are left as they are."""
    text = "\n".join(lines)
    # A table is shown as it was typed.
    rules = list(TABLE_RULE.finditer(text))
    start, stop = (rules[0].start(), rules[-1].end()) if rules else (len(text), len(text))
    table = "\n".join(f"    {line}" for line in text[start:stop].split("\n"))
    parts = [
        prose_to_rst(text[:start]),
        *(["::", table] if rules else []),
        prose_to_rst(text[stop:]),
    ]
    lines[:] = "\n\n".join(parts).split("\n")


def prose_to_rst(text: str) -> str:
    """Paragraphs and examples of a docstring."""
    done = []
    for paragraph in text.split("\n\n"):
        example = re.search(r"^\s*>>>", paragraph, re.MULTILINE)
        end = example.start() if example else len(paragraph)
        done.append(with_blocks(to_rst(paragraph[:end])) + paragraph[end:])
    return "\n\n".join(done)


def setup(app: Any) -> None:
    """Hook the generated reference and the docstring reader into Sphinx."""
    write_reference()
    # Before napoleon (priority 500), which then turns the sections into field lists.
    app.connect("autodoc-process-docstring", docstring_to_rst, priority=400)
