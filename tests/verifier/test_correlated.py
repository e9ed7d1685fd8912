"""Classes that may correlate: producer, checker and definitions agree; blocks on disk."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symcsq as cs
from symcsq.errors import CertificateError, VerificationError
from symcsq.exact import Enclosure
from symcsq.functions.rotation_sums import RotationSum
from symcsq.verifier import checker
from symcsq.verifier.claims import ClaimLog, ClaimResult
from symcsq.verifier.correlated import (
    Correlations,
    block_text,
    correlation_claims,
    entry_text,
    read_entry,
)
from symcsq.verifier.reductions import ExactBlocks, reduce_gram

TAIL = ["gram", "norm", "near-orthogonality", "size", "csq-bound"]
HALF = Fraction(1, 2)


class Source:
    """A Gram matrix that is held whole."""

    def __init__(self, matrix: Any, scale: Fraction = HALF, twins: Any = None) -> None:
        self.matrix = matrix
        self.size = len(matrix)
        self.scale = scale
        self.identity = hashlib.sha256(repr(matrix).encode()).hexdigest()
        if twins:
            self.twins = lambda: twins

    def block(self, rows: range, columns: range) -> Any:
        if isinstance(self.matrix, np.ndarray):
            return self.matrix[rows.start : rows.stop, columns.start : columns.stop]
        return [row[columns.start : columns.stop] for row in self.matrix[rows.start : rows.stop]]


def produced(source: Source, tolerance: Fraction = Fraction(1, 10)) -> tuple[Any, Correlations]:
    log = ClaimLog()
    result = correlation_claims(source, tolerance, log, None)
    return json.loads(json.dumps([claim.entry() for claim in log])), result


def derived(source: Source, tolerance: str = "1/10") -> Any:
    """The same claims by the checker."""

    def plain(value: Any) -> Any:
        if isinstance(value, Enclosure):
            return checker.Cell(value.lower, value.upper)
        return int(value) if isinstance(value, np.integer) else value

    matrix = [[plain(value) for value in row] for row in source.matrix]
    claims = checker.tail_claims(
        {"claims": [{"tolerance": tolerance}]},
        source.scale,
        [matrix[i][i] for i in range(len(matrix))],
        lambda rows, columns: [
            row[columns.start : columns.stop] for row in matrix[rows.start : rows.stop]
        ],
        checker.Budget(),
        same=lambda i, j: hasattr(source, "twins") and (i, j) == source.twins(),
    )
    entries = [{"type": name, "status": "proved"} | claims[name] for name in TAIL]
    return json.loads(json.dumps(entries))


def integers(seed: int, size: int, width: int) -> Any:
    vectors = np.random.default_rng(seed).integers(-2, 3, (size, width))
    return vectors @ vectors.T


def with_enclosures(matrix: Any, seed: int) -> list[list[Any]]:
    """Some entries become irrational numbers close by, others rationals."""
    generator = random.Random(seed)
    size = len(matrix)
    result = [[Fraction(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i, size):
            value = int(matrix[i][j])
            entry: Any = Fraction(value, 3)
            if value and generator.random() < 0.5:
                entry = Enclosure.around(Fraction(value, 7) + Fraction(1, 7 * 10**20))
            result[i][j] = result[j][i] = entry
    return result


@pytest.mark.parametrize("seed", range(60))
def test_producer_and_checker_agree(seed: int) -> None:
    matrix = integers(seed, (1, 2, 3, 5, 9)[seed % 5], (1, 2, 4)[seed % 3])
    for given in (Source(matrix), Source(matrix.astype(object))):
        assert produced(given)[0] == derived(given)
    mixed = Source(with_enclosures(matrix, seed), Fraction(1))
    assert produced(mixed)[0] == derived(mixed)


@pytest.mark.parametrize("size", [64, 65, 256, 257, 300])
def test_blocks_at_their_edges(size: int) -> None:
    matrix = integers(size, size, 40)
    small, large = produced(Source(matrix)), produced(Source(matrix.astype(object)))
    assert small[0] == large[0] == derived(Source(matrix))
    gram = small[0][0]
    if size == 64:
        assert len(gram["entries"]) <= 64 * 65 // 2
        assert small[1].blocks is None
    else:
        count = -(-size // 256)
        assert [b[:2] for b in gram["blocks"]] == [
            [a, b] for a in range(count) for b in range(a, count)
        ]
        a, b, digest = gram["blocks"][-1]
        rows = matrix[a * 256 :, b * 256 :]
        text = "".join(" ".join(str(int(x)) for x in row) + "\n" for row in rows)
        assert digest == hashlib.sha256(text.encode()).hexdigest()
    assert small[1].gram[1, 0] == HALF * int(matrix[0, 1])
    assert small[1].gram[size - 1, size - 1] == HALF * int(matrix[-1, -1])


@pytest.mark.parametrize("alike", [True, False])
@pytest.mark.parametrize("value", [3, 4])
@pytest.mark.parametrize("placed", [[(200, 210), (3, 280)], [(3, 280), (200, 210)], [(3, 280)]])
def test_of_equal_correlations_the_least_pair_counts(
    placed: list[tuple[int, int]], value: int, alike: bool
) -> None:
    """Blocks are gone through in another order than pairs; 4 of 4 makes two members coincide."""
    matrix = np.eye(300, dtype=np.int64) * 4
    matrix[7, 7] = 4 if alike else 64
    for i, j in [*placed, (4, 281), (270, 290)]:
        matrix[i, j] = matrix[j, i] = -value
    source = Source(matrix)
    found = derived(source)
    assert found == produced(source)[0]
    near = found[TAIL.index("near-orthogonality")]
    assert near["pair"] == [3, 280] and near["maximum"] == str(Fraction(value * value, 16))
    assert ("witness" in near) == (value == 4)


def test_a_bound_that_reaches_1_hides_no_members_that_coincide() -> None:
    matrix: list[list[Any]] = [[Fraction(4 * (i == j)) for j in range(300)] for i in range(300)]
    matrix[3][280] = matrix[280][3] = Enclosure.around(4 - Fraction(1, 10**40))
    matrix[270][290] = matrix[290][270] = Fraction(4)
    source = Source(matrix, Fraction(1))
    found = derived(source)
    assert found == produced(source)[0]
    assert found[TAIL.index("near-orthogonality")]["witness"]["pair"] == [270, 290]


def test_one_norm_is_exact_by_definition() -> None:
    signs = np.random.default_rng(3).choice([-1, 1], (90, 30))
    matrix = signs @ signs.T
    claims, result = produced(Source(matrix))
    sums = [Fraction(int(np.abs(row).sum()), 30) for row in matrix]
    assert claims[4]["row_sum"] == str(max(sums))
    top = max(Fraction(int(matrix[i, j]) ** 2, 900) for i in range(90) for j in range(i))
    least = min(
        (i, j)
        for i in range(90)
        for j in range(i + 1, 90)
        if Fraction(int(matrix[i, j]) ** 2, 900) == top
    )
    assert claims[2] == {
        "type": "near-orthogonality",
        "status": "proved",
        "maximum": str(top),
        "pair": list(least),
    }
    assert result.summary is not None and result.summary.coherence**2 == top


def test_bounds_of_row_sums_for_different_norms() -> None:
    """C_i C_j >= 4^64 M / sqrt(n_i n_j), and not much more; the same numbers as the reductions."""
    matrix = integers(5, 70, 50)
    claims, result = produced(Source(matrix))
    exact = max(
        sum(abs(int(x)) / (int(matrix[i, i]) * int(matrix[j, j])) ** 0.5 for j, x in enumerate(row))
        for i, row in enumerate(matrix)
    )
    bound = Fraction(claims[4]["row_sum"])
    assert exact * (1 - 1e-12) <= bound <= exact * (1 + 1e-12)
    assert result.summary is not None
    summary = reduce_gram(ExactBlocks(Source(matrix))).summary()
    assert summary == result.summary
    maximum = Fraction(claims[2]["maximum"])
    root = Fraction(isqrt(int(maximum * 4**64)) + 1, 2**64)
    assert claims[4]["coherence"] == str(root) and root**2 > maximum


def test_the_form_with_coherence_counts_when_it_may() -> None:
    """Many members with one correlation: SDA's second form is the better one above it."""
    size, common = 400, 1
    matrix = np.full((size, size), common) + np.eye(size, dtype=int) * 399
    for tolerance in ("1/10", "1/25"):
        claims, _ = produced(Source(matrix), Fraction(tolerance))
        assert claims == derived(Source(matrix), tolerance)
        gamma, size_ = Fraction(tolerance) ** 2, Fraction(size)
        by_row_sum = size_ * gamma / Fraction(claims[4]["row_sum"])
        second = size_ * (gamma - Fraction(1, 400)) / (1 - Fraction(1, 400))
        expected = max(by_row_sum - 1, by_row_sum / 2 - 1, second / 2 - 1)
        if gamma <= Fraction(1, 400):
            expected = by_row_sum - 1
        assert Fraction(claims[4]["bound"]) == expected


