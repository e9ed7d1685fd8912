"""Torus groups and the cube: generators are the maps that the names promise."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from groups import PermutationGroup
from groups import catalogue as c
from groups.errors import ParameterError, TooLargeError


@pytest.mark.parametrize("sizes", [(1,), (5,), (1, 1), (3, 4), (2, 3, 4), (2, 2, 2, 2)])
def test_torus_is_regular_and_acts_by_translations(sizes: tuple[int, ...]) -> None:
    G = c.torus(*sizes)
    cells = list(itertools.product(*map(range, sizes)))
    assert G.labels == tuple(cells)
    assert G.is_transitive and G.is_abelian and G.order == len(cells)
    found = {tuple(g.images.tolist()) for g in G.elements()}
    expected = set()
    for t in cells:
        moved = [
            tuple((x + s) % a for x, s, a in zip(cell, t, sizes, strict=True)) for cell in cells
        ]
        expected.add(tuple(cells.index(cell) for cell in moved))
    assert found == expected


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_p4_and_p4m_are_what_images_allow(n: int) -> None:
    """The elements, listed as NumPy operations on an image: rolls, quarter turns, flips."""
    image = np.arange(n * n).reshape(n, n)

    def elements(turned: list[np.ndarray]) -> set[tuple[int, ...]]:
        rolled = [np.roll(x, (i, j), (0, 1)) for x in turned for i in range(n) for j in range(n)]
        return {tuple(x.ravel().tolist()) for x in rolled}

    turns = [np.rot90(image, k) for k in range(4)]
    assert {tuple(g.images.tolist()) for g in c.p4(n).elements()} == elements(turns)
    flips = turns + [x.T for x in turns]
    assert {tuple(g.images.tolist()) for g in c.p4m(n).elements()} == elements(flips)


def test_semidirect_products() -> None:
    assert c.semidirect([7], [[[2]]]).order == 21
    assert c.semidirect([5, 5], [[[1, 1], [0, 1]], [[0, -1], [1, 0]]]).order == 25 * 120
    assert c.semidirect([4, 2], []) == c.torus(4, 2)
    # A homomorphism Z_2 -> Z_4 must map 1 to an element of order 2.
    assert c.semidirect([4, 2], [[[1, 2], [0, 1]]]).order == 16
    assert c.semidirect([3, 3], [[[0, -1], [1, 0]]]) == c.p4(3)


@pytest.mark.parametrize(
    ("sizes", "matrices", "message"),
    [
        ([4, 2], [[[1, 1], [0, 1]]], r"entry \[0\]\[1\] times 2 must vanish modulo 4, got 1"),
        ([4], [[[2]]], r"must be one-to-one modulo \(4,\), got \[\[2\]\]"),
        ([4], [[[1, 2]]], "must be 1 × 1 for 1 sizes"),
        ([4], [3], "must be lists of 1 rows, got 3"),
        ([4, 4], [[[1, 0.5], [0, 1]]], "matrices must be a whole number, got 0.5"),
        ([], [], "at least one side length"),
        ([3, 0], [], "sizes must be at least 1, got 0"),
    ],
)
def test_bad_semidirect_products(sizes, matrices, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        c.semidirect(sizes, matrices)


def test_bad_tori() -> None:
    with pytest.raises(TooLargeError, match="got 10000000000 = 100000×100000"):
        c.torus(100000, 100000)
    with pytest.raises(ParameterError, match="n must be at least 1, got 0"):
        c.p4(0)
    with pytest.raises(ParameterError, match="n must be a whole number"):
        c.p4m("3")  # type: ignore[arg-type]


def test_rubiks_cube() -> None:
    cube = c.rubik()
    assert all(g.order == 4 and g.cycle_type.count(4) == 5 for g in cube.generators)
    corners, edges = sorted(cube.orbits(), key=lambda orbit: 0 not in orbit)
    assert len(corners) == len(edges) == 24
    # Blocks: three stickers of a corner, two of an edge; 8 and 12 pieces.
    for orbit, size in ((corners, 3), (edges, 2)):
        place = {p: i for i, p in enumerate(orbit)}
        part = PermutationGroup([[place[g(p)] for p in orbit] for g in cube.generators], len(orbit))
        assert size in {len(system[0]) for system in part.blocks()}
    # Opposite faces commute, and the order of (a turn of U then of R) is 105.
    U, L, F, R, B, D = cube.generators
    assert U * D == D * U and L * R == R * L and F * B == B * F
    assert (R * U).order == 105 and (U * F).order == 105
    assert str(F) == "(6,25,43,16)(7,28,42,13)(8,30,41,11)(17,19,24,22)(18,21,23,20)"
    assert cube.labels is not None and cube.labels[0] == "U1" and cube.labels[47] == "D8"
