"""What only a browser shows: what was typed or opened stays so when the page is drawn anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from evals.synthetic import fill as fill_store
from evals.synthetic import synthetic_reports
from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import Visit, visiting
from tests.assistant.draft_library import HEALTH, SAMPLES, fill
from vectorstore.indicators import load_lexicon
from vectorstore.store import Store

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


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over more bureaus than an answer lists at once."""
    home = tmp_path_factory.mktemp("crowded") / "home"
    with Store.open(home) as store:
        fill_store(store, synthetic_reports(60), load_lexicon())
    with running(home) as server:
        yield server


def test_opened_sources_stay_open_when_the_conversation_is_drawn_anew(
    browser: Browser, crowded: Running
) -> None:
    with visiting(browser, crowded) as visit:
        page = visit.page
        visit.ask("2025年行政处罚立案哪个单位最多？")
        visit.finished(1)
        fold = page.locator("#past .text details.more")
        expect(fold.locator("summary")).to_contain_text("展开其余")
        fold.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(fold).to_have_attribute("open", "")
        fold.locator("a.cite").first.click()  # its card is among those folded away
        far = page.locator("#past .sources details.more details.source").first
        expect(far.locator("blockquote")).to_be_visible()
        expect(far.locator("summary")).to_be_focused()
        near = page.locator("#past .sources > details.source")
        near.nth(2).locator("summary").click()
        near.nth(3).locator("summary").click()
        near.nth(3).locator("summary").click()
        opened = "[...document.querySelectorAll('#past details[open]')].map((one) => one.id)"
        before = page.evaluate(opened)
        assert len(before) == 4  # two folds, two cards
        visit.ask("各单位2025年开展监督检查多少户次？")
        visit.finished(2)
        assert page.evaluate(opened) == before
        page.locator("#past [data-act=up]").last.click()
        expect(page.locator("#told")).to_contain_text("评价已记录")
        assert page.evaluate(opened) == before
        page.locator("#past [data-act=retry]").click()
        expect(page.locator('#past [aria-pressed="true"]')).to_have_count(0)  # a new answer
        visit.finished(2)
        assert page.evaluate(opened) == before


def test_what_gradio_draws_says_how_to_use_it(browser: Browser, server: Running) -> None:
    with visiting(browser, server) as visit:
        page = visit.page
        page.get_by_role("tab", name="校核").click()
        for place in ("#check-file", "#check-against", "#check-beside"):
            expect(page.locator(f"{place} .or")).to_be_visible()  # 拖放到此处 - 或 - 点击上传
        page.get_by_role("tab", name="简报").click()
        fold = page.locator("#brief-orgs button.label-wrap")
        expect(fold).to_have_attribute("aria-expanded", "false")
        fold.click()
        expect(fold).to_have_attribute("aria-expanded", "true")
