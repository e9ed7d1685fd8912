"""Molien series: how often a character occurs in the polynomials of each degree, in closed form
(M5).

For a permutation group ``det(1 - t g)`` is the product of ``1 - t^c`` over the cycles of g, a
product of cyclotomic polynomials. The sum over the cycle types is formed over the least common
multiple of these and then cancelled factor by factor, so numerator and denominator are in lowest
terms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from groups.characters import Character, ClassFunction
from groups.cyclotomics import Cyclotomic, euler_phi
from groups.errors import MembershipError, ParameterError, TooLargeError

if TYPE_CHECKING:
    from groups.group import PermutationGroup

_MOST_STEPS = 20_000_000
KINDS = ("polynomials", "subsets", "exterior")


@dataclass(frozen=True, slots=True)
class MolienSeries:
    """A power series with integer coefficients, as a rational function in lowest terms.

    Attributes:
        numerator, denominator: integer coefficients, constant term first; the denominator starts
            with 1.
        denominator_factors: pairs (d, e): the denominator is the product of the cyclotomic
            polynomials ``Phi_d^e`` up to sign.

    Examples:
        >>> from groups import PermutationGroup
        >>> series = molien_series(PermutationGroup(["(1,2,3)"]))
        >>> series.numerator, series.denominator_factors, series.coefficients(6)
        ((1, -1, 1), ((1, 3), (3, 1)), (1, 1, 2, 4, 5, 7))
        >>> print(series)
        (1 - t + t^2)/((1 - t)^3*(1 + t + t^2))
    """

    numerator: tuple[int, ...]
    denominator: tuple[int, ...]
    denominator_factors: tuple[tuple[int, int], ...]

    def coefficients(self, count: int) -> tuple[int, ...]:
        """The first `count` coefficients (degrees 0 … count - 1).

        Raises:
            ParameterError: a negative number. TooLargeError: more than `_MOST_STEPS` steps.

        Complexity:
            O(count · degree of the denominator) integer operations.
        """
        if count < 0:
            raise ParameterError(
                f"count: the number of coefficients must be >= 0, got {count}; degree d is "
                "coefficients(d + 1)[d]"
            )
        result: list[int] = []
        recurrence = [(i, c) for i, c in enumerate(self.denominator) if i and c]
        steps = count * (len(recurrence) + 1)
        if steps > _MOST_STEPS:
            raise TooLargeError(
                f"count: {count} coefficients of this series take {steps} steps, more than "
                f"{_MOST_STEPS}; ask for fewer"
            )
        for d in range(count):
            value = self.numerator[d] if d < len(self.numerator) else 0
            for i, c in recurrence:
                if i > d:
                    break
                value -= c * result[d - i]
            result.append(value)
        return tuple(result)

    def coefficient(self, degree: int) -> int:
        """The coefficient of ``t^degree``: the multiplicity in that degree."""
        return self.coefficients(degree + 1)[degree]

    def numerator_over(self, degrees: Sequence[int]) -> tuple[int, ...]:
        """The polynomial P with ``series = P / product of (1 - t^d)`` over the given degrees.

        Raises:
            ParameterError: the quotient is no polynomial (these are no degrees of primary
                invariants).

        Examples:
            >>> from groups import PermutationGroup
            >>> molien_series(PermutationGroup(["(1,2,3)"])).numerator_over([1, 2, 3])
            (1, 0, 0, 1)
        """
        import flint

        product = flint.fmpz_poly(list(self.numerator))
        for d in degrees:
            product *= flint.fmpz_poly([1] + [0] * (d - 1) + [-1])
        quotient, remainder = divmod(product, flint.fmpz_poly(list(self.denominator)))
        if remainder.degree() >= 0:
            raise ParameterError(
                "degrees: the series must be a polynomial over the product of 1 - t^d, got "
                f"{list(degrees)}; "
                "for a permutation group of degree n use 1, 2, …, n"
            )
        return tuple(int(c) for c in quotient.coeffs())

    def to_sympy(self, symbol: Any = None) -> Any:
        """The series as a sympy rational function in t, denominator factored."""
        import sympy

        t = sympy.Symbol("t") if symbol is None else symbol
        numerator = sum((c * t**i for i, c in enumerate(self.numerator)), sympy.Integer(0))
        denominator = sympy.Mul(
            *(
                (1 - t if d == 1 else sympy.cyclotomic_poly(d, t)) ** e
                for d, e in self.denominator_factors
            )
        )
        return numerator / denominator

    def to_flint(self) -> tuple[Any, Any]:
        """Numerator and denominator as ``flint.fmpz_poly``."""
        import flint

        return flint.fmpz_poly(list(self.numerator)), flint.fmpz_poly(list(self.denominator))

    def __str__(self) -> str:
        import flint

        top = _polynomial_text(self.numerator)
        if not self.denominator_factors:
            return top
        factors = []
        for d, e in self.denominator_factors:
            coefficients = (
                [1, -1] if d == 1 else [int(c) for c in flint.fmpz_poly.cyclotomic(d).coeffs()]
            )
            factors.append(f"({_polynomial_text(coefficients)})" + (f"^{e}" if e > 1 else ""))
        bottom = "*".join(factors)
        return f"({top})/({bottom})" if len(factors) > 1 else f"({top})/{bottom}"

    def _repr_latex_(self) -> str:
        import flint

        def tex(coefficients: Sequence[int]) -> str:
            text = _polynomial_text(coefficients).replace("*", " ")
            words = text.split("^")
            return words[0] + "".join(
                "^{" + w.split(" ", 1)[0] + "}" + w[len(w.split(" ", 1)[0]) :] for w in words[1:]
            )

        bottom = ""
        for d, e in self.denominator_factors:
            coefficients = (
                [1, -1] if d == 1 else [int(c) for c in flint.fmpz_poly.cyclotomic(d).coeffs()]
            )
            bottom += f"({tex(coefficients)})" + (f"^{{{e}}}" if e > 1 else "")
        return f"$\\frac{{{tex(self.numerator)}}}{{{bottom or 1}}}$"


def _polynomial_text(coefficients: Sequence[int]) -> str:
    text = ""
    for i, c in enumerate(coefficients):
        if c:
            power = "" if i == 0 else "t" if i == 1 else f"t^{i}"
            size = str(abs(c)) if not power else power if abs(c) == 1 else f"{abs(c)}*{power}"
            text += (" - " if c < 0 else " + ") + size
    if not text:
        return "0"
    return text[3:] if text.startswith(" + ") else "-" + text[3:]


def checked_character(group: PermutationGroup, character: Any) -> Character | None:
    """The character to use, or None for the trivial one; everything else is refused.

    Raises:
        ParameterError: no character (decided by exact inner products). MembershipError: of another
            group.
    """
    if character is None:
        return None
    if not isinstance(character, ClassFunction):
        raise ParameterError(
            f"character: must be a character of the group, got {character!r}; "
            "take one from G.character_table() or make a ClassFunction"
        )
    if character.group != group:
        raise MembershipError(
            f"character: must belong to {group!r}, got one of {character.group!r}; "
            "take it from this group's character_table(), or restrict or induce it"
        )
    if not isinstance(character, Character):
        character = character.as_character()
    return None if character.is_trivial else character


def cycle_type_weights(
    group: PermutationGroup, character: Character | None
) -> dict[tuple[int, ...], Fraction]:
    """For each cycle type the rational number ``(1/|G|) sum of conj(chi(g))`` over its elements.

    The sum is rational because power maps prime to the order keep cycle types and act on values by
    Galois.
    """
    if character is None:
        return dict(group.cycle_index().terms)
    totals: dict[tuple[int, ...], Any] = {}
    classes = character.classes
    for t, size, value in zip(classes.cycle_types, classes.sizes, character._values, strict=True):
        totals[t] = totals.get(t, 0) + value * size
    return {t: Fraction(Cyclotomic(x).rational) / group.order for t, x in totals.items() if x}


def molien_series(
    group: PermutationGroup, character: Any = None, kind: str = "polynomials"
) -> MolienSeries:
    """The Molien series of a character (M5).

    Arguments:
        group: the group.
        character: a character of the group (irreducible or not); None is the trivial one.
        kind: ``"polynomials"``: degrees of polynomials in the points; ``"subsets"``: sizes of
            subsets of the points (multilinear monomials); ``"exterior"``: degrees of exterior
            powers.

    Returns:
        `MolienSeries`; coefficient d is the multiplicity of the character (for irreducible ones),
        in general the inner product with it. The last two kinds are polynomials.

    Raises:
        ParameterError: no character, or an unknown kind. MembershipError: a character of another
            group.

    Complexity:
        One product of polynomials for each cycle type.

    Source:
        MATH.md M5 and M6; R. P. Stanley, Bull. AMS 1 (1979), section 2.

    Examples:
        >>> from groups import PermutationGroup
        >>> G = PermutationGroup(["(1,2,3)", "(1,2)"])
        >>> (
        ...     molien_series(G).coefficients(7),
        ...     molien_series(G, G.character_table()[1]).coefficients(4),
        ... )
        ((1, 1, 2, 3, 4, 5, 7), (0, 0, 0, 1))
        >>> molien_series(G, kind="subsets").numerator
        (1, 1, 1, 1)
    """
    import flint

    if kind not in KINDS:
        raise ParameterError(
            f'kind: must be one of {", ".join(KINDS)}, got {kind!r}; "polynomials" is the usual '
            "series"
        )
    weights = cycle_type_weights(group, checked_character(group, character))
    order = group.order
    if kind != "polynomials":
        total = flint.fmpz_poly([0])
        for cycle_type, weight in weights.items():
            term = flint.fmpz_poly([_whole(weight * order)])
            for c in cycle_type:
                # Subsets: 1 + t^c. Exterior powers: det(1 + t g) has the factor 1 - (-t)^c.
                last = 1 if kind == "subsets" or c % 2 else -1
                term *= flint.fmpz_poly([1] + [0] * (c - 1) + [last])
            total += term
        numerator = tuple(_whole(Fraction(int(x), order)) for x in total.coeffs())
        return MolienSeries(numerator or (0,), (1,), ())
    multiplicities = {t: _cyclotomic_multiplicities(t) for t in weights}
    common: dict[int, int] = {}
    for found in multiplicities.values():
        for d, e in found.items():
            common[d] = max(common.get(d, 0), e)
    total = flint.fmpz_poly([0])
    for cycle_type, weight in weights.items():
        found = multiplicities[cycle_type]
        missing = {d: e - found.get(d, 0) for d, e in common.items()}
        total += _cyclotomic_product(missing) * _whole(weight * order)
    return _lowest_terms(total, common, order)


def _whole(x: Fraction) -> int:
    if x.denominator != 1:
        raise AssertionError("class sizes times character sums must be integers")
    return x.numerator


def _cyclotomic_multiplicities(cycle_type: Sequence[int]) -> dict[int, int]:
    """Exponent of each Phi_d in the product of 1 - t^c."""
    found: dict[int, int] = {}
    for c in set(cycle_type):
        times = cycle_type.count(c)
        for d in range(1, c + 1):
            if c % d == 0:
                found[d] = found.get(d, 0) + times
    return found


def _cyclotomic_product(exponents: Mapping[int, int]) -> Any:
    """Product of the Phi_d^e, with Phi_1 taken as 1 - t."""
    import flint

    product = flint.fmpz_poly([1])
    for d, e in exponents.items():
        if e:
            product *= (flint.fmpz_poly([1, -1]) if d == 1 else flint.fmpz_poly.cyclotomic(d)) ** e
    return product


def _lowest_terms(numerator: Any, exponents: dict[int, int], scale: int) -> MolienSeries:
    """numerator / (scale * product of Phi_d^e) with common factors cancelled."""
    import flint

    if numerator == 0:
        return MolienSeries((0,), (1,), ())
    remaining = {}
    for d, e in sorted(exponents.items(), key=lambda item: -euler_phi(item[0])):
        factor = flint.fmpz_poly([1, -1]) if d == 1 else flint.fmpz_poly.cyclotomic(d)
        while e:
            quotient, rest = divmod(numerator, factor)
            if rest != 0:
                break
            numerator, e = quotient, e - 1
        if e:
            remaining[d] = e
    coefficients = [Fraction(int(c), scale) for c in numerator.coeffs()]
    if any(c.denominator != 1 for c in coefficients):
        raise AssertionError("a Molien series has integer coefficients")
    denominator = _cyclotomic_product(remaining)
    return MolienSeries(
        tuple(int(c) for c in coefficients),
        tuple(int(c) for c in denominator.coeffs()),
        tuple(sorted(remaining.items())),
    )


def secondary_degrees(group: PermutationGroup) -> tuple[int, ...]:
    """How many secondary invariants of each degree there are over the elementary symmetric
    polynomials.

    Returns:
        Entry d is the number of degree d; they add up to n!/|G|.

    Source:
        The invariant ring is Cohen–Macaulay (Hochster–Eagon), so its series is this polynomial over
        the product of 1 - t^i, i = 1 … n.

    Examples:
        >>> from groups import PermutationGroup
        >>> secondary_degrees(PermutationGroup(["(1,2,3,4)"]))
        (1, 0, 1, 1, 2, 1)
    """
    numerator = molien_series(group).numerator_over(range(1, group.degree + 1))
    if sum(numerator) * group.order != math.factorial(group.degree) or min(numerator) < 0:
        raise AssertionError("secondary invariants must number n!/|G|")
    return numerator
