"""The claims about a class whose members may correlate: Gram matrix, norms, correlations, bound.

A family gives its Gram matrix by blocks (`GramSource`); nothing here knows where they come from,
and no more than one block is held unless the class is small. Each block of 256 x 256 entries is
one unit of work, whose result is a digest of its text and the few numbers that the claims need.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any, NoReturn, Protocol, cast

import numpy as np

from symcsq.errors import PrecisionError, VerificationError
from symcsq.exact import CANONICAL_DIGITS, Enclosure
from symcsq.functions.gram import Gram
from symcsq.verifier.bounds import CorrelationSummary, QueryBound, query_bound
from symcsq.verifier.claims import ClaimLog, ClaimResult, Status, exact_text
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.tile_summaries import (
    Norms,
    Pair,
    TileSummary,
    Value,
    ends,
    root_above,
    summarize,
)

#: The number of claims that are made here.
CLAIMS = 5
#: Rows and columns of a block; part of the format.
BLOCK = 256
#: Up to this many members the certificate holds every entry; part of the format.
MOST_LISTED = 64

_CELL = Fraction(1, 10**CANONICAL_DIGITS)

#: Of the results of `block_task` and `norms_task`, see `symcsq.verifier.work`.
TASK_VERSION = 2


class GramSource(Protocol):
    """A Gram matrix, block by block; picklable.

    Attributes:
        size: number of members, at least 1.
        scale: > 0, fixed by the family's kind, such as k!/2.
        identity: a digest of everything that the entries depend on.

    A source may also offer `diagonal(rows)`, the values of the diagonal, and `twins()`, the least
    pair of members that are equal up to sign for reasons of structure: for families whose entries
    are enclosures, which cannot show that a correlation is exactly 1.
    """

    size: int
    scale: Fraction
    identity: str

    def block(self, rows: range, columns: range) -> Any:
        """The entries of some rows and columns.

        Returns:
            An integer array (int64 with entries below 2^62, or Python integers): the inner product
            is `scale` times the value. Or lists of Fractions and Enclosures; then `scale` is 1.
        """


@dataclass(frozen=True)
class Correlations:
    """What the claims leave behind: the Gram matrix, the numbers of the bound, the blocks' text."""

    gram: Gram
    summary: CorrelationSummary | None
    blocks: Callable[[], Iterable[str]] | None

    def evidence(self, sections: Mapping[str, Any]) -> Evidence:
        """The evidence of a verification, with the certificate's other sections."""
        return Evidence(sections, self.gram, self.gram.size, self.summary, self.blocks)


def correlation_claims(
    source: GramSource,
    tolerance: Fraction,
    log: ClaimLog,
    work: Any,
    *,
    needs: Sequence[str] = (),
    bound_needs: Sequence[str] = (),
) -> Correlations:
    """Add the claims gram, norm, near-orthogonality, size and csq-bound, in this order.

    Arguments:
        source: the Gram matrix.
        tolerance: tau of the bound (M9).
        log: where the claims go.
        work: a Work, or None: everything in this process.
        needs: claims of the family that the entries rest on, most basic first.
        bound_needs: further claims that the bound rests on.

    Returns:
        What `Evidence` needs besides the certificate's sections; an empty Gram matrix when the
        entries rest on a claim that failed.

    Raises:
        VerificationError: a diagonal entry is negative.

    Complexity: each entry on or above the diagonal once, and the diagonal once more.

    Source: MATH.md section 3 (M7 to M10).
    """
    size, scale = source.size, source.scale
    if log.failing(needs) is not None:
        for claim in ("gram", "norm", "near-orthogonality"):
            log.add(claim, STATEMENTS[claim], None, needs=tuple(needs))
        return _without_entries(size, tolerance, log, (*needs, *bound_needs))

    try:
        log.announce("norm")
        norms = _norms(source, work)
        log.announce("gram")
        total = _reduce(source, norms if norms.positive else None, work)
    except PrecisionError as limit:
        # An entry that no precision tells from a decimal.
        log.add("gram", STATEMENTS["gram"], partial(_raise, limit))
        for claim in ("norm", "near-orthogonality"):
            log.add(claim, STATEMENTS[claim], None, needs=("gram",))
        return _without_entries(size, tolerance, log, (*needs, *bound_needs))

    log.add("gram", STATEMENTS["gram"], lambda: total.gram_claim(scale))
    log.add("norm", STATEMENTS["norm"], lambda: _norm_claim(norms.values, scale))
    summary = total.summary(norms) if norms.positive else None
    if norms.positive and hasattr(source, "twins"):
        pair = source.twins()
        if pair is not None:
            total.found.see(Fraction(1), pair)
    log.add(
        "near-orthogonality",
        STATEMENTS["near-orthogonality"],
        lambda: _near_orthogonality_claim(total),
        needs=("norm",),
    )
    size_claim(size, log)
    bound_claim(summary, tolerance, log, (*needs, *bound_needs))
    if size <= MOST_LISTED:
        return Correlations(Gram(size, dict(total.entries(scale))), summary, None)
    gram = SourceGram(size, SourceEntries(source))
    return Correlations(gram, summary, lambda: block_texts(source))


