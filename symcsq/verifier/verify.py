"""`verify`: every claim about a family, each checked on its own, and the certificate."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symcsq.errors import VerificationError
from symcsq.exact import read_tolerance
from symcsq.verifier.certificate import FORMAT, Certificate, digest, safe_name, seal
from symcsq.verifier.claims import ClaimLog
from symcsq.verifier.further_claims import Claim, check_claims, require_claims
from symcsq.verifier.report import Report
from symcsq.verifier.store import Store, opened
from symcsq.verifier.structures import STRUCTURES
from symcsq.verifier.user_defined import NEEDS as USER_DEFINED_NEEDS
from symcsq.verifier.work import Work, require_executor

#: Called with (what is being checked, claims done, claims in all).
Progress = Callable[[str, int, int], None]


def verify(
    family: Any,
    *,
    tolerance: object = "1/10",
    claims: Iterable[Claim] | None = None,
    executor: Executor | None = None,
    store: Store | str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check every claim about a family of functions.

    Arguments:
        family: a family of `symcsq.constructions`, or anything that offers the same structure.
        tolerance: tau of the bound (M9), an exact rational with 0 < tau < 1: "1/10", "0.1", a
            Fraction.
        claims: further claims to check, after those of the family's structure: values of
            `symcsq.claims` and your own. They are in the report and count for `holds`; the
            certificate does not have them.
        executor: any `concurrent.futures.Executor` to compute on; None: this process. See
            `symcsq.verifier.executors` for pools of processes and Dask clusters.
        store: a file (or an open Store) that keeps finished work: the same call after an
            interruption resumes there. The certificate is the same with and without.
        progress: called with (step, claims done, claims in all) before each claim, and while a
            long claim is computed.

    Returns:
        A Report: the claims with their statuses and witnesses, the exact Gram matrix, the
        certificate.

    Raises:
        ExactnessError: the tolerance is not strictly between 0 and 1.
        VerificationError: no way to verify this family is known, or
            a further claim is none or raises.
        StoreError: the store cannot be used; the file is left as it was.
        StoppedError: the executor lost its workers; start again with the same store to resume.

    Complexity: the sum of the orbits' sizes times the number of generators; pairs of members for
        parity networks. No orbit beyond two million points is expanded.

    Source: MATH.md sections 3 to 5.

    Examples:
        >>> import symcsq as cs
        >>> from groups import group
        >>> report = cs.verify(cs.InvariantPolynomials(group("C12"), 4))
        >>> report.holds, report.size
        (True, 116)
        >>> print(report.bound("1/10"))  # doctest: +NORMALIZE_WHITESPACE
        116 tau^2 - 1 = 4/25 at tau = 1/10: a deterministic learner needs at least 1 query answered
        within tau*|f| to reach squared loss below 99/100 |f|^2
    """
    tau = read_tolerance(tolerance)
    require_executor(executor)
    if isinstance(family, type):
        raise VerificationError(
            f"family: must be a family, got the class {family.__name__}; make one with parameters"
        )
    further = require_claims(claims)
    for structure in STRUCTURES:
        if structure.fits(family):
            break
    else:
        missing = ", ".join(name for name in USER_DEFINED_NEEDS if not hasattr(family, name))
        raise VerificationError(
            f"family: must be a family, got {type(family).__name__}, which lacks "
            f"{missing or 'what its kind needs'}; see symcsq.Family for what a family of your own "
            "must have"
        )
    if getattr(family, "size", None) == 0 or (not hasattr(family, "size") and not len(family)):
        raise VerificationError(
            "family: must have at least one member, got none; nothing to verify"
        )
    from symcsq import __version__

    started = time.perf_counter()
    log = ClaimLog(progress, structure.claims)
    with opened(store) as results:
        evidence = structure.verify(family, tau, log, Work(executor, results, log.announce_part))
    sections = {
        "format": FORMAT,
        "producer": {"name": "symcsq", "version": __version__},
        **evidence.sections,
        "claims": [claim.entry() for claim in log],
    }
    name = certificate_name(family, sections, tau)
    certificate = Certificate(seal(sections), name, evidence.blocks)
    if progress is not None:
        progress("certificate", structure.claims, structure.claims)
    report = Report(
        family,
        tuple(log),
        evidence.gram,
        evidence.size,
        certificate,
        time.perf_counter() - started,
        evidence.summary,
        evidence.whole,
    )
    if further:
        added = check_claims(report, further, progress)
        seconds = time.perf_counter() - started
        report = replace(report, claims=report.claims + added, seconds=seconds)
    return report


#: What parameters begin with in file names; the values of others stand alone.
_PREFIXES = {
    "n": "n",
    "m": "m",
    "degree": "d",
    "power": "k",
    "count": "N",
    "nodes": "nodes",
    "features": "features",
    "columns": "columns",
}

#: What file names keep: words, and after them one number in parentheses; but no list, no minus.
_IN_FULL = re.compile(r"(?!.*-\d)[A-Za-z0-9.+^ -]*(\d+/\d+|\(\d+(/\d+)?\))?", re.ASCII)
_LONGEST = 100
_CONTENT = ("distribution", "group", "family", "orbits", "functions")
_TOLERANCE = Fraction(1, 10)  # of certificates whose names do not say it


def certificate_name(
    family: Any, sections: Mapping[str, Any], tolerance: Fraction = _TOLERANCE
) -> str:
    """A file name that says what was verified, and at which tolerance when it is not 1/10.

    Where the parameters in the name do not determine the family (a group without a name, a list of
    members, a parameter of which signs are lost in a file name, a name that is cut short), eight
    digits of the content's digest tell certificates apart.

    Examples:
        >>> import symcsq as cs
        >>> certificate_name(cs.ParityNetworks(16, 4), {})
        'parity-networks-n16-m4-relu.json'
        >>> certificate_name(cs.ParityNetworks(16, 4), {}, Fraction(1, 100))
        'parity-networks-n16-m4-relu-tau1-100.json'
    """
    # A family of the user's own may leave out all three.
    parameters = getattr(family, "parameters", {})
    listed = getattr(family, "members", "listed") == "listed"
    parts: list[object] = [getattr(family, "kind", type(family).__name__)]
    for key, value in parameters.items():
        if key in _PREFIXES:
            parts.append(f"{_PREFIXES[key]}{value}")
        elif value is True:
            parts.append(key)
        else:
            parts.append(value)
    if listed:
        parts.append("listed")
    if tolerance != _TOLERANCE:
        parts.append(f"tau{tolerance}")
    name = safe_name(*parts)
    determined = (
        not listed
        and not ("group" in parameters and not family.group.name)
        and all(_IN_FULL.fullmatch(str(part)) for part in parts)
        and len(name) <= _LONGEST
    )
    if determined:
        return name
    content = [sections[key] for key in _CONTENT]
    if tolerance != _TOLERANCE:
        content.append(str(tolerance))  # the name may be cut before it
    tag = digest(content)[:8]
    return safe_name(name.removesuffix(".json")[:_LONGEST], tag)
