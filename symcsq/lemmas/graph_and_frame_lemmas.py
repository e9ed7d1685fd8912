"""Lemmas on parities of degree counts, on other frames, and on Growing-Basis, with their suite."""

from __future__ import annotations

from collections.abc import Mapping
from math import factorial
from typing import Any

from symcsq.constructions import (
    DegreeParityNetworks,
    ExactOracle,
    FiniteFrameAverages,
    FrameAveraged,
    ParityNetworks,
    Reference,
    SparseInvariantPolynomials,
    frames,
    growing_basis,
    query_limit,
)
from symcsq.constructions.family import as_group
from symcsq.errors import LemmaError
from symcsq.lemmas.lemma import Definition
from symcsq.lemmas.parameters import Parameter, as_given, choice, integer, integer_lists
from symcsq.verifier.claims import ClaimResult
from symcsq.verifier.report import Report

__all__ = ["DEFINITIONS", "FRAMES", "SUITE", "adjusted_for_frame", "averages_over_frame"]

_PAPER = "Kiani, Le, Lawrence, Jegelka, Weber, ICLR 2024"

#: The frames of the lemma `frame-averaged`.
FRAMES = ("reynolds", "sorting", "absolute-sorting", "minimal-image")

_LAW = "finite(-2,-1,1,2)"
_RECOVERED = 20  # members that Growing-Basis looks for
_TOLERANCE = Parameter("tolerance", "1/10", "accuracy of the answers a learner gets", as_given)


