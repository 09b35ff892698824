"""One collector's day over every tab of the page, in headless Chromium.

Nothing is put into the store directly: reports come in by upload as a zip, are embedded by the
real e5 and indexed by the real Chroma, and each tab works on what the tabs before it left. (The
tests of single tabs fill their store themselves, some without vectors; they look closer at
their tab, this one at the whole.) Everything the browser asks the network for is kept and
judged, as the page sees it and as Chromium's own network log has it.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from docx import Document  # noqa: TID251 - opens the downloads as Word would
from openpyxl import load_workbook  # noqa: TID251 - opens the download as Excel would
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import launched, profile
from tests.conftest import SAMPLES
from vectorstore.embed import E5Embedder
from vectorstore.store import Store

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

HEALTH, URBAN = "岚泊县卫生健康局", "砚渚县综合行政执法局"
FILES = (
    "lanbo-health-2024.txt",
    "lanbo-health-2025.docx",
    "yanzhu-urban-2024.html",
    "yanzhu-urban-2025.html",
    "jiyuan-health-2025.pdf",
)
LAST_YEAR = SAMPLES / "lanbo-health-2025.docx"
BLANK = re.compile("【待[^】]*】")
# Told by the page itself: what its policy stopped, and whatever it meant to do beside requests.
WATCH = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""


@dataclass
class Network:
    """What one browser asked for, what failed, and what it complained of."""

    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.add_init_script(WATCH)
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("requestfailed", lambda r: self.failed.append(f"{r.failure} {r.url}"))
        context.on("console", lambda said: self._heard(said.type, said.text))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("page", self._opened)

    def _opened(self, page: Page) -> None:
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("worker", lambda worker: self.asked.append(worker.url))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)

    def judge(self, server: Running) -> None:
        """Every request went to `server`; pictures within the style sheets go nowhere."""
        assert any(url.startswith(f"{server.url}/gradio_api/queue/join") for url in self.asked)
        strange = {url for url in self.asked if not url.startswith(("data:", f"{server.url}/"))}
        assert strange == set()
        assert self.errors == []
        # What is left off when the page is loaded anew or a download takes over is no failure.
        assert [said for said in self.failed if not said.startswith("net::ERR_ABORTED")] == []


def judge_log(path: Path, server: Running) -> None:
    """What the page began, by Chromium's own network log, went to `server`.

    The log also has what Chromium asks of its maker by itself: updates, dictionaries, how to fill
    in forms. No page began that, and none can forbid it.
    """
    events = json.loads(path.read_text("utf-8"))["events"]
    told = [event.get("params", {}) for event in events]
    begun = [p for p in told if str(p.get("initiator", "")).startswith("http")]
    assert len(begun) > 50
    assert {p["initiator"] for p in begun} == {server.url}
    assert {p["url"] for p in begun if not p["url"].startswith(f"{server.url}/")} == set()


@dataclass
class Day:
    """A page, where its screenshots and downloads go, and the server behind it."""

    page: Page
    server: Running
    home: Path
    folder: Path

    def open(self, tab: str) -> Locator:
        self.page.get_by_role("tab", name=tab).click()
        panel = self.page.get_by_role("tabpanel").locator("visible=true").first
        expect(panel).to_be_visible()
        return panel

    def fetch(self, link: Locator) -> Path:
        """Download what `link` gives."""
        with self.page.expect_download() as caught:
            link.click()
        path = self.folder / caught.value.suggested_filename
        caught.value.save_as(path)
        return path

    def choose(self, box: str, words: str) -> None:
        """Pick from a list by typing, as with a keyboard."""
        self.page.locator(f"{box} input").first.click()
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def shoot(self, name: str) -> None:
        """Pictures at a desk, in the dark and on a phone, none wider than its window."""
        page = self.page
        for width, dark in ((1280, False), (1280, True), (390, False)):
            page.set_viewport_size({"width": width, "height": 1400})
            page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.evaluate("window.scrollTo(0, 0)")
            path = self.folder / f"{name}-{width}{'-dark' if dark else ''}.png"
            page.screenshot(path=path, animations="disabled")
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "home") as server:
        yield server


@pytest.fixture
def day(server: Running, tmp_path: Path) -> Iterator[Day]:
    """A browser of its own, for its network log."""
    network, log = Network(), tmp_path / "network.json"
    with (
        launched(f"--log-net-log={log}") as browser,
        profile(browser, viewport={"width": 1280, "height": 900}) as context,
    ):
        network.watch(context)
        page = context.new_page()
        page.goto(server.url)
        expect(page.locator(".masthead")).to_be_visible()
        yield Day(page, server, tmp_path / "home", tmp_path)
    network.judge(server)
    judge_log(log, server)


def test_a_day_from_upload_to_every_download(day: Day) -> None:
    collect(day)
    ask(day)
    draft = write_draft(day)
    summarise(day)
    check(day, draft)
    look_up(day)
    examine(day)


def collect(day: Day) -> None:
    """资料库: a zip of five reports is read and embedded."""
    page = day.page
    packed = day.folder / "各单位报告.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in FILES:
            archive.write(SAMPLES / name, name)
    day.open("资料库")
    expect(page.locator("#reports")).to_contain_text("资料库还没有报告")
    page.set_input_files("#upload input[type=file]", str(packed))
    expect(page.locator(".intake h4")).to_have_text("完成：5 个文件可用")
    rows = page.locator("#reports tbody tr:not(.panel)")
    expect(rows).to_have_count(5)
    expect(page.locator("#reports td .muted")).to_have_count(0)  # all checked
    expect(page.locator("#reports .waiting")).to_have_count(0)  # all embedded
    rows.filter(has_text=f"{HEALTH}2025").locator("button.findings").click()
    expect(page.locator(".found-here")).to_be_visible()
    with Store.open(day.home) as store:
        assert len(store.vectors(E5Embedder.name).chunk_ids) == store.chunk_count() > 50
    assert list((day.home / "chroma").rglob("*.bin"))  # Chroma's own index files
    day.shoot("library")


def ask(day: Day) -> None:
    """问答: a figure, its source, a follow-up, both files of the conversation."""
    page = day.page
    day.open("问答")
    said(day, f"{URBAN}2025年行政处罚立案多少件？", "1395宗")
    page.locator("#past a.cite").first.click()
    card = page.locator(".source").first
    expect(card.locator("mark").first).to_contain_text("行政处罚立案1395宗")
    said(day, "那2024年呢？", "1468宗")
    said(day, "执法人员培训方面各单位有哪些做法？", "培训")
    day.shoot("ask")
    word = day.fetch(page.locator(".export a", has_text="Word"))
    text = day.fetch(page.locator(".export a", has_text="Markdown")).read_text("utf-8")
    for found in (text_of(word), text):
        assert "1395宗" in found
        assert "1468宗" in found


def said(day: Day, question: str, answer: str) -> None:
    """Ask, and wait for an answer that has these words."""
    page = day.page
    before = page.locator("#past .exchange").count()
    page.fill("#box textarea", question)
    page.keyboard.press("Enter")
    expect(page.locator("#past .exchange")).to_have_count(before + 1)
    expect(page.get_by_role("button", name="发送")).to_be_visible()
    expect(page.locator("#past .exchange").last.locator(".answer")).to_contain_text(answer)


def write_draft(day: Day) -> Path:
    """起草: figures, notes, a blank filled in place, four files; the reviewed copy's path."""
    page = day.page
    day.open("起草")
    expect(page.locator("#draft-about")).to_contain_text("选择单位")
    page.locator("#draft-org input").click()
    page.locator("#draft .options .item", has_text=HEALTH).click()
    expect(page.locator("#draft-year input")).to_have_value("2026年")
    grid = page.locator("#draft-grid")
    for indicator, value in (("结案", "40"), ("受理投诉举报", "81")):
        box = grid.get_by_label(f"{indicator}本年数值", exact=True)
        box.fill(value)
        box.press("Enter")
    page.get_by_text("工作素材（可不填）").click()
    page.locator("#draft-notes textarea").fill("- 举办法治培训13场，参训人员全部取得证书。")
    page.locator("#draft-start").click()
    expect(page.locator(".draft-done")).to_be_visible()
    paper = page.locator(".paper")
    expect(paper).to_contain_text("结案40件")
    paper.locator("mark.blank", has_text="法律意见书（2025年：31份）").click()
    paper.locator("input.inline").fill("40")
    paper.locator("input.inline").press("Enter")
    expect(paper).to_contain_text("法律意见书40份，比上年增加9份")
    day.shoot("draft")
    reviewed = day.fetch(page.get_by_role("link", name="审阅稿 docx"))
    page.get_by_text("清稿 docx").click()
    clean = day.fetch(page.get_by_role("link", name="仍要下载清稿"))
    markdown = day.fetch(page.get_by_role("link", name="Markdown"))
    evidence = day.fetch(page.get_by_role("link", name="依据文件"))
    body = markdown.read_text("utf-8").partition("\n[^1]: ")[0]  # the notes name last year's
    for written in (text_of(reviewed), text_of(clean), body):
        new = BLANK.sub("", written)
        assert all(words in new for words in ("结案40件", "投诉举报81件", "法律意见书40份", "13场"))
        assert not any(stale in new for stale in ("35件", "79件", "31份"))
    assert "法律意见书40份" in json.dumps(
        json.loads(evidence.read_text("utf-8")), ensure_ascii=False
    )
    return reviewed


