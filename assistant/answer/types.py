"""The records of one answer, and what a streaming answerer says on the way to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from vectorstore.types import Hit, Scope

__all__ = [
    "Answer",
    "Answerer",
    "CheckedQuantity",
    "Citation",
    "Done",
    "Event",
    "Sources",
    "Token",
    "Turn",
    "Verifier",
    "Waiting",
]


@dataclass(frozen=True, slots=True)
class Citation:
    """One quoted span: `quote` is `report.text[start:end]`, `n` the number printed as `[n]`."""

    n: int
    report_id: str
    org: str
    year: int | None
    heading: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CheckedQuantity:
    """A figure of an answer, its verdict (design/quantities.md) and the citation it is bound to."""

    text: str
    verdict: str
    citation: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown and exported.

    `text` carries `[n]` marks of `citations` only. `notes` are plain sentences the user should see
    (trimmed evidence, endpoint failure, removed sentences); `nearest` says what the reports do hold
    when the question is refused; `prompt_refs` are `name@version:hash` of every prompt used.
    `incomplete`: the text ended early or was not written by the engine asked for.
    """

    text: str
    refused: bool = False
    engine: str = ""
    citations: tuple[Citation, ...] = ()
    quantities: tuple[CheckedQuantity, ...] = ()
    notes: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    prompt_refs: tuple[str, ...] = ()
    incomplete: bool = False

    def to_json(self) -> dict[str, Any]:
        """The document of `fazhi ask --json` (design: contracts)."""
        return {
            "answer": self.text,
            "refused": self.refused,
            "engine": self.engine,
            "citations": [asdict(c) for c in self.citations],
            "quantities": [asdict(q) for q in self.quantities],
            "notes": list(self.notes),
            "nearest": list(self.nearest),
            "prompts": list(self.prompt_refs),
            "incomplete": self.incomplete,
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of the conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The passages the answer is written from, best first; sent before any token.

    Not sent for an answer that comes from the ledger alone.
    """

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of checked text."""

    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing to show yet; `seconds` is the wait announced or already spent."""

    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; it replaces the tokens shown so far. Always the last event."""

    answer: Answer


Event = Sources | Token | Waiting | Done


class Answerer(Protocol):
    """An engine that answers from the reports; both methods keep every promise of `Answer`."""

    def answer(
        self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None
    ) -> Answer:
        """The whole answer; `scope` is what the user picked, added to what the question says."""
        ...

    def stream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None
    ) -> Iterator[Event]:
        """Sources if any, then tokens, then `Done`; closing the iterator stops the work."""
        ...


class Verifier(Protocol):
    """Checks the figures of a sentence against what it cites (design/quantities.md)."""

    def __call__(self, text: str, sources: Sequence[Citation]) -> Sequence[CheckedQuantity]:
        """One verdict a figure of `text`; `citation` is the `n` of the source it is bound to."""
        ...
