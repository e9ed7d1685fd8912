"""Verification of averages over frames on laws with finite support (MATH.md 4.3: M11, M15)."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, combinations_with_replacement, islice
from math import comb, prod
from typing import Any

from symcsq.errors import VerificationError
from symcsq.verifier import kinds, parities, symmetry
from symcsq.verifier.certificate import canonical_bytes, digest
from symcsq.verifier.claims import ClaimLog, ClaimResult, exact_text
from symcsq.verifier.coefficient_rows import CoefficientRows
from symcsq.verifier.correlated import correlation_claims
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.parity_norms import ParityNorm
from symcsq.verifier.sections import distribution_section, group_section, subset_name

STATEMENTS = kinds.STATEMENTS["finite-frame-averages"]
CLAIMS = 12

#: Equivariance is gone through point by point up to so many group elements at all points together.
_MOST_STEPS = 100_000
#: And invariance up to so many values of members.
_MOST_VALUES = 400
_LARGEST_WIDTH = 16
#: Values of the networks that are listed; part of the format.
MOST_VALUES_LISTED = 1_000

#: The frames that certificates define, by their names.
NAMES = ("sorting", "absolute-sorting", "minimal-image", "reynolds", "transversal", "mixture")

_EQUIVARIANCE = "F(g·x) = g·F(x) for every generator g and every point x"
_INVARIANCE = "every average is fixed by every generator"
_SIGNS = "law and frame are unchanged by flipping signs, members of different orbits orthogonal"
_VALUES = "values of the networks that are averaged"
_TIES = "how many subsets one point can spread a member over"


def verify_finite_frames(
    family: Any, tolerance: Fraction, log: ClaimLog, work: Any = None
) -> Evidence:
    """Every claim about parity networks averaged over a frame, under a law with finite support."""
    group, law, base, frame = family.group, family.distribution, family.networks, family.frame
    if base.m > _LARGEST_WIDTH:
        raise VerificationError(
            f"m: values of networks with 2**m hidden units are computed for m up to "
            f"{_LARGEST_WIDTH}, got {base.m}; choose a smaller m"
        )
    described = frame_section(frame)
    subsets = [tuple(member.subset) for member in family]
    total = comb(base.n, base.m)
    complete = len(subsets) == total and subsets == list(combinations(range(base.n), base.m))

    log.add(
        "distribution-preserved",
        "every generator preserves the distribution",
        lambda: symmetry.distribution_preserved(law, group),
    )
    log.add("group-order", "order of the group", lambda: symmetry.group_order(group))
    log.add("frame-equivariance", _EQUIVARIANCE, lambda: equivariance_claim(family))
    log.add(
        "invariance",
        _INVARIANCE,
        lambda: invariance_claim(family),
        needs=("distribution-preserved", "frame-equivariance"),
    )
    if family.sign_invariant:
        log.add("sign-symmetric", _SIGNS, lambda: signs_claim(family, subsets))
    log.add("values", _VALUES, lambda: values_claim(family))
    if family.sign_invariant:
        log.add("ties", _TIES, lambda: ties_claim(family))
    needs = ("distribution-preserved", "frame-equivariance", "invariance", "sign-symmetric")
    log.announce("coordinates")
    correlations = correlation_claims(FrameSource(family), tolerance, log, work, needs=needs)
    return correlations.evidence(
        {
            "lemma": {"name": family.kind, "statements": STATEMENTS},
            "distribution": distribution_section(law, 1),
            "group": group_section(group),
            "family": {
                "kind": family.kind,
                "frame": described,
                "base": parities.family_section(base, "all" if complete else "listed"),
            },
            "orbits": [],
            "functions": [
                {"name": subset_name("F", subset), "subset": list(subset)} for subset in subsets
            ],
        }
    )


def frame_section(frame: Any) -> dict[str, Any]:
    """A frame as certificates describe it.

    A mixture of mixtures is written as one, its parts ordered by their JSON, equal ones together.

    Raises:
        VerificationError: a frame of another kind, whose definition certificates do not know.

    Examples:
        >>> from symcsq.constructions import frames
        >>> frame_section(frames.sorting(3))
        {'name': 'sorting'}
    """
    name = name_of(frame)
    if name is None:
        raise VerificationError(
            f"frame: certificates know {', '.join(NAMES)}, got a {type(frame).__name__}; "
            "check it with frame.equivariance_violation(points)"
        )
    if name == "mixture":
        weights: dict[bytes, Fraction] = {}
        sections: dict[bytes, dict[str, Any]] = {}
        for part, weight in flat_parts(frame, Fraction(1)):
            section = frame_section(part)
            key = canonical_bytes(section)
            sections[key] = section
            weights[key] = weights.get(key, Fraction(0)) + weight
        parts = [
            {"weight": exact_text(weights[key]), "frame": sections[key]} for key in sorted(sections)
        ]
        return {"name": "mixture", "parts": parts}
    if name == "transversal":
        subgroup = frame.subgroup
        return {
            "name": "transversal",
            "subgroup": [g.images.tolist() for g in subgroup.generators],
            "subgroup_order": str(subgroup.order),
        }
    return {"name": name}


def name_of(frame: Any) -> str | None:
    """What certificates call it; a class derived from one of the library's has no name there."""
    name: str | None = vars(type(frame)).get("certified_as")
    return name if name in NAMES else None


