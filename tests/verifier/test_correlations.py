"""Gram matrices, norms and orthogonality against direct computation."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcsq.distributions import parse
from symcsq.errors import ExactnessError
from symcsq.exact import Enclosure
from symcsq.functions.gram import Gram
from symcsq.verifier import correlations
from symcsq.verifier.gram import orbit_gram
from symcsq.verifier.orbit_facts import OrbitFacts
from symcsq.verifier.orbit_points import vector_of
from symcsq.verifier.symmetry import distribution_preserved, sign_equivariance, sign_symmetric

coefficients = st.fractions(min_value=-3, max_value=3, max_denominator=4)


@given(
    st.lists(st.dictionaries(st.integers(0, 4), coefficients, max_size=4), min_size=1, max_size=5),
    st.lists(coefficients.map(abs), min_size=5, max_size=5),
)
@settings(max_examples=40)
def test_orbit_gram_is_c_diag_w_c_transposed(rows, weights):
    gram = orbit_gram(rows, weights)
    for i, left in enumerate(rows):
        for j, right in enumerate(rows):
            direct = sum(
                (left.get(k, 0) * right.get(k, 0) * w for k, w in enumerate(weights)), Fraction(0)
            )
            assert gram[i, j] == direct
    assert all(gram.entries.values())


def test_gram_in_all_its_forms():
    gram = Gram(3, {(0, 0): Fraction(2), (0, 1): Fraction(1, 2), (2, 2): Fraction(3)})
    rows = [[2, Fraction(1, 2), 0], [Fraction(1, 2), 0, 0], [0, 0, 3]]
    assert gram.to_fractions() == rows
    assert gram.to_numpy().tolist() == rows
    assert gram.to_sympy().tolist() == rows
    assert gram.shape == (3, 3) and not gram.is_diagonal and gram.is_exact
    assert "1/2" in gram._repr_html_() and "3 × 3" in gram._repr_html_()
    assert Gram(0, {}).to_fractions() == []
    assert "…" in Gram(40, {})._repr_html_()


def test_gram_with_enclosures_keeps_them():
    cell = Enclosure(Fraction(1, 10), Fraction(2, 10), 1)
    gram = Gram(2, {(0, 0): cell, (1, 1): cell})
    assert not gram.is_exact and gram.to_numpy()[1, 1] is cell
    with pytest.raises(ExactnessError, match="to_numpy"):
        gram.to_fractions()


@pytest.mark.parametrize("entries", [{(1, 0): Fraction(1)}, {(0, 2): Fraction(1)}])
def test_gram_refuses_keys_outside_the_upper_triangle(entries):
    with pytest.raises(ExactnessError, match="entries"):
        Gram(2, entries)


def test_gram_refuses_indices_outside():
    with pytest.raises(ExactnessError, match="rows and columns"):
        Gram(2, {})[0, 2]


def test_largest_correlation_is_normalised_and_least():
    entries = {(i, i): Fraction(4) for i in range(4)}
    entries |= {(0, 3): Fraction(-2), (1, 2): Fraction(2), (2, 3): Fraction(1)}
    assert Gram(4, entries).largest_correlation() == (Fraction(1, 4), (0, 3))
    claim = correlations.orthogonality_claim(Gram(4, entries))
    assert claim.status == "refuted"
    assert claim.witness == {"pair": [0, 3], "correlation_squared": "1/4"}


def test_a_zero_member_is_refuted_with_its_number():
    claim = correlations.norm_claim(Gram(2, {(0, 0): Fraction(1)}))
    assert claim.witness == {"member": 1, "norm_squared": "0"}
    assert claim.record == {"minimum": "0", "maximum": "1"}


@given(st.lists(st.sets(st.integers(0, 70), min_size=3, max_size=3), max_size=12))
def test_every_pair_of_subsets_is_separated_or_equal(subsets):
    rows = [tuple(sorted(s)) for s in subsets]
    equal = [(i, j) for i, j in combinations(range(len(rows)), 2) if rows[i] == rows[j]]
    masks = correlations.subset_masks(rows, 71)
    assert correlations.first_not_separated(masks) == min(equal, default=None)


def test_separation_works_across_blocks_of_rows():
    rows = list(combinations(range(24), 4))[:5000]
    masks = correlations.subset_masks([*rows, rows[4321]], 24)
    assert correlations.first_not_separated(masks) == (4321, 5000)
    assert correlations.first_not_separated(masks[:-1]) is None


def test_norms_of_orbits_are_summed_over_their_terms_too():
    law = parse("gaussian").on(3)
    # The orbit of x1*x2^2 under the cyclic group, as words.
    words = np.array([[1, 2, 2], [0, 0, 2], [0, 1, 1]])
    facts = OrbitFacts((1, 2, 2), 3, 1, words, ())
    assert correlations.orbit_norms(law, [facts]) == ([Fraction(6)], "")
    lying = OrbitFacts((1, 2, 2), 4, 1, words, ())
    assert "orbit 0" in correlations.orbit_norms(law, [lying])[1]
    mixed = parse("gaussian^2 x uniform")
    assert "orbit 0" in correlations.orbit_norms(mixed, [facts])[1]


@given(
    st.lists(
        st.lists(st.integers(0, 3), min_size=3, max_size=3).map(sorted), min_size=1, max_size=8
    ),
    st.sampled_from(["gaussian^4", "gaussian x uniform^2 x gaussian", "uniform^4"]),
)
def test_sums_of_norms_by_patterns(words, law):
    distribution = parse(law)
    direct = sum((distribution.norm(vector_of(word, 4)) for word in words), Fraction(0))
    array = np.array(words)
    assert correlations.sums_of_norms(distribution, [array, array[:0]]) == [direct, 0]


def group(*generators):
    return SimpleNamespace(
        generators=[SimpleNamespace(images=np.array(g)) for g in generators], degree=3
    )


def test_the_witness_against_a_distribution_is_the_least():
    law = parse("gaussian x gaussian x rademacher")
    assert distribution_preserved(law, group([1, 0, 2])).status == "proved"
    claim = distribution_preserved(law, group([1, 0, 2], [0, 2, 1]))
    assert claim.witness == {
        "generator": 1,
        "point": 1,
        "image": 2,
        "moment": 4,
        "values": ["3", "1"],
    }


def test_two_names_of_one_law_are_preserved():
    law = parse("rademacher x finite(-1,1) x gaussian")
    assert distribution_preserved(law, group([1, 0, 2])).status == "proved"


def test_sign_symmetry():
    assert sign_symmetric(parse("gaussian").on(2)).status == "proved"
    claim = sign_symmetric(parse("gaussian x bernoulli(1/2)"))
    assert claim.witness == {"marginal": 1, "moment": 1}


def units(m):
    rows = [tuple(1 - 2 * (k >> i & 1) for i in range(m)) for k in range(2**m)]
    return [(row, int(np.prod(row))) for row in rows]


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_sign_equivariance_on_true_and_on_broken_units(m):
    right = units(m)
    assert sign_equivariance(m, right).status == "proved"
    assert sign_equivariance(m, reversed(right)).status == "proved"
    assert sign_equivariance(m, right[:-1]).status == "refuted"
    row, sign = right[0]
    assert sign_equivariance(m, [(row, -sign), *right[1:]]).status == "refuted"
    assert sign_equivariance(m, [((2, *row[1:]), sign), *right[1:]]).status == "refuted"
