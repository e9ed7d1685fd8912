"""Class functions and characters, each tied to the conjugacy classes of its own group.

A class function is a value with one exact number per class. Class functions of different groups
refuse to meet; whether one is a character is decided by exact inner products with the irreducible
characters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from groups.cyclotomics import Cyclotomic, Rational, small_integer
from groups.errors import MembershipError, ParameterError
from groups.permutations import Permutation

if TYPE_CHECKING:
    from groups.character_tables import CharacterTable
    from groups.classes import ConjugacyClass, ConjugacyClasses
    from groups.group import PermutationGroup

F = TypeVar("F", bound="ClassFunction")


class ClassFunction:
    """A function on a group that is constant on conjugacy classes.

    Arguments:
        classes: the classes of the group (``G.conjugacy_classes()``).
        values: one exact number per class, in the order of the classes: integers, fractions,
            `Cyclotomic` or texts such as ``"E(3)^2"``.

    Raises:
        ParameterError: another number of values.

    Examples:
        >>> from groups import PermutationGroup
        >>> G = PermutationGroup(["(1,2,3)", "(1,2)"])
        >>> f = ClassFunction(G.conjugacy_classes(), [3, 1, 0])
        >>> f == G.permutation_character(), f.inner(f), f.is_character()
        (True, 2, True)
    """

    __slots__ = ("_values", "classes")

    classes: ConjugacyClasses
    _values: tuple[Any, ...]  # integers for integers, otherwise Cyclotomic

    def __init__(self, classes: ConjugacyClasses, values: Iterable[Any]) -> None:
        converted = tuple(v if type(v) is int else _simple(Cyclotomic(v)) for v in values)
        if len(converted) != len(classes):
            raise ParameterError(
                f"values: must have one value per class, got {len(converted)} for {len(classes)} "
                "classes; "
                "list them in the order of G.conjugacy_classes()"
            )
        object.__setattr__(self, "classes", classes)
        object.__setattr__(self, "_values", converted)

    @classmethod
    def _make(cls: type[F], classes: ConjugacyClasses, values: Iterable[Any]) -> F:
        """Without conversion: the values are integers or irrational-or-fractional `Cyclotomic`."""
        f = object.__new__(cls)
        object.__setattr__(f, "classes", classes)
        object.__setattr__(f, "_values", tuple(values))
        return f

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    # -- value -------------------------------------------------------------------------------------

    @property
    def group(self) -> PermutationGroup:
        """The group the function lives on."""
        return self.classes.group

    @property
    def values(self) -> tuple[Cyclotomic, ...]:
        """The values in the order of the classes, as `Cyclotomic`."""
        return tuple(small_integer(v) if type(v) is int else v for v in self._values)

    @property
    def degree(self) -> Rational:
        """The value at the identity."""
        return Cyclotomic(self._values[0]).rational

    def __call__(self, g: Permutation | ConjugacyClass | int | Any) -> Cyclotomic:
        """The value at an element, a class, or the class with a number."""
        from groups.classes import ConjugacyClass

        if isinstance(g, ConjugacyClass):
            return Cyclotomic(self._values[g.index])
        if isinstance(g, int):
            return Cyclotomic(self._values[g])
        return Cyclotomic(self._values[self.classes.class_of(g).index])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ClassFunction):
            return NotImplemented
        return self._values == other._values and self.classes == other.classes

    def __hash__(self) -> int:
        return hash((self.classes, self._values))

    def __repr__(self) -> str:
        shown = ", ".join(map(str, self._values[:12])) + (", …" if len(self._values) > 12 else "")
        return f"<{type(self).__name__} [{shown}] of {self.group!r}>"

    # -- arithmetic --------------------------------------------------------------------------------

    def _matched(self, other: ClassFunction) -> ClassFunction:
        if self.classes is not other.classes and self.classes != other.classes:
            raise MembershipError(
                f"other: both class functions must live on one group, got {self.group!r} and "
                f"{other.group!r}; restrict or induce one of them first"
            )
        return other

    def _combined(self, other: ClassFunction) -> type[ClassFunction]:
        both = isinstance(self, Character) and isinstance(other, Character)
        return Character if both else ClassFunction

    def __add__(self, other: object) -> ClassFunction:
        if not isinstance(other, ClassFunction):
            return NotImplemented
        pairs = zip(self._values, self._matched(other)._values, strict=True)
        return self._combined(other)._make(self.classes, [_simple(a + b) for a, b in pairs])

    def __sub__(self, other: object) -> ClassFunction:
        if not isinstance(other, ClassFunction):
            return NotImplemented
        pairs = zip(self._values, self._matched(other)._values, strict=True)
        return ClassFunction._make(self.classes, [_simple(a - b) for a, b in pairs])

    def __neg__(self) -> ClassFunction:
        return ClassFunction._make(self.classes, [-a for a in self._values])

    def __mul__(self, other: object) -> ClassFunction:
        """The pointwise product (tensor product of characters), or a multiple."""
        if isinstance(other, ClassFunction):
            pairs = zip(self._values, self._matched(other)._values, strict=True)
            return self._combined(other)._make(self.classes, [_simple(a * b) for a, b in pairs])
        if isinstance(other, (int, Fraction, Cyclotomic)):
            stays = isinstance(self, Character) and isinstance(other, int) and other > 0
            kind = Character if stays else ClassFunction
            return kind._make(self.classes, [_simple(a * other) for a in self._values])
        return NotImplemented

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> ClassFunction:
        """The pointwise (tensor) power."""
        if exponent < 0:
            raise ParameterError(
                f"exponent: tensor powers need an integer >= 0, got {exponent}; use conjugate() "
                "for the dual"
            )
        kind = Character if isinstance(self, Character) else ClassFunction
        return kind._make(self.classes, [_simple(a**exponent) for a in self._values])

    # -- inner products ----------------------------------------------------------------------------

    def inner(self, other: ClassFunction) -> Rational | Cyclotomic:
        """The exact inner product ``(1/|G|) sum_g f(g) conj(h(g))``.

        Returns:
            int or Fraction when it is rational (always, for characters), otherwise `Cyclotomic`.

        Complexity:
            O(number of classes) products.
        """
        self._matched(other)
        total: Any = 0
        for size, a, b in zip(self.classes.sizes, self._values, other._values, strict=True):
            if a and b:
                total = total + a * _conjugate(b) * size
        total = Cyclotomic(total) * Fraction(1, self.group.order)
        return total.rational if total.is_rational else total

    def norm(self) -> Rational | Cyclotomic:
        """The inner product with itself: 1 exactly for irreducible characters (up to sign)."""
        return self.inner(self)

    def multiplicities(self) -> tuple[Rational | Cyclotomic, ...]:
        """Inner products with the irreducible characters, in the order of the table."""
        return tuple(self.inner(chi) for chi in self.group.character_table())

    def is_character(self) -> bool:
        """Whether this is the character of a representation: all multiplicities are integers >= 0.

        The zero function is not counted as a character.
        """
        found = self.multiplicities()
        return any(found) and all(isinstance(m, int) and m >= 0 for m in found)

    def as_character(self) -> Character:
        """The same function as a `Character`.

        Raises:
            ParameterError: it is none; the message has the first inner product that shows it.
        """
        for i, m in enumerate(found := self.multiplicities()):
            if not isinstance(m, int) or m < 0:
                raise ParameterError(
                    "character: inner products with irreducible characters must be integers >= 0, "
                    f"got {m} "
                    f"with irreducible {i}; see G.character_table() for the irreducible ones"
                )
        if not any(found):
            raise ParameterError(
                "character: must not be 0, got the zero function; see G.character_table()"
            )
        return Character._make(self.classes, self._values)

    def decompose(self) -> tuple[tuple[int, Character], ...]:
        """Irreducible constituents with multiplicities, in the order of the table.

        Raises:
            ParameterError: this is not a character.

        Examples:
            >>> from groups import PermutationGroup
            >>> G = PermutationGroup(["(1,2,3,4)", "(1,2)"])
            >>> [(m, chi.degree) for m, chi in G.permutation_character().decompose()]
            [(1, 1), (1, 3)]
        """
        character = self.as_character()
        table = self.group.character_table()
        found = zip(character.multiplicities(), table, strict=True)
        return tuple((m, chi) for m, chi in found if m)  # type: ignore[misc]

    # -- Galois action -----------------------------------------------------------------------------

    def _mapped(self: F, values: Iterable[Any]) -> F:
        return type(self)._make(self.classes, values)

    def conjugate(self: F) -> F:
        """The complex conjugate (the dual representation)."""
        return self._mapped([_conjugate(a) for a in self._values])

    def galois(self: F, k: int) -> F:
        """The image under ``E(n) -> E(n)^k``, k prime to the conductor of the values."""
        return self._mapped([a if type(a) is int else _simple(a.galois(k)) for a in self._values])

    @property
    def conductor(self) -> int:
        """Least n for which all values lie in Q(E(n))."""
        return math.lcm(*(1 if type(a) is int else a.conductor for a in self._values))

    @property
    def is_rational(self) -> bool:
        """Whether all values are rational."""
        return self.conductor == 1

    def galois_orbit(self: F) -> tuple[F, ...]:
        """The different Galois conjugates, this function first."""
        n = self.conductor
        units = [k for k in range(1, max(n, 2)) if math.gcd(k, n) == 1]
        return tuple(dict.fromkeys(self.galois(k) for k in units))

    def rational(self: F) -> F:
        """The sum over the Galois orbit: a function with rational values.

        Examples:
            >>> from groups import PermutationGroup
            >>> chi = PermutationGroup(["(1,2,3)"]).character_table()[1]
            >>> chi.rational().values
            (2, -1, -1)
        """
        orbit = self.galois_orbit()
        columns = zip(*(f._values for f in orbit), strict=True)
        return self._mapped([_simple(sum(column, 0)) for column in columns])

    @property
    def field(self) -> str:
        """The field generated by the values, as text: ``Q``, ``Q(sqrt(5))``, ``Q(E(7))`` or
        ``Q(values)``.

        Examples:
            >>> from groups import PermutationGroup
            >>> [c.field for c in PermutationGroup(["(1,2,3,4,5)", "(1,2,3)"]).character_table()]
            ['Q', 'Q(sqrt(5))', 'Q(sqrt(5))', 'Q', 'Q']
        """
        degree = self.field_degree
        if degree == 1:
            return "Q"
        irrational = [v for v in dict.fromkeys(self._values) if type(v) is not int]
        if degree == 2:
            x = next(v for v in irrational if not v.is_rational)
            square = Fraction(((x - Fraction(x.trace()) / 2) ** 2).rational)
            return f"Q(sqrt({_square_free(square.numerator * square.denominator)}))"
        n = self.conductor
        if degree == len([k for k in range(1, n + 1) if math.gcd(k, n) == 1]):
            return f"Q(E({n}))"
        single = [v for v in irrational if v.degree == degree]
        generators = single[:1] or [v for v in irrational if not v.is_rational]
        return "Q(" + ", ".join(map(str, generators)) + ")"

    @property
    def field_degree(self) -> int:
        """Degree over Q of the field of values (the length of the Galois orbit)."""
        return 1 if self.is_rational else len(self.galois_orbit())

    # -- power operations --------------------------------------------------------------------------

    def adams(self, k: int) -> ClassFunction:
        """The Adams operation: ``g -> f(g^k)``."""
        power = self.classes.power_map(k)
        return ClassFunction._make(self.classes, [self._values[c] for c in power])

    def _newton(self, d: int, sign: int) -> list[Any]:
        if d < 0:
            raise ParameterError(f"d: powers need an integer >= 0, got {d}; power 0 is trivial")
        maps = [self.classes.power_map(i) for i in range(d + 1)]
        result = []
        for c in range(len(self.classes)):
            sums: list[Any] = [1]
            for m in range(1, d + 1):
                total: Any = 0
                for i in range(1, m + 1):
                    term = self._values[maps[i][c]] * sums[m - i]
                    total = total + (term if sign > 0 or i % 2 else -term)
                sums.append(_simple(Cyclotomic(total) * Fraction(1, m)))
            result.append(sums[d])
        return result

    def symmetric_power(self: F, d: int) -> F:
        """The d-th symmetric power (Newton's recurrence over power maps).

        Examples:
            >>> from groups import PermutationGroup
            >>> PermutationGroup(["(1,2,3)", "(1,2)"]).character_table()[2].symmetric_power(
            ...     2
            ... ).values
            (3, 1, 0)
        """
        return self._mapped(self._newton(d, 1))

    def exterior_power(self: F, d: int) -> ClassFunction:
        """The d-th exterior power; zero beyond the degree, hence a `Character` only when it is not
        zero.
        """
        values = self._newton(d, -1)
        kind = Character if isinstance(self, Character) and any(values) else ClassFunction
        return kind._make(self.classes, values)

    @property
    def indicator(self) -> int:
        """Frobenius–Schur indicator of an irreducible character: 1 real, -1 quaternionic, 0
        complex.

        Raises:
            ParameterError: the sum is not an integer (then this is no character).
        """
        total: Any = 0
        for size, c in zip(self.classes.sizes, self.classes.power_map(2), strict=True):
            total = total + self._values[c] * size
        value = (Cyclotomic(total) * Fraction(1, self.group.order)).rational
        if not isinstance(value, int):
            raise ParameterError(
                f"character: the indicator of a character is an integer, got {value}; check "
                "is_character()"
            )
        return value

    # -- subgroups ---------------------------------------------------------------------------------

    def restrict(self: F, subgroup: PermutationGroup) -> F:
        """The restriction to a subgroup of the same degree.

        Raises:
            MembershipError: a generator of the subgroup is not in the group.
        """
        _require_subgroup(subgroup, self.group)
        below = subgroup.conjugacy_classes()
        fusion = self.classes.classify(below.representatives)
        return type(self)._make(below, [self._values[c] for c in fusion.tolist()])

    def induce(self: F, group: PermutationGroup) -> F:
        """The function induced to a larger group of the same degree.

        Raises:
            MembershipError: this function's group is not inside.

        Source:
            ``(Ind f)(g) = |C_G(g)| sum over classes of H that fuse to g of f(h)/|C_H(h)|``.

        Examples:
            >>> from groups import PermutationGroup
            >>> H, G = PermutationGroup(["(1,2,3)"]), PermutationGroup(["(1,2,3)", "(1,2)"])
            >>> H.character_table()[1].induce(G).values
            (2, 0, -1)
        """
        _require_subgroup(self.group, group)
        above = group.conjugacy_classes()
        totals: list[Any] = [0] * len(above)
        fusion = above.classify(self.classes.representatives)
        pairs = zip(fusion.tolist(), self._values, self.classes.centralizer_orders, strict=True)
        for c, value, centralizer in pairs:
            totals[c] = totals[c] + Cyclotomic(value) * Fraction(
                above.centralizer_orders[c], centralizer
            )
        return type(self)._make(above, [_simple(Cyclotomic(t)) for t in totals])

    def kernel_classes(self) -> tuple[int, ...]:
        """The classes on which the function has its value at the identity (the kernel, for
        characters).
        """
        return tuple(i for i, v in enumerate(self._values) if v == self._values[0])

    def _repr_latex_(self) -> str:
        return "$(" + ", ".join(v.latex() for v in self.values) + ")$"


class Character(ClassFunction):
    """The character of a representation.

    Irreducible ones come from ``G.character_table()``; sums, products, powers, restrictions and
    inductions of characters are characters again. To turn values into a character, make a
    `ClassFunction` and ask for ``as_character()``, which checks the exact inner products.

    Examples:
        >>> from groups import PermutationGroup
        >>> table = PermutationGroup(["(1,2,3,4)", "(1,2)"]).character_table()
        >>> chi = table[4]
        >>> chi.degree, (chi * chi).decompose() == tuple((1, c) for c in (table[0], *table[2:]))
        (3, True)
    """

    __slots__ = ()

    def __init__(self, classes: ConjugacyClasses, values: Iterable[Any]) -> None:
        super().__init__(classes, values)
        self.as_character()

    @property
    def degree(self) -> int:
        """Dimension of the representation."""
        return int(super().degree)

    @property
    def is_irreducible(self) -> bool:
        """Whether the norm is 1."""
        return self.norm() == 1

    @property
    def is_linear(self) -> bool:
        """Whether the degree is 1."""
        return self.degree == 1

    @property
    def is_trivial(self) -> bool:
        """Whether every value is 1."""
        return all(v == 1 for v in self._values)


def _simple(value: Any) -> Any:
    """An int for an integer, otherwise a `Cyclotomic`."""
    if type(value) is int:
        return value
    x = value if isinstance(value, Cyclotomic) else Cyclotomic(value)
    if x.is_rational and isinstance(x.rational, int):
        return x.rational
    return x


def _conjugate(value: Any) -> Any:
    return value if type(value) is int else value.conjugate()


def _square_free(n: int) -> int:
    sign, n = (-1 if n < 0 else 1), abs(n)
    p = 2
    while p * p <= n:
        while n % (p * p) == 0:
            n //= p * p
        p += 1
    return sign * n


def _require_subgroup(inner: PermutationGroup, outer: PermutationGroup) -> None:
    if inner.degree != outer.degree:
        raise MembershipError(
            f"group: subgroup and group must have one degree, got {inner.degree} and "
            f"{outer.degree}; "
            "let both act on the same points"
        )
    for g in inner.generators:
        if g not in outer:
            raise MembershipError(
                f"group: {inner!r} must lie inside {outer!r}, got the generator {g} outside; "
                "check with H.is_subgroup_of(G)"
            )


# -- characters of a group -------------------------------------------------------------------------


def character_table(group: PermutationGroup, algorithm: str = "auto") -> CharacterTable:
    """The exact table of irreducible characters; every table is verified before it is returned.

    Arguments:
        group: the group.
        algorithm: ``"auto"`` uses rim hooks for symmetric groups, splitting for alternating ones,
            tensor products for direct products, Clifford theory for wreath products with a
            symmetric top, extension for abelian groups and Burnside–Dixon–Schneider otherwise;
            ``"dixon"`` always uses the last.

    Returns:
        `CharacterTable`: characters by degree, the trivial one first, rational ones before others.

    Raises:
        ParameterError: unknown algorithm. TooLargeError: too many classes, or class matrices out of
            reach.

    Complexity:
        See `groups.dixon`; O(p(n)^2) for S_n with p(n) partitions.

    Source:
        J. D. Dixon 1967, G. J. A. Schneider 1990; G. James, A. Kerber 1981.

    Examples:
        >>> from groups import PermutationGroup
        >>> print(character_table(PermutationGroup(["(1,2,3)", "(1,2)"])))
             1a 2a 3a
        size  1  3  2
        X.1   1  1  1
        X.2   1 -1  1
        X.3   2  0 -1
    """
    from groups.character_tables import compute_table

    return compute_table(group, algorithm)


def permutation_character(group: PermutationGroup) -> Character:
    """The character that counts fixed points.

    Examples:
        >>> from groups import PermutationGroup
        >>> permutation_character(PermutationGroup(["(1,2,3)"])).values
        (3, 0, 0)
    """
    classes = group.conjugacy_classes()
    if group.degree == 0:
        raise ParameterError(
            "group: the permutation character needs at least one point, got degree 0; "
            "use character_table()[0] for the trivial character"
        )
    fixed = (classes.representatives == np.arange(group.degree)).sum(axis=1)
    return Character._make(classes, fixed.tolist())


def trivial_character(group: PermutationGroup) -> Character:
    """The character with all values 1."""
    classes = group.conjugacy_classes()
    return Character._make(classes, [1] * len(classes))


def sign_character(group: PermutationGroup) -> Character:
    """The signs of the permutations.

    Examples:
        >>> from groups import PermutationGroup
        >>> sign_character(PermutationGroup(["(1,2,3)", "(1,2)"])).values
        (1, -1, 1)
    """
    classes = group.conjugacy_classes()
    signs = [-1 if sum(x - 1 for x in t) % 2 else 1 for t in classes.cycle_types]
    return Character._make(classes, signs)


def polynomial_character(group: PermutationGroup, degree: int) -> Character:
    """The character on homogeneous polynomials of one degree in the points: a symmetric power.

    Arguments:
        degree: degree >= 0 of the polynomials; a group on 0 points has none of positive degree.

    Examples:
        >>> from groups import PermutationGroup
        >>> G = PermutationGroup(["(1,2,3)", "(1,2)"])
        >>> [(m, chi.degree) for m, chi in polynomial_character(G, 2).decompose()]
        [(2, 1), (2, 2)]
    """
    if degree < 0:
        raise ParameterError(
            f"degree: polynomials need a degree >= 0, got {degree}; degree 0 is the constants"
        )
    if group.degree == 0 and degree > 0:
        raise ParameterError(
            f"degree: a group on no points has only constant polynomials, got degree {degree}; use "
            "0"
        )
    classes = group.conjugacy_classes()
    return Character._make(
        classes, [complete_symmetric_trace(t, degree) for t in classes.cycle_types]
    )


def complete_symmetric_trace(cycle_type: Sequence[int], degree: int) -> int:
    """Coefficient of t^degree in the product of ``1/(1 - t^c)`` over the cycles: the trace on
    polynomials.

    Examples:
        >>> complete_symmetric_trace((2, 1), 2)
        2
    """
    series = [1] + [0] * degree
    for c in cycle_type:
        for i in range(c, degree + 1):
            series[i] += series[i - c]
    return series[degree]
