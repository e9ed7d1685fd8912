"""Projections are idempotent, self-adjoint and land where they should (M2 to M4)."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import PermutationGroup
from symcsq.distributions import Gaussian, Uniform
from symcsq.errors import ExpansionError
from symcsq.functions import Expansion, expand, isotypic_part, reynolds, semi_invariant

GROUPS = [
    PermutationGroup(["(1,2,3,4)"]),
    PermutationGroup(["(1,2)", "(3,4)"]),
    PermutationGroup(["(1,2,3,4)", "(1,2)"]),
    PermutationGroup([], degree=4),
]
TRIVIAL = PermutationGroup([], degree=4)
vectors = st.tuples(*[st.integers(0, 2)] * 4)
values = st.fractions(min_value=-3, max_value=3, max_denominator=3)
functions = st.dictionaries(vectors, values, max_size=4).map(
    lambda c: Expansion(TRIVIAL, Gaussian(), c)
)


def moved(f: Expansion, g: Any) -> Expansion:
    return f.act(g)


@settings(max_examples=40)
@given(functions, functions, st.sampled_from(GROUPS))
def test_reynolds_is_the_average_and_a_projection(
    f: Expansion, h: Expansion, G: PermutationGroup
) -> None:
    average = reynolds(f, G)
    total = Expansion(TRIVIAL, Gaussian())
    for g in G.elements():
        total = total + f.act(g)
    assert expand(average) == total.scale(Fraction(1, int(G.order)))
    assert reynolds(expand(average), G) == average
    assert expand(average).inner(h) == f.inner(expand(reynolds(h, G)))


@settings(max_examples=40)
@given(functions, st.sampled_from(GROUPS))
def test_isotypic_parts_of_linear_characters(f: Expansion, G: PermutationGroup) -> None:
    trivial = isotypic_part(f, G, lambda g: 1)
    assert trivial == expand(reynolds(f, G))
    part = isotypic_part(f, G, lambda g: g.sign)
    assert isotypic_part(part, G, lambda g: g.sign) == part
    for g in G.generators:
        assert part.act(g) == part.scale(g.sign)
    if any(g.sign < 0 for g in G.generators):
        assert part.inner(trivial) == 0


@settings(max_examples=40)
@given(vectors, st.sampled_from(GROUPS))
def test_semi_invariants(alpha: tuple[int, ...], G: PermutationGroup) -> None:
    signs = [g.sign for g in G.generators]
    terms = semi_invariant(G, Gaussian(), alpha, signs)
    part = isotypic_part(Expansion(TRIVIAL, Gaussian(), {alpha: 1}), G, lambda g: g.sign)
    # M3: zero iff the character is non-trivial on the stabiliser, else |O| times the projection.
    f = Expansion(TRIVIAL, Gaussian(), terms)
    assert f == part.scale(len(terms) or 1)
    assert f.norm_squared() == len(terms) * Gaussian().on(4).norm(alpha)
    assert semi_invariant(G, Gaussian(), alpha, [1] * len(signs)) == {
        key: 1 for key, _, _ in expand(Expansion(G, Gaussian(), {alpha: 1}))
    }


def test_vandermonde_fixes_the_convention() -> None:
    S3 = PermutationGroup(["(1,2,3)", "(1,2)"])
    terms = semi_invariant(S3, Uniform(), (2, 1, 0), [1, -1])
    f = Expansion(PermutationGroup([], degree=3), Uniform(), terms)
    for x in permutations([Fraction(1), Fraction(-2, 3), Fraction(5)]):
        product = prod(x[i] - x[j] for i in range(3) for j in range(i + 1, 3))
        assert f(x) == product


def test_two_dimensional_character_of_s3() -> None:
    S3 = PermutationGroup(["(1,2,3)", "(1,2)"])
    trivial = PermutationGroup([], degree=3)
    f = Expansion(trivial, Gaussian(), {(1, 0, 0): 1, (2, 1, 0): 3})
    fixed = lambda g: sum(g(i) == i for i in range(3)) - 1  # noqa: E731
    parts = [isotypic_part(f, S3, c) for c in (lambda g: 1, lambda g: g.sign, fixed)]
    assert parts[0] + parts[1] + parts[2] == f
    assert all(parts[i].inner(parts[j]) == 0 for i in range(3) for j in range(i))


def test_galois_orbit_of_c3() -> None:
    C3 = PermutationGroup(["(1,2,3)"])
    f = Expansion(PermutationGroup([], degree=3), Gaussian(), {(1, 0, 0): 1, (1, 1, 1): 2})
    both = isotypic_part(f, C3, lambda g: 2 if g.is_identity else -1, degree=1)
    assert both == f - isotypic_part(f, C3, lambda g: 1)


def test_bad_input() -> None:
    C4 = GROUPS[0]
    f = Expansion(C4, Gaussian(), {(1, 0, 0, 0): 1})
    with pytest.raises(ExpansionError, match="must contain the group"):
        reynolds(f, GROUPS[1])
    with pytest.raises(ExpansionError, match="over the trivial group"):
        isotypic_part(f, C4, lambda g: 1)
    with pytest.raises(ExpansionError, match="1 or -1 for each of the 1 generators"):
        semi_invariant(C4, Gaussian(), (1, 0, 0, 0), [2])
    with pytest.raises(ExpansionError, match="must preserve the distribution"):
        reynolds(Expansion(TRIVIAL, "gaussian x uniform^3"), C4)
