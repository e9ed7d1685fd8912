"""Counting orbits without listing one: the cycle index and the counts that follow from it (M6).

By Cauchy–Frobenius the number of orbits is the mean number of fixed objects, and Pólya's
substitution into the cycle index `Z_G` makes all these means at once. The cycle index is found
without running through the group: from how the group was built (symmetric, alternating, cyclic,
dihedral, Young, direct and wreath products, induced actions); from its order when that shows it to
be S_n, A_n or a product; and otherwise by counting cycle types up to partial conjugation
(`groups.cycle_type_search`), or from the conjugacy classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING, Any

from groups import cycle_index_rules as rules
from groups.bounded_counts import shown
from groups.cycle_index_rules import CycleType, Rule, Terms
from groups.errors import DegreeError, TooLargeError
from groups.ranking import whole_number
from groups.recognition import direct_factors, wreath_factors

if TYPE_CHECKING:
    from groups.group import PermutationGroup


MAX_DEGREE = 100_000
"""Highest degree of a series of counts, and longest tuples that are counted."""

MAX_BITS = 14_000
"""Most binary digits of a number of tuples: some 4,000 decimal ones."""


class CycleIndex:
    """The cycle index `Z_G(p_1, p_2, …) = |G|⁻¹ Σ_g ∏_{cycles c of g} p_|c|` of a permutation
    group.

    Attributes: `degree`, `order`. The list of terms is made on request only: S_200 has 4·10¹² of
    them, and its orbits are counted all the same.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> Z = cycle_index(symmetric(4))
        >>> print(Z)
        1/24·p1^4 + 1/4·p1^2·p2 + 1/8·p2^2 + 1/3·p1·p3 + 1/4·p4
        >>> Z.coefficient((2, 1, 1))
        Fraction(1, 4)
        >>> Z.substitute([1, 1], 4)  # orbits on k-subsets, k = 0..4
        [1, 1, 1, 1, 1]
    """

    __slots__ = ("_rule", "_terms")

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._terms: Terms | None = None

    @property
    def degree(self) -> int:
        """Number of points."""
        return self._rule.degree

    @property
    def order(self) -> int:
        """Order of the group."""
        return self._rule.order

    def _counts(self) -> Terms:
        if self._terms is None:
            terms = self._rule.terms()
            if sum(terms.values()) != self.order:
                raise AssertionError("cycle index: cycle types do not add up to the order")
            self._terms = dict(sorted(terms.items(), key=lambda item: _descending(item[0])))
        return self._terms

    @property
    def terms(self) -> tuple[tuple[tuple[int, ...], Fraction], ...]:
        """Pairs (cycle type, coefficient); cycle types decreasing, fixed points included, in rising
        order.

        Raises:
            TooLargeError: there are too many to write out.
        """
        return tuple((_descending(t), Fraction(c, self.order)) for t, c in self._counts().items())

    def coefficient(self, cycle_type: Sequence[int]) -> Fraction:
        """Share of the elements with the given cycle lengths (fixed points included)."""
        lengths: dict[int, int] = {}
        for length in cycle_type:
            length = whole_number("cycle_type", length, 1)
            lengths[length] = lengths.get(length, 0) + 1
        if sum(k * m for k, m in lengths.items()) != self.degree:
            raise DegreeError(
                f"cycle_type: lengths must sum to {self.degree}, the degree, got"
                f" {tuple(cycle_type)}; write fixed points as 1"
            )
        return Fraction(self._counts().get(tuple(sorted(lengths.items())), 0), self.order)

    def substitute(self, weights: Sequence[int], degree: int) -> list[int]:
        """Coefficients 0..degree of `Z(f(t), f(t²), …)` for `f(t) = Σ weights[j] t^j`.

        Arguments:
            weights: how many colours there are of weight 0, 1, 2, …; whole numbers, not negative.
            degree: the highest power of t wanted.

        Returns:
            Entry d is the number of orbits on colourings of total weight d.

        Raises:
            TooLargeError: the degree is above `MAX_DEGREE`, or the count would take minutes.

        Complexity:
            Polynomial in `degree` and the number of factors of the construction; for groups known
            by their classes, one truncated product per cycle type.

        Source:
            M6; Pólya 1937. Plethysm for wreath products.

        Examples:
            >>> from groups.catalogue import cyclic
            >>> cycle_index(cyclic(6)).substitute([1, 1], 6)  # necklaces by number of beads
            [1, 1, 3, 4, 3, 1, 1]
        """
        degree = _countable("degree", degree)
        weights = [whole_number("weights", w) for w in weights[: degree + 1]]
        return self._rule.series(weights, degree)

    def orbits_on_distinct_tuples(self, k: int) -> list[int]:
        """Numbers of orbits on j-tuples of distinct points, j = 0..k."""
        return self._rule.tuple_orbits(whole_number("k", k))

    def __call__(self, values: Sequence[Any]) -> Any:
        """The value at `p_k = values[k - 1]`, exact for exact values.

        Examples:
            >>> from groups.catalogue import cyclic
            >>> cycle_index(cyclic(4))([2, 2, 2, 2])  # two-coloured necklaces of four beads
            Fraction(6, 1)
        """
        total: Any = Fraction(0)
        for cycle_type, count in self._counts().items():
            product: Any = Fraction(count, self.order)
            for length, m in cycle_type:
                if length > len(values):
                    raise DegreeError(
                        f"values: needs p_1 to p_{length}, got {len(values)} values;"
                        " give one per cycle length"
                    )
                product = product * values[length - 1] ** m
            total = total + product
        return total

    def to_sympy(self, symbol: str = "p") -> Any:
        """The polynomial in sympy symbols p1, p2, …"""
        import sympy

        total = sympy.Integer(0)
        for cycle_type, count in self._counts().items():
            product = sympy.Rational(count, self.order)
            for length, m in cycle_type:
                product *= sympy.Symbol(f"{symbol}{length}") ** m
            total += product
        return total

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CycleIndex):
            return NotImplemented
        if (self.degree, self.order) != (other.degree, other.order):
            return False
        return self._rule == other._rule or self._counts() == other._counts()

    def __hash__(self) -> int:
        return hash((self.degree, self.order))

    def __str__(self) -> str:
        parts = []
        for cycle_type, count in self._counts().items():
            factors = [f"p{k}" if m == 1 else f"p{k}^{m}" for k, m in cycle_type]
            share = Fraction(count, self.order)
            if share != 1 or not factors:
                factors.insert(0, str(share))
            parts.append("·".join(factors))
        return " + ".join(parts)

    def __repr__(self) -> str:
        return f"<CycleIndex of degree {self.degree}, order {self.order}>"


def _countable(name: str, value: object) -> int:
    """A degree or length that is a whole number and not far too large."""
    number = whole_number(name, value)
    if number > MAX_DEGREE:
        raise TooLargeError(
            f"{name}: orbits are counted up to {name} {MAX_DEGREE}, got {shown(number)};"
            " choose a smaller one"
        )
    return number


def _descending(cycle_type: CycleType) -> tuple[int, ...]:
    return tuple(length for length, m in reversed(cycle_type) for _ in range(m))


def cycle_index(group: PermutationGroup) -> CycleIndex:
    """The cycle index of a group.

    Arguments:
        group: any permutation group.

    Returns:
        `CycleIndex`. Its rule is taken from the construction of the group where that is known, so
        that nothing is enumerated.

    Raises:
        TooLargeError: the construction is not known and neither cycle types nor classes can be
        counted.

    Complexity:
        Constant for catalogue groups and products; otherwise see `cycle_type_search` (M24: 0.03 s).

    Source:
        M6; Pólya 1937; Harary and Palmer, *Graphical Enumeration*, 1973 (products and plethysm).

    Examples:
        >>> from groups.catalogue import cyclic, symmetric
        >>> print(cycle_index(cyclic(6)))
        1/6·p1^6 + 1/6·p2^3 + 1/3·p3^2 + 1/3·p6
        >>> cycle_index(symmetric(5).on_pairs()).substitute(
        ...     [1, 1], 10
        ... )  # graphs on 5 vertices by edges
        [1, 1, 2, 4, 6, 6, 6, 4, 2, 1, 1]
    """
    cached = group._cache.get("cycle_index")
    if cached is None:
        cached = group._cache["cycle_index"] = CycleIndex(_rule(group))
    return cached  # type: ignore[no-any-return]


def _rule(group: PermutationGroup) -> Rule:
    rule = _rule_from_structure(group)
    if rule is not None:
        return rule
    n = group.degree
    if group.is_trivial:
        return rules.Listed(n, 1, (((((1, n),) if n else ()), 1),))
    if n <= 1 or group.order == factorial(n):
        return rules.Symmetric(n)
    if 2 * group.order == factorial(n):
        return rules.Alternating(n)  # the only subgroup of index 2
    factors = direct_factors(group)
    if factors is not None:
        return rules.Direct(tuple(_rule(factor) for factor in factors))
    if group.is_transitive:
        product = wreath_factors(group)
        if product is not None:
            return rules.Wreath(_rule(product[0]), _rule(product[1]))
    return rules.Listed(n, group.order, tuple(_cycle_types(group).items()))


def _cycle_types(group: PermutationGroup) -> Terms:
    from groups.cycle_type_search import cycle_types

    try:
        return cycle_types(group)
    except TooLargeError:
        # The classes may still be few: they are found in another way.
        try:
            classes = group.conjugacy_classes()
        except TooLargeError as error:
            raise TooLargeError(
                f"cycle index: {group!r} of order {shown(group.order)} has too many elements and"
                " classes to count cycle types; list the orbits instead (orbits_on_…), or build the"
                " group from catalogue groups and products"
            ) from error
    terms: Terms = {}
    for one in classes:
        lengths: dict[int, int] = {}
        for length in reversed(one.cycle_type):
            lengths[length] = lengths.get(length, 0) + 1
        cycle_type = tuple(lengths.items())
        terms[cycle_type] = terms.get(cycle_type, 0) + one.size
    return terms


def _rule_from_structure(group: PermutationGroup) -> Rule | None:
    record = group._structure
    if record is None:
        return None
    kind = record[0]
    if kind == "symmetric":
        return rules.Symmetric(record[1])
    if kind == "alternating":
        return rules.Alternating(record[1]) if record[1] > 1 else rules.Symmetric(record[1])
    if kind == "cyclic":
        return rules.cyclic(record[1])
    if kind == "dihedral":
        return rules.dihedral(record[1]) if record[1] > 2 else None
    if kind == "young":
        return rules.Direct(tuple(rules.Symmetric(part) for part in record[1]))
    if kind == "direct":
        return rules.Direct(tuple(_rule(factor) for factor in record[1]))
    if kind == "wreath":
        return rules.Wreath(_rule(record[1]), _rule(record[2])) if group.degree else None
    if kind == "action":
        return _rule_of_action(group, record[1], record[2], record[3])
    return None


def _rule_of_action(
    group: PermutationGroup, kind: str, source: PermutationGroup, parameter: Any
) -> Rule | None:
    if kind == "rows":
        return rules.repeated(_rule(source), parameter) if source.degree else None
    if kind == "points":
        return _rule(source)
    if kind in ("subsets", "pairs"):
        fixed = rules.fixed_subsets(parameter)
    elif kind in ("tuples", "ordered pairs"):
        fixed = rules.fixed_tuples(parameter, distinct=kind == "ordered pairs")
    elif kind == "exponents":
        total, bound = parameter if isinstance(parameter, tuple) else (parameter, parameter)
        fixed = rules.fixed_exponents(total, bound)
    else:
        return None
    base = _rule(source)
    if group.order != base.order:
        return None  # not faithful: the classes of the image tell
    return rules.Induced(base, group.degree, base.order, fixed)


def count_orbits_on_subsets(group: PermutationGroup, k: int) -> int:
    """Number of orbits on k-subsets of points (M6).

    Raises:
        ParameterError: k is not in 0..degree.

    Complexity:
        See `CycleIndex.substitute` with degree min(k, n - k).

    Examples:
        >>> from groups.catalogue import cyclic
        >>> count_orbits_on_subsets(cyclic(1024), 10)
        326431511229403965952
    """
    k = whole_number("k", k, 0, group.degree)
    k = min(k, group.degree - k)  # complements
    return cycle_index(group).substitute([1, 1], k)[k]


def count_orbits_on_tuples(group: PermutationGroup, k: int, *, distinct: bool = False) -> int:
    """Number of orbits on k-tuples of points, with repeats unless `distinct` (M6).

    Raises:
        TooLargeError: k is above `MAX_DEGREE`, or there are more than 2^`MAX_BITS` tuples.

    Source:
        A tuple is a partition of its k places with one point for each part, all different: Stirling
        numbers of the second kind times the orbits on distinct tuples.

    Examples:
        >>> from groups.catalogue import symmetric
        >>> (
        ...     count_orbits_on_tuples(symmetric(9), 4),
        ...     count_orbits_on_tuples(symmetric(9), 4, distinct=True),
        ... )
        (15, 1)
    """
    if distinct:
        k = whole_number("k", k, 0, group.degree)
        return cycle_index(group).orbits_on_distinct_tuples(k)[k]
    k = _countable("k", k)
    n = group.degree
    if k * (n.bit_length() - 1) > MAX_BITS:
        raise TooLargeError(
            f"k: at most 2^{MAX_BITS} tuples are counted, got {n}^{k}; choose a smaller k"
        )
    parts = min(k, n)  # of a partition whose parts get different points
    orbits = cycle_index(group).orbits_on_distinct_tuples(parts)
    stirling = [1] + [0] * parts
    for _ in range(k):
        stirling = [0] + [stirling[j - 1] + j * stirling[j] for j in range(1, parts + 1)]
    return sum(s * o for s, o in zip(stirling, orbits, strict=True))


def count_orbits_on_exponents(
    group: PermutationGroup, degree: int, max_exponent: int | None = None
) -> int:
    """Number of orbits on exponent vectors of a degree, entries at most `max_exponent` if given
    (M6).

    Returns:
        The dimension of the invariants of that degree (M2).

    Examples:
        >>> from groups.catalogue import symmetric
        >>> count_orbits_on_exponents(symmetric(200), 20)  # partitions of 20
        627
        >>> count_orbits_on_exponents(symmetric(12).on_pairs(), 12)  # multigraphs with 12 edges
        510517
    """
    degree = _countable("degree", degree)
    bound = degree if max_exponent is None else whole_number("max_exponent", max_exponent)
    return cycle_index(group).substitute([1] * (min(bound, degree) + 1), degree)[degree]


def count_orbits_on_colourings(group: PermutationGroup, colours: int) -> int:
    """Number of orbits on colourings of the points with `colours` colours (M6).

    Examples:
        >>> from groups.catalogue import cyclic, symmetric
        >>> count_orbits_on_colourings(cyclic(6), 2), count_orbits_on_colourings(symmetric(50), 3)
        (14, 1326)
    """
    colours = whole_number("q", colours)
    return cycle_index(group).substitute([colours], 0)[0]
