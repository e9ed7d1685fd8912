"""Orbits expanded point by point: growing them, and checking that they are closed and disjoint.

A point is a *word*: the increasing list of the points of a subset, or of an exponent vector with
each point repeated as often as its exponent says. A permutation moves every letter and the word is
sorted again. Words of one length compare as certificates order subsets; of two exponent vectors the
one with the larger word is the smaller vector.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.int64]
Words = NDArray[np.int64]
Word = tuple[int, ...]

#: Trees of larger orbits are left out of certificates; the stabiliser order certifies their size.
LARGEST_TREE = 1000

_LARGEST_KEY = 1 << 62
_SMALL = 4096  # orbits are grown word by word up to this size, in arrays from there on


@dataclass(frozen=True, slots=True)
class OrbitPoints:
    """An orbit: its words in order of discovery, and the breadth-first tree that reaches them.

    `words` is a (size, letters) array whose first row is the start; `tree[k]` is (position of the
    parent, number of the generator) for the word k + 1, kept for orbits of at most 1000 words.
    """

    words: Words
    tree: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.words)


def word_of(vector: Iterable[int]) -> Word:
    """An exponent vector as a word.

    Examples:
        >>> word_of([0, 2, 0, 1])
        (1, 1, 3)
    """
    return tuple(point for point, exponent in enumerate(vector) for _ in range(exponent))


def vector_of(word: Iterable[int], degree: int) -> Word:
    """The exponent vector of a word, on `degree` points.

    Examples:
        >>> vector_of((1, 1, 3), 4)
        (0, 2, 0, 1)
    """
    vector = [0] * degree
    for point in word:
        vector[point] += 1
    return tuple(vector)


def moved(words: Words, images: Images) -> Words:
    """Every word moved by one permutation.

    Examples:
        >>> moved(np.array([[0, 2], [1, 1]]), np.array([1, 2, 0])).tolist()
        [[0, 1], [2, 2]]
    """
    result: Words = np.sort(images[words], axis=1)
    return result


def word_keys(words: Words, degree: int) -> NDArray[Any]:
    """One sortable key per word, in the order of the words; equal exactly when the words are.

    Integers in base `degree` where they fit, else byte strings.

    Examples:
        >>> word_keys(np.array([[0, 1], [1, 2]]), 3).tolist()
        [1, 5]
    """
    letters = words.shape[1]
    if max(1, degree) ** letters < _LARGEST_KEY:
        powers = np.array([degree ** (letters - 1 - k) for k in range(letters)], dtype=np.int64)
        keys: NDArray[Any] = words @ powers
        return keys
    data = np.ascontiguousarray(words, dtype=">u4")
    keys = np.empty(len(words), dtype=object)
    keys[:] = [row.tobytes() for row in data]
    return keys


def grow_orbit(
    generators: Sequence[Images], start: Sequence[int], degree: int, limit: int
) -> OrbitPoints | None:
    """The orbit of a word under the generators, in canonical breadth-first order.

    Parents are taken in order of discovery; for each parent the generators in their listed order; a
    new word is appended when it appears.

    Arguments:
        generators: image arrays (0-based) of length `degree`.
        start: the first word, letters increasing.
        degree: number of points.
        limit: the largest number of words that may be listed.

    Returns:
        The orbit, or None when it has more than `limit` words.

    Complexity: (size of the orbit) x (number of generators) x letters, times a logarithm.

    Examples:
        >>> orbit = grow_orbit([np.array([1, 2, 0])], (0, 1), 3, limit=10)
        >>> orbit.words.tolist(), orbit.tree
        ([[0, 1], [1, 2], [0, 2]], ((0, 0), (1, 0)))
    """
    moves = [images.tolist() for images in generators]
    found: list[Word] = [tuple(start)]
    seen = set(found)
    tree: list[tuple[int, int]] = []
    position = 0
    while position < len(found) <= min(limit, _SMALL):
        word = found[position]
        for number, move in enumerate(moves):
            image = tuple(sorted([move[point] for point in word]))
            if image not in seen:
                seen.add(image)
                found.append(image)
                tree.append((position, number))
        position += 1
    words = np.array(found, dtype=np.int64).reshape(len(found), len(start))
    if len(found) > limit:
        return None
    if position == len(found):
        return OrbitPoints(words, tuple(tree) if len(found) <= LARGEST_TREE else ())
    return _grow_in_arrays(generators, words, position, degree, limit)


def _grow_in_arrays(
    generators: Sequence[Images], words: Words, position: int, degree: int, limit: int
) -> OrbitPoints | None:
    """Go on from the first `position` words, whose images are all listed; a layer at a time."""
    layers = [words]
    known = np.sort(word_keys(words, degree))
    frontier = words[position:]
    while len(frontier) and len(generators):
        # Rows in the order (parent, generator), which is the order of the queue.
        images = np.stack([moved(frontier, g) for g in generators], axis=1)
        candidates = images.reshape(len(frontier) * len(generators), words.shape[1])
        keys, first = np.unique(word_keys(candidates, degree), return_index=True)
        new = ~_contains(known, keys)
        frontier = candidates[np.sort(first[new])]
        known = np.sort(np.concatenate([known, keys[new]]), kind="stable")
        layers.append(frontier)
        if len(known) > limit:
            return None
    return OrbitPoints(np.concatenate(layers), ())


def _contains(known: NDArray[Any], keys: NDArray[Any]) -> NDArray[np.bool_]:
    """Which keys occur among sorted known keys."""
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    result: NDArray[np.bool_] = np.asarray(known[places] == keys, dtype=bool)
    return result


def first_escape(words: Words, generators: Sequence[Images], degree: int) -> tuple[int, int] | None:
    """The first (generator, row) that leaves the set of words, or None when all stay inside.

    Examples:
        >>> swap, turn = np.array([1, 0, 2]), np.array([1, 2, 0])
        >>> first_escape(np.array([[0], [1]]), [swap, turn], 3)
        (1, 1)
    """
    known = np.sort(word_keys(words, degree))
    for number, images in enumerate(generators):
        outside = ~_contains(known, word_keys(moved(words, images), degree))
        if outside.any():
            return number, int(np.argmax(outside))
    return None


def first_repeat(sets: Sequence[Words], degree: int) -> tuple[int, int] | None:
    """The least pair (i, j), i <= j, of sets that share a word (i = j: a word twice in one set).

    Arguments:
        sets: arrays of words, all of one length.

    Returns:
        None when all words of all sets are different.

    Examples:
        >>> a, b = np.array([[0, 1], [1, 2]]), np.array([[0, 2]])
        >>> first_repeat([a, b], 3), first_repeat([a, b, a[:1]], 3)
        (None, (0, 2))
    """
    if not sets:
        return None
    keys = word_keys(np.concatenate(sets), degree)
    owner = np.repeat(np.arange(len(sets)), [len(words) for words in sets])
    order = np.argsort(keys, kind="stable")  # equal keys keep the order of their sets
    same = np.flatnonzero(np.asarray(keys[order[1:]] == keys[order[:-1]], dtype=bool))
    pairs = zip(owner[order[same]].tolist(), owner[order[same + 1]].tolist(), strict=True)
    return min(pairs, default=None)
