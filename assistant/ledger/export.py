"""The ledger as a workbook or .csv: one table of everything, one sheet per shared indicator."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.cells import Page, Value, to_csv
from assistant.gongwen.save import save
from assistant.ledger.errors import LedgerError
from assistant.ledger.rows import printed
from assistant.sheet import to_xlsx
from vectorstore.indicators import Lexicon
from vectorstore.store import LedgerRow
from vectorstore.types import Modality, QuantityKind

__all__ = ["MODALITIES", "check_suffix", "save_ledger", "save_pages"]

MODALITIES = {Modality.ACTUAL: "实绩", Modality.TARGET: "目标"}
_KINDS = {
    QuantityKind.QUANTITY: "数字",
    QuantityKind.DATE: "日期",
    QuantityKind.PHRASE: "固定提法",
}
_HEADERS = (
    *("单位", "年度", "类别", "共享指标", "指标", "数值", "数值上限", "计量单位", "原文数字"),
    *("限定", "口径", "章节", "原文句子", "报告编号"),
)
_WRAPPED = frozenset({_HEADERS.index("章节"), _HEADERS.index("原文句子")})


def check_suffix(path: Path) -> None:
    """Raises LedgerError unless `path` ends in .xlsx or .csv."""
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise LedgerError(f"不能写成 {path.name}。", "文件名请以 .xlsx 或 .csv 结尾。")


def save_ledger(path: Path, rows: Sequence[LedgerRow], lexicon: Lexicon) -> None:
    """Write all `rows` to `path`; values are in the base unit (元, 件, %).

    A workbook also gets a sheet for each shared indicator that has values. Raises LedgerError for
    another file type, SheetError for too many rows, SaveError when it cannot be written.
    """
    pages = [_page("总表", rows, lexicon)]
    for key, indicator in lexicon.indicators.items():
        of_key = [row for row in rows if row.quantity.canonical == key]
        if of_key:
            pages.append(_page(indicator.name, of_key, lexicon))
    save_pages(path, pages)


def save_pages(path: Path, pages: Sequence[Page]) -> None:
    """Write pages as a workbook, or the first of them as .csv, whole or not at all."""
    check_suffix(path)
    save(path, to_csv(pages[0]) if path.suffix.lower() == ".csv" else to_xlsx(pages))


def _page(title: str, rows: Sequence[LedgerRow], lexicon: Lexicon) -> Page:
    return Page(title, _HEADERS, [_values(row, lexicon) for row in rows], wrapped=_WRAPPED)


def _values(row: LedgerRow, lexicon: Lexicon) -> list[Value]:
    q = row.quantity
    shared = lexicon.indicators.get(q.canonical)
    figure = q.kind is QuantityKind.QUANTITY
    return [
        row.org,
        row.year,
        _KINDS[q.kind],
        shared.name if shared else "",
        q.indicator,
        q.value,
        q.value_max,
        q.unit,
        printed(q) if figure else q.text,
        q.hedge.value,
        MODALITIES[q.modality] if figure else "",
        q.heading,
        row.sentence,
        row.report_id,
    ]
