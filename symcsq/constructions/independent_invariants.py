"""Products of k out of r invariants of disjoint blocks of variables (MATH.md 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property, reduce
from itertools import product
from math import comb, prod
from typing import Any, ClassVar

from symcsq.constructions.family import FamilyBase, Reference, natural
from symcsq.constructions.polynomial_members import PolynomialMember
from symcsq.constructions.subsets import combination
from symcsq.distributions import Product
from symcsq.distributions.joint import Terms
from symcsq.errors import FamilyError
from symcsq.functions.expansions import Expansion
from symcsq.functions.networks import point

__all__ = ["IndependentInvariants", "InvariantProduct"]


class IndependentInvariants(FamilyBase):
    """The products ∏_{i∈S} (f_i - E f_i), |S| = k, of invariants of disjoint blocks.

    Arguments:
        invariants: expansions f_1, …, f_r, or members of invariant families; block i has the group
            and the law of f_i, and the blocks follow each other. They are centred here.
        k: 0 <= k <= r.

    Raises:
        FamilyError: no invariants, k > r, or a constant f_i (its centred part is zero).

    Complexity: O(r) to build; members are found by unranking.

    Source: MATH.md 4.1: orthogonal, ‖∏ f_i‖² = ∏ ‖f_i‖².

    Examples:
        >>> from groups import group
        >>> from symcsq.distributions import Gaussian
        >>> C3 = group("C3")
        >>> f = Expansion(C3, Gaussian(), {(0, 0, 2): 1, (0, 0, 0): 7})
        >>> family = IndependentInvariants([f] * 5, 2)
        >>> family.size, family.group.degree, family.norm_squared(0), family.gram_entry(0, 1)
        (10, 15, Fraction(36, 1), Fraction(0, 1))
    """

    kind: ClassVar[str] = "independent-invariants"
    reference: ClassVar[Reference] = Reference(
        "products of independent invariants", ("M1", "M2", "M7", "M8", "M9")
    )
    distribution: Product
    invariants: tuple[Expansion, ...]
    k: int

    def __init__(self, invariants: Sequence[Any], k: int) -> None:
        k = natural(k, "k")
        centred = []
        for index, f in enumerate(getattr(f, "expansion", f) for f in invariants):
            if not isinstance(f, Expansion):
                raise FamilyError(
                    f"invariants[{index}]: must be an Expansion, got {type(f).__name__}; "
                    "write Expansion(group, law, coefficients)"
                )
            f = f - Expansion(f.group, f.distribution, {(0,) * f.group.degree: f.mean()})
            if not f:
                raise FamilyError(
                    f"invariants[{index}]: must not be constant, its centred part is zero; "
                    "use an invariant of positive degree"
                )
            centred.append(f)
        if not centred or k > len(centred):
            raise FamilyError(
                f"k: must be at most the number {len(centred)} of invariants, got {k}; "
                "give more invariants"
            )
        laws = [f.distribution[i] for f in centred for i in range(f.group.degree)]
        self._set(invariants=tuple(centred), k=k, distribution=Product(laws))

    @cached_property
    def group(self) -> Any:  # type: ignore[override]
        """The direct product of the groups, each on its block."""
        return reduce(lambda a, b: a.direct_product(b), (f.group for f in self.invariants))

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each block begins."""
        result = [0]
        for f in self.invariants:
            result.append(result[-1] + f.group.degree)
        return tuple(result[:-1])

    @property
    def size(self) -> int:
        """binom(r, k)."""
        return comb(len(self.invariants), self.k)

    @property
    def _count(self) -> int:
        return self.size

    def subset(self, index: int) -> tuple[int, ...]:
        """The blocks of a member."""
        return combination(len(self.invariants), self.k, self._index(index))

    def _member(self, index: int) -> InvariantProduct:
        return InvariantProduct(self, self.subset(index))

    @property
    def parameters(self) -> dict[str, Any]:
        """blocks, k and the degree of the product."""
        return {
            "blocks": len(self.invariants),
            "k": self.k,
            "variables": self.distribution.dimension,
        }

    @cached_property
    def block_norms(self) -> tuple[Fraction, ...]:
        """‖f_i - E f_i‖²."""
        return tuple(f.norm_squared() for f in self.invariants)

    def orthogonality_key(self, index: int) -> tuple[int, ...]:
        """The blocks: different sets are orthogonal, since each f_i is centred."""
        return self.subset(index)

    def gram_exact(self, i: int, j: int) -> Fraction:
        """∏_{i∈S} ‖f_i‖² when the sets are equal, otherwise 0."""
        first = self.subset(i)
        if first != self.subset(j):
            return Fraction(0)
        return prod((self.block_norms[b] for b in first), start=Fraction(1))

    def gram_entry_slow(self, i: int, j: int) -> Fraction:
        """Both products multiplied out into monomials in all variables, then moments."""
        return self.distribution.inner_product_via_moments(self[i].terms(), self[j].terms())


class InvariantProduct(PolynomialMember):
    """One product ∏_{i∈S} (f_i - E f_i).

    Attributes:
        family: the family it belongs to.
        subset: S, the blocks.
    """

    __slots__ = ("subset",)

    def __init__(self, family: IndependentInvariants, subset: tuple[int, ...]) -> None:
        self.family = family
        self.subset = subset

    @property
    def norm_squared(self) -> Fraction:
        """∏ ‖f_i‖²."""
        return prod((self.family.block_norms[b] for b in self.subset), start=Fraction(1))

    @property
    def expansion(self) -> Expansion:
        """The product over the direct product group: orbits of blocks side by side."""
        family = self.family
        sums: dict[tuple[int, ...], Fraction] = {}
        factors = [
            list(f) if b in self.subset else [((0,) * f.group.degree, Fraction(1), 1)]
            for b, f in enumerate(family.invariants)
        ]
        for choice in product(*factors):
            key = tuple(e for representative, _, _ in choice for e in representative)
            sums[key] = prod((c for _, c, _ in choice), start=Fraction(1))
        return Expansion(family.group, family.distribution, sums)

    def __call__(self, x: Sequence[object]) -> Fraction:
        """The exact value at a rational point, block by block."""
        family = self.family
        at = point(x, family.distribution.dimension)
        value = Fraction(1)
        for b in self.subset:
            f, start = family.invariants[b], family.offsets[b]
            value *= f(at[start : start + f.group.degree])
        return value

    def terms(self) -> Terms:
        """{monomial exponents: coefficient} in all variables."""
        n = self.family.distribution.dimension
        total: Terms = {(0,) * n: Fraction(1)}
        for b in self.subset:
            start = self.family.offsets[b]
            following: Terms = {}
            for local, c in self.family.invariants[b].terms().items():
                for key, value in total.items():
                    moved = key[:start] + local + key[start + len(local) :]
                    following[moved] = following.get(moved, Fraction(0)) + c * value
            total = following
        return {key: value for key, value in sorted(total.items()) if value}

    def __repr__(self) -> str:
        return f"InvariantProduct(blocks {self.subset})"
