"""The engine without a model: what it says, how short, and what it refuses."""

from __future__ import annotations

import pytest

from assistant.answer.terms import weigh
from assistant.answer.types import Answer, Answerer, Done, Sources, Token, Turn
from assistant.build import Services, open_services
from assistant.settings import Settings
from vectorstore.types import Scope


def check_quotes(sample_services: Services, answer: Answer) -> None:
    for c in answer.citations:
        assert sample_services.store.report(c.report_id).text[c.start : c.end] == c.quote
        assert f"[{c.n}]" in answer.text


def test_one_figure_is_one_line(sample_services: Services, extractive: Answerer) -> None:
    answer = extractive.answer("岚泊县卫生健康局2025年行政处罚立案多少件？")
    assert answer.text == "岚泊县卫生健康局2025年行政处罚立案：36件。[1]"
    check_quotes(sample_services, answer)


def test_two_questions_in_one(extractive: Answerer) -> None:
    text = extractive.answer("岚泊县卫健局2025年立案多少件？结案多少件？").text
    assert "36件" in text
    assert "35件" in text


def test_a_target_is_told_as_a_plan(sample_services: Services, extractive: Answerer) -> None:
    rows = sample_services.store.quantities(Scope(("岚泊县卫生健康局",)), modality=None)
    aims = [r for r in rows if r.quantity.modality == "target" and "不少于" in r.quantity.text]
    assert aims, "the sample states targets"
    answer = extractive.answer("岚泊县卫生健康局2025年报告里明年计划培训不少于多少场？")
    assert "计划" in answer.text or answer.refused


def test_comparison_names_who_says_nothing(sample_services: Services, extractive: Answerer) -> None:
    answer = extractive.answer("2025年各单位罚没款分别是多少？")
    assert "未提及：霁原市交通运输局2025年" in answer.text
    assert len({c.org for c in answer.citations}) == 5
    check_quotes(sample_services, answer)


def test_points_of_a_part(sample_services: Services, extractive: Answerer) -> None:
    answer = extractive.answer("岚泊县卫生健康局2025年存在哪些不足？")
    assert "执法力量薄弱" in answer.text
    check_quotes(sample_services, answer)


def test_a_follow_up_takes_over_what_it_leaves_out(extractive: Answerer) -> None:
    first = "岚泊县卫生健康局2025年行政处罚立案多少件？"
    answer = extractive.answer("那2024年呢？", [Turn(first, "36件")])
    assert "32件" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "桃源县卫生健康局2025年立案多少件？",
        "岚泊县卫生健康局2019年立案多少件？",
        "岚泊县卫生健康局2025年有多少辆救护车？",
        "岚泊县卫生健康局2025年人工智能辅助诊断情况",
        "今天天气怎么样？",
    ],
)
def test_refuses_and_says_what_is_held(extractive: Answerer, question: str) -> None:
    answer = extractive.answer(question)
    assert answer.refused
    assert not answer.citations
    assert not answer.quantities
    assert answer.nearest


def test_the_empty_library_says_what_to_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_services(Settings(home=tmp_path_factory.mktemp("empty"))) as services:
        answer = services.answerer("extractive").answer("立案多少件？")
    assert answer.refused
    assert "导入" in answer.text


def test_the_same_question_gives_the_same_answer(extractive: Answerer) -> None:
    question = "哪些单位提到执法力量薄弱？"
    assert extractive.answer(question) == extractive.answer(question)


def test_a_picked_scope_wins_over_the_question(extractive: Answerer) -> None:
    answer = extractive.answer("立案多少件？", scope=Scope(("岚泊县卫生健康局",), (2024,)))
    assert "32件" in answer.text
    assert {c.year for c in answer.citations} == {2024}


def test_the_stream_ends_with_the_answer(extractive: Answerer) -> None:
    events = list(extractive.stream("岚泊县卫生健康局2025年立案多少件？"))
    assert not any(isinstance(event, Sources) for event in events)  # the ledger knows
    assert isinstance(events[-1], Done)
    shown = "".join(e.text for e in events if isinstance(e, Token))
    assert shown == events[-1].answer.text


@pytest.mark.parametrize("question", ["岚泊县卫生健康局执法力量如何？", "今天天气怎么样？"])
def test_passages_searched_for_come_before_the_text(extractive: Answerer, question: str) -> None:
    events = list(extractive.stream(question))
    assert isinstance(events[0], Sources)
    assert events[0].hits


def test_rare_words_weigh_more_than_common_ones() -> None:
    pool = ["普法宣传活动", "普法培训", "普法考试", "应急演练"]
    weights = dict(weigh("普法 演练", pool).weights)
    assert weights["演练"] > weights["普法"]


def test_a_word_no_text_has_keeps_its_weight() -> None:
    pool = ["普法宣传活动", "应急演练"]
    assert weigh("普法 救护车", pool).coverage("普法宣传活动") < 0.5


def test_fillers_weigh_nothing() -> None:
    assert not weigh("全年 开展 情况", ["全年开展普法"])
