"""The producer's list of kinds beside the checker's, which is written on its own."""

from __future__ import annotations

from symcsq.verifier import checker, kinds


def test_producer_and_checker_name_the_same_statements_and_claims() -> None:
    assert kinds.STATEMENTS == checker.STATEMENTS
    assert frozenset(" ".join(checker.CLAIMS.values()).split()) == kinds.CLAIM_TYPES
