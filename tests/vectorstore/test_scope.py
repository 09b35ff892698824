"""Questions about fictional places, read against a fictional library.

`scope_dev.jsonl` was used while the rules were written; `scope_heldout.jsonl` was written first, by
the same hand, and never looked at for tuning. The floors below are what was reached on each.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vectorstore.scope import QuestionScope, read_question, subject
from vectorstore.types import Part, Scope

DATA = Path(__file__).parent / "data"
LIBRARY = {
    "云岭卫健": "岚江市云岭区卫生健康局",
    "云岭市监": "岚江市云岭区市场监督管理局",
    "岚江卫健": "岚江市卫生健康委员会",
    "石桥卫健": "石桥县卫生健康局",
    "石桥司法": "石桥县司法局",
    "禾丰执法": "禾丰县综合行政执法局",
    "禾丰教体": "禾丰县教育体育局",
    "青莲人社": "青莲县人力资源和社会保障局",
    "青莲交通": "青莲县交通运输局",
    "鹿鸣应急": "鹿鸣市应急管理局",
    "鹿鸣自规": "鹿鸣市自然资源和规划局",
    "乌兰农牧": "乌兰图克旗农业农村局",
}
YEARS = (2024, 2025)


def _cases(name: str) -> list[dict[str, Any]]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def _read(question: str) -> QuestionScope:
    return read_question(question, list(LIBRARY.values()), YEARS, 2026)


def _wrong(case: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Each field that was not read as expected: (expected, read)."""
    got = _read(case["q"])
    pairs = {
        "orgs": ([LIBRARY[code] for code in case.get("orgs", [])], list(got.orgs)),
        "years": (case.get("years", []), list(got.years)),
        "parts": (case.get("parts", []), [str(part) for part in got.parts]),
        "intent": (case["intent"], str(got.intent)),
        "everywhere": (case.get("all", False), got.everywhere),
        "places": (case.get("places", []), list(got.unknown_places)),
        "absent_years": (case.get("absent_years", []), list(got.unknown_years)),
    }
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.parametrize("case", _cases("scope_dev.jsonl"), ids=lambda case: case["q"])
def test_development_questions(case: dict[str, Any]) -> None:
    assert _wrong(case) == {}


def test_held_out_questions_are_read_as_well_as_they_were() -> None:
    """First reading: 56 of 60 right in every field; nothing was tuned on them since."""
    right = sum(not _wrong(case) for case in _cases("scope_heldout.jsonl"))
    assert right >= 56


def test_the_two_sets_share_no_question() -> None:
    held_out = {case["q"] for case in _cases("scope_heldout.jsonl")}
    development = {case["q"] for case in _cases("scope_dev.jsonl")}
    assert not held_out & development
    assert len(held_out | development) >= 120


def test_full_width_and_odd_spacing_read_the_same() -> None:
    plain = _read("云岭区卫健局2025年立案多少起?")
    odd = _read("  云岭区卫健局２０２５年立案多少起？")
    assert (plain.orgs, plain.years, plain.intent) == (odd.orgs, odd.years, odd.intent)


@pytest.mark.parametrize(
    ("known", "question", "years"),
    [
        ((2025,), "去年立案多少", (2025,)),  # 2024 is not there, the calendar's 去年 is
        ((2024, 2025), "去年立案多少", (2024,)),
        ((2024, 2025), "前年立案多少", (2024,)),
        ((2023, 2024, 2025), "前年立案多少", (2023,)),
        ((2025,), "今年立案多少", (2025,)),
        ((2026, 2025), "今年立案多少", (2026,)),
        ((), "今年立案多少", ()),
    ],
)
def test_relative_years_are_the_librarys_first_and_the_calendars_second(
    known: tuple[int, ...], question: str, years: tuple[int, ...]
) -> None:
    assert read_question(question, list(LIBRARY.values()), known, 2026).years == years


def test_how_a_year_was_read_is_told() -> None:
    (reading,) = _read("云岭卫健局去年立案多少").readings
    assert (reading.text, reading.years) == ("去年", (2024,))


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("桃源县立案多少", True),
        ("2019年立案多少", True),
        ("石桥县和桃源县谁立案多", False),
        ("2019年和2025年立案各多少", False),
        ("立案多少", False),
    ],
)
def test_a_question_only_about_what_is_absent_is_told_apart(question: str, missing: bool) -> None:
    assert _read(question).missing is missing


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("云岭区卫健局2025年行政处罚立案多少起", {"行政处罚", "立案"}),
        ("哪些单位提到执法力量薄弱", {"执法", "力量", "薄弱"}),
        ("石桥县卫健局存在哪些不足", set()),
        ("石桥县卫健局会同市场监管局检查了多少家", {"市场", "监管", "检查"}),
    ],
)
def test_topics_are_what_is_left(question: str, topics: set[str]) -> None:
    got = set(_read(question).topics)
    assert topics <= got
    assert not got & {"石桥", "石桥县", "云岭", "2025", "卫健局", "单位", "多少", "存在", "不足"}


