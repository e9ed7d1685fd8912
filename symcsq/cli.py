"""The command line: parse, call the library, print.

Exit codes: 0 every claim holds; 1 a claim is refuted or a certificate fails; 2 bad input (one line
on stderr, nothing written); 3 stopped early (Ctrl-C, lost workers, or the reader of stdout went
away), resumable with --store; 4 a fault of symcsq. Nothing that computes is imported before a
command needs it, so that `symcsq --help` answers at once.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

HOLDS, REFUTED, BAD_INPUT, STOPPED, FAULT = range(5)
ROWS_SHOWN = 20
MOST_TERMS = 100_000
MOST_DIGITS = 100_000  # of an integer that is printed

json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object instead; integers beyond 2^53 and all rationals are strings.",
)


def show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from symcsq import __version__

        click.echo(f"symcsq {__version__}")
        context.exit(HOLDS)


class Stopped(Exception):
    """The user pressed Ctrl-C; the text says what is left of the work."""


class ReaderGone(Exception):
    """What reads stdout went away, for example `| head`."""


class Commands(click.Group):
    """The group of commands.

    On Ctrl-C click alone would print an empty line of its own, and on a broken pipe it would leave
    with the code of a refutation.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Stopped from None
        except BrokenPipeError:
            raise ReaderGone from None


class WithGrammar(click.Command):
    """A command whose help ends with the grammar of group expressions."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text, then the grammar."""
        from groups.grammar import GRAMMAR

        super().format_help_text(ctx, formatter)
        formatter.write_paragraph()
        with formatter.indentation():
            for line in folded(GRAMMAR, formatter.width - formatter.current_indent):
                formatter.write(" " * formatter.current_indent + line + "\n")


def folded(text: str, width: int) -> list[str]:
    """Lines of a list of names and meanings, the meanings folded in their own column."""
    import textwrap

    lines: list[str] = []
    for line in text.splitlines():
        match = re.match(r"  \S.*?\s{2,}(?=\S)|\s{10,}", line)
        indent = " " * min(len(match[0]) if match else 2, width // 2)
        lines += textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False)
    return lines


class Whole(click.ParamType):
    """An integer from `least` to `most`, refused in the words of this program."""

    name = "integer"

    def __init__(self, example: int, least: int = 0, most: int | None = None) -> None:
        self.example, self.least, self.most = example, least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The integer that was written."""
        if isinstance(value, int):
            return value
        from symcsq.command_inputs import OptionError

        text = str(value).strip()
        digits = re.fullmatch(r"[+-]?[0-9]{1,1000}", text)
        number = int(text) if digits else None
        if number is None or number < self.least or (self.most is not None and number > self.most):
            rule = f">= {self.least}" if self.most is None else f"from {self.least} to {self.most}"
            option = param.opts[0] if param else "value"
            shown = text if len(text) <= 30 else text[:29] + "…"
            raise OptionError(
                f"{option}: must be an integer {rule}, got {shown!r}; "
                f"write for example {option} {self.example}"
            )
        return number


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_version,
    help="Print the version.",
)
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
      symcsq characters M11

    \b
    Exit codes:
      0 all claims hold    1 a claim is refuted    2 bad input
      3 stopped early, resumable with --store        4 a fault of symcsq itself
    """


