"""Organisation, year, modality and heading of figures; tables."""

from __future__ import annotations

from decimal import Decimal

import pytest

from vectorstore.indicators import load_lexicon
from vectorstore.quantities import extract, extract_text
from vectorstore.types import Modality, Part, Quantity, QuantityKind, Report, Section


def _figures(text: str, org: str = "石桥县卫生健康局", year: int | None = 2025) -> list[Quantity]:
    found = extract_text(text, org, year)
    return [quantity for quantity in found if quantity.kind is QuantityKind.QUANTITY]


@pytest.mark.parametrize(
    ("sentence", "years"),
    [
        ("立案12件。", [2025]),
        ("今年立案12件，去年同期为10件。", [2025, 2024]),
        ("2024年立案18件，2025年立案23件。", [2024, 2025]),
        ("2023年、2024年、2025年分别立案10件、15件、21件。", [2023, 2024, 2025]),
        ("罚没款由上年的56万元增至78万元。", [2024, 2025]),
        ("查处48件，比2024年的38件多10件。", [2025, 2024, 2025]),
        ("较2024年增长5%。", [2025]),
        ("自2021年以来培训600人次。", [2025]),
        ("落实2021—2025年规划任务12项。", [2025]),
        ("前年立案7件。", [2023]),
        ("2023年，我局当年立案7件。", [2023]),
        ("我局当年立案7件。", [2025]),
        ("立案26件，上年为23件；罚款12万元。", [2025, 2024, 2025]),
        ("立案26件（去年23件），结案25件。", [2025, 2024, 2025]),
        ("上年提出的5条意见均已办结。", [2025]),
        ("执行《裁量基准（2022年版）》办理案件3件。", [2025]),
    ],
)
def test_years(sentence: str, years: list[int]) -> None:
    assert [quantity.year for quantity in _figures(sentence)] == years


def test_without_a_base_year_only_an_explicit_one_counts() -> None:
    assert [q.year for q in _figures("立案3件。2024年立案2件。", year=None)] == [None, 2024]


@pytest.mark.parametrize(
    "sentence",
    [
        "力争开展培训12场。",
        "计划开展普法活动8场。",
        "要求每名执法人员培训时间不少于60学时。",
        "离98%的目标还有距离。",
        "预计完成抽查100户。",
    ],
)
def test_targets(sentence: str) -> None:
    (found,) = _figures(sentence)
    assert found.modality is Modality.TARGET


@pytest.mark.parametrize(
    "sentence",
    ["拟罚没款8.25万元。", "制定工作计划7个。", "完成计划任务12项。", "满意度98%以上。"],
)
def test_results_are_no_targets(sentence: str) -> None:
    (found,) = _figures(sentence)
    assert found.modality is Modality.ACTUAL


def test_the_plan_of_a_draft_is_of_next_year() -> None:
    text = "一、主要举措\n开展培训8场。\n四、2026年工作安排\n开展培训不少于10场。\n"
    done, planned = _figures(text)
    assert (done.year, done.modality) == (2025, Modality.ACTUAL)
    assert (planned.year, planned.modality) == (2026, Modality.TARGET)


PLAN = "一、主要举措\n开展培训8场。\n四、2026年工作安排\n"


@pytest.mark.parametrize(
    "sentence",
    [
        "监督覆盖率稳定在98%以上。",
        "两年内实现一遍全覆盖，监督覆盖率保持在98%以上。",
        "年内组织集中约谈2次。",
        "三年内培训骨干60名。",
        "在2025年覆盖率的基础上，提高到98%。",
        "今年力争化解纠纷20件。",
        "今年培训不少于12场。",
        "对已建成的点位检查3次。",
        "应急演练3次。",
    ],
)
def test_a_figure_of_the_plan_is_a_target_of_its_year(sentence: str) -> None:
    figure = _figures(PLAN + sentence)[-1]
    assert (figure.year, figure.modality) == (2026, Modality.TARGET)


@pytest.mark.parametrize(
    ("sentence", "year"),
    [("去年立案12件。", 2024), ("目前已建成3处。", 2025), ("2025年立案18件。", 2025)],
)
def test_what_a_plan_plainly_reports_is_no_target(sentence: str, year: int) -> None:
    figure = _figures(PLAN + sentence)[-1]
    assert (figure.year, figure.modality) == (year, Modality.ACTUAL)


