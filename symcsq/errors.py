"""Every error symcsq raises on bad input: one tree under `SymcsqError`, itself a `ValueError`.

Each message names, in one line, the argument, the rule, the offending value and what to write
instead.
"""

from __future__ import annotations

__all__ = [
    "ActivationError",
    "CertificateError",
    "DistributionError",
    "ExactnessError",
    "ExpansionError",
    "FamilyError",
    "FrameError",
    "LemmaError",
    "PrecisionError",
    "StoppedError",
    "StoreError",
    "SymcsqError",
    "VerificationError",
]


class SymcsqError(ValueError):
    """Root of the tree: something the caller can put right."""


class ExactnessError(SymcsqError):
    """A value is not an exact rational, or an enclosure cannot be narrowed as far as asked."""


class PrecisionError(ExactnessError):
    """The last working precision does not decide what was asked about a number."""


class DistributionError(SymcsqError):
    """A distribution does not exist, or does not have the moment or polynomial asked for."""


class ActivationError(SymcsqError):
    """An activation is unknown, or has no exact kernel."""


class ExpansionError(SymcsqError):
    """Two functions do not live in the same space, or a polynomial is not invariant."""


class FamilyError(SymcsqError):
    """The parameters of a hard family are outside its definition."""


class FrameError(SymcsqError):
    """A frame does not fit the family or the domain it is used on."""


class VerificationError(SymcsqError):
    """A verification was asked for something it cannot answer."""


class StoppedError(SymcsqError):
    """A computation ended early; what it finished is in its store, if it has one."""


class StoreError(SymcsqError):
    """A store of finished work cannot be used."""


class CertificateError(SymcsqError):
    """A certificate cannot be written or read."""


class LemmaError(SymcsqError):
    """A lemma is unknown, or its parameters are outside the statement."""
