"""The producer's list of kinds beside the checker's, which is written on its own."""

from __future__ import annotations

from symcsq.verifier import checker, kinds


def test_producer_and_checker_name_the_same_statements_and_claims() -> None:
    statements = {
        kind: [f"M{number}" for number in numbers.split()]
        for kind, (numbers, _) in checker.FAMILIES.items()
    }
    assert kinds.STATEMENTS == statements
    claims = " ".join(names for _, names in checker.FAMILIES.values())
    assert frozenset(claims.split()) == kinds.CLAIM_TYPES
