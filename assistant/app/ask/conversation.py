"""The tab 问答 without Gradio: questions in, the conversation as HTML out.

A session, which is a cookie's or a user's, holds conversations. Every answer, rating, export and
clearing goes into the audit log.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from uuid import uuid4

from assistant.answer.reading import reader
from assistant.answer.rewrite import ReadQuestion
from assistant.answer.types import Answer, Turn
from assistant.app import words
from assistant.app.ask import cards, examples, recall, transcript
from assistant.app.ask.answers import Answers
from assistant.app.ask.asking import Asking
from assistant.app.ask.focus import Kind, focus_of, widened
from assistant.app.ask.progress import Progress
from assistant.app.downloads import Downloads
from assistant.build import Services
from assistant.conversations import Exchange, Histories, HistoryError
from assistant.scoping import resolve_scope
from vectorstore.errors import PlainError
from vectorstore.types import Report

__all__ = ["MAX_QUESTION", "AskDesk", "Seat", "View"]

_LOGGER = logging.getLogger(__name__)
MAX_QUESTION = 500  # characters
_REMEMBERED = 6  # earlier exchanges a follow-up may refer to
_PATIENCE = 0.5  # seconds a question may take before the page shows that it is being answered
_REDRAW = 0.15  # seconds at least between two drawings of an answer on its way
_FORMATS = {"docx": "Word", "md": "Markdown"}


@dataclass(frozen=True, slots=True)
class Seat:
    """Who asks: `tab` tells the open pages of `session` apart, for `stop`."""

    session: str
    tab: str


@dataclass(frozen=True, slots=True)
class View:
    """The conversation `talk` as shown: finished exchanges, and the one on its way.

    `past` is None where the finished exchanges stay as they are: a ranking alone takes 70 KB.
    `busy`: an answer is on its way, which is in `live`.
    """

    talk: str
    past: str | None
    live: str = ""
    busy: bool = False


@dataclass
class AskDesk:
    """Asks, remembers and exports over one set of services; safe to share between sessions."""

    services: Services
    histories: Histories
    downloads: Downloads
    answers: Answers = field(init=False)
    _asking: dict[str, Asking] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.answers = Answers(self.services)

    # -- what is shown

    def conversation(self, session: str, talk: str | None = None) -> View:
        """Conversation `talk` of `session`; None for the newest."""
        exchanges = self.histories.read(session)
        if talk is None:
            talk = exchanges[-1].talk if exchanges else _new_id()
        shown = [e for e in exchanges if e.talk == talk]
        return View(talk, self._exchanges(shown)) if shown else self._welcome(talk)

    def begin(self) -> View:
        """A conversation without a question yet."""
        return self._welcome(_new_id())

    def talk_of(self, session: str, exchange_id: str) -> str | None:
        """The conversation that holds an exchange, None when it is gone."""
        exchange = self._find(session, exchange_id)
        return exchange.talk if exchange else None

    def earlier(self, session: str, talk: str, find: str = "") -> str:
        """The questions of `session`, or those that hold `find`, with exports of `talk`."""
        exchanges = self.histories.read(session)
        exports = []
        if any(e.talk == talk for e in exchanges):
            today = datetime.now().astimezone().date()
            name = f"问答记录{today.year}年{today.month}月{today.day}日"
            for suffix, shown in _FORMATS.items():
                make = partial(self._export, session, talk, suffix, today)
                key = f"talk {talk} {suffix}"
                address = self.downloads.offer(session, f"{name}.{suffix}", make, key)
                exports.append((shown, address))
        return recall.earlier_html(exchanges, find.strip(), exports)

    def _export(self, session: str, talk: str, suffix: str, day: date) -> bytes:
        exchanges = [e for e in self.histories.read(session) if e.talk == talk]
        if not exchanges:
            raise HistoryError("这次对话已清空。", "请回到原页面。")
        self.services.audit.record("export", session, file=f"{day:%Y-%m-%d}.{suffix}")
        return transcript.WRITERS[suffix](exchanges, day)

    def examples(self) -> tuple[str, ...]:
        """Questions to begin with."""
        return examples.from_library(self.services.store)

    # -- questions

    def ask(
        self, seat: Seat, talk: str, question: str, orgs: Sequence[str], years: Sequence[str]
    ) -> Iterator[View]:
        """Answer `question` step by step; the last view holds the finished exchange.

        `talk` is "" on a page whose state was forgotten: it begins a conversation.
        """
        talk = talk or _new_id()
        question = question.strip()[:MAX_QUESTION]
        if not question:
            yield self.conversation(seat.session, talk)
            return
        earlier = self._before(seat.session, talk)
        try:
            scope = resolve_scope(self.services.store, orgs, words.years(years))
        except PlainError as error:
            told = cards.error_html(question, str(error), words.on_page(error.hint))
            yield View(talk, self._exchanges(earlier) + told)
            return
        started = Exchange(_new_id(), _now(), question, Answer(""), talk=talk, picked=scope)
        yield from self._answer(seat, started, earlier, None if earlier else "")

    def again(self, seat: Seat, exchange_id: str) -> Iterator[View]:
        """Ask a question once more within the same scope; the new answer takes the old one's place.

        When it fails, the old answer stays.
        """
        exchange = self._find(seat.session, exchange_id)
        if exchange is None:
            yield self.conversation(seat.session)
            return
        earlier = self._before(seat.session, exchange.talk, exchange_id)
        started = replace(exchange, asked_at=_now(), rating="")
        shown = self._exchanges(earlier, asking=True)  # the old answer goes at once
        yield View(exchange.talk, shown, Progress(started).html(), busy=True)
        yield from self._answer(seat, started, earlier, None)

    def widen(self, seat: Seat, exchange_id: str, kind: Kind, value: str) -> Iterator[View]:
        """Ask anew without the organisation or year `value`, as a question of its own."""
        exchange = self._find(seat.session, exchange_id)
        if exchange is None:
            yield self.conversation(seat.session)
            return
        question = widened(exchange.focus, kind, value, self._read())[:MAX_QUESTION]
        picked = exchange.picked
        scope = replace(picked, orgs=()) if kind == "org" else replace(picked, years=())
        talk = exchange.talk
        started = Exchange(_new_id(), _now(), question, Answer(""), talk=talk, picked=scope)
        yield from self._answer(seat, started, self._before(seat.session, talk), None)

    def _answer(
        self, seat: Seat, started: Exchange, earlier: Sequence[Exchange], past: str | None
    ) -> Iterator[View]:
        """Answer after the exchanges `earlier`, first shown as `past`."""
        try:
            turns = [Turn(e.question, e.answer.text) for e in earlier if not e.stopped]
            turns = turns[-_REMEMBERED:]
            focus = focus_of(started.question, turns, started.picked, self._read())
            run = Progress(replace(started, focus=focus))
            asking = Asking(self.answers.stream(run.started, turns))
            yield from self._follow(seat, run, asking, past)
        except PlainError as error:
            yield self._failed(seat.session, started, str(error), words.on_page(error.hint))
        except Exception:
            _LOGGER.exception("a question could not be answered")
            hint = "请重试；仍不行时查看服务日志。"
            yield self._failed(seat.session, started, "回答时出现意外错误。", hint)

    def _follow(
        self, seat: Seat, run: Progress, asking: Asking, past: str | None
    ) -> Iterator[View]:
        talk, begun = run.started.talk, time.monotonic()
        with self._lock:
            self._asking[seat.tab] = asking
        # Most answers are there at once: drawing what is seen for a moment costs a server of many
        # visitors more than composing some of them. So does each few words of a longer one.
        due = begun + _PATIENCE
        waiting = True
        try:
            for event in asking.watch(_PATIENCE):
                waiting = run.take(event) or waiting
                if waiting and time.monotonic() >= due:
                    yield View(talk, past, run.html(), busy=True)
                    past, waiting = None, False
                    due = time.monotonic() + _REDRAW
        except GeneratorExit:  # the tab was closed
            self._keep(seat.session, run.exchange(), time.monotonic() - begun)
            raise
        finally:
            asking.stop()
            with self._lock:
                self._asking.pop(seat.tab, None)
        exchanges = self._keep(seat.session, run.exchange(), time.monotonic() - begun)
        yield View(talk, self._exchanges([e for e in exchanges if e.talk == talk]))

    def _failed(self, session: str, started: Exchange, message: str, hint: str) -> View:
        exchanges = [e for e in self.histories.read(session) if e.talk == started.talk]
        told = cards.error_html(started.question, message, hint)
        return View(started.talk, self._exchanges(exchanges) + told)

    def _keep(self, session: str, exchange: Exchange, seconds: float) -> Sequence[Exchange]:
        """Save `exchange`; the session with it, where it says so when saving failed."""
        answer = exchange.answer
        self.services.audit.record(
            "ask",
            session,
            engine=answer.engine,
            prompts=answer.prompt_refs,
            reports=exchange.drawn_on,
            verdicts=[quantity.verdict for quantity in answer.quantities],
            seconds=seconds,
            question=exchange.question,
            orgs="、".join(exchange.focus.orgs),
            years="、".join(map(str, exchange.focus.years)),
            outcome="stopped" if exchange.stopped else "refused" if answer.refused else "answered",
            id=exchange.id,
        )
        try:
            return self.histories.append(session, exchange)
        except HistoryError as error:
            told = replace(answer, notes=(*answer.notes, f"{error}{words.on_page(error.hint)}"))
            others = [e for e in self.histories.read(session) if e.id != exchange.id]
            return [*others, replace(exchange, answer=told)]

    def stop(self, tab: str) -> None:
        """Stop the answer under way in `tab`, if any."""
        with self._lock:
            asking = self._asking.get(tab)
        if asking is not None:
            asking.stop()

    def close(self) -> None:
        """Stop every answer under way; each is kept and shown as far as it came."""
        with self._lock:
            under_way = list(self._asking.values())
        for asking in under_way:
            asking.stop()

    def is_answering(self, tab: str) -> bool:
        """Whether an answer is under way in `tab`."""
        with self._lock:
            return tab in self._asking

    # -- afterwards

    def rate(self, session: str, exchange_id: str, rating: str, comment: str = "") -> str:
        """Note what the user thinks of an answer; what to tell, "" when there is no such answer.

        `rating` is "up", "down" or "" (taken back).
        """
        exchange = self._find(session, exchange_id)
        if exchange is None or rating not in ("up", "down", ""):
            return ""
        try:
            self.histories.append(session, replace(exchange, rating=rating))
        except HistoryError as error:
            return f"{error}{words.on_page(error.hint)}"
        self.services.audit.record(
            "feedback",
            session,
            engine=exchange.answer.engine,
            prompts=exchange.answer.prompt_refs,
            reports=exchange.drawn_on,
            rating=rating or "none",
            comment=comment.strip(),
            question=exchange.question,
            id=exchange.id,
        )
        return (
            "意见已记录，谢谢。"
            if comment.strip()
            else "评价已记录。"
            if rating
            else "评价已取消。"
        )

    def clear(self, session: str) -> View:
        """Forget every conversation of `session`."""
        self.histories.clear(session)
        self.services.audit.record("clear", session)
        return self._welcome(_new_id())

    # -- inside

    def _read(self) -> ReadQuestion:
        return reader(self.services.store, datetime.now().astimezone().year)

    def _find(self, session: str, exchange_id: str) -> Exchange | None:
        return next((e for e in self.histories.read(session) if e.id == exchange_id), None)

    def _before(self, session: str, talk: str, exchange_id: str = "") -> list[Exchange]:
        """The exchanges of `talk` before the one named, or all."""
        shown = [e for e in self.histories.read(session) if e.talk == talk]
        ids = [e.id for e in shown]
        return shown[: ids.index(exchange_id)] if exchange_id in ids else shown

    def _welcome(self, talk: str) -> View:
        return View(talk, cards.welcome_html(self.services.store.reports()))

    def _exchanges(self, exchanges: Sequence[Exchange], *, asking: bool = False) -> str:
        loaded: dict[str, Report] = {}

        def load(report_id: str) -> Report:
            if report_id not in loaded:
                loaded[report_id] = self.services.store.report(report_id)
            return loaded[report_id]

        newest = exchanges[-1].id if exchanges and not asking else ""
        return "".join(cards.exchange_html(e, load, newest=e.id == newest) for e in exchanges)


def _new_id() -> str:
    return uuid4().hex[:12]


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
