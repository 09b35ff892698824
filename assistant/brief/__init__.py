"""Many reports into one brief: tables from the ledger, themes with sources, none left out."""

from __future__ import annotations

from assistant.brief.batch import NothingToTellError
from assistant.brief.run import Request, make_brief
from assistant.brief.save import write_brief
from assistant.brief.types import Brief, Cell, Coverage, Source, Table

__all__ = [
    "Brief",
    "Cell",
    "Coverage",
    "NothingToTellError",
    "Request",
    "Source",
    "Table",
    "make_brief",
    "write_brief",
]
