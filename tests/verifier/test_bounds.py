"""M7, M8 and M9 against brute force over all subsets, and against learners that ask queries."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symcsq.errors import VerificationError
from symcsq.verifier.bounds import (
    CorrelationSummary,
    bound_curve,
    members_ruled_out,
    query_bound,
    statistical_dimension,
    statistical_dimension_by_coherence,
    statistical_dimension_by_row_sum,
)

entries = st.integers(-3, 3)


@st.composite
def vector_classes(draw: st.DrawFn) -> list[list[int]]:
    """Up to 6 integer vectors in dimension up to 4: functions with the standard product."""
    dimension = draw(st.integers(1, 4))
    size = draw(st.integers(1, 6))
    vectors = [[draw(entries) for _ in range(dimension)] for _ in range(size)]
    assume(any(any(v) for v in vectors))
    return vectors


def dot(u: list, v: list) -> Fraction:
    return sum((Fraction(a) * b for a, b in zip(u, v, strict=True)), Fraction(0))


def gram(vectors: list[list[int]]) -> list[list[Fraction]]:
    return [[dot(u, v) for v in vectors] for u in vectors]


def average_correlation(matrix: list[list[Fraction]], subset: tuple[int, ...]) -> Fraction:
    return sum(abs(matrix[i][j]) for i in subset for j in subset) / Fraction(len(subset)) ** 2


def largest_violating_size(matrix: list[list[Fraction]], gamma: Fraction) -> int:
    """The size of the largest C' with rho(C') > gamma; SDA(C, gamma) is the supremum |C| / size."""
    size = len(matrix)
    for count in range(size, 0, -1):
        for subset in combinations(range(size), count):
            if average_correlation(matrix, subset) > gamma:
                return count
    return 0


@given(vector_classes(), st.fractions(min_value="1/50", max_value=4, max_denominator=50))
@settings(max_examples=150, deadline=None)
def test_statistical_dimension_is_below_the_brute_force_value(vectors, gamma):
    matrix = gram(vectors)
    summary = CorrelationSummary.from_matrix(matrix)
    assume(gamma < summary.largest)
    violating = largest_violating_size(matrix, gamma)
    assert violating >= 1, "gamma < beta: the single member of norm beta violates"
    true_value = Fraction(len(vectors), violating)
    assert statistical_dimension_by_row_sum(summary, gamma) <= true_value
    second = statistical_dimension_by_coherence(summary, gamma)
    assert (second is None) == (gamma <= summary.coherence)
    if second is not None:
        assert second <= true_value
    best = statistical_dimension(summary, gamma)
    for count in range(1, len(vectors) + 1):
        for subset in combinations(range(len(vectors)), count):
            if best * count >= len(vectors):
                assert average_correlation(matrix, subset) <= gamma


@given(vector_classes(), st.data())
@settings(max_examples=150, deadline=None)
def test_no_query_of_norm_one_rules_out_more_than_m8(vectors, data):
    summary = CorrelationSummary.from_matrix(gram(vectors))
    query = [
        data.draw(st.fractions(min_value=-1, max_value=1, max_denominator=9)) for _ in vectors[0]
    ]
    norm_squared = dot(query, query)
    assume(norm_squared > 0)
    tolerance = data.draw(st.fractions(min_value="1/20", max_value=3, max_denominator=20))
    # g = query / |query|: |<f, g>| > tau exactly when <f, query>^2 > tau^2 |query|^2.
    ruled_out = sum(dot(f, query) ** 2 > tolerance**2 * norm_squared for f in vectors)
    assert ruled_out <= members_ruled_out(summary, tolerance)


@given(vector_classes(), st.data())
@settings(max_examples=100, deadline=None)
def test_m9_on_learners_that_answer_all_zero(vectors, data):
    """Fewer queries than the bound leave a member that the learner's output misses."""
    summary = CorrelationSummary.from_matrix(gram(vectors))
    assume(summary.smallest > 0)
    tolerance = data.draw(st.fractions(min_value="1/20", max_value=2, max_denominator=20))
    assume(tolerance**2 < summary.smallest)
    bound = query_bound(summary, tolerance)
    queries = [
        vectors[data.draw(st.integers(0, len(vectors) - 1))]
        for _ in range(max(0, bound.queries - 1))
    ]
    output = data.draw(
        st.lists(entries, min_size=len(vectors[0]), max_size=len(vectors[0])), label="h"
    )
    consistent = [
        f for f in vectors if all(dot(f, g) ** 2 <= tolerance**2 * dot(g, g) for g in queries)
    ]
    if len(queries) < bound.value:
        errors = [dot(f, f) - 2 * dot(f, output) + dot(output, output) for f in consistent]
        assert consistent and max(errors) >= bound.loss_below


def test_identity_class_is_tight():
    """N orthonormal vectors with gamma = 1/k: exactly the subsets below size k violate."""
    summary = CorrelationSummary.orthonormal(12)
    matrix = [[Fraction(int(i == j)) for j in range(12)] for i in range(12)]
    assert summary == CorrelationSummary.from_matrix(matrix)
    for k in (2, 3, 4, 6):
        assert statistical_dimension(summary, Fraction(1, k)) == Fraction(12, k)
        assert largest_violating_size(matrix, Fraction(1, k)) == k - 1


