"""Verification of families of orbit sums under a product law (MATH.md 4.1: M1, M2, M6 to M9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symcsq.errors import VerificationError
from symcsq.functions.gram import Gram
from symcsq.verifier import correlations, kinds, symmetry
from symcsq.verifier.claims import ClaimLog, ClaimResult, exact_text
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.orbit_facts import OrbitFacts, OrbitFinder
from symcsq.verifier.orbit_points import first_repeat, vector_of, word_of
from symcsq.verifier.sections import (
    distribution_section,
    group_section,
    monomial_name,
    sparse_vector,
)
from symcsq.verifier.work import Work

if TYPE_CHECKING:
    from groups import PermutationGroup
    from symcsq.distributions import Product

STATEMENTS = kinds.STATEMENTS["invariant-polynomials"]
CLAIMS = 11

#: Cauchy–Frobenius sums over single elements only up to this order; laws that differ between points
#: need it.
_LARGEST_SUM = 200_000

#: Every other claim, those that failed claims rest on first; the first that fails is named.
#: A repeated member is named by the correlation that it causes.
BOUND_NEEDS = (
    "sign-symmetric",
    "distribution-preserved",
    "group-order",
    "sign-equivariance",
    "invariance",
    "orbit-stabilizer",
    "kernel",
    "norm",
    "orthogonality",
    "gram",
    "subsets-distinct",
    "orbits-disjoint",
    "count",
    "size",
)

Caps = tuple[int | None, ...]


def verify_orbit_sums(family: Any, tolerance: Fraction, log: ClaimLog, work: Work) -> Evidence:
    """Every claim about a family whose members are orbit sums ``m_O`` of one degree."""
    group, law, degree = family.group, family.distribution, family.degree
    require_moments(law, degree, family.multilinear)
    finder = OrbitFinder(group, "exponents")
    log.announce("orbits")
    orbits = finder.find_all(map(word_of, family.representatives.tolist()), work)
    vectors = [vector_of(facts.word, group.degree) for facts in orbits]
    functions: list[dict[int, Fraction]] = [{k: Fraction(1)} for k in range(len(orbits))]

    preserved = log.add(
        "distribution-preserved",
        "every generator preserves the distribution",
        lambda: symmetry.distribution_preserved(law, group),
    )
    log.add("group-order", "order of the group", lambda: symmetry.group_order(group))
    on_law = ("distribution-preserved",)
    log.add(
        "invariance",
        "every function is fixed by every generator",
        lambda: symmetry.invariance(finder, functions, orbits),
        needs=on_law,
    )
    log.add("orbits-disjoint", "no two orbits meet", lambda: disjoint(orbits, group.degree))
    log.add(
        "orbit-stabilizer",
        "|orbit| times |stabiliser| is |G|",
        lambda: orbit_stabilizer(group, orbits),
    )

    admissible = exponent_caps(law, family.multilinear, uniform=not preserved.holds)
    expected = count_orbits(group, degree, admissible)
    # An explicit list that is complete and in order is the same family as all orbits.
    complete = len(set(vectors)) == len(vectors) == expected and vectors == sorted(vectors)
    log.add(
        "count",
        "number of orbits, by Cauchy–Frobenius",
        # Without an invariant law, "all" means nothing: the listed orbits are just a list.
        lambda: count_claim(len(orbits), expected, preserved.holds and family.members == "all"),
        needs=("group-order",),
    )

    norms, disagreement = correlations.orbit_norms(law, orbits) if preserved.holds else ([], "")
    if disagreement:
        raise VerificationError(
            f"norms: {disagreement}; this is a fault of the distribution's norms"
        )
    gram = (
        correlations.gram_of_orbit_sums(functions, orbits, norms)
        if preserved.holds
        else Gram(len(orbits), {})
    )
    # The sizes of orbits enter the norms.
    on_sizes = (*on_law, "group-order", "orbit-stabilizer")
    log.add("gram", "exact Gram matrix", lambda: correlations.gram_claim(gram), needs=on_sizes)
    log.add(
        "norm",
        "no member is the zero function",
        lambda: correlations.norm_claim(gram),
        needs=on_sizes,
    )
    log.add(
        "orthogonality",
        "different members are orthogonal",
        lambda: correlations.orthogonality_claim(gram),
        needs=(*on_sizes, "norm"),
    )
    log.add("size", "size of the class", lambda: size_claim(len(orbits), log, "orbits-disjoint"))
    log.add(
        "csq-bound",
        "queries that a CSQ learner needs",
        lambda: correlations.csq_bound_claim(len(orbits), tolerance),
        needs=BOUND_NEEDS,
    )

    largest = max((max(vector, default=0) for vector in vectors), default=0)
    sections = {
        "lemma": {"name": family.kind, "statements": STATEMENTS},
        "distribution": distribution_section(law, largest),
        "group": group_section(group),
        "family": {
            "kind": family.kind,
            "degree": degree,
            "multilinear": is_multilinear(degree, admissible),
            "members": "all" if complete else "listed",
        },
        "orbits": orbit_entries(law, vectors, orbits),
        "functions": own_functions(vectors),
    }
    if not log["gram"].holds:
        gram = Gram(len(orbits), {})
    return Evidence(sections, gram, len(orbits), whole=expected)


def orbit_entries(
    law: Product | None, vectors: Sequence[Sequence[int]], orbits: Sequence[OrbitFacts]
) -> list[dict[str, Any]]:
    """The section on the orbits; with their norms when the law is a product."""
    entries: list[dict[str, Any]] = []
    norms: dict[Any, str] = {}  # by the exponents that each law has
    for vector, facts in zip(vectors, orbits, strict=True):
        sparse = sparse_vector(vector)
        entry: dict[str, Any] = {
            "representative": sparse,
            "size": str(facts.size),
            "stabilizer_order": str(facts.stabilizer_order),
        }
        if law is not None:
            marginal_of = law.marginal_of
            key = tuple(sorted((marginal_of[point], exponent) for point, exponent in sparse))
            if key not in norms:
                norms[key] = exact_text(law.norm(vector))
            entry["norm_squared"] = norms[key]
        entries.append(entry | facts.tree_fields())
    return entries


def own_functions(vectors: Iterable[Sequence[int]]) -> list[dict[str, Any]]:
    """The section on functions each of which is one orbit sum."""
    return [
        {"name": monomial_name(vector), "denominator": "1", "coefficients": [[k, "1"]]}
        for k, vector in enumerate(vectors)
    ]


def require_moments(law: Product, degree: int, multilinear: bool) -> None:
    """Refuse a sequence of moments that ends before the norms of this degree."""
    largest = min(degree, 1) if multilinear else degree
    for marginal in law.marginals:
        known = len(marginal.parameters)
        if marginal.kind == "moments" and known <= 2 * largest:
            raise VerificationError(
                f"distribution: degree {degree} needs the moments m_0..m_{2 * largest}, got "
                f"m_0..m_{known - 1}; give more moments, or the points of the law"
            )


def disjoint(orbits: Sequence[OrbitFacts], degree: int) -> ClaimResult:
    """The union of the orbits has no repeated point; else the least pair that meets."""
    statement = "no two orbits meet"
    total = sum(facts.size for facts in orbits)
    record = {"total": str(total)}
    expanded = [facts.words for facts in orbits if facts.words is not None]
    if len(expanded) == len(orbits):
        pair = _first_repeat(orbits, degree)
    else:
        # Canonical images decide for orbits that are too large to expand.
        first: dict[tuple[int, ...], int] = {}
        pairs = []
        for k, facts in enumerate(orbits):
            other = first.setdefault(facts.word, k)
            if other != k:
                pairs.append((other, k))
        pair = min(pairs, default=None)
    if pair is None:
        return ClaimResult(
            "orbits-disjoint",
            statement,
            "proved",
            f"{len(orbits)} orbits with {total} points",
            record=record,
        )
    return ClaimResult(
        "orbits-disjoint",
        statement,
        "refuted",
        f"orbits {pair[0]} and {pair[1]} are the same",
        witness={"pair": list(pair)},
        record=record,
    )


def _first_repeat(orbits: Sequence[OrbitFacts], degree: int) -> tuple[int, int] | None:
    """The least pair of expanded orbits that meet; only orbits of one degree can."""
    places: dict[int, list[int]] = {}
    for k, facts in enumerate(orbits):
        places.setdefault(len(facts.word), []).append(k)
    pairs = []
    for same in places.values():
        words = [facts.words for k in same if (facts := orbits[k]).words is not None]
        pair = first_repeat(words, degree)
        if pair is not None:
            pairs.append((same[pair[0]], same[pair[1]]))
    return min(pairs, default=None)


def orbit_stabilizer(group: PermutationGroup, orbits: Sequence[OrbitFacts]) -> ClaimResult:
    """``|O| |Stab| = |G|`` for every orbit, with its size counted where it was listed.

    The size of an orbit that was not listed is |G| divided by a stabiliser's order: for it, this
    only compares two searches for the stabiliser, and the value says so.
    """
    statement = "|orbit| times |stabiliser| is |G|"
    for k, facts in enumerate(orbits):
        product = facts.size * facts.stabilizer_order
        if product != group.order:
            return ClaimResult(
                "orbit-stabilizer",
                statement,
                "refuted",
                f"orbit {k}: {facts.size} * {facts.stabilizer_order} is not {group.order}",
                witness={"orbit": k, "product": str(product), "order": str(group.order)},
            )
    value = f"{len(orbits)} orbits"
    derived = sum(facts.words is None for facts in orbits)
    if derived:
        value += f", {derived} of them too large to list: |G| / |stabiliser|, not counted"
    return ClaimResult("orbit-stabilizer", statement, "proved", value)


def count_claim(listed: int, expected: int, complete: bool) -> ClaimResult:
    """The number of members against the number of orbits that the cycle index gives (M6)."""
    statement = "number of orbits, by Cauchy–Frobenius"
    record = {"value": str(listed), "cycle_index": str(expected)}
    if listed == expected or (not complete and listed < expected):
        return ClaimResult(
            "count", statement, "proved", f"{listed} of {expected} orbits", record=record
        )
    if not complete:
        # Only repeats can make a list longer than the number of orbits.
        return ClaimResult(
            "count",
            statement,
            "undecided",
            "needs orbits-disjoint",
            record={**record, "needs": "orbits-disjoint"},
        )
    return ClaimResult(
        "count",
        statement,
        "refuted",
        f"{listed} listed, {expected} exist",
        witness={"value": str(listed), "cycle_index": str(expected)},
        record=record,
    )


def size_claim(size: int, log: ClaimLog, distinct: str) -> ClaimResult:
    """The exact size of the class, once its members are known to be different."""
    record: dict[str, Any] = {"value": str(size)}
    if log[distinct].holds:
        return ClaimResult("size", "size of the class", "proved", str(size), record=record)
    record["needs"] = distinct
    return ClaimResult("size", "size of the class", "undecided", f"needs {distinct}", record=record)


def exponent_caps(law: Product, multilinear: bool, *, uniform: bool) -> Caps:
    """For each point the largest exponent with a non-zero norm; None: no limit.

    Arguments:
        uniform: one cap for all points, the largest of them: for a law that the group does not
            preserve, where caps of single points are not constant on orbits.
    """
    limits = law.max_exponents
    if uniform:
        largest = (
            None if None in limits else max((c for c in limits if c is not None), default=None)
        )
        limits = (largest,) * len(limits)
    if multilinear:
        return tuple(1 if cap is None else min(cap, 1) for cap in limits)
    return limits


def is_multilinear(degree: int, caps: Caps) -> bool:
    """Whether no admissible exponent vector of this degree has an entry beyond 1."""
    if degree < 2 or all(cap is not None and cap < 2 for cap in caps):
        return True
    room = None if None in caps else sum(cap for cap in caps if cap is not None)
    return room is not None and room < degree


def count_orbits(group: PermutationGroup, degree: int, caps: Caps) -> int:
    """Number of orbits on exponent vectors of this degree within the caps, none listed (M6).

    Examples:
        >>> from groups import group
        >>> (
        ...     count_orbits(group("C4"), 2, (1,) * 4),
        ...     count_orbits(group("C2 x C2"), 2, (None, None, 1, 1)),
        ... )
        (2, 4)
    """
    if len(set(caps)) <= 1:
        cap = caps[0] if caps else None
        return int(group.count_orbits_on_exponents(degree, max_exponent=cap))
    if group.order > _LARGEST_SUM:
        raise VerificationError(
            f"distribution: laws that differ between points are counted for groups of order up to "
            f"{_LARGEST_SUM}, got {group.order}; use one law for all points"
        )
    kinds: Counter[tuple[tuple[int, int | None], ...]] = Counter()
    for element in group.elements():
        cycles = [(len(cycle), caps[cycle[0]]) for cycle in _cycles(element.images.tolist())]
        kinds[tuple(sorted(cycles, key=str))] += 1
    fixed = sum(times * _fixed_vectors(degree, cycles) for cycles, times in kinds.items())
    return fixed // int(group.order)


def _cycles(images: Sequence[int]) -> Iterable[list[int]]:
    seen = [False] * len(images)
    for start in range(len(images)):
        cycle, point = [], start
        while not seen[point]:
            seen[point] = True
            cycle.append(point)
            point = images[point]
        if cycle:
            yield cycle


def _fixed_vectors(degree: int, cycles: Sequence[tuple[int, int | None]]) -> int:
    """Coefficient of t^degree in the product over cycles of 1 + t^length + … + t^(cap length)."""
    series = [1] + [0] * degree
    for length, cap in cycles:
        most = degree // length if cap is None else min(cap, degree // length)
        series = [
            sum(series[d - k * length] for k in range(most + 1) if k * length <= d)
            for d in range(degree + 1)
        ]
    return series[degree]
