"""What can be done with a question and its answer, as text and HTML, without a browser."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.types import Answer, CheckedQuantity, Citation, Turn
from assistant.app.ask.acts import acts_html, chips_html
from assistant.app.ask.focus import focus_of, widened
from assistant.app.ask.marks import placed, text_html
from assistant.app.ask.recall import earlier_html
from assistant.app.ask.transcript import WRITERS, plain_text
from assistant.app.downloads import Downloads
from assistant.conversations import Exchange, Focus
from vectorstore.scope import QuestionScope, read_question
from vectorstore.types import Scope

WATER, FOREST = "青禾县水务局", "青禾县林业局"
ORGS, YEARS = (WATER, FOREST), (2023, 2024, 2025)
QUOTE = "2025年，行政处罚立案17件，\n罚没款3.5万元。"
CITATION = Citation(1, "r1", WATER, 2025, "一、举措 > （一）执法", QUOTE, 0, len(QUOTE))
FIGURE = CheckedQuantity("17件", "supported", 1)
DAY = date(2026, 1, 6)


def read(question: str) -> QuestionScope:
    return read_question(question, ORGS, YEARS, 2026)


def exchange(answer: Answer, key: str = "e1", **options: object) -> Exchange:
    asked = {"question": f"{WATER}2025年立案多少件？", **options}
    return Exchange(key, "2026-01-05T09:30:00+08:00", answer=answer, **asked)  # type: ignore[arg-type]


ANSWERED = Answer("· 立案17件[1]。", citations=(CITATION,), quantities=(FIGURE,))


@pytest.mark.parametrize(
    ("question", "kind", "value", "asked"),
    [
        (f"{WATER}2025年立案多少件？", "org", WATER, "各单位2025年立案多少件？"),
        (f"{WATER}2025年立案多少件？", "year", "2025", f"{WATER}历年立案多少件？"),
        (f"{WATER}和{FOREST}2025年立案多少件？", "org", WATER, f"{FOREST}2025年立案多少件？"),
        (f"{WATER}、{FOREST}2025年立案多少件？", "org", "", "各单位2025年立案多少件？"),
        (f"{WATER}2024、2025年立案多少件？", "year", "2024", f"{WATER}2025年立案多少件？"),
        (f"2025年度{WATER}立案多少件？", "year", "2025", f"历年{WATER}立案多少件？"),
    ],
)
def test_a_widened_question_says_what_it_asks(
    question: str, kind: str, value: str, asked: str
) -> None:
    focus = focus_of(question, (), Scope(), read)
    assert widened(focus, kind, value, read) == asked  # type: ignore[arg-type]
    after = focus_of(asked, (), Scope(), read)
    assert after != focus


def test_a_follow_up_is_widened_as_the_whole_question_it_stands_for() -> None:
    history = [Turn(f"{WATER}2025年立案多少件？", "17件")]
    focus = focus_of("那2024年呢？", history, Scope(), read)
    assert (focus.orgs, focus.years) == ((WATER,), (2024,))
    assert widened(focus, "org", WATER, read) == "2024年各单位立案多少件？"


def test_what_was_picked_is_what_the_question_is_restricted_to() -> None:
    focus = focus_of("2025年立案多少件？", (), Scope((FOREST,), (2024,)), read)
    assert (focus.orgs, focus.years) == ((FOREST,), (2024,))
    assert widened(focus, "org", FOREST, read) == "各单位2025年立案多少件？"


@given(st.text(alphabet="水林2345年、和的x", max_size=20), st.sampled_from(["org", "year"]))
def test_widening_never_fails_nor_asks_nothing(text: str, kind: str) -> None:
    focus = focus_of(text, (), Scope((WATER,), (2025,)), read)
    assert widened(focus, kind, "", read)  # type: ignore[arg-type]


def test_chips_of_many_organisations_are_one() -> None:
    many = tuple(f"甲{n}局" for n in range(9))
    assert "9 个单位" in chips_html(Focus("q", many), "e1")
    assert chips_html(Focus("q"), "e1") == ""
    assert "button" not in chips_html(Focus("q", (WATER,), (2025,)))


def test_figures_are_found_where_they_stand() -> None:
    text = "117件中立案17件[17]，罚款17件，共3件。"
    figures = [CheckedQuantity(t, "supported", None) for t in ("17件", "17件", "3件", "9件")]
    found = [(start, text[start:end]) for start, end, _ in placed(text, figures)]
    assert found == [(7, "17件"), (17, "17件"), (22, "3件")]


@given(st.text(alphabet="1234567890件，。\n·[] <", max_size=60), st.data())
def test_marks_lose_no_character_of_an_answer(text: str, data: st.DataObject) -> None:
    numbers = st.lists(st.sampled_from(re.findall(r"\d+件?", text) or ["7"]), max_size=4)
    figures = [CheckedQuantity(t, "supported", 1) for t in data.draw(numbers)]
    html = text_html("k", text, [CITATION], figures)
    html = re.sub(r'<span class="tip".*?</span></span>', "", html)
    html = re.sub(r'<a class="cite"[^>]*>(\d+)</a>', r"[\1]", html)
    shown = unescape(re.sub(r"<[^>]+>", "", html.replace("</p>", "\n")))
    plain = re.sub(r"\[0*1\]", "[1]", text)
    lines = [line.removeprefix("· ") for line in plain.split("\n") if line.strip()]
    assert shown == "".join(f"{line}\n" for line in lines)


def test_an_unknown_verdict_is_shown_as_it_is_called() -> None:
    odd = CheckedQuantity("17件", "<odd>", None)
    html = text_html("k", "17件", [], [odd])
    assert "&lt;odd&gt;" in html
    assert 'tabindex="0"' in html  # reachable though it leads nowhere


def test_an_answer_copied_carries_its_sources() -> None:
    answer = Answer(
        "立案17件[1]。", citations=(CITATION,), notes=("问题没有写明年度。",), incomplete=True
    )
    assert plain_text(exchange(answer)).split("\n") == [
        "立案17件[1]。",
        "注：问题没有写明年度。",
        "注：回答不完整，请核对后使用。",
        "",
        "出处：",
        f"[1] {WATER}2025年，（一）执法：“2025年，行政处罚立案17件， 罚没款3.5万元。”",
    ]
    hostile = acts_html(exchange(Answer('"><img src=x>')), newest=True)
    assert "<img" not in hostile


def test_the_word_file_reads_well_and_notes_each_figure() -> None:
    file = WRITERS["docx"]([exchange(ANSWERED), exchange(Answer("没有写。", refused=True))], DAY)
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        body = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
        notes = re.sub(r"<[^>]+>", "", package.read("word/comments.xml").decode())
    assert "问答记录" in body
    assert f"一、{WATER}2025年立案多少件" in body
    assert "立案17件〔1〕。" in body
    assert f"〔1〕{WATER}2025年" in body
    assert "2026年1月6日" in body
    assert "有出处" in notes
    assert file == WRITERS["docx"](
        [exchange(ANSWERED), exchange(Answer("没有写。", refused=True))], DAY
    )


def test_the_markdown_file_holds_questions_answers_and_sources() -> None:
    text = WRITERS["md"]([exchange(ANSWERED, question="一\n二<b>？")], DAY).decode()
    assert "# 问答记录" in text
    assert "一、一 二\\<b>" in text
    assert "立案17件〔1〕。" in text
    assert "[^" not in text


def test_a_search_marks_what_it_finds_and_escapes_the_rest() -> None:
    talks = [exchange(Answer("<i>扫码入企</i>检查三次。"), question="水务<b>怎么样？")]
    assert "<b>" not in earlier_html(talks)
    found = earlier_html(talks, "水务 扫码")
    assert "<mark>水务</mark>&lt;b&gt;" in found
    assert "&lt;i&gt;<mark>扫码</mark>入企" in found
    assert "没有找到" in earlier_html(talks, "林业")
    assert "会列在这里" in earlier_html([])


def test_an_offer_with_a_key_keeps_its_address() -> None:
    downloads = Downloads()
    first = downloads.offer("s", "a.md", lambda: b"1", "talk")
    assert downloads.offer("s", "b.md", lambda: b"2", "talk") == first
    assert downloads.offer("t", "b.md", lambda: b"3", "talk") != first
    assert downloads.take("s", first.rpartition("/")[2]) == ("b.md", b"2")
    for n in range(500):
        downloads.offer("s", f"{n}.md", lambda: b"")
    assert downloads.take("s", first.rpartition("/")[2]) is None
    assert downloads.offer("s", "b.md", lambda: b"2", "talk") != first
