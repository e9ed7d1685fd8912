"""Group expressions: ``S4 wr S3``, ``S6 on pairs`` or ``PSL(2,7) x C3`` becomes a group.

The grammar, in which upper and lower case never matter and blanks only separate words::

    expression = product, then any number of: "on" action | "x" factor
    product    = factor, then any number of: "x" factor
    factor     = group, then any number of: "wr" group
    group      = name | generators | file | "(" expression ")"
    name       = C12, D(10), S_6, PSL(2,7), PSL2(7), M24, Young(3,2,2), ...
               | Aut(graph6) | Code(q, rows)
    generators = cycles {"," cycles} ["degree" n] | "<" cycles {"," cycles} ">" ["degree" n]
    cycles     = (1,2,3)(4,5), points counted from 1; () is the identity
    file       = a path ending in .json, in double quotes when it has blanks or brackets
    action     = "pairs" | "ordered pairs" | "subsets(k)" | "tuples(k)" | "rows(columns)"
               | "exponents(degree)" | "exponents(degree, bound)" | "cosets(expression)"
               | "elements" | "points"

So ``wr`` binds more tightly than ``x``, both group from the left, and ``on`` applies to everything
on its left inside the same brackets. ``x`` is the direct product on consecutive blocks of points,
``wr`` the imprimitive wreath product. `groups.grammar.GRAMMAR` holds the same for help texts, with
all names.

Limits are 10,000 characters, brackets and operators nested 50 deep, 12 digits, 20,000 points for
every part (the keyword `max_degree`), and a bound on the integers that are written in all. They
are checked before anything is built.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from typing import NoReturn

from groups import expression_tree as tree
from groups.catalogue import ENTRIES, Entry, find
from groups.errors import GroupExpressionError, ParameterError
from groups.graph6 import Graph6Error, decode_graph6
from groups.group import PermutationGroup

MAX_DEGREE = 20_000
MAX_CHARACTERS = 10_000
MAX_DEPTH = 50
MAX_DIGITS = 12

_HELP = 'see "symcsq group --help" for the grammar'

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"[^"]*")
      | (?P<path>[^\s()<>,"]*\.json(?![^\s()<>,"]))
      | (?P<number>[0-9]+)
      | (?P<word>[A-Za-zΓγ_][A-Za-zΓγ_0-9]*)
      | (?P<mark>[()<>,×≀])
      | (?P<end>\Z)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def group(text: str | os.PathLike[str], *, max_degree: int = MAX_DEGREE) -> PermutationGroup:
    """The permutation group that an expression or a group file describes.

    Arguments:
        text: an expression in the grammar above, or the path of a JSON group file (see
            `groups.files`).
        max_degree: largest number of points for every part of the expression.

    Returns:
        A group whose name is an expression for itself: ``group(G.name) == G``.

    Raises:
        GroupExpressionError: the text is not an expression; the message names the column (counted
            from 1).
        TooLargeError: a part would exceed the limits; the message has the estimate.
        GroupFileError: a file is missing or does not hold a group.
        Other children of GroupsError: a constructor refused its parameters.

    Complexity:
        Linear in the text, then that of the constructors; orders are computed only where they are
        needed.

    Examples:
        >>> group("S4 wr S3").order, group("s6 on pairs").degree, group("(1,2,3)(4,5), (1,2)").order
        (82944, 15, 12)
        >>> group("S4 x (C3 wr C2)").name
        'S4 x (C3 wr C2)'
        >>> group("S5 wrr S4")
        Traceback (most recent call last):
        ...
        groups.errors.GroupExpressionError: 'S5 wrr S4': expected 'wr', 'x', 'on' or the end ...
        >>> group("S1000000000 on pairs")
        Traceback (most recent call last):
        ...
        groups.errors.TooLargeError: ... at most 20000 points are built, got 499999999500000000 ...
    """
    if isinstance(text, os.PathLike):
        text = f'"{os.fspath(text)}"'
    if not isinstance(text, str):
        raise GroupExpressionError(
            f"text: must be an expression or a path, got {type(text).__name__}; "
            'write for example "S6"'
        )
    if isinstance(max_degree, bool) or not isinstance(max_degree, int) or max_degree < 0:
        raise ParameterError(
            f"max_degree: must be an integer >= 0, got {max_degree!r}; the default is {MAX_DEGREE}"
        )
    stripped = text.strip()
    budget = tree.Budget(text, max_degree)
    if stripped.casefold().endswith(".json") and os.path.isfile(stripped):
        return tree.evaluate(tree.File(1, stripped), budget)
    try:
        parsed = _Parser(text).parse()
    except GroupExpressionError:
        if stripped and _exists(stripped):
            raise GroupExpressionError(
                f"{tree.quoted(text)}: a group file is a file whose name ends in .json, got "
                "another file or a folder; rename it, or write an expression such as S6"
            ) from None
        raise
    return tree.evaluate(parsed, budget)


def _exists(path: str) -> bool:
    try:
        return os.path.exists(path)
    except (OSError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


class _Parser:
    """Recursive descent over one text; every method returns a node and its depth."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_CHARACTERS:
            raise GroupExpressionError(
                f"{tree.quoted(text)}: expressions have at most {MAX_CHARACTERS} characters, "
                f"got {len(text)}; "
                "write a group file"
            )
        self.text = text
        self.position = 0
        self.nesting = 0

    # -- tokens -----------------------------------------------------------------------------------

    def peek(self) -> _Token:
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            start = self.position
            while self.text[start].isspace():
                start += 1
            if self.text[start] == '"':
                self.fail("a closing double quote after the path", start)
            return _Token("other", self.text[start], start, start + 1)
        kind = match.lastgroup or "end"
        return _Token(kind, match.group(kind), match.start(kind), match.end(kind))

    def take(self) -> _Token:
        token = self.peek()
        self.position = token.end
        return token

    def at_mark(self, mark: str) -> bool:
        token = self.peek()
        return token.kind == "mark" and token.text in mark

    def at_word(self, *words: str) -> bool:
        token = self.peek()
        return token.kind == "word" and token.text.casefold() in words

    def expect(self, mark: str, what: str) -> _Token:
        if not self.at_mark(mark):
            self.fail(what)
        return self.take()

    def fail(self, expected: str, start: int | None = None) -> NoReturn:
        column = (self.peek().start if start is None else start) + 1
        raise GroupExpressionError(
            f"{tree.quoted(self.text)}: expected {expected} at column {column}; {_HELP}"
        )

    def number(self, what: str) -> int:
        token = self.peek()
        if token.kind != "number":
            self.fail(what)
        self.take()
        return self.integer(token.text, token.start)

    def integer(self, digits: str, start: int) -> int:
        if len(digits) > MAX_DIGITS:
            self.fail(f"a number of at most {MAX_DIGITS} digits", start)
        return int(digits)

    # -- grammar ----------------------------------------------------------------------------------

    def parse(self) -> tree.Node:
        node, _ = self.expression()
        if self.peek().kind != "end":
            self.fail("'wr', 'x', 'on' or the end")
        return node

    def expression(self) -> tuple[tree.Node, int]:
        self.nesting += 1
        node, depth = self.product(*self.factor())
        while self.at_word("on"):
            self.take()
            node, depth = self.action(node, depth)
            node, depth = self.product(node, depth)
        self.nesting -= 1
        return node, depth

    def product(self, node: tree.Node, depth: int) -> tuple[tree.Node, int]:
        factors = [node]
        while self.at_word("x") or self.at_mark("×"):
            self.take()
            factor, deeper = self.factor()
            factors.append(factor)
            depth = max(depth, deeper)
        if len(factors) == 1:
            return node, depth
        return self.deeper(tree.Product(node.column, tuple(factors)), depth)

    def factor(self) -> tuple[tree.Node, int]:
        node, depth = self.group()
        while self.at_word("wr") or self.at_mark("≀"):
            self.take()
            top, deeper = self.group()
            node, depth = self.deeper(tree.Wreath(node.column, node, top), max(depth, deeper))
        return node, depth

    def deeper(self, node: tree.Node, depth: int) -> tuple[tree.Node, int]:
        self.check_depth(depth + 1, node.column - 1)
        return node, depth + 1

    def check_depth(self, depth: int, start: int) -> None:
        if depth > MAX_DEPTH:
            self.fail(f"an expression nested at most {MAX_DEPTH} deep", start)

    def group(self) -> tuple[tree.Node, int]:
        token = self.peek()
        column = token.start + 1
        if token.kind in ("quoted", "path"):
            self.take()
            return tree.File(column, token.text.strip('"')), 1
        if self.at_mark("<"):
            return self.permutations(angled=True), 1
        if self.at_mark("("):
            if self.starts_cycle():
                return self.permutations(angled=False), 1
            self.take()
            self.check_depth(self.nesting, token.start)
            node, depth = self.expression()
            self.expect(")", "'wr', 'x', 'on' or ')'")
            return node, depth
        if token.kind != "word" or token.text.casefold() in _RESERVED:
            self.fail("a group such as S6, PSL(2,7), (1,2,3) or a .json file")
        self.take()
        if token.text.casefold() in ("aut", "code") and self.at_mark("("):
            return self.automorphisms(token), 1
        return self.named(token), 1

    def starts_cycle(self) -> bool:
        return re.compile(r"\s*\(\s*[0-9)]").match(self.text, self.position) is not None

    # -- leaves -----------------------------------------------------------------------------------

    def named(self, token: _Token) -> tree.Node:
        word = token.text.replace("_", "")
        arguments: list[int] = []
        entry = find(word)
        if entry is None:
            letters = word.rstrip("0123456789")
            entry = find(letters)
            if entry is not None and letters != word:
                arguments.append(self.integer(word[len(letters) :], token.start + len(letters)))
        if entry is None:
            self.unknown(token)
        if self.at_mark("("):
            self.take()
            arguments.append(self.number("a number"))
            while self.at_mark(","):
                self.take()
                arguments.append(self.number("a number"))
            self.expect(")", "',' or ')'")
        wanted = len(entry.parameters)
        if len(arguments) != wanted and not (entry.parameters[-1:] == ("…",) and arguments):
            raise GroupExpressionError(
                f"{tree.quoted(self.text)}: expected {_numbers(wanted)} for {entry.pattern} at "
                "column "
                f"{token.start + 1}, got {len(arguments)}; write for example {_example(entry)}"
            )
        return tree.Named(token.start + 1, entry, tuple(arguments))

    def unknown(self, token: _Token) -> NoReturn:
        names = [entry.name for entry in ENTRIES]
        close = difflib.get_close_matches(token.text.rstrip("0123456789"), names, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise GroupExpressionError(
            f"{tree.quoted(self.text)}: expected a group's name at column {token.start + 1}, got "
            f"{tree.quoted(token.text)}; {hint}{_HELP}"
        )

    def permutations(self, *, angled: bool) -> tree.Node:
        column = self.peek().start + 1
        if angled:
            self.take()
        generators = [self.cycles()]
        while self.at_mark(","):
            self.take()
            generators.append(self.cycles())
        if angled:
            self.expect(">", "',', another cycle or '>'")
        moved = max((point for g in generators for cycle in g for point in cycle), default=0)
        degree = moved
        if self.at_word("degree"):
            self.take()
            start = self.peek().start
            degree = self.number("a number of points")
            if degree < moved:
                self.fail(f"a degree of at least {moved}, the largest point,", start)
        elif not moved:
            self.fail("'degree' and a number, since no point is moved,")
        zero_based = tuple(
            tuple(tuple(i - 1 for i in c) for c in g if len(c) > 1) for g in generators
        )
        return tree.Cycles(column, zero_based, degree)

    def cycles(self) -> tuple[tuple[int, ...], ...]:
        """One permutation as disjoint cycles of 1-based points."""
        if not self.starts_cycle():
            self.fail("a cycle such as (1,2,3)")
        found: list[tuple[int, ...]] = []
        seen: set[int] = set()
        while self.starts_cycle():
            self.take()
            cycle: list[int] = []
            while not self.at_mark(")"):
                if cycle and self.at_mark(","):
                    self.take()
                start = self.peek().start
                point = self.number("a point or ')'")
                if point == 0:
                    self.fail("points counted from 1", start)
                if point in seen:
                    self.fail(f"each point once, not {point} again,", start)
                seen.add(point)
                cycle.append(point)
            self.take()
            found.append(tuple(cycle))
        return tuple(found)

    def automorphisms(self, token: _Token) -> tree.Node:
        """Aut(graph6) or Code(q, rows): what is in the brackets is read as characters."""
        start = self.take().end
        end = self.text.find(")", start)
        if end < 0:
            self.fail(
                "')' after " + ("a graph6 string" if token.text[0] in "aA" else "the rows"), start
            )
        inside = self.text[start:end]
        self.position = end + 1
        if token.text.casefold() == "aut":
            return self.graph(token.start + 1, inside, start)
        return self.code(token.start + 1, inside, start)

    def graph(self, column: int, inside: str, start: int) -> tree.Node:
        text = inside.strip()
        start += len(inside) - len(inside.lstrip())
        try:
            n, edges = decode_graph6(text)
        except Graph6Error as error:
            self.fail(error.expected, start + error.position)
        return tree.GraphAutomorphisms(column, text, n, edges)

    def code(self, column: int, inside: str, start: int) -> tree.Node:
        match = re.fullmatch(r"\s*([0-9]+)\s*,\s*([0-9]+(?:\s+[0-9]+)*)\s*", inside)
        if match is None:
            self.fail("a field size and rows of digits, as in Code(2, 1110 0111),", start)
        q = self.integer(match.group(1), start + match.start(1))
        rows = match.group(2).split()
        if q > 9:
            self.fail("a field of at most 9 elements", start + match.start(1))
        position = start + match.start(2)
        for row in rows:
            position = self.text.index(row, position)
            if len(row) != len(rows[0]):
                self.fail(f"a row of {len(rows[0])} digits", position)
            for i, digit in enumerate(row):
                if int(digit) >= max(q, 1):
                    self.fail(f"a digit below {q}", position + i)
            position += len(row)
        return tree.CodeAutomorphisms(column, q, tuple(tuple(map(int, row)) for row in rows))

    def action(self, node: tree.Node, depth: int) -> tuple[tree.Node, int]:
        token = self.peek()
        kind = token.text.casefold() if token.kind == "word" else ""
        if kind == "ordered":
            self.take()
            if not self.at_word("pairs"):
                self.fail("'pairs'")
            kind = "ordered pairs"
        if kind not in _ACTIONS and kind != "cosets":
            self.fail("an action: " + ", ".join([*_ACTIONS, "cosets"]))
        self.take()
        if kind == "cosets":
            self.expect("(", "'(' and a subgroup")
            self.check_depth(self.nesting, token.start)
            subgroup, deeper = self.expression()
            self.expect(")", "'wr', 'x', 'on' or ')'")
            return self.deeper(tree.OnCosets(token.start + 1, node, subgroup), max(depth, deeper))
        numbers: list[int] = []
        least, most = _ACTIONS[kind]
        if most:
            self.expect("(", f"'(' and a number after {kind!r}")
            numbers.append(self.number("a number"))
            if most > least and self.at_mark(","):
                self.take()
                numbers.append(self.number("a number"))
            self.expect(")", "')'")
        return self.deeper(tree.On(token.start + 1, node, kind, tuple(numbers)), depth)


# Kind of action: least and most numbers in brackets.
_ACTIONS = {
    "pairs": (0, 0),
    "ordered pairs": (0, 0),
    "subsets": (1, 1),
    "tuples": (1, 1),
    "rows": (1, 1),
    "exponents": (1, 2),
    "elements": (0, 0),
    "points": (0, 0),
}

_RESERVED = {"x", "wr", "on", "degree"}


def _numbers(count: int) -> str:
    return {0: "no numbers", 1: "one number", 2: "two numbers"}[count]


def _example(entry: Entry) -> str:
    samples = {"n": "6", "k": "2", "q": "7", "p": "2", "a": "3", "…": "2"}
    numbers = [samples[name] for name in entry.parameters]
    if len(numbers) == 1 and len(entry.name) == 1:
        return entry.name + numbers[0]
    return f"{entry.name}({','.join(numbers)})" if numbers else entry.name
