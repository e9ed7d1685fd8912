"""Verification of monomial orbit sums under laws that are not products (M23)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symcsq.verifier import symmetry
from symcsq.verifier.certificate import digest
from symcsq.verifier.claims import ClaimLog
from symcsq.verifier.correlated import CLAIMS as CORRELATION_CLAIMS
from symcsq.verifier.correlated import correlation_claims
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.kinds import STATEMENTS
from symcsq.verifier.orbit_facts import OrbitFinder
from symcsq.verifier.orbit_points import vector_of, word_of
from symcsq.verifier.orbit_sums import (
    count_claim,
    count_orbits,
    disjoint,
    orbit_entries,
    orbit_stabilizer,
    own_functions,
)
from symcsq.verifier.sections import group_section, joint_section

if TYPE_CHECKING:
    from symcsq.verifier.work import Work

CLAIMS = 6 + CORRELATION_CLAIMS
KIND = "moment-invariant-polynomials"
ENTRIES_NEED = ("distribution-preserved", "group-order", "invariance", "orbit-stabilizer")


@dataclass
class MomentGram:
    """The Gram matrix of a family by blocks of integers; a GramSource."""

    family: Any
    scale: Fraction
    identity: str
    size: int

    def block(self, rows: range, columns: range) -> Any:
        """The entries of some rows and columns, over the common denominator of the moments."""
        return self.family.gram_integers(rows, columns)

    def diagonal(self, rows: range) -> list[int]:
        """The squared norms of some members."""
        single = (self.family.gram_integers([i], [i])[0, 0] for i in rows)
        return [int(value) for value in single]


def verify_moment_sums(family: Any, tolerance: Fraction, log: ClaimLog, work: Work) -> Evidence:
    """Every claim about monomial orbit sums of one degree under a law that is not a product."""
    group, law, degree = family.group, family.distribution, family.degree
    log.add(
        "distribution-preserved",
        "every generator preserves the distribution",
        lambda: symmetry.joint_preserved(law, group),
    )
    log.announce("orbits")
    finder = OrbitFinder(group, "exponents")
    orbits = finder.find_all(map(word_of, family.representatives.tolist()), work)
    vectors = [vector_of(facts.word, group.degree) for facts in orbits]
    functions = [{k: Fraction(1)} for k in range(len(orbits))]
    inputs = {"inputs": digest(joint_section(law))}
    log.add("group-order", "order of the group", lambda: symmetry.group_order(group))
    log.add(
        "invariance",
        "every function is fixed by every generator",
        # Other laws can have the same moments.
        lambda: replace(symmetry.invariance(finder, functions, orbits), record=inputs),
    )
    log.add("orbits-disjoint", "no two orbits meet", lambda: disjoint(orbits, group.degree))
    log.add(
        "orbit-stabilizer",
        "|orbit| times |stabiliser| is |G|",
        lambda: orbit_stabilizer(group, orbits),
    )
    expected = count_orbits(group, degree, family.max_exponents)
    complete = len(set(vectors)) == len(vectors) == expected and vectors == sorted(vectors)
    log.add(
        "count",
        "number of orbits, by Cauchy–Frobenius",
        lambda: count_claim(len(orbits), expected, family.members == "all"),
        needs=("group-order",),
    )
    described = {
        "kind": KIND,
        "degree": degree,
        "multilinear": family.multilinear or degree < 2,
        "members": "all" if complete else "listed",
    }
    source = MomentGram(
        family,
        family.scale,
        digest(
            [joint_section(law), described, [g.images.tolist() for g in group.generators], vectors]
        ),
        len(orbits),
    )
    tail = correlation_claims(source, tolerance, log, work, needs=ENTRIES_NEED)
    sections = {
        "lemma": {"name": KIND, "statements": STATEMENTS[KIND]},
        "distribution": joint_section(law),
        "group": group_section(group),
        "family": described,
        "orbits": orbit_entries(None, vectors, orbits),
        "functions": own_functions(vectors),
    }
    return tail.evidence(sections)
