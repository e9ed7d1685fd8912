"""Rotation, convolutional, graph-feature networks verified: entries, equal members, the checker."""

from __future__ import annotations

import random
from cmath import exp
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from math import copysign, cos, factorial, gcd, isqrt, pi, sin
from typing import Any

import networkx as nx
import numpy as np
import pytest

import symcsq as cs
from groups import group
from symcsq.errors import VerificationError
from symcsq.exact import Enclosure
from symcsq.functions import HermiteSeries, ReLU
from symcsq.verifier import checker
from symcsq.verifier.isotropic import graph_factor, network_form
from tests.verifier.rotation_families import FILTERS, SAMPLES, THREE, TWINS, U, V, series

ACTIVATIONS = [None, "relu", "abs", "sign", "erf", [0, 1, 0, 2], [1, 2, 3, 4, 5]]
GRAPHS = [
    nx.cycle_graph(5),
    nx.path_graph(3),
    [[1, -1], [-1, 1]],
    [["1/2", 1], [0, 2]],
    [[1, 1], [1, 0]],
    [[0]],
    [nx.path_graph(2), nx.path_graph(3)],
]
GROUPS = ["C4", "D4", "C6", "S3", "Torus(2,3)", "C1", "<()> degree 4", "C5"]


def checked(family: Any) -> Any:
    """The report, whose certificate the checker accepts."""
    report = cs.verify(family)
    outcome = checker.check(report.certificate.text.encode())
    assert outcome.accepted, (family, outcome.failures)
    return report


def some_vectors(generator: random.Random, n: int) -> Any:
    try:
        u, v = cs.isotropic_vectors(n, generator.choice([1, 2, 4]), generator.randrange(1000))
    except cs.errors.FamilyError:
        u, v = cs.isotropic_vectors(n, 1, 0)
    if generator.random() < 0.3:  # an equal member, or nearly
        j = generator.randrange(len(u))
        a, b = generator.choice([(u[j], v[j]), (-v[j], u[j]), (u[j], -v[j]), (-u[j], -v[j])])
        u, v = np.vstack([u, a]), np.vstack([v, b])
    return u, v


def some_family(generator: random.Random) -> Any:
    k, activation = generator.choice([1, 1, 2, 2, 3, 4, 5, 6]), generator.choice(ACTIVATIONS)
    kind = generator.choice("rcg")
    if kind == "r":
        return cs.RotationNetworks(
            some_vectors(generator, 2 * generator.randint(1, 4)), k, activation
        )
    if kind == "g":
        vectors = some_vectors(generator, 2 * generator.randint(1, 3))
        return cs.GraphFeatureNetworks(generator.choice(GRAPHS), vectors, k, activation)
    rows = group(generator.choice(GROUPS))
    n = rows.degree * (columns := generator.choice([1, 2]))
    if rows.degree % 2 == 0 and generator.random() < 0.6:
        n = rows.degree
    elif n % 2:
        columns, n = 2, 2 * rows.degree
    return cs.ConvolutionalNetworks(rows, columns, some_vectors(generator, n), k, activation)


@pytest.mark.parametrize("seed", range(12))
def test_checker_accepts_what_is_produced(seed: int) -> None:
    generator = random.Random(seed)
    for _ in range(20):
        checked(some_family(generator))


@pytest.mark.parametrize("name", SAMPLES)
def test_entries_are_those_of_the_slow_route(name: str) -> None:
    """By moments, or by summing over pairs of hidden units; nothing in common with M17 to M20."""
    family = SAMPLES[name]()
    gram = checked(family).gram
    for i in range(len(family)):
        for j in range(i, len(family)):
            entry, slow = gram[i, j], family.gram_entry_slow(i, j)
            if not isinstance(slow, Enclosure):
                assert entry == slow
            elif isinstance(entry, Enclosure):
                assert entry.lower <= slow.upper and slow.lower <= entry.upper
            else:
                assert entry in slow


