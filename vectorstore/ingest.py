"""Files to stored reports, then vectors for whatever still lacks one.

Each report is one transaction, each batch of vectors another, so stopping at any moment loses at
most the file or the batch in hand, and the next run goes on from there. A report can be searched
by its words as soon as it is stored.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from vectorstore.chunk import chunk
from vectorstore.embed import Embedder, check_model
from vectorstore.errors import EmbeddingError, StoreError, VectorstoreError
from vectorstore.indicators import Lexicon
from vectorstore.parse import printable
from vectorstore.quantities import extract
from vectorstore.read import expand
from vectorstore.store import Store
from vectorstore.types import Report

__all__ = [
    "FileRecord",
    "IngestSummary",
    "Progress",
    "correct_scope",
    "embed_pending",
    "ingest",
]

_LOGGER = logging.getLogger(__name__)

# Texts embedded and committed together: about four seconds of the built-in model's work.
_BATCH = 16


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What became of one file; `id` is empty and `reason` says why when it failed."""

    path: str
    status: Literal["added", "unchanged", "replaced", "failed"]
    id: str = ""
    org: str = ""
    year: int | None = None
    title: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """One run. `pending` texts still lack a vector, for the reason in `problem` if there is one."""

    reports: tuple[FileRecord, ...]
    seconds: float
    embedded: int = 0
    pending: int = 0
    problem: str = ""
    interrupted: bool = False


class Progress(Protocol):
    """Told how far ingest has come; the receiver works out rate and time left."""

    def file_done(self, record: FileRecord, done: int, total: int) -> None:
        """`done` of `total` files have been read, `record` is the latest."""

    def embedded(self, done: int, total: int) -> None:
        """`done` of `total` texts that lacked a vector have one now."""


class _Silent:
    def file_done(self, record: FileRecord, done: int, total: int) -> None:
        pass

    def embedded(self, done: int, total: int) -> None:
        pass


def ingest(
    paths: Iterable[Path],
    store: Store,
    *,
    reader: Callable[[Path], Report],
    lexicon: Lexicon,
    embedder: Embedder | None = None,
    reembed: bool = False,
    progress: Progress | None = None,
) -> IngestSummary:
    """Store the reports in `paths` (files, folders, archives), then embed what lacks vectors.

    A file that cannot be read is `failed` and the rest go on. Ctrl-C ends the run early with what
    was done. Raises EmbeddingError, before anything is written, when the store's vectors are of
    another model and not `reembed`; StoreError (disk full, damaged file) when it cannot go on.
    """
    started = time.monotonic()
    progress = progress or _Silent()
    if embedder is not None:
        check_model(store.models(), embedder, reembed)
    records: list[FileRecord] = []
    embedded, pending, problem, interrupted = 0, 0, "", False
    try:
        with tempfile.TemporaryDirectory(prefix="fazhi-") as scratch:
            _Intake(store, reader, lexicon, Path(scratch)).take_all(paths, progress, records)
        store.purge()
        if embedder is not None:
            embedded = embed_pending(store, embedder, progress)
            if reembed:
                store.keep_only_model(embedder.name)
    except EmbeddingError as error:
        problem = _sentence(error)
    except KeyboardInterrupt:
        interrupted = True
    if embedder is not None:
        pending = store.pending_count(embedder.name)
    seconds = time.monotonic() - started
    return IngestSummary(tuple(records), seconds, embedded, pending, problem, interrupted)


def embed_pending(store: Store, embedder: Embedder, progress: Progress | None = None) -> int:
    """Embed every stored text that lacks a vector of `embedder`; returns how many that were.

    Raises EmbeddingError; the batches before it are kept.
    """
    progress = progress or _Silent()
    total = store.pending_count(embedder.name)
    done = 0
    while batch := store.pending_embeddings(embedder.name, _BATCH):
        matrix = embedder.passages([text for _, text in batch])
        if len(matrix) != len(batch):
            raise EmbeddingError(f"向量模型返回了 {len(matrix)} 个向量，应为 {len(batch)} 个。")
        store.put_vectors(
            embedder.name, [(key, row) for (key, _), row in zip(batch, matrix, strict=True)]
        )
        done += len(batch)
        progress.embedded(done, max(total, done))
    return done


def correct_scope(
    store: Store, report_id: str, org: str, year: int | None, lexicon: Lexicon
) -> None:
    """Correct a report's organisation and year by hand; its figures are read anew under them.

    Raises NotFoundError, and StoreError when another report already has that place.
    """
    report = replace(store.report(report_id), org=org, year=year)
    store.set_scope(report_id, org, year, extract(report, lexicon))


@dataclass(frozen=True, slots=True)
class _Intake:
    """Takes in one file after the other; archives were unpacked below `scratch`."""

    store: Store
    reader: Callable[[Path], Report]
    lexicon: Lexicon
    scratch: Path

    def take_all(
        self, paths: Iterable[Path], progress: Progress, records: list[FileRecord]
    ) -> None:
        """Take in every file of `paths`; `records` grows as they are done, so a stop keeps them."""
        files = list(expand(paths, self.scratch))
        for path in files:
            records.append(self.take(path))
            progress.file_done(records[-1], len(records), len(files))

    def take(self, path: Path) -> FileRecord:
        """Store one file; whatever is wrong with it is this file's failure, not the batch's."""
        inside = path.is_relative_to(self.scratch)
        shown = printable(path.relative_to(self.scratch) if inside else path)
        try:
            report = replace(self.reader(path), path=shown)
            figures = extract(report, self.lexicon)
            result = self.store.add(report, chunk(report), figures)
        except StoreError:
            raise
        except VectorstoreError as error:
            return FileRecord(shown, "failed", reason=_sentence(error))
        except Exception as error:
            _LOGGER.exception("could not ingest %s", shown)
            reason = f"处理时出现意外错误（{type(error).__name__}），详情见日志。"
            return FileRecord(shown, "failed", reason=reason)
        return FileRecord(
            path=shown,
            status=result.status,
            id=report.id,
            org=report.org,
            year=report.year,
            title=report.title,
            reason=result.reason,
        )


def _sentence(error: VectorstoreError) -> str:
    return f"{error}{error.hint}"
