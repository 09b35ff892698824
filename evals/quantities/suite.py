"""The quantities suite: extraction against labels, verification against mutations."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.verify import SourceLedger
from evals.quantities.cases import ERRORS, HARMLESS
from evals.quantities.extraction import TARGETS, Miss, score_extraction
from evals.quantities.facts import libraries
from evals.quantities.labelled import Split, load
from evals.quantities.score import Outcome, generate, judge, rates, target
from evals.results import Row, SuiteResult, Table
from evals.stats import Rate
from vectorstore.indicators import load_lexicon

__all__ = ["PER_HALF", "run"]

PER_HALF = 150  # cases of a family in each half of the organisations, where there are as many
_WORST = 40  # cases of each kind the report shows

_EXTRACTION = {
    "precision": "准确率",
    "recall": "召回率",
    "span_precision": "位置准确率",
    "span_recall": "位置召回率",
    "overlap_recall": "位置重叠召回率",
    "indicator": "指标",
    "year": "年度",
    "modality": "实绩或目标",
    "organisation": "单位",
    "date_precision": "日期准确率",
    "date_recall": "日期召回率",
    "phrase_precision": "固定提法准确率",
    "phrase_recall": "固定提法召回率",
}
_FAMILIES = {
    "fabricated": "编造数字",
    "wrong_scale_or_unit": "数量级或单位",
    "wrong_indicator": "张冠李戴",
    "wrong_org": "别单位的数",
    "wrong_year": "别年度的数",
    "stale": "沿用上年旧数",
    "target_as_actual": "目标当实绩",
    "derived_wrong": "算错",
    "hedge_lost": "限定词丢失",
    "phrase_altered": "固定提法改数",
    "verbatim": "原句",
    "wan_yuan": "万元与元互换",
    "numerals": "汉字数字",
    "full_width": "全角数字",
    "rounding": "合理取整",
    "reordering": "调整语序",
    "aliases": "换个说法",
    "sums": "算对",
}


@dataclass(frozen=True, slots=True)
class _Half:
    """One half of the organisations, judged."""

    split: str
    rates: dict[str, dict[str, Rate]]
    outcomes: list[Outcome]


def run(seed: int, per_half: int = PER_HALF) -> SuiteResult:
    """Both sets, scored in this process without network or language model; about half a minute."""
    started = time.perf_counter()
    lexicon, passages = load_lexicon(), load()
    extraction, misses = score_extraction(passages, lexicon)
    halves = []
    for library in libraries(passages, lexicon):
        sources = SourceLedger.of_reports(library.reports, lexicon)
        outcomes = judge(generate(library, seed, per_half), sources, lexicon)
        halves.append(_Half(library.split, rates(outcomes), outcomes))
    tables = [_extraction_table(extraction), *_mutation_tables(halves)]
    metrics = {
        "seed": seed,
        "extraction": {split: _plain(found) for split, found in extraction.items()},
        "mutation": {half.split: _family_metrics(half.rates) for half in halves},
        "seconds": round(time.perf_counter() - started, 1),
    }
    outcomes = [outcome for half in halves for outcome in half.outcomes]
    worst = [_worst_readings(misses), _worst_cases(halves[0].outcomes)]
    files = {"mutations.jsonl": [outcome.to_json() for outcome in outcomes]}
    return SuiteResult("quantities", "数据提取与核对", metrics, tuple(tables), tuple(worst), files)


def _extraction_table(extraction: dict[Split, dict[str, Rate]]) -> Table:
    rows = [
        Row(name, split, rate, TARGETS.get(key))
        for key, name in _EXTRACTION.items()
        for split, rate in (
            ("可调半", extraction["dev"][key]),
            ("保留半", extraction["held_out"][key]),
        )
    ]
    return Table("数据提取：位置、数值、单位、限定词全对才算对", rows)


def _mutation_tables(halves: list[_Half]) -> Iterable[Table]:
    names = {"dev": "可调半", "test": "保留半"}
    for title, families in (("查错：改错的数被指出", ERRORS), ("不误报：没错的数被放行", HARMLESS)):
        yield Table(
            title,
            [
                Row(
                    _FAMILIES[family],
                    names[half.split],
                    half.rates[family]["passed"],
                    target(family),
                    _share(half.rates[family]["exact"]),
                )
                for family in families
                for half in halves
            ],
            last="结论准确",
        )


def _share(rate: Rate) -> str:
    return "—" if rate.value is None else f"{rate.value:.1%}"


def _plain(found: dict[str, Rate]) -> dict[str, object]:
    return {name: rate.to_json() for name, rate in found.items()}


def _family_metrics(found: dict[str, dict[str, Rate]]) -> dict[str, object]:
    return {
        family: {**own["passed"].to_json(), "exact": own["exact"].to_json()["value"]}
        for family, own in found.items()
    }


def _worst_readings(misses: list[Miss]) -> Table:
    rows = [[miss.cause, miss.sentence, miss.expected, miss.got or "未读出"] for miss in misses]
    rows.sort()
    return Table("提取有误（可调半）", [], rows[:_WORST], ("原因", "原文", "应为", "读作"))


def _worst_cases(outcomes: list[Outcome]) -> Table:
    failed = [outcome for outcome in outcomes if not outcome.passed]
    rows = []
    for outcome in failed[:_WORST]:
        case = outcome.case
        marked = f"{case.text[: case.start]}▸{case.text[case.start : case.end]}◂"
        told = "、".join(outcome.verdicts) or "未读出"
        where = f"{case.org} {case.year}"
        rows.append([_FAMILIES[case.family], where, marked + case.text[case.end :], case.was, told])
    return Table("核对有误（可调半）", [], rows, ("类别", "单位、年度", "文中", "原文", "结论"))
