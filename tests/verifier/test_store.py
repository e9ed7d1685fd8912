"""The store: what it keeps through kills and between processes, and what it refuses untouched."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import symcsq as cs
from groups import group
from symcsq.errors import StoreError
from symcsq.verifier.store import APPLICATION_ID, Store
from symcsq.verifier.work import Work, scaled_square

PROJECT = Path(__file__).resolve().parents[2]
KEY, OTHER = "a" * 64, "b" * 64


def files(folder: Path) -> dict[str, str]:
    """Every file of a folder with the hash of its bytes."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file()
    }


def filled(path: Path, count: int = 40) -> Path:
    """A store with some results."""
    with Store(path) as store:
        for number in range(count):
            text = f'["{number}"]' * (1 + 200 * (number % 7))
            store.put(hashlib.sha256(str(number).encode()).hexdigest(), text)
    return path


# -- what it keeps ---------------------------------------------------------------------------------


def test_results_come_back(tmp_path: Path) -> None:
    path = tmp_path / "odd name ?#%41 é.db"
    with Store(path) as store:
        assert store.get(KEY) is None and len(store) == 0
        store.put(KEY, '["1",2]')
        store.put(KEY, '["1",2]')  # once more does nothing
        store.put(OTHER, "null")
        assert (store.get(KEY), store.get(OTHER), len(store)) == ('["1",2]', "null", 2)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    with Store(str(path)) as again:
        assert again.get(KEY) == '["1",2]' and repr(again) == f"Store({str(path)!r})"


def test_it_is_sqlite_in_wal_mode_and_says_what_it_is(tmp_path: Path) -> None:
    path = filled(tmp_path / "store")
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        header = dict(database.execute("SELECT * FROM header"))
    assert header == {"format": "symcsq-store/1", "producer": f"symcsq {cs.__version__}"}


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with Store(tmp_path / "store") as store:
        store.put(KEY, "1")
    assert [file.name for file in tmp_path.iterdir()] == ["store"]


