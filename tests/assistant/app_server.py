"""Starts `fazhi serve` in a process of its own for tests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

STARTUP_SECONDS = 180


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    url: str
    output: Path

    def get(self, path: str) -> dict[str, Any]:
        with urlopen(self.url + path, timeout=5) as reply:
            answer: dict[str, Any] = json.load(reply)
            return answer

    def log(self) -> str:
        return self.output.read_text("utf-8")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def running(home: Path, *options: str, **settings: str) -> Iterator[Running]:
    """A server over `home` that answers /healthz; ended, if it still runs, on leaving."""
    port = free_port()
    output = home.parent / f"{home.name}-serve.log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FAZHI_", "OPENAI_"))}
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from assistant.cli import main; main()",
             "serve", "--port", str(port), *options],
            env={**environment, "FAZHI_HOME": str(home), **settings},
            stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    server = Running(process, f"http://127.0.0.1:{port}", output)
    try:
        _await(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(server: Running) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while True:
        try:
            server.get("/healthz")
            return
        except (URLError, OSError):
            assert server.process.poll() is None, server.log()
            assert time.monotonic() < deadline, server.log()
            time.sleep(0.1)
