"""The page by keyboard alone, and what people type or paste into the figures of a draft."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook  # noqa: TID251 - opens the download as Excel would
from playwright.sync_api import Browser, Page, expect

from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import Visit, visiting
from tests.assistant.draft_library import FILES, HEALTH, SAMPLES, fill

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FORMULA = '=HYPERLINK("http://evil.example","x")'
IMAGE = "<img src=http://evil.example/b onerror=window.hacked=1>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("keys") / "home"
    fill(home, [SAMPLES / name for name in FILES]).close()
    with running(home) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    with visiting(browser, server) as visit:
        yield visit
        assert visit.page.evaluate("window.hacked") is None


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


def opened(page: Page, tab: str) -> None:
    page.get_by_role("tab", name=tab).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")


def drafting(page: Page) -> None:
    """The grid of a bureau chosen by typing its name over what stood there."""
    opened(page, "起草")
    expect(page.locator("#draft-about")).to_contain_text("选择单位")
    page.locator("#draft-org input").focus()
    page.keyboard.type(HEALTH[:6])
    page.keyboard.press("Enter")
    expect(page.locator("#draft-grid .sheet")).to_be_visible()
    expect(page.locator("#draft-org input")).to_have_value(HEALTH)


def test_arrows_go_from_tab_to_tab(page: Page) -> None:
    tabs = page.get_by_role("tab")
    page.get_by_role("tab", name="问答").focus()
    for key, name in (
        ("ArrowRight", "起草"), ("ArrowLeft", "问答"), ("ArrowLeft", "评测 / 关于"),
        ("ArrowRight", "问答"), ("End", "评测 / 关于"), ("Home", "问答"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(tabs.filter(has_text=name)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("tab", name="起草")).to_have_attribute("aria-selected", "true")


def test_an_open_list_is_left_with_one_press_and_the_keyboard_is_seen(page: Page) -> None:
    opened(page, "台账")
    expect(page.locator(".grid-head")).to_be_visible()
    box = page.locator("#ledger-indicator input")
    box.focus()
    expect(page.locator("#ledger .options .item").nth(8)).to_be_visible()  # one that scrolls
    expect(page.locator("#ledger-indicator")).not_to_have_css("box-shadow", "none")
    page.keyboard.press("Tab")
    expect(page.locator("#ledger-orgs input")).to_be_focused()
    expect(page.locator("#ledger-indicator")).to_have_css("box-shadow", "none")


def test_escape_takes_back_a_blank_and_closes_what_a_figure_tells(
    page: Page, tmp_path: Path
) -> None:
    drafting(page)
    page.locator("#draft-start").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".draft-done")).to_be_visible()
    blank = page.locator(".paper mark.blank").nth(2)
    blank.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("12")
    page.keyboard.press("Escape")
    expect(page.locator(".paper input.inline")).to_have_count(0)
    expect(blank).to_be_focused()
    figure = page.locator(".paper mark[data-told]").first
    figure.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".paper .tip")).to_be_visible()
    page.screenshot(path=tmp_path / "tip.png")
    page.keyboard.press("Escape")
    expect(page.locator(".paper .tip")).to_have_count(0)


def test_odd_cells_are_told_in_plain_words_and_run_nothing(page: Page) -> None:
    drafting(page)
    row = page.locator("#draft-grid tr", has=page.get_by_label("结案本年数值", exact=True))
    box = page.locator("#draft-grid").get_by_label("结案本年数值", exact=True)
    for typed, told in (
        (FORMULA, "“=HYPERLINK"), (IMAGE, "“<img src="), ("-5", "不能为负数"),
        ("😀", "“😀”不是一个数字"), ("1,234.5", "不是整数"),
        ("120户次", "与“单位”列的“件”不一致"), ("12 13", "中间有空格"),
        ("9" * 40, "9”不是一个数字"), ("2025", "与年份相同"),
    ):  # fmt: skip
        box.fill(typed)
        box.press("Enter")
        expect(row.locator(".said")).to_contain_text(told)
    for typed in ("约120", "１２３", "12万", "1,234", ""):
        box.fill(typed)
        box.press("Enter")
        expect(row.locator(".said")).to_have_count(0)
    assert page.locator("#draft img").count() == 0


def test_a_sheet_full_of_traps_is_shown_as_words_and_given_back_as_words(
    page: Page, tmp_path: Path
) -> None:
    drafting(page)
    sheet = tmp_path / "填报.csv"
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("指标", "本年数值", "单位"))
        rows.writerows(((FORMULA, "5", "件"), (IMAGE, "6", "件"), ("结案", "\n41\n", "件")))
        rows.writerows((("长" * 10_000, "7", "件"), ("双随机抽查", "=1+1", "户")))
    with page.expect_file_chooser() as chooser:
        page.locator("#draft-sheet-file").click()
    chooser.value.set_files(sheet)
    names = page.locator("#draft-grid input[data-name=indicator]")
    expect(names.nth(1)).to_have_value(IMAGE)
    expect(names.nth(0)).to_have_value(FORMULA)
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载已填的表").click()
    path = tmp_path / "给回.xlsx"
    caught.value.save_as(path)
    cells = [c for s in load_workbook(path).worksheets for line in s.iter_rows() for c in line]
    assert FORMULA in {cell.value for cell in cells}
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert page.locator("#draft img").count() == 0


def test_notes_typed_are_there_again_from_another_tab_and_after_a_refresh(page: Page) -> None:
    drafting(page)
    page.get_by_text("工作素材（可不填）").click()
    box = page.locator("#draft-notes textarea")
    box.fill("- 举办法治培训13场。")
    opened(page, "台账")
    expect(page.locator(".grid-head")).to_be_visible()
    with page.expect_response("**/gradio_api/queue/join*"):
        opened(page, "起草")
    expect(page.locator("#draft-about")).to_contain_text(HEALTH)
    expect(box).to_have_value("- 举办法治培训13场。")
    page.reload()
    opened(page, "起草")
    page.get_by_text("工作素材（可不填）").click()
    expect(box).to_have_value("- 举办法治培训13场。")
