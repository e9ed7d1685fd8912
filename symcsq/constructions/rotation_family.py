"""What the families built from rotation networks share: rotation, convolutional, graph features.

Each is a list of isotropic vectors a = u + iv with one power k and one activation, and each member
is a sum of rotation networks on blocks (u', v') of the input: one block, one for each shift of a
filter, or one for each node of a graph.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import Any

import flint

from symcsq.constructions.family import FamilyBase, scaled_entries
from symcsq.constructions.rotation_kernel import RotationKernel, as_ball
from symcsq.distributions import Product
from symcsq.distributions.joint import Terms
from symcsq.errors import FamilyError
from symcsq.exact import Enclosure, ExactReal, working_precision
from symcsq.functions.activations import Activation, Polynomial
from symcsq.functions.cyclotomic_networks import RotationLayer
from symcsq.functions.networks import point
from symcsq.functions.polynomials import sympy_polynomial

__all__ = ["Block", "RotationFamily", "RotationMember"]

Block = tuple[Sequence[Any], Sequence[Any]]
"""A pair (u, v) of rational vectors on all inputs."""

_DIGITS = 40  # of the enclosures by the slow route


class RotationFamily(FamilyBase):
    """A family of one member for each isotropic vector.

    Subclasses give `factor`, `_integers` and `gram_entry`.
    """

    distribution: Product
    u: Any
    v: Any
    power: int
    activation: Activation | None

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

    @property
    def _activation_name(self) -> str:
        return "power" if self.activation is None else str(self.activation)

    @cached_property
    def kernel(self) -> RotationKernel:
        """The correlation of two rotation networks as a function of a·b̄ and a·b."""
        return RotationKernel(self.power, self.activation, int((self.u[0] * self.u[0]).sum()))

    @property
    @abstractmethod
    def factor(self) -> Fraction:
        """The factor of the integer Gram matrix of powers."""

    @abstractmethod
    def _integers(self, rows: Any, columns: Any) -> Any:
        """⟨f_i, f_j⟩/factor of powers, for index arrays or slices."""

    def gram_integers(self, rows: Any = None, columns: Any = None) -> Any:
        """The integers ⟨f_i, f_j⟩/factor of many pairs at once, for powers.

        Arguments:
            rows, columns: index arrays or slices; all members by default.

        Returns:
            An int64 matrix, or Python integers where 64 bits might not do.

        Raises:
            FamilyError: the family has an activation.

        Complexity: a few integer matrix products and O(log k) array products.

        Source: M17, M19, M20.

        Examples:
            >>> from symcsq.constructions import RotationNetworks, isotropic_vectors
            >>> family = RotationNetworks(isotropic_vectors(4, 3, seed=2), power=2)
            >>> bool((family.gram_integers() == family.gram_integers().T).all())
            True
        """
        if self.activation is not None:
            raise FamilyError(
                "activation: integer Gram matrices exist for powers only, "
                f"got {self.activation}; use gram_entry"
            )
        return self._integers(
            slice(None) if rows is None else rows, slice(None) if columns is None else columns
        )

    @abstractmethod
    def gram_entry(self, i: int, j: int) -> Fraction | Enclosure:
        """⟨f_i, f_j⟩: a Fraction when it is known to be rational, otherwise an enclosure."""

    def gram_exact(self, i: int, j: int) -> Fraction:
        """⟨f_i, f_j⟩ when it is rational: for powers and polynomial activations.

        Raises:
            FamilyError: another activation; its entries are known as enclosures (`gram_entry`).
        """
        if self.activation is not None and not isinstance(self.activation, Polynomial):
            raise FamilyError(
                f"activation: entries for {self.activation} are not rational; "
                "use gram_entry for an enclosure"
            )
        entry = self.gram_entry(i, j)
        assert isinstance(entry, Fraction)
        return entry

    def norm_squared(self, i: int) -> Fraction | Enclosure:
        """‖f_i‖²; exactly 0 when everything cancels."""
        return self.gram_entry(i, i)

    def _gram_entries(self, chosen: Sequence[int]) -> dict[tuple[int, int], Any]:
        if self.activation is not None:
            return super()._gram_entries(chosen)
        rows = list(chosen)
        return dict(scaled_entries(self.gram_integers(rows, rows), self.factor))

    def gram_entry_slow(self, i: int, j: int) -> Fraction | Any:
        """⟨f_i, f_j⟩ without the formulas of M17 to M20.

        Returns:
            For powers and polynomials a Fraction: both members multiplied out, then moments. For
            other activations an `Enclosure` (not canonical) by the plain sum over all pairs of
            hidden units of the two networks.
        """
        if self.activation is None or isinstance(self.activation, Polynomial):
            left, scale = self[i].scaled_terms()
            right, _ = self[j].scaled_terms()
            return scale * self.distribution.inner_product_via_moments(left, right)
        first, second = self[i].network(), self[j].network()
        # Near correlation ±1 half of the digits are lost.
        with working_precision(512):
            total = flint.arb(0)
            for left_block in first.blocks:
                for right_block in second.blocks:
                    total += _by_units(first, left_block, right_block)
            scaled = total * flint.arb(10) ** _DIGITS
            middle, radius = scaled.mid().floor().unique_fmpz(), scaled.rad().ceil().unique_fmpz()
            assert middle is not None and radius is not None
            low, high = int(middle) - int(radius), int(middle) + 1 + int(radius)
        scale_ = 10**_DIGITS
        return Enclosure(Fraction(low, scale_), Fraction(high, scale_), _DIGITS)


def _by_units(layer: RotationLayer, first: Block, second: Block) -> flint.arb:
    """Σ_{i,j} (-1)^{i+j} E[σ(unit i of the first block)·σ(unit j of the second)]."""
    (u, v), (s, t) = first, second
    variances = [_dot(w, w) / layer.scale for w in (u, s)]
    if not all(variances):
        return flint.arb(0)  # σ(0) at every unit of one side: the signs cancel
    products = [[as_ball(_dot(a, b) / layer.scale) for b in (s, t)] for a in (u, v)]
    k = layer.half_turns
    waves = [
        (flint.arb.cos_pi_fmpq(flint.fmpq(j, k)), flint.arb.sin_pi_fmpq(flint.fmpq(j, k)))
        for j in range(2 * k)
    ]
    total = flint.arb(0)
    for i, left in enumerate(waves):
        for j, right in enumerate(waves):
            covariance = sum(
                (left[a] * right[b] * products[a][b] for a in range(2) for b in range(2)),
                flint.arb(0),
            )
            total += (-1) ** (i + j) * layer.activation.covariance_ball(covariance, *variances)
    return layer.coefficient.numerator**2 * total / layer.coefficient.denominator**2


def _dot(first: Sequence[Any], second: Sequence[Any]) -> Fraction:
    return sum((Fraction(a) * b for a, b in zip(first, second, strict=True)), Fraction(0))


class RotationMember:
    """One member: a sum of rotation networks over blocks of the input.

    Subclasses give `blocks` and `__repr__`.

    Attributes:
        family, index: where it comes from.
    """

    __slots__ = ("family", "index")

    def __init__(self, family: Any, index: int) -> None:
        self.family = family
        self.index = index

    def blocks(self) -> tuple[Block, ...]:
        """The pairs (u, v) on all inputs, one for each rotation network that is summed."""
        raise NotImplementedError

    def projections(self, x: Sequence[Fraction]) -> list[tuple[Fraction, Fraction]]:
        """(⟨u, x⟩, ⟨v, x⟩) for each block."""
        return [(_dot(u, x), _dot(v, x)) for u, v in self.blocks()]

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return int(self.family.distribution.dimension)

    @property
    def norm_squared(self) -> Fraction | Enclosure:
        """‖f_a‖²."""
        value: Fraction | Enclosure = self.family.norm_squared(self.index)
        return value

    @property
    def scale(self) -> Fraction:
        """|u|² when an activation normalises the rows, 1 for powers."""
        if self.family.activation is None:
            return Fraction(1)
        u = self.family.u[self.index].tolist()
        return _dot(u, u)

    def network(self) -> RotationLayer:
        """2k units cos(πj/k)·u + sin(πj/k)·v for each block, outputs ±1 times the scale of M16."""
        return self._layer(self.inputs, self.blocks())

    def _layer(self, inputs: int, blocks: tuple[Block, ...]) -> RotationLayer:
        k, phi = self.family.power, self.family.activation
        if phi is None:
            return RotationLayer(inputs, blocks, k, Polynomial.power(k), Fraction(2**k, 4 * k))
        return RotationLayer(inputs, blocks, k, phi, Fraction(1), self.scale)

    def __call__(self, x: Sequence[object]) -> Fraction | ExactReal:
        """The exact value at a rational point: polynomials by M16, others unit by unit."""
        total = ExactReal(Fraction(0))
        for p, q in self.projections(point(x, self.inputs)):
            total += ExactReal.of(self._value(p, q))
        return total.simplified()

    def _value(self, p: Fraction, q: Fraction) -> Fraction | ExactReal:
        """The rotation network of one block, from p = ⟨u, x⟩ and q = ⟨v, x⟩."""
        phi, k = self.family.activation, self.family.power
        if phi is None:
            return _real_part(p, q, k)
        if not isinstance(phi, Polynomial):
            return self._layer(2, (((1, 0), (0, 1)),))([p, q])
        total = ExactReal(Fraction(0))
        for r, a in enumerate(phi.coefficients):
            if a:
                root = ExactReal.root(1 / self.scale) if r % 2 else ExactReal.of(1)
                value = sum(
                    (c * p**e * q ** (r - e) for e, c in _direction_sum(k, r).items()), Fraction(0)
                )
                total += a * value / self.scale ** (r // 2) * root
        return total

    def scaled_terms(self) -> tuple[Terms, Fraction]:
        """`(terms, s)` with f = √s·Σ terms; s = 1, or |u|² for odd k with an activation.

        Raises:
            FamilyError: the activation is not a polynomial.
        """
        k, phi = self.family.power, self.family.activation
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
        for u, v in self.blocks():
            powers_u = _linear_powers(u, max((e for e, _ in forms), default=0))
            powers_v = _linear_powers(v, max((f for _, f in forms), default=0))
            for (e, f), c in forms.items():
                for alpha, a in powers_u[e].items():
                    for beta, b in powers_v[f].items():
                        key = tuple(map(int.__add__, alpha, beta))
                        total[key] = total.get(key, Fraction(0)) + c * a * b
        return {key: value for key, value in sorted(total.items()) if value}, square

    def polynomial(self) -> Any:
        """The sympy `Poly` in x0, x1, …."""
        terms, square = self.scaled_terms()
        return sympy_polynomial(terms, self.inputs, square)


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


def _real_part(p: Fraction, q: Fraction, k: int) -> Fraction:
    x, y = Fraction(1), Fraction(0)
    for _ in range(k):
        x, y = x * p - y * q, x * q + y * p
    return x


def _linear_powers(vector: Sequence[Any], top: int) -> list[Terms]:
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
