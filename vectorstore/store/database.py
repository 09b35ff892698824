"""Connections, transactions and errors of the one SQLite file.

Readers take a connection each from a pool and see one snapshot; writers are serialised by a lock in
this process and by SQLite's write lock between processes.
"""

from __future__ import annotations

import os
import secrets
import sqlite3  # noqa: TID251 - the store is the one place that speaks SQL
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from vectorstore.errors import StorageFullError, StoreError, reason
from vectorstore.private import make_private, tighten
from vectorstore.store.schema import migrate

__all__ = ["Connection", "Database", "generation", "touch"]

Connection = sqlite3.Connection

# Another process may hold the write lock for one report or one batch of vectors, never longer.
_BUSY_MS = 15_000
_NO_SPACE = {"SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"}
_NO_WRITE = {"SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_SHMSIZE"}
_BROKEN = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}


class Database:
    """One file; `read()` and `write()` give a connection inside a transaction."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()  # guards the two lists and `_closed`
        self._writing = threading.RLock()
        self._idle: list[Connection] = []
        self._all: list[Connection] = []
        self._closed = False
        _make_home(path)
        with translated(path):
            connection = self._take()
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection)
            self._give(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one unchanging snapshot until the block ends."""
        with translated(self._path):
            connection = self._take()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                _rollback(connection)
                self._give(connection)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in an IMMEDIATE transaction: all of the block happens, or nothing."""
        with translated(self._path), self._writing:
            connection = self._take()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                _rollback(connection)
                self._give(connection)

    def purge(self) -> bool:
        """Write the file anew and empty the log; False while another reader is in the way.

        `secure_delete` zeroes what is deleted, not the copies that splitting a page left in its
        gaps before (found by test, one deletion in eighty), so nothing less than VACUUM will do.
        """
        with translated(self._path), self._writing:
            connection = self._take()
            try:
                connection.execute("VACUUM")
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                return not busy
            finally:
                self._give(connection)

    def backup(self, connection: Connection, to: Path) -> None:
        """Write what `connection` sees to the new file `to`, while others read and write."""
        with _telling(to.parent):
            to.parent.mkdir(parents=True, exist_ok=True)
        _make_file(to)
        with translated(to), closing(sqlite3.connect(to)) as target:
            connection.backup(target)
            target.execute("PRAGMA locking_mode = EXCLUSIVE")  # no shared memory: any disk will do
            target.execute("PRAGMA journal_mode = DELETE")  # all of it in the one file
            whole = _is_whole(target)
        if not whole:
            raise _damaged(self._path)

    def close(self) -> None:
        """Close every connection; the last one out empties the log."""
        with self._lock:
            self._closed = True
            for connection in self._all:
                connection.close()
            self._idle.clear()
            self._all.clear()

    def _take(self) -> Connection:
        with self._lock:
            if self._closed:
                raise StoreError("数据文件已关闭。")
            if self._idle:
                return self._idle.pop()
            connection = self._connect()
            self._all.append(connection)
            return connection

    def _give(self, connection: Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)

    def _connect(self) -> Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # deleted text is overwritten with zeros
        connection.execute("PRAGMA synchronous = FULL")  # an acknowledged report survives a crash
        connection.execute("PRAGMA cache_size = -32000")  # 32 MB
        return connection


def generation(connection: Connection) -> int:
    """The stamp that `touch` renews."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
    return int(row[0])


def touch(connection: Connection) -> None:
    """Give the store a new generation: a random stamp, so that a restored backup differs too."""
    connection.execute(
        "UPDATE meta SET value = ? WHERE key = 'generation'", (secrets.randbits(62),)
    )


def _make_home(path: Path) -> None:
    """The folder of the file at `path` and the file, both for their owner alone."""
    with _telling(path.parent):
        make_private(path.parent)
    _make_file(path)
    for name in ("-wal", "-shm"):  # SQLite gives new ones the mode of the file
        tighten(path.with_name(path.name + name))


def _make_file(path: Path) -> None:
    """Make the file, or tighten one that is there; SQLite says what is wrong with it.

    A file that is there is never opened here: closing it would drop the locks that SQLite holds on
    it in this process.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    tighten(path)


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFullError(f"无法建立目录 {folder}：{reason(error)}。") from error


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about `path` into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(error, path) from error


def _ours(error: sqlite3.Error, path: Path) -> StoreError:
    name = getattr(error, "sqlite_errorname", "") or ""
    primary = "_".join(name.split("_")[:2])
    if primary in _NO_SPACE or name in _NO_WRITE:
        return StorageFullError(f"无法写入数据文件 {path}：磁盘已满或没有写权限。")
    if primary in _BROKEN:
        return _damaged(path)
    if primary in {"SQLITE_BUSY", "SQLITE_LOCKED"}:
        return StoreError(f"数据文件 {path} 正被其他程序占用。", "请稍后再试。")
    return StoreError(f"数据文件 {path} 出错：{error}")


def _damaged(path: Path) -> StoreError:
    return StoreError(
        f"数据文件 {path} 已损坏，无法读取。", "请用备份恢复该文件，或移走它后重新导入报告。"
    )


def _is_whole(connection: Connection) -> bool:
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _rollback(connection: Connection) -> None:
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
