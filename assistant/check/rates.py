"""Rates that contradict their counts (结案35件、立案36件、结案率98%) or exceed 100 %."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from assistant.check.figures import Figure, Sentence, same_kind, step
from assistant.check.finding import Finding, Severity, clause_start, found
from vectorstore.sentences import Span
from vectorstore.types import Dimension, Report

__all__ = ["check_rates"]

_TO = r"(?:均|分别|都|已|也|达到?|为|是|保持|稳定|在|约|至|提升|提高|到|高达|实现|仅|占比?|:)*$"
_RATE = re.compile(r"([\u4e00-\u9fff“”]{1,14}率)" + _TO)
# Right after the count it is the share of: 其中联合抽查241户，占31.4%.
_SHARE = re.compile(
    r"^[,(]?约?占(?:比|到|总数|全部|总量|全年|总案件数|案件总数|比例)?(?:的|约|为|达)*$"
)
_LIMITED = re.compile(r"(?:率|占比|比例|满意度|测评分?|占[^,;。、增升降]{0,8})" + _TO)
_MAY_EXCEED = re.compile(r"增|升|降|超|同比|较上|完成|达成|执行|利用|负荷|周转|比上|回报|投入")
# A rate of punctuality counts the late ones, not the open ones.
_OTHER_BASE = re.compile(
    r"按期|按时|及时|时限|期限|限时|限期|提前|首次|一次性|当场|当日|当庭|增长率|满意率|知晓率"
)
_WHOLE = re.compile(r"受理|收到|接到|应|共有|新收")
_DONE = re.compile("成功|结案|办结")
_PART_OF = re.compile("一次|首次|首批|补")
# Words of a rate's name and the words that mark its numerator.
_STEMS = (
    (re.compile(r"结案率|办结率|完结率|审结率"), re.compile(r"结案|办结|完结|审结")),
    (re.compile(r"合格率|通过率|及格率"), re.compile(r"合格|通过|及格")),
    (re.compile(r"(?:调解|化解|调处).{0,4}率|成功率"), re.compile(r"成功|化解|调处|调解")),
    (re.compile(r"整改.{0,4}率"), re.compile(r"整改")),
    (re.compile(r"(?:答复|回复)率"), re.compile(r"答复|回复")),
    (re.compile(r"采纳率"), re.compile(r"采纳")),
    (re.compile(r"参考率|参训率|参学率"), re.compile(r"实际|参考|参训|参学|参加")),
    (re.compile(r"完成率"), re.compile(r"完成")),
    (re.compile(r"胜诉率"), re.compile(r"胜诉")),
    (re.compile(r"维持率"), re.compile(r"维持")),
    (re.compile(r"出庭.{0,4}率"), re.compile(r"出庭")),
    (re.compile(r"持证率"), re.compile(r"持证|持有")),
    (re.compile(r"(?:覆盖|检查)率"), re.compile(r"覆盖|检查了?|实查")),
)
_HUNDRED = Decimal(100)
_NEAR = Decimal("0.5")


def check_rates(report: Report, sentences: Sequence[Sentence]) -> Iterator[Finding]:
    """Findings on every exact percentage that is not itself a change."""
    earlier: Sentence | None = None
    for sentence in sentences:
        near = earlier if earlier and earlier.paragraph == sentence.paragraph else None
        for i, figure in enumerate(sentence.figures):
            if figure.quantity.dimension is not Dimension.PERCENT or figure.is_change:
                continue
            yield from _over_100(report, sentence, figure)
            if figure.exact and not figure.is_goal and not figure.is_earlier:
                yield from _contradiction(report, sentence, i, near)
        earlier = sentence


def _over_100(report: Report, sentence: Sentence, figure: Figure) -> Iterator[Finding]:
    value = figure.quantity.value
    if value is None or value <= _HUNDRED:
        return
    limited = _LIMITED.search(figure.before)
    if limited is None or _MAY_EXCEED.search(limited[0] + figure.before[-12:]):
        return
    message = f"{figure.quantity.text}超过了100%，这类比率不可能超过100%，请核对。"
    start = clause_start(report.text, figure.quantity.start, sentence.start)
    yield found(report, "over_100", Severity.ERROR, message, Span(start, figure.quantity.end))


def _contradiction(
    report: Report, sentence: Sentence, i: int, near: Sentence | None
) -> Iterator[Finding]:
    figures, rate = sentence.figures, sentence.figures[i]
    if (match := _RATE.search(rate.before)) is not None:
        pair = _counts(match[1], figures, i, near)
    elif _SHARE.search(rate.before):
        pair = _share(figures, i)
    else:
        return
    if pair is None:
        return
    part, wholes = pair
    if not wholes or any(_agrees(rate, part, whole) for whole in wholes):
        return
    whole = wholes[-1]
    right = (part.value * _HUNDRED / whole.value).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if not _NEAR < right / max(rate.value, Decimal(1)) < 1 / _NEAR:
        return  # so far off that the rate is of something else
    message = (
        f"{rate.quantity.text}与数量不符：{part.quantity.text}÷{whole.quantity.text}"
        f"＝{right}%，请核对。"
    )
    first = min(whole.quantity.start, part.quantity.start)
    start = clause_start(report.text, first)
    if rate.quantity.end - start > 110:  # too far apart to quote together
        start = clause_start(report.text, part.quantity.start)
    yield found(report, "rate", Severity.ERROR, message, Span(start, rate.quantity.end))


def _counts(
    name: str, figures: Sequence[Figure], i: int, near: Sentence | None
) -> tuple[Figure, list[Figure]] | None:
    """The numerator that the rate's name asks for, and what it may be divided by."""
    if _OTHER_BASE.search(name):
        return None
    stem = next((words for rate, words in _STEMS if rate.search(name)), None)
    if stem is None:
        return None
    for k in range(i - 1, -1, -1):
        part = figures[k]
        if ";" in part.after and k < i - 1:
            return None
        own = re.split("[,;、。]", part.before)[-1] + re.split("[,;、。]", part.after)[0][:6]
        if part.is_count and not part.is_earlier and stem.search(own):
            if _PART_OF.search(own) or (_WHOLE.search(own) and not _DONE.search(own)):
                return None
            wholes = _before(figures, k) + _wholes(part, figures[k + 1 : i])
            if not wholes and near is not None and len(near.figures) <= 2:
                wholes = _wholes(part, near.figures)
            return part, wholes
    return None


