"""The ledger and the check of a report in headless Chromium, from upload to download."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, expect

from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import Visit, visiting
from tests.holding import hold
from vectorstore.store import Store

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WATER, FOREST = "青禾县水务局", "青禾县林业局"
FILED = "全年行政处罚立案{filed}件，其中简易程序6件、普通程序{rest}件，罚没款3.5万元。"
REPORT = """{org}{year}年法治政府建设年度报告
一、主要举措和成效
（一）规范执法
{figures}双随机抽查全部完成，结果按时公开。
二、存在的不足和原因
执法人员偏少，业务培训不够。
三、党政主要负责人履行推进法治建设第一责任人职责情况
主要负责人专题听取汇报4次。
四、下一年度工作安排
组织法治培训不少于6场。
"""
HELD = ((WATER, 2024, 12), (WATER, 2025, 17), (FOREST, 2025, 9))
HOSTILE = "<img src=http://evil.example/b onerror=window.hacked=1>"


def write(folder: Path, org: str, year: int, figures: str) -> Path:
    path = folder / f"{org}{year}.txt"
    path.write_text(REPORT.format(org=org, year=year, figures=figures), "utf-8")
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("tabs") / "home"
    with Store.open(home) as store:
        for org, year, filed in HELD:
            figures = FILED.format(filed=filed, rest=filed - 6)
            hold(store, write(home.parent, org, year, figures))
    with running(home) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    with visiting(browser, server) as visit:
        yield visit


def opened(visit: Visit, tab: str) -> None:
    visit.page.get_by_role("tab", name=tab).click()


def rows_of(download: Download) -> list[list[str]]:
    return list(csv.reader(io.StringIO(download.path().read_text("utf-8-sig"))))


def check(visit: Visit, file: Path, against: Path | None = None) -> None:
    page = visit.page
    for name, upload in (("#check-file", file), ("#check-against", against)):
        if upload is not None:
            page.set_input_files(f"{name} input[type=file]", str(upload))
            expect(page.locator(name)).to_contain_text(upload.stem)
    page.get_by_role("button", name="开始校核").click()


def test_an_indicator_is_filtered_compared_traced_to_its_sentence_and_downloaded(
    visit: Visit, browser: Browser, server: Running
) -> None:
    page = visit.page
    opened(visit, "台账")
    expect(page.locator(".grid-head")).to_contain_text("2 个单位")
    page.locator("#ledger-indicator input").click()
    options = page.locator("#ledger .options .item")
    expect(options.nth(0)).to_contain_text("全部指标")
    expect(options.nth(1)).to_contain_text("行政处罚立案")  # shared indicators come first
    page.keyboard.type("行政处罚立案")
    page.keyboard.press("Enter")
    bars = page.locator(".bars li")
    expect(bars).to_have_count(2)  # of the newest year
    expect(bars.locator(".who")).to_have_text([WATER, FOREST])
    expect(bars.locator(".amount")).to_have_text(["17件", "9件"])
    bars.first.get_by_role("button").click()
    expect(bars.first.locator("mark b")).to_have_text("17件")
    page.locator("#grid [data-sort=value]").click()
    figures = page.locator("tr.figure .text")
    expect(figures).to_have_text(["17件", "12件", "9件"])
    opener = page.locator("tr.figure button.open").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    source = page.locator("tr.from").first
    assert source.locator("mark").text_content() == FILED.format(filed=17, rest=11)
    assert source.locator("mark b").text_content() == "17件"
    expect(source).to_contain_text("（一）规范执法")
    page.locator("tr.figure").first.click()
    expect(source).to_be_hidden()
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载 csv").click()
    table = rows_of(caught.value)
    assert caught.value.suggested_filename == "行政处罚立案指标台账.csv"
    assert sorted(row[table[0].index("原文数字")] for row in table[1:]) == ["12件", "17件", "9件"]
    address = page.get_by_role("link", name="下载 xlsx").get_attribute("href")
    assert address
    own = page.context.request.get(server.url + address)
    assert own.body().startswith(b"PK")
    with visiting(browser, server) as stranger:
        assert stranger.page.context.request.get(server.url + address).status == 404


def test_a_comparison_over_years_and_an_unknown_name(visit: Visit) -> None:
    page = visit.page
    opened(visit, "台账")
    page.locator("#ledger-orgs input").click()
    page.keyboard.type("青禾水务局")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.locator("#ledger-indicator input").click()
    page.keyboard.type("罚没款")
    page.keyboard.press("Enter")
    bars = page.locator(".bars li .who")
    expect(bars).to_have_text(["2024年", "2025年"])
    page.locator("#ledger-orgs input").click()
    page.keyboard.type("没有的单位")
    page.keyboard.press("Enter")
    problem = page.locator("#ledger .problem-box")
    expect(problem).to_contain_text("资料库里没有“没有的单位”的报告")
    expect(problem).not_to_contain_text("fazhi")


def test_a_report_is_checked_worked_through_and_the_list_downloaded(
    visit: Visit, tmp_path: Path, server: Running
) -> None:
    page = visit.page
    opened(visit, "校核")
    expect(page.locator("#check-state")).to_contain_text("上传的文件不进入资料库")
    faulty = FILED.format(filed=71, rest=11) + HOSTILE
    check(visit, write(tmp_path, WATER, 2025, faulty))
    found = page.locator("#check-findings")
    expect(found).to_contain_text("必须改正")
    expect(found.locator("li", has_text="各分项相加")).to_contain_text("（一）规范执法")
    verdicts = page.locator("#check-verdicts")
    expect(verdicts).to_contain_text("1 处有问题")
    expect(verdicts.locator("summary", has_text="有依据的")).to_be_visible()
    wrong = page.locator(".proof-text mark.wrong")
    expect(wrong).to_have_text(["71件"])
    assert "6件" in page.locator(".proof-text mark.good").all_text_contents()
    verdicts.locator("a.jump").first.click()
    expect(wrong).to_be_in_viewport()
    found.get_by_role("checkbox").first.check()
    expect(found.locator("li").first.locator("> div")).to_have_css("opacity", "0.45")
    expect(page.locator(".proof-text")).to_contain_text(HOSTILE)
    assert page.locator("#check img").count() == 0
    assert page.evaluate("window.hacked") is None
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载清单 csv").click()
    table = rows_of(caught.value)
    assert caught.value.suggested_filename == f"{WATER}2025年报告校核清单.csv"
    assert {row[0] for row in table[1:]} == {"校核发现", "数字核对"}
    assert any("71件" in row[3] for row in table[1:])
    assert server.get("/healthz")["reports"] == len(HELD)
    page.reload()
    opened(visit, "校核")
    expect(found.get_by_role("checkbox").first).to_be_checked()
    expect(verdicts).to_contain_text("1 处有问题")
    assert page.evaluate("window.hacked") is None


def test_a_broken_file_and_no_file_are_told_in_plain_words(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    opened(visit, "校核")
    page.get_by_role("button", name="开始校核").click()
    problem = page.locator("#check .problem-box")
    expect(problem).to_contain_text("请先上传要校核的报告")
    broken = tmp_path / "坏了.docx"
    broken.write_bytes(b"PK\x03\x04 not a document")
    check(visit, write(tmp_path, WATER, 2025, FILED.format(filed=17, rest=11)), broken)
    expect(problem).to_contain_text("《坏了.docx》读不了")


def test_neither_tab_is_wider_than_a_phone_or_a_desk(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    opened(visit, "台账")
    page.locator("#ledger-indicator input").click()
    page.keyboard.type("罚没款")
    page.keyboard.press("Enter")
    expect(page.locator(".bars li").first).to_be_visible()
    page.locator("tr.figure").first.click()
    fits(visit, tmp_path / "ledger")
    opened(visit, "校核")
    check(visit, write(tmp_path, WATER, 2025, FILED.format(filed=71, rest=11)))
    expect(page.locator("#check-verdicts")).to_contain_text("数字核对")
    expect(page.locator(".steps .at")).to_contain_text("共")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".steps .at")).to_contain_text("1/")
    expect(page.locator("#check-list li[aria-current]")).to_have_count(1)
    said = page.locator(".steps .said").text_content()
    page.get_by_role("button", name="下一处").click()
    expect(page.locator(".steps .said")).not_to_have_text(said or "")
    fits(visit, tmp_path / "check")


def fits(visit: Visit, name: Path) -> None:
    """No wider than the window at either width; pictures of it are kept, one in the dark."""
    page = visit.page
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=f"{name}-{width}.png", animations="disabled")
    page.evaluate("document.body.classList.add('dark')")
    page.screenshot(path=f"{name}-dark.png", animations="disabled")
    page.evaluate("document.body.classList.remove('dark')")
