"""The build and its proof: whatever the random part did, the result is exact.

The builds here are crippled on purpose (no random elements at all), so that the proof has to find
everything that is missing; and the proof alone is compared with listing all elements.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import (
    Permutation,
    PermutationGroup,
    chain_builders,
    chain_proof,
    group,
    schreier_sims,
)
from groups import strategies as gst
from groups.chain_builders import ArrayBuilder, ByteBuilder, build_chain
from groups.errors import ParameterError, TooLargeError
from groups.schreier_sims import Builder
from tests.groups.brute_force import closure
from tests.groups.test_stabilizer_chain import assert_canonical

BUILDERS = [ByteBuilder, ArrayBuilder]


def pairs(n: int) -> list[list[int]]:
    points = [(i, j) for j in range(n) for i in range(j)]
    number = {p: k for k, p in enumerate(points)}
    gens = [[1, 0, *range(2, n)], [*range(1, n), 0]]
    return [[number[tuple(sorted((g[i], g[j])))] for i, j in points] for g in gens]


def wreath(n: int, m: int) -> list[list[int]]:
    size = n * m
    swap, cycle = list(range(size)), list(range(size))
    swap[0], swap[1] = 1, 0
    cycle[:n] = [*range(1, n), 0]
    swap_blocks = [*range(n, 2 * n), *range(n), *range(2 * n, size)]
    turn = [(i + n) % size for i in range(size)]
    return [swap, cycle, swap_blocks, turn]


M11 = PermutationGroup(["(1,2,3,4,5,6,7,8,9,10,11)", "(3,7,11,8)(4,10,5,6)"])
M24 = PermutationGroup(
    [
        "(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23)",
        "(3,17,10,7,9)(4,13,14,19,5)(8,18,11,12,23)(15,20,22,21,16)",
        "(1,24)(2,23)(3,12)(4,16)(5,18)(6,10)(7,20)(8,14)(9,21)(11,17)(13,22)(15,19)",
    ]
)
RUBIK = PermutationGroup(
    [
        "(1,3,8,6)(2,5,7,4)(9,33,25,17)(10,34,26,18)(11,35,27,19)",
        "(9,11,16,14)(10,13,15,12)(1,17,41,40)(4,20,44,37)(6,22,46,35)",
        "(17,19,24,22)(18,21,23,20)(6,25,43,16)(7,28,42,13)(8,30,41,11)",
        "(25,27,32,30)(26,29,31,28)(3,38,43,19)(5,36,45,21)(8,33,48,24)",
        "(33,35,40,38)(34,37,39,36)(3,9,46,32)(2,12,47,29)(1,14,48,27)",
        "(41,43,48,46)(42,45,47,44)(14,22,30,38)(15,23,31,39)(16,24,32,40)",
    ]
)
TORUS = [
    [((i + 1) % 5) * 5 + j for i in range(5) for j in range(5)],
    [i * 5 + (j + 1) % 5 for i in range(5) for j in range(5)],
    [j * 5 + (-i) % 5 for i in range(5) for j in range(5)],
]
FIXED = [
    ("M11", [g.images.tolist() for g in M11.generators], 7920),
    ("M24", [g.images.tolist() for g in M24.generators], 244823040),
    ("Rubik", [g.images.tolist() for g in RUBIK.generators], 43252003274489856000),
    ("S_7 on pairs", pairs(7), math.factorial(7)),
    ("S_3 wr S_4", wreath(3, 4), 6**4 * 24),
    ("S_4 wr S_3", wreath(4, 3), 24**3 * 6),
    ("p4 on a torus", TORUS, 100),
    ("dihedral", [[*range(1, 30), 0], [-i % 30 for i in range(30)]], 60),
    # S_5 on its pairs and points, renumbered so that corrected generators do not suffice.
    (
        "S_5 on pairs and points",
        [
            [11, 1, 12, 9, 8, 14, 10, 7, 4, 3, 6, 0, 2, 13, 5],
            [12, 13, 3, 9, 4, 7, 5, 6, 0, 11, 14, 1, 8, 2, 10],
        ],
        120,
    ),
    ("Z_2^8", [[i ^ 1 if i // 2 == k else i for i in range(16)] for k in range(8)], 256),
]


def crippled(monkeypatch: pytest.MonkeyPatch) -> None:
    """No random elements, no recognition: the proof alone drives the build."""
    monkeypatch.setattr(schreier_sims, "_QUIET", 0)
    monkeypatch.setattr(chain_builders, "recognise", lambda builder: None)


VARIANTS = {
    "as is": {},
    "no corrected generators": {"corrected_generators": lambda self, depth, order: []},
    "all Schreier generators": {
        "corrected_generators": lambda self, depth, order: [],
        "stabilizer_from_known_order": lambda self, orbit, order: [],
    },
}


@pytest.mark.parametrize(
    ("variant", "kind", "name"),
    [
        (variant, kind, name)
        for variant in VARIANTS
        for kind in BUILDERS
        for name, _, order in FIXED
        if order < 10**6 or (variant == "as is" and kind is ByteBuilder)
    ],
)
def test_proof_alone_completes_the_chain(
    monkeypatch: pytest.MonkeyPatch, variant: str, kind: type[Builder], name: str
) -> None:
    generators, order = next(f[1:] for f in FIXED if f[0] == name)
    crippled(monkeypatch)
    for method, replacement in VARIANTS[variant].items():
        monkeypatch.setattr(chain_proof.LevelProof, method, replacement)
    if variant == "no corrected generators":
        monkeypatch.setattr(chain_proof, "_FEW", 0)
    builder = kind(len(generators[0]), generators)
    chain = builder.run()
    assert chain.order == order
    assert_canonical(chain)
    program = builder.program()
    items = program.evaluate([Permutation(g) for g in generators])
    assert len(set(items)) == len(items)
    results = [items[k].images.tolist() for k in program.strong_items]
    assert results == chain.strong_generators.tolist()


@pytest.mark.parametrize("kind", BUILDERS)
@given(group=gst.groups(max_degree=7, max_generators=3))
@settings(max_examples=150)
def test_proof_holds_exactly_for_complete_chains(
    kind: type[Builder], group: PermutationGroup
) -> None:
    # Only the generators have been sifted: sometimes that is a strong generating set, often not.
    gens = [g.images.tolist() for g in group.generators]
    builder = kind(group.degree, gens)
    for k, g in enumerate(builder.generators):
        residue, path = builder.sift(g)
        if builder.differs(residue, builder.identity):
            builder.add(residue, (k, path))
    builder.rebuild()
    true_order = len(closure(gens, group.degree))
    while (failure := builder.prove()) is not None:
        assert builder.order < true_order
        element, start = failure
        residue, path = builder.sift(element)
        assert builder.differs(residue, builder.identity)
        before = builder.order
        builder.add(residue, (start, path))
        assert builder.order > before
        builder.rebuild()
    assert builder.order == true_order
    program = builder.program()
    results = program.results(group.generators)
    assert [p.images.tolist() for p in results] == [list(builder.strong[k]) for k in builder.kept]


@given(gst.groups(max_degree=7), st.integers(0, 3))
@settings(max_examples=80)
def test_both_kinds_of_elements_build_the_same_chain(group: PermutationGroup, extra: int) -> None:
    gens = [g.images for g in group.generators]
    one = ByteBuilder(group.degree, gens).run()
    two = ArrayBuilder(group.degree, gens).run()
    assert (one.strong_generators == two.strong_generators).all()
    assert [level.tree for level in one.levels] == [level.tree for level in two.levels]
    # More points that are fixed change nothing but the degree.
    padded = [[*g.tolist(), *range(group.degree, group.degree + extra)] for g in gens]
    assert ByteBuilder(group.degree + extra, padded).run().order == one.order


@pytest.mark.parametrize(("name", "generators", "order"), FIXED, ids=[f[0] for f in FIXED])
def test_full_build(name: str, generators: list[list[int]], order: int) -> None:
    for known in (None, order):
        group = PermutationGroup(generators, known_order=known)
        assert group.chain.order == group.order == order
        assert_canonical(group.chain)
        program = group.straight_line_program()
        assert program.results(group.generators) == list(group.strong_generators)
    one, two = PermutationGroup(generators), PermutationGroup(generators)
    assert (one.chain.strong_generators == two.chain.strong_generators).all()


def test_degrees_over_256() -> None:
    n = 300
    dihedral = PermutationGroup([[*range(1, n), 0], [-i % n for i in range(n)]])
    assert dihedral.order == 2 * n
    translations = PermutationGroup(
        [
            [((i + 1) % 17) * 17 + j for i in range(17) for j in range(17)],
            [i * 17 + (j + 1) % 17 for i in range(17) for j in range(17)],
        ]
    )
    assert translations.order == 289
    assert_canonical(translations.chain)
    on_pairs = PermutationGroup(pairs(24))
    assert on_pairs.degree == 276 and on_pairs.order == math.factorial(24)
    program = on_pairs.straight_line_program()
    assert program.results(on_pairs.generators) == list(on_pairs.strong_generators)


def test_wrong_known_orders_are_noticed() -> None:
    gens = [[1, 2, 3, 0], [2, 1, 0, 3]]
    for wrong in (4, 16):
        with pytest.raises(ParameterError, match="a group of order 8, got"):
            build_chain(4, gens, known_order=wrong)


@pytest.mark.parametrize("few", [0, 96])
@given(group=gst.groups(max_degree=8, min_degree=4))
@settings(max_examples=60)
def test_stabilisers_in_the_proof_are_whole(few: int, group: PermutationGroup) -> None:
    # Too few generators of H_p would make the proof accept too much, and no result would show it.
    assert_whole_stabilisers(few, ByteBuilder(group.degree, [g.images for g in group.generators]))


@pytest.mark.parametrize("few", [0, 96])
@pytest.mark.parametrize(
    "name", ["S_7 on pairs", "S_3 wr S_4", "dihedral", "p4 on a torus", "S_5 on pairs and points"]
)
def test_stabilisers_in_the_proof_of_larger_groups(few: int, name: str) -> None:
    generators = next(gens for other, gens, _ in FIXED if other == name)
    assert_whole_stabilisers(few, ByteBuilder(len(generators[0]), generators))


def assert_whole_stabilisers(few: int, builder: Builder) -> None:
    builder.run()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain_proof, "_FEW", few)
        for i in range(len(builder.levels) - 1):
            proof = chain_proof.LevelProof(builder, i)
            proof.find_orbits()
            assert sum(len(orbit.points) for orbit in proof.orbits) == len(proof.place)
            assert set(proof.place) == set(builder.levels[i].points)
            for orbit in proof.orbits:
                p = orbit.points[0]
                if p == builder.levels[i].base_point:
                    continue
                assert all(x[p] == p for x in orbit.gens)
                generated = closure([list(x) for x in orbit.gens], builder.n)
                assert len(generated) * len(orbit.points) == proof.order
                assert builder.first_outside(orbit.gens, proof.lower) is None


def test_failure_is_reported_before_the_order_is_exceeded() -> None:
    # A chain of a subgroup never passes as a chain of the group.
    builder = ByteBuilder(5, [[1, 2, 3, 4, 0], [1, 0, 2, 3, 4]])
    builder.add(builder.generators[0], (0, []))
    builder.prune()
    assert builder.prove() is not None


def test_chains_that_would_take_many_minutes_are_refused_at_once() -> None:
    deep = group("S9 wr S9 wr S9 wr S9")
    with pytest.raises(TooLargeError, match="chain on 6561 points with a base of at least 1165"):
        _ = deep.base
    assert deep.order > 10**4000  # stated by the constructors
    assert len(group("S2000").base) == 1999  # giants have a way of their own