def summarise(day: Day) -> None:
    """简报: planned, made, a figure of it opened to its sentence, both files."""
    page = day.page
    day.open("简报")
    expect(page.locator("#brief-plan")).to_contain_text("3 个单位")
    day.choose("#brief-year", "2025年")
    page.locator("#brief-orgs > button").click()
    boxes = page.locator("#brief-list input[type=checkbox]")
    expect(boxes).to_have_count(3)
    page.locator("#brief-list label", has_text="霁原市").locator("input").uncheck()
    expect(page.locator("#brief-plan")).to_contain_text("2 个单位")
    page.get_by_role("button", name="开始汇总").click()
    sheet = page.locator(".briefing")
    expect(sheet).to_be_visible()
    row = sheet.locator("tr", has_text=URBAN).filter(has_text="1395").first
    row.locator("a.ref", has_text="1395").first.click()
    source = sheet.locator("tr.from")
    expect(source.locator("mark b")).to_have_text("1395宗")
    expect(source.locator(".where b")).to_have_text(URBAN)
    day.shoot("brief")
    word = day.fetch(page.get_by_role("link", name="下载 Word"))
    markdown = day.fetch(page.get_by_role("link", name="下载 Markdown"))
    for found in (text_of(word), markdown.read_text("utf-8")):
        assert "1395" in found
        assert "霁原市" not in found


