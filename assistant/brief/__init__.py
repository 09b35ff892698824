"""Many reports into one brief: tables from the ledger, themes with sources, none left out."""

from __future__ import annotations

from assistant.brief.batch import NothingToTellError
from assistant.brief.budget import BriefModel
from assistant.brief.plan import Plan, plan_brief
from assistant.brief.run import Request, make_brief
from assistant.brief.save import brief_bytes, check_format, write_brief
from assistant.brief.types import (
    NOT_MENTIONED,
    NOT_SUBMITTED,
    Brief,
    Cell,
    Cited,
    Coverage,
    Source,
    Table,
)
from assistant.brief.watch import Watch
from assistant.brief.words import split_names

__all__ = [
    "NOT_MENTIONED",
    "NOT_SUBMITTED",
    "Brief",
    "BriefModel",
    "Cell",
    "Cited",
    "Coverage",
    "NothingToTellError",
    "Plan",
    "Request",
    "Source",
    "Table",
    "Watch",
    "brief_bytes",
    "check_format",
    "make_brief",
    "plan_brief",
    "split_names",
    "write_brief",
]
