"""Actions against their definitions: every law by property search, every image by moving the
objects one by one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import Permutation, PermutationGroup, group
from groups import catalogue as c
from groups.actions import (
    Action,
    CosetsAction,
    ElementsAction,
    ExponentsAction,
    PairsAction,
    PointsAction,
    RowsAction,
    SubsetsAction,
    TuplesAction,
    UnionAction,
    on_exponents,
)
from groups.errors import DegreeError, MembershipError, ParameterError, TooLargeError


@st.composite
def small_groups(draw: Any, largest: int = 5) -> PermutationGroup:
    n = draw(st.integers(0, largest))
    generators = draw(st.lists(st.permutations(range(n)), max_size=2))
    return PermutationGroup(generators, n)


@st.composite
def actions(draw: Any) -> Action:
    G = draw(small_groups())
    n = G.degree
    kind = draw(
        st.sampled_from(
            ["points", "subsets", "pairs", "ordered", "tuples", "rows", "exponents", "bounded"]
            + ["cosets", "elements", "union"]
        )
    )
    if kind == "points":
        return PointsAction(G)
    if kind == "subsets":
        return SubsetsAction(G, draw(st.integers(0, n)))
    if kind in ("pairs", "ordered"):
        return PairsAction(G, ordered=kind == "ordered")
    if kind == "tuples":
        return TuplesAction(G, draw(st.integers(0, 3)))
    if kind == "rows":
        return RowsAction(G, draw(st.integers(1, 3)))
    if kind == "exponents":
        return ExponentsAction(G, draw(st.integers(0, 4)))
    if kind == "bounded":
        return ExponentsAction(G, draw(st.integers(0, 5)), draw(st.integers(0, 3)))
    if kind == "cosets":
        H = G.subgroup(
            [G.random_element(seed) for seed in draw(st.lists(st.integers(0, 9), max_size=1))]
        )
        return CosetsAction(G, H)
    if kind == "elements":
        return ElementsAction(G)
    return UnionAction(*(SubsetsAction(G, k) for k in range(0, n + 1, 2)))


def moved(action: Action, p: Permutation, label: Any) -> Any:
    """What p does to an object, from the definition of the action."""
    kind = action.kind
    if kind == "points":
        return p(label)
    if kind in ("subsets", "pairs"):
        return tuple(sorted(p(i) for i in label))
    if kind in ("tuples", "ordered pairs"):
        return tuple(p(i) for i in label)
    if kind == "rows":
        return (p(label[0]), label[1])
    if kind == "exponents":
        return p.act_on_vector(label)
    if kind == "cosets":
        return min(p * label * h for h in action.parameter.elements())
    if kind == "elements":
        return label * ~p
    assert isinstance(action, UnionAction)
    return (label[0], moved(action.parts[label[0]], p, label[1]))


@given(action=actions(), data=st.data())
def test_laws(action: Action, data: Any) -> None:
    G = action.group
    p = G.random_element(data.draw(st.integers(0, 99)))
    q = G.random_element(data.draw(st.integers(0, 99)))
    phi = action.homomorphism
    assert phi(p * q) == phi(p) * phi(q)
    assert phi(~p) == ~phi(p)
    assert phi(G.identity).is_identity
    labels = action.labels
    assert len(set(labels)) == len(labels) == action.degree
    assert list(labels) == sorted(labels)
    image = phi(p)
    for i, label in enumerate(labels):
        assert labels[image(i)] == moved(action, p, label)
    assert phi(p) in action.image


@given(action=actions())
def test_image_kernel_and_faithfulness(action: Action) -> None:
    """The image has order |G| over the number of elements that fix everything, counted singly."""
    G, image = action.group, action.image
    kernel = [p for p in G.elements() if action.homomorphism(p).is_identity]
    bare = PermutationGroup(image.generators, image.degree)
    assert bare.order * len(kernel) == G.order
    assert image.order == bare.order
    assert action.is_faithful == (len(kernel) == 1)
    assert image.labels == action.labels and image.degree == action.degree
    induced = {action.homomorphism(g) for g in G.generators}
    assert induced - {image.identity} == set(image.generators)


@given(action=actions(), seed=st.integers(0, 99))
def test_preimages(action: Action, seed: int) -> None:
    p = action.group.random_element(seed)
    q = action.homomorphism(p)
    back = action.preimage(q)
    assert back in action.group and action.homomorphism(back) == q
    if action.is_faithful:
        assert back == p


@given(G=small_groups(4), data=st.data())
def test_natural_actions_take_every_permutation(G: PermutationGroup, data: Any) -> None:
    n = G.degree
    p, q = (Permutation(data.draw(st.permutations(range(n))), n) for _ in range(2))
    for action in (
        SubsetsAction(G, n // 2),
        TuplesAction(G, 2),
        RowsAction(G, 2),
        ExponentsAction(G, 3),
    ):
        assert action.homomorphism(p * q) == action.homomorphism(p) * action.homomorphism(q)


@pytest.mark.parametrize("n", range(6))
def test_objects_are_all_there_in_order(n: int) -> None:
    G = c.symmetric(n)
    points = range(n)
    for k in range(n + 1):
        assert SubsetsAction(G, k).labels == tuple(itertools.combinations(points, k))
    for k in range(4):
        assert TuplesAction(G, k).labels == tuple(itertools.product(points, repeat=k))
    assert PairsAction(G).labels == tuple(itertools.combinations(points, 2))
    assert PairsAction(G, ordered=True).labels == tuple(itertools.permutations(points, 2))
    assert RowsAction(G, 3).labels == tuple(itertools.product(points, range(3)))
    for d, bound in itertools.product(range(5), (None, 0, 1, 2, 9)):
        entries = range((d if bound is None else bound) + 1)
        vectors = [v for v in itertools.product(entries, repeat=n) if sum(v) == d]
        assert ExponentsAction(G, d, bound).labels == tuple(vectors)
    assert [g.images.tolist() for g in ElementsAction(G).labels] == [
        list(p) for p in itertools.permutations(points)
    ]


@pytest.mark.parametrize(
    ("text", "subgroup", "index"),
    [
        ("S5", "S4 x S1", 5),
        ("S6", "S3 wr S2", 10),
        ("M11", "<(1,2,3,4,5,6,7,8,9,10,11)>", 720),
        ("A5", "Trivial(5)", 60),
        ("S4", "S4", 1),
        ("PSL(2,7)", "<(1,2,3,4,5,6,7)> degree 8", 24),
        ("S0", "S0", 1),
        ("C1", "C1", 1),
    ],
)
def test_cosets_partition_the_group(text: str, subgroup: str, index: int) -> None:
    G, H = group(text), group(subgroup)
    action = CosetsAction(G, H)
    assert action.degree == index and action.image.is_transitive
    assert action.labels[0].is_identity
    assert list(action.labels) == sorted(action.labels)
    stabiliser = PermutationGroup(action.image.generators, index).stabilizer(0) if index else None
    if stabiliser is not None:
        assert stabiliser.order * index == action.image.order
    for x in action.labels[:20]:
        assert x == min(x * h for h in itertools.islice(H.elements(), 1000))


def test_cosets_do_not_depend_on_generators() -> None:
    G = c.symmetric(5)
    other = PermutationGroup(["(2,3)", "(1,2)", "(4,5)", "(3,4)"])
    H, same = group("S3 x C2"), PermutationGroup(["(1,3)", "(2,3)", "(4,5)"])
    assert H == same
    assert CosetsAction(G, H).labels == CosetsAction(other, same).labels


def test_left_and_right_regular_actions_commute() -> None:
    G = group("Q8 on points")
    left, right = CosetsAction(G, c.trivial(8)), ElementsAction(G)
    assert left.labels == right.labels
    for p, q in itertools.product(G.generators, repeat=2):
        a, b = left.homomorphism(p), right.homomorphism(q)
        assert a * b == b * a


def test_names_and_structures() -> None:
    S4 = c.symmetric(4)
    assert S4.on_pairs().name == "S4 on pairs"
    assert S4.on_pairs(ordered=True).name == "S4 on ordered pairs"
    assert S4.on_subsets(3).name == "S4 on subsets(3)"
    assert S4.on_tuples(2).name == "S4 on tuples(2)"
    assert S4.on_rows(2).name == "S4 on rows(2)"
    assert S4.right_regular().name == "S4 on elements"
    assert on_exponents(S4, 2).name == "S4 on exponents(2)"
    assert on_exponents(S4, 3, 2).name == "S4 on exponents(3,2)"
    assert S4.on_cosets(group("S3 x S1")).name == "S4 on cosets(S3 x S1)"
    assert S4.on_cosets(S4.stabilizer(0)).name is None
    assert group("S2 wr S2").on_pairs().name == "(S2 wr S2) on pairs"
    assert PermutationGroup(["(1,2)"]).on_rows(2).name is None
    assert S4.on_pairs()._structure == ("action", "pairs", S4, 2)
    assert S4.on_rows(3)._structure == ("action", "rows", S4, 3)
    assert UnionAction(PointsAction(S4)).image._structure is None


def test_order_is_passed_on_only_when_the_action_is_faithful() -> None:
    klein = group("V4")
    halves = CosetsAction(klein, PermutationGroup(["(1,2)(3,4)"]))
    assert halves.image.order == 2 and not halves.is_faithful
    assert SubsetsAction(c.symmetric(3), 3).image.order == 1
    assert SubsetsAction(c.symmetric(3), 0).image.order == 1
    assert PairsAction(c.symmetric(2)).image.order == 1
    assert ExponentsAction(c.symmetric(3), 3, 1).image.order == 1
    big = c.symmetric(50).on_pairs()
    assert big.degree == 1225 and big.order == math.factorial(50)


@pytest.mark.parametrize(("n", "k"), [(70, 69), (100, 98), (300, 299), (20, 15), (9, 9), (64, 1)])
def test_subsets_with_few_points_left_out(n: int, k: int) -> None:
    """Sizes whose binomials on the way would overflow: every subset and its image, one by one."""
    action = SubsetsAction(c.symmetric(n), k)
    assert action.labels == tuple(itertools.combinations(range(n), k))
    vectors = ExponentsAction(c.symmetric(n), k, 1)
    assert len(vectors.labels) == len(action.labels)
    p = c.symmetric(n).random_element(n)
    images, moved_vectors = action.homomorphism(p), vectors.homomorphism(p)
    for i in range(0, action.degree, 1 + action.degree // 200):
        assert action.labels[images(i)] == p.act_on_set(action.labels[i])
        assert vectors.labels[moved_vectors(i)] == p.act_on_vector(vectors.labels[i])
    assert list(vectors.labels) == sorted(vectors.labels)


def test_an_image_as_large_as_it_gets() -> None:
    action = SubsetsAction(c.mathieu(24), 5)
    assert action.degree == 42504
    p = action.group.random_element(1)
    assert action.labels[action.homomorphism(p)(1000)] == p.act_on_set(action.labels[1000])


S5 = c.symmetric(5)
BAD: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: SubsetsAction(S5, 6), ParameterError, "k must be between 0 and 5, got 6"),
    (lambda: SubsetsAction(S5, -1), ParameterError, "k must be between 0 and 5, got -1"),
    (lambda: SubsetsAction(S5, "2"), ParameterError, "k must be a whole number, got '2'"),  # type: ignore[arg-type]
    (lambda: SubsetsAction("S5", 2), ParameterError, "group: must be a PermutationGroup, got str"),  # type: ignore[arg-type]
    (lambda: TuplesAction(S5, -1), ParameterError, "k must be at least 0, got -1"),
    (lambda: RowsAction(S5, 0), ParameterError, "columns must be at least 1, got 0"),
    (lambda: ExponentsAction(S5, -2), ParameterError, "degree must be at least 0, got -2"),
    (lambda: ExponentsAction(S5, 2, -2), ParameterError, "max_exponent must be at least 0"),
    (lambda: UnionAction(), ParameterError, "at least one action is needed"),
    (
        lambda: UnionAction(PointsAction(S5), PointsAction(c.alternating(5))),
        ParameterError,
        "must be of one group",
    ),
    (lambda: CosetsAction(S5, c.symmetric(4)), DegreeError, "same 5 points, got degree 4"),
    (lambda: CosetsAction(c.alternating(5), S5), MembershipError, "must be elements of the group"),
    (
        lambda: CosetsAction(c.symmetric(20), c.trivial(20)),
        TooLargeError,
        "cosets: at most 2000000 are built, got 2432902008176640000",
    ),
    (
        lambda: CosetsAction(S5, c.trivial(5), max_points=100),
        TooLargeError,
        "cosets: at most 100 are built, got 120",
    ),
    (lambda: ElementsAction(c.symmetric(12)), TooLargeError, "at most 2000000 .* 479001600"),
    (
        lambda: SubsetsAction(c.symmetric(60), 30),
        TooLargeError,
        "30-subsets: at most 2000000 are built, got 118264581564861424; "
        "use count_orbits_on_subsets, or raise max_points",
    ),
    (lambda: TuplesAction(c.symmetric(10), 1000), TooLargeError, "got more than 10.30"),
    (lambda: TuplesAction(c.trivial(1), 10**9), TooLargeError, "entries of a tuple"),
    (lambda: ExponentsAction(c.symmetric(100), 50), TooLargeError, "exponent vectors of degree 50"),
    (lambda: ExponentsAction(c.trivial(1), 10**9), TooLargeError, "a smaller degree"),
    (lambda: RowsAction(S5, 10**9), TooLargeError, "matrix entries"),
    (lambda: PairsAction(c.symmetric(5000)), TooLargeError, "pairs: .* got 12497500"),
    (
        lambda: PairsAction(S5).homomorphism(Permutation("(1,2)", 4)),
        DegreeError,
        "p: must be a Permutation of 5 points, got 4",
    ),
    (lambda: PairsAction(S5).homomorphism([1, 0, 2, 3, 4]), DegreeError, "got list"),  # type: ignore[arg-type]
    (
        lambda: ElementsAction(c.cyclic(5)).homomorphism(Permutation("(1,2)", 5)),
        MembershipError,
        r"p: must be an element of the group that acts on elements, got \(1,2\)",
    ),
    (
        lambda: UnionAction(ElementsAction(c.cyclic(5))).homomorphism(Permutation("(1,2)", 5)),
        MembershipError,
        r"p: must be an element of the group that acts on elements, got \(1,2\)",
    ),
    (
        lambda: PairsAction(S5).preimage(Permutation("(1,2)", 10)),
        MembershipError,
        r"q: must be an element of the image group of degree 10, got \(1,2\)",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=range(len(BAD)))
def test_bad_input(call: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_actions_are_immutable_and_shown() -> None:
    action = PairsAction(S5)
    with pytest.raises(AttributeError, match="PairsAction is immutable"):
        action.degree = 3
    assert repr(action) == "<<PermutationGroup S5 of degree 5> on pairs: 10 points>"
    assert repr(UnionAction(action)).endswith("on union: 10 points>")
