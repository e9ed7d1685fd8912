"""The hard families of MATH.md section 4, each behind the one Family protocol."""

from symcsq.constructions import frames
from symcsq.constructions.convolutional_networks import (
    ConvolutionalNetwork,
    ConvolutionalNetworks,
)
from symcsq.constructions.degree_parity_networks import DegreeParity, DegreeParityNetworks
from symcsq.constructions.degree_statistics import degree_sign_expectations
from symcsq.constructions.family import Family, FamilyBase, Member, Reference
from symcsq.constructions.finite_frame_averages import FiniteFrameAverage, FiniteFrameAverages
from symcsq.constructions.frame_averaged import FrameAverage, FrameAveraged
from symcsq.constructions.graph_feature_networks import (
    GraphFeatureNetwork,
    GraphFeatureNetworks,
)
from symcsq.constructions.independent_invariants import IndependentInvariants, InvariantProduct
from symcsq.constructions.invariant_polynomials import InvariantPolynomial, InvariantPolynomials
from symcsq.constructions.isotropic import isotropic_vectors
from symcsq.constructions.moment_invariant_polynomials import (
    MomentInvariantPolynomial,
    MomentInvariantPolynomials,
)
from symcsq.constructions.parity_networks import ParityNetwork, ParityNetworks
from symcsq.constructions.rotation_networks import RotationNetwork, RotationNetworks
from symcsq.constructions.semi_invariant_polynomials import (
    SemiInvariantPolynomial,
    SemiInvariantPolynomials,
    kernel_of_character,
)
from symcsq.constructions.sparse_invariant_polynomials import (
    SparseInvariantPolynomial,
    SparseInvariantPolynomials,
)
from symcsq.constructions.sparse_recovery import (
    ExactOracle,
    GrowingBasis,
    growing_basis,
    query_limit,
    separation,
    separation_growth,
)

__all__ = [
    "ConvolutionalNetwork",
    "ConvolutionalNetworks",
    "GraphFeatureNetwork",
    "GraphFeatureNetworks",
    "DegreeParity",
    "DegreeParityNetworks",
    "ExactOracle",
    "Family",
    "FamilyBase",
    "FiniteFrameAverage",
    "FiniteFrameAverages",
    "FrameAverage",
    "FrameAveraged",
    "GrowingBasis",
    "IndependentInvariants",
    "InvariantProduct",
    "InvariantPolynomial",
    "InvariantPolynomials",
    "Member",
    "MomentInvariantPolynomial",
    "MomentInvariantPolynomials",
    "ParityNetwork",
    "ParityNetworks",
    "Reference",
    "RotationNetwork",
    "RotationNetworks",
    "degree_sign_expectations",
    "SemiInvariantPolynomial",
    "SemiInvariantPolynomials",
    "SparseInvariantPolynomial",
    "SparseInvariantPolynomials",
    "frames",
    "growing_basis",
    "isotropic_vectors",
    "kernel_of_character",
    "query_limit",
    "separation",
    "separation_growth",
]
