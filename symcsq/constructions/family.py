"""What every hard family offers: the one protocol that verification relies on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Protocol, runtime_checkable

from symcsq.distributions import JointDistribution
from symcsq.errors import FamilyError
from symcsq.exact import CANONICAL_DIGITS, MOST_DIGITS, Enclosure, ExactReal, is_writable, shortened
from symcsq.functions.gram import Gram

__all__ = [
    "Exact",
    "Family",
    "FamilyBase",
    "Member",
    "Reference",
    "as_group",
    "enclosed",
    "natural",
    "scaled_entries",
]

Exact = Fraction | ExactReal


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a family comes from: the paper's topic and the numbered statements that it uses.

    Examples:
        >>> str(Reference("invariant polynomials", ("M1", "M2")))
        'invariant polynomials (M1, M2)'
    """

    topic: str
    statements: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.topic} ({', '.join(self.statements)})"


@runtime_checkable
class Member(Protocol):
    """One function of a family.

    It may also have `network()`, explicit exact weights that evaluate to the same function, and
    `expansion`, an `Expansion` over a product law.
    """

    def __call__(self, x: Sequence[object]) -> Exact:
        """The exact value at a rational point."""


@runtime_checkable
class Family(Protocol):
    """A finite class of functions with an exact Gram matrix: all that `symcsq.verify` needs.

    Attributes:
        group: the permutation group on the coordinates; without symmetry
            `PermutationGroup([], degree=n)`.
        distribution: the law on R^n.

    `len` is the number of members, numbered from 0; an index beyond ends with an IndexError.
    `gram_entry` is a formula, or whatever is quick; `gram_entry_slow` computes the same number
    another way. Both return exact numbers: ints, Fractions, or an `ExactReal` or `Enclosure`.

    A family may also have: `size`, of the whole class, where it is larger than the number of
    members held; `members`, "all" or "listed"; `kind`, `reference` and `parameters`, for reports
    and file names; `orthogonality_key(i)`, such that members with different keys are orthogonal;
    `character`, values ±1 on the generators, for members that these multiply.

    `symcsq.laws.check_family_laws` checks an implementation.

    Examples:
        >>> from symcsq.constructions import ParityNetworks
        >>> isinstance(ParityNetworks(3, 2), Family), isinstance([1, 2], Family)
        (True, False)
    """

    @property
    def group(self) -> Any: ...
    @property
    def distribution(self) -> JointDistribution: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> Any: ...
    def gram_entry(self, i: int, j: int) -> Exact | Enclosure: ...
    def gram_entry_slow(self, i: int, j: int) -> Exact | Enclosure: ...


