"""Cut the words around a figure down to the phrase it measures: verb, noun, noise.

All functions take and give strings of the context view (`context.py`), never offsets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import NamedTuple

from vectorstore.quantities.words import alternation, load_words
from vectorstore.tokens import tagged

__all__ = [
    "LONGEST",
    "Core",
    "after",
    "before",
    "is_general",
    "is_noun",
    "shorten",
    "strip_lead",
    "strip_tail",
    "until_action",
    "without_idle",
]

LONGEST = 16
"""Characters of an indicator; a table's row header stays readable."""
_BLANK = "\x01"
# 巨鹿县卫生健康局立案: who did it is the figure's organisation, not its indicator.
_ORG = re.compile(
    r"[\u4e00-\u9fff]{0,8}?[省市区县州旗][\u4e00-\u9fff]{2,14}?(?:局|委员会|卫健委|发改委)"
    "(?![长党机务内系领办网公])"
)
_ACTION = re.compile(
    "(?:大幅|明显|显著|持续|稳步|不断|进一步|逐年|有效|得到|进行了|实行|实施|推行|开展|严格执行)"
)
# 干部具体负责…的工作, 党支部将…纳入…的内容: the noun counted has a predicate of its own.
_PREDICATE = re.compile("将|把|被|具体|负责(?!人|同|科|部)|担任|分别|全部|已|均|都")
_ABSTRACT = re.compile("工作|机制|制度|体系|能力|水平|情况")
_BRACKETED = re.compile(r"\([^)]*\)?")
_TITLED = re.compile("《[^》]*》(?:\\([^)]*\\))?(?:等)?")
_PASSED = frozenset({"通过", "参与"})  # light before an object, but 通过61人 says something
# 1件案卷被市某领导小组评为优秀案卷: what it became, not who made it so.
_HONOUR = re.compile("(?:评为|获评|评选为|入选|授予|表彰|通报表扬)[^,;。]{0,6}")
# 22个派出所实现了一网通办: the noun says it all, but 37家企业入驻平台 does not without the rest.
_IDLE = re.compile("(?:全[部量面])?(?:实现|履行|达|到|按|以)")
# 审查规范性文件、合同、会议纪要等270份: the figure counts them all.
_LISTED = re.compile("、[^、]*?(等[\\u4e00-\\u9fff]{0,4})[共计\\s]*$")
_QUOTED = re.compile(r'"[^"]*"')


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
    return _Rules(
        lead=re.compile(
            rf"(?:[自从至到截于]?{_BLANK}+(?:以来|来|期间|全年|度|间|内|底|末|起|年内)?|[\s、:]+"
            rf"|{alternation(words.lead_noise)})+"
        ),
        tail=re.compile(rf"(?:{alternation(words.tail_noise)}|[{_BLANK}\s:、])$"),
        kept=re.compile(rf"(?:{alternation(words.tail_kept)})$"),
        verb=re.compile(f"(?:{alternation(verbs)})(?:了|过)?"),
        strong=frozenset(words.strong_verbs),
        noun_tail=re.compile(alternation(words.verbal_noun_tails)),
        noun_head=re.compile(f"(?:{alternation(words.verbal_noun_heads)})$"),
        stop=re.compile(f'[^\\w"《]|[0-9]|{alternation(words.right_stops + verbs)}'),
        noun_end=re.compile(
            "(?<![平人户])(?<![党会](?=组织))(?<![行作](?=为))"
            f"(?:{alternation(words.noun_ends + verbs)})"
        ),
        light=re.compile(f"(?:{alternation(words.light_verbs)})+"),
        general=frozenset(words.general_nouns),
    )


def strip_lead(text: str) -> str:
    """Without 其中, 全年共, 我局, dates … at the start."""
    found = _rules().lead.match(text)
    text = text[found.end() :] if found else text
    org = _ORG.match(text)
    if org and len(text) - org.end() != 1:
        return strip_lead(text[org.end() :])
    return text


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


def _stem(verb: str) -> str:
    """开展了 → 开展, but 通过 stays."""
    return verb if verb == "通过" else verb.rstrip("了过")