def test_a_zero_member_is_refuted_and_named() -> None:
    claims, result = produced(Source(np.array([[2, 0, 0], [0, 0, 0], [0, 0, 0]])))
    assert claims[1]["witness"] == {"member": 1, "norm_squared": "0"}
    assert [claim["status"] for claim in claims] == ["proved", "refuted"] + ["undecided"] * 3
    assert [claim.get("needs") for claim in claims[2:]] == ["norm", "near-orthogonality", "norm"]
    assert claims[3]["value"] == "3"
    assert result.summary is None and result.gram[0, 0] == 1


def test_equal_members_are_refuted_with_the_least_pair() -> None:
    matrix = np.array([[1, 0, 0, 1], [0, 4, -2, 0], [0, -2, 1, 0], [1, 0, 0, 1]])
    claims, _ = produced(Source(matrix))
    assert claims[2]["witness"] == {"pair": [0, 3], "correlation_squared": "1"}
    assert claims[4]["needs"] == "near-orthogonality"


def test_bounds_alone_never_refute() -> None:
    third = Enclosure.around(Fraction(1, 3))
    matrix = [[third, third], [third, third]]
    claims, _ = produced(Source(matrix, Fraction(1)))
    assert claims[2] == {"type": "near-orthogonality", "status": "undecided", "needs": "gram"}
    assert [claims[3]["needs"], claims[4]["needs"]] == ["near-orthogonality", "gram"]
    known = Source(matrix, Fraction(1), twins=(0, 1))
    assert produced(known)[0][2]["status"] == "refuted"
    assert produced(known)[0] == derived(known)


