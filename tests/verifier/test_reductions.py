"""Tiles and their reductions against the whole Gram matrix, written out."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import isqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import symcsq as cs
from groups import PermutationGroup
from symcsq.errors import VerificationError
from symcsq.exact import ExactReal
from symcsq.verifier.bounds import CorrelationSummary, query_bound
from symcsq.verifier.coefficient_rows import CoefficientRows
from symcsq.verifier.gram import orbit_gram
from symcsq.verifier.integer_products import IntegerMatrix
from symcsq.verifier.reductions import ExactBlocks, GramReductions, reduce_gram
from symcsq.verifier.tile_summaries import BINS


@st.composite
def function_rows(draw: st.DrawFn):
    """Up to 9 sparse or dense functions over up to 12 basis elements, of any size."""
    size = draw(st.integers(1, 12))
    bits = draw(st.sampled_from([1, 3, 30, 70]))
    entry = st.integers(-(2**bits), 2**bits)
    if draw(st.booleans()):
        entry = st.builds(Fraction, entry, st.integers(1, 6))
    terms = st.dictionaries(
        st.integers(0, size - 1), entry, min_size=1, max_size=draw(st.sampled_from([2, 12]))
    )
    rows = draw(st.lists(terms, min_size=1, max_size=9))
    weights = draw(
        st.lists(
            st.builds(Fraction, st.integers(1, 2**bits), st.integers(1, 5)),
            min_size=size,
            max_size=size,
        )
    )
    return rows, weights


@given(function_rows(), st.integers(1, 10))
def test_tiles_hold_the_gram_matrix(case, size):
    rows, weights = case
    coefficients = CoefficientRows(rows, weights)
    gram = orbit_gram([{k: Fraction(c) for k, c in row.items()} for row in rows], weights)
    seen = set()
    for tile in coefficients.tiles(size):
        numerators = tile.numerators.to_object()
        for (a, b), numerator in zip(
            ((a, b) for a in range(numerators.shape[0]) for b in range(numerators.shape[1])),
            numerators.ravel().tolist(),
            strict=True,
        ):
            i, j = tile.start + a, tile.left + b
            seen.add((i, j))
            scale = coefficients.denominators[i] * coefficients.denominators[j]
            assert Fraction(numerator, scale * coefficients.scale) == gram[i, j]
            assert coefficients.entry(i, j) == gram[i, j]
    assert seen >= set(combinations(range(len(rows)), 2))


def whole(rows, weights) -> GramReductions:
    """The same reductions from the whole matrix."""
    gram = orbit_gram([{k: Fraction(c) for k, c in row.items()} for row in rows], weights)
    size = len(rows)
    squares = {
        (i, j): gram[i, j] ** 2 / (gram[i, i] * gram[j, j]) for i, j in combinations(range(size), 2)
    }
    largest, pair = Fraction(0), None
    histogram: dict[int, int] = {}
    for place, square in squares.items():
        if square > largest:
            largest, pair = square, place
        if square:
            b = next(b for b in range(BINS) if b == BINS - 1 or square > Fraction(1, 2 ** (b + 1)))
            histogram[b] = histogram.get(b, 0) + 1
    zeros = sum(not square for square in squares.values())
    row_sum = max(
        1 + sum(float(squares[min(i, j), max(i, j)]) ** 0.5 for j in range(size) if j != i)
        for i in range(size)
    )
    return GramReductions(size, largest, pair, histogram, zeros, Fraction(row_sum), False)


@given(function_rows(), st.integers(1, 10))
@settings(max_examples=80)
def test_reductions_are_those_of_the_whole_matrix(case, size):
    rows, weights = case
    coefficients = CoefficientRows(rows, weights)
    assume(min(coefficients.diagonal) > 0)
    found, expected = reduce_gram(coefficients, tile=size), whole(rows, weights)
    assert found.largest_correlation == expected.largest_correlation
    assert found.pair == expected.pair
    assert found.histogram == expected.histogram
    assert found.orthogonal_pairs == expected.orthogonal_pairs
    # A bound from above, and a tight one.
    assert -1e-9 < float(found.row_sum - expected.row_sum) < 1e-6
    assert found == reduce_gram(coefficients, tile=3)


def test_equal_norms_give_exact_row_sums_and_bounds():
    rows = [{i: 1, j: 1} for i, j in combinations(range(6), 2)]
    found = reduce_gram(CoefficientRows(rows, [Fraction(1)] * 6), tile=4)
    assert found.row_sum_is_exact and found.row_sum == 1 + 8 * Fraction(1, 2)
    assert (found.largest_correlation, found.pair) == (Fraction(1, 4), (0, 1))
    assert found.histogram == {2: 60} and found.orthogonal_pairs == 45
    summary = found.summary()
    assert summary == CorrelationSummary(15, Fraction(5), Fraction(1, 2), Fraction(1), Fraction(1))
    bound = query_bound(summary, Fraction(9, 10))
    assert (bound.form, bound.value) == ("sda", 15 * Fraction(31, 50) / 2 - 1)


def test_many_equal_maxima_name_the_least_pair():
    rows = [{0: 1, k: 1} for k in range(1, 400)]
    found = reduce_gram(CoefficientRows(rows, [1] * 400), tile=128)
    assert (found.largest_correlation, found.pair) == (Fraction(1, 4), (0, 1))
    assert found.row_sum == 1 + 398 * Fraction(1, 2)


def test_a_near_tie_is_decided_exactly():
    """Two correlations that no float64 can tell apart."""
    big = 10**20
    rows = [{0: big}, {0: big, 1: 1}, {2: big}, {2: big, 3: 1, 4: 1}]
    found = reduce_gram(CoefficientRows(rows, [1] * 5))
    assert found.pair == (0, 1)
    assert found.largest_correlation == Fraction(big**2, big**2 + 1)
    swapped = reduce_gram(CoefficientRows(rows[2:] + rows[:2], [1] * 5))
    assert swapped.pair == (2, 3) and swapped.largest_correlation == found.largest_correlation
    assert found.histogram == {0: 2}


def test_norms_beyond_the_range_of_floats_are_reduced_too():
    rows = [{0: 1, 1: 1}, {0: 1, 2: 1}, {1: 3}, {2: 1, 3: 1}, {4: 1}]
    small = reduce_gram(CoefficientRows(rows, [1] * 5), tile=2)
    large = [{k: c << 600 for k, c in row.items()} for row in rows]
    assert reduce_gram(CoefficientRows(large, [1] * 5), tile=2) == small
    assert small.orthogonal_pairs == 7 and small.histogram == {1: 1, 2: 2}
    wide = [{0: 1 << 700}, {0: 1, 1: 1}]
    assert reduce_gram(CoefficientRows(wide, [1, 1])).largest_correlation == Fraction(1, 2)


def test_bins_at_their_edges_are_decided_exactly():
    rows = [{0: 1, 1: 1}, {0: 1, 2: 1}, {3: 1, 4: 1, 5: 1, 6: 1}, {3: 1}]
    found = reduce_gram(CoefficientRows(rows, [1] * 7))
    assert found.histogram == {2: 2}  # both squares are exactly 1/4, the closed end of its bin


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reduce_gram(CoefficientRows([], [1])), "at least one function"),
        (lambda: reduce_gram(CoefficientRows([{0: 1}, {}], [1])), "rows\\[1\\]"),
        (lambda: CoefficientRows([{2: 1}], [1, 1]), "basis elements"),
        (lambda: CoefficientRows([{0: 1}], [-1]), "weights\\[0\\]"),
    ],
)
def test_bad_input_is_one_line(call, words):
    with pytest.raises(VerificationError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


def rule_of_certificates(gram, size) -> Fraction:
    """The row sum as the format prescribes it, from the whole matrix."""
    norms = [gram[i, i] for i in range(size)]
    sums = [[abs(gram[min(i, j), max(i, j)]) for j in range(size)] for i in range(size)]
    if len(set(norms)) == 1:
        return max(sum(row, Fraction(0)) for row in sums) / norms[0]
    largest = max(norms)
    c = [isqrt(int(largest / n * 4**64)) + 1 for n in norms]
    weighted = [sum((g * c[j] for j, g in enumerate(row)), Fraction(0)) for row in sums]
    return max(c[i] * total for i, total in enumerate(weighted)) / (largest * 4**64)


@given(function_rows(), st.integers(1, 10))
@settings(max_examples=80)
def test_row_sums_follow_the_rule_of_the_certificates(case, size):
    rows, weights = case
    coefficients = CoefficientRows(rows, weights)
    assume(min(coefficients.diagonal) > 0)
    gram = orbit_gram([{k: Fraction(c) for k, c in row.items()} for row in rows], weights)
    found = reduce_gram(coefficients, tile=size)
    assert found.row_sum == rule_of_certificates(gram, len(rows))


class Block:
    """A Gram matrix of integers, as a closed formula would give it."""

    def __init__(self, entries, dtype):
        self.entries, self.dtype, self.size = entries, dtype, len(entries)

    def block(self, rows, columns):
        return np.array([[self.entries[i][j] for j in columns] for i in rows], dtype=self.dtype)


@given(st.lists(st.lists(st.integers(-50, 50), min_size=4, max_size=4), min_size=1, max_size=8))
def test_plain_integer_blocks_are_reduced_like_rows(vectors):
    vectors = [v for v in vectors if any(v)]
    assume(vectors)
    gram = [[sum(a * b for a, b in zip(u, v, strict=True)) for v in vectors] for u in vectors]
    rows = CoefficientRows([dict(enumerate(v)) for v in vectors], [1] * 4)
    expected = reduce_gram(rows, tile=3)
    for factor, dtype in ((1, np.int64), (2**48, np.int64), (2**70, object)):
        source = Block([[factor * x for x in row] for row in gram], dtype)
        found = reduce_gram(ExactBlocks(source), tile=3)
        assert found == expected
    sevenths = Rationals([[Fraction(x, 7) for x in row] for row in gram])
    assert reduce_gram(ExactBlocks(sevenths), tile=3) == expected


class Rationals:
    """A Gram matrix as lists of Fractions, as a family of one's own gives it."""

    def __init__(self, entries):
        self.entries, self.size = entries, len(entries)

    def block(self, rows, columns):
        return [[self.entries[i][j] for j in columns] for i in rows]


