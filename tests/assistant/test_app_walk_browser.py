"""What only a browser shows: figures typed one after the other stay in their own boxes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import Visit, visiting
from tests.assistant.draft_library import HEALTH, SAMPLES, fill

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("walk") / "home"
    fill(home, [SAMPLES / "lanbo-health-2025.docx"]).close()
    with running(home) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    """A draft of the one unit there is."""
    with visiting(browser, server) as visit:
        page = visit.page
        page.get_by_role("tab", name="起草").click()
        expect(page.locator("#draft-org input")).to_have_value(HEALTH)
        page.locator("#draft-start").click()
        expect(page.locator(".open-points")).to_be_visible()
        yield visit


def in_list(visit: Visit, figure: str) -> Locator:
    """The box of an open figure beside the text."""
    item = visit.page.locator("#draft-side .open-points li", has_text=figure)
    return item.locator("input[data-act=edit]")


def in_sheet(visit: Visit, indicator: str) -> Locator:
    """The box of an indicator in the sheet."""
    label = f"{indicator}本年数值"
    return visit.page.locator("#draft-grid").get_by_label(label, exact=True)


def test_a_figure_filled_in_the_list_is_not_left_in_the_box_of_the_next(visit: Visit) -> None:
    page = visit.page
    box = in_list(visit, "审查各类合同（2025年：46份）")
    box.click()
    page.keyboard.type("50")
    page.keyboard.press("Enter")
    expect(page.locator(".paper")).to_contain_text("审查各类合同50份")
    expect(box).to_have_count(0)
    after = in_list(visit, "提出修改意见（2025年：62条）")
    expect(after).to_have_value("")
    expect(after).to_be_focused()  # so that the list can be filled from the keyboard alone
    page.keyboard.type("70")
    page.keyboard.press("Tab")
    expect(page.locator(".paper")).to_contain_text("提出修改意见70条")
    expect(in_sheet(visit, "审查各类合同")).to_have_value("50")
    expect(in_sheet(visit, "提出修改意见")).to_have_value("70")
    expect(page.locator("#draft-grid tr.done")).to_have_count(2)


def test_what_is_typed_while_the_draft_is_drawn_anew_stays(visit: Visit) -> None:
    page = visit.page
    first, second = (
        page.locator(".paper mark.blank", has_text=figure).first
        for figure in ("应急演练（2025年：4场）", "整改问题（2025年：49个）")
    )
    first.click()
    page.keyboard.type("5")
    second.click()  # leaves the first, which the server now fills in
    page.keyboard.type("5")
    expect(page.locator(".paper")).to_contain_text("应急演练5场")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator(".paper")).to_contain_text("整改问题51个")
    expect(page.locator("#draft-grid tr.error")).to_have_count(0)
