"""The files a writer puts beside a text: the filled sheet and the draft's evidence file, as rows.

A row of the sheet says little more than a name. So each of its figures is also told in the words of
every place of last year's report that prints the indicator: a new report is last year's, edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.draft.apart import told_key
from assistant.draft.evidence import EvidenceError, evidence_path, read_evidence
from assistant.errors import AssistantError
from assistant.ledger import (
    FillInError,
    NoEarlierReportError,
    SheetItem,
    earlier_report,
    one_org,
    read_fill_in,
    require_clean,
    sheet_items,
)
from assistant.sheet import read_sheet
from assistant.verify.files import Verified, read_report, verify_parsed
from assistant.verify.given import SHEET, Given, given_kind
from vectorstore.clean import fold
from vectorstore.store import LedgerRow
from vectorstore.types import Modality, Quantity, QuantityKind, Report

if TYPE_CHECKING:
    from assistant.ledger import FillRow
    from vectorstore.indicators import Lexicon
    from vectorstore.store import Store

__all__ = ["GivenError", "read_given", "sheet_row", "verify_with_sheet"]

_HEADER_ROWS = 10
_MISPRINTS = 3  # more keys nobody knows than these are no slip: the sheet is another bureau's
_VALUE_YEAR = re.compile(r"本年(?:数值|数)\D{0,3}(20\d\d)")


class GivenError(AssistantError):
    """The files beside a text do not belong together or to it."""

    default_hint = "请放上与这份稿同一单位、同一年度的填报表或依据文件，各一份。"


def read_given(
    paths: Sequence[Path],
    report: Report,
    store: Store,
    lexicon: Lexicon,
    *,
    org: str = "",
    year: int | None = None,
) -> Given:
    """What `paths` give for `report`: an evidence file (.json), a filled sheet (.xlsx, .csv).

    `org` and `year` replace what the report says of itself. Where both give a figure, the sheet
    counts, for it may be the newer one. Raises SheetError, FillInError, EvidenceError and
    GivenError; nothing is ever half used.
    """
    if not paths:
        return Given()
    org = org or report.org
    evidences = [path for path in paths if path.suffix.lower() == ".json"]
    sheets = [path for path in paths if path.suffix.lower() != ".json"]
    if len(evidences) > 1 or len(sheets) > 1:
        raise GivenError("本年数据只能放一份填报表和一份依据文件。")
    given = _of_evidence(evidences[0], org) if evidences else Given()
    if sheets:
        sheet = _of_sheet(sheets[0], org or given.org, given.year or report.year, store, lexicon)
        if given.year not in (None, sheet.year):
            raise GivenError(f"填报表填的是{sheet.year}年的数据，依据文件是{given.year}年的。")
        rows = (*sheet.rows, *_confirmed(given.rows, sheet.rows))
        given = replace(sheet, rows=rows, evidence=given.evidence)
    year = year or report.year
    if year not in (None, given.year):
        raise GivenError(
            f"填报的是{given.year}年的数据，报告写的是{year}年。",
            "请核对报告标题里的年份，或是否放错了文件。",
        )
    return given


def verify_with_sheet(
    path: Path,
    sheet: Path,
    store: Store,
    lexicon: Lexicon,
    *,
    org: str = "",
    year: int | None = None,
) -> Verified:
    """Verify a file against the library, a filled sheet, and the evidence file beside it if any.

    `org` and `year` replace what the file says of itself. Raises what `read_given` raises,
    UnknownScopeError, LedgerError, ReadError and NothingToVerifyError.
    """
    report = read_report(path)
    beside = evidence_path(path)
    paths = (sheet, beside) if beside.exists() else (sheet,)
    name = one_org(store, org) if org else ""
    given = read_given(paths, report, store, lexicon, org=name, year=year)
    return verify_parsed(report, store, lexicon, org=name, year=year, given=given)


def _of_evidence(path: Path, org: str) -> Given:
    found = read_evidence(path)
    if org and org != found.org:
        raise EvidenceError(
            f"{path.name} 是{found.org}{found.year}年草稿的依据文件，不是{org}的。",
            GivenError.default_hint,
        )
    return Given(found.rows, found.org, found.year, evidence=path.name)


def _of_sheet(path: Path, org: str, year: int | None, store: Store, lexicon: Lexicon) -> Given:
    year = _year_of(path) or year
    if year is None:
        raise FillInError(
            f"{path.name} 没有写明是哪一年的数据。", "请在“本年数值”一列的列名里写明年度。"
        )
    items = _items(store, org, year)
    places = {item.key: item.mentions for item in items}
    read = read_fill_in(path, lexicon, year, items)
    if sum("指标键" in problem.reason for problem in read.errors) > _MISPRINTS:
        raise GivenError(f"{path.name} 里的指标多数不是{org}的，可能是别的单位的填报表。")
    rows: list[LedgerRow] = []
    for row in require_clean(read).rows:
        plain = sheet_row(row, org, Modality.ACTUAL)
        rows += [plain, *_in_place(plain, places.get(told_key(row, items), ()))]
    return Given(tuple(rows), org, year, sheet=path.name)


def _year_of(path: Path) -> int | None:
    """The year in the name of the column that is filled in."""
    for grid in read_sheet(path).values():
        for cells in grid[:_HEADER_ROWS]:
            for cell in cells:
                if found := _VALUE_YEAR.match("".join(fold(cell.text).split())):
                    return int(found[1])
    return None


def _items(store: Store, org: str, year: int) -> tuple[SheetItem, ...]:
    """The items of the sheet for `year`; none where the library has no report to make it from."""
    if not org:
        return ()
    try:
        base = earlier_report(store, org, year)
    except NoEarlierReportError:
        return ()
    return sheet_items(base, store.quantities(report_id=base.id))


def sheet_row(row: FillRow, org: str, modality: Modality) -> LedgerRow:
    """A row of the sheet as a ledger row, its sentence the indicator and the figure."""
    sentence = f"{row.indicator}{row.text}"
    at = len(row.indicator)
    quantity = Quantity(
        text=row.text,
        start=at,
        end=len(sentence),
        kind=QuantityKind.QUANTITY,
        value=row.value,
        value_max=row.value_max,
        unit=row.unit,
        dimension=row.dimension,
        hedge=row.hedge,
        indicator=row.indicator,
        canonical=row.canonical,
        org=org,
        year=row.year,
        modality=modality,
        heading=row.evidence,
        sentence_end=len(sentence),
    )
    return LedgerRow(quantity, f"{SHEET}:{row.row}", org, row.year, None, sentence)


def _in_place(plain: LedgerRow, mentions: Sequence[LedgerRow]) -> Iterator[LedgerRow]:
    """The figure of `plain` where last year's report printed last year's."""
    q = plain.quantity
    for row in mentions:
        there = row.quantity
        quantity = replace(
            q,
            start=there.start,
            end=there.end,
            indicator=there.indicator or q.indicator,
            sentence_start=there.sentence_start,
            sentence_end=there.sentence_end,
        )
        yield replace(plain, quantity=quantity, part=row.part, sentence=row.sentence)


def _confirmed(rows: Sequence[LedgerRow], sheet: Sequence[LedgerRow]) -> Iterator[LedgerRow]:
    """The rows of an evidence file, those of its sheet only if `sheet` still says the same."""
    of_sheet = [row for row in rows if given_kind(row) == SHEET]
    now = {row.quantity.indicator: row for row in reversed(sheet)}
    same: dict[str, LedgerRow] = {}
    for row in reversed(of_sheet):  # the first of an id is the row itself, the others its places
        same[row.report_id] = row
    for row in rows:
        if given_kind(row) != SHEET:
            yield row
            continue
        new = now.get(same[row.report_id].quantity.indicator)
        if new is not None and _value(new) == _value(row):
            yield replace(row, report_id=new.report_id)


def _value(row: LedgerRow) -> tuple[object, ...]:
    q = row.quantity
    return q.value, q.value_max, q.hedge
