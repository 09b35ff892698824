"""What the page's controls do, without a word of Gradio: plain values in, HTML and choices out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from assistant.answer.types import Answer, Done, Sources, Token, Turn, Waiting
from assistant.app import cards, examples, shelf, words
from assistant.app.asking import Asking, Tick
from assistant.app.downloads import Downloads
from assistant.app.history import Exchange, Histories, HistoryError
from assistant.app.intake import Intake, Snapshot
from assistant.build import Services
from assistant.errors import AssistantError
from assistant.library import delete_report, resolve_scope
from vectorstore.errors import VectorstoreError
from vectorstore.types import Hit, Report

__all__ = ["MAX_QUESTION", "Choices", "Desk", "View"]

_LOGGER = logging.getLogger(__name__)
MAX_QUESTION = 500  # characters
_REMEMBERED = 6  # earlier exchanges a follow-up may refer to


@dataclass(frozen=True, slots=True)
class View:
    """The conversation as shown: finished exchanges, and the one on its way."""

    past: str
    live: str = ""
    busy: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be picked or tried with the reports there are."""

    orgs: tuple[str, ...]
    years: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass
class Desk:
    """The page's functions over one set of services; a session is its cookie's id."""

    services: Services
    histories: Histories
    intake: Intake
    downloads: Downloads = field(default_factory=Downloads)
    _asking: dict[str, Asking] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # -- questions

    def conversation(self, session: str) -> View:
        """What `session` asked so far."""
        exchanges = self.histories.read(session)
        return View(self._exchanges(exchanges)) if exchanges else self._welcome()

    def ask(
        self, session: str, tab: str, question: str, orgs: Sequence[str], years: Sequence[str]
    ) -> Iterator[View]:
        """Answer `question` step by step; the last view holds the finished exchange.

        `tab` tells the pages of one session apart, for `stop`.
        """
        question = question.strip()[:MAX_QUESTION]
        earlier = self.histories.read(session)
        past = self._exchanges(earlier)
        if not question:
            yield self.conversation(session)
            return
        yield View(past, cards.waiting_html(question, "正在检索报告…"), busy=True)
        try:
            scope = resolve_scope(self.services.store, orgs, words.years(years))
            history = [Turn(e.question, e.answer.text) for e in earlier if not e.stopped]
            events = self.services.answerer().stream(question, history[-_REMEMBERED:], scope)
            yield from self._follow(session, tab, question, past, Asking(events))
        except (AssistantError, VectorstoreError) as error:
            yield View(past + cards.error_html(question, str(error), words.on_page(error.hint)))
        except Exception:
            _LOGGER.exception("a question could not be answered")
            told = cards.error_html(
                question, "回答时出现意外错误。", "请重试；仍不行时查看服务日志。"
            )
            yield View(past + told)

    def _follow(
        self, session: str, tab: str, question: str, past: str, asking: Asking
    ) -> Iterator[View]:
        run = _Run(question)
        with self._lock:
            self._asking[tab] = asking
        try:
            for event in asking.watch():
                if run.take(event):
                    yield View(past, run.html(), busy=True)
        except GeneratorExit:  # the tab was closed
            self._keep(session, run.exchange())
            raise
        finally:
            asking.stop()
            with self._lock:
                self._asking.pop(tab, None)
        exchange = self._keep(session, run.exchange())
        yield View(past + cards.exchange_html(exchange, self._load))

    def _keep(self, session: str, exchange: Exchange) -> Exchange:
        """Save `exchange`; what to show, which says so when saving failed."""
        try:
            self.histories.append(session, exchange)
        except HistoryError as error:
            answer = exchange.answer
            told = replace(answer, notes=(*answer.notes, f"{error}{error.hint}"))
            return replace(exchange, answer=told)
        return exchange

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

    def clear(self, session: str) -> View:
        """Forget the conversation of `session`."""
        self.histories.clear(session)
        return self._welcome()

    def _welcome(self) -> View:
        return View(shelf.welcome_html(self.services.store.reports()), empty=True)

    def _exchanges(self, exchanges: Sequence[Exchange]) -> str:
        loaded: dict[str, Report] = {}

        def load(report_id: str) -> Report:
            if report_id not in loaded:
                loaded[report_id] = self._load(report_id)
            return loaded[report_id]

        return "".join(cards.exchange_html(e, load) for e in exchanges)

    def _load(self, report_id: str) -> Report:
        return self.services.store.report(report_id)

    # -- library

    def choices(self) -> Choices:
        """Organisations, years and examples of the library as it is."""
        rows = self.services.store.reports()
        orgs = tuple(sorted({row.org for row in rows if row.org}))
        years = sorted({row.year for row in rows if row.year}, reverse=True)
        return Choices(
            orgs, tuple(f"{year}年" for year in years), examples.from_library(self.services.store)
        )

    def headline(self) -> str:
        """What the library holds and which engine answers."""
        settings = self.services.settings
        engine = f"大模型 {settings.llm_model}" if settings.has_llm else "摘引原文作答，不用大模型"
        return shelf.headline_html(self.services.store.reports(), engine)

    def reports(self) -> str:
        """The table of reports."""
        return shelf.reports_html(self.services.store.reports())

    def upload(self, files: Sequence[str]) -> None:
        """Hand uploaded files to the intake."""
        self.intake.submit([Path(file) for file in files])

    def progress(self) -> tuple[str, Snapshot]:
        """How far the intake is, as HTML and as numbers."""
        snapshot = self.intake.snapshot()
        return shelf.intake_html(snapshot), snapshot

    def about_to_delete(self, report_id: str) -> str:
        """What the user is asked before a report goes, or "" when there is none."""
        for row in self.services.store.reports():
            if row.id == report_id:
                return shelf.confirm_html(row)
        return ""

    def delete(self, report_id: str) -> str:
        """Delete a report and withdraw the answers that quote it; what to tell the user."""
        try:
            row = delete_report(self.services, report_id)
        except (AssistantError, VectorstoreError) as error:
            return shelf.notice_html(f"未能删除：{error}{error.hint}", failed=True)
        self.histories.follow(self.services.store)
        self.intake.removed()
        return shelf.notice_html(f"已删除 {row.org}{f'{row.year}年' if row.year else ''}的报告。")


