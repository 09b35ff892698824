"""Every figure of a text, matched with the source it stands for or flagged, by code."""

from assistant.verify.check import verify_report, verify_text
from assistant.verify.sources import SourceLedger, rows_of
from assistant.verify.verdicts import GOOD, Checked, Verdict

__all__ = [
    "GOOD",
    "Checked",
    "SourceLedger",
    "Verdict",
    "rows_of",
    "verify_report",
    "verify_text",
]
