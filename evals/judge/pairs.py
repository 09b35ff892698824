"""The labelled pairs a judge is measured on, and the rule that judges without a model.

Each of 42 passages of our own has a statement it supports, one it contradicts and one on which
it is silent, labelled by hand before any judge was asked. Bureaus are split into halves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.answer.types import Citation
from assistant.verify.answers import answer_verifier
from evals.answers.support import supports
from evals.judge.model import Label, Opinion
from evals.questions import Split
from evals.stats import Rate
from vectorstore.chunk import chunk
from vectorstore.indicators import load_lexicon
from vectorstore.outline import outline
from vectorstore.quantities import extract
from vectorstore.store import Store
from vectorstore.types import Block, Document, Report

__all__ = [
    "KINDS",
    "PAIRS",
    "Judged",
    "Pair",
    "accuracy",
    "caught",
    "citation_of",
    "load_pairs",
    "precision",
    "recall",
    "rule_judge",
]

PAIRS = Path(__file__).parents[1] / "data" / "judge.jsonl"

KINDS = {
    "wrong_figure": "数字不对",
    "wrong_unit": "计量单位不对",
    "wrong_year": "年度不对",
    "wrong_bureau": "单位不对",
    "target_as_actual": "计划当成实绩",
    "negated": "说反了",
    "over_generalised": "以偏概全",
    "partial": "多说了没有的",
    "added_reason": "添了原因",
    "unrelated": "另一件事",
}
"""The kinds of statements that are not supported."""


class Pair(BaseModel):
    """A statement, the quote it is held against, and what is true of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    split: Split
    kind: str
    org: str
    year: int
    heading: str
    quote: str
    statement: str
    label: Label


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair and what the judge made of it."""

    pair: Pair
    opinion: Opinion


def load_pairs(path: Path = PAIRS) -> list[Pair]:
    """The pairs of a JSONL file. Raises pydantic.ValidationError for a line that is none."""
    lines = path.read_text("utf-8").splitlines()
    return [Pair.model_validate_json(line) for line in lines if line.strip()]


def citation_of(pair: Pair) -> Citation:
    """The quote as an answer cites it."""
    end = len(pair.quote)
    return Citation(1, "", pair.org, pair.year, pair.heading, pair.quote, 0, end)


def precision(judged: Sequence[Judged], label: Label) -> Rate:
    """Pairs of that label ÷ pairs the judge gives it; without an opinion they are not counted."""
    given = [one for one in judged if one.opinion.label == label]
    return Rate(sum(one.pair.label == label for one in given), len(given))


def recall(judged: Sequence[Judged], label: Label) -> Rate:
    """Pairs the judge gives that label ÷ pairs of it that got an opinion."""
    due = [one for one in judged if one.pair.label == label and one.opinion.label]
    return Rate(sum(one.opinion.label == label for one in due), len(due))


def accuracy(judged: Sequence[Judged]) -> Rate:
    """Pairs with their own label ÷ pairs that got an opinion."""
    told = [one for one in judged if one.opinion.label]
    return Rate(sum(one.opinion.label == one.pair.label for one in told), len(told))


def caught(judged: Sequence[Judged], kind: str) -> Rate:
    """Unsupported statements of a kind that the judge does not call supported ÷ all of them."""
    own = [one for one in judged if one.pair.kind == kind and one.pair.label != "supported"]
    told = [one for one in own if one.opinion.label]
    return Rate(sum(one.opinion.label != "supported" for one in told), len(told))


def rule_judge(pairs: Sequence[Pair], folder: Path) -> Callable[[Pair], Opinion]:
    """The answer suite's own rule: every figure bound and 60 % of the terms said.

    It knows two verdicts; what it does not find supported it calls not stated.
    """
    lexicon = load_lexicon()
    with Store.open(folder) as store:
        reports = {key: _report(*key, pairs) for key in dict.fromkeys(map(_key, pairs))}
        for report in reports.values():
            store.add(report, chunk(report), extract(report, lexicon))
        verify = answer_verifier(store, lexicon)
        told: Mapping[str, bool] = {
            pair.id: supports(pair.statement, [_cited(pair, reports[_key(pair)])], verify)
            for pair in pairs
        }
    return lambda pair: Opinion("supported" if told[pair.id] else "not_stated")


def _key(pair: Pair) -> tuple[str, int]:
    return pair.org, pair.year


def _report(org: str, year: int, pairs: Sequence[Pair]) -> Report:
    """A report of the passages of one bureau and year, each under its heading."""
    own = [pair for pair in pairs if _key(pair) == (org, year)]
    blocks = [Block(f"{org}{year}年度法治政府建设工作报告", level=0)]
    for heading in sorted({pair.heading for pair in own}):
        blocks.append(Block(heading, level=1))
        quotes = dict.fromkeys(pair.quote for pair in own if pair.heading == heading)
        blocks += [Block(quote) for quote in quotes]
    return outline(Document(tuple(blocks), "txt"), f"{org}{year}.txt")


def _cited(pair: Pair, report: Report) -> Citation:
    start = report.text.index(pair.quote)
    end = start + len(pair.quote)
    return Citation(1, report.id, pair.org, pair.year, pair.heading, pair.quote, start, end)
