"""Pictures: a Gram matrix as a heat map, for notebooks and files."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symcsq.functions.gram import Gram

LABELLED = 16  # matrices up to this size get their members' numbers and exact values


def gram_heat_map(gram: Gram, *, axes: Axes | None = None, title: str | None = None) -> Axes:
    """The correlations of a Gram matrix as a heat map: 1 on the diagonal, 0 for orthogonal members.

    Colours show `⟨f,g⟩/(‖f‖·‖g‖)` between -1 and 1, rounded to doubles for the eye only; small
    matrices carry their exact entries. A member with norm 0 is drawn as 0.

    Arguments:
        gram: the Gram matrix, N x N.
        axes: where to draw; a new figure by default.
        title: a heading; by default the size and whether members are orthogonal.

    Returns:
        The axes, for further changes; `axes.figure.savefig("gram.png")` writes a file.

    Complexity: N**2 cells.

    Examples:
        >>> import matplotlib
        >>> from symcsq.functions.gram import Gram
        >>> matplotlib.use("Agg")
        >>> gram = Gram(2, {(0, 0): Fraction(2), (0, 1): Fraction(1), (1, 1): Fraction(2)})
        >>> gram_heat_map(gram).get_title()
        '2 × 2 Gram matrix, largest correlation 1/2'
    """
    import matplotlib.pyplot as plt
    import numpy as np

    size = gram.size
    cells = np.zeros((size, size))
    norms = [middle(entry) for entry in gram.diagonal()]
    for (i, j), entry in gram.entries.items():
        scale = float(norms[i]) * float(norms[j])
        if scale > 0:
            cells[i, j] = cells[j, i] = float(middle(entry)) / scale**0.5
    if axes is None:
        side = min(8.0, 3.0 + 0.35 * size)
        _, axes = plt.subplots(figsize=(side + 1.0, side), layout="constrained")
    picture = axes.imshow(cells, cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest")
    axes.set_xlabel("member")
    axes.set_ylabel("member")
    axes.set_title(heading(gram) if title is None else title)
    if size <= LABELLED:
        axes.set_xticks(range(size))
        axes.set_yticks(range(size))
        for (i, j), entry in gram.entries.items():
            for row, column in {(i, j), (j, i)}:
                ink = "white" if abs(cells[row, column]) > 0.6 else "black"
                axes.text(
                    column, row, short(entry), ha="center", va="center", color=ink, fontsize=8
                )
    figure: Any = axes.figure
    figure.colorbar(picture, ax=axes, label="correlation", shrink=0.8)
    return axes


def heading(gram: Gram) -> str:
    """One line on a Gram matrix: its size, and how far its members are from orthogonal."""
    start = f"{gram.size} × {gram.size} Gram matrix"
    if gram.is_diagonal:
        return f"{start}, members are orthogonal"
    if not gram.is_exact or any(entry == 0 for entry in gram.diagonal()):
        return start
    squared, _ = gram.largest_correlation()
    root = square_root(squared)
    return f"{start}, largest correlation {root if root is not None else f'√({squared})'}"


def square_root(value: Fraction) -> Fraction | None:
    """The rational square root of a rational, None when it is irrational.

    Examples:
        >>> square_root(Fraction(4, 9)), square_root(Fraction(1, 2))
        (Fraction(2, 3), None)
    """
    from math import isqrt

    above, below = isqrt(value.numerator), isqrt(value.denominator)
    if above * above == value.numerator and below * below == value.denominator:
        return Fraction(above, below)
    return None


def middle(entry: Any) -> Fraction:
    """A point of an entry: itself when exact, the lower end of an enclosure."""
    return entry if isinstance(entry, Fraction) else entry.lower


def short(entry: Any) -> str:
    """An entry for a small cell."""
    if isinstance(entry, Fraction):
        text = str(entry)
        return text if len(text) <= 7 else f"{float(entry):.3g}"
    return f"{float(entry.lower):.4f}…"
