"""What each session is drafting, kept in memory: bounded, expiring, nobody else's to see."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.app.draft.sheet import Sheet
from assistant.app.living import holds
from assistant.check import Finding
from assistant.draft.answers import DROPPED, Blank
from assistant.draft.preview import Passage
from assistant.draft.proof import Proof
from assistant.draft.types import Draft, Reply, Step
from assistant.gongwen import unfinished
from assistant.gongwen.tidy import printable
from assistant.ledger import FillIn, earlier_report
from assistant.settings import Engine
from assistant.verify import Checked
from vectorstore.errors import PlainError
from vectorstore.store import Store

__all__ = ["Case", "Desktop", "Desktops", "Order", "Phase", "Queue", "Result", "Target", "stands"]

_SESSIONS = 200  # kept; the longest unused go first
_CASES = 4  # a session
_DRAFTS = 120  # of all sessions; a report of some hundred figures takes about a megabyte
_CLEARED = ("起草的人较多，闲置最久的草稿已清除。", "请重新选择单位后起草。")
_LONGEST_WORDS = 300  # characters of an answer to a blank
_ID = 16  # characters of a report's id
_SECONDS = 12 * 3600  # unused, after which a session's drafts are forgotten


@dataclass(frozen=True, slots=True)
class Target:
    """What is drafted: `kind` report or plan."""

    kind: str
    org: str
    year: int


class Phase(StrEnum):
    """How far a draft is."""

    IDLE = "idle"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Result:
    """A finished draft as shown: proved, checked, cut into passages.

    `blanks` are its open points in order, `said` those the writer has answered in words.
    """

    made: Draft
    proof: Proof
    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...]
    blanks: tuple[Blank, ...]
    said: tuple[Blank, ...]

    @property
    def elsewhere(self) -> int:
        """Blanks in headings and titles, which only the finished document can be rid of."""
        return len(unfinished(self.made.document)) - len(self.blanks)

    @property
    def unbound(self) -> tuple[Checked, ...]:
        """Figures without a source that fits."""
        return tuple(c for c in self.proof.checked if not c.good)

    @property
    def drawn_on(self) -> frozenset[str]:
        """Ids of the reports whose words it may hold; an id is the start of the text's SHA-256."""
        sources = (source for source in self.made.sources if source.kind in ("report", "peer"))
        return frozenset(source.sha256[:_ID] for source in sources)


@dataclass(frozen=True, slots=True)
class Order:
    """Where on which page something was typed, and which of that page's typings it was."""

    place: tuple[str, str, str]
    serial: int


@dataclass
class Case:
    """One draft of one session. `changes` grows with everything there is to show.

    `notes` are those it was written from, `jotted` those that stand in their box now.
    """

    target: Target
    sheet: Sheet
    read: FillIn
    engine: Engine
    notes: str = ""
    jotted: str = ""
    peers: bool = False
    words: dict[str, str] = field(default_factory=dict)
    phase: Phase = Phase.IDLE
    step: Step | None = None
    result: Result | None = None
    replies: Mapping[str, Reply] = field(default_factory=dict)
    problem: tuple[str, str] | None = None
    changes: int = 0
    heard: dict[tuple[str, str, str], int] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def busy(self) -> bool:
        """Whether it waits or is being written."""
        return self.phase in (Phase.WAITING, Phase.RUNNING)

    def answer(self, act: str, blank: str, text: str) -> bool:
        """Words for a blank; whether there is such a blank."""
        if act == "undo":
            return self.words.pop(blank, None) is not None
        said = printable(" ".join(text.split())).strip()[:_LONGEST_WORDS]
        known = {b.id for b in self.result.blanks} if self.result else set()
        if blank not in known or (act == "say" and not said):
            return False
        self.words[blank] = DROPPED if act == "leave" else said
        return True

    def overtaken(self, order: Order) -> bool:
        """Whether something typed there later was heard before; else this is the latest."""
        latest = self.heard.get(order.place, 0)
        self.heard[order.place] = max(latest, order.serial)
        return order.serial < latest

    def end(self) -> None:
        """Stop waiting for a turn or being written; what there was before stays."""
        with self.lock:
            if self.busy:
                self.stop.set()
                self.phase = Phase.STOPPED
                self.changes += 1


def stands(store: Store, case: Case) -> bool:
    """Whether `store` has what `case` was made from, and nothing newer to make it from."""
    try:
        base = earlier_report(store, case.target.org, case.target.year)
    except PlainError:
        return False
    drawn_on = case.result.drawn_on if case.result else frozenset()
    return base.id == case.sheet.template.base.id and holds(store, drawn_on)


@dataclass
class Desktop:
    """The drafts of one session; `current` is the one shown."""

    cases: OrderedDict[Target, Case] = field(default_factory=OrderedDict)
    current: Case | None = None
    problem: tuple[str, str] | None = None
    used: float = field(default_factory=time.monotonic)

    def drop(self, case: Case) -> None:
        """Forget `case`; what is being written of it ends."""
        case.stop.set()
        if self.cases.get(case.target) is case:
            del self.cases[case.target]
        if self.current is case:
            self.current = None


class Desktops:
    """The desktops of all sessions."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Desktop] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, session: str) -> Desktop:
        """The desktop of `session`, an empty one for a new or forgotten session."""
        with self._lock:
            now = time.monotonic()
            desktop = self._known.setdefault(session, Desktop())
            desktop.used = now
            self._known.move_to_end(session)
            oldest = next(iter(self._known.values()))
            while len(self._known) > _SESSIONS or now - oldest.used > _SECONDS:
                _, gone = self._known.popitem(last=False)
                for case in gone.cases.values():
                    case.stop.set()
                oldest = next(iter(self._known.values()))
            return desktop

    def show(self, desktop: Desktop, case: Case) -> None:
        """Make `case` the current one; the longest unused go when there are too many."""
        with self._lock:
            desktop.problem = None
            desktop.current = desktop.cases[case.target] = case
            desktop.cases.move_to_end(case.target)
            while len(desktop.cases) > _CASES:
                desktop.drop(next(iter(desktop.cases.values())))
            self._make_room()

    def drop(self, desktop: Desktop, case: Case) -> None:
        """Forget `case`; what is being written of it ends."""
        with self._lock:
            desktop.drop(case)

    def _make_room(self) -> None:
        """Forget drafts of the longest unused sessions; those being written stay."""
        every = [(owner, case) for owner in self._known.values() for case in owner.cases.values()]
        idle = [(owner, case) for owner, case in every if not case.busy]
        for owner, case in idle[: max(len(every) - _DRAFTS, 0)]:
            if owner.current is case:
                owner.problem = _CLEARED
            owner.drop(case)

    def cases(self) -> list[Case]:
        """Every draft of every session."""
        with self._lock:
            return [case for desktop in self._known.values() for case in desktop.cases.values()]


class Queue:
    """Lets `at_once` drafts be written at a time, and `waiting` more wait their turn."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)

    def join(self) -> bool:
        """Take a place; whether there was one."""
        return self._places.acquire(blocking=False)

    def turn(self, seconds: float) -> bool:
        """Wait for a turn; whether it came."""
        return self._turns.acquire(timeout=seconds)

    def leave(self, *, had_turn: bool) -> None:
        """Make room for the next."""
        if had_turn:
            self._turns.release()
        self._places.release()
