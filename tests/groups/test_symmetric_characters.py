"""Murnaghan–Nakayama tables: orthogonality, hook formula, the same values one by one."""

from __future__ import annotations

import math

import pytest

from groups.errors import ParameterError, TooLargeError
from groups.symmetric_characters import (
    centralizer_order,
    character_degree,
    conjugate_partition,
    hook_lengths,
    partitions,
    rim_hooks,
    symmetric_character_table,
    symmetric_character_value,
)


def test_numbers_of_partitions() -> None:
    counts = [1, 1, 2, 3, 5, 7, 11, 15, 22, 30, 42]
    assert [len(partitions(n)) for n in range(11)] == counts
    assert sorted(partitions(8), reverse=True) == list(partitions(8))


@pytest.mark.parametrize("n", range(9))
def test_table_is_orthogonal(n: int) -> None:
    table, types = symmetric_character_table(n).tolist(), partitions(n)
    order = math.factorial(n)
    sizes = [order // centralizer_order(t) for t in types]
    assert sum(sizes) == order
    for i, a in enumerate(table):
        for j, b in enumerate(table):
            inner = sum(s * x * y for s, x, y in zip(sizes, a, b, strict=True))
            assert inner == (order if i == j else 0)


@pytest.mark.parametrize("n", range(8))
def test_single_values_and_degrees(n: int) -> None:
    types = partitions(n)
    table = symmetric_character_table(n)
    for i, shape in enumerate(types):
        assert table[i, -1] == character_degree(shape)
        for j, cycle_type in enumerate(types):
            assert table[i, j] == symmetric_character_value(shape, cycle_type)
            sign = (-1) ** (n - len(cycle_type))
            assert table[types.index(conjugate_partition(shape)), j] == sign * table[i, j]


def test_every_cell_is_one_rim_hook() -> None:
    for shape in partitions(9):
        hooks = list(rim_hooks(shape))
        assert sorted(size for size, _, _ in hooks) == sorted(hook_lengths(shape))
        assert all(sum(rest) == 9 - size for size, _, rest in hooks)


def test_bad_input() -> None:
    with pytest.raises(ParameterError, match="partition of 3"):
        symmetric_character_value((2, 1), (2, 2))
    with pytest.raises(ParameterError, match="decrease"):
        symmetric_character_value((1, 2), (3,))
    with pytest.raises(ParameterError, match=">= 0"):
        partitions(-1)
    with pytest.raises(TooLargeError, match="n <= 33"):
        symmetric_character_table(34)
