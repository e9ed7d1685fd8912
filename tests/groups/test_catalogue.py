"""Every named group has the degree and order that it states; names are found whatever their case.

Orders are computed from the bare generators, so no constructor is believed, and compared with
numbers that are written down here. Small groups are also enumerated without a stabiliser chain.
"""

from __future__ import annotations

import math
import shutil
import subprocess

import pytest

from groups import PermutationGroup, group
from groups import catalogue as c

# Expression, degree, order: the numbers are from the literature, not from the code.
TABLE = [
    ("Trivial(0)", 0, 1),
    ("Trivial(1)", 1, 1),
    ("Trivial(7)", 7, 1),
    ("C1", 1, 1),
    ("C2", 2, 2),
    ("C12", 12, 12),
    ("D1", 1, 1),
    ("D2", 2, 2),
    ("D3", 3, 6),
    ("D10", 10, 20),
    ("S0", 0, 1),
    ("S1", 1, 1),
    ("S2", 2, 2),
    ("S6", 6, 720),
    ("S20", 20, 2432902008176640000),
    ("A0", 0, 1),
    ("A1", 1, 1),
    ("A2", 2, 1),
    ("A3", 3, 3),
    ("A4", 4, 12),
    ("A5", 5, 60),
    ("A20", 20, 1216451004088320000),
    ("V4", 4, 4),
    ("Q8", 8, 8),
    ("B0", 0, 1),
    ("B1", 2, 2),
    ("B3", 6, 48),
    ("B10", 20, 3715891200),
    ("Young(1)", 1, 1),
    ("Young(3,2,2)", 7, 24),
    ("Young(1,4,1)", 6, 24),
    ("Sylow(0,2)", 0, 1),
    ("Sylow(1,2)", 1, 1),
    ("Sylow(12,2)", 12, 1024),
    ("Sylow(12,3)", 12, 243),
    ("Sylow(12,5)", 12, 25),
    ("Sylow(12,13)", 12, 1),
    ("Sylow(27,3)", 27, 1594323),
    ("GL(1,2)", 2, 1),
    ("GL(1,7)", 7, 6),
    ("GL(2,3)", 9, 48),
    ("GL(3,2)", 8, 168),
    ("GL(2,4)", 16, 180),
    ("GL(4,2)", 16, 20160),
    ("SL(1,9)", 9, 1),
    ("SL(2,3)", 9, 24),
    ("SL(2,5)", 25, 120),
    ("SL(2,9)", 81, 720),
    ("SL(3,3)", 27, 5616),
    ("AGL(1,2)", 2, 2),
    ("AGL(1,8)", 8, 56),
    ("AGL(1,9)", 9, 72),
    ("AGL(2,3)", 9, 432),
    ("AGL(3,2)", 8, 1344),
    ("ASL(1,8)", 8, 8),
    ("ASL(2,3)", 9, 216),
    ("ASL(2,4)", 16, 960),
    ("AGammaL(1,4)", 4, 24),
    ("AGammaL(1,8)", 8, 168),
    ("AGammaL(1,9)", 9, 144),
    ("AGammaL(1,7)", 7, 42),
    ("PGL(2,2)", 3, 6),
    ("PGL(2,3)", 4, 24),
    ("PGL(2,5)", 6, 120),
    ("PGL(2,9)", 10, 720),
    ("PGL(3,2)", 7, 168),
    ("PGL(3,4)", 21, 60480),
    ("PSL(2,2)", 3, 6),
    ("PSL(2,3)", 4, 12),
    ("PSL(2,4)", 5, 60),
    ("PSL(2,7)", 8, 168),
    ("PSL(2,8)", 9, 504),
    ("PSL(2,11)", 12, 660),
    ("PSL(2,23)", 24, 6072),
    ("PSL(3,3)", 13, 5616),
    ("PSL(3,4)", 21, 20160),
    ("PSL(4,2)", 15, 20160),
    ("PGammaL(2,4)", 5, 120),
    ("PGammaL(2,8)", 9, 1512),
    ("PGammaL(2,9)", 10, 1440),
    ("PGammaL(3,4)", 21, 120960),
    ("M11", 11, 7920),
    ("M12", 12, 95040),
    ("M22", 22, 443520),
    ("M23", 23, 10200960),
    ("M24", 24, 244823040),
    ("HS", 100, 44352000),
    ("J1", 266, 175560),
    ("Torus(1)", 1, 1),
    ("Torus(3,4)", 12, 12),
    ("Torus(2,3,4)", 24, 24),
    ("p4(1)", 1, 1),
    ("p4(2)", 4, 8),
    ("p4(3)", 9, 36),
    ("p4(4)", 16, 64),
    ("p4m(1)", 1, 1),
    ("p4m(2)", 4, 8),
    ("p4m(3)", 9, 72),
    ("p4m(5)", 25, 200),
    ("Rubik", 48, 43252003274489856000),
]


