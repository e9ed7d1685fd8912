"""Sparse invariant polynomials: sums of k orthonormal orbit sums with bounded overlaps (4.1)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, ClassVar

import flint

from symcsq.constructions.family import FamilyBase, Reference, as_group, natural
from symcsq.constructions.invariant_polynomials import InvariantPolynomials
from symcsq.distributions import Gaussian, Product, as_product
from symcsq.distributions.joint import Terms
from symcsq.errors import FamilyError
from symcsq.exact import ExactReal
from symcsq.functions.expansions import Expansion
from symcsq.functions.networks import OneHiddenLayer
from symcsq.functions.power_networks import power_network

__all__ = ["SparseInvariantPolynomial", "SparseInvariantPolynomials", "SummedNetwork"]

_MOST_ORBITS = 500_000


class SparseInvariantPolynomials(FamilyBase):
    """`size` functions Σ_{O∈T} ±m_O/‖m_O‖, each over k orbits, any two with few orbits in common.

    The supports T come from a design: over the prime field F_q, a polynomial c of degree at most t
    gives the orbits {i·q + c(i): i < k}, and two of them agree in at most t places. The class is
    near-orthogonal, not orthogonal: ⟨f, g⟩ is the signed number of common orbits.

    Arguments:
        group: a `PermutationGroup`, or an expression.
        degree: d, as for `InvariantPolynomials`.
        terms: k >= 1, the number of orbits of each function.
        size: the number of functions.
        distribution: as for `InvariantPolynomials`; the group must preserve it.
        seed: chooses the orbits, polynomials and signs; the same seed gives the same family
            everywhere.
        overlap: t >= 0, the largest overlap; by default the least for which the design is large
            enough.
        normalised: False leaves out the norms, Σ ±m_O with rational coefficients: no square roots.

    Raises:
        FamilyError: fewer than k·2 orbits for k > 1, more functions than the design has, a group
            that moves the distribution.

    Complexity: as `InvariantPolynomials`, plus k for each function.

    Source: MATH.md 4.1 (sparse families); Nisan–Wigderson designs for the supports.

    Examples:
        >>> family = SparseInvariantPolynomials("C12", 4, 3, 20)
        >>> len(family), family.overlap, family.norm_squared(0)
        (20, 0, Fraction(3, 1))
    """

    kind: ClassVar[str] = "sparse-invariant-polynomials"
    reference: ClassVar[Reference] = Reference(
        "sparse invariant polynomials", ("M1", "M2", "M7", "M8", "M9")
    )
    group: Any
    distribution: Product
    base: InvariantPolynomials
    terms: int
    overlap: int
    normalised: bool
    supports: tuple[tuple[tuple[int, int], ...], ...]
    """For each function, pairs (orbit index, sign), orbits increasing."""

    def __init__(
        self,
        group: Any,
        degree: int,
        terms: int,
        size: int,
        distribution: Any = None,
        *,
        seed: int = 0,
        overlap: int | None = None,
        normalised: bool = True,
    ) -> None:
        terms, size = natural(terms, "terms", 1), natural(size, "size", 1)
        group = as_group(group)
        law = as_product(Gaussian() if distribution is None else distribution, group.degree)
        base = InvariantPolynomials(group, degree, law)
        if base.size > _MOST_ORBITS:
            raise FamilyError(
                f"degree: at most {_MOST_ORBITS} orbits are listed to choose from, got "
                f"{base.size}; use a smaller degree or a larger group"
            )
        if not base.preserves_distribution:
            raise FamilyError(
                f"group: must preserve the distribution {base.distribution}; "
                "use equal marginals on each orbit of points"
            )
        count = len(base)
        field = _largest_prime(count // terms)
        if terms == 1:
            field = count
        elif field < 2:
            raise FamilyError(
                f"terms: {terms} orbits for each function need at least {2 * terms} orbits, the "
                f"class has {count}; use fewer terms or a higher degree"
            )
        # Polynomials of degree t need their places 0..k-1 to be different in F_q; constants do not.
        most = terms - 1 if 1 < terms <= field else 0
        if overlap is None:
            overlap = next((t for t in range(most + 1) if field ** (t + 1) >= size), most)
        overlap = natural(overlap, "overlap")
        reach = field ** (min(overlap, most) + 1)
        if size > reach:
            raise FamilyError(
                f"size: {count} orbits and overlap at most {overlap} give {reach} functions with "
                f"{terms} terms, got {size}; use fewer functions, more overlap or a higher degree"
            )
        self._set(
            base=base,
            group=base.group,
            distribution=base.distribution,
            terms=terms,
            overlap=overlap,
            normalised=bool(normalised),
            supports=_design(count, field, terms, size, min(overlap, most), seed),
        )

    @property
    def members(self) -> str:
        """ "listed"."""
        return "listed"

    @property
    def size(self) -> int:
        """The number of functions."""
        return len(self.supports)

    @property
    def _count(self) -> int:
        return len(self.supports)

    def _member(self, index: int) -> SparseInvariantPolynomial:
        return SparseInvariantPolynomial(self, index)

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of the base class, terms, size and overlap."""
        return {
            **self.base.parameters,
            "terms": self.terms,
            "size": self.size,
            "overlap": self.overlap,
        }

    def gram_exact(self, i: int, j: int) -> Fraction:
        """Σ over common orbits of sign·sign' (times |O|·h_O when not normalised)."""
        first = dict(self.supports[self._index(i)])
        total = Fraction(0)
        for orbit, sign in self.supports[self._index(j)]:
            if orbit in first:
                weight = Fraction(1) if self.normalised else self.base.norms_squared[orbit]
                total += sign * first[orbit] * weight
        return total

    def gram_entry_slow(self, i: int, j: int) -> Fraction:
        """Orbit by orbit: every pair of orbits multiplied out into monomials, then moments."""
        total = ExactReal(Fraction(0))
        for orbit, sign in self.supports[self._index(i)]:
            for other, sign_ in self.supports[self._index(j)]:
                value = self.base.gram_entry_slow(orbit, other)
                scale = ExactReal.of(1)
                if self.normalised:
                    norms = self.base.norms_squared
                    scale = ExactReal.root(1 / (norms[orbit] * norms[other]))
                total += sign * sign_ * value * scale
        assert total.is_rational
        return total.constant


