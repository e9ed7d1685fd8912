"""Hypothesis strategies for the values of symcsq: rational points, laws, invariant functions.

Those for groups, group elements, subsets and exponent vectors are the ones of `groups.strategies`,
under the same names. Everything drawn is exact, and shrinks towards zero and the identity.

Examples:
    >>> import symcsq as cs
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=20, deadline=None)
    ... @given(cs.strategies.points(cs.Slice(2).on(4)))
    ... def two_ones(x):
    ...     assert sum(x) == 2
    >>> two_ones()
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any

import hypothesis.strategies as st

from groups.strategies import elements, exponent_vectors, groups, permutations, subsets
from symcsq.distributions import (
    Bernoulli,
    FiniteUniform,
    Gaussian,
    Product,
    Rademacher,
    Slice,
    Sphere,
    Uniform,
)
from symcsq.errors import DistributionError
from symcsq.exact import rational
from symcsq.functions.expansions import Expansion

__all__ = [
    "elements",
    "expansions",
    "exponent_vectors",
    "groups",
    "laws",
    "permutations",
    "points",
    "rationals",
    "sign_vectors",
    "subsets",
]

_FAR = 12
_LISTED = 5_000


def rationals(
    low: Any = None, high: Any = None, *, max_denominator: int = 6
) -> st.SearchStrategy[Fraction]:
    """Rationals of small height; integers near 0 are frequent, so that ties are.

    Arguments:
        low, high: the ends of an interval, exact rationals; both or none.
        max_denominator: at most this.

    Raises:
        DistributionError: one end without the other, or in the wrong order.

    Examples:
        >>> from hypothesis import find
        >>> find(rationals(), lambda x: x * x > 2)
        Fraction(2, 1)
    """
    if low is None and high is None:
        # Numerator and denominator apart, so that 16/5 shrinks to 16 and then to 3.
        denominators = [1, 1, *range(1, max_denominator + 1)]
        return st.builds(Fraction, st.integers(-_FAR, _FAR), st.sampled_from(denominators))
    ends = [None if end is None else rational(end, "low, high") for end in (low, high)]
    least, most = ends
    if least is None or most is None or least > most:
        raise DistributionError(
            f"low, high: must be the two ends of an interval, got {low} and {high}; write "
            "rationals(-1, 1)"
        )
    if (most - least) * max_denominator**2 > _LISTED:
        return st.fractions(least, most, max_denominator=max_denominator)
    # One choice from a list, simplest first, takes a fraction of the time that `fractions` takes.
    listed = _by_height(least, most, max_denominator)
    near = [x for x in listed if x.denominator == 1 and abs(x) <= 2]
    return st.sampled_from(near * (len(listed) // 8) + listed)


@lru_cache(maxsize=64)
def _by_height(low: Fraction, high: Fraction, max_denominator: int) -> list[Fraction]:
    found = {
        Fraction(p, q)
        for q in range(1, max_denominator + 1)
        for p in range(ceil(low * q), floor(high * q) + 1)
    }
    return sorted(found, key=lambda x: (x.denominator, abs(x), x < 0))


def points(law: Any) -> st.SearchStrategy[tuple[Fraction, ...]]:
    """Rational points where a law lives: of its support, or of R^n.

    Arguments:
        law: a law on R^n (product, sphere or slice), or a dimension n for points of Q^n.

    Raises:
        DistributionError: no way to draw points of this law is known.

    Examples:
        >>> from hypothesis import find
        >>> find(points(Sphere().on(3)), lambda x: x[2] > 0)
        (Fraction(0, 1), Fraction(0, 1), Fraction(1, 1))
    """
    if isinstance(law, int):
        return st.tuples(*[rationals()] * law)
    if isinstance(law, Product):
        return st.tuples(*(_coordinate(law[i]) for i in range(law.dimension)))
    if isinstance(law, Slice):
        ones = [Fraction(1)] * law.weight + [Fraction(0)] * (law.dimension - law.weight)
        return st.permutations(ones).map(tuple)
    if isinstance(law, Sphere):
        if law.dimension == 1:
            return st.sampled_from([(Fraction(1),), (Fraction(-1),)])
        pole = st.sampled_from([1, -1])
        return st.tuples(pole, *[rationals()] * (law.dimension - 1)).map(_on_sphere)
    raise DistributionError(
        f"law: must be a product law, a sphere, a slice or a dimension, got {law!r}; "
        "pass a strategy for its points instead"
    )


def _coordinate(marginal: Any) -> st.SearchStrategy[Fraction]:
    if marginal.points is not None:
        # The points nearest to 0 first: examples shrink towards the first.
        values = sorted((x for x, _ in marginal.points), key=lambda x: (abs(x), x < 0))
        return st.sampled_from(values)
    if isinstance(marginal, Uniform):
        return rationals(-1, 1)
    return rationals()


def _on_sphere(drawn: tuple[Any, ...]) -> tuple[Fraction, ...]:
    """Stereographic projection of a rational point of the plane, from either pole."""
    pole, *t = drawn
    square = sum((x * x for x in t), Fraction(0))
    below = pole * (1 - square) / (1 + square)
    return (*(2 * x / (1 + square) for x in t), below)


def sign_vectors(length: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Vectors of signs ±1; shrinks towards all 1.

    Arguments:
        length: number of entries.
    """
    return st.tuples(*[st.sampled_from([1, -1])] * length)


def laws(dimension: int) -> st.SearchStrategy[Product]:
    """Product laws on R^n with marginals of several kinds, not always equal.

    Arguments:
        dimension: n.
    """
    marginals = [
        Gaussian(),
        Rademacher(),
        Uniform(),
        Bernoulli("1/3"),
        FiniteUniform([-2, -1, 1, 2]),
        FiniteUniform([0, 1, "5/2"]),
    ]
    equal = st.sampled_from(marginals).map(lambda law: Product([law] * dimension))
    mixed = st.lists(st.sampled_from(marginals), min_size=dimension, max_size=dimension).map(
        Product
    )
    return st.one_of(equal, mixed) if dimension else equal


def expansions(
    group: Any, law: Any = None, *, degree: int = 3, most_orbits: int = 4
) -> st.SearchStrategy[Expansion]:
    """Invariant functions of a group with small rational coefficients; shrinks towards 0.

    Arguments:
        group: a `PermutationGroup` that preserves the law. law: as for `Expansion`; Gaussian by
            default. degree: largest total degree. most_orbits: at most so many orbits.

    Examples:
        >>> from groups import group
        >>> from hypothesis import find
        >>> f = find(expansions(group("C3")), lambda f: f.norm_squared() > 2)
        >>> f.group.order, f.norm_squared() > 2
        (3, True)
    """
    law = Gaussian() if law is None else law
    product = Expansion(group, law, {}).distribution
    limits = [degree if e is None else min(e, degree) for e in product.max_exponents]
    vectors = st.tuples(*(st.integers(0, limit) for limit in limits))
    small = vectors.filter(lambda alpha: sum(alpha) <= degree)
    terms = st.dictionaries(small, rationals(), max_size=most_orbits)

    def build(coefficients: dict[tuple[int, ...], Fraction]) -> Expansion:
        # Exponents that a law excludes on one point of an orbit are excluded on all of it.
        allowed = {k: v for k, v in coefficients.items() if product.norm(k)}
        return Expansion(group, product, allowed)

    return terms.map(build)
