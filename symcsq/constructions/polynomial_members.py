"""What the members of families of polynomials share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from symcsq.distributions.joint import Terms
from symcsq.functions.networks import OneHiddenLayer
from symcsq.functions.orbit_elements import orbit_elements
from symcsq.functions.polynomials import sympy_polynomial
from symcsq.functions.power_networks import power_network

__all__ = ["OrbitSum", "PolynomialMember"]


class PolynomialMember(ABC):
    """A polynomial with rational coefficients, known by its `terms`.

    Attributes:
        family: the family it belongs to.
    """

    __slots__ = ("family",)
    family: Any

    @abstractmethod
    def terms(self) -> Terms:
        """The polynomial as {monomial exponents: coefficient}."""

    def polynomial(self) -> Any:
        """The sympy `Poly` over QQ in x0, x1, …"""
        return sympy_polynomial(self.terms(), self.family.distribution.dimension)

    def network(self) -> OneHiddenLayer:
        """A network of power units with integer weights that evaluates to this polynomial."""
        return power_network(self.terms(), self.family.distribution.dimension)


class OrbitSum(PolynomialMember):
    """A sum over one orbit of exponent vectors: of monomials, or of elements of a product basis.

    Attributes:
        family, index: where it comes from.
        representative: the least exponent vector of the orbit.
        orbit_size: |O|.
    """

    __slots__ = ("index", "orbit_size", "representative")

    def __init__(
        self, family: Any, index: int, representative: tuple[int, ...], orbit_size: int
    ) -> None:
        self.family = family
        self.index = index
        self.representative = representative
        self.orbit_size = orbit_size

    @property
    def norm_squared(self) -> Fraction:
        """The squared norm."""
        norm: Fraction = self.family.gram_exact(self.index, self.index)
        return norm

    def orbit(self) -> Iterator[tuple[int, ...]]:
        """The exponent vectors of the orbit, breadth first from the representative."""
        return orbit_elements(self.family.group, self.representative)

    def __repr__(self) -> str:
        support = {i: e for i, e in enumerate(self.representative) if e}
        return f"{type(self).__name__}({support}, orbit of {self.orbit_size})"
