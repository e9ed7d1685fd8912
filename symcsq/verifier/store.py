"""A file that keeps finished work, so that a run that was killed resumes where it was.

SQLite in WAL mode. Each result is canonical JSON under its content key, with a checksum, committed
as soon as it is known: killing a process loses only what was not finished, and several processes
may use one file at once. Before the first write the whole file is read and checked without touching
it; what is foreign or damaged is refused and left as it was.

A store saves time and proves nothing: keep one as you keep your own runs. Certificates made with it
are the same, and `symcsq check` does not need it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from symcsq.errors import StoreError

#: Identifies the file, in SQLite's header: "symq".
APPLICATION_ID = int.from_bytes(b"symq")
#: Version of the tables; files of later versions are refused.
VERSION = 1

_FORMAT = f"symcsq-store/{VERSION}"
_MAGIC = b"SQLite format 3\0"
_TABLES = (
    "CREATE TABLE header (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE results (key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, value TEXT NOT NULL)",
)
_SECONDS_TO_WAIT = 60.0  # for another process that writes


class Store:
    """Finished work by content key, in one file.

    Arguments:
        path: a file that symcsq made, or the name of a new one in a folder that exists.

    Raises:
        StoreError: the path is a folder or cannot be written; the file is no database, another
            program's database, damaged, or of a later version. The file is left as it was.

    Complexity: opening reads the whole file once.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with Store(f"{folder}/work.db") as store:
        ...         store.put("a" * 64, "[1,2]")
        ...     with Store(f"{folder}/work.db") as store:
        ...         len(store), store.get("a" * 64), store.get("b" * 64)
        (1, '[1,2]', None)
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        if not isinstance(path, str | os.PathLike) or not str(path):
            raise StoreError(
                f"store: must be the path of a file, got {path!r}; write for example 'work.db'"
            )
        self.path = Path(path)
        self._lock = threading.Lock()
        if not os.path.lexists(self.path):
            _create(self.path)
        _examine(self.path)
        try:
            self._database = _connect(self.path, "mode=rw")
            # In WAL mode this loses no commit when the process is killed, and never damages the
            # file.
            self._database.execute("PRAGMA synchronous = NORMAL")
            with self._transaction():  # the place must take writes now, not after hours of work
                pass
        except sqlite3.Error as error:
            self.close()
            _refuse(self.path, f"it cannot be written: {error}")

    def get(self, key: str) -> str | None:
        """The canonical JSON of a result, None when there is none.

        Raises:
            StoreError: the result does not have its checksum, or the file cannot be read.
        """
        try:
            with self._lock:
                row = self._database.execute(
                    "SELECT sha256, value FROM results WHERE key = ?", (key,)
                ).fetchone()
        except sqlite3.Error as error:
            _refuse(self.path, f"it cannot be read: {error}")
        if row is None:
            return None
        checksum, text = row
        if not _sound(key, checksum, text):
            _refuse(self.path, _wrong_checksum(key))
        return str(text)

    def put(self, key: str, text: str) -> None:
        """Commit a result; nothing happens where the same result is there already.

        Raises:
            StoreError: another result is there under this key, or the file cannot be written.
        """
        try:
            with self._lock:
                written = self._database.execute(
                    "INSERT OR IGNORE INTO results VALUES (?, ?, ?)",
                    (key, _checksum(key, text), text),
                ).rowcount
        except sqlite3.Error as error:
            _refuse(self.path, f"it cannot be written: {error}")
        if not written and self.get(key) != text:
            _refuse(self.path, f"it has another result for {key[:12]}…: not the same computation")

    def __len__(self) -> int:
        with self._lock:
            return int(self._database.execute("SELECT count(*) FROM results").fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._database.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file; the last process to do so folds SQLite's side files into it."""
        if hasattr(self, "_database"):
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"


@contextmanager
def opened(store: Store | str | os.PathLike[str] | None) -> Iterator[Store | None]:
    """A store that is open already, or a path that is opened and closed again, or None.

    Examples:
        >>> with opened(None) as store:
        ...     print(store)
        None
    """
    if store is None or isinstance(store, Store):
        yield store
    else:
        with Store(store) as own:
            yield own


def _refuse(path: Path, reason: str) -> NoReturn:
    reason = " ".join(reason.split())
    raise StoreError(
        f"store: must be a file that symcsq made or a new one, got {str(path)!r} ({reason}); "
        "choose another path"
    ) from None


def _checksum(key: str, text: str) -> str:
    """Binds a value to its key, so that values that changed places are found too."""
    return hashlib.sha256(f"{key}\n{text}".encode()).hexdigest()


def _sound(key: object, checksum: object, text: object) -> bool:
    return isinstance(key, str) and isinstance(text, str) and _checksum(key, text) == checksum


def _wrong_checksum(key: object) -> str:
    return f"damaged: the result {str(key)[:12]}… does not have its checksum"


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    database = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=_SECONDS_TO_WAIT,
        isolation_level=None,  # every statement is its own transaction
        check_same_thread=False,  # a lock serialises the threads of this process
    )
    # Nothing that a file says is run, and damaged pages are noticed when they are read.
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    return database


