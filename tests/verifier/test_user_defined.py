"""Families that users define: what can be said of them is said, and every lie is caught."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import symcsq as cs
from groups import PermutationGroup, group
from symcsq.errors import ExactnessError, FamilyError, SymcsqError, VerificationError
from symcsq.exact import Enclosure, ExactReal
from symcsq.verifier import checker, user_defined
from tests.verifier import certificate_samples as samples
from tests.verifier.own_families import (
    IRRATIONAL,
    ROOT,
    SAMPLES,
    THREE,
    Coordinates,
    Given,
    Sums,
    Walsh,
    changed,
)


def outcome(report: cs.Report) -> dict[str, str]:
    return {claim.type: claim.status for claim in report.claims}


def accepted(report: cs.Report) -> cs.CheckReport:
    checked = cs.check(report.certificate.text.encode())
    assert checked.accepted, checked.failures
    assert checked.holds == report.holds
    # What rests on the author's entries is named, so that nobody takes it for proved.
    assert set(checked.tested) == {c.type for c in report.claims if c.status == "tested"}
    return checked


def test_a_family_of_twenty_lines_is_verified() -> None:
    report = cs.verify(Walsh(5))
    accepted(report)
    assert report.holds and report.size == 10
    assert outcome(report) == {
        "distribution-preserved": "proved",
        "group-order": "proved",
        "entries-agree": "tested",
        "positive-semidefinite": "proved",
        "gram": "tested",
        "norm": "tested",
        "near-orthogonality": "tested",
        "size": "tested",
        "csq-bound": "tested",
    }
    assert report["entries-agree"].value == "55 pairs"
    assert report.bound("1/2").queries == 2
    assert report.gram[3, 3] == 1 and report.gram[0, 1] == 0
    assert report.certificate.name.startswith("Walsh-listed-")


def test_a_correlated_family_has_the_numbers_of_its_matrix() -> None:
    report = cs.verify(Sums(6), tolerance="3/4")
    accepted(report)
    assert report["near-orthogonality"].record == {"maximum": "1/4", "pair": [0, 1]}
    assert report["csq-bound"].record["row_sum"] == "2"
    # 6·(9/16)/2 - 1 by the row sum; 6·(9/16 - 1/2)/(1 - 1/2)/2 - 1 by the coherence.
    assert report["csq-bound"].record["bound"] == "11/16"
    assert report.summary is not None and report.summary.coherence == Fraction(1, 2)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_says_what_its_name_says_and_is_confirmed(name: str) -> None:
    report = cs.verify(SAMPLES[name]())
    checked = accepted(report)
    assert bool(report.refuted) == ("refuted" in name) == bool(checked.refuted)
    # Nothing that rests on the entries is ever called proved.
    for kind in ("gram", "norm", "near-orthogonality", "size", "csq-bound"):
        assert report[kind].status in ("tested", "refuted", "undecided")


LIES: dict[str, tuple[Callable[[], Any], str, dict[str, Any]]] = {
    "a wrong norm": (
        lambda: Given(THREE, changed(THREE, 1, 1, 3)),
        "entries-agree",
        {"pair": [1, 1], "route": "slow", "values": [["5/2"], ["3"]]},
    ),
    "a wrong entry off the diagonal": (
        lambda: Given(THREE, changed(THREE, 0, 2, Fraction(1, 7))),
        "entries-agree",
        {"pair": [0, 2], "route": "slow", "values": [["0"], ["1/7"]]},
    ),
    "an asymmetric matrix": (
        lambda: Given(changed(THREE, 1, 0, 2), THREE),
        "entries-agree",
        {"pair": [0, 1], "route": "transposed", "values": [["1"], ["2"]]},
    ),
    "two faults: the one nearest to the diagonal": (
        lambda: Given(THREE, changed(changed(THREE, 0, 2, 1), 1, 2, 1)),
        "entries-agree",
        {"pair": [1, 2], "route": "slow", "values": [["-1/3"], ["1"]]},
    ),
    "a matrix of no functions": (
        lambda: Given([[1, 2], [2, 1]]),
        "positive-semidefinite",
        {"vector": ["-2", "1"], "image": ["0", "-3"], "value": "-3"},
    ),
    "three functions that cannot be": (
        lambda: Given([[4, 3, -3], [3, 4, 3], [-3, 3, 4]]),
        "positive-semidefinite",
        {"vector": ["3", "-3", "1"], "image": ["0", "0", "-14"], "value": "-14"},
    ),
    "a zero function that correlates": (
        lambda: Given([[0, 1], [1, 4]]),
        "positive-semidefinite",
        {"vector": ["-5", "2"], "image": ["2", "3"], "value": "-4"},
    ),
    "a zero function": (
        lambda: Given([[1, 0], [0, 0]]),
        "norm",
        {"member": 1, "norm_squared": "0"},
    ),
    "a member twice, up to scale": (
        lambda: Given([[1, 0, -3], [0, 1, 0], [-3, 0, 9]]),
        "near-orthogonality",
        {"pair": [0, 2], "correlation_squared": "1"},
    ),
    "more members than there are": (
        lambda: Given(THREE, size=1000),
        "size",
        {"claimed": "1000", "listed": "3"},
    ),
    "fewer members than there are": (
        lambda: Given(THREE, size=2),
        "size",
        {"claimed": "2", "listed": "3"},
    ),
    "an enclosed entry that cannot be": (
        lambda: Given([[1, ROOT], [ROOT, 1]]),
        "positive-semidefinite",
        {"pair": [0, 1]},
    ),
    "an enclosed entry, another by the second route": (
        lambda: Given(IRRATIONAL, changed(IRRATIONAL, 1, 1, Fraction(7, 5))),
        "entries-agree",
        {
            "pair": [1, 1],
            "route": "slow",
            "values": [
                [str(ROOT.enclosure().lower), str(ROOT.enclosure().upper)],
                ["7/5"],
            ],
        },
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_every_lie_about_entries_is_caught_with_its_witness(lie: str) -> None:
    make, kind, witness = LIES[lie]
    report = cs.verify(make())
    assert report.refuted[0].type == kind
    assert report[kind].witness == witness
    assert accepted(report).refuted[0] == kind


class TwoSquares:
    """x_0² and x_1² - 1 under the Gaussian: whatever else can be lied about."""

    group = group("S2")
    distribution = cs.Gaussian().on(2)
    values: tuple[Callable[[Any], Any], ...] = (
        lambda x: x[0] ** 2 + x[1] ** 2,
        lambda x: (x[0] - x[1]) ** 2,
    )
    matrix = ((8, 8), (8, 12))

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        function = self.values[index]

        class Function:
            def __call__(self, x: Any) -> Any:
                return function(x)

            def network(self) -> Any:
                return function

        return Function()

    def gram_entry(self, i: int, j: int) -> Any:
        return self.matrix[i][j]

    gram_entry_slow = gram_entry


def test_functions_that_are_not_invariant_or_not_their_networks_are_caught_by_claims() -> None:
    class NotInvariant(TwoSquares):
        values = (TwoSquares.values[0], lambda x: x[0] ** 2 + x[1])

    class OtherNetwork(TwoSquares):
        def __getitem__(self, index: int) -> Any:
            member = super().__getitem__(index)
            if index:
                type(member).network = lambda self: lambda x: x[0] ** 2 + x[1] ** 2
            return member

    claims = [cs.claims.Invariance(), cs.claims.Realisability()]
    assert cs.verify(TwoSquares(), claims=claims).holds
    report = cs.verify(NotInvariant(), claims=claims)
    assert [claim.type for claim in report.refuted] == ["invariance"]
    witness = report["invariance"].witness
    assert witness is not None and witness["member"] == 1 and witness["generator"] == 0
    report = cs.verify(OtherNetwork(), claims=claims)
    assert [claim.type for claim in report.refuted] == ["realisability"]
    assert report["realisability"].witness == {
        "member": 1,
        "point": ["1", "1"],
        "network": "2",
        "function": "0",
    }


def test_a_law_that_the_group_does_not_preserve_is_refuted_and_the_entries_stand() -> None:
    family = Given(THREE, group=group("S2"))
    family.distribution = cs.distributions.parse("gaussian x rademacher")
    report = cs.verify(family)
    assert [claim.type for claim in report.refuted] == ["distribution-preserved"]
    assert report["csq-bound"].status == "tested"
    accepted(report)


@pytest.mark.parametrize("size", [1, 63, 64, 65, 130])
def test_small_and_large_classes(size: int) -> None:
    """Up to 64 members entries are listed, beyond that the digests of blocks."""
    report = cs.verify(Sums(size) if size > 2 else Given([[Fraction(3, 7)]]))
    accepted(report)
    gram = report["gram"].record
    assert ("entries" in gram) == (size <= 64) and ("blocks" in gram) == (size > 64)
    assert report["positive-semidefinite"].record["minors"] == (size if size <= 64 else 2)
    assert report["entries-agree"].record["pairs"] == str(min(20_000, size * (size + 1) // 2))


def test_of_a_large_class_pairs_near_the_diagonal_are_compared() -> None:
    class Far(Sums):
        def gram_entry_slow(self, i: int, j: int) -> Any:
            return self.gram_entry(i, j) + (abs(i - j) == self.far)

    family = Far(250)
    family.far = 70
    assert cs.verify(family)["entries-agree"].witness == {
        "pair": [0, 70],
        "route": "slow",
        "values": [["0"], ["1"]],
    }
    family.far = 200  # beyond the first 20,000 pairs
    report = cs.verify(family)
    assert report.holds and accepted(report)
    assert report["entries-agree"].value == "20000 pairs"


def test_pairs_are_compared_in_one_order_each_once() -> None:
    for size in (1, 2, 7):
        pairs = list(user_defined.compared_pairs(size))
        assert sorted(pairs) == [(i, j) for i in range(size) for j in range(i, size)]
        assert pairs == sorted(pairs, key=lambda pair: (pair[1] - pair[0], pair[0]))
    assert len(list(user_defined.compared_pairs(2_000))) == 20_000


def test_the_rows_of_the_certificate_are_the_answers() -> None:
    body = cs.verify(Given(THREE)).certificate.body
    assert body["functions"] == [
        {"name": "f(0)", "row": [[0, "2"], [1, "1"]]},
        {"name": "f(1)", "row": [[1, "5/2"], [2, "-1/3"]]},
        {"name": "f(2)", "row": [[2, "2"]]},
    ]
    assert body["family"] == {"kind": "user-defined", "size": "3", "disagreement": None}
    enclosed = cs.verify(Given(IRRATIONAL)).certificate.body["functions"][1]["row"]
    assert len(enclosed[0]) == 3 and len(enclosed[1]) == 2


def test_answers_may_be_exact_reals_enclosures_and_flint_numbers() -> None:
    import flint

    cell = (ROOT / 3).enclosure()
    matrix = [[flint.fmpz(2), cell], [cell, flint.fmpq(7, 2)]]
    second = [[ExactReal.of(2), ROOT / 3], [ROOT / 3, Enclosure(Fraction(3), Fraction(4), 0)]]
    report = cs.verify(Given(matrix, second))
    assert report.holds and accepted(report)
    assert report.gram[0, 1] == cell and report.gram[1, 1] == Fraction(7, 2)


def refused(family: Any, error: type[Exception] = VerificationError) -> str:
    with pytest.raises(error) as caught:
        cs.verify(family)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_bad_answers_are_named() -> None:
    assert "gram_entry(0, 1): must be an exact rational, got the float 0.5" in refused(
        Given([[1, 0.5], [0.5, 1]]), ExactnessError
    )
    assert "gram_entry_slow(1, 1): must be an exact rational, got the NoneType" in refused(
        Given([[1, 0], [0, 1]], [[1, 0], [0, None]]), ExactnessError
    )
    wide = Enclosure(Fraction(0), Fraction(1), 0)
    assert "an enclosure must be the canonical one of 30 digits" in refused(Given([[wide]]))
    ragged = Given([[1, 0], [0]])
    assert refused(ragged).startswith("gram_entry(1, 1): raised IndexError: list index")

    class Broken(Sums):
        def gram_entry(self, i: int, j: int) -> Any:
            raise FamilyError("members: too many")

    assert refused(Broken(), FamilyError) == "members: too many"


@pytest.mark.parametrize(
    ("law", "largest"),
    [
        (cs.Sphere().on(4), Fraction(0)),
        (cs.Slice(2).on(4), Fraction(1, 9)),  # (1/6 / (1/2))^2
        (cs.FiniteJoint([(0, 1), (1, 0), (1, 1)]), Fraction(1, 4)),  # (1/3 / (2/3))^2
    ],
    ids=["sphere", "slice", "finite"],
)
def test_laws_whose_coordinates_depend_on_each_other(law: Any, largest: Fraction) -> None:
    swap = PermutationGroup([[1, 0, *range(2, law.dimension)]])
    report = cs.verify(Coordinates(law, swap))
    assert report.holds and report["near-orthogonality"].status == "tested"
    claims = {claim["type"]: claim for claim in report.certificate.body["claims"]}
    assert Fraction(claims["near-orthogonality"]["maximum"]) == largest
    checked = checker.check(report.certificate.text.encode())
    assert checked.holds and "gram" in checked.tested
    # The same entries under another law, with its own hash, are another certificate: true as well,
    # since the entries are inputs. The hash of one law does not go with another one.
    body = json.loads(report.certificate.text)
    other = {"joint": {"kind": "slice", "points": law.dimension, "ones": 1}}
    body["distribution"] = other
    found = checker.check(samples.canonical(samples.sealed(body)))
    assert [path for path, _ in found.failures] == ["claims[0].inputs"]


def test_a_joint_law_that_the_group_moves_is_rejected() -> None:
    """Nothing else in the file depends on the law, whose hash is right."""
    group = PermutationGroup([[1, 0]])
    family = Coordinates(cs.FiniteJoint([(0, 1), (1, 0)]), group)
    body = json.loads(cs.verify(family).certificate.text)
    body["distribution"]["joint"]["support"] = ["0 1", "1 1"]
    section = hashlib.sha256(samples.canonical(body["distribution"])).hexdigest()
    body["claims"][0]["inputs"] = section
    found = checker.check(samples.canonical(samples.sealed(body)))
    assert found.failures == [("group.generators[0]", "must preserve the distribution")]


def test_bad_families_are_refused_before_any_work() -> None:
    class Patient(Given):
        def gram_entry(self, i: int, j: int) -> Any:
            raise AssertionError("work was started")

    family = Patient(THREE, size=-1)
    assert "its size must be an integer >= 1, got -1" in refused(family)
    assert refused(Patient(THREE, size=True)).startswith("family: its size must be an integer")
    empty = Patient([], size=0)
    assert "must have at least one member" in refused(empty)
    other = Patient(THREE, group=PermutationGroup([], degree=2))
    other.distribution = cs.Gaussian().on(3)
    assert "group: must move the 3 coordinates of the law, got degree 2" in refused(other)
    other = Patient(THREE, group=PermutationGroup([[1, 2, 0]]))
    other.distribution = cs.FiniteJoint([(0, 0, 1), (0, 1, 0), (1, 1, 1)])
    assert "must be preserved by the group" in refused(other)
    other.distribution = "a sphere"
    assert "must be a product law, a sphere, a slice or a FiniteJoint, got a sphere" in refused(
        other
    )
    large = Patient([[1]] * 2_001)
    assert "at most 2000 members here, got 2001" in refused(large)
    assert refused([1]).startswith(
        "family: must be a family, got list, which lacks group, distribution, gram_entry, gram_"
    )


class Expanded:
    """Members that are expansions over a product law: nothing has to be believed."""

    group = group("C4")
    distribution = cs.Gaussian().on(4)

    def __init__(self) -> None:
        self.listed = [
            cs.Expansion(self.group, self.distribution, coefficients)
            for coefficients in ({(0, 0, 1, 1): 1}, {(0, 0, 0, 2): 1, (0, 0, 1, 1): 1})
        ]

    def __len__(self) -> int:
        return len(self.listed)

    def __getitem__(self, index: int) -> cs.Expansion:
        return self.listed[index]

    def gram_entry(self, i: int, j: int) -> Any:
        return self.listed[i].inner(self.listed[j])

    def gram_entry_slow(self, i: int, j: int) -> Any:
        f, g = self.listed[i].terms(), self.listed[j].terms()
        return self.distribution.inner_product_via_moments(f, g)


def test_members_that_are_expansions_are_proved() -> None:
    report = cs.verify(Expanded(), claims=[cs.claims.Invariance(), cs.claims.NormBounds(1, 50)])
    accepted(report)
    assert report.certificate.body["family"]["kind"] == "expansions"
    assert {claim.status for claim in report.claims} == {"proved"}
    assert report.gram[0, 1] == 4 and report.gram[1, 1] == 12


def test_entries_are_compared_with_expansions_of_members() -> None:
    class Wrong(Expanded):
        def gram_entry(self, i: int, j: int) -> Any:
            return super().gram_entry(i, j) + (i != j)

    class Silent(Expanded):
        gram_entry = property()  # type: ignore[assignment]

    assert refused(Wrong()) == (
        "gram_entry(0, 1): must be the inner product of the members' expansions, 4, got "
        "5; correct the one or the other"
    )
    assert accepted(cs.verify(Silent())).holds


def test_a_family_without_a_size_of_its_own_has_its_length() -> None:
    family = Walsh(3)
    assert not hasattr(family, "size")
    assert cs.verify(family)["size"].record == {"value": "3"}


def test_the_same_answers_give_the_same_bytes() -> None:
    assert cs.verify(Given(THREE)).certificate.text == cs.verify(Given(THREE)).certificate.text
    assert (
        cs.verify(Given([[Fraction(4, 2)]])).certificate.text
        == cs.verify(Given([[2]])).certificate.text
    )


# -- the checker against lies with fresh hashes ----------------------------------------------------


def body_of(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(cs.verify(SAMPLES[name]()).certificate.text)
    return body


def failures(body: dict[str, Any]) -> list[tuple[str, str]]:
    return checker.check(samples.canonical(samples.sealed(body))).failures


def test_a_disagreement_that_is_none_is_rejected() -> None:
    name = "user-defined, refuted: two routes"
    for value, path in (
        (["-1/3"], "family.disagreement.value"),  # the entry itself
        (["-1/2", "0"], "family.disagreement.value"),  # bounds that contain it
        (["1", "1/2"], "family.disagreement.value"),
        ([], "family.disagreement.value"),
        (["0.5"], "family.disagreement.value[0]"),
    ):
        body = body_of(name)
        body["family"]["disagreement"]["value"] = value
        assert failures(body)[0][0] == path, value
    body = body_of(name)
    body["family"]["disagreement"] |= {"pair": [1, 1], "route": "transposed"}
    assert failures(body)[0][0] == "family.disagreement.pair"
    body["family"]["disagreement"] |= {"pair": [0, 3]}
    assert failures(body)[0][0] == "family.disagreement.pair[1]"
    body["family"]["disagreement"] |= {"pair": [0]}
    assert failures(body)[0][0] == "family.disagreement.pair"
    body = body_of("user-defined")
    body["family"]["disagreement"] = {"pair": [0, 1], "route": "slow", "value": ["7"]}
    assert {path for path, _ in failures(body)} >= {"claims[2].status", "claims[2].witness"}


def test_rows_have_one_form() -> None:
    good = {"name": "f(0)", "row": [[0, "2"], [1, "1"]]}
    for row, path in (
        ([[0, "2"], [1, "1"], [2, "0"]], "functions[0].row"),  # zeros are left out
        ([[0, "2"], [1, "1"], [1, "1"]], "functions[0].row"),
        ([[1, "1"], [0, "2"]], "functions[0].row[0][0]"),
        ([[0, "2"], [3, "1"]], "functions[0].row[1][0]"),
        ([[0, "2", "3"], [1, "1"]], "functions[0].row[0][2]"),  # not the bounds of 30 digits
        ([[0, "2", "2"], [1, "1"]], "functions[0].row[0]"),
        ([[0], [1, "1"]], "functions[0].row[0]"),
        ([[], [1, "1"]], "functions[0].row[0][0]"),
        ([[0, 2], [1, "1"]], "functions[0].row[0][0]"),
        ([[0, "4/2"], [1, "1"]], "functions[0].row[0][0]"),
    ):
        body = body_of("user-defined")
        assert body["functions"][0] == good
        body["functions"][0]["row"] = row
        assert failures(body)[0][0] == path, row
    body = body_of("user-defined")
    body["functions"][1]["row"] = body["functions"][1]["row"][1:]  # a norm of 0
    assert failures(body)
    body["functions"] = []
    assert failures(body)[0][0] == "functions"


def test_vectors_of_negative_square_are_checked() -> None:
    def with_vector(matrix: list[list[int]], vector: list[str]) -> list[tuple[str, str]]:
        body = json.loads(cs.verify(Given(matrix)).certificate.text)
        body["claims"][3]["witness"]["vector"] = vector
        return failures(body)

    place = "claims[3].witness.vector"
    indefinite = [[1, 2, 0], [2, 1, 0], [0, 0, 0]]
    for vector, path in (
        (["1", "1", "0"], place),  # its square is not negative
        (["-3", "2", "0"], "claims[3].witness.image[0]"),  # another true one
        (["-2", "1", "7"], place + "[2]"),  # nothing but 0 can be there
        (["-2", "1"], place),
        (["-2", "1/2", "0"], place),
        ([], place),
    ):
        assert with_vector(indefinite, vector)[0][0] == path, vector
    body = json.loads(cs.verify(Given(indefinite)).certificate.text)
    body["claims"][3] = {"type": "positive-semidefinite", "status": "proved", "minors": 3}
    assert failures(body) == [("claims[3].status", "must be refuted, with a vector")]
    body = body_of("user-defined")
    body["claims"][3] |= {"status": "refuted", "witness": {"vector": ["1", "0", "0"]}}
    assert failures(body) == [(place, "must have a negative square")]


def test_a_negative_norm_comes_before_pairs_also_of_large_families() -> None:
    matrix = [[(i == j) * (1 - 2 * (i == 65)) for j in range(66)] for i in range(66)]
    matrix[0][1] = matrix[1][0] = 3
    report = cs.verify(Given(matrix))
    assert report["positive-semidefinite"].witness == {"pair": [65, 65]}
    assert accepted(report).refuted == ("positive-semidefinite",)


LONG = 10**5_000  # longer than Python writes


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: cs.verify(Walsh(3), tolerance=Fraction(1, LONG)), "tolerance"),
        (lambda: cs.verify(Given([[LONG]])), "gram_entry(0, 0)"),
        (lambda: cs.verify(Given([[1, 0], [0, 1]], [[1, 0], [0, LONG]])), "gram_entry_slow(1, 1)"),
        (lambda: cs.verify(Given(THREE, size=LONG)), "size"),
        (lambda: cs.verify(Given(THREE, size=-LONG)), "family"),
        # These can be written, but not their quotients.
        (lambda: cs.verify(Given([[10**3000, 1], [1, 10**3000 + 1]])), "certificate"),
        (lambda: cs.ParityNetworks(3, 2, [0, LONG]), "activation[1]"),
        (lambda: cs.ParityNetworks(3, -LONG), "m"),
        (lambda: cs.ParityNetworks(3, 2)[LONG], "index"),
        (lambda: cs.SparseInvariantPolynomials("C3", 2, LONG, 1), "terms"),
        (lambda: cs.Gaussian().on(LONG), "dimension"),
        (lambda: cs.Slice(LONG).on(3), "weight"),
        (lambda: cs.distributions.Bernoulli(Fraction(1, LONG)), ""),
    ],
)
def test_numbers_that_python_cannot_write_end_in_one_line(
    make: Callable[[], Any], place: str
) -> None:
    with pytest.raises(SymcsqError) as caught:
        make()
    message = str(caught.value)
    assert message.startswith(place) and len(message.splitlines()) == 1, message
    assert len(message) < 300 and "digits" in message and "set_int_max" not in message
