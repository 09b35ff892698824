"""Ask an engine and keep what came of it, failures of the endpoint apart from wrong answers."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr, TypeAdapter

from assistant.answer.chain import LLMAnswerer
from assistant.answer.types import Answer, Answerer, Turn
from assistant.errors import LLMError
from evals.questions import Question, Verdict
from vectorstore.errors import PlainError

__all__ = ["ASKED", "Asked", "Case", "RecordingChat", "ask", "prompts_of", "recorded", "unscored"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an engine made of a question.

    `problem` is set when there is nothing to score, because the engine failed. `replies` are the
    model's own words, before anything was checked. `seconds` is the time the answer took.
    """

    answer: Answer
    problem: str = ""
    replies: tuple[str, ...] = ()
    seconds: float = 0.0


ASKED = TypeAdapter(Asked)
"""Writes it to a journal and reads it back."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what came of it; with a `problem`, `verdict` means nothing."""

    question: Question
    answer: Answer
    verdict: Verdict
    problem: str = ""
    replies: tuple[str, ...] = ()
    seconds: float = 0.0


class RecordingChat(BaseChatModel):
    """Passes everything through to `inner` and keeps its replies and failures."""

    inner: BaseChatModel

    _replies: list[str] = PrivateAttr(default_factory=list)
    _failures: list[str] = PrivateAttr(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "recording"

    def taken(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Replies and failures since the last call."""
        kept = tuple(self._replies), tuple(self._failures)
        self._replies.clear()
        self._failures.clear()
        return kept

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        pieces: list[str] = []
        try:
            for chunk in self.inner._stream(messages, stop, run_manager, **kwargs):
                pieces.append(str(chunk.message.text))
                yield chunk
        except LLMError as error:
            self._failures.append(f"{type(error).__name__}: {error}")
            raise
        finally:
            self._replies.append("".join(pieces))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))


def recorded(answerer: Answerer) -> tuple[Answerer, RecordingChat | None]:
    """The same engine with its model, if it has one, listened to."""
    if not isinstance(answerer, LLMAnswerer):
        return answerer, None
    recorder = RecordingChat(inner=answerer.model)
    return replace(answerer, model=recorder), recorder


def ask(
    answerer: Answerer, recorder: RecordingChat | None, question: str, turns: Sequence[Turn] = ()
) -> Asked:
    """Ask one question.

    The chain hides an endpoint's failure behind quotes: those are not the model's answer.
    """
    started = time.perf_counter()
    try:
        answer = answerer.answer(question, turns)
    except PlainError as error:
        return Asked(Answer(""), f"{type(error).__name__}: {error}")
    seconds = round(time.perf_counter() - started, 2)
    replies, failures = recorder.taken() if recorder else ((), ())
    return Asked(answer, failures[0] if failures else "", replies, seconds)


def unscored(cases: Iterable[Case]) -> dict[str, int]:
    """How many cases have no score, by reason."""
    return dict(Counter(case.problem for case in cases if case.problem))


def prompts_of(cases: Iterable[Case]) -> tuple[str, ...]:
    """The prompts that were used, each once."""
    return tuple(dict.fromkeys(ref for case in cases for ref in case.answer.prompt_refs))
