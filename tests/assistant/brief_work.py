"""Briefs of the page on their way: waiting for them, and their processes held, seen and let go."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from assistant.app.brief.desk import BriefDesk, BriefView, Form

SECONDS = 120.0  # for a brief over a few reports on a machine shared with others


def everyone(desk: BriefDesk, year: str = "") -> tuple[str, ...]:
    return desk.roster(year).names


def until(come: Callable[[], bool], seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def until_done(desk: BriefDesk, session: str) -> BriefView:
    until(lambda: not desk.view(session).running)
    return desk.view(session)


def made(desk: BriefDesk, session: str, form: Form) -> BriefView:
    assert desk.start(session, form) == ""
    return until_done(desk, session)


def workers(pid: int | None = None) -> list[int]:
    """The processes below `pid` (this one) that make briefs."""
    found = []
    for listed in Path(f"/proc/{pid or os.getpid()}/task").glob("*/children"):
        for child in map(int, listed.read_text().split()):
            if b"brief.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return found


def held(count: int) -> list[int]:
    """So many processes that make briefs, each stopped where it is."""
    until(lambda: len(workers()) == count)
    for pid in workers():
        os.kill(pid, signal.SIGSTOP)
    return workers()


def let_go(pid: int) -> None:
    os.kill(pid, signal.SIGCONT)


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
