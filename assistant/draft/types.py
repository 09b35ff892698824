"""What a draft is made from and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.draft.figures import Supply
from assistant.draft.notes import Note
from assistant.draft.years import Years
from assistant.gongwen import Figure, OfficialDocument
from assistant.gongwen.model import Block
from assistant.ledger import SheetItem
from assistant.verify.given import WORDS
from vectorstore.store import LedgerRow
from vectorstore.types import Part, Report

__all__ = [
    "WORDS",
    "Basis",
    "Chapter",
    "Draft",
    "Followed",
    "Polishing",
    "Practice",
    "Progress",
    "Reply",
    "Request",
    "Source",
    "Step",
]


@dataclass(frozen=True, slots=True)
class Request:
    """What to draft: `kind` report or plan, for `org` and `year`, from which files besides."""

    kind: str
    org: str
    year: int
    figures: Path | None = None
    notes: Path | None = None
    peers: bool = False


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice of another bureau that may be worth taking over."""

    text: str
    org: str
    year: int | None
    heading: str
    report_id: str

    @property
    def comment(self) -> str:
        """Where it stands."""
        return f"参考{self.org}{self.year or ''}年报告“{self.heading}”，采用前请结合本单位实际修改"


@dataclass(frozen=True, slots=True)
class Basis:
    """Last year's report with its figures, and everything known of the new year."""

    report: Report
    rows: tuple[LedgerRow, ...]
    items: tuple[SheetItem, ...]
    supply: Supply
    notes: tuple[Note, ...]
    years: Years
    practices: tuple[Practice, ...] = ()


@dataclass(slots=True)
class Chapter:
    """One official part of the new document; `heading` None: the blocks bring their own."""

    part: Part | None
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """A file or report the draft rests on; `sha256` is that of its bytes or stored text."""

    kind: str
    name: str
    sha256: str
    org: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Where the work stands: what is done now, step `done` of `total`, the document so far."""

    doing: str
    done: int
    total: int
    document: OfficialDocument


Progress = Callable[[Step], None]
"""Told of every step; what it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A task of last year's plan: what is known of it (`status`), and from where (`why`)."""

    task: str
    status: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model made of the section under `heading`, line by line, its slots numbered."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished draft: the document, what to tell the writer, and what it rests on.

    `rows` are the figures it may use, in the form verification takes; `bound` tells which of them
    a figure of the document prints.
    """

    kind: str
    document: OfficialDocument
    org: str
    year: int
    engine: str
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    rows: tuple[LedgerRow, ...]
    bound: Mapping[Figure, LedgerRow] = field(default_factory=dict)
    model: str = ""
    prompt_refs: tuple[str, ...] = ()
    prompt_tokens: int = 0
    followed: tuple[Followed, ...] = ()
    replies: Mapping[str, Reply] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Polishing:
    """What a model did: sections it wrote, those it failed at, tokens of all prompts.

    `replies` by the section they are of, so that they can be used again with other figures.
    """

    written: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    prompt_tokens: int = 0
    replies: Mapping[str, Reply] = field(default_factory=dict)
