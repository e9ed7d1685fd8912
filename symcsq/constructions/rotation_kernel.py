"""The correlation of two rotation networks as a function of a·b̄ and a·b alone (M16 to M18).

Every family built from rotation networks is a sum of such correlations: over one pair, over a group
(M19), or over pairs of nodes (M20).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial

import flint

from symcsq.constructions.family import enclosed
from symcsq.exact import Enclosure, ExactReal, enclose_ball
from symcsq.functions.activations import Activation, Polynomial

__all__ = ["Complex", "RotationKernel", "as_ball", "correlation", "rotation_sum"]

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

    Source: M17, M18.

    Examples:
        >>> RotationKernel(2, None, 1).entry((2, 0), (0, 0))
        Fraction(4, 1)
    """

    power: int
    activation: Activation | None
    length: int

    def vanishes(self, z: Complex, w: Complex) -> bool:
        """Whether the entry is exactly 0 by symmetry.

        Only Hermite degrees d >= k, d ≡ k (mod 2) contribute (M16). In degree d the entry is a sum
        of terms Re(X^s Y^t), s + t odd, X = z^k, Y = w^k (negative exponents: conjugates), with
        weights that are symmetric in X and Y when |X| = |Y|. So it vanishes when X and Y are
        imaginary, and when |X| = |Y| and Re X = -Re Y.
        """
        phi, k = self.activation, self.power
        if phi is not None and not _has_parity(phi, k):
            return True
        x, y = _real_power(z, k), _real_power(w, k)
        if x == 0 and y == 0:
            return True
        same = z[0] ** 2 + z[1] ** 2 == w[0] ** 2 + w[1] ** 2
        return same and x + y == 0

    def exact(self, z: Complex, w: Complex) -> ExactReal | None:
        """The entry where it has a closed form without trigonometric sums, otherwise None.

        Powers and polynomials always; other activations when every correlation is rational, or
        cos(πt) with t rational for the sign. These include the entries that may be rational: a ball
        would never leave a multiple of 10^-30.
        """
        phi, k = self.activation, self.power
        if phi is None:
            value = _real_power(z, k) + _real_power(w, k)
            return ExactReal.of(Fraction(factorial(k), 2) * value)
        if self.vanishes(z, w):
            return ExactReal(Fraction(0))
        scale = 2 * self.length
        if isinstance(phi, Polynomial):
            result = Fraction(0)
            for d, c in enumerate(phi.hermite):
                if c and d >= k and (d - k) % 2 == 0:
                    result += c * c * factorial(d) * rotation_sum(z, w, scale, k, d)
            return ExactReal.of(result)
        if phi.name == "relu" and k == 1:  # only the linear part t/2 of relu is odd
            return ExactReal.of(rotation_sum(z, w, scale, 1, 1) / 4)
        angles: dict[ExactReal, Fraction] = {}
        if phi.name == "sign":
            turns = (Fraction(t, 2 * k) for t in range(2 * k + 1))
            angles = {ExactReal.cosine(turn): turn for turn in turns}
        total = ExactReal(Fraction(0))
        for i in range(2 * k):
            for j in range(2 * k):
                rho = ExactReal(Fraction(0))
                for (real, imaginary), steps in ((z, i - j), (w, i + j)):
                    angle = Fraction(steps, k)
                    rho += (Fraction(real) / scale) * ExactReal.cosine(angle)
                    rho += (Fraction(imaginary) / scale) * ExactReal.cosine(Fraction(1, 2) - angle)
                if rho.is_rational:
                    value_ = phi.kernel(rho.constant)
                elif rho in angles:
                    value_ = ExactReal.of(1 - 2 * angles[rho])  # (2/π)·arcsin(cos πt)
                else:
                    return None
                total += (-1) ** (i + j) * value_
        return total

    def ball(self, z: Complex, w: Complex) -> flint.arb:
        """Σ_{i,j} (-1)^{i+j} K(⟨u_i, WVᵀ u_j⟩) at the current precision (M18)."""
        k, phi = self.power, self.activation
        assert phi is not None
        total = flint.arb(0)
        # u_{i+k} = -u_i: the pairs (i, j) and (i + k, j) give K(ρ) + (-1)^k K(-ρ).
        for i in range(k):
            for j in range(2 * k):
                rho = correlation(z, w, i, j, k) / (2 * self.length)
                value = phi.kernel_ball(rho) + (-1) ** k * phi.kernel_ball(-rho)
                total += (-1) ** (i + j) * value
        return total

    def entry(self, z: Complex, w: Complex) -> Fraction | Enclosure:
        """⟨f_a, f_b⟩: a Fraction when known to be rational, otherwise a canonical enclosure."""
        return self.combination({(z, w): 1})

    def combination(
        self, counts: Mapping[tuple[Complex, Complex], Scalar], factor: int = 1
    ) -> Fraction | Enclosure:
        """factor·Σ count·entry(z, w): the exact parts are added exactly, the rest under one ball.

        Complexity: 4k² kernels for each different (z, w).
        """
        known = ExactReal(Fraction(0))
        balls: list[tuple[Scalar, Complex, Complex]] = []
        for (z, w), count in counts.items():
            exact = self.exact(z, w)
            if exact is None:
                balls.append((count, z, w))
            else:
                known += count * exact
        known = factor * known
        if not balls:
            return enclosed(known)

        def total() -> flint.arb:
            result = known.ball()
            for count, z, w in balls:
                result += as_ball(factor * count) * self.ball(z, w)
            return result

        return enclose_ball(total)


