"""Permutation groups beside sympy and GAP: orders, orbits, canonical images, counts.

Every round starts from a fresh group that knows nothing but its generators. A floor is named where
there is one: for listings the time NumPy takes to write the objects down once.
"""

from __future__ import annotations

import random
from functools import cache
from itertools import combinations, combinations_with_replacement
from math import comb, factorial
from typing import Any

from benchmarks.harness import Contender, Row, contest, gap_peer, measure, python_peer


def images_of(expression: str) -> list[list[int]]:
    """The generators of a group as image lists."""
    from groups import group

    return [generator.images.tolist() for generator in group(expression).generators]


def our_group(expression: str) -> tuple[Any]:
    """The group, fresh, as its constructor makes it."""
    from groups import group

    return (group(expression),)


def our_bare_group(images: list[list[int]]) -> tuple[Any]:
    """The same group, fresh, without what its constructor knew."""
    from groups import PermutationGroup

    return (PermutationGroup(images, degree=len(images[0])),)


def sympy_group(images: list[list[int]]) -> tuple[Any]:
    """The same group, fresh, in sympy."""
    from sympy.combinatorics import Permutation, PermutationGroup

    return (PermutationGroup([Permutation(image) for image in images]),)


def gap_group(images: list[list[int]]) -> str:
    """The same group as a GAP expression; GAP's points count from 1."""
    generators = ",".join(f"PermList({[i + 1 for i in image]})" for image in images)
    return f"Group([{generators}])"


# -- order and chain ------------------------------------------------------------------------------

LONG_CYCLE = 200


def order_row(name: str, images: list[list[int]], order: int, *, sympy_slow: bool = False) -> Row:
    """Order of a group given by generators alone, by a verified stabiliser chain."""
    return Row(
        f"order of {name} ({len(images[0])} points)",
        (
            Contender("symcsq", lambda g: g.order, lambda: our_bare_group(images)),
            python_peer("sympy", lambda g: g.order(), lambda: sympy_group(images), slow=sympy_slow),
            gap_peer(f"Print(Size({gap_group(images)}));"),
        ),
        answer=order,
    )


def order_rows() -> list[Row]:
    """The groups of the speed list, small ones first."""
    named = {
        "M24": 244823040,
        "PSL(3,4)": 20160,
        "S8 on pairs": factorial(8),
        "B10": 2**10 * factorial(10),
        "Rubik": 43252003274489856000,
        "S12 on pairs": factorial(12),
        "S5 wr S4": factorial(5) ** 4 * factorial(4),
        "HS": 44352000,
        "Torus(32,32)": 1024,
        "S50": factorial(50),
        "A100": factorial(100) // 2,
    }
    rows = [order_row(name, images_of(name), order) for name, order in named.items()]
    swap = [1, 0, *range(2, LONG_CYCLE)]
    cycle = [*range(1, LONG_CYCLE), 0]
    name = f"<(1 2), (1 2 … {LONG_CYCLE})>"
    return [*rows, order_row(name, [swap, cycle], factorial(LONG_CYCLE), sympy_slow=True)]


