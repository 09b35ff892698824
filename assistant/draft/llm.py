"""Sections said better by a language model, which never sees a figure it could get wrong.

Figures, blanks and suggestions go as named slots (`assistant.draft.slots`). A section whose reply
fails the checks twice stays as the rules wrote it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from assistant.draft.slots import SLOT, ReplyReader, Slots, numbered
from assistant.draft.types import Chapter, Polishing, Reply
from assistant.errors import IncompleteReplyError, LLMError
from assistant.gongwen import Heading, Paragraph
from assistant.gongwen.model import Block
from assistant.settings import Engine
from assistant.verify import SourceLedger
from prompts import Prompt
from vectorstore.indicators import Lexicon
from vectorstore.store import LedgerRow
from vectorstore.tokens import count_tokens
from vectorstore.types import Part

__all__ = ["BUDGET", "Polisher"]

BUDGET = 12_000  # prompt tokens for one document
_TRIES = 2
# Prose of some length; plans and shortcomings are short points that need no second hand.
_PARTS = frozenset({Part.MEASURES, Part.FIRST_RESPONSIBLE})
_LEAST_WORDS = 60  # characters of plain words below which there is nothing to say better
_MARGIN = 256  # tokens: other models count differently from cl100k_base


class Tell(Protocol):
    """Told what is done now, and of which step of how many."""

    def __call__(self, doing: str, *, done: int, total: int) -> None:
        """Note it."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """Paragraphs under one heading: `blocks[first:last]`."""

    first: int
    last: int
    heading: str


@dataclass(slots=True)
class _Run:
    """One polishing; `earlier` replies, where given, are used in place of asking the model."""

    org: str
    year: int
    ledger: SourceLedger
    earlier: Mapping[str, Reply] | None = None
    tell: Callable[[str], None] = lambda _: None
    replies: dict[str, Reply] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tokens: int = 0
    stopped: bool = False


@dataclass(frozen=True)
class Polisher:
    """Writes sections with a chat model.

    Args:
        model: any LangChain chat model whose failures are `LLMError`.
        prompt: `draft_section`.
        lexicon: for reading figures in the replies.
        name: the model's name, for the evidence file.
        engine: which engine it is.
        context: tokens the model can read and write at once.
        budget: tokens of all prompts together.
    """

    model: BaseChatModel
    prompt: Prompt
    lexicon: Lexicon
    name: str = ""
    engine: Engine = "openai"
    context: int = 8192
    budget: int = BUDGET

    def polish(
        self,
        chapters: Sequence[Chapter],
        org: str,
        year: int,
        rows: Iterable[LedgerRow],
        *,
        tell: Tell | None = None,
        replies: Mapping[str, Reply] | None = None,
    ) -> Polishing:
        """Rewrite the chapters' paragraphs in place; `rows` are the figures they may state.

        `tell` is given what is done now, at every piece of a reply, with the steps `done` and their
        `total`; what it raises ends the polishing. `replies` of an earlier
        polishing are used again, where they still pass the checks, in place of asking the model.
        """
        run = _Run(org, year, SourceLedger.of_rows(rows), replies)
        todo = [
            (chapter.blocks, unit)
            for chapter in chapters
            if chapter.part in _PARTS
            for unit in _units(chapter.blocks)
        ]
        for n, (blocks, unit) in enumerate(todo):
            if tell is not None:
                run.tell = partial(tell, done=n, total=len(todo))
            self._section(run, blocks, unit)
        if run.failed:
            listed = "、".join(f"“{heading}”" for heading in run.failed)
            run.notes.append(f"模型改写的{listed}未通过核对，这些部分采用规则改写的文字。")
        return Polishing(
            tuple(run.written), tuple(run.failed), tuple(run.notes), run.tokens, run.replies
        )

    def _section(self, run: _Run, blocks: list[Block], unit: _Unit) -> None:
        paragraphs = [b for b in blocks[unit.first : unit.last] if isinstance(b, Paragraph)]
        slots = Slots()
        lines = [slots.put(paragraph.spans) for paragraph in paragraphs]
        if run.stopped or len(SLOT.sub("", "".join(lines))) < _LEAST_WORDS:
            return
        reader = ReplyReader(lines, slots, run.org, run.year, run.ledger, self.lexicon)
        said = self._asked(run, unit, reader) if run.earlier is None else _again(run, unit, reader)
        if said is None:
            return
        for n, line in enumerate(said, unit.first):
            block = blocks[n]
            assert isinstance(block, Paragraph)
            blocks[n] = replace(block, spans=slots.take(line))
        run.written.append(unit.heading)
        reply = Reply(unit.heading, numbered("\n".join(said)))
        run.replies[numbered("\n".join(lines))] = reply

    def _asked(self, run: _Run, unit: _Unit, reader: ReplyReader) -> list[str] | None:
        """The lines of a reply that passes the checks; None where there is none."""
        text = "\n".join(reader.draft)
        values: dict[str, object] = {
            "org": run.org,
            "year": run.year,
            "heading": unit.heading,
            "text": text,
            "slots": reader.slots.told(),
            "nonce": _nonce(text),
        }
        problem = ""
        run.tell(f"大模型正在改写“{unit.heading}”")
        for _ in range(_TRIES):
            reply = self._ask(run, {**values, "problems": problem})
            if reply is None:
                return None
            said = [line.strip() for line in reply.splitlines() if line.strip()]
            fault = reader.fault(said)
            if not fault:
                return said
            problem = f"上一次的修改不能用：{fault}。请重写。\n"
        run.failed.append(unit.heading)
        return None

    def _ask(self, run: _Run, values: dict[str, object]) -> str | None:
        """The reply; None where there is no budget or the endpoint failed."""
        rendered = self.prompt.render(values)
        tokens = count_tokens(rendered.system + rendered.user)
        reply = count_tokens(str(values["text"]))
        if run.tokens + tokens > self.budget:
            run.stopped = True
            run.notes.append("已达到提示词的用量上限，其余部分采用规则改写的文字。")
            return None
        if tokens + 2 * reply + _MARGIN > self.context:
            run.notes.append(f"“{values['heading']}”过长，超出模型的上下文，采用规则改写的文字。")
            return None
        run.tokens += tokens
        messages = [SystemMessage(rendered.system), HumanMessage(rendered.user)]
        try:
            said = ""
            for piece in self.model.stream(messages):
                said += str(piece.text)
                run.tell(f"大模型正在改写“{values['heading']}”（已收到 {len(said)} 字）")
            return said
        except IncompleteReplyError:
            return ""
        except LLMError as error:
            run.stopped = True
            run.notes.append(f"{error}{error.hint}其余部分采用规则改写的文字。")
            return None


def _again(run: _Run, unit: _Unit, reader: ReplyReader) -> list[str] | None:
    """The lines of the earlier reply to the same section, whatever its figures were then."""
    assert run.earlier is not None
    found = run.earlier.get(numbered("\n".join(reader.draft)))
    said = reader.slots.named(found.text).split("\n") if found else []
    if found and not reader.fault(said):
        return said
    if any(reply.heading == unit.heading for reply in run.earlier.values()):
        run.notes.append(f"“{unit.heading}”的内容有变，采用规则改写的文字；可重新生成。")
    return None


def _units(blocks: Sequence[Block]) -> list[_Unit]:
    """Runs of paragraphs, each under the heading above it or run in at its start."""
    found: list[_Unit] = []
    heading, first = "", None
    for n, block in enumerate([*blocks, Heading(1, "")]):
        starts = not isinstance(block, Paragraph) or block.heading is not None
        if starts and first is not None:
            found.append(_Unit(first, n, heading))
            first = None
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Paragraph):
            if block.heading is not None:
                heading = block.heading.text
            first = n if first is None else first
    return found


def _nonce(text: str) -> str:
    """A mark nobody who wrote the text could know, the same for the same text."""
    return hashlib.sha256(f"draft|{text}".encode()).hexdigest()[:12]
