"""Errors put into true sentences, one edited figure a case, every one checked to be false.

Each function yields the cases of one error class for one half of the organisations. An edit is
dropped when the sources happen to state the new figure too, so no case is true by accident.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.verify import Verdict
from evals.quantities.cases import Case, put
from evals.quantities.edits import perturbed
from evals.quantities.facts import FIGURE, Fact, Library
from evals.quantities.sums import false_sums
from evals.quantities.wording import reworded
from vectorstore.types import Hedge, Modality

__all__ = ["MUTATIONS"]

Mutation = Callable[[Library, random.Random], Iterator[Case]]
_YEAR_WORD = re.compile(r"\d{4}年|今年|去年|上年|年初|年底|年内|本年|同期|累计|以来")
_WRONG_UNITS = {
    "件": "人次", "起": "人次", "人": "人次", "名": "人次", "人次": "件", "户": "户次",
    "家": "家次", "户次": "户", "家次": "家", "%": "个百分点", "份": "人次", "场": "人次",
    "场次": "人次", "次": "人次", "宗": "户次",
}  # fmt: skip
_TARGET_WORDS = re.compile(
    r"力争|争取|计划|确保|预计|将|拟|实现|不少于|不低于|至少|以上|左右|达到|保持在|稳定在|保持"
    r"|全年|年内|\d{4}年|下一年度|[一二三四五六七八]是|（[一二三四五六七八九]）"
)
_HEDGE_WORDS = re.compile(r"不少于|不低于|至少|不超过|突破|超过|近|约|逾|超|余|多|以上|左右|以内")
_OPPOSITE = {
    Hedge.AT_LEAST: "不超过",
    Hedge.AT_MOST: "超过",
    Hedge.OVER_ROUND: "近",
    Hedge.MORE_THAN: "近",
    Hedge.NEARLY: "超过",
}
_NUMERALS = "一二三四五六七八九十"


def fabricated(library: Library, rng: random.Random) -> Iterator[Case]:
    """Other digits: a value no source of the half states in that dimension."""
    for fact in library.plain:
        changed = perturbed(fact, rng)
        if changed and not library.states(changed[1], fact.group):
            text = fact.sentence_with(changed[0])
            yield put("fabricated", fact, text, fact.at, changed[0], Verdict.FABRICATED)


def wrong_scale_or_unit(library: Library, rng: random.Random) -> Iterator[Case]:
    """万 dropped or added, or the measure word of another dimension."""
    for fact in library.plain:
        match = FIGURE.fullmatch(fact.text)
        assert match is not None
        news = []
        if match["scale"]:
            news.append(match["number"] + fact.unit)
        elif fact.unit == "元" or fact.value >= 100:
            news.append(match["number"] + "万" + fact.unit)
        if fact.unit in _WRONG_UNITS:
            news.append(match["number"] + match["scale"] + _WRONG_UNITS[fact.unit])
        for new in news:
            text = fact.sentence_with(new)
            yield put("wrong_scale_or_unit", fact, text, fact.at, new, Verdict.WRONG_SCALE_OR_UNIT)


def wrong_indicator(library: Library, rng: random.Random) -> Iterator[Case]:
    """Another figure of the same report and unit in this one's place, as written and reworded."""
    by_unit: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in library.standalone:
        by_unit[fact.report, fact.unit].append(fact)
    for facts in by_unit.values():
        for fact in facts:
            own = {f.value for f in facts if f.indicator == fact.indicator}
            others = [f for f in facts if f.value not in own and f.indicator != fact.indicator]
            for other in rng.sample(others, min(2, len(others))):
                new = other.text
                text = fact.sentence_with(new)
                yield put("wrong_indicator", fact, text, fact.at, new, Verdict.WRONG_INDICATOR)
                for lead, clause, at in reworded(fact, new)[:1]:
                    yield put(
                        "wrong_indicator", fact, lead + clause, at, new, Verdict.WRONG_INDICATOR
                    )


def wrong_org(library: Library, rng: random.Random) -> Iterator[Case]:
    """A clause of one organisation under the name of another, which states no such value."""
    orgs = sorted({(fact.org, fact.year) for fact in library.facts})
    for fact in library.standalone:
        rivals = [(o, y) for o, y in orgs if o != fact.org and y == fact.year]
        rng.shuffle(rivals)
        for org, year in rivals[:2]:
            if library.states(fact.value, fact.group, org):
                continue
            lead = f"{year}年，{org}"
            case = _clause_case("wrong_org", fact, lead, fact.text, Verdict.WRONG_ORG)
            yield replace(case, org=org)


def wrong_year(library: Library, rng: random.Random) -> Iterator[Case]:
    """This year's clause told of the year before, of which the source says otherwise."""
    years = {(fact.org, fact.year) for fact in library.facts}
    for fact in library.standalone:
        before = fact.year - 1
        if (fact.org, before) not in years or _YEAR_WORD.search(fact.clause):
            continue
        if library.states(fact.value, fact.group, fact.org, before):
            continue
        for lead in (f"{before}年，{fact.org}", "去年，我单位"):
            yield _clause_case("wrong_year", fact, lead, fact.text, Verdict.WRONG_YEAR)


