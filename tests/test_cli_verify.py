"""`symcsq verify`, `check` and `lemmas`: what holds, what is refuted, what is refused."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from fractions import Fraction
from math import comb
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace
from typing import Any

import pytest

import groups
import symcsq as cs
from symcsq.display.verification import Outcome, suite_tables

Command = Callable[..., CompletedProcess[str]]
QUICK = ["frame-averaged", "--group", "C6", "--set", "m=2"]
REFUTED = {
    "norm 0": (["parity-networks", "--set", "n=6", "--set", "m=3"], "norm"),
    "subset twice": (
        ["parity-networks", "--set", "n=5", "--set", "m=2", "--set", "subsets=0,1;0,1"],
        "subsets-distinct",
    ),
    "orbit twice": (
        ["invariant-polynomials", "--group", "C4", "--set", "degree=2"]
        + ["--set", "representatives=1,1,0,0;0,1,1,0"],
        "orbits-disjoint",
    ),
    "distribution not preserved": (
        ["invariant-polynomials", "--group", "C4", "--set", "degree=2"]
        + ["--set", "distribution=gaussian^2 x rademacher^2"],
        "distribution-preserved",
    ),
}


def as_json(done: CompletedProcess[str], code: int = 0) -> dict[str, Any]:
    """The one JSON object on stdout."""
    assert (done.returncode, done.stderr) == (code, ""), done.stderr
    assert done.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def assert_bad(done: CompletedProcess[str]) -> None:
    """Exit code 2, nothing on stdout, one line on stderr that is no traceback."""
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr and "a fault of symcsq" not in done.stderr


# -- what holds ------------------------------------------------------------------------------------


def test_suite_as_json(command: Command) -> None:
    found = as_json(command("verify", "--json"))
    assert set(found) == {"holds", "lemmas", "seconds"}
    assert found["holds"] is True
    rows = {(row["name"], *map(str, row["parameters"].values())): row for row in found["lemmas"]}
    assert len(rows) == len(found["lemmas"])
    for group in ("C12", "D10", "S6 on pairs", "S4 wr S3", "M11"):
        for distribution in ("gaussian", "rademacher"):
            degrees = {
                row["parameters"]["degree"]
                for row in found["lemmas"]
                if row["parameters"].get("group") == group
                and row["parameters"].get("distribution") == distribution
            }
            assert degrees >= {1, 2, 3, 4}, (group, distribution)
    networks = [row for row in found["lemmas"] if row["name"] == "parity-networks"]
    assert {row["parameters"]["activation"] for row in networks} >= {"relu"}
    assert len(networks) >= 2
    for row in networks:
        assert row["size"] == comb(16, 4)
    (averaged,) = (row for row in found["lemmas"] if row["name"] == "frame-averaged")
    assert averaged["parameters"]["group"] == "C16" and averaged["size"] == 116
    for row in found["lemmas"]:
        assert {"name", "reference", "parameters", "claims", "certificate"} <= set(row)
        assert re.search(r"\bM\d", row["reference"])
        for claim in row["claims"]:
            assert {"statement", "status", "value", "exact", "witness"} <= set(claim)
            if claim["type"] == "csq-bound":
                assert claim["exact"].items() <= row["bound"].items()
                assert Fraction(claim["exact"]["bound"]) == Fraction(row["bound"]["bound"])
            if claim["type"] == "size":
                assert claim["exact"] == {"value": str(row["size"])}
            assert claim["status"] in ("proved", "enclosed") and claim["witness"] is None
        bound = Fraction(row["bound"]["bound"])
        gamma = Fraction(row["bound"]["tolerance"]) ** 2
        (exact,) = (c["exact"] for c in row["claims"] if c["type"] == "csq-bound")
        # After scaling to unit norms (M10): R = 1 and no coherence when members are orthogonal.
        by_row_sum = row["size"] * gamma / Fraction(exact["row_sum"])
        coherence = Fraction(exact.get("coherence", 0))
        by_coherence = row["size"] * (gamma - coherence) / (1 - coherence)
        assert bound == max(by_row_sum - 1, by_row_sum / 2 - 1, by_coherence / 2 - 1)
        if any(c["type"] == "orthogonality" for c in row["claims"]):
            assert exact["row_sum"] == "1" and coherence == 0


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """The rows of the suite with the widest tables, verified once."""
    from symcsq.command_inputs import chosen_lemmas

    lemmas = chosen_lemmas(["invariant-polynomials", "frame-averaged"], {})
    return [Outcome(lemma, lemma.verify()) for lemma in lemmas]


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_table_fits_the_terminal(
    outcomes: list[Outcome],
    columns: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from symcsq.display.tables import show

    monkeypatch.setenv("COLUMNS", str(columns))
    for part in suite_tables(outcomes, 1.0):
        show(part)
    shown = capsys.readouterr().out
    lines = shown.splitlines()
    assert max(map(len, lines)) <= columns
    assert all(line == line.rstrip() for line in lines)
    assert "\x1b" not in shown  # no colours in a pipe
    for text in ("Kiani", "M1, M2", "S6 on pairs", "11 proved", "All claims hold"):
        assert text in re.sub(r"\s+", " ", shown)
    # Every family is one line, also in the narrowest of these.
    assert sum("proved" in line and line.endswith(" s") for line in lines) == len(outcomes)


def test_certificates_are_written_and_accepted(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "certificates"
    found = as_json(command("verify", *QUICK, "--json", "--out", folder))
    (row,) = found["lemmas"]
    written = list(folder.iterdir())
    assert [str(path) for path in written] == [row["certificate"]]
    body = json.loads(written[0].read_bytes())
    assert body["format"] == "symcsq-certificate/1" and body["sha256"] == row["sha256"]
    checked = as_json(command("check", *written, "--json"))
    assert checked == {"holds": True, "checked": 1, "failures": []}


def test_own_group_from_a_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"degree": 3, "generators": [[1, 2, 0]]}', "utf-8")
    done = command(
        *["verify", "invariant-polynomials", "--group", "mine.json", "--set", "degree=2"],
        *["--json", "--out", "."],
        cwd=tmp_path,
    )
    (row,) = as_json(done)["lemmas"]
    assert row["functions"] == 2  # x0^2+x1^2+x2^2 - 3 and x0*x1+x0*x2+x1*x2
    assert command("check", row["certificate"], cwd=tmp_path).returncode == 0


def test_two_certificates_with_one_name_are_both_kept(
    command_here: Command, tmp_path: Path
) -> None:
    from symcsq import lemma
    from symcsq.command_inputs import write_certificates

    certificate = lemma("parity-networks", n=4, m=2).verify().certificate
    paths = write_certificates(tmp_path, [certificate, certificate])
    assert len(set(paths)) == 2 and all(path.read_text("utf-8") for path in paths)


def test_runs_at_two_tolerances_leave_two_certificates(command: Command, tmp_path: Path) -> None:
    line = ["verify", "parity-networks", "--set", "n=6", "--set", "m=2", "--out", tmp_path]
    for tolerance in ("1/10", "1/100"):
        assert command(*line, "--set", f"tolerance={tolerance}").returncode == 0
    names = ["parity-networks-n6-m2-relu-tau1-100.json", "parity-networks-n6-m2-relu.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_lemmas(command: Command) -> None:
    found = as_json(command("lemmas", "--json"))
    assert {"invariant-polynomials", "parity-networks", "frame-averaged"} <= {
        row["name"] for row in found["lemmas"]
    }
    for row in found["lemmas"]:
        assert {"name", "reference", "parameters", "defaults"} <= set(row)
        assert [parameter["name"] for parameter in row["parameters"]] == list(row["defaults"])
    done = command("lemmas")
    assert done.returncode == 0 and "tolerance" in done.stdout


# -- what is refuted -------------------------------------------------------------------------------


@pytest.mark.parametrize(("arguments", "claim"), REFUTED.values(), ids=REFUTED)
def test_refutation(command: Command, tmp_path: Path, arguments: list[str], claim: str) -> None:
    found = as_json(command("verify", *arguments, "--json", "--out", tmp_path), code=1)
    assert found["holds"] is False
    (row,) = found["lemmas"]
    refuted = {entry["type"]: entry for entry in row["claims"] if entry["status"] == "refuted"}
    assert refuted[claim]["witness"]
    assert row["bound"] is None
    done = command("verify", *arguments)
    assert done.returncode == 1
    assert "witness: " in done.stdout and claim in done.stdout
    # The certificate of a refutation is true, and its family still does not hold.
    checked = as_json(command("check", row["certificate"], "--json"), code=1)
    assert checked["holds"] is False
    assert any(claim in failure["message"] for failure in checked["failures"])


def test_odd_relu_networks_vanish_with_witness(command_here: Command) -> None:
    done = command_here("verify", "parity-networks", "--set", "m=3")
    assert done.returncode == 1
    assert "witness: member 0, norm_squared 0" in done.stdout


def test_altered_certificate_names_the_field(command: Command, tmp_path: Path) -> None:
    as_json(command("verify", *QUICK, "--json", "--out", tmp_path))
    (path,) = tmp_path.iterdir()
    body = json.loads(path.read_bytes())
    body["orbits"][0]["size"] = "7"
    path.write_text(json.dumps(body), encoding="utf-8")
    found = as_json(command("check", path, "--json"), code=1)
    assert found["holds"] is False
    assert found["failures"][0]["path"] == "orbits[0].size"
    done = command("check", path)
    assert done.returncode == 1 and "rejected" in done.stdout and "orbits[0].size" in done.stdout


# -- what is refused -------------------------------------------------------------------------------

BAD = {
    "unknown lemma": ["pythagoras"],
    "unknown parameter": ["parity-networks", "--set", "colour=red"],
    "parameter of another lemma": ["parity-networks", "--group", "C4"],
    "no value": ["parity-networks", "--set", "m"],
    "no key": ["parity-networks", "--set", "=4"],
    "given twice": ["parity-networks", "--set", "m=4", "--set", "m=2"],
    "no lemma": ["--set", "m=4"],
    "m > n": ["parity-networks", "--set", "n=3", "--set", "m=4"],
    "m = 0": ["parity-networks", "--set", "m=0"],
    "m huge": ["parity-networks", "--set", "m=99999999999999999999"],
    "negative degree": ["invariant-polynomials", "--set", "degree=-1"],
    "degree as fraction": ["invariant-polynomials", "--set", "degree=1/2"],
    "unknown group": ["invariant-polynomials", "--group", "Q12x"],
    "group of degree 0": ["invariant-polynomials", "--group", "C0"],
    "unknown distribution": ["invariant-polynomials", "--set", "distribution=cauchy"],
    "distribution of another dimension": ["invariant-polynomials"]
    + ["--set", "distribution=gaussian^2 x rademacher^2"],
    "probability above 1": ["invariant-polynomials", "--set", "distribution=bernoulli(3/2)"],
    "no such exponent": ["invariant-polynomials", "--group", "C3", "--set", "degree=9"]
    + ["--set", "distribution=rademacher"],
    "representative of another degree": ["invariant-polynomials", "--group", "C3"]
    + ["--set", "degree=2", "--set", "representatives=1,0,0"],
    "ragged representatives": ["invariant-polynomials", "--set", "representatives=1,1;2"],
    "unknown activation": ["parity-networks", "--set", "activation=swish"],
    "activation of letters": ["parity-networks", "--set", "activation=a,b"],
    "subset out of range": ["parity-networks", "--set", "n=4", "--set", "m=2"]
    + ["--set", "subsets=0,9"],
    "subset of another size": ["parity-networks", "--set", "m=2", "--set", "subsets=0,1,2"],
    "tolerance 0": ["parity-networks", "--set", "tolerance=0"],
    "tolerance 1": ["parity-networks", "--set", "tolerance=1"],
    "tolerance a word": ["parity-networks", "--set", "tolerance=small"],
    "tolerance infinite": ["parity-networks", "--set", "tolerance=1/0"],
    "tolerance nan": ["parity-networks", "--set", "tolerance=nan"],
    "second lemma bad": ["frame-averaged", "parity-networks", "--set", "m=17"],
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD)
def test_bad_input_writes_nothing(
    command_here: Command, tmp_path: Path, arguments: list[str]
) -> None:
    folder = tmp_path / "certificates"
    assert_bad(command_here("verify", *arguments, "--out", folder))
    assert not folder.exists()


def test_bad_input_in_a_process(command: Command, tmp_path: Path) -> None:
    assert_bad(command("verify", *BAD["m > n"], "--json", "--out", tmp_path / "certificates"))
    assert list(tmp_path.iterdir()) == []


def test_out_must_be_a_folder(command_here: Command, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    for target in (file, file / "below", ""):
        assert_bad(command_here("verify", *QUICK, "--out", target))
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_out_must_be_writable(command_here: Command, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert_bad(command_here("verify", *QUICK, "--out", tmp_path / "certificates"))


@pytest.mark.parametrize(
    "content",
    [b"", b"not json", b"\xff\xfe{}", b"[" * 100_000, b"[1]", b"7", b"{"],
    ids=["empty", "text", "not utf-8", "deep", "array", "number", "cut short"],
)
def test_check_refuses_what_is_no_certificate(
    command_here: Command, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    assert_bad(command_here("check", path))


def test_check_refuses_what_it_cannot_read(command_here: Command, tmp_path: Path) -> None:
    assert_bad(command_here("check", tmp_path))
    assert_bad(command_here("check", tmp_path / "missing.json"))
    assert_bad(command_here("check"))


def test_check_of_a_json_object_that_is_no_certificate(
    command_here: Command, tmp_path: Path
) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"name": "something else"}', encoding="utf-8")
    assert_bad(command_here("check", path))
    path.write_text('{"format": "symcsq-certificate/2"}', encoding="utf-8")
    assert_bad(command_here("check", path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of POSIX")
def test_check_does_not_wait_for_a_pipe(command_here: Command, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    assert_bad(command_here("check", pipe))


@pytest.mark.parametrize("outcome", ["holds", "refuted", "undecided"])
def test_check_and_the_library_mean_the_same(
    command_here: Command, tmp_path: Path, outcome: str
) -> None:
    swap, distributions = groups.group("C2"), cs.distributions
    family: Any = {
        "holds": cs.InvariantPolynomials(swap, 2),
        "refuted": cs.ParityNetworks(4, 3),
        "undecided": cs.InvariantPolynomials(
            swap, 1, distributions.Product([cs.Gaussian(), cs.Moments([1, 0, 1])])
        ),
    }[outcome]
    report = cs.verify(family)
    path = report.certificate.save(tmp_path)
    checked = cs.check(path)
    assert checked.accepted and checked.holds == report.holds == (outcome == "holds")
    done = command_here("check", path)
    assert done.returncode == (0 if checked.holds else 1)
    found = as_json(command_here("check", path, "--json"), code=done.returncode)
    assert found["holds"] is checked.holds
    assert (outcome == "holds") or outcome in done.stdout


def test_blocks_of_a_large_matrix_lie_beside_the_certificate(
    command: Command, tmp_path: Path
) -> None:
    chosen = ["rotation-networks", "--set", "n=8", "--set", "count=66", "--set", "power=3"]
    as_json(command("verify", *chosen, "--json", "--out", tmp_path, "--blocks"))
    (certificate,) = tmp_path.glob("*.json")
    (blocks,) = tmp_path.glob("*.gram")
    assert blocks.stem == certificate.stem
    assert as_json(command("check", certificate, "--json"))["holds"]
    lines = blocks.read_text().splitlines(keepends=True)
    assert lines[0] == "block 0 0\n" and len(lines) == 67
    blocks.write_text("".join([*lines[:5], lines[5].replace(" ", " 9", 1), *lines[6:]]))
    found = as_json(command("check", certificate, "--json"), code=1)
    assert found["failures"][0]["path"] == blocks.name
    # Without the option, the file of an earlier certificate does not stay beside the new one.
    as_json(command("verify", *chosen, "--json", "--out", tmp_path))
    assert not blocks.exists()
    assert_bad(command("verify", *chosen, "--blocks"))


def test_what_the_checker_would_decline_is_noted(
    command_here: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from symcsq.verifier import checker

    assert command_here("verify", *QUICK, "--out", tmp_path).stderr == ""
    monkeypatch.setattr(checker, "MAX_WORK", 10)
    done = command_here("verify", *QUICK, "--json", "--out", tmp_path)
    (path,) = tmp_path.iterdir()
    assert done.returncode == 0 and json.loads(done.stdout)["holds"]
    assert done.stderr.startswith(f"note: {path}: written, but the checker declines it: ")
    assert "needs more than 10 steps" in done.stderr and done.stderr.count("\n") == 1
    monkeypatch.setattr(
        checker,
        "check",
        lambda data, beside: SimpleNamespace(
            accepted=False, verdict="rejected", failures=[("orbits[0].size", "must be 3")]
        ),
    )
    done = command_here("verify", *QUICK, "--out", tmp_path)
    assert done.returncode == 0 and "rejects it: orbits[0].size: must be 3" in done.stderr


def test_a_file_that_is_no_certificate_takes_nothing_from_the_others(
    command: Command, tmp_path: Path
) -> None:
    as_json(command("verify", *QUICK, "--json", "--out", tmp_path))
    other = tmp_path / "ring.json"
    other.write_text('{"degree": 3, "generators": [[1, 2, 0]]}')
    (good,) = set(tmp_path.glob("*.json")) - {other}
    done = command("check", good, other)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert f"accepted  {good}" in done.stdout.replace("\n", "") and "1 of 2" in done.stdout
    done = command("check", good, other, "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["holds"], found["checked"]) == (2, False, 2)
    assert [failure["file"] for failure in found["failures"]] == [str(other)]
