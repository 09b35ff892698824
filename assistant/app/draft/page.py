"""What the tab 起草 shows of a session's draft, with its downloads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.app.draft import side as draft_side
from assistant.app.draft import view as draft_view
from assistant.app.draft.desk import KINDS, DraftDesk
from assistant.app.draft.sheet import Sheet, grid_html
from assistant.app.draft.work import Case, Target
from assistant.app.notices import problem_html

__all__ = ["DraftPage", "DraftView"]

_EVIDENCE = ".evidence.json"


@dataclass(frozen=True, slots=True)
class DraftView:
    """HTML of each place of the tab; `changes` tells one view of a draft from the next."""

    about: str
    grid: str = ""
    state: str = ""
    side: str = ""
    paper: str = ""
    running: bool = False
    changes: int = -1


class DraftPage:
    """Draws what a desk holds."""

    def __init__(self, desk: DraftDesk) -> None:
        self._desk = desk

    def changes(self, session: str) -> int:
        """The number of the newest change of the draft shown."""
        case = self._desk.desktop(session).current
        return case.changes if case else -1

    def view(self, session: str) -> DraftView:
        """Everything there is to show to `session`."""
        desktop = self._desk.desktop(session)
        case = desktop.current
        told = problem_html(*desktop.problem) if desktop.problem else ""
        if case is None:
            orgs = self._desk.setup(session).orgs
            return DraftView(told or (draft_view.WELCOME if orgs else draft_view.EMPTY_LIBRARY))
        changes = case.changes  # first: what changes while it is drawn is drawn again
        return DraftView(
            told + draft_view.about_html(case, self._sheets(session, case)),
            grid_html(case.sheet, case.read),
            draft_view.state_html(case, self._downloads(session, case)),
            draft_side.side_html(case),
            draft_view.paper_html(case),
            case.busy,
            changes,
        )

    def _sheets(self, session: str, case: Case) -> list[tuple[str, str]]:
        target, template = case.target, case.sheet.template
        name = f"{template.org}{template.year}年指标填报表"
        make = partial(self._sheet, session, target)
        blank = self._offer(session, target, f"{name}.xlsx", partial(make, blank=True))
        links = [("下载空白填报表", blank)]
        if case.sheet.filled():
            filled = self._offer(session, target, f"{name}（已填）.xlsx", make)
            links.append(("下载已填的表", filled))
        return links

    def _downloads(self, session: str, case: Case) -> str:
        result, target = case.result, case.target
        if result is None or case.busy:
            return ""
        name = f"{target.org}{target.year}年{KINDS[target.kind].removeprefix('下一年度')}"
        file = partial(self._file, session, target)
        links = {
            title: self._offer(session, target, name + suffix, make)
            for title, suffix, make in (
                ("审阅稿 docx", "（审阅稿）.docx", partial(file, ".docx")),
                ("清稿 docx", "（清稿）.docx", partial(file, ".docx", clean=True)),
                ("Markdown", ".md", partial(file, ".md")),
                ("依据文件", f"（审阅稿）{_EVIDENCE}", partial(file, _EVIDENCE)),
            )
        }
        return draft_side.downloads_html(result, links)

    def _offer(self, session: str, target: Target, name: str, make: Callable[[], bytes]) -> str:
        key = f"draft|{target.kind}|{name}"
        return self._desk.downloads.offer(session, name, make, key)

    def _sheet(self, session: str, target: Target, *, blank: bool = False) -> bytes:
        """The sheet as it now is; it prints the figures of last year's report."""
        sheet = self._desk.case(session, target).sheet
        return (Sheet(sheet.template) if blank else sheet).file()

    def _file(self, session: str, target: Target, suffix: str, *, clean: bool = False) -> bytes:
        with TemporaryDirectory(prefix="fazhi-") as folder:
            path = Path(folder) / f"draft{suffix.replace(_EVIDENCE, '.md')}"
            self._desk.save(session, target, path, clean=clean)
            return (Path(folder) / f"draft{suffix}").read_bytes()
