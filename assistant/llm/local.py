"""Chat with the model on this machine: the endpoint adapter over a llama.cpp of our own."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from assistant.errors import ContextTooLongError, LLMTimeoutError, LLMUnavailableError
from assistant.llm.openai import EndpointChat, Limits, endpoint_chat
from assistant.llm.text import Wait, wait_chunk
from assistant.llm.transport import Call, Ended, Pump
from assistant.model import Address, LocalServer

__all__ = ["LocalChat"]

# The same failures as at an endpoint; what to do about them is different.
_HINTS = {
    ContextTooLongError: "请缩小提问范围（单位、年度），或调大 FAZHI_LOCAL_CONTEXT。",
    LLMTimeoutError: "电脑可能正忙，请稍后再试，或调大 FAZHI_LOCAL_TIMEOUT。",
    LLMUnavailableError: "本机模型可能意外退出，再问一次会自动重新启动。",
}


class LocalChat(BaseChatModel):
    """Starts the server when first asked, saying so meanwhile; everything else is the endpoint's.

    Args:
        server: shared by all chats of the process; its model is loaded once.
        limits: as for an endpoint; a local one is not tried again, it would fail again.
        max_tokens: longest reply.
    """

    server: Any  # LocalServer, which pydantic cannot describe
    limits: Limits = Limits(total=300.0, tries=1)
    max_tokens: int = 1024

    _endpoint: tuple[Address, EndpointChat] | None = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "local"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        address = yield from self._starting()
        try:
            yield from self._at(address)._stream(messages, stop, run_manager, **kwargs)
        except (ContextTooLongError, LLMTimeoutError, LLMUnavailableError) as error:
            error.hint = _HINTS[type(error)]
            raise

    def _starting(self) -> Generator[ChatGenerationChunk, None, Address]:
        """Waits while the model is loaded; returns where it listens."""
        server: LocalServer = self.server
        pump = Pump((start() for start in (server.address,)), Call())
        waited = 0.0
        while (got := pump.get(self.limits.pulse)) is None:
            waited += self.limits.pulse
            yield wait_chunk(Wait("正在载入本机模型", waited))
        if isinstance(got, Ended):
            raise got.error or LLMUnavailableError("本机模型没有启动成功。")
        return got

    def _at(self, address: Address) -> EndpointChat:
        if self._endpoint is None or self._endpoint[0] != address:
            name = self.server.shelf.model.name
            chat = endpoint_chat(
                address.url,
                name,
                address.key,
                max_tokens=self.max_tokens,
                limits=self.limits,
            )
            chat.stream_usage = True
            self._endpoint = (address, chat)
        return self._endpoint[1]

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))