def _without_entries(
    size: int, tolerance: Fraction, log: ClaimLog, needs: Sequence[str]
) -> Correlations:
    size_claim(size, log)
    bound_claim(None, tolerance, log, needs)
    return Correlations(Gram(size, {}), None, None)


def _raise(error: PrecisionError) -> NoReturn:
    raise error


STATEMENTS = {
    "gram": "exact Gram matrix",
    "norm": "no member is the zero function",
    "near-orthogonality": "no two members are equal up to scale; the largest correlation",
    "size": "size of the class",
    "csq-bound": "queries that a CSQ learner needs",
}


# ---------------------------------------------------------------------------------------- entries


def entry_text(value: Value) -> str:
    """An entry as blocks write it: exact text, or the lower end of its enclosure and "+".

    Wide enclosures, which come from activations that are not known exactly, have their upper end
    after that.

    Examples:
        >>> entry_text(-12), entry_text(Enclosure.around(Fraction(1, 3)))[-8:]
        ('-12', '0000000+')
    """
    if isinstance(value, Enclosure):
        if (value.lower / _CELL).denominator > 1 or (value.upper / _CELL).denominator > 1:
            raise VerificationError(
                f"gram: enclosures must have {CANONICAL_DIGITS} digits, got {value}; "
                "this is a fault of the family"
            )
        above = "" if value.upper - value.lower == _CELL else exact_text(value.upper)
        return f"{exact_text(value.lower)}+{above}"
    return exact_text(value)


def read_entry(text: str) -> Value:
    """The entry of a text of `entry_text`."""
    below, bounded, above = text.partition("+")
    if bounded:
        lower = Fraction(below)
        return Enclosure(lower, Fraction(above) if above else lower + _CELL)
    return Fraction(text) if "/" in text else int(text)


def block_text(block: Any) -> str:
    """The text of a block: one line a row, entries separated by one blank.

    Examples:
        >>> block_text(np.array([[1, -2], [3, 0]]))
        '1 -2\\n3 0\\n'
    """
    if isinstance(block, np.ndarray) and block.dtype != object:
        # Few values occur often.
        values, places = np.unique(block, return_inverse=True)
        texts = list(map(str, values.tolist()))
        rows = places.reshape(block.shape).tolist()
        lines = (" ".join([texts[k] for k in row]) for row in rows)
    elif isinstance(block, np.ndarray):
        lines = (" ".join(map(str, row)) for row in block.tolist())
    else:
        lines = (" ".join(map(entry_text, row)) for row in block)
    return "".join(f"{line}\n" for line in lines)


def block_texts(source: GramSource) -> Iterator[str]:
    """The content of the file beside a certificate: every block with its heading."""
    for a, b in _places(source.size):
        yield f"block {a} {b}\n"
        yield block_text(source.block(_span(a, source.size), _span(b, source.size)))


