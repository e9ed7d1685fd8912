"""Exact ranks, against flint's and against elimination over the rationals."""

from __future__ import annotations

import random
from fractions import Fraction

import flint
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import symcsq as cs
from groups import group
from symcsq.errors import VerificationError
from symcsq.exact import Enclosure
from symcsq.functions.gram import Gram
from symcsq.verifier import ranks
from symcsq.verifier.coefficient_rows import CoefficientRows
from symcsq.verifier.ranks import rank_of_matrix, rank_of_rows
from symcsq.verifier.reductions import ExactBlocks, reduce_gram, reductions_of


def eliminated(rows: list[list[int]]) -> int:
    """Gaussian elimination over the rationals."""
    left = [[Fraction(x) for x in row] for row in rows]
    rank = 0
    for j in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(rank, len(left)) if left[i][j]), None)
        if pivot is None:
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        for i in range(rank + 1, len(left)):
            factor = left[i][j] / left[rank][j]
            left[i] = [a - factor * b for a, b in zip(left[i], left[rank], strict=True)]
        rank += 1
    return rank


@st.composite
def matrices(draw: st.DrawFn) -> list[list[int]]:
    """Products of thin matrices, so that ranks are small; entries small or large."""
    height, width, inner = (draw(st.integers(1, 7)) for _ in range(3))
    size = draw(st.sampled_from([1, 5, 2**70]))
    entry = st.integers(-size, size)
    left = [[draw(entry) for _ in range(inner)] for _ in range(height)]
    right = [[draw(entry) for _ in range(width)] for _ in range(inner)]
    return [[sum(a * right[k][j] for k, a in enumerate(row)) for j in range(width)] for row in left]


@given(matrices())
@settings(max_examples=150, deadline=None)
def test_ranks_agree_with_two_eliminations(rows):
    matrix = flint.fmpz_mat(rows)
    expected = eliminated(rows)
    assert rank_of_matrix(matrix) == matrix.rank() == expected
    assert rank_of_rows([dict(enumerate(row)) for row in rows]) == expected


@given(matrices(), st.lists(st.integers(0, 3), min_size=7, max_size=7))
@settings(max_examples=80, deadline=None)
def test_the_rank_of_the_gram_matrix_is_that_of_the_rows(rows, weights):
    weights = weights[: len(rows[0])]
    coefficients = CoefficientRows([dict(enumerate(row)) for row in rows], weights)
    gram = [
        [sum(a * w * b for a, w, b in zip(u, weights, v, strict=True)) for v in rows] for u in rows
    ]
    assert coefficients.rank() == flint.fmpz_mat(gram).rank() == eliminated(gram)
    assume(all(gram[i][i] for i in range(len(rows))))
    found = reduce_gram(coefficients)
    entries = {(i, j): Fraction(gram[i][j]) for j in range(len(rows)) for i in range(j + 1)}
    entries = {pair: value for pair, value in entries.items() if value}
    assert found.rank == reductions_of(Gram(len(rows), entries)).rank == eliminated(gram)


def test_a_prime_that_divides_the_minors_is_not_believed(monkeypatch):
    """Modulo the first prime the rank is too small; the relation found there is no relation."""
    first = (1 << 61) - 1
    monkeypatch.setattr(ranks, "_primes", lambda: iter([first, first - 30, 2**61 - 229]))
    assert rank_of_matrix(flint.fmpz_mat([[1, 0, 0], [0, first, 0], [2, 0, 0]])) == 2
    assert rank_of_matrix(flint.fmpz_mat([[first, 0], [0, 1]])) == 2
    assert rank_of_matrix(flint.fmpz_mat([[first, first], [first, first]])) == 1


