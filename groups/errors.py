"""Errors of the groups layer.

Every message says four things in one line: which argument, the rule, the value that broke it, and
what to write instead. All of them are `ValueError`, so a caller who knows nothing of this package
still catches them.
"""

from __future__ import annotations


class GroupsError(ValueError):
    """Base of every error that the groups layer raises on purpose."""


class PermutationError(GroupsError):
    """Images or cycles that do not describe a permutation."""


class DegreeError(GroupsError):
    """A degree that is negative, missing, or different from the one it must match."""


class PointError(GroupsError):
    """A point, or a set or tuple of points, outside 0..degree-1 or with repeats."""


class ParameterError(GroupsError):
    """A numeric or structural parameter outside its range (k > n, q not a prime power, …)."""


class MembershipError(GroupsError):
    """An element that had to lie in a group and does not."""


class GroupExpressionError(GroupsError):
    """Text that is not a group expression; the message points at the column."""


class GroupFileError(GroupsError):
    """A group file that cannot be read or does not hold a group."""


class TooLargeError(GroupsError):
    """Work refused before it starts: the message has the estimate and the alternative."""


class InteropError(GroupsError):
    """An object of another package that cannot be translated."""


def shown(value: object) -> str:
    """A value as messages show it: in one line, and short however long it is.

    Examples:
        >>> shown([1, 2]), shown(10**50), shown("(1,2)" * 99)[:9]
        ('[1, 2]', 'an integer of more than 30 digits', "'(1,2)(1,")
    """
    if isinstance(value, int) and abs(value) > 10**30:
        return "an integer of more than 30 digits"
    if isinstance(value, str) and len(value) > 80:
        value = f"{value[:50]} … {value[-20:]}"
    try:
        text = repr(value)
    except ValueError:  # a list, say, with an integer of thousands of digits
        return f"a {type(value).__name__} with an integer of thousands of digits"
    return text if len(text) <= 400 else f"{text[:50]} … {text[-20:]}"
