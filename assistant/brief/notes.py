"""The map: what one report says, as spans of its text under themes, read by rule.

Nothing here copies text: a note is a span, so the cache of notes holds no sentence of a report.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.brief.themes import Kind, Themes
from vectorstore.clean import fold
from vectorstore.sentences import Span, sentences
from vectorstore.types import Part, Report, Section

__all__ = ["RULES", "Note", "NoteKind", "Statement", "coined", "read_notes", "statements"]

RULES = 2
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
# “主要有：一是…” announces; the point begins behind the colon.
_STOP = re.compile(r"[；;]|[：:](?=\s*[一二三四五六七八九十]是)|$")
_ENDS = "。；;！!？?，,、：: \t"
_CLAUSE = re.compile(r"[，,。；;：:]")
_LONGEST = 60  # characters of a quote
_LONGEST_PRACTICE = 90
_SHORTEST = 6
_LEAST = 25  # characters a cut quote should have
# A report without a part on shortcomings may admit some elsewhere, in so many words.
_ADMITS = re.compile(
    r"(?:还|仍|尚|依然|也)?存在[^。]{0,24}(?:不足|问题|短板|差距|困难|薄弱)"
    r"|(?:有待|亟待|仍需|还需)[^。]{0,6}(?:提高|加强|提升|完善|强化)|不足之处"
)
# “主要表现在以下方面” announces points and is none.
_LEAD = re.compile(
    r"如下|以下|主要表现|主要(?:问题)?[有是为]?$|还?存在.{0,6}(?:不足|问题|短板|差距)$|重点(?:做好|抓好|从)|几个方面|[一二三四五六七八九十\d]+(?:个|项)?方面"
    r"|取得.{0,12}(?:成效|成绩|进展)|为(?:指导|目标|导向|核心|抓手|契机|统领)|对照.{0,20}(?:差距|不足)|我[局委]将|^下一步|原因[是为有]?$"
)
_NOT_ADMITTED = re.compile(r"针对|整改|整治|解决|破解|围绕|发现|排查|查处|聚焦|企业存在|纠正")
_MADE = re.compile(
    r"创新|首创|率先|探索|首个|首家|试点|打造|独创|推出|推行|建立|建成|开设|设立|创建|开发|实施|开展|启用"
)
_NEW = re.compile(
    r"首创|率先|探索|首个|首家|独创|创新(?!驱动|发展)|被.{0,24}(?:推广|报道|肯定)|在全[省市县区]推广|入选|获评"
)
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


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or what stands between semicolons; `opens` where a numbered point begins."""

    span: Span
    opens: bool


def read_notes(report: Report, themes: Themes) -> tuple[Note, ...]:
    """Every statement of the report, in order of place within each kind."""
    notes = [note for kind in _PART for note in _of_kind(report, kind, themes)]
    return (*notes, *_practices(report, themes))


def _of_kind(report: Report, kind: Kind, themes: Themes) -> Iterator[Note]:
    """The notes of one part; a point of which no sentence fits a theme gives one without."""
    for point in _points(statements(report, kind)):
        found = [n for statement in point for n in _read(report, kind, statement.span, themes)]
        yield from found
        first = point[0].span
        said = report.text[first.start : first.end]
        if not found and kind != "measure" and not _LEAD.search(said):
            quote = _cut(report.text, first, first.start, _LONGEST)
            yield Note(kind, (), quote.start, quote.end)


def _points(said: Iterator[Statement]) -> Iterator[list[Statement]]:
    point: list[Statement] = []
    for statement in said:
        if statement.opens and point:
            yield point
            point = []
        point.append(statement)
    if point:
        yield point


def statements(report: Report, kind: Kind) -> Iterator[Statement]:
    """The statements of one part: sentences, cut at semicolons, without their numbers."""
    wanted = _sections(report, _PART[kind])
    headings = {s.heading_start for s in report.sections}
    for section in wanted:
        start = section.body_start if section.level <= 1 else section.heading_start
        yield from _statements(report.text, start, section.end, headings)
    if kind == "shortcoming" and not wanted:
        for statement in _statements(report.text, 0, len(report.text), headings):
            span = statement.span
            said = report.text[span.start : span.end]
            future = report.section_at(span.start).part is Part.NEXT_YEAR
            if not future and _ADMITS.search(said) and not _NOT_ADMITTED.search(said):
                yield statement


def _sections(report: Report, part: Part) -> list[Section]:
    """The outermost sections of that part."""
    return [
        s
        for s in report.sections
        if s.part is part and (s.parent is None or report.sections[s.parent].part is not part)
    ]


def _statements(text: str, start: int, end: int, headings: Collection[int]) -> Iterator[Statement]:
    for sentence in sentences(text, start, end):
        at = sentence.start
        for stop in _STOP.finditer(text[at : sentence.end]):
            after = sentence.start + stop.end()
            span = _trimmed(text, at, after)
            opens = span.start > at or span.start in headings
            at = after
            if span.end - span.start >= _SHORTEST and _WORD.search(text, span.start, span.end):
                yield Statement(span, opens)


def _trimmed(text: str, start: int, end: int) -> Span:
    if match := _ENUMERATOR.match(text, start, end):
        start = match.end()
    while end > start and text[end - 1] in _ENDS:
        end -= 1
    return Span(start, end)


def _read(report: Report, kind: Kind, span: Span, themes: Themes) -> Iterator[Note]:
    folded = fold(report.text[span.start : span.end])
    for theme in themes.of(kind):
        hits = theme.hits(folded)
        match = theme.found.search(folded) if hits else None
        if match is not None:
            quote = _cut(report.text, span, span.start + match.start(), _LONGEST)
            score = 4 * min(hits, 3) + _fitness(report.text[quote.start : quote.end])
            yield Note(kind, (theme.key,), quote.start, quote.end, score)


def _cut(text: str, span: Span, at: int, most: int) -> Span:
    """At most `most` characters of a statement, whole clauses, beginning with the one at `at`."""
    if span.end - span.start <= most:
        return span
    ends = [m.end() + span.start for m in _CLAUSE.finditer(text[span.start : span.end])]
    start = max((e for e in ends if e <= at), default=span.start)
    if span.end - start < _LEAST:  # the last clause says little alone
        start = max((e for e in ends if span.end - e >= _LEAST), default=span.start)
    stops = [e - 1 for e in ends if e - 1 > start] + [span.end]
    fitting = [e for e in stops if _LEAST <= e - start <= most]
    end = max(fitting, default=min(stops[0], start + most))
    return Span(start, end)


def _fitness(quote: str) -> int:
    """A telling example is neither a bare heading nor a paragraph; figures and names help."""
    fits = 3 if 14 <= len(quote) <= 70 else 0
    return fits + bool(re.search(r"\d", quote)) + bool(_QUOTED.search(quote))


def _practices(report: Report, themes: Themes) -> Iterator[Note]:
    """Sentences that tell of something invented: a coined name or the word that it is new."""
    for section in _sections(report, Part.MEASURES):
        for statement in _statements(report.text, section.body_start, section.end, ()):
            span = statement.span
            said = report.text[span.start : span.end]
            names, new = coined(said, themes.stock), _NEW.search(said)
            if not (names and _MADE.search(said)) and not (new and _CONCRETE.search(said)):
                continue
            at = said.index(names[0]) if names else new.start() if new else 0
            quote = _cut(report.text, span, span.start + at, _LONGEST_PRACTICE)
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
        and not re.search(r"[，。；：！？]|宣传[周月日]|普法|条例$|法律$|纪念日", name)
    ]
