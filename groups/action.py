"""Actions as objects: a group, what it acts on, and the homomorphism to a new permutation group.

Objects are numbered 0..N-1, in lexicographic order. The laws

* ``action.homomorphism(p * q) == action.homomorphism(p) * action.homomorphism(q)``
* ``labels[action.homomorphism(p)(i)]`` is the image of the object ``labels[i]`` under p

hold for every action. This file has what is common to all and disjoint unions; `object_actions`
has sets, tuples, rows and vectors, `coset_actions` has cosets and elements.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.bounded_counts import known_order
from groups.errors import DegreeError, MembershipError, ParameterError
from groups.families import bracketed
from groups.group import PermutationGroup
from groups.permutations import Permutation

Array = NDArray[np.int64]

# Up to this degree an action finds the order of its source even when nobody has asked for it yet:
# that is
# cheaper than what the order saves when the chain of the larger image is built.
_CHEAP_DEGREE = 64


class Action(ABC):
    """An action of a permutation group on finitely many objects (the base class of all actions).

    Attributes:
        group: the group that acts.
        kind: "points", "subsets", "tuples", "pairs", "ordered pairs", "rows", "exponents",
            "cosets", "elements" or "union".
        parameter: the number (or subgroup) that completes the kind; 2 for pairs, None where there
            is none.
        degree: how many objects there are.
    """

    __slots__ = ("_cache", "degree", "group", "kind", "parameter")

    group: PermutationGroup
    kind: str
    parameter: Any
    degree: int
    _cache: dict[str, Any]

    def __init__(self, group: PermutationGroup, kind: str, parameter: Any, degree: int) -> None:
        if not isinstance(group, PermutationGroup):
            raise ParameterError(
                f"group: must be a PermutationGroup, got {type(group).__name__}; "
                "use groups.group(text) for an expression"
            )
        for name, value in (
            ("group", group),
            ("kind", kind),
            ("parameter", parameter),
            ("degree", degree),
            ("_cache", {}),
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __repr__(self) -> str:
        return f"<{self.group!r} on {self._words() or self.kind}: {self.degree} points>"

    @abstractmethod
    def _images(self, permutations: Sequence[Array]) -> Iterator[Array]:
        """For each image array of the source, what it does to the objects' numbers."""

    @abstractmethod
    def _labels(self) -> tuple[Any, ...]:
        """The objects in order."""

    @abstractmethod
    def _moves_all(self) -> bool | None:
        """Whether every permutation but the identity moves an object; None when not known."""

    def _structure(self) -> tuple[Any, ...] | None:
        """How the image was built, for `PermutationGroup._structure`."""
        return ("action", self.kind, self.group, self.parameter)

    def _words(self) -> str | None:
        """The action as it is written after "on" in an expression, None when it cannot be."""
        return self.kind if self.parameter is None else f"{self.kind}({self.parameter})"

    @property
    def labels(self) -> tuple[Any, ...]:
        """What the new points stand for, in order (made of 0-based points of the source)."""
        labels = self._cache.get("labels")
        if labels is None:
            labels = self._cache["labels"] = self._labels()
        return labels  # type: ignore[no-any-return]

    @property
    def image(self) -> PermutationGroup:
        """The group induced on 0..N-1, with `labels`; its generators come from the source's in
        order.
        """
        image = self._cache.get("image")
        if image is None:
            image = self._cache["image"] = self._build()
        return image  # type: ignore[no-any-return]

    def _build(self) -> PermutationGroup:
        source = self.group
        arrays = self._images([g.images for g in source.generators])
        generators = [Permutation._trusted(a) for a in arrays]
        self._cache["pairs"] = list(zip(source.generators, generators, strict=True))
        name, words = source.name, self._words()
        if name is not None:
            name = None if words is None else f"{bracketed(name)} on {words}"
        return PermutationGroup(
            generators,
            self.degree,
            name=name,
            labels=self.labels,
            # Only an action that is known to be faithful may pass on the order.
            known_order=_order_at_hand(source) if self._moves_all() or source.is_trivial else None,
            _structure=self._structure(),
        )

    @property
    def is_faithful(self) -> bool:
        """Whether only the identity fixes all objects (by a criterion, or by comparing orders)."""
        if self._moves_all() or self.group.is_trivial:
            return True
        return self.image.order == self.group.order

    def homomorphism(self, p: Permutation) -> Permutation:
        """The permutation of the objects' numbers that p induces.

        Arguments:
            p: a permutation of the source's points (for cosets and elements: an element of the
                group).

        Raises:
            DegreeError: p has another degree. MembershipError: p is not in the group and has
                to be.

        Examples:
            >>> from groups.actions import SubsetsAction
            >>> from groups.catalogue import symmetric
            >>> pairs = SubsetsAction(symmetric(4), 2)
            >>> pairs.labels[1], pairs.labels[3], str(pairs.homomorphism(Permutation("(1,2)", 4)))
            ((0, 2), (1, 2), '(2,4)(3,5)')
        """
        self._check(p)
        return Permutation._trusted(next(self._images([p.images])))

    def _check(self, p: Permutation) -> None:
        """Refuse what does not act on the objects."""
        if not isinstance(p, Permutation) or p.degree != self.group.degree:
            got = p.degree if isinstance(p, Permutation) else type(p).__name__
            raise DegreeError(
                f"p: must be a Permutation of {self.group.degree} points, got {got}; "
                "rebuild it with degree=..."
            )

    def preimage(self, q: Permutation) -> Permutation:
        """An element of the source group that induces q; the only one when the action is faithful.

        Arguments:
            q: an element of `image`.

        Raises:
            MembershipError: q is not induced by any element of the group.

        Complexity:
            That of a stabiliser chain of the image, once, then of sifting.

        Source:
            q is a product of transversal elements of the image's chain, these are words in its
            strong generators, and a straight-line program makes the strong generators from the
            generators: the same products are formed in the source.

        Examples:
            >>> from groups.actions import SubsetsAction
            >>> from groups.catalogue import symmetric
            >>> pairs = SubsetsAction(symmetric(4), 2)
            >>> str(pairs.preimage(Permutation("(2,4)(3,5)", 6)))
            '(1,2)'
        """
        image = self.image
        if not isinstance(q, Permutation) or q not in image:
            raise MembershipError(
                f"q: must be an element of the image group of degree {self.degree}, got {q}; "
                "see action.homomorphism for the other direction"
            )
        strong = self._cache.get("strong")
        if strong is None:
            origin: dict[Permutation, Permutation] = {}
            for g, induced in self._cache["pairs"]:
                origin.setdefault(induced, g)
            program = image.straight_line_program()
            strong = program.results([origin[induced] for induced in image.generators])
            self._cache["strong"] = strong
        _, points = image.chain.sift(q.images)
        found = self.group.identity
        for level, point in enumerate(points):
            for k in image.chain.transversal_word(level, point):
                found = found * strong[k]
        return found


