"""All images of exponent vectors under a group whose elements are listed, by matrix products.

A vector on n points is a number with n digits, point 0 first. The digits of the image of a vector
under g are its own at other places, so the numbers of all images of many vectors are one matrix
product. Numbers are cut into limbs of 52 bits, which float64 products hold exactly; further limbs
are needed only where the first ones agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from symcsq.verifier.orbit_points import Images, Word, Words, word_keys

if TYPE_CHECKING:
    from groups import PermutationGroup

_BITS = 52  # of a limb: sums of distinct places of one number stay below 2^52
_ENTRIES = 1 << 21  # of one product: 16 MB


class ListedImages:
    """Every element of a group as a row of images, and what follows for words.

    Arguments:
        elements: an (order, n) array of images, each element once.
        generators: image arrays that generate the group.

    Examples:
        >>> turn = np.array([1, 2, 0])
        >>> table = ListedImages(np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1]]), [turn])
        >>> table.closed, table.least([(0, 0, 1), (0, 1, 2)])
        (True, [((1, 1, 2), 1), ((0, 1, 2), 3)])
        >>> table.least([(1, 2)], subsets=True)
        [((0, 1), 1)]
    """

    def __init__(self, elements: Images, generators: Sequence[Images]) -> None:
        self.elements = elements
        self.generators = list(generators)
        self.closed = self._is_closed()
        self._known: tuple[int, list[NDArray[np.float64]]] = (0, [])  # of the last base

    def _is_closed(self) -> bool:
        """Whether each generator permutes the listed elements: then they are a union of cosets."""
        rows = [row.tobytes() for row in np.ascontiguousarray(self.elements, dtype=np.int32)]
        known = set(rows)
        if len(known) < len(rows):
            return False
        return all(
            row.tobytes() in known
            for images in self.generators
            for row in np.ascontiguousarray(images[self.elements], dtype=np.int32)
        )

    def least(self, words: Sequence[Word], *, subsets: bool = False) -> list[tuple[Word, int]]:
        """For each word its least image, and how many elements lead there: its stabiliser's order.

        Arguments:
            words: letters increasing.
            subsets: the order of subsets (the least word) in place of that of vectors (the
                greatest word).

        Complexity: order x n operations of a matrix product for each word.
        """
        if not words:
            return []
        n = self.elements.shape[1]
        vectors = np.zeros((len(words), n))
        for row, word in enumerate(words):
            np.add.at(vectors[row], list(word), 1)
        limbs = self._limbs(2 if subsets else max(2, 1 + max(map(len, words))))
        sign = -1 if subsets else 1
        step = max(1, _ENTRIES // len(self.elements))
        result = []
        for start in range(0, len(words), step):
            part = vectors[start : start + step]
            numbers = part @ limbs[0]
            for place, first in enumerate(numbers * sign if subsets else numbers):
                chosen = np.flatnonzero(first == first.min())
                for limb in limbs[1:]:
                    further = sign * (part[place] @ limb[:, chosen])
                    chosen = chosen[further == further.min()]
                letters = self.elements[chosen[0]][list(words[start + place])]
                result.append((tuple(np.sort(letters).tolist()), len(chosen)))
        return result

    def _limbs(self, base: int) -> list[NDArray[np.float64]]:
        """Matrices (n, order): what digit 1 at point p contributes to the image under g."""
        if base == self._known[0]:
            return self._known[1]
        n = self.elements.shape[1]
        digits = 1
        while base ** (digits + 1) <= 1 << _BITS:
            digits += 1
        limbs = []
        for low in range(0, n, digits):
            worth = np.zeros(n)
            for place in range(low, min(low + digits, n)):
                worth[place] = float(base ** (digits - 1 - place + low))
            limbs.append(np.ascontiguousarray(worth[self.elements].T))
        limbs = limbs or [np.zeros((0, len(self.elements)))]
        self._known = base, limbs
        return limbs

    def orbit(self, word: Word) -> Words:
        """The different images of a word, in increasing order of their keys."""
        images = np.sort(self.elements[:, list(word)], axis=1)
        _, first = np.unique(word_keys(images, self.elements.shape[1]), return_index=True)
        orbit: Words = images[first]
        return orbit


@lru_cache(maxsize=1)
def listed_images(group: PermutationGroup) -> ListedImages:
    """The table of a group, kept for the next call."""
    generators = [np.asarray(g.images, dtype=np.int64) for g in group.generators]
    return ListedImages(all_elements(group), generators)


def all_elements(group: PermutationGroup) -> Images:
    """Every element of a group as a row of images, from the transversals of its chain."""
    chain = group.chain
    elements = np.arange(group.degree, dtype=np.int64)[None]
    for depth in range(len(chain.levels) - 1, -1, -1):
        transversal = [chain.transversal_element(depth, p) for p in chain.levels[depth].orbit]
        # Each element of the level is a transversal element after one of the level below.
        elements = np.concatenate([np.asarray(u)[elements] for u in transversal])
    return elements
