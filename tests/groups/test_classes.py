"""Conjugacy classes: every algorithm against brute force and the others; canonical order."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import Permutation, PermutationGroup, catalogue, group
from groups.class_search import ElementList, classes_by_search, cycle_lengths, cycle_type_keys
from groups.classes import ConjugacyClasses, conjugacy_classes
from groups.conjugation import least_conjugates
from groups.errors import MembershipError, ParameterError, TooLargeError
from groups.stabilizer_tower import ElementSampler, build_tower

SMALL = [
    "C1", "C2", "C6", "D4", "D6", "S3", "S4", "S5", "A4", "A5", "A6", "S2 wr S3", "S3 wr C3",
    "C3 wr S3", "C3 wr C4", "S3 x C4", "S2 x S2 x S3", "PSL(2,5)", "PSL(2,7)", "S4 on pairs",
    "(1,2,3)(4,5)", "S3 wr A3",
]  # fmt: skip


def bare(g: PermutationGroup) -> PermutationGroup:
    """The same group without its record of construction."""
    return PermutationGroup(g.generators, g.degree)


def summary(classes: ConjugacyClasses) -> tuple[object, ...]:
    maps = [classes.power_map(k) for k in (-1, 2, 3, 5)]
    return classes.representatives.tolist(), classes.centralizer_orders, maps


def brute_force(g: PermutationGroup) -> list[tuple[list[int], int]]:
    """(least element, size) of each class, by conjugating with everything."""
    elements = list(g.elements())
    found = {}
    for x in elements:
        conjugates = {tuple(x.conjugate_by(h).images.tolist()) for h in elements}
        found[min(conjugates)] = len(conjugates)
    return sorted((list(row), size) for row, size in found.items())


@pytest.mark.parametrize(
    "text", ["C1", "C6", "D4", "S4", "A4", "A5", "S3 x C2", "S2 wr S3", "C3 wr C3"]
)
def test_brute_force(text: str) -> None:
    g = group(text)
    classes = conjugacy_classes(g)
    rows = zip(classes.representatives.tolist(), classes.sizes, strict=True)
    assert sorted(rows) == brute_force(g)


@pytest.mark.parametrize("text", SMALL)
def test_algorithms_and_structures_agree(text: str) -> None:
    g = group(text)
    expected = summary(conjugacy_classes(g))
    assert summary(conjugacy_classes(bare(g))) == expected
    assert summary(conjugacy_classes(g, algorithm="listing")) == expected
    assert summary(conjugacy_classes(bare(g), algorithm="search")) == expected


@pytest.mark.parametrize("degree", [0, 1, 3])
def test_trivial_groups(degree: int) -> None:
    for algorithm in ("auto", "listing", "search"):
        classes = conjugacy_classes(PermutationGroup([], degree), algorithm=algorithm)
        assert len(classes) == 1 and classes.sizes == (1,) and classes.exponent == 1
        assert classes[0].representative == Permutation.identity(degree)


def test_independent_blocks_that_interleave_are_a_direct_product() -> None:
    g = PermutationGroup(["(1,4,6,8)", "(1,4)", "(2,3,5)", "(7,9)"], degree=10)
    assert conjugacy_classes(g).structure[0] == "direct"
    assert summary(conjugacy_classes(g)) == summary(conjugacy_classes(g, algorithm="listing"))


@settings(max_examples=25)
@given(
    st.lists(st.permutations(range(6)), min_size=1, max_size=3), st.randoms(use_true_random=False)
)
def test_laws(images: list[list[int]], rng: random.Random) -> None:
    g = PermutationGroup(images, degree=6)
    classes = g.conjugacy_classes()
    assert sum(classes.sizes) == g.order
    assert all(
        s * c == g.order for s, c in zip(classes.sizes, classes.centralizer_orders, strict=True)
    )
    for _ in range(5):
        x, h = g.random_element(rng), g.random_element(rng)
        found = classes.class_of(x)
        assert classes.class_of(x.conjugate_by(h)) == found
        assert found.cycle_type == x.cycle_type and found.element_order == x.order
        k = rng.randrange(-7, 8)
        assert classes.class_of(x**k).index == classes.power_map(k)[found.index]
        assert found.representative.images.tolist() <= x.images.tolist()
    shuffled = PermutationGroup([g.random_element(rng) for _ in range(12)], degree=6)
    if shuffled.order == g.order:
        assert summary(shuffled.conjugacy_classes()) == summary(classes)


def test_order_of_the_classes() -> None:
    classes = group("M11").conjugacy_classes()
    keys = [
        (c.element_order, c.size, c.cycle_type[::-1], c.representative.images.tolist())
        for c in classes
    ]
    assert keys == sorted(keys) and classes[0].representative.is_identity
    assert classes[-1].index == 9 and [c.index for c in classes[2:4]] == [2, 3]


@pytest.mark.parametrize(
    ("text", "count"),
    [("M11", 10), ("M12", 15), ("M22", 12), ("M23", 17), ("M24", 26), ("PSL(2,31)", 18),
     ("S4 wr S3", 65), ("AGL(3,2)", 11), ("S20", 627), ("A12", 43), ("S5 wr S4", 490),
     ("S8 on pairs", 22)],
)  # fmt: skip
def test_numbers_of_classes(text: str, count: int) -> None:
    classes = group(text).conjugacy_classes()
    assert len(classes) == count


def test_search_and_listing_on_m11() -> None:
    g = group("M11")
    assert summary(conjugacy_classes(g, algorithm="search")) == summary(
        conjugacy_classes(g, algorithm="listing")
    )


def test_action_and_image_agree() -> None:
    g = group("S7 on pairs")
    assert conjugacy_classes(g).structure[0] == "action"
    assert summary(conjugacy_classes(g)) == summary(conjugacy_classes(bare(g)))


def test_least_conjugates_count_centralizers_and_conjugate() -> None:
    g = group("PSL(2,7)")
    rows = ElementSampler(g).sample(40)
    answer = least_conjugates(build_tower(g), rows)
    elements = [x.images for x in g.elements()]
    for row, least, u, order in zip(
        rows, answer.rows, answer.conjugators, answer.centralizer_orders, strict=True
    ):
        x, c = Permutation(row), Permutation(u)
        assert (~c * x * c).images.tolist() == least.tolist() and c in g
        assert order == sum(1 for h in elements if (h[row] == row[h]).all())


def test_cycle_types_of_rows() -> None:
    rows = ElementSampler(catalogue.symmetric(9)).sample(50)
    for row, lengths, key in zip(rows, cycle_lengths(rows), cycle_type_keys(rows), strict=True):
        p = Permutation(row)
        assert key.tolist() == sorted(c for c in p.cycle_type for _ in range(c))
        for cycle in p.cycles():
            assert {int(lengths[i]) for i in cycle} == {len(cycle)}


def test_element_ranks() -> None:
    elements = ElementList(group("S3 wr C2"))
    assert len(elements.rows) == 72 and len({r.tobytes() for r in elements.rows}) == 72
    assert elements.rank(elements.rows).tolist() == list(range(72))


def test_bad_input() -> None:
    g = group("A5")
    with pytest.raises(MembershipError, match=r"got \(1,2\) outside"):
        g.conjugacy_classes().class_of(Permutation("(1,2)", 5))
    with pytest.raises(ParameterError, match="listing"):
        conjugacy_classes(g, algorithm="guess")
    with pytest.raises(TooLargeError, match="would hold"):
        conjugacy_classes(group("M24"), algorithm="listing")
    with pytest.raises(TooLargeError, match="20000"):
        group("S50").conjugacy_classes()


def test_the_tower_finds_stabilizers() -> None:
    g = group("M11")
    node = build_tower(g)
    for points in ([3, 7], [10, 0, 5], [1, 2, 3, 4]):
        child = node
        for p in points:
            child = child.child(p)
        assert child.order == g.pointwise_stabilizer(points).order
        orbit, reps, inverses = child.transversal(6)
        assert (reps[:, 6] == orbit).all() and (reps[:, points] == points).all()
        assert all((r[i] == np.arange(11)).all() for r, i in zip(reps, inverses, strict=True))


def test_search_notices_missing_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    # With no patience, the rare classes of an elementary abelian group stay missing and are
    # reported.
    monkeypatch.setattr("groups.class_search._QUIET_ROUNDS", -1)
    monkeypatch.setattr("groups.class_search._BATCH", 1)
    g = PermutationGroup([f"({2 * i + 1},{2 * i + 2})" for i in range(8)], degree=16)
    with pytest.raises(TooLargeError, match="random search found"):
        classes_by_search(g)


def test_hash_seeds_do_not_matter() -> None:
    code = (
        "from groups import group\n"
        "for t in ('M11', 'S3 wr C3', 'A6', 'PSL(2,7)'):\n"
        "    G = group(t)\n"
        "    print(G.conjugacy_classes().representatives.tolist())\n"
        "    print(G.character_table())\n"
    )
    outputs = set()
    for seed in ("0", "1"):
        run = subprocess.run(
            [sys.executable, "-c", code],
            env={
                "PYTHONHASHSEED": seed,
                "PATH": "/usr/bin",
                "PYTHONPATH": ":".join(p for p in sys.path if p),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.add(run.stdout)
    assert len(outputs) == 1


@pytest.mark.skipif(shutil.which("gap") is None, reason="GAP is not installed")
def test_gap_has_the_same_class_sizes() -> None:
    texts = ["M11", "PSL(2,7)", "S3 wr C3", "AGL(3,2)"]
    program = ""
    for text in texts:
        generators = ",".join(str(x) for x in group(text).generators)
        program += (
            f"G:=Group({generators});;"
            'Print(SortedList(List(ConjugacyClasses(G),c->[Order(Representative(c)),Size(c)])),"#");\n'
        )
    run = subprocess.run(["gap", "-q"], input=program, capture_output=True, text=True, timeout=120)
    answers = "".join(run.stdout.split()).split("#")
    for text, answer in zip(texts, answers, strict=False):
        classes = group(text).conjugacy_classes()
        pairs = sorted(zip(classes.element_orders, classes.sizes, strict=True))
        assert answer == str([list(p) for p in pairs]).replace(" ", "")
