"""Orbits as arrays of words against sets of vectors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.verifier import orbit_points
from symcsq.verifier.orbit_points import (
    first_escape,
    first_repeat,
    grow_orbit,
    moved,
    vector_of,
    word_keys,
    word_of,
)


@st.composite
def actions(draw: st.DrawFn):
    """A few permutations of up to 6 points and a start vector."""
    n = draw(st.integers(0, 6))
    generators = draw(st.lists(st.permutations(range(n)), max_size=3))
    start = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    return [np.array(g, dtype=np.int64) for g in generators], tuple(start)


def move_vector(vector, images):
    image = [0] * len(vector)
    for i, entry in enumerate(vector):
        image[int(images[i])] = entry
    return tuple(image)


def queue_orbit(generators, start):
    """The textbook breadth-first search on exponent vectors, one at a time."""
    points, tree = [start], []
    for parent, point in enumerate(points):
        for k, images in enumerate(generators):
            image = move_vector(point, images)
            if image not in points:
                points.append(image)
                tree.append((parent, k))
    return points, tree


@given(actions(), st.sampled_from([0, 1, 5, 4096]))
def test_grow_orbit_is_the_queue_in_the_same_order(action, small):
    generators, start = action
    n = len(start)
    points, tree = queue_orbit(generators, start)
    before = orbit_points._SMALL
    orbit_points._SMALL = small  # from this size on, whole layers are grown as arrays
    try:
        orbit = grow_orbit(generators, word_of(start), n, 1000)
        assert grow_orbit(generators, word_of(start), n, len(points) - 1) is None
    finally:
        orbit_points._SMALL = before
    assert [vector_of(word, n) for word in orbit.words.tolist()] == points
    assert len(orbit) == len(points)
    if small == 4096:
        assert list(orbit.tree) == tree
    assert first_escape(orbit.words, generators, n) is None
    assert first_repeat([orbit.words], n) is None


@given(actions(), st.integers(0, 5))
def test_an_orbit_with_a_missing_word_is_not_closed(action, missing):
    generators, start = action
    n = len(start)
    orbit = grow_orbit(generators, word_of(start), n, 1000)
    if len(orbit) > 1:
        gone = missing % len(orbit)
        fewer = np.delete(orbit.words, gone, axis=0)
        generator, row = first_escape(fewer, generators, n)
        image = moved(fewer[row : row + 1], generators[generator])[0]
        assert image.tolist() == orbit.words[gone].tolist()


@given(actions())
def test_words_move_as_vectors_do(action):
    generators, start = action
    n = len(start)
    assert vector_of(word_of(start), n) == start
    words = np.array([word_of(start)], dtype=np.int64)
    for images in generators:
        image = moved(words, images)[0].tolist()
        assert vector_of(image, n) == move_vector(start, images)


@given(
    st.integers(1, 300).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.integers(0, 12).flatmap(
                lambda d: st.lists(
                    st.lists(st.integers(0, n - 1), min_size=d, max_size=d).map(sorted),
                    min_size=1,
                    max_size=6,
                )
            ),
        )
    )
)
def test_keys_order_as_words_do(case):
    n, rows = case
    words = np.array(rows, dtype=np.int64).reshape(len(rows), -1)
    keys = word_keys(words, n)
    for i, left in enumerate(rows):
        for j, right in enumerate(rows):
            assert (keys[i] < keys[j]) == (left < right)
            assert (keys[i] == keys[j]) == (left == right)


@pytest.mark.parametrize("n", [4, 300])  # 300**12 does not fit an integer key
def test_long_orbits_with_both_kinds_of_keys(n):
    turn = np.array([*range(1, n), 0])
    word = tuple(range(min(12, n)))
    orbit = grow_orbit([turn], word, n, 10_000)
    assert len(orbit) == (1 if n == 4 else n)
    assert first_escape(orbit.words, [turn], n) is None
    assert first_repeat([orbit.words, orbit.words[-1:]], n) == (0, 1)


def test_repeats_are_found_at_the_least_pair():
    a, b, c = np.array([[0, 1]]), np.array([[1, 1]]), np.array([[1, 2]])
    assert first_repeat([a, b, c], 3) is None
    assert first_repeat([a, b, c, b, a], 3) == (0, 4)
    assert first_repeat([a, np.array([[2, 2], [2, 2]])], 3) == (1, 1)
    assert first_repeat([], 3) is None