def flat_parts(frame: Any, weight: Fraction) -> list[tuple[Any, Fraction]]:
    """The parts of a mixture that are not mixtures themselves, with their weights."""
    if name_of(frame) != "mixture":
        return [(frame, weight)]
    return [
        leaf for part, share in frame.parts for leaf in flat_parts(part, Fraction(weight * share))
    ]


def pairs_gone_through(family: Any) -> int:
    """The number of pairs (x, g) for which equivariance is checked one by one; 0: by definition.

    All points of the law's support and all generators, unless points, generators and the order of
    the group multiply to more than 100,000.
    """
    law, group = family.distribution, family.group
    points = prod(law.marginals[k].support_size for k in law.marginal_of)
    pairs = points * len(group.generators)
    return pairs if pairs * int(group.order) <= _MOST_STEPS else 0


def equivariance_claim(family: Any) -> ClaimResult:
    """By the definition of the frame, and on the whole support where it is small.

    Sorting: F(x) is the set of all g for which g⁻¹·x (or its absolute value) increases, minimal
    images: for which it is least in the orbit of x. (hg)⁻¹·(h·x) = g⁻¹·x, so F(h·x) = h·F(x). The
    others do not depend on x.
    """
    pairs = pairs_gone_through(family)
    if not pairs:
        value = "by the definition of the frame"
        return ClaimResult("frame-equivariance", _EQUIVARIANCE, "proved", value)
    points = (x for x, _ in family.distribution.support())
    violation = family.frame.equivariance_violation(points)
    if violation is not None:
        point, generator = violation
        return ClaimResult(
            "frame-equivariance",
            _EQUIVARIANCE,
            "refuted",
            f"generator {generator} at the point ({', '.join(map(str, point))})",
            {"point": [exact_text(value) for value in point], "generator": generator},
        )
    value = f"for all {pairs} pairs of a point and a generator"
    return ClaimResult("frame-equivariance", _EQUIVARIANCE, "proved", value)


def invariance_claim(family: Any) -> ClaimResult:
    """The sum over F(g·x) = g·F(x) has the terms of that over F(x); small cases value by value."""
    values = pairs_gone_through(family) * family.size
    if not 0 < values <= _MOST_VALUES:
        return ClaimResult("invariance", _INVARIANCE, "proved", "follows from equivariance")
    violation = family.invariance_violation()
    if violation is None:
        return ClaimResult("invariance", _INVARIANCE, "proved", f"{values} values compared")
    member, generator, point = violation
    return ClaimResult(
        "invariance",
        _INVARIANCE,
        "refuted",
        f"member {member}, generator {generator}",
        {
            "function": member,
            "generator": generator,
            "point": [exact_text(value) for value in point],
        },
    )


