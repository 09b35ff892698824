"""Which reports a question is put to, and what the user should know about that choice."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.answer import refusal
from assistant.answer.figures import aims
from assistant.answer.reading import of_place
from vectorstore.scope import QuestionScope
from vectorstore.store import ReportRow, Store
from vectorstore.types import Scope

__all__ = ["Selection", "earlier", "select"]


@dataclass(frozen=True, slots=True)
class Selection:
    """The reports to answer from.

    `outside` says why there are none (one Chinese sentence), else "". `absent` are organisations
    asked about, or in the library, that have no report of the year: they are named, never skipped.
    """

    asked: QuestionScope
    rows: tuple[ReportRow, ...]
    library: tuple[ReportRow, ...]
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    outside: str = ""

    @property
    def scope(self) -> Scope:
        """The same choice for retrieval; parts are a preference there, not a filter."""
        orgs = tuple(dict.fromkeys(r.org for r in self.rows if r.org))
        years = tuple(dict.fromkeys(r.year for r in self.rows if r.year))
        return Scope(orgs, years)

    @property
    def many(self) -> bool:
        """Whether the answer compares reports."""
        return len(self.rows) > 1


def select(store: Store, asked: QuestionScope) -> Selection:
    """Choose reports by organisation and year; without a year, the newest one and say so."""
    library = tuple(store.reports())
    asked = _planned(asked, library)
    if why := refusal.outside(asked, library):
        return Selection(asked, (), library, outside=why)
    mine = [r for r in library if r.org in asked.orgs] if asked.orgs else list(library)
    mine = of_place(store, mine, asked.question) if asked.orgs else mine
    if asked.years:
        rows = [r for r in mine if r.year in asked.years]
        notes: tuple[str, ...] = ()
    else:
        rows, notes = _newest(mine)
    absent = _absent(asked, library, rows)
    if not rows:
        years = "、".join(f"{year}年" for year in asked.years)
        why = f"资料库里没有{'、'.join(absent)}{years}的报告。"
        return Selection(asked, (), library, absent, outside=why)
    return Selection(asked, tuple(rows), library, absent, (*notes, *_missing_places(asked)))


def earlier(store: Store, selection: Selection) -> Selection | None:
    """The report of the year before of one organisation, when no year was named.

    An answer from it says so: nobody should take it for the newest.
    """
    asked, rows = selection.asked, selection.rows
    if asked.years or len({r.org for r in rows}) != 1 or not rows[0].year:
        return None
    newest = rows[0].year
    older = sorted({r.year for r in selection.library if r.org == rows[0].org and r.year} - {None})
    before = [year for year in older if year < newest]
    if not before:
        return None
    chosen = select(store, replace(asked, orgs=(rows[0].org,), years=(before[-1],)))
    note = f"{newest}年的报告没有写，以下出自{before[-1]}年的报告。"
    return replace(chosen, notes=(note,))


def _planned(asked: QuestionScope, library: tuple[ReportRow, ...]) -> QuestionScope:
    """What a year without a report is to reach stands in the report of the year before."""
    known = {r.year for r in library}
    before = {year - 1 for year in asked.unknown_years} & known
    if asked.years or not before or not aims(asked.question):
        return asked
    return replace(asked, years=tuple(sorted(y for y in before if y)), unknown_years=())


def _newest(rows: list[ReportRow]) -> tuple[list[ReportRow], tuple[str, ...]]:
    """The newest year's reports; reports without a year are kept as they are."""
    years = sorted({r.year for r in rows if r.year})
    if len(years) <= 1:
        return rows, ()
    others = "、".join(f"{year}年" for year in years[:-1])
    note = f"问题没有写明年度，按{years[-1]}年的报告回答（资料库另有{others}）。"
    return [r for r in rows if r.year in (years[-1], None)], (note,)


def _absent(
    asked: QuestionScope, library: tuple[ReportRow, ...], rows: list[ReportRow]
) -> tuple[str, ...]:
    wanted = asked.orgs or tuple(dict.fromkeys(r.org for r in library if r.org))
    here = {r.org for r in rows}
    return tuple(org for org in wanted if org not in here)


def _missing_places(asked: QuestionScope) -> tuple[str, ...]:
    notes = []
    if asked.unknown_places:
        notes.append(f"资料库里没有{'、'.join(asked.unknown_places)}的报告。")
    if asked.unknown_years:
        notes.append(f"资料库里没有{'、'.join(f'{y}年' for y in asked.unknown_years)}的报告。")
    return tuple(notes)
