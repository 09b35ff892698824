"""The check tab's functions and HTML, without Gradio."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document  # noqa: TID251 - opens the download as Word would
from hypothesis import given
from hypothesis import strategies as st

from assistant.app.check import findings, proof
from assistant.app.check.desk import CheckDesk
from assistant.app.check.view import CheckView
from assistant.app.downloads import PATH, Downloads
from assistant.app.notices import doing_html
from assistant.build import Services
from assistant.check import Checked, Comparison, Finding, Severity
from assistant.errors import AssistantError
from assistant.session_ids import new_session_id
from assistant.settings import Settings
from assistant.verify import Checked as Figure
from assistant.verify import Verdict
from assistant.verify.files import Verified
from assistant.verify.words import VERDICTS
from tests.assistant.test_app_cards import HOSTILE, OURS, Tags
from tests.conftest import SAMPLES
from tests.holding import hold
from vectorstore.parse import parse
from vectorstore.store import LedgerRow, Store
from vectorstore.types import Quantity, QuantityKind, Report

HEALTH = "岚泊县卫生健康局"
HELD = ("lanbo-health-2024.txt", "lanbo-health-2025.docx")
SESSION = new_session_id()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("home")
    with Store.open(folder) as store:
        made = Services(Settings(home=folder), store)
        hold(store, *(SAMPLES / name for name in HELD))
        yield made


@pytest.fixture
def desk(services: Services) -> CheckDesk:
    return CheckDesk(services, Downloads())


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bureau's report of 2025 with one figure altered."""
    text = parse(SAMPLES / HELD[1]).text
    assert text.count("立案36件") == 1  # samples/manifest.yaml
    path = tmp_path_factory.mktemp("drafts") / "草稿.txt"
    path.write_text(text.replace("立案36件", "立案46件"), "utf-8")
    return path


def run(desk: CheckDesk, file: Path | None, against: Path | None = None) -> list[CheckView]:
    paths = [str(path) if path else None for path in (file, against)]
    return list(desk.run(SESSION, *paths))


def test_an_altered_figure_is_found_both_ways_and_marked_in_the_text(
    desk: CheckDesk, draft: Path
) -> None:
    first, *_, last = run(desk, draft)
    assert "正在读取《草稿.txt》" in first.state
    assert "各分项相加（14件＋22件＝36件）与总数46件不符" in last.findings
    assert "必须改正" in last.findings
    assert "原文为36件，此处为46件" in last.verdicts
    assert re.findall(r'<mark class="wrong" title[^>]*>([^<]+)', last.text) == ["46件"]
    assert f"上年报告《{HEALTH}2024年" in last.state
    assert len(desk.services.store.reports()) == len(HELD)


def test_findings_come_before_verdicts(desk: CheckDesk, draft: Path) -> None:
    views = run(desk, draft)
    assert views[-2].findings == views[-1].findings != ""
    assert views[-2].verdicts == ""
    assert "核对" in views[-2].state


def test_the_list_can_be_downloaded_with_every_problem(desk: CheckDesk, draft: Path) -> None:
    view = run(desk, draft)[-1]
    links = {s: a for a, s in re.findall(r'href="([^"]+)">下载清单 (xlsx|csv)', view.state)}
    taken = desk.downloads.take(SESSION, links["csv"].removeprefix(PATH))
    assert taken is not None
    table = list(csv.reader(io.StringIO(taken[1].decode("utf-8-sig"))))
    assert taken[0] == f"{HEALTH}2025年报告校核清单.csv"
    assert len(table) - 1 == view.findings.count("<li>") + len(
        re.findall("数字\\d+已处理", view.verdicts)
    )
    workbook = desk.downloads.take(SESSION, links["xlsx"].removeprefix(PATH))
    assert workbook is not None
    assert workbook[1].startswith(b"PK")


def test_the_list_is_a_word_file_with_quotes_as_printed(
    desk: CheckDesk, draft: Path, tmp_path: Path
) -> None:
    file = tmp_path / "草稿.txt"
    text = draft.read_text("utf-8")
    file.write_text(
        text.replace("简易程序14件、普通程序22件", "简易程序14件,普通程序22件"), "utf-8"
    )
    view = run(desk, file)[-1]
    (address,) = re.findall(r'href="([^"]+)">下载清单 docx', view.state)
    taken = desk.downloads.take(SESSION, address.removeprefix(PATH))
    assert taken is not None
    word = Document(io.BytesIO(taken[1]))
    written = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert f"{HEALTH}2025年报告校核清单" in written.replace("\n", "")
    assert "一、校核发现" in written
    assert "二、数字核对" in written
    assert "简易程序14件,普通程序22件" in written
    assert "原文为36件，此处为46件" in written


