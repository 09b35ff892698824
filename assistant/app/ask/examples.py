"""Questions to begin with, about what the library really holds."""

from __future__ import annotations

from vectorstore.store import ReportRow, Store
from vectorstore.types import Part, Scope

__all__ = ["from_library"]

_FILED = "penalty_filed"  # the key of 行政处罚立案 in vectorstore/indicators.yaml


def from_library(store: Store) -> tuple[str, ...]:
    """Up to four questions that name organisations and years of the newest reports."""
    rows = [row for row in store.reports() if row.org and row.year and row.is_annual]
    if not rows:
        return ()
    year = max(row.year or 0 for row in rows)
    newest = [row for row in rows if row.year == year]
    found = [*_figures(store, newest, year)]
    found += _about(newest, Part.SHORTCOMINGS, "{org}{year}年存在哪些不足？", 1)
    found += _about(newest, Part.NEXT_YEAR, "{org}下一年度有哪些工作安排？", 2)
    return tuple(found[:4])


def _figures(store: Store, rows: list[ReportRow], year: int) -> list[str]:
    telling = {
        row.org for row in store.quantities(Scope(years=(year,)), _FILED) if row.year == year
    }
    orgs = [row.org for row in rows if row.org in telling]
    found = [f"{orgs[0]}{year}年行政处罚立案多少件？"] if orgs else []
    if len(set(orgs)) > 1:
        found.append(f"{year}年哪个单位行政处罚立案最多？")
    return found


def _about(rows: list[ReportRow], part: Part, question: str, nth: int) -> list[str]:
    """`question` of the `nth` report that has `part`, so that examples name several."""
    having = [row for row in rows if part in row.parts]
    if not having:
        return []
    row = having[nth % len(having)]
    return [question.format(org=row.org, year=row.year)]
