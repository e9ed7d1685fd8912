"""Long computations cut into items: in this process, on any executor, and resumable with a store.

A structure hands over a task, the context that all items share, and the items: Gram tiles or chunks
of orbits, whose shape never depends on the number of workers. What comes back is the same whichever
way it was computed, since every result is passed on as canonical JSON.

The context is sent to workers by its digest. A worker that does not know it yet (a new one, or one
that replaces a worker that was killed) says so, and gets the item again together with the context.
So any `concurrent.futures.Executor` will do, and no file or shared memory is needed.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future
from concurrent.futures import wait as wait_for
from typing import Any, NoReturn, Protocol

from symcsq.errors import StoppedError, VerificationError
from symcsq.verifier.certificate import canonical_bytes, digest

#: What a task does with the shared context and one item.
Task = Callable[[Any, Any], Any]

#: Called with (name of the computation, items done, items in all; 0: not known).
WorkProgress = Callable[[str, int, int], None]

#: Contexts up to this many bytes are sent with every item: that costs less than asking.
SMALL_CONTEXT = 1 << 15

_CONTEXTS_KEPT = 4
_SECONDS_BETWEEN_PROGRESS = 0.1


class Results(Protocol):
    """Finished items by content key; see `symcsq.verifier.store.Store`."""

    def get(self, key: str) -> str | None:
        """The canonical JSON of a result, None when there is none."""

    def put(self, key: str, text: str) -> None:
        """Commit the canonical JSON of a result."""


class Work:
    """Runs tasks over items, on an executor if there is one, and keeps results in a store.

    Arguments:
        executor: any `concurrent.futures.Executor`; None: this process.
        store: where finished items are kept and looked up; None: nowhere.
        progress: called with (name, items done, items in all) as items finish.

    Examples:
        >>> from symcsq.verifier.work import Work, scaled_square
        >>> work = Work()
        >>> list(work.map(scaled_square, 10, [1, 2, 3], name="squares", identity="0" * 64))
        [10, 40, 90]
        >>> work.computed, work.reused
        (3, 0)
    """

    def __init__(
        self,
        executor: Executor | None = None,
        store: Results | None = None,
        progress: WorkProgress | None = None,
    ) -> None:
        self.executor = executor
        self.store = store
        self.computed = 0  # items that were computed
        self.reused = 0  # items that came from the store
        self._progress = progress

    def map(
        self, task: Task, shared: Any, items: Iterable[Any], *, name: str, identity: str
    ) -> Iterator[Any]:
        """``task(shared, item)`` for each item, in the order of the items.

        Arguments:
            task: a function of a module. Its module, name, and the number TASK_VERSION of its
                module (1 where there is none) are part of the key of a stored result: raise the
                number whenever results change.
            shared: the context of all items, which can be pickled.
            items: JSON-ready values; read as far as workers need them.
            name: what is computed, for people.
            identity: SHA-256 (hex) of everything in `shared` that results depend on.

        Returns:
            An iterator over JSON-ready results: lists in place of tuples, no floats.

        Raises:
            StoppedError: workers were lost; what is finished is in the store.
            VerificationError: the context cannot be sent to workers.

        Complexity: at most four items a worker are in flight or wait for their turn.
        """
        keys = _Keys(task, identity)
        total = len(items) if isinstance(items, Sized) else 0
        meter = _Meter(self._progress, name, total)
        if self.executor is None:
            texts = self._here(task, shared, items, keys)
        else:
            texts = self._on_workers(self.executor, task, shared, items, keys)
        for text in texts:
            meter.step()
            yield json.loads(text, parse_float=_refuse_float)
        meter.end()

    def _found(self, key: str) -> str | None:
        text = None if self.store is None else self.store.get(key)
        if text is not None:
            self.reused += 1
        return text

    def _keep(self, key: str, text: str) -> str:
        self.computed += 1
        if self.store is not None:
            self.store.put(key, text)
        return text

    def _here(self, task: Task, shared: Any, items: Iterable[Any], keys: _Keys) -> Iterator[str]:
        for item in items:
            key = "" if self.store is None else keys.of(item)
            text = self._found(key)
            if text is None:
                text = self._keep(key, canonical_bytes(task(shared, item)).decode())
            yield text

    def _on_workers(
        self, executor: Executor, task: Task, shared: Any, items: Iterable[Any], keys: _Keys
    ) -> Iterator[str]:
        crew = _Crew(executor, task, shared)
        waiting: deque[_Place] = deque()  # in the order of the items
        source = iter(items)
        more = True
        try:
            while waiting or more:
                while more and len(waiting) < crew.most_waiting:
                    try:
                        item = next(source)
                    except StopIteration:
                        more = False
                        break
                    key = "" if self.store is None else keys.of(item)
                    place = _Place(key, canonical_bytes(item).decode(), self._found(key))
                    if place.text is None:
                        crew.send(place)
                    waiting.append(place)
                while waiting and waiting[0].ready:
                    yield waiting.popleft().result()
                if waiting and (len(waiting) >= crew.most_waiting or not more):
                    for place, text in crew.collect(waiting):
                        place.text = self._keep(place.key, text)
        except StoppedError:
            waiting.clear()  # a broken pool ends its futures itself, and must not be disturbed
            raise
        finally:
            # Also when the reader stops or is interrupted: nothing more is started.
            for place in waiting:
                if place.future is not None:
                    place.future.cancel()


class _Place:
    """One item on its way: its text, once known, or the exception that its task raised."""

    __slots__ = ("error", "future", "item", "key", "text")

    def __init__(self, key: str, item: str, text: str | None) -> None:
        self.key, self.item, self.text = key, item, text
        self.future: Future[str | None] | None = None
        self.error: BaseException | None = None

    @property
    def ready(self) -> bool:
        return self.text is not None or self.error is not None

    def result(self) -> str:
        if self.error is not None:
            raise self.error
        assert self.text is not None
        return self.text


class _Crew:
    """The workers behind an executor, and what they have to know."""

    def __init__(self, executor: Executor, task: Task, shared: Any) -> None:
        self._executor = executor
        from symcsq import __version__

        self._context = _pickled((__version__, task, shared))
        self._name = hashlib.sha256(self._context).hexdigest()
        self.most_waiting = 4 * number_of_workers(executor)
        # Until the first answers are in, no worker knows the context.
        self._sendings = self.most_waiting // 2

    def send(self, place: _Place, again: bool = False) -> None:
        """Hand an item to the executor."""
        whole = again or self._sendings > 0 or len(self._context) <= SMALL_CONTEXT
        self._sendings -= 1
        try:
            place.future = self._executor.submit(
                run_item, self._name, self._context if whole else None, place.item
            )
        except (BrokenExecutor, RuntimeError) as error:
            _lost(error)

    def collect(self, waiting: Iterable[_Place]) -> Iterator[tuple[_Place, str]]:
        """Wait until some items are finished; the texts of all that are."""
        running = {place.future: place for place in waiting if place.future is not None}
        done, _ = wait_for(list(running), return_when=FIRST_COMPLETED)
        for future in [future for future in running if future in done]:
            place = running[future]
            place.future = None
            try:
                text = future.result()
            except (BrokenExecutor, CancelledError) as error:
                _lost(error)
            except Exception as error:
                if type(error).__module__.partition(".")[0] == "distributed":
                    _lost(error)
                place.error = error  # raised when it is this item's turn, as in one process
                continue
            if text is None:
                self.send(place, again=True)
            else:
                yield place, text


_contexts: OrderedDict[str, tuple[Task, Any]] = OrderedDict()
_contexts_lock = threading.Lock()


def run_item(name: str, context: bytes | None, item: str) -> str | None:
    """On a worker: the canonical JSON of one result; None when the context is not known here.

    Arguments:
        name: the digest of the context.
        context: the pickled pair (task, shared), or None where the worker may have it.
        item: the item as JSON.
    """
    with _contexts_lock:
        if name in _contexts:
            _contexts.move_to_end(name)
        elif context is not None:
            _contexts[name] = _unpickled(context)
            while len(_contexts) > _CONTEXTS_KEPT:
                _contexts.popitem(last=False)
        else:
            return None
        task, shared = _contexts[name]
    return canonical_bytes(task(shared, json.loads(item))).decode()


def _unpickled(context: bytes) -> tuple[Task, Any]:
    from symcsq import __version__

    version, task, shared = pickle.loads(context)
    if version != __version__:
        raise VerificationError(
            f"executor: workers must have symcsq {version}, got {__version__}; install the same "
            "version everywhere"
        )
    return task, shared


def require_executor(executor: object) -> None:
    """Refuse what cannot be submitted to.

    Raises:
        VerificationError: not None, and no executor.
    """
    if executor is None or (hasattr(executor, "submit") and not isinstance(executor, type)):
        return
    raise VerificationError(
        f"executor: must be a concurrent.futures.Executor, got {type(executor).__name__}; "
        "write for example process_pool(4), or leave it out"
    )


def number_of_workers(executor: Executor) -> int:
    """How many items an executor runs at once, as far as it says so; else the machine's cores.

    Examples:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> number_of_workers(ThreadPoolExecutor(3))
        3
    """
    known = getattr(executor, "_max_workers", None)  # pools of concurrent.futures
    if known is None:
        known = getattr(executor, "num_workers", None)  # mpi4py.futures
    if known is None:
        client = getattr(executor, "_client", None)  # Dask
        known = sum(client.nthreads().values()) if client is not None else None
    if not isinstance(known, int) or known < 1:
        from os import cpu_count

        known = cpu_count() or 1
    return known


def scaled_square(shared: int, item: int) -> int:
    """``shared * item * item``: the task of the examples and tests."""
    return shared * item * item


class _Keys:
    """Content keys of the items of one computation."""

    def __init__(self, task: Task, identity: str) -> None:
        import sys

        from symcsq import __version__

        version = getattr(sys.modules.get(task.__module__), "TASK_VERSION", 1)
        self._head = [f"{task.__module__}.{task.__qualname__}", version, __version__, identity]

    def of(self, item: Any) -> str:
        return digest([*self._head, item])


class _Meter:
    """Tells the progress callback a few times a second how far a computation is."""

    def __init__(self, progress: WorkProgress | None, name: str, total: int) -> None:
        self._progress, self._name, self._total = progress, name, total
        self._done = 0
        self._next = 0.0

    def step(self) -> None:
        self._done += 1
        if self._progress is not None and time.monotonic() >= self._next:
            self._next = time.monotonic() + _SECONDS_BETWEEN_PROGRESS
            self._progress(self._name, self._done, self._total)

    def end(self) -> None:
        if self._progress is not None:
            self._progress(self._name, self._done, self._total)


def _pickled(value: Any) -> bytes:
    """The context as bytes; by value what a notebook defined, where cloudpickle is installed."""
    try:
        from cloudpickle import dumps  # comes with Dask
    except ImportError:
        dumps = pickle.dumps
    try:
        return bytes(dumps(value))
    except Exception as error:
        raise VerificationError(
            f"executor: what is verified must be picklable to be sent to workers, got "
            f"{type(error).__name__}: {error}; leave the executor out"
        ) from None


def _lost(error: BaseException) -> NoReturn:
    what = " ".join(str(error).split()) or type(error).__name__
    raise StoppedError(
        f"executor: its workers must stay alive to the end, got {type(error).__name__}: "
        f"{what[:200]}; start again with the same store and a new executor to resume"
    ) from None


def _refuse_float(text: str) -> NoReturn:
    raise VerificationError(
        f"task: results must be exact, got the float {text}; give integers or exact strings"
    )
