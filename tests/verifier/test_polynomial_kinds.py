"""Sparse, independent, expanded and semi-invariant polynomials, sphere and slices: both sides."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from itertools import permutations, product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symcsq as cs
from groups import PermutationGroup, group
from symcsq.errors import VerificationError
from symcsq.functions import Expansion
from symcsq.verifier import checker
from symcsq.verifier.combinations import CombinationGram, has_expansions
from symcsq.verifier.orbit_facts import OrbitFinder
from symcsq.verifier.semi_invariants import character_claim, equivariance_claim, orbit_signs
from tests.verifier import certificate_samples as samples
from tests.verifier.polynomial_families import C4, MIXED, S3, SAMPLES, SWAP, Expanded, sparse

Change = Callable[[dict[str, Any]], None]


def body_of(family: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(cs.verify(family).certificate.text)
    return body


def first_failure(body: dict[str, Any]) -> tuple[str, str]:
    report = checker.check(samples.canonical(samples.sealed(body)))
    assert report.verdict == "rejected"
    return report.failures[0]


def gram_of(report: Any) -> list[list[Fraction]]:
    entries: list[list[Fraction]] = report.gram.to_fractions()
    return entries


# ------------------------------------------------------------------------------------ combinations


@pytest.mark.parametrize("normalised", [False, True])
def test_sparse_gram_against_monomials(normalised: bool) -> None:
    family = sparse(normalised=normalised)
    gram = gram_of(cs.verify(family))
    for i in range(len(family)):
        for j in range(len(family)):
            assert gram[i][j] == family.gram_entry_slow(i, j)


def test_independent_gram_against_monomials() -> None:
    family = SAMPLES["independent"]()
    gram = gram_of(cs.verify(family))
    slow = [[family.gram_entry_slow(i, j) for j in range(3)] for i in range(3)]
    assert gram == slow and all(slow[i][i] > 0 for i in range(3))


@pytest.mark.parametrize("law", [cs.Gaussian(), cs.Uniform(), cs.FiniteUniform([-2, 0, "1/2"])])
def test_expansions_against_moments(law: Any) -> None:
    family = Expanded(MIXED, law)
    report = cs.verify(family)
    assert report.holds and report.size == 3
    terms = [family[i].expansion.terms() for i in range(3)]
    gram = gram_of(report)
    for i, j in product(range(3), repeat=2):
        assert gram[i][j] == family.distribution.inner_product_via_moments(terms[i], terms[j])


def test_functions_are_numbered() -> None:
    functions = body_of(Expanded(MIXED))["functions"]
    assert [function["name"] for function in functions] == ["f0", "f1", "f2"]
    assert functions[0] == {
        "name": "f0",
        "denominator": "2",
        "coefficients": [[1, "-2"], [2, "2"], [3, "1"]],
    }


def test_blocks_of_a_large_class_are_written_and_checked(tmp_path: Path) -> None:
    family = cs.SparseInvariantPolynomials("C12", 4, 3, 300, overlap=1, normalised=False)
    report = cs.verify(family)
    path = tmp_path / "certificate.json"
    report.certificate.save(path, blocks=True)
    assert cs.check(path).holds
    assert [block[:2] for block in report["gram"].record["blocks"]] == [[0, 0], [0, 1], [1, 1]]
    beside = tmp_path / "certificate.gram"
    content = beside.read_text()
    scale = Fraction(report["gram"].record["scale"])
    rows = content.split("block 0 1\n")[1].split("block 1 1\n")[0].splitlines()
    values = [[scale * int(word) for word in row.split()] for row in rows]
    for i, j in ((0, 0), (7, 13), (255, 43)):
        assert values[i][j] == family.gram_exact(i, 256 + j) == report.gram[i, 256 + j]
    beside.write_text(content.replace(" 0 ", " 1 ", 1))
    assert cs.check(path).failures[0][0] == "certificate.gram"


@given(
    st.lists(
        st.dictionaries(st.integers(0, 3), st.fractions(max_denominator=6), max_size=3),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=60, deadline=None)
def test_blocks_are_integers_over_the_scale(rows: list[dict[int, Fraction]]) -> None:
    weights = [Fraction(1), Fraction(2, 3), Fraction(5, 4), Fraction(7)]
    source = CombinationGram.of(rows, weights)
    block = source.block(range(len(rows)), range(len(rows)))
    assert block.dtype in (np.int64, object)
    for i, f in enumerate(rows):
        for j, g in enumerate(rows):
            value = sum(c * weights[k] * g.get(k, 0) for k, c in f.items())
            assert source.scale * int(block[i, j]) == value
    assert [int(block[i, i]) for i in range(len(rows))] == source.diagonal(range(len(rows)))


def test_long_numbers_leave_machine_words() -> None:
    big = 10**40 + 1
    report = cs.verify(Expanded([{(0, 0, 1): big, (0, 0, 2): 1}, {(0, 0, 1): Fraction(1, big)}]))
    assert report.gram[0, 1] == 3 and cs.check(report.certificate.text.encode()).holds


def test_what_cannot_be_verified_is_refused() -> None:
    with pytest.raises(VerificationError, match="not the zero function, got none"):
        cs.verify(Expanded([{}]))
    with pytest.raises(VerificationError, match="must be at least 1 for products"):
        cs.verify(cs.IndependentInvariants([Expansion(SWAP, cs.Gaussian(), {(0, 1): 1})], 0))
    family = Expanded(MIXED)
    family.distribution = cs.Uniform().on(3)
    family.functions = MIXED[:1]
    stranger = Expanded(MIXED)
    family.__class__ = type("Mixed", (Expanded,), {"__getitem__": lambda _, k: stranger[k]})
    with pytest.raises(VerificationError, match=r"family\[0\].expansion: must be over the family"):
        cs.verify(family)


def test_who_offers_expansions() -> None:
    assert has_expansions(Expanded(MIXED))
    assert not has_expansions(cs.InvariantPolynomials(C4, 2))
    assert not has_expansions(cs.SemiInvariantPolynomials(C4, 2, [-1]))


@pytest.mark.parametrize(
    ("name", "change", "place"),
    [
        (
            "independent",
            lambda body: body["family"]["factors"][0]["coefficients"].insert(0, [[], "7"]),
            "family.factors[0].coefficients",
        ),
        (
            "independent",
            lambda body: body["family"]["factors"].pop(0),
            "group.generators",
        ),
        ("independent", lambda body: body["family"].update(k=3), "orbits"),
        ("sparse", lambda body: body["orbits"].reverse(), "orbits[1].representative"),
        ("sparse", lambda body: body["functions"].clear(), "orbits[0]"),
        ("independent", lambda body: body["orbits"].pop(), "orbits"),
        ("expansions", lambda body: body["functions"][1].update(denominator="30"), "claims[2]"),
        ("expansions", lambda body: body["functions"][1].update(denominator="0"), "functions[1]"),
        (
            "expansions",
            lambda body: body["functions"][0]["coefficients"].reverse(),
            "functions[0].coefficients[0][0]",
        ),
        (
            "expansions",
            lambda body: body["functions"][0]["coefficients"].append([0, "0"]),
            "functions[0].coefficients",
        ),
        ("expansions", lambda body: body["family"].update(normalised=True), "claims[5]"),
        ("semi-invariants", lambda body: body["orbits"].pop(), "orbits"),
        ("sphere", lambda body: body["orbits"].pop(), "orbits"),
        ("slice", lambda body: body["distribution"]["joint"].update(ones=3), "claims[2].inputs"),
    ],
)
def test_lies_are_found_where_they_are(name: str, change: Change, place: str) -> None:
    body = body_of(SAMPLES[name]())
    change(body)
    assert first_failure(body)[0].startswith(place)


def test_signs_that_change_no_inner_product_are_bound() -> None:
    """In functions, and in laws: each of these is true of the other input too, but for its hash."""
    body = body_of(SAMPLES["sparse"]())
    for function in body["functions"]:
        for term in function["coefficients"]:
            term[1] = str(-int(term[1]))
    assert first_failure(body)[0] == "claims[2].inputs"
    law = cs.FiniteJoint([[-1, -1], [1, 1]], ["1/4", "3/4"])
    body = body_of(cs.InvariantPolynomials(SWAP, 2, law))
    body["distribution"]["joint"]["weights"].reverse()
    report = checker.check(samples.canonical(samples.sealed(body)))
    assert [place for place, _ in report.failures] == ["claims[2].inputs"]


def test_a_product_of_orbits_must_be_an_orbit() -> None:
    """A diagonal action keeps the blocks, but an orbit of pairs is smaller than the product."""
    family = cs.IndependentInvariants([Expansion(SWAP, cs.Gaussian(), {(0, 1): 1})] * 2, 2)
    body = body_of(family)
    diagonal = body_of(cs.InvariantPolynomials(PermutationGroup([[1, 0, 3, 2]], degree=4), 1))
    body["group"] = diagonal["group"]
    failure = first_failure(body)
    assert failure == ("orbits[0]", "must be the product of the orbits of its factors")


# --------------------------------------------------------------------------------- semi-invariants


@pytest.mark.parametrize("degree", [3, 4, 5, 6, 9])
def test_alternating_functions_of_three_variables(degree: int) -> None:
    """Counted by hand: exponents a < b < c of sum d."""
    expected = sum(
        a < b < degree - a - b for a, b in product(range(degree + 1), repeat=2) if a + b <= degree
    )
    report = cs.verify(cs.SemiInvariantPolynomials(S3, degree, "sign"))
    assert report.holds and report.size == expected
    assert report["character"].record == {"kernel_order": "3"}
    checked = cs.check(report.certificate.text.encode())
    assert checked.holds, checked.failures


@pytest.mark.parametrize("values", [[1, 1], [-1, 1], [1, -1], [-1, -1]])
def test_every_character_of_a_dihedral_group(values: list[int]) -> None:
    dihedral = PermutationGroup([[1, 2, 3, 0], [0, 3, 2, 1]], degree=4)
    family = cs.SemiInvariantPolynomials(dihedral, 5, values)
    report = cs.verify(family)
    assert report.holds and cs.check(report.certificate.text.encode()).holds
    for i, member in enumerate(family):
        assert family.gram_entry_slow(i, i) == report.gram[i, i] == member.family.norms_squared[i]


def test_a_large_group_is_counted_by_listing_all_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond 20,000 elements the checker walks every orbit instead of summing over the group."""
    texts = [
        cs.verify(cs.SemiInvariantPolynomials(name, degree, "sign")).certificate.text.encode()
        for name, degree in (("S3", 7), ("S4", 8), ("C4", 4))
    ]
    monkeypatch.setattr(checker, "MAX_ELEMENTS", 1)
    for text in texts:
        assert checker.check(text).holds


