"""Files that hold what is private: conversations, password hashes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["write_private"]


def write_private(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Put a file of `data`, its owner's alone, in place of `path` in one step, or change nothing.

    With `durable` it outlasts a loss of power, which costs some milliseconds. Raises OSError.
    """
    # mkstemp makes the file readable by its owner only
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
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