def _before(figures: Sequence[Figure], k: int) -> list[Figure]:
    """What may be the whole of figure `k`: counts before it, past a semicolon only 立案."""
    part = figures[k]
    apart = False
    wholes: list[Figure] = []
    for f in reversed(figures[:k]):
        apart = apart or ";" in f.after
        if _wholes(part, [f]) and (not apart or "立案" in f.before):
            wholes.insert(0, f)
    return wholes


def _wholes(part: Figure, candidates: Sequence[Figure]) -> list[Figure]:
    return [
        f
        for f in candidates
        if f.is_count and not f.is_earlier and same_kind(f, part) and f.value >= part.value > 0
    ]


def _share(figures: Sequence[Figure], i: int) -> tuple[Figure, list[Figure]] | None:
    """其中A 241户，占31.4%: the count before it, divided by any count before that."""
    part = figures[i - 1]
    if not i or not part.is_count or part.is_earlier or part.quantity.dimension is Dimension.TIME:
        return None
    return part, _wholes(part, figures[: i - 1])


def _agrees(rate: Figure, part: Figure, whole: Figure) -> bool:
    """Whether the printed rate is the quotient, rounded or cut off at its last digit."""
    right = part.value * _HUNDRED / whole.value
    if rate.value == _HUNDRED:
        return part.value == whole.value
    return abs(right - rate.value) < max(step(rate), Decimal("0.1"))
