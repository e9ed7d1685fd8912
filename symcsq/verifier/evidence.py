"""What verifying a family leaves behind, besides its claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symcsq.functions.gram import Gram


@dataclass(frozen=True)
class Evidence:
    """The certificate's sections without its claims, the Gram matrix, and the size of the class."""

    sections: Mapping[str, Any]
    gram: Gram
    size: int