def adjusted_for_frame(given: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults of `frame-averaged` for frames that depend on the point.

    They need a law with finite support. Sorting averages over all permutations of twelve inputs;
    other frames are looked at point by point, with fewer inputs.

    Examples:
        >>> adjusted_for_frame({"frame": "sorting"})["group"], adjusted_for_frame({})
        ('S12', {})
    """
    if given.get("frame", "reynolds") == "reynolds":
        return {}
    return {"group": "S12", "m": 2, "distribution": _LAW, **_fewer_inputs(given)}


def _fewer_inputs(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"group": "C5"} if given.get("frame") in ("minimal-image", "reynolds") else {}


def averages_over_frame(values: Mapping[str, Any]) -> Any:
    """The family of the lemmas `frame-averaged` and `finite-frame-averages`."""
    name = values["frame"]
    group = as_group(values["group"])
    if "sorting" in name:
        if group.order != factorial(group.degree):
            raise LemmaError(
                f"group: sorting averages over all permutations, got {group.name or group!r}; "
                f"write group=S{group.degree}"
            )
        make = frames.sorting if name == "sorting" else frames.absolute_sorting
        frame: Any = make(group.degree)
    else:
        frame = (frames.minimal_image if name == "minimal-image" else frames.reynolds)(group)
    base = ParityNetworks(group.degree, values["m"], values["activation"])
    return FrameAveraged(base, frame, distribution=values["distribution"])


def _degree_parities(values: Mapping[str, Any]) -> DegreeParityNetworks:
    return DegreeParityNetworks(values["n"], values["p"], subsets=values["subsets"])


def _sparse(values: Mapping[str, Any]) -> SparseInvariantPolynomials:
    family = SparseInvariantPolynomials(
        values["group"],
        values["degree"],
        values["terms"],
        values["size"],
        values["distribution"],
        seed=values["seed"],
        normalised=False,  # rational coefficients: every answer is exact
    )
    ExactOracle(family[0].expansion)  # refuses laws without the polynomials that queries need
    return family


def _spread_out(size: int) -> list[int]:
    """All members, or twenty from the first to the last."""
    if size <= _RECOVERED:
        return list(range(size))
    return [k * (size - 1) // (_RECOVERED - 1) for k in range(_RECOVERED)]


def _recovery(report: Report) -> tuple[ClaimResult, ...]:
    """Growing-Basis with exact answers for some members, next to the bound for correlations."""
    statement = "Growing-Basis finds members from statistical queries"
    count = "statistical queries of Growing-Basis, and correlational ones that are needed"
    family = report.family
    asked = []
    limit = 0
    for index in _spread_out(len(family)):
        target = family[index].expansion
        found = growing_basis(target)
        asked.append(found.queries)
        limit = max(limit, query_limit(target))
        if found.function != target:
            failed = ClaimResult(
                "recovered",
                statement,
                "refuted",
                f"member {index} is not what was found",
                witness={"member": index},
            )
            needs = {"needs": "recovered"}
            return failed, ClaimResult(
                "queries", count, "undecided", "needs recovered", None, 0, needs
            )
    record = {"most": str(max(asked)), "limit": str(limit)}
    text = f"at most {max(asked)} a member, no more than {limit}"
    bound = report["csq-bound"]
    if bound.holds:
        record["correlational"] = str(bound.record["queries"])
        text += f"; {record['correlational']} correlational ones at least"
    return (
        ClaimResult(
            "recovered",
            statement,
            "proved",
            f"{len(asked)} of {len(family)} members, each exactly",
            record={"members": str(len(asked))},
        ),
        ClaimResult("queries", count, "proved", text, record=record),
    )


DEFINITIONS = (
    Definition(
        "degree-parity-networks",
        Reference(
            f"{_PAPER}: graph networks, hardness in the number of nodes",
            DegreeParityNetworks.reference.statements,
        ),
        "parities of degree counts of a random graph are nearly orthogonal",
        (
            Parameter("n", 9, "number of vertices", integer(2, 20)),
            Parameter("p", "1/2", "probability of an edge", as_given),
            Parameter(
                "subsets", None, "sets of degrees instead of all classes: 2;1,2,3", integer_lists
            ),
            _TOLERANCE,
        ),
        _degree_parities,
    ),
    Definition(
        "finite-frame-averages",
        Reference(f"{_PAPER}: frame-averaged networks", FiniteFrameAverages.reference.statements),
        "averages of parity networks over a frame correlate only where points of the law tie",
        (
            Parameter("frame", "absolute-sorting", ", ".join(FRAMES), choice(*FRAMES)),
            Parameter("group", "S12", "an expression or the path of a group file", as_given),
            Parameter("m", 2, "inputs of each network", integer(1, 16)),
            Parameter(
                "activation", "relu", "relu, abs, sign, or coefficients such as 0,1", as_given
            ),
            Parameter("distribution", _LAW, "a law with finite support", as_given),
            _TOLERANCE,
        ),
        averages_over_frame,
        _fewer_inputs,
    ),
    Definition(
        "growing-basis",
        Reference(
            "Andoni, Panigrahy, Valiant, Zhang, SODA 2014: sparse polynomials",
            SparseInvariantPolynomials.reference.statements,
        ),
        "sparse invariant polynomials are found by statistical queries that are no correlations",
        (
            Parameter("group", "C14", "an expression or the path of a group file", as_given),
            Parameter("degree", 5, "degree of the polynomials", integer(1, 20)),
            Parameter("terms", 2, "orbit sums in each function", integer(1, 100)),
            Parameter("size", 290, "number of functions", integer(1, 10_000)),
            Parameter("distribution", "gaussian", "gaussian or uniform", as_given),
            Parameter("seed", 0, "chooses the functions", integer(0, 2**63 - 1)),
            _TOLERANCE,
        ),
        _sparse,
        further=_recovery,
    ),
)

#: (name, parameters) of the lemmas that `symcsq verify` checks when it is given none.
SUITE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("degree-parity-networks", {}),
    ("degree-parity-networks", {"n": 6}),
    ("degree-parity-networks", {"n": 8}),
    ("degree-parity-networks", {"n": 6, "p": "1/3"}),
    ("degree-parity-networks", {"n": 8, "p": "1/3"}),
    # The example of MATH.md 4.3: ties make members of one orbit correlate.
    ("finite-frame-averages", {"group": "S3", "m": 1, "activation": "0,1"}),
    ("finite-frame-averages", {"m": 1}),
    ("finite-frame-averages", {}),
    ("finite-frame-averages", {"frame": "sorting", "m": 1}),
    ("finite-frame-averages", {"frame": "minimal-image"}),
    ("growing-basis", {}),
)
