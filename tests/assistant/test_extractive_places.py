"""Bureaus whose reports do not say where they are: whom a question about a place may mean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answer.types import Answerer
from assistant.build import open_services
from assistant.settings import Settings
from tests.holding import hold_texts
from vectorstore.types import Scope

REPORTS = {
    "甲": """2025年，市水务局认真履行各项职责，现将有关情况报告如下。
一、主要举措和成效
落实《松陵市节水条例》，立案查处取水违法行为47件。
""",
    "丙": """2025年，市水务局认真履行各项职责，现将有关情况报告如下。
一、主要举措和成效
落实《石门市节水条例》，立案查处取水违法行为83件。
""",
    "乙": """2025年，我局认真履行各项职责，现将有关情况报告如下。
一、主要举措和成效
立案查处占道经营9件。
""",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder = tmp_path_factory.mktemp("places")
    with open_services(Settings(home=folder / "home")) as services:
        hold_texts(services.store, folder, REPORTS)
        yield services.answerer("extractive")


@pytest.mark.parametrize(
    ("asked", "figures"),
    [
        ("市水务局", ["47件", "83件"]),
        ("请问市水务局", ["47件", "83件"]),
        ("松陵市水务局", ["47件"]),
        ("石门市水务局", ["83件"]),
    ],
)
def test_a_bureau_is_answered_for_by_its_name_or_a_place_its_report_speaks_of(
    answerer: Answerer, asked: str, figures: list[str]
) -> None:
    answer = answerer.answer(f"{asked}2025年立案查处多少件？")
    assert sorted(quantity.text for quantity in answer.quantities) == figures


def test_a_bureau_of_another_place_is_not(answerer: Answerer) -> None:
    answer = answerer.answer("石桥市水务局2025年立案查处多少件？")
    assert answer.refused
    assert "没有石桥市水务局的报告" in answer.text


def test_a_place_of_another_kind_is_not_such_a_bureau(answerer: Answerer) -> None:
    answer = answerer.answer("石桥县2025年立案查处多少件？")
    assert answer.refused
    assert "没有石桥县的报告" in answer.text


def test_what_the_user_picks_is_what_is_asked(answerer: Answerer) -> None:
    answer = answerer.answer(
        "石桥市水务局2025年立案查处多少件？", scope=Scope(("市水务局",), (2025,))
    )
    assert sorted(quantity.text for quantity in answer.quantities) == ["47件", "83件"]


def test_a_report_without_a_name_is_listed_by_its_file(answerer: Answerer) -> None:
    answer = answerer.answer("石桥市财政局2025年立案查处多少件？")
    assert answer.refused
    assert any("“乙”2025年" in line for line in answer.nearest)
