"""M16 to M18: closed Gram entries against moments and double sums, networks, exact zeros, speed."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import product
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcsq.constructions import Family, Member, RotationNetworks, isotropic_vectors
from symcsq.constructions.isotropic import gaussian_power
from symcsq.errors import FamilyError
from symcsq.exact import Enclosure, ExactReal
from symcsq.functions import HermiteSeries

PLANES = isotropic_vectors(4, 2, structure="planes")
SIGNS = isotropic_vectors(4, 4, seed=5)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("vectors", [PLANES, SIGNS], ids=["planes", "signs"])
def test_powers_by_formula_and_moments(k: int, vectors) -> None:  # type: ignore[no-untyped-def]
    family = RotationNetworks(vectors, k)
    integers = family.gram_integers()
    for i in range(len(family)):
        for j in range(len(family)):
            entry = family.gram_exact(i, j)
            assert entry == family.factor * int(integers[i, j])
            if k <= 3:
                assert entry == family.gram_entry_slow(i, j)
        length = int((family.u[i] ** 2).sum())
        assert family.norm_squared(i) == Fraction(factorial(k), 2) * (2 * length) ** k


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize(
    "sigma", [[0, 0, 1], [1, 2, 0, -1], [0, 0, 0, 0, "1/2"], [3], [0, 1, 1, 1, 0, 1]], ids=str
)
def test_polynomial_activations_by_formula_and_moments(k: int, sigma) -> None:  # type: ignore[no-untyped-def]
    for vectors in (PLANES, SIGNS):
        family = RotationNetworks(vectors, k, sigma)
        for i, j in [(0, 0), (0, 1), (1, 1)]:
            assert family.gram_exact(i, j) == family.gram_entry_slow(i, j)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 6])
def test_power_activation_is_the_scale_of_m16(k: int) -> None:
    # On orthonormal rows σ(t) = t^k gives 2^{1-k}·2k·Re((y1+iy2)^k).
    plain = RotationNetworks(PLANES, k)
    activated = RotationNetworks(PLANES, k, [0] * k + [1])
    scale = Fraction(4 * k, 2**k)
    x = [Fraction(1, 2), -3, 2, Fraction(5, 7)]
    for i in range(2):
        assert activated[i](x) == scale * plain[i](x)
        assert activated.gram_exact(i, i) == scale**2 * plain.gram_exact(i, i)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("sigma", [None, [1, 2, 0, -1, 3, 1]], ids=str)
def test_networks_evaluate_to_the_members(k: int, sigma) -> None:  # type: ignore[no-untyped-def]
    family = RotationNetworks(SIGNS, k, sigma)
    for member in (family[0], family[-1]):
        for x in ([1, 2, 3, 4], [Fraction(1, 3), -2, 0, Fraction(7, 2)]):
            assert ExactReal.of(member(x)) == ExactReal.of(member.network()(x))
        assert member.network().width == 2 * k
        terms, square = member.scaled_terms()
        if k <= 4:
            value = sum(c * np.prod([Fraction(v) ** e for v, e in zip(x, key, strict=True)])
                        for key, c in terms.items())  # fmt: skip
            assert value * ExactReal.root(square) == ExactReal.of(member(x))


@pytest.mark.parametrize("sigma", ["relu", "abs", "sign", "erf"])
@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_enclosures_contain_the_double_sum(sigma: str, k: int) -> None:
    u = [[1, 1, 1, 1], [2, 0, 0, 0], [1, 1, 1, 1], [0, 0, 2, 0]]
    v = [[1, -1, 1, -1], [0, 2, 0, 0], [1, 1, -1, -1], [0, 0, 0, 2]]
    family = RotationNetworks((u, v), k, sigma)
    vanishing = (
        (k % 2 == 0) if sigma in ("sign", "erf") else (k % 2 == 1 and (k, sigma) != (1, "relu"))
    )
    for i, j in [(0, 0), (0, 1), (0, 2), (1, 3), (2, 1)]:
        entry, slow = family.gram_entry(i, j), family.gram_entry_slow(i, j)
        assert isinstance(slow, Enclosure) and slow.upper - slow.lower < Fraction(1, 10**38)
        if isinstance(entry, Fraction):
            assert entry in slow
        else:
            assert entry.lower <= slow.upper and slow.lower <= entry.upper
        if i == j:
            assert (entry == 0) is vanishing
    # M18: a contraction WVᵀ bounds the entry; orthogonal planes give exactly 0.
    assert family.gram_entry(1, 3) == 0


def test_relu_norm_by_the_double_sum() -> None:
    # y = Wx is a standard Gaussian in the plane; Σ(-1)^j relu(<y,u_j>) for k = 2 is |y1| - |y2|.
    family = RotationNetworks(([[1, 0]], [[0, 1]]), 2, "relu")
    assert family[0]([3, -5]) == -2 == family[0].network()([3, -5])
    # f = |y2|·(-1)+|y1|…: ‖f‖² = 2(1 - 2/π)
    norm = family.norm_squared(0)
    assert isinstance(norm, Enclosure)
    assert norm == (2 - 4 * ExactReal.root_over_pi(Fraction(1))).enclosure()


def test_relu_values_with_irrational_weights() -> None:
    import math

    family = RotationNetworks(PLANES, 4, "relu")
    x = [Fraction(3), Fraction(1), 0, 0]
    expected = sum(
        (-1) ** j * max(0.0, 3 * math.cos(math.pi * j / 4) + math.sin(math.pi * j / 4))
        for j in range(1, 9)
    )
    assert abs(float(ExactReal.of(family[0](x))) - expected) < 1e-12
    assert family[0]([0, 0, 5, 5]) == 0


def test_exact_zeros_by_gaussian_integers() -> None:
    # b = i·a: (a·b̄)^k = (-i|a|²)^k is imaginary for odd k.
    u, v = [[1, 1, 0, 0], [-1, 1, 0, 0]], [[-1, 1, 0, 0], [-1, -1, 0, 0]]
    for sigma in (None, "sign", "erf", [0, 1, 0, 2]):
        assert RotationNetworks((u, v), 3, sigma).gram_entry(0, 1) == 0
    assert RotationNetworks((u, v), 2, "relu").gram_entry(0, 1) != 0


@given(st.integers(1, 6).map(lambda h: 2 * h), st.integers(1, 5), st.integers(0, 3))
def test_isotropic_signs(n: int, count: int, seed: int) -> None:
    try:
        u, v = isotropic_vectors(n, count, seed)
    except FamilyError as error:
        assert "different sign vectors" in str(error) and n <= 4
        return
    assert ((u == 1) | (u == -1)).all() and ((v == 1) | (v == -1)).all()
    assert ((u * v).sum(axis=1) == 0).all()
    again = isotropic_vectors(n, count, seed)
    assert (again[0] == u).all() and (again[1] == v).all()


@pytest.mark.parametrize("structure", ["planes", "hadamard"])
def test_structured_vectors_are_orthogonal(structure: str) -> None:
    for k in (1, 2, 3):
        family = RotationNetworks(isotropic_vectors(8, 4, structure=structure), k)
        gram = family.gram_integers()
        assert (gram == np.diag(np.diag(gram))).all() and (np.diag(gram) > 0).all()


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), max_size=6), st.integers(0, 20)
)
def test_gaussian_power(values: list[tuple[int, int]], k: int) -> None:
    x = np.array([a for a, _ in values], dtype=np.int64)
    y = np.array([b for _, b in values], dtype=np.int64)
    expected = []
    for a, b in values:
        p, q = 1, 0
        for _ in range(k):
            p, q = p * a - q * b, p * b + q * a
        expected.append(p)
    assert [int(v) for v in gaussian_power(x, y, k)] == expected


def test_two_thousand_in_sixty_four_dimensions() -> None:
    family = RotationNetworks(isotropic_vectors(64, 2000), 8)
    start = time.process_time()
    gram = family.gram_integers()
    assert time.process_time() - start < 10
    assert (np.diag(gram) == 128**8).all() and (gram == gram.T).all()
    assert gram[3, 5] * family.factor == family.gram_exact(3, 5)


def test_large_entries_leave_64_bits_exactly() -> None:
    family = RotationNetworks(isotropic_vectors(64, 20), 30)
    gram = family.gram_integers()
    assert gram.dtype == object and gram[0, 0] == 128**30
    for i, j in product(range(3), repeat=2):
        assert gram[i, j] * family.factor == family.gram_exact(i, j)


@pytest.mark.parametrize("sigma", [None, "relu", "sign", [0, 1, 1, 1, 2]], ids=str)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_contractions_bound_the_entries(sigma, k: int) -> None:  # type: ignore[no-untyped-def]
    family = RotationNetworks(isotropic_vectors(6, 5, seed=9), k, sigma)
    for i in range(5):
        norm = family.norm_squared(i)
        assert family.contraction(i, i) == 1
        for j in range(i):
            bound = float(family.contraction(i, j)) ** k * float(norm)
            assert abs(float(family.gram_entry(i, j))) <= bound * (1 + 1e-9)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_hermite_series_without_a_tail_are_polynomials(k: int) -> None:
    # Activations that are no named ones were taken for relu, so that odd k >= 3 gave 0.
    coefficients = [1, "1/2", 0, -1, "2/3", 1]
    he = [[1], [0, 1], [-1, 0, 1], [0, -3, 0, 1], [3, 0, -6, 0, 1], [0, 15, 0, -10, 0, 1]]
    powers = [
        sum((Fraction(c) * p[r] for c, p in zip(coefficients, he, strict=True) if r < len(p)),
            Fraction(0))
        for r in range(6)
    ]  # fmt: skip
    series = RotationNetworks(SIGNS, k, HermiteSeries(coefficients))
    plain = RotationNetworks(SIGNS, k, powers)
    for i in range(4):
        for j in range(4):
            assert series.gram_entry(i, j) == plain.gram_entry(i, j)


def test_hermite_series_with_a_tail_contain_what_it_may_be() -> None:
    for k, tail in ((3, "1/50"), (2, "1/50")):
        series = RotationNetworks(SIGNS, k, HermiteSeries([0, 0, 1, 1], tail))
        for last in (0, "1/100"):
            # c_4 or c_5 with c_d² d! <= 1/50.
            for d in (4, 5):
                more = [0] * (d - 4) + [last]
                single = RotationNetworks(SIGNS, k, HermiteSeries([0, 0, 1, 1, *more]))
                for j in range(4):
                    entry, value = series.gram_entry(0, j), single.gram_entry(0, j)
                    low = high = entry
                    if isinstance(entry, Enclosure):
                        low, high = entry.lower, entry.upper
                    assert low <= value <= high
    odd = RotationNetworks(SIGNS, 2, HermiteSeries([0, 1], "1/9", parity="odd"))
    assert odd.norm_squared(0) == 0


def test_protocol() -> None:
    family = RotationNetworks(SIGNS, 2)
    assert isinstance(family, Family) and isinstance(family[0], Member)
    assert family.members == "listed" and family.size == len(family) == 4
    assert family.parameters == {"n": 4, "count": 4, "power": 2, "activation": "power"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RotationNetworks(([[1, 1]], [[1, 1]]), 2), "vector 0 has Σ a_i² = 0 + 4i"),
        (lambda: RotationNetworks(([[1, 0], [2, 0]], [[0, 1], [0, 1]]), 2), "vector 1 has"),
        (lambda: RotationNetworks(([[0, 0]], [[0, 0]]), 2), "must not be zero, vector 0 is"),
        (lambda: RotationNetworks(([[1.0, 0]], [[0, 1]]), 2), "use integers, not floats"),
        (lambda: RotationNetworks(([[1, 0]], [[0, 1, 0]]), 2), "must have the same shape"),
        (lambda: RotationNetworks(5, 2), "must be a pair (u, v)"),
        (lambda: RotationNetworks(([], []), 2), "must be an integer array of shape (N, n)"),
        (lambda: RotationNetworks(PLANES), "power: must be given"),
        (lambda: RotationNetworks(PLANES, 0), "power: must be an integer >= 1, got 0"),
        (
            lambda: RotationNetworks(([[1, 0], [2, 0]], [[0, 1], [0, 2]]), 2, "relu"),
            "same length when an activation is given, got squared lengths 1 and 4",
        ),
        (lambda: RotationNetworks(PLANES, 2, "relu").gram_exact(0, 0), "not rational"),
        (lambda: RotationNetworks(PLANES, 2, "relu").gram_integers(), "for powers only"),
        (lambda: RotationNetworks(PLANES, 2, "relu")[0].scaled_terms(), "polynomial activations"),
        (lambda: isotropic_vectors(5, 1), "even dimension, got 5; use 6"),
        (lambda: isotropic_vectors(4, 3, structure="planes"), "there are 2 vectors"),
        (lambda: isotropic_vectors(12, 3, structure="hadamard"), "power of 2, got 12; use 16"),
        (lambda: isotropic_vectors(4, 3, structure="x"), "structure: must be"),
        (lambda: isotropic_vectors(2, 5), "there are 1 different sign vectors"),
    ],
)  # fmt: skip
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FamilyError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_every_sign_vector_that_exists_is_found() -> None:
    u, _ = isotropic_vectors(4, 12, seed=1)
    assert len(u) == 12
    with pytest.raises(FamilyError, match="there are 12 different sign vectors"):
        isotropic_vectors(4, 13)
