"""Rotation networks f_a(x) = Re((a·x)^k), a isotropic, and their activation form (MATH.md 4.4)."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import factorial
from typing import Any, ClassVar

from groups.errors import shown
from symcsq.constructions.family import Reference, natural
from symcsq.constructions.isotropic import GaussianProducts, checked_vectors
from symcsq.constructions.rotation_family import Block, RotationFamily, RotationMember
from symcsq.constructions.rotation_kernel import Complex
from symcsq.distributions import Gaussian
from symcsq.errors import FamilyError
from symcsq.exact import Enclosure, ExactReal
from symcsq.functions.activations import activation as read_activation

__all__ = ["RotationNetwork", "RotationNetworks"]

MOST_POWER = 1000
MOST_POWER_OF_ACTIVATIONS = 64  # an entry takes 4k² kernel values


class RotationNetworks(RotationFamily):
    """The rotation networks of a list of isotropic vectors a = u + iv.

    Without an activation the members are f_a = Re((a·x)^k), the networks with σ(t) = t^k up to the
    scale of M16; with one they are f_W = Σ_j (-1)^j σ(⟨Wx, u_j⟩), W the orthonormal rows u/|u|,
    v/|v|.

    Arguments:
        vectors: a pair (u, v) of integer arrays of shape (N, n), as from `isotropic_vectors`.
        power: k >= 1, half the number of directions u_j = (cos πj/k, sin πj/k).
        activation: None, or any activation; then all vectors must have the same length.

    Raises:
        FamilyError: vectors that are not isotropic, zero, not integers; k < 1 or too
            large; unequal lengths.
        ActivationError: an unknown activation.

    Complexity: N²·n integer operations for all pairs.

    Source: MATH.md 4.4, M16 to M18.

    Examples:
        >>> family = RotationNetworks(([[1, 0], [0, 1]], [[0, 1], [1, 0]]), power=2)
        >>> family.gram_entry(0, 0), family.gram_entry(0, 1), family[0]([3, 1])
        (Fraction(4, 1), Fraction(-4, 1), Fraction(8, 1))
    """

    kind: ClassVar[str] = "rotation-networks"
    reference: ClassVar[Reference] = Reference(
        "rotation networks", ("M7", "M8", "M9", "M16", "M17", "M18")
    )
    group: Any

    def __init__(self, vectors: Any, power: int | None = None, activation: Any = None) -> None:
        from groups import PermutationGroup

        if power is None:
            raise FamilyError(
                "power: must be given, half the number of hidden units; write power=4"
            )
        power = natural(power, "power", 1)
        phi = None if activation is None else read_activation(activation)
        most = MOST_POWER if phi is None else MOST_POWER_OF_ACTIVATIONS
        if power > most:
            raise FamilyError(
                f"power: must be at most {most}{'' if phi is None else ' with an activation'}, "
                f"got {shown(power)}; write power=4"
            )
        u, v = checked_vectors(vectors)
        lengths = (u * u).sum(axis=1)
        if phi is not None and len(set(lengths.tolist())) > 1:
            raise FamilyError(
                "vectors: must all have the same length when an activation is given, got squared "
                f"lengths {int(lengths.min())} and {int(lengths.max())}; use vectors of one kind"
            )
        u.setflags(write=False)
        v.setflags(write=False)
        self._set(
            u=u,
            v=v,
            power=power,
            activation=phi,
            group=PermutationGroup([], degree=u.shape[1]),
            distribution=Gaussian().on(u.shape[1]),
        )

    @property
    def n(self) -> int:
        """The dimension of the inputs."""
        return int(self.u.shape[1])

    def _member(self, index: int) -> RotationNetwork:
        return RotationNetwork(self, index)

    @property
    def parameters(self) -> dict[str, Any]:
        """n, count, power and the activation."""
        return {
            "n": self.n,
            "count": self.size,
            "power": self.power,
            "activation": self._activation_name,
        }

    @property
    def factor(self) -> Fraction:
        """k!/2, the factor of the integer Gram matrix (M17)."""
        return Fraction(factorial(self.power), 2)

    def _integers(self, rows: Any, columns: Any) -> Any:
        """Re[(a·b̄)^k + (a·b)^k] (M17)."""
        r, c = rows, columns
        return GaussianProducts(self.u[r], self.v[r], self.u[c], self.v[c]).power_sum(self.power)

    def products(self, i: int, j: int) -> tuple[Complex, Complex]:
        """(a·b̄, a·b) as (real, imaginary) pairs of integers."""
        return _products(self.u[i], self.v[i], self.u[j], self.v[j])

    def contraction(self, i: int, j: int) -> ExactReal:
        """‖WVᵀ‖ = (|a·b̄| + |a·b|)/(2|u||u'|) for the orthonormal rows W, V of two members.

        M18: |⟨f_i, f_j⟩| <= contraction^k·‖f_i‖·‖f_j‖ for powers and for any activation.

        Examples:
            >>> family = RotationNetworks(([[1, 0], [1, 0]], [[0, 1], [0, 1]]), power=3)
            >>> family.contraction(0, 1)
            ExactReal(1)
        """
        z, w = self.products(self._index(i), self._index(j))
        lengths = int((self.u[i] * self.u[i]).sum()) * int((self.u[j] * self.u[j]).sum())
        first, second = (Fraction(x * x + y * y) / (4 * lengths) for x, y in (z, w))
        return ExactReal.root(first) + ExactReal.root(second)

    def gram_entry(self, i: int, j: int) -> Fraction | Enclosure:
        """⟨f_i, f_j⟩: a Fraction when it is rational, otherwise a canonical enclosure (M18)."""
        key = self.products(self._index(i), self._index(j))
        if key not in self._entries:
            self._entries[key] = self.kernel.entry(*key)
        return self._entries[key]

    @cached_property
    def _entries(self) -> dict[Any, Fraction | Enclosure]:
        return {}


class RotationNetwork(RotationMember):
    """One rotation network.

    Attributes:
        family, index: where it comes from.
        u, v: the integer vectors with a = u + iv.
    """

    __slots__ = ("u", "v")

    def __init__(self, family: RotationNetworks, index: int) -> None:
        super().__init__(family, index)
        self.u = tuple(family.u[index].tolist())
        self.v = tuple(family.v[index].tolist())

    def blocks(self) -> tuple[Block, ...]:
        """The one pair (u, v)."""
        return ((self.u, self.v),)

    def __repr__(self) -> str:
        return f"RotationNetwork(u={self.u}, v={self.v}, power={self.family.power})"


def _products(u: Any, v: Any, s: Any, t: Any) -> tuple[Complex, Complex]:
    us, vt, ut, vs = (int((a * b).sum()) for a, b in ((u, s), (v, t), (u, t), (v, s)))
    return (us + vt, vs - ut), (us - vt, ut + vs)
