"""What the words on the command line mean: checked before any work starts, made into values."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symcsq.errors import SymcsqError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from groups import PermutationGroup
    from symcsq.lemmas import GrowthTable, Lemma
    from symcsq.verifier.store import Store


class OptionError(SymcsqError):
    """An option of the command line that means nothing, or contradicts another."""


@dataclass(frozen=True, slots=True)
class OrbitQuestion:
    """Orbits of a group on one kind of object.

    Arguments:
        kind: "points", "subsets", "exponents" or "tuples".
        size: the number of points in a subset or tuple, or the degree of an exponent vector.

    Examples:
        >>> OrbitQuestion.from_options(subsets=4, exponents=None, tuples=None).objects
        'subsets of 4 points'
    """

    kind: str
    size: int

    @classmethod
    def from_options(
        cls, *, subsets: int | None, exponents: int | None, tuples: int | None
    ) -> OrbitQuestion:
        """The question behind three options, of which at most one is given.

        Raises:
            OptionError: when two options are given.

        Examples:
            >>> OrbitQuestion.from_options(subsets=None, exponents=None, tuples=None)
            OrbitQuestion(kind='points', size=1)
        """
        options = {"subsets": subsets, "exponents": exponents, "tuples": tuples}
        given = {name: size for name, size in options.items() if size is not None}
        if len(given) > 1:
            first, second = list(given)[:2]
            raise OptionError(
                f"--{first}, --{second}: at most one of --subsets, --exponents and --tuples, "
                "got both; "
                "run the command once for each"
            )
        for name, size in given.items():
            return cls(name, size)
        return cls("points", 1)

    @property
    def objects(self) -> str:
        """What the group acts on, in words."""
        return {
            "points": "points",
            "subsets": f"subsets of {self.size} points",
            "exponents": f"monomials of degree {self.size}",
            "tuples": f"tuples of {self.size} points",
        }[self.kind]

    def check(self, group: PermutationGroup) -> None:
        """Refuse a size that the group's points do not have.

        Raises:
            OptionError: subsets larger than the set of points.

        Examples:
            >>> from groups import group
            >>> OrbitQuestion("subsets", 13).check(group("C12"))
            Traceback (most recent call last):
                ...
            symcsq.command_inputs.OptionError: --subsets: must be from 0 to 12, the number of \
