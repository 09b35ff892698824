"""Drafting in headless Chromium: from a unit chosen to a document downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document  # noqa: TID251 - opens the download as Word would
from playwright.sync_api import Browser, expect

from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import Visit, visiting
from tests.assistant.draft_library import FILES, HEALTH, SAMPLES, fill

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

HOSTILE = "<img src=http://evil.example/b onerror=window.hacked=1>"
BLANK = re.compile("【待[^】]*】")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("drafts") / "home"
    fill(home, [SAMPLES / name for name in FILES]).close()
    with running(home) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    with visiting(browser, server) as visit:
        visit.page.get_by_role("tab", name="起草").click()
        yield visit


def choose(visit: Visit, org: str) -> None:
    page = visit.page
    expect(page.locator("#draft-about")).to_contain_text("选择单位")
    page.locator("#draft-org input").click()
    page.locator("#draft .options .item", has_text=org).click()
    expect(page.locator("#draft-grid .sheet")).to_be_visible()


def enter(visit: Visit, indicator: str, value: str) -> None:
    """Type into the grid and leave the box."""
    box = visit.page.locator("#draft-grid").get_by_label(f"{indicator}本年数值", exact=True)
    box.fill(value)
    box.press("Enter")


def generate(visit: Visit) -> None:
    visit.page.locator("#draft-start").click()
    expect(visit.page.locator(".draft-done")).to_be_visible()
    expect(visit.page.locator(".paper .title")).to_be_visible()


def text_of(path: Path) -> str:
    """Every paragraph and cell of a document."""
    document = Document(str(path))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_from_two_figures_to_a_document_without_a_stale_one(
    visit: Visit, browser: Browser, server: Running, tmp_path: Path
) -> None:
    page = visit.page
    choose(visit, HEALTH)
    expect(page.locator("#draft-year input")).to_have_value("2026年")
    enter(visit, "结案", "四十")
    row = page.locator("#draft-grid tr", has_text="受理投诉举报").first
    row.locator("td.value input").fill("abc")
    row.locator("td.value input").press("Enter")
    expect(row.locator(".said")).to_contain_text("不是一个数字")
    row.locator("td.value input").fill("81")
    row.locator("td.value input").press("Enter")
    expect(row.locator(".said")).to_have_count(0)
    expect(row.locator("td.value input")).to_be_focused()  # drawn anew, the keyboard stays
    generate(visit)
    paper = page.locator(".paper")
    expect(paper).to_contain_text("结案40件")
    expect(paper).to_contain_text("投诉举报81件")
    figure = paper.locator("mark.fig.good", has_text="81件").first
    assert "来自指标填报表" in (figure.get_attribute("data-told") or "")
    page.screenshot(path=tmp_path / "desk.png")

    blank = paper.locator("mark.blank", has_text="法律意见书（2025年：31份）")
    blank.click()
    inline = paper.locator("input.inline")
    expect(inline).to_be_focused()
    inline.fill("40")
    inline.press("Enter")
    expect(paper).to_contain_text("法律意见书40份，比上年增加9份")
    expect(
        page.locator("#draft-grid").get_by_label("法律顾问全年出具法律意见书本年数值")
    ).to_have_value("40")
    side = page.locator("#draft-side .open-points")
    before = int(side.locator("h3 span").text_content() or 0)
    side.get_by_role("button", name="属实").first.click()
    expect(side.locator("h3 span")).to_have_text(str(before - 1))

    with page.expect_download() as caught:
        page.get_by_role("link", name="审阅稿 docx").click()
    assert caught.value.suggested_filename == f"{HEALTH}2026年年度报告（审阅稿）.docx"
    written = BLANK.sub("", text_of(caught.value.path()))
    for new in ("结案40件", "投诉举报81件", "法律意见书40份"):
        assert new in written
    for stale in ("35件", "79件", "31份", "690人次", "18.3万元", "1239件", "2186户次"):
        assert stale not in written
    page.get_by_text("清稿 docx").click()
    expect(page.locator("details.clean")).to_contain_text("未填或未核实")
    with page.expect_download() as caught:
        page.get_by_role("link", name="依据文件").click()
    assert "法律意见书40份" in caught.value.path().read_text("utf-8")
    address = page.get_by_role("link", name="审阅稿 docx").get_attribute("href")
    with visiting(browser, server) as stranger:
        stranger.page.get_by_role("tab", name="起草").click()
        expect(stranger.page.locator("#draft-about")).to_contain_text("选择单位")
        assert stranger.page.locator(".paper").count() == 0
        assert stranger.page.context.request.get(f"{server.url}{address}").status == 404


def test_a_draft_outlives_a_refresh_and_fits_a_phone_and_the_dark(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit.page
    choose(visit, HEALTH)
    page.get_by_text("工作素材（可不填）").click()
    page.locator("#draft-notes textarea").fill(f"- 举办法治培训13场，{HOSTILE}。")
    generate(visit)
    expect(page.locator(".paper")).to_contain_text("法治培训13场")
    expect(page.locator(".paper")).to_contain_text(HOSTILE)
    page.get_by_role("tab", name="台账").click()
    page.get_by_role("tab", name="起草").click()
    expect(page.locator(".paper")).to_contain_text("法治培训13场")
    page.reload()
    page.get_by_role("tab", name="起草").click()
    expect(page.locator(".paper")).to_contain_text("法治培训13场")
    page.get_by_text("工作素材（可不填）").click()
    assert HOSTILE in page.locator("#draft-notes textarea").input_value()
    assert page.locator("#draft img").count() == 0
    assert page.evaluate("window.hacked") is None
    figure = page.locator(".paper mark.fig", has_text="13场").first
    figure.click()
    expect(page.locator(".paper .tip")).to_contain_text("工作素材 第1段")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=tmp_path / f"{width}.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=tmp_path / "dark.png")


def test_a_plan_is_drafted_and_its_blanks_take_words(visit: Visit) -> None:
    page = visit.page
    choose(visit, HEALTH)
    page.locator("#draft-kind input").click()
    page.locator("#draft .options .item", has_text="下一年度工作安排").click()
    generate(visit)
    expect(page.locator(".paper .title")).to_contain_text("工作安排")
    duty = page.locator(".paper mark.blank", has_text="责任股室").first
    duty.focus()
    page.keyboard.press("Enter")
    page.locator(".paper input.inline").fill("执法监督股")
    page.keyboard.press("Enter")
    expect(page.locator(".paper")).to_contain_text("责任股室：执法监督股")
