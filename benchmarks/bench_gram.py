"""Exact Gram matrices beside the fastest inexact way to the same numbers, and beside flint.

Times are CPU time of one thread (`python -m benchmarks gram --cpu`) where a machine is shared.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

from benchmarks.harness import Contender, Row, contest, measure, python_peer

PRODUCTS = ((200, 20), (2000, 20))
LARGE_PRODUCTS = ((150, 100), (2000, 100))
SPARSE = ((300, 2000), (4000, 20000))
FAMILIES = (200, 2000)


@cache
def matrices(size: int, bits: int) -> tuple[Any, Any]:
    """Two square matrices of signed integers with so many bits, always the same."""
    import numpy as np

    numbers = random.Random(size * bits)
    half = 1 << (bits - 1)
    found = []
    for _ in range(2):
        entries = np.empty((size, size), dtype=object)
        entries[:] = [[numbers.getrandbits(bits) - half for _ in range(size)] for _ in range(size)]
        found.append(entries.astype(np.int64) if bits < 60 else entries)
    return found[0], found[1]


def exact(left: Any, right: Any) -> Any:
    """``left @ right.T`` for matrices that were read."""
    from symcsq.verifier.integer_products import exact_product

    return Answer(exact_product(left, right).entry)


class Answer:
    """A product, of which three entries are compared."""

    def __init__(self, entry: Callable[[int, int], int]) -> None:
        self.entry = entry

    def __str__(self) -> str:
        return str([int(self.entry(i, j)) for i, j in ((0, 0), (0, 7), (11, 3))])


def read(size: int, bits: int) -> tuple[Any, Any]:
    """The matrices as the exact product takes them."""
    from symcsq.verifier.integer_products import IntegerMatrix

    left, right = matrices(size, bits)
    return IntegerMatrix.of(left), IntegerMatrix.of(right)


def flint_matrices(size: int, bits: int) -> tuple[Any, Any]:
    """The matrices as flint takes them, the second one transposed."""
    import flint

    left, right = matrices(size, bits)
    return tuple(  # type: ignore[return-value]
        flint.fmpz_mat(size, size, m.astype(object).ravel().tolist()) for m in (left, right.T)
    )


def flint_product(left: Any, right: Any) -> Answer:
    """flint's product of integer matrices."""
    product = left * right
    return Answer(lambda i, j: int(product[i, j]))


def doubles(size: int, bits: int) -> tuple[Any, Any]:
    """The matrices as float64."""
    left, right = matrices(size, bits)
    return left.astype(float), right.astype(float)


def double_product(left: Any, right: Any) -> Answer:
    """One dgemm: exact here, because every partial sum stays below 2**53."""
    product = left @ right.T
    return Answer(lambda i, j: int(product[i, j]))


def expected(size: int, bits: int) -> str:
    """Three entries by Python integers."""
    left, right = (m.tolist() for m in matrices(size, bits))
    return str(Answer(lambda i, j: sum(a * b for a, b in zip(left[i], right[j], strict=True))))


class Lazy:
    """An expected answer that is computed when it is needed."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = cache(make)

    def __str__(self) -> str:
        return self._make()


def product_row(size: int, bits: int) -> Row:
    """One product of two dense square matrices."""
    floor = (Contender("floor: dgemm", double_product, lambda: doubles(size, bits)),)
    return Row(
        f"dense exact product, {size} x {size}, {bits}-bit entries",
        (
            Contender("symcsq", exact, lambda: read(size, bits)),
            *(floor if bits < 60 else ()),
            python_peer("flint", flint_product, lambda: flint_matrices(size, bits)),
        ),
        answer=Lazy(lambda: expected(size, bits)),
        objects=size * size,
    )


@contest([product_row(*shape) for shape in PRODUCTS])
def bench_dense_products(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Small entries: within 1.5 times of one dgemm."""
    measure(benchmark, row, contender)


