"""Verifying at full size, and checking beside producing, for every kind of family.

CPU time (`python -m benchmarks verifier --cpu`) where a machine is shared. "produce" is `verify`
and the text of the certificate; "check" is the checker, standard library only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations, islice, product
from typing import Any

from benchmarks.harness import Contender, Row, contest, measure

Build = Callable[[], Any]


def listed_parities(count: int) -> Build:
    """Parity networks on 64 inputs, members spread over the class."""

    def build() -> Any:
        import symcsq as cs

        subsets = islice(combinations(range(64), 6), 0, 100 * count, 100)
        return cs.ParityNetworks(64, 6, subsets=subsets)

    return build


def listed_averages(count: int) -> Build:
    """Averages over C64, one for each of so many different orbits of 6-subsets."""

    def build() -> Any:
        import symcsq as cs
        from groups import group

        # Around the circle, the gaps between points determine the orbit. The last gap is longer
        # than all others, so that different gaps are different orbits.
        gaps = islice(product(range(1, 10), repeat=5), count)
        subsets = [[sum(g[:k]) for k in range(6)] for g in gaps]
        return cs.FrameAveraged(
            cs.ParityNetworks(64, 6, subsets=subsets), cs.frames.reynolds(group("C64"))
        )

    return build


def polynomials(expression: str, degree: int) -> Build:
    """All orbit sums of a degree."""

    def build() -> Any:
        import symcsq as cs
        from groups import group

        return cs.InvariantPolynomials(group(expression), degree)

    return build


def whole_parities(n: int, m: int) -> Build:
    """All parity networks, by formula."""

    def build() -> Any:
        import symcsq as cs

        return cs.ParityNetworks(n, m)

    return build


def whole_averages(expression: str, n: int, m: int) -> Build:
    """The averages of all parity networks over a group, by formula."""

    def build() -> Any:
        import symcsq as cs
        from groups import group

        return cs.FrameAveraged(cs.ParityNetworks(n, m), cs.frames.reynolds(group(expression)))

    return build


def rotations(count: int) -> Build:
    """Rotation networks in 64 dimensions, k = 8."""

    def build() -> Any:
        import symcsq as cs

        return cs.RotationNetworks(cs.isotropic_vectors(64, count, seed=1), power=8)

    return build


def convolutions(count: int) -> Build:
    """Convolutional networks with C16 on the rows, k = 4."""

    def build() -> Any:
        import symcsq as cs
        from groups import group

        vectors = cs.isotropic_vectors(16, count, seed=1)
        return cs.ConvolutionalNetworks(group("C16"), 2, vectors, power=4)

    return build


def graph_features(count: int) -> Build:
    """Graph networks on a cycle of eight vertices, 32 features, k = 4."""

    def build() -> Any:
        import networkx as nx

        import symcsq as cs

        vectors = cs.isotropic_vectors(32, count, seed=1)
        return cs.GraphFeatureNetworks(nx.cycle_graph(8), vectors, power=4)

    return build


def sparse_polynomials(degree: int, count: int) -> Build:
    """Sums of eight orbit sums."""

    def build() -> Any:
        import symcsq as cs
        from groups import group

        return cs.SparseInvariantPolynomials(group("C12"), degree, terms=8, size=count, seed=1)

    return build


def semi_invariants(degree: int) -> Build:
    """The alternating semi-invariants of a cyclic group."""

    def build() -> Any:
        import symcsq as cs
        from groups import group

        return cs.InvariantPolynomials(group("C12"), degree, character="sign")

    return build


def degree_parities(n: int) -> Build:
    """Parities of the numbers of vertices of each degree."""

    def build() -> Any:
        import symcsq as cs

        return cs.DegreeParityNetworks(n)

    return build


@cache
def produced(build: Build) -> tuple[bytes]:
    """The certificate, made once."""
    import symcsq as cs

    return (cs.verify(build()).certificate.text.encode(),)


def produce(family: Any) -> bool:
    """Verify and write."""
    import symcsq as cs

    report = cs.verify(family)
    return bool(report.certificate.text) and report.holds


def recheck(content: bytes) -> bool:
    """Check what was written."""
    from symcsq.verifier.checker import check

    return check(content).holds


def row(name: str, build: Build) -> Row:
    """Producing beside checking."""
    return Row(
        name,
        (
            Contender("symcsq produce", produce, lambda: (build(),)),
            Contender("symcsq check", recheck, lambda: produced(build)),
        ),
        answer=True,
    )


@contest(
    [
        row("invariant polynomials, C12, degree 4: 116 orbits", polynomials("C12", 4)),
        row("invariant polynomials, C24, degree 6: 19,811 orbits", polynomials("C24", 6)),
        row("parity networks: 5,000 members", listed_parities(5_000)),
        row("parity networks: 50,000 members", listed_parities(50_000)),
        row("averages over C64, m = 6: 5,000 members listed", listed_averages(5_000)),
    ]
)
def bench_orthogonal(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Structurally orthogonal families: 50,000 members in under 30 s."""
    measure(benchmark, row, contender)


@contest(
    [
        row("all averages over C64, m = 6: 1.2 million", whole_averages("C64", 64, 6)),
        row("all parity networks, n = 4096, m = 12", whole_parities(4096, 12)),
        row("all invariant polynomials, C64, degree 6", polynomials("C64", 6)),
        row("all invariant polynomials, S8 on pairs, degree 8", polynomials("S8 on pairs", 8)),
    ]
)
def bench_whole_classes(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Classes that are too large to be listed: at once."""
    measure(benchmark, row, contender)


@contest(
    [
        row("rotation networks: 100 members", rotations(100)),
        row("rotation networks: 2,000 members", rotations(2_000)),
        row("convolutional networks: 300 members", convolutions(300)),
        row("graph feature networks: 1,000 members", graph_features(1_000)),
        row("sparse invariant polynomials, C12: 1,000 members", sparse_polynomials(5, 1_000)),
        row("semi-invariants, C12, degree 5", semi_invariants(5)),
        row("degree-parity networks, n = 7", degree_parities(7)),
    ]
)
def bench_correlated(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Families whose members correlate: every pair is computed, and computed again by the check."""
    measure(benchmark, row, contender)
