"""The library's desk: what is listed, and how a report is corrected, replaced and handed out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.app.downloads import PATH, Downloads
from assistant.app.library.desk import LibraryDesk
from assistant.app.library.inspections import Inspections
from assistant.app.library.intake import Intake
from assistant.app.library.looking import Draft, Look, absent, opened, pick, turned
from assistant.app.library.panels import year_of
from assistant.build import Services, own_services
from assistant.check import Finding, Severity
from assistant.conversations import Histories
from assistant.session_ids import new_session_id
from assistant.settings import Settings
from vectorstore.ingest import ingest
from vectorstore.parse import parse
from vectorstore.store import ReportRow
from vectorstore.types import Part, Scope

REPORT = """{org}{year}年法治政府建设年度报告
一、主要举措和成效
全年行政处罚立案{filed}件，其中简易程序6件、普通程序11件。
二、存在的不足和原因
执法人员偏少，业务培训不够。
三、党政主要负责人履行推进法治建设第一责任人职责情况
主要负责人专题听取汇报4次。
四、下一年度工作安排
组织法治培训不少于6场。
"""
WATER, FOREST = "青禾县水务局", "青禾县林业局"
PARTS = (Part.MEASURES, Part.SHORTCOMINGS, Part.FIRST_RESPONSIBLE, Part.NEXT_YEAR)


def row(**changes: object) -> ReportRow:
    values: dict[str, object] = {
        "id": "a", "path": "up/一.docx", "org": WATER, "year": 2025, "title": "年度报告",
        "parts": PARTS, "is_annual": True, "n_chunks": 3, "n_quantities": 7, "notes": (),
        "format": "docx", "ingested_at": "", "other_paths": (),
    }  # fmt: skip
    return ReportRow(**{**values, **changes})  # type: ignore[arg-type]


FAULT = Finding("arithmetic", Severity.ERROR, "", "")
ROWS = [
    row(),
    row(id="b", year=2024, title="２０２４年工作报告", n_quantities=9),
    row(id="c", org=FOREST, year=2024, parts=PARTS[:3], other_paths=("x/林业副本.txt",)),
    row(id="d", org="", year=None, is_annual=False, parts=()),
]


@pytest.mark.parametrize(
    ("look", "ids"),
    [
        (Look(), "dcba"),
        (Look(words="水务"), "ba"),
        (Look(words="青禾水务局"), "ba"),
        (Look(words="林草局"), "c"),
        (Look(words="水务 2024"), "b"),
        (Look(words="林业副本"), "c"),
        (Look(words="没有"), ""),
        (Look(year="2024年"), "cb"),
        (Look(shown="errors"), "b"),
        (Look(shown="parts"), "c"),
        (Look(shown="unknown"), "d"),
        (turned(Look(), "sort", "figures"), "bdca"),
        (turned(turned(Look(), "sort", "figures"), "sort", "figures"), "dcab"),
        (turned(Look(), "sort", "findings"), "bdca"),
        (turned(Look(), "sort", "nonsense"), "dcba"),
        (turned(Look(), "sort", "org"), "dcba"),
    ],
)
def test_rows_are_found_filtered_and_sorted(look: Look, ids: str) -> None:
    assert "".join(r.id for r in pick(ROWS, look, {"a": (), "b": (FAULT,)})) == ids


def test_a_panel_opens_and_closes_and_pages_turn() -> None:
    look = opened(Look(), "a", "findings")
    assert (look.row, look.panel) == ("a", "findings")
    assert opened(look, "a", "findings").panel == ""
    assert opened(replace(look, draft=Draft("x", "y")), "a", "correct").draft is None
    assert turned(look, "page", "3").page == 3
    assert turned(look, "page", "-1").page == 0


def test_who_has_not_reported_is_known_from_other_years() -> None:
    assert absent(ROWS, "") == (2025, [FOREST], 1)
    assert absent(ROWS, "2024年") == (2024, [], 2)
    assert absent(ROWS[:1], "") is None
    assert absent([], "") is None


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("2025", 2025), (" 2025年 ", 2025), ("２０２５", 2025), ("", None), ("25", None),
        ("二〇二五", None), ("20251", None), ("1066", None), ("9999", None), ("2²25", None),
    ],
)  # fmt: skip
def test_a_year_is_four_digits_that_can_be(typed: str, year: int | None) -> None:
    assert year_of(typed) == year


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with own_services(Settings(home=tmp_path / "home"), "test") as services:
        yield services


@pytest.fixture
def desk(services: Services) -> Iterator[LibraryDesk]:
    folder = services.settings.folder
    (folder / "uploads").mkdir()
    histories = Histories(folder / "sessions")
    intake = Intake(services, folder / "uploads", histories)
    intake.start()
    yield LibraryDesk(services, histories, intake, Downloads())
    intake.stop()


@pytest.fixture
def session() -> str:
    return new_session_id()


def uploaded(desk: LibraryDesk, name: str, **said: object) -> Path:
    """A file as Gradio leaves it below the uploads."""
    folder = desk.services.settings.folder / "uploads" / name
    folder.mkdir()
    text = REPORT.format(**{"org": WATER, "year": 2025, "filed": 17, **said})
    (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder / f"{name}.txt"


def settle(desk: LibraryDesk) -> str:
    """Wait for the background work; the table then."""
    deadline = time.monotonic() + 120
    while desk.standing().running:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return desk.table(Look())


def test_findings_are_counted_opened_and_follow_a_correction(
    desk: LibraryDesk, session: str
) -> None:
    assert "资料库还没有报告" in desk.table(Look())
    desk.upload(
        session, [str(uploaded(desk, "错", filed=71)), str(uploaded(desk, "林", org=FOREST))]
    )
    table = settle(desk)
    assert "必须改正 1" in table
    assert "未见问题" in table
    (wrong,) = desk.services.store.reports(Scope((WATER,)))
    shown = desk.table(Look(row=wrong.id, panel="findings"))
    assert "请核对" in shown
    assert "其中简易程序6件" in shown
    look = Look(row=wrong.id, panel="correct")
    for org, year, problem in (
        ("", "2025", "单位全称"), (WATER, "二五", "四位数字"), (WATER, "2025", "没有改动"),
        (FOREST, "2025", "已有"),
    ):  # fmt: skip
        kept, told = desk.correct(session, look, org, year)
        assert told == ""
        assert kept.panel == "correct"
        assert problem in desk.table(kept)
    done, told = desk.correct(session, look, f" {WATER}  ", "２０２４年")
    assert done.panel == ""
    assert f"由“{WATER} 2025年”改为“{WATER} 2024年”" in told
    assert desk.services.store.quantities(Scope((WATER,), (2024,)))
    table = settle(desk)
    assert "未报送 1 个" in desk.absent("")
    assert WATER in desk.absent("2025年")
    entries = list(desk.services.audit.read())
    assert [entry.action for entry in entries] == ["ingest", "correct"]
    assert entries[1].details == {"before": f"{WATER} 2025年", "after": f"{WATER} 2024年"}


def test_a_report_is_replaced_by_one_file_and_its_own_is_handed_out(
    desk: LibraryDesk, session: str, tmp_path: Path
) -> None:
    desk.upload(session, [str(uploaded(desk, "旧"))])
    settle(desk)
    (old,) = desk.services.store.reports()
    address, told = desk.original(session, old.id)
    assert told == ""
    taken = desk.downloads.take(session, address.removeprefix(PATH))
    assert taken is not None
    assert taken[0] == "旧.txt"
    assert taken[1].decode() == REPORT.format(org=WATER, year=2025, filed=17)
    other = uploaded(desk, "别", org=FOREST)
    assert "正在用《别.txt》替换" in desk.replace(session, old.id, str(other), sure=False)
    settle(desk)
    assert "没有替换" in desk.standing().progress
    assert desk.services.store.reports() == [old]
    desk.replace(session, old.id, str(uploaded(desk, "新", org=FOREST)), sure=True)
    settle(desk)
    (new,) = desk.services.store.reports()
    assert (new.org, new.year, new.original) == (WATER, 2025, "新.txt")
    assert new.id != old.id
    assert "不在资料库里" in desk.replace(session, old.id, str(other), sure=True)
    outside = tmp_path / "secret.txt"
    outside.write_text("x")
    for path in (outside, tmp_path / "home" / "uploads" / ".." / "fazhi.sqlite", Path()):
        assert "没有收到" in desk.replace(session, new.id, str(path), sure=True)
    assert outside.exists()
    assert (
        "没有保存" in desk.original(session, old.id)[1]
        or "没有编号" in desk.original(session, old.id)[1]
    )
    assert "已删除" in desk.delete(session, new.id)
    assert not list((desk.services.settings.folder / "originals").iterdir())


def test_what_a_crash_left_is_mended_at_the_start(services: Services, tmp_path: Path) -> None:
    store, folder = services.store, services.settings.folder
    source = tmp_path / "水务.txt"
    source.write_text(REPORT.format(org=WATER, year=2025, filed=17), "utf-8")
    ingest([source], store, reader=parse, lexicon=services.lexicon)
    (held,) = store.reports()
    store.set_figures(held.id, (), "older rules")
    (folder / "originals" / "left").write_text("of a report that was never stored")
    (folder / "uploads").mkdir()
    intake = Intake(services, folder / "uploads", Histories(folder / "sessions"))
    intake.start()
    desk = LibraryDesk(services, Histories(folder / "sessions"), intake, Downloads())
    settle(desk)
    intake.stop()
    assert store.reports()[0].n_quantities == held.n_quantities > 0
    assert [path.name for path in (folder / "originals").iterdir()] != ["left"]
    assert len(list((folder / "originals").iterdir())) == 1


class Unreadable:
    """A store with a report nobody thought of."""

    def reports(self) -> list[ReportRow]:
        raise ArithmeticError("an odd figure")


def test_a_report_that_cannot_be_checked_does_not_end_the_checking() -> None:
    inspections = Inspections(Unreadable())  # type: ignore[arg-type]
    inspections.start()
    deadline = time.monotonic() + 20
    for runs in (1, 2):
        while inspections.results().changes < runs:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        inspections.wake()
    inspections.stop()
