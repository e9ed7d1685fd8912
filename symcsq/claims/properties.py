"""Ready-made properties of functions, networks and frames, and where they are tried.

Each is a `Property`: search for its counterexamples with `find_counterexample`, or let `examine`
decide: it exhausts a law on few points, which proves, and searches otherwise, which only tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, islice, product
from typing import Any

from symcsq.claims.search import (
    EXAMPLES,
    CannotTell,
    Property,
    Search,
    differ,
    exact_value,
    shown,
)
from symcsq.distributions import Product
from symcsq.errors import VerificationError
from symcsq.verifier.claims import ClaimResult

__all__ = [
    "by_size",
    "equality",
    "examine",
    "exhaust",
    "frame_equivariance",
    "invariance",
    "moved",
    "search_points",
    "sign_equivariance",
    "support_of",
]

#: Laws on at most so many points are exhausted.
LARGEST_SUPPORT = 4_096

Point = Sequence[Any]


def moved(g: Any, x: Point) -> tuple[Any, ...]:
    """The point g·x, with (g·x)[g(i)] = x[i].

    Examples:
        >>> from groups import Permutation
        >>> moved(Permutation("(1,2,3)"), ("a", "b", "c"))
        ('c', 'a', 'b')
    """
    result = list(x)
    for i, value in enumerate(x):
        result[int(g(i))] = value
    return tuple(result)


def _witness(left: Any, right: Any, /, **where: Any) -> Mapping[str, Any] | None:
    different = differ(left, right)
    if different is None:
        raise CannotTell(f"{_text(left)} = {_text(right)} at {where['point']}")
    return {**where, "left": _text(left), "right": _text(right)} if different else None


def _text(value: Any) -> str:
    return str(exact_value(value))


def invariance(function: Callable[[Point], Any], group: Any) -> Property:
    """f(g·x) = f(x) for every generator g.

    Arguments:
        function: f, of one point, with exact values.
        group: a `PermutationGroup` on the coordinates.

    Returns:
        A Property of points; its witness names the least generator, and both values.

    Source: MATH.md section 2.

    Examples:
        >>> from groups import group
        >>> from symcsq.claims import find_counterexample
        >>> from symcsq.strategies import points
        >>> f = lambda x: x[0] * x[1] + x[2]
        >>> find_counterexample(invariance(f, group("S3")), points(3)).witness
        {'point': ['0', '0', '1'], 'generator': 0, 'left': '0', 'right': '1'}
    """

    def violation(x: Point) -> Mapping[str, Any] | None:
        here = function(x)
        for k, g in enumerate(group.generators):
            there = function(moved(g, x))
            found = _witness(there, here, point=shown(x), generator=k)
            if found:
                return found
        return None

    return Property("invariance", "f(g.x) = f(x) for every generator g", violation)


def sign_equivariance(function: Callable[[Point], Any], subset: Iterable[int]) -> Property:
    """Flipping x_i negates f for i in a subset S and leaves it for other i (M11).

    Arguments:
        function: f, of one point, with exact values.
        subset: S, the coordinates in which f is odd; it should be even in the others.

    Returns:
        A Property of points; its witness names the least coordinate, and both values.

    Source: M11.

    Examples:
        >>> from symcsq.claims import find_counterexample
        >>> from symcsq.strategies import points
        >>> odd = sign_equivariance(lambda x: x[0] * x[1] ** 2, [0])
        >>> find_counterexample(odd, points(2)).status
        'tested'
    """
    inside = frozenset(subset)

    def violation(x: Point) -> Mapping[str, Any] | None:
        here = exact_value(function(x), "f(x)")
        for i in range(len(x)):
            flipped = tuple(-v if k == i else v for k, v in enumerate(x))
            expected = -here if i in inside else here
            found = _witness(function(flipped), expected, point=shown(x), input=i)
            if found:
                return found
        return None

    named = ", ".join(map(str, sorted(inside)))
    return Property(
        "sign-equivariance",
        f"flipping an input in {{{named}}} negates f, others leave it",
        violation,
    )


def equality(
    first: Callable[[Point], Any],
    second: Callable[[Point], Any],
    *,
    type: str = "equality",
    statement: str = "the two functions agree at every point",
) -> Property:
    """f(x) = g(x): such as a network and the function that it should compute.

    Arguments:
        first, second: functions of one point, with exact values.
        type, statement: of the claim.

    Examples:
        >>> from symcsq.claims import find_counterexample
        >>> from symcsq.strategies import points
        >>> same = equality(lambda x: (x[0] + 1) ** 2, lambda x: x[0] ** 2 + 2 * x[0] + 1)
        >>> find_counterexample(same, points(1)).status
        'tested'
    """

    def violation(x: Point) -> Mapping[str, Any] | None:
        return _witness(first(x), second(x), point=shown(x))

    return Property(type, statement, violation)


def frame_equivariance(frame: Any) -> Property:
    """F(g·x) = g·F(x) for every generator g, with weights (MATH.md 4.3).

    Arguments:
        frame: an object with `group` and `elements(x)`, a list of pairs (element, weight); the
            frames of `symcsq.constructions` and your own.

    Returns:
        A Property of points; its witness names the least generator, and both sides as pairs
        (image list, weight).

    Source: MATH.md 4.3.

    Examples:
        >>> from symcsq.constructions.frames import sorting
        >>> from symcsq.claims import find_counterexample
        >>> from symcsq.strategies import points
        >>> find_counterexample(frame_equivariance(sorting(3)), points(3), examples=50).status
        'tested'
    """

    def violation(x: Point) -> Mapping[str, Any] | None:
        here = frame.elements(x)
        for k, g in enumerate(frame.group.generators):
            expected = _weights((g * h, weight) for h, weight in here)
            found = _weights(frame.elements(moved(g, x)))
            if found != expected:
                return {
                    "point": shown(x),
                    "generator": k,
                    "left": _listed(found),
                    "right": _listed(expected),
                }
        return None

    return Property("frame-equivariance", "F(g.x) = g.F(x) for every generator g", violation)


def _weights(pairs: Iterable[tuple[Any, Any]]) -> dict[tuple[int, ...], Any]:
    total: dict[tuple[int, ...], Any] = {}
    for element, weight in pairs:
        value = exact_value(weight, "weight")
        key = tuple(int(i) for i in element.images)
        total[key] = total[key] + value if key in total else value
    return {key: value for key, value in total.items() if value}


def _listed(weights: Mapping[tuple[int, ...], Any]) -> list[Any]:
    return [[list(key), str(value)] for key, value in sorted(weights.items())]


# -- where properties are tried --------------------------------------------------------------------


def support_of(law: Any, most: int = LARGEST_SUPPORT) -> list[tuple[Fraction, ...]] | None:
    """The points that carry a law, in its order, or None when they are infinitely or too many.

    Examples:
        >>> from symcsq.distributions import Gaussian, Slice
        >>> len(support_of(Slice(2).on(4))), support_of(Gaussian().on(2))
        (6, None)
    """
    size = getattr(law, "support_size", None)
    if size is None or size > most or not hasattr(law, "support"):
        return None
    return [x for x, _ in law.support()]


def exhaust(property: Property, points: Iterable[Any]) -> ClaimResult:
    """Try a property at every given example: proved when they are all that there are.

    Returns:
        A ClaimResult, "proved" with the number of points, "refuted" with the first witness, or
        "undecided" where irrational values could not be told apart.

    Examples:
        >>> bits = [(0, 0), (0, 1), (1, 0), (1, 1)]
        >>> exhaust(equality(lambda x: x[0] ** 2, lambda x: x[0]), bits).value
        'all 4 points'
    """
    tried = 0
    unknown = ""
    for x in points:
        tried += 1
        try:
            witness = property.violation(x)
        except CannotTell as equation:
            unknown = unknown or str(equation)
            continue
        except VerificationError:
            raise
        except Exception as error:
            raise VerificationError(
                f"property: {property.type!r} raised {error.__class__.__name__} at "
                f"{shown(x)}: {' '.join(str(error).split())}; it must be defined on the support"
            ) from error
        if witness is not None:
            value = ", ".join(f"{key} {part}" for key, part in witness.items())
            return ClaimResult(
                property.type, property.statement, "refuted", value, witness=dict(witness)
            )
    if unknown:
        return ClaimResult(
            property.type, property.statement, "undecided", f"cannot tell whether {unknown}"
        )
    return ClaimResult(
        property.type,
        property.statement,
        "proved",
        f"all {tried} points",
        record={"points": tried},
    )


def examine(property: Property, law: Any, *, examples: int = EXAMPLES) -> ClaimResult:
    """Try a property where a law lives: everywhere when its points are few, else by search.

    Arguments:
        property: of points. law: a law on R^n. examples: of a search.

    Returns:
        A ClaimResult: proved on a law on at most 4,096 points, tested on others, or refuted.

    Examples:
        >>> from groups import group
        >>> from symcsq.distributions import Gaussian, Rademacher
        >>> largest = invariance(max, group("C4"))
        >>> examine(largest, Rademacher().on(4)).status, examine(largest, Gaussian().on(4)).status
        ('proved', 'tested')
    """
    points = support_of(law)
    if points is not None:
        return exhaust(property, by_size(points))
    return search_points(property, law, examples)


def search_points(property: Property, law: Any, examples: int) -> ClaimResult:
    """Search where a law lives: with half of the examples through its smallest points, with
    coordinates 0, 1 and -1, and then among those of `symcsq.strategies.points`.
    """
    from symcsq.strategies import points

    search = Search(property, examples)
    for x in islice(_small_points(law), examples // 2):
        if search.fails(x):
            search.refute(x)
            return search.result()
    search.draw(points(law))
    return search.result()


def _small_points(law: Any) -> Iterator[tuple[Fraction, ...]]:
    """Points of a product law with at most three values a coordinate, those with many 0 first."""
    if not isinstance(law, Product):
        return
    values = [_three_values(law[i]) for i in range(law.dimension)]
    least = [choices[0] for choices in values]
    for count in range(law.dimension + 1):
        for places in combinations(reversed(range(law.dimension)), count):
            for chosen in product(*(values[i][1:] for i in places)):
                x = list(least)
                for i, value in zip(places, chosen, strict=True):
                    x[i] = value
                yield tuple(x)


def _three_values(marginal: Any) -> list[Fraction]:
    if marginal.points is None:
        return [Fraction(0), Fraction(1), Fraction(-1)]
    return sorted((x for x, _ in marginal.points), key=lambda x: (abs(x), x < 0))[:3]


def by_size(points: Iterable[Point]) -> list[Point]:
    """Points in the order of their size, so that the first counterexample is the smallest.

    Examples:
        >>> by_size([(2, 0), (1, -1), (0, Fraction(1, 2)), (0, 1)])
        [(0, 1), (2, 0), (1, -1), (0, Fraction(1, 2))]
    """

    def size(x: Point) -> int:
        return sum(abs(v.numerator) + v.denominator - 1 for v in x)

    return sorted(points, key=size)