@dataclass
class _Run:
    """What has come of one question so far."""

    question: str
    asked_at: str = field(
        default_factory=lambda: datetime.now().astimezone().isoformat(timespec="seconds")
    )
    doing: str = "正在检索报告…"
    partial: str = ""
    hits: tuple[Hit, ...] = ()
    answer: Answer | None = None

    def take(self, event: object) -> bool:
        """Note an event; whether there is something new to show."""
        match event:
            case Tick():
                return False
            case Sources():
                self.hits = event.hits
                reports = len({hit.chunk.report_id for hit in event.hits})
                self.doing = (
                    f"已找到 {len(event.hits)} 段相关内容，来自 {reports} 份报告，正在作答…"
                )
            case Token():
                self.partial += event.text
            case Waiting():
                self.doing = f"{event.reason}（{event.seconds:.0f} 秒）"
            case Done():
                self.answer = event.answer
                return False
        return True

    def html(self) -> str:
        return cards.waiting_html(self.question, self.doing, self.partial)

    def exchange(self) -> Exchange:
        """The exchange to keep; without a `Done` it was stopped."""
        answer = self.answer or Answer(self.partial or "（尚未开始作答）", incomplete=True)
        ids = {citation.report_id for citation in answer.citations}
        if answer.refused or self.answer is None:  # the nearest passages, an unfinished text
            ids |= {hit.chunk.report_id for hit in self.hits}
        return Exchange(
            id=uuid4().hex[:12],
            asked_at=self.asked_at,
            question=self.question,
            answer=answer,
            drawn_on=tuple(sorted(ids)),
            stopped=self.answer is None,
        )
