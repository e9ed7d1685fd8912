"""Exact numbers: rationals in, and out either rationals, exact reals or canonical enclosures.

`ExactReal` keeps a value as a rational combination of a few irrational *atoms* (a square root, an
arcsine over pi, …). Cancellation then happens between rational coefficients: a sum that is zero
because its terms cancel in pairs *is* `0`, and no ball around zero is ever produced (M12).
`Enclosure` is what such a value becomes in a certificate: two neighbouring decimal fractions.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

import flint

from symcsq.errors import ExactnessError, PrecisionError

__all__ = [
    "CANONICAL_DIGITS",
    "Atom",
    "Enclosure",
    "ExactReal",
    "enclose_ball",
    "exact_square_root",
    "rational",
    "rationals",
    "squarefree_part",
]

CANONICAL_DIGITS = 30
MOST_DIGITS = 4_000
"""Most digits of the numerator or denominator of a rational that is read; Python writes 4,300."""
_MOST_BITS = (10**MOST_DIGITS).bit_length()

_FIRST_PRECISION = 192
_LAST_PRECISION = 1 << 17

Atom = tuple[str, Fraction]


_precision = threading.RLock()


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Ball arithmetic with this many bits, one thread at a time: flint has one precision for all.

    Examples:
        >>> with working_precision(100):
        ...     print(flint.ctx.prec)
        100
    """
    with _precision, flint.ctx.workprec(bits):
        yield


def rational(value: object, argument: str = "value") -> Fraction:
    """The exact rational that `value` denotes; floats and booleans are refused.

    Arguments:
        value: an int, a Fraction, a NumPy integer, a flint integer or rational, or a string such as
            `"3"`, `"-3/7"` or `"0.25"`.
        argument: the name used in the message.

    Returns:
        A `Fraction`.

    Raises:
        ExactnessError: when the value is not an exact rational, or has more than 4,000 digits.

    Complexity: linear in the length of the number.

    Source: MATH.md, introduction ("each is exact").

    Examples:
        >>> rational("-3/7")
        Fraction(-3, 7)
        >>> rational(0.1)
        Traceback (most recent call last):
            ...
        symcsq.errors.ExactnessError: value: must be an exact rational, got the float 0.1; write \
it as a string such as "1/3"
    """
    number = _rational(value, argument)
    if not is_writable(number):
        raise ExactnessError(
            f"{argument}: must have at most {MOST_DIGITS} digits in numerator and denominator, "
            f"got {in_short(number)}; write a shorter number"
        )
    return number


def _rational(value: object, argument: str) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str):
        text = value.strip()
        if _digits_at_most(text) > MOST_DIGITS:
            raise ExactnessError(
                f"{argument}: must have at most {MOST_DIGITS} digits in numerator and denominator, "
                f"got {shortened(text)}; write a shorter number"
            )
        try:
            return Fraction(text)
        except (ValueError, ZeroDivisionError):
            raise ExactnessError(
                f"{argument}: must be an exact rational, got {shortened(value)}; "
                'write "3", "-3/7" or "0.25"'
            ) from None
    if isinstance(value, flint.fmpz):
        return Fraction(int(value))
    if isinstance(value, flint.fmpq):
        return Fraction(int(value.p), int(value.q))
    if hasattr(value, "__index__") and not isinstance(value, bool):
        return Fraction(int(value.__index__()))
    if hasattr(value, "p") and hasattr(value, "q") and hasattr(value, "is_Rational"):
        return Fraction(int(value.p), int(value.q))  # a sympy rational
    kind = type(value).__name__
    raise ExactnessError(
        f"{argument}: must be an exact rational, got the {kind} {shortened(value)}; "
        'write it as a string such as "1/3"'
    )


def _digits_at_most(text: str) -> int:
    """An upper bound on the digits of the numerator and denominator that a text would have."""
    mantissa, _, exponent = text.lower().partition("e")
    longest = max(map(len, mantissa.split("/")))
    power = exponent.replace("_", "").lstrip("+-").lstrip("0")
    # An exponent of seven digits is beyond every limit; a word such as "eleven" is for Fraction.
    if not power.isdecimal():
        return longest
    return longest + (int(power) if len(power) < 7 else 10**7)


def is_writable(value: Fraction | int) -> bool:
    """Whether a number has at most 4,000 digits: Python writes integers of up to 4,300.

    Examples:
        >>> is_writable(10**3999), is_writable(Fraction(1, 10**4001))
        (True, False)
    """
    return max(value.numerator.bit_length(), value.denominator.bit_length()) <= _MOST_BITS