def signs_claim(family: Any, subsets: list[tuple[int, ...]]) -> ClaimResult:
    """What M15 rests on: the law, the frame, and M11 for the networks that are averaged."""
    base = family.networks
    law = symmetry.sign_symmetric(family.distribution)
    odd = symmetry.sign_equivariance(base.m, base[0].units())
    for claim in (law, odd):
        if not claim.holds:
            raise VerificationError(
                f"frame: {claim.statement}: {claim.value}; the family says that M15 applies"
            )
    orbits = len({family.group.canonical_subset(subset).representative for subset in subsets})
    value = f"{len(subsets)} members in {orbits} orbits"
    record = {"orbits": str(orbits)}
    return ClaimResult("sign-symmetric", _SIGNS, "proved", value, record=record)


def values_claim(family: Any) -> ClaimResult:
    """f_S at inputs from the support, as v for the value v·√factor; for a polynomial its Hermite
    coefficients too, to which nothing else in a certificate would bind the others.
    """
    base = family.networks
    levels = sorted({value for x, _ in family.points for value in x})
    inputs = list(islice(combinations_with_replacement(levels, base.m), MOST_VALUES_LISTED))
    factor, values = family.network_values(inputs)
    table = [
        [*map(exact_text, at), exact_text(value)] for at, value in zip(inputs, values, strict=True)
    ]
    record: dict[str, Any] = {"factor": exact_text(factor), "table": table}
    hermite = ParityNorm.of(base.m, base.activation).kernel_claim().record.get("hermite")
    if hermite is not None:
        record["hermite"] = hermite
    return ClaimResult("values", _VALUES, "proved", f"{len(table)} values", record=record)


def ties_claim(family: Any) -> ClaimResult:
    """Where no point ties, members with different subsets are orthogonal (M15)."""
    largest = family.largest_frame()
    value = "no ties" if largest == 1 else f"up to {largest} subsets"
    return ClaimResult("ties", _TIES, "proved", value, record={"largest": str(largest)})


class FrameSource:
    """The Gram matrix, from coordinates of the members over orthogonal functions.

    Arguments:
        family: offers `coordinates(i)` and `coordinate_weights`.
    """

    def __init__(self, family: Any) -> None:
        rows = [family.coordinates(i) for i in range(len(family))]
        # Columns that are equal for all members can be added up: most are, where points tie.
        places: dict[Any, list[tuple[int, Fraction]]] = {}
        for i, row in enumerate(rows):
            for which, coefficient in row.items():
                places.setdefault(which, []).append((i, coefficient))
        weights: dict[tuple[tuple[int, Fraction], ...], Fraction] = {}
        for which, entries in places.items():
            key = tuple(entries)
            weight = family.coordinate_weights[which[0]]
            weights[key] = weights.get(key, Fraction(0)) + weight
        merged: list[dict[int, Fraction]] = [{} for _ in rows]
        for place, column in enumerate(weights):
            for i, coefficient in column:
                merged[i][place] = coefficient
        self.size = len(rows)
        self.scale = Fraction(1)
        self._rows = CoefficientRows(merged, list(weights.values()))
        content = [[[str(k), str(c)] for k, c in sorted(row.items())] for row in merged]
        self.identity = digest([content, [str(weight) for weight in weights.values()]])

    def block(self, rows: range, columns: range) -> list[list[Fraction]]:
        """The inner products of some rows and columns."""
        found = self._rows
        if len(rows) == len(columns) == 1:
            return [[found.entry(rows[0], columns[0])]]
        size = max(len(rows), len(columns))
        numerators = found.tile(rows.start, columns.start, size).numerators.to_object().tolist()
        scale = found.scale
        return [
            [
                Fraction(n, found.denominators[i] * found.denominators[j] * scale)
                for j, n in zip(columns, line, strict=False)
            ]
            for i, line in zip(rows, numerators, strict=False)
        ]
