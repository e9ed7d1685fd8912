"""Growing-Basis of Andoni et al. with exact oracles: the statistical query side (MATH.md 4.8).

A sparse invariant polynomial hides from correlational queries (M9) but not from statistical queries
of f²: E[r²·∏ p_{2j_i}(x_i)] finds the exponents of one basis function of the residual r, coordinate
by coordinate, because p_{2j} occurs in p_a·p_b only for a + b >= 2j, and in p_j² with coefficient
1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Protocol

from symcsq.constructions.invariant_polynomials import InvariantPolynomials
from symcsq.distributions import Product
from symcsq.errors import ExpansionError
from symcsq.exact import read_tolerance
from symcsq.functions.expansions import Expansion
from symcsq.functions.projections import expand

__all__ = [
    "ExactOracle",
    "GrowingBasis",
    "Oracle",
    "growing_basis",
    "query_limit",
    "separation",
    "separation_growth",
]

_LARGEST_CYCLE = 256


class Oracle(Protocol):
    """What the learner may ask about the unknown f."""

    def square(self, orders: Sequence[int], known: Expansion) -> Fraction:
        """E[(f - known)²·∏ p_{2·orders[i]}(x_i)]."""

    def correlation(self, exponents: Sequence[int]) -> Fraction:
        """E[f·p_exponents]."""


class ExactOracle:
    """Answers statistical queries about an expansion exactly, and counts them.

    Arguments:
        f: the target.

    Raises:
        ExpansionError: a marginal has no p_{2d}, d the degree of f (finite supports).

    Examples:
        >>> from groups import group
        >>> from symcsq.distributions import Gaussian
        >>> oracle = ExactOracle(Expansion(group("C3"), Gaussian(), {(0, 0, 1): 2}))
        >>> oracle.correlation((1, 0, 0)), oracle.queries
        (Fraction(2, 1), 1)
    """

    def __init__(self, f: Expansion) -> None:
        for limit in f.distribution.max_exponents:
            if limit is not None and limit < 2 * f.degree:
                raise ExpansionError(
                    f"distribution: queries of f² need polynomials up to {2 * f.degree}, "
                    f"{f.distribution} has them up to {limit}; use the Gaussian or uniform law"
                )
        self._f = f
        self.square_queries = 0
        self.correlation_queries = 0

    @property
    def queries(self) -> int:
        """All queries so far."""
        return self.square_queries + self.correlation_queries

    def square(self, orders: Sequence[int], known: Expansion) -> Fraction:
        """E[(f - known)²·∏ p_{2·orders[i]}(x_i)], by linearisation."""
        self.square_queries += 1
        law = self._f.distribution
        fixed = [i for i, j in enumerate(orders) if j]
        # Where no polynomial is asked for, the two factors must agree: group by those coordinates.
        groups: dict[tuple[int, ...], list[tuple[tuple[int, ...], Fraction]]] = {}
        for alpha, c, _ in expand(self._f - known):
            rest = tuple(0 if orders[i] else e for i, e in enumerate(alpha))
            groups.setdefault(rest, []).append((alpha, c))
        total = Fraction(0)
        for rest, terms in groups.items():
            inside = Fraction(0)
            for alpha, a in terms:
                for beta, b in terms:
                    value = a * b
                    for i in fixed:
                        value *= _triple(law, i, alpha[i], beta[i], 2 * orders[i])
                        if not value:
                            break
                    inside += value
            total += inside * law.norm(rest)
        return total

    def correlation(self, exponents: Sequence[int]) -> Fraction:
        """E[f·p_exponents]."""
        self.correlation_queries += 1
        image = self._f.group.canonical(tuple(exponents))
        key = tuple(int(e) for e in image.representative)
        return self._f.coefficients.get(key, Fraction(0)) * self._f.distribution.norm(key)


def _triple(law: Product, i: int, a: int, b: int, c: int) -> Fraction:
    """E[p_a p_b p_c] of one coordinate."""
    if c > a + b:
        return Fraction(0)
    row = law[i].linearization(a, b)
    return row[c] * law[i].norm(c) if c < len(row) else Fraction(0)


@dataclass(frozen=True, slots=True)
class GrowingBasis:
    """What Growing-Basis found.

    Attributes:
        function: the expansion that was recovered.
        found: the exponent vectors in the order in which they were met.
        queries: the number of statistical queries asked.
    """

    function: Expansion
    found: tuple[tuple[int, ...], ...]
    queries: int


def growing_basis(
    f: Any, oracle: Oracle | None = None, *, degree: int | None = None
) -> GrowingBasis:
    """Recover a sparse invariant polynomial from statistical queries alone.

    The learner knows the group, the distribution and the degree, and sees f only through the
    oracle.

    Arguments:
        f: the target, an expansion or a member of an invariant family; only its group, distribution
            and degree are read when an oracle is given.
        oracle: answers queries; an `ExactOracle` of f by default.
        degree: a bound on the degree; that of f by default.

    Returns:
        A `GrowingBasis`; its function equals f.

    Raises:
        ExpansionError: a finite support (see `ExactOracle`), or answers that fit no polynomial of
            this degree.

    Complexity: at most `query_limit(f)` queries.

    Source: MATH.md 4.8 (Andoni, Panigrahy, Valiant, Zhang).

    Examples:
        >>> from groups import group
        >>> from symcsq.distributions import Gaussian
        >>> f = Expansion(group("C6"), Gaussian(), {(2, 1, 0, 0, 0, 0): 3, (1, 0, 0, 1, 0, 0): -1})
        >>> result = growing_basis(f)
        >>> result.function == f, len(result.found)
        (True, 2)
    """
    f = getattr(f, "expansion", f)
    if not isinstance(f, Expansion):
        raise ExpansionError(
            f"f: must be an Expansion, got {type(f).__name__}; write Expansion(group, law, …)"
        )
    ask = ExactOracle(f) if oracle is None else oracle
    top = max(f.degree, 0) if degree is None else degree
    n, law = f.group.degree, f.distribution
    known = Expansion(f.group, law)
    found: list[tuple[int, ...]] = []
    queries = 1
    while ask.square([0] * n, known):  # E[r²] = 0 exactly when r = 0
        orders = [0] * n
        left = top
        for i in range(n):
            # The largest exponent of x_i among the terms that are still possible.
            for j in range(left, 0, -1):
                orders[i] = j
                queries += 1
                if ask.square(orders, known):
                    break
                orders[i] = 0
            left -= orders[i]
            if not left:
                break
        alpha = tuple(orders)
        queries += 1
        coefficient = ask.correlation(alpha) / law.norm(alpha)
        update = Expansion(f.group, law, {alpha: coefficient})
        if not update or alpha in found:
            raise ExpansionError(
                f"degree: the answers fit no invariant polynomial of degree {top}, stopped at "
                f"{alpha}; raise the degree"
            )
        known = known + update
        found.append(alpha)
        queries += 1
    return GrowingBasis(known, tuple(found), queries)


def query_limit(f: Any) -> int:
    """The number of queries that `growing_basis` never exceeds: polynomial in n, degree and terms.

    For each orbit of f: at most `degree` questions at each coordinate, one for the coefficient, one
    whether anything is left; and one at the start.

    Arguments:
        f: an expansion or a member of an invariant family.

    Returns:
        (number of orbits of f)·(n·(degree + 1) + 1) + 1.

    Source: MATH.md 4.8 (Andoni, Panigrahy, Valiant, Zhang).

    Examples:
        >>> from symcsq.constructions import InvariantPolynomials
        >>> member = InvariantPolynomials("C6", 3)[4]
        >>> growing_basis(member).queries, query_limit(member)
        (9, 26)
    """
    f = getattr(f, "expansion", f)
    return len(f) * (int(f.group.degree) * (max(f.degree, 0) + 1) + 1) + 1


def separation(
    groups: Iterable[Any], degree: int, tolerance: object = "1/10", *, distribution: Any = None
) -> list[dict[str, Any]]:
    """Correlational against statistical queries for the same classes, as one table.

    For each group the class of all orbit sums of one degree: what M9 forces correlational learners
    to ask, and what Growing-Basis asks for its last member.

    Arguments:
        groups: groups or expressions.
        degree: d >= 1.
        tolerance: τ of the correlational queries.
        distribution: a law on the line; Gaussian by default.

    Returns:
        One row for each group: {"group", "n", "members", "csq_queries", "sq_queries"}.

    Raises:
        ExactnessError: a tolerance outside (0, 1).
        ExpansionError: a law with finite support.

    Complexity: one run of `growing_basis` for each group.

    Source: MATH.md 4.8, M9.

    Examples:
        >>> separation(["C6", "C12"], 3)[1]["sq_queries"] < 12 * 4 + 4
        True
    """
    tau = read_tolerance(tolerance)
    rows = []
    for item in groups:
        family = InvariantPolynomials(item, degree, distribution)
        result = growing_basis(family[len(family) - 1].expansion)
        # Orthogonal members: R = 1 after normalising, so M9 gives |C|·τ² - 1.
        bound = max(0, ceil(family.size * tau * tau - 1))
        rows.append(
            {
                "group": family.parameters["group"],
                "n": int(family.group.degree),
                "members": family.size,
                "csq_queries": bound,
                "sq_queries": result.queries,
            }
        )
    return rows


def separation_growth(
    ns: Iterable[int] = (8, 16, 32, 64), tolerance: object = "1/10"
) -> list[dict[str, int]]:
    """The separation as n grows: C_n on n inputs in degree ⌊log₂ n⌋, under the Gaussian.

    The class of all orbit sums is counted without listing it (M6), and superpolynomial; so are the
    queries that correlational learners need for it (M9). Growing-Basis finds a member of it, the
    sum over the shifts of ⌊log₂ n⌋ inputs far apart, with at most n·(⌊log₂ n⌋ + 1) + 2 queries.

    Arguments:
        ns: sizes, each from 2 to 256.
        tolerance: τ of the correlational queries, 0 < τ < 1.

    Returns:
        One row for each n: {"n", "degree", "members", "csq_queries", "sq_queries", "sq_limit"};
        every number is exact.

    Raises:
        ExactnessError: a tolerance outside (0, 1).
        ExpansionError: an n out of range.

    Complexity: one run of `growing_basis` on n terms for each n.

    Source: MATH.md 4.8, M6, M9.

    Examples:
        >>> for row in separation_growth([16, 32, 64]):
        ...     print(*row.values())
        16 4 245 2 22 82
        32 5 11781 117 48 194
        64 6 1873179 18731 114 450
    """
    tau = read_tolerance(tolerance)
    sizes = list(ns)
    for place, n in enumerate(sizes):
        if isinstance(n, bool) or not hasattr(n, "__index__") or not 2 <= n <= _LARGEST_CYCLE:
            raise ExpansionError(
                f"ns[{place}]: must be an integer from 2 to {_LARGEST_CYCLE}, got {n!r}; write "
                "for example [16, 32, 64]"
            )
    rows = []
    for n in sizes:
        degree = n.bit_length() - 1
        family = InvariantPolynomials(f"C{n}", degree)
        # Far apart, so that many questions have the answer 0; the last one out of step, so that
        # no shift but the identity fixes them.
        chosen = {*range(0, (degree - 1) * (n // degree), n // degree), n - 1}
        exponents = tuple(int(i in chosen) for i in range(n))
        target = Expansion(family.group, family.distribution, {exponents: 1})
        found = growing_basis(target)
        assert found.function == target
        rows.append(
            {
                "n": n,
                "degree": degree,
                "members": family.size,
                "csq_queries": max(0, ceil(family.size * tau * tau - 1)),
                "sq_queries": found.queries,
                "sq_limit": query_limit(target),
            }
        )
    return rows
