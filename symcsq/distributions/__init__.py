"""Exact L² spaces: probability laws with rational moments and their orthogonal polynomials."""

from symcsq.distributions.base import Distribution, first_different_moment
from symcsq.distributions.finite import FiniteUniform, FiniteWeighted
from symcsq.distributions.joint import JointDistribution, monomial_terms
from symcsq.distributions.moments import Moments
from symcsq.distributions.parse import parse
from symcsq.distributions.product import Product, ProductDistribution, as_product
from symcsq.distributions.univariate import Bernoulli, Gaussian, Rademacher, Uniform

__all__ = [
    "Bernoulli",
    "Distribution",
    "FiniteUniform",
    "FiniteWeighted",
    "Gaussian",
    "JointDistribution",
    "Moments",
    "Product",
    "ProductDistribution",
    "Rademacher",
    "Uniform",
    "as_product",
    "first_different_moment",
    "monomial_terms",
    "parse",
]
