"""Re-check symcsq certificates, with the standard library only and nothing of their producer.

    python checker.py FILE...      exit code 0: accepted, 1: rejected, 2: declined or unreadable

"Accepted" means that everything in the file is true, refutations included: these are named.

A certificate holds a few *inputs* (generators, distribution, family, tolerance) and *witnesses* (a
stabiliser chain, orbit representatives). Everything else in it follows. So the checker reads only
those, derives the whole certificate anew, and demands equality field by field. The stored hashes
serve to name what was altered; no claim is believed because a hash matches. docs/certificates.md
has the format and the theorem behind each step; M1, M2, ... are the statements numbered there.

The file is treated as hostile: size and nesting are limited before it is parsed, and work is
budgeted. Running out of budget means "declined", never "accepted".

Lists are read by `each`, `integers` and `rationals`, objects by `pick` and `record`; `require`
states a rule, and `fails` asks whether a claim does.

No kind of family needs the whole file. Every certificate goes through these sections: limits,
reading, comparing, exact numbers, distributions, permutations and stabiliser chains, orbits and
counting, families, claims, digests, main. Here are the lines that the kinds need in all, and the
further sections in which they are.

    1,140  invariant-polynomials
           orbit sums
    1,140  semi-invariant-polynomials
           orbit sums; semi-invariants
    1,460  expansions, sparse-invariant-polynomials, independent-invariants
           orbit sums; combinations of orbit sums; classes that may correlate
    1,520  moment-invariant-polynomials
           orbit sums; orbit sums under joint laws; classes that may correlate
    1,490  parity-networks, frame-averaged
           orbit sums; parity networks and averages; kernels by interval arithmetic
    1,310  user-defined
           families that users define; orbit sums under joint laws; classes that may correlate
    1,260  degree-parity-networks
           parities of degree counts; classes that may correlate
    1,470  finite-frame-averages
           averages over frames on finite laws; parity networks and averages;
           kernels by interval arithmetic; classes that may correlate
    1,880  rotation-networks, convolutional-networks, graph-feature-networks
           families of isotropic vectors; parity networks and averages;
           kernels by interval arithmetic; classes that may correlate
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
from array import array as array_of
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from itertools import (
    chain,
    combinations,
    combinations_with_replacement,
    compress,
    islice,
    pairwise,
    product,
)
from math import comb, factorial, gcd, isqrt, lcm, nan, perm, prod
from operator import add, itemgetter, mul, xor
from typing import Any, BinaryIO, NamedTuple, NoReturn

# ------------------------------------------------------------------------------------------ limits

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 12
MAX_VALUES = 10_000_000  # JSON values in one file
MAX_DIGITS = 4_000  # of an exact number; below Python's own limit of 4,300
MAX_POINTS = 4_096  # degree of the group
MAX_DEGREE = 255  # of a family of polynomials, or of an activation
MAX_WIDTH = 512  # inputs m of a parity network
MAX_VERTICES = 20  # of a random graph
MAX_NODES = 1_000  # of a graph that is given
MAX_TABLE = 1_000  # values of a parity network that are listed, by the format
MAX_UNITS = 16  # inputs m of a parity network whose values are summed over 2^m units
MAX_TURNS = 64  # directions k of a rotation network with an activation
MAX_FACTOR = 100_000  # of the variance at a node
MAX_ORBIT = 2_000_000  # vectors held at once
MAX_COMMON = 1 << 30  # bits of integers over one common denominator, together
MAX_VECTORS = 500_000  # vectors of all orbits, where inner products are sums over them
MAX_ELEMENTS = 20_000  # group elements counted one by one (Cauchy-Frobenius)
MAX_PAIRS = 1_000_000  # non-zero Gram entries
MAX_HELD = 2_000_000_000  # bits of numbers that are kept for later use
MAX_WORK = 100_000_000  # elementary steps: one permutation applied once
MAX_BITS = 1 << 15  # precision of interval arithmetic
MAX_FAILURES = 20  # reported
TREE_LIMIT = 1_000  # the format writes no tree for a larger orbit,
TREES_TOTAL = 2_000_000  # and none for orbits that exceed this together
MOST_GIVEN = 2_000  # members of a family that a user defines, fixed by the format,
MOST_COMPARED = 20_000  # and pairs on which its two routes are compared
DIGITS = 30  # of an enclosure, fixed by the format
BLOCK = 256  # rows and columns of a block of a Gram matrix, fixed by the format
MOST_LISTED = 64  # members up to which every Gram entry is listed, fixed by the format
FORMAT = "symcsq-certificate/1"

Json = Any
Failures = list[tuple[str, str]]


class Rejected(Exception):
    """A field is false: (path, message)."""


class Declined(Exception):
    """The file is unreadable, or the check would exceed a limit."""


class Budget:
    """The elementary steps that are left for one file; its path, if it has one."""

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.left = MAX_WORK
        self.path = path

    def spend(self, steps: int, purpose: str) -> None:
        self.left -= steps
        if self.left < 0:
            raise Declined(f"{purpose}: the check needs more than {MAX_WORK} steps")


# ----------------------------------------------------------------------------------------- reading


def read_json(data: bytes) -> Json:
    """Parse; size and nesting are known to be harmless before the parser starts."""
    if len(data) > MAX_BYTES:
        raise Declined(f"larger than {MAX_BYTES} bytes")
    # No field of a certificate needs an escape, and without them quotes alone delimit strings.
    if b"\\" in data:
        raise Declined("contains a backslash, which no certificate does")
    outside = b"".join(data.split(b'"')[::2])
    if outside.count(b",") + outside.count(b"[") + outside.count(b"{") > MAX_VALUES:
        raise Declined(f"more than {MAX_VALUES} values")
    brackets = outside.translate(bytes.maketrans(b"{}", b"[]"), NOT_BRACKETS)
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"")  # one pass removes the innermost level everywhere
    if brackets:
        raise Declined(f"brackets do not match, or nest more than {MAX_DEPTH} deep")
    try:
        # Fractional numbers become NaN, which no field accepts, so that their place is named.
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=read_object,
            parse_float=lambda _: nan,
            parse_constant=lambda _: nan,
        )
    except ValueError as error:  # not UTF-8, not JSON, or an integer of thousands of digits
        raise Declined(f"not JSON: {error}") from None


NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def read_object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for name, value in pairs:  # a second one will be reported as unknown, with its path
        result[f"{name} (repeated)" if name in result else name] = value
    return result


def canonical(value: Json) -> bytes:
    """The bytes that are hashed."""
    return ENCODER.encode(value).encode("utf-8")


ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# --------------------------------------------------------------------------------------- comparing


def reject(path: str, message: str) -> NoReturn:
    raise Rejected(path, message)


def require(condition: object, path: str, rule: str) -> None:
    if not condition:
        reject(path, rule)


def show(value: Json) -> str:
    if type(value) in (list, dict):
        return f"{'a list' if type(value) is list else 'an object'} of {len(value)} items"
    if type(value) is float:
        return "a number that is no integer"
    shown = json.dumps(value[:60] if type(value) is str else value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def shown_name(name: str) -> str:
    """The name of a field: an unknown one may hold anything."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]{1,40}( \(repeated\))?", name) else show(name)


def number(value: Json, path: str, low: int, high: int) -> int:
    """A JSON integer from low to high; true and 1.0 are not integers."""
    if type(value) is not int or not low <= value <= high:
        reject(path, f"must be an integer from {low} to {high}, found {show(value)}")
    return int(value)


def array(value: Json, path: str) -> list[Json]:
    if type(value) is not list:
        reject(path, f"must be a list, found {show(value)}")
    return list(value)


def each(value: Json, path: str, read: Callable[[Json, str], Any]) -> list[Any]:
    """The items of a list, each read by `read(item, its path)`."""
    return [read(item, f"{path}[{k}]") for k, item in enumerate(array(value, path))]


def integers(value: Json, path: str, low: int, high: int) -> list[int]:
    return each(value, path, lambda item, where: number(item, where, low, high))


def choice(value: Json, path: str, *options: str) -> str:
    if type(value) is not str or value not in options:
        reject(path, f"must be one of {', '.join(options)}, found {show(value)}")
    return str(value)


def pick(value: Json, path: str, *names: str) -> list[Json]:
    """The values of some fields of an object, which may have others."""
    if type(value) is not dict:
        reject(path, f"must be an object, found {show(value)}")
    for name in names:
        require(name in value, f"{path}.{name}".lstrip("."), "missing")
    return [value[name] for name in names]


def record(value: Json, path: str, *names: str) -> list[Json]:
    """The values of an object with exactly these fields, in this order."""
    values = pick(value, path, *names)
    for name in value:
        if name not in names:
            reject(f"{path}.{shown_name(name)}".lstrip("."), "unknown field")
    return values


def compare(path: str, expected: Json, found: Json, failures: Failures) -> None:
    """Report each difference at its innermost place; types count, so that true is not 1."""
    if len(failures) >= MAX_FAILURES:
        return
    if type(expected) is dict and type(found) is dict:
        for name in sorted(expected.keys() | found.keys()):
            if name not in expected or name not in found:
                verdict = "missing" if name in expected else "unknown field"
                failures.append((f"{path}.{shown_name(name)}", verdict))
            else:
                compare(f"{path}.{name}", expected[name], found[name], failures)
    elif type(expected) is list and type(found) is list:
        for k, (left, right) in enumerate(zip(expected, found, strict=False)):
            compare(f"{path}[{k}]", left, right, failures)
        if len(expected) != len(found):
            failures.append((path, f"must have {len(expected)} items, found {len(found)}"))
    elif type(expected) is not type(found) or expected != found:
        failures.append((path, f"must be {show(expected)}, found {show(found)}"))


# ----------------------------------------------------------------------------------- exact numbers

EXACT = re.compile(r"(-?[1-9][0-9]*|0)(?:/([1-9][0-9]*))?")


def rational(value: Json, path: str) -> Fraction:
    """A rational, written in its one canonical form."""
    match = EXACT.fullmatch(value) if type(value) is str and len(value) <= MAX_DIGITS else None
    if match is None:
        reject(path, f'must be an exact number such as "-3/7", found {show(value)}')
    top, bottom = int(match[1]), int(match[2] or 1)
    if match[2] and (bottom == 1 or gcd(top, bottom) != 1):
        reject(path, f"must be in lowest terms, found {show(value)}")
    return Fraction(top, bottom)


def rationals(value: Json, path: str) -> list[Fraction]:
    return each(value, path, rational)


def text(value: int | Fraction) -> str:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > 3 * MAX_DIGITS:
        raise Declined(f"a number has more than {MAX_DIGITS} digits")
    return str(value)


