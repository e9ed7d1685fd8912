"""Pictures of growth tables show their queries beside polynomials."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2
from pathlib import Path

import pytest

from symcsq.errors import LemmaError
from symcsq.lemmas import growth

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from symcsq.display.growth_plot import growth_plot, save_growth_plot  # noqa: E402


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def test_points_and_polynomials() -> None:
    tables = [growth("parity-networks", [64, 16, 32]), growth("frame-averaged", [64, 256])]
    axes = growth_plot(tables)
    first, second, *powers = axes.lines
    # Increasing in n, and without the row whose members are 0.
    assert tuple(first.get_xdata()) == (4.0, 6.0)
    assert tuple(first.get_ydata()) == tuple(round(log2(q), 4) for q in (18, 749743))
    assert second.get_label() == "frame-averaged (cyclic)"
    assert [line.get_label() for line in powers] == ["n^2", "n^4"]
    assert [list(line.get_ydata()) for line in powers] == [[8.0, 16.0], [16.0, 32.0]]
    assert "tolerance 1/10" in axes.get_title()


def test_a_file_without_a_window(tmp_path: Path) -> None:
    save_growth_plot([growth("parity-networks", [16])], tmp_path / "growth.png")
    assert (tmp_path / "growth.png").read_bytes()[:4] == b"\x89PNG"


def test_nothing_to_draw() -> None:
    with pytest.raises(LemmaError, match="must have a row that forces a query"):
        growth_plot(growth("parity-networks", [32]))
