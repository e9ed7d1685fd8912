"""Real Dask clusters on loopback: the serial run's bytes, also when a worker is killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

import symcsq as cs
from groups import group
from symcsq.errors import StoppedError, VerificationError
from symcsq.verifier.executors import dask_executor, tls_security
from symcsq.verifier.store import Store
from symcsq.verifier.work import SMALL_CONTEXT, Work
from tests import documents
from tests.verifier import work_tasks
from tests.verifier.test_work import larger_families

distributed = pytest.importorskip("distributed")

Command = Callable[..., CompletedProcess[str]]
# Dask leaves sockets to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PROJECT = Path(__file__).resolve().parents[2]
OPTIONS = {"threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": ":0"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A scheduler and three worker processes, each with a nanny that replaces it when it dies."""
    with distributed.LocalCluster(n_workers=3, silence_logs=50, **OPTIONS) as started:
        yield started


def workers(cluster: Any) -> list[int]:
    """The process ids of the workers that are alive."""
    return [nanny.pid for nanny in cluster.workers.values() if nanny.pid]


def test_certificates_are_those_of_the_serial_run(cluster: Any, tmp_path: Path) -> None:
    with dask_executor(cluster.scheduler_address) as executor, Store(tmp_path / "store") as store:
        for family in larger_families():
            report = cs.verify(family, executor=executor, store=store)
            assert report.certificate.text == cs.verify(family).certificate.text
        assert len(store) > 20


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(
    cluster: Any, tmp_path: Path
) -> None:
    family = cs.InvariantPolynomials(group("C20"), 5)
    plain = cs.verify(family).certificate.text
    killed: list[tuple[int, str]] = []

    def kill_one(step: str, done: int, total: int) -> None:
        if step.startswith("orbits: ") and not killed:
            killed.append((workers(cluster)[0], step))
            os.kill(killed[0][0], signal.SIGKILL)

    with dask_executor(cluster.scheduler_address) as executor, Store(tmp_path / "store") as store:
        report = cs.verify(family, executor=executor, store=store, progress=kill_one)
        items = len(store)
    assert report.certificate.text == plain
    ((pid, step),) = killed
    done, total = (int(word) for word in step.removeprefix("orbits: ").split(" of "))
    assert 0 < done < total <= items  # it was in the middle
    assert pid not in workers(cluster)  # its nanny has noticed, and starts another


def test_large_contexts_and_errors(cluster: Any) -> None:
    context = list(range(SMALL_CONTEXT))
    with dask_executor(cluster.scheduler_address) as executor:
        work = Work(executor)
        found = list(
            work.map(work_tasks.length_and_item, context, range(40), name="x", identity="0" * 64)
        )
        assert found == [[len(context), item] for item in range(40)]
        with pytest.raises(ValueError, match="item: must not be 3, got 3"):
            list(work.map(work_tasks.refuses, 3, range(9), name="x", identity="0" * 64))


def test_a_cluster_that_goes_away_stops_and_the_store_resumes(tmp_path: Path) -> None:
    with (
        Store(tmp_path / "store") as store,
        distributed.LocalCluster(n_workers=1, silence_logs=50, **OPTIONS) as cluster,
    ):
        with dask_executor(cluster.scheduler_address) as executor:
            work = Work(executor, store)
            found = work.map(work_tasks.in_reverse, 200, range(200), name="x", identity="0" * 64)
            assert next(found) == 0
            cluster.close()
            with pytest.raises(StoppedError, match="start again with the same store"):
                list(found)
        kept = len(store)
        assert 1 <= kept < 200
        work = Work(None, store)
        assert list(work.map(work_tasks.in_reverse, 0, [0], name="x", identity="0" * 64)) == [0]
        assert work.reused == 1


def test_the_command_line(cluster: Any, command: Command, tmp_path: Path) -> None:
    arguments = ["verify", "frame-averaged", "--set", "m=2", "--json", "--out"]
    plain = command(*arguments, tmp_path / "plain")
    spread = command(
        *arguments,
        tmp_path / "spread",
        "--scheduler",
        cluster.scheduler_address,
        "--store",
        tmp_path / "store",
    )
    assert (plain.returncode, spread.returncode, spread.stderr) == (0, 0, "")
    (one,), (two,) = ((tmp_path / name).iterdir() for name in ("plain", "spread"))
    assert one.read_bytes() == two.read_bytes()


def openssl_version() -> int:
    """The major version of OpenSSL on the path; 0: none."""
    if shutil.which("openssl") is None:
        return 0
    words = subprocess.run(["openssl", "version"], capture_output=True, text=True).stdout.split()
    return int(words[1].split(".")[0]) if words[:1] == ["OpenSSL"] else 0


