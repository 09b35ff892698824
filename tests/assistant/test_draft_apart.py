"""A figure of the sheet stands only at what it was filled in for, in the unit it was counted in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.draft import Draft, Request, draft, write
from assistant.draft.given import verify_with_sheet
from assistant.draft.proof import prove
from assistant.gongwen import Placeholder, TableBlock
from assistant.gongwen.model import spans_of, walk
from tests.assistant.draft_library import LEXICON, fill, sheet

ORG = "青岚县水务局"


def report(done: str, planned: str) -> str:
    return (
        f"{ORG}2025年法治政府建设工作总结\n一、主要工作\n{done}\n"
        f"二、存在问题\n执法力量不足。\n三、2026年打算\n{planned}\n"
    )


def made(
    tmp_path: Path, text: str, values: dict[str, str], units: dict[str, str] | None = None
) -> Draft:
    """The report of 2026 drafted from `text` with `values`, and other `units`, in the sheet."""
    (tmp_path / "a.txt").write_text(text, "utf-8")
    store = fill(tmp_path / "home", [tmp_path / "a.txt"])
    path = sheet(store, tmp_path / "填报表.csv", ORG, 2026, values)
    told = path.read_text("utf-8-sig")
    for old, new in (units or {}).items():
        assert old in told
        told = told.replace(old, new)
    path.write_text(told, "utf-8-sig")
    found = draft(store, LEXICON, Request("report", ORG, 2026, path))
    assert [c.quantity.text for c in prove(found, LEXICON).checked if not c.good] == []
    store.close()
    return found


def reached(found: Draft) -> dict[str, str]:
    """What the table says came of each target."""
    table = next(b for b in found.document.body if isinstance(b, TableBlock))
    rows = [["".join(s.text for s in spans_of(cell)) for cell in row] for row in table.rows]
    return {row[1]: row[3] for row in rows}


def text_of(found: Draft) -> str:
    return "".join(s.text for s in walk(found.document) if not isinstance(s, Placeholder))


@pytest.mark.parametrize(
    ("done", "planned", "values", "at"),
    [
        ("组织专题培训4次。", "举办法治培训不少于12场。", {"专题培训": "3"}, "举办法治培训"),
        (
            "举办以案释法培训4场。",
            "举办法治培训不少于12场。",
            {"以案释法培训": "3"},
            "举办法治培训",
        ),
        (
            "9人参加执法资格考试，考试合格率88.9%。",
            "执法案卷合格率达到95%以上。",
            {"考试合格率": "97"},
            "执法案卷合格率",
        ),
        ("取水样品不合格率1.2%。", "取水样品合格率达到98%以上。", {}, "取水样品合格率"),
    ],
)
def test_another_indicator_leaves_the_blank(
    tmp_path: Path, done: str, planned: str, values: dict[str, str], at: str
) -> None:
    found = reached(made(tmp_path, report(done, planned), values))
    assert found[at].startswith("【待填：完成数（2026年计划：")


@pytest.mark.parametrize(
    ("done", "planned", "values", "said"),
    [
        (
            "举办法治培训11场次。",
            "举办法治培训不少于12场。",
            {"法治培训": "13"},
            {"举办法治培训": "已完成，实际13场"},
        ),
        (
            "全年开展取水监督检查96户次，监督覆盖率91.5%。",
            "取水监督覆盖率达到95%以上。",
            {"监督覆盖率": "95.5"},
            {"取水监督覆盖率": "已完成，实际95.5%"},
        ),
    ],
)
def test_the_same_indicator_said_otherwise_is_filled(
    tmp_path: Path, done: str, planned: str, values: dict[str, str], said: dict[str, str]
) -> None:
    assert reached(made(tmp_path, report(done, planned), values)) == said


def test_of_two_items_of_one_name_neither_is_the_target(tmp_path: Path) -> None:
    text = report("上半年举办法治培训5场。下半年举办法治培训6场。", "举办法治培训不少于12场。")
    (tmp_path / "a.txt").write_text(text, "utf-8")
    store = fill(tmp_path / "home", [tmp_path / "a.txt"])
    path = tmp_path / "s.csv"
    sheet(store, path, ORG, 2026, {"法治培训": "13"})
    found = draft(store, LEXICON, Request("report", ORG, 2026, path))
    store.close()
    assert reached(found)["举办法治培训"].startswith("【待填")


def test_a_plan_does_not_pair_them_either(tmp_path: Path) -> None:
    text = report("举办以案释法培训4场。", "举办法治培训不少于12场。")
    (tmp_path / "a.txt").write_text(text, "utf-8")
    store = fill(tmp_path / "home", [tmp_path / "a.txt"])
    found = draft(store, LEXICON, Request("plan", ORG, 2026))
    store.close()
    table = next(b for b in found.document.body if isinstance(b, TableBlock))
    rows = [["".join(s.text for s in spans_of(cell)) for cell in row] for row in table.rows]
    assert [row[1:4] for row in rows] == [["法治培训", "—", "计划不少于12场"]]


def test_a_row_put_in_by_hand_is_of_its_own_name(tmp_path: Path) -> None:
    text = report("举办法治培训11场。", "举办法治培训不少于12场。")
    added = {"trainings": "trainings\n,,专题培训,,,3,次,,,,"}
    found = made(tmp_path, text, {}, added)
    assert reached(found)["举办法治培训"].startswith("【待填")
    assert "法治培训3场" not in text_of(found)
    assert "专题培训3次" in text_of(found)


@pytest.mark.parametrize(
    ("note", "filled"),
    [
        ("举办法治培训13场。", True),
        ("举办线上法治培训3场。", False),
        ("组织专题法治培训3次。", False),
    ],
)
def test_a_note_of_one_kind_is_not_the_whole(tmp_path: Path, note: str, *, filled: bool) -> None:
    (tmp_path / "a.txt").write_text(report("举办法治培训11场。", "抓好落实。"), "utf-8")
    notes = tmp_path / "素材.md"
    notes.write_text(note, "utf-8")
    store = fill(tmp_path / "home", [tmp_path / "a.txt"])
    found = draft(store, LEXICON, Request("report", ORG, 2026, notes=notes))
    store.close()
    blanks = [s.text for s in walk(found.document) if isinstance(s, Placeholder)]
    assert any("法治培训（2025年：11场）" in text for text in blanks) is not filled
    assert note[2:-1] in text_of(found)


def test_a_number_keeps_the_unit_it_was_counted_in(tmp_path: Path) -> None:
    text = report("举办法治培训11场，办件平均用时5天。", "举办法治培训不少于12场。")
    values = {"法治培训": "13", "办件平均用时": "6"}
    found = made(tmp_path, text, values, {",13,场,": ",13,期,", ",6,天,": ",6,小时,"})
    assert reached(found)["举办法治培训"] == "实际13期【待填：完成程度】"
    said = text_of(found)
    assert "法治培训13期" in said
    assert "平均用时6小时" in said
    assert not re.search("13场|6天", said)


def test_a_bare_number_keeps_last_years_within(tmp_path: Path) -> None:
    text = report("补证申请在三日内办结，验收时限不超过9日，回访用时4日。", "抓好落实。")
    (tmp_path / "a.txt").write_text(text, "utf-8")
    store = fill(tmp_path / "home", [tmp_path / "a.txt"])
    names = {r.quantity.text: r.quantity.indicator for r in store.quantities() if r.quantity.unit}
    store.close()
    values = {names["三日内"] or "“补证申请在三日内办结": "2", names["不超过9日"]: "8"}
    found = made(tmp_path, text, {**values, names["4日"]: "3"})
    said = text_of(found)
    assert "补证申请在2日内办结" in said
    assert "验收时限不超过8日" in said
    assert "回访用时3日" in said


def test_a_draft_that_keeps_within_verifies_with_its_sheet(tmp_path: Path) -> None:
    text = report("验收时限为9日内。", "抓好落实。")
    found = made(tmp_path, text, {"验收时限": "8"})
    assert "8日内" in text_of(found)
    written = write(found, tmp_path / "x.docx", LEXICON)
    assert not written.unbound
    store = fill(tmp_path / "home2", [tmp_path / "a.txt"])
    checked = verify_with_sheet(written.path, tmp_path / "填报表.csv", store, LEXICON)
    store.close()
    assert [c.quantity.text for c in checked.checked if not c.good] == []
