"""Finding stabiliser chains: random Schreier–Sims, from a fixed seed, then a complete proof.

The build sifts products of the generators that a fixed seed chooses (Leon 1980), so every run does
the same. Nothing random is ever believed. Unless the order was known beforehand, the finished chain
is proved: every generator sifts to the identity, and `chain_proof` shows level by level that the
stabilisers are no larger.

Every strong generator remembers how it arose, so that a straight-line program can be read off
later.

What an element is, `chain_builders` says: bytes for small degrees, NumPy arrays for large ones.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from groups.chain_proof import Failure, LevelProof
from groups.errors import ParameterError
from groups.order_bounds import upper_bound
from groups.stabilizer_chain import ChainLevel, StabilizerChain
from groups.straight_line import StraightLineProgram, compacted

_SEED = 20240116
# Random elements in a row that must sift to the identity before the proof is tried.
_QUIET = 8
# Levels from which on a bound by orbits and blocks is tried before the proof by sifting.
_DEEP = 32

Tree = dict[int, Any]  # point -> (parent point, strong generator), None at the base point


class Level:
    """A level under construction: orbit, tree and the inverse transversal elements known so far."""

    __slots__ = ("base_point", "generators", "inverses", "matrix", "parents", "points")

    def __init__(self, base_point: int, generators: Sequence[int], identity: Any) -> None:
        self.base_point = base_point
        self.generators = list(generators)
        self.points = [base_point]
        self.parents: Tree = {base_point: None}
        self.inverses: dict[int, Any] = {base_point: identity}
        self.matrix: Any = None


class Builder:
    """Randomised Schreier–Sims with proof; `chain` has the result and `program` how it was made.

    Subclasses say what an element is. `strong[k]` is indexable by points as plain integers.
    """

    def __init__(
        self,
        degree: int,
        generators: Sequence[Any],
        *,
        base: Sequence[int] = (),
        known_order: int | None = None,
        random_elements: Callable[[random.Random], Any] | None = None,
    ) -> None:
        self.n = degree
        self.setup()
        self.generators = [self.element(g) for g in generators]
        chosen = set(base)
        self.point_order: Sequence[int] = range(degree)
        self.rank: Sequence[int] = self.point_order
        if base:
            self.point_order = [*base, *(i for i in range(degree) if i not in chosen)]
            ranks = [0] * degree
            for r, p in enumerate(self.point_order):
                ranks[p] = r
            self.rank = ranks
        self.known_order = known_order
        self.random_elements = random_elements
        self.levels: list[Level] = []
        # Strong generator k as an element, as an indexable sequence, as tables of itself and its
        # inverse.
        self.elements: list[Any] = []
        self.strong: list[Any] = []
        self.tables: list[Any] = []
        self.inverse_tables: list[Any] = []
        # How strong generator k arose: (start, path). The element `start` was divided from the left
        # by the transversal elements (tree, point) of the path. start: an item number, a list of
        # factors as in `chain_proof`, or None when it came from outside.
        self.origins: list[tuple[Any, list[tuple[Tree, int]]]] = []
        self.log: list[tuple[int, int]] = []
        self.random = random.Random(_SEED)
        self.kept: list[int] = []

    # -- what an element is -----------------------------------------------------------------------

    identity: Any
    identity_table: Any

    def setup(self) -> None:
        raise NotImplementedError

    def element(self, images: Any) -> Any:
        raise NotImplementedError

    def product(self, a: Any, b: Any) -> Any:
        """a·b: b first."""
        raise NotImplementedError

    def apply(self, table: Any, x: Any) -> Any:
        """a·x for the table of a."""
        raise NotImplementedError

    def table(self, x: Any) -> Any:
        raise NotImplementedError

    def inverse_table(self, x: Any) -> Any:
        """The table of x⁻¹, for an element or table x."""
        raise NotImplementedError

    def element_of(self, table: Any) -> Any:
        raise NotImplementedError

    def indexable(self, x: Any) -> Any:
        """An element as a sequence of plain integers that is fast to index."""
        raise NotImplementedError

    def distinct(self, elements: list[Any]) -> list[Any]:
        raise NotImplementedError

    def differs(self, x: Any, y: Any) -> bool:
        raise NotImplementedError

    def sift(self, x: Any, start: int = 0) -> tuple[Any, list[tuple[Tree, int]]]:
        raise NotImplementedError

    def first_outside(self, elements: list[Any], levels: Sequence[Level]) -> int | None:
        """The first element that does not sift to the identity through some levels, or None."""
        raise NotImplementedError

    # -- building ---------------------------------------------------------------------------------

    @property
    def order(self) -> int:
        return math.prod([len(level.points) for level in self.levels])

    def run(self) -> StabilizerChain:
        for k, g in enumerate(self.generators):
            residue, path = self.sift(g)
            if self.differs(residue, self.identity):
                self.add(residue, (k, path))
        if self.known_order is None and self.is_regular_abelian():
            self.known_order = self.n
        while True:
            self.random_phase()
            self.prune()
            if self.known_order is not None and self.order >= self.known_order:
                break
            failure = self.prove()
            if failure is None:
                break
            element, start = failure
            residue, path = self.sift(element)
            self.add(residue, (start, path))
        if self.known_order is not None and self.order != self.known_order:
            raise ParameterError(
                f"known_order: the generators generate a group of order {self.order}, "
                f"got {self.known_order}; leave known_order out"
            )
        return self.finished()

    def is_regular_abelian(self) -> bool:
        """A transitive abelian group is regular: its order is its degree."""
        if not self.levels or len(self.levels[0].points) < self.n or len(self.generators) > 16:
            return False
        gens = self.generators
        return not any(
            self.differs(self.product(a, b), self.product(b, a))
            for k, a in enumerate(gens)
            for b in gens[k + 1 :]
        )

    def add(self, x: Any, origin: tuple[Any, list[tuple[Tree, int]]]) -> None:
        """Add a residue as a strong generator; its least moved point becomes a base point."""
        moved = self.least_moved(x)
        index = len(self.strong)
        self.elements.append(x)
        self.strong.append(self.indexable(x))
        self.tables.append(self.table(x))
        self.inverse_tables.append(self.inverse_table(x))
        self.origins.append(origin)
        rank = self.rank[moved]
        position = 0
        while position < len(self.levels) and self.rank[self.levels[position].base_point] < rank:
            position += 1
        if position == len(self.levels) or self.levels[position].base_point != moved:
            # Strong generators of this depth move no point before the next base point, so they fix
            # `moved`.
            inherited = self.levels[position].generators if position < len(self.levels) else []
            self.levels.insert(position, Level(moved, inherited, self.identity_table))
        for level in self.levels[: position + 1]:
            level.generators.append(index)
            self.extend(level)

    def least_moved(self, x: Any) -> int:
        return next(p for p in self.point_order if x[p] != p)

    def extend(self, level: Level) -> None:
        """Extend the orbit by the last generator of the level; known branches stay as they are."""
        points, parents = level.points, level.parents
        new = level.generators[-1]
        s = self.strong[new]
        known = len(points)
        for p in points[:known]:
            q = s[p]
            if q not in parents:
                parents[q] = (p, new)
                points.append(q)
        if len(points) == known:
            return
        generators = [(g, self.strong[g]) for g in level.generators]
        for k, p in enumerate(points):
            if k < known:
                continue
            for g, s in generators:
                q = s[p]
                if q not in parents:
                    parents[q] = (p, g)
                    points.append(q)

    def random_phase(self) -> None:
        """Sift random elements until the known order, or until `_QUIET` in a row are no news."""
        if not self.generators and self.random_elements is None:
            return
        stream = self.random_stream()
        quiet = 0
        limit = _QUIET if self.known_order is None else 50 * _QUIET
        while quiet < limit:
            if self.known_order is not None and self.order >= self.known_order:
                return
            x, item = next(stream)
            residue, path = self.sift(x)
            if self.differs(residue, self.identity):
                quiet = 0
                self.add(residue, (item, path))
            else:
                quiet += 1

    def random_stream(self) -> Iterator[tuple[Any, int | None]]:
        """Random elements: of the given source, or by product replacement with an accumulator."""
        if self.random_elements is not None:
            while True:
                yield self.element(self.random_elements(self.random)), None
        slots = list(self.generators)
        items = list(range(len(slots)))
        count = len(slots)
        while len(slots) < 6:
            slots.append(slots[len(slots) - count])
            items.append(items[len(items) - count])
        accumulator, accumulated = slots[0], items[0]
        uniform = self.random.random
        first = len(self.generators)
        while True:
            i = int(uniform() * len(slots))
            j = int(uniform() * (len(slots) - 1))
            j += j >= i
            if uniform() < 0.5:
                slots[i] = self.product(slots[i], slots[j])
                self.log.append((items[i], items[j]))
            else:
                slots[i] = self.product(slots[j], slots[i])
                self.log.append((items[j], items[i]))
            items[i] = first + len(self.log) - 1
            accumulator = self.product(accumulator, slots[i])
            self.log.append((accumulated, items[i]))
            accumulated = first + len(self.log) - 1
            yield accumulator, accumulated

    def prune(self) -> None:
        """Keep, level by level from the bottom, only generators that the orbits need; canonical
        trees.

        When the orbits keep their lengths, the kept generators are strong for the same group: by
        induction the group they generate at each level has at least the order of the old one.
        """
        pruned: list[Level] = []
        below: list[int] = []
        deeper: set[int] = set()
        for old in reversed(self.levels):
            level = Level(old.base_point, below, self.identity_table)
            self.grow(level)
            new = []
            if len(level.points) < len(old.points):
                for g in old.generators:
                    if g in deeper:
                        continue
                    s = self.strong[g]
                    if any(s[p] not in level.parents for p in level.points):
                        level.generators.append(g)
                        self.extend(level)
                        new.append(g)
                        if len(level.points) == len(old.points):
                            break
            if len(level.points) < len(old.points):
                # Generators of deeper levels were missed by pruning: the chain is not complete yet.
                return self.rebuild()
            deeper = set(old.generators)
            below = new + below
            if new:
                level = Level(old.base_point, below, self.identity_table)
                self.grow(level)
            pruned.append(level)
        self.levels = pruned[::-1]
        self.kept = below

    def rebuild(self) -> None:
        """Canonical trees with all generators."""
        for k, old in enumerate(self.levels):
            self.levels[k] = Level(old.base_point, old.generators, self.identity_table)
            self.grow(self.levels[k])
        self.kept = self.levels[0].generators if self.levels else []

    def grow(self, level: Level) -> None:
        """The whole orbit in canonical breadth-first order."""
        points, parents = level.points, level.parents
        generators = [(g, self.strong[g]) for g in level.generators]
        for p in points:
            for g, s in generators:
                q = s[p]
                if q not in parents:
                    parents[q] = (p, g)
                    points.append(q)

    def inverse_transversal(self, level: Level, point: int) -> Any:
        """The table of the inverse of the transversal element at a point of the orbit."""
        raise NotImplementedError

    # -- proof ------------------------------------------------------------------------------------

    def schreier_generator(self, level: Level, g: int, q: int) -> Failure:
        """u_{g(q)}⁻¹·g·u_q with its factors."""
        image = self.strong[g][q]
        u = self.element_of(self.inverse_table(self.inverse_transversal(level, q)))
        x = self.apply(self.inverse_transversal(level, image), self.apply(self.tables[g], u))
        return x, [([(level.parents, image)], -1), (g, 1), ([(level.parents, q)], 1)]

    def prove(self) -> tuple[Any, Any] | None:
        """None when the chain is proved; otherwise an element outside it, and how it was made."""
        if len(self.levels) >= _DEEP and upper_bound(self) == self.order:
            return None
        for k, g in enumerate(self.generators):
            residue, _ = self.sift(g)
            if self.differs(residue, self.identity):
                return g, k
        for i in reversed(range(len(self.levels))):
            failure = LevelProof(self, i).run()
            if failure is not None:
                return failure
        return None

    def prove_regular(self, level: Level) -> Failure | None:
        """The last level: only the identity may fix its base point, so s·u_q = u_{s(q)}."""
        raise NotImplementedError

    # -- results ----------------------------------------------------------------------------------

    def finished(self) -> StabilizerChain:
        number = {g: k for k, g in enumerate(self.kept)}
        levels = []
        for level in self.levels:
            position = {p: k for k, p in enumerate(level.points)}
            tree = []
            for p in level.points[1:]:
                parent, g = level.parents[p]
                tree.append((position[parent], number[g]))
            levels.append(
                ChainLevel(
                    level.base_point,
                    tuple([number[g] for g in level.generators]),
                    tuple(level.points),
                    tuple(tree),
                )
            )
        strong = np.array([list(self.strong[g]) for g in self.kept], dtype=np.int64)
        return StabilizerChain(self.n, levels, strong.reshape(len(self.kept), self.n))

    def program(self) -> StraightLineProgram:
        """The straight-line program of the kept strong generators over the generators."""
        count = len(self.generators)
        instructions: list[tuple[int, ...]] = list(self.log)
        strong_items: list[int] = []
        memo: dict[tuple[int, int], int | None] = {}

        def emit(*operands: int) -> int:
            instructions.append(operands)
            return count + len(instructions) - 1

        def times(a: int | None, b: int | None) -> int | None:
            if a is None or b is None:
                return b if a is None else a
            return emit(a, b)

        def transversal_item(parents: Tree, point: int) -> int | None:
            branch = []
            while (id(parents), point) not in memo and parents[point] is not None:
                branch.append(point)
                point = parents[point][0]
            item = memo.get((id(parents), point))
            for p in reversed(branch):
                item = times(strong_items[parents[p][1]], item)
                memo[id(parents), p] = item
            return item

        def quotient(divisor: int | None, item: int | None) -> int | None:
            return item if divisor is None else times(emit(divisor), item)

        for start, path in self.origins:
            item: int | None = start
            if isinstance(start, list):
                item = None
                for factor, sign in start:
                    part: int | None = None
                    if isinstance(factor, int):
                        part = strong_items[factor]
                    else:
                        for parents, point in factor:
                            part = times(part, transversal_item(parents, point))
                    item = times(item, part if sign == 1 or part is None else emit(part))
            divisor: int | None = None
            for parents, point in path:
                divisor = times(divisor, transversal_item(parents, point))
            item = quotient(divisor, item)
            assert item is not None, "a strong generator is never the empty product"
            strong_items.append(item)
        return compacted(
            count,
            [np.array(list(g), dtype=np.int64) for g in self.generators],
            instructions,
            [strong_items[k] for k in self.kept],
        )
