"""Character tables by the Burnside–Dixon–Schneider algorithm.

The numbered steps are those of J. D. Dixon, High speed computation of group characters, Numer.
Math. 10 (1967), with G. J. A. Schneider's saving (J. Symbolic Comput. 9, 1990): only those rows of
a class matrix are computed that a subspace still to be split needs.

1. p is a prime with e | p - 1 (e the exponent) and p > 2 sqrt(|G|).
2. The characters modulo p are the common eigenvectors of the class matrices N_r, where
   ``N_r[s][t] = #{x in C_r : x g_s in C_t}`` and ``N_r chi = (|C_r| chi(g_r)/chi(1)) chi``.
3. The degree is the root d <= sqrt(|G|) of ``d^2 = |G| / sum_s |C_s| psi(s) psi(s^-1)``, psi =
chi/chi(1). 4. The multiplicity of z^j (z a root of unity of order o) as an eigenvalue of g of order
o lies in 0..d < p
   and is ``(1/o) sum_l chi(g^l) z^(-jl)`` modulo p; the value is the sum of the eigenvalues.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from groups.cyclotomics import Cyclotomic, factorization, power_basis_images, small_integer
from groups.errors import TooLargeError

if TYPE_CHECKING:
    from groups.classes import ConjugacyClasses

Array = NDArray[np.int64]
_LARGEST_PRIME = 2**31
_MOST_PRODUCTS = 400_000_000
_MOST_POWER_MAPS = 64


def dixon_prime(exponent: int, bound: int) -> tuple[int, int]:
    """The least prime p = 1 mod `exponent` with p > `bound`, and a root of unity of that order
    modulo p.

    Raises:
        TooLargeError: p would reach 2^31.

    Examples:
        >>> dixon_prime(12, 20)
        (37, 8)
    """
    p = bound // exponent * exponent + 1
    while p <= bound or not _is_prime(p):
        p += exponent
        if p >= _LARGEST_PRIME:
            raise TooLargeError(
                f"group: the character table needs a prime p = 1 mod {exponent} above {bound}, "
                "beyond 2^31; "
                "work with the factors of the group instead"
            )
    for g in range(1, p):
        root = pow(g, (p - 1) // exponent, p)
        if all(pow(root, exponent // q, p) != 1 for q, _ in factorization(exponent)):
            return p, root
    raise AssertionError("a prime field has a primitive root")


def _is_prime(n: int) -> bool:
    import flint

    return n > 1 and bool(flint.fmpz(n).is_prime())


def class_elements(classes: ConjugacyClasses, index: int) -> Array:
    """All elements of one class as rows, by conjugating with the generators.

    Complexity:
        O(size · n) for each generator.
    """
    generators = [g.images for g in classes.group.generators]
    inverses = [np.argsort(g) for g in generators]
    rows = classes.representatives[index][None, :]
    seen = {rows[0].tobytes()}
    layers, frontier = [rows], rows
    while len(frontier):
        fresh = []
        for g, inverse in zip(generators, inverses, strict=True):
            for row in g[frontier[:, inverse]]:
                key = row.tobytes()
                if key not in seen:
                    seen.add(key)
                    fresh.append(row)
        frontier = np.array(fresh, dtype=np.int64).reshape(len(fresh), rows.shape[1])
        layers.append(frontier)
    return np.concatenate(layers)


class ClassMatrix:
    """Rows of the class matrix N_r, computed when asked for.

    With a fusion, entries of classes with one label are only right as a sum.
    """

    def __init__(
        self, classes: ConjugacyClasses, elements: Array, fusion: Array | None = None
    ) -> None:
        self.classes, self.elements, self.fusion = classes, elements, fusion
        self._rows: dict[int, Array] = {}

    def row(self, s: int) -> Array:
        """Row s: how many elements x of the class have x g_s in each class."""
        if s not in self._rows:
            products = self.elements[:, self.classes.representatives[s]]
            numbers = self.classes.classify(products, self.fusion)
            self._rows[s] = np.bincount(numbers, minlength=len(self.classes))
        return self._rows[s]


def matrix_product(a: Array, b: Array, p: int) -> Array:
    """Product of integer matrices modulo p < 2^31, entries in 0..p-1, inner dimension below 2^16.

    The left factor is cut into 15-bit limbs, so that sums of products stay below 2^62.
    """
    low, high = a & 32767, a >> 15
    return ((high @ b % p) * 32768 + low @ b) % p


def characters_modulo(classes: ConjugacyClasses, p: int) -> Array:
    """Step 2 and 3: all irreducible characters modulo p, one per row, in no particular order."""
    import flint

    k, order = len(classes), classes.group.order
    spaces = [flint.nmod_mat(k, k, [int(i == j) for i in range(k) for j in range(k)], p)]
    lines: list[Any] = []
    galois = _galois_maps(classes)
    label = _galois_orbits(galois, k)
    while True:
        remaining = []
        for space in spaces:
            parts = _split_conjugate_pair(space, classes, galois, p)
            if space.nrows() == 1 or parts:
                lines += parts or [space]
            else:
                remaining.append(space)
        spaces = remaining
        if not spaces:
            break
        r = _next_class(spaces, classes, p)
        elements = class_elements(classes, r)
        rational = (label == label[r]).sum() == 1
        # On functions that sum to zero on Galois orbits, classes alone in their orbit do not count
        # at all.
        alone = np.bincount(label, minlength=k)[label] == 1
        fused = ClassMatrix(classes, elements, label)
        inner = ClassMatrix(classes, elements, np.where(alone, -1, np.arange(k)))
        full = ClassMatrix(classes, elements)
        spaces = [
            part
            for space in spaces
            for part in _split_by_class(space, label if rational else None, fused, inner, full, p)
        ]
    lines = [[int(x) for x in line.entries()] for line in lines]
    if len(lines) != k or any(len(line) != k for line in lines):
        raise AssertionError("the class matrices must separate the characters")
    # Step 3.
    inverse = classes.inverse_map()
    degrees = {d * d % p: d for d in _square_divisors(order)}
    result = np.empty((k, k), dtype=np.int64)
    for i, line in enumerate(lines):
        scale = pow(line[0], -1, p)
        psi = [x * scale % p for x in line]
        norm = sum(c * psi[s] * psi[inverse[s]] for s, c in enumerate(classes.sizes)) % p
        degree = degrees[order * pow(norm, -1, p) % p]
        result[i] = [degree * x % p for x in psi]
    return result


def _square_divisors(order: int) -> list[int]:
    """Divisors d of the order with d^2 <= order."""
    divisors = [1]
    for q, e in factorization(order):
        divisors = [d * q**j for d in divisors for j in range(e + 1)]
    return [d for d in divisors if d * d <= order]


def _galois_maps(classes: ConjugacyClasses) -> list[tuple[int, ...]]:
    """The different permutations of the classes by power maps prime to the exponent, without the
    identity.
    """
    e = classes.exponent
    generators = []
    for q, k in factorization(e):
        other = e // q**k
        for unit in range(2, q**k):
            if unit % q:
                # The unit modulo q^k that is 1 elsewhere.
                generators.append((unit - 1) * other * pow(other, -1, q**k) % e + 1)
    maps = {classes.power_map(k) for k in [-1, *generators[:_MOST_POWER_MAPS]]}
    return sorted(m for m in maps if m != tuple(range(len(classes))))


def _galois_orbits(galois: list[tuple[int, ...]], k: int) -> Array:
    """The least class that power maps join to each class."""
    label = np.arange(k)
    while True:
        before = label.copy()
        for power in galois:
            label = np.minimum(label, label[list(power)])
        if (label == before).all():
            return label


def _split_by_class(
    space: Any,
    label: Array | None,
    fused: ClassMatrix,
    inner: ClassMatrix,
    full: ClassMatrix,
    p: int,
) -> list[Any]:
    """Eigenspaces of one class matrix.

    The matrix of a class that is closed under power maps commutes with them. It then acts on the
    functions that are constant on Galois orbits of classes (`label`), for which products need only
    be classified up to these orbits, and on those that sum to zero on each orbit, which live on few
    classes.
    """
    import flint

    d, k = space.nrows(), space.ncols()
    if label is None:
        return [part for _, part in _split(space, full, p)]
    basis = np.array([int(x) for x in space.entries()], dtype=np.int64).reshape(d, k)
    sums = np.zeros((k, d), dtype=np.int64)
    np.add.at(sums, label, basis.T)
    sizes = np.bincount(label, minlength=k)[label]
    inverses = np.array([pow(int(x), -1, p) for x in sizes])
    constant = sums[label].T % p * inverses % p
    eigenspaces: dict[int, list[Any]] = {}
    total = 0
    for rows, matrix in ((constant, fused), ((basis - constant) % p, inner)):
        reduced, rank = flint.nmod_mat(d, k, rows.ravel().tolist(), p).rref()
        total += rank
        if rank:
            entries = [int(x) for x in reduced.entries()][: rank * k]
            for value, part in _split(flint.nmod_mat(rank, k, entries, p), matrix, p):
                eigenspaces.setdefault(value, []).append(part)
    if total != d:
        return [part for _, part in _split(space, full, p)]
    spaces = []
    for value in sorted(eigenspaces):
        entries = [int(x) for part in eigenspaces[value] for x in part.entries()]
        spaces.append(flint.nmod_mat(len(entries) // k, k, entries, p).rref()[0])
    return spaces


def _too_many(classes: ConjugacyClasses, products: int) -> TooLargeError:
    return TooLargeError(
        f"group: the next class matrix needs {products} products in {classes.group!r}; "
        "build the group from products or symmetric groups in the catalogue"
    )


def _split_conjugate_pair(
    space: Any, classes: ConjugacyClasses, galois: list[tuple[int, ...]], p: int
) -> list[Any]:
    """Split a plane spanned by two Galois conjugate characters without any class matrix.

    Let s be a power map that acts on the plane as an involution, a its fixed vector with a(1) = 1
    and b its negated one. The characters are multiples of a + cb and a - cb, and their
    orthogonality for ``B(u, v) = sum |C| u(g) v(g^-1)`` says ``c^2 = B(a, a)/B(b, b)``.
    """
    import flint

    if space.nrows() != 2:
        return []
    k = len(classes)
    basis = [[int(space[i, j]) for j in range(k)] for i in range(2)]
    inverse = classes.inverse_map()

    def form(u: list[int], v: list[int]) -> int:
        return sum(c * u[s] * v[inverse[s]] for s, c in enumerate(classes.sizes)) % p

    for power in galois:
        moved = [[row[s] for s in power] for row in basis]
        if flint.nmod_mat(4, k, [x for row in basis + moved for x in row], p).rank() != 2:
            continue
        plus = [
            [x + y for x, y in zip(u, v, strict=True)] for u, v in zip(basis, moved, strict=True)
        ]
        minus = [
            [x - y for x, y in zip(u, v, strict=True)] for u, v in zip(basis, moved, strict=True)
        ]
        a = next((u for u in plus if any(x % p for x in u)), None)
        b = next((u for u in minus if any(x % p for x in u)), None)
        if a is None or b is None or a[0] % p == 0 or b[0] % p:
            continue
        if form(a, b) or not form(b, b):
            continue
        square = form(a, a) * pow(form(b, b), -1, p) % p
        roots = flint.nmod_poly([-square, 0, 1], p).roots()
        if len(roots) == 2:
            return [
                flint.nmod_mat(1, k, [(x + int(c) * y) % p for x, y in zip(a, b, strict=True)], p)
                for c in sorted(int(c) for c, _ in roots)
            ]
    return []


def _next_class(spaces: list[Any], classes: ConjugacyClasses, p: int) -> int:
    """The cheapest class whose matrix splits some space.

    The matrix of class r is a scalar on a space exactly when chi(g_r)/chi(1) is the same for all
    characters in it, that is when column r of the basis is a multiple of column 0.
    """
    best: tuple[int, int, int] | None = None
    arrays = [
        np.array([int(x) for x in s.entries()], dtype=np.int64).reshape(s.nrows(), s.ncols())
        for s in spaces
    ]
    for r in range(1, len(classes)):
        rows = 0
        for a in arrays:
            i = int(np.flatnonzero(a[:, 0])[0])
            factor = int(a[i, r]) * pow(int(a[i, 0]), -1, p) % p
            if (a[:, 0] * factor % p != a[:, r]).any():
                rows += len(a)
        if rows:
            # Among equally cheap classes, elements of large order split into more parts.
            key = (classes.sizes[r] * rows, -classes.element_orders[r], r)
            best = key if best is None else min(best, key)
    if best is None:
        raise AssertionError("some class must separate two characters")
    if best[0] > _MOST_PRODUCTS:
        raise _too_many(classes, best[0])
    return best[2]


def _split(space: Any, matrix: ClassMatrix, p: int) -> list[tuple[int, Any]]:
    """(eigenvalue, eigenspace) of a class matrix on an invariant space; spaces are reduced
    bases.
    """
    import flint

    d, k = space.nrows(), space.ncols()
    basis = np.array([int(x) for x in space.entries()], dtype=np.int64).reshape(d, k)
    pivots = (basis != 0).argmax(axis=1)
    rows = np.array([matrix.row(int(s)) for s in pivots]) % p
    # The basis is reduced, so the coordinates of an image are its entries at the pivots.
    action = matrix_product(basis, rows.T.copy(), p)
    a = flint.nmod_mat(d, d, action.ravel().tolist(), p)
    roots = sorted(int(x) for x, _ in a.charpoly().roots())
    if len(roots) == 1:
        return [(roots[0], space)]
    parts = []
    transposed = a.transpose()
    identity = flint.nmod_mat(d, d, [int(i == j) for i in range(d) for j in range(d)], p)
    for value in roots:
        kernel, nullity = (transposed - value * identity).nullspace()
        coordinates = flint.nmod_mat(
            nullity, d, [kernel[i, j] for j in range(nullity) for i in range(d)], p
        )
        parts.append((value, (coordinates * space).rref()[0]))
    if sum(part.nrows() for _, part in parts) != d:
        raise AssertionError("class matrices are diagonalisable modulo p")
    return parts


def lift_characters(
    classes: ConjugacyClasses, modular: Array, p: int, root: int
) -> list[list[Any]]:
    """Step 4: exact values (`Cyclotomic`), one list per character.

    Arguments:
        modular: characters modulo p as rows. root: of order the exponent modulo p.
    """
    k = len(classes)
    columns: list[list[Any] | None] = [None] * k
    exponent = classes.exponent
    table = classes._power_table()
    for c in range(k):
        if columns[c] is not None:
            continue
        o = classes.element_orders[c]
        powers = table[c]
        z = power_basis_images(o, p, pow(root, -(exponent // o), p))
        transform = z[np.outer(np.arange(o), np.arange(o)) % o]
        multiplicity = matrix_product(modular[:, powers], transform, p) * pow(o, -1, p) % p
        if (multiplicity.sum(axis=1) != modular[:, 0]).any():
            raise AssertionError("eigenvalue multiplicities must add up to the degree")
        distinct, inverse = np.unique(multiplicity, axis=0, return_inverse=True)
        inverse = inverse.reshape(-1)
        for unit in range(1, o + 1):
            target = int(powers[unit % o])
            if columns[target] is None and math.gcd(unit, o) == 1:
                values = [
                    Cyclotomic.combination(
                        o, {int(j) * unit % o: int(m[j]) for j in np.flatnonzero(m)}
                    )
                    for m in distinct
                ]
                values = [small_integer(int(v.rational)) if v.is_rational else v for v in values]
                columns[target] = [values[i] for i in inverse]
    return [[columns[c][i] for c in range(k)] for i in range(k)]  # type: ignore[index]


def dixon_characters(classes: ConjugacyClasses) -> list[list[Any]]:
    """The irreducible characters of any group from its classes, as lists of `Cyclotomic`.

    Arguments:
        classes: all conjugacy classes.

    Returns:
        One list of values per character, in no particular order.

    Raises:
        TooLargeError: the class matrices are out of reach.

    Complexity:
        The sizes of the classes used times the number k of classes, plus O(k^3) in the prime field.

    Examples:
        >>> from groups import PermutationGroup
        >>> sorted(
        ...     dixon_characters(PermutationGroup(["(1,2,3)", "(1,2)"]).conjugacy_classes()),
        ...     key=str,
        ... )
        [[1, -1, 1], [1, 1, 1], [2, 0, -1]]
    """
    order = classes.group.order
    p, root = dixon_prime(classes.exponent, max(2 * math.isqrt(order), len(classes), 100))
    return lift_characters(classes, characters_modulo(classes, p), p, root)
