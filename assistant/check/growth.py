"""Changes on last year that do not follow from the two values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from assistant.check.figures import Figure, Sentence, same_kind, step
from assistant.check.finding import Finding, Severity, clause_start, found
from vectorstore.sentences import Span
from vectorstore.types import Dimension, Hedge, Modality, Quantity, QuantityKind, Report

__all__ = ["check_growth"]

_RULE = "growth"
_ON_LAST_YEAR = re.compile(
    r"(?:比|较|同比|环比|与|对比)?(?:上年|去年|上一年|上年度|去年同期|上年同期|20\d\d年|同期|同比)"
)
_DOWN = re.compile(
    r"(?:下降|减少|减|降|降幅|降低|回落|压减|压缩|缩短|少)(?:了|约|近|逾|达|为|幅度?)*$"
)
_FROM_TO = re.compile(r"(?:增加|增长|上升|提高|提升|增|升|减少|下降|降低|降|减|扩大)?(?:到|至|为)$")
_FROM = re.compile(r"(?:由|从)[^,，;；]{0,12}$")
_JOINED = re.compile(r"[、,]?(?:增长|下降|增加|减少|增幅|降幅|上升)")
_HUNDRED = Decimal(100)
_MAX_APART = 110  # characters; values farther from the change are not quoted with it


def check_growth(
    report: Report, sentences: Sequence[Sentence], last_year: Sequence[Quantity] = ()
) -> Iterator[Finding]:
    """Findings on stated changes.

    A change is recomputed from the two values where the sentence prints both, from value,
    difference and rate where it prints those, and from `last_year`, the figures of last year's
    report, where they hold exactly one value of that indicator.
    """
    for sentence in sentences:
        figures = sentence.figures
        for i, change in enumerate(figures):
            if not (change.is_change and change.exact) or change.is_goal:
                continue
            now = _subject(figures, i)
            if now is None:
                continue
            earlier = _earlier_in_sentence(figures, i, now)
            then = earlier.value if earlier else _by_difference(figures, i, now)
            if then is not None:
                if not _follows(now.value, then, change):
                    start = min(f.quantity.start for f in (now, earlier or now))
                    yield _finding(report, change, now, then, start)
            elif last_year and _is_on_last_year(figures, i):
                yield from _against(report, figures, i, last_year)


def _subject(figures: Sequence[Figure], i: int) -> Figure | None:
    """The figure that changed: the nearest before it that is neither change nor last year's."""
    dimension = figures[i].quantity.dimension
    for figure in reversed(figures[:i]):
        if figure.is_change or figure.is_goal or _is_earlier(figure):
            continue
        if dimension is Dimension.PERCENT:  # of a rate one says 个百分点; a hedge allows no sum
            return figure if figure.exact and not figure.is_percent else None
        if dimension is Dimension.PERCENTAGE_POINT:
            if figure.is_percent:
                return figure if figure.exact else None
        elif same_kind(figure, figures[i]):
            return figure if figure.exact else None
    return None


def _is_earlier(figure: Figure) -> bool:
    return figure.is_earlier or _FROM.search(figure.before) is not None


def _earlier_in_sentence(figures: Sequence[Figure], i: int, now: Figure) -> Figure | None:
    """上年32件，今年36件 or 由32件增加到36件: last year's value beside `now`."""
    at = figures.index(now)
    for figure in figures[max(at - 1, 0) : i]:
        if figure is now or figure.is_change or figure.is_goal or not same_kind(figure, now):
            continue
        if not figure.exact or not _is_earlier(figure):
            continue
        if not _FROM.search(figure.before) or _FROM_TO.search(now.before):
            return figure
    return None


def _by_difference(figures: Sequence[Figure], i: int, now: Figure) -> Decimal | None:
    """387件，比上年减少25件、下降6.1%: last year's value from the difference printed beside it."""
    rate, difference = figures[i], figures[i - 1]
    joined = _JOINED.match(rate.before) and rate.quantity.dimension is Dimension.PERCENT
    if not joined or not (difference.is_change and difference.exact):
        return None
    if figures[i - 2 : i - 1] != (now,) or not same_kind(difference, now):
        return None
    sign = -1 if _DOWN.search(difference.before) else 1
    return now.value - sign * difference.value


