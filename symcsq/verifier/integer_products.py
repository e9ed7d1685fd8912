"""Exact products of integer matrices by floating-point hardware, under bounds that are proven
first.

A float64 matrix product is exact when no partial sum can reach 2**53: every product and every
partial sum is then an integer that float64 holds exactly, in whatever order the library adds. Small
entries go through one such product. Larger ones are reduced modulo several primes, small enough for
the same bound, and put together by the Chinese remainder theorem, again in exact float64 arithmetic
on limbs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt, prod
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from symcsq.errors import VerificationError

Floats = NDArray[np.float64]

_EXACT = 1 << 53  # integers below this are exact in float64
LIMB = 24  # bits of a limb
LARGEST_PRIME = 1 << 22
_MOST_PRIMES = 120  # then (primes + 1) * (2**21 + 1) * 2**24 < 2**53: one exact combination
_CHUNK = 1 << 14  # entries reconstructed at a time; bounds the memory, changes no result


@dataclass(frozen=True, slots=True)
class IntegerMatrix:
    """A matrix of integers of any size, as limbs: ``entry = sum_k limbs[k] * 2**(24 k)``.

    `limbs` has shape (number of limbs, rows, columns), float64 holding exact integers below 2**53
    in absolute value. With one limb this is an ordinary matrix.

    Examples:
        >>> matrix = IntegerMatrix.of([[1, -2], [2**70, 0]])
        >>> matrix.entry(1, 0) == 2**70, matrix.shape, matrix.largest() >= 2**70
        (True, (2, 2), True)
    """

    limbs: Floats

    @classmethod
    def of(cls, entries: Any) -> IntegerMatrix:
        """From nested lists, an integer array or an object array of Python integers.

        Raises:
            VerificationError: an entry is not an integer, or the rows differ in length.
        """
        array = np.asarray(entries)
        if array.ndim != 2:
            raise VerificationError(
                f"entries: must be a matrix, got {array.ndim} dimensions; pass rows of equal length"
            )
        if array.dtype.kind in "iub":
            if array.size and max(abs(int(array.min())), abs(int(array.max()))) >= _EXACT:
                return cls(_limbs_of_words(array))
            return cls(array.astype(np.float64)[None])
        if array.dtype != object or not all(
            issubclass(kind, int) for kind in set(map(type, array.ravel().tolist()))
        ):
            raise VerificationError(
                f"entries: must be integers, got an array of {array.dtype}; "
                "multiply rational rows by their common denominator first"
            )
        return cls(_limbs_of(array))

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.limbs.shape[1], self.limbs.shape[2]

    def entry(self, i: int, j: int) -> int:
        """One entry as a Python integer."""
        return sum(int(limb) << (LIMB * k) for k, limb in enumerate(self.limbs[:, i, j]))

    def rows(self, start: int, stop: int) -> IntegerMatrix:
        """Consecutive rows, without copying."""
        return IntegerMatrix(self.limbs[:, start:stop])

    def largest(self) -> int:
        """An upper bound of the absolute values, exact when there is one limb."""
        return sum(
            int(np.abs(limb).max(initial=0)) << (LIMB * k) for k, limb in enumerate(self.limbs)
        )

    def row_sum_bound(self) -> int:
        """An upper bound of the sums of absolute values over rows."""
        return sum(
            int(np.abs(limb).sum(axis=1).max(initial=0)) << (LIMB * k)
            for k, limb in enumerate(self.limbs)
        )

    def approximate(self) -> Floats:
        """The entries rounded to float64, with relative error below 2**-48, to compare by."""
        total = self.limbs[-1]
        for limb in self.limbs[-2::-1]:
            total = total * float(1 << LIMB) + limb
        return total

    def absolute(self) -> IntegerMatrix:
        """The absolute values."""
        if len(self.limbs) == 1:
            return IntegerMatrix(np.abs(self.limbs))
        return IntegerMatrix(self.limbs * np.sign(self.approximate()))

    def to_object(self) -> NDArray[Any]:
        """The entries as Python integers."""
        total: NDArray[np.object_] = np.zeros(self.shape, dtype=object)
        for k in range(len(self.limbs) - 1, -1, -1):
            total = total * (1 << LIMB) + self.limbs[k].astype(np.int64).astype(object)
        return total

    def to_flint(self) -> Any:
        """The same matrix as a `flint.fmpz_mat`."""
        rows, columns = self.shape
        return flint.fmpz_mat(rows, columns, self.to_object().ravel().tolist())


def _limbs_of(array: NDArray[Any]) -> Floats:
    """Signed limbs of Python integers, each entry's limbs of one sign."""
    values = array.ravel().tolist()
    distinct = list(dict.fromkeys(values))
    if 4 * len(distinct) < len(values):  # as in many Gram matrices
        numbers = {value: k for k, value in enumerate(distinct)}
        places = np.array([numbers[value] for value in values])
        limbs = _limbs_of(np.array(distinct, dtype=object))[:, places]
        return limbs.reshape(-1, *array.shape)
    sizes = list(map(abs, values))
    count = max(1, -(-max(map(int.bit_length, sizes), default=0) // LIMB))
    width = LIMB // 8
    data = b"".join([x.to_bytes(count * width, "little") for x in sizes])
    bytes_ = np.frombuffer(data, dtype=np.uint8).reshape(len(values), count, width)
    limbs = bytes_.astype(np.float64) @ np.array([1.0, 256.0, 65536.0])
    signs = np.where(np.array([x < 0 for x in values], dtype=bool), -1.0, 1.0)
    return np.ascontiguousarray((limbs * signs[:, None]).T).reshape(count, *array.shape)


def _limbs_of_words(array: NDArray[Any]) -> Floats:
    """Signed limbs of 64-bit integers, as `_limbs_of` gives them."""
    negative = array < 0
    sizes = array.astype(np.uint64)
    # Unsigned arithmetic wraps, so that -2**63 too gets its absolute value.
    sizes = np.where(negative, np.uint64(0) - sizes, sizes)
    count = max(1, -(-int(sizes.max(initial=0)).bit_length() // LIMB))
    mask = np.uint64((1 << LIMB) - 1)
    limbs = np.stack([(sizes >> np.uint64(LIMB * k)) & mask for k in range(count)])
    return np.where(negative, -1.0, 1.0) * limbs.astype(np.float64)


def exact_product(left: IntegerMatrix, right: IntegerMatrix) -> IntegerMatrix:
    """``left @ right.T``, exactly.

    Arguments:
        left: rows x inner.
        right: columns x inner; the same object as `left` for a Gram matrix, which halves the work.

    Returns:
        The rows x columns product.

    Raises:
        VerificationError: the inner sizes differ.

    Complexity: one float64 matrix product when the entries are small; otherwise one for each 20
        bits or so of the largest possible entry of the product.

    Source: MATH.md M2 (the Gram matrix of functions over orbit sums).

    Examples:
        >>> a = IntegerMatrix.of([[2**60, 1], [3, -4]])
        >>> exact_product(a, a).to_object().tolist() == [
        ...     [2**120 + 1, 3 * 2**60 - 4],
        ...     [3 * 2**60 - 4, 25],
        ... ]
        True
    """
    if left.shape[1] != right.shape[1]:
        raise VerificationError(
            f"right: must have the inner size {left.shape[1]} of left, got {right.shape[1]}; "
            "both are given by rows over one basis"
        )
    # |sum_k a_ik b_jk| <= (sum_k |a_ik|) max |b|, and so is every partial sum.
    bound = min(left.row_sum_bound() * right.largest(), right.row_sum_bound() * left.largest())
    if bound < _EXACT:
        # A larger entry would be needed for a second limb to be other than 0.
        return IntegerMatrix((_whole(left) @ _whole(right).T)[None])
    return _modular_product(left, right, bound)


def _whole(matrix: IntegerMatrix) -> Floats:
    """The single limb of a matrix of small entries."""
    if len(matrix.limbs) == 1:
        return matrix.limbs[0]
    return matrix.approximate()


def _modular_product(left: IntegerMatrix, right: IntegerMatrix, bound: int) -> IntegerMatrix:
    """The product through residues modulo enough primes that it is determined by them."""
    inner = max(1, left.shape[1])
    # Residues lie in [-p/2 - 1, p/2 + 1], so that partial sums stay below inner * (p/2 + 1)**2.
    largest_prime = min(LARGEST_PRIME, 2 * (isqrt((_EXACT - 1) // inner) - 1))
    primes = primes_for(bound, largest_prime)
    if primes is None:  # thousands of bits: flint's own methods are the better ones
        return IntegerMatrix(_limbs_of(_flint_product(left, right)))
    a = _residues(left, primes)
    b = a if left is right else _residues(right, primes)
    residues = np.empty((len(primes), left.shape[0], right.shape[0]))
    for k in range(len(primes)):
        np.matmul(a[k], b[k].T, out=residues[k])
    return IntegerMatrix(combined(residues, primes, bound))


def primes_for(bound: int, largest: int) -> list[int] | None:
    """Primes up to `largest` whose product exceeds 4 * bound, or None when too many are needed.

    Integers of absolute value at most `bound` are then below a quarter of the product, which makes
    the rounding in `combined` certain.
    """
    primes, modulus = [], 1
    for prime in _primes_from(largest):
        primes.append(prime)
        modulus *= prime
        if modulus > 4 * bound:
            return primes
    return None


def _flint_product(left: IntegerMatrix, right: IntegerMatrix) -> NDArray[Any]:
    product = left.to_flint() * right.to_flint().transpose()
    entries = np.array([int(x) for x in product.entries()], dtype=object)
    return entries.reshape(left.shape[0], right.shape[0])


@lru_cache(maxsize=64)
def _primes_from(largest: int) -> tuple[int, ...]:
    """The first primes from `largest` downwards, as many as a combination can take."""
    found: list[int] = []
    candidate = largest
    while candidate > 2 and len(found) < _MOST_PRIMES:
        if flint.fmpz(candidate).is_prime():
            found.append(candidate)
        candidate -= 1
    return tuple(found)


def _reduce(values: Floats, prime: int, scratch: Floats) -> None:
    """Replace integers below 2**53 by residues of absolute value at most prime/2 + 1, in place.

    The rounded quotient is off by at most a unit in its last place; quotient * prime and the
    difference are integers below 2**53, hence exact.
    """
    np.multiply(values, 1.0 / prime, out=scratch)
    np.rint(scratch, out=scratch)
    scratch *= prime
    values -= scratch


def _residues(matrix: IntegerMatrix, primes: Sequence[int]) -> Floats:
    """The entries modulo each prime below 2**22, an array of shape (primes, rows, columns)."""
    count = len(matrix.limbs)
    if count > _MOST_PRIMES:
        raise VerificationError("entries: more limbs than one exact combination takes; use flint")
    # A limb below 2**24 times a residue of 2**(24 k) below 2**21 + 1, summed over the limbs: below
    # 2**53. A single limb may be any integer below 2**53; its factor is 1.
    powers = np.array(
        [[float(_symmetric(pow(2, LIMB * k, p), p)) for k in range(count)] for p in primes]
    )
    flat = matrix.limbs.reshape(count, -1)
    result = np.empty((len(primes), *matrix.shape))
    out = result.reshape(len(primes), -1)
    scratch = np.empty(_CHUNK)
    for start in range(0, flat.shape[1], _CHUNK):
        block = powers @ flat[:, start : start + _CHUNK]
        for k, prime in enumerate(primes):
            _reduce(block[k], prime, scratch[: block.shape[1]])
        out[:, start : start + _CHUNK] = block
    return result


def _symmetric(residue: int, prime: int) -> int:
    return residue - prime if 2 * residue > prime else residue


def combined(residues: Floats, primes: Sequence[int], bound: int) -> Floats:
    """Chinese remaindering: limbs of the integers up to `bound` in absolute value.

    With M the product of the primes and ``s_k = r_k (M/p_k)**-1 mod p_k``, the integer is
    ``sum_k s_k M/p_k - q M`` and ``q = round(sum_k s_k / p_k)``: the exact sum is within 1/4 of q.
    """
    modulus = prod(primes)
    cofactors = [modulus // p for p in primes]
    inverses = [float(pow(c % p, -1, p)) for c, p in zip(cofactors, primes, strict=True)]
    count = -(-modulus.bit_length() // LIMB)
    kept = -(-(bound.bit_length() + 2) // LIMB)  # a carried limb beyond would exceed the bound
    # Limbs of M/p_k and of -M, a column for each limb of the sum.
    table = np.array(
        [[(c >> (LIMB * j)) & ((1 << LIMB) - 1) for j in range(count)] for c in cofactors]
        + [[-((modulus >> (LIMB * j)) & ((1 << LIMB) - 1)) for j in range(count)]],
        dtype=np.float64,
    )
    shape = residues.shape[1:]
    flat = residues.reshape(len(primes), -1)
    limbs = np.empty((kept, flat.shape[1]))
    scratch = np.empty(_CHUNK)
    for start in range(0, flat.shape[1], _CHUNK):
        block = flat[:, start : start + _CHUNK]
        scaled = np.empty((len(primes) + 1, block.shape[1]))
        position = np.zeros(block.shape[1])
        for k, prime in enumerate(primes):
            part = scratch[: block.shape[1]]
            np.copyto(scaled[k], block[k])
            _reduce(scaled[k], prime, part)
            scaled[k] *= inverses[k]
            _reduce(scaled[k], prime, part)
            np.multiply(scaled[k], 1.0 / prime, out=part)
            position += part
        scaled[-1] = np.rint(position)
        carried = _carried(table.T @ scaled, scratch[: block.shape[1]])
        limbs[:, start : start + _CHUNK] = carried[:kept]
    return limbs.reshape(kept, *shape)


def _carried(limbs: Floats, scratch: Floats) -> Floats:
    """Carry upwards, in place: all limbs but the last end in [-2**23, 2**23]."""
    base = float(1 << LIMB)
    for k in range(len(limbs) - 1):
        np.multiply(limbs[k], 1.0 / base, out=scratch)  # a power of two: exact
        np.rint(scratch, out=scratch)
        limbs[k + 1] += scratch
        scratch *= base
        limbs[k] -= scratch
    return limbs
