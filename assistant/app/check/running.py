"""Checks under way, each in a thread of its own: a refresh of the page does not end one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from assistant.app.check.view import CheckView

__all__ = ["Running"]

_AT_ONCE = 2  # the others wait


class Running:
    """What each session's check has come to so far; one at a time a session."""

    def __init__(self) -> None:
        self._views: dict[str, CheckView] = {}
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def view(self, session: str) -> CheckView | None:
        """The newest view of the check of `session`; None when none is under way."""
        with self._lock:
            return self._views.get(session)

    def follow(
        self, session: str, first: CheckView, steps: Iterator[CheckView]
    ) -> Iterator[CheckView] | None:
        """Take `steps` to their end, seen or not, and tell each; None while another goes on.

        `first` is shown until the first step is there. Without a session nobody could come back,
        and the steps are taken as they are asked for.
        """
        if not session:
            return steps
        with self._lock:
            if session in self._views:
                return None
            self._views[session] = first
        told: queue.SimpleQueue[CheckView | None] = queue.SimpleQueue()
        work = threading.Thread(
            target=self._work, args=(session, steps, told), name="fazhi-check-file", daemon=True
        )
        work.start()
        return iter(told.get, None)

    def _work(
        self, session: str, steps: Iterator[CheckView], told: queue.SimpleQueue[CheckView | None]
    ) -> None:
        try:
            with self._turns:
                for view in steps:
                    with self._lock:
                        self._views[session] = view
                    told.put(view)
        finally:
            with self._lock:
                del self._views[session]
            told.put(None)
