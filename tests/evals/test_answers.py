"""The scorers of answers find planted errors; an empty answer is no perfect one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer.types import Answer, Citation, Verifier
from assistant.errors import LLMUnavailableError
from assistant.llm.scripted import Cut, ScriptedChat
from assistant.settings import Settings
from assistant.verify import SourceLedger, Verdict
from assistant.verify.answers import answer_verifier
from evals import refusal
from evals.answers import figures, support
from evals.answers.suite import cause, run, worst_cases
from evals.asking import Case, RecordingChat, unscored
from evals.questions import Verdict as Judgement
from evals.questions import judge, load_questions
from evals.session import Session
from evals.stats import Rate
from vectorstore.store import Store
from vectorstore.types import Report

HEALTH = "岚泊县卫生健康局"
QUESTIONS = {q.id: q for q in load_questions()}
ASKED = QUESTIONS["fig-001"]  # 岚泊县卫生健康局2025年行政处罚立案: 36件


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with Session(Settings(), "extractive", tmp_path_factory.mktemp("evals")) as opened:
        yield opened


@pytest.fixture(scope="module")
def store(session: Session) -> Store:
    return session.services.store


@pytest.fixture(scope="module")
def ledger(store: Store) -> SourceLedger:
    return figures.library_ledger(store)


@pytest.fixture(scope="module")
def verify(store: Store) -> Verifier:
    return answer_verifier(store)


def report_of(session: Session, org: str, year: int) -> Report:
    return next(r for r in session.reports.values() if (r.org, r.year) == (org, year))


def cite(report: Report, part: str, n: int = 1) -> Citation:
    """The line of the report that holds `part`."""
    whole = re.search(rf"(?<!\d){part}", report.text)
    assert whole
    at = whole.start()
    start = report.text.rfind("\n", 0, at) + 1
    end = report.text.index("\n", at)
    return Citation(n, report.id, report.org, report.year, "", report.text[start:end], start, end)


@pytest.fixture
def good(session: Session) -> Answer:
    source = cite(report_of(session, HEALTH, 2025), "36件")
    return Answer(f"{HEALTH}2025年行政处罚立案36件。[1]", citations=(source,))


def case_of(answer: Answer, session: Session, question: str = ASKED.id) -> Case:
    asked = QUESTIONS[question]
    return Case(asked, answer, judge(asked, answer, session.reports))


# figures


def scored(
    answer: Answer, session: Session, ledger: SourceLedger, question: str = ASKED.id
) -> figures.AnswerFigures:
    return figures.score_figures(case_of(answer, session, question), session.services.store, ledger)


def test_a_right_answer_is_faultless(good: Answer, session: Session, ledger: SourceLedger) -> None:
    told = [scored(good, session, ledger)]
    assert figures.precision(told) == figures.verbatim(told) == figures.recall(told) == Rate(1, 1)
    assert figures.severity(told).value == 0


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("2025年行政处罚立案4711件", Verdict.FABRICATED),
        ("2025年行政处罚立案32件", Verdict.STALE),  # 2024年的数
        ("2025年行政处罚立案217件", Verdict.WRONG_ORG),  # 市场监督管理局的数
    ],
)
def test_a_planted_figure_is_unbound_and_named(
    good: Answer, session: Session, ledger: SourceLedger, text: str, verdict: Verdict
) -> None:
    told = scored(replace(good, text=f"{HEALTH}{text}。[1]"), session, ledger)
    assert figures.precision([told]) == Rate(0, 1)
    assert figures.recall([told]) == Rate(0, 1)
    assert told.asked == (verdict,)
    assert figures.severity([told]).value == 1


def test_a_true_figure_of_another_year_is_stale_as_an_answer(
    session: Session, ledger: SourceLedger
) -> None:
    source = cite(report_of(session, HEALTH, 2024), "32件")
    answer = Answer(f"{HEALTH}2024年行政处罚立案32件。[1]", citations=(source,))
    told = scored(answer, session, ledger)
    assert figures.precision([told]) == Rate(1, 1), "it is bound, to the wrong report"
    assert figures.errors([told], Verdict.STALE) == Rate(1, 1)


def test_a_figure_without_a_source_is_not_bound(
    good: Answer, session: Session, ledger: SourceLedger
) -> None:
    bare = Answer(good.text.removesuffix("[1]"))
    assert figures.precision([scored(bare, session, ledger)]).hits == 0


def test_no_figures_are_no_perfect_score(session: Session, ledger: SourceLedger) -> None:
    for answer in (Answer(""), Answer("", refused=True)):
        told = [scored(answer, session, ledger)]
        assert figures.precision(told).value is None
        assert figures.recall(told) == Rate(0, 1)


def test_nothing_is_required_where_a_refusal_is_due(session: Session, ledger: SourceLedger) -> None:
    refused = next(q for q in QUESTIONS.values() if q.kind == "unanswerable")
    told = scored(Answer("", refused=True), session, ledger, refused.id)
    assert (told.required, told.given) == (0, 0)


def test_the_models_own_words_are_scored_before_the_guard(
    good: Answer, session: Session, ledger: SourceLedger
) -> None:
    case = replace(case_of(good, session), replies=(f"{HEALTH}2025年行政处罚立案99件[1]。", "删除"))
    raw = figures.raw(case, ledger)
    assert figures.true_share([raw]) == Rate(0, 1)
    assert raw.asked == (Verdict.FABRICATED,)
    assert figures.true_share([scored(good, session, ledger)]) == Rate(1, 1), "after it"
    assert figures.true_share([figures.raw(case_of(good, session), ledger)]).value is None


@pytest.mark.parametrize(
    ("text", "verdict", "weight"),
    [
        ("2025年举办法治培训不少于12场", Verdict.TARGET_AS_ACTUAL, 0.5),
        ("2025年参演620人次", Verdict.HEDGE_LOST, 0.25),
        ("2025年行政处罚立案32件", Verdict.STALE, 1.0),
    ],
)
def test_errors_weigh_by_what_they_do_to_a_reader(
    session: Session, ledger: SourceLedger, text: str, verdict: Verdict, weight: float
) -> None:
    answer = Answer(f"{HEALTH}{text}。")
    case = replace(case_of(answer, session), replies=(answer.text,))
    for told in (scored(answer, session, ledger), figures.raw(case, ledger)):
        assert told.asked == (verdict,)
        assert figures.severity([told]).value == weight


def test_the_figure_of_a_later_year_is_of_the_wrong_year(
    session: Session, ledger: SourceLedger
) -> None:
    asked = next(
        q for q in QUESTIONS.values()
        if q.kind == "figure" and q.orgs == (HEALTH,) and q.years == (2024,)
    )  # fmt: skip
    source = cite(report_of(session, HEALTH, 2025), "36件")
    answer = Answer(f"{HEALTH}2025年行政处罚立案36件。[1]", citations=(source,))
    told = scored(answer, session, ledger, asked.id)
    assert figures.errors([told], Verdict.WRONG_YEAR) == Rate(1, 1)


# citations


def test_statements_end_with_their_marks_and_a_quotation_stays_whole() -> None:
    told = support.statements(
        "甲：“（一）好。做了。”[1][2]\n未提及：乙。\n丙三件[3]，丁四件[4]。其他。"
    )
    assert [(s.text, s.marks, s.scored) for s in told] == [
        ("甲：“（一）好。做了。”", (1, 2), True),
        ("未提及：乙。", (), False),
        ("丙三件", (3,), True),
        ("，丁四件", (4,), True),
        ("。其他。", (), True),
    ]


def test_a_supported_statement_counts_and_a_shuffled_source_does_not(
    good: Answer, session: Session, verify: Verifier
) -> None:
    told = support.score_support(good, session.reports, verify)
    assert told == support.Support(Rate(1, 1), Rate(1, 1), Rate(1, 1), Rate(1, 1))
    other = cite(report_of(session, "砚渚县卫生健康局", 2025), "1365家次")
    shuffled = support.score_support(replace(good, citations=(other,)), session.reports, verify)
    assert (shuffled.marks, shuffled.quotes) == (Rate(1, 1), Rate(1, 1))
    assert (shuffled.statements, shuffled.citations) == (Rate(0, 1), Rate(0, 1))


def test_a_citation_that_adds_nothing_is_imprecise(
    good: Answer, session: Session, verify: Verifier
) -> None:
    idle = cite(report_of(session, "砚渚县卫生健康局", 2025), "1365家次", 2)
    padded = replace(good, text=good.text + "[2]", citations=(*good.citations, idle))
    told = support.score_support(padded, session.reports, verify)
    assert (told.statements, told.citations) == (Rate(1, 1), Rate(1, 2))


def test_a_forged_mark_and_an_altered_quote_are_found(
    good: Answer, session: Session, verify: Verifier
) -> None:
    altered = replace(good.citations[0], quote=good.citations[0].quote.replace("36件", "63件"))
    forged = replace(good, text=good.text + "[9]", citations=(altered,))
    told = support.score_support(forged, session.reports, verify)
    assert (told.marks, told.quotes) == (Rate(1, 2), Rate(0, 1))


def test_what_the_quote_does_not_say_is_unsupported(
    good: Answer, session: Session, verify: Verifier
) -> None:
    invented = replace(good, text="该局荣获全国示范单位称号，群众普遍称赞。[1]")
    assert support.score_support(invented, session.reports, verify).statements == Rate(0, 1)


def test_an_empty_answer_supports_nothing(session: Session, verify: Verifier) -> None:
    told = support.score_support(Answer(""), session.reports, verify)
    assert all(r.value is None for r in (told.marks, told.quotes, told.statements, told.citations))


# refusal


def refusals(session: Session, answer: bool, refuse: bool) -> list[Case]:
    """Every question answered alike: the answerable ones and the others."""
    cases = []
    for question in QUESTIONS.values():
        given = Answer("", refused=refuse if question.refused else not answer)
        cases.append(Case(question, given, judge(question, given, session.reports)))
    return cases


@pytest.mark.parametrize(
    ("answer", "refuse", "value"), [(True, True, 1.0), (False, True, 0.5), (True, False, 0.5)]
)
def test_refusing_or_answering_everything_is_worth_a_coin(
    session: Session, answer: bool, refuse: bool, value: float
) -> None:
    assert refusal.balanced(refusals(session, answer, refuse)).value == value


def test_risk_is_that_of_the_most_confident_answers(good: Answer, session: Session) -> None:
    right = case_of(good, session)
    vague = case_of(replace(good, text="立案99件。[1]", citations=()), session)
    refused = case_of(Answer("", refused=True), session)
    points = refusal.risk_coverage([vague, refused, right, refused])
    assert points == [(0.25, 0.0), (0.5, 0.5)]
    assert refusal.area(points) == pytest.approx((0.25 * 0 + 0.25 * 0.25) / 0.5)
    assert refusal.risk_coverage([refused]) == []


# asking


def test_an_endpoint_that_fails_is_unscored_not_wrong(tmp_path: Path) -> None:
    settings = Settings(FAZHI_LLM_BASE_URL="http://127.0.0.1:9/v1", FAZHI_LLM_MODEL="m")  # type: ignore[call-arg]
    with Session(settings, "openai", tmp_path, limit=3) as failing:
        cases = failing.cases
        asked = [case for case in cases if case.answer.incomplete]
        assert asked, "some of the three questions must have reached the model"
        assert all(case.problem for case in asked)
        assert sum(unscored(cases).values()) == len(asked)
        result = run(failing)
    total = sum(result.metrics["accuracy"][s]["all"]["total"] for s in ("dev", "test"))
    assert total == 3 - len(asked)
    assert result.unscored


def test_a_recorder_keeps_replies_and_failures_and_passes_them_on() -> None:
    inner = ScriptedChat(replies=["立案36件", Cut("立", LLMUnavailableError("断网。"))])
    chat = RecordingChat(inner=inner)
    assert chat.invoke("问").text == "立案36件"
    with pytest.raises(LLMUnavailableError):
        chat.invoke("问")
    assert chat.taken() == (("立案36件", "立"), ("LLMUnavailableError: 断网。",))
    assert chat.taken() == ((), ())


def test_worst_cases_are_of_the_half_that_may_be_looked_at(session: Session) -> None:
    wrong = refusals(session, answer=False, refuse=False)
    shown = worst_cases("错题", wrong)
    dev = {q.id for q in QUESTIONS.values() if q.split == "dev"}
    assert len(shown.exhibits) == 60
    assert shown.left_out > 0
    assert {one.id for one in shown.exhibits} <= dev


def test_a_case_is_shown_before_and_after_the_guard_beside_its_sources(
    good: Answer, session: Session
) -> None:
    case = replace(case_of(good, session), replies=("立案99件。",))
    (shown,) = worst_cases("错题", [case]).exhibits
    assert ("问题", ASKED.q) in shown.asked
    assert list(shown.told) == [("模型原话", "立案99件。"), ("核对之后", good.text)]
    assert shown.sources[0][1] == good.citations[0].quote


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("lacks 620余", "缺少应有内容（缺少：620余）"),
        (
            "cites the years [2024, 2025], not [2025]",
            "年度不对（引用的年度：2024, 2025；应为：2025）",
        ),
        ("cites 甲局 as well", "多引了单位（多引了：甲局）"),
        ("refused", "该答未答"),
    ],
)
def test_faults_are_told_in_chinese(good: Answer, session: Session, why: str, told: str) -> None:
    case = replace(case_of(good, session), verdict=Judgement(False, why))
    (shown,) = worst_cases("错题", [case]).exhibits
    assert shown.why == f"一个数据　{told}"


@pytest.mark.parametrize(
    ("why", "name"),
    [
        ("refused", "该答未答"),
        ("cites nothing that says 36件", "引文不支持"),
        ("cites 甲局 as well", "多引了单位"),
        ("cites the years [2024], not [2025]", "年度不对"),
        ("[1] is not verbatim: 甲", "引文不实"),
        ("812 characters for one figure", "过长"),
    ],
)
def test_faults_have_causes(why: str, name: str) -> None:
    assert cause(why) == name
