"""Sizes before anything is built: exact while they are moderate, cut off when far too large."""

from __future__ import annotations

from math import comb

from groups.errors import TooLargeError
from groups.group import PermutationGroup

HUGE = 1 << 200
"""What a count is cut off at: beyond it nothing but "far too large" is meant."""


def subset_count(n: int, k: int) -> int:
    """binom(n, k), or `HUGE` when it is larger; fast for any n and k.

    Examples:
        >>> subset_count(10, 3), subset_count(10**12, 10**11) == HUGE, subset_count(3, 5)
        (120, True, 0)
    """
    if not 0 <= k <= n:
        return 0
    count = 1
    for i in range(1, min(k, n - k) + 1):
        # This is binom(n - m + i, i) for m = min(k, n - k), which at least doubles in every step.
        count = count * (n - min(k, n - k) + i) // i
        if count >= HUGE:
            return HUGE
    return count


def power(base: int, exponent: int) -> int:
    """base ** exponent for integers >= 0, or `HUGE` when it is larger.

    Examples:
        >>> power(3, 4), power(10, 10**9) == HUGE, power(1, 10**12), power(0, 0)
        (81, True, 1, 1)
    """
    if base <= 1:
        return base if exponent else 1
    if exponent * (base.bit_length() - 1) >= 200:
        return HUGE
    return min(base**exponent, HUGE)


def exponent_count(n: int, degree: int, bound: int) -> int:
    """Number of vectors of length n with entries 0..bound and sum `degree`.

    Beyond 2^64 it may be a lower bound that is larger than 2^64 as well.

    Source:
        Inclusion–exclusion over the entries that exceed the bound. The counts are unimodal and
        symmetric in the sum, so that the number of 0/1 vectors bounds them from below.

    Examples:
        >>> (
        ...     exponent_count(3, 4, 2),
        ...     exponent_count(5, 2, 2),
        ...     exponent_count(10**9, 10**9, 2) > 2**64,
        ... )
        (6, 15, True)
    """
    degree = min(degree, n * bound - degree)
    if degree < 0:
        return 0
    if n == 0:
        return 1
    least = subset_count(n, min(degree, n // 2))
    if least >= 1 << 64:
        return least
    terms = range(min(n, degree // (bound + 1)) + 1)
    return sum(
        (-1) ** j * comb(n, j) * comb(degree - j * (bound + 1) + n - 1, n - 1) for j in terms
    )


def check_size(what: str, count: int, limit: int, alternative: str, *, fixed: bool = False) -> None:
    """Refuse to build more than `limit` of something; `fixed` limits no keyword can raise.

    Raises:
        TooLargeError: with the count and the alternative.
    """
    if count > limit:
        raise TooLargeError(
            f"{what}: at most {limit} are built, got {shown(count)}; "
            f"use {alternative}{'' if fixed else ', or raise max_points'}"
        )


def shown(count: int) -> str:
    """A count for a message: in full while it can be read.

    Examples:
        >>> shown(1234), shown(HUGE)
        ('1234', 'more than 10^30')
    """
    return str(count) if count <= 10**30 else "more than 10^30"


def known_order(group: PermutationGroup) -> int | None:
    """The group's order when its constructor stated it or it has been computed already.

    Examples:
        >>> (
        ...     known_order(PermutationGroup(["(1,2,3)"])),
        ...     known_order(PermutationGroup([], 3, known_order=1)),
        ... )
        (None, 1)
    """
    stated = "known_order" in group._cache or "chain" in group._cache
    return group.order if stated else None
