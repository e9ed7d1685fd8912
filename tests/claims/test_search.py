"""Search for counterexamples: found, smallest, exact, the same in every run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import symcsq as cs
from groups import PermutationGroup, group
from symcsq.claims import (
    Property,
    equality,
    examine,
    exhaust,
    find_counterexample,
    frame_equivariance,
    invariance,
    sign_equivariance,
)
from symcsq.claims import search as search_module
from symcsq.claims.properties import moved, support_of
from symcsq.claims.search import CannotTell, differ, exact_value, shown
from symcsq.constructions import frames
from symcsq.errors import VerificationError
from symcsq.exact import Enclosure, ExactReal
from symcsq.strategies import points

PROJECT = Path(__file__).resolve().parents[2]


def test_no_counterexample_is_tested_and_says_how_many_examples() -> None:
    result = find_counterexample(lambda x: x[0] ** 2 >= 0, points(1), examples=37, type="square")
    assert (result.type, result.status, result.value) == ("square", "tested", "37 examples")
    assert result.record == {"examples": 37}
    assert result.holds and result.status != "proved"


def test_a_small_domain_ends_early_and_is_still_only_tested() -> None:
    result = find_counterexample(lambda x: True, points(cs.Rademacher().on(2)), type="signs")
    assert (result.status, result.value) == ("tested", "4 examples")


@pytest.mark.parametrize(
    ("holds", "smallest"),
    [
        (lambda x: x[0] + x[1] < 3, {("0", "3"), ("1", "2")}),
        (lambda x: x[0].denominator < 3, {("1/3", "0"), ("-1/3", "0")}),
        (lambda x: x[0] == x[1], {("0", "1")}),
        (lambda x: not (x[0] == x[1] and x[0] > 1), {("2", "2")}),
    ],
)
def test_the_counterexample_is_small(holds: Any, smallest: set[tuple[str, ...]]) -> None:
    result = find_counterexample(holds, points(2), type="claim")
    assert result.status == "refuted" and result.witness is not None
    assert tuple(result.witness["example"]) in smallest
    assert not holds([Fraction(v) for v in result.witness["example"]])


def test_names_come_from_the_function_or_the_caller() -> None:
    def always_positive(x: Any) -> bool:
        """The value is above 0."""
        return bool(x > 0)

    result = find_counterexample(always_positive, st.integers(1, 9))
    assert (result.type, result.statement) == ("always-positive", "The value is above 0.")
    result = find_counterexample(always_positive, st.integers(1, 9), type="a", statement="b")
    assert (result.type, result.statement) == ("a", "b")


def test_a_property_that_raises_is_an_error_that_names_the_smallest_example() -> None:
    with pytest.raises(VerificationError) as caught:
        find_counterexample(lambda x: 1 / (x - 2) > -9, st.integers(0, 50), type="inverse")
    assert str(caught.value) == (
        "property: 'inverse' raised ZeroDivisionError for the example 2: division by zero; draw "
        "examples from its domain"
    )


def test_an_assumption_is_no_counterexample() -> None:
    def positive(x: int) -> bool:
        assume(x > 3)
        return x > 3

    result = find_counterexample(positive, st.integers(0, 9))
    assert result.status == "tested" and int(result.record["examples"]) == 6


def test_what_answers_differently_each_time_is_refused() -> None:
    answers = iter([False, *[True] * 1000])
    with pytest.raises(VerificationError, match="must give the same answer each time"):
        find_counterexample(lambda x: next(answers), st.integers(), type="moody")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: find_counterexample(3, points(1)), "property: must be a Property or a function"),
        (lambda: find_counterexample(bool, points(1), examples=0), "examples: must be an integer"),
        (lambda: find_counterexample(bool, [1, 2]), "strategy: hypothesis could not draw"),
        (lambda: find_counterexample(bool, st.nothing()), "strategy: hypothesis could not draw"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(call: Any, message: str) -> None:
    with pytest.raises(VerificationError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


PROGRAM = """
from symcsq.claims import find_counterexample
from symcsq.strategies import points
tried = []
def wild(x):
    tried.append(x)
    return (7 * x[0] + 3 * x[1] ** 2 - x[2]).numerator % 11 != 5
