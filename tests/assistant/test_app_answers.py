"""Answers kept for the next who asks the same, over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer.types import Answer, Done, Sources
from assistant.app.ask.answers import Answers
from assistant.build import Services
from assistant.conversations import Exchange, Focus
from assistant.settings import Settings
from tests.conftest import SAMPLES
from tests.holding import hold
from vectorstore.store import Store
from vectorstore.types import Scope

HEALTH = "岚泊县卫生健康局"
FILED = f"{HEALTH}行政处罚立案多少件？"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with Store.open(tmp_path) as store:
        made = Services(Settings(home=tmp_path), store)
        add(made, "lanbo-health-2025.docx")
        yield made


def add(services: Services, name: str) -> None:
    hold(services.store, SAMPLES / name)


def asked(question: str, picked: Scope | None = None) -> Exchange:
    focus = Focus(question, (HEALTH,))
    return Exchange("x", "", question, Answer(""), picked=picked or Scope(), focus=focus)


def answer(answers: Answers, started: Exchange) -> Answer:
    *_, last = answers.stream(started, ())
    assert isinstance(last, Done)
    return last.answer


def test_the_same_question_is_composed_once_until_the_library_changes(services: Services) -> None:
    answers = Answers(services)
    first = answer(answers, asked(FILED))
    assert "36件" in first.text  # samples/manifest.yaml
    assert answer(answers, asked(FILED)) is first
    add(services, "lanbo-health-2024.txt")
    second = answer(answers, asked(FILED))
    assert "资料库另有2024年" in "".join(second.notes)


def test_what_was_picked_tells_questions_apart(services: Services) -> None:
    answers = Answers(services)
    everything = answer(answers, asked(FILED))
    elsewhere = answer(answers, asked(FILED, Scope(years=(2019,))))
    assert elsewhere.refused
    assert not everything.refused


def test_what_was_searched_for_is_searched_for_again(services: Services) -> None:
    answers = Answers(services)
    question = asked(f"{HEALTH}在执法培训方面做了什么？")
    events = list(answers.stream(question, ()))
    assert any(isinstance(event, Sources) for event in events)
    assert answer(answers, question) is not answer(answers, question)
