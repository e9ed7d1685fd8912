"""Lemmas by name: parameters as text and as values, errors, the default suite, determinism."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import symcsq as cs
from groups import PermutationGroup
from symcsq.errors import ExactnessError, LemmaError
from symcsq.lemmas import lemma, registry, suite

NAMES = list(registry())


def test_the_registry_names_references_and_defaults():
    definitions = registry()
    assert NAMES[:3] == ["invariant-polynomials", "parity-networks", "frame-averaged"]
    assert {chosen.name for chosen in suite()} == set(NAMES)
    for name, definition in definitions.items():
        assert definition.name == name and definition.summary
        assert definition.reference.statements and "20" in definition.reference.topic
        assert set(definition.defaults) == {p.name for p in definition.parameters}
        assert all(p.meaning and "\n" not in p.meaning for p in definition.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_defaults_hold(name):
    report = lemma(name).verify()
    assert report.holds
    assert cs.check(report.certificate.text.encode()).holds


@pytest.mark.parametrize(
    ("name", "as_text", "as_values"),
    [
        ("invariant-polynomials", {"group": "C6", "degree": "3"}, {"group": "C6", "degree": 3}),
        (
            "invariant-polynomials",
            {"group": "C6", "degree": "2", "multilinear": "true", "distribution": "uniform"},
            {"group": "C6", "degree": 2, "multilinear": True, "distribution": cs.Uniform()},
        ),
        (
            "invariant-polynomials",
            {"group": "C4", "degree": "2", "representatives": "2,0,0,0; 0,1,1,0"},
            {"group": "C4", "degree": 2, "representatives": [(2, 0, 0, 0), (0, 1, 1, 0)]},
        ),
        (
            "parity-networks",
            {"n": "6", "m": " 2 ", "activation": "0,0,1", "tolerance": "0.25"},
            {"n": 6, "m": 2, "activation": [0, 0, 1], "tolerance": "1/4"},
        ),
        (
            "parity-networks",
            {"n": "6", "m": "2", "subsets": "0,1;4,5"},
            {"n": 6, "m": 2, "subsets": [[0, 1], [4, 5]]},
        ),
        (
            "invariant-polynomials",
            {"group": "C4", "degree": "2", "representatives": "[[2, 0, 0, 0],[0, 1, 1, 0]]"},
            {"group": "C4", "degree": 2, "representatives": [[2, 0, 0, 0], [0, 1, 1, 0]]},
        ),
        (
            "frame-averaged",
            {"group": "C6", "m": "2", "frame": "Reynolds"},
            {"group": PermutationGroup(["(1,2,3,4,5,6)"], name="C6"), "m": 2},
        ),
    ],
)
def test_text_and_values_mean_the_same(name, as_text, as_values):
    first, second = lemma(name, **as_text).verify(), lemma(name, **as_values).verify()
    assert first.certificate.body == second.certificate.body
    assert first.certificate.name == second.certificate.name


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("parity", {}, "lemma: must be one of"),
        ("parity-networks", {"k": "3"}, "k: must be a parameter of parity-networks"),
        ("parity-networks", {"n": "sixteen"}, "n: must be an integer"),
        ("parity-networks", {"n": "1e3"}, "n: must be an integer"),
        ("parity-networks", {"n": 16.0}, "n: must be an integer"),
        ("parity-networks", {"n": True}, "n: must be an integer"),
        ("parity-networks", {"n": "0"}, "n: must be between 1 and"),
        ("parity-networks", {"n": "9" * 5000}, "n: must be an integer"),
        ("parity-networks", {"n": "999999"}, "n: must be between"),
        ("parity-networks", {"n": "4", "m": "5"}, "m: must be at most"),
        ("parity-networks", {"activation": "tanh"}, "activation: must be one of"),
        ("parity-networks", {"activation": ""}, "activation: must not be empty"),
        ("parity-networks", {"subsets": "0,1;x"}, "subsets: must be lists of integers"),
        ("parity-networks", {"subsets": "[[0,1],[1"}, r'write subsets="0,1;1,2" or'),
        ("parity-networks", {"subsets": "[0,1]"}, "subsets: must be lists"),
        ("parity-networks", {"subsets": "[" * 100_000}, "subsets: must be lists"),
        ("parity-networks", {"subsets": "[[true, 1]]"}, "subsets: must be lists"),
        ("parity-networks", {"subsets": "[[1.0, 2]]"}, "subsets: must be lists"),
        ("parity-networks", {"subsets": "[]"}, "subsets: must be lists"),
        ("parity-networks", {"subsets": [1, 2]}, "subsets: must be lists"),
        ("parity-networks", {"n": "4", "m": "2", "subsets": "0,9"}, "subsets"),
        ("parity-networks", {"tolerance": "2"}, "tolerance: must satisfy"),
        ("parity-networks", {"tolerance": "small"}, "tolerance: must be an exact rational"),
        ("invariant-polynomials", {"degree": "-1"}, "degree: must be between 0"),
        ("invariant-polynomials", {"multilinear": "maybe"}, "multilinear: must be true or false"),
        ("invariant-polynomials", {"distribution": "cauchy"}, "distribution"),
        ("invariant-polynomials", {"group": "C12", "representatives": "1,1"}, "representatives"),
        ("invariant-polynomials", {"group": "Nonsense99"}, "Nonsense99"),
        ("frame-averaged", {"frame": "folding"}, "frame: must be one of reynolds, sorting"),
        ("frame-averaged", {"group": "C4", "m": "5"}, "m: must be at most"),
    ],
)
def test_bad_parameters_are_one_line(name, parameters, words):
    with pytest.raises(ValueError, match=words) as caught:
        lemma(name, **parameters).verify()
    assert "\n" not in str(caught.value)


def test_lemmas_show_themselves():
    chosen = lemma("frame-averaged", group="C12", m="4")
    assert repr(chosen) == (
        "lemma('frame-averaged', group='C12', m=4, frame='reynolds', activation='relu', "
        "tolerance='1/10')"
    )
    assert chosen.parameters["m"] == 4
    assert "subsets" not in lemma("parity-networks").parameters
    assert "M14" in str(chosen.reference)


def test_odd_relu_is_refuted_by_name():
    report = lemma("parity-networks", n="8", m="3").verify()
    assert not report.holds and report.refuted[0].type == "norm"


def test_errors_are_of_the_tree():
    assert issubclass(LemmaError, ValueError)


def test_the_suite_holds_and_is_accepted():
    names = set()
    for chosen in suite():
        report = chosen.verify()
        assert report.holds, (chosen, report)
        checked = cs.check(report.certificate.text.encode())
        assert checked.holds, (chosen, checked.failures)
        names.add(report.certificate.name)
    assert len(names) == len(suite())
    assert "invariant-polynomials-C12-d4-gaussian.json" in names
    assert "parity-networks-n16-m4-relu.json" in names


SCRIPT = """
import hashlib
from symcsq.lemmas import lemma
chosen = [
    lemma("invariant-polynomials", group="S6 on pairs", degree=3),
    lemma("invariant-polynomials", group="M11", degree=2, distribution="rademacher"),
    lemma("parity-networks", n="5", m="3"),
    lemma("parity-networks", n="6", m="2", subsets="0,1;1,2;0,1"),
    lemma("frame-averaged", group="D6", m="2"),
]
digest = hashlib.sha256()
for item in chosen:
    certificate = item.verify().certificate
    digest.update(certificate.name.encode() + certificate.text.encode())
print(digest.hexdigest())
"""


def test_two_hash_seeds_give_the_same_bytes():
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "4242")
    }
    assert len(outputs) == 1 and len(outputs.pop().strip()) == 64


@pytest.mark.parametrize(
    "value", ["99999999999", "9" * 3000, 10**5000, -1, "-0000000000001"], ids=range(5)
)
def test_numbers_out_of_range_are_answered_with_the_range(value: object) -> None:
    with pytest.raises(LemmaError, match="n: must be between 1 and 4096, got ") as caught:
        lemma("parity-networks", n=value)
    assert len(str(caught.value)) < 200


def test_empty_lists_are_refused_like_other_empty_values() -> None:
    with pytest.raises(LemmaError, match="subsets: must not be empty; leave subsets out"):
        lemma("parity-networks", subsets=" ")


def test_a_bad_tolerance_is_refused_before_the_family_is_built(monkeypatch):
    chosen = lemma("parity-networks", tolerance="2")
    monkeypatch.setattr(type(chosen), "family", lambda self: pytest.fail("the family was built"))
    with pytest.raises(ExactnessError, match="0 < tolerance < 1"):
        chosen.verify()
