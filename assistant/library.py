"""What the CLI and the web page do with the library: ingest, list, correct, delete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.scoping import UnknownScopeError

if TYPE_CHECKING:
    from assistant.build import Services
    from vectorstore.ingest import IngestSummary, Progress, Target
    from vectorstore.store import ReportRow

__all__ = [
    "NothingFoundError",
    "correct_report",
    "delete_report",
    "ingest_paths",
    "list_reports",
    "summary_json",
]


class NothingFoundError(AssistantError):
    """The folders and archives named hold no file that could be a report."""

    default_hint = "可以导入 .docx、文字版 .pdf、.txt、.html 和 .zip；请检查文件夹是否写对。"


def ingest_paths(
    services: Services,
    paths: Iterable[Path],
    progress: Progress | None = None,
    *,
    reembed: bool = False,
    target: Target | None = None,
) -> IngestSummary:
    """Read, store and embed `paths`, each file parsed in a child process, then sync the index.

    With `target` the one file replaces that report.
    """
    from vectorstore.ingest import ingest
    from vectorstore.sandbox import SafeParser

    with SafeParser() as parser:
        summary = ingest(
            paths,
            services.store,
            reader=parser.parse,
            lexicon=services.lexicon,
            embedder=services.embedder,
            reembed=reembed,
            progress=progress,
            target=target,
        )
    services.sync_index()
    return summary


def summary_json(summary: IngestSummary) -> dict[str, Any]:
    """The document of `fazhi ingest --json`."""
    return {
        "reports": [asdict(record) for record in summary.reports],
        "seconds": round(summary.seconds, 3),
        "embedded": summary.embedded,
        "pending": summary.pending,
        "problem": summary.problem,
    }


def list_reports(services: Services, *, check: bool = False) -> list[dict[str, Any]]:
    """The documents of `fazhi reports --json`, by organisation and year.

    Only with `check` they hold `findings`, how many `fazhi check` has: about 10 ms a report.
    """
    rows: list[dict[str, Any]] = [
        {
            "id": row.id,
            "path": row.path,
            "org": row.org,
            "year": row.year,
            "title": row.title,
            "parts": [part.value for part in row.parts],
            "quantities": row.n_quantities,
            "notes": [note.message for note in row.notes],
        }
        for row in services.store.reports()
    ]
    if check:
        from assistant.check import check_library

        found = {key: len(one.findings) for key, one in check_library(services.store)}
        for row in rows:
            row["findings"] = found.get(row["id"], 0)
    return rows


def delete_report(services: Services, report_id: str) -> ReportRow:
    """Delete the report whose id begins with `report_id`, in every file. Returns its row.

    What quotes it elsewhere is for the caller to withdraw, as `Histories.follow` does. Raises
    UnknownScopeError when no report or more than one fits.
    """
    fitting = [row for row in services.store.reports() if row.id.startswith(report_id)]
    if len(fitting) != 1:
        what = "没有编号以" if not fitting else "有不止一份报告的编号以"
        raise UnknownScopeError(f"{what} {report_id} 开头{'的报告' if not fitting else ''}。")
    services.store.delete(fitting[0].id)
    services.sync_index()
    return fitting[0]


def correct_report(services: Services, report_id: str, org: str, year: int) -> None:
    """Give a report another organisation and year; its figures are read anew under them.

    Raises NotFoundError, and StoreError when another report already has that place.
    """
    from vectorstore.ingest import correct_scope

    correct_scope(services.store, report_id, org, year, services.lexicon)
    services.sync_index()
