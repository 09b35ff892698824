from __future__ import annotations

from pathlib import Path

import pytest

from vectorstore.indicators import IndicatorFileError, Lexicon, load_lexicon
from vectorstore.types import Dimension

LEXICON = load_lexicon()


@pytest.mark.parametrize(
    ("phrase", "dimension", "key"),
    [
        ("行政处罚立案", Dimension.ITEM, "penalty_filed"),
        ("立案", Dimension.CASE, "penalty_filed"),
        ("查处行政处罚案件", Dimension.CASE, "penalty_filed"),
        ("立案查处违法案件", Dimension.CASE, "penalty_filed"),
        ("作出行政处罚", Dimension.CASE, "penalty_decided"),
        ("作出行政处罚决定", Dimension.COPY, "penalty_decided"),
        ("行政处罚结案", Dimension.CASE, "case_closed"),
        ("案件完结率", Dimension.PERCENT, "closing_rate"),
        ("行政处罚立案·简易程序", Dimension.CASE, "penalty_summary"),
        ("行政处罚立案·一般程序", Dimension.CASE, "penalty_ordinary"),
        ("罚没", Dimension.MONEY, "fines_confiscations"),
        ("罚没金额", Dimension.MONEY, "fines_confiscations"),
        ("罚没收入", Dimension.MONEY, "fines_confiscations"),
        ("罚没款", Dimension.MONEY, "fines_confiscations"),
        ("拟罚没款", Dimension.MONEY, "fines_proposed"),
        ("履行罚没款", Dimension.MONEY, "fines_collected"),
        ("罚款", Dimension.MONEY, "fine"),
        ("没收违法所得", Dimension.MONEY, "confiscated_gains"),
        ("警告", Dimension.ITEM, "warning"),
        ("受理依申请公开", Dimension.CASE, "disclosure_requests"),
        ("主动公开政府信息", Dimension.COPY, "disclosure"),
        ("办理行政审批事项", Dimension.CASE, "licensing"),
        ("审批事项办结", Dimension.CASE, "licensing_done"),
        ("受理投诉举报", Dimension.CASE, "complaints"),
        ("投诉举报办结", Dimension.CASE, "complaints_done"),
        ("信访积案化解", Dimension.CASE, "petition_backlog"),
        ("双随机、一公开检查任务", Dimension.HOUSEHOLD, "double_random"),
        ("卫生计生综合监督检查", Dimension.HOUSEHOLD_TIME, "inspections"),
        ("群众满意度", Dimension.PERCENT, "satisfaction"),
        ("办结满意率", Dimension.PERCENT, "proposals_rate"),
        ("提供法律意见", Dimension.OCCASION, "legal_opinions"),
        ("审核规范性文件", Dimension.COPY, "documents_reviewed"),
        ("代理行政诉讼案件", Dimension.CASE, "litigation"),
        ("法治培训", Dimension.OCCASION, "trainings"),
        ("以案释法培训覆盖", Dimension.PERSON_TIME, "trained"),
        ("党组会前学法", Dimension.OCCASION, "law_study"),
        ("发放宣传册", Dimension.COPY, "publicity_materials"),
        ("多场景应急演练", Dimension.OCCASION, "drills"),
        ("查办各类案件", Dimension.CASE, "penalty_filed"),
        ("立案办结", Dimension.CASE, "case_closed"),
        ("召开党组会议研究法治工作", Dimension.OCCASION, "law_meetings"),
        ("听取法治工作汇报", Dimension.OCCASION, "reports_heard"),
        ("行政机关负责人出庭应诉", Dimension.PERCENT, "chief_in_court_rate"),
        ("执法人员持证上岗", Dimension.PERCENT, "certified_rate"),
        ("首违免罚", Dimension.OCCASION, "no_penalty"),
        ("民法典…等专题学习", Dimension.OCCASION, "law_study"),
    ],
)
def test_the_most_specific_alias_wins(phrase: str, dimension: Dimension, key: str) -> None:
    assert LEXICON.match(phrase, dimension) == key