@contest([product_row(*shape) for shape in LARGE_PRODUCTS])
def bench_large_entries(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Entries beyond float64: at least twice as fast as flint."""
    measure(benchmark, row, contender)


# -- sparse coefficients ---------------------------------------------------------------------------


@cache
def sparse_functions(members: int, orbits: int) -> tuple[Any, Any]:
    """Functions with 20-bit coefficients at one orbit in a hundred, and the orbits' norms."""
    import numpy as np

    numbers = np.random.default_rng(members)
    rows = []
    for _ in range(members):
        places = np.flatnonzero(numbers.random(orbits) < 0.01)
        values = numbers.integers(-(2**20) + 1, 2**20, size=len(places))
        rows.append(dict(zip(places.tolist(), values.tolist(), strict=True)))
    return rows, numbers.integers(1, 9, size=orbits).tolist()


def coefficient_rows(members: int, orbits: int) -> tuple[Any]:
    """Fresh rows: nothing is known of them yet, not even a bound of their products."""
    from symcsq.verifier.coefficient_rows import CoefficientRows

    return (CoefficientRows(*sparse_functions(members, orbits)),)


def exact_gram(rows: Any) -> str:
    """The largest entry, over every tile on and above the diagonal."""
    largest = 0.0
    for tile in rows.tiles():
        largest = max(largest, float(abs(tile.numerators.limbs[0]).max()))
    return str(int(largest))


def sparse_doubles(members: int, orbits: int) -> tuple[Any, Any]:
    """The same coefficients as scipy's sparse matrices of doubles."""
    import numpy as np
    from scipy.sparse import csr_array

    rows, weights = sparse_functions(members, orbits)
    pointers = np.cumsum([0] + [len(row) for row in rows])
    indices = np.concatenate([np.array(list(row), dtype=np.int64) for row in rows])
    values = np.concatenate([np.array(list(row.values()), dtype=float) for row in rows])
    matrix = csr_array((values, indices, pointers), shape=(members, orbits))
    weighted = csr_array(
        (values * np.array(weights, dtype=float)[indices], indices, pointers),
        shape=(members, orbits),
    )
    return weighted, matrix


def sparse_product(weighted: Any, matrix: Any) -> str:
    """scipy's product of sparse doubles."""
    return str(int(abs(weighted @ matrix.T).max()))


def sparse_row(members: int, orbits: int) -> Row:
    """C diag(w) C^T for sparse C; the proof of the bound is part of the exact contender."""
    return Row(
        f"sparse Gram matrix, {members} members, {orbits} orbits, 1 % of 20-bit coefficients",
        (
            Contender("symcsq", exact_gram, lambda: coefficient_rows(members, orbits)),
            Contender(
                "floor: scipy, float64", sparse_product, lambda: sparse_doubles(members, orbits)
            ),
        ),
        answer=Lazy(lambda: sparse_product(*sparse_doubles(members, orbits))),
        objects=members * members,
    )


@contest([sparse_row(*shape) for shape in SPARSE])
def bench_sparse_gram(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Within three times of the product of doubles."""
    measure(benchmark, row, contender)


# -- closed formulas -------------------------------------------------------------------------------


def rotation_networks(count: int) -> tuple[Any]:
    """A fresh family in 64 dimensions, k = 8."""
    import symcsq as cs

    return (cs.RotationNetworks(cs.isotropic_vectors(64, count, seed=1), power=8),)


def exact_pairs(family: Any) -> str:
    """The inner product of every pair, exactly, over the scale that all share."""
    integers = family.gram_integers()
    return str(bool((integers.diagonal() > 0).all()))


def double_pairs(family: Any) -> str:
    """The same formula in complex doubles."""
    import numpy as np

    u, v = (np.asarray(part, dtype=float) for part in (family.u, family.v))
    a = u + 1j * v
    products = np.real((a @ a.conj().T) ** 8 + (a @ a.T) ** 8)
    return str(bool((products.diagonal() > 0).all()))


@contest(
    [
        Row(
            f"{count} rotation networks in 64 dimensions, k = 8, all pairs",
            (
                Contender("symcsq", exact_pairs, lambda count=count: rotation_networks(count)),
                Contender(
                    "floor: complex doubles",
                    double_pairs,
                    lambda count=count: rotation_networks(count),
                ),
            ),
            answer=True,
            objects=count * count,
        )
        for count in FAMILIES
    ]
)
def bench_rotation_networks(benchmark: Any, row: Row, contender: Contender, position: int) -> None:
    """Two million pairs in under ten seconds."""
    measure(benchmark, row, contender)