class FamilyBase(ABC):
    """What all families share: indexing, enclosures, and the Gram matrix from `gram_exact`.

    Subclasses give `kind`, `reference`, `parameters`, `group`, `distribution`, `size`, `_count`,
    `_member(index)`, `gram_exact(i, j)` and `gram_entry_slow(i, j)`.
    """

    kind: ClassVar[str]
    reference: ClassVar[Reference]
    group: Any
    distribution: Any

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), dict(vars(self)))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: cannot set {name}")

    @property
    @abstractmethod
    def parameters(self) -> dict[str, Any]:
        """JSON-ready parameters, for tables and reports."""

    @property
    def members(self) -> str:
        """ "all" when the whole class is held, "listed" when the caller chose the members."""
        return "all"

    @property
    @abstractmethod
    def size(self) -> int:
        """The exact size of the class."""

    @property
    @abstractmethod
    def _count(self) -> int:
        """The number of members held."""

    @abstractmethod
    def _member(self, index: int) -> Any:
        """The member at a checked index."""

    @abstractmethod
    def gram_exact(self, i: int, j: int) -> Exact:
        """⟨f_i, f_j⟩ by the closed formula; a Fraction whenever it is rational."""

    @abstractmethod
    def gram_entry_slow(self, i: int, j: int) -> Exact:
        """⟨f_i, f_j⟩ by a second route that shares no formula with `gram_exact`."""

    def __len__(self) -> int:
        return self._count

    def _index(self, index: Any) -> int:
        try:
            value = int(index.__index__())
        except AttributeError:
            raise FamilyError(
                f"index: must be an integer, got {index!r}; members are numbered from 0"
            ) from None
        if not -self._count <= value < self._count:
            # IndexError too, so that Python's own iteration protocols keep working.
            raise FamilyIndexError(
                f"index: must be below {self._count}, got {shortened(value)}; members are numbered "
                "from 0"
            )
        return value % self._count

    def __getitem__(self, index: int) -> Any:
        return self._member(self._index(index))

    def __iter__(self) -> Iterator[Any]:
        for index in range(self._count):
            yield self._member(index)

    def gram_entry(self, i: int, j: int) -> Fraction | Enclosure:
        """⟨f_i, f_j⟩: a Fraction when it is rational, otherwise its canonical enclosure."""
        return enclosed(self.gram_exact(i, j))

    def norm_exact(self, i: int) -> Exact:
        """‖f_i‖², exactly."""
        return self.gram_exact(i, i)

    def norm_squared(self, i: int) -> Fraction | Enclosure:
        """‖f_i‖²: a Fraction when it is rational, otherwise its canonical enclosure."""
        return enclosed(self.norm_exact(i))

    def gram_block(self, rows: Sequence[int], columns: Sequence[int]) -> Any:
        """⟨f_i, f_j⟩ for i in rows, j in columns: a NumPy array of Fractions and Enclosures."""
        import numpy as np

        block = np.empty((len(rows), len(columns)), dtype=object)
        for a, i in enumerate(rows):
            for b, j in enumerate(columns):
                block[a, b] = self.gram_entry(i, j)
        return block

    def orthogonality_key(self, index: int) -> Any:
        """Members with different keys are orthogonal by the closed formula; None: no such rule."""
        return None

    def _pairs(self, rows: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Positions (a, b), a <= b, in `rows` whose entry may be non-zero."""
        cells: dict[Any, list[int]] = {}
        for position, index in enumerate(rows):
            cells.setdefault(self.orthogonality_key(index), []).append(position)
        for cell in cells.values():
            for place, a in enumerate(cell):
                for b in cell[place:]:
                    yield a, b

    def _gram_entries(self, chosen: Sequence[int]) -> dict[tuple[int, int], Any]:
        """The non-zero entries (a, b), a <= b, of the members `chosen`, in order."""
        entries = {}
        for a, b in sorted(self._pairs(chosen)):
            entry = self.gram_entry(chosen[a], chosen[b])
            if entry != 0:
                entries[a, b] = entry
        return entries

    def gram(self, rows: Sequence[int] | None = None, columns: Sequence[int] | None = None) -> Any:
        """The exact Gram matrix of the members `rows` (all by default), as a `symcsq.Gram`.

        Arguments:
            rows: member numbers.
            columns: when given, the rectangular block of rows and columns is meant (`gram_block`).

        Returns:
            A `Gram`, or a NumPy array of Fractions and Enclosures for a block.

        Complexity: the number of pairs that can correlate.

        Examples:
            >>> from symcsq.constructions import ParityNetworks
            >>> ParityNetworks(4, 2, [0, 0, 1]).gram([0, 5]).to_fractions()[1]
            [Fraction(0, 1), Fraction(16, 1)]
        """
        chosen = [self._index(i) for i in (range(self._count) if rows is None else rows)]
        if columns is not None:
            return self.gram_block(chosen, columns)
        return Gram(len(chosen), self._gram_entries(chosen))

    def __repr__(self) -> str:
        inside = ", ".join(f"{key}={value}" for key, value in self.parameters.items())
        return f"{type(self).__name__}({inside})"


def _restored(cls: type[FamilyBase], values: dict[str, Any]) -> FamilyBase:
    """A family from its attributes: for worker processes, which receive families by pickle."""
    family: FamilyBase = object.__new__(cls)
    vars(family).update(values)
    return family


def scaled_entries(integers: Any, factor: Fraction) -> dict[tuple[int, int], Fraction]:
    """The non-zero entries (a, b), a <= b, of factor·integers, for a symmetric integer matrix."""
    import numpy as np

    rows, columns = np.nonzero(np.triu(integers != 0))
    values = integers[rows, columns].tolist()
    known: dict[int, Fraction] = {}
    for value in values:
        if value not in known:
            known[value] = factor * value
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {pair: known[value] for pair, value in zip(pairs, values, strict=True)}


class FamilyIndexError(FamilyError, IndexError):
    """A member number outside the family."""


def enclosed(value: Exact, digits: int = CANONICAL_DIGITS) -> Fraction | Enclosure:
    """The Fraction itself, or the canonical enclosure of an exact real that is not rational."""
    if isinstance(value, ExactReal):
        return value.constant if value.is_rational else _enclosure(value, digits)
    return value


@lru_cache(maxsize=4096)
def _enclosure(value: ExactReal, digits: int) -> Enclosure:
    return value.enclosure(digits)


def as_group(group: Any, name: str = "group") -> Any:
    """A `PermutationGroup` of positive degree, from one or from an expression such as "C12"."""
    if isinstance(group, str):
        from groups import group as parse_group

        group = parse_group(group)
    if not (hasattr(group, "degree") and hasattr(group, "generators")):
        raise FamilyError(
            f"{name}: must be a PermutationGroup or an expression, got {group!r}; "
            'write e.g. group("C12")'
        )
    if group.degree < 1:
        raise FamilyError(
            f"{name}: must act on at least one point, got degree {group.degree}; "
            "a function needs a variable"
        )
    return group


def natural(value: Any, name: str, least: int = 0) -> int:
    """An integer argument >= least, checked."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise FamilyError(
            f"{name}: must be an integer >= {least}, got {value!r}; write e.g. {least}"
        )
    number = int(value.__index__())
    if number < least:
        raise FamilyError(
            f"{name}: must be an integer >= {least}, got {shortened(number)}; write e.g. {least}"
        )
    if not is_writable(number):
        raise FamilyError(
            f"{name}: must have at most {MOST_DIGITS} digits, got {shortened(number)}; choose a "
            "smaller number"
        )
    return number