def before(left: str) -> Core:
    """What the words before a figure say it measures."""
    rules = _rules()
    text = strip_lead(_without_title(left))
    closed = _LISTED.search(text)
    text = strip_tail(text) + ("等" if closed and closed[1] == "等" else "")
    verb, noun, rate = "", text, text[-1:] in ("率", "度", "比")
    for found in rules.verb.finditer(text):
        tail = text[found.end() :]
        if not tail or rules.noun_tail.match(tail):
            continue
        if tail[0] in "、和及与" and "、" in text[: found.start()]:
            continue  # 公共场所许可、护士注册、诊所备案: the verb ends an item of the list
        if rules.noun_head.search(text, 0, found.start()):
            continue
        name = _stem(found.group())
        if rate and name in rules.strong:
            continue  # 污水监测合格率: the verb is part of the rate's name
        verb, noun = (name if name in rules.strong else ""), tail
    noun = strip_lead(noun)
    name = _stem(noun)
    if name in rules.strong:
        return Core(verb + name, "")
    bare = noun.removeprefix("成功")
    if rules.verb.fullmatch(bare) and (bare == noun or bare not in rules.strong):
        return Core(name if name in _PASSED else "", "")
    return Core(verb, noun)


def _without_title(text: str) -> str:
    """印发《…》等文件 → 印发等文件; a title that is all there is stays."""
    rest = _TITLED.sub("", text) if "《" in text else text
    return rest if len(strip_tail(strip_lead(rest))) > 2 else text


def after(right: str) -> Core:
    """What the words after a figure say: the noun counted and what became of it."""
    rules = _rules()
    text = _QUOTED.sub("", right) if len(right) > LONGEST else right
    text = _without_clause(text.strip().lstrip("的"))
    end = rules.noun_end.search(text, 1)
    noun, rest = (text[: end.start()], text[end.start() :]) if end else (text, "")
    light = rules.light.match(rest)
    rest = rest[light.end() :] if light else rest
    rest = re.split("[,、;:(并和及]|(?<!参)与", rest)[0].rstrip("了的")
    noun = strip_tail(noun)
    if honour := _HONOUR.search(rest):
        rest = honour.group()
    if len(noun) + len(rest) > LONGEST:
        verb = rules.verb.match(rest)
        rest = verb.group() if verb else ""
    return Core(rest, noun)


def without_idle(core: Core) -> Core:
    """A counted noun without a predicate that adds nothing to it."""
    return Core("", core.noun) if _IDLE.match(core.verb) else core


def _without_clause(text: str) -> str:
    """拒不执行的行政处罚案件 → 行政处罚案件; 企业的检查 → 企业检查.

    权力事项的工作方案 → 权力事项; 干部负责各项的工作 → 干部: there 的 does not reach the figure.
    """
    head, of, tail = text.partition("的")
    if not of or not tail:
        return head
    own = _PREDICATE.search(head, 2)
    if own:
        return head[: own.start()]
    if len(head) > 4 and _ABSTRACT.match(tail):
        return head
    return tail if len(head) > 4 or _rules().noun_end.search(head) else head + tail


def until_action(clause: str) -> str:
    """A clause without its own predicate: 群众满意度大幅提升 → 群众满意度."""
    found = _ACTION.search(clause, 2)
    return clause[: found.start()] if found else clause


def is_general(noun: str) -> bool:
    """事项, 单位 …: needs a modifier to name anything."""
    return noun in _rules().general


def _last_item(text: str) -> str:
    return re.split("等|、", text)[-1]


def shorten(text: str) -> str:
    """At most `LONGEST` characters of the phrase, its head (the end) kept; rates said together
    (参考率、合格率) stay together."""
    if "率" in text and all(item[-1:] in "率度" for item in text.split("、")):
        return text[-2 * LONGEST :]
    if len(text) > LONGEST and (listed := _LISTED.search(text)):
        whole = text[: listed.end()]
        return whole if len(whole) <= 2 * LONGEST else f"{text.partition('、')[0]}…{listed[1]}"
    text = text.removesuffix("等")
    steps: tuple[Callable[[str], str], ...] = (
        partial(_QUOTED.sub, ""),
        partial(_BRACKETED.sub, ""),
        lambda t: t.rpartition("的")[2],
        _last_item,
        lambda t: t.partition("、")[2],
        lambda t: re.split("[和及与]", t)[-1],
    )
    for step in steps:
        if len(text) <= LONGEST:
            return text
        shorter = step(text)
        text = shorter if len(shorter) >= 3 else text
    return _whole_words(strip_lead(text)) if len(text) > LONGEST else text


@lru_cache(maxsize=512)
def _whole_words(text: str) -> str:
    """The end of `text`, as many of its words as fit."""
    kept = ""
    for word, _ in reversed(tagged(text)):
        if kept and len(word) + len(kept) > LONGEST:
            break
        kept = word + kept
    return kept[-LONGEST:]
