"""Lexicographically least image of a vector under a permutation group, by search over its
stabiliser chain.

The image of `x` under `g` is `y[j] = x[h(j)]` with `h = g⁻¹`. The base of the chain rises, so the
value of y at the i-th base point and at everything below the next one depends only on the coset of
`h` by the i-th stabiliser: the search goes through cosets level by level, all cosets of a level at
once, and keeps those that are least so far (Linton 2004).

What makes the search grow is symmetry of `x` itself: cosets that an automorphism of `x` maps to
each other have the same subtree. They are recognised by completing each coset greedily to one group
element: two completions with the same image differ by an automorphism of `x`, so one coset of the
two is enough. It is kept with the number of cosets that it stands for, and these numbers add up to
the order of the stabiliser (the orbit pruning of Jefferson, Jonauskyte, Pfeiffer and Waldecker
2019, without computing the stabiliser).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from groups.components import least_of_component
from groups.errors import TooLargeError
from groups.known_symmetries import KnownSymmetries, known_symmetries
from groups.lower_bounds import linked_orbits, lower_bounds

if TYPE_CHECKING:
    from groups.group import PermutationGroup

Array = npt.NDArray[Any]

MEMORY_LIMIT = 1 << 30
"""Bytes that the explicit transversals of a chain may take."""

_CHUNK = 1 << 22  # entries of the image arrays that are expanded at a time
_MANY = 48  # cosets from which it pays to look for symmetric ones
_SOME = 256  # cosets from which it pays to bound them
_MORE = 1000  # cosets from which it pays to begin again with the symmetries that are known
_SAMPLE = 8  # automorphisms that are kept of one round
_BEAM = 16  # cosets that the first descent keeps per level
_LINKED_DEGREE = 512  # linked orbits take components of degree² pairs


class SearchChain:
    """A stabiliser chain with rising base, its transversals written out as arrays.

    Attributes: `degree`; `order`; `base`; `orbits[i]`, the i-th basic orbit; `transversals[i]`,
    array of shape (len(orbit), degree), row k maps the base point to `orbits[i][k]`; `tail[i]`, the
    order of the stabiliser of the first i base points.
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
                f" {MEMORY_LIMIT}; use a catalogue constructor, whose families and products"
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
        self._strong = strong
        self._level_generators = [list(level.generator_indices) for level in chain.levels]
        self._links: dict[int, list[Array]] = {}
        self._labels: dict[int, Array] = {}
        self.tail = [1]
        for orbit in reversed(self.orbits):
            self.tail.insert(0, self.tail[0] * len(orbit))

    def _generators(self, level: int) -> list[Array]:
        rows = self._level_generators[level] if level < len(self.base) else []
        return [self._strong[k] for k in rows]

    def tail_labels(self, level: int) -> Array:
        """The least point of each point's orbit under the stabiliser of `level` base points."""
        if level not in self._labels:
            generators = self._generators(level)
            self._labels[level] = least_of_component(self.degree, generators, np.int64)
        return self._labels[level]

    def links(self, level: int) -> list[Array]:
        """Linked orbits of the stabiliser of the first `level` base points (see `lower_bounds`)."""
        if level not in self._links:
            generators = self._generators(level)
            self._links[level] = linked_orbits(self.degree, generators) if generators else []
        return self._links[level]


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


def _as_keys(rows: Array) -> Array:
    """Rows as byte strings that compare like the rows."""
    wide = np.ascontiguousarray(rows.astype(rows.dtype.newbyteorder(">"), copy=False))
    return wide.view(np.dtype((np.void, wide.shape[1] * wide.dtype.itemsize))).ravel()


class _Restart(Exception):
    """Enough automorphisms of the vector are known to begin again with them."""


