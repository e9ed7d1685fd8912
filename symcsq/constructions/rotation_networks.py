"""Rotation networks f_a(x) = Re((a·x)^k), a isotropic, and their activation form (MATH.md 4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import comb, factorial
from typing import Any, ClassVar

import flint

from symcsq.constructions.family import FamilyBase, Reference, natural, scaled_entries
from symcsq.constructions.isotropic import GaussianProducts, checked_vectors
from symcsq.constructions.rotation_kernel import Complex, RotationKernel, correlation
from symcsq.distributions import Gaussian, Product
from symcsq.distributions.joint import Terms
from symcsq.errors import FamilyError
from symcsq.exact import Enclosure, ExactReal
from symcsq.functions.activations import Activation, Polynomial
from symcsq.functions.activations import activation as read_activation
from symcsq.functions.cyclotomic_networks import RotationLayer
from symcsq.functions.networks import point
from symcsq.functions.polynomials import sympy_polynomial

__all__ = ["RotationNetwork", "RotationNetworks"]


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
        phi = None if activation is None else read_activation(activation)
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

    def products(self, i: int, j: int) -> tuple[Complex, Complex]:
        """(a·b̄, a·b) as (real, imaginary) pairs of integers."""
        return _products(self.u[i], self.v[i], self.u[j], self.v[j])

    def contraction(self, i: int, j: int) -> ExactReal:
        """‖WVᵀ‖ = (|a·b̄| + |a·b|)/(2|u||u'|) for the orthonormal rows W, V of two members.

        M18: |⟨f_i, f_j⟩| <= contraction^k·‖f_i‖·‖f_j‖ for powers and for any activation.

        Examples:
            >>> family = RotationNetworks(([[1, 0], [1, 0]], [[0, 1], [0, 1]]), power=3)
            >>> family.contraction(0, 1)
            ExactReal(1)
        """
        z, w = self.products(self._index(i), self._index(j))
        lengths = int((self.u[i] * self.u[i]).sum()) * int((self.u[j] * self.u[j]).sum())
        first, second = (Fraction(x * x + y * y) / (4 * lengths) for x, y in (z, w))
        return ExactReal.root(first) + ExactReal.root(second)

    @cached_property
    def kernel(self) -> RotationKernel:
        """The correlation of two members as a function of a·b̄ and a·b."""
        return RotationKernel(self.power, self.activation, int((self.u[0] * self.u[0]).sum()))

    def gram_exact(self, i: int, j: int) -> Fraction:
        """⟨f_i, f_j⟩ when it is rational: powers by M17, polynomial activations by M18.

        Raises:
            FamilyError: another activation; its entries are known as enclosures (`gram_entry`).
        """
        if self.activation is not None and not isinstance(self.activation, Polynomial):
            raise FamilyError(
                f"activation: entries for {self.activation} are not rational; "
                "use gram_entry for an enclosure"
            )
        value = self.kernel.exact(*self.products(self._index(i), self._index(j)))
        assert value is not None
        return value.constant

    def gram_entry(self, i: int, j: int) -> Fraction | Enclosure:
        """⟨f_i, f_j⟩: a Fraction when it is rational, otherwise a canonical enclosure (M18)."""
        key = self.products(self._index(i), self._index(j))
        if key not in self._entries:
            self._entries[key] = self.kernel.entry(*key)
        return self._entries[key]

    @cached_property
    def _entries(self) -> dict[Any, Fraction | Enclosure]:
        return {}

    def _gram_entries(self, chosen: Sequence[int]) -> dict[tuple[int, int], Any]:
        if self.activation is not None:
            return super()._gram_entries(chosen)
        rows = list(chosen)
        return dict(scaled_entries(self.gram_integers(rows, rows), self.factor))

    def norm_squared(self, i: int) -> Fraction | Enclosure:
        """‖f_i‖²."""
        return self.gram_entry(i, i)

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
                    rho = correlation(conjugate, plain, a, b, k) / (2 * length)
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
        terms, square = self.scaled_terms()
        return sympy_polynomial(terms, self.family.n, square)

    def __repr__(self) -> str:
        return f"RotationNetwork(u={self.u}, v={self.v}, power={self.family.power})"


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


def _products(u: Any, v: Any, s: Any, t: Any) -> tuple[Complex, Complex]:
    us, vt, ut, vs = (int((a * b).sum()) for a, b in ((u, s), (v, t), (u, t), (v, s)))
    return (us + vt, vs - ut), (us - vt, ut + vs)


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
