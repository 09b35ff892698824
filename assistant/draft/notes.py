"""The writer's notes: what was done this year, paragraph by paragraph, each with its figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.draft.figures import Supplied
from assistant.verify.given import NOTES
from vectorstore.errors import ReadError
from vectorstore.indicators import Lexicon
from vectorstore.store import LedgerRow
from vectorstore.types import Modality, Part, Quantity, QuantityKind

__all__ = ["Note", "notes_text", "read_notes"]

_BULLET = re.compile(r"^\s*(?:[-*+•·●▪]\s+|\d{1,2}[.、．)）]\s*|[（(]\d{1,2}[)）]\s*)")
_HEADING = re.compile(r"^\s*(#{1,6})\s*(.+?)\s*#*\s*$")
_NUMBERED = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])\s*"
)
_MARKS = re.compile(r"\*\*|__|`|^>\s*")
_PARTS = (
    (Part.NEXT_YEAR, re.compile("明年|下一?年|下一步|来年|打算|安排|计划")),
    (Part.SHORTCOMINGS, re.compile("问题|不足|短板|困难|差距")),
    (Part.FIRST_RESPONSIBLE, re.compile("主要负责人|第一责任人|一把手|局长|主任")),
    (Part.OTHER, re.compile("其他需要")),
)
_PLAN = re.compile(r"^(?:明年|下一?年度?|下一步|来年|(?:20\d\d)年(?:拟|计划|将|力争))")
_PLAN_SAID = re.compile("^(?:明年|下一?年度?|下一步|来年|20\\d\\d年)?(?:拟|计划|将|打算)?[，,]?")
_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
_LARGEST = 5_000_000  # bytes of a text file of notes


@dataclass(frozen=True, slots=True)
class Note:
    """One paragraph or bullet: `n` counts them from 1; `heading` is the one it stands under."""

    n: int
    text: str
    heading: str
    part: Part | None
    figures: tuple[Supplied, ...]

    @property
    def comment(self) -> str:
        """Where its figures come from, as a comment in the draft says it."""
        return f"来自工作素材 第{self.n}段"


def read_notes(
    path: Path, org: str, year: int, lexicon: Lexicon, *, part: Part | None = None
) -> tuple[Note, ...]:
    """Read notes from .md, .txt or .docx; those under no telling heading belong to `part`.

    Raises ReadError for a file without usable text.
    """
    from vectorstore.quantities import extract_text

    notes: list[Note] = []
    heading, default = "", part
    for said, is_heading in _lines(path):
        if is_heading:
            heading, part = said, _part_of(said) or default
            continue
        own = Part.NEXT_YEAR if _PLAN.match(said) else part
        line = _PLAN_SAID.sub("", said) if own is Part.NEXT_YEAR else said
        blank = Note(len(notes) + 1, line, heading, own, ())
        found = extract_text(line, org, year, lexicon)
        notes.append(replace(blank, figures=tuple(_figures(blank, found, org, year))))
    if not notes:
        raise ReadError(f"{path.name} 里没有可用的文字。", "工作素材请一件事写一段。")
    return tuple(notes)


def notes_text(path: Path) -> str:
    """The text of a file of notes, headings marked with #, as it can be edited. Raises ReadError.

    Of a file other than text only a child process reads the content.
    """
    if path.suffix.lower() in _SUFFIXES:
        return _text(path)
    from vectorstore.sandbox import SafeParser

    with SafeParser() as parser:
        report = parser.parse(path)
    heads = {
        s.start for s in report.sections if s.level and "\n" in report.text[s.start : s.body_start]
    }
    lines, at = [], 0
    for line in report.text.split("\n"):
        lines.append(f"# {line}" if at in heads else line)
        at += len(line) + 1
    return "\n".join(lines)


def _lines(path: Path) -> list[tuple[str, bool]]:
    """The text of each line without its bullet, and whether it is a heading."""
    found: list[tuple[str, bool]] = []
    for raw, level in _raw(path):
        text = _MARKS.sub("", raw).strip()
        if not text or set(text) <= set("-=*_ "):
            continue
        if match := _HEADING.match(text):
            found.append((match[2], True))
        elif level is not None or (_NUMBERED.match(text) and len(text) <= 24 and text[-1] != "。"):
            found.append((_NUMBERED.sub("", text), True))
        else:
            found.append((_sentence(_BULLET.sub("", text)), False))
    return found


def _sentence(text: str) -> str:
    text = _NUMBERED.sub("", text).strip()
    return text if text[-1:] in "。！？!?…" else text.rstrip("；;，,、.") + "。"


def _raw(path: Path) -> list[tuple[str, int | None]]:
    if path.suffix.lower() in _SUFFIXES:
        return [(line, None) for line in _text(path).splitlines()]
    from vectorstore.read import read

    return [(block.text, block.level) for block in read(path).blocks if block.kind == "paragraph"]


def _text(path: Path) -> str:
    from vectorstore.read.txt import decode

    try:
        if path.stat().st_size > _LARGEST:
            raise ReadError(f"{path.name} 过大，不像是一份工作素材。")
        return decode(path.read_bytes())[0]
    except FileNotFoundError as exc:
        raise ReadError(f"找不到 {path.name}。", "请检查 --notes 的路径。") from exc
    except OSError as exc:
        raise ReadError(f"读不了 {path.name}。") from exc


def _part_of(heading: str) -> Part | None:
    return next((part for part, words in _PARTS if words.search(heading)), None)


def _figures(note: Note, found: Iterable[Quantity], org: str, year: int) -> Iterator[Supplied]:
    """The figures of a note; in a plan they are the targets of the year after."""
    for q in found:
        if q.kind is not QuantityKind.QUANTITY or q.value is None:
            continue
        planned = note.part is Part.NEXT_YEAR
        own = replace(q, modality=Modality.TARGET, year=year + 1) if planned else q
        sentence = note.text[q.sentence_start : q.sentence_end]
        row = LedgerRow(own, f"{NOTES}:{note.n}", q.org or org, own.year, note.part, sentence)
        yield Supplied(row, note.comment)
