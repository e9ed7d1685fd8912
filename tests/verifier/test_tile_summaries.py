"""Summaries of tiles: integers, rationals and enclosures against the whole matrix."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import isqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcsq.exact import Enclosure
from symcsq.verifier.integer_products import IntegerMatrix
from symcsq.verifier.tile_summaries import BINS, Norms, TileSummary, root_above, summarize


@st.composite
def gram_matrices(draw: st.DrawFn) -> list[list[int]]:
    """Gram matrices of a few integer vectors other than 0, with equal norms and correlations."""
    bits = draw(st.sampled_from([1, 2, 40, 80]))
    entry = st.integers(-(2**bits), 2**bits)
    vectors = draw(
        st.lists(st.lists(entry, min_size=3, max_size=3).filter(any), min_size=1, max_size=7)
    )
    return [[sum(a * b for a, b in zip(u, v, strict=True)) for v in vectors] for u in vectors]


def in_tiles(gram, size: int, convert) -> tuple[TileSummary, Norms]:
    norms = Norms.of([gram[i][i] for i in range(len(gram))])
    spans = [range(k, min(k + size, len(gram))) for k in range(0, len(gram), size)]
    total = TileSummary()
    places = [(rows, columns) for k, rows in enumerate(spans) for columns in spans[k:]]
    for rows, columns in reversed(places):
        block = convert([[gram[i][j] for j in columns] for i in rows])
        found = summarize(block, rows, columns, norms, histogram=True).to_json()
        total.merge(TileSummary.from_json(json.loads(json.dumps(found))))
    return total, norms


@given(gram_matrices(), st.integers(1, 8))
@settings(max_examples=80)
def test_every_kind_of_block_gives_the_summary_of_the_whole_matrix(gram, size) -> None:
    pairs = list(combinations(range(len(gram)), 2))
    squares = {(i, j): Fraction(gram[i][j] ** 2, gram[i][i] * gram[j][j]) for i, j in pairs}
    order = [pair for pair in pairs if squares[pair]]
    best = max(order, key=lambda pair: squares[pair], default=None)  # the first of equal ones
    bins = Counter(
        next(b for b in range(BINS) if b == BINS - 1 or squares[pair] > Fraction(1, 2 ** (b + 1)))
        for pair in order
    )
    for convert in (
        lambda block: block,
        lambda block: np.array(block, dtype=object),
        IntegerMatrix.of,
        lambda block: [[Fraction(value) for value in row] for row in block],
    ):
        found, norms = in_tiles(gram, size, convert)
        assert found.best == (None if best is None else (squares[best], best))
        assert found.certain == (best if best is not None and squares[best] == 1 else None)
        assert found.bins == bins and found.zeros == len(pairs) - len(order)
        weights = norms.weights(range(len(gram))) or [1] * len(gram)
        assert found.row_sums == {
            i: sum(abs(value) * c for value, c in zip(row, weights, strict=True))
            for i, row in enumerate(gram)
        }


@given(gram_matrices(), st.integers(1, 8))
@settings(max_examples=40)
def test_enclosures_count_by_their_upper_bounds(gram, size) -> None:
    third = Fraction(1, 3)
    sizes = [[Fraction(abs(value)) for value in row] for row in gram]
    enclosed = {(i, j) for i, j in combinations(range(len(gram)), 2) if (i + j) % 3}
    for i, j in enclosed:
        value = gram[i][j]
        gram[i][j] = gram[j][i] = Enclosure(value - third, value + third)
        sizes[i][j] = sizes[j][i] = abs(value) + third
    bounds = {
        (i, j): min(Fraction(1), sizes[i][j] ** 2 / (sizes[i][i] * sizes[j][j]))
        for i, j in combinations(range(len(gram)), 2)
        if sizes[i][j]
    }
    best = max(bounds, key=lambda pair: bounds[pair], default=None)
    equal = [pair for pair in bounds if bounds[pair] == 1 and pair not in enclosed]
    found, norms = in_tiles(gram, size, lambda block: block)
    assert found.best == (None if best is None else (bounds[best], best))
    assert found.certain == (equal[0] if equal else None)
    weights = norms.weights(range(len(gram))) or [1] * len(gram)
    for i, row in enumerate(sizes):
        assert found.row_sums[i] == sum(a * c for a, c in zip(row, weights, strict=True))


def test_wide_tiles_and_long_weights_are_summed_exactly() -> None:
    """Sums of 1,030 entries close to 2**53, with weights of 64 bits and without."""
    size, big = 1030, 2**53 - 1
    for diagonal in ([2**54] * size, [2**54 + k for k in range(size)]):
        block = np.full((size, size), big // 2)
        block[0], block[:, 0] = big, big
        np.fill_diagonal(block, diagonal)
        norms = Norms.of(diagonal)
        found = summarize(block, range(size), range(size), norms)
        weights = norms.weights(range(size)) or [1] * size
        assert found.row_sums[0] == big * (sum(weights) - weights[0]) + 2**54 * weights[0]
        assert found.best == (Fraction(big**2, diagonal[0] * diagonal[1]), (0, 1))


def test_summaries_survive_json() -> None:
    summary = TileSummary(
        (Fraction(1), (0, 2)), (0, 2), {0: 10**30, 1: Fraction(1, 3)}, {0: 1, 63: 2}, 7
    )
    assert TileSummary.from_json(json.loads(json.dumps(summary.to_json()))) == summary
    empty = TileSummary()
    assert TileSummary.from_json(json.loads(json.dumps(empty.to_json()))) == empty


@given(st.fractions(min_value=0, max_value=1))
def test_the_root_is_exact_or_just_above(value) -> None:
    root = root_above(value)
    assert root**2 >= value and root <= 1
    if root**2 != value:
        # The rule of the certificates, term by term.
        scaled = value * 4**64
        assert root == min(1, Fraction(isqrt(scaled.numerator // scaled.denominator) + 1, 2**64))


@pytest.mark.parametrize("values", [[0], [1, 0], [Enclosure(Fraction(0), Fraction(1))]])
def test_norms_that_may_be_zero_are_not_positive(values) -> None:
    assert not Norms.of(values).positive
