"""The drafting tab without a browser: what is filled in, what is drafted, whose it is."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import ClassVar

import pytest
from langchain_core.messages import BaseMessage

from assistant.app.downloads import PATH, Downloads
from assistant.app.draft import work as draft_work
from assistant.app.draft.desk import DraftDesk
from assistant.app.draft.page import DraftPage, DraftView
from assistant.app.draft.work import Case, Desktops, Order, Phase, Queue
from assistant.build import Services
from assistant.draft import Request, draft
from assistant.draft.answers import DROPPED, answered, blanks
from assistant.draft.llm import Polisher
from assistant.errors import AssistantError
from assistant.gongwen import Paragraph, Placeholder, Text
from assistant.gongwen.model import walk
from assistant.ledger import make_template, save_template
from assistant.llm.scripted import ScriptedChat
from assistant.session_ids import new_session_id
from assistant.settings import Engine, Settings
from prompts import load
from tests.assistant.draft_library import FILES, HEALTH, LEXICON, MARKET, SAMPLES, fill, sheet
from vectorstore.store import Store

SESSION, STRANGER = new_session_id(), new_session_id()
HOSTILE = "<img src=x onerror=alert(1)>"


class Scripted(Services):
    """Services whose model says what the one entry of `replies` makes of the messages."""

    replies: ClassVar[list[Callable[[list[BaseMessage]], str]]] = []

    def polisher(self, engine: Engine | None = None) -> Polisher | None:
        if engine == "extractive":
            return None
        model = ScriptedChat(replies=self.replies * 60)
        return Polisher(model, load("draft_section"), LEXICON, "scripted")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafting")
    fill(folder, [SAMPLES / name for name in FILES]).close()
    return folder


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    with Store.open(home) as store:
        yield Services(Settings(home=home), store)


@pytest.fixture
def desk(services: Services) -> DraftDesk:
    return DraftDesk(services, Downloads())


@pytest.fixture
def modelled(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DraftDesk]:
    monkeypatch.setenv("FAZHI_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("FAZHI_LLM_MODEL", "scripted")
    with Store.open(home) as store:
        yield DraftDesk(Scripted(Settings(home=home), store), Downloads())


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """The model answers, with nothing, only once this is set."""
    go = threading.Event()

    def slow(messages: list[BaseMessage]) -> str:
        go.wait(20)
        return ""

    Scripted.replies[:] = [slow]
    yield go
    go.set()


def opened(desk: DraftDesk, org: str = HEALTH, kind: str = "report") -> Case:
    desk.choose(SESSION, org, "", kind)
    case = desk.desktop(SESSION).current
    assert case is not None
    return case


def written(desk: DraftDesk, notes: str = "", engine: str = "", seconds: float = 30) -> Case:
    desk.start(SESSION, notes, False, engine)
    return finished(desk, seconds)


def finished(desk: DraftDesk, seconds: float = 30) -> Case:
    case = desk.desktop(SESSION).current
    assert case is not None
    deadline = time.monotonic() + seconds
    while case.busy:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return case


def typed(desk: DraftDesk, key: str, value: str, name: str = "value") -> None:
    desk.act(SESSION, "edit", key, name, value)


def test_of_two_edits_heard_in_the_wrong_order_the_later_one_stays(desk: DraftDesk) -> None:
    opened(desk)
    place = ("page", "case_closed", "value")
    desk.act(SESSION, "edit", "case_closed", "value", "35", order=Order(place, 2))
    desk.act(SESSION, "edit", "case_closed", "value", "53", order=Order(place, 1))
    assert 'value="35"' in view(desk).grid
    assert 'value="53"' not in view(desk).grid
    other = ("another page", "case_closed", "value")
    desk.act(SESSION, "edit", "case_closed", "value", "36", order=Order(other, 1))
    assert 'value="36"' in view(desk).grid


def view(desk: DraftDesk, session: str = SESSION) -> DraftView:
    return DraftPage(desk).view(session)


def text_of(case: Case) -> str:
    assert case.result is not None
    return "".join(span.text for span in walk(case.result.made.document))


def blank(case: Case, start: str) -> str:
    """The id of the one blank whose text begins so."""
    assert case.result is not None
    (found,) = [b for b in case.result.blanks if b.text.startswith(start)]
    return found.id


def links(html: str) -> dict[str, str]:
    found = re.findall(r'<a class="download" href="/download/([^"]+)">([^<]+)</a>', html)
    return {name: token for token, name in found}


# -- what to draft


def test_only_units_with_a_report_are_offered_and_the_year_follows_the_newest(
    desk: DraftDesk,
) -> None:
    setup = desk.setup(SESSION)
    assert len(setup.orgs) == len(FILES)
    assert setup.target is None
    desk.choose(SESSION, "岚泊卫健局", "", "report")
    target = desk.setup(SESSION).target
    assert target is not None
    assert (target.org, target.year) == (HEALTH, 2026)
    assert desk.setup(SESSION).years[0] == "2026年"


def test_an_empty_library_says_where_to_go(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        desk = DraftDesk(Services(Settings(home=tmp_path), store), Downloads())
        assert "资料库" in view(desk).about
        desk.start(SESSION, "", False, "extractive")
        assert "请先选择单位" in view(desk).about


def test_an_unknown_unit_and_a_year_without_an_earlier_report_are_told(desk: DraftDesk) -> None:
    desk.choose(SESSION, "没有的单位", "", "report")
    assert "没有的单位" in view(desk).about
    opened(desk)
    desk.choose(SESSION, HEALTH, "2020年", "report")
    told = view(desk).about
    assert "2020年以前的报告" in told
    assert "fazhi" not in told


def test_only_engines_that_can_be_used_are_offered_with_what_leaves(
    desk: DraftDesk, modelled: DraftDesk
) -> None:
    assert [name for _, name in desk.engines()] == ["extractive"]
    assert "不外发" in desk.engines()[0][0]
    told = {name: words for words, name in modelled.engines()}
    assert "127.0.0.1" in told["openai"]


# -- the grid


def test_a_wrong_entry_is_told_at_its_row_and_stays_open_in_the_draft(desk: DraftDesk) -> None:
    opened(desk)
    typed(desk, "case_closed", "很多")
    typed(desk, "trainings", "十三")
    shown = unescape(view(desk).grid)
    row = re.search(r'<tr class="error".*?</tr>', shown)
    assert row
    assert "“很多”不是一个数字" in row[0]
    assert 'data-row="case_closed"' in row[0]
    assert shown.count('<tr class="done"') == 1
    case = written(desk)
    assert "13" in text_of(case)
    assert "很多" not in text_of(case)
    told = re.search(r'1 行需要改正.*?href="#(sheet-\d+)">第\d+行结案<', view(desk).state)
    assert told
    assert f'<tr class="error" id="{told[1]}">' in shown
    typed(desk, "case_closed", "40")
    assert "结案40件" in text_of(case)
    assert "需要改正" not in view(desk).state


def test_a_year_in_the_title_is_not_cut_by_the_end_of_a_line(desk: DraftDesk) -> None:
    opened(desk)
    written(desk)
    assert '<span class="whole">2026年度</span>' in view(desk).paper


def test_a_wrong_figure_in_the_list_stays_in_its_box_and_holds_up_no_other(desk: DraftDesk) -> None:
    opened(desk)
    case = written(desk)
    typed(desk, "case_closed", "不知道")
    side = unescape(view(desk).side)
    box = re.search(r'<div class="box wrong"><input[^>]*data-row="case_closed"[^>]*>', side)
    assert box
    assert 'value="不知道"' in box[0]
    assert 'data-act="edit"' in box[0]
    assert "“不知道”不是一个数字" in side
    assert "不知道" not in text_of(case)
    typed(desk, "trainings", "十三")
    assert "13" in text_of(case)
    typed(desk, "case_closed", "")
    assert 'class="box wrong"' not in view(desk).side


def test_numbers_are_read_as_the_sheet_reads_them(desk: DraftDesk) -> None:
    case = opened(desk)
    for key, value in (
        ("fines_confiscations", "20.5"),
        ("publicity_materials", "1.6万余"),
        ("trained", "七百"),
    ):
        typed(desk, key, value)
    assert case.read.errors == ()
    by_key = {row.key: row for row in case.read.rows}
    assert by_key["trained"].value == 700
    assert by_key["publicity_materials"].value == 16_000
    assert by_key["fines_confiscations"].text == "20.5万元"


def test_a_row_is_added_named_and_dropped(desk: DraftDesk) -> None:
    case = opened(desk)
    desk.act(SESSION, "add", "", "", "")
    typed(desk, "+1", "普法直播", "indicator")
    typed(desk, "+1", "6")
    assert "没有写单位" in view(desk).grid or "不是带单位的数字" in view(desk).grid
    typed(desk, "+1", "场", "unit")
    assert case.read.errors == ()
    assert "普法直播6场" in text_of(written(desk))
    desk.act(SESSION, "drop", "+1", "", "")
    assert "普法直播" not in text_of(case)


def test_a_filled_sheet_fills_the_grid_and_keeps_what_is_wrong_with_it(
    desk: DraftDesk, tmp_path: Path
) -> None:
    case = opened(desk)
    file = sheet(
        desk.services.store, tmp_path / "表.csv", HEALTH, 2026, {"结案": "40", "罚没款": "很多"}
    )
    desk.load_sheet(SESSION, str(file))
    assert case.sheet.filled() == 2
    assert case.problem is None
    assert "“很多”不是一个数字" in unescape(view(desk).grid)
    other = tmp_path / "别的.csv"
    other.write_text("一,二\n三,四\n", "utf-8")
    desk.load_sheet(SESSION, str(other))
    assert "别的.csv" in view(desk).state
    assert case.sheet.filled() == 2
    wrong = tmp_path / "去年.csv"
    save_template(wrong, make_template(desk.services.store, MARKET, 2027))
    desk.load_sheet(SESSION, str(wrong))
    assert "不是2026年" in view(desk).state


def test_the_downloaded_sheet_holds_what_was_typed_and_comes_back_the_same(
    desk: DraftDesk, tmp_path: Path
) -> None:
    case = opened(desk)
    typed(desk, "case_closed", "40")
    typed(desk, "case_closed", "宗", "unit")
    desk.act(SESSION, "add", "", "", "")
    for name, text in (("indicator", "普法直播"), ("value", "约6"), ("unit", "场")):
        typed(desk, "+1", text, name)
    found = desk.downloads.take(SESSION, links(view(desk).about)["下载已填的表"])
    assert found is not None
    assert found[0] == f"{HEALTH}2026年指标填报表（已填）.xlsx"
    file = tmp_path / "表.xlsx"
    file.write_bytes(found[1])
    before = [row.entry for row in case.sheet.rows()]
    desk.load_sheet(SESSION, str(file))
    assert [row.entry for row in case.sheet.rows()] == before


# -- the draft


def test_the_draft_is_the_command_lines_word_for_word(desk: DraftDesk, tmp_path: Path) -> None:
    opened(desk)
    typed(desk, "case_closed", "40")
    notes = "- 举办法治培训13场。"
    case = written(desk, notes)
    figures = sheet(desk.services.store, tmp_path / "f.csv", HEALTH, 2026, {"结案": "40"})
    path = tmp_path / "n.md"
    path.write_text(notes, "utf-8")
    made = draft(desk.services.store, LEXICON, Request("report", HEALTH, 2026, figures, path))
    assert text_of(case) == "".join(span.text for span in walk(made.document))
    assert case.result is not None
    assert case.result.unbound == ()


def test_a_blank_filled_in_place_fills_the_grid_and_what_follows_from_it(desk: DraftDesk) -> None:
    opened(desk)
    case = written(desk)
    assert case.result is not None
    before = len(case.result.blanks)
    typed(desk, "legal_opinions", "40")
    text = text_of(case)
    assert "法律意见书40份" in text
    assert "增加9份" in text  # 31 before
    assert len(case.result.blanks) == before - 2
    assert case.result.unbound == ()
    shown = view(desk)
    assert 'value="40"' in shown.grid
    figure = re.search(
        r'<mark class="fig good"[^>]*data-told="([^"]*)"[^>]*>40份</mark>', shown.paper
    )
    assert figure
    assert "来自指标填报表" in figure[1]
    typed(desk, "legal_opinions", "")
    assert len(case.result.blanks) == before


def test_a_change_asks_for_the_figure_that_changed(desk: DraftDesk) -> None:
    opened(desk)
    written(desk)
    mark = re.search(r"<mark [^>]*>【待填：比上年变化（2025年：增加150人次）】", view(desk).paper)
    assert mark
    assert 'data-row="trained"' in mark[0]
    assert 'data-ask="法治培训参训本年数"' in mark[0]


def test_words_fill_what_no_figure_does(desk: DraftDesk) -> None:
    opened(desk)
    case = written(desk)
    first = blank(case, "【待核实：首次邀请")
    desk.act(SESSION, "say", first, "", "邀请检察官讲解公益诉讼案例2次")
    assert "邀请检察官讲解公益诉讼案例2次。" in text_of(case)
    assert case.result is not None
    assert case.result.unbound == ()
    assert "由起草人填写" in view(desk).paper
    good = blank(case, "【待核实：实现年初")
    desk.act(SESSION, "leave", good, "", "")
    assert "实现年初" not in text_of(case)
    assert not re.search("[，；、][，；、。]", text_of(case))
    assert case.words[good] == DROPPED
    assert "（已删去）" in view(desk).side
    desk.act(SESSION, "undo", good, "", "")
    assert "【待核实：实现年初" in text_of(case)
    date = next(b.id for b in case.result.blanks if b.heading == "落款")
    desk.act(SESSION, "say", date, "", "2027年1月15日")
    assert case.result.made.document.date == "2027年1月15日"


def test_a_point_whose_first_sentence_is_dropped_begins_with_the_next(desk: DraftDesk) -> None:
    opened(desk)
    result = written(desk).result
    assert result is not None
    spans = (Text("服务更好。一是"), Placeholder("【待核实：量增】"), Text("。全年受理9件。"))
    made = replace(result.made, document=replace(result.made.document, body=(Paragraph(spans),)))
    dropped = {blank.id: DROPPED for blank in blanks(made.document)}
    [left] = answered(made, dropped, LEXICON).document.body
    assert isinstance(left, Paragraph)
    assert "".join(span.text for span in left.spans) == "服务更好。一是全年受理9件。"


def test_a_figure_said_in_a_blank_is_of_the_year_its_place_is_of(desk: DraftDesk) -> None:
    opened(desk)
    case = written(desk)
    aim = blank(case, "【待填：新增执法人员目标")  # of the year after the report's
    desk.act(SESSION, "say", aim, "", "3名")
    assert "争取新增执法人员3名" in text_of(case)
    assert case.result is not None
    assert case.result.unbound == ()


def test_one_of_several_equal_blanks_is_filled_alone(desk: DraftDesk) -> None:
    opened(desk, kind="plan")
    case = written(desk)
    assert case.result is not None
    duties = [b for b in case.result.blanks if b.text == "【待填：责任股室】"]
    assert len(duties) > 3
    desk.act(SESSION, "say", duties[1].id, "", "执法股")
    desk.act(SESSION, "say", duties[2].id, "", "法规股")
    left = [b.id for b in case.result.blanks if b.text == "【待填：责任股室】"]
    assert left == [b.id for b in duties if b not in duties[1:3]]
    assert text_of(case).index("执法股") < text_of(case).index("法规股")


def test_what_is_typed_while_it_is_written_is_not_lost(
    modelled: DraftDesk, held: threading.Event
) -> None:
    opened(modelled)
    modelled.start(SESSION, "", False, "openai")
    typed(modelled, "case_closed", "40")
    held.set()
    assert "结案40件" in text_of(finished(modelled))


def test_a_model_s_section_takes_a_new_figure_without_being_asked_again(
    modelled: DraftDesk,
) -> None:
    asked: list[str] = []

    def echo(messages: list[BaseMessage]) -> str:
        found = re.search(r"草稿 (\w{12})\n(.*)\n草稿 \1", str(messages[1].content), re.DOTALL)
        assert found
        asked.append(found[2])
        return found[2].replace("全年", "一年来")

    Scripted.replies[:] = [echo]
    opened(modelled)
    case = written(modelled, engine="openai")
    assert case.result is not None
    assert case.result.made.engine == "openai"
    assert "一年来起草行政规范性文件【" in text_of(case)
    calls = len(asked)
    typed(modelled, "documents", "3")
    assert "一年来起草行政规范性文件3件" in text_of(case)
    assert len(asked) == calls
    assert case.result.made.prompt_refs
    assert case.result.unbound == ()
    assert "润色" in view(modelled).state


def test_a_draft_under_way_can_be_stopped_and_is_shown_as_far_as_it_is(
    modelled: DraftDesk, held: threading.Event
) -> None:
    opened(modelled)
    modelled.start(SESSION, "", False, "openai")
    deadline = time.monotonic() + 20
    while "大模型正在改写" not in view(modelled).state:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    shown = view(modelled)
    assert shown.running
    assert "现将全年工作" in shown.paper or "待填" in shown.paper
    modelled.stop(SESSION)
    assert not view(modelled).running
    assert "已停止" in view(modelled).state


def test_others_wait_their_turn_and_are_told_so(modelled: DraftDesk, held: threading.Event) -> None:
    modelled._queues["openai"] = Queue(1, 1)
    sessions = [new_session_id() for _ in range(3)]
    for session in sessions:
        modelled.choose(session, HEALTH, "", "report")
        modelled.start(session, "", False, "openai")
    assert "正在为其他人起草，请稍候" in view(modelled, sessions[1]).state
    assert view(modelled, sessions[1]).running
    assert "正在起草的人较多" in view(modelled, sessions[2]).state
    assert not view(modelled, sessions[2]).running
    opened(modelled, MARKET)
    assert written(modelled, engine="extractive").result is not None  # rules do not wait for models
    modelled.stop(sessions[1])
    assert not view(modelled, sessions[1]).running


# -- whose it is


def test_nobody_else_sees_a_draft_or_its_files(desk: DraftDesk) -> None:
    opened(desk)
    typed(desk, "case_closed", "4321")
    written(desk, "只有本人知道的素材。")
    assert desk.desktop(STRANGER).current is None
    assert "4321" not in "".join(map(str, (view(desk, STRANGER), desk.setup(STRANGER))))
    assert desk.setup(SESSION).notes == "只有本人知道的素材。"
    for token in links(view(desk).state).values():
        assert desk.downloads.take(STRANGER, token) is None
    desk.act(STRANGER, "edit", "case_closed", "value", "1")
    assert 'value="4321"' in view(desk).grid
    assert "Cookie" in view(desk, "").about


def test_the_files_are_the_draft_as_it_now_is(desk: DraftDesk, tmp_path: Path) -> None:
    opened(desk)
    written(desk)
    tokens = links(view(desk).state)
    assert set(tokens) == {"审阅稿 docx", "Markdown", "依据文件", "仍要下载清稿"}
    assert "还有" in view(desk).state
    typed(desk, "case_closed", "40")
    files = {}
    for name, token in tokens.items():  # addresses given before still give the newest draft
        found = desk.downloads.take(SESSION, token)
        assert found is not None
        files[name] = found
    assert "结案40件" in files["Markdown"][1].decode()
    assert '"text": "40件"' in files["依据文件"][1].decode()
    assert files["依据文件"][0] == f"{HEALTH}2026年年度报告（审阅稿）.evidence.json"
    assert files["审阅稿 docx"][1].startswith(b"PK")
    assert PATH == "/download/"


def test_old_and_surplus_sessions_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    desktops = Desktops()
    monkeypatch.setattr(draft_work, "_SESSIONS", 3)
    first = desktops.of("a")
    for name in "bc":
        desktops.of(name)
    assert desktops.of("a") is first
    desktops.of("d")
    assert desktops.of("a") is first  # b had been unused the longest
    for name in "cda":
        desktops.of(name).used -= 13 * 3600
    desktops.of("e")
    assert desktops.of("a") is not first


def test_drafts_of_all_sessions_are_bounded_and_the_longest_idle_go(
    desk: DraftDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_work, "_DRAFTS", 3)
    sessions = [new_session_id() for _ in range(4)]
    first, second, third, last = sessions
    for session in (first, second):
        desk.choose(session, HEALTH, "", "report")
    busy = desk.desktop(first).current
    assert busy is not None
    busy.phase = Phase.RUNNING
    desk.choose(second, MARKET, "", "report")
    assert len(desk.desktops.cases()) == 3
    desk.choose(third, HEALTH, "", "report")
    assert len(desk.desktops.cases()) == 3
    assert desk.desktop(first).current is busy
    (kept,) = desk.desktop(second).cases.values()
    assert kept.target.org == MARKET  # the one it had turned away from went first
    desk.choose(last, HEALTH, "", "report")
    assert desk.desktop(first).current is busy
    assert len(desk.desktops.cases()) == 3
    desk.choose(last, MARKET, "", "report")
    assert desk.desktop(third).current is None
    assert "闲置" in view(desk, third).about
    assert view(desk, last).grid


def test_a_draft_goes_with_the_report_it_was_made_from(tmp_path: Path) -> None:
    fill(tmp_path, [SAMPLES / FILES[0]]).close()
    with Store.open(tmp_path) as store:
        desk = DraftDesk(Services(Settings(home=tmp_path), store), Downloads())
        assert desk.setup(SESSION).target is not None  # the only unit there is
        written(desk)
        typed(desk, "case_closed", "40")
        shown = view(desk)
        tokens = [*links(shown.state).values(), *links(shown.about).values()]
        assert len(tokens) == 6
        assert all(desk.downloads.take(SESSION, token) for token in tokens)
        (row,) = store.reports()
        store.delete(row.id)
        shown = view(desk)
        assert shown.paper == shown.side == ""
        for token in tokens:
            with pytest.raises(AssistantError, match="已不在"):
                desk.downloads.take(SESSION, token)


def test_files_of_a_draft_turned_away_from_go_with_its_report_too(tmp_path: Path) -> None:
    fill(tmp_path, [SAMPLES / name for name in FILES]).close()
    with Store.open(tmp_path) as store:
        desk = DraftDesk(Services(Settings(home=tmp_path), store), Downloads())
        opened(desk)
        written(desk)
        shown = view(desk)
        tokens = [*links(shown.state).values(), *links(shown.about).values()]
        opened(desk, MARKET)
        assert all(desk.downloads.take(SESSION, token) for token in tokens)
        assert len(tokens) == 5
        (row,) = [row for row in store.reports() if row.org == HEALTH]
        store.delete(row.id)
        for token in tokens:
            with pytest.raises(AssistantError, match="已不在"):
                desk.downloads.take(SESSION, token)


def test_a_draft_goes_with_another_bureau_s_report_it_quotes(tmp_path: Path) -> None:
    fill(tmp_path, [SAMPLES / name for name in FILES]).close()
    with Store.open(tmp_path) as store:
        desk = DraftDesk(Services(Settings(home=tmp_path), store), Downloads())
        opened(desk)
        desk.start(SESSION, "", True, "")
        case = finished(desk)
        assert case.result is not None
        (peer,) = [s for s in case.result.made.sources if s.kind == "peer"][:1]
        typed(desk, "case_closed", "40")
        token = links(view(desk).state)["Markdown"]
        assert desk.downloads.take(SESSION, token) is not None
        (row,) = [row for row in store.reports() if row.org == peer.org]
        store.delete(row.id)
        with pytest.raises(AssistantError, match="已不在"):
            desk.downloads.take(SESSION, token)
        shown = view(desk)
        assert "已更新或删除" in shown.about
        assert shown.paper == ""
        assert 'value="40"' in shown.grid  # what was typed stays


def test_nothing_typed_takes_effect_as_markup(desk: DraftDesk, tmp_path: Path) -> None:
    opened(desk)
    typed(desk, "case_closed", HOSTILE)
    desk.act(SESSION, "add", "", "", "")
    typed(desk, "+1", HOSTILE, "indicator")
    shown = view(desk)
    assert "<img" not in shown.grid
    desk.act(SESSION, "drop", "+1", "", "")
    typed(desk, "case_closed", "")
    case = written(desk, f"- 开展普法活动，{HOSTILE}。")
    desk.act(SESSION, "say", blank(case, "【待核实：首次邀请"), "", f"“{HOSTILE}\x00\u202e")
    shown = view(desk)
    for part in (shown.about, shown.grid, shown.state, shown.side, shown.paper):
        assert "<img" not in part
    assert "\u202e" not in shown.paper
    assert "&lt;img" in shown.paper
    broken = tmp_path / f"素材{'<b>'}.docx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    assert desk.load_notes(SESSION, str(broken)) is None
    assert "<b>" not in view(desk).state
    assert "读不了" in view(desk).state


def test_notes_come_from_a_file_as_text_to_edit(desk: DraftDesk, tmp_path: Path) -> None:
    opened(desk)
    path = tmp_path / "素材.md"
    path.write_text("# 普法\n- 举办法治培训13场。\n", "utf-8")
    assert desk.load_notes(SESSION, str(path)) == "# 普法\n- 举办法治培训13场。\n"
    text = desk.load_notes(SESSION, str(SAMPLES / "lanbo-health-2025.docx"))
    assert text is not None
    assert re.search("(?m)^# 一、", text)


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_can_be_shown(desk: DraftDesk, phase: Phase) -> None:
    case = opened(desk)
    case.phase = phase
    assert view(desk).running == case.busy
