"""Ranks, unranks and image ranks of every space, against lists written out by itertools."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups.errors import GroupsError
from groups.packed_vectors import bounded_compositions
from groups.ranking import (
    Colourings,
    Exponents,
    Points,
    Product,
    Space,
    Subsets,
    Tuples,
    whole_number,
)


def vectors(n: int, d: int, cap: int | None) -> Iterator[tuple[int, ...]]:
    top = d if cap is None else min(cap, d)
    return (v for v in product(range(top + 1), repeat=n) if sum(v) == d)


def cases() -> list[tuple[Space, list[tuple[int, ...]]]]:
    found: list[tuple[Space, list[tuple[int, ...]]]] = []
    for n in range(6):
        found.append((Points(n), [(i,) for i in range(n)]))
        for k in range(n + 1):
            found.append((Subsets(n, k), list(combinations(range(n), k))))
            found.append((Tuples(n, k, distinct=True), list(permutations(range(n), k))))
        for k in range(4):
            found.append((Tuples(n, k), list(product(range(n), repeat=k))))
        for q in range(4):
            found.append((Colourings(n, q), list(product(range(q), repeat=n))))
        for d in range(5):
            for cap in (None, 0, 1, 2, 3):
                found.append((Exponents(n, d, cap), list(vectors(n, d, cap))))
    for n, d in ((9, 2), (9, 3), (10, 1), (12, 2)):  # held as sorted columns
        found.append((Exponents(n, d), list(vectors(n, d, None))))
    for n, d in ((15, 2), (16, 14), (29, 2), (33, 2)):  # masks of several chunks
        found.append((Subsets(n, d), list(combinations(range(n), d))))
    found.append((Subsets(70, 2), list(combinations(range(70), 2))))
    found.append((Subsets(63, 62), list(combinations(range(63), 62))))
    found.append((Product(Subsets(4, 2), Points(4)), []))
    found.append((Product(Product(Points(3), Points(3)), Colourings(3, 2)), []))
    return found


def act(space: Space, g: np.ndarray, row: tuple[int, ...]) -> tuple[int, ...]:
    if isinstance(space, Product):
        cut = space.left.width
        return act(space.left, g, row[:cut]) + act(space.right, g, row[cut:])
    if isinstance(space, Subsets):
        return tuple(sorted(int(g[i]) for i in row))
    if isinstance(space, (Points, Tuples)):
        return tuple(int(g[i]) for i in row)
    image = [0] * len(row)
    for i, value in enumerate(row):
        image[int(g[i])] = value
    return tuple(image)


@pytest.mark.parametrize(
    "space, listed", cases(), ids=lambda x: repr(x) if isinstance(x, Space) else ""
)
def test_every_space_is_a_numbered_list_with_an_action(
    space: Space, listed: list[tuple[int, ...]]
) -> None:
    rows = space.unrank(np.arange(space.size))
    assert rows.shape == (space.size, space.width)
    found = [tuple(map(int, row)) for row in rows]
    if listed or not isinstance(space, Product):
        assert found == listed
    assert found == sorted(found)
    assert space.rank(rows).tolist() == list(range(space.size))
    rng = np.random.default_rng(space.size)
    moves = [rng.permutation(space.degree) for _ in range(2)] + [np.arange(space.degree)]
    place = {row: i for i, row in enumerate(found)}
    for g, ranks in zip(moves, space.image_ranks(moves), strict=True):
        assert ranks.tolist() == [place[act(space, g, row)] for row in found]


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_bounded_compositions_count_vectors(n: int, d: int, cap: int) -> None:
    series = [1]
    for _ in range(n):  # the coefficient of t^d in (1 + t + ... + t^cap)^n
        grown = [0] * (len(series) + cap)
        for i, c in enumerate(series):
            for a in range(cap + 1):
                grown[i + a] += c
        series = grown
    assert bounded_compositions(n, d, cap)[n][d] == (series[d] if d < len(series) else 0)
    assert bounded_compositions(n, d, d)[n][d] == (comb(n + d - 1, d) if n else int(d == 0))


@settings(max_examples=60)
@given(st.data())
def test_ranks_of_large_spaces_invert(data: st.DataObject) -> None:
    space = data.draw(
        st.sampled_from(
            [
                Subsets(40, 17),
                Subsets(300, 4),
                Exponents(30, 12),
                Exponents(200, 5),
                Exponents(20, 20, 3),
                Tuples(50, 6, distinct=True),
                Tuples(50, 6),
                Colourings(30, 3),
                Product(Subsets(20, 5), Tuples(20, 4)),
            ]
        )
    )
    ranks = data.draw(st.lists(st.integers(0, space.size - 1), min_size=1, max_size=20))
    assert space.rank(space.unrank(ranks)).tolist() == ranks


@pytest.mark.parametrize(
    "call",
    [
        lambda: Subsets(4, 5),
        lambda: Subsets(4, -1),
        lambda: Tuples(3, 4, distinct=True),
        lambda: Exponents(3, -1),
        lambda: Exponents(3, 2, -1),
        lambda: Exponents(3, 2.5),  # type: ignore[arg-type]
        lambda: Colourings(3, -1),
        lambda: Colourings(3, True),
        lambda: Subsets(4, 2).rank([[0, 4]]),
        lambda: Subsets(4, 2).rank([[1, 1]]),
        lambda: Subsets(4, 2).rank([[2, 1]]),
        lambda: Subsets(4, 2).rank([[1, 2, 3]]),
        lambda: Subsets(4, 2).rank([[0.5, 1.0]]),
        lambda: Subsets(4, 2).unrank([6]),
        lambda: Subsets(4, 2).unrank([-1]),
        lambda: Tuples(3, 2).rank([[0, 3]]),
        lambda: Tuples(3, 2, distinct=True).rank([[1, 1]]),
        lambda: Exponents(3, 2).rank([[1, 0, 0]]),
        lambda: Exponents(3, 2, 1).rank([[2, 0, 0]]),
        lambda: Exponents(3, 2).rank([[3, -1, 0]]),
        lambda: Colourings(3, 2).rank([[0, 1, 2]]),
        lambda: Colourings(80, 3).unrank([5]),
        lambda: Product(Points(3), Points(4)),
        lambda: whole_number("k", "3"),
    ],
)
def test_bad_input_is_refused_in_one_line(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(GroupsError) as caught:
        call()
    assert "\n" not in str(caught.value) and len(str(caught.value)) > 20
