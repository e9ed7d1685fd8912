"""Small texts that tables are made of, and the progress bar."""

from __future__ import annotations

import io
import sys
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcsq.display.progress import progress_bar
from symcsq.display.tables import factored, parameter_text


@given(st.integers(1, 10**12))
def test_factors_multiply_back(number: int) -> None:
    text = factored(number)
    start, _, factors = text.partition(" = ")
    assert int(start) == number
    if factors:
        assert (
            prod(
                int(base) ** int(power or 1)
                for base, _, power in (factor.partition("^") for factor in factors.split("·"))
            )
            == number
        )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1"),
        (2, "2"),
        (4, "4 = 2^2"),
        (12, "12 = 2^2·3"),
        (97, "97"),
        (10007, "10007"),
        (2 * 10007, "20014 = 2·10007"),
        (10007**2, "100140049"),
    ],
)
def test_factored(number: int, text: str) -> None:
    assert factored(number) == text


def test_long_parameters_are_cut() -> None:
    assert len(parameter_text("x" * 100)) == 40
    assert parameter_text(False) == "no"


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with progress_bar("verify", 2) as start:
        assert start("lemma", 0) is None
    assert pipe.getvalue() == ""

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar("verify", 2) as start:
        for position in range(2):
            report = start("lemma", position)
            assert report is not None
            for step in range(3):
                report("gram", step, 3)
    assert "verify" in terminal.getvalue()
