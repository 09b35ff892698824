"""The child process that makes one brief and writes its files; `process.Child` starts it.

Making a brief over hundreds of reports keeps an interpreter busy for ten seconds and takes
hundreds of megabytes: beside the server, at a lower priority, that disturbs nobody's questions.

The order comes on standard input, messages go to the standard output it was started with, both as
`vectorstore.sandbox.frames`. They are pickled and loaded without a filter: both ends are this
program, and what the child reads is the library, never a file from outside. The child reads the
library beside its owner, writes notes to its cache, and ends at once when its input closes, because
then whoever started it is gone.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from vectorstore.errors import NotFoundError, PlainError
from vectorstore.sandbox.frames import receive, send

if TYPE_CHECKING:
    from assistant.app.brief.view import Sheet
    from assistant.brief import Brief, BriefModel, Request
    from assistant.settings import Engine, Settings

__all__ = [
    "FORMATS",
    "AddressWanted",
    "Failed",
    "Made",
    "Message",
    "Order",
    "Progress",
    "Said",
    "Stage",
    "Written",
    "main",
]

FORMATS = ("md", "docx")
"""The files of a brief, in the order they are written: the quick one first."""
_NICE = 15  # of 19
_FIRST_TO_GO = "500"  # as if it used half of all memory more than it does
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """The brief wanted; `cap` as in `BriefModel`. Settings hold the model's key: pipes only."""

    settings: Settings
    request: Request
    engine: Engine = "extractive"
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """What begins, in Chinese."""

    name: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Reports done of this stage."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence for the user."""

    text: str


@dataclass(frozen=True, slots=True)
class AddressWanted:
    """The local model is needed; the answer is its `Address` or the error that prevents it."""


@dataclass(frozen=True, slots=True)
class Made:
    """The brief is done; its files follow."""

    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the brief, its suffix one of `FORMATS`."""

    suffix: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """Why it goes no further, for the user."""

    problem: str
    hint: str


Message = Stage | Progress | Said | AddressWanted | Made | Written | Failed


def main() -> NoReturn:
    """Work off one order. Never returns: nothing is left that would be worth tidying up."""
    _give_way()
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints goes to the service's log, not among the messages
    parent = _Parent(os.fdopen(os.dup(0), "rb"), replies)
    try:
        _work(parent)
    except NotFoundError:
        parent.tell(Failed("汇总期间有报告被删除或替换。", "请重新汇总。"))
    except PlainError as error:
        parent.tell(Failed(str(error), error.hint))
    except Exception:
        _LOGGER.exception("a brief could not be made")
        parent.tell(Failed("汇总时出现意外错误。", "请重试；仍不行时查看服务日志。"))
    sys.stderr.flush()
    os._exit(0)


def _give_way() -> None:
    """Let everything else run first; when memory runs out, end this process and not the server."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    with suppress(OSError):  # Linux only
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, "ascii")


class _Parent:
    """The process that gave the order. Safe to use from several threads."""

    def __init__(self, orders: BinaryIO, replies: BinaryIO) -> None:
        self._orders, self._replies = orders, replies
        self._heard: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, name="fazhi-parent", daemon=True).start()

    def hear(self) -> object:
        """The next thing it says."""
        return self._heard.get()

    def tell(self, message: Message) -> None:
        """Send `message`."""
        content = pickle.dumps(message)
        with self._lock, suppress(OSError):  # it is gone, and `_listen` ends this process
            send(self._replies, content)

    def _listen(self) -> NoReturn:
        with suppress(EOFError, OSError):
            while True:
                self._heard.put(pickle.loads(receive(self._orders)))
        os._exit(1)


def _work(parent: _Parent) -> None:
    order = parent.hear()
    assert isinstance(order, Order)
    from assistant.app.brief.view import Sheet
    from assistant.brief import brief_bytes

    brief = _make(order, parent)
    parent.tell(Made(Sheet(brief)))
    for suffix in FORMATS:
        parent.tell(Written(suffix, brief_bytes(brief, suffix)))


def _make(order: Order, parent: _Parent) -> Brief:
    from assistant.brief import Watch, make_brief
    from assistant.build import open_services

    watch = Watch(
        stage=lambda name: parent.tell(Stage(name)),
        progress=lambda done, total: parent.tell(Progress(done, total)),
        say=lambda text: parent.tell(Said(text)),
    )
    with open_services(order.settings) as services:
        return make_brief(
            services.store,
            services.lexicon,
            order.request,
            order.settings.folder,
            model=_model(order, parent),
            watch=watch,
        )


def _model(order: Order, parent: _Parent) -> BriefModel | None:
    if order.engine == "extractive":
        return None
    from assistant.app.brief.lent import LentServer
    from assistant.build import make_brief_model

    def ask() -> object:
        parent.tell(AddressWanted())
        return parent.hear()

    server = LentServer(order.settings, ask) if order.engine == "local" else None
    return replace(make_brief_model(order.settings, order.engine, server), cap=order.cap)
