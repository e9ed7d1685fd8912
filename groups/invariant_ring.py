"""The ring of invariant polynomials of a permutation group: degrees and a minimal generating set.

The elementary symmetric polynomials are primary invariants; the ring is free over them, with
secondary invariants whose degrees the Molien series tells. No Gröbner basis is needed:

* up to degree n the invariants of each degree are held on orbit sums, and products of generators
  are expanded exactly; what they do not span needs new generators;
* above degree n it is enough to span the quotient by the elementary symmetric polynomials.
  Deforming e_n = 0 to e_n = ±1 turns this quotient into the functions on the points whose
  coordinates are all the n-th roots of unity, up to the group (A. Borie, N. M. Thiéry 2011):
  invariants of degree d become vectors, and the products of degree at most d and congruent to d
  modulo n span as many dimensions as there are secondary invariants of these degrees exactly when
  they generate. Ranks are taken modulo a prime; full rank modulo a prime is full rank over Q, so
  that nothing rests on the prime.

Abelian groups are diagonal over a larger field and go another way (`groups.zero_sum_generators`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from groups.cyclotomics import power_basis_images
from groups.dixon import dixon_prime
from groups.errors import ParameterError, TooLargeError
from groups.invariants import InvariantPolynomial
from groups.isotypic import Monomials
from groups.molien import secondary_degrees
from groups.stabilizer_tower import compose_rows
from groups.zero_sum_generators import is_diagonalised, zero_sum_generators

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = NDArray[np.int64]
_MOST_POINTS = 60_000
_MOST_PRODUCT_CELLS = 60_000_000


@dataclass(frozen=True, slots=True)
class InvariantRing:
    """What is known about the invariant ring of a group.

    Attributes:
        group: the group, of degree n.
        primary_degrees: 1 … n, the elementary symmetric polynomials.
        secondary_degrees: entry d is the number of secondary invariants of degree d.
        generators: orbit sums that minimally generate the ring, by degree (up to `degree_bound`).
        degree_bound: no generator of higher degree was looked for.
        is_complete: whether the generators are proved to generate the whole ring.

    Examples:
        >>> from groups import PermutationGroup
        >>> ring = invariant_ring(PermutationGroup(["(1,2,3,4)"]))
        >>> ring.generator_degrees, ring.is_complete, ring.secondary_degrees
        ((1, 2, 2, 3, 3, 4, 4), True, (1, 0, 1, 1, 2, 1))
    """

    group: PermutationGroup
    primary_degrees: tuple[int, ...]
    secondary_degrees: tuple[int, ...]
    generators: tuple[InvariantPolynomial, ...]
    degree_bound: int
    is_complete: bool

    @property
    def generator_degrees(self) -> tuple[int, ...]:
        """Degrees of the minimal generators, increasing; they do not depend on the generators
        chosen.
        """
        return tuple(sum(g.representative) for g in self.generators)


def goebel_bound(n: int) -> int:
    """Degree that no minimal generator exceeds: max(n, n(n-1)/2).

    Source:
        M. Göbel, Computing bases for rings of permutation-invariant polynomials, J. Symbolic
        Comput. 19 (1995).
    """
    return max(n, n * (n - 1) // 2)


def noether_bound(group: PermutationGroup) -> int:
    """A degree that no minimal generator exceeds, by the order of the group alone.

    It is ``|G|`` for cyclic groups, and otherwise ``3|G|/4`` or, for odd order, ``5|G|/8``.

    Source:
        E. Noether 1916; M. Domokos, P. Hegedűs, Noether's bound for polynomial invariants of finite
        groups, Arch. Math. 74 (2000); M. Sezer, J. Algebra 254 (2002).

    Examples:
        >>> from groups import PermutationGroup
        >>> noether_bound(PermutationGroup(["(1,2,3,4)"]))
        4
        >>> noether_bound(PermutationGroup(["(1,2,3)", "(1,2)"]))
        4
    """
    order = group.order
    if group.is_abelian and math.lcm(1, *(g.order for g in group.generators)) == order:
        return order
    return order * 3 // 4 if order % 2 == 0 else order * 5 // 8


def invariant_ring(group: PermutationGroup, max_degree: int | None = None) -> InvariantRing:
    """A minimal generating set of the ring of invariants.

    Arguments:
        group: a permutation group of degree n.
        max_degree: look for generators up to this degree; by default up to the bound beyond which
            there are none (the least of Göbel's, Noether's and the largest degree of a secondary
            invariant, see `goebel_bound` and `noether_bound`).

    Returns:
        `InvariantRing`; with the default degree it is complete.

    Raises:
        ParameterError: bad degree. TooLargeError: n!/|G| secondary invariants are out of reach, or
            the products of low degree are; the message has the number.

    Complexity:
        Cubic in n!/(n |G|) for each residue of degrees modulo n, unless the group is abelian.

    Source:
        A. Borie, N. M. Thiéry, An evaluation approach to computing invariants rings of permutation
        groups, 2011; S. King, Minimal generating sets of non-modular invariant rings, 2013.

    Examples:
        >>> from groups import PermutationGroup
        >>> invariant_ring(PermutationGroup(["(1,2,3,4)", "(1,3)"])).generator_degrees
        (1, 2, 2, 3, 4)
    """
    n = group.degree
    if max_degree is not None and (isinstance(max_degree, bool) or max_degree < 0):
        raise ParameterError(
            f"max_degree: must be an integer >= 0, got {max_degree!r}; leave it out for all "
            "generators"
        )
    if n == 0:
        return InvariantRing(group, (), (1,), (), 0, True)
    secondary = secondary_degrees(group)
    last = min(max(n, len(secondary) - 1), noether_bound(group))
    bound = last if max_degree is None else min(max_degree, last)
    if is_diagonalised(group):
        return InvariantRing(
            group,
            tuple(range(1, n + 1)),
            secondary,
            tuple(zero_sum_generators(group, bound)),
            bound,
            bound == last,
        )
    if sum(secondary) > _MOST_POINTS and bound > n:
        raise TooLargeError(
            f"group: there are {sum(secondary)} secondary invariants, more than {_MOST_POINTS}; "
            f"give max_degree <= {n} to find the generators up to that degree"
        )
    low = _LowDegrees(group)
    for d in range(1, min(n, bound) + 1):
        low.extend(d)
    generators = list(low.generators)
    if bound > n:
        generators = _extend_by_evaluation(group, generators, secondary, bound, low)
    return InvariantRing(
        group, tuple(range(1, n + 1)), secondary, tuple(generators), bound, bound == last
    )


class _LowDegrees:
    """Exact linear algebra on orbit sums, degree by degree."""

    def __init__(self, group: PermutationGroup) -> None:
        self.group = group
        self.generators: list[InvariantPolynomial] = []
        self._spaces: dict[int, tuple[Monomials, Array, Array]] = {}

    def space(self, d: int) -> tuple[Monomials, Array, Array]:
        """Monomials of degree d, the number of the orbit of each, and the representatives."""
        if d not in self._spaces:
            space = Monomials(self.group, d)
            label = space.orbit_labels()
            least, number = np.unique(label, return_inverse=True)
            self._spaces[d] = (space, number.reshape(-1), space.rows[least])
        return self._spaces[d]

    def _is_first(self, f: InvariantPolynomial) -> bool:
        """Whether this is e, the sum of the orbit of the last variable."""
        return f.representative == (0,) * (self.group.degree - 1) + (1,)

    def _needed(self, d: int) -> Array:
        """Numbers of the orbit sums of degree d that complete the multiples of e to a basis.

        Representatives are least; their order is one of monomials, for which the leading term of a
        product is the product of leading terms. Leading terms of multiples of e are those of orbit
        sums of degree d - 1 times the last variable.
        """
        _, _, reps = self.space(d)
        kept = reps[:, -1] == 0
        lower = reps[~kept]
        lower = lower - np.eye(reps.shape[1], dtype=np.int64)[-1]
        if d > 0 and len(lower):
            smaller, number, leaders = self.space(d - 1)
            own = number[smaller.space.rank(lower)]
            kept[~kept] = (leaders[own] != lower).any(axis=1)
        return np.flatnonzero(kept)

    def product_matrix(self, generator: InvariantPolynomial, d: int, reduced: bool) -> Array:
        """Rows: orbit sums of degree d - i times the generator (of degree i), on orbit sums of
        degree d.

        The coefficient at a monomial γ of a product of orbit sums is the number of monomials α of
        the first orbit for which γ - α lies in the second. When `reduced`, only those rows that the
        multiples of e leave over.
        """
        i = sum(generator.representative)
        _, _, targets = self.space(d)
        space, number, reps = self.space(d - i)
        # Multiples of e times the generator are multiples of e.
        needed = self._needed(d - i) if reduced else np.arange(len(reps))
        row = np.full(len(reps), -1)
        row[needed] = np.arange(len(needed))
        cells = []
        for alpha in generator.terms():
            rest = targets - np.array(alpha)
            valid = np.flatnonzero((rest >= 0).all(axis=1))
            rows = row[number[space.space.rank(rest[valid])]]
            cells.append((rows * len(targets) + valid)[rows >= 0])
        counts = np.bincount(np.concatenate(cells), minlength=len(needed) * len(targets))
        return counts.reshape(len(needed), len(targets))

    def extend(self, d: int) -> list[InvariantPolynomial]:
        """Add the generators of degree d: orbit sums that complete the products of lower ones to a
        basis.
        """
        _, _, reps = self.space(d)
        # A product has a factor of degree at most d/2, and then a generator of such a degree
        # divides terms.
        blocks = [
            self.product_matrix(g, d, not self._is_first(g))
            for g in self.generators
            if 2 * sum(g.representative) <= d
        ]
        rows = np.concatenate(blocks) if blocks else np.zeros((0, len(reps)), dtype=np.int64)
        if rows.size > _MOST_PRODUCT_CELLS:
            raise TooLargeError(
                f"degree: products of degree {d} need a matrix of {rows.size} entries; lower "
                "max_degree"
            )
        k = len(reps)
        pivots = exact_pivots(rows) if len(rows) else set()
        sizes = np.bincount(self.space(d)[1], minlength=k)
        # An orbit sum without a pivot is independent of the products and of the earlier ones
        # without.
        fresh = [
            InvariantPolynomial(self.group, tuple(reps[j].tolist()), int(sizes[j]))
            for j in range(k)
            if j not in pivots
        ]
        self.generators += fresh
        return fresh


def exact_pivots(rows: Array) -> set[int]:
    """Pivot columns over Q of an integer matrix with many more rows than its rank.

    Rows independent modulo a prime are independent. That they span all rows is proved by their null
    space, which must be orthogonal to every row.

    Examples:
        >>> sorted(exact_pivots(np.array([[1, 2, 3], [2, 4, 6], [0, 0, 5]])))
        [0, 2]
    """
    p = 2**31 - 1
    while True:
        pivots, free, coefficients, chosen = _row_space(rows, p)
        if not len(free) or not rows.any():
            return set(pivots)
        if not pivots:  # all entries are multiples of the prime
            p = _previous_prime(p)
            continue
        # The columns of pivots are independent over Q as well. When the others are combinations of
        # them, and of none to their right, this is the echelon form over Q.
        numerators, denominators = _lifted(coefficients, p) or _solved(
            rows[chosen], pivots, free, p
        )
        in_echelon = all(
            column < j or numerators[i][c] == 0
            for c, j in enumerate(free.tolist())
            for i, column in enumerate(pivots)
        )
        if in_echelon and _is_product(rows, pivots, free, numerators, denominators):
            return set(pivots)
        # The prime divided a minor: another one.
        p = _previous_prime(p)


def _row_space(rows: Array, p: int) -> tuple[list[int], Array, Array, Array]:
    """Pivot columns, other columns, the part of the reduced echelon form modulo p in these, and
    numbers of rows that span.

    A few rows are reduced; the null space of these tells which others are outside their span.
    """
    import flint

    count, k = rows.shape
    step = next(s for s in range(5 * count // 8 + 1, 3 * count + 3) if math.gcd(s, count) == 1)
    waiting = np.arange(count) * step % count
    chosen = waiting[:0]
    pivots: list[int] = []
    free = np.arange(k)
    coefficients = np.zeros((0, k), dtype=np.int64)
    while len(waiting) and len(free):
        size = 5 * (k - len(pivots)) // 4 + 16
        chosen, waiting = np.concatenate([chosen, waiting[:size]]), waiting[size:]
        part = rows[chosen] % p
        reduced, rank = flint.nmod_mat(len(part), k, part.ravel().tolist(), p).rref()
        pivots = []
        for i in range(rank):
            column = pivots[-1] + 1 if pivots else 0
            while int(reduced[i, column]) == 0:
                column += 1
            pivots.append(column)
        free = np.setdiff1d(np.arange(k), pivots)
        coefficients = np.array(
            [[int(reduced[i, j]) for j in free.tolist()] for i in range(rank)], dtype=np.int64
        ).reshape(rank, len(free))
        rest = rows[waiting]
        outside = (rest[:, free] - _product(rest[:, pivots], coefficients, p)) % p
        waiting = waiting[outside.any(axis=1)]
    return pivots, free, coefficients, chosen


def _product(a: Array, b: Array, p: int) -> Array:
    """``a b`` modulo p < 2^31, exactly: entries of b are cut in two, long sums into parts."""
    a = a % p
    high, low = b >> 16, b & 0xFFFF
    total = np.zeros((a.shape[0], b.shape[1]), dtype=np.int64)
    for start in range(0, a.shape[1], 1 << 15):
        part = slice(start, start + (1 << 15))
        top = (a[:, part] @ high[part]) % p
        total = (total + (top << 16) + a[:, part] @ low[part]) % p
    return total


Columns = tuple[list[list[int]], list[int]]
"""Rows of numerators, and one denominator for each column."""


def _lifted(coefficients: Array, p: int) -> Columns | None:
    """Fractions with small numerators and denominators that are equal to these modulo p, if any.

    They are a guess, to be proved.
    """
    bound = math.isqrt(p // 2)
    columns, denominators = [], []
    for column in coefficients.T.tolist():
        pairs = []
        for x in column:
            r0, r1, t0, t1 = p, x, 0, 1
            while r1 > bound:
                q = r0 // r1
                r0, r1, t0, t1 = r1, r0 - q * r1, t1, t0 - q * t1
            if abs(t1) > bound:
                return None
            pairs.append((r1, t1) if t1 > 0 else (-r1, -t1))
        denominator = math.lcm(1, *(t for _, t in pairs))
        columns.append([r * (denominator // t) for r, t in pairs])
        denominators.append(denominator)
    return [list(row) for row in zip(*columns, strict=True)], denominators


def _solved(rows: Array, pivots: list[int], free: Array, p: int) -> Columns:
    """The same over Q, for entries that do not fit: rows that span, p-adic lifting inside."""
    import flint

    independent = rows[_independent(rows % p, len(pivots), p, indices=True)]
    square = flint.fmpq_mat(flint.fmpz_mat(independent[:, pivots].tolist()))
    others = flint.fmpq_mat(flint.fmpz_mat(independent[:, free].tolist()))
    numerators, denominator = square.solve(others).numer_denom()
    return [[int(x) for x in row] for row in numerators.tolist()], [int(denominator)] * len(free)


def _is_product(
    rows: Array, pivots: list[int], free: Array, numerators: list[list[int]], scale: list[int]
) -> bool:
    """Whether columns of pivots times these coefficients are the other columns of all rows."""
    largest = max(max(abs(x) for row in numerators for x in row), *scale)
    weight = int(np.abs(rows).sum(axis=1).max(initial=0))
    # Beyond 63 bits Python's integers.
    kind = np.int64 if largest * (weight + 1) < 2**62 else object
    left = rows[:, pivots].astype(kind) @ np.array(numerators, dtype=kind)
    return bool((left == rows[:, free].astype(kind) * np.array(scale, dtype=kind)).all())


def _previous_prime(p: int) -> int:
    import flint

    p -= 2
    while not flint.fmpz(p).is_prime():
        p -= 2
    return p


def _coset_points(group: PermutationGroup) -> Array:
    """One bijection σ from points to 0..n-1 for each coset σG, up to adding constants modulo n.

    σ is the least of its coset (base points first) exactly when ``σ(b_i)`` is the least value on
    the orbit of b_i in the i-th stabiliser, for each level of the chain.
    """
    n, chain = group.degree, group.chain
    order = [*chain.base, *(p for p in range(n) if p not in chain.base)]
    limits: dict[int, list[int]] = {p: [] for p in range(n)}
    for level in chain.levels:
        for p in level.orbit:
            if p != level.base_point:
                limits[p].append(level.base_point)
    rows = np.full((1, n), -1)
    for p in order:
        repeated = np.repeat(rows, n, axis=0)
        values = np.tile(np.arange(n), len(rows))
        kept = ~(repeated == values[:, None]).any(axis=1)
        for b in limits[p]:
            kept &= repeated[:, b] < values
        rows = repeated[kept]
        rows[:, p] = values[kept]
    weights = np.array([n**i for i in range(n)], dtype=object if n > 15 else np.int64)

    def canonical(sigma: Array) -> Array:
        for i, level in enumerate(chain.levels):
            orbit = np.array(level.orbit)
            reps = np.array([chain.transversal_element(i, int(p)) for p in orbit])
            best = sigma[:, orbit].argmin(axis=1)
            sigma = compose_rows(sigma, reps[best])
        return sigma

    keys = rows @ weights
    by_key = np.argsort(keys)
    label = np.arange(len(rows))
    move = by_key[np.searchsorted(keys[by_key], canonical((rows + 1) % n) @ weights)]
    for _ in range(n):
        label = np.minimum(label, label[move])
    return rows[np.unique(label)]


def _extend_by_evaluation(
    group: PermutationGroup,
    generators: list[InvariantPolynomial],
    secondary: tuple[int, ...],
    bound: int,
    low: _LowDegrees,
) -> list[InvariantPolynomial]:
    """Generators of degree above n: see the head of this module."""
    n = group.degree
    p, root = dixon_prime(n, 2**20)
    powers = power_basis_images(n, p, root)
    points = _coset_points(group)

    def evaluate(f: InvariantPolynomial) -> Array:
        exponents = np.array(list(f.terms()))
        total = np.zeros(len(points), dtype=np.int64)
        for start in range(0, len(exponents), 64):
            total += powers[exponents[start : start + 64] @ points.T % n].sum(axis=0)
        return total % p

    values = [evaluate(g) for g in generators]
    degrees = [sum(g.representative) for g in generators]
    spans: dict[int, Array] = {r: np.zeros((0, len(points)), dtype=np.int64) for r in range(n)}
    # basis[d]: values of products that complete those of degree d - n, d - 2n, … to a basis.
    basis: dict[int, Array] = {0: np.ones((1, len(points)), dtype=np.int64)}
    spans[0] = basis[0]
    for d in range(1, bound + 1):
        wanted = secondary[d] if d < len(secondary) else 0
        basis[d] = np.zeros((0, len(points)), dtype=np.int64)
        if not wanted:
            continue
        span = spans[d % n]
        target = len(span) + wanted
        # The elementary symmetric polynomials below e_n are zero at the points.
        factors = [
            (g, b)
            for g in range(len(generators))
            if degrees[g] < d and values[g].any()
            for b in range(len(basis[d - degrees[g]]))
        ]
        # Products taken in long strides are more often independent than neighbours; any order is
        # sound.
        count = len(factors)
        stride = next(
            s for s in range(5 * count // 8 + 1, 3 * count + 3) if math.gcd(s, count) == 1
        )
        factors = [factors[k * stride % count] for k in range(count)]
        factors = [(g, 0) for g in range(len(generators)) if degrees[g] == d] + factors
        start = 0
        while start < len(factors) and len(span) < target:
            size = 3 * (target - len(span)) // 2 + 16
            chosen = factors[start : start + size]
            rows = np.array([values[g] * basis[d - degrees[g]][b] % p for g, b in chosen])
            span = _independent(np.concatenate([span, rows]), target, p)
            start += size
        if len(span) < target and d > n:
            # Exact linear algebra decides how many generators are missing, whatever the prime says.
            low.generators = list(generators)
            fresh = low.extend(d)
            generators = list(low.generators)
            values += [evaluate(g) for g in fresh]
            degrees += [d] * len(fresh)
            span = _independent(
                np.concatenate([span, *(v[None, :] for v in values[len(values) - len(fresh) :])]),
                target,
                p,
            )
        if len(span) != target:
            raise AssertionError("generators must span as many dimensions as the Molien series has")
        basis[d] = span[len(spans[d % n]) :]
        spans[d % n] = span
    return generators


def _independent(rows: Array, limit: int, p: int, *, indices: bool = False) -> Array:
    """The first rows that are independent modulo p of those before, at most `limit`; or their
    numbers.
    """
    import flint

    matrix = flint.nmod_mat(rows.shape[1], rows.shape[0], rows.T.ravel().tolist(), p)
    reduced, rank = matrix.rref()
    chosen = []
    column = 0
    for i in range(min(rank, limit)):
        while int(reduced[i, column]) == 0:
            column += 1
        chosen.append(column)
        column += 1
    return np.array(chosen, dtype=np.int64) if indices else rows[chosen]