def test_many_processes_make_one_file(tmp_path: Path) -> None:
    """All of them find the place empty; one file wins, and nobody's result is lost."""
    context = multiprocessing.get_context("fork")
    names = [f"{number:064x}" for number in range(6)]
    processes = [
        context.Process(target=_put_one, args=(tmp_path / "store", name)) for name in names
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    with Store(tmp_path / "store") as store:
        assert [store.get(name) for name in names] == [f'"{name}"' for name in names]
    assert [file.name for file in tmp_path.iterdir()] == ["store"]


def _put_one(path: Path, name: str) -> None:
    with Store(path) as store:
        store.put(name, f'"{name}"')


def test_another_result_under_one_key_is_refused(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        store.put(KEY, "1")
        with pytest.raises(StoreError, match="another result for aaaaaaaaaaaa…"):
            store.put(KEY, "2")
        assert store.get(KEY) == "1"


def test_verify_with_a_store_has_the_same_bytes(tmp_path: Path) -> None:
    family = cs.InvariantPolynomials(group("C12"), 4)
    plain = cs.verify(family).certificate.text
    for _ in range(2):
        assert cs.verify(family, store=tmp_path / "store").certificate.text == plain
    with Store(tmp_path / "store") as store:
        assert len(store) > 0
        assert cs.verify(family, store=store).certificate.text == plain
        assert len(store) > 0  # a store that was open stays open


# -- kills and company -----------------------------------------------------------------------------


WRITER = """
import sys
from symcsq.verifier.store import Store
from symcsq.verifier.work import Work, scaled_square
with Store(sys.argv[1]) as store:
    work = Work(store=store)
    results = work.map(scaled_square, 7, range(int(sys.argv[2])), name="x", identity="0" * 64)
    print("open", flush=True)
    total = sum(results)
    print(work.computed, work.reused, total, flush=True)
"""


def writer(path: Path, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(count)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )


def ending(process: subprocess.Popen[str]) -> list[int]:
    """(computed, reused, total) of a writer that came to its end."""
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return [int(word) for word in output.splitlines()[-1].split()]


def test_kills_lose_nothing_that_was_finished(tmp_path: Path) -> None:
    path, count = tmp_path / "store", 6000
    chance = random.Random(1)
    finished = [0]
    for _ in range(4):
        process = writer(path, count)
        assert process.stdout is not None and process.stdout.readline() == "open\n"
        time.sleep(chance.uniform(0.02, 0.15))
        process.kill()
        process.communicate()
        with Store(path) as store:  # also folds the log of the killed process into the file
            finished.append(len(store))
    assert finished == sorted(finished) and 0 < finished[-1]
    computed, reused, total = ending(writer(path, count))
    assert (computed, reused) == (count - finished[-1], finished[-1])
    assert total == 7 * sum(k * k for k in range(count))


def test_a_kill_while_the_file_is_made_leaves_nothing_half_done(tmp_path: Path) -> None:
    """The file appears complete or not at all: its draft is another file."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_die_while_creating, args=(tmp_path / "store",))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert not (tmp_path / "store").exists()
    with Store(tmp_path / "store") as store:
        assert len(store) == 0


def _die_while_creating(path: Path) -> None:
    os.link = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
    Store(path)


def test_two_processes_at_once(tmp_path: Path) -> None:
    path, count = tmp_path / "store", 3000
    processes = [writer(path, count) for _ in range(2)]
    endings = [ending(process) for process in processes]
    assert {total for *_, total in endings} == {7 * sum(k * k for k in range(count))}
    assert all(computed + reused == count for computed, reused, _ in endings)
    with Store(path) as store:
        assert len(store) == count
    # Two that close at one moment may each leave SQLite's side files to the other; not the last.
    assert [file.name for file in tmp_path.iterdir()] == ["store"]


# -- what it refuses -------------------------------------------------------------------------------


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE people (name TEXT)")
        database.execute("INSERT INTO people VALUES ('Emmy')")


def foreign_with_log(path: Path) -> None:
    """A foreign database in WAL mode with a commit that is only in its log."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_leave_log, args=(path,))
    process.start()
    process.join()
    assert Path(f"{path}-wal").stat().st_size > 0


def _leave_log(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    foreign_database_rows = "CREATE TABLE people (name TEXT)"
    database.execute(foreign_database_rows)
    os.kill(os.getpid(), signal.SIGKILL)


def later_version(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA user_version = 2")


def further_table(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TRIGGER spy AFTER INSERT ON results BEGIN DELETE FROM results; END"
        )


def wrong_value(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE results SET value = '[\"8\"]' WHERE value = '[\"7\"]'")


def exchanged_values(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path)) as database, database:
        rows = database.execute("SELECT key, sha256, value FROM results LIMIT 2").fetchall()
        for (key, *_), (_, *content) in zip(rows, rows[::-1], strict=True):
            database.execute(
                "UPDATE results SET sha256 = ?, value = ? WHERE key = ?", (*content, key)
            )


def truncated(path: Path) -> None:
    data = filled(path).read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def overwritten_page(path: Path) -> None:
    data = bytearray(filled(path).read_bytes())
    data[3 * 4096 : 4 * 4096] = random.Random(2).randbytes(4096)
    path.write_bytes(data)


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text("no database at all\n" * 10), "no SQLite database"),
    "short": (lambda path: path.write_bytes(b"SQLite format 3\0"), "no SQLite database"),
    "empty": (lambda path: path.touch(), "an empty file"),
    "folder": (lambda path: path.mkdir(), "a folder"),
    "pipe": (os.mkfifo, "no regular file"),
    "dangling link": (lambda path: path.symlink_to("nowhere"), "No such file"),
    "foreign": (foreign_database, "another program's database"),
    "foreign, in use": (foreign_with_log, "another program's database"),
    "later": (later_version, "version 2, made by a later symcsq"),
    "trigger": (further_table, "its tables are not those of a store"),
    "value": (wrong_value, "damaged: the result .* does not have its checksum"),
    "exchanged": (exchanged_values, "damaged: the result .* does not have its checksum"),
    "truncated": (truncated, "damaged: "),
    "overwritten": (overwritten_page, "damaged: "),
}


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused_and_left_as_it_was(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    path = tmp_path / "store"
    make(path)
    before = files(tmp_path)
    with pytest.raises(StoreError, match=reason) as refusal:
        Store(path)
    message = str(refusal.value)
    assert message.startswith("store: must be a file that symcsq made or a new one, got ")
    assert message.endswith("; choose another path") and "\n" not in message
    assert files(tmp_path) == before


@pytest.mark.parametrize("place", ["missing/store", "file/store", "x" * 300])
def test_places_that_cannot_be_written(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    before = files(tmp_path)
    with pytest.raises(StoreError, match=r"it cannot be (made|read): "):
        Store(tmp_path / place)
    assert files(tmp_path) == before


@pytest.mark.parametrize("path", ["", 3, b"work.db", None])
def test_what_is_no_path_is_refused(path: Any) -> None:
    with pytest.raises(StoreError, match="store: must be the path of a file, got"):
        Store(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_is_read_only(tmp_path: Path) -> None:
    path = filled(tmp_path / "store")
    path.chmod(0o444)
    with pytest.raises(StoreError, match="it cannot be written"):
        Store(path)


def test_every_flipped_byte_is_refused_or_harmless(tmp_path: Path) -> None:
    """After any change of one byte: refused and untouched, or every result is as it was."""
    original = filled(tmp_path / "original").read_bytes()
    with Store(tmp_path / "original") as store:
        keys = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(40)]
        values = {key: store.get(key) for key in keys}
    chance = random.Random(3)
    path = tmp_path / "flipped"
    refused = 0
    for place in [*range(100), *(chance.randrange(len(original)) for _ in range(150))]:
        data = bytearray(original)
        data[place] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            with Store(path) as store:
                assert {key: store.get(key) for key in keys} == values, place
        except StoreError:
            refused += 1
            assert path.read_bytes() == data, place
        for suffix in ("-wal", "-shm", "-journal"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
    assert refused > 100


def test_a_damaged_file_with_a_log_is_refused_with_both_untouched(tmp_path: Path) -> None:
    """A killed run leaves a log of the pages it changed; another page of the file is damaged."""
    path = filled(tmp_path / "store")
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_put_and_die, args=(path,))
    process.start()
    process.join()
    assert path.with_name("store-wal").stat().st_size > 0
    path.with_name("store-shm").unlink()
    data = bytearray(path.read_bytes())
    assert len(data) >= 20 * 4096
    data[10 * 4096 : 12 * 4096] = bytes(2 * 4096)
    path.write_bytes(data)
    before = files(tmp_path)
    with pytest.raises(StoreError, match="damaged: "):
        Store(path)
    assert files(tmp_path) == before


def _put_and_die(path: Path) -> None:
    Store(path).put(KEY, "1")
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_value_damaged_while_the_store_is_open_is_never_used(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with Store(path) as store:
        work = Work(store=store)
        assert list(work.map(scaled_square, 1, [3], name="x", identity="0" * 64)) == [9]
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE results SET value = '10'")
        with pytest.raises(StoreError, match="does not have its checksum"):
            list(work.map(scaled_square, 1, [3], name="x", identity="0" * 64))
