"""Verification of parity networks averaged over a group (MATH.md 4.3: M6 to M9, M11, M12, M14)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from symcsq.exact import CANONICAL_DIGITS
from symcsq.functions.gram import Gram
from symcsq.verifier import kinds, orbit_sums, parities, symmetry
from symcsq.verifier.claims import ClaimLog, ClaimResult, Status
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.orbit_facts import OrbitFinder
from symcsq.verifier.parity_norms import ParityNorm, Value, ends, shown
from symcsq.verifier.sections import distribution_section, group_section, subset_name
from symcsq.verifier.work import Work

STATEMENTS = kinds.STATEMENTS["frame-averaged"]
CLAIMS = 14


def verify_averages(family: Any, tolerance: Fraction, log: ClaimLog, work: Work) -> Evidence:
    """Every claim about sums of parity networks over the orbits of a group on subsets."""
    group, law, base = family.group, family.distribution, family.base
    m = base.m
    finder = OrbitFinder(group, "subsets")
    log.announce("orbits")
    orbits = finder.find_all(map(tuple, family.representatives.tolist()), work)
    subsets = [facts.word for facts in orbits]
    functions: list[dict[int, Fraction]] = [{k: Fraction(1)} for k in range(len(orbits))]
    norm = ParityNorm.of(m, base.activation)

    log.add(
        "sign-symmetric", "flipping signs preserves the law", lambda: symmetry.sign_symmetric(law)
    )
    log.add(
        "distribution-preserved",
        "every generator preserves the distribution",
        lambda: symmetry.distribution_preserved(law, group),
    )
    log.add("group-order", "order of the group", lambda: symmetry.group_order(group))
    parities.equivariance(base, log)
    log.add(
        "invariance",
        "every function is fixed by every generator",
        lambda: symmetry.invariance(finder, functions, orbits),
        needs=("distribution-preserved",),
    )
    log.add("orbits-disjoint", "no two orbits meet", lambda: orbit_sums.disjoint(orbits, base.n))
    log.add(
        "orbit-stabilizer",
        "|orbit| times |stabiliser| is |G|",
        lambda: orbit_sums.orbit_stabilizer(group, orbits),
    )
    expected = int(group.count_orbits_on_subsets(m))
    complete = len(set(subsets)) == len(subsets) == expected and subsets == sorted(subsets)
    log.add(
        "count",
        "number of orbits, by Cauchy–Frobenius",
        lambda: orbit_sums.count_claim(len(orbits), expected, family.members == "all"),
        needs=("group-order",),
    )
    log.add("kernel", "kernel of the activation", norm.kernel_claim)

    @cache
    def values() -> list[Value]:
        by_size = {size: norm.scaled(size) for size in {facts.size for facts in orbits}}
        return [by_size[facts.size] for facts in orbits]

    # The sizes of orbits enter the norms.
    on_members = ("group-order", "sign-equivariance", "orbit-stabilizer", "kernel")
    log.add(
        "norm",
        "no member is the zero function",
        lambda: norm_claim(norm, values()),
        needs=on_members,
    )
    log.add(
        "gram",
        "exact Gram matrix",
        lambda: gram_claim(values()),
        needs=("sign-symmetric", "distribution-preserved", "orbits-disjoint", *on_members),
    )
    # Disjoint orbits of subsets make every pair of networks of two members separable by a flip
    # (M14).
    twin = None
    if not log["orbits-disjoint"].holds:
        twin = tuple(log["orbits-disjoint"].witness["pair"])  # type: ignore[index]
    parities.orthogonality(log, twin)
    log.add(
        "size",
        "size of the class",
        lambda: orbit_sums.size_claim(len(orbits), log, "orbits-disjoint"),
    )
    parities.bound(log, len(orbits), tolerance)

    sections = {
        "lemma": {"name": family.kind, "statements": STATEMENTS},
        "distribution": distribution_section(law, 1),
        "group": group_section(group),
        "family": {
            "kind": family.kind,
            "frame": family.frame.name,
            "base": parities.family_section(base, "all" if complete else "listed"),
        },
        "orbits": [
            {
                "representative": list(subset),
                "size": str(facts.size),
                "stabilizer_order": str(facts.stabilizer_order),
                **facts.tree_fields(),
            }
            for subset, facts in zip(subsets, orbits, strict=True)
        ],
        "functions": [
            {"name": subset_name("F", subset), "denominator": "1", "coefficients": [[k, "1"]]}
            for k, subset in enumerate(subsets)
        ],
    }
    entries: dict[tuple[int, int], Value] = {}
    if log["norm"].holds:
        entries = {(k, k): value for k, value in enumerate(values())}
        first: dict[tuple[int, ...], list[int]] = {}
        for k, subset in enumerate(subsets):
            for earlier in first.setdefault(subset, []):
                entries[earlier, k] = values()[k]
            first[subset].append(k)
    return Evidence(sections, Gram(len(orbits), entries), len(orbits), whole=expected)


def norm_claim(norm: ParityNorm, values: Sequence[Value]) -> ClaimResult:
    """``|G.S| |f_S|**2`` for each member, none of which may vanish (M14)."""
    statement = "no member is the zero function"
    record: dict[str, Any] = {
        "values": [ends(value) for value in values],
        "digits": CANONICAL_DIGITS,
    }
    if norm.is_zero:
        return ClaimResult(
            "norm",
            statement,
            "refuted",
            "every member has squared norm exactly 0",
            witness={"member": 0, "norm_squared": "0"},
            record=record,
        )
    undecided = parities.not_known_positive(norm)
    if undecided:
        record["needs"] = "kernel"
        return ClaimResult("norm", statement, "undecided", undecided, record=record)
    status: Status = "proved" if all(isinstance(v, Fraction) for v in values) else "enclosed"
    return ClaimResult(
        "norm",
        statement,
        status,
        f"squared norm {shown(norm.scaled(1))} times the size of the orbit",
        record=record,
    )


def gram_claim(values: Sequence[Value]) -> ClaimResult:
    """A diagonal of norms, exact or enclosed, and nothing else."""
    status: Status = "proved" if all(isinstance(v, Fraction) for v in values) else "enclosed"
    return ClaimResult(
        "gram",
        "exact Gram matrix",
        status,
        f"{len(values)} x {len(values)}, norms on the diagonal, 0 elsewhere",
        record={"rest": "0"},
    )
