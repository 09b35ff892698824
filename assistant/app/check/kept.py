"""The newest check of each session, kept in memory so that a refresh loses nothing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from assistant.app.check.view import CheckView
from assistant.check import Checked
from assistant.verify.files import Verified

__all__ = ["Kept", "Results"]

_SESSIONS = 50  # kept; the longest unused go first. A result is some hundred kilobytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A check that has ended, what its list is written from, and whose words it may quote.

    `checked` is None for one that failed; `drawn_on` are ids of the library's reports.
    """

    view: CheckView
    checked: Checked | None = None
    verified: Verified | None = None
    drawn_on: frozenset[str] = frozenset()


@dataclass
class Results:
    """What the sessions checked last; nobody else's to see."""

    _kept: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, session: str, kept: Kept) -> None:
        """Keep `kept` in place of what `session` checked before; nothing without a session."""
        if not session:
            return
        with self._lock:
            self._kept[session] = kept
            self._kept.move_to_end(session)
            while len(self._kept) > _SESSIONS:
                self._kept.popitem(last=False)

    def get(self, session: str) -> Kept | None:
        """What `session` checked last."""
        with self._lock:
            return self._kept.get(session)

    def drop(self, session: str) -> None:
        """Forget what `session` checked."""
        with self._lock:
            self._kept.pop(session, None)
