"""Every notebook runs from top to bottom, and its text outputs are the ones that are shown."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
# Times and object addresses differ from run to run.
VARYING = re.compile(r"\d+\.\d+ s\b|0x[0-9a-f]+")


def text_outputs(notebook: Any) -> list[str]:
    """The text of every output of a notebook, cell by cell; pictures are left out."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        parts = []
        for output in cell.outputs:
            if output.output_type == "stream":
                parts.append(output.text)
            elif "image/png" in output.get("data", {}):
                parts.append("picture")
            else:
                parts.append(output.data.get("text/plain", ""))
        texts.append(VARYING.sub("…", "".join(parts)))
    return texts


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_runs_and_shows_what_it_computes(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    )
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    shown = text_outputs(notebook)
    client = nbclient.NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    )
    client.execute()
    assert text_outputs(notebook) == shown


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS
