"""Stabiliser chains as values: base, strong generators, orbits with their trees, sifting.

How a chain is found and proved is told in `schreier_sims`, `chain_proof` and `giants`; this file
says what it is.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.errors import DegreeError, MembershipError, PointError

# Inverse transversal elements are kept while all of them together stay under this many entries.
_CACHE_ENTRIES = 1 << 25
# Entries of a block of elements that are listed together.
_BLOCK_ENTRIES = 1 << 22


class ChainLevel:
    """One level of a stabiliser chain.

    Attributes:
        base_point: the point that the next level fixes.
        generator_indices: all strong generators (by number) that fix the earlier base points.
        orbit: the orbit of `base_point` under them in breadth-first order: for each point in turn,
            for each generator in listed order, an image not seen before is appended.
        tree: ``tree[k - 1] == (parent_position, strong_generator_index)`` of ``orbit[k]``.
    """

    __slots__ = ("_generator_indices", "_orbit", "_tree", "base_point")

    def __init__(
        self,
        base_point: int,
        generator_indices: tuple[int, ...],
        orbit: tuple[int, ...],
        tree: tuple[tuple[int, int], ...],
    ) -> None:
        self.base_point = base_point
        self._generator_indices = generator_indices
        self._orbit = orbit
        self._tree = tree

    @property
    def generator_indices(self) -> tuple[int, ...]:
        return self._generator_indices

    @property
    def orbit(self) -> tuple[int, ...]:
        return self._orbit

    @property
    def tree(self) -> tuple[tuple[int, int], ...]:
        return self._tree

    def __len__(self) -> int:
        """Length of the orbit."""
        return len(self._orbit)

    def __repr__(self) -> str:
        return f"<ChainLevel base_point={self.base_point} orbit of {len(self)}>"


class StabilizerChain:
    """A base and strong generating set of a permutation group.

    The base is canonical: each base point is the least point moved by the stabiliser of those
    before it (with an explicit base, the points asked for count as smaller than all others, in
    their order).

    Attributes:
        degree: number of points.
        levels: one `ChainLevel` per base point.
        base: tuple of the base points.
        strong_generators: read-only integer array of shape (s, degree). Those of level i are the
            ones that fix ``base[0..i-1]``; they are numbered so that each level has a final segment
            of them.
        order: product of the orbit lengths.

    Source:
        Sims 1970; Seress, *Permutation Group Algorithms*, 2003, chapter 4.

    Examples:
        >>> from groups import PermutationGroup
        >>> chain = PermutationGroup(["(1,2,3,4)", "(1,3)"]).chain
        >>> chain.base, chain.order, chain.levels[0].orbit
        ((0, 1), 8, (0, 1, 2, 3))
        >>> residue, points = chain.sift([2, 1, 0, 3])
        >>> residue.tolist(), points
        ([0, 1, 2, 3], (2, 3))
    """

    __slots__ = (
        "_caching",
        "_inverses",
        "_places",
        "base",
        "degree",
        "levels",
        "order",
        "strong_generators",
    )

    def __init__(
        self, degree: int, levels: Sequence[ChainLevel], strong_generators: NDArray[np.int64]
    ) -> None:
        self.degree = degree
        self.levels = tuple(levels)
        self.base = tuple(level.base_point for level in self.levels)
        strong_generators.setflags(write=False)
        self.strong_generators = strong_generators
        lengths = [len(level) for level in self.levels]
        self.order = math.prod(lengths)
        self._caching = sum(lengths) * degree <= _CACHE_ENTRIES
        # Filled when first used: {point: inverse transversal element}, {point: place in the orbit}.
        self._inverses: list[dict[int, NDArray[np.int64]]] = [{} for _ in self.levels]
        self._places: list[dict[int, int]] = [{} for _ in self.levels]

    def __repr__(self) -> str:
        return f"<StabilizerChain of order {self.order}, base {self.base}>"

    def transversal_word(self, level: int, point: int) -> tuple[int, ...]:
        """Strong generators whose product, leftmost first, maps the base point of a level to
        `point`.

        Raises:
            MembershipError: the point is not in the orbit of that level.
        """
        data = self.levels[level]
        position = self._positions(level).get(point)
        if position is None:
            raise MembershipError(
                f"point: must lie in the orbit of base point {data.base_point} at level {level}, "
                f"got {point}; see chain.levels[{level}].orbit"
            )
        tree = data.tree
        path = []
        while position:
            position, generator = tree[position - 1]
            path.append(generator)
        return tuple(path)

    def transversal_element(self, level: int, point: int) -> NDArray[np.int64]:
        """The image array u of the level's transversal with ``u[base_point] == point``.

        Raises:
            MembershipError: the point is not in the orbit of that level.
        """
        images = np.arange(self.degree, dtype=np.int64)
        for generator in reversed(self.transversal_word(level, point)):
            images = self.strong_generators[generator][images]
        return images

    def transversal_table(self, level: int) -> NDArray[np.int64]:
        """The transversal elements of a level in orbit order, shape (orbit length, degree)."""
        data = self.levels[level]
        table = np.empty((len(data), self.degree), dtype=np.int64)
        table[0] = np.arange(self.degree)
        for k, (parent, generator) in enumerate(data.tree, start=1):
            np.take(self.strong_generators[generator], table[parent], out=table[k])
        return table

    def sift(self, images: Any) -> tuple[NDArray[np.int64], tuple[int, ...]]:
        """Strip an element through the chain.

        Arguments:
            images: image array or list of length `degree`.

        Returns:
            (residue, points): the element equals ``u_0 * u_1 * … * residue`` with ``u_i`` the
            transversal element of level i for ``points[i]``. It lies in the group exactly when the
            residue is the identity; sifting stops at the first level whose orbit is left.

        Raises:
            DegreeError: the element has another degree.

        Complexity:
            O(base length · n) once the transversal elements in question are known.
        """
        residue = np.array(images, dtype=np.int64)
        if residue.shape != (self.degree,):
            raise DegreeError(
                f"images: must have length {self.degree}, got shape {residue.shape}; "
                "element and group need one degree"
            )
        points = []
        for i, level in enumerate(self.levels):
            point = int(residue[level.base_point])
            if point != level.base_point:
                inverse = self.inverse_transversal(i, point)
                if inverse is None:
                    break
                residue = inverse[residue]
            points.append(point)
        return residue, tuple(points)

    def contains(self, images: Any) -> bool:
        """Whether an image array is that of an element."""
        residue, points = self.sift(images)
        return len(points) == len(self.levels) and bool((residue == np.arange(self.degree)).all())

    def inverse_transversal(self, level: int, point: int) -> NDArray[np.int64] | None:
        """Inverse of ``transversal_element(level, point)``; None for a point not in the orbit."""
        cache = self._inverses[level]
        inverse = cache.get(point)
        if inverse is None:
            if point not in self._positions(level):
                return None
            inverse = np.empty(self.degree, dtype=np.int64)
            inverse[self.transversal_element(level, point)] = np.arange(self.degree)
            if self._caching:
                cache[point] = inverse
        return inverse

    def _positions(self, level: int) -> dict[int, int]:
        places = self._places[level]
        if not places:
            places.update((p, k) for k, p in enumerate(self.levels[level].orbit))
        return places

    def random_images(self, source: random.Random) -> NDArray[np.int64]:
        """A uniformly random element; which one depends on the chain and the state of the source.

        `PermutationGroup.random_element` depends on the set of elements only, and is slower.
        """
        images = np.arange(self.degree, dtype=np.int64)
        for i, level in enumerate(self.levels):
            orbit = level.orbit
            point = orbit[int(source.random() * len(orbit))]
            inverse = self.inverse_transversal(i, point)
            assert inverse is not None
            images = inverse[images]
        return images

    def element_blocks(self, limit: int = 4096) -> Iterator[NDArray[np.int64]]:
        """All elements in lexicographic order of their image lists, as arrays of many rows.

        Arguments:
            limit: at most so many rows in one array.

        Returns:
            An iterator over arrays of shape (rows, degree); it holds one array at a time.

        Complexity:
            O(n) per element, in NumPy but for one step per array.

        Examples:
            >>> from groups import PermutationGroup
            >>> next(PermutationGroup(["(1,2,3)"]).chain.element_blocks()).tolist()
            [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
        """
        split, rows = len(self.levels), 1
        limit = min(limit, _BLOCK_ENTRIES // max(1, self.degree))
        while split and rows * len(self.levels[split - 1]) <= limit:
            split -= 1
            rows *= len(self.levels[split])
        lower = np.arange(self.degree, dtype=np.int64)[None, :]
        for i in reversed(range(split, len(self.levels))):
            lower = self.transversal_table(i)[:, lower].reshape(-1, self.degree)
        columns = list(reversed(self.base[split:]))
        for prefix in self._prefixes(split):
            block = prefix[lower]
            # The images of the base decide the order: points between base points follow them.
            yield block[np.lexsort(block[:, columns].T)] if columns else block

    def _prefixes(self, depth: int) -> Iterator[NDArray[np.int64]]:
        """Products u_0·…·u_{depth-1} of transversal elements, in lexicographic order."""
        identity = np.arange(self.degree, dtype=np.int64)
        if depth == 0:
            yield identity
            return
        stack = [(identity, self._in_order(0, identity))]
        while stack:
            prefix, points = stack[-1]
            point = next(points, None)
            if point is None:
                stack.pop()
                continue
            product = prefix[self.transversal_element(len(stack) - 1, point)]
            if len(stack) == depth:
                yield product
            else:
                stack.append((product, self._in_order(len(stack), product)))

    def _in_order(self, level: int, images: NDArray[np.int64]) -> Iterator[int]:
        return iter(sorted(self.levels[level].orbit, key=images.tolist().__getitem__))

    def element_with_images(self, points: Iterable[int]) -> NDArray[np.int64] | None:
        """The element that maps the base to the given points, or None when there is none.

        Arguments:
            points: images of ``base[0], base[1], …``; with fewer than the base has, some element
                that maps the first ones like this.

        Examples:
            >>> from groups import PermutationGroup
            >>> chain = PermutationGroup(["(1,2,3,4)", "(1,3)"]).chain
            >>> chain.element_with_images([1, 0]).tolist(), chain.element_with_images([0, 2])
            ([1, 0, 3, 2], None)
        """
        wanted = list(points)
        if len(wanted) > len(self.levels):
            raise PointError(
                f"points: at most {len(self.levels)} images, one per base point, got "
                f"{len(wanted)}; "
                f"the base is {self.base}"
            )
        element = np.arange(self.degree, dtype=np.int64)
        inverse = np.arange(self.degree, dtype=np.int64)
        for i, target in enumerate(wanted):
            point = int(inverse[target])
            step = self.inverse_transversal(i, point)
            if step is None:
                return None
            inverse = step[inverse]
        element[inverse] = np.arange(self.degree)
        return element
