"""Briefs and the installation's own page in headless Chromium, over the samples."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from docx import Document  # noqa: TID251 - opens what was downloaded
from playwright.sync_api import Browser, Locator, expect

from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import Visit, visiting
from tests.conftest import SAMPLES
from vectorstore.indicators import load_lexicon
from vectorstore.ingest import ingest
from vectorstore.parse import parse
from vectorstore.store import Store

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FIRST = "岚泊县卫生健康局"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("brief") / "home"
    with Store.open(home) as store:  # the server adds the vectors while the tests run
        ingest([SAMPLES], store, reader=parse, lexicon=load_lexicon())
    with running(home) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    with visiting(browser, server) as visit:
        yield visit


def opened(visit: Visit, tab: str, sign: str) -> Locator:
    visit.page.get_by_role("tab", name=tab).click()
    found = visit.page.locator(sign)
    expect(found).to_be_visible()
    return found


def made(visit: Visit) -> Locator:
    """A brief over all bureaus of the newest year, as drawn."""
    expect(opened(visit, "简报", "#brief-plan .plan")).to_contain_text("6 份")
    visit.page.get_by_role("button", name="开始汇总").click()
    sheet = visit.page.locator(".briefing")
    expect(sheet).to_be_visible()
    return sheet


def table(sheet: Locator, words: str) -> Locator:
    return sheet.locator("table", has=sheet.page.locator("caption", has_text=words)).first


def cells(found: Locator) -> list[list[str]]:
    """Every row's words; panels of sources left out."""
    return [
        [cell.strip() for cell in row.locator("th, td").all_inner_texts()]
        for row in found.locator("tr:not(.from)").all()
    ]


def shot(visit: Visit, folder: Path, name: str) -> None:
    """Screenshots as a desk, in the dark, and as a phone; the page is never wider than either."""
    page = visit.page
    for width, dark in ((1280, False), (1280, True), (390, False)):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=folder / f"{name}-{width}{'-dark' if dark else ''}.png")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_brief_from_choice_to_source_to_word_file(
    visit: Visit, browser: Browser, server: Running, tmp_path: Path
) -> None:
    page = visit.page
    sheet = made(visit)
    expect(page.locator("#brief-state")).to_contain_text("共 12 份报告，全部列入")
    main = table(sheet, "行政执法情况")
    shown = cells(main)
    row = next(row for row in shown if row[0] == FIRST)
    opener = main.locator("tr", has_text=FIRST).locator("a.ref").first
    opener.focus()
    page.keyboard.press("Enter")
    source = main.locator("tr.from")
    expect(source).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(source.locator(".where b")).to_have_text(FIRST)
    expect(source.locator(".path")).to_contain_text("›")
    marked = source.locator("mark")
    assert (marked.locator("b").text_content() or "").startswith(row[1])
    assert (marked.text_content() or "").endswith("。")
    shot(visit, tmp_path, "brief")
    source.get_by_role("button", name="收起").click()
    expect(source).to_have_count(0)
    unsaid = sheet.locator("td.unsaid").first
    expect(unsaid).to_have_text("未提及")
    expect(unsaid.locator("a.ref")).to_have_count(0)  # there is nothing to open
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载 Word").click()
    assert re.fullmatch(r"2025年度法治政府.*\.docx", caught.value.suggested_filename)
    document = Document(io.BytesIO(caught.value.path().read_bytes()))
    written = [
        [[cell.text.strip() for cell in row.cells] for row in found.rows]
        for found in document.tables
    ]
    for words in ("行政执法情况", "对比", "做法一览", "需要复核"):
        assert _plain(cells(table(sheet, words))) in [_plain(found) for found in written], words
    address = page.get_by_role("link", name="下载 Markdown").get_attribute("href")
    assert address
    assert page.context.request.get(server.url + address).text().startswith("# 2025年度")
    with visiting(browser, server) as stranger:
        assert stranger.page.context.request.get(server.url + address).status == 404


def _plain(rows: list[list[str]]) -> list[list[str]]:
    """Without white space, which each writer sets its own way."""
    return [["".join(cell.split()) for cell in row] for row in rows]


