"""Named permutation groups, all in one place.

This is the front door: the constructors come from the modules named after their ideas, and
`ENTRIES` is the list that expressions (``"D10"``, ``"PSL(2,7)"``) and help texts are made from.
Every constructor states its order, and the tests compute each order from scratch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from groups.automorphism_groups import code_automorphisms, edge_automorphisms, graph_automorphisms
from groups.families import (
    alternating,
    cyclic,
    dihedral,
    direct_product,
    hyperoctahedral,
    klein,
    quaternion,
    sylow,
    symmetric,
    trivial,
    wreath_product,
    young,
)
from groups.group import PermutationGroup
from groups.linear_groups import AGL, ASL, GL, PGL, PSL, SL, AGammaL, PGammaL
from groups.rubik import rubik
from groups.sporadic import MATHIEU_ORDERS, higman_sims, janko1, mathieu
from groups.torus_groups import p4, p4m, semidirect, torus

__all__ = [
    "trivial", "cyclic", "dihedral", "symmetric", "alternating", "klein", "quaternion", "young",
    "hyperoctahedral", "sylow", "direct_product", "wreath_product",
    "GL", "SL", "AGL", "ASL", "AGammaL", "PGL", "PSL", "PGammaL",
    "mathieu", "higman_sims", "janko1",
    "torus", "p4", "p4m", "semidirect", "rubik",
    "graph_automorphisms", "edge_automorphisms", "code_automorphisms",
    "Entry", "ENTRIES", "find",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A named group or family, as expressions know it.

    Attributes:
        name: the canonical spelling.
        parameters: names of the parameters; a last ``"…"`` means any number of them, at least one.
        summary: the points and the order, in one line.
        build: the constructor.
        points: number of points for the same parameters, without building or checking.
        aliases: other spellings; upper and lower case never matter.
    """

    name: str
    parameters: tuple[str, ...]
    summary: str
    build: Callable[..., PermutationGroup]
    points: Callable[..., int]
    aliases: tuple[str, ...] = ()

    @property
    def pattern(self) -> str:
        """How the entry is written, with its parameters' names.

        Examples:
            >>> find("psl").pattern, find("d").pattern, find("m11").pattern
            ('PSL(k,q)', 'D(n)', 'M11')
        """
        return f"{self.name}({','.join(self.parameters)})" if self.parameters else self.name


def _power(base: int, exponent: int) -> int:
    """base ** exponent, cut off at 2^200: beyond that it only matters that it is far too large."""
    return base**exponent if exponent * base.bit_length() <= 200 else 1 << 200


def _n(n: int, *_: int) -> int:
    return n


def _twice(n: int) -> int:
    return 2 * n


def _vectors(k: int, q: int) -> int:
    return _power(q, k)


def _lines(k: int, q: int) -> int:
    return (_power(q, k) - 1) // (q - 1) if q > 1 else k


def _grid(*sizes: int) -> int:
    points = 1
    for size in sizes:
        points = min(points * size, 1 << 200)
    return points


_FAMILIES = (
    Entry("Trivial", ("n",), "n points, order 1", trivial, _n),
    Entry("C", ("n",), "cyclic, n points, order n", cyclic, _n, ("Z",)),
    Entry("D", ("n",), "dihedral, n points, order 2n", dihedral, _n),
    Entry("S", ("n",), "symmetric, n points, order n!", symmetric, _n, ("Sym",)),
    Entry("A", ("n",), "alternating, n points, order n!/2", alternating, _n, ("Alt",)),
    Entry("V4", (), "Klein's four-group, 4 points, order 4", klein, lambda: 4, ("K4",)),
    Entry("Q8", (), "quaternion group, 8 points, order 8", quaternion, lambda: 8),
    Entry("B", ("n",), "signed permutations, 2n points, order 2^n·n!", hyperoctahedral, _twice),
    Entry(
        "Young",
        ("a", "…"),
        "S_a × S_b × …, a+b+… points, order a!·b!·…",
        young,
        lambda *parts: sum(parts),
    ),
    Entry(
        "Sylow",
        ("n", "p"),
        "a Sylow p-subgroup of S_n, n points, order the p-part of n!",
        sylow,
        _n,
    ),
)

_LINEAR = (
    Entry(
        "GL",
        ("k", "q"),
        "linear maps, q^k vectors, order (q^k-1)(q^k-q)…(q^k-q^(k-1))",
        GL,
        _vectors,
    ),
    Entry("SL", ("k", "q"), "those of determinant 1, order |GL|/(q-1)", SL, _vectors),
    Entry("AGL", ("k", "q"), "affine maps, q^k vectors, order q^k·|GL|", AGL, _vectors),
    Entry("ASL", ("k", "q"), "those of determinant 1, order q^k·|SL|", ASL, _vectors),
    Entry(
        "AGammaL",
        ("k", "q"),
        "semilinear affine maps, order e·|AGL| for q = p^e",
        AGammaL,
        _vectors,
        ("AΓL",),
    ),
    Entry("PGL", ("k", "q"), "GL on the (q^k-1)/(q-1) projective points, order |SL|", PGL, _lines),
    Entry("PSL", ("k", "q"), "SL on projective points, order |SL|/gcd(k,q-1)", PSL, _lines, ("L",)),
    Entry(
        "PGammaL",
        ("k", "q"),
        "semilinear maps on projective points, order e·|PGL|",
        PGammaL,
        _lines,
        ("PΓL",),
    ),
)

_SPORADIC = (
    *(
        Entry(
            f"M{n}",
            (),
            f"Mathieu group, {n} points, order {MATHIEU_ORDERS[n]}",
            lambda n=n: mathieu(n),
            lambda n=n: n,
        )  # type: ignore[misc]
        for n in (11, 12, 22, 23, 24)
    ),
    Entry("HS", (), "Higman and Sims, 100 points, order 44352000", higman_sims, lambda: 100),
    Entry("J1", (), "Janko, 266 points, order 175560", janko1, lambda: 266),
)

_GEOMETRIC = (
    Entry(
        "Torus",
        ("a", "…"),
        "translations of an a × b × … grid with wrap-around, order a·b·…",
        torus,
        _grid,
    ),
    Entry(
        "p4",
        ("n",),
        "translations and quarter turns of an n × n torus, order 4n^2",
        p4,
        lambda n: n * n,
    ),
    Entry("p4m", ("n",), "the same with reflections, order 8n^2", p4m, lambda n: n * n),
    Entry("Rubik", (), "Rubik's cube, 48 stickers, order 43252003274489856000", rubik, lambda: 48),
)

ENTRIES: tuple[Entry, ...] = (*_FAMILIES, *_LINEAR, *_SPORADIC, *_GEOMETRIC)


def find(name: str) -> Entry | None:
    """The entry with this name or alias, whatever the case; None when there is none.

    Examples:
        >>> find("psl").name, find("nothing")
        ('PSL', None)
    """
    return _BY_NAME.get(name.casefold())


_BY_NAME = {
    spelling.casefold(): entry for entry in ENTRIES for spelling in (entry.name, *entry.aliases)
}
