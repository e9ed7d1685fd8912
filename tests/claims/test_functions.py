"""Realisability and invariance: proved by points or polynomials, tested by search, or refuted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest

import symcsq as cs
from groups import PermutationGroup, group
from symcsq.claims import Invariance, Realisability
from symcsq.claims.properties import moved
from symcsq.errors import VerificationError
from symcsq.functions import Expansion, OneHiddenLayer, Polynomial, ReLU, Unit, power_network
from tests.verifier.own_families import Walsh

VECTORS = cs.isotropic_vectors(4, 3)


class Member:
    """A function with whatever it says of itself."""

    def __init__(self, function: Callable[[Sequence[Any]], Any], **offers: Any) -> None:
        self.function = function
        for name, value in offers.items():
            setattr(self, name, value)

    def __call__(self, x: Sequence[Any]) -> Any:
        return self.function(x)


class Listed:
    """Just members, a group and a law."""

    def __init__(self, law: Any, members: Sequence[Member], acting: Any = None) -> None:
        self.distribution = law
        self.group = acting or PermutationGroup([], degree=law.dimension)
        self.listed = list(members)

    def __len__(self) -> int:
        return len(self.listed)

    def __getitem__(self, index: int) -> Member:
        return self.listed[index]


def square(x: Sequence[Any]) -> Any:
    return x[0] ** 2 + 1


SQUARE = power_network({(2,): Fraction(1), (0,): Fraction(1)}, 1)


def lying(network: Any, law: Any = None, **offers: Any) -> Any:
    good = Member(square, network=lambda: SQUARE, **offers)
    bad = Member(square, network=lambda: network, **offers)
    return Listed(law or cs.Gaussian().on(1), [good, bad])


@pytest.mark.parametrize(
    ("family", "value"),
    [
        (cs.InvariantPolynomials("C4", 2), "3 as polynomials"),
        (cs.SemiInvariantPolynomials("C4", 2, [-1]), "3 as polynomials"),
        (cs.SparseInvariantPolynomials("C4", 3, 2, 3), "3 as polynomials"),
        (cs.ParityNetworks(3, 2, [0, 1, 1]), "3 as polynomials"),
        (cs.ParityNetworks(4, 3, [0, 1, 0, 1]), "4 as polynomials"),  # coefficients with sqrt(3)
        (cs.RotationNetworks(VECTORS, 3, [0, 1, 2, 5]), "3 as polynomials"),
        (cs.ConvolutionalNetworks("C4", 2, VECTORS, 2), "3 as polynomials"),
        (cs.GraphFeatureNetworks([[0, 1], [1, 0]], VECTORS, 2), "3 as polynomials"),
        (cs.DegreeParityNetworks(4), "4 on all points of the law"),
        (cs.InvariantPolynomials("C4", 2, cs.Rademacher()), "2 on all points of the law"),
        (Walsh(4), "6 on all points of the law"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_realisability_is_proved_where_it_can_be(family: Any, value: str) -> None:
    result = Realisability().check(family)
    assert (result.status, result.value) == ("proved", value)


def test_realisability_of_other_networks_is_tested_and_says_how_often() -> None:
    result = Realisability(examples=20).check(cs.ParityNetworks(3, 2))
    assert (result.status, result.value) == ("tested", "3 by search, 20 points each")
    assert result.record == {"members": 3, "examples": 20}


def test_of_a_large_family_some_members_are_looked_at_and_that_proves_nothing() -> None:
    result = Realisability(most_members=2).check(cs.InvariantPolynomials("C4", 3))
    assert result.status == "tested"
    assert result.value == "2 as polynomials; 2 of 5 members"
    whole = Realisability(examples=2, most_members=3).check(cs.ParityNetworks(60, 8, [0] * 8 + [1]))
    assert whole.status == "tested" and "3 of 2558620845 members" in whole.value


def test_a_network_that_computes_something_else_is_refuted_with_the_smallest_point() -> None:
    other = power_network({(2,): Fraction(1), (0,): Fraction(1), (3,): Fraction(1)}, 1)
    for offers in ({}, {"polynomial": lambda: {(2,): 1, (0,): 1}}):
        result = Realisability().check(lying(other, **offers))
        assert result.status == "refuted"
        assert result.witness == {"member": 1, "point": ["1"], "network": "3", "function": "2"}
        assert other([1]) == 3 and square([1]) == 2


def test_a_relu_network_that_is_wrong_far_away_is_found_by_search() -> None:
    bump = Unit(((0, Fraction(1)),), Fraction(1), ReLU(), Fraction(-2))
    wrong = OneHiddenLayer(1, (*SQUARE.units, bump))
    result = Realisability(examples=100).check(lying(wrong))
    assert result.witness is not None and result.witness["member"] == 1
    assert Fraction(result.witness["point"][0]) > 2


def test_a_wrong_polynomial_that_no_searched_point_shows_is_refuted_by_its_coefficient() -> None:
    # Zero at every point that the search can draw.
    roots = sorted({Fraction(p, q) for p in range(-12, 13) for q in range(1, 7)})
    product = [Fraction(1)]
    for root in roots:
        low = [*(-root * c for c in product), Fraction(0)]
        product = [a + b for a, b in zip(low, [Fraction(0), *product], strict=True)]
    terms = {(e,): c for e, c in enumerate(product) if c}
    terms[2,] = terms.get((2,), Fraction(0)) + 1
    terms[0,] = terms.get((0,), Fraction(0)) + 1

    def network_of(terms: dict[tuple[int, ...], Fraction]) -> OneHiddenLayer:
        top = max(e for (e,) in terms)
        coefficients = [terms.get((e,), Fraction(0)) for e in range(top + 1)]
        return OneHiddenLayer(
            1, (Unit(((0, Fraction(1)),), Fraction(1), Polynomial(coefficients)),)
        )

    family = lying(network_of(terms), polynomial=lambda: {(2,): 1, (0,): 1})
    result = Realisability().check(family)
    assert result.status == "refuted" and result.witness is not None
    assert result.witness["member"] == 1 and result.witness["root"] == 1
    assert result.witness["network"] != result.witness["polynomial"]


def test_a_member_that_is_not_the_polynomial_it_says_is_caught() -> None:
    """The network is the polynomial, and the member's own values are something else."""
    member = Member(
        lambda x: x[0] ** 2 + 1 + (x[0] > 1),
        network=lambda: SQUARE,
        polynomial=lambda: {(2,): 1, (0,): 1},
    )
    result = Realisability().check(Listed(cs.Gaussian().on(1), [member]))
    assert result.witness is not None and result.witness["member"] == 0
    assert Fraction(result.witness["point"][0]) > 1


