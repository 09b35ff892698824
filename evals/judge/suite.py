"""The judge suite: how far a judge can be trusted, so that its scores can be read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from assistant.build import make_chat_model
from assistant.settings import Engine
from evals.judge import pairs as scores
from evals.judge.model import Judge, Label, Opinion
from evals.judge.pairs import KINDS, Judged, citation_of, load_pairs, rule_judge
from evals.results import SPLITS, Row, SuiteResult, Table
from evals.session import Session
from prompts import load

__all__ = ["OPINION", "calibrate", "calibration_rows", "make_judge", "run"]

OPINION = TypeAdapter(Opinion)
"""Writes an opinion to a journal and reads it back."""
_REPLY = 48  # tokens: three words at most, with what a model puts around them
_NAMES: dict[Label, str] = {
    "supported": "支持",
    "contradicted": "矛盾",
    "not_stated": "未说明",
}
_RULE = "规则（数字和词语）"


def make_judge(session: Session, engine: Engine) -> Judge:
    """The model of `engine` as judge. Raises LLMRequestError for a bad address."""
    model = make_chat_model(session.settings, engine, max_tokens=_REPLY)
    return Judge(model, load("judge"), session.settings.model_name(engine))


def calibrate(session: Session, engine: Engine) -> list[Judged]:
    """Every labelled pair judged: by the model of `engine`, or by rule where it has none."""
    pairs = session.drawn(load_pairs(), lambda pair: (pair.split, pair.label))
    if engine == "extractive":
        decide = rule_judge(pairs, session.scratch / "judge")
    else:
        judge = make_judge(session, engine)

        def decide(pair: scores.Pair) -> Opinion:
            return judge.judge(pair.statement, [citation_of(pair)])

    told = session.each(
        (f"judge/{engine}", "评判校准"),
        pairs,
        lambda pair: pair.id,
        OPINION,
        decide,
        keep=lambda opinion: opinion.label is not None,
    )
    return [Judged(pair, opinion) for pair, opinion in zip(pairs, told, strict=True)]


def run(session: Session) -> SuiteResult:
    """Judge the pairs; no case of the held-out half is shown."""
    started = time.perf_counter()
    judged = calibrate(session, session.engine)
    three = session.engine != "extractive"
    labels: list[Label] = [*_NAMES] if three else ["supported"]
    metrics: dict[str, Any] = {
        split or "all": {
            label: {
                "precision": scores.precision(own, label).to_json(),
                "recall": scores.recall(own, label).to_json(),
            }
            for label in labels
        }
        for split in ("", *SPLITS)
        for own in [[one for one in judged if split in {"", one.pair.split}]]
    }
    metrics["caught"] = {kind: scores.caught(judged, kind).to_json() for kind in KINDS}
    if three:
        metrics["accuracy"] = scores.accuracy(judged).to_json()
    metrics["seconds"] = round(time.perf_counter() - started, 1)
    wrong = [o for o in judged if o.opinion.label and not _right(o, three=three)]
    return SuiteResult(
        name="judge",
        title="评判引文是否支持说法",
        metrics=metrics,
        tables=(_table(judged, labels, session.model or _RULE), _kinds(judged)),
        worst=(_worst(wrong),),
        files={"judge.jsonl": [_record(one) for one in judged]},
        unscored=dict(Counter(one.opinion.problem for one in judged if not one.opinion.label)),
        prompts=(load("judge").ref,) if three else (),
    )


def calibration_rows(judged: Sequence[Judged]) -> list[Row]:
    """The judge's own precision and recall on “supported”, to stand beside its scores."""
    return [
        Row("评判说“支持”的，确实支持", "校准", scores.precision(judged, "supported")),
        Row("确实支持的，评判说“支持”", "校准", scores.recall(judged, "supported")),
        Row("三种判定都对", "校准", scores.accuracy(judged)),
    ]


def _right(one: Judged, *, three: bool) -> bool:
    if three:
        return one.opinion.label == one.pair.label
    return (one.opinion.label == "supported") == (one.pair.label == "supported")


def _table(judged: Sequence[Judged], labels: Sequence[Label], judge: str) -> Table:
    rows = []
    for label in labels:
        for split in ("", *SPLITS):
            own = [one for one in judged if split in {"", one.pair.split}]
            shown = SPLITS.get(split, "")
            name = _NAMES[label]
            rows.append(Row(f"判为“{name}”的判对了", shown, scores.precision(own, label)))
            rows.append(Row(f"应为“{name}”的判出来了", shown, scores.recall(own, label)))
    if len(labels) > 1:
        rows.append(Row("三种判定都对", "", scores.accuracy(judged)))
    return Table(f"{judge}与人工标注的 {len(judged)} 对相比", rows)


def _kinds(judged: Sequence[Judged]) -> Table:
    rows = [Row(name, "", scores.caught(judged, kind)) for kind, name in KINDS.items()]
    return Table("不该说“支持”的，各类被拦下的比例", rows, plot=True)


def _worst(wrong: Sequence[Judged]) -> Table:
    rows = [
        [one.pair.id, one.pair.statement, _where(one), _NAMES[one.pair.label], _told(one)]
        for one in wrong
        if one.pair.split == "dev"
    ]
    return Table("判错的（可调半）", [], rows, ("编号", "说法", "资料", "应判", "判为"))


def _where(one: Judged) -> str:
    pair = one.pair
    return f"{pair.org}{pair.year}年“{pair.heading}”：{pair.quote}"


def _told(one: Judged) -> str:
    return _NAMES[one.opinion.label] if one.opinion.label else ""


def _record(one: Judged) -> dict[str, Any]:
    return {
        "id": one.pair.id,
        "label": one.pair.label,
        "judged": one.opinion.label,
        "problem": one.opinion.problem,
    }