@pytest.mark.skipif(openssl_version() < 3, reason="the page is about OpenSSL 3")
def test_the_commands_of_the_page_with_tls(tmp_path: Path) -> None:
    """The four blocks of docs/clusters.md: certificates, scheduler, workers, the run."""
    page = (PROJECT / "docs" / "clusters.md").read_text("utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
    blocks = [
        block.replace("--port 8786", f"--host 127.0.0.1 --port {port}")
        .replace("head:8786", f"127.0.0.1:{port}")
        .replace("rsa:3072", "rsa:2048")  # quicker
        for _, block in documents.blocks(page, "sh")
    ]
    make_certificates, scheduler, worker, run = blocks
    running: list[subprocess.Popen[bytes]] = []

    def shell(name: str, block: str) -> subprocess.Popen[bytes]:
        functions = "".join(
            f'{program}() {{ "$PYTHON" -m {program} "$@"; }}\n' for program in ("dask", "symcsq")
        )
        with (tmp_path / f"{name}.log").open("wb") as log:
            running.append(
                subprocess.Popen(
                    ["bash", "-ec", functions + block],
                    cwd=tmp_path,
                    env={**os.environ, "PYTHON": sys.executable, "PYTHONPATH": str(PROJECT)},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )
        return running[-1]

    def wait_for(name: str, text: str, times: int = 1) -> None:
        deadline = time.monotonic() + 60
        while (tmp_path / f"{name}.log").read_text("utf-8").count(text) < times:
            assert running[-1].poll() is None and time.monotonic() < deadline
            time.sleep(0.05)

    try:
        assert shell("certificates", make_certificates).wait(60) == 0
        shell("scheduler", scheduler)
        wait_for("scheduler", "Scheduler at:")
        shell("worker", worker)
        wait_for("worker", "Registered to:", 2)
        done = shell("run", run).wait(120)
        assert done == 0, (tmp_path / "run.log").read_text("utf-8")
        with Store(tmp_path / "work.db") as store:
            assert len(store) > 0
        security = tls_security(*(str(tmp_path / f"{name}.pem") for name in ("ca", "me", "me-key")))
        address = f"tls://127.0.0.1:{port}"
        family = cs.InvariantPolynomials(group("C12"), 4)
        with dask_executor(address, security) as executor:
            spread = cs.verify(family, executor=executor).certificate.text
        assert spread == cs.verify(family).certificate.text
        # Somebody with a certificate of another authority is turned away.
        (tmp_path / "other").mkdir()
        for path in tmp_path.glob("*.pem"):
            path.rename(tmp_path / "other" / path.name)
        assert shell("other", make_certificates).wait(60) == 0
        stranger = tls_security(
            str(tmp_path / "other" / "ca.pem"),
            str(tmp_path / "me.pem"),
            str(tmp_path / "me-key.pem"),
        )
        with (
            pytest.raises(VerificationError, match="must be the address of a running Dask"),
            dask_executor(address, stranger, seconds=2),
        ):
            pass
    finally:
        for process in running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in running:
            process.wait(30)


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1:8786", "not of the form tcp://HOST:PORT"),
        ("http://127.0.0.1:8786", "not of the form tcp://HOST:PORT"),
        ("tcp://127.0.0.1", "not of the form tcp://HOST:PORT"),
        ("tls://127.0.0.1:8786", "tls:// needs certificates"),
        ("tcp://127.0.0.1:1", "Timed out"),
    ],
)
def test_addresses_without_a_scheduler(address: str, reason: str) -> None:
    with (
        pytest.raises(
            VerificationError, match="scheduler: must be the address of a running Dask"
        ) as refusal,
        dask_executor(address, seconds=0.5),
    ):
        pass
    assert reason in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_cluster_without_workers() -> None:
    with (
        distributed.LocalCluster(n_workers=0, silence_logs=50, **OPTIONS) as empty,
        pytest.raises(VerificationError, match=r"must have a worker, got none .* dask worker tcp:"),
        dask_executor(empty.scheduler_address, seconds=0.3),
    ):
        pass


def test_workers_of_another_version(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cs, "__version__", "9.9.9")
    with (
        pytest.raises(VerificationError, match=r"every worker must have symcsq 9\.9\.9, got"),
        dask_executor(cluster.scheduler_address),
    ):
        pass


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(VerificationError, match=r'pip install "symcsq\[cluster\]"'),
        dask_executor("tcp://127.0.0.1:8786"),
    ):
        pass


def test_certificates_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="ca: must be a readable file in PEM format, got"):
        tls_security(str(tmp_path / "missing.pem"), str(tmp_path / "missing.pem"))
    (tmp_path / "bad.pem").write_text("no certificate")
    bad = str(tmp_path / "bad.pem")
    with (
        pytest.raises(VerificationError, match="the certificates cannot be used"),
        dask_executor("tls://127.0.0.1:8786", tls_security(bad, bad)),
    ):
        pass


# -- MPI -------------------------------------------------------------------------------------------


MPI_RUN = """
import sys
import symcsq as cs
from groups import group
from mpi4py.futures import MPIPoolExecutor

if __name__ == "__main__":
    with MPIPoolExecutor() as executor:
        report = cs.verify(cs.InvariantPolynomials(group("C18"), 5), executor=executor)
    report.certificate.save(sys.argv[1])
"""


def test_mpi_workers_have_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("mpi4py")
    beside = Path(sys.executable).with_name("mpiexec")
    mpiexec = str(beside) if beside.exists() else shutil.which("mpiexec")
    if mpiexec is None:
        pytest.skip("mpiexec is missing")
    (tmp_path / "run.py").write_text(MPI_RUN, "utf-8")
    done = subprocess.run(
        [mpiexec, "-n", "3", sys.executable, "-m", "mpi4py.futures", "run.py", "certificate.json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    plain = cs.verify(cs.InvariantPolynomials(group("C18"), 5)).certificate.text
    assert (tmp_path / "certificate.json").read_text("utf-8") == plain
