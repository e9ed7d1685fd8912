"""Claims about the functions themselves: they are invariant, and networks realise them.

Three ways, the first that applies: on a law on few points every point is evaluated; polynomials are
written out and compared, coefficient by coefficient; otherwise a search tries to refute the claim.
The first two prove, the third only tests. What is compared are the members' own values, so a search
also accompanies each comparison of polynomials: a member must be the polynomial that it says it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

from symcsq.claims.properties import (
    by_size,
    equality,
    examine,
    exhaust,
    invariance,
    moved,
    search_points,
    support_of,
)
from symcsq.claims.reports import ReportClaim
from symcsq.claims.search import EXAMPLES, CannotTell, Property
from symcsq.errors import VerificationError
from symcsq.functions.written_out import (
    WrittenOut,
    function_written_out,
    network_written_out,
)
from symcsq.verifier.claims import ClaimResult
from symcsq.verifier.report import Report

__all__ = ["Invariance", "Realisability"]

#: In larger families so many members, evenly spread, are looked at; the claim is then tested.
MOST_MEMBERS = 100
#: Points times generators that a member may be evaluated at, when all points are tried.
LARGEST_SUPPORT = 4_096
_SPOT_CHECKS = 3


@dataclass(frozen=True)
class _Grounds:
    """What shows that a member satisfies a claim: `how`, or a property that a search has to try."""

    how: str  # "points", "polynomial" or "search"
    search: Property | None = None
    failure: ClaimResult | None = None
    open: str = ""


def _count(family: Any) -> int:
    try:
        return len(family)
    except OverflowError:  # a class far too large to be listed, whose members can be asked for
        return int(family.size)


def _chosen(size: int, most: int) -> list[int]:
    if size <= most:
        return list(range(size))
    return [k * size // most for k in range(most)]


class _OfMembers(ReportClaim):
    """A claim that each member is looked at for."""

    examples: int
    most_members: int

    def check_report(self, report: Report) -> ClaimResult:
        """Each member of the family in turn."""
        return self.check(report.family)

    def check(self, family: Any) -> ClaimResult:
        """Each member in turn; the witness is the least member that fails.

        Arguments:
            family: members that can be called, `distribution`, and `group` for invariance.

        Returns:
            The ClaimResult: "proved" when every member is on exact grounds, else "tested".
        """
        size = _count(family)
        members = _chosen(size, self.most_members)
        counts: dict[str, int] = {}
        searched: dict[int, Property] = {}
        unknown = ""
        for index in members:
            grounds = self._grounds(family, index)
            if grounds.failure is not None:
                assert grounds.failure.witness is not None
                return self.refuted(
                    f"member {index}: {grounds.failure.value}",
                    member=index,
                    **grounds.failure.witness,
                )
            if grounds.search is not None:
                searched[index] = grounds.search
            if grounds.open:
                unknown = unknown or f"member {index}: {grounds.open}"
            counts[grounds.how] = counts.get(grounds.how, 0) + 1
        tried = 0
        if searched:
            found = _search(self, searched, family.distribution)
            if not found.holds:
                return found
            tried = int(found.record["examples"])
        if unknown:
            return self.undecided(unknown)
        everything = len(members) == size
        value = ", ".join(_WORDS[how].format(counts[how]) for how in _WORDS if how in counts)
        if searched:
            value += f", {tried} points each"
        if not everything:
            value += f"; {len(members)} of {size} members"
        if everything and not searched:
            return self.result("proved", value)
        return self.result("tested", value, members=len(members), examples=tried)

    def _grounds(self, family: Any, index: int) -> _Grounds:
        raise NotImplementedError

    def _spot_checked(self, property: Property, law: Any) -> _Grounds:
        """What holds for the polynomials that are written out must hold for values, too."""
        spots = exhaust(property, _spots(law.dimension))
        if spots.status != "refuted":
            return _Grounds("polynomial")
        found = examine(property, law, examples=self.examples)  # a smaller counterexample
        return _Grounds("search", failure=spots if found.holds else found)

    def _everywhere(self, property: Property, points: list[tuple[Fraction, ...]]) -> _Grounds:
        result = exhaust(property, by_size(points))
        if result.status == "refuted":
            return _Grounds("points", failure=result)
        return _Grounds("points", open=result.value if result.status == "undecided" else "")


def _search(claim: _OfMembers, properties: Mapping[int, Property], law: Any) -> ClaimResult:
    """All members at every example: one search, whose witness is the least member that fails."""

    def violation(x: Any) -> Mapping[str, Any] | None:
        unknown: CannotTell | None = None
        for index, property in properties.items():
            try:
                witness = property.violation(x)
            except CannotTell as equation:
                unknown = unknown or CannotTell(f"{equation}, member {index}")
                continue
            if witness is not None:
                return {"member": index, **witness}
        if unknown is not None:
            raise unknown
        return None

    return search_points(Property(claim.type, claim.statement, violation), law, claim.examples)


_WORDS = {
    "points": "{} on all points of the law",
    "polynomial": "{} as polynomials",
    "search": "{} by search",
}


def _require_counts(claim: _OfMembers) -> None:
    for name in ("examples", "most_members"):
        value = getattr(claim, name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise VerificationError(
                f"{name}: must be an integer >= 1, got {value!r}; write e.g. {EXAMPLES}"
            )


def _callable(function: Any, what: str, index: int) -> Callable[..., Any]:
    if not callable(function):
        raise VerificationError(
            f"{what}: must be a function of a point, got {type(function).__name__} for member "
            f"{index}; give it a method __call__(x)"
        )
    return function  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Realisability(_OfMembers):
    """member.network() computes the same function as the member, for every member.

    Arguments:
        examples: points that a search tries for each member, where there is no proof.
        most_members: in a larger family so many members, evenly spread, are looked at.

    Source: MATH.md section 4: each member has a network with explicit exact weights.

    Examples:
        >>> import symcsq as cs
        >>> print(cs.claims.Realisability().check(cs.InvariantPolynomials("C4", 2)).value)
        3 as polynomials
        >>> family = cs.DegreeParityNetworks(4)
        >>> print(cs.claims.Realisability().check(family).value)
        4 on all points of the law
    """

    examples: int = 50
    most_members: int = MOST_MEMBERS
    type: ClassVar[str] = "realisability"
    statement: ClassVar[str] = "every member is computed by its network"

    def __post_init__(self) -> None:
        _require_counts(self)

    def _grounds(self, family: Any, index: int) -> _Grounds:
        member = _callable(family[index], "member", index)
        if not hasattr(member, "network"):
            raise VerificationError(
                f"network: member {index} of {type(family).__name__} has no network(); "
                "add the method, or leave the claim out"
            )
        network = _callable(member.network(), "network", index)
        law = family.distribution
        same = equality(network, member, type=self.type, statement=self.statement)
        same = replace(same, violation=_renamed(same.violation, left="network", right="function"))
        points = support_of(law, LARGEST_SUPPORT)
        if points is not None:
            return self._everywhere(same, points)
        left = network_written_out(network, law.dimension)
        right = function_written_out(member, law.dimension)
        if left is None or right is None:
            return _Grounds("search", same)
        return self._polynomials(left, right, same, law)

    def _polynomials(
        self, left: WrittenOut, right: WrittenOut, same: Property, law: Any
    ) -> _Grounds:
        if left == right:
            return self._spot_checked(same, law)
        found = examine(same, law, examples=self.examples)
        if not found.holds:
            return _Grounds("search", failure=found)
        if not _infinite(law):
            # On a sphere, or where x^2 = 1, two polynomials may be one function.
            return _Grounds("search", same)
        d, alpha = _first_difference(left, right)
        values = [str(side.get(d, {}).get(alpha, Fraction(0))) for side in (left, right)]
        root = "" if d == 1 else f" times sqrt({d})"
        failure = self.refuted(
            f"the coefficient of x^{alpha}{root} is {values[0]} in the network, {values[1]} in "
            "the member's polynomial",
            exponents=list(alpha),
            root=d,
            network=values[0],
            polynomial=values[1],
        )
        return _Grounds("polynomial", failure=failure)


def _renamed(
    violation: Callable[[Any], Mapping[str, Any] | None], **names: str
) -> Callable[[Any], Mapping[str, Any] | None]:
    def renamed(x: Any) -> Mapping[str, Any] | None:
        witness = violation(x)
        return witness and {names.get(key, key): value for key, value in witness.items()}

    return renamed


def _spots(dimension: int) -> Iterator[tuple[Fraction, ...]]:
    """A few fixed points whose coordinates are different and not symmetric."""
    for k in range(1, _SPOT_CHECKS + 1):
        yield tuple(Fraction((-1) ** (i * k) * (i + k), 1 + (i * k) % 3) for i in range(dimension))


def _infinite(law: Any) -> bool:
    """Whether different polynomials are different functions: each coordinate has infinitely many
    values, whatever the others are."""
    marginals = getattr(law, "marginals", None)
    return marginals is not None and all(
        marginal.support_size is None and marginal.kind != "moments" for marginal in marginals
    )


def _first_difference(left: WrittenOut, right: WrittenOut) -> tuple[int, tuple[int, ...]]:
    return min(
        (d, alpha)
        for d in {*left, *right}
        for alpha in {*left.get(d, {}), *right.get(d, {})}
        if left.get(d, {}).get(alpha) != right.get(d, {}).get(alpha)
    )


@dataclass(frozen=True)
class Invariance(_OfMembers):
    """f(g·x) = f(x) for every member f and every generator g of the family's group.

    Arguments:
        examples: points that a search tries for each member, where there is no proof.
        most_members: in a larger family so many members, evenly spread, are looked at.

    Source: MATH.md section 2.

    Examples:
        >>> import symcsq as cs
        >>> family = cs.SemiInvariantPolynomials("C4", 2, [-1])
        >>> result = cs.claims.Invariance().check(family)
        >>> result.status, result.witness["member"], result.witness["generator"]
        ('refuted', 0, 0)
        >>> print(cs.claims.Invariance().check(cs.InvariantPolynomials("C4", 2)).value)
        3 as polynomials
    """

    examples: int = 50
    most_members: int = MOST_MEMBERS
    type: ClassVar[str] = "invariance"
    statement: ClassVar[str] = "every function is fixed by every generator"

    def __post_init__(self) -> None:
        _require_counts(self)

    def check_report(self, report: Report) -> ClaimResult:
        """What verification has established of it, if it has looked; else each member."""
        for claim in report.claims:
            if claim.type == self.type:
                return claim
        return self.check(report.family)

    def check(self, family: Any) -> ClaimResult:
        """As for every claim about members; nothing to look at without generators."""
        if not family.group.generators:
            return self.result("proved", "the group is trivial")
        return super().check(family)

    def _grounds(self, family: Any, index: int) -> _Grounds:
        member = _callable(family[index], "member", index)
        group, law = family.group, family.distribution
        fixed = invariance(member, group)
        points = support_of(law, LARGEST_SUPPORT)
        if points is not None:
            return self._everywhere(fixed, points)
        terms = function_written_out(member, law.dimension)
        if terms is None:
            return _Grounds("search", fixed)
        for g in group.generators:
            # Constant under g: the coefficients of x^α and x^{g·α} are equal.
            for part in terms.values():
                if any(part.get(moved(g, alpha)) != value for alpha, value in part.items()):
                    found = examine(fixed, law, examples=self.examples)
                    return _Grounds("search", fixed, None if found.holds else found)
        return self._spot_checked(fixed, law)
