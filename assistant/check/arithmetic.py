"""Parts that do not add up to their whole: 立案14件，其中简易程序6件、一般程序7件."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.check.figures import Figure, Sentence, same_kind, step
from assistant.check.finding import Finding, Severity, clause_start, found
from vectorstore.sentences import Span
from vectorstore.types import Dimension, Report

__all__ = ["check_sums"]

_RULE = "arithmetic"
_OF_WHICH = re.compile(r"其中[:,]?(?!.*其中)|^(?:\(|:|,?包括|,?分别(?:为|是))")
_LISTED = re.compile(r"^\)?\s*(?:、|和|及|以及|与)")
_COMMA = re.compile(r"^,(?!.*(?:另|此外|同时|还|已|结案|办结|剩余|其余|未|[一二三四五六七八九]是))")
_BARE = re.compile(
    r"^,(?!.*(?:查|立|办|移|结|检|开|发|组|受|化|培|下|责|免|撤|不予|申请|抽|调|印|举))"
    r"[\u4e00-\u9fff、]{2,8}$"
)
_ITEM = re.compile(r"^[,;:]?(?:分别是|包括)?[,:]?([一二三四五六七八九十])是[^,;]{0,12}$")
_REST = re.compile(r"(?:剩余|其余|余下|还有|还剩|尚有|另有|尚余)(?:的)?[^,;、]{0,4}$")
_DONE = re.compile(r"已|完成|办结|结案|化解|整改|调解|采纳|调处")
_TOTAL_AFTER = re.compile(r"(?:^|[,、;)])(?:总共|合计|共计|总计|共|一共)(?:为|是)?$")
_PARTIAL = re.compile(r"^\)?等")
# Kinds that together are everything: parts named so must add up.
_PARTITIONS = (
    (re.compile("简易|当场"), re.compile("一般|普通")),
    (re.compile("现场"), re.compile("书面")),
    (re.compile("线上|网上"), re.compile("线下|窗口|现场")),
    (re.compile("罚款"), re.compile("没收")),
    (re.compile("男"), re.compile("女")),
)
_NEAR = Decimal("0.9")  # parts that reach this share of the whole were meant to be all of it


def check_sums(report: Report, sentences: Sequence[Sentence]) -> Iterator[Finding]:
    """Findings on 其中 lists, on lists with 共…, and on done + left ≠ all."""
    for sentence in sentences:
        figures = sentence.figures
        for i, figure in enumerate(figures):
            if not figure.is_count:
                continue
            if i and _OF_WHICH.search(figure.before):
                yield from _of_which(report, sentence, i)
            elif i and (item := _ITEM.search(figure.before)) and item[1] == "一":
                yield from _items(report, figures, i)
            elif _TOTAL_AFTER.search(figure.before):
                yield from _total_after(report, figures, i)
            elif _REST.search(figure.before):
                yield from _rest(report, figures, i)


def _of_which(report: Report, sentence: Sentence, first: int) -> Iterator[Finding]:
    total = _whole(sentence.figures, first)
    if total is None:
        return
    groups = _groups(sentence.figures, first, total)
    if not groups or any(_fits(total, group) for group in groups):
        return
    wholes = [f for f in sentence.figures[:first] if f.is_count and same_kind(f, total)]
    if len(groups[0]) > 1 and any(_fits(whole, groups[0]) for whole in wholes):
        return  # 排查217件，调处213件，其中…: it is the 217 that is divided
    parts = max(groups[:2], key=len) if len(groups[0]) == 1 else groups[0]
    verdict = _judge(total, parts)
    if verdict is None:
        return
    severity, message = verdict
    start = clause_start(report.text, total.quantity.start, sentence.start)
    last = parts[-1]
    end = last.quantity.end + last.after.startswith(")")
    yield found(report, _RULE, severity, message, Span(start, end))


def _whole(figures: Sequence[Figure], first: int) -> Figure | None:
    """The figure that 其中 divides: the last count of that unit before it."""
    bracketed = not figures[first].before.startswith("其中") and "其中" not in figures[first].before
    for figure in reversed(figures[:first]):
        if figure.is_count and same_kind(figure, figures[first]):
            return figure
        if bracketed:  # 5件（维持4件…）: only the figure that the bracket follows
            return None
    return None


def _groups(figures: Sequence[Figure], first: int, total: Figure) -> list[list[Figure]]:
    """Ways to read the list that begins at `first`: joined by 、, then further after commas."""
    groups = [[figures[first]]]
    for figure in figures[first + 1 :]:
        if figure.is_percent or figure.is_change or "(含" in figure.before:
            continue
        if not (figure.is_count and same_kind(figure, total)):
            break
        if _LISTED.search(figure.before) and len(groups) == 1:
            groups[0].append(figure)
        elif _COMMA.search(figure.before):
            groups.append([*groups[-1], figure])
        else:
            break
    if any(_PARTIAL.search(group[-1].after) for group in groups):
        return [] if _added(groups[0]) <= total.value else groups[:1]
    if len(groups[0]) == 1 and len(groups) > 1:
        # A comma may begin another matter: only bare names of kinds make a list.
        whole = groups[-1]
        bare = len(whole) > 2 and all(_BARE.search(part.before) for part in whole[1:])
        return [*groups[:1], whole] if bare or _is_partition(whole) else groups[:1]
    return groups


def _added(parts: Sequence[Figure]) -> Decimal:
    return sum((part.value for part in parts), Decimal(0))


def _fits(total: Figure, parts: Sequence[Figure]) -> bool:
    return _added(parts) == total.value


def _judge(total: Figure, parts: Sequence[Figure]) -> tuple[Severity, str] | None:
    """What to say of parts that do not add up, or None when they need not."""
    added = _added(parts)
    if len(parts) == 1:
        message = f"其中的{parts[0].quantity.text}大于总数{total.quantity.text}，请核对。"
        return (Severity.ERROR, message) if added > total.value else None
    said = _said(total, parts, "各分项", "总数")
    if abs(added - total.value) <= _slack(total, parts):
        return Severity.INFO, said + "差额可能由四舍五入造成。"
    if _is_partition(parts):
        return Severity.ERROR, said
    near = min(added, total.value) >= max(added, total.value) * _NEAR
    if total.quantity.dimension is Dimension.PERSON and not near:
        return None  # 党员20人、女性15人: people may be counted under several heads
    if added > total.value:
        return Severity.ERROR, said
    return (Severity.WARNING, said + "如所列不是全部，请在末尾加“等”。") if near else None


def _said(total: Figure, parts: Sequence[Figure], what: str, whole: str) -> str:
    added = _print(_added(parts), total)
    terms = "＋".join(part.quantity.text for part in parts)
    return f"{what}相加（{terms}＝{added}）与{whole}{total.quantity.text}不符，请核对。"


def _slack(total: Figure, parts: Sequence[Figure]) -> Decimal:
    """By how much amounts rounded for print may be off; nothing for counts and whole 元."""
    if total.quantity.dimension is not Dimension.MONEY:
        return Decimal(0)
    steps = [step(figure) for figure in (total, *parts)]
    return sum(steps, Decimal(0)) / 2 if max(steps) > 1 else Decimal(0)


def _is_partition(parts: Sequence[Figure]) -> bool:
    names = [part.before + part.after[:4] for part in parts]
    return len(parts) == 2 and any(
        (one.search(names[0]) and two.search(names[1]))
        or (two.search(names[0]) and one.search(names[1]))
        for one, two in _PARTITIONS
    )


def _print(value: Decimal, like: Figure) -> str:
    """`value` in the unit and scale that `like` is printed in."""
    text = like.quantity.text
    for scale, size in (("亿", 8), ("万", 4)):
        if scale in text:
            return f"{value.scaleb(-size).normalize():f}{scale}{like.quantity.unit}"
    return f"{value.normalize():f}{like.quantity.unit}"


def _total_after(report: Report, figures: Sequence[Figure], i: int) -> Iterator[Finding]:
    """审核文件2件、协议9件，共11件."""
    total = figures[i]
    parts: list[Figure] = []
    for k in range(i - 1, -1, -1):
        if not (figures[k].is_count and same_kind(figures[k], total)):
            break
        parts.insert(0, figures[k])
        if not _LISTED.search(figures[k].before):
            break
    if len(parts) < 2 or _fits(total, parts):
        return
    message = _said(total, parts, "各项", "合计")
    start = clause_start(report.text, parts[0].quantity.start)
    yield found(report, _RULE, Severity.ERROR, message, Span(start, total.quantity.end))


def _items(report: Report, figures: Sequence[Figure], first: int) -> Iterator[Finding]:
    """改革事项10项，一是取消3项，二是备案1项，三是…: every item counts the same thing."""
    total, parts = figures[first - 1], [figures[first]]
    for figure in figures[first + 1 :]:
        if not _ITEM.search(figure.before):
            break
        parts.append(figure)
    alike = all(part.is_count and same_kind(part, total) for part in parts)
    if len(parts) < 2 or not (alike and total.is_count) or re.search("是", parts[-1].after):
        return
    if not _fits(total, parts):
        message = _said(total, parts, "各分项", "总数")
        start = clause_start(report.text, total.quantity.start)
        yield found(report, _RULE, Severity.ERROR, message, Span(start, parts[-1].quantity.end))


def _rest(report: Report, figures: Sequence[Figure], i: int) -> Iterator[Finding]:
    """审议意见4条，已完成3条，剩余1条."""
    if i < 2:
        return
    total, done, rest = figures[i - 2 : i + 1]
    if not (total.is_count and done.is_count and same_kind(total, rest) and same_kind(done, rest)):
        return
    if not _DONE.search(done.before + done.after[:4]) or done.value > total.value:
        return
    if done.value + rest.value != total.value:
        message = (
            f"已完成的{done.quantity.text}与剩余的{rest.quantity.text}相加，"
            f"与总数{total.quantity.text}不符，请核对。"
        )
        start = clause_start(report.text, total.quantity.start)
        yield found(report, _RULE, Severity.ERROR, message, Span(start, rest.quantity.end))