@contest(order_rows())
def bench_order(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Order and a verified base and strong generating set."""
    measure(benchmark, row, contender)


# -- listing orbits -------------------------------------------------------------------------------


def sympy_orbit_count(group: Any, objects: list[tuple[int, ...]], ordered: bool) -> int:
    """Orbits on point tuples in sympy: induced permutations of the objects, then its `orbits`."""
    from sympy.combinatorics import Permutation, PermutationGroup

    place = {item: index for index, item in enumerate(objects)}
    induced = []
    for generator in group.generators:
        image = generator.array_form
        moved = (tuple(image[point] for point in item) for item in objects)
        induced.append(
            Permutation([place[item if ordered else tuple(sorted(item))] for item in moved])
        )
    # sympy's orbits leave out fixed points only when none of the generators was built with a size.
    return len(PermutationGroup(induced).orbits())


def grid_images(size: int) -> list[list[int]]:
    """S_n x S_n on the entries of a matrix: a swap and a cycle of the rows, and of the columns."""
    swap, cycle = [1, 0, *range(2, size)], [*range(1, size), 0]
    rows = [[p[r] * size + c for r in range(size) for c in range(size)] for p in (swap, cycle)]
    columns = [[r * size + p[c] for r in range(size) for c in range(size)] for p in (swap, cycle)]
    return rows + columns


def exponent_row(
    name: str,
    degree: int,
    orbits: int,
    *,
    images: list[list[int]] | None = None,
    slow: bool = False,
) -> Row:
    """Orbits on the monomials of a degree; sympy and GAP see them as multisets of points."""
    fresh = (lambda: our_group(name)) if images is None else (lambda: our_bare_group(images))
    images = images_of(name) if images is None else images
    n = len(images[0])
    return Row(
        f"orbits of {name} on monomials of degree {degree}",
        (
            Contender("symcsq", lambda g: len(g.orbits_on_exponents(degree)), fresh),
            python_peer(
                "sympy",
                lambda g: sympy_orbit_count(
                    g, list(combinations_with_replacement(range(n), degree)), False
                ),
                lambda: sympy_group(images),
                slow=slow,
            ),
            gap_peer(
                f"Print(Length(OrbitsDomain({gap_group(images)}, "
                f"UnorderedTuples([1..{n}], {degree}), "
                "function(t, g) return SortedList(OnTuples(t, g)); end)));",
                slow=slow,
            ),
        ),
        answer=orbits,
        objects=comb(n + degree - 1, degree),
    )


def subset_row(
    name: str, size: int, orbits: int, *, algorithm: str | None = None, slow: bool = False
) -> Row:
    """Orbits on subsets."""
    images = images_of(name)
    n = len(images[0])
    options: dict[str, Any] = {"algorithm": algorithm} if algorithm else {}
    return Row(
        f"orbits of {name} on {size}-subsets" + (f" ({algorithm})" if algorithm else ""),
        (
            Contender(
                "symcsq",
                lambda g: len(g.orbits_on_subsets(size, **options)),
                lambda: our_group(name),
            ),
            python_peer(
                "sympy",
                lambda g: sympy_orbit_count(g, list(combinations(range(n), size)), False),
                lambda: sympy_group(images),
                slow=slow,
            ),
            gap_peer(
                f"Print(Length(OrbitsDomain({gap_group(images)}, "
                f"Combinations([1..{n}], {size}), OnSets)));",
                slow=slow,
            ),
        ),
        answer=orbits,
        objects=comb(n, size),
    )


@contest(
    [
        exponent_row("C12", 4, 116),
        exponent_row("M12", 8, 25),
        # One degree, growing n: the column "ns per object" shows how the cost grows.
        exponent_row("C15", 5, 776),
        exponent_row("C20", 5, 2126, slow=True),
        exponent_row("C25", 5, 4751, slow=True),
        exponent_row("C30", 5, 9276),
        exponent_row("D16", 8, 15581),
        exponent_row("S4 x S4 on 4 x 4 entries", 8, 1403, images=grid_images(4)),
    ]
)
def bench_orbits_of_exponents(
    benchmark: Any, row: Row, contender: Contender, position: int
) -> None:
    """Representatives and sizes of all orbits on exponent vectors."""
    measure(benchmark, row, contender)


@contest(
    [
        subset_row("S6 on pairs", 4, 9),
        subset_row("M24", 12, 5, slow=True),
        subset_row("S8 on pairs", 10, 663, slow=True),
    ]
)
def bench_orbits_of_subsets(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Representatives and sizes of all orbits on subsets."""
    measure(benchmark, row, contender)


# -- canonical images -----------------------------------------------------------------------------


def canonical_row(question: str, build: str, vectors: list[tuple[int, ...]]) -> Row:
    """Least images of the same vectors in every run; the group keeps its stabiliser chain."""

    @cache
    def warm() -> Any:
        from groups import group

        known = group(build)
        known.canonical(vectors[0])
        return known

    def element_by_element(group: Any) -> list[Any]:
        return [group.random_element(seed).act_on_vector(v) for seed, v in enumerate(vectors)]

    return Row(
        question,
        (
            Contender(
                "symcsq",
                lambda group: [group.canonical(vector).representative for vector in vectors],
                lambda: (warm(),),
            ),
            Contender("floor: one random element each", element_by_element, lambda: (warm(),)),
        ),
        objects=len(vectors),
    )


def random_vectors(length: int, largest: int, count: int) -> list[tuple[int, ...]]:
    """The same vectors in every run."""
    source = random.Random(length)
    return [tuple(source.randint(0, largest) for _ in range(length)) for _ in range(count)]


def random_indicators(length: int, ones: int, count: int) -> list[tuple[int, ...]]:
    """Indicator vectors of subsets, the same in every run."""
    source = random.Random(length)
    chosen = [set(source.sample(range(length), ones)) for _ in range(count)]
    return [tuple(int(point in subset) for point in range(length)) for subset in chosen]


@contest(
    [
        canonical_row("canonical image, length 30 under C30", "C30", random_vectors(30, 4, 10)),
        canonical_row("canonical image, 8-subset under M24", "M24", random_indicators(24, 8, 10)),
        canonical_row(
            "canonical image, length 30 under S5 wr S6", "S5 wr S6", random_vectors(30, 4, 10)
        ),
        canonical_row(
            "canonical image, graph on 10 nodes", "S10 on pairs", random_indicators(45, 22, 3)
        ),
    ]
)
def bench_canonical(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Least images; "ns per object" is the time for one of them."""
    measure(benchmark, row, contender)


# -- counting without listing ---------------------------------------------------------------------


def count_row(question: str, build: str, call: str, arguments: tuple[int, ...]) -> Row:
    """A coefficient of the cycle index of a fresh group."""
    return Row(
        question,
        (Contender("symcsq", lambda g: getattr(g, call)(*arguments), lambda: our_group(build)),),
    )


@contest(
    [
        count_row("count: M11 on exponents of degree 8", "M11", "count_orbits_on_exponents", (8,)),
        count_row(
            "count: S200 on exponents of degree 20", "S200", "count_orbits_on_exponents", (20,)
        ),
        count_row("count: C1024 on 10-subsets", "C1024", "count_orbits_on_subsets", (10,)),
        count_row(
            "count: S12 on pairs on exponents of degree 12",
            "S12 on pairs",
            "count_orbits_on_exponents",
            (12,),
        ),
    ]
)
def bench_counting(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Orbits counted by the cycle index (M6)."""
    measure(benchmark, row, contender)
