"""The page in headless Chromium over a real server, store, e5 and index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.app.front.limits import MAX_UPLOAD
from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import Visit, is_local, visiting
from tests.holding import hold
from tests.openai_server import FakeEndpoint, Play, event
from vectorstore.store import Store

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ORG = "青禾县水务局"
QUOTE = "2025年，行政处罚立案17件，罚没款3.5万元。"
REPORT = f"""{ORG}2025年法治政府建设年度报告
一、主要举措和成效
（一）规范执法
{QUOTE}双随机抽查全部完成，结果按时公开。
二、存在的不足和原因
执法人员偏少，业务培训不够。
三、党政主要负责人履行推进法治建设第一责任人职责情况
主要负责人专题听取汇报4次。
四、下一年度工作安排
组织法治培训不少于6场。
"""
QUESTION = f"{ORG}2025年行政处罚立案多少件？"
HOSTILE = (
    "<script>window.hacked = 1</script>"
    "![图](http://evil.example/a.png)"
    "<img src=http://evil.example/b onerror=window.hacked=2>"
    "$$x$$ ${{window.hacked=3}} {{{{this}}}}"
)
HOSTILE_NAME = "坏<img src=x onerror=window.hacked=4>.txt"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[FakeEndpoint]:
    """A model that says one sentence and then keeps the connection open for ever."""
    with FakeEndpoint(Play([event("执法人员偏少")], end="ping")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The default engine over a library that is empty at first."""
    with running(tmp_path_factory.mktemp("app") / "home") as server:
        yield server


@pytest.fixture(scope="module")
def slow_server(
    tmp_path_factory: pytest.TempPathFactory, endpoint: FakeEndpoint
) -> Iterator[Running]:
    """A library that holds `REPORT`, answered from by the model that never ends."""
    home = tmp_path_factory.mktemp("slow") / "home"
    with Store.open(home) as store:
        hold(store, _write(home.parent, "水务.txt", REPORT))
    with running(home, FAZHI_LLM_BASE_URL=endpoint.url, FAZHI_LLM_MODEL="slow") as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    with visiting(browser, server) as visit:
        yield visit


@pytest.fixture
def slow_visit(browser: Browser, slow_server: Running) -> Iterator[Visit]:
    with visiting(browser, slow_server) as visit:
        yield visit


