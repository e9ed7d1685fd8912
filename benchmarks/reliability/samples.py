"""The certificates of the sample families, each made once in a process."""

from __future__ import annotations

from functools import cache

import symcsq as cs
from tests.verifier.sample_families import FAMILIES


@cache
def certificate(name: str) -> cs.Certificate:
    """The certificate of a sample family."""
    made: cs.Certificate = cs.verify(FAMILIES[name]()).certificate
    return made
