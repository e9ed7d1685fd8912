"""The laws with closed-form recurrences: Gaussian, Rademacher, Bernoulli(p), uniform on [-1, 1]."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, ClassVar

from symcsq.distributions.base import Distribution
from symcsq.errors import DistributionError
from symcsq.exact import in_short, rational

__all__ = ["Bernoulli", "Gaussian", "Rademacher", "Uniform"]

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Gaussian(Distribution):
    """The standard Gaussian: p_k = He_k, h_k = k!.

    Source: MATH.md section 2.

    Examples:
        >>> [int(Gaussian().moment(k)) for k in range(7)]
        [1, 0, 1, 0, 3, 0, 15]
    """

    kind: ClassVar[str] = "gaussian"

    @property
    def support_size(self) -> None:
        """None: the support is the line."""
        return None

    @property
    def is_sign_symmetric(self) -> bool:
        """True."""
        return True

    def moment(self, order: int) -> Fraction:
        """(k-1)!! for even k, 0 for odd k."""
        return _ZERO if order % 2 else Fraction(prod(range(1, order, 2)))

    def recurrence(self, order: int) -> tuple[Fraction, Fraction]:
        """(0, k)."""
        return _ZERO, Fraction(order or 1)


@dataclass(frozen=True, slots=True)
class Rademacher(Distribution):
    """The uniform sign ±1: p_0 = 1, p_1 = x.

    Source: MATH.md section 2.

    Examples:
        >>> [int(Rademacher().norm(k)) for k in range(4)]
        [1, 1, 0, 0]
    """

    kind: ClassVar[str] = "rademacher"

    @property
    def support_size(self) -> int:
        """2."""
        return 2

    @property
    def is_sign_symmetric(self) -> bool:
        """True."""
        return True

    @property
    def points(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """-1 and 1, with probability 1/2 each."""
        half = Fraction(1, 2)
        return ((-_ONE, half), (_ONE, half))

    def moment(self, order: int) -> Fraction:
        """1 for even k, 0 for odd k."""
        return _ZERO if order % 2 else _ONE

    def recurrence(self, order: int) -> tuple[Fraction, Fraction]:
        """(0, 1), then (0, 1): p_2 = x² - 1 vanishes on the support."""
        return _ZERO, _ONE if order <= 1 else _ZERO


@dataclass(frozen=True, slots=True, init=False)
class Bernoulli(Distribution):
    """1 with probability p, 0 with probability 1 - p: p_1 = x - p, h_1 = p(1 - p).

    Arguments:
        p: a rational strictly between 0 and 1.

    Raises:
        DistributionError: p is not in (0, 1).

    Source: MATH.md section 2.

    Examples:
        >>> Bernoulli("1/3").norm(1)
        Fraction(2, 9)
    """

    kind: ClassVar[str] = "bernoulli"
    p: Fraction

    def __init__(self, p: Any = "1/2") -> None:
        value = rational(p, "p")
        if not 0 < value < 1:
            raise DistributionError(
                f"p: must be a rational strictly between 0 and 1, got {in_short(value)}; "
                'write "1/2" for a fair coin'
            )
        object.__setattr__(self, "p", value)

    @property
    def parameters(self) -> tuple[Fraction, ...]:
        """(p,)."""
        return (self.p,)

    @property
    def support_size(self) -> int:
        """2."""
        return 2

    @property
    def is_sign_symmetric(self) -> bool:
        """False."""
        return False

    @property
    def points(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """0 with probability 1 - p, 1 with probability p."""
        return ((_ZERO, 1 - self.p), (_ONE, self.p))

    def moment(self, order: int) -> Fraction:
        """p, for k >= 1."""
        return self.p if order else _ONE

    def recurrence(self, order: int) -> tuple[Fraction, Fraction]:
        """(p, 1), then (1 - p, p(1 - p)): p_2 = x(x - 1)."""
        if order == 0:
            return self.p, _ONE
        return 1 - self.p, self.p * (1 - self.p) if order == 1 else _ZERO


@dataclass(frozen=True, slots=True)
class Uniform(Distribution):
    """Uniform on [-1, 1]: monic Legendre polynomials.

    Source: MATH.md section 2, h_k = 2^{2k} (k!)^4 / ((2k+1) ((2k)!)^2).

    Examples:
        >>> [str(Uniform().norm(k)) for k in range(4)]
        ['1', '1/3', '4/45', '4/175']
    """

    kind: ClassVar[str] = "uniform"

    @property
    def support_size(self) -> None:
        """None: the support is an interval."""
        return None

    @property
    def is_sign_symmetric(self) -> bool:
        """True."""
        return True

    def moment(self, order: int) -> Fraction:
        """1/(k+1) for even k, 0 for odd k."""
        return _ZERO if order % 2 else Fraction(1, order + 1)

    def recurrence(self, order: int) -> tuple[Fraction, Fraction]:
        """(0, k²/(4k² - 1))."""
        return _ZERO, Fraction(order * order, 4 * order * order - 1) if order else _ONE