def test_the_newest_check_is_there_again_until_what_it_was_held_against_goes(
    draft: Path, tmp_path: Path
) -> None:
    with Store.open(tmp_path) as store:
        made = Services(Settings(home=tmp_path), store)
        report = parse(SAMPLES / HELD[0])
        hold(store, report)
        desk = CheckDesk(made, Downloads())
        assert desk.last(SESSION).state == findings.WELCOME
        assert desk.last(SESSION) != run(desk, draft)[-1] == desk.last(SESSION)
        run(desk, None)  # a press without a file takes nothing away
        assert "各分项相加" in desk.last(SESSION).findings
        assert desk.last(new_session_id()).state == findings.WELCOME
        keys = re.findall('data-key="([0-9a-f]+)"', desk.last(SESSION).findings)
        assert len(keys) == len(set(keys)) > 0
        tokens = re.findall(rf'href="{PATH}([^"]+)"', desk.last(SESSION).state)
        assert all(desk.downloads.take(SESSION, token) for token in tokens)
        assert len(tokens) == 3
        store.delete(report.id)
        for token in tokens:
            with pytest.raises(AssistantError, match="已清除"):
                desk.downloads.take(SESSION, token)
        gone = desk.last(SESSION)
        assert "已清除" in gone.state
        assert gone.findings == gone.text == ""
        assert desk.last(SESSION).state == findings.WELCOME
        with pytest.raises(AssistantError, match="已清除"):
            desk.downloads.take(SESSION, tokens[0])


def test_a_check_goes_on_when_its_page_is_left(desk: CheckDesk, draft: Path) -> None:
    session = new_session_id()
    views = desk.run(session, str(draft), None)
    next(views)
    views.close()  # type: ignore[attr-defined]  # as the server does when the page is gone
    assert desk.busy(session)
    assert "doing" in desk.last(session).state  # a page opened now follows it
    (told,) = desk.run(session, str(draft), None)
    assert "还在进行" in told.state
    assert not desk.busy(new_session_id())
    deadline = time.monotonic() + 60
    while desk.busy(session):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert "各分项相加" in desk.last(session).findings
    assert "数字核对" in desk.last(session).verdicts


def test_last_years_file_takes_the_place_of_the_librarys(desk: CheckDesk, draft: Path) -> None:
    views = run(desk, draft, SAMPLES / "yanzhu-health-2024.txt")
    assert "正在读取《yanzhu-health-2024.txt》" in views[1].state
    assert "砚渚县卫生健康局" in views[-1].state


def test_a_report_the_library_holds_is_not_vouched_for_by_itself(desk: CheckDesk) -> None:
    view = run(desk, SAMPLES / HELD[1])[-1]
    assert "资料库里已有这份报告" in view.verdicts
    assert "0 处有问题" in view.verdicts


def test_an_unknown_bureau_and_a_new_year_are_cautioned(
    desk: CheckDesk, draft: Path, tmp_path: Path
) -> None:
    text = draft.read_text("utf-8")
    next_year = tmp_path / "明年.txt"
    next_year.write_text(text.replace("2025", "2026"), "utf-8")
    assert "资料库里没有岚泊县卫生健康局2026年的数据" in run(desk, next_year)[-1].verdicts
    view = run(desk, SAMPLES / "yanzhu-urban-2025.html")[-1]
    assert "资料库里没有砚渚县综合行政执法局的报告" in view.verdicts


