"""A row of the fill-in sheet as its writer typed it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed into a row, not judged yet; `key` is "" for a row the writer added."""

    key: str
    indicator: str
    value: str
    unit: str
    source: str = ""
    remark: str = ""
