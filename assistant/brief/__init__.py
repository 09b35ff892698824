"""Many reports into one brief: tables from the ledger, themes with sources, none left out."""

from __future__ import annotations

from assistant.brief.batch import NothingToTellError
from assistant.brief.budget import BriefModel
from assistant.brief.run import Request, make_brief
from assistant.brief.save import check_format, write_brief
from assistant.brief.types import (
    NOT_MENTIONED,
    NOT_SUBMITTED,
    Brief,
    Cell,
    Coverage,
    Source,
    Table,
)

__all__ = [
    "NOT_MENTIONED",
    "NOT_SUBMITTED",
    "Brief",
    "BriefModel",
    "Cell",
    "Coverage",
    "NothingToTellError",
    "Request",
    "Source",
    "Table",
    "check_format",
    "make_brief",
    "write_brief",
]
