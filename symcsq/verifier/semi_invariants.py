"""Verification of semi-invariant polynomials: signed orbit sums of a character with values 1, -1.

Signs are found twice: edge by edge along each expanded orbit, and from the orders of the
stabilisers in the group and in the kernel of the character, which are equal exactly when the
character is 1 on the stabiliser (M3).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from symcsq.errors import VerificationError
from symcsq.functions.gram import Gram
from symcsq.verifier import correlations, symmetry
from symcsq.verifier.claims import ClaimLog, ClaimResult
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.kinds import STATEMENTS
from symcsq.verifier.orbit_facts import OrbitFacts, OrbitFinder
from symcsq.verifier.orbit_points import Words, moved, vector_of, word_keys, word_of
from symcsq.verifier.orbit_sums import (
    BOUND_NEEDS,
    count_claim,
    count_orbits,
    disjoint,
    exponent_caps,
    orbit_entries,
    orbit_stabilizer,
    own_functions,
    require_moments,
    size_claim,
)
from symcsq.verifier.sections import distribution_section, group_section

if TYPE_CHECKING:
    from symcsq.verifier.work import Work

CLAIMS = 12
KIND = "semi-invariant-polynomials"


def verify_semi_invariants(family: Any, tolerance: Fraction, log: ClaimLog, work: Work) -> Evidence:
    """Every claim about the signed orbit sums of one degree."""
    group, law, degree = family.group, family.distribution, family.total_degree
    values = family.character
    require_moments(law, degree, False)
    symmetry.require_preserved(log, law, group)
    log.announce("orbits")
    finder = OrbitFinder(group, "exponents")
    orbits = finder.find_all(map(word_of, (member.exponents for member in family)), work)
    vectors = [vector_of(facts.word, group.degree) for facts in orbits]
    log.add("group-order", "order of the group", lambda: symmetry.group_order(group))
    kernel = family.kernel
    log.add(
        "character",
        "the values belong to a character",
        lambda: character_claim(group, kernel, values),
        needs=("group-order",),
    )
    log.add(
        "equivariance",
        "every generator multiplies every function by its value",
        lambda: equivariance_claim(
            finder, OrbitFinder(kernel, "exponents", 0), orbits, values, work
        ),
        needs=("character",),
    )
    log.add("orbits-disjoint", "no two orbits meet", lambda: disjoint(orbits, group.degree))
    log.add(
        "orbit-stabilizer",
        "|orbit| times |stabiliser| is |G|",
        lambda: orbit_stabilizer(group, orbits),
    )
    caps = exponent_caps(law, False, uniform=False)
    expected = count_orbits(group, degree, caps)
    if -1 in values:
        # Functions fixed by the kernel are sums of an invariant and a semi-invariant.
        expected = count_orbits(kernel, degree, caps) - expected
    log.add(
        "count",
        "number of orbits that carry a semi-invariant, by Cauchy–Frobenius",
        lambda: count_claim(len(orbits), expected, True),
        needs=("group-order", "character"),
    )
    norms, disagreement = correlations.orbit_norms(law, orbits)
    if disagreement:
        raise VerificationError(
            f"norms: {disagreement}; this is a fault of the distribution's norms"
        )
    entries_need = ("group-order", "equivariance", "orbit-stabilizer")
    gram = Gram(len(orbits), {(k, k): norm for k, norm in enumerate(norms)})
    log.add("gram", "exact Gram matrix", lambda: correlations.gram_claim(gram), needs=entries_need)
    log.add(
        "norm",
        "no member is the zero function",
        lambda: correlations.norm_claim(gram),
        needs=entries_need,
    )
    log.add(
        "orthogonality",
        "different members are orthogonal",
        lambda: correlations.orthogonality_claim(gram),
        needs=(*entries_need, "orbits-disjoint", "norm"),
    )
    log.add("size", "size of the class", lambda: size_claim(len(orbits), log, "orbits-disjoint"))
    log.add(
        "csq-bound",
        "queries that a CSQ learner needs",
        lambda: correlations.csq_bound_claim(len(orbits), tolerance),
        needs=("character", "equivariance", *BOUND_NEEDS),
    )
    sections = {
        "lemma": {"name": KIND, "statements": STATEMENTS[KIND]},
        "distribution": distribution_section(law, max((max(v) for v in vectors), default=0)),
        "group": group_section(group),
        "family": {
            "kind": KIND,
            "degree": degree,
            "character": list(values),
            "members": "all",
        },
        "orbits": orbit_entries(law, vectors, orbits),
        "functions": own_functions(vectors),
    }
    return Evidence(sections, gram, len(orbits))


def character_claim(group: Any, kernel: Any, values: Sequence[int]) -> ClaimResult:
    """The values extend to the group when the subgroup that would be the kernel has index 2."""
    statement = "the values belong to a character"
    if group.order != kernel.order * (2 if -1 in values else 1):
        raise VerificationError(
            f"character: {list(values)} belong to no character of the group; check them on a "
            "relation between the generators"
        )
    value = f"its kernel has order {kernel.order}"
    record = {"kernel_order": str(kernel.order)}
    return ClaimResult("character", statement, "proved", value, record=record)


def equivariance_claim(
    finder: OrbitFinder,
    below: OrbitFinder,
    orbits: Sequence[OrbitFacts],
    values: Sequence[int],
    work: Work | None = None,
) -> ClaimResult:
    """``g·m = χ(g) m`` for every generator and member.

    Arguments:
        finder: for the group.
        below: for the kernel of the character.
    """
    fixing = below.stabilizers([facts.word for facts in orbits], work)
    for k, facts in enumerate(orbits):
        # An element of value -1 that fixes the vector would lie outside of the kernel.
        consistent = fixing[k] == facts.stabilizer_order
        if facts.words is not None:
            signs = orbit_signs(facts.words, finder.generators, values, finder.degree)
            if (signs is not None) != consistent:
                raise VerificationError(
                    f"character: signs and stabilisers of orbit {k} disagree; this is a fault of "
                    "the group"
                )
        if not consistent:
            raise VerificationError(
                f"character: orbit {k} carries no semi-invariant; this is a fault of the family"
            )
    statement = "every generator multiplies every function by its value"
    count = len(finder.generators)
    value = f"{len(orbits)} functions, {count} generators"
    return ClaimResult("equivariance", statement, "proved", value)


def orbit_signs(
    words: Words, generators: Sequence[Any], values: Sequence[int], degree: int
) -> Any | None:
    """The sign of each word of an orbit, the first one's being 1; None when two paths disagree.

    Arguments:
        words: a whole orbit.
        generators: image arrays.
        values: 1 or -1 for each generator.
        degree: number of points.

    Complexity: (size of the orbit) x (number of generators), times a logarithm.

    Examples:
        >>> swap = np.array([1, 0])
        >>> orbit_signs(np.array([[0], [1]]), [swap], [-1], 2).tolist()
        [1, -1]
        >>> orbit_signs(np.array([[0, 1]]), [swap], [-1], 2) is None
        True
    """
    keys = word_keys(words, degree)
    order = np.argsort(keys, kind="stable")
    images = [
        order[np.searchsorted(keys[order], word_keys(moved(words, g), degree))] for g in generators
    ]
    signs = np.zeros(len(words), dtype=np.int64)
    signs[0] = 1
    frontier = np.array([0])
    while len(frontier):
        reached = []
        for image, value in zip(images, values, strict=True):
            targets = image[frontier]
            new = signs[targets] == 0
            # A generator is injective, so no target is met twice here.
            signs[targets[new]] = signs[frontier[new]] * value
            reached.append(targets[new])
        frontier = np.concatenate(reached) if reached else frontier[:0]
    for image, value in zip(images, values, strict=True):
        if not np.array_equal(signs[image], signs * value):
            return None
    return signs
