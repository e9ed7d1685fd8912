"""Straight-line programs: evaluation, expansion into words, compaction, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import Permutation
from groups import strategies as gst
from groups.errors import ParameterError, TooLargeError
from groups.straight_line import StraightLineProgram, compacted


@st.composite
def programs(draw: st.DrawFn, count: int) -> StraightLineProgram:
    length = draw(st.integers(0, 8))
    instructions = []
    for item in range(count, count + length):
        refs = draw(st.lists(st.integers(0, item - 1), min_size=1, max_size=2))
        instructions.append(tuple(refs))
    results = draw(st.lists(st.integers(0, count + length - 1), max_size=4))
    return StraightLineProgram(count, tuple(instructions), tuple(results))


@given(programs(2), gst.permutations(degree=5), gst.permutations(degree=5))
def test_words_multiply_to_the_items(
    program: StraightLineProgram, g: Permutation, h: Permutation
) -> None:
    items = program.evaluate([g, h])
    assert len(items) == 2 + len(program)
    for item, value in enumerate(items):
        word = program.word(item)
        assert len(word) == program.word_length(item)
        product = Permutation.identity(5)
        for k, sign in word:
            product = product * ((g, h)[k] ** sign)
        assert product == value


@given(programs(2), gst.permutations(degree=5), gst.permutations(degree=5))
def test_compaction_keeps_results_and_nothing_else(
    program: StraightLineProgram, g: Permutation, h: Permutation
) -> None:
    if g == h:
        return
    small = compacted(2, [g.images, h.images], program.instructions, program.strong_items)
    assert small.results([g, h]) == program.results([g, h])
    items = small.evaluate([g, h])
    assert len(set(items)) == len(items)
    used = {a for instruction in small.instructions for a in instruction} | set(small.strong_items)
    assert used >= set(range(2, 2 + len(small)))


def test_long_words_are_refused_without_expanding() -> None:
    doubling = StraightLineProgram(1, tuple((k, k) for k in range(200)), (200,))
    assert doubling.word_length(200) == 2**200
    with pytest.raises(TooLargeError, match="letters, the limit is 100000"):
        doubling.word(200)
    assert doubling.evaluate([Permutation([1, 0])])[200].is_identity


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, ((1,),), ()), "item 1 must refer to one or two items in 0..0"),
        ((1, ((0, 0, 0),), ()), "must refer to one or two items"),
        ((1, ((),), ()), "must refer to one or two items"),
        ((1, (), (1,)), "strong_items: must be items 0..0, got 1"),
    ],
)
def test_forward_references_are_refused(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        StraightLineProgram(*arguments)  # type: ignore[arg-type]


def test_wrong_number_of_generators() -> None:
    with pytest.raises(ParameterError, match="starts from 2, got 1"):
        StraightLineProgram(2, (), ()).evaluate([np.arange(3)])
