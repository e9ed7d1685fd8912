"""Products of invariant functions, orbit by orbit, through canonical representatives.

For orbits O = G·α and P, m_O·m_P = |O|·R(p_α·m_P) with R the average over G, because R commutes
with multiplication by the invariant m_P. Only the smaller of the two orbits is walked; the larger
one is represented by α alone. When the smaller one is large too, it is taken apart into orbits of
the stabiliser of α, one representative for each: R(p_α·p_β) is the same for all β of such an orbit.
Each p_α·p_β is linearised coordinate by coordinate (MATH.md 4.8), and R(p_γ) = m_{G·γ}/|G·γ|.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from groups.errors import GroupsError
from symcsq.distributions import Product
from symcsq.functions.expansions import Expansion
from symcsq.functions.orbit_elements import orbit_elements

__all__ = ["multiply", "multiply_basis"]

_WALKED = 200  # elements of an orbit that are walked without looking for stabilisers


def multiply(f: Expansion, g: Expansion) -> Expansion:
    """The product f·g of two expansions over the same group and distribution.

    Arguments:
        f, g: expansions in the same space.

    Returns:
        Their product, an expansion over the same group.

    Raises:
        DistributionError: a moment sequence is too short for the product.

    Complexity: Σ over pairs of orbits of min(|O|, |P|)·∏(min(α_i, β_i) + 1) terms, or with the
    number of orbits of the stabiliser of α in place of min(|O|, |P|), and one canonical image for
    each exponent vector that occurs.

    Source: M2 and MATH.md 4.8 (linearisation).

    Examples:
        >>> from groups import PermutationGroup
        >>> from symcsq.distributions import Gaussian
        >>> S2 = PermutationGroup(["(1,2)"])
        >>> f = Expansion(S2, Gaussian(), {(0, 1): 1})
        >>> {key: int(value) for key, value in multiply(f, f).coefficients.items()}
        {(0, 0): 2, (0, 2): 1, (1, 1): 2}

        Orbits of 48620 elements, without walking them:

        >>> from groups import group
        >>> half = Expansion(group("S18"), Gaussian(), {(0,) * 9 + (1,) * 9: 1})
        >>> multiply(half, half).mean() == half.norm_squared() == 48620
        True
    """
    law, group = f.distribution, f.group
    raw: dict[tuple[int, ...], Fraction] = {}
    for alpha, a, alpha_size in f:
        for beta, b, beta_size in g:
            fixed, fixed_size, walked, walked_size = alpha, alpha_size, beta, beta_size
            if alpha_size < beta_size:
                fixed, fixed_size, walked, walked_size = beta, beta_size, alpha, alpha_size
            weight = a * b * fixed_size
            for element, many in _parts(group, fixed, walked, walked_size):
                for gamma, c in multiply_basis(fixed, element, law).items():
                    raw[gamma] = raw.get(gamma, Fraction(0)) + weight * many * c
    sums: dict[tuple[int, ...], Fraction] = {}
    sizes: dict[tuple[int, ...], int] = {}
    for gamma, value in raw.items():
        image = group.canonical(gamma)
        key = tuple(int(e) for e in image.representative)
        sizes[key] = int(image.orbit_size)
        sums[key] = sums.get(key, Fraction(0)) + value / sizes[key]
    return Expansion._known(group, law, sums, sizes)


def _parts(
    group: Any, fixed: tuple[int, ...], walked: tuple[int, ...], size: int
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Elements of the orbit of `walked` that stand for all, with how many each stands for."""
    if size > _WALKED:
        try:
            parts = _parts_by_stabilizer(group, fixed, walked, size)
        except GroupsError:  # the stabiliser, or its count of orbits, is too large to find
            parts = None
        if parts is not None:
            yield from parts
            return
    for element in orbit_elements(group, walked):
        yield element, 1


def _parts_by_stabilizer(
    group: Any, fixed: tuple[int, ...], walked: tuple[int, ...], size: int
) -> list[tuple[tuple[int, ...], int]] | None:
    """The orbit of `walked` under the stabiliser of `fixed`; None when that is not fewer parts."""
    levels: dict[int, list[int]] = {}
    for place, exponent in enumerate(fixed):
        levels.setdefault(exponent, []).append(place)
    stabilizer = group
    for points in sorted(levels.values(), key=len)[:-1]:
        stabilizer = stabilizer.setwise_stabilizer(points)
    degree, most = sum(walked), max(walked)
    if stabilizer.count_orbits_on_exponents(degree, max_exponent=most) >= size:
        return None
    table = stabilizer.orbits_on_exponents(degree, max_exponent=most)
    wanted, content = tuple(walked), sorted(walked)
    parts = []
    for row, many in zip(table.representatives.tolist(), table.sizes, strict=True):
        if sorted(row) == content:
            image = group.canonical(row).representative
            if tuple(int(e) for e in image) == wanted:
                parts.append((tuple(row), int(many)))
    return parts


def multiply_basis(
    alpha: tuple[int, ...], beta: tuple[int, ...], law: Product
) -> dict[tuple[int, ...], Fraction]:
    """p_α·p_β = Σ c_γ p_γ in L², as {γ: c_γ}.

    Examples:
        >>> from symcsq.distributions import Gaussian
        >>> multiply_basis((1, 2), (1, 0), Gaussian().on(2))
        {(0, 2): Fraction(1, 1), (2, 2): Fraction(1, 1)}
    """
    factors = []
    for i, (a, b) in enumerate(zip(alpha, beta, strict=True)):
        if a and b:
            row = law[i].linearization(a, b)
            factors.append([(k, c) for k, c in enumerate(row) if c])
        else:
            factors.append([(a + b, Fraction(1))])
    result: dict[tuple[int, ...], Fraction] = {}
    for choice in product(*factors):
        value = Fraction(1)
        for _, c in choice:
            value *= c
        result[tuple(k for k, _ in choice)] = value
    return result
