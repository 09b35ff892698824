"""The answer suite: the question set asked of an engine, scored four ways."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from assistant.verify import Verdict
from assistant.verify.answers import answer_verifier
from evals.answers import figures, support
from evals.answers.figures import AnswerFigures
from evals.answers.judged import judge_citations
from evals.answers.support import Support
from evals.asking import Case, prompts_of, unscored
from evals.questions import Split, score
from evals.results import SPLITS, Exhibit, Gallery, Row, SuiteResult, Table, errors_json
from evals.session import Session
from evals.stats import Rate

__all__ = ["KINDS", "cause", "run", "worst_cases"]

KINDS: dict[str, str] = {
    "figure": "一个数据",
    "target": "下一年目标",
    "computed": "合计、相差、占比",
    "ranking": "最多、最少",
    "list": "多家单位",
    "text": "原因、做法、安排",
    "followup": "追问",
    "unanswerable": "报告没有写",
    "false_premise": "前提不对",
}
_ERRORS = {
    Verdict.STALE: "沿用上年旧数",
    Verdict.WRONG_ORG: "别单位的数",
    Verdict.WRONG_YEAR: "别年度的数",
    Verdict.TARGET_AS_ACTUAL: "目标当实绩",
}
# The judge's reasons, by how they begin (after any citation number).
_CAUSES = (
    ("refused", "该答未答"),
    ("answered what no report says", "该拒未拒"),
    ("lacks", "缺少应有内容"),
    ("does not cite", "漏了单位"),
    ("cites nothing that says", "引文不支持"),
    ("cites the years", "年度不对"),
    ("cites", "多引了单位"),
    ("no citation", "没有出处"),
    ("names", "排序不对"),
    ("[", "引文不实"),
)
# The same reasons told whole; those of the other causes say no more than the cause.
_REASONS = (
    (re.compile("^lacks any of (.*)"), r"缺少其中任何一个：\1"),
    (re.compile("^lacks (.*)"), r"缺少：\1"),
    (re.compile("^does not cite (.*)"), r"没有引用：\1"),
    (re.compile("^cites nothing that says (.*)"), r"引文里没有：\1"),
    (re.compile(r"^cites the years \[(.*)\], not \[(.*)\]"), r"引用的年度：\1；应为：\2"),
    (re.compile("^cites (.*) as well"), r"多引了：\1"),
    (re.compile(r"^(\d+) characters.*"), r"\1 字"),
)
_WORST = 60


def run(session: Session) -> SuiteResult:
    """Ask, judge, verify; no case of the held-out half is shown."""
    started = time.perf_counter()
    cases = [case for case in session.cases if not case.problem]
    store = session.services.store
    ledger = figures.library_ledger(store)
    told = [figures.score_figures(case, store, ledger) for case in cases]
    raw = [figures.raw(case, ledger) for case in cases]
    verify = answer_verifier(store)
    cited = [support.score_support(case.answer, session.reports, verify) for case in cases]
    judged = judge_citations(session, cases) if session.judge else None
    metrics = {
        "accuracy": {split: _json(found) for split, found in _accuracy(cases).items()},
        "figures": _figures_json(told, raw),
        "citations": _json(_citations(cited)),
        "unscored_statements": sum(one.unscored for one in cited),
        **({"judged": judged.metrics} if judged else {}),
        "seconds": round(time.perf_counter() - started, 1),
    }
    wrong = [case for case in cases if not case.verdict.ok]
    return SuiteResult(
        name="answer",
        title="问答",
        metrics=metrics,
        tables=(
            _accuracy_table(_accuracy(cases)),
            _figure_table(told),
            *([_guard_table(raw, told)] if session.model else ()),
            _citation_table(cited),
            *([judged.table] if judged else ()),
            _cause_table(wrong),
        ),
        galleries=(worst_cases("答错的题（可调半）", wrong),),
        files={"answers.jsonl": [_record(case) for case in session.cases]},
        unscored={**unscored(session.cases), **(judged.unscored if judged else {})},
        prompts=(*prompts_of(session.cases), *(judged.prompts if judged else ())),
    )


def cause(why: str) -> str:
    """A fault of the judge's in one of a few Chinese words."""
    return next((name for start, name in _CAUSES if why.startswith(start)), "过长")


def worst_cases(title: str, cases: Iterable[Case]) -> Gallery:
    """Cases of the half that may be learnt from, each beside what it cited."""
    shown = [_exhibit(case) for case in cases if case.question.split == "dev"]
    return Gallery(title, shown[:_WORST], max(0, len(shown) - _WORST))


def _reason(why: str) -> str:
    """A fault of the judge's in a Chinese phrase."""
    for said, told in _REASONS:
        if found := said.match(why):
            return f"{cause(why)}（{found.expand(told)}）"
    return cause(why)


