"""Verification of the families made from isotropic vectors (MATH.md 4.4 to 4.6: M16 to M20).

Rotation networks, convolutional networks (sums over a group on the rows), and graph networks (sums
over the nodes). A member is given by one vector a = u + iv over the Gaussian integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np

from symcsq.errors import VerificationError
from symcsq.functions.rotation_sums import directions
from symcsq.verifier import symmetry
from symcsq.verifier.certificate import digest
from symcsq.verifier.claims import ClaimLog, ClaimResult, exact_text
from symcsq.verifier.correlated import CLAIMS as TAIL_CLAIMS
from symcsq.verifier.correlated import correlation_claims
from symcsq.verifier.evidence import Evidence
from symcsq.verifier.parities import activation_section
from symcsq.verifier.sections import distribution_section, group_section

ROTATION_CLAIMS = 1 + TAIL_CLAIMS
CONVOLUTIONAL_CLAIMS = 4 + TAIL_CLAIMS
GRAPH_FEATURE_CLAIMS = 5 + TAIL_CLAIMS

_LEMMAS = {
    "rotation-networks": ["M7", "M8", "M9", "M16", "M17", "M18"],
    "convolutional-networks": ["M7", "M8", "M9", "M16", "M17", "M18", "M19"],
    "graph-feature-networks": ["M7", "M8", "M9", "M16", "M17", "M18", "M20"],
}


def verify_rotation_networks(
    family: Any, tolerance: Fraction, log: ClaimLog, work: Any = None
) -> Evidence:
    """Every claim about rotation networks (M16 to M18)."""
    scale = Fraction(factorial(family.power), 2)
    source = IsotropicGram(family, scale)
    _isotropic(source, log)
    tail = correlation_claims(source, tolerance, log, work, needs=("isotropic",))
    return tail.evidence(source.sections)


def verify_convolutional_networks(
    family: Any, tolerance: Fraction, log: ClaimLog, work: Any = None
) -> Evidence:
    """Every claim about sums of rotation filters over a group on the rows (M19)."""
    group = family.row_group
    copies = int(group.order) * (1 if family.full else family.columns)
    scale = Fraction(copies * factorial(family.power), 2)
    source = IsotropicGram(
        family,
        scale,
        group,
        {"columns": family.columns, "filters": "full" if family.full else "columns"},
    )
    log.add("group-order", "order of the group", lambda: symmetry.group_order(group))
    _isotropic(source, log)
    log.add(
        "invariance",
        "every function is fixed by every generator",
        lambda: _whole_group(group),
        needs=("group-order",),
    )
    log.add(
        "mean-zero",
        "every filter has expectation 0",
        lambda: ClaimResult(
            "mean-zero",
            "every filter has expectation 0",
            "proved",
            "the 2k units of a filter have one law and opposite signs",
        ),
        needs=("isotropic",),
    )
    needs = ("group-order", "isotropic", "mean-zero")
    tail = correlation_claims(
        source, tolerance, log, work, needs=needs, bound_needs=("invariance",)
    )
    return tail.evidence(source.sections)


def verify_graph_feature_networks(
    family: Any, tolerance: Fraction, log: ClaimLog, work: Any = None
) -> Evidence:
    """Every claim about sums of rotation networks over the nodes of a fixed graph (M20)."""
    group, matrix = family.node_group, family.matrix
    factor = graph_factor(matrix, family.power)
    source = IsotropicGram(
        family,
        Fraction(factorial(family.power), 2) * (factor or 1),
        group,
        {
            "features": family.features,
            "matrix": [" ".join(map(exact_text, row)) for row in matrix],
        },
        vanishes=factor == 0,
    )
    log.add("group-order", "order of the group", lambda: symmetry.group_order(group))
    _isotropic(source, log)
    log.add(
        "graph-preserved",
        "every generator preserves the aggregation matrix",
        lambda: _graph_preserved(group, matrix),
    )
    log.add(
        "invariance",
        "every function is fixed by every generator",
        lambda: ClaimResult(
            "invariance",
            "every function is fixed by every generator",
            "proved",
            f"a sum over all {len(matrix)} nodes",
        ),
        needs=("graph-preserved",),
    )
    log.add(
        "graph-factor",
        "factor c_k(A) of the graph",
        lambda: ClaimResult(
            "graph-factor",
            "factor c_k(A) of the graph",
            "proved",
            exact_text(factor),
            record={"value": exact_text(factor)},
        ),
    )
    tail = correlation_claims(
        source,
        tolerance,
        log,
        work,
        needs=("group-order", "isotropic"),
        bound_needs=("graph-preserved", "invariance"),
    )
    return tail.evidence(source.sections)


class IsotropicGram:
    """The Gram matrix of such a family: integers for powers, else exact numbers and enclosures.

    Arguments:
        family: the family.
        scale: what the integers of powers are multiplied with.
        group: acts on rows or nodes; None: the family's own, on the coordinates.
        parameters: fields of the family's section besides kind, power and activation.
        vanishes: for powers: every entry is 0 whatever the vectors.
    """

    def __init__(
        self,
        family: Any,
        scale: Fraction,
        group: Any = None,
        parameters: dict[str, Any] | None = None,
        *,
        vanishes: bool = False,
    ) -> None:
        group = family.group if group is None else group
        self.family = family
        self.size = int(family.size)
        self.powers = family.activation is None
        self.scale = scale if self.powers else Fraction(1)
        self.vanishes = vanishes
        names = [f"f{i}" for i in range(self.size)]
        vectors = [[" ".join(map(str, row)) for row in w.tolist()] for w in (family.u, family.v)]
        self.sections: dict[str, Any] = {
            "lemma": {"name": family.kind, "statements": _LEMMAS[family.kind]},
            "distribution": distribution_section(family.distribution, 1),
            "group": group_section(group),
            "family": {
                "kind": family.kind,
                "power": family.power,
                "activation": rotation_activation(family.activation),
                **(parameters or {}),
            },
            "orbits": [],
            "functions": [
                {"name": name, "u": u, "v": v}
                for name, u, v in zip(names, vectors[0], vectors[1], strict=True)
            ],
        }
        self.identity = digest([self.sections[name] for name in ("group", "family", "functions")])
        self._shifts = group if family.kind == "convolutional-networks" else None

    def block(self, rows: range, columns: range) -> Any:
        """Some rows and columns."""
        if self.powers:
            spans = (slice(rows.start, rows.stop), slice(columns.start, columns.stop))
            block = self.family.gram_integers(*spans)
            return block * 0 if self.vanishes else block
        entry = self.family.gram_entry
        if rows != columns:
            return [[entry(i, j) for j in columns] for i in rows]
        upper = {(i, j): entry(i, j) for i in rows for j in columns if i <= j}
        return [[upper[min(i, j), max(i, j)] for j in columns] for i in rows]

    def diagonal(self, rows: range) -> list[Any]:
        """The values on the diagonal."""
        if not self.powers:
            return [self.family.gram_entry(i, i) for i in rows]
        values: list[Any] = []
        for start in range(rows.start, rows.stop, 16):
            part = range(start, min(start + 16, rows.stop))
            values += np.diagonal(self.block(part, part)).tolist()
        return values

    def twins(self) -> tuple[int, int] | None:
        """The least pair of members whose hidden units agree up to shifts, and up to sign."""
        if self.powers or self.family.activation.name == "polynomial":
            return None  # exact arithmetic decides
        shifts = np.arange(self.family.u.shape[1])[None, :]
        if self._shifts is not None:
            inverse = np.array([np.argsort(g.images) for g in self._shifts.elements()])
            width = shifts.shape[1] // inverse.shape[1]
            grid = inverse[:, :, None] * width + np.arange(width)
            shifts = grid.reshape(len(inverse), -1)
        first: dict[Any, int] = {}
        pairs = []
        for j, (u, v) in enumerate(zip(self.family.u, self.family.v, strict=True)):
            i = first.setdefault(network_form(u, v, self.family.power, shifts), j)
            if i != j:
                pairs.append((i, j))
        return min(pairs, default=None)


def network_form(u: Any, v: Any, power: int, shifts: Any) -> tuple[tuple[bytes, int], ...]:
    """The hidden units of a member, in one form for all that are equal up to shifts and sign.

    The member is a sum over j = 1..k of (-1)^j [w_j], w_j = cos(πj/k) u + sin(πj/k) v, where [gw] =
    [w] for every shift g, and [-w] = (-1)^k [w]: only Hermite degrees of the parity of k survive.

    Arguments:
        u, v: integer vectors.
        power: k.
        shifts: (|G|, n) array of the indices with (g·w) = w[indices].

    Returns:
        The units [w] with their coefficients.

    Examples:
        >>> a, b, one = np.array([1, 0, 2]), np.array([0, 1, -2]), np.array([[0, 1, 2]])
        >>> network_form(a, b, 2, one) == network_form(-b, a, 2, one)
        True
        >>> network_form(a, b, 3, one) == network_form(-b, a, 3, one)
        False
    """
    units: dict[bytes, int] = {}
    for j, (cosine, sine) in enumerate(directions(power), 1):
        w = np.multiply.outer(u, np.array(cosine)) + np.multiply.outer(v, np.array(sine))
        rows = w[shifts].reshape(len(shifts), -1)
        least, opposite = _least(rows), _least(-rows)
        if power % 2 and least == opposite:
            continue
        sign = -1 if power % 2 and opposite < least else 1
        key = min(least, opposite)
        units[key] = units.get(key, 0) + sign * (-1) ** j
    form = sorted((key, count) for key, count in units.items() if count)
    return min(tuple(form), tuple((key, -count) for key, count in form))


def _least(rows: Any) -> bytes:
    """The least row, as bytes that compare like it among rows of one shape."""
    first = rows[np.lexsort(rows.T[::-1])[0]] if len(rows) > 1 else rows[0]
    return bytes((first.astype(np.int64) + (1 << 62)).astype(">u8").tobytes())


def rotation_activation(activation: Any) -> dict[str, Any] | None:
    """The activation, as certificates describe it; None for powers.

    Raises:
        VerificationError: an activation whose entries cannot be checked again.
    """
    if activation is None:
        return None
    section = activation_section(activation)
    if section.get("name", "relu") not in ("relu", "abs", "sign", "erf"):
        raise VerificationError(
            "activation: must be relu, abs, sign, erf, a polynomial or a Hermite series to be "
            f"verified, got {activation}; write it as a HermiteSeries"
        )
    return section


def graph_factor(matrix: Sequence[Sequence[Fraction]], power: int) -> Fraction:
    """c_k(A), the sum of the k-th powers of the entries of A times its transpose (M20).

    Examples:
        >>> graph_factor([[Fraction(0), Fraction(1)], [Fraction(1), Fraction(0)]], 3)
        Fraction(2, 1)
    """
    products = (sum((a * b for a, b in zip(r, s, strict=True)), Fraction(0))
                for r in matrix for s in matrix)  # fmt: skip
    return sum((c**power for c in products), Fraction(0))


def _isotropic(source: IsotropicGram, log: ClaimLog) -> None:
    family = source.family
    statement = "every vector a has a.a = 0 and is not 0"

    def check() -> ClaimResult:
        u, v = (w.astype(object) for w in (family.u, family.v))
        lengths, real, mixed = (x.sum(axis=1).tolist() for x in (u * u, v * v, u * v))
        for i, (first, second, product) in enumerate(zip(lengths, real, mixed, strict=True)):
            if first != second or product or not first:
                raise VerificationError(
                    f"vectors: must be isotropic and not 0, vector {i} has u.u = {first}, "
                    f"v.v = {second}, u.v = {product}; this is a fault of the family"
                )
        ends = [str(min(lengths)), str(max(lengths))]
        value = (
            f"|u|^2 = |v|^2 = {ends[0]}"
            if ends[0] == ends[1]
            else (f"|u|^2 = |v|^2 from {ends[0]} to {ends[1]}")
        )
        # Some inputs may leave all entries as they are, such as an even part when k is odd.
        inputs = digest([source.sections["family"], source.sections["functions"]])
        record = {"length_squared": ends, "inputs": inputs}
        return ClaimResult("isotropic", statement, "proved", value, record=record)

    log.add("isotropic", statement, check)


def _whole_group(group: Any) -> ClaimResult:
    """The elements that are summed over are closed under every generator, and |G| many."""
    statement = "every function is fixed by every generator"
    elements = np.array([g.images for g in group.elements()])
    distinct = np.unique(elements, axis=0)
    moved = [np.unique(g.images[elements], axis=0) for g in group.generators]
    if len(distinct) != group.order or any(not np.array_equal(m, distinct) for m in moved):
        raise VerificationError(
            f"group: {len(distinct)} elements are listed for order {group.order}, or they are not "
            "closed under the generators; this is a fault of the group"
        )
    value = f"a sum over all {len(distinct)} elements"
    return ClaimResult("invariance", statement, "proved", value)


def _graph_preserved(group: Any, matrix: Sequence[Sequence[Fraction]]) -> ClaimResult:
    """``A[g v][g w] = A[v][w]`` for every generator."""
    nodes = range(len(matrix))
    for k, generator in enumerate(group.generators):
        g = generator.images.tolist()
        if any(matrix[g[v]][g[w]] != matrix[v][w] for v in nodes for w in nodes):
            raise VerificationError(
                f"group: must preserve the graph, generator {k} does not; "
                "this is a fault of the family"
            )
    count = len(group.generators)
    generators = "1 generator" if count == 1 else f"{count} generators"
    return ClaimResult(
        "graph-preserved",
        "every generator preserves the aggregation matrix",
        "proved",
        f"{generators}, {len(matrix)} nodes",
    )