def test_relations_with_large_coefficients_need_several_primes():
    numbers = random.Random(1)
    rows = [[numbers.getrandbits(80) for _ in range(6)] for _ in range(4)]
    rows.append([sum(c * row[j] for c, row in zip((3**50, -(7**40), 1, 5), rows, strict=True))
                 for j in range(6)])  # fmt: skip
    assert rank_of_matrix(flint.fmpz_mat(rows)) == 4
    # Beyond all primes together nothing is claimed.
    huge = [[7**800, 3**900, 1], [5**700, 2, 11**400], [0, 0, 0]]
    huge[2] = [13**500 * a + 17**450 * b for a, b in zip(huge[0], huge[1], strict=True)]
    assert rank_of_matrix(flint.fmpz_mat(huge)) in (None, 2)


def test_what_is_too_large_is_not_decided(monkeypatch):
    rows = [{j: (i * j) % 7 + 1 for j in range(20)} for i in range(20)]
    expected = eliminated([[row[j] for j in range(20)] for row in rows])
    assert rank_of_rows(rows) == expected < 20
    monkeypatch.setattr(ranks, "_MOST_ENTRIES", 399)
    assert rank_of_rows(rows) is None
    monkeypatch.setattr(ranks, "_MOST_ENTRIES", 400)
    monkeypatch.setattr(ranks, "_MOST_RELATIONS", 10)
    assert rank_of_rows(rows) is None


def test_large_sparse_families_need_no_elimination():
    chain = [{k: 1, k + 1: -1} for k in range(50_000)]
    assert rank_of_rows(chain) == 50_000
    assert rank_of_rows([{k: 3} for k in range(50_000)] * 1 + [{0: 1}]) == 50_000
    assert rank_of_rows([]) == rank_of_rows([{}, {3: 0}]) == 0


def test_reductions_of_reports():
    orthogonal = cs.verify(cs.ParityNetworks(7, 2)).reductions()
    assert (orthogonal.rank, orthogonal.row_sum, orthogonal.orthogonal_pairs) == (21, 1, 210)
    polynomials = cs.verify(cs.InvariantPolynomials(group("C6"), 3)).reductions()
    assert polynomials.rank == polynomials.size and polynomials.pair is None
    for count in (10, 66):  # listed in full, and by blocks
        report = cs.verify(cs.RotationNetworks(cs.isotropic_vectors(8, count, seed=1), power=2))
        found = report.reductions()
        bound = report.bound("1/2")
        assert found.row_sum == bound.row_sum and found.coherence == report.summary.coherence
        maximum = report["near-orthogonality"].record
        assert str(found.largest_correlation) == maximum["maximum"]
        assert (list(found.pair) if found.pair else None) == maximum["pair"]
        gram = [[report.gram[i, j] for j in range(count)] for i in range(count)]
        scale = max(x.denominator for row in gram for x in row)
        integers = [[int(x * scale) for x in row] for row in gram]
        assert found.rank == eliminated(integers)
        assert sum(found.histogram.values()) + found.orthogonal_pairs == count * (count - 1) // 2


def test_what_has_no_exact_reductions_is_refused():
    with pytest.raises(VerificationError, match="at least one member"):
        cs.verify(cs.ParityNetworks(100, 10)).reductions()
    with pytest.raises(VerificationError, match="enclosures"):
        half = Enclosure(Fraction(1, 3), Fraction(1, 2), 1)
        reductions_of(Gram(2, {(0, 0): Fraction(1), (0, 1): half, (1, 1): Fraction(1)}))
    with pytest.raises(VerificationError, match="rows\\[1\\]"):
        reductions_of(Gram(2, {(0, 0): Fraction(1)}))


def test_blocks_beyond_the_limit_have_no_rank(monkeypatch):
    from symcsq.verifier import reductions

    class Equal:
        size = 5

        def block(self, rows, columns):
            import numpy as np

            return np.ones((len(rows), len(columns)), dtype=np.int64)

    assert reduce_gram(ExactBlocks(Equal())).rank == 1
    monkeypatch.setattr(reductions, "_LARGEST_ELIMINATED", 4)
    assert reduce_gram(ExactBlocks(Equal())).rank is None