def shortened(value: object) -> str:
    """How a message shows a value: the ends of a long one.

    Examples:
        >>> shortened([1, 2]), shortened("9" * 100)
        ('[1, 2]', "'9999999999999999999999999999999999999999' … '9999999999' (100 characters)")
    """
    if isinstance(value, str) and len(value) > 60:
        return f"{value[:40]!r} … {value[-10:]!r} ({len(value)} characters)"
    try:
        text = repr(value)
    except ValueError:  # Python writes no integer of many thousand digits
        if isinstance(value, int):
            return in_short(Fraction(value))
        return f"a {type(value).__name__} with an integer of thousands of digits"
    return text if len(text) <= 60 else f"{text[:40]} … {text[-10:]} ({len(text)} characters)"


def in_short(value: Fraction) -> str:
    """A rational as messages show it: in full while it can be read.

    Examples:
        >>> in_short(Fraction(-3, 7)), in_short(Fraction(1, 10**5000))
        ('-3/7', 'a number of about 5001 digits')
    """
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    return str(value) if bits <= 200 else f"a number of about {bits * 30103 // 100000 + 1} digits"


def rationals(values: Iterable[object], argument: str = "values") -> tuple[Fraction, ...]:
    """The exact rationals of a sequence, in its order (see `rational`).

    Examples:
        >>> rationals([1, "1/2"])
        (Fraction(1, 1), Fraction(1, 2))
    """
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise ExactnessError(
            f"{argument}: must be a sequence of exact rationals, got {values!r}; "
            'write a list such as [0, "1/2", 1]'
        )
    return tuple(rational(value, f"{argument}[{index}]") for index, value in enumerate(values))


def read_tolerance(value: object) -> Fraction:
    """The tolerance tau of a learner's queries, as an exact rational.

    Raises:
        ExactnessError: it is no exact rational, or not strictly between 0 and 1.

    Examples:
        >>> read_tolerance("0.1")
        Fraction(1, 10)
    """
    tau = rational(value, "tolerance")
    if not 0 < tau < 1:
        raise ExactnessError(
            f"tolerance: must satisfy 0 < tolerance < 1, got {tau}; for example 1/10"
        )
    return tau


