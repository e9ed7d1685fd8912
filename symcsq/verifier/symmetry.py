"""Checks of what is invariant (law, functions, signs) and of the group's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symcsq.distributions.base import first_different_moment
from symcsq.errors import VerificationError
from symcsq.verifier.claims import ClaimLog, ClaimResult, exact_text
from symcsq.verifier.group_order import order_from_chain
from symcsq.verifier.orbit_facts import OrbitFacts, OrbitFinder
from symcsq.verifier.orbit_points import Word, first_escape, moved

if TYPE_CHECKING:
    from groups import PermutationGroup
    from symcsq.distributions import JointDistribution, Product
    from symcsq.distributions.base import Distribution

#: Where the odd moments of a law on infinitely many points are looked at, unless it is a sequence.
_ODD_MOMENTS = 64


def distribution_preserved(distribution: Product, group: PermutationGroup) -> ClaimResult:
    """Whether every generator carries each coordinate to one with the same law.

    The witness is the least (generator, point) with a different law at the image, and the least
    moment in which the two laws differ. Finitely many equal moments do not make two laws equal:
    where a bare sequence of moments meets another law that agrees as far as it goes, the claim
    stays undecided, unless both have finite support, which decides.
    """
    statement = f"every generator preserves {distribution}"
    law_of = distribution.marginal_of
    differing: dict[tuple[int, int], int | None] = {}
    undecided: tuple[Distribution, Distribution] | None = None
    for number, generator in enumerate(group.generators):
        for point, image in enumerate(generator.images.tolist()):
            pair = law_of[point], law_of[image]
            if pair[0] == pair[1]:
                continue
            here, there = distribution.marginals[pair[0]], distribution.marginals[pair[1]]
            if pair not in differing:
                differing[pair] = first_different_moment(here, there)
            moment = differing[pair]
            if moment is None:
                if undecided is None and not _equal_when_moments_are(here, there):
                    undecided = here, there
                continue
            values = [exact_text(here.moment(moment)), exact_text(there.moment(moment))]
            return ClaimResult(
                "distribution-preserved",
                statement,
                "refuted",
                f"generator {number}, {generator}, sends point {point} to {image}, where moment "
                f"{moment} is {values[1]} instead of {values[0]}",
                witness={
                    "generator": number,
                    "point": point,
                    "image": image,
                    "moment": moment,
                    "values": values,
                },
            )
    if undecided is not None:
        return ClaimResult(
            "distribution-preserved",
            statement,
            "undecided",
            f"needs moments: {undecided[0]} and {undecided[1]} agree as far as they are known",
            record={"needs": "moments"},
        )
    return ClaimResult("distribution-preserved", statement, "proved")


def joint_preserved(law: JointDistribution, group: PermutationGroup) -> ClaimResult:
    """The claim for laws of dependent coordinates, asked of each generator.

    Raises:
        VerificationError: a generator moves the law.
    """
    for generator in group.generators:
        if not law.preserves(generator):
            raise VerificationError(
                f"distribution: must be preserved by the group, got {law}, which {generator} "
                "moves; leave that generator out"
            )
    return ClaimResult("distribution-preserved", f"every generator preserves {law}", "proved")


def require_preserved(log: ClaimLog, law: Product, group: PermutationGroup) -> None:
    """Add the claim that the law is preserved, for families that cannot be built without it.

    Raises:
        VerificationError: the claim does not hold.
    """
    preserved = log.add(
        "distribution-preserved",
        "every generator preserves the distribution",
        lambda: distribution_preserved(law, group),
    )
    if not preserved.holds:
        raise VerificationError(
            f"distribution: must be preserved by the group, {preserved.value or law}; give equal "
            "laws to the points of each orbit"
        )


def _equal_when_moments_are(first: Distribution, second: Distribution) -> bool:
    """Whether two laws without a known difference are equal."""
    if first.support_size is not None and second.support_size is not None:
        return True
    return "moments" not in (first.kind, second.kind)


def group_order(group: PermutationGroup) -> ClaimResult:
    """Whether the stabiliser chain proves the order that the group reports."""
    statement = "order of the group, from its stabiliser chain"
    proved, reason = order_from_chain(group)
    record = {"value": str(group.order)}
    if proved == group.order:
        return ClaimResult("group-order", statement, "proved", str(proved), record=record)
    found = reason or f"the chain proves the order {proved}"
    return ClaimResult(
        "group-order", statement, "refuted", found, witness={"reason": found}, record=record
    )


def invariance(
    finder: OrbitFinder, functions: Sequence[Mapping[int, Fraction]], orbits: Sequence[OrbitFacts]
) -> ClaimResult:
    """Whether every generator maps every function to itself.

    A function is a combination of orbit sums. Where an orbit is expanded, each generator is applied
    to all of its words and must land inside. Where it is too large, each generator must map the
    representative into the orbit, that is to a word with the same canonical image.
    """
    statement = "every function is fixed by every generator"
    checked: dict[Word, tuple[int, Word] | None] = {}
    for orbit in sorted({orbit for function in functions for orbit in function}):
        facts = orbits[orbit]
        if facts.word not in checked:
            checked[facts.word] = _escape(finder, facts)
        escape = checked[facts.word]
        if escape is not None:
            function = min(k for k, f in enumerate(functions) if orbit in f)
            number, word = escape
            return ClaimResult(
                "invariance",
                statement,
                "refuted",
                f"generator {number} moves a term of function {function} to the points "
                f"{list(word)}, a term that the function does not have",
                witness={"function": function, "generator": number, "points": list(word)},
            )
    count = len(finder.generators)
    return ClaimResult(
        "invariance", statement, "proved", f"{len(functions)} functions, {count} generators"
    )


def _escape(finder: OrbitFinder, facts: OrbitFacts) -> tuple[int, Word] | None:
    """(generator, image) of the first word that a generator takes out of the orbit."""
    if facts.closed:  # all of this was done where the orbit was found
        return None
    if facts.words is not None:
        escape = first_escape(facts.words, finder.generators, finder.degree)
        if escape is None:
            return None
        number, row = escape
        word = moved(facts.words[row : row + 1], finder.generators[number])[0]
        return number, tuple(word.tolist())
    for number, images in enumerate(finder.generators):
        image = tuple(sorted(int(images[point]) for point in facts.word))
        if not finder.same_orbit(facts, image):
            return number, image
    return None


def sign_symmetric(distribution: Product) -> ClaimResult:
    """Whether flipping the sign of any coordinate preserves the distribution.

    A law on s points and its mirror image are equal as soon as their moments below 2s are. The
    infinite kinds say themselves whether they are symmetric; a bare sequence of moments can only
    show that it is not.
    """
    statement = f"{distribution} is unchanged by flipping signs"
    undecided: Distribution | None = None
    for index, marginal in enumerate(distribution.marginals):
        moment = _first_odd_moment(marginal)
        if moment is not None:
            return ClaimResult(
                "sign-symmetric",
                statement,
                "refuted",
                f"{marginal} is not symmetric: moment {moment} is {marginal.moment(moment)}",
                witness={"marginal": index, "moment": moment},
            )
        decided = marginal.support_size is not None or (
            marginal.is_sign_symmetric and marginal.kind != "moments"
        )
        if not decided and undecided is None:
            undecided = marginal
    if undecided is not None:
        return ClaimResult(
            "sign-symmetric",
            statement,
            "undecided",
            f"needs moments: those of {undecided} that are known do not decide",
            record={"needs": "moments"},
        )
    return ClaimResult("sign-symmetric", statement, "proved")


def _first_odd_moment(law: Distribution) -> int | None:
    """The least odd r with a moment that is not 0, as far as it decides or is known."""
    end = _ODD_MOMENTS if law.support_size is None else 2 * law.support_size
    if law.kind == "moments":
        end = len(law.parameters)
    return next((r for r in range(1, end, 2) if law.moment(r)), None)


def sign_equivariance(m: int, units: Iterable[tuple[Sequence[int], int]]) -> ClaimResult:
    """M11: flipping input i negates the network on its own m inputs; no other input enters it.

    A finite identity on the hidden units: flipping column i of the inner signs must permute the
    units and negate their outer weights.

    Arguments:
        m: number of inputs of a network.
        units: (inner signs, outer sign) of each hidden unit.
    """
    statement = "flipping an input inside S negates f_S, outside S leaves it"
    pairs = list(units)
    inner = np.array([row for row, _ in pairs], dtype=np.int64).reshape(len(pairs), m)
    outer = np.array([sign for _, sign in pairs], dtype=np.int64)
    codes = (inner < 0) @ (1 << np.arange(m, dtype=np.int64))
    weight = np.zeros(1 << m, dtype=np.int64)  # total outer weight of the units with each code
    np.add.at(weight, codes, outer)
    signs_only = bool((np.abs(inner) == 1).all())
    every = np.arange(1 << m)
    for i in range(m):
        wrong = np.flatnonzero(weight[every ^ (1 << i)] != -weight)
        if len(wrong) or not signs_only:
            signs = [1 - 2 * (int(code) >> k & 1) for code in wrong[:1] for k in range(m)]
            return ClaimResult(
                "sign-equivariance",
                statement,
                "refuted",
                f"flipping input {i} of the network does not negate the unit with signs {signs}",
                witness={"input": i, "signs": signs},
            )
    return ClaimResult("sign-equivariance", statement, "proved", f"{len(pairs)} units, {m} flips")
