"""Classes verified by formula, against the same classes listed member by member."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from math import comb

import pytest

import symcsq as cs
from groups import PermutationGroup, group
from symcsq.errors import VerificationError
from symcsq.verifier import checker, whole_class


def swap(degree: int) -> PermutationGroup:
    return PermutationGroup([[1, 0, *range(2, degree)]], degree=degree)


def averages(base, G):
    return cs.FrameAveraged(base, cs.frames.reynolds(G))


SMALL = {
    "parities": lambda: cs.ParityNetworks(8, 3, [0, 0, 0, 1]),
    "parities, relu": lambda: cs.ParityNetworks(9, 4),
    "parities, zero": lambda: cs.ParityNetworks(7, 5),
    "averages": lambda: averages(cs.ParityNetworks(8, 4), group("C8")),
    "averages, transitive": lambda: averages(cs.ParityNetworks(7, 2, "abs"), group("PSL(3,2)")),
    "averages, zero": lambda: averages(cs.ParityNetworks(6, 3), group("C6")),
    "polynomials": lambda: cs.InvariantPolynomials(group("C6"), 4),
    "polynomials, capped": lambda: cs.InvariantPolynomials(
        group("S5"), 4, cs.FiniteUniform([-1, 0, 2])
    ),
    "polynomials, multilinear": lambda: cs.InvariantPolynomials(group("C7"), 3, multilinear=True),
    "polynomials, degree 0": lambda: cs.InvariantPolynomials(group("C3"), 0),
    "polynomials, one point": lambda: cs.InvariantPolynomials(group("C1"), 5),
    "polynomials, two laws": lambda: cs.InvariantPolynomials(
        swap(4), 4, cs.distributions.parse("gaussian^2 x rademacher^2")
    ),
    "polynomials, law not preserved": lambda: cs.InvariantPolynomials(
        swap(3), 3, cs.distributions.parse("gaussian x uniform^2")
    ),
}
SAME = ("sign-symmetric", "distribution-preserved", "group-order", "sign-equivariance", "kernel")


@pytest.mark.parametrize("name", SMALL)
def test_the_formula_agrees_with_the_list(name, monkeypatch):
    listed = cs.verify(SMALL[name]())
    monkeypatch.setattr(whole_class, "LARGEST_LISTING", 0)
    whole = cs.verify(SMALL[name]())
    assert len(listed.certificate.body["functions"]) == listed.size
    assert whole.certificate.body["functions"] == whole.certificate.body["orbits"] == []
    assert whole.size == listed.size == listed.whole == whole.whole
    assert whole.holds == listed.holds
    types = [claim.type for claim in whole.claims]
    left_out = {"subsets-distinct", "orbits-disjoint", "orbit-stabilizer", "count", "gram"}
    assert types == [claim.type for claim in listed.claims if claim.type not in left_out]
    for claim in whole.claims:
        assert claim.status == listed[claim.type].status
        if claim.type in (*SAME, "size", "orthogonality", "csq-bound"):
            assert claim.entry() == listed[claim.type].entry()
    report = checker.check(whole.certificate.text.encode())
    assert report.failures == [] and report.accepted and report.holds == whole.holds
    for tolerance in ("1/10", "1/2") if whole.holds else ():
        assert whole.bound(tolerance) == listed.bound(tolerance)
        assert whole.whole_class_bound(tolerance) == listed.whole_class_bound(tolerance)


def test_the_norm_of_averages_is_a_multiple_of_the_one_that_is_claimed(monkeypatch):
    build = SMALL["averages"]
    values = cs.verify(build())["norm"].record["values"]
    sizes = build().orbit_sizes
    monkeypatch.setattr(whole_class, "LARGEST_LISTING", 0)
    norm = cs.verify(build())["norm"].record
    for size, (lower, upper) in zip(sizes, values, strict=True):
        assert size * Fraction(norm["lower"]) <= Fraction(upper)
        assert size * Fraction(norm["upper"]) >= Fraction(lower)


HUGE = {
    "parities": (lambda: cs.ParityNetworks(4096, 12), comb(4096, 12)),
    "wide": (lambda: cs.ParityNetworks(600, 100), comb(600, 100)),
    "averages": (lambda: averages(cs.ParityNetworks(64, 6), group("C64")), 1171552),
    "polynomials": (lambda: cs.InvariantPolynomials(group("C64"), 6), 1873179),
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_classes_at_once(name):
    build, size = HUGE[name]
    started = time.process_time()
    report = cs.verify(build())
    result = checker.check(report.certificate.text.encode())
    assert time.process_time() - started < 5
    assert report.holds and report.size == size
    assert result.holds and result.failures == []
    assert report.bound("1/100").value == Fraction(size, 10**4) - 1
    assert len(report.certificate.text) < 200_000


def test_listed_members_also_give_the_bound_of_their_class():
    base = cs.ParityNetworks(64, 6, subsets=[range(6), (0, 2, 4, 6, 8, 10), (1, 5, 9, 20, 30, 60)])
    report = cs.verify(averages(base, group("C64")))
    assert report.holds and (report.size, report.whole) == (3, 1171552)
    assert report.bound("1/2").members == 3
    assert report.whole_class_bound("1/2").value == Fraction(1171552, 4) - 1
    vectors = [[1, 1, 0, 0, 0, 0]]
    polynomials = cs.verify(cs.InvariantPolynomials(group("C6"), 2, representatives=vectors))
    assert (polynomials.size, polynomials.whole) == (1, 4)


def test_listed_members_of_one_orbit_are_refuted_with_the_pair():
    subsets = [(0, 1, 2, 3, 4, 5), (0, 2, 4, 6, 8, 10), (58, 59, 60, 61, 62, 63)]
    report = cs.verify(averages(cs.ParityNetworks(64, 6, subsets=subsets), group("C64")))
    assert report["orbits-disjoint"].witness == {"pair": [0, 2]}
    assert report["orthogonality"].witness == {"pair": [0, 2], "correlation_squared": "1"}
    assert report["csq-bound"].status == "undecided" and report["size"].status == "undecided"
    # The class that the list was taken from is what it is.
    assert report.whole_class_bound("1/2").members == 1171552
    assert checker.check(report.certificate.text.encode()).accepted


def test_bounds_that_are_not_established_are_refused():
    zero = cs.verify(cs.ParityNetworks(200, 5))
    assert not zero.holds
    for call in (zero.bound, zero.whole_class_bound, zero.curve):
        with pytest.raises(VerificationError, match="rests on"):
            call()


def test_an_empty_list_of_members_is_not_a_whole_class():
    """A file that says "all" or "listed" must list something."""
    report = cs.verify(cs.ParityNetworks(600, 4))
    for members in ("all", "listed"):
        body = json.loads(report.certificate.text)
        body["family"]["members"] = members
        assert checker.check(json.dumps(body).encode()).verdict == "rejected"


def test_members_listed_under_a_whole_class_are_rejected(monkeypatch):
    listed = json.loads(cs.verify(SMALL["polynomials"]()).certificate.text)
    monkeypatch.setattr(whole_class, "LARGEST_LISTING", 0)
    body = json.loads(cs.verify(SMALL["polynomials"]()).certificate.text)
    for section in ("orbits", "functions"):
        forged = {**body, section: listed[section]}
        report = checker.check(json.dumps(forged).encode())
        assert report.verdict == "rejected" and report.failures[0][0].startswith(section)


def test_orbits_with_too_many_points_are_not_listed():
    """A few thousand orbits, but 177 million subsets, more than a checker's budget lists."""
    family = averages(cs.ParityNetworks(54, 7, [0] * 7 + [1]), group("PSL(2,53)"))
    report = cs.verify(family)
    assert report.holds and report.size == 2480 and report.gram.size == 0
    assert checker.check(report.certificate.text.encode()).holds  # 74,412 elements, one by one
    # A few orbits are listed whatever their sizes, as long as they can be searched.
    few = cs.InvariantPolynomials(group("S30"), 6)
    assert not whole_class.is_too_large(few) and len(few) == few.size == 11


