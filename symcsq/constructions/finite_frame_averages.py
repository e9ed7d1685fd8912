"""Parity networks averaged over any frame, on finite sign-symmetric laws: M15 with its ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement, product
from math import factorial, isqrt
from typing import Any, ClassVar

from symcsq.constructions.family import Exact, FamilyBase, Reference
from symcsq.constructions.frames import Frame, Mixture, Sorting, Transversal
from symcsq.constructions.parity_networks import ParityNetwork, ParityNetworks
from symcsq.distributions import Product, as_product
from symcsq.errors import FamilyError, FrameError
from symcsq.exact import ExactReal
from symcsq.functions.networks import OneHiddenLayer, point
from symcsq.functions.orbit_elements import orbit_elements

__all__ = ["FiniteFrameAverage", "FiniteFrameAverages", "FramedNetwork"]

_LARGEST_DOMAIN = 1 << 20

_NOT_RATIONAL = (
    "activation: products of values of {} are not rational; use relu, abs, sign or a polynomial"
)

_ROOTS = ("relu", "abs", "sign")

Weighted = tuple[tuple[Fraction, ...], Fraction]
Coordinates = dict[tuple[int, tuple[int, ...]], Fraction]


class FiniteFrameAverages(FamilyBase):
    """The frame averages (f_S)_F of parity networks under a law with finite support.

    Where all |F(x)| = 1, a sign-invariant frame keeps the members orthogonal (M15); ties make
    members of one G-orbit correlate, and the Gram matrix says by how much.

    Arguments:
        family: a `ParityNetworks` family; its subsets are the members.
        frame: a frame of a group on the n inputs.
        distribution: a law with finite support on the line or on R^n, preserved by the group.

    Raises:
        FamilyError: not a parity family, or more than 2^20 points to sum over.
        FrameError: a frame on another number of inputs.
        DistributionError: a law of another dimension or with infinite support.

    Complexity: one spread for each orbit of points of the support, or of |x|, and each subset.

    Source: MATH.md 4.3, M15.

    Examples:
        >>> from symcsq.constructions import frames
        >>> base = ParityNetworks(3, 1, [0, 1])
        >>> family = FiniteFrameAverages(base, frames.absolute_sorting(3), "finite(-2,-1,1,2)")
        >>> [str(family.gram_entry(0, j)) for j in range(3)]
        ['37/12', '19/12', '5/6']
    """

    kind: ClassVar[str] = "finite-frame-averages"
    reference: ClassVar[Reference] = Reference(
        "frame-averaged networks", ("M7", "M8", "M9", "M11", "M15")
    )
    group: Any
    distribution: Product
    networks: ParityNetworks
    frame: Frame

    def __init__(self, family: ParityNetworks, frame: Frame, distribution: Any) -> None:
        if not isinstance(family, ParityNetworks):
            raise FamilyError(
                f"family: must be a ParityNetworks family, got {type(family).__name__}; "
                "write ParityNetworks(n, m)"
            )
        if not isinstance(frame, Frame):
            raise FrameError(f"frame: must be a frame, got {frame!r}; write frames.sorting(n)")
        if frame.group.degree != family.n:
            raise FrameError(
                f"frame: its group must act on the {family.n} inputs, "
                f"got degree {frame.group.degree}; use a group of degree {family.n}"
            )
        if distribution is None:
            raise FamilyError(
                f"distribution: averages over {frame} need a law with finite support, got none; "
                'write distribution="finite(-2,-1,1,2)"'
            )
        law = as_product(distribution, family.n)
        if law.support_size is None:
            raise FamilyError(
                f"distribution: averages over {frame} need a finite support, got {law}; "
                'write "finite(-2,-1,1,2)"'
            )
        for index, generator in enumerate(frame.group.generators):
            if not law.preserves(generator):
                raise FamilyError(
                    f"distribution: the frame's group must preserve it, generator {index} moves "
                    f"{law}; use equal marginals"
                )
        specification = family.activation.specification
        if "polynomial" not in specification and specification.get("name") not in _ROOTS:
            raise FamilyError(_NOT_RATIONAL.format(family.activation))
        for part, _ in frame.parts if isinstance(frame, Mixture) else ((frame, 1),):
            if isinstance(part, Transversal):
                for subset in family.subsets():
                    part.require_fixed(subset)
        self._set(networks=family, frame=frame, group=frame.group, distribution=law, _rows={})

    _rows: dict[int, Coordinates]

    @property
    def members(self) -> str:
        """ "all" subsets, or those "listed"."""
        return self.networks.members

    @property
    def size(self) -> int:
        """The number of subsets."""
        return self.networks.size

    @property
    def _count(self) -> int:
        return self.networks.size

    def _member(self, index: int) -> FiniteFrameAverage:
        return FiniteFrameAverage(self, self.networks.subset(index))

    @property
    def parameters(self) -> dict[str, Any]:
        """frame, distribution, n, m and the activation; and the group, if it has no name."""
        law = self.distribution
        short = str(law.marginals[0]) if len(law.marginals) == 1 else str(law)
        described = {"frame": str(self.frame), "distribution": short, **self.networks.parameters}
        # A group without a name is not told by that of the frame.
        return described if self.group.name else {"group": f"degree {law.dimension}", **described}

    @property
    def sign_invariant(self) -> bool:
        """Whether M15 applies: a sign-invariant frame and a sign-symmetric law."""
        return self.frame.is_sign_invariant and self.distribution.is_sign_symmetric

    @cached_property
    def points(self) -> list[Weighted]:
        """The points and weights that inner products are summed over.

        All integrands are invariant under the group, and under signs where M15 applies: so there is
        one point for each orbit, of |x| where signs do not matter; for the sorting frames it is
        made from the multiset of its values.
        """
        law = self.distribution
        supports: list[list[tuple[Fraction, Fraction]]] = []
        for index in law.marginal_of:
            masses: dict[Fraction, Fraction] = {}
            for x, w in law.marginals[index].points or ():
                key = abs(x) if self.sign_invariant else x
                masses[key] = masses.get(key, Fraction(0)) + w
            supports.append(sorted(masses.items()))
        n = law.dimension
        result: list[Weighted] = []
        if isinstance(self.frame, Sorting) and len(law.marginals) == 1:
            for choice in combinations_with_replacement(supports[0], n):
                weight = Fraction(factorial(n))
                counts: dict[Fraction, int] = {}
                for x, w in choice:
                    weight *= w
                    counts[x] = counts.get(x, 0) + 1
                for count in counts.values():
                    weight /= factorial(count)
                result.append((tuple(x for x, _ in choice), weight))
            return result
        total = 1
        for support in supports:
            total *= len(support)
        if total > _LARGEST_DOMAIN:
            raise FamilyError(
                f"distribution: at most {_LARGEST_DOMAIN} points are summed over, got {total}; "
                "use fewer inputs or points, or a sorting frame"
            )
        seen: set[tuple[int, ...]] = set()
        for places in product(*(range(len(support)) for support in supports)):
            # The group preserves the law: so it moves places in equal supports.
            if places in seen:
                continue
            orbit = list(orbit_elements(self.group, places))
            seen.update(orbit)
            chosen = [support[k] for support, k in zip(supports, places, strict=True)]
            weight = Fraction(len(orbit))
            for _, w in chosen:
                weight *= w
            result.append((tuple(x for x, _ in chosen), weight))
        return result

    @cached_property
    def _values(self) -> dict[tuple[int, ...], tuple[Fraction, Fraction]]:
        return {}

    def _value(
        self, subset: Sequence[int], x: Sequence[Fraction], key: tuple[int, ...]
    ) -> tuple[Fraction, Fraction]:
        """f_U(x) = coefficient·√d as (coefficient, d); `key` stands for the values on U."""
        if key not in self._values:
            n, m = self.networks.n, self.networks.m
            at = [*(x[i] for i in subset), *([Fraction(0)] * (n - m))]
            value = ParityNetwork(self.networks, tuple(range(m)))(at)
            coefficient, root = _as_root(value, self.networks)
            assert not coefficient or root == self._radicand
            self._values[key] = coefficient, root
        return self._values[key]

    def coordinates(self, index: int) -> Coordinates:
        """A member as a combination of orthogonal functions: {which: coefficient}.

        Where M15 applies these are the functions f_U at one point of |x|, since different U are odd
        in different coordinates (M11); otherwise the indicator functions of the points. `which` is
        (number of the point, U or ()); see `coordinate_weights`.
        """
        index = self._index(index)
        if index not in self._rows:
            member = self.networks.subset(index)
            self._rows[index] = {
                (k, image): value
                for k in range(len(self.points))
                for image, value in self._at_point(k, member).items()
            }
        return self._rows[index]

    def _at_point(self, k: int, subset: tuple[int, ...]) -> dict[tuple[int, ...], Fraction]:
        """The coordinates of a member at one point, once for all members that are spread alike."""
        x = self.points[k][0]
        key = k, self.frame.spread_key(x, subset)
        if key not in self._parts:
            part: dict[tuple[int, ...], Fraction] = {}
            spread = self.frame.spread(x, subset)
            ranks = self._ranks(x)
            for image, share in spread.items():
                value = share * self._value(image, x, tuple(sorted(ranks[i] for i in image)))[0]
                if value:
                    which = image if self.sign_invariant else ()
                    part[which] = part.get(which, Fraction(0)) + value
            self._parts[key] = part, len(spread)
        return self._parts[key][0]

    @cached_property
    def _parts(self) -> dict[Any, tuple[dict[tuple[int, ...], Fraction], int]]:
        return {}

    def _ranks(self, x: Sequence[Fraction]) -> list[int]:
        """The coordinates as small numbers, which are faster to look up than Fractions."""
        return [self._numbers.setdefault(value, len(self._numbers)) for value in x]

    @cached_property
    def _numbers(self) -> dict[Fraction, int]:
        return {}

    @cached_property
    def coordinate_weights(self) -> list[Fraction]:
        """The squared norms of the orthogonal functions of `coordinates`, by number of the point.

        A value of f_U is a rational multiple of √d with the same d everywhere, which is in them.
        """
        return [weight * self._radicand for _, weight in self.points]

    def network_values(
        self, inputs: Sequence[Sequence[Fraction]]
    ) -> tuple[Fraction, list[Fraction]]:
        """f_S at some values of its m inputs: (factor, [v, …]), the values are v·√factor.

        The factor is 1/m, or 1 where no root of m remains.
        """
        m = self.networks.m
        factor = Fraction(1, m) if self._has_root else Fraction(1)
        # v·√(1/m) = c·√d with m = k²·d: v = c·k·d.
        scale = isqrt(m // self._radicand) * self._radicand if self._has_root else 1
        values = []
        for at in inputs:
            key = tuple(sorted(self._ranks(at)))
            values.append(scale * self._value(range(m), at, key)[0])
        return factor, values

    @property
    def _has_root(self) -> bool:
        """Whether values of f_S have the factor √(1/m), see `_radicand`."""
        activation = self.networks.activation.specification
        if "polynomial" in activation:
            return self.networks.m % 2 == 1
        return activation != {"name": "sign"}

    @cached_property
    def _radicand(self) -> int:
        """d: the squarefree part of m where √m remains, else 1.

        φ(⟨w,x⟩/√m) has the factor 1/√m for relu and |u|. Of a polynomial only the powers k of the
        parity of m survive the sum over signs, and they have the factor m^{-k/2}.
        """
        m = self.networks.m
        if not self._has_root:
            return 1
        for k in range(m, 1, -1):
            if m % (k * k) == 0:
                return m // (k * k)
        return m

    def gram_exact(self, i: int, j: int) -> Fraction:
        """⟨(f_S)_F, (f_T)_F⟩ (M15 where it applies, otherwise the sum over all points)."""
        first, second = self.coordinates(i), self.coordinates(j)
        weights = self.coordinate_weights
        return sum(
            (
                a * second[which] * weights[which[0]]
                for which, a in first.items()
                if which in second
            ),
            Fraction(0),
        )

    def gram_entry_slow(self, i: int, j: int) -> Fraction:
        """Every point of the law, every element of F(x), the networks evaluated at g⁻¹·x."""
        first, second = self[i].network(), self[j].network()
        total = Fraction(0)
        for x, weight in self.distribution.support():
            a, d = _as_root(first(x), self.networks)
            b, e = _as_root(second(x), self.networks)
            if a and b:
                assert d == e
                total += weight * a * b * d
        return total

    def largest_frame(self) -> int:
        """The largest number of subsets that some F(x) spreads a member over; 1: no ties matter."""
        for subset in self.networks.subsets():
            for k in range(len(self.points)):
                self._at_point(k, subset)
        return max(count for _, count in self._parts.values())

    def invariance_violation(self) -> tuple[int, int, tuple[Fraction, ...]] | None:
        """Check (f_S)_F(g·x) = (f_S)_F(x) on the whole support, for every generator and member.

        Returns:
            None (a proof on this domain), or (member, generator, point) of the first failure.
        """
        for index in range(self._count):
            member = self[index]
            for x, _ in self.distribution.support():
                value = member(x)
                for number, g in enumerate(self.group.generators):
                    moved = [Fraction(0)] * len(x)
                    for k, v in enumerate(x):
                        moved[g(k)] = v
                    if member(moved) != value:
                        return index, number, x
        return None


class FiniteFrameAverage:
    """One frame average (f_S)_F.

    Attributes:
        family: where it comes from.
        subset: S.
    """

    __slots__ = ("family", "subset")

    def __init__(self, family: FiniteFrameAverages, subset: tuple[int, ...]) -> None:
        self.family = family
        self.subset = subset

    def __call__(self, x: Sequence[object]) -> Exact:
        """Σ_U spread(x, S)[U]·f_U(x) at a rational point."""
        at = point(x, self.family.networks.n)
        total = ExactReal(Fraction(0))
        for subset, weight in self.family.frame.spread(at, self.subset).items():
            total += weight * ExactReal.of(ParityNetwork(self.family.networks, subset)(at))
        return total.simplified()

    def network(self) -> FramedNetwork:
        """The 2^m units of f_S behind the frame: x ↦ Σ_{g∈F(x)} weight·f_S(g⁻¹·x)."""
        return FramedNetwork(
            self.family.frame, ParityNetwork(self.family.networks, self.subset).network()
        )

    def __repr__(self) -> str:
        return f"FiniteFrameAverage({self.subset}, {self.family.frame})"


@dataclass(frozen=True, slots=True)
class FramedNetwork:
    """A network averaged over a frame: the weighted sum of the layer at g⁻¹·x, g in F(x)."""

    frame: Frame
    layer: OneHiddenLayer

    def __call__(self, x: Sequence[object]) -> Exact:
        """The exact value at a rational point."""
        at = point(x, self.layer.inputs)
        total = ExactReal(Fraction(0))
        for g, weight in self.frame.elements(at):
            # (g⁻¹·x)[i] = x[g(i)]
            moved = [at[int(g(i))] for i in range(len(at))]
            total += weight * ExactReal.of(self.layer(moved))
        return total.simplified()


def _as_root(value: Exact, networks: ParityNetworks) -> tuple[Fraction, Fraction]:
    """(c, d) with value = c·√d, d squarefree."""
    real = ExactReal.of(value)
    if real.is_rational:
        return real.constant, Fraction(1)
    if not real.constant and len(real.terms) == 1 and real.terms[0][0][0] == "sqrt":
        (_, free), coefficient = real.terms[0]
        return coefficient, free
    raise FamilyError(_NOT_RATIONAL.format(networks.activation))
