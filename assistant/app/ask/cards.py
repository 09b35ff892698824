"""HTML of questions, answers and their sources; whatever comes from outside is escaped here.

Text of reports, file names, questions and answers are shown as written: no Markdown, no HTML, no
formula, no image of theirs ever takes effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answer.types import Answer, Citation
from assistant.app.ask.acts import acts_html, chips_html, retry_html
from assistant.app.ask.folding import folded
from assistant.app.ask.marks import text_html
from assistant.app.escaping import escape
from assistant.app.notices import doing_html, empty_library
from assistant.app.quoting import LoadReport, source_html
from assistant.app.words import engine_name
from assistant.conversations import Exchange, Focus
from vectorstore.sentences import Span
from vectorstore.store import ReportRow

__all__ = ["error_html", "exchange_html", "waiting_html", "welcome_html"]


def welcome_html(rows: Sequence[ReportRow]) -> str:
    """What stands where the conversation will be."""
    if not rows:
        return empty_library(
            "先导入报告，再提问",
            "打开上面的“资料库”，把各单位的年度报告拖进去；读完即可在这里提问。",
        )
    return (
        '<div class="empty"><p class="big">想从这些报告里了解什么？</p>'
        "<p>回答逐条注明单位、年度和原文出处；报告没有写的，会直接说明。</p></div>"
    )


def exchange_html(exchange: Exchange, load: LoadReport, *, newest: bool = False) -> str:
    """One question with its answer and what can be done with it."""
    key = escape(exchange.id)
    return (
        f'<article class="exchange" id="x-{key}" tabindex="-1">'
        f"{_question(exchange.question)}{chips_html(exchange.focus, exchange.id)}"
        f"{_answer(exchange, load, newest)}</article>"
    )


def _question(question: str) -> str:
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
        f'<article class="exchange live">{_question(question)}{chips}'
        f'<div class="answer">{shown}{doing_html(doing)}</div></article>'
    )


def error_html(question: str, message: str, hint: str = "") -> str:
    """A question that could not be answered, why, and what to do."""
    advice = f'<p class="hint">{escape(hint)}</p>' if hint else ""
    return (
        f'<article class="exchange">{_question(question)}'
        f'<div class="answer failed" role="alert"><div class="text">'
        f"<p>{escape(message)}</p></div>{advice}{retry_html(question)}</div></article>"
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
    cards = [_card(key, citation, load, opened) for citation in citations]
    shown = folded(f"m-{key}-s", cards)
    return f'<section class="sources" aria-label="出处"><h4>出处</h4>{shown}</section>'


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
