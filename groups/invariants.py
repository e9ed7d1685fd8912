"""Bases of invariants, semi-invariants and isotypic components of the polynomials of one degree (M2
to M4).

A basis is in canonical reduced form: monomials are ordered by their exponent vectors, and every
element has coefficient 1 at its least monomial, which no other element contains. For the trivial
and for linear characters the elements are supported on single orbits, so an element is stored as an
orbit and expanded on request. The Molien series (M5) says beforehand how many elements there must
be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from groups.bounded_counts import exponent_count, shown
from groups.characters import Character
from groups.class_search import ElementList
from groups.cycle_index import MAX_DEGREE
from groups.cyclotomics import Cyclotomic
from groups.errors import ParameterError, TooLargeError
from groups.exact_linear_algebra import Row, null_space, reduced_rows
from groups.isotypic import Monomials, irreducible_constituents, isotypic_rows
from groups.molien import checked_character

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = NDArray[np.int64]
Exponent = tuple[int, ...]
ALGORITHMS = ("orbits", "reynolds", "linear_algebra")
_MOST_ELEMENTS = 5_000_000
_MOST_COMPONENT_CELLS = 50_000_000


@dataclass(frozen=True, slots=True)
class InvariantPolynomial:
    """One element of a basis: a combination of monomials (or of any products ``p_α`` of M1) of one
    orbit.

    Attributes:
        group: the group.
        representative: exponent vector of the least monomial, whose coefficient is 1.
        orbit_size: number of monomials in its orbit.
        character: None for invariants, else the character of the component.

    Two elements are equal when they have the same group, orbit and terms.

    Examples:
        >>> from groups import PermutationGroup
        >>> f = PermutationGroup(["(1,2,3)"]).invariant_basis(2)[0]
        >>> f.representative, f.orbit_size, f.terms(), str(f)
        ((0, 0, 2), 3, {(0, 0, 2): 1, (0, 2, 0): 1, (2, 0, 0): 1}, 'x3^2 + x2^2 + x1^2')
    """

    group: PermutationGroup
    representative: Exponent
    orbit_size: int
    character: Character | None = None
    _terms: tuple[tuple[Exponent, Any], ...] | None = field(default=None, repr=False)

    def terms(self) -> dict[Exponent, Any]:
        """Exponent vector -> coefficient (int, Fraction or `Cyclotomic`), exponents increasing.

        Complexity:
            O(orbit size) for each generator.

        Raises:
            TooLargeError: there are more than `_MOST_ELEMENTS` terms.
        """
        if self.orbit_size > _MOST_ELEMENTS:
            raise TooLargeError(
                f"terms: at most {_MOST_ELEMENTS} are written out, got {shown(self.orbit_size)} "
                f"for the orbit of {self.representative}; use the representative and the orbit "
                "size, or lower the degree or --limit"
            )
        if self._terms is not None:
            return dict(self._terms)
        steps = [(g, _inverse_value(self.character, g)) for g in self.group.generators]
        found: dict[Exponent, Any] = {self.representative: 1}
        frontier = [self.representative]
        while frontier:
            following = []
            for alpha in frontier:
                for g, factor in steps:
                    beta = g.act_on_vector(alpha)
                    if beta not in found:
                        # g·f = χ(g) f moves the coefficient at α, times χ(g)^-1, to g·α (M3).
                        found[beta] = found[alpha] if factor == 1 else _plain(factor * found[alpha])
                        following.append(beta)
            frontier = following
        return dict(sorted(found.items()))

    def __call__(self, point: Sequence[Any]) -> Any:
        """The exact value at a point (a sequence of numbers)."""
        total: Any = 0
        for alpha, c in self.terms().items():
            product: Any = c
            for x, e in zip(point, alpha, strict=True):
                if e:
                    product = product * x**e
            total = total + product
        return total

    def moved(self, g: Any) -> dict[Exponent, Any]:
        """The terms of ``g·f``."""
        return dict(sorted((g.act_on_vector(a), c) for a, c in self.terms().items()))

    def polynomial(self, prefix: str = "x") -> Any:
        """The polynomial as a sympy ``Poly`` in x1 … xn (1-based like cycle strings)."""
        import sympy

        symbols = sympy.symbols([f"{prefix}{i + 1}" for i in range(self.group.degree)])
        terms = {a: _to_sympy(c) for a, c in self.terms().items()}
        if not symbols:
            return sympy.Integer(1)
        return sympy.Poly.from_dict(terms, *symbols)

    def to_flint(self) -> Any:
        """The polynomial as ``flint.fmpq_mpoly``, rational coefficients only.

        Raises:
            ParameterError: a coefficient is irrational.
        """
        import flint

        names = tuple(f"x{i + 1}" for i in range(self.group.degree))
        context = flint.fmpq_mpoly_ctx.get(names, flint.Ordering.lex)
        terms = {}
        for a, c in self.terms().items():
            q = Fraction(c.rational if isinstance(c, Cyclotomic) else c)
            terms[a] = flint.fmpq(q.numerator, q.denominator)
        return context.from_dict(terms)

    def __str__(self) -> str:
        text = ""
        for alpha, c in self.terms().items():
            powers = [f"x{i + 1}" + (f"^{e}" if e > 1 else "") for i, e in enumerate(alpha) if e]
            number = str(c) if not isinstance(c, Cyclotomic) or c.is_rational else f"({c})"
            negative = number.startswith("-")
            size = number[1:] if negative else number
            body = "*".join(([size] if size != "1" or not powers else []) + powers)
            text += (" - " if negative else " + ") + body
        return text[3:] if text.startswith(" + ") else "-" + text[3:]

    def _repr_latex_(self) -> str:
        import sympy

        return f"${sympy.latex(self.polynomial().as_expr())}$"


def _to_sympy(c: Any) -> Any:
    import sympy

    return c.to_sympy() if isinstance(c, Cyclotomic) else sympy.Rational(c.numerator, c.denominator)


def _plain(x: Any) -> Any:
    return x.rational if isinstance(x, Cyclotomic) and x.is_rational else x


def _inverse_value(character: Character | None, g: Any) -> Any:
    return 1 if character is None else _plain(character(g).conjugate())


class _OrbitSums(Sequence[InvariantPolynomial]):
    """The rows of an orbit table as invariants, each made when asked for."""

    def __init__(self, group: PermutationGroup, table: Any) -> None:
        self._group, self._table = group, table

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        alpha, size = self._table[range(len(self))[index]]
        return InvariantPolynomial(self._group, alpha, size)


class InvariantBasis(Sequence[InvariantPolynomial]):
    """A basis in canonical reduced form; a sequence of `InvariantPolynomial`.

    Attributes:
        group, degree, character: what was asked for (character None is the trivial one).
        elements: tuple, by increasing representative (made on request).
    """

    def __init__(
        self,
        group: PermutationGroup,
        degree: int,
        character: Character | None,
        elements: Sequence[InvariantPolynomial],
    ) -> None:
        self.group, self.degree, self.character = group, degree, character
        self._elements = elements

    @property
    def elements(self) -> tuple[InvariantPolynomial, ...]:
        """All elements."""
        return tuple(self._elements)

    @property
    def dimension(self) -> int:
        """Number of elements."""
        return len(self._elements)

    def __len__(self) -> int:
        return len(self._elements)

    def __getitem__(self, index: Any) -> Any:
        return self._elements[index]

    def __iter__(self) -> Iterator[InvariantPolynomial]:
        return iter(self._elements)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, InvariantBasis):
            return NotImplemented
        same = (self.group, self.degree) == (other.group, other.degree)
        return same and [f.terms() for f in self] == [f.terms() for f in other]

    def __hash__(self) -> int:
        return hash((self.group, self.degree, tuple(f.representative for f in self)))

    def __repr__(self) -> str:
        return f"<InvariantBasis of degree {self.degree}, dimension {len(self)}, of {self.group!r}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{i}</td><td>{f.representative}</td><td>{f.orbit_size}</td></tr>"
            for i, f in enumerate(self)
        )
        return f"<table><tr><th></th><th>representative</th><th>orbit size</th></tr>{rows}</table>"

    def __rich__(self) -> Any:
        from rich.table import Table

        table = Table("", "representative", "orbit size", title=repr(self))
        for i, f in enumerate(self):
            table.add_row(str(i), str(f.representative), str(f.orbit_size))
        return table


def invariant_basis(
    group: PermutationGroup,
    degree: int,
    character: Any = None,
    algorithm: str = "orbits",
) -> InvariantBasis:
    """A basis of the homogeneous polynomials of one degree that belong to a character.

    Arguments:
        group: the group, acting on the variables.
        degree: degree >= 0.
        character: None or the trivial character: invariants (M2). A linear character:
            semi-invariants with ``g·f = χ(g) f`` (M3). Any irreducible character: its isotypic
            component over the field of its values; the sum over a Galois orbit
            (``chi.rational()``): the component over Q (M4).
        algorithm: ``"orbits"`` (orbit sums, decided on stabilisers; projection of one monomial for
            each orbit), ``"reynolds"`` (the sum over all group elements, monomial by monomial),
            ``"linear_algebra"`` (equations for the generators or the class sums). All give the same
            basis.

    Returns:
        `InvariantBasis` in canonical reduced form.

    Raises:
        ParameterError: bad degree, no character, a reducible one, or an unknown algorithm.
        MembershipError: a character of another group. TooLargeError: the basis would not fit in
            memory, or the method cannot reach it; the message has the dimension.

    Complexity:
        ``orbits``: that of `orbits_on_exponents` for invariants; O(monomials) for each generator
        for linear characters; |G| for each orbit otherwise. The others are cubic in the number of
        monomials.

    Source:
        MATH.md M2 to M5.

    Examples:
        >>> from groups import PermutationGroup
        >>> G = PermutationGroup(["(1,2,3)", "(1,2)"])
        >>> table = G.character_table()
        >>> print(invariant_basis(G, 3, table[1])[0])
        x2*x3^2 - x2^2*x3 - x1*x3^2 + x1*x2^2 + x1^2*x3 - x1^2*x2
        >>> [str(f) for f in invariant_basis(G, 1, table[2])]
        ['x3 - x1', 'x2 - x1']
    """
    if isinstance(degree, bool) or not isinstance(degree, (int, np.integer)) or degree < 0:
        raise ParameterError(
            f"degree: must be an integer >= 0, got {degree!r}; degree 0 is the constants"
        )
    if algorithm not in ALGORITHMS:
        raise ParameterError(
            f'algorithm: must be one of {", ".join(ALGORITHMS)}, got {algorithm!r}; "orbits" is '
            "the fastest"
        )
    degree = int(degree)
    if degree > MAX_DEGREE:
        raise TooLargeError(
            f"degree: bases are made up to degree {MAX_DEGREE}, got {shown(degree)}; "
            "choose a smaller one"
        )
    chi = checked_character(group, character)
    expected = _expected_dimension(group, degree, chi)
    if expected > _MOST_ELEMENTS:
        raise TooLargeError(
            f"degree: the basis of degree {degree} has {expected} elements (Molien series), more "
            "than "
            f"{_MOST_ELEMENTS}; lower the degree, or count with molien_series "
            '("symcsq molien GROUP")'
        )
    elements: Sequence[InvariantPolynomial]
    if chi is None or chi.is_linear:
        elements = _one_dimensional(group, degree, chi, algorithm)
    else:
        monomials = exponent_count(group.degree, degree, degree)
        if expected * monomials > _MOST_COMPONENT_CELLS:
            raise TooLargeError(
                f"degree: the component of degree {degree} has dimension {shown(expected)} among "
                f"{shown(monomials)} monomials, and the product must be at most "
                f"{_MOST_COMPONENT_CELLS}; lower the degree, or count with molien_series "
                '("symcsq molien GROUP --character I")'
            )
        space, rows = isotypic_rows(group, degree, chi, algorithm)
        label = space.orbit_labels()
        elements = [_element(space, row, label, chi) for row in rows]
    if len(elements) != expected:
        raise AssertionError(
            f"the basis has {len(elements)} elements where the Molien series has {expected}"
        )
    return InvariantBasis(group, degree, chi, elements)


def _expected_dimension(group: PermutationGroup, degree: int, chi: Character | None) -> int:
    """Dimension of the component, from the Molien series and nothing else."""
    if chi is None:
        return int(group.count_orbits_on_exponents(degree))
    parts = irreducible_constituents(chi)
    return sum(p.degree * group.molien_series(p).coefficient(degree) for p in parts)


def _element(
    space: Monomials, row: Row, label: Array, chi: Character | None
) -> InvariantPolynomial:
    least = min(row)
    orbit_size = int((label == label[least]).sum())
    terms = tuple((tuple(space.rows[b].tolist()), row[b]) for b in sorted(row))
    return InvariantPolynomial(space.group, terms[0][0], orbit_size, chi, terms)


# -- invariants and semi-invariants ----------------------------------------------------------------


def _one_dimensional(
    group: PermutationGroup, degree: int, chi: Character | None, algorithm: str
) -> Sequence[InvariantPolynomial]:
    if algorithm == "orbits":
        if chi is None:
            return _OrbitSums(group, group.orbits_on_exponents(degree))
        return _semi_invariants(group, degree, chi)
    space = Monomials(group, degree)
    if algorithm == "reynolds":
        rows = _reynolds_rows(space, chi)
    else:
        rows = _fixed_rows(space, chi)
    label = space.orbit_labels()
    return [_element(space, row, label, chi) for row in rows]


def _semi_invariants(
    group: PermutationGroup, degree: int, chi: Character
) -> list[InvariantPolynomial]:
    """Orbits on whose stabilisers χ is trivial (M3).

    With values E(e)^a the coefficient at ``g·α`` is that at α times ``E(e)^-a``. Coefficients
    spread over the orbits from their least monomials; an orbit survives when no generator
    contradicts them.
    """
    e = chi.classes.exponent
    exponents = [_root_exponent(chi(g), e) for g in group.generators]
    table = group.orbits_on_exponents(degree)
    if int(table.space.size) > 4_000_000:
        return [
            InvariantPolynomial(group, alpha, size, chi)
            for alpha, size in table
            if _trivial_on_stabilizer(group, alpha, chi)
        ]
    space = Monomials(group, degree)
    moves = space.generator_moves()
    ranks = space.space.rank(table.representatives)
    power = np.full(space.count, -1)
    power[ranks] = 0
    while (power < 0).any():
        for move, a in zip(moves, exponents, strict=True):
            known = (power >= 0) & (power[move] < 0)
            power[move[known]] = (power[known] - a) % e
    wrong = np.zeros(space.count, dtype=bool)
    for move, a in zip(moves, exponents, strict=True):
        wrong |= power[move] != (power - a) % e
    label = space.orbit_labels()
    refused = set(label[wrong].tolist())
    return [
        InvariantPolynomial(group, alpha, size, chi)
        for (alpha, size), rank in zip(table, ranks.tolist(), strict=True)
        if rank not in refused
    ]


def _root_exponent(value: Cyclotomic, e: int) -> int:
    return next(a for a in range(e) if Cyclotomic.root(e, a) == value)


def _trivial_on_stabilizer(group: PermutationGroup, alpha: Exponent, chi: Character) -> bool:
    """The same, for spaces too large to list: χ on generators of the stabiliser of α."""
    stabilizer = group
    for value in sorted(set(alpha))[1:]:
        stabilizer = stabilizer.setwise_stabilizer([i for i, a in enumerate(alpha) if a == value])
    return all(chi(g) == 1 for g in stabilizer.generators)


def _reynolds_rows(space: Monomials, chi: Character | None) -> list[Row]:
    """Every monomial averaged over the group with weights ``conj(χ(g))``."""
    group = space.group
    if group.order > 2_000_000:
        raise TooLargeError(
            f'algorithm: "reynolds" runs through all {group.order} elements; use "orbits"'
        )
    elements = ElementList(group).rows
    inverses = np.argsort(elements, axis=1)
    values = [Cyclotomic(1)] if chi is None else [Cyclotomic(v).conjugate() for v in chi._values]
    class_of = (
        np.zeros(len(elements), dtype=np.int64) if chi is None else chi.classes.classify(elements)
    )
    rows = []
    for a in range(space.count):
        targets = space.space.rank(space.rows[a][inverses])
        row: Row = {}
        cells, counts = np.unique(targets * len(values) + class_of, return_counts=True)
        for cell, count in zip(cells.tolist(), counts.tolist(), strict=True):
            b, c = divmod(cell, len(values))
            row[b] = row.get(b, 0) + values[c] * Fraction(count, group.order)
        row = {b: _plain(x) for b, x in row.items() if x}
        if row:
            rows.append(row)
    return reduced_rows(rows, space.count)


def _fixed_rows(space: Monomials, chi: Character | None) -> list[Row]:
    """Solutions of ``g·f = χ(g) f`` for the generators."""
    equations: list[Row] = []
    for g, move in zip(space.group.generators, space.generator_moves(), strict=True):
        value = 1 if chi is None else _plain(chi(g))
        for a, b in enumerate(move.tolist()):
            # (g·f) has at b = g·a the coefficient of f at a.
            row: Row = {a: 1}
            row[b] = row.get(b, 0) - value
            equations.append({c: x for c, x in row.items() if x})
    return null_space([r for r in equations if r], space.count)
