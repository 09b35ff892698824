"""Bind what a model claims to exact spans of the reports, by code.

A claim holds when sentences of one cited passage together carry all its figures, most of the words
of each of its clauses, and every word that ranks, places or is no Chinese; when it names no other
organisation or year, and does not say the opposite. A tail of other matter therefore sinks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answer.types import Citation
from assistant.evidence import Passage
from assistant.sanitise import has_address, marks_of, unmarked
from assistant.wording import FIGURE, FRAME, content_words, contradicts, unsaid, words
from vectorstore.clean import fold
from vectorstore.sentences import Span as TextSpan
from vectorstore.sentences import sentences
from vectorstore.types import Hit, Quantity, QuantityKind

__all__ = ["Binder", "Bound", "Figures", "Numbering", "Span"]

Figures = Callable[[str], Sequence[Quantity]]

_MOST_QUOTES = 3  # sentences of one passage that may support one claim
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_PLACE = re.compile(r"^.{2,}?(?:自治县|自治州|自治旗|[省市县区州盟旗])(?=.{2,})")
_CLAUSE_END = re.compile(r"[，,；;。、：:\n]")
_CHINESE_PAIR = re.compile(r"[\u4e00-\u9fff]{2}")


@dataclass(frozen=True, slots=True)
class Span:
    """`hit.chunk.text[start:end]`, one contiguous quote."""

    hit: Hit
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The quoted text."""
        return self.hit.chunk.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Bound:
    """A claim without its marks, and either the spans that carry it or the `problem` (Chinese)."""

    claim: str
    spans: tuple[Span, ...] = ()
    problem: str = ""


@dataclass(slots=True)
class Numbering:
    """Numbers quotes in the order they are first cited, each distinct span once."""

    _given: dict[tuple[str, int, int], Citation] = field(default_factory=dict)

    def cite(self, spans: Iterable[Span]) -> tuple[Citation, ...]:
        """The citations of `spans`, with a new number for each span not seen before."""
        return tuple(self._number(span) for span in spans)

    def preview(self, spans: Iterable[Span]) -> tuple[Citation, ...]:
        """The citations `cite` would give, without giving them."""
        return Numbering(dict(self._given)).cite(spans)

    def _number(self, span: Span) -> Citation:
        chunk = span.hit.chunk
        start, end = chunk.start + span.start, chunk.start + span.end
        known = self._given.get((chunk.report_id, start, end))
        if known is None:
            known = Citation(
                n=len(self._given) + 1,
                report_id=chunk.report_id,
                org=span.hit.org,
                year=span.hit.year,
                heading=" > ".join(chunk.heading_path),
                quote=span.quote,
                start=start,
                end=end,
            )
            self._given[chunk.report_id, start, end] = known
        return known

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, by number."""
        return tuple(self._given.values())


@dataclass(frozen=True, slots=True)
class _Figure:
    """What a figure says, equal however it is printed."""

    kind: QuantityKind
    dimension: str
    value: str
    top: str
    printed: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Need:
    """A figure of a claim; `near` are the pairs of characters in its clause, which say of what."""

    figure: _Figure
    near: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a passage, with what it can support."""

    start: int
    end: int
    figures: frozenset[_Figure]
    words: frozenset[str]
    pairs: frozenset[str]

    def carried(self, needs: Iterable[_Need]) -> set[_Need]:
        """The needs whose figure stands here, about something this sentence speaks of."""
        return {
            need
            for need in needs
            if need.figure in self.figures and (not need.near or need.near & self.pairs)
        }


