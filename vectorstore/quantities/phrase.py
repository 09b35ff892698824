"""Cut the words around a figure down to the phrase it measures: verb, noun, noise.

All functions take and give strings of the context view (`context.py`), never offsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from vectorstore.quantities.words import alternation, load_words

__all__ = ["Core", "after", "before", "is_noun", "shorten", "strip_lead", "strip_tail"]

LONGEST = 16
"""Characters of an indicator; a table's row header stays readable."""
_BLANK = "\x01"


class Core(NamedTuple):
    """`verb` belongs to the indicator (受理), `noun` is what it is about; either may be empty."""

    verb: str
    noun: str


@dataclass(frozen=True, slots=True)
class _Rules:
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    kept: re.Pattern[str]
    verb: re.Pattern[str]
    strong: frozenset[str]
    noun_tail: re.Pattern[str]
    noun_head: re.Pattern[str]
    stop: re.Pattern[str]
    noun_end: re.Pattern[str]
    light: re.Pattern[str]
    general: frozenset[str]


@cache
def _rules() -> _Rules:
    words = load_words()
    verbs = words.weak_verbs + words.strong_verbs
    # 共享, 并联, 均衡, 含氟, 对口…: noise that starts a word is none.
    guard = "(?!享|建|治|青|产|同|管|商|识|联|购|案|衡|等|象|口|众|量|种|样|职|于|效|法|责|限)"
    return _Rules(
        lead=re.compile(
            rf"(?:[{_BLANK}\s、:]+(?:以来|来|期间|全年|度|间|内|底|末|起|年内)?"
            rf"|(?:{alternation(w for w in words.lead_noise if len(w) > 1)})"
            rf"|(?:{alternation(w for w in words.lead_noise if len(w) == 1)}){guard})+"
        ),
        tail=re.compile(rf"(?:{alternation(words.tail_noise)}|[{_BLANK}\s:、])$"),
        kept=re.compile(rf"(?:{alternation(words.tail_kept)})$"),
        verb=re.compile(f"(?:{alternation(verbs)})(?:了|过)?"),
        strong=frozenset(words.strong_verbs),
        noun_tail=re.compile(alternation(words.verbal_noun_tails)),
        noun_head=re.compile(f"(?:{alternation(words.verbal_noun_heads)})$"),
        stop=re.compile(f'[^\\w"《]|{alternation(words.right_stops + verbs)}'),
        noun_end=re.compile(alternation(words.noun_ends + verbs)),
        light=re.compile(f"(?:{alternation(words.light_verbs)})+"),
        general=frozenset(words.general_nouns),
    )


def strip_lead(text: str) -> str:
    """Without 其中, 全年共, 我局, dates … at the start."""
    found = _rules().lead.match(text)
    return text[found.end() :] if found else text


def strip_tail(text: str) -> str:
    """Without 共, 达到, 分别为, 的 … at the end."""
    rules = _rules()
    while text and not rules.kept.search(text):
        found = rules.tail.search(text)
        if found is None:
            break
        text = text[: found.start()]
    return text


def is_noun(right: str) -> bool:
    """Whether what follows a figure can be the noun it counts."""
    right = right.lstrip()
    return bool(right) and not _rules().stop.match(right)


def before(left: str) -> Core:
    """What the words before a figure say it measures."""
    rules = _rules()
    text = strip_tail(strip_lead(left))
    verb, noun = "", text
    for found in rules.verb.finditer(text):
        tail = text[found.end() :]
        if not tail or rules.noun_tail.match(tail):
            continue
        if rules.noun_head.search(text, 0, found.start()):
            continue
        name = found.group().rstrip("了过")
        verb, noun = (name if name in rules.strong else ""), tail
    noun = strip_lead(noun)
    name = noun.rstrip("了过")
    if name in rules.strong:
        return Core(name, "")
    if rules.verb.fullmatch(noun):
        return Core("", "")
    return Core(verb, noun)


def after(right: str) -> Core:
    """What the words after a figure say: the noun counted and what became of it."""
    rules = _rules()
    text = right.strip().lstrip("的")
    end = rules.noun_end.search(text, 1)
    noun, rest = (text[: end.start()], text[end.start() :]) if end else (text, "")
    if "的" in noun:
        noun = noun.rpartition("的")[2] or noun.rpartition("的")[0]
    light = rules.light.match(rest)
    rest = rest[light.end() :] if light else rest
    rest = re.split("[,、;:(并和及与]", rest)[0].rstrip("了的")
    noun = strip_tail(noun)
    if len(noun) + len(rest) > LONGEST:
        verb = rules.verb.match(rest)
        rest = verb.group() if verb else ""
    return Core(rest, noun)


def is_general(noun: str) -> bool:
    """事项, 单位 …: needs a modifier to name anything."""
    return noun in _rules().general


def shorten(text: str) -> str:
    """At most `LONGEST` characters of the phrase, its head (the end) kept."""
    steps = (
        lambda t: re.sub(r'"[^"]*"', "", t),
        lambda t: re.sub(r"\([^)]*\)?", "", t),
        lambda t: t.rpartition("的")[2],
        lambda t: re.split("等|、", t)[-1],
        lambda t: re.split("[和及与]", t)[-1],
    )
    for step in steps:
        if len(text) <= LONGEST:
            break
        shorter = step(text)
        text = shorter if len(shorter) >= 3 else text
    return strip_lead(text)[-LONGEST:] if len(text) > LONGEST else text
