"""Invariant polynomials under laws that are not products: monomial orbit sums (MATH.md section 2).

On the sphere, a Boolean slice or finitely many points no product basis is orthogonal, so members
are s_O = Σ_{β∈O} x^β, and their Gram matrix is that of moments, with α in O:
⟨s_O, s_P⟩ = |O|·Σ_{γ∈P} E[x^{α+γ}]. The class is near-orthogonal at best; on points, members can
coincide or vanish, which the verification finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from symcsq.constructions.family import (
    Reference,
    as_group,
    natural,
    scaled_entries,
)
from symcsq.constructions.invariant_polynomials import (
    count_exponent_orbits,
    joint_law,
    listed_orbits,
)
from symcsq.constructions.orbit_family import OrbitFamily
from symcsq.constructions.polynomial_members import OrbitSum
from symcsq.distributions import FiniteJoint, Slice, Sphere
from symcsq.distributions.joint import Terms
from symcsq.errors import FamilyError
from symcsq.functions.networks import point
from symcsq.functions.orbit_elements import orbit_elements

__all__ = ["MomentInvariantPolynomial", "MomentInvariantPolynomials"]

_MOST_VECTORS = 5_000_000  # held at once
_MOST_POINTS = 20_000  # of a slice's support, up to which inner products are also sums over it


class MomentInvariantPolynomials(OrbitFamily):
    """All s_O = Σ_{β∈O} x^β of one degree, in increasing order of representative.

    Arguments:
        group: a `PermutationGroup` of degree n >= 1, or an expression.
        degree: d >= 0.
        distribution: `Sphere()`, `Slice(k)` or their text, "sphere" or "slice(3)"; or a
            `FiniteJoint(points, weights)` that the group preserves.
        multilinear: only exponents 0 and 1, that is orbits of d-subsets.
        representatives: as for `InvariantPolynomials`.

    Raises:
        FamilyError: another law, one that a generator moves, no orbit at all, or as for
            `InvariantPolynomials`.
        DistributionError: a law of another dimension, or a slice with more ones than points.

    Complexity: as `group.orbits_on_exponents(degree)`; the Gram matrix takes Σ min(|O|, |P|)
    moments, over pairs of members.

    Source: MATH.md section 2, M6, M23.

    Examples:
        >>> from symcsq.distributions import Sphere
        >>> family = MomentInvariantPolynomials("C3", 2, Sphere())
        >>> family.size, family[1].representative, family.norm_squared(1), family.gram_entry(0, 1)
        (2, (0, 1, 1), Fraction(1, 5), Fraction(0, 1))
    """

    kind: ClassVar[str] = "moment-invariant-polynomials"
    reference: ClassVar[Reference] = Reference(
        "invariant polynomials", ("M6", "M7", "M8", "M9", "M23")
    )
    group: Any
    distribution: Sphere | Slice | FiniteJoint
    degree: int
    multilinear: bool

    def __init__(
        self,
        group: Any,
        degree: int,
        distribution: Any,
        *,
        multilinear: bool = False,
        representatives: Iterable[Sequence[int]] | None = None,
    ) -> None:
        group = as_group(group)
        degree = natural(degree, "degree")
        law = joint_law(distribution)
        if not isinstance(law, Sphere | Slice | FiniteJoint):
            raise FamilyError(
                f"distribution: must be Sphere(), Slice(k) or FiniteJoint(points), got "
                f"{distribution!r}; use InvariantPolynomials for laws with independent coordinates"
            )
        if isinstance(law, FiniteJoint):
            law = law.on(group.degree)
            for index, generator in enumerate(group.generators):
                if not law.preserves(generator):
                    raise FamilyError(
                        f"group: must preserve the distribution, generator {index} = {generator} "
                        f"moves {law}; give the points of an orbit equal weights"
                    )
        elif law.size is not None and law.size != group.degree:
            raise FamilyError(
                f"distribution: must be on the {group.degree} points of the group, got {law}; "
                f"leave the dimension out"
            )
        self._set(
            group=group,
            degree=degree,
            distribution=law.on(group.degree),
            multilinear=bool(multilinear),
            _given=None,
        )
        if representatives is not None:
            self._set(_given=listed_orbits(group, degree, self.max_exponents, representatives))
        elif self.size == 0:
            raise FamilyError(
                f"degree: no multilinear monomial of degree {degree} exists on {group.degree} "
                f"points; use a degree up to {group.degree}"
            )

    @property
    def max_exponents(self) -> tuple[int | None, ...]:
        """For each coordinate, the largest exponent in use (None: no limit)."""
        return (1 if self.multilinear else None,) * self.group.degree

    def _all_orbits(self) -> tuple[NDArray[Any], list[int]]:
        """(representatives as an (N, n) array, orbit sizes)."""
        table = self.group.orbits_on_exponents(self.degree, max_exponent=self.max_exponents[0])
        rows = np.asarray(table.representatives, dtype=np.int64).reshape(-1, self.group.degree)
        return rows, [int(size) for size in table.sizes]

    @cached_property
    def orbit_count(self) -> int:  # type: ignore[override]
        """The number of orbits by Cauchy–Frobenius (M6), none listed."""
        return count_exponent_orbits(self.group, self.degree, self.max_exponents)

    def _member(self, index: int) -> MomentInvariantPolynomial:
        rows, sizes = self._table
        return MomentInvariantPolynomial(self, index, tuple(rows[index].tolist()), sizes[index])

    @property
    def parameters(self) -> dict[str, Any]:
        """group, degree, distribution and, when set, multilinear."""
        law = self.distribution
        result: dict[str, Any] = {
            "group": self.group.name or f"degree {self.group.degree}",
            "degree": self.degree,
            "distribution": _short(law),
        }
        return result | ({"multilinear": True} if self.multilinear else {})

    @cached_property
    def scale(self) -> Fraction:
        """Every Gram entry is an integer times this: one over the law's common denominator."""
        return Fraction(1, self.distribution.moment_denominator(2 * self.degree))

    def gram_integers(self, rows: Sequence[int], columns: Sequence[int]) -> NDArray[Any]:
        """⟨s_i, s_j⟩ / scale for i in rows, j in columns: int64 where they fit, else objects.

        Complexity: Σ min(|O_i|, |O_j|)·n.

        Source: M23.
        """
        total = sum(self.orbit_sizes[self._index(i)] for i in {*rows, *columns})
        if total > _MOST_VECTORS:
            raise FamilyError(
                f"degree: the orbits of the members must have at most {_MOST_VECTORS} exponent "
                f"vectors together, got {total}; use a lower degree, or representatives of smaller "
                "orbits"
            )
        if isinstance(self.distribution, FiniteJoint):
            return self._from_values(rows, columns)
        largest = max((self.orbit_sizes[i] for i in {*rows, *columns}), default=1)
        bound = largest * largest * self.distribution.moment_denominator(2 * self.degree)
        if isinstance(self.distribution, Sphere):  # a numerator is at most (2d - 1)!!
            bound = largest * largest * Sphere(1).moment_denominator(2 * self.degree)
        wide = np.int64 if bound < 1 << 62 else object
        # For each pair the smaller orbit is walked; the other one stands still.
        result = self._walked(rows, columns, wide, ties=True)
        return result + self._walked(columns, rows, wide, ties=False).T

    def _from_values(self, rows: Sequence[int], columns: Sequence[int]) -> NDArray[Any]:
        """The entries as sums over the points of a finite law."""
        weights, values = self._values
        left, right = ([values[self._index(i)] for i in part] for part in (rows, columns))
        largest = max((int(np.abs(row).max()) for row in (*left, *right)), default=0)
        # The weights are over a common denominator: their sum is that denominator.
        wide = np.int64 if largest * largest * sum(weights) < 1 << 62 else object
        first, second = (
            np.array(part, dtype=wide).reshape(len(part), len(weights)) for part in (left, right)
        )
        product: NDArray[Any] = (first * np.array(weights, dtype=wide)) @ second.T
        return product

    @cached_property
    def _values(self) -> tuple[list[int], list[NDArray[Any]]]:
        """Weights of the points of a finite law, and members at these points, as integers."""
        law = self.distribution
        assert isinstance(law, FiniteJoint)
        top, scale = law.moment_denominator(0), law.coordinate_denominator
        points = [[int(x * scale) for x in at] for at in law.points]
        largest = max(1, *(abs(x) for at in points for x in at)) ** self.degree
        wide = np.int64 if largest * max(self.orbit_sizes) < 1 << 62 else object
        powers = [np.array(points, dtype=wide) ** e for e in range(self.degree + 1)]
        values = []
        for index in range(len(self)):
            total = np.zeros(len(points), dtype=wide)
            for element in self._elements(index).tolist():
                term = np.ones(len(points), dtype=wide)
                for i, e in enumerate(element):
                    if e:
                        term = term * powers[e][:, i]
                total = total + term
            values.append(total)
        return [int(w * top) for w in law.weights], values

    def _walked(
        self, still: Sequence[int], walked: Sequence[int], wide: Any, *, ties: bool
    ) -> NDArray[Any]:
        """The entries for which the walked orbit is the smaller one (or not larger), else 0."""
        law = self.distribution
        assert not isinstance(law, FiniteJoint)
        order = sorted(range(len(walked)), key=lambda b: self.orbit_sizes[walked[b]])
        sizes = [self.orbit_sizes[walked[b]] for b in order]
        result = np.zeros((len(still), len(walked)), dtype=wide)
        most = max((self.orbit_sizes[i] for i in still), default=0)
        reach = sum(size <= most - (not ties) for size in sizes)
        if not reach:
            return result
        elements = np.concatenate([self._elements(walked[b]) for b in order[:reach]])
        ends = np.cumsum(sizes)
        for a, i in enumerate(still):
            size = self.orbit_sizes[i]
            count = int(np.searchsorted(sizes, size, side="right" if ties else "left"))
            if count:
                sums = elements[: ends[count - 1]] + self.representatives[i].astype(np.int16)
                moments = law.moment_numerators(sums, 2 * self.degree).astype(wide)
                starts = np.concatenate([[0], ends[: count - 1]])
                result[a, order[:count]] = size * np.add.reduceat(moments, starts)
        return result

    def _elements(self, index: int) -> NDArray[np.int16]:
        """The exponent vectors of an orbit."""
        known: dict[int, NDArray[np.int16]] = self._expanded
        if index not in known:
            orbit = orbit_elements(self.group, self.representatives[index].tolist())
            known[index] = np.array(list(orbit), dtype=np.int16).reshape(-1, self.group.degree)
        return known[index]

    @cached_property
    def _expanded(self) -> dict[int, NDArray[np.int16]]:
        return {}

    def gram_exact(self, i: int, j: int) -> Fraction:
        """|O|·Σ_{γ∈P} E[x^{α+γ}] (M23)."""
        return self.scale * int(self.gram_integers([self._index(i)], [self._index(j)])[0, 0])

    def _gram_entries(self, chosen: Sequence[int]) -> dict[tuple[int, int], Any]:
        return scaled_entries(self.gram_integers(chosen, chosen), self.scale)

    def gram_entry_slow(self, i: int, j: int) -> Fraction:
        """A sum over the points of a small slice; else both multiplied out, then moments."""
        first, second = self[i], self[j]
        law = self.distribution
        if isinstance(law, Slice) and law.support_size <= _MOST_POINTS:
            values = (p * first(x) * second(x) for x, p in law.support())
            return sum(values, Fraction(0))
        return law.inner_product_via_moments(first.terms(), second.terms())


def _short(law: Sphere | Slice | FiniteJoint) -> str:
    """The law without its dimension; points by eight digits of a digest."""
    if isinstance(law, Sphere):
        return "sphere"
    if isinstance(law, Slice):
        return f"slice({law.weight})"
    content = ";".join(f"{w}:{','.join(map(str, x))}" for x, w in law.support())
    return f"finite-joint {sha256(content.encode()).hexdigest()[:8]}"


class MomentInvariantPolynomial(OrbitSum):
    """One monomial orbit sum s_O."""

    __slots__ = ()

    def __call__(self, x: Sequence[object]) -> Fraction:
        """The exact value at a rational point."""
        at = point(x, self.family.group.degree)
        total = Fraction(0)
        for element in self.orbit():
            term = Fraction(1)
            for value, e in zip(at, element, strict=True):
                if e:
                    term *= value**e
            total += term
        return total

    def terms(self) -> Terms:
        """{monomial exponents: coefficient}."""
        return {element: Fraction(1) for element in sorted(self.orbit())}
