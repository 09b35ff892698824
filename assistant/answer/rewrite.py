"""Conversation memory: a follow-up becomes a question that can be understood on its own.

A rule says whether a question needs what came before. If it does, the model rewrites it; a rewrite
that adds an organisation, a year or a figure nobody mentioned is thrown away for the rule's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.answer.types import Turn
from assistant.evidence import is_order, neutralise
from assistant.sanitise import inert
from vectorstore.clean import fold
from vectorstore.scope import QuestionScope
from vectorstore.scope.organisations import read_organisations

__all__ = ["ReadQuestion", "acceptable", "by_rule", "resolve", "stands_alone", "transcript"]

ReadQuestion = Callable[[str], QuestionScope]

MEMORY = 6  # earlier turns looked at
_LONGEST = 120  # characters of a rewritten question
_POINTING = re.compile(
    r"它们?|他们|[该这那](?:个|些|家|几个)?(?:单位|局|县|部门|年|数|报告|方面|问题)|其中|上述|前者|后者|刚才|前面|上面"
    r"|^(?:那么?|再|还有|另外|然后|同样|也)|呢[?？。!！]*$|^(?:为什么|为何|怎么|还有|具体|详细|继续)[^，,]{0,6}$"
)
_OPENING = re.compile(r"^(?:那么?|再|还有|另外|然后|同样|也|请问)[，,]?|呢(?=[?？。!！]*$)")


def stands_alone(question: str, read: QuestionScope) -> bool:
    """Whether `question` names a place (or all places) and a subject, and points at nothing."""
    named = bool(read.orgs or read.unknown_places or read.everywhere)
    return named and bool(read.topics or read.parts) and not _POINTING.search(question.strip())


def resolve(question: str, history: Sequence[Turn], read: ReadQuestion) -> str:
    """`question` completed by rule from the turns before it."""
    previous = ""
    for turn in history[-MEMORY:]:
        previous = by_rule(turn.question, previous, read)
    return by_rule(question, previous, read)


def by_rule(question: str, previous: str, read: ReadQuestion) -> str:
    """Complete `question` from one earlier, complete question.

    Without a subject of its own it takes the earlier one with its own places and years put in;
    with one it takes the places and years it lacks.
    """
    now = read(question)
    if not previous or stands_alone(question, now):
        return question
    before = read(previous)
    own_places = bool(now.orgs or now.unknown_places or now.everywhere)
    own_years = bool(now.years or now.unknown_years)
    subject = _OPENING.sub("", question.strip())
    if now.topics or now.parts:
        places = "" if own_places else "、".join(before.orgs)
        years = "" if own_years else "、".join(f"{year}年" for year in before.years)
        return f"{places}{years}{subject}"
    bare = re.sub(r"[?？。!！]+$", "", subject)
    if own_places or own_years:
        return f"{bare}{_without(previous, before, places=own_places, years=own_years)}"
    return f"{previous.rstrip('?？。')}，{bare}" if bare else previous


def _without(text: str, read: QuestionScope, *, places: bool, years: bool) -> str:
    spans: list[tuple[int, int]] = []
    if places:
        spans += read_organisations(fold(text), read.orgs).spans
    if years:
        spans += [(reading.start, reading.end) for reading in read.readings]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text.lstrip("的，、, ")


def transcript(history: Sequence[Turn]) -> str:
    """The last turns for the rewriting prompt; answers shortened, nothing that reads as a role."""
    lines: list[str] = []
    for turn in history[-3:]:
        lines.append(f"问：{_flat(turn.question, 150)}")
        lines.append(f"答：{_flat(turn.answer, 200)}")
    return "\n".join(lines)


def _flat(text: str, longest: int) -> str:
    return " ".join(neutralise(text).split())[:longest]


def acceptable(rewritten: str, question: str, history: Sequence[Turn], read: ReadQuestion) -> bool:
    """Whether a rewrite is one question that says nothing the conversation did not."""
    text = rewritten.strip()
    if not 4 <= len(text) <= _LONGEST or "\n" in text or inert(text) != text or is_order(text):
        return False
    said = fold(" ".join([question, *(f"{t.question} {t.answer}" for t in history)]))
    known = read(resolve(question, history, read))
    got = read(text)
    if not set(got.orgs) <= {*known.orgs, *read(said).orgs} or got.unknown_places:
        return False
    if known.years and not set(got.years) <= set(known.years):
        return False
    years = {*known.years, *known.unknown_years}
    figures = re.findall(r"\d+", fold(text))
    return all(figure in said or int(figure) in years for figure in figures if len(figure) < 9)
