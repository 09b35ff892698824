"""The new year's report: no stale figure, no figure without a source, nothing official missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.draft import Draft, DraftFileError, Request, draft, write
from assistant.draft.evidence import read_evidence, verify_draft
from assistant.draft.layout import ORDER
from assistant.draft.proof import prove
from assistant.gongwen import (
    Figure,
    Heading,
    OfficialDocument,
    Paragraph,
    Placeholder,
    Suggestion,
    TableBlock,
    UnfinishedError,
    unfinished,
)
from assistant.gongwen.model import spans_of, walk
from assistant.ledger import FillInError, NoEarlierReportError, printed
from tests.assistant.draft_library import (
    FILES,
    HEALTH,
    LEXICON,
    MARKET,
    NOTES,
    REAL,
    SAMPLES,
    URBAN,
    VALUES,
    fill,
    sheet,
)
from vectorstore.store import Store
from vectorstore.types import Modality, QuantityKind


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = fill(tmp_path_factory.mktemp("draft"), [SAMPLES / name for name in FILES])
    yield store
    store.close()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "素材.md"
    path.write_text(NOTES, "utf-8")
    return path


@pytest.fixture
def figures(store: Store, tmp_path: Path) -> Path:
    return sheet(store, tmp_path / "填报表.csv", HEALTH, 2026, VALUES)


def make(store: Store, org: str = HEALTH, year: int = 2026, **files: Path | bool) -> Draft:
    return draft(store, LEXICON, Request("report", org, year, **files))  # type: ignore[arg-type]


def words(document: OfficialDocument) -> str:
    """The words of a document outside of its blanks and suggestions."""
    kept = [s.text for s in walk(document) if not isinstance(s, Placeholder | Suggestion)]
    return re.sub("【待[^】]*】", "", "".join(kept))


def check_complete(store: Store, made: Draft, year: int) -> None:
    """What must hold for any draft of any bureau."""
    proof = prove(made, LEXICON)
    assert [c.quantity.text for c in proof.checked if not c.good] == []
    assert proof.report.parts == ORDER
    numbers = [s.number for s in proof.report.sections if s.level == 1]
    assert numbers == ["一、", "二、", "三、", "四、", "五、", "六、", "七、"][: len(numbers)]
    blanks = "".join(unfinished(made.document))
    base = made.sources[0].year
    for row in store.quantities():
        q = row.quantity
        if (row.org, q.kind, q.modality) != (made.org, QuantityKind.QUANTITY, Modality.ACTUAL):
            continue
        if row.year == base and row.report_id == made.rows[0].report_id:
            shown = printed(q) in blanks or q.text in blanks
            assert shown or row.quantity.start in _filled(made), (q.text, q.indicator)
    assert f"{base}年，" not in words(made.document)


def _filled(made: Draft) -> set[int]:
    """Places of last year's figures whose comments say they were filled or computed."""
    commented = "\n".join(s.comment for s in walk(made.document) if isinstance(s, Figure))
    return {
        row.quantity.start
        for row in made.rows
        if row.report_id == made.rows[0].report_id
        and (row.sentence.strip()[:20] in commented or "算得" in commented)
    }


@pytest.mark.parametrize("org", [HEALTH, MARKET, URBAN])
def test_a_draft_without_figures_has_only_blanks(store: Store, org: str) -> None:
    made = make(store, org)
    check_complete(store, made, 2026)
    aims = [s for s in walk(made.document) if isinstance(s, Figure)]
    assert all("计划目标" in figure.comment for figure in aims)


REAL_FILES = sorted(REAL.glob("*.txt")) if REAL.exists() else []


@pytest.mark.skipif(not REAL_FILES, reason="the real reports are not beside this repository")
@pytest.mark.parametrize("path", REAL_FILES, ids=lambda p: p.stem[:3])
def test_a_draft_from_a_real_report(path: Path, tmp_path: Path) -> None:
    store = fill(tmp_path, [path])
    row = store.reports()[0]
    assert row.year is not None
    check_complete(store, make(store, row.org, row.year + 1), row.year + 1)
    store.close()


