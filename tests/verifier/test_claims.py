"""Claims as values: statuses, dependencies, and what reaches the certificate."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.errors import VerificationError
from symcsq.verifier.claims import HOLDING, ClaimLog, ClaimResult, exact_text


def proved(name: str) -> ClaimResult:
    return ClaimResult(name, name, "proved", record={"value": "1"})


def refuted(name: str) -> ClaimResult:
    return ClaimResult(name, name, "refuted", "false", witness={"pair": [0, 1]})


def test_only_proved_enclosed_and_tested_hold():
    assert {"proved", "enclosed", "tested"} == HOLDING
    assert not refuted("norm").holds
    assert not ClaimResult("norm", "norm", "undecided").holds


@pytest.mark.parametrize(("status", "witness"), [("proved", {"pair": [0, 1]}), ("refuted", None)])
def test_a_witness_comes_with_a_refutation_and_only_then(status, witness):
    with pytest.raises(VerificationError, match="witness"):
        ClaimResult("norm", "norm", status, witness=witness)


def test_entries_hold_no_prose_and_no_time():
    claim = ClaimResult(
        "norm", "prose", "proved", "more prose", seconds=1.5, record={"minimum": "1"}
    )
    assert claim.entry() == {"type": "norm", "status": "proved", "minimum": "1"}
    assert refuted("x").entry()["witness"] == {"pair": [0, 1]}


def test_time_is_no_part_of_identity():
    assert ClaimResult("a", "b", "proved", seconds=1.0) == ClaimResult(
        "a", "b", "proved", seconds=2.0
    )


def test_a_claim_that_needs_a_failed_one_is_undecided_and_never_run():
    log = ClaimLog()
    log.add("first", "first", lambda: proved("first"))
    log.add("second", "second", lambda: refuted("second"))
    third = log.add("third", "third", lambda: pytest.fail("ran"), needs=("first", "second"))
    assert (third.status, third.record) == ("undecided", {"needs": "second"})
    assert third.entry() == {"type": "third", "status": "undecided", "needs": "second"}
    # Undecided claims do not hold either, so what rests on them names them.
    fourth = log.add("fourth", "fourth", lambda: proved("fourth"), needs=("third",))
    assert fourth.record == {"needs": "third"}


def test_the_first_failed_need_is_named_in_the_order_given():
    log = ClaimLog()
    log.add("a", "a", lambda: refuted("a"))
    log.add("b", "b", lambda: refuted("b"))
    assert log.add("c", "c", lambda: proved("c"), needs=("b", "a")).record == {"needs": "b"}
    assert log.add("d", "d", lambda: proved("d"), needs=("unknown",)).status == "proved"


def test_progress_is_told_before_each_claim():
    seen = []
    log = ClaimLog(lambda *step: seen.append(step), total=2)
    log.add("a", "a", lambda: proved("a"))
    log.add("b", "b", lambda: proved("b"))
    assert seen == [("a", 0, 2), ("b", 1, 2)]
    assert [claim.type for claim in log] == ["a", "b"]


@given(st.fractions())
def test_exact_text_round_trips(number):
    text = exact_text(number)
    assert Fraction(text) == number
    assert "/1" not in text[-2:] or number.denominator != 1
