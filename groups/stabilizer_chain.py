"""Base and strong generating set: exact, randomised build followed by complete verification.

The chain is found by sifting random elements (Leon 1980) from a fixed seed, so every run finds the same one.
Nothing random is ever believed: unless the order was known beforehand, every generator and every Schreier
generator of every level is sifted (Schreier's lemma), and a residue that is left over restarts the build.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.errors import DegreeError, MembershipError, ParameterError
from groups.straight_line import StraightLineProgram

_SEED = 20240116
_QUIET_SIFTS = 10


@dataclass(frozen=True, slots=True)
class ChainLevel:
    """One level of a stabiliser chain.

    `orbit` lists the orbit of `base_point` under the strong generators `generator_indices` in breadth-first
    order, base point first: for each point in turn, for each generator in listed order, a new image is
    appended. `tree[k - 1]` is ``(parent_position, strong_generator_index)`` of `orbit[k]`.
    """

    base_point: int
    generator_indices: tuple[int, ...]
    orbit: tuple[int, ...]
    tree: tuple[tuple[int, int], ...]


class StabilizerChain:
    """A base and strong generating set of a permutation group.

    The base is canonical: each base point is the least point moved by the stabiliser of those before it
    (after the points of an explicit base, if one was asked for).

    Attributes:
        degree: number of points.
        levels: one `ChainLevel` per base point.
        base: tuple of the base points.
        strong_generators: integer array of shape (s, degree); those of level i are the ones that fix
            ``base[0..i-1]``.
        order: product of the orbit lengths.

    Source:
        Sims 1970; Seress, *Permutation Group Algorithms*, 2003, chapters 4 and 5.
    """

    __slots__ = ("_inverses", "base", "degree", "levels", "order", "strong_generators")

    def __init__(
        self, degree: int, levels: Sequence[ChainLevel], strong_generators: NDArray[np.int64]
    ) -> None:
        self.degree = degree
        self.levels = tuple(levels)
        self.base = tuple(level.base_point for level in self.levels)
        strong_generators.setflags(write=False)
        self.strong_generators = strong_generators
        self.order = math.prod(len(level.orbit) for level in self.levels)
        self._inverses: list[dict[int, NDArray[np.int64]]] = [{} for _ in self.levels]

    def transversal_element(self, level: int, point: int) -> NDArray[np.int64]:
        """The image array u of the level's transversal with ``u[base_point] == point``.

        Raises:
            MembershipError: the point is not in the orbit of that level.
        """
        data = self.levels[level]
        try:
            position = data.orbit.index(point)
        except ValueError:
            raise MembershipError(
                f"point: must lie in the orbit of base point {data.base_point} at level {level}, "
                f"got {point}; see chain.levels[{level}].orbit"
            ) from None
        path = []
        while position:
            position, generator = data.tree[position - 1]
            path.append(generator)
        images = np.arange(self.degree, dtype=np.int64)
        for generator in reversed(path):
            images = self.strong_generators[generator][images]
        return images

    def sift(self, images: Any) -> tuple[NDArray[np.int64], tuple[int, ...]]:
        """Strip an element through the chain.

        Arguments:
            images: image array or list of length `degree`.

        Returns:
            (residue, points): the element equals ``u_0 * u_1 * … * residue`` with ``u_i`` the transversal
            element of level i for ``points[i]``. It lies in the group exactly when the residue is the
            identity; sifting stops at the first level whose orbit is left.
        """
        residue = np.array(images, dtype=np.int64)
        if residue.shape != (self.degree,):
            raise DegreeError(
                f"images: must have length {self.degree}, got shape {residue.shape}; "
                "elements and group need one degree"
            )
        points = []
        for i, level in enumerate(self.levels):
            point = int(residue[level.base_point])
            inverse = self._inverse(i, point)
            if inverse is None:
                break
            points.append(point)
            residue = inverse[residue]
        return residue, tuple(points)

    def _inverse(self, level: int, point: int) -> NDArray[np.int64] | None:
        """Inverse of the transversal element, or None when the point is outside the orbit."""
        cache = self._inverses[level]
        if not cache:
            cache.update(dict.fromkeys(self.levels[level].orbit))  # type: ignore[arg-type]
        if point not in cache:
            return None
        inverse = cache[point]
        if inverse is None:
            inverse = np.argsort(self.transversal_element(level, point))
            cache[point] = inverse
        return inverse


def build_chain(
    degree: int,
    generators: Sequence[Any],
    *,
    base: Sequence[int] = (),
    known_order: int | None = None,
) -> tuple[StabilizerChain, _Builder]:
    """Build and prove a stabiliser chain; the builder keeps how each strong generator was made."""
    builder = _Builder(degree, [list(map(int, g)) for g in generators], base, known_order)
    return builder.run(), builder


class _Level:
    __slots__ = ("base_point", "generators", "parents", "points")

    def __init__(self, base_point: int) -> None:
        self.base_point = base_point
        self.generators: list[int] = []
        self.points = [base_point]
        self.parents: dict[int, tuple[int, int] | None] = {base_point: None}


class _Builder:
    """Randomised Schreier–Sims with a log from which a straight-line program can be read."""

    def __init__(
        self,
        degree: int,
        generators: list[list[int]],
        base: Sequence[int],
        known_order: int | None,
    ) -> None:
        self.n = degree
        self.generators = [tuple(g) for g in generators]
        chosen = set(base)
        self.point_order = [*base, *(i for i in range(degree) if i not in chosen)]
        self.rank = {p: r for r, p in enumerate(self.point_order)}
        self.known_order = known_order
        self.identity = tuple(range(degree))
        self.levels: list[_Level] = []
        self.strong: list[tuple[int, ...]] = []
        # How strong generator k arose: (start, [(parents of a level, point), …]): start divided on the left
        # by those transversal elements. start is an item number, or (strong index, parents, point).
        self.origins: list[tuple[Any, list[tuple[dict[int, Any], int]]]] = []
        self.log: list[tuple[int, int]] = []
        self.random = random.Random(_SEED)
        self.kept: list[int] = []

    # -- elements -------------------------------------------------------------------------------------

    def transversal(self, level: _Level, point: int) -> tuple[int, ...]:
        path = []
        step = level.parents[point]
        while step is not None:
            path.append(step[1])
            step = level.parents[step[0]]
        u = self.identity
        for k in reversed(path):
            s = self.strong[k]
            u = tuple([s[i] for i in u])
        return u

    def sift(
        self, x: tuple[int, ...], start: int = 0
    ) -> tuple[tuple[int, ...], list[tuple[dict[int, Any], int]]]:
        path = []
        for level in self.levels[start:]:
            point = x[level.base_point]
            if point == level.base_point:
                continue
            if point not in level.parents:
                break
            path.append((level.parents, point))
            u = self.transversal(level, point)
            inverse = [0] * self.n
            for i, j in enumerate(u):
                inverse[j] = i
            x = tuple([inverse[i] for i in x])
        return x, path

    def add(self, x: tuple[int, ...], origin: Any) -> None:
        """Add a non-identity residue as a strong generator, opening a level when its base point is new."""
        moved = next(p for p in self.point_order if x[p] != p)
        index = len(self.strong)
        self.strong.append(x)
        self.origins.append(origin)
        rank = self.rank[moved]
        position = sum(self.rank[level.base_point] < rank for level in self.levels)
        if position == len(self.levels) or self.levels[position].base_point != moved:
            level = _Level(moved)
            if position < len(self.levels):
                level.generators = list(self.levels[position].generators)
            self.levels.insert(position, level)
        for level in self.levels[: position + 1]:
            level.generators.append(index)
            self.extend(level)

    def extend(self, level: _Level) -> None:
        points, parents = level.points, level.parents
        new = level.generators[-1]
        s = self.strong[new]
        old = len(points)
        for k in range(old):
            q = s[points[k]]
            if q not in parents:
                parents[q] = (points[k], new)
                points.append(q)
        k = old
        generators = [(g, self.strong[g]) for g in level.generators]
        while k < len(points):
            p = points[k]
            for g, s in generators:
                if s[p] not in parents:
                    parents[s[p]] = (p, g)
                    points.append(s[p])
            k += 1

    # -- phases ---------------------------------------------------------------------------------------

    def order(self) -> int:
        return math.prod(len(level.points) for level in self.levels)

    def run(self) -> StabilizerChain:
        for k, g in enumerate(self.generators):
            residue, path = self.sift(g)
            if residue != self.identity:
                self.add(residue, (k, path))
        while True:
            self.random_phase()
            self.prune()
            if self.known_order is not None and self.order() >= self.known_order:
                break
            failure = self.verify()
            if failure is None:
                break
            self.add(*failure)
        if self.known_order is not None and self.order() != self.known_order:
            raise ParameterError(
                f"known_order: the generators generate a group of order {self.order()}, "
                f"got {self.known_order}; leave known_order out"
            )
        return self.finish()

    def random_phase(self) -> None:
        generators = self.generators
        if not generators:
            return
        slots = list(generators)
        items = list(range(len(generators)))
        while len(slots) < 10:
            slots.append(slots[len(slots) % len(generators)])
            items.append(items[len(items) % len(generators)])
        accumulator, accumulated = slots[0], items[0]
        quiet = 0
        step = 0
        while quiet < _QUIET_SIFTS or step < 30:
            if self.known_order is not None and self.order() >= self.known_order:
                return
            i = int(self.random.random() * len(slots))
            j = int(self.random.random() * (len(slots) - 1))
            j += j >= i
            a, b = slots[i], slots[j]
            slots[i] = tuple([a[k] for k in b])
            items[i] = self.record(items[i], items[j])
            a, b = accumulator, slots[i]
            accumulator = tuple([a[k] for k in b])
            accumulated = self.record(accumulated, items[i])
            step += 1
            residue, path = self.sift(accumulator)
            if residue == self.identity:
                quiet += 1
            else:
                quiet = 0
                self.add(residue, (accumulated, path))

    def record(self, a: int, b: int) -> int:
        self.log.append((a, b))
        return len(self.generators) + len(self.log) - 1

    def prune(self) -> None:
        """Keep, level by level from the bottom, only generators that the orbits need.

        If the orbits keep their lengths, the kept generators are strong for the same group: by induction the
        group they generate at each level has at least the order of the old one.
        """
        kept: list[list[int]] = []
        levels: list[_Level] = []
        below: list[int] = []
        for i in reversed(range(len(self.levels))):
            old = self.levels[i]
            deeper = set(self.levels[i + 1].generators) if i + 1 < len(self.levels) else set()
            level = _Level(old.base_point)
            for g in below:
                level.generators.append(g)
                self.extend(level)
            new = []
            for g in old.generators:
                if g in deeper or len(level.points) == len(old.points):
                    continue
                if any(self.strong[g][p] not in level.parents for p in level.points):
                    level.generators.append(g)
                    self.extend(level)
                    new.append(g)
            kept.append(new)
            below = new + below
            final = _Level(old.base_point)
            final.generators = list(below)
            for p in final.points:
                for g in below:
                    q = self.strong[g][p]
                    if q not in final.parents:
                        final.parents[q] = (p, g)
                        final.points.append(q)
            levels.append(final)
        self.levels = levels[::-1]
        self.kept = below

    def verify(self) -> tuple[tuple[int, ...], Any] | None:
        """Sift every generator and every Schreier generator; the first residue left over, or None."""
        for k, g in enumerate(self.generators):
            residue, path = self.sift(g)
            if residue != self.identity:
                return residue, (k, path)
        for i in reversed(range(len(self.levels))):
            level = self.levels[i]
            for p in level.points:
                u = self.transversal(level, p)
                for g in level.generators:
                    s = self.strong[g]
                    if level.parents[s[p]] == (p, g):
                        continue
                    residue, path = self.sift(tuple([s[j] for j in u]), i)
                    if residue != self.identity:
                        return residue, ((g, level.parents, p), path)
        return None

    def finish(self) -> StabilizerChain:
        number = {g: k for k, g in enumerate(self.kept)}
        levels = []
        for level in self.levels:
            position = {p: k for k, p in enumerate(level.points)}
            tree = []
            for p in level.points[1:]:
                parent, g = level.parents[p]  # type: ignore[misc]
                tree.append((position[parent], number[g]))
            levels.append(
                ChainLevel(
                    level.base_point,
                    tuple(number[g] for g in level.generators),
                    tuple(level.points),
                    tuple(tree),
                )
            )
        strong = np.array([self.strong[g] for g in self.kept], dtype=np.int64)
        return StabilizerChain(self.n, levels, strong.reshape(len(self.kept), self.n))

    # -- the program ----------------------------------------------------------------------------------

    def program(self) -> StraightLineProgram:
        """The straight-line program of the kept strong generators."""
        count = len(self.generators)
        instructions: list[tuple[int, ...]] = list(self.log)
        strong_items: list[int] = []
        memo: dict[tuple[int, int], int | None] = {}

        def emit(*operands: int) -> int:
            instructions.append(operands)
            return count + len(instructions) - 1

        def transversal_item(parents: dict[int, Any], point: int) -> int | None:
            stack = []
            while (id(parents), point) not in memo and parents[point] is not None:
                stack.append(point)
                point = parents[point][0]
            item = memo.get((id(parents), point))
            for p in reversed(stack):
                s = strong_items[parents[p][1]]
                item = s if item is None else emit(s, item)
                memo[id(parents), p] = item
            return item

        for start, path in self.origins:
            if isinstance(start, tuple):
                g, parents, point = start
                u = transversal_item(parents, point)
                item = strong_items[g] if u is None else emit(strong_items[g], u)
            else:
                item = start
            product: int | None = None
            for parents, point in path:
                u = transversal_item(parents, point)
                assert u is not None
                product = u if product is None else emit(product, u)
            if product is not None:
                item = emit(emit(product), item)
            strong_items.append(item)
        return _compact(
            count, self.generators, instructions, [strong_items[k] for k in self.kept]
        )


def _compact(
    count: int,
    generators: Sequence[tuple[int, ...]],
    instructions: Sequence[tuple[int, ...]],
    results: Sequence[int],
) -> StraightLineProgram:
    """Drop items that no result needs and identify items that are equal as permutations."""
    needed = set(results)
    for item in range(count + len(instructions) - 1, count - 1, -1):
        if item in needed:
            needed.update(instructions[item - count])
    values: list[NDArray[np.int64] | None] = [np.array(g, dtype=np.int64) for g in generators]
    canonical: dict[bytes, int] = {}
    alias: list[int] = []
    for k, value in enumerate(values):
        alias.append(k)
        assert value is not None
        canonical.setdefault(value.tobytes(), k)
    for offset, instruction in enumerate(instructions):
        item = count + offset
        if item not in needed:
            values.append(None)
            alias.append(-1)
            continue
        operands = [values[a] for a in instruction]
        if len(operands) == 2:
            value = operands[0][operands[1]]  # type: ignore[index]
        else:
            value = np.argsort(operands[0])  # type: ignore[arg-type]
        values.append(value)
        alias.append(canonical.setdefault(value.tobytes(), item))
    # A second sweep: after identification some items are dead.
    roots = [alias[r] for r in results]
    needed = set(roots)
    for item in range(count + len(instructions) - 1, count - 1, -1):
        if item in needed:
            needed.update(alias[a] for a in instructions[item - count])
    number = {k: k for k in range(count)}
    out: list[tuple[int, ...]] = []
    for offset, instruction in enumerate(instructions):
        item = count + offset
        if item in needed:
            out.append(tuple(number[alias[a]] for a in instruction))
            number[item] = count + len(out) - 1
    return StraightLineProgram(count, tuple(out), tuple(number[r] for r in roots))