def test_figures_come_from_the_sheet_in_last_years_style(store: Store, figures: Path) -> None:
    made = make(store, figures=figures)
    check_complete(store, made, 2026)
    text = words(made.document)
    assert "全年行政处罚立案41件，比上年增长13.9%，其中简易程序16件、普通程序25件；" in text
    assert "罚没款20.13万元，比上年增长10.0%" in text
    assert "其中跨部门联合抽查28户，占20.0%" in text
    assert "接受法律咨询4500余人次" in text
    filed = next(s for s in walk(made.document) if isinstance(s, Figure) and s.text == "41件")
    assert re.match(r"来自指标填报表 第\d+行\n2025年：36件", filed.comment)
    assert "【待填：比上年变化（2025年：提高0.3个百分点）】" in unfinished(made.document)


def test_a_fall_is_said_as_a_fall(store: Store, tmp_path: Path) -> None:
    path = sheet(store, tmp_path / "s.csv", HEALTH, 2026, {"行政处罚立案": "27", "罚没款": "18.3"})
    text = words(make(store, figures=path).document)
    assert "立案27件，比上年下降25.0%" in text
    assert "罚没款18.3万元，与上年持平" in text


def test_the_same_value_as_last_year_is_no_stale_figure(store: Store, tmp_path: Path) -> None:
    path = sheet(store, tmp_path / "s.csv", HEALTH, 2026, {"行政处罚立案": "36", "结案": "35"})
    check_complete(store, make(store, figures=path), 2026)


def test_notes_fill_blanks_find_their_section_and_set_new_targets(
    store: Store, notes: Path
) -> None:
    made = make(store, notes=notes)
    check_complete(store, made, 2026)
    text = words(made.document)
    assert "举办法治培训13场" in text
    assert "举办法治培训不少于15场" in text
    assert "网络直播带货监管人员少" in text
    assert "建设非现场执法取证室1间" in text
    at = text.index("监测点位达到36个")
    assert text.index("法治政府") < at < text.index("存在的不足")
    comments = {s.comment.split("\n")[0] for s in walk(made.document) if isinstance(s, Figure)}
    assert "来自工作素材 第2段" in comments


def test_commitments_are_told_done_missed_or_unknown(store: Store, notes: Path) -> None:
    made = make(store, notes=notes)
    table = next(
        b for b in made.document.body if isinstance(b, TableBlock) and "落实情况" in b.caption
    )
    rows = {}
    for row in table.rows:
        cells = ["".join(s.text for s in c) if isinstance(c, tuple) else c for c in row]
        rows[cells[1]] = cells[2:]
    assert rows["加强执法队伍建设：举办法治培训"] == ["计划不少于12场", "已完成，实际13场"]
    assert rows["推进智慧监管：监测点位"] == ["计划40个", "未达到目标，实际36个"]
    unknown = rows["深化精准普法：培育乡村卫生法治宣传骨干"]
    assert unknown == ["计划60名", "【待填：完成数（2026年计划：60名）】"]


def test_what_is_done_is_not_planned_again(store: Store, notes: Path) -> None:
    partly = words(make(store, notes=notes).document).partition("2027年度工作安排")[2]
    assert "规范新业态监管" in partly  # of 严肃查处违法广告 the notes say nothing
    notes.write_text(
        NOTES.replace("## 普法", "- 查处违法广告和无证行医行为7起\n\n## 普法"), "utf-8"
    )
    made = make(store, notes=notes)
    plan = words(made.document).partition("2027年度工作安排")[2]
    assert "规范新业态监管" not in plan
    assert "推进智慧监管" in plan
    assert any("规范新业态监管" in note for note in made.notes)


def _followed(made: Draft) -> dict[str, str]:
    """What was planned and what came of it, as the table says it."""
    table = next(b for b in made.document.body if isinstance(b, TableBlock))
    assert "落实情况" in table.caption
    text = [["".join(s.text for s in spans_of(cell)) for cell in row] for row in table.rows]
    return {row[1]: row[3] for row in text}


