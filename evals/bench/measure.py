"""Timing helpers and the record of one measured figure."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Figure", "machine", "median_seconds", "percentile", "resident_mb", "times_ms"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `target` is met when the value is at most it (`at least` if `more`)."""

    name: str
    value: float
    unit: str
    target: float | None = None
    more: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the target holds; None without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.more else self.value <= self.target


def machine() -> str:
    """Processor, cores, memory, system and Python in one line."""
    info = Path("/proc/cpuinfo")
    names = (
        [x for x in info.read_text("utf-8").splitlines() if "model name" in x]
        if info.exists()
        else []
    )
    cpu = names[0].split(":", 1)[1].strip() if names else platform.processor()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}, load {load:.1f} at start"
    )


def median_seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Median wall seconds of `work` over `runs`."""
    return statistics.median(times_ms(work, runs)) / 1000


def times_ms(work: Callable[[], object], runs: int) -> list[float]:
    """Wall milliseconds of each of `runs` calls."""
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of `values` lie, nearest rank."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def resident_mb(pid: int) -> float:
    """Peak resident memory of a process in MB (VmHWM)."""
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0
