"""A chat model that replays what it was given: for tests, and for evaluations without a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

__all__ = ["Cut", "Reply", "ScriptEndedError", "ScriptedChat"]


class ScriptEndedError(RuntimeError):
    """The model was asked more often than it has replies: a bug in the script or the chain."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A reply that breaks off: `text` arrives, then `error` is raised."""

    text: str
    error: Exception | None = None


Reply = str | Cut | Exception | Callable[[list[BaseMessage]], str]


class ScriptedChat(BaseChatModel):
    """Replays `replies` in order, each once; a callable reply is given the messages it answers.

    Args:
        replies: what to answer, in order.
        piece: characters per streamed chunk.

    Raises:
        ScriptEndedError: on the call after the last reply.
    """

    replies: list[Any]
    piece: int = 2

    _calls: list[list[BaseMessage]] = PrivateAttr(default_factory=list)

    @property
    def calls(self) -> list[list[BaseMessage]]:
        """The messages of each call so far."""
        return self._calls

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _next(self, messages: list[BaseMessage]) -> Cut:
        at = len(self._calls)
        self._calls.append(messages)
        if at >= len(self.replies):
            raise ScriptEndedError(f"call {at + 1}, but the script has {len(self.replies)} replies")
        reply: Reply = self.replies[at]
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, Cut):
            return reply
        return Cut(reply if isinstance(reply, str) else reply(messages))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        reply = self._next(messages)
        for at in range(0, len(reply.text), self.piece):
            text = reply.text[at : at + self.piece]
            yield ChatGenerationChunk(message=AIMessageChunk(content=text))
        if reply.error:
            raise reply.error
        yield ChatGenerationChunk(
            message=AIMessageChunk(content=""), generation_info={"finish_reason": "stop"}
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))