def _create(path: Path) -> None:
    """Make an empty store that appears complete or not at all."""
    from symcsq import __version__

    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # Refuses a place that cannot be written with the system's own words.
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
        with closing(_connect(draft, "mode=rw")) as database:
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute(f"PRAGMA user_version = {VERSION}")
            for table in _TABLES:
                database.execute(table)
            rows = [("format", _FORMAT), ("producer", f"symcsq {__version__}")]
            database.executemany("INSERT INTO header VALUES (?, ?)", rows)
            # Last, so that all of the above is in the file itself.
            (mode,) = database.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            _refuse(path, "SQLite has no write-ahead log on this file system")
        _publish(draft, path)
    except OSError as error:
        _refuse(path, f"it cannot be made: {error.strerror}")
    except sqlite3.Error as error:
        _refuse(path, f"it cannot be made: {error}")
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                Path(f"{draft}{suffix}").unlink()


def _publish(draft: Path, path: Path) -> None:
    """Give a draft its name, unless another process was faster: then its file is used."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        if not path.exists():
            os.replace(draft, path)


def _examine(path: Path) -> None:
    """Refuse everything but an undamaged store, without changing a byte."""
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            _refuse(path, "a folder")
        if not stat.S_ISREG(kind):
            _refuse(path, "no regular file")
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        _refuse(path, f"it cannot be read: {error.strerror}")
    if not head:
        _refuse(path, "an empty file")
    if len(head) < 100 or not head.startswith(_MAGIC):
        _refuse(path, "no SQLite database")
    # A store has these in the file itself from the start; reading them opens nothing.
    version, application = (int.from_bytes(head[at : at + 4]) for at in (60, 68))
    if application != APPLICATION_ID:
        _refuse(path, "another program's database")
    if version > VERSION:
        _refuse(path, f"version {version}, made by a later symcsq; this one reads {VERSION}")

    log, index = Path(f"{path}-wal"), Path(f"{path}-shm")
    if not log.exists():
        # Nobody has it open: reading it as a file that does not change leaves no side files.
        if _damage(path, "mode=ro&immutable=1") == "":
            return
        if not log.exists():
            _refuse(path, _damage(path, "mode=ro&immutable=1"))
    indexed = index.exists()
    damage = _damage(path, "mode=ro")
    if damage:
        if not indexed:
            index.unlink(missing_ok=True)
        _refuse(path, damage)


def _damage(path: Path, mode: str) -> str:
    """What is wrong with a store's tables, pages or values; "" when nothing is."""
    try:
        with closing(_connect(path, mode)) as database:
            database.execute("BEGIN")  # one moment of a file that others write
            tables = database.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
            if sorted(sql for (sql,) in tables) != sorted(_TABLES):
                return "its tables are not those of a store"
            header = dict(database.execute("SELECT name, value FROM header"))
            if header.get("format") != _FORMAT:
                return f"its format is not {_FORMAT}"
            (verdict,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                return f"damaged: {verdict}"
            for row in database.execute("SELECT key, sha256, value FROM results"):
                if not _sound(*row):
                    return _wrong_checksum(row[0])
    except sqlite3.Error as error:
        return f"damaged: {error}"
    return ""
