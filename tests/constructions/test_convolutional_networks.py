"""M19: closed sums over the group against multiplied-out polynomials, invariance, networks."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from groups import PermutationGroup, group
from symcsq.constructions import ConvolutionalNetworks, Family, Member, isotropic_vectors
from symcsq.errors import FamilyError
from symcsq.exact import Enclosure, ExactReal

C4 = PermutationGroup(["(1,2,3,4)"])
GRID = PermutationGroup(["(1,2)(3,4)", "(1,3)(2,4)"])
COLUMN = isotropic_vectors(4, 3, seed=3)
FULL = isotropic_vectors(8, 3, seed=4)
CASES = [(C4, 1, COLUMN), (C4, 2, COLUMN), (C4, 2, FULL), (GRID, 2, COLUMN), (GRID, 2, FULL)]


@pytest.mark.parametrize(("G", "columns", "vectors"), CASES, ids=str)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_gram_by_formula_and_moments(G, columns: int, vectors, k: int) -> None:  # type: ignore[no-untyped-def]
    family = ConvolutionalNetworks(G, columns, vectors, k)
    integers = family.gram_integers()
    for i in range(3):
        for j in range(i, 3):
            entry = family.gram_exact(i, j)
            assert entry == family.factor * int(integers[i, j])
            assert entry == family.gram_entry_slow(i, j)


@pytest.mark.parametrize("sigma", [[0, 0, 1], [1, 1, 0, 2]], ids=str)
def test_polynomial_activations(sigma) -> None:  # type: ignore[no-untyped-def]
    for k in (1, 2):
        family = ConvolutionalNetworks(C4, 2, COLUMN, k, sigma)
        for i, j in [(0, 0), (0, 1)]:
            assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)


@pytest.mark.parametrize(("G", "columns", "vectors"), CASES, ids=str)
@pytest.mark.parametrize("sigma", [None, "relu", [0, 1, 1]], ids=str)
def test_members_are_invariant_and_networks_agree(G, columns, vectors, sigma) -> None:  # type: ignore[no-untyped-def]
    family = ConvolutionalNetworks(G, columns, vectors, 2, sigma)
    x = [Fraction(3 * i * i - 7, i + 2) for i in range(4 * columns)]
    for member in (family[0], family[2]):
        value = ExactReal.of(member(x))
        network = member.network()
        assert ExactReal.of(network(x)) == value
        assert network.width == 4 * G.order * (1 if vectors is FULL else columns)
        for g in family.group.generators:
            assert ExactReal.of(member([x[g(i)] for i in range(len(x))])) == value


def test_relu_against_a_sum_of_balls() -> None:
    family = ConvolutionalNetworks(C4, 3, COLUMN, 2, "relu")
    from symcsq.constructions import RotationNetworks

    u, v = family.u, family.v
    shifted = [np.roll(w, s, axis=1) for s in range(4) for w in (u, v)]
    for i in range(3):
        for j in range(3):
            entry = family.gram_entry(i, j)
            low = high = Fraction(0)
            for s in range(4):
                pair = RotationNetworks(
                    ([u[i], shifted[2 * s][j]], [v[i], shifted[2 * s + 1][j]]), 2, "relu"
                )
                slow = pair.gram_entry_slow(0, 1)
                low, high = low + slow.lower, high + slow.upper
            low, high = 12 * low, 12 * high
            if isinstance(entry, Enclosure):
                assert entry.lower <= high and low <= entry.upper
            else:
                assert low <= entry <= high


def test_a_filter_that_averages_to_zero_has_norm_exactly_zero() -> None:
    # A shift multiplies a = (1, i, -1, -i) by a unit: for k = 2 the four copies cancel.
    family = ConvolutionalNetworks(C4, 1, ([[1, 0, -1, 0]], [[0, 1, 0, -1]]), 2)
    assert family.norm_squared(0) == 0 and family[0]([1, 5, 2, 7]) == 0
    assert ConvolutionalNetworks(C4, 1, ([[1, 0, -1, 0]], [[0, 1, 0, -1]]), 4).norm_squared(0) > 0


def test_large_powers_leave_64_bits_exactly() -> None:
    family = ConvolutionalNetworks(group("C16"), 2, isotropic_vectors(16, 3), 20)
    gram = family.gram_integers()
    assert gram.dtype == object
    assert family.factor * int(gram[0, 1]) == family.gram_exact(0, 1)


def test_protocol() -> None:
    family = ConvolutionalNetworks("C4", 2, COLUMN, 2)
    assert isinstance(family, Family) and isinstance(family[0], Member)
    assert family.size == len(family) == 3 and family.members == "listed"
    assert family.parameters["filters"] == "columns" and family.group.degree == 8


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ConvolutionalNetworks("C5", 2, COLUMN, 2), "length 5 (column filters) or 10"),
        (lambda: ConvolutionalNetworks(C4, 0, COLUMN, 2), "columns: must be an integer >= 1"),
        (lambda: ConvolutionalNetworks(C4, 1, COLUMN), "power: must be given"),
        (lambda: ConvolutionalNetworks("S10", 1, isotropic_vectors(10, 1), 2), "got order 3628800"),
        (lambda: ConvolutionalNetworks(C4, 1, ([[1] * 4], [[1] * 4]), 2), "must be isotropic"),
        (lambda: ConvolutionalNetworks(C4, 1, COLUMN, 2, "relu").gram_exact(0, 0), "not rational"),
        (lambda: ConvolutionalNetworks(C4, 1, COLUMN, 2, "relu").gram_integers(), "powers only"),
    ],
)  # fmt: skip
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FamilyError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)