@pytest.fixture
def stocked(visit: Visit, tmp_path: Path) -> Visit:
    """A visit to a library that holds `REPORT`."""
    if visit.page.locator(".masthead", has_text="还是空的").count():
        visit.open_library()
        visit.upload(_write(tmp_path, "水务.txt", REPORT))
        expect(visit.page.locator("#reports", has_text=ORG)).to_be_visible()
        expect(visit.page.locator(".intake h4")).to_contain_text("完成")
        visit.page.get_by_role("tab", name="问答").click()
    return visit


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_an_empty_library_says_what_to_do_and_an_upload_fills_it(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit.page
    expect(page).to_have_title("法治报告助手")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    expect(page.locator("#past")).to_contain_text("先导入报告，再提问")
    visit.open_library()
    expect(page.locator("#upload")).to_contain_text(
        "将文件拖放到此处"
    )  # though the browser is English
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04 not a document")
    visit.upload(_write(tmp_path, "水务.txt", REPORT), broken)
    row = page.locator("#reports tr", has_text=ORG)
    expect(row).to_contain_text("2025")
    expect(row).to_contain_text("齐全")
    expect(row).to_contain_text("水务.txt")
    files = page.locator(".intake li")
    expect(files.nth(0)).to_contain_text("未入库")  # what needs attention stands first
    expect(files.nth(1)).to_contain_text("已入库")
    expect(page.locator(".intake h4")).to_contain_text("完成：1 个文件可用，1 个未入库")
    page.get_by_role("tab", name="问答").click()
    expect(page.locator("#past")).to_contain_text("想从这些报告里了解什么")
    page.reload()
    visit.open_library()
    expect(page.locator(".intake h4")).to_contain_text("完成")  # survives a refresh
    expect(page.locator("#reports")).to_contain_text(ORG)


def test_an_answer_shows_its_source_and_stays_across_a_refresh(stocked: Visit) -> None:
    page = stocked.page
    stocked.ask(QUESTION)
    stocked.finished(1)
    answer = page.locator("#past .answer")
    expect(answer).to_contain_text("17件")
    expect(page.locator("#box textarea")).to_have_value("")
    assert page.locator(".source mark").text_content() == QUOTE
    expect(page.locator(".source summary")).to_contain_text(ORG)
    expect(page.locator(".source summary")).to_contain_text("（一）规范执法")
    page.locator(".source summary").click()
    expect(page.locator(".source blockquote")).to_be_hidden()
    page.locator("a.cite").first.click()
    expect(page.locator(".source mark")).to_be_in_viewport()
    before = page.locator("#past .html-container").text_content()
    page.reload()
    expect(page.locator("#past .exchange")).to_have_count(1)
    expect(page.locator("#past .html-container")).to_have_text(before or "")


def test_another_browser_sees_nothing_of_it(
    stocked: Visit, browser: Browser, server: Running
) -> None:
    stocked.ask(QUESTION)
    stocked.finished(1)
    with visiting(browser, server) as stranger:
        expect(stranger.page.locator("#past")).to_contain_text("想从这些报告里了解什么")
        assert stranger.page.locator(".exchange").count() == 0
        assert "17件" not in stranger.page.content()


def test_an_example_is_asked_with_one_click_and_the_conversation_cleared(stocked: Visit) -> None:
    page = stocked.page
    example = page.locator("#examples button:visible").first
    expect(example).to_contain_text(ORG)
    example.click()
    stocked.finished(1)
    expect(page.locator("#examples")).to_be_hidden()
    page.get_by_role("button", name="清空全部对话").click()
    page.get_by_role("button", name="确定清空").click()
    expect(page.locator("#past .exchange")).to_have_count(0)
    expect(page.locator("#examples")).to_be_visible()


def test_stop_ends_the_answer_and_the_request_behind_it(
    slow_visit: Visit, endpoint: FakeEndpoint
) -> None:
    asked = len(endpoint.requests)
    slow_visit.ask(f"{ORG}2025年执法力量为什么薄弱？")
    stop = slow_visit.page.get_by_role("button", name="停止")
    expect(stop).to_be_visible()
    expect(slow_visit.page.locator("#live .exchange")).to_be_visible()
    while len(endpoint.requests) == asked:
        slow_visit.page.wait_for_timeout(50)
    stop.click()
    slow_visit.finished(1)
    expect(slow_visit.page.locator("#past")).to_contain_text("已停止")
    assert endpoint.requests[asked].gone.wait(3)


def test_escape_stops_the_answer(slow_visit: Visit, endpoint: FakeEndpoint) -> None:
    asked = len(endpoint.requests)
    slow_visit.ask(f"{ORG}2025年执法力量为什么薄弱？")
    expect(slow_visit.page.get_by_role("button", name="停止")).to_be_visible()
    while len(endpoint.requests) == asked:
        slow_visit.page.wait_for_timeout(50)
    slow_visit.page.keyboard.press("Escape")
    slow_visit.finished(1)
    expect(slow_visit.page.locator("#past")).to_contain_text("已停止")


def test_a_closed_tab_ends_the_request_behind_it(slow_visit: Visit, endpoint: FakeEndpoint) -> None:
    asked = len(endpoint.requests)
    slow_visit.ask(f"{ORG}2025年执法力量为什么薄弱？")
    while len(endpoint.requests) == asked:
        slow_visit.page.wait_for_timeout(50)
    slow_visit.page.close()
    assert endpoint.requests[asked].gone.wait(5)


def test_hostile_files_are_inert_and_deleting_asks_first(stocked: Visit, tmp_path: Path) -> None:
    page = stocked.page
    hostile = REPORT.replace(ORG, "赤岭县水务局").replace("双随机", f"双随机{HOSTILE}")
    hostile = hostile.replace("规范执法", "规范执法<img src=x onerror=window.hacked=5>", 1)
    stocked.open_library()
    stocked.upload(_write(tmp_path, HOSTILE_NAME, hostile))
    expect(page.locator("#reports")).to_contain_text("赤岭县水务局")
    page.get_by_role("tab", name="问答").click()
    stocked.ask("赤岭县水务局2025年行政处罚立案多少件？")
    stocked.finished(1)
    expect(page.locator(".source blockquote")).to_contain_text("<script>window.hacked = 1</script>")
    expect(page.locator(".source blockquote")).to_contain_text("![图](http://evil.example/a.png)")
    assert page.locator("#past img, #past script, #reports img").count() == 0
    assert page.evaluate("window.hacked") is None
    stocked.open_library()
    page.locator("#reports tr", has_text="赤岭县水务局").get_by_role("button", name="删除").click()
    expect(page.locator(".confirm")).to_contain_text("确定删除 赤岭县水务局 2025年")
    page.locator(".confirm .close").click()
    expect(page.locator(".confirm")).to_have_count(0)
    expect(page.locator("#reports")).to_contain_text("赤岭县水务局")
    page.locator("#reports tr", has_text="赤岭县水务局").get_by_role("button", name="删除").click()
    page.locator(".confirm .stop").click()
    expect(page.locator("#notice")).to_contain_text("已删除")
    expect(page.locator("#reports")).not_to_contain_text("赤岭县水务局")
    page.get_by_role("tab", name="问答").click()
    expect(page.locator("#past")).to_contain_text("内容一并清除")
    assert page.evaluate("window.hacked") is None


def test_a_file_too_large_is_refused_in_chinese(visit: Visit, tmp_path: Path) -> None:
    large = tmp_path / "大.txt"
    with large.open("wb") as file:
        file.truncate(MAX_UPLOAD + 1)
    visit.open_library()
    visit.upload(large)
    toast = visit.page.locator(".toast-wrap")
    expect(toast).to_contain_text("文件超过 200 MB 的上限：")
    expect(toast).to_contain_text("大.txt")
    expect(toast).not_to_contain_text("Error")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(stocked: Visit, width: int) -> None:
    page = stocked.page
    page.set_viewport_size({"width": width, "height": 800})
    stocked.ask(QUESTION)
    stocked.finished(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator("#box").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800  # the question box stays on the screen
    stocked.open_library()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_itself_names_no_foreign_address(visit: Visit) -> None:
    assert any("/assets/" in url for url in visit.requests)
    html = visit.page.content()
    loads = re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(https?://[^"]+)"', html)
    assert [url for url in loads if not is_local(url)] == []
