"""The laws that every family obeys, as a kit: for your own families, in your own tests.

A law that does not hold raises an AssertionError that names the law and the witness. Nothing is
drawn at random: members, pairs and points are the same in every run. In a test suite, let `law` run
through `FAMILY_LAWS` and call `law.check(family)`.

Examples:
    >>> import symcsq as cs
    >>> cs.laws.check_family_laws(cs.ParityNetworks(5, 2))
    >>> [law.name for law in cs.laws.FAMILY_LAWS][:4]
    ['protocol', 'indexing', 'size', 'exact']
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

from symcsq.claims.properties import moved, support_of
from symcsq.claims.search import differ, exact_value, shown
from symcsq.distributions import Product, Slice, Sphere
from symcsq.errors import SymcsqError
from symcsq.exact import Enclosure, ExactReal
from symcsq.verifier.semidefinite import form_value, negative_vector

__all__ = ["FAMILY_LAWS", "Law", "check_family_laws", "sample_points"]

#: At most so many members are looked at, evenly spread.
MOST_MEMBERS = 10
#: At most so many points.
MOST_POINTS = 12
#: Expectations are summed over laws on at most so many points.
_LARGEST_SUPPORT = 1_024


@dataclass(frozen=True)
class Law:
    """One law of families.

    Attributes:
        name: a short name.
        statement: the law in words.
        violation: called with (family, member numbers); the witness in words, or None.
        needs: what a family must offer for the law to apply; for methods of members, "member.x".
    """

    name: str
    statement: str
    violation: Callable[[Any, Sequence[int]], str | None] = field(repr=False)
    needs: tuple[str, ...] = ()

    def applies(self, family: Any) -> bool:
        """Whether the family offers what the law is about."""
        return all(
            hasattr(family[0], name.removeprefix("member."))
            if name.startswith("member.")
            else hasattr(family, name)
            for name in self.needs
        )

    def check(self, family: Any, members: Iterable[int] | None = None) -> None:
        """Assert the law.

        Arguments:
            family: an implementation of the Family protocol.
            members: the members to look at; by default at most ten, evenly spread.

        Raises:
            AssertionError: names the law and the witness.
        """
        # Not an assert statement: a law kit must not fall silent under `python -O`.
        kind = type(family).__name__
        try:
            if self.violation is _protocol:  # on which the others rest
                found = _protocol(family, [])
            elif self.applies(family):
                chosen = _spread(len(family)) if members is None else list(members)
                found = self.violation(family, chosen)
            else:
                return
        except Exception as error:
            text = " ".join(str(error).split())
            raise AssertionError(
                f"{kind}: {self.name}: {self.statement}; it raises {type(error).__name__}: {text}"
            ) from error
        if found is not None:
            raise AssertionError(f"{kind}: {self.name}: {self.statement}; but {found}")

    def __str__(self) -> str:
        return self.name


def check_family_laws(
    family: Any, *, members: Iterable[int] | None = None, leave_out: Iterable[str] = ()
) -> None:
    """Assert every law of families that applies.

    Arguments:
        family: an implementation of the Family protocol.
        members: the members to look at; by default at most ten, evenly spread.
        leave_out: names of laws that are not checked.

    Raises:
        AssertionError: the first law that fails, and its witness.

    Complexity: pairs of the members looked at, and their values at at most twelve points; on laws
        on at most 1,024 points the expectation over all of them.

    Examples:
        >>> import symcsq as cs
        >>> class Shouting(cs.ParityNetworks):
        ...     def gram_entry(self, i, j):
        ...         return super().gram_entry(i, j) + (i < j)
        >>> cs.laws.check_family_laws(Shouting(3, 2, [0, 0, 1]))
        Traceback (most recent call last):
            ...
        AssertionError: Shouting: symmetry: <f_i, f_j> = <f_j, f_i>; but <f_0, f_1> = 1 and \
