"""M11 to M13: golden norms, exact zeros, sign equivariance, sums over hidden units."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.constructions import Family, Member, ParityNetworks
from symcsq.constructions.subsets import combination
from symcsq.errors import ActivationError, FamilyError
from symcsq.exact import Enclosure, ExactReal

ACTIVATIONS = [
    "relu",
    "abs",
    "sign",
    "erf",
    [0, 0, 1],
    [1, "1/2", 0, -1, 0, 2],
    [0],
    [0, 0, 0, 0, 1],
]


@pytest.mark.parametrize(
    ("m", "digits"),
    [(2, "0.72676045526"), (4, "0.30301654999"), (6, "0.42923284256"), (8, "0.87394968609")],
)
def test_relu_norms_of_the_mathematics_page(m: int, digits: str) -> None:
    norm = ParityNetworks(16, m).norm_squared(0)
    assert isinstance(norm, Enclosure) and norm.digits == 30
    assert norm.upper - norm.lower == Fraction(1, 10**30)
    scale = 10 ** (len(digits) - 2)
    assert norm.lower * scale // 1 == int(digits[2:])


@pytest.mark.parametrize(
    ("activation", "m"),
    [("relu", 3), ("relu", 5), ("relu", 15), ("abs", 1), ("abs", 3), ("sign", 2), ("sign", 4),
     ("erf", 2), ("erf", 6), ([0, 0, 1], 1), ([0, 0, 1], 3), ([1, 1], 2), ([0], 2)],
)  # fmt: skip
def test_exact_zeros(activation: object, m: int) -> None:
    family = ParityNetworks(16, m, activation)
    assert family.norm_squared(0) == Fraction(0)
    assert isinstance(family.norm_squared(0), Fraction)
    if m < 8:  # a zero norm means the zero function: 2^m terms
        assert family[0]([Fraction(i * i + 1, 3) for i in range(16)]) == 0


def test_zero_norm_functions_vanish_identically() -> None:
    # ReLU, m = 3: Σ ∏w·relu(t_w) = Σ ∏w·t_w/2 by oddness, and that is 0 for m >= 2.
    family = ParityNetworks(3, 3)
    for x in product([-2, Fraction(1, 3), 5], repeat=3):
        assert family[0](x) == 0 == family[0].network()(x)


def test_norm_one_for_relu_and_one_input() -> None:
    family = ParityNetworks(5, 1)
    assert family.norm_squared(0) == 1
    assert [family[3]([0, 0, 0, x, 9]) for x in (-2, 0, 7)] == [-2, 0, 7]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_closed_gram_against_hidden_unit_sums(activation: object, m: int) -> None:
    family = ParityNetworks(5, m, activation)
    for j in range(min(len(family), 4)):
        slow = family.gram_entry_slow(0, j)
        exact = family.gram_exact(0, j)
        assert slow == exact
        assert (j == 0) or (exact == 0)


@pytest.mark.parametrize("activation", ACTIVATIONS[4:], ids=str)
@pytest.mark.parametrize("m", [1, 2, 3])
def test_polynomial_networks_by_moments(activation: object, m: int) -> None:
    family = ParityNetworks(4, m, activation)
    for i, j in combinations(range(len(family)), 2):
        left, s = family[i].scaled_terms()
        right, _ = family[j].scaled_terms()
        law = family.distribution
        assert law.inner_product_via_moments(left, right) == 0
        assert s * law.inner_product_via_moments(left, left) == family.norm_squared(i)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_sign_equivariance_and_network(activation: object, m: int) -> None:
    family = ParityNetworks(5, m, activation)
    member = family[len(family) // 2]
    x = [Fraction(2, 3), Fraction(-5), Fraction(1, 7), Fraction(3), Fraction(-1, 2)]
    value = member(x)
    assert member.network()(x) == value
    assert member.network().width == 2**m
    for i in range(5):
        y = [-v if k == i else v for k, v in enumerate(x)]
        sign = -1 if i in member.subset else 1
        assert member(y) == sign * ExactReal.of(value)


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_polynomial_form_evaluates_to_the_network(m: int) -> None:
    family = ParityNetworks(4, m, [1, "1/2", 0, -1, 3, 2])
    member, x = family[0], [Fraction(1, 2), Fraction(-3), Fraction(2), Fraction(5, 3)]
    terms, square = member.scaled_terms()
    total = Fraction(0)
    for exponents, c in terms.items():
        assert all((e % 2 == 1) == (i in member.subset) for i, e in enumerate(exponents))
        term = c
        for v, e in zip(x, exponents, strict=True):
            term *= v**e
        total += term
    assert total * ExactReal.root(square) == ExactReal.of(member(x))
    import sympy

    poly = member.polynomial()
    value = poly.eval(tuple(sympy.Rational(v.numerator, v.denominator) for v in x))
    assert sympy.simplify(value - ExactReal.of(member(x)).to_sympy()) == 0


@given(st.integers(1, 9), st.data())
def test_unranking_is_the_lexicographic_order(n: int, data: st.DataObject) -> None:
    m = data.draw(st.integers(0, n))
    assert [combination(n, m, r) for r in range(comb(n, m))] == list(combinations(range(n), m))


def test_members_of_a_class_too_large_to_list() -> None:
    family = ParityNetworks(200, 20)
    assert family.size == comb(200, 20)
    assert family.subset(0) == tuple(range(20))
    assert family.subset(10**18)[0] == 0
    with pytest.raises(OverflowError):
        len(family)


def test_protocol_and_indexing() -> None:
    family = ParityNetworks(6, 2)
    assert isinstance(family, Family) and isinstance(family[0], Member)
    assert [f.subset for f in family] == list(combinations(range(6), 2))
    assert family[-1].subset == (4, 5)
    assert family.members == "all" and family.group.is_trivial
    with pytest.raises(IndexError, match="below 15, got 15"):
        family[15]
    with pytest.raises(AttributeError, match="immutable"):
        family.n = 7  # type: ignore[misc]
    listed = ParityNetworks(6, 2, subsets=[[3, 1], (0, 5), [1, 3]])
    assert [f.subset for f in listed] == [(1, 3), (0, 5), (1, 3)]
    assert listed.members == "listed" and listed.size == 3
    assert listed.gram_entry(0, 2) == listed.norm_squared(0) and listed.gram_entry(0, 1) == 0
    assert listed.gram_exact(0, 2) == listed.gram_entry_slow(0, 2)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((4, 5), {}, "m: must be at most n = 4, got 5"),
        ((4, 0), {}, "m: must be an integer >= 1, got 0"),
        ((0, 1), {}, "n: must be an integer >= 1, got 0"),
        ((4, -1), {}, "m: must be an integer >= 1, got -1"),
        ((4.0, 2), {}, "n: must be an integer >= 1, got 4.0"),
        ((4, True), {}, "m: must be an integer >= 1, got True"),
        ((4, 2), {"subsets": []}, "at least one subset"),
        ((4, 2), {"subsets": [[0, 1], [1]]}, "subsets[1]: must have 2 different points, got [1]"),
        ((4, 2), {"subsets": [[1, 1]]}, "subsets[0]: must have 2 different points"),
        ((4, 2), {"subsets": [[1, 4]]}, "points must be in 0..3, got [1, 4]"),
        ((4, 2), {"subsets": [7]}, "must be a list of integers, got 7"),
        ((4, 2), {"subsets": [[0, "b"]]}, "must be a list of integers"),
    ],
)
def test_bad_input(arguments: tuple, options: dict, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(FamilyError) as caught:
        ParityNetworks(*arguments, **options)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_unknown_activation_and_non_polynomial_terms() -> None:
    with pytest.raises(ActivationError, match="got 'tanh'"):
        ParityNetworks(4, 2, "tanh")
    with pytest.raises(FamilyError, match="only for polynomial activations, got relu"):
        ParityNetworks(4, 2)[0].scaled_terms()
    with pytest.raises(FamilyError, match="√3 for m = 3"):
        ParityNetworks(4, 3, [0, 0, 0, 1])[0].terms()
