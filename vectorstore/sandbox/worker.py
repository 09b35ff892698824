"""The child process that parses untrusted files; `SafeParser` starts it.

Requests come on standard input, replies go to the standard output it was started with, both as
frames. The first reply is `READY`.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from pathlib import Path

from vectorstore.errors import BrokenFileError, LimitExceededError, VectorstoreError
from vectorstore.sandbox.frames import receive, send

__all__ = ["READY", "main"]

READY = b"ready"
MEMORY_BYTES = 1536 * 1024 * 1024  # address space: interpreter, libraries and the parse itself
CPU_SECONDS = 20


def main() -> None:
    """Parse the files named on standard input until it closes."""
    replies = os.fdopen(os.dup(1), "wb")
    from vectorstore.parse import parse

    _limit_process()
    send(replies, READY)
    # From here on libraries that print or complain cannot disturb the replies or the user.
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    while True:
        try:
            request = receive(sys.stdin.buffer)
        except EOFError:
            return
        _limit_file()
        detail = ""
        result: object
        try:
            result = parse(Path(os.fsdecode(request)))
        except VectorstoreError as exc:
            result = exc
        except MemoryError:
            result = LimitExceededError("解析该文件所需内存过大，已停止。")
        except Exception as exc:  # noqa: BLE001 - one odd file must not end the batch
            result = BrokenFileError(f"文件内容异常，无法解析（{type(exc).__name__}）。")
            detail = traceback.format_exc()
        send(replies, pickle.dumps((result, detail)))


def _limit_process() -> None:
    try:
        import resource
    except ImportError:  # not a POSIX system: the parent's clock is the limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # a parser has nothing to write


def _limit_file() -> None:
    """Give the next file its own share of processor time, should the parent die meanwhile."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