def test_an_empty_library_still_gives_findings(draft: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        desk = CheckDesk(Services(Settings(home=tmp_path), store), Downloads())
        view = run(desk, draft)[-1]
    assert "各分项相加" in view.findings
    assert "资料库还是空的" in view.verdicts
    assert "在“资料库”中导入" in view.verdicts
    assert "下载清单 csv" in view.state


def test_what_cannot_be_checked_says_which_file_and_what_to_do(
    desk: CheckDesk, draft: Path, tmp_path: Path
) -> None:
    (view,) = run(desk, None)
    assert "请先上传要校核的报告" in view.state
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04 no")
    run(desk, draft)
    (token, *_) = re.findall(rf'href="{PATH}([^"]+)"', desk.last(SESSION).state)
    for file, against in ((broken, None), (draft, broken)):
        view = run(desk, file, against)[-1]
        assert desk.last(SESSION) == view  # also on a page loaded anew
        with pytest.raises(AssistantError, match="已清除"):
            desk.downloads.take(SESSION, token)
        assert "《坏.docx》读不了" in view.state
        assert "导入" not in view.state
        assert view.findings == view.text == ""
    gone = run(desk, tmp_path / "过期.txt")[-1]
    assert "《过期.txt》读不了" in gone.state
    assert str(tmp_path) not in gone.state


def test_every_place_to_look_at_is_a_step_and_says_why() -> None:
    told = [Finding("r", Severity.ERROR, "甲", "不符", "", 0, 2)]
    told.append(Finding("r", Severity.INFO, "全文", "缺一部分"))
    checked = [figure(3, 4, Verdict.SUPPORTED), figure(5, 6, Verdict.STALE)]
    html = proof.proof_html("立案3件，4件。", told, checked)
    assert re.findall(r'id="([fq]-\d)" data-said="([^"；]+)', html) == [
        ("f-0", "不符"),
        ("q-1", VERDICTS[Verdict.STALE].name),
    ]
    assert "共 2 处" in html
    assert "<nav" not in proof.proof_html("立案3件。", (), checked[:1])


def figure(start: int, end: int, verdict: Verdict, text: str = "") -> Figure:
    return Figure(Quantity(text, start, end, QuantityKind.QUANTITY, Decimal(1)), verdict)


SPANS = st.tuples(st.integers(0, 40), st.integers(0, 12))


@given(
    st.text("甲乙3<&\n", min_size=52, max_size=60),
    st.lists(SPANS, max_size=6),
    st.lists(SPANS, max_size=6),
)
def test_marks_may_overlap_and_the_text_stays_whole(
    text: str, found: list[tuple[int, int]], figures: list[tuple[int, int]]
) -> None:
    told = [Finding("r", Severity.ERROR, "甲", "乙", "", a, a + n) for a, n in found]
    checked = [figure(a, a + n + 1, Verdict.FABRICATED) for a, n in figures]
    html = proof.proof_html(text, told, checked)
    body = html.partition('<div class="proof-text">')[2].partition('</div><div class="steps">')[0]
    assert Tags(body).text == text
    ids = re.findall(r'id="([fq]-\d+)"', body)
    assert sorted(ids) == sorted(
        [f"f-{n}" for n, (_, length) in enumerate(found) if length]
        + [f"q-{n}" for n in range(len(figures))]
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_file_becomes_markup(text: str) -> None:
    report = Report("r1", "a", text, 2025, text, text, ())
    finding = Finding("rule", Severity.WARNING, text, text, text, 0, len(text))
    source = LedgerRow(Quantity(text, 0, 1, QuantityKind.QUANTITY, heading=text), "r", text, 2025,
                       None, text)  # fmt: skip
    bad = Figure(Quantity(text, 0, 2, QuantityKind.QUANTITY), Verdict.STALE, source, text)
    good = Figure(Quantity(text, 0, 2, QuantityKind.QUANTITY), Verdict.SUPPORTED, source, text)
    checked = Checked(report, Comparison(previous=report), (finding,))
    verified = Verified(text, text, 2025, (), (bad, good))
    for html in (
        findings.findings_html(checked),
        findings.done_html(checked, [("csv", PATH + "x")]),
        findings.verdicts_html(verified, report),
        findings.unverified_html(text, text),
        doing_html(text),
        proof.proof_html(text, (finding,), (bad, good)),
    ):
        tags = Tags(html)
        assert {tag for tag, _ in tags.found} <= OURS | {"h3", "nav"}
        for _, attrs in tags.found:
            assert not [n for n in attrs if n.startswith("on") or n in ("src", "style")]
            assert (attrs.get("href") or "#").startswith(("#", PATH))


def test_every_verdict_has_a_name_and_every_error_advice() -> None:
    for verdict in Verdict:
        words = VERDICTS[verdict]
        assert words.name
        assert bool(words.advice) is (not figure(0, 1, verdict).good or verdict == "placeholder")
