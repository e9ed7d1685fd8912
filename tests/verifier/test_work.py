"""Work in items: the same results here, on any executor, and resumed from a store."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import symcsq as cs
from groups import group
from symcsq.errors import StoppedError, VerificationError
from symcsq.verifier import work as work_module
from symcsq.verifier.executors import process_pool
from symcsq.verifier.store import Store
from symcsq.verifier.work import SMALL_CONTEXT, Work, number_of_workers
from tests.verifier import work_tasks
from tests.verifier.sample_families import FAMILIES

PROJECT = Path(__file__).resolve().parents[2]
IDENTITY = "0" * 64


class Counting(ThreadPoolExecutor):
    """Threads; remembers what was sent, and how many items were in flight at most."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self.sent: list[tuple[bool, str]] = []  # (with the context, item)
        self.cancelled = 0
        self.running = self.most = 0
        self._counter = threading.Lock()

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        _, context, item = arguments
        with self._counter:
            self.sent.append((context is not None, item))
            self.running += 1
            self.most = max(self.most, self.running)
        future = super().submit(function, *arguments, **named)
        future.add_done_callback(self._finished)
        return future

    def _finished(self, future: Future[Any]) -> None:
        with self._counter:
            self.running -= 1
            self.cancelled += future.cancelled()


@pytest.fixture(params=["here", "threads"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    if request.param == "here":
        yield None
        return
    with Counting(3) as threads:
        yield threads


def results(work: Work, task: Any, shared: Any, items: Any, identity: str = IDENTITY) -> list[Any]:
    return list(work.map(task, shared, items, name="test", identity=identity))


# -- results ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_results_in_the_order_of_the_items(executor: Executor | None, count: int) -> None:
    work = Work(executor)
    expected = [[str(7 * item), "x" * (item % 3)] for item in range(count)]
    assert results(work, work_tasks.scaled, 7, range(count)) == expected
    assert results(work, work_tasks.scaled, 7, iter(range(count))) == expected
    assert (work.computed, work.reused) == (2 * count, 0)


def test_late_results_wait_for_their_turn() -> None:
    with Counting(4) as threads:
        assert results(Work(threads), work_tasks.in_reverse, 60, range(60)) == list(range(60))
        assert threads.most <= 16
        assert len(threads.sent) == 60


def test_tuples_become_lists_everywhere(executor: Executor | None, tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        for work in (Work(executor), Work(executor, store), Work(executor, store)):
            assert results(work, work_tasks.length_and_item, [0], [5]) == [[1, 5]]


def test_floats_are_refused(executor: Executor | None) -> None:
    with pytest.raises(VerificationError, match=r"task: results must be exact, got the float 0\.5"):
        results(Work(executor), work_tasks.inexact, None, [1])


def test_contexts_that_cannot_be_sent_are_refused() -> None:
    with Counting(1) as threads:
        with pytest.raises(VerificationError, match=r"must be picklable.*leave the executor out"):
            results(Work(threads), work_tasks.scaled, threading.Lock(), [1])
        assert threads.sent == []


def test_errors_come_at_the_turn_of_their_item(executor: Executor | None, tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        found = Work(executor, store).map(
            work_tasks.refuses, 3, range(6), name="test", identity=IDENTITY
        )
        assert [next(found) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ValueError, match="item: must not be 3"):
            next(found)
        assert len(store) >= 3


def test_small_contexts_are_sent_with_every_item() -> None:
    with Counting(2) as threads:
        results(Work(threads), work_tasks.length_and_item, [1, 2], range(30))
        assert all(whole for whole, _ in threads.sent) and len(threads.sent) == 30


def test_large_contexts_are_sent_only_to_workers_that_ask() -> None:
    context = list(range(SMALL_CONTEXT))
    with Counting(2) as threads:
        work = Work(threads)
        found = work.map(
            work_tasks.length_and_item, context, range(60), name="test", identity=IDENTITY
        )
        seen = [next(found) for _ in range(20)]
        # A worker is replaced by one that knows nothing.
        work_module._contexts.clear()
        seen += found
        assert seen == [[len(context), item] for item in range(60)]
        sent = [whole for whole, _ in threads.sent]
        assert 60 <= len(sent) <= 70 and 4 <= sum(sent) <= 14


def test_workers_of_another_version_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pickled = work_module._pickled
    monkeypatch.setattr(work_module, "_pickled", lambda value: pickled(("9.9.9", *value[1:])))
    with (
        Counting(1) as threads,
        pytest.raises(VerificationError, match=r"must have symcsq 9\.9\.9"),
    ):
        results(Work(threads), work_tasks.scaled, 3, [1])


@pytest.mark.parametrize("executor", [4, "process_pool", ThreadPoolExecutor, object()])
def test_what_is_no_executor_is_refused_before_any_work(executor: Any, tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="executor: must be a concurrent"):
        cs.verify(cs.ParityNetworks(4, 2), executor=executor, store=tmp_path / "store")
    assert not list(tmp_path.iterdir())


def test_progress(executor: Executor | None) -> None:
    calls: list[tuple[str, int, int]] = []
    work = Work(executor, progress=lambda *call: calls.append(call))
    results(work, work_tasks.scaled, 1, range(9))
    assert calls[0] == ("test", 1, 9) and calls[-1] == ("test", 9, 9)
    calls.clear()
    results(work, work_tasks.scaled, 1, iter(range(3)))
    assert calls[-1] == ("test", 3, 0)


def test_number_of_workers() -> None:
    class Pool(Executor):
        num_workers = 5  # as in mpi4py.futures

    assert number_of_workers(ThreadPoolExecutor(3)) == 3
    assert number_of_workers(Pool()) == 5
    assert number_of_workers(Executor()) == (os.cpu_count() or 1)


# -- keys ------------------------------------------------------------------------------------------


def test_finished_items_are_not_computed_again(executor: Executor | None, tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        first = Work(executor, store)
        expected = results(first, work_tasks.scaled, 5, range(10))
        assert (first.computed, first.reused) == (10, 0)
        again = Work(executor, store)
        assert results(again, work_tasks.scaled, 5, range(12))[:10] == expected
        assert (again.computed, again.reused) == (2, 10)


def test_keys_tell_everything_apart_that_matters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(tmp_path / "store") as store:

        def computed(task: Any = work_tasks.scaled, item: Any = 1, identity: str = IDENTITY) -> int:
            work = Work(store=store)
            results(work, task, 2, [item], identity)
            return work.computed

        assert (computed(), computed()) == (1, 0)
        assert (computed(item=2), computed(item=2)) == (1, 0)
        assert computed(identity="1" * 64) == 1
        assert computed(task=work_tasks.refuses) == 1
        monkeypatch.setattr(work_tasks, "TASK_VERSION", 4)
        assert (computed(), computed()) == (1, 0)
        monkeypatch.setattr(cs, "__version__", "0.0.0")
        assert (computed(), computed()) == (1, 0)
        monkeypatch.undo()
        assert computed() == 0


# -- stopping --------------------------------------------------------------------------------------


def test_what_is_left_is_cancelled_when_the_reader_stops(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store, Counting(2) as threads:
        found = Work(threads, store).map(
            work_tasks.in_reverse, 100, range(100), name="test", identity=IDENTITY
        )
        assert [next(found), next(found)] == [0, 1]
        found.close()  # type: ignore[attr-defined]
        kept = len(store)
        assert 2 <= kept <= 10 and len(threads.sent) <= 16
        assert threads.cancelled >= 3  # those that no thread had begun
        work = Work(threads, store)
        assert results(work, work_tasks.in_reverse, 100, range(20)) == list(range(20))
        assert work.reused >= kept


def test_a_killed_worker_process_stops_and_the_store_resumes(tmp_path: Path) -> None:
    marker = str(tmp_path / "marker")
    with Store(tmp_path / "store") as store:
        with process_pool(2) as pool:
            work = Work(pool, store)
            with pytest.raises(
                StoppedError,
                match=r"executor: its workers must stay alive.*start again with the same store",
            ):
                results(work, work_tasks.dies_once, marker, range(40))
            with pytest.raises(StoppedError):  # the pool stays broken
                results(work, work_tasks.dies_once, marker, range(40))
        kept = len(store)
        assert kept >= 10
        work = Work(None, store)
        assert results(work, work_tasks.dies_once, marker, range(40)) == [k * k for k in range(40)]
        assert (work.computed, work.reused) == (40 - kept, kept)


RUN = """
import sys
from symcsq.verifier.executors import process_pool
from symcsq.verifier.work import Work
from tests.verifier.work_tasks import process_of

if __name__ == "__main__":
    with process_pool(2) as pool:
        for pid in Work(pool).map(process_of, None, range(200), name="x", identity="0" * 64):
            print(pid, flush=True)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads Linux's list of processes")
@pytest.mark.parametrize("how", ["kill", "interrupt"])
def test_workers_end_with_the_process_that_started_them(tmp_path: Path, how: str) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN, "utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    pids = {int(process.stdout.readline()) for _ in range(4)}
    assert process.pid not in pids
    started = time.monotonic()
    process.kill() if how == "kill" else process.send_signal(2)
    process.communicate(timeout=60)
    while any(map(_alive, pids)) and time.monotonic() < started + 20:
        time.sleep(0.05)
    assert not any(map(_alive, pids))


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("jobs", [0, -1, 2000, True, "2", 1.5])
def test_numbers_of_jobs(jobs: Any) -> None:
    with pytest.raises(VerificationError, match="jobs: must be an integer from 1 to 1024, got"):
        process_pool(jobs)


# -- families --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def common_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One file for all families: what they compute must have different keys."""
    with Store(tmp_path_factory.mktemp("common") / "store") as store:
        yield store


@pytest.mark.parametrize("name", FAMILIES)
def test_every_kind_of_family_has_the_same_bytes_in_every_way(
    name: str, common_store: Store
) -> None:
    family = FAMILIES[name]()
    plain = cs.verify(family).certificate.text
    with ThreadPoolExecutor(2) as threads:
        spread = cs.verify(family, executor=threads, store=common_store)
    assert spread.certificate.text == plain
    kept = len(common_store)
    assert cs.verify(family, store=common_store).certificate.text == plain
    assert len(common_store) == kept


def larger_families() -> list[Any]:
    """Families with several items of work of each sort."""
    u, v = cs.isotropic_vectors(12, 600)
    return [
        cs.InvariantPolynomials(group("C18"), 5),
        cs.FrameAveraged(cs.ParityNetworks(20, 4), cs.frames.reynolds(group("C20"))),
        cs.ParityNetworks(23, 4),
        cs.RotationNetworks((u, v), power=3),
    ]


def test_one_two_and_four_processes_have_the_same_bytes(tmp_path: Path) -> None:
    plain = [cs.verify(family).certificate.sha256 for family in larger_families()]
    for jobs in (1, 2, 4):
        with process_pool(jobs) as pool, Store(tmp_path / f"store{jobs}") as store:
            for family, expected in zip(larger_families(), plain, strict=True):
                report = cs.verify(family, executor=pool, store=store)
                assert report.certificate.sha256 == expected
    sizes = set()
    for jobs in (1, 2, 4):  # the items do not depend on the number of workers either
        with Store(tmp_path / f"store{jobs}") as store:
            sizes.add(len(store))
    assert len(sizes) == 1 and sizes.pop() > 20