def test_polynomials_that_agree_on_the_law_are_not_refuted() -> None:
    # x^2 = 1 in the first coordinate; the second is Gaussian, so points cannot be exhausted.
    law = cs.distributions.Product([cs.Rademacher(), cs.Gaussian()])
    member = Member(
        lambda x: x[1],
        network=lambda: power_network({(2, 1): Fraction(1)}, 2),
        polynomial=lambda: {(0, 1): 1},
    )
    result = Realisability(examples=30).check(Listed(law, [member]))
    assert result.status == "tested" and result.value == "1 by search, 30 points each"


def test_members_without_networks_and_values_that_are_floats_are_named() -> None:
    with pytest.raises(VerificationError, match="network: member 0 of Listed has no network"):
        Realisability().check(Listed(cs.Gaussian().on(1), [Member(square)]))
    with pytest.raises(VerificationError, match="must be a function of a point, got tuple"):
        Realisability().check(Listed(cs.Gaussian().on(1), [(1, 2)]))  # type: ignore[list-item]
    half = Member(lambda x: 0.5, network=lambda: SQUARE)
    with pytest.raises(VerificationError, match=r"must be an exact number, got the float 0\.5"):
        Realisability().check(Listed(cs.Gaussian().on(1), [half]))
    with pytest.raises(VerificationError, match="examples: must be an integer >= 1, got 0"):
        Realisability(examples=0)
    with pytest.raises(VerificationError, match="most_members: must be an integer >= 1"):
        Invariance(most_members=True)


# -- invariance ------------------------------------------------------------------------------------

C3 = group("C3")


def total(x: Sequence[Any]) -> Any:
    return sum(x, Fraction(0))


@pytest.mark.parametrize(
    ("family", "value"),
    [
        (cs.InvariantPolynomials("C4", 2), "4 functions, 1 generators"),
        (cs.ParityNetworks(3, 2), "the group is trivial"),
        (Listed(cs.Rademacher().on(3), [Member(max)], C3), "1 on all points of the law"),
        (
            Listed(
                cs.Gaussian().on(3),
                [Member(total, polynomial=lambda: {(1, 0, 0): 1, (0, 1, 0): 1, (0, 0, 1): 1})],
                C3,
            ),
            "1 as polynomials",
        ),
    ],
    ids=["structure", "trivial", "points", "polynomials"],
)
def test_invariance_is_proved_where_it_can_be(family: Any, value: str) -> None:
    if hasattr(family, "gram_entry"):
        report = cs.verify(family)
        known = [claim for claim in report.claims if claim.type == "invariance"]
        result = Invariance().check_report(report)
        assert not known or result is known[0]
    else:
        result = Invariance().check(family)
    assert result.status == "proved"
    if "functions" not in value:
        assert result.value == value


def test_invariance_of_other_functions_is_tested() -> None:
    result = Invariance(examples=25).check(Listed(cs.Gaussian().on(3), [Member(max)] * 2, C3))
    assert (result.status, result.value) == ("tested", "2 by search, 25 points each")


@pytest.mark.parametrize("law", [cs.Gaussian(), cs.Rademacher(), cs.Uniform()], ids=str)
@pytest.mark.parametrize("says", ["nothing", "the truth", "a lie"])
def test_a_function_that_is_not_invariant_is_refuted_by_a_point(law: Any, says: str) -> None:
    offers: dict[str, Any] = {}
    if says != "nothing":
        terms = {(1, 0, 0): 1, (0, 0, 1): 2} if says == "the truth" else {(1, 1, 1): 1}
        offers["polynomial"] = lambda: terms
    bad = Member(lambda x: x[0] + 2 * x[2], **offers)
    family = Listed(law.on(3), [Member(total), bad], C3)
    result = Invariance().check(family)
    assert result.status == "refuted" and result.witness is not None
    assert result.witness["member"] == 1 and result.witness["generator"] == 0
    x = [Fraction(v) for v in result.witness["point"]]
    g = C3.generators[0]
    assert str(bad(x)) == result.witness["right"] != result.witness["left"]
    assert str(bad(moved(g, x))) == result.witness["left"]


def test_the_expansion_of_a_member_is_believed_only_together_with_its_values() -> None:
    expansion = Expansion(C3, cs.Gaussian(), {(1, 1, 0): 1})
    honest = Member(expansion, expansion=expansion)
    assert Invariance().check(Listed(cs.Gaussian().on(3), [honest], C3)).status == "proved"
    lie = Member(lambda x: x[0], expansion=expansion)
    assert Invariance().check(Listed(cs.Gaussian().on(3), [lie], C3)).status == "refuted"
