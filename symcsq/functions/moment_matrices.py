"""Orbit sums of monomials under laws that are not products: Gram matrices from moments alone.

For any law preserved by G, ⟨Σ_{β∈O} x^β, Σ_{γ∈P} x^γ⟩ = |O|·Σ_{γ∈P} E[x^{α+γ}] with α in O, so only
one orbit of each pair is walked (MATH.md section 2, "not product, still exact").
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symcsq.distributions import JointDistribution
from symcsq.errors import ExpansionError
from symcsq.functions.orbit_elements import orbit_elements

__all__ = ["orbit_moment_matrix"]


def orbit_moment_matrix(
    group: Any, distribution: JointDistribution, representatives: Sequence[Sequence[int]]
) -> list[list[Fraction]]:
    """The Gram matrix of the monomial orbit sums Σ_{β∈G·α} x^β.

    Arguments:
        group: a `PermutationGroup` that preserves the law.
        distribution: a law on R^n, n the degree of the group.
        representatives: exponent vectors, one for each orbit.

    Returns:
        A symmetric matrix of Fractions, in the order of the representatives.

    Raises:
        ExpansionError: the dimension differs from the degree, or a generator moves the law.

    Complexity: N·Σ|O| moments for N orbits.

    Source: MATH.md section 2.

    Examples:
        >>> from groups import PermutationGroup
        >>> from symcsq.distributions import Sphere
        >>> S3 = PermutationGroup(["(1,2,3)", "(1,2)"])
        >>> [
        ...     [str(v) for v in row]
        ...     for row in orbit_moment_matrix(S3, Sphere(3), [(0, 0, 2), (0, 1, 1)])
        ... ]
        [['1', '0'], ['0', '1/5']]
    """
    if distribution.dimension != group.degree:
        raise ExpansionError(
            f"distribution: must be on {group.degree} coordinates, got {distribution}; "
            f"write .on({group.degree})"
        )
    for index, generator in enumerate(group.generators):
        if not distribution.preserves(generator):
            raise ExpansionError(
                f"group: must preserve the distribution, generator {index} = {generator} moves "
                f"{distribution}; use equal laws on each orbit of points"
            )
    orbits = [list(orbit_elements(group, alpha)) for alpha in representatives]
    moments: dict[tuple[int, ...], Fraction] = {}
    matrix = [[Fraction(0)] * len(orbits) for _ in orbits]
    for i, alpha in enumerate(orbits):
        for j in range(i, len(orbits)):
            # Walk the smaller orbit; the other is represented by its first element.
            fixed, walked, size = alpha[0], orbits[j], len(alpha)
            if len(orbits[j]) > len(alpha):
                fixed, walked, size = orbits[j][0], alpha, len(orbits[j])
            total = Fraction(0)
            for gamma in walked:
                key = tuple(map(int.__add__, fixed, gamma))
                if key not in moments:
                    moments[key] = distribution.moment(key)
                total += moments[key]
            matrix[i][j] = matrix[j][i] = size * total
    return matrix
