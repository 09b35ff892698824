"""The tab 问答 in headless Chromium: everything that can be done with a question and its answer."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from assistant.audit import Audit, Entry
from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import Visit, visiting
from tests.holding import hold_texts
from vectorstore.store import Store

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WATER, FOREST = "青禾县水务局", "青禾县林业局"
NAMES = """[...document.querySelectorAll("*")].flatMap((part) =>
    ["aria-label", "title", "placeholder", "alt"].map((name) => part.getAttribute(name) || ""))"""
NAMELESS = """[...document.querySelectorAll("button")].filter((button) =>
    button.checkVisibility() && !button.innerText.trim() && !button.getAttribute("aria-label")
).map((button) => button.outerHTML)"""
FILED = {(WATER, 2025): 17, (WATER, 2024): 12, (FOREST, 2025): 23}
QUESTION = f"{WATER}2025年行政处罚立案多少件？"


def report(org: str, year: int) -> str:
    return f"""{org}{year}年法治政府建设年度报告
一、主要举措和成效
（一）规范执法
{year}年，行政处罚立案{FILED[org, year]}件，罚没款3.5万元。双随机抽查全部完成，结果按时公开。
二、存在的不足和原因
执法人员偏少，业务培训不够。
三、党政主要负责人履行推进法治建设第一责任人职责情况
主要负责人专题听取汇报4次。
四、下一年度工作安排
组织法治培训不少于6场。
"""


def stocked_home(folder: Path) -> Path:
    with Store.open(folder / "home") as store:
        texts = {f"{org}{year}": report(org, year) for org, year in FILED}
        hold_texts(store, folder, texts)
    return folder / "home"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stocked_home(tmp_path_factory.mktemp("ask"))


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Running]:
    with running(home) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    with visiting(browser, server) as visit:
        yield visit


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


@pytest.fixture
def asked(visit: Visit) -> Page:
    """A page with `QUESTION` answered."""
    visit.ask(QUESTION)
    visit.finished(1)
    return visit.page


def last_entry(home: Path, action: str) -> Entry:
    *_, found = (entry for entry in Audit(home / "audit").read() if entry.action == action)
    return found


def test_a_figure_tells_its_verdict_and_source_by_keyboard_too(asked: Page, home: Path) -> None:
    figure = asked.locator("#past .verdict")
    expect(figure).to_have_text("17件")
    tip = asked.locator("#past .tip")
    expect(tip).to_be_hidden()
    asked.locator("#past .chips button").last.focus()
    asked.keyboard.press("Tab")
    expect(figure).to_be_focused()
    expect(tip).to_be_visible()
    expect(tip).to_have_text(re.compile(f"有出处{WATER}2025年 › （一）规范执法〔1〕"))
    asked.locator(".source summary").click()
    figure.press("Enter")
    expect(asked.locator(".source blockquote")).to_be_visible()  # the figure leads to its source
    entry = last_entry(home, "ask")
    assert entry.verdicts == {"supported": 1}
    assert entry.details["question"] == QUESTION
    assert len(entry.reports) == 1


def test_taking_a_chip_away_asks_again_less_narrowly(asked: Page, visit: Visit) -> None:
    chips = asked.locator("#past .chips").first
    expect(chips.locator("li")).to_have_text([f"{WATER}×", "2025年×"])
    chips.get_by_role("button", name=f"不限{WATER}，重新提问").click()
    visit.finished(2)
    newest = asked.locator("#past .exchange").last
    expect(newest.locator(".question")).to_contain_text("各单位2025年行政处罚立案多少件？")
    expect(newest.locator(".text")).to_contain_text("23件")
    expect(newest.locator(".chips li")).to_have_text(["2025年×"])
    newest.get_by_role("button", name="不限2025年，重新提问").click()
    visit.finished(3)
    newest = asked.locator("#past .exchange").last
    expect(newest.locator(".question")).to_contain_text("各单位历年行政处罚立案多少件？")
    expect(newest.locator(".text")).to_contain_text("12件")


def test_what_was_picked_is_a_chip_and_leaves_the_picker_with_it(visit: Visit) -> None:
    page = visit.page
    page.locator("#orgs input").click()
    page.get_by_role("option", name=FOREST).click()
    page.keyboard.press("Escape")
    visit.ask("2025年行政处罚立案多少件？")
    visit.finished(1)
    expect(page.locator("#past .text")).to_contain_text("23件")
    page.get_by_role("button", name=f"不限{FOREST}，重新提问").click()
    visit.finished(2)
    expect(page.locator("#past .exchange").last.locator(".text")).to_contain_text("17件")
    expect(page.locator("#orgs .token")).to_have_count(0)


def test_asking_again_replaces_the_answer(asked: Page, visit: Visit) -> None:
    first = asked.locator("#past .exchange").get_attribute("id")
    visit.ask("那2024年呢？")
    visit.finished(2)
    expect(asked.get_by_role("button", name="重试")).to_have_count(1)  # the newest only
    liked = asked.get_by_role("button", name="有帮助", exact=True).last
    liked.click()
    expect(liked).to_have_attribute("aria-pressed", "true")
    asked.get_by_role("button", name="重试").click()
    expect(liked).to_have_attribute("aria-pressed", "false")  # nobody rated this one
    visit.finished(2)
    expect(asked.locator("#past .exchange").last.locator(".text")).to_contain_text("12件")
    assert asked.locator("#past .exchange").first.get_attribute("id") == first
    expect(asked.locator(".earlier li")).to_have_count(2)


def test_an_answer_is_copied_with_its_numbered_sources(asked: Page) -> None:
    asked.locator("#past [data-act=copy]").click()
    expect(asked.locator("#past [data-act=copy]")).to_have_text("已复制")
    asked.locator("#box textarea").focus()
    asked.keyboard.press("Control+V")
    expect(asked.locator("#box textarea")).not_to_have_value("")
    copied = asked.locator("#box textarea").input_value()
    assert copied.startswith(f"{WATER}2025年行政处罚立案：17件。[1]")
    assert f"出处：\n[1] {WATER}2025年，（一）规范执法：“2025年，行政处罚立案17件" in copied


def test_the_conversation_is_exported_with_its_sources(asked: Page, tmp_path: Path) -> None:
    files = {}
    for name in ("Word", "Markdown"):
        with asked.expect_download() as download:
            asked.locator(".export a", has_text=name).click()
        files[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[name])
    assert files["Word"].name.startswith("问答记录")
    with zipfile.ZipFile(files["Word"]) as package:
        body = package.read("word/document.xml").decode()
        notes = package.read("word/comments.xml").decode()
    shown = re.sub(r"<[^>]+>", "", body)
    assert f"{WATER}2025年行政处罚立案：17件。〔1〕" in shown
    assert f"〔1〕{WATER}2025年，（一）规范执法" in shown
    assert "有出处" in re.sub(r"<[^>]+>", "", notes)
    text = files["Markdown"].read_text("utf-8")
    assert "# 问答记录" in text
    assert f"{WATER}2025年行政处罚立案多少件" in text
    assert "〔1〕" in text


def test_an_opinion_and_its_comment_are_in_the_audit_log(asked: Page, home: Path) -> None:
    down = asked.get_by_role("button", name="没有帮助")
    down.click()
    expect(asked.locator(".told")).to_have_text("评价已记录。")
    asked.locator(".comment input").fill("漏了林业局")
    asked.keyboard.press("Enter")
    expect(asked.locator(".told")).to_have_text("意见已记录，谢谢。")
    entry = last_entry(home, "feedback")
    assert (entry.details["comment"], entry.details["rating"]) == ("漏了林业局", "down")
    assert entry.who.startswith("session:")
    asked.reload()
    expect(asked.get_by_role("button", name="没有帮助")).to_have_attribute("aria-pressed", "true")


def test_earlier_questions_are_found_and_gone_to(
    asked: Page, visit: Visit, browser: Browser, server: Running
) -> None:
    visit.ask(f"{FOREST}2025年存在哪些不足？")
    visit.finished(2)
    asked.get_by_role("button", name="新对话").click()
    expect(asked.locator("#past")).to_contain_text("想从这些报告里了解什么")
    visit.ask("那2024年呢？")  # a new conversation knows nothing of the old one
    visit.finished(1)
    expect(asked.locator("#past .chips li")).to_have_text(["2024年×"])
    items = asked.locator(".earlier li")
    expect(items).to_have_count(3)
    asked.locator("#find input").press_sequentially("林业 不足")
    expect(items).to_have_count(1)
    expect(items.locator("mark")).to_have_text(["林业", "不足"])
    items.get_by_role("button").click()
    target = asked.locator("#past .exchange", has_text=f"{FOREST}2025年存在哪些不足？")
    expect(target).to_be_focused()
    expect(target).to_be_in_viewport()
    expect(asked.locator("#past .exchange")).to_have_count(2)
    asked.locator("#find input").fill("<b>没有这样的问题</b>")
    expect(asked.locator(".earlier")).to_contain_text("没有找到")
    with visiting(browser, server) as stranger:
        expect(stranger.page.locator(".earlier")).to_contain_text("提过的问题会列在这里")


def test_enter_sends_and_shift_enter_begins_a_line(visit: Visit) -> None:
    page = visit.page
    box = page.locator("#box textarea")
    box.press_sequentially(f"{WATER}2025年")
    box.press("Shift+Enter")
    box.press_sequentially("行政处罚立案多少件？")
    assert box.input_value() == f"{WATER}2025年\n行政处罚立案多少件？"
    assert page.locator(".exchange").count() == 0
    box.press("Enter")
    visit.finished(1)
    expect(page.locator("#past .text")).to_contain_text("17件")


def test_a_question_says_that_it_was_sent_before_the_server_says_a_word(visit: Visit) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visit.page.route("**/queue/join*", hold)
    sent = visit.page.get_by_text("已提交，正在排队…")
    expect(sent).to_be_hidden()
    visit.ask(QUESTION)
    expect(sent).to_be_visible()
    for route in held:
        route.continue_()
    visit.page.unroute("**/queue/join*")
    visit.finished(1)
    expect(sent).to_be_hidden()


def test_every_control_has_a_chinese_name(asked: Page) -> None:
    for tab in ("问答", "资料库", "校核"):
        asked.get_by_role("tab", name=tab).click()
        expect(asked.get_by_role("tabpanel").locator("visible=true").first).to_be_visible()
        names = asked.evaluate(NAMES)
        foreign = {name for name in names if re.search("[A-Za-z]{2}", name)}
        assert {n for n in foreign if not re.search("[\u4e00-\u9fff]", n)} == set()
        assert asked.evaluate(NAMELESS) == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, False), (1280, True)])
def test_the_tab_looks_right(
    asked: Page, visit: Visit, width: int, dark: bool, tmp_path: Path
) -> None:
    visit.ask("各单位2025年行政处罚立案多少件？")
    visit.finished(2)
    asked.set_viewport_size({"width": width, "height": 860})
    if dark:
        asked.evaluate("document.body.classList.add('dark')")
    asked.locator("#past .verdict").last.hover()
    expect(asked.locator("#past .tip").last).to_be_visible()
    assert asked.evaluate("document.documentElement.scrollWidth") <= width
    asked.screenshot(path=tmp_path / f"ask-{width}{'-dark' if dark else ''}.png")
    if width == 390:
        asked.evaluate("window.scrollTo(0, 0)")
        expect(asked.locator("#find")).to_be_hidden()
        asked.get_by_role("button", name="提过的问题").click()
        expect(asked.locator("#find")).to_be_visible()
        assert asked.evaluate("document.documentElement.scrollWidth") <= width
        asked.screenshot(path=tmp_path / "ask-390-earlier.png")
