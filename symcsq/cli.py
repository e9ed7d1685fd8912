"""The command line: parse, call the library, print.

Exit codes: 0 every claim holds; 1 a claim is refuted or a certificate fails; 2 bad input (one line on
stderr, nothing written); 3 stopped early (Ctrl-C, or the reader of stdout went away); 4 a fault of symcsq.
Nothing that computes is imported before a command needs it, so that `symcsq --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

HOLDS, REFUTED, BAD_INPUT, STOPPED, FAULT = range(5)
ROWS_SHOWN = 20

json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object instead; integers beyond 2^53 and all rationals are strings.",
)


def show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        import symcsq

        click.echo(f"symcsq {symcsq.__version__}")
        context.exit(HOLDS)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=show_version,
              help="Print the version.")
def commands() -> None:
    """Exact hardness of learning under symmetries.

    A permutation group and an exact distribution go in; a family of hard functions, its exact Gram
    matrix, the learning bound that follows, and a certificate that anyone can re-check come out.

    \b
    Examples:
      symcsq verify                                     every lemma at its default sizes
      symcsq verify frame-averaged --group D12 --set m=4
      symcsq verify --out certificates                  also write one certificate per lemma
      symcsq check certificates/*.json                  re-check them
      symcsq group "S4 wr S3"
      symcsq orbits M24 --subsets 8

    \b
    Exit codes:
      0 all claims hold    1 a claim is refuted    2 bad input
      3 stopped early      4 a fault of symcsq itself
    """


@commands.command("group")
@click.argument("group_text", metavar="GROUP")
@json_option
def group_command(group_text: str, as_json: bool) -> None:
    """Order, base, strong generators and properties of a group.

    GROUP is an expression or the path of a group file.

    \b
    Expressions:
      C12  D10  S6  A7  M11  PSL(2,7)         named groups
      "(1,2,3)(4,5)"                          generators as cycles, points from 1
      "S4 wr S3"  "C4 x C6"                   wreath and direct products
      "S6 on pairs"  "S5 on subsets(2)"       actions
    Group file (JSON, points from 0):
      {"degree": 4, "generators": [[1, 2, 3, 0], [1, 0, 2, 3]]}

    \b
    Examples:
      symcsq group "S6 on pairs"
      symcsq group rotations.json --json
    """
    from groups import group

    found = group(group_text)
    if as_json:
        emit_json(
            degree=found.degree,
            order=found.order,
            transitive=found.is_transitive,
            primitive=found.is_primitive,
            base=found.base,
            strong_generators=found.strong_generators,
            generators=found.generators,
        )
    else:
        from symcsq.display.tables import group_table

        emit(group_table(found, group_text))


@commands.command("orbits")
@click.argument("group_text", metavar="GROUP")
@click.option("--subsets", type=int, metavar="K", help="Orbits on K-subsets of the points.")
@click.option("--exponents", type=int, metavar="D", help="Orbits on monomials of degree D.")
@click.option("--tuples", type=int, metavar="K", help="Orbits on K-tuples of points.")
@click.option("--count-only", is_flag=True, help="Count without listing, by the cycle index.")
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="N",
    help=f"List the first N orbits only (the table shows {ROWS_SHOWN} unless told otherwise).",
)
@json_option
def orbits_command(
    group_text: str,
    subsets: int | None,
    exponents: int | None,
    tuples: int | None,
    count_only: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """Orbits of a group on points, subsets, tuples or monomials.

    Representatives are lexicographically least and listed in lexicographic order; points count from 0.
    Without an option: orbits on points.

    \b
    Examples:
      symcsq orbits "S6 on pairs" --subsets 4      graphs with 6 nodes and 4 edges
      symcsq orbits C12 --exponents 3
      symcsq orbits S200 --exponents 20 --count-only
    """
    from groups import group

    from symcsq.display.orbit_listing import OrbitQuestion

    question = OrbitQuestion.from_options(subsets=subsets, exponents=exponents, tuples=tuples)
    found = group(group_text)
    count, total = question.count(found), question.total(found)
    if count_only:
        if as_json:
            emit_json(count=count, total=total)
        else:
            emit(f"{count} orbits on {total} {question.objects}")
        return
    table = question.listing(found)
    if as_json:
        emit_json(
            count=len(table),
            total=table.total,
            representatives=table.representatives[:limit],
            sizes=table.sizes[:limit],
        )
    else:
        from symcsq.display.tables import orbit_table

        emit(orbit_table(table, question, ROWS_SHOWN if limit is None else limit))


@commands.command("lemmas")
@json_option
def lemmas_command(as_json: bool) -> None:
    """Names, references, parameters and defaults of the lemmas that `verify` knows.

    \b
    Examples:
      symcsq lemmas
      symcsq lemmas --json
    """
    from symcsq import lemmas
