"""What holds the text of reports is for the account that keeps it, not for others on the computer.

Only where files have an owner and a mode (POSIX): elsewhere the folder's own rules decide.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

__all__ = ["make_private", "tighten"]

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SHARED = stat.S_ISVTX | stat.S_ISGID  # like /tmp, or made for a group on purpose
_PLACES = 2  # /, and what lies directly below it: never one program's own


def make_private(folder: Path) -> None:
    """Make `folder` (0700) and its parents, or take others' rights from one that is there.

    Raises OSError when it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    tighten(folder)


def tighten(path: Path) -> None:
    """Take group's and others' rights from a file or folder of our own.

    What belongs to another account, what is shared on purpose and what is missing stays as it is,
    and so do the user's home, the folders above it and those directly below the root.
    """
    if os.name != "posix":
        return
    with suppress(OSError, RuntimeError):  # the latter: an account without a home
        found = path.stat()
        mode = stat.S_IMODE(found.st_mode)
        ours = found.st_uid == os.geteuid() and not mode & _SHARED
        if ours and not (path.is_dir() and _is_common(path.resolve())):
            path.chmod(mode & ~_OTHERS)


def _is_common(folder: Path) -> bool:
    home = Path("~").expanduser().resolve()
    return len(folder.parts) <= _PLACES or folder == home or folder in home.parents
