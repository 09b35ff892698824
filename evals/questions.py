"""The question set over `samples/`: loading it, judging answers to it, scores by kind.

The questions were written from the reports alone, without knowledge of any engine. They are split
by bureau: those of 岚泊县 and of 霁原市's 交通运输局 are `dev`, the other bureaus' are `test`, and
questions over several bureaus alternate.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer.types import Answer, Turn
from evals.stats import Rate
from vectorstore.types import Report

__all__ = [
    "QUESTIONS",
    "Judged",
    "Kind",
    "Question",
    "Split",
    "Verdict",
    "found",
    "judge",
    "load_questions",
    "score",
]

QUESTIONS = Path(__file__).with_name("data") / "questions.jsonl"

Split = Literal["dev", "test"]
Kind = Literal[
    "figure",  # one figure a report prints
    "target",  # a figure of next year's plan
    "computed",  # a sum, difference, share or average of printed figures
    "ranking",  # most, least; `orgs` in the order expected
    "list",  # one thing of several bureaus, or the bureaus of which something is true
    "text",  # shortcomings, causes, measures, plans, practices, the first responsible person
    "followup",  # understood only with `history`
    "unanswerable",  # wrong place, year or topic; a figure the report does not give
    "false_premise",  # takes for granted what the report denies
]

# The longest answer to a question for one figure: nearly five of the samples' longest sentence (125
# characters). Quoting the whole report would hold every expected string and answer nothing.
MAX_FIGURE_CHARS = 600
_SHORT_KINDS = frozenset({"figure", "target", "computed"})


class Question(BaseModel):
    """One question and what a right answer to it holds.

    `answer` must all occur in the answer and, unless computed, in what it cites; of `any` one.
    `orgs` must all be cited, and no other when `only_orgs`; `years` are the years of the reports
    cited, no more and no fewer, unless empty. `refused` asks for a refusal; with `any` beside it
    (a false premise) an answer that holds one of those corrections is right as well.
    A `note` with “computed: expression = value” says how a value can be got that the report may
    not print.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    q: str
    history: tuple[tuple[str, str], ...]
    kind: Kind
    split: Split
    answer: tuple[str, ...]
    any: tuple[str, ...]
    orgs: tuple[str, ...]
    only_orgs: bool
    years: tuple[int, ...]
    refused: bool
    note: Annotated[str, Field(default="")]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation before the question."""
        return tuple(Turn(q, a) for q, a in self.history)

    @property
    def computed(self) -> bool:
        """Whether what is expected may be worked out instead of quoted."""
        return "computed: " in self.note


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is right; `why` names the first thing wrong with it, "" when right."""

    ok: bool
    why: str = ""


class Judged(Protocol):
    """A question and the verdict on the answer it got."""

    @property
    def question(self) -> Question:
        """What was asked."""
        ...

    @property
    def verdict(self) -> Verdict:
        """Whether the answer is right."""
        ...


def load_questions(path: Path = QUESTIONS, split: Split | None = None) -> list[Question]:
    """The questions of a JSONL file, of one split or all.

    Raises pydantic.ValidationError for a line that is not a question.
    """
    lines = path.read_text("utf-8").splitlines()
    questions = [Question.model_validate_json(line) for line in lines if line.strip()]
    return [q for q in questions if split in (None, q.split)]


def judge(question: Question, answer: Answer, reports: Mapping[str, Report]) -> Verdict:
    """Whether `answer` is right; `reports` are the stored reports by id.

    Every quote must be the report's own text, refusals included; then the refusal, the citations'
    presence, organisations and years, the expected strings, and that the citations hold them.
    """
    return Verdict(not (why := _fault(question, answer, reports)), why)


def found(expected: str, text: str) -> bool:
    """Whether `expected` occurs in `text` as a whole figure: 36件 is not in 136件 or 0.36件.

    Width, spaces, thousands separators and `[n]` marks make no difference.
    """
    wanted = re.escape(_plain(expected))
    if expected[:1].isdigit():
        wanted = r"(?<![\d.])" + wanted
    if expected[-1:].isdigit():
        wanted += r"(?!\d|\.\d)"
    return re.search(wanted, _plain(text)) is not None


