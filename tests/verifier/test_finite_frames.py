"""Averages over frames on finite laws: M15 with ties, every frame, and what is refused."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from math import factorial
from typing import Any

import pytest

import symcsq as cs
from groups import PermutationGroup, group
from symcsq.constructions import FiniteFrameAverages, ParityNetworks, frames
from symcsq.constructions.frame import Frame
from symcsq.constructions.sorting_frames import Sorting
from symcsq.errors import VerificationError
from symcsq.verifier import checker, finite_frames
from tests.verifier import certificate_samples as samples
from tests.verifier.graph_and_frame_families import SIGNED, framed, half_turns, rotations

C4 = group("C4")


def certificate(family: Any) -> Any:
    return json.loads(cs.verify(family).certificate.text)


def check(body: Any) -> checker.CheckReport:
    return checker.check(samples.canonical(samples.sealed(body)))


def claim(body: Any, kind: str) -> Any:
    return next(entry for entry in body["claims"] if entry["type"] == kind)


def test_the_example_of_the_mathematics_page() -> None:
    """φ(u) = u makes f_i = 2 x_i, hence the common scale 4."""
    body = certificate(framed(frames.absolute_sorting(3), 1, [0, 1], SIGNED))
    entries = {(i, j): Fraction(value) / 4 for i, j, value in claim(body, "gram")["entries"]}
    assert entries[0, 1] == Fraction(19, 48) and entries[0, 0] == Fraction(37, 48)
    assert claim(body, "ties")["largest"] == "3"
    assert claim(body, "sign-symmetric")["orbits"] == "1"
    assert claim(body, "frame-equivariance") == {"type": "frame-equivariance", "status": "proved"}
    assert claim(body, "values") == {
        "type": "values",
        "status": "proved",
        "factor": "1",
        "table": [["1", "2"], ["2", "4"]],
        "hermite": ["0", "1"],
    }
    report = check(body)
    assert report.accepted and report.holds


LAWS = ["rademacher", "bernoulli(1/3)", "finite(-1,0,2)", "weighted(-1,1/4,1,3/4)"]
MIXED = frames.mixture([(frames.sorting(3), "1/3"), (frames.absolute_sorting(3), "2/3")])
NESTED = frames.mixture([(MIXED, "3/4"), (frames.reynolds(MIXED.group), "1/4")])


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("activation", ["relu", "abs", "sign", [1, 2, "1/2", 1]], ids=str)
@pytest.mark.parametrize(
    "frame",
    [
        frames.sorting(3),
        frames.absolute_sorting(3),
        frames.minimal_image(PermutationGroup([[1, 2, 0]], degree=3)),
        frames.minimal_image(PermutationGroup([], degree=3)),
        frames.reynolds(PermutationGroup([[1, 0, 2]], degree=3)),
        NESTED,
    ],
    ids=str,
)
def test_every_frame_is_checked_independently(frame: Frame, activation: Any, law: str) -> None:
    family = framed(frame, 1 if law == "rademacher" else 2, activation, law)
    report = cs.verify(family)
    checked = checker.check(report.certificate.text.encode())
    assert checked.accepted, checked.failures
    assert checked.holds == report.holds
    signless = law == "rademacher" and frame.is_sign_invariant
    assert {"sign-symmetric", "ties"} & {c.type for c in report.claims} == (
        {"sign-symmetric", "ties"} if signless else set()
    )
    assert report.gram[0, 2] == family.gram_exact(0, 2)


def test_different_laws_on_different_orbits_of_coordinates() -> None:
    law = "finite(-1,1)^2 x weighted(0,1/3,3,2/3)^2"
    family = framed(frames.minimal_image(group("C2 x C2")), 2, "relu", law, n=4)
    body = certificate(family)
    assert claim(body, "gram")["entries"] and check(body).accepted
    for i, j in [(0, 0), (0, 1), (1, 4)]:
        assert cs.verify(family).gram[i, j] == family.gram_entry_slow(i, j)


def test_symmetric_group_on_twelve_points() -> None:
    """The group has 12! elements, and is never listed."""
    start = time.process_time()
    for m, members in ((1, 12), (2, 66)):
        family = framed(frames.absolute_sorting(12), m, "relu", SIGNED, n=12)
        report = cs.verify(family)
        assert report.holds and report.size == members
        assert report["group-order"].record["value"] == str(factorial(12))
        assert report["frame-equivariance"].value == "by the definition of the frame"
        assert checker.check(report.certificate.text.encode()).holds
    assert time.process_time() - start < 15


def test_members_of_different_orbits_are_orthogonal() -> None:
    body = certificate(framed(frames.reynolds(C4), 2, "relu", SIGNED, [0, 1], [0, 2], n=4))
    assert [entry[:2] for entry in claim(body, "gram")["entries"]] == [[0, 0], [1, 1]]
    assert claim(body, "sign-symmetric")["orbits"] == "2"
    assert claim(body, "near-orthogonality") == {
        "type": "near-orthogonality",
        "status": "proved",
        "maximum": "0",
        "pair": None,
    }


def test_two_members_that_coincide_are_refuted_with_the_pair() -> None:
    body = certificate(framed(frames.reynolds(C4), 2, "abs", SIGNED, [0, 2], [0, 1], [2, 3], n=4))
    assert claim(body, "near-orthogonality")["witness"]["pair"] == [1, 2]
    assert check(body).refuted == ("near-orthogonality",)
    # A list may repeat a subset too.
    body = certificate(framed(frames.sorting(3), 1, "relu", SIGNED, [1], [0], [1]))
    assert claim(body, "near-orthogonality")["witness"]["pair"] == [0, 2]


def test_a_mixture_of_mixtures_is_written_flat() -> None:
    parts = finite_frames.frame_section(NESTED)["parts"]
    assert [(part["weight"], part["frame"]["name"]) for part in parts] == [
        ("1/2", "absolute-sorting"),
        ("1/4", "reynolds"),
        ("1/4", "sorting"),
    ]
    twice = frames.mixture([(MIXED, "1/2"), (frames.sorting(3), "1/2")])
    assert finite_frames.frame_section(twice)["parts"] == [
        {"weight": "1/3", "frame": {"name": "absolute-sorting"}},
        {"weight": "2/3", "frame": {"name": "sorting"}},
    ]
    body = certificate(framed(twice, 1, "relu", "rademacher"))
    assert check(body).accepted
    body["family"]["frame"]["parts"].reverse()
    rule = ("family.frame.parts", "must have frames that increase, as JSON")
    assert check(body).failures == [rule]
    body["family"]["frame"]["parts"] = [{"weight": "1/2", "frame": {"name": "sorting"}}] * 2
    assert check(body).failures == [rule]


class Upwards(Sorting):
    """Says that it sorts, but leaves the group element alone at some points."""

    __slots__ = ()

    def elements(self, x: Any) -> Any:
        found = super().elements(x)
        return found if x[0] != 1 else [(self.group.identity, Fraction(1))]


class Named(Upwards):
    """And says so to certificates."""

    __slots__ = ()
    certified_as = "sorting"


def test_a_frame_that_is_not_equivariant_is_refuted() -> None:
    """If ever one of the frames that have names were wrong."""
    report = cs.verify(FiniteFrameAverages(ParityNetworks(2, 1), Named(2), "finite(0,1)"))
    found = report["frame-equivariance"]
    assert found.status == "refuted"
    assert found.witness == {"point": ["0", "1"], "generator": 0}
    assert report["invariance"].record == {"needs": "frame-equivariance"}
    assert report["gram"].status == report["csq-bound"].status == "undecided"


class Copy(frames.Reynolds):
    """A frame of the user's own that takes over the name of another."""

    __slots__ = ()


