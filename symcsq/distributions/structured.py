"""Product laws on structured points: edges of random graphs, rows and columns of node features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcsq.distributions.base import Distribution
from symcsq.distributions.product import Product
from symcsq.distributions.univariate import Bernoulli
from symcsq.errors import DistributionError

__all__ = ["erdos_renyi", "node_features"]


def erdos_renyi(vertices: int, p: Any = "1/2") -> Product:
    """The random graph G(n, p): independent Bernoulli(p) on the n(n-1)/2 pairs.

    Arguments:
        vertices: n >= 1.
        p: a rational strictly between 0 and 1.

    Returns:
        A `Product` whose coordinates are the pairs {i, j}, i < j, in lexicographic order: the
        points of `G.on_pairs()` for a group G on the vertices.

    Raises:
        DistributionError: n < 1 or p outside (0, 1).

    Complexity: O(n²).

    Source: MATH.md section 2.

    Examples:
        >>> law = erdos_renyi(4, "1/3")
        >>> law.dimension, law.moment((1, 1, 0, 0, 0, 1))
        (6, Fraction(1, 27))
    """
    if not isinstance(vertices, int) or isinstance(vertices, bool) or vertices < 1:
        raise DistributionError(
            f"vertices: must be an integer >= 1, got {vertices!r}; write erdos_renyi(6, '1/2')"
        )
    return Bernoulli(p).on(vertices * (vertices - 1) // 2)


def node_features(rows: int, columns: Sequence[Distribution]) -> Product:
    """Features of the nodes of a graph: row r, column c is coordinate r·columns + c.

    Arguments:
        rows: the number of nodes, >= 1.
        columns: the law of each feature; the rows are independent and equally distributed, so that
            any group on the rows (`G.on_rows(columns)`) preserves the law.

    Returns:
        A `Product` on rows·columns coordinates.

    Raises:
        DistributionError: rows < 1 or no columns.

    Complexity: O(rows·columns).

    Source: MATH.md section 2.

    Examples:
        >>> from symcsq.distributions import Gaussian, Rademacher
        >>> node_features(2, [Gaussian(), Rademacher()]).marginal_of
        (0, 1, 0, 1)
    """
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 1 or not columns:
        raise DistributionError(
            f"rows: need at least one row and one column, got {rows!r} rows and {len(columns)} "
            "columns; write node_features(5, [Gaussian()] * 3)"
        )
    return Product(list(columns) * rows)
