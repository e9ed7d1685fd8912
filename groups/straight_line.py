"""Straight-line programs: how elements are made from a group's generators, step by step.

A word for an element can be exponentially long; a program that reuses what it has made is short.
Items are numbered from 0: items 0..g-1 are the generators, and each instruction appends one item,
``(a, b)`` for ``item_a * item_b`` and ``(a,)`` for the inverse of item_a. References go strictly
backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from groups.errors import ParameterError, TooLargeError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StraightLineProgram:
    """A straight-line program over the generators of a group.

    Arguments:
        generator_count: number g of generators, items 0..g-1.
        instructions: tuple of ``(a, b)`` (product) and ``(a,)`` (inverse).
        strong_items: item numbers of the results, in order (for a group: of its strong generators).

    Raises:
        ParameterError: a reference that does not go backwards.

    Source:
        PROOFS.md (strong generators as a straight-line program); Seress, *Permutation Group
        Algorithms*, 2003, section 1.2.3.

    Examples:
        >>> program = StraightLineProgram(2, ((0, 1), (2,)), (3,))
        >>> from groups.permutations import Permutation
        >>> program.results([Permutation("(1,2)", 3), Permutation("(1,2,3)")])
        [Permutation('(2,3)', degree=3)]
        >>> program.word(3)
        ((1, -1), (0, -1))
    """

    generator_count: int
    instructions: tuple[tuple[int, ...], ...]
    strong_items: tuple[int, ...]

    def __post_init__(self) -> None:
        for position, instruction in enumerate(self.instructions):
            item = self.generator_count + position
            if len(instruction) not in (1, 2) or any(not 0 <= a < item for a in instruction):
                raise ParameterError(
                    f"instructions: item {item} must refer to one or two items in 0..{item - 1}, "
                    f"got {instruction}; references go strictly backwards"
                )
        total = self.generator_count + len(self.instructions)
        for item in self.strong_items:
            if not 0 <= item < total:
                raise ParameterError(
                    f"strong_items: must be items 0..{total - 1}, got {item}; check the numbering"
                )

    def __len__(self) -> int:
        return len(self.instructions)

    def evaluate(self, generators: Sequence[T]) -> list[T]:
        """All items, for generators of any type with ``*`` and ``~``.

        Arguments:
            generators: the g generators in order.

        Returns:
            The list of items, generators first.

        Raises:
            ParameterError: another number of generators.

        Examples:
            >>> from groups.permutations import Permutation
            >>> StraightLineProgram(1, ((0, 0),), (1,)).evaluate([Permutation("(1,2,3)")])[1]
            Permutation('(1,3,2)', degree=3)
        """
        return self._evaluate(
            list(generators),
            lambda a, b: a * b,  # type: ignore[operator]
            lambda a: ~a,  # type: ignore[operator]
        )

    def _evaluate(
        self, items: list[T], multiply: Callable[[T, T], T], invert: Callable[[T], T]
    ) -> list[T]:
        if len(items) != self.generator_count:
            raise ParameterError(
                f"generators: the program starts from {self.generator_count}, got {len(items)}; "
                "pass the generators of the group it was made for"
            )
        for instruction in self.instructions:
            if len(instruction) == 2:
                items.append(multiply(items[instruction[0]], items[instruction[1]]))
            else:
                items.append(invert(items[instruction[0]]))
        return items

    def results(self, generators: Sequence[T]) -> list[T]:
        """The elements at `strong_items`, in order."""
        items = self.evaluate(generators)
        return [items[k] for k in self.strong_items]

    def word_length(self, item: int) -> int:
        """Length of the word that an item expands to, without expanding it."""
        lengths = [1] * self.generator_count
        for instruction in self.instructions:
            lengths.append(sum(lengths[a] for a in instruction))
        return lengths[item]

    def word(self, item: int, limit: int = 100_000) -> tuple[tuple[int, int], ...]:
        """An item as an explicit word: pairs (generator index, ±1), leftmost factor first.

        Raises:
            TooLargeError: the word has more than `limit` letters (programs may expand
                exponentially).
        """
        length = self.word_length(item)
        if length > limit:
            raise TooLargeError(
                f"word: would have {length} letters, the limit is {limit}; "
                "keep the program, or raise limit"
            )
        word: list[tuple[int, int]] = []
        stack = [(item, 1)]
        while stack:
            current, sign = stack.pop()
            if current < self.generator_count:
                word.append((current, sign))
                continue
            instruction = self.instructions[current - self.generator_count]
            if len(instruction) == 1:
                stack.append((instruction[0], -sign))
            else:
                a, b = instruction
                # The leftmost factor must be popped first; an inverse swaps the factors.
                first, second = (a, b) if sign == 1 else (b, a)
                stack.append((second, sign))
                stack.append((first, sign))
        return tuple(word)


def compacted(
    count: int,
    generators: Sequence[NDArray[np.int64]],
    instructions: Sequence[tuple[int, ...]],
    results: Sequence[int],
) -> StraightLineProgram:
    """A program without dead instructions, whose items are pairwise different as permutations.

    Arguments:
        count: number of generators.
        generators: their image arrays, pairwise different.
        instructions: a program that may have dead and repeated items.
        results: the items that are wanted, in order.
    """
    needed = _needed(count, instructions, results, range(count + len(instructions)))
    values: dict[int, NDArray[np.int64]] = dict(enumerate(generators))
    first_item = {value.tobytes(): item for item, value in reversed(values.items())}
    alias = list(range(count + len(instructions)))
    for item, instruction in enumerate(instructions, start=count):
        if item not in needed:
            continue
        if len(instruction) == 2:
            value = values[instruction[0]][values[instruction[1]]]
        else:
            value = np.argsort(values[instruction[0]])
        values[item] = value
        alias[item] = first_item.setdefault(value.tobytes(), item)
    # Identifying items makes others dead, so a second sweep decides what is written.
    needed = _needed(count, instructions, [alias[r] for r in results], alias)
    number = {k: k for k in range(count)}
    written: list[tuple[int, ...]] = []
    for item, instruction in enumerate(instructions, start=count):
        if item in needed:
            written.append(tuple(number[alias[a]] for a in instruction))
            number[item] = count + len(written) - 1
    return StraightLineProgram(count, tuple(written), tuple(number[alias[r]] for r in results))


def _needed(
    count: int,
    instructions: Sequence[tuple[int, ...]],
    results: Sequence[int],
    alias: Sequence[int],
) -> set[int]:
    needed = set(results)
    for item in range(count + len(instructions) - 1, count - 1, -1):
        if item in needed:
            needed.update(alias[a] for a in instructions[item - count])
    return needed
