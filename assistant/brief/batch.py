"""Which reports a brief is about: one a bureau, the others named and never counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError
from vectorstore.scope.organisations import read_organisations
from vectorstore.store import ReportRow, Store

__all__ = ["Batch", "Bureau", "NothingToTellError", "name_of", "select_batch"]

# The newest year of a batch is its year once a fifth of the reports are of it; a single report
# with a mistyped year must not become the brief's.
_SHARE = 5


class NothingToTellError(AssistantError):
    """No report fits the organisations and year asked for."""

    default_hint = "用 fazhi reports 查看已入库的单位和年度，用 fazhi ingest 导入报告。"


@dataclass(frozen=True, slots=True)
class Bureau:
    """One organisation of the brief; `report` is its report of the brief's year, if it sent one.

    `before` is its report of the year before.
    """

    name: str
    report: ReportRow | None = None
    before: ReportRow | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The reports of one brief.

    `extra` are further reports of a bureau for the same year (counted nowhere), `elsewhere` the
    reports of other years of bureaus that have none of this one, `older` all remaining ones.
    `chosen` says whether the user named the year.
    """

    year: int | None
    bureaus: tuple[Bureau, ...]
    extra: tuple[ReportRow, ...] = ()
    elsewhere: tuple[ReportRow, ...] = ()
    older: tuple[ReportRow, ...] = ()
    chosen: bool = False

    @property
    def reports(self) -> tuple[ReportRow, ...]:
        """The report of every bureau that sent one, in the order of the tables."""
        return tuple(b.report for b in self.bureaus if b.report)

    @property
    def pairs(self) -> tuple[Bureau, ...]:
        """The bureaus with a report of this year and of the year before."""
        return tuple(b for b in self.bureaus if b.report and b.before)

    @property
    def asked(self) -> tuple[ReportRow, ...]:
        """Every report that the brief must account for: of the year named, or all of the scope."""
        if self.chosen:
            return (*self.reports, *self.extra)
        before = (b.before for b in self.bureaus if b.before)
        return (*self.reports, *self.extra, *before, *self.elsewhere, *self.older)


def select_batch(store: Store, orgs: Sequence[str] = (), year: int | None = None) -> Batch:
    """The batch for `orgs` (default: all in the library) and `year` (default: the newest).

    An organisation named but not in the library has sent no report. Raises NothingToTellError.
    """
    library = store.reports()
    names = _named(orgs, library)
    rows = [row for row in library if not orgs or row.org in names]
    chosen = year is not None
    year = year or _newest(rows)
    of_year = [row for row in rows if row.year == year or row.year is None]
    if not of_year:
        when = f"{year}年" if year else ""
        raise NothingToTellError(f"资料库里没有所选单位{when}的报告。")
    by_org: dict[str, list[ReportRow]] = {name: [] for name in names}
    for row in rows:
        by_org.setdefault(row.org or row.id, []).append(row)
    made = [_Bureau.of(name, mine, year) for name, mine in by_org.items()]
    made.sort(key=lambda b: (b.bureau.report is None, b.bureau.name))
    return Batch(
        year=year,
        bureaus=tuple(b.bureau for b in made),
        extra=tuple(row for b in made for row in b.extra),
        elsewhere=tuple(row for b in made for row in b.elsewhere),
        older=tuple(row for b in made for row in b.older),
        chosen=chosen,
    )


def _named(orgs: Sequence[str], library: Sequence[ReportRow]) -> list[str]:
    """Full names for short ones; a name nothing is known of stays as it is."""
    known = sorted({row.org for row in library if row.org})
    names: list[str] = []
    for org in orgs:
        names += [org] if org in known else list(read_organisations(org, known).orgs) or [org]
    return list(dict.fromkeys(names))


def _newest(rows: Sequence[ReportRow]) -> int | None:
    counts = Counter(row.year for row in rows if row.year)
    whole = sum(counts.values())
    enough = [year for year, n in counts.items() if n * _SHARE >= whole]
    return max(enough or counts, default=None)


@dataclass(frozen=True, slots=True)
class _Bureau:
    """A bureau with those of its reports that do not count."""

    bureau: Bureau
    extra: tuple[ReportRow, ...]
    elsewhere: tuple[ReportRow, ...]
    older: tuple[ReportRow, ...]

    @classmethod
    def of(cls, name: str, rows: Sequence[ReportRow], year: int | None) -> _Bureau:
        mine = sorted((r for r in rows if r.year in (year, None)), key=lambda r: _standing(r, year))
        rest = [r for r in rows if r not in mine]
        before = next((r for r in rest if year and r.year == year - 1 and r.is_annual), None)
        if mine:
            name = name_of(mine[0])
        if not mine:
            return cls(Bureau(name), (), tuple(rest), ())
        older = tuple(r for r in rest if r is not before)
        return cls(Bureau(name, mine[0], before), tuple(mine[1:]), (), older)


def name_of(row: ReportRow) -> str:
    """What a report's bureau is called; of one that does not name it, the title or the file."""
    return row.org or f"（单位不明：{row.title or Path(row.path).name}）"


def _standing(row: ReportRow, year: int | None) -> tuple[bool, bool, int]:
    """The annual report of the year first, the one with most figures among equals."""
    return not row.is_annual, row.year != year, -row.n_quantities
