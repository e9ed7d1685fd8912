"""Verification of parity networks under a sign-symmetric law (MATH.md 4.2, M11 to M13)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import Any

from symcsq.errors import VerificationError
from symcsq.exact import CANONICAL_DIGITS
from symcsq.functions.gram import Gram
from symcsq.verifier import correlations, kinds, symmetry
from symcsq.verifier.claims import ClaimLog, ClaimResult, Status, exact_text
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.orbit_sums import BOUND_NEEDS, size_claim
from symcsq.verifier.parity_norms import ParityNorm, Value, canonical, ends, shown
from symcsq.verifier.sections import distribution_section, group_section, subset_name
from symcsq.verifier.work import Work

STATEMENTS = kinds.STATEMENTS["parity-networks"]
CLAIMS = 9

_LARGEST_LIST = 100_000
_LARGEST_WIDTH = 16  # 2**m hidden units are listed up to this m


def verify_parities(family: Any, tolerance: Fraction, log: ClaimLog, work: Work) -> Evidence:
    """Every claim about a family of parity networks."""
    if family.size > _LARGEST_LIST:
        raise VerificationError(
            f"family: at most {_LARGEST_LIST} members are listed, got {family.size}; "
            "choose some with subsets=[...]"
        )
    n, m = family.n, family.m
    subsets = [tuple(subset) for subset in family.subsets()]
    law = family.distribution
    norm = ParityNorm.of(m, family.activation)

    log.add(
        "sign-symmetric", "flipping signs preserves the law", lambda: symmetry.sign_symmetric(law)
    )
    equivariance(family, log)
    twin = correlations.first_not_separated(correlations.subset_masks(subsets, n), work)
    log.add("subsets-distinct", "no subset is listed twice", lambda: distinct_claim(twin))
    log.add("size", "size of the class", lambda: size_claim(len(subsets), log, "subsets-distinct"))
    log.add("kernel", "kernel of the activation", norm.kernel_claim)
    log.add(
        "norm",
        "no member is the zero function",
        lambda: norm_claim(norm),
        needs=("sign-equivariance", "kernel"),
    )
    log.add(
        "gram",
        "exact Gram matrix",
        lambda: gram_claim(canonical(norm.norm), len(subsets)),
        needs=("sign-symmetric", "sign-equivariance", "subsets-distinct", "kernel"),
    )
    orthogonality(log, twin)
    bound(log, len(subsets), tolerance)

    everything = len(subsets) == comb(n, m) and subsets == list(combinations(range(n), m))
    sections = {
        "lemma": {"name": family.kind, "statements": STATEMENTS},
        "distribution": distribution_section(law, 1),
        "group": group_section(family.group),
        "family": family_section(family, "all" if everything else "listed"),
        "orbits": [],
        "functions": [
            {"name": subset_name("f", subset), "subset": list(subset)} for subset in subsets
        ],
    }
    # No numbers that rest on a claim that failed; a norm of 0 leaves no entry either.
    entries: dict[tuple[int, int], Value] = {}
    if log["norm"].holds:
        diagonal = canonical(norm.norm)
        entries = {(i, i): diagonal for i in range(len(subsets))}
    if twin is not None and entries:
        places: dict[tuple[int, ...], list[int]] = {}
        for k, subset in enumerate(subsets):
            places.setdefault(subset, []).append(k)
        for same in places.values():
            entries.update(dict.fromkeys(combinations(same, 2), diagonal))
    return Evidence(sections, Gram(len(subsets), entries), len(subsets), whole=comb(n, m))


def family_section(family: Any, members: str) -> dict[str, Any]:
    """n, m and the activation, as certificates describe them."""
    return {
        "kind": "parity-networks",
        "n": family.n,
        "m": family.m,
        "activation": activation_section(family.activation),
        "members": members,
    }


def activation_section(activation: Any) -> dict[str, Any]:
    """An activation as certificates describe it: a name, a polynomial, or a Hermite series.

    Examples:
        >>> from symcsq.functions import HermiteSeries, ReLU
        >>> activation_section(ReLU()), activation_section(HermiteSeries([0, 1, "1/2"]))
        ({'name': 'relu'}, {'weights': [['0', '0'], ['1', '1'], ['1/2', '1/2']], 'tail': '0', \
'parity': 'any'})
    """
    specification = activation.specification
    if "polynomial" in specification:
        return {"polynomial": [exact_text(Fraction(c)) for c in specification["polynomial"]]}
    if "hermite_weights" in specification:
        tail = Fraction(specification["tail"])
        # Without a tail, its parity says nothing.
        parity = specification["parity"] if tail else None
        return {
            "weights": specification["hermite_weights"],
            "tail": exact_text(tail),
            "parity": parity or "any",
        }
    return {"name": specification["name"]}


def equivariance(family: Any, log: ClaimLog) -> None:
    """M11 on the hidden units of the first member; the others only rename the inputs.

    Of wide networks no units are listed: there is one for each w in {±1}**m, of outer weight
    ``w_1 … w_m``, so that negating an input exchanges units of opposite weights, whatever m is.
    """
    statement = "flipping an input in S negates f_S, outside S leaves it"

    def check() -> ClaimResult:
        if family.m <= _LARGEST_WIDTH:
            return symmetry.sign_equivariance(family.m, family[0].units())
        reason = f"2^{family.m} units, one for each sign vector (M11)"
        return ClaimResult("sign-equivariance", statement, "proved", reason)

    log.add("sign-equivariance", statement, check)


def distinct_claim(twin: tuple[int, int] | None) -> ClaimResult:
    """Whether every two subsets are told apart by the flip of one input."""
    statement = "no subset is listed twice"
    if twin is None:
        return ClaimResult("subsets-distinct", statement, "proved")
    return ClaimResult(
        "subsets-distinct",
        statement,
        "refuted",
        f"members {twin[0]} and {twin[1]} have the same subset",
        witness={"pair": list(twin)},
    )


def norm_claim(norm: ParityNorm, meaning: str = "") -> ClaimResult:
    """M12: the squared norm that all members share, which must not vanish.

    Arguments:
        norm: of f_S.
        meaning: how a member's squared norm follows from it, if it is not the same.
    """
    statement = "no member is the zero function"
    value = norm.scaled(1)
    lower, upper = ends(value)
    record = {"lower": lower, "upper": upper, "digits": CANONICAL_DIGITS}
    if norm.is_zero:
        return ClaimResult(
            "norm",
            statement,
            "refuted",
            "every member has squared norm exactly 0",
            witness={"member": 0, "norm_squared": "0"},
            record=record,
        )
    undecided = not_known_positive(norm)
    if undecided:
        record["needs"] = "kernel"
        return ClaimResult("norm", statement, "undecided", undecided, record=record)
    status: Status = "proved" if isinstance(value, Fraction) else "enclosed"
    text = f"{meaning or 'squared norm'} {shown(value)}"
    return ClaimResult("norm", statement, status, text, record=record)


def not_known_positive(norm: ParityNorm) -> str:
    """ "" when the squared norm, which is not exactly 0, is positive; else why that is not known.

    Raises:
        VerificationError: the second route disagrees, or the squared norm is negative.
    """
    wrong, sign = norm.disagreement(), norm.norm.sign()
    if wrong or sign == -1:
        raise VerificationError(
            f"norm: {wrong or 'the squared norm is negative'}; "
            "the activation's kernel is not a kernel"
        )
    if sign is not None:
        return ""
    return f"needs kernel: what is known of it leaves the squared norm {shown(norm.scaled(1))}"


def gram_claim(diagonal: Value, size: int) -> ClaimResult:
    """A constant diagonal and nothing else."""
    lower, upper = ends(diagonal)
    status: Status = "proved" if isinstance(diagonal, Fraction) else "enclosed"
    return ClaimResult(
        "gram",
        "exact Gram matrix",
        status,
        f"{size} x {size}, {shown(diagonal)} on the diagonal, 0 elsewhere",
        record={"diagonal": [lower, upper], "rest": "0", "digits": CANONICAL_DIGITS},
    )


def orthogonality(log: ClaimLog, twin: tuple[int, int] | None) -> None:
    """Orthogonality by separating sign flips; two copies of one member correlate fully."""
    largest = Fraction(0) if twin is None else Fraction(1)
    log.add(
        "orthogonality",
        "different members are orthogonal",
        lambda: correlations.orthogonality_result(largest, twin),
        # Subsets or orbits that repeat refute it.
        needs=(
            "sign-symmetric",
            "distribution-preserved",
            "group-order",
            "sign-equivariance",
            "orbit-stabilizer",
            "kernel",
            "norm",
        ),
    )


def bound(log: ClaimLog, size: int, tolerance: Fraction) -> None:
    """M9 for the orthogonal class."""
    log.add(
        "csq-bound",
        "queries that a CSQ learner needs",
        lambda: correlations.csq_bound_claim(size, tolerance),
        needs=BOUND_NEEDS,
    )


__all__: Sequence[str] = ["verify_parities"]