def test_values_without_a_character_are_named() -> None:
    body = body_of(cs.SemiInvariantPolynomials(S3, 4, [1, 1]))
    body["family"]["character"] = [1, -1]  # the second generator has order 3
    failure = first_failure(body)
    assert failure == ("family.character", "belongs to no character of the group")


def test_an_orbit_without_semi_invariant_is_named() -> None:
    body = body_of(cs.SemiInvariantPolynomials(S3, 3, "sign"))
    (orbit,) = body["orbits"]
    orbit["representative"] = [[0, 1], [1, 1], [2, 1]]
    place, message = first_failure(body)
    assert place == "orbits[0].representative" and message.startswith("carries no semi-invariant")


def test_signs_along_an_orbit() -> None:
    orbit = OrbitFinder(S3, "exponents").find((1, 2, 2))
    generators = [g.images for g in S3.generators]
    assert orbit.words is not None
    signs = orbit_signs(orbit.words, generators, [-1, 1], 3)
    assert signs is not None and sorted(signs.tolist()) == [-1] * 3 + [1] * 3
    fixed = OrbitFinder(S3, "exponents").find((0, 1, 2))
    assert fixed.words is not None
    assert orbit_signs(fixed.words, generators, [-1, 1], 3) is None


def test_producer_faults_are_refused() -> None:
    finder = OrbitFinder(S3, "exponents")
    below = OrbitFinder(group("A3"), "exponents")
    with pytest.raises(VerificationError, match="orbit 0 carries no semi-invariant"):
        equivariance_claim(finder, below, [finder.find((2, 2))], [-1, 1])
    with pytest.raises(VerificationError, match="signs and stabilisers of orbit 0 disagree"):
        equivariance_claim(finder, finder, [finder.find((2, 2))], [-1, 1])
    with pytest.raises(VerificationError, match="belong to no character"):
        character_claim(S3, S3, [1, -1])


