"""Permutations: conventions as laws, parsing both ways, refusals with their messages."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import Permutation
from groups import strategies as gst
from groups.errors import DegreeError, GroupsError, PermutationError, PointError, TooLargeError
from tests.groups.brute_force import compose, inverse


def same_degree(count: int) -> st.SearchStrategy[tuple[Permutation, ...]]:
    return st.integers(0, 7).flatmap(
        lambda n: st.tuples(*[gst.permutations(degree=n) for _ in range(count)])
    )


@given(same_degree(3))
def test_group_laws_and_left_action(drawn: tuple[Permutation, ...]) -> None:
    p, q, r = drawn
    e = Permutation.identity(p.degree)
    assert (p * q) * r == p * (q * r)
    assert p * ~p == e == ~p * p and p * e == p == e * p
    assert all((p * q)(i) == p(q(i)) for i in range(p.degree))
    assert (p * q).images.tolist() == list(compose(p.images.tolist(), q.images.tolist()))
    assert (~p).images.tolist() == list(inverse(p.images.tolist()))
    assert p.conjugate_by(q) == q * p * ~q
    assert p.conjugate_by(q).cycle_type == p.cycle_type
    assert (p * q).sign == p.sign * q.sign


@given(gst.permutations(), st.integers(-30, 30))
def test_powers_orders_and_cycles(p: Permutation, k: int) -> None:
    e = Permutation.identity(p.degree)
    expected = e
    for _ in range(abs(k)):
        expected = expected * (p if k > 0 else ~p)
    assert p**k == expected
    assert p**p.order == e and all(p**j != e for j in range(1, p.order))
    assert Permutation.from_cycles(p.cycles(), p.degree) == p
    assert sum(p.cycle_type) == p.degree and list(p.cycle_type) == sorted(p.cycle_type)[::-1]
    inversions = sum(p(i) > p(j) for j in range(p.degree) for i in range(j))
    assert p.sign == (-1) ** inversions
    assert p.is_identity == (p == e)


@given(gst.permutations())
def test_print_and_parse_are_inverse(p: Permutation) -> None:
    assert Permutation(str(p), degree=p.degree) == p
    assert eval(repr(p), {"Permutation": Permutation}) == p
    assert pickle.loads(pickle.dumps(p)) == p
    assert hash(Permutation(p.images.tolist())) == hash(p)


@given(same_degree(2), st.data())
def test_actions_on_vectors_and_sets(drawn: tuple[Permutation, ...], data: st.DataObject) -> None:
    p, q = drawn
    n = p.degree
    x = data.draw(st.tuples(*([st.integers(0, 9)] * n)))
    y = p.act_on_vector(x)
    assert all(y[p(i)] == x[i] for i in range(n))
    assert (p * q).act_on_vector(x) == p.act_on_vector(q.act_on_vector(x))
    assert p.act_on_vector(np.array(x)).tolist() == list(y)
    s = data.draw(gst.subsets(n))
    assert (p * q).act_on_set(s) == p.act_on_set(q.act_on_set(s))
    # On exponent vectors and on sets the action is the same: indicator vectors.
    indicator = tuple(int(i in s) for i in range(n))
    assert p.act_on_vector(indicator) == tuple(int(i in p.act_on_set(s)) for i in range(n))


@pytest.mark.parametrize(
    ("text", "images"),
    [
        ("()", []),
        ("(1)", [0]),
        ("(1,2,3)(4,5)", [1, 2, 0, 4, 3]),
        (" ( 1 , 3 ) (2 4) ", [2, 3, 0, 1]),
        ("(3)", [0, 1, 2]),
    ],
)
def test_cycle_strings_count_from_one(text: str, images: list[int]) -> None:
    assert Permutation(text).images.tolist() == images


def test_cycle_lists_count_from_zero() -> None:
    assert Permutation.from_cycles([[0, 1, 2], [4, 3]]) == Permutation("(1,2,3)(4,5)")
    assert Permutation.from_cycles([], degree=3) == Permutation.identity(3)


def test_degree_zero_and_one() -> None:
    for n in (0, 1):
        e = Permutation.identity(n)
        assert (e.order, e.sign, str(e), e.cycles(), e.cycle_type) == (1, 1, "()", [], (1,) * n)
        assert e * e == ~e == e**5 == e


def test_immutable() -> None:
    p = Permutation([1, 0])
    with pytest.raises(AttributeError):
        p.images = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        del p.images
    with pytest.raises(ValueError, match="read-only"):
        p.images[0] = 0
    source = np.array([1, 0])
    q = Permutation(source)
    source[0] = 0
    assert q.images.tolist() == [1, 0]


def test_order_is_lexicographic() -> None:
    chosen = sorted([Permutation([2, 1, 0]), Permutation([0, 2, 1]), Permutation([0, 1, 2])])
    assert [p.images.tolist() for p in chosen] == [[0, 1, 2], [0, 2, 1], [2, 1, 0]]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: Permutation([0, 0]),
            PermutationError,
            "every point 0..1 must occur once, got 0 tw",
        ),
        (lambda: Permutation([1, 2, 3]), PermutationError, "must lie in 0..2, got 3"),
        (lambda: Permutation([-1, 0]), PermutationError, "must lie in 0..1, got -1"),
        (lambda: Permutation(np.array([1, 2])), PermutationError, "must lie in 0..1, got 2"),
        (lambda: Permutation([10**30, 0]), PermutationError, "must lie in 0..1, got 1000"),
        (lambda: Permutation([0.0, 1.0]), PermutationError, "must be integers, got 0.0"),
        (lambda: Permutation([True, False]), PermutationError, "must be integers, got True"),
        (lambda: Permutation(7), PermutationError, "must be a list of integers or a cycle string"),
        (lambda: Permutation("(1,2"), PermutationError, "cannot read '(1,2' as cycles at column 1"),
        (lambda: Permutation("(1,2)x"), PermutationError, "at column 6"),
        (lambda: Permutation(""), PermutationError, "at least one pair of brackets"),
        (lambda: Permutation("(0,1)"), PermutationError, "count points from 1, got 0"),
        (lambda: Permutation("(1,2)(2,3)"), PermutationError, "(2 in a cycle string) twice"),
        (lambda: Permutation.from_cycles([[0, -1]]), PermutationError, "counted from 0, got -1"),
        (lambda: Permutation("(1,5)", degree=4), DegreeError, "use degree=5 or more"),
        (lambda: Permutation([1, 0], degree=3), DegreeError, "got degree 3 for 2 images"),
        (lambda: Permutation([1, 0], degree=-1), DegreeError, "must be an integer >= 0, got -1"),
        (lambda: Permutation.identity(True), DegreeError, "must be an integer >= 0, got True"),
        (lambda: Permutation.identity(10**12), TooLargeError, "would take 7.45e+03 GiB"),
        (lambda: Permutation.identity(10**400), TooLargeError, "would take too much memory per"),
        (lambda: Permutation("(1,9999999999)"), TooLargeError, "leave out points that are always"),
        (lambda: Permutation(f"({'9' * 5000})"), TooLargeError, "have at most 12 digits"),
        (lambda: Permutation("(1,200000000)"), TooLargeError, "give degree=200000000 if that"),
        (lambda: Permutation("(\u0661,\u0662)"), PermutationError, "at column 1"),
        (lambda: Permutation("(1,2)" * 999 + "x"), PermutationError, "(1,2)(1,2)x' as cycles at"),
        (lambda: Permutation([0]) * Permutation([0, 1]), DegreeError, "got 1 and 2"),
        (lambda: Permutation([1, 0])(2), PointError, "must be in 0..1, got 2"),
        (lambda: Permutation([1, 0]).act_on_vector([1]), DegreeError, "got length 1"),
    ],
)
def test_refusals_say_what_and_why(make: object, error: type[GroupsError], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)) as caught:
        make()  # type: ignore[operator]
    assert isinstance(caught.value, ValueError) and "\n" not in str(caught.value)
    assert ";" in str(caught.value) and len(str(caught.value)) < 300


def test_many_blanks_are_read_in_one_way_only() -> None:
    """Each pair of blanks used to double the time to refuse the text."""
    with pytest.raises(PermutationError, match="at column 1"):
        Permutation(f"({'1  ' * 20_000}x")
    assert Permutation("( 1  2 ,3 ,  4 )") == Permutation("(1,2,3,4)")


def test_a_repeated_point_is_found_among_many() -> None:
    points = ",".join(map(str, range(1, 50_001)))
    with pytest.raises(PermutationError, match="got the 0-based point 6 "):
        Permutation(f"({points},7)")