# ---------------------------------------------------------------------------------- equal members


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("power", [1, 2, 3, 4, 5, 6])
def test_units_and_conjugates_are_equal_members(power: int, activation: Any) -> None:
    """i·a gives the same function up to sign for even k only, the others always."""
    u, v = np.array(U), np.array(V)
    for a, b, equal in (
        (-u[1], -v[1], True),
        (u[1], -v[1], True),
        (-v[1], u[1], power % 2 == 0),
        (v[1], u[1], power % 2 == 0),
    ):
        report = cs.verify(
            cs.RotationNetworks((np.vstack([u, a]), np.vstack([v, b])), power, activation)
        )
        if report["norm"].status == "refuted":
            continue
        claim = report["near-orthogonality"]
        if equal:
            assert claim.witness == {"pair": [1, 3], "correlation_squared": "1"}
        else:
            assert claim.holds


@pytest.mark.parametrize("activation", [None, "sign", "relu"])
def test_one_direction_sees_u_only(activation: Any) -> None:
    u, v = [[1, 1, 0, 0], [1, 1, 0, 0]], [[1, -1, 0, 0], [0, 0, 1, 1]]
    report = checked(cs.RotationNetworks((u, v), 1, activation))
    assert report["near-orthogonality"].witness == {"pair": [0, 1], "correlation_squared": "1"}


def test_shifts_are_equal_members() -> None:
    (u, v), g = FILTERS, [3, 0, 1, 2]
    for activation, power in ((None, 4), ("relu", 4), ("sign", 3)):
        shifted = ([*u, [u[1][p] for p in g]], [*v, [-v[1][p] for p in g]])
        report = checked(cs.ConvolutionalNetworks(group("C4"), 2, shifted, power, activation))
        assert report["near-orthogonality"].witness["pair"] == [1, 3]


def test_two_directions_may_be_shifted_apart() -> None:
    """For k = 2 the units see u and v one by one: F is a sum over shifts of |u·x| - |v·x|."""
    u, v = [1, 1, -1, -1, 1, -1], [-1, 1, -1, 1, 1, 1]
    family = None
    for image in group("Torus(2,3)").elements():
        w = [v[p] for p in image.images]
        if w != v and sum(a * b for a, b in zip(u, w, strict=True)) == 0:
            family = cs.ConvolutionalNetworks(group("Torus(2,3)"), 1, ([u, u], [v, w]), 2, "abs")
            break
    assert family is not None
    assert checked(family)["near-orthogonality"].status == "refuted"


def test_cancelling_shifts_and_graphs_are_refuted_as_zero() -> None:
    for activation in (None, "relu", "abs", [0, 0, 1]):
        # A shift by one multiplies the filter by i, and f_{ia} = -f_a for k = 2.
        filters = ([[1, 0, -1, 0]], [[0, -1, 0, 1]])
        report = checked(cs.ConvolutionalNetworks(group("C4"), 1, filters, 2, activation))
        assert report["norm"].witness == {"member": 0, "norm_squared": "0"}
        report = checked(cs.GraphFeatureNetworks([[1, -1], [-1, 1]], THREE, 3, activation))
        assert report["norm"].witness == {"member": 0, "norm_squared": "0"}
    assert report["graph-factor"].record == {"value": "0"}


def test_a_norm_too_small_for_its_digits_is_undecided() -> None:
    tiny = Fraction(1, 10**17)
    vectors = cs.isotropic_vectors(8, 3, seed=1)
    report = checked(cs.GraphFeatureNetworks([[0, tiny], [tiny, 0]], vectors, 4, "relu"))
    assert report["norm"].status == "undecided"
    assert report["norm"].record["minimum"] == ["0", f"1/{10**30}"]
    assert report["near-orthogonality"].record == {"needs": "norm"}
    assert report["csq-bound"].record == {"needs": "gram"}


def test_the_graph_only_scales_powers() -> None:
    plain = cs.verify(cs.RotationNetworks(THREE, 3))
    for graph in GRAPHS[:5]:
        family = cs.GraphFeatureNetworks(graph, THREE, 3)
        report = checked(family)
        factor = graph_factor(family.matrix, 3)
        if factor:
            assert report.gram[0, 1] == factor * plain.gram[0, 1]
            assert report["near-orthogonality"].record == plain["near-orthogonality"].record
            assert report["csq-bound"].record == plain["csq-bound"].record
        else:
            assert report["norm"].status == "refuted"


def ends_of(entry: Any) -> tuple[Fraction, Fraction]:
    return (entry.lower, entry.upper) if isinstance(entry, Enclosure) else (entry, entry)