result = find_counterexample(wild, points(3))
print(len(tried), result.witness, tried[:40])
"""


def test_the_search_is_the_same_in_every_run() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=PROJECT,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "CI": seed[:1]},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "12345")
    }
    assert len(outputs) == 1 and "example" in outputs.pop()


@settings(suppress_health_check=[HealthCheck.nested_given], max_examples=5)
@given(st.integers(0, 3))
def test_a_search_inside_a_property_test(k: int) -> None:
    result = find_counterexample(lambda x: x[0] < k, points(1), examples=60, type="nested")
    assert result.witness == {"example": [str(k)]}


# -- ready-made properties -------------------------------------------------------------------------


def test_invariance_names_point_generator_and_both_values() -> None:
    S3 = group("S3")
    result = find_counterexample(invariance(lambda x: x[0] * x[1] + x[2], S3), points(3))
    assert result.witness == {"point": ["0", "0", "1"], "generator": 0, "left": "0", "right": "1"}
    assert find_counterexample(invariance(sum, S3), points(3)).status == "tested"


def test_sign_equivariance_of_parity_networks_and_of_others() -> None:
    family = cs.ParityNetworks(3, 2)
    member = family[1]
    good = sign_equivariance(member, member.subset)
    assert find_counterexample(good, points(3), examples=40).status == "tested"
    bad = find_counterexample(sign_equivariance(member, [0, 1]), points(3), examples=40)
    assert bad.status == "refuted" and bad.witness is not None
    x = [Fraction(v) for v in bad.witness["point"]]
    x[bad.witness["input"]] *= -1
    assert str(member(x)) == bad.witness["left"]


@pytest.mark.parametrize(
    "frame",
    [
        frames.sorting(3),
        frames.absolute_sorting(3),
        frames.minimal_image("C3"),
        frames.reynolds("S3"),
        frames.mixture([(frames.sorting(3), "1/3"), (frames.absolute_sorting(3), "2/3")]),
    ],
    ids=str,
)
def test_our_frames_are_equivariant(frame: Any) -> None:
    assert find_counterexample(frame_equivariance(frame), points(3), examples=60).holds
    law = cs.FiniteUniform([-1, 0, 1]).on(3)
    assert examine(frame_equivariance(frame), law).status == "proved"


class FirstLargest:
    """A frame that forgets ties: one element that sorts, whatever else would sort as well."""

    group = group("S3")

    def elements(self, x: Any) -> list[tuple[Any, Fraction]]:
        order = sorted(range(3), key=lambda i: -x[i])
        from groups import Permutation

        return [(Permutation(order), Fraction(1))]


def test_a_frame_that_forgets_ties_is_refuted_by_a_tie() -> None:
    result = find_counterexample(frame_equivariance(FirstLargest()), points(3))
    assert result.status == "refuted" and result.witness is not None
    assert result.witness["point"] == ["0", "0", "0"]
    assert result.witness["left"] != result.witness["right"]
    # Exhausted on a law on few points, the same is found.
    law = cs.FiniteUniform([1, 2, 3]).on(3)
    exact = examine(frame_equivariance(FirstLargest()), law)
    assert exact.status == "refuted" and exact.witness is not None
    assert len(set(exact.witness["point"])) < 3


class OneTie:
    """Sorting, but for one point."""

    def __init__(self, bad: Sequence[Any]) -> None:
        self.sorting = cs.frames.sorting(3)
        self.group, self.bad = self.sorting.group, tuple(map(Fraction, bad))

    def elements(self, x: Sequence[Any]) -> list[Any]:
        return self.sorting.elements(self.bad[::-1] if tuple(x) == self.bad else x)


@pytest.mark.parametrize("bad", [(0, 0, 1), (1, 0, 0), (-1, 1, 0), (1, 0, -1)])
def test_a_frame_that_is_wrong_at_one_small_point_is_refuted_there(bad: Sequence[int]) -> None:
    for law in (cs.Gaussian().on(3), cs.FiniteUniform([-1, 0, 1]).on(3)):
        result = examine(frame_equivariance(OneTie(bad)), law)
        assert result.status == "refuted" and result.witness is not None
        # The point itself, or one that a generator moves there.
        assert sorted(result.witness["point"]) == sorted(map(str, bad))
        assert result.witness["left"] != result.witness["right"]


def test_the_first_point_of_a_law_that_refutes_is_the_smallest() -> None:
    law = cs.FiniteUniform([-3, -2, 0, 2, 5]).on(2)
    result = examine(equality(lambda x: int(x[0] * x[1] < 0), lambda x: 0), law)
    assert result.witness is not None and result.witness["point"] == ["-2", "2"]


def test_networks_equal_functions() -> None:
    member = cs.InvariantPolynomials("C3", 2)[0]
    same = equality(member.network(), member)
    assert find_counterexample(same, points(3)).status == "tested"
    other = equality(member.network(), lambda x: member(x) + (x[0] == x[1] == 1))
    result = find_counterexample(other, points(3))
    assert result.witness is not None and result.witness["point"] == ["1", "1", "0"]


def test_a_law_on_few_points_is_exhausted() -> None:
    C4 = group("C4")
    assert examine(invariance(max, C4), cs.Rademacher().on(4)).value == "all 16 points"
    assert examine(invariance(max, C4), cs.Slice(2).on(4)).value == "all 6 points"
    assert examine(invariance(max, C4), cs.Gaussian().on(4)).status == "tested"
    assert examine(invariance(max, C4), cs.Sphere().on(4)).status == "tested"
    assert support_of(cs.Rademacher().on(13)) is None
    trivial = invariance(lambda x: x[0], PermutationGroup([], degree=2))
    assert examine(trivial, cs.Rademacher().on(2)).status == "proved"
    assert exhaust(trivial, []).value == "all 0 points"


def test_what_cannot_be_told_apart_is_not_proved() -> None:
    """Two forms of one number: cos(π/5) - cos(2π/5) = 1/2."""
    golden = ExactReal.cosine(Fraction(1, 5)) - ExactReal.cosine(Fraction(2, 5))
    assert differ(golden, Fraction(1, 2)) is None
    assert differ(golden, Fraction(1, 2) + Fraction(1, 10**40)) is True
    same = equality(lambda x: golden, lambda x: Fraction(1, 2))
    with pytest.raises(CannotTell):
        same.violation((0,))
    result = exhaust(same, [(0,), (1,)])
    assert result.status == "undecided" and "cannot tell" in result.value
    search = find_counterexample(same, points(1), examples=9)
    assert search.status == "undecided" and "cannot tell whether" in search.value
    sided = equality(
        lambda x: golden if x[0] > 0 else x[0], lambda x: Fraction(1, 2) if x[0] > 0 else x[0]
    )
    some = examine(sided, cs.Gaussian().on(1), examples=30)
    assert some.status == "tested" and "could not be told apart" in some.value
    assert 0 < some.record["examples"] < 30
    assert differ(ExactReal.unknown("even", Fraction(1)), 0) is None


def test_errors_at_a_point_of_the_support_are_named() -> None:
    with pytest.raises(VerificationError, match=r"raised ZeroDivisionError at \['0'\]"):
        exhaust(equality(lambda x: 1 / x[0], lambda x: 1), [(Fraction(0),)])


def test_exact_values() -> None:
    import flint
    import numpy as np
    import sympy

    for value in (
        Fraction(2),
        2,
        ExactReal.of(2),
        np.int64(2),
        flint.fmpz(2),
        flint.fmpq(2, 1),
        sympy.Rational(2),
    ):
        assert exact_value(value) == 2
    for wrong in (2.0, True, "2", None, sympy.sqrt(2), np.float64(2)):
        with pytest.raises(VerificationError, match="must be an exact number"):
            exact_value(wrong)


def test_examples_are_shown_as_json() -> None:
    g = group("C3").generators[0]
    assert shown((1, "a", None, True, [Fraction(1, 2)])) == ["1", "a", None, True, ["1/2"]]
    assert shown(g) == [1, 2, 0] and shown({1: g}) == {"1": [1, 2, 0]}
    assert shown(Enclosure(Fraction(0), Fraction(1))) == ["0", "1"]
    assert shown(ExactReal.root(Fraction(2))) == "sqrt(2)"


@given(st.permutations(range(4)), st.tuples(*[st.integers()] * 4))
def test_moved_is_the_action(images: list[int], x: tuple[int, ...]) -> None:
    from groups import Permutation

    g = Permutation(images)
    assert all(moved(g, x)[g(i)] == x[i] for i in range(4))
    assert moved(~g, moved(g, x)) == x


def test_properties_are_values() -> None:
    same = Property("a", "b", search_module.shown)
    assert same == Property("a", "b", search_module.shown)
