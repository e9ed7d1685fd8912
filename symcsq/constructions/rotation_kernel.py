"""The correlation of two rotation networks as a function of a·b̄ and a·b alone (M16 to M18).

Every family built from rotation networks is a sum of such correlations: over one pair, over a group
(M19), or over pairs of nodes (M20), where the two sides may have variances other than 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb, factorial

import flint

from symcsq.constructions.family import enclosed
from symcsq.exact import CANONICAL_DIGITS, Enclosure, ExactReal
from symcsq.functions.activations import Activation, Polynomial
from symcsq.functions.hermite_series import HermiteSeries
from symcsq.functions.rotation_sums import RotationSum

__all__ = ["Complex", "RotationKernel", "as_ball", "rotation_sum", "weighted_sum"]

Scalar = int | Fraction
Complex = tuple[Scalar, Scalar]
"""A Gaussian integer or rational as (real, imaginary)."""


@dataclass(frozen=True, slots=True)
class RotationKernel:
    """⟨f_a, f_b⟩ for rotation networks with given z = a·b̄ and w = a·b.

    Arguments:
        power: k.
        activation: None for f_a = Re((a·x)^k), otherwise σ on the orthonormal rows u/|u|, v/|v|.
        length: |u|² = |v|², the same for a and b; only used with an activation.
        first, second: the variances of the pre-activations of the two networks. z and w are then
            multiplied by the covariance of their inputs.

    Source: M17, M18.

    Examples:
        >>> RotationKernel(2, None, 1).entry((2, 0), (0, 0))
        Fraction(4, 1)
    """

    power: int
    activation: Activation | None
    length: int
    first: Fraction = Fraction(1)
    second: Fraction = Fraction(1)

    def vanishes(self, z: Complex, w: Complex) -> bool:
        """Whether the entry is exactly 0 by symmetry.

        Only Hermite degrees d >= k, d ≡ k (mod 2) contribute (M16). In degree d the entry is a sum
        of terms Re(X^s Y^t), s + t odd, X = z^k, Y = w^k (negative exponents: conjugates), with
        weights that are symmetric in X and Y when |X| = |Y|. So it vanishes when X and Y are
        imaginary, and when |X| = |Y| and Re X = -Re Y.
        """
        phi, k = self.activation, self.power
        if phi is not None and not phi.has_hermite_part(k):
            return True
        x, y = _real_power(z, k), _real_power(w, k)
        if x == 0 and y == 0:
            return True
        same = z[0] ** 2 + z[1] ** 2 == w[0] ** 2 + w[1] ** 2
        return same and x + y == 0

    def rational(self, z: Complex, w: Complex) -> Fraction:
        """The entry for a power or a polynomial."""
        phi, k = self.activation, self.power
        if phi is None:
            return Fraction(factorial(k), 2) * (_real_power(z, k) + _real_power(w, k))
        assert isinstance(phi, Polynomial)
        pairs = zip(phi.scaled_hermite(self.first), phi.scaled_hermite(self.second), strict=True)
        result = Fraction(0)
        for d, (p, q) in enumerate(pairs):
            if p and q and d >= k and (d - k) % 2 == 0:
                result += p * q * factorial(d) * rotation_sum(z, w, 2 * self.length, k, d)
        return result

    def series(self, z: Complex, w: Complex) -> tuple[ExactReal, Fraction]:
        """(known part of the entry of a Hermite series, bound of the size of the rest).

        Degree d contributes w_d·Σ ±ρ_ij^d. Of the degrees that are not given, each adds at most
        w_d·Σ ρ_ij^e in size, e the largest even number that is not above any of them.
        """
        phi, k = self.activation, self.power
        assert isinstance(phi, HermiteSeries)
        known = ExactReal(Fraction(0))
        if self.vanishes(z, w):
            return known, Fraction(0)
        for d in range(k, len(phi.weights), 2):
            known += rotation_sum(z, w, 2 * self.length, k, d) * phi.weight(d)
        if not phi.tail or phi.parity not in (None, ("even", "odd")[k % 2]):
            return known, Fraction(0)
        first = max(k, len(phi.weights) + (len(phi.weights) - k) % 2)
        even = first - first % 2
        return known, phi.tail * rotation_sum(z, w, 2 * self.length, k, even, signed=False)

    def entry(self, z: Complex, w: Complex) -> Fraction | Enclosure:
        """⟨f_a, f_b⟩: a Fraction when known to be rational, otherwise a canonical enclosure."""
        return self.combination({(z, w): 1})

    def combination(
        self, counts: Mapping[tuple[Complex, Complex], Scalar], factor: int = 1
    ) -> Fraction | Enclosure:
        """factor·Σ count·entry(z, w)."""
        return weighted_sum(((count, self, z, w) for (z, w), count in counts.items()), factor)


def weighted_sum(
    pieces: Iterable[tuple[Scalar, RotationKernel, Complex, Complex]], factor: int = 1
) -> Fraction | Enclosure:
    """factor·Σ count·entry(z, w): what cancels is cancelled before anything is evaluated.

    Arguments:
        pieces: (count, kernel, z, w), all of one activation.
        factor: an integer.

    Returns:
        A Fraction when the sum is known to be rational, otherwise a canonical enclosure; for
        Hermite series with a tail, an enclosure that contains whatever the tail may be.

    Complexity: 4k² kernels for each piece.
    """
    known, slack = ExactReal(Fraction(0)), Fraction(0)
    sums: RotationSum | None = None
    for count, kernel, z, w in pieces:
        phi = kernel.activation
        if isinstance(phi, HermiteSeries):
            exact, rest = kernel.series(z, w)
            known += count * exact
            slack += abs(Fraction(count)) * abs(factor) * rest
        elif phi is None or isinstance(phi, Polynomial):
            known += count * kernel.rational(z, w)
        else:
            sums = sums or RotationSum(kernel.power, phi.name)
            sums.add(count, z, w, kernel.length, kernel.first, kernel.second)
    if sums is not None:
        return sums.value(factor)
    known = factor * known
    if slack:
        return Enclosure(
            (known - slack).enclosure().lower, (known + slack).enclosure().upper, CANONICAL_DIGITS
        )
    return enclosed(known)


@lru_cache(maxsize=1 << 14)
def rotation_sum(
    conjugate: Complex, plain: Complex, scale: int, k: int, degree: int, *, signed: bool = True
) -> Fraction:
    """Σ_{i,j=1}^{2k} (-1)^{i+j} ρ_{ij}^d for ρ_{ij} = (Re(z e^{-iπ(i-j)/k}) + Re(w
    e^{-iπ(i+j)/k}))/scale.

    z = a·b̄ and w = a·b. Only the terms whose angles cancel survive: for counts (a, b, c, e) of the
    four exponentials, both (a - b) + (c - e) and (c - e) - (a - b) must be odd multiples of k; or
    even ones, without the signs.

    Arguments:
        conjugate, plain: z and w as (real, imaginary) integers.
        scale: a positive integer.
        k, degree: k >= 1, d >= 0.
        signed: whether the terms have the signs (-1)^{i+j}.

    Returns:
        A Fraction.

    Complexity: O(d³) terms.

    Source: M16, M18.

    Examples:
        >>> rotation_sum((2, 0), (0, 0), 2, 1, 1)
        Fraction(4, 1)
    """
    total, odd = Fraction(0), k if signed else 0
    for first in range(degree + 1):
        rest = degree - first
        for a in range(first + 1):
            difference = 2 * a - first  # exponent of e^{-iπ(i-j)/k}
            for c in range(rest + 1):
                other = 2 * c - rest  # exponent of e^{-iπ(i+j)/k}
                turns = (other + difference) % (2 * k), (other - difference) % (2 * k)
                if turns != (odd, odd):
                    continue
                weight = comb(degree, first) * comb(first, a) * comb(rest, c)
                total += weight * _mixed(conjugate, plain, a, first - a, c, rest - c)
    return total * (2 * k) ** 2 / Fraction(2 * scale) ** degree


def _mixed(z: Complex, w: Complex, a: int, b: int, c: int, e: int) -> Scalar:
    """Re(z^a z̄^b w^c w̄^e)."""
    x: Scalar = 1
    y: Scalar = 0
    for (real, imaginary), count in ((z, a), ((z[0], -z[1]), b), (w, c), ((w[0], -w[1]), e)):
        for _ in range(count):
            x, y = x * real - y * imaginary, x * imaginary + y * real
    return x


def as_ball(value: Scalar) -> flint.arb:
    """A rational as an `arb`."""
    value = Fraction(value)
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _real_power(z: Complex, k: int) -> Scalar:
    x: Scalar = 1
    y: Scalar = 0
    for _ in range(k):
        x, y = x * z[0] - y * z[1], x * z[1] + y * z[0]
    return x
