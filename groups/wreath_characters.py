"""Characters of wreath products ``K wr S_m`` by Clifford theory, in the form of rim hooks.

Irreducible characters belong to families of partitions, one for each irreducible character of K, of
total size m. A cycle of blocks of length l whose product lies in class c of K is removed by taking
a rim hook of size l from the partition of some character psi, with weight psi(c).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from groups.symmetric_characters import Partition, partitions, rim_hooks

Family = tuple[Partition, ...]


def partition_families(colours: int, size: int) -> Iterator[Family]:
    """All tuples of `colours` partitions of total size `size`.

    Examples:
        >>> list(partition_families(2, 1))
        [((1,), ()), ((), (1,))]
    """
    if colours == 0:
        if size == 0:
            yield ()
        return
    for first in range(size, -1, -1):
        for partition in partitions(first):
            for rest in partition_families(colours - 1, size - first):
                yield (partition, *rest)


def wreath_characters(
    base_values: Sequence[Sequence[Any]], cycle_marks: Sequence[Sequence[tuple[int, int]]], m: int
) -> list[list[Any]]:
    """Character values of ``K wr S_m``.

    Arguments:
        base_values: values of the irreducible characters of K, one row per character (integers or
            `Cyclotomic`).
        cycle_marks: for each class of the wreath product its cycles of blocks as (length, class of
            K).
        m: number of blocks.

    Returns:
        One row per character, one column per class.

    Complexity:
        Number of classes times number of characters times the hooks of one size.

    Source:
        G. James, A. Kerber, The Representation Theory of the Symmetric Group, 4.3 and 4.4 (the
        values follow from 4.4.10 by the Murnaghan–Nakayama rule in each colour).

    Examples:
        >>> marks = [[(1, 0), (1, 0)], [(2, 0)]]
        >>> wreath_characters([[1]], marks, 2)
        [[1, 1], [1, -1]]
    """
    colours = len(base_values)
    families = [list(partition_families(colours, size)) for size in range(m + 1)]
    index = [{f: i for i, f in enumerate(listed)} for listed in families]
    # hooks[size][l]: for each family (character of K, sign, number of the rest among the smaller
    # families).
    hooks: list[dict[int, list[list[tuple[int, int, int]]]]] = []
    for size in range(m + 1):
        table: dict[int, list[list[tuple[int, int, int]]]] = {}
        for i, family in enumerate(families[size]):
            for psi, partition in enumerate(family):
                for length, sign, rest in rim_hooks(partition):
                    smaller = family[:psi] + (rest,) + family[psi + 1 :]
                    lists = table.setdefault(length, [[] for _ in families[size]])
                    lists[i].append((psi, sign, index[size - length][smaller]))
        hooks.append(table)
    memory: dict[tuple[tuple[int, int], ...], list[Any]] = {(): [1]}

    def column(cycles: tuple[tuple[int, int], ...]) -> list[Any]:
        if cycles not in memory:
            (length, c), rest = cycles[0], column(cycles[1:])
            size = sum(marked for marked, _ in cycles)
            memory[cycles] = [
                sum((base_values[psi][c] * (sign * rest[k]) for psi, sign, k in found), 0)
                for found in hooks[size][length]
            ]
        return memory[cycles]

    columns = [column(tuple(sorted(marks, reverse=True))) for marks in cycle_marks]
    return [[col[i] for col in columns] for i in range(len(families[m]))]
