"""Convolutional networks: rotation filters summed over shifts of the rows (MATH.md 4.5, M19)."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import factorial
from typing import Any, ClassVar

import numpy as np

from groups.errors import shown
from symcsq.constructions.family import Reference, as_group, natural
from symcsq.constructions.isotropic import GaussianProducts, checked_vectors
from symcsq.constructions.rotation_family import Block, RotationFamily, RotationMember
from symcsq.constructions.rotation_kernel import Complex
from symcsq.constructions.rotation_networks import RotationNetworks
from symcsq.distributions import Gaussian
from symcsq.errors import FamilyError
from symcsq.exact import Enclosure

__all__ = ["ConvolutionalNetwork", "ConvolutionalNetworks"]

_LARGEST_GROUP = 100_000
_MOST_INPUTS = 1 << 20


class ConvolutionalNetworks(RotationFamily):
    """F_a(X) = Σ_{g∈G} Σ_c f_a(g⁻¹·X_{·c}) for rotation filters a, X a rows × columns matrix.

    The input (r, c) is coordinate r·columns + c; G acts on the rows.

    Arguments:
        group: a `PermutationGroup` on the rows (cyclic shifts for a CNN, C_p × C_q for image
            grids).
        columns: the number of columns d >= 1.
        vectors: isotropic (u, v) of length rows (the paper's column filters: the same filter on
            every column) or rows·columns (full filters, entry (r, c) at r·columns + c).
        power: k >= 1.
        activation: None for f_a = Re((a·x)^k), or an activation; then all vectors have one length.

    Raises:
        FamilyError: vectors that do not fit or are not isotropic, k < 1, a group with more than
            10^5 elements.

    Complexity: |G|·N²·n integer operations for all pairs.

    Source: MATH.md 4.5, M19.

    Examples:
        >>> from groups import group
        >>> filters = ([[1, 0, 1, 0], [1, 1, 1, 1]], [[0, 1, 0, 1], [1, -1, 1, -1]])
        >>> family = ConvolutionalNetworks(group("C4"), 3, filters, power=2)
        >>> family.gram_entry(0, 0), family.gram_entry(0, 1), family.gram_entry(1, 1)
        (Fraction(0, 1), Fraction(0, 1), Fraction(3072, 1))
    """

    kind: ClassVar[str] = "convolutional-networks"
    reference: ClassVar[Reference] = Reference(
        "convolutional networks", ("M7", "M8", "M9", "M16", "M17", "M18", "M19")
    )
    row_group: Any
    rows: int
    columns: int
    full: bool

    def __init__(
        self,
        group: Any,
        columns: int,
        vectors: Any,
        power: int | None = None,
        activation: Any = None,
    ) -> None:
        group = as_group(group)
        columns = natural(columns, "columns", 1)
        rows = int(group.degree)
        if rows * columns > _MOST_INPUTS:
            raise FamilyError(
                f"columns: at most {_MOST_INPUTS} inputs in all, got {rows} rows times "
                f"{shown(columns)} columns; use fewer"
            )
        base = RotationNetworks(checked_vectors(vectors), power, activation)
        if base.n not in (rows, rows * columns):
            raise FamilyError(
                f"vectors: must have length {rows} (column filters) or {rows * columns} (full "
                f"filters), got {base.n}; use one entry for each row"
            )
        if group.order > _LARGEST_GROUP:
            raise FamilyError(
                f"group: at most {_LARGEST_GROUP} elements are summed over, got order "
                f"{group.order}; use a smaller group"
            )
        self._set(
            row_group=group,
            rows=rows,
            columns=columns,
            full=base.n != rows,
            u=base.u,
            v=base.v,
            power=base.power,
            activation=base.activation,
            distribution=Gaussian().on(rows * columns),
        )

    @cached_property
    def group(self) -> Any:  # type: ignore[override]
        """G acting on the rows·columns coordinates."""
        return self.row_group.on_rows(self.columns)

    def _member(self, index: int) -> ConvolutionalNetwork:
        return ConvolutionalNetwork(self, index)

    @property
    def parameters(self) -> dict[str, Any]:
        """group, columns, count, filters, power and the activation."""
        return {
            "group": self.row_group.name or f"degree {self.rows}",
            "columns": self.columns,
            "count": self.size,
            "filters": "full" if self.full else "columns",
            "power": self.power,
            "activation": self._activation_name,
        }

    @property
    def factor(self) -> Fraction:
        """d·|G|·k!/2 for column filters, |G|·k!/2 for full ones."""
        return Fraction(self._copies * factorial(self.power), 2)

    @property
    def _copies(self) -> int:
        return int(self.row_group.order) * (1 if self.full else self.columns)

    @cached_property
    def _sources(self) -> Any:
        """For each g, the indices with (g·b) = b[indices], on the entries of a filter."""
        sources = np.array([np.argsort(g.images) for g in self.row_group.elements()])
        if self.full:
            grid = sources[:, :, None] * self.columns + np.arange(self.columns)
            sources = grid.reshape(len(sources), -1)
        return sources

    def _integers(self, rows: Any, columns: Any) -> Any:
        """Σ_g Re[(a·g b̄)^k + (a·g b)^k] (M19)."""
        r, c = rows, columns
        largest = int((self.u * self.u + self.v * self.v).sum(axis=1).max())
        wide = 2 * len(self._sources) * largest**self.power >= 1 << 62
        u, v, s, t = self.u[r], self.v[r], self.u[c], self.v[c]
        total = np.zeros((len(u), len(s)), dtype=object if wide else np.int64)
        for source in self._sources:
            part = GaussianProducts(u, v, s[:, source], t[:, source]).power_sum(self.power)
            total = total + (part.astype(object) if wide else part)
        return total

    def _counts(self, i: int, j: int) -> dict[tuple[Complex, Complex], int | Fraction]:
        """How often each (a·g b̄, a·g b) occurs over the group."""
        s, t = self.u[j][self._sources], self.v[j][self._sources]
        products = GaussianProducts(self.u[i : i + 1], self.v[i : i + 1], s, t)
        parts = [part[0].tolist() for part in (*products.conjugate, *products.plain)]
        counts: dict[tuple[Complex, Complex], int | Fraction] = {}
        for x, y, p, q in zip(*parts, strict=True):
            key = ((int(x), int(y)), (int(p), int(q)))
            counts[key] = counts.get(key, 0) + 1
        return counts

    def gram_entry(self, i: int, j: int) -> Fraction | Enclosure:
        """⟨F_i, F_j⟩: a Fraction when it is rational, otherwise a canonical enclosure.

        Columns are independent and E f_a = 0 (the signs of the 2k units cancel), so that only equal
        columns correlate.
        """
        return self.kernel.combination(self._counts(self._index(i), self._index(j)), self._copies)


class ConvolutionalNetwork(RotationMember):
    """One convolutional network F_a.

    Attributes:
        family, index: where it comes from.
    """

    __slots__ = ()

    def filters(self) -> tuple[Any, Any]:
        """The vectors (u, v) of all shifted filters on the rows·columns inputs.

        Returns:
            Two integer arrays of shape (|G|·columns or |G|, rows·columns): for each group element
            the filter on each column in turn.
        """
        family = self.family
        shifted = [w[self.index][family._sources] for w in (family.u, family.v)]
        if family.full:
            return shifted[0], shifted[1]
        placed = []
        for w in shifted:
            grid = np.zeros((len(w), family.columns, family.rows, family.columns), dtype=np.int64)
            for c in range(family.columns):
                grid[:, c, :, c] = w
            placed.append(grid.reshape(-1, family.rows * family.columns))
        return placed[0], placed[1]

    def blocks(self) -> tuple[Block, ...]:
        """One pair (u, v) for each shifted filter and column."""
        u, v = self.filters()
        return tuple((tuple(a), tuple(b)) for a, b in zip(u.tolist(), v.tolist(), strict=True))

    def __repr__(self) -> str:
        return f"ConvolutionalNetwork({self.index}, power={self.family.power})"
