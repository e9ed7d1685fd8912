"""Lexicographically least image of a vector under a permutation group, by search over its stabiliser chain.

The image of `x` under `g` is `y[j] = x[h(j)]` with `h = g⁻¹`. The base of the chain rises, so the value of
y at the i-th base point and at everything below the next one depends only on the coset of `h` by the
i-th stabiliser: the search goes through cosets level by level, all cosets of a level at once, and keeps
those that are least so far (Linton 2004).

What makes the search grow is symmetry of `x` itself: cosets that an automorphism of `x` maps to each other
have the same subtree. They are recognised by completing each coset greedily to one group element: two
completions with the same image differ by an automorphism of `x`, so one coset of the two is enough. It is
kept with the number of cosets that it stands for, and these numbers add up to the order of the stabiliser
(the orbit pruning of Jefferson, Jonauskyte, Pfeiffer and Waldecker 2019, without computing the stabiliser).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from groups.errors import TooLargeError

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = npt.NDArray[Any]

MEMORY_LIMIT = 1 << 30
"""Bytes that the explicit transversals of a chain may take."""

_CHUNK = 1 << 22  # entries of the image arrays that are expanded at a time
_MANY = 48  # cosets from which it pays to look for symmetric ones


class SearchChain:
    """A stabiliser chain with rising base, its transversals written out as arrays.

    Attributes: `degree`; `order`; `base`; `orbits[i]`, the i-th basic orbit; `transversals[i]`, array of
    shape (len(orbit), degree), row k maps the base point to `orbits[i][k]`; `tail[i]`, the order of the
    stabiliser of the first i base points.
    """

    def __init__(self, group: PermutationGroup) -> None:
        chain = group.chain
        self.degree = group.degree
        self.order = chain.order
        self.base = list(chain.base)
        self.kind = (
            np.uint8 if self.degree <= 256 else np.uint16 if self.degree <= 65536 else np.int32
        )
        cost = sum(len(level.orbit) for level in chain.levels) * self.degree * self.kind().itemsize
        if cost > MEMORY_LIMIT:
            raise TooLargeError(
                f"minimal image: transversals of this group take {cost:.3g} bytes, the limit is"
                f" {MEMORY_LIMIT}; build the group by a catalogue constructor, whose products and families"
                " need no search"
            )
        self.orbits: list[Array] = []
        self.transversals: list[Array] = []
        strong = np.asarray(chain.strong_generators).astype(self.kind)
        for level in chain.levels:
            rows = np.empty((len(level.orbit), self.degree), dtype=self.kind)
            rows[0] = np.arange(self.degree)
            for k, (parent, generator) in enumerate(level.tree, start=1):
                np.take(strong[generator], rows[parent], out=rows[k])
            self.orbits.append(np.array(level.orbit, dtype=np.intp))
            self.transversals.append(rows)
        self.tail = [1]
        for orbit in reversed(self.orbits):
            self.tail.insert(0, self.tail[0] * len(orbit))


def search_chain(group: PermutationGroup) -> SearchChain:
    """The group's `SearchChain`, made once."""
    chain = group._cache.get("search_chain")
    if chain is None:
        chain = group._cache["search_chain"] = SearchChain(group)
    return chain  # type: ignore[no-any-return]


def compose(cosets: Array, transversal: Array) -> Array:
    """Row by row `cosets[k][transversal[k]]`: first the transversal element, then the coset's."""
    count, n = cosets.shape
    flat = transversal + np.arange(0, count * n, n, dtype=np.intp)[:, None]
    return cosets.ravel()[flat]


