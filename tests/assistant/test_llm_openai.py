"""The endpoint adapter against a server that plays TEST_MATRIX 20–25."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Iterator

import pytest

from assistant.errors import (
    BadReplyError,
    ContextTooLongError,
    IncompleteReplyError,
    LLMAuthError,
    LLMError,
    LLMRateLimitedError,
    LLMRequestError,
    LLMTimeoutError,
    LLMUnavailableError,
)
from assistant.llm.openai import EndpointChat, Limits, endpoint_chat
from assistant.llm.text import Wait, stream_text
from assistant.llm.transport import is_local, proxy_for
from tests.openai_server import DONE, FakeEndpoint, Play, data, event, fails, says

KEY = "sk-secret-0123456789"
QUICK = Limits(connect=1, total=1.5, idle=0.4, pulse=0.03)
ROOMY = Limits(connect=5, total=60, idle=20, pulse=1)


class Model:
    """The model under test, with the sleeps it asked for instead of sleeping them."""

    def __init__(self, url: str, limits: Limits) -> None:
        self.slept: list[float] = []
        self.chat: EndpointChat = endpoint_chat(url, "m", KEY, max_tokens=64, limits=limits)
        self.chat.sleep = self.slept.append

    def ask(self) -> tuple[str, list[Wait], LLMError | None]:
        text, waits = "", []
        try:
            for piece in stream_text(self.chat, "问题"):
                if isinstance(piece, Wait):
                    waits.append(piece)
                else:
                    text += piece
        except LLMError as error:
            return text, waits, error
        return text, waits, None


def ask(*plays: Play, limits: Limits = ROOMY):  # type: ignore[no-untyped-def]
    with FakeEndpoint(*plays) as server:
        model = Model(server.url, limits)
        began = time.monotonic()
        text, waits, error = model.ask()
        took = time.monotonic() - began
        assert took < 10, "nothing here may take long"
        return text, error, waits, model.slept, server.requests


def test_a_good_reply_streams_and_sends_what_every_server_knows() -> None:
    text, error, _, _, requests = ask(says("全年立案12件[1]。"))
    assert (text, error) == ("全年立案12件[1]。", None)
    body = requests[0].body
    assert (body["max_tokens"], body["temperature"], body["seed"]) == (64, 0, 0)
    assert body["stream"] is True
    assert "max_completion_tokens" not in body
    assert requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert requests[0].path == "/v1/chat/completions"


def test_invoke_and_async_take_the_same_guarded_path() -> None:
    with FakeEndpoint(says("好。"), says("好。"), fails(401), fails(401)) as server:
        chat = Model(server.url, ROOMY).chat
        assert chat.invoke("问").text == "好。"
        assert asyncio.run(chat.ainvoke("问")).text == "好。"
        with pytest.raises(LLMAuthError):
            chat.invoke("问")
        with pytest.raises(LLMAuthError):
            asyncio.run(chat.ainvoke("问"))


# 20: 429 and 5xx


def test_a_short_retry_after_is_waited_for_visibly() -> None:
    text, error, waits, slept, _ = ask(fails(429, Retry_After="3"), says("好。"))
    assert (text, error) == ("好。", None)
    assert sum(slept) == 3
    assert max(slept) <= ROOMY.pulse
    assert [wait.seconds for wait in waits if "429" in wait.reason] == [3, 2, 1]


def test_a_long_retry_after_fails_at_once_and_says_when() -> None:
    _, error, _, slept, requests = ask(fails(429, Retry_After="3600"))
    assert isinstance(error, LLMRateLimitedError)
    assert error.retry_after == 3600
    assert "60 分钟" in str(error)
    assert (len(requests), slept) == (1, [])


def test_a_retry_after_may_be_a_date() -> None:
    _, error, _, _, requests = ask(fails(429, Retry_After="Wed, 01 Jan 2098 00:00:00 GMT"))
    assert isinstance(error, LLMRateLimitedError)
    assert error.retry_after
    assert error.retry_after > 1e8
    assert len(requests) == 1


def test_nonsense_in_retry_after_means_the_usual_backoff() -> None:
    text, _, _, slept, _ = ask(fails(429, Retry_After="soon"), says("好。"))
    assert (text, sum(slept)) == ("好。", 1)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_errors_are_tried_three_times_with_backoff(status: int) -> None:
    _, error, waits, slept, requests = ask(fails(status))
    assert isinstance(error, LLMUnavailableError)
    assert error.retryable
    assert str(status) in str(error)
    assert len(requests) == 3
    assert sum(slept) == 1 + 2
    assert waits


def test_waits_count_against_the_deadline() -> None:
    _, error, _, slept, requests = ask(fails(503, Retry_After="5"), limits=QUICK)
    assert isinstance(error, LLMUnavailableError)
    assert (len(requests), slept) == (1, [])


# 21: authentication and the key


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_tried_once(status: int) -> None:
    _, error, _, _, requests = ask(fails(status))
    assert isinstance(error, LLMAuthError)
    assert "FAZHI_LLM_API_KEY" in error.hint
    assert len(requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_the_key_is_in_no_message_traceback_or_log(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, error, _, _, _ = ask(fails(status, f"Incorrect API key provided: {KEY}.", Retry_After="999"))
    assert error is not None
    logging.getLogger("test").error("failed", exc_info=error)
    written = "".join(traceback.format_exception(error)) + caplog.text + repr(error) + error.hint
    assert KEY not in written


def test_the_model_does_not_print_its_key() -> None:
    chat = Model("http://127.0.0.1:9/v1", ROOMY).chat
    assert KEY not in repr(chat) + str(chat) + str(chat._identifying_params)


# 22: context overflow


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 9000",
        "the request exceeds the available context size, try increasing it",
        "`inputs` tokens + `max_new_tokens` must be <= 4096",
    ],
)
def test_an_overflow_is_told_from_other_refusals(message: str) -> None:
    _, error, _, _, requests = ask(fails(400, message))
    assert isinstance(error, ContextTooLongError)
    assert len(requests) == 1
    assert isinstance(ask(fails(400, "unknown field"))[1], LLMRequestError)


def test_an_unknown_model_is_named() -> None:
    error = ask(fails(404))[1]
    assert isinstance(error, LLMRequestError)
    assert "模型 m" in str(error)


# 23: streams that do not end well

PART = [event("全年立案"), event("12件")]


@pytest.mark.parametrize(
    ("play", "word"),
    [
        (Play(PART, end="cut"), "断开"),
        (Play(PART), "没有正常结束"),
        (Play([*PART, DONE]), "没有正常结束"),
        (Play([*PART, event(finish="length"), DONE]), "长度上限"),
        (Play([*PART, event(finish="content_filter"), DONE]), "审查"),
        (Play(PART, end="stall"), "停顿"),
        (Play(PART, end="ping"), "停顿"),
        (Play(PART, end="empty"), "停顿"),
        (Play([*PART, data({"error": {"message": "oops"}})]), "断开"),
    ],
)
def test_a_reply_that_breaks_off_keeps_its_text_and_is_incomplete(play: Play, word: str) -> None:
    text, error, _, _, requests = ask(play, limits=QUICK)
    assert text == "全年立案12件"
    assert isinstance(error, IncompleteReplyError)
    assert word in str(error)
    assert len(requests) == 1, "a reply the user has begun to read is not started again"


@pytest.mark.parametrize(
    "play", [Play(silent=True), Play(end="stall"), Play(end="ping"), Play(end="empty")]
)
def test_no_answer_is_a_timeout_with_waits_on_the_way(play: Play) -> None:
    text, error, waits, _, requests = ask(play, limits=QUICK)
    assert (text, len(requests)) == ("", 1)
    assert isinstance(error, LLMTimeoutError)
    assert waits or play.end == "empty"
    assert requests[0].gone.wait(2)


def test_a_refused_connection_is_unavailable_and_quick() -> None:
    with FakeEndpoint(says("x")) as server:
        url = server.url
    _, _, error = Model(url, ROOMY).ask()
    assert isinstance(error, LLMUnavailableError)


def test_an_error_event_before_any_text_is_tried_again() -> None:
    busy = Play([data({"error": {"message": "overloaded"}})])
    assert ask(busy, says("好。"))[0] == "好。"


# 24: not the protocol


@pytest.mark.parametrize(
    "play",
    [
        Play(["data: {not json\n\n"]),
        Play(["<html><body>登录</body></html>"], kind="text/html"),
        Play(["<html><body>登录</body></html>"], kind="text/plain"),
        Play(['{"choices": null}'], kind="application/json"),
        Play([data({"choices": None}), DONE]),
        Play([data({"choices": []}), DONE]),
        Play([data({"choices": [{}]}), DONE]),
        Play([data({"choices": [{"delta": None, "finish_reason": None}]}), DONE]),
        Play([data([1, 2]), DONE]),
        Play([data("text"), DONE]),
        Play([b"data: \xff\xfe\n\n"]),
        Play([event(""), event(finish="stop"), DONE]),
        Play([]),
        Play([b"\x1f\x8b" + bytes(50)], headers={"Content-Encoding": "gzip"}),
    ],
)
def test_a_reply_that_is_not_the_protocol_is_one_typed_error(play: Play) -> None:
    _, error, _, _, requests = ask(play, limits=QUICK)
    assert isinstance(error, BadReplyError)
    assert len(requests) == 1


def test_an_endless_line_is_stopped() -> None:
    _, error, _, _, _ = ask(Play(["data: "] + ["x" * 1_000_000] * 9))
    assert isinstance(error, BadReplyError)
    assert "过大" in str(error)


def test_a_redirect_is_not_followed() -> None:
    elsewhere = Play([""], status=307, headers={"Location": "http://198.51.100.7/v1"})
    assert isinstance(ask(elsewhere)[1], LLMRequestError)


# 25: stop


@pytest.mark.parametrize("play", [Play(PART, end="stall"), Play(silent=True)])
def test_closing_the_stream_closes_the_request(play: Play) -> None:
    with FakeEndpoint(play) as server:
        pieces: Iterator[str | Wait] = stream_text(
            Model(server.url, Limits(total=60, idle=60, pulse=0.05)).chat, "问题"
        )
        next(pieces)
        began = time.monotonic()
        pieces.close()  # type: ignore[attr-defined]
        assert server.requests[0].gone.wait(2)
        assert time.monotonic() - began < 2


# configuration


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://h/v1", "http://"])
def test_an_address_must_be_http(url: str) -> None:
    with pytest.raises(LLMRequestError):
        endpoint_chat(url, "m")


def test_a_key_no_header_may_hold_is_said_so() -> None:
    with pytest.raises(LLMAuthError):
        endpoint_chat("http://127.0.0.1/v1", "m", "密钥")


def test_proxies_never_see_local_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "OPENAI_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://192.0.2.1:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    local = ("http://127.0.0.1:8/v1", "http://[::1]/v1", "http://10.1.2.3/v1", "http://llm/v1")
    assert [proxy_for(url) for url in local] == [None] * 4
    assert proxy_for("https://api.example.com/v1") == "http://192.0.2.1:3128"
    assert ask(says("好。"))[0] == "好。"  # the fixture fails a connection that is not loopback


def test_public_names_are_not_local() -> None:
    assert not is_local("api.example.com")
    assert not is_local("8.8.8.8")
    assert is_local("LOCALHOST")


def test_tracing_stays_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "x")
    endpoint_chat("http://127.0.0.1/v1", "m")
    from langsmith.utils import tracing_is_enabled

    assert not tracing_is_enabled()
