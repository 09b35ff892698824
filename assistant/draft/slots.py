"""Spans as named slots for a model, and the check of what it made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.draft.claims import clauses, is_outcome
from assistant.draft.edits import merged, plain
from assistant.gongwen import Figure, Span, Suggestion, Text
from assistant.verify import SourceLedger, verify_text
from vectorstore.indicators import Lexicon
from vectorstore.quantities import extract_text
from vectorstore.sentences import sentences
from vectorstore.types import QuantityKind

__all__ = ["SLOT", "ReplyReader", "Slots", "numbered"]

SLOT = re.compile(r"\{([FBS]\d{1,3})\}")
_NUMBER = re.compile(r"\{(\d{1,3})\}")
_SHORTER, _LONGER = 0.6, 1.6  # length of a reply against the draft
_FORBIDDEN = re.compile(r"https?:|www\.|[{}【】<>|#*`]")
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、])"
)
_NAME = re.compile("《[^》]*》|“[^”]*”")
_KINDS: tuple[tuple[type, str], ...] = ((Figure, "F"), (Suggestion, "S"))


def numbered(text: str) -> str:
    """Slots by number alone: what was a blank may since have become a figure."""
    return SLOT.sub(lambda match: f"{{{match[1][1:]}}}", text)


class Slots:
    """Spans that are not plain words, by the name the model knows them by."""

    def __init__(self) -> None:
        self.spans: dict[str, Span] = {}

    def put(self, spans: Sequence[Span]) -> str:
        """The words of a paragraph with its slots."""
        text = ""
        for span in spans:
            if isinstance(span, Text):
                text += re.sub(r"[{}\s]", "", span.text)
                continue
            letter = next((k for kind, k in _KINDS if isinstance(span, kind)), "B")
            name = f"{letter}{len(self.spans) + 1}"
            self.spans[name] = span
            text += f"{{{name}}}"
        return text

    def told(self) -> str:
        """What each slot stands for; no figure is told, neither this year's nor last year's."""
        lines = []
        for name, span in self.spans.items():
            what = "已核对的数字" if isinstance(span, Figure) else span.text.strip("【】")
            lines.append(f"{{{name}}}：{re.sub(r'（[^）]*）|[0-9.]+', '', what)[:24]}")
        return "\n".join(lines) or "（无）"

    def named(self, text: str) -> str:
        """Text whose slots are `numbered`, with this section's own names for them."""
        names = {name[1:]: name for name in self.spans}
        return _NUMBER.sub(lambda m: f"{{{names.get(m[1], m[1])}}}", text)

    def take(self, line: str) -> tuple[Span, ...]:
        """A line of the reply as spans. KeyError for a slot that was never given."""
        spans: list[Span] = []
        for n, piece in enumerate(SLOT.split(line)):
            spans.append(self.spans[piece] if n % 2 else Text(piece))
        return merged(spans)


@dataclass(frozen=True, slots=True)
class ReplyReader:
    """Judges replies to one section: `draft` is what the model was given, line by line."""

    draft: Sequence[str]
    slots: Slots
    org: str
    year: int
    ledger: SourceLedger
    lexicon: Lexicon

    def fault(self, lines: Sequence[str]) -> str:
        """Why a reply cannot be used, in Chinese; "" when it can."""
        return self._form(lines) or self._invented("\n".join(lines)) or self._misplaced(lines)

    def _form(self, lines: Sequence[str]) -> str:
        if len(lines) != len(self.draft):
            return f"应为{len(self.draft)}段，每段一行"
        text, draft = "".join(lines), "".join(self.draft)
        if sorted(SLOT.findall(text)) != sorted(self.slots.spans):
            return "每个记号须恰好使用一次"
        words = SLOT.sub("", text)
        numbered = any(
            _NUMBERED.match(a) and not _NUMBERED.match(b)
            for a, b in zip(lines, self.draft, strict=True)
        )
        if numbered or _FORBIDDEN.search(words):
            return "含有序号、网址或标记"
        if not _SHORTER <= len(words) / max(len(SLOT.sub("", draft)), 1) <= _LONGER:
            return "篇幅与草稿相差过大"
        return ""

    def _invented(self, text: str) -> str:
        """A figure, date, phrase, name or result the draft does not have."""
        draft = "\n".join(self.draft)
        known = set(self._read(draft))
        for kind, here in self._read(text):
            if kind is QuantityKind.QUANTITY:
                return "记号以外出现了数字"
            if (kind, here) not in known:
                return f"出现了草稿没有的日期或提法“{here}”"
        for name in _NAME.findall(text):
            if name not in draft:
                return f"出现了草稿没有的名称{name}"
        for clause in _clauses(text):
            if is_outcome(clause) and clause not in draft:
                return f"出现了草稿没有的成绩或结论“{SLOT.sub('…', clause)}”"
        return ""

    def _read(self, text: str) -> Iterator[tuple[QuantityKind, str]]:
        for q in extract_text(SLOT.sub("……", text), self.org, self.year, self.lexicon):
            yield q.kind, q.text

    def _misplaced(self, lines: Sequence[str]) -> str:
        """A slot moved to another fact: its figure then no longer fits the words around it."""
        before = self._errors(self.draft)
        for text in self._errors(lines):
            if text not in before:
                return f"记号换了位置，“{text}”不再是原来说的那件事"
        return ""

    def _errors(self, lines: Sequence[str]) -> list[str]:
        text = "\n".join(plain(self.slots.take(line)) for line in lines)
        checked = verify_text(text, self.ledger, org=self.org, year=self.year, lexicon=self.lexicon)
        return [c.quantity.text for c in checked if not c.good]


def _clauses(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        for clause in clauses(text, sentence.start, sentence.end):
            yield text[clause.start : clause.end]
