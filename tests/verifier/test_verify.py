"""Verification end to end: families that hold, families that are refuted, and what is refused."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symcsq as cs
from groups import Permutation, PermutationGroup
from symcsq.errors import SymcsqError, VerificationError
from symcsq.functions import ReLU
from symcsq.verifier.claims import ClaimResult
from symcsq.verifier.orbit_sums import BOUND_NEEDS, count_orbits, is_multilinear

C4 = PermutationGroup(["(1,2,3,4)"], name="C4")
C12 = PermutationGroup([[*range(1, 12), 0]], degree=12, name="C12")
TWO_PAIRS = PermutationGroup(["(1,2)", "(3,4)"], name="C2 x C2")
TRIVIAL = PermutationGroup([], degree=3)

HOLDING = {
    "gaussian": cs.InvariantPolynomials(C4, 3),
    "degree 0": cs.InvariantPolynomials(C4, 0),
    "one point": cs.InvariantPolynomials(PermutationGroup([], degree=1), 2),
    "trivial group": cs.InvariantPolynomials(TRIVIAL, 2),
    "rademacher": cs.InvariantPolynomials(C12, 3, "rademacher"),
    "multilinear": cs.InvariantPolynomials(C4, 2, "gaussian", multilinear=True),
    "finite": cs.InvariantPolynomials(C4, 4, "finite(-2,-1,1,2)"),
    "weighted": cs.InvariantPolynomials(C4, 2, cs.FiniteWeighted({0: "1/4", 1: "3/4"})),
    "moments": cs.InvariantPolynomials(C4, 2, cs.Moments([1, 0, 1, 0, 3])),
    "two laws": cs.InvariantPolynomials(TWO_PAIRS, 3, "gaussian^2 x rademacher^2"),
    "listed": cs.InvariantPolynomials(C4, 2, representatives=[(1, 1, 0, 0)]),
    "listed in full": cs.InvariantPolynomials(
        C4, 2, representatives=[(0, 0, 0, 2), (1, 1, 0, 0), (0, 1, 0, 1)]
    ),
    "relu": cs.ParityNetworks(6, 2),
    "one input": cs.ParityNetworks(3, 1),
    "all inputs": cs.ParityNetworks(2, 2),
    "sign": cs.ParityNetworks(5, 3, "sign"),
    "polynomial": cs.ParityNetworks(5, 2, [0, 0, "1/2", 0, 1]),
    "some subsets": cs.ParityNetworks(6, 2, subsets=[(4, 5), (0, 1)]),
    "averaged": cs.FrameAveraged(cs.ParityNetworks(4, 2), cs.frames.reynolds(C4)),
    "averaged over nothing": cs.FrameAveraged(cs.ParityNetworks(3, 2), cs.frames.reynolds(TRIVIAL)),
    "averaged, listed": cs.FrameAveraged(
        cs.ParityNetworks(4, 2, subsets=[(1, 3)]), cs.frames.reynolds(C4)
    ),
}

REFUTED = {
    # name: (family, {refuted claim: witness}, undecided claims)
    "odd m with relu": (
        cs.ParityNetworks(8, 3),
        {"norm": {"member": 0, "norm_squared": "0"}},
        {"orthogonality", "csq-bound"},
    ),
    "odd m with relu, averaged": (
        cs.FrameAveraged(cs.ParityNetworks(4, 3), cs.frames.reynolds(C4)),
        {"norm": {"member": 0, "norm_squared": "0"}},
        {"orthogonality", "csq-bound"},
    ),
    "the zero polynomial": (
        cs.ParityNetworks(3, 2, [0]),
        {"norm": {"member": 0, "norm_squared": "0"}},
        {"orthogonality", "csq-bound"},
    ),
    "an orbit listed twice": (
        cs.InvariantPolynomials(C4, 2, representatives=[(2, 0, 0, 0), (1, 1, 0, 0), (0, 2, 0, 0)]),
        {
            "orbits-disjoint": {"pair": [0, 2]},
            "orthogonality": {"pair": [0, 2], "correlation_squared": "1"},
        },
        {"size", "csq-bound"},
    ),
    "more members than orbits": (
        cs.InvariantPolynomials(C4, 1, representatives=[(1, 0, 0, 0), (0, 1, 0, 0)]),
        {
            "orbits-disjoint": {"pair": [0, 1]},
            "orthogonality": {"pair": [0, 1], "correlation_squared": "1"},
        },
        {"count", "size", "csq-bound"},
    ),
    "a subset listed twice": (
        cs.ParityNetworks(6, 2, subsets=[(0, 1), (1, 2), (1, 0)]),
        {
            "subsets-distinct": {"pair": [0, 2]},
            "orthogonality": {"pair": [0, 2], "correlation_squared": "1"},
        },
        {"size", "gram", "csq-bound"},
    ),
    "an orbit of subsets listed twice": (
        cs.FrameAveraged(
            cs.ParityNetworks(4, 2, subsets=[(0, 1), (0, 2), (0, 3)]), cs.frames.reynolds(C4)
        ),
        {
            "orbits-disjoint": {"pair": [0, 2]},
            "orthogonality": {"pair": [0, 2], "correlation_squared": "1"},
        },
        {"count", "size", "gram", "csq-bound"},
    ),
    "a law that the group does not preserve": (
        cs.InvariantPolynomials(C12, 2, "gaussian^6 x rademacher^6"),
        {
            "distribution-preserved": {
                "generator": 0,
                "point": 5,
                "image": 6,
                "moment": 4,
                "values": ["3", "1"],
            }
        },
        {"invariance", "gram", "norm", "orthogonality", "csq-bound"},
    ),
    "the same, multilinear": (
        cs.InvariantPolynomials(C12, 2, "gaussian^6 x rademacher^6", multilinear=True),
        {
            "distribution-preserved": {
                "generator": 0,
                "point": 5,
                "image": 6,
                "moment": 4,
                "values": ["3", "1"],
            }
        },
        {"invariance", "gram", "norm", "orthogonality", "csq-bound"},
    ),
}


@pytest.mark.parametrize("family", HOLDING.values(), ids=HOLDING.keys())
def test_true_families_hold_and_their_certificates_are_accepted(family, tmp_path):
    report = cs.verify(family)
    assert report.holds and not report.refuted
    assert report.size == len(family)
    path = report.certificate.save(tmp_path)
    checked = cs.check(path)
    assert checked.holds, checked.failures
    assert json.loads(path.read_text()) == report.certificate.body


@pytest.mark.parametrize(("family", "witnesses", "undecided"), REFUTED.values(), ids=REFUTED.keys())
def test_false_families_are_refuted_with_the_witness(family, witnesses, undecided):
    report = cs.verify(family)
    assert not report.holds
    assert {claim.type: claim.witness for claim in report.refuted} == witnesses
    assert {c.type for c in report.claims if c.status == "undecided"} == undecided
    checked = cs.check(report.certificate.text.encode())
    assert checked.accepted, checked.failures
    assert not checked.holds and set(checked.refuted) == set(witnesses)
    assert set(checked.undecided) == undecided
    with pytest.raises(VerificationError, match="rests on"):
        report.bound("1/10")


@pytest.mark.parametrize(
    "name", ["gaussian", "rademacher", "finite", "two laws", "relu", "averaged"]
)
def test_the_gram_matrix_is_the_one_of_the_functions_themselves(name):
    family = HOLDING[name]
    gram = cs.verify(family).gram
    for i in range(min(5, len(family))):
        for j in range(min(5, len(family))):
            assert gram[i, j] == family.gram_entry(i, j)
            slow = family.gram_entry_slow(i, j)
            entry = gram[i, j]
            if isinstance(entry, Fraction):
                assert slow == entry
            else:
                assert entry == slow.enclosure(30)


@pytest.mark.parametrize(("size", "queries"), [(16, 18), (20, 48)])
def test_the_bound_follows_the_size(size, queries):
    report = cs.verify(cs.ParityNetworks(size, 4, [0, 0, 0, 0, 1]))
    assert report.bound().queries == queries
    assert report.bound("1/100").queries == max(0, -(-report.size // 10**4) - 1)
    assert report["csq-bound"].record["queries"] == str(queries)


def test_tolerance_goes_into_the_certificate():
    report = cs.verify(HOLDING["relu"], tolerance="0.5")
    assert report["csq-bound"].record["tolerance"] == "1/2"
    assert report["csq-bound"].record["bound"] == "11/4"
    assert cs.check(report.certificate.text.encode()).holds


@pytest.mark.parametrize("tolerance", ["0", "1", "-1/10", "2", "ten", 0.1, None, "1/0"])
def test_bad_tolerances_are_one_line(tolerance):
    with pytest.raises(SymcsqError, match="tolerance") as caught:
        cs.verify(HOLDING["relu"], tolerance=tolerance)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("family", "words"),
    [
        (object(), "family: must be a family, got object, which lacks group, distribution"),
        ([1, 2], "got list"),
        (cs.ParityNetworks, "got the class ParityNetworks; make one"),
        (
            cs.InvariantPolynomials(C4, 3, cs.Moments([1, 0, 1, 0, 3])),
            r"m_0\.\.m_6, got m_0\.\.m_4",
        ),
    ],
)
def test_what_cannot_be_verified_is_refused(family, words):
    with pytest.raises(VerificationError, match=words) as caught:
        cs.verify(family)
    assert "\n" not in str(caught.value)


def test_progress_counts_up_to_the_number_of_claims():
    for family in (HOLDING["gaussian"], HOLDING["relu"], HOLDING["averaged"]):
        steps: list[tuple[int, int]] = []

        def note(_claim, done, total, seen=steps):
            seen.append((done, total))

        total = len(cs.verify(family, progress=note).claims)
        assert steps == sorted(steps)
        assert sorted(set(steps)) == [(k, total) for k in range(total + 1)]


def test_reports_show_themselves():
    report = cs.verify(REFUTED["odd m with relu"][0])
    assert "✗ norm" in str(report) and "does not hold" in repr(report)
    assert "<table>" in report._repr_html_() and "refuted" in report._repr_html_()
    assert report["norm"].type == "norm"
    with pytest.raises(VerificationError, match="claim: must be one of"):
        report["nothing"]


def test_names_of_certificates_are_safe_and_differ():
    names = [cs.verify(f).certificate.name for f in HOLDING.values()]
    names += [cs.verify(f).certificate.name for f, _, _ in REFUTED.values()]
    assert len(set(names)) == len(names)
    assert all(name.endswith(".json") and "/" not in name for name in names)
    assert "invariant-polynomials-C12-d3-rademacher.json" in names


@pytest.mark.parametrize(
    "make",
    [
        lambda: cs.ParityNetworks(4, 2),
        lambda: cs.ParityNetworks(4, 2, subsets=[[0, 1]]),
        lambda: cs.InvariantPolynomials(" x ".join(["C2"] * 40), 1),
    ],
    ids=["short", "listed", "cut"],
)
def test_names_tell_tolerances_apart(make):
    texts = ["1/10", "1/100", "0.01", "1/1000"]
    names = [cs.verify(make(), tolerance=tolerance).certificate.name for tolerance in texts]
    assert names[1] == names[2] and len(set(names)) == 3
    assert "tau" not in names[0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            lambda: cs.InvariantPolynomials("(1,2,3)(4,5)", 2),
            lambda: cs.InvariantPolynomials("(1,2)(3,4,5)", 2),
        ),
        (
            lambda: cs.InvariantPolynomials("C3", 2, "finite(-1,2)"),
            lambda: cs.InvariantPolynomials("C3", 2, "finite(1,2)"),
        ),
        (
            lambda: cs.SemiInvariantPolynomials("D4", 4, [1, -1]),
            lambda: cs.SemiInvariantPolynomials("D4", 4, [-1, 1]),
        ),
        (lambda: cs.ParityNetworks(4, 1, [0, 1]), lambda: cs.ParityNetworks(4, 1, [0, -1])),
        (
            lambda: cs.InvariantPolynomials(" x ".join(["C2"] * 40), 1),
            lambda: cs.InvariantPolynomials(" x ".join(["C2"] * 39 + ["S2"]), 1, "rademacher"),
        ),
    ],
    ids=["cycles", "points", "character", "coefficients", "long"],
)
def test_signs_that_names_lack_tell_certificates_apart(first, second):
    names = [cs.verify(make()).certificate.name for make in (first, second)]
    assert names[0] != names[1] and max(map(len, names)) <= 125


class Lying:
    """A family that changes one thing about another one."""

    def __init__(self, family, **lies):
        self._family, self._lies = family, lies

    def __getattr__(self, name):
        return self._lies[name] if name in self._lies else getattr(self._family, name)

    def __len__(self):
        return len(self._family)

    def __getitem__(self, index):
        return self._family[index]


def test_a_family_that_leaves_an_orbit_out_and_says_all_is_refuted():
    honest = HOLDING["gaussian"]
    short = cs.InvariantPolynomials(C4, 3, representatives=honest.representatives[1:].tolist())
    report = cs.verify(Lying(short, members="all"))
    assert report["count"].status == "refuted"
    assert report["count"].witness == {"value": "4", "cycle_index": "5"}


def test_a_group_with_a_false_order_is_refuted():
    report = cs.verify(Lying(HOLDING["gaussian"], group=Lying(C4, order=8)))
    assert report["group-order"].status == "refuted"
    assert report["orbit-stabilizer"].status == "refuted"


def test_networks_with_a_wrong_unit_are_refuted():
    family = HOLDING["relu"]

    class Wrong(Lying):
        def __getitem__(self, index):
            units = list(self._family[index].units())
            return Lying(self._family[index], units=lambda: iter(units[1:]))

    report = cs.verify(Wrong(family))
    assert report["sign-equivariance"].status == "refuted"
    assert report["orthogonality"].status == "undecided"


class FalseReLU(ReLU):
    """Says relu, and gives another kernel: of a positive norm at m = 2."""

    def kernel(self, correlation):
        return correlation**2


def dependent(report):
    return {c.type: c.record["needs"] for c in report.claims if c.status == "undecided"}


FALSE_PARITIES = cs.ParityNetworks(4, 2, FalseReLU())


@pytest.mark.parametrize(
    "family",
    [FALSE_PARITIES, cs.FrameAveraged(FALSE_PARITIES, cs.frames.reynolds(C4))],
    ids=["parities", "averages"],
)
def test_nothing_that_rests_on_a_false_kernel_is_proved(family):
    report = cs.verify(family)
    assert [claim.type for claim in report.refuted] == ["kernel"]
    rest = ("norm", "gram", "orthogonality", "csq-bound")
    assert dependent(report) == dict.fromkeys(rest, "kernel")
    assert not any(report.gram[i, i] for i in range(report.gram.size))
    with pytest.raises(VerificationError, match="rests on"):
        report.bound()
    assert not cs.check(report.certificate.text.encode()).accepted


def test_nothing_that_rests_on_false_units_is_proved():
    class Wrong(Lying):
        def __getitem__(self, index):
            units = list(self._family[index].units())
            return Lying(self._family[index], units=lambda: iter(units[1:]))

    rest = ("norm", "gram", "orthogonality", "csq-bound")
    assert dependent(cs.verify(Wrong(HOLDING["relu"]))) == dict.fromkeys(rest, "sign-equivariance")


@pytest.mark.parametrize("name", ["gaussian", "averaged"])
def test_nothing_that_rests_on_a_false_order_is_proved(name):
    report = cs.verify(Lying(HOLDING[name], group=Lying(C4, order=8)))
    rest = ("count", "gram", "norm", "orthogonality", "csq-bound")
    assert dependent(report) == dict.fromkeys(rest, "group-order")


def test_the_bound_rests_on_invariance():
    failed = ClaimResult("invariance", "", "refuted", witness={"function": 0})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("symcsq.verifier.symmetry.invariance", lambda *_: failed)
        for name in ("gaussian", "averaged"):
            report = cs.verify(HOLDING[name])
            assert dependent(report) == {"csq-bound": "invariance"}


def test_the_bound_rests_on_every_other_claim():
    for name in ("gaussian", "relu", "averaged"):
        types = [claim.type for claim in cs.verify(HOLDING[name]).claims]
        assert set(types) - set(BOUND_NEEDS) == {"csq-bound"}


def vectors(n, degree):
    return [v for v in product(range(degree + 1), repeat=n) if sum(v) == degree]


@st.composite
def small_groups(draw: st.DrawFn):
    n = draw(st.integers(1, 5))
    generators = draw(st.lists(st.permutations(range(n)), max_size=2))
    return PermutationGroup([Permutation(list(g)) for g in generators], degree=n)


@given(
    small_groups(), st.integers(0, 3), st.sampled_from(["gaussian", "uniform", "bernoulli(1/3)"])
)
@settings(max_examples=40, deadline=None)
def test_every_group_passes_and_is_accepted(group, degree, law):
    if law == "bernoulli(1/3)" and degree > group.degree:
        return
    report = cs.verify(cs.InvariantPolynomials(group, degree, law))
    assert report.holds
    checked = cs.check(report.certificate.text.encode())
    assert checked.holds, checked.failures


@given(small_groups(), st.integers(0, 3), st.data())
@settings(max_examples=40, deadline=None)
def test_counting_with_caps_agrees_with_listing(group, degree, data):
    orbit_caps = {orbit: data.draw(st.sampled_from([None, 1, 2])) for orbit in group.orbits()}
    caps = tuple(
        next(cap for orbit, cap in orbit_caps.items() if i in orbit) for i in range(group.degree)
    )
    admissible = [
        v
        for v in vectors(group.degree, degree)
        if all(c is None or e <= c for e, c in zip(v, caps, strict=True))
    ]
    elements = [g.images.tolist() for g in group.elements()]
    orbits = {
        frozenset(tuple(v[g.index(i)] for i in range(len(v))) for g in elements) for v in admissible
    }
    assert count_orbits(group, degree, caps) == len(orbits)
    assert is_multilinear(degree, caps) == all(max(v, default=0) <= 1 for v in admissible)


def test_parity_members_are_all_subsets_in_order():
    report = cs.verify(cs.ParityNetworks(5, 3, "sign"))
    listed = [tuple(f["subset"]) for f in report.certificate.body["functions"]]
    assert listed == list(combinations(range(5), 3))
