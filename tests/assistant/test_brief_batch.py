"""What goes wrong in a batch is said in the brief, and nothing is counted twice or to another."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from assistant.brief import NOT_SUBMITTED, Brief, NothingToTellError
from tests.assistant.brief_library import (
    brief_of,
    library,
    report_text,
    words_of,
    write_reports,
)
from vectorstore.store import Store

LONG = (
    "局党组坚持把依法行政贯穿履职全过程，研究制定年度工作要点并分解到每一个科室。"
    "建立案件集体讨论制度，疑难案件由法制机构牵头会商后再作决定。"
    "在办事大厅开设法律咨询窗口，由两名公职律师轮流值守，受到来访群众欢迎。"
    "对辖区内重点单位逐户建档，风险高的增加巡查频次，风险低的减少打扰。"
    "与相邻乡镇签订联勤协议，遇有跨界线索当天移交、当天反馈、当天入账。"
    "把典型案例编成口袋书，送到集贸市场和工地，让经营户看得懂、记得住、用得上。"
    "每季度邀请代表委员旁听案件审议会，听取意见后逐条答复，整改结果在公告栏张贴。"
    "组织新录用人员到窗口和中队各锻炼三个月，期满考核合格后才能独立承办案件。"
)


def cells(brief: Brief, indicator: str) -> dict[str, str]:
    """Text by bureau of one column of the main tables."""
    return {
        cell.org: cell.text
        for table in brief.tables
        if table.columns[0] == "单位" and "对比" not in table.title
        for cell in table.cells
        if cell.indicator == indicator
    }


def total(brief: Brief, indicator: str) -> Decimal | None:
    return next(
        cell.value
        for table in brief.tables
        for cell in table.cells
        if (cell.org, cell.indicator) == ("合计", indicator)
    )


def test_reports_that_name_no_bureau_are_told_apart_by_their_figures(tmp_path: Path) -> None:
    """Of one template with figures of their own each counts; a second copy of a report does not."""
    texts = {
        f"{name}.txt": report_text(org, measures=f"{LONG}全年行政处罚立案{filed}件。")
        for name, org, filed in (
            ("甲", "", 31), ("乙", "", 57), ("丙", "青禾县水利局", 83), ("丙的副本", "", 83),
        )
    }  # fmt: skip
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        assert sum(not row.org for row in store.reports()) == 3
        brief = brief_of(store, tmp_path)
        assert total(brief, "行政处罚立案") == 31 + 57 + 83
        assert "83件" in cells(brief, "行政处罚立案")["青禾县水利局"]
        assert str(tmp_path) not in words_of(brief)


def test_twins_in_words_keep_their_own_figures(tmp_path: Path) -> None:
    """Two bureaus with one text and different figures: each cell and quote from its own report."""
    texts = {
        f"{org}.txt": report_text(
            org,
            measures=f"{LONG}全年行政处罚立案{filed}件，罚没款{fines}万元。首创“{coin}”工作法。",
            shortcomings=f"一是执法力量薄弱，缺编{short}人；二是信息化建设滞后。",
        )
        for org, filed, fines, coin, short in (
            ("青禾县水利局", 31, "4.2", "河湖夜谈", 3),
            ("赤岭县水利局", 57, "9.6", "河湖晨会", 8),
        )
    }
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        brief = brief_of(store, tmp_path)
        assert cells(brief, "行政处罚立案") == {"青禾县水利局": "31件", "赤岭县水利局": "57件"}
        assert total(brief, "行政处罚立案") == 88
        assert total(brief, "罚没款") == 138_000
        _sources_are_their_own(brief, store)
        told = words_of(brief)
        assert "青禾县水利局：“一是" not in told
        assert "河湖夜谈" in told
        for org, mine, theirs in (
            ("青禾县水利局", "缺编3人", "缺编8人"),
            ("赤岭县水利局", "缺编8人", "缺编3人"),
        ):
            after = told.split(f"{org}：")[1:]
            assert any(mine in said[:60] for said in after)
            assert not any(theirs in said.split("局：")[0][:60] for said in after)
        assert "文字与赤岭县水利局报告相同，但数字不同" in told


def _sources_are_their_own(brief: Brief, store: Store) -> None:
    for table in brief.tables:
        for cell in table.cells:
            if cell.source:
                assert store.report(cell.source.report_id).org == cell.org == cell.source.org


def test_another_bureaus_figure_in_a_report_is_not_its_own(tmp_path: Path) -> None:
    texts = {
        "甲.txt": report_text(
            "青禾县林业局", measures="全年行政处罚立案5件。配合行动，赤岭县公安局行政处罚立案90件。"
        ),
        "乙.txt": report_text("赤岭县林业局", measures="全年行政处罚立案7件。"),
    }
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        brief = brief_of(store, tmp_path)
    assert cells(brief, "行政处罚立案") == {"青禾县林业局": "5件", "赤岭县林业局": "7件"}
    assert total(brief, "行政处罚立案") == 12


def test_odd_reports_of_a_batch_are_said_and_not_counted_twice(tmp_path: Path) -> None:
    texts = {
        "甲局.txt": report_text("青禾县林业局", measures="全年行政处罚立案5件。"),
        "甲局副本.txt": report_text("青禾县林业局", measures="全年行政处罚立案5件。"),
        "乙局.txt": report_text("赤岭县林业局", measures="全年行政处罚立案7件。"),
        "乙局改.txt": report_text("赤岭县林业局", measures="全年行政处罚立案9件。"),
        "丙局.txt": report_text("白石县林业局", 2024, measures="全年行政处罚立案70件。"),
        "丁局.txt": report_text("黑水县林业局", measures="各项工作取得进展。", plans="继续努力。"),
        "戊局.txt": report_text(
            "黄沙县林业局", measures="全年行政处罚立案4件。", shortcomings=None
        ),
    }
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        assert len(store.reports()) == 5
        brief = brief_of(store, tmp_path, year=2025)
        assert brief.coverage.reports == brief.coverage.covered == 4
        everything = brief_of(store, tmp_path)
        assert everything.coverage.reports == everything.coverage.covered == 5
    assert total(brief, "行政处罚立案") == 5 + 9 + 4
    assert cells(brief, "行政处罚立案")["白石县林业局"] == NOT_SUBMITTED
    told = words_of(brief)
    assert "重复报送" in told
    assert "甲局副本.txt" in told
    assert "不止一个版本" in told
    assert "报送的是2024年度报告，不是2025年度" in told
    assert "全文没有数字" in told
    assert "缺少规定部分：存在的不足和原因" in told


def test_two_versions_under_two_names_of_one_bureau_count_once(tmp_path: Path) -> None:
    texts = {
        "a.txt": report_text("青禾县卫健局", measures=f"{LONG}全年行政处罚立案31件。"),
        "b.txt": report_text(
            "青禾县卫生健康局", measures=f"{LONG}全年行政处罚立案33件，罚没款2万元。"
        ),
        "c.txt": report_text("赤岭县卫生健康局", measures="全年行政处罚立案4件。"),
    }
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        brief = brief_of(store, tmp_path)
    assert brief.coverage.reports == brief.coverage.covered == 3
    assert total(brief, "行政处罚立案") == 33 + 4
    assert "没有重复计入" in words_of(brief) or "没有计入，避免重复" in words_of(brief)


def test_last_years_text_sent_again_is_noticed(tmp_path: Path) -> None:
    said = f"{LONG}全年行政处罚立案31件，罚没款3.5万元，培训120人次。"
    texts = {
        f"{year}.txt": report_text("青禾县水利局", year, measures=said) for year in (2024, 2025)
    }
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        assert "与本单位2024年报告相同，疑似未更新" in words_of(brief_of(store, tmp_path))


def test_a_frequency_is_no_total(tmp_path: Path) -> None:
    texts = {
        "a.txt": report_text("青禾县水利局", measures="执法人员每月参加1次法治培训。"),
        "b.txt": report_text("赤岭县水利局", measures="全年举办法治培训6次。"),
        "c.txt": report_text("白石县水利局", measures="全年举办法治培训4次。"),
    }
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        assert total(brief_of(store, tmp_path), "法治培训") == 10


def test_the_roster_decides_who_has_not_reported(tmp_path: Path) -> None:
    texts = {"a.txt": report_text("青禾县水利局"), "b.txt": report_text("赤岭县水利局")}
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        brief = brief_of(store, tmp_path, orgs=("青禾县水利局", "白石县水利局"))
        assert cells(brief, "行政处罚立案") == {
            "青禾县水利局": "14件",
            "白石县水利局": NOT_SUBMITTED,
        }
        assert "未报送的是白石县水利局" in words_of(brief).replace("\n", "")
        with pytest.raises(NothingToTellError):
            brief_of(store, tmp_path, orgs=("无人岛水利局",))


def test_a_report_without_a_name_is_never_joined_with_another(tmp_path: Path) -> None:
    plain = "2025年法治政府建设工作情况报告\n一、主要举措和成效\n全年行政处罚立案{}件。\n"
    texts = {f"{n}.txt": plain.format(n) + "二、存在的不足\n执法力量薄弱。\n" for n in (3, 5)}
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        brief = brief_of(store, tmp_path)
    assert brief.coverage.reports == brief.coverage.covered == 2
    assert total(brief, "行政处罚立案") == 8
    assert "没有写明报送单位" in words_of(brief)


COUNTED = (
    *(
        "行政处罚立案{n}件，结案{n}件",
        "罚没款{n}万元",
        "简易程序{n}件",
        "普通程序{n}件",
        "移送案件{n}件",
    ),
    *(
        "责令改正{n}件",
        "下达监督意见书{n}份",
        "出动执法人员{n}人次",
        "双随机抽查{n}户",
        "监督检查{n}户次",
    ),
    *(
        "评查案卷{n}份",
        "持证执法人员{n}人",
        "审查合同{n}份",
        "制定规范性文件{n}件",
        "清理规范性文件{n}件",
    ),
    *(
        "办理行政许可{n}件",
        "群众满意度{n}%",
        "主动公开政务信息{n}条",
        "受理依申请公开{n}件",
        "受理投诉举报{n}件",
    ),
    *(
        "办理信访件{n}件",
        "化解矛盾纠纷{n}件",
        "办理行政复议{n}件",
        "行政诉讼{n}件",
        "办理提案{n}件",
    ),
    *(
        "党组会议学法{n}次",
        "举办法治培训{n}期",
        "开展普法活动{n}场次",
        "发放宣传资料{n}份",
        "应急演练{n}次",
    ),
)


def test_nothing_half_of_the_bureaus_state_is_left_out(tmp_path: Path) -> None:
    texts = {
        f"{place}.txt": report_text(
            f"{place}县林业局",
            measures="".join(f"{said.format(n=n + 11)}。" for said in COUNTED[: 30 - n]),
        )
        for n, place in enumerate(("青禾", "赤岭", "白石"))
    }
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        brief = brief_of(store, tmp_path)
    for indicator in ("行政复议案件", "审查合同", "行政处罚立案", "法治培训"):
        assert len(cells(brief, indicator)) == 3, indicator
    named = {cell.indicator for table in brief.tables for cell in table.cells}
    assert len(named) > 24
