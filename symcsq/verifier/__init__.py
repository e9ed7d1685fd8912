"""Verification: claims, exact Gram matrices, bounds, certificates, and the independent checker."""

from symcsq.verifier.bounds import CorrelationSummary, QueryBound, query_bound
from symcsq.verifier.certificate import Certificate
from symcsq.verifier.checker import CheckReport, check
from symcsq.verifier.claims import ClaimResult
from symcsq.verifier.coefficient_rows import CoefficientRows
from symcsq.verifier.reductions import GramReductions, reduce_gram
from symcsq.verifier.report import Report
from symcsq.verifier.verify import verify

__all__ = [
    "Certificate",
    "CheckReport",
    "ClaimResult",
    "CoefficientRows",
    "CorrelationSummary",
    "GramReductions",
    "QueryBound",
    "Report",
    "check",
    "query_bound",
    "reduce_gram",
    "verify",
]
