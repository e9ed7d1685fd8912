"""Small finite fields GF(q) as arrays of integers, for the linear and projective groups.

The element with coordinates d_0, d_1, … over GF(p) is the integer ``d_0 + d_1·p + d_2·p² + …``; so
0 and 1 are themselves, and for prime q the field is the integers modulo q. For q = p^e with e > 1
the integer p stands for the root x of the modulus, which is chosen primitive: the non-zero
elements are the powers of `FiniteField.primitive_element`, and products are sums of logarithms.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.errors import ParameterError, TooLargeError

Array = NDArray[np.int64]

LARGEST_FIELD = 1 << 20
"""Largest q for which tables are built (three integer tables of q entries)."""


def prime_factors(n: int) -> list[int]:
    """The distinct prime factors of n >= 1, in increasing order (trial division, O(√n)).

    Examples:
        >>> prime_factors(360)
        [2, 3, 5]
    """
    factors = []
    d = 2
    while d * d <= n:
        if n % d == 0:
            factors.append(d)
            while n % d == 0:
                n //= d
        d += 1
    return factors + [n] if n > 1 else factors


def prime_power(q: int, name: str = "q") -> tuple[int, int]:
    """Write q as p^e.

    Arguments:
        q: an integer, 2 <= q <= `LARGEST_FIELD`.
        name: what to call q in the error message.

    Returns:
        The prime p and the exponent e.

    Raises:
        ParameterError: q is not a power of a prime. TooLargeError: q exceeds `LARGEST_FIELD`.

    Examples:
        >>> prime_power(64)
        (2, 6)
        >>> prime_power(12)
        Traceback (most recent call last):
        ...
        groups.errors.ParameterError: q: must be a prime power, got 12 = 2^2·3; ... are 11 and 13
    """
    if isinstance(q, bool) or not isinstance(q, (int, np.integer)):
        raise ParameterError(f"{name}: must be an integer, got {q!r}; write for example 7 or 8")
    q = int(q)
    if q > LARGEST_FIELD:
        raise TooLargeError(
            f"{name}: fields are tabulated up to q = {LARGEST_FIELD}, got {q}; choose a smaller "
            "field"
        )
    p, e = _as_prime_power(q)
    if not p:
        lower = next((r for r in range(q - 1, 1, -1) if _as_prime_power(r)[0]), None)
        upper = next(r for r in range(max(q, 1) + 1, 2 * LARGEST_FIELD) if _as_prime_power(r)[0])
        near = f"the nearest ones are {lower} and {upper}" if lower else "the least one is 2"
        value = f"{q} = {_factorisation(q)}" if q > 1 else f"{q}"
        raise ParameterError(f"{name}: must be a prime power, got {value}; {near}")
    return p, e


def _as_prime_power(q: int) -> tuple[int, int]:
    """(p, e) with q = p^e, or (0, 0)."""
    factors = prime_factors(q) if q > 1 else []
    if len(factors) != 1:
        return 0, 0
    p, e = factors[0], 0
    while q > 1:
        q //= p
        e += 1
    return p, e


def _factorisation(n: int) -> str:
    words = []
    for p in prime_factors(n):
        e = 0
        while n % p == 0:
            n //= p
            e += 1
        words.append(f"{p}^{e}" if e > 1 else str(p))
    return "·".join(words)


class FiniteField:
    """The field with q elements; all operations work on integers and on integer arrays alike.

    Arguments:
        q: the number of elements, a prime power up to `LARGEST_FIELD`.

    Raises:
        ParameterError: q is not a prime power. TooLargeError: q is too large.

    Complexity:
        O(q·e) once to build, O(e) array operations for a sum, O(1) for a product.

    Source:
        The modulus is the first primitive polynomial in the order of its coefficients read as an
        integer in base p; x is primitive modulo f iff ``x^(q-1) = 1`` and ``x^((q-1)/r) ≠ 1`` for
        every prime r dividing q-1 (then the q-1 powers of x are all the non-zero residues, so f is
        irreducible as well).

    Examples:
        >>> F = FiniteField(8)
        >>> F.modulus, F.primitive_element  # x^3 + x + 1
        ((1, 1, 0, 1), 2)
        >>> int(F.multiply(6, F.inverse(6))), int(F.add(5, 3))
        (1, 6)
    """

    __slots__ = (
        "_exponentials",
        "_logarithms",
        "characteristic",
        "degree",
        "modulus",
        "order",
        "primitive_element",
    )

    order: int
    characteristic: int
    degree: int
    modulus: tuple[int, ...]
    primitive_element: int

    def __init__(self, q: int) -> None:
        p, e = prime_power(q)
        self.order, self.characteristic, self.degree = p**e, p, e
        if e == 1:
            root = next(g for g in range(1, p + 1) if _is_primitive_root(g % p, p))
            self.primitive_element = root % p if p > 2 else 1
            self.modulus = ((-self.primitive_element) % p, 1)
        else:
            self.modulus = _primitive_polynomial(p, e)
            self.primitive_element = p
        self._exponentials, self._logarithms = self._tables()

    def _tables(self) -> tuple[Array, Array]:
        p, q = self.characteristic, self.order
        powers = [1]
        if self.degree == 1:
            for _ in range(q - 2):
                powers.append(powers[-1] * self.primitive_element % p)
        else:
            top = q // p
            # Multiples c·(x^e mod f), by which a shifted-out leading digit c is reduced.
            reductions = [[(-c * d) % p for d in self.modulus[: self.degree]] for c in range(p)]
            for _ in range(q - 2):
                lead, rest = divmod(powers[-1], top)
                rest *= p
                if lead:
                    rest = _add_digits(rest, reductions[lead], p)
                powers.append(rest)
        exponentials = np.array(powers + powers, dtype=np.int64)
        logarithms = np.zeros(q, dtype=np.int64)
        logarithms[exponentials[: q - 1]] = np.arange(q - 1)
        return exponentials, logarithms

    def add(self, a: Any, b: Any) -> Any:
        """The sum, element by element."""
        p, e = self.characteristic, self.degree
        if e == 1:
            return (np.asarray(a) + b) % p
        if p == 2:
            return np.bitwise_xor(a, b)
        a, b = np.broadcast_arrays(a, b)
        total = np.zeros(a.shape, dtype=np.int64)
        weight = 1
        for _ in range(e):
            total += (a // weight + b // weight) % p * weight
            weight *= p
        return total

    def negative(self, a: Any) -> Any:
        """The additive inverse."""
        return self.multiply(self.order - 1 if self.degree == 1 else self.characteristic - 1, a)

    def multiply(self, a: Any, b: Any) -> Any:
        """The product, element by element."""
        a, b = np.asarray(a), np.asarray(b)
        product = self._exponentials[self._logarithms[a] + self._logarithms[b]]
        return np.where((a == 0) | (b == 0), 0, product)

    def inverse(self, a: Any) -> Any:
        """The multiplicative inverse; 0 is an error."""
        a = np.asarray(a)
        if np.any(a == 0):
            raise ParameterError(
                f"a: 0 has no inverse in GF({self.order}), got 0; leave it out before inverting"
            )
        return self._exponentials[(self.order - 1 - self._logarithms[a]) % (self.order - 1)]

    def power(self, a: Any, exponent: int) -> Any:
        """The power with an exponent >= 0 (0 to the power 0 is 1)."""
        a = np.asarray(a)
        if exponent == 0:
            return np.ones_like(a)
        logarithm = self._logarithms[a] * (exponent % (self.order - 1)) % (self.order - 1)
        return np.where(a == 0, 0, self._exponentials[logarithm])

    def matrix_apply(self, matrix: Any, vectors: Array) -> Array:
        """The products ``matrix · v`` for an array of row-listed column vectors.

        Arguments:
            matrix: k × k field elements. vectors: N × k field elements.

        Returns:
            An N × k array whose row t is ``matrix · vectors[t]``.
        """
        columns = []
        for row in matrix:
            total: Any = np.zeros(len(vectors), dtype=np.int64)
            for j, entry in enumerate(row):
                if entry:
                    total = self.add(total, self.multiply(entry, vectors[:, j]))
            columns.append(total)
        if not columns:
            return np.zeros((len(vectors), 0), dtype=np.int64)
        return np.stack(columns, axis=1).astype(np.int64)

    def __repr__(self) -> str:
        return f"FiniteField({self.order})"


@lru_cache(maxsize=32)
def field(q: int) -> FiniteField:
    """The field with q elements, kept between calls (the tables are never changed)."""
    return FiniteField(q)


def _is_primitive_root(g: int, p: int) -> bool:
    return p == 2 or (g > 0 and all(pow(g, (p - 1) // r, p) != 1 for r in prime_factors(p - 1)))


def _add_digits(a: int, digits: list[int], p: int) -> int:
    total, weight = 0, 1
    for d in digits:
        total += (a // weight + d) % p * weight
        weight *= p
    return total


def _primitive_polynomial(p: int, e: int) -> tuple[int, ...]:
    """The first monic primitive polynomial of degree e over GF(p), coefficients low to high."""
    q = p**e
    exponents = [(q - 1) // r for r in prime_factors(q - 1)]
    for tail in range(1, q):
        f = [tail // p**i % p for i in range(e)]
        one = [1] + [0] * (e - 1)
        if f[0] and _power_of_x(q - 1, f, p) == one:
            if all(_power_of_x(k, f, p) != one for k in exponents):
                return (*f, 1)
    raise AssertionError("every finite field has a primitive element")


def _power_of_x(k: int, f: list[int], p: int) -> list[int]:
    """x^k modulo the monic polynomial with lower coefficients f, by square and multiply."""
    e = len(f)
    result = [1] + [0] * (e - 1)
    for bit in bin(k)[2:]:
        square = [0] * (2 * e)
        for i, a in enumerate(result):
            for j, b in enumerate(result):
                square[i + j + (bit == "1")] += a * b
        for i in range(2 * e - 1, e - 1, -1):
            c = square[i] % p
            for j in range(e):
                square[i - e + j] -= c * f[j]
        result = [c % p for c in square[:e]]
    return result