def families(power: int, activation: Any) -> list[Any]:
    """Rotation and convolutional networks, with filters on several columns and on one."""
    full = cs.isotropic_vectors(8, 3, 4)
    return [
        cs.RotationNetworks(THREE, power, activation),
        cs.ConvolutionalNetworks(group("C4"), 2, full, power, activation),
        cs.ConvolutionalNetworks(group("C4"), 1, FILTERS, power, activation),
    ]


@pytest.mark.parametrize("parity", [None, "even", "odd"])
@pytest.mark.parametrize("power", [1, 2, 3, 4, 5])
def test_a_series_contains_every_activation_that_it_may_be(power: int, parity: Any) -> None:
    """Polynomials with coefficients within the bounds, exact by M16; the tail in one degree."""
    generator = random.Random(power)
    middle: list[Any] = [Fraction(generator.randint(1, 9), 9) for _ in range(5)]
    if parity:
        middle[parity == "even" :: 2] = [Fraction(0)] * len(middle[parity == "even" :: 2])
    off = Fraction(1, 1000)
    bounds = [cs.Enclosure(c - off, c + off, 3) if c else c for c in middle]
    wide = [checked(f) for f in families(power, HermiteSeries(bounds, "1/9", parity=parity))]
    for d in range(5, 8):
        if parity and (d % 2 == 1) != (parity == "odd"):
            continue
        given = [c and c + generator.choice([-off, off, 0]) for c in middle]
        last = generator.choice([-1, 1]) * Fraction(isqrt(10**12 // (9 * factorial(d))), 10**6)
        exact = HermiteSeries([*given, *[0] * (d - 5), last])
        for report, family in zip(wide, families(power, exact), strict=True):
            for i in range(3):
                for j in range(i, 3):
                    low, high = ends_of(report.gram[i, j])
                    assert low <= ends_of(family.gram_entry(i, j))[0] <= high
                    assert checked(family).gram[i, j] == family.gram_entry(i, j)


def test_a_series_with_bounds_is_what_its_units_add_up_to() -> None:
    """Bounds on one coefficient and no tail: one unknown in all 4k^2 pairs of units."""
    ends = cs.Enclosure(Fraction(1), Fraction(2), 0)
    for power in (1, 2, 3):
        coefficients: list[Any] = [0] * power + [ends]
        for family in families(power, HermiteSeries(coefficients)):
            gram = checked(family).gram
            least = type(family)(*arguments(family), power, HermiteSeries([0] * power + [1]))
            for i in range(3):
                for j in range(i, 3):
                    value = least.gram_entry(i, j)
                    below, above = sorted((value, 4 * value))
                    low, high = ends_of(gram[i, j])
                    assert 0 <= below - low < Fraction(1, 10**30)
                    assert 0 <= high - above <= (Fraction(1, 10**30) if value else 0)


def arguments(family: Any) -> tuple[Any, ...]:
    vectors = family.u.tolist(), family.v.tolist()
    if family.kind == "rotation-networks":
        return (vectors,)
    return family.row_group, family.columns, vectors


def test_equal_members_of_a_series_are_found_by_their_units() -> None:
    report = checked(cs.RotationNetworks(TWINS, 2, series("1/50")))
    assert report["near-orthogonality"].witness == {"pair": [0, 2], "correlation_squared": "1"}
    # Bounds that are too wide refute nothing.
    report = checked(cs.ConvolutionalNetworks(group("C4"), 1, FILTERS, 3, series("1/50", "0")))
    assert report["near-orthogonality"].status == "undecided"


def test_wide_bounds_of_many_members() -> None:
    """Blocks name both ends, unless they are next to each other."""
    vectors = cs.isotropic_vectors(8, 66, seed=2)
    for tail in ("0", "1/50"):
        report = checked(cs.RotationNetworks(vectors, 3, series(tail)))
        assert report["gram"].status == "enclosed"
        assert report.gram[0, 1].upper - report.gram[0, 1].lower > Fraction(1, 10**30)


def test_other_activations_are_refused() -> None:
    class Unknown(ReLU):
        name = "unknown"

    family = cs.RotationNetworks(THREE, 2, Unknown())
    with pytest.raises(VerificationError, match="activation: must be relu, abs, sign, erf, a poly"):
        cs.verify(family)


# ----------------------------------------------------------------------------------- large classes


def test_two_thousand_rotation_networks_in_64_dimensions() -> None:
    family = cs.RotationNetworks(cs.isotropic_vectors(64, 2000), power=8)
    report = checked(family)
    assert report["csq-bound"].record["queries"] == "19"
    assert report.gram[411, 1348] == family.gram_entry(411, 1348)


def test_workers_and_stores_leave_no_trace(tmp_path: Any) -> None:
    def made(**options: Any) -> str:
        family = cs.ConvolutionalNetworks(
            group("C16"), 1, cs.isotropic_vectors(16, 300, 5), power=5
        )
        return str(cs.verify(family, **options).certificate.text)

    serial = made()
    with ThreadPoolExecutor(3) as pool:
        assert made(executor=pool, store=tmp_path / "work.sqlite") == serial
    assert made(store=tmp_path / "work.sqlite") == serial


# ------------------------------------------------------------------------------- inside the checker


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 7, 12, 15, 64])
def test_the_field_of_cosines(k: int) -> None:
    field = checker.Field(k)

    def value(x: Any) -> float:
        return sum(a * cos(pi * j / (2 * k)) for j, a in enumerate(x))

    assert len(field.one) == sum(gcd(j, 4 * k) == 1 for j in range(4 * k)) + 1
    for j, c in enumerate(field.cosines):
        assert abs(value(c) - 2 * cos(pi * j / (2 * k))) < 1e-9
        assert c == field.cosines[-j] and c == tuple(-x for x in field.cosines[j - 2 * k])
        low, high = field.waves(100)[j]
        assert low / 2**100 - 1e-9 <= cos(pi * j / (2 * k)) <= high / 2**100 + 1e-9
        assert 0 <= high - low < 2**20
    for square, angle in field.angles.items():
        assert abs(value(square[:-1]) / square[-1] - sin(pi * angle) ** 2) < 1e-9


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 7, 9])
def test_covariances_of_units_by_definition(k: int) -> None:
    """Their squares, with signs, unit by unit; and what sums of their powers are."""
    generator = random.Random(k)
    length = 30
    one = (Fraction(1), Fraction(1), Fraction(1))
    units = checker.Units(k, "sign", length, 1, {one: 1}, checker.Budget())
    for _ in range(4):
        z, w = ((generator.randint(-30, 30), generator.randint(-30, 30)) for _ in "zw")
        rho = [
            [
                (
                    complex(*z) * exp(1j * pi * (j - i) / k)
                    + complex(*w) * exp(-1j * pi * (i + j) / k)
                ).real
                / (2 * length)
                for j in range(2 * k)
            ]
            for i in range(2 * k)
        ]
        found = units.covariances(z, w)
        for power in (2, 3, 5):  # the sum of (+-r^2)^power tells wrong terms
            total = sum(
                many
                * sum(a * cos(pi * j / (2 * k)) for j, a in enumerate(square)) ** power
                / (4 * length) ** (2 * power)
                for square, many in found.items()
            )
            direct = sum(
                (-1) ** (i + j) * (copysign(rho[i][j] ** (2 * power), rho[i][j] if k % 2 else 1))
                for i in range(k)
                for j in range(k)
            )
            assert abs(total - direct) < 1e-9
        for d in range(12):
            signed, plain = (float(units.power_sum(z, w, d, odd)) for odd in (1, 0))
            places = [(i, j) for i in range(2 * k) for j in range(2 * k)]
            assert abs(signed - sum((-1) ** (i + j) * rho[i][j] ** d for i, j in places)) < 1e-6
            assert abs(plain - sum(rho[i][j] ** d for i, j in places)) < 1e-6


