"""Which year a figure is of, and whether it was reached or is aimed at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vectorstore.quantities.dates import year_in
from vectorstore.types import Hedge, Modality

__all__ = ["Timing", "timing"]

_MENTION = re.compile(
    r"(?P<date>(?:19|20)\d\d ?年(?![^,;]{0,3}?(?:--?|~|至|到) ?(?:19|20)\d\d)"
    "|[一二][九〇零][〇零一二三四五六七八九]{2}年)"
    "|(?P<last>去年|上年|上一年)|(?P<this>今年|本年|当年)|(?P<within>(?<![一二两三四五几数\\d])年内)"
    "|(?P<next>明年|下年|下一年|来年)|(?P<before>前年)"
)
_SPAN_BEFORE = re.compile(r"(?:19|20)\d\d ?年? ?(?:--?|~|至|到) ?$")
_VERSION = re.compile(r"[^,;]{0,4}(?:版|修订|修正|施行|起施行|颁布|印发)")
# 由上年的56万元增至78.9万元: the figure that follows at once is last year's.
_OLD_VALUE = re.compile(
    r"(?:由|从|较|比)(?:去年|上年度?|上一年度?|(?P<year>(?:19|20)\d\d) ?年度?)(?:同期|[底末])?的$"
)
# 上年提出的目标, 去年签订的合同: last year's are the goal and the contract, not the figure.
_LAST_YEARS = re.compile(
    "(?:度|同期)?[^,;]{0,12}(?:提出|确定|签订|下达|遗留|制定|结转|部署|印发|出台)的?|以来"
)
_SINCE = re.compile("以来|至今|来")
# 查办26件，上年为23件；罚款…: the mention is of the figure right after it and those joined to it.
_OF_ONE = re.compile(
    r"(?:年度|度)?(?:同期|全年|末)?(?:分别)?(?:为|是|有|仅有?|的|约|近)*[\d.]+[^,;:)]*(?:,\d{3}[^,;:)]*)*[,;:)]"
)
_FIGURE_BEFORE = re.compile(r"\d")
# 2023年、2024年分别立案10件、15件.
_IN_TURN = re.compile(
    r"(?P<years>(?:(?:19|20)\d\d ?年?度?[、,和及])+(?:19|20)\d\d ?年度?)[^、。;]{0,20}?分别"
    r"(?P<rest>[^。;]*)$"
)
_REFERENCE = re.compile(r"(?:较|比|与|同|相比|相较|对比|将|把|由|从)$")
_AIM = re.compile(
    r"力争|争取|(?<![度作查按照施案])计划(?=开展|组织|完成|举办|于|在|到|新增|培训|实施|安排|对|检查|抽查|全年)"
    r"|目标(?:为|是|值)|预计|预期|拟(?=开展|组织|举办|于|新增|建|招录|制定|安排|投入)"
    r"|下一步|明年|下一?年度"
    r"|将(?=开展|组织|举办|完成|新增|投入|实施|建成|安排)|确保(?=[^,;]{0,24}(?:达到?|不低于|实现)[^,;]*$)"
)
_REAL = re.compile("实际(?!需|情|工作)|完成率|超额")
_GOAL = re.compile("的?(?:年度|年初|既定|全年|预期)?(?:目标|任务目标)")
_DEMAND = re.compile(r"要求|应当|必须|须|(?<![适响反供回对相])应(?![急对诉用])|规定|标准")
# 在2025年98%的基础上: the year is that of the figure started from.
_STARTING_FROM = re.compile("基础上")
# 已建成3处, but not 对已建成的设施检查3次.
_DONE = re.compile(
    "已(?:经|累计|先后|全部|共)*(?:[建完]成|建设|建立|实现|有|达到?|开展|办[结理]|培训|覆盖|配备|安装|接入"
    "|[选聘]聘|聘请|取得|新增|投入|举办|组织)?了?$"
)
# 由6名增加到9名: what it was before, in a year that is not said.
_FROM = re.compile("(?:由|从)(?:原来的?|原有的?|原先的?|最初的?)?$")
_TO = re.compile(
    "(?:增|提|减|压|缩|降|升|扩|精简|下降|上升|延长|发展|跃升|攀升|调)[^,;。\\d]{0,4}[至到为]|[至到]"
)
_BOUNDS = frozenset({Hedge.AT_LEAST, Hedge.AT_MOST, Hedge.MORE_THAN})


@dataclass(frozen=True, slots=True)
class Timing:
    """The year of a figure (None when nothing tells) and its modality."""

    year: int | None
    modality: Modality


def timing(said: str, after: str, hedge: Hedge, *, base: int | None, planned: bool) -> Timing:
    """`said` is the folded sentence up to the figure, `after` what follows it; `base` the year of
    the report.

    `planned`: the figure stands in the part on next year's work, where everything is a target
    but what the clause plainly reports: an earlier year's, or 已建成3处.
    """
    default = base + 1 if planned and base is not None else base
    year, mention = default, None
    for found in _MENTION.finditer(said) if "年" in said else ():
        if mention and found.group() == "当年":
            continue  # 2023年，…当年发生1件: the year said before
        resolved = _resolve(said, found, base, planned=planned)
        if resolved is not None and not _spent(said, found, resolved, base):
            year, mention = resolved, found
    explicit = mention is not None
    if mention and _STARTING_FROM.search(said, mention.end()):
        year, explicit = default, False
    turn = _in_turn(said)
    if turn is not None:
        year, explicit = turn, True
    direct = _OLD_VALUE.search(said)
    if direct and (direct["year"] or base is not None):
        year, explicit = int(direct["year"] or (base or 0) - 1), True
    if not explicit and _FROM.search(said) and _TO.match(after):
        return Timing(None, Modality.ACTUAL)
    clause = re.split("[;。]", said)[-1]
    if not planned:
        aimed = bool(_aimed(clause) or _GOAL.match(after)) or (
            hedge in _BOUNDS and bool(_DEMAND.search(clause))
        )
        return Timing(year, Modality.TARGET if aimed else Modality.ACTUAL)
    if mention and mention["this"] and (hedge in _BOUNDS or _AIM.search(said, mention.end())):
        year, explicit = default, False  # a plan written in its own year: 今年力争20件
    if hedge not in _BOUNDS and _DONE.search(said):
        return Timing(year if explicit else base, Modality.ACTUAL)
    past = explicit and base is not None and year is not None and year <= base
    return Timing(year, Modality.ACTUAL if past else Modality.TARGET)


def _spent(said: str, found: re.Match[str], year: int, base: int | None) -> bool:
    """Whether an earlier year, told for comparison, ended before the figure in question.

    It ends with the clause when its figure follows at once (上年为23件), else at the semicolon when
    the sentence has told figures before it.
    """
    if base is None or year >= base:
        return False
    if _OF_ONE.match(said, found.end()):
        return True
    return ";" in said[found.end() :] and bool(_FIGURE_BEFORE.search(said, 0, found.start()))


def _aimed(clause: str) -> bool:
    """计划检查1500户 but not, in the same breath, 实际检查1536户."""
    found = list(_AIM.finditer(clause))
    return bool(found) and not _REAL.search(clause, found[-1].end())


def _in_turn(said: str) -> int | None:
    found = _IN_TURN.search(said)
    if found is None:
        return None
    years = re.findall(r"(?:19|20)\d\d", found["years"])
    position = len(re.findall("[、,和及]", found["rest"]))
    return int(years[position]) if position < len(years) else None


def _resolve(said: str, found: re.Match[str], base: int | None, *, planned: bool) -> int | None:
    """The year a mention sets for what follows; None when it only compares or names a text."""
    if _REFERENCE.search(said, 0, found.start()) or _SPAN_BEFORE.search(said, 0, found.start()):
        return None
    if found["date"]:
        if _VERSION.match(said, found.end()) or _SINCE.match(said, found.end()):
            return None
        return year_in(found["date"])
    if base is None or (found["last"] and _LAST_YEARS.match(said, found.end())):
        return None
    shift = {"last": -1, "this": 0, "within": int(planned), "next": 1, "before": -2}
    return base + shift[found.lastgroup or "this"]
