"""`symcsq growth`: tables, exact JSON, pictures, and what is refused before any work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from symcsq.lemmas import growth, growth_names

Command = Callable[..., CompletedProcess[str]]


def test_tables(command_here: Command) -> None:
    done = command_here("growth", "frame-averaged", "parity-networks")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{growth('frame-averaged')}\n\n{growth('parity-networks')}\n"


def test_json_has_every_digit(command_here: Command) -> None:
    done = command_here(
        "growth", "invariant-polynomials", "--variant", "dihedral", "--n", "512", "--json",
        "--tolerance", "1/20",
    )  # fmt: skip
    table = growth("invariant-polynomials", [512], variant="dihedral", tolerance="1/20")
    assert json.loads(done.stdout) == {"tables": [table.to_json()]}
    assert json.loads(done.stdout)["tables"][0]["rows"][0]["size"] == "6978071198951645"


def test_picture(command_here: Command, tmp_path: Path) -> None:
    target = tmp_path / "growth.svg"
    done = command_here("growth", "frame-averaged", "--n", "64,256", "--picture", str(target))
    assert done.returncode == 0 and "<svg" in target.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing"], "name: must be one of invariant-polynomials"),
        (["--n", "16"], "--n: must come with one FAMILY, got 0"),
        (
            ["frame-averaged", "parity-networks", "--variant", "relu"],
            "--variant: must come with one",
        ),
        (["frame-averaged", "--variant", "relu"], "variant: must be one of cyclic, sorting"),
        (["frame-averaged", "--n", "16,x"], "--n: must be integers with commas between them"),
        (["frame-averaged", "--n", ""], "--n: must be integers with commas between them"),
        (["frame-averaged", "--n", "16,1"], "--n: must be an integer from 2 to 16384, got 1"),
        (["frame-averaged", "--tolerance", "2"], "0 < tolerance < 1, got 2"),
        (["frame-averaged", "--tolerance", "x"], "tolerance: must be an exact rational"),
        (["frame-averaged", "--picture", "x.txt"], "--picture: must end with .png, .svg or .pdf"),
        (["frame-averaged", "--picture", "no/x.png"], "in a folder that can be written"),
    ],
)
def test_bad_input(command_here: Command, words: list[str], message: str) -> None:
    done = command_here("growth", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and done.stderr.count("\n") == 1


def test_all_families_are_offered() -> None:
    assert len(growth_names()) == 10