class Folding(Sorting):
    """A frame of the user's own, whose name certificates do not know."""

    __slots__ = ()
    name = "folding"  # type: ignore[misc]


@pytest.mark.parametrize(
    "frame", [Upwards(2), Folding(2), Copy(group("S2"))], ids=lambda frame: type(frame).__name__
)
def test_frames_that_certificates_do_not_know(
    frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also inside mixtures, and before any work."""
    monkeypatch.setattr(FiniteFrameAverages, "coordinates", None)
    mixed = frames.mixture([(frame, "1/2"), (frames.mixture([(frame, 1)]), "1/2")])
    for chosen in (frame, mixed):
        family = FiniteFrameAverages(ParityNetworks(2, 1), chosen, "finite(0,1)")
        with pytest.raises(VerificationError) as caught:
            cs.verify(family)
        assert str(caught.value) == (
            "frame: certificates know sorting, absolute-sorting, minimal-image, reynolds, "
            f"transversal, mixture, got a {type(frame).__name__}; check it with "
            "frame.equivariance_violation(points)"
        )


def test_wide_networks_are_refused() -> None:
    with pytest.raises(VerificationError, match="m up to 16, got 17; choose a smaller m"):
        cs.verify(framed(frames.sorting(17), 17, "relu", "rademacher", n=17))


# -------------------------------------------------------------------------------- the checker alone


def test_members_that_a_subgroup_moves() -> None:
    body = certificate(half_turns())
    body["functions"][0] = {"name": "F(0,1)", "subset": [0, 1]}
    assert check(body).failures == [
        ("functions[0].subset", "is moved by the subgroup of the frame")
    ]


@pytest.mark.parametrize(
    ("images", "message"),
    [
        ([1, 0, 3, 2], "is not in the group"),
        ([0, 1, 2, 3], "must be neither the identity nor a repeat"),
        ([0, 1, 1, 3], "must list each of 0..3 once"),
    ],
)
def test_subgroups_of_transversals(images: list[int], message: str) -> None:
    body = certificate(half_turns())
    body["family"]["frame"]["parts"][1]["frame"]["subgroup"] = [images]
    place = "family.frame.parts[1].frame.subgroup[0]"
    assert check(body).failures == [(place, message)]


def changed(path: str, value: Any) -> Any:
    body = certificate(framed(frames.absolute_sorting(3), 1, "abs", SIGNED))
    here = body
    *parents, last = path.split(".")
    for key in parents:
        here = here[int(key)] if isinstance(here, list) else here[key]
    here[last] = value
    return check(body).failures[0]


@pytest.mark.parametrize(
    ("path", "value", "place", "message"),
    [
        ("family.base.activation.name", "erf", "", "must be relu, abs or sign in this family"),
        ("family.base.m", 4, "", "must be an integer from 1 to 3, found 4"),
        ("family.frame", {"name": "folding"}, "family.frame.name", "must be one of sorting"),
        ("family.frame", {"name": "mixture", "parts": []}, "family.frame.parts", "of sum 1"),
        ("distribution.marginals.0.kind", "gaussian", "distribution.marginals[0].parameters", ""),
    ],
)
def test_rejected_inputs(path: str, value: Any, place: str, message: str) -> None:
    where, words = changed(path, value)
    assert where == (place or path) and message in words


def test_laws_that_the_family_does_not_have() -> None:
    body = certificate(framed(frames.sorting(2), 1, "relu", "rademacher", n=2))
    gaussian = certificate(cs.ParityNetworks(2, 1))["distribution"]
    assert check({**body, "distribution": gaussian}).failures == [
        ("distribution.marginals[0].kind", "must have finite support in this family")
    ]
    other = certificate(
        framed(
            frames.minimal_image(PermutationGroup([], degree=2)),
            1,
            "relu",
            "rademacher x finite(0,1)",
            n=2,
        )
    )["distribution"]
    assert check({**body, "distribution": other}).failures == [
        ("distribution.marginal_of", "must give laws that the group preserves")
    ]


def test_sorting_needs_all_permutations() -> None:
    body = certificate(framed(frames.minimal_image(rotations()), 1, "relu", "rademacher", n=4))
    body["family"]["frame"] = {"name": "sorting"}
    assert check(body).failures == [("family.frame.name", "needs the group of all permutations")]


def test_what_is_declined(monkeypatch: pytest.MonkeyPatch) -> None:
    body = certificate(framed(frames.minimal_image(C4), 1, "relu", SIGNED, n=4))
    assert check(body).accepted
    for limit, value, words in (
        ("MAX_ORBIT", 200, "more than 200 points"),
        ("MAX_PAIRS", 15, "more than 15 Gram entries"),
        ("MAX_UNITS", 0, "m is larger than 0"),
        ("MAX_WORK", 2_000, "more than 2000 steps"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(checker, limit, value)
            report = check(body)
            assert report.declined and words in report.failures[0][1]
