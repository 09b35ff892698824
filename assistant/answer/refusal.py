"""Say plainly that the reports do not say, and what is nearest."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer.compose import named
from vectorstore.scope import QuestionScope
from vectorstore.store import ReportRow

__all__ = ["EMPTY_LIBRARY", "held", "outside"]

EMPTY_LIBRARY = "资料库里还没有报告。请先导入报告，再提问。"


def outside(asked: QuestionScope, rows: Sequence[ReportRow]) -> str:
    """Why the question lies outside the library as a sentence, or "" when it does not."""
    if not rows:
        return EMPTY_LIBRARY
    if asked.unknown_places and not asked.orgs:
        return f"资料库里没有{'、'.join(asked.unknown_places)}的报告。"
    if asked.unknown_years and not asked.years:
        years = "、".join(f"{year}年" for year in asked.unknown_years)
        of = f"{'、'.join(asked.orgs)}" if asked.orgs else ""
        return f"资料库里没有{of}{years}的报告。"
    return ""


def held(asked: QuestionScope, rows: Sequence[ReportRow], most: int = 6) -> list[str]:
    """What the library does hold for the organisations asked about, else for all."""
    chosen = [r for r in rows if r.org in asked.orgs] or list(rows)
    names = [named(r.org, r.year) if r.org else f"“{r.title}”{named('', r.year)}" for r in chosen]
    more = f"等 {len(names)} 份" if len(names) > most else ""
    return [f"资料库现有：{'、'.join(names[:most])}{more}。"] if names else []