# ---------------------------------------------------------------------------------- joint moments


@pytest.mark.parametrize("law", [cs.Sphere(), cs.Slice(0), cs.Slice(2), cs.Slice(3)], ids=str)
@pytest.mark.parametrize("degree", [0, 1, 2, 3])
def test_moments_of_both_sides(law: Any, degree: int) -> None:
    points = 3
    here = law.on(points)
    there = checker.Joint(here.kind, points, getattr(here, "weight", 0))
    denominator, numerators = there.moments(2 * degree)
    for vector in product(range(2 * degree + 1), repeat=points):
        if sum(vector) != 2 * degree:
            continue
        if here.kind == "sphere":
            value = prod(numerators[e] for e in vector)
        else:
            value = numerators[sum(e > 0 for e in vector)]
        assert Fraction(value, denominator) == here.moment(vector)


@pytest.mark.parametrize("name", ["C5", "S4", "D10"])
@pytest.mark.parametrize("law", ["sphere", "slice(2)"])
@pytest.mark.parametrize("degree", [0, 1, 2, 3])
@pytest.mark.parametrize("multilinear", [True, False])
def test_joint_families_are_accepted(name: str, law: str, degree: int, multilinear: bool) -> None:
    family = cs.InvariantPolynomials(name, degree, law, multilinear=multilinear)
    report = cs.verify(family)
    checked = cs.check(report.certificate.text.encode())
    assert checked.accepted and checked.holds == report.holds
    assert report["norm"].holds == (law == "sphere" or degree < 3)


