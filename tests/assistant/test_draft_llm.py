"""A model says sections better; whatever it makes up stays out of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import BaseMessage

from assistant.draft import Draft, Request, draft
from assistant.draft.llm import BUDGET, Polisher
from assistant.draft.proof import prove
from assistant.errors import LLMAuthError
from assistant.gongwen import unfinished
from assistant.gongwen.model import walk
from assistant.llm.scripted import Cut, Reply, ScriptedChat
from prompts import load
from tests.assistant.draft_library import FILES, HEALTH, LEXICON, SAMPLES, fill, sheet
from vectorstore.store import Store

_VALUES = {"行政处罚立案": "41", "结案": "40", "法治培训": "13", "法治培训参训": "773"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = fill(tmp_path_factory.mktemp("llm"), [SAMPLES / FILES[0]])
    yield store
    store.close()


@pytest.fixture(scope="module")
def figures(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sheet(store, tmp_path_factory.mktemp("s") / "s.csv", HEALTH, 2026, _VALUES)


def given(messages: list[BaseMessage]) -> str:
    """The draft of the section, as the prompt holds it."""
    found = re.search(r"草稿 (\w{12})\n(.*)\n草稿 \1", str(messages[1].content), re.DOTALL)
    assert found
    return found[2]


def run(
    store: Store, figures: Path | None, reply: Reply, **limits: int
) -> tuple[Draft, ScriptedChat]:
    model = ScriptedChat(replies=[reply] * 60)
    polisher = Polisher(model, load("draft_section"), LEXICON, "scripted", **limits)
    return draft(store, LEXICON, Request("report", HEALTH, 2026, figures), polisher), model


def plainly(store: Store, figures: Path | None) -> Draft:
    return draft(store, LEXICON, Request("report", HEALTH, 2026, figures))


def text_of(made: Draft) -> str:
    return "".join(span.text for span in walk(made.document))


def better(messages: list[BaseMessage]) -> str:
    return given(messages).replace("制定年度学法计划", "认真制定年度学法计划")


def test_a_good_reply_is_used_with_the_figures_code_filled_in(store: Store, figures: Path) -> None:
    made, _ = run(store, figures, better)
    assert made.engine == "openai"
    assert "认真制定年度学法计划" in text_of(made)
    assert "立案41件" in text_of(made)
    assert [c.quantity.text for c in prove(made, LEXICON).checked if not c.good] == []
    assert unfinished(made.document) == unfinished(plainly(store, figures).document)
    assert made.prompt_refs == (load("draft_section").ref,)
    assert 0 < made.prompt_tokens <= BUDGET


def test_the_model_never_sees_a_figure(store: Store, figures: Path) -> None:
    _, model = run(store, figures, better)
    asked = "".join(str(messages[1].content) for messages in model.calls)
    assert not re.search(r"41件|36件|773|690", asked)


def _first_figure_moved(messages: list[BaseMessage]) -> str:
    text = given(messages)
    names = re.findall(r"\{F\d+\}", text)
    if len(names) < 2:
        return text
    one, two = names[0], names[1]
    return text.replace(one, "@").replace(two, one).replace("@", two)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: given(m).replace("。", "，立案88件。", 1),
        lambda m: given(m).replace("。", "，比上年增加三成。", 1),
        lambda m: re.sub(r"\{[FB]\d+\}", "88件", given(m)),
        lambda m: re.sub(r"\{[FB]\d+\}", "", given(m)),
        lambda m: given(m) + "{F99}",
        lambda m: given(m).replace("。", "，荣获全省先进集体称号。", 1),
        lambda m: given(m).replace("。", "，执行《乌有条例》。", 1),
        lambda m: given(m).replace("。", "，2023年起实施。", 1),
        lambda m: "一、" + given(m),
        lambda m: given(m) + "\n另起一段。",
        lambda m: given(m) + "详见https://example.com。",
        lambda m: "好的。",
        lambda m: "",
    ],
)
def test_a_bad_reply_is_asked_for_once_more_and_then_left_out(
    store: Store, figures: Path, spoil: Reply
) -> None:
    made, model = run(store, figures, spoil, budget=100_000)
    assert made.document == plainly(store, figures).document
    assert made.engine == "extractive"
    assert any("采用规则改写" in note for note in made.notes)
    assert len(model.calls) % 2 == 0
    assert "上一次的修改不能用" in str(model.calls[1][1].content)


def test_figures_that_change_places_are_noticed(store: Store, figures: Path) -> None:
    made, _ = run(store, figures, _first_figure_moved, budget=100_000)
    assert "立案41件" in text_of(made)
    assert "立案40件" not in text_of(made)
    assert [c.quantity.text for c in prove(made, LEXICON).checked if not c.good] == []


def test_the_budget_is_kept(store: Store, figures: Path) -> None:
    made, _ = run(store, figures, lambda m: "好的。", budget=3000)
    assert made.prompt_tokens <= 3000
    assert any("用量上限" in note for note in made.notes)


def test_an_endpoint_that_fails_leaves_the_rules_draft(store: Store) -> None:
    made, model = run(store, None, LLMAuthError("模型服务拒绝访问（401）。"))
    assert made.document == plainly(store, None).document
    assert len(model.calls) == 1
    assert any("401" in note for note in made.notes)


def test_a_cut_reply_is_not_used(store: Store) -> None:
    from assistant.errors import IncompleteReplyError

    made, _ = run(store, None, Cut("制定年度", IncompleteReplyError("模型回答中途断开。")))
    assert made.document == plainly(store, None).document