def test_a_norm_that_may_be_zero_is_undecided() -> None:
    tiny = Enclosure.around(Fraction(1, 10**31))
    source = Source([[tiny, Fraction(0)], [Fraction(0), Fraction(1)]], Fraction(1))
    claims, _ = produced(source)
    assert claims[1]["status"] == "undecided" and claims[1]["minimum"][0] == "0"
    assert [claim["needs"] for claim in claims[1:]] == [
        "gram",
        "norm",
        "near-orthogonality",
        "gram",
    ]
    assert claims == derived(source)


def test_a_negative_norm_is_a_fault() -> None:
    with pytest.raises(VerificationError, match="squared norms must be at least 0, got -1"):
        produced(Source(np.array([[-1]])))


def test_what_rests_on_a_failed_claim_is_undecided() -> None:
    log = ClaimLog()
    failed = ClaimResult("invariance", "fixed", "refuted", witness={"function": 0})
    log.add("invariance", "fixed", lambda: failed)
    matrix = np.eye(2, dtype=int)
    correlation_claims(Source(matrix), HALF, log, None, bound_needs=("invariance",))
    assert [claim.status for claim in log][1:] == ["proved"] * 4 + ["undecided"]
    log = ClaimLog()
    log.add("invariance", "fixed", lambda: failed)
    result = correlation_claims(Source(matrix), HALF, log, None, needs=("invariance",))
    assert [claim.record.get("needs") for claim in log][1:] == [
        "invariance",
        "invariance",
        "invariance",
        "near-orthogonality",
        "invariance",
    ]
    assert not result.gram.entries


