"""HTML of questions, answers and their sources; whatever comes from outside is escaped here.

Text of reports, file names, questions and answers are shown as written: no Markdown, no HTML, no
formula, no image of theirs ever takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.answer.types import Answer, Citation
from assistant.app.ask.acts import acts_html, chips_html, retry_html
from assistant.app.ask.focus import Focus
from assistant.app.ask.history import Exchange
from assistant.app.ask.marks import text_html
from assistant.app.escaping import escape
from assistant.app.words import engine_name
from vectorstore.errors import NotFoundError
from vectorstore.sentences import Span
from vectorstore.types import Report

__all__ = [
    "LoadReport",
    "error_html",
    "escape",
    "exchange_html",
    "paragraph_around",
    "problem_html",
    "source_html",
    "waiting_html",
]

_CONTEXT = 400  # characters shown either side of a quote in an overlong paragraph

LoadReport = Callable[[str], Report]


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


def exchange_html(exchange: Exchange, load: LoadReport, *, newest: bool = False) -> str:
    """One question with its answer and what can be done with it."""
    key = escape(exchange.id)
    return (
        f'<article class="exchange" id="x-{key}" tabindex="-1">'
        f"{question_html(exchange.question)}{chips_html(exchange.focus, exchange.id)}"
        f"{_answer(exchange, load, newest)}</article>"
    )


def question_html(question: str) -> str:
    """The question as asked."""
    return f'<div class="question"><span class="sr">提问：</span>{escape(question)}</div>'


def _answer(exchange: Exchange, load: LoadReport, newest: bool) -> str:
    """The answer with marks that lead to its source cards."""
    key, answer = escape(exchange.id), exchange.answer
    kind = "answer refused" if answer.refused else "answer"
    return "".join(
        (
            f'<div class="{kind}">',
            text_html(key, answer.text, answer.citations, answer.quantities),
            _list("nearest", answer.nearest),
            _notes(answer, exchange.stopped),
            _sources(key, answer.citations, load),
            f'<div class="foot"><p class="engine">{escape(engine_name(answer.engine))}</p>',
            f"{acts_html(exchange, newest=newest)}</div></div>",
        )
    )


def waiting_html(question: str, doing: str, partial: str = "", focus: Focus | None = None) -> str:
    """An answer on its way."""
    shown = text_html("live", partial) if partial else ""
    chips = chips_html(focus) if focus else ""
    return (
        f'<article class="exchange live">{question_html(question)}{chips}'
        f'<div class="answer">{shown}'
        f'<p class="doing" role="status"><span class="dots" aria-hidden="true"></span>'
        f"{escape(doing)}</p></div></article>"
    )


def error_html(question: str, message: str, hint: str = "") -> str:
    """A question that could not be answered, why, and what to do."""
    advice = f'<p class="hint">{escape(hint)}</p>' if hint else ""
    return (
        f'<article class="exchange">{question_html(question)}'
        f'<div class="answer failed" role="alert"><div class="text">'
        f"<p>{escape(message)}</p></div>{advice}{retry_html(question)}</div></article>"
    )


def problem_html(message: str, hint: str) -> str:
    """Why nothing can be shown, and what to do."""
    return (
        f'<div class="problem-box" role="alert"><p>{escape(message)}</p>'
        f'<p class="hint">{escape(hint)}</p></div>'
    )


def _list(kind: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<ul class="{kind}">{items}</ul>' if items else ""


def _notes(answer: Answer, stopped: bool) -> str:
    notes = list(answer.notes)
    if stopped:
        notes.append("已停止，回答不完整。")
    elif answer.incomplete:
        notes.append("回答不完整，请核对后使用。")
    return _list("notes", notes)


def _sources(key: str, citations: tuple[Citation, ...], load: LoadReport) -> str:
    if not citations:
        return ""
    opened = " open" if len(citations) == 1 else ""
    cards = "".join(_card(key, citation, load, opened) for citation in citations)
    return f'<section class="sources" aria-label="出处"><h4>出处</h4>{cards}</section>'


def _card(key: str, citation: Citation, load: LoadReport, opened: str) -> str:
    year = f"{citation.year}年" if citation.year else "年度不详"
    path = escape(" › ".join(citation.heading.split(" > "))) or "正文"
    quoted = source_html(citation.report_id, Span(citation.start, citation.end), load)
    return (
        f'<details class="source" id="s-{key}-{citation.n}"{opened}><summary>'
        f'<span class="n">{citation.n}</span><span class="where">'
        f'<b>{escape(citation.org or "单位不详")}</b><span class="year">{year}</span>'
        f'<span class="path">{path}</span></span></summary>{quoted}</details>'
    )


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
