"""Rotation networks f_a(x) = Re((a·x)^k), a isotropic, and their activation form (MATH.md 4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import comb, factorial
from typing import Any, ClassVar

import flint

from symcsq.constructions.family import FamilyBase, Reference, enclosed, natural
from symcsq.constructions.isotropic import GaussianProducts, checked_vectors
from symcsq.distributions import Gaussian, Product
from symcsq.distributions.joint import Terms
from symcsq.errors import FamilyError
from symcsq.exact import CANONICAL_DIGITS, Enclosure, ExactReal, enclose_ball
from symcsq.functions.activations import Activation, Polynomial, activation
from symcsq.functions.cyclotomic_networks import RotationLayer
from symcsq.functions.networks import point

__all__ = ["RotationNetwork", "RotationNetworks", "rotation_sum"]


class RotationNetworks(FamilyBase):
    """The rotation networks of a list of isotropic vectors a = u + iv.

    Without an activation the members are f_a = Re((a·x)^k), the networks with σ(t) = t^k up to the
    scale of M16; with one they are f_W = Σ_j (-1)^j σ(⟨Wx, u_j⟩), W the orthonormal rows u/|u|,
    v/|v|.

    Arguments:
        vectors: a pair (u, v) of integer arrays of shape (N, n), as from `isotropic_vectors`.
        power: k >= 1, half the number of directions u_j = (cos πj/k, sin πj/k).
        activation: None, or any activation; then all vectors must have the same length.

    Raises:
        FamilyError: vectors that are not isotropic, zero, not integers; k < 1; unequal lengths.
        ActivationError: an unknown activation.

    Complexity: N²·n integer operations for all pairs.

    Source: MATH.md 4.4, M16 to M18.

    Examples:
        >>> family = RotationNetworks(([[1, 0], [0, 1]], [[0, 1], [1, 0]]), power=2)
        >>> family.gram_entry(0, 0), family.gram_entry(0, 1), family[0]([3, 1])
        (Fraction(4, 1), Fraction(-4, 1), Fraction(8, 1))
    """

    kind: ClassVar[str] = "rotation-networks"
    reference: ClassVar[Reference] = Reference(
        "rotation networks", ("M7", "M8", "M9", "M16", "M17", "M18")
    )
    group: Any
    distribution: Product
    u: Any
    v: Any
    power: int
    activation: Activation | None

    def __init__(self, vectors: Any, power: int | None = None, activation: Any = None) -> None:
        from groups import PermutationGroup

        if power is None:
            raise FamilyError(
                "power: must be given, half the number of hidden units; write power=4"
            )
        power = natural(power, "power", 1)
        phi = None if activation is None else _activation(activation)
        u, v = checked_vectors(vectors)
        lengths = (u * u).sum(axis=1)
        if phi is not None and len(set(lengths.tolist())) > 1:
            raise FamilyError(
                "vectors: must all have the same length when an activation is given, got squared "
                f"lengths {int(lengths.min())} and {int(lengths.max())}; use vectors of one kind"
            )
        u.setflags(write=False)
        v.setflags(write=False)
        self._set(
            u=u,
            v=v,
            power=power,
            activation=phi,
            group=PermutationGroup([], degree=u.shape[1]),
            distribution=Gaussian().on(u.shape[1]),
        )

    @property
    def n(self) -> int:
        """The dimension of the inputs."""
        return int(self.u.shape[1])

    @property
    def members(self) -> str:
        """ "listed"."""
        return "listed"

    @property
    def size(self) -> int:
        """The number of vectors."""
        return int(self.u.shape[0])

    @property
    def _count(self) -> int:
        return self.size

    def _member(self, index: int) -> RotationNetwork:
        return RotationNetwork(self, index)

    @property
    def parameters(self) -> dict[str, Any]:
        """n, count, power and the activation."""
        sigma = "power" if self.activation is None else str(self.activation)
        return {"n": self.n, "count": self.size, "power": self.power, "activation": sigma}

    @property
    def factor(self) -> Fraction:
        """k!/2, the factor of the integer Gram matrix (M17)."""
        return Fraction(factorial(self.power), 2)

    def gram_integers(self, rows: Any = None, columns: Any = None) -> Any:
        """The integers Re[(a·b̄)^k + (a·b)^k] of many pairs at once; ⟨f_a, f_b⟩ is `factor` times
        them.

        Arguments:
            rows, columns: index arrays or slices; all members by default.

        Returns:
            An int64 matrix, or Python integers where 64 bits might not do.

        Raises:
            FamilyError: the family has an activation.

        Complexity: four integer matrix products and O(log k) array products.

        Source: M17.

        Examples:
            >>> from symcsq.constructions import isotropic_vectors
            >>> family = RotationNetworks(isotropic_vectors(4, 3, seed=2), power=2)
            >>> bool((family.gram_integers() == family.gram_integers().T).all())
            True
        """
        if self.activation is not None:
            raise FamilyError(
                "activation: integer Gram matrices exist for powers only, "
                f"got {self.activation}; use gram_entry"
            )
        r = slice(None) if rows is None else rows
        c = slice(None) if columns is None else columns
        return GaussianProducts(self.u[r], self.v[r], self.u[c], self.v[c]).power_sum(self.power)

    def products(self, i: int, j: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """(a·b̄, a·b) as (real, imaginary) pairs of integers."""
        return _products(self.u[i], self.v[i], self.u[j], self.v[j])

    def gram_exact(self, i: int, j: int) -> Fraction:
        """⟨f_i, f_j⟩ when it is rational: powers by M17, polynomial activations by M18.

        Raises:
            FamilyError: another activation; its entries are known as enclosures (`gram_entry`).
        """
        i, j = self._index(i), self._index(j)
        conjugate, plain = self.products(i, j)
        phi = self.activation
        if phi is None:
            return self.factor * (
                _real_power(conjugate, self.power) + _real_power(plain, self.power)
            )
        if self._vanishes(conjugate, plain):
            return Fraction(0)
        if isinstance(phi, Polynomial):
            length = int((self.u[0] * self.u[0]).sum())
            total = Fraction(0)
            for d, c in enumerate(phi.hermite):
                if c and d >= self.power and (d - self.power) % 2 == 0:
                    moment = rotation_sum(conjugate, plain, 2 * length, self.power, d)
                    total += c * c * factorial(d) * moment
            return total
        raise FamilyError(
            f"activation: entries for {phi} are not rational; use gram_entry for an enclosure"
        )

    def _vanishes(self, conjugate: tuple[int, int], plain: tuple[int, int]) -> bool:
        """Whether the entry is exactly 0 by symmetry.

        Only Hermite degrees d >= k, d ≡ k (mod 2) contribute (M16). In degree d the entry is a sum
        of terms Re(X^s Y^t), s + t odd, X = (a·b̄)^k, Y = (a·b)^k (negative exponents:
        conjugates), with weights that are symmetric in X and Y when |X| = |Y|. So it vanishes when
        X and Y are imaginary, and when |X| = |Y| and Re X = -Re Y.
        """
        phi, k = self.activation, self.power
        if phi is not None and not _has_parity(phi, k):
            return True
        x, y = _real_power(conjugate, k), _real_power(plain, k)
        if x == 0 and y == 0:
            return True
        same = conjugate[0] ** 2 + conjugate[1] ** 2 == plain[0] ** 2 + plain[1] ** 2
        return same and x + y == 0

    def gram_entry(self, i: int, j: int) -> Fraction | Enclosure:
        """⟨f_i, f_j⟩: a Fraction when it is rational, otherwise a canonical enclosure (M18)."""
        phi = self.activation
        if phi is None or isinstance(phi, Polynomial):
            return self.gram_exact(i, j)
        i, j = self._index(i), self._index(j)
        conjugate, plain = self.products(i, j)
        if self._vanishes(conjugate, plain):
            return Fraction(0)
        key = (conjugate, plain)
        if key not in self._entries:
            exact = self._exact_kernel_sum(conjugate, plain)
            if exact is None:
                self._entries[key] = enclose_ball(
                    lambda: self._kernel_sum(conjugate, plain), CANONICAL_DIGITS
                )
            else:
                self._entries[key] = enclosed(exact)
        return self._entries[key]

    @cached_property
    def _entries(self) -> dict[Any, Fraction | Enclosure]:
        return {}

    def norm_squared(self, i: int) -> Fraction | Enclosure:
        """‖f_i‖²."""
        return self.gram_entry(i, i)

    def _exact_kernel_sum(
        self, conjugate: tuple[int, int], plain: tuple[int, int]
    ) -> ExactReal | None:
        """The entry when every correlation is rational, or cos(πt) with t rational for σ = sign.

        These are the entries that may be rational: a ball would never leave a multiple of 10^-30.
        """
        k, phi = self.power, self.activation
        assert phi is not None
        scale = 2 * int((self.u[0] * self.u[0]).sum())
        if phi.name == "relu" and k == 1:  # only the linear part t/2 of relu is odd
            return ExactReal.of(rotation_sum(conjugate, plain, scale, 1, 1) / 4)
        angles: dict[ExactReal, Fraction] = {}
        if phi.name == "sign":
            turns = (Fraction(t, 2 * k) for t in range(2 * k + 1))
            angles = {ExactReal.cosine(turn): turn for turn in turns}
        total = ExactReal(Fraction(0))
        for i in range(2 * k):
            for j in range(2 * k):
                rho = ExactReal(Fraction(0))
                for (real, imaginary), steps in ((conjugate, i - j), (plain, i + j)):
                    angle = Fraction(steps, k)
                    rho += Fraction(real, scale) * ExactReal.cosine(angle)
                    rho += Fraction(imaginary, scale) * ExactReal.cosine(Fraction(1, 2) - angle)
                if rho.is_rational:
                    value = phi.kernel(rho.constant)
                elif rho in angles:
                    value = ExactReal.of(1 - 2 * angles[rho])  # (2/π)·arcsin(cos πt)
                else:
                    return None
                total += (-1) ** (i + j) * value
        return total

    def _kernel_sum(self, conjugate: tuple[int, int], plain: tuple[int, int]) -> flint.arb:
        """Σ_{i,j} (-1)^{i+j} K(⟨u_i, WVᵀ u_j⟩): half the directions, by the symmetry i ↦ i + k."""
        k, phi = self.power, self.activation
        assert phi is not None
        length = int((self.u[0] * self.u[0]).sum())
        total = flint.arb(0)
        # u_{i+k} = -u_i: pairs (i, i+k) give K(ρ) + (-1)^k K(-ρ).
        for i in range(k):
            for j in range(2 * k):
                rho = _correlation(conjugate, plain, i, j, k) / (2 * length)
                value = phi.kernel_ball(rho) + (-1) ** k * phi.kernel_ball(-rho)
                total += (-1) ** (i + j) * value
        return total

    def gram_entry_slow(self, i: int, j: int) -> Fraction | Any:
        """Polynomials: multiplied out, then moments. Other activations: the plain double sum as a
        ball.

        Returns:
            A Fraction, or an `Enclosure` that contains the entry (not canonical).
        """
        if self.activation is None or isinstance(self.activation, Polynomial):
            left, scale = self[i].scaled_terms()
            right, _ = self[j].scaled_terms()
            return scale * self.distribution.inner_product_via_moments(left, right)
        conjugate, plain = self.products(self._index(i), self._index(j))
        k, length = self.power, int((self.u[0] * self.u[0]).sum())
        with flint.ctx.workprec(256):
            total = flint.arb(0)
            for a in range(2 * k):
                for b in range(2 * k):
                    rho = _correlation(conjugate, plain, a, b, k) / (2 * length)
                    total += (-1) ** (a + b) * self.activation.kernel_ball(rho)
            scaled = total * flint.arb(10) ** 40
            middle, radius = scaled.mid().floor().unique_fmpz(), scaled.rad().ceil().unique_fmpz()
            assert middle is not None and radius is not None
            low, high = int(middle) - int(radius), int(middle) + 1 + int(radius)
        return Enclosure(Fraction(low, 10**40), Fraction(high, 10**40), 40)


class RotationNetwork:
    """One rotation network.

    Attributes:
        family, index: where it comes from.
        u, v: the integer vectors with a = u + iv.
    """

    __slots__ = ("family", "index", "u", "v")

    def __init__(self, family: RotationNetworks, index: int) -> None:
        self.family = family
        self.index = index
        self.u = tuple(family.u[index].tolist())
        self.v = tuple(family.v[index].tolist())

    @property
    def norm_squared(self) -> Fraction | Enclosure:
        """‖f_a‖²; (k!/2)|a|^{2k} for powers (M17)."""
        return self.family.norm_squared(self.index)

    @property
    def scale(self) -> Fraction:
        """|u|² when an activation normalises the rows, 1 for powers."""
        if self.family.activation is None:
            return Fraction(1)
        return Fraction(sum(e * e for e in self.u))

    def network(self) -> RotationLayer:
        """The 2k units cos(πj/k)·u + sin(πj/k)·v, outputs ±1 times the scale of M16."""
        k, phi = self.family.power, self.family.activation
        block = ((self.u, self.v),)
        if phi is None:
            factor = Fraction(2**k, 4 * k)
            return RotationLayer(self.family.n, block, k, Polynomial.power(k), factor)
        return RotationLayer(self.family.n, block, k, phi, Fraction(1), self.scale)

    def __call__(self, x: Sequence[object]) -> Fraction | ExactReal:
        """The exact value at a rational point: polynomials by M16, others unit by unit."""
        at = point(x, self.family.n)
        p = sum((a * b for a, b in zip(self.u, at, strict=True)), Fraction(0))
        q = sum((a * b for a, b in zip(self.v, at, strict=True)), Fraction(0))
        phi, k = self.family.activation, self.family.power
        if phi is None:
            return _real_part(p, q, k)
        if not isinstance(phi, Polynomial):
            return self.network()(at)
        total = ExactReal(Fraction(0))
        for r, a in enumerate(phi.coefficients):
            if a:
                root = ExactReal.root(1 / self.scale) if r % 2 else ExactReal.of(1)
                value = sum(
                    (c * p**e * q ** (r - e) for e, c in _direction_sum(k, r).items()), Fraction(0)
                )
                total += a * value / self.scale ** (r // 2) * root
        return total.simplified()

    def scaled_terms(self) -> tuple[Terms, Fraction]:
        """`(terms, s)` with f = √s·Σ terms; s = 1, or |u|² for odd k with an activation."""
        family = self.family
        k, phi = family.power, family.activation
        forms: dict[tuple[int, int], Fraction] = {}  # p^e q^f
        square = Fraction(1)
        if phi is None:
            for f in range(0, k + 1, 2):
                forms[k - f, f] = Fraction((-1) ** (f // 2) * comb(k, f))
        elif isinstance(phi, Polynomial):
            square = self.scale if k % 2 else Fraction(1)
            for r, a in enumerate(phi.coefficients):
                for e, c in _direction_sum(k, r).items():
                    if a:
                        forms[e, r - e] = a * c / self.scale ** ((r + 1) // 2)
        else:
            raise FamilyError(
                f"activation: members are polynomials only for polynomial activations, got {phi}; "
                "use network()"
            )
        total: Terms = {}
        powers_u = _linear_powers(self.u, max((e for e, _ in forms), default=0))
        powers_v = _linear_powers(self.v, max((f for _, f in forms), default=0))
        for (e, f), c in forms.items():
            for alpha, a in powers_u[e].items():
                for beta, b in powers_v[f].items():
                    key = tuple(map(int.__add__, alpha, beta))
                    total[key] = total.get(key, Fraction(0)) + c * a * b
        return {key: value for key, value in sorted(total.items()) if value}, square

    def polynomial(self) -> Any:
        """The sympy `Poly` in x0, …, x{n-1}."""
        import sympy

        terms, square = self.scaled_terms()
        root = sympy.sqrt(sympy.Rational(square.numerator, square.denominator))
        symbols = sympy.symbols(f"x:{self.family.n}")
        values = {e: root * sympy.Rational(c.numerator, c.denominator) for e, c in terms.items()}
        return sympy.Poly.from_dict(values, *symbols)

    def __repr__(self) -> str:
        return f"RotationNetwork(u={self.u}, v={self.v}, power={self.family.power})"


def rotation_sum(
    conjugate: tuple[int, int], plain: tuple[int, int], scale: int, k: int, degree: int
) -> Fraction:
    """Σ_{i,j=1}^{2k} (-1)^{i+j} ρ_{ij}^d for ρ_{ij} = (Re(z e^{-iπ(i-j)/k}) + Re(w
    e^{-iπ(i+j)/k}))/scale.

    z = a·b̄ and w = a·b. Only the terms whose angles cancel survive: for counts (a, b, c, e) of
    the four exponentials, both (a - b) + (c - e) and (c - e) - (a - b) must be odd multiples of k.

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


