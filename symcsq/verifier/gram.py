"""Gram matrices of functions over orthogonal orbit sums: ``C diag(|O| h_O) C^T`` (M2).

No orbit is expanded, and only pairs of functions that share an orbit meet at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from symcsq.errors import VerificationError
from symcsq.functions.gram import Gram


def orbit_gram(coefficients: Sequence[Mapping[int, Fraction]], weights: Sequence[Fraction]) -> Gram:
    """The exact Gram matrix ``C diag(w) C^T`` of functions written over orthogonal orbit sums (M2).

    Arguments:
        coefficients: one mapping {orbit index: coefficient} per function.
        weights: the squared norm ``|O| h_O`` of each orbit sum.

    Returns:
        All non-zero entries, each pair of functions that share an orbit included.

    Raises:
        VerificationError: a coefficient refers to an orbit that has no weight.

    Complexity: the sum over orbits of the square of the number of functions that use the orbit.

    Source: MATH.md M2.

    Examples:
        >>> gram = orbit_gram(
        ...     [{0: Fraction(1), 1: Fraction(1)}, {1: Fraction(-2)}], [Fraction(3), Fraction(5)]
        ... )
        >>> {pair: str(entry) for pair, entry in gram.entries.items()}
        {(0, 0): '8', (0, 1): '-10', (1, 1): '20'}
    """
    users: dict[int, list[tuple[int, Fraction]]] = {}
    for function, row in enumerate(coefficients):
        for orbit, coefficient in row.items():
            if not 0 <= orbit < len(weights):
                raise VerificationError(
                    f"coefficients[{function}]: orbit numbers run from 0 to {len(weights) - 1}, "
                    f"got {orbit}; give every orbit a weight"
                )
            users.setdefault(orbit, []).append((function, coefficient))
    sums: dict[tuple[int, int], Fraction] = {}
    for orbit in sorted(users):
        members = users[orbit]
        for place, (i, left) in enumerate(members):
            scaled = left * weights[orbit]
            for j, right in members[place:]:
                sums[i, j] = sums.get((i, j), Fraction(0)) + scaled * right
    return Gram(len(coefficients), {pair: sums[pair] for pair in sorted(sums) if sums[pair]})
