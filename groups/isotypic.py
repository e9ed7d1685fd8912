"""The part of the polynomials of one degree that belongs to one irreducible character (M4).

Everything happens in the permutation module on monomials, which is a direct sum over orbits of
exponent vectors. Three independent methods: projecting one monomial of each orbit and moving its
image about (`orbits`), projecting every monomial by the sum over all elements (`reynolds`), and
solving for the vectors on which class sums act as the character demands (`linear_algebra`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from groups.characters import Character
from groups.class_search import ElementList
from groups.cyclotomics import Cyclotomic
from groups.dixon import class_elements
from groups.errors import ParameterError, TooLargeError
from groups.exact_linear_algebra import Row, null_space, reduced_rows
from groups.ranking import Exponents

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = NDArray[np.int64]
_MOST_ELEMENTS = 2_000_000
_MOST_MONOMIALS = 4_000_000


class Monomials:
    """All monomials of one degree, numbered in lexicographic order of their exponent vectors.

    Examples:
        >>> from groups import PermutationGroup
        >>> space = Monomials(PermutationGroup(["(1,2)"]), 2)
        >>> space.rows.tolist(), space.moved(np.array([1, 0])).tolist()
        ([[0, 2], [1, 1], [2, 0]], [2, 1, 0])
    """

    def __init__(self, group: PermutationGroup, degree: int) -> None:
        self.group, self.degree = group, degree
        self.space = Exponents(group.degree, degree)
        if self.space.size > _MOST_MONOMIALS:
            raise TooLargeError(
                f"degree: bases of this character need all {self.space.size} monomials of degree "
                f"{degree}, "
                f"more than {_MOST_MONOMIALS}; lower the degree, or use molien_series for the "
                "dimension"
            )
        self.count = int(self.space.size)
        self.rows: Array = self.space.unrank(np.arange(self.count))

    def moved(self, images: Array) -> Array:
        """The number of ``g·α`` for each monomial α."""
        return self.space.rank(self.rows[:, np.argsort(images)])

    def generator_moves(self) -> list[Array]:
        """`moved` for each generator of the group."""
        return [self.moved(g.images) for g in self.group.generators]

    def orbit_labels(self) -> Array:
        """The least monomial of the orbit of each."""
        label = np.arange(self.count)
        moves = self.generator_moves()
        while True:
            before = label
            for move in moves:
                least = np.minimum(label, label[move])
                label = least.copy()
                label[move] = np.minimum(label[move], least)
            label = label[label]
            if (label == before).all():
                return label


def irreducible_constituents(character: Character) -> tuple[Character, ...]:
    """The Galois orbit of irreducible characters that a character is the sum of.

    Raises:
        ParameterError: the character is neither irreducible nor the sum over one Galois orbit.
    """
    parts = character.decompose()
    first = parts[0][1]
    orbit = first.galois_orbit()
    if any(m != 1 for m, _ in parts) or (
        len(parts) > 1 and {chi for _, chi in parts} != set(orbit)
    ):
        shown = " + ".join(f"{m}*X.{_number(chi)}" for m, chi in parts)
        raise ParameterError(
            f"character: must be irreducible or the sum of one Galois orbit, got {shown}; "
            "ask for the basis of each constituent, or use chi.rational()"
        )
    return tuple(chi for _, chi in parts)


def _number(chi: Character) -> int:
    return chi.group.character_table().characters.index(chi) + 1


def isotypic_rows(
    group: PermutationGroup, degree: int, character: Character, algorithm: str
) -> tuple[Monomials, list[Row]]:
    """The reduced basis of the isotypic component, as sparse rows over the monomials.

    Raises:
        TooLargeError: too many monomials, or a group too large to run through.
    """
    space = Monomials(group, degree)
    constituents = irreducible_constituents(character)
    if algorithm == "linear_algebra":
        return space, _by_class_sums(space, constituents)
    if group.order > _MOST_ELEMENTS:
        raise TooLargeError(
            f"group: the projection runs through all {group.order} elements, more than "
            f"{_MOST_ELEMENTS}; "
            'use algorithm="linear_algebra"'
        )
    if algorithm == "reynolds":
        return space, _by_projection(space, character, constituents)
    return space, _by_orbits(space, character, constituents)


class _Projector:
    """Coefficients of ``P e_a`` for the projection P of a character: the sum over the elements."""

    def __init__(self, space: Monomials, character: Character, degree: int) -> None:
        group = space.group
        elements = ElementList(group).rows
        self.inverses = np.argsort(elements, axis=1)
        self.class_of = character.classes.classify(elements)
        self.space = space
        scale = Fraction(degree, group.order)
        self.values = [Cyclotomic(v).conjugate() * scale for v in character._values]

    def image(self, a: int) -> Row:
        """P applied to monomial number a."""
        targets = self.space.space.rank(self.space.rows[a][self.inverses])
        k = len(self.values)
        cells, counts = np.unique(targets * k + self.class_of, return_counts=True)
        row: dict[int, Any] = {}
        for cell, count in zip(cells.tolist(), counts.tolist(), strict=True):
            b, c = divmod(cell, k)
            if self.values[c]:
                row[b] = row.get(b, 0) + self.values[c] * count
        return {b: _plain(x) for b, x in row.items() if x}


def _plain(x: Any) -> Any:
    return x.rational if isinstance(x, Cyclotomic) and x.is_rational else x


def _by_projection(
    space: Monomials, character: Character, constituents: tuple[Character, ...]
) -> list[Row]:
    projector = _Projector(space, character, constituents[0].degree)
    rows = [projector.image(a) for a in range(space.count)]
    return reduced_rows([r for r in rows if r], space.count)


def _by_orbits(
    space: Monomials, character: Character, constituents: tuple[Character, ...]
) -> list[Row]:
    """Orbit by orbit: the component is spanned by the translates of the image of one monomial."""
    projector = _Projector(space, character, constituents[0].degree)
    label = space.orbit_labels()
    moves = [m.tolist() for m in space.generator_moves()]
    basis: list[Row] = []
    for a in np.unique(label).tolist():
        image = projector.image(a)
        if not image:
            continue
        size = int((label == a).sum())
        # The rank of a projection is its trace: |O| times the diagonal entry.
        rank = int(Fraction(_plain(Cyclotomic(image[a]))) * size)
        # Translates of the image, in breadth-first order; reduce when enough may be independent.
        reduced, seen = reduced_rows([image], space.count), {a}
        frontier = [(a, image)]
        while len(reduced) < rank:
            following = []
            for b, vector in frontier:
                for move in moves:
                    if move[b] not in seen:
                        seen.add(move[b])
                        following.append((move[b], {move[c]: x for c, x in vector.items()}))
            if not following:
                raise AssertionError("translates of one image must span the component")
            frontier = following
            for start in range(0, len(following), rank):
                chunk = [v for _, v in following[start : start + rank]]
                reduced = reduced_rows(reduced + chunk, space.count)
                if len(reduced) == rank:
                    break
        basis += reduced
    return sorted(basis, key=min)


def _by_class_sums(space: Monomials, constituents: tuple[Character, ...]) -> list[Row]:
    """Common eigenvectors of class sums: ``K_C v = (|C| chi(C)/chi(1)) v``."""
    rows: list[Row] = []
    for chi in constituents:
        rows += _eigenvectors(space, chi)
    return reduced_rows(rows, space.count)


def _eigenvectors(space: Monomials, chi: Character) -> list[Row]:
    classes = chi.classes
    expected = chi.degree * space.group.molien_series(chi).coefficient(space.degree)
    if expected == 0:
        return []
    equations: list[Row] = []
    found: list[Row] = []
    for c in sorted(range(1, len(classes)), key=lambda c: (classes.sizes[c], c)) or [0]:
        eigenvalue = chi.values[c] * Fraction(classes.sizes[c], chi.degree)
        sums: list[dict[int, Any]] = [{} for _ in range(space.count)]
        for x in class_elements(classes, c):
            for a, b in enumerate(space.moved(x).tolist()):
                sums[b][a] = sums[b].get(a, 0) + 1
        for a, row in enumerate(sums):
            row[a] = _plain(Cyclotomic(row.get(a, 0)) - eigenvalue)
            equations.append({b: x for b, x in row.items() if x})
        equations = reduced_rows([r for r in equations if r], space.count)
        found = null_space(equations, space.count)
        if len(found) == expected:
            return found
    raise AssertionError(
        f"class sums leave dimension {len(found)} where the Molien series has {expected}"
    )
