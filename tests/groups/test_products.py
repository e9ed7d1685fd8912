"""Products: orders that are claimed are those of the generators, point numberings are as stated."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import PermutationGroup
from groups import strategies as gst
from groups.errors import ParameterError, TooLargeError
from groups.products import semidirect_product
from tests.groups.brute_force import closure, elements


def recount(group: PermutationGroup) -> int:
    """The order, not using the one that the constructor knows."""
    return PermutationGroup(group.generators, group.degree).order


@given(gst.groups(max_degree=4), gst.groups(max_degree=4))
@settings(max_examples=60)
def test_direct_products(first: PermutationGroup, second: PermutationGroup) -> None:
    group = first.direct_product(second)
    n = first.degree
    expected = {(*g, *(n + i for i in h)) for g in elements(first) for h in elements(second)}
    assert elements(group) == expected and group.order == len(expected) == recount(group)
    assert group._structure == ("direct", (first, second))


@given(gst.groups(max_degree=3), gst.groups(max_degree=3))
@settings(max_examples=60)
def test_wreath_products(base: PermutationGroup, top: PermutationGroup) -> None:
    n, m = base.degree, top.degree
    group = base.wreath_product(top)
    expected = set()
    for h in elements(top):
        for parts in product(elements(base), repeat=m):
            # Point i of block b goes to point parts[b](i) of block h(b).
            expected.add(tuple(h[b] * n + parts[b][i] for b in range(m) for i in range(n)))
    assert elements(group) == expected and group.order == len(expected) == recount(group)
    assert group._structure == ("wreath", base, top)


@given(gst.groups(max_degree=3), gst.groups(max_degree=3))
@settings(max_examples=60)
def test_product_actions(base: PermutationGroup, top: PermutationGroup) -> None:
    n, m = base.degree, top.degree
    group = base.product_action(top)
    points = list(product(range(n), repeat=m))
    assert group.labels == tuple(points) and group.degree == n**m
    number = {t: k for k, t in enumerate(points)}
    expected = set()
    for h in elements(top):
        for parts in product(elements(base), repeat=m):
            images = []
            for t in points:
                moved = [0] * m
                for b in range(m):
                    moved[h[b]] = parts[b][t[b]]
                images.append(number[tuple(moved)])
            expected.add(tuple(images))
    assert elements(group) == expected and group.order == len(expected) == recount(group)


@given(st.integers(1, 4), st.data())
@settings(max_examples=50)
def test_semidirect_products(modulus: int, data: st.DataObject) -> None:
    entries = st.integers(0, modulus - 1)
    matrices = data.draw(st.lists(st.lists(st.lists(entries, min_size=2, max_size=2), min_size=2,
                                           max_size=2), max_size=2))  # fmt: skip
    matrices = [m for m in matrices if _unit(m[0][0] * m[1][1] - m[0][1] * m[1][0], modulus)]
    group = semidirect_product(modulus, matrices, dimension=2)
    vectors = list(product(range(modulus), repeat=2))
    assert group.labels == tuple(vectors)
    number = {v: k for k, v in enumerate(vectors)}

    def images(a: list[list[int]], t: tuple[int, int]) -> list[int]:
        return [
            number[
                (a[0][0] * x + a[0][1] * y + t[0]) % modulus,
                (a[1][0] * x + a[1][1] * y + t[1]) % modulus,
            ]
            for x, y in vectors
        ]

    one = [[1, 0], [0, 1]]
    gens = [images(m, (0, 0)) for m in matrices] + [images(one, t) for t in ((1, 0), (0, 1))]
    expected = closure(gens, len(vectors))
    assert group.order == len(expected) == recount(group)
    assert elements(group) == expected


def _unit(a: int, modulus: int) -> bool:
    return any(a * b % modulus == 1 % modulus for b in range(modulus))


def test_known_orders() -> None:
    assert semidirect_product(5, [[[2]]]).order == 20
    assert semidirect_product(7, [], dimension=1).order == 7
    assert semidirect_product(1, [], dimension=0).degree == 1
    assert semidirect_product(3, [[[0, 2], [1, 0]]], dimension=2).order == 36
    s3 = PermutationGroup(["(1,2,3)", "(1,2)"])
    assert s3.product_action(s3).is_primitive and s3.product_action(s3).order == 6**3 * 6
    assert not s3.wreath_product(s3).is_primitive


def test_names() -> None:
    a = PermutationGroup(["(1,2,3)"], name="C3")
    b = PermutationGroup(["(1,2)"], name="C2")
    assert a.wreath_product(b).name == "C3 wr C2"
    assert a.direct_product(b).direct_product(b).name == "(C3 x C2) x C2"
    assert a.direct_product(PermutationGroup(["(1,2)"])).name is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, []), "modulus: must be an integer >= 1, got 0"),
        ((5, []), "dimension: must be given when there are no matrices"),
        ((5, [[[1, 0]]]), "must have shape 1 x 1, got rows of lengths [2]"),
        ((5, [[[1, 0], [0]]]), "must have shape 2 x 2"),
        ((6, [[[2]]]), "matrices[0]: must be invertible mod 6, got [[2]]"),
        ((5, [[[0.5]]]), "entries must be integers, got 0.5"),
        ((5, [], -1), "dimension: must be an integer >= 0, got -1"),
    ],
)
def test_refusals(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        semidirect_product(*arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_sizes_are_estimated_before_the_work() -> None:
    big = PermutationGroup([[*range(1, 100), 0]])
    for make in (
        lambda: big.product_action(big),
        lambda: semidirect_product(10, [], dimension=9),
        lambda: semidirect_product(2, [], dimension=10**6),
        lambda: PermutationGroup([], 2000).wreath_product(PermutationGroup([], 2000)),
    ):
        with pytest.raises(TooLargeError, match=r"would act on .* points, the limit is 1048576"):
            make()
