"""Least images by matrix products, against the group's own canonical images and grown orbits."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from groups import PermutationGroup, group
from symcsq.verifier import listed_images as module
from symcsq.verifier.listed_images import ListedImages, all_elements, listed_images
from symcsq.verifier.orbit_facts import OrbitFinder
from symcsq.verifier.orbit_points import grow_orbit, word_keys

GROUPS = ["C6", "S5", "S3 wr C2", "S5 on pairs", "D10 x C3"]


def words(n: int, letters: int, seed: int) -> list[tuple[int, ...]]:
    source = random.Random(seed)
    return [tuple(sorted(source.choices(range(n), k=letters))) for _ in range(12)]


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("letters", [0, 1, 3, 30, 200])
def test_least_vectors_are_the_canonical_ones(name: str, letters: int) -> None:
    """With 30 letters the numbers have several limbs, with 200 one for each few points."""
    G = group(name)
    given = words(G.degree, letters, 1)
    table = listed_images(G)
    assert table.closed
    for word, (least, order) in zip(given, table.least(given), strict=True):
        image = G.canonical(np.bincount(list(word), minlength=G.degree).tolist())
        expected = [p for p, e in enumerate(image.representative) for _ in range(int(e))]
        assert list(least) == expected and order * int(image.orbit_size) == G.order


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("size", [0, 1, 4])
def test_least_subsets_are_the_canonical_ones(name: str, size: int) -> None:
    G = group(name)
    given = [tuple(sorted(random.Random(k).sample(range(G.degree), size))) for k in range(9)]
    for word, (least, order) in zip(
        given, listed_images(G).least(given, subsets=True), strict=True
    ):
        image = G.canonical_subset(word)
        assert list(least) == list(image.representative)
        assert order * int(image.orbit_size) == G.order


def test_small_products_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    G = group("S5 on pairs")
    given = words(10, 6, 2)
    expected = listed_images(G).least(given)
    monkeypatch.setattr(module, "_ENTRIES", 200)
    assert listed_images(G).least(given) == expected


@pytest.mark.parametrize("name", GROUPS)
def test_orbits_are_the_grown_ones(name: str) -> None:
    G = group(name)
    generators = [np.asarray(g.images) for g in G.generators]
    for word in words(G.degree, 5, 3):
        grown = grow_orbit(generators, word, G.degree, 10**6)
        assert grown is not None
        expected = grown.words[np.argsort(word_keys(grown.words, G.degree))]
        assert np.array_equal(listed_images(G).orbit(word), expected)


def test_large_orbits_come_from_the_list() -> None:
    G = group("S7")
    facts = OrbitFinder(G, "exponents").find((0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4))
    assert facts.size == 2520 and facts.closed and facts.tree == () and facts.words is not None
    assert len({tuple(row) for row in facts.words.tolist()}) == 2520
    assert facts.word[:5] == (2, 3, 3, 4, 4) and facts.stabilizer_order == 2


@pytest.mark.parametrize("change", ["missing", "twice", "foreign"])
def test_a_list_that_is_no_group_is_not_closed(change: str) -> None:
    G = PermutationGroup([[1, 2, 3, 0]], degree=4)
    generators: list[Any] = [np.asarray(g.images) for g in G.generators]
    elements = all_elements(G)
    assert ListedImages(elements, generators).closed
    damaged = elements[:-1] if change == "missing" else elements.copy()
    if change == "twice":
        damaged[1] = damaged[0]
    if change == "foreign":
        damaged[1] = [1, 0, 2, 3]
    assert not ListedImages(damaged, generators).closed


def test_degenerate_groups() -> None:
    trivial = listed_images(PermutationGroup([], degree=3))
    assert trivial.least([(0, 2), ()]) == [((0, 2), 1), ((), 1)]
    assert trivial.least([]) == [] and trivial.closed
