"""What every family shares: Gram matrices, blocks, enclosures, indexing, frozen values."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import pytest

import symcsq as cs
from symcsq import laws
from symcsq.constructions import (
    ConvolutionalNetworks,
    DegreeParityNetworks,
    Family,
    FiniteFrameAverages,
    FrameAveraged,
    GraphFeatureNetworks,
    IndependentInvariants,
    InvariantPolynomials,
    ParityNetworks,
    RotationNetworks,
    SemiInvariantPolynomials,
    SparseInvariantPolynomials,
    frames,
    isotropic_vectors,
)
from symcsq.distributions import Gaussian
from symcsq.errors import FamilyError
from symcsq.exact import ExactReal
from symcsq.functions import Expansion, Polynomial

VECTORS = isotropic_vectors(4, 3)


def families() -> list[Any]:
    from groups import group

    C3 = group("C3")
    return [
        InvariantPolynomials("C4", 3),
        InvariantPolynomials("C4", 2, representatives=[[1, 1, 0, 0], [0, 1, 1, 0]]),
        SemiInvariantPolynomials("C4", 2, [-1]),
        SparseInvariantPolynomials("C4", 3, 2, 4),
        IndependentInvariants([Expansion(C3, Gaussian(), {(0, 0, 1): 1})] * 3, 2),
        ParityNetworks(4, 2),
        ParityNetworks(4, 3),
        FrameAveraged(ParityNetworks(4, 2), frames.reynolds("C4")),
        FiniteFrameAverages(ParityNetworks(3, 1), frames.absolute_sorting(3), "finite(-2,-1,1,2)"),
        RotationNetworks(VECTORS, 2),
        RotationNetworks(VECTORS, 2, [0, 0, 1]),
        ConvolutionalNetworks("C4", 2, VECTORS, 2),
        GraphFeatureNetworks([[0, 1], [1, 0]], VECTORS, 2),
        RotationNetworks(VECTORS, 2, "relu"),
        DegreeParityNetworks(4),
        InvariantPolynomials("C4", 2, cs.Sphere()),
        InvariantPolynomials("C4", 2, cs.Slice(2)),
        IndependentInvariants([Expansion(C3, cs.Rademacher(), {(0, 0, 1): 1})] * 3, 2),
    ]


@pytest.mark.parametrize("family", families(), ids=lambda f: f.kind)
def test_gram_matrices_agree_with_entries(family: Any) -> None:
    gram = family.gram()
    count = len(family)
    assert gram.size == count == len(list(family))
    for i in range(count):
        for j in range(count):
            assert gram[i, j] == family.gram_entry(i, j) == gram[j, i]
        norm = gram[i, i]
        assert norm == family.norm_squared(i)
    block = family.gram([0], columns=[0, count - 1])
    assert block.shape == (1, 2) and block[0, 1] == gram[0, count - 1]
    assert family.gram([count - 1]).size == 1


@pytest.mark.parametrize("law", laws.FAMILY_LAWS, ids=str)
@pytest.mark.parametrize("family", families(), ids=lambda f: f.kind)
def test_every_law_holds(family: Any, law: laws.Law) -> None:
    law.check(family)


@pytest.mark.parametrize("family", families(), ids=lambda f: f.kind)
def test_protocol_texts_and_members(family: Any) -> None:
    assert isinstance(family, Family)
    assert type(family).__name__ in repr(family) and family.kind in type(family).kind
    assert family.reference.statements and family.reference.topic in str(family.reference)
    assert isinstance(family.parameters, dict) and family.members in ("all", "listed")
    assert family.group.degree == family.distribution.dimension
    with pytest.raises(IndexError):
        family[len(family)]
    with pytest.raises(FamilyError, match="index: must be an integer"):
        family["0"]
    with pytest.raises(AttributeError, match="immutable"):
        family.group = None


@pytest.mark.parametrize("family", families(), ids=lambda f: f.kind)
def test_polynomial_members_are_written_out_as_sympy_polynomials(family: Any) -> None:
    import sympy

    member = family[0]
    phi = getattr(family, "activation", None)
    if not hasattr(member, "polynomial") or not (phi is None or isinstance(phi, Polynomial)):
        return
    x = [Fraction(k * k - 3, k + 1) for k in range(family.distribution.dimension)]
    at = tuple(sympy.Rational(v.numerator, v.denominator) for v in x)
    value = member.polynomial().eval(at)
    assert value == ExactReal.of(member(x)).to_sympy()


@pytest.mark.parametrize("family", families(), ids=lambda f: f.kind)
def test_families_travel_to_worker_processes(family: Any) -> None:
    again = pickle.loads(pickle.dumps(family))
    assert again.parameters == family.parameters and again.group == family.group
    assert again.norm_squared(0) == family.norm_squared(0)


def test_eighty_thousand_pairs_in_one_matrix() -> None:
    family = RotationNetworks(isotropic_vectors(64, 400), 8)
    gram = family.gram()
    assert gram.size == 400 and gram[7, 9] == family.gram_exact(7, 9)


def test_public_names_load_lazily() -> None:
    assert cs.ParityNetworks is ParityNetworks and "ParityNetworks" in dir(cs)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = cs.nothing
    for name in cs.__all__:
        assert getattr(cs, name) is not None
