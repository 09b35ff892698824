"""The engine without a model: figures from the ledger, sentences quoted exactly, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from threading import BoundedSemaphore

from assistant.answer import computed, figures, prose, refusal
from assistant.answer.compose import NOT_SAID, Composer, named
from assistant.answer.reading import picked
from assistant.answer.rewrite import ReadQuestion, resolve
from assistant.answer.selection import Selection, earlier, select
from assistant.answer.terms import naming
from assistant.answer.types import Answer, Done, Event, Sources, Token, Turn
from assistant.orders import is_order, orders, without_orders
from vectorstore.indicators import Lexicon
from vectorstore.retrieve import Retriever
from vectorstore.scope import Intent, QuestionScope
from vectorstore.store import LedgerRow, ReportRow, Store
from vectorstore.types import Hit, Modality, Part, Report, Scope

__all__ = ["ENGINE", "ExtractiveAnswerer"]

ENGINE = "extractive"
Hits = Callable[[], Sequence[Hit]]
_HITS = 12
_READ_ALL = 400  # beyond this many reports a question in words looks at retrieved ones only
_COMPUTED = {Intent.RANK, Intent.TOTAL, Intent.AVERAGE, Intent.DIFFERENCE, Intent.SHARE}
# A question for two figures (“立案多少起？处罚多少起？”) is two questions of one scope.
_YEAR = re.compile(r"(20\d\d)年")
# Answers composed at a time in this process. Python runs one thread at a time: with more at work
# each takes longer, and so does everything else the process serves (design/service.md).
_AT_WORK = BoundedSemaphore(2)
_JOINTS = re.compile(r"[？?；;]+|[，,](?=.*(?:多少|几))")


class ExtractiveAnswerer:
    """Deterministic answers: the same library and question give the same text."""

    def __init__(
        self, store: Store, retriever: Retriever, lexicon: Lexicon, read: ReadQuestion
    ) -> None:
        self._store = store
        self._retriever = retriever
        self._lexicon = lexicon
        self._read = read

    def answer(
        self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None
    ) -> Answer:
        """See `Answerer.answer`."""
        *_, last = self.stream(question, history, scope)
        assert isinstance(last, Done)
        return last.answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None
    ) -> Iterator[Event]:
        """See `Answerer.stream`."""
        asked = picked(self._read(resolve(question, history, self._read)), scope)
        selection = select(self._store, asked)
        if selection.outside:
            carried = self._carried(selection)
            yield from _whole(carried or self._refuse(selection, Composer(self._store)))
            return

        @cache  # looked up when first needed: the ledger answers most questions for a figure
        def hits() -> Sequence[Hit]:
            return self._retriever.search(asked.question, selection.scope, _HITS)

        with _AT_WORK:
            answer = self._compose(selection, hits)
        if hits.cache_info().currsize:
            yield Sources(tuple(hits()))
        yield from _whole(answer)

    def _compose(self, selection: Selection, hits: Hits) -> Answer:
        composer = Composer(self._store, notes=list(selection.notes))
        if self._told(composer, selection, hits):
            return composer.answer(engine=ENGINE)
        if older := earlier(self._store, selection):
            return self._compose(older, hits)
        return self._refuse(selection, composer, hits())

    def _told(self, composer: Composer, selection: Selection, hits: Hits) -> bool:
        """Answer in the form the question asks for; False when the reports do not say."""
        asked = selection.asked
        if asked.intent in _COMPUTED and self._computed(composer, selection):
            return True
        if asked.wants_figure or asked.intent in _COMPUTED:
            return self._figures(composer, selection)
        if asked.parts and not naming(asked.subject):
            return self._points(composer, selection)
        return self._prose(composer, selection, hits())

    def _computed(self, composer: Composer, selection: Selection) -> bool:
        asked = selection.asked
        key = figures.key_of(asked.subject, self._lexicon)
        if not computed.tell(composer, selection, key, self._store, self._lexicon):
            return False
        _say_silent(composer, selection, ())
        return True

    def _figures(self, composer: Composer, selection: Selection) -> bool:
        """Each figure asked for, report by report; say who gives none."""
        told = [self._figure(composer, selection, w) for w in self._wanted(selection.asked)]
        return any(told)

    def _wanted(self, asked: QuestionScope) -> Iterator[figures.Asked]:
        """The figures a question asks for."""
        about = ""
        for part in filter(None, (p.strip() for p in _JOINTS.split(asked.question))):
            read = self._read(part) if part != asked.question else asked
            # “…演练几次，有多少人参加？”: a part that names nothing is about what came before.
            about = read.subject if naming(read.subject) else f"{about} {read.subject}"
            wanted = figures.read_asked(part, about, self._lexicon)
            yield replace(wanted, target=wanted.target or Part.NEXT_YEAR in asked.parts)

    def _figure(self, composer: Composer, selection: Selection, wanted: figures.Asked) -> bool:
        found: list[figures.Match] = []
        silent: list[Report] = []
        denied = []
        for row in selection.rows:
            matches = figures.match(self._rows(row, wanted, selection.asked), wanted)
            report = composer.report(row.id)
            if figures.surely(matches, wanted):
                found += matches
            elif span := figures.denial(report, wanted.subject):
                denied.append((report, span))
            elif matches:
                found += matches
            else:
                silent.append(report)
        if not found and not denied:
            return False
        figures.tell(composer, found)
        for report, span in denied:
            quote = report.text[span.start : span.end]
            n = composer.cite(report.id, span)
            composer.add(f"{named(report.org, report.year)}：“{quote}”", [n])
        _say_silent(composer, selection, silent)
        return True

    def _rows(self, row: ReportRow, wanted: figures.Asked, asked: QuestionScope) -> list[LedgerRow]:
        """The figures of a report for its own year, or the organisation's targets asked for."""
        if not wanted.target:
            rows = self._store.quantities(report_id=row.id)
            # A figure of the whole county or country is told only to who asks for that.
            whose = [r for r in rows if r.org in (row.org, "") or r.org in asked.question]
            return [r for r in whose if r.year == row.year]
        aims = self._store.quantities(Scope((row.org,)), modality=Modality.TARGET)
        years = {int(year) for year in _YEAR.findall(asked.question)}
        return [r for r in aims if (r.year in years if years else r.report_id == row.id)]

    def _carried(self, selection: Selection) -> Answer | None:
        """Figures of a year without a report that reports of other years print; None without."""
        asked = selection.asked
        years = asked.years or asked.unknown_years
        if not asked.wants_figure or not asked.orgs or not years:
            return None
        rows = self._store.quantities(Scope(asked.orgs, years), modality=Modality.ACTUAL)
        found = [m for w in self._wanted(asked) if not w.target for m in figures.match(rows, w)]
        if not found:
            return None
        composer = Composer(self._store)
        figures.tell(composer, found)
        reports = {r.id: r for r in (composer.report(m.row.report_id) for m in found)}
        said = "、".join(named(r.org, r.year) for r in reports.values())
        composer.notes.append(f"{selection.outside.rstrip('。')}，以上数字出自{said}的报告。")
        return composer.answer(engine=ENGINE)

    def _points(self, composer: Composer, selection: Selection) -> bool:
        reports = [composer.report(row.id) for row in selection.rows]
        silent = prose.points(composer, reports, selection.asked.parts)
        if len(silent) == len(reports):
            return False
        _say_silent(composer, selection, silent)
        return True

    def _prose(self, composer: Composer, selection: Selection, hits: Sequence[Hit]) -> bool:
        asked = selection.asked
        rows = selection.rows if len(selection.rows) <= _READ_ALL else _of_hits(selection, hits)
        reports = [composer.report(row.id) for row in rows]
        if not selection.many:
            prose.told(composer, reports, hits, asked)
            return bool(composer.lines)
        silent = prose.by_organisation(composer, reports, hits, asked)
        if not composer.lines:
            return False
        _say_silent(composer, selection, silent)
        return True

    def _refuse(self, selection: Selection, composer: Composer, hits: Sequence[Hit] = ()) -> Answer:
        nearest = [_nearest(hit) for hit in hits[:2]]
        nearest += refusal.held(selection.asked, selection.library)
        fresh = Composer(self._store, notes=composer.notes)
        fresh.add(selection.outside or NOT_SAID)
        return fresh.answer(engine=ENGINE, refused=True, nearest=nearest)


def _whole(answer: Answer) -> Iterator[Event]:
    yield Token(answer.text)
    yield Done(answer)


def _say_silent(composer: Composer, selection: Selection, silent: Sequence[Report]) -> None:
    """Name who says nothing and who has no report, when the answer compares organisations."""
    if selection.many and silent:
        composer.add(f"未提及：{'、'.join(named(r.org, r.year) for r in silent)}。")
    if selection.absent and selection.asked.years:
        years = "、".join(f"{year}年" for year in selection.asked.years)
        composer.add(f"没有{years}报告：{'、'.join(selection.absent)}。")


def _of_hits(selection: Selection, hits: Sequence[Hit]) -> list[ReportRow]:
    ids = {hit.chunk.report_id for hit in hits}
    return [row for row in selection.rows if row.id in ids]


def _nearest(hit: Hit) -> str:
    heading = hit.chunk.heading_path[-1] if hit.chunk.heading_path else hit.title
    heading = "" if is_order(heading) else heading
    text = without_orders(hit.chunk.text, orders(hit.chunk.text), "…").strip().replace("\n", " ")
    shown = text[:60] + ("…" if len(text) > 60 else "")
    return f"最接近的内容：{named(hit.org, hit.year)}“{heading}”——{shown}"
