"""Chat with an OpenAI-compatible endpoint: every failure a typed error, within a deadline.

The only place where errors of the SDK become ours.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import openai
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import run_in_executor
from langchain_openai.chat_models.base import (  # noqa: TID251 - the permitted importer
    BaseChatOpenAI,
)
from pydantic import SecretStr

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
from assistant.llm.text import Wait, tracing_off, wait_chunk
from assistant.llm.transport import Call, Ended, Pump, http_client

__all__ = ["EndpointChat", "Limits", "endpoint_chat"]

# How vLLM, llama.cpp, TGI, SGLang, LM Studio and OpenAI word it.
_TOO_LONG = re.compile(
    r"context[ _]?(length|size|window)|exceed_context|max_new_tokens|prompt is too long"
    r"|too many tokens|model's maximum|上下文",
    re.IGNORECASE,
)
_BUSY = {500, 502, 503, 504}
# What the SDK and LangChain raise on a reply whose shape they did not expect.
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds, and how often to try."""

    connect: float = 5.0
    total: float = 120.0  # one whole reply, its retries and waits included
    idle: float = 20.0  # between two pieces of a reply that has begun
    pulse: float = 1.0  # a `Wait` at least this often, so that a consumer can stop
    tries: int = 3
    longest_wait: float = 20.0  # a longer Retry-After is reported instead of waited for


@dataclass(frozen=True, slots=True)
class _Failure:
    """A translated error; `again` is the least wait in seconds before another try, if allowed."""

    error: LLMError
    again: float | None = None


class EndpointChat(BaseChatOpenAI):
    """LangChain's adapter with deadlines, visible waits, bounded retries and typed errors.

    Based on the class that sends `max_tokens`, which every compatible server knows, and not on
    `ChatOpenAI`, which renames it to something only newer ones do.
    """

    limits: Limits = Limits()
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        started = self.clock()
        for attempt in range(1, self.limits.tries + 1):
            try:
                source = super()._stream(messages, stop, None, **kwargs)
                yield from self._attempt(source, started)
                return
            except _Retry as retry:
                failure, cause = retry.failure, retry.__cause__
            pause = self._pause(failure, attempt, started)
            if pause is None:
                raise failure.error from cause
            yield from self._wait(pause, str(failure.error))

    def _pause(self, failure: _Failure, attempt: int, started: float) -> float | None:
        """Seconds to wait before the next try, None when there is to be none."""
        if failure.again is None or attempt >= self.limits.tries:
            return None
        pause = failure.again or float(2 ** (attempt - 1))
        left = self.limits.total - (self.clock() - started)
        return pause if pause <= min(self.limits.longest_wait, left) else None

    def _wait(self, seconds: float, reason: str) -> Iterator[ChatGenerationChunk]:
        """Sleep in slices, saying so before each, so that a consumer can stop in between."""
        while seconds > 0:
            yield wait_chunk(Wait(reason, seconds))
            self.sleep(min(seconds, self.limits.pulse))
            seconds -= self.limits.pulse

    def _attempt(
        self, source: Iterator[ChatGenerationChunk], started: float
    ) -> Iterator[ChatGenerationChunk]:
        """One request. Raises `_Retry` before its first text, else the final error."""
        call = Call()
        pump = Pump(source, call)
        began, finish, heard = False, "", self.clock()
        try:
            while not isinstance(item := pump.get(self.limits.pulse), Ended):
                now = self.clock()
                heard = heard if item is None else now
                if now - started > self.limits.total or (began and now - heard > self.limits.idle):
                    raise _late(began)
                if item is None:
                    yield wait_chunk(Wait("模型正在处理", now - started))
                    continue
                finish = (item.generation_info or {}).get("finish_reason") or finish
                if item.text:
                    began = True
                yield item
            self._end(item.error, began, finish)
        finally:
            call.abort()
            pump.join(1.0)

    def _end(self, error: BaseException | None, began: bool, finish: str) -> None:
        """Raise unless the reply ended as a whole reply does."""
        if error is not None:
            key = self.openai_api_key
            _scrub(error, key.get_secret_value() if isinstance(key, SecretStr) else "")
            failure = _translate(error, self.model_name)
            if began and not isinstance(failure.error, BadReplyError):
                raise IncompleteReplyError("模型回答中途断开。") from error
            if isinstance(failure.error, LLMAuthError):
                raise failure.error from None  # its cause may quote part of the key
            raise _Retry(failure) from error
        if finish in ("length", "max_tokens"):
            raise IncompleteReplyError("模型回答达到长度上限，没有写完。")
        if finish == "content_filter":
            raise IncompleteReplyError("模型服务的内容审查中断了回答。")
        if not began:
            raise BadReplyError("模型服务没有返回任何内容。")
        if not finish:
            raise IncompleteReplyError("模型回答没有正常结束。")

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    async def _agenerate(self, *args: Any, **kwargs: Any) -> ChatResult:
        return await run_in_executor(None, self._generate, *args, **kwargs)

    # The parent's own would go round everything above; this one runs `_stream` in a thread.
    _astream = BaseChatModel._astream


