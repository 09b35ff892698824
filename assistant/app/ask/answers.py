"""What the engine says to a question of the page, and how many may be under way.

The engine without a model says the same to the same question as long as the library stays as it is,
and many ask the same, the page's own examples first of all: those answers are kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import datetime

from assistant.answer.types import Answer, Done, Event, Sources, Token, Turn
from assistant.build import Services
from assistant.conversations import Exchange, Focus
from vectorstore.types import Scope

__all__ = ["Answers"]

_AT_ONCE = 8  # questions under way that are computed here, see `answer.extractive`
_AT_ONCE_ELSEWHERE = 32  # those that wait for a model
_MOST = 64  # answers kept, up to 100 KB each; the longest unused go first
_Key = tuple[Focus, Scope]


class Answers:
    """The engine of `services`; safe to share between threads.

    Kept is what comes from the reports' figures and parts alone. A search may find less while a
    model for vectors cannot be reached, so it is made anew.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._computed = services.settings.default_engine == "extractive"
        self._lock = threading.Lock()
        self._of: tuple[int, int] | None = None  # the state of the library and the year they are of
        self._kept: OrderedDict[_Key, Answer] = OrderedDict()

    @property
    def at_once(self) -> int:
        """How many questions may be under way; the others wait their turn."""
        return _AT_ONCE if self._computed else _AT_ONCE_ELSEWHERE

    def stream(self, started: Exchange, turns: Sequence[Turn]) -> Iterator[Event]:
        """Answer `started`, whose focus is known, after `turns`. See `Answerer.stream`."""
        answerer = self._services.answerer()
        events = answerer.stream(started.question, turns, started.picked)
        return self._remembered(started, events) if self._computed else events

    def _remembered(self, started: Exchange, events: Iterator[Event]) -> Iterator[Event]:
        """`events`, or what came of them the last time this was asked."""
        now = self._services.store.generation(), datetime.now().astimezone().year
        key = started.focus, started.picked
        if answer := self._find(now, key):
            yield Token(answer.text)
            yield Done(answer)
            return
        searched = False
        for event in events:
            searched = searched or isinstance(event, Sources)
            if isinstance(event, Done) and not searched:
                self._keep(now, key, event.answer)
            yield event

    def _find(self, now: tuple[int, int], key: _Key) -> Answer | None:
        with self._lock:
            if now != self._of:
                self._of = now
                self._kept.clear()
            answer = self._kept.get(key)
            if answer:
                self._kept.move_to_end(key)
            return answer

    def _keep(self, then: tuple[int, int], key: _Key, answer: Answer) -> None:
        with self._lock:
            if then != self._of:  # begun before the library changed
                return
            self._kept[key] = answer
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
