"""One brief on its way in a thread of its own."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from time import monotonic
from uuid import uuid4

from assistant.app.brief.view import Sheet
from assistant.brief import Brief, BriefModel, Request, Watch, make_brief
from assistant.build import Services
from assistant.errors import AssistantError
from vectorstore.errors import VectorstoreError

__all__ = ["Job", "Status"]

_LOGGER = logging.getLogger(__name__)


class _Ended(BaseException):
    """The brief is no longer wanted."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where a brief stands: stage, reports of it done, what the model costs, seconds so far.

    `problem` with its `hint` where it failed; `stopped` by the user.
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


class Job:
    """A brief of `request`; `sheet` holds it once it is done."""

    def __init__(
        self, services: Services, session: str, request: Request, model: BriefModel | None
    ) -> None:
        self.serial = uuid4().hex
        self.began = monotonic()
        self.sheet: Sheet | None = None
        self.links: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}
        self._services, self._session = services, session
        self._request, self._model = request, model
        self._status = Status("准备")
        self._ended: float | None = None
        self._stop = Event()
        self._lock = Lock()
        self._thread = Thread(target=self._work, name="fazhi-brief", daemon=True)

    @property
    def running(self) -> bool:
        """Whether it is still being made."""
        return self._ended is None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, seconds: float | None = None) -> None:
        """Ask for the end; with `seconds`, wait that long for it."""
        self._stop.set()
        if seconds is not None and self._thread.is_alive():
            self._thread.join(seconds)

    def withdraw(self) -> None:
        """Forget the brief: a report it tells of is gone."""
        self.sheet = None
        self.files.clear()
        told = "简报涉及的报告已被删除或替换，这份简报已收回。"
        self._note(problem=told, hint="请重新汇总。")

    def status(self) -> Status:
        """Where it stands now."""
        with self._lock:
            status = self._status
        end = self._ended or monotonic()
        return replace(status, seconds=end - self.began, stopping=self._stop.is_set())

    def _note(self, **changed: object) -> None:
        with self._lock:
            self._status = replace(self._status, **changed)  # type: ignore[arg-type]

    def _work(self) -> None:
        try:
            brief = self._make()
            self.sheet = Sheet(brief)
            self._record(brief)
        except _Ended:
            self._note(stopped=True)
        except (AssistantError, VectorstoreError) as error:
            self._note(problem=str(error), hint=error.hint)
        except Exception:
            _LOGGER.exception("a brief could not be made")
            self._note(problem="汇总时出现意外错误。", hint="请重试；仍不行时查看服务日志。")
        finally:
            self._ended = monotonic()

    def _make(self) -> Brief:
        services = self._services
        return make_brief(
            services.store,
            services.lexicon,
            self._request,
            services.settings.folder,
            model=self._model,
            watch=Watch(self._on_stage, self._on_progress, self._on_say, self._pulse),
        )

    def _record(self, brief: Brief) -> None:
        """In the audit log, who made it of what."""
        self._services.audit.record(
            "brief",
            self._session,
            engine=self._model.name if self._model else "extractive",
            reports=sorted(brief.reports),
            seconds=monotonic() - self.began,
            title=brief.document.title,
        )

    def _on_stage(self, name: str) -> None:
        self._pulse()
        self._note(stage=name, done=0, total=0)

    def _on_progress(self, done: int, total: int) -> None:
        self._pulse()
        self._note(done=done, total=total)

    def _on_say(self, text: str) -> None:
        self._note(said=(*self._status.said, text))

    def _pulse(self) -> None:
        if self._stop.is_set():
            raise _Ended
