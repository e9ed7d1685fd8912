"""Executors for `symcsq.verify`: processes on this machine, workers of a Dask cluster.

Any `concurrent.futures.Executor` will do; these two take care of what is easily forgotten: workers
that end with the process that started them, one thread of linear algebra each, and errors that say
what to do.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Any, NoReturn, TypeVar

from symcsq.errors import VerificationError

Result = TypeVar("Result")

#: More would only wait for each other.
MOST_JOBS = 1024

#: The libraries under NumPy and SciPy start this many threads in a process that is told so.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def process_pool(jobs: int) -> ProcessPoolExecutor:
    """A pool of processes on this machine.

    They are started afresh ("spawn"), so that a script which uses this needs the usual
    ``if __name__ == "__main__":``. They end with this process, however it ends, and at once when
    the block of a ``with`` is left by an exception.

    Arguments:
        jobs: the number of processes, at least 1.

    Raises:
        VerificationError: a number out of range.

    Examples:
        >>> import symcsq as cs
        >>> with process_pool(2) as pool:
        ...     report = cs.verify(cs.ParityNetworks(6, 2), executor=pool)
        >>> report.holds
        True
    """
    if isinstance(jobs, bool) or not isinstance(jobs, int) or not 1 <= jobs <= MOST_JOBS:
        raise VerificationError(
            f"jobs: must be an integer from 1 to {MOST_JOBS}, got {jobs!r}; "
            f"for example {os.cpu_count() or 1}, the cores of this machine"
        )
    return _Pool(
        jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
    )


class _Pool(ProcessPoolExecutor):
    """Workers that Ctrl-C does not reach, that use one thread, and that stop when told."""

    def submit(
        self, function: Callable[..., Result], /, *arguments: Any, **named: Any
    ) -> Future[Result]:
        with _calm_start():  # submitting is what starts workers
            return super().submit(function, *arguments, **named)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        if kind is not None:
            self._stop()
        return super().__exit__(kind, error, trace)

    def _stop(self) -> None:
        """End the workers without waiting for what they do."""
        manager: Any = self._executor_manager_thread
        processes = list((self._processes or {}).values())
        self.shutdown(wait=False, cancel_futures=True)
        # Python 3.11 complains about cancelled futures when a process ends before they are dropped.
        patience = time.monotonic() + 1
        while manager is not None and manager.is_alive() and time.monotonic() < patience:
            waiting = list(manager.pending_work_items.values())
            if not any(item.future.cancelled() for item in waiting):
                break
            time.sleep(0.001)
        for process in processes:
            process.terminate()


@contextmanager
def _calm_start() -> Iterator[None]:
    """Processes started here do not see Ctrl-C, which is for this one, and use one thread."""
    missing = [name for name in _ONE_THREAD if name not in os.environ]
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.environ.update(dict.fromkeys(missing, "1"))
    try:
        yield
    finally:
        for name in missing:
            os.environ.pop(name, None)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """In a worker: end when the process that started it has ended, even by kill -9."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def dask_executor(address: str, security: Any = None, *, seconds: float = 10) -> Iterator[Executor]:
    """The workers of a running Dask cluster.

    Arguments:
        address: of the scheduler, such as "tcp://127.0.0.1:8786" or "tls://head:8786".
        security: a `distributed.Security`, see `tls_security`; None: Dask's own configuration.
        seconds: how long to wait for the scheduler to answer, and for a first worker.

    Returns:
        A context with the executor; leaving it closes the connection, not the cluster.

    Raises:
        VerificationError: Dask is not installed, there is no scheduler at this address or none
            that accepts our certificates, it has no workers, or they have another version of
            symcsq.
    """
    distributed = _distributed()
    scheme, _, place = str(address).partition("://")
    if scheme not in ("tcp", "tls") or not re.fullmatch(r"\S+:[0-9]{1,5}", place):
        _refuse(address, "not of the form tcp://HOST:PORT or tls://HOST:PORT")
    security = security or distributed.Security()
    try:
        encrypted = security.get_connection_args("client").get("ssl_context") is not None
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        _refuse(address, f"the certificates cannot be used: {error}")
    # Checked here, since Dask leaves a half-made connection behind that complains at the end.
    if encrypted and security.require_encryption and scheme == "tcp":
        _refuse(address, "certificates are for tls:// addresses")
    if scheme == "tls" and not encrypted:
        _refuse(address, "tls:// needs certificates: --tls-ca and --tls-cert, or tls_security()")
    try:
        client = distributed.Client(
            address, security=security, timeout=seconds, set_as_default=False
        )
    except Exception as error:  # Dask raises many kinds, down to RuntimeError
        _refuse(address, str(error) or type(error).__name__)
    with client:
        _require_workers(client, address, seconds)
        yield client.get_executor()


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise VerificationError(
            'scheduler: needs Dask, which is not installed; run pip install "symcsq[cluster]"'
        ) from None
    return distributed


def _refuse(address: object, reason: str) -> NoReturn:
    raise VerificationError(
        f"scheduler: must be the address of a running Dask scheduler, got {str(address)!r} "
        f"({' '.join(reason.split())[:200]}); write for example tcp://127.0.0.1:8786"
    ) from None


def _require_workers(client: Any, address: str, seconds: float) -> None:
    """At least one worker, and on all of them the symcsq that runs here."""
    from symcsq import __version__

    try:
        client.wait_for_workers(1, timeout=seconds)
    except TimeoutError:
        raise VerificationError(
            f"scheduler: must have a worker, got none at {address} within {seconds:g} s; start "
            f"some with: dask worker {address}"
        ) from None
    try:
        found = set(client.run(_version).values())
    except Exception as error:  # whatever goes wrong over there
        found = {f"{type(error).__name__}: {error}"}
    if found != {__version__}:
        others = ", ".join(sorted(map(str, found - {__version__})))
        raise VerificationError(
            f"scheduler: every worker must have symcsq {__version__}, got {others[:200]}; install "
            "this version there"
        )


def _version() -> str:
    from symcsq import __version__

    return __version__


def tls_security(ca: str, certificate: str, key: str | None = None) -> Any:
    """What Dask needs to know to talk TLS with a scheduler.

    Arguments:
        ca: file (PEM) with the certificate of the authority that both sides trust.
        certificate: file (PEM) with our certificate.
        key: file (PEM) with our key; None: it is in the certificate's file.

    Raises:
        VerificationError: Dask is not installed, or a file cannot be read.
    """
    for name, path in (("ca", ca), ("certificate", certificate), ("key", key)):
        if path is not None and not (os.path.isfile(path) and os.access(path, os.R_OK)):
            raise VerificationError(
                f"{name}: must be a readable file in PEM format, got {path!r}; see the "
                'documentation page "Pools and clusters"'
            )
    return _distributed().Security(
        tls_ca_file=ca, tls_client_cert=certificate, tls_client_key=key, require_encryption=True
    )
