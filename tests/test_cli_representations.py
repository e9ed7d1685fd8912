"""`symcsq molien`, `characters` and `basis`."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from subprocess import CompletedProcess
from typing import Any

import pytest

Command = Callable[..., CompletedProcess[str]]


def as_json(done: CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON object on stdout."""
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def series(numerator: list[int], denominator: list[int], terms: int) -> list[int]:
    """Coefficients of a quotient of polynomials, by long division."""
    rest = [*numerator, *([0] * terms)]
    found = []
    for degree in range(terms):
        value = rest[degree]
        found.append(value)
        for power, coefficient in enumerate(denominator):
            if degree + power < len(rest):
                rest[degree + power] -= value * coefficient
    return found


@pytest.mark.parametrize("expression", ["C1", "C6", "S4", "S4 on pairs", "M11"])
def test_molien_counts_orbits_of_monomials(command_here: Command, expression: str) -> None:
    found = as_json(command_here("molien", expression, "--terms", "6", "--json"))
    assert set(found) == {"numerator", "denominator", "coefficients"}
    assert found["coefficients"] == series(found["numerator"], found["denominator"], 6)
    for degree, count in enumerate(found["coefficients"]):
        orbits = as_json(
            command_here("orbits", expression, "--exponents", str(degree), "--count-only", "--json")
        )
        assert orbits["count"] == count


def test_molien_of_all_characters_adds_up_to_all_polynomials(command_here: Command) -> None:
    table = as_json(command_here("characters", "S4", "--json"))
    totals = [0] * 6
    for number, character in enumerate(table["characters"]):
        found = as_json(
            command_here("molien", "S4", "--character", str(number), "--terms", "6", "--json")
        )
        for degree, count in enumerate(found["coefficients"]):
            totals[degree] += character["degree"] * count
    assert totals == [1, 4, 10, 20, 35, 56]  # binom(d + 3, 3)


def test_molien_table(command: Command) -> None:
    done = command("molien", "C3")
    assert (done.returncode, done.stderr) == (0, "")
    assert "(1 - t + t^2)/((1 - t)^3*(1 + t + t^2))" in done.stdout
    assert "1 1 2 4 5 7 10 12 15 19 22" in done.stdout


@pytest.mark.parametrize("expression", ["C4", "S5", "M11", "S3 wr C2"])
def test_characters_json(command_here: Command, expression: str) -> None:
    found = as_json(command_here("characters", expression, "--json"))
    classes, characters = found["classes"], found["characters"]
    assert len(classes) == len(characters)
    assert sum(entry["size"] for entry in classes) == found["order"]
    assert sum(entry["degree"] ** 2 for entry in characters) == found["order"]
    for entry in classes:
        assert set(entry) == {"representative", "size", "element_order", "cycle_type"}
        assert sum(entry["cycle_type"]) == len(entry["representative"])
    for entry in characters:
        assert set(entry) == {"degree", "values", "indicator", "field"}
        assert all(isinstance(value, str) for value in entry["values"])
        assert entry["indicator"] in (-1, 0, 1)
        assert entry["values"][0] == str(entry["degree"])
    assert any(set(entry["values"]) == {"1"} for entry in characters)


def test_irrational_values_are_exact(command_here: Command) -> None:
    found = as_json(command_here("characters", "C5", "--json"))
    values = {value for entry in found["characters"] for value in entry["values"]}
    assert "E(5)" in values
    assert {entry["field"] for entry in found["characters"]} == {"Q", "Q(E(5))"}


def test_characters_table_explains_its_letters(command: Command) -> None:
    done = command("characters", "M11")
    assert (done.returncode, done.stderr) == (0, "")
    assert "A = " in done.stdout and "E(11)" in done.stdout and "X.9" in done.stdout


def test_basis_json(command_here: Command) -> None:
    found = as_json(command_here("basis", "S4 on pairs", "--degree", "3", "--json"))
    assert found["dimension"] == len(found["elements"]) == 6
    for element in found["elements"]:
        assert len(element["terms"]) == element["orbit_size"]
        assert element["representative"] == min(alpha for alpha, _ in element["terms"])
        assert {coefficient for _, coefficient in element["terms"]} == {"1"}


def test_sign_character_gives_the_vandermonde_product(command_here: Command) -> None:
    found = as_json(command_here("basis", "S3", "--degree", "3", "--character", "1", "--json"))
    (element,) = found["elements"]
    assert sorted(coefficient for _, coefficient in element["terms"]) == ["-1"] * 3 + ["1"] * 3
    done = command_here("basis", "S3", "--degree", "3", "--character", "1")
    assert "x1*x2^2 - x1^2*x2" in done.stdout


def test_basis_has_the_dimension_that_molien_says(command_here: Command) -> None:
    for number, degree in enumerate([1, 1, 2, 3, 3]):
        basis = as_json(
            command_here("basis", "S4", "--degree", "4", "--character", str(number), "--json")
        )
        molien = as_json(
            command_here("molien", "S4", "--character", str(number), "--terms", "5", "--json")
        )
        assert basis["dimension"] == degree * molien["coefficients"][4]


def test_norms_are_those_of_the_families(command_here: Command) -> None:
    """|O|·h_O of M2, here from the basis and there from the family."""
    import symcsq as cs
    from groups import group

    for name, law in (("gaussian", cs.Gaussian()), ("uniform", cs.Uniform())):
        found = as_json(
            command_here("basis", "D5", "--degree", "4", "--distribution", name, "--json")
        )
        family = cs.InvariantPolynomials(group("D5"), 4, law)
        norms = [Fraction(element["norm_squared"]) for element in found["elements"]]
        assert norms == [family.norm_squared(i) for i in range(len(family))]


def test_elements_that_vanish_are_left_out(command_here: Command) -> None:
    found = as_json(
        command_here("basis", "C3", "--degree", "2", "--distribution", "rademacher", "--json")
    )
    assert [element["representative"] for element in found["elements"]] == [[0, 1, 1]]


def test_limit(command_here: Command) -> None:
    arguments = ["basis", "C6", "--degree", "3", "--limit", "2"]
    found = as_json(command_here(*arguments, "--json"))
    assert (found["dimension"], len(found["elements"])) == (10, 2)
    assert "8 more are not shown" in command_here(*arguments).stdout


BAD = {
    "no degree": ["basis", "C4"],
    "negative degree": ["basis", "C4", "--degree", "-1"],
    "no such character": ["molien", "C4", "--character", "4"],
    "negative character": ["basis", "C4", "--degree", "1", "--character", "-1"],
    "negative terms": ["molien", "C4", "--terms", "-1"],
    "too many terms": ["molien", "C4", "--terms", "10000000000"],
    "unknown distribution": ["basis", "C4", "--degree", "1", "--distribution", "cauchy"],
    "distribution of another dimension": ["basis", "C4", "--degree", "1"]
    + ["--distribution", "gaussian^3"],
    "distribution not preserved": ["basis", "C2", "--degree", "1"]
    + ["--distribution", "gaussian x rademacher"],
    "too many classes": ["characters", "S200"],
    "unknown group": ["characters", "Q12x"],
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD)
def test_bad_input_is_one_line(command_here: Command, arguments: list[str]) -> None:
    done = command_here(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and "a fault of symcsq" not in done.stderr