def _exhibit(case: Case) -> Exhibit:
    """Question and answer, of a model before and after the guard, beside the quotes."""
    question = case.question
    wanted = "、".join((*question.answer, *question.any))
    asked = [(f"第{n}问", q) for n, (q, _) in enumerate(question.history, 1)]
    asked += [("问题", question.q), ("应有", "拒答" if question.refused else wanted)]
    told = [("模型原话", reply) for reply in case.replies[-1:] if not case.answer.incomplete]
    told.append(("核对之后" if told else "回答", case.answer.text))
    quotes = [
        (f"[{c.n}] {c.org}{c.year or ''}年 {c.heading}", c.quote) for c in case.answer.citations
    ]
    why = f"{KINDS[question.kind]}　{_reason(case.verdict.why)}"
    return Exhibit(question.id, why, asked, told, quotes)


def _accuracy(cases: Sequence[Case]) -> dict[Split, dict[str, Rate]]:
    """`questions.score` by split, with the kinds nothing was asked of as 0 of 0."""
    rates = score(cases)
    return {
        split: {kind: rates.get((split, kind), Rate(0, 0)) for kind in ("all", *KINDS)}
        for split in get_args(Split)
    }


def _numbers(told: Sequence[AnswerFigures]) -> dict[str, Rate]:
    return {
        "precision": figures.precision(told),
        "verbatim": figures.verbatim(told),
        "recall": figures.recall(told),
    }


def _citations(cited: Sequence[Support]) -> dict[str, Rate]:
    return {
        "exists": _total(one.marks for one in cited),
        "verbatim": _total(one.quotes for one in cited),
        "recall": _total(one.statements for one in cited),
        "precision": _total(one.citations for one in cited),
    }


def _json(rates: Mapping[str, Rate]) -> dict[str, Any]:
    return {name: rate.to_json() for name, rate in rates.items()}


def _total(rates: Iterable[Rate]) -> Rate:
    return sum(rates, Rate(0, 0))


def _accuracy_table(accuracy: Mapping[Split, Mapping[str, Rate]]) -> Table:
    names = {"all": "全部", **KINDS}
    rows = [
        Row(names[key], SPLITS[split], accuracy[split][key]) for key in names for split in accuracy
    ]
    return Table("答对的题：内容、单位、年度、出处都对才算对", rows, plot=True)


def _figures_json(told: Sequence[AnswerFigures], raw: Sequence[AnswerFigures]) -> dict[str, Any]:
    return {
        **_json(_numbers(told)),
        **_faults_json(told),
        "before_verify": {"precision": figures.true_share(raw).to_json(), **_faults_json(raw)},
        "after_verify": {"precision": figures.true_share(told).to_json()},
    }


def _faults_json(told: Sequence[AnswerFigures]) -> dict[str, Any]:
    return {
        "errors": {v.value: errors_json(figures.errors(told, v)) for v in figures.ERRORS},
        "severity": {**figures.severity(told).to_json(), "better": "lower"},
    }


def _figure_table(told: Sequence[AnswerFigures]) -> Table:
    numbers = _numbers(told)
    rows = [
        Row("有出处的数字", "", numbers["precision"], 1.0),
        Row("其中原样照抄", "", numbers["verbatim"]),
        Row("应有的数字答出", "", numbers["recall"]),
        *_fault_rows(told, ""),
    ]
    return Table("数字：核对所引原文；差错按所问的单位和年度对照全库", rows)


def _guard_table(raw: Sequence[AnswerFigures], told: Sequence[AnswerFigures]) -> Table:
    """The model's own words and what was shown, by the same measure."""
    rows = []
    for label, own in (("模型原话", raw), ("核对之后", told)):
        rows.append(Row("某份报告这样写的数字", label, figures.true_share(own)))
        rows += _fault_rows(own, label)
    return Table("核对前后：数字对照全库", rows)


def _fault_rows(told: Sequence[AnswerFigures], label: str) -> list[Row]:
    return [
        *(
            Row(name, label, figures.errors(told, verdict), lower=True)
            for verdict, name in _ERRORS.items()
        ),
        Row("差错轻重合计", label, figures.severity(told), lower=True),
    ]


def _citation_table(cited: Sequence[Support]) -> Table:
    rates = _citations(cited)
    names = {
        "exists": ("编号有出处", 1.0),
        "verbatim": ("引文与原文一字不差", 1.0),
        "recall": ("说法有引文支持", None),
        "precision": ("引文都用得上", None),
    }
    skipped = sum(one.unscored for one in cited)
    rows = [Row(name, "", rates[key], target) for key, (name, target) in names.items()]
    return Table(f"出处（另有 {skipped} 处“未提及”或引导语不计）", rows)


def _cause_table(wrong: Sequence[Case]) -> Table:
    counts = Counter((cause(case.verdict.why), case.question.split) for case in wrong)
    total = Counter(cause(case.verdict.why) for case in wrong)
    causes = [name for name, _ in total.most_common()]
    rows = [[name, str(counts[name, "dev"]), str(counts[name, "test"])] for name in causes]
    return Table("答错的原因", [], rows, ("原因", *SPLITS.values()))


def _record(case: Case) -> dict[str, Any]:
    return {
        "id": case.question.id,
        "ok": case.verdict.ok,
        "why": case.verdict.why,
        "problem": case.problem,
        **case.answer.to_json(),
        "replies": list(case.replies),
    }
