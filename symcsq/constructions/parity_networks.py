"""Parity networks f_S(x) = Σ_{w∈{±1}^m} (∏ w_i) φ(⟨w, x_S⟩/√m) of Goel et al. (MATH.md 4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import comb, factorial, prod
from typing import Any, ClassVar

import numpy as np

from groups.errors import shown
from symcsq.constructions.family import Exact, Reference, natural
from symcsq.constructions.subsets import SubsetFamily, combination, listed_subsets
from symcsq.distributions import Gaussian, Product
from symcsq.distributions.joint import Terms
from symcsq.errors import FamilyError
from symcsq.exact import ExactReal, exact_square_root
from symcsq.functions.activations import Activation, Polynomial
from symcsq.functions.activations import activation as read_activation
from symcsq.functions.networks import OneHiddenLayer, Unit
from symcsq.functions.polynomials import sympy_polynomial

__all__ = ["ParityNetwork", "ParityNetworks"]

MOST_INPUTS = 1 << 20
MOST_WIDTH = 1024  # the norm takes sums of m + 1 kernel values with integers of m bits


class ParityNetworks(SubsetFamily):
    """The parity networks of all m-subsets of n inputs, in lexicographic order of the subsets.

    Arguments:
        n: the number of inputs, >= 1.
        m: the size of the subsets, 1 <= m <= n.
        activation: "relu", "abs", "sign", "erf", or the coefficients of a polynomial.
        subsets: a list of m-subsets (0-based) instead of all; its order and repeats are kept.

    Raises:
        FamilyError: m > n, m < 1, n < 1 or a malformed subset.
        ActivationError: an unknown activation.

    Complexity: O(1) to build; members are found by unranking, so binom(n, m) may be astronomical.

    Source: MATH.md 4.2, M11 to M13.

    Examples:
        >>> family = ParityNetworks(16, 4)
        >>> family.size, family[1].subset, family.gram_entry(0, 1)
        (1820, (0, 1, 2, 4), Fraction(0, 1))
        >>> float(family.norm_squared(0))
        0.30301654999...
        >>> ParityNetworks(16, 3).norm_squared(0)
        Fraction(0, 1)
    """

    kind: ClassVar[str] = "parity-networks"
    reference: ClassVar[Reference] = Reference(
        "parity networks", ("M7", "M8", "M9", "M11", "M12", "M13")
    )
    group: Any
    distribution: Product
    n: int
    m: int
    activation: Activation

    def __init__(
        self,
        n: int,
        m: int,
        activation: Any = "relu",
        *,
        subsets: Iterable[Sequence[int]] | None = None,
    ) -> None:
        from groups import PermutationGroup

        n = natural(n, "n", 1)
        m = natural(m, "m", 1)
        if n > MOST_INPUTS:
            raise FamilyError(f"n: must be at most {MOST_INPUTS}, got {shown(n)}; use fewer inputs")
        if m > min(n, MOST_WIDTH):
            limit = f"n = {n}" if n <= MOST_WIDTH else str(MOST_WIDTH)
            raise FamilyError(
                f"m: must be at most {limit}, got {shown(m)}; "
                f"a parity has at most {min(n, MOST_WIDTH)} inputs"
            )
        self._set(
            n=n,
            m=m,
            activation=read_activation(activation),
            _subsets=listed_subsets(subsets, n, m),
            group=PermutationGroup([], degree=n),
            distribution=Gaussian().on(n),
        )

    @property
    def _class_size(self) -> int:
        """binom(n, m)."""
        return comb(self.n, self.m)

    def _class_subset(self, index: int) -> tuple[int, ...]:
        return combination(self.n, self.m, index)

    def subsets(self) -> Iterator[tuple[int, ...]]:
        """The subsets of all members, in order."""
        from itertools import combinations

        return combinations(range(self.n), self.m) if self._subsets is None else iter(self._subsets)

    def _member(self, index: int) -> ParityNetwork:
        return ParityNetwork(self, self.subset(index))

    @property
    def parameters(self) -> dict[str, Any]:
        """n, m and the activation."""
        return {"n": self.n, "m": self.m, "activation": str(self.activation)}

    def kernel_values(self) -> list[tuple[Fraction, Exact]]:
        """(ρ, K(ρ)) for ρ = 1 - 2h/m, h = 0..m: Fractions where rational, else `ExactReal`."""
        rhos = [1 - Fraction(2 * h, self.m) for h in range(self.m + 1)]
        return [(rho, self.activation.kernel(rho).simplified()) for rho in rhos]

    @cached_property
    def norm(self) -> Exact:
        """‖f_S‖² = 2^m Σ_h (-1)^h binom(m, h) K(1 - 2h/m), the same for every S (M12).

        The sum is taken over exact kernel values, so that it is exactly 0 when φ has no Hermite
        coefficient of degree >= m and of the parity of m.
        """
        total = ExactReal(Fraction(0))
        for h, (_, value) in enumerate(self.kernel_values()):
            total += (-1) ** h * comb(self.m, h) * ExactReal.of(value)
        return (2**self.m * total).simplified()

    def orthogonality_key(self, index: int) -> tuple[int, ...]:
        """The subset: different subsets are orthogonal (M11)."""
        return self.subset(index)

    def gram_exact(self, i: int, j: int) -> Exact:
        """‖f_S‖² when the subsets are equal, otherwise 0 (M11, M12)."""
        return self.norm if self.subset(i) == self.subset(j) else Fraction(0)

    def gram_entry_slow(self, i: int, j: int) -> Exact:
        """Σ over all pairs of sign vectors of ∏w ∏w' K(Σ_{S∩T} w w'/m): 4^m kernel values."""
        return self.gram_by_signs(self.subset(i), self.subset(j))

    def gram_by_signs(self, first: Sequence[int], second: Sequence[int]) -> Exact:
        """⟨f_S, f_T⟩ from all pairs of hidden units, for any two m-subsets.

        Complexity: O(4^m·m); meant for small m.
        """
        signs = np.array(list(product((1, -1), repeat=self.m)), dtype=np.int64)
        left = np.zeros((len(signs), self.n), dtype=np.int64)
        right = left.copy()
        left[:, list(first)] = signs
        right[:, list(second)] = signs
        products = left @ right.T + self.m
        parity = np.prod(signs, axis=1)
        weights = np.outer(parity, parity)
        total = ExactReal(Fraction(0))
        for value in range(2 * self.m + 1):
            count = int(weights[products == value].sum())
            if count:
                rho = Fraction(value - self.m, self.m)
                total += count * self.activation.kernel(rho)
        return total.simplified()


class ParityNetwork:
    """One parity network f_S.

    Attributes:
        family: the family it belongs to.
        subset: S, sorted, 0-based.
    """

    __slots__ = ("family", "subset")

    def __init__(self, family: ParityNetworks, subset: tuple[int, ...]) -> None:
        self.family = family
        self.subset = subset

    @property
    def norm_squared(self) -> Exact:
        """‖f_S‖² under the Gaussian (M12)."""
        return self.family.norm

    def units(self) -> Iterator[tuple[tuple[int, ...], int]]:
        """(signs on S, ∏ signs) of the 2^m hidden units, (1, …, 1) first."""
        for signs in product((1, -1), repeat=self.family.m):
            yield signs, prod(signs)

    def network(self) -> OneHiddenLayer:
        """The 2^m units themselves: weights ±1 on S, outputs ±1, pre-activations over √m."""
        return OneHiddenLayer(
            self.family.n,
            tuple(
                Unit(
                    tuple((i, Fraction(s)) for i, s in zip(self.subset, signs, strict=True)),
                    Fraction(parity),
                    self.family.activation,
                )
                for signs, parity in self.units()
            ),
            Fraction(self.family.m),
        )

    def __call__(self, x: Sequence[object]) -> Exact:
        """The exact value at a rational point: a Fraction whenever it is rational.

        Computed apart from `network()`: the value changes sign with each coordinate of S (M11), so
        that half of the units, those with w_1 = 1, and their mirror images φ(-t) suffice.
        """
        from symcsq.functions.networks import point

        at = point(x, self.family.n)
        inside = [at[i] for i in self.subset]
        mirror = (-1) ** self.family.m
        phi, square = self.family.activation, Fraction(self.family.m)
        total = ExactReal(Fraction(0))
        for rest in product((1, -1), repeat=self.family.m - 1):
            t = inside[0] + sum((s * v for s, v in zip(rest, inside[1:], strict=True)), Fraction(0))
            total += prod(rest) * (phi.value(t, square) + mirror * phi.value(-t, square))
        return total.simplified()

    def scaled_terms(self) -> tuple[Terms, Fraction]:
        """`(terms, s)` with f_S = √s·Σ terms, for polynomial activations (s = 1, or m for odd m).

        Σ_w (∏w)⟨w, x⟩^j keeps exactly the monomials that are odd in each coordinate of S, 2^m times
        their multinomial coefficient (M13).

        Returns:
            {monomial exponents on n inputs: coefficient} and a positive rational.

        Raises:
            FamilyError: the activation is not a polynomial.
        """
        phi, m = self.family.activation, self.family.m
        if not isinstance(phi, Polynomial):
            raise FamilyError(
                f"activation: f_S is a polynomial only for polynomial activations, got {phi}; "
                "use network()"
            )
        terms: Terms = {}
        for exponents in _odd_exponents(m, phi.degree):
            j = sum(exponents)
            a = phi.coefficients[j]
            if a:
                multinomial = factorial(j) // prod(factorial(e) for e in exponents)
                dense = [0] * self.family.n
                for i, e in zip(self.subset, exponents, strict=True):
                    dense[i] = e
                # m^{-j/2} = √m·m^{-(j+1)/2} for odd j, and j has the parity of m.
                terms[tuple(dense)] = a * 2**m * multinomial / Fraction(m) ** ((j + 1) // 2)
        return terms, Fraction(m if m % 2 else 1)

    def terms(self) -> Terms:
        """{monomial exponents: coefficient}, when all coefficients are rational."""
        terms, square = self.scaled_terms()
        root = exact_square_root(square)
        if root is None:
            raise FamilyError(
                f"m: the coefficients of f_S are rational multiples of √{square} for m = "
                f"{self.family.m}; use scaled_terms()"
            )
        return {key: root * value for key, value in terms.items()}

    def polynomial(self) -> Any:
        """The sympy `Poly` in x0, …, x{n-1}, over QQ or over QQ<√m> for odd m."""
        terms, square = self.scaled_terms()
        return sympy_polynomial(terms, self.family.n, square)

    def __repr__(self) -> str:
        return f"ParityNetwork({self.subset}, {self.family.activation})"


def _odd_exponents(count: int, top: int) -> Iterator[tuple[int, ...]]:
    """Vectors of `count` odd numbers with sum at most `top`, in lexicographic order."""
    if count == 0:
        yield ()
        return
    for first in range(1, top - count + 2, 2):
        for rest in _odd_exponents(count - 1, top - first):
            yield (first, *rest)
