"""Ask an engine and keep what came of it, failures of the endpoint apart from wrong answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from assistant.answer.chain import LLMAnswerer
from assistant.answer.types import Answer, Answerer, Turn
from assistant.build import Services
from assistant.errors import AssistantError, LLMError
from assistant.settings import Engine
from evals.questions import Question, Verdict, judge
from vectorstore.errors import VectorstoreError
from vectorstore.types import Report

__all__ = ["Case", "RecordingChat", "answered", "ask", "prompts_of", "recorded", "unscored"]


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what came of it.

    `problem` is set when there is nothing to score, because the engine failed: `verdict` then
    means nothing. `replies` are the model's own words, before anything was checked.
    """

    question: Question
    answer: Answer
    verdict: Verdict
    problem: str = ""
    replies: tuple[str, ...] = ()


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


def ask(
    services: Services,
    engine: Engine,
    questions: Iterable[Question],
    reports: Mapping[str, Report],
) -> list[Case]:
    """Ask every question. A question the engine failed on is kept as unscored, never as wrong."""
    answerer, recorder = recorded(services.answerer(engine))
    return [_ask(answerer, recorder, question, reports) for question in questions]


def recorded(answerer: Answerer) -> tuple[Answerer, RecordingChat | None]:
    """The same engine with its model, if it has one, listened to."""
    if not isinstance(answerer, LLMAnswerer):
        return answerer, None
    recorder = RecordingChat(inner=answerer.model)
    return replace(answerer, model=recorder), recorder


def answered(
    answerer: Answerer, recorder: RecordingChat | None, question: str, turns: Sequence[Turn] = ()
) -> tuple[Answer, str, tuple[str, ...]]:
    """The answer, why it is none of the engine's own ("" if it is), and the model's replies.

    The chain hides an endpoint's failure behind quotes: those are not the model's answer.
    """
    try:
        answer = answerer.answer(question, turns)
    except (AssistantError, VectorstoreError) as error:
        return Answer(""), f"{type(error).__name__}: {error}", ()
    replies, failures = recorder.taken() if recorder else ((), ())
    return answer, failures[0] if failures else "", replies


def _ask(
    answerer: Answerer,
    recorder: RecordingChat | None,
    question: Question,
    reports: Mapping[str, Report],
) -> Case:
    answer, problem, replies = answered(answerer, recorder, question.q, question.turns)
    return Case(question, answer, judge(question, answer, reports), problem, replies)


def unscored(cases: Iterable[Case]) -> dict[str, int]:
    """How many cases have no score, by reason."""
    return dict(Counter(case.problem for case in cases if case.problem))


def prompts_of(cases: Iterable[Case]) -> tuple[str, ...]:
    """The prompts that were used, each once."""
    return tuple(dict.fromkeys(ref for case in cases for ref in case.answer.prompt_refs))