def check(day: Day, draft: Path) -> None:
    """校核: the draft with last year's report; a finding worked through; the list."""
    page = day.page
    day.open("校核")
    for place, file in (("#check-file", draft), ("#check-against", LAST_YEAR)):
        page.set_input_files(f"{place} input[type=file]", str(file))
        expect(page.locator(place)).to_contain_text(file.stem[:8])
    page.get_by_role("button", name="开始校核").click()
    verdicts = page.locator("#check-verdicts")
    expect(verdicts).to_contain_text("数字核对")
    expect(page.locator("#check-state")).to_contain_text(HEALTH)
    found = page.locator("#check-list li", has=page.locator("a.jump")).first
    found.locator("a.jump").first.click()
    expect(page.locator(".steps .at")).to_contain_text("/")
    box = found.get_by_role("checkbox")
    box.check()
    expect(box).to_have_css("appearance", "auto")  # the browser draws it: the tick can be seen
    expect(found.locator("> div")).to_have_css("opacity", "0.45")
    day.shoot("check")
    listed = load_workbook(day.fetch(page.get_by_role("link", name="下载清单 xlsx")))
    shown = [str(cell) for row in listed["全部数字"].values for cell in row]
    assert any("40件" in cell for cell in shown)


def look_up(day: Day) -> None:
    """台账: filtered, plotted, sorted, opened to its sentence, as a spreadsheet."""
    page = day.page
    day.open("台账")
    expect(page.locator(".grid-head")).to_contain_text("3 个单位")
    day.choose("#ledger-indicator", "行政处罚立案")
    bar = page.locator(".bars ol > li", has_text=URBAN)
    expect(bar).to_be_visible()
    bar.get_by_role("button").click()
    expect(bar.locator("mark b")).to_have_text("1395宗")
    page.locator("#grid [data-sort=value]").click()
    expect(page.locator("#grid th[aria-sort=descending]")).to_contain_text("数值")
    expect(page.locator("tr.figure .text").first).to_have_text("1468宗")
    page.locator("tr.figure").first.click()
    expect(page.locator("#grid tr.from mark b").first).to_have_text("1468宗")
    day.shoot("ledger")
    book = load_workbook(day.fetch(page.get_by_role("link", name="下载 xlsx")))
    cells = [cell for sheet in book.worksheets for row in sheet.values for cell in row]
    assert "1395宗" in cells
    assert 1468 in cells


def examine(day: Day) -> None:
    """评测 / 关于: this installation is well, and nothing leaves the machine."""
    page = day.page
    day.open("评测")
    health = page.locator(".health")
    expect(health).to_be_visible()
    expect(health.locator("h3")).to_contain_text("一切正常")
    expect(health.locator("li.ok", has_text="5 份报告")).to_be_visible()
    expect(page.locator(".leaving")).to_contain_text("没有。")
    day.shoot("about")


def text_of(path: Path) -> str:
    """Every paragraph and cell of a Word file."""
    document = Document(io.BytesIO(path.read_bytes()))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)
