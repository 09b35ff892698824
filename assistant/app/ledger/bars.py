"""HTML of the plots: one bar an organisation, or one column a year, drawn with SVG of our own.

Every value stands beside its bar as text; a press on it shows the sentence it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from assistant.aggregate import Operand, amount
from assistant.app.escaping import escape
from assistant.app.ledger.compare import Compared, Course, YearPoint
from assistant.app.quoting import LoadReport, source_html
from assistant.ledger import printed
from vectorstore.sentences import Span
from vectorstore.store import LedgerRow, ReportRow

__all__ = ["bars_html", "course_html"]

_SHOWN = 30  # bars; the rest are in the table


def bars_html(compared: Compared, indicator: str, load: LoadReport) -> str:
    """The bars from the longest, and who gives no value."""
    shown = compared.operands[:_SHOWN]
    most = max((operand.value for operand in shown), default=Decimal(0))
    lines = "".join(
        _bar(n, operand, compared.series.unit, most, load) for n, operand in enumerate(shown)
    )
    return (
        f'<section class="bars"><h4>{escape(indicator)}<span>{compared.year}年各单位</span></h4>'
        f"<ol>{lines}</ol>{_notes(_compared_notes(compared))}</section>"
    )


def _bar(n: int, operand: Operand, unit: str, most: Decimal, load: LoadReport) -> str:
    return (
        f'<li><button type="button" class="bar-of" aria-expanded="false" aria-controls="bar-{n}">'
        f'<span class="who">{escape(operand.org)}</span>'
        '<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{_share(operand.value, most):.2f}" height="1"></rect></svg>'
        f'<span class="amount">{escape(_said(operand, unit))}</span></button>'
        f"{_source(f'bar-{n}', [('', operand.row)], load)}</li>"
    )


def course_html(course: Course, indicator: str, load: LoadReport) -> str:
    """A column a year: what was done, and a dashed line at what had been planned for it."""
    values = [p.actual.value for p in course.points if p.actual]
    values += [p.target.quantity.value or Decimal(0) for p in course.points if p.target]
    most = max(values, default=Decimal(0))
    unit = course.series.unit
    columns = "".join(_column(n, point, unit, most) for n, point in enumerate(course.points))
    sources = "".join(_source(f"year-{n}", _told(p), load) for n, p in enumerate(course.points))
    key = ""
    if any(point.target for point in course.points):
        key = (
            '<p class="key"><span class="done">实际完成</span>'
            '<span class="aim">上一年报告提出的目标</span></p>'
        )
    return (
        f'<section class="bars course"><h4>{escape(indicator)}<span>{escape(course.org)}历年</span>'
        f"</h4>{key}<ol>{columns}</ol>{sources}{_notes(_course_notes(course))}</section>"
    )


def _told(point: YearPoint) -> list[tuple[str, LedgerRow]]:
    """Where the values of a year come from, each with what it is."""
    done = [(f"{point.year}年实际", point.actual.row)] if point.actual else []
    return [*done, *([(f"{point.year}年目标", point.target)] if point.target else [])]


def _column(n: int, point: YearPoint, unit: str, most: Decimal) -> str:
    height = _share(point.actual.value, most) if point.actual else Decimal(0)
    done = f'<rect y="{100 - height:.2f}" width="10" height="{height:.2f}"></rect>'
    aim = ""
    told = [f'<span class="amount">{escape(_done(point, unit))}</span>']
    if point.target is not None:
        line = 100 - _share(point.target.quantity.value or Decimal(0), most)
        aim = f'<line x1="0" x2="10" y1="{line:.2f}" y2="{line:.2f}"></line>'
        told.append(f'<span class="aim">目标 {escape(printed(point.target.quantity))}</span>')
    inner = (
        f'{"".join(told)}<svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">'
        f'{done}{aim}</svg><span class="who">{point.year}年</span>'
    )
    if point.actual is None and point.target is None:
        return f'<li class="gap"><div class="bar-of">{inner}</div></li>'
    kind = "" if point.actual else ' class="gap"'
    return (
        f'<li{kind}><button type="button" class="bar-of" aria-expanded="false" '
        f'aria-controls="year-{n}">{inner}</button></li>'
    )


def _done(point: YearPoint, unit: str) -> str:
    if point.actual is not None:
        return _said(point.actual, unit)
    if point.reported:
        return "未提及"
    return "尚无报告" if point.to_come else "未报送"


def _said(operand: Operand, unit: str) -> str:
    return amount(operand.value, unit) if operand.exact else printed(operand.row.quantity)


def _share(value: Decimal, most: Decimal) -> Decimal:
    """The length of a bar in percent of the longest."""
    return max(value, Decimal(0)) / most * 100 if most > 0 else Decimal(0)


def _source(name: str, rows: Iterable[tuple[str, LedgerRow]], load: LoadReport) -> str:
    quotes = "".join(_quoted(what, row, load) for what, row in rows)
    return f'<div class="source" id="{name}" hidden>{quotes}</div>' if quotes else ""


def _quoted(what: str, row: LedgerRow, load: LoadReport) -> str:
    q = row.quantity
    path = " › ".join(part for part in q.heading.split(" > ") if part) or "正文"
    named = f"<b>{escape(what)}</b> " if what else ""
    sentence, figure = Span(q.sentence_start, q.sentence_end), Span(q.start, q.end)
    quoted = source_html(row.report_id, sentence, load, figure)
    return f'<p class="path">{named}{escape(path)}</p>{quoted}'


def _compared_notes(compared: Compared) -> list[str]:
    series = compared.series
    notes = []
    if len(compared.operands) > _SHOWN:
        notes.append(f"只画出前 {_SHOWN} 个，其余 {len(compared.operands) - _SHOWN} 个见下表。")
    if series.silent:
        notes.append(f"未提及：{_names(series.silent)}。")
    shown = compared.operands[:_SHOWN]
    notes += _others((operand.org, operand) for operand in shown)
    return [
        *notes,
        *_aside((row.org, row) for row in _of_other_unit(compared.series.set_aside, series.unit)),
    ]


def _course_notes(course: Course) -> list[str]:
    notes = _others((f"{p.year}年", p.actual) for p in course.points if p.actual)
    aside = _of_other_unit(course.series.set_aside, course.series.unit)
    return [*notes, *_aside((f"{row.year}年", row) for row in aside)]


def _of_other_unit(rows: Iterable[LedgerRow], unit: str) -> list[LedgerRow]:
    return [row for row in rows if row.quantity.unit != unit]


def _others(shown: Iterable[tuple[str, Operand]]) -> list[str]:
    """Values a report gives beside the one drawn."""
    return [
        f"{who}还写有{'、'.join(printed(row.quantity) for row in operand.others)}，未画出。"
        for who, operand in shown
        if operand.others
    ]


def _aside(rows: Iterable[tuple[str, LedgerRow]]) -> list[str]:
    said = "、".join(f"{who}{printed(row.quantity)}" for who, row in rows)
    return [f"计量单位不同，未列入：{said}。"] if said else []


def _names(reports: Sequence[ReportRow]) -> str:
    names = [report.org for report in reports[:_SHOWN]]
    more = f"等 {len(reports)} 个" if len(reports) > _SHOWN else ""
    return "、".join(names) + more


def _notes(notes: Sequence[str]) -> str:
    if not notes:
        return ""
    return f'<ul class="notes">{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul>'
