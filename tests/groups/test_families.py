"""Families without a field: what the generators are, Sylow orders by Legendre, refusals."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import Permutation, PermutationGroup
from groups import catalogue as c
from groups.errors import ParameterError
from groups.families import bracketed


@given(n=st.integers(0, 60), p=st.sampled_from([2, 3, 5, 7, 11, 61]))
def test_sylow_orders(n: int, p: int) -> None:
    exponent, m = 0, n
    while m:
        m //= p
        exponent += m
    G = c.sylow(n, p)
    assert (G.degree, G.order) == (n, p**exponent)
    assert PermutationGroup(G.generators, n).order == p**exponent


@pytest.mark.parametrize("n", range(1, 9))
def test_cyclic_in_dihedral_in_symmetric(n: int) -> None:
    C, D, S, A = c.cyclic(n), c.dihedral(n), c.symmetric(n), c.alternating(n)
    assert C.is_subgroup_of(D) and D.is_subgroup_of(S) and A.is_subgroup_of(S)
    assert C.is_transitive and C.is_abelian
    # The dihedral group preserves the edges of the n-gon, and is everything that does for n > 2.
    polygon = c.edge_automorphisms(n, [(i, (i + 1) % n) for i in range(n)])
    assert D.is_subgroup_of(polygon) and (n == 1 or polygon == D)


def test_quaternion_multiplication() -> None:
    Q = c.quaternion()
    i, j = Q.generators
    minus = i * i
    assert i * i == j * j == (i * j) * (i * j) == minus and (minus * minus).is_identity
    assert not Q.is_abelian and Q.is_transitive
    assert Q.labels is not None
    at = {label: k for k, label in enumerate(Q.labels)}
    assert Q.labels[i(at["j"])] == "k" and Q.labels[j(at["i"])] == "-k"
    assert Q.labels[minus(at["k"])] == "-k"


def test_signed_permutations() -> None:
    B = c.hyperoctahedral(3)
    assert B.labels == ("+0", "-0", "+1", "-1", "+2", "-2")
    for g in B.generators:
        assert all(g(2 * i) // 2 == g(2 * i + 1) // 2 for i in range(3))
    assert PermutationGroup(B.generators, 6) == c.symmetric(2).wreath_product(c.symmetric(3))


def test_klein_is_the_regular_elementary_abelian_group() -> None:
    V = c.klein()
    assert V.is_abelian and V.is_transitive and all(g.order == 2 for g in V.generators)
    assert V == c.torus(2, 2)


def test_young_with_one_block_is_symmetric() -> None:
    assert c.young(5) == c.symmetric(5) and c.young(1, 1, 1) == c.trivial(3)
    assert c.young(2, 3) == c.direct_product(c.symmetric(2), c.symmetric(3))


@given(data=st.data(), n=st.integers(0, 4), m=st.integers(0, 4))
def test_wreath_products_by_their_definition(data: st.DataObject, n: int, m: int) -> None:
    def some(degree: int) -> PermutationGroup:
        generators = data.draw(st.lists(st.permutations(range(degree)), max_size=2))
        return PermutationGroup(generators, degree)

    base, top = some(n), some(m)
    G = c.wreath_product(base, top)
    expected = base.order**m * top.order if n else 1
    assert G.order == PermutationGroup(G.generators, n * m).order == expected
    assert c.wreath_product(some(n), some(m)).degree == n * m
    # Blocks go to blocks as in the top group, and every copy of the base is there.
    for g in G.generators:
        moved = [{g(b * n + i) // n for i in range(n)} for b in range(m)]
        assert all(len(blocks) == 1 for blocks in moved) or n == 0
    for b in range(m):
        for g in base.generators:
            image = list(range(n * m))
            image[b * n : b * n + n] = [b * n + i for i in g.images.tolist()]
            assert Permutation(image, n * m) in G


def test_brackets() -> None:
    assert bracketed("PSL(2,7)") == "PSL(2,7)" and bracketed("S3 x S4") == "(S3 x S4)"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: c.cyclic(0), "n must be at least 1, got 0"),
        (lambda: c.dihedral(0), "n must be at least 1, got 0"),
        (lambda: c.symmetric(-1), "n must be at least 0, got -1"),
        (lambda: c.alternating(2.0), "n must be a whole number, got 2.0"),  # type: ignore[arg-type]
        (lambda: c.trivial(None), "n must be a whole number, got None"),  # type: ignore[arg-type]
        (lambda: c.hyperoctahedral(True), "n must be a whole number, got True"),
        (lambda: c.young(), "at least one block is needed"),
        (lambda: c.young(3, 0), "parts must be at least 1, got 0"),
        (lambda: c.sylow(4, 6), "p: must be a prime, got 6; its least prime factor is 2"),
        (lambda: c.sylow(4, 1), "p must be between 2 and"),
        (lambda: c.sylow(-4, 2), "n must be at least 0, got -4"),
    ],
)
def test_bad_parameters(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        call()
