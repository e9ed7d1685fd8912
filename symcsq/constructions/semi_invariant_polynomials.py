"""Semi-invariant polynomials: the signed orbit sums m^χ_O of a character χ: G → {±1} (M3)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from symcsq.constructions.family import FamilyBase, Reference, as_group, natural
from symcsq.constructions.invariant_polynomials import (
    InvariantPolynomials,
    count_exponent_orbits,
)
from symcsq.constructions.polynomial_members import PolynomialMember
from symcsq.distributions import Gaussian, Product, as_product
from symcsq.distributions.joint import Terms
from symcsq.errors import FamilyError
from symcsq.exact import rationals
from symcsq.functions.expansions import Expansion, polynomial_terms
from symcsq.functions.projections import semi_invariant

__all__ = ["SemiInvariantPolynomial", "SemiInvariantPolynomials", "kernel_of_character"]


class SemiInvariantPolynomials(FamilyBase):
    """All m^χ_O = Σ χ(g)⁻¹ p_{g·α} of one degree, g·f = χ(g) f, in increasing order of α.

    An orbit contributes iff χ is trivial on its stabiliser; α is the least vector of the orbit,
    with coefficient 1.

    Arguments:
        group: a `PermutationGroup` of degree n >= 1, or an expression.
        degree: d >= 0.
        character: "sign" for the sign of the permutation, or the values 1 and -1 of χ on the
            generators.
        distribution: as for `InvariantPolynomials`; the group must preserve it.

    Raises:
        FamilyError: values that are not ±1, that belong to no character, or no orbit at all; a
            group that moves the distribution.

    Complexity: the orbits of `InvariantPolynomials`, each walked once to decide whether it
    contributes; the size needs no listing.

    Source: M3, M5.

    Examples:
        >>> family = SemiInvariantPolynomials("S3", 3, "sign")
        >>> family.size, family[0].exponents, family[0].terms()[(0, 1, 2)], family.norm_squared(0)
        (1, (0, 1, 2), Fraction(1, 1), Fraction(12, 1))
    """

    kind: ClassVar[str] = "semi-invariant-polynomials"
    reference: ClassVar[Reference] = Reference(
        "semi-invariant polynomials", ("M1", "M3", "M6", "M7", "M8", "M9")
    )
    group: Any
    distribution: Product
    total_degree: int
    character: tuple[int, ...]

    def __init__(self, group: Any, degree: int, character: Any, distribution: Any = None) -> None:
        group = as_group(group)
        degree = natural(degree, "degree")
        law = as_product(Gaussian() if distribution is None else distribution, group.degree)
        for index, generator in enumerate(group.generators):
            if not law.preserves(generator):
                raise FamilyError(
                    f"group: must preserve the distribution, generator {index} = {generator} moves "
                    f"{law}; use equal marginals on each orbit of points"
                )
        if isinstance(character, str):
            if character != "sign":
                raise FamilyError(
                    f'character: must be "sign" or a list of 1 and -1, got {character!r}; '
                    "give one value for each generator"
                )
            values = tuple(int(g.sign) for g in group.generators)
        else:
            values = tuple(int(v) for v in rationals(character, "character"))
        if len(values) != len(group.generators) or any(v not in (1, -1) for v in values):
            raise FamilyError(
                f"character: must be 1 or -1 for each of the {len(group.generators)} generators, "
                f"got {list(values)}; the trivial character is all 1"
            )
        self._set(group=group, total_degree=degree, distribution=law, character=values)
        if -1 in values and self.kernel == group:
            raise FamilyError(
                f"character: {list(values)} belong to no character, some product of generators "
                "with value -1 is the identity; check them on a relation"
            )
        if self.size == 0:
            raise FamilyError(
                f"degree: no orbit of degree {degree} carries a semi-invariant of this character; "
                "use a higher degree"
            )

    @cached_property
    def kernel(self) -> Any:
        """The subgroup on which χ is 1."""
        return kernel_of_character(self.group, self.character)

    @property
    def parameters(self) -> dict[str, Any]:
        """group, degree, character and distribution."""
        law = self.distribution
        return {
            "group": self.group.name or f"degree {self.group.degree}",
            "degree": self.total_degree,
            "character": ",".join(map(str, self.character)),
            "distribution": str(law.marginals[0]) if len(law.marginals) == 1 else str(law),
        }

    @cached_property
    def size(self) -> int:  # type: ignore[override]
        """The multiplicity of χ in degree d: orbits of the kernel minus orbits of G (or all, χ =
        1).

        The functions fixed by the kernel of χ are the invariants of G and the χ-semi-invariants.
        """
        limits = self.distribution.max_exponents
        whole = count_exponent_orbits(self.group, self.total_degree, limits)
        if -1 not in self.character:
            return whole
        return count_exponent_orbits(self.kernel, self.total_degree, limits) - whole

    @cached_property
    def _table(self) -> tuple[list[tuple[int, ...]], list[int]]:
        base = InvariantPolynomials(self.group, self.total_degree, self.distribution)
        rows, sizes = [], []
        for row, size in zip(base.representatives.tolist(), base.orbit_sizes, strict=True):
            if semi_invariant(self.group, self.distribution, row, self.character):
                rows.append(tuple(row))
                sizes.append(size)
        return rows, sizes

    @property
    def _count(self) -> int:
        return len(self._table[0])

    def _member(self, index: int) -> SemiInvariantPolynomial:
        return SemiInvariantPolynomial(self, self._table[0][index], self._table[1][index])

    @property
    def orbit_sizes(self) -> list[int]:
        """The orbit sizes, in the order of the members."""
        return self._table[1]

    @cached_property
    def norms_squared(self) -> list[Fraction]:
        """‖m^χ_O‖² = |O|·h_O of all members (M3)."""
        rows, sizes = self._table
        array = np.array(rows, dtype=np.int64).reshape(len(rows), self.group.degree)
        return [h * s for h, s in zip(self.distribution.norms(array), sizes, strict=True)]

    def orthogonality_key(self, index: int) -> int:
        """The orbit."""
        return index

    def gram_exact(self, i: int, j: int) -> Fraction:
        """|O|·h_O on the diagonal, 0 elsewhere (M3)."""
        i, j = self._index(i), self._index(j)
        return self.norms_squared[i] if i == j else Fraction(0)

    def gram_entry_slow(self, i: int, j: int) -> Fraction:
        """Both members multiplied out into monomials, then moments."""
        return self.distribution.inner_product_via_moments(self[i].terms(), self[j].terms())


class SemiInvariantPolynomial(PolynomialMember):
    """One signed orbit sum m^χ_O.

    Attributes:
        family: the family it belongs to.
        exponents: the least exponent vector of the orbit, with coefficient 1.
        orbit_size: |O|.
    """

    __slots__ = ("exponents", "orbit_size")

    def __init__(
        self, family: SemiInvariantPolynomials, exponents: tuple[int, ...], orbit_size: int
    ) -> None:
        self.family = family
        self.exponents = exponents
        self.orbit_size = orbit_size

    def basis_terms(self) -> dict[tuple[int, ...], Fraction]:
        """{β: ±1} in the orthogonal basis p_β."""
        family = self.family
        return semi_invariant(family.group, family.distribution, self.exponents, family.character)

    @property
    def expansion(self) -> Expansion:
        """The member over the trivial group."""
        trivial = self.family.group.subgroup([])
        return Expansion(trivial, self.family.distribution, self.basis_terms())

    def terms(self) -> Terms:
        """{monomial exponents: coefficient}."""
        return polynomial_terms(self.basis_terms(), self.family.distribution)

    def __call__(self, x: Sequence[object]) -> Fraction:
        """The exact value at a rational point."""
        return self.expansion(x)

    def __repr__(self) -> str:
        return f"SemiInvariantPolynomial({self.exponents}, orbit of {self.orbit_size})"


def kernel_of_character(group: Any, values: Sequence[int]) -> Any:
    """The kernel of χ: G → {±1} given by its values on the generators, by Schreier's lemma.

    Arguments:
        group: a `PermutationGroup`.
        values: 1 or -1 for each generator.

    Returns:
        The subgroup of index 2 (G itself when all values are 1, or when they belong to no
        character).

    Complexity: two generators for each generator.

    Source: Schreier's lemma for the transversal {1, t}, χ(t) = -1.

    Examples:
        >>> from groups import group
        >>> kernel_of_character(
        ...     group("S5"), [-1 if g.sign < 0 else 1 for g in group("S5").generators]
        ... ).order
        60
    """
    odd = [g for g, v in zip(group.generators, values, strict=True) if v < 0]
    if not odd:
        return group
    t = odd[0]
    generators = []
    for g, v in zip(group.generators, values, strict=True):
        if v > 0:
            generators += [g, t * g * ~t]
        else:
            generators += [g * ~t, t * g]
    return group.subgroup(generators)
