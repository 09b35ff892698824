"""The answer chain of the `openai` engine: rewrite, retrieve, write, check, repair."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answer.claims import Claims, supported_by_citation
from assistant.answer.rewrite import ReadQuestion, acceptable, resolve, stands_alone, transcript
from assistant.answer.types import (
    Answer,
    Answerer,
    Done,
    Event,
    Sources,
    Token,
    Turn,
    Verifier,
    Waiting,
)
from assistant.citations import Figures
from assistant.errors import ContextTooLongError, LLMError
from assistant.evidence import REFUSAL, Evidence, pack
from assistant.llm.text import Wait, stream_text
from assistant.sanitise import Sentences
from prompts import Prompt, Rendered
from vectorstore.scope import Intent, QuestionScope
from vectorstore.tokens import count_tokens
from vectorstore.types import Hit, Scope

__all__ = ["AnswerPrompts", "LLMAnswerer", "Searcher"]

_PASSAGES = 12  # passages asked for when the question is about one organisation
_PASSAGES_WIDE = 24  # and when it is about several
_PER_REPORT = 4  # most passages of one report when the question may be about several
_MARGIN = 256  # tokens: other models count differently from cl100k_base
# Computed by code from the ledger: a model may not add, rank or divide.
_COMPUTED = frozenset({Intent.RANK, Intent.TOTAL, Intent.AVERAGE, Intent.DIFFERENCE, Intent.SHARE})
_REFUSAL_TEXT = "已入库的报告没有写明这一问题，无法回答。"


class Searcher(Protocol):
    """What the chain needs of `vectorstore.retrieve.Retriever`."""

    def search(
        self, query: str, scope: Scope, k: int = 10, per_report: int | None = None
    ) -> list[Hit]:
        """Best hits first."""
        ...


@dataclass(frozen=True, slots=True)
class AnswerPrompts:
    """The prompts of this chain."""

    answer: Prompt
    repair: Prompt
    rewrite: Prompt


@dataclass(slots=True)
class _Run:
    """One question on its way: what was noted, which prompts were used."""

    question: str
    scope: Scope
    read: QuestionScope
    notes: list[str]
    refs: list[str]


@dataclass(frozen=True)
class LLMAnswerer:
    """Answers with a chat model; everything it shows was bound to a report by code.

    Args:
        model: any LangChain chat model whose failures are `LLMError`.
        retriever: finds passages.
        read: reads a question against the library as it is now.
        fallback: the engine without a model; takes over what is computed by code, what the library
            does not hold, and everything when the endpoint fails.
        figures: finds the quantities of a text.
        context: tokens the model can read and write; `reply` of them are for its answer.
        verify: stricter verdicts on figures; without it, those that follow from binding.
    """

    model: BaseChatModel
    retriever: Searcher
    read: ReadQuestion
    fallback: Answerer
    prompts: AnswerPrompts
    figures: Figures
    context: int = 8192
    reply: int = 1024
    verify: Verifier | None = None
    engine: str = "openai"

    def answer(
        self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None
    ) -> Answer:
        """The whole answer; see `Answerer`."""
        for event in self.stream(question, history, scope):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def stream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None
    ) -> Iterator[Event]:
        """Sources, checked sentences, then `Done`; see `Answerer`."""
        run = _Run(question, scope or Scope(), self.read(question), [], [])
        try:
            yield from self._rewrite(run, history)
        except LLMError as error:
            run.question = resolve(run.question, history, self.read)
            yield from self._fall_back(run, error)
            return
        hits = [] if self._is_for_code(run.read) else self._search(run)
        if not hits:
            done = self.fallback.stream(run.question, (), run.scope)
            yield from (_with_refs(event, run) for event in done)
            return
        yield from self._write(run, hits)

    def _is_for_code(self, read: QuestionScope) -> bool:
        return read.missing or (read.intent in _COMPUTED and read.wants_figure)

    def _rewrite(self, run: _Run, history: Sequence[Turn]) -> Iterator[Event]:
        if not history or stands_alone(run.question, run.read):
            return
        prompt = self.prompts.rewrite
        values = {"history": transcript(history), "question": run.question}
        pieces: list[str] = []
        yield from self._ask(prompt.render(values), pieces.append)
        run.refs.append(prompt.ref)
        rewritten = "".join(pieces).strip().removeprefix("改写后的问题：").strip()
        if not acceptable(rewritten, run.question, history, self.read):
            rewritten = resolve(run.question, history, self.read)
        run.question, run.read = rewritten, self.read(rewritten)

    def _search(self, run: _Run) -> list[Hit]:
        asked = run.read.scope
        scope = Scope(
            run.scope.orgs or asked.orgs,
            run.scope.years or asked.years,
            run.scope.parts or asked.parts,
        )
        one = len(scope.orgs) == 1
        k, cap = (_PASSAGES, None) if one else (_PASSAGES_WIDE, _PER_REPORT)
        hits = self.retriever.search(run.question, scope, k=k, per_report=cap)
        if not hits and scope.parts:  # a report without that part may say it elsewhere
            wider = replace(scope, parts=())
            hits = self.retriever.search(run.question, wider, k=k, per_report=cap)
        return hits

    def _write(self, run: _Run, hits: list[Hit]) -> Iterator[Event]:
        budget = self.context - self.reply - _MARGIN - count_tokens(run.question)
        prompt = self.prompts.answer
        budget -= count_tokens(prompt.system + prompt.user)
        evidence = pack(hits, budget, per_report=self._cap(run))
        run.refs.append(prompt.ref)
        claims = self._claims(run, evidence)
        yield Sources(evidence.hits)
        try:
            try:
                yield from self._read_reply(run, evidence, claims)
            except ContextTooLongError:
                evidence = pack(hits, count_tokens(evidence.block) // 2, per_report=self._cap(run))
                run.notes.append("资料超出模型的上下文长度，已减为一半后回答。")
                claims = self._claims(run, evidence)
                yield Sources(evidence.hits)
                yield from self._read_reply(run, evidence, claims)
            yield from self._repair(run, evidence, claims)
        except LLMError as error:
            yield from self._after_failure(run, claims, error)
            return
        yield from self._finish(run, hits, claims)

    def _cap(self, run: _Run) -> int | None:
        return None if len(run.scope.orgs or run.read.orgs) == 1 else _PER_REPORT

    def _claims(self, run: _Run, evidence: Evidence) -> Claims:
        prompts = (self.prompts.answer, self.prompts.repair, self.prompts.rewrite)
        return Claims(
            evidence.by_number,
            self.figures,
            self.verify or supported_by_citation(self.figures),
            familiar=run.question,
            secrets=(evidence.nonce, *(prompt.system for prompt in prompts)),
        )

    def _read_reply(self, run: _Run, evidence: Evidence, claims: Claims) -> Iterator[Event]:
        """Stream the reply into `claims`, showing each sentence once it holds."""
        rendered = self.prompts.answer.render({
            "question": run.question,
            "evidence": evidence.block,
            "nonce": evidence.nonce,
            "refusal": REFUSAL,
        })  # fmt: skip
        sentences = Sentences()
        reply = self._pieces(rendered)
        for piece in reply:
            if isinstance(piece, Wait):
                yield Waiting(piece.reason, piece.seconds)
                continue
            for sentence in sentences.push(piece):
                if shown := claims.add(sentence):
                    yield Token(shown)
            if claims.looping:
                reply.close()
                return
        for sentence in sentences.flush():
            if shown := claims.add(sentence):
                yield Token(shown)

    def _repair(self, run: _Run, evidence: Evidence, claims: Claims) -> Iterator[Event]:
        """Send failed sentences back once, each with its reason."""
        if not claims.failures or (claims.refused and not claims.citations):
            return
        listed = "\n".join(
            f"{at}. {failure.claim}（{failure.problem}）"
            for at, failure in enumerate(claims.failures, start=1)
        )
        prompt = self.prompts.repair
        rendered = prompt.render({
            "question": run.question,
            "evidence": evidence.block,
            "nonce": evidence.nonce,
            "refusal": REFUSAL,
            "failures": listed,
        })  # fmt: skip
        pieces: list[str] = []
        yield from self._ask(rendered, pieces.append)
        run.refs.append(prompt.ref)
        claims.amend(line for line in "".join(pieces).splitlines() if line.strip())

    def _finish(self, run: _Run, hits: list[Hit], claims: Claims) -> Iterator[Event]:
        if claims.citations:
            yield Done(self._answer(run, claims))
        elif claims.refused:
            nearest = dict.fromkeys(_where(hit) for hit in hits)
            answer = Answer(_REFUSAL_TEXT, refused=True, engine=self.engine)
            answer = replace(answer, nearest=tuple(nearest)[:3], notes=tuple(run.notes))
            yield _with_refs(Done(answer), run)
        else:
            run.notes.append("模型的回答没有一句能与报告原文对上，以下改为直接摘录原文。")
            yield from self._extract(run)

    def _answer(self, run: _Run, claims: Claims) -> Answer:
        if claims.failures:
            run.notes.append(f"有 {len(claims.failures)} 句话在报告中找不到依据，已删去。")
        if any(passage.orders for passage in claims.passages.values()):
            run.notes.append("有报告含疑似写给人工智能的指令，相关文字未采用，请核对该报告。")
        return Answer(
            text=claims.text,
            engine=self.engine,
            citations=claims.citations,
            quantities=tuple(claims.quantities),
            notes=tuple(run.notes),
            prompt_refs=tuple(dict.fromkeys(run.refs)),
        )

    def _after_failure(self, run: _Run, claims: Claims, error: LLMError) -> Iterator[Event]:
        """Keep what was checked before the endpoint failed; with nothing, quote the reports."""
        if not claims.citations:
            yield from self._fall_back(run, error)
            return
        run.notes.append(f"{error}{error.hint}")
        yield Done(replace(self._answer(run, claims), incomplete=True))

    def _fall_back(self, run: _Run, error: LLMError) -> Iterator[Event]:
        run.notes.append(f"{error}{error.hint}以下为不用模型、直接摘录原文的回答。")
        yield from self._extract(run)

    def _extract(self, run: _Run) -> Iterator[Event]:
        for event in self.fallback.stream(run.question, (), run.scope):
            if isinstance(event, Done):
                notes = (*run.notes, *event.answer.notes)
                noted = Done(replace(event.answer, notes=notes, incomplete=True))
                yield _with_refs(noted, run)
            else:
                yield event

    def _ask(self, rendered: Rendered, keep: Callable[[str], object]) -> Iterator[Event]:
        """One call whose text nobody sees; only its waits are shown."""
        for piece in self._pieces(rendered):
            if isinstance(piece, Wait):
                yield Waiting(piece.reason, piece.seconds)
            else:
                keep(piece)

    def _pieces(self, rendered: Rendered) -> Generator[str | Wait, None, None]:
        chain: Runnable[Rendered, AIMessage] = RunnableLambda(_messages) | self.model
        return stream_text(chain, rendered)


def _messages(rendered: Rendered) -> LanguageModelInput:
    return [SystemMessage(rendered.system), HumanMessage(rendered.user)]


def _with_refs(event: Event, run: _Run) -> Event:
    if not isinstance(event, Done):
        return event
    refs = dict.fromkeys((*run.refs, *event.answer.prompt_refs))
    return Done(replace(event.answer, prompt_refs=tuple(refs)))


def _where(hit: Hit) -> str:
    year = f"{hit.year}年" if hit.year else ""
    heading = hit.chunk.heading_path[-1] if hit.chunk.heading_path else hit.title
    return f"{hit.org}{year}“{heading}”"
