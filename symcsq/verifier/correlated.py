"""The claims about a class whose members may correlate: Gram matrix, norms, correlations, bound.

A family gives its Gram matrix by blocks (`GramSource`); nothing here knows where they come from,
and no more than one block is held unless the class is small. Each block of 256 x 256 entries is
one unit of work, whose result is a digest of its text and the few numbers that the claims need.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import isqrt
from typing import Any, NoReturn, Protocol, cast

import numpy as np

from symcsq.errors import PrecisionError, VerificationError
from symcsq.exact import CANONICAL_DIGITS, Enclosure
from symcsq.functions.gram import Gram
from symcsq.verifier.bounds import CorrelationSummary, QueryBound, query_bound
from symcsq.verifier.claims import ClaimLog, ClaimResult, Status, exact_text
from symcsq.verifier.evidence import Evidence

#: The number of claims that are made here.
CLAIMS = 5
#: Rows and columns of a block; part of the format.
BLOCK = 256
#: Up to this many members the certificate holds every entry; part of the format.
MOST_LISTED = 64

_CELL = Fraction(1, 10**CANONICAL_DIGITS)
_UNIT = 1 << 64  # fixed point of the multipliers, see `Norms`
_MARGIN = 1e-9  # float64 quotients are exact to 1e-14; anything closer is compared exactly

Value = int | Fraction | Enclosure
Pair = tuple[int, int]


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
        norms = Norms.of(source, work)
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
        pairs = (total.certain, source.twins())
        total.certain = min((pair for pair in pairs if pair is not None), default=None)
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

    Examples:
        >>> entry_text(-12), entry_text(Enclosure.around(Fraction(1, 3)))[-8:]
        ('-12', '0000000+')
    """
    if isinstance(value, Enclosure):
        if value.upper - value.lower != _CELL:
            raise VerificationError(
                f"gram: enclosures must have {CANONICAL_DIGITS} digits, got {value}; "
                "this is a fault of the family"
            )
        return f"{exact_text(value.lower)}+"
    return exact_text(value)


def read_entry(text: str) -> Value:
    """The entry of a text of `entry_text`."""
    if text.endswith("+"):
        lower = Fraction(text[:-1])
        return Enclosure(lower, lower + _CELL)
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


def _ends(value: Value) -> tuple[Fraction | int, Fraction | int]:
    if isinstance(value, Enclosure):
        return value.lower, value.upper
    return value, value


def _size(value: Value) -> Fraction | int:
    """The largest absolute value of an entry."""
    if isinstance(value, Enclosure):
        return max(abs(value.lower), abs(value.upper))
    return -value if value < 0 else value


# ------------------------------------------------------------------------------------------- norms