def _is_on_last_year(figures: Sequence[Figure], i: int) -> bool:
    """Whether the change, or the one it is joined to by 、, says against what it is measured."""
    if _ON_LAST_YEAR.search(figures[i].before):
        return True
    joined = _JOINED.match(figures[i].before)
    return bool(joined and i and figures[i - 1].is_change and _is_on_last_year(figures, i - 1))


def _follows(now: Decimal, earlier: Decimal, change: Figure) -> bool:
    """Whether `change` is the difference, or its rate, at the precision printed."""
    sign = -1 if _DOWN.search(change.before) else 1
    difference = sign * (now - earlier)
    dimension = change.quantity.dimension
    if dimension is Dimension.PERCENT:
        if not earlier:
            return True
        right = difference * _HUNDRED / earlier
        return abs(right - change.value) < max(step(change), Decimal("0.1"))
    return abs(difference - change.value) <= step(change) / 2 or difference == change.value


def _finding(report: Report, change: Figure, now: Figure, then: Decimal, start: int) -> Finding:
    """`start` is where the two values begin to be printed."""
    difference = now.value - then
    points = change.quantity.dimension is Dimension.PERCENTAGE_POINT
    unit = "个百分点" if points else now.quantity.unit
    grown = difference >= 0
    right = f"{'增加' if grown else '减少'}{_plain(abs(difference))}{unit}"
    if change.quantity.dimension is Dimension.PERCENT and then:
        rate = (abs(difference) * _HUNDRED / then).quantize(Decimal("0.1"), ROUND_HALF_UP)
        right = f"{'增长' if grown else '下降'}{rate}%"
    values = f"{_plain(then)}→{_plain(now.value)}{now.quantity.unit}"
    message = f"“{_words(change)}”与前后两年的数不符：{values}应为{right}，请核对。"
    begin = clause_start(report.text, start)
    if change.quantity.end - begin > _MAX_APART:
        begin = clause_start(report.text, change.quantity.start)
    return found(report, _RULE, Severity.ERROR, message, Span(begin, change.quantity.end))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _words(change: Figure) -> str:
    match = re.search(r"[\u4e00-\u9fff]{1,10}$", change.before)
    return (match[0] if match else "") + change.quantity.text


def _against(
    report: Report, figures: Sequence[Figure], i: int, last_year: Sequence[Quantity]
) -> Iterator[Finding]:
    """The change against last year's own report; silent unless what changed is beyond doubt."""
    change = figures[i]
    subjects = _subjects(figures, i)
    values = [(now, _value_then(now.quantity, last_year)) for now in subjects]
    known = [(now, then) for now, then in values if then is not None]
    if not known or len(known) < len(values):
        return
    if any(_follows(now.value, then, change) for now, then in known):
        return
    now, then = known[0]
    yield _finding(report, change, now, then, now.quantity.start)


def _subjects(figures: Sequence[Figure], i: int) -> list[Figure]:
    """The nearest figure, and the wholes it may be a part of."""
    now = _subject(figures, i)
    if now is None:
        return []
    found_ = [now]
    at = figures.index(now)
    if any("其中" in f.before for f in figures[: at + 1]):
        found_ += [f for f in figures[:at] if f.is_count and same_kind(f, now)]
    return found_


def _value_then(quantity: Quantity, last_year: Sequence[Quantity]) -> Decimal | None:
    """Last year's value of the same indicator, when its report gives exactly one."""
    if quantity.year is None:
        return None
    comparable = [
        q
        for q in last_year
        if q.kind is QuantityKind.QUANTITY
        and q.modality is Modality.ACTUAL
        and q.dimension is quantity.dimension
        and q.year == quantity.year - 1
    ]
    same = [q for q in comparable if q.indicator == quantity.indicator]
    same = same or [q for q in comparable if q.canonical and q.canonical == quantity.canonical]
    values = {q.value for q in same}
    if len(values) != 1 or any(q.hedge is not Hedge.EXACT for q in same):
        return None
    return values.pop()
