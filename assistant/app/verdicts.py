"""How the tabs tell the verdict on a figure: its colour, and what is said of it and its source."""

from __future__ import annotations

from assistant.verify import Checked, Verdict
from assistant.verify.words import words_of
from vectorstore.store import LedgerRow

__all__ = ["figure_kind", "said_of", "source_of"]


def figure_kind(checked: Checked) -> str:
    """How a figure is marked: good, wait or wrong."""
    if checked.verdict is Verdict.PLACEHOLDER:
        return "wait"
    return "good" if checked.good else "wrong"


def said_of(checked: Checked) -> str:
    """The verdict on a figure and its source in one line."""
    parts = (words_of(checked).name, checked.detail, source_of(checked.source))
    return "；".join(part for part in parts if part)


def source_of(row: LedgerRow | None) -> str:
    """Whose figure a source is and where it stands."""
    if row is None:
        return ""
    year = f"{row.year}年" if row.year else ""
    return "，".join(part for part in (f"{row.org}{year}", row.quantity.heading) if part)