def test_an_entry_that_no_precision_decides() -> None:
    """2 arcsin(3/5) + arcsin(7/25) = π/2 is not seen: no ball leaves the 4."""
    total = RotationSum(1, "sign")
    total.add(2, (15, 0), (15, 0), 25)
    total.add(1, (7, 0), (7, 0), 25)

    class Undecided(Source):
        def block(self, rows: range, columns: range) -> Any:
            return [[total.value()]]

    claims, result = produced(Undecided([[0]], Fraction(1)))
    assert [claim["status"] for claim in claims] == ["undecided"] * 5
    assert [claim["needs"] for claim in claims] == [
        "precision",
        "gram",
        "gram",
        "near-orthogonality",
        "precision",
    ]
    assert not result.gram.entries


def test_entries_are_written_and_read() -> None:
    wide = Enclosure(Fraction(-1), Fraction(1, 10**30))
    for value in (0, -7, Fraction(3, 7), Enclosure.around(Fraction(-1, 3)), wide):
        assert read_entry(entry_text(value)) == value
    assert block_text([[Fraction(1, 2), Enclosure.around(Fraction(2, 3))]]).startswith("1/2 ")
    with pytest.raises(VerificationError, match="30 digits"):
        entry_text(Enclosure(Fraction(0), Fraction(1, 3), 0))


# ------------------------------------------------------------------- the file beside a certificate


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    family = cs.RotationNetworks(cs.isotropic_vectors(16, 300, 1), power=4)
    certificate = cs.verify(family).certificate
    yield certificate.save(tmp_path_factory.mktemp("blocks") / "rotation.json", blocks=True)


def test_blocks_are_saved_and_compared(saved: Path) -> None:
    beside = saved.with_suffix(".gram")
    lines = beside.read_text().splitlines()
    assert lines[0] == "block 0 0" and lines[257] == "block 0 1" and lines[514] == "block 1 1"
    assert len(lines) == 3 + 256 + 256 + 44
    assert checker.check(saved).accepted
    text = saved.read_bytes()
    assert checker.check(text).accepted  # without a path nothing is compared


@pytest.mark.parametrize("change", ["digit", "heading", "end", "cut", "more"])
def test_a_changed_file_of_blocks_is_rejected(saved: Path, tmp_path: Path, change: str) -> None:
    here = tmp_path / "rotation.json"
    here.write_bytes(saved.read_bytes())
    blocks = saved.with_suffix(".gram").read_bytes()
    assert checker.check(here).accepted
    altered = {
        "digit": blocks[:-3] + (b"1" if blocks[-3:-2] == b"0" else b"0") + blocks[-2:],
        "heading": blocks.replace(b"block 0 1\n", b"block 0 2\n"),
        "end": blocks[:-1] + b" ",
        "cut": blocks[: len(blocks) // 2],
        "more": blocks + b"\n",
    }
    here.with_suffix(".gram").write_bytes(altered[change])
    report = checker.check(here)
    assert report.verdict == "rejected"
    assert report.failures[0][0] == "rotation.gram"
    here.with_suffix(".gram").unlink()
    assert checker.check(here).accepted


def test_a_directory_in_the_place_of_blocks_is_declined(saved: Path, tmp_path: Path) -> None:
    here = tmp_path / "rotation.json"
    here.write_bytes(saved.read_bytes())
    here.with_suffix(".gram").mkdir()
    assert checker.check(here).verdict == "declined"


def test_small_classes_have_no_blocks_to_save(tmp_path: Path) -> None:
    certificate = cs.verify(cs.ParityNetworks(4, 2)).certificate
    with pytest.raises(CertificateError, match="blocks: must be False"):
        certificate.save(tmp_path, blocks=True)
    assert not list(tmp_path.iterdir())