<f_1, f_0> = 0
    """
    chosen = None if members is None else list(members)
    left_out = set(leave_out)
    for law in FAMILY_LAWS:
        if law.name not in left_out:
            law.check(family, chosen)


def sample_points(law: Any) -> list[tuple[Fraction, ...]]:
    """A few fixed points where a law lives: all of them when they are few.

    Arguments:
        law: a product law, a sphere or a slice.

    Examples:
        >>> from symcsq.distributions import Gaussian, Slice
        >>> len(sample_points(Slice(1).on(3))), len(sample_points(Gaussian().on(5)))
        (3, 7)
    """
    points = support_of(law, MOST_POINTS)
    if points is not None:
        return points
    n = law.dimension
    return list(dict.fromkeys(_point(law, n, k) for k in range(7)))


def _point(law: Any, n: int, k: int) -> tuple[Fraction, ...]:
    if isinstance(law, Slice):
        start = k * (n // 7 + 1)
        ones = {(start + i * (1 + k % 2)) % n for i in range(law.weight)}
        ones |= set(range(n)[: law.weight]) if len(ones) < law.weight else set()
        kept = sorted(ones)[: law.weight]
        return tuple(Fraction(int(i in kept)) for i in range(n))
    if isinstance(law, Sphere):
        t = [Fraction(i * k - 2, i + k + 1) for i in range(n - 1)]
        square = sum((x * x for x in t), Fraction(0))
        return (*(2 * x / (1 + square) for x in t), (-1) ** k * (1 - square) / (1 + square))
    values = []
    for i in range(n):
        # k = 0 is 0, 1, 4, …: no ties; k = 1 has ties; the others mix signs and denominators.
        value = Fraction((i * i + k * i + k) * (-1) ** (i * k), 1 + (i * k) % 3)
        if k == 1:
            value = Fraction(i // 2 % 3 - 1)
        values.append(_allowed(law, i, value))
    return tuple(values)


def _allowed(law: Any, i: int, value: Fraction) -> Fraction:
    """The value itself, or one that the marginal can take."""
    if not isinstance(law, Product):
        return value
    points = law[i].points
    if points is not None:
        return points[(value.numerator + i * value.denominator) % len(points)][0]
    return value / (1 + abs(value)) if law[i].kind == "uniform" else value


def _spread(count: int) -> list[int]:
    if count <= MOST_MEMBERS:
        return list(range(count))
    return [k * (count - 1) // (MOST_MEMBERS - 1) for k in range(MOST_MEMBERS)]


def _pairs(members: Sequence[int]) -> Iterator[tuple[int, int]]:
    return combinations_with_replacement(members, 2)


# -- the laws --------------------------------------------------------------------------------------


def _protocol(family: Any, members: Sequence[int]) -> str | None:
    for name in ("__len__", "__getitem__", "gram_entry", "gram_entry_slow"):
        if not hasattr(family, name):
            return f"it has no {name}"
    for name in ("group", "distribution"):
        if not hasattr(family, name):
            return f"it has no {name}"
    if len(family) < 1:
        return "it has no members"
    if family.group.degree != family.distribution.dimension:
        return (
            f"its group moves {family.group.degree} points and its law has "
            f"{family.distribution.dimension} coordinates"
        )
    return None


def _indexing(family: Any, members: Sequence[int]) -> str | None:
    count = len(family)
    for index in members:
        if not callable(family[index]):
            return f"member {index} cannot be called"
    for index in (count, -count - 1):
        try:
            family[index]
        except IndexError:
            continue
        return f"family[{index}] is a member, of {count}"
    x = sample_points(family.distribution)[0]
    if differ(family[-1](x), family[count - 1](x)):
        return f"family[-1] is not family[{count - 1}]"
    return None


def _size(family: Any, members: Sequence[int]) -> str | None:
    size, count = family.size, len(family)
    if isinstance(size, bool) or not isinstance(size, int):
        return f"the size {size!r} is no integer"
    if size < count:
        return f"the size is {size}, and {count} members are held"
    listed = getattr(family, "members", "listed")
    if listed not in ("all", "listed"):
        return f'members is {listed!r}, and not "all" or "listed"'
    if listed == "listed" and size != count:
        return f"the size is {size}, and {count} members are listed"
    return None


def _exact(family: Any, members: Sequence[int]) -> str | None:
    for i, j in _pairs(members):
        entry = family.gram_entry(i, j)
        if not isinstance(entry, int | Fraction | Enclosure | ExactReal) or entry is True:
            return f"gram_entry({i}, {j}) is the {type(entry).__name__} {entry!r}"
    for index in members:
        for x in sample_points(family.distribution):
            exact_value(family[index](x), f"member {index} at {_at(x)}")
    return None


def _symmetry(family: Any, members: Sequence[int]) -> str | None:
    for i, j in _pairs(members):
        left, right = family.gram_entry(i, j), family.gram_entry(j, i)
        if _apart(left, right):
            return f"<f_{i}, f_{j}> = {left} and <f_{j}, f_{i}> = {right}"
    return None


def _two_routes(family: Any, members: Sequence[int]) -> str | None:
    for i, j in _pairs(members):
        left, right = family.gram_entry(i, j), family.gram_entry_slow(i, j)
        if _apart(left, right):
            return f"gram_entry({i}, {j}) is {left}, gram_entry_slow({i}, {j}) is {right}"
    return None


def _expectation(family: Any, members: Sequence[int]) -> str | None:
    law = family.distribution
    if support_of(law, _LARGEST_SUPPORT) is None:
        return None
    points = list(law.support())
    values = {i: [exact_value(family[i](x)) for x, _ in points] for i in members}
    for i, j in _pairs(members):
        total = Fraction(0)
        for (_, weight), left, right in zip(points, values[i], values[j], strict=True):
            if not (left.is_rational and right.is_rational):
                return None  # products of irrational values have no exact form here
            total += weight * left.constant * right.constant
        if _apart(total, family.gram_entry(i, j)):
            return f"gram_entry({i}, {j}) is {family.gram_entry(i, j)}, E[f_{i} f_{j}] is {total}"
    return None


def _positive(family: Any, members: Sequence[int]) -> str | None:
    chosen = list(dict.fromkeys(members))
    entries = [[_plain(family.gram_entry(i, j)) for j in chosen] for i in chosen]
    for i, row in enumerate(entries):
        for j in range(i + 1):
            # Cauchy and Schwarz, also for enclosures.
            least = max(_ends(row[j])[0], -_ends(row[j])[1], Fraction(0))
            norms = _ends(entries[i][i])[1] * _ends(entries[j][j])[1]
            if _ends(entries[i][i])[1] < 0 or least**2 > norms:
                return (
                    f"<f_{chosen[i]}, f_{chosen[j]}> = {row[j]} with squared norms "
                    f"{entries[i][i]} and {entries[j][j]}"
                )
    exact = [[entry for entry in row if isinstance(entry, Fraction)] for row in entries]
    if exact != entries:
        return None
    vector = negative_vector(exact)
    if vector is None:
        return None
    terms = " + ".join(f"{c}*f_{i}" for c, i in zip(vector, chosen, strict=True) if c)
    return f"the squared norm of {terms} would be {form_value(exact, vector)}"


def _zero(family: Any, members: Sequence[int]) -> str | None:
    whole = support_of(family.distribution, _LARGEST_SUPPORT)
    points = whole or sample_points(family.distribution)
    for i in members:
        norm = family.gram_entry(i, i)
        zero = not any(_ends(_plain(norm)))
        alive = next((x for x in points if differ(family[i](x), 0)), None)
        if zero and alive is not None:
            return f"member {i} has norm 0 and is not 0 at {_at(alive)}"
        if whole and not zero and all(exact_value(family[i](x)) == 0 for x in whole):
            return f"member {i} has squared norm {norm} and is 0 everywhere"
    return None


def _network(family: Any, members: Sequence[int]) -> str | None:
    for i in members:
        member = family[i]
        network = member.network()
        for x in sample_points(family.distribution):
            if differ(network(x), member(x)):
                return f"member {i} is {member(x)} at {_at(x)}, its network {network(x)}"
    return None


def _expansion(family: Any, members: Sequence[int]) -> str | None:
    for i in members:
        member = family[i]
        try:
            expansion: Any = getattr(member, "expansion", None)
        except SymcsqError:  # it says that it has none, as its coefficients are not rational
            continue
        for x in () if expansion is None else sample_points(family.distribution):
            if differ(expansion(x), member(x)):
                return f"member {i} is {member(x)} at {_at(x)}, its expansion {expansion(x)}"
    return None


def _preserved(family: Any, members: Sequence[int]) -> str | None:
    for k, g in enumerate(family.group.generators):
        found = family.distribution.violation(g)
        if found is not None:
            point, image, order, values = found
            return (
                f"generator {k} sends point {point} to {image}, where moment {order} is "
                f"{values[1]} instead of {values[0]}"
            )
    return None


def _invariance(family: Any, members: Sequence[int]) -> str | None:
    """With a character, f(g·x) = χ(g)·f(x), for values ±1 on the generators."""
    generators = family.group.generators
    signs = getattr(family, "character", None) or [1] * len(generators)
    for i in members:
        member = family[i]
        for x in sample_points(family.distribution):
            for k, g in enumerate(generators):
                there, here = exact_value(member(moved(g, x))), exact_value(member(x))
                if differ(there, here * int(signs[k])):
                    return f"member {i} is {here} at {_at(x)} and {there} at g.x, generator {k}"
    return None


def _key(family: Any, members: Sequence[int]) -> str | None:
    for i, j in _pairs(members):
        keys = family.orthogonality_key(i), family.orthogonality_key(j)
        entry = family.gram_entry(i, j)
        if None not in keys and keys[0] != keys[1] and _apart(entry, Fraction(0)):
            return f"members {i} and {j} have different keys, and <f_{i}, f_{j}> = {entry}"
    return None


def _pickling(family: Any, members: Sequence[int]) -> str | None:
    again = pickle.loads(pickle.dumps(family))
    i = members[0]
    if type(again) is not type(family) or len(again) != len(family):
        return f"it comes back as a {type(again).__name__} of {len(again)} members"
    if _apart(again.gram_entry(i, i), family.gram_entry(i, i)):
        return f"gram_entry({i}, {i}) comes back as {again.gram_entry(i, i)}"
    return None


def _plain(entry: Any) -> Fraction | Enclosure:
    if isinstance(entry, ExactReal):
        return entry.constant if entry.is_rational else entry.enclosure()
    return entry if isinstance(entry, Enclosure) else Fraction(entry)


def _ends(entry: Fraction | Enclosure) -> tuple[Fraction, Fraction]:
    if isinstance(entry, Enclosure):
        return entry.lower, entry.upper
    return entry, entry


def _apart(left: Any, right: Any) -> bool:
    """Whether two entries are certainly different."""
    (a, b), (c, d) = _ends(_plain(left)), _ends(_plain(right))
    return b < c or d < a


def _at(x: Sequence[Any]) -> str:
    return f"({', '.join(shown(x))})"


FAMILY_LAWS: tuple[Law, ...] = (
    Law("protocol", "a family has what the protocol names, and at least one member", _protocol),
    Law("indexing", "members are numbered from 0, and end with an IndexError", _indexing),
    Law("size", "the size of the class is at least the number of members held", _size, ("size",)),
    Law("exact", "entries and values are exact numbers", _exact),
    Law("symmetry", "<f_i, f_j> = <f_j, f_i>", _symmetry),
    Law("two-routes", "gram_entry and gram_entry_slow agree", _two_routes),
    Law("expectation", "<f_i, f_j> = E[f_i f_j], summed over a law on few points", _expectation),
    Law("positive", "the Gram matrix is positive semidefinite", _positive),
    Law("zero", "a norm is 0 exactly when the function is 0", _zero),
    Law("network", "member.network() computes the member", _network, ("member.network",)),
    Law("expansion", "member.expansion is the member", _expansion),
    Law("preserved-law", "every generator preserves the distribution", _preserved),
    Law("invariance", "every member is fixed by every generator", _invariance),
    Law("key", "members with different keys are orthogonal", _key, ("orthogonality_key",)),
    Law("pickling", "a family travels to worker processes", _pickling),
)
"""The laws, in the order in which they rest on each other."""
