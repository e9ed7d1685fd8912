"""Claims that are passed to verify: checked, reported, counted, and never in the certificate."""

from __future__ import annotations

from typing import Any

import pytest

import symcsq as cs
from symcsq.claims import (
    Claim,
    ClassSize,
    NearOrthogonality,
    Realisability,
    claim,
    proved,
    refuted,
    tested,
    undecided,
)
from symcsq.errors import StoppedError, VerificationError
from symcsq.verifier.further_claims import require_claims

FAMILY = cs.ParityNetworks(4, 2)


class Even:
    """A claim of a user's own: the class has an even number of members."""

    type = "even"
    statement = "the number of members is even"

    def check(self, family: Any) -> cs.ClaimResult:
        if len(family) % 2:
            return cs.ClaimResult(
                self.type, self.statement, "refuted", witness={"size": str(len(family))}
            )
        return cs.ClaimResult(self.type, self.statement, "proved")


def answering(answer: Any) -> Any:
    class Answer(Even):
        def check(self, family: Any) -> Any:
            return answer(family) if callable(answer) else answer

    return Answer()


def test_claims_follow_those_of_the_structure_and_count() -> None:
    plain = cs.verify(FAMILY)
    report = cs.verify(FAMILY, claims=[NearOrthogonality("1/9"), Even()])
    assert isinstance(Even(), Claim)
    assert [c.type for c in report.claims] == [
        *(c.type for c in plain.claims),
        "near-orthogonality(1/9)",
        "even",
    ]
    assert report.holds and report["even"].status == "proved"
    assert report["even"].seconds >= 0
    bad = cs.verify(FAMILY, claims=[ClassSize(7)])
    assert (
        plain.holds
        and not bad.holds
        and bad.refuted[0].witness
        == {
            "size": "6",
            "at_least": "7",
        }
    )
    assert "class-size(7)" in str(bad) and "class-size(7)" in bad._repr_html_()


def test_the_certificate_is_the_same_with_and_without() -> None:
    plain = cs.verify(FAMILY).certificate.text
    assert cs.verify(FAMILY, claims=[Even(), ClassSize(7)]).certificate.text == plain
    assert cs.verify(FAMILY, claims=[]).certificate.text == plain
    assert cs.verify(FAMILY, claims=(c for c in [Even()])).certificate.text == plain


def test_what_the_structure_has_claimed_is_not_repeated() -> None:
    report = cs.verify(FAMILY, claims=[cs.claims.Orthogonality()])
    assert [c.type for c in report.claims].count("orthogonality") == 1


def test_progress_names_each_claim() -> None:
    steps: list[str] = []
    cs.verify(FAMILY, claims=[Even()], progress=lambda step, done, total: steps.append(step))
    assert steps[-1] == "even"


def test_a_claim_may_use_the_report() -> None:
    class Short(Even):
        def check_report(self, report: cs.Report) -> cs.ClaimResult:
            return cs.ClaimResult("even", "few claims", "proved", str(len(report.claims)))

    assert cs.verify(FAMILY, claims=[Short()])["even"].value == "9"


def test_a_claim_from_a_function() -> None:
    @claim("every answer is the same")
    def same_answers(family: Any) -> Any:
        return proved("looked", size=str(len(family)))

    result = cs.verify(FAMILY, claims=[same_answers])["same-answers"]
    assert (result.status, result.value, result.record) == ("proved", "looked", {"size": "6"})
    assert result.statement == "every answer is the same"

    verdicts = {
        "tested": tested(12),
        "refuted": refuted(member=3),
        "undecided": undecided("too large"),
    }
    for status, verdict in verdicts.items():
        made = claim("statement", type="name")(lambda family, verdict=verdict: verdict)
        result = made.check(FAMILY)
        assert (result.type, result.status) == ("name", status)
    assert tested(12).value == "12 examples" and refuted(member=3).value == "member 3"
    passed = claim("x")(lambda family: cs.ClaimResult("lambda", "x", "proved"))
    assert passed.check(FAMILY).status == "proved"
    with pytest.raises(VerificationError, match="a bare bool does not say how it is known"):
        claim("x", type="y")(lambda family: True).check(FAMILY)
    with pytest.raises(VerificationError, match="a refutation needs one"):
        refuted("because")
    with pytest.raises(VerificationError, match="statement: must be a text"):
        claim(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ("even", "claims: must be a list of claims, got 'even'"),
        (7, "claims: must be a list of claims, got 7"),
        ([Even], r"claims\[0\]: must be a claim, got the class Even"),
        ([Even(), 3], r"claims\[1\]: must have a type and a statement"),
        ([lambda family: True], r"claims\[0\]: must have a type and a statement"),
        ([Even(), Even()], r"claims\[1\]: the type must be new, got 'even' as for claims\[0\]"),
    ],
)
def test_what_is_no_claim_is_refused_before_any_work(claims: Any, message: str) -> None:
    class Untouchable:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError("looked at the family")

    with pytest.raises(VerificationError, match=message) as caught:
        cs.verify(Untouchable(), claims=claims)
    assert "\n" not in str(caught.value)


def test_types_of_the_structure_are_taken_and_checks_must_exist() -> None:
    taken = answering(None)
    taken.type = "norm"
    with pytest.raises(VerificationError, match="the type 'norm' is taken"):
        require_claims([taken])

    class NoCheck:
        type = "a"
        statement = "b"

    with pytest.raises(VerificationError, match=r"must have a method check\(family\)"):
        require_claims([NoCheck()])
    assert require_claims(None) == ()


def test_a_check_that_raises_is_one_clear_error() -> None:
    def raising(family: Any) -> Any:
        raise KeyError("two\nlines")

    with pytest.raises(VerificationError) as caught:
        cs.verify(FAMILY, claims=[answering(raising)])
    assert str(caught.value) == (
        "claims: the check of claim 'even' raised KeyError: 'two\\nlines'; correct the claim, or "
        "the family that it was given"
    )
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(VerificationError, match="raised VerificationError: network: member 0"):
        cs.verify(_WithoutNetworks(), claims=[Realisability()])


class _WithoutNetworks:
    group = cs.ParityNetworks(2, 1).group
    distribution = cs.Gaussian().on(2)

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> Any:
        return lambda x: x[0]

    def gram_entry(self, i: int, j: int) -> int:
        return 1

    gram_entry_slow = gram_entry


def test_an_interruption_is_not_taken_for_a_fault_of_the_claim() -> None:
    def stopped(family: Any) -> Any:
        raise StoppedError("workers were lost")

    with pytest.raises(StoppedError, match="workers were lost"):
        cs.verify(FAMILY, claims=[answering(stopped)])


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (True, "must return a ClaimResult of that type, got True"),
        (None, "must return a ClaimResult of that type, got None"),
        (cs.ClaimResult("odd", "x", "proved"), "must return a ClaimResult of that type"),
        (cs.ClaimResult("even", "x", "proved", record={"at": 0.5}), "JSON-ready, without floats"),
        (
            cs.ClaimResult("even", "x", "refuted", witness={"at": {1, 2}}),
            "JSON-ready, without floats",
        ),
    ],
)
def test_what_is_no_result_is_refused(answer: Any, message: str) -> None:
    with pytest.raises(VerificationError, match=message):
        cs.verify(FAMILY, claims=[answering(answer)])
