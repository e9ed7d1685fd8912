"""How the cycle index of a group follows from how the group was built.

The cycle index is `Z_G(p_1, p_2, …) = |G|⁻¹ Σ_g ∏_cycles p_|c|`. It is kept as a *rule*, because
written out it can be far too long (S_200 has 4·10¹² cycle types) while the two substitutions that
count orbits stay
cheap:

* `series(f, d)`: `Z_G(f(t), f(t²), …)` modulo `t^(d+1)`, which counts orbits on colourings by
weight when
  `f` counts the colours of each weight (Pólya);
* `tuple_orbits(k)`: the number of orbits on j-tuples of distinct points for j = 0..k, which is
  `j!·[t^j] Z_G(1 + t, 1, 1, …)`.

Both turn into one another's rules for products and wreath products: `Z_(G wr H)` is the plethysm
`Z_H[Z_G]`, so `series(f)` for the wreath product is the series of H at the series of G.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial, gcd, lcm, perm, prod
from typing import Any

from groups.bounded_counts import shown
from groups.errors import TooLargeError

# A cycle type is a tuple of (length, multiplicity), lengths increasing.
CycleType = tuple[tuple[int, int], ...]
Terms = dict[CycleType, int]

MAX_TERMS = 200_000
"""Most distinct cycle types that are ever written out."""

MAX_STEPS = 100_000_000
"""Most additions and multiplications of one count: some ten seconds."""


class Rule(ABC):
    """A cycle index that is known by construction."""

    degree: int
    order: int

    @abstractmethod
    def terms(self) -> Terms:
        """Number of elements of each cycle type; `TooLargeError` beyond `MAX_TERMS`."""

    def series(self, f: Sequence[int], d: int) -> list[int]:
        """Coefficients 0..d of `Z(f(t), f(t²), …)` for a polynomial f with whole coefficients."""
        return series_of_terms(self.terms(), self.order, f, d)

    def tuple_orbits(self, k: int) -> list[int]:
        """Orbits on j-tuples of distinct points for j = 0..k."""
        fixed: dict[int, int] = {}
        for cycle_type, count in self.terms().items():
            ones = cycle_type[0][1] if cycle_type and cycle_type[0][0] == 1 else 0
            fixed[ones] = fixed.get(ones, 0) + count
        sums = (sum(count * perm(ones, j) for ones, count in fixed.items()) for j in range(k + 1))
        return [divide(total, self.order) for total in sums]


def divide(total: int, order: int) -> int:
    """Exact division by the order of the group; a remainder would be a wrong cycle index."""
    quotient, remainder = divmod(total, order)
    if remainder:
        raise AssertionError(f"cycle index: {total} is not a multiple of the order {order}")
    return quotient


def check_terms(count: int, what: str) -> None:
    """Refuse to write out more than `MAX_TERMS` cycle types."""
    if count > MAX_TERMS:
        raise TooLargeError(
            f"cycle index: {what} has {count} cycle types, at most {MAX_TERMS} are written out;"
            " count orbits instead (G.count_orbits_on_subsets(k), …; on the command line symcsq"
            " orbits GROUP --count-only), which needs no list"
        )


def check_steps(steps: int, what: str) -> None:
    """Refuse a count that would take more than `MAX_STEPS` steps."""
    if steps > MAX_STEPS:
        raise TooLargeError(
            f"cycle index: {what} takes about {shown(steps)} steps, at most {MAX_STEPS} are done;"
            " choose a smaller degree or size"
        )


# ---- polynomials as coefficient lists, truncated at degree d ----


def times(a: Sequence[int], b: Sequence[int], d: int) -> list[int]:
    """Product of two series modulo t^(d+1)."""
    if d > 200:
        from flint import fmpz_poly

        product = fmpz_poly(list(a)).mul_low(fmpz_poly(list(b)), d + 1)
        return [int(c) for c in product.coeffs()] + [0] * (d - product.degree())
    out = [0] * (d + 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b[: d + 1 - i]):
                out[i + j] += x * y
    return out


def power(a: Sequence[int], exponent: int, d: int) -> list[int]:
    """Power of a series modulo t^(d+1)."""
    from flint import fmpz_poly

    coefficients = fmpz_poly(list(a)).pow_trunc(exponent, d + 1).coeffs()
    out = [int(c) for c in coefficients]
    return out + [0] * (d + 1 - len(out))


def stretch(f: Sequence[int], k: int, d: int) -> list[int]:
    """`f(t^k)` modulo t^(d+1)."""
    out = [0] * (d + 1)
    for i, c in enumerate(f):
        if i * k > d:
            break
        out[i * k] = c
    return out


def series_of_terms(terms: Terms, order: int, f: Sequence[int], d: int) -> list[int]:
    """`Z(f(t), f(t²), …)` from the list of cycle types."""
    from flint import fmpz_poly

    check_steps(10 * len(terms) * (d + 1), f"a series to degree {d} over {len(terms)} cycle types")
    powers: dict[tuple[int, int], Any] = {}
    total = fmpz_poly([0])
    for cycle_type, count in terms.items():
        product = fmpz_poly([count])
        for length, multiplicity in cycle_type:
            factor = powers.get((length, multiplicity))
            if factor is None:
                factor = fmpz_poly(stretch(f, length, d)).pow_trunc(multiplicity, d + 1)
                powers[length, multiplicity] = factor
            product = product.mul_low(factor, d + 1)
        total += product
    out = [int(c) for c in total.coeffs()]
    return [divide(c, order) for c in out + [0] * (d + 1 - len(out))]


def partitions(n: int) -> Iterator[CycleType]:
    """Partitions of n as (length, multiplicity), lengths increasing."""

    def walk(rest: int, least: int) -> Iterator[list[tuple[int, int]]]:
        if rest == 0:
            yield []
            return
        for length in range(least, rest + 1):
            if length < rest and rest < 2 * length:
                continue  # what is left could not be filled with longer cycles
            for multiplicity in range(1, rest // length + 1):
                for tail in walk(rest - length * multiplicity, length + 1):
                    yield [(length, multiplicity), *tail]

    for parts in walk(n, 1):
        yield tuple(parts)


def number_of_partitions(n: int) -> int:
    """p(n)."""
    table = [1] + [0] * n
    for part in range(1, n + 1):
        for total in range(part, n + 1):
            table[total] += table[total - part]
    return table[n]


def class_size(cycle_type: CycleType, n: int) -> int:
    """Elements of S_n of a cycle type."""
    return factorial(n) // prod(length**m * factorial(m) for length, m in cycle_type)


# ---- rules ----


def _table_steps(n: int, f: Sequence[int], d: int) -> int:
    """Steps of `_symmetric_function`, from above."""
    most = min(n, d)
    lengths = (min(most, d // j) for j, c in enumerate(f) if c and 0 < j <= d)
    return sum(length * most * d // 2 for length in lengths)


def _by_cycle_types(n: int, f: Sequence[int], d: int) -> bool:
    """Whether few cycle types and a high degree make their list the shorter way."""
    return n <= 30 and d > 4 * n and number_of_partitions(n) * 40 < _table_steps(n, f, d) // d


def _symmetric_function(n: int, f: Sequence[int], d: int, complete: bool) -> list[int]:
    """`h_n[f]`, multisets of n colours, or `e_n[f]`, sets.

    The coefficients of u^n in Π (1 - u t^j)^(-c_j) and Π (1 + u t^j)^c_j.
    """
    if not any(f[2:]):
        # Colours of weight 0 and 1 only, as for subsets: weight e means e of the n have weight 1.
        zeros, ones = [*f, 0, 0][:2]
        pick = (lambda c, k: comb(c + k - 1, k) if k else 1) if complete else comb
        return [pick(zeros, n - e) * pick(ones, e) if e <= n else 0 for e in range(d + 1)]
    check_steps(_table_steps(n, f, d), f"the symmetric group on {n} points, degree {d},")
    # table[m][e]: ways to take m colours of positive weight, of weight e together; m <= e
    most = min(n, d)
    table = [[0] * (d + 1) for _ in range(most + 1)]
    table[0][0] = 1
    for j, c in enumerate(f):
        if j == 0 or c == 0 or j > d:
            continue
        choose = [comb(c + i - 1, i) if complete else comb(c, i) for i in range(d // j + 1)]
        for m in range(most, -1, -1):
            row = table[m]
            for i in range(1, min(m, d // j) + 1):
                weight, source = choose[i], table[m - i]
                if weight:
                    for e in range(i * j, d + 1):
                        if source[e - i * j]:
                            row[e] += weight * source[e - i * j]
    zero = f[0] if f else 0
    out = [0] * (d + 1)
    for m in range(most + 1):
        rest = n - m
        if complete:
            weight = comb(zero + rest - 1, rest) if rest else 1
        else:
            weight = comb(zero, rest)
        if weight:
            out = [x + weight * y for x, y in zip(out, table[m], strict=True)]
    return out


@dataclass(frozen=True)
class Symmetric(Rule):
    """S_n: `Z[f] = h_n[f]`."""

    degree: int

    @property
    def order(self) -> int:  # type: ignore[override]
        return factorial(self.degree)

    def terms(self) -> Terms:
        check_terms(number_of_partitions(self.degree), f"S_{self.degree}")
        return {t: class_size(t, self.degree) for t in partitions(self.degree)}

    def series(self, f: Sequence[int], d: int) -> list[int]:
        if _by_cycle_types(self.degree, f, d):
            return super().series(f, d)
        return _symmetric_function(self.degree, f, d, complete=True)

    def tuple_orbits(self, k: int) -> list[int]:
        return [int(j <= self.degree) for j in range(k + 1)]


@dataclass(frozen=True)
class Alternating(Rule):
    """A_n for n >= 2: `Z[f] = h_n[f] + e_n[f]`."""

    degree: int

    @property
    def order(self) -> int:  # type: ignore[override]
        return factorial(self.degree) // 2

    def terms(self) -> Terms:
        check_terms(number_of_partitions(self.degree), f"A_{self.degree}")
        return {
            t: class_size(t, self.degree)
            for t in partitions(self.degree)
            if sum((length - 1) * m for length, m in t) % 2 == 0
        }

    def series(self, f: Sequence[int], d: int) -> list[int]:
        if _by_cycle_types(self.degree, f, d):
            return super().series(f, d)
        both = (_symmetric_function(self.degree, f, d, complete) for complete in (True, False))
        return [x + y for x, y in zip(*both, strict=True)]

    def tuple_orbits(self, k: int) -> list[int]:
        n = self.degree
        return [(1 if j <= n - 2 else 2) if j <= n else 0 for j in range(k + 1)]


@dataclass(frozen=True)
class Listed(Rule):
    """Cycle types that are listed outright."""

    degree: int
    order: int
    listed: tuple[tuple[CycleType, int], ...]

    def terms(self) -> Terms:
        return dict(self.listed)


def cyclic(n: int) -> Listed:
    """C_n on n points: φ(k) elements with n/k cycles of length k."""
    terms = {}
    for k in range(1, n + 1):
        if n % k == 0:
            terms[((k, n // k),)] = sum(1 for i in range(k) if gcd(i, k) == 1) or 1
    return Listed(n, n, tuple(terms.items()))


def dihedral(n: int) -> Listed:
    """D_n on n >= 3 points, order 2n: rotations and reflections."""
    terms: Terms = dict(cyclic(n).listed)

    def add(cycle_type: CycleType, count: int) -> None:
        terms[cycle_type] = terms.get(cycle_type, 0) + count

    if n % 2:
        add(((1, 1), (2, n // 2)), n)
    else:
        add(((2, n // 2),), n // 2)
        add(((1, 2), (2, n // 2 - 1)), n // 2)
    return Listed(n, 2 * n, tuple(terms.items()))


def merge_types(a: CycleType, b: CycleType) -> CycleType:
    """Cycle type of a permutation on two disjoint sets."""
    out = dict(a)
    for length, m in b:
        out[length] = out.get(length, 0) + m
    return tuple(sorted(out.items()))


def times_terms(a: Terms, b: Terms, what: str) -> Terms:
    """Cycle types of a direct product on disjoint points."""
    out: Terms = {}
    for x, i in a.items():
        for y, j in b.items():
            merged = merge_types(x, y)
            out[merged] = out.get(merged, 0) + i * j
        check_terms(len(out), what)
    return out


@dataclass(frozen=True)
class Direct(Rule):
    """A direct product on disjoint points: everything multiplies."""

    factors: tuple[Rule, ...]

    @property
    def degree(self) -> int:  # type: ignore[override]
        return sum(rule.degree for rule in self.factors)

    @property
    def order(self) -> int:  # type: ignore[override]
        return prod(rule.order for rule in self.factors)

    def terms(self) -> Terms:
        out: Terms = {(): 1}
        for rule in self.factors:
            out = times_terms(out, rule.terms(), "the direct product")
        return out

    def series(self, f: Sequence[int], d: int) -> list[int]:
        out = [1] + [0] * d
        done: dict[Rule, list[int]] = {}
        for rule in self.factors:
            if rule not in done:
                done[rule] = rule.series(f, d)
            out = times(out, done[rule], d)
        return out

    def tuple_orbits(self, k: int) -> list[int]:
        # Exponential generating functions multiply: choose which of the j places go to each factor.
        check_steps(len(self.factors) * k * k, f"tuples of {k} points")
        out = [1] + [0] * k
        for rule in self.factors:
            more = rule.tuple_orbits(k)
            out = [
                sum(comb(j, i) * out[i] * more[j - i] for i in range(j + 1)) for j in range(k + 1)
            ]
        return out


@dataclass(frozen=True)
class Wreath(Rule):
    """`base wr top`, imprimitive: the plethysm `Z_top[Z_base]`."""

    base: Rule
    top: Rule

    @property
    def degree(self) -> int:  # type: ignore[override]
        return self.base.degree * self.top.degree

    @property
    def order(self) -> int:  # type: ignore[override]
        return self.base.order**self.top.degree * self.top.order

    def terms(self) -> Terms:
        base = self.base.terms()
        powers: dict[tuple[int, int], Terms] = {}

        def cycles(length: int, multiplicity: int) -> Terms:
            # A cycle of blocks acts, after `length` steps, as one element of the base on each
            # block.
            key = (length, multiplicity)
            if key not in powers:
                if multiplicity:
                    scale = self.base.order ** (length - 1)
                    one = {tuple((k * length, m) for k, m in t): c * scale for t, c in base.items()}
                    rest = cycles(length, multiplicity - 1)
                    powers[key] = times_terms(rest, one, "the wreath product")
                else:
                    powers[key] = {(): 1}
            return powers[key]

        out: Terms = {}
        for cycle_type, count in self.top.terms().items():
            product: Terms = {(): count}
            for length, multiplicity in cycle_type:
                product = times_terms(product, cycles(length, multiplicity), "the wreath product")
            for t, c in product.items():
                out[t] = out.get(t, 0) + c
            check_terms(len(out), "the wreath product")
        return out

    def series(self, f: Sequence[int], d: int) -> list[int]:
        return self.top.series(self.base.series(f, d), d)

    def tuple_orbits(self, k: int) -> list[int]:
        # Z_top(1 + x, 1, …) at x = Z_base(1 + t, 1, …) - 1: exponential generating functions
        # compose.
        check_steps(60 * k**3, f"tuples of {k} points")  # sixty for each step with fractions
        inner = [Fraction(c, factorial(j)) for j, c in enumerate(self.base.tuple_orbits(k))]
        inner[0] = Fraction(0)
        outer = self.top.tuple_orbits(k)
        total = [Fraction(0)] * (k + 1)
        term = [Fraction(1)] + [Fraction(0)] * k
        for j in range(k + 1):
            total = [
                x + Fraction(outer[j], factorial(j)) * y for x, y in zip(total, term, strict=True)
            ]
            term = [
                sum((term[i] * inner[e - i] for i in range(e + 1)), Fraction(0))
                for e in range(k + 1)
            ]
        return [int(x * factorial(j)) for j, x in enumerate(total)]


def power_type(cycle_type: CycleType, j: int) -> CycleType:
    """Cycle type of the j-th power."""
    out: dict[int, int] = {}
    for length, m in cycle_type:
        g = gcd(length, j)
        out[length // g] = out.get(length // g, 0) + m * g
    return tuple(sorted(out.items()))


def divisors(n: int) -> list[int]:
    """Divisors in increasing order."""
    small = [k for k in range(1, int(n**0.5) + 1) if n % k == 0]
    return small + [n // k for k in reversed(small) if k * k != n]


@dataclass(frozen=True)
class Induced(Rule):
    """A group acting on objects, when the fixed objects of g depend only on the cycle type of g."""

    base: Rule
    degree: int
    order: int
    fixed: Callable[[CycleType], int]

    def terms(self) -> Terms:
        out: Terms = {}
        for cycle_type, count in self.base.terms().items():
            period = lcm(*(length for length, _ in cycle_type)) if cycle_type else 1
            parts = divisors(period)
            # Objects fixed by g^e lie in cycles whose length divides e.
            points: dict[int, int] = {}
            for e in parts:
                inside = sum(count for k, count in points.items() if e % k == 0)
                points[e] = self.fixed(power_type(cycle_type, e)) - inside
            induced = tuple((e, points[e] // e) for e in parts if points[e])
            out[induced] = out.get(induced, 0) + count
        return out


def fixed_subsets(k: int) -> Callable[[CycleType], int]:
    """Number of fixed k-subsets as a function of the cycle type: unions of cycles."""
    if k != 2:
        return fixed_exponents(k, 1)

    def fixed(cycle_type: CycleType) -> int:
        counts = dict(cycle_type)
        return comb(counts.get(1, 0), 2) + counts.get(2, 0)

    return fixed


def fixed_exponents(d: int, bound: int) -> Callable[[CycleType], int]:
    """Fixed exponent vectors of degree d, entries up to `bound`: those constant on cycles."""

    def fixed(cycle_type: CycleType) -> int:
        out = [1] + [0] * d
        for length, m in cycle_type:
            out = times(out, power(stretch([1] * (min(bound, d) + 1), length, d), m, d), d)
        return out[d]

    return fixed


def fixed_tuples(k: int, distinct: bool) -> Callable[[CycleType], int]:
    """Number of fixed k-tuples as a function of the cycle type."""

    def fixed(cycle_type: CycleType) -> int:
        ones = cycle_type[0][1] if cycle_type and cycle_type[0][0] == 1 else 0
        return perm(ones, k) if distinct else ones**k

    return fixed


def repeated(rule: Rule, columns: int) -> Rule:
    """A group on the rows of a matrix: every cycle occurs once per column."""
    listed = {tuple((k, m * columns) for k, m in t): c for t, c in rule.terms().items()}
    return Listed(rule.degree * columns, rule.order, tuple(listed.items()))
