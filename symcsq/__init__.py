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

_HOMES = {
    "symcsq.distributions": (
        "Bernoulli",
        "Distribution",
        "FiniteUniform",
        "FiniteWeighted",
        "Gaussian",
        "Moments",
        "Product",
        "ProductDistribution",
        "Rademacher",
        "Uniform",
    ),
    "symcsq.functions": ("Expansion", "OneHiddenLayer", "activation"),
    "symcsq.constructions": (
        "Family",
        "FrameAveraged",
        "InvariantPolynomials",
        "ParityNetworks",
        "frames",
    ),
    "symcsq.exact": ("Enclosure", "ExactReal"),
    "symcsq.errors": ("SymcsqError",),
    "symcsq.verifier": ("Certificate", "Gram", "Report", "check", "verify"),
    "symcsq.lemmas": ("lemma", "suite"),
}
_NAMES = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = ("constructions", "distributions", "errors", "exact", "functions", "lemmas", "verifier")

__all__ = ["__version__", *sorted(_NAMES)]

if TYPE_CHECKING:
    from symcsq.constructions import (
        Family as Family,
    )
    from symcsq.constructions import (
        FrameAveraged as FrameAveraged,
    )
    from symcsq.constructions import (
        InvariantPolynomials as InvariantPolynomials,
    )
    from symcsq.constructions import (
        ParityNetworks as ParityNetworks,
    )
    from symcsq.constructions import (
        frames as frames,
    )
    from symcsq.distributions import (
        Bernoulli as Bernoulli,
    )
    from symcsq.distributions import (
        Distribution as Distribution,
    )
    from symcsq.distributions import (
        FiniteUniform as FiniteUniform,
    )
    from symcsq.distributions import (
        FiniteWeighted as FiniteWeighted,
    )
    from symcsq.distributions import (
        Gaussian as Gaussian,
    )
    from symcsq.distributions import (
        Moments as Moments,
    )
    from symcsq.distributions import (
        Product as Product,
    )
    from symcsq.distributions import (
        ProductDistribution as ProductDistribution,
    )
    from symcsq.distributions import (
        Rademacher as Rademacher,
    )
    from symcsq.distributions import (
        Uniform as Uniform,
    )
    from symcsq.errors import SymcsqError as SymcsqError
    from symcsq.exact import Enclosure as Enclosure
    from symcsq.exact import ExactReal as ExactReal
    from symcsq.functions import (
        Expansion as Expansion,
    )
    from symcsq.functions import (
        OneHiddenLayer as OneHiddenLayer,
    )
    from symcsq.functions import (
        activation as activation,
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
    return sorted({*__all__, *_MODULES})
