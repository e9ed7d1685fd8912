"""`PermutationGroup`: a frozen value that stands for a set of permutations.

Two groups are equal when they have the same degree and the same elements, however they were
generated. The class itself only stores generators and the stabiliser chain; whatever is more than a
few lines lives in a module named after the idea and is imported when first used.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from groups.chain_builders import build_chain
from groups.errors import DegreeError, MembershipError, ParameterError, PointError
from groups.permutations import Permutation, _checked_degree
from groups.stabilizer_chain import StabilizerChain

if TYPE_CHECKING:
    from groups.straight_line import StraightLineProgram


class PermutationGroup:
    """A permutation group on the points 0..degree-1.

    Arguments:
        generators: permutations, 0-based image lists or 1-based cycle strings; the identity and
            repeats are dropped, the order is kept.
        degree: number of points; by default that of the generators (the largest, for cycle
            strings). An empty list of generators needs it; degree 0 must be said explicitly.
        name: expression-like text that shows what the group is.
        known_order: the order, from constructors that know it for certain: it stops the build
            early. labels: one hashable label per point (what the point stands for in an action).

    Raises:
        PermutationError: a generator is not a permutation. DegreeError: degrees differ or are
            missing.

    Complexity:
        O(g n) to construct; the stabiliser chain is built on first use.

    Source:
        MATH.md section 1; DESIGN.md section 3.

    Examples:
        >>> G = PermutationGroup([[1, 2, 0, 3], [1, 0, 2, 3]], degree=4)
        >>> G.order, G.base, G == PermutationGroup(["(1,2)", "(2,3)"], degree=4)
        (6, (0, 1), True)
        >>> PermutationGroup([], degree=3).order
        1
    """

    __slots__ = ("_cache", "_structure", "degree", "generators", "labels", "name")

    degree: int
    generators: tuple[Permutation, ...]
    name: str | None
    labels: tuple[Any, ...] | None
    _structure: tuple[Any, ...] | None
    _cache: dict[str, Any]

    def __init__(
        self,
        generators: Iterable[Permutation | str | Sequence[int] | NDArray[Any]],
        degree: int | None = None,
        *,
        name: str | None = None,
        known_order: int | None = None,
        labels: Iterable[Any] | None = None,
        _structure: tuple[Any, ...] | None = None,
    ) -> None:
        if isinstance(generators, str):
            raise ParameterError(
                f"generators: must be a list, got the text {generators!r}; "
                "write [text], or groups.group(text) for an expression"
            )
        checked = _checked_generators(list(generators), degree)
        degree = checked[0] if isinstance(checked, tuple) else degree
        permutations = checked[1]
        labels = None if labels is None else tuple(labels)
        if labels is not None and len(labels) != degree:
            raise DegreeError(
                f"labels: must have one label per point, got {len(labels)} for degree {degree}; "
                "leave labels out to use the point numbers"
            )
        if known_order is not None and known_order < 1:
            raise ParameterError(
                f"known_order: must be at least 1, got {known_order}; leave it out when unsure"
            )
        distinct = dict.fromkeys(p for p in permutations if not p.is_identity)
        set_ = object.__setattr__
        set_(self, "degree", degree)
        set_(self, "generators", tuple(distinct))
        set_(self, "name", name)
        set_(self, "labels", labels)
        set_(self, "_structure", _structure)
        set_(self, "_cache", {} if known_order is None else {"known_order": int(known_order)})

    # -- value ------------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("PermutationGroup is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("PermutationGroup is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return (
            _rebuild,
            (
                [g.images.tolist() for g in self.generators],
                self.degree,
                self.name,
                self._cache.get("known_order"),
                self.labels,
                self._structure,
            ),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PermutationGroup):
            return NotImplemented
        if self is other:
            return True
        if self.degree != other.degree:
            return False
        if set(self.generators) == set(other.generators):
            return True
        return self.order == other.order and all(g in other for g in self.generators)

    def __hash__(self) -> int:
        return hash((self.degree, self.order))

    def __repr__(self) -> str:
        if self.name is not None:
            return f"<PermutationGroup {self.name} of degree {self.degree}>"
        shown = ", ".join(repr(str(g)) for g in self.generators[:4])
        more = ", …" if len(self.generators) > 4 else ""
        return f"PermutationGroup([{shown}{more}], degree={self.degree})"

    def renamed(self, name: str | None) -> PermutationGroup:
        """The same group under another name (chain and structure are shared)."""
        other = object.__new__(PermutationGroup)
        for slot in PermutationGroup.__slots__:
            object.__setattr__(other, slot, name if slot == "name" else getattr(self, slot))
        return other

    # -- chain ------------------------------------------------------------------------------------

    @property
    def chain(self) -> StabilizerChain:
        """The stabiliser chain with the canonical base, built and proved on first use."""
        chain = self._cache.get("chain")
        if chain is None:
            chain, self._cache["write_program"] = build_chain(
                self.degree,
                [g.images for g in self.generators],
                known_order=self._cache.get("known_order"),
            )
            self._cache["chain"] = chain
        return chain  # type: ignore[no-any-return]

    def chain_with_base(self, points: Sequence[int]) -> StabilizerChain:
        """A chain whose base starts with the given points.

        Points that the stabiliser of the earlier ones fixes are left out.
        """
        points = _checked_points("points", points, self.degree)
        own = self.chain
        chain, _ = build_chain(
            self.degree,
            [g.images for g in self.generators],
            base=points,
            known_order=own.order,
            random_elements=own.random_images,
        )
        return chain

    @property
    def order(self) -> int:
        """Number of elements."""
        known = self._cache.get("known_order")
        return self.chain.order if known is None else known  # type: ignore[no-any-return]

    @property
    def base(self) -> tuple[int, ...]:
        """Canonical base: each point is the least that the stabiliser of those before it moves."""
        return self.chain.base

    @property
    def strong_generators(self) -> tuple[Permutation, ...]:
        """Strong generators relative to `base`, as permutations."""
        return tuple(Permutation._trusted(s.copy()) for s in self.chain.strong_generators)

    def straight_line_program(self) -> StraightLineProgram:
        """How the strong generators are made: item ``strong_items[k]`` is strong generator k."""
        program = self._cache.get("program")
        if program is None:
            assert self.chain is not None  # builds it
            program = self._cache["program"] = self._cache["write_program"]()
        return program  # type: ignore[no-any-return]

    @property
    def identity(self) -> Permutation:
        """The identity element."""
        return Permutation.identity(self.degree)

    def __contains__(self, g: object) -> bool:
        if not isinstance(g, Permutation) or g.degree != self.degree:
            return False
        return self.chain.contains(g.images)

    def sift(self, g: Permutation) -> tuple[NDArray[np.int64], tuple[int, ...]]:
        """Strip g through the chain: (residue, orbit points); see `StabilizerChain.sift`."""
        return self.chain.sift(self._coerced(g).images)

    def elements(self) -> Iterator[Permutation]:
        """All elements, one at a time, identity first, in lexicographic order of image lists.

        Examples:
            >>> [str(g) for g in PermutationGroup(["(1,2,3)"]).elements()]
            ['()', '(1,2,3)', '(1,3,2)']
        """
        for block in self.chain.element_blocks():
            for row in block:
                yield Permutation._trusted(row.copy())

    def __iter__(self) -> Iterator[Permutation]:
        return self.elements()

    def random_element(self, seed: int | random.Random) -> Permutation:
        """A uniformly random element; the same seed gives the same element of the same group.

        Examples:
            >>> G = PermutationGroup(["(1,2,3)"])
            >>> G.random_element(7) == G.random_element(7)
            True
        """
        source = seed if isinstance(seed, random.Random) else random.Random(seed)
        chain = self.chain
        images = np.arange(self.degree, dtype=np.int64)
        for i, level in enumerate(chain.levels):
            # Sorting by image makes the choice depend on the set of elements only, not on the
            # generators.
            orbit = sorted(level.orbit, key=images.tolist().__getitem__)
            point = orbit[source.randrange(len(orbit))]
            images = images[chain.transversal_element(i, point)]
        return Permutation._trusted(images)

    def word(self, g: Permutation) -> StraightLineProgram:
        """A witness of membership: a program over the generators whose one result is g.

        Raises:
            MembershipError: g is not an element.

        Examples:
            >>> G = PermutationGroup(["(1,2,3,4)", "(1,2)"])
            >>> program = G.word(Permutation("(1,3)", 4))
            >>> program.results(G.generators)
            [Permutation('(1,3)', degree=4)]
        """
        from groups.subgroups import word_program

        g = self._coerced(g)
        if g not in self:
            raise MembershipError(
                f"g: must be an element of the group, got {g}; see G.sift(g) for what is left over"
            )
        return word_program(self, g)

    # -- points -----------------------------------------------------------------------------------

    def orbit(self, point: int) -> tuple[int, ...]:
        """The orbit of a point, sorted."""
        (point,) = _checked_points("point", [point], self.degree)
        return next(o for o in self.orbits() if point in o)

    def orbits(self) -> tuple[tuple[int, ...], ...]:
        """The orbits on points, each sorted, ordered by their least points."""
        found = self._cache.get("orbits")
        if found is None:
            from groups.point_orbits import orbits_of

            found = self._cache["orbits"] = orbits_of(
                self.degree, [g.images.tolist() for g in self.generators]
            )
        return found  # type: ignore[no-any-return]

    def transversal(self, point: int) -> dict[int, Permutation]:
        """For each point q of the orbit, breadth first, an element that maps `point` to q."""
        (point,) = _checked_points("point", [point], self.degree)
        found = {point: self.identity}
        for p in list(found):
            queue = [p]
            for q in queue:
                for g in self.generators:
                    image = int(g.images[q])
                    if image not in found:
                        found[image] = g * found[q]
                        queue.append(image)
        return found

    @property
    def is_trivial(self) -> bool:
        """Whether the identity is the only element."""
        return not self.generators

    @property
    def is_transitive(self) -> bool:
        """Whether there is at most one orbit."""
        return len(self.orbits()) <= 1

    @property
    def is_primitive(self) -> bool:
        """Whether the group is transitive and preserves no non-trivial partition."""
        found = self._cache.get("is_primitive")
        if found is None:
            from groups.blocks import is_primitive

            found = self._cache["is_primitive"] = is_primitive(self)
        return found  # type: ignore[no-any-return]

    @property
    def is_abelian(self) -> bool:
        """Whether all elements commute (checked on generators)."""
        gens = self.generators
        return all(gens[i] * h == h * gens[i] for i in range(len(gens)) for h in gens[i + 1 :])

    def minimal_block(self, *points: int) -> tuple[int, ...]:
        """The least block of a transitive group that contains the given points, sorted."""
        from groups.blocks import minimal_block

        return minimal_block(self, points)

    def blocks(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """All minimal non-trivial block systems of a transitive group, in canonical order."""
        from groups.blocks import block_systems

        return block_systems(self)

    # -- subgroups --------------------------------------------------------------------------------

    def _coerced(self, g: Any) -> Permutation:
        g = g if isinstance(g, Permutation) else Permutation(g, degree=self.degree)
        if g.degree != self.degree:
            raise DegreeError(
                f"g: must have the degree of the group, {self.degree}, got {g.degree}; "
                "rebuild it with degree=..."
            )
        return g

    def subgroup(self, generators: Iterable[Any]) -> PermutationGroup:
        """The subgroup generated by elements of this group.

        Raises:
            MembershipError: one of them is not an element.
        """
        elements = [self._coerced(g) for g in generators]
        for g in elements:
            if g not in self:
                raise MembershipError(
                    f"generators: must be elements of the group, got {g}; "
                    "use PermutationGroup(...) for a group that is not a subgroup"
                )
        return PermutationGroup(elements, self.degree)

    def is_subgroup_of(self, other: PermutationGroup) -> bool:
        """Whether every element lies in `other` (of the same degree)."""
        return self.degree == other.degree and all(g in other for g in self.generators)

    def stabilizer(self, point: int) -> PermutationGroup:
        """The elements that fix a point."""
        return self.pointwise_stabilizer([point])

    def pointwise_stabilizer(self, points: Iterable[int]) -> PermutationGroup:
        """The elements that fix every one of the points."""
        from groups.subgroups import pointwise_stabilizer

        return pointwise_stabilizer(self, points)

    def setwise_stabilizer(self, points: Iterable[int]) -> PermutationGroup:
        """The elements that map the set of points to itself."""
        from groups.backtrack import setwise_stabilizer

        return setwise_stabilizer(self, points)

    def intersection(self, other: PermutationGroup) -> PermutationGroup:
        """The elements that lie in both groups."""
        from groups.backtrack import intersection

        return intersection(self, other)

    def normal_closure(self, generators: Iterable[Any]) -> PermutationGroup:
        """The least normal subgroup that contains the given elements of the group."""
        from groups.subgroups import normal_closure

        return normal_closure(self, generators)

    def derived_subgroup(self) -> PermutationGroup:
        """The subgroup generated by all commutators."""
        from groups.subgroups import derived_subgroup

        return derived_subgroup(self)

    def centre(self) -> PermutationGroup:
        """The elements that commute with every element."""
        from groups.subgroups import centre

        return centre(self)

    def direct_product(self, other: PermutationGroup) -> PermutationGroup:
        """The direct product on the disjoint union: this group on 0..n-1, the other on n..n+m-1."""
        from groups.products import direct_product

        return direct_product(self, other)

    def wreath_product(self, other: PermutationGroup) -> PermutationGroup:
        """The imprimitive wreath product: copies of this group, permuted by `other`."""
        from groups.products import wreath_product

        return wreath_product(self, other)

    def product_action(self, other: PermutationGroup) -> PermutationGroup:
        """The wreath product in its product action, on the n**m tuples of points."""
        from groups.products import product_action

        return product_action(self, other)

    # -- implemented elsewhere, imported when used ------------------------------------------------

    def on_subsets(self, k: int) -> PermutationGroup:
        """The action on k-subsets of points; see `groups.actions`."""
        from groups.actions import on_subsets

        return on_subsets(self, k)

    def on_pairs(self, ordered: bool = False) -> PermutationGroup:
        """The action on pairs of different points; see `groups.actions`."""
        from groups.actions import on_pairs

        return on_pairs(self, ordered=ordered)

    def on_tuples(self, k: int) -> PermutationGroup:
        """The action on k-tuples of points; see `groups.actions`."""
        from groups.actions import on_tuples

        return on_tuples(self, k)

    def on_rows(self, columns: int) -> PermutationGroup:
        """The action on the rows of a matrix with that many columns; see `groups.actions`."""
        from groups.actions import on_rows

        return on_rows(self, columns)

    def on_cosets(self, subgroup: PermutationGroup) -> PermutationGroup:
        """The action on the left cosets of a subgroup; see `groups.actions`."""
        from groups.actions import on_cosets

        return on_cosets(self, subgroup)

    def right_regular(self) -> PermutationGroup:
        """The group acting on its own elements; see `groups.actions`."""
        from groups.actions import right_regular

        return right_regular(self)

    def orbits_on_subsets(self, k: int, **options: Any) -> Any:
        """Orbits on k-subsets as an `OrbitTable`; see `groups.orbits`."""
        from groups.orbits import orbits_on_subsets

        return orbits_on_subsets(self, k, **options)

    def orbits_on_tuples(self, k: int, **options: Any) -> Any:
        """Orbits on k-tuples as an `OrbitTable`; see `groups.orbits`."""
        from groups.orbits import orbits_on_tuples

        return orbits_on_tuples(self, k, **options)

    def orbits_on_exponents(
        self, degree: int, max_exponent: int | None = None, **options: Any
    ) -> Any:
        """Orbits on exponent vectors of a degree as an `OrbitTable`; see `groups.orbits`."""
        from groups.orbits import orbits_on_exponents

        return orbits_on_exponents(self, degree, max_exponent=max_exponent, **options)

    def orbits_on_colourings(self, colours: int, **options: Any) -> Any:
        """Orbits on colourings of the points as an `OrbitTable`; see `groups.orbits`."""
        from groups.orbits import orbits_on_colourings

        return orbits_on_colourings(self, colours, **options)

    def canonical(self, alpha: Any) -> Any:
        """Least image of a vector, with the element that reaches it; see `groups.canonical`."""
        from groups.canonical import canonical

        return canonical(self, alpha)

    def canonical_subset(self, points: Iterable[int]) -> Any:
        """Least image of a set, with the element that reaches it; see `groups.canonical`."""
        from groups.canonical import canonical_subset

        return canonical_subset(self, points)

    def cycle_index(self) -> Any:
        """The cycle index; see `groups.cycle_index`."""
        from groups.cycle_index import cycle_index

        return cycle_index(self)

    def count_orbits_on_subsets(self, k: int) -> int:
        """Number of orbits on k-subsets (M6), without listing; see `groups.cycle_index`."""
        from groups.cycle_index import count_orbits_on_subsets

        return count_orbits_on_subsets(self, k)

    def count_orbits_on_tuples(self, k: int) -> int:
        """Number of orbits on k-tuples (M6), without listing; see `groups.cycle_index`."""
        from groups.cycle_index import count_orbits_on_tuples

        return count_orbits_on_tuples(self, k)

    def count_orbits_on_exponents(self, degree: int, max_exponent: int | None = None) -> int:
        """Number of orbits on exponent vectors (M6), without listing; see `groups.cycle_index`."""
        from groups.cycle_index import count_orbits_on_exponents

        return count_orbits_on_exponents(self, degree, max_exponent=max_exponent)

    def count_orbits_on_colourings(self, colours: int) -> int:
        """Number of orbits on colourings (M6), without listing; see `groups.cycle_index`."""
        from groups.cycle_index import count_orbits_on_colourings

        return count_orbits_on_colourings(self, colours)

    def conjugacy_classes(self) -> Any:
        """Conjugacy classes in canonical order; see `groups.classes`."""
        from groups.classes import conjugacy_classes

        return conjugacy_classes(self)

    def character_table(self) -> Any:
        """The exact character table; see `groups.characters`."""
        from groups.characters import character_table

        return character_table(self)

    def permutation_character(self) -> Any:
        """The character that counts fixed points; see `groups.characters`."""
        from groups.characters import permutation_character

        return permutation_character(self)

    def molien_series(self, character: Any = None) -> Any:
        """The Molien series (M5); see `groups.molien`."""
        from groups.molien import molien_series

        return molien_series(self, character=character)

    def invariant_basis(
        self, degree: int, character: Any = None, algorithm: str = "orbits", **options: Any
    ) -> Any:
        """A basis of (semi-)invariants of a degree (M2 to M4); see `groups.invariants`."""
        from groups.invariants import invariant_basis

        return invariant_basis(self, degree, character=character, algorithm=algorithm, **options)

    # -- other packages ---------------------------------------------------------------------------

    def to_sympy(self) -> Any:
        """The same group as a sympy `PermutationGroup`."""
        from groups.interop import to_sympy

        return to_sympy(self)

    @staticmethod
    def from_sympy(other: Any) -> PermutationGroup:
        """A group from a sympy `PermutationGroup`."""
        from groups.interop import from_sympy

        return from_sympy(other)

    def to_gap(self) -> str:
        """GAP input text that generates the group."""
        from groups.interop import to_gap

        return to_gap(self)

    @staticmethod
    def from_gap(text: str, degree: int | None = None) -> PermutationGroup:
        """A group from GAP text such as ``Group( [ (1,2,3), (1,2) ] )``."""
        from groups.interop import from_gap

        return from_gap(text, degree)

    @staticmethod
    def from_networkx(graph: Any, **options: Any) -> PermutationGroup:
        """The automorphism group of a networkx graph; labels are the nodes."""
        from groups.interop import from_networkx

        return from_networkx(graph, **options)


def _rebuild(
    generators: Any, degree: int, name: Any, known_order: Any, labels: Any, structure: Any
) -> PermutationGroup:
    return PermutationGroup(
        generators, degree, name=name, known_order=known_order, labels=labels, _structure=structure
    )


def _checked_generators(generators: list[Any], degree: int | None) -> tuple[int, list[Permutation]]:
    if degree is not None:
        degree = _checked_degree(degree)
        return degree, [
            g if isinstance(g, Permutation) and g.degree == degree else Permutation(g, degree)
            for g in generators
        ]
    if not generators:
        raise DegreeError(
            "degree: must be given when there are no generators, got None; write degree=n"
        )
    arrays = [g for g in generators if not isinstance(g, str)]
    degrees = {g.degree if isinstance(g, Permutation) else len(g) for g in arrays}
    if len(degrees) > 1:
        raise DegreeError(
            f"generators: must have one degree, got {sorted(degrees)}; "
            "write all images, fixed points too"
        )
    if degrees:
        degree = degrees.pop()
    else:
        degree = max(Permutation(g).degree for g in generators)
    if degree == 0:
        raise DegreeError(
            "degree: a group on no points must be asked for, got generators of degree 0; "
            "write degree=0"
        )
    return degree, [Permutation(g, degree) for g in generators]


def _checked_points(name: str, points: Iterable[Any], degree: int) -> list[int]:
    out = []
    for p in points:
        if isinstance(p, (bool, np.bool_)) or not isinstance(p, (int, np.integer)):
            raise PointError(
                f"{name}: must be integers in 0..{degree - 1}, got {p!r}; points are counted from 0"
            )
        if not 0 <= p < degree:
            raise PointError(
                f"{name}: must be in 0..{degree - 1}, got {p}; points are counted from 0"
            )
        out.append(int(p))
    if len(set(out)) != len(out):
        bad = min(p for p in out if out.count(p) > 1)
        raise PointError(
            f"{name}: must be distinct, got {bad} more than once; list each point once"
        )
    return out
