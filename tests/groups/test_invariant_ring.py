"""Minimal generators of invariant rings, against zero-sum sequences and known degrees."""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations_with_replacement
from math import comb, factorial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import PermutationGroup, group
from groups.errors import ParameterError, TooLargeError
from groups.exact_linear_algebra import reduced_rows
from groups.invariant_ring import exact_pivots, goebel_bound, invariant_ring


def minimal_zero_sums(n: int) -> Counter[int]:
    """Lengths of the minimal zero-sum sequences modulo n: the minimal invariants of C_n."""
    found: list[Counter[int]] = []
    lengths: Counter[int] = Counter()
    for length in range(1, n + 1):
        for sequence in combinations_with_replacement(range(n), length):
            counts = Counter(sequence)
            if sum(sequence) % n == 0 and not any(atom <= counts for atom in found):
                found.append(counts)
                lengths[length] += 1
    return lengths


@pytest.mark.parametrize("n", range(1, 8))
def test_cyclic_groups_have_the_generators_of_their_diagonal_form(n: int) -> None:
    ring = invariant_ring(group(f"C{n}"))
    assert ring.is_complete and Counter(ring.generator_degrees) == minimal_zero_sums(n)


@pytest.mark.parametrize("n", range(1, 7))
def test_symmetric_and_alternating_groups(n: int) -> None:
    ring = invariant_ring(group(f"S{n}"))
    assert ring.generator_degrees == tuple(range(1, n + 1)) and ring.is_complete
    if n > 2:
        expected = sorted([*range(1, n + 1), comb(n, 2)])
        assert list(invariant_ring(group(f"A{n}")).generator_degrees) == expected


# All transitive groups of degree up to 6, numbered by GAP; degrees of generators by Singular.
GOLDEN = Path(__file__).with_name("golden") / "transitive_groups.json"
TRANSITIVE = json.loads(GOLDEN.read_text(encoding="utf-8"))["groups"]


Terms = dict[tuple[int, ...], int]


def expanded(first: Terms, second: Terms) -> Terms:
    """The product of two polynomials."""
    product: Terms = {}
    for a, c in first.items():
        for b, e in second.items():
            key = tuple(np.add(a, b).tolist())
            product[key] = product.get(key, 0) + c * e
    return product


def reduced(polynomials: list[Terms]) -> list[Terms]:
    """A basis of the span."""
    names = sorted({key for p in polynomials for key in p})
    number = {key: i for i, key in enumerate(names)}
    rows = [{number[k]: c for k, c in p.items()} for p in polynomials]
    return [{names[i]: c for i, c in row.items()} for row in reduced_rows(rows, len(names))]


def test_the_table_has_every_transitive_group() -> None:
    assert Counter(entry["degree"] for entry in TRANSITIVE) == {1: 1, 2: 1, 3: 2, 4: 5, 5: 5, 6: 16}
    groups = [PermutationGroup(entry["generators"], entry["degree"]) for entry in TRANSITIVE]
    assert all(
        g.is_transitive and g.order == e["order"] for g, e in zip(groups, TRANSITIVE, strict=True)
    )
    assert len({(g.degree, g.order, g.cycle_index()) for g in groups}) == 30


@pytest.mark.parametrize(
    "entry", TRANSITIVE, ids=[f"T({e['degree']},{e['number']})" for e in TRANSITIVE]
)
def test_transitive_groups(entry: dict[str, Any]) -> None:
    """Degrees by Singular; low degrees again by expanding products as polynomials."""
    g = PermutationGroup(entry["generators"], entry["degree"])
    ring = invariant_ring(g)
    assert list(ring.generator_degrees) == entry["generator_degrees"]
    # Göbel's bound, and Noether's.
    assert ring.is_complete
    assert max(ring.generator_degrees) <= min(goebel_bound(g.degree), g.order)
    assert sum(ring.secondary_degrees) * g.order == factorial(g.degree)
    n = g.degree
    spans: dict[int, list[Terms]] = {0: [{(0,) * n: 1}]}
    generators = [(sum(f.representative), f.terms()) for f in ring.generators]
    for d in range(1, 6):
        lower = [(degree, terms) for degree, terms in generators if degree < d]
        products = [
            expanded(terms, other) for degree, terms in lower for other in spans[d - degree]
        ]
        fresh = [terms for degree, terms in generators if degree == d]
        count = g.molien_series().coefficient(d)
        # Minimal: products of lower generators leave room for exactly the new ones.
        assert len(reduced(products)) == count - len(fresh)
        spans[d] = reduced(products + fresh)
        assert len(spans[d]) == count


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("D4", (1, 2, 2, 3, 4)),
        ("PSL(2,5)", (1, 2, 3, 3, 4, 5, 5, 6, 6, 7)),
        ("AGL(3,2)", (1, 2, 3, 4, 4, 5, 6, 6, 7, 7, 8, 8, 9, 10)),
    ],
)
def test_known_degrees(text: str, degrees: tuple[int, ...]) -> None:
    assert invariant_ring(group(text)).generator_degrees == degrees


