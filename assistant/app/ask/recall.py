"""HTML of the questions asked before in a session, with a search that marks what it found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from assistant.app.escaping import escape
from assistant.conversations import Exchange
from vectorstore.clean import fold

__all__ = ["earlier_html"]

_AROUND = 14  # characters of an answer shown either side of what was found
_TITLE = 60  # characters of a question shown


def earlier_html(
    exchanges: Sequence[Exchange], find: str = "", exports: Sequence[tuple[str, str]] = ()
) -> str:
    """The questions, newest first by day, or those that hold every word of `find`.

    `exports` are names and addresses of files of the conversation shown.
    """
    if not exchanges:
        return '<p class="earlier none">提过的问题会列在这里，随时可以找回。</p>'
    words = [word.lower() for word in fold(find).split()]
    found = [exchange for exchange in reversed(exchanges) if _has(exchange, words)]
    if not found:
        return '<p class="earlier">没有找到。换个词，或清空查找框查看全部。</p>'
    days = "".join(
        f"<h4>{day}</h4><ul>{''.join(_item(exchange, words) for exchange in group)}</ul>"
        for day, group in groupby(found, _day)
    )
    told = f'<p class="sr" role="status">找到 {len(found)} 条</p>' if words else ""
    return f'<nav class="earlier" aria-label="提过的问题">{told}{days}{_exports(exports)}</nav>'


def _has(exchange: Exchange, words: Sequence[str]) -> bool:
    text = fold(f"{exchange.question}\n{exchange.answer.text}").lower()
    return all(word in text for word in words)


def _day(exchange: Exchange) -> str:
    asked = datetime.fromisoformat(exchange.asked_at).astimezone()
    today = datetime.now().astimezone().date()
    days = (today - asked.date()).days
    year = f"{asked.year}年" if asked.year != today.year else ""
    return {0: "今天", 1: "昨天"}.get(days, f"{year}{asked.month}月{asked.day}日")


def _item(exchange: Exchange, words: Sequence[str]) -> str:
    question = " ".join(exchange.question.split())
    shown = question if len(question) <= _TITLE else f"{question[: _TITLE - 1]}…"
    inside = [word for word in words if word not in fold(shown).lower()]
    extract = _extract(" ".join(exchange.answer.text.split()), inside)
    return (
        f'<li><button type="button" data-act="jump" data-id="{escape(exchange.id)}" '
        f'title="{escape(question)}">{_marked(shown, words)}'
        f"{f'<small>{_marked(extract, words)}</small>' if extract else ''}</button></li>"
    )


def _extract(text: str, words: Sequence[str]) -> str:
    """Where an answer holds the first of `words`."""
    at = fold(text).lower().find(words[0]) if words else -1
    if at < 0:
        return ""
    start, end = max(at - _AROUND, 0), at + len(words[0]) + _AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _marked(text: str, words: Sequence[str]) -> str:
    folded = fold(text).lower()
    if len(folded) != len(text):  # a letter whose lower case is longer
        return escape(text)
    covered = [False] * len(text)
    for word in words:
        at = folded.find(word)
        while at >= 0:
            covered[at : at + len(word)] = [True] * len(word)
            at = folded.find(word, at + len(word))
    pieces = (
        (hit, "".join(c for c, _ in group))
        for hit, group in groupby(zip(text, covered, strict=True), lambda pair: pair[1])
    )
    return "".join(f"<mark>{escape(p)}</mark>" if hit else escape(p) for hit, p in pieces)


def _exports(exports: Sequence[tuple[str, str]]) -> str:
    links = "".join(f'<a href="{escape(address)}">{escape(name)}</a>' for name, address in exports)
    return f'<p class="export">导出这次对话：{links}</p>' if links else ""
