"""Spans to runs: comments, highlights, and placeholders found even inside plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.gongwen.comments import Comments
from assistant.gongwen.model import PLACEHOLDER, Figure, Placeholder, Span, Suggestion
from assistant.gongwen.paragraphs import Face, run
from assistant.gongwen.tidy import tidy_spans
from assistant.gongwen.xml import Element

__all__ = ["Runs"]

PLACEHOLDER_COLOUR = "yellow"
SUGGESTION_COLOUR = "cyan"


class Runs:
    """Makes runs; a clean copy has neither comments nor highlights."""

    def __init__(self, comments: Comments, *, clean: bool) -> None:
        self._comments = comments
        self._clean = clean

    def of(self, spans: Sequence[Span], style: Face) -> list[Element]:
        """The runs of one paragraph or cell."""
        made: list[Element] = []
        for span in tidy_spans(spans):
            runs = [
                run(text, style, highlight=self._colour(span, is_blank))
                for text, is_blank in _pieces(span.text)
            ]
            if isinstance(span, Figure | Suggestion) and runs and not self._clean:
                runs = self._comments.anchored(span.comment, runs, style)
            made += runs
        return made

    def _colour(self, span: Span, is_blank: bool) -> str:
        if self._clean:
            return ""
        if is_blank or isinstance(span, Placeholder):
            return PLACEHOLDER_COLOUR
        return SUGGESTION_COLOUR if isinstance(span, Suggestion) else ""


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text cut at placeholders, each piece with whether it is one."""
    at = 0
    for match in PLACEHOLDER.finditer(text):
        if at < match.start():
            yield text[at : match.start()], False
        yield match[0], True
        at = match.end()
    if at < len(text):
        yield text[at:], False
