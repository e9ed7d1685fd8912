"""Checks of the numbers: Gram matrix, norms, orthogonality, and the bound that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from symcsq.functions.gram import Gram
from symcsq.verifier.bounds import CorrelationSummary, query_bound
from symcsq.verifier.certificate import digest
from symcsq.verifier.claims import ClaimResult, exact_text
from symcsq.verifier.gram import orbit_gram
from symcsq.verifier.orbit_facts import OrbitFacts
from symcsq.verifier.orbit_points import Words, vector_of
from symcsq.verifier.work import Work

if TYPE_CHECKING:
    from symcsq.distributions import Product

# Pairs of subsets that are compared in one array, and in one item of work.
_PAIRS_AT_ONCE = 1 << 21
_PAIRS_OF_ITEM = 1 << 24


def orbit_norms(distribution: Product, orbits: Sequence[OrbitFacts]) -> tuple[list[Fraction], str]:
    """``|O| h_O`` for each orbit (M2), compared with the sum of ``h_beta`` over its words.

    Returns:
        (the norms, "" or what does not agree).
    """
    places = {facts.word: k for k, facts in reversed(list(enumerate(orbits)))}
    distinct = sorted(places.values())
    representatives = np.array([orbits[k].word for k in distinct], dtype=np.int64)
    values, kinds = norms_of_words(distribution, representatives.reshape(len(distinct), -1))
    norms = {
        k: orbits[k].size * values[kind] for k, kind in zip(distinct, kinds.tolist(), strict=True)
    }
    expanded = [k for k in distinct if orbits[k].words is not None]
    sums = sums_of_norms(distribution, [orbits[k].words for k in expanded])
    for k, total in zip(expanded, sums, strict=True):
        if total != norms[k]:
            return [], f"orbit {k}: |O| h_O = {norms[k]}, but its terms sum to {total}"
    return [norms[places[facts.word]] for facts in orbits], ""


def norms_of_words(distribution: Product, words: Words) -> tuple[list[Fraction], NDArray[Any]]:
    """The norms ``h_beta`` that occur among some words, and for each word which of them it has.

    h depends only on the law at each letter and on which neighbouring letters are equal: each such
    pattern that occurs is evaluated once.

    Examples:
        >>> from symcsq.distributions import Gaussian
        >>> values, kinds = norms_of_words(Gaussian().on(3), np.array([[0, 1], [0, 0], [2, 2]]))
        >>> [str(values[kind]) for kind in kinds.tolist()]
        ['1', '2', '2']
    """
    letters, count = words.shape[1], len(distribution.marginals)
    law_of = np.asarray(distribution.marginal_of, dtype=np.int64)
    if count**letters << letters < 1 << 62:
        codes = np.zeros(len(words), dtype=np.int64)
        for k in range(letters):
            if count > 1:
                codes = codes * count + law_of[words[:, k]]
            if k:
                codes = codes * 2 + (words[:, k] == words[:, k - 1])
        _, first, kinds = np.unique(codes, return_index=True, return_inverse=True)
    else:
        same = (words[:, 1:] == words[:, :-1]).astype(np.int64)
        pattern = np.concatenate([law_of[words], same], axis=1)
        _, first, kinds = np.unique(pattern, axis=0, return_index=True, return_inverse=True)
    values = [
        distribution.norm(vector_of(words[row].tolist(), distribution.dimension))
        for row in first.tolist()
    ]
    return values, kinds.ravel()


def sums_of_norms(distribution: Product, sets: Sequence[Words | None]) -> list[Fraction]:
    """``sum h_beta`` over each of several sets of words, all of one length."""
    given = [words for words in sets if words is not None]
    if not given:
        return []
    values, kinds = norms_of_words(distribution, np.concatenate(given))
    owner = np.repeat(np.arange(len(given)), [len(words) for words in given])
    unit = lcm(*(value.denominator for value in values))
    totals = [0] * len(given)  # in units of 1/unit
    for kind, value in enumerate(values):
        counts = np.bincount(owner[kinds == kind], minlength=len(given))
        present, scaled = np.flatnonzero(counts), int(value * unit)
        for k, count in zip(present.tolist(), counts[present].tolist(), strict=True):
            totals[k] += count * scaled
    fractions = {total: Fraction(total, unit) for total in {*totals}}
    return [fractions[total] for total in totals]


def gram_of_orbit_sums(
    functions: Sequence[Mapping[int, Fraction]],
    orbits: Sequence[OrbitFacts],
    norms: Sequence[Fraction],
) -> Gram:
    """``C diag(|O| h_O) C^T`` (M2), where an orbit that is listed twice is one column of C."""
    first = {facts.word: k for k, facts in reversed(list(enumerate(orbits)))}
    column = [first[facts.word] for facts in orbits]
    rows: list[dict[int, Fraction]] = []
    for function in functions:
        row: dict[int, Fraction] = {}
        for orbit, coefficient in function.items():
            row[column[orbit]] = row.get(column[orbit], Fraction(0)) + coefficient
        rows.append(row)
    return orbit_gram(rows, norms)


def gram_claim(gram: Gram) -> ClaimResult:
    """The exact Gram matrix as a claim: every non-zero entry is listed, the rest is 0."""
    entries = [
        [i, j, exact_text(entry)]
        for (i, j), entry in sorted(gram.entries.items(), key=lambda item: item[0])
        if isinstance(entry, Fraction)
    ]
    return ClaimResult(
        "gram",
        "exact Gram matrix",
        "proved",
        f"{gram.size} x {gram.size}, {len(entries)} entries on or above the diagonal are not 0",
        record={"entries": entries, "rest": "0"},
    )


def norm_claim(gram: Gram) -> ClaimResult:
    """No member vanishes: the least and the largest squared norm, exactly."""
    statement = "no member is the zero function"
    diagonal = [Fraction(entry) for entry in gram.diagonal() if isinstance(entry, Fraction)]
    least, largest = min(diagonal), max(diagonal)
    record = {"minimum": exact_text(least), "maximum": exact_text(largest)}
    if least <= 0:
        member = diagonal.index(least)
        return ClaimResult(
            "norm",
            statement,
            "refuted",
            f"member {member} has squared norm {least}",
            witness={"member": member, "norm_squared": exact_text(least)},
            record=record,
        )
    value = (
        f"squared norms from {least} to {largest}" if least < largest else f"squared norm {least}"
    )
    return ClaimResult("norm", statement, "proved", value, record=record)


def orthogonality_claim(gram: Gram) -> ClaimResult:
    """No two different members correlate; else the pair with the largest correlation."""
    largest, pair = gram.largest_correlation()
    return orthogonality_result(largest, pair)


def orthogonality_result(largest: Fraction, pair: tuple[int, int] | None) -> ClaimResult:
    """The claim for a largest squared correlation and the least pair that attains it."""
    statement = "different members are orthogonal"
    record = {"maximum": exact_text(largest)}
    if pair is None:
        return ClaimResult("orthogonality", statement, "proved", record=record)
    return ClaimResult(
        "orthogonality",
        statement,
        "refuted",
        f"members {pair[0]} and {pair[1]} have squared correlation {largest}",
        witness={"pair": list(pair), "correlation_squared": exact_text(largest)},
        record=record,
    )


def first_not_separated(masks: np.ndarray, work: Work | None = None) -> tuple[int, int] | None:
    """The least pair of subsets that no sign flip tells apart.

    A flip of an input in S but not in T negates f_S and leaves f_T, so the pair is orthogonal
    (M11). For every pair such an input is looked for, in blocks of rows.

    Arguments:
        masks: (N, words) array of 64-bit words, the subsets as bit masks; all of one size.
        work: where the blocks are computed and kept; None: here.

    Complexity: N**2 words / 2.

    Examples:
        >>> first_not_separated(np.array([[3], [5], [6], [5]], dtype=np.uint64))
        (1, 3)
    """
    count = len(masks)
    height = max(1, _PAIRS_OF_ITEM // max(1, count))
    blocks = [[start, min(start + height, count)] for start in range(0, count, height)]
    identity = digest([list(masks.shape), sha256(masks.tobytes()).hexdigest()])
    for pair in (work or Work()).map(
        not_separated_from, masks, blocks, name="separation", identity=identity
    ):
        if pair is not None:
            return pair[0], pair[1]
    return None


def not_separated_from(masks: np.ndarray, block: Sequence[int]) -> list[int] | None:
    """The least pair (i, j), i < j, of subsets that no flip tells apart, with i in a block of rows.

    Examples:
        >>> not_separated_from(np.array([[3], [5], [6], [5]], dtype=np.uint64), [1, 2])
        [1, 3]
    """
    count, words = masks.shape
    height = max(1, _PAIRS_AT_ONCE // max(1, count))
    for start in range(block[0], block[1], height):
        rows = masks[start : min(start + height, block[1])]
        separated = np.zeros((len(rows), count - start), dtype=bool)
        for word in range(words):
            inside, other = rows[:, word, None], masks[None, start:, word]
            separated |= (inside & ~other) != 0
        # Only pairs i < j: the diagonal and what is left of it are not pairs.
        separated |= np.tri(len(rows), count - start, dtype=bool)
        if not separated.all():
            i, j = np.argwhere(~separated)[0].tolist()
            return [start + i, start + j]
    return None


def subset_masks(subsets: Sequence[Sequence[int]], degree: int) -> np.ndarray:
    """Subsets as bit masks: an array of shape (number of subsets, 64-bit words).

    Examples:
        >>> subset_masks([(0, 1), (0, 64)], 65).tolist()
        [[3, 0], [1, 1]]
    """
    words = max(1, (degree + 63) // 64)
    masks = np.zeros((len(subsets), words), dtype=np.uint64)
    if subsets and len(subsets[0]):
        points = np.asarray(subsets, dtype=np.int64)
        bits = np.left_shift(np.uint64(1), (points % 64).astype(np.uint64))
        for column in range(points.shape[1]):
            # One point a row and column, so no two writes of one column meet.
            masks[np.arange(len(subsets)), points[:, column] // 64] |= bits[:, column]
    return masks


def csq_bound_claim(size: int, tolerance: Fraction) -> ClaimResult:
    """M9 for an orthogonal class scaled to unit norms (M10)."""
    bound = query_bound(CorrelationSummary.orthonormal(size), tolerance)
    record: dict[str, Any] = {
        "tolerance": exact_text(bound.tolerance),
        "members": str(bound.members),
        "row_sum": exact_text(bound.row_sum),
        "form": bound.form,
        "bound": exact_text(bound.value),
        "queries": str(bound.queries),
        "loss_below": exact_text(bound.loss_below),
    }
    return ClaimResult(
        "csq-bound", "queries that a CSQ learner needs", "proved", str(bound), record=record
    )
