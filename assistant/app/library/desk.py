"""The tab 资料库 without Gradio: reports listed, corrected, replaced, deleted and handed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.app import words
from assistant.app.downloads import Downloads
from assistant.app.library import panels, shelf
from assistant.app.library.arrivals import arrivals_html
from assistant.app.library.intake import Intake
from assistant.app.library.looking import Draft, Look, absent, pick
from assistant.build import Services
from assistant.conversations import Histories
from assistant.library import correct_report, delete_report
from vectorstore.errors import NotFoundError, PlainError
from vectorstore.ingest import Target
from vectorstore.store import ReportRow

__all__ = ["LibraryDesk", "Standing"]

_GONE = "这份报告已不在资料库里，请刷新本页。"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the background work is. `changes` grows whenever the table would look different."""

    progress: str
    running: bool
    changes: int


@dataclass(frozen=True)
class LibraryDesk:
    """The library of one set of services; `downloads` hands out the original files."""

    services: Services
    histories: Histories
    intake: Intake
    downloads: Downloads

    # -- what is shown

    def standing(self) -> Standing:
        """Uploads and checks under way."""
        snapshot, results = self.intake.snapshot(), self.intake.inspections.results()
        running = snapshot.running or results.busy
        return Standing(arrivals_html(snapshot), running, snapshot.changes + results.changes)

    def years(self) -> list[str]:
        """The years there are reports for, newest first."""
        years = {row.year for row in self.services.store.reports() if row.year}
        return [f"{year}年" for year in sorted(years, reverse=True)]

    def table(self, look: Look) -> str:
        """The reports `look` asks for."""
        store = self.services.store
        rows = store.reports()
        found = self.intake.inspections.results().found
        lacking = store.pending_by_report(self.services.embedder.name)
        shown = shelf.Shelf(pick(rows, look, found), look, found, lacking)
        return shelf.reports_html(shown, len(rows), lambda row: self._panel(row, look, rows))

    def absent(self, year: str) -> str:
        """Who has not reported for `year`, or for the newest one."""
        told = absent(self.services.store.reports(), year)
        return shelf.absent_html(*told) if told else ""

    def _panel(self, row: ReportRow, look: Look, rows: Sequence[ReportRow]) -> str:
        match look.panel:
            case "findings":
                found = self.intake.inspections.results().found
                return panels.findings_html(row, found.get(row.id, ()))
            case "correct":
                orgs = sorted({other.org for other in rows if other.org}, key=words.by_name)
                return panels.correct_html(row, orgs, look.draft)
            case "replace":
                return panels.replace_html(row)
            case "delete":
                return panels.delete_html(row)
        return ""

    # -- what is done

    def upload(self, session: str, files: Sequence[str]) -> None:
        """Hand uploaded files to the intake."""
        names = "、".join(Path(file).name for file in files)
        self.intake.submit([Path(file) for file in files])
        self.services.audit.record("ingest", session, file=names)

    def replace(self, session: str, report_id: str, file: str, *, sure: bool) -> str:
        """Put an uploaded file in the place of a report; what to tell the user."""
        uploads = (self.services.settings.folder / "uploads").resolve()
        path = Path(file)
        row = self._row(report_id)
        if row is None:
            return shelf.notice_html(_GONE, failed=True)
        if not path.resolve().is_relative_to(uploads) or not path.is_file():
            told = "没有收到要替换的文件，请重新选择后上传。"
            return shelf.notice_html(told, failed=True)
        self.intake.submit([path], Target(report_id, sure))
        self.services.audit.record("replace", session, reports=[report_id], file=path.name)
        return shelf.notice_html(f"正在用《{path.name}》替换 {_named(row.org, row.year)} 的报告…")

    def correct(self, session: str, look: Look, org: str, year: str) -> tuple[Look, str]:
        """Give the opened report another organisation and year; what to show, what to tell."""
        row = self._row(look.row)
        if row is None:
            return replace(look, row="", panel=""), shelf.notice_html(_GONE, failed=True)
        org, draft = " ".join(org.split()), Draft(org, year)
        number = panels.year_of(year)
        if not org or len(org) > panels.MAX_ORG:
            return replace(look, draft=replace(draft, problem="请填写单位全称。")), ""
        if number is None:
            problem = "年度请填四位数字，如 2025。"
            return replace(look, draft=replace(draft, problem=problem)), ""
        if (org, number) == (row.org, row.year):
            return replace(look, draft=replace(draft, problem="与现在记的相同，没有改动。")), ""
        try:
            correct_report(self.services, row.id, org, number)
        except PlainError as error:
            told = f"未能更正：{error}{words.on_page(error.hint)}"
            return replace(look, draft=replace(draft, problem=told)), ""
        self.intake.changed()
        old, new = _named(row.org, row.year), _named(org, number)
        self.services.audit.record("correct", session, reports=[row.id], before=old, after=new)
        figures = self._row(row.id)
        count = figures.n_quantities if figures else 0
        told = f"已更正：由“{old}”改为“{new}”，{count} 个数字已改记。"
        return replace(look, row="", panel="", draft=None), shelf.notice_html(told)

    def delete(self, session: str, report_id: str) -> str:
        """Delete a report and withdraw the answers that quote it; what to tell the user."""
        try:
            row = delete_report(self.services, report_id)
        except PlainError as error:
            told = f"未能删除：{error}{words.on_page(error.hint)}"
            return shelf.notice_html(told, failed=True)
        self.histories.follow(self.services.store)
        self.intake.changed()
        named = _named(row.org, row.year)
        self.services.audit.record("delete", session, reports=[row.id], org=row.org)
        return shelf.notice_html(f"已删除 {named} 的报告。")

    def original(self, session: str, report_id: str) -> tuple[str, str]:
        """The address of a report's own file, or "" and what to tell the user."""
        store = self.services.store
        try:
            kept = store.original(report_id)
        except NotFoundError as error:
            told = f"{error}{words.on_page(error.hint)}"
            return "", shelf.notice_html(told, failed=True)
        self.services.audit.record("export", session, reports=[report_id], file=kept.name)

        def make() -> bytes:
            return store.original(report_id).path.read_bytes()

        return self.downloads.offer(session, kept.name, make, f"original {report_id}"), ""

    def _row(self, report_id: str) -> ReportRow | None:
        rows = self.services.store.reports()
        return next((row for row in rows if row.id == report_id), None)


def _named(org: str, year: int | None) -> str:
    return f"{org or '单位不明'} {f'{year}年' if year else '年度不明'}"
