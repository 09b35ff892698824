"""llama.cpp in a child process, started when first asked and again if it died."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import secrets
import select
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import IO, Any

from assistant.errors import LLMUnavailableError
from assistant.model.errors import ModelMissingError
from assistant.model.shelf import Shelf

__all__ = ["Address", "LocalServer", "Size", "require_runtime", "runtime_installed"]

_START = 180.0  # seconds: a cold 1.1 GB file on a slow disk
_GONE = 5.0  # seconds a child gets to end before it is killed
_RESTART = "请重试（会自动重新启动）；内存不足 3 GB 时请关闭其他程序。"


@dataclass(frozen=True, slots=True)
class Size:
    """What the server may use: tokens of context, threads, and a port (0: any that is free)."""

    context: int = 4096
    threads: int = 2
    port: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and the key it wants; both are new with every start."""

    url: str
    key: str


def runtime_installed() -> bool:
    """Whether the software that runs models is installed (the extra `local`)."""
    return find_spec("xllamacpp") is not None


def require_runtime() -> None:
    """Raise ModelMissingError unless the software that runs models is installed."""
    if not runtime_installed():
        raise ModelMissingError(
            "没有安装运行本机模型的组件。", "在项目目录运行 .venv/bin/pip install -e '.[local]'。"
        )


class LocalServer:
    """A model served on loopback to whoever holds the key. Safe to use from several threads."""

    def __init__(self, shelf: Shelf, size: Size | None = None) -> None:
        self.shelf = shelf
        self.size = size or Size()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._address: Address | None = None

    @property
    def running(self) -> bool:
        """Whether the child is alive."""
        return self._child is not None and self._child.poll() is None

    def address(self) -> Address:
        """Where it listens; starts it if need be, which takes seconds.

        Raises ModelError when there is no checked model, LLMUnavailableError when it will not run.
        """
        with self._lock:
            if not self.running or self._address is None:
                self._stop()
                self._address = self._start()
            return self._address

    def close(self) -> None:
        """End the child; the next `address` starts another."""
        with self._lock:
            self._stop()

    def _start(self) -> Address:
        require_runtime()
        key = secrets.token_urlsafe(24)
        asked = {
            "model": str(self.shelf.verified()),
            "name": self.shelf.model.name,
            "key": key,  # not on the command line, which every user of the machine can read
            "context": self.size.context,
            "threads": self.size.threads,
            "port": self.size.port,
        }
        self.shelf.folder.mkdir(parents=True, exist_ok=True)
        with (self.shelf.folder / "llama.log").open("w") as log:
            self._child = _spawn(log)
        atexit.register(self.close)
        told = _exchange(self._child, asked)
        if "url" not in told:
            self._stop()
            raise LLMUnavailableError("本机模型没有启动成功。", _RESTART)
        return Address(told["url"], key)

    def _stop(self) -> None:
        child, self._child, self._address = self._child, None, None
        if child is None:
            return
        atexit.unregister(self.close)
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            child.wait(_GONE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _spawn(log: IO[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "assistant.model.llama"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        start_new_session=True,  # Ctrl-C is for the parent, which ends the child
        # Threads that wait for each other sleep: spinning starves whatever else the machine does.
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
    )


def _exchange(child: subprocess.Popen[str], asked: Mapping[str, Any]) -> dict[str, str]:
    """Send one line, wait for one; nothing if the child died or took too long."""
    assert child.stdin
    assert child.stdout
    try:
        child.stdin.write(json.dumps(asked) + "\n")
        child.stdin.flush()
        ready, _, _ = select.select([child.stdout], [], [], _START)
        line = child.stdout.readline() if ready else ""
        told = json.loads(line) if line else {}
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
