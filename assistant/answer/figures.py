"""Answer a question for a figure from the ledger: the row whose indicator the question names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answer.compose import Composer, named, printed
from assistant.answer.terms import Terms, naming, weigh
from assistant.orders import is_order
from vectorstore.clean import fold
from vectorstore.indicators import Lexicon
from vectorstore.sentences import Span, sentences
from vectorstore.store import LedgerRow
from vectorstore.types import Dimension, Modality, Report

__all__ = [
    "Asked",
    "Match",
    "aims",
    "denial",
    "is_change",
    "key_of",
    "match",
    "read_asked",
    "surely",
    "tell",
]

# A row is the answer when the question's words stand in its indicator and sentence to this share;
# chosen on the questions over `samples/` (see design/answering.md).
ENOUGH = 0.58
# Rows this close to the best are told too: the report gives several figures of that name.
_TIE = 0.04
_MOST = 5
# What was added, and what ought to be, is not what there is: 新增4名, 应持证84人.
_ADDED_OR_DUE = re.compile(r"(新)[增进招聘办]|(净)增|(?<![响反对供适相回])(应)(?![急诉用对答变])")
_AIM = re.compile(r"目标|计划|打算|准备|原定|定的|要达到|力争|预期|明年|来年|下一?年")
_CHANGE = re.compile(r"[增降]幅$|增减$|上升$|下降$")
_ASKS_CHANGE = re.compile(r"增|减|升|降|同比|变化|幅度|多多少|少多少|[多少][了出](?:多少|几)")
_SAME = 0.9  # a row of the canonical indicator asked for, under whatever name it is printed
_PART_OF = 0.1  # taken off a part (立案·简易程序) when the question asks for the whole
# Share of the question's words that a level of a name must hold: to be meant, to be all that is.
_MEANT, _WHOLE = 0.3, 0.9

_RATE = re.compile(r"[^效频法]率|满意度|占比")

_D = Dimension
# What the question's own measure word admits. 项 and 个 measure almost anything.
_CUES: tuple[tuple[str, frozenset[Dimension]], ...] = (
    (r"人次", frozenset({_D.PERSON_TIME, _D.PERSON})),
    (r"户次|家次", frozenset({_D.HOUSEHOLD_TIME, _D.HOUSEHOLD})),
    (r"(?:多少|几)(?:钱|元|万元|亿元|万)|金额|罚没款?(?:是|有|为)?多少", frozenset({_D.MONEY})),
    (r"百分之|百分比|占比|[^效频法](?:率|比例)(?!先)", frozenset({_D.PERCENT, _D.PERMILLE})),
    (r"(?:多少|几)(?:场|次|期|批|轮)", frozenset({_D.OCCASION})),
    (r"(?:多少|几)(?:名|位|人)", frozenset({_D.PERSON, _D.PERSON_TIME})),
    (r"(?:多少|几)(?:户|家|所|个单位)", frozenset({_D.HOUSEHOLD, _D.HOUSEHOLD_TIME})),
    (r"(?:多少|几)(?:件|起|宗|例|案)", frozenset({_D.CASE, _D.ITEM})),
    (r"(?:多少|几)(?:份|册|本|篇|条|幅|块|张)", frozenset({_D.COPY})),
    (r"(?:多少|几)(?:小时|学时|天|工作日)", frozenset({_D.TIME})),
    (r"多少(?:企业|个体|市场主体|经营主体|商户|机构)", frozenset({_D.HOUSEHOLD, _D.ITEM})),
    # What is counted follows 多少 itself: 多少专利 is no time and no share.
    (r"多少[\u4e00-\u9fff]", frozenset(_D) - {_D.TIME, _D.PERCENT, _D.PERMILLE}),
)
# A phrase with no measure word is read as the commonest thing counted under that name.
_COMMON = (
    *(_D.CASE, _D.ITEM, _D.MONEY, _D.PERCENT, _D.OCCASION, _D.HOUSEHOLD_TIME, _D.HOUSEHOLD),
    *(_D.PERSON_TIME, _D.PERSON, _D.COPY, _D.TIME, _D.AREA, _D.PERMILLE, _D.PERCENTAGE_POINT),
    _D.OTHER,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What figure is asked for.

    `subject` in the question's words, admissible dimensions (empty: any), canonical key or "",
    whether a target or a change (同比增幅) is meant.
    """

    subject: str
    dimensions: frozenset[Dimension]
    canonical: str
    target: bool
    change: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A ledger row and how well it fits, 0 to about 1.2."""

    row: LedgerRow
    score: float


def aims(question: str) -> bool:
    """Whether a question is about what was planned, not what was reached."""
    return bool(_AIM.search(fold(question)))


def is_change(indicator: str) -> bool:
    """Whether an indicator tells by how much something changed (立案较上年增幅)."""
    return bool(_CHANGE.search(indicator))


def read_asked(question: str, subject: str, lexicon: Lexicon) -> Asked:
    """Read the indicator, its unit and whether a target is meant out of a question."""
    text = fold(question)
    dimensions = next((d for cue, d in _CUES if re.search(cue, text)), frozenset[Dimension]())
    return Asked(
        subject=subject,
        dimensions=dimensions,
        canonical=key_of(subject, lexicon, dimensions),
        target=aims(question),
        change=bool(_ASKS_CHANGE.search(text)),
    )


def key_of(subject: str, lexicon: Lexicon, dimensions: Iterable[Dimension] = ()) -> str:
    """The canonical indicator `subject` names in one of `dimensions` (default: in any), or ""."""
    rate = _RATE.search(subject.replace(" ", ""))
    among = sorted(dimensions, key=_COMMON.index) or ((_D.PERCENT, *_COMMON) if rate else _COMMON)
    phrases = ("".join(subject.split()), "".join(naming(subject)))
    keys = (lexicon.match(phrase, d) for phrase in phrases for d in among)
    return next(filter(None, keys), "")


def match(rows: Sequence[LedgerRow], asked: Asked) -> list[Match]:
    """The rows that answer, best first; empty when none is certain enough."""
    rows = [
        r
        for r in rows
        if r.quantity.value is not None and (r.quantity.modality is Modality.TARGET) == asked.target
    ]
    terms = weigh(asked.subject, [f"{r.quantity.indicator} {r.sentence}" for r in rows])
    if not terms:
        return []
    scored = sorted((Match(r, _score(r, asked, terms)) for r in rows), key=lambda m: -m.score)
    kept = [m for m in scored if m.score >= ENOUGH and not is_order(m.row.sentence)]
    meant = _added_or_due(asked.subject)
    kept = [m for m in kept if _added_or_due(m.row.quantity.indicator) == meant] or kept
    kept = [m for m in kept if terms.head_in(m.row.quantity.indicator)] or kept
    if asked.change:
        kept = [m for m in kept if is_change(m.row.quantity.indicator)] or kept
    return _distinct([m for m in kept if _told(m, kept[0], terms)])[:_MOST]


def surely(matches: Sequence[Match], asked: Asked) -> bool:
    """Whether one of the rows is called by the question's last word.

    Else the report may deny it: 败诉几件 is not how many were brought when 全年无败诉案件.
    """
    terms = weigh(asked.subject, [m.row.quantity.indicator for m in matches])
    return any(terms.head_in(m.row.quantity.indicator) for m in matches)


def _added_or_due(phrase: str) -> str:
    found = _ADDED_OR_DUE.search(phrase)
    return next(filter(None, found.groups())) if found else ""


def _told(found: Match, best: Match, terms: Terms) -> bool:
    """Whether a row is told: close to the best, or another figure of what was asked by name.

    A report that says 办理行政处罚403件 here and 录入行政处罚358件 there has told both.
    """
    ours, other = best.row.quantity, found.row.quantity
    same = bool(ours.canonical) and other.canonical == ours.canonical
    so_named = terms.coverage(other.indicator) >= terms.coverage(ours.indicator)
    return (same and so_named) or found.score >= best.score - _TIE


def _distinct(matches: Sequence[Match]) -> list[Match]:
    """One match a value: the total of a table often stands in the sentence above it too."""
    values: dict[object, Match] = {}
    for found in matches:
        quantity = found.row.quantity
        values.setdefault((quantity.value, quantity.value_max, quantity.dimension), found)
    return list(values.values())


def _score(row: LedgerRow, asked: Asked, terms: Terms) -> float:
    quantity = row.quantity
    if asked.dimensions and quantity.dimension not in asked.dimensions:
        return 0.0
    own = terms.coverage(quantity.indicator)
    around = terms.coverage(f"{quantity.indicator}{quantity.text}{row.sentence}{quantity.heading}")
    same = bool(asked.canonical) and quantity.canonical == asked.canonical
    score = 0.5 * max(own, _SAME * same) + 0.15 * own + 0.35 * max(around, _SAME * same)
    # 立案 is asked for, not 立案·简易程序: a name with more in it than was asked fits less.
    if is_change(quantity.indicator) and not asked.change:
        score -= _PART_OF
    if _is_part(quantity.indicator, terms):
        score -= _PART_OF
    extra = max(len(quantity.indicator) - terms.length, 0)
    return score - min(0.004 * extra, 0.06)


def _is_part(indicator: str, terms: Terms) -> bool:
    """Whether a level of the name is not in the question; one asked for by its last is no part.

    立案·简易程序 is a part of 立案, but 经营主体·企业 is all there is to say of 企业.
    """
    levels = [terms.coverage(level) for level in indicator.split("·")]
    return len(levels) > 1 and levels[-1] < _WHOLE and min(levels) < _MEANT


def tell(composer: Composer, matches: Sequence[Match]) -> None:
    """One line a figure: organisation, year, indicator, the figure as printed, its source."""
    for found in sorted(matches, key=lambda m: (m.row.org, m.row.year or 0, m.row.quantity.start)):
        row = found.row
        aim = "计划" if row.quantity.modality is Modality.TARGET else ""
        text = f"{named(row.org, row.year)}{aim}{row.quantity.indicator}：{printed(row)}。"
        composer.add(text, [composer.cite_row(row)])


# “没有复议案件” answers “复议多少件” without a figure.
_NONE = re.compile(
    r"没有|未(?:发生|出现|发现|收到|接到|有)|无(?!证|照|偿|纸|障|缝|感|人|形|主|法|论|关)|零(?=投诉|复议|败诉|信访|事故)"
)


def denial(report: Report, subject: str) -> Span | None:
    """The sentence that says there was none of what `subject` names, if the report says so."""
    for span in sentences(report.text):
        sentence = report.text[span.start : span.end]
        for clause in re.finditer(r"[^，,；;。]+", sentence):
            text = clause.group()
            said = _NONE.search(text) and weigh(subject, [text]).coverage(text) >= 0.8
            if said and not is_order(sentence):
                return span
    return None
