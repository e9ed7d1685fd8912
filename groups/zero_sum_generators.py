"""Minimal generators of the invariants of abelian groups, by minimal zero-sum sequences.

Over a field with enough roots of unity an abelian group is diagonal: each orbit has one variable
y_χ for each character χ of the group acting on it, and a monomial in these variables is invariant
exactly when the product of its characters is trivial. Such monomials form a monoid; those that are
not products of two others, the minimal zero-sum sequences of the dual group, are a basis of the
invariants modulo products of invariants of lower degree. The space of products of lower degree is
defined over Q, so that its codimension is the same over Q and over Q(ζ): the number of generators
of each degree is known without linear algebra.

Which orbit sums generate is then decided by the coefficients of those monomials in them, one row an
orbit sum. These are numbers of Z[ζ]; their images in a prime field p = 1 mod the exponent have at
most the same rank, so that rows independent there, as many as there are minimal sequences, prove
that the orbit sums are a basis modulo products. Nothing rests on the prime.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from groups.cyclotomics import power_basis_images
from groups.dixon import dixon_prime
from groups.errors import TooLargeError
from groups.invariants import InvariantPolynomial

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = NDArray[np.int64]
_MOST_ELEMENTS = 5_000
_MOST_SEQUENCES = 400_000


def is_diagonalised(group: PermutationGroup) -> bool:
    """Whether this module takes the group: abelian, with a dual group small enough to tabulate."""
    return group.order <= _MOST_ELEMENTS and group.is_abelian


def exponent_of(group: PermutationGroup) -> int:
    """The exponent of an abelian group."""
    return math.lcm(1, *(g.order for g in group.generators))


def orbit_characters(group: PermutationGroup, orbit: Sequence[int]) -> tuple[Array, Array]:
    """The characters of an abelian group on one orbit.

    Returns:
        For each character a row: its exponents (of a root of unity whose order is the exponent of
        the group) at the elements that move the first point of the orbit to each of its points, in
        the order of `orbit`; and a row with its exponents at the generators.

    Examples:
        >>> from groups import PermutationGroup
        >>> values, weights = orbit_characters(PermutationGroup(["(1,2,3)"]), [0, 1, 2])
        >>> values.tolist(), weights.tolist()
        ([[0, 0, 0], [0, 1, 2], [0, 2, 1]], [[0], [1], [2]])
    """
    e = exponent_of(group)
    points = np.array(orbit[:1])
    position = {int(points[0]): 0}
    values = np.zeros((1, 1), dtype=np.int64)
    weights = np.zeros((1, 0), dtype=np.int64)
    for g in group.generators:
        # The group is regular on the orbit: points stand for elements. A character of the group
        # made so far extends in as many ways as its value at the first power of g in it has roots.
        cosets, moved = [points], g.images[points]
        while int(moved[0]) not in position:
            cosets.append(moved)
            moved = g.images[moved]
        m, at_power = len(cosets), values[:, position[int(moved[0])]]
        roots = [at_power // m + j * (e // m) for j in range(m)]
        values = np.concatenate(
            [
                np.concatenate([(values + i * root[:, None]) % e for i in range(m)], axis=1)
                for root in roots
            ]
        )
        weights = np.concatenate([np.column_stack([weights, root]) for root in roots])
        points = np.concatenate(cosets)
        position = {int(x): i for i, x in enumerate(points)}
    return values[:, [position[int(x)] for x in orbit]], weights % e


def minimal_zero_sums(weights: Array, e: int, longest: int) -> list[tuple[int, ...]]:
    """The minimal zero-sum sequences of rows modulo e, as non-decreasing tuples of row numbers.

    Arguments:
        weights: one row for each variable. longest: sequences up to this length.

    Raises:
        TooLargeError: too many sequences have no zero sum.

    Examples:
        >>> minimal_zero_sums(np.array([[0], [1], [2]]), 3, 3)
        [(0,), (1, 1, 1), (1, 2), (2, 2, 2)]
    """
    names = [tuple(row) for row in weights.tolist()]
    zero = (0,) * weights.shape[1]
    elements = {zero: 0}
    queue = [zero]
    for a in queue:
        for w in names:
            b = tuple((x + y) % e for x, y in zip(a, w, strict=True))
            if b not in elements:
                elements[b] = len(elements)
                queue.append(b)
    # plus[j][a]: number of the element a + weight j.
    plus = [
        [elements[tuple((x + y) % e for x, y in zip(a, w, strict=True))] for a in queue]
        for w in names
    ]
    found: list[tuple[int, ...]] = []
    visited = 0

    def extend(sequence: tuple[int, ...], total: int, sums: frozenset[int]) -> None:
        """Sequences after one without a zero sum; `sums` holds 0 and the sums of its parts."""
        nonlocal visited
        visited += 1
        if visited > _MOST_SEQUENCES:
            raise TooLargeError(
                f"group: more than {_MOST_SEQUENCES} monomials have no invariant factor; give a "
                "lower max_degree"
            )
        for j in range(sequence[-1] if sequence else 0, len(names)):
            moved = plus[j]
            if moved[total] == 0:
                # A part that contains the new element and sums to zero leaves a part that does.
                found.append((*sequence, j))
            elif len(sequence) + 1 < longest:
                shifted = {moved[a] for a in sums}
                if 0 not in shifted:
                    extend((*sequence, j), moved[total], sums | shifted)

    if longest > 0:
        extend((), 0, frozenset([0]))
    return found


def zero_sum_generators(group: PermutationGroup, bound: int) -> list[InvariantPolynomial]:
    """Orbit sums that minimally generate the invariants of an abelian group up to a degree.

    Arguments:
        group: an abelian group of degree n >= 1 (see `is_diagonalised`). bound: the last degree.

    Returns:
        Generators by degree; of one degree, the lexicographically last ones that will do, in
        increasing order.

    Source:
        The head of this module; A. Geroldinger, F. Halter-Koch, Non-Unique Factorizations, 2006,
        for zero-sum sequences.

    Examples:
        >>> from groups import PermutationGroup
        >>> [str(f) for f in zero_sum_generators(PermutationGroup(["(1,2)(3,4)"]), 2)]
        ['x4 + x3', 'x2 + x1', 'x3*x4', 'x2*x3 + x1*x4', 'x1*x2']
    """
    n, e = group.degree, exponent_of(group)
    orbits = [sorted(orbit) for orbit in group.orbits()]
    # exponents[j, p]: the variable y_j has the exponent's root of unity at x_p, if p is in its
    # orbit.
    exponents = np.zeros((n, n), dtype=np.int64)
    present = np.zeros((n, n), dtype=np.int64)
    rows = []
    start = 0
    for orbit in orbits:
        values, weights = orbit_characters(group, orbit)
        exponents[start : start + len(orbit), orbit] = values
        present[start : start + len(orbit), orbit] = 1
        rows.append(weights)
        start += len(orbit)
    sequences = minimal_zero_sums(np.concatenate(rows), e, bound)
    generators: list[InvariantPolynomial] = []
    for d in range(1, bound + 1):
        minimal = [s for s in sequences if len(s) == d]
        if not minimal:
            continue
        table = group.orbits_on_exponents(d)
        chosen = _last_independent(table.representatives, minimal, exponents, present, e)
        generators += [
            InvariantPolynomial(
                group, tuple(table.representatives[i].tolist()), int(table.sizes[i])
            )
            for i in chosen
        ]
    return generators


def _last_independent(
    representatives: Array, minimal: list[tuple[int, ...]], exponents: Array, present: Array, e: int
) -> list[int]:
    """Numbers, increasing, of the last orbit sums that are a basis modulo products."""
    import flint

    bound = 2**20
    while True:
        p, root = dixon_prime(e, bound)
        values = power_basis_images(e, p, root)[exponents] * present % p
        taken = 0
        size = 2 * len(minimal) + 8
        columns = np.zeros((len(minimal), 0), dtype=np.int64)
        while taken < len(representatives):
            part = representatives[::-1][taken : taken + size]
            columns = np.concatenate(
                [columns, [_coefficients(part, s, values, p) for s in minimal]], axis=1
            )
            taken += len(part)
            size = taken
            matrix = flint.nmod_mat(len(minimal), taken, columns.ravel().tolist(), p)
            reduced, rank = matrix.rref()
            if rank == len(minimal):
                pivots: list[int] = []
                for i in range(rank):
                    column = pivots[-1] + 1 if pivots else 0
                    while int(reduced[i, column]) == 0:
                        column += 1
                    pivots.append(column)
                return sorted(len(representatives) - 1 - c for c in pivots)
        # Orbit sums span, so this prime divides a minor: another one.
        bound = p


def _coefficients(alphas: Array, sequence: tuple[int, ...], values: Array, p: int) -> Array:
    """The coefficient of a monomial in the variables y in each monomial x^α, up to a factor of α.

    x_p is the sum of ``values[j, p] y_j`` divided by the length of its orbit. Only divisors of the
    monomial are kept when the factors x_p are multiplied.
    """
    d = len(sequence)
    factors = np.repeat(np.tile(np.arange(alphas.shape[1]), len(alphas)), alphas.ravel()).reshape(
        -1, d
    )
    variables = sorted(set(sequence))
    full = tuple(sequence.count(j) for j in variables)
    layer = {(0,) * len(full): np.ones(len(alphas), dtype=np.int64)}
    for k in range(d):
        after: dict[tuple[int, ...], Array] = {}
        for i, j in enumerate(variables):
            step = values[j][factors[:, k]]
            for divisor, coefficient in layer.items():
                if divisor[i] < full[i]:
                    key = (*divisor[:i], divisor[i] + 1, *divisor[i + 1 :])
                    term = coefficient * step % p
                    after[key] = (after[key] + term) % p if key in after else term
        layer = after
    return layer[full]
