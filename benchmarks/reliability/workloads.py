"""Families whose verification is cut into many items of work: what is killed and resumed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import symcsq as cs
from groups import group


def rotations(members: int, inputs: int, power: int) -> Any:
    """Rotation networks of seeded isotropic vectors: work in tiles of the Gram matrix."""
    return cs.RotationNetworks(cs.isotropic_vectors(inputs, members, seed=0), power=power)


WORKLOADS: dict[str, Callable[[], Any]] = {
    "orbits": lambda: cs.InvariantPolynomials(group("S8 on pairs"), 6),
    "tiles": lambda: rotations(1_500, 64, 8),
    "small": lambda: rotations(520, 8, 4),
}
