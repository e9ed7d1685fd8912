"""One rule for `--json`: small integers stay numbers, other numbers are exact strings.

Integers beyond 2^53 and all rationals are strings ("43252003274489856000", "-3/7"), because readers
that parse JSON numbers as doubles would otherwise round them silently.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

LARGEST_SAFE_INTEGER = 1 << 53


def plain(value: Any) -> Any:
    """A value as JSON can carry it without loss.

    Arguments:
        value: None, bool, int, float (seconds only), str, Fraction, NumPy scalar or array,
            enclosure-like
            object with `lower` and `upper`, permutation-like object with `images`, or mappings and
            iterables of these.

    Returns:
        The same content as dicts with string keys, lists, strings, numbers, booleans and None.

    Raises:
        TypeError: for a value with no exact JSON form.

    Examples:
        >>> plain({"order": 7920, "huge": 1 << 60, "ratio": Fraction(-3, 7), "points": (0, 1)})
        {'order': 7920, 'huge': '1152921504606846976', 'ratio': '-3/7', 'points': [0, 1]}
    """
    if value is None or isinstance(value, bool | str | float):
        return value
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_SAFE_INTEGER else str(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "images"):
        return plain(value.images)
    if hasattr(value, "lower") and hasattr(value, "upper"):
        return [plain(value.lower), plain(value.upper)]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    raise TypeError(f"value: must have an exact JSON form, got {type(value).__name__}: {value!r}")


def one_object(fields: Mapping[str, Any]) -> str:
    """The one JSON object a command prints, on one line, in ASCII for every terminal.

    Examples:
        >>> one_object({"holds": True, "bound": Fraction(91, 5)})
        '{"holds": true, "bound": "91/5"}'
    """
    return json.dumps(plain(fields), allow_nan=False)
