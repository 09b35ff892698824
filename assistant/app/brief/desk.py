"""The tab 简报 without Gradio: what may be chosen, the plan, briefs on their way and done.

A brief is made in a process of its own and belongs to the session that asked for it; it lives in
memory only and goes when a report it tells of is deleted or replaced.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import Lock
from time import monotonic

from assistant.app import words
from assistant.app.brief import state as brief_state
from assistant.app.brief.job import Job
from assistant.app.brief.worker import Order
from assistant.app.downloads import Downloads
from assistant.app.living import holds
from assistant.app.notices import problem_html
from assistant.brief import BriefModel, NothingToTellError, Plan, Request, plan_brief, split_names
from assistant.brief.batch import select_batch
from assistant.build import Services, make_brief_model
from assistant.errors import AssistantError
from assistant.settings import Engine, check_engine
from vectorstore.errors import PlainError
from vectorstore.types import Report

__all__ = ["BriefDesk", "BriefView", "Form", "Roster"]

MOST = 2  # briefs made at a time: each keeps a processor busy
KEPT = 16  # finished briefs of all sessions, the newest; one over 300 bureaus takes some 9 MB
_TITLE = 80  # characters
_GRACE = 3.0  # seconds
_ENGINES: tuple[Engine, ...] = ("extractive", "openai", "local")


class BusyError(AssistantError):
    """No further brief can be begun now."""

    default_hint = "请等其中一份完成后再开始；问答等其他功能不受影响。"


class FormError(AssistantError):
    """What was chosen cannot be made into a brief."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is chosen on the page; `year` "" for the newest, `cap` in tokens, None for no limit.

    `orgs` of `roster`; `others` are names typed of bureaus that should have sent a report.
    """

    year: str = ""
    orgs: tuple[str, ...] = ()
    others: str = ""
    title: str = ""
    engine: str = "extractive"
    cap: float | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """The bureaus that can be chosen, as (shown, name), with the year they are told for."""

    year: int | None
    choices: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(name for _, name in self.choices)


@dataclass(frozen=True, slots=True)
class BriefView:
    """HTML of where a session's brief stands and of the brief itself; `serial` tells briefs apart.

    `page` is made only where `serial` differs from the one already shown.
    """

    state: str
    page: str = ""
    running: bool = False
    serial: str = ""


class BriefDesk:
    """Briefs over one set of services."""

    def __init__(self, services: Services, downloads: Downloads) -> None:
        self.services = services
        self.downloads = downloads
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = Lock()

    # -- before starting

    def years(self) -> list[tuple[str, str]]:
        """What can be picked as (shown, value); the first leaves the choice to the library."""
        rows = self.services.store.reports()
        years = sorted({row.year for row in rows if row.year}, reverse=True)
        newest = select_batch(self.services.store).year if rows else None
        first = f"最新年度（{newest}年）" if newest else "最新年度"
        return [(first, ""), *((f"{year}年", str(year)) for year in years)]

    def roster(self, year: str) -> Roster:
        """Every bureau of the library; those without a report of the year are marked."""
        try:
            batch = select_batch(self.services.store, (), _year(year))
        except NothingToTellError:
            return Roster(None, ())
        known = [b for b in batch.bureaus if b.report is None or b.report.org]
        known.sort(key=lambda b: (b.report is None, words.by_name(b.name)))
        shown = [(b.name if b.report else f"{b.name}（未报送）", b.name) for b in known]
        return Roster(batch.year, tuple(shown))

    def engines(self) -> list[tuple[str, str]]:
        """The engines that are set up, as (shown, name)."""
        found = []
        for engine in _ENGINES:
            try:
                check_engine(engine, self.services.settings)
            except PlainError:
                continue
            found.append((brief_state.engine_name(engine, self.services.settings), str(engine)))
        return found

    def engine(self) -> str:
        """The engine picked unless another is: as the settings say."""
        names = [name for _, name in self.engines()]
        default = self.services.settings.default_engine
        return default if default in names else names[0]

    def plan(self, form: Form) -> str:
        """HTML of what `form` will take; problems of the user's making are told in its place."""
        if not self.services.store.reports():
            return ""
        try:
            plan = self._planned(form)
            nameless = sum(
                row.is_annual and not row.org and row.year == plan.year
                for row in self.services.store.reports()
            )
            return brief_state.plan_html(plan, form.cap, nameless)
        except PlainError as error:
            return problem_html(str(error), words.on_page(error.hint))

    def _planned(self, form: Form) -> Plan:
        services = self.services
        request, model = self._request(form), self._model(form)
        return plan_brief(services.store, request, services.settings.folder, model)

    def _request(self, form: Form) -> Request:
        others = split_names(form.others)
        if not self.services.store.reports():
            raise FormError("资料库里还没有报告。", "请先打开“资料库”，上传各单位的年度报告。")
        if not form.orgs and not others:
            raise FormError("还没有选择单位。", "请至少选一个单位，或点“全选”。")
        every = not others and set(form.orgs) >= set(self.roster(form.year).names)
        orgs = () if every else (*form.orgs, *others)
        return Request(orgs, _year(form.year), form.title.strip()[:_TITLE])

    def _model(self, form: Form) -> BriefModel | None:
        settings = self.services.settings
        engine = check_engine(form.engine, settings)
        if engine == "extractive":
            return None
        return replace(make_brief_model(settings, engine), cap=_cap(form))

    # -- making

    def start(self, session: str, form: Form) -> str:
        """Begin a brief for `session`; HTML of why it cannot be begun, else nothing."""
        try:
            settings = self.services.settings
            request, engine = self._request(form), check_engine(form.engine, settings)
            plan_brief(self.services.store, request, settings.folder)
            order = Order(settings, request, engine, _cap(form))
            with self._lock:
                self._begin(session, Job(self.services, session, order))
        except PlainError as error:
            return problem_html(str(error), words.on_page(error.hint))
        return ""

    def _begin(self, session: str, job: Job) -> None:
        running = [other for other in self._jobs.values() if other.running]
        mine = self._jobs.get(session)
        if mine is not None and mine.running:
            raise BusyError("上一份简报还在汇总。", "请等它完成，或先点“停止”。")
        if len(running) >= MOST:
            longest = max(monotonic() - other.began for other in running)
            raise BusyError(
                f"正在汇总的简报已有 {len(running)} 份，最早的一份已用 "
                f"{brief_state.lasting(longest)}。"
            )
        self._jobs[session] = job
        self._jobs.move_to_end(session)
        finished = [name for name, other in self._jobs.items() if not other.running]
        for name in finished[: max(len(self._jobs) - KEPT, 0)]:
            if name != session:
                del self._jobs[name]
        job.start()

    def stop(self, session: str) -> None:
        """End the brief of `session` that is on its way."""
        job = self._jobs.get(session)
        if job is not None:
            job.stop()

    def close(self) -> None:
        """End every brief on its way, and wait until it has ended."""
        jobs = list(self._jobs.values())
        for job in jobs:
            job.stop()
        for job in jobs:
            job.join(_GRACE)

    # -- what is shown

    def view(self, session: str, shown: str = "") -> BriefView:
        """Where the brief of `session` stands; the page itself unless it is `shown` already."""
        job = self._job(session)
        if job is None:
            empty = not self.services.store.reports()
            return BriefView(brief_state.EMPTY_LIBRARY if empty else brief_state.WELCOME)
        running, sheet = job.running, job.sheet  # in this order, as the work goes on meanwhile
        status = job.status()
        if sheet is None:
            told = brief_state.running_html if running else brief_state.ended_html
            return BriefView(told(status), running=running)
        state = brief_state.done_html(sheet, self._links(session, job, sheet.title), status)
        page = "" if shown == job.serial else sheet.html
        return BriefView(state, page, running, job.serial)

    def rows(self, session: str, address: str) -> tuple[str, str]:
        """Block and HTML of another page of a table, at `block.page`; empty where there is none."""
        job = self._job(session)
        numbers = _numbers(address)
        if job is None or job.sheet is None or len(numbers) != 2:
            return "", ""
        return str(numbers[0]), job.sheet.table_html(*numbers)

    def source(self, session: str, at: str, first: str = "0") -> str:
        """HTML of what the figure at `at` rests on, from its `first` source on."""
        job = self._job(session)
        if job is None or job.sheet is None:
            return problem_html("这份简报已失效。", "请重新汇总。")
        loaded: dict[str, Report] = {}

        def load(report_id: str) -> Report:
            if report_id not in loaded:
                loaded[report_id] = self.services.store.report(report_id)
            return loaded[report_id]

        return job.sheet.source_html(at, next(iter(_numbers(first)), 0), load)

    def _job(self, session: str) -> Job | None:
        """The session's brief, unless a report it tells of is no longer there."""
        job = self._jobs.get(session)
        if job is None or job.sheet is None:
            return job
        if holds(self.services.store, job.sheet.reports):
            return job
        job.withdraw()
        return job

    def _links(self, session: str, job: Job, title: str) -> dict[str, str]:
        """A download for each file that is written, offered once a brief."""
        day = datetime.now().astimezone().strftime("%Y%m%d")
        for suffix in job.files.keys() - job.links.keys():
            make = partial(self._file, session, job.serial, suffix)
            job.links[suffix] = self.downloads.offer(session, f"{title}{day}.{suffix}", make)
        return job.links

    def _file(self, session: str, serial: str, suffix: str) -> bytes:
        job = self._job(session)
        content = job.files.get(suffix) if job and job.serial == serial else None
        if content is None:
            raise FormError("这份简报已失效。", "请回到“简报”重新汇总。")
        return content


def _cap(form: Form) -> int | None:
    return int(form.cap) if form.cap and form.cap > 0 else None


def _year(year: str) -> int | None:
    return next(iter(words.years([year] if year else [])), None)


def _numbers(address: str) -> list[int]:
    return [int(p) for p in address.split(".") if p.isascii() and p.isdigit() and len(p) < 8]
