"""Where sentences end, in full-width and in half-width prose."""

from __future__ import annotations

import pytest

from vectorstore.sentences import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("立案6起。罚款2万元。", ["立案6起。", "罚款2万元。"]),
        ("立案6起.罚款1.24万元.", ["立案6起.", "罚款1.24万元."]),
        ("办结率98.2%.(三)加强普法.", ["办结率98.2%.", "(三)加强普法."]),
        ("一.主要做法", ["一.主要做法"]),
        ("1.主要做法", ["1.主要做法"]),
        ("使用V2.0版平台办件3件。", ["使用V2.0版平台办件3件。"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [text[span.start : span.end] for span in sentences(text)] == parts


def test_a_long_text_without_stops_takes_linear_time() -> None:
    text = "立案3件，" * 40_000
    assert len(list(sentences(text))) == 1
