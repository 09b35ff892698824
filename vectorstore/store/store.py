"""`Store`: the truth about every report, in one SQLite file, one transaction a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from vectorstore.errors import NotFoundError, StoreError
from vectorstore.originals import FOLDER_NAME, Original, Originals
from vectorstore.store import chunks as chunk_rows
from vectorstore.store import ledger, lexical, vectors
from vectorstore.store import reports as report_rows
from vectorstore.store.database import Connection, Database, generation, touch
from vectorstore.store.kept import Kept
from vectorstore.store.records import (
    AddResult,
    Copied,
    LedgerRow,
    ReportRow,
    StoredChunk,
    VectorBatch,
)
from vectorstore.types import Chunk, Modality, Note, Quantity, QuantityKind, Report, Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FILE_NAME", "Store"]

FILE_NAME = "fazhi.sqlite"
_EVERYTHING = Scope()
# Names nothing of the old version: its text and its file name are to be gone.
_REPLACED = Note("replaced", "先后报送过不止一个版本，以最后导入的一份为准。")


class Store:
    """Reports, chunks, vectors, ledger and full-text index of one data folder.

    Safe to share between threads; a second process may read while one writes. Every method may
    raise StoreError (damaged or busy file) and the writing ones StorageFullError, in which case
    nothing was half written.
    """

    def __init__(self, database: Database, originals: Originals) -> None:
        self._database = database
        self._originals = originals
        self._kept = Kept()

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open, or create, the store in `folder`. Raises SchemaError for a newer file."""
        return cls(Database(folder / FILE_NAME), Originals(folder / FOLDER_NAME))

    def close(self) -> None:
        """Close the file; any later call raises StoreError."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(
        self,
        report: Report,
        chunks: Sequence[Chunk],
        quantities: Sequence[Quantity],
        *,
        original: Path | None = None,
        rules: str = "",
        instead_of: str = "",
    ) -> AddResult:
        """Store a report with all that was derived from it, in one transaction.

        The same text again, from whatever file, is `unchanged` (the further path is remembered).
        Another text of the same organisation, year and kind is `replaced`, and so is the report
        `instead_of`, whatever it is. A copy of the file `original` is kept, under the last part of
        the report's path. `rules` names what the figures were read with.

        Raises BrokenFileError when `original` cannot be read.
        """
        with self._database.write() as connection:
            known = report_rows.find(connection, report.id)
            if known is not None:
                remembered = report_rows.remember_path(connection, known, report.path)
                if self._keep(connection, known, original, report.path) or remembered:
                    touch(connection)
                return AddResult(report.id, "unchanged", "内容与已入库的报告相同。")
            older = report_rows.same_place(connection, report, instead_of)
            if older:
                report = replace(report, notes=(*report.notes, _REPLACED))
            hashes = self._remove(connection, [rid for rid, _ in older])
            rid = report_rows.insert(connection, report, len(chunks))
            cids = chunk_rows.insert(connection, rid, chunks)
            lexical.insert(connection, list(zip(cids, chunks, strict=True)))
            _set_figures(connection, rid, report, quantities, rules)
            self._keep(connection, rid, original, report.path)
            vectors.drop_orphans(connection, hashes)
            touch(connection)
        return _added(report.id, [path for _, path in older])

    def original(self, report_id: str) -> Original:
        """The kept file of a report. Raises NotFoundError when there is no report or no file."""
        with self._database.read() as connection:
            found = report_rows.attached(connection, report_rows.require(connection, report_id))
        path = self._originals.path(found[0]) if found else None
        if found is None or path is None or not path.is_file():
            raise NotFoundError("没有保存这份报告的原文件。", "请重新上传该文件，之后即可下载。")
        return Original(found[1], path, found[2])

    def reports(self, scope: Scope = _EVERYTHING) -> list[ReportRow]:
        """The reports of `scope`, without their text, by organisation and year."""
        with self._database.read() as connection:
            return self._kept.reports(connection, scope)

    def report(self, report_id: str) -> Report:
        """The whole report. Raises NotFoundError."""
        with self._database.read() as connection:
            return self._kept.report(connection, report_id)

    def set_scope(
        self,
        report_id: str,
        org: str,
        year: int | None,
        quantities: Sequence[Quantity],
        rules: str = "",
    ) -> None:
        """Correct the organisation and year of a report by hand.

        `quantities` are its figures read anew under that scope (`ingest.correct_scope` does this).
        Raises NotFoundError, and StoreError when another report already has that place.
        """
        with self._database.write() as connection:
            rid = report_rows.require(connection, report_id)
            report = replace(report_rows.load(connection, report_id), org=org, year=year)
            if report_rows.same_place(connection, report):
                raise StoreError(f"已有{org}{year}年的报告。", "请先删除其中一份，再更正。")
            report_rows.move(connection, rid, org, year)
            _set_figures(connection, rid, report, quantities, rules)
            touch(connection)

    def read_by_other_rules(self, rules: str) -> list[str]:
        """Ids of the reports whose figures were read with other rules than `rules`."""
        with self._database.read() as connection:
            return report_rows.read_by_other_rules(connection, rules)

    def set_figures(self, report_id: str, quantities: Sequence[Quantity], rules: str) -> None:
        """Give a report figures read anew with `rules`. Raises NotFoundError."""
        with self._database.write() as connection:
            rid = report_rows.require(connection, report_id)
            report = report_rows.load(connection, report_id)
            _set_figures(connection, rid, report, quantities, rules)
            touch(connection)

    def delete(self, *report_ids: str) -> None:
        """Delete reports, all or none, and wipe their text from the disk.

        Raises NotFoundError. Wiping rewrites the file (about four seconds at 50,000 chunks), so
        delete several in one call.
        """
        with self._database.write() as connection:
            rids = [report_rows.require(connection, report_id) for report_id in report_ids]
            vectors.drop_orphans(connection, self._remove(connection, rids))
            touch(connection)
        self.purge()

    def purge(self) -> bool:
        """Overwrite what deleted and replaced reports left on disk, and remove their files.

        False when another process was reading all the while: call again later.
        """
        with self._database.write() as connection:
            self._originals.sweep(report_rows.all_attached(connection))
            if not _purge_due(connection):
                return True
            lexical.purge(connection)
        done = self._database.purge()
        if done:
            with self._database.write() as connection:
                _set_purge_due(connection, False)
        return done

    def chunks(self, ids: Sequence[str]) -> dict[str, StoredChunk]:
        """The chunks with these ids, in this order; unknown ids are left out."""
        with self._database.read() as connection:
            return chunk_rows.by_ids(connection, ids)

    def chunks_of(self, report_id: str) -> list[Chunk]:
        """The chunks of a report, in order. Raises NotFoundError."""
        with self._database.read() as connection:
            return chunk_rows.of_report(connection, report_id)

    def chunk_count(self, scope: Scope = _EVERYTHING) -> int:
        """How many chunks `scope` holds."""
        with self._database.read() as connection:
            return chunk_rows.count(connection, scope)

    def lexical(self, words: Sequence[str], scope: Scope, k: int) -> list[tuple[str, float]]:
        """The `k` best (chunk id, BM25) for segmented `words`; higher is better."""
        with self._database.read() as connection:
            return lexical.search(connection, words, scope, k)

    def pending_embeddings(self, model: str, limit: int) -> list[tuple[str, str]]:
        """Up to `limit` (text hash, text to embed) that lack a vector of `model`."""
        with self._database.read() as connection:
            return vectors.pending(connection, model, limit)

    def pending_count(self, model: str) -> int:
        """How many distinct texts lack a vector of `model`."""
        with self._database.read() as connection:
            return vectors.pending_count(connection, model)

    def pending_by_report(self, model: str) -> dict[str, int]:
        """How many chunks of each report lack a vector of `model`; whole reports are left out."""
        with self._database.read() as connection:
            return vectors.pending_by_report(connection, model)

    def put_vectors(self, model: str, batch: Sequence[tuple[str, NDArray[np.float32]]]) -> None:
        """Store (text hash, vector) pairs in one transaction. Raises EmbeddingError."""
        with self._database.write() as connection:
            vectors.put(connection, model, batch)
            touch(connection)

    def models(self) -> list[str]:
        """The embedding models that have vectors here, by name."""
        with self._database.read() as connection:
            return vectors.models(connection)

    def keep_only_model(self, model: str) -> None:
        """Delete the vectors of every model but `model`."""
        with self._database.write() as connection:
            vectors.keep_only(connection, model)
            touch(connection)

    def vectors(self, model: str, scope: Scope = _EVERYTHING) -> VectorBatch:
        """The vectors of `model` of every chunk of `scope` that has one."""
        with self._database.read() as connection:
            return vectors.load(connection, model, scope)

    def quantities(
        self,
        scope: Scope = _EVERYTHING,
        canonical: str | None = None,
        *,
        kind: QuantityKind | None = None,
        modality: Modality | None = None,
        report_id: str | None = None,
    ) -> list[LedgerRow]:
        """Ledger rows by the figure's own organisation and year, in order of report and place."""
        with self._database.read() as connection:
            if report_id and scope == _EVERYTHING and (canonical, kind, modality) == (None,) * 3:
                return self._kept.figures(connection, report_id)
            return ledger.select(
                connection,
                scope,
                canonical=canonical,
                kind=kind,
                modality=modality,
                report_id=report_id,
            )

    def generation(self) -> int:
        """A stamp that differs whenever what is stored changed; compare for equality only."""
        with self._database.read() as connection:
            return generation(connection)

    def backup(self, to: Path) -> Copied:
        """Copy the database as of now to the new file `to`, while it is in use.

        The original files it names are for the caller to copy. Raises StoreError when the database
        is damaged.
        """
        with self._database.read() as connection:
            reports = self._kept.reports(connection, _EVERYTHING)
            copied = Copied(len(reports), frozenset(report_rows.all_attached(connection)))
            self._database.backup(connection, to)
        return copied

    def original_names(self) -> frozenset[str]:
        """The names of the kept files, below `vectorstore.originals.FOLDER_NAME`."""
        with self._database.read() as connection:
            return frozenset(report_rows.all_attached(connection))

    def _keep(self, connection: Connection, rid: int, original: Path | None, path: str) -> bool:
        """Keep `original` as the file of report `rid` unless it has one; whether it had none."""
        if original is None:
            return False
        found = report_rows.attached(connection, rid)
        if found is not None and self._originals.path(found[0]).is_file():
            return False
        report_rows.attach(connection, rid, Path(path).name, self._originals.keep(original))
        return True

    @staticmethod
    def _remove(connection: Connection, rids: Sequence[int]) -> list[tuple[str]]:
        """Delete reports inside a transaction; returns the text hashes they used."""
        if not rids:
            return []
        hashes = chunk_rows.hashes(connection, rids)
        lexical.forget(connection, rids)
        report_rows.delete(connection, rids)
        _set_purge_due(connection, True)
        return hashes


def _added(report_id: str, older: Sequence[str]) -> AddResult:
    """What was done with a report that took the place of those at the paths `older`."""
    if not older:
        return AddResult(report_id, "added")
    replaced = "、".join(Path(path).name for path in older)
    return AddResult(report_id, "replaced", f"替换了同一单位同一年度的旧版本（{replaced}）。")


def _set_figures(
    connection: Connection, rid: int, report: Report, quantities: Sequence[Quantity], rules: str
) -> None:
    ledger.clear(connection, rid)
    ledger.insert(connection, rid, report, quantities)
    report_rows.stamp(connection, rid, len(quantities), rules)


def _purge_due(connection: Connection) -> bool:
    row = connection.execute("SELECT value FROM meta WHERE key = 'purge_due'").fetchone()
    return bool(row[0])


def _set_purge_due(connection: Connection, due: bool) -> None:
    connection.execute("UPDATE meta SET value = ? WHERE key = 'purge_due'", (due,))
