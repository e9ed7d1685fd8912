"""The paper's lemmas as named, parametrised suites of claims."""

from symcsq.lemmas.lemma import Definition, Lemma
from symcsq.lemmas.parameters import Parameter
from symcsq.lemmas.registry import lemma, registry, suite

__all__ = ["Definition", "Lemma", "Parameter", "lemma", "registry", "suite"]