def test_a_note_tells_of_its_own_clause_and_leaves_the_others_open(tmp_path: Path) -> None:
    text = (
        "青岚县水务局2025年法治政府建设工作总结\n一、主要工作\n全年立案12件。\n"
        "二、存在问题\n执法力量不足。\n三、2026年打算\n"
        "（一）统一办案标准。编印取水案件办案手册，每季度召开一次片区会商会，让类案同样处理。\n"
        "（二）充实执法力量。\n"
    )
    notes = tmp_path / "素材.md"
    notes.write_text("取水案件办案手册已编印成册。\n", "utf-8")
    made = _drafted(tmp_path, text, notes=notes)
    told = _followed(made)
    assert "办案手册" in told["统一办案标准：编印取水案件办案手册"]
    assert told["统一办案标准：定期召开片区会商会，让类案同样处理"] == "【待填：完成情况】"
    assert "统一办案标准" in words(made.document).partition("2027年打算")[2]


def test_points_that_are_headings_alone_are_followed_up(tmp_path: Path) -> None:
    text = (
        "青岚县水务局2025年法治政府建设工作总结\n一、主要工作\n全年立案12件。\n"
        "二、存在问题\n执法力量不足。\n三、2026年打算\n（一）规范案卷评查，不断提高办案质量。\n"
        "（二）举办法治培训不少于6期。\n（三）建成非现场取证室。\n"
    )
    notes = tmp_path / "素材.md"
    notes.write_text("建成非现场取证室并投入使用。\n举办法治培训7期。\n", "utf-8")
    told = _followed(_drafted(tmp_path, text, notes=notes))
    assert told["规范案卷评查，不断提高办案质量"] == "【待填：完成情况】"
    assert told["举办法治培训"] == "已完成，实际7期"
    assert "投入使用" in told["建成非现场取证室"]


def test_sheet_and_notes_that_disagree_are_for_a_person(
    store: Store, notes: Path, tmp_path: Path
) -> None:
    path = sheet(store, tmp_path / "s.csv", HEALTH, 2026, {"法治培训": "14"})
    made = make(store, figures=path, notes=notes)
    assert any("13场（工作素材第5段）或14场（填报表）" in b for b in unfinished(made.document))
    check_complete(store, made, 2026)


def test_practices_of_others_are_suggestions_without_figures(store: Store) -> None:
    made = make(store, peers=True)
    found = [s for s in walk(made.document) if isinstance(s, Suggestion) and "借鉴" in s.text]
    assert found
    assert all(HEALTH not in s.comment and "报告" in s.comment for s in found)
    assert not any(re.search(r"\d", s.text.partition("：")[2]) for s in found)
    assert {s.kind for s in made.sources} == {"report", "peer"}


def test_bad_rows_of_a_sheet_are_named_and_nothing_is_written(store: Store, tmp_path: Path) -> None:
    path = sheet(store, tmp_path / "s.csv", HEALTH, 2026, {"行政处罚立案": "很多", "结案": "-3"})
    with pytest.raises(FillInError, match="2 行需要改正"):
        make(store, figures=path)


def test_an_unknown_year_is_refused(store: Store) -> None:
    with pytest.raises(NoEarlierReportError):
        make(store, year=2025)


def test_an_older_report_is_used_and_said_so(store: Store) -> None:
    made = make(store, year=2028)
    assert "2025年的报告" in made.notes[0]
    assert "2028年度法治政府建设报告" in made.document.title


def test_a_missing_part_is_added_with_blanks(tmp_path: Path) -> None:
    text = (
        "青岚县水务局2025年法治政府建设工作总结\n2025年，青岚县水务局推进依法治水，现将情况报告如下：\n"
        "一、主要工作\n全年开展普法活动12场次，发放资料3000余份。\n二、存在问题\n执法力量不足。\n"
    )
    (tmp_path / "a.txt").write_text(text, "utf-8")
    store = fill(tmp_path / "home", [tmp_path / "a.txt"])
    made = make(store, "青岚县水务局")
    check_complete(store, made, 2026)
    assert sum("上年报告没有" in note for note in made.notes) == 3
    headings = [b.text for b in made.document.body if isinstance(b, Heading) and b.level == 1]
    assert "党政主要负责人履行推进法治建设第一责任人职责情况" in headings
    assert any(
        isinstance(b, Paragraph) and b.heading and "执法力量不足" in b.heading.text
        for b in made.document.body
    )
    store.close()


