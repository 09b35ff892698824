"""One brief on its way: a thread follows the process that makes it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from time import monotonic
from uuid import uuid4

from assistant.app.brief.process import Child
from assistant.app.brief.view import Sheet
from assistant.app.brief.worker import (
    FORMATS,
    AddressWanted,
    Failed,
    Made,
    Message,
    Order,
    Progress,
    Said,
    Stage,
    Written,
)
from assistant.build import Services, local_server
from assistant.errors import AssistantError, LLMUnavailableError

__all__ = ["Job", "Status"]

_LOGGER = logging.getLogger(__name__)
_DIED = "汇总的进程意外结束，可能是内存不足。"
_RETRY = "请重试；仍不行时少选几个单位，或查看服务日志。"


@dataclass(frozen=True, slots=True)
class Status:
    """Where a brief stands: stage, reports of it done, what the model costs, seconds to make it.

    `problem` with its `hint` where it failed; `stopped` by the user; `writing` its files when the
    brief itself is done.
    """

    stage: str = ""
    done: int = 0
    total: int = 0
    said: tuple[str, ...] = ()
    seconds: float = 0.0
    problem: str = ""
    hint: str = ""
    stopping: bool = False
    stopped: bool = False
    writing: bool = False


class Job:
    """The brief of `order`; `sheet` holds it once it is done, `files` each once it is written."""

    def __init__(self, services: Services, session: str, order: Order) -> None:
        self.serial = uuid4().hex
        self.began = monotonic()
        self.sheet: Sheet | None = None
        self.links: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self._services, self._session, self._order = services, session, order
        self._status = Status("准备")
        self._made: float | None = None
        self._ended: float | None = None
        self._stop = Event()
        self._lock = Lock()
        self._child: Child | None = None
        self._thread = Thread(target=self._work, name="fazhi-brief", daemon=True)

    @property
    def running(self) -> bool:
        """Whether it or one of its files is still being made."""
        return self._ended is None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the work at once, whatever it is at. What is done is kept."""
        with self._lock:
            self._stop.set()
            if self._child is not None:
                self._child.kill()

    def join(self, seconds: float) -> None:
        """Wait that long for the end."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def withdraw(self) -> None:
        """Forget the brief: a report it tells of is gone."""
        self.stop()
        told = "简报涉及的报告已被删除或替换，这份简报已收回。"
        self._note(problem=told, hint="请重新汇总。")
        with self._lock:
            self.sheet = None
            self.files.clear()

    def status(self) -> Status:
        """Where it stands now."""
        with self._lock:
            status = self._status
        return replace(
            status,
            seconds=(self._made or self._ended or monotonic()) - self.began,
            stopping=self._stop.is_set(),
            writing=self.running and self.sheet is not None,
        )

    def _note(self, **changed: object) -> None:
        with self._lock:
            self._status = replace(self._status, **changed)  # type: ignore[arg-type]

    def _work(self) -> None:
        try:
            self._follow()
            complete = self.sheet is not None and len(self.files) == len(FORMATS)
            if self._stop.is_set():
                self._note(stopped=True)
            elif not (complete or self._status.problem):
                self._note(problem=_DIED, hint=_RETRY)
        except Exception:
            _LOGGER.exception("a brief could not be made")
            self._note(problem="汇总时出现意外错误。", hint="请重试；仍不行时查看服务日志。")
        finally:
            self._ended = monotonic()

    def _follow(self) -> None:
        with self._lock:
            if self._stop.is_set():
                return
            child = self._child = Child()
        try:
            child.tell(self._order)
            for message in child.messages():
                self._hear(message, child)
        finally:
            with self._lock:
                self._child = None
            child.close()

    def _hear(self, message: Message, child: Child) -> None:
        match message:
            case Stage(name):
                self._note(stage=name, done=0, total=0)
            case Progress(done, total):
                self._note(done=done, total=total)
            case Said(text):
                self._note(said=(*self._status.said, text))
            case AddressWanted():  # takes as long as loading the model
                Thread(target=self._lend, args=(child,), daemon=True).start()
            case Made(sheet):
                self._made = monotonic()
                self.sheet = sheet
                self._record(sheet)
            case Written(suffix, content):
                with self._lock:
                    if self.sheet is not None:
                        self.files[suffix] = content
            case Failed(problem, hint):
                self._note(problem=problem, hint=hint)

    def _lend(self, child: Child) -> None:
        """Tell the child where the local model of this process listens."""
        try:
            child.tell(local_server(self._order.settings).address())
        except AssistantError as error:
            child.tell(error)
        except Exception:
            _LOGGER.exception("the local model could not be started")
            child.tell(LLMUnavailableError("本机模型没有启动成功。"))

    def _record(self, sheet: Sheet) -> None:
        """In the audit log, who made it of what."""
        settings, engine = self._order.settings, self._order.engine
        self._services.audit.record(
            "brief",
            self._session,
            engine=settings.model_name(engine) or engine,
            reports=sorted(sheet.reports),
            seconds=monotonic() - self.began,
            title=sheet.title,
        )