def score(judged: Iterable[Judged]) -> dict[tuple[Split, str], Rate]:
    """Right answers ÷ answers, by (split, kind) and by (split, "all")."""
    rates: dict[tuple[Split, str], Rate] = {}
    for one in judged:
        for kind in (one.question.kind, "all"):
            key = (one.question.split, kind)
            rates[key] = rates.get(key, Rate(0, 0)) + Rate(int(one.verdict.ok), 1)
    return rates


def _fault(question: Question, answer: Answer, reports: Mapping[str, Report]) -> str:
    if why := _quote_fault(answer, reports):
        return why
    if answer.refused:
        return "" if question.refused else "refused"
    if question.refused and not question.any:
        return "answered what no report says"
    return (
        _citation_fault(question, answer)
        or _text_fault(question, answer)
        or _support_fault(question, answer)
        or _order_fault(question, answer, reports)
    )


def _quote_fault(answer: Answer, reports: Mapping[str, Report]) -> str:
    for c in answer.citations:
        report = reports.get(c.report_id)
        if report is None:
            return f"[{c.n}] cites an unknown report {c.report_id}"
        if not c.quote.strip() or report.text[c.start : c.end] != c.quote:
            return f"[{c.n}] is not verbatim: {c.quote[:40]}"
        if (c.org, c.year) != (report.org, report.year):
            return f"[{c.n}] names {c.org} {c.year}, the report is {report.org} {report.year}"
    numbers = {c.n for c in answer.citations}
    loose = [n for n in re.findall(r"\[(\d+)\]", answer.text) if int(n) not in numbers]
    return f"[{loose[0]}] has no citation" if loose else ""


def _citation_fault(question: Question, answer: Answer) -> str:
    if not answer.citations:
        return "no citation"
    orgs = {c.org for c in answer.citations}
    years = {c.year for c in answer.citations if c.year is not None}
    if missing := [org for org in question.orgs if org not in orgs]:
        return f"does not cite {'、'.join(missing)}"
    if question.only_orgs and (other := orgs - set(question.orgs)):
        return f"cites {'、'.join(sorted(other))} as well"
    if question.years and years != set(question.years):
        return f"cites the years {sorted(years)}, not {sorted(question.years)}"
    return ""


def _text_fault(question: Question, answer: Answer) -> str:
    if missing := [part for part in question.answer if not found(part, answer.text)]:
        return f"lacks {'、'.join(missing)}"
    if question.any and not any(found(part, answer.text) for part in question.any):
        return f"lacks any of {'、'.join(question.any)}"
    if question.kind in _SHORT_KINDS and len(answer.text) > MAX_FIGURE_CHARS:
        return f"{len(answer.text)} characters for one figure"
    return ""


def _support_fault(question: Question, answer: Answer) -> str:
    if question.computed:
        return ""
    quotes = [c.quote for c in answer.citations]
    if bare := [part for part in question.answer if not _held(part, quotes)]:
        return f"cites nothing that says {'、'.join(bare)}"
    if question.any and not any(_held(part, quotes) for part in question.any):
        return f"cites nothing that says any of {'、'.join(question.any)}"
    return ""


def _held(part: str, quotes: Sequence[str]) -> bool:
    """Whether a quote says `part`; a row of a table has its unit in the header, so without it."""
    if any(found(part, quote) for quote in quotes):
        return True
    number = re.match(r"\d+(\.\d+)?", part)
    return number is not None and any(found(number[0], q) for q in quotes if "\t" in q)


def _order_fault(question: Question, answer: Answer, reports: Mapping[str, Report]) -> str:
    """A ranking must name its first organisation first, in words or by a citation mark."""
    if question.kind != "ranking":
        return ""
    places = {org: answer.text.find(org) for org in {r.org for r in reports.values()}}
    named = [(at, org) for org, at in places.items() if at >= 0]
    for c in answer.citations:
        if (at := answer.text.find(f"[{c.n}]")) >= 0:
            named.append((at, c.org))
    first = min(named, default=(0, ""))[1]
    return "" if first == question.orgs[0] else f"names {first or 'nobody'} first"


def _plain(text: str) -> str:
    """Half width, no `[n]`, spaces or thousands separators; figures apart in a table stay apart."""
    text = unicodedata.normalize("NFKC", re.sub(r"\[\d+\]", "", text))
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"(?<=\d)\s+(?=[\d.])", "\0", text)
    return re.sub(r"\s+", "", text)
