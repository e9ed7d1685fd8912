"""Parity networks averaged over a group: one function for each orbit of m-subsets (M14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from symcsq.constructions.family import Exact, Reference
from symcsq.constructions.finite_frame_averages import FiniteFrameAverages
from symcsq.constructions.frames import Frame, Reynolds
from symcsq.constructions.orbit_family import Listed, OrbitFamily
from symcsq.constructions.parity_networks import ParityNetwork, ParityNetworks
from symcsq.distributions import Product, as_product
from symcsq.errors import FamilyError, FrameError
from symcsq.exact import ExactReal
from symcsq.functions.networks import OneHiddenLayer
from symcsq.functions.orbit_elements import orbit_elements

__all__ = ["FrameAverage", "FrameAveraged"]


class FrameAveraged(OrbitFamily):
    """Parity networks averaged over a frame: under the Reynolds frame, Σ_{T∈G·S} f_T for each
    orbit.

    The members are |G·S| times the averages (1/|G|) Σ_g f_{gS}; M10 allows any scale, and this one
    keeps every coefficient 1. Members are in increasing order of the least subset of their orbit.

    Arguments:
        family: a `ParityNetworks` family. With all subsets the members are all orbits; with listed
            subsets, the orbit of each listed subset, repeats kept.
        frame: `frames.reynolds(G)` for a group on the n inputs. Any other frame needs a
            `distribution` with finite support and gives a `FiniteFrameAverages` family (M15).
        distribution: e.g. "finite(-2,-1,1,2)"; with it the Reynolds frame too gives a
            `FiniteFrameAverages` family. The Gaussian by default.

    Raises:
        FamilyError: not a parity family.
        FrameError: not a frame, or a group of another degree than n.

    Complexity: as `group.orbits_on_subsets(m)` when members are listed; `size` and norms need no
    listing.

    Source: MATH.md 4.3, M14.

    Examples:
        >>> from groups import group
        >>> from symcsq.constructions import frames
        >>> family = FrameAveraged(ParityNetworks(16, 4), frames.reynolds(group("C16")))
        >>> family.size, family[0].subset, family[0].orbit_size
        (116, (0, 1, 2, 3), 16)
        >>> float(family.norm_squared(0))
        4.84826479986...
    """

    kind: ClassVar[str] = "frame-averaged"
    reference: ClassVar[Reference] = Reference(
        "frame-averaged networks", ("M6", "M7", "M8", "M9", "M11", "M12", "M14")
    )
    group: Any
    distribution: Product
    base: ParityNetworks
    frame: Reynolds

    def __new__(cls, family: ParityNetworks, frame: Frame, *, distribution: Any = None) -> Any:
        # Other frames have another Gram matrix (M15) and need a finite law: another class answers.
        if isinstance(frame, Frame) and isinstance(family, ParityNetworks):
            finite = (
                distribution is not None
                and as_product(distribution, family.n).support_size is not None
            )
            if finite or not isinstance(frame, Reynolds):
                return FiniteFrameAverages(family, frame, distribution)
        return super().__new__(cls)

    def __init__(
        self, family: ParityNetworks, frame: Reynolds, *, distribution: Any = None
    ) -> None:
        if not isinstance(family, ParityNetworks):
            raise FamilyError(
                f"family: must be a ParityNetworks family, got {type(family).__name__}; "
                "write FrameAveraged(ParityNetworks(n, m), frame)"
            )
        if not isinstance(frame, Reynolds):
            raise FrameError(f"frame: must be a frame, got {frame!r}; write frames.reynolds(group)")
        if distribution is not None and as_product(distribution, family.n) != family.distribution:
            raise FamilyError(
                f"distribution: Reynolds averages are taken under the Gaussian or a law with "
                f'finite support, got {distribution}; write e.g. "finite(-2,-1,1,2)"'
            )
        if frame.group.degree != family.n:
            raise FrameError(
                f"frame: its group must act on the {family.n} inputs, "
                f"got degree {frame.group.degree}; use a group of degree {family.n}"
            )
        self._set(base=family, frame=frame, group=frame.group, distribution=family.distribution)

    @property
    def n(self) -> int:
        """The number of inputs."""
        return self.base.n

    @property
    def m(self) -> int:
        """The size of the subsets."""
        return self.base.m

    @property
    def members(self) -> str:
        """ "all" orbits, or those "listed"."""
        return self.base.members

    @cached_property
    def _listed(self) -> Listed | None:  # type: ignore[override]
        if self.base.members == "all":
            return None
        images = (self.group.canonical_subset(subset) for subset in self.base.subsets())
        return [
            (tuple(int(i) for i in image.representative), int(image.orbit_size)) for image in images
        ]

    def _all_orbits(self) -> tuple[Any, list[int]]:
        """(least subsets as an (N, m) array, orbit sizes)."""
        table = self.group.orbits_on_subsets(self.m)
        rows_array = np.asarray(table.representatives, dtype=np.int64).reshape(-1, self.m)
        return rows_array, [int(size) for size in table.sizes]

    @cached_property
    def orbit_count(self) -> int:  # type: ignore[override]
        """The number of orbits of m-subsets by Cauchy–Frobenius (M6), without listing them."""
        return int(self.group.count_orbits_on_subsets(self.m))

    @property
    def size(self) -> int:
        """The number of orbits, or of listed members."""
        return self.orbit_count if self.base.members == "all" else self.base.size

    def _member(self, index: int) -> FrameAverage:
        rows, sizes = self._table
        return FrameAverage(self, index, tuple(rows[index].tolist()), sizes[index])

    @property
    def parameters(self) -> dict[str, Any]:
        """group, frame, n, m and the activation."""
        name = self.group.name or f"degree {self.group.degree}"
        return {"group": name, "frame": self.frame.name, **self.base.parameters}

    def orthogonality_key(self, index: int) -> bytes:
        """The orbit: different orbits are orthogonal (M14)."""
        return self._orbit_key(index)

    def gram_exact(self, i: int, j: int) -> Exact:
        """|G·S|·‖f_S‖² when members i and j are the same orbit, otherwise 0 (M14)."""
        i, j = self._index(i), self._index(j)
        if not self._same_orbit(i, j):
            return Fraction(0)
        return (self.orbit_sizes[i] * ExactReal.of(self.base.norm)).simplified()

    def gram_entry_slow(self, i: int, j: int) -> Exact:
        """The averages over every group element, pair by pair, each pair from its hidden units."""
        first, second = self[i], self[j]
        left = [_images(g, first.subset) for g in self.group.elements()]
        right = [_images(g, second.subset) for g in self.group.elements()]
        pairs: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
        for s in left:
            for t in right:
                pairs[s, t] = pairs.get((s, t), 0) + 1
        # Two subsets only matter through their intersection, up to renaming the inputs.
        by_overlap: dict[int, int] = {}
        sample: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        for (s, t), count in pairs.items():
            overlap = len(set(s) & set(t))
            by_overlap[overlap] = by_overlap.get(overlap, 0) + count
            sample.setdefault(overlap, (s, t))
        total = ExactReal(Fraction(0))
        for overlap, count in by_overlap.items():
            total += count * ExactReal.of(self.base.gram_by_signs(*sample[overlap]))
        scale = Fraction(first.orbit_size * second.orbit_size, int(self.group.order) ** 2)
        return (scale * total).simplified()


class FrameAverage:
    """One orbit of parity networks, Σ_{T∈G·S} f_T.

    Attributes:
        family, index: where it comes from.
        subset: the least subset of the orbit.
        orbit_size: |G·S|; the function is |G·S| times the average over the group.
    """

    __slots__ = ("family", "index", "orbit_size", "subset")

    def __init__(
        self, family: FrameAveraged, index: int, subset: tuple[int, ...], orbit_size: int
    ) -> None:
        self.family = family
        self.index = index
        self.subset = subset
        self.orbit_size = orbit_size

    @property
    def norm_squared(self) -> Exact:
        """|G·S|·‖f_S‖² (M14)."""
        return self.family.norm_exact(self.index)

    def orbit(self) -> Iterator[tuple[int, ...]]:
        """The subsets of the orbit, breadth first from the least one."""
        indicator = [0] * self.family.n
        for i in self.subset:
            indicator[i] = 1
        for element in orbit_elements(self.family.group, indicator):
            yield tuple(i for i, e in enumerate(element) if e)

    def __call__(self, x: Sequence[object]) -> Exact:
        """The exact value at a rational point."""
        total = ExactReal(Fraction(0))
        for subset in self.orbit():
            total += ExactReal.of(ParityNetwork(self.family.base, subset)(x))
        return total.simplified()

    def network(self) -> OneHiddenLayer:
        """|G·S|·2^m units: the networks of all subsets of the orbit side by side."""
        networks = [ParityNetwork(self.family.base, subset).network() for subset in self.orbit()]
        units = tuple(unit for network in networks for unit in network.units)
        return OneHiddenLayer(self.family.n, units, Fraction(self.family.m))

    def __repr__(self) -> str:
        return f"FrameAverage({self.subset}, orbit of {self.orbit_size})"


def _images(permutation: Any, subset: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(int(permutation(i)) for i in subset))