def _mixed(z: tuple[int, int], w: tuple[int, int], a: int, b: int, c: int, e: int) -> int:
    """Re(z^a z̄^b w^c w̄^e)."""
    x, y = 1, 0
    for (real, imaginary), count in ((z, a), ((z[0], -z[1]), b), (w, c), ((w[0], -w[1]), e)):
        for _ in range(count):
            x, y = x * real - y * imaginary, x * imaginary + y * real
    return x


def _direction_sum(k: int, r: int) -> dict[int, Fraction]:
    """{e: coefficient of p^e q^{r-e}} in Σ_j (-1)^j (p cos(πj/k) + q sin(πj/k))^r (M16)."""
    result: dict[int, Fraction] = {}
    for positive in range(r + 1):
        if (2 * positive - r) % (2 * k) != k % (2 * k):
            continue
        # 2^{-r} binom(r, l) ȳ^l y^{r-l}·2k with y = p + iq.
        weight = Fraction(comb(r, positive) * 2 * k, 2**r)
        for e, c in _conjugate_product(positive, r - positive).items():
            result[e] = result.get(e, Fraction(0)) + weight * c
    return {e: c for e, c in result.items() if c}


def _conjugate_product(minus: int, plus: int) -> dict[int, int]:
    """{e: real coefficient of p^e q^{r-e}} in (p - iq)^minus·(p + iq)^plus."""
    result: dict[int, int] = {}
    for a in range(minus + 1):
        for b in range(plus + 1):
            # (-i)^a i^b is real for a + b even: i^{b-a}·… = (-1)^{(3a+b)/2} with i^{3a+b}.
            if (a + b) % 2 == 0:
                e = minus + plus - a - b
                sign = (-1) ** (((3 * a + b) // 2) % 2)
                result[e] = result.get(e, 0) + sign * comb(minus, a) * comb(plus, b)
    return result


def _has_parity(phi: Activation, k: int) -> bool:
    """Whether φ has a Hermite coefficient of some degree d >= k, d ≡ k (mod 2)."""
    if isinstance(phi, Polynomial):
        return any(c for d, c in enumerate(phi.hermite) if d >= k and (d - k) % 2 == 0)
    if phi.name in ("sign", "erf"):
        return k % 2 == 1
    if phi.name == "abs":
        return k % 2 == 0
    return k % 2 == 0 or k == 1  # relu: (t + |t|)/2


def _correlation(z: tuple[int, int], w: tuple[int, int], i: int, j: int, k: int) -> flint.arb:
    """Re(z e^{-iπ(i-j)/k}) + Re(w e^{-iπ(i+j)/k}) as a ball."""
    total = flint.arb(0)
    for (real, imaginary), turns in ((z, i - j), (w, i + j)):
        angle = flint.fmpq(turns, k)
        total += real * flint.arb.cos_pi_fmpq(angle) + imaginary * flint.arb.sin_pi_fmpq(angle)
    return total


def _products(u: Any, v: Any, s: Any, t: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    us, vt, ut, vs = (int((a * b).sum()) for a, b in ((u, s), (v, t), (u, t), (v, s)))
    return (us + vt, vs - ut), (us - vt, ut + vs)


def _real_power(z: tuple[int, int], k: int) -> int:
    x, y = 1, 0
    for _ in range(k):
        x, y = x * z[0] - y * z[1], x * z[1] + y * z[0]
    return x


def _real_part(p: Fraction, q: Fraction, k: int) -> Fraction:
    x, y = Fraction(1), Fraction(0)
    for _ in range(k):
        x, y = x * p - y * q, x * q + y * p
    return x


def _linear_powers(vector: Sequence[int], top: int) -> list[Terms]:
    """(vector·x)^e for e = 0..top as {exponents: coefficient}."""
    n = len(vector)
    units = [(tuple(int(i == k) for i in range(n)), Fraction(e)) for k, e in enumerate(vector) if e]
    powers: list[Terms] = [{(0,) * n: Fraction(1)}]
    for _ in range(top):
        following: Terms = {}
        for key, value in powers[-1].items():
            for unit, e in units:
                moved = tuple(map(int.__add__, key, unit))
                following[moved] = following.get(moved, Fraction(0)) + value * e
        powers.append(following)
    return powers


def _activation(specification: Any) -> Activation:
    return activation(specification)
