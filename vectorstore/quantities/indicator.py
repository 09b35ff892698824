"""The phrase each figure measures, with its parent where the text enumerates parts.

Goes through a text figure by figure and remembers, within a sentence, what the figures before
measured: the parts of a whole, the object of a bare verb and the subject of a change come from there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from vectorstore.quantities import phrase
from vectorstore.quantities.context import Context, readable
from vectorstore.quantities.scan import Figure
from vectorstore.quantities.words import alternation, load_words
from vectorstore.types import Dimension, QuantityKind

__all__ = ["find_indicators"]

_RATE_LIKE = frozenset({Dimension.PERCENT, Dimension.PERMILLE, Dimension.PERCENTAGE_POINT})
_COMPARED = re.compile(
    r"(?P<subject>.*?)(?:(?P<same>同比)|(?P<last>环比)|(?:较|比|与|相比|相较|对比)[^,;]{0,10}?"
    r"(?:相比|同期|上年度?|去年|前年|往年|上季度|\x01+|上一年度?)(?:同期|相比)?)(?P<rest>.*)"
)
_RESPECTIVELY = re.compile("分别(?:为|达到?|是|占|有)?(?:\\s*)$")
_JOIN = re.compile("[、和及与]|以及")
_GROUP_LINK = re.compile("^[、,和及与\\s]+$")
_SHARE = re.compile("^(?P<part>.+?)占(?P<whole>.*)$")


@dataclass(slots=True)
class _Whole:
    """A figure whose parts may follow."""

    name: str
    value: Decimal | None
    unit: str
    left: Decimal | None
    explicit: bool
    depth: int = 0


@dataclass(slots=True)
class _State:
    """What one sentence has said so far."""

    figures: list[tuple[Figure, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    whole: _Whole | None = None
    in_brackets: _Whole | None = None
    respectively: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Rules:
    parts: re.Pattern[str]
    change: re.Pattern[str]
    up: frozenset[str]
    complete: frozenset[str]


@cache
def _rules() -> _Rules:
    words = load_words()
    changes = alternation(words.change_up + words.change_down)
    return _Rules(
        parts=re.compile(alternation(words.part_words)),
        change=re.compile(f"(?P<word>{changes})(?:率|幅度?)?(?:了|达到?|为|近|约|超过?)?$"),
        up=frozenset(words.change_up),
        complete=frozenset(words.complete_verbs),
    )


def find_indicators(context: Context, figures: Sequence[Figure]) -> list[str]:
    """One indicator for each figure (empty for dates and phrases), in order."""
    found: list[str] = []
    state, sentence = _State(), (-1, -1)
    previous: Figure | None = None
    for index, figure in enumerate(figures):
        if figure.kind is not QuantityKind.QUANTITY:
            found.append("")
            continue
        here = context.sentence(figure.start)
        if here != sentence:
            state, sentence, previous = _State(), here, None
        following = _next_figure(figures, index)
        found.append(_one(context, state, sentence, previous, figure, following))
        previous = figure
    return found


def _next_figure(figures: Sequence[Figure], index: int) -> Figure | None:
    for figure in figures[index + 1 :]:
        if figure.kind is QuantityKind.QUANTITY:
            return figure
    return None


def _one(
    context: Context,
    state: _State,
    sentence: tuple[int, int],
    previous: Figure | None,
    figure: Figure,
    following: Figure | None,
) -> str:
    start = max(context.clause_start(figure.start), sentence[0])
    between = context.view[previous.end : figure.start] if previous else ""
    if previous and previous.end > start:
        start = previous.end
    end = context.clause_end(figure.end)
    shared = following is not None and following.start < end
    if shared and following is not None:
        end = following.start
    left, right = context.view[start : figure.start], context.view[figure.end : end]
    name, core_name = _name(context, state, sentence, figure, left, right, start, shared)
    name = _with_parent(state, figure, name, between, context.view, start)
    state.figures.append((figure, name))
    state.names.append(core_name)
    return name


def _name(
    context: Context,
    state: _State,
    sentence: tuple[int, int],
    figure: Figure,
    left: str,
    right: str,
    start: int,
    shared: bool,
) -> tuple[str, str]:
    """The indicator without parent, and what later bare verbs may refer back to."""
    if state.respectively and _GROUP_LINK.match(left or "、"):
        name = state.respectively.pop(0)
        return name, name
    state.respectively = _respectively(left)
    if state.respectively:
        name = state.respectively.pop(0)
        return name, name
    change = _change(state, context, sentence, left, start)
    if change:
        return change, state.names[-1] if state.names else change
    core = _core(figure, left, right, shared)
    name = readable(phrase.shorten(core.verb + core.noun))
    if not core.noun:
        borrowed = _borrow(context, state, sentence, start)
        if core.verb in _rules().complete:
            return core.verb, core.verb
        name = readable(phrase.shorten(borrowed + core.verb))
        return name, borrowed or name
    return name, readable(core.noun)


def _core(figure: Figure, left: str, right: str, shared: bool) -> phrase.Core:
    said = phrase.before(left)
    share = _SHARE.match(said.noun) if figure.dimension in _RATE_LIKE else None
    if share:
        return phrase.Core("", phrase.strip_lead(share["part"]) + "占比")
    counted = right.lstrip()
    if figure.dimension in _RATE_LIKE and said.noun:
        return said
    if not phrase.is_noun(counted) and not counted.startswith("的"):
        return said
    if said.noun and (shared or counted.startswith("的")) and not left.rstrip().endswith("的"):
        return said
    if said.verb and said.noun and not left.rstrip().endswith("的"):
        return said
    noun = phrase.after(counted)
    if not noun.noun:
        return said
    if phrase.is_general(noun.noun) and said.noun:
        return phrase.Core(said.verb, phrase.shorten(said.noun) + noun.noun)
    if said.verb:
        return phrase.Core(said.verb, noun.noun)
    return phrase.Core("", noun.noun + noun.verb)


def _borrow(context: Context, state: _State, sentence: tuple[int, int], start: int) -> str:
    """What a bare verb is about: the object of the figure before, else the clause before."""
    if state.names:
        return state.names[-1]
    at = start
    while at > sentence[0]:
        stop = context.bound_starts
        _ = stop
        at -= 1
        while at > sentence[0] and context.view[at - 1 : at] in ",;:() ":
            at -= 1
        begin = max(context.clause_start(at), sentence[0])
        said = phrase.before(context.view[begin:at])
        noun = readable(phrase.shorten(said.noun))
        if len(noun) >= 2:
            return noun
        at = begin
    return ""


def _respectively(left: str) -> list[str]:
    """A和B分别为3件和5件: the names waiting for their figures."""
    found = _RESPECTIVELY.search(left)
    if found is None:
        return []
    core = phrase.before(left[: found.start()])
    names = [phrase.strip_lead(name) for name in _JOIN.split(core.noun)]
    return [readable(phrase.shorten(name)) for name in names] if len(names) > 1 else []


def _change(
    state: _State, context: Context, sentence: tuple[int, int], left: str, start: int
) -> str:
    """立案34起，同比增长5%: what changed, by which comparison, which way."""
    bare = left.rstrip()
    word = _rules().change.search(bare)
    if word is None:
        return ""
    compared = _COMPARED.match(bare)
    if compared is None and word["word"] in ("多", "少", "增", "降"):
        return ""
    subject = phrase.strip_tail(
        phrase.strip_lead(compared["subject"] if compared else bare[: word.start()])
    )
    if not subject:
        subject = state.names[-1] if state.names else _borrow(context, state, sentence, start)
    else:
        said = phrase.before(subject)
        subject = said.verb + said.noun
    way = "增" if word["word"] in _rules().up else "降"
    basis = "" if compared is None else "同比" if compared["same"] else ""
    basis = "环比" if compared and compared["last"] else basis
    if compared and not compared["same"] and not compared["last"]:
        basis = "较上年"
    return f"{readable(phrase.shorten(subject))}{basis}{way}幅"


def _with_parent(
    state: _State, figure: Figure, name: str, between: str, view: str, start: int
) -> str:
    """Attach the whole whose part this figure is, and keep track of wholes."""
    if view[start - 1 : start] == "(" and state.figures and "(" in between and ")" not in between:
        whole = state.in_brackets or _whole_of(state, explicit=True)
        state.in_brackets = whole
        return f"{whole.name}·{name}" if whole.name and whole.name != name else name
    if state.in_brackets is not None:
        if ")" not in between:
            whole = state.in_brackets
            return f"{whole.name}·{name}" if whole.name and whole.name != name else name
        state.in_brackets = None
    if state.figures and _rules().parts.search(between):
        state.whole = _whole_of(state, explicit=True)
    elif state.figures and state.whole is None and re.search("[:]|[一1]是", between):
        state.whole = _whole_of(state, explicit=False)
    whole_open = state.whole
    if whole_open is None or not _is_part(whole_open, figure, between):
        state.whole = None
        return name
    if whole_open.left is not None and figure.value is not None and figure.unit == whole_open.unit:
        whole_open.left -= figure.value
    return f"{whole_open.name}·{name}" if whole_open.name and name else name


def _whole_of(state: _State, explicit: bool) -> _Whole:
    figure, name = state.figures[-1]
    value = figure.value if figure.value_max is None else figure.value_max
    return _Whole(name, value, figure.unit, value, explicit)


def _is_part(whole: _Whole, figure: Figure, between: str) -> bool:
    """Parts have the whole's unit and do not sum to more than it."""
    if figure.dimension in _RATE_LIKE and "占" not in between:
        return False
    if ";" in between and not re.search("[一二三四五六七八九]是", between):
        return False
    if figure.unit != whole.unit:
        return bool(_rules().parts.search(between)) or (whole.explicit and "、" in between[:1])
    return whole.left is None or figure.value is None or figure.value <= whole.left
