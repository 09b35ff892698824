"""How far a run is and how long it will take, on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO, TypeVar

__all__ = ["Tell", "silent", "told", "watched"]

T = TypeVar("T")
Tell = Callable[[str], None]
"""Told one line on how far the run is."""
_EVERY = 10.0  # seconds between two lines


def silent(_: str) -> None:
    """Tell nobody."""


def told(stream: TextIO | None = None) -> Tell:
    """Lines to `stream`, stderr by default: one that overwrites itself on a terminal."""
    out = stream or sys.stderr
    end = "\r" if out.isatty() else "\n"

    def tell(line: str) -> None:
        out.write(f"{line}\033[K{end}" if end == "\r" else f"{line}{end}")
        out.flush()

    return tell


def watched(
    title: str,
    items: Sequence[T],
    tell: Tell,
    *,
    done: Callable[[T], bool] = lambda _: False,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[T]:
    """Every item, with a line at most every ten seconds and one at the end of a long run.

    Those already `done` take no time; the time left is that of the others, at the mean so far.
    """
    left = sum(not done(item) for item in items)
    started = last = clock()
    worked = 0
    for n, item in enumerate(items):
        if worked and clock() - last >= _EVERY:
            last = clock()
            mean = (last - started) / worked
            rest = _span(mean * (left - worked))
            tell(f"{title} {n}/{len(items)}，每个 {mean:.1f} 秒，还要约 {rest}")
        fresh = not done(item)
        yield item
        worked += fresh
    if last != started:
        tell(f"{title} {len(items)}/{len(items)}，用时 {_span(clock() - started)}")


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{seconds:.0f} 秒"
    return f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时 {minutes % 60} 分钟"
