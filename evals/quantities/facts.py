"""True figures to mutate: of the sample reports and of the labelled passages, by organisation."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from assistant.errors import AssistantError
from evals.quantities.labelled import Passage, report_of
from vectorstore.indicators import Lexicon
from vectorstore.parse import parse
from vectorstore.quantities import extract, extract_text
from vectorstore.types import Dimension, Hedge, Modality, QuantityKind, Report

__all__ = ["CUE", "FIGURE", "SAMPLES", "Fact", "Library", "libraries"]

SAMPLES = Path(__file__).parent.parent.parent / "samples"
# Clauses with one of these state a comparison, a share or a sum, not an indicator's own figure.
CUE = re.compile(
    r"增[长加至幅]|减[少至]|[提升]高|提升|上升|下降|降[至低]|比|同期|去年|上年|占|合计|平均|人均"
    r"|分别|[共总]计|[达升]到|由|从|剩余|还差|翻"
)
FIGURE = re.compile(
    r"(?P<before>不少于|不低于|至少|不超过|突破|超过|近|约|逾|超)?(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"(?P<scale>[万亿]?)(?P<more>[余多]?)(?P<unit>[^\d\s以左]{1,4})(?P<after>以上|左右|以内)?"
)
_ENDS = "。\n；;"
_STOPS = _ENDS + "，,：:（）()—"


@dataclass(frozen=True, slots=True)
class Fact:
    """One true figure in its sentence: `sentence[at : at + len(text)] == text`."""

    report: str
    org: str
    year: int
    sentence: str
    at: int
    text: str
    value: Decimal
    value_max: Decimal | None
    unit: str
    dimension: Dimension
    hedge: Hedge
    indicator: str
    modality: Modality
    kind: QuantityKind = QuantityKind.QUANTITY

    @property
    def group(self) -> str:
        """What its value may be confused with: its dimension, or its unit where there is none."""
        return self.unit if self.dimension is Dimension.OTHER else self.dimension.value

    @property
    def plain(self) -> bool:
        """Exact, reached, in Arabic digits, and stating its own indicator in running text."""
        return (
            self.hedge is Hedge.EXACT
            and self.modality is Modality.ACTUAL
            and FIGURE.fullmatch(self.text) is not None
            and "\t" not in self.sentence
            and CUE.search(self.clause) is None
        )

    @property
    def clause(self) -> str:
        """The stretch between stops that holds the figure, 其中 left out; may hold others."""
        return self.clause_with(self.text)

    def clause_with(self, text: str) -> str:
        """The clause with `text` in place of the figure."""
        head, tail = self._around
        return head + text + tail

    def sentence_with(self, text: str) -> str:
        """The sentence with `text` in place of the figure."""
        return self.sentence[: self.at] + text + self.sentence[self.at + len(self.text) :]

    @property
    def clause_at(self) -> int:
        """Where the figure begins in `clause`."""
        return len(self._around[0])

    @property
    def _around(self) -> tuple[str, str]:
        start, end = self.at, self.at + len(self.text)
        left = start
        while left and self.sentence[left - 1] not in _STOPS:
            if self.sentence[left - 1] == "、" and _has_figure(self.sentence[:left]):
                break
            left -= 1
        right = end
        while right < len(self.sentence) and self.sentence[right] not in _STOPS + "、":
            right += 1
        head = re.sub(
            r"^(?:[一二三四五六七八]是|其中|①|②|③|\d[.）])\s*", "", self.sentence[left:start]
        )
        return head, self.sentence[end:right]


def _has_figure(text: str) -> bool:
    """Whether the stretch since the last stop holds a digit: then 、 ends a listed figure."""
    return re.search(r"\d[^，,。；;：:]*$", text) is not None


@dataclass(frozen=True)
class Library:
    """The reports of the organisations of one half, and what they state."""

    split: str
    reports: tuple[Report, ...]
    facts: tuple[Fact, ...]
    phrases: tuple[Fact, ...] = ()
    _stated: dict[tuple[str, int, str], list[tuple[Decimal, Decimal | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def __post_init__(self) -> None:
        for fact in self.facts:
            bounds = (fact.value, fact.value_max)
            self._stated[fact.org, fact.year, fact.group].append(bounds)

    def states(self, value: Decimal, group: str, org: str = "", year: int | None = None) -> bool:
        """Whether any figure of `group` (of that organisation and year, if given) is `value`."""
        for (owner, when, kind), bounds in self._stated.items():
            if kind != group or (org and owner != org) or (year is not None and when != year):
                continue
            for low, high in bounds:
                if low == value or (high is not None and low <= value <= high):
                    return True
        return False

    @cached_property
    def plain(self) -> tuple[Fact, ...]:
        """The facts that may be edited in place without a change of meaning."""
        return tuple(fact for fact in self.facts if fact.plain)

    @cached_property
    def standalone(self) -> tuple[Fact, ...]:
        """Plain facts whose clause says what is counted, so that it can stand alone."""
        return tuple(f for f in self.plain if len(_words(f.clause, f.text)) >= 3)

    @cached_property
    def years_in_turn(self) -> tuple[tuple[Fact, Fact], ...]:
        """Pairs of plain facts, last year's and this year's, of one indicator and unit."""
        by_key: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
        for fact in self.plain:
            by_key[fact.org, fact.indicator, fact.unit].append(fact)
        pairs = []
        for facts in by_key.values():
            years = sorted({fact.year for fact in facts})
            if len(facts) == 2 and len(years) == 2:
                old, new = sorted(facts, key=lambda fact: fact.year)
                if old.value != new.value:
                    pairs.append((old, new))
        return tuple(pairs)


def _words(clause: str, figure: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff]|全[年市县区镇]", "", clause.replace(figure, ""))


def libraries(passages: Iterable[Passage], lexicon: Lexicon) -> tuple[Library, Library]:
    """The dev and the test half, split by organisation (by the parity of the name's SHA-256).

    Raises `AssistantError` where the sample reports are not beside the package.
    """
    by_scope: dict[tuple[str, int], list[Passage]] = defaultdict(list)
    for passage in passages:
        by_scope[passage.org, passage.year].append(passage)
    found: dict[str, list[tuple[Report, list[Fact]]]] = {"dev": [], "test": []}
    samples = sorted(SAMPLES.glob("*-20*"))
    if not samples:
        raise AssistantError(
            f"找不到示例报告 {SAMPLES}，无法生成核对用例。", hint="请在本项目的源码目录中运行测评。"
        )
    for path in samples:
        report = parse(path)
        found[_half(report.org)].append((report, list(_read_facts(report, lexicon))))
    for (org, _), chosen in sorted(by_scope.items()):
        report = report_of(chosen)
        found[_half(org)].append((report, list(_labelled_facts(report, chosen, lexicon))))
    return _library("dev", found["dev"]), _library("test", found["test"])


def _half(org: str) -> str:
    return ("dev", "test")[hashlib.sha256(org.encode()).digest()[0] % 2]


def _library(split: str, found: Sequence[tuple[Report, list[Fact]]]) -> Library:
    facts = [fact for _, own in found for fact in own]
    return Library(
        split,
        tuple(report for report, _ in found),
        tuple(f for f in facts if f.kind is QuantityKind.QUANTITY),
        tuple(f for f in facts if f.kind is QuantityKind.PHRASE),
    )


def _read_facts(report: Report, lexicon: Lexicon) -> Iterator[Fact]:
    """Figures of a sample as the extractor reads them: the labelled set judges that reading."""
    assert report.year is not None
    for q in extract(report, lexicon):
        if q.kind is QuantityKind.DATE:
            continue
        if q.kind is QuantityKind.QUANTITY and (q.value is None or q.year is None):
            continue
        sentence, at = _sentence(report.text, q.start)
        own_year = q.year if q.year is not None else report.year
        yield Fact(
            report.id, q.org or report.org, own_year, sentence, at, q.text, q.value or Decimal(0),
            q.value_max, q.unit, q.dimension, q.hedge, q.canonical or q.indicator, q.modality,
            q.kind,
        )  # fmt: skip


def _labelled_facts(
    report: Report, passages: Sequence[Passage], lexicon: Lexicon
) -> Iterator[Fact]:
    """Figures of our own passages, as labelled, those of another organisation left out."""
    for passage in passages:
        for label in passage.spans:
            if label.kind not in {"quantity", "phrase"} or label.org not in {"", passage.org}:
                continue
            sentence, at = _sentence(passage.text, label.start)
            yield Fact(
                report.id, passage.org, label.year or passage.year, sentence, at,
                label.text, label.value or Decimal(0), label.value_max, label.unit,
                label.dimension or _dimension(label.text, lexicon), label.hedge,
                label.indicators[0] if label.indicators else "", label.modality,
                QuantityKind(label.kind),
            )  # fmt: skip


def _dimension(text: str, lexicon: Lexicon) -> Dimension:
    """Where the extractor puts a unit the specification does not place; guards need one answer."""
    found = extract_text(f"共{text}。", lexicon=lexicon)
    return found[0].dimension if found else Dimension.OTHER


def _sentence(text: str, at: int) -> tuple[str, int]:
    """The sentence around character `at`, its end mark included, and `at` within it."""
    start, end = at, at
    while start and text[start - 1] not in _ENDS:
        start -= 1
    while end < len(text) and text[end] not in _ENDS:
        end += 1
    return text[start : end + 1].rstrip("\n"), at - start
