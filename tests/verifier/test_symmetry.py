"""Invariance of functions: true orbits pass, sets that a generator leaves are refuted."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest

from groups import group
from symcsq.distributions import (
    Bernoulli,
    FiniteUniform,
    FiniteWeighted,
    Gaussian,
    Moments,
    Product,
    Rademacher,
    Uniform,
)
from symcsq.verifier.orbit_facts import OrbitFinder
from symcsq.verifier.orbit_sums import count_claim, disjoint, orbit_stabilizer
from symcsq.verifier.symmetry import (
    distribution_preserved,
    group_order,
    invariance,
    sign_symmetric,
)

ONE = Fraction(1)


def sums(count):
    return [{k: ONE} for k in range(count)]


def test_true_orbits_are_invariant():
    finder = OrbitFinder(group("D4"), "subsets")
    orbits = finder.find_all([(0, 1), (0, 2)])
    assert invariance(finder, sums(2), orbits).status == "proved"
    assert invariance(finder, [{0: ONE, 1: -ONE}], orbits).status == "proved"
    assert invariance(finder, [], []).status == "proved"
    assert all(facts.closed for facts in orbits)
    again = [dataclasses.replace(facts, closed=False) for facts in orbits]
    assert invariance(finder, sums(2), again).status == "proved"


def test_a_missing_term_is_found_with_the_generator_that_shows_it():
    finder = OrbitFinder(group("C4"), "subsets")
    whole = finder.find((0, 1))  # (0,1) (1,2) (2,3) (0,3)
    torn = dataclasses.replace(whole, word=(9,), words=whole.words[:3], closed=False)
    claim = invariance(finder, sums(2), [whole, torn])
    assert claim.status == "refuted"
    assert claim.witness == {"function": 1, "generator": 0, "points": [0, 3]}


def test_an_unused_orbit_is_not_looked_at():
    finder = OrbitFinder(group("C4"), "subsets")
    whole = finder.find((0, 1))
    torn = dataclasses.replace(whole, word=(9,), words=whole.words[:3], closed=False)
    assert invariance(finder, [{0: ONE}], [whole, torn]).status == "proved"


def test_orbits_too_large_to_expand_are_compared_by_canonical_images():
    finder = OrbitFinder(group("C4"), "subsets", most_words=0)
    whole = finder.find((0, 1))
    assert whole.words is None
    assert invariance(finder, sums(1), [whole]).status == "proved"
    assert whole.closed
    again = dataclasses.replace(whole, closed=False)
    assert invariance(finder, sums(1), [again]).status == "proved"
    false = dataclasses.replace(
        whole, word=(1, 2), closed=False
    )  # in the orbit, but not its representative
    claim = invariance(finder, sums(1), [false])
    assert claim.witness == {"function": 0, "generator": 0, "points": [2, 3]}


def test_orbits_that_meet_are_named():
    finder = OrbitFinder(group("C4"), "subsets")
    first, second = finder.find_all([(0, 1), (0, 2)])
    assert disjoint([first, second], 4).record == {"total": "6"}
    # Different representatives, a shared word.
    overlapping = dataclasses.replace(second, words=first.words[1:2])
    assert disjoint([first, overlapping], 4).witness == {"pair": [0, 1]}
    unexpanded = OrbitFinder(group("C4"), "subsets", most_words=0)
    again = unexpanded.find_all([(0, 1), (0, 2), (1, 2)])
    assert disjoint(again, 4).witness == {"pair": [0, 2]}


def test_orbit_stabiliser_says_which_sizes_were_not_counted():
    cyclic = group("C4")
    words = [(0, 1), (0, 2)]  # of sizes 4 and 2
    values = {
        most: orbit_stabilizer(
            cyclic, OrbitFinder(cyclic, "subsets", most_words=most).find_all(words)
        ).value
        for most in (6, 3, 0)
    }
    assert values == {
        6: "2 orbits",
        3: "2 orbits, 1 of them too large to list: |G| / |stabiliser|, not counted",
        0: "2 orbits, 2 of them too large to list: |G| / |stabiliser|, not counted",
    }


@pytest.mark.parametrize("field", ["size", "stabilizer_order"])
def test_orbit_stabiliser_needs_both_numbers_right(field):
    cyclic = group("C4")
    facts = OrbitFinder(cyclic, "subsets").find((0, 1))
    assert orbit_stabilizer(cyclic, [facts]).status == "proved"
    false = dataclasses.replace(facts, **{field: 2})
    claim = orbit_stabilizer(cyclic, [facts, false])
    assert claim.status == "refuted" and claim.witness["orbit"] == 1


@pytest.mark.parametrize(
    ("listed", "expected", "complete", "status"),
    [
        (5, 5, True, "proved"),
        (4, 5, True, "refuted"),
        (6, 5, True, "refuted"),
        (4, 5, False, "proved"),
        (5, 5, False, "proved"),
        (6, 5, False, "undecided"),
    ],
)
def test_counts(listed, expected, complete, status):
    assert count_claim(listed, expected, complete).status == status


def test_the_order_is_proved_from_the_chain():
    claim = group_order(group("M11"))
    assert (claim.status, claim.record) == ("proved", {"value": "7920"})


SEQUENCE = Moments([1, 0, 1, 0, 3])


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        (Gaussian(), Gaussian(), "proved"),
        (SEQUENCE, Moments([1, 0, 1, 0, 3]), "proved"),  # the same descriptor
        (Rademacher(), FiniteUniform([-1, 1]), "proved"),  # finite support decides
        (FiniteUniform([0, 1]), FiniteWeighted({0: "1/2", 1: "1/2"}), "proved"),
        (Gaussian(), SEQUENCE, "undecided"),
        (SEQUENCE, Gaussian(), "undecided"),
        (Moments([1, 0]), FiniteUniform([-1, 1]), "undecided"),
        (SEQUENCE, Moments([1, 0, 1]), "undecided"),
        (Uniform(), SEQUENCE, "refuted"),
        (Rademacher(), SEQUENCE, "refuted"),
        (Gaussian(), Moments([1, 0, 1, 0, 4]), "refuted"),
    ],
)
def test_finitely_many_equal_moments_do_not_prove_equal_laws(first, second, status):
    claim = distribution_preserved(Product([first, second]), group("C2"))
    assert claim.status == status
    assert claim.record == ({"needs": "moments"} if status == "undecided" else {})


def test_a_difference_elsewhere_refutes_what_was_undecided():
    law = Product([Gaussian(), SEQUENCE, Uniform()])
    claim = distribution_preserved(law, group("C3"))
    assert claim.witness["point"] == 1 and claim.witness["moment"] == 2


@pytest.mark.parametrize(
    ("law", "status", "moment"),
    [
        (Gaussian(), "proved", None),
        (FiniteUniform([-2, -1, 1, 2]), "proved", None),
        (SEQUENCE, "undecided", None),
        (Bernoulli("1/2"), "refuted", 1),
        (FiniteWeighted({-2: "1/6", 0: "1/2", 1: "1/3"}), "refuted", 3),
        (Moments([1, 0, 1, 1, 3]), "refuted", 3),
        # Mean and third moment 0, the fifth is not.
        (FiniteUniform([-15, -7, -5, 1, 8, 18]), "refuted", None),
    ],
)
def test_asymmetric_laws_have_an_odd_moment(law, status, moment):
    claim = sign_symmetric(law.on(2))
    assert claim.status == status
    if status == "refuted":
        found = claim.witness["moment"]
        assert found % 2 == 1 and law.moment(found) != 0 and moment in (None, found)
        assert all(law.moment(r) == 0 for r in range(1, found, 2))


def test_a_late_odd_moment_is_found():
    """Odd moments 1, 3, 5 and 7 vanish: alternating binomial weights on 0..9."""
    from math import comb

    # sum (-1)^k C(9,k) k^r = 0 for r < 9; positive weights at k, negative ones moved to -k.
    weights = {(k if k % 2 == 0 else -k): Fraction(comb(9, k), 2**9) for k in range(10)}
    law = FiniteWeighted(weights)
    assert [law.moment(r) for r in (1, 3, 5, 7)] == [0] * 4 and law.moment(9) != 0
    assert sign_symmetric(law.on(1)).witness == {"marginal": 0, "moment": 9}