points, got 13; write for example --subsets 6
        """
        if self.kind == "subsets" and not 0 <= self.size <= group.degree:
            raise OptionError(
                f"--subsets: must be from 0 to {group.degree}, the number of points, got "
                f"{self.size}; write for example --subsets {group.degree // 2}"
            )

    def count(self, group: PermutationGroup) -> int:
        """Number of orbits by the cycle index (M6), without listing."""
        if self.kind == "points":
            return len(group.orbits())
        if self.kind == "exponents":
            return group.count_orbits_on_exponents(self.size)
        if self.kind == "tuples":
            return group.count_orbits_on_tuples(self.size)
        return group.count_orbits_on_subsets(self.size)

    def total(self, group: PermutationGroup) -> int:
        """Number of objects, in closed form."""
        n, k = group.degree, self.size
        if self.kind == "exponents":
            return comb(n + k - 1, k) if n else int(k == 0)
        if self.kind == "tuples":
            return n**k
        return comb(n, k)

    def listing(self, group: PermutationGroup) -> Any:
        """The orbits as an `OrbitTable`: least representatives in lexicographic order."""
        if self.kind == "points":
            from groups.orbits import orbits_on_points

            return orbits_on_points(group)
        if self.kind == "exponents":
            return group.orbits_on_exponents(self.size)
        if self.kind == "tuples":
            return group.orbits_on_tuples(self.size)
        return group.orbits_on_subsets(self.size)


def chosen_character(group: PermutationGroup, number: int | None) -> Any:
    """The character of `--character`, None for the trivial one.

    Raises:
        OptionError: the table has no character of this number.

    Examples:
        >>> from groups import group
        >>> chosen_character(group("S3"), 2).degree
        2
    """
    if number is None or number == 0:
        return None
    table = group.character_table()
    if not 0 <= number < len(table):
        raise OptionError(
            f"--character: must be between 0 and {len(table) - 1}, got {number}; "
            'see "symcsq characters GROUP"'
        )
    return table[number]


def parse_settings(pairs: Sequence[str], group_text: str | None) -> dict[str, str]:
    """`--set KEY=VALUE …` and `--group GROUP` as a mapping.

    Raises:
        OptionError: no "=", no key, or a key that is given twice.

    Examples:
        >>> parse_settings(["m=4", "activation=relu"], "C12")
        {'group': 'C12', 'm': '4', 'activation': 'relu'}
    """
    settings = {} if group_text is None else {"group": group_text}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        key = key.strip()
        if not equals or not key:
            raise OptionError(
                f"--set: must be KEY=VALUE, got {pair!r}; write for example --set m=4 "
                '(see "symcsq verify --help")'
            )
        if key in settings:
            raise OptionError(
                f"--set: each parameter once, got {key!r} twice; leave one out "
                '(see "symcsq verify --help")'
            )
        settings[key] = value
    return settings


def chosen_lemmas(names: Sequence[str], settings: Mapping[str, str]) -> list[Lemma]:
    """The lemmas that `symcsq verify` is to check.

    Arguments:
        names: lemmas by name; none means all.
        settings: parameters as text; with any, each named lemma is taken once with these.

    Returns:
        Rows of the suite in its order, or one lemma for each name in the order given.

    Raises:
        OptionError: parameters without a lemma.
        LemmaError: an unknown lemma or parameter, or a value of the wrong kind.

    Examples:
        >>> [chosen.name for chosen in chosen_lemmas(["frame-averaged"], {})]
        ['frame-averaged']
        >>> chosen_lemmas(["parity-networks"], {"n": "9"})
        [lemma('parity-networks', n=9, m=4, activation='relu', tolerance='1/10')]
    """
    from symcsq.lemmas import lemma, suite

    if settings and not names:
        raise OptionError(
            f"--{'group' if 'group' in settings else 'set'}: must come with a LEMMA, got none; "
            "write for example: symcsq verify frame-averaged --group D12"
        )
    chosen: list[Lemma] = []
    for name in dict.fromkeys(names):
        single = lemma(name, **settings)
        rows = [row for row in suite() if row.name == name]
        chosen += [single] if settings or not rows else rows
    return chosen if names else list(suite())


@dataclass(frozen=True, slots=True)
class WorkOptions:
    """Where `symcsq verify` computes and keeps what is finished.

    Arguments:
        store: the file of `--store`.
        jobs: the number of processes, None where it was not given.
        scheduler: the address of a Dask scheduler.
        tls: the files of `--tls-ca`, `--tls-cert` and `--tls-key`, in this order.

    Examples:
        >>> WorkOptions.from_options(None, 2, None, None, None, None).jobs
        2
    """

    store: str | None
    jobs: int | None
    scheduler: str | None
    tls: tuple[str, str, str | None] | None

    @classmethod
    def from_options(
        cls,
        store: str | None,
        jobs: int | None,
        scheduler: str | None,
        tls_ca: str | None,
        tls_cert: str | None,
        tls_key: str | None,
    ) -> WorkOptions:
        """The options as they were written.

        Raises:
            OptionError: two options that contradict each other, or one that lacks another.

        Examples:
            >>> WorkOptions.from_options(None, 2, "tcp://127.0.0.1:8786", None, None, None)
            Traceback (most recent call last):
                ...
            symcsq.command_inputs.OptionError: --jobs, --scheduler: at most one of them, got both; \
