"""What each browser asked and was answered, one JSON file a session, below the data folder.

A session is whoever holds its id, a 256-bit random cookie that scripts cannot read; the file is
named by a hash of it, so that listing the folder gives nobody a session. Only a report's own words
in an answer are kept, never its paragraphs: those are read from the store when shown, and an answer
that quotes a report deleted since is withdrawn.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answer.types import Answer
from assistant.errors import AssistantError
from assistant.keeping import sweep, unfinished, write_private
from assistant.session_ids import is_session_id
from vectorstore.errors import reason
from vectorstore.types import Scope

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from vectorstore.store import Store

__all__ = ["FOLDER", "Exchange", "Focus", "Histories", "HistoryError"]

_LOGGER = logging.getLogger(__name__)

FOLDER = "sessions"  # below the data folder
MAX_EXCHANGES = 100  # a session; the oldest go first
MAX_SESSIONS = 500  # files kept; the longest unused go first
_WITHDRAWN = "此回答引用的报告已删除或已被新版本替换，回答内容一并清除。可以重新提问。"


class HistoryError(AssistantError):
    """A conversation could not be saved."""

    default_hint = "请检查数据目录的磁盘空间和权限；回答本身不受影响。"
    retryable = True


@dataclass(frozen=True, slots=True)
class Focus:
    """`question` completed from the conversation, with the organisations and years it is about."""

    question: str = ""
    orgs: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what was answered.

    `drawn_on` are the ids of every report whose words the answer may hold. `stopped`: the user
    ended it early; `answer` is what had been said by then. `asked_at` is ISO 8601 with offset.
    `talk` tells the conversations of a session apart, `picked` is what the user had picked, `focus`
    what the question was restricted to. `rating` is "up", "down" or "".
    """

    id: str
    asked_at: str
    question: str
    answer: Answer
    drawn_on: tuple[str, ...] = ()
    stopped: bool = False
    talk: str = ""
    picked: Scope = field(default_factory=Scope)
    focus: Focus = field(default_factory=Focus)
    rating: str = ""


class Histories:
    """Every session's exchanges in `folder`; safe to share between threads of one process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def read(self, session: str) -> tuple[Exchange, ...]:
        """The exchanges of `session`, oldest first; none for an id that is not one."""
        if not is_session_id(session):
            return ()
        with self._lock:
            return self._load(self._path(session))

    def append(self, session: str, exchange: Exchange) -> tuple[Exchange, ...]:
        """Add `exchange` to `session`, or put it in place of the one with its id.

        Returns the exchanges of `session`. Raises HistoryError.
        """
        if not is_session_id(session):
            raise HistoryError(
                "浏览器没有保存会话编号，对话未保存。", "请允许本页使用 Cookie 后刷新。"
            )
        with self._lock:
            path = self._path(session)
            if not path.exists():
                self._make_room()
            kept = self._load(path)
            if exchange.id in {e.id for e in kept}:
                kept = tuple(exchange if e.id == exchange.id else e for e in kept)
            else:
                kept = (*kept, exchange)[-MAX_EXCHANGES:]
            self._save(path, kept)
            return kept

    def clear(self, session: str) -> None:
        """Delete every exchange of `session`."""
        if is_session_id(session):
            with self._lock:
                self._path(session).unlink(missing_ok=True)

    def follow(self, store: Store) -> None:
        """Overwrite, in every session, the answers that draw on a report `store` has lost.

        What a process killed while saving left behind goes too.
        """
        if unfinished(self._folder):
            with self._lock:
                sweep(self._folder)
        known = {row.id for row in store.reports()}
        encoded = {report_id.encode() for report_id in known}
        for path in list(self._folder.glob("*.json")):
            if _drawn_on(path) <= encoded:  # most; looked at without the lock, as others ask
                continue
            with self._lock:
                exchanges = self._load(path)
                kept = tuple(e if set(e.drawn_on) <= known else _blank(e) for e in exchanges)
                if kept != exchanges:
                    self._save(path, kept)

    @cached_property
    def _adapter(self) -> TypeAdapter[tuple[Exchange, ...]]:
        from pydantic import TypeAdapter

        return TypeAdapter(tuple[Exchange, ...])

    def _path(self, session: str) -> Path:
        digest = hashlib.sha256(session.encode()).hexdigest()
        return self._folder / f"{digest[:40]}.json"

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"), key=lambda p: p.stat().st_mtime)

    def _make_room(self) -> None:
        files = self._files()
        for path in files[: max(len(files) - MAX_SESSIONS + 1, 0)]:
            path.unlink(missing_ok=True)

    def _load(self, path: Path) -> tuple[Exchange, ...]:
        try:
            return self._adapter.validate_json(path.read_bytes())
        except FileNotFoundError:
            return ()
        except (OSError, ValueError):
            _LOGGER.exception("a conversation could not be read; it starts anew")
            return ()

    def _save(self, path: Path, exchanges: tuple[Exchange, ...]) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(path, self._adapter.dump_json(exchanges))
        except OSError as error:
            raise HistoryError(f"对话未能保存：{reason(error)}。") from error


def _drawn_on(path: Path) -> set[bytes]:
    """Every id a file says its answers draw on, found without parsing it; none once it is gone."""
    try:
        data = path.read_bytes()
    except OSError:
        return set()
    # in a string each quotation mark has a backslash before it, so that no answer can say this
    found = re.findall(rb'"drawn_on":\s*\[([^\]]*)\]', data)
    return {report_id for ids in found for report_id in re.findall(rb'"([^"]*)"', ids)}


def _blank(exchange: Exchange) -> Exchange:
    answer = Answer(_WITHDRAWN, refused=True, engine=exchange.answer.engine)
    return replace(exchange, answer=answer, drawn_on=())