def test_sections_of_a_report_give_heading_and_plan() -> None:
    text = "报告\n一、成效\n立案5件。\n二、打算\n培训8场。"
    first, second = text.index("一、"), text.index("二、")
    report = Report(
        id="0",
        path="a.txt",
        org="石桥县卫生健康局",
        year=2025,
        title="报告",
        text=text,
        sections=(
            Section(0, 0, "", "", None, None, 0, 0, 0, 0, first),
            Section(1, 1, "一、", "成效", Part.MEASURES, None, first, 0, 0, 0, second),
            Section(2, 1, "二、", "打算", Part.NEXT_YEAR, None, second, 0, 0, 0, len(text)),
        ),
    )
    done, planned = extract(report, load_lexicon())
    assert (done.heading, done.year) == ("一、成效", 2025)
    assert (planned.heading, planned.year, planned.modality) == ("二、打算", 2026, Modality.TARGET)


@pytest.mark.parametrize(
    ("sentence", "org"),
    [
        ("我局立案3件。", "石桥县卫生健康局"),
        ("县卫生健康局立案3件。", "石桥县卫生健康局"),
        ("县市场监管局立案3件。", "县市场监管局"),
        ("会同县公安局检查3家。", "石桥县卫生健康局"),
        ("向县公安局移送案件3件。", "石桥县卫生健康局"),
        ("县疾控中心检测样品3份。", "石桥县卫生健康局"),
        ("局党组专题学法3次。", "石桥县卫生健康局"),
        ("柳溪县卫生健康局立案3件。", "柳溪县卫生健康局"),
    ],
)
def test_a_nearer_subject_overrides_the_organisation(sentence: str, org: str) -> None:
    (found,) = _figures(sentence)
    assert found.org == org


def test_a_verb_before_the_word_for_bureau_is_no_organisation() -> None:
    (found,) = _figures("更好用好局法律顾问，现有法制审核人员4名。", org="")
    assert found.org == ""


def test_an_answer_names_several_organisations() -> None:
    text = "石桥县卫生健康局立案14个。罚款10万元；柳溪县市场监督管理局立案11起。"
    assert [(q.org, q.indicator) for q in _figures(text, org="")] == [
        ("石桥县卫生健康局", "立案"),
        ("石桥县卫生健康局", "罚款"),
        ("柳溪县市场监督管理局", "立案"),
    ]


def _cells(text: str) -> list[tuple[str, str, Decimal | None, str, int | None]]:
    return [(q.org, q.indicator, q.value, q.unit, q.year) for q in _figures(text, "甲县某局")]


def test_a_table_with_a_column_of_units_and_columns_of_years() -> None:
    text = "项目\t计量单位\t2024年\t2025年\n行政处罚立案\t件\t12\t18\n罚没款\t万元\t3.5\t4.62"
    assert _cells(text) == [
        ("甲县某局", "行政处罚立案", Decimal(12), "件", 2024),
        ("甲县某局", "行政处罚立案", Decimal(18), "件", 2025),
        ("甲县某局", "罚没款", Decimal(35000), "元", 2024),
        ("甲县某局", "罚没款", Decimal(46200), "元", 2025),
    ]


def test_a_table_of_bureaus_with_units_in_the_header() -> None:
    text = "序号\t单位\t立案数（件）\t罚没款（万元）\n1\t石桥县卫生健康局\t14\t1,013.5"
    assert _cells(text) == [
        ("石桥县卫生健康局", "立案数", Decimal(14), "件", 2025),
        ("石桥县卫生健康局", "罚没款", Decimal(10135000), "元", 2025),
    ]


def test_a_table_with_two_header_rows() -> None:
    text = "领域\t立案（件）\t\t\n简易程序\t普通程序\t小计\n食品\t24\t68\t92\n合计\t53\t164\t217"
    assert [(name, value) for _, name, value, *_ in _cells(text)] == [
        ("食品·立案·简易程序", Decimal(24)),
        ("食品·立案·普通程序", Decimal(68)),
        ("食品·立案", Decimal(92)),
        ("立案·简易程序", Decimal(53)),
        ("立案·普通程序", Decimal(164)),
        ("立案", Decimal(217)),
    ]


