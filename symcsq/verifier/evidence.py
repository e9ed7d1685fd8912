"""What verifying a family leaves behind, besides its claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from symcsq.functions.gram import Gram
from symcsq.verifier.bounds import CorrelationSummary


@dataclass(frozen=True)
class Evidence:
    """The certificate's sections without its claims, the Gram matrix, and the size of the class.

    `summary` has the numbers that bounds depend on, for members scaled to unit norms; None for
    an orthonormal class. `blocks` makes the text of a large Gram matrix, piece by piece. `whole` is
    the size of the class to which listed members belong, where the claims hold for all of it.
    """

    sections: Mapping[str, Any]
    gram: Gram
    size: int
    summary: CorrelationSummary | None = None
    blocks: Callable[[], Iterable[str]] | None = None
    whole: int | None = None
