"""Sporadic groups preserve what they come from: codes, Steiner systems, a graph, relations between
matrices.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from groups import Permutation, PermutationGroup
from groups import catalogue as c
from groups.errors import ParameterError
from groups.sporadic import golay_code, hexads, higman_sims_graph


def image_of_mask(g: Permutation, word: int) -> int:
    return sum(1 << g(x) for x in range(24) if word >> x & 1)


def test_m24_preserves_the_golay_code() -> None:
    code = golay_code()
    assert len(code) == 4096
    for g in c.mathieu(24).generators:
        assert {image_of_mask(g, w) for w in code} == code
    # A transposition does not.
    swap = Permutation("(1,2)", 24)
    assert {image_of_mask(swap, w) for w in code} != code


def test_octads_are_a_steiner_system() -> None:
    octads = [w for w in golay_code() if w.bit_count() == 8]
    assert len(octads) == 759
    fives = {
        five
        for w in octads
        for five in itertools.combinations([x for x in range(24) if w >> x & 1], 5)
    }
    assert len(fives) == 759 * 56 == 42504  # = binom(24, 5): every five points in exactly one octad


def test_m12_preserves_a_steiner_system() -> None:
    """The images of {0, squares of GF(11)} under M12 are the 132 hexads of S(5,6,12)."""
    M12 = c.mathieu(12)
    start = (0, 1, 3, 4, 5, 9)
    blocks, queue = {start}, [start]
    for block in queue:
        for g in M12.generators:
            moved = tuple(sorted(g(x) for x in block))
            if moved not in blocks:
                blocks.add(moved)
                queue.append(moved)
    assert len(blocks) == 132
    fives = {five for block in blocks for five in itertools.combinations(block, 5)}
    assert len(fives) == 792  # binom(12, 5)


@pytest.mark.parametrize(("n", "t"), [(11, 4), (12, 5), (22, 3), (23, 4), (24, 5)])
def test_transitivity_of_mathieu_groups(n: int, t: int) -> None:
    """t-transitive exactly: the stabiliser of t points has index n(n-1)…, and that of t+1 does
    not.
    """
    M = PermutationGroup(c.mathieu(n).generators, n)
    falling = 1
    for k in range(1, t + 2):
        falling *= n - k + 1
        index = M.order // M.pointwise_stabilizer(range(k)).order
        assert (index == falling) == (k <= t)
    assert M.is_primitive


def test_mathieu_groups_are_point_stabilisers_of_each_other() -> None:
    def fixing_last(n: int) -> PermutationGroup:
        G = c.mathieu(n).stabilizer(n - 1)
        return PermutationGroup([g.images[:-1] for g in G.generators], n - 1)

    assert fixing_last(24) == c.mathieu(23)
    assert fixing_last(12) == c.mathieu(11)
    in_m23 = c.mathieu(23).stabilizer(0)
    assert PermutationGroup([g.images[1:] - 1 for g in in_m23.generators], 22) == c.mathieu(22)


def test_m22_preserves_the_hexads() -> None:
    blocks = hexads()
    assert len(blocks) == 77
    threes = {three for b in blocks for three in itertools.combinations(b, 3)}
    assert len(threes) == 77 * 20 == 1540  # binom(22, 3)
    for g in c.mathieu(22).generators:
        assert sorted(tuple(sorted(g(x - 1) + 1 for x in b)) for b in blocks) == blocks


def test_higman_sims_graph_is_strongly_regular() -> None:
    A = higman_sims_graph()
    assert np.array_equal(A, A.T) and not A.diagonal().any()
    square = A @ A
    J, unit = np.ones_like(A), np.eye(100, dtype=np.int64)
    assert np.array_equal(square, 22 * unit + 6 * (J - unit - A))


def test_hs_is_the_even_half_of_the_graphs_automorphisms() -> None:
    A = higman_sims_graph()
    HS = c.higman_sims()
    for g in HS.generators:
        assert np.array_equal(A[np.ix_(g.images, g.images)], A)
        assert g.sign == 1
    point = PermutationGroup(HS.generators, 100).stabilizer(0)
    assert sorted(map(len, point.orbits())) == [1, 22, 77]
    assert point.order == 443520
    edges = [(int(i), int(j)) for i, j in np.argwhere(A) if i < j]
    everything = c.edge_automorphisms(100, edges)
    assert everything.order == 2 * HS.order and HS.is_subgroup_of(everything)
    assert any(g.sign == -1 for g in everything.generators)


def test_j1_has_the_subdegrees_and_relations_of_janko() -> None:
    J1 = c.janko1()
    y, z = J1.generators
    assert (y.order, z.order, (y * z).order) == (7, 5, 10)
    bare = PermutationGroup(J1.generators, 266)
    assert bare.order == 175560 == 11 * (11**3 - 1) * (11 + 1)
    point = bare.stabilizer(0)
    assert point.order == 660
    assert sorted(map(len, point.orbits())) == [1, 11, 12, 110, 132]
    assert bare.is_primitive


@pytest.mark.parametrize("n", [0, 10, 13, 25, "M11", None, [24]])
def test_no_other_mathieu_groups(n: object) -> None:
    with pytest.raises(ParameterError, match="Mathieu groups on 11, 12, 22, 23 and 24 points"):
        c.mathieu(n)  # type: ignore[arg-type]
