"""A progress bar on stderr for people; silence for pipes, files and machines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: (what is being done, steps done, steps in all)
ProgressCallback = Callable[[str, int, int], None]


@contextmanager
def progress_bar(title: str, jobs: int) -> Iterator[Callable[[str, int], ProgressCallback | None]]:
    """A bar over `jobs` jobs, each of which reports its own steps.

    Arguments:
        title: what the whole run does, for example "verify".
        jobs: number of jobs, >= 0.

    Returns:
        A context whose value is a function (name of the job, position from 0) -> callback for that
        job. The callback is None when stderr is not a terminal: then nothing is drawn, and no job
        spends time on reporting.

    Examples:
        >>> with progress_bar("verify", 1) as start:  # under doctest stderr is no terminal
        ...     print(start("frame-averaged", 0))
        None
    """
    if not sys.stderr.isatty():
        yield lambda name, position: None
        return

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[step]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=max(jobs, 1), step="", count=f"0/{jobs}")

        def start(name: str, position: int) -> ProgressCallback:
            def report(step: str, done: int, total: int) -> None:
                share = done / total if total else 0.0
                bar.update(
                    task,
                    completed=position + share,
                    count=f"{position}/{jobs}",
                    step=f"{name}: {step}",
                )

            report("start", 0, 0)
            return report

        yield start