class _Search:
    """The search for one vector."""

    def __init__(self, chain: SearchChain, x: Array) -> None:
        self.chain, self.x = chain, x
        self.best: Array | None = None  # least image known so far
        self.witness: Array | None = None  # an h that reaches it
        self.count = 0  # number of h found that reach it
        self.wide = chain.order >= 1 << 62

    def run(self) -> tuple[Array, int]:
        start = np.arange(self.chain.degree, dtype=self.chain.kind)[None, :]
        weights = np.ones(1, dtype=object if self.wide else np.int64)
        self.explore(0, 0, start, weights, 0)
        assert self.witness is not None
        return self.witness, self.count

    def least_rows(self, values: Array, at: int) -> Array | None:
        """Rows that are lexicographically least, None when they are above the best at `at` onwards."""
        alive = np.arange(len(values))
        while True:
            low = values.min(axis=0)
            differs = low != values.max(axis=0)
            split = int(differs.argmax()) if differs.any() else values.shape[1]
            if self.best is not None and split:
                known = self.best[at : at + split]
                unequal = np.flatnonzero(low[:split] != known)
                if len(unequal):
                    if low[unequal[0]] > known[unequal[0]]:
                        return None
                    self.best, self.count = None, 0
            if split == values.shape[1]:
                return alive
            keep = np.flatnonzero(values[:, split] == low[split])
            alive, values, at = alive[keep], values[keep, split:], at + split

    def explore(self, level: int, done: int, cosets: Array, weights: Array, tried: int) -> None:
        """Search below the given cosets of the level; images agree with the best before `done`."""
        chain = self.chain
        while True:
            end = chain.base[level] if level < len(chain.base) else chain.degree
            if end > done:
                alive = self.least_rows(self.x[cosets[:, done:end]], done)
                if alive is None:
                    return
                if len(alive) < len(cosets):
                    cosets, weights = cosets[alive], weights[alive]
            if level == len(chain.base):
                if self.best is None:
                    self.best, self.witness, self.count = self.x[cosets[0]], cosets[0], 0
                self.count += int(weights.sum())
                return
            if len(cosets) >= _MANY and len(cosets) >= 4 * tried:
                cosets, weights = self.without_symmetric(level, cosets, weights)
                tried = len(cosets)
            done = end + 1
            orbit = chain.orbits[level]
            values = self.x[cosets[:, orbit]]
            low = values.min()
            if self.best is not None and low != self.best[end]:
                if low > self.best[end]:
                    return
                self.best, self.count = None, 0
            parents, places = np.nonzero(values == low)
            level += 1
            if len(parents) * chain.degree > _CHUNK and len(parents) > 1:
                # Depth first in pieces: memory stays bounded, later pieces are cut by the best so far.
                piece = max(1, _CHUNK // chain.degree)
                for start in range(0, len(parents), piece):
                    if self.best is not None and low > self.best[end]:
                        return
                    part, place = parents[start : start + piece], places[start : start + piece]
                    below = compose(cosets[part], chain.transversals[level - 1][place])
                    self.explore(level, done, below, weights[part], tried)
                return
            cosets = compose(cosets[parents], chain.transversals[level - 1][places])
            weights = weights[parents]

    def without_symmetric(self, level: int, cosets: Array, weights: Array) -> tuple[Array, Array]:
        """One coset for each image of a greedy completion, with the weights added up."""
        chain = self.chain
        leaves = cosets
        for i in range(level, len(chain.base)):
            choice = self.x[leaves[:, chain.orbits[i]]].argmin(axis=1)
            leaves = compose(leaves, chain.transversals[i][choice])
        images = np.ascontiguousarray(self.x[leaves])
        rows = images.view(np.dtype((np.void, images.shape[1] * images.dtype.itemsize))).ravel()
        _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
        totals = np.zeros(len(first), dtype=weights.dtype)
        np.add.at(totals, inverse.ravel(), weights)
        return cosets[first], totals


def minimal_image(group: PermutationGroup, x: Array) -> tuple[Array, int]:
    """Least image of a vector of small whole numbers.

    Arguments:
        group: the group, of degree n. x: array of length n with entries 0, 1, 2, ….

    Returns:
        (h, stabilizer_order): `x[h]` is the least image and the inverse of `h` is the group element that
        reaches it.

    Complexity:
        The number of cosets whose prefix is least, up to symmetries of x that are noticed; exponential in the
        worst case (graph canonisation is a special case), memory bounded.

    Source:
        Linton, *Finding the smallest image of a set*, ISSAC 2004; Jefferson, Jonauskyte, Pfeiffer, Waldecker,
        *Minimal and canonical images*, J. Algebra 2019.
    """
    chain = search_chain(group)
    small = x.astype(np.uint8 if x.size == 0 or x.max() < 256 else np.int64)
    witness, count = _Search(chain, small).run()
    return witness, count