class _Search:
    """The search for one vector."""

    def __init__(self, chain: SearchChain, x: Array) -> None:
        self.chain, self.x = chain, x
        self.best: Array | None = None  # least image known so far
        self.witness: Array | None = None  # an h that reaches it
        self.count = 0  # number of h found that reach it
        self.wide = chain.order >= 1 << 62
        self.colours = int(x.max()) + 1 if len(x) else 1
        self.bound_from = _SOME if chain.degree <= _LINKED_DEGREE else 1 << 62
        self.automorphisms: list[Array] = []
        self.used = 0  # how many of them the present round began with

    def run(self) -> tuple[Array, int]:
        start = np.arange(self.chain.degree, dtype=self.chain.kind)[None, :]
        while True:
            weights = np.ones(1, dtype=object if self.wide else np.int64)
            known = np.array([self.symmetry()], dtype=object)
            self.count = 0
            try:
                self.explore(0, 0, start, weights, known, 0)
            except _Restart:
                continue
            assert self.witness is not None
            return self.witness, self.count

    def symmetry(self) -> KnownSymmetries | None:
        """The group of the automorphisms known so far."""
        self.used = len(self.automorphisms)
        return known_symmetries(self.automorphisms)

    def least_rows(self, values: Array, at: int) -> Array | None:
        """Rows that are least, None when they are above the best from place `at` on."""
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

    def explore(
        self, level: int, done: int, cosets: Array, weights: Array, known: Array, tried: int
    ) -> None:
        """Search below the given cosets of the level; images agree with the best before `done`.

        `known[k]` is the known part of the stabiliser of x and of the base images of coset k, None
        if it is trivial; `tried` the number of cosets when symmetric ones were last looked for.
        """
        chain = self.chain
        while True:
            end = chain.base[level] if level < len(chain.base) else chain.degree
            if end > done:
                alive = self.least_rows(self.x[cosets[:, done:end]], done)
                if alive is None:
                    return
                if len(alive) < len(cosets):
                    cosets, weights, known = cosets[alive], weights[alive], known[alive]
            if level == len(chain.base):
                if self.best is None:
                    self.best, self.witness, self.count = self.x[cosets[0]], cosets[0], 0
                self.count += int(weights.sum())
                return
            if len(cosets) >= _MANY and len(cosets) >= 4 * tried:
                keep, weights = self.without_symmetric(level, cosets, weights)
                cosets, known = cosets[keep], known[keep]
                tried = len(cosets)
                if tried >= _MORE and len(self.automorphisms) > self.used:
                    raise _Restart
            if len(cosets) >= self.bound_from:
                keep = self.without_hopeless(level, cosets)
                self.bound_from = _SOME if 4 * len(keep) < 3 * len(cosets) else 8 * len(cosets)
                cosets, weights, known = cosets[keep], weights[keep], known[keep]
            done = end + 1
            images = cosets[:, chain.orbits[level]]
            values = self.x[images]
            low = values.min()
            if self.best is not None and low != self.best[end]:
                if low > self.best[end]:
                    return
                self.best, self.count = None, 0
            chosen = values == low
            orbit_sizes = self.least_choices(chosen, images, known)
            parents, places = np.nonzero(chosen)
            weights, known = weights[parents], known[parents]
            if orbit_sizes is not None:
                weights = weights * orbit_sizes[parents, places]
                for k in np.flatnonzero(known):
                    known[k] = known[k].child(int(images[parents[k], places[k]]))
            level += 1
            if len(parents) * chain.degree > _CHUNK and len(parents) > 1:
                # Depth first in pieces: memory stays bounded, later pieces are cut by the best so
                # far.
                piece = max(1, _CHUNK // chain.degree)
                for start in range(0, len(parents), piece):
                    if self.best is not None and low > self.best[end]:
                        return
                    part = slice(start, start + piece)
                    moves = chain.transversals[level - 1][places[part]]
                    below = compose(cosets[parents[part]], moves)
                    self.explore(level, done, below, weights[part], known[part], tried)
                return
            cosets = compose(cosets[parents], chain.transversals[level - 1][places])

    def least_choices(self, chosen: Array, images: Array, known: Array) -> Array | None:
        """Keep in `chosen` one base image per orbit of the known symmetry; return the lengths."""
        symmetric = np.flatnonzero(known)
        if not len(symmetric):
            return None
        sizes = np.ones(chosen.shape, dtype=np.int64)
        for k in symmetric:
            chosen[k] &= known[k].label[images[k]] == images[k]
            sizes[k] = known[k].length[images[k]]
        return sizes

    def dive(self, level: int, cosets: Array) -> None:
        """Follow the most promising cosets down to an image, kept when it is the best so far."""
        chain = self.chain
        for i in range(level, len(chain.base)):
            values = self.x[cosets[:, chain.orbits[i]]]
            parents, places = np.nonzero(values == values.min())
            cosets = compose(cosets[parents], chain.transversals[i][places])
            if len(cosets) > _BEAM:
                bounds = lower_bounds(self.x[cosets], chain.links(i + 1), self.colours)
                cosets = cosets[np.argsort(_as_keys(bounds), kind="stable")[:_BEAM]]
        images = self.x[cosets]
        least = int(np.argsort(_as_keys(images), kind="stable")[0])
        image = images[least]
        if self.best is None or image.tolist() < self.best.tolist():
            self.best, self.witness, self.count = image, cosets[least], 0

    def without_hopeless(self, level: int, cosets: Array) -> Array:
        """Cosets whose lower bound is not above the best image known."""
        bounds = lower_bounds(self.x[cosets], self.chain.links(level), self.colours)
        if self.best is None:
            self.dive(level, cosets[np.argsort(_as_keys(bounds), kind="stable")[:_BEAM]])
        assert self.best is not None
        differs = bounds != self.best
        at = differs.argmax(axis=1)
        rows = np.arange(len(bounds))
        return np.flatnonzero(~(differs[rows, at] & (bounds[rows, at] > self.best[at])))

    def without_symmetric(self, level: int, cosets: Array, weights: Array) -> tuple[Array, Array]:
        """One coset for each image of a greedy completion, and their weights added up."""
        chain = self.chain
        leaves = cosets
        for i in range(level, len(chain.base)):
            choice = self.x[leaves[:, chain.orbits[i]]].argmin(axis=1)
            leaves = compose(leaves, chain.transversals[i][choice])
        keys = _as_keys(self.x[leaves])
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        inverse = inverse.ravel()
        totals = np.zeros(len(first), dtype=weights.dtype)
        np.add.at(totals, inverse, weights)
        merged = np.flatnonzero(first[inverse] != np.arange(len(cosets)))
        for k in merged[:: max(1, len(merged) // _SAMPLE)][:_SAMPLE]:
            automorphism = np.empty(chain.degree, dtype=np.intp)
            automorphism[leaves[first[inverse[k]]]] = leaves[k]
            self.automorphisms.append(automorphism)
        return first, totals


def minimal_image(group: PermutationGroup, x: Array) -> tuple[Array, int]:
    """Least image of a vector of small whole numbers.

    Arguments:
        group: the group, of degree n. x: array of length n with entries 0, 1, 2, ….

    Returns:
        (h, stabilizer_order): `x[h]` is the least image and the inverse of `h` is the group element
        that reaches it.

    Complexity:
        The number of cosets whose prefix is least, up to symmetries of x that are noticed;
        exponential in the worst case (graph canonisation is a special case), memory bounded.

    Source:
        Linton, *Finding the smallest image of a set*, ISSAC 2004; Jefferson, Jonauskyte, Pfeiffer,
        Waldecker, *Minimal and canonical images*, J. Algebra 2019.
    """
    return least_image(search_chain(group), x)


def least_image(chain: SearchChain, x: Array) -> tuple[Array, int]:
    """The same for a chain in hand."""
    small = x.astype(np.uint8 if x.size == 0 or x.max() < 256 else np.int64)
    return _Search(chain, small).run()