def test_the_subject_loses_the_names_of_its_scope_only() -> None:
    read = _read("云岭区卫健局2025年与公安局联合检查多少家")
    assert subject(read.question, read.scope) == "与公安局联合检查多少家"
    assert subject("云岭区卫健局2025年立案", Scope()) == "云岭区卫健局2025年立案"
    assert subject("石桥县卫健局", Scope(orgs=(LIBRARY["石桥卫健"],))) == "石桥县卫健局"


@pytest.mark.parametrize(
    "question",
    [
        "2025年召开政府常务会议几次",
        "向县政府报告几次",
        "报请市政府审议的文件有多少件",
        "通过政府网站公开多少条",
    ],
)
def test_what_is_done_or_to_whom_is_no_place(question: str) -> None:
    assert _read(question).unknown_places == ()


@pytest.mark.parametrize("name", ["桃源卫健局", "永定区卫健局", "和平区卫健局"])
def test_a_place_may_be_a_common_word(name: str) -> None:
    assert _read(f"{name}2025年立案多少").unknown_places == (name,)


def test_an_empty_library_knows_no_place() -> None:
    read = read_question("石桥县卫健局2025年立案多少", [], [], 2026)
    assert read.orgs == ()
    assert read.unknown_places == ("石桥县卫健局",)
    assert read.unknown_years == (2025,)


@pytest.mark.parametrize(
    ("known", "question", "found"),
    [
        ("白石县", "白石县政府2025年有哪些举措", True),
        ("白石县人民政府", "白石2025年有哪些举措", True),
        ("白石县档案局", "白石县档案局有哪些不足", True),
        ("白石县档案局", "白石县科技局有哪些不足", False),
        ("海岭市生态环境局白石分局", "白石分局立案多少", True),
        ("长河土家族自治县司法局", "长河县司法局调解多少件", True),
        ("长河土家族自治县司法局", "长河司法局调解多少件", True),
        ("津水市市中区卫生健康局", "市中区卫健局立案多少", True),
        ("津水市市中区卫生健康局", "津水市场监管局立案多少", False),
        ("和平区卫生健康局", "用和平方式调解多少件", False),
        ("和平区卫生健康局", "和平区卫健局调解多少件", True),
    ],
)
def test_names_of_other_shapes(known: str, question: str, found: bool) -> None:
    assert bool(read_question(question, [known], [2025], 2026).orgs) is found


@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=4))
@example("2025年立案", ["\n", " ", "局", "\n司法局"])
def test_any_text_can_be_read(question: str, known: list[str]) -> None:
    read = read_question(question, known, [2025], 2026)
    assert set(read.orgs) <= set(known)
    assert set(read.years) <= {2025}


@given(st.permutations(list(LIBRARY)), st.sampled_from(list(LIBRARY.values())))
def test_a_full_name_finds_its_organisation_in_any_library_order(
    order: list[str], name: str
) -> None:
    read = read_question(f"{name}2025年立案多少起", [LIBRARY[c] for c in order], YEARS, 2026)
    assert read.orgs == (name,)
    assert read.unknown_places == ()


PROVINCE = ("澜河省农业农村厅", "栖云县市场监督管理局", "沧屏医科大学")


@pytest.mark.parametrize("name", ["澜河省农业农村厅", "省农业农村厅", "农业农村厅", "澜河省农业厅"])
def test_a_provincial_bureau_is_found_by_its_short_names(name: str) -> None:
    read = read_question(f"{name}2024年受理多少件", PROVINCE, (2023, 2024), 2025)
    assert (read.orgs, read.unknown_places) == (("澜河省农业农村厅",), ())


def test_a_full_name_without_place_or_kind_is_no_topic() -> None:
    read = read_question("沧屏医科大学要新增几名法务人员", PROVINCE, (2024,), 2025)
    assert read.orgs == ("沧屏医科大学",)
    assert "大学" not in read.subject


@pytest.mark.parametrize(
    "question",
    [
        "栖云县市场监管局2024年计划食品抽检多少批次？",
        "栖云县市场监管局2024年办结率目标是多少？",
        "栖云县市场监管局2024年要举办几次培训？",
        "栖云县市场监管局2024年办结率目标？",
    ],
)
def test_a_plan_is_sought_in_the_report_of_the_year_before(question: str) -> None:
    read = read_question(question, PROVINCE, (2023, 2024), 2025)
    assert Part.NEXT_YEAR in read.parts
    assert 2023 in read.years


@pytest.mark.parametrize(
    "question",
    [
        "2024年网办率没达到85%目标是多少？",
        "2024年计划完成情况如何？",
        "2024年需要整改多少？",
        "2024年主要做了什么？",
    ],
)
def test_what_was_done_is_no_plan(question: str) -> None:
    read = read_question(question, PROVINCE, (2023, 2024), 2025)
    assert (read.parts, read.years) in [((), (2024,)), ((Part.MEASURES,), (2024,))]
