"""What people install is the wheel, so the wheel is built, installed alone and used."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    pytest.importorskip("build", reason="the package 'build' makes the wheel")
    pytest.importorskip(
        "hatchling", reason="the build backend has to be installed, no network here"
    )
    target = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            str(target),
            str(PROJECT),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = target.glob("*.whl")
    return built


def test_wheel_holds_both_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"groups", "symcsq"}
    for package in ("groups", "symcsq"):
        assert f"{package}/py.typed" in names
        for path in (PROJECT / package).rglob("*.py"):
            assert path.relative_to(PROJECT).as_posix() in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "Requires-Python: >=3.11" in text
    for extra in ("cluster", "notebooks", "docs", "test", "all"):
        assert f"Provides-Extra: {extra}" in text


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; dependencies come from this interpreter's folder.

    A .pth file that names the folder adds its packages but does not run the .pth files inside it,
    so an editable install of the working copy cannot stand in for the wheel.
    """
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(folder / "bin" / "python"),
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--disable-pip-version-check",
            str(wheel),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    dependencies = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "dependencies.pth").write_text("\n".join(sorted(dependencies)) + "\n", encoding="utf-8")
    return folder


def run_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the fresh environment, in an empty folder, without our settings."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))
    }
    empty = folder.parent / "empty"
    empty.mkdir(exist_ok=True)
    return subprocess.run(
        [str(folder / "bin" / words[0]), *words[1:]],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_installed_wheel_works(fresh: Path) -> None:
    where = run_in(
        fresh,
        "python",
        "-c",
        "import groups, symcsq; print(groups.__file__); print(symcsq.__file__)",
    )
    assert where.returncode == 0, where.stderr
    assert all(line.startswith(str(fresh)) for line in where.stdout.splitlines())
    shown = run_in(fresh, "symcsq", "group", "M11", "--json")
    assert (shown.returncode, shown.stderr) == (0, "")
    verified = run_in(
        fresh, "symcsq", "verify", "frame-averaged", "--group", "C6", "--set", "m=2", "--out", "out"
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    (certificate,) = (fresh.parent / "empty" / "out").iterdir()
    checked = run_in(fresh, "symcsq", "check", str(certificate))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_groups_alone_works(fresh: Path) -> None:
    """`groups` needs nothing of `symcsq`."""
    program = (
        "import sys; sys.modules['symcsq'] = None\n"
        "from groups import group; print(group('S4 wr S3').order)"
    )
    done = run_in(fresh, "python", "-c", program)
    assert (done.stdout, done.stderr) == ("82944\n", "")


def test_every_floor_says_why() -> None:
    """Each requirement stands on a line with a reason, or under a comment that gives it."""
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    requirements = [
        *project["dependencies"],
        *(line for lines in project["optional-dependencies"].values() for line in lines),
    ]
    lines = text.splitlines()
    for requirement in requirements:
        if requirement.startswith("symcsq["):
            continue
        (number,) = (
            i
            for i, line in enumerate(lines)
            if f'"{requirement}"' in line and "requires =" not in line
        )
        reason = "#" in lines[number] or any("#" in lines[number - back] for back in (1, 2))
        assert reason, f"{requirement}: say why beside it"


def test_no_registry_is_named() -> None:
    """Where packages come from is the installer's business."""
    for name in ("pyproject.toml", "Makefile", ".ci/run"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
