"""Files that hold what is private: conversations, password hashes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["sweep", "unfinished", "write_private"]

_BEFORE, _AFTER = "tmp", ".part"  # of the name of a file that is not finished


def write_private(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Put a file of `data`, its owner's alone, in place of `path` in one step, or change nothing.

    With `durable` it outlasts a loss of power, which costs some milliseconds. Raises OSError.
    """
    # mkstemp makes the file readable by its owner only
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_BEFORE, suffix=_AFTER)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def unfinished(folder: Path) -> list[Path]:
    """Files of `folder` that are being written now, or were when a process was killed."""
    return [path for path in folder.glob(f"{_BEFORE}*{_AFTER}") if path.is_file()]


def sweep(folder: Path) -> None:
    """Remove what is unfinished in `folder`; for the one who alone may write there now."""
    for path in unfinished(folder):
        path.unlink(missing_ok=True)
