"""One shared indicator side by side: across organisations of a year, or over one's years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.aggregate import Operand, Series, gather, ranked
from vectorstore.store import ReportRow, Store
from vectorstore.types import Scope

__all__ = ["Compared", "compare"]


@dataclass(frozen=True, slots=True)
class Compared:
    """The operands in the order shown. `org` is set when the years of one organisation are."""

    series: Series
    operands: tuple[Operand, ...]
    year: int | None = None
    org: str = ""


def compare(store: Store, canonical: str, scope: Scope) -> Compared | None:
    """`canonical` in the annual reports of `scope`; None when there is nothing to compare.

    Of several organisations the newest year with a value is shown, for years are never mixed.
    """
    reports = [r for r in store.reports(scope) if r.is_annual and r.org and r.year]
    orgs = {report.org for report in reports}
    if len(orgs) == 1:
        return _over_years(store, canonical, reports)
    for year in sorted({report.year for report in reports if report.year}, reverse=True):
        series = gather(store, [r for r in reports if r.year == year], canonical)
        if len(series.operands) + len(series.silent) > 1 and series.operands:
            return Compared(series, tuple(ranked(series)), year=year)
    return None


def _over_years(store: Store, canonical: str, reports: Sequence[ReportRow]) -> Compared | None:
    series = gather(store, reports, canonical)
    if len(reports) < 2 or not series.operands:
        return None
    operands = tuple(sorted(series.operands, key=lambda operand: operand.year or 0))
    return Compared(series, operands, org=reports[0].org)
