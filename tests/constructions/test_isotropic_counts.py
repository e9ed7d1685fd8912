"""Counts of isotropic sign vectors by formula against going through all of them."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import comb

import numpy as np
import pytest

from symcsq.constructions.isotropic_counts import (
    absolute_correlation_sum,
    close_vectors,
    isotropic_sign_vectors,
    self_correlated_vectors,
    spread_size,
)
from symcsq.errors import ExactnessError, FamilyError

LIMITS = [Fraction(1, 4), Fraction(1, 2), Fraction(9, 16), Fraction(15, 16)]


def vectors(n: int) -> tuple[np.ndarray, np.ndarray]:
    """All (u, v) in {±1}^n with u·v = 0, as two arrays."""
    signs = np.array(list(product((1, -1), repeat=n)), dtype=np.int64)
    i, j = np.nonzero(signs @ signs.T == 0)
    return signs[i], signs[j]


def products(n: int, a: int) -> list[tuple[int, int, int, int]]:
    """(Re, Im of a·b̄, Re, Im of a·b) for all b."""
    u, v = vectors(n)
    us, ut, vs, vt = (x @ y for x, y in ((u, u[a]), (v, u[a]), (u, v[a]), (v, v[a])))
    return list(zip((us + vt).tolist(), (vs - ut).tolist(), (us - vt).tolist(),
                    (ut + vs).tolist(), strict=True))  # fmt: skip


@pytest.mark.parametrize("n", [2, 4, 6])
def test_number_of_vectors(n: int) -> None:
    assert isotropic_sign_vectors(n) == len(vectors(n)[0])


@pytest.mark.parametrize("n", [2, 4, 6])
@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_close_vectors(n: int, limit: Fraction) -> None:
    size = n * n * limit
    for a in (0, isotropic_sign_vectors(n) // 3):
        found = products(n, a)
        bound = sum(x * x + y * y > size for x, y, _, _ in found)
        bound += sum(x * x + y * y > size for _, _, x, y in found)
        assert close_vectors(n, limit) == bound
        # ‖WVᵀ‖ = (|a·b̄| + |a·b|)/2n > c, exactly: z + w + 2√(zw) > 4n²c².
        close = 0
        for x, y, p, q in found:
            z, w = x * x + y * y, p * p + q * q
            rest = 4 * size - z - w
            close += rest < 0 or 4 * z * w > rest * rest
        assert 8 <= close <= bound


@pytest.mark.parametrize("n", [2, 4, 6])
@pytest.mark.parametrize("k", [2, 4, 6])
def test_sum_of_correlations(n: int, k: int) -> None:
    for a in (0, 5):
        total = 0
        for x, y, p, q in products(n, a):
            z, w = complex_power(x, y, k), complex_power(p, q, k)
            total += abs(z + w)
        assert absolute_correlation_sum(n, k) == Fraction(total, 8 * (2 * n) ** k)


def complex_power(x: int, y: int, k: int) -> int:
    """Re((x + iy)^k) by the binomial theorem."""
    return sum((-1) ** (j // 2) * comb(k, j) * x ** (k - j) * y**j for j in range(0, k + 1, 2))


@pytest.mark.parametrize(
    "images", [[1, 0], [1, 2, 3, 0], [2, 3, 0, 1], [1, 0, 2, 3], [1, 2, 0, 4, 5, 3]], ids=str
)
@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_self_correlated_vectors(images: list[int], limit: Fraction) -> None:
    n = len(images)
    lengths: dict[int, int] = {}
    for cycle in cycles(images):
        lengths[len(cycle)] = lengths.get(len(cycle), 0) + 1
    moved = np.empty(n, dtype=np.int64)
    moved[images] = np.arange(n)  # (gx)[g(i)] = x[i], so gx = x[moved]
    signs = np.array(list(product((1, -1), repeat=n)), dtype=np.int64)
    expected = close = 0
    half = n * n * limit / 2
    for u in signs:
        for v in signs:
            s, t = u[moved], v[moved]
            us, ut, vs, vt = (int(x @ y) for x, y in ((u, s), (u, t), (v, s), (v, t)))
            parts = (us + vt, vs - ut, us - vt, ut + vs)
            expected += sum(x * x > half for x in parts)
            close += any(x * x + y * y > 2 * half for x, y in (parts[:2], parts[2:]))
    assert self_correlated_vectors(n, [lengths], limit) == expected >= close
    assert self_correlated_vectors(n, [lengths, lengths], limit) == 2 * expected


def cycles(images: list[int]) -> list[list[int]]:
    """The cycles of a permutation, fixed points too."""
    found, seen = [], set()
    for start in range(len(images)):
        cycle = []
        while start not in seen:
            seen.add(start)
            cycle.append(start)
            start = images[start]
        if cycle:
            found.append(cycle)
    return found


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_a_spread_set_of_that_size_exists(limit: Fraction) -> None:
    n = 6
    u, v = vectors(n)
    chosen: list[int] = []
    for b in range(len(u)):
        if all(not close(u, v, a, b, limit) for a in chosen):
            chosen.append(b)
    assert spread_size(n, limit) <= len(chosen)
    assert spread_size(n, limit, cycle_types=[{6: 1}] * 5) == 0
    for a, b in combinations(chosen, 2):
        assert not close(u, v, a, b, limit)


def close(u: np.ndarray, v: np.ndarray, a: int, b: int, limit: Fraction) -> bool:
    """Whether ‖WVᵀ‖² > limit, exactly, as the largest eigenvalue of (WVᵀ)(WVᵀ)ᵀ."""
    n = u.shape[1]
    m = [[int(u[a] @ u[b]), int(u[a] @ v[b])], [int(v[a] @ u[b]), int(v[a] @ v[b])]]
    trace = sum(e * e for row in m for e in row)
    determinant = (m[0][0] * m[1][1] - m[0][1] * m[1][0]) ** 2
    # The larger root of λ² - trace·λ + determinant exceeds x iff x < trace/2 or p(x) < 0.
    x = limit * n * n
    return x < Fraction(trace, 2) or x * x - trace * x + determinant < 0


def test_growth() -> None:
    sizes = [spread_size(n, "1/4") for n in (64, 128, 256, 512)]
    assert sizes == [26, 1523, 5281753, 60788172368120]
    # Exponential: the number of digits doubles with n.
    assert sizes[3].bit_length() > 1.9 * sizes[2].bit_length()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: isotropic_sign_vectors(5), "even dimensions up to 4096, got 5; use 6"),
        (lambda: isotropic_sign_vectors(4098), "got 4098; use 4096"),
        (lambda: isotropic_sign_vectors(0), "n: must be an integer >= 2, got 0"),
        (lambda: close_vectors(4, 1), "must be above 0 and below 1, got 1"),
        (lambda: close_vectors(4, "0"), "must be above 0 and below 1, got 0"),
        (lambda: absolute_correlation_sum(4, 3), "power: must be even, got 3"),
        (lambda: absolute_correlation_sum(130, 2), "up to 128, got 130; use 128"),
        (lambda: self_correlated_vectors(4, [{3: 1}], "1/2"), "must have 4 points in all"),
    ],
)
def test_bad_input(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FamilyError) as caught:
        make()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_floats_are_refused() -> None:
    with pytest.raises(ExactnessError, match="contraction_squared"):
        close_vectors(4, 0.25)
