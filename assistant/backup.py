"""One zip with all of a data folder that cannot be made anew, taken even while the server works.

In it: the database as of one moment, the original files of the reports, the conversations, the
users and the audit log. Left out: what is made anew (the semantic index, notes of briefs), what is
under way (uploads), locks, and a model. Unpacked into an empty folder it is that data folder.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from assistant import audit, conversations, users
from assistant.errors import AssistantError
from vectorstore.errors import reason
from vectorstore.originals import FOLDER_NAME as ORIGINALS
from vectorstore.store import FILE_NAME, Store

__all__ = ["BackupError", "Holds", "Saved", "back_up"]

_PRIVATE = stat.S_IFREG | 0o600
_FAST = 1  # zlib's level


class BackupError(AssistantError):
    """There is nothing to save, or nowhere to save it."""


@dataclass(frozen=True, slots=True)
class Holds:
    """What a backup holds. Of `lacking` reports the original file had gone before.

    `conversations` counts those who asked, `audit` files, of a month each or less.
    """

    reports: int
    originals: int
    lacking: int
    conversations: int
    users: bool
    audit: int


@dataclass(frozen=True, slots=True)
class Saved:
    """The backup at `path`, of `size` bytes."""

    path: str
    size: int
    holds: Holds

    def to_json(self) -> dict[str, Any]:
        """The document of `fazhi backup --json`."""
        return {"path": self.path, "bytes": self.size, **asdict(self.holds)}


def back_up(home: Path, to: Path) -> Saved:
    """Save the data folder `home` in the new file `to`, or in a folder `to` under the time's name.

    Raises BackupError, which leaves no file, or StoreError for a damaged database.
    """
    if not (home / FILE_NAME).is_file():
        raise BackupError(
            f"数据目录 {home} 里没有资料库，没有可以备份的内容。",
            "请用 FAZHI_HOME 指明数据目录，并以运行服务的用户执行。",
        )
    to = to.absolute()
    if to.is_dir():
        to /= f"fazhi-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}.zip"
    with _unfinished(to) as work:
        made = work / "made.zip"
        with Store.open(home) as store:
            holds = _write(store, home, made, work / FILE_NAME)
        _refuse_to_replace(to)
        made.replace(to)
    return Saved(str(to), to.stat().st_size, holds)


@contextmanager
def _unfinished(to: Path) -> Iterator[Path]:
    """A private folder beside `to` for what is not finished; its name says so if it is left."""
    work = to.with_name(f"{to.name}.part")
    _refuse_to_replace(to)
    try:
        work.mkdir(mode=0o700)
    except FileExistsError as error:
        raise BackupError(
            f"{work} 是没有做完的备份。",
            "如果没有别的备份正在进行，请删除它后重试；也可以换一个文件名。",
        ) from error
    except OSError as error:
        raise BackupError(f"{to.parent} 不能写入：{reason(error)}。", "请换一个文件夹。") from error
    try:
        yield work
    except OSError as error:
        raise BackupError(f"备份没有做成：{reason(error)}。", "请检查磁盘空间和权限。") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _refuse_to_replace(to: Path) -> None:
    if os.path.lexists(to):
        raise BackupError(f"{to} 已经存在，没有改动。", "请换一个文件名。")


def _write(store: Store, home: Path, made: Path, copy: Path) -> Holds:
    """Write the zip `made`, whole on the disk."""
    handle = os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w+b") as file:
        with ZipFile(file, "w", compresslevel=_FAST) as zipped:
            holds = _fill(zipped, store, home, copy)
        file.flush()
        os.fsync(file.fileno())  # before it gets its name
    return holds


def _fill(zipped: ZipFile, store: Store, home: Path, copy: Path) -> Holds:
    """Put everything in; the copy of the database stands at `copy` meanwhile.

    Original files go first, and those that came meanwhile after the database: so none is missing
    that it names, though the server takes in and deletes reports all the while.
    """
    early = _add_all(zipped, home / ORIGINALS, store.original_names())
    held = store.backup(copy)
    _add(zipped, copy, FILE_NAME)
    copy.unlink()
    there = early | _add_all(zipped, home / ORIGINALS, held.originals - early)
    talks, logs = home / conversations.FOLDER, home / audit.FOLDER
    return Holds(
        held.reports,
        len(held.originals & there),
        len(held.originals - there),
        len(_add_all(zipped, talks, _names(talks, "*.json"))),
        _add(zipped, home / users.FILE, users.FILE),
        len(_add_all(zipped, logs, _names(logs, "*.jsonl"))),
    )


def _names(folder: Path, pattern: str) -> set[str]:
    return {path.name for path in folder.glob(pattern)}


def _add_all(zipped: ZipFile, folder: Path, names: Set[str]) -> set[str]:
    """Add the files of `folder` with these names; returns those that were there."""
    return {name for name in sorted(names) if _add(zipped, folder / name, f"{folder.name}/{name}")}


def _add(zipped: ZipFile, path: Path, name: str) -> bool:
    """Add a file as its owner's alone; False when it is gone."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return False
    with source:
        entry = ZipInfo.from_file(path, name, strict_timestamps=False)
        entry.external_attr = _PRIVATE << 16
        entry.compress_type = ZIP_STORED if path.parent.name == ORIGINALS else ZIP_DEFLATED
        with zipped.open(entry, "w") as target:
            shutil.copyfileobj(source, target)
    return True
