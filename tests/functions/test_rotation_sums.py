"""Formal sums of correlations: against plain double sums of kernels, and what cancels exactly."""

from __future__ import annotations

import random
from fractions import Fraction

import flint
import pytest

from symcsq.exact import Enclosure, ExactReal
from symcsq.functions import activation
from symcsq.functions.rotation_sums import RotationSum, directions

NAMES = ["relu", "abs", "sign", "erf"]
ONE = Fraction(1)


def double_sum(
    name: str, k: int, z: tuple, w: tuple, length: int, s: Fraction = ONE, t: Fraction = ONE
) -> flint.arb:
    """Σ_{i,j} (-1)^{i+j} K(⟨u_i, WVᵀ u_j⟩), term by term, as it stands in M18."""
    phi = activation(name)

    def exact(value: Fraction) -> flint.arb:
        value = Fraction(value)
        return flint.arb(flint.fmpq(value.numerator, value.denominator))

    total = flint.arb(0)
    for i in range(1, 2 * k + 1):
        for j in range(1, 2 * k + 1):
            rho = flint.arb(0)
            for (x, y), turns in ((z, i - j), (w, i + j)):
                angle = flint.fmpq(turns, k)
                rho += exact(x) * flint.arb.cos_pi_fmpq(angle)
                rho += exact(y) * flint.arb.sin_pi_fmpq(angle)
            value = phi.covariance_ball(rho / (2 * length), Fraction(s), Fraction(t))
            total += (-1) ** (i + j) * value
    return total


def random_pair(generator: random.Random, length: int) -> tuple[tuple, tuple]:
    """a·b̄ and a·b for random isotropic a, b of this squared length, products of planes."""
    planes = [(p, q) for p in range(-4, 5) for q in range(-4, 5) if p * p + q * q == length]
    vectors = []
    for _ in "ab":
        p, q = generator.choice(planes)
        first, second = generator.sample(range(4), 2)
        a = [0j] * 4  # u = p e_first + q e_second, v orthogonal to it in the same plane
        a[first], a[second] = complex(p, -q), complex(q, p)
        vectors.append(a)
    a, b = vectors
    z = sum(x * y.conjugate() for x, y in zip(a, b, strict=True))
    w = sum(x * y for x, y in zip(a, b, strict=True))
    return (int(z.real), int(z.imag)), (int(w.real), int(w.imag))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6])
def test_sums_lie_in_the_plain_ones(name: str, k: int) -> None:
    generator = random.Random(k)
    for length in (1, 2, 5):
        for s, t in ((ONE, ONE), (Fraction(2), ONE), (Fraction(1, 2), Fraction(3))):
            z, w = random_pair(generator, length)
            share = Fraction(generator.choice([-2, 1, 2]), 4)  # covariance below every deviation
            z, w = tuple(share * x for x in z), tuple(share * x for x in w)
            total = RotationSum(k, name)
            total.add(1, z, w, length, s, t)
            value = total.value(3)
            with flint.ctx.workprec(300):
                slow = 3 * double_sum(name, k, z, w, length, s, t)
                ends = [value, value] if isinstance(value, Fraction) else [value.lower, value.upper]
                low, high = (flint.arb(flint.fmpq(e.numerator, e.denominator)) for e in ends)
                assert not slow < low and not slow > high


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("k", [2, 3, 4, 6])
def test_what_cancels_is_exactly_zero(name: str, k: int) -> None:
    generator = random.Random(7 * k)
    for _ in range(10):
        z, w = random_pair(generator, 5)
        total = RotationSum(k, name)
        total.add(2, z, w, 5)
        # Conjugates and the exchange of z and w change nothing; e^{iπ/k} exchanges the signs.
        total.add(-1, (z[0], -z[1]), w, 5)
        total.add(-1, w, (z[0], -z[1]), 5)
        assert total.value() == 0 and isinstance(total.value(), Fraction)
        if k % 4 == 2:  # i = e^{iπ(k/2)/k} with k/2 odd
            total.add(1, z, w, 5)
            total.add(1, (-z[1], z[0]), (-w[1], w[0]), 5)
            assert total.value() == 0


def test_known_values() -> None:
    norm = RotationSum(2, "relu")
    norm.add(1, (2, 0), (0, 0), 1)
    assert norm.value() == (2 - 4 * ExactReal.root_over_pi(ONE)).enclosure()
    sign = RotationSum(3, "sign")  # six half planes of alternating sign: always ±2
    sign.add(1, (2, 0), (0, 0), 1)
    assert sign.value() == 4
    line = RotationSum(1, "relu")  # relu(y) - relu(-y) = y
    line.add(1, (2, 0), (0, 0), 1)
    assert line.value() == 1
    # arcsin(1/√2) = π/4, though neither deviation is rational.
    tilted = RotationSum(1, "sign")
    tilted.add(1, (2, 0), (0, 0), 1, Fraction(2), ONE)
    assert tilted.value() == 2


@pytest.mark.parametrize("name", NAMES)
def test_wrong_parities_vanish(name: str) -> None:
    for k in range(1, 8):
        total = RotationSum(k, name)
        total.add(1, (3, 1), (0, 2), 5)
        odd = name in ("sign", "erf")
        vanishes = (k % 2 == 0) if odd else (k % 2 == 1 and (name, k) != ("relu", 1))
        assert (total.value() == 0) == vanishes
        assert isinstance(total.value(), Fraction) or isinstance(total.value(), Enclosure)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 9])
def test_directions_are_cosines_and_sines(k: int) -> None:
    for j, (cosine, sine) in enumerate(directions(k), 1):
        for coordinates, shift in ((cosine, 0), (sine, 1)):
            # Σ c_i ζ^i is real: the sum of c_i cos(πi/2k).
            value = sum(
                c * flint.arb.cos_pi_fmpq(flint.fmpq(i, 2 * k)) for i, c in enumerate(coordinates)
            )
            turns = flint.fmpq(j, k)
            expected = flint.arb.sin_pi_fmpq(turns) if shift else flint.arb.cos_pi_fmpq(turns)
            assert (value - 2 * expected).contains(0)
            assert abs(float((value - 2 * expected).mid())) < 1e-12
