"""Isotropic Gaussian-integer vectors, Σ a_i² = 0, and exact powers of their products (M17)."""

from __future__ import annotations

import random
from math import comb
from typing import Any

import numpy as np

from symcsq.constructions.family import natural
from symcsq.errors import FamilyError

__all__ = ["GaussianProducts", "checked_vectors", "gaussian_power", "isotropic_vectors"]

_WORD = 1 << 62
_MOST_ENTRIES = 1 << 25


def isotropic_vectors(
    n: int, count: int, seed: int = 0, *, structure: str = "signs"
) -> tuple[Any, Any]:
    """Isotropic vectors u + iv, pairwise different up to the units ±1, ±i and conjugation.

    Arguments:
        n: the dimension, even.
        count: how many.
        seed: for "signs": the same seed gives the same vectors everywhere.
        structure: "signs" for random u, v in {±1}^n with u·v = 0; "planes" for the disjoint
            coordinate planes u = e_{2j}, v = e_{2j+1}, at most n/2; "hadamard" for pairs of rows of
            Sylvester's matrix, n a power of 2, at most n/2.

    Returns:
        Two integer arrays (u, v) of shape (count, n).

    Raises:
        FamilyError: n odd or < 2, count < 1 or more than there are, n·count > 2^25, an unknown
            structure, a seed that is no integer.

    Complexity: O(count·n).

    Source: M17.

    Examples:
        >>> u, v = isotropic_vectors(6, 3, seed=1)
        >>> u.shape, (u * u == 1).all(), (u * v).sum(axis=1)
        ((3, 6), np.True_, array([0, 0, 0]))
    """
    n, count = natural(n, "n", 2), natural(count, "count", 1)
    if n % 2:
        raise FamilyError(
            f"n: u·v = 0 for sign vectors needs an even dimension, got {n}; use {n + 1}"
        )
    if n * count > _MOST_ENTRIES:
        raise FamilyError(
            f"count: n·count must be at most {_MOST_ENTRIES}, got {n * count}; use fewer vectors"
        )
    if structure == "signs":
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise FamilyError(f"seed: must be an integer, got {seed!r}; write seed=0")
        existing = (comb(n, n // 2) << n) // 8
        if count > existing:
            raise FamilyError(
                f"count: there are {existing} different sign vectors in dimension {n}, got "
                f"{count}; use fewer vectors or more dimensions"
            )
        return _random_signs(n, count, seed)
    if structure not in ("planes", "hadamard"):
        raise FamilyError(
            f'structure: must be "signs", "planes" or "hadamard", got {structure!r}; write "signs"'
        )
    if count > n // 2:
        raise FamilyError(
            f"count: there are {n // 2} vectors of structure {structure} in dimension {n}, "
            f"got {count}; use more dimensions or structure 'signs'"
        )
    if structure == "planes":
        rows = np.eye(n, dtype=np.int64)
    else:
        if n & (n - 1):
            raise FamilyError(
                f"n: Sylvester's matrix needs a power of 2, got {n}; use {1 << n.bit_length()}"
            )
        rows = np.array([[(-1) ** (i & j).bit_count() for j in range(n)] for i in range(n)])
    return rows[0 : 2 * count : 2].copy(), rows[1 : 2 * count : 2].copy()


def _random_signs(n: int, count: int, seed: int) -> tuple[Any, Any]:
    generator = random.Random(seed)
    u = np.empty((count, n), dtype=np.int64)
    v = np.empty((count, n), dtype=np.int64)
    seen: set[frozenset[bytes]] = set()
    found = attempts = 0
    while found < count:
        attempts += 1
        if attempts > 100 * count + 1000:
            raise FamilyError(
                f"count: only {found} different vectors were found in dimension {n}, got {count}; "
                "use fewer vectors or more dimensions"
            )
        bits = generator.getrandbits(n)
        first = np.array([1 - 2 * (bits >> i & 1) for i in range(n)], dtype=np.int64)
        minus = generator.sample(range(n), n // 2)
        second = first.copy()
        second[minus] *= -1
        # ±1, ±i and conjugation only permute and negate u and v.
        key = frozenset((w * w[0]).tobytes() for w in (first, second))
        if key not in seen:
            seen.add(key)
            u[found], v[found] = first, second
            found += 1
    return u, v


def checked_vectors(vectors: Any, length: int | None = None) -> tuple[Any, Any]:
    """(u, v) as int64 arrays of shape (N, n), isotropic and non-zero, or a clear error.

    Arguments:
        vectors: a pair of integer arrays or nested lists of the same shape (N, n).
        length: the n that is required, if any.
    """
    try:
        u, v = vectors
    except (TypeError, ValueError):
        raise FamilyError(
            "vectors: must be a pair (u, v) of integer arrays of shape (N, n), "
            f"got {type(vectors).__name__}; write isotropic_vectors(n, count)"
        ) from None
    arrays = []
    for name, values in (("u", u), ("v", v)):
        try:
            array = np.array(values)
        except ValueError:
            array = np.array([], dtype=float)
        if array.ndim == 1 and array.dtype.kind in "iu":
            array = array[None, :]
        exact = array.dtype.kind in "iu" or (
            array.dtype == object and all(isinstance(e, int) for e in array.ravel())
        )
        if array.ndim != 2 or not exact or not array.size:
            raise FamilyError(
                f"vectors: {name} must be an integer array of shape (N, n) with N, n >= 1, "
                f"got shape {array.shape} of {array.dtype}; use integers, not floats"
            )
        if max(abs(int(array.max())), abs(int(array.min()))) >= 1 << 20:
            raise FamilyError(
                f"vectors: entries of {name} must be below 2^20 in size, got a larger one; "
                "divide by a common factor"
            )
        arrays.append(array.astype(np.int64))
    u, v = arrays
    if u.shape != v.shape:
        raise FamilyError(
            f"vectors: u and v must have the same shape, got {u.shape} and {v.shape}; "
            "give one v for each u"
        )
    if length is not None and u.shape[1] != length:
        raise FamilyError(
            f"vectors: must have length {length}, got {u.shape[1]}; use one entry for each input"
        )
    real = (u * u - v * v).sum(axis=1)
    imaginary = 2 * (u * v).sum(axis=1)
    wrong = np.flatnonzero((real != 0) | (imaginary != 0))
    if len(wrong):
        i = int(wrong[0])
        raise FamilyError(
            f"vectors: a = u + iv must be isotropic (Σ a_i² = 0), vector {i} has Σ a_i² = "
            f"{int(real[i])} + {int(imaginary[i])}i; choose u, v of equal length with u·v = 0"
        )
    zero = np.flatnonzero((u == 0).all(axis=1))
    if len(zero):
        raise FamilyError(
            f"vectors: must not be zero, vector {int(zero[0])} is; its function vanishes"
        )
    return u, v


class GaussianProducts:
    """The products a·b̄ and a·b of all pairs of rows of (u, v) and (s, t), as integer matrices.

    Attributes:
        conjugate: (real, imaginary) of a·b̄.
        plain: (real, imaginary) of a·b.

    Complexity: four matrix products over int64; entries are below 2^62 (checked).
    """

    __slots__ = ("conjugate", "plain")

    def __init__(self, u: Any, v: Any, s: Any, t: Any) -> None:
        largest = max(int(np.abs(w).max(initial=0)) for w in (u, v, s, t))
        if 4 * largest * largest * u.shape[1] >= _WORD:
            u, v, s, t = (w.astype(object) for w in (u, v, s, t))
        us, vt, ut, vs = _times(u, s), _times(v, t), _times(u, t), _times(v, s)
        self.conjugate = (us + vt, vs - ut)
        self.plain = (us - vt, ut + vs)

    def power_sum(self, power: int) -> Any:
        """Re[(a·b̄)^k + (a·b)^k] for all pairs: int64 where it fits, else Python ints."""
        return gaussian_power(*self.conjugate, power) + gaussian_power(*self.plain, power)


def _times(x: Any, y: Any) -> Any:
    if x.dtype == object:
        return x @ y.T
    largest = int(np.abs(x).max(initial=0)) * int(np.abs(y).max(initial=0)) * x.shape[1]
    if largest < 1 << 53:
        # Exact in double precision: every partial sum is an integer below 2^53.
        return (x.astype(np.float64) @ y.T.astype(np.float64)).astype(np.int64)
    return x @ y.T


def gaussian_power(real: Any, imaginary: Any, power: int) -> Any:
    """Re((real + i·imaginary)^power), entry by entry, exactly.

    Arguments:
        real, imaginary: integer arrays of one shape.
        power: k >= 0.

    Returns:
        An int64 array when |z|^k stays below 2^61, otherwise an object array of Python integers.

    Complexity: O(log k) array products; for large values one power for each different z.

    Source: M17.

    Examples:
        >>> gaussian_power(np.array([1, 2]), np.array([1, 0]), 3)
        array([-2,  8])
    """
    size = int((np.abs(real) + np.abs(imaginary)).max(initial=0))
    if size**power < 1 << 61 and real.dtype != object:
        return _power(real, imaginary, power)[0]
    pairs = real.astype(object) + (imaginary.astype(object) * (2 * size + 1))
    distinct, inverse = np.unique(pairs.ravel(), return_inverse=True)
    values = np.empty(len(distinct), dtype=object)
    base = 2 * size + 1
    for index, code in enumerate(distinct):
        y = (int(code) + size) // base
        values[index] = _power(int(code) - y * base, y, power)[0]
    return values[inverse.ravel()].reshape(real.shape)


def _power(x: Any, y: Any, power: int) -> tuple[Any, Any]:
    """(Re, Im) of (x + iy)^power by repeated squaring."""
    a, b = x * 0 + 1, y * 0
    while power:
        if power & 1:
            a, b = a * x - b * y, a * y + b * x
        power >>= 1
        if power:
            x, y = x * x - y * y, 2 * x * y
    return a, b
