"""What can go wrong with the ledger and its fill-in sheet.

AssistantError
└── LedgerError             a file type that is not written, a scope that is not one report
    ├── NoEarlierReportError  there is no report to make a fill-in sheet from
    └── FillInError           a filled sheet with bad rows; nothing of it is used
"""

from __future__ import annotations

from assistant.errors import AssistantError

__all__ = ["FillInError", "LedgerError", "NoEarlierReportError"]


class LedgerError(AssistantError):
    """The ledger cannot be written as asked."""


class NoEarlierReportError(LedgerError):
    """The library holds no report of the organisation from before the year asked for."""

    default_hint = "请先用 fazhi ingest 导入该单位上一年度的报告；已入库的可用 fazhi reports 查看。"


class FillInError(LedgerError):
    """The filled sheet has bad rows, each named in the message; nothing of it was used."""

    default_hint = "请在表中改正后重新提供；这一年没有数据的指标，本年数值留空即可。"
