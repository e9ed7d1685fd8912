"""Symmetric and alternating groups recognised by Jordan's theorem, and their chains written down.

**Exact criterion.** A transitive group of degree m that has an element with a cycle of prime length
p, m/2 < p < m - 2, contains A_m. (All other cycles are shorter than p, so a power of the element is
a p-cycle. A block system would have p moved points in one block, more than half of all; so the
group is primitive, and a primitive group with a cycle of prime length p ≤ m - 3 contains A_m:
Jordan 1873; Wielandt 1964, 13.9.) About one element in log₂ m does it. Finding none proves nothing;
then the general algorithm takes over.

The strong generators are stars: the transpositions (a, r) for S_m, where r is the last point, and
the 3-cycles (a, q, r) for A_m, where q, r are the last two. Their breadth-first trees have depth 2
and 3. The program that makes them from the given generators starts from a power of some element
that is a transposition or 3-cycle.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from groups.permutations import Permutation
from groups.point_orbits import orbit_of
from groups.stabilizer_chain import ChainLevel, StabilizerChain
from groups.straight_line import StraightLineProgram, compacted

if TYPE_CHECKING:
    from groups.schreier_sims import Builder

# Random elements that are looked at; S_m and A_m of degree 8 to 10^4 pass them all less than once
# in 10^3.
_TRIALS = 48
Item = tuple[tuple[int, ...], int]  # a short cycle and the program item that is equal to it


class _StarLevel(ChainLevel):
    """Level of a star chain; orbit and tree are formulas, so that degree 10^4 costs no memory."""

    __slots__ = ("_depth", "_points", "_tips")

    def __init__(self, points: Sequence[int], depth: int, tips: int) -> None:
        # tips: the last 1 (S_m) or 2 (A_m) points, which all strong generators move.
        self.base_point = points[depth]
        self._points = points
        self._depth = depth
        self._tips = tips

    @property
    def generator_indices(self) -> tuple[int, ...]:
        return tuple(range(self._depth, len(self._points) - self._tips))

    @property
    def orbit(self) -> tuple[int, ...]:
        points, tips = self._points, self._tips
        return (self.base_point, *points[-tips:], *points[self._depth + 1 : -tips])

    @property
    def tree(self) -> tuple[tuple[int, int], ...]:
        depth, tips = self._depth, self._tips
        branches = [(k, depth) for k in range(tips)]
        branches += [(tips, g) for g in range(depth + 1, len(self._points) - tips)]
        return tuple(branches)

    def __len__(self) -> int:
        return len(self._points) - self._depth


class GiantChain(StabilizerChain):
    """Chain of S_m or A_m on `points` (in base order), all other points fixed."""

    __slots__ = ("_fixed", "is_alternating", "points")

    def __init__(self, degree: int, points: Sequence[int], alternating: bool) -> None:
        tips = 2 if alternating else 1
        count = len(points) - tips
        strong = np.tile(np.arange(degree, dtype=np.int64), (count, 1))
        rows = np.arange(count)
        base = np.array(points[:count], dtype=np.int64)
        cycle = [base, *(np.full(count, tip) for tip in points[-tips:]), base]
        for source, target in pairwise(cycle):
            strong[rows, source] = target
        levels = [_StarLevel(points, depth, tips) for depth in range(count)]
        super().__init__(degree, levels, strong)
        self.is_alternating = alternating
        self.points = tuple(points)
        fixed = np.ones(degree, dtype=bool)
        fixed[list(points)] = False
        self._fixed = np.flatnonzero(fixed)

    def contains(self, images: Any) -> bool:
        p = Permutation(images, degree=self.degree)
        if (p.images[self._fixed] != self._fixed).any():
            return False
        return not self.is_alternating or p.sign == 1


def recognise(builder: Builder) -> GiantChain | None:
    """The chain of the group when it is S_m or A_m on the points that it moves, otherwise None."""
    points = _only_orbit(builder)
    if points is None:
        return None
    m = len(points)
    odd = any(_sign(g) < 0 for g in builder.generators)
    if builder.known_order is not None:
        # The only subgroups of S_m of these orders are S_m and A_m.
        is_giant = m > 1 and builder.known_order == math.factorial(m) // (1 if odd else 2)
    else:
        is_giant = m >= 8 and _has_prime_cycle(builder, points)
    return GiantChain(builder.n, points, not odd) if is_giant else None


def _only_orbit(builder: Builder) -> list[int] | None:
    """The moved points in base order when they are one orbit."""
    generators = [g if isinstance(g, bytes) else g.tolist() for g in builder.generators]
    if not generators:
        return None
    orbit = orbit_of(builder.least_moved(builder.generators[0]), generators)
    seen = set(orbit)
    for g in generators:
        if any(q != p and p not in seen for p, q in enumerate(g)):
            return None
    return (
        [p for p in builder.point_order if p in seen]
        if len(orbit) < builder.n
        else list(builder.point_order)
    )


def _has_prime_cycle(builder: Builder, points: Sequence[int]) -> bool:
    m = len(points)
    primes = {
        p for p in range(m // 2 + 1, m - 2) if all(p % d for d in range(2, math.isqrt(p) + 1))
    }
    for (x, _), _ in zip(builder.random_stream(), range(_TRIALS), strict=False):
        images = x if isinstance(x, bytes) else x.tolist()
        seen: set[int] = set()
        for start in points:
            if 2 * len(seen) >= m:
                break
            if start in seen:
                continue
            before = len(seen)
            p = start
            while p not in seen:
                seen.add(p)
                p = images[p]
            if len(seen) - before in primes:
                return True
    return False


def _sign(images: Any) -> int:
    return Permutation._trusted(np.array(list(images), dtype=np.int64)).sign


# -- the program ----------------------------------------------------------------------------------


def star_program(builder: Builder, chain: GiantChain) -> StraightLineProgram:
    """The straight-line program of the strong generators of a giant over the generators."""
    points = chain.points
    writer = _Writer(builder)
    start = writer.short_cycle(3 if chain.is_alternating else 2)
    cycles = writer.conjugates(start, len(points))
    if chain.is_alternating:
        stars = _star_of_three_cycles(writer, cycles, points)
    else:
        stars = _star_of_transpositions(writer, cycles, points)
    generators = [np.array(list(g), dtype=np.int64) for g in builder.generators]
    return compacted(len(generators), generators, writer.instructions, stars)


class _Writer:
    """Writes instructions; cycles are tracked as tuples of points."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.count = len(builder.generators)
        builder.log.clear()
        self.stream = builder.random_stream()
        # The stream logs its products first; instructions of our own start when it has ended.
        self.instructions: list[tuple[int, ...]] = []
        self.inverses: dict[int, int] = {}

    def emit(self, *operands: int) -> int:
        self.instructions.append(operands)
        return self.count + len(self.instructions) - 1

    def inverse(self, item: int) -> int:
        if item not in self.inverses:
            self.inverses[item] = self.emit(item)
        return self.inverses[item]

    def power(self, item: int, exponent: int) -> int:
        result: int | None = None
        while True:
            if exponent & 1:
                result = item if result is None else self.emit(result, item)
            exponent >>= 1
            if not exponent:
                assert result is not None
                return result
            item = self.emit(item, item)

    def short_cycle(self, length: int) -> Item:
        """A cycle of length 2 or 3 as a power of a generator or a random element."""
        elements: Iterator[tuple[Any, Any]] = iter(
            [(g, k) for k, g in enumerate(self.builder.generators)]
        )
        while True:
            for x, item in elements:
                cycles = Permutation._trusted(np.array(list(x), dtype=np.int64)).cycles()
                divisible = [c for c in cycles if len(c) % length == 0]
                if len(divisible) == 1 and len(divisible[0]) == length:
                    self.instructions = list(self.builder.log)
                    exponent = math.lcm(*(len(c) for c in cycles if c != divisible[0]))
                    cycle = divisible[0]
                    if exponent % 3 == 2 and length == 3:
                        cycle = (cycle[0], cycle[2], cycle[1])
                    return cycle, self.power(item, exponent)
            elements = self.stream

    def conjugate(self, cycle: Item, images: Any, item: int) -> Item:
        """g·c·g⁻¹ for the element g with the given images and item."""
        points = tuple(int(images[p]) for p in cycle[0])
        return points, self.emit(self.emit(item, cycle[1]), self.inverse(item))

    def conjugates(self, start: Item, size: int) -> list[Item]:
        """Conjugates under the generators that connect all `size` moved points.

        Those that join new points are conjugated first: a search breadth first would run through
        all sets of 3 points when a generator is one long cycle.
        """
        generators = self.builder.generators
        component = list(range(self.builder.n))

        def find(p: int) -> int:
            while component[p] != p:
                component[p] = component[component[p]]
                p = component[p]
            return p

        seen = {frozenset(start[0])}
        connecting: list[Item] = []
        joined = 1
        first: deque[Item] = deque([start])
        later: deque[Item] = deque()
        while joined < size:
            cycle = (first or later).popleft()
            roots = {find(p) for p in cycle[0]}
            if len(roots) > 1:
                joined += len(roots) - 1
                root = roots.pop()
                for other in roots:
                    component[other] = root
                connecting.append(cycle)
            for k, g in enumerate(generators):
                image = frozenset(int(g[p]) for p in cycle[0])
                if image not in seen:
                    seen.add(image)
                    joins = len({find(p) for p in image}) > 1
                    (first if joins else later).append(self.conjugate(cycle, g, k))
        return connecting


