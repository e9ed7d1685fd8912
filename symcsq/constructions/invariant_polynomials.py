"""Invariant polynomials: the orbit sums m_O of one degree (MATH.md 4.1).

Orthogonal with ‖m_O‖² = |O|·h_O (M2), as many as there are orbits (M6). Structure is kept in
arrays; no orbit is expanded until a member is evaluated or written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from symcsq.constructions.family import Reference, as_group, natural
from symcsq.constructions.orbit_family import Listed, OrbitFamily
from symcsq.constructions.polynomial_members import OrbitSum
from symcsq.distributions import Gaussian, JointDistribution, Product, as_product, parse
from symcsq.distributions.joint import Terms
from symcsq.errors import FamilyError
from symcsq.functions.expansions import Expansion, polynomial_terms
from symcsq.functions.networks import point
from symcsq.functions.orbit_elements import orbit_elements

__all__ = [
    "InvariantPolynomial",
    "InvariantPolynomials",
    "count_exponent_orbits",
    "listed_orbits",
]

_ENUMERATION_LIMIT = 200_000


class InvariantPolynomials(OrbitFamily):
    """All orbit sums m_O = Σ_{β∈O} p_β of one degree, in increasing order of representative.

    Arguments:
        group: a `PermutationGroup` of degree n >= 1, or an expression such as "C12".
        degree: d >= 0.
        distribution: a law on the line (its n-th power is meant), a product law on R^n, or its
            text. Exponents whose orthogonal polynomial is zero are left out. A law whose
            coordinates are not independent, such as "sphere" or "slice(3)", gives a
            `MomentInvariantPolynomials` family.
        multilinear: only exponents 0 and 1, that is orbits of d-subsets.
        representatives: a list of exponent vectors of degree d instead of all orbits. Any member of
            an orbit may be given; the order and repeats are kept.
        character: "sign" or values ±1 on the generators: gives a `SemiInvariantPolynomials` family.

    Raises:
        FamilyError: degree < 0, a group of degree 0, an exponent vector of the wrong length or
            degree, or no orbit at all.
        DistributionError: the distribution has another dimension than the group.

    Complexity: as `group.orbits_on_exponents(degree)`; the Gram matrix is one product for each
    orbit.

    Source: MATH.md 4.1, M1, M2, M6.

    Examples:
        >>> from groups import group
        >>> family = InvariantPolynomials(group("C6"), 2)
        >>> len(family), family.size, family[0].representative, family.norm_squared(0)
        (4, 4, (0, 0, 0, 0, 0, 2), Fraction(12, 1))
        >>> family.gram_entry(0, 1), family[3]([1, 1, 1, 1, 1, 1])
        (Fraction(0, 1), Fraction(3, 1))
    """

    kind: ClassVar[str] = "invariant-polynomials"
    reference: ClassVar[Reference] = Reference(
        "invariant polynomials", ("M1", "M2", "M6", "M7", "M8", "M9")
    )
    group: Any
    distribution: Product
    degree: int
    multilinear: bool

    def __new__(
        cls,
        group: Any,
        degree: int,
        distribution: Any = None,
        *,
        multilinear: bool = False,
        representatives: Any = None,
        character: Any = None,
    ) -> Any:
        # Under a law that is not a product no such basis is orthogonal; and semi-invariants have
        # signed orbit sums and fewer orbits (M3): other classes answer for both.
        joint = None if character is not None else joint_law(distribution)
        if joint is not None:
            from symcsq.constructions.moment_invariant_polynomials import (
                MomentInvariantPolynomials,
            )

            return MomentInvariantPolynomials(
                group, degree, joint, multilinear=multilinear, representatives=representatives
            )
        if character is None:
            return super().__new__(cls)
        from symcsq.constructions.semi_invariant_polynomials import SemiInvariantPolynomials

        if multilinear or representatives is not None:
            raise FamilyError(
                "character: multilinear and representatives cannot be combined with a character; "
                "use a law on two points for multilinear semi-invariants"
            )
        return SemiInvariantPolynomials(group, degree, character, distribution)

    def __init__(
        self,
        group: Any,
        degree: int,
        distribution: Any = None,
        *,
        multilinear: bool = False,
        representatives: Iterable[Sequence[int]] | None = None,
        character: None = None,
    ) -> None:
        group = as_group(group)
        degree = natural(degree, "degree")
        law = as_product(Gaussian() if distribution is None else distribution, group.degree)
        self._set(group=group, degree=degree, distribution=law, multilinear=bool(multilinear))
        listed = None
        if representatives is not None:
            listed = listed_orbits(group, degree, self.max_exponents, representatives)
        self._set(_given=listed)
        if listed is None and self.size == 0:
            raise FamilyError(
                f"degree: no exponent vector of degree {degree} has a non-zero polynomial under "
                f"{law}{' (multilinear)' * self.multilinear}; use a degree up to {self._top_degree}"
            )

    @property
    def max_exponents(self) -> tuple[int | None, ...]:
        """For each coordinate, the largest exponent in use (None: no limit)."""
        limits = self.distribution.max_exponents
        if self.multilinear:
            return tuple(1 if limit is None else min(limit, 1) for limit in limits)
        return limits

    @property
    def _top_degree(self) -> int:
        return sum(limit for limit in self.max_exponents if limit is not None)

    def _all_orbits(self) -> tuple[Any, list[int]]:
        """(representatives as an (N, n) array, orbit sizes)."""
        limits = self.max_exponents
        known = [limit for limit in limits if limit is not None]
        cap = max(known) if len(known) == len(limits) else None
        table = self.group.orbits_on_exponents(self.degree, max_exponent=cap)
        rows = np.asarray(table.representatives, dtype=np.int64).reshape(-1, self.group.degree)
        sizes = [int(size) for size in table.sizes]
        if len(set(limits)) > 1:
            bounds = np.array([self.degree if limit is None else limit for limit in limits])
            keep = (rows <= bounds).all(axis=1)
            kept = np.flatnonzero(keep)
            rows, sizes = rows[kept], [sizes[k] for k in kept.tolist()]
        return rows, sizes

    @cached_property
    def orbit_count(self) -> int:  # type: ignore[override]
        """The number of orbits in the whole class by Cauchy–Frobenius (M6), none listed."""
        return count_exponent_orbits(self.group, self.degree, self.max_exponents)

    def _member(self, index: int) -> InvariantPolynomial:
        rows, sizes = self._table
        return InvariantPolynomial(self, index, tuple(rows[index].tolist()), sizes[index])

    @property
    def parameters(self) -> dict[str, Any]:
        """group, degree, distribution and, when set, multilinear."""
        result: dict[str, Any] = {
            "group": self.group.name or f"degree {self.group.degree}",
            "degree": self.degree,
            "distribution": _short(self.distribution),
        }
        return result | ({"multilinear": True} if self.multilinear else {})

    @cached_property
    def preserves_distribution(self) -> bool:
        """Whether every generator preserves the distribution, on which M1 and M2 rest."""
        return all(self.distribution.preserves(g) for g in self.group.generators)

    @cached_property
    def monomial_norms(self) -> list[Fraction]:
        """h_α of the representative of each member."""
        return self.distribution.norms(self.representatives)

    @cached_property
    def norms_squared(self) -> list[Fraction]:
        """‖m_O‖² of all members: |O|·h_O (M2).

        When the group does not preserve the distribution, h varies over the orbit and is summed.
        """
        if self.preserves_distribution:
            return [h * s for h, s in zip(self.monomial_norms, self.orbit_sizes, strict=True)]
        return [
            sum(self.distribution.norms(list(orbit_elements(self.group, row))), Fraction(0))
            for row in self.representatives.tolist()
        ]

    def orthogonality_key(self, index: int) -> bytes:
        """The orbit: different orbits are orthogonal."""
        return self._orbit_key(index)

    def gram_exact(self, i: int, j: int) -> Fraction:
        """|O|·h_O when members i and j are the same orbit, otherwise 0 (M2)."""
        i, j = self._index(i), self._index(j)
        return self.norms_squared[i] if self._same_orbit(i, j) else Fraction(0)

    def gram_entry_slow(self, i: int, j: int) -> Fraction:
        """Both members multiplied out into monomials, then moments."""
        return self.distribution.inner_product_via_moments(self[i].terms(), self[j].terms())


class InvariantPolynomial(OrbitSum):
    """One orbit sum m_O."""

    __slots__ = ()

    @property
    def expansion(self) -> Expansion:
        """The member as an orbit-compressed function."""
        return Expansion.from_orbit(
            self.family.group, self.family.distribution, self.representative, self.orbit_size
        )

    def __call__(self, x: Sequence[object]) -> Fraction:
        """The exact value at a rational point."""
        return self.expansion(point(x, self.family.group.degree))

    def terms(self) -> Terms:
        """The polynomial as {monomial exponents: coefficient}."""
        return polynomial_terms(
            {element: Fraction(1) for element in self.orbit()}, self.family.distribution
        )


def joint_law(distribution: Any) -> JointDistribution | None:
    """The law, from itself or its text, when it is one whose coordinates are not independent.

    Examples:
        >>> joint_law("slice(2)"), joint_law("gaussian"), joint_law(None)
        (Slice(weight=2, size=None), None, None)
    """
    if isinstance(distribution, str):
        distribution = parse(distribution)
    dependent = isinstance(distribution, JointDistribution) and not distribution.is_product
    return distribution if dependent else None


def listed_orbits(
    group: Any,
    degree: int,
    limits: Sequence[int | None],
    representatives: Iterable[Sequence[int]],
) -> Listed:
    """The orbits that a caller listed by any of their members, in the given order.

    Arguments:
        group: a `PermutationGroup`.
        degree: the degree that every exponent vector must have.
        limits: one bound for each point, None for no bound.
        representatives: exponent vectors.

    Returns:
        (least vector, size) of each orbit; repeats are kept.

    Raises:
        FamilyError: no vector at all, or one of the wrong length or degree or beyond a limit.

    Complexity: one canonical image for each vector.

    Source: MATH.md 4.1.

    Examples:
        >>> from groups import group
        >>> listed_orbits(group("C3"), 2, (None,) * 3, [[2, 0, 0], [1, 0, 1]])
        [((0, 0, 2), 3), ((0, 1, 1), 3)]
    """
    if isinstance(representatives, str | bytes) or not isinstance(representatives, Iterable):
        raise FamilyError(
            "representatives: must be a list of exponent vectors, got "
            f"{type(representatives).__name__}; leave the argument out for all orbits"
        )
    result = []
    for position, exponents in enumerate(representatives):
        where = f"representatives[{position}]"
        try:
            row = tuple(int(e.__index__()) for e in exponents)
        except (TypeError, AttributeError):
            raise FamilyError(
                f"{where}: must be a list of integers, got {exponents!r}; "
                f"give {group.degree} exponents"
            ) from None
        if len(row) != group.degree:
            raise FamilyError(
                f"{where}: must have {group.degree} exponents, got {len(row)}; "
                "give one for each point"
            )
        if min(row) < 0 or sum(row) != degree:
            raise FamilyError(
                f"{where}: exponents must be >= 0 and add up to {degree}, got {row}; "
                "correct the vector or the degree"
            )
        for e, limit in zip(row, limits, strict=True):
            if limit is not None and e > limit:
                raise FamilyError(
                    f"{where}: exponents must be at most {limit} here, got {row}; "
                    "higher ones have norm zero or are excluded"
                )
        image = group.canonical(row)
        result.append((tuple(int(e) for e in image.representative), int(image.orbit_size)))
    if not result:
        raise FamilyError(
            "representatives: must list at least one exponent vector, got none; "
            "leave the argument out for all orbits"
        )
    return result


def count_exponent_orbits(group: Any, degree: int, limits: tuple[int | None, ...]) -> int:
    """The number of orbits of exponent vectors of a degree, entry i at most limits[i] (M6).

    Arguments:
        group: a `PermutationGroup`.
        degree: d >= 0.
        limits: one bound for each point, None for no bound.

    Returns:
        The count, by the cycle index where all limits are equal.

    Source: M6.

    Examples:
        >>> from groups import group
        >>> count_exponent_orbits(group("C4"), 2, (None,) * 4)
        3
    """
    different = set(limits)
    if len(different) == 1:
        return int(group.count_orbits_on_exponents(degree, max_exponent=different.pop()))
    return _count_with_limits(group, degree, limits)


def _count_with_limits(group: Any, degree: int, limits: tuple[int | None, ...]) -> int:
    """Cauchy–Frobenius when the exponents have different limits at different points.

    A vector is fixed by g iff it is constant on the cycles of g, so the fixed vectors of degree d
    are counted by the coefficient of t^d in ∏_cycles Σ_{e <= least limit} t^{e·length}. Limits are
    only constant on cycles when the group preserves the distribution; otherwise orbits are listed.
    """
    bounded = [degree if limit is None else limit for limit in limits]
    invariant = all(
        limits[int(image)] == limits[i]
        for g in group.generators
        for i, image in enumerate(g.images)
    )
    if not invariant or group.order > _ENUMERATION_LIMIT:
        known = [limit for limit in limits if limit is not None]
        cap = max(known) if len(known) == len(limits) else None
        rows = np.asarray(group.orbits_on_exponents(degree, max_exponent=cap).representatives)
        bounds = np.array(bounded)
        return int((rows.reshape(-1, group.degree) <= bounds).all(axis=1).sum())
    types: dict[tuple[tuple[int, int], ...], int] = {}
    for g in group.elements():
        key = tuple(
            sorted((len(cycle), bounded[cycle[0]]) for cycle in _all_cycles(g.images.tolist()))
        )
        types[key] = types.get(key, 0) + 1
    total = 0
    for key, count in types.items():
        series = [1] + [0] * degree
        for length, limit in key:
            series = [
                sum(series[d - e * length] for e in range(min(limit, d // length) + 1))
                for d in range(degree + 1)
            ]
        total += count * series[degree]
    return total // int(group.order)


def _all_cycles(images: list[int]) -> Iterator[list[int]]:
    seen = [False] * len(images)
    for start in range(len(images)):
        if not seen[start]:
            cycle = []
            while not seen[start]:
                seen[start] = True
                cycle.append(start)
                start = images[start]
            yield cycle


def _short(law: Product) -> str:
    """ "gaussian" for gaussian^n: the dimension is the group's."""
    return str(law.marginals[0]) if len(law.marginals) == 1 else str(law)