class UnionAction(Action):
    """The action on the disjoint union of the objects of several actions of one group.

    Arguments:
        actions: at least one action; all of them of equal groups with equal generators.

    Returns:
        Objects of the first action come first; labels are pairs (number of the action, label
        there).

    Raises:
        ParameterError: no action, or actions of different groups.

    Source:
        Faithful when one of the actions is; otherwise orders are compared.

    Examples:
        >>> from groups.actions import PairsAction, PointsAction
        >>> from groups.catalogue import symmetric
        >>> S4 = symmetric(4)
        >>> union = UnionAction(PointsAction(S4), PairsAction(S4))
        >>> union.degree, union.image.order, union.labels[3:5]
        (10, 24, ((0, 3), (1, (0, 1))))
    """

    __slots__ = ("parts",)

    parts: tuple[Action, ...]

    def __init__(self, *actions: Action) -> None:
        if not actions:
            raise ParameterError(
                "actions: at least one action is needed, got none; start with PointsAction(group)"
            )
        group = actions[0].group
        for other in actions[1:]:
            if other.group.generators != group.generators or other.group.degree != group.degree:
                raise ParameterError(
                    f"actions: must be of one group, got {group!r} and {other.group!r}; "
                    "build all of them from the same group"
                )
        super().__init__(group, "union", None, sum(a.degree for a in actions))
        object.__setattr__(self, "parts", actions)

    def _images(self, permutations: Sequence[Array]) -> Iterator[Array]:
        starts = np.cumsum([0] + [a.degree for a in self.parts]).tolist()
        for images in zip(*(a._images(permutations) for a in self.parts), strict=True):
            shifted = [images[i] + starts[i] for i in range(len(images))]
            yield np.concatenate(shifted)

    def _labels(self) -> tuple[Any, ...]:
        return tuple((i, label) for i, a in enumerate(self.parts) for label in a.labels)

    def _structure(self) -> None:
        return None

    def _words(self) -> None:
        return None

    def _check(self, p: Permutation) -> None:
        for part in self.parts:
            part._check(p)

    def _moves_all(self) -> bool | None:
        return True if any(a._moves_all() for a in self.parts) else None


def _order_at_hand(group: PermutationGroup) -> int | None:
    """The group's order when it is known or quickly found."""
    return group.order if group.degree <= _CHEAP_DEGREE else known_order(group)
