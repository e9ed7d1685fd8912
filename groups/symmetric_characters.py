"""Characters of symmetric groups and of wreath products with them, by removing rim hooks.

A partition is a tuple of parts in decreasing order. Removing a rim hook of size m from a partition
is moving one bead of its abacus (beta set) down by m places; the sign is (-1) to the number of
beads passed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from groups.errors import ParameterError, TooLargeError

Partition = tuple[int, ...]
# |χ(g)| <= χ(1) <= sqrt(n!), which is below 2^62 up to here, so 64-bit sums modulo 2^64 are exact.
_LARGEST_DEGREE = 33


def partitions(n: int) -> tuple[Partition, ...]:
    """All partitions of n, in decreasing lexicographic order.

    Arguments:
        n: an integer >= 0.

    Returns:
        Tuples of decreasing positive parts, ``(n,)`` first.

    Complexity:
        Linear in the output.

    Examples:
        >>> partitions(4)
        ((4,), (3, 1), (2, 2), (2, 1, 1), (1, 1, 1, 1))
        >>> partitions(0)
        ((),)
    """
    if n < 0:
        raise ParameterError(f"n: partitions need an integer >= 0, got {n}; partitions(0) is ((),)")
    return _partitions(n)


@lru_cache(maxsize=64)
def _partitions(n: int) -> tuple[Partition, ...]:
    def generate(rest: int, largest: int) -> Iterator[Partition]:
        if rest == 0:
            yield ()
        for part in range(min(rest, largest), 0, -1):
            for tail in generate(rest - part, part):
                yield (part, *tail)

    return tuple(generate(n, n))


def centralizer_order(cycle_type: Sequence[int]) -> int:
    """Order of the centraliser in S_n of a permutation: the product of ``length^m * m!``.

    Arguments:
        cycle_type: cycle lengths, fixed points included, in any order.

    Examples:
        >>> centralizer_order((2, 2, 1))
        8
    """
    order = 1
    for length in set(cycle_type):
        m = sum(1 for part in cycle_type if part == length)
        order *= length**m * math.factorial(m)
    return order


def rim_hooks(partition: Partition) -> Iterator[tuple[int, int, Partition]]:
    """Every rim hook of a partition: (size, sign, what is left when it is removed).

    Arguments:
        partition: decreasing positive parts.

    Returns:
        One triple for each cell of the diagram; the sign is (-1)^(height).

    Source:
        G. James, A. Kerber, The Representation Theory of the Symmetric Group, 2.7.

    Examples:
        >>> sorted(rim_hooks((2, 1)))
        [(1, 1, (1, 1)), (1, 1, (2,)), (3, -1, ())]
    """
    length = len(partition)
    beads = [part + length - 1 - i for i, part in enumerate(partition)]
    occupied = set(beads)
    for i, bead in enumerate(beads):
        passed = 0
        for target in range(bead - 1, -1, -1):
            if target in occupied:
                passed += 1
                continue
            # Bead i moves past the `passed` beads below it.
            moved = beads[:i] + beads[i + 1 : i + 1 + passed] + [target] + beads[i + 1 + passed :]
            rest = tuple(b - (length - 1 - k) for k, b in enumerate(moved) if b > length - 1 - k)
            yield bead - target, -1 if passed % 2 else 1, rest


@lru_cache(maxsize=64)
def _hook_table(
    n: int,
) -> dict[int, tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """For each hook size m: (row among partitions(n), row among partitions(n - m), sign) of every
    hook.
    """
    found: dict[int, list[tuple[int, int, int]]] = {}
    index = {m: {p: i for i, p in enumerate(partitions(n - m))} for m in range(1, n + 1)}
    for row, partition in enumerate(partitions(n)):
        for size, sign, rest in rim_hooks(partition):
            found.setdefault(size, []).append((row, index[size][rest], sign))
    table = {}
    for size, triples in found.items():
        columns = np.array(triples, dtype=np.int64).T
        table[size] = (columns[0], columns[1], columns[2])
    return table


@lru_cache(maxsize=8)
def symmetric_character_table(n: int) -> NDArray[np.int64]:
    """The character table of S_n by the Murnaghan–Nakayama rule.

    Arguments:
        n: degree, 0..33.

    Returns:
        A read-only integer array; entry (i, j) is the value of the character of
        ``partitions(n)[i]`` on the class of cycle type ``partitions(n)[j]``.

    Raises:
        TooLargeError: n > 33, where the values no longer fit in 64 bits.

    Complexity:
        O(n p(n)^2) operations for p(n) partitions.

    Source:
        G. James, A. Kerber, The Representation Theory of the Symmetric Group, 2.4.7.

    Examples:
        >>> symmetric_character_table(3).tolist()
        [[1, 1, 1], [-1, 0, 2], [1, -1, 1]]
    """
    if n > _LARGEST_DEGREE:
        raise TooLargeError(
            f"n: the whole table of S_n is listed for n <= {_LARGEST_DEGREE}, got {n}; "
            "ask for single values with symmetric_character_value"
        )
    tables: list[NDArray[np.int64]] = [np.ones((1, 1), dtype=np.int64)]
    for size in range(1, n + 1):
        rows = partitions(size)
        table = np.zeros((len(rows), len(rows)), dtype=np.int64)
        first_part = np.array([p[0] for p in rows])
        hooks = _hook_table(size)
        for m in range(1, size + 1):
            columns = np.flatnonzero(first_part == m)
            # Types with parts <= m are a final segment of the decreasing lexicographic order, and
            # removing the first part keeps that order.
            smaller = tables[size - m][:, -len(columns) :]
            row, rest, sign = hooks[m]
            block = np.zeros((len(rows), len(columns)), dtype=np.int64)
            np.add.at(block, row, sign[:, None] * smaller[rest])
            table[:, columns] = block
        tables.append(table)
    result = tables[n]
    result.setflags(write=False)
    return result


def symmetric_character_value(partition: Partition, cycle_type: Sequence[int]) -> int:
    """One value of a character of a symmetric group, for any degree.

    Arguments:
        partition: the character. cycle_type: cycle lengths, fixed points included, in any order.

    Raises:
        ParameterError: they are not partitions of the same number.

    Complexity:
        Exponential in the number of parts in the worst case; fixed points cost nothing (hook
        formula).

    Source:
        G. James, A. Kerber, The Representation Theory of the Symmetric Group, 2.3.21 and 2.4.7.

    Examples:
        >>> (
        ...     symmetric_character_value((3, 2), (2, 2, 1)),
        ...     symmetric_character_value((50, 1), (1,) * 51),
        ... )
        (1, 50)
    """
    if sum(partition) != sum(cycle_type) or min((*partition, *cycle_type), default=1) < 1:
        raise ParameterError(
            f"cycle_type: must be a partition of {sum(partition)}, got {tuple(cycle_type)}; "
            "list the fixed points as parts 1"
        )
    if list(partition) != sorted(partition, reverse=True):
        raise ParameterError(
            f"partition: parts must decrease, got {tuple(partition)}; sort them in reverse"
        )
    lengths = sorted(cycle_type)
    vector = {tuple(partition): 1}
    while lengths and lengths[-1] > 1:
        m = lengths.pop()
        following: dict[Partition, int] = {}
        for shape, c in vector.items():
            for size, sign, rest in rim_hooks(shape):
                if size == m:
                    following[rest] = following.get(rest, 0) + sign * c
        vector = following
    return sum(c * character_degree(shape) for shape, c in vector.items())


def hook_lengths(partition: Partition) -> list[int]:
    """Hook lengths of all cells, row by row.

    Examples:
        >>> hook_lengths((3, 1))
        [4, 2, 1, 1]
    """
    conjugate = conjugate_partition(partition)
    return [
        part - j + conjugate[j] - i - 1 for i, part in enumerate(partition) for j in range(part)
    ]


def conjugate_partition(partition: Partition) -> Partition:
    """The transposed diagram: tensoring with the sign character.

    Examples:
        >>> conjugate_partition((3, 1))
        (2, 1, 1)
    """
    if not partition:
        return ()
    return tuple(sum(1 for part in partition if part > j) for j in range(partition[0]))


def character_degree(partition: Partition) -> int:
    """Degree of the character of S_n: n! over the product of the hook lengths.

    Examples:
        >>> character_degree((3, 2))
        5
    """
    return math.factorial(sum(partition)) // math.prod(hook_lengths(partition))
