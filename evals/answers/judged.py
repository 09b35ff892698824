"""Citations as a model judges them, beside how far that model can be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from assistant.answer.types import Citation
from evals.answers.support import statements
from evals.asking import Case
from evals.judge.model import Judge, Label, Opinion
from evals.results import Row, Table, errors_json
from evals.session import Session
from evals.stats import Rate

__all__ = ["CitationJudgement", "cited_statements", "judge_citations"]


@dataclass(frozen=True, slots=True)
class CitationJudgement:
    """What the judge says of every cited statement, and its own precision and recall."""

    metrics: Mapping[str, Any]
    table: Table
    unscored: Mapping[str, int]
    prompts: tuple[str, ...]


def cited_statements(cases: Iterable[Case]) -> list[tuple[str, str, tuple[Citation, ...]]]:
    """Key, text and quotes of every statement with a citation; refusals have none."""
    found = []
    for case in cases:
        by_number = {c.n: c for c in case.answer.citations}
        told = [] if case.answer.refused else statements(case.answer.text)
        for n, one in enumerate(told):
            quotes = tuple(by_number[mark] for mark in one.marks if mark in by_number)
            if quotes:
                found.append((f"{case.question.id}/{n}", one.text, quotes))
    return found


def judge_citations(session: Session, cases: Sequence[Case]) -> CitationJudgement:
    """Statements their quotes support ÷ statements with an opinion; “not stated” is a failure.

    Source: ALCE's citation recall with a model that judges three ways in place of its entailment
    model. The judge is measured on the labelled pairs first.
    """
    from evals.judge.suite import OPINION, calibrate, calibration_rows, make_judge

    assert session.judge is not None
    calibrated = calibrate(session, session.judge)
    judge = make_judge(session, session.judge)
    items = cited_statements(cases)
    opinions = list(
        session.each(
            (f"support/{session.engine}/{session.judge}", "评判引文"),
            items,
            lambda item: item[0],
            OPINION,
            lambda item: judge.judge(item[1], item[2]),
            keep=lambda opinion: opinion.label is not None,
        )
    )
    return _told(judge, opinions, calibration_rows(calibrated))


def _told(judge: Judge, opinions: Sequence[Opinion], own: Sequence[Row]) -> CitationJudgement:
    """The shares of the three verdicts above the judge's own scores."""
    told = Counter(opinion.label for opinion in opinions if opinion.label)
    total = sum(told.values())
    shares = {label: Rate(told[label], total) for label in get_args(Label)}
    rows = [
        Row("引文支持说法", "", shares["supported"]),
        Row("引文与说法矛盾", "", shares["contradicted"], lower=True),
        Row("引文没有说", "", shares["not_stated"], lower=True),
        *own,
    ]
    metrics = {
        "judge": judge.name,
        "supported": shares["supported"].to_json(),
        "contradicted": errors_json(shares["contradicted"]),
        "not_stated": errors_json(shares["not_stated"]),
        "calibration": {row.name: {**row.rate.to_json(), "better": ""} for row in own},
    }
    title = f"出处：由 {judge.name} 评判（下面三行是它在标注数据上的得分）"
    problems = Counter(f"评判：{opinion.problem}" for opinion in opinions if not opinion.label)
    return CitationJudgement(metrics, Table(title, rows), dict(problems), (judge.prompt.ref,))
