"""What a question was restricted to, and the same question asked less narrowly.

Widening rewrites the question, so that what is asked is what is shown: 甲局2025年立案多少件？
without its organisation becomes 各单位2025年立案多少件？, without its year 甲局历年立案多少件？.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from assistant.answer.reading import picked
from assistant.answer.rewrite import ReadQuestion, resolve
from assistant.answer.types import Turn
from assistant.conversations import Focus
from vectorstore.clean import fold
from vectorstore.scope.organisations import read_organisations
from vectorstore.types import Scope

__all__ = ["Kind", "focus_of", "widened"]

Kind = Literal["org", "year"]
_EVERY: dict[Kind, str] = {"org": "各单位", "year": "历年"}
_JOINT = re.compile(r"[和与及跟同、，,及以的\s]*")
_MOST = 6  # organisations named in a widened question


def focus_of(question: str, history: Sequence[Turn], scope: Scope, read: ReadQuestion) -> Focus:
    """What `question` after `history` is about, with what the user picked put on top."""
    whole = resolve(question, history, read)
    asked = picked(read(whole), scope)
    return Focus(whole, asked.orgs, asked.years)


def widened(focus: Focus, kind: Kind, value: str, read: ReadQuestion) -> str:
    """The question of `focus` without the organisation or year `value`; "" takes all away."""
    text = focus.question
    if kind == "org":
        left = [org for org in focus.orgs if value and org != value]
        spans = list(read_organisations(fold(text), read(text).orgs).spans)
        left = left if len(left) <= _MOST else []
    else:
        left = [f"{year}年" for year in focus.years if value and str(year) != value]
        spans = [(reading.start, reading.end) for reading in read(text).readings]
        spans = [(start, end + _unit(text, end)) for start, end in spans]
    return _put("、".join(left) or _EVERY[kind], text, spans)


def _put(words: str, text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`words` where the first of `spans` stands; the others go, with what joins them."""
    if not spans:
        return words + text
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and _JOINT.fullmatch(text[joined[-1][1] : start]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    for at, (start, end) in reversed(list(enumerate(joined))):
        text = text[:start] + ("" if at else words) + text[end:]
    return text


def _unit(text: str, end: int) -> int:
    """Characters of 年/年度 that the reading of “2024、2025年” leaves behind."""
    found = re.match(r"年度?", text[end:])
    return found.end() if found else 0