@pytest.mark.parametrize(
    ("phrase", "dimension"),
    [
        ("立案同比增幅", Dimension.PERCENT),
        ("罚款、没收违法所得合计", Dimension.MONEY),
        ("食品安全·立案", Dimension.CASE),
        ("行政处罚权力", Dimension.CASE),
        ("行政处罚案卷评为优秀案卷", Dimension.CASE),
        ("审批服务反映窗口", Dimension.ITEM),
        ("规范性文件需废止", Dimension.CASE),
        ("信访工作法治化培训", Dimension.CASE),
        ("办理卫生许可…等业务", Dimension.CASE),
        ("道路运输领域立案", Dimension.CASE),
        ("公安机关立案", Dimension.CASE),
        ("批示重要执法案件", Dimension.CASE),
        ("信访按期办结率", Dimension.PERCENT),
        ("数字城管案件结案", Dimension.CASE),
        ("行政处罚案件复议纠错", Dimension.CASE),
        ("免罚清单事项", Dimension.ITEM),
        ("建议提案办复率", Dimension.PERCENT),
        ("抽查合同", Dimension.COPY),
        ("正面清单企业免现场检查", Dimension.HOUSEHOLD),
        ("签批重大行政案件", Dimension.CASE),
        ("查处渣土运输违法", Dimension.CASE),
        ("参加法治培训", Dimension.OCCASION),
        ("乡镇平均专职执法人员", Dimension.PERSON),
        ("执法案卷获评优秀案卷", Dimension.CASE),
        ("审核行政处罚案件", Dimension.CASE),
        ("行政复议、行政调解案件", Dimension.CASE),
        ("复议案件·办结案件", Dimension.CASE),
        ("合法性审核通过率", Dimension.PERCENT),
        ("政务事项平均提交材料", Dimension.ITEM),
        ("立案", Dimension.MONEY),
        ("购置执法记录仪", Dimension.ITEM),
        ("减免罚款", Dimension.MONEY),
        ("", Dimension.CASE),
    ],
)
def test_what_only_looks_like_an_indicator(phrase: str, dimension: Dimension) -> None:
    assert LEXICON.match(phrase, dimension) == ""


def test_the_parent_helps() -> None:
    assert LEXICON.match("简易程序", Dimension.CASE, "行政处罚立案") == "penalty_summary"
    assert LEXICON.match("立案", Dimension.CASE, "食品安全") == ""


def test_the_shipped_table_is_sound() -> None:
    keys = LEXICON.indicators.keys()
    assert len(keys) >= 70
    for indicator in LEXICON.indicators.values():
        assert not indicator.parent or indicator.parent in keys
        rate = set(indicator.dimensions) == {Dimension.PERCENT}
        assert (indicator.aggregation == "none") == rate
        for dimension in indicator.dimensions[:1]:
            assert LEXICON.match(indicator.name, dimension) == indicator.key


def _extra(folder: Path, text: str) -> Lexicon:
    file = folder / "extra.yaml"
    file.write_text(text, "utf-8")
    return load_lexicon(file)


def test_a_users_file_adds_and_replaces(tmp_path: Path) -> None:
    lexicon = _extra(
        tmp_path,
        "indicators:\n"
        "  - {key: blood, name: 无偿献血人次, aliases: [献血], dimensions: [person_time]}\n"
        "  - {key: warning, name: 警告（改）, aliases: [训诫], dimensions: [case]}\n",
    )
    assert lexicon.match("组织献血", Dimension.PERSON_TIME) == "blood"
    assert lexicon.match("训诫", Dimension.CASE) == "warning"
    assert lexicon.indicators["warning"].name == "警告（改）"
    assert load_lexicon().match("组织献血", Dimension.PERSON_TIME) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("indicators:\n  - {key: a, name: 甲, dimension: [case]}\n", "第 2 行（a）"),
        ("indicators:\n  - {key: b, name: 乙, dimensions: [案]}\n", "第 2 行（b）"),
        ("indicators:\n  - {key: c, name: 丙\n", "第 3 行"),
        ("items: []\n", "indicators"),
        ("", "indicators"),
    ],
)
def test_a_wrong_file_is_refused_by_line_and_entry(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(IndicatorFileError) as caught:
        _extra(tmp_path, text)
    assert "extra.yaml" in str(caught.value)
    assert named in str(caught.value)
    assert caught.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndicatorFileError):
        load_lexicon(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("phrase", "unit", "key"),
    [
        ("行政许可", "项", ""),
        ("行政许可", "件", "licensing"),
        ("办理行政许可", "项", "licensing"),
        ("审批服务事项", "个", ""),
        ("行政处罚", "项", ""),
        ("作出行政处罚", "项", "penalty_decided"),
        ("立案", "个", "penalty_filed"),
        ("轻微违法行为实行首违不罚", "项", ""),
    ],
)
def test_entries_of_a_catalogue_are_no_deeds(phrase: str, unit: str, key: str) -> None:
    assert LEXICON.match(phrase, Dimension.ITEM, unit=unit) == key
