"""HTML of a comparison: one bar a report, drawn with SVG of our own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.aggregate import Operand, amount
from assistant.app.cards import escape
from assistant.app.compare import Compared
from assistant.ledger import printed
from vectorstore.store import ReportRow

__all__ = ["bars_html"]

_SHOWN = 30  # bars; the rest are in the table


def bars_html(compared: Compared, indicator: str) -> str:
    """The bars from the longest, or by year, and who gives no value."""
    shown = compared.operands[:_SHOWN]
    most = max((operand.value for operand in shown), default=Decimal(0))
    scope = compared.org or f"{compared.year}年各单位"
    lines = "".join(_bar(compared, operand, most) for operand in shown)
    return (
        f'<section class="bars"><h4>{escape(indicator)}<span>{escape(scope)}</span></h4>'
        f"<ol>{lines}</ol>{_notes(compared)}</section>"
    )


def _bar(compared: Compared, operand: Operand, most: Decimal) -> str:
    length = max(operand.value, Decimal(0)) / most * 100 if most > 0 else Decimal(0)
    who = f"{operand.year}年" if compared.org else operand.org
    said = amount(operand.value, compared.series.unit)
    if not operand.exact:
        said = printed(operand.row.quantity)
    return (
        f'<li><span class="who">{escape(who)}</span>'
        '<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{length:.2f}" height="1"></rect></svg>'
        f'<span class="amount">{escape(said)}</span></li>'
    )


def _notes(compared: Compared) -> str:
    series = compared.series
    notes = []
    if len(compared.operands) > _SHOWN:
        notes.append(f"只画出前 {_SHOWN} 个，其余 {len(compared.operands) - _SHOWN} 个见下表。")
    if series.silent:
        notes.append(f"未提及：{_names(compared, series.silent)}。")
    for operand in shown_others(compared):
        more = "、".join(printed(row.quantity) for row in operand.others)
        notes.append(f"{_who(compared, operand.org, operand.year)}还写有{more}，未画出。")
    aside = [row for row in series.set_aside if row.quantity.unit != series.unit]
    if aside:
        said = "、".join(
            f"{_who(compared, row.org, row.year)}{printed(row.quantity)}" for row in aside
        )
        notes.append(f"计量单位不同，未列入：{said}。")
    if not notes:
        return ""
    return f'<ul class="notes">{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul>'


def shown_others(compared: Compared) -> list[Operand]:
    """Operands drawn whose report gives further values."""
    return [operand for operand in compared.operands[:_SHOWN] if operand.others]


def _names(compared: Compared, reports: Sequence[ReportRow]) -> str:
    names = [_who(compared, report.org, report.year) for report in reports[:_SHOWN]]
    more = f"等 {len(reports)} 个" if len(reports) > _SHOWN else ""
    return "、".join(names) + more


def _who(compared: Compared, org: str, year: int | None) -> str:
    return f"{year}年" if compared.org else org
