"""Verification of parities of degree counts under a random graph (MATH.md 4.7: M21, M22)."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from symcsq.functions.gram import Gram
from symcsq.verifier import symmetry
from symcsq.verifier.bounds import CorrelationSummary
from symcsq.verifier.certificate import digest
from symcsq.verifier.claims import ClaimLog, ClaimResult, exact_text
from symcsq.verifier.correlated import (
    MOST_LISTED,
    STATEMENTS,
    Correlations,
    SourceEntries,
    SourceGram,
    bound_claim,
    correlation_claims,
    run,
    size_claim,
)
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.sections import distribution_section, group_section, subset_name

LEMMAS = ["M7", "M8", "M9", "M21", "M22"]
CLAIMS = 10

#: Expectations in one item of work: as many sign vectors as are computed side by side.
_CHUNK = 512


def verify_degree_parities(
    family: Any, tolerance: Fraction, log: ClaimLog, work: Any = None
) -> Evidence:
    """Every claim about a family of parities of degree counts."""
    n, probability = family.n, family.p
    group, law = family.group, family.distribution
    subsets = [tuple(member.subset) for member in family]
    masks = [sum(1 << d for d in subset) for subset in subsets]
    complete = masks == [4 * index for index in range(1 << (n - 2))]

    log.add(
        "distribution-preserved",
        "every generator preserves the distribution",
        lambda: symmetry.distribution_preserved(law, group),
    )
    log.add("group-order", "order of the group", lambda: symmetry.group_order(group))
    log.add("invariance", _INVARIANCE, lambda: stars_claim(n, group))
    log.add("realisable", _REALISABLE, lambda: realisable_claim(n, family, subsets))
    log.add("handshake", _HANDSHAKE, lambda: handshake_claim(n, masks))
    needs = ("distribution-preserved",)
    log.announce("expectations")
    source = DegreeParitySource.of(family, masks, work)
    if complete and log.failing(needs) is None:
        correlations = class_claims(source, tolerance, log)
    else:
        correlations = correlation_claims(source, tolerance, log, work, needs=needs)
    return correlations.evidence(
        {
            "lemma": {"name": family.kind, "statements": LEMMAS},
            "distribution": distribution_section(law, 1),
            "group": group_section(group),
            "family": {
                "kind": family.kind,
                "n": n,
                "p": exact_text(probability),
                "members": "all" if complete else "listed",
            },
            "orbits": [],
            "functions": [
                {"name": subset_name("chi", subset), "subset": list(subset)} for subset in subsets
            ],
        }
    )


_INVARIANCE = "every function is fixed by every generator"
_REALISABLE = "a graph network with two hidden layers and integer weights computes each member"
_HANDSHAKE = "no two members are the same function by the handshake lemma"


def stars_claim(n: int, group: Any) -> ClaimResult:
    """Each generator takes the pairs at a vertex to the pairs at a vertex: degrees are permuted."""
    pairs = list(combinations(range(n), 2))
    stars = {frozenset(k for k, pair in enumerate(pairs) if v in pair) for v in range(n)}
    for number, generator in enumerate(group.generators):
        images = generator.images.tolist()
        if any(frozenset(images[k] for k in star) not in stars for star in stars):
            return ClaimResult(
                "invariance",
                _INVARIANCE,
                "refuted",
                f"generator {number} takes the pairs at some vertex to no vertex's pairs",
                witness={"generator": number},
            )
    value = f"{len(group.generators)} generators permute the vertices, and so the degrees"
    return ClaimResult("invariance", _INVARIANCE, "proved", value)


def realisable_claim(n: int, family: Any, subsets: Sequence[tuple[int, ...]]) -> ClaimResult:
    """M22 on the weights of every member, for every graph on n vertices.

    The first layer is applied to the degree of each vertex and summed, so N is a sum over vertices:
    it counts the degrees in S if a vertex of degree d adds 1 for d in S and 0 otherwise, d = 0 …
    n-1. The second layer sees N only, which is 0 … n. Both are finite tables.
    """
    widths = set()
    for index, subset in enumerate(subsets):
        network = family[index].network()
        widths.add((len(network.thresholds), len(network.wave)))
        count = np.maximum(np.arange(n)[:, None] - np.array(network.thresholds), 0)
        added = (count @ np.array(network.readout)).tolist()
        steps = np.maximum(np.arange(n + 1)[:, None] - np.arange(len(network.wave)), 0)
        parity = (1 + steps @ np.array(network.wave)).tolist()
        degree = next((d for d in range(n) if added[d] != (d in subset)), None)
        wrong = next((k for k in range(n + 1) if parity[k] != (-1) ** k), None)
        if degree is not None or wrong is not None:
            where = {"degree": degree} if degree is not None else {"count": wrong}
            return ClaimResult(
                "realisable",
                _REALISABLE,
                "refuted",
                f"the network of member {index} fails at {where}",
                witness={"member": index, **where},
            )
    width = max(widths)
    return ClaimResult(
        "realisable",
        _REALISABLE,
        "proved",
        f"{width[0]} and {width[1]} units, on all graphs with {n} vertices",
        record={"widths": list(width)},
    )


def handshake_claim(n: int, masks: Sequence[int]) -> ClaimResult:
    """Whether no two sets are the same up to exchanging odd degrees, and up to the complement."""
    first: dict[int, tuple[int, int]] = {}
    pairs = []
    for index, mask in enumerate(masks):
        form, sign = normal_form(n, mask)
        other, turned = first.setdefault(form, (index, sign))
        if other != index:
            pairs.append((other, index, sign * turned))
    if not pairs:
        value = f"{len(first)} classes of sets"
        return ClaimResult("handshake", _HANDSHAKE, "proved", value)
    i, j, sign = min(pairs)
    same = "the same function" if sign == 1 else "the same function with the opposite sign"
    return ClaimResult(
        "handshake",
        _HANDSHAKE,
        "refuted",
        f"members {i} and {j} are {same}",
        witness={"pair": [i, j], "sign": sign},
    )


def normal_form(n: int, mask: int) -> tuple[int, int]:
    """(the set without 0 and 1 whose parity is that of `mask` up to sign, this sign).

    The number of vertices of odd degree is even, and there are n vertices: so a set, its symmetric
    difference with the odd numbers, and the complements of both belong together.

    Examples:
        >>> normal_form(5, 0b01110), normal_form(5, 0b00001), normal_form(5, 0b11110)
        ((4, 1), (20, -1), (20, 1))
    """
    sign = 1
    if mask & 1:
        mask, sign = mask ^ ((1 << n) - 1), (-1) ** n
    if mask & 2:
        mask ^= sum(1 << d for d in range(1, n, 2))
    return mask, sign


# -------------------------------------------------------------------------------- inner products


@dataclass
class DegreeParitySource:
    """The Gram matrix: <chi_S, chi_T> is the expectation of the symmetric difference (M21).

    Arguments:
        n: number of vertices.
        even: whether p = 1/2.
        masks: the sets of the members.
        scale: 1 over the common denominator b^{n(n-1)/2}, p = a/b.
        values: numerators by the reduced form of the symmetric difference.
        identity: a digest of n, p and the sets.
    """

    n: int
    even: bool
    masks: Sequence[int]
    scale: Fraction
    values: MutableMapping[int, int] = field(repr=False)
    identity: str

    @classmethod
    def of(cls, family: Any, masks: Sequence[int], work: Any) -> DegreeParitySource:
        """With the expectations of all differences that occur."""
        n, probability = family.n, family.p
        scale = Fraction(1, probability.denominator ** comb(n, 2))
        identity = digest([family.kind, n, str(probability), list(masks)])
        source = cls(n, probability == Fraction(1, 2), masks, scale, {}, identity)
        chosen = np.array(sorted(set(masks)), dtype=np.int64)
        seen = np.zeros(1 << n, dtype=bool)
        for mask in chosen.tolist():
            seen[chosen ^ mask] = True
        forms = sorted({source.reduced_form(mask)[0] for mask in np.flatnonzero(seen).tolist()})
        items = [forms[k : k + _CHUNK] for k in range(0, len(forms), _CHUNK)]
        name = digest([family.kind, n, str(probability)])
        results = run(work, expectations_task, family, items, name="expectations", identity=name)
        for item, result in zip(items, results, strict=True):
            source.values.update(zip(item, map(int, result), strict=True))
        return source

    def __post_init__(self) -> None:
        self.size = len(self.masks)

    def reduced_form(self, mask: int) -> tuple[int, int]:
        """(set, sign) of equal expectation: the normal form, for p = 1/2 the lesser of two.

        The complement of a graph has the degrees n-1-d, and for p = 1/2 the same probability.
        """
        form, sign = normal_form(self.n, mask)
        if not self.even:
            return form, sign
        mirrored = sum(1 << (self.n - 1 - d) for d in range(self.n) if form >> d & 1)
        other, turned = normal_form(self.n, mirrored)
        return min((form, sign), (other, sign * turned))

    def value(self, difference: int) -> int:
        """The numerator of the expectation of one set."""
        form, sign = self.reduced_form(difference)
        return sign * self.values[form]

    def block(self, rows: range, columns: range) -> Any:
        """Numerators, as Python integers."""
        block = np.empty((len(rows), len(columns)), dtype=object)
        known: dict[int, int] = {}
        for a, i in enumerate(rows):
            for b, j in enumerate(columns):
                difference = self.masks[i] ^ self.masks[j]
                if difference not in known:
                    known[difference] = self.value(difference)
                block[a, b] = known[difference]
        return block

    def diagonal(self, rows: range) -> list[int]:
        """The squared norms, all 1."""
        return [self.scale.denominator] * len(rows)


def expectations_task(family: Any, masks: Sequence[int]) -> list[str]:
    """The numerators of some sets, over the common denominator."""
    sets = [[d for d in range(family.n) if mask >> d & 1] for mask in masks]
    denominator = family.p.denominator ** comb(family.n, 2)
    return [str(int(value * denominator)) for value in family.expectations(sets)]


def class_claims(source: DegreeParitySource, tolerance: Fraction, log: ClaimLog) -> Correlations:
    """The claims about the whole class, which is closed under symmetric differences.

    Every row of its Gram matrix has the same entries: those of the first.
    """
    scale, size = source.scale, source.size
    row = [source.value(mask) for mask in source.masks]
    log.add("gram", STATEMENTS["gram"], lambda: _gram_claim(row, scale))
    log.add(
        "norm",
        STATEMENTS["norm"],
        lambda: ClaimResult(
            "norm",
            STATEMENTS["norm"],
            "proved",
            "squared norm 1",
            record={"minimum": "1", "maximum": "1"},
        ),
    )
    largest = max(map(abs, row[1:]), default=0)
    summary = CorrelationSummary(
        size, scale * sum(map(abs, row)), scale * largest, Fraction(1), Fraction(1)
    )
    log.add(
        "near-orthogonality",
        STATEMENTS["near-orthogonality"],
        lambda: _near_orthogonality_claim(row, scale),
    )
    size_claim(size, log)
    bound_claim(summary, tolerance, log, ())
    if size > MOST_LISTED:
        return Correlations(SourceGram(size, SourceEntries(source)), summary, None)
    entries = {
        (i, j): scale * row[i ^ j] for i in range(size) for j in range(i, size) if row[i ^ j]
    }
    return Correlations(Gram(size, entries), summary, None)


def _gram_claim(row: Sequence[int], scale: Fraction) -> ClaimResult:
    return ClaimResult(
        "gram",
        STATEMENTS["gram"],
        "proved",
        f"{len(row)} x {len(row)}, entry (i, j) depends on i xor j",
        record={"differences": [exact_text(scale * value) for value in row]},
    )


def _near_orthogonality_claim(row: Sequence[int], scale: Fraction) -> ClaimResult:
    name, statement = "near-orthogonality", STATEMENTS["near-orthogonality"]
    largest = max(map(abs, row[1:]), default=0)
    if not largest:
        record: dict[str, Any] = {"maximum": "0", "pair": None}
        return ClaimResult(name, statement, "proved", "all are orthogonal", record=record)
    pair = [0, [*map(abs, row)].index(largest, 1)]
    square = (scale * largest) ** 2
    record = {"maximum": exact_text(square), "pair": pair}
    if square == 1:
        return ClaimResult(
            name,
            statement,
            "refuted",
            f"members 0 and {pair[1]} are equal up to scale",
            {"pair": pair, "correlation_squared": "1"},
            record=record,
        )
    text = exact_text(square)
    near = text if len(text) <= 40 else f"about {float(square):.6g}"
    value = f"largest squared correlation {near}, of members 0 and {pair[1]}"
    return ClaimResult(name, statement, "proved", value, record=record)
