"""Briefs on the page, without a browser: plan, work, sources, sessions, what is withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app.brief import desk as briefing
from assistant.app.brief.desk import BriefDesk, Form
from assistant.app.brief.state import lasting
from assistant.app.brief.view import PAGE_ROWS
from assistant.app.downloads import PATH, Downloads
from assistant.build import open_services
from assistant.settings import Settings
from evals.synthetic import fill, synthetic_reports
from tests.assistant.brief_library import library, report_text, write_reports
from tests.assistant.brief_work import alive, everyone, held, let_go, made, until_done
from vectorstore.indicators import load_lexicon
from vectorstore.store import Store

ANNA, BERT = "session-a", "session-b"
HOSTILE = "<img src=http://evil.example/b onerror=window.hacked=1>"
ORGS = ("青禾县水利局", "赤岭县水利局", "白石县水利局")


def addresses(page: str, words: str) -> list[str]:
    """Addresses of the figures with these words."""
    return re.findall(rf'data-at="([\d.]+)">{re.escape(words)}<', page)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[BriefDesk]:
    texts = {
        f"{org}.txt": report_text(
            org,
            measures=f"全年行政处罚立案{n}件，罚没款{n}.5万元。{HOSTILE}",
            shortcomings=f"一是执法力量薄弱{HOSTILE}；二是普法宣传形式单一。",
        )
        for n, org in enumerate(ORGS, start=14)
    }
    texts["早.txt"] = report_text("紫云县水利局", 2024)
    library(tmp_path, write_reports(tmp_path / "in", texts)).close()
    with open_services(Settings(home=tmp_path)) as services:
        desk = BriefDesk(services, Downloads())
        yield desk
        desk.close()


def test_the_roster_marks_who_sent_nothing_and_follows_the_year(desk: BriefDesk) -> None:
    assert desk.years() == [("最新年度（2025年）", ""), ("2025年", "2025"), ("2024年", "2024")]
    shown = [label for label, _ in desk.roster("").choices]
    assert shown == [*sorted(ORGS), "紫云县水利局（未报送）"]
    earlier = [label for label, _ in desk.roster("2024").choices]
    assert earlier[0] == "紫云县水利局"
    assert all(label.endswith("（未报送）") for label in earlier[1:])


def test_the_plan_counts_reports_names_the_absent_and_tells_the_time(desk: BriefDesk) -> None:
    plan = desk.plan(Form(orgs=everyone(desk)))
    assert "4 个单位的2025年度报告 <b>3 份</b>" in plan
    assert "未报送 1 个：紫云县水利局。" in plan
    assert "不用大模型，不消耗词元，内容不离开本机。预计 <b>3 秒</b>" in plan
    assert "未报送 2 个" in desk.plan(Form(orgs=everyone(desk), others="黑水县水利局，"))
    assert "至少选一个单位" in desk.plan(Form())
    unknown = desk.plan(Form(orgs=everyone(desk), engine="openai"))
    assert "还没有配置大模型" in unknown


def test_reports_of_nobody_are_to_be_corrected_first(tmp_path: Path) -> None:
    texts = {"甲.txt": report_text(ORGS[0]), "乙.txt": report_text("")}
    library(tmp_path, write_reports(tmp_path / "in", texts)).close()
    with open_services(Settings(home=tmp_path)) as services:
        desk = BriefDesk(services, Downloads())
        assert "有 1 份报告单位不明，请先在“资料库”更正单位" in desk.plan(Form(orgs=everyone(desk)))


def test_only_engines_that_are_set_up_can_be_picked_and_a_plan_calls_no_model(
    desk: BriefDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [name for _, name in desk.engines()] == ["extractive"]
    monkeypatch.setenv("FAZHI_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("FAZHI_LLM_MODEL", "m")
    monkeypatch.setenv("FAZHI_LLM_API_KEY", "geheim")
    settings = Settings(home=tmp_path)
    with open_services(settings) as services:
        other = BriefDesk(services, Downloads())
        assert other.engine() == "openai"
        assert ("大模型 m（127.0.0.1）", "openai") in other.engines()
        plan = other.plan(Form(orgs=everyone(other), engine="openai", cap=10))
    assert re.search(
        r"3 份报告（其中 0 份已有结果，不再调用），最多调用 \d+ 次，读入 \d+ 词元", plan
    )
    assert "词元上限 10 低于预计" in plan
    assert "取决于大模型的速度" in plan
    assert "geheim" not in plan


def test_every_figure_leads_to_its_sentence_in_its_paragraph(desk: BriefDesk) -> None:
    view = made(desk, ANNA, Form(orgs=everyone(desk)))
    assert "共 4 份报告，全部列入“报告来源”并写明是否计入汇总" in view.state
    for n, org in enumerate(ORGS, start=14):
        at = next(at for at in addresses(view.page, str(n)) if at.count(".") == 3)
        source = desk.source(ANNA, at)
        assert f"<b>{org}</b>" in source
        assert "2025年报告" in source
        assert "主要举措和成效" in source
        marked = f"<mark>全年行政处罚立案<b>{n}件</b>，罚没款{n}.5万元。"
        assert marked in source
    total = addresses(view.page, str(14 + 15 + 16))[0]
    assert desk.source(ANNA, total).count("<mark>") == 3
    absent = re.findall(r'<td class="right unsent">未报送</td>', view.page)
    assert len(absent) >= 1
    who = addresses(view.page, "紫云县水利局")[0]  # told from the comment: it has no source
    assert "未报送单位（1个）" in desk.source(ANNA, who)


def test_themes_show_the_bureaus_and_the_sentence_of_each(desk: BriefDesk) -> None:
    page = made(desk, ANNA, Form(orgs=everyone(desk))).page
    at = next(at for at in addresses(page, "全部单位") if "薄弱" in desk.source(ANNA, at))
    source = desk.source(ANNA, at)
    assert all(f"<b>{org}</b>" in source for org in ORGS)
    assert source.count("执法力量薄弱") >= 3


def test_nothing_of_a_report_becomes_markup(desk: BriefDesk) -> None:
    view = made(desk, ANNA, Form(orgs=everyone(desk), title=HOSTILE))
    shown = view.page + view.state
    shown += "".join(desk.source(ANNA, at) for at in re.findall(r'data-at="([\d.]+)"', view.page))
    assert "<img" not in shown
    assert "&lt;img" in shown


@pytest.mark.parametrize(
    "at", ["", "0", "x.1", "-1.0", "9999.0", "3.0.0.99", "1.-1", "1.0.0.0.0", "²", "1e9.1"]
)
def test_an_address_that_leads_nowhere_gives_nothing(desk: BriefDesk, at: str) -> None:
    made(desk, ANNA, Form(orgs=everyone(desk)))
    assert desk.source(ANNA, at) == ""
    assert desk.rows(ANNA, at)[1] == ""


def test_a_brief_belongs_to_its_session(desk: BriefDesk) -> None:
    view = made(desk, ANNA, Form(orgs=everyone(desk)))
    assert view.page
    assert desk.view(BERT).page == ""
    assert "已失效" in desk.source(BERT, addresses(view.page, "14")[0])
    link = re.findall(rf'href="{PATH}([^"]+)"', view.state)[0]
    assert desk.downloads.take(BERT, link) is None
    again = desk.view(ANNA, view.serial)
    assert again.page == ""  # drawn already
    assert again.state == view.state


def test_a_deleted_report_withdraws_the_brief_and_its_files(desk: BriefDesk) -> None:
    view = made(desk, ANNA, Form(orgs=everyone(desk)))
    token = re.findall(rf'href="{PATH}([^"]+)"', view.state)[0]
    taken = desk.downloads.take(ANNA, token)
    assert taken is not None
    assert taken[0].endswith(".docx")
    assert taken[1].startswith(b"PK")
    store = desk.services.store
    store.delete(next(row.id for row in store.reports() if row.org == ORGS[0]))
    gone = desk.view(ANNA)
    assert gone.page == ""
    assert "这份简报已收回" in gone.state
    with pytest.raises(briefing.FormError):
        desk.downloads.take(ANNA, token)


def test_beyond_the_limit_one_is_told_so_and_stop_ends_the_work(desk: BriefDesk) -> None:
    form = Form(orgs=everyone(desk))
    assert desk.start(ANNA, form) == ""
    assert "上一份简报还在汇总" in desk.start(ANNA, form)
    (annas,) = held(1)
    assert desk.start(BERT, form) == ""
    (berts,) = set(held(2)) - {annas}
    told = desk.start("session-c", form)
    assert "正在汇总的简报已有 2 份" in told
    assert "问答等其他功能不受影响" in told
    assert "已用" in desk.view(ANNA).state
    desk.stop(ANNA)
    assert "已停止" in until_done(desk, ANNA).state
    assert not alive(annas)
    let_go(berts)
    assert until_done(desk, BERT).page
    assert made(desk, ANNA, form).page


def test_finished_briefs_are_kept_in_number(
    desk: BriefDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(briefing, "KEPT", 2)
    for session in (ANNA, BERT, "session-c"):
        made(desk, session, Form(orgs=everyone(desk)))
    assert desk.view(ANNA).page == ""
    assert desk.view(BERT).page
    assert desk.view("session-c").page


def test_who_made_a_brief_of_what_is_in_the_audit_log(desk: BriefDesk) -> None:
    made(desk, ANNA, Form(orgs=ORGS[:2]))
    entry = next(e for e in desk.services.audit.read() if e.action == "brief")
    assert entry.engine == "extractive"
    assert len(entry.reports) == 2


def test_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with open_services(Settings(home=tmp_path)) as services:
        empty = BriefDesk(services, Downloads())
        assert "打开“资料库”导入" in empty.view(ANNA).state
        assert empty.years() == [("最新年度", "")]
        assert empty.roster("").choices == ()
        assert empty.plan(Form()) == ""
        assert "资料库里还没有报告" in empty.start(ANNA, Form())


def test_hundreds_of_reports_stay_a_light_page_with_every_row_within_reach(
    tmp_path: Path,
) -> None:
    count = 120
    with Store.open(tmp_path) as store:
        fill(store, synthetic_reports(count), load_lexicon())
    with open_services(Settings(home=tmp_path)) as services:
        desk = BriefDesk(services, Downloads())
        view = made(desk, ANNA, Form(orgs=everyone(desk)))
        assert len(view.page) < 600_000
        orgs = set(everyone(desk))
        tables = re.findall(r'data-turn="(\d+)\.1"', view.page)
        assert tables
        for n in tables:
            pages = [desk.rows(ANNA, f"{n}.{page}") for page in range(count // PAGE_ROWS + 1)]
            assert {block for block, _ in pages} == {n}
            told = "".join(piece for _, piece in pages)
            if "合计" in told:  # one row a bureau
                assert {o for o in orgs if o in told} == orgs
                last = pages[-1][1]
                at = next(a for a in re.findall(r'data-at="([\d.]+)"', last) if a.count(".") == 3)
                assert "<mark>" in desk.source(ANNA, at)
        who = max(re.findall(r'data-at="([\d.]+)"', view.page), key=lambda a: _sources(desk, a))
        first = desk.source(ANNA, who)
        more = re.search(r'data-more="([\d.]+)\.(\d+)"', first)
        assert more
        assert desk.source(ANNA, more[1], more[2]) != first


def _sources(desk: BriefDesk, at: str) -> int:
    found = re.search(r"共 (\d+) 处", desk.source(ANNA, at))
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.1, "1 秒"), (59, "59 秒"), (120, "2 分钟"), (5 * 3600, "5 小时 0 分钟")],
)
def test_times_are_told_in_words(seconds: float, words: str) -> None:
    assert lasting(seconds) == words
