"""Products of invariant functions, orbit by orbit, through canonical representatives.

For orbits O = G·α and P, m_O·m_P = |O|·R(p_α·m_P) with R the average over G, because R commutes
with multiplication by the invariant m_P. Only the smaller of the two orbits is walked; the larger
one is represented by α alone. Each p_α·p_β is linearised coordinate by coordinate (MATH.md 4.8),
and R(p_γ) = m_{G·γ}/|G·γ|.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from symcsq.distributions import Product
from symcsq.functions.expansions import Expansion
from symcsq.functions.orbit_elements import orbit_elements

__all__ = ["multiply", "multiply_basis"]


def multiply(f: Expansion, g: Expansion) -> Expansion:
    """The product f·g of two expansions over the same group and distribution.

    Arguments:
        f, g: expansions in the same space.

    Returns:
        Their product, an expansion over the same group.

    Raises:
        DistributionError: a moment sequence is too short for the product.

    Complexity: Σ over pairs of orbits of min(|O|, |P|)·∏(min(α_i, β_i) + 1) terms, and one
    canonical image for each exponent vector that occurs.

    Source: M2 and MATH.md 4.8 (linearisation).

    Examples:
        >>> from groups import PermutationGroup
        >>> from symcsq.distributions import Gaussian
        >>> S2 = PermutationGroup(["(1,2)"])
        >>> f = Expansion(S2, Gaussian(), {(0, 1): 1})
        >>> {key: int(value) for key, value in multiply(f, f).coefficients.items()}
        {(0, 0): 2, (0, 2): 1, (1, 1): 2}
    """
    law, group = f.distribution, f.group
    raw: dict[tuple[int, ...], Fraction] = {}
    for alpha, a, alpha_size in f:
        for beta, b, beta_size in g:
            fixed, fixed_size, walked = alpha, alpha_size, beta
            if alpha_size < beta_size:
                fixed, fixed_size, walked = beta, beta_size, alpha
            weight = a * b * fixed_size
            for element in orbit_elements(group, walked):
                for gamma, c in multiply_basis(fixed, element, law).items():
                    raw[gamma] = raw.get(gamma, Fraction(0)) + weight * c
    sums: dict[tuple[int, ...], Fraction] = {}
    sizes: dict[tuple[int, ...], int] = {}
    for gamma, value in raw.items():
        image = group.canonical(gamma)
        key = tuple(int(e) for e in image.representative)
        sizes[key] = int(image.orbit_size)
        sums[key] = sums.get(key, Fraction(0)) + value / sizes[key]
    return Expansion._known(group, law, sums, sizes)


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
