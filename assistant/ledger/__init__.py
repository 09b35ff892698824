"""The indicator ledger: its rows found, printed and exported; the fill-in sheet for a new year."""

from __future__ import annotations

from assistant.ledger.entries import Entry
from assistant.ledger.errors import FillInError, LedgerError, NoEarlierReportError
from assistant.ledger.export import MODALITIES, check_suffix, save_ledger
from assistant.ledger.fill_in import (
    FillIn,
    FillRow,
    Problem,
    entries,
    read_fill_in,
    require_clean,
)
from assistant.ledger.items import SheetItem, sheet_items
from assistant.ledger.rows import find_rows, ledger_json, printed
from assistant.ledger.template import (
    Template,
    earlier_report,
    make_template,
    one_org,
    save_template,
)

__all__ = [
    "MODALITIES",
    "Entry",
    "FillIn",
    "FillInError",
    "FillRow",
    "LedgerError",
    "NoEarlierReportError",
    "Problem",
    "SheetItem",
    "Template",
    "check_suffix",
    "earlier_report",
    "entries",
    "find_rows",
    "ledger_json",
    "make_template",
    "one_org",
    "printed",
    "read_fill_in",
    "require_clean",
    "save_ledger",
    "save_template",
    "sheet_items",
]
