"""Which figure the engine without a model tells: another year's, a plan's, a change's, a part's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answer.types import Answer, Answerer
from assistant.build import open_services
from assistant.settings import Settings
from tests.holding import hold_texts

TRADE, TOWN, ROAD = "松陵县市场监督管理局", "石门镇人民政府", "松陵县交通运输局"
REPORTS = {
    TRADE: """松陵县市场监督管理局2024年法治政府建设年度报告
一、主要举措和成效
（一）优化营商环境
全县实有经营主体3.1万户，其中企业7254户、个体工商户2.3万户；企业开办时间压缩至0.5个工作日。
（二）规范执法
受理投诉举报1846件，较上年增加215件。行政处罚案件302件，上年为268件。
执法人员人均办案41件，远高于全市平均的33件。
二、存在的不足和原因
专业人员偏少。
三、2025年工作计划
新增法制审核人员3人，举办执法培训不少于5场。
松陵县市场监督管理局
2025年1月16日
""",
    TOWN: """石门镇人民政府2024年法治政府建设年度报告
一、主要举措和成效
调解矛盾纠纷94件。行政应诉8件，全年无败诉案件。收到行政复议申请5件，被撤销1件。
二、下一步打算
2025年，我镇将建成法治文化广场2个。
石门镇人民政府
2025年1月10日
""",
    ROAD: """松陵县交通运输局2024年法治政府建设年度报告
一、主要举措和成效
（一）规范执法
全年办理行政处罚案件215件。在省执法平台录入行政检查960件、行政处罚案件190件。
（二）建强队伍
行政执法人员应持证58人，行政执法人员持证56人。新增行政执法人员持证6人。
二、存在的不足和原因
专业人员偏少。
松陵县交通运输局
2025年1月12日
""",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder = tmp_path_factory.mktemp("figures")
    with open_services(Settings(home=folder / "home")) as services:
        hold_texts(services.store, folder, REPORTS)
        yield services.answerer("extractive")


def figures(answer: Answer) -> list[str]:
    return [quantity.text for quantity in answer.quantities]


def test_last_years_figure_is_told_from_this_years_report_and_says_so(answerer: Answerer) -> None:
    answer = answerer.answer(f"{TRADE}2023年行政处罚案件多少件？")
    assert figures(answer) == ["268件"]
    assert answer.citations[0].year == 2024
    assert f"没有{TRADE}2023年的报告" in answer.notes[0]


@pytest.mark.parametrize(
    "question",
    [
        f"{TRADE}2023年调解矛盾纠纷多少件？",  # no report prints it
        f"{TOWN}2023年调解矛盾纠纷多少件？",  # only its own year's
        f"{TRADE}2023年有哪些不足？",  # no figure
    ],
)
def test_what_no_report_prints_of_a_year_stays_refused(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question)
    assert answer.refused
    assert not answer.quantities


def test_what_is_to_be_added_is_the_plan_not_what_there_is(answerer: Answerer) -> None:
    answer = answerer.answer(f"{TRADE}2025年要新增几名法制审核人员？")
    assert figures(answer) == ["3人"]
    assert "计划" in answer.text


def test_what_was_added_or_ought_to_be_is_not_what_there_is(answerer: Answerer) -> None:
    assert figures(answerer.answer(f"{ROAD}2024年行政执法人员持证多少人？")) == ["56人"]
    assert figures(answerer.answer(f"{ROAD}2024年新增行政执法人员持证多少人？")) == ["6人"]
    assert figures(answerer.answer(f"{ROAD}2024年行政执法人员应持证多少人？")) == ["58人"]


def test_two_figures_of_one_indicator_are_both_told(answerer: Answerer) -> None:
    answer = answerer.answer(f"{ROAD}2024年行政处罚案件多少件？")
    assert sorted(figures(answer)) == ["190件", "215件"]


def test_how_many_enterprises_is_no_time_to_open_one(answerer: Answerer) -> None:
    assert figures(answerer.answer(f"{TRADE}有多少企业？")) == ["7254户"]


def test_by_how_much_is_the_change_and_nothing_is_told_twice(answerer: Answerer) -> None:
    answer = answerer.answer(f"{TRADE}投诉举报受理多少件，比去年多多少？")
    assert {"1846件", "215件"} <= set(figures(answer))
    lines = answer.text.split("\n")
    assert len(lines) == len(set(lines))


def test_last_years_figure_beside_this_years_is_compared(answerer: Answerer) -> None:
    text = answerer.answer(f"{TRADE}行政处罚案件比去年多多少？").text
    assert "2023年268件，2024年302件，增加34件" in text


@pytest.mark.parametrize(
    ("question", "told"),
    [("人均办案多少件？", ["41件"]), ("人均办案全市平均是多少件？", ["33件"])],
)
def test_the_whole_citys_figure_is_for_who_asks_for_it(
    answerer: Answerer, question: str, told: list[str]
) -> None:
    assert figures(answerer.answer(f"{TRADE}2024年{question}")) == told


def test_the_sign_off_is_no_point_of_the_plan(answerer: Answerer) -> None:
    answer = answerer.answer(f"{TOWN}2025年打算做什么？")
    assert "法治文化广场2个" in answer.text
    assert not any(c.quote.startswith((TOWN, "2025年1月")) for c in answer.citations)


def test_what_is_denied_is_not_answered_with_its_neighbour(answerer: Answerer) -> None:
    answer = answerer.answer(f"{TOWN}2024年败诉几件？")
    assert "无败诉案件" in answer.text


def test_the_last_word_of_the_question_names_the_figure(answerer: Answerer) -> None:
    assert figures(answerer.answer(f"{TOWN}2024年行政复议被撤销几件？")) == ["1件"]


def test_a_share_of_nothing_named_is_not_worked_out_over_all_units(answerer: Answerer) -> None:
    assert "单位合计" not in answerer.answer(f"{TRADE}行政处罚案件多少件，占多少？").text