def test_intransitive_and_trivial_groups() -> None:
    assert invariant_ring(PermutationGroup([], 0)).generators == ()
    assert invariant_ring(PermutationGroup([], 3)).generator_degrees == (1, 1, 1)
    assert invariant_ring(group("S2 x S2")).generator_degrees == (1, 1, 2, 2)
    assert invariant_ring(group("(1,2)(3,4)")).generator_degrees == (1, 1, 2, 2, 2)


def test_partial_answers() -> None:
    ring = invariant_ring(group("C5"), max_degree=3)
    assert ring.generator_degrees == (1, 2, 2, 3, 3, 3, 3) and not ring.is_complete
    assert invariant_ring(group("C5"), max_degree=99).is_complete


def test_bad_input() -> None:
    with pytest.raises(ParameterError, match="max_degree"):
        invariant_ring(group("C3"), max_degree=-1)
    with pytest.raises(TooLargeError, match="secondary invariants, more than 60000"):
        invariant_ring(group("D10"))


def test_exact_pivots_survive_a_bad_prime() -> None:
    p = 2**31 - 1
    assert exact_pivots(np.array([[p, 0, 1], [0, 0, 1], [p, 0, 2]])) == {0, 2}
    # The first column vanishes modulo p alone: the second would be the pivot there.
    assert exact_pivots(np.array([[p, 1, 1]])) == {0}


@settings(max_examples=40)
@given(
    st.integers(1, 6).flatmap(
        lambda k: st.lists(
            st.lists(st.sampled_from([0, 0, 1, -1, 3, 10**6, 2**31 - 1]), min_size=k, max_size=k),
            min_size=1,
            max_size=12,
        )
    )
)
def test_exact_pivots_are_those_of_exact_elimination(rows: list[list[int]]) -> None:
    sparse = [{j: x for j, x in enumerate(row) if x} for row in rows]
    expected = {min(row) for row in reduced_rows([r for r in sparse if r], len(rows[0]))}
    assert exact_pivots(np.array(rows)) == expected


ABELIAN = ["C1", "C2", "C4", "C6", "C7", "S2 x S2", "(1,2)(3,4)", "C2 x C4", "(1,2,3)(4,5,6)"]


@pytest.mark.parametrize("text", ABELIAN)
def test_zero_sums_choose_the_generators_that_linear_algebra_does(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = invariant_ring(group(text))
    monkeypatch.setattr("groups.invariant_ring.is_diagonalised", lambda g: False)
    assert invariant_ring(group(text)) == short


@pytest.mark.parametrize("n", range(8, 11))
def test_zero_sums_of_larger_cyclic_groups(n: int) -> None:
    ring = invariant_ring(group(f"C{n}"))
    assert ring.is_complete and max(ring.generator_degrees) == n
    # Published numbers of minimal zero-sum sequences modulo n.
    assert len(ring.generators) == {8: 65, 9: 119, 10: 166}[n]


@pytest.mark.parametrize("text", ["C6", "D5", "A4", "S2 wr S3", "PSL(2,5)"])
def test_no_generator_beyond_the_bounds(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound by the order of the group only saves work."""
    known = invariant_ring(group(text))
    monkeypatch.setattr("groups.invariant_ring.is_diagonalised", lambda g: False)
    monkeypatch.setattr("groups.invariant_ring.noether_bound", lambda g: 10**9)
    longer = invariant_ring(group(text))
    assert longer.generators == known.generators and longer.degree_bound >= known.degree_bound
