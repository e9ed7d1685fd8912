"""Characters, Molien series and bases of invariants beside GAP, Singular and Macaulay2.

Every round starts from a fresh group that knows nothing but its generators, unless the row says
that its structure may be used. Answers that are compared: the number of irreducible characters and
the sum of their degrees, a Molien coefficient, the number of basis elements, the number of
generators.
"""

from __future__ import annotations

from math import comb
from typing import Any

from benchmarks.bench_groups import gap_group, images_of, our_bare_group, our_group
from benchmarks.harness import Contender, Row, contest, gap_peer, measure, system_peer

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


# The first ring may print remarks on the installation.
FINVAR = 'LIB "finvar.lib";ring Z=0,(x(1..2)),dp;kill Z;print("ready");'


def cycle_lists(images: list[int]) -> list[list[int]]:
    """The cycles of a permutation on points from 1, without fixed points."""
    from groups import Permutation

    return [[p + 1 for p in cycle] for cycle in Permutation(images).cycles() if len(cycle) > 1]


def singular_matrices(images: list[list[int]]) -> str:
    """Singular's permutation matrices A0, A1, …"""
    n = len(images[0])
    return "".join(
        f"matrix A{k}[{n}][{n}];" + "".join(f"A{k}[{i + 1},{j + 1}]=1;" for i, j in enumerate(g))
        for k, g in enumerate(images)
    )


def basis_row(
    name: str, degree: int, answer: int, *, gap: bool = True, algebra: bool = False
) -> Row:
    """Orbit sums of one degree; Singular and Macaulay2 by their own linear algebra."""
    images = images_of(name)
    n = len(images[0])
    program = (
        f"G:={gap_group(images)};; v:=Concatenation(List(Filtered(Partitions({degree}),"
        f"p->Length(p)<={n}),p->PermutationsList(Concatenation(p,ListWithIdenticalEntries("
        f"{n}-Length(p),0)))));; Print(Length(OrbitsDomain(G,v,Permuted)));"
    )
    names = ",".join(f"A{k}" for k in range(len(images)))
    rows = ",".join(f"(id_(ZZ^{n}))_{{{','.join(map(str, g))}}}" for g in images)
    systems = (
        system_peer(
            "Singular",
            f"ring R=0,(x(1..{n})),dp;{singular_matrices(images)}"
            f"ideal B=invariant_basis({degree},{names});print(size(B));kill R;",
            prelude=FINVAR,
        ),
        system_peer(
            "Macaulay2",
            f"R=QQ[x_1..x_{n}]; G=finiteAction({{{rows}}},R); "
            f'<< #invariants(G,{degree},Strategy=>"LinearAlgebra") << endl;',
            prelude='needsPackage "InvariantRing"; << "ready" << endl;',
        ),
    )
    return Row(
        f"invariants of {name} of degree {degree}",
        (
            Contender(
                "symcsq", lambda g: g.invariant_basis(degree).dimension, lambda: our_group(name)
            ),
            *((gap_peer(program),) if gap else ()),
            *(systems if algebra else ()),
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
        basis_row("S5 on pairs", 6, 76, algebra=True),
        basis_row("M11", 6, 13, algebra=True),
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
    images = images_of(name)
    generators = ",".join(
        "list(" + ",".join(f"list({','.join(map(str, c))})" for c in cycle_lists(g)) + ")"
        for g in images
    )

    def call(g: Any) -> int:
        from groups.invariant_ring import invariant_ring

        return len(invariant_ring(g).generators)

    return Row(
        f"minimal generators of the invariants of {name}",
        (
            Contender("symcsq", call, lambda: our_group(name)),
            system_peer(
                "Singular",
                f"ring R=0,(x(1..{len(images[0])})),dp;list L=list({generators});"
                "matrix B=invariant_algebra_perm(L,0);print(ncols(B));kill L;kill R;",
                prelude=FINVAR,
            ),
        ),
        answer=answer,
    )


@contest(
    [
        ring_row("C6", 20),
        ring_row("C8", 65),
        ring_row("D8", 35),
        ring_row("AGL(3,2)", 14),
        ring_row("C12", 367),
    ]
)
def bench_invariant_rings(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Minimal generating sets up to the last degree that can hold one."""
    measure(benchmark, row, contender)
