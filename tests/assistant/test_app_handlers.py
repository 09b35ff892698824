"""The page's functions over a real store of three samples, without Gradio."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app.ask.conversation import Seat, View
from assistant.app.choices import choices_of
from assistant.app.handlers import Desk
from assistant.app.library.intake import Intake
from assistant.app.library.looking import Look
from assistant.build import Services
from assistant.conversations import Histories
from assistant.session_ids import new_session_id
from assistant.settings import Settings
from tests.conftest import SAMPLES
from tests.holding import hold
from tests.openai_server import FakeEndpoint, Play, event
from vectorstore.parse import parse
from vectorstore.store import Store

HEALTH = "岚泊县卫生健康局"
FILED = "全年行政处罚立案36件"  # samples/manifest.yaml: lanbo-health-2025, 立案 36件
Views = Iterator[View]
NAMES = ("lanbo-health-2024.txt", "lanbo-health-2025.docx", "lanbo-market-2025.docx")


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("home")
    with Store.open(folder) as store:
        made = Services(Settings(home=folder), store)
        hold(store, *(SAMPLES / name for name in NAMES))
        yield made


@pytest.fixture
def desk(services: Services, tmp_path: Path) -> Desk:
    histories = Histories(tmp_path / "sessions")
    return Desk(services, histories, Intake(services, tmp_path / "uploads", histories))


@pytest.fixture
def session() -> str:
    return new_session_id()


def ask(desk: Desk, session: str, question: str, orgs: list[str], years: list[str]) -> Views:
    """Ask in the newest conversation of `session`, from its tab "t"."""
    talk = desk.talk.conversation(session).talk
    return desk.talk.ask(Seat(session, "t"), talk, question, orgs, years)


def last(views: Iterator[View]) -> View:
    *_, view = views
    return view


def test_an_answer_comes_with_its_quote_marked(desk: Desk, session: str) -> None:
    done = last(ask(desk, session, f"{HEALTH}2025年行政处罚立案多少件？", [], []))
    assert (done.live, done.busy) == ("", False)
    assert "36件" in done.past
    assert f"<mark>{FILED}" in done.past


def test_the_conversation_is_there_again_and_only_for_its_session(desk: Desk, session: str) -> None:
    shown = last(ask(desk, session, f"{HEALTH}2025年行政处罚立案多少件？", [], []))
    assert desk.talk.conversation(session).past == shown.past
    stranger = desk.talk.conversation(new_session_id())
    assert "想从这些报告里了解什么" in stranger.past
    assert "36件" not in stranger.past


def test_a_follow_up_knows_what_went_before(desk: Desk, session: str) -> None:
    list(ask(desk, session, f"{HEALTH}2025年行政处罚立案多少件？", [], []))
    shown = last(ask(desk, session, "那2024年呢？", [], []))
    assert f"{HEALTH}2024年" in shown.past.rpartition("<article")[2]


def test_picked_scope_holds_and_short_names_do(desk: Desk, session: str) -> None:
    shown = last(ask(desk, session, "行政处罚立案多少件？", ["岚泊县卫健局"], ["2024年"]))
    assert f"{HEALTH}2024年" in shown.past
    assert "市场监督" not in shown.past


def test_an_unknown_organisation_is_told_in_the_pages_words(desk: Desk, session: str) -> None:
    shown = last(ask(desk, session, "立案多少件？", ["<b>云上县档案馆</b>"], []))
    assert "&lt;b&gt;云上县档案馆" in shown.past
    assert "资料库" in shown.past
    assert "fazhi reports" not in shown.past
    assert desk.histories.read(session) == ()


def test_a_refusal_is_kept_and_names_what_it_drew_on(desk: Desk, session: str) -> None:
    shown = last(ask(desk, session, f"{HEALTH}2025年采购了多少架无人机？", [], []))
    assert "answer refused" in shown.past
    (kept,) = desk.histories.read(session)
    assert kept.answer.refused
    assert kept.drawn_on


def test_an_empty_question_changes_nothing(desk: Desk, session: str) -> None:
    shown = last(ask(desk, session, "  \n", [], []))
    assert shown.past == desk.talk.conversation(session).past


def test_a_page_that_was_forgotten_begins_a_conversation(desk: Desk, session: str) -> None:
    for _ in range(2):
        shown = last(desk.talk.ask(Seat(session, "t"), "", f"{HEALTH}2025年立案多少件？", [], []))
        assert shown.past.count("<article") == 1
    assert len({exchange.talk for exchange in desk.histories.read(session)} - {""}) == 2


def test_clearing_forgets(desk: Desk, session: str) -> None:
    list(ask(desk, session, f"{HEALTH}2025年行政处罚立案多少件？", [], []))
    assert "exchange" not in desk.talk.clear(session).past
    assert "exchange" not in desk.talk.conversation(session).past


def test_choices_and_examples_name_what_is_there(desk: Desk, session: str) -> None:
    choices = choices_of(desk.services.store)
    assert choices.orgs == ("岚泊县市场监督管理局", HEALTH)  # by sound
    assert choices.years == ("2025年", "2024年")
    examples = desk.talk.examples()
    assert examples
    for question in examples:
        assert "answer refused" not in last(ask(desk, session, question, [], [])).past


def test_deleting_asks_deletes_and_withdraws(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        services = Services(Settings(home=tmp_path), store)
        report = parse(SAMPLES / NAMES[0])
        hold(store, report)
        histories = Histories(tmp_path / "sessions")
        desk = Desk(services, histories, Intake(services, tmp_path / "uploads", histories))
        session = new_session_id()
        list(ask(desk, session, f"{HEALTH}2024年行政处罚立案多少件？", [], []))
        assert "32件" in desk.talk.conversation(session).past  # samples/manifest.yaml
        assert HEALTH in desk.library.table(Look(row=report.id, panel="delete"))
        assert "已删除" in desk.library.delete(session, report.id)
        assert "32件" not in desk.talk.conversation(session).past
        assert "32件" not in "".join(p.read_text() for p in (tmp_path / "sessions").iterdir())
        assert "未能删除" in desk.library.delete(session, report.id)
        assert "还没有报告" in desk.library.table(Look())
        assert "先导入报告" in desk.talk.conversation(new_session_id()).past


def llm_desk(services: Services, url: str, folder: Path) -> Desk:
    settings = Settings(home=folder, FAZHI_LLM_BASE_URL=url, FAZHI_LLM_MODEL="m")  # type: ignore[call-arg]
    slow = Services(settings, services.store)
    histories = Histories(folder / "sessions")
    return Desk(slow, histories, Intake(slow, folder / "uploads", histories))


QUESTION = f"{HEALTH}2025年存在哪些不足？"


def test_stop_ends_the_answer_and_the_request_upstream(
    services: Services, tmp_path: Path, session: str
) -> None:
    with FakeEndpoint(Play([event("执法")], end="ping")) as endpoint:
        desk = llm_desk(services, endpoint.url, tmp_path)
        views = ask(desk, session, QUESTION, [], [])
        for _ in views:
            if endpoint.requests:
                break
        desk.talk.stop("another tab")
        desk.talk.stop("t")
        shown = last(views)
        assert "已停止" in shown.past
        assert not shown.busy
        assert endpoint.requests[0].gone.wait(2.5)  # TEST_MATRIX 25, and what polling adds
    (kept,) = desk.histories.read(session)
    assert kept.stopped


def test_a_slow_answer_is_shown_as_far_as_it_came(
    services: Services, tmp_path: Path, session: str
) -> None:
    with FakeEndpoint(Play([event("执法")], end="ping")) as endpoint:
        desk = llm_desk(services, endpoint.url, tmp_path)
        views = ask(desk, session, QUESTION, [], [])
        first = next(views)
        assert (first.past, first.busy) == ("", True)  # in place of the welcome
        assert "存在哪些不足" in first.live
        while "执法" not in first.live.partition('class="answer"')[2]:
            first = next(views)
            assert (first.past, first.busy) == (None, True)  # what is shown stays as it is
        views.close()  # type: ignore[attr-defined]


def test_a_closed_tab_ends_the_request_upstream(
    services: Services, tmp_path: Path, session: str
) -> None:
    with FakeEndpoint(Play([event("执法")], end="ping")) as endpoint:
        desk = llm_desk(services, endpoint.url, tmp_path)
        views = ask(desk, session, QUESTION, [], [])
        for _ in views:
            if endpoint.requests:
                break
        views.close()  # type: ignore[attr-defined]
        assert endpoint.requests[0].gone.wait(2.5)
    assert desk.histories.read(session)[0].stopped


def test_two_sessions_asking_at_once_do_not_mix(desk: Desk) -> None:
    questions = {
        new_session_id(): (f"{HEALTH}2025年行政处罚立案多少件？", "36件"),
        new_session_id(): (f"{HEALTH}2024年行政处罚立案多少件？", "32件"),
    }
    threads = [
        threading.Thread(target=lambda s=s, q=q: list(ask(desk, s, q, [], [])))
        for s, (q, _) in questions.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for session, (question, figure) in questions.items():
        (kept,) = desk.histories.read(session)
        assert kept.question == question
        assert figure in kept.answer.text