class Binder:
    """Binds claims to the passages of one request; what is read of a passage is kept.

    Args:
        passages: by the number the model was shown.
        figures: finds the quantities of a text.
    """

    def __init__(self, passages: Mapping[int, Passage], figures: Figures) -> None:
        self._passages = passages
        self._figures = figures
        self._sentences: dict[int, tuple[_Sentence, ...]] = {}

    def bind(self, claim: str) -> Bound:
        """Find the sentences that carry `claim` (its `[n]` marks included).

        The cited passages are tried first, then the others: a right fact with a wrong number is
        corrected here and not sent back to the model.
        """
        said, marks = unmarked(claim), marks_of(claim)
        cited = [self._passages[n] for n in marks if n in self._passages]
        problem = "" if cited else "标注的编号不存在" if marks else "没有标注依据"
        for passage in cited:
            bound = self._bind_to(said, passage)
            if bound.spans:
                return bound
            problem = problem or bound.problem
        if spans := self._bind_clauses(said, cited):
            return Bound(said, spans)
        for passage in self._passages.values():
            if passage not in cited and (bound := self._bind_to(said, passage)).spans:
                return bound
        return Bound(said, problem=problem)

    def _bind_clauses(self, said: str, cited: Sequence[Passage]) -> tuple[Span, ...]:
        """A sentence over several passages holds if each of its clauses does in one of them."""
        clauses = [
            clause for clause in re.split(r"[，,；;]", said.rstrip("。！？")) if clause.strip()
        ]
        if len(cited) < 2 or len(clauses) < 2:
            return ()
        spans: list[Span] = []
        for clause in clauses:
            found = next(filter(None, (self._bind_to(clause, p).spans for p in cited)), ())
            if not found:
                return ()
            spans += found
        return tuple(dict.fromkeys(spans))

    def _bind_to(self, said: str, passage: Passage) -> Bound:
        where = f"资料[{passage.n}]"
        if problem := self._wrong_scope(said, passage.hit):
            return Bound(said, problem=f"{where}{problem}")
        chunk = passage.hit.chunk
        label = " ".join((passage.hit.org, passage.hit.title, *chunk.heading_path))
        needs = self._needs(said, passage.hit)
        needed = content_words(self._without_figures(said)) - words(label)
        chosen = _cover(self._sentences_of(passage), needs, needed)
        if missing := needs - {need for sentence in chosen for need in sentence.carried(needs)}:
            printed = "、".join(sorted({need.figure.printed for need in missing}))
            return Bound(said, problem=f"{where}里没有{printed}")
        spans = _merge(passage.hit, chosen)
        if not spans:
            return Bound(said, problem=f"{where}没有这样说")
        quotes = "\n".join(span.quote for span in spans)
        if more := unsaid(self._without_figures(said), quotes, f"{label} {passage.hit.year or ''}"):
            return Bound(said, problem=f"{where}没有这样说：{more}")
        if any(contradicts(said, span.quote) for span in spans):
            return Bound(said, problem=f"与{where}的意思相反")
        return Bound(said, spans)

    def _sentences_of(self, passage: Passage) -> tuple[_Sentence, ...]:
        if passage.n not in self._sentences:
            text = passage.hit.chunk.text
            self._sentences[passage.n] = tuple(
                self._read(span, text[span.start : span.end])
                for span in sentences(text)
                if span not in passage.orders and not has_address(text[span.start : span.end])
            )
        return self._sentences[passage.n]

    def _read(self, span: TextSpan, quote: str) -> _Sentence:
        figures = frozenset(map(_figure, self._figures(quote)))
        return _Sentence(span.start, span.end, figures, frozenset(words(quote)), _pairs(quote))

    def _needs(self, said: str, hit: Hit) -> set[_Need]:
        """The figures to be found, without the report's own year: the label says that."""
        needs: set[_Need] = set()
        for quantity in self._figures(said):
            is_date = quantity.kind is QuantityKind.DATE
            if is_date and fold(quantity.text).strip("年度 ") == str(hit.year):
                continue
            clause = _clause(said, quantity.start, quantity.end)
            near = frozenset() if is_date else _pairs(clause) - _pairs(hit.org)
            needs.add(_Need(_figure(quantity), near))
        return needs

    def _without_figures(self, said: str) -> str:
        kept = list(said)
        for quantity in self._figures(said):
            kept[quantity.start : quantity.end] = FIGURE.ljust(quantity.end - quantity.start)
        return "".join(kept)

    def _wrong_scope(self, said: str, hit: Hit) -> str:
        """Whether `said` names a year or an organisation that the passage is not about."""
        plain, text = fold(said), fold(hit.chunk.text)
        for year in map(int, _YEAR.findall(plain)):
            if year != hit.year and str(year) not in text:
                return f"不是{year}年的"
        own = _names(hit.org)
        others = {passage.hit.org for passage in self._passages.values()} - {hit.org, ""}
        # 甲县水利局 must not become 甲县 when 水利局, the short name of 乙县水利局, is taken out.
        for other in sorted(map(fold, others)):
            if other not in own[0] and other in plain.replace(own[0], "") and other not in text:
                return f"不是{other}的"
        for name in own:
            plain = plain.replace(name, "")
        for other in sorted(others):
            named = [name for name in _names(other) if name not in own and name in plain]
            if named and not any(name in text for name in named):
                return f"不是{other}的"
        return ""


def _clause(text: str, start: int, end: int) -> str:
    """The clause around `text[start:end]`, without that span."""
    left = max((m.end() for m in _CLAUSE_END.finditer(text, 0, start)), default=0)
    stop = _CLAUSE_END.search(text, end)
    return f"{text[left:start]} {text[end : stop.start() if stop else len(text)]}"


def _pairs(text: str) -> frozenset[str]:
    """Neighbouring Chinese characters, those of the frame left out."""
    found = (text[at : at + 2] for at in range(len(text) - 1))
    return frozenset(pair for pair in found if _CHINESE_PAIR.match(pair) and pair not in FRAME)


def _figure(quantity: Quantity) -> _Figure:
    printed = "".join(fold(quantity.text).split())
    if quantity.kind is not QuantityKind.QUANTITY or quantity.value is None:
        return _Figure(quantity.kind, "", printed, "", printed)
    top = "" if quantity.value_max is None else str(quantity.value_max.normalize())
    return _Figure(quantity.kind, quantity.dimension, str(quantity.value.normalize()), top, printed)


def _cover(sentences: Sequence[_Sentence], needs: set[_Need], words: set[str]) -> list[_Sentence]:
    """Up to three sentences, greedily: first whatever carries figures, then words."""
    left = list(sentences)
    chosen: list[_Sentence] = []
    while left and len(chosen) < _MOST_QUOTES and (needs or words):
        best = max(left, key=lambda s: (len(s.carried(needs)), len(words & s.words)))
        carried, gained = best.carried(needs), words & best.words
        # One shared word is no reason to quote another sentence.
        if not carried and len(gained) < (2 if chosen else 1):
            break
        chosen.append(best)
        left.remove(best)
        needs, words = needs - carried, words - gained
    return chosen


def _merge(hit: Hit, chosen: Iterable[_Sentence]) -> tuple[Span, ...]:
    """Spans in order; neighbouring sentences become one quote."""
    merged: list[Span] = []
    for sentence in sorted(chosen, key=lambda s: s.start):
        if merged and not hit.chunk.text[merged[-1].end : sentence.start].strip():
            merged[-1] = Span(hit, merged[-1].start, sentence.end)
        else:
            merged.append(Span(hit, sentence.start, sentence.end))
    return tuple(merged)


def _names(org: str) -> tuple[str, ...]:
    """The organisation's name with and without its place."""
    plain = fold(org)
    names = (plain, _PLACE.sub("", plain))
    return tuple(dict.fromkeys(name for name in names if len(name) >= 2))
