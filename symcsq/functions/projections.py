"""Projections onto invariants (Reynolds), semi-invariants (M3) and isotypic parts (M4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from symcsq.distributions import as_product
from symcsq.errors import ExpansionError
from symcsq.exact import rational, rationals
from symcsq.functions.expansions import Expansion
from symcsq.functions.orbit_elements import orbit_elements

__all__ = ["expand", "isotypic_part", "reynolds", "semi_invariant"]

_ELEMENT_LIMIT = 1_000_000


def reynolds(f: Expansion, group: Any) -> Expansion:
    """The average (1/|G|) Σ_g g·f over a larger group, orbit by orbit.

    Each H-orbit sum averages to (|O_H|/|O_G|)·m_{O_G}: neither group is enumerated.

    Arguments:
        f: an expansion over a subgroup H of G (the trivial group for an arbitrary function).
        group: G, which must preserve the distribution.

    Returns:
        The expansion of the average over G: the orthogonal projection onto the G-invariants.

    Raises:
        ExpansionError: H is not a subgroup of G, or G moves the distribution.

    Complexity: one canonical image for each orbit of f.

    Source: M2, M14.

    Examples:
        >>> from groups import PermutationGroup
        >>> from symcsq.distributions import Gaussian
        >>> f = Expansion(PermutationGroup([], degree=3), Gaussian(), {(2, 0, 0): 1})
        >>> reynolds(f, PermutationGroup(["(1,2,3)"])).coefficients
        {(0, 0, 2): Fraction(1, 3)}
    """
    if f.group.degree != group.degree or any(g not in group for g in f.group.generators):
        raise ExpansionError(
            f"group: must contain the group of the expansion, got {group!r} for {f.group!r}; "
            "expand over a subgroup or the trivial group first"
        )
    whole = Expansion(group, f.distribution)  # checks that G preserves the distribution
    sums: dict[tuple[int, ...], Fraction] = {}
    sizes: dict[tuple[int, ...], int] = {}
    for key, value, size in f:
        image = group.canonical(key)
        representative = tuple(int(e) for e in image.representative)
        sizes[representative] = int(image.orbit_size)
        sums[representative] = (
            sums.get(representative, Fraction(0)) + value * size / sizes[representative]
        )
    return Expansion._known(group, whole.distribution, sums, sizes)


def semi_invariant(
    group: Any, distribution: Any, exponents: Sequence[int], character: Sequence[object]
) -> dict[tuple[int, ...], Fraction]:
    """The χ-semi-invariant orbit sum m^χ_O = Σ χ(g)⁻¹ p_{g·α} over G·α (M3).

    Arguments:
        group: a `PermutationGroup`.
        distribution: a product law that it preserves, as for `Expansion`.
        exponents: α.
        character: χ on the generators of the group, in their order: 1 or -1 each.

    Returns:
        {exponent vector: coefficient ±1} in the orthogonal basis, with coefficient 1 at α; empty
        when χ is not trivial on the stabiliser of α. Its squared norm is |O|·h_O.

    Raises:
        ExpansionError: a wrong number of values, or one that is not ±1.

    Complexity: |orbit|·|generators|·n.

    Source: M3.

    Examples:
        >>> from groups import PermutationGroup
        >>> from symcsq.distributions import Gaussian
        >>> S2 = PermutationGroup(["(1,2)"])
        >>> semi_invariant(S2, Gaussian(), (0, 1), [-1])
        {(0, 1): Fraction(1, 1), (1, 0): Fraction(-1, 1)}
        >>> semi_invariant(S2, Gaussian(), (1, 1), [-1])
        {}
    """
    law = as_product(distribution, group.degree)
    values = rationals(character, "character")
    if len(values) != len(group.generators) or any(abs(v) != 1 for v in values):
        raise ExpansionError(
            f"character: must be 1 or -1 for each of the {len(group.generators)} generators, "
            f"got {[str(v) for v in values]}; the trivial character is all 1"
        )
    start = next(iter(Expansion(group.subgroup([]), law, {tuple(exponents): 1}).coefficients))
    inverses = [~g for g in group.generators]
    result = {start: Fraction(1)}
    queue = [start]
    for element in queue:
        for inverse, value in zip(inverses, values, strict=True):
            # (g·β)[j] = β[g⁻¹(j)] and c_{gβ} = χ(g)⁻¹ c_β.
            image = tuple(element[inverse(j)] for j in range(len(element)))
            coefficient = result[element] * value
            if image not in result:
                result[image] = coefficient
                queue.append(image)
            elif result[image] != coefficient:
                return {}
    return dict(sorted(result.items()))


def isotypic_part(
    f: Expansion, group: Any, character: Callable[[Any], object], *, degree: int | None = None
) -> Expansion:
    """P_χ f = (χ(1)/|G|) Σ_g χ(g) g·f for a rational-valued irreducible character (M4).

    For a character with irrational values, pass the sum over its Galois orbit and `degree` χ(1):
    the result is the rational projection onto the sum of those isotypic parts.

    Arguments:
        f: an expansion over the trivial group.
        group: G, which preserves the distribution; at most 10^6 elements are summed over.
        character: a callable on group elements with rational values.
        degree: χ(1); by default the value at the identity.

    Returns:
        The projection, an expansion over the trivial group.

    Raises:
        ExpansionError: f is not over the trivial group, or G is too large or moves the
            distribution.

    Complexity: |G|·(number of terms of f)·n.

    Source: M4.

    Examples:
        >>> from groups import PermutationGroup
        >>> from symcsq.distributions import Gaussian
        >>> f = Expansion(PermutationGroup([], degree=2), Gaussian(), {(1, 0): 1})
        >>> {
        ...     key: str(c)
        ...     for key, c in isotypic_part(
        ...         f, PermutationGroup(["(1,2)"]), lambda g: g.sign
        ...     ).coefficients.items()
        ... }
        {(0, 1): '-1/2', (1, 0): '1/2'}
    """
    if f.group.generators:
        raise ExpansionError(f"f: must be expanded over the trivial group, got {f!r}; use `expand`")
    Expansion(group, f.distribution)
    order = int(group.order)
    if order > _ELEMENT_LIMIT:
        raise ExpansionError(
            f"group: at most {_ELEMENT_LIMIT} elements are summed over, got order {order}; "
            "use reynolds or semi_invariant"
        )
    sums: dict[tuple[int, ...], Fraction] = {}
    dimension = rational(character(group.identity) if degree is None else degree, "degree")
    for g in group.elements():
        weight = rational(character(g), "character") * dimension / order
        if not weight:
            continue
        images = g.images.tolist()
        for key, value, _ in f:
            moved = [0] * len(key)
            for i, e in enumerate(key):
                moved[images[i]] = e
            target = tuple(moved)
            sums[target] = sums.get(target, Fraction(0)) + weight * value
    return Expansion._known(f.group, f.distribution, sums, dict.fromkeys(sums, 1))


def expand(f: Expansion) -> Expansion:
    """The same function over the trivial group: every orbit written out.

    Examples:
        >>> from groups import PermutationGroup
        >>> from symcsq.distributions import Gaussian
        >>> len(expand(Expansion(PermutationGroup(["(1,2,3)"]), Gaussian(), {(0, 0, 1): 1})))
        3
    """
    trivial = f.group.subgroup([])
    sums = {element: value for key, value, _ in f for element in orbit_elements(f.group, key)}
    return Expansion._known(trivial, f.distribution, sums, dict.fromkeys(sums, 1))
