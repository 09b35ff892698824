"""The files reports were read from, kept under the hash of their bytes.

A file is written whole under a passing name, flushed to the disk and renamed, so that a crash
leaves it there or not at all. What no report refers to is removed by `sweep`. The store calls both
inside its write transaction, which keeps a sweep from taking a file whose report is being stored.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vectorstore.errors import BrokenFileError, StorageFullError, StoreError, reason

__all__ = ["FOLDER_NAME", "Kept", "Original", "Originals"]

FOLDER_NAME = "originals"
_BLOCK = 1024 * 1024  # bytes copied at a time


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept file: SHA-256 of its bytes in hexadecimal, and its size in bytes."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Original:
    """The file of a report: the name it came under, where it lies, its size in bytes."""

    name: str
    path: Path
    size: int


class Originals:
    """The kept files of one data folder; made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, source: Path) -> Kept:
        """Copy `source` here, readable for the owner alone.

        Raises BrokenFileError when `source` cannot be read, StorageFullError when there is no room.
        """
        try:
            reading = source.open("rb")
        except OSError as error:
            raise BrokenFileError(f"文件无法读取（{reason(error)}）。") from error
        with reading:
            try:
                return self._copy(reading)
            except OSError as error:
                raise StorageFullError(f"原文件未能保存（{reason(error)}）。") from error

    def path(self, digest: str) -> Path:
        """Where the file with this hash lies, whether or not it is there."""
        return self._folder / digest

    def sweep(self, wanted: Iterable[str]) -> None:
        """Remove every file but those with the hashes `wanted`. Raises StoreError."""
        kept = set(wanted)
        try:
            for entry in self._folder.iterdir():
                if entry.name not in kept:
                    entry.unlink()
        except FileNotFoundError:
            return  # nothing was ever kept
        except OSError as error:
            told = f"已删除报告的原文件未能从磁盘清除（{reason(error)}）。"
            raise StoreError(told, f"请检查目录 {self._folder} 的权限后重试。") from error

    def _copy(self, reading: BinaryIO) -> Kept:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        passing = self._folder / f".{secrets.token_hex(8)}"
        digest, size = hashlib.sha256(), 0
        try:
            handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as writing:
                while block := reading.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
                    writing.write(block)
                writing.flush()
                os.fsync(writing.fileno())
            passing.replace(self._folder / digest.hexdigest())
        except BaseException:
            with suppress(OSError):
                passing.unlink()
            raise
        _flush(self._folder)
        return Kept(digest.hexdigest(), size)


def _flush(folder: Path) -> None:
    """Make a new name in `folder` survive a crash."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
