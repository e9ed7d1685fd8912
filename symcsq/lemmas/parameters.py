"""Parameters of lemmas: each value is a Python value or the text of `--set key=value`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from symcsq.errors import LemmaError

_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a lemma.

    Arguments:
        name: as in `--set name=value` and in Python.
        default: the value when it is not given; None when the parameter is then absent.
        meaning: one line for people.
        read: turns text or a Python value into what the family takes; called with (name, value).
    """

    name: str
    default: Any
    meaning: str
    read: Callable[[str, Any], Any]


def integer(least: int, most: int = 10**6) -> Callable[[str, Any], int]:
    """A reader of integers between two ends.

    Examples:
        >>> integer(1)("m", "4")
        4
        >>> integer(1)("m", "four")
        Traceback (most recent call last):
            ...
        symcsq.errors.LemmaError: m: must be an integer, got 'four'; write for example m=1
    """

    def read(name: str, value: Any) -> int:
        number = _integer(value)
        if number is None:
            raise LemmaError(
                f"{name}: must be an integer, got {_shown(value)}; write for example {name}={least}"
            )
        if not least <= number <= most:
            raise LemmaError(
                f"{name}: must be between {least} and {most}, got {_shown(number)}; "
                f"write for example {name}={least}"
            )
        return number

    return read


def truth(name: str, value: Any) -> bool:
    """A reader of true and false.

    Examples:
        >>> truth("multilinear", "true"), truth("multilinear", False)
        (True, False)
    """
    if isinstance(value, bool):
        return value
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    text = str(value).strip().lower()
    if text not in words:
        raise LemmaError(f"{name}: must be true or false, got {_shown(value)}; write {name}=true")
    return words[text]


def integer_lists(name: str, value: Any) -> list[list[int]] | None:
    """A reader of lists of integer lists, or nothing; text is "0,1;1,2" or JSON "[[0,1],[1,2]]".

    Examples:
        >>> integer_lists("subsets", "0,1; 1,2"), integer_lists("subsets", None)
        ([[0, 1], [1, 2]], None)
        >>> integer_lists("subsets", "[[0, 1], [1, 2]]")
        [[0, 1], [1, 2]]
    """
    if value is None:
        return None
    if isinstance(value, str) and not value.strip():
        raise LemmaError(f"{name}: must not be empty; leave {name} out to use its default")
    rows = _rows(value) if isinstance(value, str) else value
    if isinstance(rows, str) or not isinstance(rows, Sequence) or not len(rows):
        raise _not_lists(name, value)
    result = []
    for row in rows:
        if isinstance(row, str) or not isinstance(row, Sequence):
            raise _not_lists(name, value)
        numbers = [_integer(entry) for entry in row]
        if None in numbers:
            raise _not_lists(name, value)
        result.append([number for number in numbers if number is not None])
    return result


def _rows(text: str) -> Any:
    """The rows in a text; whatever is not understood is left for the caller to refuse."""
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return [row.split(",") for row in text.split(";")]


def _integer(value: Any) -> int | None:
    if isinstance(value, str):
        return int(value) if _INTEGER.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        return None
    return int(value)


def _not_lists(name: str, value: Any) -> LemmaError:
    return LemmaError(
        f"{name}: must be lists of integers, got {_shown(value)}; "
        f'write {name}="0,1;1,2" or {name}="[[0,1],[1,2]]"'
    )


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python writes no integer of many thousand digits
        return "an integer of thousands of digits"
    return text if len(text) < 80 else text[:77] + "..."


def as_given(name: str, value: Any) -> Any:
    """Values that the family itself reads: group and distribution expressions, activations."""
    if isinstance(value, str) and not value.strip():
        raise LemmaError(f"{name}: must not be empty; leave {name} out to use its default")
    return value


def choice(*options: str) -> Callable[[str, Any], str]:
    """A reader of one of a few words.

    Examples:
        >>> choice("reynolds")("frame", "Reynolds")
        'reynolds'
    """

    def read(name: str, value: Any) -> str:
        text = str(value).strip().lower()
        if text not in options:
            raise LemmaError(
                f"{name}: must be one of {', '.join(options)}, got {_shown(value)}; "
                f"write {name}={options[0]}"
            )
        return text

    return read