@dataclass(frozen=True)
class Norms:
    """The diagonal, in units of the source's scale, and what row sums are weighted with.

    Arguments:
        values: the entries of the diagonal.
        multipliers: None when all are the same rational: row sums are then exact. Otherwise the
            integers ``C_j = isqrt(floor(M/n_j 4**64)) + 1 >= 2**64 sqrt(M/n_j)``, with n_j lower
            ends and M the largest upper end.
        largest: M.
    """

    values: tuple[Value, ...]
    multipliers: tuple[int, ...] | None
    largest: Fraction | int

    @classmethod
    def of(cls, source: GramSource, work: Any) -> Norms:
        """The diagonal of a source."""
        parts = [[k] for k in range(-(-source.size // BLOCK))]
        texts = run(work, norms_task, source, parts, name="norm", identity=source.identity)
        return cls.from_values([read_entry(text) for part in texts for text in part])

    @classmethod
    def from_values(cls, values: Sequence[Value]) -> Norms:
        """From the entries of a diagonal."""
        for i, value in enumerate(values):
            if _ends(value)[1] < 0:
                raise VerificationError(
                    f"gram: squared norms must be at least 0, got {value} for member {i}; "
                    "this is a fault of the family"
                )
        lowers = [Fraction(_ends(value)[0]) for value in values]
        largest = max(_ends(value)[1] for value in values)
        multipliers = None
        if min(lowers) > 0 and (min(lowers) < largest or isinstance(values[0], Enclosure)):
            top = Fraction(largest) * _UNIT * _UNIT
            known = {n: isqrt(int(top / n)) + 1 for n in set(lowers)}
            multipliers = tuple(known[n] for n in lowers)
        return cls(tuple(values), multipliers, largest)

    @property
    def positive(self) -> bool:
        """Whether every norm is known to be above 0 by a positive bound."""
        return all(_ends(value)[0] > 0 for value in self.values)

    def row_sum(self, i: int, total: Fraction | int) -> Fraction:
        """``sum_j |g_ij| / sqrt(n_i n_j)``, or a bound of it, from the weighted sum."""
        if self.multipliers is None:
            return Fraction(total) / self.largest
        return self.multipliers[i] * Fraction(total) / (self.largest * _UNIT * _UNIT)


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
    lowers = [Fraction(_ends(value)[0]) for value in values]
    least, largest = values[lowers.index(min(lowers))], values[lowers.index(max(lowers))]
    record: dict[str, Any] = {}
    enclosed = any(isinstance(value, Enclosure) for value in values)
    for name, value in (("minimum", least), ("maximum", largest)):
        ends = [exact_text(scale * end) for end in _ends(value)]
        record[name] = ends if enclosed else ends[0]
    if enclosed:
        record["digits"] = CANONICAL_DIGITS
    zero = next((i for i, value in enumerate(values) if _ends(value) == (0, 0)), None)
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
        member = next(i for i, value in enumerate(values) if _ends(value)[0] <= 0)
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
        "enclosed"; and with norms: "best", [squared correlation, i, j]; "certain", the least pair
        with correlation exactly 1; "rows" and "columns", the weighted sums of |g_ij|.
    """
    source, norms = shared
    a, b = item
    rows, columns = _span(a, source.size), _span(b, source.size)
    block = source.block(rows, columns)
    text = block_text(block)
    result: dict[str, Any] = {"enclosed": "+" in text}
    if source.size <= MOST_LISTED:
        result["text"] = text
    else:
        result["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    if norms is not None:
        summarize = _of_integers if isinstance(block, np.ndarray) else _of_values
        best, certain, across, down = summarize(block, rows, columns, norms)
        result["best"] = [exact_text(best[0]), *best[1]] if best else None
        result["certain"] = certain
        result["rows"] = [exact_text(total) for total in across]
        result["columns"] = [] if a == b else [exact_text(total) for total in down]
    return result


Best = tuple[Fraction, Pair]
_Summary = tuple[Best | None, Pair | None, Sequence[Any], Sequence[Any]]


def _of_integers(block: Any, rows: range, columns: range, norms: Norms) -> _Summary:
    sizes = np.abs(block)
    if norms.multipliers is None:
        # One norm: the largest entry has the largest correlation. A sum of 256 entries fits.
        top = int(sizes.max())
        wide = sizes if top * BLOCK < 1 << 62 else sizes.astype(object)
        across, down = wide.sum(axis=1).tolist(), wide.sum(axis=0).tolist()
    else:
        exact = sizes.astype(object)
        across = (exact @ _objects(norms.multipliers, columns)).tolist()
        down = (exact.T @ _objects(norms.multipliers, rows)).tolist()
    if rows == columns:
        sizes = np.where(np.tri(len(rows), dtype=bool), 0, sizes)
    best = _largest(sizes, rows, columns, norms)
    certain = best[1] if best is not None and best[0] == 1 else None
    return best, certain, across, down


def _objects(values: Sequence[int], span: range) -> Any:
    result = np.empty(len(span), dtype=object)
    result[:] = values[span.start : span.stop]
    return result


def _largest(sizes: Any, rows: range, columns: range, norms: Norms) -> Best | None:
    """The largest squared correlation among absolute entries, and the least pair that has it."""
    if not sizes.any():
        return None
    values = cast("Sequence[int]", norms.values)
    if norms.multipliers is None:
        i, j = divmod(int(np.argmax(sizes)), len(columns))
        candidates = [(i, j)]
    elif sizes.dtype != object:
        # Floating point only chooses which entries are compared; the comparison is of integers.
        roots = [np.sqrt(np.array([float(values[k]) for k in span])) for span in (rows, columns)]
        ratios = sizes / roots[0][:, None] / roots[1]
        places = np.argwhere(ratios >= ratios.max() * (1 - _MARGIN)).tolist()
        seen: dict[tuple[int, int, int], tuple[int, int]] = {}
        for i, j in places:  # in row order, so that the least pair of equal ones stays
            key = (int(sizes[i, j]), values[rows[i]], values[columns[j]])
            seen.setdefault(key, (i, j))
        candidates = list(seen.values())
    else:
        places = np.argwhere(sizes != 0).tolist()
        candidates = [(i, j) for i, j in places]
    top, bottom, found = 0, 1, (0, 0)
    for i, j in candidates:
        square = int(sizes[i, j]) ** 2
        product = values[rows[i]] * values[columns[j]]
        if square * bottom > top * product:
            top, bottom, found = square, product, (i, j)
    return Fraction(top, bottom), (rows[found[0]], columns[found[1]])


def _of_values(block: Any, rows: range, columns: range, norms: Norms) -> _Summary:
    """The same for exact numbers and enclosures, with upper bounds in the place of the latter."""
    best: Best | None = None
    certain: Pair | None = None
    across: list[Fraction | int] = [0] * len(rows)
    down: list[Fraction | int] = [0] * len(columns)
    weights = norms.multipliers
    for i, row in zip(rows, block, strict=True):
        for j, value in zip(columns, row, strict=True):
            size = _size(value)
            if not size:
                continue
            across[i - rows.start] += size if weights is None else size * weights[j]
            down[j - columns.start] += size if weights is None else size * weights[i]
            if i >= j:
                continue
            bound = correlation_bound(value, norms.values[i], norms.values[j])
            if bound == 1 and certain is None and not _enclosed(value, norms.values, i, j):
                certain = i, j
            if best is None or bound > best[0]:
                best = bound, (i, j)
    return best, certain, across, down


def _enclosed(value: Value, norms: Sequence[Value], i: int, j: int) -> bool:
    return any(isinstance(x, Enclosure) for x in (value, norms[i], norms[j]))


def correlation_bound(value: Value, first: Value, second: Value) -> Fraction:
    """The squared correlation, or for enclosures an upper bound of it, at most 1.

    Examples:
        >>> correlation_bound(1, 2, 3)
        Fraction(1, 6)
    """
    product = Fraction(_ends(first)[0]) * _ends(second)[0]
    square = Fraction(_size(value)) ** 2
    return Fraction(1) if square >= product else square / product


@dataclass
class _Total:
    """The summaries of all blocks together."""

    size: int
    texts: list[str]
    digests: list[list[Any]]
    enclosed: bool = False
    best: Best | None = None
    certain: Pair | None = None
    sums: list[Fraction | int] | None = None

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
                [i, j, *(exact_text(end) for end in dict.fromkeys(_ends(value)))]
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
        assert self.sums is not None
        one = Fraction(1)
        coherence = root_above(self.best[0]) if self.best else Fraction(0)
        row_sum = max(norms.row_sum(i, total) for i, total in enumerate(self.sums))
        return CorrelationSummary(self.size, row_sum, coherence, one, one)


def _reduce(source: GramSource, norms: Norms | None, work: Any) -> _Total:
    size, places = source.size, _places(source.size)
    total = _Total(size, [], [], sums=None if norms is None else [0] * size)
    shared = (source, norms)
    results = run(work, block_task, shared, places, name="gram", identity=source.identity)
    for (a, b), result in zip(places, results, strict=True):
        total.enclosed |= result["enclosed"]
        if "text" in result:
            total.texts.append(result["text"])
        else:
            total.digests.append([a, b, result["sha256"]])
        if norms is None or total.sums is None:
            continue
        for start, part in ((a, result["rows"]), (b, result["columns"])):
            for k, text in enumerate(part):
                total.sums[start * BLOCK + k] += read_entry(text)  # type: ignore[operator]
        pairs = [total.certain, result["certain"]]
        total.certain = min((tuple(p) for p in pairs if p is not None), default=None)
        if result["best"] is not None:
            ratio, i, j = result["best"]
            total.best = _better(total.best, (Fraction(ratio), (i, j)))
    return total


def _better(first: Best | None, second: Best) -> Best:
    """The larger squared correlation; of equal ones the lesser pair."""
    if first is None or second[0] > first[0]:
        return second
    return second if second[0] == first[0] and second[1] < first[1] else first


def root_above(value: Fraction) -> Fraction:
    """The square root if it is rational, else an upper bound over 2**64; at most 1.

    Examples:
        >>> root_above(Fraction(4, 9)), float(root_above(Fraction(1, 2)))
        (Fraction(2, 3), 0.7071067811865476)
    """
    p, q = isqrt(value.numerator), isqrt(value.denominator)
    if p * p == value.numerator and q * q == value.denominator:
        return min(Fraction(1), Fraction(p, q))
    return min(Fraction(1), Fraction(isqrt(int(value * _UNIT * _UNIT)) + 1, _UNIT))


# ------------------------------------------------------------------------------------------ claims


def _near_orthogonality_claim(total: _Total) -> ClaimResult:
    name, certain, best = "near-orthogonality", total.certain, total.best
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
