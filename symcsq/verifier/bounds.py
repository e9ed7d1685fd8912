"""What the correlations of a class imply for learners: M7, M8 and M9, in exact rationals.

Notation of MATH.md section 3: for a finite class C, ``A[f, g] = |<f, g>|``, ``R = max_f sum_g A[f,
g]`` is the *row sum*, ``beta`` and ``eta`` are the largest and smallest squared norm, and the
*coherence* ``gamma_0`` is the largest ``A[f, g]`` with f != g. Every formula here only needs an
upper bound of R and of gamma_0 to stay true, so an enclosed class passes the upper ends of its
enclosures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

from symcsq.errors import VerificationError
from symcsq.exact import rational

Form = Literal["bessel", "sda"]


@dataclass(frozen=True, slots=True)
class CorrelationSummary:
    """The five numbers of a class on which the bounds depend.

    Arguments:
        size: number of members of the class (listed or not), >= 0.
        row_sum: R, or an upper bound of it.
        coherence: gamma_0, or an upper bound of it (0 for an orthogonal class).
        largest: beta, the largest squared norm, or an upper bound of it.
        smallest: eta, the smallest squared norm, or a lower bound of it.

    Raises:
        VerificationError: a negative number, or ``smallest > largest``, or ``largest > row_sum``.

    Source: MATH.md section 3.

    Examples:
        >>> CorrelationSummary.orthonormal(120).row_sum
        Fraction(1, 1)
    """

    size: int
    row_sum: Fraction
    coherence: Fraction
    largest: Fraction
    smallest: Fraction

    def __post_init__(self) -> None:
        for name in ("size", "row_sum", "coherence", "largest", "smallest"):
            if getattr(self, name) < 0:
                raise VerificationError(
                    f"{name}: must be >= 0, got {getattr(self, name)}; pass absolute correlations"
                )
        if not self.smallest <= self.largest <= self.row_sum:
            raise VerificationError(
                "smallest, largest, row_sum: must increase in this order, got "
                f"{self.smallest}, {self.largest}, {self.row_sum}; "
                "a row sum contains the squared norm of its member"
            )

    @classmethod
    def orthonormal(cls, size: int) -> CorrelationSummary:
        """The summary of `size` orthogonal members scaled to unit norm (M10).

        Examples:
            >>> CorrelationSummary.orthonormal(3).coherence
            Fraction(0, 1)
        """
        one = Fraction(1)
        return cls(size, one, Fraction(0), one, one)

    @classmethod
    def from_matrix(cls, gram: Sequence[Sequence[Fraction | int]]) -> CorrelationSummary:
        """The summary of a class given by its whole Gram matrix.

        Arguments:
            gram: square symmetric matrix of rationals, ``gram[i][j] = <f_i, f_j>``, at least 1 x 1.

        Raises:
            VerificationError: the matrix is empty, not square, not symmetric, or has a negative
                diagonal entry.

        Complexity: N**2 additions of rationals.

        Examples:
            >>> summary = CorrelationSummary.from_matrix([[2, -1], [-1, 1]])
            >>> [
            ...     str(x)
            ...     for x in (summary.row_sum, summary.coherence, summary.largest, summary.smallest)
            ... ]
            ['3', '1', '2', '1']
        """
        size = len(gram)
        if size == 0 or any(len(row) != size for row in gram):
            raise VerificationError(
                f"gram: must be a square matrix with at least one row, got {size} rows of lengths "
                f"{sorted({len(row) for row in gram})}; pass one row per member"
            )
        rows = [[Fraction(entry) for entry in row] for row in gram]
        for i in range(size):
            for j in range(i):
                if rows[i][j] != rows[j][i]:
                    raise VerificationError(
                        f"gram: must be symmetric, got {rows[i][j]} at ({i}, {j}) and "
                        f"{rows[j][i]} at ({j}, {i}); pass <f_i, f_j> for both orders"
                    )
        diagonal = [rows[i][i] for i in range(size)]
        if min(diagonal) < 0:
            where = diagonal.index(min(diagonal))
            raise VerificationError(
                f"gram: diagonal entries are squared norms and must be >= 0, got {diagonal[where]} "
                f"at ({where}, {where}); check that member's norm"
            )
        coherence = max(
            (abs(rows[i][j]) for i in range(size) for j in range(i)), default=Fraction(0)
        )
        row_sum = max(sum((abs(entry) for entry in row), Fraction(0)) for row in rows)
        return cls(size, row_sum, coherence, max(diagonal), min(diagonal))


def statistical_dimension_by_row_sum(summary: CorrelationSummary, gamma: Fraction) -> Fraction:
    """M7, first form: ``SDA(C, gamma) >= |C| gamma / R``.

    Examples:
        >>> statistical_dimension_by_row_sum(CorrelationSummary.orthonormal(120), Fraction(1, 100))
        Fraction(6, 5)
    """
    if summary.row_sum == 0:
        raise VerificationError(
            "row_sum: must be > 0, got 0; every member of the class is the zero function, "
            "remove them first"
        )
    return summary.size * gamma / summary.row_sum


def statistical_dimension_by_coherence(
    summary: CorrelationSummary, gamma: Fraction
) -> Fraction | None:
    """M7, second form: ``SDA(C, gamma) >= |C| (gamma - gamma_0) / (beta - gamma_0)``.

    Returns:
        The rational, or None when ``gamma <= gamma_0``, where this form says nothing.

    Examples:
        >>> near = CorrelationSummary(
        ...     1000, Fraction(100), Fraction(1, 200), Fraction(1), Fraction(1)
        ... )
        >>> statistical_dimension_by_coherence(near, Fraction(1, 100))
        Fraction(1000, 199)
        >>> statistical_dimension_by_coherence(near, Fraction(1, 200)) is None
        True
    """
    if gamma <= summary.coherence:
        return None
    if gamma >= summary.largest:
        raise VerificationError(
            f"gamma: must be below the largest squared norm {summary.largest}, got {gamma}; "
            "above it the statistical dimension is infinite and implies nothing"
        )
    return summary.size * (gamma - summary.coherence) / (summary.largest - summary.coherence)


def statistical_dimension(summary: CorrelationSummary, gamma: Fraction) -> Fraction:
    """The better of the two lower bounds of ``SDA(C, gamma)`` (M7).

    Arguments:
        summary: the numbers of the class.
        gamma: average correlation, ``0 < gamma < beta``.

    Returns:
        An exact rational d: every C' in C with ``|C'| >= |C|/d`` has average correlation at most
        gamma.

    Raises:
        VerificationError: gamma out of range, or a class of zero functions.

    Source: MATH.md M7 (Feldman, Grigorescu, Reyzin, Vempala, Xiao, JACM 2017).

    Examples:
        >>> near = CorrelationSummary(
        ...     1000, Fraction(100), Fraction(1, 200), Fraction(1), Fraction(1)
        ... )
        >>> statistical_dimension(near, Fraction(1, 100))
        Fraction(1000, 199)
    """
    if not 0 < gamma < summary.largest:
        raise VerificationError(
            f"gamma: must satisfy 0 < gamma < {summary.largest} (the largest squared norm), "
            f"got {gamma}; choose a smaller correlation"
        )
    by_row_sum = statistical_dimension_by_row_sum(summary, gamma)
    by_coherence = statistical_dimension_by_coherence(summary, gamma)
    return by_row_sum if by_coherence is None else max(by_row_sum, by_coherence)


def members_ruled_out(summary: CorrelationSummary, tolerance: Fraction) -> Fraction:
    """M8: a unit query correlates beyond `tolerance` with at most ``R / tolerance**2`` members.

    Arguments:
        summary: the numbers of the class.
        tolerance: tau > 0.

    Raises:
        VerificationError: tolerance <= 0.

    Examples:
        >>> members_ruled_out(CorrelationSummary.orthonormal(120), Fraction(1, 10))
        Fraction(100, 1)
    """
    if tolerance <= 0:
        raise VerificationError(f"tolerance: must be > 0, got {tolerance}; for example 1/10")
    return summary.row_sum / tolerance**2


@dataclass(frozen=True, slots=True)
class QueryBound:
    """A lower bound on the correlational statistical queries that a learner needs (M9).

    `value` is the exact rational; `queries` the integer ``max(0, ceil(value))``. It holds for every
    deterministic learner whose queries have norm at most 1 and are answered within `tolerance`, and
    whose squared loss is strictly below `loss_below` on every member of the class. When every
    member has norm 1 (`unit`; M10 scales any class so), this is a statement about members of any
    norm |f|: answers within ``tolerance * |f|``, squared loss below ``loss_below * |f|**2``.

    `dimension_by_row_sum` and `dimension_by_coherence` are the two lower bounds of
    ``SDA(C, tau**2)`` (M7); the second is None where it says nothing.

    Examples:
        >>> bound = query_bound(CorrelationSummary.orthonormal(4096), Fraction(1, 10))
        >>> bound.value, bound.queries, bound.form
        (Fraction(999, 25), 40, 'bessel')
        >>> bound.statistical_dimension, bound.sda
        (Fraction(1024, 25), Fraction(487, 25))
    """

    tolerance: Fraction
    members: int
    row_sum: Fraction
    form: Form
    value: Fraction
    loss_below: Fraction
    unit: bool = False
    dimension_by_row_sum: Fraction = Fraction(0)
    dimension_by_coherence: Fraction | None = None

    @property
    def queries(self) -> int:
        """The least number of queries, as an integer."""
        return max(0, ceil(self.value))

    @property
    def is_trivial(self) -> bool:
        """Whether the bound says nothing: no query at all is forced."""
        return self.value <= 0

    @property
    def statistical_dimension(self) -> Fraction:
        """The better of the two lower bounds of ``SDA(C, tau**2)`` (M7)."""
        return max(self.dimension_by_row_sum, self.dimension_by_coherence or Fraction(0))

    @property
    def bessel(self) -> Fraction:
        """The Bessel form of the bound, ``|C| tau**2 / R - 1`` (M8)."""
        return self.dimension_by_row_sum - 1

    @property
    def sda(self) -> Fraction:
        """The form through the statistical dimension, ``SDA(C, tau**2) / 2 - 1``."""
        return self.statistical_dimension / 2 - 1

    @property
    def log2_queries(self) -> float | None:
        """The base-2 logarithm of `queries`, rounded: to display, never to decide; None for 0.

        Examples:
            >>> query_bound(CorrelationSummary.orthonormal(2**1000), Fraction(1, 2)).log2_queries
            998.0
        """
        from math import log2

        return log2(self.queries) if self.queries else None

    @property
    def formula(self) -> str:
        """The bound as a formula in tau.

        Examples:
            >>> query_bound(CorrelationSummary.orthonormal(1820), Fraction(1, 10)).formula
            '1820 tau^2 - 1'
        """
        if self.form == "sda":
            return "SDA(C, tau^2) / 2 - 1"
        scale = "" if self.row_sum == 1 else f" / {self.row_sum}"
        return f"{self.members} tau^2{scale} - 1"

    def __str__(self) -> str:
        at = f"tau = {self.tolerance}"
        if self.is_trivial:
            return f"trivial: {self.formula} = {self.value} at {at}, no query is forced"
        queries = "1 query" if self.queries == 1 else f"{self.queries} queries"
        within, loss = ("tau*|f|", f"{self.loss_below} |f|^2") if self.unit else ("tau", None)
        return (
            f"{self.formula} = {self.value} at {at}: a deterministic learner needs at least "
            f"{queries} answered within {within} to reach squared loss below "
            f"{loss or self.loss_below}"
        )


def query_bound(summary: CorrelationSummary, tolerance: Fraction) -> QueryBound:
    """The better of the two forms of M9; a tie goes to the Bessel form.

    Arguments:
        summary: the numbers of the class.
        tolerance: tau, with ``0 < tau**2 < eta``.

    Returns:
        The bound: ``|C| tau**2 / R - 1`` (form "bessel") or ``SDA(C, tau**2) / 2 - 1`` (form
        "sda"), with ``loss_below = eta - tau**2``. An empty class gives -1, 0 queries.

    Raises:
        VerificationError: the tolerance is out of range (the statement would be empty).

    Source: MATH.md M8, M9.

    Examples:
        >>> near = CorrelationSummary(
        ...     1000, Fraction(100), Fraction(1, 200), Fraction(1), Fraction(1)
        ... )
        >>> bound = query_bound(near, Fraction(1, 10))
        >>> bound.form, bound.value, bound.queries
        ('sda', Fraction(301, 199), 2)
    """
    if tolerance <= 0 or tolerance**2 >= summary.smallest:
        raise VerificationError(
            f"tolerance: must satisfy 0 < tolerance**2 < {summary.smallest} (the smallest squared "
            f"norm), got {tolerance}; choose a smaller tolerance, for example 1/10"
        )
    gamma = tolerance**2
    loss_below = summary.smallest - gamma
    unit = summary.smallest == summary.largest == 1
    if summary.size == 0:
        return QueryBound(tolerance, 0, summary.row_sum, "bessel", Fraction(-1), loss_below, unit)
    bessel = summary.size / members_ruled_out(summary, tolerance) - 1
    sda = statistical_dimension(summary, gamma) / 2 - 1
    form: Form = "bessel" if bessel >= sda else "sda"
    value = max(bessel, sda)
    return QueryBound(
        tolerance,
        summary.size,
        summary.row_sum,
        form,
        value,
        loss_below,
        unit,
        statistical_dimension_by_row_sum(summary, gamma),
        statistical_dimension_by_coherence(summary, gamma),
    )


def bound_curve(
    summary: CorrelationSummary, tolerances: Iterable[object] | None = None
) -> list[QueryBound]:
    """The bound at several tolerances, each exact.

    Arguments:
        summary: the numbers of the class.
        tolerances: exact rationals with ``0 < tau**2 < eta``; by default 1/2, 1/4, 1/8, … of the
            root of eta, down to the first at which no query is forced.

    Raises:
        VerificationError: a tolerance is out of range.

    Examples:
        >>> [
        ...     (str(bound.tolerance), bound.queries)
        ...     for bound in bound_curve(CorrelationSummary.orthonormal(1000))
        ... ]
        [('1/2', 249), ('1/4', 62), ('1/8', 15), ('1/16', 3), ('1/32', 0)]
        >>> bound_curve(CorrelationSummary.orthonormal(1000), ["0.1"])[0].value
        Fraction(9, 1)
    """
    if tolerances is not None:
        return [
            query_bound(summary, rational(tolerance, f"tolerances[{k}]"))
            for k, tolerance in enumerate(tolerances)
        ]
    from math import isqrt

    # A rational at most the root of eta; for unit norms it is 1.
    eta = summary.smallest
    curve: list[QueryBound] = []
    tolerance = Fraction(isqrt(eta.numerator * eta.denominator), 2 * eta.denominator)
    while tolerance and (not curve or not curve[-1].is_trivial):
        curve.append(query_bound(summary, tolerance))
        tolerance /= 2
    return curve
