"""Exact L² spaces: probability laws with rational moments and their orthogonal polynomials."""

from symcsq.distributions.base import Distribution, first_different_moment
from symcsq.distributions.finite import FiniteUniform, FiniteWeighted
from symcsq.distributions.finite_joint import FiniteJoint
from symcsq.distributions.joint import JointDistribution, monomial_terms
from symcsq.distributions.moments import Moments
from symcsq.distributions.parse import parse
from symcsq.distributions.product import Product, ProductDistribution, as_product
from symcsq.distributions.structured import erdos_renyi, node_features
from symcsq.distributions.symmetric import Slice, Sphere
from symcsq.distributions.univariate import Bernoulli, Gaussian, Rademacher, Uniform

__all__ = [
    "Bernoulli",
    "Distribution",
    "FiniteJoint",
    "FiniteUniform",
    "FiniteWeighted",
    "Gaussian",
    "JointDistribution",
    "Moments",
    "Product",
    "ProductDistribution",
    "Rademacher",
    "Slice",
    "Sphere",
    "Uniform",
    "as_product",
    "erdos_renyi",
    "first_different_moment",
    "monomial_terms",
    "node_features",
    "parse",
]
