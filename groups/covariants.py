"""Equivariant polynomial maps between permutation representations (covariants).

A map f from vectors over the points to vectors over another G-set is equivariant when ``f(g·x) =
g·f(x)``. It is
determined by one component for each orbit of the target: the component at j is any polynomial
invariant under the stabiliser of j, and the component at g(j) is that polynomial moved by g.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from groups.errors import MembershipError, ParameterError
from groups.invariants import Exponent, InvariantPolynomial
from groups.permutations import Permutation

if TYPE_CHECKING:
    from groups.group import PermutationGroup


@dataclass(frozen=True, slots=True)
class EquivariantMap:
    """One equivariant map.

    Attributes:
        component: the polynomial at target point `point`, invariant under its stabiliser.
        point: least point of an orbit of the target.
        target_degree: number of points of the target.
        movers: for each point of that orbit a pair (source permutation, point) that takes `point`
            there.

    Examples:
        >>> from groups import PermutationGroup
        >>> maps = equivariant_maps(PermutationGroup(["(1,2,3)", "(1,2)"]), 1)
        >>> [[str(c) for c in f.components_text()] for f in maps]
        [['x3 + x2', 'x3 + x1', 'x2 + x1'], ['x1', 'x2', 'x3']]
    """

    component: InvariantPolynomial
    point: int
    target_degree: int
    movers: tuple[tuple[Permutation, int], ...]

    def components(self) -> list[dict[Exponent, Any]]:
        """One dictionary of terms for each point of the target (empty where the map is zero)."""
        result: list[dict[Exponent, Any]] = [{} for _ in range(self.target_degree)]
        for g, j in self.movers:
            result[j] = self.component.moved(g)
        return result

    def components_text(self) -> list[str]:
        """The components as texts."""
        texts = ["0"] * self.target_degree
        for g, j in self.movers:
            terms = tuple(self.component.moved(g).items())
            f = InvariantPolynomial(self.component.group, terms[0][0], len(terms), None, terms)
            texts[j] = str(f)
        return texts

    def __call__(self, x: Sequence[Any]) -> tuple[Any, ...]:
        """The exact image of a point."""
        values: list[Any] = [0] * self.target_degree
        for g, j in self.movers:
            values[j] = self.component((~g).act_on_vector(tuple(x)))
        return tuple(values)


def equivariant_maps(
    group: PermutationGroup, degree: int, target: Sequence[Any] | None = None
) -> tuple[EquivariantMap, ...]:
    """A basis of the equivariant polynomial maps, homogeneous of one degree.

    Arguments:
        group: the group G acting on the variables.
        degree: degree >= 0 of the components.
        target: what each generator of G does to the points of the target, as permutations, image
            lists or cycle strings of one degree; by default G's own points.

    Returns:
        Maps ordered by target orbit, then as the invariants of its stabiliser. Their number is the
        mean over G of the fixed points on the target times the trace on polynomials, and this is
        checked.

    Raises:
        ParameterError: another number of permutations than generators. MembershipError: they do not
            define a homomorphism.

    Complexity:
        That of the bases of invariants of the stabilisers.

    Source:
        Frobenius reciprocity; the count is M5 for the permutation character of the target.

    Examples:
        >>> from groups import PermutationGroup
        >>> G = PermutationGroup(["(1,2,3,4)", "(1,3)"])
        >>> len(equivariant_maps(G, 2)), equivariant_maps(G, 1)[-1]([5, 6, 7, 8])
        (7, (5, 6, 7, 8))
    """
    from groups.group import PermutationGroup

    n = group.degree
    images = list(group.generators) if target is None else [Permutation(t) for t in target]
    if len(images) != len(group.generators):
        raise ParameterError(
            f"target: must have one permutation for each of the {len(group.generators)} "
            "generators, got "
            f"{len(images)}; list them in the order of group.generators"
        )
    m = images[0].degree if images else n
    if any(p.degree != m for p in images):
        raise ParameterError(
            f"target: all permutations need one degree, got {sorted({p.degree for p in images})}; "
            "write image lists of full length"
        )
    # G together with its images acts on n + m points; the order stays |G| exactly for a
    # homomorphism.
    joint = PermutationGroup(
        [
            np.concatenate([g.images, n + t.images])
            for g, t in zip(group.generators, images, strict=True)
        ],
        degree=n + m,
    )
    if joint.order != group.order:
        raise MembershipError(
            "target: the images of the generators must define a homomorphism, got a relation of "
            f"{group!r} "
            "that they break; take them from an action of the group"
        )
    maps = []
    for orbit in joint.orbits():
        j = min(orbit)
        if j < n:
            continue
        fixing = joint.stabilizer(j)
        stabilizer = PermutationGroup(
            [g.images[:n] for g in fixing.generators], degree=n, known_order=fixing.order
        )
        movers = tuple(
            (Permutation(g.images[:n]), point - n)
            for point, g in sorted(joint.transversal(j).items())
        )
        maps += [EquivariantMap(f, j - n, m, movers) for f in stabilizer.invariant_basis(degree)]
    expected = _count(joint, n, degree)
    if len(maps) != expected:
        raise AssertionError(f"{len(maps)} equivariant maps where the characters say {expected}")
    return tuple(maps)


def _count(joint: PermutationGroup, n: int, degree: int) -> int:
    """Mean of fixed points on the target times the trace on polynomials, over the joint group."""
    from groups.characters import complete_symmetric_trace

    classes = joint.conjugacy_classes()
    total = Fraction(0)
    for row, size in zip(classes.representatives, classes.sizes, strict=True):
        fixed = int((row[n:] == np.arange(n, joint.degree)).sum())
        if fixed:
            trace = complete_symmetric_trace(Permutation(row[:n]).cycle_type, degree)
            total += Fraction(size * fixed * trace, joint.order)
    return int(total)
