"""The paper's lemmas as named, parametrised suites of claims."""

from symcsq.lemmas.growth import GrowthRow, GrowthTable, growth, growth_names
from symcsq.lemmas.lemma import Definition, Lemma
from symcsq.lemmas.parameters import Parameter
from symcsq.lemmas.registry import lemma, registry, suite

__all__ = [
    "Definition",
    "GrowthRow",
    "GrowthTable",
    "Lemma",
    "Parameter",
    "growth",
    "growth_names",
    "lemma",
    "registry",
    "suite",
]
