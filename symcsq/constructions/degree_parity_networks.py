"""Graph networks whose hardness is in the nodes: parities of degree counts (MATH.md 4.7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any, ClassVar

from symcsq.constructions.degree_statistics import MOST_VERTICES, degree_sign_expectations
from symcsq.constructions.family import Reference, natural
from symcsq.constructions.subsets import SubsetFamily, listed_subsets
from symcsq.distributions import Product, erdos_renyi
from symcsq.errors import FamilyError
from symcsq.exact import rational
from symcsq.functions.networks import point

__all__ = ["DegreeCountNetwork", "DegreeParity", "DegreeParityNetworks"]

_LISTED_AT_ONCE = 4096


class DegreeParityNetworks(SubsetFamily):
    """χ_S(A) = (-1)^{#{v: deg v ∈ S}} for S ⊆ {0..n-1}, A ~ G(n, p).

    By the handshake lemma χ_odd = 1, and χ_all = (-1)^n: S, SΔodd and the complements of both give
    the same function up to a constant sign. By default the class has one set of each such four, the
    one that contains neither 0 nor 1: all subsets of {2..n-1}, ordered as binary numbers.

    Arguments:
        n: the number of vertices, 2..20.
        p: a rational strictly between 0 and 1.
        subsets: a list of subsets of {0..n-1} instead; equivalent ones may be listed, and correlate
            by ±1.

    Raises:
        FamilyError: n or p out of range, a malformed subset.

    Complexity: an entry depends on SΔT only; see `degree_sign_expectations`.

    Source: MATH.md 4.7, M21, M22.

    Examples:
        >>> family = DegreeParityNetworks(6)
        >>> family.size, family[5].subset, family.norm_squared(5)
        (16, (2, 4), Fraction(1, 1))
        >>> DegreeParityNetworks(6, subsets=[[], [0, 3]]).gram_entry(0, 1)
        Fraction(39, 1024)
        >>> DegreeParityNetworks(6, subsets=[[2], [1, 2, 3, 5]]).gram_entry(0, 1)
        Fraction(1, 1)
    """

    kind: ClassVar[str] = "degree-parity-networks"
    reference: ClassVar[Reference] = Reference(
        "graph networks, hardness in the number of nodes", ("M7", "M8", "M9", "M21", "M22")
    )
    distribution: Product
    n: int
    p: Fraction

    def __init__(
        self, n: int, p: Any = "1/2", *, subsets: Iterable[Sequence[int]] | None = None
    ) -> None:
        n = natural(n, "n", 2)
        if n > MOST_VERTICES:
            raise FamilyError(f"n: must be at most {MOST_VERTICES}, got {n}; use fewer vertices")
        probability = rational(p, "p")
        if not 0 < probability < 1:
            raise FamilyError(
                f'p: must be a rational strictly between 0 and 1, got {probability}; write "1/2"'
            )
        self._set(
            n=n,
            p=probability,
            _subsets=listed_subsets(subsets, n),
            distribution=erdos_renyi(n, probability),
            _known={},
        )

    _known: dict[int, Fraction]

    @cached_property
    def group(self) -> Any:  # type: ignore[override]
        """S_n acting on the pairs of vertices: every member is invariant."""
        from groups.catalogue import symmetric

        return symmetric(self.n).on_pairs()

    @property
    def _class_size(self) -> int:
        """2^{n-2}."""
        return 1 << (self.n - 2)

    def _class_subset(self, index: int) -> tuple[int, ...]:
        return tuple(d + 2 for d in range(self.n - 2) if index >> d & 1)

    def _member(self, index: int) -> DegreeParity:
        return DegreeParity(self, self.subset(index))

    @property
    def parameters(self) -> dict[str, Any]:
        """n and p."""
        return {"n": self.n, "p": str(self.p)}

    def normal_form(self, subset: Iterable[int]) -> tuple[int, int]:
        """(bit mask, sign): the equivalent subset of {2..n-1}, with χ_S = sign·χ_mask.

        Source: the handshake lemma, and #{v: deg v ∈ {0..n-1}} = n.
        """
        mask = sum(1 << d for d in subset)
        odd = sum(1 << d for d in range(1, self.n, 2))
        sign = 1
        if mask & 1:
            mask ^= (1 << self.n) - 1
            sign = (-1) ** self.n
        if mask & 2:
            mask ^= odd
        return mask, sign

    def expectations(self, subsets: Sequence[Sequence[int]]) -> list[Fraction]:
        """E χ_D for many subsets D, in one sweep over those that are not known yet (M21).

        Arguments:
            subsets: subsets of {0..n-1}.

        Returns:
            Fractions, in the order of the subsets.
        """
        forms = [self.reduced_form(s) for s in subsets]
        missing = sorted({mask for mask, _ in forms if mask not in self._known})
        for start in range(0, len(missing), _LISTED_AT_ONCE):
            part = missing[start : start + _LISTED_AT_ONCE]
            signs = [[-1 if mask >> d & 1 else 1 for d in range(self.n)] for mask in part]
            values = degree_sign_expectations(self.n, self.p, signs)
            self._known.update(zip(part, values, strict=True))
        return [sign * self._known[mask] for mask, sign in forms]

    def reduced_form(self, subset: Iterable[int]) -> tuple[int, int]:
        """(bit mask, sign) with E χ_S = sign·E χ_mask: what `expectations` computes.

        The normal form; for p = 1/2 the lesser of two, as the complement of a graph is then as
        likely, and has the degrees n-1-d.

        Examples:
            >>> DegreeParityNetworks(6).reduced_form([2, 5]), DegreeParityNetworks(6).subset(5)
            ((28, 1), (2, 4))
        """
        mask, sign = self.normal_form(subset)
        if self.p != Fraction(1, 2):
            return mask, sign
        other, turned = self.normal_form(d for d in range(self.n) if mask >> (self.n - 1 - d) & 1)
        return (other, sign * turned) if other < mask else (mask, sign)

    def gram_exact(self, i: int, j: int) -> Fraction:
        """⟨χ_S, χ_T⟩ = E χ_{SΔT} (M21)."""
        first, second = set(self.subset(i)), set(self.subset(j))
        return self.expectations([sorted(first ^ second)])[0]

    def gram_matrix(self, rows: Sequence[int] | None = None) -> list[list[Fraction]]:
        """The Gram matrix of the members `rows` (all by default), all differences in one sweep."""
        chosen = range(self._count) if rows is None else rows
        sets = [set(self.subset(i)) for i in chosen]
        flat = self.expectations([sorted(s ^ t) for s in sets for t in sets])
        return [flat[k * len(sets) : (k + 1) * len(sets)] for k in range(len(sets))]

    def row_sum(self) -> Fraction:
        """Σ_T |⟨χ_S, χ_T⟩|, the same for every S of the whole class: the SΔT run over the class.

        Raises:
            FamilyError: the members are listed; use `gram_matrix`.
        """
        if self._subsets is not None:
            raise FamilyError(
                "subsets: the row sum is the same for all members of the whole class only; "
                "use gram_matrix"
            )
        everything = [self.subset(i) for i in range(self.size)]
        return sum((abs(e) for e in self.expectations(everything)), Fraction(0))

    def equivalent_pair(self) -> tuple[int, int, int] | None:
        """The first (i, j, sign), i < j, with χ_i = sign·χ_j by the handshake lemma, or None."""
        if self._subsets is None:
            return None
        seen: dict[int, list[tuple[int, int]]] = {}
        pairs = []
        for index, subset in enumerate(self._subsets):
            mask, sign = self.normal_form(subset)
            if mask in seen:
                first, other = seen[mask][0]
                pairs.append((first, index, sign * other))
            seen.setdefault(mask, []).append((index, sign))
        return min(pairs) if pairs else None

    def gram_entry_slow(self, i: int, j: int) -> Fraction:
        """Every graph on n labelled vertices, with its probability; 2^{n(n-1)/2} terms."""
        first, second = self[i], self[j]
        pairs = list(combinations(range(self.n), 2))
        total = Fraction(0)
        for mask in range(1 << len(pairs)):
            x = [mask >> k & 1 for k in range(len(pairs))]
            edges = sum(x)
            weight = self.p**edges * (1 - self.p) ** (len(pairs) - edges)
            total += weight * first(x) * second(x)
        return total


class DegreeParity:
    """One parity χ_S of degree counts.

    Attributes:
        family: the family it belongs to.
        subset: S, sorted.
    """

    __slots__ = ("family", "subset")

    def __init__(self, family: DegreeParityNetworks, subset: tuple[int, ...]) -> None:
        self.family = family
        self.subset = subset

    @property
    def norm_squared(self) -> Fraction:
        """1."""
        return Fraction(1)

    def degrees(self, x: Sequence[object]) -> list[int]:
        """The degrees of the graph with the 0/1 edge vector x (pairs in lexicographic order)."""
        n = self.family.n
        at = point(x, n * (n - 1) // 2)
        if any(e not in (0, 1) for e in at):
            raise FamilyError(
                f"x: must be the 0/1 edges of a graph, got {[str(e) for e in at]}; "
                "write 1 for each pair that is joined"
            )
        degrees = [0] * n
        for (i, j), e in zip(combinations(range(n), 2), at, strict=True):
            degrees[i] += int(e)
            degrees[j] += int(e)
        return degrees

    def __call__(self, x: Sequence[object]) -> Fraction:
        """χ_S of a graph, by counting."""
        inside = set(self.subset)
        return Fraction((-1) ** sum(d in inside for d in self.degrees(x)))

    def network(self) -> DegreeCountNetwork:
        """The graph network with two hidden layers and integer weights that computes χ_S (M22)."""
        n = self.family.n
        readout = [0] * (n + 2)
        for d in self.subset:
            # c_d = s_{d-1} - 2 s_d + s_{d+1}: column t + 1 holds s_t.
            readout[d] += 1
            readout[d + 1] -= 2
            readout[d + 2] += 1
        # N mod 2 = N - 2·relu(N-1) + 2·relu(N-2) - …, and χ = 1 - 2·(N mod 2).
        wave = [-2] + [4 * (-1) ** (t + 1) for t in range(1, n)]
        return DegreeCountNetwork(n, tuple(range(-1, n + 1)), tuple(readout), tuple(wave))

    def __repr__(self) -> str:
        return f"DegreeParity({self.subset}, n={self.family.n})"


@dataclass(frozen=True, slots=True)
class DegreeCountNetwork:
    """A graph network with two hidden layers and integer weights (M22).

    Layer 1, at each node: relu(deg v - t) for each threshold t, summed over the nodes to s_t.
    Layer 2: N = Σ readout_t·s_t, then relu(N - t) for t = 0, 1, …; output 1 + Σ wave_t·relu(N - t).

    Arguments:
        vertices: n.
        thresholds: t of the first layer.
        readout: the weight of each s_t in N.
        wave: the weight of each relu(N - t), t = 0, 1, ….

    Examples:
        >>> network = DegreeParityNetworks(3)[1].network()
        >>> network([1, 1, 0]), network([1, 0, 0])
        (Fraction(-1, 1), Fraction(1, 1))
    """

    vertices: int
    thresholds: tuple[int, ...]
    readout: tuple[int, ...]
    wave: tuple[int, ...]

    def __call__(self, x: Sequence[object]) -> Fraction:
        """The exact output on a weighted graph, given by its edge vector."""
        n = self.vertices
        at = point(x, n * (n - 1) // 2)
        degrees = [Fraction(0)] * n
        for (i, j), e in zip(combinations(range(n), 2), at, strict=True):
            degrees[i] += e
            degrees[j] += e
        sums = [sum((_relu(d - t) for d in degrees), Fraction(0)) for t in self.thresholds]
        inner = sum((w * s for w, s in zip(self.readout, sums, strict=True)), Fraction(0))
        return 1 + sum((w * _relu(inner - t) for t, w in enumerate(self.wave)), Fraction(0))


def _relu(value: Fraction) -> Fraction:
    return max(value, Fraction(0))
