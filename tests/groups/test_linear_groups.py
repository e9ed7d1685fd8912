"""Linear groups: generators are (semi)linear maps, points have the stated numbers, subgroups lie
where they should.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from groups import catalogue as c
from groups.errors import ParameterError, TooLargeError
from groups.finite_fields import field
from groups.linear_groups import (
    all_vectors,
    linear_degree,
    order_gl,
    projective_points,
    projective_ranks,
    vector_ranks,
)


@pytest.mark.parametrize(("k", "q"), [(1, 2), (1, 9), (2, 3), (2, 4), (3, 2), (4, 2)])
def test_vectors_are_numbered_lexicographically(k: int, q: int) -> None:
    vectors = all_vectors(k, q)
    assert [tuple(v) for v in vectors.tolist()] == list(itertools.product(range(q), repeat=k))
    assert vector_ranks(vectors, q).tolist() == list(range(q**k))
    assert c.GL(k, q).labels == tuple(map(tuple, vectors.tolist()))


@pytest.mark.parametrize(("k", "q"), [(2, 2), (2, 3), (2, 9), (3, 2), (3, 4), (4, 3)])
def test_projective_points(k: int, q: int) -> None:
    points = projective_points(k, q)
    assert len(points) == (q**k - 1) // (q - 1)
    f = field(q)
    assert projective_ranks(points, f).tolist() == list(range(len(points)))
    for scalar in range(1, q):
        assert projective_ranks(f.multiply(scalar, points), f).tolist() == list(range(len(points)))
    # The affine chart comes first, infinity last.
    assert (points[: q ** (k - 1), -1] == 1).all()
    assert points[-1].tolist() == [1] + [0] * (k - 1)
    assert projective_points(2, q)[:q, 0].tolist() == list(range(q))


@pytest.mark.parametrize(("k", "q"), [(1, 8), (2, 3), (2, 4), (3, 2)])
def test_generators_are_linear_or_affine(k: int, q: int) -> None:
    f = field(q)
    vectors = all_vectors(k, q)
    left, right = np.repeat(vectors, q**k, axis=0), np.tile(vectors, (q**k, 1))
    sums = vector_ranks(f.add(left, right), q)
    for G in (c.GL(k, q), c.SL(k, q)):
        for g in G.generators:
            images = vectors[g.images]
            moved = f.add(np.repeat(images, q**k, axis=0), np.tile(images, (q**k, 1)))
            assert np.array_equal(vector_ranks(moved, q), g.images[sums])
            for scalar in range(q):
                scaled = vector_ranks(f.multiply(scalar, vectors), q)
                assert np.array_equal(vector_ranks(f.multiply(scalar, images), q), g.images[scaled])
    for G in (c.AGL(k, q), c.ASL(k, q)):
        assert G.is_transitive
        for g in G.generators:
            translated = f.add(vectors[g.images], f.negative(vectors[g(0)]))
            assert f.matrix_apply is not None and vector_ranks(translated, q)[0] == 0


@pytest.mark.parametrize(("k", "q"), [(1, 8), (1, 9), (2, 3), (2, 4), (3, 2)])
def test_inclusions(k: int, q: int) -> None:
    GL, SL, AGL, ASL = c.GL(k, q), c.SL(k, q), c.AGL(k, q), c.ASL(k, q)
    AGammaL = c.AGammaL(k, q)
    assert SL.is_subgroup_of(GL) and GL.is_subgroup_of(AGL) and SL.is_subgroup_of(ASL)
    assert ASL.is_subgroup_of(AGL) and AGL.is_subgroup_of(AGammaL)
    assert GL.order == (q - 1) * SL.order and AGL.order == q**k * GL.order
    assert AGL.stabilizer(0) == GL
    assert AGammaL.order == field(q).degree * AGL.order


@pytest.mark.parametrize(("k", "q"), [(2, 4), (2, 5), (2, 9), (3, 3), (3, 4)])
def test_projective_groups(k: int, q: int) -> None:
    PSL, PGL, PGammaL = c.PSL(k, q), c.PGL(k, q), c.PGammaL(k, q)
    assert PSL.is_subgroup_of(PGL) and PGL.is_subgroup_of(PGammaL)
    assert PSL.is_transitive and PSL.is_primitive
    assert PGammaL.order == field(q).degree * PGL.order
    if k == 2:
        # PGL(2,q) is sharply 3-transitive.
        assert PGL.order == (q + 1) * q * (q - 1)
        assert PGL.pointwise_stabilizer([0, 1, q]).order == 1
    else:
        f = field(q)
        points = projective_points(k, q)

        def collinear(a: int, b: int) -> frozenset[int]:
            line = [f.add(f.multiply(s, points[a]), points[b]) for s in range(q)]
            ranks = projective_ranks(np.array(line), f).tolist()
            return frozenset([a, *ranks])

        lines = {collinear(a, b) for a, b in itertools.combinations(range(len(points)), 2)}
        assert len(lines) == len(points) and all(len(line) == q + 1 for line in lines)
        for g in PGammaL.generators:
            assert {frozenset(g(p) for p in line) for line in lines} == lines


def test_exceptional_isomorphisms_seen_in_orders_and_actions() -> None:
    assert c.PGL(2, 4) == c.alternating(5) and c.PSL(2, 4) == c.alternating(5)
    assert c.PGammaL(2, 4) == c.symmetric(5)
    assert c.PSL(2, 2) == c.symmetric(3) and c.PGL(2, 3) == c.symmetric(4)
    assert c.AGammaL(1, 4) == c.symmetric(4) and c.AGL(2, 2) == c.symmetric(4)


def test_order_of_gl_counts_bases() -> None:
    for k, q in [(2, 2), (2, 3), (3, 2)]:
        vectors = all_vectors(k, q)
        count = 0
        for columns in itertools.product(range(1, q**k), repeat=k):
            span = {0}
            for v in columns:
                if v in span:
                    break
                span = {
                    int(vector_ranks((vectors[[s]] + a * vectors[[v]]) % q, q)[0])
                    for s in span
                    for a in range(q)
                }
            else:
                count += 1
        assert order_gl(k, q) == count


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: c.GL(0, 3), "k: must be an integer >= 1 for affine groups, got 0"),
        (lambda: c.PSL(1, 7), "k: must be an integer >= 2 for projective groups, got 1"),
        (lambda: c.PSL(2, 6), "q: must be a prime power, got 6 = 2·3"),
        (lambda: c.AGL(2, -3), "q: must be a prime power, got -3"),
        (lambda: c.AGL("2", 3), "k: must be an integer >= 1 for affine groups, got '2'"),
        (lambda: c.AGL(True, 3), "k: must be an integer >= 1"),
        (lambda: c.PGL(2, 2.5), "q: must be an integer, got 2.5"),
    ],
)
def test_bad_parameters(call, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        call()


@pytest.mark.parametrize("k_q", [(30, 2), (2, 10**8), (10**9, 7), (3, 10**9)])
def test_too_many_points_are_refused_at_once(k_q: tuple[int, int]) -> None:
    for family in (c.GL, c.PSL, c.AGammaL):
        with pytest.raises(TooLargeError):
            family(*k_q)
    assert linear_degree(2, 1000003, "projective") == 1000004