def _places(size: int) -> list[list[int]]:
    count = -(-size // BLOCK)
    return [[a, b] for a in range(count) for b in range(a, count)]


def _span(index: int, size: int) -> range:
    return range(index * BLOCK, min(size, (index + 1) * BLOCK))


# ------------------------------------------------------------------------------------------- norms


def _norms(source: GramSource, work: Any) -> Norms:
    """The diagonal of a source."""
    parts = [[k] for k in range(-(-source.size // BLOCK))]
    texts = run(work, norms_task, source, parts, name="norm", identity=source.identity)
    values = [read_entry(text) for part in texts for text in part]
    for i, value in enumerate(values):
        if ends(value)[1] < 0:
            raise VerificationError(
                f"gram: squared norms must be at least 0, got {value} for member {i}; "
                "this is a fault of the family"
            )
    return Norms.of(values)


def norms_task(source: GramSource, item: Sequence[int]) -> list[str]:
    """The texts of one block of the diagonal."""
    rows = _span(item[0], source.size)
    if hasattr(source, "diagonal"):
        return [entry_text(_plain(value)) for value in source.diagonal(rows)]
    result = []
    for start in range(rows.start, rows.stop, 16):  # small squares along the diagonal
        part = range(start, min(start + 16, rows.stop))
        block = source.block(part, part)
        result += [entry_text(_plain(block[k][k])) for k in range(len(part))]
    return result


def _plain(value: Any) -> Value:
    return value if isinstance(value, Fraction | Enclosure) else int(value)


def _norm_claim(values: Sequence[Value], scale: Fraction) -> ClaimResult:
    lowers = [Fraction(ends(value)[0]) for value in values]
    least, largest = values[lowers.index(min(lowers))], values[lowers.index(max(lowers))]
    record: dict[str, Any] = {}
    enclosed = any(isinstance(value, Enclosure) for value in values)
    for name, value in (("minimum", least), ("maximum", largest)):
        texts = [exact_text(scale * end) for end in ends(value)]
        record[name] = texts if enclosed else texts[0]
    if enclosed:
        record["digits"] = CANONICAL_DIGITS
    zero = next((i for i, value in enumerate(values) if ends(value) == (0, 0)), None)
    if zero is not None:
        return ClaimResult(
            "norm",
            STATEMENTS["norm"],
            "refuted",
            f"member {zero} has squared norm exactly 0",
            {"member": zero, "norm_squared": "0"},
            record=record,
        )
    if min(lowers) <= 0:
        # Bounds that reach 0 do not tell a small number from it.
        member = next(i for i, value in enumerate(values) if ends(value)[0] <= 0)
        return ClaimResult(
            "norm",
            STATEMENTS["norm"],
            "undecided",
            f"needs gram: {CANONICAL_DIGITS} digits do not tell the norm of member {member} from 0",
            record={**record, **_needs("gram")},
        )
    low, high = shown(least, scale), shown(largest, scale)
    text = f"squared norm {low}" if low == high else f"squared norms from {low} to {high}"
    status: Status = "enclosed" if enclosed else "proved"
    return ClaimResult("norm", STATEMENTS["norm"], status, text, record=record)


def shown(value: Value, scale: Fraction = Fraction(1)) -> str:
    """A number for people: exact, or the decimals that its two ends share.

    Examples:
        >>> shown(4, Fraction(1, 2)), shown(Enclosure.around(Fraction(1, 3)))
        ('2', '0.333333333333…')
    """
    if not isinstance(value, Enclosure):
        text = exact_text(scale * value)
        return text if len(text) <= 40 else f"{text[:20]}… ({len(text)} digits)"
    scaled = int(value.lower * 10**CANONICAL_DIGITS)
    sign = "-" if value.lower < 0 else ""
    whole, part = divmod(abs(scaled), 10**CANONICAL_DIGITS)
    return f"{sign}{whole}.{part:0{CANONICAL_DIGITS}d}"[: 14 + len(sign)] + "…"


# ------------------------------------------------------------------------------------------ blocks


def run(
    work: Any,
    task: Callable[[Any, Any], Any],
    shared: Any,
    items: Iterable[Any],
    *,
    name: str,
    identity: str,
) -> Iterator[Any]:
    """`work.map`, or the plain loop when there is no Work."""
    if work is None:
        return (task(shared, item) for item in items)
    return cast("Iterator[Any]", work.map(task, shared, list(items), name=name, identity=identity))


def block_task(shared: tuple[GramSource, Norms | None], item: Sequence[int]) -> dict[str, Any]:
    """What is kept of one block.

    Returns:
        "sha256" of its text, or the "text" itself for a small class; whether an entry is
        "enclosed"; and with norms the "summary" of the block.
    """
    source, norms = shared
    rows, columns = (_span(k, source.size) for k in item)
    block = source.block(rows, columns)
    text = block_text(block)
    result: dict[str, Any] = {"enclosed": "+" in text}
    if source.size <= MOST_LISTED:
        result["text"] = text
    else:
        result["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    if norms is not None:
        result["summary"] = summarize(block, rows, columns, norms).to_json()
    return result


@dataclass
class _Total:
    """The summaries of all blocks together."""

    size: int
    texts: list[str]
    digests: list[list[Any]]
    enclosed: bool = False
    found: TileSummary = field(default_factory=TileSummary)

    def entries(self, scale: Fraction) -> Iterator[tuple[Pair, Fraction | Enclosure]]:
        """The non-zero entries i <= j of a small class."""
        for i, line in enumerate(self.texts[0].splitlines()):
            for j, text in enumerate(line.split(" ")):
                value = read_entry(text)
                if i <= j and value != 0:
                    yield (i, j), value if isinstance(value, Enclosure) else scale * value

    def gram_claim(self, scale: Fraction) -> ClaimResult:
        """Every entry of a small class; the digests of the blocks of a large one."""
        record: dict[str, Any]
        if self.size <= MOST_LISTED:
            entries = [
                [i, j, *(exact_text(end) for end in dict.fromkeys(ends(value)))]
                for (i, j), value in self.entries(scale)
            ]
            record = {"entries": entries, "rest": "0"}
        else:
            record = {"scale": exact_text(scale), "block": BLOCK, "blocks": self.digests}
        if self.enclosed:
            record["digits"] = CANONICAL_DIGITS
        pairs = self.size * (self.size - 1) // 2
        value = f"{self.size} x {self.size}, {pairs} pairs"
        status: Status = "enclosed" if self.enclosed else "proved"
        return ClaimResult("gram", STATEMENTS["gram"], status, value, record=record)

    def summary(self, norms: Norms) -> CorrelationSummary:
        """The numbers of the bound, for members scaled to unit norms."""
        one, best = Fraction(1), self.found.best
        coherence = Fraction(0) if best is None else root_above(best[0])
        return CorrelationSummary(self.size, self.found.row_sum(norms), coherence, one, one)


def _reduce(source: GramSource, norms: Norms | None, work: Any) -> _Total:
    places = _places(source.size)
    total = _Total(source.size, [], [])
    shared = (source, norms)
    results = run(work, block_task, shared, places, name="gram", identity=source.identity)
    for (a, b), result in zip(places, results, strict=True):
        total.enclosed |= result["enclosed"]
        if "text" in result:
            total.texts.append(result["text"])
        else:
            total.digests.append([a, b, result["sha256"]])
        if norms is not None:
            total.found.merge(TileSummary.from_json(result["summary"]))
    return total


# ------------------------------------------------------------------------------------------ claims


def _near_orthogonality_claim(total: _Total) -> ClaimResult:
    name, certain, best = "near-orthogonality", total.found.certain, total.found.best
    statement = STATEMENTS[name]
    if certain is not None:
        return ClaimResult(
            name,
            statement,
            "refuted",
            f"members {certain[0]} and {certain[1]} are equal up to scale",
            {"pair": list(certain), "correlation_squared": "1"},
            record={"maximum": "1", "pair": list(certain)},
        )
    if best is not None and best[0] == 1:
        # The enclosures are too wide to tell the members apart.
        return ClaimResult(name, statement, "undecided", "needs gram", record=_needs("gram"))
    if best is None:
        record: dict[str, Any] = {"maximum": "0", "pair": None}
        return ClaimResult(name, statement, "proved", "all are orthogonal", record=record)
    ratio, (i, j) = best
    record = {"maximum": exact_text(ratio), "pair": [i, j]}
    text = exact_text(ratio)
    near = text if len(text) <= 40 else f"about {float(ratio):.6g}"
    value = f"largest squared correlation {near}, of members {i} and {j}"
    status: Status = "enclosed" if total.enclosed else "proved"
    return ClaimResult(name, statement, status, value, record=record)


def _needs(claim: str) -> dict[str, Any]:
    return {"needs": claim}


def size_claim(size: int, log: ClaimLog) -> None:
    record = {"value": str(size)}
    name = "near-orthogonality"
    log.add(
        "size",
        STATEMENTS["size"],
        lambda: ClaimResult("size", STATEMENTS["size"], "proved", str(size), record=record),
        needs=(name,),
        keep=record,
    )


def bound_claim(
    summary: CorrelationSummary | None, tolerance: Fraction, log: ClaimLog, needs: Sequence[str]
) -> None:
    """M9 for the class scaled to unit norms (M10); what it rests on is named at its root."""
    statement = STATEMENTS["csq-bound"]

    def check() -> ClaimResult:
        failed = log.failing((*needs, "gram", "norm", "near-orthogonality"))
        if failed is not None:
            root = str(log[failed].record.get("needs", failed))
            return ClaimResult(
                "csq-bound", statement, "undecided", f"needs {root}", record=_needs(root)
            )
        assert summary is not None
        bound = query_bound(summary, tolerance)
        record: dict[str, Any] = {
            "tolerance": exact_text(bound.tolerance),
            "members": str(bound.members),
            "row_sum": exact_text(bound.row_sum),
            "coherence": exact_text(summary.coherence),
            "form": bound.form,
            "bound": exact_text(bound.value),
            "queries": str(bound.queries),
            "loss_below": exact_text(bound.loss_below),
        }
        return ClaimResult("csq-bound", statement, "proved", _bound_text(bound), record=record)

    log.add("csq-bound", statement, check)


def _bound_text(bound: QueryBound) -> str:
    """The bound in words; long rationals are shown as decimals, and said to be."""
    if max(map(len, map(exact_text, (bound.row_sum, bound.value)))) <= 24:
        return str(bound)
    about = f"{bound.members} tau^2 / R - 1" if bound.form == "bessel" else bound.formula
    about += f", about {float(bound.value):.6g} at tau = {bound.tolerance}"
    if bound.is_trivial:
        return f"trivial: {about}, no query is forced"
    queries = "1 query" if bound.queries == 1 else f"{bound.queries} queries"
    return (
        f"{about}: a deterministic learner needs at least {queries} answered within tau*|f| "
        f"to reach squared loss below {bound.loss_below} |f|^2"
    )


# ------------------------------------------------------------------------------------- large Grams


class SourceGram(Gram):
    """The Gram matrix of a class too large to list: entries are made when they are asked for."""

    def __post_init__(self) -> None:
        # The entries come from the source, in range by construction: none is computed here.
        pass


class SourceEntries(Mapping[Pair, Fraction | Enclosure]):
    """The non-zero entries of a source, one block at a time."""

    def __init__(self, source: GramSource) -> None:
        self._source = source

    @property
    def source(self) -> GramSource:
        """Where the entries come from."""
        return self._source

    def __getitem__(self, pair: Pair) -> Fraction | Enclosure:
        i, j = pair
        if not 0 <= i <= j < self._source.size:
            raise KeyError(pair)
        value = _plain(self._source.block(range(i, i + 1), range(j, j + 1))[0][0])
        if value == 0:
            raise KeyError(pair)
        return value if isinstance(value, Enclosure) else self._source.scale * value

    def __iter__(self) -> Iterator[Pair]:
        return (pair for pair, _ in self._nonzero())

    def __len__(self) -> int:
        return sum(1 for _ in self._nonzero())

    def _nonzero(self) -> Iterator[tuple[Pair, Any]]:
        size = self._source.size
        for i in range(size):
            for j, value in enumerate(self._source.block(range(i, i + 1), range(i, size))[0], i):
                if value != 0:
                    yield (i, j), value
