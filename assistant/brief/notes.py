"""The map: what one report says, as spans of its text under themes, read by rule.

Nothing here copies text: a note is a span, so the cache of notes holds no sentence of a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.brief.themes import Kind, Themes
from vectorstore.clean import fold
from vectorstore.sentences import Span, sentences
from vectorstore.types import Part, Report, Section

__all__ = ["RULES", "Note", "NoteKind", "coined", "read_notes", "statements"]

RULES = 1
"""Raised whenever the rules of this module change, so that notes kept from before are redone."""

NoteKind = Literal["measure", "shortcoming", "plan", "practice"]

_PART: dict[Kind, Part] = {
    "measure": Part.MEASURES,
    "shortcoming": Part.SHORTCOMINGS,
    "plan": Part.NEXT_YEAR,
}
_ENUMERATOR = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}(?:是|要|、)|第[一二三四五六七八九十][，,、]"
    r"|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、)）]|[①-⑳])\s*"
)
_ENDS = "。；;！!？?，,、：: \t"
_CLAUSE = re.compile(r"[，,。；;：:]")
_LONGEST = 90  # characters of a quote
_SHORTEST = 6
_LEAST = 25  # characters a cut quote should have
# A report without a part on shortcomings may admit some elsewhere, in so many words.
_ADMITS = re.compile(
    r"(?:还|仍|尚|依然|也)?存在[^。]{0,24}(?:不足|问题|短板|差距|困难|薄弱)"
    r"|(?:有待|亟待|仍需|还需)[^。]{0,6}(?:提高|加强|提升|完善|强化)|不足之处"
)
_NOT_ADMITTED = re.compile(r"针对|整改|整治|解决|破解|围绕|发现|排查|查处|聚焦|企业存在|纠正")
_MADE = re.compile(
    r"创新|首创|率先|探索|首个|首家|试点|打造|独创|推出|推行|建立|建成|开设|设立|创建|开发|实施|开展|启用"
)
_NEW = re.compile(r"首创|率先|探索|首个|首家|独创|创新(?!驱动|发展)|被.{0,24}(?:推广|报道|肯定)|在全[省市县区]推广|入选|获评")
_CONCRETE = re.compile(r"\d|机制|制度|平台|模式|工作法|办法|清单|系统|中心|站|专班|热线")
_QUOTED = re.compile(r"[“\"「]([^“”\"「」\n]{2,16})[”\"」]")
_WORD = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Note:
    """One statement of a report: what kind, under which themes, and the span to quote.

    `keys` is empty where no theme fits. `score` says how well the span serves as an example.
    """

    kind: NoteKind
    keys: tuple[str, ...]
    start: int
    end: int
    score: int = 0


def read_notes(report: Report, themes: Themes) -> tuple[Note, ...]:
    """Every statement of the report, in order of place within each kind."""
    notes = [
        note for kind in _PART for span in statements(report, kind)
        for note in _read(report, kind, span, themes)
    ]  # fmt: skip
    return (*notes, *_practices(report, themes))


def statements(report: Report, kind: Kind) -> Iterator[Span]:
    """The statements of one part: sentences, cut at semicolons, without their numbers."""
    wanted = _sections(report, _PART[kind])
    for section in wanted:
        start = section.body_start if section.level <= 1 else section.heading_start
        yield from _statements(report.text, start, section.end)
    if kind == "shortcoming" and not wanted:
        for span in _statements(report.text, 0, len(report.text)):
            said = report.text[span.start : span.end]
            future = report.section_at(span.start).part is Part.NEXT_YEAR
            if not future and _ADMITS.search(said) and not _NOT_ADMITTED.search(said):
                yield span


def _sections(report: Report, part: Part) -> list[Section]:
    """The outermost sections of that part."""
    return [
        s
        for s in report.sections
        if s.part is part and (s.parent is None or report.sections[s.parent].part is not part)
    ]


def _statements(text: str, start: int, end: int) -> Iterator[Span]:
    for sentence in sentences(text, start, end):
        at = sentence.start
        for stop in re.finditer(r"[；;]|$", text[at : sentence.end]):
            span = _trimmed(text, at, sentence.start + stop.end())
            at = sentence.start + stop.end()
            if span.end - span.start >= _SHORTEST and _WORD.search(text, span.start, span.end):
                yield span


def _trimmed(text: str, start: int, end: int) -> Span:
    if match := _ENUMERATOR.match(text, start, end):
        start = match.end()
    while end > start and text[end - 1] in _ENDS:
        end -= 1
    return Span(start, end)


def _read(report: Report, kind: Kind, span: Span, themes: Themes) -> Iterator[Note]:
    said = report.text[span.start : span.end]
    folded = fold(said)
    found = [(theme, theme.hits(folded)) for theme in themes.of(kind)]
    found = [(theme, hits) for theme, hits in found if hits]
    for theme, hits in found:
        match = theme.found.search(folded)
        at = match.start() if match else 0
        quote = _cut(report.text, span, span.start + at)
        score = 4 * min(hits, 3) + _fitness(report.text[quote.start : quote.end])
        yield Note(kind, (theme.key,), quote.start, quote.end, score)
    if not found and kind != "measure":
        quote = _cut(report.text, span, span.start)
        yield Note(kind, (), quote.start, quote.end)


def _cut(text: str, span: Span, at: int) -> Span:
    """At most 90 characters of a statement, whole clauses, the one at `at` among them."""
    if span.end - span.start <= _LONGEST:
        return span
    ends = [m.end() + span.start for m in _CLAUSE.finditer(text[span.start : span.end])]
    start = max((e for e in ends if e <= at), default=span.start)
    stops = [e - 1 for e in ends if e - 1 > start] + [span.end]
    fitting = [e for e in stops if _LEAST <= e - start <= _LONGEST]
    end = max(fitting, default=min(stops[0], start + _LONGEST))
    return Span(start, end)


def _fitness(quote: str) -> int:
    """A telling example is neither a bare heading nor a paragraph; figures and names help."""
    fits = 3 if 14 <= len(quote) <= 70 else 0
    return fits + bool(re.search(r"\d", quote)) + bool(_QUOTED.search(quote))


def _practices(report: Report, themes: Themes) -> Iterator[Note]:
    """Sentences that tell of something invented: a coined name or the word that it is new."""
    for section in _sections(report, Part.MEASURES):
        for span in _statements(report.text, section.body_start, section.end):
            said = report.text[span.start : span.end]
            names, new = coined(said, themes.stock), _NEW.search(said)
            if not (names and _MADE.search(said)) and not (new and _CONCRETE.search(said)):
                continue
            at = said.index(names[0]) if names else new.start() if new else 0
            quote = _cut(report.text, span, span.start + at)
            kept = report.text[quote.start : quote.end]
            score = 4 * bool(coined(kept, themes.stock)) + 3 * bool(new)
            yield Note("practice", (), quote.start, quote.end, score + _fitness(kept))


def coined(text: str, stock: frozenset[str]) -> Sequence[str]:
    """Names in quotation marks that are nobody's stock phrase, without laws and dates."""
    return [
        name
        for name in _QUOTED.findall(text)
        if _WORD.search(name)
        and fold(name) not in stock
        and not re.search(r"[，。；：！？]|宣传[周月日]|普法|[条法例]$|纪念日", name)
    ]
