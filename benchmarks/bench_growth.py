"""Classes by formula at full size: row sums of degree parities (M21), and growth tables."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from benchmarks.harness import Contender, Row, contest, measure


def row_sum(n: int) -> Fraction:
    """R of all 2^(n-2) degree parities, from nothing."""
    import symcsq as cs
    from symcsq.constructions import degree_statistics

    for name in vars(degree_statistics).values():  # tables of an earlier round
        getattr(name, "cache_clear", int)()
    return cs.DegreeParityNetworks(n).row_sum()


def parities(n: int) -> Row:
    """The row for n vertices."""
    return Row(
        f"degree parities of {n} vertices: R of {1 << (n - 2)} members",
        (Contender("symcsq", row_sum, lambda: (n,), slow=n > 14),),
        objects=1 << (n - 2),
    )


@contest([parities(n) for n in (8, 12, 14, 16)])
def bench_degree_parities(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """n = 14 in under 60 s; n = 16 with --all-peers."""
    measure(benchmark, row, contender)


def last_queries(name: str, variant: str | None) -> int:
    """The last row of the default table."""
    import symcsq as cs

    queries = cs.growth(name, variant=variant)[-1].queries
    assert queries is not None
    return queries


def table(name: str, variant: str | None = None) -> Row:
    """The row for one table of the documentation."""
    return Row(
        f"growth of {name}{f' ({variant})' if variant else ''}",
        (Contender("symcsq", last_queries, lambda: (name, variant)),),
    )


@contest(
    [
        table("frame-averaged"),
        table("invariant-polynomials"),
        table("rotation-networks"),
        table("rotation-networks", "all"),
        table("convolutional-networks"),
    ]
)
def bench_tables(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Whole tables by formula: classes with sizes of tens of digits."""
    measure(benchmark, row, contender)
