"""Least images of many vectors at once: the search of `minimal_image`, vectorised over vectors.

Two questions are answered for every row of a matrix: *test*: is the row itself the least of its
orbit (most rows fail after a few cosets), and *find*: which is the least image. Cosets of all rows
are kept in one array, sorted by row; `owner` says whose each is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groups.lower_bounds import lower_bounds
from groups.minimal_image import SearchChain, _as_keys, compose, least_image

Array = npt.NDArray[Any]

_ENTRIES = 1 << 22  # entries of the coset arrays that are expanded at a time
_MANY = 24  # cosets of one row from which it pays to look for symmetric ones
_SOME = 512  # cosets altogether from which it pays to bound them
_WIDE = 8  # cosets of a row, on average, from which it pays to look for a good image first
_BEAM = 4  # cosets of a row that this first descent keeps per level
_LINKED_DEGREE = 512  # linked orbits take components of degree² pairs


def _compare(rows: Array, targets: Array) -> tuple[Array, Array]:
    """(below, equal): which rows come before their targets, and which equal them."""
    differs = rows != targets
    at = differs.argmax(axis=1)
    place = np.arange(len(rows))
    unequal = differs[place, at]
    return unequal & (rows[place, at] < targets[place, at]), ~unequal


def _ranks_of_rows(rows: Array) -> Array:
    """The place of each row among the distinct rows in order."""
    return np.unique(_as_keys(rows), return_inverse=True)[1].ravel()


def _starts(owner: Array) -> Array:
    return np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))


class _Batch:
    """One block of rows; the attributes collect the answers."""

    def __init__(self, chain: SearchChain, rows: Array, find: bool) -> None:
        self.chain, self.rows, self.find = chain, rows, find
        count = len(rows)
        self.colours = int(rows.max()) + 1 if rows.size else 1
        self.failed = np.zeros(count, dtype=bool)
        wide = chain.order >= 1 << 62
        self.stabilizers = np.zeros(count, dtype=object if wide else np.int64)
        self.reach = np.tile(np.arange(chain.degree, dtype=np.int64), (count, 1))
        self.witness = np.zeros((count, chain.degree), dtype=chain.kind)
        # From this place on a row is constant: cosets that agree before it agree altogether.
        last = rows[:, -1:] if chain.degree else rows
        varied = (rows != last)[:, ::-1].argmax(axis=1) if chain.degree else np.zeros(count, int)
        constant = (rows == last).all(axis=1)
        self.level_done = np.where(constant, 0, chain.degree - varied)
        # Images that bound the answers from above: the rows themselves, or what a dive finds.
        self.targets: Array | None = None if find else rows

    def start(self) -> None:
        count = len(self.rows)
        cosets = np.tile(np.arange(self.chain.degree, dtype=self.chain.kind), (count, 1))
        owner = np.arange(count)
        weights = np.ones(count, dtype=self.stabilizers.dtype)
        self.explore(0, 0, cosets, owner, weights)

    def values(self, cosets: Array, owner: Array) -> Array:
        return self.rows.ravel()[cosets + (owner * self.chain.degree)[:, None]]

    def alive(self, owner: Array) -> Array:
        return np.flatnonzero(~self.failed[owner])

    def settle(self, done: int, end: int, cosets: Array, owner: Array) -> Array:
        """Cosets that agree with the target on places done..end-1 (find: that are least there)."""
        if not self.find:
            values = self.values(cosets[:, done:end], owner)
            below, equal = _compare(values, self.rows[owner, done:end])
            self.failed[owner[below]] = True
            return np.flatnonzero(equal & ~self.failed[owner])
        keep = np.arange(len(owner))
        for j in range(done, end):
            value = self.values(cosets[keep, j : j + 1], owner[keep])[:, 0]
            starts = _starts(owner[keep])
            least = np.minimum.reduceat(value, starts)
            lengths = np.diff(np.append(starts, len(keep)))
            keep = keep[value == np.repeat(least, lengths)]
        return keep

    def finish(self, level: int, cosets: Array, owner: Array, weights: Array) -> None:
        """Record cosets all of whose elements reach the image of their row."""
        tail = self.chain.tail[level]
        np.add.at(self.stabilizers, owner, weights * tail)
        if self.find:
            starts = _starts(owner)
            self.witness[owner[starts]] = cosets[starts]
            return
        # These are automorphisms: note the least point to which each point is moved.
        starts = _starts(owner)
        least = np.minimum.reduceat(cosets, starts, axis=0)
        label = self.chain.tail_labels(level)
        who = owner[starts]
        self.reach[who] = np.minimum(self.reach[who], np.minimum(least, label[None, :]))

    def explore(self, level: int, done: int, cosets: Array, owner: Array, weights: Array) -> None:
        chain = self.chain
        tried = 0
        while len(owner):
            end = chain.base[level] if level < len(chain.base) else chain.degree
            if end > done:
                keep = self.settle(done, end, cosets, owner)
                cosets, owner, weights = cosets[keep], owner[keep], weights[keep]
            over = np.flatnonzero(self.level_done[owner] <= end) if not self.find else None
            if level == len(chain.base):
                over = np.arange(len(owner))
            if over is not None and len(over):
                self.finish(level, cosets[over], owner[over], weights[over])
                rest = np.flatnonzero(self.level_done[owner] > end)
                if level == len(chain.base):
                    return
                cosets, owner, weights = cosets[rest], owner[rest], weights[rest]
            if not len(owner):
                return
            if len(owner) >= _SOME and len(owner) >= 2 * tried:
                cosets, owner, weights = self.without_symmetric(level, cosets, owner, weights)
                cosets, owner, weights = self.without_hopeless(level, cosets, owner, weights)
                tried = len(owner)
                if not tried:
                    return
            images = cosets[:, chain.orbits[level]]
            values = self.values(images, owner)
            if self.find:
                starts = _starts(owner)
                least = np.minimum.reduceat(values.min(axis=1), starts)
                target = np.repeat(least, np.diff(np.append(starts, len(owner))))
            else:
                target = self.rows[owner, end]
                self.failed[owner[values.min(axis=1) < target]] = True
            chosen = values == target[:, None]
            if not self.find:
                chosen &= ~self.failed[owner][:, None]
            parents, places = np.nonzero(chosen)
            level += 1
            done = end + 1
            if len(parents) * chain.degree > _ENTRIES and len(parents) > 1:
                self.in_pieces(level, done, cosets, owner, weights, parents, places)
                return
            cosets = compose(cosets[parents], chain.transversals[level - 1][places])
            owner, weights = owner[parents], weights[parents]

    def in_pieces(
        self,
        level: int,
        done: int,
        cosets: Array,
        owner: Array,
        weights: Array,
        parents: Array,
        places: Array,
    ) -> None:
        """Go on in pieces of bounded memory; finding needs all cosets of a row together."""
        piece = max(1, _ENTRIES // self.chain.degree)
        start = 0
        whose = owner[parents]
        while start < len(parents):
            stop = min(len(parents), start + piece)
            if self.find and stop < len(parents):
                cut = int(np.searchsorted(whose, whose[stop]))
                stop = cut if cut > start else int(np.searchsorted(whose, whose[stop], "right"))
            part = np.arange(start, stop)
            start = stop
            if self.find and len(part) > 2 * piece:
                # One row has more cosets than a piece: the search for a single row can split them.
                k = int(whose[part[0]])
                self.witness[k], self.stabilizers[k] = least_image(self.chain, self.rows[k])
                continue
            if not self.find:
                part = part[~self.failed[whose[part]]]
            if len(part):
                below = compose(
                    cosets[parents[part]], self.chain.transversals[level - 1][places[part]]
                )
                self.explore(level, done, below, whose[part], weights[parents[part]])

    def without_symmetric(
        self, level: int, cosets: Array, owner: Array, weights: Array
    ) -> tuple[Array, Array, Array]:
        """Merge cosets of a row whose greedy completions have the same image."""
        chain = self.chain
        starts = _starts(owner)
        lengths = np.diff(np.append(starts, len(owner)))
        many = np.repeat(lengths, lengths) >= _MANY
        if not many.any():
            return cosets, owner, weights
        which = np.flatnonzero(many)
        leaves, whose = cosets[which], owner[which]
        for i in range(level, len(chain.base)):
            choice = self.values(leaves[:, chain.orbits[i]], whose).argmin(axis=1)
            leaves = compose(leaves, chain.transversals[i][choice])
        images = self.values(leaves, whose)
        if not self.find:
            below, _ = _compare(images, self.rows[whose])
            self.failed[whose[below]] = True
        width = images.dtype.itemsize
        label = whose.astype(">u4").view(np.uint8).reshape(len(whose), 4)
        keys = np.hstack([label, _as_keys(images).view(np.uint8).reshape(len(whose), -1)])
        assert width
        _, first, inverse = np.unique(
            np.ascontiguousarray(keys).view(np.dtype((np.void, keys.shape[1]))).ravel(),
            return_index=True,
            return_inverse=True,
        )
        inverse = inverse.ravel()
        totals = np.zeros(len(first), dtype=weights.dtype)
        np.add.at(totals, inverse, weights[which])
        if not self.find:
            # What takes the first of equal completions to another is an automorphism of the row.
            merged = np.flatnonzero(first[inverse] != np.arange(len(which)))
            if len(merged):
                automorphisms = np.empty((len(merged), chain.degree), dtype=np.int64)
                np.put_along_axis(
                    automorphisms,
                    leaves[first[inverse[merged]]].astype(np.int64),
                    leaves[merged],
                    1,
                )
                np.minimum.at(self.reach, whose[merged], automorphisms)
        weights = weights.copy()
        weights[which[first]] = totals
        keep = np.sort(np.concatenate([np.flatnonzero(~many), which[first]]))
        if not self.find:
            keep = keep[~self.failed[owner[keep]]]
        return cosets[keep], owner[keep], weights[keep]

    def without_hopeless(
        self, level: int, cosets: Array, owner: Array, weights: Array
    ) -> tuple[Array, Array, Array]:
        """Drop cosets whose lower bound is above the target."""
        if self.chain.degree > _LINKED_DEGREE or len(owner) < _SOME:
            return cosets, owner, weights
        bounds = lower_bounds(self.values(cosets, owner), self.chain.links(level), self.colours)
        if self.targets is None:
            if len(owner) < _WIDE * len(_starts(owner)):
                return cosets, owner, weights
            self.targets = self.rows.copy()
            best = self.most_promising(bounds, owner)
            self.dive(level, cosets[best], owner[best])
        below, equal = _compare(bounds, self.targets[owner])
        keep = np.flatnonzero(below | equal)
        return cosets[keep], owner[keep], weights[keep]

    def most_promising(self, bounds: Array, owner: Array) -> Array:
        """For each row the `_BEAM` cosets with the least bounds, in the order of rows."""
        order = np.lexsort((_ranks_of_rows(bounds), owner))
        whose = owner[order]
        starts = _starts(whose)
        lengths = np.diff(np.append(starts, len(whose)))
        place = np.arange(len(whose)) - np.repeat(starts, lengths)
        return order[place < _BEAM]

    def dive(self, level: int, cosets: Array, owner: Array) -> None:
        """Follow the most promising cosets of each row down to images, and keep the least."""
        chain = self.chain
        for i in range(level, len(chain.base)):
            values = self.values(cosets[:, chain.orbits[i]], owner)
            starts = _starts(owner)
            least = np.minimum.reduceat(values.min(axis=1), starts)
            least = np.repeat(least, np.diff(np.append(starts, len(owner))))
            parents, places = np.nonzero(values == least[:, None])
            cosets = compose(cosets[parents], chain.transversals[i][places])
            owner = owner[parents]
            bounds = lower_bounds(self.values(cosets, owner), chain.links(i + 1), self.colours)
            best = self.most_promising(bounds, owner)
            cosets, owner = cosets[best], owner[best]
        assert self.targets is not None
        first = _starts(owner)
        self.targets[owner[first]] = self.values(cosets[first], owner[first])


def which_are_least(chain: SearchChain, rows: Array) -> tuple[Array, Array, Array]:
    """Which rows are the least of their orbits.

    Arguments:
        chain: of a group of degree n. rows: shape (m, n), whole numbers from 0 on.

    Returns:
        (least, stabilizers, reach): `least[k]` tells whether row k is least; if it is,
        `stabilizers[k]` is the order of its stabiliser and `reach[k, i] <= i` a point to which the
        stabiliser moves point i.
    """
    batch = _Batch(chain, rows, find=False)
    batch.start()
    return ~batch.failed, batch.stabilizers, batch.reach


def find_least(chain: SearchChain, rows: Array) -> tuple[Array, Array]:
    """The least images of rows, and the orders of their stabilisers."""
    batch = _Batch(chain, rows, find=True)
    batch.start()
    return np.take_along_axis(rows, batch.witness.astype(np.int64), axis=1), batch.stabilizers
