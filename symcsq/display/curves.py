"""Pictures of numbers that grow: the bound against the tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symcsq.verifier.bounds import QueryBound


def bound_curve_plot(
    curve: Sequence[QueryBound], *, axes: Axes | None = None, title: str | None = None
) -> Axes:
    """The number of queries against the tolerance, both on logarithmic scales.

    Logarithms are rounded to doubles for the eye only; the exact numbers are those of the curve.
    Tolerances at which no query is forced are left out.

    Arguments:
        curve: the bounds, from `Report.curve`.
        axes: where to draw; a new figure by default.
        title: a heading; by default the number of members.

    Returns:
        The axes; `axes.figure.savefig("curve.svg")` writes a file.

    Raises:
        ValueError: the curve is empty.

    Examples:
        >>> import matplotlib
        >>> import symcsq as cs
        >>> matplotlib.use("Agg")
        >>> axes = bound_curve_plot(cs.verify(cs.ParityNetworks(16, 4)).curve())
        >>> axes.get_title(), len(axes.lines[0].get_xdata())
        ('1820 members', 5)
    """
    import matplotlib.pyplot as plt

    if not curve:
        raise ValueError("curve: must hold at least one bound, got none; see Report.curve")
    if axes is None:
        _, axes = plt.subplots(figsize=(6.0, 4.0), layout="constrained")
    forced = sorted((bound for bound in curve if bound.queries), key=lambda bound: bound.tolerance)
    for name, values in (
        ("best bound", [bound.value for bound in forced]),
        ("Bessel form", [bound.bessel for bound in forced]),
        ("statistical dimension", [bound.sda for bound in forced]),
    ):
        # Numbers beyond the range of doubles have logarithms within it.
        points = [
            (_log2(bound.tolerance), _log2(value))
            for bound, value in zip(forced, values, strict=True)
            if value > 0
        ]
        style = "o-" if name == "best bound" else "--"
        axes.plot([x for x, _ in points], [y for _, y in points], style, label=name, markersize=4)
    axes.set_xlabel("log₂ of the tolerance, rounded")
    axes.set_ylabel("log₂ of the queries, rounded")
    members = curve[0].members
    shown = str(members) if members < 10**12 else f"about 2^{log2(members):.1f}"
    axes.set_title(f"{shown} members" if title is None else title)
    axes.legend()
    axes.grid(alpha=0.3)
    return axes


def _log2(value: Fraction) -> float:
    return log2(value.numerator) - log2(value.denominator)