the cluster's workers are counted where it is started
        """
        if jobs is not None and scheduler is not None:
            raise OptionError(
                "--jobs, --scheduler: at most one of them, got both; the cluster's workers are "
                "counted where it is started"
            )
        given = {"--tls-ca": tls_ca, "--tls-cert": tls_cert, "--tls-key": tls_key}
        named = [name for name, path in given.items() if path is not None]
        if named and scheduler is None:
            raise OptionError(
                f"{named[0]}: must come with --scheduler, got none; write for example "
                "--scheduler tls://head:8786"
            )
        if named and (tls_ca is None or tls_cert is None):
            raise OptionError(
                f"{named[0]}: must come with both --tls-ca and --tls-cert, got only "
                f"{', '.join(named)}; add {'--tls-cert' if tls_cert is None else '--tls-ca'} PEM"
            )
        tls = None
        if tls_ca is not None and tls_cert is not None:
            tls = (tls_ca, tls_cert, tls_key)
        return cls(store, jobs, scheduler, tls)

    @contextmanager
    def opened(self) -> Iterator[tuple[Executor | None, Store | None]]:
        """The executor and the store, closed again at the end; workers are stopped on an error.

        Raises:
            StoreError, VerificationError: the store cannot be used, or the cluster not reached.
        """
        from symcsq.verifier import executors, store

        with ExitStack() as stack:
            executor: Executor | None = None
            if self.scheduler is not None:
                import logging

                # What Dask logs on this side ends up in one line of our own, or heals by itself.
                logging.disable(logging.CRITICAL)
                stack.callback(logging.disable, logging.NOTSET)
                security = None if self.tls is None else executors.tls_security(*self.tls)
                executor = stack.enter_context(executors.dask_executor(self.scheduler, security))
            results = stack.enter_context(store.opened(self.store))
            if self.jobs is not None and self.jobs > 1:
                executor = stack.enter_context(executors.process_pool(self.jobs))
            yield executor, results

    @property
    def when_stopped(self) -> str:
        """What to say on Ctrl-C."""
        if self.store is None:
            return "stopped; nothing was written, since there is no --store FILE to resume from"
        return f"stopped; finished work is in {self.store}, run the same command again to resume"


def chosen_growth(
    names: Sequence[str], variant: str | None, sizes: str | None, tolerance: str
) -> dict[str, Callable[..., GrowthTable]]:
    """The growth tables that `symcsq growth` is to make, by family: made when they are called.

    Arguments:
        names: families; none means all.
        variant: of the one family that is named.
        sizes: "16,64", or None for the sizes of the documentation.
        tolerance: tau as text.

    Raises:
        OptionError: a variant or sizes without one family, or sizes that are no integers.
        LemmaError: an unknown family or variant, or a size outside the regime; all are checked
            before the first table is made.

    Examples:
        >>> tables = chosen_growth(["frame-averaged"], None, "16", "1/10")
        >>> tables["frame-averaged"]()[0].size
        116
    """
    from functools import partial

    from symcsq.lemmas.growth import check_growth, growth, growth_names

    for option, given in (("variant", variant), ("n", sizes)):
        if given is not None and len(names) != 1:
            raise OptionError(
                f"--{option}: must come with one FAMILY, got {len(names)}; "
                "write for example: symcsq growth frame-averaged --n 16,64"
            )
    numbers: list[int] | None = None
    if sizes is not None:
        words = [word.strip() for word in sizes.split(",")]
        if any(not re.fullmatch(r"[0-9]{1,9}", word) for word in words):
            shown = sizes if len(sizes) <= 30 else sizes[:29] + "…"
            raise OptionError(
                f"--n: must be integers with commas between them, got {shown!r}; "
                "write for example --n 16,64"
            )
        numbers = [int(word) for word in words]
    chosen = list(dict.fromkeys(names)) or list(growth_names())
    makers: dict[str, Callable[..., GrowthTable]] = {}
    for name in chosen:
        check_growth(name, numbers, variant=variant, tolerance=tolerance, size_name="--n")
        makers[name] = partial(growth, name, numbers, variant=variant, tolerance=tolerance)
    return makers


def picture_file(text: str) -> Path:
    """The file of `--picture`: of a kind that matplotlib writes, in a folder that exists.

    Raises:
        OptionError: another ending, or no such folder.

    Examples:
        >>> picture_file("growth.png")
        PosixPath('growth.png')
    """
    path = Path(text)
    if path.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise OptionError(
            f"--picture: must end with .png, .svg or .pdf, got {text!r}; write growth.png"
        )
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK) or path.is_dir():
        raise OptionError(
            f"--picture: must be in a folder that can be written, got {text!r}; write growth.png"
        )
    return path


def output_folder(text: str) -> Path:
    """The folder of `--out`, which need not exist yet but must be one that can be written.

    Raises:
        OptionError: the path, or the part of it that exists, is no folder or cannot be written.

    Examples:
        >>> output_folder("new/folder")
        PosixPath('new/folder')
    """
    folder = Path(text)
    existing = folder
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    usable = bool(text) and existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    if not usable or not _takes_files(folder):
        raise OptionError(
            f"--out: must be a folder that can be written, got {text!r}; choose a new one"
        )
    return folder


def _takes_files(folder: Path) -> bool:
    """Whether the folder can be made and written, found by doing so; nothing is left behind."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    probe = folder / f".symcsq.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch(exist_ok=False)
        probe.unlink()
        return True
    except (OSError, ValueError):
        return False
    finally:
        for path in missing:
            with suppress(OSError, ValueError):
                path.rmdir()


def write_certificates(
    folder: Path, certificates: Sequence[Any], *, blocks: bool = False
) -> list[Path]:
    """Write certificates into a folder, made if need be; each file appears whole or not at all.

    Returns:
        The paths, in order. Certificates with the same name are numbered: "x.json", "x-2.json".

    Raises:
        OptionError: one of the names is that of a folder in there; then nothing is written.
    """
    paths: list[Path] = []
    for certificate in certificates:
        path = folder / certificate.name
        copies = 1
        while path in paths:
            copies += 1
            path = folder / f"{Path(certificate.name).stem}-{copies}.json"
        if path.is_dir():
            raise OptionError(
                f"--out: must have room for the file {path.name}, got a folder of that name in "
                f"{str(folder)!r}; choose another folder"
            )
        paths.append(path)
    folder.mkdir(parents=True, exist_ok=True)
    for certificate, path in zip(certificates, paths, strict=True):
        certificate.save(path, blocks=blocks and certificate.blocks is not None)
    return paths
