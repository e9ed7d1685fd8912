"""Exact hard families under symmetry: Gram matrices, learning bounds and certificates to re-check.

Everything is loaded on first use, so that `import symcsq` is quick.

Examples:
    >>> import symcsq as cs
    >>> family = cs.ParityNetworks(16, 4)
    >>> family.size
    1820
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Bernoulli",
    "Certificate",
    "CheckReport",
    "ClaimResult",
    "ConvolutionalNetworks",
    "DegreeParityNetworks",
    "Distribution",
    "Enclosure",
    "ExactReal",
    "Expansion",
    "Family",
    "FiniteFrameAverages",
    "FiniteJoint",
    "FiniteUniform",
    "FiniteWeighted",
    "FrameAveraged",
    "Gaussian",
    "Gram",
    "GraphFeatureNetworks",
    "IndependentInvariants",
    "InvariantPolynomials",
    "MomentInvariantPolynomials",
    "Moments",
    "OneHiddenLayer",
    "ParityNetworks",
    "Product",
    "ProductDistribution",
    "Rademacher",
    "Report",
    "RotationNetworks",
    "SemiInvariantPolynomials",
    "Slice",
    "SparseInvariantPolynomials",
    "Sphere",
    "SymcsqError",
    "Uniform",
    "activation",
    "check",
    "degree_sign_expectations",
    "erdos_renyi",
    "frames",
    "growing_basis",
    "growth",
    "isotropic_vectors",
    "lemma",
    "node_features",
    "separation",
    "separation_growth",
    "suite",
    "verify",
]

_HOMES = {
    "symcsq.distributions": (
        "Bernoulli",
        "Distribution",
        "FiniteJoint",
        "FiniteUniform",
        "FiniteWeighted",
        "Gaussian",
        "Moments",
        "Product",
        "ProductDistribution",
        "Rademacher",
        "Slice",
        "Sphere",
        "Uniform",
        "erdos_renyi",
        "node_features",
    ),
    "symcsq.functions": (
        "Expansion",
        "Gram",
        "OneHiddenLayer",
        "activation",
    ),
    "symcsq.constructions": (
        "ConvolutionalNetworks",
        "DegreeParityNetworks",
        "Family",
        "FiniteFrameAverages",
        "FrameAveraged",
        "GraphFeatureNetworks",
        "IndependentInvariants",
        "InvariantPolynomials",
        "MomentInvariantPolynomials",
        "ParityNetworks",
        "RotationNetworks",
        "SemiInvariantPolynomials",
        "SparseInvariantPolynomials",
        "degree_sign_expectations",
        "frames",
        "growing_basis",
        "isotropic_vectors",
        "separation",
        "separation_growth",
    ),
    "symcsq.exact": (
        "Enclosure",
        "ExactReal",
    ),
    "symcsq.errors": ("SymcsqError",),
    "symcsq.verifier": (
        "Certificate",
        "CheckReport",
        "ClaimResult",
        "Report",
        "check",
        "verify",
    ),
    "symcsq.lemmas": (
        "growth",
        "lemma",
        "suite",
    ),
}
_NAMES = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = (
    "claims",
    "constructions",
    "distributions",
    "errors",
    "exact",
    "functions",
    "laws",
    "lemmas",
    "strategies",
    "verifier",
)

if TYPE_CHECKING:
    from symcsq.constructions import (
        ConvolutionalNetworks,
        DegreeParityNetworks,
        Family,
        FiniteFrameAverages,
        FrameAveraged,
        GraphFeatureNetworks,
        IndependentInvariants,
        InvariantPolynomials,
        MomentInvariantPolynomials,
        ParityNetworks,
        RotationNetworks,
        SemiInvariantPolynomials,
        SparseInvariantPolynomials,
        degree_sign_expectations,
        frames,
        growing_basis,
        isotropic_vectors,
        separation,
        separation_growth,
    )
    from symcsq.distributions import (
        Bernoulli,
        Distribution,
        FiniteJoint,
        FiniteUniform,
        FiniteWeighted,
        Gaussian,
        Moments,
        Product,
        ProductDistribution,
        Rademacher,
        Slice,
        Sphere,
        Uniform,
        erdos_renyi,
        node_features,
    )
    from symcsq.errors import (
        SymcsqError,
    )
    from symcsq.exact import (
        Enclosure,
        ExactReal,
    )
    from symcsq.functions import (
        Expansion,
        Gram,
        OneHiddenLayer,
        activation,
    )
    from symcsq.lemmas import (
        suite,
    )
    from symcsq.verifier import (
        Certificate,
        CheckReport,
        ClaimResult,
        Report,
        check,
    )


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        value = getattr(import_module(_NAMES[name]), name)
    elif name in _MODULES:
        value = import_module(f"symcsq.{name}")
    else:
        raise AttributeError(f"module 'symcsq' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({"__version__", *__all__, *_MODULES})
