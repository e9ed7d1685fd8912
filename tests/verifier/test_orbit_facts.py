"""Sizes and stabilisers, each against listing the group."""

from __future__ import annotations

from itertools import combinations

import pytest

from groups import PermutationGroup, group
from symcsq.verifier import orbit_facts
from symcsq.verifier.listed_images import all_elements
from symcsq.verifier.orbit_facts import OrbitFinder, stabilizer_order
from symcsq.verifier.orbit_points import vector_of, word_of
from symcsq.verifier.store import Store
from symcsq.verifier.work import Work

GROUPS = ["C6", "D5", "S4", "A5", "S3 wr C2", "S4 on pairs", "(1,2)(3,4)"]


@pytest.mark.parametrize("name", GROUPS)
def test_all_elements_are_the_elements(name):
    found = group(name)
    listed = sorted(tuple(g.images.tolist()) for g in found.elements())
    assert sorted(map(tuple, all_elements(found).tolist())) == listed


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("kind", ["subsets", "exponents"])
def test_three_ways_agree(name, kind, monkeypatch):
    """Listing the group, searching set stabilisers, and the group's own canonical images."""
    found = group(name)
    n = found.degree
    words = [word_of(v) for v in _vectors(n)] if kind == "exponents" else list(_subsets(n))
    listing = OrbitFinder(found, kind)
    monkeypatch.setattr(orbit_facts, "_LARGEST_LISTING", -1)
    searching = OrbitFinder(found, kind)
    unexpanded = OrbitFinder(found, kind, most_words=0)
    for word in words:
        one, two, three = listing.find(word), searching.find(word), unexpanded.find(word)
        assert one.stabilizer_order == two.stabilizer_order == three.stabilizer_order
        assert one.word == two.word == three.word
        assert one.size == two.size == three.size == found.order // one.stabilizer_order
        assert three.words is None and three.tree == ()
        assert unexpanded.same_orbit(three, word)
        assert stabilizer_order(found, word) == one.stabilizer_order


def _vectors(n):
    return [
        (2,) + (0,) * (n - 1),
        (0,) * (n - 1) + (3,),
        (1, 2) + (0,) * (n - 2),
        (0,) * n,
        (1,) * n,
    ]


def _subsets(n):
    for size in (0, 1, 2, n):
        yield from list(combinations(range(n), size))[-3:]


def test_representatives_are_least():
    turn = group("C4")
    assert OrbitFinder(turn, "subsets").find((2, 3)).word == (0, 1)
    facts = OrbitFinder(turn, "exponents").find(word_of((2, 1, 0, 0)))
    assert vector_of(facts.word, 4) == (0, 0, 2, 1)


def test_the_trivial_group_and_no_points():
    alone = OrbitFinder(PermutationGroup([], degree=0), "exponents").find(())
    assert (alone.size, alone.stabilizer_order, alone.tree_fields()) == (1, 1, {"tree": []})


def test_large_orbits_have_no_tree_in_certificates():
    facts = OrbitFinder(group("S9"), "exponents").find(word_of((1, 1, 2, 2, 3, 0, 0, 0, 0)))
    assert facts.size == 9 * 8 * 7 * 6 * 5 // 4 and facts.tree_fields() == {}


def test_words_beyond_the_budget_are_not_expanded():
    finder = OrbitFinder(group("S6"), "subsets", most_words=20)
    assert finder.find((0, 1)).words is not None  # 15 words
    assert finder.find((0, 1, 2)).words is None  # 20 more


@pytest.mark.parametrize("degree", [256, 257, 300])
def test_points_of_large_degree_come_back(degree):
    facts = OrbitFinder(group(f"C{degree}"), "subsets").find((5, 7))
    assert facts.size == degree and facts.word == (0, 2)
    assert sorted(map(tuple, facts.words.tolist())) == sorted(
        tuple(sorted((k, (k + 2) % degree))) for k in range(degree)
    )


def test_one_store_for_both_kinds_and_several_groups(tmp_path):
    """Different questions have different keys, so that an answer is never taken for another."""
    words = [(0, 1), (0, 2), (2, 3)]
    with Store(tmp_path / "store") as store:
        for _ in range(2):
            for name in ("C4", "D4", "C5", "(1,2)(3,4)"):
                for kind in ("subsets", "exponents"):
                    for most in (orbit_facts.MOST_WORDS, 0):
                        work = Work(store=store)
                        kept = OrbitFinder(group(name), kind, most).find_all(words, work)
                        plain = OrbitFinder(group(name), kind, most).find_all(words)
                        assert [_fields(facts) for facts in kept] == [
                            _fields(facts) for facts in plain
                        ]
        assert work.computed == 0 and work.reused >= 1


def _fields(facts):
    words = None if facts.words is None else facts.words.tolist()
    return facts.word, facts.size, facts.stabilizer_order, words, facts.tree, facts.closed
