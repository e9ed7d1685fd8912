"""The proof that a chain is complete, with as few sifts as the structure allows.

Let S be the strong generators of a level, b its base point, O its orbit, K = ⟨S⟩, and let H = ⟨T⟩,
T ⊂ S, be the group of the next level, proved before. To show: K_b = H (then |K| = |O|·|H|).
Schreier's lemma would sift |S|·|O| elements; here (after Sims' *Verify*; Seress 2003, section 8.2)
a few conjugates are enough.

Split O into H-orbits O_j with representatives p_j, and choose t_j ∈ K with t_j(b) = p_j. For q =
h(p_j), h ∈ H, put u_q = h·t_j. Let X be the union of the cosets u_q·H.

**A.** If t_j⁻¹·H_{p_j}·t_j ≤ H for every j, the coset u_q·H does not depend on the choice of h, and
H·X = X.

**B.** Let z ∈ S∖T. Its preimage y = z⁻¹(b) is h(p_j) for some j and h ∈ H; put z' = z·h, so that
z'(p_j) = b. If t_j was chosen to be z'⁻¹, then z'·L·z'⁻¹ ≤ H for L = H_{p_j} by A. So if z'·u_q ∈ X
for one q in each L-orbit of O, then z'·X = X: for l ∈ L, z'·l·u_q·H = (z'·l·z'⁻¹)·z'·u_q·H ⊂ H·X =
X. If t_j came from another z, it is enough that z'·t_j, which fixes b, lies in H: then z is in the
group of H and the other.

A and B together give K·X = X. As X contains the identity, X = K, and the only coset over b is H.

Generators of H_{p_j}, whose order |H|/|O_j| is known, are at hand when that order is 1, when H
fixes p_j, when p_j is the next base point, and when a deeper level of the chain fixes p_j and has
that order. If p_j is a later base point, strong generators corrected to fix it may do: a lower
bound for the order of what they generate decides. Otherwise they are the Schreier generators of H
on O_j if these are few, or strong generators found by sifting uniform random elements of H_{p_j}
until the order is reached, so that this too is exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from groups.point_orbits import orbit_of, representatives

if TYPE_CHECKING:
    from groups.schreier_sims import Builder

# Schreier generators of H on one orbit that are still cheaper than a chain of the stabiliser.
_FEW = 96
# Entries of elements that wait to be sifted together.
_PENDING = 1 << 20

# How a failing element was made: factors from left to right, each with exponent ±1. A factor is the
# number of a strong generator or a path of transversal elements, as `Builder.sift` returns it.
Factor = tuple[Any, int]
Failure = tuple[Any, list[Factor]]
# An element that fixes the base point, claimed to lie in H, and a function that gives its factors.
Claim = tuple[Any, Callable[[], list[Factor]]]


class _Orbit:
    """An H-orbit, breadth first from its representative; parents: (position, strong generator)."""

    __slots__ = ("gens", "parents", "points", "t", "t_factors", "t_inverse")

    def __init__(self, points: list[int], parents: list[tuple[int, int]]) -> None:
        self.points = points
        self.parents = parents
        self.gens: list[Any] = []  # elements that generate H_p
        self.t: Any = None
        self.t_inverse: Any = None  # a table
        self.t_factors: list[Factor] = []


class LevelProof:
    """Proof of one level of a builder's chain; the levels below must have been proved."""

    def __init__(self, builder: Builder, i: int) -> None:
        self.b = builder
        self.i = i
        self.level = builder.levels[i]
        lower = builder.levels[i + 1 :]
        self.lower = lower
        self.inner: list[int] = lower[0].generators if lower else []
        inner = set(self.inner)
        self.lacking = [g for g in self.level.generators if g not in inner]
        self.order = math.prod([len(level.points) for level in lower])
        self.claims: list[Claim] = []
        self.orbits: list[_Orbit] = []
        self.place: dict[int, tuple[_Orbit, int]] = {}

    def run(self) -> Failure | None:
        """None when the stabiliser of the base point is the next level's group; else a witness."""
        if not self.lower:
            failure = self.b.prove_regular(self.level)
            return failure
        self.find_orbits()
        return self.prove()

    # -- H-orbits ---------------------------------------------------------------------------------

    def find_orbits(self) -> None:
        level = self.level
        target = self.lower[0].base_point
        seen: set[int] = set()
        starts = [level.base_point, target] if target in level.parents else [level.base_point]
        for start in [*starts, *level.points]:
            if start in seen:
                continue
            orbit = self.orbit_from(start)
            seen.update(orbit.points)
            orbit = self.with_stabilizer(orbit, start == target)
            self.orbits.append(orbit)
            for k, q in enumerate(orbit.points):
                self.place[q] = (orbit, k)

    def orbit_from(self, start: int) -> _Orbit:
        generators = [(g, self.b.strong[g]) for g in self.inner]
        seen = {start}
        points, parents = [start], [(-1, -1)]
        for k, p in enumerate(points):
            for g, s in generators:
                q = s[p]
                if q not in seen:
                    seen.add(q)
                    points.append(q)
                    parents.append((k, g))
        return _Orbit(points, parents)

    def with_stabilizer(self, orbit: _Orbit, is_next_base_point: bool) -> _Orbit:
        """The orbit, perhaps from another representative p, with generators of H_p."""
        strong = self.b.elements
        order = self.order // len(orbit.points)
        if order == 1 or orbit.points[0] == self.level.base_point:
            return orbit
        if len(orbit.points) == 1:
            orbit.gens = [strong[g] for g in self.inner]
            return orbit
        if is_next_base_point:
            orbit.gens = [strong[g] for g in self.lower[1].generators]
            return orbit
        depth, product = len(self.lower), 1
        while product < order:
            depth -= 1
            product *= len(self.lower[depth].points)
        if product == order:
            images = [self.b.strong[g] for g in self.lower[depth].generators]
            for p in orbit.points:
                if all(s[p] == p for s in images):
                    orbit = self.orbit_from(p)
                    orbit.gens = [strong[g] for g in self.lower[depth].generators]
                    return orbit
        inside = self.depth_of_base_point(orbit)
        if inside is not None:
            other = self.orbit_from(self.lower[inside].base_point)
            other.gens = self.corrected_generators(inside, order)
            if other.gens:
                return other
        if len(self.inner) * len(orbit.points) > _FEW:
            orbit.gens = self.stabilizer_from_known_order(orbit, order)
        if not orbit.gens:
            orbit.gens = self.schreier_generators(orbit)
        return orbit

    def depth_of_base_point(self, orbit: _Orbit) -> int | None:
        """The first lower level whose base point lies in the orbit."""
        points = set(orbit.points)
        for depth, level in enumerate(self.lower):
            if level.base_point in points:
                return depth
        return None

    def corrected_generators(self, depth: int, order: int) -> list[Any]:
        """Generators of H_p, p the base point of a lower level, by correcting strong generators to
        fix p.

        s in a level above that of p becomes g·s with g in the level of p and g(s(p)) = p; it moves
        the base points between as s did. The corrected elements and the levels under that of p
        generate a group whose order is at least the product of its orbits along the old base: if
        that is |H_p|, it is H_p. Empty if it is less.
        """
        b = self.b
        level = self.lower[depth]
        p = level.base_point
        rest = self.lower[depth + 1].generators if depth + 1 < len(self.lower) else []
        found = [b.elements[g] for g in rest]
        images = [b.strong[g] for g in rest]
        at_level = set(level.generators)
        product = math.prod([len(other.points) for other in self.lower[depth + 1 :]])
        for k in reversed(range(depth)):
            above = self.lower[k]
            for g in above.generators:
                if g in at_level:
                    continue
                at_level.add(g)
                image = b.strong[g][p]
                if image in level.parents:
                    x = b.apply(b.inverse_transversal(level, image), b.elements[g])
                    found.append(x)
                    images.append(b.indexable(x))
            product *= len(orbit_of(above.base_point, images))
        return found if product == order else []

    def schreier_generators(self, orbit: _Orbit) -> list[Any]:
        """All different Schreier generators of H_p."""
        b = self.b
        position = {q: k for k, q in enumerate(orbit.points)}
        along = [b.identity]
        for parent, g in orbit.parents[1:]:
            along.append(b.apply(b.tables[g], along[parent]))
        found: list[Any] = []
        for g in self.inner:
            for k, q in enumerate(orbit.points):
                image = position[b.strong[g][q]]
                if orbit.parents[image] == (k, g):
                    continue
                x = b.apply(b.tables[g], along[k])
                if b.differs(x, along[image]):
                    found.append(b.apply(b.inverse_table(along[image]), x))
        return b.distinct(found)

    def stabilizer_from_known_order(self, orbit: _Orbit, order: int) -> list[Any]:
        """Strong generators of H_p from random elements; empty if the order was not reached."""
        b = self.b
        position = {q: k for k, q in enumerate(orbit.points)}
        p = orbit.points[0]

        def element(source: Any) -> Any:
            x = b.identity
            for level in self.lower:
                point = level.points[int(source.random() * len(level.points))]
                x = b.apply(b.inverse_transversal(level, point), x)
            return self.without(orbit, position[x[p]], x)

        other = type(b)(b.n, [], known_order=order, random_elements=element)
        other.random_phase()
        if other.order < order:
            return []
        other.prune()
        return [other.elements[k] for k in other.kept]

    def along(self, orbit: _Orbit, position: int, x: Any) -> Any:
        """h·x, h ∈ H along the tree from the representative to a position."""
        b = self.b
        branch = []
        while position:
            position, g = orbit.parents[position]
            branch.append(g)
        for g in reversed(branch):
            x = b.apply(b.tables[g], x)
        return x

    def without(self, orbit: _Orbit, position: int, x: Any) -> Any:
        """h⁻¹·x for the same h."""
        b = self.b
        while position:
            position, g = orbit.parents[position]
            x = b.apply(b.inverse_tables[g], x)
        return x

    # -- conditions A and B -----------------------------------------------------------------------

    def prove(self) -> Failure | None:
        b = self.b
        base_point = self.level.base_point
        movers: list[tuple[Any, list[Factor], _Orbit]] = []
        for z in self.lacking:
            y = b.inverse_tables[z][base_point]
            orbit, position = self.place[int(y)]
            h = self.along(orbit, position, b.identity)
            # z' = z·h maps the representative to the base point.
            mover = b.apply(b.tables[z], h)
            factors = [(z, 1), *self.factors(h)]
            if orbit.t is None:
                orbit.t_inverse = b.table(mover)
                orbit.t = b.element_of(b.inverse_table(mover))
                orbit.t_factors = inverted(factors)
                movers.append((mover, factors, orbit))
            else:
                product = b.apply(b.table(mover), orbit.t)
                self.claims.append((product, partial(_joined, factors, orbit.t_factors)))
        for orbit in self.orbits:
            p = orbit.points[0]
            if orbit.t is None:
                orbit.t_inverse = b.inverse_transversal(self.level, p)
                orbit.t = b.element_of(b.inverse_table(orbit.t_inverse))
                orbit.t_factors = [([(self.level.parents, p)], 1)] if p != base_point else []
            for x in orbit.gens:
                conjugate = b.apply(orbit.t_inverse, b.apply(b.table(x), orbit.t))
                if b.differs(conjugate, x):  # x itself lies in H
                    self.claims.append((conjugate, partial(self.conjugate_factors, orbit, x)))
        failure = self.settle()
        for mover, factors, orbit in movers:
            if failure is None:
                failure = self.moves_cosets(mover, factors, orbit)
        return failure

    def moves_cosets(self, mover: Any, factors: list[Factor], orbit: _Orbit) -> Failure | None:
        """Condition B: z'·u_q ∈ X for one q in each orbit of L = H_p on O."""
        b = self.b
        table = b.table(mover)
        for q in representatives(self.level.points, [b.indexable(x) for x in orbit.gens]):
            source, position = self.place[q]
            u = self.along(source, position, source.t)
            x = b.apply(table, u)
            target, target_position = self.place[int(x[self.level.base_point])]
            x = b.apply(target.t_inverse, self.without(target, target_position, x))
            made = partial(
                self.coset_factors, factors, (source, position), (target, target_position)
            )
            self.claims.append((x, made))
            if len(self.claims) * b.n >= _PENDING and (failure := self.settle()) is not None:
                return failure
        return self.settle()

    def settle(self) -> Failure | None:
        """Sift all pending claims through the lower levels: the first that is false, or None."""
        claims, self.claims = self.claims, []
        k = self.b.first_outside([x for x, _ in claims], self.lower)
        return None if k is None else (claims[k][0], claims[k][1]())

    def conjugate_factors(self, orbit: _Orbit, x: Any) -> list[Factor]:
        return [*inverted(orbit.t_factors), *self.factors(x), *orbit.t_factors]

    def coset_factors(
        self, mover: list[Factor], source: tuple[_Orbit, int], target: tuple[_Orbit, int]
    ) -> list[Factor]:
        h, k = (self.factors(self.along(*place, self.b.identity)) for place in (source, target))
        left = inverted([*k, *target[0].t_factors])
        return [*left, *mover, *h, *source[0].t_factors]

    def factors(self, h: Any) -> list[Factor]:
        """An element of H, which is proved, as a path of transversal elements."""
        return [(path, 1)] if (path := self.b.sift(h, self.i + 1)[1]) else []


def _joined(left: list[Factor], right: list[Factor]) -> list[Factor]:
    return [*left, *right]


def inverted(factors: list[Factor]) -> list[Factor]:
    """The factors of the inverse element."""
    return [(factor, -sign) for factor, sign in reversed(factors)]
