"""Families as users write them, with the protocol and nothing of the package; and ones that lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import symcsq as cs
from groups import PermutationGroup
from symcsq.exact import ExactReal


class Walsh:
    """Products of two signs: a family of twenty lines, as in docs/adding.md."""

    def __init__(self, n: int) -> None:
        self.group = PermutationGroup([], degree=n)
        self.distribution = cs.Rademacher().on(n)
        self.pairs = list(combinations(range(n), 2))

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, index: int) -> WalshFunction:
        return WalshFunction(self.pairs[index])

    def gram_entry(self, i: int, j: int) -> Any:
        return int(self.pairs[i] == self.pairs[j])

    def gram_entry_slow(self, i: int, j: int) -> Any:
        f, g = self[i], self[j]
        return sum(weight * f(x) * g(x) for x, weight in self.distribution.support())


class WalshFunction:
    """x_i x_j, realised as ((x_i + x_j)² - (x_i - x_j)²)/4."""

    def __init__(self, pair: tuple[int, int]) -> None:
        self.pair = pair

    def __call__(self, x: Sequence[Any]) -> Any:
        i, j = self.pair
        return x[i] * x[j]

    def network(self) -> Any:
        i, j = self.pair
        return lambda x: Fraction((x[i] + x[j]) ** 2 - (x[i] - x[j]) ** 2) / 4


class Sums:
    """x_i + x_{i+1} around a cycle, under the Gaussian: invariant under nothing, correlated."""

    def __init__(self, n: int = 4) -> None:
        self.n = n
        self.group = PermutationGroup([], degree=n)
        self.distribution = cs.Gaussian().on(n)

    def __len__(self) -> int:
        return self.n

    def _row(self, index: int) -> list[int]:
        row = [0] * self.n
        row[index] += 1
        row[(index + 1) % self.n] += 1
        return row

    def __getitem__(self, index: int) -> Callable[[Sequence[Any]], Any]:
        if not -self.n <= index < self.n:
            raise IndexError(index)
        row = self._row(index % self.n)
        return lambda x: sum((c * v for c, v in zip(row, x, strict=True)), Fraction(0))

    def gram_entry(self, i: int, j: int) -> Any:
        distance = (i - j) % self.n
        return 2 if distance == 0 else int(distance in (1, self.n - 1))

    def gram_entry_slow(self, i: int, j: int) -> Any:
        return sum(a * b for a, b in zip(self._row(i), self._row(j), strict=True))


class Coordinates:
    """x_0, x_1, ... under a law whose coordinates depend on each other."""

    def __init__(self, law: Any, group: Any = None) -> None:
        self.distribution = law
        self.group = group or PermutationGroup([], degree=law.dimension)

    def __len__(self) -> int:
        return int(self.distribution.dimension)

    def __getitem__(self, index: int) -> Callable[[Sequence[Any]], Any]:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return lambda x: x[index]

    def gram_entry(self, i: int, j: int) -> Fraction:
        exponents = [0] * len(self)
        exponents[i] += 1
        exponents[j] += 1
        moment: Fraction = self.distribution.moment(exponents)
        return moment

    def gram_entry_slow(self, i: int, j: int) -> Fraction:
        n, law = len(self), self.distribution
        if law.kind == "sphere":  # all directions are alike, and the squares add up to 1
            return Fraction(int(i == j), n)
        points, weights = getattr(law, "points", None), getattr(law, "weights", None)
        if law.kind == "slice":
            chosen = list(combinations(range(n), law.weight))
            points = [[int(k in ones) for k in range(n)] for ones in chosen]
            weights = [Fraction(1, len(chosen))] * len(chosen)
        pairs = zip(points, weights, strict=True)
        return sum((weight * x[i] * x[j] for x, weight in pairs), Fraction(0))


class Given:
    """A family that has nothing but answers: two matrices, and a size."""

    def __init__(
        self,
        matrix: Sequence[Sequence[Any]],
        second: Sequence[Sequence[Any]] | None = None,
        size: int | None = None,
        group: Any = None,
    ) -> None:
        self.group = group or PermutationGroup([[1, 0, 2], [1, 2, 0]], degree=3)
        self.distribution = cs.Gaussian().on(self.group.degree)
        self.matrix, self.second = matrix, second or matrix
        self.size = len(matrix) if size is None else size

    def __len__(self) -> int:
        return len(self.matrix)

    def __getitem__(self, index: int) -> Callable[[Sequence[Any]], Any]:
        return lambda x: x[index % 2] * (index + 1)

    def gram_entry(self, i: int, j: int) -> Any:
        return self.matrix[i][j]

    def gram_entry_slow(self, i: int, j: int) -> Any:
        return self.second[i][j]


def changed(matrix: Sequence[Sequence[Any]], i: int, j: int, value: Any) -> list[list[Any]]:
    """The matrix with one entry changed, and not its mirror image."""
    rows = [list(row) for row in matrix]
    rows[i][j] = value
    return rows


THREE = [[2, 1, 0], [1, Fraction(5, 2), Fraction(-1, 3)], [0, Fraction(-1, 3), 2]]
ROOT = ExactReal.root(Fraction(2))
IRRATIONAL = [[2, ROOT / 3, 0], [ROOT / 3, ROOT, 1], [0, 1, 3]]


#: For the tests that alter certificates: what the outcome is, is part of the name.
SAMPLES: dict[str, Callable[[], Any]] = {
    "user-defined": lambda: Given(THREE),
    "user-defined, enclosed": lambda: Given(IRRATIONAL),
    "user-defined, refuted: two routes": lambda: Given(THREE, changed(THREE, 1, 2, 1)),
    "user-defined, refuted: two routes, enclosed": lambda: Given(
        IRRATIONAL, changed(IRRATIONAL, 0, 1, ROOT / 4)
    ),
    "user-defined, refuted: not symmetric": lambda: Given(changed(THREE, 2, 0, 1), THREE),
    "user-defined, refuted: not semidefinite": lambda: Given(
        [[1, 1, 0], [1, 1, Fraction(1, 2)], [0, Fraction(1, 2), 3]]
    ),
    "user-defined, refuted: a negative norm": lambda: Given([[1, 0], [0, Fraction(-1, 2)]]),
    "user-defined, refuted: an impossible enclosed entry": lambda: Given(
        [[2, 0, 0], [0, ROOT, 2], [0, 2, 1]]
    ),
    "user-defined, refuted: a norm of 0": lambda: Given([[1, 0], [0, 0]]),
    "user-defined, refuted: a multiple": lambda: Given([[1, 2], [2, 4]]),
    "user-defined, refuted: another size": lambda: Given(THREE, size=9),
    "user-defined, slice": lambda: Coordinates(
        cs.Slice(2).on(5), PermutationGroup([[1, 2, 3, 4, 0]])
    ),
    "user-defined, finite joint law": lambda: Coordinates(
        cs.FiniteJoint([(0, 1, 2), (1, 0, 2), (1, 1, 0)], ["1/4", "1/4", "1/2"]),
        PermutationGroup([[1, 0, 2]]),
    ),
}
#: Those whose certificates have a shape of their own.
SHAPES = {
    name: make
    for name, make in SAMPLES.items()
    if not name.endswith(("routes, enclosed", "a negative norm", "a multiple"))
}
