"""Tokens: what a brief will cost with a language model, said before the first call, and did cost.

The number of calls grows with the number of reports that rules left something of: one call a
report (more only where one does not fit the context), and one a section in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import LLMError
from prompts import Prompt, Rendered
from vectorstore.tokens import count_tokens

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
    from langchain_core.runnables import Runnable

__all__ = ["BriefModel", "Cost", "Meter", "Outlay", "SpentError"]

_MARGIN = 256  # tokens: other models count differently from cl100k_base


@dataclass(frozen=True, slots=True)
class Cost:
    """Calls, and tokens of cl100k_base read and written."""

    calls: int = 0
    read: int = 0
    written: int = 0

    @property
    def tokens(self) -> int:
        """Read and written together."""
        return self.read + self.written

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.calls + other.calls, self.read + other.read, self.written + other.written)

    def __str__(self) -> str:
        return f"调用 {self.calls} 次，读入 {self.read} 词元，写出 {self.written} 词元"


class SpentError(LLMError):
    """The next call would go beyond the tokens allowed."""

    default_hint = "需要时调高词元上限。"


@dataclass(frozen=True, slots=True)
class Outlay:
    """What a model is to do: `cost` at most, over `reports` of which `kept` were read before."""

    reports: int
    kept: int
    cost: Cost

    def __str__(self) -> str:
        return (
            f"大模型用量预计：{self.reports} 份报告（其中 {self.kept} 份已有结果，不再调用），"
            f"最多{self.cost}。"
        )


@dataclass(frozen=True, slots=True)
class BriefModel:
    """A chat model with the prompts of a brief.

    `context` tokens to read and write in one call; `cap` tokens of all calls together, None for as
    many as it takes.
    """

    model: BaseChatModel
    name: str
    themes: Prompt
    section: Prompt
    context: int = 8192
    reply: int = 1024
    cap: int | None = None

    def room(self, prompt: Prompt) -> int:
        """Tokens left for the material of one call."""
        return self.context - self.reply - _MARGIN - count_tokens(prompt.system + prompt.user)


class Meter:
    """Counts what calls really cost."""

    def __init__(self, pulse: Callable[[], None]) -> None:
        self.spent = Cost()
        self._pulse = pulse

    def ask(self, model: BriefModel, rendered: Rendered, reply: int) -> str:
        """One call; its whole reply, which will have `reply` tokens at most.

        Raises SpentError before a call beyond the cap, what the model raises (`LLMError`), and
        what `pulse` raises.
        """
        from langchain_core.runnables import RunnableLambda

        from assistant.llm import Wait, stream_text

        read = count_tokens(rendered.system + rendered.user)
        if model.cap is not None and self.spent.tokens + read + reply > model.cap:
            raise SpentError(f"已到词元上限（{model.cap}）。")
        pieces: list[str] = []
        chain: Runnable[Rendered, AIMessage] = RunnableLambda(_messages) | model.model
        try:
            for piece in stream_text(chain, rendered):
                self._pulse()
                if not isinstance(piece, Wait):
                    pieces.append(piece)
        finally:
            self.spent += Cost(1, read, count_tokens("".join(pieces)))
        return "".join(pieces)


def _messages(rendered: Rendered) -> Sequence[SystemMessage | HumanMessage]:
    from langchain_core.messages import HumanMessage, SystemMessage

    return [SystemMessage(rendered.system), HumanMessage(rendered.user)]
