"""Orbits as arrays against sets of tuples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.errors import VerificationError
from symcsq.verifier.orbit_points import (
    first_escape,
    first_repeat,
    grow_orbit,
    moved,
    row_keys,
)


@st.composite
def actions(draw: st.DrawFn):
    """A few permutations of up to 6 points and a start vector."""
    n = draw(st.integers(0, 6))
    generators = draw(st.lists(st.permutations(range(n)), max_size=3))
    start = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    return [np.array(g, dtype=np.int64) for g in generators], start


def queue_orbit(generators, start):
    """The textbook breadth-first search, one vector at a time."""
    points, tree = [tuple(start)], []
    for parent, point in enumerate(points):
        for k, images in enumerate(generators):
            image = [0] * len(point)
            for i, entry in enumerate(point):
                image[int(images[i])] = entry
            if tuple(image) not in points:
                points.append(tuple(image))
                tree.append((parent, k))
    return points, tree


@given(actions())
def test_grow_orbit_is_the_queue_in_the_same_order(action):
    generators, start = action
    points, tree = queue_orbit(generators, start)
    orbit = grow_orbit(generators, start, 1000)
    assert [tuple(row) for row in orbit.points.tolist()] == points
    assert list(orbit.tree) == tree
    assert len(orbit) == len(points)
    assert first_escape(orbit.points, generators) is None
    assert first_repeat([orbit.points]) is None
    assert grow_orbit(generators, start, len(points) - 1) is None


@given(actions(), st.integers(0, 5))
def test_an_orbit_with_a_missing_point_is_not_closed(action, missing):
    generators, start = action
    orbit = grow_orbit(generators, start, 1000)
    if len(orbit) > 1:
        fewer = np.delete(orbit.points, missing % len(orbit), axis=0)
        generator, row = first_escape(fewer, generators)
        image = moved(fewer[row : row + 1], generators[generator])[0]
        assert image.tolist() == orbit.points[missing % len(orbit)].tolist()


def test_moved_follows_the_convention():
    images = np.array([1, 2, 0])
    row = np.array([[5, 6, 7]])
    result = moved(row, images)[0]
    assert all(result[images[i]] == row[0][i] for i in range(3))


def test_repeats_are_found_at_the_least_pair():
    a, b, c = np.array([[0, 1]]), np.array([[1, 0]]), np.array([[1, 1]])
    assert first_repeat([a, b, c]) is None
    assert first_repeat([a, b, c, b, a]) == (0, 4)
    assert first_repeat([a, np.array([[2, 0], [2, 0]])]) == (1, 1)
    assert first_repeat([]) is None


def test_keys_refuse_what_they_cannot_tell_apart():
    with pytest.raises(VerificationError, match="255"):
        row_keys(np.array([[256, 0]]))
    assert row_keys(np.zeros((2, 0), dtype=np.int64)) == [b"", b""]