def test_rational_entries_of_a_large_class_are_reduced_and_enclosures_refused():
    """Classes of more than 64 members, of which only blocks are held."""

    class Neighbours:
        group, distribution = PermutationGroup([], degree=2), cs.Gaussian().on(2)

        def __init__(self, entry):
            self.entry = entry

        def __len__(self):
            return 70

        def __getitem__(self, index):
            return lambda x: x[0]

        def gram_entry(self, i, j):
            return 1 if i == j else self.entry if abs(i - j) == 1 else 0

        gram_entry_slow = gram_entry

    found = cs.verify(Neighbours(Fraction(1, 3))).reductions()
    assert (found.largest_correlation, found.pair) == (Fraction(1, 9), (0, 1))
    assert found.histogram == {3: 69} and found.orthogonal_pairs == 70 * 69 // 2 - 69
    assert found.row_sum == Fraction(5, 3) and found.row_sum_is_exact and found.rank == 70
    enclosed = cs.verify(Neighbours(ExactReal.root(Fraction(1, 5))))
    with pytest.raises(VerificationError, match="got enclosures"):
        enclosed.reductions()


@pytest.mark.parametrize("value", [2**53, -(2**53), 2**63 - 1, -(2**63), 2**60 + 1])
def test_large_words_become_limbs_of_one_sign(value):
    array = np.array([[value, 0, -1]], dtype=np.int64)
    matrix = IntegerMatrix.of(array)
    assert matrix.to_object().tolist() == [[value, 0, -1]]
    assert (matrix.limbs == IntegerMatrix.of(array.astype(object)).limbs).all()
