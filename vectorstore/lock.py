"""One owner process a data folder: whoever writes holds `owner.lock`, whoever only reads does not.

The lock is the kernel's (`flock`), so it is gone with its process, however that ended; the file's
content only tells others who holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
from datetime import datetime
from pathlib import Path
from typing import Self

from vectorstore.errors import LockedError, StorageFullError, reason
from vectorstore.private import make_private

__all__ = ["LOCK_NAME", "OwnerLock"]

LOCK_NAME = "owner.lock"


class OwnerLock:
    """Context manager that owns `folder` for `command` (what to call us: `fazhi serve`).

    Entering raises LockedError naming the holder, or StorageFullError when the folder cannot be
    written.
    """

    def __init__(self, folder: Path, command: str) -> None:
        self._path = folder / LOCK_NAME
        self._command = command
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        try:
            make_private(self._path.parent)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageFullError(
                f"无法写入数据目录 {self._path.parent}：{reason(error)}。"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._sign(descriptor)
        except BlockingIOError as error:
            message = self._refusal(descriptor)
            os.close(descriptor)
            raise LockedError(message) from error
        except OSError as error:
            os.close(descriptor)
            raise StorageFullError(
                f"无法锁定数据目录 {self._path.parent}：{reason(error)}。"
            ) from error
        self._descriptor = descriptor
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)  # the file stays: removing it would race with a newcomer
            self._descriptor = None

    def _sign(self, descriptor: int) -> None:
        holder = {
            "pid": os.getpid(),
            "command": self._command,
            "host": platform.node(),
            "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder, ensure_ascii=False).encode(), 0)

    def _refusal(self, descriptor: int) -> str:
        folder = self._path.parent
        try:
            holder = json.loads(os.pread(descriptor, 4096, 0))
            since = datetime.fromisoformat(holder["since"]).strftime("%Y-%m-%d %H:%M")
            return (
                f"数据目录 {folder} 正被 {holder['command']} 使用"
                f"（进程号 {holder['pid']}，主机 {holder['host']}，自 {since} 起）。"
            )
        except (ValueError, KeyError, TypeError):  # taken this instant and not yet signed
            return f"数据目录 {folder} 正被其他程序使用。"
