"""The question set is sound, its judge finds planted errors, no split falls below its floor."""

from __future__ import annotations

import ast
import json
import operator
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from assistant.answer.types import Answer, Citation
from assistant.settings import Settings
from evals.asking import Case
from evals.questions import (
    QUESTIONS,
    Question,
    found,
    judge,
    load_questions,
    score,
)
from evals.session import Session
from tests.conftest import SAMPLES
from vectorstore.parse import parse
from vectorstore.types import Report

ALL = load_questions()
FILES = sorted(p for p in SAMPLES.iterdir() if p.suffix in {".txt", ".docx", ".pdf", ".html"})
FLOORS = json.loads((QUESTIONS.parent / "floors.json").read_text("utf-8"))["questions"]
HEALTH, MARKET = "岚泊县卫生健康局", "岚泊县市场监督管理局"
DEV_ORGS = {HEALTH, MARKET, "霁原市交通运输局"}
ASKED = next(q for q in ALL if q.id == "fig-001")  # 岚泊县卫生健康局2025年行政处罚立案: 36件


@cache
def library() -> dict[str, Report]:
    return {report.id: report for report in map(parse, FILES)}


def of(org: str, year: int) -> Report:
    return next(r for r in library().values() if (r.org, r.year) == (org, year))


def candidates(question: Question) -> list[Report]:
    return [
        report
        for report in library().values()
        if report.org in (question.orgs or (report.org,))
        and report.year in (question.years or (report.year,))
    ]


def cite(n: int, report: Report, start: int, end: int) -> Citation:
    quote = report.text[start:end]
    return Citation(n, report.id, report.org, report.year, "", quote, start, end)


def line_with(part: str, reports: list[Report]) -> tuple[Report, int, int] | None:
    number = re.match(r"\d+(\.\d+)?", part)
    for report in reports:
        for line in re.finditer(r"[^\n]+", report.text):
            row = "\t" in line[0] and number
            if found(number[0] if row else part, line[0]):
                return report, line.start(), line.end()
    return None


def perfect(question: Question) -> Answer:
    """The expected strings, the lines that print them, and the other reports asked for."""
    if question.refused:
        return Answer("", refused=True)
    reports = candidates(question)
    printed = [part for part in question.any if line_with(part, reports)]
    parts = [*question.answer, *(printed or question.any)[:1]]
    spans = [span for part in parts if (span := line_with(part, reports))]
    seen = {(report.org, report.year) for report, _, _ in spans}
    for report in reports:
        asked = question.years or report.org not in {org for org, _ in seen}
        if asked and (report.org, report.year) not in seen:
            spans += [(report, 0, len(report.text.split("\n")[0]))]
            seen.add((report.org, report.year))
    marks = "".join(f"[{n}]" for n in range(1, len(spans) + 1))
    text = "".join(question.orgs[:1]) + "：" + "；".join(parts) + marks
    return Answer(text, citations=tuple(cite(n, *span) for n, span in enumerate(spans, 1)))


def test_the_set_is_large_balanced_and_without_doubles() -> None:
    assert len(ALL) >= 150
    assert len({q.id for q in ALL}) == len(ALL) == len({(q.q, q.history) for q in ALL})
    counts = {(q.split, q.kind) for q in ALL}
    assert len(counts) == 18, "every kind has questions in both splits"
    assert sum(q.split == "dev" for q in ALL) == pytest.approx(len(ALL) / 2, rel=0.1)
    assert sum(q.kind == "unanswerable" for q in ALL) >= 40


def test_the_split_is_by_bureau() -> None:
    for q in ALL:
        if len(q.orgs) == 1 and q.kind != "ranking" and not q.history:
            assert q.split == ("dev" if q.orgs[0] in DEV_ORGS else "test"), q.id


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.id)
def test_what_is_expected_is_printed_in_the_reports_or_computed(question: Question) -> None:
    assert set(question.orgs) <= {r.org for r in library().values()}
    if question.computed:
        return
    reports = candidates(question)
    assert all(line_with(part, reports) for part in question.answer)
    assert not question.any or any(line_with(part, reports) for part in question.any)


OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def calculate(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](calculate(node.left), calculate(node.right))  # type: ignore
    assert isinstance(node, ast.Constant)
    return float(node.value)


@pytest.mark.parametrize("question", [q for q in ALL if q.computed], ids=lambda q: q.id)
def test_computed_values_follow_from_printed_figures(question: Question) -> None:
    expression, value = question.note.split("computed: ")[1].split(" = ")
    digits = len(value.partition(".")[2])
    assert round(calculate(ast.parse(expression, mode="eval").body), digits) == float(value)
    plain = value.lstrip("-")
    assert any(plain in part for part in (*question.answer, *question.any))
    for number in re.findall(r"\d+(?:\.\d+)?", re.sub(r"\* 100|/ [23]\b", "", expression)):
        text = "\n".join(r.text for r in library().values() if r.org in question.orgs)
        # 142.6 is printed 142.60 in a table, 8.124万元 as 81240元
        forms = (number, f"{float(number):.2f}", f"{float(number) * 10000:.0f}")
        assert any(found(form, text) for form in forms), number


def test_a_perfect_answer_to_every_question_is_right() -> None:
    wrong = {q.id: v.why for q in ALL if not (v := judge(q, perfect(q), library())).ok}
    assert wrong == {}


def test_a_false_premise_may_be_corrected_instead_of_refused() -> None:
    premises = [q for q in ALL if q.kind == "false_premise"]
    assert len(premises) >= 10
    for question in premises:
        corrected = perfect(question.model_copy(update={"refused": False}))
        assert judge(question, corrected, library()).ok, question.id
        assert not judge(question, replace(corrected, text="是的[1]"), library()).ok


def test_answers_to_other_questions_are_wrong() -> None:
    answerable = [q for q in ALL if not q.refused]
    shuffled = zip(answerable, answerable[7:] + answerable[:7], strict=True)
    right = [q.id for q, other in shuffled if judge(q, perfect(other), library()).ok]
    assert right == []


@pytest.mark.parametrize("text", ["", "根据报告，情况良好。"])
def test_an_empty_answer_scores_nothing(text: str) -> None:
    assert not any(judge(q, Answer(text), library()).ok for q in ALL)


def test_refusing_everything_scores_what_must_be_refused_only() -> None:
    right = [q for q in ALL if judge(q, Answer("", refused=True), library()).ok]
    assert right == [q for q in ALL if q.refused]


def planted() -> list[tuple[str, Answer]]:
    """What the judge should say, and a perfect answer with that error in it."""
    good = perfect(ASKED)
    (citation,) = good.citations
    own, earlier, market = of(HEALTH, 2025), of(HEALTH, 2024), of(MARKET, 2025)

    def text(new: str) -> Answer:
        return replace(good, text=good.text.replace("36件", new))

    def cited(*citations: Citation) -> Answer:
        return replace(good, citations=citations)

    shifted = replace(citation, start=citation.start + 1, end=citation.end + 1)
    altered = replace(citation, quote=citation.quote.replace("36件", "63件"))
    return [
        ("refused", Answer("", refused=True)),
        ("lacks 36件", text("63件")),
        ("lacks 36件", text("136件")),
        ("lacks 36件", text("36户")),
        ("characters for one figure", replace(good, text=good.text + own.text)),
        (f"does not cite {HEALTH}", cited(cite(1, market, 0, 20))),
        (f"cites {MARKET} as well", cited(citation, cite(2, market, 0, 20))),
        ("cites the years", cited(cite(1, earlier, 0, 20))),
        ("cites nothing that says 36件", cited(cite(1, own, 0, 20))),
        ("no citation", replace(good, text=good.text.replace("[1]", ""), citations=())),
        ("[1] has no citation", cited()),
        ("[1] is not verbatim", cited(altered)),
        ("[1] is not verbatim", cited(shifted)),
        ("[1] is not verbatim", cited(replace(citation, quote="", end=citation.start))),
        ("[1] names", cited(replace(citation, year=2024))),
        ("[1] cites an unknown report", cited(replace(citation, report_id="0" * 16))),
    ]


