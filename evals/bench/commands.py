"""Whole processes: cold commands and the web server's memory."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from evals.bench.measure import Figure, median_seconds, resident_mb

__all__ = ["measure_commands", "measure_server"]

_FAZHI = str(Path(sys.executable).with_name("fazhi"))
_START_SECONDS = 600.0  # 50,000 vectors are indexed anew when the folder has none


def measure_commands(home: Path) -> Iterator[Figure]:
    """`fazhi --help` and `fazhi ask` from cold, medians of several processes."""
    for name, arguments, target in (
        ("fazhi --help", ["--help"], 0.4),
        ("fazhi ask, extractive", ["ask", "岚泊县卫生健康局2025年立案多少件？"], 3.0),
    ):
        yield Figure(name, median_seconds(lambda a=arguments: _run(home, a)), "s", target)  # type: ignore[misc]


def _run(home: Path, arguments: list[str]) -> None:
    environment = {**os.environ, "FAZHI_HOME": str(home)}
    subprocess.run([_FAZHI, *arguments], env=environment, check=True, capture_output=True)


def measure_server(home: Path) -> Iterator[Figure]:
    """Peak memory of `fazhi serve` over the library in `home`, after its page was read."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "FAZHI_HOME": str(home)}
    command = [_FAZHI, "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/healthz", server)
            for _ in range(5):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).read()
            yield Figure(
                "fazhi serve, peak memory at 50k chunks", resident_mb(server.pid), "MB", 700
            )
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise RuntimeError("fazhi serve did not start")