@commands.command("group", cls=WithGrammar)
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
@click.option("--subsets", type=Whole(3), metavar="K", help="Orbits on K-subsets of the points.")
@click.option("--exponents", type=Whole(3), metavar="D", help="Orbits on monomials of degree D.")
@click.option("--tuples", type=Whole(2), metavar="K", help="Orbits on K-tuples of points.")
@click.option("--count-only", is_flag=True, help="Count without listing, by the cycle index.")
@click.option(
    "--limit",
    type=Whole(50),
    metavar="N",
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

    Representatives are lexicographically least and listed in lexicographic order; points count
    from 0. Without an option: orbits on points.

    \b
    Examples:
      symcsq orbits "S6 on pairs" --subsets 4      graphs with 6 nodes and 4 edges
      symcsq orbits C12 --exponents 3
      symcsq orbits S200 --exponents 20 --count-only
    """
    from groups import group
    from symcsq.command_inputs import OrbitQuestion

    question = OrbitQuestion.from_options(subsets=subsets, exponents=exponents, tuples=tuples)
    found = group(group_text)
    question.check(found)
    count, total = question.count(found), question.total(found)
    if count_only:
        if as_json:
            emit_json(count=count, total=total)
        else:
            click.echo(f"{count} orbits on {total} {question.objects}")  # one line, never broken
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

        emit(orbit_table(table, question.objects, ROWS_SHOWN if limit is None else limit))


@commands.command("molien")
@click.argument("group_text", metavar="GROUP")
@click.option(
    "--character", type=Whole(1), metavar="I", help="Character number, from 0 (the trivial one)."
)
@click.option(
    "--terms",
    type=Whole(20, most=MOST_TERMS),
    default=11,
    show_default=True,
    metavar="N",
    help="Number of coefficients, from degree 0 on.",
)
@json_option
def molien_command(group_text: str, character: int | None, terms: int, as_json: bool) -> None:
    """How many invariants there are in every degree: the Molien series, exactly.

    With --character I: how often character I of the table occurs in the polynomials of each degree.

    \b
    Examples:
      symcsq molien "S4 on pairs"
      symcsq molien S4 --character 1 --terms 20
    """
    from groups import group
    from symcsq.command_inputs import chosen_character

    found = group(group_text)
    series = found.molien_series(chosen_character(found, character))
    if as_json:
        emit_json(
            numerator=series.numerator,
            denominator=series.denominator,
            coefficients=series.coefficients(terms),
        )
    else:
        from symcsq.display.representations import molien_lines

        for line in molien_lines(series, terms):
            emit(line)


@commands.command("characters")
@click.argument("group_text", metavar="GROUP")
@json_option
def characters_command(group_text: str, as_json: bool) -> None:
    """The exact character table; irrational values are written with roots of unity E(n).

    \b
    Examples:
      symcsq characters M11
      symcsq characters "S3 wr C2" --json
    """
    from groups import group
    from symcsq.display.representations import character_fields, character_lines

    table = group(group_text).character_table()
    if as_json:
        emit_json(**character_fields(table))
    else:
        for line in character_lines(table):
            emit(line)


@commands.command("basis")
@click.argument("group_text", metavar="GROUP")
@click.option(
    "--degree", type=Whole(3), required=True, metavar="D", help="Degree of the polynomials."
)
@click.option(
    "--character", type=Whole(1), metavar="I", help="Character number, from 0 (the trivial one)."
)
@click.option(
    "--distribution",
    metavar="NAME",
    help="Orthogonal polynomials of this law in place of powers, with exact squared norms.",
)
@click.option(
    "--limit",
    type=Whole(50),
    metavar="N",
    help=f"List the first N elements only (the table shows {ROWS_SHOWN} unless told otherwise).",
)
@json_option
def basis_command(
    group_text: str,
    degree: int,
    character: int | None,
    distribution: str | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """A basis of the invariants of one degree, or of the component of a character.

    \b
    Examples:
      symcsq basis "S4 on pairs" --degree 3
      symcsq basis S3 --degree 3 --character 1          the Vandermonde product
      symcsq basis C6 --degree 2 --distribution gaussian
    """
    from groups import group
    from symcsq.command_inputs import chosen_character
    from symcsq.display.representations import basis_lines, element_fields, orthogonal_elements

    found = group(group_text)
    law: Any = None
    if distribution is not None:
        from symcsq.distributions import parse

        law = parse(distribution).on(found.degree)
    elements = orthogonal_elements(
        found.invariant_basis(degree, chosen_character(found, character)), law
    )
    if as_json:
        emit_json(
            dimension=len(elements),
            elements=[element_fields(element, norm) for element, norm in elements[:limit]],
        )
    else:
        for line in basis_lines(elements, ROWS_SHOWN if limit is None else limit):
            emit(line)


@commands.command("lemmas")
@json_option
def lemmas_command(as_json: bool) -> None:
    """Names, references, parameters and defaults of the lemmas that `verify` knows.

    \b
    Examples:
      symcsq lemmas
      symcsq lemmas --json
    """
    from symcsq.lemmas import registry

    definitions = registry().values()
    if as_json:
        emit_json(
            lemmas=[
                {
                    "name": definition.name,
                    "reference": str(definition.reference),
                    "summary": definition.summary,
                    "parameters": [
                        {"name": parameter.name, "meaning": parameter.meaning}
                        for parameter in definition.parameters
                    ],
                    "defaults": definition.defaults,
                }
                for definition in definitions
            ]
        )
    else:
        from symcsq.display.tables import lemma_table

        emit(lemma_table(definitions))


@commands.command("growth")
@click.argument("names", metavar="[FAMILY]...", nargs=-1)
@click.option("--variant", metavar="NAME", help="Another group, frame or class of one FAMILY.")
@click.option("--n", "sizes", metavar="N,N,...", help="The sizes, such as 16,64,256.")
@click.option(
    "--tolerance", default="1/10", show_default=True, metavar="TAU", help="Accuracy of answers."
)
@click.option("--picture", metavar="FILE", help="Also draw the tables into this file (.png, .svg).")
@json_option
def growth_command(
    names: tuple[str, ...],
    variant: str | None,
    sizes: str | None,
    tolerance: str,
    picture: str | None,
    as_json: bool,
) -> None:
    """How families grow with n in the paper's regimes, as exact numbers.

    Without FAMILY: every family at the sizes of the documentation. Nothing is listed: sizes, norms,
    row sums and bounds come from formulas.

    \b
    Examples:
      symcsq growth parity-networks frame-averaged
      symcsq growth invariant-polynomials --variant dihedral --n 64,128
      symcsq growth rotation-networks --json             every digit
    """
    from symcsq.command_inputs import chosen_growth, picture_file
    from symcsq.display.progress import progress_bar

    tables = chosen_growth(names, variant, sizes, tolerance)
    target = None if picture is None else picture_file(picture)
    with progress_bar("growth", len(tables)) as start:
        found = [
            make(progress=start(name, position))
            for position, (name, make) in enumerate(tables.items())
        ]
    if target is not None:
        from symcsq.display.growth_plot import save_growth_plot

        save_growth_plot(found, target)
    if as_json:
        emit_json(tables=[table.to_json() for table in found])
        return
    for place, table in enumerate(found):
        click.echo(("\n" if place else "") + str(table))


@commands.command("verify")
@click.argument("lemma_names", metavar="[LEMMA]...", nargs=-1)
@click.option("--group", "group_text", metavar="GROUP", help="Same as --set group=GROUP.")
@click.option(
    "--set",
    "settings",
    metavar="KEY=VALUE",
    multiple=True,
    help='A parameter; may be repeated. "symcsq lemmas" lists them.',
)
@click.option("--out", metavar="DIR", help="Write one certificate per lemma into this folder.")
@click.option(
    "--blocks",
    is_flag=True,
    help="With --out: also write Gram matrices of more than 64 members, beside the certificates.",
)
@click.option(
    "--store",
    metavar="FILE",
    help="Keep finished work in this file; the same command resumes from it when it was stopped.",
)
@click.option(
    "--jobs",
    type=Whole(4, least=1),
    metavar="N",
    help="Compute in N processes on this machine.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Compute on the Dask cluster of this scheduler."
)
@click.option(
    "--tls-ca", metavar="PEM", help="Certificate of the authority that the Dask cluster trusts."
)
@click.option("--tls-cert", metavar="PEM", help="Our certificate for the Dask cluster.")
@click.option("--tls-key", metavar="PEM", help="Its key, where --tls-cert does not contain it.")
@json_option
def verify_command(
    lemma_names: tuple[str, ...],
    group_text: str | None,
    settings: tuple[str, ...],
    out: str | None,
    blocks: bool,
    store: str | None,
    jobs: int | None,
    scheduler: str | None,
    tls_ca: str | None,
    tls_cert: str | None,
    tls_key: str | None,
    as_json: bool,
) -> int:
    """Verify lemmas exactly: families, Gram matrices, bounds, certificates.

    Without LEMMA: the whole suite at its default sizes. With names alone: those rows of the suite.
    With --group or --set: each named lemma once, with these parameters.

    Certificates are the same with and without --store, --jobs and --scheduler. What --out wrote is
    checked at once; a certificate that exceeds the limits of the checker is noted on stderr.

    \b
    Examples:
      symcsq verify
      symcsq verify frame-averaged --out certificates
      symcsq verify --store work.db --jobs 4         stop it with Ctrl-C; the same line resumes
      symcsq verify --scheduler tcp://127.0.0.1:8786
      symcsq verify --scheduler tls://head:8786 --tls-ca ca.pem --tls-cert me.pem
      symcsq verify invariant-polynomials --group "S5 on pairs" --set degree=3
      symcsq verify parity-networks --set n=12 --set m=4 --set tolerance=1/20
      symcsq verify parity-networks --set m=3        refuted: these networks are all 0
    """
    import time

    from symcsq.command_inputs import (
        OptionError,
        WorkOptions,
        chosen_lemmas,
        output_folder,
        parse_settings,
        write_certificates,
    )
    from symcsq.display.checking import note_on
    from symcsq.display.progress import progress_bar
    from symcsq.display.tables import unwrapped
    from symcsq.display.verification import Outcome, suite_tables

    started = time.perf_counter()
    options = WorkOptions.from_options(store, jobs, scheduler, tls_ca, tls_cert, tls_key)
    lemmas = chosen_lemmas(lemma_names, parse_settings(settings, group_text))
    if blocks and out is None:
        raise OptionError("--blocks: needs a folder to write to, got none; add --out DIR")
    folder = None if out is None else output_folder(out)
    reports = []
    try:
        with options.opened() as (executor, results), progress_bar("verify", len(lemmas)) as start:
            for position, lemma in enumerate(lemmas):
                progress = start(lemma.name, position)
                report = lemma.verify(executor=executor, store=results, progress=progress)
                reports.append(report)
    except KeyboardInterrupt:
        raise Stopped(options.when_stopped) from None
    # Only now: when any of the input is bad, nothing is written.
    paths: list[str | None] = [None] * len(reports)
    if folder is not None:
        certificates = [report.certificate for report in reports]
        written = write_certificates(folder, certificates, blocks=blocks)
        paths = [str(path) for path in written]
        with progress_bar("check", len(written)) as start:
            for position, path in enumerate(written):
                start(path.name, position)
                if note := note_on(str(path)):
                    click.echo(f"note: {one_line(note)}", err=True)
    outcomes = [
        Outcome(lemma, report, path)
        for lemma, report, path in zip(lemmas, reports, paths, strict=True)
    ]
    seconds = time.perf_counter() - started
    holds = all(report.holds for report in reports)
    if as_json:
        emit_json(
            holds=holds, lemmas=[outcome.entry() for outcome in outcomes], seconds=round(seconds, 3)
        )
    else:
        for part in suite_tables(outcomes, seconds):
            emit(part)
        if folder is not None:
            noun = "certificate" if len(reports) == 1 else "certificates"
            where = paths[0] if len(reports) == 1 else folder
            emit(unwrapped(f"{len(reports)} {noun} written: {where}"))
    return HOLDS if holds else REFUTED


@commands.command("check")
@click.argument("certificates", metavar="CERTIFICATE...", nargs=-1, required=True)
@json_option
def check_command(certificates: tuple[str, ...], as_json: bool) -> int:
    """Re-check certificates without trusting what wrote them.

    The checker uses only Python's standard library and shares no code with the producer. A
    certificate that is false is rejected with its first false field. Exit code 2: a file cannot be
    read, or is no certificate.

    \b
    Examples:
      symcsq check certificates/*.json
      symcsq check parity-networks-n16-m4-relu.json --json
    """
    from symcsq.command_inputs import OptionError
    from symcsq.display.checking import check_lines, checked_file
    from symcsq.display.progress import progress_bar

    results = []
    with progress_bar("check", len(certificates)) as start:
        for position, name in enumerate(certificates):
            start(name, position)
            results.append(checked_file(name))
    holds = all(result.holds for result in results)
    unreadable = [result for result in results if result.verdict == "declined"]
    refusal = ""
    if unreadable and not any(result.verdict == "rejected" for result in results):
        first = unreadable[0]
        refusal = f"{first.name}: {first.failures[0][1]}; give files that symcsq wrote"
    if len(unreadable) == len(results) and refusal:
        raise OptionError(refusal)
    if as_json:
        emit_json(
            holds=holds,
            checked=len(results),
            failures=[
                {"file": result.name, "path": path, "message": message}
                for result in results
                for path, message in result.failures
            ],
        )
    else:
        for line in check_lines(results):
            emit(line)
    if refusal:
        complain(refusal)
        return BAD_INPUT
    return HOLDS if holds else REFUTED


def emit_json(**fields: Any) -> None:
    """Print one JSON object."""
    from symcsq.display.json_values import one_object

    click.echo(one_object(fields))


def emit(renderable: Any) -> None:
    """Print a table or a line for people."""
    from symcsq.display.tables import show

    show(renderable)


def one_line(message: object) -> str:
    """A message without line breaks."""
    return " ".join(str(message).split())


def complain(message: object) -> None:
    """One line on stderr."""
    click.echo(f"symcsq: {one_line(message)}", err=True)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing but the code leaves this function.

    Arguments:
        arguments: the words after `symcsq`.

    Returns:
        0 to 4, see the head of this file.

    Examples:
        >>> run(["group", "C6", "--json"])
        {"degree": 6, "order": 6, "transitive": true, "primitive": false, "base": [0], \
"strong_generators": [[1, 2, 3, 4, 5, 0]], "generators": [[1, 2, 3, 4, 5, 0]]}
        0
    """
    try:
        code = commands.main(list(arguments), prog_name="symcsq", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else HOLDS
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return BAD_INPUT
    except click.UsageError as error:
        words = error.ctx.command_path if error.ctx else "symcsq"
        if words == "symcsq" and arguments and arguments[0] in commands.commands:
            words = f"symcsq {arguments[0]}"
        complain(f'{error.format_message().rstrip(".")}; see "{words} --help"')
        return BAD_INPUT
    except (Stopped, KeyboardInterrupt, click.Abort) as error:
        complain(str(error) or "stopped; nothing was written")
        return STOPPED
    except (BrokenPipeError, ReaderGone, SystemExit):
        # The reader went away (for example `| head`); click and rich leave with SystemExit then.
        # Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STOPPED
    except ValueError as error:
        complain(error)
        # By name: errors of the library are not loaded before a command needs them.
        return STOPPED if type(error).__name__ == "StoppedError" else BAD_INPUT
    except OverflowError as error:
        complain(f"a number is too large ({error}); choose smaller parameters")
        return BAD_INPUT
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        complain(f"{where}{error.strerror or error}; choose another path")
        return BAD_INPUT
    except MemoryError:
        complain("out of memory; choose smaller parameters, or count instead of listing")
        return STOPPED
    except Exception as error:
        if os.environ.get("SYMCSQ_TRACEBACK"):
            raise
        complain(
            f"a fault of symcsq: {type(error).__name__}: {error}; please report it with the "
            "command (SYMCSQ_TRACEBACK=1 shows where it happened)"
        )
        return FAULT


def main() -> NoReturn:
    """The program `symcsq`."""
    # Commands print numbers of more digits than Python writes by default, such as orders.
    sys.set_int_max_str_digits(MOST_DIGITS)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller, as with `>&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets "?" instead of an error.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    sys.exit(run(sys.argv[1:]))
