"""The sphere and the slices: mixed moments two ways, and Gram matrices from moments."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

import pytest

from groups import PermutationGroup
from symcsq.distributions import (
    Bernoulli,
    Gaussian,
    Rademacher,
    Slice,
    Sphere,
    erdos_renyi,
    node_features,
    parse,
)
from symcsq.errors import DistributionError, ExpansionError
from symcsq.functions import Expansion, orbit_moment_matrix


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_sphere_moments_from_the_gaussian(n: int) -> None:
    # x = |x|·u with |x| and u independent: E[x^e] = E|x|^{|e|}·E[u^e], E|x|^{2k} = n(n+2)…
    for exponents in product(range(5), repeat=min(n, 3)):
        key = exponents + (0,) * (n - len(exponents))
        radius = prod(range(n, n + sum(key), 2)) if sum(key) % 2 == 0 else 1
        assert Gaussian().on(n).moment(key) == radius * Sphere(n).moment(key)


def test_sphere_radius_is_one() -> None:
    law = Sphere().on(4)
    square = {tuple(2 * int(i == k) for i in range(4)): 1 for k in range(4)}
    assert law.expectation(square) == 1
    assert law.inner_product_via_moments(square, square) == 1


@pytest.mark.parametrize(("k", "n"), [(0, 3), (1, 1), (2, 4), (3, 5), (5, 5)])
def test_slice_moments_by_enumeration(k: int, n: int) -> None:
    law = Slice(k).on(n)
    points = list(law.support())
    assert sum(w for _, w in points) == 1 and len(points) == law.support_size
    for exponents in product(range(3), repeat=n):
        expected = sum(
            w * prod(x**e for x, e in zip(point, exponents, strict=True)) for point, w in points
        )
        assert law.moment(exponents) == expected
    assert set(law.sample(1, 20)) <= {x for x, _ in points}


def test_every_permutation_preserves_them() -> None:
    assert Sphere(3).preserves([2, 0, 1]) and Slice(1, 3).preserves([2, 0, 1])
    assert Sphere(3).is_sign_symmetric and not Slice(1, 3).is_sign_symmetric


@pytest.mark.parametrize("text", ["sphere", "sphere(4)", "slice(2)", "slice(2,5)", "point"])
def test_text(text: str) -> None:
    assert str(parse(text)) == text and parse(str(parse(text))) == parse(text)


def test_random_graphs_and_node_features() -> None:
    assert erdos_renyi(4, "1/3") == Bernoulli("1/3").on(6) == parse("erdos-renyi(4,1/3)")
    nothing = erdos_renyi(1)
    assert nothing.dimension == 0 and nothing == parse("gaussian^0") == parse("point")
    assert str(nothing) == "point"
    law = node_features(3, [Gaussian(), Rademacher()])
    rows = [2, 3, 4, 5, 0, 1]  # a cyclic shift of the rows
    assert law.preserves(rows) and not law.preserves([1, 0, 2, 3, 4, 5])


def test_orbit_moment_matrix_against_expansions_and_multiplying_out() -> None:
    G = PermutationGroup(["(1,2,3)"])
    alphas = [(0, 0, 0), (0, 0, 2), (0, 1, 1), (0, 1, 2)]
    orbits = [{tuple(a[(i - s) % 3] for i in range(3)): 1 for s in range(3)} for a in alphas]
    for law in (Sphere(3), Slice(2, 3), Gaussian().on(3)):
        matrix = orbit_moment_matrix(G, law, alphas)
        for i, f in enumerate(orbits):
            for j, g in enumerate(orbits):
                assert matrix[i][j] == law.inner_product_via_moments(f, g)
    gaussian = [Expansion.from_polynomial(G, Gaussian(), f) for f in orbits]
    matrix = orbit_moment_matrix(G, Gaussian().on(3), alphas)
    assert matrix == [[f.inner(g) for g in gaussian] for f in gaussian]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Sphere(0), "at least 1 coordinate, got 0"),
        (lambda: Sphere().moment((1,)), "sphere needs one, got none"),
        (lambda: Sphere(2).moment((1, 2, 3)), "must be 2 integers >= 0"),
        (lambda: Slice(-1), "must be an integer >= 0, got -1"),
        (lambda: Slice(3, 2), "at most n = 2 coordinates can be one, got 3"),
        (lambda: erdos_renyi(0), "vertices: must be an integer >= 1, got 0"),
        (lambda: erdos_renyi(3, 1), "p: must be a rational strictly between 0 and 1, got 1"),
        (lambda: node_features(0, [Gaussian()]), "at least one row and one column"),
        (lambda: parse("sphere x gaussian"), "sphere cannot be a factor of a product"),
        (lambda: parse("slice(1/2)"), "takes at most 2 integers, got 1/2"),
        (lambda: Sphere(2).preserves([0, 0]), "must permute 0..1"),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DistributionError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_orbit_moment_matrix_needs_an_invariant_law() -> None:
    G = PermutationGroup(["(1,2)"])
    with pytest.raises(ExpansionError, match="must be on 2 coordinates"):
        orbit_moment_matrix(G, Sphere(3), [])
    with pytest.raises(ExpansionError, match="generator 0"):
        orbit_moment_matrix(G, parse("gaussian x uniform"), [])
    assert Fraction(1) == orbit_moment_matrix(G, Sphere(2), [(0, 0)])[0][0]