def test_members_that_are_named_are_listed_all_the_same():
    """23.5 million points in 1,806 orbits: by formula, but for those that somebody names."""
    family = cs.InvariantPolynomials(group("S8 on pairs"), 8)
    report = cs.verify(family)
    assert report.holds and (report.size, report.gram.size) == (1806, 0)
    assert checker.check(report.certificate.text.encode()).holds
    some = [[0] * 27 + [8], [0] * 26 + [1, 7]]
    named = cs.InvariantPolynomials(group("S8 on pairs"), 8, representatives=some)
    assert not whole_class.is_too_large(named) and cs.verify(named).gram.size == 2


def test_points_are_listed_where_counting_would_take_a_checker_longer(monkeypatch):
    small, large = (cs.InvariantPolynomials(group(name), 3) for name in ("C6", "S6"))
    assert whole_class._points(small) == whole_class._points(large) == 56
    monkeypatch.setattr(whole_class, "_A_FEW", 0)
    monkeypatch.setattr(whole_class, "MANY_POINTS", 55)
    # 6 and 720 elements, of which each has 6 points to be looked at.
    assert whole_class.is_too_large(small) and not whole_class.is_too_large(large)
    monkeypatch.setattr(whole_class, "MOST_POINTS", 55)
    assert whole_class.is_too_large(large)


@pytest.mark.parametrize(
    "family",
    [
        cs.InvariantPolynomials(group("C5"), 4),
        cs.InvariantPolynomials(group("C6"), 3, multilinear=True),
        cs.InvariantPolynomials(group("C4"), 5, cs.FiniteUniform([-1, 0, 1])),
        averages(cs.ParityNetworks(7, 3), group("C7")),
    ],
)
def test_points_are_those_of_the_orbits_together(family):
    assert whole_class._points(family) == sum(family.orbit_sizes)
