"""The five real reports: every figure a careful reader lists, by value, unit and a few characters.

Counted and read by hand, line by line, against the printed reports.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from vectorstore.indicators import load_lexicon
from vectorstore.parse import parse
from vectorstore.quantities import extract
from vectorstore.types import Modality, Quantity, QuantityKind

EXPECTED = {
    "巨鹿": """45家公共场所 83家检查 14个立案 6个简易 8个一般 20个警告 135195.8元罚没 100%完结率
        100%合格率""",
    "许昌": """2个决策 1060篇信息 8件依申请 37件积案 100%化解率 13支队伍 30名换证 36份通知书
        1609户抽查 100%公示率 6994条证照 4579条短信 13场次普法 2500份宣传 1000人次咨询""",
    "湟中": """8次学习 12次学法 14期培训 500人次培训 43名考试 100%通过率 208件事项 89件公共场所
        69件医疗机构 14件诊所 2025户次监督 98.1%覆盖率 11起处罚 8起普通 3起简易 5000元所得
        100000元罚款 23起投诉 7名资格 348件工单 100%满意率 8起调解 1起法院 100%成功率
        2000份宣传 100%满意度 100场普法""",
    "梨树": """10项改革 3项取消 1项备案 1项承诺 5项优化 1818件受理 1818件办结 100%办结率
        100%满意度 3次意见 4次服务 2次普法 154份文件 570处不规范 42家医疗 40块展板 7000小时播放
        6000份资料 860人次咨询 324户次医疗 57户次职业 17份意见书 2家警告 1家集中 12家自备
        7家二次 432家农安 22份意见书 2家消毒 70家学校 8家托幼 4家餐饮 502家经营 502家C级
        100%量化 4家处罚 27家美容 1起美容 50000元罚款 44起违法 157000元罚款 78家双随机
        9个计划 7个计划 43%占比""",
    "柳江": """5次学法 1次研讨 5场培训 120人次培训 100%参考率 100%合格率 100%通过率 31件审批
        98%满意度 5次会议 2名法治 1名顾问 4份文件 20次意见 3件诉讼 2件胜诉 1件败诉 34起立案
        29起处罚 241620元罚没 32起结案 156600元罚没 1起执行 2场演练 2次培训 160人次培训 6起纠纷
        5起纠纷 1起调处 3次检查 10件问题 1件移送 2件提案 100%满意率 30件业务 98%满意度
        10场培训 1次督导 6场培训""",
}


@pytest.fixture(scope="module")
def ledgers(real_reports: list[Path]) -> dict[str, list[Quantity]]:
    found = {}
    for path in real_reports:
        report = parse(path)
        name = next(name for name in EXPECTED if name in report.org)
        found[name] = [
            quantity
            for quantity in extract(report, load_lexicon())
            if quantity.kind is QuantityKind.QUANTITY
        ]
    return found


@pytest.mark.parametrize("name", EXPECTED)
def test_every_figure_in_order(name: str, ledgers: dict[str, list[Quantity]]) -> None:
    expected = EXPECTED[name].split()
    found = ledgers[name]
    assert len(found) == len(expected)
    for quantity, wanted in zip(found, expected, strict=True):
        figure = f"{quantity.value}{quantity.unit}"
        assert wanted.startswith(figure), (wanted, figure)
        assert wanted.removeprefix(figure) in quantity.indicator, (wanted, quantity.indicator)


def test_only_the_plan_is_aimed_at(ledgers: dict[str, list[Quantity]]) -> None:
    aimed = [
        f"{name} {quantity.text} {quantity.year}"
        for name, found in ledgers.items()
        for quantity in found
        if quantity.modality is Modality.TARGET
    ]
    assert aimed == ["柳江 不少于10场 2026", "柳江 一次 2026", "柳江 不少于6场 2026"]


def test_cases_filed_line_up(ledgers: dict[str, list[Quantity]]) -> None:
    filed = {
        name: [int(q.value or 0) for q in found if q.canonical == "penalty_filed"]
        for name, found in ledgers.items()
    }
    assert filed["巨鹿"] == [14]
    assert filed["湟中"] == [11]
    assert filed["柳江"] == [34]
    assert 44 in filed["梨树"]
