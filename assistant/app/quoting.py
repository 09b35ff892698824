"""A report's own words as every tab shows them: the quote marked inside its paragraph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.app.escaping import escape
from vectorstore.errors import NotFoundError
from vectorstore.sentences import Span
from vectorstore.types import Report

__all__ = ["LoadReport", "Paragraph", "paragraph_around", "source_html"]

_CONTEXT = 400  # characters shown either side of a quote in an overlong paragraph

LoadReport = Callable[[str], Report]
"""A report by its id. Raises NotFoundError."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A quote inside its paragraph: what comes before, the quote, what comes after."""

    before: str
    quote: str
    after: str


def paragraph_around(text: str, start: int, end: int) -> Paragraph:
    """The paragraph of `text` that holds `start:end`, cut to the quote's surroundings if long."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    before, after = text[first:start], text[end:last]
    if len(before) > _CONTEXT:
        before = "…" + before[-_CONTEXT:]
    if len(after) > _CONTEXT:
        after = after[:_CONTEXT] + "…"
    return Paragraph(before, text[start:end], after)


def source_html(report_id: str, quote: Span, load: LoadReport, figure: Span | None = None) -> str:
    """The paragraph of a report with `quote` marked, and within it `figure`."""
    try:
        text = load(report_id).text
    except NotFoundError:
        return '<p class="gone">该报告已删除或已被新版本替换。</p>'
    around = paragraph_around(text, quote.start, quote.end)
    marked = escape(around.quote)
    if figure is not None and quote.start <= figure.start <= figure.end <= quote.end:
        before, shown = text[quote.start : figure.start], text[figure.start : figure.end]
        after = text[figure.end : quote.end]
        marked = f"{escape(before)}<b>{escape(shown)}</b>{escape(after)}"
    return (
        f"<blockquote>{escape(around.before)}<mark>{marked}</mark>"
        f"{escape(around.after)}</blockquote>"
    )
