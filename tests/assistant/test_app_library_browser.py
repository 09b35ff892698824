"""The library in headless Chromium: findings, correction, replacement, download, search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import visiting
from tests.assistant.test_app_tabs_browser import FILED, FOREST, REPORT, WATER, write
from vectorstore.indicators import load_lexicon
from vectorstore.ingest import ingest
from vectorstore.parse import parse
from vectorstore.store import Store

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ROAD = "青禾县交通运输局"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Each test changes another bureau's report."""
    folder = tmp_path_factory.mktemp("library")
    home = folder / "home"
    files = [
        write(folder, WATER, 2024, FILED.format(filed=12, rest=6)),
        write(folder, WATER, 2025, FILED.format(filed=71, rest=11)),
        write(folder, FOREST, 2024, FILED.format(filed=9, rest=3)),
        write(folder, ROAD, 2025, FILED.format(filed=9, rest=3)),
    ]
    with Store.open(home) as store:
        ingest(files, store, reader=parse, lexicon=load_lexicon())
    with running(home) as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: Running) -> Iterator[Page]:
    with visiting(browser, server) as visit:
        visit.open_library()
        expect(visit.page.locator("#reports td .muted")).to_have_count(0)
        yield visit.page


def row(page: Page, text: str) -> Locator:
    return page.locator("#reports tbody tr:not(.panel)", has_text=text)


def test_findings_open_a_year_is_corrected_and_the_original_downloaded(
    page: Page,
) -> None:
    wrong = row(page, f"{WATER}2025年")
    expect(wrong).to_contain_text("必须改正 1")
    wrong.locator("button.findings").click()
    expect(page.locator(".found-here")).to_contain_text("请核对")
    expect(page.locator(".absent")).to_contain_text("未报送 1 个")
    row(page, FOREST).get_by_role("button", name="更正").click()
    year = page.locator("form.correct input[name=year]")
    expect(page.locator("form.correct input[name=org]")).to_be_focused()
    year.fill("明年")
    year.press("Enter")
    expect(page.locator("form.correct .problem")).to_contain_text("四位数字")
    year = page.locator("form.correct input[name=year]")
    expect(year).to_be_focused()
    year.fill("2025")
    year.press("Enter")
    expect(page.locator("#notice")).to_contain_text("已更正")
    expect(row(page, FOREST)).to_contain_text("2025")
    expect(page.locator(".absent")).to_contain_text("都已报送")
    with page.expect_download() as caught:
        row(page, FOREST).get_by_role("button", name="下载").click()
    assert caught.value.suggested_filename == f"{FOREST}2024.txt"
    figures = FILED.format(filed=9, rest=3)
    sent = REPORT.format(org=FOREST, year=2024, figures=figures)
    assert caught.value.path().read_text("utf-8") == sent
    row(page, FOREST).get_by_role("button", name="删除").click()
    expect(page.locator(".confirm")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".confirm")).to_have_count(0)
    expect(row(page, FOREST).get_by_role("button", name="删除")).to_be_focused()


def test_a_row_is_replaced_by_the_file_chosen_for_it(page: Page, tmp_path: Path) -> None:
    new = tmp_path / "补报.txt"
    figures = FILED.format(filed=19, rest=13)
    new.write_text(REPORT.format(org=ROAD, year=2025, figures=figures), "utf-8")
    row(page, ROAD).get_by_role("button", name="替换").click()
    form = page.locator("form.replace")
    expect(form).to_be_visible()
    form.get_by_role("button", name="上传并替换").click()
    expect(form.locator(".problem")).to_contain_text("请先选择新文件")
    page.set_input_files("form.replace input[type=file]", str(new))
    expect(form.locator(".chosen")).to_have_text("补报.txt")
    form.get_by_role("button", name="上传并替换").click()
    replaced = row(page, "补报.txt")
    expect(replaced).to_contain_text("未见问题")
    expect(replaced).to_contain_text(f"{ROAD}2025年")
    expect(page.locator(".intake li")).to_contain_text("已替换")
    expect(page.locator("#reports tbody tr")).to_have_count(4)


def test_reports_are_searched_filtered_and_sorted_and_fit_a_phone(
    page: Page, tmp_path: Path
) -> None:
    rows = page.locator("#reports tbody tr")
    page.locator("[data-sort=figures]").click()
    expect(page.locator("#reports th[aria-sort=descending]")).to_contain_text("数字")
    page.fill("#library-words input", "水务 2024")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(f"{WATER}2024年")
    page.fill("#library-words input", "没有的单位")
    expect(page.locator("#reports")).to_contain_text("没有符合条件的报告")
    page.fill("#library-words input", "")
    expect(rows).to_have_count(4)
    row(page, f"{WATER}2025年").locator("button.findings").click()
    expect(page.locator(".found-here")).to_be_visible()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(
            path=tmp_path / f"library-{width}.png", full_page=True, animations="disabled"
        )
    page.evaluate("document.body.classList.add('dark')")
    page.screenshot(path=tmp_path / "library-dark.png", full_page=True, animations="disabled")