def test_scaled_norms_give_the_same_bound_in_relative_terms():
    """M10: scaling every function by s scales tolerance by s and leaves the number of queries."""
    matrix = [[4, 1, 0], [1, 4, -1], [0, -1, 4]]
    scaled = [[Fraction(x, 4) for x in row] for row in matrix]
    one = query_bound(CorrelationSummary.from_matrix(matrix), Fraction(1, 5))
    other = query_bound(CorrelationSummary.from_matrix(scaled), Fraction(1, 10))
    assert one.value == other.value and one.loss_below == 4 * other.loss_below


@pytest.mark.parametrize(
    ("size", "tolerance", "value", "queries"),
    [
        (0, "1/10", "-1", 0),
        (1, "1/10", "-99/100", 0),
        (100, "1/10", "0", 0),
        (101, "1/10", "1/100", 1),
        (1820, "1/10", "86/5", 18),
        (10**40, "1/10", str(10**38 - 1), 10**38 - 1),
    ],
)
def test_golden_values_for_orthonormal_classes(size, tolerance, value, queries):
    bound = query_bound(CorrelationSummary.orthonormal(size), Fraction(tolerance))
    assert (bound.value, bound.queries, bound.form) == (Fraction(value), queries, "bessel")
    assert bound.loss_below == Fraction(99, 100)


def test_the_better_form_is_reported():
    one = Fraction(1)
    crowded = CorrelationSummary(10**6, 1 + Fraction(10**6 - 1, 200), Fraction(1, 200), one, one)
    bound = query_bound(crowded, Fraction(1, 10))
    assert bound.form == "sda"
    assert bound.value == Fraction(10**6, 199) / 2 - 1
    sparse = CorrelationSummary(10**6, Fraction(2), Fraction(1, 2), one, one)
    assert query_bound(sparse, Fraction(1, 10)).form == "bessel"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: query_bound(CorrelationSummary.orthonormal(5), Fraction(1)), "tolerance"),
        (lambda: query_bound(CorrelationSummary.orthonormal(5), Fraction(0)), "tolerance"),
        (lambda: query_bound(CorrelationSummary.orthonormal(5), Fraction(-1, 10)), "tolerance"),
        (lambda: members_ruled_out(CorrelationSummary.orthonormal(5), Fraction(0)), "tolerance"),
        (lambda: statistical_dimension(CorrelationSummary.orthonormal(5), Fraction(2)), "gamma"),
        (lambda: CorrelationSummary.orthonormal(-1), "size"),
        (lambda: CorrelationSummary.from_matrix([]), "gram"),
        (lambda: CorrelationSummary.from_matrix([[1, 2]]), "square"),
        (lambda: CorrelationSummary.from_matrix([[1, 2], [3, 1]]), "symmetric"),
        (lambda: CorrelationSummary.from_matrix([[-1]]), "diagonal"),
    ],
)
def test_errors_name_the_argument(call, words):
    with pytest.raises(VerificationError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_the_statement_says_what_the_tolerance_is_relative_to():
    bound = query_bound(CorrelationSummary.orthonormal(1820), Fraction(1, 10))
    assert str(bound) == (
        "1820 tau^2 - 1 = 86/5 at tau = 1/10: a deterministic learner needs at least 18 queries "
        "answered within tau*|f| to reach squared loss below 99/100 |f|^2"
    )
    # Members of other norms: the tolerance and the loss are absolute.
    longer = CorrelationSummary.from_matrix(
        [[4 if i == j else 0 for j in range(9)] for i in range(9)]
    )
    assert "answered within tau to reach squared loss below 3" in str(
        query_bound(longer, Fraction(1))
    )


@given(vector_classes(), st.integers(2, 40))
@settings(max_examples=60, deadline=None)
def test_every_bound_of_a_curve_is_the_bound_at_its_tolerance(vectors, denominator):
    summary = CorrelationSummary.from_matrix(gram(vectors))
    assume(summary.smallest > 0)
    tolerances = [Fraction(k, denominator) for k in range(1, 5)]
    tolerances = [t for t in tolerances if t**2 < summary.smallest]
    curve = bound_curve(summary, tolerances)
    assert curve == [query_bound(summary, tolerance) for tolerance in tolerances]
    for bound in curve:
        gamma = bound.tolerance**2
        assert bound.statistical_dimension == statistical_dimension(summary, gamma)
        assert bound.bessel == summary.size / members_ruled_out(summary, bound.tolerance) - 1
        assert bound.value == max(bound.bessel, bound.sda)
    # More queries for larger tolerances: answers say less.
    assert [b.value for b in curve] == sorted(b.value for b in curve)


def test_the_default_curve_ends_where_no_query_is_forced():
    curve = bound_curve(CorrelationSummary.orthonormal(10**6))
    assert [b.tolerance for b in curve] == [Fraction(1, 2**k) for k in range(1, len(curve) + 1)]
    assert all(b.queries for b in curve[:-1]) and curve[-1].is_trivial
    small = bound_curve(CorrelationSummary.from_matrix([[Fraction(1, 9)]]))
    assert small[0].tolerance == Fraction(1, 6) and len(small) == 1


def test_logarithms_are_for_display():
    bound = query_bound(CorrelationSummary.orthonormal(2**5000), Fraction(1, 2))
    assert bound.queries == 2**4998 - 1 and bound.log2_queries == 4998.0
    assert query_bound(CorrelationSummary.orthonormal(3), Fraction(1, 2)).log2_queries is None
