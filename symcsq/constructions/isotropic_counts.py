"""How many isotropic sign vectors there are, and how many lie close to a given one: by formula.

a = u + iv with u, v in {±1}^n and u·v = 0. Signed permutations of the coordinates act transitively
on these vectors, so that counts from u = (1, …, 1), v = (1, …, 1, -1, …, -1) hold for every a. Let
b = s + it be another one and h = n/2. Coordinates with s_i = t_i are P of the first h and h - P of
the last h, because s·t = 0. With X, Y' sums of P free signs each, and Y, X' sums of h - P free
signs each, all independent,

    a·b̄/2 = (X + Y') + i(Y - X'),    a·b/2 = (Y + X') + i(X - Y').
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from math import comb, floor, isqrt
from typing import Any

import flint

from symcsq.constructions.family import natural
from symcsq.errors import FamilyError
from symcsq.exact import rational

__all__ = [
    "absolute_correlation_sum",
    "close_vectors",
    "isotropic_sign_vectors",
    "self_correlated_vectors",
    "spread_size",
]

Counts = dict[int, int]
"""{value: how often}."""

MOST_INPUTS = 4096


def isotropic_sign_vectors(n: int) -> int:
    """The number of isotropic vectors u + iv with u, v in {±1}^n: 2^n·binom(n, n/2).

    Eight of them, a, ia, -a, -ia and their conjugates, give the same function Re((a·x)^k) up to its
    sign when k is even.

    Raises:
        FamilyError: n is odd or outside 2..4096.

    Source: M17.

    Examples:
        >>> isotropic_sign_vectors(4)
        96
    """
    n = _dimension(n)
    return comb(n, n // 2) << n


def close_vectors(n: int, contraction_squared: object) -> int:
    """An upper bound of the number of b with ‖WVᵀ‖ > c for a given a, a itself included.

    ‖WVᵀ‖ = (|a·b̄| + |a·b|)/(2n) > c needs |a·b̄| > nc or |a·b| > nc. Both are the length of a pair
    of independent sums of 2P and n - 2P signs, twice, and are counted exactly.

    Arguments:
        n: the dimension, even, at most 4096.
        contraction_squared: c², a rational with 0 < c² < 1.

    Returns:
        An integer: #{b: |a·b̄| > nc} + #{b: |a·b| > nc}.

    Complexity: n²/8 products of n-bit integers.

    Source: M17, M18, M24.

    Examples:
        >>> close_vectors(4, "3/4")
        136
    """
    n = _dimension(n)
    limit = floor(n * n * _contraction(contraction_squared) / 4)  # x² + y² > n²c²/4
    h = n // 2
    total = 0
    for equal in range(h + 1):
        beyond = _beyond(2 * (h - equal))
        inside = 0
        for value, count in _signs(2 * equal).items():
            rest = limit - value * value
            inside += count * (beyond[min(isqrt(rest), n)] if rest >= 0 else 1 << 2 * (h - equal))
        total += _binomials(h)[equal] ** 2 * inside
    return 2 * total


def self_correlated_vectors(
    n: int, cycle_types: Iterable[Mapping[int, int]], contraction_squared: object
) -> int:
    """An upper bound of the number of a whose images ga, g ≠ 1, come close: ‖W_a W_gaᵀ‖ > c.

    All pairs of sign vectors are counted, isotropic or not. |a·gā| > nc needs a real or imaginary
    part beyond nc/√2: u·gu + v·gv is a sum over the cycles of g, and v·gu - u·gv is twice a sum of
    as many free signs as u changes along g².

    Arguments:
        n: the dimension, even, at most 4096.
        cycle_types: {cycle length: how many} for each element g ≠ 1 of the group.
        contraction_squared: c², a rational with 0 < c² < 1.

    Returns:
        An integer: the sum over g of the number of (u, v) in {±1}^n × {±1}^n.

    Complexity: n² products of n-bit integers for each different cycle type.

    Source: M18, M19, M24.

    Examples:
        >>> self_correlated_vectors(4, [{2: 2}], "3/4")
        480
    """
    n = _dimension(n)
    limit = floor(n * n * _contraction(contraction_squared) / 2)
    multiplicities: dict[tuple[tuple[int, int], ...], int] = {}
    for lengths in cycle_types:
        key = tuple(sorted(lengths.items()))
        if sum(length * count for length, count in key) != n:
            raise FamilyError(
                f"cycle_types: cycles must have {n} points in all, got {dict(lengths)}; "
                "fixed points are cycles of length 1"
            )
        multiplicities[key] = multiplicities.get(key, 0) + 1
    return sum(count * _self_correlated(n, key, limit) for key, count in multiplicities.items())


def _self_correlated(n: int, lengths: tuple[tuple[int, int], ...], limit: int) -> int:
    # Generating functions: of the number j of minus signs among the products u_i u_{gi}, so that
    # u·gu = n - 2j, and of the number of changes of u along g².
    minus, changes = flint.fmpz_poly([1]), flint.fmpz_poly([1])
    for length, count in lengths:
        # On a cycle the products are any signs whose product is 1, for two vectors u.
        minus *= _even_subsets(length) ** count
        # g² splits cycles of even length into two.
        part = length // 2 if length % 2 == 0 else length
        changes *= _even_subsets(part) ** (count * (length // part))
    total = 0
    mirrored = flint.fmpz_poly([minus[n - j] for j in range(n + 1)])
    for second in (minus, mirrored):
        for j, many in enumerate((minus * second).coeffs()):
            if (2 * n - 2 * j) ** 2 > limit:
                total += int(many)
    for changed, many in enumerate(changes.coeffs()):
        for signs in (changed, n - changed) if many else ():
            total += int(many) * (_beyond(signs)[min(isqrt(limit // 4), n)] << (n - signs))
    return total


def _even_subsets(size: int) -> Any:
    """Twice Σ binom(size, j) t^j over even j."""
    return flint.fmpz_poly([0 if j % 2 else 2 * c for j, c in enumerate(_binomials(size))])


def spread_size(
    n: int,
    contraction_squared: object,
    *,
    cycle_types: Iterable[Mapping[int, int]] = (),
) -> int:
    """A number of isotropic sign vectors that exist with all pairwise ‖WVᵀ‖ <= c.

    Chosen one after another: each choice excludes at most `close_vectors` others, for each element
    of the group. With a group also ‖W_a W_gbᵀ‖ <= c for all g, and for a = b all g ≠ 1: vectors
    that come close to their own images are left out first.

    Arguments:
        n: the dimension, even, at most 4096.
        contraction_squared: c², a rational with 0 < c² < 1.
        cycle_types: as for `self_correlated_vectors`; none for the trivial group.

    Returns:
        ceil((vectors - excluded at first)/(|G|·close_vectors)), or 0.

    Complexity: that of the counts.

    Source: M24 (the choice is that of Gilbert and Varshamov).

    Examples:
        >>> spread_size(4, "3/4"), spread_size(256, "1/4")
        (1, 5281753)
    """
    types = list(cycle_types)
    left = isotropic_sign_vectors(n)
    if types:
        left -= self_correlated_vectors(n, types, contraction_squared)
    excluded = (len(types) + 1) * close_vectors(n, contraction_squared)
    return max(0, -(-left // excluded))


def absolute_correlation_sum(n: int, power: int) -> Fraction:
    """R = Σ_b |⟨f_a, f_b⟩|/(‖f_a‖‖f_b‖) over all isotropic sign vectors up to sign, for even k.

    Arguments:
        n: the dimension, even, at most 128.
        power: k, even and at least 2.

    Returns:
        A Fraction, the same for every a; the class has `isotropic_sign_vectors(n)`/8 members.

    Raises:
        FamilyError: n odd or above 128, k odd or below 2.

    Complexity: O(n^5) products of n-bit integers.

    Source: M17.

    Examples:
        >>> absolute_correlation_sum(4, 2)
        Fraction(3, 1)
    """
    n = _dimension(n, 128)
    power = natural(power, "power", 2)
    if power % 2:
        raise FamilyError(
            f"power: must be even, got {power}; for odd powers a and ia give different functions"
        )
    h = n // 2
    total = 0
    values: dict[tuple[int, int], int] = {}
    for equal in range(h + 1):
        # Even powers depend on the sizes of the real and imaginary parts only.
        firsts, seconds = _sizes(equal), _sizes(h - equal)
        inside = 0
        for (x, y), first in firsts.items():
            for (s, t), second in seconds.items():
                # a·b̄/2 = ±x ± it and a·b/2 = ±s ± iy.
                for pair in ((x, t), (s, y)):
                    if pair not in values:
                        values[pair] = _real_power(*pair, power)
                inside += first * second * abs(values[x, t] + values[s, y])
        total += _binomials(h)[equal] ** 2 * inside
    return Fraction(total * 2**power, 8 * (2 * n) ** power)


def _dimension(n: int, most: int = MOST_INPUTS) -> int:
    n = natural(n, "n", 2)
    if n % 2 or n > most:
        raise FamilyError(
            f"n: isotropic sign vectors are counted in even dimensions up to {most}, got {n}; "
            f"use {min(n + n % 2, most)}"
        )
    return n


def _contraction(value: object) -> Fraction:
    limit = rational(value, "contraction_squared")
    if not 0 < limit < 1:
        raise FamilyError(
            f'contraction_squared: must be above 0 and below 1, got {limit}; write "1/4"'
        )
    return limit


@cache
def _binomials(size: int) -> tuple[int, ...]:
    """binom(size, j) for j = 0..size."""
    row = [1]
    for j in range(size):
        row.append(row[-1] * (size - j) // (j + 1))
    return tuple(row)


def _signs(count: int) -> Counts:
    """{value of a sum of `count` signs: how often}."""
    return {count - 2 * j: c for j, c in enumerate(_binomials(count))}


@cache
def _beyond(count: int) -> tuple[int, ...]:
    """For r = 0, 1, …, 4096 the number of sums of `count` signs with |sum| > r."""
    result, row = [0] * (MOST_INPUTS + 1), _binomials(count)
    for r in range(count - 1, -1, -1):
        result[r] = result[r + 1]
        if (count - r - 1) % 2 == 0:  # sums have the parity of count
            result[r] += 2 * row[(count - r - 1) // 2]
    return tuple(result)


def _sizes(signs: int) -> dict[tuple[int, int], int]:
    """{(|X + Y|, |X - Y|): how often} for X, Y sums of `signs` signs each."""
    result: dict[tuple[int, int], int] = {}
    for x, first in _signs(signs).items():
        for y, second in _signs(signs).items():
            key = abs(x + y), abs(x - y)
            result[key] = result.get(key, 0) + first * second
    return result


def _real_power(x: int, y: int, power: int) -> int:
    real, imaginary = 1, 0
    for _ in range(power):
        real, imaginary = real * x - imaginary * y, real * y + imaginary * x
    return real
