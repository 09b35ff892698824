"""The fill-in sheet for a new year, made from the bureau's newest earlier report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from assistant.cells import Page, Value
from assistant.ledger.entries import Entry
from assistant.ledger.errors import LedgerError, NoEarlierReportError
from assistant.ledger.export import save_pages
from assistant.ledger.items import SheetItem, sheet_items
from assistant.ledger.rows import printed
from assistant.scoping import resolve_scope
from vectorstore.store import ReportRow, Store
from vectorstore.types import Scope

__all__ = ["COLUMNS", "Template", "earlier_report", "make_template", "one_org", "save_template"]

SHEET_NAME = "指标填报表"
_PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,8})?")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Headers of the sheet; reading finds columns by them, in any order."""

    number: str = "序号"
    heading: str = "所在章节"
    indicator: str = "指标"
    last: str = "上年数值"
    target: str = "上年提出的目标"
    value: str = "本年数值"
    unit: str = "单位"
    source: str = "数据来源/提供科室"
    remark: str = "备注"
    sentence: str = "原文出处"
    key: str = "指标键"


COLUMNS = _Columns()


@dataclass(frozen=True, slots=True)
class Template:
    """What a fill-in sheet for `year` asks; `base` is the report it was made from."""

    org: str
    year: int
    base: ReportRow
    items: tuple[SheetItem, ...]


def earlier_report(store: Store, org: str, year: int) -> ReportRow:
    """The newest report of `org` from before `year`, an annual one where there is one.

    Raises NoEarlierReportError.
    """
    before = [
        row for row in store.reports(Scope((org,))) if row.year is not None and row.year < year
    ]
    if not before:
        raise NoEarlierReportError(f"资料库里没有{org}{year}年以前的报告。")
    return max(before, key=lambda row: (row.is_annual, row.year or 0))


def one_org(store: Store, name: str) -> str:
    """The full name of the one organisation `name` means.

    Raises UnknownScopeError for none, LedgerError for several.
    """
    orgs = resolve_scope(store, [name], []).orgs
    if len(orgs) > 1:
        raise LedgerError(f"“{name}”可能指{'、'.join(orgs)}。", "请写出单位全称。")
    return orgs[0]


def make_template(store: Store, org: str, year: int) -> Template:
    """The indicators `org` must fill in for `year`. Raises NoEarlierReportError."""
    base = earlier_report(store, org, year)
    items = sheet_items(base, store.quantities(report_id=base.id))
    if not items:
        raise NoEarlierReportError(
            f"{org}{base.year}年的报告里没有读出任何数字。", "请确认导入的是报告正文。"
        )
    return Template(org, year, base, items)


def save_template(path: Path, template: Template, typed: Sequence[Entry] = ()) -> None:
    """Write the sheet to `path` (.xlsx with a page of instructions, or .csv).

    `typed` goes into the rows of its keys; what the sheet does not ask for is added at the end.
    Raises LedgerError for another file type, SaveError when it cannot be written.
    """
    save_pages(path, (_sheet(template, typed), _instructions(template)))


def _sheet(template: Template, typed: Sequence[Entry]) -> Page:
    c, last = COLUMNS, template.base.year
    headers = (
        *(c.number, c.heading, c.indicator, f"{c.last}（{last}年）", c.target),
        *(f"{c.value}（{template.year}年）", c.unit, c.source, c.remark, c.sentence, c.key),
    )
    known = {item.key for item in template.items}
    given = {entry.key: entry for entry in typed if entry.key in known}
    rows = [_row(n, item, given.get(item.key)) for n, item in enumerate(template.items, 1)]
    added = (entry for entry in typed if entry.key not in known)
    rows += [_added(n, entry) for n, entry in enumerate(added, len(rows) + 1)]
    return Page(
        SHEET_NAME,
        headers,
        rows,
        wrapped=frozenset({1, 2, 9}),
        inputs=frozenset({5, 6, 7, 8}),
        number=5,
    )


def _row(n: int, item: SheetItem, entry: Entry | None) -> Sequence[Value]:
    source = item.source
    typed = entry or Entry(item.key, item.indicator, "", item.unit)
    return (
        n,
        source.quantity.heading,
        item.indicator,
        printed(item.mentions[0].quantity) if item.mentions else "",
        printed(item.target.quantity) if item.target else "",
        _number(typed.value),
        typed.unit,
        typed.source,
        typed.remark,
        source.sentence,
        item.key,
    )


def _added(n: int, entry: Entry) -> Sequence[Value]:
    typed = (_number(entry.value), entry.unit, entry.source, entry.remark)
    return (n, "", entry.indicator, "", "", *typed, "", entry.key)


def _number(text: str) -> Value:
    """What was typed, as a number where it is a plain one."""
    return Decimal(text) if _PLAIN.fullmatch(text) else text or None


def _instructions(template: Template) -> Page:
    org, year, last = template.org, template.year, template.base.year
    lines = (
        f"本表按{org}{last}年的报告生成，用来收集{year}年的数据。",
        f"在“{COLUMNS.value}”一列填{year}年的数字，按“{COLUMNS.unit}”一列的单位填；"
        "换了单位就同时改“单位”列。",
        "没有发生的填 0；暂时没有数据的留空，起草时会留出“待填”位置，不会沿用上年的数字。",
        "带“余”“约”“近”的可照写，如 2500余；也可以写中文数字，如 伍万。百分比填 98.5 或 98.5%。",
        f"“{COLUMNS.target}”一列是{last}年报告里提出的目标，请填实际完成数，不要照抄目标。",
        f"请在“{COLUMNS.source}”一列写明数据由哪个科室提供，便于核对。",
        "可以在末尾加行填写新的指标（写明指标、数值、单位），也可以调整列的顺序或删去不需要的行；"
        f"请不要改动“{COLUMNS.key}”一列和第一行的列名。",
        "填好后保存，起草时用 --figures 指定本表。有填错的行会逐行指出，改正前不会采用任何数据。",
    )
    return Page("填写说明", ("填写说明",), [(line,) for line in lines], wrapped=frozenset({0}))
