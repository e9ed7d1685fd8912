"""Verification of combinations of orbit sums over one group and product law (M2).

Sparse invariant polynomials, products of independent invariants, and any family whose members
have an `expansion`. Members may correlate; the Gram matrix is C diag(w) C^T with sparse rational C.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from symcsq.errors import SymcsqError, VerificationError
from symcsq.verifier import correlations, symmetry
from symcsq.verifier.certificate import digest
from symcsq.verifier.claims import ClaimLog, ClaimResult, exact_text
from symcsq.verifier.coefficient_rows import CoefficientRows
from symcsq.verifier.correlated import CLAIMS as CORRELATION_CLAIMS
from symcsq.verifier.correlated import correlation_claims
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.kinds import STATEMENTS
from symcsq.verifier.orbit_facts import OrbitFacts, OrbitFinder
from symcsq.verifier.orbit_points import vector_of, word_of
from symcsq.verifier.orbit_sums import disjoint, orbit_entries, orbit_stabilizer
from symcsq.verifier.sections import (
    distribution_section,
    group_section,
)

if TYPE_CHECKING:
    from symcsq.verifier.work import Work

__all__ = [
    "CLAIMS",
    "NEEDS",
    "has_expansions",
    "verify_expansions",
    "verify_independent",
    "verify_sparse",
]

KIND = "expansions"
CLAIMS = 5 + CORRELATION_CLAIMS
INDEPENDENT_CLAIMS = CLAIMS + 2
#: What a family of the user's own must offer; its members must have an `expansion`.
NEEDS = ("group", "distribution", "__len__", "__getitem__")

#: All that the entries rest on, most basic first.
ENTRIES_NEED = ("distribution-preserved", "group-order", "invariance", "orbit-stabilizer")

Vector = tuple[int, ...]
Coefficients = Mapping[Vector, Fraction]


def has_expansions(family: Any) -> bool:
    """Whether the members of a family that certificates do not know otherwise have an `expansion`.

    Examples:
        >>> import symcsq as cs
        >>> has_expansions(cs.InvariantPolynomials("C4", 2)), has_expansions([])
        (False, False)
    """
    if getattr(family, "kind", KIND) in frozenset(STATEMENTS) - {KIND, "user-defined"}:
        return False
    return len(family) > 0 and hasattr(getattr(family[0], "expansion", None), "coefficients")


def verify_expansions(family: Any, tolerance: Fraction, log: ClaimLog, work: Work) -> Evidence:
    """Every claim about a family whose members are expansions over its group and law."""
    functions = [_coefficients(family, i) for i in range(len(family))]
    described = {"kind": KIND, "normalised": False}
    return _Combinations(family, functions, log, work).verify(described, tolerance)


def verify_sparse(family: Any, tolerance: Fraction, log: ClaimLog, work: Work) -> Evidence:
    """Every claim about signed sums of a few orbit sums of one degree."""
    vectors = [tuple(row) for row in family.base.representatives.tolist()]
    functions = [
        {vectors[orbit]: Fraction(sign) for orbit, sign in support} for support in family.supports
    ]
    described = {
        "kind": family.kind,
        "normalised": family.normalised,
        "degree": family.base.degree,
        "terms": family.terms,
    }
    combinations = _Combinations(family, functions, log, work, family.normalised)
    return combinations.verify(described, tolerance)


def verify_independent(family: Any, tolerance: Fraction, log: ClaimLog, work: Work) -> Evidence:
    """Every claim about the products of k of r centred invariants of disjoint blocks."""
    if family.k < 1:
        raise VerificationError(
            f"k: must be at least 1 for products to be verified, got {family.k}; the empty product "
            "is the constant 1"
        )
    functions = [_coefficients(family, i) for i in range(len(family))]
    degree = family.group.degree
    factors: list[dict[Vector, Fraction]] = []
    for start, f in zip(family.offsets, family.invariants, strict=True):
        rest = degree - start - f.group.degree
        factors.append({(0,) * start + key + (0,) * rest: c for key, c, _ in f})
    described = {
        "kind": family.kind,
        "k": family.k,
        "factors": [
            {"points": f.group.degree, **_integers(sorted_coefficients(factor), _sparse)}
            for f, factor in zip(family.invariants, factors, strict=True)
        ],
    }
    chosen = [family.subset(i) for i in range(len(family))]
    combinations = _Combinations(family, functions, log, work)
    return combinations.verify(described, tolerance, (factors, chosen))


def sorted_coefficients(coefficients: Coefficients) -> dict[Vector, Fraction]:
    """In canonical order: by degree, then as vectors.

    Examples:
        >>> list(sorted_coefficients({(0, 2): Fraction(1), (1, 0): Fraction(1)}))
        [(1, 0), (0, 2)]
    """
    return {key: coefficients[key] for key in sorted(coefficients, key=lambda v: (sum(v), v))}


def _coefficients(family: Any, index: int) -> Coefficients:
    """What a member is made of, checked to live in the space of the family."""
    try:
        expansion = family[index].expansion
        same = expansion.group == family.group and expansion.distribution == family.distribution
        coefficients: Coefficients = expansion.coefficients
    except SymcsqError:
        raise
    except Exception as error:
        text = " ".join(str(error).split())
        raise VerificationError(
            f"family[{index}].expansion: raised {type(error).__name__}: {text}; correct the family"
        ) from error
    if not same:
        raise VerificationError(
            f"family[{index}].expansion: must be over the family's group and distribution, got "
            f"{expansion!r}; build every member over family.group and family.distribution"
        )
    return coefficients


def _sparse(vector: Vector) -> list[list[int]]:
    return [[point, exponent] for point, exponent in enumerate(vector) if exponent]


def _integers(coefficients: Mapping[Any, Fraction], key: Any) -> dict[str, Any]:
    """Coefficients as integers over their least common denominator."""
    denominator = lcm(*(c.denominator for c in coefficients.values()))
    terms = [[key(k), str(int(c * denominator))] for k, c in coefficients.items()]
    return {"denominator": str(denominator), "coefficients": terms}


@dataclass
class CombinationGram:
    """C diag(w) C^T by blocks, in integers over one common denominator; a GramSource."""

    rows: CoefficientRows
    scale: Fraction
    identity: str
    size: int

    @classmethod
    def of(
        cls, rows: Sequence[Mapping[int, Fraction]], weights: Sequence[Fraction]
    ) -> CombinationGram:
        """From the coefficients of the functions, and the squared norms of what they combine."""
        bottom = lcm(*(c.denominator for row in rows for c in row.values()))
        integers = CoefficientRows(
            [{k: int(c * bottom) for k, c in row.items()} for row in rows], weights
        )
        identity = digest(
            [
                [exact_text(w) for w in weights],
                [[[k, exact_text(c)] for k, c in sorted(row.items())] for row in rows],
            ]
        )
        return cls(integers, Fraction(1, bottom * bottom * integers.scale), identity, len(rows))

    def block(self, rows: range, columns: range) -> Any:
        """The numerators of some rows and columns."""
        side = max(len(rows), len(columns))
        tile = self.rows.tile(rows.start, columns.start, side).numerators
        if len(tile.limbs) == 1:  # integers below 2^53
            block = tile.limbs[0].astype(np.int64)
        else:
            block = tile.to_object()
        return block[: len(rows), : len(columns)]

    def diagonal(self, rows: range) -> list[int]:
        """The numerators of the squared norms."""
        return self.rows.diagonal[rows.start : rows.stop]


class _Combinations:
    """The functions of a family over the orbits that occur in them, in canonical order."""

    def __init__(
        self,
        family: Any,
        functions: Sequence[Coefficients],
        log: ClaimLog,
        work: Work,
        normalised: bool = False,
    ) -> None:
        self.group, self.law, self.log, self.work = family.group, family.distribution, log, work
        self.normalised = normalised
        self.vectors = list(sorted_coefficients({v: Fraction(1) for f in functions for v in f}))
        if not self.vectors:
            raise VerificationError(
                "family: must have a member that is not the zero function, got none; nothing to "
                "verify"
            )
        place = {vector: k for k, vector in enumerate(self.vectors)}
        self.rows: list[dict[int, Fraction]] = [
            {place[vector]: f[vector] for vector in sorted(f, key=place.__getitem__) if f[vector]}
            for f in functions
        ]

    def verify(
        self,
        described: Mapping[str, Any],
        tolerance: Fraction,
        products: tuple[Sequence[Coefficients], Sequence[Sequence[int]]] | None = None,
    ) -> Evidence:
        """All claims; `products` are the factors, and for each member which of them it takes."""
        log, group, law = self.log, self.group, self.law
        symmetry.require_preserved(log, law, group)
        log.announce("orbits")
        finder = OrbitFinder(group, "exponents")
        orbits = finder.find_all(map(word_of, self.vectors), self.work)
        for vector, facts in zip(self.vectors, orbits, strict=True):
            if vector_of(facts.word, group.degree) != vector:
                raise VerificationError(
                    f"expansion: {vector} must be the least of its orbit, got "
                    f"{vector_of(facts.word, group.degree)}; this is a fault of the family"
                )
        log.add("group-order", "order of the group", lambda: symmetry.group_order(group))
        functions = [{"name": f"f{i}", **_integers(row, int)} for i, row in enumerate(self.rows)]
        # Other signs can leave all inner products as they are. Products follow from the family.
        inputs = {} if products is not None else {"inputs": digest(functions)}
        log.add(
            "invariance",
            "every function is fixed by every generator",
            lambda: replace(symmetry.invariance(finder, self.rows, orbits), record=inputs),
        )
        log.add("orbits-disjoint", "no two orbits meet", lambda: disjoint(orbits, group.degree))
        log.add(
            "orbit-stabilizer",
            "|orbit| times |stabiliser| is |G|",
            lambda: orbit_stabilizer(group, orbits),
        )
        if products is not None:
            self._factor_claims(orbits, finder, *products)
        norms = self._norms(orbits)
        weights = [Fraction(1)] * len(norms) if self.normalised else norms
        source = CombinationGram.of(self.rows, weights)
        tail = correlation_claims(source, tolerance, log, self.work, needs=ENTRIES_NEED)
        largest = max(max(vector, default=0) for vector in self.vectors)
        sections = {
            "lemma": {"name": described["kind"], "statements": STATEMENTS[described["kind"]]},
            "distribution": distribution_section(law, largest),
            "group": group_section(group),
            "family": described,
            "orbits": orbit_entries(law, self.vectors, orbits),
            "functions": functions,
        }
        return tail.evidence(sections)

    def _norms(self, orbits: Sequence[OrbitFacts]) -> list[Fraction]:
        """|O| h_O of each orbit, compared with the sum over its terms, degree by degree."""
        norms: list[Fraction] = []
        lengths = sorted({len(facts.word) for facts in orbits})
        for length in lengths:
            part, disagreement = correlations.orbit_norms(
                self.law, [facts for facts in orbits if len(facts.word) == length]
            )
            if disagreement:
                raise VerificationError(
                    f"norms: {disagreement}; this is a fault of the distribution's norms"
                )
            norms += part
        return norms

    def _factor_claims(
        self,
        orbits: Sequence[OrbitFacts],
        finder: OrbitFinder,
        factors: Sequence[Coefficients],
        chosen: Sequence[Sequence[int]],
    ) -> None:
        """That members are products of the factors, and that the factors have mean 0."""
        log = self.log
        log.add(
            "factors",
            "every member is the product of its factors",
            lambda: self._factors(orbits, finder, factors, chosen),
        )
        zero = (0,) * self.group.degree
        means = [f.get(zero, Fraction(0)) for f in factors]
        wrong = next((b for b, mean in enumerate(means) if mean), None)
        if wrong is not None:
            raise VerificationError(
                f"invariants[{wrong}]: must have mean 0, got {means[wrong]}; this is a fault of "
                "the family"
            )
        log.add(
            "centred",
            "every factor has mean 0",
            lambda: ClaimResult("centred", "every factor has mean 0", "proved"),
        )

    def _factors(
        self,
        orbits: Sequence[OrbitFacts],
        finder: OrbitFinder,
        factors: Sequence[Coefficients],
        chosen: Sequence[Sequence[int]],
    ) -> ClaimResult:
        """An orbit is the product of those of its parts when its size is the product of theirs."""
        place = {vector: k for k, vector in enumerate(self.vectors)}
        sizes = {
            vector: facts.size
            for factor in factors
            for vector, facts in zip(factor, finder.find_all(map(word_of, factor)), strict=True)
        }
        for i, blocks in enumerate(chosen):
            terms: dict[Vector, tuple[Fraction, int]] = {(0,) * self.group.degree: (Fraction(1), 1)}
            for b in blocks:
                terms = {
                    tuple(map(int.__add__, key, vector)): (value * c, size * sizes[vector])
                    for key, (value, size) in terms.items()
                    for vector, c in factors[b].items()
                }
            expected = {place.get(key): value for key, (value, _) in terms.items()}
            whole = all(orbits[place[key]].size == size for key, (_, size) in terms.items())
            if expected != self.rows[i] or not whole:
                raise VerificationError(
                    f"family[{i}]: must be the product of factors {list(blocks)}; this is a fault "
                    "of the family"
                )
        statement = "every member is the product of its factors"
        return ClaimResult("factors", statement, "proved", f"{len(factors)} factors")