def squarefree_part(number: int) -> tuple[int, int]:
    """`(s, d)` with `number = s²·d` and d squarefree, for a positive integer.

    Examples:
        >>> squarefree_part(72)
        (6, 2)
    """
    square, free = 1, 1
    for prime, power in flint.fmpz(number).factor():
        square *= int(prime) ** (power // 2)
        free *= int(prime) ** (power % 2)
    return square, free


def exact_square_root(value: Fraction) -> Fraction | None:
    """The square root of a non-negative rational when it is rational, otherwise None.

    Examples:
        >>> exact_square_root(Fraction(4, 9)), exact_square_root(Fraction(2))
        (Fraction(2, 3), None)
    """
    p, q = isqrt(value.numerator), isqrt(value.denominator)
    return Fraction(p, q) if p * p == value.numerator and q * q == value.denominator else None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A real number between two rationals: `lower <= value <= upper`.

    Canonical enclosures (all that certificates contain) have
    `lower = floor(value·10^digits)/10^digits` and `upper = lower + 10^-digits`, so that one value
    has one enclosure.

    Arguments:
        lower, upper: Fractions with `lower <= upper`.
        digits: the number of decimals that `lower` and `upper` carry.

    Raises:
        ExactnessError: when the bounds are in the wrong order.

    Examples:
        >>> Enclosure(Fraction(1, 10), Fraction(2, 10), 1)
        Enclosure([0.1, 0.2])
    """

    lower: Fraction
    upper: Fraction
    digits: int = CANONICAL_DIGITS

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise ExactnessError(
                f"enclosure: lower must not exceed upper, got [{self.lower}, {self.upper}]; "
                "exchange the two"
            )

    @classmethod
    def around(cls, value: Fraction, digits: int = CANONICAL_DIGITS) -> Enclosure:
        """The canonical enclosure of a rational: the decimal cell that starts at or below it.

        Examples:
            >>> Enclosure.around(Fraction(1, 3), 2)
            Enclosure([0.33, 0.34])
        """
        scale = 10**digits
        floor = value.numerator * scale // value.denominator
        return cls(Fraction(floor, scale), Fraction(floor + 1, scale), digits)

    @property
    def is_exact(self) -> bool:
        """Whether the two ends coincide."""
        return self.lower == self.upper

    @property
    def excludes_zero(self) -> bool:
        """Whether the enclosed value is certainly not zero."""
        return self.lower > 0 or self.upper < 0

    def __contains__(self, value: object) -> bool:
        return self.lower <= rational(value) <= self.upper

    def __float__(self) -> float:
        return float((self.lower + self.upper) / 2)

    def __repr__(self) -> str:
        return (
            f"Enclosure([{_decimal(self.lower, self.digits)}, {_decimal(self.upper, self.digits)}])"
        )


def _decimal(value: Fraction, digits: int) -> str:
    scaled = value * 10**digits
    if scaled.denominator != 1:
        return str(value)
    sign, number = ("-" if scaled < 0 else ""), str(abs(scaled.numerator)).rjust(digits + 1, "0")
    return f"{sign}{number[:-digits]}.{number[-digits:]}" if digits else sign + number


def enclose_ball(ball: Callable[[], flint.arb], digits: int = CANONICAL_DIGITS) -> Enclosure:
    """The canonical enclosure of a real number given by ball arithmetic.

    The working precision is doubled until the ball, scaled by 10^digits, lies between two
    neighbouring integers. A number that *is* a multiple of 10^-digits never gets there: such values
    are rational and must be kept as Fractions.

    Arguments:
        ball: called without arguments at the current `flint.ctx` precision; returns an `arb` that
            contains the number.
        digits: decimals wanted.

    Returns:
        A canonical `Enclosure`.

    Raises:
        PrecisionError: when the last precision still leaves two candidates.

    Complexity: a few evaluations; quasi-linear in the number of digits.

    Source: MATH.md section 5 ("enclosed").

    Examples:
        >>> enclose_ball(lambda: flint.arb(2).sqrt(), 3)
        Enclosure([1.414, 1.415])
    """
    precision = _FIRST_PRECISION + 4 * digits
    while precision <= _LAST_PRECISION:
        with working_precision(precision):
            floor = (ball() * flint.arb(10) ** digits).floor().unique_fmpz()
        if floor is not None:
            scale = 10**digits
            return Enclosure(Fraction(int(floor), scale), Fraction(int(floor) + 1, scale), digits)
        precision *= 2
    raise PrecisionError(
        f"enclosure: {digits} digits cannot be decided with {_LAST_PRECISION} bits; "
        f"the number is probably a multiple of 10^-{digits}: ask for another number of digits"
    )


def _arb(value: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


# What an atom (kind, argument) stands for. All arguments are positive rationals.
_ATOM_BALLS: dict[str, Callable[[Fraction], flint.arb]] = {
    "sqrt": lambda d: _arb(d).sqrt(),  # √d, d squarefree
    "sqrt/pi": lambda d: _arb(d).sqrt() / flint.arb.pi(),  # √d/π, d squarefree
    "asin": lambda r: 2 * _arb(r).asin() / flint.arb.pi(),  # (2/π)·arcsin r, 0 < r < 1
    "erf": lambda t: _arb(t).sqrt().erf(),  # erf(√t)
    "cos": lambda r: (flint.arb.pi() * _arb(r)).cos(),  # cos(π·r), 0 < r < 1/2
    # Numbers known only to lie in [0, 1]: the same atom is the same number wherever it occurs.
    "unit/coefficient": lambda k: flint.arb(0.5, 0.5),
    "unit/even": lambda r: flint.arb(0.5, 0.5),
    "unit/odd": lambda r: flint.arb(0.5, 0.5),
    "unit/value": lambda r: flint.arb(0.5, 0.5),
}
_ATOM_TEXT = {
    "sqrt": "sqrt({})",
    "sqrt/pi": "sqrt({})/pi",
    "asin": "2*asin({})/pi",
    "erf": "erf(sqrt({}))",
    "cos": "cos({}*pi)",
    "unit/coefficient": "[0,1]({})",
    "unit/even": "[0,1](even,{})",
    "unit/odd": "[0,1](odd,{})",
    "unit/value": "[0,1](value,{})",
}

Scalar = int | Fraction


@dataclass(frozen=True, slots=True)
class ExactReal:
    """A real number `rational + Σ coefficient·atom`, exact, with canonical atoms.

    Two equal combinations are equal numbers. (Two different combinations may in principle be equal
    as numbers; nothing here relies on the converse.)

    Arguments:
        constant: the rational part.
        terms: pairs (atom, coefficient), sorted by atom, no zero coefficient. Use the constructors
            `of`, `root`, `root_over_pi`, `arcsine`, `error_function` and `cosine` rather than this
            one.

    Examples:
        >>> ExactReal.root(Fraction(8)) - 2 * ExactReal.root(Fraction(2))
        ExactReal(0)
        >>> (2 - 4 * ExactReal.root_over_pi(Fraction(1))).enclosure(12)
        Enclosure([0.726760455264, 0.726760455265])
    """

    constant: Fraction
    terms: tuple[tuple[Atom, Fraction], ...] = ()

    @classmethod
    def of(cls, value: ExactReal | Scalar) -> ExactReal:
        """A rational (or an exact real, unchanged) as an exact real."""
        return value if isinstance(value, ExactReal) else cls(Fraction(value))

    @classmethod
    def combine(cls, constant: Fraction, terms: Mapping[Atom, Fraction]) -> ExactReal:
        """Sort the terms and drop the zero coefficients."""
        return cls(constant, tuple(sorted((a, c) for a, c in terms.items() if c)))

    @classmethod
    def root(cls, value: Fraction) -> ExactReal:
        """√value for a non-negative rational."""
        return cls._root("sqrt", value)

    @classmethod
    def root_over_pi(cls, value: Fraction) -> ExactReal:
        """√value/π for a non-negative rational."""
        return cls._root("sqrt/pi", value)

    @classmethod
    def _root(cls, kind: str, value: Fraction) -> ExactReal:
        if value == 0:
            return cls(Fraction(0))
        square, free = squarefree_part(value.numerator * value.denominator)
        scale = Fraction(square, value.denominator)
        if kind == "sqrt" and free == 1:
            return cls(scale)
        return cls(Fraction(0), (((kind, Fraction(free)), scale),))

    @classmethod
    def arcsine(cls, value: Fraction) -> ExactReal:
        """(2/π)·arcsin(value), value in [-1, 1]; rational exactly at 0, ±1/2, ±1 (Niven)."""
        if value < 0:
            return -cls.arcsine(-value)
        special = {
            Fraction(0): Fraction(0),
            Fraction(1, 2): Fraction(1, 3),
            Fraction(1): Fraction(1),
        }
        if value in special:
            return cls(special[value])
        return cls(Fraction(0), ((("asin", value), Fraction(1)),))

    @classmethod
    def error_function(cls, sign: int, square: Fraction) -> ExactReal:
        """erf(sign·√square)."""
        if square == 0 or sign == 0:
            return cls(Fraction(0))
        return cls(Fraction(0), ((("erf", square), Fraction(1 if sign > 0 else -1)),))

    @classmethod
    def cosine(cls, turn: Fraction) -> ExactReal:
        """cos(π·turn) for a rational, with the argument brought into (0, 1/2)."""
        turn = abs(turn) % 2
        if turn > 1:
            turn = 2 - turn
        if turn > Fraction(1, 2):
            return -cls.cosine(1 - turn)
        special = {
            Fraction(0): cls(Fraction(1)),
            Fraction(1, 2): cls(Fraction(0)),
            Fraction(1, 3): cls(Fraction(1, 2)),
            Fraction(1, 4): cls.root(Fraction(1, 2)),
            Fraction(1, 6): cls.root(Fraction(3, 4)),
        }
        return special.get(turn, cls(Fraction(0), ((("cos", turn), Fraction(1)),)))

    @classmethod
    def unknown(cls, kind: str, argument: Fraction) -> ExactReal:
        """A number known only to lie in [0, 1]; kind "coefficient", "even", "odd" or "value"."""
        return cls(Fraction(0), (((f"unit/{kind}", argument), Fraction(1)),))

    @property
    def is_determined(self) -> bool:
        """Whether the value can be enclosed as narrowly as one likes."""
        return not any(kind.startswith("unit/") for (kind, _), _ in self.terms)

    @property
    def is_rational(self) -> bool:
        """Whether no atom is left."""
        return not self.terms

    def simplified(self) -> Fraction | ExactReal:
        """The plain Fraction when no atom is left, otherwise this value."""
        return self if self.terms else self.constant

    def __add__(self, other: ExactReal | Scalar) -> ExactReal:
        other = ExactReal.of(other)
        terms = dict(self.terms)
        for atom, coefficient in other.terms:
            terms[atom] = terms.get(atom, Fraction(0)) + coefficient
        return ExactReal.combine(self.constant + other.constant, terms)

    __radd__ = __add__

    def __neg__(self) -> ExactReal:
        return self * -1

    def __sub__(self, other: ExactReal | Scalar) -> ExactReal:
        return self + (-ExactReal.of(other))

    def __rsub__(self, other: ExactReal | Scalar) -> ExactReal:
        return ExactReal.of(other) - self

    def __mul__(self, scalar: Scalar) -> ExactReal:
        if not isinstance(scalar, (int, Fraction)):
            return NotImplemented
        if not scalar:
            return ExactReal(Fraction(0))
        return ExactReal(self.constant * scalar, tuple((a, c * scalar) for a, c in self.terms))

    __rmul__ = __mul__

    def __truediv__(self, scalar: Scalar) -> ExactReal:
        return self * (1 / Fraction(scalar))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (int, Fraction)):
            return not self.terms and self.constant == other
        if isinstance(other, ExactReal):
            return self.constant == other.constant and self.terms == other.terms
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.constant, self.terms)) if self.terms else hash(self.constant)

    def __bool__(self) -> bool:
        return bool(self.terms) or bool(self.constant)

    def ball(self) -> flint.arb:
        """An `arb` that contains the value, at the current `flint.ctx` precision."""
        total = _arb(self.constant)
        for (kind, argument), coefficient in self.terms:
            total += _arb(coefficient) * _ATOM_BALLS[kind](argument)
        return total

    def enclosure(self, digits: int = CANONICAL_DIGITS) -> Enclosure:
        """The canonical enclosure with this many decimals (see `enclose_ball`).

        A value with unknown parts (`unknown`) gets the narrowest enclosure that is certain instead,
        rounded outwards to this many decimals.
        """
        if not self.terms:
            return Enclosure.around(self.constant, digits)
        if self.is_determined:
            return enclose_ball(self.ball, digits)
        ends = [ExactReal(self.constant), ExactReal(self.constant)]
        for atom, coefficient in self.terms:
            term = ExactReal(Fraction(0), ((atom, coefficient),))
            if term.is_determined:
                ends = [end + term for end in ends]
            else:
                ends[coefficient > 0] += coefficient
        return Enclosure(ends[0].enclosure(digits).lower, ends[1].enclosure(digits).upper, digits)

    def sign(self) -> int | None:
        """-1, 0 or 1; None when that is not decided by what is known, or at the last precision.

        The working precision is doubled until the value is told from 0. A combination that is 0
        although its atoms do not cancel never is.

        Examples:
            >>> ExactReal.root(Fraction(2)).sign(), ExactReal.of(0).sign()
            (1, 0)
            >>> arcsine = ExactReal.arcsine  # 2 asin(3/4) - asin(1/8) = pi/2
            >>> (2 * arcsine(Fraction(3, 4)) - arcsine(Fraction(1, 8)) - 1).sign() is None
            True
        """
        if not self.terms:
            return (self.constant > 0) - (self.constant < 0)
        if not self.is_determined:
            ends = self.enclosure()
            return (1 if ends.lower > 0 else -1) if ends.excludes_zero else None
        precision = _FIRST_PRECISION
        while precision <= _LAST_PRECISION:
            with working_precision(precision):
                ball = self.ball()
                if not ball.contains(0):
                    return 1 if ball > 0 else -1
            precision *= 2
        return None

    def to_sympy(self) -> Any:
        """The same number as a sympy expression."""
        import sympy

        def number(value: Fraction) -> Any:
            return sympy.Rational(value.numerator, value.denominator)

        makers: dict[str, Callable[[Any], Any]] = {
            "sqrt": sympy.sqrt,
            "sqrt/pi": lambda d: sympy.sqrt(d) / sympy.pi,
            "asin": lambda r: 2 * sympy.asin(r) / sympy.pi,
            "erf": lambda t: sympy.erf(sympy.sqrt(t)),
            "cos": lambda r: sympy.cos(sympy.pi * r),
        }
        return number(self.constant) + sum(
            number(c) * makers[kind](number(argument)) for (kind, argument), c in self.terms
        )

    def __float__(self) -> float:
        with working_precision(_FIRST_PRECISION):
            return float(self.ball().mid())

    def __str__(self) -> str:
        parts = [str(self.constant)] if self.constant or not self.terms else []
        for (kind, argument), coefficient in self.terms:
            atom = _ATOM_TEXT[kind].format(argument)
            parts.append(atom if coefficient == 1 else f"{coefficient}*{atom}")
        return " + ".join(parts)

    def __repr__(self) -> str:
        return f"ExactReal({self})"
