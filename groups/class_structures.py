"""Conjugacy classes by combinatorics: symmetric and alternating groups, direct and wreath products.

Each function returns what the general search returns for the same set of permutations: least
representatives, centraliser orders, and a way to classify elements. They are recognised by
structure or by order, so the answer never depends on how a group was made.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from groups.class_search import Classifier, Found, cycle_type_keys
from groups.permutations import Permutation
from groups.symmetric_characters import Partition, centralizer_order, partitions

if TYPE_CHECKING:
    from groups.classes import ConjugacyClasses
    from groups.group import PermutationGroup

Array = NDArray[np.int64]
# Orbits of colourings are listed only for top groups up to this order.
_TOP_ORDER = 5000


def least_of_cycle_type(cycle_type: Partition) -> Array:
    """The least permutation of a cycle type: short cycles first, each running upwards.

    Examples:
        >>> least_of_cycle_type((3, 1, 1)).tolist()
        [0, 1, 3, 4, 2]
    """
    images: list[int] = []
    for length in sorted(cycle_type):
        start = len(images)
        images += [*range(start + 1, start + length), start]
    return np.array(images, dtype=np.int64)


def symmetric_classes(n: int) -> Found:
    """Classes of S_n: one for each partition of n."""
    types = partitions(n)
    rows = np.array([least_of_cycle_type(t) for t in types]).reshape(len(types), n)

    def bind(representatives: Array) -> Classifier:
        number = {k.tobytes(): i for i, k in enumerate(cycle_type_keys(representatives))}
        return lambda queries, fusion: np.array(
            [number[k.tobytes()] for k in cycle_type_keys(queries)], dtype=np.int64
        )

    return rows, [centralizer_order(t) for t in types], bind


def splits_in_alternating(cycle_type: Sequence[int]) -> bool:
    """Whether a class of even permutations of S_n is two classes of A_n: distinct odd parts."""
    return len(set(cycle_type)) == len(cycle_type) and all(part % 2 for part in cycle_type)


def alternating_classes(n: int) -> Found:
    """Classes of A_n, n >= 3: those of S_n, halved when all cycle lengths are odd and different."""
    rows: list[Array] = []
    orders: list[int] = []
    for t in partitions(n):
        if (n - len(t)) % 2:
            continue
        row, order = least_of_cycle_type(t), centralizer_order(t)
        if splits_in_alternating(t):
            # The other half is reached by an odd permutation; the least of its elements differs
            # from `row` as late as possible: in the last two places of the longest cycle.
            other = row.copy()
            other[n - 3 :] = n - 1, row[n - 1], n - 2
            rows += [row, other]
            orders += [order, order]
        else:
            rows.append(row)
            orders.append(order // 2)

    def bind(representatives: Array) -> Classifier:
        number: dict[bytes, list[int]] = {}
        for i, key in enumerate(cycle_type_keys(representatives)):
            number.setdefault(key.tobytes(), []).append(i)

        def classify(queries: Array, fusion: Array | None) -> Array:
            answer = []
            for row, key in zip(queries, cycle_type_keys(queries), strict=True):
                known = number[key.tobytes()]
                if len(known) == 2 and _odd_conjugator(representatives[known[0]], row):
                    known = known[1:]
                answer.append(known[0])
            return np.array(answer, dtype=np.int64)

        return classify

    return np.array(rows), orders, bind


def _odd_conjugator(x: Array, y: Array) -> bool:
    """Whether a permutation that takes the cycles of x to those of y (all lengths different) is
    odd.
    """

    def by_length(images: Array) -> list[int]:
        cycles, seen = [], set()
        for start in range(len(images)):
            cycle, point = [], start
            while point not in seen:
                seen.add(point)
                cycle.append(point)
                point = int(images[point])
            if cycle:
                cycles.append(cycle)
        return [p for cycle in sorted(cycles, key=len) for p in cycle]

    conjugator = [0] * len(x)
    for a, b in zip(by_length(x), by_length(y), strict=True):
        conjugator[a] = b
    return Permutation(conjugator).sign == -1


def direct_classes(
    degree: int, factors: Sequence[ConjugacyClasses], blocks: Sequence[Sequence[int]]
) -> Found:
    """Classes of a direct product whose factors act on disjoint blocks of points (the rest is
    fixed).
    """
    rows, orders, keys = [], [], []
    for choice in product(*(range(len(f)) for f in factors)):
        row = np.arange(degree)
        order = 1
        for f, block, i in zip(factors, blocks, choice, strict=True):
            points = np.array(block, dtype=np.int64)
            row[points] = points[f.representatives[i]]
            order *= f.centralizer_orders[i]
        rows.append(row)
        orders.append(order)
        keys.append(choice)

    def codes(queries: Array) -> Array:
        code = np.zeros(len(queries), dtype=np.int64)
        for f, block in zip(factors, blocks, strict=True):
            points = np.array(block, dtype=np.int64)
            position = np.zeros(degree, dtype=np.int64)
            position[points] = np.arange(len(points))
            code = code * len(f) + f.classify(position[queries[:, points]])
        return code

    def bind(representatives: Array) -> Classifier:
        number = np.empty(len(representatives), dtype=np.int64)
        number[codes(representatives)] = np.arange(len(representatives))
        return lambda queries, fusion: number[codes(queries)]

    return np.array(rows).reshape(len(rows), degree), orders, bind


# -- wreath products -------------------------------------------------------------------------------

Pattern = tuple[tuple[int, int], ...]
"""For each block: (image block, rank of the cycle product's class when the block ends its cycle,
else 0).
"""


class WreathClasses:
    """Classes of ``K wr H`` on blocks of n points, block b holding the points b*n … b*n + n - 1.

    An element is known up to conjugacy by its permutation of the blocks and, for each cycle of
    blocks, the class in K of the product around the cycle; the top group H moves such coloured
    permutations about. In the least representative every block is carried identically to the next
    but the last of each cycle, which carries the least representative of its class; so comparing
    images means comparing patterns.

    Arguments:
        base: classes of K. top: classes of H.

    Source:
        G. James, A. Kerber, The Representation Theory of the Symmetric Group, 4.2.
    """

    def __init__(self, base: ConjugacyClasses, top: ConjugacyClasses) -> None:
        self.base, self.top = base, top
        self.n, self.m = base.group.degree, top.group.degree
        self.symmetric = top.group.order == math.factorial(self.m)
        # Ranks compare like the least representatives, rank 0 is the identity.
        ordered = sorted(range(len(base)), key=lambda i: base.representatives[i].tolist())
        self.class_of_rank = ordered
        self.rank_of_class = {c: r for r, c in enumerate(ordered)}
        self._canonical: dict[Pattern, Pattern] = {}
        if not self.symmetric:
            self.top_elements = np.array([g.images for g in top.group.elements()])
            self.top_inverses = np.argsort(self.top_elements, axis=1)

    @staticmethod
    def feasible(top: PermutationGroup) -> bool:
        """Whether colourings can be sorted: the top group is symmetric or small."""
        return top.order == math.factorial(top.degree) or top.order <= _TOP_ORDER

    def patterns(self) -> Iterator[tuple[Pattern, int]]:
        """The canonical pattern of each class with its centraliser order."""
        colours = range(len(self.base))
        weight = [self.base.centralizer_orders[c] for c in self.class_of_rank]
        for t, representative in enumerate(self.top.representatives):
            cycles = block_cycles(representative)
            if self.symmetric:
                lengths = sorted({len(c) for c in cycles})
                groups = [
                    combinations_with_replacement(colours, sum(len(c) == x for c in cycles))
                    for x in lengths
                ]
                for choice in product(*groups):
                    pattern: list[tuple[int, int]] = []
                    order = 1
                    for length, ranks in zip(lengths, choice, strict=True):
                        for r in ranks:
                            start = len(pattern)
                            pattern += [(start + k + 1, 0) for k in range(length - 1)]
                            pattern.append((start, r))
                            order *= length * weight[r]
                        for r in set(ranks):
                            order *= math.factorial(ranks.count(r))
                    yield tuple(pattern), order
                continue
            seen: set[Pattern] = set()
            centralizer = self.top.centralizer_orders[t]
            for ranks in product(colours, repeat=len(cycles)):
                coloured = [(int(b), 0) for b in representative]
                for cycle, r in zip(cycles, ranks, strict=True):
                    coloured[max(cycle)] = (coloured[max(cycle)][0], r)
                canonical, stabilizer = self._least(tuple(coloured))
                if canonical in seen:
                    continue
                seen.add(canonical)
                assert centralizer % stabilizer == 0
                yield canonical, stabilizer * math.prod(weight[r] for r in ranks)

    def _least(self, pattern: Pattern) -> tuple[Pattern, int]:
        """Least image of a pattern under the top group, and the order of its stabiliser."""
        images = np.array([b for b, _ in pattern])
        colour = np.zeros(self.m, dtype=np.int64)
        for cycle in block_cycles(images):
            colour[cycle] = pattern[max(cycle)][1]
        h, inverse = self.top_elements, self.top_inverses
        moved = np.take_along_axis(h, images[inverse], axis=1)
        colours = colour[inverse]
        # A block ends its cycle when it is the largest of it.
        largest = np.broadcast_to(np.arange(self.m), moved.shape).copy()
        for _ in range(self.m):
            largest = np.maximum(largest, np.take_along_axis(largest, moved, axis=1))
        colours = np.where(largest == np.arange(self.m), colours, 0)
        keys = moved * len(self.base) + colours
        kept = np.arange(len(keys))
        for s in range(self.m):
            column = keys[kept, s]
            kept = kept[column == column.min()]
        best = kept[0]
        least = tuple(zip(moved[best].tolist(), colours[best].tolist(), strict=True))
        return least, len(kept)

    def canonical(self, pattern: Pattern) -> Pattern:
        """The pattern of the class of an element with this pattern."""
        if pattern not in self._canonical:
            if self.symmetric:
                cycles = block_cycles(np.array([b for b, _ in pattern]))
                marks = sorted((len(c), pattern[max(c)][1]) for c in cycles)
                result: list[tuple[int, int]] = []
                for length, r in marks:
                    start = len(result)
                    result += [(start + k + 1, 0) for k in range(length - 1)]
                    result.append((start, r))
                self._canonical[pattern] = tuple(result)
            else:
                self._canonical[pattern] = self._least(pattern)[0]
        return self._canonical[pattern]

    def representative(self, pattern: Pattern) -> Array:
        """The image list that a canonical pattern stands for."""
        parts = [b * self.n + self.base.representatives[self.class_of_rank[r]] for b, r in pattern]
        return np.concatenate(parts)

    def pattern_of(self, row: Array) -> Pattern:
        """The pattern of an element."""
        blocks = row.reshape(self.m, self.n)
        images = blocks[:, 0] // self.n
        ranks = [0] * self.m
        cycles = block_cycles(images)
        products = np.empty((len(cycles), self.n), dtype=np.int64)
        for k, cycle in enumerate(cycles):
            points = np.arange(self.n)
            for b in cycle:
                points = blocks[b][points] % self.n
            products[k] = points
        for cycle, c in zip(cycles, self.base.classify(products).tolist(), strict=True):
            ranks[max(cycle)] = self.rank_of_class[c]
        return tuple(zip(images.tolist(), ranks, strict=True))

    def found(self) -> Found:
        """Representatives, centraliser orders and classification, in no particular order."""
        listed = list(self.patterns())
        rows = np.array([self.representative(p) for p, _ in listed])

        def bind(representatives: Array) -> Classifier:
            number = {
                self.canonical(self.pattern_of(row)): i for i, row in enumerate(representatives)
            }
            return lambda queries, fusion: np.array(
                [number[self.canonical(self.pattern_of(row))] for row in queries], dtype=np.int64
            )

        return rows, [order for _, order in listed], bind


def block_cycles(images: Array) -> list[list[int]]:
    """All cycles, fixed points included, each from its least point, in increasing order.

    Examples:
        >>> block_cycles(np.array([2, 1, 0]))
        [[0, 2], [1]]
    """
    todo = images.tolist()
    seen = [False] * len(todo)
    cycles = []
    for start in range(len(todo)):
        cycle, point = [], start
        while not seen[point]:
            seen[point] = True
            cycle.append(point)
            point = todo[point]
        if cycle:
            cycles.append(cycle)
    return cycles
