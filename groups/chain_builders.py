"""The two kinds of elements that chains are built with, and the way in: `build_chain`.

Up to degree 256 a permutation is a `bytes` object, and `bytes.translate` composes two of them in
about 0.1 µs, far under the cost of one NumPy call; above that it is a NumPy array. A *table* is the
form from which elements are multiplied from the left: 256 bytes, or the array itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.chain_proof import Failure
from groups.errors import TooLargeError
from groups.giants import recognise, star_program
from groups.schreier_sims import Builder, Level, Tree
from groups.stabilizer_chain import StabilizerChain
from groups.straight_line import StraightLineProgram

_BYTES = bytes(range(256))
# Entries of a batch of elements that is composed at once, and of all inverse elements that are
# kept.
_BATCH = 1 << 20
_KEPT = 1 << 29
# Degree times the square of the least length of a base: ten million take seconds.
_MOST_WORK = 1_000_000_000


class ByteBuilder(Builder):
    """Degree at most 256: elements are bytes, tables are bytes of length 256."""

    def setup(self) -> None:
        self.identity = _BYTES[: self.n]
        self.tail = _BYTES[self.n :]
        self.identity_table = _BYTES

    def element(self, images: Any) -> bytes:
        if isinstance(images, np.ndarray):
            return images.astype(np.uint8).tobytes()
        return images if isinstance(images, bytes) else bytes(images)

    def product(self, a: bytes, b: bytes) -> bytes:
        return b.translate(a + self.tail)

    def apply(self, table: bytes, x: bytes) -> bytes:
        return x.translate(table)

    def table(self, x: bytes) -> bytes:
        return x + self.tail

    def inverse_table(self, x: bytes) -> bytes:
        return bytes.maketrans(x, _BYTES[: len(x)])

    def element_of(self, table: bytes) -> bytes:
        return table[: self.n]

    def indexable(self, x: bytes) -> bytes:
        return x

    def distinct(self, elements: list[bytes]) -> list[bytes]:
        return list(dict.fromkeys(elements))

    def differs(self, x: bytes, y: bytes) -> bool:
        return x != y

    def inverse_transversal(self, level: Level, point: int) -> bytes:
        inverses, parents = level.inverses, level.parents
        branch = []
        while point not in inverses:
            branch.append(point)
            point = parents[point][0]
        found: bytes = inverses[point]
        for q in reversed(branch):
            # (s·u)⁻¹ = u⁻¹·s⁻¹
            found = inverses[q] = self.inverse_tables[parents[q][1]].translate(found)
        return found

    def sift(self, x: bytes, start: int = 0) -> tuple[bytes, list[tuple[Tree, int]]]:
        path = []
        for level in self.levels[start:] if start else self.levels:
            base_point = level.base_point
            point = x[base_point]
            if point != base_point:
                inverse = level.inverses.get(point)
                if inverse is None:
                    if point not in level.parents:
                        break
                    inverse = self.inverse_transversal(level, point)
                path.append((level.parents, point))
                x = x.translate(inverse)
        return x, path

    def first_outside(self, elements: list[bytes], levels: Sequence[Level]) -> int | None:
        for k, x in enumerate(elements):
            for level in levels:
                base_point = level.base_point
                point = x[base_point]
                if point != base_point:
                    inverse = level.inverses.get(point)
                    if inverse is None:
                        if point not in level.parents:
                            return k
                        inverse = self.inverse_transversal(level, point)
                    x = x.translate(inverse)
            if x != self.identity:
                return k
        return None

    def prove_regular(self, level: Level) -> Failure | None:
        u = {level.base_point: self.identity}
        for q in level.points[1:]:
            parent, g = level.parents[q]
            u[q] = u[parent].translate(self.tables[g])
        for g in level.generators:
            s, table = self.strong[g], self.tables[g]
            for q, x in u.items():
                if x.translate(table) != u[s[q]]:
                    return self.schreier_generator(level, g, q)
        return None


class ArrayBuilder(Builder):
    """Any degree: elements are integer arrays; `strong` holds plain lists, fast to index."""

    def setup(self) -> None:
        self.identity = np.arange(self.n, dtype=np.int64)
        small = np.uint16 if self.n <= 1 << 16 else np.int64
        self.identity_table = self.identity.astype(small)
        self.kept_entries = 0

    def element(self, images: Any) -> NDArray[np.int64]:
        return np.asarray(images, dtype=np.int64)

    def product(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
        return a[b]

    def apply(self, table: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.int64]:
        return table[x]

    def table(self, x: NDArray[np.int64]) -> NDArray[np.int64]:
        return x

    def inverse_table(self, x: NDArray[np.int64]) -> NDArray[np.int64]:
        inverse = np.empty_like(x)
        inverse[x] = self.identity
        return inverse

    def element_of(self, table: NDArray[np.int64]) -> NDArray[np.int64]:
        return table

    def indexable(self, x: NDArray[np.int64]) -> list[int]:
        return x.tolist()  # type: ignore[no-any-return]

    def distinct(self, elements: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
        return list({x.tobytes(): x for x in elements}.values())

    def differs(self, x: NDArray[np.int64], y: NDArray[np.int64]) -> bool:
        return bool((x != y).any())

    def least_moved(self, x: NDArray[np.int64]) -> int:
        moved = np.flatnonzero(x != self.identity)
        if self.rank is self.point_order:
            return int(moved[0])
        return min(moved.tolist(), key=self.rank.__getitem__)

    def inverse_transversal(self, level: Level, point: int) -> NDArray[np.int64]:
        # Kept in the smallest type: there may be as many as there are points, each with n entries.
        found = level.inverses.get(point)
        if found is None:
            branch = []
            while point not in level.inverses:
                branch.append(point)
                point = level.parents[point][0]
            found = level.inverses[point]
            for q in reversed(branch):
                found = found[self.inverse_tables[level.parents[q][1]]]
                if self.kept_entries < _KEPT:
                    self.kept_entries += self.n
                    level.inverses[q] = found
        return found.astype(np.int64)  # type: ignore[no-any-return]

    def sift(
        self, x: NDArray[np.int64], start: int = 0
    ) -> tuple[NDArray[np.int64], list[tuple[Tree, int]]]:
        path = []
        for level in self.levels[start:] if start else self.levels:
            point = x.item(level.base_point)
            if point != level.base_point:
                if point not in level.parents:
                    break
                path.append((level.parents, point))
                x = self.inverse_transversal(level, point)[x]
        return x, path

    def first_outside(
        self, elements: list[NDArray[np.int64]], levels: Sequence[Level]
    ) -> int | None:
        step = max(1, _BATCH // max(1, self.n))
        for start in range(0, len(elements), step):
            x = np.array(elements[start : start + step])
            outside = np.zeros(len(x), dtype=bool)
            for level in levels:
                points = x[:, level.base_point]
                moving = np.flatnonzero(points != level.base_point)
                if not len(moving):
                    continue
                position, inverses = self.inverse_matrix(level)
                place = position[points[moving]]
                outside[moving[place < 0]] = True
                moving, place = moving[place >= 0], place[place >= 0]
                if isinstance(inverses, np.ndarray):
                    x[moving] = inverses.ravel()[place[:, None] * self.n + x[moving]]
                else:
                    for row in moving.tolist():
                        point = x.item(row, level.base_point)
                        x[row] = self.inverse_transversal(level, point)[x[row]]
            outside |= (x != self.identity).any(axis=1)
            if outside.any():
                return start + int(np.argmax(outside))
        return None

    def inverse_matrix(self, level: Level) -> tuple[NDArray[np.int64], Any]:
        """Place of each point in the orbit or -1; all inverse transversal elements if they fit."""
        if level.matrix is None:
            points = level.points
            position = np.full(self.n, -1, dtype=np.int64)
            position[points] = np.arange(len(points))
            inverses = None
            if self.kept_entries + len(points) * self.n <= _KEPT:
                self.kept_entries += len(points) * self.n
                inverses = np.empty((len(points), self.n), dtype=self.identity_table.dtype)
                inverses[0] = self.identity
                for k, q in enumerate(points[1:], start=1):
                    parent, g = level.parents[q]
                    # (s·u)⁻¹ = u⁻¹·s⁻¹
                    np.take(
                        inverses[position.item(parent)], self.inverse_tables[g], out=inverses[k]
                    )
            level.matrix = position, inverses
        return level.matrix  # type: ignore[no-any-return]

    def prove_regular(self, level: Level) -> Failure | None:
        # By columns, so that memory stays bounded whatever the degree.
        points, count = level.points, len(level.points)
        position = {q: k for k, q in enumerate(points)}
        tree = [
            (position[level.parents[q][0]], self.tables[level.parents[q][1]]) for q in points[1:]
        ]
        images = [
            (g, self.tables[g], np.array([position[self.strong[g][q]] for q in points]))
            for g in level.generators
        ]
        width = max(1, _BATCH // count)
        for start in range(0, self.n, width):
            columns = self.identity[start : start + width]
            u = np.empty((count, len(columns)), dtype=np.int64)
            u[0] = columns
            for k, (parent, table) in enumerate(tree, start=1):
                np.take(table, u[parent], out=u[k])
            for g, table, image in images:
                wrong = (table[u] != u[image]).any(axis=1)
                if wrong.any():
                    return self.schreier_generator(level, g, points[int(np.argmax(wrong))])
        return None


def _refuse_long_work(degree: int, order: int | None) -> None:
    """Refuse a chain whose order, where known, shows that it takes many minutes."""
    if order is None or degree < 2:
        return
    base = order.bit_length() // degree.bit_length()  # each level divides the order by <= degree
    if degree * base**2 > _MOST_WORK:
        raise TooLargeError(
            f"group: a stabiliser chain on {degree} points with a base of at least {base} takes "
            f"about {degree * base**2} steps, more than {_MOST_WORK}; use what needs no chain "
            "(order, degree, orbit counts: symcsq orbits GROUP --count-only), or a smaller group"
        )


def build_chain(
    degree: int, generators: Sequence[Any], **options: Any
) -> tuple[StabilizerChain, Callable[[], StraightLineProgram]]:
    """The proved chain of a group, and a function that writes the program of its strong generators.

    Arguments:
        degree: number of points.
        generators: image arrays, pairwise different and none the identity.
        base: points that count as smaller than all others, in this order.
        known_order: the order, if it is known for certain; then the proof is not needed.
        random_elements: function of a `random.Random` that gives uniformly random elements (of a
            group whose chain is known; speeds up a change of base, but then there is no program).
    """
    builder = (ByteBuilder if degree <= 256 else ArrayBuilder)(degree, generators, **options)
    giant = recognise(builder)
    if giant is not None:
        return giant, lambda: star_program(builder, giant)
    _refuse_long_work(degree, options.get("known_order"))
    builder.log.clear()
    return builder.run(), builder.program
