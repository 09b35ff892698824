"""The tab 起草 without Gradio: a sheet and notes in, a draft that follows what is filled in out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from assistant.app import words
from assistant.app.downloads import Downloads
from assistant.app.draft.sheet import Sheet
from assistant.app.draft.work import Case, Desktop, Desktops, Order, Phase, Queue, Target, stands
from assistant.app.draft.writing import StoppedError, Writing
from assistant.build import Services
from assistant.draft.notes import notes_text
from assistant.errors import AssistantError
from assistant.ledger import NoEarlierReportError, entries, make_template, one_org
from assistant.settings import Engine, check_engine
from vectorstore.errors import PlainError

__all__ = ["KINDS", "DraftDesk", "Setup"]

_LOGGER = logging.getLogger(__name__)
KINDS = {"report": "年度报告", "plan": "下一年度工作安排"}
MAX_NOTES = 30_000  # characters
_SOON = 1.0  # seconds
_WAIT = 0.3  # seconds between two looks at whether a waiting draft was stopped
_BUSY = ("正在起草的人较多。", "请稍候几分钟再点“生成”。")
_GONE = ("这份草稿已不在了。", "请返回原页面重新生成。")
_COOKIES = ("浏览器没有保存会话编号，不能起草。", "请允许本页使用 Cookie 后刷新。")


@dataclass(frozen=True, slots=True)
class Setup:
    """What the controls offer and show."""

    orgs: tuple[str, ...]
    years: tuple[str, ...] = ()
    target: Target | None = None
    notes: str = ""
    peers: bool = False
    engine: Engine = "extractive"


@dataclass
class DraftDesk:
    """Drafts over one set of services; a session is its cookie's id."""

    services: Services
    downloads: Downloads
    desktops: Desktops = field(default_factory=Desktops)

    def __post_init__(self) -> None:
        rules, models = Queue(2, 30), Queue(2, 10)
        self._queues = {name: rules if name == "extractive" else models for name in ENGINES}
        self._writing = Writing(self.services)

    # -- what is drafted

    def engines(self) -> list[tuple[str, Engine]]:
        """The engines there are, the one the settings imply first, each in words."""
        settings = self.services.settings
        found: list[tuple[str, Engine]] = []
        for name in ENGINES:
            try:
                check_engine(name, settings)
            except AssistantError:
                continue
            found.append((self._engine_words(name), name))
        return sorted(found, key=lambda one: one[1] != settings.default_engine)

    def _engine_words(self, name: Engine) -> str:
        settings = self.services.settings
        if name == "extractive":
            return "按规则起草（不用大模型，内容不外发）"
        if name == "local":
            return "本机大模型润色（较慢，内容不外发）"
        host = urlsplit(settings.llm_base_url).hostname or settings.llm_base_url
        return f"大模型 {settings.llm_model} 润色（文字发送到 {host}，数字不发送）"

    def setup(self, session: str) -> Setup:
        """What the controls show for `session`."""
        newest = self._newest()
        desktop = self._desktop(session)
        case = desktop.current
        if case is None and len(newest) == 1:
            (org,) = newest
            case = self._open(desktop, Target("report", org, newest[org] + 1))
        orgs = tuple(sorted(newest, key=words.by_name))
        if case is None:
            return Setup(orgs, engine=self.engines()[0][1])
        after = newest.get(case.target.org, case.target.year - 1) + 1
        years = tuple(f"{year}年" for year in (after, after + 1, after - 1))
        return Setup(orgs, years, case.target, case.jotted, case.peers, case.engine)

    def choose(self, session: str, org: str, year: str, kind: str) -> None:
        """Turn to the draft of `org` and `year`; without a year the one after its newest report."""
        desktop = self._desktop(session)
        if not org.strip() or kind not in KINDS:
            return
        try:
            name = one_org(self.services.store, org)
            typed = words.years([year])
            before = desktop.current.target.org if desktop.current else ""
            default = self._newest().get(name, 0) + 1
            chosen = typed[0] if typed and (name == before or not before) else default
            target = Target(kind, name, chosen)
            if desktop.current is None or desktop.current.target != target:
                self._open(desktop, target)
        except PlainError as error:
            desktop.problem = (str(error), words.on_page(error.hint))

    def _open(self, desktop: Desktop, target: Target) -> Case | None:
        case = desktop.cases.get(target)
        if case is None:
            try:
                template = make_template(self.services.store, target.org, target.year)
            except NoEarlierReportError as error:
                desktop.problem = (str(error), words.on_page(error.hint))
                return None
            sheet = Sheet(template)
            read = sheet.read(self.services.lexicon)
            case = Case(target, sheet, read, self.engines()[0][1])
        self.desktops.show(desktop, case)
        return case

    def _newest(self) -> dict[str, int]:
        """The year of the newest report of each organisation that has one with a year."""
        found: dict[str, int] = {}
        for row in self.services.store.reports():
            if row.org and row.year:
                found[row.org] = max(row.year, found.get(row.org, 0))
        return found

    def desktop(self, session: str) -> Desktop:
        """The drafts of `session`, those of reports deleted or replaced since left out."""
        desktop = self._desktop(session)
        case = desktop.current
        if case is not None and not stands(self.services.store, case):
            self._forget(desktop, case)
        return desktop

    def case(self, session: str, target: Target) -> Case:
        """The draft of `target`. Raises AssistantError when it, or a report it is from, is gone."""
        case = self._desktop(session).cases.get(target)
        if case is None or not stands(self.services.store, case):
            raise AssistantError(*_GONE)
        return case

    def _forget(self, desktop: Desktop, case: Case) -> None:
        """What was made from a report that is gone goes with it; what was typed stays."""
        self.desktops.drop(desktop, case)
        again = self._open(desktop, case.target)
        if again is not None:
            again.sheet = again.sheet.loaded([row.entry for row in case.sheet.rows()])
            again.notes, again.jotted = case.notes, case.jotted
            self._read(again)
            desktop.problem = ("起草所用的报告已更新或删除，请重新生成。", "填写的数字已保留。")

    def _desktop(self, session: str) -> Desktop:
        if not session:
            return Desktop(problem=_COOKIES)
        return self.desktops.of(session)

    # -- what is filled in

    def act(
        self, session: str, act: str, row: str, name: str, text: str, *, order: Order | None = None
    ) -> None:
        """One change on the page: a box of the grid, a row, or an answer to a blank."""
        case = self._desktop(session).current
        if case is None:
            return
        with case.lock:
            if order and act not in ("add", "drop") and case.overtaken(order):
                return
            if act == "edit":
                case.sheet = case.sheet.edited(row, name, text)
            elif act == "add":
                case.sheet = case.sheet.with_row()
            elif act == "drop":
                case.sheet = case.sheet.without_row(row)
            elif act in ("say", "leave", "undo") and not case.answer(act, row, text):
                return
            self._read(case)
            if act != "add" and not case.busy:
                self._refresh(case)

    def jot(self, session: str, notes: str) -> None:
        """Remember what stands in the box for notes; the draft takes it when written anew."""
        case = self._desktop(session).current
        if case is not None:
            case.jotted = notes[:MAX_NOTES]

    def load_sheet(self, session: str, path: str) -> None:
        """Take the rows of a filled sheet in place of what was typed."""
        case = self._desktop(session).current
        if case is None:
            return
        with case.lock:
            case.problem = None
            try:
                case.sheet = case.sheet.loaded(entries(Path(path), case.target.year))
            except PlainError as error:
                case.problem = (str(error), words.on_page(error.hint))
            self._read(case)
            if not case.busy:
                self._refresh(case)

    def load_notes(self, session: str, path: str) -> str | None:
        """The text of a file of notes; None where it cannot be read, which is told."""
        case = self._desktop(session).current
        if case is None:
            return None
        case.problem = None
        try:
            case.jotted = notes_text(Path(path))[:MAX_NOTES]
            return case.jotted
        except PlainError as error:
            case.problem = (f"《{Path(path).name}》读不了：{error}", words.on_page(error.hint))
            case.changes += 1
            return None

    def _read(self, case: Case) -> None:
        case.read = case.sheet.read(self.services.lexicon)
        case.changes += 1

    # -- writing

    def start(self, session: str, notes: str, peers: bool, engine: str) -> None:
        """Write the draft anew in a thread of its own."""
        desktop = self.desktop(session)
        case = desktop.current
        if case is None:
            desktop.problem = desktop.problem or ("还没有选择单位。", "请先选择单位和年度。")
            return
        with case.lock:
            if case.busy:
                return
            offered = [name for _, name in self.engines()]
            case.engine = next((name for name in offered if name == engine), offered[0])
            case.notes, case.peers = notes.strip()[:MAX_NOTES], peers
            case.jotted = case.notes
            case.problem, case.changes = None, case.changes + 1
            if not self._queues[case.engine].join():
                case.problem = _BUSY
                return
            case.phase, case.step = Phase.WAITING, None
            case.stop = threading.Event()
            thread = threading.Thread(
                target=self._write, args=(case, case.stop, session), name="fazhi-draft", daemon=True
            )
            thread.start()
        if case.engine == "extractive":
            thread.join(_SOON)  # most are done by then, and the page need not ask again

    def stop(self, session: str) -> None:
        """End what is being written; what there was before stays."""
        case = self._desktop(session).current
        if case is not None:
            case.end()

    def close(self) -> None:
        """End everything being written."""
        for case in self.desktops.cases():
            case.end()

    def _write(self, case: Case, stop: threading.Event, session: str) -> None:
        queue = self._queues[case.engine]
        had_turn = False
        try:
            while not stop.is_set() and not had_turn:
                had_turn = queue.turn(_WAIT)
            if had_turn:
                self._now(case, stop, session)
        finally:
            queue.leave(had_turn=had_turn)

    def _now(self, case: Case, stop: threading.Event, session: str) -> None:
        with case.lock:
            if stop.is_set():
                return
            case.phase = Phase.RUNNING
            case.changes += 1
            taken, sound = case.sheet, case.sheet.sound(case.read)
            begun = time.monotonic()
        problem: tuple[str, str] | None = None
        result = None
        try:
            result = self._writing.anew(case, sound, stop)
        except StoppedError:
            return
        except PlainError as error:
            problem = (str(error), words.on_page(error.hint))
        except Exception:
            _LOGGER.exception("a draft could not be written")
            problem = ("起草时出现意外错误。", "请重试；仍不行时查看服务日志。")
        with case.lock:
            if stop.is_set():
                return
            case.problem = problem
            if result is not None:
                case.result, case.replies = result, result.made.replies
                self._writing.record(session, result, time.monotonic() - begun)
                if case.sheet is not taken or case.words:
                    self._refresh(case)
            # last, for the page asks no more once the draft is done
            case.phase = Phase.DONE if case.result else Phase.IDLE
            case.step = None
            case.changes += 1

    def _refresh(self, case: Case) -> None:
        """Bring the draft up to what is filled in, by the rules alone; `case.lock` is held."""
        if case.result is None:
            return
        try:
            case.result = self._writing.again(case, case.sheet.sound(case.read))
            case.problem = None
        except PlainError as error:
            case.problem = (str(error), words.on_page(error.hint))
        except Exception:
            _LOGGER.exception("a draft could not be brought up to date")
            case.problem = ("更新草稿时出现意外错误。", "请重新生成；仍不行时查看服务日志。")
        case.changes += 1

    def save(self, session: str, target: Target, path: Path, *, clean: bool) -> None:
        """Write the draft of `target` as it now is to `path`, its evidence beside it."""
        result = self.case(session, target).result
        if result is None:
            raise AssistantError(*_GONE)
        self._writing.save(session, result, path, clean=clean)


ENGINES: Sequence[Engine] = get_args(Engine)
