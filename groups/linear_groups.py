"""Linear, affine and projective groups over GF(q) as permutation groups.

Matrices act on column vectors, so that products of matrices are products of permutations. Field
elements are integers as in `groups.finite_fields`. Two numberings of points are used:

* vectors of GF(q)^k in lexicographic order, ``v -> Σ v_i q^(k-1-i)``: the zero vector is point 0;
* projective points, each with its last non-zero coordinate scaled to 1; the affine chart, vectors
  ``(v, 1)``, comes first (v in lexicographic order), then ``(v, 1, 0)``, …, last ``(1, 0, …, 0)``.
  On the projective line point x < q is the field element x and point q is infinity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from groups.errors import ParameterError, TooLargeError
from groups.finite_fields import Array, FiniteField, field, prime_power
from groups.group import PermutationGroup

MAX_LINEAR_DEGREE = 5_000_000
"""Most points that a linear, affine or projective group is built on."""

Matrix = list[list[int]]


def linear_degree(k: int, q: int, kind: str) -> int:
    """Number of points, after all checks: q^k ("affine") or (q^k - 1)/(q - 1) ("projective").

    Raises:
        ParameterError: k < 1 (projective: k < 2), or q is not a prime power. TooLargeError: too
            many points.

    Examples:
        >>> linear_degree(2, 7, "projective"), linear_degree(3, 2, "affine")
        (8, 8)
    """
    least = 2 if kind == "projective" else 1
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or k < least:
        raise ParameterError(
            f"k: must be an integer >= {least} for {kind} groups, got {k!r}; k is the size of "
            "the matrices"
        )
    k = int(k)
    dimension = k - 1 if kind == "projective" else k
    if isinstance(q, (int, np.integer)) and q > 1:
        if dimension * math.log2(int(q)) > math.log2(MAX_LINEAR_DEGREE) + 1e-9:
            raise TooLargeError(
                f"k, q: at most {MAX_LINEAR_DEGREE} points are built, got about "
                f"{int(q)}^{dimension} of them; "
                "choose a smaller field or dimension"
            )
    prime_power(q)
    q = int(q)
    return (q**k - 1) // (q - 1) if kind == "projective" else q**k


def order_gl(k: int, q: int) -> int:
    """|GL(k,q)| = (q^k - 1)(q^k - q)···(q^k - q^(k-1)).

    Examples:
        >>> order_gl(2, 3), order_gl(3, 2)
        (48, 168)
    """
    return math.prod(q**k - q**i for i in range(k))


def GL(k: int, q: int) -> PermutationGroup:
    """The general linear group on all q^k vectors (0 is a fixed point).

    Arguments:
        k: dimension >= 1. q: prime power.

    Returns:
        A group of order (q^k - 1)(q^k - q)···(q^k - q^(k-1)) on q^k points, vectors in
        lexicographic order.

    Raises:
        ParameterError: k < 1 or q not a prime power. TooLargeError: too many points.

    Complexity:
        O(k² q^k).

    Source:
        Generators: diag(ω, 1, …, 1), the transvection 1 + e_12 and the monomial matrix of a
        k-cycle. Conjugates of the transvection by the first give all 1 + a·e_12, by the last all
        1 + e_(i,i+1); commutators give the rest.

    Examples:
        >>> G = GL(2, 3)
        >>> G.degree, G.order, G.name
        (9, 48, 'GL(2,3)')
    """
    linear_degree(k, q, "affine")
    matrices = [_diagonal(k, q, special=False), *_special_matrices(k, q)]
    return _on_vectors(f"GL({k},{q})", k, q, matrices, order_gl(k, q))


def SL(k: int, q: int) -> PermutationGroup:
    """The special linear group on all q^k vectors (0 is a fixed point); order |GL(k,q)|/(q-1).

    Arguments, errors and complexity are those of `GL`.

    Source:
        Generators: diag(ω, ω⁻¹, 1, …, 1), the transvection 1 + e_12 and a monomial matrix of a
        k-cycle with determinant 1. Conjugates by the first reach 1 + ω^(2j)·e_12, and the powers
        of ω² span GF(q) over GF(p).

    Examples:
        >>> SL(2, 3).order, SL(1, 5).order
        (24, 1)
    """
    linear_degree(k, q, "affine")
    matrices = [_diagonal(k, q, special=True), *_special_matrices(k, q)]
    return _on_vectors(f"SL({k},{q})", k, q, matrices, order_gl(k, q) // (q - 1))


def AGL(k: int, q: int) -> PermutationGroup:
    """The affine group x -> Ax + b on the q^k vectors; order q^k·|GL(k,q)|.

    Arguments, errors and complexity are those of `GL`.

    Source:
        GL(k,q) and the translation by e_1: GL is transitive on non-zero vectors, so all
        translations follow.

    Examples:
        >>> AGL(1, 8).order, AGL(3, 2).order
        (56, 1344)
    """
    linear_degree(k, q, "affine")
    matrices = [_diagonal(k, q, special=False), *_special_matrices(k, q)]
    order = q**k * order_gl(k, q)
    return _on_vectors(f"AGL({k},{q})", k, q, matrices, order, translations=[_unit(k, 1)])


def ASL(k: int, q: int) -> PermutationGroup:
    """The affine maps x -> Ax + b with det A = 1 on the q^k vectors; order q^k·|GL(k,q)|/(q-1).

    Arguments, errors and complexity are those of `GL`.

    Source:
        As for `AGL`; for k = 1 only the translations are left, by a basis of GF(q) over its prime
        field.

    Examples:
        >>> ASL(2, 3).order, ASL(1, 9).order
        (216, 9)
    """
    linear_degree(k, q, "affine")
    matrices = [_diagonal(k, q, special=True), *_special_matrices(k, q)]
    p, e = prime_power(q)
    translations = [_unit(k, p**i) for i in range(e if k == 1 else 1)]
    order = q**k * order_gl(k, q) // (q - 1)
    return _on_vectors(f"ASL({k},{q})", k, q, matrices, order, translations=translations)


def AGammaL(k: int, q: int) -> PermutationGroup:
    """The semilinear affine maps on the q^k vectors, q = p^e; order e·q^k·|GL(k,q)|.

    Arguments, errors and complexity are those of `GL`.

    Source:
        `AGL` and the Frobenius map of every coordinate, which has order e and meets AGL in the
        identity only.

    Examples:
        >>> AGammaL(1, 8).order, AGammaL(1, 4).order
        (168, 24)
    """
    linear_degree(k, q, "affine")
    matrices = [_diagonal(k, q, special=False), *_special_matrices(k, q)]
    e = prime_power(q)[1]
    order = e * q**k * order_gl(k, q)
    name = f"AGammaL({k},{q})"
    return _on_vectors(name, k, q, matrices, order, translations=[_unit(k, 1)], frobenius=True)


def PGL(k: int, q: int) -> PermutationGroup:
    """The projective general linear group on projective points; order |GL(k,q)|/(q-1).

    Arguments:
        k: size of the matrices, >= 2. q: prime power.

    Returns:
        A group on the (q^k - 1)/(q - 1) projective points, the affine chart first; for k = 2 point
        x is the field element x and point q is infinity.

    Raises:
        ParameterError: k < 2 or q not a prime power. TooLargeError: too many points.

    Complexity:
        O(k² q^(k-1)).

    Source:
        The matrices of `GL`, acting on lines; the scalars act trivially.

    Examples:
        >>> PGL(2, 5).degree, PGL(2, 5).order, PGL(3, 2).order
        (6, 120, 168)
    """
    linear_degree(k, q, "projective")
    matrices = [_diagonal(k, q, special=False), *_special_matrices(k, q)]
    return _on_lines(f"PGL({k},{q})", k, q, matrices, order_gl(k, q) // (q - 1))


def PSL(k: int, q: int) -> PermutationGroup:
    """The projective special linear group on projective points; order |PGL(k,q)|/gcd(k, q-1).

    Arguments, errors and complexity are those of `PGL`.

    Source:
        The matrices of `SL`, acting on lines; gcd(k, q-1) scalars have determinant 1.

    Examples:
        >>> PSL(2, 7).degree, PSL(2, 7).order, PSL(3, 4).order
        (8, 168, 20160)
    """
    linear_degree(k, q, "projective")
    matrices = [_diagonal(k, q, special=True), *_special_matrices(k, q)]
    order = order_gl(k, q) // ((q - 1) * math.gcd(k, q - 1))
    return _on_lines(f"PSL({k},{q})", k, q, matrices, order)


def PGammaL(k: int, q: int) -> PermutationGroup:
    """The projective semilinear group on projective points; order e·|GL(k,q)|/(q-1) for q = p^e.

    Arguments, errors and complexity are those of `PGL`.

    Source:
        `PGL` and the Frobenius map. For k >= 2 no non-trivial power of it is in PGL: it fixes the
        points with coordinates in GF(p), a projective frame among them, and moves others.

    Examples:
        >>> PGammaL(2, 8).degree, PGammaL(2, 8).order
        (9, 1512)
    """
    linear_degree(k, q, "projective")
    matrices = [_diagonal(k, q, special=False), *_special_matrices(k, q)]
    order = prime_power(q)[1] * order_gl(k, q) // (q - 1)
    return _on_lines(f"PGammaL({k},{q})", k, q, matrices, order, frobenius=True)


# -- generators -----------------------------------------------------------------------------------


def _unit(k: int, value: int) -> list[int]:
    return [value] + [0] * (k - 1)


def _identity(k: int) -> Matrix:
    return [[int(i == j) for j in range(k)] for i in range(k)]


def _diagonal(k: int, q: int, *, special: bool) -> Matrix:
    f = field(q)
    matrix = _identity(k)
    if special and k == 1:
        return matrix
    matrix[0][0] = f.primitive_element
    if special:
        matrix[1][1] = int(f.inverse(f.primitive_element))
    return matrix


def _special_matrices(k: int, q: int) -> list[Matrix]:
    """A transvection and a monomial k-cycle of determinant 1; none for k = 1."""
    if k == 1:
        return []
    f = field(q)
    transvection = _identity(k)
    transvection[0][1] = 1
    cycle = [[0] * k for _ in range(k)]
    for i in range(1, k):
        cycle[i][i - 1] = 1
    # A k-cycle has sign (-1)^(k-1), which this entry cancels.
    cycle[0][k - 1] = 1 if k % 2 else int(f.negative(1))
    return [transvection, cycle]


# -- points ---------------------------------------------------------------------------------------


def all_vectors(k: int, q: int) -> Array:
    """The vectors of GF(q)^k in lexicographic order, one a row.

    Examples:
        >>> all_vectors(2, 2).tolist()
        [[0, 0], [0, 1], [1, 0], [1, 1]]
    """
    index = np.arange(q**k, dtype=np.int64)
    vectors = np.empty((len(index), k), dtype=np.int64)
    for i in range(k):
        vectors[:, i] = index // q ** (k - 1 - i) % q
    return vectors


def vector_ranks(vectors: Array, q: int) -> Array:
    """The positions of vectors in `all_vectors`."""
    ranks = np.zeros(len(vectors), dtype=np.int64)
    for i in range(vectors.shape[1]):
        ranks = ranks * q + vectors[:, i]
    return ranks


def projective_points(k: int, q: int) -> Array:
    """The points of PG(k-1, q), one a row, in the order stated at the top of the module.

    Examples:
        >>> projective_points(2, 3).tolist()
        [[0, 1], [1, 1], [2, 1], [1, 0]]
    """
    blocks = []
    for last in range(k - 1, -1, -1):
        block = np.zeros((q**last, k), dtype=np.int64)
        block[:, :last] = all_vectors(last, q)
        block[:, last] = 1
        blocks.append(block)
    return np.concatenate(blocks)


def projective_ranks(vectors: Array, f: FiniteField) -> Array:
    """The positions, in `projective_points`, of the lines spanned by non-zero vectors."""
    k, q = vectors.shape[1], f.order
    last = k - 1 - np.argmax(vectors[:, ::-1] != 0, axis=1)
    scale = f.inverse(vectors[np.arange(len(vectors)), last])
    normal = f.multiply(scale[:, None], vectors)
    starts = np.zeros(k, dtype=np.int64)
    for j in range(k - 2, -1, -1):
        starts[j] = starts[j + 1] + q ** (j + 1)
    ranks = np.zeros(len(vectors), dtype=np.int64)
    for i in range(k):
        ranks = np.where(i < last, ranks * q + normal[:, i], ranks)
    return starts[last] + ranks


def _on_vectors(
    name: str,
    k: int,
    q: int,
    matrices: Sequence[Matrix],
    order: int,
    *,
    translations: Sequence[Sequence[int]] = (),
    frobenius: bool = False,
) -> PermutationGroup:
    f = field(q)
    points = all_vectors(k, q)

    def rank(vectors: Array) -> Array:
        return vector_ranks(vectors, q)

    images = [rank(f.add(points, np.array(t, dtype=np.int64))) for t in translations]
    images += _images(f, points, matrices, rank, frobenius=frobenius)
    return PermutationGroup(
        images, len(points), name=name, known_order=order, labels=_labels(points)
    )


def _on_lines(
    name: str,
    k: int,
    q: int,
    matrices: Sequence[Matrix],
    order: int,
    *,
    frobenius: bool = False,
) -> PermutationGroup:
    f = field(q)
    points = projective_points(k, q)

    def rank(vectors: Array) -> Array:
        return projective_ranks(vectors, f)

    images = _images(f, points, matrices, rank, frobenius=frobenius)
    return PermutationGroup(
        images, len(points), name=name, known_order=order, labels=_labels(points)
    )


def _images(
    f: FiniteField,
    points: Array,
    matrices: Sequence[Matrix],
    rank: Callable[[Array], Array],
    *,
    frobenius: bool,
) -> list[Array]:
    images = [rank(f.matrix_apply(matrix, points)) for matrix in matrices]
    if frobenius:
        images.append(rank(np.asarray(f.power(points, f.characteristic))))
    return images


def _labels(points: Array) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, points.tolist()))
