"""Uploads read and indexed one batch after the other by a single background thread.

The page only looks at `Intake.snapshot()`, so progress survives a refresh and every session sees
the same. One thread is the one writer; stopping ends it after the file or batch in hand. What was
not finished stays in its folder below the uploads and is taken up by the next run.
"""

from __future__ import annotations

import json
import logging
import queue
import re
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal
from uuid import uuid4

from assistant.app import words
from assistant.app.library.inspections import Inspections
from assistant.build import Services
from assistant.conversations import Histories
from assistant.library import ingest_paths
from vectorstore.errors import PlainError, VectorstoreError
from vectorstore.ingest import FileRecord, Target, renew_figures

__all__ = ["FileLine", "Intake", "Snapshot", "tidy"]

_LOGGER = logging.getLogger(__name__)
_TARGET = "target.json"  # in such a folder, when its one file replaces a report
_BATCH = "batch-"  # begins the name of a folder of files handed over
_MAX_LINES = 500  # files listed on the page; the newest


@dataclass(frozen=True, slots=True)
class FileLine:
    """One uploaded file as the page lists it."""

    name: str
    status: Literal["waiting", "added", "unchanged", "replaced", "failed"]
    org: str = ""
    year: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where the intake stands. `rate` is texts a second; `changes` grows when reports changed."""

    running: bool = False
    files: tuple[FileLine, ...] = ()
    read: int = 0
    to_read: int = 0
    embedded: int = 0
    to_embed: int = 0
    rate: float = 0.0
    problem: str = ""
    changes: int = 0


class Intake:
    """The writer of a running server; `histories` lose what quotes a report it replaced."""

    def __init__(self, services: Services, uploads: Path, histories: Histories) -> None:
        self._services = services
        self._uploads = uploads
        self._histories = histories
        self._lock = threading.Lock()
        self._state = Snapshot()
        self._batches: queue.Queue[Path | None] = queue.Queue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="fazhi-intake", daemon=True)
        self.inspections = Inspections(services.store)

    def start(self) -> None:
        """Begin work; files or texts an earlier run left undone are taken up at once."""
        self._thread.start()
        self.inspections.start()
        left = sorted(self._uploads.glob(f"{_BATCH}*"), key=lambda batch: batch.stat().st_mtime)
        for batch in left:
            self._put(batch, _names(batch))
        if not left and self._services.store.pending_count(self._services.embedder.name):
            self._put(None, ())

    def stop(self, seconds: float = 15.0) -> None:
        """End after the file or batch in hand, waiting at most `seconds`."""
        self._stopping.set()
        self._batches.put(None)
        self.inspections.stop()
        self._thread.join(seconds)

    def snapshot(self) -> Snapshot:
        """The state now."""
        with self._lock:
            return self._state

    def submit(self, files: Sequence[Path], target: Target | None = None) -> None:
        """Take the uploaded `files` over and queue them; with `target` the one file replaces it."""
        waiting = self._uploads / f"new-{uuid4().hex}"
        waiting.mkdir(mode=0o700, parents=True)
        if target is not None:
            (waiting / _TARGET).write_text(json.dumps(asdict(target)), "utf-8")
        for n, file in enumerate(files):
            place = waiting / str(n) / file.name
            place.parent.mkdir(parents=True)
            # another session may have handed over the very same file a moment ago
            with suppress(FileNotFoundError):
                shutil.move(file, place)
        batch = waiting.rename(self._uploads / f"{_BATCH}{uuid4().hex}")  # whole from here on
        self._put(batch, _names(batch))

    def changed(self) -> None:
        """Note that a report was deleted or corrected elsewhere."""
        with self._lock:
            self._state = replace(self._state, changes=self._state.changes + 1)
        self.inspections.wake()

    def _put(self, batch: Path | None, names: Sequence[str]) -> None:
        lines = tuple(FileLine(name, "waiting") for name in names)
        with self._lock:  # together, or a batch that ends right now would hide this one
            earlier = self._state.files if self._state.running else ()
            kept = (*earlier, *lines)[-_MAX_LINES:]
            self._state = replace(self._state, files=kept, problem="", running=True)
            self._batches.put(batch)

    def _work(self) -> None:
        self._mend()
        while not self._stopping.is_set():
            batch = self._batches.get()
            if self._stopping.is_set():
                return
            try:
                self._take(batch)
            except PlainError as error:
                self._fail(f"{error}{words.on_page(error.hint)}")
            except Exception as error:
                _LOGGER.exception("an upload could not be ingested")
                self._fail(f"处理上传时出现意外错误（{type(error).__name__}），详情见日志。")
            finally:
                if batch is not None and not self._stopping.is_set():
                    shutil.rmtree(batch, ignore_errors=True)
                with self._lock:
                    more = not (self._batches.empty() or self._stopping.is_set())
                    self._state = replace(self._state, running=more)

    def _mend(self) -> None:
        """Finish what a crash left: files no report names, figures read by older rules."""
        store = self._services.store
        try:
            store.purge()
            if renew_figures(store, self._services.lexicon):
                self.changed()
        except VectorstoreError:
            _LOGGER.exception("the library could not be mended")

    def _take(self, batch: Path | None) -> None:
        with self._lock:
            self._state = replace(
                self._state, read=0, to_read=0, embedded=0, to_embed=0, rate=0.0, running=True
            )
        files, target = (_files(batch), _target(batch)) if batch else ([], None)
        summary = ingest_paths(self._services, files, _Watch(self), target=target)
        if summary.problem:
            self._fail(f"语义索引未完成：{words.on_page(summary.problem)}现在仍可按字词检索。")
        self._histories.follow(self._services.store)

    def _fail(self, problem: str) -> None:
        with self._lock:
            self._state = replace(self._state, problem=problem)

    def told_file(self, record: FileRecord, done: int, total: int) -> None:
        """Record what became of a file."""
        name = Path(record.path).name
        reason = re.sub(re.escape(str(self._uploads)) + r"/[^/]+/\d+/", "", record.reason)
        reason = words.on_page(reason)
        line = FileLine(name, record.status, record.org, record.year, reason)
        with self._lock:
            files = list(self._state.files)
            waiting = FileLine(name, "waiting")
            if waiting in files:
                files[files.index(waiting)] = line
            else:
                files.append(line)
            self._state = replace(
                self._state,
                files=tuple(files[-_MAX_LINES:]),
                read=done,
                to_read=total,
                changes=self._state.changes + (record.status in ("added", "replaced")),
            )
        if done == total:
            self.inspections.wake()

    def told_embedded(self, done: int, total: int, rate: float) -> None:
        """Record how many texts have vectors."""
        with self._lock:
            self._state = replace(self._state, embedded=done, to_embed=total, rate=rate)

    def halt_if_stopping(self) -> None:
        """End a running ingest the way Ctrl-C does: what is done is kept."""
        if self._stopping.is_set():
            raise KeyboardInterrupt


def tidy(uploads: Path) -> None:
    """Remove from the folder of uploads what was never handed over."""
    for path in uploads.iterdir():
        if path.is_dir() and not path.name.startswith(_BATCH):
            shutil.rmtree(path, ignore_errors=True)
        elif path.is_file():
            path.unlink(missing_ok=True)


def _files(batch: Path) -> list[Path]:
    """The files of a batch in the order they were chosen."""
    return sorted(batch.glob("*/*"), key=lambda path: int(path.parent.name))


def _target(batch: Path) -> Target | None:
    """The report that the one file of a batch is to replace."""
    noted = batch / _TARGET
    return Target(**json.loads(noted.read_text("utf-8"))) if noted.exists() else None


def _names(batch: Path) -> list[str]:
    """What to list as waiting; what a zip holds is known when it has been opened."""
    return [file.name for file in _files(batch) if file.suffix.lower() != ".zip"]


class _Watch:
    """Passes an ingest's progress on; see `vectorstore.ingest.Progress`."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._since = time.monotonic()

    def file_done(self, record: FileRecord, done: int, total: int) -> None:
        self._intake.told_file(record, done, total)
        self._since = time.monotonic()
        self._intake.halt_if_stopping()

    def embedded(self, done: int, total: int) -> None:
        seconds = time.monotonic() - self._since
        self._intake.told_embedded(done, total, done / seconds if seconds else 0.0)
        self._intake.halt_if_stopping()
