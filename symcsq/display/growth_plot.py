"""A picture of growth tables: queries against n, with polynomials to compare."""

from __future__ import annotations

from collections.abc import Iterable
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING

from symcsq.errors import LemmaError
from symcsq.lemmas.growth import GrowthTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POWERS = (2, 4)
MARKERS = "osD^vP*X"


def growth_plot(tables: GrowthTable | Iterable[GrowthTable], *, axes: Axes | None = None) -> Axes:
    """The numbers of queries of growth tables against n, both by their logarithms to base 2.

    Exact numbers are rounded to doubles for the eye only. Polynomials n^2 and n^4 are straight
    dashed lines; what is superpolynomial bends upwards and leaves them all.

    Arguments:
        tables: one or more tables; rows without a query are left out.
        axes: where to draw; a new figure by default.

    Returns:
        The axes, for further changes; `axes.figure.savefig("growth.png")` writes a file.

    Raises:
        LemmaError: no table has a row that forces a query.

    Complexity: one point for each row.

    Examples:
        >>> import matplotlib
        >>> from symcsq.lemmas import growth
        >>> matplotlib.use("Agg")
        >>> axes = growth_plot(growth("parity-networks", [16, 64]))
        >>> [line.get_label() for line in axes.lines]
        ['parity-networks (relu)', 'n^2', 'n^4']
    """
    given = [tables] if isinstance(tables, GrowthTable) else list(tables)
    curves = []
    for table in given:
        rows = sorted((row.n, row.log2_queries) for row in table if row.queries)
        points = [(log2(n), height) for n, height in rows if height is not None]
        if points:
            curves.append((f"{table.name} ({table.variant})", points))
    if not curves:
        raise LemmaError(
            "tables: must have a row that forces a query, got none; use larger n or tolerance"
        )
    if axes is None:
        import matplotlib.pyplot as plt

        _, axes = plt.subplots(figsize=(9.0, 5.5), layout="constrained")
    for place, (label, points) in enumerate(curves):
        x, y = zip(*points, strict=True)
        # Curves may coincide: earlier ones are wider and show at the edges of later ones.
        width = 1.2 + 3.0 * (len(curves) - 1 - place) / len(curves)
        marker = MARKERS[place % len(MARKERS)]
        axes.plot(x, y, marker=marker, label=label, linewidth=width, markersize=4 + width)
    low = min(x for _, points in curves for x, _ in points)
    high = max(x for _, points in curves for x, _ in points)
    for power in POWERS:
        axes.plot(
            [low, high], [power * low, power * high], linestyle="--", color="0.5", linewidth=1,
            label=f"n^{power}",
        )  # fmt: skip
        axes.annotate(
            f"n^{power}", (high, power * high), textcoords="offset points", xytext=(4, -3),
            color="0.4",
        )  # fmt: skip
    axes.set_xlabel("log2(n)")
    axes.set_ylabel("log2(queries), rounded")
    tolerances = sorted({table.tolerance for table in given})
    shown = ", ".join(map(str, tolerances))
    axes.set_title(f"Queries that learners need, tolerance {shown}")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    return axes


def save_growth_plot(tables: Iterable[GrowthTable], path: Path) -> None:
    """Draw the tables into a file, without a window."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 5.5), layout="constrained")
    growth_plot(tables, axes=figure.subplots())
    figure.savefig(path, dpi=120)
