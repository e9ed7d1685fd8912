"""Written-out polynomials: {monomial exponents: coefficient} to sympy and flint."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from symcsq.errors import ExpansionError

__all__ = ["flint_polynomial", "sympy_polynomial"]


def sympy_polynomial(
    terms: Mapping[tuple[int, ...], Fraction], variables: int, square: Fraction = Fraction(1)
) -> Any:
    """√square·Σ coefficient·x^exponents as a sympy `Poly` in x0, …, x{variables-1}.

    Arguments:
        terms: {exponents: coefficient}.
        variables: their number, >= 1.
        square: a positive rational; the domain is QQ when it is a square, otherwise QQ<√square>.

    Raises:
        ExpansionError: no variables.

    Complexity: linear in the number of terms.

    Source: MATH.md 4.1, 4.2.

    Examples:
        >>> sympy_polynomial({(2, 1): Fraction(1, 2)}, 2)
        Poly(1/2*x0**2*x1, x0, x1, domain='QQ')
    """
    import sympy

    if not variables:
        raise ExpansionError(
            "polynomial: a sympy Poly needs at least one variable, got none; use terms()"
        )
    symbols = sympy.symbols(f"x:{variables}")
    root = sympy.sqrt(sympy.Rational(square.numerator, square.denominator))
    values = {e: root * sympy.Rational(c.numerator, c.denominator) for e, c in terms.items()}
    if root.is_Rational:
        return sympy.Poly.from_dict(values, *symbols, domain="QQ")
    return sympy.Poly.from_dict(values, *symbols, extension=[root])


def flint_polynomial(terms: Mapping[tuple[int, ...], Fraction], variables: int) -> Any:
    """Σ coefficient·x^exponents as a flint `fmpq_mpoly` in x0, …, x{variables-1}.

    Examples:
        >>> flint_polynomial({(2, 1): Fraction(1, 2)}, 2)
        1/2*x0^2*x1
    """
    import flint

    context = flint.fmpq_mpoly_ctx.get(tuple(f"x{i}" for i in range(variables)))
    return context.from_dict({e: flint.fmpq(c.numerator, c.denominator) for e, c in terms.items()})
