"""Claims about correlations: decided from what is established, against brute force where small."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest

import symcsq as cs
from symcsq.claims import (
    ClassSize,
    CsqBound,
    NearOrthogonality,
    NormBounds,
    Orthogonality,
    StatisticalDimension,
)
from symcsq.errors import ExactnessError, VerificationError
from tests.verifier.own_families import IRRATIONAL, ROOT, Given, Sums, changed

VECTORS = cs.isotropic_vectors(8, 6)
#: Squared norms 2, 2, 2; correlations 1/2, 0, 1/4: <f_0,f_1> = 1, <f_1,f_2> = -1/2.
MATRIX = [[2, 1, 0], [1, 2, Fraction(-1, 2)], [0, Fraction(-1, 2), 2]]


def given(matrix: Any = MATRIX, **options: Any) -> Any:
    return cs.verify(Given(matrix, **options))


def test_orthogonality_of_the_structure_is_not_looked_at_again() -> None:
    report = cs.verify(cs.InvariantPolynomials("C4", 2))
    assert Orthogonality().check_report(report) is report["orthogonality"]


def test_orthogonality_of_a_correlated_class_has_the_largest_pair_as_witness() -> None:
    result = Orthogonality().check_report(given())
    assert result.status == "refuted"
    assert result.witness == {"pair": [0, 1], "correlation_squared": "1/4"}


def test_orthogonality_is_as_good_as_the_entries() -> None:
    identity = [[2, 0], [0, 3]]
    assert Orthogonality().check_report(given(identity)).status == "tested"
    family = cs.RotationNetworks(([[1, 0], [0, 1]], [[0, 1], [-1, 0]]), 1)
    # f_0 = x_0 and f_1 = x_1: the entries are proved, and so is what rests on them.
    assert family.gram_entry(0, 1) == 0
    assert Orthogonality().check(family).status == "proved"


@pytest.mark.parametrize(
    ("gamma", "status"),
    [("1/2", "tested"), ("499/1000", "refuted"), (Fraction(3, 4), "tested"), (0, "refuted")],
)
def test_near_orthogonality_at_and_around_the_largest_correlation(gamma: Any, status: str) -> None:
    result = NearOrthogonality(gamma).check_report(given())
    assert result.status == status
    if status == "refuted":
        assert result.witness == {"pair": [0, 1], "correlation_squared": "1/4"}


def test_near_orthogonality_agrees_with_all_pairs_of_a_real_family() -> None:
    family = cs.RotationNetworks(VECTORS, 3)
    report = cs.verify(family)
    squares = {
        (i, j): family.gram_exact(i, j) ** 2 / (family.norm_exact(i) * family.norm_exact(j))
        for i, j in combinations(range(len(family)), 2)
    }
    largest = max(squares.values())
    assert largest == Fraction(121, 4096)
    assert NearOrthogonality("11/64").check_report(report).status == "proved"
    result = NearOrthogonality("11/65").check_report(report)
    assert result.witness is not None
    assert squares[tuple(result.witness["pair"])] == largest


def test_enclosed_correlations_are_refuted_only_when_certain() -> None:
    report = given(IRRATIONAL)
    square = Fraction(1) / (3 * ROOT.enclosure().upper)  # of members 1 and 2, from below
    result = NearOrthogonality("1/3").check_report(report)
    assert result.witness == {
        "pair": [1, 2],
        "correlation_squared": str(square),
        "bound": "lower",
    }
    assert NearOrthogonality("1/2").check_report(report).status == "tested"
    # A bound inside the enclosure cannot be told from the correlation.
    tight = given([[1, ROOT / 2], [ROOT / 2, 1]])
    gamma = (ROOT / 2).enclosure()
    assert NearOrthogonality(gamma.lower).check_report(tight).status == "undecided"
    assert NearOrthogonality(gamma.upper).check_report(tight).status == "tested"


def test_members_that_are_listed_twice_refute_it_with_their_pair() -> None:
    family = cs.ParityNetworks(4, 2, subsets=[[0, 1], [2, 3], [0, 1]])
    for claim in (Orthogonality(), NearOrthogonality("1/2")):
        result = claim.check(family)
        assert result.status == "refuted"
        assert result.witness == {"pair": [0, 2], "correlation_squared": "1"}
    twins = NearOrthogonality("9/10").check_report(given([[1, 2], [2, 4]]))
    assert twins.witness == {"pair": [0, 1], "correlation_squared": "1"}


def test_nothing_is_said_when_the_entries_failed() -> None:
    report = given(MATRIX, second=changed(MATRIX, 0, 2, 1))
    for claim in (
        Orthogonality(),
        NearOrthogonality("1/2"),
        NormBounds(1, 5),
        StatisticalDimension("1/2", 1),
        CsqBound("1/2", 0),
    ):
        result = claim.check_report(report)
        assert (result.status, result.record["needs"]) == ("undecided", "entries-agree"), claim


@pytest.mark.parametrize(
    ("least", "largest", "status", "member"),
    [
        (1, 2, "tested", None),
        (1, "3/2", "refuted", 1),
        ("3/2", None, "refuted", 0),
        (None, 2, "tested", None),
        (None, "1/2", "refuted", 0),
    ],
)
def test_norm_bounds(least: Any, largest: Any, status: str, member: int | None) -> None:
    result = NormBounds(least, largest).check_report(given([[1, 0], [0, 2]]))
    assert result.status == status
    if member is not None:
        assert result.witness == {"member": member, "norm_squared": str(member + 1)}


def test_norm_bounds_where_norms_are_zero_enclosed_or_not_listed() -> None:
    zero = cs.ParityNetworks(4, 3)
    assert NormBounds(least="1/10").check(zero).witness == {"member": 0, "norm_squared": "0"}
    assert NormBounds(0, 1).check(zero).status == "proved"
    enclosed = cs.verify(cs.ParityNetworks(4, 2))
    assert NormBounds("7/10", "8/10").check_report(enclosed).status == "enclosed"
    norm = enclosed["norm"].record
    assert NormBounds(norm["lower"]).check_report(enclosed).status == "enclosed"
    assert NormBounds(norm["upper"]).check_report(enclosed).status == "undecided"
    assert NormBounds(1).check_report(enclosed).status == "refuted"
    whole = cs.verify(cs.ParityNetworks(20, 10))
    assert NormBounds(2, 3).check_report(whole).status == "enclosed"
    assert NormBounds(3).check_report(whole).status == "refuted"
    vanishing = given([[1, 0], [0, 0]])
    assert NormBounds(0, 1).check_report(vanishing).status == "tested"
    assert NormBounds("1/2").check_report(vanishing).witness == {
        "member": 1,
        "norm_squared": "0",
    }


def test_class_size() -> None:
    report = given()
    assert ClassSize(3).check_report(report).status == "tested"
    assert ClassSize(4).check_report(report).witness == {"size": "3", "at_least": "4"}
    assert ClassSize(15).check(cs.ParityNetworks(6, 2)).status == "proved"
    repeated = cs.ParityNetworks(4, 2, subsets=[[0, 1], [0, 1]])
    assert ClassSize(2).check(repeated).status == "undecided"
    assert ClassSize(3).check(repeated).status == "refuted"


def brute_dimension(matrix: list[list[Any]], gamma: Fraction, at_least: Fraction) -> bool:
    """SDA(C, gamma) >= d, by its definition, for a matrix of unit norms."""
    size = len(matrix)
    for count in range(1, size + 1):
        if count < size / at_least:
            continue
        for chosen in combinations(range(size), count):
            if sum(abs(Fraction(matrix[i][j])) for i in chosen for j in chosen) / count**2 > gamma:
                return False
    return True


@pytest.mark.parametrize("gamma", ["1/4", "1/2", "3/5", "9/10"])
@pytest.mark.parametrize("at_least", ["1/2", 1, "3/2", 2, 4, 5])
def test_the_statistical_dimension_of_small_classes_is_decided(gamma: str, at_least: Any) -> None:
    matrix = [
        [1, Fraction(1, 2), 0, Fraction(1, 4)],
        [Fraction(1, 2), 1, Fraction(-1, 4), 0],
        [0, Fraction(-1, 4), 1, 0],
        [Fraction(1, 4), 0, 0, 1],
    ]
    result = StatisticalDimension(gamma, at_least).check_report(given(matrix))
    expected = brute_dimension(matrix, Fraction(gamma), Fraction(at_least))
    assert result.status == ("tested" if expected else "refuted")
    if result.witness is not None:
        chosen = result.witness["members"]
        average = sum(abs(Fraction(matrix[i][j])) for i in chosen for j in chosen)
        assert Fraction(result.witness["average_correlation"]) == average / len(chosen) ** 2
        assert average / len(chosen) ** 2 > Fraction(gamma)
        assert len(chosen) >= Fraction(4) / Fraction(at_least)


def test_the_statistical_dimension_of_large_classes() -> None:
    report = cs.verify(cs.ParityNetworks(16, 4))
    assert StatisticalDimension("1/100", "91/5").check_report(report).status == "proved"
    # Between M7 and the size of the class neither a proof nor a witness is at hand.
    assert StatisticalDimension("1/100", 100).check_report(report).status == "undecided"
    assert StatisticalDimension("1/100", 1820).check_report(report).status == "refuted"
    correlated = cs.verify(Sums(30))
    result = StatisticalDimension("3/5", 15).check_report(correlated)
    assert result.witness == {
        "members": [0, 1],
        "average_correlation": "3/4",
        "least_size": "2",
    }


def test_irrational_correlations_are_bounded_from_the_right_side() -> None:
    # Correlation sqrt(1/2) = 0.7071…, so the average of the pair is 0.8535….
    report = given([[1, 1], [1, 2]])
    for gamma, status in (("0.853", "refuted"), ("0.854", "tested")):
        result = StatisticalDimension(gamma, 1).check_report(report)
        assert result.status == status
        if result.witness:
            found = Fraction(result.witness["average_correlation"])
            assert Fraction("0.8535") < found < Fraction("0.8536")
            assert result.witness["bound"] == "lower"


def test_csq_bound() -> None:
    report = cs.verify(cs.ParityNetworks(16, 4))
    result = CsqBound("1/10", 18).check_report(report)
    assert (result.status, result.record["bound"]) == ("proved", "86/5")
    assert CsqBound("1/10", 19).check_report(report).status == "undecided"
    assert CsqBound("1/10", 0).check(cs.ParityNetworks(4, 3)).record["needs"] == "norm"


def test_types_and_statements_carry_the_numbers() -> None:
    claims = [
        Orthogonality(),
        NearOrthogonality("0.01"),
        NormBounds(1, "3/2"),
        NormBounds(largest=3),
        NormBounds(2),
        ClassSize(7),
        StatisticalDimension("1/3", 2),
        CsqBound("1/3", 2),
    ]
    assert [claim.type for claim in claims] == [
        "orthogonality",
        "near-orthogonality(1/100)",
        "norm-bounds(1, 3/2)",
        "norm-bounds(, 3)",
        "norm-bounds(2, )",
        "class-size(7)",
        "statistical-dimension(1/3, 2)",
        "csq-bound(1/3, 2)",
    ]
    assert all(claim.statement for claim in claims)
    assert NearOrthogonality("1/2") == NearOrthogonality(Fraction(1, 2))
    assert len({NearOrthogonality("1/2"), NearOrthogonality("0.5")}) == 1
    with pytest.raises(AttributeError):
        NearOrthogonality("1/2").gamma = 3  # type: ignore[misc, assignment]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: NearOrthogonality(1), r"gamma: must satisfy 0 <= gamma < 1, got 1"),
        (lambda: NearOrthogonality("-1/2"), "gamma: must satisfy"),
        (lambda: NearOrthogonality(0.5), "gamma: must be an exact rational, got the float"),
        (lambda: NormBounds(), "at least one bound is needed"),
        (lambda: NormBounds(2, 1), "least: must not exceed largest"),
        (lambda: ClassSize(0), "at_least: must be an integer >= 1, got 0"),
        (lambda: ClassSize(True), "at_least: must be an integer"),
        (lambda: StatisticalDimension(0, 1), "gamma: must satisfy 0 < gamma < 1"),
        (lambda: StatisticalDimension("1/2", 0), "at_least: must be > 0"),
        (lambda: CsqBound(1, 1), "tolerance: must satisfy 0 < tolerance < 1"),
        (lambda: CsqBound("1/2", -1), "at_least: must be an integer >= 0"),
    ],
)
def test_bad_arguments_are_refused(make: Any, message: str) -> None:
    with pytest.raises((VerificationError, ExactnessError), match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
