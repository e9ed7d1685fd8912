"""The least conjugate of an element: one canonical form for each conjugacy class.

The rule of this package: the representative of a class is its element with the lexicographically
least image list. It is found for many elements at once by a layered search over the cosets of
stabilisers. A layer fixes
one more entry of the image list: it knows, for each element, all cosets ``u Stab`` for which the
conjugate ``u^-1 g u`` begins with the least prefix possible, and keeps of their refinements those
with the least next entry. Cosets are held as the conjugates themselves. At the end exactly the
elements of one coset of the centraliser are left, so the search also counts the centraliser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groups.errors import TooLargeError
from groups.stabilizer_tower import TowerNode, compose_rows

Array = NDArray[np.int64]
# Entries of the arrays that one step may hold: half a gigabyte with temporaries.
_LIMIT = 12_000_000


@dataclass(frozen=True, slots=True)
class LeastConjugates:
    """Answer for m elements: least conjugates (m x n), centraliser orders, conjugators (m x n).

    With u the conjugator of g, the least conjugate is ``u^-1 g u``.
    """

    rows: Array
    centralizer_orders: tuple[int, ...]
    conjugators: Array


@dataclass(slots=True)
class _Batch:
    """Nodes of the search that share one prefix: `owner` says whose conjugate each row is (sorted).

    Each node stands for `weights` cosets, all images of one under powers of the element. As long as
    the prefix consists of fixed points (`still_fixed`), these powers act on the choices for the
    next point.
    """

    node: TowerNode
    column: int
    rows: Array
    moves: Array | None
    weights: Array | None
    owner: Array
    candidates: Sequence[int]
    still_fixed: bool = True


def _starts(owner: Array) -> Array:
    """Where each run of equal owners begins."""
    return np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))


def _least_per_owner(owner: Array, values: Array) -> Array:
    """The minimum of `values` over all rows with the same owner, repeated on each row."""
    starts = _starts(owner)
    flat = values if values.ndim == 1 else values.min(axis=1)
    least = np.minimum.reduceat(flat, starts)
    return np.repeat(least, np.diff(np.append(starts, len(owner))))


def cycle_minima(rows: Array) -> Array:
    """The least point of the cycle through each point, row by row.

    After k doublings an entry is the least of the next 2^k points of its cycle; it is final when
    one more step along the cycle changes nothing.

    Examples:
        >>> cycle_minima(np.array([[1, 0, 3, 2]])).tolist()
        [[0, 0, 2, 2]]
    """
    least = np.minimum(np.arange(rows.shape[1]), rows)
    power = rows
    while (compose_rows(least, rows) != least).any():
        power = compose_rows(power, power)
        least = np.minimum(least, compose_rows(least, power))
    return least


def _refine(batch: _Batch) -> list[_Batch]:
    """Fix the entry `batch.column` of the image list."""
    node, j, rows, owner = batch.node, batch.column, batch.rows, batch.owner
    moves, weights = batch.moves, batch.weights
    child = node.child(j)
    if child is not node:
        orbit, reps, inverses = node.transversal(j)
        if rows.shape[0] * max(len(orbit), 1) > _LIMIT:
            return _halves(batch)
        images = inverses[np.arange(len(orbit))[None, :], rows[:, orbit]]
        label = child.label[images]
        minima = None
        if batch.still_fixed:
            # Choices on one cycle of the element are equivalent: try the least point of each.
            minima = cycle_minima(rows)
            label = np.where(minima[:, orbit] == orbit, label, rows.shape[1])
        least = _least_per_owner(owner, label)
        which, branch = np.nonzero(label == least[:, None])
        if len(which) * rows.shape[1] > _LIMIT:
            return _halves(batch)
        t = reps[branch]
        if weights is not None:
            weights = weights[which]
            if minima is not None:
                weights = weights * (minima[which] == orbit[branch][:, None]).sum(axis=1)
        if moves is not None:
            moves = compose_rows(moves[which], t)
        rows = compose_rows(inverses[branch], compose_rows(rows[which], t))
        owner, least = owner[which], least[which]
    else:
        label = node.label[rows[:, j]]
        least = _least_per_owner(owner, label)
        kept = np.flatnonzero(label == least)
        rows, owner, least = rows[kept], owner[kept], least[kept]
        moves = None if moves is None else moves[kept]
        weights = None if weights is None else weights[kept]
    parts = []
    for b in sorted(set(least.tolist())):
        same = least == b
        chosen = slice(None) if same.all() else np.flatnonzero(same)
        part, part_moves = rows[chosen], None if moves is None else moves[chosen]
        below = child.child(b)
        if below is not child:
            orbit, reps, inverses = child.transversal(b)
            position = np.full(child.degree, -1)
            position[orbit] = np.arange(len(orbit))
            k = position[part[:, j]]
            if part_moves is not None:
                part_moves = compose_rows(part_moves, reps[k])
            part = compose_rows(inverses[k], compose_rows(part, reps[k]))
        parts.append(
            _Batch(
                below,
                j + 1,
                part,
                part_moves,
                None if weights is None else weights[chosen],
                owner[chosen],
                batch.candidates,
                batch.still_fixed and b == j,
            )
        )
    return parts


def _halves(batch: _Batch) -> list[_Batch]:
    """Split a batch that is too large for one step by its owners."""
    starts = _starts(batch.owner)
    if len(starts) == 1:
        raise TooLargeError(
            f"element: its least conjugate needs a search over more than {_LIMIT} entries (its "
            "centraliser is "
            "large); build the group with a constructor of the catalogue, which knows its classes"
        )
    cut = int(starts[len(starts) // 2])
    return [
        _Batch(
            batch.node,
            batch.column,
            batch.rows[part],
            None if batch.moves is None else batch.moves[part],
            None if batch.weights is None else batch.weights[part],
            batch.owner[part],
            batch.candidates,
            batch.still_fixed,
        )
        for part in (slice(None, cut), slice(cut, None))
    ]


def least_conjugates(tower: TowerNode, elements: Array) -> LeastConjugates:
    """Least conjugates in the group of the tower.

    Arguments:
        tower: root node of the group. elements: image arrays as rows, all in the group.

    Returns:
        Rows, centraliser orders and conjugators in the order of the elements.

    Raises:
        TooLargeError: a centraliser is so large that the search would not fit in memory.

    Complexity:
        About the centraliser orders times n^2.

    Examples:
        >>> from groups import PermutationGroup
        >>> from groups.stabilizer_tower import build_tower
        >>> found = least_conjugates(
        ...     build_tower(PermutationGroup(["(1,2,3,4)", "(1,2)"])),
        ...     np.array([[1, 0, 2, 3], [3, 2, 0, 1]]),
        ... )
        >>> found.rows.tolist(), found.centralizer_orders
        ([[0, 1, 3, 2], [1, 2, 3, 0]], (4, 4))
    """
    count, n = elements.shape
    result = np.tile(np.arange(n), (count, 1))
    conjugators = result.copy()
    orders = [tower.order] * count
    active = np.flatnonzero((elements != np.arange(n)).any(axis=1))
    ones = np.ones(len(active), dtype=np.int64)
    stack = [_Batch(tower, 0, elements[active], result[active].copy(), ones, active, ())]
    while stack:
        batch = stack.pop()
        if not len(batch.owner):
            continue
        if batch.node.order > 1:
            stack.extend(_refine(batch))
            continue
        rows, owner, moves, weights = batch.rows, batch.owner, batch.moves, batch.weights
        assert moves is not None and weights is not None
        for j in range(batch.column, n):
            kept = np.flatnonzero(rows[:, j] == _least_per_owner(owner, rows[:, j]))
            if len(kept) < len(owner):
                rows, owner, moves, weights = rows[kept], owner[kept], moves[kept], weights[kept]
        starts = _starts(owner)
        for start, end in zip(starts, np.append(starts[1:], len(owner)), strict=True):
            i = int(owner[start])
            result[i] = rows[start]
            orders[i] = int(weights[start:end].sum())
            conjugators[i] = moves[start]
    return LeastConjugates(result, tuple(orders), conjugators)


def match_least_conjugates(tower: TowerNode, elements: Array, representatives: Array) -> Array:
    """Which of some least representatives each element is conjugate to.

    Arguments:
        tower: root node of the group.
        elements: image arrays as rows, each conjugate to one of the representatives.
        representatives: different least conjugates, as rows.

    Returns:
        Array of row numbers of `representatives`. The search stops as soon as one candidate is
        left, so elements must really be conjugate to one of them.

    Complexity:
        As `least_conjugates`, but only as deep as the representatives differ.
    """
    answer = np.full(len(elements), -1)
    pending = np.arange(len(elements))
    stack = [_Batch(tower, 0, elements, None, None, pending, range(len(representatives)))]
    while stack:
        batch = stack.pop()
        if not len(batch.owner):
            continue
        if len(batch.candidates) == 1:
            answer[batch.owner] = batch.candidates[0]
            continue
        if batch.node.order > 1:
            for part in _refine(batch):
                if part.column > batch.column:
                    entry = int(part.rows[0, batch.column])
                    part.candidates = [
                        c for c in batch.candidates if representatives[c, batch.column] == entry
                    ]
                stack.append(part)
            continue
        rows, owner = batch.rows, batch.owner
        for j in range(batch.column, elements.shape[1]):
            kept = np.flatnonzero(rows[:, j] == _least_per_owner(owner, rows[:, j]))
            rows, owner = rows[kept], owner[kept]
        starts = _starts(owner)
        rows, owner = rows[starts], owner[starts]
        for c in batch.candidates:
            answer[owner[(rows == representatives[c]).all(axis=1)]] = c
    return answer
