"""What an expression means: a tree whose nodes estimate their degree, then build their group.

Nothing is built before the whole tree has been estimated, and a `Budget` bounds the work of one
expression.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from groups.bounded_counts import HUGE, exponent_count, known_order, power, shown, subset_count
from groups.catalogue import (
    Entry,
    code_automorphisms,
    direct_product,
    edge_automorphisms,
    wreath_product,
)
from groups.errors import GroupExpressionError, GroupsError, TooLargeError
from groups.group import PermutationGroup

ORDER_DEGREE = 100
"""Largest degree on which an expression computes an order that no constructor states."""

COSET_DEGREE = 150
"""Largest degree on which an expression lists cosets: they need stabiliser chains."""

WORK_FOR_A_POINT = 200
"""An expression writes at most this many integers times the degree limit (4 million in all)."""


class Budget:
    """The limits of one expression: the degree of every part, and the integers written in all.

    Arguments:
        text: the expression, for messages. max_degree: largest degree of every part.
    """

    __slots__ = ("max_degree", "spent", "text")

    def __init__(self, text: str, max_degree: int) -> None:
        self.text, self.max_degree, self.spent = text, max_degree, 0

    def check_degree(self, degree: int, node: Node) -> None:
        """Refuse a part with too many points."""
        if degree > self.max_degree:
            raise TooLargeError(
                f"{quoted(self.text)}: at most {self.max_degree} points are built, got "
                f"{shown(degree)} for the part at column {node.column}; "
                "choose smaller numbers (in Python, group(text, max_degree=…) takes more)"
            )

    def spend(self, integers: int, node: Node) -> None:
        """Refuse work beyond the budget before it starts."""
        self.spent += integers
        limit = WORK_FOR_A_POINT * self.max_degree
        if self.spent > limit:
            raise TooLargeError(
                f"{quoted(self.text)}: at most {limit} integers are written, got "
                f"{shown(self.spent)} "
                f"for the parts up to column {node.column}; use fewer generators (in Python, "
                "group(text, max_degree=…) takes more)"
            )

    def order(self, group: PermutationGroup, node: Node) -> int:
        """The order of a part, when it is stated or not too expensive."""
        if known_order(group) is None and group.degree > ORDER_DEGREE:
            raise TooLargeError(
                f"{quoted(self.text)}: orders are computed up to degree {ORDER_DEGREE}, got "
                f"{group.degree} for the part at column {node.column}; "
                "build it in Python with PermutationGroup"
            )
        return group.order

    @contextmanager
    def at(self, node: Node) -> Iterator[None]:
        """Say in errors of constructors which part of the expression they are about."""
        try:
            yield
        except GroupsError as error:
            message = f"{quoted(self.text)}: {error} (at column {node.column})"
            raise type(error)(message) from None


def quoted(text: str) -> str:
    """The expression as messages show it: cut in the middle when it is long."""
    return repr(text if len(text) <= 80 else f"{text[:50]} … {text[-20:]}")


@dataclass(frozen=True, slots=True)
class Node(ABC):
    """A part of an expression; `column` is where it starts, counted from 1."""

    column: int

    @abstractmethod
    def degree(self) -> int | None:
        """The number of points, `HUGE` when far too large, None when only building tells."""

    @abstractmethod
    def parts(self) -> tuple[Node, ...]:
        """The nodes below."""

    @abstractmethod
    def build(self, budget: Budget) -> PermutationGroup:
        """The group."""


def evaluate(tree: Node, budget: Budget) -> PermutationGroup:
    """Estimate every part, then build.

    Raises:
        TooLargeError: a part exceeds the limits. Other children of GroupsError: from the
            constructors.
    """
    waiting = [tree]
    for node in waiting:  # the whole expression first: its estimate says most
        degree = node.degree()
        if degree is not None:
            budget.check_degree(degree, node)
        waiting.extend(node.parts())
    return tree.build(budget)


class _Leaf(Node):
    __slots__ = ()

    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Named(_Leaf):
    """An entry of the catalogue with its parameters."""

    entry: Entry
    arguments: tuple[int, ...]

    def degree(self) -> int:
        return self.entry.points(*self.arguments)

    def build(self, budget: Budget) -> PermutationGroup:
        points = self.entry.points(*self.arguments)
        # Only Young and Sylow groups have more generators than a handful.
        generators = 2 * len(self.arguments) + 4
        if self.entry.name == "Sylow":
            generators += points.bit_length() ** 2 // 2
        budget.spend(points * generators, self)
        with budget.at(self):
            return self.entry.build(*self.arguments)


@dataclass(frozen=True, slots=True)
class Cycles(_Leaf):
    """Generators as lists of cycles of 0-based points, all points distinct and below `points`."""

    generators: tuple[tuple[tuple[int, ...], ...], ...]
    points: int

    def degree(self) -> int:
        return self.points

    def build(self, budget: Budget) -> PermutationGroup:
        from groups.permutations import Permutation

        budget.spend(self.points * (len(self.generators) + 1), self)
        with budget.at(self):
            permutations = [Permutation.from_cycles(g, self.points) for g in self.generators]
            group = PermutationGroup(permutations, self.points)
        moved = max((i + 1 for g in self.generators for cycle in g for i in cycle), default=0)
        ending = "" if moved == self.points > 0 else f" degree {self.points}"
        return group.renamed(f"<{', '.join(map(str, permutations))}>{ending}")


@dataclass(frozen=True, slots=True)
class File(_Leaf):
    """A group file."""

    path: str

    def degree(self) -> None:
        return None

    def build(self, budget: Budget) -> PermutationGroup:
        from groups.files import load_group

        group = load_group(self.path, max_degree=budget.max_degree)
        plain = not any(c.isspace() or c in '()<>,"' for c in self.path)
        return group.renamed(self.path if plain else f'"{self.path}"')


@dataclass(frozen=True, slots=True)
class GraphAutomorphisms(_Leaf):
    """The automorphism group of a graph in graph6 format (McKay)."""

    graph6: str
    vertices: int
    edges: tuple[tuple[int, int], ...]

    def degree(self) -> int:
        return self.vertices

    def build(self, budget: Budget) -> PermutationGroup:
        budget.spend(self.vertices * (self.vertices + 1) + 4 * len(self.edges), self)
        with budget.at(self):
            return edge_automorphisms(self.vertices, self.edges, name=f"Aut({self.graph6})")


@dataclass(frozen=True, slots=True)
class CodeAutomorphisms(_Leaf):
    """The permutation automorphism group of a code over a field of at most nine elements."""

    field: int
    rows: tuple[tuple[int, ...], ...]

    def degree(self) -> int:
        return len(self.rows[0])

    def build(self, budget: Budget) -> PermutationGroup:
        words = power(self.field, min(len(self.rows), len(self.rows[0])))
        # Repeated columns alone give as many generators as there are coordinates.
        budget.spend((8 * words + 10 * len(self.rows[0])) * len(self.rows[0]), self)
        with budget.at(self):
            return code_automorphisms(self.rows, self.field)


@dataclass(frozen=True, slots=True)
class Product(Node):
    """A direct product on consecutive blocks of points."""

    factors: tuple[Node, ...]

    def degree(self) -> int | None:
        degrees = [factor.degree() for factor in self.factors]
        return sum(d or 0 for d in degrees)

    def parts(self) -> tuple[Node, ...]:
        return self.factors

    def build(self, budget: Budget) -> PermutationGroup:
        groups = [factor.build(budget) for factor in self.factors]
        degree = sum(g.degree for g in groups)
        budget.check_degree(degree, self)
        budget.spend(degree * (1 + sum(len(g.generators) for g in groups)), self)
        return direct_product(*groups)


@dataclass(frozen=True, slots=True)
class Wreath(Node):
    """An imprimitive wreath product."""

    base: Node
    top: Node

    def degree(self) -> int | None:
        base, top = self.base.degree(), self.top.degree()
        return None if base is None or top is None else min(base * top, HUGE)

    def parts(self) -> tuple[Node, ...]:
        return self.base, self.top

    def build(self, budget: Budget) -> PermutationGroup:
        base, top = self.base.build(budget), self.top.build(budget)
        degree = base.degree * top.degree
        budget.check_degree(degree, self)
        copies = len(top.orbits())
        budget.spend(degree * (1 + copies * len(base.generators) + len(top.generators)), self)
        return wreath_product(base, top)


@dataclass(frozen=True, slots=True)
class On(Node):
    """A group in another action: the kind of `groups.actions`, with its numbers."""

    group: Node
    kind: str
    numbers: tuple[int, ...]

    def degree(self) -> int | None:
        n = self.group.degree()
        return None if n is None else self._points(n)

    def parts(self) -> tuple[Node, ...]:
        return (self.group,)

    def _points(self, n: int) -> int | None:
        if self.kind == "elements":
            return None
        counts: dict[str, Callable[[], int]] = {
            "points": lambda: n,
            "pairs": lambda: n * (n - 1) // 2,
            "ordered pairs": lambda: n * (n - 1),
            "subsets": lambda: subset_count(n, self.numbers[0]),
            "tuples": lambda: power(n, self.numbers[0]),
            "rows": lambda: n * self.numbers[0],
            "exponents": lambda: exponent_count(n, self.numbers[0], min(self.numbers)),
        }
        return min(counts[self.kind](), HUGE)

    def build(self, budget: Budget) -> PermutationGroup:
        from groups import actions

        group = self.group.build(budget)
        n = group.degree
        points = self._points(n)
        if points is None:
            points = budget.order(group, self)
        budget.check_degree(points, self)
        k = self.numbers[0] if self.numbers else 2
        # What is held for a point while images are computed: see the spaces of groups.ranking.
        generators = len(group.generators)
        width = {
            "points": 1,
            "rows": 1,
            "tuples": k,
            "exponents": n,
            "elements": n * (generators + 1),
        }
        wide = width.get(self.kind, min(n, 3 * k))
        # Ranks of exponent vectors need tables that are filled entry by entry.
        table = 8 * n * k * min(k, self.numbers[-1]) if self.kind == "exponents" else 0
        budget.spend((points + 1) * (generators + wide + 1) + table, self)
        make: dict[str, Callable[[], actions.Action]] = {
            "points": lambda: actions.PointsAction(group),
            "pairs": lambda: actions.PairsAction(group),
            "ordered pairs": lambda: actions.PairsAction(group, ordered=True),
            "subsets": lambda: actions.SubsetsAction(group, k),
            "tuples": lambda: actions.TuplesAction(group, k),
            "rows": lambda: actions.RowsAction(group, k),
            "exponents": lambda: actions.ExponentsAction(group, *self.numbers),
            "elements": lambda: actions.ElementsAction(group),
        }
        with budget.at(self):
            return make[self.kind]().image


@dataclass(frozen=True, slots=True)
class OnCosets(Node):
    """A group on the cosets of a subgroup."""

    group: Node
    subgroup: Node

    def degree(self) -> None:
        return None

    def parts(self) -> tuple[Node, ...]:
        return self.group, self.subgroup

    def build(self, budget: Budget) -> PermutationGroup:
        from groups.actions import CosetsAction

        group, subgroup = self.group.build(budget), self.subgroup.build(budget)
        n = group.degree
        if subgroup.degree != n:
            raise GroupExpressionError(
                f"{quoted(budget.text)}: a subgroup of a group on {n} points was expected at "
                "column "
                f"{self.subgroup.column}, got {subgroup.degree} points; write for example "
                "S5 on cosets(S4 x S1)"
            )
        # Both chains are needed, whatever the constructors state.
        for part, node in ((group, self.group), (subgroup, self.subgroup)):
            if part.degree > COSET_DEGREE:
                raise TooLargeError(
                    f"{quoted(budget.text)}: cosets are listed up to degree {COSET_DEGREE}, got "
                    f"{part.degree} for the part at column {node.column}; use groups.actions in "
                    "Python"
                )
        index = budget.order(group, self.group) // max(1, budget.order(subgroup, self.subgroup))
        budget.check_degree(index, self)
        lengths = sum(len(level.orbit) for level in subgroup.chain.levels)
        budget.spend((index * (len(group.generators) + 1) + lengths) * n, self)
        with budget.at(self):
            return CosetsAction(group, subgroup).image


__all__ = [
    "Budget", "Node", "evaluate", "quoted", "Named", "Cycles", "File", "GraphAutomorphisms",
    "CodeAutomorphisms", "Product", "Wreath", "On", "OnCosets",
]  # fmt: skip
