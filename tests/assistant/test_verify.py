"""Every verdict on hand-made sentences against the reports of `verify_sources`."""

from __future__ import annotations

import pytest

from assistant.verify import Checked, SourceLedger, verify_report, verify_text
from tests.assistant.verify_sources import (
    HEALTH,
    HEALTH_2024,
    HEALTH_2025,
    JUSTICE,
    ledger,
    parsed,
    reports,
)
from vectorstore.types import QuantityKind


def check(text: str, org: str = HEALTH, year: int | None = 2025) -> tuple[Checked, ...]:
    return verify_text(text, ledger(), org=org, year=year)


def told(checked: tuple[Checked, ...]) -> list[tuple[str, str]]:
    return [(c.quantity.text, c.verdict.value) for c in checked]


def verdict_of(figure: str, checked: tuple[Checked, ...]) -> Checked:
    found = [c for c in checked if c.quantity.text == figure]
    assert len(found) == 1, told(checked)
    return found[0]


HARMLESS = [
    "全年行政处罚立案36件。",
    "全年行政处罚立案36起。",
    "全年行政处罚立案３６件。",
    "全年行政处罚立案三十六件。",
    "全年立案36件，其中一般程序22件、简易程序14件。",
    "其中简易程序14件、普通程序22件。",
    "罚没款135195.8元。",
    "罚没款135,195.8元。",
    "罚没款13.51958万元。",
    "罚没金额135195.8元。",
    "罚款120000元、没收违法所得15195.8元。",
    "罚款拾贰万元。",
    "监督检查1312户次，监督覆盖率97.4%。",
    "监督检查1312家次。",
    "监督覆盖率百分之九十七点四。",
    "监督覆盖率达到97.4％。",
    "发放宣传资料1060余份。",
    "发放普法宣传资料1060多份。",
    "接受咨询4100余人次。",
    "法治培训共举办11场，690人次参训。",
    "结案率97.2%，结案35件。",
    "群众满意度为99.5%，办理行政许可1860件。",
    "成功调解医疗纠纷17起。",
    "共受理医疗纠纷18起。",
    "目前持证执法人员21名。",
    "2024年行政处罚立案32件。",
    "去年监督检查1208户次。",
    "严格落实三项制度，加强“双随机、一公开”监管。",
    "严格执行双随机抽查。",
    "2025年，县卫生健康局扎实推进法治建设。",
    "2026年计划举办法治培训不少于15场。",
    "2026年力争监督覆盖率达到98%以上。",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_wording_is_supported(text: str) -> None:
    checked = check(text)
    assert checked
    assert {c.verdict.value for c in checked} == {"supported"}, told(checked)
    sourced = [c for c in checked if c.quantity.kind is QuantityKind.QUANTITY]
    assert all(c.source is not None for c in sourced)


ROUNDED = [
    ("罚没款13.52万元。", "13.52万元"),
    ("罚没款13.5万元。", "13.5万元"),
    ("罚没款135196元。", "135196元"),
    ("罚没款约13.5万元。", "约13.5万元"),
    ("罚没款13万余元。", "13万余元"),
    ("监督覆盖率97%。", "97%"),
    ("监督检查1300余户次。", "1300余户次"),
    ("监督检查超过1300户次。", "超过1300户次"),
    ("接受群众咨询4000余人次。", "4000余人次"),
    ("没收违法所得1.52万元。", "1.52万元"),
]


@pytest.mark.parametrize(("text", "figure"), ROUNDED)
def test_rounding_at_the_precision_shown(text: str, figure: str) -> None:
    checked = verdict_of(figure, check(text))
    assert checked.verdict == "rounded"
    assert checked.detail.startswith("原文为")


DERIVED = [
    ("行政处罚立案36件，比上年增长12.5%。", "12.5%", 2),
    ("行政处罚立案36件，比上年增加4件。", "4件", 2),
    ("行政处罚立案较上年增长12.5%。", "12.5%", 2),
    ("监督检查1312户次，同比增长8.6%。", "8.6%", 2),
    ("监督覆盖率97.4%，比上年提高1.3个百分点。", "1.3个百分点", 2),
    ("立案36件，其中简易程序14件，占38.9%。", "38.9%", 2),
    ("简易程序14件、普通程序22件，合计36件。", "36件", 2),
    ("罚款12万元、没收违法所得15195.8元，两项合计13.52万元。", "13.52万元", 2),
    ("受理投诉举报79件，办结78件，办结率98.7%。", "98.7%", 2),
    ("受理医疗纠纷18起，调解成功17起，成功率94.4%。", "94.4%", 2),
    ("全年行政处罚立案共计36件。", "36件", 0),
    ("2024年、2025年行政处罚立案平均34件。", "34件", 2),
    ("2024年和2025年行政处罚立案合计68件。", "68件", 2),
    ("举办法治培训11场，参训690人次，场均62.7人次。", "62.7人次", 2),
]


@pytest.mark.parametrize(("text", "figure", "operands"), DERIVED)
def test_what_can_be_computed(text: str, figure: str, operands: int) -> None:
    checked = check(text)
    assert all(c.good for c in checked), told(checked)
    found = verdict_of(figure, checked)
    assert len(found.operands) == operands
    assert (found.verdict == "derived") == bool(operands)


ERRORS = [
    # a value no source has
    ("全年行政处罚立案37件。", "37件", "fabricated"),
    ("监督检查1321户次。", "1321户次", "fabricated"),
    ("罚没款13.6万元。", "13.6万元", "fabricated"),
    ("罚没款135195.7元。", "135195.7元", "fabricated"),
    ("群众满意度99.4%。", "99.4%", "fabricated"),
    ("群众满意度100%。", "100%", "fabricated"),
    ("开展应急演练6场。", "6场", "fabricated"),
    ("接受群众咨询4150人次。", "4150人次", "fabricated"),
    # scale and unit
    ("罚没款135195.8万元。", "135195.8万元", "wrong_scale_or_unit"),
    ("罚款12元。", "12元", "wrong_scale_or_unit"),
    ("罚款1.2万元。", "1.2万元", "wrong_scale_or_unit"),
    ("法治培训参训690人。", "690人", "wrong_scale_or_unit"),
    ("监督检查1312户。", "1312户", "wrong_scale_or_unit"),
    ("办理行政许可18600件。", "18600件", "wrong_scale_or_unit"),
    ("监督覆盖率97.4个百分点。", "97.4个百分点", "wrong_scale_or_unit"),
    ("监督覆盖率97.4‰。", "97.4‰", "wrong_scale_or_unit"),
    # another indicator's value
    ("立案36件，其中简易程序22件。", "22件", "wrong_indicator"),
    ("全年行政处罚立案36件；结案36件。", None, "wrong_indicator"),
    ("监督覆盖率99.5%。", "99.5%", "wrong_indicator"),
    ("举办法治培训28场。", "28场", "wrong_indicator"),
    ("受理投诉举报1860件。", "1860件", "wrong_indicator"),
    ("罚款15195.8元。", "15195.8元", "wrong_indicator"),
    # another organisation's value
    ("罚没款2.4万元。", "2.4万元", "wrong_org"),
    ("开展普法活动64场次。", "64场次", "wrong_org"),
    # another year's value
    ("2024年行政处罚立案36件。", "36件", "wrong_year"),
    ("2024年监督检查1312户次。", "1312户次", "wrong_year"),
    ("去年群众满意度99.5%。", "99.5%", "wrong_year"),
    ("2023年，县卫生健康局扎实推进法治建设。", "2023年", "wrong_year"),
    # last year's value as this year's
    ("全年行政处罚立案32件。", "32件", "stale"),
    ("监督检查1208户次。", "1208户次", "stale"),
    ("参训540人次。", "540人次", "stale"),
    ("办理行政许可1755件。", "1755件", "stale"),
    ("2024年，县卫生健康局扎实推进法治建设，现将有关情况报告如下。", "2024年", "stale"),
    # a target told as a result
    ("培育法治宣传骨干60名。", "60名", "target_as_actual"),
    ("全年新增执法记录仪45台。", "45台", "target_as_actual"),
    ("全年举办法治培训15场。", "15场", "target_as_actual"),
    # wrong sums, shares, changes
    ("行政处罚立案36件，比上年增长13.5%。", "13.5%", "derived_wrong"),
    ("行政处罚立案36件，比上年下降12.5%。", "12.5%", "derived_wrong"),
    ("行政处罚立案36件，比上年增加5件。", "5件", "derived_wrong"),
    ("监督覆盖率97.4%，比上年提高1.5个百分点。", "1.5个百分点", "derived_wrong"),
    ("立案36件，其中简易程序14件，占39.8%。", "39.8%", "derived_wrong"),
    ("罚款12万元、没收违法所得15195.8元，合计13.42万元。", "13.42万元", "derived_wrong"),
    # the qualifying word lost or changed
    ("发放宣传资料1060份。", "1060份", "hedge_lost"),
    ("接受群众咨询4100人次。", "4100人次", "hedge_lost"),
    ("发放宣传资料近1060份。", "近1060份", "hedge_lost"),
    ("行政处罚立案超过36件。", "超过36件", "hedge_lost"),
    ("2026年计划举办法治培训15场。", "15场", "hedge_lost"),
    # fixed phrases
    ("落实行政执法四项制度。", "四项制度", "phrase_altered"),
    ("推进“双随机、两公开”监管。", "双随机、两公开", "phrase_altered"),
    ("推进三随机抽查。", "三随机", "phrase_altered"),
    ("开展“三重二大”合法性审查。", "三重二大", "phrase_altered"),
]


@pytest.mark.parametrize(("text", "figure", "verdict"), ERRORS)
def test_errors(text: str, figure: str | None, verdict: str) -> None:
    checked = check(text)
    wrong = [c for c in checked if not c.good]
    assert [c.verdict.value for c in wrong] == [verdict], told(checked)
    assert figure in (None, wrong[0].quantity.text)
    assert wrong[0].detail


def test_swapping_two_figures_of_one_unit_is_caught_both_times() -> None:
    swapped = HEALTH_2025.replace("简易程序14件、普通程序22件", "简易程序22件、普通程序14件")
    report = parsed(swapped, "draft.txt")
    wrong = [c for c in verify_report(report, ledger(0)) if not c.good]
    assert [(c.quantity.text, c.verdict) for c in wrong] == [
        ("22件", "wrong_indicator"),
        ("14件", "wrong_indicator"),
    ]


def test_the_detail_says_what_the_source_prints() -> None:
    checked = verdict_of("37件", check("全年行政处罚立案37件。"))
    assert checked.detail == "原文为36件，此处为37件"
    assert checked.source is not None
    assert checked.source.quantity.text == "36件"


def test_operands_of_a_change_are_the_figures_of_both_years() -> None:
    found = verdict_of("12.5%", check("行政处罚立案36件，比上年增长12.5%。"))
    assert [(row.year, row.quantity.text) for row in found.operands] == [
        (2025, "36件"),
        (2024, "32件"),
    ]


def test_no_computation_without_a_cue() -> None:
    assert verdict_of("68件", check("行政处罚立案68件。")).verdict == "fabricated"


def test_hedged_operands_give_no_exact_figure() -> None:
    found = check("发放宣传资料1060余份，接受群众咨询4100余人次，人均0.3份。")
    assert not verdict_of("0.3份", found).good


@pytest.mark.parametrize(
    "text",
    [
        "【待填：2025年应急演练次数】场。",
        "【待核实：行政处罚立案32件】",
        "应急演练【待填：次数（上年9场）】。",
    ],
)
def test_placeholders_hide_the_figures_inside(text: str) -> None:
    checked = check(text)
    assert [c.verdict.value for c in checked] == ["placeholder"]
    start, end = checked[0].quantity.start, checked[0].quantity.end
    assert text[start:end] == checked[0].quantity.text
    assert checked[0].quantity.text.startswith("【待")


BRIEF = [
    (f"{HEALTH}2025年行政处罚立案：36件。", ["36件"], []),
    (f"{JUSTICE}2025年行政处罚立案：36件。", [], ["36件"]),
    (f"{HEALTH}2024年行政处罚立案：32件。", ["32件"], []),
    (f"2025年，{HEALTH}立案36件，{JUSTICE}立案8件，合计44件。", ["36件", "8件", "44件"], []),
    (f"2025年，{HEALTH}立案8件，{JUSTICE}立案36件。", [], ["8件", "36件"]),
    (f"2025年，{HEALTH}立案36件，{JUSTICE}立案8件，合计45件。", ["36件", "8件"], ["45件"]),
    (f"2025年，{HEALTH}立案36件，{JUSTICE}立案8件，两家单位平均22件。", ["22件"], []),
    (f"2025年行政处罚立案最多的是{HEALTH}：36件。\n1. {HEALTH}：36件\n2. {JUSTICE}：8件", [], []),
    (f"2025年行政处罚立案最多的是{HEALTH}：22件。", [], ["22件"]),
    (f"2025年行政处罚立案情况：\n{HEALTH}：36件\n{JUSTICE}：36件", [], ["36件"]),
    (f"单位\t立案（件）\n{HEALTH}\t36\n{JUSTICE}\t8\n合计\t44", ["36", "8", "44"], []),
    (f"单位\t立案（件）\n{HEALTH}\t8\n{JUSTICE}\t36", [], ["8", "36"]),
    ("县司法局2025年开展普法活动64场次。", ["64场次"], []),
    ("县司法局2025年开展普法活动28场次。", [], ["28场次"]),
    ("乙山县司法局2025年办理行政复议案件53件。", [], ["53件"]),
]


@pytest.mark.parametrize(("text", "good", "bad"), BRIEF)
def test_texts_on_several_organisations(text: str, good: list[str], bad: list[str]) -> None:
    checked = verify_text(text, ledger())
    figures = [c for c in checked if c.quantity.kind is QuantityKind.QUANTITY]
    wrong = [c.quantity.text for c in figures if not c.good]
    assert sorted(wrong) == sorted(bad), told(checked)
    assert set(good) <= {c.quantity.text for c in figures if c.good}


def test_a_new_years_draft_may_renew_its_years_but_not_its_figures() -> None:
    draft = parsed(HEALTH_2024.replace("2025", "2026").replace("2024", "2025"), "draft.txt")
    checked = verify_report(draft, ledger(1))
    dates = [c for c in checked if c.quantity.kind is QuantityKind.DATE]
    assert dates
    assert all(c.good for c in dates), told(tuple(dates))
    figure = verdict_of("32件", checked)
    assert figure.verdict == "stale"
    assert "2024" in figure.detail


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_report_is_supported_by_itself(index: int) -> None:
    report = reports()[index]
    checked = verify_report(report, SourceLedger.of_reports([report]))
    assert {c.verdict.value for c in checked} == {"supported"}, told(checked)


def test_without_sources_nothing_is_supported() -> None:
    checked = verify_text("行政处罚立案36件。", SourceLedger([]), org=HEALTH, year=2025)
    assert [c.verdict.value for c in checked] == ["fabricated"]


def test_a_text_without_figures_has_no_verdicts() -> None:
    assert check("执法力量薄弱，编制不足。") == ()


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("加强普法：举办法治培训\t计划不少于10场\t【待填：完成数】", "supported"),
        ("加强普法：举办法治培训\t目标：不少于10场\t完成11场", "supported"),
        ("加强普法：新增执法记录仪\t计划45台\t—", "supported"),
        ("加强普法：组织执法考试\t计划45台\t—", "wrong_indicator"),
    ],
)
def test_a_figure_in_a_table_measures_what_its_row_names(row: str, verdict: str) -> None:
    text = f"序号\t工作安排\t2025年目标\t2025年完成情况\n1\t{row}"
    first, *rest = (c for c in check(text) if c.quantity.kind is QuantityKind.QUANTITY)
    assert first.verdict.value == verdict
    assert all(c.good for c in rest)