def closure_size(generators: list[tuple[int, ...]], degree: int) -> int:
    """The number of products of generators, by multiplying until nothing new comes up."""
    identity = tuple(range(degree))
    found = {identity}
    queue = [identity]
    for x in queue:
        for g in generators:
            y = tuple(g[i] for i in x)
            if y not in found:
                found.add(y)
                queue.append(y)
    return len(found)


@pytest.mark.parametrize(("text", "degree", "order"), TABLE, ids=[row[0] for row in TABLE])
def test_degree_and_order(text: str, degree: int, order: int) -> None:
    G = group(text)
    assert (G.degree, G.order, G.name) == (degree, order, text)
    bare = PermutationGroup(G.generators, degree)
    assert bare.order == order
    if order * degree <= 5000:
        assert closure_size([tuple(g.images.tolist()) for g in G.generators], degree) == order
    assert G.labels is None or len(set(G.labels)) == degree


def test_every_entry_is_in_the_table_and_knows_its_degree() -> None:
    names = {text.rstrip("0123456789") for text, _, _ in TABLE} | {text for text, _, _ in TABLE}
    names |= {text.split("(")[0] for text, _, _ in TABLE}
    for entry in c.ENTRIES:
        assert entry.name in names, f"{entry.name} is not tested"
        for spelling in (entry.name, *entry.aliases):
            assert c.find(spelling) is c.find(spelling.upper()) is c.find(spelling.lower()) is entry
    assert c.find("S6") is None


def test_names_and_aliases_are_unambiguous() -> None:
    spellings = [s.casefold() for e in c.ENTRIES for s in (e.name, *e.aliases)]
    assert len(set(spellings)) == len(spellings)


@pytest.mark.parametrize(("text", "degree", "order"), TABLE, ids=[row[0] for row in TABLE])
def test_structure_is_true(text: str, degree: int, order: int) -> None:
    """What a constructor says of how a group was built holds with the same numbering of the
    points.
    """
    G = group(text)
    if G._structure is None:
        return
    kind, *rest = G._structure
    if kind == "symmetric":
        assert rest == [degree] and order == math.factorial(degree)
    elif kind == "alternating":
        assert rest == [degree] and degree > 2 and 2 * order == math.factorial(degree)
        assert all(g.sign == 1 for g in G.generators)
    elif kind == "cyclic":
        assert rest == [degree] and order == degree
        assert all(g(i) == (i + g(0)) % degree for g in G.generators for i in range(degree))
    elif kind == "dihedral":
        assert rest == [degree] and degree > 2 and order == 2 * degree
        shift_or_flip = [
            {(g(i) - s * i) % degree for i in range(degree)} for g in G.generators for s in (1, -1)
        ]
        assert all(
            min(map(len, shift_or_flip[k : k + 2])) == 1 for k in range(0, len(shift_or_flip), 2)
        )
    elif kind == "young":
        (parts,) = rest
        assert sum(parts) == degree and order == math.prod(map(math.factorial, parts))
        starts = [sum(parts[:k]) for k in range(len(parts))]
        assert G.orbits() == tuple(
            tuple(range(s, s + a)) for s, a in zip(starts, parts, strict=True)
        )
    elif kind == "wreath":
        base, top = rest
        assert PermutationGroup(G.generators, degree) == base.wreath_product(top)
    elif kind == "direct":
        (factors,) = rest
        assert PermutationGroup(G.generators, degree) == c.direct_product(*factors)
    else:
        pytest.fail(f"unknown structure {kind}")


def test_direct_product_of_any_number_of_groups() -> None:
    assert c.direct_product().degree == 0
    one = c.direct_product(c.symmetric(3))
    assert one == c.symmetric(3)
    G = c.direct_product(c.symmetric(3), c.trivial(0), c.cyclic(4), c.trivial(2))
    assert (G.degree, G.order) == (9, 24)
    assert PermutationGroup(G.generators, 9).order == 24
    assert G == c.symmetric(3).direct_product(c.cyclic(4).direct_product(c.trivial(2)))
    assert G.name == "S3 x Trivial(0) x C4 x Trivial(2)"
    unnamed = PermutationGroup(["(1,2,3)"])
    assert c.direct_product(unnamed, c.cyclic(2)).name is None
    assert c.direct_product(unnamed, c.cyclic(2)).order == 6


@pytest.mark.skipif(shutil.which("gap") is None, reason="GAP is not installed")
def test_orders_agree_with_gap() -> None:
    lines = []
    for text, degree, _ in TABLE:
        if degree:
            generators = ",".join(
                f"PermList({[i + 1 for i in g.images.tolist()]})" for g in group(text).generators
            )
            lines.append(f'Print(Size(Group([{generators}],())),"\\n");')
    run = subprocess.run(
        ["gap", "-q", "-A", "-T"],
        input="\n".join([*lines, "QUIT;"]),
        capture_output=True,
        text=True,
        timeout=120,
    )
    expected = [str(order) for _, degree, order in TABLE if degree]
    assert run.stdout.split() == expected
