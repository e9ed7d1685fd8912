"""What is known about each orbit of a family, as far as possible found in two independent ways.

The size of an orbit is the number of words met when it is grown from its representative, or the
number of different images when all elements are listed and it is large; either way it must be
closed under the generators. The order of the stabiliser comes from the group alone: by trying every
element of a small group, or as an intersection of set stabilisers. Orbit-stabiliser then ties the
two together: it is a check, not a definition.

No more than MOST_WORDS words are grown for one family. The size of an orbit beyond is the group's
order divided by the order of the stabiliser: of the one that the search for the canonical image
finds, so that orbit-stabiliser compares two orders of the same stabiliser, found by two algorithms
on one stabiliser chain; or, when all elements are listed, by the number of those that lead to the
least image. The size itself is not counted. The claim says for how many orbits that is so.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from symcsq.verifier.certificate import digest
from symcsq.verifier.listed_images import listed_images
from symcsq.verifier.orbit_points import (
    LARGEST_TREE,
    Images,
    OrbitPoints,
    Word,
    Words,
    first_escape,
    grow_orbit,
    vector_of,
    word_keys,
    word_of,
)
from symcsq.verifier.work import Work

if TYPE_CHECKING:
    from groups import PermutationGroup

#: Words expanded for one family; orbits beyond are known by canonical images and stabilisers alone.
MOST_WORDS = 2_000_000

#: Version of the results of the two tasks below.
TASK_VERSION = 2

_LARGEST_LISTING = 4_000_000  # images of points in a list of all group elements

# One item of work: at least this many searches for stabilisers, more where all elements are listed
# and few; or orbits up to the first that brings the words to grow to this number. Never more orbits
# than that, and independent of who computes.
_SEARCHES_OF_ITEM = 8
_PLACES_OF_ITEM = 1 << 24
_WORDS_OF_ITEM = 8192
_ORBITS_OF_ITEM = 128

#: "subsets": words without repeats, least word first. "exponents": the least vector, so the last
#: word.
Kind = Literal["subsets", "exponents"]


@dataclass(frozen=True, slots=True)
class OrbitFacts:
    """One orbit: its representative, size, the stabiliser's order, and its words where expanded.

    `closed` says that every generator was applied, and none led out: to all words of an expanded
    orbit, to the representative of one that is too large.
    """

    word: Word
    size: int
    stabilizer_order: int
    words: Words | None
    tree: tuple[tuple[int, int], ...]
    closed: bool = False

    def tree_fields(self) -> dict[str, Any]:
        """The certificate's tree, which large orbits do without."""
        if self.words is None or self.size > LARGEST_TREE:
            return {}
        return {"tree": list(map(list, self.tree))}


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
        self._most = self._left = most_words
        self._known: dict[Word, OrbitFacts] = {}
        self.generators = _images(group)

    def find_all(self, words: Iterable[Word], work: Work | None = None) -> list[OrbitFacts]:
        """The facts about the orbit of each word, in the given order.

        Arguments:
            words: any number of words.
            work: where stabilisers are searched for and orbits are grown; None: here.
        """
        asked = list(words)
        new = [word for word in dict.fromkeys(asked) if word not in self._known]
        if new:
            for word, facts in zip(new, self._look(new, work or Work()), strict=True):
                # Words of one orbit share its facts.
                self._known[word] = self._known.setdefault(facts.word, facts)
        return [self._known[word] for word in asked]

    def find(self, word: Word) -> OrbitFacts:
        """The facts about the orbit of one word."""
        return self.find_all([word])[0]

    def stabilizers(self, words: Sequence[Word], work: Work | None = None) -> list[int]:
        """The order of the stabiliser of each word; nothing is expanded.

        Examples:
            >>> from groups import group
            >>> OrbitFinder(group("S4"), "exponents").stabilizers([(2, 3, 3), (0, 1)])
            [2, 4]
        """
        return [order for order, _ in self._located(words, work or Work())]

    @property
    def _lists(self) -> bool:
        """Whether all elements of the group are listed."""
        return int(self._group.order) * self.degree <= _LARGEST_LISTING

    def _located(self, words: Sequence[Word], work: Work) -> list[tuple[int, Word | None]]:
        """The order of the stabiliser of each word; its least image too, if elements are listed."""
        if not words:
            return []
        order, listed = int(self._group.order), self._lists
        share = _PLACES_OF_ITEM // (order * max(1, len(words[0]))) if listed else 1
        step = min(max(share, _SEARCHES_OF_ITEM), _ORBITS_OF_ITEM)
        items = [
            [[list(word) for word in words[start : start + step]], listed]
            for start in range(0, len(words), step)
        ]
        found = work.map(
            stabilizer_orders,
            (self._group, self._kind),
            items,
            name="stabilisers",
            identity=self._identity,
        )
        return [
            (int(number), None if least is None else tuple(least))
            for numbers in found
            for number, least in numbers
        ]

    @property
    def _identity(self) -> str:
        group = self._group
        return digest([_images_lists(group), self.degree, str(group.order), self._kind])

    def _look(self, words: list[Word], work: Work) -> Iterator[OrbitFacts]:
        order, listed = int(self._group.order), self._lists
        shared, identity = (self._group, self._kind), self._identity
        closed = not listed or listed_images(self._group).closed
        located = self._located(words, work)
        chunks: list[list[list[Any]]] = []
        grows: list[bool] = []
        size = _WORDS_OF_ITEM
        for word, (stabilizer, _) in zip(words, located, strict=True):
            # The quotient only decides whether to expand; the size is what the expansion finds.
            quotient = order // stabilizer
            limit = self._most if quotient <= self._left else 0
            if limit:
                self._left -= quotient
            grows.append(bool(limit) or not listed)
            if not grows[-1]:
                continue
            if size >= _WORDS_OF_ITEM or len(chunks[-1]) == _ORBITS_OF_ITEM:
                chunks.append([])
                size = 0
            chunks[-1].append([list(word), limit, listed and quotient > LARGEST_TREE])
            size += quotient if limit else 0
        grown = work.map(grown_orbits, shared, chunks, name="orbits", identity=identity)
        facts = (orbit for packed in grown for orbit in _unpacked(packed))
        for (stabilizer, least), grow in zip(located, grows, strict=True):
            if grow:
                word, size, rows, tree, inside = next(facts)
                yield OrbitFacts(word, size, stabilizer, rows, tree, inside)
            else:
                assert least is not None
                yield OrbitFacts(least, order // stabilizer, stabilizer, None, (), closed)

    def same_orbit(self, facts: OrbitFacts, image: Word) -> bool:
        """Whether a word lies in an orbit that was not expanded."""
        return canonical_word(self._group, self._kind, image)[0] == facts.word


def grown_orbits(shared: tuple[PermutationGroup, Kind], item: list[list[Any]]) -> dict[str, Any]:
    """Orbits with their words: one item of work, see `OrbitFinder`.

    Arguments:
        shared: the group, and the kind of words.
        item: [word, the largest number of words to grow (0: none), whether as images under a list
            of all elements] for each orbit.

    Returns:
        For each orbit [representative, size, whether it was grown, whether it is closed], and the
        words and trees of all that were grown, packed one after the other.
    """
    group, kind = shared
    generators, degree = _images(group), group.degree
    orbits: list[list[Any]] = []
    words: list[Words] = []
    trees: list[int] = []
    for start, limit, listed in item:
        orbit = None
        if limit:
            if listed:
                orbit = OrbitPoints(listed_images(group).orbit(tuple(start)), ())
            else:
                orbit = grow_orbit(generators, start, degree, limit)
        if orbit is None:
            least, size = canonical_word(group, kind, tuple(start))
            images = [tuple(sorted(g[list(least)].tolist())) for g in generators]
            closed = all(canonical_word(group, kind, image)[0] == least for image in images)
            orbits.append([list(least), str(size), False, closed])
            continue
        keys = word_keys(orbit.words, degree)
        place = int(np.argmin(keys) if kind == "subsets" else np.argmax(keys))
        representative = orbit.words[place].tolist()
        if representative != start and len(orbit) <= LARGEST_TREE:
            orbit = grow_orbit(generators, representative, degree, limit)
            assert orbit is not None
        closed = first_escape(orbit.words, generators, degree) is None
        orbits.append([representative, str(len(orbit)), True, closed])
        words.append(orbit.words.ravel())
        trees += [number for edge in orbit.tree for number in edge]
    letters = np.concatenate(words) if words else np.zeros(0)
    return {
        "orbits": orbits,
        "words": b64encode(letters.astype(_letter_type(degree)).tobytes()).decode(),
        "trees": b64encode(np.array(trees, dtype="<u4").tobytes()).decode(),
        "degree": degree,
    }


def _unpacked(
    packed: dict[str, Any],
) -> Iterator[tuple[Word, int, Words | None, tuple[tuple[int, int], ...], bool]]:
    """(representative, size, words, tree, closed) of each orbit of one item."""
    words = np.frombuffer(b64decode(packed["words"]), dtype=_letter_type(packed["degree"]))
    letters = words.astype(np.int64)
    numbers = np.frombuffer(b64decode(packed["trees"]), dtype="<u4").tolist()
    edges = list(zip(numbers[::2], numbers[1::2], strict=True))
    letter = edge = 0
    for representative, text, grown, closed in packed["orbits"]:
        size, width = int(text), len(representative)
        if not grown:
            yield tuple(representative), size, None, (), closed
            continue
        rows = letters[letter : letter + size * width].reshape(size, width)
        letter += size * width
        steps = size - 1 if size <= LARGEST_TREE else 0
        tree = tuple(edges[edge : edge + steps])
        edge += steps
        yield tuple(representative), size, rows, tree, closed


def _letter_type(degree: int) -> str:
    return "<u1" if degree <= 1 << 8 else "<u4"


def _images(group: PermutationGroup) -> list[Images]:
    return [np.asarray(g.images, dtype=np.int64) for g in group.generators]


def _images_lists(group: PermutationGroup) -> list[list[int]]:
    return [images.tolist() for images in _images(group)]


def canonical_word(group: PermutationGroup, kind: Kind, word: Word) -> tuple[Word, int]:
    """(representative, size) of an orbit that is too large to expand.

    Examples:
        >>> from groups import group
        >>> canonical_word(group("C4"), "subsets", (1, 3))
        ((0, 2), 2)
    """
    if kind == "subsets":
        image = group.canonical_subset(word)
        least = tuple(int(point) for point in image.representative)
    else:
        image = group.canonical(vector_of(word, group.degree))
        least = word_of(int(exponent) for exponent in image.representative)
    return least, int(image.orbit_size)


def stabilizer_orders(shared: tuple[PermutationGroup, Kind], item: list[Any]) -> list[Any]:
    """The orders of the stabilisers of some words: one item of work.

    Arguments:
        shared: the group, and the kind of words.
        item: the words, and whether to try every element; otherwise set stabilisers are searched.

    Returns:
        For each word the order, and its least image if every element was tried, else None.

    Examples:
        >>> from groups import group
        >>> shared = group("S4"), "exponents"
        >>> [stabilizer_orders(shared, [[[2, 3, 3], []], listed]) for listed in (True, False)]
        [[['2', [2, 3, 3]], ['24', []]], [['2', None], ['24', None]]]
    """
    (group, kind), (words, listed) = shared, item
    if not listed:
        return [[str(stabilizer_order(group, tuple(word))), None] for word in words]
    table = listed_images(group)
    found = table.least([tuple(word) for word in words], subsets=kind == "subsets")
    return [[str(order), list(least)] for least, order in found]


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
