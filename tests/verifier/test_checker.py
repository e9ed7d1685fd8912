"""The checker's own mathematics against definitions, brute force and other libraries."""

from __future__ import annotations

import ast
import json
import math
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from fractions import Fraction
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symcsq as cs
from groups import group
from symcsq.lemmas import suite
from symcsq.verifier import checker
from tests.verifier import certificate_samples as samples

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "symcsq" / "verifier" / "checker.py"
C4 = [(1, 2, 3, 0)]
S3 = [(1, 0, 2), (1, 2, 0)]
S4 = [(1, 0, 2, 3), (1, 2, 3, 0)]
KLEIN = [(1, 0, 3, 2), (2, 3, 0, 1)]
S4_ON_PAIRS = [(0, 3, 4, 1, 2, 5), (3, 4, 0, 5, 1, 2)]

SAMPLES = {
    "four points, cubic": samples.invariants(C4, 4, 3),
    "four points, quartic": samples.invariants(S4, 4, 4),
    "uniform": samples.invariants(S3, 3, 2, "uniform"),
    "rademacher": samples.invariants(S3, 3, 2, "rademacher"),
    "multilinear": samples.invariants(KLEIN, 4, 2, multilinear=True),
    "trivial group": samples.invariants([], 2, 3),
    "one point": samples.invariants([], 1, 5),
    "constants": samples.invariants(C4, 4, 0),
    "no points": samples.invariants([], 0, 0),
    "parities": samples.parity_networks(4, 2),
    "one parity": samples.parity_networks(2, 2),
    "averages": samples.frame_averaged(C4, 4, 2),
    "averages, trivial group": samples.frame_averaged([], 3, 2),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_stranger_s_certificate_is_accepted(name: str) -> None:
    report = checker.check(samples.to_bytes(SAMPLES[name]))
    assert report.failures == []
    assert report.holds and report.verdict == "accepted"


@pytest.mark.parametrize("name", SAMPLES)
def test_the_schema_describes_it(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((PROJECT / "docs" / "certificate.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    assert [error.message for error in validator.iter_errors(SAMPLES[name])] == []
    broken = json.loads(json.dumps(SAMPLES[name]))
    broken["claims"][0]["status"] = "believed"
    assert list(validator.iter_errors(broken))


def test_the_example_of_the_specification_is_a_certificate() -> None:
    page = (PROJECT / "docs" / "certificates.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert checker.check(example.encode()).failures == []
    assert json.loads(example) == samples.invariants([(1, 0)], 2, 2)


def test_white_space_carries_no_meaning() -> None:
    body = SAMPLES["averages"]
    assert checker.check(json.dumps(body).encode()).holds
    assert checker.check(json.dumps(body, indent=7).encode()).holds


# --------------------------------------------------------------------------------- running alone


def test_only_the_standard_library_is_imported() -> None:
    names = set()
    for node in ast.walk(ast.parse(SOURCE.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module))
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def run_alone(folder: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    shutil.copy(SOURCE, folder / "checker.py")
    command = [sys.executable, "-I", "-S", str(folder / "checker.py"), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_exit_codes_of_the_file_on_its_own(tmp_path: Path) -> None:
    good, false, broken = (tmp_path / name for name in ("good.json", "false.json", "broken.json"))
    good.write_bytes(samples.to_bytes(SAMPLES["averages"]))
    lie = json.loads(good.read_text("utf-8"))
    lie["group"]["order"] = "5"
    false.write_bytes(samples.to_bytes(samples.sealed(lie)))
    broken.write_bytes(good.read_bytes()[:-30])
    for files, code in [
        ([good], 0),
        ([good, good], 0),
        ([false], 1),
        ([good, false, broken], 1),
        ([broken], 2),
        ([good, tmp_path / "absent.json"], 2),
        ([tmp_path], 2),
        ([], 2),
    ]:
        result = run_alone(tmp_path, *files)
        assert (result.returncode, result.stderr) == (code, "")
    result = run_alone(tmp_path, false)
    assert 'group.order: must be "4", found "5"' in result.stdout


# -------------------------------------------------------------------------------- distributions

LAWS = {
    "gaussian": [],
    "rademacher": [],
    "uniform": [],
    "bernoulli": ["1/3"],
    "finite": ["-2", "-1", "1/2", "2"],
    "weighted": ["-1", "1/4", "0", "1/2", "3", "1/4"],
    "moments": ["1", "0", "1", "0", "3", "0", "15", "0", "105", "0", "945", "0", "10395"],
}


def marginal(kind: str, parameters: list[str]) -> checker.Marginal:
    value = {"kind": kind, "parameters": parameters, "moments": 0, "norms": 0, "multiplicity": 0}
    return checker.read_marginal(value, "m", checker.Budget())


@pytest.mark.parametrize("kind", LAWS)
def test_norms_are_those_of_gram_schmidt(kind: str) -> None:
    law = marginal(kind, LAWS[kind])

    def inner(f: list[Fraction], g: list[Fraction]) -> Fraction:
        terms = (a * b * (law.moment(i + j) or 0) for i, a in enumerate(f) for j, b in enumerate(g))
        return sum(terms, Fraction(0))

    basis: list[list[Fraction]] = []
    norms: list[Fraction] = []
    for k in range(7):
        p = [Fraction(int(i == k)) for i in range(k + 1)]
        for q, h in zip(basis, norms, strict=True):
            c = inner(p, q) / h
            p = [a - c * (q[i] if i < len(q) else 0) for i, a in enumerate(p)]
        if not inner(p, p):
            break
        basis.append(p)
        norms.append(inner(p, p))
    assert law.norms(7) == norms
    assert law.support == (None if len(norms) == 7 else len(norms))


def test_closed_norms() -> None:
    assert marginal("gaussian", []).norms(9) == [math.factorial(k) for k in range(9)]
    uniform = marginal("uniform", []).norms(7)
    assert uniform == [samples.NORMS["uniform"](k) for k in range(7)]


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("gaussian", ["1"]),
        ("bernoulli", []),
        ("bernoulli", ["0"]),
        ("bernoulli", ["1"]),
        ("bernoulli", ["-1/2"]),
        ("bernoulli", ["1/2", "1/2"]),
        ("finite", []),
        ("finite", ["1", "0"]),
        ("finite", ["0", "0"]),
        ("weighted", []),
        ("weighted", ["0"]),
        ("weighted", ["0", "1", "2"]),
        ("weighted", ["0", "1/2", "1", "1/3"]),
        ("weighted", ["0", "3/2", "1", "-1/2"]),
        ("weighted", ["1", "1/2", "0", "1/2"]),
        ("moments", []),
        ("moments", ["2", "0", "1"]),
        ("moments", ["1", "0", "-1"]),
        ("moments", ["1", "1", "1", "1", "2"]),  # after h_1 = 0 all moments are 1
        ("moments", ["1", "1", "1", "2"]),
        ("moments", ["1", "0", "1", "0", "1/2"]),
        ("cauchy", []),
    ],
)
def test_parameters_of_no_distribution(kind: str, parameters: list[str]) -> None:
    with pytest.raises(checker.Rejected):
        marginal(kind, parameters)


def test_a_degenerate_sequence_of_moments_is_a_law() -> None:
    assert marginal("moments", ["1", "1", "1", "1", "1"]).support == 1
    assert marginal("moments", ["1", "0", "1", "0", "1", "0"]).support == 2


@pytest.mark.parametrize(
    "text", ["1.5", "+1", "01", "-0", "2/4", "3/1", "1/0", "1/-2", "", " 1", "٣"]
)
def test_numbers_have_one_way_of_writing(text: str) -> None:
    with pytest.raises(checker.Rejected):
        checker.rational(text, "x")


def test_equal_laws_in_different_words() -> None:
    laws = [
        marginal("rademacher", []),
        marginal("finite", ["-1", "1"]),
        marginal("weighted", ["-1", "1/2", "1", "1/2"]),
        marginal("moments", ["1", "0", "1", "0", "1"]),
        marginal("gaussian", []),
        marginal("uniform", []),
        marginal("finite", ["-1", "0", "1"]),
    ]
    law = checker.Law(laws, list(range(7)))
    assert all(law.difference(a, b) == 0 for a in range(4) for b in range(4))
    assert [law.difference(0, b) for b in (4, 5, 6)] == [4, 2, 2]
    assert law.difference(4, 5) == 2


# --------------------------------------------------------------------------------------- groups


@st.composite
def generator_lists(draw: st.DrawFn) -> tuple[list[tuple[int, ...]], int]:
    degree = draw(st.integers(1, 4))
    others = [g for g in permutations(range(degree)) if g != tuple(range(degree))]
    chosen = st.lists(st.sampled_from(others), max_size=2, unique=True) if others else st.just([])
    return draw(chosen), degree


@settings(max_examples=40)
@given(generator_lists())
def test_orders_are_those_of_the_listed_groups(case: tuple[list[Any], int]) -> None:
    generators, degree = case
    elements = samples.closure(generators, degree)
    section = samples.group_section(generators, degree)
    group = checker.read_group(section, degree, checker.Budget())
    assert group.order == len(elements)
    assert json.loads(json.dumps(group.section)) == section
    made = [tuple(g[:degree]) for g in group.elements()]
    assert len(made) == len(elements) and set(made) == set(elements)


def test_a_chain_that_stops_early_is_refused() -> None:
    section = samples.group_section(S4, 4)
    section["chain"]["base"].pop()
    section["chain"]["levels"].pop()
    with pytest.raises(checker.Rejected):
        checker.read_group(section, 4, checker.Budget())


def test_strong_generators_of_a_subgroup_are_refused() -> None:
    """A chain for the rotations does not prove the order of the dihedral group."""
    rotations = samples.group_section(C4, 4)
    section = samples.group_section([(3, 2, 1, 0), *C4], 4)
    chain = json.loads(json.dumps(rotations["chain"]))
    for entry in chain["strong_generators"]:
        entry["item"] += 1
    chain["program"] = [[a + 1 for a in step] for step in chain["program"]]
    section["chain"] = chain
    with pytest.raises(checker.Rejected, match="does not sift"):
        checker.read_group(section, 4, checker.Budget())


@pytest.mark.parametrize("n", [3, 255, 256, 257, 510, 511, 600])
def test_both_kinds_of_words_compose_alike(n: int) -> None:
    words = checker.Words(n)
    p = [(7 * i + 3) % n for i in range(n)] if n % 7 else [(5 * i + 1) % n for i in range(n)]
    q = [(i + n // 2) % n for i in range(n)]
    x = [i % 5 for i in range(n)]
    left, right = words.permutation(p), words.permutation(q)
    assert list(words.move(right, left)[:n]) == [p[q[i]] for i in range(n)]  # p*q
    assert words.move(left, words.inverse(left)) == words.identity
    moved = words.mover(left)(words.table(bytes(x)))
    assert isinstance(moved, bytes) and len(moved) == n
    assert all(moved[p[i]] == x[i] for i in range(n))


@pytest.mark.parametrize("generators", [C4, S4, KLEIN, []])
@pytest.mark.parametrize("degree", [0, 1, 2, 4])
def test_counting_orbits_three_ways(
    generators: list[Any], degree: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = samples.group_section(generators, 4)
    group = checker.read_group(section, 4, checker.Budget())
    elements = samples.closure(generators, 4)
    for cap in (1, 2, degree):
        space = [x for x in product(range(cap + 1), repeat=4) if sum(x) == degree]
        brute = len({min(samples.act(g, x) for g in elements) for x in space})
        by_elements = checker.count_orbits(group, degree, [cap] * 4)
        with monkeypatch.context() as patch:
            patch.setattr(checker, "MAX_ELEMENTS", 0)
            by_listing = checker.count_orbits(group, degree, [cap] * 4)
        assert by_elements == by_listing == brute


@pytest.mark.parametrize("generators", [C4, S4, KLEIN, [(1, 0, 2, 3), (0, 1, 3, 2)], S4_ON_PAIRS])
@pytest.mark.parametrize("tree_limit", [0, 2, 6, 1_000])
def test_orbits_that_are_not_listed(
    generators: list[Any], tree_limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Size, least vector and membership from cosets of a point stabiliser, or from a list."""
    monkeypatch.setattr(checker, "TREE_LIMIT", tree_limit)
    n = len(generators[0])
    group = checker.read_group(samples.group_section(generators, n), n, checker.Budget())
    elements = samples.closure(generators, n)
    space = [bytes(x) for x in product(range(3), repeat=n) if sum(x) == 3]
    for seed in space:
        orbit = {bytes(samples.act(g, tuple(seed))) for g in elements}
        size, least, holds, tree = checker.survey(seed, group)
        assert (size, least) == (len(orbit), min(orbit))
        assert (tree is None) == (size > tree_limit)
        assert [x for x in space if holds(x)] == sorted(orbit)


@given(st.lists(st.integers(0, 3), max_size=4), st.integers(0, 6))
def test_vectors_within_caps(caps: list[int], degree: int) -> None:
    expected = [x for x in product(*(range(c + 1) for c in caps)) if sum(x) == degree]
    assert Counter(map(tuple, checker.vectors(degree, caps))) == Counter(expected)
    assert checker.count_fixed(degree, [(1, cap) for cap in caps]) == len(expected)


# -------------------------------------------------------------------------------------- kernels

ACTIVATIONS = {
    "relu": lambda t: max(t, 0.0),
    "abs": abs,
    "sign": lambda t: math.copysign(1.0, t) if t else 0.0,
    "erf": math.erf,
}


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("rho", [Fraction(-3, 4), Fraction(0), Fraction(1, 3), Fraction(4, 5)])
def test_kernels_are_gaussian_expectations(name: str, rho: Fraction) -> None:
    """A plain midpoint sum of phi(u) phi(v) over the plane, to three digits."""
    phi, r = ACTIVATIONS[name], float(rho)
    step = 0.05
    grid = [(k + 0.5) * step for k in range(-120, 120)]
    weights = [math.exp(-t * t / 2) * step / math.sqrt(2 * math.pi) for t in grid]
    other = math.sqrt(1 - r * r)
    total = sum(
        wu * wz * phi(u) * phi(r * u + other * z)
        for u, wu in zip(grid, weights, strict=True)
        for z, wz in zip(grid, weights, strict=True)
    )
    lower, upper = map(Fraction, checker.enclose(checker.kernel(name, rho)))
    assert abs(float(lower) - total) < 2e-3
    assert 0 <= upper - lower <= Fraction(1, 10**30)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_enclosures_are_the_floors_of_another_library(name: str) -> None:
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workdps(80):
        for m in range(1, 13):
            for h in range(m + 1):
                r = mpmath.mpf(m - 2 * h) / m
                value = {
                    "relu": lambda r=r: (
                        (mpmath.sqrt(1 - r * r) + r * (mpmath.pi - mpmath.acos(r)))
                        / (2 * mpmath.pi)
                    ),
                    "abs": lambda r=r: (
                        2 * (mpmath.sqrt(1 - r * r) + r * mpmath.asin(r)) / mpmath.pi
                    ),
                    "sign": lambda r=r: 2 * mpmath.asin(r) / mpmath.pi,
                    "erf": lambda r=r: 2 * mpmath.asin(2 * r / 3) / mpmath.pi,
                }[name]()
                lower, upper = map(
                    Fraction, checker.enclose(checker.kernel(name, Fraction(m - 2 * h, m)))
                )
                if lower == upper:
                    assert abs(value - mpmath.mpf(lower.numerator) / lower.denominator) < 1e-70
                else:
                    floor = int(mpmath.floor(value * mpmath.mpf(10) ** 30))
                    assert (lower, upper) == (
                        Fraction(floor, 10**30),
                        Fraction(floor + 1, 10**30),
                    )


def test_norms_of_relu_networks_are_those_of_the_mathematics_page() -> None:
    expected = {
        2: "0.72676045526",
        4: "0.30301654999",
        6: "0.42923284256",
        8: "0.87394968609",
    }
    for m, digits in expected.items():
        lower, upper = map(Fraction, checker.enclose(checker.network_norm("relu", m)))
        assert Fraction(digits) <= lower < upper <= Fraction(digits) + Fraction(1, 10**11)
    assert checker.enclose(checker.network_norm("relu", 1)) == ["1", "1"]
    for m in range(3, 40, 2):
        assert checker.network_norm("relu", m) == {}


def test_which_norms_are_exact() -> None:
    for m in range(1, 25):
        assert (checker.network_norm("abs", m) == {}) == (m % 2 == 1)
        assert (checker.network_norm("sign", m) == {}) == (m % 2 == 0)
        assert (checker.network_norm("erf", m) == {}) == (m % 2 == 0)
    assert checker.enclose(checker.network_norm("sign", 1)) == ["4", "4"]


def test_large_cancellations_are_decided() -> None:
    """2^m times an alternating sum of binomials: the precision must grow by itself."""
    mpmath = pytest.importorskip("mpmath")
    m = 60
    with mpmath.workdps(120):
        total = mpmath.mpf(0)
        for h in range(m + 1):
            r = mpmath.mpf(m - 2 * h) / m
            k = (mpmath.sqrt(1 - r * r) + r * (mpmath.pi - mpmath.acos(r))) / (2 * mpmath.pi)
            total += (-1) ** h * math.comb(m, h) * k
        floor = int(mpmath.floor(2**m * total * mpmath.mpf(10) ** 30))
    lower, upper = map(Fraction, checker.enclose(checker.network_norm("relu", m)))
    assert (lower * 10**30, upper * 10**30) == (floor, floor + 1)


def test_pi() -> None:
    low, high = checker.Interval(400).pi
    digits = 31415926535897932384626433832795028841971693993751058209749445923078164062862089
    assert low <= (digits + 1 << 400) // 10**79 and high >= (digits << 400) // 10**79
    assert 0 < high - low < 1 << 20


@given(st.lists(st.fractions(max_denominator=9, min_value=-3, max_value=3), min_size=1, max_size=5))
def test_polynomial_kernels_are_wick_sums(coefficients: list[Fraction]) -> None:
    """E[u^i v^j] by pairing: 2k cross pairs, the rest paired on their own sides."""
    rho = Fraction(2, 7)

    def moment(i: int, j: int) -> Fraction:
        total = Fraction(0)
        for k in range(min(i, j) + 1):
            if (i - k) % 2 == 0 and (j - k) % 2 == 0:
                odd = math.prod(range(1, i - k, 2)) * math.prod(range(1, j - k, 2))
                total += math.comb(i, k) * math.comb(j, k) * math.factorial(k) * odd * rho**k
        return total

    direct = sum(
        a * b * moment(i, j) for i, a in enumerate(coefficients) for j, b in enumerate(coefficients)
    )
    form = checker.kernel(checker.hermite(coefficients), rho)
    assert form[checker.ONE] == direct


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_polynomial_norms_by_expanding_the_network(m: int) -> None:
    """||f_S||^2 from the 4^m pairs of units, for phi(t) = t^m and t^(m+1)."""
    for power in (m, m + 1):
        phi = [Fraction(int(k == power)) for k in range(power + 1)]
        total = Fraction(0)
        for w in product((1, -1), repeat=m):
            for v in product((1, -1), repeat=m):
                rho = Fraction(sum(a * b for a, b in zip(w, v, strict=True)), m)
                value = checker.kernel(checker.hermite(phi), rho)[checker.ONE]
                total += math.prod(w) * math.prod(v) * value
        assert checker.enclose(checker.network_norm(checker.hermite(phi), m)) == [str(total)] * 2


# ------------------------------------------------------------------------- against the producer


def test_the_whole_suite_is_accepted_and_checking_is_faster_than_producing() -> None:
    producing = checking = 0.0
    lemmas = suite()
    lemmas[0].verify()  # imports
    for lemma in lemmas:
        started = time.process_time()
        text = lemma.verify().certificate.text.encode()
        middle = time.process_time()
        assert checker.check(text).failures == []
        checking += time.process_time() - middle
        producing += middle - started
    assert checking < producing


def polynomials(name: str, degree: int, law: str, **options: Any) -> Any:
    distribution = cs.distributions.parse(law)
    return cs.InvariantPolynomials(group(name), degree, distribution, **options)


def averages(name: str, m: int, activation: Any) -> Any:
    acting = group(name)
    base = cs.ParityNetworks(acting.degree, m, activation)
    return cs.FrameAveraged(base, cs.frames.reynolds(acting))


MIXED = "gaussian^3 x rademacher^4"
AGREEMENT: dict[str, Any] = {
    "several marginals, preserved": lambda: polynomials("S3 x C4", 3, MIXED),
    "two ways to write one law": lambda: polynomials(
        "C7", 2, "rademacher^3 x finite(-1,1)^4", multilinear=True
    ),
    "not preserved": lambda: polynomials("C7", 2, MIXED),
    "not preserved, first moments": lambda: polynomials("C7", 1, "gaussian^3 x bernoulli(1/3)^4"),
    "three atoms": lambda: polynomials("D5", 4, "finite(-1,0,2)"),
    "bernoulli": lambda: polynomials("D5", 3, "bernoulli(2/7)"),
    "uniform": lambda: polynomials("A5", 5, "uniform"),
    "one atom, degree 0": lambda: polynomials("C3", 0, "finite(7)"),
    "trivial group": lambda: polynomials("C1", 4, "gaussian"),
    "more than 256 points": lambda: polynomials("C300", 1, "gaussian"),
    "more than 256 points, two orbits of points": lambda: polynomials("C150 x C120", 1, "uniform"),
    "a long chain": lambda: polynomials("S12", 3, "gaussian"),
    "M12": lambda: polynomials("M12", 3, "rademacher", multilinear=True),
    "large orbits, no trees": lambda: polynomials("S9 on pairs", 4, "rademacher", multilinear=True),
    "averages, relu": lambda: averages("S3 x C4", 4, "relu"),
    "averages, abs": lambda: averages("C8", 2, "abs"),
    "averages, sign": lambda: averages("C8", 3, "sign"),
    "averages, erf": lambda: averages("D5", 1, "erf"),
    "averages, zero": lambda: averages("D5", 2, "erf"),
    "averages, polynomial": lambda: averages("C6", 2, [0, "1/2", "-3/7"]),
    "wide": lambda: cs.ParityNetworks(12, 11, "sign"),
    "one input": lambda: cs.ParityNetworks(1, 1, "sign"),
    "zero polynomial": lambda: cs.ParityNetworks(3, 2, [0]),
    "rational kernels": lambda: cs.ParityNetworks(8, 8, "erf"),
}


@pytest.mark.parametrize("name", AGREEMENT)
def test_producer_and_checker_agree(name: str) -> None:
    report = cs.verify(AGREEMENT[name](), tolerance="3/7")
    checked = checker.check(report.certificate.text.encode())
    assert checked.failures == [] and checked.accepted
    assert checked.holds == report.holds
    assert checked.refuted == tuple(claim.type for claim in report.refuted)


def test_explicit_moments() -> None:
    law = cs.Moments([1, 0, 1, 0, 3, 0, 15, 0, 105])
    for degree in range(5):
        family = cs.InvariantPolynomials(group("C4"), degree, law)
        report = checker.check(cs.verify(family).certificate.text.encode())
        assert report.failures == []


def test_a_weighted_law() -> None:
    law = cs.distributions.FiniteWeighted({0: "1/2", 1: "1/3", -2: "1/6"})
    family = cs.InvariantPolynomials(group("D5"), 3, law)
    assert checker.check(cs.verify(family).certificate.text.encode()).failures == []


def test_listed_members_of_a_group_too_large_to_list() -> None:
    vectors = [[2] + [0] * 11, [1, 1] + [0] * 10, [0] * 11 + [2]]
    family = cs.InvariantPolynomials(group("M12"), 2, representatives=vectors)
    report = cs.verify(family)
    assert not report.holds
    assert checker.check(report.certificate.text.encode()).failures == []


SEQUENCES = {
    # finitely many equal moments: undecided
    "gaussian and a sequence": (cs.Gaussian(), cs.Moments([1, 0, 1, 0, 3]), "undecided"),
    "two sequences": (cs.Moments([1, 0, 1, 0, 3]), cs.Moments([1, 0, 1, 0, 3, 0]), "undecided"),
    "a sequence too short": (cs.Moments([1, 0, 1, 0, 3]), cs.Moments([1, 0, 1]), "undecided"),
    "another sequence": (cs.Gaussian(), cs.Moments([1, 0, 1, 0, 4]), "refuted"),
    "finite support": (cs.Rademacher(), cs.FiniteUniform([-1, 1]), "proved"),
}


@pytest.mark.parametrize("name", SEQUENCES)
@pytest.mark.parametrize("degree", [0, 1])
def test_a_bare_sequence_of_moments_proves_no_equality(name: str, degree: int) -> None:
    first, second, status = SEQUENCES[name]
    law = cs.distributions.Product([first, second])
    report = cs.verify(cs.InvariantPolynomials(group("C2"), degree, law))
    assert report["distribution-preserved"].status == status
    body = json.loads(report.certificate.text)
    assert checker.check(samples.canonical(body)).failures == []
    if status == "undecided":
        open_one = checker.check(samples.canonical(body))
        assert open_one.accepted and not open_one.refuted and not open_one.holds
        assert body["claims"][0]["needs"] == "moments"
        assert {c["needs"] for c in body["claims"][1:] if c["status"] == "undecided"} == {
            "distribution-preserved"
        }
        body["claims"][0] = {"type": "distribution-preserved", "status": "proved"}
        lie = checker.check(samples.canonical(samples.sealed(body)))
        assert {path for path, _ in lie.failures} == {"claims[0].needs", "claims[0].status"}


def test_a_sequence_that_ends_has_finite_support_and_decides() -> None:
    """Only a stranger writes these: the package gives such laws by their points."""
    closed = checker.Marginal("moments", tuple(map(Fraction, (1, 0, 1, 0, 1))))
    sign = checker.Marginal("rademacher", ())
    longer = checker.Marginal("moments", tuple(map(Fraction, (1, 0, 1))))
    law = checker.Law([closed, sign, longer], [0, 1, 2])
    assert law.difference(0, 1) == 0
    assert law.difference(1, 2) is None
    assert law.difference(0, 2) is None


def test_the_gram_claim_of_averages_is_enclosed_when_its_diagonal_is() -> None:
    square = groups_average([0, 0, 1])
    for family, status in ((groups_average("relu"), "enclosed"), (square, "proved")):
        body = json.loads(cs.verify(family).certificate.text)
        place = [claim["type"] for claim in body["claims"]].index("gram")
        assert body["claims"][place]["status"] == status
        assert checker.check(samples.canonical(body)).failures == []
        body["claims"][place]["status"] = "proved" if status == "enclosed" else "enclosed"
        lie = checker.check(samples.canonical(samples.sealed(body)))
        assert [path for path, _ in lie.failures] == [f"claims[{place}].status"]


def groups_average(activation: Any) -> Any:
    return cs.FrameAveraged(cs.ParityNetworks(4, 2, activation), cs.frames.reynolds(group("C4")))
