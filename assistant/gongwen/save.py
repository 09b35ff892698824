"""Atomic writing: a reader finds the old file or the whole new one, never a part."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from assistant.gongwen.errors import SaveError
from vectorstore.errors import reason

__all__ = ["save"]


def save(path: Path, data: bytes) -> None:
    """Write `data` to `path` through a temporary file in the same folder.

    SaveError where the folder is missing or read-only or the disk is full; then nothing new is left
    behind and an older file at `path` stays as it was.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException as exc:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(exc, OSError):
            raise SaveError(f"无法写入 {path.name}：{reason(exc)}。") from exc
        raise
