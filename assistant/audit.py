"""Who did what, when: an append-only log in the data folder, for the office's own record.

`FAZHI_HOME/audit/2026-11.jsonl`, one JSON object a line, one file a month, readable by its owner
only. A line holds what `Entry` names and nothing else: the text of questions and of comments on
answers is kept, because it is the office's own record; no answer, no quote of a report (so nothing
of a deleted report lives on here), no file content, no cookie, header, password or key. A session
without a login appears as a hash of its id.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

__all__ = ["FOLDER", "Action", "Audit", "Entry"]

_LOGGER = logging.getLogger(__name__)

Action = Literal[
    "ask", "feedback", "clear", "export",
    "ingest", "replace", "correct", "delete",
    "draft", "brief", "check",
    "search", "ledger", "verify",
    "login", "login_failed", "logout", "users", "backup",
]  # fmt: skip
"""What can be done; `export` is any download. Programs search, list the ledger and verify."""

FOLDER = "audit"  # below the data folder
MAX_TEXT = 1000  # characters of one text of an entry; the rest is cut
MAX_ITEMS = 200  # report ids or prompts of one entry
MAX_FILE = 16 * 1024 * 1024  # bytes; a fuller month goes on in 2026-11-2.jsonl
MAX_FILES = 64  # kept, so at most 1 GB; the oldest go first
_FILE = re.compile(r"(\d{4}-\d\d)(?:-(\d+))?\.jsonl")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `time` is ISO 8601 with offset; `who` a user name or `session:` and 12 hex digits.

    `verdicts` counts figures by verdict, `seconds` is how long the action took, `details` are
    further short texts: question, comment, rating, file, org, year, …
    """

    time: str
    who: str
    action: str
    engine: str = ""
    prompts: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    verdicts: Mapping[str, int] = field(default_factory=dict)
    seconds: float | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The line as written: what is empty is left out."""
        always = {"time": self.time, "who": self.who, "action": self.action}
        names = ("engine", "prompts", "reports", "verdicts", "seconds", "details")
        given = {name: getattr(self, name) for name in names}
        return always | {name: value for name, value in given.items() if value or value == 0}


class Audit:
    """The log in `folder`; safe for several threads and processes. Nothing here ever raises."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name_of: Callable[[str], str] = lambda session: ""

    def name_sessions(self, name_of: Callable[[str], str]) -> None:
        """From now on `name_of(session)` names the user of a session, "" when there is none."""
        self._name_of = name_of

    def record(
        self,
        action: Action,
        session: str = "",
        *,
        user: str = "",
        engine: str = "",
        prompts: Iterable[str] = (),
        reports: Iterable[str] = (),
        verdicts: Iterable[str] = (),
        seconds: float | None = None,
        **details: str,
    ) -> None:
        """Append that `action` was done by `user`, or by whoever holds `session`.

        `prompts` are `name@version:hash`, `reports` the ids of reports used, `verdicts` one name a
        figure. A log that cannot be written is told in the service log: the action has happened.
        """
        entry = Entry(
            datetime.now().astimezone().isoformat(timespec="milliseconds"),
            self._who(session, user),
            action,
            engine,
            tuple(dict.fromkeys(prompts))[:MAX_ITEMS],
            tuple(dict.fromkeys(reports))[:MAX_ITEMS],
            dict(sorted(Counter(str(verdict) for verdict in verdicts).items())),
            None if seconds is None else round(seconds, 3),
            {name: _short(text) for name, text in details.items() if text},
        )
        try:
            self._append(json.dumps(entry.to_json(), ensure_ascii=False))
        except OSError as error:
            _LOGGER.error("the audit log could not be written (%s): %s", error, action)

    def read(self, since: datetime | None = None) -> Iterator[Entry]:
        """Entries, oldest first, from the time `since` on (with offset); broken lines are skipped.

        A month wholly before `since` is not opened.
        """
        first = since.astimezone().strftime("%Y-%m") if since else ""
        for path in self._files():
            if path.name[:7] >= first:
                for line in _lines(path):
                    entry = _entry(line)
                    if entry and (since is None or datetime.fromisoformat(entry.time) >= since):
                        yield entry

    def _who(self, session: str, user: str) -> str:
        name = user or (self._name_of(session) if session else "")
        if name:
            return _short(name)
        return f"session:{hashlib.sha256(session.encode()).hexdigest()[:12]}" if session else ""

    def _files(self) -> list[Path]:
        """Every file of the log, oldest first."""
        found = []
        for path in self._folder.glob("*.jsonl"):
            if named := _FILE.fullmatch(path.name):
                found.append((named[1], int(named[2] or 1), path))
        return [path for _, _, path in sorted(found)]

    def _append(self, line: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        data = line.encode("utf-8", "replace") + b"\n"
        path = self._current(len(data))
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                data = b"\n" + data  # a write that was cut short must not take this line with it
            if os.write(descriptor, data) != len(data):
                raise OSError("the line was cut short")
        finally:
            os.close(descriptor)

    def _current(self, more: int) -> Path:
        """The file to append `more` bytes to; a new one makes room by removing the oldest."""
        month = datetime.now().astimezone().strftime("%Y-%m")
        files = self._files()
        newest = files[-1] if files and files[-1].name.startswith(month) else None
        if newest is not None and newest.stat().st_size + more <= MAX_FILE:
            return newest
        for path in files[: max(len(files) - MAX_FILES + 1, 0)]:
            path.unlink(missing_ok=True)
        if newest is None:
            return self._folder / f"{month}.jsonl"
        named = _FILE.fullmatch(newest.name)
        return self._folder / f"{month}-{int(named[2] or 1) + 1 if named else 2}.jsonl"


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from file
    except OSError as error:
        _LOGGER.error("the audit log could not be read: %s", error)


def _entry(line: str) -> Entry | None:
    try:
        found = json.loads(line)
        datetime.fromisoformat(found["time"])
        found |= {name: tuple(found.get(name, ())) for name in ("prompts", "reports")}
        return Entry(**found)
    except (ValueError, TypeError, KeyError):
        return None
