"""What cannot be decided is undecided, with a reason: never guessed, never a traceback."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

import symcsq as cs
from groups import group
from symcsq.errors import PrecisionError
from symcsq.exact import Enclosure, ExactReal
from symcsq.functions import HermiteSeries, Polynomial
from symcsq.verifier import checker, parity_norms

# 2 asin(3/4) - asin(1/8) = pi/2, although no two of the atoms cancel.
TIE = 2 * ExactReal.arcsine(Fraction(3, 4)) - ExactReal.arcsine(Fraction(1, 8)) - 1


def families(phi, n=5, m=2):
    base = cs.ParityNetworks(n, m, phi)
    yield base
    yield cs.FrameAveraged(base, cs.frames.reynolds(group(f"C{n}")))
    yield cs.ParityNetworks(600, m, phi)


def checked(report):
    result = checker.check(report.certificate.text.encode())
    assert result.failures == []
    assert result.accepted and result.holds == report.holds
    return result


@pytest.mark.parametrize(
    ("phi", "m", "kernel", "norm"),
    [
        (HermiteSeries([0, 1, "1/2"]), 2, "proved", "proved"),
        (HermiteSeries([0, 1, "1/2"], "1/100"), 2, "enclosed", "enclosed"),
        (HermiteSeries([0, 1], "1/100"), 2, "enclosed", "undecided"),
        (HermiteSeries([Enclosure(Fraction(0), Fraction(1), 1)]), 1, "enclosed", "refuted"),
        (HermiteSeries([0, Enclosure(Fraction(0), Fraction(1), 1)]), 1, "enclosed", "undecided"),
        (HermiteSeries([0, Enclosure(Fraction(1), Fraction(2), 1)]), 1, "enclosed", "enclosed"),
        # What is not known cancels exactly: an odd activation on an even number of inputs.
        (HermiteSeries([0, 1], "1/100", parity="odd"), 2, "enclosed", "refuted"),
        (HermiteSeries([0, 0, "1/3"], 10, parity="even"), 3, "enclosed", "refuted"),
    ],
)
def test_hermite_series(phi, m, kernel, norm):
    for family in families(phi, m=m):
        report = cs.verify(family)
        result = checked(report)
        assert (report["kernel"].status, report["norm"].status) == (kernel, norm)
        if norm == "undecided":
            assert report["norm"].record["needs"] == "kernel"
            assert "leaves the squared norm between" in report["norm"].value
            for claim in ("orthogonality", "csq-bound"):
                assert report[claim].record["needs"] == "norm"
            assert set(result.undecided) == {"norm", "orthogonality", "csq-bound"}


def test_a_finite_series_is_the_polynomial():
    series = cs.verify(cs.ParityNetworks(5, 2, HermiteSeries([1, 2, "1/3"])))
    # He_0 + 2 He_1 + He_2/3
    polynomial = cs.verify(cs.ParityNetworks(5, 2, Polynomial(["2/3", 2, "1/3"])))
    for claim in ("norm", "gram", "csq-bound"):
        assert series[claim].entry() == polynomial[claim].entry()
    assert series["kernel"].record["values"] == polynomial["kernel"].record["values"]


def test_bounds_of_a_norm_contain_every_activation_that_fits():
    wide = HermiteSeries([0, 1, Enclosure(Fraction(1, 4), Fraction(1, 2), 2)], "1/100")
    report = cs.verify(cs.ParityNetworks(5, 2, wide))
    low, high = (Fraction(report["norm"].record[end]) for end in ("lower", "upper"))
    for c in (Fraction(1, 4), Fraction(1, 3), Fraction(1, 2)):
        for further in ([], [Fraction(1, 25)], [0, Fraction(1, 50)]):  # c_k^2 k! <= 1/100
            phi = HermiteSeries([0, 1, c, *further])
            assert low <= cs.ParityNetworks(5, 2, phi).norm <= high


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a["weights"][1].reverse(),
        lambda a: a["weights"][2].__setitem__(0, "-1"),
        lambda a: a["weights"][2].__setitem__(1, "3"),
        lambda a: a["weights"].pop(),
        lambda a: a["weights"].clear(),
        lambda a: a["weights"][0].append("1"),
        lambda a: a.update(tail="-1"),
        lambda a: a.update(tail="1/10000000000000000000000000000000000000000"),
        lambda a: a.update(tail="0"),
        lambda a: a.update(parity="even"),
        lambda a: a.update(parity="odd"),
        lambda a: a.update(parity=None),
        lambda a: a.update(name="relu"),
        lambda a: a.pop("parity"),
    ],
)
def test_altered_series_are_rejected(change):
    phi = HermiteSeries([0, Enclosure(Fraction(1), Fraction(2), 1), 1], "1/100")
    body = json.loads(cs.verify(cs.ParityNetworks(4, 2, phi)).certificate.text)
    change(body["family"]["activation"])
    assert checker.check(json.dumps(body).encode()).verdict == "rejected"


def test_an_exact_tie_of_transcendental_numbers_is_not_decided():
    assert TIE.terms and TIE.sign() is None
    assert (TIE + Fraction(1, 10**40)).sign() == 1
    with pytest.raises(PrecisionError, match="30 digits cannot be decided"):
        TIE.enclosure()


def test_claims_that_rest_on_a_tie_are_undecided(monkeypatch):
    original = parity_norms.ParityNorm.of.__func__

    def tied(cls, m, activation):
        found = original(cls, m, activation)
        return cls(m, activation, found.kernel, TIE)

    monkeypatch.setattr(parity_norms.ParityNorm, "of", classmethod(tied))
    for family in families("relu"):
        report = cs.verify(family)
        assert report["norm"].status == "undecided"
        assert report["norm"].record["needs"] == "precision"
        assert "cannot be decided" in report["norm"].value
        assert report["csq-bound"].status == "undecided"
        assert not report.holds and not report.refuted