def rotation_sum(conjugate: Complex, plain: Complex, scale: int, k: int, degree: int) -> Fraction:
    """Σ_{i,j=1}^{2k} (-1)^{i+j} ρ_{ij}^d for ρ_{ij} = (Re(z e^{-iπ(i-j)/k}) + Re(w
    e^{-iπ(i+j)/k}))/scale.

    z = a·b̄ and w = a·b. Only the terms whose angles cancel survive: for counts (a, b, c, e) of the
    four exponentials, both (a - b) + (c - e) and (c - e) - (a - b) must be odd multiples of k.

    Arguments:
        conjugate, plain: z and w as (real, imaginary) integers.
        scale: a positive integer.
        k, degree: k >= 1, d >= 0.

    Returns:
        A Fraction.

    Complexity: O(d³) terms.

    Source: M16, M18.

    Examples:
        >>> rotation_sum((2, 0), (0, 0), 2, 1, 1)
        Fraction(4, 1)
    """
    total = Fraction(0)
    for first in range(degree + 1):
        rest = degree - first
        for a in range(first + 1):
            difference = 2 * a - first  # exponent of e^{-iπ(i-j)/k}
            for c in range(rest + 1):
                other = 2 * c - rest  # exponent of e^{-iπ(i+j)/k}
                if (difference + other) % (2 * k) != k % (2 * k) or (other - difference) % (
                    2 * k
                ) != k % (2 * k):
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


def _has_parity(phi: Activation, k: int) -> bool:
    """Whether φ has a Hermite coefficient of some degree d >= k, d ≡ k (mod 2)."""
    if isinstance(phi, Polynomial):
        return any(c for d, c in enumerate(phi.hermite) if d >= k and (d - k) % 2 == 0)
    if phi.name in ("sign", "erf"):
        return k % 2 == 1
    if phi.name == "abs":
        return k % 2 == 0
    return k % 2 == 0 or k == 1  # relu: (t + |t|)/2


def correlation(z: Complex, w: Complex, i: int, j: int, k: int) -> flint.arb:
    """Re(z e^{-iπ(i-j)/k}) + Re(w e^{-iπ(i+j)/k}) as a ball."""
    total = flint.arb(0)
    for (real, imaginary), turns in ((z, i - j), (w, i + j)):
        angle = flint.fmpq(turns, k)
        total += as_ball(real) * flint.arb.cos_pi_fmpq(angle)
        total += as_ball(imaginary) * flint.arb.sin_pi_fmpq(angle)
    return total


def _real_power(z: Complex, k: int) -> Scalar:
    x: Scalar = 1
    y: Scalar = 0
    for _ in range(k):
        x, y = x * z[0] - y * z[1], x * z[1] + y * z[0]
    return x
