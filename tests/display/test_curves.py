"""Pictures of bounds: what is drawn is what the curve says."""

from __future__ import annotations

import pytest

import symcsq as cs
from symcsq.verifier.bounds import CorrelationSummary, bound_curve

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


def test_the_curve_is_drawn_in_logarithms():
    from symcsq.display.curves import bound_curve_plot

    curve = bound_curve(CorrelationSummary.orthonormal(2**4000), ["1/4", "1/2"])
    axes = bound_curve_plot(curve)
    assert axes.lines[0].get_xdata().tolist() == [-2.0, -1.0]
    assert axes.lines[0].get_ydata().tolist() == [3996.0, 3998.0]
    assert axes.get_title() == "about 2^4000.0 members"
    assert "rounded" in axes.get_xlabel() and "rounded" in axes.get_ylabel()


def test_a_class_without_a_bound_is_an_empty_picture():
    from symcsq.display.curves import bound_curve_plot

    axes = bound_curve_plot(cs.verify(cs.ParityNetworks(3, 2)).curve(["1/10"]), title="none")
    assert [len(line.get_xdata()) for line in axes.lines] == [0, 0, 0]
    assert axes.get_title() == "none"
    with pytest.raises(ValueError, match="at least one bound"):
        bound_curve_plot([])