def test_a_table_without_a_header_and_cells_with_units() -> None:
    text = "立案\t12件\t结案\t10件\n满意度\t98.5%\t培训\t320人次"
    assert [(name, value, unit) for _, name, value, unit, _ in _cells(text)] == [
        ("立案", Decimal(12), "件"),
        ("结案", Decimal(10), "件"),
        ("满意度", Decimal("98.5"), "%"),
        ("培训", Decimal(320), "人次"),
    ]


def test_a_unit_in_the_caption_and_a_unit_never_crosses_cells() -> None:
    text = "经费表（单位：万元）\n项目\t金额\n普法经费\t12.5\n培训经费\t8"
    assert [(name, value) for _, name, value, *_ in _cells(text)] == [
        ("普法经费", Decimal(125000)),
        ("培训经费", Decimal(80000)),
    ]
    table = "指标\t数量\t单位\n检查\t300\t户次"
    (found,) = _figures(table)
    assert (found.text, found.value, found.unit) == ("300", Decimal(300), "户次")


def test_a_sentence_that_never_ends_is_told_by_what_is_around_the_figure() -> None:
    text = "，".join(f"查处违法案件{n}起" for n in range(10, 700))
    found = _figures(text)
    assert len(found) == 690
    for quantity in found:
        assert quantity.sentence_start <= quantity.start < quantity.end <= quantity.sentence_end
        assert quantity.sentence_end - quantity.sentence_start <= 1_010


@pytest.mark.parametrize(
    ("sentence", "orgs"),
    [
        ("仲裁员年均办案179件，远高于全市平均的120件。", ["", "全市"]),
        ("全省系统培训执法人员1.1万人次，我局选派15人。", ["全省", ""]),
        ("农业农村部通报全国处罚案件10.2万件，我县占0.1%。", ["全国", ""]),
        ("据市司法局通报，全市行政执法机关办理处罚案件640件，我局办理65件。", ["全市", ""]),
        ("公安局移送案件3件，我局立案2件。", ["公安局", ""]),
        ("全县系统查处案件30件。", [""]),
        ("举办全省培训班2期。", [""]),
    ],
)
def test_figures_of_a_wider_circle_are_not_the_bureaus(sentence: str, orgs: list[str]) -> None:
    own = "石桥县农业农村局"
    assert [q.org for q in _figures(sentence, own)] == [org or own for org in orgs]


def test_a_city_bureau_counts_for_its_city_but_not_for_every_body_in_it() -> None:
    text = "全市城管系统办理案件300件。全市行政执法机关办理处罚案件640件。"
    assert [q.org for q in _figures(text, "岚江市城市管理局")] == ["岚江市城市管理局", "全市"]


@pytest.mark.parametrize(
    ("sentence", "year"),
    [("公职律师由6名增加到9名。", 2024), ("办理时限由20日压缩至9日。", None)],
)
def test_what_it_was_before_is_not_this_years(sentence: str, year: int | None) -> None:
    before, now = _figures(sentence)
    assert (before.year, before.canonical, now.year) == (year, "", 2025)


def test_a_plan_starts_from_what_was_reached() -> None:
    before, aim = _figures("一、2026年工作安排\n线上办案率由12%提升到25%。")
    assert (before.year, before.modality) == (2025, Modality.ACTUAL)
    assert (aim.year, aim.modality) == (2026, Modality.TARGET)


@pytest.mark.parametrize("remark", ["说明：表中单位为件。", "注：单位：件", "（单位：件）"])
def test_the_unit_of_a_table_may_be_told_below_it(remark: str) -> None:
    found = _figures(f"复议案件情况\n县市\t收到\t受理\n本级\t31\t29\n{remark}\n")
    assert [(str(q.value), q.unit) for q in found] == [("31", "件"), ("29", "件")]


def test_the_bodies_of_its_own_trade_are_the_bureau() -> None:
    text = "全市各级水务执法部门出动1200人次。全市行政执法部门出动9600人次。"
    assert [q.org for q in _figures(text, "市水务局")] == ["市水务局", "全市"]


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("全年开展学法6次。", "law_study"),
        ("每年开展学法6次。", "law_study"),
        ("机关学法每月1次。", ""),
        ("每两月学法1次。", ""),
        ("每季度听取法治工作汇报1次。", ""),
    ],
)
def test_how_often_is_no_count_of_the_year(sentence: str, key: str) -> None:
    (figure,) = _figures(sentence)
    assert figure.canonical == key