@pytest.mark.parametrize("suffix", ["docx", "md"])
def test_the_written_file_verifies_against_its_evidence(
    store: Store, figures: Path, notes: Path, tmp_path: Path, suffix: str
) -> None:
    made = make(store, figures=figures, notes=notes)
    written = write(made, tmp_path / f"x.{suffix}", LEXICON)
    assert written.unbound == ()
    found = verify_draft(written.path)
    assert found is not None
    assert [c.quantity.text for c in found.checked if not c.good] == []
    assert len(found.checked) >= len(written.checked)


def test_an_edit_by_hand_is_noticed(store: Store, figures: Path, tmp_path: Path) -> None:
    written = write(make(store, figures=figures), tmp_path / "x.md", LEXICON)
    text = written.path.read_text("utf-8")
    written.path.write_text(text.replace("立案41件", "立案47件", 1), "utf-8")
    found = verify_draft(written.path)
    assert found is not None
    assert next(c for c in found.checked if not c.good).quantity.text == "47件"


def test_evidence_keeps_every_figure_exactly(store: Store, figures: Path, tmp_path: Path) -> None:
    made = make(store, figures=figures)
    written = write(made, tmp_path / "x.docx", LEXICON)
    again = read_evidence(written.evidence)
    assert (again.org, again.year) == (HEALTH, 2026)
    assert again.rows == prove(made, LEXICON).rows
    payload = written.to_json()
    assert payload.keys() >= {"path", "placeholders", "quantities", "engine"}
    assert payload["engine"] == "extractive"
    assert all(set(q) >= {"text", "start", "end", "verdict"} for q in payload["quantities"])


def test_the_same_inputs_give_the_same_bytes(store: Store, figures: Path, tmp_path: Path) -> None:
    files = [tmp_path / "a.docx", tmp_path / "b.docx"]
    for path in files:
        write(make(store, figures=figures, peers=True), path, LEXICON)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_clean_copy_is_refused_while_blanks_remain(store: Store, tmp_path: Path) -> None:
    made = make(store)
    path = tmp_path / "x.docx"
    with pytest.raises(UnfinishedError, match="待填"):
        write(made, path, LEXICON, clean=True)
    assert not path.exists()
    assert not path.with_suffix(".evidence.json").exists()
    assert write(made, path, LEXICON, clean=True, force=True).path.exists()


def test_a_clean_copy_is_refused_for_a_figure_without_a_source(
    store: Store, tmp_path: Path
) -> None:
    made = make(store)
    body = (Heading(1, "主要举措"), Paragraph((Figure("行政处罚立案88件", "无"),)))
    bare = replace(made, document=replace(made.document, body=body, date="2027年1月15日"))
    with pytest.raises(UnfinishedError, match="88件"):
        write(bare, tmp_path / "x.docx", LEXICON, clean=True)


def test_only_docx_and_markdown_are_written(store: Store, tmp_path: Path) -> None:
    with pytest.raises(DraftFileError, match="pdf"):
        write(make(store), tmp_path / "x.pdf", LEXICON)


