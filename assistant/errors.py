"""Everything that can go wrong above the store; see `vectorstore.errors.PlainError`.

    AssistantError
    └── LLMError                     the language model's endpoint
        ├── LLMAuthError             401, 403: tried once
        ├── LLMRateLimitedError      429 after the allowed wait; `retry_after` in seconds
        ├── LLMUnavailableError      5xx, refused connection, unknown host
        ├── LLMTimeoutError          nothing came before a deadline
        ├── LLMRequestError          the endpoint does not know the model or the request
        ├── ContextTooLongError      the evidence does not fit the model's context
        ├── BadReplyError            not what the protocol says: bad JSON, HTML, empty choices
        └── IncompleteReplyError     cut, stalled, or stopped at the length limit after it began

Errors of an SDK become these in one place (`assistant/llm/openai.py`). Messages are fixed text and
never hold what the endpoint sent, which may echo the API key.
"""

from __future__ import annotations

from vectorstore.errors import PlainError

__all__ = [
    "AssistantError",
    "BadReplyError",
    "ContextTooLongError",
    "IncompleteReplyError",
    "LLMAuthError",
    "LLMError",
    "LLMRateLimitedError",
    "LLMRequestError",
    "LLMTimeoutError",
    "LLMUnavailableError",
]


class AssistantError(PlainError):
    """Base of this package's errors."""


class LLMError(AssistantError):
    """The language model's endpoint did not give a whole, usable reply."""


class LLMAuthError(LLMError):
    """The endpoint refuses the key (401) or the access (403)."""

    default_hint = "请检查 FAZHI_LLM_API_KEY 是否正确、是否有权使用该模型。"


class LLMRateLimitedError(LLMError):
    """Too many requests; `retry_after` is the endpoint's own figure in seconds, if it gave one."""

    default_hint = "请稍后再试，或减少同时提问的人数。"
    retryable = True

    def __init__(self, message: str, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class LLMUnavailableError(LLMError):
    """The endpoint cannot be reached or answers with a server error."""

    default_hint = "请确认模型服务已启动、FAZHI_LLM_BASE_URL 填写正确，再重试。"
    retryable = True


class LLMTimeoutError(LLMError):
    """Nothing came before the deadline."""

    default_hint = "模型服务可能繁忙，请稍后再试，或调大 FAZHI_LLM_TIMEOUT。"
    retryable = True


class LLMRequestError(LLMError):
    """The endpoint rejects the request itself: unknown model, wrong path, unsupported option."""

    default_hint = "请检查 FAZHI_LLM_MODEL 与 FAZHI_LLM_BASE_URL（通常以 /v1 结尾）。"


class ContextTooLongError(LLMError):
    """The request is longer than the model's context."""

    default_hint = "请缩小提问范围（单位、年度），或调小 FAZHI_LLM_CONTEXT 与模型一致。"


class BadReplyError(LLMError):
    """The reply is not what the OpenAI protocol says."""

    default_hint = "请确认 FAZHI_LLM_BASE_URL 指向兼容 OpenAI 的接口，而不是网页或网关登录页。"


class IncompleteReplyError(LLMError):
    """The reply began but did not end properly; what came before it is kept and marked."""

    default_hint = "已保留收到的部分，请核对后使用，或重新提问。"
    retryable = True