class _Retry(Exception):  # noqa: N818 - never leaves this module
    """Another try may be allowed."""

    def __init__(self, failure: _Failure) -> None:
        super().__init__()
        self.failure = failure


def endpoint_chat(
    base_url: str,
    model: str,
    api_key: str = "",
    *,
    max_tokens: int = 1024,
    limits: Limits | None = None,
) -> EndpointChat:
    """A chat model for one endpoint, deterministic as far as the endpoint allows.

    Args:
        base_url: usually ends in `/v1`.
        api_key: may be empty: many endpoints on an intranet have none.
        max_tokens: longest reply.

    Raises:
        LLMRequestError: `base_url` is not an http(s) address.
        LLMAuthError: the key holds characters that no HTTP header may.
    """
    limits = limits or Limits()
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LLMRequestError("模型服务地址应以 http:// 或 https:// 开头。")
    if not api_key.isascii() or not api_key.isprintable():
        raise LLMAuthError("API 密钥含有非法字符。")
    tracing_off()
    return EndpointChat(
        model=model,
        base_url=base_url,
        api_key=SecretStr(api_key or "none"),  # the SDK insists on one
        temperature=0,
        seed=0,
        max_tokens=max_tokens,
        max_retries=0,  # retried here, where waits are visible and bounded
        use_responses_api=False,
        openai_proxy=None,  # else OPENAI_PROXY would route local requests
        http_client=http_client(base_url, limits.connect, limits.total),
        limits=limits,
    )


def _late(began: bool) -> LLMError:
    if began:
        return IncompleteReplyError("模型回答中途停顿过久，已停止等待。")
    return LLMTimeoutError("模型服务没有在规定时间内回答。")


def _translate(error: BaseException, model: str) -> _Failure:
    if isinstance(error, LLMError):  # raised by our own transport
        return _Failure(error)
    if isinstance(error, openai.APIStatusError):
        return _by_status(error, model)
    if isinstance(error, openai.APIError):
        return _without_status(error)
    if isinstance(error, _MALFORMED):
        return _Failure(BadReplyError("模型服务返回的内容无法解析。"))
    raise error  # a bug of ours keeps its traceback


def _without_status(error: openai.APIError) -> _Failure:
    if isinstance(error, openai.APITimeoutError):
        return _Failure(LLMTimeoutError("连接模型服务超时。"))
    if isinstance(error, openai.APIConnectionError):
        return _Failure(LLMUnavailableError("无法连接模型服务。"))
    if _TOO_LONG.search(f"{error.message} {error.code}"):  # an error event inside the stream
        return _Failure(ContextTooLongError("资料超出模型的上下文长度。"))
    return _Failure(LLMUnavailableError("模型服务报告内部错误。"), again=0.0)


def _by_status(error: openai.APIStatusError, model: str) -> _Failure:
    status = error.status_code
    after = _retry_after(error.response.headers.get("retry-after", ""))
    if status in (401, 403):
        return _Failure(LLMAuthError(f"模型服务拒绝访问（{status}）。"))
    if status == 429:
        when = f"，请在约 {_spell(after)}后再试" if after else ""
        limited = LLMRateLimitedError(f"模型服务请求过多（429）{when}。", retry_after=after)
        return _Failure(limited, again=after or 0.0)
    if _TOO_LONG.search(f"{error.message} {error.body}") and status in (400, 413, 422, 500):
        return _Failure(ContextTooLongError("资料超出模型的上下文长度。"))
    if status in _BUSY:
        return _Failure(LLMUnavailableError(f"模型服务暂时出错（{status}）。"), again=after or 0.0)
    if status == 404:
        return _Failure(LLMRequestError(f"模型服务没有模型 {model} 或地址不对（404）。"))
    return _Failure(LLMRequestError(f"模型服务不接受该请求（{status}）。"))


def _retry_after(value: str) -> float | None:
    """Seconds from a Retry-After header (a number or an HTTP date), None if it says nothing."""
    if value.strip().isdecimal():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):  # not a date, or one without a time zone
        return None


def _spell(seconds: float) -> str:
    return f"{seconds:.0f} 秒" if seconds < 120 else f"{seconds / 60:.0f} 分钟"


def _scrub(error: BaseException, key: str) -> None:
    """Take the key out of an error's text and its causes': endpoints do echo it."""
    at: BaseException | None = error
    while at is not None and len(key) >= 4:
        at.args = tuple(a.replace(key, "***") if isinstance(a, str) else a for a in at.args)
        at = at.__cause__ or at.__context__
