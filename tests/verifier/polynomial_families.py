"""Small families of polynomials that are not single orbit sums of one degree, for the tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import symcsq as cs
from groups import PermutationGroup
from symcsq.functions import Expansion

S3 = PermutationGroup([[1, 0, 2], [1, 2, 0]], degree=3)
C4 = PermutationGroup([[1, 2, 3, 0]], degree=4)
SWAP = PermutationGroup([[1, 0]], degree=2)

# Three functions over three orbits, each pair of which correlates.
MIXED = (
    {(0, 0, 2): 1, (0, 1, 1): "1/2", (0, 0, 1): -1},
    {(0, 0, 2): "-2/3", (0, 1, 1): 1, (0, 0, 1): "1/5"},
    {(0, 1, 1): 3, (0, 0, 1): 1, (0, 0, 0): 7},
)
ZERO_AMONG_OTHERS = ({(0, 0, 1): 1, (0, 0, 0): 2}, {}, {(0, 0, 1): 1})
EQUAL_UP_TO_SCALE = ({(0, 0, 1): 2, (0, 1, 1): -2}, {(0, 0, 2): 1}, {(0, 0, 1): -3, (0, 1, 1): 3})


class Member:
    """A function that is given by its expansion."""

    def __init__(self, expansion: Expansion) -> None:
        self.expansion = expansion


class Expanded:
    """A family as a user may write it: members are expansions over one group and law."""

    def __init__(self, functions: Sequence[dict[Any, Any]], law: Any = None) -> None:
        self.group = S3
        self.distribution = (law or cs.Gaussian()).on(3)
        self.functions = functions

    def __len__(self) -> int:
        return len(self.functions)

    size = property(__len__)

    def __getitem__(self, index: int) -> Member:
        return Member(Expansion(self.group, self.distribution, self.functions[index]))


def sparse(**options: Any) -> Any:
    """Five sums of two out of ten orbits, some of them with one in common."""
    return cs.SparseInvariantPolynomials(C4, 4, 2, 5, overlap=1, **options)


def independent(k: int) -> Any:
    one = Expansion(SWAP, cs.Gaussian(), {(0, 1): 1, (0, 2): "1/2", (0, 0): 7})
    other = Expansion(S3, cs.Uniform(), {(0, 0, 1): -1, (0, 1, 1): "2/3"})
    return cs.IndependentInvariants([one, other, one], k)


def joint_law() -> Any:
    """Two orbits of S_3 with different weights, one of them on the diagonal."""
    points = [[a, b, c] for a in (0, 1, "-3/2") for b in (0, 1, "-3/2") for c in (0, 1, "-3/2")]
    law = [point for point in points if len({*map(str, point)}) != 2]
    return cs.FiniteJoint(law, ["1/12"] + ["1/8"] * 3 + ["1/12"] + ["1/8"] * 2 + ["1/8", "1/12"])


SAMPLES: dict[str, Callable[[], Any]] = {
    "expansions": lambda: Expanded(MIXED),
    "expansions, finite law": lambda: Expanded(MIXED, cs.FiniteUniform([-2, 0, "1/2"])),
    "expansions, refuted: a zero function": lambda: Expanded(ZERO_AMONG_OTHERS),
    "expansions, refuted: equal up to scale": lambda: Expanded(EQUAL_UP_TO_SCALE),
    "sparse": sparse,
    "sparse, with norms": lambda: sparse(normalised=False),
    "independent": lambda: independent(2),
    "semi-invariants": lambda: cs.SemiInvariantPolynomials(C4, 4, [-1]),
    "semi-invariants, several levels": lambda: cs.SemiInvariantPolynomials(S3, 6, "sign"),
    "semi-invariants, trivial character": lambda: cs.SemiInvariantPolynomials(S3, 3, [1, 1]),
    "joint law": lambda: cs.InvariantPolynomials(S3, 3, joint_law()),
    "joint law, refuted: members coincide": lambda: cs.InvariantPolynomials(
        SWAP, 2, cs.FiniteJoint([[1, 2], [2, 1], [0, 0]], ["1/4", "1/4", "1/2"])
    ),
    "sphere": lambda: cs.InvariantPolynomials(C4, 3, "sphere"),
    "sphere, listed": lambda: cs.InvariantPolynomials(
        C4, 4, "sphere", representatives=[[1, 1, 1, 1], [2, 0, 2, 0], [3, 1, 0, 0]]
    ),
    "slice": lambda: cs.InvariantPolynomials(C4, 2, cs.Slice(2), multilinear=True),
    "slice, refuted: a member vanishes": lambda: cs.InvariantPolynomials(
        C4, 2, cs.Slice(1), multilinear=True
    ),
    "slice, refuted: members coincide": lambda: cs.InvariantPolynomials(C4, 3, cs.Slice(2)),
}
