"""What `--json` prints can be read back without loss."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import Permutation
from symcsq.display.json_values import one_object, plain
from symcsq.exact import Enclosure


@given(st.integers(-(1 << 70), 1 << 70))
def test_integers_survive_readers_that_use_doubles(number: int) -> None:
    shown = json.loads(one_object({"n": number}), parse_int=lambda text: int(float(text)))["n"]
    assert int(shown) == number


@given(st.fractions())
def test_rationals_are_strings(number: Fraction) -> None:
    shown = plain(number)
    assert isinstance(shown, str) and Fraction(shown) == number


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1 << 53, 1 << 53),
        ((1 << 53) + 1, str((1 << 53) + 1)),
        (True, True),
        (None, None),
        ("text", "text"),
        ((1, [2, (3,)]), [1, [2, [3]]]),
        ({3, 1, 2}, [1, 2, 3]),
        ({1: Fraction(1, 2)}, {"1": "1/2"}),
        (np.int64(7), 7),
        (np.array([[1, 2]]), [[1, 2]]),
        (Permutation([1, 0, 2]), [1, 0, 2]),
        (Enclosure(Fraction(1, 10), Fraction(2, 10), 1), ["1/10", "1/5"]),
    ],
)
def test_values(value: object, shown: object) -> None:
    assert plain(value) == shown
    assert json.loads(one_object({"value": value}))["value"] == shown


def test_a_value_without_exact_form_is_a_fault() -> None:
    with pytest.raises(TypeError, match="must have an exact JSON form, got object"):
        plain(object())