def _star_of_transpositions(writer: _Writer, edges: list[Item], points: Sequence[int]) -> list[int]:
    """Items of (a, r), r the last point, from the transpositions along a spanning tree."""
    neighbours: dict[int, list[tuple[int, int]]] = {p: [] for p in points}
    for (a, b), item in edges:
        neighbours[a].append((b, item))
        neighbours[b].append((a, item))
    root = points[-1]
    star: dict[int, int] = {}
    queue = [root]
    for p in queue:
        for q, edge in neighbours[p]:
            if q == root or q in star:
                continue
            # (p, q)·(p, r)·(p, q) = (q, r)
            star[q] = edge if p == root else writer.emit(writer.emit(edge, star[p]), edge)
            queue.append(q)
    return [star[p] for p in points[:-1]]


def _star_of_three_cycles(writer: _Writer, cycles: list[Item], points: Sequence[int]) -> list[int]:
    """Items of (a, q, r), q and r the last two points, from 3-cycles that connect all points."""
    (x, y, first), item = cycles[0]
    star: dict[int, Item] = {first: ((x, y, first), item)}  # the cycles (x, y, j)

    def conjugate(cycle: Item, by: Item, inverted: bool = False) -> Item:
        a, b, c = by[0]
        images = {a: b, b: c, c: a}
        other = by[1]
        if inverted:
            images = {q: p for p, q in images.items()}
            other = writer.inverse(other)
        moved = {p: images.get(p, p) for p in cycle[0]}
        return writer.conjugate(cycle, moved, other)

    def towards(a: int) -> tuple[Item, bool]:
        """A star cycle (perhaps inverted) that maps a, different from x, to x."""
        return (star[a], False) if a in star else (star[first], True)

    def include(cycle: Item) -> None:
        """Add the one point of a 3-cycle that the star does not reach yet."""
        while True:
            inside = [p for p in cycle[0] if p == x or p == y or p in star]
            others = [p for p in inside if p != x and p != y]
            if not others:
                break
            # (x, y, j) maps j to x, x to y and y to j; its inverse maps j to y.
            cycle = conjugate(cycle, star[others[0]], inverted=x not in inside and y in inside)
        new = next(p for p in cycle[0] if p != x and p != y)
        star[new] = oriented(cycle, (x, y, new))

    def oriented(cycle: Item, wanted: tuple[int, ...]) -> Item:
        a, b, c = cycle[0]
        if wanted in ((a, b, c), (b, c, a), (c, a, b)):
            return wanted, cycle[1]
        return wanted, writer.inverse(cycle[1])

    waiting = cycles[1:]
    while waiting:
        later = []
        for cycle in waiting:
            known = {x, y, *star}
            inside = [p for p in cycle[0] if p in known]
            if not inside:
                later.append(cycle)
                continue
            if len(inside) == 3:
                continue
            if len(inside) == 1:
                if inside[0] != x:
                    cycle = conjugate(cycle, *towards(inside[0]))
                # Now cycle = (x, q, r): it carries (x, y, j) to (q, y, j), which brings q in.
                include(conjugate(star[first], cycle))
            missing = [p for p in cycle[0] if p not in {x, y, *star}]
            if missing:
                include(cycle)
        waiting = later
    # Carry the star to its final tips.
    q, r = points[-2], points[-1]
    steps: list[tuple[Item, bool]] = []
    images = {p: p for p in points}
    while {images[q], images[r]} != {x, y}:
        inside = [images[q], images[r]]
        others = [p for p in inside if p != x and p != y]
        step = star[others[0]], x not in inside and y in inside
        steps.append(step)
        a, b, c = step[0][0]
        rotation = {a: c, b: a, c: b} if step[1] else {a: b, b: c, c: a}
        images = {p: rotation.get(i, i) for p, i in images.items()}
    carried = dict(star)
    if steps:
        # w = last·…·first maps {q, r} to {x, y}; conjugate by its inverse.
        w = None
        for cycle, inverted in steps:
            item = writer.inverse(cycle[1]) if inverted else cycle[1]
            w = item if w is None else writer.emit(item, w)
        assert w is not None
        back = {i: p for p, i in images.items()}
        inverse = writer.inverse(w)
        writer.inverses[inverse] = w
        carried = {}
        for cycle in star.values():
            moved = writer.conjugate(cycle, back, inverse)
            (a,) = (p for p in moved[0] if p != q and p != r)
            carried[a] = moved
    return [oriented(carried[a], (a, q, r))[1] for a in points[:-2]]
