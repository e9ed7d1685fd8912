"""Permutations of 0..n-1: immutable image arrays with cycle notation.

Conventions (they hold in the whole package):

* a permutation is its image array, ``p.images[i] == p(i)``, points counted from 0;
* products act from the left, ``(p * q)(i) == p(q(i))``;
* cycle *strings* count from 1, as in GAP, Magma and SageMath; cycle *lists* count from 0.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.errors import DegreeError, PermutationError, PointError, TooLargeError, shown

MAX_DEGREE = 1 << 28
"""Largest degree: one image array then takes 2 GiB."""

# Nothing is given back (++), so that no text is tried in more than one way.
_CYCLE = re.compile(r"\(\s*+((?:[0-9]++\s*+(?:,\s*+(?=[0-9]))?+)*+)\)")
_MAX_DIGITS = 12
_MAX_UNASKED = 1 << 24  # a few characters of text should not take gigabytes


class Permutation:
    """A permutation of the points 0..degree-1.

    Arguments:
        images: an image list (0-based, ``images[i]`` is the image of i), a cycle string (1-based,
            ``"(1,2,3)(4,5)"``) or another `Permutation`.
        degree: number of points; needed when trailing points are fixed by a cycle string. An image
            list shorter than the degree is an error, never padded.

    Raises:
        PermutationError: the images or cycles are not those of a permutation.
        DegreeError: the degree is negative or too small.

    Complexity:
        O(n) time and memory.

    Source:
        MATH.md section 1 (conventions).

    Examples:
        >>> p = Permutation([1, 2, 0])
        >>> q = Permutation("(1,2)", degree=3)
        >>> str(p), str(q), str(p * q), (p * q)(0) == p(q(0))
        ('(1,2,3)', '(1,2)', '(1,3)', True)
        >>> Permutation(str(p), degree=3) == p
        True
        >>> Permutation([0, 0])
        Traceback (most recent call last):
        ...
        groups.errors.PermutationError: images: every point 0..1 must occur once, got 0 twice; give
        a rearrangement of range(2)
    """

    __slots__ = ("_hash", "images")

    images: NDArray[np.int64]
    _hash: int | None

    def __init__(
        self,
        images: Permutation | str | Sequence[int] | NDArray[Any],
        degree: int | None = None,
    ) -> None:
        if degree is not None:
            degree = _checked_degree(degree)
        if isinstance(images, Permutation):
            array = images.images
        elif isinstance(images, str):
            cycles = _parse_cycles(images)
            needed = max((i + 1 for cycle in cycles for i in cycle), default=0)
            if degree is None and MAX_DEGREE >= needed > _MAX_UNASKED:
                raise TooLargeError(
                    f"images: cycle strings without a degree have points up to {_MAX_UNASKED}, got "
                    f"{needed}; give degree={needed} if that is what you mean"
                )
            array = _array_from_cycles(cycles, degree)
        else:
            array = _array_from_images(images)
        if degree is not None and len(array) != degree:
            raise DegreeError(
                f"degree: must equal the number of images, got degree {degree} for {len(array)} "
                "images; "
                f"write all {degree} images or use a cycle string"
            )
        self._set(array)

    def _set(self, array: NDArray[np.int64]) -> None:
        array.setflags(write=False)
        object.__setattr__(self, "images", array)
        object.__setattr__(self, "_hash", None)

    @classmethod
    def _trusted(cls, array: NDArray[Any]) -> Permutation:
        """Wrap an array that is known to be a permutation (no check; the caller gives it away)."""
        p = object.__new__(cls)
        p._set(np.ascontiguousarray(array, dtype=np.int64))
        return p

    @classmethod
    def identity(cls, degree: int) -> Permutation:
        """The identity on `degree` points.

        Examples:
            >>> Permutation.identity(3).images.tolist()
            [0, 1, 2]
        """
        return cls._trusted(np.arange(_checked_degree(degree), dtype=np.int64))

    @classmethod
    def from_cycles(cls, cycles: Iterable[Sequence[int]], degree: int | None = None) -> Permutation:
        """The permutation with the given disjoint cycles of 0-based points.

        Arguments:
            cycles: lists of distinct points; fixed points may be left out.
            degree: number of points; by default the largest point plus one.

        Raises:
            PermutationError: a point occurs twice. DegreeError: a point is too large.

        Examples:
            >>> Permutation.from_cycles([[0, 1, 2]], degree=4).images.tolist()
            [1, 2, 0, 3]
        """
        checked = [[_checked_integer("cycles", i) for i in cycle] for cycle in cycles]
        if degree is not None:
            degree = _checked_degree(degree)
        return cls._trusted(_array_from_cycles(checked, degree))

    # -- value ------------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Permutation is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("Permutation is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return (Permutation, (self.images.tolist(),))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Permutation):
            return NotImplemented
        return bool(np.array_equal(self.images, other.images))

    def __hash__(self) -> int:
        if self._hash is None:
            # A tuple of integers hashes alike in every run; bytes would depend on PYTHONHASHSEED.
            object.__setattr__(self, "_hash", hash(tuple(self.images.tolist())))
        return self._hash  # type: ignore[return-value]

    def __lt__(self, other: Permutation) -> bool:
        """Lexicographic order of the image lists (the canonical order of elements)."""
        if not isinstance(other, Permutation):
            return NotImplemented
        return bool(self.images.tolist() < other.images.tolist())

    def __str__(self) -> str:
        cycles = self.cycles()
        return "".join("(" + ",".join(str(i + 1) for i in c) + ")" for c in cycles) or "()"

    def __repr__(self) -> str:
        return f"Permutation('{self}', degree={self.degree})"

    # -- algebra ----------------------------------------------------------------------------------

    @property
    def degree(self) -> int:
        """Number of points."""
        return len(self.images)

    def __call__(self, point: int) -> int:
        """The image of a point (0-based)."""
        n = len(self.images)
        if not 0 <= point < n:
            raise PointError(
                f"point: must be in 0..{n - 1}, got {point}; points are counted from 0"
            )
        return int(self.images[point])

    def __mul__(self, other: Permutation) -> Permutation:
        """The product that applies `other` first: ``(p * q)(i) == p(q(i))``."""
        if not isinstance(other, Permutation):
            return NotImplemented
        if len(self.images) != len(other.images):
            raise DegreeError(
                f"product: both factors must have one degree, got {self.degree} and "
                f"{other.degree}; "
                "rebuild one of them with degree=..."
            )
        return Permutation._trusted(self.images[other.images])

    def __invert__(self) -> Permutation:
        """The inverse permutation."""
        inverse = np.empty_like(self.images)
        inverse[self.images] = np.arange(len(self.images), dtype=np.int64)
        return Permutation._trusted(inverse)

    def __pow__(self, exponent: int) -> Permutation:
        """The power with any integer exponent, in O(n) whatever its size."""
        result = np.arange(self.degree, dtype=np.int64)
        for cycle in self.cycles():
            shift = exponent % len(cycle)
            result[list(cycle)] = cycle[shift:] + cycle[:shift]
        return Permutation._trusted(result)

    def conjugate_by(self, g: Permutation) -> Permutation:
        """The conjugate ``g * p * ~g``, which maps g(i) to g(p(i)).

        Examples:
            >>> str(Permutation("(1,2)", 4).conjugate_by(Permutation("(1,2,3,4)")))
            '(2,3)'
        """
        return g * self * ~g

    @property
    def is_identity(self) -> bool:
        """Whether every point is fixed."""
        return bool((self.images == np.arange(len(self.images))).all())

    def cycles(self) -> list[tuple[int, ...]]:
        """The cycles of length at least 2 (0-based), each from its least point, in increasing
        order.

        Examples:
            >>> Permutation("(4,5)(1,3,2)").cycles()
            [(0, 2, 1), (3, 4)]
        """
        images = self.images.tolist()
        seen = bytearray(len(images))
        cycles = []
        for start, image in enumerate(images):
            if image == start or seen[start]:
                continue
            cycle = [start]
            while image != start:
                seen[image] = 1
                cycle.append(image)
                image = images[image]
            cycles.append(tuple(cycle))
        return cycles

    @property
    def cycle_type(self) -> tuple[int, ...]:
        """Cycle lengths in decreasing order, fixed points included.

        Examples:
            >>> Permutation("(4,5)(1,3,2)", 7).cycle_type
            (3, 2, 1, 1)
        """
        lengths = sorted((len(c) for c in self.cycles()), reverse=True)
        return tuple(lengths + [1] * (self.degree - sum(lengths)))

    @property
    def order(self) -> int:
        """Least k > 0 with p**k the identity."""
        return math.lcm(*(len(c) for c in self.cycles()))

    @property
    def sign(self) -> int:
        """+1 for even permutations, -1 for odd ones."""
        return -1 if sum(len(c) - 1 for c in self.cycles()) % 2 else 1

    # -- actions ----------------------------------------------------------------------------------

    def act_on_vector(self, x: Any) -> Any:
        """The left action on vectors: y with ``y[p(i)] = x[i]``.

        Arguments:
            x: a sequence of length n, or an array whose first axis has length n.

        Returns:
            An array when x is an array, otherwise a tuple.

        Raises:
            DegreeError: x has another length.

        Source:
            MATH.md section 1; then ``g·x^α = x^{g·α}`` for exponent vectors.

        Examples:
            >>> Permutation("(1,2,3)").act_on_vector([5, 6, 7])
            (7, 5, 6)
        """
        if len(x) != self.degree:
            raise DegreeError(
                f"x: must have length {self.degree}, the degree, got length {len(x)}; "
                "give one entry per point"
            )
        if isinstance(x, np.ndarray):
            y = np.empty_like(x)
            y[self.images] = x
            return y
        out: list[Any] = [None] * self.degree
        for i, image in enumerate(self.images.tolist()):
            out[image] = x[i]
        return tuple(out)

    def act_on_set(self, points: Iterable[int]) -> tuple[int, ...]:
        """The image of a set of points, as a sorted tuple.

        Examples:
            >>> Permutation("(1,2,3)").act_on_set([0, 2])
            (0, 1)
        """
        return tuple(sorted(self(i) for i in points))


# -- parsing and checking -------------------------------------------------------------------------


def _checked_integer(name: str, value: Any) -> int:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise PermutationError(
            f"{name}: entries must be integers, got {shown(value)}; write points as 0, 1, 2, …"
        )
    return int(value)


def _checked_degree(degree: Any) -> int:
    if (
        isinstance(degree, (bool, np.bool_))
        or not isinstance(degree, (int, np.integer))
        or degree < 0
    ):
        raise DegreeError(
            f"degree: must be an integer >= 0, got {shown(degree)}; give the number of points"
        )
    if degree > MAX_DEGREE:
        taken = f"{8 * degree / 2**30:.3g} GiB" if degree <= 10**30 else "too much memory"
        raise TooLargeError(
            f"degree: {shown(int(degree))} points would take {taken} per permutation, "
            f"the limit is degree {MAX_DEGREE}; leave out points that are always fixed"
        )
    return int(degree)


def _array_from_images(images: Any) -> NDArray[np.int64]:
    if isinstance(images, np.ndarray) and images.dtype.kind in "iu" and images.ndim == 1:
        array = images.astype(np.int64)
    else:
        try:
            entries = list(images)
        except TypeError:
            raise PermutationError(
                f"images: must be a list of integers or a cycle string, got {shown(images)}; "
                "write for example [1, 2, 0]"
            ) from None
        entries = [_checked_integer("images", i) for i in entries]
        # Before NumPy sees them: entries may be larger than its integers.
        for entry in entries:
            if not 0 <= entry < len(entries):
                raise _out_of_range(entry, len(entries))
        array = np.array(entries, dtype=np.int64)
    n = len(array)
    outside = array[(array < 0) | (array >= n)]
    if len(outside):
        raise _out_of_range(int(outside[0]), n)
    counts = np.bincount(array, minlength=n)
    if n and counts.max() > 1:
        bad = int(np.argmax(counts > 1))
        times = "twice" if counts[bad] == 2 else f"{counts[bad]} times"
        raise PermutationError(
            f"images: every point 0..{n - 1} must occur once, got {bad} {times}; "
            f"give a rearrangement of range({n})"
        )
    return array


def _out_of_range(value: int, n: int) -> PermutationError:
    return PermutationError(
        f"images: {n} images must lie in 0..{n - 1}, got {shown(value)}; image lists count points "
        "from 0"
    )


def _parse_cycles(text: str) -> list[list[int]]:
    """Read a 1-based cycle string into 0-based cycles."""
    cycles: list[list[int]] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        if stripped[position].isspace():
            position += 1
            continue
        match = _CYCLE.match(stripped, position)
        if match is None:
            raise PermutationError(
                f"images: cannot read {shown(text)} as cycles at column {position + 1}; "
                'write for example "(1,2,3)(4,5)", points counted from 1'
            )
        words = [word.lstrip("0") or "0" for word in re.findall(r"[0-9]+", match.group(1))]
        if any(len(word) > _MAX_DIGITS for word in words):
            raise TooLargeError(
                f"images: points have at most {_MAX_DIGITS} digits, got a longer one in "
                f"{shown(text)}; leave out points that are always fixed"
            )
        points = [int(word) for word in words]
        if 0 in points:
            raise PermutationError(
                f"images: cycle strings count points from 1, got 0 in {shown(text)}; "
                "add 1 to every point, or use Permutation.from_cycles for 0-based lists"
            )
        cycles.append([i - 1 for i in points])
        position = match.end()
    if not cycles:
        raise PermutationError(
            f"images: a cycle string needs at least one pair of brackets, got {shown(text)}; "
            '"()" is the identity'
        )
    return cycles


def _array_from_cycles(cycles: list[list[int]], degree: int | None) -> NDArray[np.int64]:
    points = [i for cycle in cycles for i in cycle]
    if any(i < 0 for i in points):
        raise PermutationError(
            f"cycles: points are counted from 0, got {min(points)}; negative points do not exist"
        )
    needed = _checked_degree(max(points, default=-1) + 1)
    if degree is None:
        degree = needed
    if needed > degree:
        raise DegreeError(
            f"degree: must exceed every point moved, got degree {degree} with 0-based point "
            f"{needed - 1}; "
            f"use degree={needed} or more"
        )
    if len(set(points)) != len(points):
        counts = Counter(points)
        bad = min(i for i in counts if counts[i] > 1)
        raise PermutationError(
            f"cycles: must be disjoint without repeats, got the 0-based point {bad} "
            f"({bad + 1} in a cycle string) twice; multiply the cycles instead"
        )
    array = np.arange(degree, dtype=np.int64)
    for cycle in cycles:
        array[cycle] = cycle[1:] + cycle[:1]
    return array
