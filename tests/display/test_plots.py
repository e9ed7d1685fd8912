"""Heat maps show what the exact matrix says."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from symcsq.functions.gram import Gram

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from symcsq.display.plots import gram_heat_map, square_root  # noqa: E402


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def test_correlations_are_normalised() -> None:
    gram = Gram(
        3, {(0, 0): Fraction(4), (0, 2): Fraction(-3), (1, 1): Fraction(1), (2, 2): Fraction(9)}
    )
    axes = gram_heat_map(gram)
    cells = axes.get_images()[0].get_array()
    assert cells[0, 2] == cells[2, 0] == pytest.approx(-0.5)
    assert [cells[i, i] for i in range(3)] == pytest.approx([1, 1, 1])
    assert {text.get_text() for text in axes.texts} == {"4", "-3", "1", "9"}
    assert axes.get_title() == "3 × 3 Gram matrix, largest correlation 1/2"


def test_enclosures_zero_members_and_large_matrices_are_drawn(tmp_path: Path) -> None:
    import symcsq as cs

    enclosed = cs.verify(cs.ParityNetworks(5, 2)).gram
    assert gram_heat_map(enclosed).get_title() == "10 × 10 Gram matrix, members are orthogonal"
    vanishing = gram_heat_map(Gram(2, {(0, 0): Fraction(1)}))
    assert vanishing.get_images()[0].get_array()[1, 1] == 0
    large = gram_heat_map(Gram(60, {(i, i): Fraction(1) for i in range(60)}), title="identity")
    assert large.get_title() == "identity" and not large.texts
    large.figure.savefig(tmp_path / "gram.png")
    assert (tmp_path / "gram.png").stat().st_size > 1000


def test_draws_where_it_is_told() -> None:
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    assert gram_heat_map(Gram(1, {(0, 0): Fraction(1)}), axes=right) is right
    assert not left.get_images() and len(figure.axes) == 3  # the two and a colour bar


@pytest.mark.parametrize("root", [Fraction(0), Fraction(5), Fraction(7, 3)])
def test_square_root_is_exact(root: Fraction) -> None:
    assert square_root(root * root) == root
    assert square_root(2 * root * root) in (None, 0)
