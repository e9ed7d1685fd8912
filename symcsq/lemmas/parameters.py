"""Parameters of lemmas: each value is a Python value or the text of `--set key=value`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from symcsq.errors import LemmaError

_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")


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
        number = value
        if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
            number = int(value)
        if isinstance(number, bool) or not hasattr(number, "__index__"):
            raise LemmaError(
                f"{name}: must be an integer, got {value!r}; write for example {name}={least}"
            )
        number = int(number)
        if not least <= number <= most:
            raise LemmaError(
                f"{name}: must be between {least} and {most}, got {number}; "
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
        raise LemmaError(f"{name}: must be true or false, got {value!r}; write {name}=true")
    return words[text]


def integer_lists(name: str, value: Any) -> list[list[int]] | None:
    """A reader of lists of integer lists, or nothing: text such as "0,1;1,2".

    Examples:
        >>> integer_lists("subsets", "0,1; 1,2"), integer_lists("subsets", None)
        ([[0, 1], [1, 2]], None)
    """
    if value is None:
        return None
    rows = value
    if isinstance(value, str):
        if not value.strip():
            return None
        rows = [row.split(",") for row in value.split(";")]
    if not isinstance(rows, Sequence) or any(
        isinstance(row, str) or not isinstance(row, Sequence) for row in rows
    ):
        raise LemmaError(
            f'{name}: must be lists of integers, got {value!r}; write for example {name}="0,1;1,2"'
        )
    read = integer(0)
    return [[read(f"{name}[{k}]", entry) for entry in row] for k, row in enumerate(rows)]


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
                f"{name}: must be one of {', '.join(options)}, got {value!r}; "
                f"write {name}={options[0]}"
            )
        return text

    return read
