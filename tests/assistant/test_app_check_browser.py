"""The check of an edited draft beside its filled sheet, in headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.draft import Request, draft, write
from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import Visit, visiting
from tests.assistant.draft_library import HEALTH, LEXICON, SAMPLES, fill, sheet
from tests.assistant.test_app_check_sheet import edited

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

VALUES = {"行政处罚立案": "41", "行政处罚立案·简易程序": "16", "行政处罚立案·普通程序": "25"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The data folder, a draft with one figure altered, and the sheet it was made from."""
    folder = tmp_path_factory.mktemp("check")
    with fill(folder / "home", [SAMPLES / "lanbo-health-2025.docx"]) as store:
        figures = sheet(store, folder / "填报表.csv", HEALTH, 2026, VALUES)
        made = draft(store, LEXICON, Request("report", HEALTH, 2026, figures))
        written = write(made, folder / "草稿.docx", LEXICON).path
    (folder / "edited").mkdir()
    return folder / "home", edited(written, folder / "edited", "立案41件", "立案43件"), figures


@pytest.fixture(scope="module")
def server(files: tuple[Path, Path, Path]) -> Iterator[Running]:
    with running(files[0]) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    with visiting(browser, server) as visit:
        yield visit


def test_a_figure_that_contradicts_the_sheet_is_shown_first_with_its_row(
    visit: Visit, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    page = visit.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("tab", name="校核").click()
    _, changed, figures = files
    for place, file in (("#check-file", changed), ("#check-beside", figures)):
        page.set_input_files(f"{place} input[type=file]", str(file))
        expect(page.locator(place)).to_contain_text(file.stem)
    page.get_by_role("button", name="开始校核").click()
    against = page.locator("#check-verdicts details", has_text="与填报数据不符")
    expect(against).to_contain_text("为41件，此处为43件")
    first = page.locator("#check-verdicts").bounding_box()
    second = page.locator("#check-findings").bounding_box()
    assert first
    assert second
    assert first["y"] < second["y"]  # nothing is graver
    row = against.locator(".origin summary").first
    expect(row).to_contain_text("来自指标填报表 第")
    row.focus()
    page.keyboard.press("Enter")
    expect(against.locator(".origin q").first).to_have_text("行政处罚立案41件")
    _look(page, tmp_path)
    said = page.locator(".steps .said")
    page.locator(".proof-text mark.good", has_text="16件").first.click()
    expect(said).to_contain_text("与填报数据一致")
    page.locator(".proof-text mark.wrong", has_text="43件").click()
    expect(said).to_contain_text("与填报数据不符")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".steps .at")).to_contain_text("/")


def _look(page: Page, folder: Path) -> None:
    """Pictures of the result, light and dark, and that none is wider than its screen."""
    for name, width, dark in (("phone", 390, False), ("dark", 1280, True), ("desk", 1280, False)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.reload()
        page.get_by_role("tab", name="校核").click()
        expect(page.locator("#check-verdicts")).to_contain_text("与填报数据不符")
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (paper == "rgb(18, 23, 29)") is dark
        page.screenshot(path=str(folder / f"{name}.png"), full_page=name == "phone")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
