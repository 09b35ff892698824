"""Untrusted files parsed in child processes with memory, processor and wall-clock limits."""

from __future__ import annotations

import io
import os
import pickle
import queue
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, cast

from vectorstore import errors, types
from vectorstore.errors import BrokenFileError, LimitExceededError, VectorstoreError
from vectorstore.sandbox.frames import receive, send
from vectorstore.sandbox.worker import READY
from vectorstore.types import Report

__all__ = ["SafeParser"]

WALL_SECONDS = 18.0  # so that a hostile file is over and done with within 20
# Parsers leak a little; a fresh process now and then keeps that off the next file's account.
FILES_PER_WORKER = 500
_CPU_LIMIT = -getattr(signal, "SIGXCPU", 0)  # return code of a child over its processor time

_RECORDS = {
    module.__name__: {name for name in module.__all__ if isinstance(getattr(module, name), type)}
    for module in (types, errors)
}
_SECRET = re.compile("KEY|TOKEN|SECRET|PASSW|CREDENTIAL|PROXY", re.IGNORECASE)


class SafeParser:
    """Parses files into reports in up to `workers` reusable child processes.

    `parse` may be called from several threads; more callers than workers wait for a free one.
    Use as a context manager, or call `close`. `wall_seconds` bounds one file.
    """

    def __init__(self, workers: int = 1, wall_seconds: float = WALL_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._free: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._workers = [_Worker() for _ in range(workers)]
        for worker in self._workers:
            self._free.put(worker)

    def __enter__(self) -> SafeParser:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def parse(self, path: Path) -> Report:
        """Read, clean and outline one file. Raises a ReadError subclass; a crash is one too."""
        worker = self._free.get()
        try:
            return worker.parse(path, self._wall_seconds)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """End the child processes. The parser may be used again: it starts new ones."""
        for worker in self._workers:
            worker.stop()


class _RemoteError(Exception):
    """Carries the child's traceback as the cause of the error raised here."""


class _Worker:
    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0

    def parse(self, path: Path, wall_seconds: float) -> Report:
        if self._files >= FILES_PER_WORKER:
            self.stop()
        process = self._process or self._start()
        self._files += 1
        expired = threading.Event()
        timer = threading.Timer(wall_seconds, _expire, (process, expired))
        timer.start()
        try:
            send(cast(BinaryIO, process.stdin), os.fsencode(path))
            reply = receive(cast(BinaryIO, process.stdout))
        except (EOFError, OSError) as exc:
            self.stop()
            if expired.is_set() or process.returncode == _CPU_LIMIT:
                message = f"解析该文件超过 {wall_seconds:.0f} 秒，已停止。"
                raise LimitExceededError(message) from exc
            raise BrokenFileError("文件内容异常，解析时程序意外退出。") from exc
        except BaseException:  # Ctrl-C: a half-read reply must not be taken for the next file's
            self.stop()
            raise
        finally:
            timer.cancel()
        result, detail = self._opened(reply)
        if isinstance(result, VectorstoreError):
            if isinstance(result, LimitExceededError):
                self.stop()  # memory it could not give back would fail the next file
            raise result from (_RemoteError(detail) if detail else None)
        return result

    def _opened(self, reply: bytes) -> tuple[Report | VectorstoreError, str]:
        """What the child says; one that says anything else gets no further file."""
        try:
            result, detail = _Records(io.BytesIO(reply)).load()
            if isinstance(result, Report | VectorstoreError) and isinstance(detail, str):
                return result, detail
            raise pickle.UnpicklingError("neither a report nor an error")
        except Exception as exc:  # a forged pickle may raise anything
            self.stop()
            raise BrokenFileError("文件内容异常，解析结果不可信，未采用。") from exc

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # a request the dead child never read
        process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        # -P: never import from the working folder, which may be the one with the untrusted files.
        code = "from vectorstore.sandbox.worker import main; main()"
        command = [sys.executable, "-P", "-B", "-c", code]
        known = {name: value for name, value in os.environ.items() if not _SECRET.search(name)}
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=known
        )
        self._process, self._files = process, 0
        try:
            ready = receive(cast(BinaryIO, process.stdout)) == READY
        except EOFError:
            ready = False
        if not ready:
            self.stop()
            raise RuntimeError("the parsing process did not start; its message is above")
        return process


def _expire(process: subprocess.Popen[bytes], expired: threading.Event) -> None:
    expired.set()
    process.kill()


class _Records(pickle.Unpickler):
    """Loads our records and nothing else: a parser taken over by its file stays in its process."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _RECORDS.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not a record")