def test_a_theme_opens_to_every_bureau_that_speaks_of_it(visit: Visit) -> None:
    sheet = made(visit)
    themes = table(sheet, "不足一览")
    count = int(themes.locator("tbody tr").first.locator("td").nth(2).inner_text())
    themes.locator("a.ref").first.click()
    source = themes.locator("tr.from")
    expect(source.locator(".source")).to_have_count(count)
    expect(source.locator("mark")).to_have_count(count)
    quote = sheet.locator("p.para a.quoted").first
    quote.click()
    below = sheet.locator(".brief-from:not(tr *)")
    expect(below.locator("mark b")).to_have_text((quote.text_content() or "").strip("“”"))


def test_a_refresh_keeps_the_brief_and_other_sessions_do_not_see_it(
    visit: Visit, browser: Browser, server: Running
) -> None:
    made(visit)
    visit.page.reload()
    expect(visit.page.locator(".masthead")).to_be_visible()
    opened(visit, "简报", ".briefing")
    with visiting(browser, server) as stranger:
        opened(stranger, "简报", ".brief-welcome")
        expect(stranger.page.locator(".briefing")).to_have_count(0)


def test_bureaus_are_picked_and_those_without_a_report_stand_as_such(visit: Visit) -> None:
    page = visit.page
    opened(visit, "简报", "#brief-plan .plan")
    page.locator("#brief-orgs > button").click()
    boxes = page.locator("#brief-list input[type=checkbox]")
    expect(boxes).to_have_count(6)
    page.get_by_role("button", name="全不选").click()
    expect(page.locator("#brief-plan")).to_contain_text("至少选一个单位")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator("#brief-others textarea, #brief-others input").fill("云岭县水务局")
    page.locator("#brief-others textarea, #brief-others input").blur()
    expect(page.locator("#brief-plan")).to_contain_text("未报送 1 个：云岭县水务局")
    page.get_by_role("button", name="开始汇总").click()
    sheet = page.locator(".briefing")
    expect(sheet).to_be_visible()
    absent = table(sheet, "情况").locator("tr", has_text="云岭县水务局").locator("td.unsent")
    assert set(absent.all_inner_texts()) == {"未报送"}
    page.get_by_role("button", name="全选").click()
    expect(page.locator("#brief-plan")).to_contain_text("7 个单位")


def test_the_installations_own_page(visit: Visit, server: Running, tmp_path: Path) -> None:
    page = visit.page
    health = opened(visit, "评测", ".health")
    library = health.locator("li.ok", has=page.locator("b", has_text="资料库"))
    expect(library).to_contain_text("12 份报告")
    expect(health.locator("li.bad")).to_have_count(0)
    expect(page.locator(".leaving")).to_contain_text("没有。")
    expect(page.locator(".versions")).to_contain_text(f"法治报告助手 {version('fazhi-assistant')}")
    answers = page.locator(".scores details", has_text="问答").first
    answers.locator("summary").click()
    expect(answers.locator("th", has_text="95% 区间").first).to_be_visible()
    folder = Path(_home(server)) / "eval"
    folder.mkdir(exist_ok=True)
    rows = [["新题", "≥ 90%", "✓"]]
    run = {
        "provenance": {"engine": "extractive", "model": "", "commit": "neu123", "machine": ""},
        "shown": [
            {
                "title": "问答",
                "tables": [{"title": "表", "head": ["项目", "目标", "达标"], "rows": rows}],
            }
        ],
    }
    (folder / "all.json").write_text(json.dumps(run), "utf-8")
    before = health.locator("h3 span").inner_text()
    while f"{datetime.now().astimezone():%H:%M:%S}" in before:  # it tells the time in seconds
        page.wait_for_timeout(100)
    page.get_by_role("button", name="重新检查").click()
    expect(page.locator(".health h3 span")).not_to_have_text(before)
    page.get_by_role("tab", name="简报").click()
    page.get_by_role("tab", name="评测").click()
    expect(page.locator(".scores")).to_contain_text("neu123")
    shot(visit, tmp_path, "about")


def _home(server: Running) -> str:
    """The data folder, as the page tells whoever sits at the machine."""
    environment = Path(f"/proc/{server.process.pid}/environ").read_bytes().decode()
    return dict(line.split("=", 1) for line in environment.split("\0") if "=" in line)["FAZHI_HOME"]
