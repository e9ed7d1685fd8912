"""Exact draws: every ticket is counted, and laws without a finite support refuse."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from math import lcm
from typing import Any

import pytest

from symcsq.distributions import (
    Bernoulli,
    Distribution,
    FiniteUniform,
    FiniteWeighted,
    Gaussian,
    Moments,
    Rademacher,
    Slice,
    Sphere,
    Uniform,
    erdos_renyi,
)
from symcsq.errors import DistributionError

FINITE: list[Distribution] = [
    Rademacher(),
    Bernoulli("2/7"),
    FiniteUniform([-2, 0, "1/3"]),
    FiniteWeighted({0: "1/2", 1: "1/6", -1: "1/3"}),
]


@pytest.mark.parametrize("law", FINITE, ids=str)
def test_each_point_has_its_share_of_the_tickets(
    law: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = law.points
    assert points is not None
    scale = lcm(*(weight.denominator for _, weight in points))
    tickets = iter(range(scale))

    class Tickets:
        def __init__(self, seed: Any) -> None: ...

        def randrange(self, stop: int) -> int:
            assert stop == scale
            return next(tickets)

    monkeypatch.setattr(random, "Random", Tickets)
    drawn = Counter(x for (x,) in law.on(1).sample(seed=0, count=scale))
    assert {x: Fraction(n, scale) for x, n in drawn.items()} == dict(points)


def test_draws_are_points_of_the_support() -> None:
    graphs = erdos_renyi(4, "1/3").sample(seed=5, count=30)
    assert {len(x) for x in graphs} == {6} and {e for x in graphs for e in x} == {0, 1}
    assert {sum(x) for x in Slice(2).on(5).sample(seed=5, count=30)} == {2}
    assert Slice(2).on(5).sample(seed=5) == Slice(2).on(5).sample(seed=5)


@pytest.mark.parametrize("law", [Gaussian(), Uniform(), Moments([1, 0, 1])], ids=str)
def test_other_laws_refuse(law: Distribution) -> None:
    with pytest.raises(DistributionError, match="exact draws need a finite law"):
        law.on(2).sample(seed=0)
    assert not hasattr(Sphere().on(3), "sample")
