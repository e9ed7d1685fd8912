"""Characters, Molien series and bases of invariants beside GAP.

Every round starts from a fresh group that knows nothing but its generators, unless the row says
that its structure may be used. Answers that are compared: the number of irreducible characters and
the sum of their degrees, a Molien coefficient, the number of basis elements, the number of
generators.
"""

from __future__ import annotations

from math import comb
from typing import Any

from benchmarks.bench_groups import gap_group, images_of, our_bare_group, our_group
from benchmarks.harness import Contender, Row, contest, gap_peer, measure

# -- character tables -----------------------------------------------------------------------------

SYLOW = [
    [1, 0, 2, 3, 4, 5, 6, 7, 8, 9],
    [2, 3, 0, 1, 4, 5, 6, 7, 8, 9],
    [4, 5, 6, 7, 0, 1, 2, 3, 8, 9],
    [0, 1, 2, 3, 4, 5, 6, 7, 9, 8],
]


def table_answer(g: Any) -> str:
    """Number of irreducible characters and sum of their degrees."""
    degrees = g.character_table().degrees
    return f"{len(degrees)} {sum(degrees)}"


def table_row(name: str, answer: str, *, structure: bool = False, gap: bool = True) -> Row:
    """A complete verified character table."""
    images = SYLOW if name == "Sylow 2-subgroup of S10" else images_of(name)
    if structure:
        ours = Contender("symcsq", table_answer, lambda: our_group(name))
    else:
        ours = Contender("symcsq", table_answer, lambda: our_bare_group(images))
    program = (
        f'G:={gap_group(images)};; i:=IrrDixonSchneider(G);;Print(Length(i)," ",Sum(i,x->x[1]));'
    )
    peers = (gap_peer(program),) if gap else ()
    known = ", structure known" if structure else ""
    return Row(f"character table of {name}{known}", (ours, *peers), answer=answer)


@contest(
    [
        table_row("PSL(2,7)", "6 28"),
        table_row("Sylow 2-subgroup of S10", "40 88"),
        table_row("M11", "10 218"),
        table_row("AGL(3,2)", "11 98"),
        table_row("PSL(2,31)", "18 496", gap=False),
        table_row("M12", "15 924"),
        table_row("S4 wr S3", "65 1720", structure=True),
        table_row("M22", "12 1806"),
        table_row("M24", "26 49406"),
        table_row("S20", "627 23758664096", structure=True, gap=False),
    ]
)
def bench_character_tables(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Classes, characters and the proof of orthogonality."""
    measure(benchmark, row, contender)


# -- Molien series --------------------------------------------------------------------------------


def molien_row(name: str, degree: int, *, gap: bool = True) -> Row:
    """The closed form, and one coefficient of it; the structure of the group may be used."""
    program = (
        f"G:={gap_group(images_of(name))};;"
        f"Print(ValueMolienSeries(MolienSeries(NaturalCharacter(G)),{degree}));"
    )
    return Row(
        f"Molien series of {name}",
        (
            Contender(
                "symcsq", lambda g: g.molien_series().coefficient(degree), lambda: our_group(name)
            ),
            *((gap_peer(program),) if gap else ()),
        ),
    )


@contest(
    [
        molien_row("PSL(2,11)", 8, gap=False),
        molien_row("C100", 3, gap=False),
        molien_row("M12", 8),
        molien_row("S6 on pairs", 8),
        molien_row("S10 on pairs", 8, gap=False),
    ]
)
def bench_molien(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Molien series in lowest terms (M5)."""
    measure(benchmark, row, contender)


# -- bases ----------------------------------------------------------------------------------------


def basis_row(name: str, degree: int, answer: int, *, gap: bool = True) -> Row:
    """Orbit sums of one degree."""
    images = images_of(name)
    n = len(images[0])
    program = (
        f"G:={gap_group(images)};; v:=Concatenation(List(Filtered(Partitions({degree}),"
        f"p->Length(p)<={n}),p->PermutationsList(Concatenation(p,ListWithIdenticalEntries("
        f"{n}-Length(p),0)))));; Print(Length(OrbitsDomain(G,v,Permuted)));"
    )
    return Row(
        f"invariants of {name} of degree {degree}",
        (
            Contender(
                "symcsq", lambda g: g.invariant_basis(degree).dimension, lambda: our_group(name)
            ),
            *((gap_peer(program),) if gap else ()),
        ),
        answer=answer,
        objects=comb(n + degree - 1, degree),
    )


def component_row(name: str, character_degree: int, degree: int, answer: int) -> Row:
    """The isotypic component of the first irreducible character of a degree."""

    def call(g: Any) -> int:
        chi = next(c for c in g.character_table() if c.degree == character_degree)
        return int(g.invariant_basis(degree, chi).dimension)

    return Row(
        f"component of dimension {character_degree} of {name} in degree {degree}",
        (Contender("symcsq", call, lambda: our_group(name)),),
        answer=answer,
    )


@contest(
    [
        component_row("S4", 2, 12, 76),
        basis_row("M11", 6, 13),
        basis_row("S5 on pairs", 6, 76),
        basis_row("S5 on pairs", 8, 291),
        basis_row("D16", 10, 102817, gap=False),
    ]
)
def bench_bases(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Bases of invariants and of isotypic components (M2, M4)."""
    measure(benchmark, row, contender)


# -- invariant rings ------------------------------------------------------------------------------


def ring_row(name: str, answer: int) -> Row:
    """The number of minimal generators of the invariant ring, proved complete."""

    def call(g: Any) -> int:
        from groups.invariant_ring import invariant_ring

        return len(invariant_ring(g).generators)

    return Row(
        f"minimal generators of the invariants of {name}",
        (Contender("symcsq", call, lambda: our_group(name)),),
        answer=answer,
    )


@contest([ring_row("C6", 20), ring_row("AGL(3,2)", 14), ring_row("D8", 35), ring_row("C8", 65)])
def bench_invariant_rings(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Minimal generating sets up to the last degree that can hold one."""
    measure(benchmark, row, contender)
