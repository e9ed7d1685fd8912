"""What is known about each orbit of a family, as far as possible found in two independent ways.

The size of an orbit is the number of words met when it is grown from its representative. The order
of the stabiliser comes from the group alone: by trying every element of a small group, or as an
intersection of set stabilisers. Orbit-stabiliser then ties the two together: it is a check, not a
definition.

No more than MOST_WORDS words are grown for one family. The size of an orbit beyond is the group's
order divided by the order of the stabiliser that the search for the canonical image finds. For such
an orbit, orbit-stabiliser compares two orders of the same stabiliser, found by two algorithms on
one stabiliser chain; the size itself is not counted. The claim says for how many orbits that is so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from symcsq.verifier.orbit_points import (
    LARGEST_TREE,
    Images,
    Word,
    Words,
    grow_orbit,
    vector_of,
    word_keys,
    word_of,
)
from symcsq.verifier.sections import tree_entry

if TYPE_CHECKING:
    from groups import PermutationGroup

#: Words expanded for one family; orbits beyond are known by canonical images and stabilisers alone.
MOST_WORDS = 2_000_000

_LARGEST_LISTING = 4_000_000  # images of points in a list of all group elements

#: "subsets": words without repeats, least word first. "exponents": the least vector, so the last
#: word.
Kind = Literal["subsets", "exponents"]


@dataclass(frozen=True, slots=True)
class OrbitFacts:
    """One orbit: its representative, size, the stabiliser's order, and its words where expanded."""

    word: Word
    size: int
    stabilizer_order: int
    words: Words | None
    tree: tuple[tuple[int, int], ...]

    def tree_fields(self) -> dict[str, Any]:
        """The certificate's tree, which large orbits do without."""
        if self.words is None or self.size > LARGEST_TREE:
            return {}
        return {"tree": tree_entry(self.tree)}


class OrbitFinder:
    """Finds the facts about orbits of one group on subsets or on exponent vectors.

    Arguments:
        group: acts on words by moving their letters.
        kind: decides which word represents an orbit.
        most_words: how many words may be expanded in all.

    Examples:
        >>> from groups import group
        >>> facts = OrbitFinder(group("C4"), "subsets").find((1, 3))
        >>> facts.word, facts.size, facts.stabilizer_order, facts.tree
        ((0, 2), 2, 2, ((0, 0),))
    """

    def __init__(self, group: PermutationGroup, kind: Kind, most_words: int = MOST_WORDS) -> None:
        self._group = group
        self.degree = group.degree
        self._kind = kind
        self._left = most_words
        self._known: dict[Word, OrbitFacts] = {}
        self.generators = [np.asarray(g.images, dtype=np.int64) for g in group.generators]
        self._elements: NDArray[np.int64] | None = None
        if group.order * group.degree <= _LARGEST_LISTING:
            self._elements = all_elements(group)

    def find_all(self, words: Iterable[Word]) -> list[OrbitFacts]:
        """The facts about the orbit of each word, in the given order."""
        return [self.find(word) for word in words]

    def find(self, word: Word) -> OrbitFacts:
        """The facts about the orbit of one word."""
        facts = self._known.get(word)
        if facts is None:
            facts = self._look(word)
            facts = self._known.setdefault(facts.word, facts)
            self._known[word] = facts
        return facts

    def _look(self, start: Word) -> OrbitFacts:
        stabilizer = self.stabilizer_order(start)
        orbit = None
        # The quotient only decides whether to expand; the size is what the expansion finds.
        if self._group.order // stabilizer <= self._left:
            orbit = grow_orbit(self.generators, start, self.degree, self._left)
        if orbit is None:
            least, size = self._canonical(start)
            return OrbitFacts(least, size, stabilizer, None, ())
        keys = word_keys(orbit.words, self.degree)
        place = int(np.argmin(keys) if self._kind == "subsets" else np.argmax(keys))
        least = tuple(orbit.words[place].tolist())
        if least != start and len(orbit) <= LARGEST_TREE:
            orbit = grow_orbit(self.generators, least, self.degree, self._left)
            assert orbit is not None
        self._left -= len(orbit)
        return OrbitFacts(least, len(orbit), stabilizer, orbit.words, orbit.tree)

    def _canonical(self, word: Word) -> tuple[Word, int]:
        """(representative, size) of an orbit that is too large to expand."""
        if self._kind == "subsets":
            image = self._group.canonical_subset(word)
            least = tuple(int(point) for point in image.representative)
        else:
            image = self._group.canonical(vector_of(word, self.degree))
            least = word_of(int(exponent) for exponent in image.representative)
        return least, int(image.orbit_size)

    def same_orbit(self, facts: OrbitFacts, image: Word) -> bool:
        """Whether a word lies in an orbit that was not expanded."""
        return self._canonical(image)[0] == facts.word

    def stabilizer_order(self, word: Word) -> int:
        """The number of group elements that fix a word.

        Examples:
            >>> from groups import group
            >>> OrbitFinder(group("S4"), "exponents").stabilizer_order((2, 3, 3))
            2
        """
        if self._elements is not None:
            if not word:
                return len(self._elements)
            images = np.sort(self._elements[:, list(word)], axis=1)
            return int((images == np.array(word)).all(axis=1).sum())
        return stabilizer_order(self._group, word)


def stabilizer_order(group: PermutationGroup, word: Word) -> int:
    """The number of elements that fix, as a set, the points of each multiplicity in a word.

    Examples:
        >>> from groups import group
        >>> stabilizer_order(group("S4"), (2, 3, 3)), stabilizer_order(group("C6"), (1, 3, 5))
        (2, 3)
    """
    levels: dict[int, list[int]] = {}
    for point, exponent in enumerate(vector_of(word, group.degree)):
        levels.setdefault(exponent, []).append(point)
    # The largest level set is fixed as soon as all the others are.
    for level in sorted(levels.values(), key=len)[:-1]:
        group = group.setwise_stabilizer(level)
    return int(group.order)


def all_elements(group: PermutationGroup) -> Images:
    """Every element of a group as a row of images, from the transversals of its chain."""
    chain = group.chain
    elements = np.arange(group.degree, dtype=np.int64)[None]
    for depth in range(len(chain.levels) - 1, -1, -1):
        transversal = [chain.transversal_element(depth, p) for p in chain.levels[depth].orbit]
        # Each element of the level is a transversal element after one of the level below.
        elements = np.concatenate([np.asarray(u)[elements] for u in transversal])
    return elements
