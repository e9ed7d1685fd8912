"""A second route to the kernels K(rho) = E[phi(u) phi(v)] of M12, by rigorous integration.

Activations give their kernels in closed form. Here the same number is enclosed without that form:
by Price's theorem ``K_phi' = K_phi'``, so K is its value at 0 plus the integral of the kernel of
the derivative, which is elementary and is integrated with error bounds (Johansson's ball
integration). For polynomials, the moments of two correlated Gaussians are summed directly
(Isserlis).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import comb, factorial
from typing import Any

import flint

from symcsq.errors import VerificationError
from symcsq.exact import Enclosure, working_precision

_BITS = 160
_LARGEST_RADIUS = Fraction(1, 10**20)


def _pi() -> Any:
    return flint.acb.pi()


# name -> (K(0), the kernel of the derivative as an analytic function of rho)
_PRICE: dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]] = {
    # relu' = step: E[step(u) step(v)] = 1/4 + arcsin(rho)/(2 pi); E[relu] = 1/sqrt(2 pi)
    "relu": (lambda: 1 / (2 * _pi()), lambda t: flint.acb("0.25") + t.asin() / (2 * _pi())),
    # |u|' = sign(u); E|u| = sqrt(2/pi)
    "abs": (lambda: 2 / _pi(), lambda t: 2 * t.asin() / _pi()),
    # sign' = 2 delta: E[sign'(u) sign'(v)] = 4 times the density of (u, v) at the origin
    "sign": (lambda: flint.acb(0), lambda t: 2 / (_pi() * (1 - t * t).sqrt())),
    # erf'(u) erf'(v) = (4/pi) exp(-u^2 - v^2), a Gaussian integral
    "erf": (lambda: flint.acb(0), lambda t: 4 / (_pi() * (9 - 4 * t * t).sqrt())),
}

# K(1) = E[phi^2] and K(-1) = E[phi(u) phi(-u)] where the integrand is singular at the ends.
_ENDS: dict[str, tuple[Fraction, Fraction]] = {
    "relu": (Fraction(1, 2), Fraction(0)),
    "abs": (Fraction(1), Fraction(1)),
    "sign": (Fraction(1), Fraction(-1)),
}


def kernel_disagrees(
    specification: dict[str, Any], rho: Fraction, value: Fraction | Enclosure
) -> str:
    """Compare a kernel value with the second route.

    Arguments:
        specification: the activation as certificates describe it, {"name": …} or {"polynomial":
            […]}.
        rho: the correlation, in [-1, 1].
        value: the claimed value, exact or enclosed.

    Returns:
        "" when the two agree, else what was found.

    Raises:
        VerificationError: no second route is known for this activation.

    Examples:
        >>> kernel_disagrees({"polynomial": ["0", "0", "1"]}, Fraction(1, 2), Fraction(3, 2))
        ''
        >>> kernel_disagrees({"name": "relu"}, Fraction(1), Fraction(1, 3))
        'K(1) is 1/2, not 1/3'
    """
    lower, upper = (value, value) if isinstance(value, Fraction) else (value.lower, value.upper)
    if "polynomial" in specification:
        exact = polynomial_kernel([Fraction(c) for c in specification["polynomial"]], rho)
        return "" if lower <= exact <= upper else f"K({rho}) is {exact}, not {value}"
    if "hermite_weights" in specification:
        ends = series_kernel(specification, rho)
        return "" if lower <= ends[0] and ends[1] <= upper else f"K({rho}) lies in {ends}"
    name = specification["name"]
    if name not in _PRICE:
        raise VerificationError(
            f"activation: no independent kernel is known for {name!r}; "
            f"use one of {', '.join(sorted(_PRICE))} or a polynomial"
        )
    if abs(rho) == 1 and name in _ENDS:
        exact = _ENDS[name][rho < 0]
        return "" if lower <= exact <= upper else f"K({rho}) is {exact}, not {value}"
    at_zero, derivative = _PRICE[name]
    with working_precision(_BITS):
        end = flint.acb(_arb(rho))

        def integrand(t: Any, analytic: bool) -> Any:
            # Analytic inside the unit disc, where 0..rho lies; error bounds look beyond.
            inside = not analytic or abs(t) < 1
            return derivative(t) if inside else flint.acb(flint.arb("nan"))

        ball = (at_zero() + flint.acb.integral(integrand, 0, end)).real
        low, high = _rational(ball.lower()), _rational(ball.upper())
    if high - low > _LARGEST_RADIUS:
        raise VerificationError(
            f"kernel: the integral for {name} at {rho} has radius {float(high - low):.1e}; "
            "raise the working precision"
        )
    if low <= upper and lower <= high:
        return ""
    return (
        f"K({rho}) lies in [{float(low)}, {float(high)}], not in [{float(lower)}, {float(upper)}]"
    )


def polynomial_kernel(coefficients: Sequence[Fraction], rho: Fraction) -> Fraction:
    """``E[phi(u) phi(v)]`` as a sum of moments of two Gaussians with correlation rho.

    Isserlis: ``E[u^i v^j] = sum_r binom(i,r) binom(j,r) r! rho^r (i-r-1)!! (j-r-1)!!`` over r of
        the parity
    of i and j; r pairs join a u with a v.

    Examples:
        >>> polynomial_kernel([Fraction(0), Fraction(0), Fraction(1)], Fraction(1, 2))
        Fraction(3, 2)
    """
    total = Fraction(0)
    for i, a in enumerate(coefficients):
        for j, b in enumerate(coefficients):
            if not a * b or (i - j) % 2:
                continue
            for r in range(i % 2, min(i, j) + 1, 2):
                joined = comb(i, r) * comb(j, r) * factorial(r)
                total += a * b * joined * rho**r * _pairings(i - r) * _pairings(j - r)
    return total


def series_kernel(specification: dict[str, Any], rho: Fraction) -> tuple[Fraction, Fraction]:
    """The narrowest bounds of ``sum w_k rho^k`` that the bounds of all w_k allow.

    Examples:
        >>> one = {"hermite_weights": [["0", "0"], ["1", "2"]], "tail": "1", "parity": None}
        >>> series_kernel(one, Fraction(-1, 2))
        (Fraction(-9, 8), Fraction(-1, 4))
    """
    weights = specification["hermite_weights"]
    ends = [Fraction(0), Fraction(0)]
    for k, pair in enumerate(weights):
        values = sorted(Fraction(w) * rho**k for w in pair)
        ends = [end + value for end, value in zip(ends, values, strict=True)]
    # All of the tail may belong to the first further power, or to the first of the other parity.
    further = [
        Fraction(specification["tail"]) * rho**k
        for k in (len(weights), len(weights) + 1)
        if specification["parity"] in (None, ("even", "odd")[k % 2])
    ]
    zero = Fraction(0)
    return ends[0] + min([zero, *further]), ends[1] + max([zero, *further])


def _pairings(count: int) -> int:
    """The number of ways to pair up an even number of things, (count - 1)!!."""
    return factorial(count) // (2 ** (count // 2) * factorial(count // 2))


def _arb(value: Fraction) -> Any:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _rational(ball: Any) -> Fraction:
    """An exact ball (a dyadic number) as a Fraction."""
    mantissa, exponent = ball.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
