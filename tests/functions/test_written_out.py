"""Written-out functions and networks are the functions: at points, and against each other."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symcsq as cs
from symcsq.exact import ExactReal
from symcsq.functions import OneHiddenLayer, Polynomial, ReLU, RotationLayer, Unit
from symcsq.functions.written_out import (
    WrittenOut,
    function_written_out,
    network_written_out,
)
from symcsq.strategies import points, rationals

VECTORS = cs.isotropic_vectors(4, 3)
FAMILIES = [
    cs.InvariantPolynomials("C4", 3),
    cs.InvariantPolynomials("C4", 2, cs.Sphere()),
    cs.SemiInvariantPolynomials("C4", 2, [-1]),
    cs.SparseInvariantPolynomials("C4", 3, 2, 4),
    cs.ParityNetworks(4, 3, [0, 1, 2, 5]),
    cs.ParityNetworks(4, 2, [0, 1, 2, 5]),
    cs.RotationNetworks(VECTORS, 2),
    cs.RotationNetworks(VECTORS, 3, [0, 1, 2, 5, 0, 2]),
    cs.ConvolutionalNetworks("C4", 2, VECTORS, 2),
    cs.GraphFeatureNetworks([[0, 1], [1, 0]], VECTORS, 3),
]


def value(written: WrittenOut, x: Sequence[Any]) -> ExactReal:
    total = ExactReal(Fraction(0))
    for d, terms in written.items():
        part = sum(
            (c * prod(v**e for v, e in zip(x, alpha, strict=True)) for alpha, c in terms.items()),
            Fraction(0),
        )
        total += ExactReal.root(Fraction(d)) * part
    return total


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.kind)
def test_members_and_networks_are_one_polynomial(family: Any) -> None:
    n = family.distribution.dimension
    x = [Fraction(k * k - 3, k + 1) for k in range(n)]
    for index in (0, len(family) - 1):
        member = family[index]
        written = function_written_out(member, n)
        assert written is not None and written == network_written_out(member.network(), n)
        assert value(written, x) == ExactReal.of(member(x))


@given(st.data())
@settings(max_examples=40)
def test_networks_of_polynomials_take_their_values(data: st.DataObject) -> None:
    units = data.draw(
        st.lists(
            st.builds(
                lambda w, c, a, b: Unit(
                    tuple((i, v) for i, v in enumerate(w) if v), c, Polynomial(a), b
                ),
                st.tuples(rationals(), rationals()),
                rationals(),
                st.lists(rationals(), min_size=1, max_size=4),
                rationals(),
            ),
            max_size=3,
        )
    )
    scale = data.draw(st.sampled_from([Fraction(1), Fraction(4, 9), Fraction(2), Fraction(3, 5)]))
    network = OneHiddenLayer(2, tuple(units), scale)
    written = network_written_out(network, 2)
    assert written is not None
    x = data.draw(points(2))
    assert value(written, x) == ExactReal.of(network(x))


@given(st.integers(1, 5), st.lists(rationals(), min_size=1, max_size=6), points(2))
@settings(max_examples=40)
def test_rotation_layers_take_their_values(k: int, phi: list[Fraction], x: Any) -> None:
    blocks = (((1, 2), (-2, 1)), ((3, 0), (0, 3)))
    layer = RotationLayer(2, blocks, k, Polynomial(phi), Fraction(2, 3), Fraction(5))
    written = network_written_out(layer, 2)
    assert written is not None and value(written, x) == ExactReal.of(layer(x))


def test_what_is_no_polynomial_or_too_large_is_left_alone() -> None:
    relu = OneHiddenLayer(1, (Unit(((0, Fraction(1)),), Fraction(1), ReLU()),))
    assert network_written_out(relu, 1) is None
    assert network_written_out(lambda x: x[0], 1) is None
    assert network_written_out(cs.RotationNetworks(VECTORS, 2, "relu")[0].network(), 4) is None
    wide = Unit(tuple((i, Fraction(1)) for i in range(40)), Fraction(1), Polynomial.power(8))
    assert network_written_out(OneHiddenLayer(40, (wide,)), 40) is None
    assert function_written_out(lambda x: x[0], 1) is None
    assert function_written_out(cs.ParityNetworks(3, 2)[0], 3) is None  # relu says so itself
    assert function_written_out(SimpleNamespace(terms=lambda: {(0,): 0}), 1) == {}
    assert (
        function_written_out(SimpleNamespace(terms=3, polynomial=[1], coefficients={}), 1) is None
    )
    assert network_written_out(OneHiddenLayer(1, ()), 1) == {}
    unknown = SimpleNamespace(parts=[(ExactReal.root_over_pi(Fraction(2)), OneHiddenLayer(1, ()))])
    assert network_written_out(unknown, 1) is None
    part = SimpleNamespace(parts=[(Fraction(1), relu)])
    assert network_written_out(part, 1) is None


def test_roots_are_brought_together() -> None:
    unit = OneHiddenLayer(1, (Unit(((0, Fraction(1)),), Fraction(1), Polynomial.power(1)),))
    parts = [(ExactReal.root(Fraction(8)), unit), (-ExactReal.root(Fraction(2)), unit)]
    assert network_written_out(SimpleNamespace(parts=parts), 1) == {2: {(1,): Fraction(1)}}
    parts.append((-ExactReal.root(Fraction(2)), unit))
    assert network_written_out(SimpleNamespace(parts=parts), 1) == {}
