"""Orderly generation: orbit representatives grown point by point, the whole space never held.

A set is canonical when its sorted tuple is the least of its orbit. Taking away the greatest point
of a canonical set leaves a canonical set (Read; Faradžev), so every canonical set of k points is
found exactly once by adding a point beyond the last to a canonical set of k - 1 points and testing
the result. Multisets of points (exponent vectors) obey the same rule.

A point that the stabiliser of the smaller set moves to a lesser one need not be tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from groups.batch_search import find_least, which_are_least
from groups.minimal_image import minimal_image, search_chain

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = npt.NDArray[Any]

_BLOCK = 4096  # candidates that are tested together
_FEW, _LARGE = 64, 10_000


def canonical_multisets(
    group: PermutationGroup, size: int, cap: int
) -> Iterator[tuple[Array, list[int]]]:
    """Canonical multisets of 0, 1, …, `size` points, each point at most `cap` times.

    Arguments:
        group: a group of degree n.

    Returns:
        For each cardinality d = 0..size a pair (vectors, stabiliser orders): exponent vectors of
        shape (m, n) in increasing order of the sorted tuples, which is decreasing order of the
        vectors.

    Complexity:
        One test (`batch_search`) per candidate, at most n times the orbits of each cardinality.

    Source:
        Read 1978; Faradžev 1978. M6 counts what comes out.
    """
    chain = search_chain(group)
    n = group.degree
    vectors = np.zeros((1, n), dtype=np.uint8 if cap < 255 else np.int64)
    stabilizers: list[int] = [chain.order]
    reach = chain.tail_labels(0)[None, :].copy()
    yield vectors, stabilizers
    for _ in range(size):
        grown: list[Array] = []
        orders: list[int] = []
        reaches: list[Array] = []
        for candidates in _children(vectors, reach, cap):
            least, stabilizer, moved = which_are_least(chain, cap - candidates)
            keep = np.flatnonzero(least)
            grown.append(candidates[keep])
            orders += [int(s) for s in stabilizer[keep]]
            reaches.append(moved[keep])
        vectors = np.vstack(grown) if grown else np.zeros((0, n), dtype=vectors.dtype)
        stabilizers = orders
        reach = np.vstack(reaches) if reaches else np.zeros((0, n), dtype=np.int64)
        yield vectors, stabilizers


def _children(vectors: Array, reach: Array, cap: int) -> Iterator[Array]:
    """Vectors with one more point, at the last point or beyond, in blocks; order is kept."""
    n = vectors.shape[1]
    places = np.arange(n)
    step = max(1, _BLOCK // max(1, n))
    for start in range(0, len(vectors), step):
        part = vectors[start : start + step]
        last = np.where(part.any(axis=1), n - 1 - (part[:, ::-1] != 0).argmax(axis=1), 0)
        allowed = (places >= last[:, None]) & (part < cap)
        allowed &= reach[start : start + step] == places
        which, point = np.nonzero(allowed)
        if len(which):
            candidates = part[which]
            candidates[np.arange(len(which)), point] += 1
            yield candidates


def least_vectors(group: PermutationGroup, vectors: Array) -> Array:
    """The least vectors of the orbits of the given vectors, in the order of the latter."""
    chain = search_chain(group)
    if len(vectors) <= _FEW and group.order >= _LARGE:
        # A few vectors with large stabilisers: the search for one makes more of its symmetries.
        return np.array([x[minimal_image(group, x)[0]] for x in vectors])
    blocks = [find_least(chain, vectors[i : i + _BLOCK])[0] for i in range(0, len(vectors), _BLOCK)]
    return np.vstack(blocks) if blocks else vectors