def test_too_many_vectors_are_declined(monkeypatch: pytest.MonkeyPatch) -> None:
    text = cs.verify(SAMPLES["sphere"]()).certificate.text.encode()
    monkeypatch.setattr(checker, "MAX_VECTORS", 19)  # there are 20 monomials of degree 3
    assert checker.check(text).failures == [
        ("", "moments: the orbits have more than 19 vectors together")
    ]


def test_moments_agree_with_the_circle() -> None:
    """E x⁴ = 3/8 and E x²y² = 1/8 on the circle; squares of both coordinates correlate."""
    trivial = PermutationGroup([], degree=2)
    report = cs.verify(cs.InvariantPolynomials(trivial, 2, "sphere"))
    assert report["near-orthogonality"].record == {"maximum": "1/9", "pair": [0, 2]}


def test_orbits_larger_than_their_partner_on_either_side() -> None:
    family = cs.InvariantPolynomials("S6", 5, "sphere")
    brute = cs.verify(family)
    checked = cs.check(brute.certificate.text.encode())
    assert checked.holds, checked.failures
    first, second = family[1], family[3]
    walked = set(permutations(first.representative))
    other = set(permutations(second.representative))
    total = sum(
        family.distribution.moment(tuple(map(int.__add__, b, c))) for b in walked for c in other
    )
    assert brute.gram[1, 3] == total


def test_common_denominators_that_are_too_long_are_declined() -> None:
    body = body_of(SAMPLES["joint law"]())
    joint = body["distribution"]["joint"]
    joint["support"] = [f"{k} 0 1/{k + 7}" for k in range(12_000)]
    joint["weights"] = ["1/12000"] * 12_000
    report = checker.check(samples.canonical(samples.sealed(body)))
    assert report.failures == [("", "distribution.joint: the common denominator is too long")]
    assert checker.common_denominator([Fraction(1, 6), Fraction(3, 4)], 2, "x") == 12


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("support", ["1 0"], "distribution.joint.support[0]"),
        ("support", ["1 0 2", "1 0 2"], "distribution.joint.support[1]"),
        ("support", ["1 0 02"], "distribution.joint.support[0]"),
        ("weights", ["1/2"], "distribution.joint.weights"),
        ("weights", ["-1", "2"], "distribution.joint.weights"),
        ("kind", "cube", "distribution.joint.kind"),
    ],
)
def test_joint_laws_that_are_none(field: str, value: Any, place: str) -> None:
    body = body_of(SAMPLES["joint law, refuted: members coincide"]())
    body["distribution"]["joint"] |= {"points": 3, "support": ["0 0 1", "1 0 0"]} | {field: value}
    body["distribution"]["joint"]["weights"] = value if field == "weights" else ["1/2", "1/2"]
    assert first_failure(body)[0] == place


def test_a_law_that_the_group_moves_is_rejected() -> None:
    body = body_of(SAMPLES["joint law, refuted: members coincide"]())
    body["distribution"]["joint"]["weights"] = ["1/2", "1/8", "3/8"]
    assert first_failure(body) == ("group.generators[0]", "must preserve the distribution")
