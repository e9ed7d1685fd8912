"""Small families of every kind, whose certificates the tests alter leaf by leaf.

Each kind that the checker knows has at least one family that holds, and one that is refuted or
undecided where that can be; a key says "refuted" or "undecided" when that is the outcome. The
reliability runs in benchmarks/ take their samples from here too.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import symcsq as cs
from groups import PermutationGroup
from symcsq.functions import HermiteSeries
from tests.verifier import (
    graph_and_frame_families,
    own_families,
    polynomial_families,
    rotation_families,
)


def rotations() -> PermutationGroup:
    return PermutationGroup([[1, 2, 3, 0]], degree=4)


def parities(n: int, m: int, *arguments: Any, **options: Any) -> Any:
    return cs.ParityNetworks(n, m, *arguments, **options)


def averages(m: int, **options: Any) -> Any:
    return cs.FrameAveraged(parities(4, m, **options), cs.frames.reynolds(rotations()))


def listed_polynomials() -> Any:
    """A cubic family on five atoms; several levels of the chain, and a program."""
    group = PermutationGroup([[1, 2, 0, 3], [0, 2, 3, 1]], degree=4)
    law = cs.FiniteUniform([-2, -1, 0, 1, "5/2"])
    return cs.InvariantPolynomials(group, 3, law, representatives=[[1, 1, 1, 0], [0, 0, 1, 2]])


def repeated_polynomials() -> Any:
    vectors = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]]
    return cs.InvariantPolynomials(rotations(), 2, representatives=vectors)


def broken_law() -> Any:
    law = cs.distributions.parse("gaussian^2 x rademacher^2")
    return cs.InvariantPolynomials(rotations(), 2, law)


def open_law() -> Any:
    """What is known of the second coordinate agrees with the first, and decides nothing."""
    swap = PermutationGroup([[1, 0]], degree=2)
    law = cs.distributions.Product([cs.Gaussian(), cs.Moments([1, 0, 1, 0, 3])])
    return cs.InvariantPolynomials(swap, 2, law)


def series(c: Any, tail: Any) -> Any:
    """c_0 = 0, c_1 between 1 and 2, c_2 = c."""
    ends = cs.Enclosure(Fraction(1), Fraction(2), 0)
    return HermiteSeries([0, ends, c], tail)


def first_two_exchanged(degree: int) -> PermutationGroup:
    return PermutationGroup([[1, 0, *range(2, degree)]], degree=degree)


def whole_averages(m: int) -> Any:
    return cs.FrameAveraged(parities(21, m), cs.frames.reynolds(first_two_exchanged(21)))


def whole_polynomials(law: Any, n: int, degree: int) -> Any:
    return cs.InvariantPolynomials(first_two_exchanged(n), degree, law)


FAMILIES: dict[str, Callable[[], Any]] = {
    "polynomials": lambda: cs.InvariantPolynomials(
        PermutationGroup([[1, 0, 2], [1, 2, 0]], degree=3), 3
    ),
    "polynomials, listed": listed_polynomials,
    "polynomials, refuted: a repeated orbit": repeated_polynomials,
    "polynomials, refuted: the law is not preserved": broken_law,
    "polynomials, undecided: a bare sequence of moments": open_law,
    "parities": lambda: parities(3, 2),
    "parities, polynomial, listed": lambda: parities(5, 2, [0, 1, 1], subsets=[[0, 1], [2, 4]]),
    "parities, refuted: norm zero": lambda: parities(3, 3),
    "parities, refuted: a repeated subset": lambda: parities(4, 2, subsets=[[0, 1], [0, 1]]),
    "parities, series": lambda: parities(3, 2, series("1/3", "1/100")),
    "parities, undecided: a series": lambda: parities(3, 2, series(0, "1/100")),
    "averages": lambda: averages(2),
    "averages, refuted: norm zero": lambda: averages(3),
    "polynomials, whole": lambda: whole_polynomials(cs.Gaussian(), 12, 10),
    "polynomials, whole, refuted: the law is not preserved": lambda: whole_polynomials(
        cs.distributions.parse("gaussian x uniform^11"), 12, 10
    ),
    "parities, whole": lambda: parities(20, 10),
    "parities, whole, refuted: norm zero": lambda: parities(21, 9),
    "averages, whole": lambda: whole_averages(10),
    **own_families.SHAPES,
    **polynomial_families.SAMPLES,
    **graph_and_frame_families.SAMPLES,
    **rotation_families.SAMPLES,
}