def length_cost(bits: int) -> int:
    """Elementary steps of an operation on numbers of so many bits."""
    return 1 + (bits // 250) ** 2


def common_denominator(values: Iterable[int | Fraction], count: int, what: str) -> int:
    """The least one; declined when so many integers over it would be too long together."""
    bottom = 1
    for denominator in {value.denominator for value in values}:
        bottom = lcm(bottom, denominator)
        if bottom.bit_length() > 4 * MAX_DIGITS or bottom.bit_length() * count > MAX_COMMON:
            raise Declined(f"{what}: the common denominator is too long")
    return bottom


def common_bits(values: Sequence[int | Fraction]) -> int:
    """The length of numbers that are written over their common denominator."""
    longest = max((value.numerator.bit_length() for value in values), default=0)
    return longest + common_denominator(values, 1, "some numbers").bit_length()


class Table(dict[Any, Any]):
    """Values of a function that are kept, at most so many."""

    def __init__(self, function: Callable[[Any], Any], most: int) -> None:
        super().__init__()
        self.function, self.most = function, most

    def __missing__(self, key: Any) -> Any:
        if len(self) >= self.most:
            self.clear()
        self[key] = value = self.function(key)
        return value


class Cell(NamedTuple):
    """Bounds of a number that is not zero."""

    low: Fraction
    high: Fraction

    def __abs__(self) -> Fraction:
        return max(-self.low, self.high)


Entry = int | Fraction | Cell


def low(entry: Entry) -> Fraction | int:
    return entry.low if isinstance(entry, Cell) else entry


def high(entry: Entry) -> Fraction | int:
    return entry.high if isinstance(entry, Cell) else entry


def exact(*entries: Entry) -> bool:
    return not any(isinstance(entry, Cell) for entry in entries)


def cell(floor: int) -> Cell:
    """The bounds of an irrational number v with floor(v 10^30) = floor."""
    return Cell(Fraction(floor, 10**DIGITS), Fraction(floor + 1, 10**DIGITS))


# ----------------------------------------------------------------------------------- distributions


@dataclass(frozen=True)
class Marginal:
    """A law on the line: its moments by definition, its norms h_k = E[p_k^2] by determinants."""

    kind: str
    parameters: tuple[Fraction, ...]
    budget: Budget = field(default_factory=Budget, compare=False)

    @cached_property
    def atoms(self) -> list[tuple[Fraction | int, Fraction]]:
        """The points of a finite law and their weights; none for the other kinds."""
        values = self.parameters
        if self.kind == "rademacher":
            return [(-1, Fraction(1, 2)), (1, Fraction(1, 2))]
        if self.kind == "bernoulli":
            return [(0, 1 - values[0]), (1, values[0])]
        if self.kind == "finite":
            return [(x, Fraction(1, len(values))) for x in values]
        if self.kind == "weighted":
            return list(zip(values[::2], values[1::2], strict=True))
        return []

    def moment(self, k: int) -> Fraction | None:
        """E[x^k]; None where a bare sequence of moments has ended."""
        if self.kind == "moments":
            return self.parameters[k] if k < len(self.parameters) else None
        if self.kind == "gaussian":  # (k-1)!! for even k
            return Fraction(0 if k % 2 else prod(range(1, k, 2)))
        if self.kind == "uniform":  # on [-1, 1]
            return Fraction(1 - k % 2, k + 1)
        cost = length_cost(k * common_bits(self.parameters))
        self.budget.spend(4 * len(self.atoms) * cost, "moments")
        return sum((w * x**k for x, w in self.atoms), Fraction(0))

    def pivots(self, count: int = 0) -> list[Fraction]:
        """h_k = D_k / D_{k-1}, the quotients of Hankel determinants, up to the first zero.

        Row k is E[p_k x^(k+j)], j = 0, 1, ..., by p_{k+1} = (x - a_k) p_k - b_k p_{k-1}. When h_k
        = 0 then p_k = 0 almost surely, and row k must vanish. There are as many as `count` moments
        give, or a bare sequence; one that belongs to no law ends in a negative number.
        """
        row = [m for k in range(count or len(self.parameters)) if (m := self.moment(k)) is not None]
        longest = common_bits(self.parameters) * (1 if self.kind == "moments" else len(row))
        self.budget.spend(10 * len(row) ** 2 * length_cost(len(row) * longest), "norms")
        before, slope = [Fraction(1), *[Fraction(0)] * len(row)], Fraction(0)
        norms: list[Fraction] = []
        while row:
            norms.append(row[0] if row[0] or not any(row) else Fraction(-1))
            if norms[-1] <= 0 or len(row) < 3:
                break
            a, slope = row[1] / row[0] - slope, row[1] / row[0]
            b = row[0] / before[0]
            triples = zip(row[2:], row[1:], before[2:], strict=False)
            before, row = row, [x - a * y - b * z for x, y, z in triples]
        return norms

    def norms(self, count: int) -> list[Fraction]:
        """h_0, ..., h_{count-1}, cut before the first zero."""
        return [h for h in self.pivots(2 * count - 1) if h]

    @cached_property
    def support(self) -> int | None:
        """The number of points that carry the law; None when infinite, or not determined."""
        if self.kind != "moments":
            return len(self.atoms) or None
        pivots = self.pivots()
        return len(pivots) - 1 if pivots[-1] == 0 else None

    @property
    def known(self) -> int:
        """The largest k of which h_k is known: a bare sequence of moments determines a few."""
        bare = self.kind == "moments" and self.support is None
        return (len(self.parameters) - 1) // 2 if bare else MAX_DEGREE


PARAMETERS = {  # how many a law may have
    "gaussian": [0],
    "rademacher": [0],
    "uniform": [0],
    "bernoulli": [1],  # the probability of 1
    "finite": range(1, MAX_DIGITS),  # points
    "weighted": range(2, MAX_DIGITS, 2),  # point, weight, point, weight, ...
    "moments": range(1, MAX_DIGITS),  # m_0 = 1, m_1, ... of some law
}


def read_marginal(value: Json, path: str, budget: Budget) -> Marginal:
    kind, listed = pick(value, path, "kind", "parameters")
    choice(kind, path + ".kind", *PARAMETERS)
    path += ".parameters"
    values = rationals(listed, path)
    if sum(map(len, listed)) > MAX_DIGITS:
        raise Declined(f"{path}: more than {MAX_DIGITS} digits")
    law = Marginal(kind, tuple(values), budget)
    sound = len(values) in PARAMETERS[kind]
    if sound and kind == "moments":
        sound = values[0] == 1 and law.pivots()[-1] >= 0
    elif sound and law.atoms:  # increasing points, positive weights of sum 1
        points, weights = zip(*law.atoms, strict=True)
        sound = all(a < b for a, b in pairwise(points)) and min(weights) > 0 and sum(weights) == 1
    require(sound, path, f"are not the parameters of a {kind} distribution")
    return law


@dataclass(frozen=True)
class Law:
    """Independent coordinates: `marginals[marginal_of[i]]` is the law of coordinate i."""

    marginals: list[Marginal]
    marginal_of: list[int]

    @property
    def points(self) -> int:
        return len(self.marginal_of)

    def caps(self, degree: int) -> list[int]:
        """For each coordinate the largest exponent up to `degree` whose norm is not zero."""
        caps = [min((law.support or degree + 1) - 1, degree) for law in self.marginals]
        return [caps[k] for k in self.marginal_of]

    def difference(self, a: int, b: int) -> int | None:
        """The least r with different r-th moments; 0 for equal laws; None when that is open.

        Laws on s and t points that agree up to r = s + t - 1 are equal; a law on s points differs
        from any law on more points by r = 2s; the two infinite kinds differ at r = 2. Bare moments
        of a law on s points go up to m_2s at least, which exclude more points; others leave a law
        open.
        """
        laws = self.marginals[a], self.marginals[b]
        if laws[0].atoms and laws[0].atoms == laws[1].atoms:
            return 0
        for r in range(1, 2 * MAX_DIGITS):
            left, right = (law.moment(r) for law in laws)
            if left is None or right is None:
                return 0 if all(law.support for law in laws) else None
            if left != right:
                return r
        return 0

    def section(self, tables: list[list[Fraction]]) -> Json:
        """The section of the certificate, from the norms of each marginal."""
        marginals = []
        for k, (law, norms) in enumerate(zip(self.marginals, tables, strict=True)):
            last = len(law.parameters) if law.kind == "moments" else 2 * len(norms) + 3
            marginals.append(
                {
                    "kind": law.kind,
                    "parameters": [text(value) for value in law.parameters],
                    "moments": [text(law.moment(r) or 0) for r in range(last)],
                    "norms": [text(h) for h in norms],
                    "multiplicity": self.marginal_of.count(k),
                }
            )
        return {"marginals": marginals, "marginal_of": self.marginal_of}


def read_law(section: Json, budget: Budget) -> Law:
    laws, of = pick(section, "distribution", "marginals", "marginal_of")
    path = "distribution.marginals"
    laws = each(laws, path, lambda value, where: read_marginal(value, where, budget))
    of = integers(of, "distribution.marginal_of", 0, len(laws) - 1)
    if len(of) > MAX_POINTS:
        raise Declined(f"more than {MAX_POINTS} coordinates")
    in_order = list(dict.fromkeys(of)) == list(range(len(laws)))
    require(in_order, path, "must be in the order of their first use")
    require(len(set(laws)) == len(laws), path, "must be distinct")
    return Law(laws, of)


# ------------------------------------------------------------- permutations and stabiliser chains


class Words:
    """Permutations of n points, stored so that one operation is one call.

    `move(word, table)[i] == table[word[i]]`, hence p*q is move(q, p). Up to 256 points permutations
    are bytes and `move` is bytes.translate, whose tables have 256 entries: fixed points are added.
    Exponent vectors are bytes of length n, compared lexicographically.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        self.small = n <= 256
        self.cost = 1 if self.small else n // 8  # of one operation, in elementary steps
        self.identity = self.permutation(range(n))

    def permutation(self, images: Iterable[int]) -> Any:
        return bytes([*images, *range(self.n, 256)]) if self.small else tuple(images)

    def move(self, word: Any, table: Any) -> Any:
        return word.translate(table) if self.small else itemgetter(*word)(table)

    def inverse(self, word: Any) -> Any:
        if self.small:
            return bytes.maketrans(word, self.identity)
        images = [0] * self.n
        for i, image in enumerate(word):
            images[image] = i
        return tuple(images)

    def mover(self, word: Any) -> Callable[[Any], bytes]:
        """The function that takes `table(x)` of a vector x to its image y, y[word[i]] = x[i]."""
        if self.small:
            back = self.inverse(word)[: self.n]
            return back.translate  # type: ignore[no-any-return]

        def move(terms: list[tuple[int, int]]) -> bytes:
            image = bytearray(self.n)
            for point, exponent in terms:
                image[word[point]] = exponent
            return bytes(image)

        return move

    def table(self, vector: bytes) -> Any:
        if self.small:
            return vector.ljust(256, b"\0")
        return [(found.start(), found[0][0]) for found in re.finditer(rb"[^\0]", vector)]


@dataclass(frozen=True)
class Group:
    """Each element is, in one way, a product of one inverse from each level of the tower."""

    budget: Budget
    words: Words
    generators: list[Any]
    order: int
    tower: list[tuple[int, dict[int, Any]]]  # base point, and by q of its orbit the inverse of u_q
    section: Json

    def elements(self) -> Iterator[Any]:
        for factors in product(*(inverses.values() for _, inverses in self.tower)):
            element = self.words.identity
            for factor in factors:
                element = self.words.move(element, factor)
            yield element

    @cached_property
    def movers(self) -> list[Any]:
        return [self.words.mover(generator) for generator in self.generators]

    @cached_property
    def cosets(self) -> list[list[Any]]:
        """For each level the u_q, as functions of vectors."""
        mover, inverse = self.words.mover, self.words.inverse
        return [[mover(inverse(u)) for u in inverses.values()] for _, inverses in self.tower]


def read_group(section: Json, n: int, budget: Budget) -> Group:
    """Derive the order of the group from its generators and the stabiliser chain.

    The program makes every strong generator from the generators. H_i is the group of the strong
    generators that fix the base points before b_i, and u_q the product of them that brings b_i to
    q. For each point q and generator s, s * u_q is u_r times an element that fixes b_i (r = s[q]).
    By Schreier's lemma these elements generate the stabiliser of b_i in H_i; as they sift to the
    identity through the levels below, they lie in H_{i+1}, which is therefore this stabiliser. So
    the order is the product of the orbit sizes. H_0 is the group itself, whose own generators,
    being fewer, serve there.
    """
    degree, listed, witness = pick(section, "group", "degree", "generators", "chain")
    base, program, strong = pick(witness, "group.chain", "base", "program", "strong_generators")
    number(degree, "group.degree", n, n)
    words = Words(n)
    generators = read_permutations(listed, "group.generators", words)
    budget.spend(len(array(program, "group.chain.program")) * 64 * words.cost, "the program")
    items = run_program(program, generators, words)

    def read_strong(entry: Json, path: str) -> int:
        (item,) = pick(entry, path, "item")
        return number(item, path + ".item", 0, len(items) - 1)

    path = "group.chain.strong_generators"
    numbers = each(strong, path, read_strong)
    require(len(numbers) == len({*numbers}), path, "must be distinct")
    used = {*numbers, *chain.from_iterable(program)}
    for k in range(len(program)):
        require(len(generators) + k in used, f"group.chain.program[{k}]", "is never used")
    made = [items[k] for k in numbers]

    path = "group.chain.base"
    base = integers(base, path, 0, n - 1)
    require(base or not generators, path, "must not be empty, as there are generators")
    fixing = list(range(len(made)))  # the strong generators that fix all earlier base points
    transversals, tower = [], []
    levels: list[Json] = []
    for i, b in enumerate(base):
        budget.spend(n * len(fixing) // 4, "the stabiliser chain")
        transversal, tree = spread(words, made, fixing, b)
        budget.spend(len(transversal) * 16 * words.cost, "the stabiliser chain")
        require(tree, f"{path}[{i}]", "is moved by no strong generator of its level")
        levels.append({"base": b, "generators": fixing, "tree": tree})
        transversals.append(transversal)
        tower.append((b, {q: words.inverse(u) for q, u in transversal.items()}))
        fixing = [k for k in fixing if made[k][b] == b]
    for i, (b, transversal) in enumerate(zip(base, transversals, strict=True)):
        selected = [made[k] for k in levels[i]["generators"]] if i else generators
        steps = len(transversal) * len(selected) * (len(base) - i)
        budget.spend(steps * words.cost, "the stabiliser chain")
        products = (words.move(u, s) for u in transversal.values() for s in selected)
        sound = all(  # most are u_r itself
            element == transversal.get(element[b]) or sifts(words, element, tower[i:])
            for element in products
        )
        require(sound, f"group.chain.levels[{i}]", "a Schreier generator does not sift")

    order = prod(map(len, transversals))
    derived = {
        "degree": n,
        "action": "(g.x)[g[i]] = x[i]",
        "compose": "(p*q)[i] = p[q[i]]",
        "generators": listed,
        "order": text(order),
        "chain": {
            "base": base,
            "program": program,
            "strong_generators": [{"item": k, "images": list(items[k][:n])} for k in numbers],
            "levels": levels,
        },
    }
    return Group(budget, words, generators, order, tower, derived)


def read_permutations(listed: Json, path: str, words: Words) -> list[Any]:
    """Different permutations, none of them the identity."""
    found = {words.identity: None}  # in order
    for k, images in enumerate(array(listed, path)):
        where = f"{path}[{k}]"
        images = integers(images, where, 0, words.n - 1)
        complete = len(images) == len({*images}) == words.n
        require(complete, where, f"must list each of 0..{words.n - 1} once")
        permutation = words.permutation(images)
        require(permutation not in found, where, "must be neither the identity nor a repeat")
        found[permutation] = None
    return list(found)[1:]


def run_program(program: list[Json], generators: list[Any], words: Words) -> list[Any]:
    """The generators, and an item for each instruction: [a, b] makes item_a * item_b, [a] inverts.

    One way of writing is demanded, so that no entry can be changed without effect: only new items;
    the inverse of an earlier item as an inverse; commuting factors in increasing order.
    """
    items = list(generators)
    known = {words.identity, *items}
    for k, instruction in enumerate(program):
        path = f"group.chain.program[{k}]"
        factors = integers(instruction, path, 0, len(items) - 1)
        require(len(factors) in (1, 2), path, "must hold one or two items")
        a, b = items[factors[0]], items[factors[-1]]
        if len(factors) == 1:
            item = words.inverse(a)
        else:
            item = words.move(b, a)
            old = words.inverse(item) in known
            require(not old, path, "makes the inverse of an earlier item, to be written [item]")
            ordered = factors[0] <= factors[1] or item != words.move(a, b)
            require(ordered, path, "has commuting factors, to be written in increasing order")
        require(item not in known, path, "makes the identity or an earlier item")
        known.add(item)
        items.append(item)
    return items


def spread(
    words: Words, made: list[Any], indices: list[int], start: int
) -> tuple[dict[int, Any], list[Json]]:
    """Orbit of a point, breadth first: an element that brings `start` to each point; the tree."""
    transversal = {start: words.identity}
    queue, tree = [start], []
    for parent, point in enumerate(queue):  # the queue grows while it is read
        for k in indices:
            image = made[k][point]
            if image not in transversal:
                transversal[image] = words.move(transversal[point], made[k])
                queue.append(image)
                tree.append((parent, k))
    return transversal, tree


def sifts(words: Words, element: Any, tower: list[tuple[int, dict[int, Any]]]) -> bool:
    """Whether it ends as the identity; a level is (base point, inverse transversal)."""
    for b, inverses in tower:
        if element == words.identity:
            return True
        if element[b] not in inverses:
            return False
        element = words.move(element, inverses[element[b]])
    return bool(element == words.identity)


# ---------------------------------------------------------------------------- orbits and counting


def room(n: int) -> int:
    """How many vectors of n points memory holds."""
    return min(MAX_ORBIT, 4 * 10**8 // (100 + n))


def orbit_of(seed: bytes, group: Group) -> tuple[list[bytes], list[Json]]:
    """The orbit of a vector, breadth first over the generators, and its tree."""
    table, movers = group.words.table, group.movers
    points, seen, tree = [seed], {seed}, []
    limit = room(group.words.n)
    for parent, point in enumerate(points):  # grows while it is read
        vector = table(point)
        for k, move in enumerate(movers):
            image = move(vector)
            if image not in seen:
                seen.add(image)
                points.append(image)
                if len(points) <= TREE_LIMIT:
                    tree.append((parent, k))
        if len(points) > limit:
            raise Declined(f"an orbit has more than {limit} points")
    group.budget.spend(len(points) * (1 + len(movers)) * (1 + group.words.n // 64), "orbits")
    return points, tree


def survey(seed: bytes, group: Group) -> tuple[int, bytes, Callable[[bytes], bool], Json]:
    """An orbit's size, least vector, a test whether it holds a vector; its tree if it is small.

    A large one is not listed. Let H fix the first base point b, and u_q bring b to q: the orbit is
    the union of all u_q.Y, Y = H.seed. It holds v when u_q^-1.v is in Y for some q. For v = seed
    these q are the orbit of b under the stabiliser of the seed, t of them. As |Y| is |H| over the
    order of the seed's stabiliser in H, which is 1/t of that in the group, t * size = |Y| * #q.
    """
    first = len(group.cosets[0]) if group.cosets else 1
    if TREE_LIMIT < group.order <= first * min(MAX_VECTORS, room(group.words.n)):
        table, cost = group.words.table, 1 + group.words.n // 64
        part = {seed}
        for level in reversed(group.cosets[1:]):
            part = {move(vector) for vector in map(table, part) for move in level}
            group.budget.spend(len(part) * len(level) * cost, "orbits")
        backward = [group.words.mover(inverse) for inverse in group.tower[0][1].values()]

        def images(vector: bytes) -> Iterator[bool]:
            return (move(table(vector)) in part for move in backward)

        size = len(part) * first // sum(images(seed))
        if size > TREE_LIMIT:
            group.budget.spend(len(part) * first // 2 * cost, "orbits")
            tables = list(map(table, part))
            least = min(min(map(move, tables)) for move in group.cosets[0])
            return size, least, lambda vector: any(images(vector)), None
    points, tree = orbit_of(seed, group)
    small = len(points) <= TREE_LIMIT
    return len(points), min(points), points.__contains__, tree if small else None


@dataclass
class Orbits:
    """The listed orbits: vectors least in their orbits, sizes, and the entries of the section."""

    seeds: list[Any]
    sizes: list[int]
    entries: list[Json]

    def count(self, members: str, path: str, degree: int, caps: list[int], group: Group) -> int:
        """The number of orbits of exponent vectors within the caps, listed or not.

        Orbits with different least vectors are disjoint, so they are all if their sizes suffice.
        """
        total, covered = count_fixed(degree, [(1, cap) for cap in caps]), sum(self.sizes)
        increasing = all(a < b for a, b in pairwise(self.seeds))
        if members == "listed":
            complete = increasing and covered == total
            require(not complete, path, 'must be "all", as every orbit is listed in order')
            return count_orbits(group, degree, caps)
        require(increasing, "orbits", "must be in increasing order")
        require(covered == total, "orbits", f"cover {covered} of {total} vectors")
        return len(self.seeds)


def read_orbits(section: Json, group: Group, read_seed: Any, forbidden: Any = None) -> Orbits:
    """Read the representatives, check that each is least in its orbit, derive everything else.

    `forbidden` gives for a representative a vector that must not occur in its orbit.
    """
    orbits, left = Orbits([], [], []), TREES_TOTAL
    known: dict[Any, tuple[int, Json]] = {}
    require(array(section, "orbits"), "orbits", "must not be empty")
    for i, entry in enumerate(section):
        (listed,) = pick(entry, f"orbits[{i}]", "representative")
        path = f"orbits[{i}].representative"
        seed = read_seed(listed, path)
        if seed not in known:
            size, least, holds, tree = survey(seed, group)
            require(seed == least, path, "is not the least of its orbit")
            if forbidden and holds(forbidden(seed)):
                reject(path, "carries no semi-invariant: its stabiliser has elements of value -1")
            fields = {"size": text(size), "stabilizer_order": text(group.order // size)}
            if size <= left:
                left -= size
                fields |= {} if tree is None else {"tree": tree}
            known[seed] = size, fields
        size, fields = known[seed]
        orbits.seeds.append(seed)
        orbits.sizes.append(size)
        orbits.entries.append({"representative": listed, **fields})
    return orbits


def repeated_pair(values: Sequence[Any]) -> list[int] | None:
    """The least pair of positions that hold the same value."""
    first: dict[Any, int] = {}
    pairs = ([first[v], j] for j, v in enumerate(values) if first.setdefault(v, j) != j)
    return min(pairs, default=None)


def count_fixed(degree: int, cycles: Iterable[tuple[int, int]]) -> int:
    """The number of exponent vectors of this degree that are constant on cycles (length, cap).

    It is the coefficient of t^degree in the product of 1 + t^length + ... + t^(cap * length).
    """
    series = [1] + [0] * degree
    for length, cap in cycles:
        for d in range(length, degree + 1):  # divide by 1 - t^length
            series[d] += series[d - length]
        for d in range(degree, (cap + 1) * length - 1, -1):  # times 1 - t^((cap+1) length)
            series[d] -= series[d - (cap + 1) * length]
    return series[degree]


def count_orbits(group: Group, degree: int, caps: list[int], *, signed: bool = False) -> int:
    """The number of orbits of exponent vectors (M6): all of them listed, or Cauchy-Frobenius.

    A sum over very many elements only where there are too many vectors to be listed. Of a signed
    group those orbits that carry a semi-invariant: the mean of chi(g) times fixed vectors.
    """
    n, points = group.words.n, len(caps)
    space = count_fixed(degree, [(1, cap) for cap in caps])
    if group.order <= MAX_ELEMENTS or space > room(n):
        group.budget.spend(group.order * (n + 1), "counting orbits")
        types: Counter[Any] = Counter()
        for element in group.elements():
            sign = -1 if signed and element[points] != points else 1
            types[tuple(sorted(cycles_of(element, caps)))] += sign
        group.budget.spend(len(types) * n * degree, "counting orbits")
        fixed = sum(times * count_fixed(degree, cycles) for cycles, times in types.items())
        return fixed // group.order
    group.budget.spend(space * (4 + n // 64), "counting orbits")
    seen: set[bytes] = set()
    orbits = 0
    for seed in vectors(degree, caps):
        if seed not in seen:
            found = orbit_of(seed + PLUS if signed else seed, group)[0]
            orbits += not (signed and seed + MINUS in found)
            seen.update(point[:points] for point in found)
    return orbits


def cycles_of(element: Any, caps: list[int]) -> Iterator[tuple[int, int]]:
    """(length, cap) of each cycle of a permutation."""
    seen = [False] * len(caps)
    for i, cap in enumerate(caps):
        length, j = 0, i
        while not seen[j]:
            seen[j], j, length = True, element[j], length + 1
        if length:
            yield length, cap


def vectors(degree: int, caps: list[int]) -> Iterator[bytes]:
    """Every exponent vector of this degree within the caps."""
    places = [i for i, cap in enumerate(caps) if cap]
    room = [sum(caps[i:]) for i in places]  # for the exponents from there on
    vector = bytearray(len(caps))

    def fill(start: int, rest: int) -> Iterator[bytes]:
        if not rest:
            yield bytes(vector)
        for k in range(start, len(places) if rest else start):
            if room[k] < rest:
                break
            for exponent in range(1, min(rest, caps[places[k]]) + 1):
                vector[places[k]] = exponent
                yield from fill(k + 1, rest - exponent)
            vector[places[k]] = 0

    return fill(0, degree)


# --------------------------------------------------------------- kernels by interval arithmetic

# A value is a linear form {atom: rational}. Atoms are ONE, irrational numbers (`Atom`, the same
# object for the same number), and the unknown numbers in [0, 1] of a `Series`. So whatever cancels
# is gone before anything is evaluated: that is how a zero norm is found.
Form = dict[Any, Fraction | int]
ONE = "one"
ACTIVATIONS = ("relu", "abs", "sign", "erf")
Ends = tuple[int, int]


def combine(terms: Iterable[tuple[int | Fraction, Form]]) -> Form:
    total: Form = {}
    for weight, form in terms:
        for atom, value in form.items():
            total[atom] = total.get(atom, 0) + weight * value
    return {atom: value for atom, value in total.items() if value}


def kernel(activation: Any, rho: Fraction) -> Form:
    """K(rho) = E[phi(u) phi(v)] for standard Gaussians u, v with correlation rho (M12).

    A polynomial is given by its Hermite coefficients a_k: K(rho) = sum a_k^2 k! rho^k. The named
    ones are made of A(|rho|) = (sqrt(1-rho^2) + rho arcsin rho) / 2 pi and of arcsin(rho).
    """
    if isinstance(activation, Series):
        return activation.kernel(rho)
    if activation in ("relu", "abs"):  # rho/4 + A(|rho|), and 4 A(|rho|)
        arc = RATIONALS.arc(scaled((1, 0), rho * rho))
        return combine([(1, arc), (rho / 4, {ONE: 1})] if activation == "relu" else [(4, arc)])
    if activation in ("sign", "erf"):  # (2/pi) arcsin(rho), and the same at 2 rho / 3
        r = rho if activation == "sign" else 2 * rho / 3
        return combine([(2 if rho > 0 else -2, RATIONALS.arcsine(scaled((1, 0), r * r)))])
    terms = (a * a * factorial(k) * rho**k for k, a in enumerate(activation))
    return {ONE: sum(terms, Fraction(0))}


@dataclass(frozen=True)
class Series:
    """An activation known by bounds of w_k = c_k^2 k! and of what further w_k add up to.

    K(rho) = sum w_k rho^k. What is not known are numbers in [0, 1], the atoms of these names: how
    far each w_k is above its lower bound, and for each |rho| how much of what is possible the
    further even, and the further odd, powers add.
    """

    weights: list[list[Fraction]]
    tail: Fraction
    parity: str

    def kernel(self, rho: Fraction) -> Form:
        form: Form = {ONE: sum((w[0] * rho**k for k, w in enumerate(self.weights)), Fraction(0))}
        for k, (low, high) in enumerate(self.weights):
            form["weight", k] = (high - low) * rho**k
        most = self.tail * abs(rho) ** len(self.weights)
        if self.parity != "odd":
            form["even", abs(rho)] = most
        if self.parity != "even":
            form["odd", abs(rho)] = most if rho > 0 else -most
        return form


def network_norm(activation: Any, m: int) -> Form:
    """||f_S||^2 = 2^m sum_h (-1)^h binom(m, h) K(1 - 2h/m) (M12)."""
    weights = [(-1) ** h * comb(m, h) << m for h in range(m + 1)]
    return combine((w, kernel(activation, 1 - Fraction(2 * h, m))) for h, w in enumerate(weights))


def hermite(coefficients: list[Fraction], variance: Fraction = Fraction(1)) -> list[Fraction]:
    """q_k with sum c_j (s x)^j = sum q_k s^k He_k(x), s^2 the variance.

    By x^j = sum_i j! / (2^i i! (j-2i)!) He_{j-2i}(x).
    """
    result = [Fraction(0)] * len(coefficients)
    for j, c in enumerate(coefficients):
        for i in range(j // 2 + 1):
            ways = factorial(j) // (2**i * factorial(i) * factorial(j - 2 * i))
            result[j - 2 * i] += c * ways * variance**i
    return result


class Interval:
    """Interval arithmetic on integers: (a, b) means [a, b] / 2^bits, 0 <= a <= b."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.one = (1 << bits, 1 << bits)
        a = self.arctan(self.rational(Fraction(1, 5)))  # Machin's formula for pi
        b = self.arctan(self.rational(Fraction(1, 239)))
        self.pi = (16 * a[0] - 4 * b[1], 16 * a[1] - 4 * b[0])
        self.cosine = cache(self.cosine)  # type: ignore[method-assign]

    def rational(self, q: Fraction) -> Ends:
        top = q.numerator << self.bits
        return top // q.denominator, -(-top // q.denominator)

    def divide(self, x: Ends, y: Ends) -> Ends:
        return (x[0] << self.bits) // y[1], -((-x[1] << self.bits) // y[0])

    def root(self, x: Ends) -> Ends:
        return isqrt(x[0] << self.bits), isqrt(x[1] << self.bits) + 1

    def arctan(self, t: Ends) -> Ends:
        """t - t^3/3 + t^5/5 - ... at both ends, for t <= 1/4.

        A power loses at most 2 units by rounding down, and less of what it inherits, as t^2 <=
        1/16; a quotient loses 1 more; the tail is below the first term left out. So 4 units a term
        are enough.
        """
        ends = []
        for end, direction in zip(t, (-1, 1), strict=True):
            square, power, total, terms = end * end >> self.bits, end, 0, 0
            while power:
                total += (-1) ** terms * (power // (2 * terms + 1))
                power, terms = power * square >> self.bits, terms + 1
            ends.append(total + direction * 4 * (terms + 1))
        return max(ends[0], 0), ends[1]

    def arccos(self, r: Ends) -> Ends:
        """2 arctan t, t = sqrt((1-r)/(1+r)) <= 1; t -> t / (1 + sqrt(1+t^2)) halves the angle."""
        (low, high), one = r, self.one[0]
        t = self.root(self.divide((one - high, one - low), (one + low, one + high)))
        for _ in range(3):
            square = t[0] * t[0] >> self.bits, -(-t[1] * t[1] >> self.bits)
            root = self.root((one + square[0], one + square[1]))
            t = self.divide(t, (one + root[0], one + root[1]))
        low, high = self.arctan(t)
        return 16 * low, 16 * high

    def cosine(self, t: Fraction) -> Ends:
        """cos(pi t) for 0 <= t <= 1/2, by 1 - x^2/2! + x^4/4! - ...

        A term inherits at most 5/4 of an error and adds 2 units, at most 3 in all; the tail is
        below the first term left out. So 4 units a term are enough.
        """
        ends = []
        for end, direction in zip(self.pi[::-1], (-1, 1), strict=True):
            x = end * t.numerator // t.denominator + (direction < 0)
            square, term, total, terms = x * x >> self.bits, 1 << self.bits, 0, 0
            while term:
                total += (-1) ** terms * term
                terms += 1
                term = (term * square >> self.bits) // (2 * terms * (2 * terms - 1))
            ends.append(total + direction * 4 * (terms + 1))
        return max(ends[0], 0), min(ends[1], 1 << self.bits)


interval = cache(Interval)


@cache
def cyclotomic(n: int) -> list[int]:
    """The coefficients of the cyclotomic polynomial of order n, lowest first."""
    result = [-1] + [0] * (n - 1) + [1]
    for d in range(1, n):
        if n % d == 0:  # x^n - 1 is the product over all divisors
            divisor, rest = cyclotomic(d), result
            result = []
            while len(rest) >= len(divisor):  # both are monic
                result.insert(0, rest[-1])
                start = len(rest) - len(divisor)
                lower = (x - rest[-1] * c for x, c in zip(rest[start:], divisor, strict=True))
                rest = [*rest[:start], *lower][:-1]
    return result


Number = tuple[int, ...]  # see `Field`


def scaled(coordinates: Sequence[int], factor: Fraction) -> Number:
    top = [x * factor.numerator for x in coordinates]
    common = gcd(factor.denominator, *top)
    return tuple(x // common for x in (*top, factor.denominator))


class Field:
    """The real numbers in Q(zeta), zeta = exp(i pi/2k), by coordinates over 1, zeta, zeta^2, ...

    These are taken modulo the cyclotomic polynomial, and followed by their common denominator, so
    that equal numbers are equal tuples. A squared correlation r^2 stands for r >= 0.
    """

    def __init__(self, k: int) -> None:
        self.k = k
        modulus = cyclotomic(4 * k)
        one = [1, *[0] * (len(modulus) - 2)]
        power, powers = one, []
        for _ in range(4 * k):
            powers.append(power)
            power = [x - power[-1] * c for x, c in zip([0, *power], modulus, strict=True)][:-1]
        # 2 cos(pi j/2k) = zeta^j + zeta^-j, j modulo 4k
        self.cosines = [tuple(map(add, powers[j], powers[-j])) for j in range(4 * k)]
        self.one = (*one, 1)
        # arcsin(r)/pi by r^2, where it is j/4k: 1 - 2 r^2 = cos(pi j/2k); or 1/6 or 1/3. There are
        # no others in the field: the rational cosines of rational angles are 0, +-1/2, +-1 (Niven).
        self.angles = {scaled(one, Fraction(j, 4)): Fraction(t, 6) for j, t in ((1, 1), (3, 2))}
        for j, cosine in enumerate(self.cosines[: 2 * k + 1]):
            difference = [2 * x - c for x, c in zip(one, cosine, strict=True)]
            self.angles[scaled(difference, Fraction(1, 4))] = Fraction(j, 4 * k)
        self.atom = cache(self.atom)  # type: ignore[method-assign]
        self.waves = cache(self.waves)  # type: ignore[method-assign]

    def atom(self, name: str, square: Number, free: int = 1) -> Atom:
        return Atom(name, self, square, free)

    def arc(self, square: Number, free: int = 1) -> Form:
        """sqrt(free) A(r), A(r) = (sqrt(1-r^2) + r arcsin r) / 2 pi."""
        return {ONE: Fraction(1, 4)} if square == self.one else {self.atom("arc", square, free): 1}

    def arcsine(self, square: Number) -> Form:
        """arcsin(r) / pi, which is 1/2 - arcsin(sqrt(1-r^2)) / pi."""
        if square in self.angles:
            return {ONE: self.angles[square]}
        other = (square[-1] - square[0], *(-x for x in square[1:-1]), square[-1])
        if other < square:
            return {ONE: Fraction(1, 2), self.atom("arcsine", other): -1}
        return {self.atom("arcsine", square): 1}

    def waves(self, bits: int) -> list[Ends]:
        """cos(pi j/2k), j modulo 4k, with sign, in units of 2^-bits."""
        k = self.k
        quarter = [interval(bits).cosine(Fraction(j, 2 * k)) for j in range(k + 1)]
        half = quarter + [(-high, -low) for low, high in quarter[-2::-1]]
        return half + half[-2:0:-1]

    def bounds(self, bits: int, square: Number) -> Ends:
        """A number that is known to be in [0, 1]."""
        low, high = linear(square[:-1], self.waves(bits))
        return max(0, low // square[-1]), min(1 << bits, -(-high // square[-1]))


RATIONALS = Field(1)


@dataclass(eq=False)
class Atom:
    """sqrt(free) A(r) ("arc"), or arcsin(r)/pi ("arcsine")."""

    name: str
    base: Field
    square: Number
    free: int
    known: dict[int, Ends] = field(default_factory=dict)

    def ends(self, bits: int) -> Ends:
        """The bounds, in units of 2^-bits."""
        if bits not in self.known:
            i = interval(bits)
            low, high = self.base.bounds(bits, self.square)
            r, below = i.root((low, high)), i.root((i.one[0] - high, i.one[0] - low))
            r = r[0], min(r[1], i.one[0])
            arccos = i.arccos(r)
            arcsin = max(0, i.pi[0] // 2 - arccos[1]), -(-i.pi[1] // 2) - arccos[0]
            if self.name == "arc":
                product = r[0] * arcsin[0] >> bits, -(-r[1] * arcsin[1] >> bits)
                ends = below[0] + product[0] >> 1, -(-(below[1] + product[1]) >> 1)
                root = isqrt(self.free << 2 * bits)  # 2^bits sqrt(free), rounded down
                above = root + (root * root < self.free << 2 * bits)
                arcsin = ends[0] * root >> bits, -(-ends[1] * above >> bits)
            self.known[bits] = i.divide(arcsin, i.pi)
        return self.known[bits]


def linear(weights: Sequence[Any], ends: Sequence[Ends]) -> tuple[Any, Any]:
    """The bounds of a linear combination of numbers with bounds; further ends are left out."""
    pairs = [(w, e) for w, e in zip(weights, ends, strict=False) if w]
    return sum(w * e[w < 0] for w, e in pairs), sum(w * e[w > 0] for w, e in pairs)


def evaluations(form: Form, budget: Budget | None) -> Iterator[tuple[Fraction, Fraction]]:
    """Bounds of a form of `Atom`s, narrower and narrower."""
    common = lcm(*(weight.denominator for weight in form.values()))
    weights = [weight.numerator * (common // weight.denominator) for weight in form.values()]
    bits = 160
    while bits <= MAX_BITS:
        if budget:
            budget.spend(len(form) * (1 + 60 * (bits // 256) ** 2), "kernels")
        unit = 1 << bits
        ends = linear(weights, [(unit, unit) if a is ONE else a.ends(bits) for a in form])
        yield Fraction(ends[0], common * unit), Fraction(ends[1], common * unit)
        bits *= 2


def bounds(form: Form, budget: Budget | None = None) -> Entry:
    """A rational value; else the bounds floor(v 10^30)/10^30 and that + 10^-30 of v.

    With numbers that are not known, the same for what they allow at least and at most.
    """
    form = combine([(1, form)])
    rest = [weight for atom, weight in form.items() if atom is not ONE]
    if not rest:
        return Fraction(form.get(ONE, 0))
    if not any(isinstance(atom, Atom) for atom in form):
        unknown = linear(rest, [(0, 1)] * len(rest))
        floors = [(form.get(ONE, 0) + end) * 10**DIGITS // 1 for end in unknown]
        return Cell(cell(floors[0]).low, cell(floors[1]).high)
    for ends in evaluations(form, budget):
        floors = [end.numerator * 10**DIGITS // end.denominator for end in ends]
        if floors[0] == floors[1]:
            return cell(floors[0])
    raise Declined(f"{MAX_BITS} bits do not decide digit {DIGITS} of a value")


def enclose(form: Form) -> list[str]:
    """The texts of the bounds."""
    value = bounds(form)
    return [text(low(value)), text(high(value))]


def require_positive(form: Form) -> None:
    """That a squared norm, which is not exactly 0, is known to be positive."""
    if not any(least > 0 for least, _ in evaluations(form, None)):
        raise Declined(f"{MAX_BITS} bits do not tell a squared norm from 0")


# ---------------------------------------------------------------------------------------- families

GROUP = "distribution-preserved group-order "
ORBITS = "orbits-disjoint orbit-stabilizer "
ORTHOGONAL = "norm orthogonality size csq-bound"
TAIL = "gram norm near-orthogonality size csq-bound"
FAMILIES = {  # the statements that a kind rests on, and its claims in order
    "invariant-polynomials": (
        "1 2 6 7 8 9",
        GROUP + f"invariance {ORBITS} count gram {ORTHOGONAL}",
    ),
    "sparse-invariant-polynomials": ("1 2 7 8 9", GROUP + f"invariance {ORBITS} {TAIL}"),
    "independent-invariants": (
        "1 2 7 8 9",
        GROUP + f"invariance {ORBITS} factors centred {TAIL}",
    ),
    "expansions": ("1 2 7 8 9", GROUP + f"invariance {ORBITS} {TAIL}"),
    "semi-invariant-polynomials": (
        "1 3 6 7 8 9",
        GROUP + f"character equivariance {ORBITS} count gram {ORTHOGONAL}",
    ),
    "moment-invariant-polynomials": ("6 7 8 9 23", GROUP + f"invariance {ORBITS} count {TAIL}"),
    "parity-networks": (
        "7 8 9 11 12 13",
        "sign-symmetric sign-equivariance subsets-distinct size kernel norm gram "
        "orthogonality csq-bound",
    ),
    "frame-averaged": (
        "6 7 8 9 11 12 14",
        f"sign-symmetric {GROUP} sign-equivariance invariance {ORBITS} count kernel norm gram "
        "orthogonality size csq-bound",
    ),
    "user-defined": ("7 8 9", GROUP + f"entries-agree positive-semidefinite {TAIL}"),
    "degree-parity-networks": ("7 8 9 21 22", GROUP + f"invariance realisable handshake {TAIL}"),
    "finite-frame-averages": (
        "7 8 9 11 15",
        GROUP + f"frame-equivariance invariance sign-symmetric values ties {TAIL}",
    ),
    "rotation-networks": ("7 8 9 16 17 18", f"isotropic {TAIL}"),
    "convolutional-networks": (
        "7 8 9 16 17 18 19",
        f"group-order isotropic invariance mean-zero {TAIL}",
    ),
    "graph-feature-networks": (
        "7 8 9 16 17 18 20",
        f"group-order isotropic graph-preserved invariance graph-factor {TAIL}",
    ),
}
SECTIONS = "format producer lemma distribution group family orbits functions claims".split()
# Claims about the members that are listed.
LISTED = "subsets-distinct orbits-disjoint orbit-stabilizer count gram".split()
Derived = tuple[dict[str, Json], dict[str, Json]]  # sections, and claims by type


def group_points(family: Json, points: int) -> int:
    """The degree of the group: the coordinates, or the rows or nodes that they are made of."""
    name = {"convolutional-networks": "columns", "graph-feature-networks": "features"}.get(
        family["kind"]
    )
    if name is None:
        return points
    copies = number(family.get(name), f"family.{name}", 1, max(1, points))
    if not points or points % copies:
        reject(f"family.{name}", f"must divide the number of coordinates, {points}")
    return points // copies


def derive(body: dict[str, Json], budget: Budget) -> dict[str, Json]:
    """Every section of the certificate, from its inputs and witnesses alone."""
    record(body, "", *SECTIONS, "digests", "sha256")
    _, version = record(body["producer"], "producer", "name", "version")
    sound = type(version) is str and re.fullmatch(r"[0-9A-Za-z.+!_-]{1,64}", version)
    require(sound, "producer.version", "must be a version such as 0.1.0")
    family = body["family"]
    found = family.get("kind") if type(family) is dict else None
    kind = choice(found, "family.kind", *FAMILIES)
    section = body["distribution"]
    either = kind == "user-defined" and type(section) is dict and "joint" in section
    joint = either or kind == "moment-invariant-polynomials"
    law: Any = (read_joint if joint else read_law)(section, budget)
    group = read_group(body["group"], group_points(family, law.points), budget)
    derived, claims = DERIVATIONS[kind](body, law, group)
    if "csq-bound" not in claims:
        claims["csq-bound"] = csq_bound(body, int(claims["size"]["value"]), claims)
    if not derived["functions"]:  # a whole class
        claims |= dict.fromkeys(LISTED)
    statements, names = FAMILIES[kind]
    return {
        "format": FORMAT,
        "producer": {"name": "symcsq", "version": version},
        "lemma": {"name": kind, "statements": [f"M{number}" for number in statements.split()]},
        "group": group.section,
        "family": family,
        **derived,
        "claims": [
            {"type": name, "status": "proved"} | claims.get(name, {})
            for name in names.split()
            if claims.get(name, {}) is not None  # None: not made of this class
        ],
    }


# --------------------------------------------------------------------------------------- orbit sums

MEMBERS = ("all", "listed", "whole")


def derive_polynomials(body: Json, law: Law, group: Group) -> Derived:
    """Orbit sums m_O of products of orthogonal polynomials (M1, M2).

    Of a whole class no exponent exceeds its cap, so that each h_alpha, and each norm, is positive.
    """
    names = ("kind", "degree", "multilinear", "members")
    _, degree, multilinear, members = record(body["family"], "family", *names)
    number(degree, "family.degree", 0, MAX_DEGREE)
    require(type(multilinear) is bool, "family.multilinear", "must be true or false")
    choice(members, "family.members", *MEMBERS)
    require_known(law, min(degree, 1) if multilinear else degree)
    preserved = preservation(law, group)
    caps = law.caps(degree)
    if preserved:  # refuted or undecided: the points of an orbit may differ in law, so one cap
        caps = [max(caps)] * len(caps)
    above = max(caps, default=0) > 1 and sum(caps) >= degree  # some vector has an exponent above 1
    require(multilinear or above, "family.multilinear", "must be true, as no exponent is above 1")
    if multilinear:
        caps = [min(cap, 1) for cap in caps]
    require(sum(caps) >= degree, "family.degree", f"must be at most {sum(caps)}")
    reader = vector_reader(caps, degree)
    orbits, claims = orbits_of_sums(body, "family", members, degree, caps, group, reader)
    sections, more = orthogonal_sums(orbits, law, caps)
    claims |= {"distribution-preserved": preserved, **more}
    if preserved:
        for name in ("invariance", "gram", "norm", "orthogonality"):
            claims[name] = undecided("distribution-preserved")
    return sections, claims


def require_known(law: Law, degree: int) -> None:
    """That sequences of moments are long enough for the norms of this degree."""
    for k, marginal in enumerate(law.marginals):
        path = f"distribution.marginals[{k}].parameters"
        require(marginal.known >= degree, path, f"too few for degree {degree}")


def vector_reader(caps: list[int], degree: int | None = None) -> Callable[[Json, str], bytes]:
    """A reader of exponent vectors within the caps, of one degree or of any."""

    def read_vector(terms: Json, path: str) -> bytes:
        vector, point = [0] * len(caps), -1
        for t, term in enumerate(array(terms, path)):
            where = f"{path}[{t}]"
            require(len(array(term, where)) == 2, where, "must be [point, exponent]")
            point = number(term[0], where + "[0]", point + 1, len(caps) - 1)
            vector[point] = number(term[1], where + "[1]", 1, caps[point])
        require(degree in (None, sum(vector)), path, f"must have degree {degree}")
        return bytes(vector)

    return read_vector


def orbits_of_sums(
    body: Json,
    path: str,
    members: str,
    degree: int,
    caps: list[int],
    group: Group,
    reader: Callable[[Json, str], bytes],
) -> tuple[Orbits, dict[str, Json]]:
    """The orbits that the members are sums over, none for a whole class; the claims about them."""
    if members == "whole":
        orbits, count = Orbits([], [], []), count_orbits(group, degree, caps)
    else:
        orbits = read_orbits(body["orbits"], group, reader)
        count = orbits.count(members, path + ".members", degree, caps, group)
    return orbits, group_claims(group, orbits, count)


def norms_of_orbits(orbits: Orbits, law: Law, caps: list[int]) -> tuple[Json, list[Fraction]]:
    """The section on the law, and |O| h_alpha of each orbit (M2); h_alpha goes to its entry."""
    largest = max(max(vector, default=0) for vector in orbits.seeds or [caps])
    tables = [marginal.norms(largest + 1) for marginal in law.marginals]
    norms: list[Fraction] = []
    for seed, size, entry in zip(orbits.seeds, orbits.sizes, orbits.entries, strict=True):
        used = [(tables[k], e) for k, e in zip(law.marginal_of, seed, strict=True) if e]
        h_alpha = Fraction(prod(h[e] if e < len(h) else Fraction(0) for h, e in used))
        entry["norm_squared"] = text(h_alpha)
        norms.append(size * h_alpha)
    return law.section(tables), norms


def orthogonal_sums(orbits: Orbits, law: Law, caps: list[int]) -> Derived:
    """The sections on members that are sums over orbits, and the claims gram and norm."""
    distribution, norms = norms_of_orbits(orbits, law, caps)
    gram = {"entries": gram_entries(orbits.seeds, norms), "rest": "0"}
    norm = {"minimum": text(min(norms)), "maximum": text(max(norms))} if norms else {}
    functions = own_functions(map(monomial_name, orbits.seeds))
    sections = {"distribution": distribution, "orbits": orbits.entries, "functions": functions}
    return sections, {"gram": gram, "norm": norm}


def own_functions(names: Iterable[str]) -> list[Json]:
    """Function i is the sum over orbit i."""
    own = {"denominator": "1"}
    return [{**own, "name": name, "coefficients": [[i, "1"]]} for i, name in enumerate(names)]


def monomial_name(seed: bytes) -> str:
    factors = (f"x{p}^{e}" if e > 1 else f"x{p}" for p, e in enumerate(seed) if e)
    return f"m({'*'.join(factors) or '1'})"


def within(pairs: list[Any], columns: range) -> list[Any]:
    """Those pairs (j, ...), sorted by j, with j among the columns."""
    ends = bisect_left(pairs, (columns.start,)), bisect_left(pairs, (columns.stop,))
    return pairs[slice(*ends)]


def by_lines(size: int, inner: Callable[[int, range], list[int]]) -> tuple[list[int], Any]:
    """The diagonal and the blocks of a Gram matrix whose entries in row i are inner(i, columns).

    Blocks are asked for in order, so each row is computed once, from the first of these columns on.
    """

    @lru_cache(maxsize=1)
    def lines(rows: range) -> Rows:
        return [inner(i, range(rows.start, size)) for i in rows]

    def block(rows: range, columns: range) -> Rows:
        span = slice(columns.start - rows.start, columns.stop - rows.start)
        return [line[span] for line in lines(rows)]

    return [inner(i, range(i, i + 1))[0] for i in range(size)], block


# ----------------------------------------------------------------------- combinations of orbit sums

Row = dict[Any, int]  # a function: coefficients by orbit, integers over one denominator


def derive_expansions(body: Json, law: Law, group: Group) -> Derived:
    """Combinations of the orbit sums of one group and law (M2)."""
    sparse = ["degree", "terms"] if body["family"]["kind"] != "expansions" else []
    _, normalised, *given = record(body["family"], "family", "kind", "normalised", *sparse)
    require(type(normalised) is bool, "family.normalised", "must be true or false")
    for name, value in zip(sparse, given, strict=True):
        number(value, f"family.{name}", 0, MAX_VALUES)
    degree, terms = given or (None, None)
    orbits, sections, norms = expansion_orbits(body, law, group, degree)
    rows, last = [], len(orbits.seeds) - 1
    for i, function in enumerate(array(body["functions"], "functions")):
        path = f"functions[{i}]"
        # What is written in another way differs from the functions that are derived from it.
        row, bottom = lowest_terms(
            *read_terms(function, path, lambda k, where: number(k, where, 0, last))
        )
        plain = len(row) == terms and bottom == 1 and {*map(abs, row.values())} <= {1}
        require(plain or not sparse, path, f"must be a sum of {terms} signed orbit sums")
        rows.append((row, bottom))
    weights = [Fraction(1)] * len(norms) if normalised else norms
    claims = expansion_claims(body, group, orbits, rows, weights)
    functions = written_functions(rows)
    # Other signs can leave all inner products as they are.
    claims["invariance"] = {"inputs": sha256(canonical(functions))}
    return {**sections, "functions": functions}, claims


def expansion_orbits(
    body: Json, law: Law, group: Group, degree: int | None = None
) -> tuple[Orbits, dict[str, Json], list[Fraction]]:
    """The orbits that functions are made of, by degree and then in order; |O| h_O of each.

    In between, the sections on the law and on the orbits.
    """
    require_preserved(law, group)
    reader = vector_reader([MAX_DEGREE] * law.points, degree)
    orbits = read_orbits(body["orbits"], group, reader)
    for i, (a, b) in enumerate(pairwise(orbits.seeds)):
        follows = (sum(a), a) < (sum(b), b)
        require(follows, f"orbits[{i + 1}].representative", "must follow: by degree, then in order")
    distribution, norms = norms_of_orbits(orbits, law, [])
    for i, norm in enumerate(norms):
        require(norm, f"orbits[{i}].representative", "has an exponent whose h_k is 0 or not known")
    return orbits, {"distribution": distribution, "orbits": orbits.entries}, norms


def read_terms(value: Json, path: str, read_key: Callable[[Json, str], Any]) -> tuple[Row, int]:
    """Integers by key over a denominator, as they are written."""
    bottom, terms = pick(value, path, "denominator", "coefficients")

    def read_integer(listed: Json, where: str) -> int:
        exact = rational(listed, where)
        require(exact.denominator == 1, where, "must be an integer")
        return exact.numerator

    def read_term(term: Json, where: str) -> tuple[Any, int]:
        require(len(array(term, where)) == 2, where, "must be a key and a coefficient")
        return read_key(term[0], where + "[0]"), read_integer(term[1], where + "[1]")

    row = dict(each(terms, path + ".coefficients", read_term))
    path += ".denominator"
    require((whole := read_integer(bottom, path)) > 0, path, "must be positive")
    return row, whole


def lowest_terms(row: Row, bottom: int) -> tuple[Row, int]:
    """The same function in order, without zeros, over its least denominator."""
    common = gcd(bottom, *row.values())
    return {key: c // common for key, c in sorted(row.items()) if c}, bottom // common


def written_functions(rows: list[tuple[Row, int]]) -> list[Json]:
    return [
        {
            "name": f"f{i}",
            "denominator": text(bottom),
            "coefficients": [[k, text(c)] for k, c in row.items()],
        }
        for i, (row, bottom) in enumerate(rows)
    ]


def expansion_claims(
    body: Json,
    group: Group,
    orbits: Orbits,
    functions: list[tuple[Row, int]],
    weights: list[Fraction],
) -> dict[str, Json]:
    """The claims, with the Gram matrix C diag(w) C^T in integers over a common denominator (M2)."""
    by_orbit: list[list[tuple[int, int]]] = [[] for _ in weights]  # members and coefficients
    count = sum(len(row) for row, _ in functions)
    bottom = common_denominator((Fraction(1, d) for _, d in functions), count, "functions")
    below = common_denominator(weights, len(weights), "norms of the orbits")
    scaled = [w.numerator * (below // w.denominator) for w in weights]
    rows = [{k: c * (bottom // d) for k, c in row.items()} for row, d in functions]
    for j, row in enumerate(rows):
        for k, c in row.items():
            by_orbit[k].append((j, c))
    for k, found in enumerate(by_orbit):
        require(found, f"orbits[{k}]", "occurs in no function")
    require(rows, "functions", "must not be empty")
    longest = max(abs(c) for found in by_orbit for _, c in found).bit_length()
    longest = max(longest, max(scaled).bit_length())
    products = sum(len(found) ** 2 for found in by_orbit)
    group.budget.spend(products * (1 + longest // 512) ** 2, "the Gram matrix")

    def inner(i: int, columns: range) -> list[int]:
        values = [0] * len(columns)
        for k, c in rows[i].items():
            weighted = c * scaled[k]
            for j, other in within(by_orbit[k], columns):
                values[j - columns.start] += weighted * other
        return values

    norms, block = by_lines(len(rows), inner)
    return {
        "group-order": {"value": text(group.order)},
        "orbits-disjoint": {"total": text(sum(orbits.sizes))},
        **tail_claims(body, Fraction(1, bottom * bottom * below), norms, block, group.budget),
    }


def derive_independent(body: Json, law: Law, group: Group) -> Derived:
    """Products of k of r centred invariants of disjoint blocks of points (M2).

    The product of orbit sums of disjoint blocks is the orbit sum of the sum of their vectors, when
    the size of its orbit is the product of their sizes.
    """
    _, k, listed = record(body["family"], "family", "kind", "k", "factors")
    factors = read_factors(listed, law.points, group)
    number(k, "family.k", 1, len(factors))
    orbits, sections, norms = expansion_orbits(body, law, group)
    places = {seed: place for place, seed in enumerate(orbits.seeds)}
    vectors = {seed for row, _ in factors for _, seed in row}
    sizes = {seed: len(orbit_of(seed, group)[0]) for seed in vectors}
    longest = max(c.bit_length() for row, bottom in factors for c in (bottom, *row.values()))
    cost = (k + 1) * (1 + law.points // 64 + (k * longest // 512) ** 2)
    functions, total = [], 0
    for chosen in combinations(factors, k):
        joint: Row = {}
        for terms in product(*(row.items() for row, _ in chosen)):
            group.budget.spend(cost, "products of the factors")
            # The blocks are disjoint, so that bytes add up without carries.
            digits = sum(int.from_bytes(seed, "big") for (_, seed), _ in terms)
            place = places.get(digits.to_bytes(law.points, "big"), -1)
            require(place >= 0, "orbits", "lack one that occurs in a product of factors")
            whole = orbits.sizes[place] == prod(sizes[seed] for (_, seed), _ in terms)
            require(whole, f"orbits[{place}]", "must be the product of the orbits of its factors")
            joint[place] = prod(c for _, c in terms)
        functions.append(lowest_terms(joint, prod(bottom for _, bottom in chosen)))
        total += len(joint)
        if total > MAX_VALUES:
            raise Declined(f"more than {MAX_VALUES} coefficients")
    claims = expansion_claims(body, group, orbits, functions, norms)
    return {**sections, "functions": written_functions(functions)}, claims


def read_factors(listed: Json, points: int, group: Group) -> list[tuple[Row, int]]:
    """Functions of the first points, of the next, and so on, by (degree, vector)."""
    end = 0

    def read_factor(factor: Json, path: str) -> tuple[Row, int]:
        nonlocal end
        length, _, terms = record(factor, path, "points", "denominator", "coefficients")
        block = range(end, end + number(length, path + ".points", 1, points - end))
        end = block.stop
        for g, images in enumerate(group.generators):
            kept = all(images[i] in block for i in block)
            require(kept, f"group.generators[{g}]", "must map the points of each factor to such")
        read_vector = vector_reader([MAX_DEGREE if i in block else 0 for i in range(points)])

        def read_key(terms: Json, where: str) -> tuple[int, bytes]:
            vector = read_vector(terms, where)
            require(any(vector), path + ".coefficients", "must list vectors other than 0")
            return sum(vector), vector

        row, bottom = read_terms(factor, path, read_key)
        lowest, least = lowest_terms(row, bottom)
        sound = list(row) == list(lowest) and len(terms) == len(row) > 0 and bottom == least
        require(sound, path, "must have coefficients in lowest terms, by degree and then in order")
        return row, bottom

    factors = each(listed, "family.factors", read_factor)
    require(end == points, "family.factors", f"must have {points} points together, found {end}")
    return factors


# ---------------------------------------------------------------------------------- semi-invariants


def derive_semi_invariants(body: Json, law: Law, group: Group) -> Derived:
    """Signed orbit sums: g.f = chi(g) f for a character with values 1 and -1 (M3).

    The signed group acts on two more points, which the elements of value -1 exchange. The values
    belong to a character when its order is that of the group, which the same chain must then prove.
    A vector has 0, 1 on these points, and 1, 0 where its sign is -1; so the orbit carries a
    semi-invariant when no vector of it occurs with both signs.
    """
    n = law.points
    names = ("kind", "degree", "character", "members")
    _, degree, values, members = record(body["family"], "family", *names)
    number(degree, "family.degree", 0, MAX_DEGREE)
    choice(members, "family.members", "all")
    count, path = len(group.generators), "family.character"
    integers(values, path, -1, 1)
    require(len(values) == count and 0 not in values, path, f"must be {count} values, 1 or -1")
    require_known(law, degree)
    require_preserved(law, group)
    signed = signed_group(body["group"], values, n, group.budget)
    caps = law.caps(degree)
    reader = vector_reader(caps, degree)
    orbits = read_orbits(
        body["orbits"],
        signed,
        lambda terms, where: reader(terms, where) + PLUS,
        lambda seed: seed[:n] + MINUS,
    )
    orbits.seeds = [seed[:n] for seed in orbits.seeds]
    for i, (a, b) in enumerate(pairwise(orbits.seeds)):
        require(a < b, f"orbits[{i + 1}].representative", "must be larger than the one before")
    count = count_orbits(signed, degree, caps, signed=True)
    require(len(orbits.seeds) == count, "orbits", f"must be the {count} with a semi-invariant")
    sections, claims = orthogonal_sums(orbits, law, caps)
    claims["character"] = {"kernel_order": text(group.order // (2 if -1 in values else 1))}
    return sections, {**group_claims(group, orbits, count), **claims}


PLUS, MINUS = b"\0\1", b"\1\0"


def signed_group(section: Json, values: list[int], n: int, budget: Budget) -> Group:
    """The group on n points and two more, which generators of value -1 exchange."""
    ends = {1: (n, n + 1), -1: (n + 1, n)}
    pairs = zip(section["generators"], values, strict=True)
    generators = [[*images, *ends[value]] for images, value in pairs]
    try:
        return read_group({**section, "degree": n + 2, "generators": generators}, n + 2, budget)
    except Rejected:  # the chain was right for the group itself
        reject("family.character", "belongs to no character of the group")


# ---------------------------------------------------------------------- orbit sums under joint laws


def derive_moments(body: Json, law: Joint, group: Group) -> Derived:
    """Monomial orbit sums on the sphere, on a slice or on finitely many vectors (M23)."""
    names = ("kind", "degree", "multilinear", "members")
    _, degree, multilinear, members = record(body["family"], "family", *names)
    number(degree, "family.degree", 0, MAX_DEGREE // 2)
    sound = type(multilinear) is bool and (multilinear or degree > 1)
    require(sound, "family.multilinear", "must be true or false; true up to degree 1")
    choice(members, "family.members", "all", "listed")
    caps = [1 if multilinear else degree] * law.points
    reader = vector_reader(caps, degree)
    orbits, claims = orbits_of_sums(body, "family", members, degree, caps, group, reader)
    most = min(MAX_VECTORS, 4 * 10**8 // (200 + law.points))  # what memory holds
    if sum(orbits.sizes) > most:
        raise Declined(f"moments: the orbits have more than {most} vectors together")
    kinds: Any = {"sphere": SphereSums, "slice": SliceSums, "finite": FiniteSums}
    sums = kinds[law.kind](law, group, orbits, degree)
    norms, block = by_lines(len(orbits.seeds), sums.inner)
    claims |= tail_claims(body, Fraction(1, sums.denominator), norms, block, group.budget)
    claims["invariance"] = {"inputs": sha256(canonical(body["distribution"]))}
    functions = own_functions(map(monomial_name, orbits.seeds))
    return {
        "distribution": body["distribution"],
        "orbits": orbits.entries,
        "functions": functions,
    }, claims


@dataclass(frozen=True)
class Joint:
    """Coordinates that depend on each other: uniform on the unit sphere, or on the 0/1 vectors with
    k ones, which every permutation preserves; or finitely many vectors.
    """

    kind: str
    points: int
    ones: int = 0
    vectors: dict[tuple[int, ...], int] = field(default_factory=dict)  # integers over `scale`,
    scale: int = 1  # with their weights, over the sum of these

    def moments(self, degree: int) -> tuple[int, list[int]]:
        """The denominator of all moments of a degree; and on the sphere the factor (e-1)!! of each
        exponent e, 0 for odd e; on a slice the numerator for each number of coordinates involved.
        """
        n, most = self.points, min(degree, self.points)
        if self.kind == "sphere":
            factors = [0 if e % 2 else prod(range(1, e, 2)) for e in range(degree + 1)]
            return prod(range(n, n + degree, 2)), factors
        return perm(n, most), [perm(self.ones, s) * perm(n - s, most - s) for s in range(most + 1)]

    def moved(self, vector: tuple[int, ...], images: Sequence[int]) -> tuple[int, ...]:
        """By the inverse of a permutation."""
        return tuple(vector[images[i]] for i in range(self.points))

    def require_preserved(self, group: Group) -> None:
        group.budget.spend(len(self.vectors) * len(group.generators) * self.points // 4, "the law")
        for k, images in enumerate(group.generators):
            for vector, weight in self.vectors.items():
                if self.vectors.get(self.moved(vector, images)) != weight:
                    reject(f"group.generators[{k}]", "must preserve the distribution")


def read_joint(section: Json, budget: Budget) -> Joint:
    (joint,) = record(section, "distribution", "joint")
    path = "distribution.joint"
    (kind,) = pick(joint, path, "kind")
    choice(kind, path + ".kind", "sphere", "slice", "finite")
    further = {"sphere": [], "slice": ["ones"], "finite": ["support", "weights"]}[kind]
    _, n, *given = record(joint, path, "kind", "points", *further)
    number(n, path + ".points", 1, MAX_POINTS)
    if kind != "finite":
        return Joint(kind, n, number(given[0], path + ".ones", 0, n) if given else 0)
    lines, weights = given
    if n * len(array(lines, path + ".support")) > MAX_VECTORS:
        raise Declined(f"{path}.support: more than {MAX_VECTORS} numbers")

    def read_line(line: Json, where: str) -> list[Fraction]:
        words = line.split(" ") if type(line) is str else []
        require(len(words) == n, where, f"must be {n} exact numbers, separated by blanks")
        return [rational(word, where) for word in words]

    vectors = each(lines, path + ".support", read_line)
    for k, (a, b) in enumerate(pairwise(vectors)):
        require(a < b, f"{path}.support[{k + 1}]", "must be larger than the one before")
    weights = rationals(weights, path + ".weights")
    positive = len(weights) == len(vectors) > 0 and min(weights) > 0
    require(positive, path + ".weights", "must be positive, one for each vector")
    budget.spend(5 * n * len(vectors), "the law")
    bottom = common_denominator(weights, len(weights), path)
    scale = common_denominator((x for v in vectors for x in v), n * len(vectors), path)
    numerators = [int(w * bottom) for w in weights]
    require(sum(numerators) == bottom, path + ".weights", "must have sum 1")
    scaled = (tuple(int(x * scale) for x in vector) for vector in vectors)
    return Joint(kind, n, 0, dict(zip(scaled, numerators, strict=True)), scale)


class FiniteSums:
    """Inner products of orbit sums as sums over vectors, one for each orbit of the group on them.

    Members are invariant, so that they are constant on these orbits.
    """

    def __init__(self, law: Joint, group: Group, orbits: Orbits, degree: int) -> None:
        self.group, self.orbits, n = group, orbits, law.points
        law.require_preserved(group)
        weights: dict[tuple[int, ...], int] = {}  # of one vector of each orbit that of the orbit
        seen: set[tuple[int, ...]] = set()
        for start, weight in law.vectors.items():
            orbit = [] if start in seen else [start]
            for vector in orbit:  # grows while it is read
                seen.add(vector)
                for images in group.generators:
                    if (image := law.moved(vector, images)) not in seen:
                        seen.add(image)
                        orbit.append(image)
            if orbit:
                weights[start] = weight * len(orbit)
        total = sum(weights.values())
        self.denominator, self.weights = total * law.scale ** (2 * degree), list(weights.values())
        longest = max(law.scale, total, *(abs(x) for vector in weights for x in vector))
        self.cost = len(weights) * (1 + degree * longest.bit_length() // 512) ** 2
        group.budget.spend(16 * self.cost * n * (degree + 1), "powers of coordinates")
        self.powers = [[[x**e for e in range(degree + 1)] for x in vector] for vector in weights]
        self.values = Table(self.values_of, 1 + MAX_VALUES // len(weights)).__getitem__

    def values_of(self, j: int) -> list[int]:
        """An orbit sum at each of the vectors."""
        points = orbit_of(self.orbits.seeds[j], self.group)[0]
        monomials = [[(i, e) for i, e in enumerate(point) if e] for point in points]
        letters = len(monomials[0]) + 1
        self.group.budget.spend(len(points) * letters * self.cost, "values of members")
        return [
            sum(prod(table[i][e] for i, e in monomial) for monomial in monomials)
            for table in self.powers
        ]

    def inner(self, i: int, columns: range) -> list[int]:
        self.group.budget.spend(len(columns) * self.cost // 3, "the Gram matrix")
        weighted = list(map(mul, self.weights, self.values(i)))
        return [sum(map(mul, weighted, self.values(j))) for j in columns]


class SphereSums:
    """|O| sum E[x^(a+c)] over c in P, a in O, over the denominator of the law (M23).

    Only vectors that agree mod 2 have a moment.
    """

    def __init__(self, law: Joint, group: Group, orbits: Orbits, degree: int) -> None:
        self.orbits, self.budget, self.cost = orbits, group.budget, 1 + law.points // 8
        self.denominator, self.numerators = law.moments(2 * degree)
        self.alike: dict[bytes, list[tuple[int, bytes]]] = {}  # orbits and their vectors
        for j, seed in enumerate(orbits.seeds):
            for vector in orbit_of(seed, group)[0]:
                self.alike.setdefault(vector.translate(PARITIES), []).append((j, vector))

    def inner(self, i: int, columns: range) -> list[int]:
        seed, at = self.orbits.seeds[i], self.numerators.__getitem__
        found, values = within(self.alike[seed.translate(PARITIES)], columns), [0] * len(columns)
        self.budget.spend(1 + len(found) * self.cost, "moments")
        for j, vector in found:
            moment = prod(map(at, map(add, seed, vector)))
            values[j - columns.start] += self.orbits.sizes[i] * moment
        return values


PARITIES = bytes(k % 2 for k in range(256))
SIGNS = bytes(k > 0 for k in range(256))


class SliceSums:
    """|O| sum E[x^(a+c)] over c in P, a in O, over the denominator of the law (M23).

    On a slice x^e = x. So an orbit sum is a multiple of the sum over an orbit of supports; several
    may be of the same one, and the moment of x^(a+c) only depends on the size of the union.
    """

    def __init__(self, law: Joint, group: Group, orbits: Orbits, degree: int) -> None:
        self.budget = group.budget
        self.denominator, self.numerators = law.moments(2 * degree)
        self.members: list[tuple[int, int]] = []  # which sum, times what
        self.sums: list[list[int]] = []  # supports as 0/1 digits in base 256
        places: dict[bytes, int] = {}
        for seed, size in zip(orbits.seeds, orbits.sizes, strict=True):
            supports = {vector.translate(SIGNS) for vector in orbit_of(seed, group)[0]}
            place = places.setdefault(min(supports), len(places))
            if place == len(self.sums):
                self.sums.append([int.from_bytes(support, "big") for support in supports])
            self.members.append((place, size // len(supports)))
        self.cost = sum(map(len, self.sums)) * (1 + law.points // 64)
        self.line = lru_cache(maxsize=1 + MAX_PAIRS // len(places))(self.line_of)

    def line_of(self, a: int) -> list[int]:
        """The inner products of a sum with all sums."""
        self.budget.spend(self.cost, "moments")
        united, at = self.sums[a][0].__or__, self.numerators.__getitem__
        sizes = (map(int.bit_count, map(united, supports)) for supports in self.sums)
        return [len(self.sums[a]) * sum(map(at, counts)) for counts in sizes]

    def inner(self, i: int, columns: range) -> list[int]:
        (a, times), others = self.members[i], self.members[columns.start : columns.stop]
        line = self.line(a)
        return [times * n * line[b] for b, n in others]


# --------------------------------------------------------------------- parity networks and averages


def derive_networks(body: Json, law: Law, group: Group) -> Derived:
    """Parity networks f_S (M11 to M13), or their averages over the group (M14)."""
    base, path = body["family"], "family"
    averaged = base["kind"] == "frame-averaged"
    if averaged:
        _, frame, base = record(base, path, "kind", "frame", "base")
        path = "family.base"
        choice(frame, "family.frame", "reynolds")
    m, activation, members = read_networks(base, path, law, MAX_WIDTH, *MEMBERS)
    gaussian = law.marginals == [Marginal("gaussian", ())]
    require(gaussian, "distribution.marginals", "must be one gaussian in this family (M12)")
    require(averaged or not group.generators, "group.generators", "must be empty in this family")
    if type(activation) is dict and "weights" in activation:
        phi, hermite_field, digits = read_series(activation, path + ".activation")
    else:
        phi, hermite_field = read_activation(activation, path + ".activation")
        digits = 0 if type(phi) is str else sum(len(str(a)) for a in phi) + 3 * len(phi)
    group.budget.spend(20 * m * m + m * digits * (10 + digits**2 // 1000), "kernels")
    rhos = [1 - Fraction(2 * h, m) for h in range(m + 1)]
    values = [[text(rho), *enclose(kernel(phi, rho))] for rho in rhos]
    norm = network_norm(phi, m)
    derive_members = derive_averages if averaged else derive_subsets
    sections, claims = derive_members(body, members, m, norm, group)
    claims["kernel"] = {"values": values, "digits": DIGITS, "status": status_of(values)}
    claims["kernel"] |= hermite_field
    # sign-symmetric: the gaussian is. sign-equivariance: negating x_i, i in S, exchanges the unit
    # of w and that of w with w_i negated, of opposite signs; no unit sees x_i with i outside S.
    failed: Json = {}
    if not norm:
        failed = {"status": "refuted", "witness": {"member": 0, "norm_squared": "0"}}
    elif not isinstance(phi, Series):
        require_positive(norm)
    elif enclose(norm)[0][0] in "-0":  # 0 is not excluded
        failed = undecided("kernel")
    if failed:
        claims["norm"] |= failed
        claims["orthogonality"] = undecided("norm")
    return {"distribution": law.section([law.marginals[0].norms(2)]), **sections}, claims


def derive_subsets(body: Json, members: str, m: int, norm: Form, group: Group) -> Derived:
    """The members f_S, for all subsets S of m points or the listed ones."""
    ends = enclose(norm)
    subsets: list[Any] = []
    if members != "whole":
        subsets = listed_subsets(body, members, "family.members", m, group)
    pair, size = repeated_pair(subsets), len(subsets) or comb(group.words.n, m)
    gram = {"diagonal": ends, "rest": "0", "digits": DIGITS, "status": status_of([ends])}
    claims = {
        "subsets-distinct": {"status": "refuted", "witness": {"pair": pair}} if pair else {},
        "size": size_claim(size, pair, "subsets-distinct"),
        "norm": common_norm(ends),
        "gram": undecided("subsets-distinct") if pair else gram,
        "orthogonality": orthogonality(pair),
    }
    functions = [{"name": f"f({','.join(map(str, s))})", "subset": s} for s in subsets]
    return {"orbits": [], "functions": functions}, claims


def common_norm(ends: list[str]) -> Json:
    """||f_S||^2, which does not depend on S (M12)."""
    return {"lower": ends[0], "upper": ends[1], "digits": DIGITS, "status": status_of([ends])}


def derive_averages(body: Json, members: str, m: int, norm: Form, group: Group) -> Derived:
    """F_O = sum of f_T over an orbit O of subsets, of squared norm |O| ||f_S||^2 (M14)."""
    n = group.words.n

    def read_indicator(value: Json, where: str) -> bytes:
        # 0 marks the points of S, so that vectors are ordered as sorted tuples are.
        chosen = set(read_subset(value, where, n, m))
        return bytes(int(i not in chosen) for i in range(n))

    orbits, claims = orbits_of_sums(body, "family.base", members, m, [1] * n, group, read_indicator)
    ends = {size: enclose(combine([(size, norm)])) for size in set(orbits.sizes)}
    values = [ends[size] for size in orbits.sizes]
    claims["norm"] = {"values": values, "digits": DIGITS, "status": status_of(values)}
    if members == "whole":  # each |O| is at least 1
        claims["norm"] = common_norm(enclose(norm))
    # Different orbits share no subset, so that only repeats correlate (M14).
    claims["gram"] = {"rest": "0", "status": status_of(values)}
    if claims["orthogonality"]["maximum"] == "1":
        claims["gram"] = undecided("orbits-disjoint")
    subsets = (entry["representative"] for entry in orbits.entries)
    functions = own_functions(f"F({','.join(map(str, s))})" for s in subsets)
    return {"orbits": orbits.entries, "functions": functions}, claims


def listed_subsets(body: Json, members: str, path: str, m: int, group: Group) -> list[Any]:
    """The subsets of m points that the functions name; all of them in order for "all"."""
    n, listed = group.words.n, array(body["functions"], "functions")
    total = comb(n, m)
    some = len(listed) == total if members == "all" else listed
    require(some, "functions", f"must list all {total} or some subsets, found {len(listed)}")
    group.budget.spend(len(listed) * m, "subsets")
    if members == "all":
        return list(combinations(range(n), m))
    subsets = [
        read_subset(pick(function, f"functions[{i}]", "subset")[0], f"functions[{i}].subset", n, m)
        for i, function in enumerate(listed)
    ]
    complete = len(subsets) == total and all(a < b for a, b in pairwise(subsets))
    require(not complete, path, 'must be "all", as every subset is listed in order')
    return subsets


def read_subset(value: Json, path: str, n: int, m: int) -> tuple[int, ...]:
    subset = integers(value, path, 0, n - 1)
    sound = len(subset) == m and all(a < b for a, b in pairwise(subset))
    require(sound, path, f"must be {m} points in order")
    return tuple(subset)


def read_networks(
    base: Json, path: str, law: Law, widest: int, *options: str
) -> tuple[int, Json, str]:
    """What a family of parity networks says of m, the activation and its members."""
    names = ("kind", "n", "m", "activation", "members")
    kind, n, m, activation, members = record(base, path, *names)
    choice(kind, path + ".kind", "parity-networks")
    choice(members, path + ".members", *options)
    number(n, path + ".n", max(1, law.points), law.points)
    number(m, path + ".m", 1, n)
    if m > widest:
        raise Declined(f"m is larger than {widest}")
    return m, activation, members


def read_activation(value: Json, path: str) -> tuple[Any, dict[str, Json]]:
    """A name, or Hermite coefficients; and the field that a polynomial adds to the kernel claim."""
    if type(value) is dict and list(value) == ["polynomial"]:
        path += ".polynomial"
        given = rationals(value["polynomial"], path)
        if sum(map(len, value["polynomial"])) > MAX_DIGITS:
            raise Declined(f"{path}: more than {MAX_DIGITS} digits")
        sound = 0 < len(given) <= MAX_DEGREE + 1 and (given[-1] or given == [0])
        require(sound, path, f"must end in a non-zero coefficient, of x^{MAX_DEGREE} at most")
        coefficients = hermite(given)
        return coefficients, {"hermite": [text(a) for a in coefficients]}
    (name,) = record(value, path, "name")
    return choice(name, path + ".name", *ACTIVATIONS), {}


def read_series(value: Json, path: str) -> tuple[Series, dict[str, Json], int]:
    """A series, the bounds of E[phi^2] that it adds to the kernel claim, and its length."""
    listed, tail, parity = record(value, path, "weights", "tail", "parity")
    weights = each(listed, path + ".weights", rationals)
    for k, ends in enumerate(weights):
        sound = len(ends) == 2 and 0 <= ends[0] <= ends[1]
        require(sound, f"{path}.weights[{k}]", "must be [lower, upper], 0 <= lower <= upper")
    rest = rational(tail, path + ".tail")
    length = len(tail) + sum(len(end) for pair in listed for end in pair)
    sound = 0 < len(weights) <= MAX_DEGREE + 1 and rest >= 0 and length <= MAX_DIGITS
    require(sound, path, "must have some weights, not too many, and a tail that is not negative")
    if choice(parity, path + ".parity", "even", "odd", "any") != "any":
        fits = rest and not any(high for _, high in weights[parity == "even" :: 2])
        require(fits, path + ".parity", "does not fit the weights and the tail")
    lower, upper = (sum(ends) for ends in zip(*weights, strict=True))
    field = {"second_moment": [text(lower), text(upper + rest)]}
    return Series(weights, rest, parity), field, length + 6 * len(weights)


# ------------------------------------------------------------------------------------------ claims

# Each claim is the fields that differ from {"status": "proved"}.


def undecided(needs: str) -> Json:
    """What rests on a refuted claim is neither proved nor refuted."""
    return {"status": "undecided", "needs": needs}


def fails(claim: Json) -> bool:
    return claim.get("status") in ("refuted", "undecided")


def status_of(values: list[Any]) -> str:
    exact = all(value[-2] == value[-1] for value in values)
    return "proved" if exact else "enclosed"


def preservation(law: Law, group: Group) -> Json:
    """Refuted by the first generator and point where the law changes; or undecided; or nothing."""
    difference = cache(law.difference)
    verdict: Json = {}
    for (k, generator), (i, a) in product(enumerate(group.generators), enumerate(law.marginal_of)):
        image = generator[i]
        b = law.marginal_of[image]
        r = 0 if a == b else difference(a, b)
        if r:
            values = [text(law.marginals[c].moment(r) or 0) for c in (a, b)]
            witness = {"generator": k, "point": i, "image": image, "moment": r, "values": values}
            return {"status": "refuted", "witness": witness}
        if r is None:
            verdict = undecided("moments")
    return verdict


def require_preserved(law: Law, group: Group) -> None:
    preserved = not preservation(law, group)
    require(preserved, "distribution.marginal_of", "must give laws that the group preserves")


def group_claims(group: Group, orbits: Orbits, count: int) -> dict[str, Json]:
    """What holds of sums over orbits; of a whole class, of which none is listed, too.

    Different orbits have no term in common, so that the sums are orthogonal (M2, M14).
    """
    size, pair = len(orbits.seeds) or count, repeated_pair(orbits.seeds)
    disjoint: Json = {"total": text(sum(orbits.sizes))}
    if pair:
        disjoint |= {"status": "refuted", "witness": {"pair": pair}}
    counted = {"value": text(size), "cycle_index": text(count)}
    return {
        "group-order": {"value": text(group.order)},
        "orbits-disjoint": disjoint,
        "count": counted if size <= count else {**counted, **undecided("orbits-disjoint")},
        "size": size_claim(size, pair, "orbits-disjoint"),
        "orthogonality": orthogonality(pair),
    }


def size_claim(size: int, pair: Json, needs: str) -> Json:
    return {"value": text(size), **(undecided(needs) if pair else {})}


def gram_entries(seeds: list[Any], norms: list[Fraction]) -> list[Json]:
    """The non-zero entries i <= j: an orbit sum with itself; different ones are orthogonal (M2)."""
    places: dict[Any, list[int]] = {}
    for i, seed in enumerate(seeds):
        places.setdefault(seed, []).append(i)
    if sum(len(same) ** 2 for same in places.values()) > MAX_PAIRS:
        raise Declined(f"more than {MAX_PAIRS} Gram entries")
    return [[i, j, text(norms[i])] for i, seed in enumerate(seeds) for j in places[seed] if i <= j]


def orthogonality(pair: Json) -> Json:
    """The largest squared correlation of two members: 0, or 1 where one is listed twice."""
    if pair is None:
        return {"maximum": "0"}
    witness = {"pair": pair, "correlation_squared": "1"}
    return {"maximum": "1", "status": "refuted", "witness": witness}


def csq_bound(
    body: Json,
    size: int,
    claims: dict[str, Json],
    row_sum: Fraction | int = 1,
    coherence: Fraction | None = None,
) -> Json:
    """M9 for the class scaled to unit norms (M10): beta = eta = 1.

    Without a coherence it is orthonormal: R = 1, gamma_0 = 0.
    """
    for name in ("norm", "orthogonality" if coherence is None else "near-orthogonality"):
        if fails(claims[name]):
            needs = claims[name].get("needs", name)
            return undecided(name if needs == "kernel" else needs)
    listed = array(body["claims"], "claims")
    require(listed, "claims", "must not be empty")
    path = f"claims[{len(listed) - 1}]"
    (given,) = pick(listed[-1], path, "tolerance")
    tolerance = rational(given, path + ".tolerance")
    require(0 < tolerance < 1, path + ".tolerance", "must be strictly between 0 and 1")
    gamma, gap = tolerance**2, coherence or 0
    dimension = by_row_sum = size * gamma / row_sum
    if gamma > gap:
        dimension = max(by_row_sum, size * (gamma - gap) / (1 - gap))
    bessel = by_row_sum - 1  # M8
    sda = dimension / 2 - 1  # M7
    bound = max(bessel, sda)
    return {
        **({} if coherence is None else {"coherence": text(coherence)}),
        "tolerance": text(tolerance),
        "members": text(size),
        "row_sum": text(row_sum),
        "form": "bessel" if bessel >= sda else "sda",
        "bound": text(bound),
        "queries": text(max(0, -(-bound // 1))),
        "loss_below": text(1 - gamma),
    }


# -------------------------------------------------------------------- classes that may correlate

# A Gram entry is an integer in units of a scale that the kind of family fixes; or, over the scale
# 1, a rational, or for an irrational number the cell of its 30 decimals.
# A block holds entries, or shorter values, of which `value` makes entries: few occur often.
Rows = list[Sequence[Any]]
UNIT = 1 << 64  # fixed point of the multipliers in row sums


def weighted_sum(sizes: Sequence[Any], weights: list[int] | None) -> Any:
    return sum(map(mul, sizes, weights)) if weights else sum(sizes)


@dataclass
class Tail:
    """What the blocks of a Gram matrix say together.

    `best` is (numerator, denominator, pair) of the largest squared correlation, or of the largest
    upper bound of one, over pairs i < j; of equal ones the least pair. `twins` is the least pair
    that is known to have correlation 1. `sums` are the sums of |g_ij| * weight_j over j.
    """

    norms: list[Any]
    weights: list[int] | None  # None: all are 1
    sums: list[Any]
    same: Callable[[int, int], bool] | None = None
    value: Callable[[Any], Entry] = lambda entry: entry
    budget: Budget = field(default_factory=Budget)
    rational: bool = True  # whether entries need not be integers
    best: tuple[Any, Any, tuple[int, int] | None] = (0, 1, None)
    twins: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        self.lows = list(map(low, self.norms))
        self.least = min(self.lows)
        self.size = Table(lambda value: abs(self.value(value)), MAX_PAIRS)

    def add(self, block: Rows, rows: range, columns: range) -> None:
        """Take in a block; those on the diagonal hold both (i, j) and (j, i)."""
        places = [i for i, values in enumerate(block, rows.start) if any(values)]
        sizes = [list(map(self.size.__getitem__, block[i - rows.start])) for i in places]
        if self.rational:  # sums grow with their denominators
            bottom = common_denominator(chain(self.sums, *sizes), 1, "the Gram matrix")
            cost = 8 * (length_cost(bottom.bit_length()) - 1)
            self.budget.spend(len(places) * len(columns) * cost, "the Gram matrix")
        across = self.weights and self.weights[columns.start : columns.stop]
        for i, row in zip(places, sizes, strict=True):
            self.sums[i] += weighted_sum(row, across)
            self.add_pairs(i, row, block[i - rows.start], columns)
        if rows != columns and places:
            down = self.weights and [self.weights[i] for i in places]
            for j, column in enumerate(zip(*sizes, strict=True), columns.start):
                self.sums[j] += weighted_sum(column, down)

    def add_pairs(self, i: int, sizes: list[Any], values: Sequence[Any], columns: range) -> None:
        """Take in the pairs (i, j) with j > i, unless the longest entry changes nothing."""
        start = max(i + 1, columns.start)
        later = sizes[start - columns.start :]
        longest = max(later, default=0)
        top, bottom, pair = self.best
        held = self.twins if top == bottom else pair  # of equal ones the least counts
        most, least = longest * longest * bottom, top * self.lows[i] * self.least
        if not longest or most < least or (most == least and held and held < (i, start)):
            return
        for j, size in enumerate(later, start):
            norms = self.lows[i] * self.lows[j]
            square = min(size * size, norms)
            if not size or square * bottom < top * norms:
                continue
            if square == norms and (self.twins is None or (i, j) < self.twins):
                entry = self.value(values[j - columns.start])
                known = exact(entry, self.norms[i], self.norms[j])
                if known or (self.same and self.same(i, j)):
                    self.twins = i, j
            if square * bottom > top * norms or pair is None or (i, j) < pair:
                top, bottom, pair = self.best = square, norms, (i, j)


def tail_claims(
    body: Json,
    scale: Fraction | int,
    norms: list[Any],
    block: Callable[[range, range], Rows],
    budget: Budget,
    *,
    same: Callable[[int, int], bool] | None = None,
    value: Callable[[Any], Entry] = lambda entry: entry,
    needs: str | None = None,
) -> dict[str, Json]:
    """The claims gram, norm, near-orthogonality, size and csq-bound of a class.

    Arguments:
        scale: what entries are multiplied with.
        norms: the entries of the diagonal.
        block: the entries of some rows and columns, or values
        value: of which this makes entries.
        same: whether members that bounds do not tell apart are equal up to sign.
        needs: the claim that failed, when the entries rest on one.
    """
    size = len(norms)
    claims = {"size": size_claim(size, needs, "near-orthogonality")}
    if needs:
        names = ("gram", "norm", "near-orthogonality", "csq-bound")
        return claims | {name: undecided(needs) for name in names}
    lows, largest = list(map(low, norms)), max(map(high, norms))
    for norm in {*map(high, norms)}:  # by Cauchy and Schwarz no entry is longer
        text(scale * norm)
    positive = min(lows) > 0
    alike = min(lows) == largest and exact(*norms)
    weights, unit = None, 1  # one norm: sums are exact
    if positive and not alike:
        top = Fraction(largest) * UNIT * UNIT
        multipliers = {norm: isqrt(top // norm) + 1 for norm in {*lows}}
        weights, unit = [multipliers[norm] for norm in lows], UNIT * UNIT
    longest = max(max(map(int.bit_length, high(n).as_integer_ratio())) for n in norms)
    each = (1 if alike else 4) * length_cost(longest)
    budget.spend(size * (size + 1) // 2 * each, "the Gram matrix")
    tail = Tail(norms, weights, [0] * size, same, value, budget, rational=scale == 1)
    claims["gram"] = gram_of_blocks(scale, size, block, tail, budget)
    claims["norm"] = norm_of_members(scale, norms, lows)
    claims["near-orthogonality"] = undecided("norm")
    row_sum, coherence = Fraction(1), Fraction(0)
    if positive:
        largest_square = Fraction(tail.best[0]) / tail.best[1]
        status = claims["gram"].get("status", "proved")
        near = near_orthogonality(largest_square, tail.best[2], tail.twins, status)
        claims["near-orthogonality"] = near
        coherence = root_above(largest_square)
        row_sum = Fraction(max(map(mul, weights or [1] * size, tail.sums))) / (largest * unit)
    failed = fails(claims["near-orthogonality"])
    claims["size"] = size_claim(size, failed, "near-orthogonality")
    claims["csq-bound"] = csq_bound(body, size, claims, row_sum, coherence)
    return claims


def gram_of_blocks(
    scale: Fraction | int,
    size: int,
    block: Callable[[range, range], Rows],
    tail: Tail,
    budget: Budget,
) -> Json:
    """Go through all blocks: entries of a small class, digests for a large one."""
    claim: Json = {"status": "enclosed", "digits": DIGITS}
    if size <= MOST_LISTED:
        every = range(size)
        found = block(every, every)
        tail.add(found, every, every)
        matrix = [list(map(tail.value, values)) for values in found]
        entries = [
            [i, j, *(text(scale * end) for end in dict.fromkeys((low(entry), high(entry))))]
            for i, row in enumerate(matrix)
            for j, entry in enumerate(row)
            if i <= j and entry != 0
        ]
        enclosed = not exact(*chain.from_iterable(matrix))
        return {**(claim if enclosed else {}), "entries": entries, "rest": "0"}
    digests, texts = [], Texts(tail.value)
    spans = [range(k, min(size, k + BLOCK)) for k in range(0, size, BLOCK)]
    with blocks_beside(budget.path) as expect:
        for (a, rows), (b, columns) in combinations_with_replacement(enumerate(spans), 2):
            found = block(rows, columns)
            tail.add(found, rows, columns)
            zeros = " ".join("0" * len(columns))
            lines = [
                " ".join(map(texts.__getitem__, values)) if any(values) else zeros
                for values in found
            ]
            content = "\n".join([*lines, ""]).encode()
            digests.append([a, b, sha256(content)])
            expect(f"block {a} {b}\n".encode() + content, f"block {a} {b}")
    claim = claim if texts.enclosed else {}
    return {**claim, "scale": text(scale), "block": BLOCK, "blocks": digests}


class Texts(Table):
    """Entries as blocks write them, "+" after the lower end of bounds, then the upper if far."""

    def __init__(self, value: Callable[[Any], Entry]) -> None:
        super().__init__(self.write, MAX_PAIRS)
        self.value, self.enclosed = value, False

    def write(self, value: Any) -> str:
        entry = self.value(value)
        if not isinstance(entry, Cell):
            return text(entry)
        self.enclosed = True
        near = entry == cell(entry.low * 10**DIGITS // 1)
        return text(entry.low) + ("+" if near else "+" + text(entry.high))


def norm_of_members(scale: Fraction | int, norms: list[Any], lows: list[Any]) -> Json:
    """The least and the largest squared norm; refuted by the least member that vanishes."""
    claim: Json = {}
    for name, value in (("minimum", min(lows)), ("maximum", max(lows))):
        norm = norms[lows.index(value)]
        ends = [text(scale * low(norm)), text(scale * high(norm))]
        claim[name] = ends[0] if exact(*norms) else ends
    if not exact(*norms):
        claim |= {"status": "enclosed", "digits": DIGITS}
    if 0 in norms:
        witness = {"member": norms.index(0), "norm_squared": "0"}
        claim |= {"status": "refuted", "witness": witness}
    elif min(lows) <= 0:  # the bounds are too wide to tell it from 0
        claim |= undecided("gram")
    return claim


def near_orthogonality(largest: Fraction, pair: Any, twins: Any, status: str = "proved") -> Json:
    """The largest squared correlation; 1 refutes, but not when it is only an upper bound."""
    if twins:
        witness = {"pair": twins, "correlation_squared": "1"}
        return {"maximum": "1", "pair": twins, "status": "refuted", "witness": witness}
    if largest == 1:
        return undecided("gram")
    return {"maximum": text(largest), "pair": pair} | ({"status": status} if pair else {})


def root_above(value: Fraction) -> Fraction:
    """The square root if it is rational, else an upper bound over 2^64; at most 1."""
    p, q = isqrt(value.numerator), isqrt(value.denominator)
    if p * p == value.numerator and q * q == value.denominator:
        return min(Fraction(p, q), Fraction(1))
    return min(Fraction(isqrt(value * UNIT * UNIT // 1) + 1, UNIT), Fraction(1))


@contextmanager
def blocks_beside(path: str | os.PathLike[str] | None) -> Iterator[Callable[[bytes, str], None]]:
    """A function that compares pieces with the file of blocks, the next time with what follows.

    Its name ends in ".gram" in the place of ".json". Where there is none, all pieces will do.
    """
    name = os.fsdecode(path or "").removesuffix(".json") + ".gram"
    if path is None or not os.path.lexists(name):
        yield lambda content, what: None
        return
    shown = os.path.basename(name)
    try:
        stream = open_file(name)
    except Declined as reason:
        raise Declined(f"the file {shown} beside it {reason}") from None

    def expect(content: bytes, what: str) -> None:
        same = stream.read(len(content)) == content
        require(same, shown, f"{what} is not what follows from the certificate")

    with stream:
        yield expect
        require(not stream.read(1), shown, "goes on after the last block")


# ------------------------------------------------------------------ parities of degree counts


def derive_degree_parities(body: Json, law: Law, group: Group) -> Derived:
    """chi_S = (-1)^#{v: deg v in S} of a graph whose pairs are joined with probability p (M21).

    A permutation of vertices permutes the degrees, and no function sees more than their number.
    They are computed (M22) by n + 2 units relu(deg - t), t = -1 ... n, at each vertex, whose second
    differences, summed over the vertices, count degrees; and by n units relu(N - t), t = 0 ... n-1,
    of the number N of degrees in S: (-1)^N = 1 - 2 N + 4 relu(N - 1) - 4 relu(N - 2) + ...
    """
    _, n, _, members = record(body["family"], "family", "kind", "n", "p", "members")
    number(n, "family.n", 2, MAX_VERTICES)
    choice(members, "family.members", "all", "listed")
    edges = list(combinations(range(n), 2))
    kinds = [marginal.kind for marginal in law.marginals]
    require(len(edges) == law.points, "family.n", f"must have {law.points} pairs of vertices")
    require(kinds == ["bernoulli"], "distribution.marginals", "must be one bernoulli")
    p = law.marginals[0].parameters[0]
    stars = {frozenset(k for k, pair in enumerate(edges) if v in pair) for v in range(n)}
    for k, generator in enumerate(group.generators):
        moved = {frozenset(map(generator.__getitem__, star)) for star in stars}
        rule = "must take the pairs at a vertex to those at a vertex"
        require(moved == stars, f"group.generators[{k}]", rule)
    rule = f"must generate all permutations of the {n} vertices"
    require(group.order == (factorial(n) if n > 2 else 1), "group.generators", rule)
    masks = everything = list(range(0, 1 << n, 4))  # the sets without 0 and 1
    if members == "listed":
        masks = each(body["functions"], "functions", lambda item, path: read_degrees(item, path, n))
        require(masks, "functions", "must not be empty")
        rule = 'must be "all", as every set is listed in order'
        require(masks != everything, "family.members", rule)
    claims: dict[str, Json] = {
        "group-order": {"value": text(group.order)},
        "invariance": {},
        "realisable": {"widths": [n + 2, n]},
        "handshake": {},
    }
    forms = [degree_form(n, mask) for mask in masks]
    if pair := repeated_pair([form for form, _ in forms]):
        witness = {"pair": pair, "sign": forms[pair[0]][1] * forms[pair[1]][1]}
        claims["handshake"] = {"status": "refuted", "witness": witness}
    unit = p.denominator ** len(edges)
    if members == "all":  # closed under symmetric differences: every row is a rearrangement
        row = degree_expectations(n, p, masks, group.budget)
        sizes = [Fraction(abs(value), unit) for value in row]
        coherence = max(sizes[1:], default=Fraction(0))
        pair = [0, sizes.index(coherence, 1)] if coherence else None
        claims["gram"] = {"differences": [text(Fraction(value, unit)) for value in row]}
        claims["norm"] = {"minimum": "1", "maximum": "1"}
        twins = pair if coherence == 1 else None
        claims["near-orthogonality"] = near_orthogonality(coherence**2, pair, twins)
        claims["size"] = size_claim(len(row), coherence == 1, "near-orthogonality")
        claims["csq-bound"] = csq_bound(body, len(row), claims, sum(sizes), coherence)
    else:
        group.budget.spend(len(masks) ** 2 // 2, "the Gram matrix")
        differences = sorted({a ^ b for a in {*masks} for b in {*masks}})
        numerators = degree_expectations(n, p, differences, group.budget)
        known = dict(zip(differences, numerators, strict=True))

        def block(rows: range, columns: range) -> Rows:
            return [[known[masks[i] ^ masks[j]] for j in columns] for i in rows]

        norms = [unit] * len(masks)
        claims |= tail_claims(body, Fraction(1, unit), norms, block, group.budget)
    sets = [[d for d in range(n) if mask >> d & 1] for mask in masks]
    return {
        "family": {"kind": "degree-parity-networks", "n": n, "p": text(p), "members": members},
        "distribution": law.section([law.marginals[0].norms(2)]),
        "orbits": [],
        "functions": [{"name": f"chi({','.join(map(str, s))})", "subset": s} for s in sets],
    }, claims


def read_degrees(function: Json, path: str, n: int) -> int:
    """A set of degrees as a bit mask."""
    _, subset = record(function, path, "name", "subset")
    return sum(1 << degree for degree in {*integers(subset, f"{path}.subset", 0, n - 1)})


def degree_form(n: int, mask: int) -> tuple[int, int]:
    """The one of four equivalent sets without 0 and 1; the sign between their parities.

    An even number of vertices has odd degree; the complement counts the other of n vertices.
    """
    sign = (-1) ** (n * (mask & 1))
    mask ^= ((1 << n) - 1) * (mask & 1)
    return mask ^ sum(2 << d for d in range(0, n - 1, 2)) * (mask >> 1 & 1), sign


def degree_expectations(n: int, p: Fraction, masks: list[int], budget: Budget) -> list[int]:
    """E prod_v (-1)^[deg v in D] for each set D, times the common denominator of all graphs (M21).

    Sets with the same expectation are computed once: the four of `degree_form`, and for p = 1/2
    also the mirror image, since the complement of a graph has the degrees n-1-d.
    """
    forms = []
    for mask in masks:
        form, sign = degree_form(n, mask)
        if p == Fraction(1, 2):
            other, turned = degree_form(n, int(f"{form:0{n}b}"[::-1], 2))
            form, sign = min((form, sign), (other, sign * turned))
        forms.append((form, sign))
    needed = sorted({form for form, _ in forms})
    total = p.denominator ** comb(n, 2)
    parts = len(needed) * comb(n, n // 2) * total.bit_length() // MAX_HELD + 1
    even: dict[int, int] = {}
    for part in filter(None, (needed[k::parts] for k in range(parts))):
        even |= zip(part, weights_of_even_counts(n, p, part, budget), strict=True)
    return [sign * (2 * even[form] - total) for form, sign in forms]


def weights_of_even_counts(n: int, p: Fraction, masks: list[int], budget: Budget) -> list[int]:
    """For each set D the weight of the graphs with an even number of degrees in D.

    A graph with e of its E pairs joined weighs a^e (b-a)^(E-e), p = a/b. For a multiset s of m
    offsets, even[s] is the weight of the graphs on m vertices where offset + degree is in D for an
    even number of them. If a vertex of offset c is added and joined to k others, the offsets of
    these go up by one; and even and odd change places for those D that hold c + k.

    A multiset is the sum of (n+1)^offset, and the numbers for all D are fields of one integer. Any
    vertex of a multiset may be the one added: rests of equal sum mod 3 come first, so that fewer
    are gone through. The rests of m offsets below n-m with a part that goes up are the multisets of
    2(n-m) kinds of elements, of which there are comb(2n-1-m, m).
    """
    a, b = p.numerator, p.denominator
    sizes = [(b ** comb(m, 2)).bit_length() // 8 + 1 for m in range(n + 1)]  # bytes of a field
    long = 1 + n * b.bit_length() // 60  # of a factor
    steps = [1 + len(masks) * size // 1500 * long for size in sizes[1:]]
    budget.spend(sum(comb(2 * n - 1 - m, m) * steps[m] for m in range(n)), "expectations")
    even = {0: int.from_bytes(b"\1" * len(masks), "little")}
    for m in range(n):
        held = [(s, value.to_bytes(len(masks) * sizes[m], "little")) for s, value in even.items()]
        even = {s: widened(fields, sizes[m], sizes[m + 1]) for s, fields in held}
        full = (1 << 8 * sizes[m + 1]) - 1  # flipping all bits, x becomes full - x
        flips = [where_in(masks, d, full, sizes[m + 1]) for d in range(n)]
        weights = [a**k * (b - a) ** (m - k) for k in range(m + 1)]
        totals = [comb(m, k) * weights[k] * b ** comb(m, 2) for k in range(m + 1)]
        excess = [
            sum(where_in(masks, c + k, full - totals[k], sizes[m + 1]) for k in range(m + 1))
            for c in range(n - m)
        ]
        after: dict[int, int] = {}
        rests = combinations_with_replacement(range(n - m), m)
        for rest in sorted(rests, key=lambda offsets: sum(offsets) % 3):
            code = sum((n + 1) ** offset for offset in rest)
            missing = [c for c in range(n - m) if code + (n + 1) ** c not in after]
            if not missing:
                continue
            moves = [(code, 0, 1)]  # the rest afterwards, how many went up, in how many ways
            for offset, count in Counter(rest).items():
                up = n * (n + 1) ** offset
                moves = [
                    (s + j * up, k + j, ways * comb(count, j))
                    for s, k, ways in moves
                    for j in range(count + 1)
                ]
            sums: list[dict[int, int]] = [{} for _ in weights]  # by k and by factor
            for s, k, ways in moves:
                factor, terms = ways * weights[k], sums[k]
                terms[factor] = terms[factor] + even[s] if factor in terms else even[s]
            joined = [sum(v if f == 1 else f * v for f, v in terms.items()) for terms in sums]
            for c in missing:
                after[code + (n + 1) ** c] = sum(map(xor, joined, flips[c:]), -excess[c])
        even = after
    data, size = even[n].to_bytes(len(masks) * sizes[n], "little"), sizes[n]
    return [int.from_bytes(data[k : k + size], "little") for k in range(0, len(data), size)]


def where_in(masks: list[int], degree: int, value: int, size: int) -> int:
    """A number in the fields of the sets that hold a degree, 0 in the others."""
    data = bytes(size), value.to_bytes(size, "little")
    return int.from_bytes(b"".join(data[mask >> degree & 1] for mask in masks), "little")


def widened(data: bytes, old: int, new: int) -> int:
    """An integer whose fields of `new` bytes hold those of `old` bytes, the first one lowest."""
    wide = bytearray(len(data) // old * new)
    for k in range(old):
        wide[k::new] = data[k::old]
    return int.from_bytes(wide, "little")


# ------------------------------------------------------------------- families of isotropic vectors

# A member is given by a = u + iv in Z[i]^n with a.a = 0. Its inner products depend on z = a.conj(b)
# and w = a.b alone; a group on the rows, or a graph, adds up several of them.
Vector = tuple[list[int], list[int]]
Complex = tuple[int, int]
Nodes = dict[tuple[Fraction, ...], int]  # (covariance, two variances): how often


def derive_isotropic(body: Json, law: Law, group: Group) -> Derived:
    """Rotation networks (M16 to M18), sums of them over a group (M19) or over nodes (M20)."""
    family, budget = body["family"], group.budget
    parameters = {"convolutional-networks": ["columns", "filters"]}
    parameters["graph-feature-networks"] = ["features", "matrix"]
    kind, power, named, *more = record(
        family, "family", "kind", "power", "activation", *parameters.get(family["kind"], [])
    )
    number(power, "family.power", 1, MAX_DEGREE)
    gaussian = law.marginals == [Marginal("gaussian", ())]
    require(gaussian, "distribution.marginals", "must be one gaussian in this family (M17)")
    phi = None if named is None else read_rotation_activation(named, kind)
    n, rows, copies = law.points, group.words.n, 1
    shifts: list[Any] = [range(n)]
    claims: dict[str, Json] = {"group-order": {"value": text(group.order)}}
    nodes: Nodes = {(Fraction(1), Fraction(1), Fraction(1)): 1}
    scale = Fraction(factorial(power), 2)
    if kind == "rotation-networks":
        require(not group.generators, "group.generators", "must be empty in this family")
    elif kind == "convolutional-networks":
        columns, filters = more
        choice(filters, "family.filters", "columns", *(["full"] if columns > 1 else []))
        if group.order > MAX_ELEMENTS:
            raise Declined(f"the group has more than {MAX_ELEMENTS} elements to be summed over")
        budget.spend(group.order * n * 8, "the shifts of a filter")
        width = columns if filters == "full" else 1
        copies = group.order * columns // width  # filters on different columns are independent
        scale, n = scale * copies, rows * width
        shifts = [[g[p // width] * width + p % width for p in range(n)] for g in group.elements()]
    else:
        n //= rows
        shifts = [range(n)]
        covariance = read_covariance(more[1], group)
        degree = len(phi) if type(phi) is list else power
        bits = degree * common_bits([c for line in covariance for c in line])
        budget.spend(rows * (rows + degree) * 4 * degree * length_cost(bits), "the graph")
        factor = sum((c**power for line in covariance for c in line), Fraction(0))
        claims["graph-factor"] = {"value": text(factor)}
        scale *= factor or 1
        nodes = Counter(
            (c, *sorted((covariance[v][v], covariance[w][w])))
            for v, line in enumerate(covariance)
            for w, c in enumerate(line)
            if c and (factor or phi is not None)
        )
    vectors = read_vectors(body["functions"], n, equal=phi is not None)
    lengths = [sum(map(mul, u, u)) for u, _ in vectors]
    claims["isotropic"] = {
        "length_squared": [text(min(lengths)), text(max(lengths))],
        # Some inputs may leave all entries as they are, such as an even part when k is odd.
        "inputs": sha256(canonical([family, body["functions"]])),
    }
    products = Products(vectors, 2 * max(lengths), even=power % 2 == 0, budget=budget)
    if phi is None:
        entries: Any = Powers(power if nodes else None, (2 * max(lengths)).bit_length())
        cost = n // 64 + length_cost(power * (2 * max(lengths)).bit_length())
    else:
        entries, scale = Units(power, phi, lengths[0], copies, nodes, budget), Fraction(1)
        cost = 4
    gram = IsotropicGram(products, shifts, entries, cost)
    budget.spend(len(vectors) * len(shifts) * (40 + n), "the norms")
    norms = [gram.inner(i, i) for i in range(len(vectors))]
    same = None if phi is None else gram.same
    claims |= tail_claims(body, scale, norms, gram.block, budget, same=same, value=gram.value)
    functions = [
        {"name": f"f{i}", "u": " ".join(map(str, u)), "v": " ".join(map(str, v))}
        for i, (u, v) in enumerate(vectors)
    ]
    distribution = law.section([law.marginals[0].norms(2)])
    return {"distribution": distribution, "orbits": [], "functions": functions}, claims


def read_rotation_activation(named: Json, kind: str) -> Any:
    """A name, the coefficients of a polynomial, or a series, for variances 1 only."""
    path = "family.activation"
    if type(named) is dict and "weights" in named:
        require(kind != "graph-feature-networks", path, "must be known at all variances")
        return read_series(named, path)[0]
    phi, _ = read_activation(named, path)
    return phi if type(phi) is str else [Fraction(c) for c in named["polynomial"]]


def read_covariance(listed: Json, group: Group) -> list[list[Fraction]]:
    """A A^T for the aggregation matrix A, which the group must preserve."""
    size, path = group.words.n, "family.matrix"
    if size > MAX_NODES:
        raise Declined(f"a graph with more than {MAX_NODES} nodes")
    group.budget.spend(size * size * (2 + len(group.generators)), "the graph")
    matrix = []
    for v, line in enumerate(array(listed, path)):
        given = line.split(" ") if type(line) is str else []
        require(len(given) == size, f"{path}[{v}]", f"must be {size} numbers, one blank apart")
        if len(line) > MAX_DIGITS * (1 + size // 64):
            raise Declined(f"{path}: the numbers are too long")
        matrix.append([rational(value, f"{path}[{v}]") for value in given])
    require(len(matrix) == size, path, f"must have {size} rows, found {len(matrix)}")
    for k, g in enumerate(group.generators):
        same = all(matrix[g[v]][g[w]] == matrix[v][w] for v in range(size) for w in range(size))
        require(same, f"group.generators[{k}]", "does not preserve the matrix of the graph")
    entries = [a for line in matrix for a in line]
    bottom = common_denominator(entries, size * size, path)
    cost = length_cost(2 * bottom.bit_length() + max(a.numerator.bit_length() for a in entries))
    sparse = [{w: int(a * bottom) for w, a in enumerate(line) if a} for line in matrix]
    group.budget.spend(size * size * (2 + max(map(len, sparse))) * cost, "the graph")
    return [
        [Fraction(sum(a * s[w] for w, a in r.items() if w in s), bottom * bottom) for s in sparse]
        for r in sparse
    ]


def read_vectors(listed: Json, n: int, *, equal: bool) -> list[Vector]:
    """The vectors u, v of each member: |u| = |v| > 0 and u.v = 0; all of one length if asked.

    They are written anew, and compared: what is not a plain integer is found there.
    """
    vectors: list[Vector] = []
    for i, function in enumerate(array(listed, "functions")):
        _, *pair = record(function, f"functions[{i}]", "name", "u", "v")
        parts = []
        for name, value in zip("uv", pair, strict=True):
            where = f"functions[{i}].{name}"
            try:
                entries = list(map(int, value[: 9 * n].split(" "))) if type(value) is str else []
            except ValueError:
                entries = []
            small = len(entries) == n and max(map(abs, entries)) < 1 << 20
            require(small, where, f"must be {n} integers below 2^20 in size, one blank apart")
            parts.append(entries)
        u, v = parts
        length = sum(map(mul, u, u))
        isotropic = length and length == sum(map(mul, v, v)) and not sum(map(mul, u, v))
        require(isotropic, f"functions[{i}]", "is not isotropic: |u| = |v| > 0 and u.v = 0")
        if equal and vectors:
            same = length == sum(map(mul, vectors[0][0], vectors[0][0]))
            require(same, f"functions[{i}].u", "must have the length of the others in this family")
        vectors.append((u, v))
    require(vectors, "functions", "must not be empty")
    return vectors


class Products:
    """All z = a.conj(b) and w = a.b of one a and many b at a time.

    Each coordinate of all b is packed into one integer, one slot for each b, so that a sum over the
    coordinates is a few operations on long integers. With z = x + iy and w = p + iq a slot holds x
    + y 2^s + p 4^s + q 8^s, each offset to be positive; all of them are halved where all entries
    are odd, which makes them even. Three coordinates of a are multiplied at once, and the result
    kept: among signs only 64 of them differ.
    """

    def __init__(self, vectors: list[Vector], largest: int, *, even: bool, budget: Budget) -> None:
        self.members = [tuple(chain.from_iterable(zip(u, v, strict=True))) for u, v in vectors]
        self.even, self.budget = even, budget
        self.halved = int(all(x & 1 for member in self.members for x in member))
        # |a.b| <= |a||b|, at most `largest`
        self.bits = next((s for s in (8, 16, 32) if largest >> self.halved < 1 << (s - 1)), 0)
        if not self.bits:
            raise Declined("products of the vectors have more than 32 bits")
        self.width = self.bits // 2  # bytes of a slot
        self.middle = 1 << (self.bits - 1)
        self.offset = sum(self.middle << self.bits * k for k in range(4))
        self.bytes = Table(lambda x: (x + self.offset).to_bytes(self.width, "little"), MAX_VALUES)
        self.pieces: list[tuple[int, ...]] = []
        self.numbers: dict[tuple[int, ...], int] = {}  # of the pieces
        self.packs = Table(self.pack, MAX_VALUES)  # by ranges of columns

    def code(self, a: tuple[int, ...]) -> list[int]:
        """The numbers of the pieces (place, entries) that a consists of."""
        code = []
        for p in range(0, len(a), 6):
            piece = p, *a[p : p + 6]
            code.append(self.numbers.setdefault(piece, len(self.pieces)))
            if code[-1] == len(self.pieces):
                self.pieces.append(piece)
        return code

    def pack(self, columns: range) -> tuple[Table, int]:
        """The products of pieces, by number, with the b; and the offset of all slots."""
        chosen, b = self.members[columns.start : columns.stop], self.bits
        self.budget.spend(2 * len(chosen) * len(chosen[0]), "vectors")
        offset = self.offset.to_bytes(self.width, "little") * len(chosen)
        bias, factors = int.from_bytes(offset, "little"), []
        for p in range(0, len(chosen[0]), 2):
            packed = []
            for entries in zip(*(member[p : p + 2] for member in chosen), strict=True):
                slots = b"".join(map(self.bytes.__getitem__, entries))
                packed.append(int.from_bytes(slots, "little") - bias)
            s, t = packed
            # a conj(b) = u (s - it) + v (t + is), and a b = u (s + it) + v (-t + is)
            factors.append(s - (t << b) + (s << 2 * b) + (t << 3 * b))
            factors.append(t + (s << b) - (t << 2 * b) + (s << 3 * b))

        def part(number: int) -> int:
            p, *entries = self.pieces[number]
            return sum(map(mul, entries, factors[p : p + 6]))

        most = 16 * MAX_VALUES // (len(self.members) * b)  # bounds the memory
        return Table(part, 1 + most), bias

    def slots(self, code: list[int], columns: range) -> Sequence[int]:
        """The slots of the b."""
        parts, bias = self.packs[columns]
        total = bias + (sum(map(parts.__getitem__, code)) >> self.halved)
        content = total.to_bytes(len(columns) * self.width, "little")
        if self.bits == 8 and self.even:  # signs do not matter
            content = content.translate(ABSOLUTE)
        if self.bits < 32:
            return array_of("I" if self.bits == 8 else "Q", content)
        places = range(0, len(content), self.width)
        return [int.from_bytes(content[k : k + self.width], sys.byteorder) for k in places]

    def pair(self, slot: int) -> tuple[Complex, Complex]:
        """(z, w) of a slot."""
        content, size = slot.to_bytes(self.width, sys.byteorder), self.width // 4
        x, y, p, q = (
            int.from_bytes(content[k : k + size], "little") - self.middle << self.halved
            for k in range(0, self.width, size)
        )
        return (x, y), (p, q)

    def of(self, a: tuple[int, ...], b: tuple[int, ...]) -> tuple[Complex, Complex]:
        """(z, w) of two members."""
        us, ut, vs, vt = (sum(map(mul, x, y)) for x in (a[::2], a[1::2]) for y in (b[::2], b[1::2]))
        return (us + vt, vs - ut), (us - vt, ut + vs)


ABSOLUTE = bytes([128 + abs(byte - 128) if byte else 0 for byte in range(256)])


class IsotropicGram:
    """Blocks of inner products, each a total over the shifts of what (z, w) stands for."""

    def __init__(self, products: Products, shifts: list[Any], entries: Any, cost: int) -> None:
        self.products, self.entries, self.cost = products, entries, cost * len(shifts)
        places = [[q for p in shift for q in (2 * p, 2 * p + 1)] for shift in shifts]
        self.shifts = [itemgetter(*order) for order in places]  # of the coordinates of u + iv
        self.single = len(shifts) == 1
        self.meaning = Table(self.entry if self.single else self.part, entries.most)
        held = len(places) * len(places[0])
        self.codes = Table(self.codes_of, 1 + MAX_VALUES // held)

    def of(self, z: Complex, w: Complex) -> int:
        """Conjugates, the exchange of z and w, and for even k signs, do not matter."""
        z, w = (z[0], abs(z[1])), (w[0], abs(w[1]))
        if self.products.even:
            z, w = (abs(z[0]), z[1]), (abs(w[0]), w[1])
        return self.entries.of(*sorted((z, w)))

    def part(self, slot: int) -> int:
        return self.of(*self.products.pair(slot))

    def entry(self, slot: int) -> Entry:
        return self.entries.total([self.part(slot)])

    def inner(self, i: int, j: int) -> Entry:
        """The inner product of two members."""
        return self.entries.total([self.of(*pair) for pair in self.pairs(i, j)])

    def pairs(self, i: int, j: int) -> list[tuple[Complex, Complex]]:
        members = self.products.members
        return [self.products.of(shift(members[i]), members[j]) for shift in self.shifts]

    def block(self, rows: range, columns: range) -> Rows:
        """Some rows and columns: slots if there is one shift, entries otherwise."""
        self.products.budget.spend(len(rows) * len(columns) * self.cost, "the Gram matrix")
        result: Rows = []
        for i in rows:
            slots = [self.products.slots(code, columns) for code in self.codes[i]]
            if self.single:
                result.append(slots[0])
            else:
                parts = (map(self.meaning.__getitem__, of_shift) for of_shift in slots)
                result.append(list(map(self.entries.total, zip(*parts, strict=True))))
        return result

    def value(self, found: int) -> Entry:
        """The entry that a value in a block stands for."""
        return self.meaning[found] if self.single else found  # type: ignore[no-any-return]

    def codes_of(self, i: int) -> list[list[int]]:
        return [self.products.code(shift(self.products.members[i])) for shift in self.shifts]

    def same(self, i: int, j: int) -> bool:
        """Whether f = g or f = -g, by <f,f> = <g,g> = +-<f,g>, for every activation."""
        first, second, mixed = (
            combine((1, self.entries.covariances(z, w)) for z, w in self.pairs(*pair))
            for pair in ((i, i), (j, j), (i, j))
        )
        return first == second and mixed in (first, {key: -x for key, x in first.items()})


class Powers:
    """<f_a, f_b> = Re(z^k + w^k) in units of k!/2 (M17)."""

    def __init__(self, power: int | None, bits: int) -> None:
        self.power = power  # None: the sum over the nodes is 0
        self.most = MAX_HELD // (1_000 + (power or 0) * bits)

    def of(self, z: Complex, w: Complex) -> int:
        return 0 if self.power is None else real_power(z, self.power) + real_power(w, self.power)

    def total(self, parts: Sequence[int]) -> int:
        return sum(parts)


def real_power(z: Complex, k: int) -> int:
    """Re(z^k), by squaring."""
    power = 1, 0
    while k:
        if k & 1:
            power = multiply(power, z)
        z, k = multiply(z, z), k >> 1
    return power[0]


def multiply(z: Complex, w: Complex) -> Complex:
    return z[0] * w[0] - z[1] * w[1], z[0] * w[1] + z[1] * w[0]


@dataclass
class Units:
    """Sums over all pairs of hidden units, from z = a.conj(b) and w = a.b (M18).

    With t = exp(i pi/k) and L = |u|^2, f_a = sum of (-1)^i phi(Re(a t^-i).x / sqrt(L)) over i
    modulo 2k. The units i and i + k are opposite, so that only what has the parity of k remains:

        <f_a, f_b> = 4 sum of (-1)^(i+j) K(c rho_ij) over i, j < k,
        rho_ij = (Re(z t^(j-i)) + Re(w t^(-i-j))) / 2L,

    K being the part of that parity of the expectation of the product of two activations. At nodes
    of a graph the inputs have covariances c and variances other than 1; all pairs are added up.
    """

    power: int
    phi: Any  # a name, the coefficients of a polynomial, or a Series
    length: int
    factor: int  # of the sum over the shifts
    nodes: Nodes
    budget: Budget
    most: int = MAX_PAIRS

    def __post_init__(self) -> None:
        if self.power > MAX_TURNS:
            raise Declined(f"an activation with more than {MAX_TURNS} directions")
        self.field = Field(self.power)
        self.numbers: dict[Any, int] = {}
        self.forms: list[Form] = []
        self.values: dict[Any, Entry] = {}
        self.turns = cache(self.turns)  # type: ignore[method-assign]
        self.root_of = cache(lambda variance: root_of(variance, self.budget))
        self.weights = self.phi.weights if isinstance(self.phi, Series) else []
        if type(self.phi) is list:
            self.weights = [[w, w] for w in self.polynomial_weights()]

    def of(self, z: Complex, w: Complex) -> int:
        """The number of (z, w) among those that occur."""
        number = self.numbers.setdefault((z, w), len(self.forms))
        if number == len(self.forms):
            self.forms.append(self.of_units(z, w) if type(self.phi) is str else self.series(z, w))
        return number

    def total(self, numbers: Sequence[int]) -> Entry:
        key = tuple(sorted(numbers))
        if key not in self.values:
            counts = Counter(key)
            self.budget.spend(sum(4 * len(self.forms[k]) for k in counts), "kernels")
            terms = ((self.factor * many, self.forms[k]) for k, many in counts.items())
            self.values[key] = bounds(combine(terms), self.budget)
        return self.values[key]

    def covariances(self, z: Complex, w: Complex) -> Form:
        """The squares of 4 L rho_ij, and how often each occurs, counted with signs.

        They are 2 (|z|^2 + |w|^2) + 2 Re(z^2 t^2(j-i) + w^2 t^-2(i+j) + 2 z w t^-2i + 2 z conj(w)
        t^2j), and 2 Re((x + iy) t^m) = x 2cos(pi m/k) + y 2cos(pi m/k + pi/2).
        """
        k, cosines, total = self.power, self.field.cosines, dict[Any, int]()
        self.budget.spend(k * k * (4 + k), "kernels")
        double, conjugate = (2 * w[0], 2 * w[1]), (2 * w[0], -2 * w[1])
        products = [multiply(*pair) for pair in ((z, z), (w, w), (z, double), (z, conjugate))]
        turned = [
            [
                [x * c + y * s for c, s in zip(cosines[m], cosines[(m + k) % (4 * k)], strict=True)]
                for m in range(0, 4 * k, 4)
            ]
            for x, y in products
        ]
        sizes = 2 * sum(x * x for x in (*z, *w))
        for place in turned[0]:
            place[0] += sizes
        for i in range(k):
            for j in range(k):
                four = turned[0][(j - i) % k], turned[1][-(i + j) % k], turned[2][-i], turned[3][j]
                square = tuple(map(sum, zip(*four, strict=True)))
                sign = (-1) ** (i + j)
                if k % 2:
                    sign *= self.sign(z, w, j - i, -i - j) if any(square) else 0
                total[square] = total.get(square, 0) + sign
        return {square: many for square, many in total.items() if many}

    def sign(self, z: Complex, w: Complex, first: int, second: int) -> int:
        """The sign of Re(z t^first) + Re(w t^second), which is not 0."""
        k, bits = self.power, 64
        while bits <= MAX_BITS:
            waves = self.field.waves(bits)
            places = (2 * first, 2 * first + k, 2 * second, 2 * second + k)
            low, high = linear((*z, *w), [waves[m % (4 * k)] for m in places])
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
            bits *= 2
        raise Declined(f"{MAX_BITS} bits do not decide the sign of a correlation")

    def of_units(self, z: Complex, w: Complex) -> Form:
        """For even k, K is A(|r|) times sqrt(variances) for relu, four times that for abs; for odd
        k it is 2 arcsin(r)/pi for sign and erf; else 0, but for the linear part of relu, k = 1."""
        k, even = self.power, self.power % 2 == 0
        if self.phi == "relu" and k == 1:
            covariance = sum(times * c for (c, _, _), times in self.nodes.items())
            return {ONE: covariance * Fraction(z[0] + w[0], 2 * self.length)}
        weight = ({"relu": 4, "abs": 16} if even else {"sign": 8, "erf": 8}).get(self.phi, 0)
        if not weight:
            return {}
        covariances, terms = self.covariances(z, w), []
        for (c, first, second), times in self.nodes.items():
            self.budget.spend(len(covariances) * 100, "kernels")
            variances = first * second
            if self.phi == "erf":
                variances = (1 + 2 * first) * (1 + 2 * second) / 4
            unit = c * c / (16 * self.length**2 * variances)
            root, free = self.root_of(variances) if even else (1 if c > 0 else -1, 1)
            amount = times * weight * root
            amount = amount.numerator if amount.denominator == 1 else amount  # is faster
            for square, many in covariances.items():
                r = scaled(square, unit)
                value = self.field.arc(r, free) if even else self.field.arcsine(r)
                terms.append((amount * many, value))
        return combine(terms)

    def series(self, z: Complex, w: Complex) -> Form:
        """K(rho) = sum of w_d rho^d: what is known of each w_d, and of all further ones.

        As |rho| <= 1, these contribute at most tail times the sum of the least even power of rho.
        In X = z^k, Y = w^k degree d is a sum of multiples of Re(X^a) Re(Y^b), a + b odd, the same
        for (a, b) and (b, a) if |X| = |Y|. So it is 0 if X, Y are imaginary, or have opposite real
        parts and |X| = |Y|.
        """
        k, size = self.power, len(self.weights)
        form: Form = {ONE: Fraction(0)}
        x, y = real_power(z, k), real_power(w, k)
        if x + y == 0 and (x == 0 or multiply(z, (z[0], -z[1])) == multiply(w, (w[0], -w[1]))):
            return {}
        for d in range(k, size, 2):
            least, most = self.weights[d]
            if least or most:
                total = self.power_sum(z, w, d, 1)
                form[ONE] += least * total
                form["weight", d] = (most - least) * total
        if isinstance(self.phi, Series) and self.phi.parity in ("any", ("even", "odd")[k % 2]):
            first = max(k, size + (size - k) % 2)
            bound = self.phi.tail * self.power_sum(z, w, first - first % 2, 0)
            form[ONE] -= bound
            form["tail"] = 2 * bound
        return combine([(1, form)])

    def power_sum(self, z: Complex, w: Complex, d: int, odd: int) -> Fraction:
        """The sum of rho_ij^d over all i, j modulo 2k; with the sign (-1)^(i+j) if odd.

        rho_ij^d is a sum of products z^p conj(z)^q w^r conj(w)^s t^(i(q-p+s-r) + j(p-q+s-r)). Only
        those with p - q = ak, r - s = bk remain, a + b being even, or odd.
        """
        self.budget.spend(8 * (d + 1) * (1 + d // 8), "kernels")
        total = 0
        for e in range(d + 1):
            x, y = self.turns(z, e), self.turns(w, d - e)
            total += comb(d, e) * (x[0] * y[odd] + x[1] * y[1 - odd])
        return Fraction(4 * self.power**2 * total, (4 * self.length) ** d)

    def turns(self, z: Complex, e: int) -> tuple[int, int]:
        """The terms z^p conj(z)^q of (z + conj(z))^e with p - q = ak, for even a and for odd a."""
        found, norm = [0, 0], z[0] ** 2 + z[1] ** 2
        for p in range(e + 1):
            a, rest = divmod(2 * p - e, self.power)
            if rest == 0:
                power = real_power(z, abs(2 * p - e))
                found[a % 2] += comb(e, p) * norm ** min(p, e - p) * power
        return found[0], found[1]

    def polynomial_weights(self) -> list[Fraction]:
        """w_d with sum of K(c rho) = sum of w_d rho^d, summed over the pairs of nodes."""
        weights = [Fraction(0)] * len(self.phi)
        expanded = cache(lambda variance: hermite(self.phi, variance))
        for (c, first, second), times in self.nodes.items():
            p, q = expanded(first), expanded(second)
            for d in range(len(weights)):
                weights[d] += times * p[d] * q[d] * factorial(d) * c**d
        return weights


def root_of(value: Fraction, budget: Budget) -> tuple[Fraction, int]:
    """(q, m) with sqrt(value) = q sqrt(m), m squarefree."""
    rest, root, free, p = value.numerator * value.denominator, 1, 1, 2
    while p * p * p <= rest and isqrt(rest) ** 2 != rest:
        if p > MAX_FACTOR:
            raise Declined("variances at the nodes are too long to be factored")
        while rest % (p * p) == 0:
            rest, root = rest // (p * p), root * p
        if rest % p == 0:
            rest, free = rest // p, free * p
        p += 1
    budget.spend(2 * p, "kernels")
    # No prime below p is left: one prime, two different ones, or a square.
    if isqrt(rest) ** 2 == rest:
        return Fraction(root * isqrt(rest), value.denominator), free
    return Fraction(root, value.denominator), free * rest


# ---------------------------------------------------------------------- families that users define

# Their Gram entries are inputs. That two routes of the family agree on them is no more than a test,
# so that what follows is at most tested; but it follows exactly.


def derive_user_defined(body: Json, law: Law | Joint, group: Group) -> Derived:
    """What follows from the rows of a Gram matrix that somebody gave."""
    _, claimed, wrong = record(body["family"], "family", "kind", "size", "disagreement")
    total = rational(claimed, "family.size")
    sound = total >= 1 and total.denominator == 1
    require(sound, "family.size", "must be an integer of at least 1")
    matrix = read_matrix(body["functions"], group.budget)
    size = len(matrix)
    functions = [
        {"name": f"f({i})", "row": [[j, *ends_text(row[j])] for j in range(i, size) if row[j] != 0]}
        for i, row in enumerate(matrix)
    ]
    compared = min(MOST_COMPARED, size * (size + 1) // 2)
    agree = {"entries": sha256(canonical(functions)), "pairs": text(compared), "status": "tested"}
    if wrong is not None:
        agree |= {"status": "refuted", "witness": disagreement(wrong, matrix, compared)}
    tests = {"entries-agree": agree}
    tests["positive-semidefinite"] = semidefinite(matrix, body["claims"], group.budget)
    failed = [name for name, claim in tests.items() if claim.get("status") == "refuted"]

    def block(rows: range, columns: range) -> Rows:
        return [row[columns.start : columns.stop] for row in matrix[rows.start : rows.stop]]

    norms = [row[i] for i, row in enumerate(matrix)]
    claims = tail_claims(body, 1, norms, block, group.budget, needs=next(iter(failed), None))
    for claim in claims.values():
        if claim.get("status", "proved") in ("proved", "enclosed"):
            claim["status"] = "tested"
    if total != size:
        witness = {"claimed": text(total), "listed": text(size)}
        claims["size"] = {"value": text(size), "status": "refuted", "witness": witness}
    claims["group-order"] = {"value": text(group.order)}
    if isinstance(law, Joint):
        law.require_preserved(group)
        section = body["distribution"]
        claims["distribution-preserved"] = {"inputs": sha256(canonical(section))}
    else:
        claims["distribution-preserved"] = preservation(law, group)
        section = law.section([marginal.norms(1) for marginal in law.marginals])
    return {"distribution": section, "orbits": [], "functions": functions}, {**claims, **tests}


def read_matrix(listed: Json, budget: Budget) -> list[list[Any]]:
    """The symmetric matrix of which the entries that are not 0 are listed, from the diagonal on."""
    size = len(array(listed, "functions"))
    rule = f"must list 1 to {MOST_GIVEN} members, found {size}"
    require(0 < size <= MOST_GIVEN, "functions", rule)
    budget.spend(size * size, "the Gram matrix")
    matrix: list[list[Any]] = [[0] * size for _ in range(size)]
    for i, function in enumerate(listed):
        (row,) = pick(function, f"functions[{i}]", "row")
        for k, item in enumerate(array(row, f"functions[{i}].row")):
            path = f"functions[{i}].row[{k}]"
            j = number(next(iter(array(item, path)), None), path + "[0]", i, size - 1)
            entry = read_entry(item[1:], path)
            if isinstance(entry, Cell):  # a number has one pair of bounds
                entry = cell(entry.low * 10**DIGITS // 1)
            matrix[i][j] = matrix[j][i] = entry
    return matrix


def read_entry(given: Json, path: str) -> Entry:
    """An exact number, or a lower and an upper bound of one."""
    ends = rationals(given, path)
    sound = len(ends) == 1 or (len(ends) == 2 and ends[0] < ends[1])
    require(sound, path, "must have an exact number, or a lower and an upper bound")
    if len(ends) == 2:
        return Cell(*ends)
    return int(ends[0]) if ends[0].denominator == 1 else ends[0]


def ends_text(entry: Entry) -> list[str]:
    return [text(end) for end in dict.fromkeys((low(entry), high(entry)))]


def disagreement(wrong: Json, matrix: list[list[Any]], compared: int) -> Json:
    """The witness of a pair for which two routes of the family gave different values."""
    path, size = "family.disagreement", len(matrix)
    pair, route, value = record(wrong, path, "pair", "route", "value")
    choice(route, path + ".route", "transposed", "slow")
    i, j = [*integers(pair, path + ".pair", 0, size - 1), 0, 0][:2]
    sound = pair == [i, j] and i + (route == "transposed") <= j
    # Pairs are compared along the diagonals, beginning with the main one.
    sound = sound and i + sum(range(size, size - (j - i), -1)) < compared
    require(sound, path + ".pair", f"must be [i, j], one of the {compared} that are compared")
    first, other = matrix[i][j], read_entry(value, path + ".value")
    apart = high(first) < low(other) or high(other) < low(first)
    differs = apart or (route == "transposed" and first != other)
    require(differs, path + ".value", "must differ from the entry of the pair")
    return {"pair": [i, j], "route": route, "values": [ends_text(first), ends_text(other)]}


def semidefinite(matrix: list[list[Any]], claims: Json, budget: Budget) -> Json:
    """All of a small matrix of exact entries is looked at, of another one every two members."""
    size = len(matrix)
    if size > MOST_LISTED or not exact(*chain.from_iterable(matrix)):
        tops = [high(row[i]) for i, row in enumerate(matrix)]
        smallest = min(tops)
        negative = ([i, i] for i, top in enumerate(tops) if top < 0)
        too_large = (  # for the inequality of Cauchy and Schwarz
            [i, j]
            for i, row in enumerate(matrix)
            for j, entry in enumerate(row[i + 1 :], i + 1)
            if (least := max(low(entry), -high(entry))) > smallest
            and least * least > tops[i] * tops[j]
        )
        for pair in chain(negative, too_large):
            return {"status": "refuted", "witness": {"pair": pair}}
        return {"status": "tested", "minors": 2}
    scale = lcm(*(entry.denominator for row in matrix for entry in row))
    whole = [[int(entry * scale) for entry in row] for row in matrix]
    for claim in array(claims, "claims")[3:4]:
        if type(claim) is dict and "witness" in claim:
            return {"status": "refuted", "witness": negative_square(whole, scale, claim, budget)}
    length = size * max(x.bit_length() for row in whole for x in row)
    if not no_negative_pivot([[x << 64 for x in row] for row in whole], rounded=True):
        budget.spend(size**3 * (1 + length**2 // 10**7), "definiteness")
        require(no_negative_pivot(whole), "claims[3].status", "must be refuted, with a vector")
    return {"minors": size}


def negative_square(matrix: list[list[int]], scale: int, claim: Json, budget: Budget) -> Json:
    """The integers v with v.G.v < 0 that the certificate brings."""
    path = "claims[3].witness.vector"
    (given,) = pick(claim["witness"], "claims[3].witness", "vector")
    found = rationals(given, path)
    require(len(found) == len(matrix), path, f"must have {len(matrix)} entries")
    # One that G multiplies with zeros alone is written as 0, as nothing else would bind it.
    vector = [int(c) * any(row) for c, row in zip(found, matrix, strict=True)]
    longest = max(x.bit_length() for row in [vector, *matrix] for x in row)
    budget.spend(len(vector) ** 2 * length_cost(longest), "a vector of negative square")
    image = [sum(map(mul, row, vector)) for row in matrix]
    value = sum(map(mul, image, vector))
    require(value < 0, path, "must have a negative square")
    return {
        "vector": [text(c) for c in vector],
        "image": [text(Fraction(c, scale)) for c in image],
        "value": text(Fraction(value, scale)),
    }


def no_negative_pivot(matrix: list[list[int]], *, rounded: bool = False) -> bool:
    """Whether a matrix is positive semidefinite, by elimination in integers (Bareiss).

    With P the indices of the pivots so far, what is left, on and right of the diagonal, are the
    determinants of G[P+i, P+j], and `last` is that of G[P]. This is exact, but numbers grow. So it
    is tried first with what follows from a step `rounded` down. That leaves out a matrix with
    entries in [0, 1), which is at least -size times the identity: so much is taken away.
    """
    rest, last = [row[i:] for i, row in enumerate(matrix)], 1
    while rest:
        (pivot, *across), *below = rest
        if pivot < 0 or (pivot == 0 and any(across)):
            return False
        for k, row in enumerate(below if pivot else []):
            pairs = zip(row, across[k:], strict=True)
            if rounded:
                below[k] = [x + -across[k] * y // pivot for x, y in pairs]
                below[k][0] -= len(below)
            else:
                below[k] = [(pivot * x - across[k] * y) // last for x, y in pairs]
        last, rest = pivot or last, below
    return True


# -------------------------------------------------------------- averages over frames on finite laws

# A frame sees the values of a point x, their sizes |x_i|, or nothing of it. With k(x) for what it
# sees, F(x) is the set of all g for which g^-1.k(x) is least in its orbit. Hence F(h.x) = h.F(x),
# since (hg)^-1.(h.x) = g^-1.x. Under all permutations, what is least is sorted.
SEES = {
    "sorting": "values",
    "minimal-image": "values",
    "absolute-sorting": "sizes",
    "reynolds": "nothing",
    # For g in a coset tH, and a subset S that H fixes, gS = tS: each image as often as under G.
    "transversal": "nothing",
}


def derive_frames(body: Json, law: Law, group: Group) -> Derived:
    """Averages of parity networks over a frame, under a law with finite support (M11, M15)."""
    _, frame, base = record(body["family"], "family", "kind", "frame", "base")
    m, activation, members = read_networks(base, "family.base", law, MAX_UNITS, "all", "listed")
    phi, hermite_field = read_activation(activation, "family.base.activation")
    rule = "must be relu, abs or sign in this family"
    require(phi != "erf", "family.base.activation.name", rule)
    if type(phi) is not str:
        phi = [Fraction(c) for c in activation["polynomial"]]
    for k, marginal in enumerate(law.marginals):
        path = f"distribution.marginals[{k}].kind"
        require(marginal.atoms, path, "must have finite support in this family")
    require_preserved(law, group)
    subsets = listed_subsets(body, members, "family.base.members", m, group)
    parts = read_frame(frame, "family.frame", group, subsets)
    symmetric = all({(-x, w) for x, w in law.atoms} == {*law.atoms} for law in law.marginals)
    # Where this is true, all that matters of a point is |x|.
    signless = symmetric and all(sees != "values" for _, sees in parts)
    averages = Averages(parts, subsets, phi, law, group, signless)
    gram, orbits = averages.gram(), len({*averages.images((0,) * law.points)})

    def block(rows: range, columns: range) -> Rows:
        return [[gram[min(i, j)][max(i, j)] for j in columns] for i in rows]

    norms = [gram[i][i] for i in range(len(gram))]
    claims: dict[str, Json | None] = {
        "group-order": {"value": text(group.order)},
        # frame-equivariance: see above. invariance: a sum over F(g.x) = g.F(x) has the terms of the
        # sum over F(x).
        "sign-symmetric": {"orbits": text(orbits)} if signless else None,
        "ties": {"largest": text(averages.largest)} if signless else None,
        "values": {**averages.table(), **hermite_field},
        **tail_claims(body, Fraction(1), norms, block, group.budget),
    }
    return {
        "distribution": law.section([marginal.norms(2) for marginal in law.marginals]),
        "orbits": [],
        "functions": [{"name": f"F({','.join(map(str, s))})", "subset": s} for s in subsets],
    }, claims


Parts = list[tuple[Fraction, str]]
Seen = tuple[Fraction | int, ...] | None


def read_frame(value: Json, path: str, group: Group, subsets: list[Any]) -> Parts:
    """What the frames see that a frame is a mixture of, with their weights."""
    if type(value) is not dict or value.get("name") != "mixture":
        return [(Fraction(1), read_single_frame(value, path, group, subsets))]
    _, listed = record(value, path, "name", "parts")

    def read_part(part: Json, where: str) -> tuple[Fraction, str]:
        weight, frame = record(part, where, "weight", "frame")
        share = rational(weight, where + ".weight")
        require(share > 0, where + ".weight", "must be positive")
        return share, read_single_frame(frame, where + ".frame", group, subsets)

    parts = each(listed, path + ".parts", read_part)
    require(sum(share for share, _ in parts) == 1, path + ".parts", "must have weights of sum 1")
    texts = [canonical(part["frame"]) for part in listed]
    require(texts == sorted({*texts}), path + ".parts", "must have frames that increase, as JSON")
    return parts


def read_single_frame(value: Json, path: str, group: Group, subsets: list[Any]) -> str:
    """What it sees."""
    (name,) = pick(value, path, "name")
    choice(name, path + ".name", *SEES)
    n, words = group.words.n, group.words
    if "sorting" in name:
        require(group.order == factorial(n), path + ".name", "needs the group of all permutations")
    if name != "transversal":
        record(value, path, "name")
        return SEES[name]
    _, listed, order = record(value, path, "name", "subgroup", "subgroup_order")
    generators = read_permutations(listed, path + ".subgroup", words)
    for k, generator in enumerate(generators):
        inside = sifts(words, generator, group.tower)
        require(inside, f"{path}.subgroup[{k}]", "is not in the group")
        for i, subset in enumerate(subsets):
            fixed = {generator[point] for point in subset} == {*subset}
            require(fixed, f"functions[{i}].subset", "is moved by the subgroup of the frame")
    if n > 256:
        raise Declined("a transversal on more than 256 points")
    # Only the identity fixes a vector of different entries.
    found = len(orbit_of(bytes(range(n)), replace(group, generators=generators))[0])
    require(order == text(found), path + ".subgroup_order", f"must be {show(text(found))}")
    return SEES[name]


class Averages:
    """The averages at one point of each orbit of the group on the points of the law.

    That is enough, since they are invariant. The point is the least of its orbit, y, written by the
    positions of its coordinates among the `levels`; of |x| where signs do not matter.
    """

    def __init__(
        self, parts: Parts, subsets: list[Any], phi: Any, law: Law, group: Group, signless: bool
    ) -> None:
        self.parts, self.subsets, self.group, self.signless = parts, subsets, group, signless
        self.phi = phi  # a name, or the coefficients of a polynomial
        self.m = len(subsets[0])
        tables: list[dict[Fraction, Fraction]] = [{} for _ in law.marginals]
        for table, marginal in zip(tables, law.marginals, strict=True):
            for x, w in marginal.atoms:
                key = abs(Fraction(x)) if signless else Fraction(x)
                table[key] = table.get(key, Fraction(0)) + w
        self.levels = sorted({*chain(*tables)})
        places = list(enumerate(self.levels))
        laws = [[(k, table[x]) for k, x in places if x in table] for table in tables]
        self.laws = [laws[c] for c in law.marginal_of]
        self.largest = 1  # number of subsets that a member is spread over
        self.value = cache(self.value)  # type: ignore[method-assign]
        self.spread = lru_cache(16)(self.spread)  # type: ignore[method-assign]

    def points(self) -> Iterator[tuple[bytes, Fraction]]:
        """The least point of each orbit, and the probability of the orbit."""
        n, group = self.group.words.n, self.group
        every = group.order == factorial(n)  # orbits of all permutations: sorted points
        if every:
            count = comb(n + len(self.laws[0]) - 1, n)
            candidates: Iterable[Any] = combinations_with_replacement(self.laws[0], n)
        else:
            count = prod(map(len, self.laws))
            candidates = product(*self.laws)
        if count > MAX_ORBIT or len(self.levels) > 256:
            raise Declined(f"more than {MAX_ORBIT} points, or 256 values of a coordinate")
        seen: set[bytes] = set()
        for chosen in candidates:  # in increasing order, so the first of an orbit is the least
            y = bytes(k for k, _ in chosen)
            if y not in seen:
                group.budget.spend(10 * n, "the points of the law")
                size = factorial(n) // prod(map(factorial, Counter(y).values()))
                if not every:
                    orbit, _ = orbit_of(y, group)
                    seen.update(orbit)
                    size = len(orbit)
                yield y, size * prod((w for _, w in chosen), start=Fraction(1))

    def seen(self, sees: str, y: bytes) -> Seen:
        """What a frame sees of y; None for its values.

        Then g^-1.y = y for all g in F(y), hence f_{gS}(y) = f_S(y): only S itself is needed.
        """
        if sees == "values":
            return None
        return tuple(abs(self.levels[k]) if sees == "sizes" else 0 for k in y)

    def images(self, keys: Seen) -> list[tuple[bytes, ...]]:
        """For each member S the sets gS for the g in F(y), which are equally frequent.

        These g sort the keys, and then move equal ones around.
        """
        n, group = self.group.words.n, self.group
        order = range(n) if keys is None else sorted(range(n), key=keys.__getitem__)
        if keys and len({*keys}) > 1:  # these are sizes, and g is any permutation
            swaps = []
            for i, j in pairwise(order):
                if keys[i] == keys[j]:
                    swap = {i: j, j: i}
                    swaps.append(group.words.permutation(swap.get(k, k) for k in range(n)))
            group = replace(group, generators=swaps)
        known: dict[bytes, tuple[bytes, ...]] = {}
        result = []
        for subset in self.subsets:
            ranks = {order[r] for r in subset}
            start = bytes(int(i in ranks) for i in range(n))
            if start not in known:
                found = (start,) if keys is None else tuple(orbit_of(start, group)[0])
                known |= dict.fromkeys(found, found)
            result.append(known[start])
        return result

    def spread(self, *seen: Seen) -> list[tuple[tuple[int, ...], dict[bytes, Fraction]]]:
        """Members that are spread alike, and their shares in each subset."""
        alike: dict[Any, list[int]] = {}
        for i, lists in enumerate(zip(*map(self.images, seen), strict=True)):
            alike.setdefault(lists, []).append(i)
        result = []
        for lists, members in alike.items():
            shares: dict[bytes, Fraction] = {}
            for (weight, _), images in zip(self.parts, lists, strict=True):
                self.group.budget.spend(10 * len(images), "subsets that members are spread over")
                for image in images:
                    shares[image] = shares.get(image, Fraction(0)) + weight / len(images)
            self.largest = max(self.largest, len(shares))
            result.append((tuple(members), shares))
        return result

    def gram(self) -> list[list[Fraction]]:
        """The inner products of the averages, on and right of the diagonal.

        Where signs do not matter, different f_U are orthogonal on the points with the same |x|, as
        they are odd in different coordinates (M11): then the shares of U in two averages are
        multiplied with f_U(|x|)^2. Otherwise averages are multiplied point by point.
        """
        budget, size = self.group.budget, len(self.subsets)
        if size * size > MAX_PAIRS:
            raise Declined(f"more than {MAX_PAIRS} Gram entries")
        # A column is what members have in common, and how much it counts.
        columns: dict[tuple[tuple[tuple[int, ...], Fraction], ...], Fraction] = {}
        for y, weight in self.points():
            shared: dict[Any, list[tuple[tuple[int, ...], Fraction]]] = {}
            for members, shares in self.spread(*(self.seen(sees, y) for _, sees in self.parts)):
                budget.spend(10 * len(shares), "values of averages")
                if self.signless:
                    for image, share in shares.items():
                        shared.setdefault(image, []).append((members, share))
                    continue
                terms = (share * self.at(y, image) for image, share in shares.items())
                if total := sum(terms, Fraction(0)):
                    shared.setdefault(None, []).append((members, total))
            for image, entries in shared.items():
                column = tuple(entries)
                counts = weight * (self.at(y, image) ** 2 if self.signless else 1)
                columns[column] = columns.get(column, Fraction(0)) + counts
        bottom = lcm(*(value.denominator for column in columns for _, value in column))
        weights = [weight * self.factor for weight in columns.values()]
        unit = lcm(*(weight.denominator for weight in weights))
        totals = [[0] * size for _ in range(size)]
        for column, weight in zip(columns, weights, strict=True):
            found = [(i, int(value * bottom)) for members, value in column for i in members]
            budget.spend(len(found) ** 2, "the Gram matrix")
            whole = sorted(found)
            for k, (i, a) in enumerate(whole):
                line, a = totals[i], a * int(weight * unit)
                for j, b in whole[k:]:
                    line[j] += a * b
        return [[Fraction(total, bottom * bottom * unit) for total in line] for line in totals]

    def at(self, y: bytes, image: bytes) -> Fraction:
        return self.value(bytes(sorted(compress(y, image))))

    def value(self, places: bytes) -> Fraction:
        """f_S divided by the root of `factor`, at inputs that come in any order."""
        sums = {Fraction(0): 1}  # <w, x> for all signs w, with the sum of the products of w
        for x in (self.levels[k] for k in places):
            self.group.budget.spend(len(sums) * self.cost, "values of networks")
            longer: Counter[Fraction] = Counter()
            for u, ways in sums.items():
                longer[u + x] += ways
                longer[u - x] -= ways
            sums = longer
        return sum((ways * self.unit(u) for u, ways in sums.items() if ways), Fraction(0))

    @cached_property
    def cost(self) -> int:
        """Elementary steps for one unit: long numbers count for more."""
        terms = self.phi if type(self.phi) is list else []
        bits = common_bits(self.levels) * max(1, len(terms)) + common_bits(terms)
        return 10 + (1 + len(terms)) * length_cost(bits)

    def unit(self, u: Fraction) -> Fraction:
        """phi(u / sqrt(m)) divided by the root of `factor`.

        Of a polynomial only the powers k of the parity of m remain in the sum over signs.
        """
        if self.phi == "relu":
            return max(u, Fraction(0))
        if self.phi == "abs":
            return abs(u)
        if self.phi == "sign":
            return Fraction((u > 0) - (u < 0))
        powers = range(self.m % 2, len(self.phi), 2)
        return sum((self.phi[k] * u**k / self.m ** (k // 2) for k in powers), Fraction(0))

    @property
    def factor(self) -> Fraction:
        """What a product of two values is multiplied with."""
        root = self.phi in ("relu", "abs") or (type(self.phi) is list and self.m % 2 == 1)
        return Fraction(1, self.m) if root else Fraction(1)

    def table(self) -> Json:
        """The first values of f_S, at inputs in any order, in increasing order of the inputs."""
        inputs = combinations_with_replacement(range(len(self.levels)), self.m)
        table = [
            [*(text(self.levels[k]) for k in places), text(self.value(bytes(places)))]
            for places in islice(inputs, MAX_TABLE)
        ]
        return {"factor": text(self.factor), "table": table}


DERIVATIONS: dict[str, Callable[[Json, Any, Group], Derived]] = {
    "invariant-polynomials": derive_polynomials,
    "sparse-invariant-polynomials": derive_expansions,
    "independent-invariants": derive_independent,
    "expansions": derive_expansions,
    "semi-invariant-polynomials": derive_semi_invariants,
    "moment-invariant-polynomials": derive_moments,
    "parity-networks": derive_networks,
    "frame-averaged": derive_networks,
    "user-defined": derive_user_defined,
    "degree-parity-networks": derive_degree_parities,
    "finite-frame-averages": derive_frames,
    "rotation-networks": derive_isotropic,
    "convolutional-networks": derive_isotropic,
    "graph-feature-networks": derive_isotropic,
}


# ----------------------------------------------------------------------------------------- digests


def integrity(body: dict[str, Json], pieces: dict[str, bytes]) -> Failures:
    """Sections that do not match their digests; or the digest, or the hash, that was changed."""
    stored, failures = body.get("digests"), Failures()
    if type(stored) is not dict:
        return [("digests", "must be an object")]
    actual = {name: sha256(pieces[name]) for name in SECTIONS if name in pieces}
    compare("digests", dict.fromkeys(SECTIONS), dict.fromkeys(stored), failures)
    stale = [name for name in actual if name in stored and stored[name] != actual[name]]
    if stale and seal({**pieces, "digests": canonical({**stored, **actual})}) == body.get("sha256"):
        return [*failures, *((f"digests.{name}", "is not the digest of it") for name in stale)]
    failures += [(name, "does not match its digest: it was changed") for name in stale]
    whole = pieces.keys() == {*SECTIONS, "digests"}  # otherwise the odd field will be named
    if whole and not failures and seal(pieces) != body.get("sha256"):
        failures.append(("sha256", "is not the hash of the content"))
    return failures


def seal(pieces: dict[str, bytes]) -> str:
    """The hash of an object, from the canonical bytes of its fields."""
    fields = (canonical(name) + b":" + piece for name, piece in sorted(pieces.items()))
    return sha256(b"{" + b",".join(fields) + b"}")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# -------------------------------------------------------------------------------------------- main


@dataclass(frozen=True)
class CheckReport:
    """The outcome for a file.

    `accepted`: everything that the file says is true, refutations included. `failures`: otherwise,
    (path, message) pairs, cause first. `declined`: the file could not be read, is no certificate of
    this format, or could not be judged within the limits. `refuted` and `undecided` name the claims
    of an accepted certificate that do not hold; where there are none, the certificate `holds`.
    `tested` names the claims that rest on entries which the family's author gave: they follow from
    these, and nothing here shows that the entries are inner products.
    """

    accepted: bool
    failures: Failures
    declined: bool = False
    refuted: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    tested: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the file is true and every claim in it holds: none is refuted or undecided."""
        return self.accepted and not self.refuted and not self.undecided

    @property
    def verdict(self) -> str:
        """One of "accepted", "rejected", "declined"."""
        return "accepted" if self.accepted else "declined" if self.declined else "rejected"


def check(
    source: str | os.PathLike[str] | bytes, beside: str | os.PathLike[str] | None = None
) -> CheckReport:
    """Re-check one certificate.

    Arguments:
        source: the path of a file, or its bytes.
        beside: for bytes, the path that they were read from: where a file of blocks may lie.

    Returns:
        A CheckReport. No content of a file raises an exception.

    Complexity: every orbit is listed once, every Schreier generator sifted once; at most MAX_WORK
    elementary steps.

    Source: docs/certificates.md; MATH.md M1 to M14 for the theorems behind the claims.

    Examples:
        >>> check(b"[1, 2").verdict
        'declined'
        >>> check(b"{}").failures
        [('format', 'the format must be "symcsq-certificate/1", found none')]
    """
    try:
        body = read_json(source if isinstance(source, bytes) else read_file(source))
        if type(body) is not dict:
            raise Declined("not a JSON object")
        if body.get("format") != FORMAT:
            found = show(body["format"]) if "format" in body else "none"
            message = f"the format must be {show(FORMAT)}, found {found}"
            return CheckReport(False, [("format", message)], declined=True)
        pieces = {name: canonical(value) for name, value in body.items() if name != "sha256"}
    except (Declined, OSError, UnicodeEncodeError, MemoryError) as reason:
        return CheckReport(False, [("", str(reason) or "out of memory")], declined=True)
    broken, failures = integrity(body, pieces), Failures()
    budget = Budget(beside if isinstance(source, bytes) else source)
    try:
        for name, expected in derive(body, budget).items():
            again = canonical(expected)
            if again != pieces[name]:
                compare(name, json.loads(again), body[name], failures)
    except Rejected as refusal:
        failures.append((refusal.args[0], refusal.args[1]))
    except (Declined, OSError, MemoryError) as reason:
        if not broken:
            return CheckReport(False, [("", str(reason) or "out of memory")], declined=True)
    # First what is false inside an altered section, then the section, then what follows from it.
    altered = {path for path, _ in broken}
    inside = [f for f in failures if re.split(r"[.\[]", f[0])[0] in altered]
    outside = [f for f in failures if f not in inside]
    everything = inside + broken + outside
    if everything:
        return CheckReport(False, everything)
    refuted, undecided, tested = (
        tuple(claim["type"] for claim in body["claims"] if claim["status"] == status)
        for status in ("refuted", "undecided", "tested")
    )
    return CheckReport(True, [], refuted=refuted, undecided=undecided, tested=tested)


def read_file(path: str | os.PathLike[str]) -> bytes:
    with open_file(path) as stream:
        return stream.read(MAX_BYTES + 1)


def open_file(path: str | os.PathLike[str]) -> BinaryIO:
    """A regular file, to be read: a pipe or device could block, or never end."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Declined("is not a regular file")
        return open(path, "rb")
    except (OSError, ValueError) as error:
        raise Declined(f"cannot be read: {error}") from None


def main(arguments: list[str]) -> int:
    """Check each file, print what was found, and return the exit code."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print("usage: checker.py FILE...     exit code 0: accepted, 1: rejected, 2: declined")
        return 0 if arguments else 2
    verdicts = set()
    for name in arguments:
        report = check(name)
        verdicts.add(report.verdict)
        tail = f"; it refutes: {', '.join(report.refuted)}" if report.refuted else ""
        if report.undecided and not report.refuted:
            tail = f"; it leaves undecided: {', '.join(report.undecided)}"
        if report.tested and not tail:
            tail = f"; resting on entries that were only tested: {', '.join(report.tested)}"
        print(f"{name}: {report.verdict}{tail}")
        for path, message in report.failures:
            print(f"  {path}: {message}" if path else f"  {message}")
    return 1 if "rejected" in verdicts else 2 if "declined" in verdicts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
