"""Sums of correlations of rotation networks with relu, |u|, sign or erf, added up formally (M18).

Every correlation is a sum of values of one function at numbers r whose squares lie in a real
cyclotomic field. Terms with equal squares are combined before anything is evaluated, so that a sum
that is zero because its terms cancel in pairs *is* zero, and no ball around zero is ever produced.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import Any, NamedTuple

import flint

from symcsq.exact import Enclosure, enclose_ball, squarefree_part, working_precision

__all__ = ["RotationSum", "directions"]

Scalar = int | Fraction
Complex = tuple[Scalar, Scalar]

# Weights of one term: even Hermite degrees for even k, odd ones for odd k; nothing otherwise.
_EVEN = {"relu": 4, "abs": 16}  # of A(r) = (√(1-r²) + r·arcsin r)/(2π)
_ODD = {"sign": 8, "erf": 8}  # of arcsin(r)/π


class _Number(NamedTuple):
    """An element Σ c_j cos(πj/2k) of the field, c reduced modulo the cyclotomic polynomial."""

    k: int
    coefficients: tuple[int, ...]
    denominator: int

    @classmethod
    def reduced(cls, k: int, coefficients: tuple[int, ...], denominator: int) -> _Number:
        common = gcd(denominator, *coefficients)
        return cls(k, tuple(c // common for c in coefficients), denominator // common)

    def complement(self) -> _Number:
        """1 minus the number."""
        first, *rest = self.coefficients
        top = (self.denominator - first, *(-c for c in rest))
        return _Number(self.k, top, self.denominator)

    def ball(self) -> flint.arb:
        total = flint.arb(0)
        for j, c in enumerate(self.coefficients):
            if c:
                total += c * flint.arb.cos_pi_fmpq(flint.fmpq(j, 2 * self.k))
        return total / self.denominator


class RotationSum:
    """A sum Σ count·⟨f_a, f_b⟩ of correlations of rotation networks.

    Arguments:
        power: k, half the number of units of each network.
        name: relu, abs, sign or erf.

    Source: M18. With ζ = e^{iπ/2k}, d = i - j and e = i + j, the correlation of two units is
    (Re(z ζ^{-2d}) + Re(w ζ^{-2e}))/2L, z = a·b̄, w = a·b, and each pair (d, e) modulo 2k with d ≡ e
    (mod 2) occurs twice.

    Examples:
        >>> total = RotationSum(2, "relu")
        >>> total.add(1, (2, 0), (0, 0), 1)
        >>> total.value()
        Enclosure([0.726760455264837313848929893019, 0.726760455264837313848929893020])
        >>> total.add(1, (0, 2), (0, 0), 1)
        >>> total.value()
        Fraction(0, 1)
    """

    __slots__ = ("_atoms", "_rational", "name", "power")

    def __init__(self, power: int, name: str) -> None:
        self.power = power
        self.name = name
        self._rational = Fraction(0)
        # (square of r, squarefree d): coefficient of √d·A(r), or of arcsin(r)/π with d = 1
        self._atoms: dict[tuple[_Number, int], Fraction] = {}

    def add(
        self,
        count: Scalar,
        z: Complex,
        w: Complex,
        length: int,
        first: Fraction = Fraction(1),
        second: Fraction = Fraction(1),
    ) -> None:
        """Add count·⟨f_a, f_b⟩.

        Arguments:
            count: a rational.
            z, w: a·b̄ and a·b, times the covariance of the inputs.
            length: |u|² of both vectors.
            first, second: the variances of the units of a and of b.

        Complexity: k² terms.
        """
        # Conjugates and the exchange of z and w change nothing, nor do signs for even k.
        even = self.power % 2 == 0
        z, w = ((_size(x) if even else x, _size(y)) for x, y in (z, w))
        pair = (z, w) if z <= w else (w, z)
        rational, atoms = _entry(self.power, self.name, pair, length, first, second)
        self._rational += count * rational
        for atom, coefficient in atoms:
            self._atoms[atom] = self._atoms.get(atom, Fraction(0)) + count * coefficient

    def value(self, factor: Scalar = 1) -> Fraction | Enclosure:
        """factor times the sum.

        Returns:
            A Fraction when nothing is left but values of the kernel that are known to be rational:
            A(1) = 1/4, or arcsines of sines of rational angles. Otherwise a canonical enclosure.

        Raises:
            ExactnessError: no precision decides the last digit; the number is then most likely
                rational by a relation between different angles.
        """
        exact, rest = self._rational, []
        for (square, free), coefficient in self._atoms.items():
            if not coefficient:
                continue
            known = _known(square) if self.name in _ODD else _quarter(square)
            if known is None:
                rest.append((factor * coefficient, square, free))
            else:
                exact += coefficient * known
        exact *= factor
        if not rest:
            return exact
        atom = _arcsine if self.name in _ODD else _arc

        def total() -> flint.arb:
            precision = flint.ctx.prec
            result = _ball(exact)
            for coefficient, square, free in rest:
                result += _ball(coefficient) * atom(square, free, precision)
            return result

        return enclose_ball(total)


@lru_cache(maxsize=1 << 14)
def _entry(
    k: int, name: str, pair: tuple[Complex, Complex], length: int, first: Fraction, second: Fraction
) -> tuple[Fraction, tuple[tuple[tuple[_Number, int], Fraction], ...]]:
    """The rational part of an entry, and its atoms with their coefficients."""
    z, w = pair
    rational = Fraction(0)
    if name == "relu" and k == 1:  # only the linear part t/2 of relu is odd
        return (Fraction(z[0]) + Fraction(w[0])) / (2 * length), ()
    weight = _EVEN.get(name, 0) if k % 2 == 0 else _ODD.get(name, 0)
    if not weight:
        return rational, ()
    common = lcm(*(Fraction(x).denominator for x in (*z, *w)))
    scaled = [int(x * common) for x in (*z, *w)]
    left, right = _turned(k, *scaled[:2]), _turned(k, *scaled[2:])
    terms: dict[tuple[int, ...], int] = {}
    for d in range(k):
        for e in range(d % 2, 2 * k, 2):
            v = tuple(map(int.__add__, left[d], right[e]))
            terms[v] = terms.get(v, 0) + (-1) ** d
    variances = first * second
    if name == "erf":  # (2/π)·arcsin(2ρ/√((1 + 2·first)(1 + 2·second)))
        variances = (1 + 2 * first) * (1 + 2 * second) / 4
    unit = 16 * length**2 * common**2 * variances  # r² = v²/unit
    root, free = Fraction(1), 1
    if name in _EVEN:  # √variances = root·√free
        top, free = squarefree_part(variances.numerator * variances.denominator)
        root = Fraction(top, variances.denominator)
    atoms: dict[tuple[_Number, int], Fraction] = {}
    for v, times in terms.items():
        if not times or (name in _ODD and not any(v)):
            continue
        coefficient = times * weight * root
        square = tuple(c * unit.denominator for c in _square(k, v))
        number = _Number.reduced(k, square, unit.numerator)
        if name in _ODD:
            coefficient *= _sign(k, v)
            if (other := number.complement()) < number:
                # arcsin r + arcsin √(1-r²) = π/2
                rational += coefficient / 2
                number, coefficient = other, -coefficient
        atoms[number, free] = atoms.get((number, free), Fraction(0)) + coefficient
    return rational, tuple(
        (atom, coefficient) for atom, coefficient in atoms.items() if coefficient
    )


def directions(k: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """2 cos(πj/k) and 2 sin(πj/k) for j = 1..k, each by its coordinates in one field.

    Examples:
        >>> directions(1)
        [((-2, 0), (0, 0))]
    """
    table = _cosines(k)
    return [(table[2 * j % (4 * k)], table[(k - 2 * j) % (4 * k)]) for j in range(1, k + 1)]


def _size(value: Scalar) -> Scalar:
    return -value if value < 0 else value


def _ball(value: Scalar) -> flint.arb:
    value = Fraction(value)
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


@lru_cache(maxsize=64)
def _cosines(k: int) -> tuple[tuple[int, ...], ...]:
    """ζ^j + ζ^-j = 2 cos(πj/2k) for j = 0..4k-1, modulo the cyclotomic polynomial."""
    modulus = flint.fmpz_poly.cyclotomic(4 * k)
    rows = []
    for j in range(4 * k):
        power = flint.fmpz_poly([0] * j + [1]) + flint.fmpz_poly([0] * (-j % (4 * k)) + [1])
        rows.append(_padded(power % modulus, modulus.degree()))
    return tuple(rows)


def _padded(polynomial: Any, length: int) -> tuple[int, ...]:
    given = [int(c) for c in polynomial.coeffs()]
    return tuple(given + [0] * (length - len(given)))


@lru_cache(maxsize=1 << 14)
def _turned(k: int, x: int, y: int) -> tuple[tuple[int, ...], ...]:
    """4 Re(z ζ^{-2d})/2 for d = 0..2k-1, z = x + iy and i = ζ^k."""
    table = _cosines(k)
    return tuple(
        tuple(
            x * a + y * b for a, b in zip(table[2 * d], table[(k - 2 * d) % (4 * k)], strict=True)
        )
        for d in range(2 * k)
    )


@lru_cache(maxsize=1 << 16)
def _square(k: int, v: tuple[int, ...]) -> tuple[int, ...]:
    modulus = flint.fmpz_poly.cyclotomic(4 * k)
    polynomial = flint.fmpz_poly(list(v))
    return _padded(polynomial * polynomial % modulus, modulus.degree())


@lru_cache(maxsize=1 << 16)
def _sign(k: int, v: tuple[int, ...]) -> int:
    """The sign of an element that is not 0."""
    number, bits = _Number(k, v, 1), 64
    while True:
        with working_precision(bits):
            ball = number.ball()
            if ball > 0:
                return 1
            if ball < 0:
                return -1
        bits *= 2


@lru_cache(maxsize=1 << 16)
def _known(square: _Number) -> Fraction | None:
    """arcsin(r)/π when it is rational, from r².

    If r = sin πt with t rational then 1 - 2r² = cos 2πt; a cosine of a rational angle in this field
    is one of cos(πj/2k), or rational: 0, ±1/2, ±1.
    """
    return _angles(square.k).get((square.coefficients, square.denominator))


@lru_cache(maxsize=64)
def _angles(k: int) -> dict[tuple[tuple[int, ...], int], Fraction]:
    """{sin²(πt): t} for 0 <= t <= 1/2 with 2πt a multiple of π/2k or of π/3."""
    one = _cosines(k)[0]
    result = {}
    for j in range(2 * k + 1):
        # sin²(πt) = (1 - cos 2πt)/2 = (2 - (ζ^j + ζ^-j))/4, t = j/4k
        top = tuple(a - b for a, b in zip(one, _cosines(k)[j], strict=True))
        result[_Number.reduced(k, top, 4)[1:]] = Fraction(j, 4 * k)
    unit = tuple(c // 2 for c in one)
    for quarters, t in ((1, Fraction(1, 6)), (3, Fraction(1, 3))):
        result[_Number.reduced(k, tuple(quarters * c for c in unit), 4)[1:]] = t
    return result


@lru_cache(maxsize=1 << 16)
def _quarter(square: _Number) -> Fraction | None:
    """A(r) when r = 1, from r²."""
    return Fraction(1, 4) if _known(square) == Fraction(1, 2) else None


@lru_cache(maxsize=1 << 16)
def _arc(square: _Number, free: int, precision: int) -> flint.arb:
    """√free·(√(1-r²) + r·arcsin r)/(2π)."""
    r2 = square.ball()
    r = r2.sqrt()
    return flint.arb(free).sqrt() * ((1 - r2).sqrt() + r * r.asin()) / (2 * flint.arb.pi())


@lru_cache(maxsize=1 << 16)
def _arcsine(square: _Number, free: int, precision: int) -> flint.arb:
    """arcsin(r)/π."""
    return square.ball().sqrt().asin() / flint.arb.pi()
