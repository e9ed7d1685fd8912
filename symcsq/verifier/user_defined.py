"""Verification of families that users define: entries by two routes, and what follows from them.

Nothing is known of such a family but its answers. The entries of its Gram matrix are taken as they
are; that its two routes agree is tested, pair by pair. From there on everything is exact: the
matrix must be positive semidefinite, and norms, correlations, size and bound follow from it. All
that rests on the entries is at most *tested*, in the report and in the certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from symcsq.distributions import FiniteJoint, Slice, Sphere
from symcsq.errors import SymcsqError, VerificationError
from symcsq.exact import CANONICAL_DIGITS, Enclosure, ExactReal, in_short, rational, shortened
from symcsq.verifier import symmetry
from symcsq.verifier.certificate import digest
from symcsq.verifier.claims import ClaimLog, ClaimResult, exact_text
from symcsq.verifier.combinations import verify_expansions
from symcsq.verifier.correlated import CLAIMS as CORRELATION_CLAIMS
from symcsq.verifier.correlated import MOST_LISTED, correlation_claims
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.kinds import STATEMENTS
from symcsq.verifier.sections import distribution_section, group_section, joint_section
from symcsq.verifier.semidefinite import form_value, image_of, negative_vector

if TYPE_CHECKING:
    from symcsq.verifier.work import Work

__all__ = [
    "CLAIMS",
    "NEEDS",
    "apart",
    "ends",
    "is_user_defined",
    "verify_own_expansions",
    "verify_user_defined",
]

KIND = "user-defined"
#: The kinds of families that have checks of their own.
KINDS = frozenset(STATEMENTS) - {KIND}
#: What a family must offer: the protocol, and nothing else.
NEEDS = ("group", "distribution", "__len__", "__getitem__", "gram_entry", "gram_entry_slow")
CLAIMS = 4 + CORRELATION_CLAIMS
#: Largest number of members, and of pairs for which the two routes are compared; both are part of
#: the format.
MOST_MEMBERS = 2_000
MOST_COMPARED = 20_000

Entry = Fraction | Enclosure
Pair = tuple[int, int]


@dataclass(frozen=True)
class Disagreement:
    """A pair for which another route gives another value.

    `route` is "transposed", gram_entry(j, i), or "slow", gram_entry_slow(i, j).
    """

    pair: Pair
    route: str
    value: Entry


@dataclass
class ListedEntries:
    """A Gram matrix given by its rows on and right of the diagonal; a GramSource."""

    rows: tuple[tuple[Entry, ...], ...]
    identity: str
    scale: Fraction = Fraction(1)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.rows)

    @cached_property
    def _integers(self) -> Any:
        """The whole matrix, when every entry is an integer below 2^62; else None."""
        import numpy as np

        matrix = np.zeros((self.size, self.size), dtype=np.int64)
        for i, row in enumerate(self.rows):
            for entry in row:
                if isinstance(entry, Enclosure) or entry.denominator != 1 or abs(entry) >= 1 << 62:
                    return None
            matrix[i, i:] = [int(entry) for entry in row]  # type: ignore[arg-type]
        return matrix + np.triu(matrix, 1).T

    def __getitem__(self, pair: Pair) -> Entry:
        i, j = min(pair), max(pair)
        return self.rows[i][j - i]

    def block(self, rows: range, columns: range) -> Any:
        """The entries of some rows and columns."""
        if self._integers is not None:
            return self._integers[rows.start : rows.stop, columns.start : columns.stop]
        return [[self[i, j] for j in columns] for i in rows]

    def listed(self, rows: range) -> list[list[Any]]:
        """Whole rows as they were given."""
        return [[self[i, j] for j in range(self.size)] for i in rows]

    def diagonal(self, rows: range) -> list[Entry]:
        """The squared norms of some members."""
        return [self.rows[i][0] for i in rows]


def is_user_defined(family: Any) -> bool:
    """Whether the family is of no kind that certificates know otherwise.

    Examples:
        >>> import symcsq as cs
        >>> is_user_defined(cs.ParityNetworks(3, 2))
        False
    """
    return getattr(family, "kind", KIND) not in KINDS


def verify_user_defined(
    family: Any, tolerance: Fraction, log: ClaimLog, work: Work | None
) -> Evidence:
    """Every claim that can be made about a family of which only the protocol is known."""
    size = _length(family)
    group, law = family.group, family.distribution
    _require_law(law, group)
    law_section = distribution_section(law, 0) if law.is_product else joint_section(law)
    log.add(
        "distribution-preserved",
        "every generator preserves the distribution",
        lambda: (
            symmetry.distribution_preserved(law, group)
            if law.is_product
            else replace(
                symmetry.joint_preserved(law, group), record={"inputs": digest(law_section)}
            )
        ),
    )
    log.add("group-order", "order of the group", lambda: symmetry.group_order(group))

    rows = tuple(_row(family, i, size, log) for i in range(size))
    functions = [
        {"name": f"f({i})", "row": [[j, *_texts(e)] for j, e in enumerate(row, i) if e != 0]}
        for i, row in enumerate(rows)
    ]
    entries = ListedEntries(rows, digest(functions))
    wrong = _disagreement(family, entries, log)
    log.add("entries-agree", _AGREE, lambda: _agreement_claim(entries, wrong))
    log.add("positive-semidefinite", _POSITIVE, lambda: _semidefinite_claim(entries))

    correlations = correlation_claims(
        entries, tolerance, log, work, needs=("entries-agree", "positive-semidefinite")
    )
    # That speaks of the entries as exact; here they are answers that were tested.
    claimed = getattr(family, "size", size)
    for name in ("gram", "norm", "near-orthogonality", "size", "csq-bound"):
        log.amend(_at_most_tested(log[name], claimed, size))

    sections = {
        "lemma": {"name": KIND, "statements": STATEMENTS[KIND]},
        "distribution": law_section,
        "group": group_section(group),
        "family": {
            "kind": KIND,
            "size": str(claimed),
            "disagreement": None
            if wrong is None
            else {"pair": list(wrong.pair), "route": wrong.route, "value": _texts(wrong.value)},
        },
        "orbits": [],
        "functions": functions,
    }
    return correlations.evidence(sections)


def verify_own_expansions(family: Any, tolerance: Fraction, log: ClaimLog, work: Work) -> Evidence:
    """Every claim about a family whose members are expansions. These decide; where the family has a
    `gram_entry` too, it must say the same.

    Raises:
        VerificationError: an entry, of the first 20,000 pairs, is not the members' inner product.
    """
    member = cache(family.__getitem__)
    for i, j in compared_pairs(len(family)) if hasattr(family, "gram_entry") else ():
        try:
            value = member(i).expansion.inner(member(j).expansion)
        except Exception:  # what is wrong with these members is said below
            break
        entry = _answer(family.gram_entry, "gram_entry", i, j)
        if apart(entry, value):
            raise VerificationError(
                f"gram_entry({i}, {j}): must be the inner product of the members' expansions, "
                f"{in_short(value)}, got {entry}; correct the one or the other"
            )
    return verify_expansions(family, tolerance, log, work)


# ---------------------------------------------------------------------------------------- answers


def _length(family: Any) -> int:
    size = len(family)
    if size > MOST_MEMBERS:
        raise VerificationError(
            f"family: a family of your own has at most {MOST_MEMBERS} members here, got {size}; "
            "list fewer, or give members an expansion"
        )
    claimed = getattr(family, "size", size)
    if isinstance(claimed, bool) or not isinstance(claimed, int) or claimed < 1:
        raise VerificationError(
            f"family: its size must be an integer >= 1, got {shortened(claimed)}; return the "
            "number of members, or leave size out"
        )
    rational(claimed, "size")  # of so many digits that it can be written
    return size


def _require_law(law: Any, group: Any) -> None:
    joint = isinstance(law, Sphere | Slice | FiniteJoint)
    if not joint and not getattr(law, "is_product", False):
        raise VerificationError(
            f"distribution: must be a product law, a sphere, a slice or a FiniteJoint, got {law}; "
            "write e.g. Gaussian().on(5)"
        )
    if law.dimension != group.degree:
        raise VerificationError(
            f"group: must move the {law.dimension} coordinates of the law, got degree "
            f"{group.degree}; for no symmetry write PermutationGroup([], degree={law.dimension})"
        )
    if joint:
        symmetry.joint_preserved(law, group)


def _row(family: Any, i: int, size: int, log: ClaimLog) -> tuple[Entry, ...]:
    log.announce_part("entries", i, size)
    return tuple(_answer(family.gram_entry, "gram_entry", i, j) for j in range(i, size))


def _answer(route: Callable[[int, int], Any], name: str, i: int, j: int) -> Entry:
    where = f"{name}({i}, {j})"
    try:
        value = route(i, j)
    except SymcsqError:
        raise
    except Exception as error:
        text = " ".join(str(error).split())
        raise VerificationError(
            f"{where}: raised {type(error).__name__}: {text}; correct the family"
        ) from error
    if isinstance(value, ExactReal):
        value = value.constant if value.is_rational else value.enclosure()
    if not isinstance(value, Enclosure):
        return rational(value, where)
    if name == "gram_entry" and not _canonical(value):
        raise VerificationError(
            f"{where}: an enclosure must be the canonical one of {CANONICAL_DIGITS} digits, got "
            f"{value}; return the ExactReal itself"
        )
    return value


def _canonical(value: Enclosure) -> bool:
    unit = 10**CANONICAL_DIGITS
    return (value.lower * unit).denominator == 1 and (value.upper - value.lower) * unit == 1


def compared_pairs(size: int) -> Iterator[Pair]:
    """The pairs i <= j for which routes are compared, in this order: the diagonal, then the pairs
    next to it, and so on, up to a limit.

    Examples:
        >>> list(compared_pairs(3))
        [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)]
    """
    left = MOST_COMPARED
    for step in range(size):
        for i in range(size - step):
            if not left:
                return
            left -= 1
            yield i, i + step


def _disagreement(family: Any, entries: ListedEntries, log: ClaimLog) -> Disagreement | None:
    """The first pair for which gram_entry(j, i) or gram_entry_slow(i, j) differs."""
    total = min(MOST_COMPARED, entries.size * (entries.size + 1) // 2)
    for done, (i, j) in enumerate(compared_pairs(entries.size)):
        if done % 64 == 0:
            log.announce_part("entries-agree", done, total)
        entry = entries[i, j]
        if i != j:
            other = _answer(family.gram_entry, "gram_entry", j, i)
            if other != entry:
                return Disagreement((i, j), "transposed", other)
        other = _answer(family.gram_entry_slow, "gram_entry_slow", i, j)
        if apart(entry, other):
            return Disagreement((i, j), "slow", other)
    return None


def ends(value: Entry) -> tuple[Fraction, Fraction]:
    """The bounds of an entry.

    Examples:
        >>> ends(Fraction(1, 2))
        (Fraction(1, 2), Fraction(1, 2))
    """
    return (value.lower, value.upper) if isinstance(value, Enclosure) else (value, value)


def apart(left: Entry, right: Entry) -> bool:
    """Whether two entries are certainly different.

    Examples:
        >>> apart(Fraction(1, 3), Enclosure.around(Fraction(1, 3))), apart(Fraction(1), Fraction(2))
        (False, True)
    """
    (a, b), (c, d) = ends(left), ends(right)
    return b < c or d < a


def _texts(value: Entry) -> list[str]:
    """One exact text, or the two ends of an enclosure."""
    return [exact_text(end) for end in dict.fromkeys(ends(value))]


# ----------------------------------------------------------------------------------------- claims

_AGREE = "the family's two routes to an entry agree"
_POSITIVE = "the entries are those of a positive semidefinite matrix"


def _agreement_claim(entries: ListedEntries, wrong: Disagreement | None) -> ClaimResult:
    pairs = min(MOST_COMPARED, entries.size * (entries.size + 1) // 2)
    record = {"entries": entries.identity, "pairs": str(pairs)}
    if wrong is None:
        return ClaimResult("entries-agree", _AGREE, "tested", f"{pairs} pairs", record=record)
    (i, j), other = wrong.pair, wrong.value
    name = f"gram_entry({j}, {i})" if wrong.route == "transposed" else f"gram_entry_slow({i}, {j})"
    return ClaimResult(
        "entries-agree",
        _AGREE,
        "refuted",
        f"gram_entry({i}, {j}) is {entries[i, j]}, {name} is {other}",
        witness={
            "pair": [i, j],
            "route": wrong.route,
            "values": [_texts(entries[i, j]), _texts(other)],
        },
        record=record,
    )


def _semidefinite_claim(entries: ListedEntries) -> ClaimResult:
    """All of a small exact matrix; otherwise every two members (Cauchy and Schwarz)."""
    size, name = entries.size, "positive-semidefinite"
    everything = range(size)
    exact = not any(isinstance(entry, Enclosure) for row in entries.rows for entry in row)
    if exact and size <= MOST_LISTED:
        matrix = [[Fraction(entry) for entry in row] for row in entries.listed(everything)]
        found = negative_vector(matrix)
        if found is None:
            return ClaimResult(name, _POSITIVE, "proved", record={"minors": size})
        value = form_value(matrix, found)
        return ClaimResult(
            name,
            _POSITIVE,
            "refuted",
            f"a combination of members would have squared norm {value}",
            witness={
                "vector": list(map(str, found)),
                "image": list(map(exact_text, image_of(matrix, found))),
                "value": exact_text(value),
            },
        )
    pair = next(_impossible_pairs(entries), None)
    if pair is None:
        return ClaimResult(name, _POSITIVE, "tested", "every two members", record={"minors": 2})
    i, j = pair
    return ClaimResult(
        name,
        _POSITIVE,
        "refuted",
        f"member {i} has squared norm {entries[i, i]}"
        if i == j
        else f"<f_{i}, f_{j}> is {entries[i, j]}, more than the product of the two norms",
        witness={"pair": [i, j]},
    )


def _impossible_pairs(entries: ListedEntries) -> Iterator[Pair]:
    """Members of negative norm, then pairs that violate the inequality of Cauchy and Schwarz, for
    certain; both in order.
    """
    tops = [ends(row[0])[1] for row in entries.rows]
    yield from ((i, i) for i, top in enumerate(tops) if top < 0)
    for i, row in enumerate(entries.rows):
        for j, entry in enumerate(row[1:], i + 1):
            low, high = ends(entry)
            least = max(low, -high, Fraction(0))
            if least**2 > tops[i] * tops[j]:
                yield i, j


def _at_most_tested(claim: ClaimResult, claimed: int, listed: int) -> ClaimResult:
    """What rests on entries that were tested; a size that is not the number of members.

    The bound is that of the members, whatever the family says of its size.
    """
    if claim.type == "size" and claimed != listed:
        return replace(
            claim,
            status="refuted",
            value=f"the family says {claimed}, and has {listed} members",
            witness={"claimed": str(claimed), "listed": str(listed)},
            record={"value": str(listed)},
        )
    return replace(claim, status="tested") if claim.holds else claim
