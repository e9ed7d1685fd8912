"""Tables of irreducible characters: chosen method, proof of correctness, display.

No table leaves this module unverified. `verify_table` proves orthogonality exactly without big
cyclotomic
arithmetic: a sum of values is an algebraic integer, all of whose conjugates are below a bound B; if
it is 0 modulo one prime above each of several primes p = 1 mod n with product above B, and the
table is closed under Galois conjugation (so that this holds for every prime above p), then its norm
forces it to be 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from groups.abelian_characters import abelian_characters
from groups.bounded_counts import shown
from groups.characters import Character, _simple
from groups.class_structures import WreathClasses, block_cycles
from groups.classes import ConjugacyClasses, conjugacy_classes
from groups.cyclotomics import Cyclotomic, factorization
from groups.dixon import dixon_characters
from groups.errors import ParameterError, TooLargeError
from groups.symmetric_characters import (
    conjugate_partition,
    hook_lengths,
    partitions,
    symmetric_character_table,
)
from groups.wreath_characters import wreath_characters

if TYPE_CHECKING:
    from groups.group import PermutationGroup

_MOST_CLASSES = 2500


class CharacterTable(Sequence[Character]):
    """The irreducible characters of a group; a sequence of `Character`.

    Attributes:
        group, classes: the group and its conjugacy classes (the columns).
        characters: tuple, in canonical order: by degree, the trivial character first, then by
            conductor of the values, then by the values from the first class on (largest first when
            rational).

    Examples:
        >>> from groups import PermutationGroup
        >>> table = PermutationGroup(["(1,2,3,4)", "(1,2)"]).character_table()
        >>> table.degrees, table.indicators, table.class_names
        ((1, 1, 2, 3, 3), (1, 1, 1, 1, 1), ('1a', '2a', '2b', '3a', '4a'))
    """

    def __init__(self, classes: ConjugacyClasses, rows: Sequence[Sequence[Any]]) -> None:
        self.classes = classes
        self.group = classes.group
        simple = [[_simple(v) for v in row] for row in rows]
        self.characters = tuple(Character._make(classes, r) for r in sorted(simple, key=_row_key))

    def __len__(self) -> int:
        return len(self.characters)

    def __getitem__(self, index: Any) -> Any:
        return self.characters[index]

    def __iter__(self) -> Iterator[Character]:
        return iter(self.characters)

    @property
    def degrees(self) -> tuple[int, ...]:
        """Degrees of the characters, increasing."""
        return tuple(chi.degree for chi in self.characters)

    @property
    def indicators(self) -> tuple[int, ...]:
        """Frobenius–Schur indicators."""
        return tuple(chi.indicator for chi in self.characters)

    @property
    def class_names(self) -> tuple[str, ...]:
        """Element order and a letter for each class: ``1a 2a 2b …`` in the order of the classes."""
        seen: dict[int, int] = {}
        names = []
        for order in self.classes.element_orders:
            k = seen[order] = seen.get(order, 0) + 1
            names.append(f"{order}{_letters(k)}")
        return tuple(names)

    def rational_characters(self) -> tuple[Character, ...]:
        """The sums over Galois orbits of irreducible characters, in order of first member.

        Examples:
            >>> from groups import PermutationGroup
            >>> [
            ...     c.degree
            ...     for c in PermutationGroup(["(1,2,3,4)"]).character_table().rational_characters()
            ... ]
            [1, 1, 2]
        """
        return tuple(dict.fromkeys(chi.rational() for chi in self.characters))

    # -- display -----------------------------------------------------------------------------------

    def to_lists(self) -> list[list[str]]:
        """The values as texts in E(n) notation."""
        return [[str(v) for v in chi._values] for chi in self.characters]

    def __str__(self) -> str:
        header = ["", *self.class_names]
        rows = [["size", *map(str, self.classes.sizes)]]
        rows += [[f"X.{i + 1}", *values] for i, values in enumerate(self.to_lists())]
        widths = [max(len(row[j]) for row in [header, *rows]) for j in range(len(header))]
        lines = []
        for row in [header, *rows]:
            cells = [row[0].ljust(widths[0])] + [
                c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)
            ]
            lines.append(" ".join(cells).rstrip())
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<CharacterTable of {self.group!r}: {len(self)} irreducible characters>"

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th>{name}<br>{size}</th>"
            for name, size in zip(self.class_names, self.classes.sizes, strict=True)
        )
        body = "".join(
            f"<tr><th>χ<sub>{i + 1}</sub></th>" + "".join(f"<td>{v}</td>" for v in row) + "</tr>"
            for i, row in enumerate(self.to_lists())
        )
        return f"<table><tr><th></th>{head}</tr>{body}</table>"

    def _repr_latex_(self) -> str:
        rows = [" & ".join(["", *(f"\\mathrm{{{n}}}" for n in self.class_names)])]
        for i, chi in enumerate(self.characters):
            rows.append(" & ".join([f"\\chi_{{{i + 1}}}", *(v.latex() for v in chi.values)]))
        columns = "r|" + "r" * len(self.classes)
        return f"$\\begin{{array}}{{{columns}}}" + " \\\\ ".join(rows) + "\\end{array}$"

    def __rich__(self) -> Any:
        from rich.table import Table

        table = Table("", *self.class_names, title=repr(self.group))
        table.add_row("size", *map(str, self.classes.sizes), end_section=True)
        for i, row in enumerate(self.to_lists()):
            table.add_row(f"X.{i + 1}", *row)
        return table

    def to_sympy(self) -> Any:
        """The values as a sympy matrix."""
        import sympy

        return sympy.Matrix([[v.to_sympy() for v in chi.values] for chi in self.characters])


def _letters(k: int) -> str:
    text = ""
    while k:
        k, digit = divmod(k - 1, 26)
        text = chr(ord("a") + digit) + text
    return text


def _row_key(row: Sequence[Any]) -> tuple[Any, ...]:
    conductor = math.lcm(*(1 if type(v) is int else v.conductor for v in row))
    trivial = all(type(v) is int and v == 1 for v in row)
    if conductor == 1:
        return (row[0], not trivial, 1, tuple(-v for v in row))
    return (row[0], True, conductor, tuple(Cyclotomic(v).sort_key for v in row))


# -- choosing a method -----------------------------------------------------------------------------


def compute_table(group: PermutationGroup, algorithm: str = "auto") -> CharacterTable:
    """The verified character table; see `groups.characters.character_table`."""
    if algorithm not in ("auto", "dixon"):
        raise ParameterError(
            f'algorithm: must be "auto" or "dixon", got {algorithm!r}; "auto" chooses by structure'
        )
    if algorithm == "auto" and "character_table" in group._cache:
        return group._cache["character_table"]  # type: ignore[no-any-return]
    _refuse_many(group, _fewest_classes(group))
    classes = conjugacy_classes(group)
    _refuse_many(group, len(classes))
    rows = dixon_characters(classes) if algorithm == "dixon" else _rows_by_structure(classes)
    table = CharacterTable(classes, rows)
    verify_table(table)
    if algorithm == "auto":
        group._cache["character_table"] = table
    return table


def _fewest_classes(group: PermutationGroup) -> int:
    """The number of classes where it can be told without finding one, otherwise 0."""
    record = group._structure or (None,)
    if record[0] == "dihedral":
        return int(record[1]) // 2 + 1
    return group.order if group.is_abelian else 0


def _refuse_many(group: PermutationGroup, count: int) -> None:
    if count > _MOST_CLASSES:
        raise TooLargeError(
            f"group: character tables are listed up to {_MOST_CLASSES} classes, got {shown(count)} "
            f"for {group!r}; work with the factors, or with single values for symmetric groups"
        )


def _rows_by_structure(classes: ConjugacyClasses) -> list[list[Any]]:
    kind, *data = classes.structure
    if kind == "symmetric":
        return _symmetric_rows(classes)
    if kind == "alternating":
        return _alternating_rows(classes)
    if kind == "direct":
        return _direct_rows(classes, *data)
    if kind == "action":
        source, number = data
        order = [number[row.tobytes()] for row in classes.representatives]
        return [[chi._values[c] for c in order] for chi in compute_table(source.group)]
    if kind == "wreath" and data[0].symmetric:
        return _wreath_rows(classes, data[0])
    if len(classes) == classes.group.order:
        return abelian_characters(classes)
    return dixon_characters(classes)


def _symmetric_rows(classes: ConjugacyClasses) -> list[list[Any]]:
    n = classes.group.degree
    column = {t: j for j, t in enumerate(partitions(n))}
    order = [column[t] for t in classes.cycle_types]
    return symmetric_character_table(n)[:, order].tolist()  # type: ignore[no-any-return]


def _alternating_rows(classes: ConjugacyClasses) -> list[list[Any]]:
    """Restrictions from S_n; those of self-conjugate partitions split (James–Kerber 2.5.13)."""
    n = classes.group.degree
    types = partitions(n)
    column = {t: j for j, t in enumerate(types)}
    order = [column[t] for t in classes.cycle_types]
    values = symmetric_character_table(n)
    rows: list[list[Any]] = []
    for i, shape in enumerate(types):
        transposed = conjugate_partition(shape)
        row = values[i, order].tolist()
        if shape > transposed:
            rows.append(row)
        elif shape == transposed:
            hooks = hook_lengths(shape)
            starts = [sum(shape[:k]) for k in range(len(shape))]
            diagonal = tuple(hooks[s + k] for k, s in enumerate(starts) if shape[k] > k)
            rows += _split_row(row, classes, diagonal)
    return rows


def _split_row(
    row: list[int], classes: ConjugacyClasses, diagonal: tuple[int, ...]
) -> list[list[Any]]:
    """Halves of a restricted character: they differ on the two classes of type the diagonal
    hooks.
    """
    first, second = (c for c, t in enumerate(classes.cycle_types) if t == diagonal)
    root = Cyclotomic(1)
    for h in diagonal:
        # Gauss: the sum of E(h)^(j^2) is the square root of h or -h, whichever is 1 modulo 4.
        root = root * Cyclotomic.combination(
            h, {k: sum(1 for j in range(h) if j * j % h == k) for k in range(h)}
        )
    halves = []
    for sign in (1, -1):
        # On every other class the value is even, half of it for each part.
        half: list[Any] = [v // 2 for v in row]
        for c, s in ((first, sign), (second, -sign)):
            half[c] = (Cyclotomic(row[c]) + root * s) / 2
        halves.append(half)
    return halves


def _direct_rows(
    classes: ConjugacyClasses, factors: Sequence[ConjugacyClasses], blocks: Sequence[Sequence[int]]
) -> list[list[Any]]:
    """All products of characters of the factors."""
    columns = []
    for f, block in zip(factors, blocks, strict=True):
        points = np.array(block, dtype=np.int64)
        position = np.zeros(classes.group.degree, dtype=np.int64)
        position[points] = np.arange(len(points))
        columns.append(f.classify(position[classes.representatives[:, points]]).tolist())
    rows: list[list[Any]] = [[1] * len(classes)]
    for f, column in zip(factors, columns, strict=True):
        table = compute_table(f.group)
        rows = [
            [a * chi._values[c] for a, c in zip(row, column, strict=True)]
            for row in rows
            for chi in table
        ]
    return rows


def _wreath_rows(classes: ConjugacyClasses, wreath: WreathClasses) -> list[list[Any]]:
    base = compute_table(wreath.base.group)
    marks = []
    for row in classes.representatives:
        pattern = wreath.pattern_of(row)
        cycles = block_cycles(np.array([b for b, _ in pattern]))
        marks.append([(len(c), wreath.class_of_rank[pattern[max(c)][1]]) for c in cycles])
    return wreath_characters([chi._values for chi in base], marks, wreath.m)


# -- verification ----------------------------------------------------------------------------------


def verify_table(table: CharacterTable) -> None:
    """Prove that a table has every property of a character table that can be stated in its values.

    Checked exactly: as many characters as classes; degrees positive and their squares add up to the
    order; every value and every central value ``|C| chi(C)/chi(1)`` an algebraic integer;
    ``sigma(chi(g)) = chi(g^k)`` for every Galois automorphism ``E(n) -> E(n)^k`` and the set of
    rows closed under it; orthogonality of the rows (and so of the columns, the table being square).

    Raises:
        AssertionError: a property fails (a bug in this package, never the caller's fault).

    Complexity:
        A few products of k x k matrices modulo 62-bit primes.
    """
    classes, order = table.classes, table.group.order
    rows = [chi._values for chi in table]
    if len(rows) != len(classes) or any(not isinstance(r[0], int) or r[0] < 1 for r in rows):
        raise AssertionError("a table must be square with positive degrees")
    if sum(row[0] ** 2 for row in rows) != order:
        raise AssertionError("the squares of the degrees must add up to the order of the group")
    if all(type(v) is int for row in rows for v in row):
        _verify_rational(classes, rows)
        return
    for row in rows:
        for size, value in zip(classes.sizes, row, strict=True):
            terms = ((0, value),) if type(value) is int else value.terms
            if any(type(c) is not int or size * c % row[0] for _, c in terms):
                raise AssertionError("values and central values must be algebraic integers")
    _verify_galois(classes, rows)
    _verify_orthogonality(classes, rows)


def _verify_rational(classes: ConjugacyClasses, rows: Sequence[tuple[int, ...]]) -> None:
    """The same checks for a table of integers, as operations on whole arrays."""
    import flint

    k = len(rows)
    values = np.array(rows, dtype=object)
    weighted = values * np.array(classes.sizes, dtype=object)
    if (weighted % values[:, :1]).any():
        raise AssertionError("values and central values must be algebraic integers")
    for unit in _unit_generators(classes.exponent):
        if (values[:, list(classes.power_map(unit))] != values).any():
            raise AssertionError("the table must be closed under Galois conjugation")
    product = flint.fmpz_mat(values.tolist()) * flint.fmpz_mat(weighted.tolist()).transpose()
    order = classes.group.order
    if product != flint.fmpz_mat(k, k, [order * (i == j) for i in range(k) for j in range(k)]):
        raise AssertionError("characters must be orthogonal")


def _unit_generators(n: int) -> list[int]:
    """Numbers that generate the units modulo n."""
    generators = []
    for p, k in factorization(n):
        q, other = p**k, n // p**k
        local = [q - 1, 5] if p == 2 else [_primitive_root(p, k)]
        for unit in local:
            generators.append((unit - 1) * other * pow(other, -1, q) % n + 1 if q > 1 else 1)
    return [g for g in generators if g % n != 1]


def _primitive_root(p: int, k: int) -> int:
    divisors = [q for q, _ in factorization(p - 1)]
    for g in range(2, p + 1):
        if all(pow(g, (p - 1) // q, p) != 1 for q in divisors):
            return g if k == 1 or pow(g, p - 1, p * p) != 1 else g + p
    return 1


def _verify_galois(classes: ConjugacyClasses, rows: Sequence[tuple[Any, ...]]) -> None:
    known = set(rows)
    if len(known) != len(rows):
        raise AssertionError("characters must be different")
    for k in _unit_generators(classes.exponent):
        power = classes.power_map(k)
        memory: dict[Any, Any] = {}
        for row in rows:
            image = []
            for value in row:
                if type(value) is int:
                    image.append(value)
                else:
                    if value not in memory:
                        memory[value] = _simple(value.galois(k))
                    image.append(memory[value])
            if tuple(image) not in known or any(
                v != row[c] for v, c in zip(image, power, strict=True)
            ):
                raise AssertionError("the table must be closed under Galois conjugation")


def _verify_orthogonality(classes: ConjugacyClasses, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows times class sizes times conjugate rows is |G| times the identity."""
    import flint

    k, order = len(rows), classes.group.order
    distinct = list(dict.fromkeys(v for row in rows for v in row))
    n = math.lcm(*(1 if type(v) is int else v.conductor for v in distinct))
    size = {v: abs(v) if type(v) is int else v.absolute_bound for v in distinct}
    largest = [max(size[row[c]] for row in rows) for c in range(k)]
    bound = sum(s * x * x for s, x in zip(classes.sizes, largest, strict=True)) + order
    product = 1
    p = (2**61 // n) * n + 1
    while product <= bound:
        p -= n
        if p < 2**31:
            raise TooLargeError(
                f"group: no primes = 1 mod {n} are left to verify the table of {classes.group!r}; "
                "work with the factors of the group"
            )
        if not flint.fmpz(p).is_prime():
            continue
        product *= p
        image = _embedding(distinct, n, p)
        left = flint.nmod_mat(k, k, [image[v][0] for row in rows for v in row], p)
        weighted = [
            s * image[v][1] % p for row in rows for s, v in zip(classes.sizes, row, strict=True)
        ]
        right = flint.nmod_mat(k, k, weighted, p).transpose()
        unit = [order % p if i == j else 0 for i in range(k) for j in range(k)]
        if left * right != flint.nmod_mat(k, k, unit, p):
            raise AssertionError("characters must be orthogonal")


def _embedding(values: Sequence[Any], n: int, p: int) -> dict[Any, tuple[int, int]]:
    """Images of values and of their complex conjugates under one map to GF(p), p = 1 mod n."""
    root = next(
        r
        for r in (pow(g, (p - 1) // n, p) for g in range(2, p))
        if all(pow(r, n // q, p) != 1 for q, _ in factorization(n))
    )
    image = {}
    for v in values:
        if type(v) is int:
            image[v] = (v % p, v % p)
        else:
            step = n // v.conductor
            image[v] = (
                sum(int(c) * pow(root, i * step, p) for i, c in v.terms) % p,
                sum(int(c) * pow(root, -i * step, p) for i, c in v.terms) % p,
            )
    return image