class SparseInvariantPolynomial:
    """One signed sum of orbit sums.

    Attributes:
        family, index: where it comes from.
    """

    __slots__ = ("family", "index")

    def __init__(self, family: SparseInvariantPolynomials, index: int) -> None:
        self.family = family
        self.index = index

    @property
    def norm_squared(self) -> Fraction:
        """k when normalised."""
        return self.family.gram_exact(self.index, self.index)

    @property
    def coefficients(self) -> dict[tuple[int, ...], ExactReal]:
        """{orbit representative: coefficient}, ±1/‖m_O‖ or ±1."""
        result = {}
        for orbit, sign in self.family.supports[self.index]:
            member = self.family.base[orbit]
            scale = ExactReal.of(1)
            if self.family.normalised:
                scale = ExactReal.root(1 / member.norm_squared)
            result[member.representative] = sign * scale
        return result

    @property
    def expansion(self) -> Expansion:
        """The member as an orbit-compressed function, when its coefficients are rational.

        Raises:
            FamilyError: some ‖m_O‖ is irrational; use `normalised=False` or `coefficients`.
        """
        values = self.coefficients
        if not all(value.is_rational for value in values.values()):
            raise FamilyError(
                "normalised: some coefficients 1/‖m_O‖ are irrational; "
                "use normalised=False, or read `coefficients`"
            )
        return Expansion(
            self.family.group,
            self.family.distribution,
            {key: value.constant for key, value in values.items()},
        )

    def __call__(self, x: Sequence[object]) -> Fraction | ExactReal:
        """The exact value at a rational point."""
        total = ExactReal(Fraction(0))
        values = list(self.coefficients.values())
        for (orbit, _), coefficient in zip(self.family.supports[self.index], values, strict=True):
            total += self.family.base[orbit](x) * coefficient
        return total.simplified()

    def network(self) -> SummedNetwork:
        """The power networks of the orbits side by side, each with its own output factor."""
        parts = []
        for (orbit, _), coefficient in zip(
            self.family.supports[self.index], self.coefficients.values(), strict=True
        ):
            terms: Terms = self.family.base[orbit].terms()
            parts.append((coefficient, power_network(terms, self.family.group.degree)))
        return SummedNetwork(tuple(parts))

    def __repr__(self) -> str:
        return f"SparseInvariantPolynomial({self.family.supports[self.index]})"


class SummedNetwork:
    """Σ factor·layer(x): one hidden layer whose output weights are rationals times the factors."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[tuple[ExactReal, OneHiddenLayer], ...]) -> None:
        self.parts = parts

    @property
    def width(self) -> int:
        """The number of hidden units."""
        return sum(layer.width for _, layer in self.parts)

    def __call__(self, x: Sequence[object]) -> Fraction | ExactReal:
        """The exact value at a rational point."""
        total = ExactReal(Fraction(0))
        for factor, layer in self.parts:
            value = layer(x)
            assert isinstance(value, Fraction)
            total += value * factor
        return total.simplified()


def _largest_prime(bound: int) -> int:
    """The largest prime <= bound, or 0."""
    while bound >= 2 and not flint.fmpz(bound).is_prime():
        bound -= 1
    return bound if bound >= 2 else 0


def _design(
    count: int, field: int, terms: int, size: int, overlap: int, seed: int
) -> tuple[tuple[tuple[int, int], ...], ...]:
    generator = random.Random(seed)
    orbits = list(range(count))
    generator.shuffle(orbits)
    reach = field ** (overlap + 1)
    # random.sample works on ranges of any length below 2^63.
    chosen = generator.sample(range(min(reach, 1 << 62)), size)
    supports = []
    for number in chosen:
        coefficients = []
        for _ in range(overlap + 1):
            number, digit = divmod(number, field)
            coefficients.append(digit)
        support = []
        for i in range(terms):
            value = sum(c * i**e for e, c in enumerate(coefficients)) % field
            support.append((orbits[i * field + value], generator.choice((1, -1))))
        supports.append(tuple(sorted(support)))
    return tuple(supports)