@pytest.mark.parametrize("seed", range(8))
def test_equal_members_are_those_of_the_producer(seed: int) -> None:
    """Formal sums of covariances, and formal sums of hidden units."""
    generator = random.Random(seed)
    for _ in range(30):
        k, columns = generator.randint(1, 6), generator.choice([1, 1, 2])
        rows = group(generator.choice(["C4", "C2", "D4", "S3", "<()> degree 4"]))
        n = rows.degree * columns
        if n % 2:
            continue
        u, v = (w.tolist() for w in cs.isotropic_vectors(n, 1, generator.randrange(100)))
        g = list(generator.choice(list(rows.elements())).images)
        shift = [g[p // columns] * columns + p % columns for p in range(n)]
        a, b = ([w[0][p] for p in shift] for w in (u, v))
        a, b = generator.choice([(a, b), (b, a), (a, [-x for x in b]), (b, u[0]), (u[0], b)])
        if sum(x * y for x, y in zip(a, b, strict=True)):
            continue
        vectors = [(u[0], v[0]), (a, b)]
        shifts = [
            [int(h[p // columns]) * columns + p % columns for p in range(n)]
            for h in (element.images for element in rows.elements())
        ]
        budget = checker.Budget()
        products = checker.Products(vectors, 4 * n, even=k % 2 == 0, budget=budget)
        one = (Fraction(1), Fraction(1), Fraction(1))
        units = checker.Units(k, "abs", n, 1, {one: 1}, budget)
        gram = checker.IsotropicGram(products, shifts, units, 1)
        forms = [network_form(np.array(x), np.array(y), k, np.array(shifts)) for x, y in vectors]
        assert gram.same(0, 1) == (forms[0] == forms[1])


def test_intervals_of_cosines_contain_them() -> None:
    """Narrow intervals lie in wide ones, and cos(pi/3), cos(pi/4) are known."""
    for bits in (20, 64, 200):
        i = checker.Interval(bits)
        for t, square in ((Fraction(1, 3), Fraction(1, 4)), (Fraction(1, 4), Fraction(1, 2))):
            low, high = i.cosine(t)
            assert low**2 <= square * 4**bits <= high**2
        assert i.cosine(Fraction(0))[1] == 1 << bits
        assert i.cosine(Fraction(1, 2))[0] == 0
        fine = checker.Interval(400)
        for top in range(13):
            low, high = i.cosine(Fraction(top, 24))
            inner = fine.cosine(Fraction(top, 24))
            assert low << (400 - bits) <= inner[0] <= inner[1] <= high << (400 - bits)
            assert high - low < 1 << 16


@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("largest", [1, 40, 9000, 70_000])
def test_packed_products(largest: int, odd: bool) -> None:
    """Slots of 32, 64 and 128 bits; halved where all entries are odd; too long ones declined."""
    generator = random.Random(largest)
    numbers = range(-largest, largest + 1, 1 + (odd and largest % 2))
    vectors: list[Any] = [
        tuple([generator.choice(numbers) | odd for _ in range(7)] for _ in "uv") for _ in range(9)
    ]
    bound = max(sum(x * x for x in (*u, *v)) for u, v in vectors)
    budget = checker.Budget()
    if bound >= 1 << 31:
        with pytest.raises(checker.Declined):
            checker.Products(vectors, bound, even=False, budget=budget)
        return
    products = checker.Products(vectors, bound, even=False, budget=budget)
    for member, (u, v) in zip(products.members, vectors, strict=True):
        for columns in (range(9), range(2, 5), range(3, 4)):
            slots = products.slots(products.code(member), columns)
            for j, slot in zip(columns, slots, strict=True):
                s, t = vectors[j]
                a = [complex(x, y) for x, y in zip(u, v, strict=True)]
                b = [complex(x, y) for x, y in zip(s, t, strict=True)]
                first = sum(x * y.conjugate() for x, y in zip(a, b, strict=True))
                second = sum(x * y for x, y in zip(a, b, strict=True))
                for z, w in (products.pair(slot), products.of(member, products.members[j])):
                    assert (complex(*z), complex(*w)) == (first, second)


def test_roots_are_split_into_squares_and_the_rest() -> None:
    for top in range(1, 400):
        for bottom in (1, 2, 12, 101**2):
            value = Fraction(top, bottom)
            root, free = checker.root_of(value, checker.Budget())
            assert root * root * free == value
            assert all(free % (p * p) for p in range(2, isqrt(free) + 1))
    assert checker.root_of(Fraction(2 * 10007**2), checker.Budget()) == (Fraction(10007), 2)
    with pytest.raises(checker.Declined):
        checker.root_of(Fraction(10**40 + 7), checker.Budget())
