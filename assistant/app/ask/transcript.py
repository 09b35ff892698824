"""A conversation to take away: plain text of one answer, Word and Markdown of all of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from assistant.answer.types import Answer, Citation
from assistant.app.ask.marks import origin, placed, verdict_words
from assistant.app.words import engine_name
from assistant.conversations import Exchange
from assistant.gongwen import (
    Figure,
    Heading,
    OfficialDocument,
    Paragraph,
    Span,
    Text,
    write_docx,
    write_markdown,
)
from assistant.gongwen.model import Block

__all__ = ["WRITERS", "document", "plain_text"]

_TITLE = "问答记录"


def plain_text(exchange: Exchange) -> str:
    """The answer with its numbered sources, for the clipboard."""
    answer = exchange.answer
    lines = [answer.text, *answer.nearest, *_notes(exchange)]
    if answer.citations:
        lines += ["", "出处：", *(f"[{c.n}] {_source(c)}" for c in answer.citations)]
    return "\n".join(lines)


def document(exchanges: Sequence[Exchange], day: date, *, commented: bool) -> OfficialDocument:
    """The conversation; with `commented`, each figure carries its verdict and source as a note."""
    blocks: list[Block] = []
    for exchange in exchanges:
        blocks += _exchange(exchange, commented=commented)
    return OfficialDocument(title=_TITLE, body=tuple(blocks), date=day)


def _docx(exchanges: Sequence[Exchange], day: date) -> bytes:
    return _written(lambda path: write_docx(document(exchanges, day, commented=True), path))


def _markdown(exchanges: Sequence[Exchange], day: date) -> bytes:
    return _written(lambda path: write_markdown(document(exchanges, day, commented=False), path))


WRITERS: dict[str, Callable[[Sequence[Exchange], date], bytes]] = {"docx": _docx, "md": _markdown}
"""What makes the file, by its suffix."""


def _written(write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="fazhi-") as folder:
        path = Path(folder) / "conversation"
        write(path)
        return path.read_bytes()


def _exchange(exchange: Exchange, *, commented: bool) -> Iterator[Block]:
    answer = exchange.answer
    yield Heading(1, " ".join(exchange.question.split()))
    for line in _lines(answer, commented=commented):
        yield Paragraph(line)
    for told in (*answer.nearest, *_notes(exchange)):
        yield Paragraph((Text(told),))
    if answer.citations:
        yield Paragraph((Text("出处："),))
        for citation in answer.citations:
            yield Paragraph((Text(f"〔{citation.n}〕{_source(citation)}"),))
    yield Paragraph((Text(f"（{_when(exchange)}，{engine_name(answer.engine) or '未作答'}）"),))


def _lines(answer: Answer, *, commented: bool) -> Iterator[tuple[Span, ...]]:
    """Each line of the answer as spans, `[n]` printed as 〔n〕."""
    sources = {citation.n: citation for citation in answer.citations}
    figures = list(placed(answer.text, answer.quantities)) if commented else []
    at = 0
    for line in answer.text.split("\n"):
        end = at + len(line)
        spans: list[Span] = []
        done = at + 2 if line.startswith("· ") else at
        for start, stop, quantity in sorted(figures, key=lambda f: f[0]):
            if done <= start and stop <= end:
                source = sources.get(quantity.citation or 0)
                whence = f"：{_source(source)}" if source else ""
                spans.append(_text(answer.text[done:start]))
                spans.append(Figure(quantity.text, f"{verdict_words(quantity)}{whence}"))
                done = stop
        spans.append(_text(answer.text[done:end]))
        if line.strip():
            yield tuple(span for span in spans if span.text)
        at = end + 1


def _text(text: str) -> Text:
    return Text(text.replace("[", "〔").replace("]", "〕"))


def _source(citation: Citation) -> str:
    return f"{origin(citation, '，')}：“{' '.join(citation.quote.split())}”"


def _notes(exchange: Exchange) -> list[str]:
    """What must be known before the answer is used."""
    notes = [f"注：{note}" for note in exchange.answer.notes]
    if exchange.stopped:
        notes.append("注：已停止，回答不完整。")
    elif exchange.answer.incomplete:
        notes.append("注：回答不完整，请核对后使用。")
    return notes


def _when(exchange: Exchange) -> str:
    asked = datetime.fromisoformat(exchange.asked_at)
    return f"{asked.year}年{asked.month}月{asked.day}日 {asked:%H:%M}"
