"""The findings of every report held, worked out by a background thread whenever reports change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assistant.check import Finding, Inspected, check_library
from vectorstore.store import Store

__all__ = ["Inspections", "Results"]

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Results:
    """Findings by report id, as far as they are known; `changes` grows with each run."""

    found: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    busy: bool = False
    changes: int = 0


class Inspections:
    """Checks the reports of `store`, which must stay open until `stop` returns."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._results = Results()
        self._known: dict[str, Inspected] = {}
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="fazhi-check", daemon=True)

    def start(self) -> None:
        """Check what is held."""
        self._thread.start()
        self.wake()

    def stop(self, seconds: float = 15.0) -> None:
        """End after the report in hand, waiting at most `seconds`."""
        self._stopping.set()
        self._due.set()
        self._thread.join(seconds)

    def wake(self) -> None:
        """Check again: reports came, went or were corrected."""
        with self._lock:
            self._results = replace(self._results, busy=True)
        self._due.set()

    def results(self) -> Results:
        """What is known now."""
        with self._lock:
            return self._results

    def _work(self) -> None:
        while True:
            self._due.wait()
            self._due.clear()
            if self._stopping.is_set():
                return
            try:
                self._check()
            except Exception:  # one odd report must not end the checking of all others for good
                _LOGGER.exception("the library could not be checked")
            with self._lock:
                busy = self._due.is_set()
                self._results = replace(self._results, busy=busy, changes=self._results.changes + 1)

    def _check(self) -> None:
        fresh: dict[str, Inspected] = {}
        for report_id, inspected in check_library(self._store, self._known):
            if self._stopping.is_set():
                return
            fresh[report_id] = inspected
        self._known = fresh
        found = {report_id: inspected.findings for report_id, inspected in fresh.items()}
        with self._lock:
            self._results = replace(self._results, found=found)
