"""Whole processes: cold commands and the web server's memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from evals.bench.measure import Figure, median_seconds

__all__ = ["measure_commands", "measure_server"]

_FAZHI = str(Path(sys.executable).with_name("fazhi"))


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
    """Peak memory of the server's process over the library in `home`, after questions."""
    command = [sys.executable, "-m", "evals.bench.served"]
    environment = {**os.environ, "FAZHI_HOME": str(home)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    peak = float(done.stdout.split()[-1])
    yield Figure("server's process, peak memory at 50k chunks", peak, "MB", 700)