def test_the_judge_names_every_planted_error() -> None:
    assert judge(ASKED, perfect(ASKED), library()).ok
    for why, answer in planted():
        verdict = judge(ASKED, answer, library())
        assert not verdict.ok
        assert why in verdict.why


def test_an_answer_where_a_refusal_is_due_is_wrong_and_so_is_a_forged_quote_in_a_refusal() -> None:
    question = next(q for q in ALL if q.kind == "unanswerable")
    assert not judge(question, perfect(ASKED), library()).ok
    forged = replace(perfect(ASKED).citations[0], quote="全年立案99件")
    refusal = Answer("", refused=True, citations=(forged,))
    assert "not verbatim" in judge(question, refusal, library()).why


def test_a_ranking_names_the_first_first() -> None:
    question = next(q for q in ALL if q.id == "rank-001")
    good = perfect(question)
    other = replace(good, text=f"{MARKET}。" + good.text)
    assert judge(question, other, library()).why == f"names {MARKET} first"


@pytest.mark.parametrize(
    ("expected", "text", "there"),
    [
        ("1395宗", "立案１，３９５ 宗", True),
        ("97.5%", "覆盖率９７．５％[1]", True),
        ("36件", "36[1]件", True),
        ("36件", "0.36件", False),
        ("86", "食品安全\t86\t82", True),
        ("868", "食品安全\t86\t82", False),
        ("86", "86.4%", False),
        ("12", "12，共3份", True),
    ],
)
def test_figures_are_found_whole_and_in_any_width(expected: str, text: str, there: bool) -> None:
    assert found(expected, text) is there


def test_a_row_of_a_table_needs_no_unit() -> None:
    question = ASKED.model_copy(update={"orgs": (MARKET,), "answer": ("217件",)})
    report = of(MARKET, 2025)
    at = report.text.index("合计\t53")
    row = cite(1, report, at, report.text.index("\n", at))
    assert judge(question, Answer("217件[1]", citations=(row,)), library()).ok
    assert not judge(question, Answer("27件[1]", citations=(row,)), library()).ok


def test_scores_count_by_split_and_kind() -> None:
    outcomes = [Case(q, (a := perfect(q)), judge(q, a, library())) for q in ALL]
    outcomes[0] = replace(outcomes[0], verdict=judge(ALL[0], Answer(""), library()))
    scores = score(outcomes)
    dev = scores["dev", "all"]
    assert (dev.hits, dev.total) == (dev.total - 1, sum(q.split == "dev" for q in ALL))
    assert dev.interval.low < (dev.value or 0) < dev.interval.high < 1
    assert scores["dev", "figure"].hits == scores["dev", "figure"].total - 1
    assert scores["test", "all"].value == 1


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Case]]:
    with Session(Settings(), FLOORS["engine"], tmp_path_factory.mktemp("samples")) as session:
        yield session.cases


@pytest.mark.slow
@pytest.mark.parametrize("split", ["dev", "test"])
def test_no_split_falls_below_its_recorded_floor(outcomes: list[Case], split: str) -> None:
    reached = {kind: rate for (part, kind), rate in score(outcomes).items() if part == split}
    assert reached["all"].reaches(FLOORS[split]), reached


@pytest.mark.slow
def test_every_citation_of_the_engine_is_sound(outcomes: list[Case]) -> None:
    unsound = [o.verdict.why for o in outcomes if o.verdict.why.startswith("[")]
    assert unsound == []
