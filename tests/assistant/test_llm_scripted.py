from __future__ import annotations

import pytest
from langchain_core.messages import HumanMessage

from assistant.errors import IncompleteReplyError, LLMTimeoutError
from assistant.llm.scripted import Cut, ScriptedChat, ScriptEndedError
from assistant.llm.text import stream_text


def test_replies_come_in_order_and_then_it_fails() -> None:
    model = ScriptedChat(replies=["第一句。", lambda messages: f"收到{messages[-1].text}"])
    assert model.invoke("a").text == "第一句。"
    assert "".join(str(piece) for piece in stream_text(model, "b")) == "收到b"
    with pytest.raises(ScriptEndedError):
        model.invoke("c")
    assert [call[-1].text for call in model.calls] == ["a", "b", "c"]


def test_text_streams_in_pieces() -> None:
    model = ScriptedChat(replies=["一二三四五"], piece=2)
    assert list(stream_text(model, [HumanMessage("x")])) == ["一二", "三四", "五"]


def test_errors_and_cuts_are_played() -> None:
    cut = Cut("前半", IncompleteReplyError("断"))
    model = ScriptedChat(replies=[LLMTimeoutError("超时"), cut], piece=2)
    with pytest.raises(LLMTimeoutError):
        model.invoke("x")
    pieces = stream_text(model, "x")
    assert next(pieces) == "前半"
    with pytest.raises(IncompleteReplyError):
        next(pieces)
