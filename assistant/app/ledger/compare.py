"""One shared indicator side by side: across organisations of a year, or over one's years."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.aggregate import Operand, Series, gather, ranked
from vectorstore.store import LedgerRow, ReportRow, Store
from vectorstore.types import Modality, Part, Scope

__all__ = ["Compared", "Course", "YearPoint", "compare", "course"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One indicator of several organisations in `year`, from the longest."""

    series: Series
    operands: tuple[Operand, ...]
    year: int


@dataclass(frozen=True, slots=True)
class YearPoint:
    """A year of one organisation: what was done and what had been planned, each if it is told.

    `reported` says whether there is a report for the year at all, `to_come` that the year is later
    than any report.
    """

    year: int
    actual: Operand | None
    target: LedgerRow | None
    reported: bool
    to_come: bool


@dataclass(frozen=True, slots=True)
class Course:
    """One indicator of one organisation, every year from the first to the last."""

    org: str
    series: Series
    points: tuple[YearPoint, ...]


def compare(store: Store, canonical: str, scope: Scope) -> Compared | None:
    """`canonical` in the annual reports of `scope`; None when there is nothing to compare.

    The newest year with a value is shown, for years are never mixed.
    """
    reports = _annual(store, scope)
    for year in sorted({report.year for report in reports if report.year}, reverse=True):
        series = gather(store, [r for r in reports if r.year == year], canonical)
        if len(series.operands) + len(series.silent) > 1 and series.operands:
            return Compared(series, tuple(ranked(series)), year)
    return None


def course(store: Store, canonical: str, scope: Scope) -> Course | None:
    """`canonical` over the years of the one organisation of `scope`; None for several, or when
    there is only one year to show.

    Targets are those a report sets for the year after, in the unit of the actual values.
    """
    reports = _annual(store, scope)
    orgs = {report.org for report in reports}
    if len(orgs) != 1:
        return None
    org = orgs.pop()
    series = gather(store, reports, canonical)
    actual = {operand.year: operand for operand in series.operands}
    targets = _targets(store, canonical, Scope((org,), scope.years), series)
    told = {year for year in (*actual, *targets) if year}
    if len(told) < 2 or not actual:
        return None
    reported = {report.year for report in reports if report.year}
    points = [
        YearPoint(year, actual.get(year), targets.get(year), year in reported, year > max(reported))
        for year in range(min(told), max(told) + 1)
    ]
    return Course(org, series, tuple(points))


def _annual(store: Store, scope: Scope) -> list[ReportRow]:
    return [r for r in store.reports(scope) if r.is_annual and r.org and r.year]


def _targets(
    store: Store, canonical: str, scope: Scope, series: Series
) -> dict[int | None, LedgerRow]:
    """What was planned for each year; of several aims for a year the first that is no part."""
    rows = [
        row
        for row in store.quantities(scope, canonical, modality=Modality.TARGET)
        if row.part is Part.NEXT_YEAR
        and row.quantity.value is not None
        and row.quantity.unit == series.unit
    ]
    rows.sort(key=lambda row: ("·" in row.quantity.indicator, row.quantity.start))
    return {row.year: row for row in reversed(rows)}