def test_the_command_prints_one_document(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from assistant.cli.main import app

    home = tmp_path / "home"
    fill(home, [SAMPLES / FILES[0]]).close()
    monkeypatch.setenv("FAZHI_HOME", str(home))
    output = tmp_path / "x.docx"
    command = [
        "draft",
        "report",
        "--org",
        "岚泊卫健局",
        "--year",
        "2026",
        "-o",
        str(output),
        "--json",
    ]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    payload = json.loads(result.stdout)
    assert payload["path"] == str(output)
    assert output.exists()
    assert payload["placeholders"]


ODD = {
    "headingless": (
        "青岚县教育局二〇二五年法治政府建设工作总结\n"
        "二〇二五年以来，我局共办理行政许可事项３２件，同比增长１４.３％；开展活动百余场次。\n"
        "一是健全制度。召开专题会议6次。二是规范执法。立案3起，罚款1.2万元。\n"
        "存在的问题：执法力量不足，仅有执法人员4名。\n"
        "2026年，我局将：一是开展法治培训不少于8场；二是新建法治教育基地2个。\n"
    ),
    "half_width": (
        "关于2025年度法治政府建设情况的报告\n县政府:\n"
        "按照要求,现将临溪县水利局2025年度法治政府建设情况报告如下.\n"
        "1、执法方面\n全年巡查河道312次,立案查处7起,罚没款9.6万元(其中罚款8万元),结案率100%.\n"
        "2、问题与不足\n执法装备陈旧;普法形式单一.\n3、下步打算\n力争新增执法人员2名.\n临溪县水利局\n"
    ),
    "tables": (
        "白石市城市管理局2025年度法治政府建设年度报告\n一、主要举措和成效\n执法数据如下：\n"
        "类别\t2024年\t2025年\n立案数（件）\t120\t134\n罚款（万元）\t33.5\t41.2\n"
        "序号\t项目\t数量\n1\t培训（场）\t9\n"
        "二、存在的主要问题及下一步工作安排\n（一）存在问题。基层执法力量薄弱。\n"
        "（二）下一步打算。一是举办培训10场。二是完成平台升级。\n"
    ),
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_draft_from_an_odd_report(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text, "utf-8")
    store = fill(tmp_path / "home", [tmp_path / "a.txt"])
    org = store.reports()[0].org
    check_complete(store, make(store, org), 2026)
    plan = draft(store, LEXICON, Request("plan", org, 2026))
    assert [c.quantity.text for c in prove(plan, LEXICON).checked if not c.good] == []
    store.close()


def test_a_column_of_the_year_before_becomes_last_years(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ODD["tables"], "utf-8")
    store = fill(tmp_path / "home", [tmp_path / "a.txt"])
    made = make(store, store.reports()[0].org)
    table = next(b for b in made.document.body if isinstance(b, TableBlock))
    assert table.columns == ("类别", "2025年", "2026年")
    first = ["".join(s.text for s in cell) for cell in table.rows[0]]  # type: ignore[union-attr]
    assert first == ["立案数（件）", "134", "【待填：立案数（2025年：134件）】"]
    store.close()


def _drafted(tmp_path: Path, text: str, **files: Path | bool) -> Draft:
    """The draft of 2026 from a report of our own."""
    (tmp_path / "a.txt").write_text(text, "utf-8")
    store = fill(tmp_path / "home", [tmp_path / "a.txt"])
    made = make(store, store.reports()[0].org, **files)
    check_complete(store, made, 2026)
    store.close()
    return made


def test_a_shortcoming_is_quoted_though_a_numeral_stands_in_it(tmp_path: Path) -> None:
    text = (
        "青岚县水务局2025年法治政府建设工作总结\n一、主要工作\n全年立案12件。\n"
        "二、存在问题\n（一）裁量尺度不够统一。\n（二）一人多岗现象普遍。\n三、2026年打算\n抓好学习。\n"
    )
    shown = "".join(s.text for s in walk(_drafted(tmp_path, text).document))
    assert "“裁量尺度不够统一”" in shown
    assert "“一人多岗现象普遍”" in shown


def test_what_leads_in_to_shortcomings_is_none(tmp_path: Path) -> None:
    text = (
        "青岚县水务局2025年法治政府建设工作总结\n一、主要工作\n全年立案12件。\n"
        "二、存在问题\n成绩之外,还存在一些不足。普法针对性不强。信息化手段薄弱,数据未打通。\n"
        "三、2026年打算\n抓好学习。\n"
    )
    shown = "".join(s.text for s in walk(_drafted(tmp_path, text).document))
    assert "针对“普法针对性不强”" in shown
    assert "针对“信息化手段薄弱”" in shown
    assert "针对“还存在一些不足”" not in shown


def test_a_number_nobody_can_read_is_not_repeated(tmp_path: Path) -> None:
    text = (
        "青岚县水务局2025年法治政府建设工作总结\n2025年，青岚县水务局推进依法治水，现将情况报告如下：\n"
        "一、主要工作\n（1）推行“721工作法”，接听12345热线，建设5G站点，巡河里程指数987.5，达到好的水平。\n"
        "二、存在问题\n执法力量不足。\n"
    )
    (tmp_path / "a.txt").write_text(text, "utf-8")
    store = fill(tmp_path / "home", [tmp_path / "a.txt"])
    made = make(store, store.reports()[0].org)
    kept = words(made.document)
    assert "987" not in kept
    assert all(name in kept for name in ("（1）", "“721工作法”", "12345热线", "5G站点"))
    store.close()
