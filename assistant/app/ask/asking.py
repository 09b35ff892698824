"""One question being answered: the engine runs in a thread of its own and can be stopped.

A stop takes effect at once on the page, and at the engine's next event upstream.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from assistant.answer.types import Event

__all__ = ["Asking", "Tick"]


class Tick:
    """Nothing came in the last moment."""


class Asking:
    """Drains `events` in the background; iterate `watch()` for what came."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._came: queue.Queue[Event | BaseException | None] = queue.Queue()
        self._stopped = threading.Event()
        threading.Thread(target=self._drain, name="fazhi-asking", daemon=True).start()

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """End the work; `watch` ends at once, the engine at its next event."""
        self._stopped.set()
        self._came.put(None)

    def watch(self, wait: float = 0.5) -> Iterator[Event | Tick]:
        """Events as they come, a `Tick` after each `wait` seconds without one.

        Raises what the engine raised. Ends after the last event or a stop.
        """
        while not self.stopped:
            try:
                came = self._came.get(timeout=wait)
            except queue.Empty:
                yield Tick()
                continue
            if came is None:
                return
            if isinstance(came, BaseException):
                raise came
            yield came

    def _drain(self) -> None:
        try:
            for event in self._events:
                self._came.put(event)
                if self.stopped:
                    break
        except Exception as error:  # noqa: BLE001 - raised again where the events are read
            self._came.put(error)
        finally:
            close = getattr(self._events, "close", None)
            if close is not None:
                close()
            self._came.put(None)
