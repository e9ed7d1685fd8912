"""Cyclotomic numbers: the exact values of characters.

A cyclotomic number is a rational combination of roots of unity ``E(n)^k``, with ``E(n) = exp(2 pi
i/n)``. Here each number is kept over its *conductor*, the least n for which it lies in Q(E(n)), as
coefficients on Zumbroich's basis of that field. Both are canonical, so equal numbers have equal
fields and equal texts, and the coefficients of an algebraic integer are integers.

The text form is that of GAP: ``E(5)+E(5)^4``, ``-1/2*E(3)``, ``1+2*E(4)``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.errors import ParameterError, TooLargeError, shown

Rational = int | Fraction
_TERM = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<coefficient>[0-9]{1,4000}(?:/[0-9]{1,4000})?)(?P<times>\*)?)?"
    r"(?:E\((?P<n>[0-9]{1,7})\)(?:\^(?P<k>[0-9]{1,4000}))?)?"
)
_MAX_CONDUCTOR = 100_000  # of a text: that of a sum is the least common multiple


@cache
def factorization(n: int) -> tuple[tuple[int, int], ...]:
    """The prime powers of n >= 1 as (prime, exponent), primes increasing (trial division).

    Examples:
        >>> factorization(360)
        ((2, 3), (3, 2), (5, 1))
    """
    factors = []
    p = 2
    while p * p <= n:
        k = 0
        while n % p == 0:
            n //= p
            k += 1
        if k:
            factors.append((p, k))
        p += 1 if p == 2 else 2
    if n > 1:
        factors.append((n, 1))
    return tuple(factors)


@cache
def euler_phi(n: int) -> int:
    """Euler's function: the number of units modulo n, the degree of Q(E(n)).

    Examples:
        >>> [euler_phi(n) for n in (1, 2, 12)]
        [1, 1, 4]
    """
    return math.prod((p - 1) * p ** (k - 1) for p, k in factorization(n))


@lru_cache(maxsize=256)
def _rewriting(n: int) -> tuple[tuple[tuple[int, ...], int, int], ...]:
    """For each prime p of n: the exponents outside Zumbroich's basis, the shift n/p, and p.

    With q the full power of p in n and i = (n/q) a mod q, the exponent i is outside when a lies in
    the window of length q/p around 0 (p odd) or in the upper half (p = 2). Then E(n)^i is minus the
    sum of its p - 1 shifts by multiples of n/p, all of which are inside at p.
    """
    steps = []
    for p, k in factorization(n):
        q = p**k
        inverse = pow(n // q, -1, q) if q > 1 else 0
        window = range(q // 2, q) if p == 2 else range(-(q // p - 1) // 2, (q // p - 1) // 2 + 1)
        outside = {a % q for a in window}
        steps.append((tuple(i for i in range(n) if i * inverse % q in outside), n // p, p))
    return tuple(steps)


def reduce_to_basis(n: int, rows: NDArray[Any]) -> NDArray[Any]:
    """Rewrite combinations of E(n)^0 … E(n)^(n-1) on Zumbroich's basis, in place, row by row.

    Arguments:
        n: the order of the roots.
        rows: array of shape (m, n); entry (r, i) is the coefficient of E(n)^i.

    Returns:
        The same array; entries outside the basis are zero.

    Complexity:
        O(m n) for each prime of n.

    Examples:
        >>> reduce_to_basis(3, np.array([[1, 0, 0]])).tolist()
        [[0, -1, -1]]
    """
    for outside, shift, p in _rewriting(n):
        if p == 2:
            index = np.array(outside, dtype=np.int64)
            rows[:, (index + shift) % n] -= rows[:, index]
            rows[:, index] = 0
        else:
            index = np.array(outside, dtype=np.int64)
            moved = rows[:, index].copy()
            rows[:, index] = 0
            for j in range(1, p):
                rows[:, (index + j * shift) % n] -= moved
    return rows


def _reduce_terms(n: int, terms: dict[int, Rational]) -> dict[int, Rational]:
    """The same on a sparse combination; returns a new dictionary without zeros."""
    for p, k in factorization(n):
        q = p**k
        inverse = pow(n // q, -1, q)
        shift = n // p
        half = (q // p - 1) // 2
        result: dict[int, Rational] = {}
        for i, c in terms.items():
            a = i * inverse % q
            if p == 2:
                if a >= q // 2:
                    i, c = (i + shift) % n, -c
                result[i] = result.get(i, 0) + c
            elif a <= half or a >= q - half:
                for j in range(1, p):
                    t = (i + j * shift) % n
                    result[t] = result.get(t, 0) - c
            else:
                result[i] = result.get(i, 0) + c
        terms = result
    return {i: c for i, c in terms.items() if c}


def _lower_conductor(n: int, terms: dict[int, Rational]) -> tuple[int, dict[int, Rational]]:
    """Descend to the least n; the input is on Zumbroich's basis without zeros."""
    if not terms:
        return 1, {}
    changed = True
    while changed and n > 1:
        changed = False
        for p, k in factorization(n):
            if k > 1 or p == 2:
                # The basis of the subfield is the part with exponents divisible by p (by 4 when 4
                # || n; when 2 || n every exponent of the basis is even).
                divisor = 4 if p == 2 and k == 2 else p
                if all(i % divisor == 0 for i in terms):
                    n //= divisor
                    terms = {i // divisor: c for i, c in terms.items()}
                    changed = True
                    break
            elif p > 2:
                lowered = _lower_simple_prime(n, p, terms)
                if lowered is not None:
                    n, terms = n // p, lowered
                    changed = True
                    break
    return n, terms


def _lower_simple_prime(n: int, p: int, terms: dict[int, Rational]) -> dict[int, Rational] | None:
    """Leave the prime p of n (p exactly once): every coset of the shift n/p must be constant."""
    if len(terms) % (p - 1):
        return None
    shift = n // p
    inverse = pow(shift, -1, p)
    lowered: dict[int, Rational] = {}
    for i, c in terms.items():
        # The member of the coset that is divisible by p stands for minus the sum of the others.
        start = (i - (i * inverse % p) * shift) % n
        if start // p in lowered:
            continue
        if any(terms.get((start + j * shift) % n) != c for j in range(1, p)):
            return None
        lowered[start // p] = -c
    return lowered


def _clean(c: Rational) -> Rational:
    return c.numerator if isinstance(c, Fraction) and c.denominator == 1 else c


class Cyclotomic:
    """An exact number in a cyclotomic field.

    Arguments:
        value: an integer, a `Fraction`, a `Cyclotomic`, or a text such as ``"E(5)+E(5)^4"``.

    Raises:
        ParameterError: the text cannot be read, or the value is no exact number.

    Complexity:
        Sums are linear, products quadratic in the number of terms.

    Source:
        M. Zumbroich, Grundlagen einer Arithmetik in Kreisteilungskörpern, Aachen 1989 (the basis).

    Examples:
        >>> x = Cyclotomic("E(5)+E(5)^4")
        >>> x * x + x, x.conductor, x == x.conjugate()
        (1, 5, True)
        >>> str(Cyclotomic.root(3) + Cyclotomic.root(3, 2)), Cyclotomic.root(12, 4).conductor
        ('-1', 3)
    """

    __slots__ = ("_hash", "conductor", "terms")

    conductor: int
    # (exponent, non-zero coefficient), exponents increasing
    terms: tuple[tuple[int, Rational], ...]

    def __init__(self, value: Cyclotomic | Rational | str = 0) -> None:
        if isinstance(value, str):
            value = parse_cyclotomic(value)
        if isinstance(value, Cyclotomic):
            self._set(value.conductor, value.terms)
        elif isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            self._set(1, ((0, int(value)),) if value else ())
        elif isinstance(value, Fraction):
            self._set(1, ((0, _clean(value)),) if value else ())
        else:
            raise ParameterError(
                f"value: must be an integer, a Fraction or a text in E(n), got {shown(value)}; "
                'write for example "E(5)+E(5)^4" (floats are never exact)'
            )

    _hash: int | None

    def _set(self, conductor: int, terms: tuple[tuple[int, Rational], ...]) -> None:
        object.__setattr__(self, "conductor", conductor)
        object.__setattr__(self, "terms", terms)
        object.__setattr__(self, "_hash", None)

    @classmethod
    def _canonical(cls, n: int, terms: dict[int, Rational]) -> Cyclotomic:
        """The number with these coefficients on any powers of E(n)."""
        n, terms = _lower_conductor(n, _reduce_terms(n, terms))
        x = object.__new__(cls)
        x._set(n, tuple(sorted((i, _clean(c)) for i, c in terms.items())))
        return x

    @classmethod
    def root(cls, n: int, k: int = 1) -> Cyclotomic:
        """The root of unity ``E(n)^k`` for any integer k.

        Examples:
            >>> [str(Cyclotomic.root(4, k)) for k in range(4)]
            ['1', 'E(4)', '-1', '-E(4)']
        """
        if n < 1:
            raise ParameterError(f"n: the order of a root must be >= 1, got {n}; E(1) is 1")
        return cls._canonical(n, {k % n: 1})

    @classmethod
    def combination(
        cls, n: int, coefficients: Mapping[int, Rational] | Sequence[Rational]
    ) -> Cyclotomic:
        """The sum of ``c_k E(n)^k``, coefficients given as a list or as {k: c_k}.

        Examples:
            >>> str(Cyclotomic.combination(5, [0, 1, 0, 0, 1]))
            'E(5)+E(5)^4'
        """
        items: Iterable[tuple[int, Rational]] = (
            coefficients.items() if isinstance(coefficients, Mapping) else enumerate(coefficients)
        )
        terms: dict[int, Rational] = {}
        for k, c in items:
            if c:
                terms[k % n] = terms.get(k % n, 0) + c
        return cls._canonical(n, terms)

    # -- value -------------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Cyclotomic is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return (Cyclotomic, (str(self),))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Cyclotomic):
            return self.conductor == other.conductor and self.terms == other.terms
        if isinstance(other, (int, Fraction)):
            return self.conductor == 1 and (self.terms[0][1] if self.terms else 0) == other
        return NotImplemented

    def __hash__(self) -> int:
        if self._hash is None:
            value = (
                hash(self.rational) if self.conductor == 1 else hash((self.conductor, self.terms))
            )
            object.__setattr__(self, "_hash", value)
        return self._hash  # type: ignore[return-value]

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def is_rational(self) -> bool:
        """Whether the number lies in Q."""
        return self.conductor == 1

    @property
    def rational(self) -> Rational:
        """The number as int or Fraction.

        Raises:
            ParameterError: it is irrational.
        """
        if self.conductor != 1:
            raise ParameterError(
                f"value: must be rational, got {self}; use its trace or keep the Cyclotomic"
            )
        return self.terms[0][1] if self.terms else 0

    @property
    def is_algebraic_integer(self) -> bool:
        """Whether every coefficient is an integer (Zumbroich's basis is an integral basis)."""
        return all(isinstance(c, int) for _, c in self.terms)

    @property
    def denominator(self) -> int:
        """Least d > 0 such that d times the number is an algebraic integer."""
        return math.lcm(*(c.denominator for _, c in self.terms))

    @property
    def absolute_bound(self) -> Rational:
        """Sum of the absolute coefficients: it bounds every Galois conjugate."""
        total: Rational = 0
        for _, c in self.terms:
            total += -c if c < 0 else c
        return total

    @property
    def sort_key(self) -> tuple[Any, ...]:
        """A total order: by conductor, then coefficients (not the order of real numbers)."""
        return (self.conductor, self.terms)

    # -- arithmetic --------------------------------------------------------------------------------

    def _coerce(self, other: object) -> Cyclotomic | None:
        if isinstance(other, Cyclotomic):
            return other
        if isinstance(other, (int, Fraction, np.integer)) and not isinstance(other, bool):
            return Cyclotomic(other)  # type: ignore[arg-type]
        return None

    def __add__(self, other: object) -> Cyclotomic:
        y = self._coerce(other)
        if y is None:
            return NotImplemented
        n = math.lcm(self.conductor, y.conductor)
        terms: dict[int, Rational] = {i * (n // self.conductor): c for i, c in self.terms}
        for i, c in y.terms:
            j = i * (n // y.conductor)
            terms[j] = terms.get(j, 0) + c
        return Cyclotomic._canonical(n, terms)

    __radd__ = __add__

    def __neg__(self) -> Cyclotomic:
        x = object.__new__(Cyclotomic)
        x._set(self.conductor, tuple((i, -c) for i, c in self.terms))
        return x

    def __sub__(self, other: object) -> Cyclotomic:
        y = self._coerce(other)
        return NotImplemented if y is None else self + (-y)

    def __rsub__(self, other: object) -> Cyclotomic:
        return -self + other

    def __mul__(self, other: object) -> Cyclotomic:
        y = self._coerce(other)
        if y is None:
            return NotImplemented
        if not self.terms or not y.terms:
            return Cyclotomic(0)
        if y.conductor == 1 or self.conductor == 1:
            scale, x = (y.terms[0][1], self) if y.conductor == 1 else (self.terms[0][1], y)
            z = object.__new__(Cyclotomic)
            z._set(x.conductor, tuple((i, _clean(c * scale)) for i, c in x.terms))
            return z
        n = math.lcm(self.conductor, y.conductor)
        a, b = n // self.conductor, n // y.conductor
        terms: dict[int, Rational] = {}
        for i, c in self.terms:
            for j, d in y.terms:
                k = (i * a + j * b) % n
                terms[k] = terms.get(k, 0) + c * d
        return Cyclotomic._canonical(n, terms)

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Cyclotomic:
        base = self.inverse() if exponent < 0 else self
        result, e = Cyclotomic(1), abs(exponent)
        while e:
            if e & 1:
                result = result * base
            base = base * base
            e >>= 1
        return result

    def inverse(self) -> Cyclotomic:
        """The multiplicative inverse: the product of the other conjugates over the norm.

        Raises:
            ZeroDivisionError: the number is 0.

        Examples:
            >>> str(Cyclotomic("1+E(4)").inverse())
            '1/2-1/2*E(4)'
        """
        if not self.terms:
            raise ZeroDivisionError("the cyclotomic number 0 has no inverse")
        others = Cyclotomic(1)
        seen = {self}
        for k in range(2, self.conductor):
            if math.gcd(k, self.conductor) == 1:
                image = self.galois(k)
                if image not in seen:
                    seen.add(image)
                    others = others * image
        return others * (1 / Fraction((self * others).rational))

    def __truediv__(self, other: object) -> Cyclotomic:
        y = self._coerce(other)
        return NotImplemented if y is None else self * y.inverse()

    def __rtruediv__(self, other: object) -> Cyclotomic:
        y = self._coerce(other)
        return NotImplemented if y is None else y * self.inverse()

    # -- Galois action -----------------------------------------------------------------------------

    def galois(self, k: int) -> Cyclotomic:
        """The image under ``E(n) -> E(n)^k``, k prime to the conductor.

        Examples:
            >>> str(Cyclotomic("E(5)+E(5)^4").galois(2))
            'E(5)^2+E(5)^3'
        """
        n = self.conductor
        if n == 1:
            return self
        if math.gcd(k, n) != 1:
            raise ParameterError(
                f"k: must be prime to the conductor {n}, got {k}; other powers are no field "
                "automorphism"
            )
        return Cyclotomic._canonical(n, {i * k % n: c for i, c in self.terms})

    def conjugate(self) -> Cyclotomic:
        """The complex conjugate."""
        return self.galois(-1)

    def conjugates(self) -> tuple[Cyclotomic, ...]:
        """The different Galois conjugates, this number first, then by increasing exponent."""
        n = self.conductor
        units = (k for k in range(1, max(n, 2)) if math.gcd(k, n) == 1)
        return tuple(dict.fromkeys(self.galois(k) for k in units))

    @property
    def degree(self) -> int:
        """Degree of the number over Q."""
        return len(self.conjugates())

    def trace(self) -> Rational:
        """The sum of the different Galois conjugates (the trace from the field it generates)."""
        return sum(self.conjugates(), Cyclotomic(0)).rational

    # -- text and other packages -------------------------------------------------------------------

    def __str__(self) -> str:
        if not self.terms:
            return "0"
        text = ""
        for i, c in self.terms:
            sign, size = ("-" if c < 0 else "+"), abs(c)
            root = ""
            if i:
                root = f"E({self.conductor})" + (f"^{i}" if i > 1 else "")
            body = root if root and size == 1 else f"{size}*{root}" if root else str(size)
            text += sign + body
        return text[1:] if text[0] == "+" else text

    def __repr__(self) -> str:
        return str(self)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def latex(self) -> str:
        """LaTeX source with zeta_n for E(n).

        Examples:
            >>> Cyclotomic("1-1/2*E(3)^2").latex()
            '-\\\\zeta_{3} - \\\\frac{3}{2} \\\\zeta_{3}^{2}'
        """
        if not self.terms:
            return "0"
        text = ""
        for i, c in self.terms:
            size: Rational = -c if c < 0 else c
            number = (
                str(size)
                if isinstance(size, int)
                else f"\\frac{{{size.numerator}}}{{{size.denominator}}}"
            )
            root = "" if not i else f"\\zeta_{{{self.conductor}}}" + (f"^{{{i}}}" if i > 1 else "")
            body = root if root and size == 1 else f"{number} {root}".strip()
            text += (" - " if c < 0 else " + ") + body
        return text[3:] if text.startswith(" + ") else "-" + text[3:]

    def to_sympy(self) -> Any:
        """The number as a sympy expression: surds when it is quadratic, otherwise exponentials.

        Examples:
            >>> Cyclotomic("E(5)+E(5)^4").to_sympy()
            -1/2 + sqrt(5)/2
        """
        import sympy

        def convert(c: Rational) -> Any:
            return sympy.Rational(c.numerator, c.denominator)

        if self.is_rational:
            return convert(self.rational)
        conjugates = self.conjugates()
        if len(conjugates) == 2:
            mean = Fraction(self.trace()) / 2
            square = Fraction(((self - mean) * (self - mean)).rational)
            root = sympy.sqrt(convert(square))
            # Which root it is, is a sign: the real or imaginary part of a number that is not 0.
            return convert(mean) + (root if _positive_branch(self - mean) else -root)
        n = self.conductor
        return sympy.Add(
            *(
                convert(c) * sympy.exp(2 * sympy.pi * sympy.I * sympy.Rational(i, n))
                for i, c in self.terms
            )
        )

    def to_pari(self) -> Any:
        """The number as a PARI ``Mod(polynomial, polcyclo(n))`` (cypari2)."""
        from cypari2 import Pari

        pari = Pari()
        text = "+".join(f"({c})*x^{i}" for i, c in self.terms) or "0"
        return pari(f"Mod({text}, polcyclo({self.conductor}))")

    def ball(self, bits: int = 64) -> Any:
        """A rigorous complex ball (``flint.acb``) that holds the number."""
        import flint

        context = flint.ctx
        saved, context.prec = context.prec, bits
        try:
            total = flint.acb(0)
            for i, c in self.terms:
                angle = flint.arb(flint.fmpq(2 * i, self.conductor))
                root = flint.acb(flint.arb.cos_pi(angle), flint.arb.sin_pi(angle))
                total += root * flint.arb(flint.fmpq(c.numerator, c.denominator))
            return total
        finally:
            context.prec = saved


def _positive_branch(x: Cyclotomic) -> bool:
    """Whether a real or purely imaginary number other than 0 has a positive real or imaginary
    part.
    """
    bits = 64
    while True:
        ball = x.ball(bits)
        part = ball.real if x == x.conjugate() else ball.imag
        if not part.contains(0):
            return bool(part > 0)
        bits *= 2


def parse_cyclotomic(text: str) -> Cyclotomic:
    """Read the text form: a sum of terms ``c``, ``E(n)^k`` or ``c*E(n)^k`` with rational c.

    Raises:
        ParameterError: the text is anything else; the message names the column.
        TooLargeError: the orders of the roots of unity have no common multiple up to 100,000.

    Examples:
        >>> parse_cyclotomic("1/2 - 3*E(4)")
        1/2-3*E(4)
    """
    compact = "".join(text.split())
    position, total, conductor = 0, Cyclotomic(0), 1
    while position < len(compact) or not compact:
        match = _TERM.match(compact, position)
        if (
            match is None
            or not (match["coefficient"] or match["n"])
            or (position and not match["sign"])
            or (match["times"] is not None) != bool(match["coefficient"] and match["n"])
            or (match["n"] and not match["n"].strip("0"))
            or (match["coefficient"] or "").rstrip("0").endswith("/")
        ):
            raise ParameterError(
                f"value: cannot read {shown(text)} as a cyclotomic number at column {position + 1} "
                "(blanks "
                "not counted); write sums of terms such as 2, E(5)^4 or -1/2*E(3)"
            )
        conductor = math.lcm(conductor, int(match["n"] or 1))
        if conductor > _MAX_CONDUCTOR:
            raise TooLargeError(
                f"value: roots of unity in a text have orders up to {_MAX_CONDUCTOR}, their least "
                f"common multiple included, got {conductor} in {shown(text)}; use fewer fields"
            )
        c = Fraction(match["coefficient"] or 1) * (-1 if match["sign"] == "-" else 1)
        root = (
            Cyclotomic.root(int(match["n"]), int(match["k"] or 1)) if match["n"] else Cyclotomic(1)
        )
        total = total + root * c
        position = match.end()
    return total


@lru_cache(maxsize=65536)
def small_integer(value: int) -> Cyclotomic:
    """A shared `Cyclotomic` for an integer: tables hold the same few values many times."""
    return Cyclotomic(value)


def power_basis_images(n: int, p: int, root: int) -> NDArray[np.int64]:
    """Powers root^0 … root^(n-1) modulo p: the images of E(n)^k under a map to GF(p).

    Arguments:
        n: order of the root. p: a prime below 2^31 with n | p - 1. root: of multiplicative order n.
    """
    powers = np.ones(n, dtype=np.int64)
    value = 1
    for k in range(1, n):
        value = value * root % p
        powers[k] = value
    return powers
