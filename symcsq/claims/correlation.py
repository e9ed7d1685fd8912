"""Claims about the correlations of a class: orthogonality, norms, size, dimension and query bound.

They are decided by what verification has established, exactly: the rational numbers in the records
of its claims, and the entries of the Gram matrix. A claim that rests on enclosed numbers is at most
enclosed; one that rests on entries that two routes agree on is at most tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import isqrt
from typing import ClassVar

from symcsq.claims.reports import ReportClaim, weakest
from symcsq.errors import VerificationError
from symcsq.exact import Enclosure, rational
from symcsq.verifier.bounds import CorrelationSummary, statistical_dimension
from symcsq.verifier.claims import ClaimResult, Status, exact_text
from symcsq.verifier.report import Report

__all__ = [
    "ClassSize",
    "CsqBound",
    "NearOrthogonality",
    "NormBounds",
    "Orthogonality",
    "StatisticalDimension",
]

#: Classes of at most so many members have their statistical dimension decided subset by subset.
LARGEST_SUBSETS = 12
#: In larger classes with enclosed entries only the pair with the largest bound is looked at.
LARGEST_SCAN = 256
_UNIT = 1 << 64


def _between(value: object, name: str, *, one: bool = False) -> Fraction:
    number = rational(value, name)
    if not (0 < number < 1 or (one and number == 0)):
        least = "0 <=" if one else "0 <"
        raise VerificationError(
            f'{name}: must satisfy {least} {name} < 1, got {number}; write e.g. {name}="1/100"'
        )
    return number


def _natural(value: object, name: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise VerificationError(
            f"{name}: must be an integer >= {least}, got {value!r}; write e.g. {name}={least or 1}"
        )
    return value


def _lower(value: Fraction | Enclosure) -> Fraction:
    """The least absolute value."""
    if isinstance(value, Enclosure):
        return max(value.lower, -value.upper, Fraction(0))
    return abs(value)


def _upper(value: Fraction | Enclosure) -> Fraction:
    return value.upper if isinstance(value, Enclosure) else value


def _pairs(report: Report) -> Iterable[tuple[int, int]]:
    """The pairs that may correlate: those of the stored entries, or all."""
    entries = report.gram.entries
    if isinstance(entries, dict):
        return sorted(pair for pair in entries if pair[0] != pair[1])
    return combinations(range(report.gram.size), 2)


def _squared_correlation(report: Report, i: int, j: int) -> tuple[Fraction, bool]:
    """A lower bound on the squared correlation of a pair, and whether it is exact."""
    entry, first, second = report.gram[i, j], report.gram[i, i], report.gram[j, j]
    norms = _upper(first) * _upper(second)
    exact = not any(isinstance(value, Enclosure) for value in (entry, first, second))
    return (_lower(entry) ** 2 / norms if norms else Fraction(0)), exact


def _maximum(report: Report) -> tuple[Fraction, tuple[int, int] | None] | None:
    """(upper bound on the squared correlations of pairs, pair that has it), when established."""
    for name in ("near-orthogonality", "orthogonality"):
        for claim in report.claims:
            if claim.type == name and "maximum" in claim.record:
                pair = claim.record.get("pair") or (claim.witness or {}).get("pair")
                return Fraction(str(claim.record["maximum"])), tuple(pair) if pair else None
    return None


def _known_pair(report: Report) -> tuple[list[int], Fraction] | None:
    """The pair by which verification has refuted that members are orthogonal, or different."""
    for claim in report.refuted:
        witness = claim.witness or {}
        if "pair" in witness and "correlation_squared" in witness:
            return list(witness["pair"]), Fraction(str(witness["correlation_squared"]))
    return None


def _made(report: Report, *types: str) -> list[str]:
    """Those of the types that verification has made claims of."""
    return [name for name in types if any(claim.type == name for claim in report.claims)]


class _Correlation(ReportClaim):
    """What the two claims on pairs share: a bound on all of them, or one that exceeds it."""

    def _at_most(self, report: Report, gamma: Fraction) -> ClaimResult:
        status, failed = weakest(report, _made(report, "gram", "norm", "near-orthogonality"))
        found = _maximum(report)
        known = _known_pair(report)
        if known is not None and known[1] > gamma**2:
            twins, square = known
            return self.refuted(
                f"members {twins[0]} and {twins[1]} have squared correlation {_short(square)}",
                pair=twins,
                correlation_squared=exact_text(square),
            )
        if failed is not None:
            return self.undecided(f"needs {failed}", needs=failed)
        if found is not None and found[0] <= gamma**2:
            largest = exact_text(found[0])
            return self.result(status, f"largest squared correlation {largest}", maximum=largest)
        pair = found[1] if found else None
        candidates = [pair] if pair else []
        if not pair or (status != "proved" and report.gram.size <= LARGEST_SCAN):
            # The pair with the largest upper bound need not be the one that certainly exceeds.
            candidates += list(_pairs(report))
        return self._excess(report, gamma, candidates, status)

    def _excess(
        self, report: Report, gamma: Fraction, pairs: Iterable[Sequence[int]], status: Status
    ) -> ClaimResult:
        known = True
        for i, j in pairs:
            square, exact = _squared_correlation(report, i, j)
            known = known and exact
            if square > gamma**2:
                at_least = "" if exact else "at least "
                return self.refuted(
                    f"members {i} and {j} have squared correlation {at_least}{_short(square)}",
                    pair=[i, j],
                    correlation_squared=exact_text(square),
                    **({} if exact else {"bound": "lower"}),
                )
        if not known:
            return self.undecided("the enclosures of the entries are too wide", needs="gram")
        return self.result(status, "every pair compared")


@dataclass(frozen=True)
class Orthogonality(_Correlation):
    """⟨f, g⟩ = 0 for any two members at different places.

    Examples:
        >>> import symcsq as cs
        >>> cs.claims.Orthogonality().check(cs.ParityNetworks(5, 2)).status
        'proved'
    """

    type: ClassVar[str] = "orthogonality"

    @property
    def statement(self) -> str:
        """In words."""
        return "different members are orthogonal"

    def check_report(self, report: Report) -> ClaimResult:
        """Proved by structure, or from the largest correlation; else the pair that correlates."""
        for claim in report.claims:
            if claim.type == self.type:
                return claim
        return self._at_most(report, Fraction(0))


@dataclass(frozen=True, init=False)
class NearOrthogonality(_Correlation):
    """|⟨f, g⟩| <= γ·‖f‖·‖g‖ for any two members at different places.

    Arguments:
        gamma: γ, an exact rational with 0 <= γ < 1.

    Raises:
        ExactnessError, VerificationError: γ is no exact rational, or out of range.

    Examples:
        >>> import symcsq as cs
        >>> family = cs.RotationNetworks(cs.isotropic_vectors(16, 40), 3)
        >>> cs.claims.NearOrthogonality("1/4").check(family).status
        'proved'
        >>> cs.claims.NearOrthogonality("1/100").check(family).status
        'refuted'
    """

    gamma: Fraction

    def __init__(self, gamma: object) -> None:
        object.__setattr__(self, "gamma", _between(gamma, "gamma", one=True))

    @property
    def type(self) -> str:  # type: ignore[override]
        """With γ."""
        return f"near-orthogonality({self.gamma})"

    @property
    def statement(self) -> str:
        """In words."""
        return f"|<f,g>| is at most {self.gamma} |f| |g| for different members"

    def check_report(self, report: Report) -> ClaimResult:
        """From the largest correlation; else a pair that exceeds γ."""
        return self._at_most(report, self.gamma)


@dataclass(frozen=True, init=False)
class NormBounds(ReportClaim):
    """least <= ‖f‖² <= largest for every member.

    Arguments:
        least, largest: bounds on *squared* norms, exact rationals; None for no bound.

    Raises:
        VerificationError: both are None, or least > largest.

    Examples:
        >>> import symcsq as cs
        >>> family = cs.InvariantPolynomials("C6", 2)
        >>> print(cs.claims.NormBounds(3, 12).check(family))
        every squared norm is from 3 to 12: proved: squared norms from 3 to 12
        >>> cs.claims.NormBounds(least=4).check(family).witness
        {'member': 3, 'norm_squared': '3'}
    """

    least: Fraction | None
    largest: Fraction | None

    def __init__(self, least: object = None, largest: object = None) -> None:
        low = None if least is None else rational(least, "least")
        high = None if largest is None else rational(largest, "largest")
        if low is None and high is None:
            raise VerificationError(
                "least, largest: at least one bound is needed, got none; write NormBounds(least=1)"
            )
        if low is not None and high is not None and low > high:
            raise VerificationError(
                f"least: must not exceed largest, got {low} and {high}; exchange the two"
            )
        object.__setattr__(self, "least", low)
        object.__setattr__(self, "largest", high)

    @property
    def type(self) -> str:  # type: ignore[override]
        """With both bounds."""
        ends = ["" if end is None else str(end) for end in (self.least, self.largest)]
        return f"norm-bounds({', '.join(ends)})"

    @property
    def statement(self) -> str:
        """In words."""
        if self.least is None:
            return f"every squared norm is at most {self.largest}"
        if self.largest is None:
            return f"every squared norm is at least {self.least}"
        return f"every squared norm is from {self.least} to {self.largest}"

    def check_report(self, report: Report) -> ClaimResult:
        """Every norm is compared, or the extreme ones of a class that is not listed."""
        status, failed = weakest(report, _made(report, "gram"))
        if failed is not None or not _made(report, "gram"):
            # A norm that is 0 refutes the claim on norms, and is still a norm.
            claim = report["norm"]
            status = claim.status if claim.holds else "proved"
        norms = _norms(report)
        if norms is None:
            failed = failed or weakest(report, ["norm"])[1] or "norm"
            return self.undecided(f"needs {failed}", needs=failed)
        listed = report.gram.size == report.size
        known = True
        for i, norm in enumerate(norms):
            low, high = (norm.lower, norm.upper) if isinstance(norm, Enclosure) else (norm, norm)
            below = self.least is not None and high < self.least
            above = self.largest is not None and low > self.largest
            if below or above:
                ends = exact_text(low) if low == high else [exact_text(low), exact_text(high)]
                where = f"member {i} has" if listed else "a member has"
                return self.refuted(
                    f"{where} squared norm {_short(low)}" + ("…" if low != high else ""),
                    **({"member": i} if listed else {}),
                    norm_squared=ends,
                )
            inside = (self.least is None or self.least <= low) and (
                self.largest is None or high <= self.largest
            )
            known = known and inside
        if not known:
            return self.undecided("a bound lies inside the enclosure of a norm", needs="norm")
        low, high = min(map(_lower, norms)), max(map(_upper, norms))
        return self.result(
            status,
            f"squared norms from {_short(low)} to {_short(high)}",
            minimum=exact_text(low),
            maximum=exact_text(high),
        )


def _norms(report: Report) -> Sequence[Fraction | Enclosure] | None:
    """The squared norms of the members, or the extreme ones where members are not listed."""
    known = {claim.type: claim for claim in report.claims}
    if "gram" in known and known["gram"].holds and known["norm"].holds:
        return report.gram.diagonal()
    record = known["norm"].record
    if {"lower", "upper"} <= record.keys():  # one norm
        return [_enclosed(record["lower"], record["upper"])] * max(1, report.gram.size)
    if {"minimum", "maximum"} <= record.keys() and "gram" in known:
        entries = [report.gram[i, i] for i in range(report.gram.size)]
        if exact_text(max(map(_upper, entries))) == record["maximum"]:
            return entries
    if {"minimum", "maximum"} <= record.keys():
        ends = [record[name] for name in ("minimum", "maximum")]
        return [_enclosed(end, end) if isinstance(end, str) else _enclosed(*end) for end in ends]
    return None


def _enclosed(lower: str, upper: str) -> Fraction | Enclosure:
    low, high = Fraction(lower), Fraction(upper)
    return low if low == high else Enclosure(low, high)


@dataclass(frozen=True, init=False)
class ClassSize(ReportClaim):
    """The class has at least so many members, no two of them equal up to scale.

    Arguments:
        at_least: an integer >= 1.

    Examples:
        >>> import symcsq as cs
        >>> cs.claims.ClassSize(100).check(cs.ParityNetworks(6, 2)).witness
        {'size': '15', 'at_least': '100'}
    """

    at_least: int

    def __init__(self, at_least: int) -> None:
        object.__setattr__(self, "at_least", _natural(at_least, "at_least", 1))

    @property
    def type(self) -> str:  # type: ignore[override]
        """With the number."""
        return f"class-size({self.at_least})"

    @property
    def statement(self) -> str:
        """In words."""
        return f"the class has at least {self.at_least} members"

    def check_report(self, report: Report) -> ClaimResult:
        """From the claim on the size."""
        size = report["size"]
        count = int(str(size.record.get("value", report.size)))
        if count < self.at_least:  # repeats and multiples only make it smaller
            return self.refuted(f"it has {count}", size=str(count), at_least=str(self.at_least))
        status, failed = weakest(report, ("size",))
        if failed is not None:
            return self.undecided(f"needs {failed}", needs=failed)
        return self.result(status, str(count), size=str(count))


@dataclass(frozen=True, init=False)
class StatisticalDimension(ReportClaim):
    """SDA(C, γ) >= at_least for the class scaled to unit norms (M7, M10).

    Arguments:
        gamma: γ, an exact rational with 0 < γ < 1.
        at_least: an exact rational > 0.

    What M7 does not give is decided subset by subset in a class of at most 12 members. In larger
    classes some subsets are tried; when they do not refute the claim, it stays undecided.

    Source: MATH.md section 3, M7.

    Examples:
        >>> import symcsq as cs
        >>> family = cs.ParityNetworks(16, 4)
        >>> print(cs.claims.StatisticalDimension("1/100", 18).check(family).value)
        M7: at least 91/5
        >>> cs.claims.StatisticalDimension("1/100", 1820).check(family).witness
        {'members': [0], 'average_correlation': '1', 'least_size': '1'}
    """

    gamma: Fraction
    at_least: Fraction

    def __init__(self, gamma: object, at_least: object) -> None:
        dimension = rational(at_least, "at_least")
        if dimension <= 0:
            raise VerificationError(f"at_least: must be > 0, got {dimension}; write at_least=2")
        object.__setattr__(self, "gamma", _between(gamma, "gamma"))
        object.__setattr__(self, "at_least", dimension)

    @property
    def type(self) -> str:  # type: ignore[override]
        """With both numbers."""
        return f"statistical-dimension({self.gamma}, {self.at_least})"

    @property
    def statement(self) -> str:
        """In words."""
        return f"SDA(C, {self.gamma}) is at least {self.at_least}"

    def check_report(self, report: Report) -> ClaimResult:
        """M7 from size, row sum and coherence; then subsets."""
        status, failed = weakest(report, ("csq-bound",))
        if failed is not None:
            return self.undecided(f"needs {failed}", needs=failed)
        summary = report.summary or CorrelationSummary.orthonormal(report.size)
        bound = statistical_dimension(summary, self.gamma)
        if bound >= self.at_least:
            value = f"M7: at least {_short(bound)}"
            return self.result(status, value, bound=exact_text(bound))
        # SDA >= d says: every C' with |C'| >= |C|/d has average correlation at most gamma.
        least = max(1, -(-report.size // self.at_least))
        small = report.size <= LARGEST_SUBSETS
        exact = True
        for chosen in _subsets(report, int(least), everything=small):
            low, high = _average(report, chosen)
            if low > self.gamma:
                return self.refuted(
                    f"{len(chosen)} members have average correlation {_short(low)}",
                    members=list(chosen),
                    average_correlation=exact_text(low),
                    least_size=str(least),
                    **({} if low == high else {"bound": "lower"}),
                )
            exact = exact and high <= self.gamma
        if small and exact:
            return self.result(status, f"all subsets of at least {least} members")
        return self.undecided(f"M7 gives at least {_short(bound)}", needs="bound")


def _subsets(report: Report, least: int, *, everything: bool) -> Iterable[tuple[int, ...]]:
    """All subsets of at least so many members, or those that grow greedily around one member."""
    size = report.size
    if least > size:
        return
    if everything:
        for count in range(least, size + 1):
            yield from combinations(range(size), count)
        return
    if least == 1:
        yield (0,)
    if report.gram.size == size and not report.gram.is_diagonal:
        # The members that correlate most with each of the first few.
        for start in range(min(size, 16)):
            others = sorted(
                (k for k in range(size) if k != start),
                key=lambda k: (-_squared_correlation(report, start, k)[0], k),
            )
            yield tuple(sorted([start, *others[: least - 1]]))


def _average(report: Report, members: Sequence[int]) -> tuple[Fraction, Fraction]:
    """Bounds on the average of |⟨f, g⟩|/(‖f‖‖g‖) over all pairs, each member with itself too."""
    low = high = Fraction(len(members))
    for i, j in combinations(members, 2):
        entry, first, second = report.gram[i, j], report.gram[i, i], report.gram[j, j]
        if entry == 0:
            continue
        square = _lower(entry) ** 2 / (_upper(first) * _upper(second))
        top = max(_lower(entry), abs(_upper(entry)), abs(_least(entry)))
        largest = min(Fraction(1), top**2 / (_lower(first) * _lower(second)))
        low += 2 * _root(square, above=False)
        high += 2 * _root(largest, above=True)
    pairs = len(members) ** 2
    return low / pairs, high / pairs


def _least(value: Fraction | Enclosure) -> Fraction:
    return value.lower if isinstance(value, Enclosure) else value


def _root(square: Fraction, *, above: bool) -> Fraction:
    """The square root if it is rational, else a bound over 2^64."""
    p, q = isqrt(square.numerator), isqrt(square.denominator)
    if p * p == square.numerator and q * q == square.denominator:
        return Fraction(p, q)
    return Fraction(isqrt(int(square * _UNIT * _UNIT)) + above, _UNIT)


@dataclass(frozen=True, init=False)
class CsqBound(ReportClaim):
    """A deterministic CSQ learner of tolerance τ needs at least so many queries (M9).

    Arguments:
        tolerance: τ, an exact rational with 0 < τ < 1, relative to the target's norm.
        at_least: an integer >= 0.

    A weaker bound does not refute the claim: it is a lower bound, and the claim stays undecided.

    Source: MATH.md M9.

    Examples:
        >>> import symcsq as cs
        >>> family = cs.ParityNetworks(16, 4)
        >>> [cs.claims.CsqBound("1/10", q).check(family).status for q in (18, 19)]
        ['proved', 'undecided']
    """

    tolerance: Fraction
    at_least: int

    def __init__(self, tolerance: object, at_least: int) -> None:
        object.__setattr__(self, "tolerance", _between(tolerance, "tolerance"))
        object.__setattr__(self, "at_least", _natural(at_least, "at_least", 0))

    @property
    def type(self) -> str:  # type: ignore[override]
        """With both numbers."""
        return f"csq-bound({self.tolerance}, {self.at_least})"

    @property
    def statement(self) -> str:
        """In words."""
        return f"a learner of tolerance {self.tolerance} needs at least {self.at_least} queries"

    def check_report(self, report: Report) -> ClaimResult:
        """M9 at this tolerance."""
        status, failed = weakest(report, ("csq-bound",))
        if failed is not None:
            return self.undecided(f"needs {failed}", needs=failed)
        bound = report.bound(self.tolerance)
        if bound.queries >= self.at_least:
            return self.result(
                status, str(bound), bound=exact_text(bound.value), queries=str(bound.queries)
            )
        return self.undecided(f"M9 gives at least {bound.queries}", needs="bound")


def _short(number: Fraction) -> str:
    text = exact_text(number)
    return text if len(text) <= 40 else f"about {float(number):.6g}"
