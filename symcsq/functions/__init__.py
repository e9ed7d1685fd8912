"""Elements of exact L² spaces: orbit-compressed expansions, activations and networks."""

from symcsq.functions.activations import (
    AbsoluteValue,
    Activation,
    ErrorFunction,
    Polynomial,
    ReLU,
    Sign,
    activation,
)
from symcsq.functions.cyclotomic_networks import RotationLayer
from symcsq.functions.expansions import Expansion
from symcsq.functions.gram import Gram
from symcsq.functions.hermite_series import HermiteSeries
from symcsq.functions.moment_matrices import orbit_moment_matrix
from symcsq.functions.networks import OneHiddenLayer, Unit
from symcsq.functions.polynomials import flint_polynomial, sympy_polynomial
from symcsq.functions.power_networks import power_network
from symcsq.functions.products import multiply
from symcsq.functions.projections import expand, isotypic_part, reynolds, semi_invariant

__all__ = [
    "AbsoluteValue",
    "Activation",
    "ErrorFunction",
    "Expansion",
    "Gram",
    "HermiteSeries",
    "OneHiddenLayer",
    "Polynomial",
    "ReLU",
    "RotationLayer",
    "Sign",
    "Unit",
    "activation",
    "expand",
    "flint_polynomial",
    "isotypic_part",
    "multiply",
    "orbit_moment_matrix",
    "power_network",
    "reynolds",
    "semi_invariant",
    "sympy_polynomial",
]
