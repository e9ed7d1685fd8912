"""Lemmas on polynomials beyond single orbit sums of one degree, and their rows of the suite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcsq.constructions import (
    IndependentInvariants,
    InvariantPolynomials,
    MomentInvariantPolynomials,
    Reference,
    SemiInvariantPolynomials,
    SparseInvariantPolynomials,
)
from symcsq.constructions.family import as_group
from symcsq.distributions import Slice, Sphere, as_product
from symcsq.errors import LemmaError
from symcsq.lemmas.lemma import Definition
from symcsq.lemmas.parameters import Parameter, as_given, integer, truth

__all__ = ["DEFINITIONS", "SUITE"]

_PAPER = "Kiani, Le, Lawrence, Jegelka, Weber, ICLR 2024"
_TOLERANCE = Parameter("tolerance", "1/10", "accuracy of the answers a learner gets", as_given)
_LAW = Parameter("distribution", "gaussian", "gaussian, rademacher, bernoulli(1/3), …", as_given)


def _group(default: str) -> Parameter:
    return Parameter("group", default, "an expression or the path of a group file", as_given)


def _degree(default: int, most: int = 255) -> Parameter:
    return Parameter("degree", default, "degree of the polynomials", integer(0, most))


def values_on_generators(name: str, value: Any) -> Any:
    """A reader of characters: "sign", or 1 and -1 for each generator, as in "1,-1".

    Examples:
        >>> values_on_generators("character", "1,-1"), values_on_generators("character", "Sign")
        ([1, -1], 'sign')
    """
    if not isinstance(value, str):
        return value
    words = [word.strip() for word in value.split(",")]
    if [word.lower() for word in words] == ["sign"]:
        return "sign"
    if any(word not in ("1", "-1") for word in words):
        raise LemmaError(
            f'{name}: must be "sign" or 1 and -1 for each generator, got {value[:60]!r}; write for '
            f"example {name}=1,-1"
        )
    return [int(word) for word in words]


def _overlap(name: str, value: Any) -> int | None:
    return None if value is None else integer(0)(name, value)


def _sparse(values: Mapping[str, Any]) -> SparseInvariantPolynomials:
    return SparseInvariantPolynomials(
        values["group"],
        values["degree"],
        values["terms"],
        values["size"],
        values["distribution"],
        seed=values["seed"],
        overlap=values["overlap"],
        normalised=values["normalised"],
    )


def _independent(values: Mapping[str, Any]) -> IndependentInvariants:
    group = as_group(values["group"])
    law = as_product(values["distribution"], group.degree)  # blocks of a joint law are no factors
    block = InvariantPolynomials(group, values["degree"], law)[0]
    return IndependentInvariants([block] * values["blocks"], values["k"])


def _semi(values: Mapping[str, Any]) -> SemiInvariantPolynomials:
    return SemiInvariantPolynomials(
        values["group"], values["degree"], values["character"], values["distribution"]
    )


def _sphere(values: Mapping[str, Any]) -> MomentInvariantPolynomials:
    return MomentInvariantPolynomials(
        values["group"], values["degree"], Sphere(), multilinear=values["multilinear"]
    )


def _slice(values: Mapping[str, Any]) -> MomentInvariantPolynomials:
    return MomentInvariantPolynomials(
        values["group"], values["degree"], Slice(values["ones"]), multilinear=True
    )


DEFINITIONS = (
    Definition(
        "sparse-invariant-polynomials",
        Reference(
            f"{_PAPER}: invariant polynomials; Andoni, Panigrahy, Valiant, Zhang, SODA 2014",
            SparseInvariantPolynomials.reference.statements,
        ),
        "signed sums of k orbit sums, any two with few in common, are nearly orthogonal",
        (
            _group("C16"),
            _degree(4),
            Parameter("terms", 4, "orbits of each function", integer(1)),
            Parameter("size", 500, "number of functions", integer(1)),
            _LAW,
            Parameter("seed", 0, "chooses orbits and signs", integer(0, 2**63 - 1)),
            Parameter("overlap", None, "most orbits in common; by default the least", _overlap),
            Parameter("normalised", True, "orbit sums scaled to norm 1", truth),
            _TOLERANCE,
        ),
        _sparse,
    ),
    Definition(
        "independent-invariants",
        Reference(f"{_PAPER}: invariant polynomials", IndependentInvariants.reference.statements),
        "products of k out of r invariants of disjoint blocks are orthogonal, binom(r, k) of them",
        (
            _group("C3"),
            _degree(2),
            Parameter("blocks", 12, "number of blocks, each with the group", integer(1, 1000)),
            Parameter("k", 3, "blocks of each product", integer(1)),
            _LAW,
            _TOLERANCE,
        ),
        _independent,
    ),
    Definition(
        "semi-invariant-polynomials",
        Reference(
            f"{_PAPER}: invariant polynomials, twisted by a character",
            SemiInvariantPolynomials.reference.statements,
        ),
        "the signed orbit sums of one degree and character are orthogonal",
        (
            _group("C16"),
            _degree(4),
            Parameter(
                "character", "sign", "sign, or 1,-1,… on the generators", values_on_generators
            ),
            _LAW,
            _TOLERANCE,
        ),
        _semi,
    ),
    Definition(
        "sphere-invariant-polynomials",
        Reference(
            f"{_PAPER}: invariant polynomials, on the sphere",
            MomentInvariantPolynomials.reference.statements,
        ),
        "monomial orbit sums on the unit sphere: multilinear ones are orthogonal, others nearly so",
        (
            _group("C16"),
            _degree(4, 127),
            Parameter("multilinear", True, "exponents 0 and 1 only", truth),
            _TOLERANCE,
        ),
        _sphere,
    ),
    Definition(
        "slice-invariant-polynomials",
        Reference(
            f"{_PAPER}: invariant polynomials, on a slice of the cube",
            MomentInvariantPolynomials.reference.statements,
        ),
        "multilinear orbit sums on the 0/1 vectors with k ones: exact correlations",
        (
            _group("C16"),
            _degree(4, 127),
            Parameter("ones", 8, "number of ones", integer(0)),
            _TOLERANCE,
        ),
        _slice,
    ),
)

#: Rows of the default suite: (name, parameters).
SUITE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("sparse-invariant-polynomials", {"group": "C12", "size": 120}),
    ("sparse-invariant-polynomials", {"group": "S4 wr S3", "terms": 3, "size": 8, "overlap": 1}),
    ("independent-invariants", {"blocks": 7}),
    ("independent-invariants", {"group": "S4", "degree": 3, "blocks": 4, "k": 2}),
    ("semi-invariant-polynomials", {"group": "C12"}),
    ("semi-invariant-polynomials", {"group": "S4", "degree": 10}),
    ("sphere-invariant-polynomials", {"group": "C12"}),
    ("sphere-invariant-polynomials", {"group": "D10", "degree": 3, "multilinear": False}),
    ("slice-invariant-polynomials", {"group": "C12", "ones": 6}),
)
