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
from vectorstore.errors import EmbeddingError, StoreError, VectorstoreError, WrongReportError
from vectorstore.indicators import Lexicon
from vectorstore.parse import printable
from vectorstore.quantities import extract
from vectorstore.quantities.version import rules_version
from vectorstore.read import expand
from vectorstore.store import Store
from vectorstore.types import Report

__all__ = [
    "FileRecord",
    "IngestSummary",
    "Progress",
    "Target",
    "correct_scope",
    "embed_pending",
    "ingest",
    "renew_figures",
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


@dataclass(frozen=True, slots=True)
class Target:
    """The report that one file is to replace.

    The new version takes its organisation and year. `sure` when the user said so although the file
    names others.
    """

    report_id: str
    sure: bool = False


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
    target: Target | None = None,
) -> IngestSummary:
    """Store the reports in `paths` (files, folders, archives), then embed what lacks vectors.

    With `target` the one file replaces that report. Figures read by older rules are read anew.
    A file that cannot be read is `failed` and the rest go on. Ctrl-C ends the run early with what
    was done. Raises EmbeddingError, before anything is written, when the store's vectors are of
    another model and not `reembed`; StoreError (disk full, damaged file) when it cannot go on.
    """
    started = time.monotonic()
    progress = progress or _Silent()
    if embedder is not None:
        check_model(store.models(), embedder, reembed)
    records: list[FileRecord] = []
    embedded, problem, interrupted = 0, "", False
    try:
        with tempfile.TemporaryDirectory(prefix="fazhi-") as scratch:
            _Intake(store, reader, lexicon, Path(scratch), target).take_all(
                paths, progress, records
            )
        store.purge()
        renew_figures(store, lexicon)
        if embedder is not None:
            embedded = embed_pending(store, embedder, progress, alone=reembed)
    except EmbeddingError as error:
        problem = _sentence(error)
    except KeyboardInterrupt:
        interrupted = True
    pending = store.pending_count(embedder.name) if embedder is not None else 0
    seconds = time.monotonic() - started
    return IngestSummary(tuple(records), seconds, embedded, pending, problem, interrupted)


def embed_pending(
    store: Store, embedder: Embedder, progress: Progress | None = None, *, alone: bool = False
) -> int:
    """Embed every stored text that lacks a vector of `embedder`; returns how many that were.

    With `alone` the vectors of other models go when that is done.
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
    if alone:
        store.keep_only_model(embedder.name)
    return done


def correct_scope(
    store: Store, report_id: str, org: str, year: int | None, lexicon: Lexicon
) -> None:
    """Correct a report's organisation and year by hand; its figures are read anew under them.

    Raises NotFoundError, and StoreError when another report already has that place.
    """
    report = replace(store.report(report_id), org=org, year=year)
    store.set_scope(report_id, org, year, extract(report, lexicon), rules_version(lexicon))


def renew_figures(store: Store, lexicon: Lexicon) -> int:
    """Read figures anew where other rules than today's read them; returns in how many reports."""
    rules = rules_version(lexicon)
    stale = store.read_by_other_rules(rules)
    for report_id in stale:
        store.set_figures(report_id, extract(store.report(report_id), lexicon), rules)
    return len(stale)


@dataclass(frozen=True, slots=True)
class _Intake:
    """Takes in one file after the other; archives were unpacked below `scratch`."""

    store: Store
    reader: Callable[[Path], Report]
    lexicon: Lexicon
    scratch: Path
    target: Target | None = None

    def take_all(
        self, paths: Iterable[Path], progress: Progress, records: list[FileRecord]
    ) -> None:
        """Take in every file of `paths`; `records` grows as they are done, so a stop keeps them."""
        files = list(expand(paths, self.scratch))
        if self.target and len(files) > 1:
            raise WrongReportError("一次只能用一个文件替换。", "请只选一个文件再上传。")
        for path in files:
            records.append(self.take(path))
            progress.file_done(records[-1], len(records), len(files))

    def take(self, path: Path) -> FileRecord:
        """Store one file; whatever is wrong with it is this file's failure, not the batch's."""
        inside = path.is_relative_to(self.scratch)
        shown = printable(path.relative_to(self.scratch) if inside else path)
        try:
            report = self._aimed(replace(self.reader(path), path=shown))
            result = self.store.add(
                report,
                chunk(report),
                extract(report, self.lexicon),
                original=path,
                rules=rules_version(self.lexicon),
                instead_of=self.target.report_id if self.target else "",
            )
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
            reason=result.reason or _unplaced(report),
        )

    def _aimed(self, report: Report) -> Report:
        """`report` in the place of the one it is to replace. Raises WrongReportError."""
        if self.target is None:
            return report
        held = {row.id: row for row in self.store.reports()}
        old = held.get(self.target.report_id)
        if old is None:
            raise WrongReportError("要替换的报告已不在资料库里。", "请刷新后再试。")
        same = held.get(report.id)
        if same is not None and same is not old:
            told = f"这个文件与已入库的{same.org}{same.year or ''}年报告内容相同，没有替换。"
            raise WrongReportError(told, "请核对所选文件。")
        own, place = (report.org, report.year), (old.org, old.year)
        differs = any(mine and mine != its for mine, its in zip(own, place, strict=True))
        if differs and not self.target.sure:
            raise WrongReportError(
                f"新文件写的是“{_named(*own)}”，要替换的是“{_named(*place)}”，没有替换。",
                "请核对所选文件；确实要替换，请勾选“以这一行的单位和年度为准”后再上传。",
            )
        return replace(report, org=old.org, year=old.year)


def _named(org: str, year: int | None) -> str:
    return f"{org or '单位不明'} {f'{year}年' if year else '年度不明'}"


def _unplaced(report: Report) -> str:
    """What is to be done about a report without a place; nothing about one that has it."""
    lacks = [name for name, value in (("单位", report.org), ("年度", report.year)) if not value]
    if not lacks:
        return ""
    return f"没有认出{'和'.join(lacks)}，请在网页“资料库”更正；不是报告的请删除。"


def _sentence(error: VectorstoreError) -> str:
    return f"{error}{error.hint}"
