"""A chat model's stream as plain text, with its waits; shared by every chain."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables import Runnable

__all__ = ["Wait", "stream_text", "tracing_off", "wait_chunk"]

_KEY = "fazhi_wait"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing arrived: why, and how many seconds the wait will take or has taken."""

    reason: str
    seconds: float


def wait_chunk(wait: Wait) -> ChatGenerationChunk:
    """A wait as an empty chunk, which is all that LangChain's streaming interface can carry.

    A list, because LangChain adds up the chunks of a reply and lists are what it can concatenate.
    """
    note = {"reason": wait.reason, "seconds": str(wait.seconds)}
    return ChatGenerationChunk(message=AIMessageChunk(content="", additional_kwargs={_KEY: [note]}))


def stream_text(chain: Runnable[T, AIMessage], asked: T) -> Generator[str | Wait, None, None]:
    """Pieces of text as they arrive, and a `Wait` at least every second while none does.

    Closing the iterator closes the request. Raises what the model raises (`LLMError`).
    """
    for chunk in chain.stream(asked):
        for note in chunk.additional_kwargs.get(_KEY, ()):
            yield Wait(note["reason"], float(note["seconds"]))
        if text := chunk.text:
            yield str(text)


def tracing_off() -> None:
    """Keep LangChain from reporting to its maker's service, whatever the environment says."""
    import langsmith

    langsmith.configure(enabled=False)