def stale(library: Library, rng: random.Random) -> Iterator[Case]:
    """Last year's value in this year's sentence, as written and reworded, and last year's
    sentence kept as it was."""
    for old, new in library.years_in_turn:
        if not library.states(old.value, old.group, new.org, new.year):
            text = new.sentence_with(old.text)
            yield put("stale", new, text, new.at, old.text, Verdict.STALE)
            for lead, clause, at in reworded(new, old.text)[:1]:
                yield put("stale", new, lead + clause, at, old.text, Verdict.STALE)
            if _YEAR_WORD.search(old.sentence) is None:
                text, year = old.sentence, new.year
                yield put("stale", old, text, old.at, old.text, Verdict.STALE, year=year)


def target_as_actual(library: Library, rng: random.Random) -> Iterator[Case]:
    """A planned figure told as reached, in the year of the plan's report and in the next."""
    for fact in library.facts:
        if fact.modality is not Modality.TARGET or "\t" in fact.sentence:
            continue
        figure = _HEDGE_WORDS.sub("", fact.text)
        clause = fact.clause_with("\0")
        clause = _TARGET_WORDS.sub("", clause).strip(" 　，,、")
        words = re.sub(r"[^\u4e00-\u9fff]", "", clause)
        if (
            "目标" in fact.clause
            or len(words) < 3
            or clause.count("\0") != 1
            or re.search(r"\d", clause)
        ):
            continue
        if library.states(fact.value, fact.group, fact.org):
            others = [f for f in library.facts if f.value == fact.value and f.org == fact.org]
            if any(f.modality is Modality.ACTUAL and f.group == fact.group for f in others):
                continue
        for year in {_report_year(library, fact), _report_year(library, fact) + 1}:
            for lead in (f"{year}年，{fact.org}", f"{year}年全年已完成"):
                text = lead + clause.replace("\0", figure) + "。"
                at = len(lead) + clause.index("\0")
                yield put(
                    "target_as_actual", fact, text, at, figure, Verdict.TARGET_AS_ACTUAL, year=year
                )


def derived_wrong(library: Library, rng: random.Random) -> Iterator[Case]:
    """A sum, difference, growth or share behind its cue, computed wrongly."""
    yield from false_sums(library, rng)


def hedge_lost(library: Library, rng: random.Random) -> Iterator[Case]:
    """余, 近, 约, 不少于 … dropped, or turned into the opposite."""
    for fact in library.facts:
        bare = _HEDGE_WORDS.sub("", fact.text)
        if fact.hedge is Hedge.EXACT or bare == fact.text or "\t" in fact.sentence:
            continue
        target = fact.modality is Modality.TARGET
        lead = "下一年度工作计划：" if target else f"{fact.year}年，{fact.org}"
        news = [bare]
        if fact.hedge in _OPPOSITE:
            news.append(_OPPOSITE[fact.hedge] + bare)
        for new in news:
            yield _clause_case("hedge_lost", fact, lead, new, Verdict.HEDGE_LOST)
            if not target:
                text = fact.sentence_with(new)
                yield put("hedge_lost", fact, text, fact.at, new, Verdict.HEDGE_LOST)


def phrase_altered(library: Library, rng: random.Random) -> Iterator[Case]:
    """A fixed phrase with another numeral, in its sentence."""
    true = {fact.text for fact in library.phrases}
    for fact in library.phrases:
        at = next((i for i, c in enumerate(fact.text) if c in _NUMERALS), None)
        if at is None or "\t" in fact.sentence:
            continue
        for numeral in rng.sample(_NUMERALS[1:], 7):
            new = fact.text[:at] + numeral + fact.text[at + 1 :]
            if new not in true:
                text = fact.sentence_with(new)
                yield put("phrase_altered", fact, text, fact.at, new, Verdict.PHRASE_ALTERED)


def _clause_case(family: str, fact: Fact, lead: str, new: str, verdict: Verdict) -> Case:
    text = f"{lead}{fact.clause_with(new)}。"
    return put(family, fact, text, len(lead) + fact.clause_at, new, verdict)


def _report_year(library: Library, fact: Fact) -> int:
    report = next(r for r in library.reports if r.id == fact.report)
    return report.year or fact.year


MUTATIONS: dict[str, Mutation] = {
    "fabricated": fabricated,
    "wrong_scale_or_unit": wrong_scale_or_unit,
    "wrong_indicator": wrong_indicator,
    "wrong_org": wrong_org,
    "wrong_year": wrong_year,
    "stale": stale,
    "target_as_actual": target_as_actual,
    "derived_wrong": derived_wrong,
    "hedge_lost": hedge_lost,
    "phrase_altered": phrase_altered,
}
